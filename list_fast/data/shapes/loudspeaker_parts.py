# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What every loudspeaker has: its drawn parameters, its cabinet and its drivers, and the solids they are made of."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    Part,
    Shape,
    box,
    cylinder,
    extrude,
    revolve,
    rounded_box,
    superellipse,
    union,
)

FORMS = {"sharp": 3.0, "rounded": 2.0, "soft": 1.2, "chamfered": 1.5, "boat": 1.2, "tapered": 1.0}
FEET = {"none": 2.0, "pads": 2.0, "spikes": 1.2, "plinth": 1.5, "outriggers": 1.0}
TWEETERS = {"dome": 4.0, "waveguide": 2.0, "horn": 1.2, "ribbon": 1.0}
CAPS = ("dome", "inverted", "plug", "flat")


class Loudspeaker:
    """Draws the parameters that every loudspeaker has and holds the shape while a builder fills it.

    The baffle of the cabinet lies in the plane z = ``front``; drivers are let into it, and ``finish`` cuts their holes.
    """

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.material = draw.choice("cabinet_material", {"wood": 4.0, "paint": 2.5, "plastic": 2.0, "leather": 0.3})
        self.form = draw.choice("cabinet_form", FORMS)
        self.edge = draw.uniform("edge", 0.05, 0.22)
        self.narrowing = draw.uniform("narrowing", 0.5, 0.85)
        self.cone_material = draw.choice("cone_material", {"fabric": 2.0, "plastic": 2.0, "metal": 1.0, "rubber": 1.0})
        self.cone_depth = draw.uniform("cone_depth", 0.2, 0.45)
        self.surround = draw.uniform("surround_width", 0.08, 0.16)
        self.ring = draw.uniform("ring_width", 0.07, 0.15)
        self.lift = draw.uniform("ring_lift", 0.02, 0.07)
        self.cap = draw.choice("dust_cap", CAPS)
        self.cap_radius = draw.uniform("cap_radius", 0.22, 0.38)
        self.screws = draw.number("screws", 0, 0, 4, 6, 8)
        self.tweeter_form = draw.choice("tweeter_form", TWEETERS)
        self.feet_form = draw.choice("feet_form", FEET)
        self.guarded = draw.flag("driver_guards", 0.12)
        self.front = 0.0
        self.case: list[Part] = []
        self.cuts: list[Manifold] = []

    def cabinet(self, width: float, height: float, depth: float, bottom: float = 0.0, form: str | None = None) -> None:
        """Add a cabinet about the y axis that stands at ``bottom``; its baffle is flat and at z = depth / 2."""
        self.front = depth / 2
        self.draw.params["cabinet_form"] = self.form = form or self.form
        solid = cabinet_solid(self.form, (width, height, depth), self.edge, self.narrowing)
        self.case.append(Part(solid.translate((0, bottom, 0)), self.material))

    def driver(self, x: float, y: float, radius: float, room: float = 1.0) -> None:
        """Let a cone driver into the baffle at (x, y); ``room`` is the depth that it may take."""
        r, z = radius, self.front
        deep = min(self.cone_depth * r, 0.7 * room)
        floor = -deep - min(0.12 * r, 0.15 * room)
        rim, lip = r * (1 - self.ring), r * (1 - self.ring - self.surround)
        top, roll = self.lift * r, 0.5 * self.surround * r
        angle = np.linspace(0, np.pi, 7)
        arch = np.stack([(rim + lip) / 2 + (rim - lip) / 2 * np.cos(angle), roll * np.sin(angle) - 0.01 * r], 1)
        cap = min(self.cap_radius * r, 0.8 * lip)
        centre = {
            "dome": [(cap, -deep), (0.7 * cap, 0.3 * cap - deep), (0.0, 0.42 * cap - deep)],
            "inverted": [(cap, -deep), (0.6 * cap, -0.2 * cap - deep), (0.0, -0.25 * cap - deep)],
            "plug": [(cap, -deep), (0.7 * cap, -deep), (0.45 * cap, 0.6 * deep - deep), (0.0, 0.85 * deep - deep)],
            "flat": [(cap, 0.08 * r - deep), (0.0, 0.08 * r - deep)],
        }[self.cap]
        # cups, not rings: a ring around a small driver would be too thin to be meshed
        cup = floor - min(0.35 * r, 0.15 * room)
        frame = [(0.0, cup), (rim + 0.02 * r, cup), (rim + 0.02 * r, -0.03 * r), (r, -0.03 * r), (r, 0.5 * top)]
        frame += [(0.98 * r, top), (rim - 0.004 * r, top), (rim - 0.004 * r, floor + 0.02 * r), (0.0, floor + 0.02 * r)]
        edge = [(0.2 * lip, floor), (rim, floor), *arch, (lip - 0.03 * r, -0.02 * r - 0.05 * deep)]
        edge += [(0.2 * lip, floor + 0.03 * r)]
        cone = [(0.0, floor - 0.02 * r), (lip + 0.01 * r, floor - 0.02 * r), (lip + 0.01 * r, -0.03 * r)]
        flare = [(lip, -0.03 * r), (0.5 * (lip + cap), -0.03 * r - 0.42 * deep), (cap, -deep)]
        centre_material = "metal" if self.cap == "plug" else self.cone_material
        self.plug(x, y, [*cone, *flare, *centre], centre_material, 32)
        self.plug(x, y, edge, "rubber", 32)
        self.plug(x, y, frame, "metal", 32)
        self.cuts.append(cylinder((x, y, z + floor * 0.9), (x, y, z + r), rim, segments=32))
        for k in range(self.screws if r > 0.07 else 0):
            a = 2 * np.pi * (k + 0.5) / self.screws
            at = ((r + rim) / 2 * np.cos(a) + x, (r + rim) / 2 * np.sin(a) + y)
            self.shape.add(cylinder((*at, z), (*at, z + top + 0.03 * r), 0.035 * r, segments=8), "rubber")
        if self.guarded and r > 0.05:  # the wires of a smaller guard would close up
            self.guard(x, y, r, top)

    def guard(self, x: float, y: float, radius: float, top: float) -> None:
        """Add wire rings on spokes before a driver."""
        rod = max(0.036 * radius, 0.0055)
        rise = 0.26 * radius + top
        rows = [(0.88, 0.55), (0.62, 0.9), (0.34, 1.0)]
        solids = [hoop(share * radius, rise * high, (rod, rod), 24).rotate((90, 0, 0)) for share, high in rows]
        for k in range(4):
            turn = np.pi * (k / 2 + 0.25)
            knots = [(0.0, 1.0), (0.34, 1.0), (0.62, 0.9), (0.88, 0.55), (0.95, 0.0)]
            path = [(s * radius * np.cos(turn), s * radius * np.sin(turn), rise * h) for s, h in knots]
            solids += [cylinder(a, b, rod, segments=8) for a, b in pairwise(path)]
        self.shape.add(union(solids).translate((x, y, self.front)), "metal")

    def tweeter(self, x: float, y: float, radius: float, room: float = 1.0) -> None:
        """Let a tweeter of the drawn form into the baffle at (x, y), within ``radius``."""
        r, z = radius, self.front
        deep = min(r, room)
        if self.tweeter_form in ("dome", "waveguide") or (self.tweeter_form == "ribbon" and r < 0.035):
            bowl = (0.3 if self.tweeter_form == "waveguide" else 0.08) * deep
            ball = r * (0.26 if self.tweeter_form == "waveguide" else 0.42)
            top = 0.05 * r
            rim = 0.96 * r if self.tweeter_form == "waveguide" else 0.72 * r
            bell = [(rim - (rim - ball) * t, top - (bowl + top) * t**0.6) for t in (0.0, 0.25, 0.6, 1.0)]
            plate = [(0.0, -bowl - 0.4 * deep), (r, -bowl - 0.4 * deep), (r, top), *bell, (0.0, -bowl)]
            self.plug(x, y, plate, "plastic", 32)
            self.cuts.append(cylinder((x, y, z - bowl - 0.1 * deep), (x, y, z + r), 0.985 * r, segments=32))
            t = np.linspace(0, np.pi / 2, 6)
            dome = np.stack([0.9 * ball * np.cos(t), 0.75 * ball * np.sin(t) - 0.9 * bowl], 1)
            self.plug(x, y, [(0.0, -bowl - 0.15 * deep), (0.9 * ball, -bowl - 0.15 * deep), *dome], "metal", 32)
        elif self.tweeter_form == "horn":
            self.horn_mouth(x, y, 1.9 * r, 1.3 * r, 0.7 * deep)
        else:
            self.shape.add(box((1.3 * r, 2 * r, 0.4 * deep), (x, y, z - 0.16 * deep)), "plastic")
            self.shape.add(box((0.62 * r, 1.5 * r, 0.4 * deep), (x, y, z - 0.13 * deep)), "metal")
            for k in range(5):
                bar_y = y + (k - 2) * 0.3 * r
                self.shape.add(box((0.74 * r, 0.14 * r, 0.3 * deep), (x, bar_y, z - 0.03 * deep)), "plastic")

    def horn_mouth(self, x: float, y: float, width: float, height: float, deep: float) -> None:
        """Let a rectangular horn into the baffle at (x, y): a flange about a flare that narrows to a throat."""
        z = self.front
        outer = rounded_box((width, height, 0.1 * deep), (x, y, z + 0.01 * deep), 0.02 * deep, 8)
        knots = [(0.93, 0.12), (0.62, -0.35), (0.34, -0.75), (0.22, -1.0)]
        flare = union(
            [
                Manifold.hull_points(
                    [
                        (x + sx * s * width / 2, y + sy * s * height / 2, z + d * deep)
                        for s, d in (near, far)
                        for sx in (-1, 1)
                        for sy in (-1, 1)
                    ]
                )
                for near, far in pairwise(knots)
            ]
        )
        block = box((0.97 * width, 0.97 * height, 1.25 * deep), (x, y, z - 0.625 * deep))
        self.cuts.append(box((0.94 * width, 0.94 * height, 1.2 * deep), (x, y, z - 0.55 * deep)))
        self.shape.add(union([outer, block]) - flare, "plastic")

    def port(self, x: float, y: float, radius: float, deep: float) -> None:
        """Let a bass-reflex tube of ``deep`` into the baffle: a hole with a flared lip."""
        r, t = radius, 0.16 * radius
        lip = [(r, -0.5 * deep), (r + t, -0.5 * deep), (r + t, -t), (r + 2 * t, -0.3 * t), (r + 2 * t, 0.4 * t)]
        lip += [(r + 1.5 * t, 0.7 * t), (r + 0.4 * t, -0.2 * t)]
        self.plug(x, y, lip, "plastic", 24)
        self.cuts.append(cylinder((x, y, self.front - deep), (x, y, self.front + r), 1.08 * r, segments=24))

    def slot(self, x: float, y: float, width: float, height: float, deep: float) -> None:
        """Cut a slotted port into the baffle."""
        end = min(height / 2, 0.49 * width)
        pegs = [
            cylinder((x + s * (width / 2 - end), y, self.front - deep), (x + s * (width / 2 - end), y, 1e2), end)
            for s in (-1, 1)
        ]
        self.cuts.append(Manifold.batch_hull(pegs))

    def cloth(self, y: float, width: float, height: float, thickness: float, material: str = "fabric") -> None:
        """Cover the baffle about (0, y) with a grille; what it covers must not be hollow."""
        rim = min(0.6 * thickness, 0.02)
        self.shape.add(rounded_box((width, height, 2 * thickness), (0, y, self.front), rim, 12), material)

    def slats(self, y: float, width: float, height: float, count: int, upright: bool, thickness: float) -> None:
        """Lay ``count`` slats in a frame before the baffle, with the drivers to be seen between them."""
        t, z = thickness, self.front + 0.5 * thickness
        frame = box((width, height, 1.6 * t), (0, y, z)) - box((width - 3 * t, height - 3 * t, 4 * t), (0, y, z))
        span, long = (width, height) if upright else (height, width)
        bars, wide = [], min(0.9 * t, 0.6 * (span - 3 * t) / count)  # with gaps, or they would enclose the air behind
        for k in range(count):
            at = (k + 0.5) / count * (span - 3 * t) - (span - 3 * t) / 2
            middle = (at, y, z + 0.2 * t) if upright else (0, y + at, z + 0.2 * t)
            bars.append(box((wide, long - t, t) if upright else (long - t, wide, t), middle))
        self.shape.add(union([frame, *bars]), "metal")

    def terminals(self, y: float, depth: float) -> None:
        """Add the plate with its binding posts on the flat middle of a back at z = -``depth`` / 2."""
        z, size = -depth / 2, self.draw.uniform("terminal_plate", 0.05, 0.09)
        self.shape.add(box((size * 1.4, size, 0.05 * size + 0.03), (0, y, z + 0.012)), "plastic")
        for x in (-0.35, 0.35):
            self.shape.add(cylinder((x * size, y, z), (x * size, y, z - 0.028), 0.011, segments=10), "metal")

    def feet(self, width: float, depth: float, height: float) -> None:
        """Set the finished cabinet on the drawn feet; call it last, for it lifts what was added."""
        rise = {"none": 0.0, "pads": 0.25, "spikes": 0.6, "plinth": 0.45, "outriggers": 0.5}[self.feet_form] * height
        self.move(lambda solid: solid.translate((0, rise, 0)))
        x, z, sunk = 0.4 * width, 0.38 * depth, rise + 0.02
        if self.feet_form == "pads":
            for s in (-1, 1):
                self.shape.add_mirrored(cylinder((x, 0, s * z), (x, sunk, s * z), 0.09 * width), "rubber")
        elif self.feet_form == "spikes":
            for s in (-1, 1):
                self.shape.add_mirrored(cylinder((x, 0, s * z), (x, sunk, s * z), 0.012, 0.06 * width, 12), "metal")
        elif self.feet_form == "plinth":
            spread = self.draw.uniform("plinth_spread", 0.9, 1.3)
            size = (spread * width, 0.55 * rise, max(spread, 1.0) * depth)
            self.shape.add(box(size, (0, 0.275 * rise, 0)), "plastic")
            self.shape.add(box((0.8 * width, sunk - 0.3 * rise, 0.75 * depth), (0, 0.15 * rise + sunk / 2, 0)), "metal")
        elif self.feet_form == "outriggers":
            spread = self.draw.uniform("outrigger_spread", 0.65, 0.9) * width
            for s in (-1, 1):
                self.shape.add(box((2 * spread, 0.5 * rise, 0.12 * depth), (0, 0.75 * rise + 0.004, s * z)), "metal")
                foot = cylinder((spread - 0.02, 0, s * z), (spread - 0.02, 0.6 * rise, s * z), 0.014, 0.03, 12)
                self.shape.add_mirrored(foot, "metal")

    def move(self, motion: Callable[[Manifold], Manifold]) -> None:
        """Apply a motion to every part so far, holes and cabinet included."""
        self.finish()
        self.shape.parts = [Part(motion(part.solid), part.material) for part in self.shape.parts]

    def finish(self) -> None:
        """Cut the holes of the drivers and ports into the cabinets and add these."""
        hole = union(self.cuts) if self.cuts else None
        for part in self.case:
            self.shape.add(part.solid if hole is None else part.solid - hole, part.material)
        self.case, self.cuts = [], []

    def plug(self, x: float, y: float, profile: list[tuple[float, float]], material: str, segments: int) -> None:
        """Add a solid of revolution of (radius, height over the baffle) about the driver's axis."""
        self.shape.add(revolve(profile, segments).rotate((90, 0, 0)).translate((x, y, self.front)), material)


def hoop(radius: float, height: float, half: tuple[float, float], segments: int = 40) -> Manifold:
    """Ring about the y axis at ``height`` whose rounded section has the half sizes (across, along the axis)."""
    return revolve(superellipse(*half, 2.5, 12) + np.array([radius, height]), segments)


def cabinet_solid(form: str, size: tuple[float, float, float], edge: float, narrowing: float) -> Manifold:
    """Cabinet of ``size`` (x, y, z) standing on y = 0 with a flat front; ``edge`` is a share of its width."""
    w, h, d = size
    r = edge * min(w, d)
    if form == "rounded":  # upright edges only
        ring = [
            (sx * (w / 2 - r) + r * np.cos(a), sz * (d / 2 - r) + r * np.sin(a))
            for sx, sz, turn in ((1, 1, 0.0), (-1, 1, 0.5), (-1, -1, 1.0), (1, -1, 1.5))
            for a in np.pi * (turn + np.linspace(0, 0.5, 5))
        ]
        return extrude(ring, h, "y", h / 2)
    if form == "soft":
        return rounded_box(size, (0, h / 2, 0), 0.6 * r, 16)
    if form == "chamfered":
        c = 0.5 * r
        points = [(sx * w / 2, y, z) for sx in (-1, 1) for y in (0, h) for z in (-d / 2, d / 2 - 1.4 * c)]
        points += [(sx * (w / 2 - c), y, d / 2) for sx in (-1, 1) for y in (c, h - c)]
        return Manifold.hull_points(points)
    if form == "boat":  # sides curve in towards the back
        t = np.linspace(0, 1, 8)
        half = w / 2 * (1 - (1 - narrowing) * t**2)
        side = np.stack([half, d / 2 - d * t], 1)
        return extrude(np.concatenate([side, (side * (-1, 1))[::-1]]), h, "y", h / 2)
    if form == "tapered":
        top, back = w * (0.5 + 0.5 * narrowing), 0.6 + 0.4 * narrowing
        points = [(sx * w / 2, 0, z) for sx in (-1, 1) for z in (-d / 2, d / 2)]
        points += [(sx * top / 2, h, z) for sx in (-1, 1) for z in (d / 2 - back * d, d / 2)]
        return Manifold.hull_points(points)
    return box(size, (0, h / 2, 0))
