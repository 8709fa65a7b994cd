# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""From the triangles that people store to closed surfaces: normalised, united or drawn anew, with a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from list_fast.data.mesh_files import MeshError

RESOLUTION = 160
"""Nodes per axis at which surfaces that are not closed are remeshed."""
# Vertices closer than this share of the largest extent are one.
_MERGE = 1e-6
# Share of probes on either side of the surface whose winding number must tell inside from outside.
_SIDED = 0.97
_PROBES = 4000
# Share of a redrawn surface that may lie where the file has none, undersides aside.
_INVENTED = 0.05
_BOX = 0.55


@dataclass
class Repaired:
    """A closed surface in object space, its bounding box centred at 0 with largest extent 1.

    ``vertices`` (V, 3) float64, ``faces`` (F, 3) int64; a point p of the file lies at ``(p - center) * scale``. ``how``
    is "kept", "united", "remeshed" (sign by winding number) or "shelled" (sheets given a thickness); ``notes`` counts
    what was mended by the way.
    """

    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    center: NDArray[np.float64]
    scale: float
    how: str
    notes: dict[str, int] = field(default_factory=dict)


def repair(vertices: NDArray[np.float64], faces: NDArray[np.int64], *, resolution: int = RESOLUTION) -> Repaired:
    """Make a closed surface of triangles (V, 3), (F, 3) in any unit.

    Faces that are stored twice, in either direction, count once. If what is left is closed, its components are turned
    outward and united; a component inside another is taken for solid, so sealed hollows are filled. If it is not, the
    surface is drawn anew: at zero of the distance signed by the winding number where that tells the sides apart and
    closes no more than small holes and undersides, else around the sheets, at a distance of one node's spacing, hollows
    filled. The y axis points up.

    Raises:
        MeshError: nothing with an extent and an area is left, or no closed surface could be made.
    """
    v, f, notes = clean(vertices, faces)
    low, high = v.min(0), v.max(0)
    center, scale = (low + high) / 2, 1.0 / float((high - low).max())
    v = (v - center) * scale
    f = orient(v, f)
    parts = components(f)
    notes["components"] = len(parts)
    made = unite_closed(v, parts) if all(is_closed(part) for part in parts) else None
    if made is not None:
        how = "kept" if len(parts) == 1 else "united"
    else:
        notes["open_components"] = sum(not is_closed(part) for part in parts)
        how = "remeshed" if is_sided(v, f) else "shelled"
        made = redraw(v, f, resolution, shell=how == "shelled")
        if how == "remeshed" and (made is None or invents(made, v, f, resolution)):
            how, made = "shelled", redraw(v, f, resolution, shell=True)
        if made is None:
            raise MeshError("no closed surface could be made of its triangles")
    v, f = made
    # The union, or the drawing, may end a little elsewhere than the triangles did.
    low, high = v.min(0), v.max(0)
    middle, extent = (low + high) / 2, float((high - low).max())
    return Repaired((v - middle) / extent, f, center + middle / scale, scale / extent, how, notes)


def clean(
    vertices: NDArray[np.float64], faces: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], dict[str, int]]:
    """Vertices that coincide made one; faces that are not finite, have no area or repeat another left out."""
    v, f = np.asarray(vertices, np.float64), np.asarray(faces, np.int64)
    finite = np.asarray(np.isfinite(v).all(axis=1))
    good = f[finite[f].all(1)]
    notes = {"not_finite": len(f) - len(good)}
    if len(good) == 0:
        raise MeshError("no face has finite corners")
    used = v[np.unique(good)]
    extent = float(np.ptp(used, axis=0).max())
    if not extent > 0:
        raise MeshError("all its vertices coincide")
    keys = np.where(finite[:, None], np.round((np.where(finite[:, None], v, 0) - used.min(0)) / (_MERGE * extent)), 0)
    _, first, where = np.unique(keys.astype(np.int64), axis=0, return_index=True, return_inverse=True)
    v, good = v[first], where.reshape(-1)[good]
    corners = v[good]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    distinct = (good[:, 0] != good[:, 1]) & (good[:, 1] != good[:, 2]) & (good[:, 2] != good[:, 0])
    whole = good[distinct & (area > 1e-12 * extent * extent)]
    notes["without_area"] = len(good) - len(whole)
    if len(whole) == 0:
        raise MeshError("no face has an area")
    _, once = np.unique(np.sort(whole, axis=1), axis=0, return_index=True)
    notes["doubled"] = len(whole) - len(once)
    kept = whole[np.sort(once)]
    used_vertices, packed = np.unique(kept, return_inverse=True)
    return v[used_vertices], packed.reshape(-1, 3).astype(np.int64), {k: n for k, n in notes.items() if n}


def orient(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Faces turned to agree with their neighbours, and each component outward by the sign of its volume."""
    import igl

    turned, label = igl.bfs_orient(np.ascontiguousarray(faces))
    corners = vertices[turned] - vertices.mean(0)
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    inward = np.bincount(label, volume) < 0
    turned = np.where(inward[label][:, None], turned[:, ::-1], turned)
    return np.ascontiguousarray(turned, np.int64)


def components(faces: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The faces (F, 3) in groups that hang together by edges."""
    import igl

    _, label = igl.facet_components(np.ascontiguousarray(faces))
    order = np.argsort(label, kind="stable")
    return np.split(faces[order], np.flatnonzero(np.diff(label[order])) + 1)


def is_closed(faces: NDArray[np.int64]) -> bool:
    """Whether every edge is used once in each direction."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    base = int(faces.max()) + 1
    forward, backward = np.sort(edges @ (base, 1)), np.sort(edges @ (1, base))
    return bool((np.diff(forward) > 0).all() and np.array_equal(forward, backward))


def unite_closed(
    vertices: NDArray[np.float64], parts: Sequence[NDArray[np.int64]]
) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
    """The union of closed components, None where they are no solids or their union encloses nothing."""
    from manifold3d import Error, Manifold, Mesh64, OpType

    from list_fast.data.shapes import ordered

    solids = []
    for part in parts:
        used, packed = np.unique(part, return_inverse=True)
        mesh = Mesh64(np.ascontiguousarray(vertices[used]), packed.reshape(-1, 3).astype(np.uint64))
        solid = Manifold(mesh)
        if solid.status() != Error.NoError:
            return None
        solids.append(solid)
    whole = Manifold.batch_boolean(solids, OpType.Add)
    if whole.is_empty() or not whole.volume() > 1e-9:
        return None
    mesh = whole.to_mesh64()
    return np.asarray(mesh.vert_properties, np.float64)[:, :3], ordered(np.asarray(mesh.tri_verts, np.int64))


def is_sided(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> bool:
    """Whether the winding number, just off the surface, is that of a solid: under a half outside, over it inside."""
    import igl

    from list_fast.data.sdf import sample_surface

    points, normals = sample_surface(np.random.default_rng(0), vertices, faces, _PROBES)
    step = 0.004 * normals
    outside = igl.fast_winding_number(vertices, faces, np.ascontiguousarray(points + step)) < 0.5
    inside = igl.fast_winding_number(vertices, faces, np.ascontiguousarray(points - step)) > 0.5
    # Faces inside the solid have solid on both sides and are no argument against it.
    buried = ~outside & inside
    return bool((outside & inside | buried).mean() >= _SIDED)


def invents(
    made: tuple[NDArray[np.float64], NDArray[np.int64]],
    vertices: NDArray[np.float64],
    faces: NDArray[np.int64],
    resolution: int,
) -> bool:
    """Whether a redrawn surface closes what was meant to be open, as the top of a box: much of it is far from every
    triangle of the file. Undersides may be closed, which many files leave out."""
    import igl

    from list_fast.data.sdf import sample_surface

    points, normals = sample_surface(np.random.default_rng(1), *made, _PROBES)
    squared, _, _ = igl.point_mesh_squared_distance(points, vertices, faces)
    far = squared > (2 * _spacing(resolution)) ** 2
    return bool((far & (normals[:, 1] > -0.7)).mean() > _INVENTED)


def redraw(
    vertices: NDArray[np.float64], faces: NDArray[np.int64], resolution: int, *, shell: bool
) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
    """The level set of the distance to triangles in object space: signed, or unsigned at a node's spacing as a shell.

    Components that bound a hollow are left out. None where nothing is left.
    """
    import igl

    from list_fast.data.sdf import signed_distance
    from list_fast.meshing import extract_mesh

    def signed(points: NDArray[np.float32]) -> NDArray[np.float64]:
        return signed_distance(points, vertices, faces)

    def unsigned(points: NDArray[np.float32]) -> NDArray[np.float64]:
        squared, _, _ = igl.point_mesh_squared_distance(np.ascontiguousarray(points, np.float64), vertices, faces)
        return np.sqrt(np.maximum(squared, 0))

    spacing = _spacing(resolution)
    mesh = extract_mesh(
        lambda points: (unsigned if shell else signed)(np.asarray(points)),
        resolution,
        level=spacing if shell else 0.0,
        lipschitz=1.0,
        device="cpu",
    )
    if len(mesh.faces) == 0:
        return None
    v, f = mesh.vertices.double().numpy(), mesh.faces.long().numpy()
    parts = [part for part in components(f) if _volume(v, part) > spacing**3]
    return unite_closed(v, parts) if parts else None


def _spacing(resolution: int) -> float:
    return 2 * _BOX / (resolution - 1)


def _volume(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> float:
    corners = vertices[faces]
    return float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)
