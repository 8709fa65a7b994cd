# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The software rasteriser and the pictures it draws."""

import numpy as np
import pytest
import trimesh

from list_fast.meshing.preview import camera_direction, preview, rasterize, render_mesh, vertex_normals, view_rotation


def slow_rasterize(screen, faces, size):
    """Every pixel against every face."""
    face, depth = np.full(size, -1), np.full(size, np.inf)
    for row in range(size[0]):
        for column in range(size[1]):
            for index, (a, b, c) in enumerate(screen[faces]):
                system = np.array([[a[0], b[0], c[0]], [a[1], b[1], c[1]], [1, 1, 1]])
                if abs(np.linalg.det(system)) < 1e-12:
                    continue
                weights = np.linalg.solve(system, [column, row, 1])
                z = weights @ [a[2], b[2], c[2]]
                if weights.min() >= -1e-9 and z < depth[row, column]:
                    face[row, column], depth[row, column] = index, z
    return face, depth


def test_rasterizer_equals_the_obvious_one():
    rng = np.random.default_rng(0)
    screen = np.column_stack([rng.uniform(-4, 20, (30, 2)), rng.uniform(1, 2, 30)])
    faces = rng.integers(0, 30, (25, 3))
    seen = rasterize(screen, faces, (14, 17))
    face, depth = slow_rasterize(screen, faces, (14, 17))
    np.testing.assert_array_equal(seen.face, face)
    np.testing.assert_allclose(seen.depth, depth)
    hit = face >= 0
    assert 0 < hit.sum() < hit.size
    np.testing.assert_allclose(seen.barycentric[hit].sum(1), 1)


def test_chunks_do_not_change_the_picture(monkeypatch):
    rng = np.random.default_rng(1)
    screen = np.column_stack([rng.uniform(0, 40, (60, 2)), rng.uniform(1, 2, 60)])
    faces = rng.integers(0, 60, (80, 3))
    whole = rasterize(screen, faces, (40, 40))
    monkeypatch.setattr("list_fast.meshing.preview._CHUNK", 300)
    parts = rasterize(screen, faces, (40, 40))
    np.testing.assert_array_equal(whole.face, parts.face)


def test_empty_mesh_gives_an_empty_picture():
    assert (rasterize(np.zeros((0, 3)), np.zeros((0, 3), int), (4, 5)).face == -1).all()
    assert np.asarray(render_mesh(np.zeros((0, 3)), np.zeros((0, 3), int), size=16)).min() == 255


def test_sphere_is_round_lit_from_above_and_centred():
    sphere = trimesh.creation.icosphere(4)
    picture = np.asarray(render_mesh(sphere.vertices, sphere.faces, size=100)).astype(int)
    covered = picture.sum(2) < 740
    assert covered.sum() == pytest.approx(np.pi * 44**2, rel=0.03)
    rows, columns = np.nonzero(covered)
    assert abs(rows.mean() - 49.5) < 1.5 and abs(columns.mean() - 49.5) < 1.5
    assert picture[25, 50].sum() > picture[80, 50].sum()


def test_a_frame_sets_the_scale():
    sphere = trimesh.creation.icosphere(subdivisions=3)
    own, wide = (
        np.asarray(render_mesh(sphere.vertices, sphere.faces, size=100, frame=f)).min(2) < 250
        for f in (None, 2 * sphere.vertices)
    )
    assert 0.2 < wide.sum() / own.sum() < 0.3
    assert np.abs(np.argwhere(wide).mean(0) - 49.5).max() < 0.5


def test_azimuth_zero_sees_the_front():
    rotation = view_rotation(0, 0)
    np.testing.assert_allclose(rotation @ [0, 0, 1], [0, 0, 1], atol=1e-12)  # +z comes towards the camera
    np.testing.assert_allclose(view_rotation(90, 0) @ [1, 0, 0], [0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)


def test_vertex_normals_point_outward():
    sphere = trimesh.creation.icosphere(3)
    normals = vertex_normals(sphere.vertices, sphere.faces)
    assert (np.einsum("ij,ij->i", normals, sphere.vertices) > 0.99).all()


def test_preview_has_the_input_and_the_views_in_a_row():
    box = trimesh.creation.box()
    picture = preview(np.zeros((64, 64, 3)), box.vertices, box.faces)
    assert picture.size == (192, 64)
    assert np.asarray(picture)[:, :64].max() == 0 and np.asarray(picture)[:, 64:].min() < 200


@pytest.mark.parametrize(("azimuth", "elevation"), [(0, 0), (35, 25), (-120, 40), (179, -10)])
def test_camera_direction_is_read_from_the_transform(azimuth, elevation):
    rotation, distance = view_rotation(azimuth, elevation), 1.7
    # Camera axes right, down, forward, then pixels of a pinhole camera.
    camera = np.stack([rotation[0], -rotation[1], -rotation[2]])
    intrinsic = np.array([[300.0, 0, 111.5], [0, 300.0, 111.5], [0, 0, 1]])
    object_to_pixel = np.hstack([intrinsic @ camera, intrinsic @ [[0], [0], [distance]]])  # (3, 4) on [x, y, z, 1]
    from_swapped = np.array([[0, 0, 0.5, 0], [0, 0.5, 0, 0], [0.5, 0, 0, 0], [0, 0, 0, 1]])
    found = camera_direction((object_to_pixel @ from_swapped).T)
    np.testing.assert_allclose(found, (azimuth, elevation), atol=1e-6)


def test_camera_direction_of_nonsense_is_none():
    assert camera_direction(np.zeros((4, 3))) is None
    assert camera_direction(np.full((4, 3), np.nan)) is None
    assert camera_direction(np.zeros((3, 3))) is None
