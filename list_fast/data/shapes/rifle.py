# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Rifles: hunting and sniper rifles, assault rifles, carbines, shotguns, machine guns and muzzle-loaders.

In metres; the barrel lies along z and its muzzle points to +z, as the noses of vehicles do, with y up.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import Shape, box, cylinder, extrude, fill_cavities, smooth_curve, strip, tube, turned
from list_fast.data.shapes.rifle_army import assault, bullpup, carbine, curved_magazine, machine_gun, submachine
from list_fast.data.shapes.rifle_parts import Rifle, bolt, plate

TYPES = {
    "hunting": 4.0,
    "sniper": 2.5,
    "assault": 5.0,
    "curved_magazine": 4.0,
    "carbine": 3.0,
    "bullpup": 1.5,
    "pump_shotgun": 2.0,
    "double_barrel": 1.2,
    "lever_action": 1.5,
    "submachine": 2.0,
    "machine_gun": 1.5,
    "muzzle_loader": 1.2,
}


def _wooden(g: Rifle, d: Draw, long: float, fore: float, wrist: float = 0.0) -> float:
    """A one-piece stock about a receiver of ``long``, its fore-end reaching to z = ``fore``; returns the butt's z."""
    end = -long - g.stock_length - 0.06
    tall, drop = d.uniform("butt_height", 0.105, 0.135), d.uniform("butt_drop", 0.0, 0.05)
    comb = d.uniform("comb", 0.0, 0.018)
    deep = d.uniform("stock_belly", 0.046, 0.06)
    tip = d.uniform("fore_end_taper", 0.55, 0.9)
    rows = [
        (end, 0.02, -drop - tall, -drop),
        (end + 0.5 * g.stock_length, 0.019, -0.45 * drop - 0.085, -0.35 * drop - 0.004 + comb),
        (-long - 0.055, 0.0165, -0.062 - wrist, -0.014),
        (-0.92 * long, 0.02, -0.052 - wrist, 0.0),
        (-0.7 * long, 0.0235, -deep, 0.0),
        (0.0, 0.0245, -deep, 0.0),
        (0.55 * fore, 0.0225, -0.85 * deep, 0.0),
        (0.94 * fore, 0.02 * tip + 0.004, -0.75 * deep * tip, 0.0),
        (fore, 0.014 * tip, -0.5 * deep * tip, -0.002),
    ]
    g.add(g.wood(rows, 2.6), g.furniture)
    g.butt(end, -drop - tall + 0.003, -drop - 0.003, 0.037)
    g.trigger(-0.76 * long, -deep + 0.004)
    return end


def _turn_bolt(g: Rifle, d: Draw, long: float) -> None:
    r = d.uniform("action_radius", 0.0165, 0.02)
    solid = cylinder((0, 0.004, -long), (0, 0.004, 0.02), r, segments=24)
    solid -= box((0.04, 0.022, 0.3 * long), (-0.018, 0.018, -0.42 * long))  # the ejection port
    g.add(solid + cylinder((0, 0.004, -0.62 * long), (0, 0.004, -0.2 * long), 0.62 * r, segments=16), g.steel)
    g.add(cylinder((0, 0.004, -long - 0.03), (0, 0.004, -long + 0.02), 0.72 * r, 0.8 * r, 16), "metal")
    g.add(
        bolt(2 * r, 0.004, -0.86 * long, d.uniform("bolt_reach", 0.03, 0.045), d.uniform("bolt_drop", 0.01, 0.04)),
        "metal",
    )


def _hunting(g: Rifle, d: Draw) -> None:
    long, fore = d.uniform("action", 0.19, 0.24), d.uniform("fore_end", 0.2, 0.34)
    reach = d.uniform("barrel", 0.48, 0.66)
    _wooden(g, d, long, fore, d.uniform("pistol_swell", 0.0, 0.03))
    _turn_bolt(g, d, long)
    scoped = d.flag("scoped", 0.65)
    g.barrel(
        reach, "crown" if d.flag("plain_muzzle", 0.8) else "brake", 0.004, not scoped or d.flag("iron_sights", 0.3)
    )
    if scoped:
        g.scope(-0.45 * long, d.uniform("scope_axis", 0.046, 0.058), 0.02)
    else:
        g.rear(0.12, 0.012, d.choice("rear_sight", ("notch", "leaf")))
    if d.flag("box_magazine", 0.4):
        g.add(box((0.03, 0.05, 0.09), (0, -0.062, -0.3 * long)), "metal")
    else:
        g.add(box((0.026, 0.012, 0.11), (0, -d.params["stock_belly"], -0.3 * long)), "metal")


def _sniper(g: Rifle, d: Draw) -> None:
    long, reach = d.uniform("action", 0.22, 0.26), d.uniform("barrel", 0.55, 0.75)
    g.radius = d.params["barrel_radius"] = d.uniform("heavy_barrel", 0.011, 0.015)
    fore = d.uniform("fore_end", 0.24, 0.36)
    if d.flag("chassis", 0.5):
        width = d.uniform("chassis_width", 0.036, 0.048)
        outline = [
            (-long - 0.02, 0.0),
            (fore, -0.002),
            (fore, -0.034),
            (0.04, -0.05),
            (-0.6 * long, -0.056),
            (-long - 0.02, -0.05),
        ]
        g.add(plate(outline, width, 0.006), g.steel)
        slots = [box((0.013, 0.016, 0.04), (s * width / 2, -0.018, 0.06 + 0.06 * k)) for s in (-1, 1) for k in range(3)]
        for slot in slots:
            g.add(slot, "rubber")
        g.trigger(-0.68 * long, -0.052)
        g.grip(-0.95 * long, -0.05)
        g.stock(d.choice("stock_form", ("skeleton", "sliding", "solid")), -long - 0.01, -0.024)
        if d.flag("top_rail", 0.6):
            g.rail(-long, 0.7 * fore, 0.026)
    else:
        end = -long - g.stock_length - 0.02
        g.stock("thumbhole", -0.9 * long, -0.012)
        rows = [
            (-0.98 * long, 0.018, -0.05, 0.0),
            (-0.6 * long, 0.024, -0.056, 0.0),
            (0.5 * fore, 0.025, -0.054, 0.0),
            (fore, 0.02, -0.04, 0.0),
        ]
        g.add(g.wood(rows, 4.0), g.furniture)
        g.trigger(-0.7 * long, -0.05)
        if d.flag("cheek_piece", 0.6):
            g.add(box((0.034, 0.04, 0.1), (0, 0.014, end + 0.16)), "rubber")
    _turn_bolt(g, d, long)
    g.barrel(reach, d.choice("long_muzzle", {"brake": 3.0, "suppressor": 2.0, "crown": 1.0, "cage": 1.0}), 0.004, False)
    g.scope(-0.42 * long, d.uniform("scope_axis", 0.05, 0.064), 0.018)
    if d.flag("bipod", 0.75):
        g.bipod(fore - 0.04, -0.036)
    g.magazine("straight", -0.26 * long, -0.05, d.uniform("magazine_length", 0.03, 0.08), 0.085)


def _pump_shotgun(g: Rifle, d: Draw) -> None:
    long, reach = d.uniform("receiver", 0.18, 0.22), d.uniform("barrel", 0.44, 0.66)
    g.radius, g.taper = d.uniform("bore_radius", 0.0115, 0.0135), 0.95
    outline = [
        (0.0, 0.026),
        (-long + 0.03, 0.026),
        (-long, 0.006),
        (-long, -0.036),
        (-0.3 * long, -0.042),
        (0.0, -0.038),
    ]
    g.add(plate(outline, 0.9 * g.width, 0.006), g.steel)
    g.add(box((0.006, 0.02, 0.07), (-0.45 * g.width, 0.006, -0.4 * long)), "rubber")
    g.barrel(reach, "crown", 0.008, False)
    g.add(cylinder((0, 0.014, reach - 0.012), (0, 0.0255, reach - 0.012), 0.004, segments=8), "metal")
    tube_end = reach - d.uniform("tube_gap", 0.02, 0.18)
    g.add(cylinder((0, -0.022, -0.02), (0, -0.022, tube_end), 0.0118, segments=18), "metal")
    g.add(cylinder((0, -0.022, tube_end - 0.02), (0, -0.022, tube_end + 0.012), 0.0135, 0.011, 18), "metal")
    g.add(box((0.014, 0.034, 0.016), (0, -0.007, tube_end - 0.02)), "metal")
    start, size = d.uniform("pump_place", 0.06, 0.14), d.uniform("pump_length", 0.13, 0.18)
    count = d.integer("pump_grooves", 5, 9)
    radius = d.uniform("pump_radius", 0.021, 0.026)
    rows = [(radius * (0.86 if k % 2 else 1.0), start + size * k / (2 * count)) for k in range(2 * count + 1)]
    pump = turned(rows, segments=18).rotate((90, 0, 0)).translate((0, -0.022, 0)).trim_by_plane((0, -1, 0), -0.0)
    g.add(pump, g.furniture)
    g.trigger(-0.66 * long, -0.036)
    if d.flag("pistol_grip", 0.3):
        g.grip(-0.93 * long, -0.034)
        if d.flag("grip_only", 0.4):
            g.add(box((0.03, 0.05, 0.02), (0, -0.01, -long)), g.steel)
        else:
            g.stock(d.choice("stock_form", ("skeleton", "wire", "folded", "sliding")), -long, -0.006)
    else:
        g.stock("solid", -long + 0.004, -0.01)
    if d.flag("heat_shield", 0.25):
        shield = cylinder((0, 0.008, 0.02), (0, 0.008, 0.5 * reach), 0.021, segments=20).trim_by_plane((0, 1, 0), 0.004)
        cuts = [box((0.012, 0.1, 0.014), (0, 0.03, 0.05 + 0.034 * k)) for k in range(int((0.5 * reach - 0.06) / 0.034))]
        for cut in cuts:
            shield -= cut
        g.add(shield, "metal")
    if d.flag("shell_holder", 0.25):
        g.add(box((0.006, 0.03, 0.09), (0.45 * g.width, 0.0, -0.45 * long)), "rubber")
        for k in range(5):
            z = -0.45 * long + 0.0175 * (k - 2)
            g.add(
                cylinder((0.45 * g.width + 0.008, -0.026, z), (0.45 * g.width + 0.008, 0.028, z), 0.0078, segments=12),
                "paint",
            )


def _double_barrel(g: Rifle, d: Draw) -> None:
    long, reach = d.uniform("action", 0.1, 0.13), d.uniform("barrel", 0.45, 0.74)
    r = d.uniform("bore_radius", 0.0105, 0.0125)
    over = d.flag("over_and_under", 0.4)
    for s in (-1, 1):
        at = (0.0, s * 0.98 * r) if over else (s * 0.98 * r, 0.0)
        solid = cylinder((*at, -0.03), (*at, reach), 1.08 * r, 0.98 * r, 20)
        g.add(solid - cylinder((*at, reach - 0.03), (*at, reach + 1), 0.66 * r, segments=14), "metal")
    rib = r * (1.98 if over else 0.7)
    g.add(box((0.008, 0.008, reach - 0.01), (0, rib, reach / 2)), "metal")
    g.add(cylinder((0, rib, reach - 0.012), (0, rib + 0.0085, reach - 0.012), 0.0036, segments=8), "metal")
    high = 0.026 if over else 0.018
    outline = [(0.02, high), (-0.7 * long, high), (-long - 0.01, 0.004), (-long - 0.01, -0.036), (0.012, -0.04)]
    g.add(plate(outline, 0.046 if not over else 0.04, 0.006), g.steel)
    g.add(
        extrude([(-0.72 * long, high - 0.01), (-0.62 * long, high + 0.006), (-0.95 * long, high + 0.006)], 0.018, "x"),
        "metal",
    )
    if d.flag("hammers", 0.3):
        for x in (-0.012, 0.012):
            bow = [(-0.7 * long, high - 0.01), (-0.74 * long, high + 0.02), (-0.9 * long, high + 0.026)]
            g.add(extrude(strip(bow, 0.008), 0.008, "x", x), "metal")
    fore = d.uniform("fore_end", 0.18, 0.26)
    deep = -0.046 if over else -0.04
    rows = [
        (0.004, 0.02, deep, 0.0),
        (0.5 * fore, 0.0215, deep, 0.0),
        (fore - 0.012, 0.016, 0.7 * deep, 0.0),
        (fore, 0.01, 0.5 * deep, -0.002),
    ]
    g.add(g.wood(rows), g.furniture)
    g.trigger(-0.8 * long, -0.034)
    g.stock_length = d.params["stock_length"] = g.stock_length + 0.06
    g.stock("solid", -long + 0.002, -0.014)


def _lever_action(g: Rifle, d: Draw) -> None:
    long, reach = d.uniform("receiver", 0.16, 0.2), d.uniform("barrel", 0.4, 0.62)
    outline = [
        (0.0, 0.022),
        (-0.75 * long, 0.024),
        (-long, 0.008),
        (-long - 0.01, -0.036),
        (-0.4 * long, -0.046),
        (0.0, -0.044),
    ]
    g.add(plate(outline, 0.78 * g.width, 0.004), g.steel)
    g.add(
        extrude(strip([(-0.8 * long, 0.012), (-0.86 * long, 0.034), (-0.98 * long, 0.04)], 0.008), 0.009, "x"), "metal"
    )
    g.taper = max(g.taper, 0.85)
    g.barrel(reach, "crown", 0.004, False)
    g.front_sight = d.choice("blade", ("ramp", "post"))
    g.post(reach - 0.03, 0.012, 0.02)
    g.rear(0.14, 0.012, d.choice("rear_sight", ("notch", "leaf")))
    tube_end = reach - d.uniform("tube_gap", 0.01, 0.12)
    g.add(cylinder((0, -0.0185, -0.02), (0, -0.0185, tube_end), 0.0085, segments=16), "metal")
    for z in (0.62 * tube_end, tube_end - 0.02):
        g.add(box((0.015, 0.026, 0.012), (0, -0.007, z)), "metal")
    fore = d.uniform("fore_end", 0.18, 0.26)
    rows = [(0.002, 0.018, -0.042, 0.004), (0.6 * fore, 0.019, -0.04, 0.004), (fore, 0.016, -0.034, 0.002)]
    g.add(g.wood(rows, 3.0), g.furniture)
    # the lever: a guard in front and a loop for the fingers behind it
    big = d.uniform("loop", 0.03, 0.055)
    z, y = -0.56 * long, -0.04
    g.trigger(z, y)
    loop = smooth_curve(
        [
            (z - 0.036, y - 0.02),
            (z - 0.05, y - big - 0.012),
            (z - 0.12, y - 0.95 * big - 0.012),
            (z - 0.135, y - 0.02),
            (z - 0.07, y - 0.001),
            (z - 0.036, y - 0.018),
        ],
        4,
    )
    g.add(extrude(strip(loop, 0.0075), 0.0125, "x"), "metal")
    g.stock_length = d.params["stock_length"] = g.stock_length + 0.05
    g.stock("solid", -long + 0.002, -0.014)
    if d.flag("saddle_ring", 0.4):
        ring = [
            (0.39 * g.width, -0.008 + 0.014 * np.sin(a) - 0.012, -0.5 * long + 0.014 * np.cos(a))
            for a in np.linspace(0, 2 * np.pi, 9)
        ]
        g.add(tube(ring, 0.0035, 8), "metal")


def _muzzle_loader(g: Rifle, d: Draw) -> None:
    long, reach = d.uniform("lock_length", 0.13, 0.17), d.uniform("barrel", 0.65, 0.95)
    fore = reach * d.uniform("stocked", 0.55, 0.95)
    g.furniture = d.params["furniture_material"] = "wood" if d.flag("plain_wood", 0.85) else g.furniture
    g.trigger_lean = 0.0
    _wooden(g, d, long, fore)
    g.barrel(reach, "crown", 0.008, False)
    g.front_sight = "ramp"
    g.post(reach - 0.02, 0.014, 0.016)
    g.add(cylinder((0, 0.008, -long), (0, 0.008, -0.02), 1.3 * g.radius, segments=8), "metal")
    # lock plate with its cock on the right; a flint one also has a pan and a steel
    x = -0.0245
    lock = smooth_curve(
        [
            (-0.95 * long, -0.03),
            (-0.6 * long, -0.008),
            (0.0, -0.012),
            (0.02, -0.022),
            (-0.1 * long, -0.034),
            (-0.95 * long, -0.03),
        ],
        3,
    )[:-1]
    g.add(extrude(lock, 0.012, "x", x), "metal")
    high = d.uniform("cock_height", 0.035, 0.05)
    cock = smooth_curve(
        [(-0.42 * long, -0.02), (-0.55 * long, 0.3 * high), (-0.45 * long, 0.8 * high), (-0.2 * long, high)], 3
    )
    g.add(extrude(strip(cock, 0.0105), 0.01, "x", x - 0.003), "metal")
    if d.flag("flint", 0.6):
        g.add(box((0.016, 0.01, 0.03), (x + 0.001, 0.0, -0.06 * long)), "metal")
        steel = [(-0.006, -0.006), (-0.018, 0.034), (-0.002, 0.038), (0.016, -0.004)]
        g.add(extrude(steel, 0.014, "x", x + 0.003), "metal")
        g.add(box((0.009, 0.012, 0.022), (x - 0.002, high - 0.002, -0.17 * long)), "stone")
    else:
        g.add(cylinder((x - 0.002, 0.006, -0.12 * long), (x + 0.02, 0.006, -0.12 * long), 0.007, segments=10), "metal")
        g.add(cylinder((x, 0.0, -0.12 * long), (x, high - 0.008, -0.16 * long), 0.007, segments=12), "metal")
    count = d.integer("bands", 1, 3)
    deep = d.params["stock_belly"]
    for k in range(count):
        z = fore * (0.35 + 0.55 * k / max(count - 0.5, 1))
        tall = 0.8 * deep + 0.026
        g.add(
            cylinder((0, 0, z - 0.006), (0, 0, z + 0.006), 1.0, segments=24)
            .scale((0.0245, tall / 2, 1))
            .translate((0, 0.026 - tall / 2, 0)),
            "metal",
        )
    low = -0.5 * deep * d.params["fore_end_taper"] + 0.004
    g.add(
        cylinder((0, low, 0.4 * fore), (0, low, max(reach - 0.02, fore)), 0.0055, segments=10),
        d.choice("ramrod", ("wood", "metal")),
    )
    g.add(box((0.014, 0.008 - low + 0.004, 0.02), (0, (0.008 + low) / 2, max(fore - 0.01, reach - 0.09))), "metal")
    if d.flag("bayonet", 0.25):
        blade = [(reach - 0.05, -0.02), (reach + 0.2, -0.012), (reach + 0.22, -0.014), (reach - 0.02, -0.034)]
        g.add(extrude(blade, 0.012, "x"), "metal")
        g.add(box((0.012, 0.04, 0.03), (0, -0.01, reach - 0.04)), "metal")


_BUILDERS: dict[str, Callable[[Rifle, Draw], None]] = {
    "hunting": _hunting,
    "sniper": _sniper,
    "assault": assault,
    "curved_magazine": curved_magazine,
    "carbine": carbine,
    "bullpup": bullpup,
    "pump_shotgun": _pump_shotgun,
    "double_barrel": _double_barrel,
    "lever_action": _lever_action,
    "submachine": submachine,
    "machine_gun": machine_gun,
    "muzzle_loader": _muzzle_loader,
}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random rifle, of the structural type ``kind`` if given; y is up and the muzzle points to +z.

    Raises:
        ValueError: ``kind`` is not one of ``TYPES``.
    """
    draw = Draw(rng)
    draw.params["type"] = kind = draw_kind(rng, TYPES, kind)
    rifle = Rifle(draw)
    _BUILDERS[kind](rifle, draw)
    fill_cavities(rifle.shape, rifle.steel)
    return rifle.shape
