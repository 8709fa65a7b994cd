# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Trilinear sampling of a pyramid of voxel features at displaced points."""

from __future__ import annotations

from collections.abc import Sequence
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

    Differentiable, twice, by levels, points and offsets. Results and gradients on a CPU are the same bits for any
    number of threads. On CUDA the gradients of the levels are summed in the order that the threads happen to run in,
    and ``torch.use_deterministic_algorithms`` makes asking for them an error; all else is the same bits there too.

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
    if levels_grad:
        _sampling.alert_not_deterministic("sample_voxels", grad)
    grads = torch.ops.list_fast.sample_voxels_backward(
        grad, levels, points, offsets, ctx.padding, ctx.align_corners, levels_grad, points_grad
    )
    by_level = [g if wanted else None for g, wanted in zip(grads[:-2], wants_levels, strict=True)]
    return by_level, grads[-2] if wants_points else None, grads[-1] if wants_offsets else None, None, None


def _save_second(ctx: Any, inputs: tuple[Any, ...], output: list[Tensor]) -> None:
    grad, levels, points, offsets, ctx.padding, ctx.align_corners, ctx.levels_grad, ctx.points_grad = inputs
    ctx.save_for_backward(grad, points, offsets, *levels)


def _second_backward(ctx: Any, first_of: list[Tensor]) -> tuple[Any, ...]:
    grad, points, offsets, *levels = ctx.saved_tensors
    count, padding = len(levels), _NAMES[ctx.padding]
    places = points if offsets is None else points[:, :, None] + offsets
    # What the backward pass takes no gradient from. A mirror image of infinity is not a number either.
    known = (places.isfinite() if padding == "reflection" else ~places.isnan()).all(-1, keepdim=True)

    def forward(leaves: list[Tensor]) -> Tensor:
        finite = [x.nan_to_num(0.0, 1e4, -1e4) for x in leaves[count:]]
        out = reference.sample_voxels(leaves[:count], *finite, padding=padding, align_corners=ctx.align_corners)
        return torch.where(known, out, torch.zeros_like(out))

    inputs = [*levels, points] if offsets is None else [*levels, points, offsets]
    wanted = [ctx.levels_grad] * count + [ctx.points_grad] * (len(inputs) - count)
    by_grad, *rest = _sampling.second_derivative(
        forward, inputs, grad, [g if w else None for g, w in zip(first_of, wanted, strict=False)]
    )
    by_offset = None if offsets is None else rest[count + 1]
    return by_grad, rest[:count], rest[count], by_offset, None, None, None, None


torch.library.register_fake("list_fast::sample_voxels", _fake)
torch.library.register_fake("list_fast::sample_voxels_backward", _backward_fake)
torch.library.register_autograd("list_fast::sample_voxels", _backward, setup_context=_save)
torch.library.register_autograd("list_fast::sample_voxels_backward", _second_backward, setup_context=_save_second)
_sampling.register_autocast("list_fast::sample_voxels")
