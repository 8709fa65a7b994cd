# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Reading mesh files of others: polygons, colors, formats, files that are broken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("manifold3d")

import trimesh

from list_fast.data.mesh_files import MeshError, Piece, ear_clip, read_pieces, triangulate_obj
from list_fast.data.pieces import linear, piece_drawable, smooth_normals

CORNER = np.array([[0, 0, 0], [2, 0, 0], [2, 1, 0], [1, 1, 0], [1, 2, 0], [0, 2, 0]], float)


def _area(corners: np.ndarray, triangles: list[tuple[int, int, int]]) -> np.ndarray:
    a, b, c = (corners[[t[k] for t in triangles]] for k in range(3))
    return np.cross(b - a, c - a) / 2


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("tilt", [0.0, 1.1])
def test_polygons_that_are_not_convex_are_cut_inside(turn: int, tilt: float) -> None:
    spin = trimesh.transformations.rotation_matrix(tilt, (1, 2, 3))[:3, :3]
    corners = (CORNER @ spin.T + 5)[::turn]
    triangles, convex = ear_clip(corners)
    areas = _area(corners, triangles)
    assert not convex and len(triangles) == 4
    # All turn the polygon's way, and together they have its area: none lies outside.
    np.testing.assert_allclose(areas.sum(0), turn * 3 * spin[:, 2], atol=1e-12)
    assert np.linalg.norm(areas, axis=1).sum() == pytest.approx(3)


def test_a_convex_polygon_is_a_fan() -> None:
    assert ear_clip(CORNER[[0, 1, 2, 5]]) == ([(0, 1, 2), (0, 2, 3)], True)


def test_an_obj_is_cut_line_by_line() -> None:
    text = "\n".join(f"v {x} {y} {z}" for x, y, z in CORNER)
    out, count = triangulate_obj(text + "\nusemtl a\nf 1/1 2/2 3/3 4/4 5/5 6/6\nf -6//1 -5//1 -4//1\nf 1 2\n")
    assert count == 1 and "usemtl a" in out
    faces = [line for line in out.splitlines() if line.startswith("f ")]
    assert len(faces) == 5 and faces[-1] == "f -6//1 -5//1 -4//1"
    assert {word for line in faces[:4] for word in line.split()[1:]} == {f"{k}/{k}" for k in range(1, 7)}
    with pytest.raises(ValueError, match="not there"):
        triangulate_obj(text + "\nf 1 2 7\n")


def test_pieces_have_the_colors_of_their_materials(tmp_path: Path) -> None:
    (tmp_path / "m.mtl").write_text("newmtl red\nKd 1 0 0\nnewmtl blue\nKd 0 0 0.4\n")
    lines = ["mtllib m.mtl", *(f"v {x} {y} {z}" for x, y, z in CORNER)]
    lines += ["usemtl red", "f 1 2 3", "usemtl blue", "f 1 2 3 4 5 6"]
    (tmp_path / "a.obj").write_text("\n".join(lines))
    pieces, polygons = read_pieces(tmp_path / "a.obj")
    assert polygons == 1 and sorted(len(piece.faces) for piece in pieces) == [1, 4]
    colors = {len(piece.faces): piece.color for piece in pieces}
    np.testing.assert_allclose(colors[1], (1, 0, 0), atol=0.01)
    np.testing.assert_allclose(colors[4], (0, 0, 0.4), atol=0.01)


@pytest.mark.parametrize("suffix", ["glb", "ply", "stl", "off", "obj"])
def test_every_format_gives_the_same_surface(tmp_path: Path, suffix: str) -> None:
    mesh = trimesh.creation.box((1, 2, 3))
    if suffix in ("glb", "ply"):
        mesh.visual.vertex_colors = np.tile((255, 0, 51, 255), (len(mesh.vertices), 1))
    mesh.export(tmp_path / f"box.{suffix}")
    (piece,), _ = read_pieces(tmp_path / f"box.{suffix}")
    read = trimesh.Trimesh(piece.vertices, piece.faces)
    assert read.volume == pytest.approx(6) and read.is_watertight
    if suffix in ("glb", "ply"):
        np.testing.assert_allclose(piece.color, (1, 0, 0.2), atol=0.01)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.fbx", b"", "must end in one of"),
        ("a.glb", b"no glb", "a.glb cannot be read"),
        ("a.obj", b"v 0 0 0\nf 1 2 3\n", "not there"),
        ("a.obj", b"v 0 0 0\n", "a.obj"),
        ("a.stl", b"", "a.stl"),
    ],
)
def test_files_that_cannot_be_used_are_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MeshError, match=message):
        read_pieces(tmp_path / name)


def test_smooth_normals_are_those_of_a_slow_loop() -> None:
    mesh = trimesh.creation.cylinder(1, 1, sections=16)
    faces, cross = np.asarray(mesh.faces), np.asarray(mesh.triangles_cross)
    unit = cross / np.linalg.norm(cross, axis=1, keepdims=True)
    expected = np.zeros((len(faces), 3, 3))
    for f, face in enumerate(faces):
        for k, vertex in enumerate(face):
            near = [g for g in range(len(faces)) if vertex in faces[g] and unit[f] @ unit[g] > np.cos(np.radians(40))]
            expected[f, k] = cross[near].sum(0) / np.linalg.norm(cross[near].sum(0))
    found = smooth_normals(faces, cross, len(mesh.vertices))
    np.testing.assert_allclose(found, expected, atol=1e-12)
    # The rim stays sharp: no normal leans between the side and the lid.
    assert np.isin(np.abs(found[..., 2]).round(6), (0, 1)).all()


def test_what_is_drawn_has_both_sides_and_no_degenerate_face() -> None:
    piece = Piece(CORNER, np.array([[0, 1, 2], [0, 1, 1]]), (1.0, 0.5, 0.0))
    item = piece_drawable([piece], np.array([1.0, 1.0, 0.0]), 0.5)
    assert item.faces.shape == (2, 3) and item.opaque == 2 and item.vertices.shape == (6, 9)
    np.testing.assert_allclose(item.vertices[item.faces[0], 3:6], [[0, 0, 1]] * 3)
    np.testing.assert_allclose(item.vertices[item.faces[1], 3:6], [[0, 0, -1]] * 3)
    corners = item.vertices[item.faces[1], :3]
    assert np.cross(corners[1] - corners[0], corners[2] - corners[0])[2] < 0
    np.testing.assert_allclose(item.groups[0][0].color, linear((1.0, 0.5, 0.0)))
    assert linear((0.5, 0.0, 1.0)) == pytest.approx((0.2140, 0, 1), abs=1e-4)
    with pytest.raises(ValueError, match="pieces"):
        piece_drawable([Piece(CORNER, np.array([[0, 1, 1]]), (0, 0, 0))], np.zeros(3), 1.0)
