# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Random points of meshes, which the measures of surfaces are taken at."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import trimesh


@dataclass(frozen=True)
class Samples:
    """Points (N, 3) of a surface and the unit normals (N, 3) there."""

    points: NDArray[np.float64]
    normals: NDArray[np.float64]


def sample_surface(mesh: trimesh.Trimesh, count: int, name: str, part: NDArray[np.bool_] | None = None) -> Samples:
    """Area-weighted random points of a mesh, or of a part of its faces (F,); one at the origin where there is no area.

    The same name gives the same points of the same mesh.
    """
    import trimesh

    area = np.asarray(mesh.area_faces) if part is None else np.where(part, mesh.area_faces, 0.0)
    if not area.sum() > 0:
        return Samples(np.zeros((1, 3)), np.zeros((1, 3)))
    seed = zlib.crc32(name.encode())
    points, face = trimesh.sample.sample_surface(mesh, count, face_weight=area, seed=seed)
    return Samples(np.asarray(points, np.float64), np.asarray(mesh.face_normals[face], np.float64))
