# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Cabinets: wardrobes, chests of drawers, bookcases, sideboards, kitchen units, files, vitrines, corner units, racks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import LEGS, four_legs, handle
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, extrude, tube, union

TYPES = {
    "chest": 3.0,
    "wardrobe": 2.5,
    "bookcase": 3.0,
    "sideboard": 2.5,
    "tv_stand": 1.5,
    "kitchen": 1.2,
    "filing": 1.5,
    "vitrine": 1.2,
    "corner": 0.8,
    "nightstand": 1.5,
    "hutch": 1.5,
    "locker": 0.8,
    "cubes": 1.2,
    "rack": 1.0,
    "bow_front": 0.8,
    "wall_unit": 0.8,
}
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

    def __init__(self, draw: Draw, width: tuple[float, float], height: tuple[float, float], depth: tuple[float, float]) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.width = draw.uniform("width", *width)
        self.height = draw.uniform("height", *height)
        self.depth = draw.uniform("depth", *depth)
        extent = max(self.width, self.height, self.depth)
        self.board = max(draw.uniform("board", 0.016, 0.034), 0.0095 * extent)
        self.material = draw.choice("carcass_material", {"wood": 4.0, "paint": 2.0, "plastic": 0.4, "metal": 0.4})
        self.front = draw.choice("front_material", {"same": 3.0, "paint": 1.0, "wood": 1.0})
        self.front_form = draw.choice("front_form", {"proud": 3.0, "inset": 1.5, "shaker": 2.0, "groove": 1.5, "louvre": 0.5})
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
            four_legs(self.shape, self.leg_form, width - inset, depth - inset, r, size, 0.6 * self.board, self.material if self.leg_form != "hairpin" else "metal")
            if width > 1.5:
                for z in (-depth / 2 + 0.8 * size, depth / 2 - 0.8 * size):
                    self.shape.add(box((0.7 * size, r + 0.01, 0.7 * size), (0, (r + 0.01) / 2, z)), self.material)
        elif self.support == "frame":
            rod = max(0.022, 0.01 * max(width, self.height))
            for x in (-width / 2 + rod, width / 2 - rod):
                loop = [(x, r + 0.01, -depth / 2 + rod), (x, rod / 2, -depth / 2 + rod), (x, rod / 2, depth / 2 - rod), (x, r + 0.01, depth / 2 - rod)]
                self.shape.add(union([bar(a, b, rod) for a, b in zip(loop[:-1], loop[1:], strict=True)]), "metal")
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
            self.shape.add(box((width + 2 * o, t, depth + o + self.panel), (0, top + 0.3 * t, (o + self.panel) / 2)), self.material)
        elif self.top_form == "cornice":
            rows = [(o, 0.0), (1.6 * o, 0.4 * t), (1.6 * o, 0.9 * t), (3.0 * o, 1.8 * t), (3.0 * o, 2.6 * t)]
            for (a, low), (b, high) in zip(rows[:-1], rows[1:], strict=True):
                if high > low:
                    ring = [(x * (width / 2 + e), top + y - 0.003, z) for e, y in ((a, low), (b, high + 0.003)) for x in (-1, 1) for z in (-depth / 2, depth / 2 + e)]
                    self.shape.add(Manifold.hull_points(ring), self.material)
        elif self.top_form == "gallery":
            for x in (-1, 1):
                self.shape.add(box((self.board, 0.1, depth), (x * (width - self.board) / 2, top + 0.04, 0)), self.material)
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
                    self.shape.add(box((opening[0] + 0.004, 0.8 * b, depth - 0.02 - 0.3 * b), (middle[0], level, z_back - 0.01)), self.material)
                if c.kind == "glass":
                    self._sash(middle, opening, z)
            elif c.kind != "blank":
                hollow += self._leaf(c, middle, opening, z)
        self.shape.add(body - union(hollow) if hollow else body, self.material)

    def _leaf(self, c: Cell, middle: tuple[float, float], opening: tuple[float, float], z: float) -> list[Manifold]:
        """Add a door or drawer front; returns what it takes away from the carcass."""
        g, t = self.gap, self.panel
        (w, h), (x, y) = c.size, c.middle
        cut: list[Manifold] = []
        face = z + t
        if self.front_form in ("inset", "groove"):
            w, h, x, y = opening[0] - 2 * g, opening[1] - 2 * g, *middle
            face = z if self.front_form == "groove" else z - 0.3 * t
            frame = box((*opening, 2 * t), (*middle, z)) if self.front_form == "inset" else box((w + 2 * g, h + 2 * g, 1.6 * t), (x, y, z))
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
                self.shape.add(box((w - 2 * rail + 0.004, 0.6 * (h - 2 * rail) / count, 1.4 * t), (x, level, face - 0.9 * t)), self.facing)
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


def _splits(rng: np.random.Generator, low: float, high: float, count: int, variation: float) -> list[tuple[float, float]]:
    """Cut [low, high] into ``count`` intervals whose sizes vary by the given fraction."""
    sizes = 1 + variation * rng.uniform(-1, 1, count)
    edges = low + (high - low) * np.concatenate([[0.0], np.cumsum(sizes) / sizes.sum()])
    return [(float(a), float(b)) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def _pairs(low: float, high: float, count: int) -> list[tuple[float, float]]:
    """Cut [low, high] into ``count`` equal intervals."""
    edges = np.linspace(low, high, count + 1).tolist()
    return list(zip(edges[:-1], edges[1:], strict=True))


def _doors(x0: float, x1: float, y0: float, y1: float, count: int) -> list[Cell]:
    """A row of doors, opening away from each other in pairs."""
    edges = np.linspace(x0, x1, count + 1)
    return [Cell(float(a), float(b), y0, y1, "door_right" if k % 2 else "door_left") for k, (a, b) in enumerate(zip(edges[:-1], edges[1:], strict=True))]


def _drawers(x0: float, x1: float, rows: Sequence[tuple[float, float]]) -> list[Cell]:
    return [Cell(x0, x1, a, b, "drawer") for a, b in rows]


def _finish(c: Cabinet, cells: list[Cell], shelves: int = 0) -> Shape:
    """Body, stand and top of a cabinet that is one box."""
    c.unit(cells, c.depth, shelves=shelves)
    c.stand(c.width, c.depth)
    c.crown(c.width, c.depth, max(cell.y1 for cell in cells))
    return c.shape


def _chest(d: Draw) -> Shape:
    c = Cabinet(d, (0.55, 1.5), (0.65, 1.35), (0.38, 0.55))
    if c.front_form == "louvre":
        c.front_form = "proud"
    rows = d.integer("rows", 2, 6)
    growth = d.uniform("row_growth", 0.0, 0.12)
    sizes = 1 + growth * np.arange(rows)[::-1]
    edges = c.rise + (c.height - c.rise) * np.concatenate([[0], np.cumsum(sizes) / sizes.sum()])
    columns = d.integer("columns", 1, 3) if c.width > 0.9 else 1
    split = d.flag("split_top", 0.35)
    x = c.width / 2
    cells = []
    for k, (a, b) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        count = columns + 1 if split and k == rows - 1 else columns
        cells += [Cell(float(p), float(q), float(a), float(b), "drawer") for p, q in zip(np.linspace(-x, x, count + 1)[:-1], np.linspace(-x, x, count + 1)[1:], strict=True)]
    shape = _finish(c, cells)
    if d.flag("mirror", 0.12):
        w, h = 0.8 * c.width, d.uniform("mirror_height", 0.5, 0.9)
        top, z = c.height + 0.03, -c.depth / 2 + 0.03
        shape.add(box((w, h, 0.03), (0, top + h / 2 - 0.02, z)) - box((w - 0.12, h - 0.12, 0.02), (0, top + h / 2 - 0.02, z + 0.015)), c.material)
        for x in (-0.4 * w, 0.4 * w):
            shape.add(box((0.04, 0.2, 0.04), (x, top, z - 0.002)), c.material)
    return shape


def _wardrobe(d: Draw) -> Shape:
    c = Cabinet(d, (0.8, 2.1), (1.75, 2.3), (0.48, 0.65))
    c.rise = min(c.rise, 0.14)
    doors = max(2, min(d.integer("doors", 2, 5), int(c.width / 0.38)))
    low = d.choice("lower_part", {"none": 2.0, "drawers": 2.0, "wide_drawer": 1.0})
    y = c.rise
    x = c.width / 2
    cells: list[Cell] = []
    if low != "none":
        tall = d.uniform("drawer_height", 0.2, 0.32)
        rows = d.integer("drawer_rows", 1, 2)
        for k in range(rows):
            count = 1 if low == "wide_drawer" else max(1, doors // 2)
            edges = np.linspace(-x, x, count + 1)
            cells += [Cell(float(a), float(b), y, y + tall, "drawer") for a, b in zip(edges[:-1], edges[1:], strict=True)]
            y += tall
    if d.flag("top_boxes", 0.2):
        head = c.height - d.uniform("top_box_height", 0.3, 0.45)
        cells += _doors(-x, x, head, c.height, doors)
    else:
        head = c.height
    opened = d.flag("open_column", 0.15) and doors >= 3
    leaves = _doors(-x, x, y, head, doors)
    cells += [Cell(v.x0, v.x1, v.y0, v.y1, "open") if opened and k == doors // 2 else v for k, v in enumerate(leaves)]
    shape = _finish(c, cells, shelves=d.integer("open_shelves", 2, 5) if opened else 0)
    if d.flag("arched_pediment", 0.12) and c.top_form != "gallery":
        t = np.linspace(0, np.pi, 15)
        arch = np.stack([x * np.cos(t), c.height - 0.01 + 0.18 * np.sin(t)], 1)
        shape.add(extrude(arch, 0.06, "z", c.depth / 2 - 0.03), c.material)
    return shape


def _bookcase(d: Draw) -> Shape:
    c = Cabinet(d, (0.5, 1.5), (1.0, 2.2), (0.24, 0.4))
    c.rise = min(c.rise, 0.12)
    c.backed = d.flag("bookcase_backed", 0.65)
    rows, columns = d.integer("rows", 3, 6), d.integer("columns", 1, 3) if c.width > 0.8 else 1
    uneven, staggered = d.uniform("unevenness", 0.0, 0.35), d.flag("staggered", 0.2)
    rng = np.random.default_rng(d.integer("layout", 0, 9999))
    low = d.flag("low_doors", 0.25)
    x, cells = c.width / 2, []
    levels = _splits(rng, c.rise, c.height, rows, uneven)
    for j, (y0, y1) in enumerate(levels):
        for k, (x0, x1) in enumerate(_splits(rng, -x, x, columns, 0.5 if staggered else 0.0)):
            kind = ("door_right" if k % 2 else "door_left") if low and j == 0 else "open"
            cells.append(Cell(x0, x1, y0, y1, kind))
    return _finish(c, cells)


def _sideboard(d: Draw) -> Shape:
    c = Cabinet(d, (1.1, 2.0), (0.6, 0.95), (0.38, 0.52))
    columns = d.integer("columns", 2, 4)
    rng = np.random.default_rng(d.integer("layout", 0, 9999))
    row = d.flag("drawer_row", 0.3)
    x, y1 = c.width / 2, c.height
    cells: list[Cell] = []
    if row:
        y1 = c.height - d.uniform("drawer_height", 0.12, 0.2)
        edges = np.linspace(-x, x, columns + 1)
        cells += [Cell(float(a), float(b), y1, c.height, "drawer") for a, b in zip(edges[:-1], edges[1:], strict=True)]
    for k, (x0, x1) in enumerate(_splits(rng, -x, x, columns, 0.0 if row else 0.3)):
        kind = str(rng.choice(["doors", "drawers", "open"], p=[0.55, 0.3, 0.15]))
        if kind == "doors":
            cells += _doors(x0, x1, c.rise, y1, 2 if x1 - x0 > 0.6 else 1) if k % 2 == 0 else [Cell(x0, x1, c.rise, y1, "door_right")]
        elif kind == "drawers":
            cells += _drawers(x0, x1, _splits(rng, c.rise, y1, int(rng.integers(2, 5)), 0.0))
        else:
            cells += [Cell(x0, x1, a, b, "open") for a, b in _splits(rng, c.rise, y1, int(rng.integers(1, 3)), 0.2)]
    return _finish(c, cells)


def _tv_stand(d: Draw) -> Shape:
    c = Cabinet(d, (1.1, 2.0), (0.36, 0.62), (0.35, 0.5))
    columns = d.integer("columns", 2, 4)
    rng = np.random.default_rng(d.integer("layout", 0, 9999))
    x, cells = c.width / 2, []
    for k, (x0, x1) in enumerate(_splits(rng, -x, x, columns, 0.25)):
        middle = 0 < k < columns - 1 or columns == 2
        rows = _splits(rng, c.rise, c.height, int(rng.integers(1, 4)), 0.25)
        if middle or rng.random() < 0.3:
            cells += [Cell(x0, x1, a, b, "open" if j or rng.random() < 0.6 else "drawer") for j, (a, b) in enumerate(rows)]
        elif rng.random() < 0.6:
            cells.append(Cell(x0, x1, c.rise, c.height, "door_left" if k else "door_right"))
        else:
            cells += _drawers(x0, x1, rows)
    return _finish(c, cells)


def _kitchen(d: Draw) -> Shape:
    c = Cabinet(d, (0.6, 2.0), (0.82, 0.92), (0.55, 0.65))
    c.support, c.rise, c.top_form = "plinth", d.uniform("kick", 0.08, 0.14), "flush"
    columns = max(1, round(c.width / d.uniform("module", 0.4, 0.6)))
    rng = np.random.default_rng(d.integer("layout", 0, 9999))
    x, cells = c.width / 2, []
    top_drawer = c.height - d.uniform("drawer_height", 0.14, 0.2)
    for k, (x0, x1) in enumerate(_splits(rng, -x, x, columns, 0.0)):
        kind = rng.choice(["both", "door", "drawers", "open"], p=[0.45, 0.25, 0.22, 0.08])
        hinge = "door_right" if k % 2 else "door_left"
        if kind == "both":
            cells += [Cell(x0, x1, top_drawer, c.height, "drawer"), Cell(x0, x1, c.rise, top_drawer, hinge)]
        elif kind == "drawers":
            cells += _drawers(x0, x1, _splits(rng, c.rise, c.height, 3, 0.0))
        else:
            cells.append(Cell(x0, x1, c.rise, c.height, hinge if kind == "door" else "open"))
    c.unit(cells, c.depth)
    c.stand(c.width, c.depth)
    counter = d.uniform("counter", 0.03, 0.06)
    slab = box((c.width + 0.03, counter, c.depth + 0.05), (0, c.height + counter / 2 - 0.005, 0.015))
    if d.flag("sink", 0.3):
        slab -= box((0.45, counter, 0.36), (0, c.height + 0.75 * counter, 0.02))
        c.shape.add(tube([(0, c.height, -0.2), (0, c.height + 0.26, -0.2), (0, c.height + 0.28, -0.12), (0, c.height + 0.22, -0.05)], 0.013, 8), "metal")
    c.shape.add(slab, "stone")
    if d.flag("upper", 0.45):
        gap, tall, deep = d.uniform("upper_gap", 0.45, 0.6), d.uniform("upper_height", 0.5, 0.8), 0.35
        low = c.height + counter + gap
        edges = np.linspace(-x, x, columns + 1)
        kinds = ["open" if rng.random() < 0.2 else ("door_right" if k % 2 else "door_left") for k in range(columns)]
        upper = [Cell(float(a), float(b), low, low + tall, kind) for a, b, kind in zip(edges[:-1], edges[1:], kinds, strict=True)]
        c.unit(upper, deep, (deep - c.depth) / 2)
        c.shape.add(box((c.width, gap + 0.1, 0.025), (0, low - gap / 2, -c.depth / 2 + 0.012)), "stone")
    return c.shape


def _filing(d: Draw) -> Shape:
    c = Cabinet(d, (0.38, 0.5), (0.6, 1.4), (0.45, 0.65))
    c.material, c.front, c.top_form = d.choice("steel", ("metal", "paint")), "same", "flush"
    c.front_form = d.choice("file_front", ("proud", "groove", "inset"))
    c.handle = d.choice("file_handle", ("cup", "plate", "bar"))
    c.support = d.choice("file_support", ("floor", "plinth", "castors"))
    c.rise = {"floor": 0.0, "plinth": 0.04, "castors": 0.07}[c.support]
    if d.flag("lateral", 0.25):
        c.width *= 2.0
    rows = max(2, round((c.height - c.rise) / d.uniform("file_height", 0.28, 0.36)))
    cells = _drawers(-c.width / 2, c.width / 2, _pairs(c.rise, c.height, rows))
    shape = _finish(c, cells)
    face = c.depth / 2 + (c.panel if c.front_form == "proud" else 0.0)
    if d.flag("labels", 0.6):
        for cell in cells:
            shape.add(box((0.09, 0.045, 0.03), (0, cell.y1 - 0.3 * cell.size[1] + 0.01, face - 0.009)), "metal")
    return shape


def _vitrine(d: Draw) -> Shape:
    c = Cabinet(d, (0.6, 1.4), (1.5, 2.1), (0.35, 0.48))
    d.integer("muntin_columns", 0, 2)
    d.integer("muntin_rows", 0, 4)
    c.rise = min(c.rise, 0.15)
    split = c.rise + (c.height - c.rise) * d.uniform("lower_share", 0.0, 0.45)
    doors = 2 if c.width > 0.75 else 1
    x, cells = c.width / 2, []
    if split > c.rise + 0.25:
        if d.flag("lower_drawers", 0.4):
            cells += _drawers(-x, x, _splits(np.random.default_rng(0), c.rise, split, 2, 0.0))
        else:
            cells += _doors(-x, x, c.rise, split, doors)
    else:
        split = c.rise
    edges = np.linspace(-x, x, doors + 1)
    cells += [Cell(float(a), float(b), split, c.height, "glass") for a, b in zip(edges[:-1], edges[1:], strict=True)]
    return _finish(c, cells, shelves=d.integer("glass_shelves", 2, 4))


def _corner(d: Draw) -> Shape:
    """Unit for a room's corner: five-sided plan, its front face turned to +z."""
    c = Cabinet(d, (0.6, 0.95), (0.75, 2.0), (0.5, 0.6))
    c.rise = min(c.rise, 0.12) if c.support != "floor" else 0.0
    c.support = "plinth" if c.rise else "floor"
    face, wing = d.uniform("face_width", 0.5, 0.8), d.uniform("wing", 0.0, 0.16)
    z1 = 0.25
    s = np.sqrt(0.5)

    def plan(grow: float) -> list[tuple[float, float]]:
        half, w = face / 2 + grow * (1 + s), wing + grow * 0.2
        a = (half + w * s, z1 + grow - w * s)
        return [(-half, z1 + grow), (half, z1 + grow), a, (0.0, a[1] - a[0]), (-a[0], a[1])]

    y0, y1 = c.rise, c.height
    body = extrude(plan(0.0), y1 - y0, "y", (y0 + y1) / 2)
    rows = d.integer("rows", 2, 5)
    opened = d.flag("open_shelves", 0.6)
    shut = d.flag("closed_below", 0.6)
    edges = np.linspace(y0, y1, rows + 1)
    t, x = c.board, face / 2
    for k, (a, b) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        if opened and (k > 0 or not shut):
            inner = extrude(plan(-t), float(b - a) - t, "y", float(a + b) / 2)
            body -= union([inner, box((face - 2 * t, float(b - a) - t, 0.3), (0, float(a + b) / 2, z1))])
        else:
            for leaf in _doors(-x, x, float(a), float(b), 2 if face > 0.62 else 1):
                middle, opening = leaf.middle, (leaf.size[0] - t, leaf.size[1] - t)
                for cut in c._leaf(leaf, middle, opening, z1):
                    body -= cut
    c.shape.add(body, c.material)
    if c.rise:
        c.shape.add(extrude(plan(-0.03), c.rise + 0.01, "y", (c.rise + 0.01) / 2), c.material)
    if c.top_form != "flush":
        c.shape.add(extrude(plan(0.02), 0.03, "y", y1 + 0.01), c.material)
    return c.shape


def _nightstand(d: Draw) -> Shape:
    c = Cabinet(d, (0.38, 0.62), (0.45, 0.72), (0.34, 0.45))
    c.rise *= 1.4
    rows = d.integer("rows", 1, 3)
    opened = d.choice("open_part", {"none": 2.0, "lower": 1.5, "upper": 1.0})
    x = c.width / 2
    levels = np.linspace(c.rise, c.height, rows + 1)
    cells = _drawers(-x, x, [(float(a), float(b)) for a, b in zip(levels[:-1], levels[1:], strict=True)])
    if rows > 1 and opened != "none":
        k = 0 if opened == "lower" else rows - 1
        cells[k] = Cell(-x, x, cells[k].y0, cells[k].y1, "open")
    if rows == 1 and d.flag("door", 0.4):
        cells = _doors(-x, x, c.rise, c.height, 1)
    shape = _finish(c, cells)
    if c.support == "legs" and c.leg_form in ("block", "tapered") and d.flag("low_shelf", 0.4):
        shape.add(box((c.width - 0.5 * c.leg_size, 0.022, c.depth - 0.5 * c.leg_size), (0, 0.4 * c.rise + 0.01, 0)), c.material)
    return shape


def _hutch(d: Draw) -> Shape:
    """Deep lower cabinet with a shallower case of shelves or glazed doors on it."""
    c = Cabinet(d, (0.8, 1.6), (0.78, 0.95), (0.42, 0.55))
    d.integer("muntin_columns", 0, 1)
    d.integer("muntin_rows", 0, 3)
    x, rng = c.width / 2, np.random.default_rng(d.integer("layout", 0, 9999))
    columns = d.integer("columns", 2, 4)
    edges = np.linspace(-x, x, columns + 1)
    row = c.height - d.uniform("drawer_height", 0.13, 0.2)
    cells = [Cell(float(a), float(b), row, c.height, "drawer") for a, b in zip(edges[:-1], edges[1:], strict=True)]
    cells += _doors(-x, x, c.rise, row, columns)
    c.unit(cells, c.depth)
    c.stand(c.width, c.depth)
    c.shape.add(box((c.width + 2 * c.overhang, 0.035, c.depth + c.overhang), (0, c.height + 0.01, c.overhang / 2)), c.material)
    deep, tall = d.uniform("upper_depth", 0.2, 0.34), d.uniform("upper_height", 0.7, 1.15)
    low = c.height + 0.02
    rows = d.integer("upper_rows", 2, 4)
    glazed = d.flag("glazed", 0.35)
    upper: list[Cell] = []
    for j, (y0, y1) in enumerate(_splits(rng, low, low + tall, rows, 0.15)):
        upper += [Cell(float(a), float(b), y0, y1, "glass" if glazed and j else "open") for a, b in zip(edges[:-1], edges[1:], strict=True)]
    if d.flag("wide_shelves", 0.5):
        upper = [Cell(-x, x, y0, y1, "open") for y0, y1 in _splits(rng, low, low + tall, rows, 0.15)]
    offset = (deep - c.depth) / 2
    c.unit(upper, deep, offset)
    start = len(c.shape.parts)
    c.crown(c.width, deep, low + tall)
    for k in range(start, len(c.shape.parts)):
        part = c.shape.parts[k]
        c.shape.parts[k] = type(part)(part.solid.translate((0, 0, offset)), part.material)
    return c.shape


def _locker(d: Draw) -> Shape:
    c = Cabinet(d, (0.35, 1.4), (1.6, 2.0), (0.4, 0.55))
    c.material, c.front, c.front_form = d.choice("steel", ("metal", "paint")), "same", d.choice("locker_front", ("proud", "groove"))
    c.handle, c.handle_size = "plate", 0.12
    columns, rows = max(1, round(c.width / 0.36)), d.integer("rows", 1, 4)
    c.rise = min(c.rise, 0.15)
    x, cells = c.width / 2, []
    ys = np.linspace(c.rise, c.height, rows + 1)
    for a, b in zip(ys[:-1], ys[1:], strict=True):
        cells += [Cell(v.x0, v.x1, v.y0, v.y1, "door_left") for v in _doors(-x, x, float(a), float(b), columns)]
    shape = _finish(c, cells)
    face = c.depth / 2 + (c.panel if c.front_form == "proud" else 0.0)
    vents = d.integer("vents", 2, 5)
    for cell in cells:
        for k in range(vents):
            y = cell.y1 - 0.06 - 0.03 * k
            shape.add(box((0.45 * cell.size[0], 0.016, 0.03), (cell.middle[0], y, face - 0.003)), c.material)
    return shape


def _cubes(d: Draw) -> Shape:
    """Square open cells, some closed by doors or paired drawers; sometimes stepped."""
    columns, rows = d.integer("columns", 1, 5), d.integer("rows", 1, 5)
    if columns * rows < 3:
        rows += 2
    pitch = d.uniform("pitch", 0.3, 0.42)
    c = Cabinet(d, (columns * pitch, columns * pitch + 1e-6), (rows * pitch, rows * pitch + 1e-6), (0.32, 0.42))
    c.board = max(c.board, 0.01 * pitch * max(rows, columns))
    c.rise = min(c.rise, 0.14)
    c.top_form = "flush"
    rng = np.random.default_rng(d.integer("layout", 0, 9999))
    stepped = d.flag("stepped", 0.2) and columns > 1 and rows > 1
    filled = d.uniform("filled", 0.0, 0.4)
    for k in range(columns):
        height = rows if not stepped else max(1, round(rows * (k + 1) / columns))
        cells = []
        for j in range(height):
            x0, y0 = k * pitch - c.width / 2, c.rise + j * pitch
            kind = "open" if rng.random() > filled else str(rng.choice(["door_left", "drawer"]))
            cells += _drawers(x0, x0 + pitch, [(y0, y0 + pitch / 2), (y0 + pitch / 2, y0 + pitch)]) if kind == "drawer" else [Cell(x0, x0 + pitch, y0, y0 + pitch, kind)]
        first = len(c.shape.parts)
        c.unit(cells, c.depth)
        if k:  # neighbouring columns share a wall
            for i in range(first, len(c.shape.parts)):
                part = c.shape.parts[i]
                c.shape.parts[i] = type(part)(part.solid.translate((-0.6 * k * c.board, 0, 0)), part.material)
    shift = 0.3 * (columns - 1) * c.board
    width = c.width - 2 * shift
    for i, part in enumerate(c.shape.parts):
        c.shape.parts[i] = type(part)(part.solid.translate((shift, 0, 0)), part.material)
    c.stand(width, c.depth)
    return c.shape


def _rack(d: Draw) -> Shape:
    """Open shelves on posts, a ladder or side frames, with or without cross braces."""
    c = Cabinet(d, (0.6, 1.4), (0.8, 2.0), (0.3, 0.5))
    levels = d.integer("levels", 3, 6)
    post = max(d.uniform("post", 0.02, 0.045), 0.012 * c.height)
    form = d.choice("rack_form", ("posts", "ladder", "sides", "slanted"))
    frame = d.choice("frame_material", ("metal", "wood", "paint"))
    x, z = c.width / 2, c.depth / 2
    lift = d.uniform("first_shelf", 0.05, 0.25)
    heights = np.linspace(lift, c.height - (c.board if form != "posts" else 0.03), levels)
    slant = c.depth * d.uniform("slant", 0.3, 0.6) if form in ("ladder", "slanted") else 0.0
    lips = d.flag("lips", 0.3)
    for y in heights:
        cut = slant * float(y) / c.height
        deep = 2 * z - cut - 0.3 * post
        c.shape.add(box((c.width - 0.4 * post, c.board, deep), (0, float(y), -cut / 2)), c.material)
        if lips:
            c.shape.add(box((c.width - post, 0.05, 0.02), (0, float(y) + 0.02, -z + 0.3 * post + 0.01)), c.material)
    for side in (-1, 1):
        if form == "sides":
            c.shape.add(box((post, c.height, c.depth), (side * (x - post / 2), c.height / 2, 0)), frame)
            continue
        c.shape.add(bar((side * (x - post / 2), 0, -z + post / 2), (side * (x - post / 2), c.height, -z + post / 2), post), frame)
        c.shape.add(bar((side * (x - post / 2), 0, z - post / 2), (side * (x - post / 2), c.height, z - post / 2 - slant), post), frame)
        if d.flag(f"side_bars_{'left' if side < 0 else 'right'}", 0.4):
            for y in heights:
                cut = slant * float(y) / c.height
                c.shape.add(box((0.7 * post, 0.7 * post, c.depth - post - cut), (side * (x - post / 2), float(y) - 0.5 * c.board, -cut / 2)), frame)
    if d.flag("cross", 0.35) and form != "sides":
        rod = max(0.011, 0.008 * c.height)
        for a, b in ((heights[0], heights[-1]), (heights[-1], heights[0])):
            c.shape.add(bar((-x + post / 2, float(a), -z + post / 2), (x - post / 2, float(b), -z + post / 2), rod), frame)
    return c.shape


def _bow_front(d: Draw) -> Shape:
    """Chest whose front swells outwards, its drawers following the curve."""
    c = Cabinet(d, (0.7, 1.3), (0.7, 1.1), (0.4, 0.5))
    swell = d.uniform("swell", 0.04, 0.16)
    rows = d.integer("rows", 2, 4)
    serpentine = d.flag("serpentine", 0.3)
    half, z = c.width / 2, c.depth / 2
    t = np.linspace(-1, 1, 25)
    wave = np.cos(np.pi * t / 2) if not serpentine else 0.5 * (1 + np.cos(2 * np.pi * t)) * 0.8

    def plan(grow: float) -> np.ndarray:
        curve = np.stack([t * (half + grow), z + swell * wave + grow], 1)
        return np.concatenate([[(half + grow, -z), (-half - grow, -z)], curve])

    c.shape.add(extrude(plan(0.0), c.height - c.rise, "y", (c.height + c.rise) / 2), c.material)
    edges = np.linspace(c.rise + 0.02, c.height - 0.02, rows + 1)
    skin = extrude(plan(c.panel), c.height, "y", c.height / 2)
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        slab = box((c.width - 4 * c.gap - 0.04, float(b - a) - 2.5 * c.gap, swell + 0.2), (0, float(a + b) / 2, z + swell / 2 + 0.06))
        c.shape.add(skin ^ slab, c.facing)
        if c.handle != "none":
            for x in (-0.45 * half, 0.45 * half):
                face = z + c.panel + swell * float(np.interp(x / half, t, wave))
                c.shape.add(handle(c.handle, x, float(a + b) / 2, face - 0.006, min(c.handle_size, 0.12), c.rod, False), "metal")
    c.stand(c.width, c.depth)
    c.shape.add(extrude(plan(c.overhang), 0.03, "y", c.height + 0.01), c.material if d.flag("wood_top", 0.6) else "stone")
    return c.shape


def _wall_unit(d: Draw) -> Shape:
    """Living-room wall: towers on both sides of a low middle, sometimes bridged by a shelf."""
    c = Cabinet(d, (1.8, 2.6), (1.4, 2.1), (0.36, 0.5))
    c.support, c.rise, c.top_form = "plinth", min(max(c.rise, 0.05), 0.09), "flush"
    tower, low = d.uniform("tower_width", 0.35, 0.6), d.uniform("low_height", 0.4, 0.6)
    rows, columns = d.integer("tower_rows", 2, 5), d.integer("columns", 1, 4)
    twin = d.flag("two_towers", 0.7)
    rng = np.random.default_rng(d.integer("layout", 0, 9999))
    x = c.width / 2
    inner = x - tower
    for side in (-1, 1) if twin else (-1,):
        x0, x1 = sorted((side * (inner - 0.004), side * x))
        cells = []
        for y0, y1 in _splits(rng, c.rise, c.height, rows, 0.3):
            kind = str(rng.choice(["open", "door_left", "drawer"], p=[0.5, 0.35, 0.15]))
            cells.append(Cell(x0, x1, y0, y1, kind))
        c.unit(cells, c.depth)
    right = inner if twin else x
    cells = []
    for x0, x1 in _splits(rng, -inner, right, columns, 0.2):
        kind = str(rng.choice(["open", "drawer", "door_left"]))
        levels = _splits(rng, c.rise, low, int(rng.integers(1, 3)), 0.0)
        cells += [Cell(x0, x1, a, b, kind) for a, b in levels]
    c.unit(cells, c.depth)
    c.stand(c.width, c.depth)
    if twin and d.flag("bridge", 0.6):
        y = c.height - d.uniform("bridge_drop", 0.02, 0.4)
        c.shape.add(box((2 * inner + 0.02, c.board, 0.7 * c.depth), (0, y - c.board, -0.15 * c.depth)), c.material)
    if d.flag("back_panel", 0.4):
        c.shape.add(box((inner + right + 0.02, c.height - low, c.board), ((right - inner) / 2, (c.height + low) / 2 - 0.02, -c.depth / 2 + c.board / 2)), c.material)
    return c.shape


_BUILDERS: dict[str, Callable[[Draw], Shape]] = {
    "chest": _chest,
    "wardrobe": _wardrobe,
    "bookcase": _bookcase,
    "sideboard": _sideboard,
    "tv_stand": _tv_stand,
    "kitchen": _kitchen,
    "filing": _filing,
    "vitrine": _vitrine,
    "corner": _corner,
    "nightstand": _nightstand,
    "hutch": _hutch,
    "locker": _locker,
    "cubes": _cubes,
    "rack": _rack,
    "bow_front": _bow_front,
    "wall_unit": _wall_unit,
}


def make(rng: np.random.Generator) -> Shape:
    """A random cabinet; y is up and the doors face +z."""
    draw = Draw(rng)
    return _BUILDERS[draw.choice("type", TYPES)](draw)
