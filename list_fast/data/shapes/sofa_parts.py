# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What every sofa has: its drawn parameters, arms, back, cushions and feet."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import LEGS, cushion, leg
from list_fast.data.shapes.parts import (
    Shape,
    box,
    cylinder,
    extrude,
    rounded_box,
    smooth_curve,
    superellipsoid,
    tube,
    union,
)

ARMS = {"box": 3.0, "rounded": 2.5, "roll": 2.0, "flare": 1.0, "slope": 1.2, "round_front": 1.2, "wedge": 0.8}
BACKS = {"flat": 2.0, "rounded": 2.5, "roll": 1.2, "wedge": 1.5}
SUPPORTS = {"legs": 5.0, "plinth": 1.5, "floor": 1.5, "sled": 0.8}


class Sofa:
    """Draws the parameters that every sofa has (metres) and holds the shape while a builder fills it."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.seats = draw.integer("seats", 2, 4) if draw.flag("long", 0.6) else 2
        self.seat_width = draw.uniform("seat_width", 0.52, 0.75)
        self.depth = draw.uniform("depth", 0.75, 1.05)
        self.seat = draw.uniform("seat_height", 0.36, 0.48)
        self.thick = draw.uniform("cushion_thickness", 0.1, 0.2)
        self.softness = draw.uniform("softness", 0.0, 0.85)
        self.arm_form = draw.choice("arm_form", ARMS)
        self.arm = draw.uniform("arm_width", 0.07, 0.3)
        self.arm_rise = draw.uniform("arm_rise", 0.1, 0.28)
        self.back_form = draw.choice("back_form", BACKS)
        self.back_rise = draw.uniform("back_rise", 0.28, 0.52)
        self.back = draw.uniform("back_thickness", 0.1, 0.24)
        self.tilt = draw.uniform("back_tilt", 0.0, 16.0)
        self.back_cushions = draw.flag("back_cushions", 0.65)
        self.bench_cushion = draw.flag("bench_cushion", 0.2)
        self.support = draw.choice("support", SUPPORTS)
        self.leg_form = draw.choice("leg_form", LEGS)
        self.rise = draw.uniform("leg_height", 0.06, 0.2) if self.support in ("legs", "sled") else 0.05
        self.leg_size = max(draw.uniform("leg_size", 0.035, 0.08), 0.018 * self.seats * self.seat_width)
        self.leg_material = draw.choice("leg_material", {"wood": 2.0, "metal": 1.0})
        self.cloth = draw.choice("upholstery", {"fabric": 2.5, "leather": 1.0})
        self.accent = draw.choice("cushion_material", {"same": 2.5, "fabric": 1.0})
        self.pillows = draw.integer("pillows", 0, 4) if draw.flag("has_pillows", 0.35) else 0
        if self.support == "floor":
            self.rise = 0.0

    @property
    def edge(self) -> float:
        """Width of an arm's outer part that has no underside for a leg to meet."""
        return {"rounded": 0.3, "roll": 0.18}.get(self.arm_form, 0.0) * self.arm

    def under(self, front: float) -> float:
        """Foremost z where an arm that ends at ``front`` has an underside for a leg to meet."""
        return front - (0.13 * self.depth if self.arm_form == "wedge" else self.edge)

    def add(self, solid: Manifold) -> None:
        """Append a part in the sofa's upholstery."""
        self.shape.add(solid, self.cloth)

    def soft(self, solid: Manifold) -> None:
        """Append a loose cushion."""
        self.shape.add(solid, self.cloth if self.accent == "same" else "fabric")

    def block(self, size: ArrayLike, center: ArrayLike) -> None:
        """Append a frame block, its edges broken on soft sofas."""
        radius = 0.03 * self.softness
        self.add(rounded_box(size, center, radius, 8) if radius > 0.006 else box(size, center))

    def stand(self, x0: float, x1: float, z0: float, z1: float) -> None:
        """Carry the rectangle [x0, x1] x [z0, z1] at height ``rise`` on legs, a sled or a plinth."""
        if self.support == "floor":
            return
        inset = 0.7 * self.leg_size + 0.02
        xs, zs = (x0 + inset, x1 - inset), (z0 + inset, z1 - inset)
        if self.support == "plinth":
            self.shape.add(
                box(
                    (x1 - x0 - 0.1, self.rise + 0.02, z1 - z0 - 0.1),
                    ((x0 + x1) / 2, self.rise / 2 + 0.01, (z0 + z1) / 2),
                ),
                "wood",
            )
        elif self.support == "sled":
            r = 0.014
            for x in xs:
                path = [(x, self.rise + 0.02, zs[0]), (x, r, zs[0]), (x, r, zs[1]), (x, self.rise + 0.02, zs[1])]
                self.shape.add(tube(path, r, 8), "metal")
        else:
            middle = np.array([(x0 + x1) / 2, 0.0, (z0 + z1) / 2])
            spots = [(x, z) for x in (xs if x1 - x0 < 2.3 else (xs[0], float(middle[0]) + 1e-3, xs[1])) for z in zs]
            for x, z in spots:
                one = leg(self.leg_form, x - middle[0], z - middle[2], self.rise, self.leg_size, 0.03, 0.3)
                self.shape.add(one.translate((float(middle[0]), 0, float(middle[2]))), self.leg_material)

    def arm_solid(self, form: str, width: float, top: float, z0: float, z1: float) -> Manifold:
        """Right arm about x = 0, from the frame's underside up to ``top``, between z0 and z1."""
        low, depth, mid = self.rise, z1 - z0, (z0 + z1) / 2
        size, center = (width, top - low, depth), (0.0, (top + low) / 2, mid)
        if form == "rounded":
            return rounded_box(size, center, 0.4 * width, 14)
        if form == "roll":
            r = min(0.55 * width, 0.11)
            roll = cylinder((0.25 * width, top - r, z0), (0.25 * width, top - r, z1 + 0.01), r, segments=24)
            boss = cylinder((0.25 * width, top - r, z1), (0.25 * width, top - r, z1 + 0.022), 0.5 * r, segments=16)
            panel = box((0.82 * width, top - r - low, depth), (-0.09 * width, (top - r + low) / 2, mid))
            return union([roll, boss, panel])
        if form == "flare":
            w = width / 2
            out = 0.5 * (top - self.seat)
            return extrude(
                [(-w, low), (w, low), (w, self.seat), (w + out, top), (out, top), (-w, self.seat)], depth, "z", mid
            )
        if form == "slope":
            side = smooth_curve(
                [(z1, low), (z1, self.seat + 0.02), (z1 - 0.3 * depth, 0.5 * (self.seat + top)), (z0, top)], 4
            )
            return extrude([*side, (z0, low)], width, "x")
        if form == "wedge":
            return extrude(
                [(z0, low), (z1 - 0.12 * depth, low), (z1, top - 0.06), (z1 - 0.02, top - 0.02), (z0, top + 0.04)],
                width,
                "x",
            )
        if form == "round_front":
            r = 0.6 * (top - low)
            turn = np.linspace(0, np.pi / 2, 8)
            corner = np.stack([z1 - r + r * np.cos(turn), top - r + r * np.sin(turn)], 1)
            return extrude([(z0, low), (z1, low), *corner, (z0, top)], width, "x")
        return box(size, center)

    def arms(self, inner: float, top: float, z0: float, z1: float, sides: tuple[int, ...] = (-1, 1)) -> None:
        """Add arms outside the inner width."""
        solid = self.arm_solid(self.arm_form, self.arm, top, z0, z1).translate((inner / 2 + self.arm / 2, 0, 0))
        for side in sides:
            self.add(solid if side > 0 else solid.mirror((1, 0, 0)))

    def back_solid(self, width: float, top: float) -> Manifold:
        """Back about x = 0 whose foot's rear is at z = 0; it leans towards -z by the tilt above the seat."""
        low, t = self.rise, self.back
        lean = np.tan(np.radians(self.tilt)) * (top - self.seat)
        if self.back_form == "wedge":
            return extrude(
                [(0, low), (t + 0.05, low), (t + 0.05, self.seat), (0.45 * t - lean, top), (-lean, top)], width, "x"
            )
        pegs = [box((width, 0.02, t), (0, low + 0.01, t / 2)), box((width, 0.02, t), (0, self.seat, t / 2))]
        if self.back_form == "flat":
            head = [box((width, 0.02, t), (0, top - 0.01, t / 2 - lean))]
        else:
            r = 0.45 * t if self.back_form == "rounded" else 0.3 * t
            head = [cylinder((-width / 2, top - r, t - r - lean), (width / 2, top - r, t - r - lean), r, segments=20)]
            head += (
                [cylinder((-width / 2, top - r, r - lean), (width / 2, top - r, r - lean), r, segments=20)]
                if r < t / 2
                else []
            )
        solids = [Manifold.batch_hull(pegs), Manifold.batch_hull([pegs[1], *head])]
        if self.back_form == "roll":
            r = min(0.5 * t + 0.01, 0.1)
            solids.append(
                cylinder((-width / 2, top - r, 0.1 * t - lean), (width / 2, top - r, 0.1 * t - lean), r, segments=24)
            )
        return union(solids)

    def seat_row(self, count: int, x0: float, x1: float, z0: float, z1: float, back: bool = True) -> None:
        """Add the frame under [x0, x1] x [z0, z1], its seat cushions and, along z0, its back cushions."""
        mid, width, depth = (x0 + x1) / 2, x1 - x0, z1 - z0
        frame = self.seat - 0.55 * self.thick
        self.add(box((width, frame - self.rise, depth - 0.02), (mid, (frame + self.rise) / 2, (z0 + z1) / 2 - 0.01)))
        pieces = 1 if self.bench_cushion else count
        step = width / pieces
        for k in range(pieces):
            size = (step - 0.012, self.thick, depth + 0.02)
            self.soft(
                cushion(
                    size, (x0 + (k + 0.5) * step, self.seat - self.thick / 2, (z0 + z1) / 2 + 0.01), 0.6 * self.softness
                )
            )
        if back and self.back_cushions:
            tall, thick = max(self.back_rise * 0.98, 0.3), max(0.9 * self.thick, 0.12)
            lean = self.tilt + 4
            # Fills the channel behind the cushions' round edges, which a sectional's corner would close to a cavity.
            size = (width - 0.002, 0.6 * self.thick + 0.01, 0.09)
            self.add(box(size, (mid, self.seat + 0.01 - size[1] / 2, z0 + 0.025)))
            for k in range(count):
                pad = cushion((width / count - 0.012, tall + 0.06, thick), (0, (tall + 0.06) / 2 - 0.06, 0), 0.15)
                if self.softness > 0.15:
                    pad = superellipsoid(
                        ((width / count - 0.012) / 2, thick / 2, (tall + 0.06) / 2),
                        (0, 0, 0),
                        9 - 4 * self.softness,
                        2.6,
                        24,
                    )
                    pad = pad.rotate((90, 0, 0)).translate((0, tall / 2 - 0.03, 0))
                pad = pad.rotate((-lean, 0, 0)).translate(
                    (x0 + (k + 0.5) * width / count, self.seat, z0 + 0.35 * thick)
                )
                self.soft(pad)

    def scatter(self, x0: float, x1: float, z: float) -> None:
        """Lean throw pillows on the back, whose front is near ``z``, from the ends inwards."""
        rng = np.random.default_rng(self.draw.integer("pillow_placing", 0, 9999))
        for k in range(self.pillows):
            size = rng.uniform(0.17, 0.24)
            pillow = superellipsoid((size, 0.09, size), (0, 0, 0), rng.uniform(4, 7), 1.7, 24)
            pillow = pillow.rotate((90 - rng.uniform(12, 30), 0, 0)).rotate((0, rng.uniform(-20, 20), 0))
            x = x0 + size + 0.02 + 0.25 * (k // 2) if k % 2 == 0 else x1 - size - 0.02 - 0.25 * (k // 2)
            depth = z + 0.1 + 0.1 * (k // 2) + (0.1 if self.back_cushions else 0.0)
            self.shape.add(pillow.translate((x, self.seat + 0.85 * size, depth)), "fabric")


def move(shape: Shape, start: int, motion: Callable[[Manifold], Manifold]) -> None:
    """Apply ``motion`` to the parts from index ``start`` on."""
    moved = shape.parts[start:]
    del shape.parts[start:]
    for part in moved:
        shape.add(motion(part.solid), part.material)
