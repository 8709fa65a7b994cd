# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Drawing the meshes of others: their own triangles in their own colors, seen from both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from list_fast.data.materials import Look
from list_fast.data.mesh_files import Piece
from list_fast.data.render import Drawable

CREASE = 40.0
"""Degrees up to which the faces at a vertex are shaded as one smooth surface."""


def piece_drawable(pieces: Sequence[Piece], center: NDArray[np.float64], scale: float) -> Drawable:
    """The pieces of a file, moved to object space, as what the renderer draws: a look for each color, faces twice."""
    blocks: list[NDArray[np.float32]] = []
    faces: list[NDArray[np.int64]] = []
    groups: list[tuple[Look, int, int]] = []
    first = count = 0
    for piece in pieces:
        corners = ((piece.vertices - center) * scale)[piece.faces]
        cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        # A triangle without an area has no normal to shade it by.
        seen = np.isfinite(corners).all((1, 2)) & (np.linalg.norm(cross, axis=1) > 1e-14)
        if not seen.any():
            continue
        corners, cross, index = corners[seen], cross[seen], piece.faces[seen]
        normals = smooth_normals(index, cross, len(piece.vertices))
        flat = corners.reshape(-1, 3)
        both = np.concatenate([flat, flat.reshape(-1, 3, 3)[:, ::-1].reshape(-1, 3)])
        shading = np.concatenate([normals.reshape(-1, 3), -normals[:, ::-1].reshape(-1, 3)])
        blocks.append(np.concatenate([both, shading, both], axis=1).astype(np.float32))
        number = 2 * len(corners)
        faces.append(np.arange(3 * number).reshape(-1, 3) + count)
        groups.append((Look(linear(piece.color)), first, number))
        first += number
        count += 3 * number
    if not blocks:
        raise ValueError("pieces must hold a triangle with an area, got none")
    return Drawable(np.concatenate(blocks), np.concatenate(faces).astype(np.int32), tuple(groups), first)


def linear(color: Sequence[float]) -> tuple[float, float, float]:
    """sRGB to linear RGB, both in [0, 1]."""
    value = np.asarray(color, np.float64)
    red, green, blue = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).tolist()
    return red, green, blue


def smooth_normals(faces: NDArray[np.int64], cross: NDArray[np.float64], vertices: int) -> NDArray[np.float64]:
    """Unit normals (F, 3, 3) of the corners of faces (F, 3): the sum of those faces' ``cross`` products (F, 3) that
    share the corner's vertex and lie within ``CREASE`` of its own face."""
    unit = cross / np.linalg.norm(cross, axis=1, keepdims=True)
    corner_vertex = faces.reshape(-1)
    order = np.argsort(corner_vertex, kind="stable")
    degree = np.bincount(corner_vertex, minlength=vertices)
    start = np.concatenate([[0], np.cumsum(degree)])[:-1]
    # Every corner meets every corner at its vertex; fans of hundreds of faces would make that too many.
    reach = np.minimum(degree, 64)[corner_vertex]
    mine = np.repeat(np.arange(len(corner_vertex)), reach)
    within = np.arange(len(mine)) - np.repeat(np.cumsum(reach) - reach, reach)
    other = order[start[corner_vertex[mine]] + within] // 3
    near = np.einsum("ij,ij->i", unit[mine // 3], unit[other]) > np.cos(np.radians(CREASE))
    total = np.zeros((len(corner_vertex), 3))
    for axis in range(3):
        total[:, axis] = np.bincount(mine[near], cross[other[near], axis], minlength=len(total))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    plain = np.repeat(unit, 3, axis=0)
    return np.where(length > 1e-30, total / np.maximum(length, 1e-30), plain).reshape(-1, 3, 3)
