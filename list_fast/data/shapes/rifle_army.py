# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Rifles of armies: assault rifles, carbines, bullpups, submachine guns and machine guns."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import box, cylinder, extrude, smooth_curve, strip, tube
from list_fast.data.shapes.rifle_parts import Rifle, plate


def assault(g: Rifle, d: Draw) -> None:
    """An assault rifle with a straight line from barrel to stock, a pistol grip and a handle, rail or sight on top."""
    long, guard = d.uniform("receiver", 0.19, 0.22), d.uniform("handguard_length", 0.17, 0.32)
    reach = guard + d.uniform("free_barrel", 0.06, 0.2)
    low, top = -0.034, 0.03
    upper = [(0.0, 0.024), (-0.06, 0.026), (-long, 0.024), (-long, -0.008), (0.0, -0.022)]
    lower = [
        (0.012, -0.012),
        (0.012, low - 0.03),
        (-0.066, low - 0.034),
        (-0.074, low),
        (-long + 0.01, low),
        (-long - 0.008, -0.012),
    ]
    g.add(plate(upper, g.width - 0.004, 0.006), g.steel)
    g.add(plate(lower, g.width - 0.01, 0.004), g.steel)
    g.add(box((0.006, 0.018, 0.06), (-g.width / 2 + 0.001, 0.004, -0.45 * long)), "rubber")
    g.add(cylinder((-g.width / 2 - 0.006, 0.0, -0.78 * long), (0, 0, -0.78 * long), 0.009, segments=12), "metal")
    g.trigger(-0.54 * long, low + 0.002)
    g.grip(-0.85 * long, low)
    form = d.choice("magazine_form", {"curved": 3.0, "straight": 2.0, "drum": 0.4, "slanted": 1.0})
    g.magazine(form, -0.028, low - 0.026, d.uniform("magazine_length", 0.09, 0.16), 0.062)
    g.handguard(
        d.choice("handguard_form", ("round", "rails", "wood", "shroud")),
        -0.006,
        guard,
        d.uniform("handguard_size", 0.023, 0.03),
    )
    g.stock(d.choice("stock_form", {"solid": 1.5, "sliding": 3.0, "skeleton": 0.8}), -long, 0.0)
    top_form = d.choice("top", ("handle", "rail", "scope", "dot"))
    if top_form == "handle":  # a carrying handle with the rear sight on it
        handle = [(-0.01, top - 0.008), (-0.03, top + 0.036), (-0.8 * long, top + 0.04), (-0.86 * long, top - 0.008)]
        hole = [(-0.035, top), (-0.045, top + 0.022), (-0.62 * long, top + 0.024), (-0.66 * long, top)]
        g.add(plate(handle, 0.02, 0.003) - extrude(hole, 1.0, "x"), g.steel)
        g.rear(-0.74 * long, top + 0.038, "ring")
        g.sight_height = 0.045
    else:
        g.rail(-long + 0.01, 0.0, top - 0.004)
        if top_form == "scope":
            g.scope(-0.45 * long, top + 0.038, top + 0.006)
        elif top_form == "dot":
            g.dot_sight(-0.4 * long, top + 0.008)
        else:
            g.rear(-0.8 * long, top + 0.008, "ring")
    g.barrel(reach, None if g.muzzle != "cone" else "cage")
    g.add(box((0.026, 0.036, 0.03), (0, 0.006, guard + 0.02)), "metal")
    if d.flag("fore_grip", 0.25):
        g.add(cylinder((0, -0.012, 0.6 * guard), (0, -0.1, 0.58 * guard), 0.015, 0.017, 16), "rubber")
    if d.flag("bipod", 0.1):
        g.bipod(guard, -0.02)


def curved_magazine(g: Rifle, d: Draw) -> None:
    """An assault rifle with a long curved magazine, a gas tube over the barrel and a sloping stock."""
    long, guard = d.uniform("receiver", 0.23, 0.27), d.uniform("handguard_length", 0.15, 0.2)
    reach = guard + d.uniform("free_barrel", 0.1, 0.24)
    low = -0.036
    outline = [(0.01, 0.016), (0.01, low), (-long, low), (-long, 0.008)]
    g.add(plate(outline, 0.8 * g.width, 0.004), g.steel)
    # a stamped cover over the bolt
    cover = g.wood(
        [
            (-long, 0.012, -0.01, 0.014),
            (-long + 0.02, 0.0165, -0.01, 0.027),
            (-0.01, 0.0165, -0.01, 0.029),
            (0.0, 0.014, -0.01, 0.026),
        ],
        3.0,
    )
    g.add(cover, "metal")
    g.trigger(-0.66 * long, low + 0.002)
    g.grip(-0.92 * long, low, d.flag("rubber_grip", 0.5))
    form = "drum" if d.flag("drum", 0.1) else "curved"
    g.magazine(form, -0.2 * long, low, d.uniform("magazine_length", 0.15, 0.22), 0.064)
    # gas tube over the barrel, in the handguard and on to the gas block
    block = guard + 0.03
    g.add(cylinder((0, 0.032, -0.01), (0, 0.032, block), 0.0075, segments=12), "metal")
    g.add(
        extrude(
            [
                (block - 0.02, -0.012),
                (block + 0.012, -0.012),
                (block + 0.012, 0.014),
                (block - 0.006, 0.042),
                (block - 0.02, 0.042),
            ],
            0.018,
            "x",
        ),
        "metal",
    )
    g.handguard("wood", 0.002, guard, d.uniform("handguard_size", 0.022, 0.027))
    upper = g.wood(
        [(0.03, 0.014, 0.015, 0.045), (0.5 * guard, 0.016, 0.014, 0.048), (guard - 0.01, 0.013, 0.015, 0.044)], 3.0
    )
    g.add(upper, g.furniture)
    g.rear(0.012, 0.026, "leaf")
    g.stock(d.choice("stock_form", {"solid": 3.0, "wire": 1.0, "skeleton": 1.0, "folded": 0.8}), -long, -0.01)
    g.barrel(reach, None if g.muzzle != "suppressor" or d.flag("silenced", 0.5) else "cage")
    lever = d.uniform("lever_length", 0.02, 0.035)
    g.add(
        cylinder((0, 0.012, -0.4 * long), (-g.width / 2 - lever, 0.014, -0.4 * long + 0.004), 0.0055, segments=10),
        "metal",
    )
    g.add(box((0.007, 0.012, 0.1), (-0.4 * g.width, -0.008, -0.55 * long)), "metal")
    if d.flag("cleaning_rod", 0.6):
        g.add(cylinder((0, -0.0145, 0.05), (0, -0.0145, reach - 0.03), 0.0045, segments=8), "metal")
        g.add(box((0.008, 0.02, 0.012), (0, -0.008, reach - 0.045)), "metal")
    if d.flag("bayonet", 0.12):
        blade = [(reach - 0.06, -0.026), (reach + 0.14, -0.022), (reach + 0.16, -0.012), (reach - 0.06, -0.008)]
        g.add(extrude(blade, 0.006, "x"), "metal")


def carbine(g: Rifle, d: Draw) -> None:
    """A short rifle with rails and a stock that slides or folds."""
    long, guard = d.uniform("receiver", 0.2, 0.25), d.uniform("handguard_length", 0.1, 0.18)
    body = [(0.0, 0.03), (-long + 0.02, 0.03), (-long, 0.018), (-long, -0.028), (-0.4 * long, -0.03), (0.006, -0.024)]
    g.add(plate(body, g.width, 0.007), g.steel)
    well = [(0.004, -0.014), (-0.004, -0.062), (-0.078, -0.064), (-0.084, -0.014)]
    g.add(plate(well, 0.8 * g.width, 0.004), g.steel)
    g.trigger(-0.6 * long, -0.028)
    g.grip(-0.86 * long, -0.026)
    g.magazine(
        d.choice("magazine_form", ("straight", "curved", "slanted")),
        -0.038,
        -0.054,
        d.uniform("magazine_length", 0.1, 0.17),
        0.054,
    )
    g.handguard(
        d.choice("handguard_form", ("rails", "shroud", "round")),
        -0.004,
        guard,
        d.uniform("handguard_size", 0.023, 0.03),
    )
    g.rail(-long + 0.02, 0.0, 0.026)
    g.stock(d.choice("stock_form", ("skeleton", "wire", "folded", "sliding")), -long, 0.0)
    sight = d.choice("sight", ("dot", "iron", "scope"))
    if sight == "dot":
        g.dot_sight(d.uniform("dot_place", -0.7, -0.2) * long, 0.038)
    elif sight == "scope":
        g.scope(-0.4 * long, 0.068, 0.036)
    else:
        g.rear(-0.8 * long, 0.038, "ring")
    g.barrel(guard + d.uniform("free_barrel", 0.05, 0.13), None, 0.0, sight == "iron")
    if d.flag("lamp", 0.4):
        z, x, y = 0.6 * guard, 0.75 * d.params["handguard_size"] + 0.007, 0.021
        g.add(cylinder((x, y, z - 0.03), (x, y, z + 0.05), 0.012, segments=16), "rubber")
        g.add(cylinder((x, y, z + 0.04), (x, y, z + 0.06), 0.012, 0.015, 16), "metal")
    if d.flag("fore_grip", 0.4):
        g.add(cylinder((0, -0.014, 0.55 * guard), (0, -0.1, 0.5 * guard), 0.014, 0.016, 16), "rubber")


def bullpup(g: Rifle, d: Draw) -> None:
    """A rifle whose magazine sits behind its grip, in the stock."""
    rear, front = d.uniform("body_behind", 0.34, 0.4), d.uniform("body_ahead", 0.14, 0.24)
    top, tall = d.uniform("body_top", 0.034, 0.05), d.uniform("butt_height", 0.13, 0.15)
    outline = [
        (-rear, top - tall),
        (-rear, top),
        (0.4 * front, top),
        (front, 0.018),
        (front, -0.026),
        (0.2 * front, -0.034),
        (-0.1, -0.04),
        (-0.19, -0.045),
        (-0.3, -0.075),
    ]
    g.add(
        plate(outline, g.width, d.uniform("bevel", 0.006, 0.012)), g.furniture if g.furniture != "wood" else "plastic"
    )
    g.butt(-rear, top - tall + 0.003, top - 0.003, 0.84 * g.width)
    g.grip(-0.055, -0.034)
    if d.flag("hand_loop", 0.4):  # a guard for the whole hand
        loop = smooth_curve([(-0.09, -0.032), (-0.1, -0.13), (-0.02, -0.135), (0.045, -0.08), (0.06, -0.028)], 4)
        g.add(extrude(strip(loop, 0.007), 0.016, "x"), g.steel)
    g.trigger(-0.012, -0.034)
    g.magazine(
        d.choice("magazine_form", ("curved", "straight")),
        -0.205,
        -0.045,
        d.uniform("magazine_length", 0.1, 0.15),
        0.062,
    )
    g.barrel(front + d.uniform("free_barrel", 0.08, 0.24), None, 0.0, False)
    form = d.choice("top", ("handle", "rail", "scope"))
    if form == "handle":
        path = smooth_curve([(-0.24, top - 0.006), (-0.2, top + 0.04), (0.0, top + 0.045), (0.03, top - 0.006)], 4)
        g.add(extrude(strip(path, 0.014), 0.022, "x"), g.steel)
    else:
        g.rail(-0.22, 0.4 * front, top - 0.002)
        if form == "scope":
            g.scope(-0.08, top + 0.042, top + 0.006)
        else:
            g.rear(-0.18, top + 0.01, "ring")
            g.post(0.3 * front, top + 0.008, 0.03)
    if d.flag("fore_grip", 0.3):
        g.add(cylinder((0, -0.014, 0.7 * front), (0, -0.1, 0.66 * front), 0.014, 0.016, 16), "rubber")


def submachine(g: Rifle, d: Draw) -> None:
    """A submachine gun: a tube or box with a slim magazine and often a wire stock."""
    long = d.uniform("receiver", 0.24, 0.34)
    form = d.choice("body_form", ("tube", "box"))
    r = d.uniform("body_radius", 0.019, 0.025)
    if form == "tube":
        g.add(cylinder((0, 0, -long), (0, 0, 0.006), r, segments=24), g.steel)
        g.add(cylinder((0, 0, -long - 0.014), (0, 0, -long + 0.01), 0.82 * r, 0.95 * r, 20), "metal")
    else:
        g.add(plate([(0.0, 1.3 * r), (-long, 1.3 * r), (-long, -r), (0.0, -r)], 1.9 * r, 0.005), g.steel)
    top = r if form == "tube" else 1.3 * r
    frame = [(-0.36 * long, -0.4 * r), (-0.36 * long, -r - 0.012), (-0.92 * long, -r - 0.014), (-0.98 * long, -0.4 * r)]
    g.add(plate(frame, 1.3 * r, 0.004), g.steel)
    g.trigger(-0.62 * long, -r - 0.01)
    in_grip = d.flag("magazine_in_grip", 0.2)
    g.grip(-0.86 * long, -r - 0.012)
    depth, size = d.uniform("magazine_depth", 0.036, 0.046), d.uniform("magazine_length", 0.13, 0.22)
    well = -0.86 * long if in_grip else -0.14 * long
    if in_grip:
        g.magazine("straight", well - 0.02, -r - 0.01, size, 0.034, 0.022)
    else:
        g.add(box((1.2 * r, 0.05, depth + 0.014), (0, -r - 0.012, well)), g.steel)
        kind = d.choice("magazine_form", {"straight": 3.0, "curved": 1.5, "drum": 0.8})
        g.magazine(kind, well, -r - 0.02, size if kind != "drum" else 0.09, depth, 0.023)
    guard = d.uniform("handguard_length", 0.06, 0.2)
    kind = d.choice("handguard_form", ("shroud", "none", "round"))
    if kind != "none":
        g.handguard(kind, -0.01, guard, 0.9 * r)
    g.muzzle_length = 0.8 * g.muzzle_length
    g.barrel((guard if kind != "none" else 0.03) + d.uniform("free_barrel", 0.03, 0.12), None, 0.0, False)
    g.post((guard - 0.03) if kind != "none" else -0.03, 0.8 * r if kind != "none" else top, g.sight_height)
    g.rear(-0.8 * long, top, d.choice("rear_sight", ("notch", "ring")))
    g.stock(
        d.choice("stock_form", {"wire": 2.0, "folded": 1.0, "skeleton": 1.0, "solid": 1.0, "sliding": 0.7}), -long, 0.0
    )
    lever = d.uniform("lever_length", 0.014, 0.03)
    g.add(cylinder((0, 0.2 * r, -0.3 * long), (r + lever, 0.2 * r, -0.3 * long), 0.0055, segments=10), "metal")
    if d.flag("fore_grip", 0.2) and kind != "none":
        g.add(cylinder((0, -0.5 * r, 0.6 * guard), (0, -r - 0.08, 0.55 * guard), 0.014, 0.016, 16), g.furniture)


def machine_gun(g: Rifle, d: Draw) -> None:
    """A light machine gun on a bipod, fed from a box, a drum, a magazine on top or a belt."""
    long, reach = d.uniform("receiver", 0.26, 0.36), d.uniform("barrel", 0.45, 0.65)
    g.radius = d.params["barrel_radius"] = d.uniform("heavy_barrel", 0.011, 0.015)
    tall = d.uniform("receiver_depth", 0.07, 0.095)
    outline = [(0.0, 0.034), (-0.8 * long, 0.034), (-long, 0.02), (-long, 0.034 - tall), (0.0, 0.034 - tall)]
    g.add(plate(outline, 1.15 * g.width, 0.006), g.steel)
    lid = [(-0.02, 0.028), (-0.03, 0.05), (-0.62 * long, 0.05), (-0.7 * long, 0.028)]
    g.add(plate(lid, 1.05 * g.width, 0.004), "metal")
    low = 0.034 - tall
    g.trigger(-0.74 * long, low + 0.002)
    g.grip(-0.94 * long, low)
    g.stock(d.choice("stock_form", {"solid": 2.0, "skeleton": 1.0, "sliding": 0.6}), -long, 0.0)
    guard = d.uniform("handguard_length", 0.14, 0.3)
    g.handguard(
        d.choice("handguard_form", ("shroud", "round", "rails", "wood")),
        -0.006,
        guard,
        d.uniform("handguard_size", 0.026, 0.034),
    )
    g.barrel(reach, g.muzzle if g.muzzle in ("cage", "cone", "brake") else "cone")
    g.add(cylinder((0, -0.024, -0.01), (0, -0.024, guard + 0.06), 0.0075, segments=12), "metal")
    g.add(box((0.018, 0.04, 0.024), (0, -0.012, guard + 0.05)), "metal")
    feed = d.choice("feed", ("box", "drum", "top", "belt"))
    if feed == "box":
        size = d.uniform("box_size", 0.09, 0.13)
        g.add(
            plate(
                [
                    (-0.06, low + 0.01),
                    (-0.06, low - size),
                    (-0.06 - 1.2 * size, low - size),
                    (-0.06 - 1.2 * size, low + 0.01),
                ],
                0.075,
                0.006,
            ),
            "plastic",
        )
    elif feed == "drum":
        g.magazine("drum", -0.12, low, d.uniform("drum_size", 0.1, 0.14), 0.06, 0.03)
    elif feed == "top":  # a curved magazine that stands on the receiver
        t = np.linspace(0, 1, 9)
        path = np.stack([-0.16 + 0.07 * t**2, 0.03 + d.uniform("magazine_length", 0.14, 0.2) * t], 1)
        g.add(extrude(strip(path, 0.055), 0.026, "x"), "metal")
    else:  # a belt of cartridges that hangs out on the left
        count = np.arange(d.integer("cartridges", 6, 12))
        line = np.stack(
            [0.5 * g.width + 0.03 * (1 - np.exp(-0.3 * count)), 0.02 - 0.0135 * count * (1 - np.exp(-0.4 * count))], 1
        )
        for at in line:
            g.add(cylinder((*at, -0.1), (*at, -0.035), 0.0085, 0.0065, 10), "metal")
        for near, far in pairwise(line):
            g.add(cylinder((*near, -0.09), (*far, -0.09), 0.0065, segments=8), "metal")
    if d.flag("carrying_handle", 0.5):
        g.add(tube([(0, 0.0, 0.03), (0.02, 0.07, 0.03), (0.02, 0.07, 0.13)], 0.0065, 8), "metal")
        g.add(cylinder((0.02, 0.07, 0.03), (0.02, 0.07, 0.14), 0.011, segments=12), "rubber")
    g.rear(-0.5 * long, 0.05, d.choice("rear_sight", ("ring", "leaf")))
    g.bipod(d.uniform("bipod_place", 0.75, 1.0) * (guard + 0.05), -0.026)
