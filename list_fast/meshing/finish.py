# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Finishing a mesh: fewer faces, smoother faces, and a report on its validity."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from list_fast._errors import as_int
from list_fast.meshing.mesh import Mesh

SIZE = 100.0
"""The extent that meshes are given to be simplified."""


def simplify(mesh: Mesh, *, faces: int | None = None, ratio: float | None = None) -> Mesh:
    """The mesh with fewer faces, by quadric edge collapse through the package fast-simplification (extra ``finish``).

    Collapsing keeps orientation, but is not bound to keep a mesh closed or free of intersections: ask ``report``.

    Args:
        mesh: The mesh; not changed.
        faces: How many faces to aim at, at least 4.
        ratio: The share of the faces to aim at, in (0, 1]. Give this or ``faces``.

    Returns:
        A mesh of about as many faces, on the same device and in the same types; ``mesh`` itself where it has no more.

    Raises:
        ValueError: Neither or both of ``faces`` and ``ratio`` are given, or one is out of range.
        ImportError: fast-simplification is not installed.
    """
    if (faces is None) == (ratio is None):
        raise ValueError("give either faces or ratio")
    if ratio is not None and not 0 < ratio <= 1:
        raise ValueError(f"ratio must be in (0, 1], got {ratio}")
    wanted = None if faces is None else as_int(faces)
    if faces is not None and (wanted is None or wanted < 4):
        raise ValueError(f"faces must be an int of at least 4, got {faces!r}")
    count = len(mesh.faces)
    target = wanted if wanted is not None else max(4, round(count * (ratio or 1.0)))
    if target >= count:
        return mesh
    try:
        import fast_simplification
    except ImportError as error:
        raise ImportError("simplify needs fast-simplification: pip install 'list-fast[finish]'") from error
    vertices = mesh.vertices.detach().cpu().double().numpy()
    # Its thresholds are lengths: at one size all meshes of a shape are simplified alike.
    low, high = vertices.min(0), vertices.max(0)
    middle, scale = (low + high) / 2, SIZE / max(float((high - low).max()), np.finfo(np.float64).tiny * SIZE)
    points, triangles = fast_simplification.simplify(
        ((vertices - middle) * scale).astype(np.float32), mesh.faces.cpu().int().numpy(), target_count=target
    )
    return replace(
        mesh,
        vertices=torch.from_numpy(np.asarray(points, np.float64) / scale + middle).to(mesh.vertices),
        faces=torch.from_numpy(np.asarray(triangles, np.int64)).to(mesh.faces),
    )


def smooth(mesh: Mesh, *, iterations: int = 10) -> Mesh:
    """The mesh with its vertices smoothed by Taubin's filter, which does not shrink it, through trimesh.

    Args:
        mesh: The mesh; not changed.
        iterations: Passes, inwards and outwards in turn, at least 1; rounded up to an even number.

    Raises:
        ValueError: ``iterations`` is no positive int.

    References:
        Taubin, "A signal processing approach to fair surface design", SIGGRAPH 1995.
    """
    if (times := as_int(iterations)) is None or times < 1:
        raise ValueError(f"iterations must be a positive int, got {iterations!r}")
    if mesh.is_empty:
        return mesh
    from trimesh.smoothing import filter_taubin

    # Without the vertices that no face names: they have no neighbours, and stay where they are.
    used, faces = mesh.faces.unique(return_inverse=True)
    joined = replace(mesh, vertices=mesh.vertices[used.long()], faces=faces)
    # The pass band, the difference of the factors' inverses, is 0.1 as the paper recommends.
    smoothed = filter_taubin(joined.to_trimesh(), lamb=0.5, nu=0.5 / 0.95, iterations=times + times % 2)
    vertices = mesh.vertices.detach().clone()
    vertices[used.long()] = torch.from_numpy(np.array(smoothed.vertices)).to(vertices)
    return replace(mesh, vertices=vertices)


@dataclass(frozen=True)
class MeshReport:
    """What is right and wrong with a mesh.

    Attributes:
        vertices: Vertices that a face uses.
        faces: Faces.
        watertight: Every edge joins exactly two faces that run through it in opposite directions.
        components: Connected components that have a face.
        euler_number: Vertices in use - edges + faces.
        genus: Handles of all components together; None unless the mesh is watertight, and then true of a mesh whose
            faces form one fan around every vertex.
        degenerate_faces: Faces that name a vertex twice or have no area.
        duplicate_vertices: Vertices in use at the very position of an earlier one.
        self_intersections: Pairs of faces that intersect other than where they share vertices, as libigl (with CGAL)
            finds them; None where they were not looked for.
    """

    vertices: int
    faces: int
    watertight: bool
    components: int
    euler_number: int
    genus: int | None
    degenerate_faces: int
    duplicate_vertices: int
    self_intersections: int | None


def report(mesh: Mesh, *, self_intersections: bool = False) -> MeshReport:
    """Check a mesh.

    Args:
        mesh: The mesh.
        self_intersections: Also count the pairs of faces that intersect; slower, and needs libigl (extra
            ``finish``), whose part with CGAL is under the GPL.

    Raises:
        ImportError: ``self_intersections`` is asked for, and libigl with CGAL is not installed.
    """
    faces, points = mesh.faces.cpu().long(), mesh.vertices.detach().cpu()
    used = faces.unique()
    edges = torch.stack([faces, faces.roll(-1, 1)], 2).reshape(-1, 2).sort(1).values.unique(dim=0)
    components = len(mesh.components().cpu()[used].unique())
    euler = len(used) - len(edges) + len(faces)
    a, b, c = points.double()[faces].unbind(1)
    watertight = mesh.is_watertight
    return MeshReport(
        vertices=len(used),
        faces=len(faces),
        watertight=watertight,
        components=components,
        euler_number=euler,
        genus=components - euler // 2 if watertight and euler % 2 == 0 else None,
        degenerate_faces=int((torch.linalg.cross(b - a, c - a) == 0).all(1).sum()),
        duplicate_vertices=len(used) - len(points[used].unique(dim=0)),
        self_intersections=_intersections(mesh) if self_intersections else None,
    )


def _intersections(mesh: Mesh) -> int:
    try:
        from igl.copyleft.cgal import remesh_self_intersections
    except ImportError as error:
        raise ImportError("self_intersections needs libigl with CGAL: pip install 'list-fast[finish]'") from error
    if mesh.is_empty:
        return 0
    points, faces = mesh.vertices.detach().cpu().double().numpy(), mesh.faces.cpu().long().numpy()
    return len(remesh_self_intersections(points, faces, detect_only=True)[2])
