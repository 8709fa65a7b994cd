# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Tables to work at: trestles, desks, consoles, folding and picnic tables."""

from __future__ import annotations

import numpy as np

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import handle, leg
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, extrude, rounded_box, smooth_curve
from list_fast.data.shapes.sweeps import sweep
from list_fast.data.shapes.table_frame import Table


def trestle(shape: Shape, d: Draw) -> None:
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


def desk(shape: Shape, d: Draw) -> None:
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


def console(shape: Shape, d: Draw) -> None:
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


def folding(shape: Shape, d: Draw) -> None:
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


def picnic(shape: Shape, d: Draw) -> None:
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
