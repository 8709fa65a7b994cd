# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Bilinear sampling of a pyramid of image features at the projections of points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from list_fast.ops import _sampling, reference

_NAMES = {code: name for name, code in _sampling.PADDING_CODES.items()}


def sample_images(
    levels: Sequence[Tensor],
    points: Tensor,
    transform: Tensor,
    *,
    canvas: tuple[int, int],
    padding: str = "border",
    align_corners: bool = True,
) -> Tensor:
    """Project points by a free 4 x 3 matrix and sample every level of an image pyramid where they fall.

    With (X, Y, Z) = [x, y, z, 1] @ transform, the pixel is column X / (Z + 1e-8), row Y / (Z + 1e-8), clamped to the
    canvas (LIST's perceptual pooling, network/modules.py of the published code; its canvas is 137 x 137). The canvas
    maps onto every
    level: its first and last pixel centres are the places -1 and 1 of ``grid_sample``, whatever the level's resolution.

    The depth is used as published: points behind the camera (Z < 0) project mirrored; where Z is near zero the pixel is
    very large and is clamped to the canvas; 0 / 0 and NaN become pixel 0. Clamped coordinates and those that are not a
    number pass no gradient; a coordinate exactly on an edge of the canvas passes it, as in ``torch.clamp``.

    Differentiable by levels, points and transform: the first two orders run in kernels, higher ones in plain torch.
    Results and gradients are the same bits on every run, on a CPU for any number of threads, with one exception: on
    CUDA the gradients of the levels are summed with atomics, in the order that the threads happen to run in. Under
    ``torch.use_deterministic_algorithms(True)`` they are summed in a fixed order there too, over places sorted by their
    cells. Past the second order it is torch's ``grid_sample`` that has no fixed order on CUDA, and raises then; a
    torch before 2.13 knows no such order, and is given one that is fixed.

    Args:
        levels: Tensors (B, C_l, H_l, W_l): float32, float64, float16 or bfloat16, at least one node along every axis.
            Channels-last levels are read in place; others may be copied once per call, into memory of which up to
            256 MB stays for the next call.
        points: (B, N, 3), float32 or float64.
        transform: (B, 4, 3) for row vectors, of the dtype of ``points``.
        canvas: (height, width) in pixels of the image that ``transform`` projects to.
        padding: "border", "zeros" or "reflection". Matters only without ``align_corners``: places never leave [-1, 1].
        align_corners: Whether -1 and 1 are the centres of the outermost nodes (True) or the outer faces of their cells.

    Returns:
        (B, N, C_1 + C_2 + ...) of the dtype of ``points``.

    Raises:
        TypeError: An argument is no tensor or has the wrong dtype.
        ValueError: A shape, a device, the canvas or the padding does not fit.
    """
    autocast = _sampling.autocast_enabled(points)
    _sampling.check_places(points, autocast=autocast)
    _sampling.check_levels(levels, points, "(B, C, H, W)")
    _sampling.check_companion("transform", transform, "(B, 4, 3)", 3, points, autocast=autocast)
    if tuple(transform.shape[:2]) != (points.shape[0], 4):
        raise ValueError(f"transform must have shape ({points.shape[0]}, 4, 3), got {tuple(transform.shape)}")
    transform = _sampling.like_places(transform, points) if autocast else transform
    height, width = _sampling.check_canvas(canvas)
    _sampling.check_options(padding, align_corners)
    result: Tensor = torch.ops.list_fast.sample_images(
        list(levels), points, transform, height, width, _sampling.PADDING_CODES[padding], align_corners
    )
    return result


def _fake(
    levels: list[Tensor],
    points: Tensor,
    transform: Tensor,
    canvas_height: int,
    canvas_width: int,
    padding: int,
    align_corners: bool,
) -> Tensor:
    return points.new_empty([*points.shape[:2], sum(level.shape[1] for level in levels)])


def _backward_fake(
    grad: Tensor,
    levels: list[Tensor],
    points: Tensor,
    transform: Tensor,
    canvas_height: int,
    canvas_width: int,
    padding: int,
    align_corners: bool,
    levels_grad: bool,
    points_grad: bool,
    transform_grad: bool,
    *,
    deterministic: bool = False,
) -> list[Tensor]:
    by_level = [torch.empty_like(level) if levels_grad else level.new_empty(0) for level in levels]
    by_point = points.new_empty(points.shape if points_grad else 0)
    return [*by_level, by_point, points.new_empty(transform.shape if transform_grad else 0)]


def _save(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    levels, points, transform, *ctx.options = inputs
    ctx.save_for_backward(points, transform, *levels)


def _backward(ctx: Any, grad: Tensor) -> tuple[Any, ...]:
    points, transform, *levels = ctx.saved_tensors
    wants_levels, wants_points, wants_transform = ctx.needs_input_grad[:3]
    levels_grad = _sampling.any_needed(wants_levels)
    grads = torch.ops.list_fast.sample_images_backward(
        grad,
        levels,
        points,
        transform,
        *ctx.options,
        levels_grad,
        wants_points,
        wants_transform,
        deterministic=torch.are_deterministic_algorithms_enabled(),
    )
    by_level = [g if wanted else None for g, wanted in zip(grads[:-2], wants_levels, strict=True)]
    by_point, by_transform = grads[-2] if wants_points else None, grads[-1] if wants_transform else None
    return by_level, by_point, by_transform, None, None, None, None


def _save_second(ctx: Any, inputs: tuple[Any, ...], keyword_only_inputs: Any, output: list[Tensor]) -> None:
    grad, levels, points, transform, *ctx.options, ctx.levels_grad, ctx.points_grad, ctx.transform_grad = inputs
    ctx.set_materialize_grads(False)  # what is not differentiated again costs nothing
    ctx.save_for_backward(grad, points, transform, *levels)


def _second_backward(ctx: Any, first_of: list[Tensor | None]) -> tuple[Any, ...]:
    grad, points, transform, *levels = ctx.saved_tensors
    by_levels = _sampling.moves_of_levels(first_of[:-2] if ctx.levels_grad else [None] * len(levels), levels)
    by_points = first_of[-2] if ctx.points_grad else None
    by_transform = first_of[-1] if ctx.transform_grad else None
    wants_grad, wants_levels, wants_points, wants_transform = ctx.needs_input_grad[:4]
    steps = by_points is not None or by_transform is not None
    if not steps and not by_levels:
        return None, [None] * len(levels), *[None] * 9
    levels_grad = steps and _sampling.any_needed(wants_levels)
    by_grad, *rest = torch.ops.list_fast.sample_images_double_backward(
        by_levels,
        by_points,
        by_transform,
        grad,
        levels,
        points,
        transform,
        *ctx.options,
        wants_grad,
        levels_grad,
        wants_points,
        wants_transform,
        deterministic=torch.are_deterministic_algorithms_enabled(),
    )
    by_level = [g if wanted and levels_grad else None for g, wanted in zip(rest[:-2], wants_levels, strict=True)]
    return (
        by_grad if wants_grad else None,
        by_level,
        rest[-2] if wants_points else None,
        rest[-1] if wants_transform else None,
        *[None] * 7,
    )


def _double_backward_fake(
    by_levels: list[Tensor],
    by_points: Tensor | None,
    by_transform: Tensor | None,
    grad: Tensor,
    levels: list[Tensor],
    points: Tensor,
    transform: Tensor,
    canvas_height: int,
    canvas_width: int,
    padding: int,
    align_corners: bool,
    grad_grad: bool,
    levels_grad: bool,
    points_grad: bool,
    transform_grad: bool,
    *,
    deterministic: bool = False,
) -> list[Tensor]:
    options = (canvas_height, canvas_width, padding, align_corners)
    rest = _backward_fake(grad, levels, points, transform, *options, levels_grad, points_grad, transform_grad)
    return [grad.new_empty(grad.shape if grad_grad else 0), *rest]


def _save_third(ctx: Any, inputs: tuple[Any, ...], keyword_only_inputs: Any, output: list[Tensor]) -> None:
    by_levels, by_points, by_transform, grad, levels, points, transform, *options = inputs
    ctx.options, wanted = options[:4], options[4:]
    ctx.set_materialize_grads(False)
    ctx.wanted = [wanted[0], *[wanted[1]] * len(levels), *wanted[2:]]
    ctx.moves = len(by_levels)
    ctx.save_for_backward(by_points, by_transform, grad, points, transform, *by_levels, *levels)


def _third_backward(ctx: Any, second_of: list[Tensor | None]) -> tuple[Any, ...]:
    by_points, by_transform, grad, points, transform, *rest = ctx.saved_tensors
    by_levels, levels = rest[: ctx.moves], rest[ctx.moves :]
    count = len(levels)
    by_first, by_rest = _sampling.third_derivative(
        _reference(ctx.options, count),
        [*levels, points, transform],
        grad,
        [*_sampling.levels_that_move(by_levels, levels), by_points, by_transform],
        [seed if wanted else None for seed, wanted in zip(second_of, ctx.wanted, strict=True)],
    )
    by_move = by_first[:count] if by_levels else []
    return by_move, *by_first[count:], by_rest[0], by_rest[1 : count + 1], *by_rest[count + 1 :], *[None] * 8


def _reference(options: Sequence[Any], count: int) -> Callable[[list[Tensor]], Tensor]:
    """The operator in plain torch, of `count` levels followed by points and transform."""
    height, width, padding, align_corners = options

    def forward(leaves: list[Tensor]) -> Tensor:
        return reference.sample_images(
            leaves[:count],
            leaves[count],
            leaves[count + 1],
            canvas=(height, width),
            padding=_NAMES[padding],
            align_corners=align_corners,
        )

    return forward


torch.library.register_fake("list_fast::sample_images", _fake)
torch.library.register_fake("list_fast::sample_images_backward", _backward_fake)
torch.library.register_fake("list_fast::sample_images_double_backward", _double_backward_fake)
torch.library.register_autograd("list_fast::sample_images", _backward, setup_context=_save)
torch.library.register_autograd("list_fast::sample_images_backward", _second_backward, setup_context=_save_second)
torch.library.register_autograd("list_fast::sample_images_double_backward", _third_backward, setup_context=_save_third)
_sampling.register_autocast("list_fast::sample_images")
