# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The loudspeaker, rifle and telephone families: closed connected bodies, their variety and which way they face."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

pytest.importorskip("manifold3d")

from manifold3d import Manifold
from shape_timing import build_seconds

from list_fast.data.shapes.draw import draw_kind
from list_fast.data.shapes.loudspeaker_parts import FORMS, cabinet_solid, hoop
from list_fast.data.shapes.parts import MATERIALS, Shape, union
from list_fast.data.shapes.rifle_parts import plate
from list_fast.data.shapes.telephone_parts import coil, dial, handset

FAMILIES = {name: import_module(f"list_fast.data.shapes.{name}") for name in ("loudspeaker", "rifle", "telephone")}
CASES = [(name, kind) for name, module in FAMILIES.items() for kind in module.TYPES]
SEEDS = range(4)


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def shapes(request: pytest.FixtureRequest) -> list[Shape]:
    name, kind = request.param
    return [FAMILIES[name].make(np.random.default_rng([19, seed]), kind) for seed in SEEDS]


def _union(shape: Shape) -> Manifold:
    return union([part.solid for part in shape.parts])


def _bounds(solid: Manifold) -> np.ndarray:
    return np.asarray(solid.bounding_box()).reshape(2, 3)


def test_each_type_is_one_closed_body_of_valid_parts(shapes: list[Shape]) -> None:
    for shape in shapes:
        body = _union(shape)
        # A hollow inside would be a component of its own, so one component also means no hidden cavity.
        assert len(body.decompose()) == 1, shape.params
        mesh = body.to_mesh()
        faces = np.asarray(mesh.tri_verts).astype(np.int64)
        edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
        base = faces.max() + 1
        forward, backward = edges @ (base, 1), edges @ (1, base)
        assert len(np.unique(forward)) == len(forward), "an edge is used twice in one direction"
        assert np.array_equal(np.sort(forward), np.sort(backward)), "an edge has no opposite: the body is open"
        extent = float(np.ptp(_bounds(body), axis=0).max())
        for part in shape.parts:
            assert part.material in MATERIALS
            assert part.solid.volume() > 0, f"an empty {part.material} part"
            if np.ptp(_bounds(part.solid), axis=0).max() >= 0.02 * extent:  # less is a button or a screw
                # V / A is half the thickness of a thin sheet and half the radius of a rod.
                assert part.solid.volume() / part.solid.surface_area() > 0.0014 * extent, shape.params


def test_each_type_has_many_recorded_parameters_and_varies(shapes: list[Shape]) -> None:
    for shape in shapes:
        assert len(shape.params) >= 15
        assert all(isinstance(value, str | bool | int | float) for value in shape.params.values())
    assert len({round(_union(shape).volume(), 9) for shape in shapes}) == len(shapes)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_generator_state_gives_the_same_shape(name: str) -> None:
    first, again, other = (FAMILIES[name].make(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert first.params == again.params
    assert first.params != other.params
    for a, b in zip(first.parts, again.parts, strict=True):
        assert a.material == b.material
        np.testing.assert_array_equal(a.solid.to_mesh().vert_properties, b.solid.to_mesh().vert_properties)
        np.testing.assert_array_equal(a.solid.to_mesh().tri_verts, b.solid.to_mesh().tri_verts)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_type_occurs_and_an_unknown_one_is_refused(name: str) -> None:
    module = FAMILIES[name]
    assert {draw_kind(np.random.default_rng([17, seed]), module.TYPES) for seed in range(400)} == set(module.TYPES)
    kind = list(module.TYPES)[-1]
    assert module.make(np.random.default_rng(1), kind).params["type"] == kind
    with pytest.raises(ValueError, match="kind must be one of"):
        module.make(np.random.default_rng(1), "teapot")


@pytest.mark.parametrize("name", FAMILIES)
def test_a_shape_is_quick_to_build(name: str) -> None:
    assert min(build_seconds(FAMILIES[name], 6) for _ in range(2)) < 0.15  # about 0.02 s on a quiet core


@pytest.mark.parametrize("kind", list(FAMILIES["rifle"].TYPES))
@pytest.mark.parametrize("seed", [0, 1])
def test_rifles_lie_along_z_and_are_slimmer_towards_the_muzzle(kind: str, seed: int) -> None:
    shape = FAMILIES["rifle"].make(np.random.default_rng(seed), kind)
    body = _union(shape)
    low, high = _bounds(body)
    size = high - low
    assert size[2] > 1.3 * size[1] > 1.3 * size[0]
    muzzle = _bounds(body.trim_by_plane((0, 0, 1), float(high[2] - 0.02)))
    assert np.ptp(muzzle, axis=0)[:2].max() < 0.09
    # the bore lies on the z axis, and the butt and the grip hang below it
    assert muzzle[0, 1] > -0.07
    assert low[1] < -0.07


@pytest.mark.parametrize("kind", list(FAMILIES["rifle"].TYPES))
def test_trigger_guards_are_holes(kind: str) -> None:
    body = _union(FAMILIES["rifle"].make(np.random.default_rng(2), kind))
    assert body.genus() >= 1


@pytest.mark.parametrize("kind", ["candybar", "smartphone", "qwerty", "brick"])
def test_hand_held_telephones_stand_upright_with_the_screen_in_front(kind: str) -> None:
    shape = FAMILIES["telephone"].make(np.random.default_rng(3), kind)
    body = _union(shape)
    size = np.ptp(_bounds(body), axis=0)
    assert size[1] > 1.3 * max(size[0], size[2])
    screen = next(part.solid for part in shape.parts if part.material == "screen")
    (x, y, _), near = _bounds(screen).mean(0), _bounds(screen)[1, 2]
    hit = body.ray_cast((float(x), float(y), 10.0), (float(x), float(y), -10.0))[0].position[2]
    assert hit == pytest.approx(near, abs=0.02)
    assert near > _bounds(body).mean(0)[2]


@pytest.mark.parametrize("kind", ["bookshelf", "tower", "monitor"])
def test_cones_are_let_into_the_front_of_a_loudspeaker(kind: str) -> None:
    module = FAMILIES["loudspeaker"]
    for seed in range(40):
        shape = module.make(np.random.default_rng([23, seed]), kind)
        if shape.params.get("grille", "none") == "none" and not shape.params.get("raked"):
            break
    cones = [part.solid for part in shape.parts if part.material == "rubber"]  # their surrounds
    front = _bounds(_union(shape))[1, 2]
    surround = max(cones, key=lambda solid: solid.volume())
    x, y, _ = _bounds(surround).mean(0)
    hit = _union(shape).ray_cast((float(x), float(y), 10.0), (float(x), float(y), -10.0))[0].position[2]
    assert hit < front
    assert _bounds(surround)[1, 2] > 0.5 * front


@pytest.mark.parametrize("form", FORMS)
def test_cabinets_fill_their_size_and_have_a_flat_front(form: str) -> None:
    size = np.array([0.6, 1.0, 0.7])
    solid = cabinet_solid(form, tuple(size), 0.15, 0.7)
    low, high = _bounds(solid)
    np.testing.assert_allclose(high - low, size, atol=1e-4)
    np.testing.assert_allclose((low[1], high[2]), (0, 0.35), atol=1e-4)
    slice_ = solid.trim_by_plane((0, 0, 1), 0.35 - 1e-3)
    assert np.ptp(_bounds(slice_), axis=0)[:2].min() > 0.4


def test_hoop_and_dial_and_handset() -> None:
    assert hoop(1.0, 0.0, (0.1, 0.1)).genus() == 1
    plate_, wheel, hub = dial(0.2, 0.1)
    assert wheel.volume() < plate_.volume()
    assert len(union([plate_, wheel, hub]).decompose()) == 1
    for form in ("classic", "arch", "block", "slim"):
        solid = handset(form, 1.0, 0.2, 0.15)
        low, high = _bounds(solid)
        assert len(solid.decompose()) == 1, form
        assert high[1] - low[1] == pytest.approx(1.0, abs=0.12), form
        assert -low[2] > high[2], form  # the ends reach down, to -z


def test_coil_is_a_rod_of_its_wire() -> None:
    cord = coil([(0, 0, 0), (0.1, -0.3, 0), (0.3, -0.4, 0.1), (0.6, -0.4, 0)], 0.03, 0.008)
    assert cord.genus() == 0
    assert cord.volume() / cord.surface_area() == pytest.approx(0.004 * np.cos(np.pi / 6), rel=0.1)  # six sides


def test_plate_is_chamfered() -> None:
    solid = plate([(0, 0), (1, 0), (1, 1), (0, 1)], 0.4, 0.1)
    np.testing.assert_allclose(np.ptp(_bounds(solid), axis=0), (0.4, 1, 1), atol=1e-6)
    assert 0.85 * 0.4 < solid.volume() < 0.9 * 0.4
