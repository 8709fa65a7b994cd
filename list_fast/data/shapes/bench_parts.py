# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What every bench has: its drawn parameters and its boards."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import LEGS
from list_fast.data.shapes.parts import (
    Shape,
    extrude,
)


class Bench:
    """Draws the parameters that every bench has (metres) and holds the shape while a builder fills it."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.length = draw.uniform("length", 1.0, 2.0)
        self.depth = draw.uniform("depth", 0.34, 0.5)
        self.seat = draw.uniform("seat_height", 0.4, 0.5)
        self.top = draw.uniform("seat_thickness", 0.03, 0.07)
        self.back_rise = draw.uniform("back_rise", 0.3, 0.5)
        self.tilt = draw.uniform("back_tilt", 3.0, 18.0)
        self.arm_rise = draw.uniform("arm_rise", 0.17, 0.26)
        self.slats = draw.integer("seat_slats", 3, 8)
        self.back_slats = draw.integer("back_slats", 2, 7)
        self.gap = draw.uniform("slat_gap", 0.2, 0.42)
        self.slat = draw.uniform("slat_thickness", 0.022, 0.04)
        self.leg_form = draw.choice("leg_form", LEGS)
        self.leg_size = draw.uniform("leg_size", 0.04, 0.09)
        self.frame = draw.choice("frame_material", {"metal": 2.0, "wood": 1.5, "stone": 0.6, "paint": 0.7})
        self.board = draw.choice("board_material", {"wood": 4.0, "paint": 0.7, "plastic": 0.5})
        self.cloth = draw.choice("upholstery", {"fabric": 2.0, "leather": 1.0})
        self.arms = draw.flag("arms", 0.55)

    @property
    def lean(self) -> float:
        """Slope of the back, metres backwards per metre of height."""
        return float(np.tan(np.radians(self.tilt)))

    def planks(self, count: int, start: ArrayLike, end: ArrayLike, width: float, across: float) -> None:
        """Lay ``count`` boards along x, their middles evenly from ``start`` to ``end`` (z, y), turned to that line."""
        a, b = np.asarray(start, float), np.asarray(end, float)
        step = float(np.linalg.norm(b - a)) / count
        angle = np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0]))
        for k in range(count):
            z, y = a + (k + 0.5) / count * (b - a)
            w, h, bevel = (1 - self.gap) * step / 2, across / 2, 0.2 * across
            corners = [(w, h - bevel), (w - bevel, h), (bevel - w, h), (-w, h - bevel)]
            board = extrude([*corners, *[(-z, -y) for z, y in corners]], width, "x")
            self.shape.add(board.rotate((-angle, 0, 0)).translate((0, y, z)), self.board)
