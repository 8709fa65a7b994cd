# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Occupancy grids: a point cloud of object space on the nodes of a lattice."""

from __future__ import annotations

import sys
from typing import Any

import torch
from torch import Tensor

from list_fast import _native
from list_fast._errors import as_int, check_choice, check_floating, check_tensor
from list_fast.ops._nodes import add_at, take
from list_fast.ops._sampling import own_leaf

_native.load()

MODES = ("nearest", "trilinear")
DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)


def occupancy_grid(points: Tensor, resolution: int, *, mode: str = "nearest") -> Tensor:
    """Turn point clouds into occupancy grids on the lattice of object space.

    The lattice has ``resolution`` nodes along each axis, the first at -0.5, the last at 0.5. Points outside belong to
    the border; a point with a NaN coordinate belongs to no node.

    Args:
        points: Clouds (B, N, 3) as (x, y, z) in object space; float32, float64, float16 or bfloat16.
        resolution: Nodes along each axis, R >= 2.
        mode: "nearest" sets the node nearest to each point to 1, all others to 0 (ties to the even node); it has no
            gradient. "trilinear" spreads every point over the 8 nodes around it with weights w and gives P = 1 - prod(1
            - w) over the points, the probability that any of them fills the node; differentiable (twice) with respect
            to the points: dP/dw of one point is the product of 1 - w over the others. Coordinates clamped to the border
            have gradient 0.

    Returns:
        The grid (B, 1, R, R, R) in the points' dtype, indexed [x][y][z]; it and all its derivatives are the same bits
        on every run, on CPU and on CUDA.

    Raises:
        TypeError: ``points`` is no tensor or of another dtype, or ``resolution`` is no int.
        ValueError: ``points`` is not (B, N, 3), ``resolution`` is below 2 or such that the grid's bytes cannot be
            counted, or ``mode`` is another word.
    """
    check_tensor("points", points, "(B, N, 3)", 3, last=3)
    check_floating("points", points, DTYPES)
    if (size := as_int(resolution)) is None:
        raise TypeError(f"resolution must be an int, got {type(resolution).__name__}")
    if size < 2:
        raise ValueError(f"resolution must be at least 2, got {resolution}")
    if max(points.shape[0], 1) * size**3 * 8 > sys.maxsize:
        raise ValueError(f"resolution must be such that the grid's bytes can be counted, got {resolution}")
    check_choice("mode", mode, MODES)
    wide = points.float() if points.dtype in (torch.float16, torch.bfloat16) else points
    if mode == "nearest":
        wide = wide.detach()
    return torch.ops.list_fast.occupancy_grid(wide, size, MODES.index(mode)).to(points.dtype)


def _fake(points: Tensor, resolution: int, mode: int) -> Tensor:
    torch._check(points.dim() == 3)
    return points.new_empty(points.shape[0], 1, resolution, resolution, resolution)


def _backward_fake(grad: Tensor, points: Tensor, resolution: int) -> Tensor:
    return torch.empty_like(points, memory_format=torch.contiguous_format)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    points, ctx.resolution, ctx.mode = inputs
    ctx.save_for_backward(points)


def _backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
    (points,) = ctx.saved_tensors
    if ctx.mode == MODES.index("nearest"):
        return torch.zeros_like(points), None, None
    return torch.ops.list_fast.occupancy_grid_backward(grad, points, ctx.resolution), None, None


torch.library.register_fake("list_fast::occupancy_grid", _fake)
torch.library.register_fake("list_fast::occupancy_grid_backward", _backward_fake)
torch.library.register_autograd("list_fast::occupancy_grid", _backward, setup_context=_setup)


def _point_gradient(grad: Tensor, points: Tensor, resolution: int) -> Tensor:
    """The backward pass in differentiable torch."""
    batch = points.shape[0]
    known = ~points.isnan().any(-1, keepdim=True)
    # In float64, as the kernel, so that a point on a node is in the same cell.
    wide = torch.where(known, points, torch.zeros_like(points)).double()
    place = ((wide + 0.5) * (resolution - 1)).clamp(0, resolution - 1)
    low = place.detach().floor().clamp_max(resolution - 2).long()
    upper = (place - low).to(points.dtype)
    corner = torch.tensor([[n >> 2 & 1, n >> 1 & 1, n & 1] for n in range(8)], device=points.device)
    share = torch.where(corner.bool(), upper[:, :, None], 1 - upper[:, :, None]) * known[:, :, None]  # (B, N, 8, 3)
    strides = torch.tensor([resolution**2, resolution, 1], device=points.device)
    node = ((low[:, :, None] + corner) * strides).sum(-1)  # (B, N, 8)
    node = (node + torch.arange(batch, device=points.device)[:, None, None] * resolution**3).reshape(-1)
    empty = (1 - share.prod(-1)).reshape(-1)
    # Where a point lies exactly on a node its factor is 0. Added, not clamped to: others' slopes by it stay right, as
    # what the logarithm's derivative multiplies by 1 / nothing has nothing as a factor.
    nothing = 1e-150 if points.dtype == torch.float64 else 1e-18
    log = (empty + nothing).log()
    total = add_at(torch.zeros(batch * resolution**3, dtype=points.dtype, device=points.device), node, log)
    others = (take(total, node) - log).exp() * take(grad.reshape(-1), node)  # (B N 8,)
    others = others.view(batch, points.shape[1], 8)
    inside = (points >= -0.5) & (points <= 0.5)
    slope = torch.where(inside, float(resolution - 1), 0.0).to(points.dtype)[:, :, None] * (
        2 * corner - 1
    )  # (B, N, 8, 3)
    rest = torch.stack(
        [share[..., 1] * share[..., 2], share[..., 0] * share[..., 2], share[..., 0] * share[..., 1]], -1
    )
    return (others[..., None] * slope * rest).sum(2)


def _setup_backward(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    grad, points, ctx.resolution = inputs
    ctx.save_for_backward(grad, points)


def _double_backward(ctx: Any, outer: Tensor) -> tuple[Tensor, Tensor, None]:
    grad, points = ctx.saved_tensors
    higher = torch.is_grad_enabled()
    with torch.enable_grad():
        inputs = [own_leaf(x, higher) for x in (grad, points)]
        first = _point_gradient(inputs[0], inputs[1], ctx.resolution)
        grad_grad, grad_points = torch.autograd.grad(first, inputs, outer, create_graph=higher)
    return grad_grad, grad_points, None


torch.library.register_autograd("list_fast::occupancy_grid_backward", _double_backward, setup_context=_setup_backward)
