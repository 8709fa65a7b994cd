# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Small craft and sailing vessels; lengths as fractions of the hull's length."""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    ellipsoid,
    extrude,
    grow,
    loft,
    rounded_box,
    station_loft,
    tube,
    union,
)
from list_fast.data.shapes.vessel_parts import THIN, Hull, add_funnel, add_house, add_hull, add_mast, deck_space


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
        u("beam", 0.24, 0.36), u("depth", 0.09, 0.14), u("bow_sheer", 0.01, 0.04), u("stern_sheer", 0.0, 0.02), u("entry", 0.45, 0.65),
        u("run", 0.3, 0.5), u("transom", 0.45, 0.85), u("full", 1.9, 2.6), 1.2, u("rake", 0.04, 0.14), u("counter", 0.0, 0.08), u("rise", 0.5, 0.8),
        u("forefoot", 0.2, 0.5),
    )  # fmt: skip
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
        shape.add(station_loft([(mast_z - 0.01, 0.012, boom_y - 0.004, boom_y + 0.035), (boom + 0.02, 0.01, boom_y - 0.004, boom_y + 0.018)], 2), "fabric")
    else:
        head = top - u("head", 0.03, 0.08)
        luff, leech = _edge((0, boom_y + 0.004, mast_z), (0, head, mast_z)), _edge((0, boom_y + 0.004, boom + 0.01), (0, head, mast_z - 0.03), bow=u("roach", -0.02, 0.06))
        shape.add(_sail(luff, leech, side * 0.6, thick), "fabric")
    if sails == "both":
        tip, reach = u("jib_head", 0.7, 0.97), u("jib_foot", 0.02, 0.12)
        foot = (0, float(hull.deck(0.47)) - 0.01, 0.47)
        peak = (0, y + height * tip, mast_z + 0.005)
        clew = (0, y + 0.05, mast_z + 0.02 - reach)
        shape.add(_sail(_edge(foot, peak), _edge(clew, (0, peak[1], peak[2] - 0.02)), side, thick), "fabric")
        shape.add(cylinder(foot, peak, 0.0075, None, 8) + cylinder(clew, (0, clew[1] - 0.06, clew[2]), 0.0075, None, 8), "metal")
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
        u("beam", 0.17, 0.24), u("depth", 0.10, 0.14), u("bow_sheer", 0.02, 0.05), u("stern_sheer", 0.03, 0.07), u("entry", 0.25, 0.35), u("run", 0.2, 0.35),
        u("transom", 0.55, 0.8), u("full", 2.4, 3.5), 1.4, u("rake", 0.04, 0.1), u("counter", 0.03, 0.08), u("rise", 0.3, 0.6), 0.2,
    )  # fmt: skip
    bulwark = u("bulwark", 0.012, 0.022)
    add_hull(shape, hull, hull.depth * u("waterline", 0.3, 0.5), bulwark)
    y = hull.depth
    if u.flag("castles", 0.6):
        aft, fore = u("poop", 0.035, 0.07), u("forecastle", 0.02, 0.04)
        shape.add(extrude(hull.plan(-0.49, u("poop_to", -0.32, -0.22), 0.002, 0.0), aft + 0.02, "y", y + aft / 2 + 0.01), "wood")
        shape.add(extrude(hull.plan(u("forecastle_from", 0.28, 0.34), 0.47, 0.002, 0.0), fore + 0.02, "y", y + fore / 2 + 0.01), "wood")
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
                shape.add(cylinder((-half, levels[k], z + 0.006), (half, levels[k], z + 0.006), radius, None, 8), "wood")
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
                shape.add(_sail(_edge((0, boom, z), (0, top - 0.16, z)), _edge((0, boom, z - reach * 0.97), gaff), belly * 0.5, thick), "fabric")
        stay = bowsprit if i == 0 else (0, y + 0.02, float(spots[i - 1]) - 0.02)
        shape.add(cylinder((0, top - 0.05, z), stay, 0.0068, None, 8), "metal")
        for back in (0.05,):
            shape.add_mirrored(cylinder((float(hull.half(z - back)) - 0.006, y - 0.006, z - back), (0, top - 0.12, z), 0.0068, None, 8), "metal")
    if set_sails:
        top = y + tall * 0.6
        shape.add(_sail(_edge((0, bowsprit[1] + 0.004, bowsprit[2] - 0.02), (0, top, 0.02 + float(spots[0]))), _edge((0, y + 0.06, float(spots[0]) + 0.05), (0, top, float(spots[0]))), belly * 0.4, thick), "fabric")
    return shape


def catamaran(u: Draw) -> Shape:
    """Two slim hulls under a bridge deck: a sailing catamaran or a fast ferry."""
    shape, sailing = Shape(params=u.params), u.flag("sailing", 0.6)
    slim = Hull(
        u("hull_beam", 0.08, 0.11), u("depth", 0.09, 0.13), u("bow_sheer", 0.0, 0.02), 0.0, u("entry", 0.4, 0.6), 0.3, u("transom", 0.6, 0.9), u("full", 2.2, 3), 1.2,
        u("rake", 0.0, 0.05), 0.0, u("rise", 0.4, 0.7), 0.1,
    )  # fmt: skip
    x = u("spread", 0.16, 0.22)
    shape.add_mirrored(slim.solid().translate((x, 0, 0)), "paint")
    y, front, back = slim.depth, u("deck_to", 0.1, 0.3), u("deck_from", -0.46, -0.38)
    shape.add(rounded_box((2 * x + 0.04, 0.04, front - back), (0, y - 0.008, (front + back) / 2), 0.015, 8), "paint")
    tier = u("tier", 0.05, 0.075)
    ahead = u("cabin_front", 0.02, 0.08)
    rows = [(front - ahead, x * 0.8, y, y + 0.02), (front - ahead - 0.09, x * 0.95, y, y + tier), (back + 0.2, x * 0.95, y, y + tier), (back + 0.12, x * 0.85, y, y + tier * 0.95)]
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
            shape.add(_sail(_edge((0, boom, z), (0, top - 0.05, z)), _edge((0, boom, z - 0.37), (0, top - 0.05, z - 0.08), bow=0.03), side, 0.014), "fabric")
            shape.add(box((2 * x, 0.018, 0.02), (0, y - 0.012, 0.42)), "metal")
            foot = (0, y - 0.008, 0.42)
            shape.add(_sail(_edge(foot, (0, top - 0.15, z + 0.004)), _edge((0, y + tier + 0.03, z + 0.06), (0, top - 0.15, z - 0.01)), side, 0.014), "fabric")
    else:
        rows = [(front - 0.1, x * 0.55, y + tier - 0.01, y + tier + 0.02), (front - 0.16, x * 0.7, y + tier - 0.01, y + 1.7 * tier), (back + 0.26, x * 0.7, y + tier - 0.01, y + 1.7 * tier)]
        upper = station_loft(rows, 6)
        shape.add(upper, "paint")
        shape.add(grow(upper, 0.0015) ^ box((1, tier * 0.25, 1), (0, y + tier * 1.42, 0)), "glass")
        add_mast(shape, (0, y + 1.65 * tier, 0), u("mast", 0.06, 0.12), 0.2, 1, 0.06)
    return shape


def yacht(u: Draw) -> Shape:
    """A motor yacht: raked superstructure in one to three decks, a radar arch."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.2, 0.29), u("depth", 0.10, 0.14), u("bow_sheer", 0.02, 0.05), 0.0, u("entry", 0.45, 0.65), 0.25, u("transom", 0.85, 1.0), u("full", 2.4, 4.0),
        1.15, u("rake", 0.06, 0.16), u("counter", -0.03, 0.02), u("rise", 0.1, 0.3), u("forefoot", 0.2, 0.5),
    )  # fmt: skip
    solid = add_hull(shape, hull, hull.depth * u("waterline", 0.2, 0.35), 0.0)
    if u.flag("portholes", 0.5):
        shape.add(grow(solid, (0.0015, 0, 0)) ^ box((1, 0.018, u("glass_length", 0.2, 0.5)), (0, hull.depth * 0.72, 0.05)), "glass")
    y, decks = hull.depth - 0.008, u.number("decks", 1, 2, 2, 3)
    front, back, tier = u("front", 0.16, 0.3), u("back", -0.4, -0.25), u("tier", 0.045, 0.06)
    rake, half = u("windshield", 0.08, 0.18), hull.beam / 2 * u("house_width", 0.72, 0.88)
    for i in range(decks):
        taper = half * (1 - 0.14 * i)
        rows = [(front, taper * 0.6, y, y + 0.012), (front - rake * 0.5, taper * 0.85, y, y + tier * 0.6), (front - rake, taper * 0.95, y, y + tier), (back + 0.05, taper, y, y + tier),
                (back, taper * 0.98, y, y + tier * u("aft", 0.4, 1.0))]  # fmt: skip
        house = station_loft(rows, u("edge", 4, 9))
        shape.add(house, "paint")
        shape.add(grow(house, (0.0018, 0.0, 0.0018)) ^ box((1, tier * 0.36, 1), (0, y + tier * 0.58, 0)), "glass")
        shape.add(rounded_box((2 * taper, 0.012, front - rake - back + u("eaves", 0.0, 0.1)), (0, y + tier, (front - rake + back) / 2 - 0.02), 0.005, 8), "paint")
        y += tier
        front, back = front - rake * 0.8 - u("step", 0.0, 0.04), back + u("step_back", 0.03, 0.09)
        if front - back < 0.2:
            break
    z = (front + back) / 2
    arch = [(-half * 0.75, y - 0.02, z), (-half * 0.6, y + 0.06, z - 0.05), (half * 0.6, y + 0.06, z - 0.05), (half * 0.75, y - 0.02, z)]
    if u.flag("arch", 0.7):
        shape.add(tube(arch, 0.012, 10), "paint")
        shape.add(ellipsoid((0.022, 0.016, 0.022), (0, y + 0.072, z - 0.05), 16), "plastic")
    else:
        add_mast(shape, (0, y - 0.005, z), u("mast", 0.06, 0.14), 0.2, 1, 0.06)
    return shape


def speedboat(u: Draw) -> Shape:
    """An open motor boat: windshield, cockpit with seats, outboard engine or stern drive."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.3, 0.4), u("depth", 0.13, 0.18), u("bow_sheer", 0.01, 0.05), 0.0, u("entry", 0.55, 0.75), 0.2, u("transom", 0.85, 1.0), u("full", 2.2, 4),
        1.2, u("rake", 0.08, 0.2), u("counter", -0.04, 0.01), u("rise", 0.0, 0.15), u("forefoot", 0.4, 0.7),
    )  # fmt: skip
    y, half = hull.depth, hull.beam / 2
    back, front = u("cockpit_from", -0.46, -0.38), u("cockpit_to", 0.02, 0.16)
    inner = half - u("side_deck", 0.03, 0.06)
    well = rounded_box((2 * inner, 0.24, front - back), (0, y + 0.12 - u("cockpit_depth", 0.06, 0.09), (front + back) / 2), 0.03, 8)
    shape.add(hull.solid() - well, "paint")
    if u.flag("band", 0.6):
        stripe = grow(hull.solid(), (0.002, 0.0, 0.002)) ^ box((1, 0.02, 2), (0, y - 0.02, 0))
        shape.add(stripe - well, "plastic")
    rake, high = u("screen_rake", 0.03, 0.1), u("screen", 0.05, 0.1)
    screen = extrude(np.array([(inner + 0.012, front - 0.06), (inner * 0.6, front + 0.01), (-inner * 0.6, front + 0.01), (-inner - 0.012, front - 0.06),
                               (-inner - 0.012, front - 0.08), (-inner * 0.6, front - 0.012), (inner * 0.6, front - 0.012), (inner + 0.012, front - 0.08)]), high + 0.03, "y", y + high / 2 - 0.01)  # fmt: skip
    shear = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, -rake / high, 1, rake / high * y]], float)
    shape.add(screen.transform(shear), "glass")
    floor = y - 0.08
    rows = u.number("seats", 1, 2, 2)
    for i in range(rows):
        z = front - 0.17 - 0.2 * i
        shape.add_mirrored(rounded_box((inner * 0.6, 0.07, 0.09), (inner * 0.5, floor + 0.02, z), 0.012, 8), "leather")
        shape.add_mirrored(rounded_box((inner * 0.6, 0.12, 0.03), (inner * 0.5, floor + 0.06, z - 0.05), 0.012, 8), "leather")
    shape.add(rounded_box((2 * inner + 0.02, 0.06, 0.09), (0, floor + 0.02, back + 0.04), 0.012, 8), "leather")
    shape.add(rounded_box((inner * 0.5, 0.09, 0.07), (inner * 0.5, floor + 0.05, front - 0.03), 0.012, 8), "plastic")
    motors = u.number("outboards", 0, 1, 1, 2)
    for x in {0: (), 1: (0.0,), 2: (-0.06, 0.06)}[motors]:
        shape.add(rounded_box((0.06, 0.1, 0.09), (x, y + 0.05, -0.53), 0.02, 10) + box((0.03, 0.16, 0.04), (x, y - 0.05, -0.525)) + box((0.03, 0.03, 0.08), (x, y - 0.015, -0.5)), "plastic")
        shape.add(ellipsoid((0.014, 0.014, 0.035), (x, y - 0.13, -0.53), 12), "metal")
    if u.flag("rail", 0.4):
        z = np.linspace(front + 0.08, 0.4, 5)
        path = [(float(hull.half(v)) - 0.025, float(hull.deck(v)) + 0.045, float(v)) for v in z]
        shape.add_mirrored(tube([(path[0][0], path[0][1] - 0.06, path[0][2]), *path, (0, path[-1][1], path[-1][2] + 0.03)], 0.0065, 8), "metal")
        shape.add(cylinder((0, path[-1][1], path[-1][2] + 0.03), (0, path[-1][1] - 0.06, path[-1][2] + 0.03), 0.0065, None, 8), "metal")
    if u.flag("canopy", 0.25):
        top, z = y + u("canopy_height", 0.2, 0.26), (front + back) / 2
        shape.add(rounded_box((2 * inner, 0.016, 0.28), (0, top, z), 0.006, 8), "fabric")
        for dz in (-0.12, 0.12):
            shape.add_mirrored(cylinder((inner + 0.012, y - 0.01, z), (inner * 0.9, top, z + dz), 0.0075, None, 8), "metal")
    return shape


def rowboat(u: Draw) -> Shape:
    """A hollow open boat: rowing boat, canoe or dinghy, with thwarts and perhaps oars or an engine."""
    shape = Shape(params=u.params)
    canoe = u.flag("canoe", 0.3)
    beam = u("beam", 0.15, 0.2) if canoe else u("beam", 0.32, 0.44)
    hull = Hull(
        beam, u("depth", 0.07, 0.1) if canoe else u("depth", 0.12, 0.17), u("bow_sheer", 0.01, 0.06), u("stern_sheer", 0.0, 0.05), u("entry", 0.45, 0.6),
        0.5 if canoe else u("run", 0.25, 0.45), 0.06 if canoe else u("transom", 0.5, 0.8), u("full", 2.0, 3.2), 1.4, u("rake", 0.03, 0.1),
        0.05 if canoe else u("counter", -0.02, 0.05), u("rise", 0.1, 0.4), u("forefoot", 0.2, 0.5),
    )  # fmt: skip
    wall = u("wall", 0.013, 0.02)
    shell = hull.solid() - hull.solid(wall)
    shape.add(shell, "wood")
    for z in np.linspace(-0.28, 0.24, u.number("thwarts", 2, 3, 4)) if not canoe else (-0.25, 0.2):
        shape.add(box((2 * float(hull.half(z)) - wall, 0.014, u("thwart", 0.06, 0.09)), (0, hull.depth * 0.72, z)), "wood")
    if u.flag("rim", 0.6):
        z = np.linspace(-0.49, 0.47, 14)
        path = np.stack([hull.half(z) - wall / 2, hull.deck(z) - 0.003, z], 1)
        shape.add_mirrored(tube(path, 0.6 * wall, 6), "wood")
    if u.flag("oars", 0.5):
        z, lift, slant = u("oar_at", -0.1, 0.05), u("oar_lift", 0.02, 0.06), u("oar_slant", -0.2, 0.2)
        side = float(hull.half(z))
        a, b = np.array([side * 0.35, hull.depth + lift, z]), np.array([side + 0.3, hull.depth - 0.06, z + slant])
        lock = a + (b - a) * (side - wall / 2 - a[0]) / (b[0] - a[0])
        blade = a + (b - a) * 0.85
        oar = cylinder(a, b, 0.0085, None, 8) + bar(blade, b, 0.022, 0.03) + cylinder(lock, (lock[0], hull.depth * 0.9, lock[2]), 0.009, None, 8)
        shape.add_mirrored(oar, "wood")
    elif u.flag("outboard", 0.4) and not canoe:
        y = hull.depth
        shape.add(rounded_box((0.06, 0.09, 0.08), (0, y + 0.06, -0.52), 0.02, 8) + box((0.028, 0.2, 0.035), (0, y - 0.04, -0.515)) + box((0.03, 0.04, 0.07), (0, y, -0.49)), "plastic")
    return shape


def tug(u: Draw) -> Shape:
    """A harbour tug: short and broad, high bow, wheelhouse forward, funnel, fenders and a low towing deck."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.28, 0.38), u("depth", 0.11, 0.15), u("bow_sheer", 0.04, 0.09), u("stern_sheer", 0.0, 0.02), u("entry", 0.3, 0.45), u("run", 0.25, 0.4),
        u("transom", 0.6, 0.8), u("full", 2.6, 4), 1.6, u("rake", 0.02, 0.06), u("counter", 0.02, 0.05), u("rise", 0.4, 0.7), 0.1,
    )  # fmt: skip
    bulwark = u("bulwark", 0.03, 0.05)
    solid = add_hull(shape, hull, hull.depth * u("waterline", 0.4, 0.6), bulwark)
    shape.add((grow(solid, (0.014, 0.0, 0.014)) ^ box((2, 0.03, 3), (0, hull.depth - 0.01, 0))) - deck_space(hull).translate((0, 0.006, 0)), "rubber")
    y, tier = hull.depth - 0.01, u("tier", 0.07, 0.09)
    front, back = u("house_to", 0.2, 0.28), u("house_from", -0.16, -0.05)
    add_house(shape, hull.plan(back, front, hull.beam * 0.2, 0.06, 0.02), y, y + tier)
    top = y + tier * 2
    z0, z1 = front - u("wheelhouse", 0.18, 0.24), front - u("wheelhouse_back", 0.02, 0.06)
    add_house(shape, hull.plan(z0, z1, hull.beam * u("wheelhouse_margin", 0.22, 0.3), 0.05, 0.02), y + tier - 0.005, top)
    shape.add(extrude(hull.plan(z0 - 0.01, z1 + 0.015, hull.beam * 0.2, 0.05, 0.02), 0.014, "y", top), "paint")
    add_mast(shape, (0, top, (z0 + z1) / 2), u("mast", 0.12, 0.25), 0.15, u.number("yards", 1, 2), 0.1)
    size = u("funnel_radius", 0.026, 0.038)
    height = u("funnel_height", 0.11, 0.17)
    if u.flag("twin_funnels", 0.3):
        for x in (-0.07, 0.07):
            add_funnel(shape, (x, y + tier - 0.01, back + 0.06), height, size * 0.7, 0.05, 1.3)
    else:
        add_funnel(shape, (0, y + tier - 0.01, min(back + 0.07, z0 - 0.05)), height, size, u("funnel_rake", 0.0, 0.2), u("funnel_stretch", 1.0, 1.5))
    if u.flag("winch", 0.7):
        shape.add(cylinder((-0.04, y + 0.03, back - 0.1), (0.04, y + 0.03, back - 0.1), 0.028, None, 16) + box((0.12, 0.03, 0.05), (0, y + 0.008, back - 0.1)), "metal")
    hook = [(-0.07, y, -0.3), (-0.06, y + 0.09, -0.3), (0.06, y + 0.09, -0.3), (0.07, y, -0.3)]
    if u.flag("tow_bar", 0.5):
        shape.add(tube(hook, 0.009, 8), "metal")
    return shape


def fishing(u: Draw) -> Shape:
    """A trawler or small fishing boat: wheelhouse forward or aft, mast with a boom, gallows at the stern."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.24, 0.33), u("depth", 0.12, 0.16), u("bow_sheer", 0.05, 0.1), u("stern_sheer", 0.01, 0.04), u("entry", 0.35, 0.5), u("run", 0.25, 0.4),
        u("transom", 0.55, 0.85), u("full", 2.2, 3.4), 1.3, u("rake", 0.04, 0.12), u("counter", 0.0, 0.05), u("rise", 0.3, 0.6), 0.15,
    )  # fmt: skip
    add_hull(shape, hull, hull.depth * u("waterline", 0.35, 0.55), u("bulwark", 0.025, 0.045))
    y, aft = hull.depth - 0.01, u.flag("aft_house", 0.5)
    z0 = u("house_at", -0.38, -0.28) if aft else u("house_at", 0.02, 0.12)
    z1, tier = z0 + u("house_length", 0.18, 0.26), u("tier", 0.08, 0.11)
    margin = hull.beam * u("margin", 0.14, 0.22)
    low = y + u("plinth", 0.0, 0.06)
    shape.add(extrude(hull.plan(z0 - 0.02, z1 + 0.03, margin * 0.8, 0.03, 0.01), low - y + 0.02, "y", (low + y) / 2), "paint")
    add_house(shape, hull.plan(z0, z1, margin, 0.02, 0.01), low - 0.004, low + tier)
    shape.add(extrude(hull.plan(z0 - 0.01, z1 + 0.02, margin * 0.85, 0.02, 0.01), 0.015, "y", low + tier), "paint")
    add_mast(shape, (0, low + tier, z0 + 0.06), u("antenna", 0.08, 0.16), 0.0, 1, 0.08)
    z = z1 + u("mast_at", 0.08, 0.16) if aft else z0 - u("mast_at", 0.05, 0.12)
    height, reach = u("mast", 0.28, 0.42), u("boom", 0.2, 0.32) * (1 if aft else -1)
    shape.add(cylinder((0, y - 0.01, z), (0, y + height, z), 0.011, 0.008, 10), "metal")
    lift = u("boom_lift", 0.05, 0.2)
    shape.add(cylinder((0, y + 0.08, z), (0, y + 0.08 + lift, z + reach), 0.0085, None, 8), "metal")
    shape.add(cylinder((0, y + height - 0.01, z), (0, y + 0.08 + lift, z + reach), 0.0068, None, 8), "metal")
    if u.flag("gallows", 0.5):
        half = float(hull.half(-0.42)) - 0.02
        gate = [(-half, y - 0.01, -0.42), (-half, y + 0.16, -0.44), (half, y + 0.16, -0.44), (half, y - 0.01, -0.42)]
        shape.add(tube(gate, 0.0105, 8), "metal")
    for i in range(u.number("crates", 0, 2, 4)):
        x = (i % 2 - 0.5) * 0.09
        shape.add(box((0.06, 0.05, 0.06), (x, y + 0.018, z0 - 0.22 - 0.07 * (i // 2) if not aft else z1 + 0.06 + 0.07 * (i // 2))), "plastic")
    if u.flag("stay", 0.5):
        shape.add(cylinder((0, y + height - 0.01, z), (0, float(hull.deck(0.46)) - 0.005, 0.46), 0.0068, None, 8), "metal")
    if u.flag("hatch", 0.6):
        shape.add(union([box((0.1, 0.03, 0.08), (0, y + 0.01, z + 0.6 * reach))]), "wood")
    u.params["thin"] = THIN
    return shape
