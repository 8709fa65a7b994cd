# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Airplanes: lofted fuselages and wings, engines, propellers and gear; the fuselage is about 1 long and its nose points to +z."""

from __future__ import annotations

from typing import Any

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike, NDArray

from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import (
    Shape,
    box,
    ellipsoid,
    extrude,
    grow,
    loft,
    revolve,
    superellipse,
    union,
)

_WEIGHTS = {
    "airliner": 6, "jumbo": 3, "rear_engine": 3, "turboprop": 2, "cargo": 1, "business": 2,
}  # fmt: skip
TYPES = tuple(_WEIGHTS)
_THIN = 0.011  # the least thickness of wings and fins


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random airplane; ``kind`` (one of ``TYPES``) fixes the structural type that is otherwise drawn."""
    kind = draw_kind(rng, _WEIGHTS, kind)
    return _FAMILIES.get(kind, _airliner)(Draw(rng, kind))


def _fuselage(length: float, radius: float, nose: float, tail: float, upsweep: float, *, height: float = 1.0, power: float = 2.0,
              tip: float = 0.12, droop: float = 0.3, edge: float = 2.0) -> Manifold:  # fmt: skip
    """Round body from z = length / 2 (nose) to -length / 2; ``nose`` and ``tail`` are the fractions of length that taper.

    The tail's axis rises by ``upsweep`` radii to a tip of ``tip`` radii; the nose's sinks by ``droop`` radii.
    """
    d = np.unique(np.concatenate([nose * np.array([0, 0.01, 0.04, 0.1, 0.2, 0.35, 0.55, 0.8, 1]), np.linspace(nose, 1 - tail, 5),
                                  1 - tail * np.linspace(1, 0, 9), [1 - tail * 0.04]]))  # fmt: skip
    front = np.clip(1 - d / nose, 0, 1)
    back = np.clip((d - (1 - tail)) / tail, 0, 1)
    scale = np.maximum((1 - front**power) ** 0.6, 0.04) * (1 - (1 - tip) * back**1.7)
    scale[-1] *= 0.5
    axis = radius * (upsweep * back**1.5 - droop * front**2)
    ring = superellipse(1, 1, edge, 28)
    return loft([np.c_[ring[:, 0] * radius * s, ring[:, 1] * radius * height * s + a, np.full(28, (0.5 - t) * length)]
                 for t, s, a in zip(d, scale, axis, strict=True)])  # fmt: skip


def _airfoil(chord: float, thickness: float) -> NDArray[np.float64]:
    """Section ring (n, 2) of (chordwise position from the leading edge, height): round nose, blunt thin trailing edge."""
    x = np.array([0, 0.02, 0.08, 0.2, 0.38, 0.6, 0.82, 1.0])
    y = np.array([0.05, 0.28, 0.44, 0.5, 0.5, 0.43, 0.32, 0.2]) * thickness
    return np.concatenate([np.c_[x * chord, y], np.c_[x[::-1] * chord, -y[::-1]]])


def _surface(stations: ArrayLike, upright: bool = False) -> Manifold:
    """Wing or fin through stations (n, 5) of leading-edge (x, y, z), chord and thickness, in spanwise order."""
    rings = []
    for x, y, z, chord, thickness in np.asarray(stations, float):
        section = _airfoil(chord, max(thickness, _THIN))
        along, up = z - section[:, 0], section[:, 1]
        flat = np.full(len(section), 0.0)
        rings.append(np.stack([x + up, y + flat, along] if upright else [x + flat, y + up, along], 1))
    return loft(rings)


def _wing(root: ArrayLike, span: float, chord: float, taper: float, sweep: float, dihedral: float, thickness: float = 0.11,
          kink: float = 0.0) -> Manifold:  # fmt: skip
    """Right half wing from the leading edge at ``root`` over ``span`` in x; ``sweep`` and ``dihedral`` are slopes of the leading edge.

    ``kink`` widens the chord towards the root over the inner third, as airliners have it.
    """
    x, y, z = np.asarray(root, float)
    rows = []
    for t in (0.0, 0.35, 0.97, 1.0):
        c = chord * (1 + (taper - 1) * t) * (0.75 if t == 1 else 1)
        c += chord * kink * max(0.0, 1 - t / 0.35)
        rows.append((x + span * t, y + dihedral * span * t, z - sweep * span * t - (0.1 * c if t == 1 else 0), c, c * thickness * (1 - 0.3 * t)))
    return _surface(rows)


def _fin(root: ArrayLike, height: float, chord: float, taper: float, sweep: float, thickness: float = 0.1) -> Manifold:
    """Upright surface from the leading edge at ``root`` over ``height`` in y."""
    x, y, z = np.asarray(root, float)
    rows = [(x, y + height * t, z - sweep * height * t, chord * (1 + (taper - 1) * t), chord * thickness * (1 - 0.4 * t)) for t in (0.0, 0.95)]
    last = chord * taper * 0.8
    return _surface([*rows, (x, y + height, z - sweep * height - 0.1 * last, last, 0.0)], upright=True)


def _nacelle(front: ArrayLike, length: float, radius: float) -> Manifold:
    """Turbofan nacelle along -z from its intake's centre ``front``: hollow intake with a spinner, tapering to the exhaust cone."""
    r, n = radius, length
    outer = [(0, -n * 1.12), (0.28 * r, -n * 1.02), (0.45 * r, -n * 0.95), (0.72 * r, -n * 0.92), (0.97 * r, -n * 0.5), (r, -n * 0.25),
             (0.97 * r, -n * 0.05), (0.9 * r, 0), (0.82 * r, -n * 0.05), (0.8 * r, -n * 0.25), (0.3 * r, -n * 0.25), (0, -n * 0.08)]  # fmt: skip
    return revolve(outer, 24).rotate((90, 0, 0)).translate(tuple(np.asarray(front, float)))


def _airliner(u: Draw) -> Shape:
    """Jet and propeller transports: engines under or on the wings or at the tail."""
    kind, shape = u.params["type"], Shape(params=u.params)
    radius = u("radius", *{"jumbo": (0.05, 0.058), "business": (0.05, 0.06), "turboprop": (0.05, 0.062), "cargo": (0.06, 0.075)}.get(kind, (0.038, 0.056)))
    body = _fuselage(1.0, radius, u("nose", 0.10, 0.16), u("tail", 0.28, 0.42), u("upsweep", 0.35, 0.7), height=u("height", 1.0, 1.12),
                     droop=u("droop", 0.15, 0.4), tip=u("tip", 0.1, 0.2))  # fmt: skip
    shape.add(body, "paint")
    high = kind in ("cargo",) or (kind == "turboprop" and u.flag("high_wing", 0.6))
    rear_engines = kind in ("rear_engine", "business")
    straight = kind == "turboprop"
    span = u("span", 0.40, 0.52)
    chord = u("chord", 0.13, 0.17) if not straight else u("chord", 0.10, 0.13)
    sweep = u("sweep", 0.0, 0.1) if straight else u("sweep", 0.4, 0.72)
    taper, dihedral = u("taper", 0.22, 0.4) if not straight else u("taper", 0.5, 0.8), u("dihedral", 0.03, 0.13) * (-0.5 if high else 1)
    kink = 0.0 if straight else u("kink", 0.2, 0.7)
    at = u("wing_at", 0.06, 0.14) - (0.10 if rear_engines else 0.0)
    y = radius * (0.85 if high else -0.6)
    wing = _wing((0, y, at + 0.3 * chord), span, chord, taper, sweep, dihedral, u("thickness", 0.10, 0.13), kink)
    shape.add_mirrored(wing, "paint")
    shape.add(ellipsoid((radius * 0.95, radius * 0.5, chord * 0.9), (0, y, at - 0.3 * chord), 20), "paint")  # wing-body fairing
    tip_z = at + 0.3 * chord - sweep * span
    if u.flag("winglets", 0.5) and not straight:
        h = u("winglet", 0.03, 0.06)
        c = chord * taper * 0.8
        shape.add_mirrored(_fin((span - 0.006, y + dihedral * span - 0.004, tip_z), h, c, 0.45, 0.9), "paint")
    _tail(shape, u, radius, t_tail=rear_engines or (high and u.rng.random() < 0.7))
    engines = {"jumbo": 4, "cargo": 4, "airliner": u.number("engines", 2, 2, 2, 4), "turboprop": u.number("engines", 2, 2, 4)}.get(kind, 2)
    u.params["engines"] = engines
    r, n = u("engine_radius", 0.019, 0.030 if engines == 2 else 0.023), u("engine_length", 0.08, 0.12)
    if rear_engines:
        z = -u("engine_at", 0.2, 0.26)
        shape.add_mirrored(_nacelle((radius + r * 1.15, radius * 0.4, z + 0.05), n * 1.2, r), "metal")
        shape.add_mirrored(box((radius, _THIN, n * 0.6), (radius * 0.9, radius * 0.4, z)), "paint")
    else:
        for i in range(engines // 2):
            x = span * ((0.36, 0.66)[i] if engines == 4 else u("engine_out", 0.30, 0.38))
            lead, low = at + 0.3 * chord - sweep * x, y + dihedral * x
            if straight:
                _turboprop(shape, u, x, low, lead, n, r * 0.8, i)
                continue
            center = low - r * u("hang", 1.1, 1.5)
            shape.add_mirrored(_nacelle((x, center, lead + n * 0.55), n, r), "metal")
            pylon = [(lead + n * 0.25, center + r * 0.7), (lead - chord * 0.35, center + r * 0.6), (lead - chord * 0.4, low), (lead - 0.01, low + 0.004)]
            shape.add_mirrored(extrude(pylon, _THIN, "x", x), "paint")
    _cockpit_glass(shape, u, body, radius)
    return shape


def _turboprop(shape: Shape, u: Draw, x: float, y: float, lead: float, n: float, r: float, index: int) -> None:
    """Engine on the wing's leading edge with its propeller."""
    body = _fuselage(n * 1.6, r, 0.35, 0.5, 0.3, droop=0.0, tip=0.25)
    shape.add_mirrored(body.translate((x, y, lead + n * 0.05)), "paint")
    _propeller(shape, (x, y, lead + n * 0.85), u("prop_radius", 0.055, 0.075), u.number("blades", 3, 4, 6), mirrored=True)


def _propeller(shape: Shape, center: ArrayLike, radius: float, blades: int, mirrored: bool = False) -> None:
    """Spinner and blades turning about z at ``center``."""
    spinner = ellipsoid((radius * 0.16, radius * 0.16, radius * 0.3), (0, 0, 0), 16)
    parts = [spinner]
    for i in range(blades):
        a = 2 * np.pi * (i + 0.12) / blades
        blade = _surface([(0, -0.09 * radius, 0.04, 0, 0)][:0] or [(0, 0, 0.006, 0.13 * radius, 0), (0, radius * 0.6, 0.008, 0.2 * radius, 0), (0, radius, 0.006, 0.1 * radius, 0)], True)
        parts.append(blade.rotate((0, 50, 0)).rotate((0, 0, float(np.degrees(a)))))
    solid = union(parts).translate(tuple(np.asarray(center, float)))
    if mirrored:
        shape.add_mirrored(solid, "metal")
    else:
        shape.add(solid, "metal")


def _tail(shape: Shape, u: Draw, radius: float, t_tail: bool, end: float = -0.5) -> None:
    """Fin and tailplane at the end of a fuselage."""
    chord, height, sweep = u("fin_chord", 0.12, 0.17), u("fin_height", 0.12, 0.17), u("fin_sweep", 0.6, 1.0)
    u.params["t_tail"] = t_tail
    z = end + chord + u("fin_ahead", 0.03, 0.06)
    taper = u("fin_taper", 0.35, 0.5) + (0.2 if t_tail else 0)
    shape.add(_fin((0, radius * 0.5, z), height + radius * 0.5, chord, taper, sweep), "paint")
    span, c = u("tail_span", 0.13, 0.18), u("tail_chord", 0.075, 0.10)
    if t_tail:
        at = (0, radius + height - 0.012, z - sweep * (height + radius * 0.4) + 0.02)
    else:
        at = (0, radius * u("tail_y", 0.3, 0.55), end + c + u("tail_ahead", 0.03, 0.07))
    shape.add_mirrored(_wing(at, span, c, 0.45, u("tail_sweep", 0.4, 0.75), u("tail_dihedral", -0.02, 0.14), 0.1), "paint")


def _cockpit_glass(shape: Shape, u: Draw, body: Manifold, radius: float) -> None:
    """Windshield panes and, on some, a line of cabin windows, flush with the skin."""
    z = 0.5 - u.params["nose"] * u("windshield_at", 0.35, 0.5)
    skin = grow(body, (0.0012, 0.0012, 0.002))
    band = extrude([(z + 0.012, radius * 0.2), (z - 0.02, radius * 0.2), (z - 0.035, radius * 0.75), (z - 0.012, radius * 0.75)], 1, "x")
    shape.add(skin ^ band, "glass")
    if u.flag("windows", 0.6):
        shape.add(skin ^ box((1, radius * 0.14, 0.62), (0, radius * 0.25, 0.05)), "glass")


_FAMILIES: dict[str, Any] = {}
