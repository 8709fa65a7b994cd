# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Displays: flat monitors, televisions on two feet or a pedestal, cathode-ray tubes, laptops, all-in-ones, walls, pairs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import Shape, box, cylinder, extrude, rounded_box, strip, superellipsoid, tube, union

TYPES = {
    "monitor": 6.0,
    "tv_pedestal": 2.5,
    "tv_feet": 2.5,
    "crt": 2.0,
    "crt_tv": 1.2,
    "laptop": 2.0,
    "ultrawide": 1.2,
    "wall": 1.0,
    "all_in_one": 1.2,
    "dual": 1.0,
    "kiosk": 0.6,
}
ASPECTS = {"monitor": (1.2, 1.8), "ultrawide": (2.2, 3.2), "crt": (1.0, 1.3), "crt_tv": (1.0, 1.45), "laptop": (1.3, 1.75)}
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
        """Add a flat panel centred at the origin, its glass facing +z, placed by ``motion``; ``curve`` is 1 / radius."""
        w, h, t, b = width, height, self.thickness, min(self.bezel, 0.12 * height)
        bend = (lambda solid: _bend(solid, curve)) if curve else (lambda solid: solid)
        if self.corner > 0.012 and not curve:
            body = _slab(w, h, t, self.corner)
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
                button = cylinder((x, -h / 2 + self.chin / 2 + b / 2, 0), (x, -h / 2 + self.chin / 2 + b / 2, t / 2 + 0.006), 0.01)
                self.shape.add(motion(button), "metal")

    def _housing(self, w: float, h: float, t: float) -> Manifold:
        depth = self.back_depth
        if self.back == "bulge":
            return _frustum((0.97 * w, 0.97 * h), (0.5 * w, 0.5 * h), -t / 2 + 0.006, -t / 2 - depth)
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
            solid = _slab(width, depth, h, 0.3 * depth).rotate((90, 0, 0)).translate((0, h / 2, 0))
        elif self.foot == "vee":
            arms = [tube([(0, 0.7 * h, -0.5 * d), (s * w, 0.7 * h, 1.3 * d)], 0.7 * h, 8) for s in (-1, 1)]
            solid = union([*arms, cylinder((0, 0, -0.5 * d), (0, 1.5 * h, -0.5 * d), 1.4 * h, segments=16),
                           box((0.12, h, d), (0, 0.6 * h, -0.2 * d))])
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
            solid = union([*posts, box((1.6 * w + 0.02, 0.04, 0.03), (0, top - 0.03, z)), box((1.9 * w, 1.2 * h, 0.05), (0, 0.6 * h, z))])
        else:
            path = [(z + 0.05, 0.5 * h), (z - 0.05, 0.6 * h), (z - 0.08, 0.3 * top), (z - 0.06, 0.75 * top), (z + 0.012, top)]
            solid = union([extrude(strip(np.array(path), 0.028), w, "x"), box((w, 0.8 * h, 0.2), (0, 0.5 * h, z))])
        # The bar ties the neck to the middle of the panel's thickness there, whatever the tilt.
        middle = (self.lift - top) * np.tan(np.radians(self.lean))
        tie = box((min(w, 0.1), 0.05, middle - z), (0, top - 0.03, (z + middle) / 2))
        self.shape.add(union([solid, tie]), self.body)

    def tilted(self, lift: float, angle: float) -> Motion:
        """Motion that leans the panel back by ``angle`` degrees and lifts its centre to ``lift``."""
        self.lift, self.lean = lift, angle
        return lambda solid: solid.rotate((-angle, 0, 0)).translate((0, lift, 0))


def _slab(width: float, height: float, depth: float, radius: float) -> Manifold:
    """Plate in the x-y plane with rounded corners."""
    r = min(radius, 0.45 * min(width, height))
    pegs = [cylinder((x, y, -depth / 2), (x, y, depth / 2), r, segments=16)
            for x in (-width / 2 + r, width / 2 - r) for y in (-height / 2 + r, height / 2 - r)]
    return Manifold.batch_hull(pegs)


def _frustum(near: tuple[float, float], far: tuple[float, float], z_near: float, z_far: float, drop: float = 0.0) -> Manifold:
    """Hull of two rectangles across z; the far one is lowered by ``drop``."""
    points = [(sx * w / 2, sy * h / 2 - lower, z) for (w, h), z, lower in ((near, z_near, 0.0), (far, z_far, drop))
              for sx in (-1, 1) for sy in (-1, 1)]
    return Manifold.hull_points(points)


def _tube_face(opening: tuple[float, float], depth: float) -> Manifold:
    """Bulging glass in an opening whose floor lies ``depth`` behind z = 0; its middle comes almost to the front."""
    face = superellipsoid((opening[0] / 2 + 0.01, depth, opening[1] / 2 + 0.01), (0, 0, 0), 12.0, 2.2, 48)
    return face.rotate((90, 0, 0)).translate((0, 0, -depth - 0.001))


def _bend(solid: Manifold, curve: float) -> Manifold:
    """Bend about the y axis so that the ends come forward (+z)."""

    def warp(points: NDArray[np.float64]) -> NDArray[np.float64]:
        out = points.copy()
        angle = points[:, 0] * curve
        radius = 1 / curve - points[:, 2]
        out[:, 0] = radius * np.sin(angle)
        out[:, 2] = 1 / curve - radius * np.cos(angle)
        return out

    return solid.refine_to_length(0.06).warp_batch(warp)


def _monitor(s: Display, d: Draw) -> None:
    if d.flag("pivoted", 0.08):
        s.width, s.height = s.height, s.width
    lift = s.foot_thickness + s.gap + s.height / 2
    s.panel(s.width, s.height, s.tilted(lift, s.tilt))
    back = -s.thickness / 2 - (0.3 * s.back_depth if s.back != "flat" else 0.0)
    s.stand(lift - s.height / 2, d.uniform("neck_reach", 0.3, 0.55) * s.height, back)
    if d.flag("speakers", 0.12):
        for x in (-1, 1):
            s.shape.add(s.tilted(lift, s.tilt)(rounded_box((0.09, 0.8 * s.height, 0.07), (x * (s.width / 2 + 0.04), 0, 0), 0.015)), s.body)


def _tv_pedestal(s: Display, d: Draw) -> None:
    s.foot_width = d.uniform("pedestal_width", 0.3, 0.7)
    s.gap = d.uniform("pedestal_height", 0.03, 0.1)
    s.foot_depth *= 0.9
    s.tilt = 0.0
    lift = s.foot_thickness + s.gap + s.height / 2
    s.panel(s.width, s.height, s.tilted(lift, 0))
    s.neck_width = max(s.neck_width, 0.1)
    s.stand(lift - s.height / 2, d.uniform("neck_reach", 0.1, 0.3) * s.height, -s.thickness / 2)
    if d.flag("sound_bar", 0.2):
        s.shape.add(s.tilted(lift, 0)(rounded_box((0.9, 0.06, 0.07), (0, -s.height / 2 - 0.015, -0.01), 0.02)), "plastic")


def _tv_feet(s: Display, d: Draw) -> None:
    rise, spread = d.uniform("feet_height", 0.04, 0.12), d.uniform("feet_spread", 0.25, 0.45)
    reach, size = d.uniform("feet_reach", 0.09, 0.17), d.uniform("feet_size", 0.009, 0.016)
    lift = rise + s.height / 2
    s.panel(s.width, s.height, s.tilted(lift, 0))
    form = d.choice("feet_form", ("vee", "blade", "loop", "arc"))
    for x in (-spread, spread):
        if form == "vee":
            solid = union([tube([(x, rise + 0.03, 0), (x + 0.02 * np.sign(x), size, z)], size, 8) for z in (-reach, reach)])
        elif form == "blade":
            blade = [(-reach, 0), (reach, 0), (reach, 0.012), (0.02, rise + 0.03), (-0.02, rise + 0.03), (-reach, 0.012)]
            solid = extrude(blade, 2 * size, "x", x)
        elif form == "loop":
            ring = [(x, rise + 0.03, 0.0), (x, size, -reach), (x, size, reach), (x, rise + 0.03, 0.0)]
            solid = union([tube(ring, size, 8), box((2 * size, 0.05, 2.2 * size), (x, rise + 0.02, 0))])
        else:
            turn = np.linspace(-1, 1, 9)
            path = np.stack([turn * reach, 0.7 * rise * (1 - turn**2) + size], 1)
            solid = union([extrude(strip(path, 2 * size), 2.5 * size, "x", x), box((0.03, rise * 0.6 + 0.03, 0.022), (x, 0.8 * rise, 0))])
        s.shape.add(solid, "metal" if d.params["body_material"] == "metal" else s.body)


def _crt(s: Display, d: Draw) -> None:
    w, h = 1.0, s.height * d.uniform("tube_height", 0.95, 1.1)
    depth = d.uniform("tube_depth", 0.6, 1.0)
    taper = d.uniform("tube_taper", 0.45, 0.75)
    rim = d.uniform("rim_depth", 0.1, 0.25)
    frame = d.uniform("tube_bezel", 0.05, 0.1)
    lift = h / 2 + d.uniform("swivel_height", 0.06, 0.14)
    lean = s.tilted(lift, 0.5 * s.tilt)
    front = rounded_box((w, h, rim), (0, 0, -rim / 2), 0.03, 12)
    glass_depth = max(0.02, 1.5 * s.recess)
    bottom = s.chin
    opening = (w - 2 * frame, h - 2 * frame - bottom)
    cut = _frustum((opening[0] + 0.04, opening[1] + 0.04), opening, 0.01, -glass_depth).translate((0, bottom / 2, 0))
    s.shape.add(lean(front - cut), s.body)
    s.shape.add(lean(_tube_face(opening, glass_depth).translate((0, bottom / 2, 0))), "screen")
    neck = d.choice("tube_form", ("frustum", "steps", "round"))
    if neck == "frustum":
        back = _frustum((0.96 * w, 0.94 * h), (taper * w, taper * h), -rim + 0.02, -depth, 0.05)
    elif neck == "steps":
        back = union([_frustum((0.94 * w, 0.92 * h), (0.8 * w, 0.8 * h), -rim + 0.02, -0.6 * depth),
                      box((taper * w, taper * h, 0.5 * depth), (0, -0.04, -0.75 * depth))])
    else:
        back = Manifold.batch_hull([box((0.94 * w, 0.92 * h, 0.02), (0, 0, -rim)), rounded_box((taper * w, taper * h, 0.2), (0, 0, -depth + 0.1), 0.09, 12)])
    s.shape.add(lean(back), s.body)
    middle = -0.4 * depth
    s.shape.add(cylinder((0, 0, middle), (0, 0.035, middle), 0.33 * w, 0.31 * w, 40), s.body)
    s.shape.add(cylinder((0, 0.03, middle), (0, lift - 0.35 * h, middle), 0.12 * w, 0.2 * w, 24), s.body)
    for k in range(d.integer("knobs", 0, 4)):
        x = 0.36 * w - 0.07 * k
        s.shape.add(lean(cylinder((x, -h / 2 + 0.5 * frame, -0.03), (x, -h / 2 + 0.5 * frame, 0.012), 0.014, segments=12)), "metal")


def _crt_tv(s: Display, d: Draw) -> None:
    w, h = 1.0, s.height
    depth, box_depth = d.uniform("tube_depth", 0.5, 0.85), d.uniform("case_depth", 0.3, 0.6)
    side = d.uniform("panel_width", 0.0, 0.24)
    frame = d.uniform("tube_bezel", 0.04, 0.08)
    legs = d.choice("stand_form", ("none", "legs", "plinth", "bars"))
    rise = {"none": 0.0, "legs": d.uniform("leg_height", 0.15, 0.5), "plinth": 0.05, "bars": 0.04}[legs]
    lift = h / 2 + rise
    case = d.choice("case_material", ("wood", "plastic"))
    opening = (w - 2 * frame - side, h - 2 * frame)
    middle = (-side / 2, 0.0)
    cut = _frustum((opening[0] + 0.03, opening[1] + 0.03), opening, 0.01, -0.03).translate((*middle, 0))
    up: Motion = lambda solid: solid.translate((0, lift, 0))  # noqa: E731 - a motion like the others
    s.shape.add(up(rounded_box((w, h, box_depth), (0, 0, -box_depth / 2), s.corner, 12) - cut), case)
    s.shape.add(up(_tube_face(opening, 0.03).translate((*middle, 0))), "screen")
    s.shape.add(up(_frustum((0.85 * w, 0.85 * h), (0.45 * w, 0.45 * h), -box_depth + 0.02, -max(depth, box_depth + 0.1))), "plastic")
    if side > 0.1:
        x = w / 2 - frame / 2 - side / 2
        for y in (0.3, 0.12):
            s.shape.add(up(cylinder((x, y * h, -0.02), (x, y * h, 0.03), 0.3 * side, 0.25 * side, 20)), "metal")
        for k in range(4):
            s.shape.add(up(box((0.7 * side, 0.014, 0.03), (x, (-0.05 - 0.07 * k) * h, -0.004))), "plastic")
    if legs == "legs":
        for x in (-0.4, 0.4):
            for z in (-0.15 * box_depth, -0.85 * box_depth):
                s.shape.add(cylinder((1.1 * x, 0, z), (x, rise + 0.03, z), 0.014, 0.024, 12), "wood")
    elif legs == "plinth":
        s.shape.add(box((0.8 * w, rise + 0.02, 0.8 * box_depth), (0, rise / 2, -box_depth / 2)), "plastic")
    elif legs == "bars":
        for x in (-0.35, 0.35):
            s.shape.add(box((0.05, rise + 0.02, 0.9 * box_depth), (x, rise / 2, -box_depth / 2)), "rubber")
    if d.flag("antenna", 0.45):
        s.shape.add(cylinder((0, lift + h / 2 - 0.01, -0.5 * box_depth), (0, lift + h / 2 + 0.04, -0.5 * box_depth), 0.07, 0.04, 20), "plastic")
        for x in (-1, 1):
            tip = (x * 0.35, lift + h / 2 + d.uniform(f"antenna_length_{x}", 0.25, 0.45), -0.5 * box_depth)
            s.shape.add(cylinder((0, lift + h / 2 + 0.02, -0.5 * box_depth), tip, 0.007, segments=8), "metal")


def _laptop(s: Display, d: Draw) -> None:
    w, depth = 1.0, s.height * d.uniform("base_depth", 0.95, 1.08)
    lid, deck = d.uniform("lid_thickness", 0.012, 0.03), d.uniform("deck_thickness", 0.022, 0.055)
    opening = d.uniform("hinge_angle", 92.0, 130.0)
    s.thickness, s.back, s.chin = lid, "flat", 0.0
    s.recess = min(s.recess, 0.3 * lid)
    s.bezel = min(s.bezel, 0.045)
    hinge = np.array([0.0, deck, -depth / 2 + lid / 2])
    place: Motion = lambda solid: (  # noqa: E731 - a motion like the others
        solid.translate((0, s.height / 2, 0)).rotate((-(opening - 90), 0, 0)).translate((0, float(hinge[1]) - 0.006, float(hinge[2])))
    )
    s.panel(w, s.height, place)
    base = _slab(w, depth, deck, max(s.corner, 0.01)).rotate((90, 0, 0)).translate((0, deck / 2, 0))
    tray = (0.86 * w, 0.42 * depth)
    middle = -0.14 * depth
    base -= box((tray[0], 0.012, tray[1]), (0, deck, middle))
    s.shape.add(base, s.body)
    rows, columns = d.integer("key_rows", 4, 6), d.integer("key_columns", 9, 14)
    pitch = (tray[0] / columns, tray[1] / rows)
    keys = [box((0.8 * pitch[0], 0.014, 0.78 * pitch[1]),
                ((i + 0.5) * pitch[0] - tray[0] / 2, deck - 0.005, middle + (j + 0.5) * pitch[1] - tray[1] / 2))
            for i in range(columns) for j in range(rows)]
    s.shape.add(Manifold.compose(keys), "plastic")
    pad = d.uniform("touchpad", 0.2, 0.36)
    s.shape.add(box((pad, 0.01, 0.2 * depth), (0, deck - 0.002, 0.3 * depth)), "plastic")
    s.shape.add(cylinder((-0.42, *hinge[1:]), (0.42, *hinge[1:]), max(0.55 * lid, 0.009), segments=12), s.body)


def _ultrawide(s: Display, d: Draw) -> None:
    curve = d.uniform("curvature", 0.25, 0.95)
    lift = s.foot_thickness + s.gap + s.height / 2
    s.thickness = max(s.thickness, 0.03)
    s.panel(s.width, s.height, s.tilted(lift, 0.5 * s.tilt), curve)
    s.shape.add(s.tilted(lift, 0.5 * s.tilt)(box((0.3, 0.6 * s.height, 0.05), (0, 0, -s.thickness / 2 - 0.01))), s.body)
    s.stand(lift - s.height / 2, d.uniform("neck_reach", 0.4, 0.6) * s.height, -s.thickness / 2)


def _wall(s: Display, d: Draw) -> None:
    s.thickness = d.uniform("wall_thickness", 0.03, 0.09)
    s.tilt = d.uniform("wall_tilt", -2.0, 0.0)
    s.panel(s.width, s.height, s.tilted(0.0, s.tilt))
    if d.flag("bracket", 0.5):
        z = -s.thickness / 2 - s.back_depth - 0.05
        s.shape.add(box((0.3, 0.22, 0.02), (0, 0, z)), "metal")
        for x in (-0.1, 0.1):
            s.shape.add(box((0.03, 0.3, -z), (x, 0, z / 2 - 0.005)), "metal")


def _all_in_one(s: Display, d: Draw) -> None:
    s.chin = d.uniform("aio_chin", 0.06, 0.15)
    s.bezel = min(s.bezel, 0.03)
    s.back = "bulge" if d.flag("aio_bulge", 0.6) else "flat"
    leg, width, depth = d.uniform("leg_height", 0.06, 0.16), d.uniform("leg_width", 0.18, 0.4), d.uniform("leg_depth", 0.2, 0.3)
    plate = d.uniform("leg_thickness", 0.012, 0.025)
    lift = leg + s.height / 2
    s.panel(s.width, s.height, s.tilted(lift, 0.4 * s.tilt))
    low = -s.thickness / 2 - 0.3 * s.back_depth
    path = [(0.55 * depth, plate / 2), (-0.45 * depth, plate / 2), (-0.47 * depth, 1.5 * plate), (low, leg + 0.42 * s.height), (0.0, leg + 0.45 * s.height)]
    s.shape.add(extrude(strip(path, plate), width, "x"), "metal")


def _dual(s: Display, d: Draw) -> None:
    turn = d.uniform("turn", 0.0, 22.0)
    w, h = 0.62, 0.62 / d.uniform("panel_aspect", 1.3, 1.8)
    pole = d.uniform("pole_radius", 0.014, 0.022)
    lift = s.foot_thickness + s.gap + h / 2 + 0.05
    stacked = d.flag("stacked", 0.2)
    s.bezel = min(s.bezel, 0.03)
    back = -s.thickness / 2 - s.back_depth - 0.07
    for k in (-1, 1):
        if stacked:
            middle = np.array([0.0, lift + (0.5 + k / 2) * (h + 0.015), 0.0])
            motion: Motion = lambda solid, m=middle: solid.translate(tuple(m))  # noqa: E731 - a motion like the others
        else:
            angle = np.radians(turn)
            middle = np.array([k * (0.5 * w * np.cos(angle) + 0.006), lift, 0.5 * w * np.sin(angle)])
            motion = lambda solid, m=middle, a=-k * turn: solid.rotate((0, a, 0)).translate(tuple(m))  # noqa: E731
        s.panel(w, h, motion)
        end = middle + (0, 0, -0.2 * s.thickness)
        joint = np.array([end[0] if not stacked else 0.0, end[1], back + (0.3 * end[2] if not stacked else 0)])
        s.shape.add(tube([(0, end[1], back), joint, end], 0.016, 10), "metal")
    s.shape.add(cylinder((0, 0, back), (0, lift + (h + 0.1 if stacked else 0.06), back), pole, segments=16), "metal")
    s.base(back, s.foot_thickness, s.foot_width, s.foot_depth)
    s.shape.add(cylinder((0, 0, back), (0, 2 * s.foot_thickness, back), 0.08, segments=20), "metal")


def _kiosk(s: Display, d: Draw) -> None:
    stand, lean = d.uniform("stand_height", 0.7, 1.3), d.uniform("lean", 0.0, 55.0)
    if d.flag("portrait", 0.5):
        s.width, s.height = 0.62, 0.62 / d.uniform("portrait_aspect", 0.55, 0.75)
    lift = stand + 0.35 * s.height
    s.back = "box"
    s.panel(s.width, s.height, s.tilted(lift, lean))
    size = d.uniform("column_size", 0.06, 0.2)
    foot = d.uniform("column_foot", 0.4, 0.6)
    tilt = np.radians(lean)
    z = -(s.thickness / 2) * np.cos(tilt)
    s.shape.add(box((size, lift - 0.01, 0.06), (0, lift / 2, z - 0.03)), "metal")
    s.shape.add(box((0.2, 0.2, 0.1), (0, 0, -s.thickness / 2 - 0.03)).rotate((-lean, 0, 0)).translate((0, lift, 0)), "metal")
    s.shape.add(rounded_box((foot, 0.05, 0.8 * foot), (0, 0.025, z), 0.015), "metal")


_BUILDERS: dict[str, Callable[[Display, Draw], None]] = {
    "monitor": _monitor,
    "tv_pedestal": _tv_pedestal,
    "tv_feet": _tv_feet,
    "crt": _crt,
    "crt_tv": _crt_tv,
    "laptop": _laptop,
    "ultrawide": _ultrawide,
    "wall": _wall,
    "all_in_one": _all_in_one,
    "dual": _dual,
    "kiosk": _kiosk,
}


def make(rng: np.random.Generator) -> Shape:
    """A random display; y is up and the screen faces +z."""
    draw = Draw(rng)
    kind = draw.choice("type", TYPES)
    display = Display(draw, kind)
    _BUILDERS[kind](display, draw)
    return display.shape
