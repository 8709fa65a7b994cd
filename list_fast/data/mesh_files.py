# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Reading mesh files of others: their triangles, piece by piece, each with the color of its material."""

from __future__ import annotations

import io
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SUFFIXES = (".obj", ".glb", ".gltf", ".ply", ".stl", ".off")


class MeshError(ValueError):
    """A mesh that cannot be read, or of which no closed surface can be made; the message says why."""


_GREY = (0.6, 0.6, 0.6)


@dataclass(frozen=True)
class Piece:
    """Triangles of one material: ``vertices`` (V, 3) float64, ``faces`` (F, 3) int64, ``color`` sRGB in [0, 1]."""

    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    color: tuple[float, float, float]


def read_pieces(path: str | os.PathLike[str]) -> tuple[list[Piece], int]:
    """The pieces of a mesh file, and how many of its polygons were not convex.

    Faces of an OBJ file with more than three corners are cut by ear clipping: the usual fan lays triangles outside a
    polygon that is not convex.

    Raises:
        MeshError: an unknown suffix, a file that cannot be read as what its suffix says, or one without a triangle.
    """
    import trimesh

    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        raise MeshError(f"path must end in one of {', '.join(SUFFIXES)}, got {file.name}")
    polygons = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of colors that a file does not have
            if file.suffix.lower() == ".obj":
                text, polygons = triangulate_obj(file.read_text(encoding="utf-8", errors="replace"))
                resolver = trimesh.resolvers.FilePathResolver(str(file))
                loaded: Any = trimesh.load(
                    io.StringIO(text), file_type="obj", resolver=resolver, process=False, maintain_order=True
                )
            else:
                loaded = trimesh.load(file, process=False)
            meshes = loaded.dump() if isinstance(loaded, trimesh.Scene) else [loaded]
            pieces = [
                Piece(np.asarray(mesh.vertices, np.float64), np.asarray(mesh.faces, np.int64), piece_color(mesh))
                for mesh in meshes
                if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces)
            ]
    except Exception as error:  # the readers of many formats raise whatever comes
        raise MeshError(f"{file.name} cannot be read: {type(error).__name__}: {error}") from error
    if not pieces:
        raise MeshError(f"{file.name} holds no triangle")
    return pieces, polygons


def piece_color(mesh: Any) -> tuple[float, float, float]:
    """The one color that stands for a mesh's material: its mean texture, its diffuse color or its mean vertex color."""
    visual = getattr(mesh, "visual", None)
    material = getattr(visual, "material", None)
    picture = getattr(material, "image", None) or getattr(material, "baseColorTexture", None)
    if picture is not None:
        rgb = np.asarray(picture.convert("RGB"), np.float64).reshape(-1, 3).mean(0) / 255
    elif material is not None:
        rgb = np.asarray(material.main_color, np.float64)[:3] / 255
    elif visual is not None and visual.kind in ("vertex", "face"):
        colors = visual.vertex_colors if visual.kind == "vertex" else visual.face_colors
        rgb = np.asarray(colors, np.float64)[:, :3].mean(0) / 255
    else:
        return _GREY
    red, green, blue = np.clip(rgb, 0, 1).tolist()
    return red, green, blue


def triangulate_obj(text: str) -> tuple[str, int]:
    """An OBJ file with every face of more than three corners cut into triangles, and how many were not convex."""
    vertices: list[tuple[float, float, float]] = []
    lines: list[str] = []
    count = 0
    for line in text.replace("\\\n", " ").splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            x, y, z = (float(word) for word in words[1:4])
            vertices.append((x, y, z))
        elif words[0] == "f":
            corners = words[1:]
            if len(corners) < 3:
                continue
            indices = [int(corner.split("/")[0]) for corner in corners]
            # A negative index counts from the end of what has been read; as lines keep their order, corners are kept.
            places = [index - 1 if index > 0 else len(vertices) + index for index in indices]
            if min(places) < 0 or max(places) >= len(vertices):
                raise ValueError(f"face {line.strip()!r} names a vertex that is not there")
            if len(corners) > 3:
                triangles, plain = ear_clip(np.array([vertices[place] for place in places]))
                count += not plain
                lines += ["f " + " ".join(corners[k] for k in triangle) for triangle in triangles]
                continue
        lines.append(line)
    return "\n".join(lines) + "\n", count


def ear_clip(corners: NDArray[np.float64]) -> tuple[list[tuple[int, int, int]], bool]:
    """Triangles of a nearly flat polygon (N, 3), as indices in its own turning sense, and whether it is convex."""
    from manifold3d import triangulate

    fan = [(0, k, k + 1) for k in range(1, len(corners) - 1)]
    # Newell's normal: right for polygons that are not convex, robust for those not quite flat.
    following = np.roll(corners, -1, axis=0)
    normal = np.cross(corners - corners[0], following - corners[0]).sum(0)
    length = float(np.linalg.norm(normal))
    if not length > 0:
        return fan, True
    normal /= length
    turns = np.cross(following - corners, np.roll(following, -1, axis=0) - following) @ normal
    if (turns >= -1e-9 * length).all() and len(corners) <= 4:
        return fan, True
    helper = np.eye(3)[np.abs(normal).argmin()]
    right = np.cross(helper, normal)
    right /= np.linalg.norm(right)
    flat = corners @ np.stack([right, np.cross(normal, right)]).T
    triangles = [(int(a), int(b), int(c)) for a, b, c in triangulate([flat])]
    # Corners that repeat or lie on a line may be dropped; nothing at all means a polygon that crosses itself.
    return (triangles or fan), bool((turns >= -1e-9 * length).all())
