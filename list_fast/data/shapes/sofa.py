# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Sofas: straight, club, chesterfield, tuxedo, camelback, sectional, chaise, armless, curved, wooden frame, daybed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import CrossSection, Manifold
from numpy.typing import ArrayLike

from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.fittings import cushion
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    extrude,
    fill_cavities,
    rounded_box,
    smooth_curve,
    superellipsoid,
    tube,
    union,
)
from list_fast.data.shapes.sofa_parts import Sofa, move

TYPES = {
    "straight": 6.0,
    "club": 1.5,
    "chesterfield": 1.5,
    "tuxedo": 1.5,
    "camelback": 1.0,
    "sectional": 3.0,
    "chaise": 1.0,
    "armless": 1.0,
    "curved": 0.8,
    "wood_frame": 1.2,
    "metal_frame": 0.8,
    "daybed": 1.0,
}


def _straight(s: Sofa, d: Draw) -> None:
    inner = s.seats * s.seat_width
    top, head = s.seat + s.arm_rise, s.seat + s.back_rise
    z0, z1 = -s.depth / 2, s.depth / 2
    if d.flag("back_behind_arms", 0.6):
        s.add(s.back_solid(inner + 0.02, head).translate((0, 0, z0)))
    else:
        s.add(s.back_solid(inner + 2 * s.arm - 0.01, head).translate((0, 0, z0)))
    s.seat_row(s.seats, -inner / 2 - 0.005, inner / 2 + 0.005, z0 + 0.85 * s.back, z1)
    front = z1 - d.uniform("arm_setback", -0.02, 0.1)
    s.arms(inner, top, z0, front)
    under = s.under(min(front, z1 - 0.05))
    s.stand(-inner / 2 - s.arm + s.edge, inner / 2 + s.arm - s.edge, z0, under)
    s.scatter(-inner / 2, inner / 2, z0 + s.back)


def _club(s: Sofa, d: Draw) -> None:
    s.seats = d.integer("club_seats", 1, 2)
    s.arm = max(s.arm, 0.14)
    s.arm_rise = d.uniform("club_arm_rise", 0.16, 0.28)
    s.pillows = min(s.pillows, 1)
    _straight(s, d)


def _chesterfield(s: Sofa, d: Draw) -> None:
    s.arm_form, s.back_form, s.tilt, s.softness = "roll", "roll", 4.0, max(s.softness, 0.3)
    s.arm = d.uniform("roll_width", 0.18, 0.28)
    s.arm_rise = s.back_rise = d.uniform("roll_rise", 0.22, 0.36)
    s.back_cushions = False
    _straight(s, d)
    if d.flag("buttons", 0.7):
        inner = s.seats * s.seat_width
        columns = d.integer("button_columns", 5, 9)
        z = -s.depth / 2 + s.back - 0.004
        spots = [
            ((i + 0.5 + 0.5 * (j % 2)) * inner / (columns + 0.5) - inner / 2, s.seat + 0.06 + 0.09 * j)
            for i in range(columns)
            for j in range(2)
        ]
        s.shape.add(
            union([Manifold.sphere(0.02, 8).translate((x, y, z - 0.07 * (y - s.seat))) for x, y in spots]), s.cloth
        )


def _tuxedo(s: Sofa, d: Draw) -> None:
    s.arm_form, s.back_form, s.tilt = d.choice("tuxedo_arm", ("box", "rounded")), "flat", 0.0
    s.arm = d.uniform("tuxedo_width", 0.06, 0.14)
    s.back = max(0.9 * s.arm, 0.09)
    s.arm_rise = s.back_rise = d.uniform("tuxedo_rise", 0.24, 0.4)
    _straight(s, d)


def _camelback(s: Sofa, d: Draw) -> None:
    inner = s.seats * s.seat_width
    width = inner + 1.2 * s.arm
    z0, z1 = -s.depth / 2, s.depth / 2
    side, crown, humps = (
        d.uniform("side_rise", 0.18, 0.3),
        d.uniform("crown_rise", 0.08, 0.24),
        d.integer("humps", 1, 3),
    )
    x = np.linspace(-1, 1, 33)
    wave = (
        np.cos(np.pi * x / 2) ** 2
        if humps == 1
        else np.abs(np.sin(np.pi * humps * (x + 1) / 2)) ** 0.8 * (1 - 0.2 * x**2)
    )
    outline = np.stack([x * width / 2, s.seat + side + crown * wave], 1)
    t = max(0.6 * s.back, 0.08)
    panel = extrude([(-width / 2, s.rise + 0.005), (width / 2, s.rise + 0.005), *outline[::-1]], t, "z", 0.0)
    lean = np.tan(np.radians(s.tilt * 0.8))
    shear = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, -lean, 1, lean * s.seat]], float)
    s.add(panel.transform(shear).translate((0, 0, z0 + t / 2)))
    s.back_cushions, s.arm_form = False, d.choice("camel_arm", ("roll", "slope", "flare", "round_front"))
    s.arm_rise = side
    s.seat_row(s.seats, -inner / 2 - 0.005, inner / 2 + 0.005, z0 + 0.7 * t, z1)
    s.arms(inner, s.seat + s.arm_rise, z0, z1 - 0.06)
    if d.flag("show_wood", 0.5):
        rim = np.concatenate([outline, outline[::-1] - (0, -0.035)])
        s.shape.add(extrude(rim - (0, 0.015), t + 0.02, "z").transform(shear).translate((0, 0, z0 + t / 2)), "wood")
    s.support = "legs"
    s.rise = max(s.rise, 0.05)
    s.stand(-inner / 2 - s.arm + s.edge, inner / 2 + s.arm - s.edge, z0, z1 - 0.06 - s.edge)
    s.scatter(-inner / 2, inner / 2, z0 + t)


def _sectional(s: Sofa, d: Draw) -> None:
    hand = -1 if d.flag("left_handed", 0.5) else 1
    plan = d.choice("plan", {"chaise": 2.0, "corner": 2.0, "u": 0.7})
    start = len(s.shape.parts)
    inner = s.seats * s.seat_width
    z0, z1 = -s.depth / 2, s.depth / 2
    reach = d.uniform("return_length", 0.5, 1.3)
    head, top = s.seat + s.back_rise, s.seat + s.arm_rise
    end = inner / 2
    s.seat_row(s.seats, -end - 0.005, end + 0.005, z0 + 0.85 * s.back, z1)
    wing = s.depth - s.back  # the return's seat is as deep as the main one
    returns = (1, -1) if plan == "u" else (1,)
    left = -end - (wing if plan == "u" else 0.0)
    back_width = end + wing - left + (0.0 if plan == "chaise" else s.back) + (s.back if plan == "u" else 0.0)
    shift = (end + wing + left + (s.back if plan == "corner" else 0.0)) / 2
    s.add(s.back_solid(back_width + 0.01, head).translate((shift, 0, z0)))
    for side in returns:
        first = len(s.shape.parts)
        far = z1 + reach
        if plan == "chaise":
            s.seat_row(1, end - 0.005, end + wing, z0 + 0.85 * s.back, far)
            arm = s.arm_solid(s.arm_form, s.arm, top, z0, z1 - 0.05)
            s.add(arm.translate((end + wing + s.arm / 2 - 0.01, 0, 0)))
            s.stand(end + 0.05, end + wing, z0 + 0.1, far)
        else:
            s.seat_row(1, end - 0.005, end + wing + 0.01, z0 + 0.85 * s.back, z1 + 0.03)
            count = max(1, round(reach / s.seat_width))
            row = len(s.shape.parts)
            s.seat_row(count, -reach / 2 - 0.005, reach / 2 + 0.005, -wing / 2 - 0.01, wing / 2)
            s.add(s.back_solid(reach + s.depth, head).translate((-s.depth / 2, 0, -wing / 2 - 0.85 * s.back)))
            s.add(
                s.arm_solid(
                    "box" if s.arm_form in ("flare", "roll") else s.arm_form,
                    s.arm,
                    top,
                    -wing / 2 - 0.8 * s.back,
                    wing / 2,
                ).translate((reach / 2 + s.arm / 2 - 0.01, 0, 0))
            )
            move(s.shape, row, lambda solid: solid.rotate((0, -90, 0)).translate((end + wing / 2, 0, z1 + reach / 2)))
            s.stand(end + 0.05, end + wing + 0.85 * s.back, z0, far + s.arm - 0.02)
        if side < 0:
            move(s.shape, first, lambda solid: solid.mirror((1, 0, 0)))
    if plan != "u":
        s.arms(inner, top, z0, z1 - 0.03, (-1,))
        s.stand(-end - s.arm + s.edge, end - 0.05, z0, s.under(z1 - 0.05))
    s.scatter(-end, end, z0 + s.back)
    if hand < 0:
        move(s.shape, start, lambda solid: solid.mirror((1, 0, 0)))


def _chaise(s: Sofa, d: Draw) -> None:
    length, width = d.uniform("chaise_length", 1.5, 1.9), d.uniform("chaise_width", 0.6, 0.8)
    head, roll = d.uniform("head_rise", 0.28, 0.45), d.uniform("head_roll", 0.06, 0.11)
    tail = d.uniform("tail_rise", 0.0, 0.2)
    s.support = "legs"
    s.rise = max(s.rise, 0.1)
    low = s.rise + 0.02
    curve = smooth_curve(
        [
            (-length / 2 + 0.02, s.seat + head),
            (-length / 2 + 0.12, s.seat + 0.45 * head),
            (-length / 4, s.seat),
            (0.3 * length, s.seat - 0.01),
            (length / 2, s.seat + tail),
        ],
        5,
    )
    body = [*curve, (length / 2 - 0.04, low), (-length / 2 + 0.2, low)]
    s.add(extrude(body, width, "z"))
    s.add(
        cylinder(
            (-length / 2, s.seat + head - 0.3 * roll, -width / 2),
            (-length / 2, s.seat + head - 0.3 * roll, width / 2),
            roll,
            segments=24,
        )
    )
    if tail > 0.08:
        s.add(
            cylinder(
                (length / 2, s.seat + tail - 0.05, -width / 2),
                (length / 2, s.seat + tail - 0.05, width / 2),
                0.06,
                segments=24,
            )
        )
    if d.flag("half_back", 0.6):
        extent = d.uniform("half_back_length", 0.5, 0.9) * length
        outline = smooth_curve(
            [
                (-length / 2 + 0.05, s.seat + head),
                (-length / 2 + 0.4 * extent, s.seat + 0.8 * head),
                (-length / 2 + extent, s.seat - 0.03),
            ],
            5,
        )
        s.add(
            extrude(
                [*outline, (-length / 2 + extent, low + 0.02), (-length / 2 + 0.16, low + 0.02)],
                0.09,
                "z",
                -width / 2 + 0.05,
            )
        )
    if d.flag("bolster", 0.5):
        x = -length / 2 + 0.27
        s.soft(cylinder((x, s.seat + 0.11, -0.42 * width), (x, s.seat + 0.11, 0.42 * width), 0.1, segments=20))
    s.stand(-length / 2 + 0.18, length / 2 - 0.03, -width / 2, width / 2)
    if d.flag("turned_head", 0.5):
        move(s.shape, 0, lambda solid: solid.mirror((1, 0, 0)))


def _armless(s: Sofa, d: Draw) -> None:
    inner = s.seats * s.seat_width
    z0, z1 = -s.depth / 2, s.depth / 2
    if d.flag("low_and_long", 0.4):
        s.seat, s.thick = s.seat - 0.06, min(s.thick, 0.14)
    s.add(s.back_solid(inner, s.seat + s.back_rise).translate((0, 0, z0)))
    s.seat_row(s.seats, -inner / 2, inner / 2, z0 + 0.85 * s.back, z1)
    s.stand(-inner / 2, inner / 2, z0, z1 - 0.03)
    s.scatter(-inner / 2, inner / 2, z0 + s.back)


def _curved(s: Sofa, d: Draw) -> None:
    radius, sweep = d.uniform("curve_radius", 1.1, 2.2), d.uniform("curve_sweep", 70.0, 170.0)
    sweep = min(sweep, np.degrees(3.4 / radius))
    inner, outer = radius - 0.55 * s.depth, radius + 0.45 * s.depth
    head, t = s.seat + s.back_rise, s.back
    lean = np.tan(np.radians(s.tilt)) * s.back_rise

    def sector(profile: ArrayLike, degrees: float) -> Manifold:
        # Revolution starts at +x; turning it puts the middle of the arc at -z, where the seat faces the centre (+z).
        solid = CrossSection([np.asarray(profile, float)]).revolve(96, degrees).rotate((-90, 0, 0))
        return solid.rotate((0, 90 - degrees / 2, 0))

    frame = s.seat - 0.55 * s.thick
    s.add(sector([(inner + 0.02, s.rise), (outer, s.rise), (outer, frame), (inner + 0.02, frame)], sweep))
    s.add(
        sector(
            [
                (outer - t, s.rise),
                (outer, s.rise),
                (outer + lean, head - 0.03),
                (outer + lean - 0.04, head),
                (outer + lean - 0.6 * t, head),
                (outer + lean - 0.7 * t, head - 0.03),
                (outer - t - 0.02, s.seat),
            ],
            sweep,
        )
    )
    gap = np.degrees(0.012 / radius)
    for k in range(s.seats):
        rim = [
            (inner, s.seat - s.thick),
            (outer - 0.8 * t, s.seat - s.thick),
            (outer - 0.8 * t, s.seat),
            (inner + 0.03, s.seat),
            (inner, s.seat - 0.03),
        ]
        turn = ((k + 0.5) / s.seats - 0.5) * sweep
        s.soft(sector(rim, sweep / s.seats - gap).rotate((0, turn, 0)))
    if d.flag("curved_arms", 0.5):
        angle = np.radians(sweep / 2)
        for side in (-1, 1):
            arm = rounded_box(
                (max(s.arm, 0.12), s.seat + s.arm_rise - s.rise, s.depth - 0.04),
                (0, (s.seat + s.arm_rise + s.rise) / 2, 0),
                0.05,
                10,
            )
            middle = (side * radius * np.sin(angle), 0.0, -radius * np.cos(angle) - 0.02)
            s.add(arm.rotate((0, -side * sweep / 2, 0)).translate(middle))
    if s.support != "floor":
        for a in np.radians(np.linspace(-0.42, 0.42, 4) * sweep):
            for r in (inner + 0.1, outer - 0.1):
                s.shape.add(
                    cylinder(
                        (r * np.sin(a), 0, -r * np.cos(a)),
                        (r * np.sin(a), s.rise + 0.02, -r * np.cos(a)),
                        0.02,
                        0.03,
                        12,
                    ),
                    s.leg_material,
                )


def _wood_frame(s: Sofa, d: Draw) -> None:
    inner, size = s.seats * s.seat_width, d.uniform("post_size", 0.035, 0.065)
    z0, z1 = -s.depth / 2, s.depth / 2
    rail = s.seat - s.thick - 0.01
    rise, head = s.seat + s.arm_rise, s.seat + s.back_rise
    lean = np.tan(np.radians(max(s.tilt, 5.0))) * (head - rail)
    x = inner / 2 + size / 2 + 0.005
    for side in (-1, 1):
        s.shape.add(bar((side * x, 0, z1 - size), (side * x, rise + 0.005, z1 - size), size), "wood")
        s.shape.add(bar((side * x, 0, z0 + size), (side * x, rise + 0.01, z0 + size), size), "wood")
        s.shape.add(bar((side * x, rail - 0.02, z0 + size), (side * x, head + 0.01, z0 + size - lean), size), "wood")
        arm = d.uniform("arm_board", 0.06, 0.12)
        s.shape.add(rounded_box((arm, 0.03, s.depth + 0.03), (side * x, rise + 0.01, 0), 0.012, 8), "wood")
        if d.flag(f"side_slats_{side}", 0.4):
            for z in np.linspace(z0 + 0.2, z1 - 0.2, 4):
                s.shape.add(box((0.022, rise - rail + 0.04, 0.04), (side * x, (rise + rail) / 2, z)), "wood")
        s.shape.add(box((0.9 * size, 0.07, s.depth - size), (side * x, rail, 0)), "wood")
    for z in (z0 + size, z1 - size):
        s.shape.add(box((2 * x, 0.07, 0.035), (0, rail, z)), "wood")
    s.shape.add(box((inner + 0.02, 0.025, s.depth - 1.5 * size), (0, rail + 0.02, 0)), "wood")
    axis = np.array([0.0, head - rail, -lean])
    for t in (0.98, 0.35):
        y, z = rail + t * axis[1], z0 + size + t * axis[2]
        s.shape.add(box((2 * x, 0.06, 0.025), (0, y, z)), "wood")
    bars = d.integer("back_bars", 4, 14)
    for k in range(bars):
        px = (k + 0.5) * inner / bars - inner / 2
        s.shape.add(bar((px, rail, z0 + size), (px, head, z0 + size - lean), 0.022), "wood")
    s.rise = rail
    s.tilt = max(s.tilt, 5.0)
    s.bench_cushion = False
    for k in range(s.seats):
        px = (k + 0.5) * s.seat_width - inner / 2
        s.shape.add(
            cushion(
                (s.seat_width - 0.01, s.thick + 0.02, s.depth - 2 * size),
                (px, s.seat - s.thick / 2, 0.3 * size),
                0.4 * s.softness,
            ),
            "fabric",
        )
        if s.back_cushions:
            pad = superellipsoid(
                (s.seat_width / 2 - 0.005, 0.07, 0.5 * s.back_rise + 0.01), (0, 0, 0), 8, 2.8, 24
            ).rotate((90, 0, 0))
            pad = pad.rotate((-s.tilt, 0, 0)).translate(
                (px, s.seat + 0.46 * s.back_rise, z0 + size + 0.055 - 0.55 * lean)
            )
            s.shape.add(pad, "fabric")


def _metal_frame(s: Sofa, d: Draw) -> None:
    inner, r = s.seats * s.seat_width, d.uniform("tube_radius", 0.012, 0.02)
    z0, z1 = -s.depth / 2, s.depth / 2
    s.rise, s.support = d.uniform("frame_height", 0.12, 0.22), "floor"
    s.back, s.thick = max(s.back, 0.12), max(s.thick, 0.12)
    head, x = s.seat + s.back_rise, inner / 2 + 0.6 * r
    s.add(s.back_solid(inner, head).translate((0, 0, z0)))
    s.seat_row(s.seats, -inner / 2, inner / 2, z0 + 0.85 * s.back, z1)
    rise = s.seat + s.arm_rise
    form = d.choice("frame_form", ("loop", "cage", "cantilever"))
    for side in (-1, 1):
        a = side * x
        if form == "cantilever":
            path = [(a, rise, z0 + 0.05), (a, rise, z1), (a, r, z1), (a, r, z0 + 0.05)]
        else:
            path = [(a, rise, z0 + 0.05), (a, rise, z1), (a, r, z1), (a, r, z0 + 0.05), (a, rise, z0 + 0.05)]
        s.shape.add(tube(path, r, 8), "metal")
        s.shape.add(cylinder((a, s.rise + 0.06, z0 + 0.05), (a, s.rise + 0.06, z1), r, segments=8), "metal")
        s.shape.add(Manifold.sphere(1.4 * r, 8).translate((a, rise, z0 + 0.05)), "metal")
        if form == "cantilever":
            s.shape.add(cylinder((a, s.rise, z0 + 0.05), (a, rise, z0 + 0.05), r, segments=8), "metal")
    for z in (z0 + 0.05, z1):
        s.shape.add(
            cylinder(
                (-x, s.rise + 0.06 if form != "cage" else r, z),
                (x, s.rise + 0.06 if form != "cage" else r, z),
                r,
                segments=8,
            ),
            "metal",
        )
    if form == "cage":
        s.shape.add(cylinder((-x, rise, z0 + 0.05), (x, rise, z0 + 0.05), r, segments=8), "metal")
    s.scatter(-inner / 2, inner / 2, z0 + s.back)


def _daybed(s: Sofa, d: Draw) -> None:
    length, width = d.uniform("bed_length", 1.8, 2.1), d.uniform("bed_width", 0.75, 1.0)
    end, rail = d.uniform("end_rise", 0.15, 0.5), d.uniform("rail_height", 0.2, 0.32)
    size = d.uniform("post_size", 0.04, 0.07)
    mattress = max(s.thick, 0.12)
    frame = d.choice("frame_material", {"wood": 2.0, "metal": 1.0, "paint": 1.0})
    s.shape.add(box((length, 0.1, width), (0, rail, 0)), frame)
    s.soft(
        cushion((length - 0.05, mattress + 0.03, width - 0.02), (0, rail + 0.03 + mattress / 2, 0), 0.3 * s.softness)
    )
    s.seat = rail + 0.04 + mattress
    ends = d.choice("ends", ("both", "one", "three", "none"))
    top = s.seat + end
    for side in (-1, 1):
        tall = top if ends in ("both", "three") or (ends == "one" and side < 0) else rail + 0.05
        x = side * (length / 2 + size / 2 - 0.01)
        for z in (-width / 2 + size / 2, width / 2 - size / 2):
            s.shape.add(bar((x, 0, z), (x, tall, z), size), frame)
        if tall > rail + 0.06:
            style = d.choice(f"end_form_{side}", ("panel", "slats", "padded"))
            s.shape.add(box((0.9 * size, 0.05, width - 0.02), (x, tall - 0.03, 0)), frame)
            if style == "slats":
                for z in np.linspace(-0.4, 0.4, 7) * width:
                    s.shape.add(box((0.02, tall - rail, 0.025), (x, (tall + rail) / 2 - 0.02, z)), frame)
            else:
                s.shape.add(
                    box((0.5 * size, tall - rail, width - size), (x, (tall + rail) / 2 - 0.01, 0)),
                    frame if style == "panel" else s.cloth,
                )
    if ends == "three":
        s.shape.add(box((length, top - rail, 0.5 * size), (0, (top + rail) / 2 - 0.01, -width / 2 + 0.3 * size)), frame)
    bolsters = d.integer("bolsters", 0, 2)
    for side in (-1, 1)[:bolsters]:
        x, r = side * (length / 2 - 0.14), 0.1
        s.soft(cylinder((x, s.seat + 0.8 * r, -0.42 * width), (x, s.seat + 0.8 * r, 0.42 * width), r, segments=20))


_BUILDERS: dict[str, Callable[[Sofa, Draw], None]] = {
    "straight": _straight,
    "club": _club,
    "chesterfield": _chesterfield,
    "tuxedo": _tuxedo,
    "camelback": _camelback,
    "sectional": _sectional,
    "chaise": _chaise,
    "armless": _armless,
    "curved": _curved,
    "wood_frame": _wood_frame,
    "metal_frame": _metal_frame,
    "daybed": _daybed,
}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random sofa, of the structural type ``kind`` if given; y is up and the seat faces +z.

    Raises:
        ValueError: ``kind`` is not one of ``TYPES``.
    """
    draw = Draw(rng)
    draw.params["type"] = kind = draw_kind(rng, TYPES, kind)
    sofa = Sofa(draw)
    _BUILDERS[kind](sofa, draw)
    fill_cavities(sofa.shape, sofa.cloth)
    return sofa.shape
