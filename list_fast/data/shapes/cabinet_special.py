# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Corner units, lockers, racks, bow-fronted chests and wall units."""

from __future__ import annotations

import itertools

import numpy as np

from list_fast.data.shapes.cabinet_parts import Cabinet, Cell, door_row, finish, splits
from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import handle
from list_fast.data.shapes.parts import Shape, bar, box, extrude, union


def corner(d: Draw) -> Shape:
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
    for k, (a, b) in enumerate(itertools.pairwise(edges)):
        if opened and (k > 0 or not shut):
            inner = extrude(plan(-t), float(b - a) - t, "y", float(a + b) / 2)
            body -= union([inner, box((face - 2 * t, float(b - a) - t, 0.3), (0, float(a + b) / 2, z1))])
        else:
            for leaf in door_row(-x, x, float(a), float(b), 2 if face > 0.62 else 1):
                middle, opening = leaf.middle, (leaf.size[0] - t, leaf.size[1] - t)
                for cut in c.leaf(leaf, middle, opening, z1):
                    body -= cut
    c.shape.add(body, c.material)
    if c.rise:
        c.shape.add(extrude(plan(-0.03), c.rise + 0.01, "y", (c.rise + 0.01) / 2), c.material)
    if c.top_form != "flush":
        c.shape.add(extrude(plan(0.02), 0.03, "y", y1 + 0.01), c.material)
    return c.shape


def locker(d: Draw) -> Shape:
    c = Cabinet(d, (0.35, 1.4), (1.6, 2.0), (0.4, 0.55))
    c.material, c.front, c.front_form = (
        d.choice("steel", ("metal", "paint")),
        "same",
        d.choice("locker_front", ("proud", "groove")),
    )
    c.handle, c.handle_size = "plate", 0.12
    columns, rows = max(1, round(c.width / 0.36)), d.integer("rows", 1, 4)
    c.rise = min(c.rise, 0.15)
    x, cells = c.width / 2, []
    ys = np.linspace(c.rise, c.height, rows + 1)
    for a, b in itertools.pairwise(ys):
        cells += [Cell(v.x0, v.x1, v.y0, v.y1, "door_left") for v in door_row(-x, x, float(a), float(b), columns)]
    shape = finish(c, cells)
    face = c.depth / 2 + (c.panel if c.front_form == "proud" else 0.0)
    vents = d.integer("vents", 2, 5)
    for cell in cells:
        for k in range(vents):
            y = cell.y1 - 0.06 - 0.03 * k
            shape.add(box((0.45 * cell.size[0], 0.016, 0.03), (cell.middle[0], y, face - 0.003)), c.material)
    return shape


def rack(d: Draw) -> Shape:
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
        c.shape.add(
            bar((side * (x - post / 2), 0, -z + post / 2), (side * (x - post / 2), c.height, -z + post / 2), post),
            frame,
        )
        c.shape.add(
            bar(
                (side * (x - post / 2), 0, z - post / 2), (side * (x - post / 2), c.height, z - post / 2 - slant), post
            ),
            frame,
        )
        if d.flag(f"side_bars_{'left' if side < 0 else 'right'}", 0.4):
            for y in heights:
                cut = slant * float(y) / c.height
                c.shape.add(
                    box(
                        (0.7 * post, 0.7 * post, c.depth - post - cut),
                        (side * (x - post / 2), float(y) - 0.5 * c.board, -cut / 2),
                    ),
                    frame,
                )
    if d.flag("cross", 0.35) and form != "sides":
        rod = max(0.011, 0.008 * c.height)
        for a, b in ((heights[0], heights[-1]), (heights[-1], heights[0])):
            c.shape.add(
                bar((-x + post / 2, float(a), -z + post / 2), (x - post / 2, float(b), -z + post / 2), rod), frame
            )
    return c.shape


def bow_front(d: Draw) -> Shape:
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
    for a, b in itertools.pairwise(edges):
        slab = box(
            (c.width - 4 * c.gap - 0.04, float(b - a) - 2.5 * c.gap, swell + 0.2),
            (0, float(a + b) / 2, z + swell / 2 + 0.06),
        )
        c.shape.add(skin ^ slab, c.facing)
        if c.handle != "none":
            for x in (-0.45 * half, 0.45 * half):
                face = z + c.panel + swell * float(np.interp(x / half, t, wave))
                c.shape.add(
                    handle(c.handle, x, float(a + b) / 2, face - 0.006, min(c.handle_size, 0.12), c.rod, False), "metal"
                )
    c.stand(c.width, c.depth)
    c.shape.add(
        extrude(plan(c.overhang), 0.03, "y", c.height + 0.01), c.material if d.flag("wood_top", 0.6) else "stone"
    )
    return c.shape


def wall_unit(d: Draw) -> Shape:
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
        for y0, y1 in splits(rng, c.rise, c.height, rows, 0.3):
            kind = str(rng.choice(["open", "door_left", "drawer"], p=[0.5, 0.35, 0.15]))
            cells.append(Cell(x0, x1, y0, y1, kind))
        c.unit(cells, c.depth)
    right = inner if twin else x
    cells = []
    for x0, x1 in splits(rng, -inner, right, columns, 0.2):
        kind = str(rng.choice(["open", "drawer", "door_left"]))
        levels = splits(rng, c.rise, low, int(rng.integers(1, 3)), 0.0)
        cells += [Cell(x0, x1, a, b, kind) for a, b in levels]
    c.unit(cells, c.depth)
    c.stand(c.width, c.depth)
    if twin and d.flag("bridge", 0.6):
        y = c.height - d.uniform("bridge_drop", 0.02, 0.4)
        c.shape.add(box((2 * inner + 0.02, c.board, 0.7 * c.depth), (0, y - c.board, -0.15 * c.depth)), c.material)
    if d.flag("back_panel", 0.4):
        c.shape.add(
            box(
                (inner + right + 0.02, c.height - low, c.board),
                ((right - inner) / 2, (c.height + low) / 2 - 0.02, -c.depth / 2 + c.board / 2),
            ),
            c.material,
        )
    return c.shape
