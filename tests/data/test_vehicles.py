# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The airplane, car and vessel families: every structural type is one watertight body, deterministic and varied."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("manifold3d")

from shape_timing import build_seconds

from list_fast.data.shapes import airplane, car, vessel
from list_fast.data.shapes.draw import draw_kind
from list_fast.data.shapes.parts import Shape, curve, grow, rounded_box, superellipse, union

FAMILIES = {"airplane": airplane, "car": car, "vessel": vessel}
CASES = [(name, kind) for name, module in FAMILIES.items() for kind in module.TYPES]


def _vertices(shape: Shape, material: str | None = None) -> np.ndarray:
    solids = [part.solid for part in shape.parts if material in (None, part.material)]
    return np.concatenate([np.asarray(solid.to_mesh().vert_properties)[:, :3] for solid in solids])


@pytest.mark.parametrize("name, kind", CASES)
@pytest.mark.parametrize("seed", [0, 1])
def test_each_type_is_one_watertight_body(name: str, kind: str, seed: int) -> None:
    shape = FAMILIES[name].make(np.random.default_rng(seed), kind)
    assert shape.params["type"] == kind
    assert len(shape.params) >= 15
    for part in shape.parts:
        assert part.solid.volume() > 0, f"an empty {part.material} part"
    body = union([part.solid for part in shape.parts])
    volumes = np.array([piece.volume() for piece in body.decompose()])
    low, high = np.asarray(body.bounding_box()).reshape(2, 3)
    assert body.volume() > 1e-4 * np.prod(high - low)
    # rounding leaves specks, and parts that close round a pocket leave a cavity: both must stay negligible
    assert np.sum(volumes > 1e-7 * body.volume()) == 1, volumes
    assert -np.sum(volumes[volumes < 0]) < 1e-5 * body.volume(), volumes
    faces = np.asarray(body.to_mesh().tri_verts).astype(np.int64)
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    base = faces.max() + 1
    forward, backward = edges @ (base, 1), edges @ (1, base)
    assert len(np.unique(forward)) == len(forward), "an edge is used twice in one direction"
    assert np.array_equal(np.sort(forward), np.sort(backward)), "an edge has no opposite: the body is open"


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_seed_gives_the_same_shape_and_another_seed_another(name: str) -> None:
    make = FAMILIES[name].make
    first, again, other = (make(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert first.params == again.params
    assert np.array_equal(_vertices(first), _vertices(again))
    assert first.params != other.params


@pytest.mark.parametrize("name", FAMILIES)
def test_every_type_occurs(name: str) -> None:
    module = FAMILIES[name]
    seen = {draw_kind(np.random.default_rng(seed), module._WEIGHTS) for seed in range(400)}
    assert seen == set(module.TYPES)
    assert {module.make(np.random.default_rng(seed)).params["type"] for seed in range(12)} == {
        draw_kind(np.random.default_rng(seed), module._WEIGHTS) for seed in range(12)
    }


@pytest.mark.parametrize("name", FAMILIES)
def test_an_unknown_type_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="hovercraft"):
        FAMILIES[name].make(np.random.default_rng(0), "hovercraft")


@pytest.mark.parametrize("name, kind", CASES)
def test_the_front_points_to_positive_z(name: str, kind: str) -> None:
    """The hood is lower than the roof, the fin stands at the back, the bow is slimmer than the hull amidships."""
    # propellers may reach higher than the fin
    points = _vertices(FAMILIES[name].make(np.random.default_rng(3), kind), "paint" if name == "airplane" else None)
    low, size = points.min(0), np.ptp(points, axis=0)
    x, y, z = ((points - low) / size).T  # 0 to 1 in the bounding box
    if name == "airplane":
        assert max(size[0], size[2]) > 1.5 * size[1]
        if kind not in ("biplane", "stealth"):
            assert z[y.argmax()] < 0.4
    elif name == "car":
        assert size[2] > 1.4 * max(size[0], size[1])
        assert y[z > 0.93].max() < 0.85
    else:
        assert size[2] > 1.4 * size[0]
        if kind not in ("barge", "catamaran", "tall_ship"):
            assert np.ptp(x[z > 0.97]) < 0.6


@pytest.mark.parametrize("name", FAMILIES)
def test_a_shape_is_quick_to_build(name: str) -> None:
    assert min(build_seconds(FAMILIES[name], 6) for _ in range(2)) < 0.15  # about 0.05 s or less on a quiet core


def test_curve_passes_its_knots_and_never_overshoots() -> None:
    knots = np.array([(0, 0.0), (1, 1.0), (2, 1.0), (4, -1.0), (5, 3.0)])
    assert np.allclose(curve(knots[:, 0], knots), knots[:, 1])
    fine = curve(np.linspace(-1, 6, 701), knots)
    assert fine.min() >= -1.0 and fine.max() <= 3.0
    flat = curve(np.linspace(1, 2, 50), knots)
    assert np.allclose(flat, 1.0)


def test_superellipse_is_an_ellipse_at_two_and_fills_its_box_as_the_exponent_grows() -> None:
    ring = superellipse(2.0, 1.0, 2.0, 64)
    assert np.allclose((ring[:, 0] / 2) ** 2 + ring[:, 1] ** 2, 1)

    def area(r: np.ndarray) -> float:
        return 0.5 * float(np.sum(r[:, 0] * np.roll(r[:, 1], -1) - np.roll(r[:, 0], -1) * r[:, 1]))

    assert np.isclose(area(ring), 2 * np.pi, rtol=2e-2)
    assert 7.5 < area(superellipse(2.0, 1.0, 12.0, 256)) < 8.0


def test_grow_adds_its_margin_on_every_side() -> None:
    solid = rounded_box((1, 2, 3), (4, 5, 6), 0.1)
    low, high = np.asarray(solid.bounding_box()).reshape(2, 3)
    grown = np.asarray(grow(solid, (0.1, 0.0, 0.3)).bounding_box()).reshape(2, 3)
    assert np.allclose(grown, np.stack([low, high]) + np.outer((-1, 1), (0.1, 0, 0.3)), atol=1e-5)
