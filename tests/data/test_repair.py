# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Closing the meshes of others: doubled faces, turned faces, holes, sheets, units, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("igl")
pytest.importorskip("manifold3d")

import trimesh
from numpy.typing import NDArray

from list_fast.data.mesh_files import MeshError
from list_fast.data.repair import Repaired, clean, components, is_closed, orient, repair
from list_fast.data.sdf import signed_distance

RESOLUTION = 64
SPACING = 1.1 / (RESOLUTION - 1)


def _box(size: tuple[float, float, float] = (1, 1, 1), at: tuple[float, float, float] = (0, 0, 0)) -> trimesh.Trimesh:
    mesh = trimesh.creation.box(size)
    mesh.apply_translation(at)
    return mesh


def _repair(*meshes: trimesh.Trimesh) -> Repaired:
    whole = trimesh.util.concatenate(list(meshes))
    return repair(whole.vertices, whole.faces, resolution=RESOLUTION)


def _volume(v: NDArray[np.float64], f: NDArray[np.int64]) -> float:
    return float(trimesh.Trimesh(v, f, process=False).volume)


def _check(fixed: Repaired) -> None:
    assert all(is_closed(part) for part in components(fixed.faces))
    assert _volume(fixed.vertices, fixed.faces) > 0
    low, high = fixed.vertices.min(0), fixed.vertices.max(0)
    np.testing.assert_allclose(low + high, 0, atol=1e-12)
    assert (high - low).max() == pytest.approx(1)


@pytest.mark.parametrize("unit", [1e-4, 1.0, 2540.0])
def test_a_solid_is_kept_in_any_unit(unit: float) -> None:
    mesh = _box((2 * unit, unit, unit), (70 * unit, 0, -3 * unit))
    fixed = _repair(mesh)
    _check(fixed)
    assert fixed.how == "kept" and len(fixed.faces) == 12
    assert _volume(fixed.vertices, fixed.faces) == pytest.approx(0.25)
    expected = (mesh.vertices - fixed.center) * fixed.scale
    np.testing.assert_allclose(np.abs(expected).max(0), (0.5, 0.25, 0.25), rtol=1e-9)


def test_faces_that_are_stored_twice_count_once() -> None:
    mesh = _box()
    faces = np.concatenate([mesh.faces, mesh.faces[:, ::-1], mesh.faces[:3]])
    fixed = repair(mesh.vertices, faces)
    _check(fixed)
    assert fixed.how == "kept" and fixed.notes["doubled"] == 15


def test_turned_faces_are_turned_back() -> None:
    mesh = trimesh.creation.icosphere(2)
    faces = np.array(mesh.faces)
    faces[::3] = faces[::3, ::-1]
    assert not is_closed(faces) and is_closed(orient(mesh.vertices, faces))
    fixed = repair(mesh.vertices, faces)
    _check(fixed)
    assert _volume(fixed.vertices, fixed.faces) == pytest.approx(mesh.volume / 8, rel=0.03)


def test_vertices_of_every_face_on_its_own_are_joined() -> None:
    mesh = _box()
    soup = np.asarray(mesh.triangles).reshape(-1, 3)
    vertices, faces, notes = clean(soup, np.arange(36).reshape(-1, 3))
    assert len(vertices) == 8 and is_closed(faces) and notes == {}


def test_solids_that_overlap_are_united() -> None:
    fixed = _repair(_box(), _box(at=(0.5, 0, 0)), _box((0.2, 0.2, 0.2)))
    _check(fixed)
    assert fixed.how == "united" and fixed.notes["components"] == 3
    assert _volume(fixed.vertices, fixed.faces) == pytest.approx(1.5 / 1.5**3)


def test_a_solid_with_a_small_hole_is_drawn_with_the_sign_of_its_winding_number() -> None:
    mesh = trimesh.creation.icosphere(3)
    fixed = repair(mesh.vertices, np.asarray(mesh.faces)[2:], resolution=RESOLUTION)
    _check(fixed)
    assert fixed.how == "remeshed" and fixed.notes["open_components"] == 1
    points = np.random.default_rng(0).uniform(-0.45, 0.45, (500, 3))
    truth = np.linalg.norm(points, axis=1) - 0.5
    assert np.abs(signed_distance(points, fixed.vertices, fixed.faces) - truth).max() < SPACING


def test_a_sheet_gets_a_thickness() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
    fixed = repair(vertices, np.array([[0, 1, 2], [0, 2, 3]]), resolution=RESOLUTION)
    _check(fixed)
    assert fixed.how == "shelled"
    extent = 1 + 2 * SPACING  # a spacing on either side
    assert np.ptp(fixed.vertices, axis=0) == pytest.approx((1, 1, 2 * SPACING / extent), abs=0.2 * SPACING)


def test_an_open_box_keeps_its_inside_open() -> None:
    mesh = _box()
    lid = np.asarray(mesh.face_normals)[:, 1] > 0.5
    fixed = repair(mesh.vertices, np.asarray(mesh.faces)[~lid], resolution=RESOLUTION)
    _check(fixed)
    assert fixed.how == "shelled"
    inside = signed_distance(np.array([[0, 0.1, 0], [0, -0.5 + 0.5 * SPACING, 0]]), fixed.vertices, fixed.faces)
    assert inside[0] > 0.3 and inside[1] < 0


def test_an_open_underside_is_closed() -> None:
    mesh = _box()
    fixed = repair(mesh.vertices, np.asarray(mesh.faces)[np.asarray(mesh.face_normals)[:, 1] > -0.5], resolution=64)
    _check(fixed)
    assert fixed.how == "remeshed" and _volume(fixed.vertices, fixed.faces) > 0.75


def test_a_hollow_behind_sheets_is_filled() -> None:
    # Two closed skins that meet in a line of edges used four times: no solid to unite, and nothing inside to see.
    mesh = _box()
    fin = np.array([[0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [1.5, 0, 0.5]])
    vertices = np.concatenate([mesh.vertices, fin])
    faces = np.concatenate([mesh.faces, [[8, 9, 10]]])
    fixed = repair(vertices, faces, resolution=RESOLUTION)
    _check(fixed)
    middle = (np.zeros((1, 3)) - fixed.center) * fixed.scale
    assert signed_distance(middle, fixed.vertices, fixed.faces)[0] < -0.2


@pytest.mark.parametrize(
    ("vertices", "faces", "message"),
    [
        (np.full((3, 3), np.nan), [[0, 1, 2]], "no face has finite corners"),
        (np.ones((3, 3)), [[0, 1, 2]], "coincide"),
        (np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0.0]]), [[0, 1, 2]], "no face has an area"),
    ],
)
def test_what_has_no_surface_is_refused(vertices: NDArray[np.float64], faces: list[list[int]], message: str) -> None:
    with pytest.raises(MeshError, match=message):
        repair(vertices, np.array(faces))


def test_faces_with_corners_at_infinity_are_left_out() -> None:
    mesh = _box()
    vertices = np.concatenate([mesh.vertices, [[np.inf, 0, 0]]])
    fixed = repair(vertices, np.concatenate([mesh.faces, [[0, 1, 8]]]))
    assert fixed.how == "kept" and fixed.notes["not_finite"] == 1
