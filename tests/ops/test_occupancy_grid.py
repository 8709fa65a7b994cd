# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Occupancy grids: nearest nodes against a k-d tree, the probabilistic mode against the reference, gradients."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from list_fast.ops import reference
from list_fast.ops.occupancy_grid import occupancy_grid

MODES = ("nearest", "trilinear")


def cloud(*shape: int, dtype: torch.dtype = torch.float32, spread: float = 1.2, seed: int = 0) -> Tensor:
    """Points in a box that reaches beyond object space."""
    return (torch.rand(*shape, 3, dtype=dtype, generator=torch.Generator().manual_seed(seed)) - 0.5) * spread


@pytest.mark.parametrize("resolution", [2, 17, 32, 128])
def test_nearest_is_the_nearest_node(resolution: int, device: torch.device) -> None:
    points = cloud(1, 50_000, spread=1.1, seed=resolution)
    axis = np.linspace(-0.5, 0.5, resolution)
    nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
    distance, found = cKDTree(nodes).query(points[0].double().numpy())
    index = (points.double() + 0.5).mul(resolution - 1).clamp(0, resolution - 1).round().long()[0]
    ours = (index[:, 0] * resolution + index[:, 1]) * resolution + index[:, 2]
    own = np.linalg.norm(nodes[ours.numpy()] - points[0].double().numpy(), axis=1)
    tie = np.isclose(own, distance, rtol=0, atol=1e-15)
    assert bool((tie | (ours.numpy() == found)).all())
    wanted = torch.zeros(resolution**3)
    wanted[torch.from_numpy(np.where(tie, ours.numpy(), found))] = 1
    got = occupancy_grid(points.to(device), resolution)
    assert got.shape == (1, 1, resolution, resolution, resolution)
    assert torch.equal(got.cpu().flatten(), wanted)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("mode", MODES)
def test_equals_the_reference(mode: str, dtype: torch.dtype, device: torch.device) -> None:
    points = cloud(3, 300, seed=5).to(dtype)
    points[0, 0, 1] = math.nan
    points[0, 1] = math.inf
    points[1, 2] = -math.inf
    points[1, 3] = torch.tensor([0.5, -0.5, 0.0])  # exactly on nodes
    got = occupancy_grid(points.to(device), 9, mode=mode)
    wanted = reference.occupancy_grid(
        points.float() if dtype in (torch.float16, torch.bfloat16) else points, 9, mode=mode
    )
    assert got.dtype == dtype and got.shape == (3, 1, 9, 9, 9)
    tolerance = {torch.float32: 2e-6, torch.float64: 1e-14, torch.float16: 1e-3, torch.bfloat16: 8e-3}[dtype]
    assert float((got.cpu().double() - wanted.double()).abs().max()) <= (0 if mode == "nearest" else tolerance)
    assert 0 < float(got.sum()) and bool(((got >= 0) & (got <= 1)).all())


def test_a_point_between_two_nodes() -> None:
    points = torch.tensor([[[-0.5, -0.5, -0.5 + 0.25 / 4]]])
    grid = occupancy_grid(points, 5, mode="trilinear")[0, 0]
    assert grid[0, 0, 0] == 0.75 and grid[0, 0, 1] == 0.25 and grid.sum() == 1
    assert occupancy_grid(points, 5)[0, 0].nonzero().tolist() == [[0, 0, 0]]
    assert occupancy_grid(torch.tensor([[[-0.5, 0.5, 0.0]]]), 5)[0, 0].nonzero().tolist() == [[0, 4, 2]]  # [x][y][z]


@pytest.mark.parametrize("mode", MODES)
def test_empty_and_same_bits(mode: str, device: torch.device) -> None:
    assert occupancy_grid(torch.zeros(0, 7, 3, device=device), 4, mode=mode).shape == (0, 1, 4, 4, 4)
    assert not bool(occupancy_grid(torch.zeros(2, 0, 3, device=device), 4, mode=mode).any())
    points = cloud(2, 2000, seed=1)
    first = occupancy_grid(points, 16, mode=mode)
    assert torch.equal(first, occupancy_grid(points.to(device), 16, mode=mode).cpu())


def test_gradients(device: torch.device) -> None:
    points = cloud(2, 6, dtype=torch.float64, spread=1.1, seed=2).to(device).requires_grad_()

    def grid(p: Tensor) -> Tensor:
        return occupancy_grid(p, 4, mode="trilinear")

    assert torch.autograd.gradcheck(grid, points)
    assert torch.autograd.gradgradcheck(grid, points)


def test_gradient_equals_the_reference_also_on_a_node() -> None:
    points = cloud(1, 40, dtype=torch.float64, spread=0.9, seed=3)
    node = torch.tensor([0.0, 0.25, -0.25], dtype=torch.float64)
    points[0, 0] = node + 1e-9  # beside a node and others: the product of the others is needed
    points[0, 1:6] = points[0, 0] + 0.01 * cloud(5, dtype=torch.float64, seed=4)
    weight = torch.randn(1, 1, 5, 5, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(5))

    def gradient(function: object, p: Tensor) -> Tensor:
        p = p.clone().requires_grad_()
        return torch.autograd.grad((function(p, 5, mode="trilinear") * weight).sum(), p)[0]  # type: ignore[operator]

    torch.testing.assert_close(gradient(occupancy_grid, points), gradient(reference.occupancy_grid, points))
    near = gradient(occupancy_grid, points)
    points[0, 0] = node  # now exactly on it: the slopes on the upper side
    on = gradient(occupancy_grid, points)
    assert float((on - near).abs().max()) < 1e-5 and float(on[0, 0].abs().max()) > 0


def test_gradient_of_many_points_on_nodes(device: torch.device) -> None:
    """Takes no time: the product without one factor of 0 is not taken anew for every point."""
    resolution, count = 65, 300_000
    nodes = torch.randint(resolution, (count, 3), generator=torch.Generator().manual_seed(0))
    points = (nodes.double() / (resolution - 1) - 0.5)[None].to(device).requires_grad_()  # exact: the spacing is 1 / 64
    (gradient,) = torch.autograd.grad(occupancy_grid(points, resolution, mode="trilinear").sum(), points)
    # A step empties the own node of a point that is alone there, and fills the next node if none is on it.
    there = torch.zeros(resolution, resolution, resolution).index_put_(nodes.unbind(1), torch.ones(()), accumulate=True)
    alone = (there[nodes.unbind(1)] == 1).double()
    for axis in range(3):
        step = torch.zeros(count, 3, dtype=torch.int64)
        step[:, axis] = torch.where(nodes[:, axis] < resolution - 1, 1, -1)
        vacant = (there[(nodes + step).unbind(1)] == 0).double()
        expected = step[:, axis] * (vacant - alone) * (resolution - 1)
        torch.testing.assert_close(gradient[0, :, axis].cpu(), expected, rtol=0, atol=0)


def test_second_derivative_also_on_a_node() -> None:
    """Against products written out, which know no logarithm of nothing."""
    resolution, generator = 4, torch.Generator().manual_seed(0)
    points = torch.rand(1, 7, 3, generator=generator, dtype=torch.float64) - 0.5
    points[0, 0] = points[0, 1] = torch.tensor([1, 2, 1]) / 3 - 0.5
    points[0, 2] = torch.tensor([1, 2, 2]) / 3 - 0.5
    points[0, 3] = points[0, 0] + 0.05
    weight = torch.randn(resolution**3, generator=generator, dtype=torch.float64)

    def plain(points: Tensor) -> Tensor:
        place = (points[0] + 0.5) * (resolution - 1)
        low = place.detach().floor().clamp_max(resolution - 2)
        axis = torch.arange(resolution, dtype=torch.float64)
        share = torch.where(axis == low[..., None], 1 - (place - low)[..., None], 0.0)
        share = share + torch.where(axis == low[..., None] + 1, (place - low)[..., None], 0.0)  # (N, 3, R)
        filled = torch.einsum("ni,nj,nk->nijk", share[:, 0], share[:, 1], share[:, 2]).flatten(1)
        return 1 - (1 - filled).prod(0)

    results = []
    for function in (lambda p: occupancy_grid(p, resolution, mode="trilinear").flatten(), plain):
        leaf = points.clone().requires_grad_()
        value = (function(leaf) * weight).sin().sum()
        (first,) = torch.autograd.grad(value, leaf, create_graph=True)
        (second,) = torch.autograd.grad(first.square().sum(), leaf)
        results.append((first, second))
    for actual, expected in zip(*results, strict=True):
        torch.testing.assert_close(actual, expected, rtol=1e-9, atol=1e-9)


def test_nearest_has_no_gradient() -> None:
    assert not occupancy_grid(cloud(1, 5).requires_grad_(), 4).requires_grad


@pytest.mark.parametrize("mode", [0, 1])
def test_opcheck(mode: int, device: torch.device) -> None:
    for needs in (False, True):
        points = cloud(2, 5).to(device).requires_grad_(needs)
        torch.library.opcheck(torch.ops.list_fast.occupancy_grid.default, (points, 4, mode))
        grad = torch.randn(2, 1, 4, 4, 4, device=device, requires_grad=needs)
        torch.library.opcheck(torch.ops.list_fast.occupancy_grid_backward.default, (grad, points, 4))


def test_wrong_arguments_are_named() -> None:
    points = cloud(1, 4)
    with pytest.raises(TypeError, match=r"points must be a torch\.Tensor"):
        occupancy_grid(points.numpy(), 4)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"points must have shape \(B, N, 3\), got \(4, 3\)"):
        occupancy_grid(points[0], 4)
    with pytest.raises(TypeError, match="points must be one of"):
        occupancy_grid(points.int(), 4)
    with pytest.raises(TypeError, match="resolution must be an int"):
        occupancy_grid(points, 4.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="resolution must be at least 2, got 1"):
        occupancy_grid(points, 1)
    with pytest.raises(ValueError, match="resolution must be such that"):
        occupancy_grid(points, 10**7)
    with pytest.raises(ValueError, match="mode must be one of 'nearest', 'trilinear', got 'soft'"):
        occupancy_grid(points, 4, mode="soft")


def test_second_derivative_of_no_clouds() -> None:
    points = torch.randn(0, 5, 3, requires_grad=True)
    grid = occupancy_grid(points, 5, mode="trilinear")
    (first,) = torch.autograd.grad(grid.square().sum(), points, create_graph=True)
    assert torch.autograd.grad(first.sum(), points)[0].shape == (0, 5, 3)


def test_second_derivative_is_that_of_the_first_on_nodes_of_a_fine_grid() -> None:
    """<J^T G, v> = <G, J v>, with J v by the derivative of J^T G: a point on a node is in one cell for both."""
    generator = torch.Generator().manual_seed(0)
    resolution = 128
    nodes = torch.linspace(-0.5, 0.5, resolution)
    points = nodes[torch.randint(2, resolution - 2, (1, 200, 3), generator=generator)].requires_grad_()
    seed = torch.randn(1, 1, *[resolution] * 3, generator=generator).requires_grad_()
    step = torch.randn(points.shape, generator=generator)
    (first,) = torch.autograd.grad(
        occupancy_grid(points, resolution, mode="trilinear"), points, seed, create_graph=True
    )
    (moved,) = torch.autograd.grad((first * step).sum(), seed)
    torch.testing.assert_close((seed.detach() * moved).sum(), (first * step).sum().detach())
