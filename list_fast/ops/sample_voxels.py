# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Trilinear sampling of a pyramid of voxel features at displaced points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from list_fast.ops import _sampling, reference

_NAMES = {code: name for name, code in _sampling.PADDING_CODES.items()}


def sample_voxels(
    levels: Sequence[Tensor],
    points: Tensor,
    offsets: Tensor | None = None,
    *,
    padding: str = "border",
    align_corners: bool = True,
) -> Tensor:
    """Sample every level of a voxel pyramid at every point, and at the point displaced by every offset.

    The values are those of ``torch.nn.functional.grid_sample`` (mode "bilinear") for each level and offset,
    concatenated over channels; the work and the memory are those of one pass. LIST samples six levels at seven offsets:
    the point, and ±0.0722 along each axis (network/modules.py, VoxelDecoder2, of the published code).

    Differentiable by levels, points and offsets: the first two orders run in kernels, higher ones in plain torch.
    Results and gradients are the same bits on every run, on a CPU for any number of threads, with one exception: on
    CUDA the gradients of the levels are summed with atomics, in the order that the threads happen to run in. Under
    ``torch.use_deterministic_algorithms(True)`` they are summed in a fixed order there too, over places sorted by their
    cells. Past the second order it is torch's ``grid_sample`` that has no fixed order on CUDA, and raises then; a
    torch before 2.13 knows no such order, and is given one that is fixed.

    Args:
        levels: Tensors (B, C_l, D_l, H_l, W_l): float32, float64, float16 or bfloat16, at least one node along every
            axis. Channels-last levels (``torch.channels_last_3d``) are read in place; others may be copied once per
            call, into memory of which up to 256 MB stays for the next call.
        points: (B, N, 3), float32 or float64: (x, y, z) for (W, H, D), in [-1, 1] inside the volume.
        offsets: (K, 3) added to every point, of the dtype of ``points``.
        padding: What lies outside: "border" repeats the outermost nodes, "zeros" is zero, "reflection" mirrors.
        align_corners: Whether -1 and 1 are the centres of the outermost nodes (True) or the outer faces of their cells.

    Returns:
        (B, N, K, C_1 + C_2 + ...), or (B, N, C_1 + C_2 + ...) without offsets, of the dtype of ``points``. A coordinate
        that is NaN is treated as grid_sample on a CPU does: last node of its axis for "border" and "reflection", zero
        for "zeros"; on CPU and CUDA alike. No gradient flows from it.

    Raises:
        TypeError: An argument is no tensor or has the wrong dtype.
        ValueError: A shape, a device or the padding does not fit.
    """
    autocast = _sampling.autocast_enabled(points)
    _sampling.check_places(points, autocast=autocast)
    _sampling.check_levels(levels, points, "(B, C, D, H, W)")
    if offsets is not None:
        _sampling.check_companion("offsets", offsets, "(K, 3)", 2, points, autocast=autocast)
        offsets = _sampling.like_places(offsets, points) if autocast else offsets
    _sampling.check_options(padding, align_corners)
    result: Tensor = torch.ops.list_fast.sample_voxels(
        list(levels), points, offsets, _sampling.PADDING_CODES[padding], align_corners
    )
    return result


def _fake(levels: list[Tensor], points: Tensor, offsets: Tensor | None, padding: int, align_corners: bool) -> Tensor:
    channels = sum(level.shape[1] for level in levels)
    shape = [*points.shape[:2], channels] if offsets is None else [*points.shape[:2], offsets.shape[0], channels]
    return points.new_empty(shape)


def _backward_fake(
    grad: Tensor,
    levels: list[Tensor],
    points: Tensor,
    offsets: Tensor | None,
    padding: int,
    align_corners: bool,
    levels_grad: bool,
    points_grad: bool,
    *,
    deterministic: bool = False,
) -> list[Tensor]:
    by_level = [torch.empty_like(level) if levels_grad else level.new_empty(0) for level in levels]
    by_point = points.new_empty(points.shape if points_grad else 0)
    return [*by_level, by_point, points.new_empty(0 if offsets is None or not points_grad else offsets.shape)]


def _save(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    levels, points, offsets, ctx.padding, ctx.align_corners = inputs
    ctx.save_for_backward(points, offsets, *levels)


def _backward(ctx: Any, grad: Tensor) -> tuple[Any, ...]:
    points, offsets, *levels = ctx.saved_tensors
    wants_levels, wants_points, wants_offsets = ctx.needs_input_grad[:3]
    levels_grad, points_grad = _sampling.any_needed(wants_levels), wants_points or wants_offsets
    grads = torch.ops.list_fast.sample_voxels_backward(
        grad,
        levels,
        points,
        offsets,
        ctx.padding,
        ctx.align_corners,
        levels_grad,
        points_grad,
        deterministic=torch.are_deterministic_algorithms_enabled(),
    )
    by_level = [g if wanted else None for g, wanted in zip(grads[:-2], wants_levels, strict=True)]
    return by_level, grads[-2] if wants_points else None, grads[-1] if wants_offsets else None, None, None


def _save_second(ctx: Any, inputs: tuple[Any, ...], keyword_only_inputs: Any, output: list[Tensor]) -> None:
    grad, levels, points, offsets, ctx.padding, ctx.align_corners, ctx.levels_grad, ctx.points_grad = inputs
    ctx.set_materialize_grads(False)  # what is not differentiated again costs nothing
    ctx.save_for_backward(grad, points, offsets, *levels)


def _second_backward(ctx: Any, first_of: list[Tensor | None]) -> tuple[Any, ...]:
    grad, points, offsets, *levels = ctx.saved_tensors
    by_levels = _sampling.moves_of_levels(first_of[:-2] if ctx.levels_grad else [None] * len(levels), levels)
    by_points, by_offsets = first_of[-2:] if ctx.points_grad else (None, None)
    wants_grad, wants_levels, wants_points, wants_offsets = ctx.needs_input_grad[:4]
    steps = by_points is not None or by_offsets is not None
    if not steps and not by_levels:
        return None, [None] * len(levels), *[None] * 6
    levels_grad, points_grad = steps and _sampling.any_needed(wants_levels), wants_points or wants_offsets
    by_grad, *rest = torch.ops.list_fast.sample_voxels_double_backward(
        by_levels,
        by_points,
        by_offsets,
        grad,
        levels,
        points,
        offsets,
        ctx.padding,
        ctx.align_corners,
        wants_grad,
        levels_grad,
        points_grad,
        deterministic=torch.are_deterministic_algorithms_enabled(),
    )
    by_level = [g if wanted and levels_grad else None for g, wanted in zip(rest[:-2], wants_levels, strict=True)]
    return (
        by_grad if wants_grad else None,
        by_level,
        rest[-2] if wants_points else None,
        rest[-1] if wants_offsets else None,
        *[None] * 4,
    )


def _double_backward_fake(
    by_levels: list[Tensor],
    by_points: Tensor | None,
    by_offsets: Tensor | None,
    grad: Tensor,
    levels: list[Tensor],
    points: Tensor,
    offsets: Tensor | None,
    padding: int,
    align_corners: bool,
    grad_grad: bool,
    levels_grad: bool,
    points_grad: bool,
    *,
    deterministic: bool = False,
) -> list[Tensor]:
    rest = _backward_fake(grad, levels, points, offsets, padding, align_corners, levels_grad, points_grad)
    return [grad.new_empty(grad.shape if grad_grad else 0), *rest]


def _save_third(ctx: Any, inputs: tuple[Any, ...], keyword_only_inputs: Any, output: list[Tensor]) -> None:
    by_levels, by_points, by_offsets, grad, levels, points, offsets, ctx.padding, ctx.align_corners, *wanted = inputs
    ctx.set_materialize_grads(False)
    ctx.wanted = [wanted[0], *[wanted[1]] * len(levels), wanted[2], wanted[2]]
    ctx.moves = len(by_levels)
    ctx.save_for_backward(by_points, by_offsets, grad, points, offsets, *by_levels, *levels)


def _third_backward(ctx: Any, second_of: list[Tensor | None]) -> tuple[Any, ...]:
    by_points, by_offsets, grad, points, offsets, *rest = ctx.saved_tensors
    by_levels, levels = rest[: ctx.moves], rest[ctx.moves :]
    count = len(levels)
    places = [points] if offsets is None else [points, offsets]
    firsts = [*_sampling.levels_that_move(by_levels, levels), by_points, by_offsets]
    seeds = [seed if wanted else None for seed, wanted in zip(second_of, ctx.wanted, strict=True)]
    if offsets is None:
        firsts, seeds = firsts[:-1], seeds[:-1]
    by_first, by_rest = _sampling.third_derivative(
        _reference(ctx.padding, ctx.align_corners, places, count), [*levels, *places], grad, firsts, seeds
    )
    by_other = (None, None) if offsets is None else (by_first[count + 1], by_rest[count + 2])
    by_move = by_first[:count] if by_levels else []
    by_firsts, by_places = (by_first[count], by_other[0]), (by_rest[count + 1], by_other[1])
    return by_move, *by_firsts, by_rest[0], by_rest[1 : count + 1], *by_places, *[None] * 5


def _reference(padding: int, align_corners: bool, places: list[Tensor], count: int) -> Callable[[list[Tensor]], Tensor]:
    """The operator in plain torch, of `count` levels followed by points and offsets, with no gradient at bad places."""
    points = places[0] if len(places) == 1 else places[0][:, :, None] + places[1]
    name = _NAMES[padding]

    def known(level: Tensor) -> Tensor:
        """Where the backward pass takes a gradient from. A mirror image of infinity is not a number, and neither is
        infinity times the zero length of an axis of one node; but there every mirror image is that node."""
        flat = [bool(align_corners and nodes == 1) for nodes in reversed(level.shape[2:])]
        one_node = torch.tensor(flat, device=level.device)
        if name == "reflection":
            return (points.isfinite() | one_node).all(-1, keepdim=True)
        return ~(points.isnan() | (points.isinf() & one_node)).any(-1, keepdim=True)

    def forward(leaves: list[Tensor]) -> Tensor:
        finite = [x.nan_to_num(0.0, 1e4, -1e4) for x in leaves[count:]]
        parts = []
        for level in leaves[:count]:
            part = reference.sample_voxels([level], *finite, padding=name, align_corners=align_corners)
            parts.append(torch.where(known(level), part, torch.zeros_like(part)))
        return torch.cat(parts, -1)

    return forward


torch.library.register_fake("list_fast::sample_voxels", _fake)
torch.library.register_fake("list_fast::sample_voxels_backward", _backward_fake)
torch.library.register_fake("list_fast::sample_voxels_double_backward", _double_backward_fake)
torch.library.register_autograd("list_fast::sample_voxels", _backward, setup_context=_save)
torch.library.register_autograd("list_fast::sample_voxels_backward", _second_backward, setup_context=_save_second)
torch.library.register_autograd("list_fast::sample_voxels_double_backward", _third_backward, setup_context=_save_third)
_sampling.register_autocast("list_fast::sample_voxels")
