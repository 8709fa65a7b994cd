# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What a camera sees of a mesh."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from list_fast.meshing.preview import rasterize, to_screen

Array = NDArray[np.floating]

RASTER = 1024
"""Pixels across the larger side of the projected mesh where visible faces are sought."""


def visible_faces(vertices: Array, faces: NDArray[np.integer], transform: Array) -> NDArray[np.bool_]:
    """Whether each face (F,) is the nearest one in any pixel of a picture of the whole mesh, ``RASTER`` pixels across.

    Args:
        vertices: (V, 3) in object space. faces: (F, 3).
        transform: (4, 3), the camera's, of the model's frame; its scale in pixels does not matter.
    """
    seen = np.zeros(len(faces), bool)
    if len(faces) == 0:
        return seen
    screen = to_screen(vertices, transform)
    flat = screen[np.unique(faces), :2]
    low, extent = flat.min(0), np.maximum(np.ptp(flat, axis=0), 1e-9)
    scale = (RASTER - 1) / extent.max()
    screen[:, :2] = (screen[:, :2] - low) * scale
    width, height = np.ceil(extent * scale).astype(int) + 1
    nearest = rasterize(screen, faces, (int(height), int(width))).face
    seen[nearest[nearest >= 0]] = True
    return seen
