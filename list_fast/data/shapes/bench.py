# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Benches: park, plank, garden, upholstered, scrolled, picnic, stone, storage, pew, curved and metal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.bench_outdoor import curved, garden, park, picnic, stone, tubular
from list_fast.data.shapes.bench_parts import Bench
from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.fittings import cushion, four_legs, leg
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    extrude,
    fill_cavities,
    rounded_box,
    smooth_curve,
    strip,
    superellipsoid,
    tube,
    union,
)

TYPES = {
    "park": 4.0,
    "garden": 2.0,
    "plank": 2.5,
    "slatted": 1.5,
    "upholstered": 2.0,
    "scrolled": 2.0,
    "picnic": 1.0,
    "stone": 1.2,
    "storage": 1.0,
    "pew": 1.2,
    "curved": 0.8,
    "tubular": 1.2,
    "cube_frame": 0.8,
}


def _plank(s: Bench, d: Draw) -> None:
    """Backless plank on panels, legs, trestles or a block."""
    form = d.choice(
        "plank_support", {"legs": 3.0, "panels": 2.0, "trestle": 1.5, "loops": 1.5, "stretched": 1.0, "waterfall": 1.0}
    )
    s.depth *= d.uniform("narrow", 0.65, 1.0)
    half, z = s.length / 2, s.depth / 2
    under = s.seat - s.top
    if form == "waterfall":
        s.shape.add(
            extrude(strip([(-half, 0), (-half, s.seat), (half, s.seat), (half, 0)], s.top), s.depth, "z"), s.board
        )
        if d.flag("shelf", 0.4):
            s.shape.add(box((s.length, 0.03, 0.85 * s.depth), (0, 0.4 * s.seat, 0)), s.board)
        return
    edge = d.choice("plank_edge", ("square", "round", "oval", "split"))
    if edge == "square":
        s.shape.add(box((s.length, s.top, s.depth), (0, s.seat - s.top / 2, 0)), s.board)
    elif edge == "round":
        s.shape.add(rounded_box((s.length, s.top, s.depth), (0, s.seat - s.top / 2, 0), 0.45 * s.top, 10), s.board)
    elif edge == "oval":
        s.shape.add(superellipsoid((half, s.top / 2, z), (0, s.seat - s.top / 2, 0), 6.0, 5.0, 40), s.board)
    else:
        for side in (-1, 1):
            s.shape.add(box((s.length, s.top, 0.46 * s.depth), (0, s.seat - s.top / 2, side * 0.27 * s.depth)), s.board)
    inset = d.uniform("leg_inset", 0.04, 0.25)
    if edge == "split":
        for x in (-half + inset, 0.0, half - inset):
            s.shape.add(box((0.05, 0.04, 0.95 * s.depth), (x, under, 0)), s.board)
    wood = s.frame if s.frame != "stone" else "wood"
    xs = (-half + inset, half - inset)
    if form == "legs":
        four_legs(s.shape, s.leg_form, xs[1] - xs[0], 2 * z - 0.11, under, s.leg_size, 0.6 * s.top, wood)
        if d.flag("apron", 0.4):
            s.shape.add(box((xs[1] - xs[0], 0.06, 0.025), (0, under - 0.02, z - 0.06)), s.board)
            s.shape.add(box((xs[1] - xs[0], 0.06, 0.025), (0, under - 0.02, 0.06 - z)), s.board)
    elif form in ("panels", "stretched"):
        thick, arched = d.uniform("panel_thickness", 0.03, 0.09), d.flag("panel_arch", 0.4)
        for x in xs:
            if arched:
                foot = [
                    (-0.9 * z, 0),
                    (-0.45 * z, 0),
                    (0, 0.2),
                    (0.45 * z, 0),
                    (0.9 * z, 0),
                    (0.8 * z, under + 0.01),
                    (-0.8 * z, under + 0.01),
                ]
                s.shape.add(extrude(foot, thick, "x", x), s.board)
            else:
                s.shape.add(box((thick, under + 0.01, 1.7 * z), (x, (under + 0.01) / 2, 0)), s.board)
        if form == "stretched":
            s.shape.add(box((xs[1] - xs[0] + 0.12, 0.09, 0.035), (0, 0.45 * under, 0)), s.board)
    elif form == "trestle":
        for x in xs:
            for side in (-1, 1):
                s.shape.add(bar((x, 0, side * 0.95 * z), (x, under + 0.01, -side * 0.4 * z), 0.05), s.board)
            s.shape.add(box((0.06, 0.05, 1.6 * z), (x, under - 0.015, 0)), s.board)
        s.shape.add(box((xs[1] - xs[0], 0.06, 0.04), (0, 0.62 * under, 0)), s.board)
    else:
        rod = d.uniform("loop_size", 0.02, 0.04)
        for x in xs:
            loop = box((rod, under + 0.01, 1.8 * z), (x, (under + 0.01) / 2, 0)) - box(
                (3 * rod, under - 2 * rod, 1.8 * z - 2 * rod), (x, under / 2, 0)
            )
            s.shape.add(loop, "metal")


def _slatted(s: Bench, d: Draw) -> None:
    """Backless row of slats along or across the seat."""
    across = d.flag("slats_across", 0.4)
    under = s.seat - s.slat
    half, z = s.length / 2, s.depth / 2
    if across:
        count = d.integer("cross_slats", 12, 26)
        step = s.length / count
        for k in range(count):
            s.shape.add(
                box(((1 - s.gap) * step, s.slat, s.depth), ((k + 0.5) * step - half, s.seat - s.slat / 2, 0)), s.board
            )
        for side in (-1, 1):
            s.shape.add(box((s.length, 0.05, 0.035), (0, under - 0.015, side * 0.7 * z)), s.board)
    else:
        s.planks(s.slats, (z, s.seat - s.slat / 2), (-z, s.seat - s.slat / 2), s.length, s.slat)
    inset = d.uniform("leg_inset", 0.08, 0.3)
    form = d.choice("base_form", ("legs", "loops", "posts", "panels"))
    for x in (-half + inset, half - inset):
        s.shape.add(box((0.05, 0.045, 2 * z - 0.03), (x, under - 0.012, 0)), s.frame)
        if form == "legs":
            for side in (-1, 1):
                s.shape.add(leg(s.leg_form, x, side * (z - 0.06), under, s.leg_size, 0.002), s.frame)
        elif form == "loops":
            s.shape.add(
                tube(
                    [(x, under, -z + 0.05), (x, 0.016, -z + 0.05), (x, 0.016, z - 0.05), (x, under, z - 0.05)], 0.016, 8
                ),
                "metal",
            )
        elif form == "posts":
            s.shape.add(cylinder((x, 0, 0), (x, under, 0), 0.05, segments=20), s.frame)
            s.shape.add(box((0.22, 0.02, 0.22), (x, 0.01, 0)), s.frame)
        else:
            s.shape.add(box((0.07, under, 1.7 * z), (x, under / 2, 0)), s.frame)


def _upholstered(s: Bench, d: Draw) -> None:
    """Padded seat on legs, with or without a padded back."""
    s.length = d.uniform("padded_length", 0.9, 1.5)
    pad = d.uniform("pad_thickness", 0.09, 0.2)
    soft = d.uniform("softness", 0.0, 0.8)
    half, z = s.length / 2, s.depth / 2
    rise = s.seat - pad
    s.shape.add(cushion((s.length, pad, s.depth), (0, s.seat - pad / 2, 0), 0.6 * soft), s.cloth)
    apron = d.flag("apron", 0.5)
    if apron:
        s.shape.add(box((s.length - 0.05, 0.06, s.depth - 0.05), (0, rise - 0.01, 0)), "wood")
    frame = rise - (0.03 if apron else 0.0)
    form = d.choice("base_form", {"legs": 3.0, "crossed": 1.0, "plinth": 0.8})
    if form == "legs":
        four_legs(
            s.shape,
            s.leg_form,
            s.length - 0.17 - soft * 0.06,
            s.depth - 0.15 - soft * 0.04,
            frame,
            s.leg_size,
            0.05,
            "wood" if s.frame == "stone" else s.frame,
        )
    elif form == "crossed":
        rod = 0.016
        for x in (-half + 0.18, half - 0.18):
            for side in (-1, 1):
                s.shape.add(
                    cylinder((x, rod, side * 0.85 * z), (x, frame + 0.05, -side * 0.8 * z), rod, segments=10), "metal"
                )
        s.shape.add(
            cylinder((-half + 0.18, 0.52 * frame, 0), (half - 0.18, 0.52 * frame, 0), rod, segments=10), "metal"
        )
    else:
        s.shape.add(box((s.length - 0.1, frame + 0.04, s.depth - 0.08), (0, (frame + 0.04) / 2, 0)), "wood")
    if d.flag("tufted", 0.4):
        spots = [
            (x, s.seat + 0.003, w) for x in np.linspace(-0.8, 0.8, 6) * half for w in np.linspace(-0.6, 0.6, 3) * z
        ]
        s.shape.add(union([Manifold.sphere(0.016, 8).translate((x, y - 0.008, w)) for x, y, w in spots]), s.cloth)
    if d.flag("padded_back", 0.35):
        crown = d.uniform("crown", 0.0, 0.15)
        across = np.linspace(-half, half, 21)
        crest = np.stack([across, s.seat + s.back_rise + crown * (np.cos(np.pi * across / s.length) ** 2 - 0.5)], 1)
        panel = extrude([(-half, rise), (half, rise), *crest[::-1]], 0.08, "z")
        shear = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, -0.5 * s.lean, 1, -z + 0.02 + 0.5 * s.lean * s.seat]], float)
        s.shape.add(panel.transform(shear), s.cloth)


def _scrolled(s: Bench, d: Draw) -> None:
    """Window bench: a padded seat between rolled ends, on turned legs."""
    s.length = d.uniform("window_length", 1.0, 1.5)
    pad, rise = d.uniform("pad_thickness", 0.09, 0.16), d.uniform("end_rise", 0.14, 0.32)
    roll, wall = d.uniform("roll_radius", 0.05, 0.1), d.uniform("end_thickness", 0.05, 0.09)
    flare = d.uniform("flare", 0.0, 0.12)
    half, under = s.length / 2, s.seat - pad
    s.shape.add(cushion((s.length, pad, s.depth), (0, s.seat - pad / 2, 0), d.uniform("softness", 0.0, 0.5)), s.cloth)
    s.shape.add(
        box((s.length - 0.02, 0.07, s.depth - 0.02), (0, under + 0.01, 0)),
        s.cloth if d.flag("covered_rail", 0.6) else "wood",
    )
    crest = s.seat + rise
    for side in (-1, 1):
        path = smooth_curve(
            [(half - 0.02, under + 0.0), (half + 0.2 * flare, s.seat + 0.3 * rise), (half + flare, crest - roll)], 4
        )
        panel = extrude(strip(path, wall), s.depth, "z")
        knot = cylinder(
            (half + flare + 0.3 * roll, crest - roll, -s.depth / 2 - 0.008),
            (half + flare + 0.3 * roll, crest - roll, s.depth / 2 + 0.008),
            roll,
            segments=24,
        )
        end = union([panel, knot])
        s.shape.add(end if side > 0 else end.mirror((1, 0, 0)), s.cloth)
        if d.flag(f"rosette_{'left' if side < 0 else 'right'}", 0.5):
            for z in (-1, 1):
                x = side * (half + flare + 0.3 * roll)
                s.shape.add(
                    cylinder(
                        (x, crest - roll, z * s.depth / 2),
                        (x, crest - roll, z * (s.depth / 2 + 0.025)),
                        0.4 * roll,
                        segments=16,
                    ),
                    "wood",
                )
    if d.flag("low_back", 0.25):
        s.shape.add(
            rounded_box((s.length, rise + pad, 0.07), (0, s.seat + rise / 2 - pad / 2, -s.depth / 2 + 0.04), 0.03, 10),
            s.cloth,
        )
    form = d.choice("window_legs", {"turned": 2.0, "tapered": 1.5, "cabriole": 1.0, "round": 1.0, "bun": 0.5})
    height = under * (0.5 if form == "bun" else 1.0)
    if form == "bun":
        s.shape.add(
            box((s.length - 0.06, under - height + 0.04, s.depth - 0.04), (0, (under + height) / 2, 0)), s.cloth
        )
    four_legs(
        s.shape,
        form,
        s.length - 0.12,
        s.depth - 0.12,
        height,
        s.leg_size,
        0.03,
        "wood" if s.frame == "stone" else s.frame,
    )


def _storage(s: Bench, d: Draw) -> None:
    """Chest bench with a lid or open cubbies, with or without back and arms."""
    half, z = s.length / 2, s.depth / 2
    rise = d.uniform("kick", 0.03, 0.12)
    lid = d.uniform("lid", 0.02, 0.05)
    body = box((s.length, s.seat - lid - rise, s.depth), (0, (s.seat - lid + rise) / 2, 0))
    cells = d.integer("cells", 1, 4)
    step = (s.length - 0.03) / cells
    opened = d.flag("cubbies", 0.5)
    inner = s.seat - lid - rise - 0.06
    for k in range(cells):
        x = -half + 0.015 + (k + 0.5) * step
        if opened:
            body -= box((step - 0.03, inner, s.depth), (x, rise + 0.03 + inner / 2, 0.03))
        else:
            body -= box((step - 0.1, inner - 0.06, 0.03), (x, rise + 0.03 + inner / 2, z))
    s.shape.add(body, s.board)
    s.shape.add(box((s.length + 0.03, lid + 0.01, s.depth + 0.03), (0, s.seat - lid / 2 - 0.005, 0)), s.board)
    foot = d.choice("chest_foot", ("legs", "plinth"))
    if foot == "legs":
        four_legs(s.shape, "block", s.length - 0.07, s.depth - 0.07, rise, 0.06, 0.02, s.board)
    else:
        s.shape.add(box((s.length - 0.04, rise + 0.02, s.depth - 0.05), (0, rise / 2 + 0.01, -0.01)), s.board)
    if d.flag("seat_cushion", 0.5):
        s.shape.add(cushion((s.length - 0.02, 0.08, s.depth), (0, s.seat + 0.03, 0), 0.3), "fabric")
    if d.flag("chest_back", 0.55):
        tall = d.choice("back_height", ("low", "hall"))
        rise = s.back_rise if tall == "low" else d.uniform("hall_rise", 0.8, 1.3)
        s.shape.add(box((s.length, rise + 0.05, 0.035), (0, s.seat + rise / 2 - 0.025, -z + 0.02)), s.board)
        if tall == "hall":
            s.shape.add(box((s.length + 0.05, 0.035, 0.18), (0, s.seat + rise - 0.02, -z + 0.09)), s.board)
            for x in np.linspace(-0.8, 0.8, 5) * half:
                s.shape.add(
                    tube(
                        [
                            (x, s.seat + 0.75 * rise, -z + 0.03),
                            (x, s.seat + 0.75 * rise - 0.02, -z + 0.1),
                            (x, s.seat + 0.75 * rise + 0.03, -z + 0.12),
                        ],
                        0.01,
                        8,
                    ),
                    "metal",
                )
        if s.arms:
            for x in (-1, 1):
                s.shape.add(
                    box((0.04, s.arm_rise + 0.05, s.depth), (x * (half - 0.02), s.seat + s.arm_rise / 2 - 0.02, 0)),
                    s.board,
                )


def _pew(s: Bench, d: Draw) -> None:
    """Church pew or settle: solid shaped ends, a solid seat and back."""
    s.length = d.uniform("pew_length", 1.2, 2.4)
    head = s.seat + d.uniform("pew_back", 0.4, 0.6)
    thick, end = d.uniform("end_thickness", 0.04, 0.08), d.uniform("end_extent", 0.0, 0.1)
    half, z0, z1 = s.length / 2, -s.depth / 2, s.depth / 2
    rear = z0 - s.lean * (head - s.seat)
    rise = s.seat + s.arm_rise
    shape_form = d.choice("end_form", ("scroll", "straight", "step", "round"))
    if shape_form == "scroll":
        front = smooth_curve(
            [
                (z1 + 0.05, 0),
                (z1 + 0.01, 0.5 * s.seat),
                (z1 + 0.05, s.seat),
                (z1, rise),
                (0.0, rise + 0.02),
                (rear + 0.08, head + end),
            ],
            4,
        )
    elif shape_form == "straight":
        front = np.array([(z1 + 0.03, 0), (z1 + 0.03, rise), (rear + 0.1, head + end)])
    elif shape_form == "step":
        front = np.array([(z1 + 0.03, 0), (z1 + 0.03, rise), (z0 + 0.12, rise), (z0 + 0.09, head + end)])
    else:
        turn = np.linspace(0, np.pi / 2, 9)
        front = np.concatenate(
            [
                [(z1 + 0.03, 0)],
                np.stack([z0 + 0.03 + s.depth * np.cos(turn), s.seat + (head + end - s.seat) * np.sin(turn)], 1),
            ]
        )
    outline: NDArray[np.float64] = np.concatenate(
        [front, [(rear - 0.03, head + end), (z0 - 0.06, 0.35 * s.seat), (z0 - 0.06, 0)]]
    )
    for x in (-half, half):
        s.shape.add(extrude(outline, thick, "x", x), s.board)
    s.shape.add(box((s.length, 0.035, s.depth - 0.01), (0, s.seat - 0.018, 0)), s.board)
    back = strip([(z0 + 0.02, s.seat - 0.1), (rear + 0.03, head)], 0.03)
    s.shape.add(extrude(back, s.length, "x"), s.board)
    s.shape.add(box((s.length, 0.035, 0.06), (0, head, rear + 0.03)), s.board)
    if d.flag("front_board", 0.4):
        s.shape.add(box((s.length, s.seat - 0.05, 0.025), (0, s.seat / 2 - 0.02, z0 + 0.12)), s.board)
    if d.flag("book_rack", 0.3):
        y = s.seat + 0.5 * (head - s.seat)
        z = z0 + 0.5 * (rear - z0)
        s.shape.add(box((s.length, 0.02, 0.12), (0, y, z - 0.04)), s.board)
        s.shape.add(box((s.length, 0.08, 0.018), (0, y + 0.035, z - 0.1)), s.board)
    if d.flag("pew_cushion", 0.3):
        s.shape.add(cushion((s.length - thick - 0.01, 0.06, s.depth - 0.08), (0, s.seat + 0.02, 0.03), 0.3), "fabric")


def _cube_frame(s: Bench, d: Draw) -> None:
    """Low backless bench in a square-tube frame with a shelf."""
    half, z, rod = s.length / 2, s.depth / 2, d.uniform("tube_size", 0.022, 0.04)
    under = s.seat - s.top
    for x in (-half + rod / 2, half - rod / 2):
        for side in (-z + rod / 2, z - rod / 2):
            s.shape.add(box((rod, under + 0.01, rod), (x, (under + 0.01) / 2, side)), "metal")
        for y in (rod / 2 + d.params["leg_size"], under - rod / 2 + 0.004):
            s.shape.add(box((rod, rod, s.depth - rod), (x, y, 0)), "metal")
    for side in (-z + rod / 2, z - rod / 2):
        for y in (rod / 2 + d.params["leg_size"], under - rod / 2 + 0.004):
            s.shape.add(box((s.length - rod, rod, rod), (0, y, side)), "metal")
    s.shape.add(box((s.length + 0.02, s.top, s.depth + 0.02), (0, s.seat - s.top / 2, 0)), s.board)
    kind = d.choice("shelf_form", ("board", "rods", "none"))
    level = d.params["leg_size"] + 0.5 * rod
    if kind == "board":
        s.shape.add(box((s.length - rod, 0.025, s.depth - rod), (0, level, 0)), s.board)
    elif kind == "rods":
        for w in np.linspace(-z, z, d.integer("shelf_rods", 4, 8) + 2)[1:-1]:
            s.shape.add(cylinder((-half + rod / 2, level, w), (half - rod / 2, level, w), 0.009, segments=8), "metal")
    if d.flag("pad", 0.4):
        s.shape.add(cushion((s.length, 0.08, s.depth), (0, s.seat + 0.03, 0), 0.3), s.cloth)


_BUILDERS: dict[str, Callable[[Bench, Draw], None]] = {
    "park": park,
    "garden": garden,
    "plank": _plank,
    "slatted": _slatted,
    "upholstered": _upholstered,
    "scrolled": _scrolled,
    "picnic": picnic,
    "stone": stone,
    "storage": _storage,
    "pew": _pew,
    "curved": curved,
    "tubular": tubular,
    "cube_frame": _cube_frame,
}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random bench, of the structural type ``kind`` if given; y is up and the seat faces +z.

    Raises:
        ValueError: ``kind`` is not one of ``TYPES``.
    """
    draw = Draw(rng)
    draw.params["type"] = kind = draw_kind(rng, TYPES, kind)
    bench = Bench(draw)
    _BUILDERS[kind](bench, draw)
    fill_cavities(bench.shape, bench.board)
    return bench.shape
