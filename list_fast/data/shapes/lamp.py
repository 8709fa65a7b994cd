# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Lamps: table, floor, tripod, arc, desk, pendant, chandelier, torchiere, lantern, globe, wall and street lamps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import CrossSection, Manifold

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import shade_radius, shade_shell
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, revolve, smooth_curve, strip, tube, turned, union

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
SHADES = {"cone": 3.0, "drum": 2.0, "square": 2.0, "bell": 1.5, "dome": 1.0, "hexagon": 0.7, "tulip": 0.5}
BASES = ("disc", "vase", "bottle", "gourd", "balls", "stack", "square_stack", "column", "block", "twist", "cone", "candle")


class Lamp:
    """Draws the parameters that every lamp has and holds the shape while a builder fills it."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.form = draw.choice("shade_form", SHADES)
        lowest = {"drum": 0.88, "dome": 0.12, "tulip": 0.15}.get(self.form, 0.3)
        self.top = draw.uniform("shade_top_ratio", lowest, max(0.75, lowest + 0.12))
        self.wall = draw.uniform("shade_wall", 0.011, 0.018)
        self.shade_material = draw.choice("shade_material", {"fabric": 3, "metal": 1, "paint": 1, "glass": 0.7, "plastic": 1})
        self.rod = draw.uniform("rod_radius", 0.008, 0.018)
        self.metal = draw.choice("metal", {"metal": 3, "paint": 1, "wood": 0.7})
        self.base_form = draw.choice("base_form", BASES)
        self.base_material = draw.choice("base_material", {"wood": 1, "metal": 1.5, "stone": 0.7, "paint": 1, "glass": 0.5})
        self.base_seed = draw.integer("base_profile", 0, 9999)
        self.disc = draw.uniform("foot_thickness", 0.015, 0.05)
        self.trim = draw.flag("trim", 0.4)
        self.bulb = draw.flag("bulb", 0.6)

    def rows(self) -> np.random.Generator:
        """Generator of a turned profile, fixed by the recorded ``base_profile``."""
        return np.random.default_rng(self.base_seed)

    def shade(self, radius: float, height: float, bottom: float, stem: float, at: float = 0.8) -> None:
        """Add an open shade about the y axis and the three spokes that carry it on a stem which ends at ``stem``."""
        shell = shade_shell(self.form, radius, self.top, height, self.wall)
        t = float(np.clip((stem - bottom) / height, 0.06, at))
        reach = shade_radius(self.form, radius, self.top, t) - 0.3 * self.wall
        y = bottom + t * height
        r = max(0.35 * self.wall, 0.0055)
        spokes = []
        for k in range(4 if self.form == "square" else 3):
            angle = np.pi / 2 * k if self.form == "square" else 2 * np.pi * k / 3 + np.pi / 6
            spokes.append(cylinder((0, y, 0), (reach * np.sin(angle), y, reach * np.cos(angle)), r, segments=6))
        self.shape.add(shell.translate((0, bottom, 0)), self.shade_material)
        self.shape.add(union(spokes), "metal")
        self.shape.add(cylinder((0, min(stem, y) - 2 * r, 0), (0, max(stem, y) + 2 * r, 0), 1.6 * r, segments=10), "metal")
        if self.bulb:
            size = min(0.3 * radius, 0.16 * height)
            self.shape.add(Manifold.sphere(size, 16).translate((0, y - 0.4 * size, 0)), "light")

    def base(self, height: float, radius: float) -> None:
        """Add a table lamp's base from y = 0 to ``height`` (a little above it), at most ``radius`` wide."""
        rng, form, add = self.rows(), self.base_form, self.shape.add
        material, rod, disc = self.base_material, self.rod, self.disc
        top = height + 0.01
        neck = max(1.2 * rod, 0.1 * radius)
        if form == "disc":
            dome = [(radius, 0), (radius, 0.4 * disc), (0.85 * radius, disc), (2 * rod, 1.5 * disc)]
            add(turned(dome, segments=32), material)
        elif form in ("vase", "bottle", "gourd", "candle"):
            rows = {
                "vase": [(0.6, 0.0), (0.7, 0.05), (rng.uniform(0.7, 1), 0.4), (1.0, 0.6), (0.5, 0.88), (0.4, 1.0)],
                "bottle": [(0.9, 0.0), (1.0, 0.08), (1.0, rng.uniform(0.4, 0.55)), (0.4, 0.75), (0.25, 0.9), (0.25, 1.0)],
                "gourd": [(0.6, 0.0), (1.0, 0.25), (0.45, 0.55), (rng.uniform(0.5, 0.75), 0.75), (0.2, 0.97), (0.2, 1.0)],
                "candle": [(1.0, 0.0), (0.95, 0.06), (0.3, 0.14), (0.22, 0.3), (0.42, 0.4), (0.2, 0.5), (0.2, 1.0)],
            }[form]
            profile = np.array(rows) * (radius * rng.uniform(0.75, 1.0), height)
            profile[:, 0] = np.maximum(profile[:, 0], neck)
            add(turned(profile, 4, 32), material)
            if self.trim:
                add(cylinder((0, 0, 0), (0, 0.6 * disc, 0), 1.1 * float(profile[0, 0]), segments=32), "metal")
        elif form == "balls":
            count = int(rng.integers(2, 5))
            size = min(height / count / 2 * 1.1, radius)
            for k in range(count):
                add(Manifold.sphere(size, 24).translate((0, disc + (k + 0.5) * (height - disc) / count, 0)), material)
            add(cylinder((0, 0, 0), (0, disc, 0), 0.9 * radius, segments=32), self.metal)
        elif form == "stack":
            count = int(rng.integers(4, 9))
            y = np.linspace(0, height, count + 1)
            sizes = radius * np.concatenate([[1.0], rng.uniform(0.25, 0.8, count - 1)])
            rows = [(max(s, neck), level) for k, s in enumerate(sizes) for level in (y[k], y[k + 1])]
            add(turned(rows, segments=28), material)
        elif form == "square_stack":
            side, y = radius * 1.7, 0.0
            for _ in range(int(rng.integers(1, 4))):
                add(box((side, disc + 0.01, side), (0, y + disc / 2, 0)), material)
                y, side = y + disc, side * rng.uniform(0.7, 0.85)
            width = max(side * rng.uniform(0.35, 0.7), 2.5 * rod)
            add(bar((0, y - 0.01, 0), (0, top, 0), width, width * rng.uniform(0.7, 1.0)), self.metal)
            block = y + rng.uniform(0.1, 0.35) * (height - y)
            add(box((1.6 * width, 1.2 * disc, 1.6 * width), (0, block, 0)), material)
        elif form == "column":
            shaft = radius * rng.uniform(0.35, 0.6)
            add(box((1.9 * radius, disc, 1.9 * radius), (0, disc / 2, 0)), material)
            add(turned([(1.4 * shaft, 0.5 * disc), (1.4 * shaft, 2 * disc), (shaft, 2.4 * disc), (0.85 * shaft, height - disc),
                        (1.3 * shaft, height - disc / 2), (1.3 * shaft, height)], segments=24), material)
        elif form == "block":
            side = radius * rng.uniform(1.0, 1.7)
            add(bar((0, 0, 0), (0, 0.97 * height, 0), side, side * rng.uniform(0.5, 1.1)), material)
        elif form == "twist":
            side = radius * rng.uniform(0.5, 0.9)
            column = CrossSection.square((side, side), True).extrude(height, 24, rng.uniform(90, 300)).rotate((-90, 0, 0))
            add(column, material)
            add(cylinder((0, 0, 0), (0, disc, 0), radius, segments=32), self.metal)
        else:
            add(cylinder((0, 0, 0), (0, 0.97 * height, 0), radius, neck, segments=32), material)
        add(cylinder((0, disc / 2, 0), (0, top, 0), rod, segments=12), self.metal)


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


def _foot(lamp: Lamp, d: Draw, radius: float) -> None:
    """Heavy foot of a standing lamp, on y = 0."""
    form = d.choice("foot_form", ("disc", "dome", "square", "tripod", "ring"))
    h, rod, add = lamp.disc, lamp.rod, lamp.shape.add
    if form == "disc":
        add(cylinder((0, 0, 0), (0, h, 0), radius, segments=32), lamp.base_material)
    elif form == "dome":
        add(turned([(radius, 0), (radius, 0.3 * h), (0.7 * radius, h), (1.5 * rod, 2 * h)], 2, 32), lamp.base_material)
    elif form == "square":
        add(box((1.8 * radius, h, 1.8 * radius), (0, h / 2, 0)), lamp.base_material)
    elif form == "ring":
        add(revolve(strip([(radius - 0.02, 0), (radius - 0.02, 0.03)], 0.04), 32), lamp.metal)
        add(union([cylinder((0, 0.015, 0), (radius - 0.01, 0.015, 0), rod, segments=8).rotate((0, a, 0)) for a in (30, 150, 270)]), lamp.metal)
        add(Manifold.sphere(1.8 * rod, 12).translate((0, 0.02, 0)), lamp.metal)
    else:
        path = smooth_curve([(0, 0.22, 0), (0.25 * radius, 0.18, 0), (0.7 * radius, 0.1, 0), (1.2 * radius, rod, 0)], 2)
        feet = tube(path, 1.1 * rod, 8)
        add(union([feet.rotate((0, a, 0)) for a in (90, 210, 330)]), lamp.metal)


def _floor(lamp: Lamp, d: Draw) -> None:
    height = d.uniform("height", 1.25, 1.7)
    scale = 1.5
    lamp.rod = d.uniform("pole_radius", 0.011, 0.022)
    lamp.wall *= scale
    radius = d.uniform("shade_radius", 0.16, 0.32)
    tall = d.uniform("shade_height", 0.2, 0.42)
    _foot(lamp, d, d.uniform("foot_radius", 0.12, 0.22))
    stem = height - d.uniform("spider_drop", 0.05, 0.15)
    lamp.shape.add(cylinder((0, 0.01, 0), (0, stem, 0), lamp.rod, segments=12), lamp.metal)
    for k in range(d.integer("knops", 0, 3)):
        y = stem * (0.2 + 0.25 * k)
        lamp.shape.add(turned(np.array([(1, -1), (2.2, 0), (1, 1)]) * (lamp.rod, 0.04), 3, 16).translate((0, y, 0)), lamp.metal)
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
    path = smooth_curve([(0, 0, 0), (-0.02, bend * height, 0), (0.25 * reach, 0.95 * height, 0),
                         (0.62 * reach, height, 0), (reach, height - drop, 0)], 5)
    lamp.shape.add(tube(path, rod, 8), lamp.metal)
    if d.choice("foot_form", ("disc", "block")) == "disc":
        lamp.shape.add(cylinder((0, 0, 0), (0, lamp.disc + 0.02, 0), d.uniform("foot_radius", 0.15, 0.24), segments=32), lamp.base_material)
    else:
        lamp.shape.add(box((0.3, 0.12, 0.22), (0, 0.06, 0)), "stone")
    end = path[-1]
    radius, tall = d.uniform("shade_radius", 0.15, 0.28), d.uniform("shade_height", 0.14, 0.3)
    start = len(lamp.shape.parts)
    lamp.shade(radius, tall, end[1] - 0.9 * tall, float(end[1]), 0.9)
    _move(lamp.shape, start, lambda solid: solid.translate((float(end[0]), 0, 0)))
    turn = d.uniform("turn", -180, 180)
    _move(lamp.shape, 0, lambda solid: solid.rotate((0, turn, 0)))


def _move(shape: Shape, start: int, motion: Callable[[Manifold], Manifold]) -> None:
    """Apply ``motion`` to the parts from index ``start`` on."""
    moved = shape.parts[start:]
    del shape.parts[start:]
    for part in moved:
        shape.add(motion(part.solid), part.material)


def _desk(lamp: Lamp, d: Draw) -> None:
    lower, upper = d.uniform("lower_arm", 0.25, 0.5), d.uniform("upper_arm", 0.25, 0.45)
    lean, fold = np.radians(d.uniform("lower_angle", -25, 15)), np.radians(d.uniform("upper_angle", 35, 100))
    rod = d.uniform("arm_radius", 0.007, 0.014)
    foot = d.uniform("foot_radius", 0.1, 0.16)
    gooseneck, double = d.flag("gooseneck", 0.3), d.flag("double_arm", 0.4)
    if d.choice("foot_form", ("disc", "square", "dome")) == "square":
        lamp.shape.add(box((1.8 * foot, lamp.disc, 1.6 * foot), (0, lamp.disc / 2, 0)), lamp.base_material)
    else:
        lamp.shape.add(turned([(foot, 0), (foot, 0.5 * lamp.disc), (0.6 * foot, lamp.disc), (2 * rod, 1.3 * lamp.disc)], segments=32), lamp.base_material)
    base = np.array([0.0, lamp.disc, 0.0])
    elbow = base + lower * np.array([np.sin(lean), np.cos(lean), 0])
    tip = elbow + upper * np.array([np.sin(fold), np.cos(fold), 0])
    root = base - (0, 0.8 * lamp.disc, 0)
    if gooseneck:
        path = smooth_curve([root, base + (0, 0.5 * lower, 0), elbow, tip + (-0.1 * upper, 0.04, 0), tip], 4)
        lamp.shape.add(tube(path, 1.1 * rod, 8), "metal")
    else:
        for side in (-1.6, 1.6) if double else (0.0,):
            offset = np.array([0, 0, side * rod])
            lamp.shape.add(tube([root + offset, elbow + offset, tip + offset], rod, 8), lamp.metal)
        for joint in (elbow, base):
            lamp.shape.add(cylinder(joint - (0, 0, 3.5 * rod), joint + (0, 0, 3.5 * rod), 2.0 * rod, segments=12), "metal")
        if double:
            lamp.shape.add(cylinder(tip - (0, 0, 3 * rod), tip + (0, 0, 3 * rod), 1.6 * rod, segments=10), "metal")
    radius, tall = d.uniform("head_radius", 0.06, 0.13), d.uniform("head_height", 0.1, 0.2)
    tilt = d.uniform("head_tilt", -10, 55)
    if d.flag("bar_head", 0.25):
        length = d.uniform("head_length", 0.2, 0.4)
        head = box((length, 0.03, 0.07), (0.3 * length, 0, 0)).rotate((0, 0, -0.2 * tilt))
        lamp.shape.add(head.translate(tuple(tip)), lamp.shade_material)
        return
    # A closed reflector: the neck of the bell holds the socket, which sits on the arm's end.
    profile = smooth_curve([(0.3 * radius, 0.05), (0.45 * radius, -0.2 * tall), (0.85 * radius, -0.6 * tall), (radius, -tall)], 4)
    head = union([revolve(strip(profile, lamp.wall), 32), cylinder((0, 0.06, 0), (0, -0.3 * tall, 0), 0.42 * radius, segments=16),
                  Manifold.sphere(0.4 * radius, 16).translate((0, -0.4 * tall, 0))])
    lamp.shape.add(head.rotate((0, 0, tilt)).translate(tuple(tip)), lamp.shade_material)


def _pendant(lamp: Lamp, d: Draw) -> None:
    drop = d.uniform("drop", 0.25, 0.9)
    radius, tall = d.uniform("shade_radius", 0.15, 0.4), d.uniform("shade_height", 0.15, 0.45)
    count = 1 if d.flag("single", 0.75) else 3
    cable = d.uniform("cable_radius", 0.005, 0.011)
    pitch = 2.3 * radius
    for k in range(count):
        x = (k - (count - 1) / 2) * pitch
        start = len(lamp.shape.parts)
        if d.params["trim"]:  # a closed glass or metal bowl on a socket
            profile = smooth_curve([(0.12 * radius, tall), (0.4 * radius, 0.9 * tall), (0.9 * radius, 0.45 * tall), (radius, 0)], 4)
            lamp.shape.add(revolve(strip(profile, lamp.wall), 36), lamp.shade_material)
            lamp.shape.add(cylinder((0, 0.75 * tall, 0), (0, 1.1 * tall, 0), 0.2 * radius, segments=16), "metal")
            lamp.shape.add(Manifold.sphere(0.25 * radius, 16).translate((0, 0.68 * tall, 0)), "light")
            level = tall
        else:
            level = d.uniform("spider_level", 0.5, 0.92) * tall
            lamp.shade(radius, tall, 0, level, 0.92)
        top = tall + drop
        lamp.shape.add(cylinder((0, level, 0), (0, top, 0), cable, segments=8), "metal")
        _move(lamp.shape, start, lambda solid, x=x: solid.translate((x, 0, 0)))
    rose = d.uniform("rose_radius", 0.05, 0.1)
    if count == 1:
        lamp.shape.add(cylinder((0, tall + drop - 0.01, 0), (0, tall + drop + 0.03, 0), rose, 0.7 * rose, 24), "metal")
    else:
        lamp.shape.add(box((pitch * (count - 1) + 0.2, 0.04, 0.08), (0, tall + drop + 0.01, 0)), "metal")


def _chandelier(lamp: Lamp, d: Draw) -> None:
    arms, reach = d.integer("arms", 3, 8), d.uniform("reach", 0.3, 0.5)
    rise, sag = d.uniform("rise", 0.0, 0.2), d.uniform("sag", 0.05, 0.2)
    tall = d.uniform("stem_height", 0.45, 0.9)
    rod = d.uniform("arm_radius", 0.008, 0.014)
    rng = lamp.rows()
    heights = np.linspace(-0.14, 0.3, 8)
    lamp.shape.add(turned(np.stack([rng.uniform(0.02, 0.075, 8), heights], 1), 3, 20), lamp.metal)
    lamp.shape.add(cylinder((0, 0.25, 0), (0, tall, 0), rod, segments=10), lamp.metal)
    lamp.shape.add(cylinder((0, tall - 0.02, 0), (0, tall + 0.02, 0), 0.07, 0.05, 24), lamp.metal)
    path = smooth_curve([(0, 0, 0), (0.4 * reach, -sag, 0), (0.85 * reach, -0.6 * sag, 0), (reach, rise, 0)], 3)
    arm = tube(path, rod, 8)
    style = d.choice("light_form", ("candle", "shade", "globe", "bell"))
    size = d.uniform("light_size", 0.045, 0.09)
    cup = cylinder((reach, rise - 0.015, 0), (reach, rise + 0.012, 0), 0.6 * size, 0.75 * size, 14)
    if style == "candle":
        lit = union([cylinder((reach, rise, 0), (reach, rise + 0.1, 0), 0.014, segments=10),
                     Manifold.sphere(1, 12).scale((0.018, 0.035, 0.018)).translate((reach, rise + 0.12, 0))])
    elif style == "globe":
        lit = Manifold.sphere(size, 16).translate((reach, rise + 0.9 * size, 0))
    elif style == "shade":
        shell = revolve(strip([(size, 0.05), (0.6 * size, 0.15)], 0.012), 20)
        pin = union([cylinder((0, 0, 0), (0, 0.1, 0), 0.012, segments=8), box((1.6 * size, 0.01, 0.01), (0, 0.09, 0))])
        lit = union([shell, pin]).translate((reach, rise, 0))
    else:
        bell = revolve(strip(smooth_curve([(0.25 * size, 0), (0.8 * size, 0.4 * size), (1.2 * size, 1.6 * size)], 3), 0.012), 20)
        lit = union([bell, cylinder((0, -0.01, 0), (0, 0.5 * size, 0), 0.35 * size, segments=12)]).translate((reach, rise, 0))
    tiers = 2 if d.flag("two_tiers", 0.25) else 1
    for tier in range(tiers):
        for k in range(arms):
            turn = (0, 360 * k / arms + 20 * tier, 0)
            lift = (0, 0.2 * tier, 0)
            shrink = 1 - 0.35 * tier
            for solid, material in ((arm, lamp.metal), (cup, lamp.metal), (lit, "light" if style != "shade" else lamp.shade_material)):
                moved = solid if tier == 0 else solid.translate((reach * (shrink - 1), 0, 0)) if solid is not arm else solid.scale((shrink, 1, 1))
                lamp.shape.add(moved.rotate(turn).translate(lift), material)
    if d.flag("finial", 0.6):
        lamp.shape.add(Manifold.sphere(0.035, 16).translate((0, -0.16, 0)), lamp.metal)


def _torchiere(lamp: Lamp, d: Draw) -> None:
    height = d.uniform("height", 1.2, 1.75)
    radius, tall = d.uniform("bowl_radius", 0.14, 0.26), d.uniform("bowl_height", 0.08, 0.2)
    lamp.rod = max(lamp.rod, 0.012)
    _foot(lamp, d, d.uniform("foot_radius", 0.12, 0.2))
    lamp.shape.add(cylinder((0, 0.01, 0), (0, height, 0), lamp.rod, segments=12), lamp.metal)
    profile = smooth_curve([(1.0 * lamp.rod, 0), (0.6 * radius, 0.25 * tall), (0.9 * radius, 0.6 * tall), (radius, tall)], 4)
    lamp.shape.add(revolve(strip(profile, 1.5 * lamp.wall), 36).translate((0, height - 0.01, 0)), lamp.shade_material)
    lamp.shape.add(Manifold.sphere(0.04, 16).translate((0, height + 0.025, 0)), "light")
    if d.flag("reading_arm", 0.3):
        y, out = 0.62 * height, d.uniform("arm_reach", 0.2, 0.35)
        lamp.shape.add(tube([(0, y, 0), (0.6 * out, y + 0.12, 0), (out, y + 0.02, 0)], 0.01, 8), lamp.metal)
        lamp.shape.add(cylinder((out, y - 0.06, 0), (out, y + 0.04, 0), 0.065, 0.03, 20), lamp.shade_material)


def _lantern(lamp: Lamp, d: Draw) -> None:
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
        lamp.shape.add(revolve([(0, y - 0.02), (1.12 * r, y - 0.02), (1.12 * r, y + 0.02), (0, y + 0.02)], sides).rotate((0, half, 0)), lamp.metal)
    overhang = d.uniform("roof_overhang", 1.1, 1.45) * radius
    lamp.shape.add(revolve([(0, tall), (overhang, tall), (overhang, tall + 0.015), (0.25 * radius, tall + roof), (0, tall + roof)], sides)
                   .rotate((0, half, 0)), lamp.metal)
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
        r = overhang * 0.8
        lamp.shape.add(tube(np.stack([r * np.cos(a), tall + 0.01 + (roof + 0.18) * np.sin(a), 0 * a], 1), 0.009, 8), lamp.metal)
    elif hang == "post":
        length = d.uniform("post_length", 0.5, 1.2)
        lamp.shape.add(cylinder((0, 0.02, 0), (0, -length, 0), 0.03, 0.04, 16), lamp.metal)
        lamp.shape.add(turned([(0.12, -length), (0.1, -length + 0.06), (0.045, -length + 0.14)], 2, 20), lamp.metal)


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
        _foot(lamp, d, d.uniform("foot_radius", 0.13, 0.2))
        lamp.shape.add(cylinder((0, 0.01, 0), (0, height, 0), lamp.rod, segments=12), lamp.metal)
        lamp.shape.add(ball.translate((0, height + 0.93 * radius * squash, 0)), "light")
    elif placing == "pendant":
        drop = d.uniform("drop", 0.2, 0.8)
        lamp.shape.add(ball, "light")
        top = radius * squash + drop
        lamp.shape.add(cylinder((0, 0.85 * radius * squash, 0), (0, 1.12 * radius * squash, 0), 0.35 * radius, segments=16), "metal")
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


def _wall(lamp: Lamp, d: Draw) -> None:
    reach, plate = d.uniform("reach", 0.2, 0.4), d.uniform("plate_size", 0.08, 0.16)
    radius, tall = d.uniform("shade_radius", 0.12, 0.22), d.uniform("shade_height", 0.15, 0.32)
    reach = max(reach, radius + 0.05)
    twin = d.flag("twin", 0.3)
    offsets = (-0.75 * radius - 0.1, 0.75 * radius + 0.1) if twin else (0.0,)
    for x in offsets:
        start = len(lamp.shape.parts)
        stem = d.uniform("spider_level", 0.3, 0.8) * tall
        lamp.shade(radius, tall, 0, stem)
        lamp.shape.add(cylinder((0, -0.06, 0), (0, stem, 0), 0.011, segments=10), lamp.metal)
        _move(lamp.shape, start, lambda solid, x=x: solid.translate((x, 0, 0)))
        path = smooth_curve([(0, -0.1, -reach), (0.4 * x, -0.16, -0.6 * reach), (x, -0.14, -0.1), (x, -0.05, 0)], 3)
        lamp.shape.add(tube(path, 0.011, 8), lamp.metal)
    if d.flag("round_plate", 0.5):
        lamp.shape.add(cylinder((0, -0.1, -reach - 0.03), (0, -0.1, -reach + 0.012), plate, 0.8 * plate, 28), lamp.metal)
    else:
        lamp.shape.add(box((1.3 * plate, 2.4 * plate, 0.04), (0, -0.1, -reach)), lamp.metal)


def _street(lamp: Lamp, d: Draw) -> None:
    height = d.uniform("height", 2.2, 4.0)
    pole = max(d.uniform("pole_radius", 0.03, 0.06), 0.006 * height)
    arms = d.integer("arms", 1, 2)
    reach, rise = d.uniform("reach", 0.4, 1.2), d.uniform("rise", 0.05, 0.5)
    lamp.shape.add(cylinder((0, 0, 0), (0, height, 0), 1.4 * pole, 0.9 * pole, 16), "metal")
    lamp.shape.add(turned(np.array([(3, 0), (3, 0.06), (2, 0.12), (2.2, 0.4), (1.3, 0.5)]) * (pole, 0.2 * height), 1, 20), "metal")
    style = d.choice("head_form", ("cobra", "lantern", "globe"))
    if style == "cobra":
        for side in (-1, 1)[:arms]:
            path = smooth_curve([(0, height - 0.1, 0), (0.2 * reach * side, height + 0.7 * rise, 0), (side * reach, height + rise, 0)], 4)
            lamp.shape.add(tube(path, 0.7 * pole, 8), "metal")
            head = Manifold.sphere(1, 20).scale((0.3, 0.07, 0.12)).trim_by_plane((0, 1, 0), -0.03)
            lamp.shape.add(head.translate((side * (reach + 0.18), height + rise, 0)), lamp.shade_material)
        return
    for side in (0,) if arms == 1 else (-1, 0, 1):
        x = 0.5 * reach * side
        if side:
            lamp.shape.add(tube([(0, height - 0.35, 0), (0.7 * x, height - 0.45, 0), (x, height - 0.3, 0), (x, height, 0)], 0.7 * pole, 8), "metal")
        if style == "globe":
            lamp.shape.add(Manifold.sphere(0.2, 24).translate((x, height + 0.17, 0)), "light")
        else:
            lamp.shape.add(cylinder((x, height - 0.02, 0), (x, height + 0.36, 0), 0.11, 0.2, 6), "glass")
            lamp.shape.add(cylinder((x, height + 0.34, 0), (x, height + 0.54, 0), 0.25, 0.05, 6), "metal")


def _ceiling(lamp: Lamp, d: Draw) -> None:
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
        lamp.shape.add(union([spot.rotate(aim), cylinder((0, 0, 0), (0, 0.1, 0), 0.012, segments=8)]).translate((x, 0, 0)), lamp.shade_material)


_BUILDERS: dict[str, Callable[[Lamp, Draw], None]] = {
    "table": _table,
    "floor": _floor,
    "tripod": _tripod,
    "arc": _arc,
    "desk": _desk,
    "pendant": _pendant,
    "chandelier": _chandelier,
    "torchiere": _torchiere,
    "lantern": _lantern,
    "globe": _globe,
    "wall": _wall,
    "street": _street,
    "ceiling": _ceiling,
}


def make(rng: np.random.Generator) -> Shape:
    """A random lamp; the y axis is up and the front faces +z."""
    draw = Draw(rng)
    kind = draw.choice("type", TYPES)
    lamp = Lamp(draw)
    _BUILDERS[kind](lamp, draw)
    return lamp.shape
