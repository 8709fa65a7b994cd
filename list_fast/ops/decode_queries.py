# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The whole decoder of a frozen field in one kernel on a GPU: sampling and all layers, in half precision."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from list_fast._errors import check_floating, check_same_device, check_tensor
from list_fast.ops._sampling import check_canvas

HALVES = (torch.float16, torch.bfloat16)
WIDTHS = (512, 256, 256)
"""Of the hidden layers: those of LIST, which the kernel is written for."""
UNIT, SLAB = 8, 64
"""The kernel samples features by so many at once, and multiplies by so many."""
MOST_LEVELS, MOST_MAPS = 16, 4


def pack_columns(voxels: Sequence[Tensor], images: Sequence[Tensor]) -> Tensor:
    """The first layer's rows for features, (K, C_l, H) for each voxel level and (C_l, H) for each image level, as
    ``decode_queries`` reads them: level by level, offset by offset, each level filled up with zeros to a multiple of
    8, all to one of 64 -> (M, H)."""
    parts = [part.flatten(0, -2) for part in (*voxels, *images)]
    if not parts:
        raise ValueError("voxels or images must hold at least one level")
    parts = [torch.nn.functional.pad(part, (0, 0, 0, -len(part) % UNIT)) for part in parts]
    whole = torch.cat(parts)
    return torch.nn.functional.pad(whole, (0, 0, 0, -len(whole) % SLAB)).contiguous()


@torch.no_grad()
def decode_queries(
    voxels: Sequence[Tensor],
    images: Sequence[Tensor],
    maps: Sequence[Tensor],
    points: Tensor,
    offsets: Tensor,
    transform: Tensor,
    weight: Tensor,
    bias: Tensor,
    columns: Tensor,
    layers: Sequence[Tensor],
    *,
    canvas: tuple[int, int],
) -> Tensor:
    """Distances of points: features sampled, multiplied, and decoded, of which nothing but the distance is kept.

    relu(bias + points @ weight + maps sampled where the transform projects the point + features @ columns), then two
    hidden layers with ReLU and a last one. Features are the samples of all voxel levels at point + offsets[k] and those
    of the image levels at the projection. Padding is "border", corners are aligned. Products take numbers of half
    precision (features and hidden layers are rounded to it); sums are float32, and the same bits on every run.

    Runs on CUDA only (compute capability 8.0 and later), takes no workspace, and has no gradient.

    Args:
        voxels: Levels (D_l, H_l, W_l, C_l), at most 16 with ``images``.
        images: Levels (H_l, W_l, C_l).
        maps: Image levels (H_l, W_l, 512) that the first layer has been applied to; at most 4.
        points: (N, 3), float32: (x, y, z) for (W, H, D), in [-1, 1] inside the volume.
        offsets: (K, 3), float32.
        transform: (4, 3), float32, as for ``sample_images``.
        weight: (3, 512), float32.
        bias: (512,), float32.
        columns: (M, 512), of ``pack_columns``.
        layers: (512, 256), (256,), (256, 256), (256,), (256,), (1,): weights by inputs and outputs, and biases. The
            matrices, ``columns``, levels and maps are of one dtype, float16 or bfloat16, the others float32.
        canvas: (height, width) in pixels of the grid that the transform maps to.

    Returns:
        (N,), float32. A number that overflows the half-precision dtype makes it infinite or NaN.

    Raises:
        TypeError: An argument is no tensor or has the wrong dtype.
        ValueError: A shape or a device does not fit.
    """
    check_tensor("points", points, "(N, 3)", 2, 3)
    first, second, third = WIDTHS
    check_tensor("columns", columns, f"(M, {first})", 2, first)
    check_floating("columns", columns, HALVES)
    for name, given in (("voxels", voxels), ("images", images), ("maps", maps), ("layers", layers)):
        if not isinstance(given, Sequence):  # a tensor is none
            raise TypeError(f"{name} must be a sequence of tensors, got {type(given).__name__}")
    if len(voxels) + len(images) > MOST_LEVELS or len(maps) > MOST_MAPS:
        raise ValueError(f"voxels and images must be at most {MOST_LEVELS} levels, maps at most {MOST_MAPS}")
    if len(layers) != 6:
        raise ValueError(f"layers must be three weights, each with its bias, got {len(layers)} tensors")
    any_size = None
    real: list[tuple[str, Tensor, tuple[int | None, ...]]] = [
        ("points", points, (any_size, 3)),
        ("offsets", offsets, (any_size, 3)),
        ("transform", transform, (4, 3)),
        ("weight", weight, (3, first)),
        ("bias", bias, (first,)),
        *((f"layers[{i}]", layers[i], (width,)) for i, width in ((1, second), (3, third), (4, third), (5, 1))),
    ]
    levels: list[tuple[str, Tensor, tuple[int | None, ...]]] = [
        *((f"voxels[{i}]", level, (any_size,) * 4) for i, level in enumerate(voxels)),
        *((f"images[{i}]", level, (any_size,) * 3) for i, level in enumerate(images)),
        *((f"maps[{i}]", level, (any_size, any_size, first)) for i, level in enumerate(maps)),
    ]
    half = [
        ("columns", columns, (any_size, first)),
        ("layers[0]", layers[0], (first, second)),
        ("layers[2]", layers[2], (second, third)),
        *levels,
    ]
    for kind, dtype in ((real, torch.float32), (half, columns.dtype)):
        for name, value, shape in kind:
            words = f"({', '.join('*' if n is None else str(n) for n in shape)})"
            check_tensor(name, value, words, len(shape))
            if any(n is not None and n != size for n, size in zip(shape, value.shape, strict=True)):
                raise ValueError(f"{name} must have shape {words}, got {tuple(value.shape)}")
            check_floating(name, value, (dtype,))
            check_same_device(name, value, "points", points)
    for name, value, _ in levels:
        if 0 in value.shape:
            raise ValueError(f"{name} must have nodes along every axis, and channels, got shape {tuple(value.shape)}")
    rows = _rows([level.shape[-1] * len(offsets) for level in voxels] + [level.shape[-1] for level in images])
    if len(columns) != rows:
        raise ValueError(f"columns must have {rows} rows, as pack_columns gives them, got {len(columns)}")
    height, width = check_canvas(canvas)
    if points.device.type not in ("cuda", "meta"):
        raise ValueError(f"points must be on a CUDA device: there is no kernel for {points.device}")
    result: Tensor = torch.ops.list_fast.decode_queries(
        *([level.contiguous() for level in kind] for kind in (voxels, images, maps)),
        *(value.contiguous() for value in (points, offsets, transform, weight, bias, columns)),
        [layer.contiguous() for layer in layers],
        height,
        width,
    )
    return result


def _rows(features: Sequence[int]) -> int:
    """How many rows `pack_columns` makes of levels of so many features."""
    units = sum(-(-count // UNIT) for count in features)
    return -(-units * UNIT // SLAB) * SLAB


def _fake(
    voxels: Sequence[Tensor], images: Sequence[Tensor], maps: Sequence[Tensor], points: Tensor, *others: object
) -> Tensor:
    return points.new_empty(points.shape[0])


torch.library.register_fake("list_fast::decode_queries", _fake)
