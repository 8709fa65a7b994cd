# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What a camera sees of a mesh: the faces it sees at all, and the silhouette."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from list_fast.meshing.preview import rasterize

Array = NDArray[np.floating]

RASTER = 1024
"""Pixels across the larger side of the projected mesh where visible faces are sought."""


def _screen(vertices: Array, transform: Array) -> NDArray[np.float64]:
    """Column, row and a depth that is linear on the screen, (V, 3), under a transform (4, 3) of the model's frame."""
    q = 2 * np.asarray(vertices, np.float64)[:, ::-1]
    homogeneous = q @ transform[:3].astype(np.float64) + transform[3]
    depth = np.maximum(homogeneous[:, 2:], 1e-3)
    return np.concatenate([homogeneous[:, :2] / depth, -1 / depth], 1)


def visible_faces(vertices: Array, faces: NDArray[np.integer], transform: Array) -> NDArray[np.bool_]:
    """Whether each face (F,) is the nearest one in any pixel of a picture of the whole mesh, ``RASTER`` pixels across.

    Args:
        vertices: (V, 3) in object space. faces: (F, 3).
        transform: (4, 3), the camera's, of the model's frame; its scale in pixels does not matter.
    """
    seen = np.zeros(len(faces), bool)
    if len(faces) == 0:
        return seen
    screen = _screen(vertices, transform)
    flat = screen[np.unique(faces), :2]
    low, extent = flat.min(0), np.maximum(np.ptp(flat, axis=0), 1e-9)
    scale = (RASTER - 1) / extent.max()
    screen[:, :2] = (screen[:, :2] - low) * scale
    width, height = np.ceil(extent * scale).astype(int) + 1
    nearest = rasterize(screen, faces, (int(height), int(width))).face
    seen[nearest[nearest >= 0]] = True
    return seen


def silhouette(
    vertices: Array, faces: NDArray[np.integer], transform: Array, size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Pixels (H, W) that a mesh covers under a transform (4, 3) onto a canvas of ``size`` (height, width)."""
    return np.asarray(rasterize(_screen(vertices, transform), faces, size).face >= 0)
