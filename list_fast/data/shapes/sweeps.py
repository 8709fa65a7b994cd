# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Curved solids: rods of any section along a curve, closed hoops, and sheets between two surfaces."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold, Mesh
from numpy.typing import ArrayLike, NDArray

from list_fast.data.shapes.parts import superellipsoid


def closed_solid(vertices: NDArray[np.float64], triangles: NDArray[np.int64]) -> Manifold:
    """Solid of a closed, consistently oriented triangle mesh of either orientation; ValueError if it is not one."""
    corners = vertices[triangles] - vertices.mean(0)
    if np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() < 0:
        triangles = triangles[:, ::-1]
    solid = Manifold(Mesh(vertices.astype(np.float32), np.ascontiguousarray(triangles).astype(np.uint32)))
    if solid.is_empty():
        raise ValueError("vertices and triangles must form a closed, non-degenerate solid")
    return solid


def _quads(count: int, n: int, wrap: bool) -> NDArray[np.int64]:
    """Triangles of ``count`` rings of ``n`` points, the last joined to the first if ``wrap``."""
    k = np.arange(count if wrap else count - 1)[:, None]
    i = np.arange(n)[None]
    j = (i + 1) % n
    a, b = k * n + i, k * n + j
    c, d = (k + 1) % count * n + i, (k + 1) % count * n + j
    return np.concatenate([np.stack([a, b, d], -1).reshape(-1, 3), np.stack([a, d, c], -1).reshape(-1, 3)])


def sweep(
    path: ArrayLike,
    width: float | ArrayLike,
    height: float | ArrayLike | None = None,
    *,
    side: ArrayLike = (1.0, 0.0, 0.0),
    square: bool = False,
    segments: int = 10,
    closed: bool = False,
) -> Manifold:
    """Rod along a curve (n, 3), elliptic or rectangular in section.

    Args:
        path: points of the centre line, no two neighbours equal.
        width: diameter along ``side``; one value or one a point.
        height: diameter across it; default ``width``.
        side: the direction that the section's width follows, as nearly as the path allows (3,).
        square: rectangular section.
        segments: points around an elliptic section.
        closed: join the end to the start.
    """
    points = np.asarray(path, float)
    count = len(points)
    half = np.stack(
        [np.broadcast_to(np.asarray(v, float), (count,)) for v in (width, width if height is None else height)], 1
    )
    if closed:
        tangent = np.roll(points, -1, 0) - np.roll(points, 1, 0)
    else:
        tangent = np.gradient(points, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    across = np.asarray(side, float) - tangent * (tangent @ np.asarray(side, float))[:, None]
    length = np.linalg.norm(across, axis=1)
    if length.min() < 0.15:  # the path runs along `side`: carry the section along instead
        across = _carried(tangent, across)
    else:
        across /= length[:, None]
    other = np.cross(tangent, across)
    if square:
        ring = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
    else:
        angle = 2 * np.pi * np.arange(segments) / segments
        ring = np.stack([np.cos(angle), np.sin(angle)], 1)
    section = ring[None] * half[:, None] / 2  # (path, ring, 2)
    rings = points[:, None] + section[..., :1] * across[:, None] + section[..., 1:] * other[:, None]
    n = len(ring)
    if closed:
        return closed_solid(rings.reshape(-1, 3), _quads(count, n, True))
    vertices = np.concatenate([rings.reshape(-1, 3), rings[0].mean(0)[None], rings[-1].mean(0)[None]])
    i = np.arange(n)
    j = (i + 1) % n
    start = np.stack([np.full(n, count * n), j, i], 1)
    end = np.stack([np.full(n, count * n + 1), (count - 1) * n + i, (count - 1) * n + j], 1)
    return closed_solid(vertices, np.concatenate([_quads(count, n, False), start, end]))


def _carried(tangent: NDArray[np.float64], across: NDArray[np.float64]) -> NDArray[np.float64]:
    """Section axes (n, 3) that start as near to ``across`` as they can and turn with the path as little as possible."""
    first = across[0]
    if np.linalg.norm(first) < 0.15:
        helper = np.eye(3)[np.argmin(np.abs(tangent[0]))]
        first = helper - tangent[0] * (tangent[0] @ helper)
    result = [first / np.linalg.norm(first)]
    for t in tangent[1:]:
        turned = result[-1] - t * (t @ result[-1])
        result.append(turned / max(float(np.linalg.norm(turned)), 1e-9))
    return np.array(result)


def sheet(front: ArrayLike, back: ArrayLike) -> Manifold:
    """Solid between two surfaces given on the same grid (m, n, 3), joined along the rim."""
    a, b = np.asarray(front, float), np.asarray(back, float)
    m, n, _ = a.shape
    index = np.arange(m * n).reshape(m, n)
    p, q, r, s = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, 1:].ravel(), index[1:, :-1].ravel()
    top = np.concatenate([np.stack([p, q, r], 1), np.stack([p, r, s], 1)])
    rim = np.concatenate([index[0, :-1], index[:-1, -1], index[-1, :0:-1], index[:0:-1, 0]])
    after = np.roll(rim, -1)
    other = m * n
    wall = np.concatenate([np.stack([rim, rim + other, after + other], 1), np.stack([rim, after + other, after], 1)])
    return closed_solid(
        np.concatenate([a.reshape(-1, 3), b.reshape(-1, 3)]), np.concatenate([top, top[:, ::-1] + other, wall])
    )


def thicken(
    surface: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
    s: ArrayLike,
    r: ArrayLike,
    thickness: float | Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
) -> Manifold:
    """Sheet about ``surface(s, r) -> (..., 3)`` over the grid s x r, half of ``thickness`` to either side."""
    u, v = np.meshgrid(np.asarray(s, float), np.asarray(r, float), indexing="ij")
    middle = surface(u, v)
    step = 1e-3
    du = surface(u + step, v) - surface(u - step, v)
    dv = surface(u, v + step) - surface(u, v - step)
    normal = np.cross(du, dv)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
    half = 0.5 * (thickness(u, v)[..., None] if callable(thickness) else thickness)
    return sheet(middle + half * normal, middle - half * normal)


def tufted(
    size: ArrayLike, center: ArrayLike, columns: int, rows: int, depth: float, softness: float = 0.5
) -> Manifold:
    """Cushion of ``size`` (x, y, z) whose top (+y) is dimpled by staggered rows of buttons, ``depth`` deep."""
    half = np.asarray(size, float) / 2
    solid = superellipsoid(half, (0, 0, 0), 14 - 8 * softness, 7 - 4.4 * softness, 48)

    def press(points: NDArray[np.float64]) -> NDArray[np.float64]:
        p = np.array(points)
        dent = np.zeros(len(p))
        for row in range(rows):
            z = (row + 0.5) / rows * 2 - 1
            for column in range(columns - row % 2):
                x = (column + 0.5 + 0.5 * (row % 2)) / columns * 2 - 1
                distance = ((p[:, 0] / half[0] - x) * columns) ** 2 + ((p[:, 2] / half[2] - z) * rows) ** 2
                dent = np.maximum(dent, np.exp(-1.6 * distance))
        p[:, 1] -= np.where(p[:, 1] > 0, depth * dent, 0.0)
        return p

    return solid.warp_batch(press).translate(tuple(np.asarray(center, float)))


def arc(center: ArrayLike, radii: ArrayLike, start: float, stop: float, count: int = 24) -> NDArray[np.float64]:
    """Points (count, 3) of an ellipse in the x-z plane about ``center``: angle 0 at +z, 90 degrees at +x."""
    angle = np.radians(np.linspace(start, stop, count))
    c, (rx, rz) = np.asarray(center, float), np.asarray(radii, float)
    return np.stack([c[0] + rx * np.sin(angle), np.full(count, c[1]), c[2] + rz * np.cos(angle)], 1)
