# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The extraction of scikit-image: ``from list_fast.compat.skimage import marching_cubes``."""

from __future__ import annotations

import itertools
import math
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from list_fast._errors import check_choice
from list_fast.ops.marching_cubes import check_level, edge_ends
from list_fast.ops.mc33 import with_inner


class Surface(NamedTuple):
    """What ``marching_cubes`` returns."""

    verts: NDArray[Any]
    faces: NDArray[Any]
    normals: NDArray[np.float32]
    values: NDArray[np.float32]


def marching_cubes(
    volume: NDArray[Any],
    level: float | None = None,
    *,
    spacing: tuple[float, float, float] = (1.0, 1.0, 1.0),
    gradient_direction: str = "descent",
    step_size: int = 1,
    allow_degenerate: bool = True,
    method: str = "lewiner",
    mask: NDArray[np.bool_] | None = None,
) -> Surface:
    """The surface volume = level, as ``skimage.measure.marching_cubes`` gives it.

    Vertices lie where the original puts them, in another order. Where a cell is ambiguous the triangles may differ, for
    neither of the original's tables is used but this package's methods, ``mc33`` for "lewiner", the default. In both,
    neighbouring cells always agree, so that no value, not even one equal to the level, opens a hole. Normals are
    interpolated central differences of the volume.

    Args:
        volume: Values (M, N, P), real, computed with in float32 as in the original. Unlike there, a NaN empties the 8
            cells around it and does not count for the range of the values.
        level: The value of the surface; the mean of the least and the greatest value if None.
        spacing: Distances between nodes along the axes; normals ignore it, as in the original.
        gradient_direction: Which way faces look, "descent" or "ascent": see below.
        step_size: Nodes are visited in steps of so many.
        allow_degenerate: Keep faces of no area; else vertices at one position become one, and faces that lose a
            side are dropped.
        method: "lewiner": in every cell the surface has the topology of the trilinear interpolant; some cells have
            vertices of their own, which come after those on edges. "lorensen": the triangles of a cell follow from the
            signs of its corners alone.
        mask: (M, N, P), bool: a cell counts only if its last corner, that with the highest indices, is set.

    Returns:
        verts (V, 3), index order times spacing, float32 (float64 with another spacing than 1); faces (F, 3), int32
        (int64 without degenerate ones), anticlockwise seen from the side of higher values with "descent", of lower ones
        with "ascent"; unit normals (V, 3), float32, towards lower values; values (V,), float32: the largest difference
        of two corners of a cell that the vertex belongs to.

    Raises:
        ValueError: An argument has a wrong shape or value, or ``level`` is outside the range of the values.
        RuntimeError: There is no surface.
    """
    check_choice("method", method, ("lewiner", "lorensen"))
    check_choice("gradient_direction", gradient_direction, ("descent", "ascent"))
    if not isinstance(volume, np.ndarray) or volume.ndim != 3:
        raise ValueError("volume must be a numpy array (M, N, P)")
    if volume.dtype.kind not in "biuf":
        raise ValueError(f"volume must hold real numbers, got dtype {volume.dtype}")
    if min(volume.shape) < 2:
        raise ValueError(f"volume must have at least 2 nodes along every axis, got shape {volume.shape}")
    distances = np.asarray(spacing, np.float64)
    if distances.shape != (3,):
        raise ValueError(f"spacing must be three numbers, got {spacing!r}")
    step = int(step_size)
    if step < 1:
        raise ValueError(f"step_size must be at least 1, got {step_size!r}")
    if mask is not None and np.shape(mask) != volume.shape:
        raise ValueError(f"mask must have the shape of volume, {volume.shape}, got {np.shape(mask)}")
    # The negated volume: a node at the level then counts as below it, as in the original.
    values = volume.astype(np.float32, order="C")
    np.negative(values, out=values)
    lowest, highest = _extremes(values)
    if level is None:
        level = 0.5 * (lowest + highest)
    level = check_level(level, torch.float64)
    rounded = torch.tensor(level, dtype=torch.float32)  # as the values are, of which it may be the least or greatest
    if not lowest <= float(rounded) <= highest:
        raise ValueError(f"level must be within the range of volume, {lowest} to {highest}, got {level}")
    # The original compares in float64: the next number below divides the values of float32 in the same way.
    if float(rounded) > level:
        rounded = rounded.nextafter(torch.tensor(-math.inf))
    level = float(rounded)
    negated = torch.from_numpy(np.ascontiguousarray(values[::step, ::step, ::step]))
    if min(negated.shape) < 2:
        raise RuntimeError("no surface found: step_size leaves no cell")
    inner = None
    if method == "lewiner":
        vertices, faces, edges, *inner, homes = torch.ops.list_fast.mc33(negated, -level, True)
        vertices = with_inner(vertices, inner)
    else:
        vertices, faces, edges = torch.ops.list_fast.marching_cubes(negated, -level, True)
        homes = edges[:0]
    cells = kept = None
    if mask is not None:
        cells = torch.from_numpy(np.array(mask, bool)[::step, ::step, ::step][1:, 1:, 1:].copy())
        faces = faces[_inside(faces, edges, homes, negated, cells)]
        kept, numbers = torch.unique(faces, return_inverse=True)
        vertices, faces = vertices[kept], numbers.to(faces.dtype)
    if not len(faces):
        raise RuntimeError("no surface found at the given level")
    directions = torch.ops.list_fast.marching_cubes_normals(negated, edges, -level, 1.0, 1.0, 1.0)
    spreads = _ranges(negated, edges, cells)
    if inner is not None:
        directions = with_inner(directions, inner, unit=True)
        spreads = torch.cat([spreads, _spreads(negated, homes)])
    if kept is not None:
        directions, spreads = directions[kept], spreads[kept]
    normals, ranges = directions.numpy(), spreads.numpy()
    points = vertices.mul(step).numpy()
    triangles = faces.numpy() if gradient_direction == "ascent" else np.ascontiguousarray(faces.numpy()[:, ::-1])
    if not np.array_equal(distances, (1, 1, 1)):
        points = points * distances
    if not allow_degenerate:
        return _without_degenerate(points.astype(np.float32), triangles, normals, ranges)
    return Surface(points, triangles, normals, ranges)


def _inside(faces: Tensor, edges: Tensor, homes: Tensor, volume: Tensor, cells: Tensor) -> Tensor:
    """Which faces (F,) lie in a cell that is set. homes: the lowest node of the cell of each inner vertex."""
    low, high, _ = edge_ends(volume.shape, edges)
    cell_of_inner = _places(homes, volume)
    first = torch.cat([_places(low, volume), cell_of_inner])[faces.long()]  # (F, 3 corners, 3)
    last = torch.cat([_places(high, volume), cell_of_inner + 1])[faces.long()]
    # No table has a face in the plane between two cells, so that its nodes span the cell along every axis.
    cell = first.amin(1)
    if not torch.equal(cell + 1, last.amax(1)):
        raise AssertionError("a face spans no single cell")
    return cells[cell[:, 0], cell[:, 1], cell[:, 2]]


def _places(nodes: Tensor, volume: Tensor) -> Tensor:
    """Indices (N, 3) of row-major node numbers (N,)."""
    return torch.stack(torch.unravel_index(nodes, volume.shape), 1)


def _extremes(negated: NDArray[np.float32]) -> tuple[float, float]:
    """The least and the greatest of the values, NaN left out."""
    low, high = (float(value) for value in torch.from_numpy(negated).aminmax())
    if math.isnan(low):
        known = negated[~np.isnan(negated)]
        if not known.size:
            raise ValueError("volume must hold values other than NaN")
        low, high = float(known.min()), float(known.max())
    return -high, -low


def _ranges(volume: Tensor, edges: Tensor, cells: Tensor | None) -> Tensor:
    """The largest difference of corners (V,) over the cells around each edge that count and know their corners."""
    start, end, direction = edge_ends(volume.shape, edges)
    place, flat = _places(start, volume), volume.reshape(-1)
    axes = torch.tensor([[1, 0, 0], [2, 2, 1]])[:, direction]  # the two across the edge
    at = place.gather(1, axes.T)
    strides = torch.tensor([volume.shape[1] * volume.shape[2], volume.shape[2], 1])[axes]
    room = torch.tensor(volume.shape)[axes.T] - 1
    there = {-1: at > 0, 0: torch.ones_like(at, dtype=torch.bool), 1: at < room}
    # Nine pairs of nodes parallel to the edge, at -1, 0, 1 along both axes: the corners of the four cells around it.
    low: dict[tuple[int, int], Tensor] = {}
    high: dict[tuple[int, int], Tensor] = {}
    for a, b in itertools.product((-1, 0, 1), repeat=2):
        inside = there[a][:, 0] & there[b][:, 1]
        offset = torch.where(inside, a * strides[0] + b * strides[1], 0)
        ends = flat[start + offset], flat[end + offset]
        low[a, b], high[a, b] = torch.minimum(*ends), torch.maximum(*ends)
    found = torch.zeros(len(edges), dtype=volume.dtype)
    for a, b in itertools.product((-1, 0), repeat=2):
        corners = [(a, b), (a, b + 1), (a + 1, b), (a + 1, b + 1)]
        spread = reduce(torch.maximum, (high[c] for c in corners)) - reduce(torch.minimum, (low[c] for c in corners))
        counts = there[a or 1][:, 0] & there[b or 1][:, 1]
        if cells is not None:
            cell = place.scatter_add(1, axes.T, torch.tensor([[a, b]]).expand(len(edges), 2))
            cell = torch.where(counts[:, None], cell, 0)
            counts = counts & cells[cell[:, 0], cell[:, 1], cell[:, 2]]
        spread = torch.where(counts, spread, 0.0).nan_to_num(0.0, posinf=float("inf"))
        found = torch.maximum(found, spread)
    return found


def _spreads(volume: Tensor, homes: Tensor) -> Tensor:
    """The largest difference of corners (M,) of the cells with these lowest nodes (M,)."""
    x, y, z = _places(homes, volume).unbind(1)
    corners = torch.stack([volume[x + a, y + b, z + c] for a, b, c in itertools.product((0, 1), repeat=3)])
    return (corners.amax(0) - corners.amin(0)).nan_to_num(0.0, posinf=float("inf"))


def _without_degenerate(
    points: NDArray[Any], faces: NDArray[np.int32], normals: NDArray[np.float32], values: NDArray[np.float32]
) -> Surface:
    _, first, number = np.unique(points, axis=0, return_index=True, return_inverse=True)
    merged = first[number.reshape(-1)][faces]
    a, b, c = merged.T
    merged = merged[(a != b) & (b != c) & (c != a)]
    kept, numbers = np.unique(merged, return_inverse=True)
    return Surface(points[kept], numbers.reshape(-1, 3).astype(np.int64), normals[kept], values[kept])
