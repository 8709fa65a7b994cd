# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes of many volumes of one size: their meshes in one pair of tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from list_fast._errors import check_floating, check_tensor
from list_fast.ops.marching_cubes import DTYPES, Bounds, Matrix, Method, marching_cubes


@dataclass(frozen=True)
class Meshes:
    """The meshes of B volumes, packed: that of volume b is ``meshes[b]``, a pair (vertices, faces).

    Attributes:
        vertices: (V, 3), those of the first volume, then of the second, ...
        faces: (F, 3) likewise; a face names vertices by their place within its own mesh.
        vertex_offsets: (B + 1,) int64 on the CPU: the vertices of volume b are those from entry b to entry b + 1.
        face_offsets: (B + 1,) int64 on the CPU, of faces.
        normals: (V, 3), or None where they were not asked for.
        values: (V, C), or None where none were given.
    """

    vertices: Tensor
    faces: Tensor
    vertex_offsets: Tensor
    face_offsets: Tensor
    normals: Tensor | None = None
    values: Tensor | None = None

    def __len__(self) -> int:
        return len(self.vertex_offsets) - 1

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Vertices and faces of one volume, views. Raises IndexError past the last one."""
        count = len(self)
        if not -count <= index < count:
            raise IndexError(f"index must be in [{-count}, {count - 1}], got {index}")
        index %= count
        first, last = self.vertex_offsets[index : index + 2].tolist()
        first_face, last_face = self.face_offsets[index : index + 2].tolist()
        return self.vertices[first:last], self.faces[first_face:last_face]

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return (self[b] for b in range(len(self)))

    def joined_faces(self) -> Tensor:
        """Faces (F, 3), int64, that name vertices by their place in ``vertices``: one mesh of all."""
        counts = self.face_offsets.diff().to(self.faces.device)
        shifts = self.vertex_offsets[:-1].to(self.faces.device).repeat_interleave(counts)
        return self.faces.long() + shifts[:, None]


def marching_cubes_batch(
    volumes: Tensor,
    level: float = 0.0,
    *,
    bounds: Bounds | None = None,
    transform: Matrix | None = None,
    method: Method = "lorensen",
    allow_degenerate: bool = True,
    values: Tensor | None = None,
    return_normals: bool = False,
) -> Meshes:
    """Extract the surface of every volume of a batch.

    Args:
        volumes: Values (B, D, H, W) at the nodes, else as for ``marching_cubes``.
        values: Anything else known at the nodes, (B, C, D, H, W) floating.
        level, bounds, transform, method, allow_degenerate, return_normals: As for ``marching_cubes``, the same for all.

    Returns:
        ``Meshes``: vertices and faces of all volumes with offsets, bit for bit those of ``marching_cubes`` of each,
        and as differentiable. Faces are int32 unless a mesh needs int64.

    Raises:
        TypeError, ValueError: As for ``marching_cubes``; ``volumes`` is not of rank 4, or ``values`` of another shape.
    """
    check_tensor("volumes", volumes, "(B, D, H, W)", 4)
    check_floating("volumes", volumes, DTYPES)
    if values is not None:
        check_tensor("values", values, "(B, C, D, H, W)", 5)
        if (values.shape[0], *values.shape[2:]) != tuple(volumes.shape):
            batch, *nodes = volumes.shape
            wanted = f"({batch}, C, {', '.join(map(str, nodes))})"
            raise ValueError(f"values must have shape {wanted}, got {tuple(values.shape)}")
    parts = [
        marching_cubes(  # type: ignore[call-overload, misc]  # whose overloads know literals alone
            volumes[b],
            level,
            bounds=bounds,
            transform=transform,
            method=method,
            allow_degenerate=allow_degenerate,
            values=None if values is None else values[b],
            return_normals=return_normals,
        )
        for b in range(volumes.shape[0])
    ]
    if not parts:
        # What an empty volume gives has the dtypes, and the arguments are checked.
        empty = volumes.new_empty(0, 0, 0)
        given = None if values is None else values.new_empty(values.shape[1], 0, 0, 0)
        none = marching_cubes(  # type: ignore[call-overload, misc]
            empty, level, bounds=bounds, transform=transform, method=method, values=given, return_normals=return_normals
        )
        return _packed([none], return_normals, values is not None, 0)
    return _packed(parts, return_normals, values is not None, len(parts))


def _packed(parts: list[tuple[Tensor, ...]], normals: bool, values: bool, count: int) -> Meshes:
    vertices, faces, *rest = (torch.cat(column) for column in zip(*parts, strict=True))
    vertex_offsets, face_offsets = (
        torch.tensor([0, *(part[n].shape[0] for part in parts[:count])], device="cpu").cumsum(0) for n in (0, 1)
    )
    return Meshes(
        vertices,
        faces,
        vertex_offsets,
        face_offsets,
        normals=rest.pop(0) if normals else None,
        values=rest.pop(0) if values else None,
    )
