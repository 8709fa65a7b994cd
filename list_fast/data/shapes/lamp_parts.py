# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What every lamp has: its drawn parameters, its shade, its base and its foot."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import CrossSection, Manifold

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import shade_radius, shade_shell
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    revolve,
    smooth_curve,
    strip,
    sweep,
    turned,
    union,
)

SHADES = {"cone": 3.0, "drum": 2.0, "square": 2.0, "bell": 1.5, "dome": 1.0, "hexagon": 0.7, "tulip": 0.5}
BASES = (
    "disc",
    "vase",
    "bottle",
    "gourd",
    "balls",
    "stack",
    "square_stack",
    "column",
    "block",
    "twist",
    "cone",
    "candle",
)


class Lamp:
    """Draws the parameters that every lamp has and holds the shape while a builder fills it."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.form = draw.choice("shade_form", SHADES)
        lowest = {"drum": 0.88, "dome": 0.12, "tulip": 0.15}.get(self.form, 0.3)
        self.top = draw.uniform("shade_top_ratio", lowest, max(0.75, lowest + 0.12))
        self.wall = draw.uniform("shade_wall", 0.011, 0.018)
        self.shade_material = draw.choice(
            "shade_material", {"fabric": 3, "metal": 1, "paint": 1, "glass": 0.7, "plastic": 1}
        )
        self.rod = draw.uniform("rod_radius", 0.008, 0.018)
        self.metal = draw.choice("metal", {"metal": 3, "paint": 1, "wood": 0.7})
        self.base_form = draw.choice("base_form", BASES)
        self.base_material = draw.choice(
            "base_material", {"wood": 1, "metal": 1.5, "stone": 0.7, "paint": 1, "glass": 0.5}
        )
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
        r = max(0.45 * self.wall, 0.006)
        spokes = []
        for k in range(4 if self.form == "square" else 3):
            angle = np.pi / 2 * k if self.form == "square" else 2 * np.pi * k / 3 + np.pi / 6
            spokes.append(cylinder((0, y, 0), (reach * np.sin(angle), y, reach * np.cos(angle)), r, segments=6))
        self.shape.add(shell.translate((0, bottom, 0)), self.shade_material)
        self.shape.add(union(spokes), "metal")
        self.shape.add(
            cylinder((0, min(stem, y) - 2 * r, 0), (0, max(stem, y) + 2 * r, 0), 1.6 * r, segments=10), "metal"
        )
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
                "bottle": [
                    (0.9, 0.0),
                    (1.0, 0.08),
                    (1.0, rng.uniform(0.4, 0.55)),
                    (0.4, 0.75),
                    (0.25, 0.9),
                    (0.25, 1.0),
                ],
                "gourd": [
                    (0.6, 0.0),
                    (1.0, 0.25),
                    (0.45, 0.55),
                    (rng.uniform(0.5, 0.75), 0.75),
                    (0.2, 0.97),
                    (0.2, 1.0),
                ],
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
            levels = np.linspace(0, height, count + 1)
            sizes = radius * np.concatenate([[1.0], rng.uniform(0.25, 0.8, count - 1)])
            rows = [(max(s, neck), level) for k, s in enumerate(sizes) for level in levels[k : k + 2]]
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
            add(
                turned(
                    [
                        (1.4 * shaft, 0.5 * disc),
                        (1.4 * shaft, 2 * disc),
                        (shaft, 2.4 * disc),
                        (0.85 * shaft, height - disc),
                        (1.3 * shaft, height - disc / 2),
                        (1.3 * shaft, height),
                    ],
                    segments=24,
                ),
                material,
            )
        elif form == "block":
            side = radius * rng.uniform(1.0, 1.7)
            add(bar((0, 0, 0), (0, 0.97 * height, 0), side, side * rng.uniform(0.5, 1.1)), material)
        elif form == "twist":
            side = radius * rng.uniform(0.5, 0.9)
            # Points along the square's sides keep the twisted faces smooth.
            edge = np.stack([np.linspace(-side / 2, side / 2, 6)[:-1], np.full(5, -side / 2)], 1)
            turns = [edge @ np.array([[c, n], [-n, c]]) for c, n in ((1, 0), (0, 1), (-1, 0), (0, -1))]
            column = CrossSection([np.concatenate(turns)]).extrude(height, 16, rng.uniform(60, 200))
            add(column.rotate((-90, 0, 0)), material)
            add(cylinder((0, 0, 0), (0, disc, 0), radius, segments=32), self.metal)
        else:
            add(cylinder((0, 0, 0), (0, 0.97 * height, 0), radius, neck, segments=32), material)
        add(cylinder((0, disc / 2, 0), (0, top, 0), rod, segments=12), self.metal)


def foot(lamp: Lamp, d: Draw, radius: float) -> None:
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
        add(
            union(
                [
                    cylinder((0, 0.015, 0), (radius - 0.01, 0.015, 0), rod, segments=8).rotate((0, a, 0))
                    for a in (30, 150, 270)
                ]
            ),
            lamp.metal,
        )
        add(Manifold.sphere(1.8 * rod, 12).translate((0, 0.02, 0)), lamp.metal)
    else:
        path = smooth_curve(
            [(0.003, 0.22, 0), (0.25 * radius, 0.18, 0), (0.7 * radius, 0.1, 0), (1.2 * radius, rod, 0)], 2
        )
        feet = sweep(path, 1.1 * rod, 8)
        add(union([feet.rotate((0, a, 0)) for a in (90, 210, 330)]), lamp.metal)


def shifted(x: float) -> Callable[[Manifold], Manifold]:
    """Motion along the x axis."""
    return lambda solid: solid.translate((x, 0, 0))


def move(shape: Shape, start: int, motion: Callable[[Manifold], Manifold]) -> None:
    """Apply ``motion`` to the parts from index ``start`` on."""
    moved = shape.parts[start:]
    del shape.parts[start:]
    for part in moved:
        shape.add(motion(part.solid), part.material)
