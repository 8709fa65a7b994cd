# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Motor and rowing boats, tugs and fishing boats; lengths as fractions of the hull's length."""

from __future__ import annotations

import numpy as np

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    ellipsoid,
    extrude,
    grow,
    rounded_box,
    station_loft,
    tube,
    union,
)
from list_fast.data.shapes.vessel_parts import THIN, Hull, add_funnel, add_house, add_hull, add_mast, deck_space


def yacht(u: Draw) -> Shape:
    """A motor yacht: raked superstructure in one to three decks, a radar arch."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.2, 0.29),
        u("depth", 0.10, 0.14),
        u("bow_sheer", 0.02, 0.05),
        0.0,
        u("entry", 0.45, 0.65),
        0.25,
        u("transom", 0.85, 1.0),
        u("full", 2.4, 4.0),
        1.15,
        u("rake", 0.06, 0.16),
        u("counter", -0.03, 0.02),
        u("rise", 0.1, 0.3),
        u("forefoot", 0.2, 0.5),
    )
    solid = add_hull(shape, hull, hull.depth * u("waterline", 0.2, 0.35), 0.0)
    if u.flag("portholes", 0.5):
        shape.add(
            grow(solid, (0.0015, 0, 0)) ^ box((1, 0.018, u("glass_length", 0.2, 0.5)), (0, hull.depth * 0.72, 0.05)),
            "glass",
        )
    y, decks = hull.depth - 0.008, u.number("decks", 1, 2, 2, 3)
    front, back, tier = u("front", 0.16, 0.3), u("back", -0.4, -0.25), u("tier", 0.045, 0.06)
    rake, half = u("windshield", 0.08, 0.18), hull.beam / 2 * u("house_width", 0.72, 0.88)
    for i in range(decks):
        taper = half * (1 - 0.14 * i)
        rows = [
            (front, taper * 0.6, y, y + 0.012),
            (front - rake * 0.5, taper * 0.85, y, y + tier * 0.6),
            (front - rake, taper * 0.95, y, y + tier),
            (back + 0.05, taper, y, y + tier),
            (back, taper * 0.98, y, y + tier * u("aft", 0.4, 1.0)),
        ]
        house = station_loft(rows, u("edge", 4, 9))
        shape.add(house, "paint")
        shape.add(grow(house, (0.0018, 0.0, 0.0018)) ^ box((1, tier * 0.36, 1), (0, y + tier * 0.58, 0)), "glass")
        shape.add(
            rounded_box(
                (2 * taper, 0.012, front - rake - back + u("eaves", 0.0, 0.1)),
                (0, y + tier, (front - rake + back) / 2 - 0.02),
                0.005,
                8,
            ),
            "paint",
        )
        y += tier
        front, back = front - rake * 0.8 - u("step", 0.0, 0.04), back + u("step_back", 0.03, 0.09)
        if front - back < 0.2:
            break
    z = (front + back) / 2
    arch = [
        (-half * 0.75, y - 0.02, z),
        (-half * 0.6, y + 0.06, z - 0.05),
        (half * 0.6, y + 0.06, z - 0.05),
        (half * 0.75, y - 0.02, z),
    ]
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
        u("beam", 0.3, 0.4),
        u("depth", 0.13, 0.18),
        u("bow_sheer", 0.01, 0.05),
        0.0,
        u("entry", 0.55, 0.75),
        0.2,
        u("transom", 0.85, 1.0),
        u("full", 2.2, 4),
        1.2,
        u("rake", 0.08, 0.2),
        u("counter", -0.04, 0.01),
        u("rise", 0.0, 0.15),
        u("forefoot", 0.4, 0.7),
    )
    y, half = hull.depth, hull.beam / 2
    back, front = u("cockpit_from", -0.46, -0.38), u("cockpit_to", 0.02, 0.16)
    inner = half - u("side_deck", 0.03, 0.06)
    well = rounded_box(
        (2 * inner, 0.24, front - back), (0, y + 0.12 - u("cockpit_depth", 0.06, 0.09), (front + back) / 2), 0.03, 8
    )
    shape.add(hull.solid() - well, "paint")
    if u.flag("band", 0.6):
        stripe = grow(hull.solid(), (0.002, 0.0, 0.002)) ^ box((1, 0.02, 2), (0, y - 0.02, 0))
        shape.add(stripe - well, "plastic")
    rake, high = u("screen_rake", 0.03, 0.1), u("screen", 0.05, 0.1)
    screen = extrude(
        np.array(
            [
                (inner + 0.012, front - 0.06),
                (inner * 0.6, front + 0.01),
                (-inner * 0.6, front + 0.01),
                (-inner - 0.012, front - 0.06),
                (-inner - 0.012, front - 0.08),
                (-inner * 0.6, front - 0.012),
                (inner * 0.6, front - 0.012),
                (inner + 0.012, front - 0.08),
            ]
        ),
        high + 0.03,
        "y",
        y + high / 2 - 0.01,
    )
    shear = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, -rake / high, 1, rake / high * y]], float)
    shape.add(screen.transform(shear), "glass")
    floor = y - 0.08
    rows = u.number("seats", 1, 2, 2)
    for i in range(rows):
        z = front - 0.17 - 0.2 * i
        shape.add_mirrored(rounded_box((inner * 0.6, 0.07, 0.09), (inner * 0.5, floor + 0.02, z), 0.012, 8), "leather")
        shape.add_mirrored(
            rounded_box((inner * 0.6, 0.12, 0.03), (inner * 0.5, floor + 0.06, z - 0.05), 0.012, 8), "leather"
        )
    shape.add(rounded_box((2 * inner + 0.02, 0.06, 0.09), (0, floor + 0.02, back + 0.04), 0.012, 8), "leather")
    shape.add(rounded_box((inner * 0.5, 0.09, 0.07), (inner * 0.5, floor + 0.05, front - 0.03), 0.012, 8), "plastic")
    motors = u.number("outboards", 0, 1, 1, 2)
    for x in {0: (), 1: (0.0,), 2: (-0.06, 0.06)}[motors]:
        shape.add(
            rounded_box((0.06, 0.1, 0.09), (x, y + 0.05, -0.53), 0.02, 10)
            + box((0.03, 0.16, 0.04), (x, y - 0.05, -0.525))
            + box((0.03, 0.03, 0.08), (x, y - 0.015, -0.5)),
            "plastic",
        )
        shape.add(ellipsoid((0.014, 0.014, 0.035), (x, y - 0.13, -0.53), 12), "metal")
    if u.flag("rail", 0.4):
        spots = np.linspace(front + 0.08, 0.4, 5)
        path = [(float(hull.half(v)) - 0.025, float(hull.deck(v)) + 0.045, float(v)) for v in spots]
        shape.add_mirrored(
            tube([(path[0][0], path[0][1] - 0.06, path[0][2]), *path, (0, path[-1][1], path[-1][2] + 0.03)], 0.0065, 8),
            "metal",
        )
        shape.add(
            cylinder(
                (0, path[-1][1], path[-1][2] + 0.03), (0, path[-1][1] - 0.06, path[-1][2] + 0.03), 0.0065, None, 8
            ),
            "metal",
        )
    if u.flag("canopy", 0.25):
        top, z = y + u("canopy_height", 0.2, 0.26), (front + back) / 2
        shape.add(rounded_box((2 * inner, 0.016, 0.28), (0, top, z), 0.006, 8), "fabric")
        for dz in (-0.12, 0.12):
            shape.add_mirrored(
                cylinder((inner + 0.012, y - 0.01, z), (inner * 0.9, top, z + dz), 0.0075, None, 8), "metal"
            )
    return shape


def rowboat(u: Draw) -> Shape:
    """A hollow open boat: rowing boat, canoe or dinghy, with thwarts and perhaps oars or an engine."""
    shape = Shape(params=u.params)
    canoe = u.flag("canoe", 0.3)
    beam = u("beam", 0.15, 0.2) if canoe else u("beam", 0.32, 0.44)
    hull = Hull(
        beam,
        u("depth", 0.07, 0.1) if canoe else u("depth", 0.12, 0.17),
        u("bow_sheer", 0.01, 0.06),
        u("stern_sheer", 0.0, 0.05),
        u("entry", 0.45, 0.6),
        0.5 if canoe else u("run", 0.25, 0.45),
        0.06 if canoe else u("transom", 0.5, 0.8),
        u("full", 2.0, 3.2),
        1.4,
        u("rake", 0.03, 0.1),
        0.05 if canoe else u("counter", -0.02, 0.05),
        u("rise", 0.1, 0.4),
        u("forefoot", 0.2, 0.5),
    )
    wall = u("wall", 0.013, 0.02)
    shell = hull.solid() - hull.solid(wall)
    shape.add(shell, "wood")
    for z in np.linspace(-0.28, 0.24, u.number("thwarts", 2, 3, 4)) if not canoe else (-0.25, 0.2):
        shape.add(
            box((2 * float(hull.half(z)) - wall, 0.014, u("thwart", 0.06, 0.09)), (0, hull.depth * 0.72, z)), "wood"
        )
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
        oar = (
            cylinder(a, b, 0.0085, None, 8)
            + bar(blade, b, 0.022, 0.03)
            + cylinder(lock, (lock[0], hull.depth * 0.9, lock[2]), 0.009, None, 8)
        )
        shape.add_mirrored(oar, "wood")
    elif u.flag("outboard", 0.4) and not canoe:
        y = hull.depth
        shape.add(
            rounded_box((0.06, 0.09, 0.08), (0, y + 0.06, -0.52), 0.02, 8)
            + box((0.028, 0.2, 0.035), (0, y - 0.04, -0.515))
            + box((0.03, 0.04, 0.07), (0, y, -0.49)),
            "plastic",
        )
    return shape


def tug(u: Draw) -> Shape:
    """A harbour tug: short and broad, high bow, wheelhouse forward, funnel, fenders and a low towing deck."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.28, 0.38),
        u("depth", 0.11, 0.15),
        u("bow_sheer", 0.04, 0.09),
        u("stern_sheer", 0.0, 0.02),
        u("entry", 0.3, 0.45),
        u("run", 0.25, 0.4),
        u("transom", 0.6, 0.8),
        u("full", 2.6, 4),
        1.6,
        u("rake", 0.02, 0.06),
        u("counter", 0.02, 0.05),
        u("rise", 0.4, 0.7),
        0.1,
    )
    bulwark = u("bulwark", 0.03, 0.05)
    solid = add_hull(shape, hull, hull.depth * u("waterline", 0.4, 0.6), bulwark)
    shape.add(
        (grow(solid, (0.014, 0.0, 0.014)) ^ box((2, 0.03, 3), (0, hull.depth - 0.01, 0)))
        - deck_space(hull).translate((0, 0.006, 0)),
        "rubber",
    )
    y, tier = hull.depth - 0.01, u("tier", 0.07, 0.09)
    front, back = u("house_to", 0.2, 0.28), u("house_from", -0.16, -0.05)
    add_house(shape, hull.plan(back, front, hull.beam * 0.2, 0.06, 0.02), y, y + tier)
    top = y + tier * 2
    z0, z1 = front - u("wheelhouse", 0.18, 0.24), front - u("wheelhouse_back", 0.02, 0.06)
    add_house(
        shape, hull.plan(z0, z1, hull.beam * u("wheelhouse_margin", 0.22, 0.3), 0.05, 0.02), y + tier - 0.005, top
    )
    shape.add(extrude(hull.plan(z0 - 0.01, z1 + 0.015, hull.beam * 0.2, 0.05, 0.02), 0.014, "y", top), "paint")
    add_mast(shape, (0, top, (z0 + z1) / 2), u("mast", 0.12, 0.25), 0.15, u.number("yards", 1, 2), 0.1)
    size = u("funnel_radius", 0.026, 0.038)
    height = u("funnel_height", 0.11, 0.17)
    if u.flag("twin_funnels", 0.3):
        for x in (-0.07, 0.07):
            add_funnel(shape, (x, y + tier - 0.01, back + 0.06), height, size * 0.7, 0.05, 1.3)
    else:
        add_funnel(
            shape,
            (0, y + tier - 0.01, min(back + 0.07, z0 - 0.05)),
            height,
            size,
            u("funnel_rake", 0.0, 0.2),
            u("funnel_stretch", 1.0, 1.5),
        )
    if u.flag("winch", 0.7):
        shape.add(
            cylinder((-0.04, y + 0.03, back - 0.1), (0.04, y + 0.03, back - 0.1), 0.028, None, 16)
            + box((0.12, 0.03, 0.05), (0, y + 0.008, back - 0.1)),
            "metal",
        )
    hook = [(-0.07, y, -0.3), (-0.06, y + 0.09, -0.3), (0.06, y + 0.09, -0.3), (0.07, y, -0.3)]
    if u.flag("tow_bar", 0.5):
        shape.add(tube(hook, 0.009, 8), "metal")
    return shape


def fishing(u: Draw) -> Shape:
    """A trawler or small fishing boat: wheelhouse forward or aft, mast with a boom, gallows at the stern."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.24, 0.33),
        u("depth", 0.12, 0.16),
        u("bow_sheer", 0.05, 0.1),
        u("stern_sheer", 0.01, 0.04),
        u("entry", 0.35, 0.5),
        u("run", 0.25, 0.4),
        u("transom", 0.55, 0.85),
        u("full", 2.2, 3.4),
        1.3,
        u("rake", 0.04, 0.12),
        u("counter", 0.0, 0.05),
        u("rise", 0.3, 0.6),
        0.15,
    )
    add_hull(shape, hull, hull.depth * u("waterline", 0.35, 0.55), u("bulwark", 0.025, 0.045))
    y, aft = hull.depth - 0.01, u.flag("aft_house", 0.5)
    z0 = u("house_at", -0.38, -0.28) if aft else u("house_at", 0.02, 0.12)
    z1, tier = z0 + u("house_length", 0.18, 0.26), u("tier", 0.08, 0.11)
    margin = hull.beam * u("margin", 0.14, 0.22)
    low = y + u("plinth", 0.0, 0.06)
    shape.add(
        extrude(hull.plan(z0 - 0.02, z1 + 0.03, margin * 0.8, 0.03, 0.01), low - y + 0.02, "y", (low + y) / 2), "paint"
    )
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
        shape.add(
            box(
                (0.06, 0.05, 0.06),
                (x, y + 0.018, z0 - 0.22 - 0.07 * (i // 2) if not aft else z1 + 0.06 + 0.07 * (i // 2)),
            ),
            "plastic",
        )
    if u.flag("stay", 0.5):
        shape.add(
            cylinder((0, y + height - 0.01, z), (0, float(hull.deck(0.46)) - 0.005, 0.46), 0.0068, None, 8), "metal"
        )
    if u.flag("hatch", 0.6):
        shape.add(union([box((0.1, 0.03, 0.08), (0, y + 0.01, z + 0.6 * reach))]), "wood")
    u.params["thin"] = THIN
    return shape
