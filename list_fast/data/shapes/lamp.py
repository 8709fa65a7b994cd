# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Lamps: table, floor, tripod, arc, desk, pendant, chandelier, torchiere, lantern, globe, wall and street lamps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.lamp_hung import ceiling, chandelier, lantern, pendant, street, wall
from list_fast.data.shapes.lamp_parts import Lamp, foot, move
from list_fast.data.shapes.parts import (
    Shape,
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

TYPES = {
    "table": 7.0,
    "floor": 2.5,
    "tripod": 1.0,
    "arc": 1.0,
    "desk": 2.5,
    "pendant": 2.0,
    "chandelier": 1.5,
    "torchiere": 1.0,
    "lantern": 1.2,
    "globe": 1.2,
    "wall": 1.0,
    "street": 1.0,
    "ceiling": 0.8,
}


def _table(lamp: Lamp, d: Draw) -> None:
    base = d.uniform("base_height", 0.35, 0.62)
    neck = d.uniform("neck_height", 0.02, 0.12)
    height = d.uniform("shade_height", 0.26, 0.5)
    radius = d.uniform("shade_radius", 0.2, 0.42)
    foot = d.uniform("foot_radius", 0.1, 0.22)
    lamp.base(base, foot)
    bottom = base + neck - d.uniform("shade_drop", 0.0, 0.25) * height
    stem = bottom + d.uniform("spider_level", 0.3, 0.9) * height
    lamp.shape.add(cylinder((0, base - 0.02, 0), (0, stem, 0), lamp.rod, segments=12), lamp.metal)
    lamp.shade(radius, height, bottom, stem, 0.9)
    if d.flag("finial", 0.35):
        tip = bottom + height + 0.03
        lamp.shape.add(cylinder((0, stem - 0.01, 0), (0, tip, 0), 0.006, segments=8), "metal")
        lamp.shape.add(Manifold.sphere(0.016, 12).translate((0, tip, 0)), "metal")


def _floor(lamp: Lamp, d: Draw) -> None:
    height = d.uniform("height", 1.25, 1.7)
    scale = 1.5
    lamp.rod = d.uniform("pole_radius", 0.011, 0.022)
    lamp.wall *= scale
    radius = d.uniform("shade_radius", 0.16, 0.32)
    tall = d.uniform("shade_height", 0.2, 0.42)
    foot(lamp, d, d.uniform("foot_radius", 0.12, 0.22))
    stem = height - d.uniform("spider_drop", 0.05, 0.15)
    lamp.shape.add(cylinder((0, 0.01, 0), (0, stem, 0), lamp.rod, segments=12), lamp.metal)
    for k in range(d.integer("knops", 0, 3)):
        y = stem * (0.2 + 0.25 * k)
        lamp.shape.add(
            turned(np.array([(1, -1), (2.2, 0), (1, 1)]) * (lamp.rod, 0.04), 3, 16).translate((0, y, 0)), lamp.metal
        )
    lamp.shade(radius, tall, height - tall, stem, 0.92)
    if d.flag("tray", 0.15):
        lamp.shape.add(cylinder((0, 0.55, 0), (0, 0.575, 0), 0.2, segments=32), "wood")


def _tripod(lamp: Lamp, d: Draw) -> None:
    height = d.uniform("hub_height", 0.7, 1.15)
    spread = d.uniform("spread", 0.22, 0.42)
    lamp.wall *= 1.4
    size = d.uniform("leg_size", 0.022, 0.04)
    for k in range(3):
        angle = 2 * np.pi * k / 3 + 0.3
        start = np.array([0.03 * np.sin(angle), height, 0.03 * np.cos(angle)])
        end = np.array([spread * np.sin(angle), 0.0, spread * np.cos(angle)])
        lamp.shape.add(cylinder(end, start, 0.4 * size, 0.55 * size, 12), d.params["metal"])
    if d.flag("brace", 0.4):
        for k in range(3):
            a = 2 * np.pi * k / 3 + 0.3
            ends = [(0.5 * spread * np.sin(b), 0.5 * height, 0.5 * spread * np.cos(b)) for b in (a, a + 2 * np.pi / 3)]
            lamp.shape.add(cylinder(ends[0], ends[1], 0.012, segments=8), "metal")
    lamp.shape.add(cylinder((0, height - 0.05, 0), (0, height + 0.03, 0), 0.05, segments=20), lamp.base_material)
    tall, radius = d.uniform("shade_height", 0.22, 0.4), d.uniform("shade_radius", 0.2, 0.32)
    bottom = height + d.uniform("neck_height", 0.03, 0.1)
    stem = bottom + 0.45 * tall
    lamp.shape.add(cylinder((0, height - 0.02, 0), (0, stem, 0), max(lamp.rod, 0.012), segments=12), "metal")
    lamp.shade(radius, tall, bottom, stem)


def _arc(lamp: Lamp, d: Draw) -> None:
    height, reach = d.uniform("height", 1.3, 1.8), d.uniform("reach", 0.6, 1.3)
    drop = d.uniform("drop", 0.15, 0.5)
    rod = max(lamp.rod, 0.012)
    lamp.wall *= 1.5
    bend = d.uniform("bend", 0.4, 0.8)
    path = smooth_curve(
        [
            (0, 0, 0),
            (-0.02, bend * height, 0),
            (0.25 * reach, 0.95 * height, 0),
            (0.62 * reach, height, 0),
            (reach, height - drop, 0),
        ],
        5,
    )
    lamp.shape.add(sweep(path, rod, 8), lamp.metal)
    if d.choice("foot_form", ("disc", "block")) == "disc":
        lamp.shape.add(
            cylinder((0, 0, 0), (0, lamp.disc + 0.02, 0), d.uniform("foot_radius", 0.15, 0.24), segments=32),
            lamp.base_material,
        )
    else:
        lamp.shape.add(box((0.3, 0.12, 0.22), (0, 0.06, 0)), "stone")
    end = path[-1]
    radius, tall = d.uniform("shade_radius", 0.15, 0.28), d.uniform("shade_height", 0.14, 0.3)
    start = len(lamp.shape.parts)
    lamp.shade(radius, tall, end[1] - 0.9 * tall, float(end[1]), 0.9)
    move(lamp.shape, start, lambda solid: solid.translate((float(end[0]), 0, 0)))
    turn = d.uniform("turn", -180, 180)
    move(lamp.shape, 0, lambda solid: solid.rotate((0, turn, 0)))


def _desk(lamp: Lamp, d: Draw) -> None:
    lower, upper = d.uniform("lower_arm", 0.25, 0.5), d.uniform("upper_arm", 0.25, 0.45)
    lean, fold = np.radians(d.uniform("lower_angle", -25, 15)), np.radians(d.uniform("upper_angle", 35, 100))
    rod = d.uniform("arm_radius", 0.007, 0.014)
    foot = d.uniform("foot_radius", 0.1, 0.16)
    gooseneck, double = d.flag("gooseneck", 0.3), d.flag("double_arm", 0.4)
    if d.choice("foot_form", ("disc", "square", "dome")) == "square":
        lamp.shape.add(box((1.8 * foot, lamp.disc, 1.6 * foot), (0, lamp.disc / 2, 0)), lamp.base_material)
    else:
        lamp.shape.add(
            turned(
                [(foot, 0), (foot, 0.5 * lamp.disc), (0.6 * foot, lamp.disc), (2 * rod, 1.3 * lamp.disc)], segments=32
            ),
            lamp.base_material,
        )
    base = np.array([0.0, lamp.disc, 0.0])
    elbow = base + lower * np.array([np.sin(lean), np.cos(lean), 0])
    tip = elbow + upper * np.array([np.sin(fold), np.cos(fold), 0])
    root = base - (0, 0.8 * lamp.disc, 0)
    if gooseneck:
        path = smooth_curve([root, base - (0, -0.5 * lower, 0), elbow, tip - (0.1 * upper, -0.04, 0), tip], 4)
        lamp.shape.add(sweep(path, 1.1 * rod, 8), "metal")
    else:
        for side in (-1.6, 1.6) if double else (0.0,):
            offset = np.array([0, 0, side * rod])
            lamp.shape.add(tube([root + offset, elbow + offset, tip + offset], rod, 8), lamp.metal)
        pin = np.array([0.0, 0.0, 3.5 * rod])
        for joint in (elbow, base, tip) if double else (elbow, base):
            lamp.shape.add(
                cylinder(joint - pin, joint + pin, (1.6 if joint is tip else 2.0) * rod, segments=12), "metal"
            )
    radius, tall = d.uniform("head_radius", 0.06, 0.13), d.uniform("head_height", 0.1, 0.2)
    tilt = d.uniform("head_tilt", -10, 55)
    if d.flag("bar_head", 0.25):
        length = d.uniform("head_length", 0.2, 0.4)
        head = box((length, 0.03, 0.07), (0.3 * length, 0, 0)).rotate((0, 0, -0.2 * tilt))
        lamp.shape.add(head.translate(tuple(tip)), lamp.shade_material)
        return
    # A closed reflector: the neck of the bell holds the socket, which sits on the arm's end.
    profile = smooth_curve(
        [(0.3 * radius, 0.05), (0.45 * radius, -0.2 * tall), (0.85 * radius, -0.6 * tall), (radius, -tall)], 4
    )
    head = union(
        [
            revolve(strip(profile, lamp.wall), 32),
            cylinder((0, 0.06, 0), (0, -0.3 * tall, 0), 0.42 * radius, segments=16),
            Manifold.sphere(0.4 * radius, 16).translate((0, -0.4 * tall, 0)),
        ]
    )
    lamp.shape.add(head.rotate((0, 0, tilt)).translate(tuple(tip)), lamp.shade_material)


def _torchiere(lamp: Lamp, d: Draw) -> None:
    height = d.uniform("height", 1.2, 1.75)
    radius, tall = d.uniform("bowl_radius", 0.14, 0.26), d.uniform("bowl_height", 0.08, 0.2)
    lamp.rod = max(lamp.rod, 0.012)
    foot(lamp, d, d.uniform("foot_radius", 0.12, 0.2))
    lamp.shape.add(cylinder((0, 0.01, 0), (0, height, 0), lamp.rod, segments=12), lamp.metal)
    profile = smooth_curve(
        [(1.0 * lamp.rod, 0), (0.6 * radius, 0.25 * tall), (0.9 * radius, 0.6 * tall), (radius, tall)], 4
    )
    lamp.shape.add(revolve(strip(profile, 1.5 * lamp.wall), 36).translate((0, height - 0.01, 0)), lamp.shade_material)
    lamp.shape.add(Manifold.sphere(0.04, 16).translate((0, height + 0.025, 0)), "light")
    if d.flag("reading_arm", 0.3):
        y, out = 0.62 * height, d.uniform("arm_reach", 0.2, 0.35)
        lamp.shape.add(tube([(0, y, 0), (0.6 * out, y + 0.12, 0), (out, y + 0.02, 0)], 0.01, 8), lamp.metal)
        lamp.shape.add(cylinder((out, y - 0.06, 0), (out, y + 0.04, 0), 0.065, 0.03, 20), lamp.shade_material)


def _globe(lamp: Lamp, d: Draw) -> None:
    radius = d.uniform("globe_radius", 0.14, 0.3)
    squash = d.uniform("squash", 0.75, 1.25)
    placing = d.choice("placing", ("table", "floor", "pendant", "cluster"))
    ball = Manifold.sphere(radius, 36).scale((1, squash, 1))
    if placing == "table":
        height = d.uniform("base_height", 0.08, 0.45)
        lamp.base(height, min(0.75 * radius, d.uniform("foot_radius", 0.1, 0.2)))
        lamp.shape.add(ball.translate((0, height + 0.93 * radius * squash, 0)), "light")
    elif placing == "floor":
        height = d.uniform("pole_height", 0.7, 1.2)
        lamp.rod = max(lamp.rod, 0.011)
        foot(lamp, d, d.uniform("foot_radius", 0.13, 0.2))
        lamp.shape.add(cylinder((0, 0.01, 0), (0, height, 0), lamp.rod, segments=12), lamp.metal)
        lamp.shape.add(ball.translate((0, height + 0.93 * radius * squash, 0)), "light")
    elif placing == "pendant":
        drop = d.uniform("drop", 0.2, 0.8)
        lamp.shape.add(ball, "light")
        top = radius * squash + drop
        lamp.shape.add(
            cylinder((0, 0.85 * radius * squash, 0), (0, 1.12 * radius * squash, 0), 0.35 * radius, segments=16),
            "metal",
        )
        lamp.shape.add(cylinder((0, 0, 0), (0, top, 0), 0.6 * lamp.rod, segments=8), "metal")
        lamp.shape.add(cylinder((0, top - 0.03, 0), (0, top, 0), 0.4 * radius, segments=24), "metal")
    else:
        count = d.integer("globes", 3, 5)
        for k in range(count):
            y, a = 0.6 + 0.28 * k, 2.4 * k
            tip = np.array([0.3 * np.sin(a), y, 0.3 * np.cos(a)])
            lamp.shape.add(cylinder((0, y - 0.12, 0), tip, 0.011, segments=8), lamp.metal)
            lamp.shape.add(ball.scale((0.5, 0.5, 0.5)).translate(tuple(tip * (1.2, 1, 1.2) + (0, 0.02, 0))), "light")
        lamp.shape.add(cylinder((0, 0, 0), (0, 0.55 + 0.28 * count - 0.28, 0), 0.014, segments=10), lamp.metal)
        lamp.shape.add(cylinder((0, 0, 0), (0, 0.03, 0), 0.2, segments=32), lamp.base_material)


_BUILDERS: dict[str, Callable[[Lamp, Draw], None]] = {
    "table": _table,
    "floor": _floor,
    "tripod": _tripod,
    "arc": _arc,
    "desk": _desk,
    "pendant": pendant,
    "chandelier": chandelier,
    "torchiere": _torchiere,
    "lantern": lantern,
    "globe": _globe,
    "wall": wall,
    "street": street,
    "ceiling": ceiling,
}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random lamp, of the structural type ``kind`` if given; the y axis is up and the front faces +z.

    Raises:
        ValueError: ``kind`` is not one of ``TYPES``.
    """
    draw = Draw(rng)
    draw.params["type"] = kind = draw_kind(rng, TYPES, kind)
    lamp = Lamp(draw)
    _BUILDERS[kind](lamp, draw)
    return lamp.shape
