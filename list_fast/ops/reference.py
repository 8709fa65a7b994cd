# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The operations in plain torch: slow, obviously right, and what the kernels are held to.

They need no compiled library. Argument checks live in the public functions of ``list_fast.ops``; here only the
arithmetic is stated.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from list_fast.ops._nodes import take
from list_fast.ops._sampling import own_leaf
from list_fast.ops.reference_marching_cubes import marching_cubes

__all__ = [
    "decode_queries",
    "decode_samples",
    "marching_cubes",
    "occupancy_grid",
    "project",
    "sample_images",
    "sample_voxels",
    "sum_samples",
]

DEPTH_EPSILON = 1e-8
"""Added to the projective depth before the division (the published code's constant)."""
GRID_SAMPLE_TWICE = tuple(int(part) for part in torch.__version__.split(".")[:2]) >= (2, 13)
"""Whether torch itself differentiates ``grid_sample`` more than once: before 2.13 it raises."""

CODES = {"zeros": 0, "border": 1, "reflection": 2}
"""Torch's numbers for paddings, which are not ours."""


def sampled(level: Tensor, places: Tensor, padding: str, align_corners: bool) -> Tensor:
    """``torch.nn.functional.grid_sample`` (mode "bilinear") by torch's own kernels: on CUDA that function goes to cuDNN
    for some options, which need not treat NaN and infinity in the same way."""
    sampler = torch.ops.aten.grid_sampler_3d if level.dim() == 5 else torch.ops.aten.grid_sampler_2d
    result: Tensor = sampler(level, places, 0, CODES[padding], align_corners)
    return result


def grid_sample(level: Tensor, places: Tensor, padding: str, align_corners: bool) -> Tensor:
    """``torch.nn.functional.grid_sample`` (mode "bilinear"), differentiable any number of times on every torch."""
    wanted = torch.is_grad_enabled() and (level.requires_grad or places.requires_grad)
    if GRID_SAMPLE_TWICE or not wanted:
        return sampled(level, places, padding, align_corners)
    result: Tensor = _GridSample.apply(level, places, padding, align_corners)  # type: ignore[no-untyped-call]
    return result


class _GridSample(torch.autograd.Function):
    """Values and first gradients are torch's; a gradient that is to be differentiated comes of ``interpolated``."""

    @staticmethod
    def forward(ctx: Any, level: Tensor, places: Tensor, padding: str, align_corners: bool) -> Tensor:
        ctx.save_for_backward(level, places)
        ctx.options = padding, align_corners
        return sampled(level, places, padding, align_corners)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        level, places = ctx.saved_tensors
        padding, align_corners = ctx.options
        if not torch.is_grad_enabled():
            ops, code = torch.ops.aten, CODES[padding]
            once = ops.grid_sampler_3d_backward if level.dim() == 5 else ops.grid_sampler_2d_backward
            return *once(grad, level, places, 0, code, align_corners, list(ctx.needs_input_grad[:2])), None, None
        with torch.enable_grad():
            inputs = own_leaf(level, True), own_leaf(places, True)
            out = interpolated(*inputs, padding, align_corners)
            by_level, by_places = torch.autograd.grad(out, inputs, grad, create_graph=True)
        return by_level, by_places, None, None


def interpolated(level: Tensor, places: Tensor, padding: str, align_corners: bool) -> Tensor:
    """What ``grid_sample`` computes of a level (B, C, axes...) at places (B, N..., axes), corner by corner."""
    batch, channels, *sizes = level.shape
    nodes_along = sizes[::-1]  # x is the last axis of a level
    axes = [_axis(places[..., a].flatten(1), n, padding, align_corners) for a, n in enumerate(nodes_along)]
    rows = level.flatten(2).transpose(1, 2).reshape(-1, channels)
    first = torch.arange(batch, device=level.device)[:, None] * math.prod(sizes)
    total = level.new_zeros(batch, axes[0][1].shape[1], channels)
    for corner in itertools.product((0, 1), repeat=len(axes)):
        node, weight = torch.zeros_like(axes[0][0]), torch.ones_like(axes[0][1])
        there = torch.ones_like(node, dtype=torch.bool)
        for a in reversed(range(len(axes))):
            base, share = axes[a]
            place = base + corner[a]
            there = there & (place >= 0) & (place < nodes_along[a])
            node = node * nodes_along[a] + place.clamp(0, nodes_along[a] - 1)
            weight = weight * (share if corner[a] else 1 - share)
        # A node that is not there counts as 0; one with weight 0 is read, and 0 times infinity is not 0.
        total = total + weight[..., None] * torch.where(there[..., None], take(rows, first + node), 0.0)
    return total.transpose(1, 2).reshape(batch, channels, *places.shape[1:-1])


def _axis(x: Tensor, nodes: int, padding: str, align_corners: bool) -> tuple[Tensor, Tensor]:
    """The lower node of coordinates in [-1, 1] along an axis, which may not be there, and the share of the upper."""
    u = (x + 1) / 2 * (nodes - 1) if align_corners else ((x + 1) * nodes - 1) / 2
    if padding == "reflection":
        low, span = (0.0, float(nodes - 1)) if align_corners else (-0.5, float(nodes))
        v = u.detach() - low
        odd = (v.abs() / max(span, 1)).floor() % 2 == 1
        rest = v.abs().fmod(max(span, 1))
        sign = torch.where(odd, -1.0, 1.0).to(u) * torch.where(v < 0, -1.0, 1.0).to(u)
        folded = torch.where(odd, span - rest, rest) + low
        u = folded + sign * (u - u.detach()) if span else torch.zeros_like(u)
    if padding != "zeros":
        u = torch.where((u > 0) & (u < nodes - 1), u, u.detach().clamp(0, nodes - 1))
    u = torch.where(u.isfinite(), u, 0.0)
    base = u.detach().floor()
    return base.clamp(-2, nodes).long(), u - base


def sample_voxels(
    levels: Sequence[Tensor],
    points: Tensor,
    offsets: Tensor | None = None,
    *,
    padding: str = "border",
    align_corners: bool = True,
) -> Tensor:
    """Trilinear samples of voxel levels: ``grid_sample`` for each level and offset, concatenated over channels."""
    batch, count, _ = points.shape
    places = points[:, :, None, :] if offsets is None else points[:, :, None, :] + offsets
    samples = [
        grid_sample(level.to(places.dtype), places[:, :, :, None, :], padding, align_corners) for level in levels
    ]  # (B, C_l, N, K, 1) each
    out = torch.cat(samples, dim=1)[..., 0].permute(0, 2, 3, 1)  # (B, N, K, sum C)
    return out[:, :, 0] if offsets is None else out.reshape(batch, count, len(offsets), out.shape[-1])


def project(points: Tensor, transform: Tensor, canvas: tuple[int, int]) -> Tensor:
    """Pixels (B, N, 2) = (column, row) of points (B, N, 3) under transform (B, 4, 3), clamped to the canvas (height,
    width).

    The depth is moved away from zero by ``DEPTH_EPSILON``, as published; what is not a number lands on pixel 0. A pixel
    that is clamped or not a number passes no gradient; one exactly on the edge of the canvas passes it, as in
    ``torch.clamp``.
    """
    height, width = canvas

    def split(points: Tensor) -> tuple[Tensor, Tensor]:
        # Sums, not a matrix product, whose precision is a setting on CUDA.
        homogeneous = (points[..., None] * transform[:, None, :3]).sum(2) + transform[:, None, 3]
        return homogeneous[..., :2], homogeneous[..., 2:] + DEPTH_EPSILON

    limit = torch.tensor([width - 1, height - 1], dtype=points.dtype, device=points.device)
    with torch.no_grad():
        numerator, depth = split(points)
        ratio = numerator / depth
        moves = (ratio >= 0) & (ratio <= limit)  # false for what is not a number
        held = torch.minimum(torch.nan_to_num(ratio, nan=0.0).clamp_min(0), limit)
    # Where the pixel is held, nothing is differentiated: 0 * (1 / 0) and 0 times a bad point would be NaN.
    numerator, depth = split(torch.where(moves.any(-1, keepdim=True), points, torch.zeros_like(points)))
    safe = torch.where(moves, depth, torch.ones_like(depth))
    return torch.where(moves, numerator / safe, held)


def sample_images(
    levels: Sequence[Tensor],
    points: Tensor,
    transform: Tensor,
    *,
    canvas: tuple[int, int],
    padding: str = "border",
    align_corners: bool = True,
) -> Tensor:
    """Bilinear samples of image levels at the projections of points: the canvas maps onto every level's own extent."""
    height, width = canvas
    pixels = project(points, transform, canvas)
    size = torch.tensor([max(width - 1, 1), max(height - 1, 1)], dtype=pixels.dtype, device=pixels.device)
    places = pixels / size * 2 - 1  # (B, N, 2) in [-1, 1]
    samples = [
        grid_sample(level.to(places.dtype), places[:, :, None, :], padding, align_corners) for level in levels
    ]  # (B, C_l, N, 1) each
    return torch.cat(samples, dim=1)[..., 0].transpose(1, 2)


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
) -> Tensor:
    """bias + points @ weight + the samples of all maps, one of a voxel level for each offset, + those of levels times
    their columns, (N, H)."""
    out = bias + points @ weight
    for maps in voxels:
        for offset, rows in zip(offsets, maps, strict=True):
            out = out + sample_voxels([rows.permute(3, 0, 1, 2)[None]], (points + offset)[None])[0]
    for level, part in zip(levels, columns, strict=True):
        samples = sample_voxels([level.permute(3, 0, 1, 2)[None]], points[None], offsets)[0]
        out = out + torch.einsum("nkc,kch->nh", samples, part)
    for rows in images:
        out = out + sample_images([rows.permute(2, 0, 1)[None]], points[None], transform[None], canvas=canvas)[0]
    return out


def decode_samples(
    voxels: Sequence[Tensor],
    images: Sequence[Tensor],
    points: Tensor,
    offsets: Tensor,
    transform: Tensor,
    weight: Tensor,
    bias: Tensor,
    *,
    canvas: tuple[int, int],
    layers: Sequence[Tensor],
    levels: Sequence[Tensor] = (),
    columns: Sequence[Tensor] = (),
    features: Sequence[Tensor] = (),
    feature_columns: Sequence[Tensor] = (),
) -> Tensor:
    """Distances (N,): what ``sum_samples`` gives, with features times their columns added, and the layers after it. All
    matrices are plain: (inputs, outputs)."""
    x = sum_samples(
        voxels, images, points, offsets, transform, weight, bias, canvas=canvas, levels=levels, columns=columns
    )
    for part, matrix in zip(features, feature_columns, strict=True):
        x = x + part @ matrix
    for matrix, added in zip(layers[::2], layers[1::2], strict=True):
        x = x.relu() @ matrix + added
    return x[:, 0] if x.dim() == 2 else x


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
    """Distances (N,): the first layer of points, maps and features, and the layers after it; what is multiplied is
    rounded to the dtype of the columns, and all else float32."""

    def rounded(value: Tensor) -> Tensor:
        return value.to(columns.dtype).float()

    def at_pixels(level: Tensor) -> Tensor:
        image = level.float().permute(2, 0, 1)[None]
        return sample_images([image], points[None], transform[None], canvas=canvas)[0]

    x = bias + points @ weight + sum(at_pixels(rows) for rows in maps)
    features = [
        sample_voxels([level.float().permute(3, 0, 1, 2)[None]], points[None], offsets)[0].flatten(1)
        for level in voxels
    ]
    features += [at_pixels(level) for level in images]
    row = 0
    for part in features:
        x = x + rounded(part) @ columns[row : row + part.shape[1]].float()
        row += -(-part.shape[1] // 8) * 8  # each level fills whole units of the packed columns
    second, second_bias, third, third_bias, last, last_bias = (layer.float() for layer in layers)
    x = rounded(x.relu()) @ second + second_bias
    x = rounded(x.relu()) @ third + third_bias
    return x.relu() @ last + last_bias


def occupancy_grid(points: Tensor, resolution: int, *, mode: str = "nearest") -> Tensor:
    """Occupancy (B, 1, R, R, R) of points (B, N, 3) in object space on a lattice whose end nodes lie at -0.5 and 0.5.

    ``nearest`` sets the node nearest to each point (list-model 1.3, rounding half to even); ``trilinear`` spreads each
    point over the 8 nodes around it with weights w and combines points as 1 - prod(1 - w). A point with a NaN belongs
    to no node.
    """
    batch = points.shape[0]
    known = ~points.isnan().any(-1)
    nodes = (torch.where(known[..., None], points, torch.zeros_like(points)).double() + 0.5) * (resolution - 1)
    nodes = nodes.clamp(0, resolution - 1)
    if mode == "nearest":
        index = nodes.round().long()
        flat = (index[..., 0] * resolution + index[..., 1]) * resolution + index[..., 2]
        grid = points.new_zeros(batch, resolution**3).scatter_reduce(1, flat, known.to(points.dtype), "amax")
        return grid.view(batch, 1, resolution, resolution, resolution)
    axis = torch.arange(resolution, dtype=nodes.dtype, device=points.device)
    weight = (1 - (nodes[..., None] - axis).abs()).clamp_min(0).to(points.dtype)  # (B, N, 3, R)
    weight = weight * known[..., None, None]
    empty = torch.ones(batch, resolution, resolution, resolution, dtype=points.dtype, device=points.device)
    for n in range(points.shape[1]):
        spread = torch.einsum("bi,bj,bk->bijk", weight[:, n, 0], weight[:, n, 1], weight[:, n, 2])
        empty = empty * (1 - spread)
    return (1 - empty)[:, None]
