# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Parametric shape families: a module for each class with ``make(rng) -> Shape``, and the meshes of shapes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import trimesh

    from list_fast.data.shapes.parts import Shape

FAMILIES = (
    "airplane", "bench", "cabinet", "car", "chair", "display", "lamp",
    "loudspeaker", "rifle", "sofa", "table", "telephone", "vessel",
)  # fmt: skip


@dataclass(frozen=True)
class Surface:
    """The union of a shape's parts in object space, and the map that put it there.

    ``vertices`` (V, 3) float64 and ``faces`` (F, 3) int64 form a closed surface, its bounding box centred at 0 with
    largest extent 1; a family's point p lies at ``(p - center) * scale``.
    """

    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    center: NDArray[np.float64]
    scale: float


def check_class(class_name: str) -> str:
    """Return ``class_name``; ValueError if there is no such family."""
    if class_name not in FAMILIES:
        raise ValueError(f"class_name must be one of {', '.join(FAMILIES)}, got {class_name!r}")
    return class_name


def class_key(class_name: str) -> int:
    """The 32-bit number (CRC-32 of the name) that separates the random streams of the classes."""
    return zlib.crc32(class_name.encode())


def shape_rng(class_name: str, seed: int, index: int) -> np.random.Generator:
    """The random stream that makes shape ``index`` of a class: a function of its three arguments alone."""
    if seed < 0 or index < 0:
        raise ValueError(f"seed and index must be >= 0, got {seed} and {index}")
    return np.random.default_rng([seed, class_key(class_name), index])


def build_shape(class_name: str, seed: int, index: int) -> Shape:
    """Shape ``index`` of a class as its parts, in the family's own units; ValueError for an unknown class."""
    check_class(class_name)
    family = import_module(f"list_fast.data.shapes.{class_name}")
    return family.make(shape_rng(class_name, seed, index))


def ordered(faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Faces (F, 3) in lexical order, each from its smallest index on: threaded booleans leave their order to chance."""
    turn = (faces.argmin(1)[:, None] + np.arange(3)) % 3
    turned = np.take_along_axis(faces, turn, axis=1)
    return turned[np.lexsort(turned.T[::-1])]


def unite(shape: Shape) -> Surface:
    """Unite the parts and normalise: bounding box centred at 0, largest extent 1.

    Raises:
        ValueError: the parts enclose no volume.
    """
    from list_fast.data.shapes.parts import union

    solid = union([part.solid for part in shape.parts]) if shape.parts else None
    if solid is None or solid.is_empty():
        raise ValueError(f"shape {shape.params} must have a part that encloses a volume")
    mesh = solid.to_mesh64()
    vertices = np.asarray(mesh.vert_properties, np.float64)[:, :3]
    faces = ordered(np.asarray(mesh.tri_verts, np.int64))
    low, high = vertices.min(0), vertices.max(0)
    center, scale = (low + high) / 2, 1.0 / float((high - low).max())
    return Surface((vertices - center) * scale, faces, center, scale)


def shape_mesh(class_name: str, seed: int, index: int) -> trimesh.Trimesh:
    """The watertight mesh of a shape in object space: what its images show and its distances are measured to."""
    import trimesh

    surface = unite(build_shape(class_name, seed, index))
    return trimesh.Trimesh(surface.vertices, surface.faces, process=False)
