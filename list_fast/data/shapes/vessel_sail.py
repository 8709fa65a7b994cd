# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Sailing vessels: yachts, tall ships and catamarans; lengths as fractions of the hull's length."""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    Shape,
    box,
    cylinder,
    ellipsoid,
    extrude,
    grow,
    loft,
    rounded_box,
    station_loft,
)
from list_fast.data.shapes.vessel_parts import Hull, add_house, add_hull, add_mast


def _sail(luff: ArrayLike, leech: ArrayLike, belly: float, thickness: float) -> Manifold:
    """A sail between two edges (n, 3) from foot to head, bulging by ``belly`` across itself."""
    a, b = np.asarray(luff, float), np.asarray(leech, float)
    t = np.linspace(0, 1, 7)
    rings = []
    for p, q in zip(a, b, strict=True):
        along = q - p
        across = np.array([along[2], 0.0, -along[0]])
        across /= max(np.linalg.norm(across), 1e-9)
        line = p + t[:, None] * along + across * (belly * np.linalg.norm(along) * 4 * t * (1 - t))[:, None]
        rings.append(np.r_[line + across * thickness / 2, line[::-1] - across * thickness / 2])
    return loft(rings)


def _edge(start: ArrayLike, end: ArrayLike, count: int = 6, bow: float = 0.0) -> np.ndarray:
    """A line (count, 3) that bows towards -z by ``bow`` at its middle."""
    t = np.linspace(0, 1, count)[:, None]
    line = (1 - t) * np.asarray(start, float) + t * np.asarray(end, float)
    return line - np.concatenate([0 * t, 0 * t, bow * 4 * t * (1 - t)], 1)


def sailboat(u: Draw) -> Shape:
    """A sailing yacht or dinghy: one mast, mainsail and jib (or bare poles), cabin, keel and rudder."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.24, 0.36),
        u("depth", 0.09, 0.14),
        u("bow_sheer", 0.01, 0.04),
        u("stern_sheer", 0.0, 0.02),
        u("entry", 0.45, 0.65),
        u("run", 0.3, 0.5),
        u("transom", 0.45, 0.85),
        u("full", 1.9, 2.6),
        1.2,
        u("rake", 0.04, 0.14),
        u("counter", 0.0, 0.08),
        u("rise", 0.5, 0.8),
        u("forefoot", 0.2, 0.5),
    )
    solid, thick = hull.solid(), 0.015
    cockpit = u("cockpit", 0.18, 0.28)
    well = rounded_box((hull.beam * 0.5, 0.12, cockpit), (0, hull.depth + 0.02, -0.42 + cockpit / 2), 0.02, 8)
    shape.add(solid - well, "paint")
    y = hull.depth
    front, back = u("cabin_to", 0.12, 0.25), -0.4 + cockpit
    if u.flag("cabin", 0.8):
        high = u("cabin_height", 0.03, 0.06)
        plan = hull.plan(back, front, hull.beam * 0.14, 0.12, 0.01)
        add_house(shape, plan, y - 0.015, y + high)
    mast_z, height = u("mast_at", 0.06, 0.16), u("mast", 0.95, 1.35)
    top = y + height
    shape.add(cylinder((0, y - 0.03, mast_z), (0, top, mast_z), 0.0085, 0.0075, 12), "metal")
    boom_y, boom = y + u("boom_y", 0.09, 0.14), mast_z + u("boom", 0.38, 0.46) * -1
    shape.add(cylinder((0, boom_y, mast_z), (0, boom_y, boom), 0.008, None, 10), "metal")
    side, sails = u("sheet", -0.12, 0.12), u.choice("sails", {"both": 4.0, "main": 1.0, "furled": 1.0})
    if sails == "furled":
        shape.add(
            station_loft(
                [
                    (mast_z - 0.01, 0.012, boom_y - 0.004, boom_y + 0.035),
                    (boom + 0.02, 0.01, boom_y - 0.004, boom_y + 0.018),
                ],
                2,
            ),
            "fabric",
        )
    else:
        head = top - u("head", 0.03, 0.08)
        luff, leech = (
            _edge((0, boom_y + 0.004, mast_z), (0, head, mast_z)),
            _edge((0, boom_y + 0.004, boom + 0.01), (0, head, mast_z - 0.03), bow=u("roach", -0.02, 0.06)),
        )
        shape.add(_sail(luff, leech, side * 0.6, thick), "fabric")
    if sails == "both":
        tip, reach = u("jib_head", 0.7, 0.97), u("jib_foot", 0.02, 0.12)
        foot = (0, float(hull.deck(0.47)) - 0.01, 0.47)
        peak = (0, y + height * tip, mast_z + 0.005)
        clew = (0, y + 0.05, mast_z + 0.02 - reach)
        shape.add(_sail(_edge(foot, peak), _edge(clew, (0, peak[1], peak[2] - 0.02)), side, thick), "fabric")
        shape.add(
            cylinder(foot, peak, 0.0075, None, 8) + cylinder(clew, (0, clew[1] - 0.06, clew[2]), 0.0075, None, 8),
            "metal",
        )
    elif u.flag("stays", 0.7):
        shape.add(cylinder((0, float(hull.deck(0.47)) - 0.01, 0.47), (0, top - 0.05, mast_z), 0.0075, None, 8), "metal")
        shape.add(cylinder((0, y - 0.01, -0.48), (0, top - 0.01, mast_z), 0.0075, None, 8), "metal")
    deep = u("keel", 0.08, 0.2)
    z = u("keel_at", -0.02, 0.08)
    fin = [(z + 0.1, 0.05), (z + 0.06, -deep), (z - 0.06, -deep), (z - 0.12, 0.05)]
    if u.flag("keel_down", 0.75):
        shape.add(extrude(fin, 0.02, "x"), "metal")
        if u.flag("bulb", 0.5):
            shape.add(ellipsoid((0.022, 0.02, 0.1), (0, -deep, z), 16), "metal")
        rudder = [(-0.4, hull.depth * 0.6), (-0.41, -deep * 0.7), (-0.46, -deep * 0.7), (-0.48, hull.depth * 0.6)]
        shape.add(extrude(rudder, 0.016, "x"), "wood")
    return shape


def tall_ship(u: Draw) -> Shape:
    """A square-rigged ship or schooner of wood with two or three masts, sails set or bare yards, bowsprit."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.17, 0.24),
        u("depth", 0.10, 0.14),
        u("bow_sheer", 0.02, 0.05),
        u("stern_sheer", 0.03, 0.07),
        u("entry", 0.25, 0.35),
        u("run", 0.2, 0.35),
        u("transom", 0.55, 0.8),
        u("full", 2.4, 3.5),
        1.4,
        u("rake", 0.04, 0.1),
        u("counter", 0.03, 0.08),
        u("rise", 0.3, 0.6),
        0.2,
    )
    bulwark = u("bulwark", 0.012, 0.022)
    add_hull(shape, hull, hull.depth * u("waterline", 0.3, 0.5), bulwark)
    y = hull.depth
    if u.flag("castles", 0.6):
        aft, fore = u("poop", 0.035, 0.07), u("forecastle", 0.02, 0.04)
        shape.add(
            extrude(hull.plan(-0.49, u("poop_to", -0.32, -0.22), 0.002, 0.0), aft + 0.02, "y", y + aft / 2 + 0.01),
            "wood",
        )
        shape.add(
            extrude(
                hull.plan(u("forecastle_from", 0.28, 0.34), 0.47, 0.002, 0.0), fore + 0.02, "y", y + fore / 2 + 0.01
            ),
            "wood",
        )
    else:
        add_house(shape, hull.plan(-0.3, -0.16, hull.beam * 0.22, 0.01, 0.01), y - 0.004, y + 0.035, material="wood")
    masts, tall = u.number("masts", 2, 3, 3), u("mast", 0.5, 0.72)
    rig, set_sails = u.choice("rig", {"square": 3.0, "schooner": 1.0}), u.flag("sails", 0.6)
    thick, radius = 0.0125, 0.0075
    spots = np.linspace(0.28, -0.3, masts) if masts == 3 else np.array([0.2, -0.15])
    bowsprit = (0, float(hull.deck(0.47)) + u("bowsprit_rise", 0.06, 0.14), 0.5 + u("bowsprit", 0.1, 0.2))
    shape.add(cylinder((0, float(hull.deck(0.4)) - 0.005, 0.38), bowsprit, 0.0095, 0.0075, 10), "wood")
    belly, tiers = u("belly", 0.05, 0.16), u.number("tiers", 2, 3, 4)
    width = hull.beam * u("yard", 0.9, 1.4)
    for i, z in enumerate(spots):
        top = y + tall * (1.0 if i == masts // 2 else 0.9)
        shape.add(cylinder((0, y - 0.03, z), (0, top, z), 0.010, radius, 10), "wood")
        if rig == "square":
            levels = np.linspace(y + 0.13 * tall, top - 0.04, tiers + 1)
            for k in range(tiers + 1):
                half = width * (1 - 0.5 * k / tiers)
                shape.add(
                    cylinder((-half, levels[k], z + 0.006), (half, levels[k], z + 0.006), radius, None, 8), "wood"
                )
                if set_sails and k < tiers:
                    upper = width * (1 - 0.5 * (k + 1) / tiers)
                    edge = _edge((-half * 0.94, levels[k], z + 0.008), (-upper * 0.94, levels[k + 1], z + 0.008))
                    shape.add(_sail(edge, edge * (-1, 1, 1), -belly, thick), "fabric")
        else:
            reach = 0.24 if masts == 3 else 0.3
            boom = y + 0.06
            shape.add(cylinder((0, boom, z), (0, boom, z - reach), radius, None, 8), "wood")
            gaff = (0, top - 0.06, z - reach * 0.6)
            shape.add(cylinder((0, top - 0.16, z), gaff, radius, None, 8), "wood")
            if set_sails:
                shape.add(
                    _sail(
                        _edge((0, boom, z), (0, top - 0.16, z)),
                        _edge((0, boom, z - reach * 0.97), gaff),
                        belly * 0.5,
                        thick,
                    ),
                    "fabric",
                )
        stay = bowsprit if i == 0 else (0, y + 0.02, float(spots[i - 1]) - 0.02)
        shape.add(cylinder((0, top - 0.05, z), stay, 0.0068, None, 8), "metal")
        for back in (0.05,):
            shape.add_mirrored(
                cylinder(
                    (float(hull.half(z - back)) - 0.006, y - 0.006, z - back), (0, top - 0.12, z), 0.0068, None, 8
                ),
                "metal",
            )
    if set_sails:
        top = y + tall * 0.6
        shape.add(
            _sail(
                _edge((0, bowsprit[1] + 0.004, bowsprit[2] - 0.02), (0, top, 0.02 + float(spots[0]))),
                _edge((0, y + 0.06, float(spots[0]) + 0.05), (0, top, float(spots[0]))),
                belly * 0.4,
                thick,
            ),
            "fabric",
        )
    return shape


def catamaran(u: Draw) -> Shape:
    """Two slim hulls under a bridge deck: a sailing catamaran or a fast ferry."""
    shape, sailing = Shape(params=u.params), u.flag("sailing", 0.6)
    slim = Hull(
        u("hull_beam", 0.08, 0.11),
        u("depth", 0.09, 0.13),
        u("bow_sheer", 0.0, 0.02),
        0.0,
        u("entry", 0.4, 0.6),
        0.3,
        u("transom", 0.6, 0.9),
        u("full", 2.2, 3),
        1.2,
        u("rake", 0.0, 0.05),
        0.0,
        u("rise", 0.4, 0.7),
        0.1,
    )
    x = u("spread", 0.16, 0.22)
    shape.add_mirrored(slim.solid().translate((x, 0, 0)), "paint")
    y, front, back = slim.depth, u("deck_to", 0.1, 0.3), u("deck_from", -0.46, -0.38)
    shape.add(rounded_box((2 * x + 0.04, 0.04, front - back), (0, y - 0.008, (front + back) / 2), 0.015, 8), "paint")
    tier = u("tier", 0.05, 0.075)
    ahead = u("cabin_front", 0.02, 0.08)
    rows = [
        (front - ahead, x * 0.8, y, y + 0.02),
        (front - ahead - 0.09, x * 0.95, y, y + tier),
        (back + 0.2, x * 0.95, y, y + tier),
        (back + 0.12, x * 0.85, y, y + tier * 0.95),
    ]
    cabin = station_loft(rows, u("cabin_edge", 4, 8))
    shape.add(cabin, "paint")
    shape.add(grow(cabin, 0.0015) ^ box((1, tier * 0.35, 1), (0, y + tier * 0.62, 0)), "glass")
    if sailing:
        z, height = u("mast_at", 0.0, 0.06), u("mast", 0.9, 1.2)
        top = y + height
        shape.add(cylinder((0, y, z), (0, top, z), 0.009, 0.008, 12), "metal")
        boom = y + tier + 0.03
        shape.add(cylinder((0, boom, z), (0, boom, z - 0.38), 0.009, None, 10), "metal")
        if u.flag("sails", 0.8):
            side = u("sheet", -0.1, 0.1)
            shape.add(
                _sail(
                    _edge((0, boom, z), (0, top - 0.05, z)),
                    _edge((0, boom, z - 0.37), (0, top - 0.05, z - 0.08), bow=0.03),
                    side,
                    0.014,
                ),
                "fabric",
            )
            shape.add(box((2 * x, 0.018, 0.02), (0, y - 0.012, 0.42)), "metal")
            foot = (0, y - 0.008, 0.42)
            shape.add(
                _sail(
                    _edge(foot, (0, top - 0.15, z + 0.004)),
                    _edge((0, y + tier + 0.03, z + 0.06), (0, top - 0.15, z - 0.01)),
                    side,
                    0.014,
                ),
                "fabric",
            )
    else:
        rows = [
            (front - 0.1, x * 0.55, y + tier - 0.01, y + tier + 0.02),
            (front - 0.16, x * 0.7, y + tier - 0.01, y + 1.7 * tier),
            (back + 0.26, x * 0.7, y + tier - 0.01, y + 1.7 * tier),
        ]
        upper = station_loft(rows, 6)
        shape.add(upper, "paint")
        shape.add(grow(upper, 0.0015) ^ box((1, tier * 0.25, 1), (0, y + tier * 1.42, 0)), "glass")
        add_mast(shape, (0, y + 1.65 * tier, 0), u("mast", 0.06, 0.12), 0.2, 1, 0.06)
    return shape
