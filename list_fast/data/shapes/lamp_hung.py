# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Lamps that hang, stand outdoors or are fixed to a wall: pendants, chandeliers, lanterns, street lamps."""

from __future__ import annotations

import numpy as np
from manifold3d import CrossSection, Manifold

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.lamp_parts import Lamp, move, shifted
from list_fast.data.shapes.parts import (
    bar,
    box,
    cylinder,
    revolve,
    smooth_curve,
    strip,
    sweep,
    tube,
    turned,
    union,
)


def pendant(lamp: Lamp, d: Draw) -> None:
    drop = d.uniform("drop", 0.25, 0.9)
    radius, tall = d.uniform("shade_radius", 0.15, 0.4), d.uniform("shade_height", 0.15, 0.45)
    count = 1 if d.flag("single", 0.75) else 3
    cable = d.uniform("cable_radius", 0.005, 0.011)
    pitch = 2.3 * radius
    lamp.wall *= 1.0 if count == 1 else 1.5
    cable = max(cable, 0.0042 * max(pitch * (count - 1) + 2 * radius, tall + drop))
    for k in range(count):
        x = (k - (count - 1) / 2) * pitch
        start = len(lamp.shape.parts)
        if d.params["trim"]:  # a closed glass or metal bowl on a socket
            profile = smooth_curve(
                [(0.12 * radius, tall), (0.4 * radius, 0.9 * tall), (0.9 * radius, 0.45 * tall), (radius, 0)], 4
            )
            lamp.shape.add(revolve(strip(profile, lamp.wall), 36), lamp.shade_material)
            lamp.shape.add(cylinder((0, 0.75 * tall, 0), (0, 1.1 * tall, 0), 0.2 * radius, segments=16), "metal")
            lamp.shape.add(Manifold.sphere(0.25 * radius, 16).translate((0, 0.68 * tall, 0)), "light")
            level = tall
        else:
            level = d.uniform("spider_level", 0.5, 0.92) * tall
            lamp.shade(radius, tall, 0, level, 0.92)
        top = tall + drop
        lamp.shape.add(cylinder((0, level, 0), (0, top, 0), cable, segments=8), "metal")
        move(lamp.shape, start, shifted(x))
    rose = d.uniform("rose_radius", 0.05, 0.1)
    if count == 1:
        lamp.shape.add(cylinder((0, tall + drop - 0.01, 0), (0, tall + drop + 0.03, 0), rose, 0.7 * rose, 24), "metal")
    else:
        lamp.shape.add(box((pitch * (count - 1) + 0.2, 0.04, 0.08), (0, tall + drop + 0.01, 0)), "metal")


def chandelier(lamp: Lamp, d: Draw) -> None:
    arms, reach = d.integer("arms", 3, 8), d.uniform("reach", 0.3, 0.5)
    rise, sag = d.uniform("rise", 0.0, 0.2), d.uniform("sag", 0.05, 0.2)
    tall = d.uniform("stem_height", 0.45, 0.9)
    rod = d.uniform("arm_radius", 0.008, 0.014)
    rng = lamp.rows()
    heights = np.linspace(-0.14, 0.3, 8)
    lamp.shape.add(turned(np.stack([rng.uniform(0.02, 0.075, 8), heights], 1), 3, 20), lamp.metal)
    lamp.shape.add(cylinder((0, 0.25, 0), (0, tall, 0), rod, segments=10), lamp.metal)
    lamp.shape.add(cylinder((0, tall - 0.02, 0), (0, tall + 0.02, 0), 0.07, 0.05, 24), lamp.metal)
    path = smooth_curve([(0.008, 0, 0), (0.4 * reach, -sag, 0), (0.85 * reach, -0.6 * sag, 0), (reach, rise, 0)], 3)
    arm = sweep(path, rod, 8)
    style = d.choice("light_form", ("candle", "shade", "globe", "bell"))
    size = d.uniform("light_size", 0.045, 0.09)
    cup = cylinder((reach, rise - 0.015, 0), (reach, rise + 0.012, 0), 0.6 * size, 0.75 * size, 14)
    if style == "candle":
        lit = union(
            [
                cylinder((reach, rise, 0), (reach, rise + 0.1, 0), 0.014, segments=10),
                Manifold.sphere(1, 12).scale((0.018, 0.035, 0.018)).translate((reach, rise + 0.12, 0)),
            ]
        )
    elif style == "globe":
        lit = Manifold.sphere(size, 16).translate((reach, rise + 0.9 * size, 0))
    elif style == "shade":
        shell = revolve(strip([(size, 0.05), (0.6 * size, 0.15)], 0.012), 20)
        pin = union([cylinder((0, 0, 0), (0, 0.1, 0), 0.012, segments=8), box((1.6 * size, 0.01, 0.01), (0, 0.09, 0))])
        lit = union([shell, pin]).translate((reach, rise, 0))
    else:
        bell = revolve(
            strip(smooth_curve([(0.25 * size, 0), (0.8 * size, 0.4 * size), (1.2 * size, 1.6 * size)], 3), 0.012), 20
        )
        lit = union([bell, cylinder((0, -0.01, 0), (0, 0.4 * size, 0), 0.3 * size, 0.75 * size, 20)]).translate(
            (reach, rise, 0)
        )
    tiers = 2 if d.flag("two_tiers", 0.25) else 1
    for tier in range(tiers):
        for k in range(arms):
            turn = (0, 360 * k / arms + 20 * tier, 0)
            lift = (0, 0.2 * tier, 0)
            shrink = 1 - 0.35 * tier
            for solid, material in (
                (arm, lamp.metal),
                (cup, lamp.metal),
                (lit, "light" if style != "shade" else lamp.shade_material),
            ):
                moved = (
                    solid
                    if tier == 0
                    else solid.translate((reach * (shrink - 1), 0, 0))
                    if solid is not arm
                    else solid.scale((shrink, 1, 1))
                )
                lamp.shape.add(moved.rotate(turn).translate(lift), material)
    if d.flag("finial", 0.6):
        lamp.shape.add(Manifold.sphere(0.035, 16).translate((0, -0.16, 0)), lamp.metal)


def lantern(lamp: Lamp, d: Draw) -> None:
    sides = d.integer("sides", 4, 6)
    radius, tall = d.uniform("body_radius", 0.16, 0.28), d.uniform("body_height", 0.35, 0.6)
    taper = d.uniform("body_taper", 0.75, 1.25)
    post = d.uniform("post_size", 0.018, 0.03)
    roof = d.uniform("roof_height", 0.06, 0.25)
    angles = (np.arange(sides) + 0.5) * 2 * np.pi / sides
    for a in angles:
        foot = np.array([radius * taper * np.sin(a), 0.02, radius * taper * np.cos(a)])
        head = np.array([radius * np.sin(a), tall, radius * np.cos(a)])
        lamp.shape.add(bar(foot, head, post), lamp.metal)
    half = 180.0 / sides
    for y, r in ((0.015, radius * taper), (tall, radius)):
        lamp.shape.add(
            revolve([(0, y - 0.02), (1.12 * r, y - 0.02), (1.12 * r, y + 0.02), (0, y + 0.02)], sides).rotate(
                (0, half, 0)
            ),
            lamp.metal,
        )
    overhang = d.uniform("roof_overhang", 1.1, 1.45) * radius
    lamp.shape.add(
        revolve(
            [(0, tall), (overhang, tall), (overhang, tall + 0.015), (0.25 * radius, tall + roof), (0, tall + roof)],
            sides,
        ).rotate((0, half, 0)),
        lamp.metal,
    )
    if d.flag("candle_inside", 0.6):
        lamp.shape.add(cylinder((0, 0.01, 0), (0, 0.55 * tall, 0), 0.3 * radius, segments=16), "light")
    else:
        lamp.shape.add(cylinder((0, 0, 0), (0, tall, 0), 0.62 * radius, segments=20), "glass")
    hang = d.choice("hanging", ("ring", "handle", "post", "none"))
    top = tall + roof
    if hang == "ring":
        ring = CrossSection.circle(0.012, 8).translate((0.05, 0)).revolve(20).translate((0, 0, 0))
        lamp.shape.add(ring.translate((0, top + 0.04, 0)), lamp.metal)
    elif hang == "handle":
        a = np.linspace(0, np.pi, 9)
        r = overhang * 0.6
        lamp.shape.add(
            tube(np.stack([r * np.cos(a), tall + 0.01 + (roof + 0.18) * np.sin(a), 0 * a], 1), 0.009, 8), lamp.metal
        )
    elif hang == "post":
        length = d.uniform("post_length", 0.5, 1.2)
        lamp.shape.add(cylinder((0, 0.02, 0), (0, -length, 0), 0.03, 0.04, 16), lamp.metal)
        lamp.shape.add(turned([(0.12, -length), (0.1, -length + 0.06), (0.045, -length + 0.14)], 2, 20), lamp.metal)


def wall(lamp: Lamp, d: Draw) -> None:
    reach, plate = d.uniform("reach", 0.2, 0.4), d.uniform("plate_size", 0.08, 0.16)
    radius, tall = d.uniform("shade_radius", 0.12, 0.22), d.uniform("shade_height", 0.15, 0.32)
    reach = max(reach, radius + 0.05)
    twin = d.flag("twin", 0.3)
    offsets = (-0.75 * radius - 0.1, 0.75 * radius + 0.1) if twin else (0.0,)
    for x in offsets:
        start = len(lamp.shape.parts)
        stem = d.uniform("spider_level", 0.3, 0.8) * tall
        lamp.shade(radius, tall, 0, stem)
        lamp.shape.add(cylinder((0, -0.065, 0), (0, stem, 0), 0.014, segments=10), lamp.metal)
        move(lamp.shape, start, shifted(x))
        path = smooth_curve([(0, -0.1, -reach), (0.4 * x, -0.16, -0.6 * reach), (x, -0.14, -0.1), (x, -0.05, 0)], 3)
        lamp.shape.add(sweep(path, 0.011, 8), lamp.metal)
    if d.flag("round_plate", 0.5):
        lamp.shape.add(
            cylinder((0, -0.1, -reach - 0.03), (0, -0.1, -reach + 0.012), plate, 0.8 * plate, 28), lamp.metal
        )
    else:
        lamp.shape.add(box((1.3 * plate, 2.4 * plate, 0.04), (0, -0.1, -reach)), lamp.metal)


def street(lamp: Lamp, d: Draw) -> None:
    height = d.uniform("height", 2.2, 4.0)
    pole = max(d.uniform("pole_radius", 0.03, 0.06), 0.006 * height)
    arms = d.integer("arms", 1, 2)
    reach, rise = d.uniform("reach", 0.4, 1.2), d.uniform("rise", 0.05, 0.5)
    lamp.shape.add(cylinder((0, 0, 0), (0, height, 0), 1.4 * pole, 0.9 * pole, 16), "metal")
    lamp.shape.add(
        turned(np.array([(3, 0), (3, 0.06), (2, 0.12), (2.2, 0.4), (1.3, 0.5)]) * (pole, 0.2 * height), 1, 20), "metal"
    )
    style = d.choice("head_form", ("cobra", "lantern", "globe"))
    if style == "cobra":
        for side in (-1, 1)[:arms]:
            path = smooth_curve(
                [(0, height - 0.1, 0), (0.2 * reach * side, height + 0.7 * rise, 0), (side * reach, height + rise, 0)],
                4,
            )
            lamp.shape.add(sweep(path, 0.7 * pole, 8), "metal")
            head = Manifold.sphere(1, 20).scale((0.3, 0.07, 0.12)).trim_by_plane((0, 1, 0), -0.03)
            lamp.shape.add(head.translate((side * (reach + 0.18), height + rise, 0)), lamp.shade_material)
        return
    for side in (0,) if arms == 1 else (-1, 0, 1):
        x = 0.5 * reach * side
        if side:
            lamp.shape.add(
                tube(
                    [(0, height - 0.35, 0), (0.7 * x, height - 0.45, 0), (x, height - 0.3, 0), (x, height, 0)],
                    0.7 * pole,
                    8,
                ),
                "metal",
            )
        if style == "globe":
            lamp.shape.add(Manifold.sphere(0.2, 24).translate((x, height + 0.17, 0)), "light")
        else:
            lamp.shape.add(cylinder((x, height - 0.02, 0), (x, height + 0.36, 0), 0.11, 0.2, 6), "glass")
            lamp.shape.add(cylinder((x, height + 0.34, 0), (x, height + 0.54, 0), 0.25, 0.05, 6), "metal")


def ceiling(lamp: Lamp, d: Draw) -> None:
    count = d.integer("spots", 1, 4)
    if count == 1:
        radius, depth = d.uniform("shade_radius", 0.25, 0.4), d.uniform("shade_height", 0.08, 0.2)
        bowl = Manifold.sphere(1, 36).scale((radius, depth, radius)).trim_by_plane((0, -1, 0), -0.25 * depth)
        lamp.shape.add(bowl, "light" if lamp.bulb else "glass")
        lamp.shape.add(cylinder((0, 0, 0), (0, 0.3 * depth + 0.04, 0), 0.9 * radius, 0.8 * radius, 36), lamp.metal)
        return
    length, head = d.uniform("rail_length", 0.6, 1.1), d.uniform("spot_radius", 0.05, 0.08)
    lamp.shape.add(box((length, 0.03, 0.06), (0, 0.1, 0)), lamp.metal)
    for k in range(count):
        x = (k + 0.5 - count / 2) * length / count
        spot = cylinder((0, -0.1, 0), (0, 0.06, 0), head, 0.6 * head, 20)
        aim = (d.uniform(f"spot_tilt_{k}", -50, 50), 0, 0)
        lamp.shape.add(
            union([spot.rotate(aim), cylinder((0, 0, 0), (0, 0.1, 0), 0.012, segments=8)]).translate((x, 0, 0)),
            lamp.shade_material,
        )
