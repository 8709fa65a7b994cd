# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Vessels: liners, ferries and freighters here, boats, sailing and naval vessels in their own modules.

The hull is 1 long, its keel lies at y = 0, its bow points to +z.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import Shape, box, cylinder, extrude
from list_fast.data.shapes.vessel_boats import fishing, rowboat, speedboat, tug, yacht
from list_fast.data.shapes.vessel_navy import barge, carrier, submarine, warship
from list_fast.data.shapes.vessel_parts import (
    THIN,
    Hull,
    add_boats,
    add_crane,
    add_funnel,
    add_house,
    add_hull,
    add_mast,
)
from list_fast.data.shapes.vessel_sail import catamaran, sailboat, tall_ship


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random vessel; ``kind`` (one of ``TYPES``) fixes the structural type that is otherwise drawn."""
    kind = draw_kind(rng, _WEIGHTS, kind)
    return _FAMILIES[kind](Draw(rng, kind))


def _liner(u: Draw) -> Shape:
    """Passenger ships: steam liners with tiers of decks, funnels and masts, and cruise ships as tall as a hotel."""
    shape, cruise = Shape(params=u.params), u.params["type"] == "cruise"
    hull = Hull(
        u("beam", 0.11, 0.15),
        u("depth", 0.065, 0.085),
        u("bow_sheer", 0.01, 0.03),
        u("stern_sheer", 0.004, 0.015),
        u("entry", 0.25, 0.4),
        u("run", 0.2, 0.3),
        u("transom", 0.75, 0.95) if cruise else u("transom", 0.3, 0.5),
        u("full", 4, 6),
        1.25,
        u("rake", 0.02, 0.07),
        u("counter", 0.02, 0.05),
        u("rise", 0.4, 0.7),
    )
    add_hull(shape, hull, hull.depth * u("waterline", 0.25, 0.45))
    y, tier = hull.depth, u("tier", 0.014, 0.018)
    tiers = u.number("tiers", *((4, 5, 6, 7) if cruise else (2, 3, 3, 4)))
    z0, z1 = (
        u("house_from", -0.46, -0.38) if cruise else u("house_from", -0.36, -0.26),
        u("house_to", 0.30, 0.36) if cruise else u("house_to", 0.2, 0.3),
    )
    step0, step1 = (
        (u("step_back", 0.004, 0.03), u("step_front", 0.004, 0.02))
        if cruise
        else (u("step_back", 0.02, 0.06), u("step_front", 0.015, 0.04))
    )
    if u.flag("forecastle", 0.6):
        shape.add(extrude(hull.plan(0.36, 0.485, 0.001, 0.0), 0.03, "y", y + 0.008), "paint")
    for i in range(tiers):
        bottom = y - 0.004 if i == 0 else y
        add_house(
            shape,
            hull.plan(z0 + i * step0, z1 - i * step1, 0.004 + 0.005 * i * (not cruise), 0.03, 0.02),
            bottom,
            y + tier,
        )
        if i < tiers - 1:  # the deck above overhangs like a promenade
            shape.add(
                extrude(
                    hull.plan(
                        z0 + i * step0 - 0.01, z1 - i * step1 + 0.004, 0.001 + 0.005 * i * (not cruise), 0.03, 0.02
                    ),
                    THIN * 0.6,
                    "y",
                    y + tier,
                ),
                "wood",
            )
        y += tier
    z0, z1 = z0 + (tiers - 1) * step0, z1 - (tiers - 1) * step1
    add_house(shape, hull.plan(z1 - 0.07, z1 - 0.005, 0.002, 0.02), y - 0.003, y + tier)
    if u.flag("boats", 0.8):
        level = y - tier * (tiers // 2 + 0.5) if cruise else y
        add_boats(
            shape,
            hull,
            z0 + 0.08,
            z1 - 0.12,
            level + 0.006,
            0.0 if cruise else 0.005 * tiers,
            u.number("boat_count", 5, 6, 8),
        )
    funnels = 1 if cruise else u.number("funnels", 1, 2, 2, 2, 3, 4)
    u.params["funnels"] = funnels
    height, radius, rake = u("funnel_height", 0.05, 0.09), u("funnel_radius", 0.014, 0.022), u("funnel_rake", 0.0, 0.3)
    middle = (z0 + z1) / 2 - (0.16 if cruise else 0.0)
    gap = min(0.12, (z1 - z0 - 0.16) / max(funnels, 1))
    for i in range(funnels):
        add_funnel(
            shape,
            (0, y - 0.004, middle + gap * (i - (funnels - 1) / 2)),
            height * (0.7 if cruise else 1),
            radius,
            rake,
            u("funnel_stretch", 1.1, 1.7),
        )
    if cruise:
        add_mast(shape, (0, y + tier - 0.004, z1 - 0.05), u("mast", 0.04, 0.07), 0.1, 1, 0.04)
    else:
        height = u("mast", 0.12, 0.2)
        for z in (0.36, -0.37) if u.flag("two_masts", 0.8) else (0.36,):
            add_mast(shape, (0, float(hull.deck(z)) - 0.01, z), height, rake * 0.5, u.number("yards", 0, 1, 2), 0.05)
    return shape


def _ferry(u: Draw) -> Shape:
    """A car ferry: high sides around the car deck, open at the stern, houses above."""
    shape = Shape(params=u.params)
    hull = Hull(
        u("beam", 0.17, 0.23),
        u("depth", 0.07, 0.09),
        u("bow_sheer", 0.0, 0.015),
        0.0,
        u("entry", 0.2, 0.35),
        0.2,
        u("transom", 0.85, 1.0),
        u("full", 4, 6),
        1.5,
        u("rake", 0.01, 0.05),
        0.0,
        u("rise", 0.3, 0.6),
        0.05,
    )
    add_hull(shape, hull, hull.depth * u("waterline", 0.3, 0.5))
    y, high = hull.depth, u("car_deck", 0.035, 0.05)
    sides = extrude(hull.plan(-0.49, u("house_to", 0.28, 0.4), 0.002, 0.06), high, "y", y + high / 2 - 0.004)
    opening = box((hull.beam * 0.7, high - 0.018, 0.3), (0, y + high / 2 + 0.004, -0.45))
    shape.add(sides - opening, "paint")
    y += high - 0.006
    tier, tiers = u("tier", 0.018, 0.024), u.number("tiers", 1, 2, 2, 3)
    back, front = u("upper_from", -0.42, -0.3), u("upper_to", 0.2, 0.3)
    step = u("step", 0.01, 0.05)
    for i in range(tiers):
        plan = hull.plan(back + step * i, front - step * i, 0.008 + 0.006 * i, 0.03, 0.02)
        add_house(shape, plan, y - 0.003, y + tier)
        y += tier
    front -= step * (tiers - 1)
    add_house(shape, hull.plan(front - 0.08, front - 0.01, 0.004, 0.015), y - 0.003, y + tier)
    z = u("funnel_at", -0.2, -0.05)
    size, tall = u("funnel_radius", 0.016, 0.024), u("funnel_height", 0.04, 0.07)
    add_funnel(shape, (0, y - 0.004, z), tall, size, u("funnel_rake", 0.0, 0.3), u("funnel_stretch", 1.2, 1.8))
    add_mast(shape, (0, y + tier - 0.004, front - 0.05), u("mast", 0.04, 0.07), 0.1, 1, 0.04)
    if u.flag("boats", 0.6):
        add_boats(shape, hull, -0.15, 0.12, y - tier * tiers + 0.006, 0.004, u.number("boat_count", 2, 3, 4))
    return shape


def _freighter(u: Draw) -> Shape:
    """Container ships, tankers and general cargo ships."""
    shape, kind = Shape(params=u.params), u.params["type"]
    hull = Hull(
        u("beam", 0.12, 0.17),
        u("depth", 0.075, 0.10),
        u("bow_sheer", 0.008, 0.03),
        u("stern_sheer", 0.0, 0.01),
        u("entry", 0.14, 0.24),
        u("run", 0.15, 0.25),
        u("transom", 0.7, 0.95),
        u("full", 5, 8),
        1.4,
        u("rake", 0.01, 0.05),
        u("counter", 0.0, 0.03),
        u("rise", 0.3, 0.7),
    )
    add_hull(shape, hull, hull.depth * u("waterline", 0.3, 0.55))
    y = hull.depth
    shape.add(extrude(hull.plan(0.40, 0.485, 0.0015, 0.0), u("forecastle", 0.02, 0.04), "y", y + 0.01), "paint")
    tier, tiers = u("tier", 0.015, 0.02), u.number("tiers", 3, 4, 5, 6)
    aft = u("house_at", -0.44, -0.36) if kind != "cargo" or u.rng.random() < 0.6 else u("house_at", -0.1, 0.02)
    deep = u("house_depth", 0.05, 0.09)
    shape.add(extrude(hull.plan(aft - 0.03, aft + deep + 0.01, 0.002, 0.0), 0.02, "y", y + 0.006), "paint")
    for i in range(tiers):
        low = y + 0.012 + tier * i
        add_house(
            shape,
            hull.plan(aft, aft + deep - 0.004 * i, 0.012 if i < tiers - 1 else 0.002, 0.004),
            low - 0.002,
            low + tier,
        )
    roof = y + 0.01 + tier * tiers
    add_mast(shape, (0, roof, aft + deep * 0.6), u("mast", 0.03, 0.06), 0.0, 1, 0.03)
    add_funnel(
        shape,
        (0, y + 0.01, aft - 0.018),
        tier * tiers + u("funnel_height", 0.0, 0.03),
        u("funnel_radius", 0.011, 0.016),
        0.05,
    )
    ends = (aft + deep + 0.015, 0.40)
    spans = [ends] if aft < -0.2 else [ends, (-0.42, aft - 0.05)]
    if kind == "container":
        for z0, z1 in spans:
            bays = max(2, round((z1 - z0) / u("bay", 0.05, 0.075)))
            size = (z1 - z0) / bays
            for i in range(bays):
                z = z0 + (i + 0.5) * size
                wide = 2 * (float(np.min(hull.half([z - size / 2, z + size / 2]))) - 0.003)
                rows = max(2, int(wide / 0.022))
                level = int(u.rng.integers(2, 6))
                cut = int(u.rng.integers(1, rows + 1)) if u.rng.random() < 0.5 else rows
                for first, last, stack in ((0, cut, level), (cut, rows, max(level - 1, 1))):
                    if last > first:
                        x0, x1 = -wide / 2 + wide * first / rows, -wide / 2 + wide * last / rows
                        material = str(u.rng.choice(["wood", "plastic", "metal", "fabric"]))
                        shape.add(
                            box(
                                (x1 - x0 + 0.001, 0.016 * stack + 0.008, size - 0.009),
                                ((x0 + x1) / 2, y + 0.008 * stack, z),
                            ),
                            material,
                        )
            shape.add(box((0.08, 0.014, z1 - z0 + 0.02), (0, y + 0.003, (z0 + z1) / 2)), "paint")
    elif kind == "tanker":
        for z0, z1 in spans:
            for x in np.linspace(-0.02, 0.02, u.number("pipes", 1, 2, 3)):
                shape.add(cylinder((x, y + 0.006, z0 - 0.03), (x, y + 0.006, z1), THIN * 0.6, None, 8), "metal")
            for z in np.linspace(z0 + 0.08, z1 - 0.08, u.number("manifolds", 1, 2, 4, 6)):
                shape.add(box((hull.beam * 0.7, 0.016, 0.012), (0, y + 0.006, z)), "metal")
        add_mast(shape, (0, y - 0.005, 0.1), u("derrick", 0.04, 0.08), 0.0, 1, 0.04)
    else:
        count = u.number("hatches", 2, 3, 4, 5)
        for z0, z1 in spans:
            for i in range(count):
                size = (z1 - z0) / count
                z = z0 + (i + 0.5) * size
                shape.add(box((hull.beam * 0.62, 0.022, size * 0.62), (0, y + 0.006, z)), "metal")
                if i and u.params["mast"] > 0.035:
                    add_crane(shape, u, (0.0, y - 0.005, z - size / 2), size)
    return shape


_WEIGHTS = {
    "liner": 4,
    "cruise": 2,
    "ferry": 1,
    "container": 3,
    "tanker": 2,
    "cargo": 2,
    "tug": 2,
    "fishing": 2,
    "sailboat": 4,
    "tall_ship": 2,
    "catamaran": 1,
    "yacht": 3,
    "speedboat": 3,
    "rowboat": 2,
    "warship": 4,
    "carrier": 1,
    "submarine": 1,
    "barge": 1,
}
TYPES = tuple(_WEIGHTS)
_FAMILIES: dict[str, Callable[[Draw], Shape]] = {
    "liner": _liner,
    "cruise": _liner,
    "ferry": _ferry,
    "container": _freighter,
    "tanker": _freighter,
    "cargo": _freighter,
    "tug": tug,
    "fishing": fishing,
    "sailboat": sailboat,
    "tall_ship": tall_ship,
    "catamaran": catamaran,
    "yacht": yacht,
    "speedboat": speedboat,
    "rowboat": rowboat,
    "warship": warship,
    "carrier": carrier,
    "submarine": submarine,
    "barge": barge,
}
