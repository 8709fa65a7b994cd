# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Signed distance to closed triangle meshes, and the point samples that training reads (LIST, section 3.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

SURFACE_POINTS = 4096
NEAR_POINTS = 8192
UNIFORM_POINTS = 4096
NEAR_SIGMAS = (0.003, 0.01, 0.07)
BOX = 0.55


@dataclass(frozen=True)
class Samples:
    """Point samples of one shape in object space, float16.

    ``surface`` and ``normals`` (4096, 3): area-weighted points and the unit normals of their faces. ``near`` (8192, 4):
    surface points moved by normal noise, a third for each of ``NEAR_SIGMAS``; ``uniform`` (4096, 4): uniform in
    [-0.55, 0.55]³; both as x, y, z and the signed distance (negative inside) at exactly these rounded coordinates.
    """

    surface: NDArray[np.float16]
    normals: NDArray[np.float16]
    near: NDArray[np.float16]
    uniform: NDArray[np.float16]


def check_mesh(vertices: ArrayLike, faces: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the mesh as contiguous (V, 3) float64 and (F, 3) int64.

    Raises:
        ValueError: wrong shapes, no face, an index out of range, a coordinate that is not finite, or a bounding box
            without extent (libigl ends the process on the last two).
    """
    v = np.ascontiguousarray(vertices, np.float64)
    f = np.ascontiguousarray(faces, np.int64)
    if v.ndim != 2 or v.shape[1] != 3:
        raise ValueError(f"vertices must have shape (V, 3), got {v.shape}")
    if f.ndim != 2 or f.shape[1] != 3 or len(f) == 0:
        raise ValueError(f"faces must have shape (F, 3) with F > 0, got {f.shape}")
    if f.min() < 0 or f.max() >= len(v):
        raise ValueError(f"faces must index vertices 0..{len(v) - 1}, got {f.min()}..{f.max()}")
    if not np.isfinite(v).all():
        raise ValueError("vertices must be finite, got NaN or infinity")
    if not np.ptp(v[f].reshape(-1, 3), axis=0).max() > 0:
        raise ValueError("vertices must span a box with an extent, got coinciding points")
    return v, f


def signed_distance(
    points: ArrayLike, vertices: ArrayLike, faces: ArrayLike, *, sign: str = "winding"
) -> NDArray[np.float64]:
    """Signed distance (N,), negative inside, from points (N, 3) to a closed mesh.

    The magnitude is the exact distance to the triangles and the sign comes from a query of its own: libigl's combined
    query scales the distance by the winding number.

    Args:
        points: (N, 3).
        vertices, faces: the mesh, (V, 3) and (F, 3), faces counter-clockwise seen from outside.
        sign: "winding" asks the winding number of every point and bears small gaps and self-intersections; "solid" asks
            it only where the nearest face does not tell the side, for the boundary of a solid (as booleans make), in a
            third of the time.

    Raises:
        ValueError: points that are not (N, 3) or not finite; another ``sign``; a mesh that ``check_mesh`` refuses.
    """
    import igl

    if sign not in ("winding", "solid"):
        raise ValueError(f"sign must be 'winding' or 'solid', got {sign!r}")
    v, f = check_mesh(vertices, faces)
    p = np.ascontiguousarray(points, np.float64)
    if p.ndim != 2 or p.shape[1] != 3:
        raise ValueError(f"points must have shape (N, 3), got {p.shape}")
    if not np.isfinite(p).all():
        raise ValueError("points must be finite, got NaN or infinity")
    if len(p) == 0:
        return np.zeros(0)
    squared, nearest, foot = igl.point_mesh_squared_distance(p, v, f)
    distance = np.sqrt(np.maximum(squared, 0.0))
    if sign == "winding":
        inside = igl.fast_winding_number(v, f, p) > 0.5
        return np.where(inside, -distance, distance)
    corners = v[f[nearest]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(normal, axis=1)
    height = np.einsum("ij,ij->i", p - foot, normal) / np.maximum(area, 1e-300)
    # Straight above a face the side of the face is the side of the surface; elsewhere (edges, corners, slivers) the
    # winding number is asked.
    plain = (np.abs(height) > 0.999 * distance) & (area > 1e-9) & (distance > 1e-9)
    inside = height < 0
    rest = np.flatnonzero(~plain)
    if len(rest):
        inside[rest] = igl.fast_winding_number(v, f, p[rest]) > 0.5
    return np.where(inside, -distance, distance)


def sample_surface(
    rng: np.random.Generator, vertices: NDArray[np.float64], faces: NDArray[np.int64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``count`` area-weighted random points on the faces: positions (count, 3) and unit face normals (count, 3)."""
    corners = vertices[faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(cross, axis=1)
    total = np.cumsum(area)
    if not total[-1] > 0:
        raise ValueError("faces must have an area, got degenerate triangles only")
    # Stratified along the cumulated area: evener than independent draws, at the same cost.
    position = (np.arange(count) + rng.random(count)) * (total[-1] / count)
    face = np.minimum(np.searchsorted(total, position, side="right"), len(faces) - 1)
    a, b = rng.random(count), rng.random(count)
    flip = a + b > 1
    a, b = np.where(flip, 1 - a, a)[:, None], np.where(flip, 1 - b, b)[:, None]
    chosen = corners[face]
    points = chosen[:, 0] + a * (chosen[:, 1] - chosen[:, 0]) + b * (chosen[:, 2] - chosen[:, 0])
    normals = cross[face] / np.maximum(area[face], 1e-30)[:, None]
    order = rng.permutation(count)
    return points[order], normals[order]


def sample_shape(rng: np.random.Generator, vertices: ArrayLike, faces: ArrayLike) -> Samples:
    """Draw the training samples of a closed mesh in object space; ValueError as ``check_mesh``."""
    v, f = check_mesh(vertices, faces)
    surface, normals = sample_surface(rng, v, f, SURFACE_POINTS)
    base, _ = sample_surface(rng, v, f, NEAR_POINTS)
    bounds = np.linspace(0, NEAR_POINTS, len(NEAR_SIGMAS) + 1).round().astype(int)
    sigma = np.repeat(NEAR_SIGMAS, np.diff(bounds))[:, None]
    near = (base + sigma * rng.standard_normal(base.shape)).astype(np.float16)
    uniform = rng.uniform(-BOX, BOX, (UNIFORM_POINTS, 3)).astype(np.float16)
    # float16 may round 0.54998 up to 0.55005: keep the promise of the box.
    limit = np.nextafter(np.float16(BOX), np.float16(0)) if np.float16(BOX) > BOX else np.float16(BOX)
    uniform = np.clip(uniform, -limit, limit)
    positions = np.concatenate([near, uniform])
    distance = signed_distance(positions, v, f, sign="solid").astype(np.float16)[:, None]
    labelled = np.concatenate([positions, distance], axis=1)
    return Samples(
        surface.astype(np.float16), normals.astype(np.float16), labelled[:NEAR_POINTS], labelled[NEAR_POINTS:]
    )
