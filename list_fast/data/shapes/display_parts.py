# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What every display has: its drawn parameters, its panel and its stand, and the solids they are made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import Shape, box, cylinder, extrude, strip, superellipsoid, tube, union

ASPECTS = {
    "monitor": (1.2, 1.8),
    "ultrawide": (2.2, 3.2),
    "crt": (1.0, 1.3),
    "crt_tv": (1.0, 1.45),
    "laptop": (1.3, 1.75),
}
FEET = ("disc", "ellipse", "rectangle", "rounded", "vee", "arch", "trapezoid", "frame")
Motion = Callable[[Manifold], Manifold]


class Display:
    """Draws the parameters that every display has and holds the shape while a builder fills it."""

    def __init__(self, draw: Draw, kind: str) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.width = 1.0
        self.height = 1.0 / draw.uniform("aspect", *ASPECTS.get(kind, (1.55, 1.9)))
        self.bezel = draw.uniform("bezel", 0.014, 0.06)
        self.chin = draw.uniform("chin", 0.0, 0.08) if draw.flag("has_chin", 0.5) else 0.0
        self.thickness = draw.uniform("thickness", 0.025, 0.075)
        self.recess = draw.uniform("recess", 0.004, 0.014)
        self.corner = draw.uniform("corner_radius", 0.004, 0.03)
        self.body = draw.choice("body_material", {"plastic": 3.0, "metal": 1.0, "paint": 1.0})
        self.foot = draw.choice("foot_form", FEET)
        self.foot_width = draw.uniform("foot_width", 0.26, 0.55)
        self.foot_depth = draw.uniform("foot_depth", 0.18, 0.3)
        self.foot_thickness = draw.uniform("foot_thickness", 0.012, 0.035)
        self.gap = draw.uniform("ground_clearance", 0.03, 0.22)
        self.neck = draw.choice("neck_form", ("plate", "post", "taper", "twin", "bent"))
        self.neck_width = draw.uniform("neck_width", 0.04, 0.16)
        self.tilt = draw.uniform("tilt", -2.0, 14.0)
        self.back = draw.choice("back_form", ("flat", "bulge", "box", "step"))
        self.back_depth = draw.uniform("back_depth", 0.02, 0.09)
        self.lift, self.lean = 0.0, 0.0

    def panel(self, width: float, height: float, motion: Motion, curve: float = 0.0) -> None:
        """Add a panel centred at the origin, its glass facing +z, placed by ``motion``; ``curve`` is 1 / radius."""
        w, h, t, b = width, height, self.thickness, min(self.bezel, 0.12 * height)
        bend: Motion = (lambda solid: bent(solid, curve)) if curve else (lambda solid: solid)
        if self.corner > 0.012 and not curve:
            body = slab(w, h, t, self.corner)
        else:
            body = box((w, h, t))
        opening = (w - 2 * b, h - 2 * b - self.chin)
        middle = (0.0, self.chin / 2)
        body = bend(body) - bend(box((*opening, 2 * self.recess), (*middle, t / 2)))
        # The glass stands just proud of the recess's floor, so that no two faces coincide.
        glass = bend(box((opening[0] + 0.004, opening[1] + 0.004, 0.3 * t), (*middle, 0.35 * t - 0.7 * self.recess)))
        self.shape.add(motion(body), self.body)
        self.shape.add(motion(glass), "screen")
        if self.back != "flat" and not curve:
            self.shape.add(motion(self._housing(w, h, t)), self.body)
        if self.chin > 0.03:
            for k in range(self.draw.integer("buttons", 0, 5)):
                x = 0.3 * w - 0.05 * k
                button = cylinder(
                    (x, -h / 2 + self.chin / 2 + b / 2, 0), (x, -h / 2 + self.chin / 2 + b / 2, t / 2 + 0.006), 0.01
                )
                self.shape.add(motion(button), "metal")

    def _housing(self, w: float, h: float, t: float) -> Manifold:
        depth = self.back_depth
        if self.back == "bulge":
            return frustum((0.97 * w, 0.97 * h), (0.5 * w, 0.5 * h), -t / 2 + 0.006, -t / 2 - depth)
        if self.back == "box":
            return box((0.55 * w, 0.6 * h, depth + 0.01), (0, -0.04 * h, -t / 2 - depth / 2 + 0.005))
        lower = box((0.9 * w, 0.4 * h, depth + 0.01), (0, -0.25 * h, -t / 2 - depth / 2 + 0.005))
        return union([lower, box((0.9 * w, 0.7 * h, 0.5 * depth), (0, -0.1 * h, -t / 2 - 0.25 * depth + 0.005))])

    def base(self, z: float, height: float, width: float, depth: float) -> None:
        """Add a foot on y = 0 about (0, 0, ``z``) whose top is reached by the neck; ``height`` is its thickness."""
        w, d, h = width / 2, depth / 2, height
        if self.foot in ("disc", "ellipse"):
            stretch = 1.0 if self.foot == "disc" else w / d
            solid = cylinder((0, 0, 0), (0, h, 0), d * 1.15, 1.05 * d, 40).scale((stretch, 1, 1))
        elif self.foot == "rectangle":
            solid = box((width, h, depth), (0, h / 2, 0))
        elif self.foot == "rounded":
            solid = slab(width, depth, h, 0.3 * depth).rotate((90, 0, 0)).translate((0, h / 2, 0))
        elif self.foot == "vee":
            arms = [tube([(0, 0.7 * h, -0.5 * d), (s * w, 0.7 * h, 1.3 * d)], 0.7 * h, 8) for s in (-1, 1)]
            solid = union(
                [
                    *arms,
                    cylinder((0, 0, -0.5 * d), (0, 1.5 * h, -0.5 * d), 1.4 * h, segments=16),
                    box((0.12, h, d), (0, 0.6 * h, -0.2 * d)),
                ]
            )
        elif self.foot == "arch":
            angle = np.linspace(-1.0, 1.0, 11)
            path = np.stack([w * angle, 0.9 * d - 1.1 * d * (1 - angle**2)], axis=1)
            solid = union([extrude(strip(path, 2.2 * h), h, "y", h / 2), box((0.14, h, 0.6 * d), (0, h / 2, 0))])
        elif self.foot == "trapezoid":
            solid = extrude([(-w, d), (w, d), (0.6 * w, -d), (-0.6 * w, -d)], h, "y", h / 2)
        else:
            solid = box((width, h, depth), (0, h / 2, 0)) - box((width - 0.09, 3 * h, depth - 0.09), (0, 0, 0))
            solid = union([solid, box((max(0.08, self.neck_width), h, depth - 0.04), (0, h / 2, 0))])
        self.shape.add(solid.translate((0, 0, z)), self.body if self.draw.params["neck_form"] != "post" else "metal")

    def stand(self, bottom: float, reach: float, back: float) -> None:
        """Add foot and neck below a panel whose lower edge is at ``bottom``; the neck rises ``reach`` behind it.

        ``back`` is the z that the neck's front must reach to sit inside the panel or its housing.
        """
        z = back - 0.02
        h = self.foot_thickness
        self.base(z * 0.6, h, self.foot_width, self.foot_depth)
        top = bottom + reach
        w = self.neck_width
        if self.neck == "plate":
            solid = box((w, top, 0.03), (0, top / 2 + 0.3 * h, z))
        elif self.neck == "post":
            solid = cylinder((0, 0.3 * h, z), (0, top, z), max(0.016, 0.28 * w), segments=20)
        elif self.neck == "taper":
            solid = extrude([(-w, 0.3 * h), (w, 0.3 * h), (0.6 * w, top), (-0.6 * w, top)], 0.035, "z", z)
        elif self.neck == "twin":
            posts = [cylinder((s * w * 0.7, 0.3 * h, z), (s * w * 0.7, top, z), 0.014, segments=12) for s in (-1, 1)]
            solid = union(
                [
                    *posts,
                    box((1.6 * w + 0.02, 0.04, 0.03), (0, top - 0.03, z)),
                    box((1.9 * w, 1.2 * h, 0.05), (0, 0.6 * h, z)),
                ]
            )
        else:
            path = [
                (z + 0.05, 0.5 * h),
                (z - 0.05, 0.6 * h),
                (z - 0.08, 0.3 * top),
                (z - 0.06, 0.75 * top),
                (z + 0.012, top),
            ]
            solid = union([extrude(strip(np.array(path), 0.028), w, "x"), box((w, 0.8 * h, 0.2), (0, 0.5 * h, z))])
        # The bar ties the neck to the middle of the panel's thickness there, whatever the tilt.
        middle = (self.lift - top) * np.tan(np.radians(self.lean))
        tie = box((min(w, 0.1), 0.05, middle - z), (0, top - 0.03, (z + middle) / 2))
        self.shape.add(union([solid, tie]), self.body)

    def tilted(self, lift: float, angle: float) -> Motion:
        """Motion that leans the panel back by ``angle`` degrees and lifts its centre to ``lift``."""
        self.lift, self.lean = lift, angle
        return lambda solid: solid.rotate((-angle, 0, 0)).translate((0, lift, 0))


def placed(turn: float, offset: NDArray[np.float64]) -> Motion:
    """Motion that turns about the y axis by ``turn`` degrees, then shifts by ``offset`` (3,)."""
    return lambda solid: solid.rotate((0, turn, 0)).translate(tuple(offset))


def slab(width: float, height: float, depth: float, radius: float) -> Manifold:
    """Plate in the x-y plane with rounded corners."""
    r = min(radius, 0.45 * min(width, height))
    pegs = [
        cylinder((x, y, -depth / 2), (x, y, depth / 2), r, segments=16)
        for x in (-width / 2 + r, width / 2 - r)
        for y in (-height / 2 + r, height / 2 - r)
    ]
    return Manifold.batch_hull(pegs)


def frustum(
    near: tuple[float, float], far: tuple[float, float], z_near: float, z_far: float, drop: float = 0.0
) -> Manifold:
    """Hull of two rectangles across z; the far one is lowered by ``drop``."""
    points = [
        (sx * w / 2, sy * h / 2 - lower, z)
        for (w, h), z, lower in ((near, z_near, 0.0), (far, z_far, drop))
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    return Manifold.hull_points(points)


def tube_face(opening: tuple[float, float], depth: float) -> Manifold:
    """Bulging glass in an opening whose floor lies ``depth`` behind z = 0; its middle comes almost to the front."""
    face = superellipsoid((opening[0] / 2 + 0.01, depth, opening[1] / 2 + 0.01), (0, 0, 0), 12.0, 2.2, 48)
    return face.rotate((90, 0, 0)).translate((0, 0, -depth - 0.001))


def bent(solid: Manifold, curve: float) -> Manifold:
    """Bend about the y axis so that the ends come forward (+z)."""

    def warp(points: NDArray[np.float64]) -> NDArray[np.float64]:
        out = points.copy()
        angle = points[:, 0] * curve
        radius = 1 / curve - points[:, 2]
        out[:, 0] = radius * np.sin(angle)
        out[:, 2] = 1 / curve - radius * np.cos(angle)
        return out

    return solid.refine_to_length(0.06).warp_batch(warp)
