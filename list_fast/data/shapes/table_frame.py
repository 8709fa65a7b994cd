# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What tables are put together from: the top, legs, apron and shelf."""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import leg
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, extrude, rounded_box

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
    """Measures, materials and parts of a table; the upper face of the top is at ``height``, the floor at 0."""

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
        """Four legs (three under some round tops), centres ``inset`` inside the top; half their distances."""
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
