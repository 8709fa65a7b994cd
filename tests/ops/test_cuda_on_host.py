# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The CUDA samplers' kernels, run as loops on the host, against the CPU kernels."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import list_fast.ops  # noqa: F401  (loads the operators)


def assert_all_close(actual: list[Tensor], expected: list[Tensor]) -> None:
    for a, b in zip(actual, expected, strict=True):
        assert a.dtype == b.dtype
        assert a.stride() == b.stride()
        loose = a.dtype in (torch.float16, torch.bfloat16)
        torch.testing.assert_close(a, b, rtol=2e-2 if loose else 1e-4, atol=2e-2 if loose else 1e-3, equal_nan=True)


@pytest.mark.parametrize("deterministic", [False, True])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("kind", ["float32", "float64", "float16", "channels_last", "few points", "bad nodes"])
def test_voxels(host: object, padding: int, align_corners: bool, kind: str, deterministic: bool) -> None:
    torch.manual_seed(0)
    dtype = torch.float64 if kind == "float64" else torch.float32
    shapes = [(1, 4, 6, 5), (3, 5, 3, 7), (5, 1, 4, 1), (16, 2, 3, 4), (35, 3, 3, 3), (4, 9, 8, 7)]
    levels = [torch.randn(2, *shape, dtype=dtype) for shape in shapes]
    if kind == "channels_last":
        levels = [level.contiguous(memory_format=torch.channels_last_3d) for level in levels]
    if kind == "float16":
        levels = [level.half() for level in levels[:3]] + [level.bfloat16() for level in levels[3:]]
    if kind == "bad nodes":
        for level in levels:
            level[:, 0, 0] = torch.inf
            level[:, ::2, -1, 0, ::2] = torch.nan
    points = torch.rand(2, 3 if kind == "few points" else 61, 3, dtype=dtype) * 4 - 2
    points[:, 0] = float("nan")
    points[:, 1, 1] = float("inf")
    offsets = torch.randn(5, 3, dtype=dtype) * 0.1
    for given in (offsets, None):
        arguments = (levels, points, given, padding, align_corners)
        expected = torch.ops.list_fast.sample_voxels(*arguments)
        assert_all_close([host.sample_voxels(*arguments)], [expected])
        grad = torch.randn_like(expected)
        for wants in ((True, True), (True, False), (False, True)):
            actual = host.sample_voxels_backward(grad, *arguments, *wants, deterministic=deterministic)
            assert_all_close(actual, torch.ops.list_fast.sample_voxels_backward(grad, *arguments, *wants))
        moves, by_points = [torch.randn_like(level) for level in levels], torch.randn_like(points)
        by_offsets = None if given is None else torch.randn_like(given)
        some = [*moves[:2], *(level.new_empty(0) for level in levels[2:])]
        for first in (
            (moves, by_points, by_offsets),
            ([], by_points, None),
            (some, None, None),
            (some, by_points, None),
        ):
            for wants in ((True, True, True), (True, False, False), (False, True, False), (False, False, True)):
                actual = host.sample_voxels_double_backward(
                    *first, grad, *arguments, *wants, deterministic=deterministic
                )
                twins = torch.ops.list_fast.sample_voxels_double_backward(*first, grad, *arguments, *wants)
                assert_all_close(actual, twins)


def test_more_levels_than_one_launch_takes(host: object) -> None:
    """Levels of one dtype that follow each other are sampled together, up to eight of them."""
    torch.manual_seed(0)
    kinds = [torch.float32] * 11 + [torch.float16] * 3 + [torch.float32, torch.bfloat16]
    levels = [torch.randn(2, n % 5, 2 + n % 3, 3, 4).to(dtype) for n, dtype in enumerate(kinds)]
    points, offsets = torch.rand(2, 300, 3) * 2.4 - 1.2, torch.randn(3, 3) * 0.1
    arguments = (levels, points, offsets, 0, True)
    expected = torch.ops.list_fast.sample_voxels(*arguments)
    assert expected.shape[-1] == sum(n % 5 for n in range(len(kinds)))
    assert_all_close([host.sample_voxels(*arguments)], [expected])


@pytest.mark.parametrize("deterministic", [False, True])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_images(host: object, padding: int, align_corners: bool, dtype: torch.dtype, deterministic: bool) -> None:
    torch.manual_seed(0)
    levels = [torch.randn(2, *shape, dtype=dtype) for shape in [(1, 9, 7), (3, 5, 1), (16, 4, 6), (20, 1, 8)]]
    points = torch.rand(2, 61, 3, dtype=dtype) * 2 - 1
    points[:, 0] = float("nan")
    transform = torch.tensor([[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [64, 48, 2]], dtype=dtype)
    transform = transform + 0.3 * torch.randn(2, 4, 3, dtype=dtype)
    arguments = (levels, points, transform, 48, 64, padding, align_corners)
    expected = torch.ops.list_fast.sample_images(*arguments)
    assert_all_close([host.sample_images(*arguments)], [expected])
    grad = torch.randn_like(expected)
    for wants in ((True, True, True), (True, False, False), (False, True, False), (False, False, True)):
        actual = host.sample_images_backward(grad, *arguments, *wants, deterministic=deterministic)
        assert_all_close(actual, torch.ops.list_fast.sample_images_backward(grad, *arguments, *wants))
    moves, by_points = [torch.randn_like(level) for level in levels], torch.randn_like(points)
    by_transform = torch.randn_like(transform)
    some = [levels[0].new_empty(0), *moves[1:]]
    for first in (
        (moves, by_points, by_transform),
        ([], by_points, None),
        ([], None, by_transform),
        (some, None, None),
    ):
        for wants in ((True, True, True, True), *(tuple(i == j for j in range(4)) for i in range(4))):
            actual = host.sample_images_double_backward(*first, grad, *arguments, *wants, deterministic=deterministic)
            twins = torch.ops.list_fast.sample_images_double_backward(*first, grad, *arguments, *wants)
            assert_all_close(actual, twins)


@pytest.mark.parametrize("deterministic", [False, True])
def test_empty(host: object, deterministic: bool) -> None:
    for batch, count, k in ((0, 3, 2), (2, 0, 2), (2, 3, 0)):
        levels = [torch.randn(batch, 4, 2, 2, 2)]
        arguments = (levels, torch.rand(batch, count, 3), torch.rand(k, 3), 0, True)
        out = host.sample_voxels(*arguments)
        assert out.shape == (batch, count, k, 4)
        assert_all_close(
            host.sample_voxels_backward(out, *arguments, True, True, deterministic=deterministic),
            torch.ops.list_fast.sample_voxels_backward(out, *arguments, True, True),
        )
        first = ([torch.randn_like(level) for level in levels], torch.rand(batch, count, 3), torch.rand(k, 3))
        assert_all_close(
            host.sample_voxels_double_backward(*first, out, *arguments, True, True, True, deterministic=deterministic),
            torch.ops.list_fast.sample_voxels_double_backward(*first, out, *arguments, True, True, True),
        )
