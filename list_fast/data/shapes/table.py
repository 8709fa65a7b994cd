# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Tables: dining, pedestal, trestle, desks, coffee, console, folding, drafting, picnic, nested and glass ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, rounded_box, smooth_curve, turned
from list_fast.data.shapes.sweeps import sweep
from list_fast.data.shapes.table_frame import LEG_STYLES, Table
from list_fast.data.shapes.table_special import designer, games, nest
from list_fast.data.shapes.table_work import console, desk, folding, picnic, trestle


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


_TYPES: dict[str, tuple[float, Callable[[Shape, Draw], None]]] = {
    "four_legs": (3.5, _four_legs),
    "coffee": (1.6, _coffee),
    "block": (0.6, _block),
    "pedestal": (1.8, _pedestal),
    "trestle": (1.8, trestle),
    "desk": (1.8, desk),
    "console": (1.2, console),
    "folding": (0.7, folding),
    "picnic": (0.3, picnic),
    "nest": (0.4, nest),
    "designer": (0.9, designer),
    "games": (0.4, games),
}


def make(rng: np.random.Generator) -> Shape:
    """A random table, its long side along x and its front facing +z; y is up and the floor is y = 0."""
    d = Draw(rng)
    kind = d.choice("type", {name: weight for name, (weight, _) in _TYPES.items()})
    shape = Shape(params=d.params)
    _TYPES[kind][1](shape, d)
    return shape
