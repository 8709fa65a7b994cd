# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What every rifle has: its drawn parameters, barrel, sights, trigger, magazine and stock, and their solids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manifold3d import CrossSection, JoinType, Manifold
from numpy.typing import ArrayLike

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    Shape,
    box,
    curve,
    cylinder,
    extrude,
    smooth_curve,
    station_loft,
    strip,
    sweep,
    tube,
    turned,
    union,
)

_MITER = JoinType.Miter
MUZZLES = {"crown": 2.0, "brake": 1.5, "cage": 1.5, "suppressor": 0.8, "cone": 0.6}


class Rifle:
    """Draws the parameters that every rifle has and holds the shape while a builder fills it.

    In metres: the bore is the z axis, the receiver ends in front at z = 0, and polygons are in (z, y).
    """

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.furniture = draw.choice("furniture_material", {"wood": 2.0, "plastic": 2.0, "paint": 0.8})
        self.steel = draw.choice("receiver_material", {"metal": 3.0, "paint": 1.0})
        self.width = draw.uniform("receiver_width", 0.036, 0.05)
        self.height = draw.uniform("receiver_height", 0.05, 0.072)
        self.radius = draw.uniform("barrel_radius", 0.0085, 0.0125)
        self.taper = draw.uniform("barrel_taper", 0.72, 1.0)
        self.muzzle = draw.choice("muzzle", MUZZLES)
        self.muzzle_length = draw.uniform("muzzle_length", 0.04, 0.08)
        self.guard_length = draw.uniform("guard_length", 0.06, 0.085)
        self.guard_drop = draw.uniform("guard_drop", 0.03, 0.042)
        self.trigger_lean = draw.uniform("trigger_lean", -0.006, 0.008)
        self.front_sight = draw.choice("front_sight", ("post", "ring", "wings", "ramp"))
        self.sight_height = draw.uniform("sight_height", 0.024, 0.045)
        self.rake = draw.uniform("grip_rake", 0.02, 0.05)
        self.grip_length = draw.uniform("grip_length", 0.085, 0.115)
        self.stock_length = draw.uniform("stock_length", 0.2, 0.28)

    def add(self, solid: Manifold, material: str) -> None:
        """Add a solid."""
        self.shape.add(solid, material)

    def barrel(self, length: float, muzzle: str | None = None, y: float = 0.0, sight: bool = True) -> float:
        """Add a barrel with its muzzle device and front sight; returns the z where it ends."""
        r, thin = self.radius, self.radius * self.taper
        kind = muzzle or self.muzzle
        self.draw.params["muzzle"] = kind
        end = length
        solid = turned([(1.35 * r, -0.05), (1.35 * r, 0.12 * length), (r, 0.3 * length), (thin, length)], segments=20)
        device: Manifold | None = None
        long = self.muzzle_length
        if kind == "brake":
            device = cylinder((0, 0, length - 0.01), (0, 0, length + long), 1.7 * thin, segments=20)
            slots = [
                box((0.1, 1.5 * thin, 0.009), (0, 0, length + 0.016 + 0.019 * k)) for k in range(int(long / 0.021))
            ]
            device -= Manifold.compose(slots)
            end += long
        elif kind == "cage":
            device = cylinder((0, 0, length - 0.01), (0, 0, length + 0.8 * long), 1.5 * thin, segments=20)
            for k in range(3):
                slot = box((0.1, 0.75 * thin, 0.45 * long), (0, 0, length + 0.42 * long)).rotate((0, 0, 60.0 * k + 30))
                device -= slot
            device += cylinder((0, 0, length - 0.01), (0, 0, length + 0.5 * long), 0.8 * thin, segments=12)
            end += 0.8 * long
        elif kind == "suppressor":
            long *= 2.6
            device = cylinder((0, 0, length - 0.02), (0, 0, length + long), 2.1 * thin, segments=24)
            end += long
        elif kind == "cone":
            device = cylinder((0, 0, length - 0.01), (0, 0, length + 0.6 * long), 1.1 * thin, 2.0 * thin, 20)
            end += 0.6 * long
        along = solid.rotate((90, 0, 0))
        bore = cylinder((0, 0, end - 0.03), (0, 0, end + 0.01), 0.5 * thin, segments=12)
        if device is not None:
            self.add((device - bore).translate((0, y, 0)), "metal")
        else:
            along -= bore
        self.add(along.translate((0, y, 0)), "metal")
        if sight:
            self.post(length - 0.035, y + thin, self.sight_height)
        return end

    def post(self, z: float, y: float, height: float) -> None:
        """Add a front sight of the drawn form on a surface at ``y``."""
        form, foot = self.front_sight, box((0.016, 0.012, 0.034), (0, y, z))
        if form == "post":
            solid = extrude(
                [(z - 0.02, y), (z + 0.012, y), (z + 0.003, y + height), (z - 0.005, y + height)], 0.008, "x"
            )
        elif form == "ring":
            ring = cylinder((0, y + height, z - 0.006), (0, y + height, z + 0.006), 0.014, segments=20)
            ring -= cylinder((0, y + height, z - 1), (0, y + height, z + 1), 0.0085, segments=16)
            solid = ring + box((0.009, height, 0.012), (0, y + height / 2 - 0.006, z))
        elif form == "wings":
            ear = [(z - 0.014, y), (z + 0.014, y), (z + 0.008, y + height), (z - 0.008, y + height)]
            solid = union([extrude(ear, 0.007, "x", x) for x in (-0.0095, 0.0095)])
            solid += box((0.005, 0.8 * height, 0.005), (0, y + 0.4 * height, z)) + box(
                (0.022, 0.012, 0.03), (0, y + 0.003, z)
            )
        else:
            solid = extrude([(z - 0.05, y - 0.004), (z + 0.012, y - 0.004), (z + 0.012, y + 0.5 * height)], 0.009, "x")
        self.add(solid + foot, "metal")

    def rear(self, z: float, y: float, form: str) -> None:
        """Add a rear sight on a surface at ``y``: a notched blade, an aperture, a tangent leaf."""
        if form == "notch":
            solid = box((0.024, 0.026, 0.008), (0, y + 0.01, z)) - box((0.007, 0.02, 0.02), (0, y + 0.022, z))
            solid += box((0.022, 0.01, 0.03), (0, y, z))
        elif form == "ring":
            ring = cylinder((0, y + 0.022, z - 0.006), (0, y + 0.022, z + 0.006), 0.0145, segments=20)
            solid = ring - cylinder((0, y + 0.022, z - 1), (0, y + 0.022, z + 1), 0.007, segments=14)
            solid += box((0.02, 0.02, 0.022), (0, y + 0.002, z))
        else:
            outline = [
                (z - 0.05, y - 0.006),
                (z + 0.05, y - 0.006),
                (z + 0.05, y + 0.008),
                (z - 0.03, y + 0.016),
                (z - 0.05, y + 0.02),
            ]
            solid = extrude(outline, 0.016, "x")
        self.add(solid, "metal")

    def trigger(self, z: float, y: float) -> None:
        """Hang the trigger and its guard, a loop with air in it, below ``y``; ``z`` is the middle of the guard."""
        a, drop = self.guard_length / 2, self.guard_drop
        path = smooth_curve(
            [
                (z - a, y + 0.012),
                (z - a + 0.004, y - 0.6 * drop),
                (z - 0.5 * a, y - drop),
                (z + 0.5 * a, y - drop),
                (z + a, y - 0.6 * drop),
                (z + a + 0.004, y + 0.012),
            ],
            4,
        )
        self.add(extrude(strip(path, 0.0074), 0.0135, "x"), "metal")
        lean = self.trigger_lean
        blade = smooth_curve([(z, y + 0.012), (z - 0.004, y - 0.3 * drop), (z + lean, y - 0.72 * drop)], 4)
        self.add(extrude(strip(blade, 0.009), 0.013, "x"), "metal")

    def grip(self, z: float, y: float, fins: bool = True) -> None:
        """Add a pistol grip that leaves the receiver at (``y``, ``z``) and rakes back."""
        long, rake, deep = self.grip_length, self.rake, 0.042
        outline = smooth_curve(
            [
                (z + 0.5 * deep, y + 0.012),
                (z + 0.36 * deep - 0.4 * rake, y - 0.35 * long),
                (z + 0.5 * deep - rake, y - 0.7 * long),
                (z + 0.5 * deep - 1.15 * rake, y - long),
            ],
            3,
        )
        back = outline[::-1] - np.array([deep, 0]) * np.array([[1.16], *[[1.0]] * (len(outline) - 2), [1.05]])
        self.add(plate(np.concatenate([outline, back]), 0.034, 0.008), "rubber" if fins else self.furniture)

    def magazine(self, form: str, z: float, y: float, length: float, depth: float, width: float = 0.026) -> None:
        """Hang a magazine below ``y``, ``depth`` from front to back: straight, curved, slanted or a drum."""
        if form == "drum":
            r = 0.62 * length
            self.add(box((width, r, depth), (0, y - 0.5 * r + 0.012, z)), "metal")
            drum = cylinder((-1.1 * width, y - r, z), (1.1 * width, y - r, z), r, segments=32)
            self.add(drum + cylinder((-1.3 * width, y - r, z), (1.3 * width, y - r, z), 0.4 * r, segments=20), "metal")
            return
        bend = {"straight": 0.0, "curved": self.draw.uniform("magazine_curve", 1.2, 2.4), "slanted": 0.35}[form]
        t = np.linspace(0, 1, 9)
        middle = np.stack(
            [
                z + 0.55 * bend * length * t**2 * 0.5 + (0.1 * length * t if form == "slanted" else 0),
                y + 0.02 - (length + 0.02) * t,
            ],
            1,
        )
        solid = extrude(strip(middle, depth), width, "x")
        ribs = [
            extrude(strip(middle[1:8] + np.array([s * 0.22 * depth, 0]), 0.14 * depth), width + 0.005, "x")
            for s in (-1, 1)
        ]
        base = extrude(strip(middle[-2:] - np.array([0.0, 0.004]), depth * 1.08), width + 0.006, "x")
        floor = base.trim_by_plane((0, -1, 0), -float(middle[-1, 1] + 0.008))
        self.add(union([solid, *ribs, floor]), "metal" if self.draw.flag("steel_magazine", 0.6) else "plastic")

    def rail(self, start: float, stop: float, y: float, width: float = 0.021, up: float = 1.0) -> None:
        """Add a toothed mounting rail on a surface at ``y``; ``up`` -1 hangs it."""
        count = max(int((stop - start) / 0.014), 2)
        at = np.linspace(start, stop, 2 * count)
        top = np.repeat(np.where(np.arange(2 * count - 1) % 2 == 0, 0.012, 0.006), 2)
        z = np.repeat(at, 2)[1:-1]
        outline = np.concatenate([np.stack([z, y + up * top], 1), [(stop, y - up * 0.008), (start, y - up * 0.008)]])
        self.add(extrude(outline, width, "x"), "metal")

    def scope(self, z: float, y: float, base: float) -> None:
        """Mount a telescopic sight with its axis at ``y`` over a surface at ``base``, its middle at ``z``."""
        d = self.draw
        half, r = d.uniform("scope_length", 0.24, 0.36) / 2, d.uniform("scope_radius", 0.0125, 0.016)
        bell, eye = d.uniform("objective", 1.3, 2.0) * r, d.uniform("eyepiece", 1.25, 1.5) * r
        rows = [
            (eye, -half),
            (eye, -0.66 * half),
            (r, -0.5 * half),
            (r, 0.36 * half),
            (bell, 0.62 * half),
            (bell, half),
        ]
        solid = turned(rows, segments=28).rotate((90, 0, 0))
        solid -= cylinder((0, 0, half - 0.012), (0, 0, half + 1), bell - 0.0045, segments=24)
        solid -= cylinder((0, 0, -half - 1), (0, 0, 0.008 - half), eye - 0.0045, segments=24)
        self.add(solid.translate((0, y, z)), "rubber" if d.flag("black_scope", 0.7) else "metal")
        knob = 0.7 * r
        middle = -0.08 * half + z
        self.add(cylinder((0, y, middle), (0, y + r + 0.018, middle), knob, segments=16), "metal")
        self.add(cylinder((0, y, middle), (r + 0.016, y, middle), knob, segments=16), "metal")
        for s in (-0.36, 0.24):
            ring = cylinder((0, y, z + s * half - 0.009), (0, y, z + s * half + 0.009), r + 0.005, segments=20)
            self.add(ring + box((0.016, y - base + 0.012, 0.018), (0, (y + base) / 2 - 0.006, z + s * half)), "metal")

    def dot_sight(self, z: float, base: float) -> None:
        """Add a small open or tubular sight without magnification on a surface at ``base``."""
        if self.draw.flag("tube_sight", 0.5):
            y = base + 0.03
            body = cylinder((0, y, z - 0.035), (0, y, z + 0.035), 0.02, segments=24)
            body -= cylinder((0, y, z - 1), (0, y, z + 1), 0.0155, segments=20)
            self.add(body + box((0.022, 0.024, 0.04), (0, base + 0.004, z)), "rubber")
            self.add(cylinder((0, y, z), (0, y, z + 0.008), 0.017, segments=20), "glass")
        else:
            y = base + 0.026
            frame = box((0.034, 0.04, 0.014), (0, y, z)) - box((0.025, 0.03, 1), (0, y + 0.0005, z))
            self.add(frame + box((0.034, 0.018, 0.05), (0, base + 0.002, z - 0.014)), "rubber")
            self.add(box((0.03, 0.034, 0.006), (0, y, z)), "glass")

    def bipod(self, z: float, y: float) -> None:
        """Unfold two legs below ``y``."""
        d = self.draw
        drop, spread = d.uniform("bipod_height", 0.16, 0.24), d.uniform("bipod_spread", 0.06, 0.12)
        slant = d.uniform("bipod_slant", -0.03, 0.06)
        self.add(box((0.034, 0.05, 0.026), (0, y + 0.006, z)), "metal")
        for s in (-1, 1):
            knee = np.array([s * (0.01 + 0.6 * spread), y - 0.6 * drop, z + 0.6 * slant])
            foot, up = np.array([s * (0.01 + spread), y - drop, z + slant]), np.array([0, 0.006, 0])
            self.add(cylinder((s * 0.01, y, z), knee, 0.0075, segments=10), "metal")
            self.add(cylinder(knee - (foot - knee) * 0.3, foot, 0.006, segments=8), "metal")
            self.add(cylinder(foot - up, foot + 1.3 * up, 0.009, 0.0075, 12), "rubber")

    def wood(self, knots: Sequence[tuple[float, float, float, float]], exponent: float = 2.6) -> Manifold:
        """Solid of a stock through rows of (z, half width, low y, high y), rounded in section."""
        rows = np.asarray(knots, float)
        z = np.unique(np.concatenate([np.linspace(rows[0, 0], rows[-1, 0], 20), rows[:, 0]]))
        z = z[np.concatenate([[True], np.diff(z) > 2e-3])]
        return station_loft(np.stack([z, *(curve(z, rows[:, [0, k]]) for k in (1, 2, 3))], 1), exponent, 20)

    def butt(self, z: float, low: float, high: float, width: float) -> None:
        """Add the pad at the end of a stock."""
        pad = self.draw.uniform("butt_pad", 0.01, 0.022)
        middle, half = (low + high) / 2, (high - low) / 2
        shape = [
            (width / 2 * np.sin(a), middle + half * np.cos(a)) for a in np.linspace(0, 2 * np.pi, 20, endpoint=False)
        ]
        self.add(extrude(shape, pad + 0.006, "z", z - pad / 2 + 0.003), "rubber")

    def stock(self, form: str, z: float, y: float) -> None:
        """Add a shoulder stock behind the receiver's end at ``z``; ``y`` is the height of its axis there."""
        long = self.stock_length
        end = z - long
        tall = self.draw.uniform("butt_height", 0.1, 0.13)
        drop = self.draw.uniform("butt_drop", -0.01, 0.03)
        top = y + 0.02 - drop
        if form == "solid":
            rows = [
                (end, 0.019, top - tall, top),
                (z - 0.4 * long, 0.017, y - 0.062, y + 0.02 - 0.3 * drop),
                (z + 0.02, 0.016, y - 0.03, y + 0.018),
            ]
            self.add(self.wood(rows, 3.2), self.furniture)
            self.butt(end, top - tall + 0.002, top - 0.002, 0.036)
        elif form == "sliding":
            self.add(cylinder((0, y, z + 0.02), (0, y, end + 0.03), 0.0145, segments=20), "metal")
            outline = [
                (end, top - tall),
                (end + 0.035, top - tall),
                (end + 0.1, y - 0.04),
                (end + 0.17, y - 0.026),
                (end + 0.17, y + 0.014),
                (end + 0.03, top),
                (end, top),
            ]
            hole = [(end + 0.03, top - tall + 0.028), (end + 0.09, y - 0.032), (end + 0.03, y - 0.032)]
            self.add(plate(outline, 0.032, 0.006) - extrude(hole, 1.0, "x"), "plastic")
            self.butt(end, top - tall, top, 0.034)
        elif form == "skeleton":
            loop = [
                (z + 0.015, y + 0.004),
                (end + 0.02, top - 0.012),
                (end + 0.01, top - tall + 0.01),
                (end + 0.06, top - tall + 0.02),
                (z + 0.012, y - 0.028),
            ]
            self.add(extrude(strip(loop, 0.016), 0.022, "x"), "metal")
            if self.draw.flag("strut", 0.5):
                at = z - 0.55 * long
                self.add(box((0.016, 0.07, 0.014), (0, y - 0.03, at)), "metal")
            self.butt(end + 0.012, top - tall, top, 0.032)
        elif form == "wire":
            for s in (-1, 1):
                bow = [
                    (s * 0.014, y - 0.004, z + 0.02),
                    (s * 0.016, y - 0.008, end + 0.02),
                    (s * 0.016, top - tall + 0.01, end + 0.01),
                ]
                self.add(tube(bow, 0.0058, 8), "metal")
            for at in (y - 0.008, top - tall + 0.012):
                self.add(cylinder((-0.018, at, end + 0.012), (0.018, at, end + 0.012), 0.0075, segments=10), "metal")
            self.add(box((0.034, 0.03, 0.03), (0, y - 0.004, z + 0.006)), "metal")
        elif form == "folded":  # along the right side of the receiver
            x, front = self.width / 2 + 0.012, z + 0.9 * long
            self.add(box((x + 0.004, 0.034, 0.024), (x / 2, y, z - 0.004)), "metal")
            self.add(box((0.014, 0.03, 0.024), (x, y, z - 0.004)), "metal")
            self.add(
                extrude(
                    [
                        (z - 0.014, y + 0.012),
                        (front, y + 0.016),
                        (front, y - 0.06),
                        (front - 0.02, y - 0.06),
                        (front - 0.024, y - 0.004),
                        (z - 0.014, y - 0.012),
                    ],
                    0.013,
                    "x",
                    x,
                ),
                "metal",
            )
        else:  # thumbhole
            outline = [
                (end, top - tall),
                (end, top),
                (z - 0.02, y + 0.024),
                (z + 0.02, y + 0.018),
                (z + 0.02, y - 0.035),
                (z - 0.02, y - 0.035 - 0.8 * self.grip_length),
                (z - 0.075, y - 0.035 - 0.85 * self.grip_length),
                (z - 0.08, y - 0.085),
            ]
            thumb = smooth_curve(
                [
                    (z - 0.03, y - 0.006),
                    (z - 0.095, y - 0.006),
                    (z - 0.1, y - 0.05),
                    (z - 0.06, y - 0.06),
                    (z - 0.03, y - 0.006),
                ],
                3,
            )[:-1]
            self.add(plate(outline, 0.038, 0.008) - extrude(thumb, 1.0, "x"), self.furniture)
            self.butt(end, top - tall, top, 0.036)

    def handguard(self, form: str, start: float, stop: float, size: float, y: float = 0.0) -> None:
        """Wrap the barrel from ``start`` to ``stop`` by a handguard of half height ``size``."""
        middle, long = (start + stop) / 2, stop - start
        if form == "round":
            count = int(long / 0.02)
            rows = [(size * (1.0 if k % 2 else 0.9), start + (k + 0.5) * long / count) for k in range(count)]
            rows = [(0.8 * size, start), *rows, (0.75 * size, stop)]
            self.add(turned(rows, segments=20).rotate((90, 0, 0)).translate((0, y, 0)), "plastic")
        elif form == "rails":
            solid = box((1.5 * size, 1.5 * size, long), (0, y, middle))
            slots = [
                box((0.9 * size, 0.012, 0.032), (sx * 0.9 * size, y, start + 0.035 + 0.045 * k))
                for sx in (-1, 1)
                for k in range(int((long - 0.04) / 0.045))
            ]
            self.add(solid - Manifold.compose(slots), "metal")
            self.rail(start + 0.01, stop - 0.01, y + 0.75 * size)
            self.rail(start + 0.02, stop - 0.02, y - 0.75 * size, up=-1.0)
        elif form == "shroud":  # a tube with holes around the barrel
            count = max(int((long - 0.02) / 0.03), 2)
            tube_ = cylinder((0, y, start), (0, y, stop), size, segments=24)
            holes = [
                cylinder((-1, 0, 0), (1, 0, 0), 0.32 * size, segments=10)
                .rotate((0, 0, a))
                .translate((0, y, start + 0.012 + (k + 0.5) * (long - 0.024) / count))
                for k in range(count)
                for a in (0.0, 90.0)
            ]
            tube_ -= cylinder((0, y, start + 0.012), (0, y, stop - 0.012), size - 0.0045, segments=24)
            self.add(tube_ - union(holes), "metal")
        else:
            knots = [
                (start, 0.8 * size, y - 0.9 * size, y + 0.8 * size),
                (start + 0.3 * long, 1.0 * size, y - 1.15 * size, y + 0.85 * size),
                (stop - 0.02, 0.85 * size, y - 0.95 * size, y + 0.8 * size),
                (stop, 0.66 * size, y - 0.7 * size, y + 0.6 * size),
            ]
            self.add(self.wood(knots, 3.0), self.furniture)


def plate(outline: ArrayLike, width: float, bevel: float) -> Manifold:
    """Prism along x of a polygon in (z, y) whose edges are chamfered by ``bevel``."""
    points = np.asarray(outline, float)
    if np.sum(points[:, 0] * np.roll(points[:, 1], -1) - np.roll(points[:, 0], -1) * points[:, 1]) < 0:
        points = points[::-1]
    section = CrossSection([points])
    turn = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0]], float)
    layers = [(section, width - 2 * bevel)]
    layers += [(section.offset(-share * bevel, _MITER), width - 2 * (1 - share) * bevel) for share in (0.4, 1.0)]
    return union([layer.extrude(w).translate((0, 0, -w / 2)).transform(turn) for layer, w in layers])


def bolt(width: float, y: float, z: float, reach: float, drop: float) -> Manifold:
    """A bolt handle on the right side: a bent rod that ends in a ball."""
    path = smooth_curve(
        [
            (-0.004, y, z),
            (-width / 2 - 0.4 * reach, y - 0.2 * drop, z - 0.004),
            (-width / 2 - reach, y - drop, z - 0.012),
        ],
        3,
    )
    return sweep(path, 0.0055, 8) + Manifold.sphere(0.0115, 12).translate(tuple(path[-1]))
