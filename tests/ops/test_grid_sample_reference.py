# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The reference's grid_sample where torch's own can be differentiated only once, as before torch 2.13."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from list_fast.ops import reference, sample_voxels


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "GRID_SAMPLE_TWICE", False)


def inputs(sizes: tuple[int, ...], reach: float) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(len(sizes))
    level = torch.randn(2, 3, *sizes, dtype=torch.float64, generator=generator)
    places = torch.rand(2, *[1] * (len(sizes) - 1), 30, len(sizes), dtype=torch.float64, generator=generator)
    places = (2 * places - 1) * reach
    special = torch.tensor([-1.0, 1.0, 0.0, -2.0, 2.0, 1.5, -1.25], dtype=torch.float64)  # nodes, faces, mirrors
    places[..., :7, :] = special[:, None]
    return level, places


SHAPES = [(5, 4), (1, 6), (4, 3, 5), (2, 1, 3)]


@pytest.mark.parametrize("padding", ["border", "zeros", "reflection"])
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("sizes", SHAPES)
def test_corner_by_corner_is_grid_sample(padding: str, align_corners: bool, sizes: tuple[int, ...]) -> None:
    level, places = inputs(sizes, 2.5)
    level[0, 0].view(-1)[0], level[1, 1].view(-1)[-1] = torch.inf, torch.nan
    wanted = F.grid_sample(level, places, "bilinear", padding, align_corners)
    found = reference.interpolated(level, places, padding, align_corners)
    assert not wanted.isfinite().all()
    torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("padding", ["border", "zeros", "reflection"])
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("sizes", SHAPES)
def test_derivatives_are_those_of_grid_sample(padding: str, align_corners: bool, sizes: tuple[int, ...]) -> None:
    leaves = [tensor.requires_grad_() for tensor in inputs(sizes, 2.5)]
    out, theirs = (function(*leaves, padding, align_corners) for function in (reference.grid_sample, own))
    assert torch.equal(out, theirs)
    grad = torch.linspace(-1, 1, out.numel(), dtype=torch.float64).view(out.shape).requires_grad_()
    wanted = torch.autograd.grad(theirs, leaves, grad)
    once = torch.autograd.grad(out, leaves, grad, retain_graph=True)
    again = torch.autograd.grad(out, leaves, grad, create_graph=True)
    for a, b, c in zip(once, again, wanted, strict=True):
        assert torch.equal(a, c)
        torch.testing.assert_close(b, c, rtol=1e-12, atol=1e-12)


def own(level: Tensor, places: Tensor, padding: str, align_corners: bool) -> Tensor:
    return F.grid_sample(level, places, "bilinear", padding, align_corners)


def chain(function: object, leaves: list[Tensor], padding: str, align_corners: bool) -> list[tuple[Tensor, ...]]:
    """Derivatives of the first three orders, each of what depends on the one before."""
    value, found = function(*leaves, padding, align_corners).sin().sum(), []  # type: ignore[operator]
    for _ in range(3):
        found.append(torch.autograd.grad(value, leaves, create_graph=True))
        value = sum(g.sin().sum() for g in found[-1])
    return found


@pytest.mark.skipif(torch.__version__ < (2, 13), reason="torch does not differentiate grid_sample twice")
@pytest.mark.parametrize("padding", ["border", "zeros", "reflection"])
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("sizes", SHAPES[::3])
def test_higher_orders_equal_those_of_a_newer_torch(padding: str, align_corners: bool, sizes: tuple[int, ...]) -> None:
    level, places = inputs(sizes, 2.5)  # the first places lie on kinks, where that torch takes another side
    leaves = [level.requires_grad_(), places[..., 7:, :].requires_grad_()]
    pairs = [chain(function, leaves, padding, align_corners) for function in (reference.grid_sample, own)]
    for actual, expected in zip(*pairs, strict=True):
        for a, b in zip(actual, expected, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("padding", ["border", "zeros", "reflection"])
def test_second_derivatives_are_right(padding: str) -> None:
    level, places = inputs((3, 4, 2), 0.9)
    leaves = (level[:1, :2].requires_grad_(), places[:1, ..., 8:11, :].requires_grad_())
    assert torch.autograd.gradgradcheck(lambda *given: reference.grid_sample(*given, padding, False), leaves)


def test_third_derivatives_of_the_sampler() -> None:
    """The sampler's own end at the second order: the third is the reference's."""
    level, places = inputs((3, 4, 2), 0.9)
    level, points = level[:1].requires_grad_(), places[:1, 0, 0, 8:14].requires_grad_()

    def first(points: Tensor) -> Tensor:
        return torch.autograd.grad(sample_voxels([level], points).sin().sum(), points, create_graph=True)[0]

    assert torch.autograd.gradgradcheck(first, points)
