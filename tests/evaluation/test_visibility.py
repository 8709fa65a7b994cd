# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Visible faces and silhouettes against rays cast one by one."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from list_fast.evaluation.visibility import visible_faces
from list_fast.meshing.preview import silhouette

EYE = np.array([0.9, 0.8, 1.9])


def camera(focal: float = 250.0, centre: float = 111.5) -> np.ndarray:
    """The transform of a pinhole at EYE that looks at the origin."""
    back = EYE / np.linalg.norm(EYE)
    right = np.cross([0, 1, 0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    # Depth, column and row of a point, as functions linear in it.
    depth = np.append(-back, np.linalg.norm(EYE))
    column = focal * np.append(right, 0) + centre * depth
    row = -focal * np.append(up, 0) + centre * depth
    rows = np.stack([column, row, depth], 1)  # (4, 3) on [x, y, z, 1]
    return np.concatenate([rows[[2, 1, 0]] / 2, rows[3:]])


def scene() -> trimesh.Trimesh:
    """A box before a ball, with a small box wholly hidden behind them."""
    box, hidden = trimesh.creation.box((0.3, 0.3, 0.3)), trimesh.creation.box((0.1, 0.1, 0.1))
    box.apply_translation((0.15, 0.1, 0.3))
    hidden.apply_translation(-0.225 * EYE)
    ball = trimesh.creation.icosphere(2, 0.35)
    return trimesh.util.concatenate([ball, box, hidden])


def hits(mesh: trimesh.Trimesh, targets: np.ndarray) -> np.ndarray:
    """For each target, the number of the first face on the way from EYE through it, by intersecting every face."""
    corners = mesh.vertices[mesh.faces]
    origin, edge1, edge2 = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    found = []
    for target in targets:
        way = target - EYE
        p = np.cross(way, edge2)
        determinant = (edge1 * p).sum(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            s = EYE - origin
            u = (s * p).sum(1) / determinant
            q = np.cross(s, edge1)
            v = (q @ way) / determinant
            t = (edge2 * q).sum(1) / determinant
        inside = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
        found.append(int(np.where(inside, t, np.inf).argmin()) if inside.any() else -1)
    return np.array(found)


def test_faces_that_a_ray_from_the_camera_meets_first() -> None:
    mesh = scene()
    seen = visible_faces(mesh.vertices, mesh.faces, camera())
    samples, face = trimesh.sample.sample_surface(mesh, 3000, seed=0)
    first = hits(mesh, samples)
    met = np.zeros(len(mesh.faces), bool)
    met[first[first == face]] = True
    # Every face met is seen; a face seen in a pixel's sliver may be missed by 3000 rays, and only there.
    assert seen[met].all()
    extra = np.flatnonzero(seen & ~met)
    assert len(extra) <= 0.1 * seen.sum()
    assert 0.2 < seen.mean() < 0.7 and not seen[-12:].any()


def test_the_canvas_does_not_matter() -> None:
    mesh = scene()
    expected = visible_faces(mesh.vertices, mesh.faces, camera())
    other = visible_faces(mesh.vertices, mesh.faces, camera(focal=25.0, centre=-400.0))
    assert (expected != other).mean() < 0.01
    assert visible_faces(np.zeros((0, 3)), np.zeros((0, 3), int), camera()).shape == (0,)


def test_silhouette_is_where_rays_hit() -> None:
    mesh, size = scene(), (28, 28)
    transform = camera(focal=32.0, centre=13.5)
    rows, columns = np.mgrid[: size[0], : size[1]].reshape(2, -1)
    # A point on the ray of each pixel: the transform's columns solved at depth 1.
    matrix = np.concatenate([2 * transform[[2, 1, 0]], transform[3:]])
    wanted = np.stack([columns, rows, np.ones_like(rows)], 1) - matrix[3]
    points = np.linalg.solve(matrix[:3].T, wanted.T).T
    expected = (hits(mesh, points) >= 0).reshape(size)
    ours = silhouette(mesh.vertices, mesh.faces, transform, size)
    assert 0.1 < expected.mean() < 0.6
    assert (ours != expected).sum() <= 1  # a ray may graze an edge
    assert silhouette(mesh.vertices, mesh.faces[:0], transform, size).sum() == 0


@pytest.mark.parametrize("scale", [1.0, 10.0])
def test_a_homogeneous_scale_changes_nothing(scale: float) -> None:
    mesh = scene()
    expected = visible_faces(mesh.vertices, mesh.faces, camera())
    np.testing.assert_array_equal(visible_faces(mesh.vertices, mesh.faces, camera() * scale), expected)
