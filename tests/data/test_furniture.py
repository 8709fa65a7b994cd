# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The furniture families: closed connected bodies, their variety, their proportions and which way they face."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest
from manifold3d import Manifold

from list_fast.data.shapes.draw import draw_kind
from list_fast.data.shapes.fittings import LEGS, handle, leg, shade_shell
from list_fast.data.shapes.lamp_parts import SHADES
from list_fast.data.shapes.parts import (
    MATERIALS,
    Shape,
    fill_cavities,
    smooth_curve,
    strip,
    superellipsoid,
    sweep,
    turned,
)
from list_fast.data.shapes.parts import box as box_solid
from list_fast.data.shapes.parts import union as unite_solids

FAMILIES = ("sofa", "bench", "cabinet", "lamp", "display")
SEEDS = range(24)


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> ModuleType:
    return import_module(f"list_fast.data.shapes.{request.param}")


@pytest.fixture(scope="module")
def shapes(family: ModuleType) -> list[Shape]:
    return [family.make(np.random.default_rng([11, seed])) for seed in SEEDS]


@pytest.fixture(scope="module")
def bodies(shapes: list[Shape]) -> list[Manifold]:
    return [_union(shape) for shape in shapes]


def _union(shape: Shape) -> Manifold:
    return unite_solids([part.solid for part in shape.parts])


def _of_type(family: ModuleType, kind: str, accept: Callable[[Shape], bool] = lambda shape: True) -> Shape:
    for seed in range(100):
        shape: Shape = family.make(np.random.default_rng([13, seed]), kind)
        if accept(shape):
            return shape
    raise AssertionError(f"no {kind} that fits in 100 draws")


def test_each_shape_is_one_closed_body(shapes: list[Shape], bodies: list[Manifold]) -> None:
    for seed, shape, body in zip(SEEDS, shapes, bodies, strict=True):
        assert body.volume() > 0, seed
        # A hollow inside would be a component of its own, so one component also means no hidden cavity.
        assert len(body.decompose()) == 1, (seed, shape.params["type"])


def test_union_is_watertight(bodies: list[Manifold]) -> None:
    trimesh = pytest.importorskip("trimesh")
    for body in bodies[:6]:
        mesh = body.to_mesh64()
        surface = trimesh.Trimesh(mesh.vert_properties[:, :3], mesh.tri_verts, process=False)
        assert surface.is_watertight
        assert surface.is_winding_consistent


def test_parts_are_valid_solids(shapes: list[Shape]) -> None:
    for shape in shapes:
        for part in shape.parts:
            assert part.material in MATERIALS
            assert part.solid.volume() > 0, shape.params["type"]


def test_same_generator_state_gives_the_same_shape(family: ModuleType) -> None:
    first, second = (family.make(np.random.default_rng(5)) for _ in range(2))
    assert first.params == second.params
    for a, b in zip(first.parts, second.parts, strict=True):
        assert a.material == b.material
        np.testing.assert_array_equal(a.solid.to_mesh().vert_properties, b.solid.to_mesh().vert_properties)
        np.testing.assert_array_equal(a.solid.to_mesh().tri_verts, b.solid.to_mesh().tri_verts)


def test_each_shape_has_many_recorded_parameters(shapes: list[Shape]) -> None:
    for shape in shapes:
        assert len(shape.params) >= 15, shape.params["type"]
        assert all(isinstance(value, str | bool | int | float) for value in shape.params.values())


def test_no_two_shapes_are_alike(bodies: list[Manifold]) -> None:
    assert len({round(body.volume(), 9) for body in bodies}) == len(bodies)


def test_every_structural_type_occurs(family: ModuleType) -> None:
    kinds = {draw_kind(np.random.default_rng([17, seed]), family.TYPES) for seed in range(400)}
    assert kinds == set(family.TYPES)


def test_a_named_type_is_made_and_an_unknown_one_refused(family: ModuleType) -> None:
    kind = list(family.TYPES)[-1]
    assert family.make(np.random.default_rng(1), kind).params["type"] == kind
    with pytest.raises(ValueError, match="kind must be one of"):
        family.make(np.random.default_rng(1), "teapot")


@pytest.mark.parametrize("name", FAMILIES)
def test_each_structural_type_is_one_body(name: str) -> None:
    family = import_module(f"list_fast.data.shapes.{name}")
    for kind in family.TYPES:
        assert len(_union(_of_type(family, kind)).decompose()) == 1, kind


def test_parts_are_thick_enough_to_be_meshed(shapes: list[Shape], bodies: list[Manifold]) -> None:
    # V / A is half the thickness of a thin sheet and half the radius of a rod.
    for shape, body in zip(shapes, bodies, strict=True):
        low, high = np.split(np.asarray(body.bounding_box()), 2)
        extent = float((high - low).max())
        for part in shape.parts:
            if np.ptp(np.reshape(part.solid.bounding_box(), (2, 3)), axis=0).max() < 0.02 * extent:
                continue  # a button or the filling of a crevice
            assert part.solid.volume() / part.solid.surface_area() > 0.0014 * extent, shape.params["type"]


def test_sofa_back_is_behind_the_seat() -> None:
    sofa = import_module("list_fast.data.shapes.sofa")
    for kind in ("straight", "tuxedo", "armless"):
        body = _union(_of_type(sofa, kind))
        low, high = np.split(np.asarray(body.bounding_box()), 2)
        upper = body.trim_by_plane((0, 1, 0), float(low[1] + 0.85 * (high - low)[1]))
        rear = upper.trim_by_plane((0, 0, -1), -float(low[2] + high[2]) / 2)
        assert rear.volume() > 0.5 * upper.volume(), kind


def test_sectionals_come_in_both_hands() -> None:
    sofa = import_module("list_fast.data.shapes.sofa")
    centres = []
    for left in (False, True):
        shape = _of_type(
            sofa, "sectional", lambda s, left=left: s.params["left_handed"] is left and s.params["plan"] == "corner"
        )
        front = _union(shape)
        low, high = np.split(np.asarray(front.bounding_box()), 2)
        reach = front.trim_by_plane((0, 0, 1), float(low[2] + 0.75 * (high - low)[2])).bounding_box()
        centres.append((reach[0] + reach[3]) / 2 - float(low[0] + high[0]) / 2)
    assert centres[0] > 0.1
    assert centres[1] < -0.1


@pytest.mark.parametrize("kind", ["monitor", "tv_feet", "all_in_one", "wall", "crt"])
def test_screens_face_the_front(kind: str) -> None:
    display = import_module("list_fast.data.shapes.display")
    shape = _of_type(display, kind)
    screen = next(part.solid for part in shape.parts if part.material == "screen")
    body = _union(shape)
    x, y, z = (np.asarray(screen.bounding_box()).reshape(2, 3)).mean(0)
    # A ray from in front meets the object on the glass; one from behind does not.
    front = body.ray_cast((float(x), float(y), 10.0), (float(x), float(y), -10.0))
    edges = np.asarray(screen.bounding_box())
    assert edges[2] - 1e-6 <= front[0].position[2] <= edges[5] + 1e-6
    rear = body.ray_cast((float(x), float(y), -10.0), (float(x), float(y), 10.0))
    assert rear[0].position[2] < float(z)


def test_open_bookcase_is_mostly_air() -> None:
    cabinet = import_module("list_fast.data.shapes.cabinet")
    shape = _of_type(cabinet, "bookcase", lambda s: not s.params["low_doors"])
    body = _union(shape)
    low, high = np.split(np.asarray(body.bounding_box()), 2)
    assert body.volume() < 0.45 * float(np.prod(high - low))


def test_shade_is_open_at_both_ends() -> None:
    for form in SHADES:
        shell = shade_shell(form, 0.3, 0.6, 0.4, 0.015)
        assert shell.genus() == 1, form
        assert shell.volume() < 0.3 * np.pi * 0.3**2 * 0.4, form


@pytest.mark.parametrize("style", sorted(LEGS))
def test_legs_stand_on_the_floor_and_reach_the_seat(style: str) -> None:
    low, high = np.split(np.asarray(leg(style, 0.4, -0.3, 0.2, 0.06, 0.02).bounding_box()), 2)
    assert abs(low[1]) < 0.012
    assert high[1] >= 0.2
    assert (low[0] + high[0]) / 2 > 0.35


def test_unknown_fittings_are_refused() -> None:
    with pytest.raises(ValueError, match="style must be one of"):
        leg("claw", 0.1, 0.1, 0.2, 0.05, 0.01)
    with pytest.raises(ValueError, match="style must be knob"):
        handle("latch", 0.0, 0.0, 0.0, 0.1, 0.01, True)


def test_superellipsoid_spans_its_radii_and_squares_its_outline() -> None:
    round_one, square = (superellipsoid((0.3, 0.1, 0.2), (1, 2, 3), around, 2.0, 48) for around in (2.0, 8.0))
    for solid in (round_one, square):
        np.testing.assert_allclose(solid.bounding_box(), (0.7, 1.9, 2.8, 1.3, 2.1, 3.2), atol=1e-3)
    sphere_volume = 4 / 3 * np.pi * 0.3 * 0.1 * 0.2
    np.testing.assert_allclose(round_one.volume(), sphere_volume, rtol=0.02)
    assert square.volume() > 1.2 * sphere_volume


def test_strip_keeps_its_thickness_around_a_bend() -> None:
    outline = strip([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)], 0.1)
    assert outline.shape == (6, 2)
    np.testing.assert_allclose(sorted(outline[[1, 4]].tolist()), [[0.95, 0.05], [1.05, -0.05]], atol=1e-12)


def test_smooth_curve_passes_through_its_control_points() -> None:
    points = np.random.default_rng(0).normal(size=(5, 3))
    curve = smooth_curve(points, 4)
    assert curve.shape == (17, 3)
    np.testing.assert_allclose(curve[::4], points, atol=1e-12)


def test_sweep_of_a_straight_path_is_a_cylinder() -> None:
    rod = sweep([(0, 0, 0), (0, 0.5, 0), (0, 1, 0)], 0.1, 64)
    np.testing.assert_allclose(rod.volume(), np.pi * 0.1**2, rtol=0.01)


def test_turned_solid_has_the_volume_of_its_frusta() -> None:
    cone = turned([(0.2, 0.0), (0.1, 0.6)], segments=96)
    np.testing.assert_allclose(cone.volume(), np.pi * 0.6 / 3 * (0.2**2 + 0.2 * 0.1 + 0.1**2), rtol=0.005)


def test_fill_cavities_closes_a_hollow() -> None:
    shape = Shape()
    shape.add(box_solid((1, 1, 1)) - box_solid((0.05, 0.04, 0.03)), "wood")
    assert len(_union(shape).decompose()) == 2
    fill_cavities(shape, "wood")
    body = _union(shape)
    assert len(body.decompose()) == 1
    np.testing.assert_allclose(body.volume(), 1.0, rtol=1e-6)
