# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The extraction of scikit-image: ``from list_fast.compat.skimage import marching_cubes``."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from list_fast._errors import check_choice
from list_fast.ops.marching_cubes import _edge_ends, _normals, check_level


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

    Vertices lie where the original puts them, in another order. Where a cell is ambiguous the triangles may differ:
    neither Lewiner's nor the original's classic table is used but this package's, in which neighbouring cells always
    agree, so that no value, not even one equal to the level, opens a hole. Normals are interpolated central differences
    of the volume.

    Args:
        volume: Values (M, N, P), real, computed with in float32 as in the original. Unlike there, a NaN empties the 8
            cells around it and does not count for the range of the values.
        level: The value of the surface; the mean of the least and the greatest value if None.
        spacing: Distances between nodes along the axes; normals ignore it, as in the original.
        gradient_direction: Which way faces look, "descent" or "ascent": see below.
        step_size: Nodes are visited in steps of so many.
        allow_degenerate: Keep faces of no area; else vertices at one position become one, and faces that lose a
            side are dropped.
        method: "lewiner" or "lorensen"; both give the same surface here.
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
    values = volume.astype(np.float32, order="C")
    known = values[~np.isnan(values)]
    if not known.size:
        raise ValueError("volume must hold values other than NaN")
    if level is None:
        level = 0.5 * (float(known.min()) + float(known.max()))
    level = check_level(level)
    if not known.min() <= level <= known.max():
        raise ValueError(f"level must be within the range of volume, {known.min()} to {known.max()}, got {level}")
    # The negated volume: a node at the level then counts as below it, as in the original.
    negated = torch.from_numpy(-np.ascontiguousarray(values[::step, ::step, ::step]))
    if min(negated.shape) < 2:
        raise RuntimeError("no surface found: step_size leaves no cell")
    vertices, faces, edges = torch.ops.list_fast.marching_cubes(negated, -level, True)
    cells = torch.ones([n - 1 for n in negated.shape], dtype=torch.bool)
    if mask is not None:
        cells = torch.from_numpy(np.array(mask, bool)[::step, ::step, ::step][1:, 1:, 1:].copy())
        faces = faces[_inside(faces, edges, negated, cells)]
        vertices, faces, edges = _used(vertices, faces, edges)
    if not len(faces):
        raise RuntimeError("no surface found at the given level")
    normals = _normals(negated, edges, -level, None).numpy()
    ranges = _ranges(negated, edges, cells).numpy()
    points = vertices.mul(step).numpy()
    triangles = faces.numpy() if gradient_direction == "ascent" else np.ascontiguousarray(faces.numpy()[:, ::-1])
    if not np.array_equal(distances, (1, 1, 1)):
        points = points * distances
    if not allow_degenerate:
        return _without_degenerate(points.astype(np.float32), triangles, normals, ranges)
    return Surface(points, triangles, normals, ranges)


def _inside(faces: Tensor, edges: Tensor, volume: Tensor, cells: Tensor) -> Tensor:
    """Which faces (F,) lie in a cell that is set."""
    low, high, _ = _edge_ends(volume.shape, edges)
    first, last = _places(low, volume)[faces.long()], _places(high, volume)[faces.long()]  # (F, 3 corners, 3)
    # No table has a face in the plane between two cells, so that its nodes span the cell along every axis.
    cell = first.amin(1)
    if not torch.equal(cell + 1, last.amax(1)):
        raise AssertionError("a face spans no single cell")
    return cells[cell[:, 0], cell[:, 1], cell[:, 2]]


def _places(nodes: Tensor, volume: Tensor) -> Tensor:
    """Indices (N, 3) of row-major node numbers (N,)."""
    return torch.stack(torch.unravel_index(nodes, volume.shape), 1)


def _used(vertices: Tensor, faces: Tensor, edges: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    kept, numbers = torch.unique(faces, return_inverse=True)
    return vertices[kept], numbers.to(faces.dtype), edges[kept]


def _ranges(volume: Tensor, edges: Tensor, cells: Tensor) -> Tensor:
    """The largest difference of corners (V,) over the cells around each edge that count."""
    high = low = volume
    for axis in range(3):
        n = volume.shape[axis] - 1
        high = torch.maximum(high.narrow(axis, 0, n), high.narrow(axis, 1, n))
        low = torch.minimum(low.narrow(axis, 0, n), low.narrow(axis, 1, n))
    spread = torch.where(cells, high - low, 0.0).nan_to_num(0.0, posinf=float("inf"))
    # With a rim of zeros, the cells around an edge at (i, j, k) are those at +0 and +1 across it, and at +1 along it.
    spread = torch.nn.functional.pad(spread, (1,) * 6)
    start, _, direction = _edge_ends(volume.shape, edges)
    place = _places(start, volume)
    along = torch.nn.functional.one_hot(direction, 3)
    found = torch.zeros(len(edges), dtype=volume.dtype)
    for corner in range(8):
        offset = torch.tensor([corner >> 2, corner >> 1 & 1, corner & 1])
        x, y, z = torch.maximum(place + offset, place + along).unbind(1)
        found = torch.maximum(found, spread[x, y, z])
    return found


def _without_degenerate(
    points: NDArray[Any], faces: NDArray[np.int32], normals: NDArray[np.float32], values: NDArray[np.float32]
) -> Surface:
    _, first, number = np.unique(points, axis=0, return_index=True, return_inverse=True)
    merged = first[number.reshape(-1)][faces]
    a, b, c = merged.T
    merged = merged[(a != b) & (b != c) & (c != a)]
    kept, numbers = np.unique(merged, return_inverse=True)
    return Surface(points[kept], numbers.reshape(-1, 3).astype(np.int64), normals[kept], values[kept])
