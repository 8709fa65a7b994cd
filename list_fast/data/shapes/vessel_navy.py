# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Warships, submarines and barges; lengths as fractions of the hull's length."""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.airframe import fin, propeller, wing
from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import Shape, box, cylinder, ellipsoid, extrude, grow, loft, rounded_box, superellipse
from list_fast.data.shapes.vessel_parts import THIN, Hull, add_funnel, add_house, add_hull, add_mast


def _turret(size: float, barrels: int, length: float, elevation: float) -> Manifold:
    """A gun turret at the origin pointing to +z."""
    s = size
    low, high = superellipse(s * 0.75, s, 5, 20), superellipse(s * 0.6, s * 0.75, 5, 20)
    solid = loft(
        [np.c_[r[:, 0], np.full(20, y), r[:, 1]] for r, y in ((low, -0.008), (low, s * 0.3), (high, s * 0.85))]
    )
    for x in (np.arange(barrels) - (barrels - 1) / 2) * s * 0.42:
        end = np.array([x, s * 0.45 + np.sin(elevation) * length, s * 0.6 + np.cos(elevation) * length])
        solid = solid + cylinder((x, s * 0.45, s * 0.5), end, 0.0052, 0.0045, 8)
    return solid


def warship(u: Draw) -> Shape:
    """A gun-armed battleship or cruiser, or a modern destroyer with slanted houses."""
    shape, modern = Shape(params=u.params), u.flag("modern", 0.5)
    hull = Hull(
        u("beam", 0.10, 0.14),
        u("depth", 0.06, 0.08),
        u("bow_sheer", 0.015, 0.035),
        0.0,
        u("entry", 0.4, 0.6),
        u("run", 0.25, 0.4),
        u("transom", 0.5, 0.8) if modern else u("transom", 0.2, 0.45),
        u("full", 2.6, 4),
        1.15,
        u("rake", 0.03, 0.08),
        u("counter", 0.0, 0.02),
        u("rise", 0.5, 0.8),
    )
    add_hull(shape, hull, hull.depth * u("waterline", 0.4, 0.55))
    y, tier = hull.depth, u("tier", 0.02, 0.028)
    front, back = u("house_to", 0.14, 0.22), u("house_from", -0.3, -0.18)
    size, barrels, long = u("turret", 0.018, 0.026), u.number("barrels", 1, 2, 2, 3), u("barrel", 0.04, 0.06)
    if modern:
        size, barrels = u("turret", 0.016, 0.02), 1
    gun = _turret(size, barrels, long, u("elevation", 0.0, 0.3))
    shape.add(gun.translate((0, float(hull.deck(front + 0.1)) - 0.003, front + 0.1)), "metal")
    if not modern:
        step = 0.024
        z = front + 0.1 - 2.4 * size
        shape.add(cylinder((0, y - 0.01, z), (0, y + step + 0.012, z), size * 0.7, None, 20), "metal")
        shape.add(gun.translate((0, y + step + 0.012, z)), "metal")
        if u.flag("aft_turret", 0.85):
            shape.add(gun.rotate((0, 180, 0)).translate((0, y - 0.003, back - 0.07)), "metal")
        if u.flag("second_aft_turret", 0.5):
            z = back - 0.07 + 2.4 * size
            shape.add(cylinder((0, y - 0.01, z), (0, y + step + 0.012, z), size * 0.7, None, 20), "metal")
            shape.add(gun.rotate((0, 180, 0)).translate((0, y + step + 0.012, z)), "metal")
            back = z + size
        front -= 2.4 * size * 0.6
    elif u.flag("helipad", 0.7):
        back = max(back, -0.28)
        shape.add(extrude(hull.plan(-0.49, back, 0.002, 0.0), 0.014, "y", y + 0.004), "plastic")
    margin = 0.002 if modern else hull.beam * 0.2
    levels = u.number("levels", 2, 3) if modern else u.number("levels", 3, 4, 5)
    z0, z1 = back, front - (0.0 if modern else 0.03)
    tower = u("tower", 0.1, 0.16)
    for i in range(levels):
        plan = hull.plan(z0, z1, margin + 0.009 * i, 0.02, 0.02)
        add_house(shape, plan, y - 0.004, y + tier, windows=i == levels - 1)
        y += tier
        z0 = z1 - tower - 0.02 * (levels - i) if i == 0 and levels > 1 else z0 + 0.012
        z1 -= u("setback", 0.004, 0.018)
    deck = hull.depth + tier
    add_mast(
        shape,
        (0, y - 0.004, (z0 + z1) / 2),
        u("mast", 0.08, 0.14),
        u("mast_rake", 0.0, 0.15),
        u.number("yards", 1, 2, 3),
        0.07,
    )
    if u.flag("radar", 0.6):
        shape.add(
            box((0.05, 0.02, 0.012), (0, y + 0.012, (z0 + z1) / 2 + 0.022))
            + cylinder((0, y - 0.01, (z0 + z1) / 2 + 0.022), (0, y + 0.012, (z0 + z1) / 2 + 0.022), 0.006, None, 8),
            "metal",
        )
    spots = np.linspace(z0 - 0.05, back + 0.06, u.number("funnels", 1, 2, 2))
    for z in spots:
        add_funnel(
            shape,
            (0, deck - 0.006, float(z)),
            u("funnel", 0.045, 0.075),
            u("funnel_radius", 0.012, 0.018),
            u("funnel_rake", 0.0, 0.25),
            u("stretch", 1.2, 1.8),
        )
    if u.flag("aft_mast", 0.5):
        add_mast(shape, (0, deck - 0.01, back + 0.03), u("aft_mast_height", 0.08, 0.14), 0.0, 1, 0.05)
    for z in np.linspace(back + 0.04, z0 - 0.02, u.number("small_guns", 0, 2, 3)):
        shape.add_mirrored(
            _turret(0.009, 1, 0.02, 0.4)
            .rotate((0, 60, 0))
            .translate((float(hull.half(z)) - margin - 0.012, deck - 0.002, float(z))),
            "metal",
        )
    return shape


def carrier(u: Draw) -> Shape:
    """An aircraft carrier: overhanging flight deck with an angled part and an island to starboard."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.11, 0.14),
        u("depth", 0.075, 0.095),
        0.0,
        0.0,
        u("entry", 0.3, 0.45),
        u("run", 0.2, 0.35),
        u("transom", 0.6, 0.85),
        u("full", 3, 5),
        1.2,
        u("rake", 0.02, 0.06),
        0.0,
        u("rise", 0.4, 0.7),
    )
    add_hull(shape, hull, hull.depth * u("waterline", 0.35, 0.5))
    y, half, bow = hull.depth, u("deck", 0.085, 0.115), u("bow_half", 0.03, 0.06)
    angled = u("angled", 0.0, 0.045)
    end = u("deck_end", 0.46, 0.5)
    deck = [
        (-half * 0.85, -0.5),
        (half * 0.6, -0.5),
        (half * 0.8, -0.4),
        (half, -0.25),
        (half, 0.1),
        (half * 0.7, 0.25),
        (bow, end),
        (-bow, end),
        (-half * 0.7, 0.3),
        (-half - angled, 0.12),
        (-half - angled, -0.1),
        (-half, -0.38),
    ]
    # positive x is the port side: the bow points to +z and up is +y
    shape.add(extrude(np.array(deck) * (-1, 1), 0.016, "y", y + 0.004), "plastic")
    shape.add(extrude(np.array(deck) * (-0.86, 0.9), 0.02, "y", y - 0.008), "paint")
    if u.flag("ramp", 0.3):
        ramp = [(0.3, y + 0.004), (end, y + 0.012), (end, y + u("ramp_height", 0.03, 0.05)), (0.42, y + 0.02)]
        shape.add(extrude(ramp, 1.6 * bow, "x"), "plastic")
    x, z, tall = -half + u("island_in", 0.012, 0.022), u("island_at", -0.15, 0.1), u("island", 0.05, 0.08)
    long, wide = u("island_length", 0.1, 0.2), u("island_width", 0.03, 0.042)
    shape.add(rounded_box((wide, tall * 0.6, long), (x, y + 0.01 + tall * 0.28, z), 0.004, 8), "paint")
    top = rounded_box((wide * 0.9, tall * 0.45, long * 0.6), (x, y + 0.01 + tall * 0.75, z), 0.004, 8)
    shape.add(top, "paint")
    shape.add(grow(top, (0.0015, 0, 0.0015)) ^ box((1, tall * 0.14, 2), (0, y + 0.01 + tall * 0.82, 0)), "glass")
    add_mast(shape, (x, y + tall * 0.9, z), u("mast", 0.06, 0.1), 0.0, u.number("yards", 1, 2), 0.04)
    if u.flag("funnel", 0.6):
        add_funnel(shape, (x, y + 0.008, z - long * 0.5 - 0.02), tall * 1.1, 0.013, 0.1, 1.5)
    count = u.number("aircraft", 0, 4, 8)
    for i in range(count):  # parked aircraft
        spot = np.array([half * 0.66, y + 0.016, -0.36 + 0.052 * i])
        plane = (
            ellipsoid((0.0055, 0.0065, 0.02), (0, 0, 0), 10)
            + extrude([(0, 0.012), (0.017, -0.008), (-0.017, -0.008)], 0.009, "y")
            + box((0.009, 0.016, 0.01), (0, 0.006, -0.014))
        )
        shape.add(plane.rotate((0, 70, 0)).translate(tuple(spot)), "metal")
    return shape


def submarine(u: Draw) -> Shape:
    """A submarine: a round hull with a sail, planes, rudders and a propeller; older ones have a deck casing."""
    shape = Shape(params=u.params)
    r, nose, tail = u("radius", 0.042, 0.06), u("nose", 0.06, 0.16), u("tail", 0.22, 0.36)
    rings = []
    ring = superellipse(1, 1, 2, 32)
    for t in np.r_[0, 0.01, 0.04, 0.1, 0.25, 0.5, 0.8, 1.0]:
        s = max((1 - (1 - t) ** 2.2) ** 0.5, 0.05)
        rings.append(np.c_[ring * r * s, np.full(32, 0.5 - nose * t)])
    for t in np.linspace(0, 1, 9):
        s = 1 - 0.9 * t**1.8
        rings.append(np.c_[ring * r * s, np.full(32, -0.48 + tail * (1 - t))])
    shape.add(loft(rings), "paint")
    if u.flag("casing", 0.5):
        wide = r * u("casing_width", 0.45, 0.7)
        plan = [
            (wide * 0.5, 0.42),
            (wide, 0.3),
            (wide, -0.15),
            (wide * 0.3, -0.34),
            (-wide * 0.3, -0.34),
            (-wide, -0.15),
            (-wide, 0.3),
            (-wide * 0.5, 0.42),
        ]
        shape.add(extrude(plan, r * 1.1, "y", r * 0.55), "paint")
    z, height, chord, wide = (
        u("sail_at", 0.05, 0.22),
        u("sail", 0.045, 0.08),
        u("sail_length", 0.09, 0.16),
        u("sail_width", 0.016, 0.026),
    )
    outline = np.add(superellipse(wide / 2, chord / 2, 2.4, 24), (0, z))
    shape.add(extrude(outline, r * 0.5 + height, "y", r * 0.75 + height / 2), "paint")
    for i in range(u.number("periscopes", 1, 2, 3)):
        at = (0, r + height, z + chord * (0.2 - 0.2 * i))
        shape.add(
            cylinder(
                (0, r * 0.9 + height * 0.6, at[2]), (0, at[1] + u("periscope", 0.02, 0.05), at[2]), 0.0055, None, 10
            ),
            "metal",
        )
    planes = u.choice("planes", ["sail", "bow"])
    c = u("plane_chord", 0.03, 0.045)
    spot = (0, r + height * 0.55, z + chord * 0.3) if planes == "sail" else (r * 0.7, r * 0.1, 0.34)
    shape.add_mirrored(wing(spot, u("plane_span", 0.05, 0.07), c, 0.7, 0.15, 0.0, thin=THIN), "paint")
    size = u("rudder", 0.05, 0.075)
    shape.add_mirrored(wing((0, 0, -0.38), size + 0.015, 0.055, 0.6, 0.3, 0.0, thin=THIN), "paint")
    rudder = fin((0, 0, -0.38), size + 0.015, 0.055, 0.6, 0.3, thin=THIN)
    shape.add(rudder, "paint")
    shape.add(rudder.mirror((0, 1, 0)), "paint")
    shape.add(
        propeller((0, 0, -0.485), u("prop", 0.03, 0.042), u.number("blades", 4, 5, 7), thin=0.009, hub=0.25), "metal"
    )
    if u.flag("gun", 0.15):
        shape.add(
            cylinder((0, r * 0.8, z + 0.12), (0, r + 0.02, z + 0.12), 0.008, None, 10)
            + cylinder((0, r + 0.018, z + 0.1), (0, r + 0.026, z + 0.18), 0.006, None, 8),
            "metal",
        )
    return shape


def barge(u: Draw) -> Shape:
    """A flat barge with raked ends: open hold, heaped cargo, deck cargo or a long river boat with a house aft."""
    shape = Shape(params=u.params)
    half, depth, rake, slope = (
        u("beam", 0.2, 0.36) / 2,
        u("depth", 0.06, 0.1),
        u("rake", 0.04, 0.12),
        u("stern_rake", 0.02, 0.1),
    )
    side = [
        (-0.5, depth),
        (-0.5, depth * 0.7),
        (-0.5 + slope, 0),
        (0.5 - rake, 0),
        (0.5, depth * u("bow_lip", 0.5, 0.8)),
        (0.5, depth),
    ]
    solid = extrude(side, 2 * half, "x")
    kind = u.choice("load", ["hold", "heap", "crates", "tanks"])
    house = u.flag("house", 0.5)
    high, wide, long = u("house_height", 0.05, 0.09), half * u("house_width", 1.2, 1.7), u("house_length", 0.1, 0.14)
    post, tall, edge = u("post", 0.008, 0.012), u("post_height", 0.015, 0.03), u("coaming", 0.01, 0.02)
    back, front, wall = (-0.28 if house else -0.44), u("hold_to", 0.36, 0.44), u("wall", 0.014, 0.03)
    hold = box((2 * (half - wall), 0.2, front - back), (0, depth * 0.35 + 0.1, (front + back) / 2))
    coaming = box((2 * half - wall, 2 * edge, front - back + wall), (0, depth, (front + back) / 2))
    shape.add((solid + coaming) - hold if kind in ("hold", "heap") else solid, "paint")
    if kind == "heap":
        for z in np.linspace(back + 0.08, front - 0.08, u.number("heaps", 2, 3, 4)):
            shape.add(
                ellipsoid((half - wall + 0.004, u("heap", 0.05, 0.09), (front - back) * 0.28), (0, depth * 0.5, z), 20)
                ^ box((2 * half - wall, 0.4, front - back + 0.01), (0, depth * 0.3 + 0.2, (front + back) / 2)),
                "stone",
            )
    elif kind == "crates":
        columns = u.number("columns", 3, 4, 6)
        for i in range(columns):
            z, long = back + (front - back) * (i + 0.5) / columns, (front - back) / columns * 0.86
            high = 0.04 * int(u.rng.integers(1, 4))
            material = str(u.rng.choice(["wood", "metal", "plastic", "fabric"]))
            shape.add(box((2 * half * 0.84, high + 0.008, long), (0, depth + high / 2 - 0.004, z)), material)
    elif kind == "tanks":
        for z in np.linspace(back + 0.1, front - 0.1, u.number("tanks", 2, 3, 4)):
            shape.add(
                cylinder((0, depth - 0.006, z), (0, depth + u("tank", 0.04, 0.08), z), half * 0.7, None, 28), "metal"
            )
        shape.add(cylinder((0, depth + 0.008, back), (0, depth + 0.008, front), 0.008, None, 8), "metal")
    if house:
        room = rounded_box((wide, high, long), (0, depth + high / 2 - 0.004, -0.38), 0.006, 8)
        shape.add(room, "paint")
        shape.add(grow(room, (0.0015, 0, 0.0015)) ^ box((1, high * 0.35, 2), (0, depth + high * 0.6, 0)), "glass")
        add_mast(shape, (0, depth + high - 0.01, -0.38), u("mast", 0.05, 0.1), 0.0, 1, 0.06)
    for z in (-0.46, 0.46):
        shape.add_mirrored(
            cylinder((half * 0.8, depth - 0.005, z), (half * 0.8, depth + tall, z), post, None, 10), "metal"
        )
    return shape
