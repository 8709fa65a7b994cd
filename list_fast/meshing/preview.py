# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of a mesh in plain NumPy: a z-buffer rasteriser that needs no display, driver or graphics library."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

_CHUNK = 1 << 22  # candidate pixels handled at once, which bounds the memory
CLAY = (0.62, 0.67, 0.74)
"""Default colour of the surface, linear RGB."""


@dataclass(frozen=True)
class Visibility:
    """What each pixel of a view sees.

    Attributes:
        face: (H, W) int64 index of the nearest face, -1 where there is none.
        barycentric: (H, W, 3) float64 weights of that face's vertices, screen-linear.
        depth: (H, W) float64 distance along the view, infinite where there is no face.
    """

    face: NDArray[np.int64]
    barycentric: NDArray[np.float64]
    depth: NDArray[np.float64]


def rasterize(screen: ArrayLike, faces: ArrayLike, size: tuple[int, int]) -> Visibility:
    """Nearest face at every pixel centre.

    Args:
        screen: (V, 3) column, row (pixels, a pixel's centre at .0) and depth (smaller is nearer) of the vertices.
        faces: (F, 3) vertex indices; both orientations are drawn.
        size: (height, width) in pixels.
    """
    height, width = size
    xyz, tri = np.asarray(screen, np.float64), np.asarray(faces, np.int64)
    face = np.full(height * width, -1, np.int64)
    depth = np.full(height * width, np.inf)
    barycentric = np.zeros((height * width, 3))
    corners = xyz[tri] if len(tri) else np.zeros((0, 3, 3))  # (F, 3, 3)
    area = _cross(corners[:, 1, :2] - corners[:, 0, :2], corners[:, 2, :2] - corners[:, 0, :2])
    low = np.clip(np.ceil(corners[..., :2].min(1)), 0, (width, height)).astype(np.int64)
    high = np.clip(np.floor(corners[..., :2].max(1)) + 1, 0, (width, height)).astype(np.int64)
    extent = np.maximum(high - low, 0)
    candidates = np.flatnonzero((np.abs(area) > 1e-12) & (extent.min(1) > 0))
    counts = extent[candidates].prod(1)
    starts = np.concatenate([[0], np.cumsum(counts)])
    first = 0
    while first < len(candidates):
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + _CHUNK, side="right")) - 1)
        chosen, count = candidates[first:last], counts[first:last]
        first = last
        f = np.repeat(chosen, count)
        local = np.arange(len(f)) - np.repeat(np.cumsum(count) - count, count)
        x, y = low[f, 0] + local % extent[f, 0], low[f, 1] + local // extent[f, 0]
        a, b, c = corners[f, 0], corners[f, 1], corners[f, 2]
        pixel = np.stack([x, y], 1)
        wb = _cross(pixel - a[:, :2], c[:, :2] - a[:, :2]) / area[f]
        wc = _cross(b[:, :2] - a[:, :2], pixel - a[:, :2]) / area[f]
        weights = np.stack([1 - wb - wc, wb, wc], 1)
        inside = (weights >= -1e-9).all(1)
        f, weights, index = f[inside], weights[inside], (y * width + x)[inside]
        z = weights[:, 0] * a[inside, 2] + weights[:, 1] * b[inside, 2] + weights[:, 2] * c[inside, 2]
        before = depth[index]
        np.minimum.at(depth, index, z)
        # Ties go to the lower face, so that a picture is repeatable: faces ascend, and the last write stays.
        nearest = np.flatnonzero((z == depth[index]) & (z < before))[::-1]
        index = index[nearest]
        face[index], barycentric[index] = f[nearest], weights[nearest]
    return Visibility(face.reshape(size), barycentric.reshape(*size, 3), depth.reshape(size))


def to_screen(vertices: ArrayLike, transform: NDArray[np.floating]) -> NDArray[np.float64]:
    """Column, row and a depth that is linear on the screen, (V, 3), under a transform (4, 3) of the model's frame."""
    q = 2 * np.asarray(vertices, np.float64)[:, ::-1]
    homogeneous = q @ transform[:3].astype(np.float64) + transform[3]
    depth = np.maximum(homogeneous[:, 2:], 1e-3)
    return np.concatenate([homogeneous[:, :2] / depth, -1 / depth], 1)


def silhouette(
    vertices: ArrayLike, faces: ArrayLike, transform: NDArray[np.floating], size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Pixels (H, W) that a mesh covers under a transform (4, 3) onto a canvas of ``size`` (height, width)."""
    return np.asarray(rasterize(to_screen(vertices, transform), faces, size).face >= 0)


def _cross(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


def view_rotation(azimuth: float, elevation: float) -> NDArray[np.float64]:
    """Rows right, up, towards the camera, for one at ``azimuth`` (degrees, 0 sees the front, +z) and ``elevation``."""
    a, e = np.radians(azimuth), np.radians(elevation)
    back = np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    right = np.array([np.cos(a), 0.0, -np.sin(a)])
    return np.stack([right, np.cross(back, right), back])


def render_mesh(
    vertices: ArrayLike,
    faces: ArrayLike,
    *,
    azimuth: float = 30.0,
    elevation: float = 20.0,
    size: int = 224,
    colour: tuple[float, float, float] = CLAY,
    supersampling: int = 3,
    frame: ArrayLike | None = None,
) -> Image.Image:
    """Shaded picture of a mesh on white, seen in perspective from one direction and scaled to fill the frame.

    Args:
        vertices: (V, 3) positions, y up.
        faces: (F, 3) vertex indices, counter-clockwise seen from outside.
        azimuth, elevation: direction of the camera in degrees.
        size: side of the picture in pixels.
        colour: linear RGB of the surface, each in [0, 1].
        supersampling: rays per pixel and axis.
        frame: (N, 3) points that fill the picture in the place of the mesh's own, so that pictures share a scale; what
            lies beyond them may be cut off.
    """
    points, tri = np.asarray(vertices, np.float64), np.asarray(faces, np.int64)
    if len(tri) == 0:
        return Image.new("RGB", (size, size), "white")
    used = points[np.unique(tri)] if frame is None else np.asarray(frame, np.float64)
    centre = (used.min(0) + used.max(0)) / 2
    points, used = points - centre, used - centre
    rotation = view_rotation(azimuth, elevation)
    view, view_of_used = points @ rotation.T, used @ rotation.T
    distance = 2.5 * float(np.linalg.norm(used.max(0) - used.min(0)))
    flat = view[:, :2] * (distance / (distance - view[:, 2:]))
    seen = view_of_used[:, :2] * (distance / (distance - view_of_used[:, 2:]))
    span = max(float((seen.max(0) - seen.min(0)).max()), 1e-9)
    pixels = size * supersampling
    scale = 0.88 * pixels / span
    middle = (seen.max(0) + seen.min(0)) / 2
    screen = np.column_stack(
        [
            (flat[:, 0] - middle[0]) * scale + (pixels - 1) / 2,
            (middle[1] - flat[:, 1]) * scale + (pixels - 1) / 2,
            distance - view[:, 2],
        ]
    )
    seen_from = rasterize(screen, tri, (pixels, pixels))
    hit = seen_from.face >= 0
    normals = vertex_normals(points, tri)
    corners = tri[seen_from.face[hit]]
    normal = (normals[corners] * seen_from.barycentric[hit][..., None]).sum(1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    normal = normal @ rotation.T
    light = np.full((pixels, pixels), np.nan)
    light[hit] = _shade(normal)
    shaded = np.where(hit[..., None], light[..., None] * np.asarray(colour), 1.0)
    averaged = np.clip(shaded, 0, 1).reshape(size, supersampling, size, supersampling, 3).mean((1, 3))
    return Image.fromarray((averaged ** (1 / 2.2) * 255 + 0.5).astype(np.uint8))


def _shade(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light off unit normals (n, 3) in view axes: a key light, a weak fill, light from above, a soft highlight."""
    key = np.array([-0.45, 0.65, 0.62])
    fill = np.array([0.8, 0.1, 0.6])
    key, fill = key / np.linalg.norm(key), fill / np.linalg.norm(fill)
    half = key + np.array([0.0, 0.0, 1.0])
    half /= np.linalg.norm(half)
    diffuse = 0.75 * np.maximum(normal @ key, 0) + 0.2 * np.maximum(normal @ fill, 0)
    return 0.16 + 0.12 * (normal[:, 1] + 1) / 2 + diffuse + 0.18 * np.maximum(normal @ half, 0) ** 24


def vertex_normals(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.float64]:
    """Area-weighted unit normals (V, 3); zero where a vertex has no face of positive area."""
    corners = vertices[faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    out = np.zeros_like(vertices)
    for axis in range(3):
        for corner in range(3):
            out[:, axis] += np.bincount(faces[:, corner], normal[:, axis], len(vertices))
    length = np.linalg.norm(out, axis=1, keepdims=True)
    return np.divide(out, length, out=np.zeros_like(out), where=length > 0)


def preview(
    image: ArrayLike,
    vertices: ArrayLike,
    faces: ArrayLike,
    *,
    azimuths: tuple[float, ...] = (30.0, 150.0),
    elevation: float = 20.0,
) -> Image.Image:
    """The input (S, S, 3) in [0, 1] beside views of the mesh, one square each, in a row."""
    pixels = np.asarray(image, np.float64)
    size = pixels.shape[0]
    tiles = [Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))]
    tiles += [render_mesh(vertices, faces, azimuth=a, elevation=elevation, size=size) for a in azimuths]
    sheet = Image.new("RGB", (size * len(tiles), size), "white")
    for i, tile in enumerate(tiles):
        sheet.paste(tile, (i * size, 0))
    return sheet


def camera_direction(transform: ArrayLike) -> tuple[float, float] | None:
    """Azimuth and elevation (degrees) of the camera that a transform (4, 3) stands for; None where it stands for none.

    The transform acts on [q, 1] with q = 2 (z, y, x); its centre of projection is the left null vector.
    """
    matrix = np.asarray(transform, np.float64)
    if matrix.shape != (4, 3) or not np.isfinite(matrix).all():
        return None
    centre = np.linalg.svd(matrix.T)[2][-1]
    if abs(centre[3]) < 1e-9 * np.abs(centre).max():
        return None
    q = centre[:3] / centre[3]
    x, y, z = q[2] / 2, q[1] / 2, q[0] / 2
    radius = float(np.sqrt(x * x + y * y + z * z))
    if radius < 0.5:  # inside the object
        return None
    return float(np.degrees(np.arctan2(x, z))), float(np.degrees(np.arcsin(y / radius)))
