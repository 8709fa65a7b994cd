# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Cabinets: wardrobes, chests of drawers, bookcases, sideboards, kitchen units, files, vitrines and wall units."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from list_fast.data.shapes.cabinet_parts import Cabinet, Cell, door_row, drawer_stack, even_splits, finish, splits
from list_fast.data.shapes.cabinet_special import bow_front, corner, locker, rack, wall_unit
from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import Shape, box, extrude, tube

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
    for k, (a, b) in enumerate(itertools.pairwise(edges)):
        count = columns + 1 if split and k == rows - 1 else columns
        cells += [
            Cell(float(p), float(q), float(a), float(b), "drawer")
            for p, q in zip(np.linspace(-x, x, count + 1)[:-1], np.linspace(-x, x, count + 1)[1:], strict=True)
        ]
    shape = finish(c, cells)
    if d.flag("mirror", 0.12):
        w, h = 0.8 * c.width, d.uniform("mirror_height", 0.5, 0.9)
        top, z = c.height + 0.03, -c.depth / 2 + 0.03
        shape.add(
            box((w, h, 0.03), (0, top + h / 2 - 0.02, z))
            - box((w - 0.12, h - 0.12, 0.02), (0, top + h / 2 - 0.02, z + 0.015)),
            c.material,
        )
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
        for _ in range(rows):
            count = 1 if low == "wide_drawer" else max(1, doors // 2)
            edges = np.linspace(-x, x, count + 1)
            cells += [Cell(float(a), float(b), y, y + tall, "drawer") for a, b in itertools.pairwise(edges)]
            y += tall
    if d.flag("top_boxes", 0.2):
        head = c.height - d.uniform("top_box_height", 0.3, 0.45)
        cells += door_row(-x, x, head, c.height, doors)
    else:
        head = c.height
    opened = d.flag("open_column", 0.15) and doors >= 3
    leaves = door_row(-x, x, y, head, doors)
    cells += [Cell(v.x0, v.x1, v.y0, v.y1, "open") if opened and k == doors // 2 else v for k, v in enumerate(leaves)]
    shape = finish(c, cells, shelves=d.integer("open_shelves", 2, 5) if opened else 0)
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
    levels = splits(rng, c.rise, c.height, rows, uneven)
    for j, (y0, y1) in enumerate(levels):
        for k, (x0, x1) in enumerate(splits(rng, -x, x, columns, 0.5 if staggered else 0.0)):
            kind = ("door_right" if k % 2 else "door_left") if low and j == 0 else "open"
            cells.append(Cell(x0, x1, y0, y1, kind))
    return finish(c, cells)


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
        cells += [Cell(float(a), float(b), y1, c.height, "drawer") for a, b in itertools.pairwise(edges)]
    for k, (x0, x1) in enumerate(splits(rng, -x, x, columns, 0.0 if row else 0.3)):
        kind = str(rng.choice(["doors", "drawers", "open"], p=[0.55, 0.3, 0.15]))
        if kind == "doors":
            cells += (
                door_row(x0, x1, c.rise, y1, 2 if x1 - x0 > 0.6 else 1)
                if k % 2 == 0
                else [Cell(x0, x1, c.rise, y1, "door_right")]
            )
        elif kind == "drawers":
            cells += drawer_stack(x0, x1, splits(rng, c.rise, y1, int(rng.integers(2, 5)), 0.0))
        else:
            cells += [Cell(x0, x1, a, b, "open") for a, b in splits(rng, c.rise, y1, int(rng.integers(1, 3)), 0.2)]
    return finish(c, cells)


def _tv_stand(d: Draw) -> Shape:
    c = Cabinet(d, (1.1, 2.0), (0.36, 0.62), (0.35, 0.5))
    columns = d.integer("columns", 2, 4)
    rng = np.random.default_rng(d.integer("layout", 0, 9999))
    x, cells = c.width / 2, []
    for k, (x0, x1) in enumerate(splits(rng, -x, x, columns, 0.25)):
        middle = 0 < k < columns - 1 or columns == 2
        rows = splits(rng, c.rise, c.height, int(rng.integers(1, 4)), 0.25)
        if middle or rng.random() < 0.3:
            cells += [
                Cell(x0, x1, a, b, "open" if j or rng.random() < 0.6 else "drawer") for j, (a, b) in enumerate(rows)
            ]
        elif rng.random() < 0.6:
            cells.append(Cell(x0, x1, c.rise, c.height, "door_left" if k else "door_right"))
        else:
            cells += drawer_stack(x0, x1, rows)
    return finish(c, cells)


def _kitchen(d: Draw) -> Shape:
    c = Cabinet(d, (0.6, 2.0), (0.82, 0.92), (0.55, 0.65))
    c.support, c.rise, c.top_form = "plinth", d.uniform("kick", 0.08, 0.14), "flush"
    columns = max(1, round(c.width / d.uniform("module", 0.4, 0.6)))
    rng = np.random.default_rng(d.integer("layout", 0, 9999))
    x, cells = c.width / 2, []
    top_drawer = c.height - d.uniform("drawer_height", 0.14, 0.2)
    for k, (x0, x1) in enumerate(splits(rng, -x, x, columns, 0.0)):
        kind = rng.choice(["both", "door", "drawers", "open"], p=[0.45, 0.25, 0.22, 0.08])
        hinge = "door_right" if k % 2 else "door_left"
        if kind == "both":
            cells += [Cell(x0, x1, top_drawer, c.height, "drawer"), Cell(x0, x1, c.rise, top_drawer, hinge)]
        elif kind == "drawers":
            cells += drawer_stack(x0, x1, splits(rng, c.rise, c.height, 3, 0.0))
        else:
            cells.append(Cell(x0, x1, c.rise, c.height, hinge if kind == "door" else "open"))
    c.unit(cells, c.depth)
    c.stand(c.width, c.depth)
    counter = d.uniform("counter", 0.03, 0.06)
    slab = box((c.width + 0.03, counter, c.depth + 0.05), (0, c.height + counter / 2 - 0.005, 0.015))
    if d.flag("sink", 0.3):
        slab -= box((0.45, counter, 0.36), (0, c.height + 0.75 * counter, 0.02))
        c.shape.add(
            tube(
                [
                    (0, c.height, -0.2),
                    (0, c.height + 0.26, -0.2),
                    (0, c.height + 0.28, -0.12),
                    (0, c.height + 0.22, -0.05),
                ],
                0.013,
                8,
            ),
            "metal",
        )
    c.shape.add(slab, "stone")
    if d.flag("upper", 0.45):
        gap, tall, deep = d.uniform("upper_gap", 0.45, 0.6), d.uniform("upper_height", 0.5, 0.8), 0.35
        low = c.height + counter + gap
        edges = np.linspace(-x, x, columns + 1)
        kinds = ["open" if rng.random() < 0.2 else ("door_right" if k % 2 else "door_left") for k in range(columns)]
        upper = [
            Cell(float(a), float(b), low, low + tall, kind)
            for a, b, kind in zip(edges[:-1], edges[1:], kinds, strict=True)
        ]
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
    cells = drawer_stack(-c.width / 2, c.width / 2, even_splits(c.rise, c.height, rows))
    shape = finish(c, cells)
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
            cells += drawer_stack(-x, x, splits(np.random.default_rng(0), c.rise, split, 2, 0.0))
        else:
            cells += door_row(-x, x, c.rise, split, doors)
    else:
        split = c.rise
    edges = np.linspace(-x, x, doors + 1)
    cells += [Cell(float(a), float(b), split, c.height, "glass") for a, b in itertools.pairwise(edges)]
    return finish(c, cells, shelves=d.integer("glass_shelves", 2, 4))


def _nightstand(d: Draw) -> Shape:
    c = Cabinet(d, (0.38, 0.62), (0.45, 0.72), (0.34, 0.45))
    c.rise *= 1.4
    rows = d.integer("rows", 1, 3)
    opened = d.choice("open_part", {"none": 2.0, "lower": 1.5, "upper": 1.0})
    x = c.width / 2
    levels = np.linspace(c.rise, c.height, rows + 1)
    cells = drawer_stack(-x, x, [(float(a), float(b)) for a, b in itertools.pairwise(levels)])
    if rows > 1 and opened != "none":
        k = 0 if opened == "lower" else rows - 1
        cells[k] = Cell(-x, x, cells[k].y0, cells[k].y1, "open")
    if rows == 1 and d.flag("door", 0.4):
        cells = door_row(-x, x, c.rise, c.height, 1)
    shape = finish(c, cells)
    if c.support == "legs" and c.leg_form in ("block", "tapered") and d.flag("low_shelf", 0.4):
        shape.add(
            box((c.width - 0.5 * c.leg_size, 0.022, c.depth - 0.5 * c.leg_size), (0, 0.4 * c.rise + 0.01, 0)),
            c.material,
        )
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
    cells = [Cell(float(a), float(b), row, c.height, "drawer") for a, b in itertools.pairwise(edges)]
    cells += door_row(-x, x, c.rise, row, columns)
    c.unit(cells, c.depth)
    c.stand(c.width, c.depth)
    c.shape.add(
        box((c.width + 2 * c.overhang, 0.035, c.depth + c.overhang), (0, c.height + 0.01, c.overhang / 2)), c.material
    )
    deep, tall = d.uniform("upper_depth", 0.2, 0.34), d.uniform("upper_height", 0.7, 1.15)
    low = c.height + 0.02
    rows = d.integer("upper_rows", 2, 4)
    glazed = d.flag("glazed", 0.35)
    upper: list[Cell] = []
    for j, (y0, y1) in enumerate(splits(rng, low, low + tall, rows, 0.15)):
        upper += [
            Cell(float(a), float(b), y0, y1, "glass" if glazed and j else "open") for a, b in itertools.pairwise(edges)
        ]
    if d.flag("wide_shelves", 0.5):
        upper = [Cell(-x, x, y0, y1, "open") for y0, y1 in splits(rng, low, low + tall, rows, 0.15)]
    offset = (deep - c.depth) / 2
    c.unit(upper, deep, offset)
    start = len(c.shape.parts)
    c.crown(c.width, deep, low + tall)
    for k in range(start, len(c.shape.parts)):
        part = c.shape.parts[k]
        c.shape.parts[k] = type(part)(part.solid.translate((0, 0, offset)), part.material)
    return c.shape


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
            cells += (
                drawer_stack(x0, x0 + pitch, [(y0, y0 + pitch / 2), (y0 + pitch / 2, y0 + pitch)])
                if kind == "drawer"
                else [Cell(x0, x0 + pitch, y0, y0 + pitch, kind)]
            )
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


_BUILDERS: dict[str, Callable[[Draw], Shape]] = {
    "chest": _chest,
    "wardrobe": _wardrobe,
    "bookcase": _bookcase,
    "sideboard": _sideboard,
    "tv_stand": _tv_stand,
    "kitchen": _kitchen,
    "filing": _filing,
    "vitrine": _vitrine,
    "corner": corner,
    "nightstand": _nightstand,
    "hutch": _hutch,
    "locker": locker,
    "cubes": _cubes,
    "rack": rack,
    "bow_front": bow_front,
    "wall_unit": wall_unit,
}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random cabinet, of the structural type ``kind`` if given; y is up and the doors face +z.

    Raises:
        ValueError: ``kind`` is not one of ``TYPES``.
    """
    draw = Draw(rng)
    draw.params["type"] = draw_kind(rng, TYPES, kind)
    return _BUILDERS[draw.params["type"]](draw)
