# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Airplanes: airliners and transports here, propeller types and military jets in their own modules.

The fuselage is about 1 long, its nose points to +z, y is up.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.airframe import THIN, fin, fuselage, nacelle, propeller, strut_wheel, wing
from list_fast.data.shapes.airplane_jets import delta, fighter, stealth
from list_fast.data.shapes.airplane_props import biplane, bomber, glider, light, warbird
from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import Shape, box, ellipsoid, extrude, grow, station_loft


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random airplane; ``kind`` (one of ``TYPES``) fixes the structural type that is otherwise drawn."""
    kind = draw_kind(rng, _WEIGHTS, kind)
    return _FAMILIES.get(kind, _airliner)(Draw(rng, kind))


_RADIUS = {"jumbo": (0.046, 0.056), "business": (0.056, 0.07), "turboprop": (0.05, 0.062), "cargo": (0.06, 0.075)}


def _airliner(u: Draw) -> Shape:
    """Jet and propeller transports: engines under or on the wings or at the tail."""
    shape, kind = Shape(params=u.params), u.params["type"]
    radius = u("radius", *_RADIUS.get(kind, (0.038, 0.056)))
    height = u("height", 1.15, 1.3) if kind == "jumbo" and u.flag("double_deck", 0.35) else u("height", 1.0, 1.12)
    body = fuselage(
        1.0, radius, u("nose", 0.10, 0.16), u("tail", 0.28, 0.42), u("upsweep", 0.35, 0.7),
        height=height, droop=u("droop", 0.15, 0.4), tip=u("tip", 0.1, 0.2),
    )  # fmt: skip
    shape.add(body, "paint")
    high = kind == "cargo" or (kind == "turboprop" and u.flag("high_wing", 0.6))
    at_tail, straight = kind in ("rear_engine", "business"), kind == "turboprop"
    span = u("span", 0.40, 0.52)
    if straight:
        chord, sweep, taper, kink = u("chord", 0.10, 0.13), u("sweep", 0.0, 0.1), u("taper", 0.5, 0.8), 0.0
    else:
        chord, sweep, taper = u("chord", 0.12, 0.16), u("sweep", 0.4, 0.72), u("taper", 0.22, 0.4)
        kink = u("kink", 0.2, 0.8)
    dihedral = u("dihedral", 0.03, 0.13) * (-0.5 if high else 1)
    at, y = u("wing_at", 0.06, 0.14) - (0.10 if at_tail else 0.0), radius * height * (0.85 if high else -0.6)
    lead = at + 0.3 * chord + 0.25 * chord * kink
    shape.add_mirrored(
        wing((0, y, lead), span, chord, taper, sweep, dihedral, u("thickness", 0.10, 0.13), kink=kink), "paint"
    )
    # the fairing where wing and fuselage meet
    shape.add(ellipsoid((radius * 0.95, radius * 0.45, chord * 0.95), (0, y * 1.05, lead - 0.6 * chord), 20), "paint")
    if not straight and u.flag("winglets", 0.5):
        root = (span - 0.006, y + dihedral * span - 0.004, lead - sweep * span)
        shape.add_mirrored(
            fin(root, u("winglet", 0.03, 0.06), chord * taper * 0.8, 0.45, 0.9, cant=u("cant", 0, 0.5)), "paint"
        )
    u.params["t_tail"] = at_tail or (high and u.flag("t_tail", 0.7))
    _tail(shape, u, radius, u.params["t_tail"])
    engines = 4 if kind in ("jumbo", "cargo") else 2
    if kind in ("airliner", "turboprop"):
        engines = u.number("engines", 2, 2, 2, 4)
    r, n = u("engine_radius", 0.019, 0.030 if engines == 2 else 0.023), u("engine_length", 0.08, 0.12)
    if at_tail:
        z = -u("engine_at", 0.2, 0.26)
        shape.add_mirrored(nacelle((radius + r * 1.15, radius * 0.4, z + 0.05), n * 1.2, r), "metal")
        shape.add_mirrored(box((radius, THIN, n * 0.6), (radius * 0.9, radius * 0.4, z)), "paint")
        if kind == "rear_engine" and u.flag("third_engine", 0.35):
            shape.add(nacelle((0, radius * 1.15 + r * 0.6, -0.26), n * 1.7, r * 1.05), "metal")
            shape.add(station_loft([(-0.27, 0.015, 0, radius * 1.2), (-0.4, 0.015, 0, radius * 1.3)]), "paint")
    for i in range(0 if at_tail else engines // 2):
        x = span * ((0.36, 0.66)[i] if engines == 4 else u("engine_out", 0.30, 0.38))
        edge, low = lead - sweep * x, y + dihedral * x
        if straight:
            pod = fuselage(n * 1.6, r * 0.8, 0.35, 0.5, 0.3, droop=0.0, tip=0.25)
            shape.add_mirrored(pod.translate((x, low, edge + n * 0.05)), "paint")
            if i == 0:
                prop = propeller((0, 0, 0), u("prop_radius", 0.055, 0.075), u.number("blades", 3, 4, 6))
            shape.add_mirrored(prop.translate((x, low, edge + n * 0.85)), "metal")
            continue
        center = low - r * u("hang", 1.1, 1.5)
        shape.add_mirrored(nacelle((x, center, edge + n * 0.55), n, r), "metal")
        pylon = [
            (edge + n * 0.25, center + r * 0.7),
            (edge - chord * 0.35, center + r * 0.6),
            (edge - chord * 0.4, low),
            (edge - 0.01, low + 0.004),
        ]
        shape.add_mirrored(extrude(pylon, THIN, "x", x), "paint")
    hump = kind == "jumbo" and height < 1.15
    if hump:  # the upper deck
        end, top = u("hump_end", 0.12, 0.26), radius * u("hump", 1.45, 1.7)
        rows = [(0.43, 0.2, 0.2, 0.8), (0.41, 0.5, 0.2, 1.05), (0.37, 0.72, 0.2, top / radius),
                (0.3, 0.78, 0.2, top / radius), (end, 0.72, 0.2, top / radius), (end - 0.06, 0.55, 0.2, 1.15),
                (end - 0.14, 0.3, 0.2, 0.9)]  # fmt: skip
        deck = station_loft(np.array(rows) * (1, radius, radius, radius), 2.2, 28)
        shape.add(deck, "paint")
        pane = extrude(
            [(0.42, radius * 1.05), (0.385, radius * 1.15), (0.36, radius * 1.5), (0.385, radius * 1.5)], 1, "x"
        )
        shape.add(grow(deck, 0.0012) ^ pane, "glass")
    _windows(shape, u, body, radius, hump)
    if u.flag("gear", 0.3):
        r = u("wheel", 0.011, 0.015)
        foot = -radius * height - u("leg", 0.025, 0.045) - (0.012 if not high else 0)
        strut_wheel(shape, (0, -radius * 0.5, 0.36), (0, foot, 0.36), r, 0.016)
        x = radius * 0.8 if high else radius * 1.5
        for dz in (0.0, 0.026) if u.flag("bogie", 0.5) else (0.0,):
            top = y + max(dihedral, 0) * x * 0.8 + 0.002
            strut_wheel(shape, (x * 0.8, top, lead - 0.75 * chord), (x, foot, lead - 0.75 * chord - dz), r, 0.02)
    return shape


def _tail(shape: Shape, u: Draw, radius: float, t_tail: bool) -> None:
    """Fin and tailplane at the end of the fuselage."""
    chord, height, sweep = u("fin_chord", 0.12, 0.17), u("fin_height", 0.12, 0.17), u("fin_sweep", 0.6, 1.0)
    z = -0.5 + chord + u("fin_ahead", 0.03, 0.06)
    taper = u("fin_taper", 0.35, 0.5) + (0.2 if t_tail else 0)
    shape.add(fin((0, radius * 0.5, z), height + radius * 0.5, chord, taper, sweep), "paint")
    span, c = u("tail_span", 0.13, 0.18), u("tail_chord", 0.075, 0.10)
    if t_tail:
        at = (0, radius + height - 0.012, z - sweep * (height + radius * 0.4) + 0.02)
    else:
        at = (0, radius * u("tail_y", 0.3, 0.55), -0.5 + c + u("tail_ahead", 0.03, 0.07))
    shape.add_mirrored(
        wing(at, span, c, 0.45, u("tail_sweep", 0.4, 0.75), u("tail_dihedral", -0.02, 0.14), 0.1), "paint"
    )


def _windows(shape: Shape, u: Draw, body: Manifold, radius: float, hump: bool) -> None:
    """Windshield panes, cabin windows and a stripe, flush with the skin."""
    z = 0.5 - u.params["nose"] * u("windshield_at", 0.35, 0.5)
    skin = grow(body, (0.0012, 0.0012, 0.002))
    if not hump:
        pane = [(0.012, 0.2), (-0.02, 0.2), (-0.035, 0.75), (-0.012, 0.75)]
        shape.add(skin ^ extrude(np.array(pane) * (1, radius) + (z, 0), 1, "x"), "glass")
    if u.flag("cabin_windows", 0.6):
        shape.add(skin ^ box((1, radius * 0.14, 0.62), (0, radius * 0.25, 0.05)), "glass")
    if u.flag("stripe", 0.3):
        shape.add(skin ^ box((1, radius * u("stripe_width", 0.1, 0.4), 1), (0, -radius * 0.15, 0)), "plastic")


_WEIGHTS = {
    "airliner": 6, "jumbo": 4, "rear_engine": 3, "turboprop": 2, "cargo": 1, "business": 2, "light": 4, "biplane": 2,
    "warbird": 3, "bomber": 2, "fighter": 6, "delta": 3, "stealth": 2, "glider": 1,
}  # fmt: skip
TYPES = tuple(_WEIGHTS)
_FAMILIES: dict[str, Callable[[Draw], Shape]] = {
    "light": light, "biplane": biplane, "warbird": warbird, "bomber": bomber, "glider": glider, "fighter": fighter,
    "delta": delta, "stealth": stealth,
}  # fmt: skip
