# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Nested tables, tables of one sculptural idea, billiard tables, work benches and drafting tables."""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import leg
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, smooth_curve, union
from list_fast.data.shapes.sweeps import arc, sweep, thicken
from list_fast.data.shapes.table_frame import Table


def nest(shape: Shape, d: Draw) -> None:
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


def designer(shape: Shape, d: Draw) -> None:
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
            blade = [out * reach, out * 0.25 * reach + (0, 0.45 * h, 0), out * 0.95 * reach + (0, h, 0)]
            t.add(
                sweep(
                    smooth_curve(np.array(blade), 7),
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
                [
                    -out + (0, r / 2, 0),
                    out + np.array((0, r / 2, 0)),
                    out + np.array((0, h - r / 2, 0)),
                    -out + (0, h - r / 2, 0),
                ]
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
            t.add(cylinder(foot, head + np.array((0, h, 0)), 0.5 * r, 0.65 * r, 14))
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


def games(shape: Shape, d: Draw) -> None:
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
