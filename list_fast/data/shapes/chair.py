# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Chairs: dining, bentwood, rocking, office, cantilever, shell, folding, bar, lounge and upholstered ones."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from list_fast.data.shapes import chair_frame as frame
from list_fast.data.shapes.chair_frame import Frame, new_frame
from list_fast.data.shapes.chair_soft import armchair, ball, club, cube, lounge, papasan, tub, wing
from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import cushion
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, rounded_box, smooth_curve, turned
from list_fast.data.shapes.sweeps import arc, sweep, thicken


def _under(f: Frame) -> float:
    return f.height - f.thickness


def _dining(shape: Shape, d: Draw) -> None:
    f = new_frame(shape, d)
    seat = d.choice("seat", frame.SEATS)
    style = d.choice("legs", frame.LEG_STYLES)
    frame.seat(f, seat)
    frame.legs(f, style, _under(f))
    if style not in ("cabriole", "hairpin") and d.flag("has_stretchers", 0.45):
        frame.stretchers(f, d.choice("stretchers", ["h", "box", "front"]), _under(f))
    if seat == "board" and d.flag("apron", 0.4):
        high = d.uniform("apron_height", 0.04, 0.09)
        f.add(box((0.9 * f.width, high, 0.9 * f.depth), (0, _under(f) - high / 2 + 0.004, 0)))
    frame.back(f, d.choice("back", frame.BACKS))
    frame.arms(f, d.choice("arms", frame.ARMS))


def _bar(shape: Shape, d: Draw) -> None:
    f = new_frame(shape, d, d.uniform("bar_height", 0.62, 0.8))
    f.rise *= 0.6
    f.width, f.depth = 0.85 * f.width, 0.85 * f.depth
    frame.seat(f, d.choice("seat", frame.SEATS))
    frame.legs(f, d.choice("legs", ["block", "tapered", "round", "sabre"]), _under(f))
    frame.stretchers(f, "box", _under(f))
    if d.flag("has_back", 0.75):
        frame.back(f, d.choice("back", ["rail", "ladder", "panel", "pad", "slats", "hoop"]))


def _bentwood(shape: Shape, d: Draw) -> None:
    """Round seat, round legs leaning out, a ring between them, and a bent rail for a back and often arms."""
    f = new_frame(shape, d)
    f.wood, f.rod = "wood", d.uniform("bent_rod", 0.026, 0.04)
    radius = 0.5 * f.width
    seat_y = _under(f)
    f.add(cylinder((0, seat_y, 0), (0, f.height, 0), radius, segments=40))
    if d.flag("inlay", 0.5):
        f.add(cushion((1.7 * radius, 0.04, 1.7 * radius), (0, f.height + 0.008, 0), 1.0), f.soft)
    splay = d.uniform("splay", 0.02, 0.1)
    corner = 0.68 * radius
    for sx in (-1, 1):
        for sz in (-1, 1):
            head, foot = (
                np.array([sx * corner, seat_y + 0.01, sz * corner]),
                np.array([sx * (corner + splay), 0, sz * (corner + splay)]),
            )
            knee = 0.6 * head + 0.4 * foot + (sx * 0.02, 0, sz * 0.02)
            curve = smooth_curve([head, knee, foot], 4)
            f.add(sweep(curve, f.rod * np.linspace(1.1, 0.7, 9)))
    ring = seat_y * d.uniform("ring_height", 0.4, 0.75)
    around = float(np.interp(ring, curve[::-1, 1], np.hypot(curve[::-1, 0], curve[::-1, 2])))
    f.add(sweep(arc((0, ring, 0), (around, around), 0, 350, 36), 0.7 * f.rod, side=(0, 1, 0), closed=True, segments=8))
    form = d.choice("bent_back", {"arms": 1.2, "loop": 1.0, "double": 0.8})
    if form == "arms":
        rise = d.uniform("arm_rail", 0.2, 0.34)
        rail = arc((0, f.height + rise, 0), (1.12 * radius, 1.12 * radius + 0.04), 180 - 125, 180 + 125, 37)
        rail[:, 1] += d.uniform("rail_lift", -0.02, 0.1) * np.cos(np.linspace(-np.pi / 2, np.pi / 2, 37)) ** 2
        f.add(sweep(rail, f.rod, 1.3 * f.rod, side=(0, 1, 0)))
        for k in (3, 12, 24, 33) if d.flag("four_posts", 0.6) else (12, 24):
            foot = np.array([rail[k, 0] * 0.86, seat_y, rail[k, 2] * 0.86])
            f.add(sweep([foot, 0.5 * (foot + rail[k]) + (0, 0, -0.01), rail[k]], 0.85 * f.rod))
        if d.flag("splat", 0.5):
            low = np.array([0, f.height - 0.02, -0.9 * radius])
            for x in np.linspace(-1, 1, d.integer("bent_slats", 1, 3)) * 0.4 * radius:
                f.add(sweep([low + np.array((x, 0, 0)), rail[18] + (x, 0, 0)], 0.05, 0.012, square=True))
        return
    rise, half = d.uniform("loop_rise", 0.36, 0.5), 0.8 * radius
    angle = np.linspace(0, np.pi, 25)
    back_z = -0.72 * radius

    def loop(scale: float, top: float) -> NDArray[np.float64]:
        x = -half * scale * np.cos(angle) * (1 + 0.1 * np.sin(angle))
        up = np.sin(angle) ** 0.6 * top
        return np.stack([x, seat_y + up, back_z - f.rake * up / rise], 1)

    f.add(sweep(loop(1.0, rise), f.rod))
    f.add(sweep(loop(0.6, 0.8 * rise), 0.8 * f.rod))
    if form == "double":
        middle = np.stack(
            [np.zeros(9), seat_y + np.linspace(0.0, 0.79 * rise, 9), back_z - f.rake * np.linspace(0.0, 0.79, 9)], 1
        )
        f.add(sweep(middle, 0.05, 0.015, square=True))


def _rocking(shape: Shape, d: Draw) -> None:
    """Seat and tall back on curved runners; arms that flow out of the posts."""
    f = new_frame(shape, d, 0.42)
    f.wood = d.choice("rocker_material", {"wood": 5.0, "paint": 1.0})
    f.rise, f.rake = d.uniform("tall_rise", 0.6, 0.85), d.uniform("tall_rake", 0.12, 0.28)
    frame.seat(f, d.choice("seat", ["saddle", "board", "tapered", "upholstered", "frame"]))
    curl = d.uniform("runner_curl", 0.05, 0.14)
    reach = d.uniform("runner_reach", 0.42, 0.6)
    side = f.width / 2 - 0.5 * f.rod
    z = np.linspace(-reach - 0.08, reach, 17)
    runner_y = curl * (z / reach) ** 2 + 0.5 * f.rod

    def on_runner(at: float) -> float:
        return float(np.interp(at, z, runner_y))

    for sx in (-1, 1):
        runner = np.stack([np.full(17, sx * side), runner_y, z], 1)
        if d.params.setdefault("hooped", bool(d.rng.random() < 0.35)):  # the runner's front bends up into the arm
            up = np.array([[sx * side, 0.6 * f.height, reach + 0.06], [sx * side, f.height - 0.02, 0.4 * f.depth]])
            runner = np.concatenate([runner[:-2], smooth_curve(np.concatenate([runner[-2:-1], up]), 6)])
        f.add(sweep(runner, 0.8 * f.rod, f.rod, square=not d.params["hooped"]))
        for at in (-0.8, 0.75):
            head = np.array([sx * side, f.height - 0.5 * f.thickness, at * f.depth / 2])
            foot = np.array([sx * side, on_runner(1.15 * at * f.depth / 2), 1.15 * at * f.depth / 2])
            f.add(sweep([head, 0.5 * (head + foot), foot], 0.85 * f.rod))
    frame.back(f, d.choice("back", ["slats", "spindles", "ladder", "pad", "fan", "frame_pad", "splat"]))
    frame.arms(f, d.choice("arms", {"curved": 3.0, "straight": 1.0, "post": 0.6, "none": 0.5}))


def _cantilever(shape: Shape, d: Draw) -> None:
    """A bent tube that runs on the floor, up in front, and back under the seat."""
    f = new_frame(shape, d)
    metal = d.choice("tube_material", {"metal": 4.0, "wood": 1.5, "paint": 0.5})
    flat = metal == "wood" or d.flag("flat_bar", 0.25)
    rod = d.uniform("tube", 0.02, 0.035) * (1.3 if flat else 1.0)
    side, y = f.width / 2, _under(f) + 0.2 * f.thickness
    front, rear = f.depth / 2 + d.uniform("overhang", 0.0, 0.08), -f.depth / 2
    closed_rear = d.flag("sled", 0.35)
    top = f.rise * d.uniform("tube_rise", 0.55, 0.95)
    lean = f.rake + 0.03
    path = [(0, rod / 2, rear + 0.02), (side * 0.75, rod / 2, rear + 0.02), (side, rod / 2, rear + 0.06)]
    path += [(side, rod / 2, front - 0.07), (side, 0.06, front), (side, y - 0.06, front), (side, y, front - 0.07)]
    path += [(side, y, rear + 0.06), (side, y + 0.06, rear - 0.01), (side, y + 0.06 + top, rear - lean)]
    curve = smooth_curve(np.array(path, float), 4)
    for sx in (-1, 1):
        f.add(sweep(curve * (sx, 1, 1), rod, rod * (0.6 if flat else 1.0), square=flat, side=(0.8, 0.3, 0.5)), metal)
        if closed_rear:
            f.add(cylinder((sx * side, rod / 2, rear + 0.04), (sx * side, y, rear + 0.05), rod / 2, segments=10), metal)
    f.add(cylinder((-side, y, front - 0.09), (side, y, front - 0.09), rod / 2, segments=10), metal)
    f.add(cylinder((-side, y, rear + 0.08), (side, y, rear + 0.08), rod / 2, segments=10), metal)
    if d.flag("one_sheet", 0.45):  # seat and back in one curved sheet
        crest = y + 0.06 + top + d.uniform("over_top", 0.0, 0.08)
        line = smooth_curve(
            [
                (y + 0.01, front - 0.02),
                (y + 0.015, 0.0),
                (y + 0.02, rear + 0.1),
                (y + 0.09, rear + 0.01),
                (crest, rear - lean),
            ],
            5,
        )
        lift = d.uniform("sheet_thickness", 0.012, 0.06)
        s, v = np.array([-1.0, 1.0]), np.linspace(0, 1, len(line))

        def surface(u: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.stack([u * (side - 0.2 * rod), np.interp(t, v, line[:, 0]), np.interp(t, v, line[:, 1])], -1)

        f.add(thicken(surface, s, v, lift), f.soft)
    else:
        f.add(
            cushion(
                (2 * side, f.thickness + 0.015, f.depth), (0, y + 0.4 * f.thickness, 0.01), d.uniform("puff", 0.0, 0.5)
            ),
            f.soft,
        )
        height = d.uniform("back_height", 0.16, 0.3)
        pitch = np.degrees(np.arctan2(lean, top))
        pad = cushion(
            (2 * side, d.uniform("pad_thickness", 0.02, 0.06), height), (0, 0, 0), d.uniform("pad_puff", 0.0, 0.5)
        )
        middle = (0, y + 0.06 + top - 0.42 * height, rear - lean * (1 - 0.42 * height / top))
        f.add(pad.rotate((90 - pitch, 0, 0)).translate(middle), f.soft)
    if d.flag("has_arms", 0.45):
        rise = d.uniform("arm_height", 0.18, 0.25)
        for sx in (-1, 1):
            arm = [
                (sx * side, y + rise, rear - 0.4 * lean),
                (sx * side, y + rise, front - 0.1),
                (sx * side, y + 0.6 * rise, front - 0.02),
            ]
            arm = [*arm, (sx * side, y - 0.02, front - 0.03)]
            f.add(sweep(smooth_curve(np.array(arm), 5), rod, side=(0.8, 0.3, 0.5)), metal)
            if d.flag("arm_rests", 0.5):
                f.add(rounded_box((0.045, 0.025, 0.26), (sx * side, y + rise + 0.01, 0.0), 0.01, 8), f.wood)


def star_base(f: Frame, d: Draw, height: float, material: str) -> None:
    """Five (or four) spokes with casters or glides, and a gas column up to ``height``."""
    spokes = d.choice("spokes", {"5": 4.0, "4": 1.0})
    radius = d.uniform("base_radius", 0.26, 0.34)
    wheel = d.uniform("wheel", 0.02, 0.032) if d.flag("casters", 0.8) else 0.0
    hub, slope = 2 * wheel + d.uniform("hub_height", 0.05, 0.1), d.uniform("spoke_width", 0.03, 0.06)
    turn = d.uniform("base_turn", 0, 72)
    for k in range(int(spokes)):
        a = np.radians(turn + 360 * k / int(spokes))
        end = np.array([radius * np.sin(a), 2 * wheel + 0.012, radius * np.cos(a)])
        f.add(bar((0, hub, 0), end, slope, 0.55 * slope), material)
        if wheel:
            across = np.array([np.cos(a + 0.5), 0, -np.sin(a + 0.5)]) * 0.9 * wheel
            center = end * (1, 0, 1) + (0, wheel, 0)
            f.add(cylinder(center - across, center + across, wheel, segments=14), "rubber")
            f.add(cylinder(center, end + np.array((0, 0.01, 0)), 0.35 * wheel, segments=8), "metal")
    f.add(cylinder((0, hub - 0.035, 0), (0, hub + 0.03, 0), 0.6 * slope + 0.015, segments=18), material)
    f.add(cylinder((0, hub, 0), (0, 0.75 * height, 0), 0.03, segments=16), "plastic")
    f.add(cylinder((0, 0.7 * height, 0), (0, height + 0.01, 0), 0.02, segments=14), "metal")


def _office(shape: Shape, d: Draw) -> None:
    """Swivel chair on a star base; from a typist's to an executive's."""
    f = new_frame(shape, d, 0.48)
    f.wood, f.soft = "plastic", d.choice("office_cover", {"fabric": 2.0, "leather": 2.0, "plastic": 0.6})
    f.width, f.rise = f.width * 1.05, d.uniform("office_rise", 0.3, 0.8)
    f.bend, f.bow, f.flare = (
        d.uniform("lumbar", -0.05, 0.02),
        d.uniform("office_bow", 0.02, 0.09),
        d.uniform("office_flare", -0.2, 0.05),
    )
    thick = d.uniform("seat_pad", 0.05, 0.12)
    base = f.height - thick
    star_base(f, d, base, d.choice("base_material", {"plastic": 1.0, "metal": 1.0}))
    f.add(box((0.2, 0.035, 0.24), (0, base + 0.005, 0)))
    f.add(cushion((f.width, thick, f.depth), (0, f.height - thick / 2, 0), d.uniform("puff", 0.1, 0.6)), f.soft)
    low = d.uniform("back_gap", 0.05, 0.25) if d.flag("back_gapped", 0.65) else -0.05
    kind = d.choice("office_back", {"pad": 2.0, "mesh": 0.8, "ribs": 0.6})
    if kind == "mesh":
        f.rail(0.93, 1.0, 0.03)
        f.rail(low, low + 0.08, 0.03)
        for s in (-1.0, 1.0):
            f.slat(s * 0.95, 0.035, 0.03, low, 1.0)
        f.add(thicken(f.at, np.linspace(-0.95, 0.95, 9), np.linspace(low + 0.02, 0.97, 9), 0.008), f.soft)
    elif kind == "ribs":
        edges = np.linspace(low, 1.0, d.integer("ribs", 4, 9) + 1)
        for a, b in pairwise(edges):
            f.rail(float(a) - 0.004, float(b) + 0.004, 0.05, material=f.soft)
            f.rail(float(b) - 0.02, float(b) + 0.02, 0.03, material=f.soft)
    else:
        swell = d.uniform("back_pad", 0.04, 0.1)
        f.add(frame._soft_panel(f, -1.0, 1.0, low, 1.0, swell), f.soft)
    if low > 0:
        spine = np.array(
            [
                [0, base + 0.02, -0.1],
                [0, base + 0.0, -0.5 * f.depth - 0.03],
                [0, f.height + 0.05, -0.5 * f.depth - 0.05],
            ]
        )
        end = f.at(0.0, low + 0.35 * (1 - low)) - (0, 0, 0.005)
        f.add(sweep(smooth_curve(np.concatenate([spine, end[None]]), 5), 0.07, 0.022, square=True))
    if d.flag("headrest", 0.2):
        head = f.at(0.0, 1.0) + np.array((0, 0.13, -0.01))
        f.add(cushion((0.26, 0.06, 0.13), (0, 0, 0), 0.6).rotate((84, 0, 0)).translate(tuple(head)), f.soft)
        f.add(cylinder(f.at(0.0, 0.9), head, 0.014, segments=10))
    arms = d.choice("office_arms", {"none": 1.0, "t": 1.3, "loop": 1.2})
    rise, x = d.uniform("arm_height", 0.17, 0.24), f.width / 2 + 0.03
    for sx in (-1, 1):
        if arms == "t":
            f.add(
                sweep(
                    smooth_curve(
                        [(sx * 0.1, base + 0.02, 0), (sx * x, base + 0.03, 0), (sx * x, f.height + rise, 0)], 5
                    ),
                    0.05,
                    0.025,
                    side=(0, 0, 1),
                )
            )
            f.add(
                rounded_box((0.07, 0.028, 0.26), (sx * x, f.height + rise, 0.02), 0.012, 8),
                d.params.setdefault("rest", "plastic"),
            )
        elif arms == "loop":
            r = min((rise + 0.03) / f.rise, 0.8)
            path = [
                tuple(f.at(sx * 0.95, r)),
                (sx * x, f.height + rise, 0.0),
                (sx * x, f.height + 0.9 * rise, 0.14),
                (sx * x, f.height, 0.15),
            ]
            path = [*path, (sx * 0.8 * x, base + 0.02, 0.1)]
            f.add(sweep(smooth_curve(np.array(path), 5), 0.045, 0.028))


def _shell(shape: Shape, d: Draw) -> None:
    """A moulded one-piece shell on dowels, wire, a star, a pedestal or a sled."""
    f = new_frame(shape, d, 0.44)
    f.soft = d.choice("shell_material", {"plastic": 3.0, "wood": 0.8, "fabric": 1.0, "leather": 0.5})
    half, rise = d.uniform("shell_half", 0.22, 0.31), d.uniform("shell_rise", 0.3, 0.55)
    wrap = d.uniform("wrap", 0.0, 0.24) if d.flag("wraps", 0.6) else d.uniform("slight_wrap", 0.02, 0.07)
    depth, taper = d.uniform("shell_depth", 0.42, 0.5), d.uniform("shell_taper", 0.0, 0.35)
    lean = d.uniform("shell_lean", 0.08, 0.2)
    y = f.height
    line = smooth_curve(
        [
            (y - 0.03, depth / 2),
            (y, 0.4 * depth),
            (y - 0.012, 0),
            (y + 0.012, -0.27 * depth),
            (y + 0.1, -0.45 * depth),
            (y + rise, -0.46 * depth - lean),
        ],
        4,
    )
    v = np.linspace(0, 1, len(line))

    def surface(s: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
        up, z = np.interp(t, v, line[:, 0]), np.interp(t, v, line[:, 1])
        edge = np.abs(s) ** 3
        belly = np.exp(-(((t - 0.55) / 0.22) ** 2))
        upper = np.clip((t - 0.35) / 0.3, 0, 1) ** 2
        outline = np.clip(
            1 - 0.55 * np.maximum(t - 0.8, 0) ** 2 / 0.04 - 0.25 * np.maximum(0.12 - t, 0) / 0.12, 0.3, 1
        ) * (1 - taper * np.maximum(t - 0.5, 0) / 0.5)
        return np.stack(
            [
                half * s * outline * (1 + 0.15 * belly * (wrap > 0.08)),
                up + edge * (wrap * belly + 0.02),
                z + edge * 0.3 * wrap * upper * belly + 0.06 * edge * t,
            ],
            -1,
        )

    f.add(
        thicken(surface, np.linspace(-1, 1, 15), np.linspace(0, 1, 21), d.uniform("shell_thickness", 0.014, 0.035)),
        f.soft,
    )
    if d.flag("shell_pad", 0.25):
        f.add(cushion((1.3 * half, 0.05, 0.7 * depth), (0, y + 0.01, 0.02), 0.8), "fabric")
    base = d.choice("shell_base", {"dowel": 2.0, "wire": 1.0, "star": 1.0, "pedestal": 1.2, "legs": 1.0})
    material = "wood" if base == "dowel" else d.choice("base_material", {"metal": 2.0, "plastic": 0.8, "wood": 0.4})
    if base == "star":
        star_base(f, d, y - 0.02, material)
        f.add(box((0.2, 0.025, 0.2), (0, y - 0.03, 0)), material)
    elif base == "pedestal":
        foot = d.uniform("foot_radius", 0.2, 0.28)
        f.add(
            turned(
                [
                    (foot, 0),
                    (foot, 0.012),
                    (0.5 * foot, 0.035),
                    (0.035, 0.12),
                    (0.03, 0.24),
                    (0.05, y - 0.06),
                    (0.12, y - 0.005),
                ],
                3,
                28,
            ),
            material,
        )
    else:
        thin = 0.014 if base == "wire" else d.uniform("leg_rod", 0.022, 0.036)
        f.add(box((0.22, 0.022, 0.24), (0, y - 0.028, 0)), "metal" if base == "wire" else material)
        spread = d.uniform("spread", 0.2, 0.27)
        for sx in (-1, 1):
            for sz in (-1, 1):
                f.add(
                    cylinder(
                        (sx * spread, 0, sz * spread), (sx * 0.1, y - 0.025, sz * 0.1), 0.4 * thin, 0.55 * thin, 12
                    ),
                    material,
                )
            if base == "wire":
                f.add(cylinder((sx * 0.16, 0.5 * y, -0.16), (-sx * 0.16, 0.5 * y, 0.16), 0.005, segments=6), "metal")


def _folding(shape: Shape, d: Draw) -> None:
    """Crossed legs at the sides, a slung or hinged seat."""
    f = new_frame(shape, d)
    f.wood = d.choice("fold_material", {"wood": 2.0, "metal": 2.0, "plastic": 0.6})
    rod, side = d.uniform("fold_rod", 0.018, 0.032), f.width / 2
    y, z = f.height, f.depth / 2
    top = np.array([0, y + f.rise, -z - f.rake])
    for sx in (-1, 1):
        x = sx * side
        f.add(
            sweep(
                np.array([(x, top[1], top[2]), (x, y, -0.6 * z), (x, 0, z + 0.05)]),
                rod,
                1.4 * rod,
                square=f.wood == "wood",
            )
        )
        x = sx * (side - 1.1 * rod)
        f.add(sweep([(x, y, 0.8 * z), (x, 0, -z - 0.03)], rod, 1.4 * rod, square=f.wood == "wood"))
        f.add(
            cylinder(
                (sx * (side - 1.8 * rod), 0.52 * y, 0.2 * z),
                (sx * (side + 0.6 * rod), 0.52 * y, 0.2 * z),
                0.5 * rod,
                segments=8,
            )
        )
    for height, at in ((0.2 * y, 0.2 * (-0.6 * z) + 0.8 * (z + 0.05)), (0.15 * y, 0.15 * 0.8 * z - 0.85 * (z + 0.03))):
        f.add(cylinder((-side, height, at), (side, height, at), 0.4 * rod, segments=8))
    if d.flag("slatted", 0.5):
        count = d.integer("fold_slats", 4, 8)
        for k in range(count):
            at = -0.95 * z + 1.9 * z * (k + 0.5) / count
            f.add(box((2 * side, 0.016, 1.5 * z / count), (0, y, at)))
        for sx in (-1, 1):
            f.add(box((0.02, 0.03, 1.9 * z), (sx * (side - 0.9 * rod), y - 0.01, 0)))
    else:
        f.add(cushion((2 * side, 0.04, 2 * z), (0, y, 0), 0.2), f.soft)
    for k in range(d.integer("fold_rails", 1, 3)):
        r = 1 - 0.24 * k
        middle = np.array([0, y, -0.6 * z]) * (1 - r) + top * r
        f.add(box((2 * side + rod, 0.16 * f.rise + 0.02, 0.016), middle), f.wood)


def _sidechair(shape: Shape, d: Draw) -> None:
    """Side panels that reach the floor, a stack of slats or a single bent board: chairs of few plain pieces."""
    f = new_frame(shape, d)
    board = d.uniform("board", 0.02, 0.045)
    form = d.choice("plain", {"panels": 1.0, "zigzag": 0.6, "monobloc": 1.2})
    if form == "panels":
        for sx in (-1, 1):
            f.add(
                box(
                    (board, f.height + d.params.setdefault("arm_rise", float(d.rng.uniform(0.0, 0.25))), f.depth),
                    (sx * f.width / 2, (f.height + d.params["arm_rise"]) / 2, 0),
                )
            )
        f.add(box((f.width, f.thickness, f.depth), (0, f.height - f.thickness / 2, 0)))
        f.rail(-0.1, 1.0, board)
        if d.flag("pads", 0.5):
            f.add(cushion((0.9 * f.width, 0.06, 0.9 * f.depth), (0, f.height + 0.015, 0), 0.5), f.soft)
    elif form == "zigzag":
        z = f.depth / 2
        path = [
            (0, 0.5 * board, z),
            (0, 0.5 * board, -z),
            (0, f.height, z),
            (0, f.height, -z),
            (0, f.height + f.rise, -z - f.rake),
        ]
        for a, b in pairwise(path):
            f.add(sweep([a, b], f.width, board, square=True))
        for a in path[1:-1]:
            f.add(cylinder((-f.width / 2, a[1], a[2]), (f.width / 2, a[1], a[2]), 0.55 * board, segments=10))
    else:  # a stacking chair of one moulding: slotted back, broad arms
        f.wood, f.flare, f.bow = "plastic", 0.1, 0.06
        frame.seat(f, "saddle")
        frame.legs(f, d.choice("legs", ["tapered", "block"]), _under(f))
        frame.back(f, d.choice("back", ["cutout", "slats", "panel", "lattice"]))
        frame.hoop_arms(f, d.uniform("arm_height", 0.18, 0.25), d.uniform("arm_sweep", 110, 135))


_TYPES: dict[str, tuple[float, Callable[[Shape, Draw], None]]] = {
    "dining": (5.0, _dining),
    "bar": (0.6, _bar),
    "bentwood": (1.0, _bentwood),
    "rocking": (0.9, _rocking),
    "cantilever": (1.0, _cantilever),
    "office": (1.5, _office),
    "shell": (1.3, _shell),
    "folding": (0.5, _folding),
    "plain": (0.8, _sidechair),
    "armchair": (1.2, armchair),
    "club": (0.9, club),
    "wing": (0.8, wing),
    "tub": (0.8, tub),
    "papasan": (0.4, papasan),
    "lounge": (0.8, lounge),
    "cube": (0.3, cube),
    "ball": (0.25, ball),
}


def make(rng: np.random.Generator) -> Shape:
    """A random chair, facing +z; y is up and the floor is y = 0."""
    d = Draw(rng)
    kind = d.choice("type", {name: weight for name, (weight, _) in _TYPES.items()})
    shape = Shape(params=d.params)
    _TYPES[kind][1](shape, d)
    return shape
