# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What every cabinet has: its drawn parameters, its carcass and fronts, its stand and its top."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import LEGS, four_legs, handle
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, union

HANDLES = {"knob": 2.0, "ball": 1.0, "plate": 1.5, "cup": 1.0, "bar": 2.0, "none": 1.0}


@dataclass(frozen=True)
class Cell:
    """One field of a front: left, right, bottom, top (metres) and what fills it."""

    x0: float
    x1: float
    y0: float
    y1: float
    kind: str  # drawer, door_left, door_right (the hinge's side), open, glass or blank

    @property
    def middle(self) -> tuple[float, float]:
        """Centre (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.x1 - self.x0, self.y1 - self.y0


class Cabinet:
    """Draws the parameters that every cabinet has (metres) and holds the shape while a builder fills it."""

    def __init__(
        self, draw: Draw, width: tuple[float, float], height: tuple[float, float], depth: tuple[float, float]
    ) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.width = draw.uniform("width", *width)
        self.height = draw.uniform("height", *height)
        self.depth = draw.uniform("depth", *depth)
        extent = max(self.width, self.height, self.depth)
        self.board = max(draw.uniform("board", 0.016, 0.034), 0.0095 * extent)
        self.material = draw.choice("carcass_material", {"wood": 4.0, "paint": 2.0, "plastic": 0.4, "metal": 0.4})
        self.front = draw.choice("front_material", {"same": 3.0, "paint": 1.0, "wood": 1.0})
        self.front_form = draw.choice(
            "front_form", {"proud": 3.0, "inset": 1.5, "shaker": 2.0, "groove": 1.5, "louvre": 0.5}
        )
        self.panel = max(draw.uniform("panel_thickness", 0.012, 0.022), 0.008 * extent)
        self.gap = max(draw.uniform("panel_gap", 0.004, 0.012), 0.004 * extent)
        self.handle = draw.choice("handle", HANDLES)
        self.handle_size = draw.uniform("handle_size", 0.08, 0.22)
        self.rod = max(draw.uniform("handle_rod", 0.01, 0.018), 0.006 * extent)
        self.support = draw.choice("support", {"legs": 2.5, "plinth": 2.0, "floor": 2.0, "frame": 0.8, "castors": 0.3})
        self.leg_form = draw.choice("leg_form", LEGS)
        self.rise = 0.0 if self.support == "floor" else draw.uniform("leg_height", 0.05, 0.22)
        self.leg_size = draw.uniform("leg_size", 0.03, 0.07)
        self.top_form = draw.choice("top_form", {"flush": 2.0, "slab": 3.0, "cornice": 1.0, "gallery": 0.4})
        self.overhang = draw.uniform("top_overhang", 0.008, 0.04)
        self.backed = draw.flag("backed", 0.85)
        if self.support == "plinth":
            self.rise = min(self.rise, 0.12)

    @property
    def facing(self) -> str:
        """Material of the doors and drawers."""
        return self.material if self.front == "same" else self.front

    def stand(self, width: float, depth: float) -> None:
        """Carry a ``width`` by ``depth`` body at height ``rise``, centred on the axis."""
        r, size = self.rise, self.leg_size
        if self.support == "plinth":
            self.shape.add(box((width - 0.03, r + 0.01, depth - 0.06), (0, (r + 0.01) / 2, -0.02)), self.material)
        elif self.support == "legs":
            inset = 1.6 * size + (0.25 * r if self.leg_form in ("splayed", "hairpin") else 0.0)
            four_legs(
                self.shape,
                self.leg_form,
                width - inset,
                depth - inset,
                r,
                size,
                0.6 * self.board,
                self.material if self.leg_form != "hairpin" else "metal",
            )
            if width > 1.5:
                for z in (-depth / 2 + 0.8 * size, depth / 2 - 0.8 * size):
                    self.shape.add(box((0.7 * size, r + 0.01, 0.7 * size), (0, (r + 0.01) / 2, z)), self.material)
        elif self.support == "frame":
            rod = max(0.022, 0.01 * max(width, self.height))
            for x in (-width / 2 + rod, width / 2 - rod):
                loop = [
                    (x, r + 0.01, -depth / 2 + rod),
                    (x, rod / 2, -depth / 2 + rod),
                    (x, rod / 2, depth / 2 - rod),
                    (x, r + 0.01, depth / 2 - rod),
                ]
                self.shape.add(union([bar(a, b, rod) for a, b in itertools.pairwise(loop)]), "metal")
        elif self.support == "castors":
            for x in (-width / 2 + 0.05, width / 2 - 0.05):
                for z in (-depth / 2 + 0.05, depth / 2 - 0.05):
                    wheel = min(0.03, 0.45 * r)
                    self.shape.add(cylinder((x - 0.014, wheel, z), (x + 0.014, wheel, z), wheel, segments=16), "rubber")
                    self.shape.add(cylinder((x, wheel, z), (x, r + 0.01, z), 0.011, segments=8), "metal")

    def crown(self, width: float, depth: float, top: float) -> None:
        """Finish the body's upper side, which is at ``top``."""
        t, o = max(self.board, 0.02), self.overhang
        if self.top_form == "slab":
            self.shape.add(
                box((width + 2 * o, t, depth + o + self.panel), (0, top + 0.3 * t, (o + self.panel) / 2)), self.material
            )
        elif self.top_form == "cornice":
            rows = [(o, 0.0), (1.6 * o, 0.4 * t), (1.6 * o, 0.9 * t), (3.0 * o, 1.8 * t), (3.0 * o, 2.6 * t)]
            for (a, low), (b, high) in itertools.pairwise(rows):
                if high > low:
                    ring = [
                        (x * (width / 2 + e), top + y - 0.003, z)
                        for e, y in ((a, low), (b, high + 0.003))
                        for x in (-1, 1)
                        for z in (-depth / 2, depth / 2 + e)
                    ]
                    self.shape.add(Manifold.hull_points(ring), self.material)
        elif self.top_form == "gallery":
            for x in (-1, 1):
                self.shape.add(
                    box((self.board, 0.1, depth), (x * (width - self.board) / 2, top + 0.04, 0)), self.material
                )
            self.shape.add(box((width, 0.1, self.board), (0, top + 0.04, -depth / 2 + self.board / 2)), self.material)

    def unit(self, cells: Sequence[Cell], depth: float, z_back: float = 0.0, shelves: int = 0) -> None:
        """Add a carcass whose front is divided into ``cells``, its back at -depth / 2 + ``z_back``.

        Open and glazed cells are hollowed out, to the back panel or through where there is none.
        """
        x0, x1 = min(c.x0 for c in cells), max(c.x1 for c in cells)
        y0, y1 = min(c.y0 for c in cells), max(c.y1 for c in cells)
        b, z = self.board, depth / 2 + z_back
        body = box((x1 - x0, y1 - y0, depth), ((x0 + x1) / 2, (y0 + y1) / 2, z_back))
        hollow = []
        for c in cells:
            (w, h), (x, y) = c.size, c.middle
            # Outer walls are a full board thick, the ones between two cells half a board from each side.
            left, right = (b if c.x0 == x0 else b / 2), (b if c.x1 == x1 else b / 2)
            low, high = (b if c.y0 == y0 else b / 2), (b if c.y1 == y1 else b / 2)
            opening = (w - left - right, h - low - high)
            middle = (x + (left - right) / 2, y + (low - high) / 2)
            if c.kind in ("open", "glass"):
                back = b if self.backed or c.kind == "glass" else -0.01
                hollow.append(box((*opening, depth - back + 0.02), (*middle, z_back + back / 2 + 0.01)))
                for k in range(shelves):
                    level = middle[1] - opening[1] / 2 + (k + 1) * opening[1] / (shelves + 1)
                    self.shape.add(
                        box((opening[0] + 0.004, 0.8 * b, depth - 0.02 - 0.3 * b), (middle[0], level, z_back - 0.01)),
                        self.material,
                    )
                if c.kind == "glass":
                    self._sash(middle, opening, z)
            elif c.kind != "blank":
                hollow += self.leaf(c, middle, opening, z)
        self.shape.add(body - union(hollow) if hollow else body, self.material)

    def leaf(self, c: Cell, middle: tuple[float, float], opening: tuple[float, float], z: float) -> list[Manifold]:
        """Add a door or drawer front; returns what it takes away from the carcass."""
        g, t = self.gap, self.panel
        (w, h), (x, y) = c.size, c.middle
        cut: list[Manifold] = []
        face = z + t
        if self.front_form in ("inset", "groove"):
            w, h, x, y = opening[0] - 2 * g, opening[1] - 2 * g, *middle
            face = z if self.front_form == "groove" else z - 0.3 * t
            frame = (
                box((*opening, 2 * t), (*middle, z))
                if self.front_form == "inset"
                else box((w + 2 * g, h + 2 * g, 1.6 * t), (x, y, z))
            )
            cut.append(frame)
        else:
            w, h = w - 2 * g, h - 2 * g
        thick = t + (face - z) + 0.6 * t
        leaf = box((w, h, thick), (x, y, face - thick / 2))
        rail = min(0.07, 0.22 * min(w, h))
        door = c.kind.startswith("door")
        if self.front_form == "shaker" or (self.front_form == "louvre" and not door):
            leaf -= box((w - 2 * rail, h - 2 * rail, t), (x, y, face))
        elif self.front_form == "louvre":
            leaf -= box((w - 2 * rail, h - 2 * rail, 1.6 * t), (x, y, face))
            count = int(np.clip((h - 2 * rail) / 0.06, 3, 24))
            for k in range(count):
                level = y - h / 2 + rail + (k + 0.5) * (h - 2 * rail) / count
                self.shape.add(
                    box((w - 2 * rail + 0.004, 0.6 * (h - 2 * rail) / count, 1.4 * t), (x, level, face - 0.9 * t)),
                    self.facing,
                )
        self.shape.add(leaf, self.facing)
        if self.handle == "none":
            return cut
        size = min(self.handle_size, 0.6 * (h if door else w))
        if door:
            hx = x + (w / 2 - 0.5 * rail) * (1 if c.kind == "door_left" else -1)
            reach = {True: y, False: y + 0.32 * h}[h > 0.9 or h < 0.35] if y < 1.4 else y - 0.3 * h
            self.shape.add(handle(self.handle, hx, reach, face, size, self.rod, True), "metal")
        else:
            spots = (x,) if w < 0.55 or self.handle in ("bar", "plate") else (x - 0.27 * w, x + 0.27 * w)
            depth = face if self.front_form not in ("shaker", "louvre") else face - 0.5 * t
            for hx in spots:
                self.shape.add(handle(self.handle, hx, y, depth, size, self.rod, False), "metal")
        return cut

    def _sash(self, middle: tuple[float, float], opening: tuple[float, float], z: float) -> None:
        """Add a glazed door's frame and bars; its panes are left open, so that what is inside shows."""
        (w, h), (x, y), t = opening, middle, max(self.panel, 0.016)
        rail = min(0.045, 0.15 * w)
        frame = box((w + 0.01, h + 0.01, t), (x, y, z)) - box((w - 2 * rail, h - 2 * rail, 3 * t), (x, y, z))
        self.shape.add(frame, self.facing)
        columns, rows = self.draw.params.get("muntin_columns", 0), self.draw.params.get("muntin_rows", 0)
        for k in range(columns):
            self.shape.add(box((t, h - rail, 0.7 * t), (x - w / 2 + (k + 1) * w / (columns + 1), y, z)), self.facing)
        for k in range(rows):
            self.shape.add(box((w - rail, t, 0.7 * t), (x, y - h / 2 + (k + 1) * h / (rows + 1), z)), self.facing)


def splits(
    rng: np.random.Generator, low: float, high: float, count: int, variation: float
) -> list[tuple[float, float]]:
    """Cut [low, high] into ``count`` intervals whose sizes vary by the given fraction."""
    sizes = 1 + variation * rng.uniform(-1, 1, count)
    edges = low + (high - low) * np.concatenate([[0.0], np.cumsum(sizes) / sizes.sum()])
    return [(float(a), float(b)) for a, b in itertools.pairwise(edges)]


def even_splits(low: float, high: float, count: int) -> list[tuple[float, float]]:
    """Cut [low, high] into ``count`` equal intervals."""
    edges = np.linspace(low, high, count + 1).tolist()
    return list(itertools.pairwise(edges))


def door_row(x0: float, x1: float, y0: float, y1: float, count: int) -> list[Cell]:
    """A row of doors, opening away from each other in pairs."""
    edges = np.linspace(x0, x1, count + 1)
    return [
        Cell(float(a), float(b), y0, y1, "door_right" if k % 2 else "door_left")
        for k, (a, b) in enumerate(itertools.pairwise(edges))
    ]


def drawer_stack(x0: float, x1: float, rows: Sequence[tuple[float, float]]) -> list[Cell]:
    return [Cell(x0, x1, a, b, "drawer") for a, b in rows]


def finish(c: Cabinet, cells: list[Cell], shelves: int = 0) -> Shape:
    """Body, stand and top of a cabinet that is one box."""
    c.unit(cells, c.depth, shelves=shelves)
    c.stand(c.width, c.depth)
    c.crown(c.width, c.depth, max(cell.y1 for cell in cells))
    return c.shape
