# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The first layer of a frozen field: samples of maps that the layer has already been applied to, summed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from list_fast._errors import check_floating, check_same_device, check_tensor
from list_fast.ops._panels import DTYPES, panels_shape
from list_fast.ops._sampling import check_canvas


def sum_samples(
    voxels: Sequence[Tensor],
    images: Sequence[Tensor],
    points: Tensor,
    offsets: Tensor,
    transform: Tensor,
    weight: Tensor,
    bias: Tensor,
    *,
    canvas: tuple[int, int],
    levels: Sequence[Tensor] = (),
    columns: Sequence[Tensor] = (),
    planes: bool = True,
) -> Tensor:
    """Sum, for every point, an affine map of it and its samples: nothing is kept of the single samples.

    bias + points @ weight, plus voxels[l][k] sampled trilinearly at point + offsets[k], plus images[l] sampled
    bilinearly where the transform projects the point, plus levels[l] sampled at point + offsets[k] times columns[l][k],
    summed over all l and k. Padding is "border", corners are aligned.

    Points that follow each other and share z, and y, as on a lattice walked along x, share most of the work: levels are
    interpolated across z and multiplied once for every node in a plane, and across y once for every node of a line.
    Points in any other order are as right, and slower.

    Runs on a CPU only and has no gradient. The result is the same bits for any number of threads, and what a point gets
    does not depend on the other points.

    Args:
        voxels: Maps (K, D_l, H_l, W_l, H) for the offsets, levels that have been multiplied before.
        images: Maps (H_l, W_l, H).
        points: (N, 3), float32 or float64: (x, y, z) for (W, H, D), in [-1, 1] inside the volume.
        offsets: (K, 3).
        transform: (4, 3) as for ``sample_images``.
        weight: (3, H).
        bias: (H,).
        canvas: (height, width) in pixels of the grid that the transform maps to.
        levels: (D_l, H_l, W_l, C_l).
        columns: ``pack_panels`` of (K, C_l, H) for each of the levels.
        planes: Whether the maps too are interpolated plane by plane, which pays where points are those of a lattice.
            It changes results by rounding.

    Returns:
        (N, H) of the dtype of ``points``, which is that of every argument.

    Raises:
        TypeError: An argument is no tensor or has the wrong dtype, or ``canvas`` is not two integers.
        ValueError: A shape or a device does not fit, or an argument asks for a gradient.
    """
    arguments = sum_arguments(
        "sum_samples", voxels, images, points, offsets, transform, weight, bias, canvas, levels, columns, planes
    )
    result: Tensor = torch.ops.list_fast.sum_samples(*arguments)
    return result


def sum_arguments(
    operator: str,
    voxels: Sequence[Tensor],
    images: Sequence[Tensor],
    points: Tensor,
    offsets: Tensor,
    transform: Tensor,
    weight: Tensor,
    bias: Tensor,
    canvas: tuple[int, int],
    levels: Sequence[Tensor],
    columns: Sequence[Tensor],
    planes: bool,
) -> list[Any]:
    """What ``sum_samples`` takes, checked, as its operator does; `operator` is who asks."""
    check_tensor("points", points, "(N, 3)", 2, 3)
    check_floating("points", points, DTYPES)
    if points.device.type not in ("cpu", "meta"):
        raise ValueError(f"points must be on the CPU: there is no kernel for {points.device}")
    check_tensor("bias", bias, "(H,)", 1)
    channels = bias.shape[0]
    check_tensor("offsets", offsets, "(K, 3)", 2, 3)
    check_tensor("transform", transform, "(4, 3)", 2, 3)
    if transform.shape[0] != 4:
        raise ValueError(f"transform must have shape (4, 3), got {tuple(transform.shape)}")
    check_tensor("weight", weight, "(3, H)", 2, channels)
    if weight.shape[0] != 3:
        raise ValueError(f"weight must have shape (3, {channels}), got {tuple(weight.shape)}")
    named = {"offsets": offsets, "transform": transform, "weight": weight, "bias": bias}
    for name, maps, shape in (("voxels", voxels, "(K, D, H, W, width)"), ("images", images, "(H, W, width)")):
        if not isinstance(maps, Sequence):  # a tensor is none
            raise TypeError(f"{name} must be a sequence of tensors of shape {shape}, got {type(maps).__name__}")
        for i, level in enumerate(maps):
            check_tensor(f"{name}[{i}]", level, shape, shape.count(",") + 1, channels)
            named[f"{name}[{i}]"] = level
            if name == "voxels" and level.shape[0] != offsets.shape[0]:
                raise ValueError(f"voxels[{i}] must hold a map for each of {len(offsets)} offsets, got {len(level)}")
            if 0 in level.shape[-4:-1]:
                raise ValueError(f"{name}[{i}] must have nodes along every axis, got shape {tuple(level.shape)}")
    if len(levels) != len(columns):
        raise ValueError(f"columns must have one tensor for each of {len(levels)} levels, got {len(columns)}")
    for i, (level, part) in enumerate(zip(levels, columns, strict=True)):
        check_tensor(f"levels[{i}]", level, "(D, H, W, C)", 4)
        check_tensor(f"columns[{i}]", part, "(K, P, C, W)", 4)
        if 0 in level.shape[:3]:
            raise ValueError(f"levels[{i}] must have nodes along every axis, got shape {tuple(level.shape)}")
        named |= {f"levels[{i}]": level, f"columns[{i}]": part}
    for name, value in named.items():
        check_floating(name, value, (points.dtype,))
        check_same_device(name, value, "points", points)
    for i, (level, part) in enumerate(zip(levels, columns, strict=True)):
        wanted = (offsets.shape[0], *panels_shape(level.shape[3], channels, points))
        if part.shape != wanted:
            raise ValueError(f"columns[{i}] must have shape {wanted}, got {tuple(part.shape)}")
    if torch.is_grad_enabled() and any(value.requires_grad for value in (points, *named.values())):
        raise ValueError(f"{operator} has no gradient: detach its arguments, or call it under torch.no_grad()")
    height, width = check_canvas(canvas)
    return [
        [_as_rows(maps) for maps in voxels],
        [_as_rows(maps) for maps in images],
        [_as_rows(level) for level in levels],
        [part.contiguous() for part in columns],
        points,
        offsets,
        transform,
        weight,
        bias,
        height,
        width,
        bool(planes),
    ]


def _as_rows(tensor: Tensor) -> Tensor:
    """The tensor, with its last axis dense."""
    return tensor if tensor.stride(-1) == 1 else tensor.contiguous()


def _fake(
    voxels: list[Tensor],
    images: list[Tensor],
    levels: list[Tensor],
    columns: list[Tensor],
    points: Tensor,
    offsets: Tensor,
    transform: Tensor,
    weight: Tensor,
    bias: Tensor,
    canvas_height: int,
    canvas_width: int,
    planes: bool,
) -> Tensor:
    return points.new_empty(points.shape[0], bias.shape[0])


torch.library.register_fake("list_fast::sum_samples", _fake)
