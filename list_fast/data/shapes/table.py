# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Tables: dining, pedestal, trestle, desks, coffee, console, folding, drafting, picnic, nested and glass ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import handle, leg
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, extrude, rounded_box, smooth_curve, turned, union
from list_fast.data.shapes.sweeps import arc, sweep, thicken

OUTLINES = {"rectangle": 3.0, "rounded": 1.2, "round": 1.3, "oval": 0.7, "octagon": 0.3, "boat": 0.3, "racetrack": 0.4}
LEG_STYLES = {
    "block": 1.5,
    "tapered": 1.5,
    "round": 1.2,
    "turned": 1.0,
    "splayed": 1.0,
    "hairpin": 0.6,
    "cabriole": 0.5,
}


def _outline(kind: str, width: float, depth: float, corner: float) -> NDArray[np.float64]:
    """Plan (n, 2) of a table top, x then z."""
    w, d = width / 2, depth / 2
    if kind == "rectangle":
        return np.array([(-w, -d), (w, -d), (w, d), (-w, d)])
    a = 2 * np.pi * np.arange(48) / 48
    c, s = np.cos(a), np.sin(a)
    if kind in ("round", "oval"):
        return np.stack([w * c, d * s], 1)
    if kind == "octagon":
        k = corner + 0.25
        cut = min(w, d) * k
        return np.array(
            [
                (-w + cut, -d),
                (w - cut, -d),
                (w, -d + cut),
                (w, d - cut),
                (w - cut, d),
                (-w + cut, d),
                (-w, d - cut),
                (-w, -d + cut),
            ]
        )
    if kind == "boat":
        x = np.linspace(-1, 1, 13)
        side = d * (1 - 0.25 * x**2)
        return np.concatenate([np.stack([w * x, -side], 1), np.stack([w * x[::-1], side[::-1]], 1)])
    radius = min(w, d) * (0.999 if kind == "racetrack" else 0.1 + 0.7 * corner)
    cx, cz = w - radius, d - radius
    return np.stack(
        [np.sign(c) * cx * (np.abs(c) > 1e-9) + radius * c, np.sign(s) * cz * (np.abs(s) > 1e-9) + radius * s], 1
    )


class Table:
    """Measures and materials of a table, and its parts so far; the top's upper face is at ``height``, the floor at 0."""

    def __init__(
        self, shape: Shape, d: Draw, width: tuple[float, float], depth: tuple[float, float], height: tuple[float, float]
    ) -> None:
        self.shape, self.draw = shape, d
        self.width, self.depth = d.uniform("width", *width), d.uniform("depth", *depth)
        self.height = d.uniform("height", *height)
        self.thickness = d.uniform("thickness", 0.014, 0.06)
        self.rod = d.uniform("rod", 0.03, 0.085)
        self.wood = d.choice("material", {"wood": 5.0, "metal": 1.2, "plastic": 0.7, "paint": 0.8, "stone": 0.15})
        self.top = (
            self.wood
            if d.flag("one_material", 0.6)
            else d.choice("top_material", {"wood": 2.0, "glass": 1.6, "stone": 1.0, "plastic": 1.0, "paint": 0.6})
        )
        self.under = self.height - self.thickness
        self.lean, self.tripod = 0.0, False

    def add(self, solid: Manifold, material: str | None = None) -> None:
        """Append a solid, of the frame's material unless one is given."""
        self.shape.add(solid, material or self.wood)

    def slab(self, kinds: dict[str, float] | None = None) -> str:
        """The top; the kind of its outline."""
        d = self.draw
        kind = d.choice("outline", kinds or OUTLINES)
        if kind in ("round", "octagon") and d.flag("equal_sides", 0.85):
            self.width = self.depth = (self.width + self.depth) / 2
        plan = _outline(kind, self.width, self.depth, d.uniform("corner", 0.0, 0.6))
        edge = d.choice("edge", {"plain": 2.0, "bevel": 0.6, "lip": 0.4, "double": 0.4})
        t, middle = self.thickness, self.height - self.thickness / 2
        if kind == "rectangle" and d.flag("rounded_edge", 0.3):
            self.add(rounded_box((self.width, t, self.depth), (0, middle, 0), 0.4 * t, 8), self.top)
        elif edge == "bevel":
            upper, lower = (
                extrude(plan, 0.3 * t, "y", self.height - 0.15 * t),
                extrude(plan * 0.96, t, "y", middle - 0.002),
            )
            self.add(Manifold.batch_hull([upper, lower]), self.top)
        else:
            self.add(extrude(plan, t, "y", middle), self.top)
        if edge == "lip":
            self.add(extrude(plan * 0.97, 0.02, "y", self.under - 0.006), self.wood)
        elif edge == "double" and self.top != "glass":
            self.add(extrude(plan * 0.9, 0.6 * t, "y", self.under - 0.25 * t), self.top)
        if self.top == "glass" and d.flag("rim", 0.35):
            ring = extrude(plan * 1.02, 1.4 * t, "y", middle) - extrude(plan * 0.93, 2 * t, "y", middle)
            self.add(ring)
        return kind

    def legs(self, style: str, kind: str, inset: float) -> tuple[float, float]:
        """Four legs (three under some round tops) whose centres lie ``inset`` inside the top; half distances of the legs."""
        d, size = self.draw, self.rod
        shrink = 0.66 if kind in ("round", "oval", "octagon", "racetrack") else 1.0
        x, z = shrink * (self.width / 2 - inset), shrink * (self.depth / 2 - inset)
        lean = d.uniform("lean", 0.0, 0.14) if style in ("tapered", "round") and d.flag("leaning", 0.4) else 0.0
        self.tripod = three = kind == "round" and style in ("tapered", "round") and d.flag("three_legs", 0.25)
        if three or lean:
            self.lean = lean + 0.02
            corners = (
                [(np.sin(a) * x * 1.2, np.cos(a) * x * 1.2) for a in np.radians([60, 180, 300])]
                if three
                else [(sx * x, sz * z) for sx in (-1, 1) for sz in (-1, 1)]
            )
            for a, b in corners:
                away = np.array([a, 0, b]) / max(float(np.hypot(a, b)), 1e-9) * self.lean
                head, foot = np.array([a, self.under + 0.5 * self.thickness, b]), np.array([a, 0, b]) + away
                solid = (
                    bar(head, foot, size, 0.55 * size)
                    if style == "tapered"
                    else cylinder(foot, head, 0.3 * size, 0.5 * size, 16)
                )
                self.add(solid)
            return x, z
        for sx in (-1, 1):
            for sz in (-1, 1):
                self.add(leg(style, sx * x, sz * z, self.under, size, 0.5 * self.thickness, 0.2))
        return x, z

    def spread(self, x: float, z: float, y: float) -> tuple[float, float]:
        """Where the axis of the leg that starts at (x, z) under the top is at height ``y``."""
        out = self.lean * (1 - y / (self.under + 0.5 * self.thickness)) / float(np.hypot(x, z))
        return x * (1 + out), z * (1 + out)

    def apron(self, x: float, z: float, high: float, thick: float = 0.02) -> None:
        """Four boards under the top between the legs."""
        y = self.under - high / 2 + 0.003
        for s in (-1, 1):
            self.add(box((2 * x, high, thick), (0, y, s * z)))
            self.add(box((thick, high, 2 * z), (s * x, y, 0)))

    def shelf(self, x: float, z: float, y: float, material: str | None = None) -> None:
        """A lower board (or slats) between the legs."""
        d = self.draw
        if self.tripod:
            return
        x, z = self.spread(x, z, y)
        if d.flag("slatted_shelf", 0.25):
            count = d.integer("shelf_slats", 4, 9)
            for k in range(count):
                at = -z + 2 * z * (k + 0.5) / count
                self.add(box((2 * x, 0.016, 1.2 * z / count), (0, y, at)))
            for s in (-1, 1):
                self.add(box((0.03, 0.025, 2 * z), (s * x, y - 0.01, 0)))
        else:
            self.add(box((2 * x + 0.01, d.uniform("shelf_thickness", 0.014, 0.035), 2 * z + 0.01), (0, y, 0)), material)


def _four_legs(shape: Shape, d: Draw) -> None:
    t = Table(shape, d, (0.8, 2.0), (0.65, 1.05), (0.66, 0.8))
    kind = t.slab()
    style = d.choice("legs", LEG_STYLES)
    inset = t.rod / 2 + d.uniform("inset", 0.0, 0.12)
    x, z = t.legs(style, kind, inset)
    if style not in ("hairpin", "splayed") and d.flag("has_apron", 0.65):
        t.apron(x, z, d.uniform("apron", 0.05, 0.13))
    bars = d.choice("stretchers", {"none": 3.0, "h": 0.6, "box": 0.6, "cross": 0.3})
    if bars != "none" and not t.tripod and style in ("block", "round", "turned", "tapered"):
        y, r = t.under * d.uniform("stretcher_height", 0.12, 0.35), 0.35 * t.rod
        x, z = t.spread(x, z, y)
        if bars == "cross":
            t.add(bar((-x, y, -z), (x, y, z), 1.4 * r))
            t.add(bar((-x, y, z), (x, y, -z), 1.4 * r))
        else:
            for s in (-1, 1):
                t.add(bar((s * x, y, -z), (s * x, y, z), 1.4 * r))
                if bars == "box":
                    t.add(bar((-x, y, s * z), (x, y, s * z), 1.4 * r))
            if bars == "h":
                t.add(bar((-x, y, 0), (x, y, 0), 1.4 * r))


def _coffee(shape: Shape, d: Draw) -> None:
    t = Table(shape, d, (0.7, 1.3), (0.45, 0.8), (0.32, 0.5))
    kind = t.slab()
    style = d.choice("legs", LEG_STYLES)
    x, z = t.legs(style, kind, t.rod / 2 + d.uniform("inset", 0.0, 0.1))
    if d.flag("has_shelf", 0.6) and style not in ("hairpin", "splayed", "cabriole"):
        t.shelf(x, z, t.under * d.uniform("shelf_height", 0.2, 0.5), t.top if d.flag("shelf_of_top", 0.3) else None)
    elif d.flag("has_apron", 0.5) and style not in ("hairpin", "splayed"):
        t.apron(x, z, d.uniform("apron", 0.04, 0.1))


def _block(shape: Shape, d: Draw) -> None:
    """Plain masses: a cube, a slab on two blocks, a waterfall, a drum, a hollow box."""
    t = Table(shape, d, (0.6, 1.3), (0.45, 0.8), (0.3, 0.6))
    form = d.choice("mass", ["waterfall", "plinths", "drum", "hollow", "stack"])
    thick = d.uniform("board", 0.025, 0.09)
    w, dep, h = t.width, t.depth, t.height
    if form == "drum":
        r = dep * 0.6
        waist = d.uniform("waist", 0.6, 1.1)
        t.add(turned([(0.9 * r, 0), (r * 0.95, 0.02), (r * waist, h / 2), (r * 0.95, h - 0.03), (r, h)], 3, 40))
        return
    t.add(rounded_box((w, thick, dep), (0, h - thick / 2, 0), 0.1 * thick, 8), t.top if form == "plinths" else t.wood)
    if form == "waterfall":
        for s in (-1, 1):
            t.add(box((thick, h, dep), (s * (w / 2 - thick / 2), h / 2, 0)))
        if d.flag("low_shelf", 0.4):
            t.add(box((w - thick, 0.7 * thick, dep * 0.95), (0, 0.3 * h, 0)))
    elif form == "plinths":
        for s in (-1, 1):
            t.add(box((0.22 * w, h - 0.5 * thick, 0.75 * dep), (s * 0.27 * w, (h - 0.5 * thick) / 2, 0)))
    elif form == "hollow":
        t.add(box((w, thick, dep), (0, thick / 2, 0)))
        for s in (-1, 1):
            t.add(box((thick, h, dep), (s * (w / 2 - thick / 2), h / 2, 0)))
        for k in range(d.integer("walls", 0, 2)):
            t.add(box((thick, h - thick, 0.96 * dep), ((k - 0.5) * 0.4 * w, h / 2, 0)))
    else:
        t.add(box((0.84 * w, h - thick, 0.84 * dep), (0, (h - 0.7 * thick) / 2, 0)))
        t.add(box((w, 0.8 * thick, dep), (0, 0.4 * thick, 0)))


def _pedestal(shape: Shape, d: Draw) -> None:
    """One column on a disc, a cross or claw feet; sometimes two columns under a long top."""
    t = Table(shape, d, (0.55, 1.3), (0.55, 1.1), (0.45, 1.08))
    twin = d.flag("twin", 0.18)
    if twin:
        t.width = d.uniform("long", 1.4, 2.2)
    kind = t.slab(
        {"oval": 1.0, "rectangle": 1.0, "boat": 0.6, "racetrack": 0.6}
        if twin
        else {"round": 3.0, "rectangle": 0.8, "rounded": 0.6, "octagon": 0.6, "oval": 0.5}
    )
    reach = min(t.width, t.depth) * d.uniform("reach", 0.3, 0.45)
    r = d.uniform("column", 0.02, 0.06)
    foot = d.choice("foot", {"disc": 1.2, "cross": 1.0, "claw": 1.2, "trumpet": 0.8, "plinth": 0.5, "drum": 0.4})
    column = d.choice("column_style", {"plain": 1.5, "turned": 1.2, "square": 0.7})
    h = t.under + 0.3 * t.thickness

    def stand(x: float) -> None:
        place = np.array([x, 0.0, 0.0])
        low = 0.02
        if foot == "disc":
            t.add(turned([(reach, 0), (reach, 0.015), (0.3 * reach, 0.05), (r, 0.09)], 1, 36).translate((x, 0, 0)))
        elif foot == "trumpet":
            t.add(
                turned(
                    [
                        (reach, 0),
                        (0.9 * reach, 0.015),
                        (0.35 * reach, 0.12 * h),
                        (r, 0.4 * h),
                        (r, 0.6 * h),
                        (0.3 * reach, 0.93 * h),
                        (0.75 * reach, h),
                    ],
                    3,
                    36,
                ).translate((x, 0, 0))
            )
            return
        elif foot == "plinth":
            t.add(box((1.5 * reach, 0.05, 1.5 * reach), (x, 0.025, 0)))
        elif foot == "drum":
            t.add(cylinder((x, 0, 0), (x, h, 0), 0.7 * reach, 0.8 * reach, 36))
            return
        elif foot == "cross":
            low = 0.03
            for k in range(d.params.setdefault("arms", int(d.rng.choice([2, 4])))):
                a = np.pi * k / d.params["arms"] * (2 if d.params["arms"] == 4 else 1) + np.pi / 4
                tip = np.array([np.sin(a), 0, np.cos(a)]) * reach
                start = -tip if d.params["arms"] == 2 else np.zeros(3)
                t.add(bar(place + start + (0, 0.03, 0), place + tip + (0, 0.03, 0), 1.3 * r + 0.01))
                for end in (tip, start):
                    if np.linalg.norm(end) > 0.1:
                        t.add(cylinder(place + 0.94 * end, place + 0.94 * end + (0, 0.03, 0), 0.02, segments=10))
        else:
            low, count = 0.25 * h, d.params.setdefault("claws", int(d.rng.integers(3, 5)))
            for k in range(count):
                a = 2 * np.pi * (k + 0.5) / count
                out = np.array([np.sin(a), 0, np.cos(a)])
                path = [
                    place + out * 0.2 * r + (0, 0.32 * h, 0),
                    place + out * 0.45 * reach + (0, 0.27 * h, 0),
                    place + out * 0.85 * reach + (0, 0.07 * h, 0),
                    place + out * reach + (0, 0.02, 0),
                ]
                side = (-out[2], 0, out[0])
                t.add(
                    sweep(
                        smooth_curve(path, 4),
                        np.linspace(1.2, 0.7, 13) * (r + 0.008),
                        np.linspace(1.8, 0.9, 13) * (r + 0.008),
                        side=side,
                    )
                )
        if column == "turned":
            rows = [
                (1.0, 0.0),
                (1.5, 0.08),
                (0.8, 0.16),
                (1.6, 0.35),
                (1.0, 0.55),
                (0.75, 0.75),
                (1.2, 0.84),
                (0.9, 0.92),
                (1.6, 1.0),
            ]
            profile = np.array(rows) * (r * 1.1, h - low) + (0, low)
            t.add(turned(profile, 2, 24).translate((x, 0, 0)))
        elif column == "square":
            t.add(box((2 * r, h - low, 2 * r), (x, (h + low) / 2, 0)))
        else:
            t.add(cylinder((x, low, 0), (x, h, 0), r, segments=24))
        t.add(cylinder((x, t.under - 0.02, 0), (x, h, 0), min(0.55 * reach, 0.16), segments=24))

    for x in (-0.27 * t.width, 0.27 * t.width) if twin else (0.0,):
        stand(x)
    if twin and d.flag("joined", 0.6):
        t.add(bar((-0.27 * t.width, 0.3 * t.height, 0), (0.27 * t.width, 0.3 * t.height, 0), 1.2 * r))
    d.params["plan"] = kind


def _trestle(shape: Shape, d: Draw) -> None:
    """Long top on two end frames: T feet, X legs, A sawhorses, U frames or panels."""
    t = Table(shape, d, (1.0, 2.1), (0.55, 0.95), (0.66, 0.8))
    t.slab({"rectangle": 4.0, "rounded": 1.0, "boat": 0.4, "racetrack": 0.3})
    form = d.choice("trestle", {"t": 1.6, "x": 1.0, "a": 1.0, "u": 1.2, "panel": 0.8, "c": 0.6, "trapeze": 0.7})
    x, r = t.width / 2 - d.uniform("overhang", 0.08, 0.3), 0.75 * t.rod + 0.01
    z, h = 0.42 * t.depth, t.under + 0.3 * t.thickness
    bar_y = h * d.uniform("bar_height", 0.3, 0.85)
    casters = form in ("t", "c") and d.flag("casters", 0.3)
    base = 0.06 if casters else 0.0
    for s in (-1, 1):
        p = s * x
        if form in ("t", "c"):
            column_z = 0.0 if form == "t" else -0.7 * z
            t.add(rounded_box((1.2 * r, 0.8 * r, 2 * z), (p, base + 0.4 * r, 0), 0.2 * r, 8))
            width = d.params.setdefault("column_width", float(d.rng.uniform(1.0, 2.6)))
            t.add(box((r, h - base - 0.3 * r, width * r), (p, (h + base) / 2 + 0.1 * r, column_z)))
            t.add(box((1.1 * r, 0.6 * r, 1.7 * z), (p, h - 0.35 * r, 0)))
            for e in (-1, 1) if casters else ():
                t.add(
                    cylinder((p - 0.015, 0.03, e * 0.9 * z), (p + 0.015, 0.03, e * 0.9 * z), 0.03, segments=14),
                    "rubber",
                )
                t.add(cylinder((p, 0.03, e * 0.9 * z), (p, base + 0.02, e * 0.9 * z), 0.012, segments=8), "metal")
        elif form == "x":
            t.add(bar((p, 0, -z), (p, h, z), r))
            t.add(bar((p, 0, z), (p, h, -z), r))
        elif form == "a":
            for e in (-1, 1):
                t.add(bar((p - s * 0.05, 0, e * z), (p, h, e * 0.25 * z), r))
                t.add(bar((p - s * 0.3, 0, e * z), (p - s * 0.25, h, e * 0.25 * z), r))
            t.add(box((0.25 + 2 * r, 1.2 * r, 0.6 * z), (p - s * 0.125, h - 0.6 * r, 0)))
            t.add(bar((p - s * 0.035, 0.35 * h, -0.76 * z), (p - s * 0.035, 0.35 * h, 0.76 * z), 0.6 * r))
            t.add(bar((p - s * 0.285, 0.35 * h, -0.76 * z), (p - s * 0.285, 0.35 * h, 0.76 * z), 0.6 * r))
        elif form in ("u", "trapeze"):
            narrow = 0.65 if form == "trapeze" else 1.0
            flip = d.params.setdefault("flip", bool(d.rng.random() < 0.5))
            low, high = (z * narrow, z) if flip else (z, z * narrow)
            for e in (-1, 1):
                t.add(sweep([(p, 0, e * low), (p, h, e * high)], r, 0.7 * r, square=True))
            t.add(sweep([(p, 0.4 * r, -low), (p, 0.4 * r, low)], r, 0.8 * r, square=True))
            t.add(sweep([(p, h - 0.4 * r, -high), (p, h - 0.4 * r, high)], r, 0.8 * r, square=True))
        else:
            curve = d.params.setdefault("panel_waist", float(d.rng.uniform(0.6, 1.0)))
            v = np.linspace(0, 1, 9)
            side = z * (curve + (1 - curve) * np.abs(2 * v - 1) ** 2)
            plan = np.concatenate([np.stack([side, v * h], 1), np.stack([-side[::-1], v[::-1] * h], 1)])
            t.add(extrude(plan, 0.6 * r, "x", p))
    if form != "a" and d.flag("beam", 0.65):
        if d.flag("modesty_panel", 0.2) and form in ("t", "c", "panel"):
            t.add(box((2 * x, 0.35 * h, 0.016), (0, 0.7 * h, -0.7 * z if form == "c" else 0.0)))
        else:
            at = {"x": h / 2, "u": h - 0.4 * r, "trapeze": h - 0.4 * r}.get(form, bar_y)
            t.add(bar((-x, at, -0.7 * z if form == "c" else 0), (x, at, -0.7 * z if form == "c" else 0), 0.8 * r))


def _drawer_box(t: Table, x: float, width: float, low: float, high: float, depth: float, drawers: int) -> None:
    d = t.draw
    front = depth / 2
    t.add(box((width, high - low, depth), (x, (low + high) / 2, 0)))
    style = d.params.setdefault("handle", str(d.rng.choice(["knob", "bar", "plate", "cup"])))
    tall = (high - low - 0.01) / drawers
    for k in range(drawers):
        y = low + 0.005 + tall * (k + 0.5)
        t.add(box((width - 0.03, tall - 0.015, 0.024), (x, y, front + 0.006)))
        t.add(handle(style, x, y + 0.1 * tall, front + 0.018, 0.3 * width, 0.016, False), "metal")


def _desk(shape: Shape, d: Draw) -> None:
    """Writing and office desks with drawers in the apron or in pedestals, some with a hutch or an L."""
    t = Table(shape, d, (1.0, 1.7), (0.5, 0.8), (0.7, 0.8))
    if t.top == "glass" and d.flag("plain_top", 0.6):
        t.top = t.wood
    t.slab({"rectangle": 4.0, "rounded": 1.0})
    w, dep, h = t.width, 0.94 * t.depth, t.under + 0.004
    form = d.choice("desk", {"one_pedestal": 1.3, "two_pedestals": 1.2, "apron": 1.2, "floating": 0.6})
    drawers = d.integer("drawers", 2, 4)
    style = d.choice("legs", ["block", "tapered", "round", "turned"])
    size, high = t.rod, d.uniform("apron", 0.08, 0.14)
    x, z = w / 2 - 0.5 * size - 0.01, t.depth / 2 - 0.5 * size - 0.01
    wide = w * d.uniform("pedestal_width", 0.24, 0.34)
    toe = d.uniform("toe", 0.0, 0.12)
    sides = {"one_pedestal": (1,), "two_pedestals": (-1, 1), "floating": (1,), "apron": ()}[form]
    for s in sides:
        low = 0.45 * h if form == "floating" else toe
        _drawer_box(t, s * (w / 2 - wide / 2 - 0.01), wide, low, h, dep, drawers)
        for e in (-1, 1) if toe and form != "floating" else ():
            for f in (-1, 1):
                t.add(
                    cylinder(
                        (s * (w / 2 - wide / 2) + f * 0.4 * wide, 0, e * 0.4 * dep),
                        (s * (w / 2 - wide / 2) + f * 0.4 * wide, toe + 0.02, e * 0.4 * dep),
                        0.018,
                        segments=10,
                    ),
                    "metal",
                )
    legs_at = [(-1, 1), (-1, -1)] if form == "one_pedestal" else [(a, b) for a in (-1, 1) for b in (-1, 1)]
    if form == "one_pedestal" and d.flag("side_panel", 0.5):
        t.add(box((0.03, h, dep), (-w / 2 + 0.025, h / 2, 0)))
    elif form != "two_pedestals":
        for a, b in legs_at:
            t.add(leg(style, a * x, b * z, t.under, size, 0.5 * t.thickness))
    if form in ("apron", "floating"):
        t.apron(x, z, high)
        if form == "apron":
            count = d.integer("apron_drawers", 1, 3)
            for k in range(count):
                c = -x + 2 * x * (k + 0.5) / count
                t.add(box((1.8 * x / count, 0.75 * high, 0.03), (c, t.under - high / 2, z + 0.005)))
                t.add(
                    handle(d.params.setdefault("handle", "knob"), c, t.under - high / 2, z + 0.02, 0.1, 0.014, False),
                    "metal",
                )
    if form != "apron" and d.flag("back_panel", 0.5):
        t.add(box((w - 0.04, 0.6 * h, 0.016), (0, 0.68 * h, -0.4 * dep)))
    extra = d.choice("extra", {"none": 4.0, "hutch": 0.7, "return": 0.6, "keyboard": 0.5})
    if extra == "hutch":
        tall, deep = d.uniform("hutch_height", 0.25, 0.6), 0.3 * t.depth
        zc = -t.depth / 2 + deep / 2
        for s in np.linspace(-1, 1, d.integer("hutch_walls", 2, 4)):
            t.add(box((0.02, tall, deep), (float(s) * (w / 2 - 0.012), t.height + tall / 2 - 0.003, zc)))
        t.add(box((w, 0.02, deep), (0, t.height + tall - 0.01, zc)))
        t.add(box((w, 0.016, 0.9 * deep), (0, t.height + 0.5 * tall, zc)))
        t.add(box((w, tall, 0.014), (0, t.height + tall / 2 - 0.003, zc - deep / 2 + 0.007)))
    elif extra == "return":
        long, side = d.uniform("return_length", 0.6, 1.0), 0.5 * w * d.uniform("return_width", 0.5, 0.75)
        t.add(
            box(
                (side, t.thickness, long),
                (-w / 2 + side / 2, t.height - t.thickness / 2, t.depth / 2 + long / 2 - 0.01),
            ),
            t.top,
        )
        t.add(box((side * 0.9, h, 0.03), (-w / 2 + side / 2, h / 2, t.depth / 2 + long - 0.05)))
    elif extra == "keyboard":
        t.add(box((0.45 * w, 0.018, 0.3), (0, 0.88 * h, t.depth / 2 - 0.05)))
        for s in (-1, 1):
            t.add(box((0.014, 0.14 * h, 0.25), (s * 0.21 * w, 0.94 * h, t.depth / 2 - 0.13)))


def _console(shape: Shape, d: Draw) -> None:
    """Narrow and high: hall tables, bedside and side tables with a drawer and a shelf, and bar tables."""
    t = Table(shape, d, (0.35, 1.4), (0.28, 0.45), (0.55, 0.95))
    kind = t.slab({"rectangle": 4.0, "rounded": 0.6})
    t.rod = min(t.rod, 0.05)
    style = d.choice("legs", ["block", "tapered", "turned", "round", "cabriole"])
    x, z = t.legs(style, kind, t.rod / 2 + d.uniform("inset", 0.0, 0.03))
    high = d.uniform("apron", 0.06, 0.2)
    t.apron(x, z, high)
    for k in range(count := d.integer("drawers", 0, 3)):
        c = -x + 2 * x * (k + 0.5) / count
        t.add(box((1.75 * x / count, 0.8 * high, 0.03), (c, t.under - high / 2, z + 0.004)))
        t.add(
            handle(
                d.params.setdefault("handle", str(d.rng.choice(["knob", "ball", "cup", "plate"]))),
                c,
                t.under - high / 2,
                z + 0.018,
                0.08,
                0.013,
                False,
            ),
            "metal",
        )
    if style != "cabriole" and d.flag("has_shelf", 0.6):
        t.shelf(x, z, t.under * d.uniform("shelf_height", 0.15, 0.45))


def _folding(shape: Shape, d: Draw) -> None:
    """Crossed tubes under a light top, ironing-board and camping fashion, or gate legs under drop leaves."""
    t = Table(shape, d, (0.7, 1.8), (0.5, 0.8), (0.62, 0.76))
    form = d.choice("fold", {"cross": 1.3, "tubes": 1.2, "leaves": 0.8})
    r = d.uniform("tube", 0.016, 0.034)
    x, z, h = 0.4 * t.width, 0.4 * t.depth, t.under + 0.3 * t.thickness
    frame = d.choice("fold_material", {"metal": 2.0, "wood": 1.0})
    if form == "leaves":
        t.wood = t.top = "wood"
        half = d.uniform("middle", 0.18, 0.3)
        t.add(box((2 * half, t.thickness, t.depth), (0, t.height - t.thickness / 2, 0)))
        drop, up = d.uniform("drop", 0.35, 0.6), d.flag("one_up", 0.4)
        for s in (-1, 1):
            if s == 1 and up:
                t.add(box((drop, t.thickness, t.depth), (half + drop / 2 - 0.004, t.height - t.thickness / 2, 0)))
            else:
                t.add(box((t.thickness, drop, t.depth), (s * (half + t.thickness / 2 - 0.004), t.height - drop / 2, 0)))
            for e in (-1, 1):
                t.add(
                    leg(
                        d.params.setdefault("legs", str(d.rng.choice(["block", "turned", "tapered"]))),
                        s * (half - 0.04),
                        e * z,
                        t.under,
                        0.055,
                        0.5 * t.thickness,
                    )
                )
            t.add(box((0.02, 0.08, 2 * z), (s * (half - 0.04), t.under - 0.037, 0)))
        return
    t.slab({"rectangle": 3.0, "rounded": 1.2, "racetrack": 0.3})
    for s in (-1, 1):
        if form == "cross":
            at = s * z
            t.add(sweep([(-x, 0, at), (x, h, at)], r, 1.3 * r), frame)
            t.add(sweep([(x, 0, at - s * 1.2 * r), (-x, h, at - s * 1.2 * r)], r, 1.3 * r), frame)
            t.add(cylinder((0, h / 2, at - s * 2 * r), (0, h / 2, at + s * r), 0.6 * r, segments=8), frame)
            t.add(cylinder((s * x, 0.5 * r, -z), (s * x, 0.5 * r, z), 0.5 * r, segments=10), frame)
            t.add(
                cylinder((s * 0.96 * x, h - 0.6 * r, -z), (s * 0.96 * x, h - 0.6 * r, z), 0.5 * r, segments=10), frame
            )
        else:  # two U-shaped tube legs, braced
            foot = s * (x + 0.03)
            path = np.array(
                [
                    (s * x, h, -z),
                    (foot, 0.06, -z),
                    (foot, 0.5 * r, -z + 0.06),
                    (foot, 0.5 * r, z - 0.06),
                    (foot, 0.06, z),
                    (s * x, h, z),
                ]
            )
            t.add(sweep(smooth_curve(path, 4), r, side=(1, 0.2, 0)), frame)
            t.add(cylinder((foot, 0.35 * h, -z), (foot, 0.35 * h, z), 0.4 * r, segments=8), frame)
            t.add(cylinder((foot, 0.55 * h, 0), (0.4 * s * x, h, 0), 0.35 * r, segments=8), frame)
            t.add(cylinder((foot, 0.35 * h, 0), (foot, 0.56 * h, 0), 0.35 * r, segments=8), frame)


def _picnic(shape: Shape, d: Draw) -> None:
    """Slatted top with benches on the same crossed legs."""
    t = Table(shape, d, (1.2, 1.9), (0.65, 0.8), (0.7, 0.78))
    t.wood, slats = d.choice("picnic_material", {"wood": 4.0, "metal": 0.5, "plastic": 0.7}), d.integer("slats", 4, 7)
    for k in range(slats):
        at = -t.depth / 2 + t.depth * (k + 0.5) / slats
        t.add(box((t.width, 0.035, 0.86 * t.depth / slats), (0, t.height, at)))
    seat_y, seat_z = 0.58 * t.height, t.depth / 2 + d.uniform("bench_reach", 0.2, 0.32)
    x, b = 0.36 * t.width, d.uniform("board", 0.04, 0.07)
    for s in (-1, 1):
        t.add(box((t.width, 0.035, 0.26), (0, seat_y, s * seat_z)))
        for e in (-1, 1):
            t.add(bar((e * x, 0, s * (seat_z - 0.05)), (e * x, t.height - 0.01, s * 0.15 * t.depth), b))
        t.add(box((0.8 * b, b, 2 * seat_z + 0.2), (s * x, seat_y - 0.02, 0)))
        t.add(box((0.8 * b, b, 0.95 * t.depth), (s * x, t.height - 0.0125 - b / 2, 0)))


def _nest(shape: Shape, d: Draw) -> None:
    """A set of two or three small tables, one under the other, drawn out a little."""
    t = Table(shape, d, (0.45, 0.7), (0.35, 0.5), (0.45, 0.6))
    count, r = d.integer("tables", 2, 3), d.uniform("bar", 0.02, 0.04)
    panel, thick = d.flag("panel_sides", 0.4), max(t.thickness, 0.018)
    for k in range(count):
        shrink, out = 1 - 0.16 * k, k * d.params.setdefault("pulled", float(d.rng.uniform(0.05, 0.25)))
        w, h, dep = t.width * shrink, t.height - k * (thick - 0.003), t.depth  # each touches the one above
        t.add(box((w, thick, dep), (0, h - thick / 2, out)), t.top)
        for s in (-1, 1):
            px = s * (w / 2 - r / 2)
            if panel:
                t.add(box((r, h, dep), (px, h / 2, out)))
            else:
                for e in (-1, 1):
                    t.add(box((r, h - 0.2 * thick, r), (px, (h - 0.2 * thick) / 2, out + e * (dep / 2 - r / 2))))
                t.add(box((r, r, dep), (px, r / 2, out)))
                t.add(box((r, r, dep), (px, h - thick - r / 2 + 0.004, out)))
        t.add(box((w, r, r), (0, r / 2 + 0.001, out - dep / 2 + r / 2)))


def _designer(shape: Shape, d: Draw) -> None:
    """Bases of one idea: a ring, crossed hoops, curved blades, a wire drum, a tripod, a sculpted loop."""
    t = Table(shape, d, (0.7, 1.4), (0.6, 0.95), (0.38, 0.76))
    t.top = d.choice("designer_top", {"glass": 2.0, "wood": 1.0, "stone": 1.0})
    t.slab({"round": 1.5, "oval": 0.8, "rounded": 0.8, "rectangle": 0.8, "racetrack": 0.5})
    r, h = d.uniform("bar", 0.02, 0.06), t.under + 0.4 * t.thickness
    reach = 0.36 * min(t.width, t.depth)
    form = d.choice("idea", ["blades", "hoops", "wire", "tripod", "wave", "rings"])
    if form == "blades":
        count = d.integer("blades", 3, 5)
        for k in range(count):
            a = 2 * np.pi * k / count
            out = np.array([np.sin(a), 0, np.cos(a)])
            path = [out * reach, out * 0.25 * reach + (0, 0.45 * h, 0), out * 0.95 * reach + (0, h, 0)]
            t.add(
                sweep(
                    smooth_curve(np.array(path), 7),
                    0.6 * r,
                    np.linspace(1, 2.2, 15) * r,
                    side=(-out[2], 0, out[0]),
                    square=True,
                )
            )
        t.add(cylinder((0, 0.44 * h, 0), (0, 0.5 * h, 0), 0.42 * reach, segments=20))
    elif form == "hoops":
        for a in (0.25, 0.75):
            out = np.array([np.sin(a * np.pi), 0, np.cos(a * np.pi)]) * 1.2 * reach
            path = np.array(
                [-out + (0, r / 2, 0), out + (0, r / 2, 0), out + (0, h - r / 2, 0), -out + (0, h - r / 2, 0)]
            )
            for i in range(4):
                p, q = path[i], path[(i + 1) % 4]
                step = (q - p) / np.linalg.norm(q - p) * r / 2
                t.add(sweep([p - step, q + step], r, square=True, side=(out[2], 0, -out[0])))
    elif form == "wire":
        count = d.integer("wires", 10, 22)
        waist = d.uniform("waist", 0.4, 1.3)
        for y in (0.008, h - 0.008):
            t.add(
                sweep(arc((0, y, 0), (reach, reach), 0, 350, 36), 0.016, side=(0, 1, 0), closed=True, segments=8),
                "metal",
            )
        for k in range(count):
            a, twist = 2 * np.pi * k / count, d.params.setdefault("twist", float(d.rng.uniform(0, 1.2)))
            v = np.linspace(0, 1, 7)
            rho = reach * (1 + (waist - 1) * np.sin(np.pi * v))
            path = np.stack([rho * np.sin(a + twist * v), v * h, rho * np.cos(a + twist * v)], 1)
            t.add(sweep(path, 0.012, segments=6), "metal")
    elif form == "tripod":
        for k in range(3):
            a = 2 * np.pi * k / 3
            foot, head = (
                np.array([np.sin(a), 0, np.cos(a)]) * 1.25 * reach,
                np.array([np.sin(a + 2.6), 0, np.cos(a + 2.6)]) * 0.8 * reach,
            )
            t.add(cylinder(foot, head + (0, h, 0), 0.5 * r, 0.65 * r, 14))
        t.add(Manifold.sphere(1.0, 16).scale((0.45 * reach, 1.2 * r, 0.45 * reach)).translate((0, 0.5 * h, 0)))
    elif form == "wave":
        z = 0.55 * t.depth * 0.5

        def surface(s: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.stack([1.1 * reach * np.sin(v * 2 * np.pi) * 0.8 + 0.15 * reach * s, v * h, s * z], -1)

        t.add(thicken(surface, np.linspace(-1, 1, 3), np.linspace(0, 1, 17), 0.9 * r))
        t.add(box((1.6 * reach, 0.02, 2 * z), (0, 0.01, 0)))
    else:
        for y, scale in ((0.5 * r, 1.1), (0.5 * h, 0.8), (h - 0.5 * r, 1.1)):
            t.add(sweep(arc((0, y, 0), (scale * reach, scale * reach), 0, 350, 36), r, side=(0, 1, 0), closed=True))
        for k in range(4):
            a = np.pi * (k + 0.5) / 2
            out = np.array([np.sin(a), 0, np.cos(a)]) * reach
            t.add(
                sweep(
                    smooth_curve([1.1 * out + (0, 0.5 * r, 0), 0.8 * out + (0, 0.5 * h, 0), 1.1 * out + (0, h, 0)], 4),
                    0.8 * r,
                )
            )


def _games(shape: Shape, d: Draw) -> None:
    """Tables with a body: billiard, work bench with a vice shelf, drafting table with a tilted board."""
    form = d.choice("game", ["billiard", "bench", "drafting"])
    t = Table(shape, d, (1.3, 2.2), (0.7, 1.1), (0.74, 0.86))
    if form == "billiard":
        t.add(box((t.width, 0.16, t.depth), (0, t.height - 0.1, 0)), "wood")
        t.add(box((t.width - 0.14, 0.03, t.depth - 0.14), (0, t.height - 0.018, 0)), "fabric")
        rim = box((t.width, 0.05, t.depth), (0, t.height, 0)) - box(
            (t.width - 0.16, 0.2, t.depth - 0.16), (0, t.height, 0)
        )
        pockets = [
            cylinder(
                (a * (t.width / 2 - 0.07), t.height - 0.06, b * (t.depth / 2 - 0.07)),
                (a * (t.width / 2 - 0.07), t.height + 0.1, b * (t.depth / 2 - 0.07)),
                0.05,
                segments=16,
            )
            for a in (-1, 0, 1)
            for b in (-1, 1)
        ]
        t.add(rim - union(pockets), "wood")
        for sx in (-1, 1):
            for sz in (-1, 1):
                style = d.params.setdefault("legs", str(d.rng.choice(["block", "turned", "tapered"])))
                t.add(
                    leg(style, sx * (t.width / 2 - 0.15), sz * (t.depth / 2 - 0.15), t.height - 0.17, 0.13, 0.03),
                    "wood",
                )
    elif form == "bench":
        t.slab({"rectangle": 1.0})
        x, z = t.legs("block", "rectangle", t.rod)
        t.apron(x, z, 0.12, 0.03)
        t.shelf(x, z, 0.2)
        if d.flag("tool_wall", 0.5):
            t.add(
                box(
                    (t.width, d.uniform("wall_height", 0.3, 0.7), 0.025),
                    (0, t.height + d.params["wall_height"] / 2 - 0.01, -t.depth / 2 + 0.02),
                )
            )
    else:
        tilt, w, dep = d.uniform("tilt", 12, 40), 0.7 * t.width, 0.9 * t.depth
        board = box((w, 0.025, dep)).rotate((tilt, 0, 0)).translate((0, t.height, 0))
        t.add(board, d.choice("board_material", ["wood", "plastic", "paint"]))
        drop = np.sin(np.radians(tilt)) * dep * 0.3
        for s in (-1, 1):
            t.add(bar((s * 0.42 * w, 0, -0.4 * dep), (s * 0.42 * w, t.height - drop, 0.3 * dep), 0.04))
            t.add(bar((s * 0.42 * w, 0, 0.4 * dep), (s * 0.42 * w, t.height + drop, -0.3 * dep), 0.04))
            t.add(bar((-0.42 * w, 0.25 * t.height, s * 0.2 * dep), (0.42 * w, 0.25 * t.height, s * 0.2 * dep), 0.03))


_TYPES: dict[str, tuple[float, Callable[[Shape, Draw], None]]] = {
    "four_legs": (3.5, _four_legs),
    "coffee": (1.6, _coffee),
    "block": (0.6, _block),
    "pedestal": (1.8, _pedestal),
    "trestle": (1.8, _trestle),
    "desk": (1.8, _desk),
    "console": (1.2, _console),
    "folding": (0.7, _folding),
    "picnic": (0.3, _picnic),
    "nest": (0.4, _nest),
    "designer": (0.9, _designer),
    "games": (0.4, _games),
}


def make(rng: np.random.Generator) -> Shape:
    """A random table, its long side along x and its front facing +z; y is up and the floor is y = 0."""
    d = Draw(rng)
    kind = d.choice("type", {name: weight for name, (weight, _) in _TYPES.items()})
    shape = Shape(params=d.params)
    _TYPES[kind][1](shape, d)
    return shape
