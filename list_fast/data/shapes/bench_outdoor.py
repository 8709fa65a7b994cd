# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Benches of parks, gardens and stations."""

from __future__ import annotations

import numpy as np
from manifold3d import CrossSection, Manifold
from numpy.typing import ArrayLike

from list_fast.data.shapes.bench_parts import Bench
from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    bar,
    box,
    cylinder,
    extrude,
    rounded_box,
    smooth_curve,
    strip,
    tube,
    union,
)


def park(s: Bench, d: Draw) -> None:
    """Slats on two or three side frames: cast curves, flat iron, timber or concrete."""
    count = 3 if s.length > 1.6 else 2
    form = d.choice("side_form", {"curved": 2.0, "iron": 2.0, "timber": 1.0, "concrete": 1.0, "tripod": 0.7})
    z0, z1 = -s.depth / 2, s.depth / 2
    y, head = s.seat, s.seat + s.back_rise
    top = z0 - s.lean * s.back_rise
    overhang = d.uniform("overhang", 0.03, 0.15)
    s.planks(s.slats, (z1, y - 0.01), (z0 + 0.03, y - 0.02), s.length, s.slat)
    backed = d.flag("backed", 0.88)
    if backed:
        s.planks(s.back_slats, (z0 - 0.005, y + 0.08), (top, head), s.length, s.slat)
    rib = d.uniform("rib", 0.025, 0.045)
    under = y - 0.6 * s.slat - rib / 2
    for x in np.linspace(-s.length / 2 + overhang, s.length / 2 - overhang, count):
        arm = s.arms and abs(x) > 0.1
        rail = strip([(z1 - 0.01, under), (z0, under)], rib)
        back = strip(smooth_curve([(z0 + 0.04, under), (z0 - 0.02, y + 0.08), (top - 0.02, head + 0.01)], 3), rib)
        solids = [extrude(rail, rib, "x", x)]
        if backed:
            solids.append(extrude(back, rib, "x", x))
            solids.append(extrude([(z0 + 0.1, under), (z0 - 0.03, y + 0.14), (z0 - 0.03, under - 0.01)], rib, "x", x))
        if form == "curved":
            for z, out in ((z1 - 0.03, 0.05), (z0 + 0.03, -0.08)):
                curve = smooth_curve(
                    [(z, under), (z + 0.6 * out, 0.6 * under), (z - 0.3 * out, 0.3 * under), (z + 1.2 * out, 0.012)], 4
                )
                solids.append(extrude(strip(curve, rib), rib, "x", x))
                solids.append(box((1.4 * rib, 0.02, 0.06), (x, 0.01, z + 1.2 * out)))
            arch = np.linspace(0, np.pi, 9)
            solids.append(
                extrude(
                    strip(
                        np.stack([(z1 - 0.03) * np.cos(arch), 0.3 * under + 0.3 * under * np.sin(arch)], 1), 0.7 * rib
                    ),
                    0.8 * rib,
                    "x",
                    x,
                )
            )
        elif form == "iron":
            solids.append(
                tube(
                    [(x, under, z1 - 0.03), (x, rib / 2, z1 + 0.02), (x, rib / 2, z0 - 0.06), (x, under, z0 + 0.04)],
                    rib / 2,
                    8,
                )
            )
        elif form == "timber":
            solids += [bar((x, 0, z), (x, under + 0.01, z), 2 * rib) for z in (z1 - rib, z0 + rib)]
            solids.append(box((rib, 1.5 * rib, s.depth - 2 * rib), (x, 0.4 * under, 0)))
        elif form == "concrete":
            solids.append(
                extrude(
                    [
                        (z1, 0),
                        (z1 - 0.02, under + 0.01),
                        (z0, under + 0.01),
                        (z0 - 0.03, 0),
                        (z0 + 0.1, 0),
                        (z0 + 0.12, 0.5 * under),
                        (z1 - 0.12, 0.5 * under),
                        (z1 - 0.1, 0),
                    ],
                    0.09,
                    "x",
                    x,
                )
            )
        else:
            solids.append(cylinder((x, 0, 0), (x, under, 0), 1.2 * rib, segments=16))
            solids.append(box((0.1, 0.03, 0.8 * s.depth), (x, 0.015, 0)))
        if arm:
            rise = y + s.arm_rise
            rear = z0 - s.lean * s.arm_rise if backed else z0 + 0.05
            path = smooth_curve(
                [
                    (rear - 0.02, rise - 0.02),
                    (0.5 * (rear + z1), rise + 0.01),
                    (z1 - 0.02, rise),
                    (z1 + 0.02, rise - 0.07),
                    (z1 - 0.03, under),
                ],
                4,
            )
            solids.append(extrude(strip(path, rib), rib, "x", x))
            if not backed:
                solids.append(bar((x, under, z0 + 0.05), (x, rise, z0 + 0.05), rib))
        s.shape.add(
            union(solids), {"timber": "wood", "concrete": "stone"}.get(form, s.frame if s.frame != "stone" else "metal")
        )


def garden(s: Bench, d: Draw) -> None:
    """Timber bench with posts, arms and an upright-slatted, crossed or panelled back."""
    size = d.uniform("post_size", 0.045, 0.075)
    z0, z1 = -s.depth / 2, s.depth / 2
    half = s.length / 2 - size / 2
    head, rise = s.seat + s.back_rise, s.seat + s.arm_rise
    lean = 0.6 * s.lean
    top = z0 + size / 2 - lean * s.back_rise
    for x in (-half, half):
        s.shape.add(bar((x, 0, z1 - size / 2), (x, rise, z1 - size / 2), size), s.board)
        s.shape.add(bar((x, 0, z0 + size / 2), (x, s.seat + 0.02, z0 + size / 2), size), s.board)
        s.shape.add(bar((x, s.seat - 0.05, z0 + size / 2), (x, head, top), size), s.board)
        arm = rounded_box((1.3 * size, 0.03, s.depth + 0.06), (x, rise, 0.0 - 0.02), 0.01, 8)
        s.shape.add(arm, s.board)
        s.shape.add(box((0.6 * size, 0.06, s.depth - size), (x, s.seat - 0.05, 0)), s.board)
        if d.flag(f"low_stretcher_{'left' if x < 0 else 'right'}", 0.5):
            s.shape.add(box((0.5 * size, 0.04, s.depth - size), (x, 0.15, 0)), s.board)
    for z in (z0 + size / 2, z1 - size / 2):
        s.shape.add(box((2 * half, 0.07, 0.03), (0, s.seat - 0.055, z)), s.board)
    s.shape.add(box((0.05, 0.04, s.depth - size), (0, s.seat - 0.04, 0)), s.board)
    s.planks(s.slats, (z1 + 0.01, s.seat - 0.012), (z0 + size, s.seat - 0.02), s.length - 1.1 * size, s.slat)
    crown = d.choice("crown", ("straight", "arch", "dip"))
    across = np.linspace(-half, half, 17)
    wave = {
        "straight": 0 * across,
        "arch": 0.12 * np.cos(np.pi * across / (2 * half)) ** 2,
        "dip": -0.06 * np.cos(np.pi * across / (2 * half)),
    }[crown]
    low = s.seat + d.uniform("lower_rail", 0.06, 0.12)
    shear = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, -lean, 1, z0 + size / 2 + lean * s.seat]], float)
    s.shape.add(extrude(strip(np.stack([across, head - 0.04 + wave], 1), 0.07), 0.03, "z").transform(shear), s.board)
    s.shape.add(box((2 * half, 0.05, 0.028), (0, low, 0)).transform(shear), s.board)
    style = d.choice("back_fill", {"upright": 3.0, "cross": 1.0, "horizontal": 1.0, "panel": 0.7})
    if style == "upright":
        for px in np.linspace(-half, half, d.integer("uprights", 6, 18) + 2)[1:-1]:
            crest = head - 0.03 + float(np.interp(px, across, wave))
            s.shape.add(box((0.035, crest - low, 0.02), (px, (crest + low) / 2, 0)).transform(shear), s.board)
    elif style == "cross":
        fields = d.integer("crosses", 2, 3)
        for k in range(fields):
            a, b = -half + 2 * half * k / fields, -half + 2 * half * (k + 1) / fields
            for first, last in ((low, head - 0.05), (head - 0.05, low)):
                s.shape.add(bar((a, first, 0), (b, last, 0), 0.028).transform(shear), s.board)
            if k:
                s.shape.add(
                    box((0.04, head - 0.03 - low, 0.026), (a, (head - 0.03 + low) / 2, 0)).transform(shear), s.board
                )
    elif style == "horizontal":
        for y in np.linspace(low, head - 0.04, s.back_slats + 2)[1:-1]:
            s.shape.add(box((2 * half, 0.045, 0.022), (0, y, 0)).transform(shear), s.board)
    else:
        s.shape.add(
            box((2 * half, head - 0.1 - low + 0.1, 0.02), (0, (head - 0.05 + low) / 2, 0)).transform(shear), s.board
        )


def picnic(s: Bench, d: Draw) -> None:
    """Table with a bench on either side on A-frames."""
    length, table = d.uniform("picnic_length", 1.4, 2.1), d.uniform("table_height", 0.7, 0.78)
    width, reach = d.uniform("table_width", 0.6, 0.8), d.uniform("bench_reach", 0.62, 0.75)
    s.seat = d.uniform("picnic_seat", 0.4, 0.46)
    thick = max(s.slat, 0.03)
    for count, middle, y, extent in (
        (d.integer("table_boards", 4, 6), 0.0, table, width),
        (2, reach, s.seat, 0.28),
        (2, -reach, s.seat, 0.28),
    ):
        step = extent / count
        for k in range(count):
            z = middle + (k + 0.5) * step - extent / 2
            s.shape.add(box((length, thick, 0.9 * step), (0, y, z)), s.board)
    inset = d.uniform("frame_inset", 0.15, 0.35)
    for x in (-length / 2 + inset, length / 2 - inset):
        for side in (-1, 1):
            s.shape.add(bar((x, 0.0, side * (reach - 0.06)), (x, table - 0.03, side * 0.2), 0.055), s.board)
        s.shape.add(box((0.045, 0.09, 2 * reach + 0.24), (x + 0.03, s.seat - thick / 2 - 0.035, 0)), s.board)
        s.shape.add(box((0.045, 0.07, 0.9 * width), (x + 0.03, table - thick / 2 - 0.025, 0)), s.board)
    if d.flag("brace", 0.5):
        for side in (-1, 1):
            s.shape.add(
                bar((side * (length / 2 - inset), s.seat - 0.03, 0), (side * 0.1, table - 0.01, 0), 0.04), s.board
            )


def stone(s: Bench, d: Draw) -> None:
    """Slab on blocks, scrolled piers or a solid mass."""
    slab, z = d.uniform("slab", 0.07, 0.14), s.depth / 2
    half, under = s.length / 2, s.seat - slab
    form = d.choice("pier_form", ("block", "scroll", "drum", "solid", "wedge"))
    if d.flag("curved_slab", 0.25):
        across = np.linspace(-half, half, 15)
        path = np.stack([across, 0.35 * s.length * (across / half) ** 2 * 0.35], 1)
        s.shape.add(extrude(strip(path, s.depth), slab, "y", s.seat - slab / 2), "stone")
        offset = 0.35 * s.length * 0.35 * 0.45
    else:
        s.shape.add(
            rounded_box((s.length, slab, s.depth), (0, s.seat - slab / 2, 0), d.uniform("edge", 0.003, 0.03), 8),
            "stone",
        )
        offset = 0.0
    spot = 0.66 * half
    if form == "solid":
        s.shape.add(box((1.5 * half, under + 0.02, 1.3 * z), (0, (under + 0.02) / 2, 0.3 * offset)), "stone")
    for x in (-spot, spot) if form != "solid" else ():
        if form == "block":
            s.shape.add(
                box(
                    (d.uniform(f"block_width_{'left' if x < 0 else 'right'}", 0.12, 0.3), under + 0.02, 1.6 * z),
                    (x, (under + 0.02) / 2, offset),
                ),
                "stone",
            )
        elif form == "scroll":
            side = [(-0.85, 0), (-0.85, 0.1), (-0.55, 0.25), (-0.45, 0.5), (-0.6, 0.8), (-0.85, 0.92), (-0.85, 1.0)]
            rows = [*side, *[(-a, b) for a, b in side[::-1]]]
            s.shape.add(extrude(np.array(rows) * (z, under + 0.01), 0.12, "x", x).translate((0, 0, offset)), "stone")
        elif form == "drum":
            s.shape.add(cylinder((x, 0, offset), (x, under + 0.02, offset), 0.75 * z, segments=32), "stone")
        else:
            s.shape.add(
                extrude(
                    [(-0.1, 0), (0.1, 0), (0.2, under + 0.01), (-0.2, under + 0.01)], 1.6 * z, "z", offset
                ).translate((x, 0, 0)),
                "stone",
            )
    if d.flag("stone_back", 0.25) and not d.params["curved_slab"]:
        across = np.linspace(-half, half, 15)
        arch = s.seat + s.back_rise * (0.75 + 0.25 * np.cos(np.pi * across / s.length))
        s.shape.add(
            extrude(
                [(-half, s.seat - 0.03), (half, s.seat - 0.03), *np.stack([across, arch], 1)[::-1]], 0.1, "z", -z + 0.05
            ),
            "stone",
        )


def curved(s: Bench, d: Draw) -> None:
    """Bench along an arc, backless or with a slatted back; the seat faces the inside."""
    radius, sweep = d.uniform("arc_radius", 0.8, 1.8), d.uniform("arc_sweep", 60.0, 180.0)
    sweep = min(sweep, float(np.degrees(2.8 / radius)))
    rows = d.integer("arc_rows", 1, 4)
    step = s.depth / rows
    solid_base = d.flag("arc_mass", 0.3)

    def sector(profile: ArrayLike, degrees: float = sweep) -> Manifold:
        return (
            CrossSection([np.asarray(profile, float)])
            .revolve(96, degrees)
            .rotate((-90, 0, 0))
            .rotate((0, 90 - degrees / 2, 0))
        )

    def ring(inner: float, outer: float, low: float, high: float) -> Manifold:
        return sector([(inner, low), (outer, low), (outer, high), (inner, high)])

    start = radius - s.depth / 2
    for k in range(rows):
        s.shape.add(
            ring(start + k * step, start + (k + (0.85 if rows > 1 else 1)) * step, s.seat - s.top, s.seat),
            "stone" if solid_base else s.board,
        )
    if solid_base:
        s.shape.add(ring(start + 0.05, start + s.depth - 0.05, 0, s.seat - 0.6 * s.top), "stone")
    count = d.integer("arc_frames", 2, 5)
    backed = d.flag("arc_back", 0.5)
    head = s.seat + s.back_rise
    outer = start + s.depth
    for a in np.radians(np.linspace(-0.46, 0.46, count) * sweep):
        frame = [box((0.05, 0.05, s.depth - 0.02), (0, s.seat - s.top - 0.01, -radius))]
        if not solid_base:
            frame += [
                box((0.05, s.seat - s.top, 0.05), (0, (s.seat - s.top) / 2, -r)) for r in (start + 0.06, outer - 0.04)
            ]
        if backed:
            frame.append(bar((0, s.seat - 0.09, -outer + 0.03), (0, head, -outer - 0.04), 0.045))
        s.shape.add(union(frame).rotate((0, float(np.degrees(-a)), 0)), "stone" if solid_base else s.frame)
    if backed:
        for k in range(s.back_slats):
            y = s.seat + 0.1 + (s.back_rise - 0.1) * (k + 0.5) / s.back_slats
            z = outer - 0.03 + 0.07 * (y - s.seat) / s.back_rise
            tall = 0.32 * (s.back_rise - 0.1) / s.back_slats
            s.shape.add(ring(z - 0.015, z + 0.015, y - tall, y + tall), s.board)


def tubular(s: Bench, d: Draw) -> None:
    """Waiting bench: separate or continuous shells, mesh or rods on a beam."""
    seats = d.integer("seats", 2, 5)
    width = d.uniform("shell_width", 0.44, 0.55)
    s.length = seats * (width + 0.05)
    form = d.choice("shell_form", ("shell", "sheet", "rods"))
    z0, z1 = -s.depth / 2, s.depth / 2
    head = s.seat + s.back_rise
    curve = smooth_curve(
        [
            (z1 + 0.02, s.seat - 0.03),
            (z1 - 0.05, s.seat),
            (0.0, s.seat - 0.015),
            (z0 + 0.05, s.seat + 0.03),
            (z0 - 0.02, s.seat + 0.15),
            (z0 - s.lean * s.back_rise, head),
        ],
        4,
    )
    if form == "rods":
        rows = d.integer("rods", 9, 14)
        for z, y in curve[np.linspace(0, len(curve) - 1, rows).round().astype(int)]:
            s.shape.add(cylinder((-s.length / 2, y, z), (s.length / 2, y, z), 0.012, segments=8), "metal")
        for x in np.linspace(-s.length / 2, s.length / 2, seats + 1):
            s.shape.add(extrude(strip(curve, 0.03), 0.025, "x", x), "metal")
    elif form == "sheet":
        s.shape.add(extrude(strip(curve, 0.022), s.length, "x"), s.cloth if d.flag("padded", 0.4) else "metal")
    else:
        shell = extrude(strip(curve, 0.025), width, "x")
        for k in range(seats):
            s.shape.add(shell.translate(((k + 0.5) * s.length / seats - s.length / 2, 0, 0)), "plastic")
    beam = s.seat - 0.06
    s.shape.add(box((s.length, 0.06, 0.06), (0, beam, 0)), "metal")
    for k in range(seats):
        x = (k + 0.5) * s.length / seats - s.length / 2
        s.shape.add(box((0.05, 0.08, 0.2), (x, s.seat - 0.04, 0)), "metal")
    if form == "rods":
        for x in np.linspace(-s.length / 2, s.length / 2, seats + 1):
            s.shape.add(box((0.026, 0.09, 0.1), (x, s.seat - 0.045, 0)), "metal")
    for x in (-0.4 * s.length, 0.4 * s.length):
        s.shape.add(box((0.05, beam, 0.05), (x, beam / 2, 0)), "metal")
        s.shape.add(box((0.06, 0.03, s.depth + 0.1), (x, 0.015, 0)), "metal")
    if s.arms:
        for x in np.linspace(-s.length / 2, s.length / 2, seats + 1):
            loop = [(x, beam, 0.0), (x, s.seat + s.arm_rise, -0.05), (x, s.seat + s.arm_rise, 0.2)]
            s.shape.add(tube(loop, 0.014, 8), "metal")
