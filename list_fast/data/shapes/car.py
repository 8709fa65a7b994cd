# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Cars: production bodies from sedans to vans, convertibles, pre-war cars, racing cars and jeeps.

In metres; the ground is y = 0 and the nose points to +z.
"""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.car_body import (
    add_wheels,
    axles,
    body_solid,
    cabin_at,
    cabin_solid,
    wheel_arches,
    window_cuts,
    without_slivers,
)
from list_fast.data.shapes.car_special import classic, jeep, racing
from list_fast.data.shapes.car_styles import COMMON, STYLES
from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    ellipsoid,
    extrude,
    grow,
    rounded_box,
    superellipse,
    tube,
    union,
)

_WEIGHTS = {
    "sedan": 5, "boxy": 3, "limousine": 2, "round": 2, "hatchback": 3, "wagon": 2, "suv": 4, "pickup": 2, "van": 2,
    "minivan": 1, "coupe": 3, "sports": 5, "convertible": 3, "classic": 3, "racing": 2, "jeep": 2,
}  # fmt: skip
TYPES = tuple(_WEIGHTS)
_SPECIAL = {"classic": classic, "racing": racing, "jeep": jeep}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random car; ``kind`` (one of ``TYPES``) fixes the structural type that is otherwise drawn."""
    kind = draw_kind(rng, _WEIGHTS, kind)
    draw = Draw(rng, kind)
    return _SPECIAL[kind](draw) if kind in _SPECIAL else _production(draw, kind)


def _production(draw: Draw, kind: str) -> Shape:
    """A car with an all-round body: the styles of ``car_styles``."""
    p = draw.params
    style = dict(STYLES[kind])
    if kind == "limousine" and draw.flag("boxy", 0.5):
        style = {**STYLES["boxy"], **style}
    for key, common in COMMON.items():
        draw(key, *style.get(key, common))
    draw.integer("spokes", 4, 10)
    if draw.flag("plain_wheels", 0.7 if kind == "round" else 0.15):
        p["spokes"] = 0
    windows = {
        "coupe": (1, 1),
        "sports": (1, 1),
        "convertible": (1, 1),
        "pickup": (1, 2),
        "round": (1, 2),
        "limousine": (4, 6),
    }
    draw.integer("side_windows", *windows.get(kind, (2, 3)))
    p["panel_sides"] = draw("panel", 0.7, 1.1) if kind == "van" and draw.flag("delivery", 0.5) else 0.0

    shape = Shape(params=p)
    arches, body = wheel_arches(p), body_solid(p)
    shell = body - arches
    if kind == "pickup":
        bed = (p["width"] - 0.26, 0.6, p["back"] - 0.16)
        wells = [
            box((p["tyre"] + 0.2, 1.36 * r, 2.5 * r), (p["width"] / 2 - 0.2 - p["tyre"] / 2, 1.68 * r, z))
            for z, r in axles(p)[1:]
        ]
        shell = shell - box(bed, (0, p["deck"] - 0.15, -p["length"] / 2 + p["back"] / 2 - 0.02))
        shell = (shell + wells[0] + wells[0].mirror((1, 0, 0))) - arches
    if kind == "round":
        for z, r in axles(p):
            pod = ellipsoid((0.26, 1.15 * r, 2.3 * r), (p["width"] / 2 - 0.14, r * 1.15, z), 24)
            shell = shell + (pod + pod.mirror((1, 0, 0))).trim_by_plane((0, 1, 0), r * 0.75)
        shell = shell - arches
    if kind == "convertible" and not draw.flag("roof_up", 0.25):
        _open_cabin(shape, draw, shell)
    else:
        roof = "fabric" if p.get("roof_up") else "paint"
        cuts = window_cuts(p)
        shape.add(shell, "paint")
        shape.add(without_slivers(cabin_solid(p) - union(list(cuts)) - arches), roof)
        shape.add(cabin_solid(p, 0.022) - arches, "glass")
    add_wheels(shape, p)
    _add_fittings(shape, draw, body, arches)
    _add_extras(shape, draw, kind)
    return shape


def _open_cabin(shape: Shape, draw: Draw, shell: Manifold) -> None:
    """An open car's cockpit: a cavity with seats and a steering wheel behind a framed windshield."""
    p = draw.params
    front, rear, half, belt = cabin_at(p, 0.0)
    front -= 0.22
    seats = draw.number("seat_rows", 1, 2)
    rear = max(rear, front - (1.25 if seats == 1 else 1.9))
    floor = p["clearance"] + 0.22
    inner = half - 0.08
    cavity = rounded_box((2 * inner, 1.2, front - rear), (0, floor + 0.6, (front + rear) / 2), 0.12, 12)
    shape.add(shell - cavity, "paint")
    outer = cabin_solid(p)
    screen = outer - outer.translate((0, 0, -0.075))
    top = cabin_at(p, 0.93)
    # the shell thins out towards its sides
    screen = screen ^ box((1.92 * top[2], top[3], 1.4), (0, top[3] / 2, top[0] - 0.25 + 0.7))
    pane = window_cuts(p)[1]
    shape.add(without_slivers(screen - pane), str(draw.choice("frame", ["paint", "metal"])))
    shape.add(
        without_slivers((outer.translate((0, 0, -0.012)) - outer.translate((0, 0, -0.06))) ^ screen ^ pane), "glass"
    )
    wide = inner * 0.82
    for row in range(seats):
        z = front - 0.75 - 0.8 * row
        for solid in (
            rounded_box((wide, 0.3, 0.5), (inner / 2, floor + 0.12, z), 0.06, 12),
            rounded_box((wide, 0.72, 0.16), (0, 0, 0), 0.07, 12)
            .rotate((-14, 0, 0))
            .translate((inner / 2, floor + 0.45, z - 0.25)),
            rounded_box((wide * 0.5, 0.2, 0.1), (inner / 2, floor + 0.86, z - 0.33), 0.05, 12),
        ):
            shape.add_mirrored(solid, "leather")
    ring = [(0.17 * np.cos(a), 0.17 * np.sin(a), 0) for a in np.linspace(0, 2 * np.pi, 13)]
    column = (
        tube(ring, 0.022, 8)
        + cylinder((0, 0, 0.02), (0, -0.05, 0.5), 0.025, None, 8)
        + bar((-0.17, 0, 0), (0.17, 0, 0), 0.045)
    )
    shape.add(column.rotate((20, 0, 0)).translate((inner / 2, belt - 0.02, front - 0.22)), "plastic")
    if draw.flag("folded_roof", 0.4) and seats == 2:
        shape.add(rounded_box((2 * inner, 0.2, 0.3), (0, belt + 0.02, rear + 0.02), 0.08, 12), "fabric")


def _add_fittings(shape: Shape, draw: Draw, body: Manifold, arches: Manifold) -> None:
    """Lamps, grille, bumpers and mirrors, which lie on the body's surface."""
    p = draw.params
    half, end = p["width"] / 2, p["length"] / 2
    skin = grow(body, (0.012, 0.012, 0.015))
    nose, tail = skin ^ box((4, 4, 0.9), (0, 1, end - 0.3)), skin ^ box((4, 4, 0.6), (0, 1, -end + 0.2))
    y = p["nose"] - p["nose_drop"] - draw("lamp_drop", 0.05, 0.13)
    w, h = draw("lamp_width", 0.10, 0.22), draw("lamp_height", 0.05, 0.11)
    lamps = draw.choice("lamps", {"oval": 3.0, "round": 1.5, "twin": 1.0})
    x = half * p["nose_face"] - w * 0.9
    if lamps == "oval":
        outlines = [np.add(superellipse(w, h, draw("lamp_edge", 2, 6), 20), (x, y))]
    else:
        r = 0.09 if lamps == "round" else 0.075
        outlines = [np.add(superellipse(r, r, 2, 20), (x - 0.18 * i, y)) for i in range(1 if lamps == "round" else 2)]
    for outline in outlines:
        shape.add_mirrored(extrude(outline, 1.2, "z", end - 0.4) ^ nose, "light")
    w, h = draw("grille_width", 0.2, 0.5), draw("grille_height", 0.05, 0.14)
    chrome = str(draw.choice("grille", ["plastic", "metal"]))
    shape.add(extrude(np.add(superellipse(w, h, 6, 20), (0, y - 0.04)), 0.6, "z", end - 0.1) ^ nose, chrome)
    if draw.flag("intake", 0.4):
        w = draw("intake_width", 0.3, 0.65)
        shape.add(
            extrude(np.add(superellipse(w, 0.06, 5, 20), (0, p["clearance"] + 0.15)), 0.6, "z", end - 0.1) ^ nose,
            "plastic",
        )
    y = p["deck"] - p["tail_drop"] - draw("tail_lamp_drop", 0.1, 0.25)
    w, h = draw("tail_lamp_width", 0.08, 0.25), draw("tail_lamp_height", 0.05, 0.14)
    outline = superellipse(w, h, draw("tail_lamp_edge", 2, 8), 20)
    outline = np.add(outline, (half * p["tail_face"] - w * 0.9, y))
    shape.add_mirrored(extrude(outline, 0.8, "z", -end + 0.2) ^ tail, "light")
    middle, high = p["clearance"] + draw("bumper_y", 0.18, 0.3), draw("bumper", 0.08, 0.2)
    wrap = grow(body, (0.03, 0.0, draw("bumper_out", 0.02, 0.09))) ^ box((4, high, p["length"] * 2), (0, middle, 0))
    wrap = wrap - box((4, 4, 2 * end - 0.8 - 0.7), (0, 1, -0.05)) - arches
    shape.add(wrap, str(draw.choice("bumpers", ["paint", "paint", "plastic", "metal"])))
    front, _, h0, y0 = cabin_at(p, 0.15)
    z = front - (0.12 if p["type"] == "convertible" else 0.3)
    mirror = ellipsoid((0.1, 0.07, 0.055), (half + 0.04, y0 + 0.06, z), 12)
    arm = bar((h0 - 0.3, y0 - 0.08, z), (half + 0.04, y0 + 0.05, z), 0.05)
    if draw.flag("mirrors", 0.85):
        shape.add_mirrored(mirror + arm, "paint")


def _add_extras(shape: Shape, draw: Draw, kind: str) -> None:
    """What only some cars have: spoiler, roof rack, roof lamps, arch lips, exhausts, hood scoop, spare wheel."""
    p = draw.params
    end, half = p["length"] / 2, p["width"] / 2
    _, rear, h1, y1 = cabin_at(p, 1.0)
    front = cabin_at(p, 1.0)[0]
    roof = y1 + p["crown"] * 0.8
    low = kind in ("sports", "coupe", "convertible", "sedan")
    if draw.flag("spoiler", {"sports": 0.45, "coupe": 0.25, "sedan": 0.08, "hatchback": 0.4}.get(kind, 0.0)):
        if kind == "hatchback":
            shape.add(rounded_box((1.75 * h1, 0.05, 0.4), (0, y1 + 0.3 * p["crown"], rear + 0.08), 0.02, 8), "paint")
        else:
            lift = draw("spoiler_height", 0.06, 0.28)
            y, z = p["deck"] + lift, -end + draw("spoiler_at", 0.12, 0.25)
            shape.add(rounded_box((1.7 * half, 0.05, 0.26), (0, y, z), 0.02, 8), "paint")
            shape.add_mirrored(bar((half * 0.6, p["deck"] - 0.12, z + 0.03), (half * 0.6, y, z), 0.07), "paint")
    if kind in ("suv", "wagon") and draw.flag("rack", 0.5):
        rail = [
            (h1 * 0.8, y1 + 0.02, rear + 0.25),
            (h1 * 0.8, roof + 0.07, rear + 0.35),
            (h1 * 0.8, roof + 0.07, front - 0.4),
            (h1 * 0.8, y1 + 0.02, front - 0.3),
        ]
        shape.add_mirrored(tube(rail, 0.025, 8), "metal")
    if kind in ("sedan", "boxy", "suv", "minivan") and draw.flag("roof_lamps", 0.12):
        wide = draw("roof_lamp_width", 0.3, 1.2)
        shape.add(rounded_box((wide, 0.2, 0.22), (0, roof + 0.08, (front + rear) / 2 + 0.2), 0.04, 8), "light")
    if kind in ("suv", "pickup") and draw.flag("arch_lips", 0.5):
        for z, r in axles(p):
            lip = cylinder((half - 0.12, r, z), (half + 0.035, r, z), r * 1.3, None, 32)
            lip = (lip - cylinder((0, r, z), (half + 1, r, z), r * 1.12, None, 32)).trim_by_plane((0, 1, 0), r * 0.9)
            shape.add_mirrored(lip, "plastic")
    if kind in ("suv", "pickup") and draw.flag("steps", 0.3):
        span = axles(p)[0][0] - axles(p)[1][0] - 2.4 * p["wheel"]
        shape.add_mirrored(
            box((0.2, 0.05, span), (half - 0.02, p["clearance"] + 0.04, -0.02 + sum(z for z, _ in axles(p)) / 2)),
            "plastic",
        )
    if low and draw.flag("exhausts", 0.5):
        pipe = cylinder(
            (half * 0.5, p["clearance"] + 0.16, -end + 0.6),
            (half * 0.5, p["clearance"] + 0.13, -end - 0.04),
            0.04,
            None,
            12,
        )
        shape.add_mirrored(pipe, "metal")
    if kind in ("coupe", "boxy") and draw.flag("scoop", 0.2):
        shape.add(rounded_box((0.5, 0.16, 0.6), (0, p["cowl_height"] - 0.05, end - p["cowl"] * 0.6), 0.05, 8), "paint")
    if kind == "suv" and draw.flag("spare_wheel", 0.2):
        r = p["wheel"]
        shape.add(
            cylinder((0, p["deck"] - 0.15, -end + 0.15), (0, p["deck"] - 0.15, -end - 0.16), r, 0.96 * r, 24), "rubber"
        )
    if draw.flag("handles", 0.6) and kind != "sports":
        z = cabin_at(p, 0.0)[0] - 1.0
        shape.add_mirrored(box((0.22, 0.04, 0.16), (half * (1 - 0.3 * p["lean"]) - 0.1, p["deck"] - 0.2, z)), "metal")
