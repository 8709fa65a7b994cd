# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The registry of families, normalisation, and the chair and table families."""

from __future__ import annotations

import igl
import numpy as np
import pytest
import trimesh

from list_fast.data.shapes import FAMILIES, Surface, build_shape, class_key, shape_mesh, shape_rng, unite
from list_fast.data.shapes.parts import Shape, box, union
from list_fast.data.shapes.sweeps import arc, closed_solid, sheet, sweep, thicken, tufted


@pytest.mark.parametrize("class_name", FAMILIES)
def test_mesh_is_closed_and_normalised(class_name: str) -> None:
    mesh = shape_mesh(class_name, 3, 5)
    low, high = mesh.vertices.min(0), mesh.vertices.max(0)
    np.testing.assert_allclose(low + high, 0, atol=1e-9)
    assert (high - low).max() == pytest.approx(1, abs=1e-9)
    assert mesh.is_watertight
    assert mesh.is_winding_consistent
    assert mesh.volume > 0


@pytest.mark.parametrize("class_name", ["chair", "table"])
def test_same_arguments_make_the_same_shape_and_others_do_not(class_name: str) -> None:
    first, again = (unite(build_shape(class_name, 1, 2)) for _ in range(2))
    np.testing.assert_array_equal(first.vertices, again.vertices)
    np.testing.assert_array_equal(first.faces, again.faces)
    for seed, index in ((2, 2), (1, 3)):
        other = unite(build_shape(class_name, seed, index))
        assert first.vertices.shape != other.vertices.shape or not np.array_equal(first.vertices, other.vertices)


@pytest.mark.parametrize(("class_name", "kinds"), [("chair", 10), ("table", 8)])
def test_variety_and_soundness(class_name: str, kinds: int) -> None:
    """Many structural types; every part solid; nearly every union in one piece; no part overlaps itself."""
    types, pieces, parameters = set(), [], set()
    for index in range(30):
        shape = build_shape(class_name, 11, index)
        types.add(shape.params["type"])
        parameters |= set(shape.params)
        assert all(part.solid.volume() > 0 for part in shape.parts if not part.solid.is_empty())
        surface = unite(shape)
        pieces.append(sum(piece.volume() > 1e-9 for piece in union([part.solid for part in shape.parts]).decompose()))
        if index % 6 == 0:
            points = np.random.default_rng(index).uniform(-0.5, 0.5, (400, 3))
            winding = igl.fast_winding_number(surface.vertices, surface.faces, points)
            assert np.abs(winding - np.round(winding)).max() < 0.3
            assert set(np.round(winding)) <= {0.0, 1.0}
    assert len(types) >= kinds
    assert len(parameters) >= 60
    assert np.mean(np.array(pieces) == 1) >= 0.93


def test_chairs_face_the_front() -> None:
    """The top of a chair is behind its middle."""
    tops = []
    for index in range(12):
        vertices = unite(build_shape("chair", 5, index)).vertices
        tops.append(float(vertices[vertices[:, 1] > vertices[:, 1].max() - 0.12][:, 2].mean()))
    assert np.mean(np.array(tops) < 0) > 0.8


def test_class_key_is_crc32() -> None:
    assert class_key("123456789") == 0xCBF43926  # the check value of CRC-32
    assert len({class_key(name) for name in FAMILIES}) == len(FAMILIES)


def test_streams_do_not_depend_on_each_other() -> None:
    draws = {tuple(shape_rng(name, seed, index).random(2)) for name in FAMILIES for seed in (0, 1) for index in (0, 1)}
    assert len(draws) == 4 * len(FAMILIES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sheep", 0, 0), "class_name must be one of .*'sheep'"),
        (("chair", -1, 0), "seed and index must be >= 0, got -1"),
    ],
)
def test_bad_arguments(arguments: tuple[str, int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_shape(*arguments)


def test_unite_refuses_nothing() -> None:
    with pytest.raises(ValueError, match="encloses a volume"):
        unite(Shape())


def test_unite_says_where_it_put_the_parts() -> None:
    shape = Shape()
    shape.add(box((2, 1, 1), (5, 0, 0)), "wood")
    shape.add(box((2, 1, 1), (6, 0, 0)), "metal")
    surface = unite(shape)
    assert isinstance(surface, Surface)
    np.testing.assert_allclose(surface.center, (5.5, 0, 0))
    assert surface.scale == pytest.approx(1 / 3)
    assert trimesh.Trimesh(surface.vertices, surface.faces).volume == pytest.approx(3 / 27)


def test_sweep_of_a_straight_bar_is_a_box() -> None:
    solid = sweep([(0, 0, 0), (0, 0, 2)], 0.5, 0.25, square=True)
    assert solid.volume() == pytest.approx(0.25, rel=1e-6)
    low, high = np.split(np.array(solid.bounding_box()), 2)
    np.testing.assert_allclose(high - low, (0.5, 0.25, 2), atol=1e-6)


def test_closed_sweep_is_a_ring() -> None:
    ring = sweep(arc((0, 0, 0), (1, 1), 0, 350, 36), 0.2, side=(0, 1, 0), closed=True, segments=32)
    assert ring.genus() == 1
    assert ring.volume() == pytest.approx(2 * np.pi * np.pi * 0.01, rel=0.03)


def test_sweep_follows_a_path_along_its_side() -> None:
    angle = np.linspace(0, np.pi, 40)
    path = np.stack([np.cos(angle), np.sin(angle), 0 * angle], 1)
    assert sweep(path, 0.1, side=(1, 0, 0), segments=24).volume() == pytest.approx(np.pi**2 * 0.0025, rel=0.03)


def test_sheets() -> None:
    x, z = np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 2, 5), indexing="ij")
    low, high = np.stack([x, 0 * x, z], -1), np.stack([x, 0 * x + 0.3, z], -1)
    assert sheet(low, high).volume() == pytest.approx(0.6, rel=1e-5)
    flat = thicken(lambda s, r: np.stack([s, r, 0 * s], -1), [-1, 1], [0, 1], 0.1)
    assert flat.volume() == pytest.approx(0.2, rel=1e-5)


def test_tufts_take_away_volume() -> None:
    plain, deep = (tufted((1, 0.2, 1), (0, 0, 0), 4, 4, depth).volume() for depth in (0.0, 0.05))
    assert 0.7 * plain < deep < 0.995 * plain


def test_closed_solid_refuses_an_open_mesh() -> None:
    with pytest.raises(ValueError, match="closed"):
        closed_solid(np.eye(3), np.array([[0, 1, 2]]))
