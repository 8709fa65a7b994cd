# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Cars: lofted bodies with a glazed cabin, wheels and fittings, in metres; the ground is y = 0 and the nose points to +z."""

from __future__ import annotations

from typing import Any

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.draw import draw_kind
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    curve,
    cylinder,
    ellipsoid,
    extrude,
    grow,
    loft,
    revolve,
    superellipse,
    union,
)

# Ranges in metres. Stations along the car are measured from the nose (front_axle, cowl, windshield = its run along z)
# or from the tail (rear_axle, back = where the rear window meets the deck, rear_window = its run), so that a longer car
# gains its length in the middle. edge is the exponent of the body's cross-section: 3 is soft, 9 a box.
_COMMON: dict[str, tuple[float, float]] = {
    "length": (4.2, 5.0),
    "width": (1.74, 1.92),
    "height": (1.40, 1.52),
    "clearance": (0.15, 0.22),
    "wheel": (0.30, 0.35),
    "front_axle": (0.76, 0.95),
    "rear_axle": (0.85, 1.15),
    "nose": (0.60, 0.74),
    "cowl_height": (0.90, 1.00),
    "deck": (0.92, 1.06),
    "cowl": (1.15, 1.45),
    "windshield": (0.55, 0.85),
    "back": (0.45, 0.80),
    "rear_window": (0.45, 0.80),
    "tumble": (0.10, 0.20),
    "crown": (0.06, 0.12),
    "edge": (3.5, 7.0),
    "flare": (0.0, 0.03),
    "fender": (0.0, 0.03),
    "nose_round": (0.2, 0.7),
    "tail_round": (0.15, 0.5),
}

_STYLES: dict[str, dict[str, tuple[float, float]]] = {
    "sedan": {},
    "boxy": {
        "edge": (9.0, 14.0),
        "nose": (0.74, 0.82),
        "cowl_height": (0.88, 0.96),
        "deck": (0.86, 0.94),
        "windshield": (0.40, 0.60),
        "rear_window": (0.30, 0.55),
        "back": (0.85, 1.15),
        "nose_round": (0.06, 0.2),
        "tail_round": (0.06, 0.2),
        "length": (4.4, 5.5),
        "flare": (0.0, 0.0),
        "fender": (0.0, 0.0),
    },
    "limousine": {"length": (6.2, 8.4), "rear_axle": (1.0, 1.3), "back": (0.7, 1.1)},
    "hatchback": {
        "length": (3.5, 4.3),
        "height": (1.42, 1.56),
        "front_axle": (0.68, 0.82),
        "rear_axle": (0.58, 0.75),
        "cowl": (0.85, 1.15),
        "back": (0.04, 0.14),
        "rear_window": (0.30, 0.75),
        "deck": (0.98, 1.08),
    },
    "wagon": {
        "length": (4.4, 5.0),
        "back": (0.03, 0.10),
        "rear_window": (0.15, 0.50),
        "deck": (0.96, 1.06),
    },
    "suv": {
        "length": (4.2, 5.1),
        "width": (1.84, 2.02),
        "height": (1.64, 1.95),
        "clearance": (0.22, 0.32),
        "wheel": (0.36, 0.42),
        "nose": (0.86, 1.05),
        "cowl_height": (1.08, 1.22),
        "deck": (1.10, 1.25),
        "windshield": (0.40, 0.75),
        "back": (0.03, 0.12),
        "rear_window": (0.12, 0.45),
        "edge": (4.5, 9.0),
        "nose_round": (0.1, 0.4),
    },
    "pickup": {
        "length": (5.0, 5.9),
        "width": (1.84, 2.04),
        "height": (1.70, 1.95),
        "clearance": (0.26, 0.36),
        "wheel": (0.37, 0.43),
        "nose": (0.96, 1.10),
        "cowl_height": (1.14, 1.24),
        "deck": (1.10, 1.24),
        "rear_axle": (1.05, 1.30),
        "windshield": (0.45, 0.70),
        "back": (1.65, 2.30),
        "rear_window": (0.05, 0.20),
        "edge": (6.0, 11.0),
        "tail_round": (0.06, 0.12),
        "nose_round": (0.1, 0.3),
    },
    "van": {
        "length": (4.6, 6.0),
        "width": (1.84, 2.06),
        "height": (1.90, 2.55),
        "clearance": (0.18, 0.26),
        "wheel": (0.32, 0.36),
        "nose": (0.90, 1.05),
        "cowl_height": (1.15, 1.30),
        "deck": (1.15, 1.30),
        "cowl": (0.35, 0.90),
        "windshield": (0.45, 0.85),
        "back": (0.02, 0.05),
        "rear_window": (0.03, 0.12),
        "tumble": (0.04, 0.10),
        "edge": (6.0, 11.0),
        "front_axle": (0.80, 1.0),
        "rear_axle": (0.9, 1.2),
        "tail_round": (0.05, 0.15),
    },
    "minivan": {
        "length": (4.3, 5.1),
        "height": (1.60, 1.80),
        "nose": (0.74, 0.88),
        "cowl_height": (1.02, 1.12),
        "deck": (1.05, 1.15),
        "cowl": (0.75, 1.0),
        "windshield": (0.85, 1.15),
        "back": (0.03, 0.10),
        "rear_window": (0.15, 0.40),
    },
    "coupe": {
        "length": (4.1, 4.8),
        "height": (1.26, 1.38),
        "cowl_height": (0.84, 0.92),
        "deck": (0.86, 0.96),
        "cowl": (1.35, 1.65),
        "windshield": (0.70, 0.95),
        "back": (0.25, 0.60),
        "rear_window": (0.80, 1.30),
        "wheel": (0.32, 0.36),
        "clearance": (0.12, 0.17),
        "edge": (3.0, 5.0),
        "fender": (0.0, 0.06),
    },
    "sports": {
        "length": (4.1, 4.8),
        "width": (1.80, 2.0),
        "height": (1.12, 1.26),
        "nose": (0.46, 0.60),
        "cowl_height": (0.74, 0.84),
        "deck": (0.80, 0.94),
        "cowl": (1.15, 1.60),
        "windshield": (0.80, 1.15),
        "back": (0.15, 0.60),
        "rear_window": (0.90, 1.50),
        "wheel": (0.32, 0.38),
        "clearance": (0.10, 0.14),
        "edge": (2.8, 4.5),
        "fender": (0.03, 0.12),
        "flare": (0.01, 0.06),
        "tumble": (0.18, 0.28),
        "nose_round": (0.4, 1.0),
    },
}
_WEIGHTS = {
    "sedan": 5, "boxy": 3, "limousine": 2, "hatchback": 3, "wagon": 2, "suv": 3, "pickup": 2, "van": 2, "minivan": 1,
    "coupe": 3, "sports": 5,
}  # fmt: skip
TYPES = tuple(_WEIGHTS)


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random car; ``kind`` (one of ``TYPES``) fixes the structural type that is otherwise drawn."""
    kind = draw_kind(rng, _WEIGHTS, kind)
    return _production(rng, kind)


def _end(distance: NDArray[np.float64], radius: float, face: float, power: float = 2.2) -> NDArray[np.float64]:
    """Scale of a section near an end: ``face`` at the end itself, 1 from ``radius`` on, along a quarter superellipse."""
    rest = np.clip(1 - distance / radius, 0, 1)
    return np.asarray(face + (1 - face) * (1 - rest**power) ** (1 / power))


def _body(p: dict[str, Any]) -> Manifold:
    """The body below the windows, lofted from nose to tail."""
    length, half = p["length"], p["width"] / 2
    ends = np.array([0, 0.006, 0.02, 0.05, 0.09, 0.15, 0.22, 0.32, 0.45])
    d = np.concatenate([ends, np.linspace(0.6, length - 0.6, 18), length - ends[::-1]])
    top = curve(
        d,
        [
            (0, p["nose"] - p["nose_drop"]),
            (0.10, p["nose"] - 0.25 * p["nose_drop"]),
            (0.45 * p["cowl"], p["nose"] + 0.62 * (p["cowl_height"] - p["nose"])),
            (p["cowl"], p["cowl_height"]),
            (length - p["back"] - 0.3, (p["cowl_height"] + 3 * p["deck"]) / 4),
            (length - 0.12, p["deck"]),
            (length, p["deck"] - p["tail_drop"]),
        ],
    )
    low = p["clearance"]
    bottom = curve(d, [(0, low + 0.07), (0.5, low), (length - 0.7, low), (length, low + p["tail_rise"])])
    wide = half * _end(d, p["nose_round"] + 0.3, p["nose_face"], 2.0) * _end(length - d, p["tail_round"] + 0.3, p["tail_face"], 2.0)
    tall = _end(d, 0.35 * p["nose_round"] + 0.03, 0.6) * _end(length - d, 0.35 * p["tail_round"] + 0.03, 0.7)
    # the wings must clear the wheels however low the bonnet is
    fender = max(p["fender"], 2.0 * p["wheel"] * 1.1 + 0.06 - float(np.interp(p["front_axle"], d, top)))
    axle_f = np.exp(-(((d - p["front_axle"]) / 0.45) ** 2))
    axle_r = np.exp(-(((length - d - p["rear_axle"]) / 0.5) ** 2))
    rings = []
    unit = superellipse(1, 1, p["edge"], 44)
    upper = unit[:, 1] > 0
    for k in range(len(d)):
        middle = bottom[k] + p["waist"] * (top[k] - bottom[k])
        x = unit[:, 0] * wide[k] * (1 + p["flare"] * (axle_f[k] + axle_r[k]))
        # above the waist the sides lean in, below they tuck under
        x = x * (1 - np.where(upper, p["lean"], p["tuck"]) * np.abs(unit[:, 1]) ** 2)
        y = np.where(upper, (top[k] - middle) * unit[:, 1], (middle - bottom[k]) * unit[:, 1]) * tall[k] + middle
        bump = fender * (axle_f[k] + p["haunch"] * axle_r[k]) * np.exp(-(((np.abs(unit[:, 0]) - 0.75) / 0.25) ** 2))
        y = y + np.where(upper, bump * tall[k], 0)
        z = np.full_like(x, length / 2 - d[k])
        rings.append(np.stack([x, y, z], 1))
    return loft(rings)


def _cabin(p: dict[str, Any], inset: float = 0.0) -> Manifold:
    """The glazed cabin: plan rings stacked from below the belt up to a domed roof, ``inset`` metres inside its surface."""
    rings = []
    unit = superellipse(1, 1, p["cabin_edge"], 48)
    levels = [(-0.35, 1.0), *[(t, 1.0) for t in (0, 0.3, 0.6, 0.85, 1.0)]]
    levels += [(1.0, s) for s in (0.985, 0.95, 0.88, 0.75, 0.5, 0.2)]
    for t, shrink in levels:
        front, rear, half, y = _cabin_at(p, t)
        half, length = (half - inset) * shrink, ((front - rear) / 2 - inset) * shrink
        dome = p["crown"] * (1 - shrink**2.4) ** (1 / 2.0)
        bow = p["bow"] * (1 - t * 0.4) * unit[:, 0] ** 2 * np.sign(unit[:, 1]) * shrink
        slope = p["roof_slope"] * unit[:, 1] * length if t >= 1 else 0.0
        z = (front + rear) / 2 + length * unit[:, 1] - bow
        rings.append(np.stack([half * unit[:, 0], np.full(48, y + dome - inset * (t >= 1)) + slope, z], 1))
    return loft(rings)


def _cabin_at(p: dict[str, Any], t: float) -> tuple[float, float, float, float]:
    """Front z, rear z, half width and height of the cabin at ``t``: 0 at the belt, 1 where the roof's dome begins."""
    length = p["length"]
    front = length / 2 - p["cowl"] - p["windshield"] * t
    rear = -length / 2 + p["back"] + p["rear_window"] * max(t, 0.0) ** p["rear_bend"]
    half = p["width"] / 2 * (p["shoulder"] - p["tumble"] * max(t, 0) ** 1.2)
    belt = min(p["cowl_height"], p["deck"]) - 0.02
    return front, rear, half, belt + (p["height"] - p["crown"] - belt) * t


def _largest(solid: Manifold) -> Manifold:
    """The largest piece: cutting windows may leave loose slivers at the corners."""
    return max(solid.decompose(), key=lambda piece: piece.volume())


def _windows(p: dict[str, Any]) -> Manifold:
    """What to cut from the cabin's painted skin so that the glass shows: side windows, windshield and rear window."""
    low, high = p["sill"], 1.0 - p["roof_rim"]
    (_, _, h0, y0), (f1, r1, h1, y1) = _cabin_at(p, low), _cabin_at(p, high)
    ts = np.linspace(low, high, 5)
    rows = [_cabin_at(p, t) for t in ts]
    a, c = p["a_pillar"], p["c_pillar"]
    front = [(r[0] - a, r[3]) for r in rows]
    rear = [(r[1] + c, r[3]) for r in rows]
    cuts = [extrude(front + rear[::-1], p["width"] * 1.2, "x")]
    gap = p["b_pillar"]
    span = f1 - a - r1 - c
    for i in range(1, p["side_windows"]):
        z = f1 - a - span * i / p["side_windows"] + (0.0 if p["side_windows"] > 2 else p["b_shift"])
        cuts[0] = cuts[0] - box((p["width"] * 1.2, y1 - y0 + 0.2, gap), (0, (y0 + y1) / 2, z))
    if p["panel_sides"] > 0:  # a delivery van has no windows behind the front doors
        cuts[0] = cuts[0] - box((3, 4, 20), (0, (y0 + y1) / 2, f1 - a - p["panel_sides"] - 10))
    rim = p["screen_rim"]
    screen = [(-h0 + rim, y0), (h0 - rim, y0), (h1 - rim, y1), (-h1 + rim, y1)]
    deep = max(p["bow"] * 1.5, 0.1)
    cuts.append(extrude(screen, 6, "z", f1 - deep + 3))
    if p["rear_glass"]:
        lift = (y1 - y0) * p["rear_sill"]
        screen = [(-h0 + rim, y0 + lift), (h0 - rim, y0 + lift), (h1 - rim, y1), (-h1 + rim, y1)]
        cuts.append(extrude(screen, 6, "z", r1 + deep - 3))
    return union(cuts)


def _wheel(p: dict[str, Any], radius: float, width: float) -> list[tuple[Manifold, str]]:
    """A wheel about the x axis at the origin, its outer face at x = width / 2."""
    rim, bead = radius * p["rim"], 0.12 * width
    tyre = revolve(
        [
            (0, -width / 2 + bead),
            (rim, -width / 2),
            (radius - bead, -width / 2),
            (radius, -width / 2 + bead),
            (radius, width / 2 - bead),
            (radius - bead, width / 2),
            (rim, width / 2),
            (rim * 0.96, width / 2 - p["dish"]),
            (0, width / 2 - p["dish"]),
        ],
        28,
    ).rotate((0, 0, -90))
    face = width / 2 - 0.4 * p["dish"]
    spokes = [cylinder((0, 0, 0), (face, 0, 0), 0.28 * rim, 0.22 * rim, 12)]
    for i in range(p["spokes"]):
        a = 2 * np.pi * (i + 0.25) / p["spokes"]
        tip = (face - 0.015, rim * 1.02 * np.sin(a), rim * 1.02 * np.cos(a))
        spokes.append(bar((face - 0.03, 0, 0), tip, p["spoke_width"] * rim * 1.3, p["spoke_width"] * rim))
    return [(tyre, "rubber"), (union(spokes), "metal")]


def _add_wheels(shape: Shape, p: dict[str, Any]) -> None:
    """Four wheels on two axles that run through the body."""
    for z, r in ((p["length"] / 2 - p["front_axle"], p["wheel"]), (-p["length"] / 2 + p["rear_axle"], p["wheel"] * p["stagger"])):
        x = p["width"] / 2 + p["poke"] - p["tyre"] / 2
        for solid, material in _wheel(p, r, p["tyre"]):
            shape.add_mirrored(solid.translate((x, r, z)), material)
        shape.add(cylinder((-x, r, z), (x, r, z), 0.3 * r, None, 12), "metal")


def _arches(p: dict[str, Any], gap: float = 1.13) -> Manifold:
    """The space that the wheels need in the body."""
    cuts = []
    for z, r in ((p["length"] / 2 - p["front_axle"], p["wheel"]), (-p["length"] / 2 + p["rear_axle"], p["wheel"] * p["stagger"])):
        inner = p["width"] / 2 + p["poke"] - p["tyre"] - 0.03
        arch = cylinder((inner, r, z), (p["width"], r, z), r * gap, None, 36)
        if p["square_arches"]:
            arch = arch + box((p["width"], r * gap * 1.6, r * gap * 1.7), (inner + p["width"] / 2, r * gap * 0.7, z))
        cuts += [arch, arch.mirror((1, 0, 0))]
    return union(cuts)


def _production(rng: np.random.Generator, kind: str) -> Shape:
    """A car with an all-round body: the styles of ``_STYLES``."""
    p: dict[str, Any] = {"type": kind}
    style = _STYLES[kind if kind in _STYLES else "sedan"]
    for key, default in _COMMON.items():
        p[key] = float(rng.uniform(*style.get(key, default)))

    def u(key: str, low: float, high: float) -> None:
        p[key] = float(rng.uniform(low, high))

    u("nose_drop", 0.02, 0.12)
    u("tail_drop", 0.0, 0.08)
    u("tail_rise", 0.05, 0.18)
    u("nose_face", 0.72, 0.95)
    u("tail_face", 0.78, 0.95)
    u("waist", 0.42, 0.62)
    u("lean", 0.0, 0.06)
    u("tuck", 0.0, 0.05)
    u("haunch", 0.5, 1.3)
    u("bow", 0.05, 0.20)
    u("cabin_edge", 5.0, 8.0)
    u("roof_slope", -0.01, 0.03)
    u("rear_bend", 1.0, 1.5)
    p["shoulder"] = float(rng.uniform(0.90, 0.95)) - 0.02 * (p["edge"] < 4)
    u("sill", 0.06, 0.14)
    u("roof_rim", 0.03, 0.10)
    u("a_pillar", 0.10, 0.2)
    u("b_pillar", 0.05, 0.09)
    u("c_pillar", 0.12, 0.4)
    u("b_shift", -0.1, 0.1)
    u("screen_rim", 0.04, 0.08)
    u("rear_sill", 0.0, 0.3)
    u("rim", 0.6, 0.74)
    u("dish", 0.02, 0.06)
    u("spoke_width", 0.12, 0.3)
    u("tyre", 0.19, 0.26)
    u("poke", -0.03, 0.01)
    p["spokes"] = int(rng.integers(4, 11))
    p["stagger"] = float(rng.uniform(1.0, 1.08)) if kind == "sports" else 1.0
    p["square_arches"] = False
    p["side_windows"] = {"coupe": 1, "sports": 1, "pickup": int(rng.integers(1, 3)), "limousine": int(rng.integers(4, 7))}.get(
        kind, int(rng.integers(2, 4))
    )
    p["panel_sides"] = float(rng.uniform(0.7, 1.1)) if kind == "van" and rng.random() < 0.5 else 0.0
    p["rear_glass"] = True

    shape = Shape(params=p)
    arches = _arches(p)
    body = _body(p)
    shell = body - arches
    if kind == "pickup":
        shell = shell - box((p["width"] - 0.26, 0.6, p["back"] - 0.16), (0, p["deck"] - 0.15, -p["length"] / 2 + p["back"] / 2 - 0.02))
    cabin, glass = _cabin(p) - arches, _cabin(p, 0.022) - arches
    shape.add(shell, "paint")
    shape.add(_largest(cabin - _windows(p)), "paint")
    shape.add(glass, "glass")
    _add_wheels(shape, p)
    _add_fittings(shape, p, rng, body, arches)
    return shape


def _add_fittings(shape: Shape, p: dict[str, Any], rng: np.random.Generator, body: Manifold, arches: Manifold) -> None:
    """Lamps, grille, bumpers, mirrors and what else sits on the body's surface."""
    half, length = p["width"] / 2, p["length"]
    skin = grow(body, (0.012, 0.012, 0.015))
    front = box((4, 4, 0.9), (0, 0, length / 2 - 0.3))
    rear = box((4, 4, 0.7), (0, 0, -length / 2 + 0.2))
    y = p["nose"] - p["nose_drop"] - float(rng.uniform(0.04, 0.12))
    w, h = float(rng.uniform(0.12, 0.22)), float(rng.uniform(0.05, 0.11))
    lamp = superellipse(w, h, float(rng.uniform(2, 6)), 20) + (half * p["nose_face"] - w * 0.9, y)
    shape.add_mirrored(extrude(lamp, 1.2, "z", length / 2 - 0.4) ^ skin, "light")
    grille = superellipse(float(rng.uniform(0.25, 0.5)), float(rng.uniform(0.05, 0.13)), 6, 20) + (0, y - 0.05)
    shape.add(extrude(grille, 0.6, "z", length / 2 - 0.1) ^ skin, "plastic")
    y = p["deck"] - p["tail_drop"] - float(rng.uniform(0.1, 0.25))
    lamp = superellipse(w, h, float(rng.uniform(2, 8)), 20) + (half * p["tail_face"] - w * 0.9, y)
    shape.add_mirrored(extrude(lamp, 0.8, "z", -length / 2 + 0.2) ^ skin, "light")
    bumper = box((4, float(rng.uniform(0.08, 0.2)), length * 2), (0, p["clearance"] + float(rng.uniform(0.2, 0.3)), 0))
    material = str(rng.choice(["paint", "plastic", "metal"]))
    wrap = (grow(body, (0.03, 0.0, 0.05)) ^ bumper) - arches
    shape.add(wrap ^ front, material)
    shape.add(wrap ^ rear, material)
    f, _, h0, y0 = _cabin_at(p, 0.15)
    z = f - 0.25
    mirror = ellipsoid((0.11, 0.075, 0.06), (half + 0.05, y0 + 0.06, z), 12)
    shape.add_mirrored(mirror + bar((h0 - 0.3, y0 - 0.03, z), (half + 0.05, y0 + 0.05, z), 0.05), "paint")
