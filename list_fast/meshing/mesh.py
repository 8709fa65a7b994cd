# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The triangle mesh that extraction returns: what it tells about itself, how it is cleaned and saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    import trimesh

FORMATS = ("glb", "obj", "ply", "stl")


class Guarantee(StrEnum):
    """What is known about surface of the field, as sampled on the lattice, that an extraction may have missed."""

    EXACT = "exact"
    """Every node was evaluated: nothing is missed."""
    CERTIFIED = "certified"
    """Every cell that was left out is proven empty by bounds of the field: nothing is missed."""
    LIPSCHITZ = "lipschitz"
    """Nothing is missed if the field changes no faster than the given L; no value that was seen speaks against it."""
    ESTIMATED = "estimated"
    """As LIPSCHITZ, but L, or how far a draft lies from the field, is an estimate from samples."""
    NONE = "none"
    """Every part that was found is complete; a part away from it may be missed."""


@dataclass(frozen=True)
class Culled:
    """What one level of an extraction left out.

    Attributes:
        step: Cells of the lattice along each side of a block.
        tested: How many blocks were looked at.
        culled: How many of them were left out.
        octants: How many octants of the other ones were left out.
    """

    step: int
    tested: int
    culled: int
    octants: int = 0


@dataclass(frozen=True)
class Mesh:
    """A triangle mesh with shared vertices.

    Attributes:
        vertices: Positions (V, 3), float32.
        faces: Vertex numbers (F, 3), int32 or int64, anticlockwise seen from outside.
        resolution: Nodes along each axis of the lattice that the mesh was extracted from, or None.
        evaluated: How many times the field was evaluated at its nodes: once at each that it took, and at the probes of
            an estimate of L. With a draft, how many times that was.
        total: How many nodes it has.
        mode: How it was extracted, or None.
        guarantee: What may be missing, or None.
        lipschitz: L, the greatest change of the field over distance that cells were left out by, or None.
        steepest: The steepest rise between neighbouring nodes that was seen while cells were left out by L, or None.
        culled: What each level left out, coarse to fine.
        bounded: For how many boxes bounds of the field were asked for, those of samples included.
        reevaluated: How many times the field itself was evaluated where a draft of it gave the values before, at the
            nodes that the draft's error is taken from included.
        draft_error: How far the draft was taken to lie from the field at most, or None.
    """

    vertices: Tensor
    faces: Tensor
    resolution: tuple[int, int, int] | None = None
    evaluated: int = 0
    total: int = 0
    mode: str | None = None
    guarantee: Guarantee | None = None
    lipschitz: float | None = None
    steepest: float | None = None
    culled: tuple[Culled, ...] = ()
    bounded: int = 0
    reevaluated: int = 0
    draft_error: float | None = None

    def __post_init__(self) -> None:
        if self.vertices.dim() != 2 or self.vertices.shape[1] != 3:
            raise ValueError(f"vertices must have shape (V, 3), got {tuple(self.vertices.shape)}")
        if self.faces.dim() != 2 or self.faces.shape[1] != 3 or self.faces.is_floating_point():
            raise ValueError(
                f"faces must be integers of shape (F, 3), got {self.faces.dtype} {tuple(self.faces.shape)}"
            )

    @property
    def is_empty(self) -> bool:
        """True when the mesh has no face."""
        return self.faces.shape[0] == 0

    @property
    def is_watertight(self) -> bool:
        """True when every edge joins exactly two faces that run through it in opposite directions."""
        if self.is_empty:
            return False
        faces = self.faces.long()
        start, end = faces.flatten(), faces.roll(-1, 1).flatten()
        if bool((start == end).any()):  # an edge from a vertex to itself joins nothing
            return False
        count = self.vertices.shape[0]
        forward = (start * count + end).sort().values
        backward = (end * count + start).sort().values
        return bool((forward[1:] != forward[:-1]).all()) and torch.equal(forward, backward)

    @property
    def volume(self) -> float:
        """The signed volume inside; of use where the mesh is watertight."""
        a, b, c = self.vertices.double()[self.faces.long()].unbind(1)
        return float((a * torch.linalg.cross(b, c)).sum() / 6)

    def components(self) -> Tensor:
        """The connected component of each vertex (V,), int64, numbered in the order of their first vertices."""
        label = torch.arange(self.vertices.shape[0], device=self.vertices.device)
        faces = self.faces.long()
        while not self.is_empty:
            lowest = label[faces].amin(1, keepdim=True).expand(-1, 3)
            # The representatives of the corners take the lowest label too: trees of labels merge in a few rounds.
            merged = label.scatter_reduce(0, label[faces].flatten(), lowest.flatten(), "amin")
            merged = merged.scatter_reduce(0, faces.flatten(), lowest.flatten(), "amin")
            merged = merged[merged]
            if torch.equal(merged, label):
                break
            label = merged
        return torch.unique(label, return_inverse=True)[1]

    def largest_component(self) -> Mesh:
        """The connected component with the most faces, the first of them on a tie."""
        if self.is_empty:
            return self
        component = self.components()
        sizes = torch.bincount(component[self.faces[:, 0].long()])
        return self._keep(component == sizes.argmax())

    def without_floaters(self, share: float = 0.02) -> Mesh:
        """The mesh without the connected components that have less than ``share`` of the largest one's area.

        Raises:
            ValueError: ``share`` is not in [0, 1].
        """
        if not 0 <= share <= 1:
            raise ValueError(f"share must be in [0, 1], got {share}")
        if self.is_empty:
            return self
        component = self.components()
        a, b, c = self.vertices.double()[self.faces.long()].unbind(1)
        face_areas = torch.linalg.cross(b - a, c - a).norm(dim=1) / 2
        # Vertices that no face names are components too, of no area.
        count = int(component.amax()) + 1
        areas = torch.bincount(component[self.faces[:, 0].long()], face_areas, minlength=count)
        return self._keep((areas >= share * areas.max())[component])

    def _keep(self, keep: Tensor) -> Mesh:
        """The mesh of the vertices where ``keep`` (V,) is true, a union of whole components."""
        number = keep.long().cumsum(0) - 1
        faces = number[self.faces[keep[self.faces[:, 0].long()]].long()].to(self.faces.dtype)
        return replace(self, vertices=self.vertices[keep], faces=faces)

    def to_trimesh(self) -> trimesh.Trimesh:
        """The same mesh, vertex by vertex, as a ``trimesh.Trimesh``."""
        import trimesh

        return trimesh.Trimesh(
            self.vertices.detach().cpu().double().numpy(),
            self.faces.cpu().long().numpy(),
            process=False,
            validate=False,
        )

    def save(self, path: str | Path) -> Path:
        """Write the mesh as GLB, OBJ, PLY or STL, by the ending of ``path``; returns the path.

        Coordinates are written as they are, neither scaled nor turned. Those of a reconstruction have y up, the front
        towards +z and a largest extent of about 1. That is the convention of GLB, which counts in meters; OBJ, PLY and
        STL state neither a unit nor an up axis, and many programs take STL to be in millimeters with z up.

        Raises:
            ValueError: The ending is none of these.
        """
        path = Path(path)
        kind = path.suffix.lower().removeprefix(".")
        if kind not in FORMATS:
            raise ValueError(f"path must end in one of {', '.join('.' + f for f in FORMATS)}, got {path.name!r}")
        data = self.to_trimesh().export(file_type=kind)
        path.write_bytes(data.encode() if isinstance(data, str) else bytes(data))
        return path
