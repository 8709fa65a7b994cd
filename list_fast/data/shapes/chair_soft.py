# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Upholstered and lounge chairs: armchair, club, wing, tub, papasan, lounge, cube and ball chairs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import cushion, four_legs
from list_fast.data.shapes.parts import Shape, box, cylinder, extrude, revolve, rounded_box, smooth_curve, strip, turned
from list_fast.data.shapes.sweeps import arc, sheet, sweep, thicken, tufted


def _cover(d: Draw) -> str:
    return d.choice("cover", {"fabric": 3.0, "leather": 1.6})


def _feet(shape: Shape, d: Draw, width: float, depth: float, height: float) -> None:
    style = d.choice("feet", ["block", "tapered", "round", "turned", "bun", "splayed", "cabriole"])
    material = d.choice("feet_material", {"wood": 3.0, "metal": 1.0})
    four_legs(shape, style, width, depth, height, d.uniform("foot_size", 0.04, 0.07), 0.03, material)


def _upright(pad: Manifold, height: float, z: float, tilt: float) -> Manifold:
    """A cushion made lying flat, stood up with its middle at ``height`` and leaning back by ``tilt`` degrees."""
    return pad.rotate((90 - tilt, 0, 0)).translate((0, height, z))


def armchair(shape: Shape, d: Draw) -> None:
    """Upholstered box with arms on feet, one seat cushion, a straight or arched back."""
    cover = _cover(d)
    w, dep = d.uniform("width", 0.62, 0.86), d.uniform("depth", 0.62, 0.84)
    foot, seat = d.uniform("foot_height", 0.05, 0.2), d.uniform("seat_height", 0.38, 0.46)
    arm_w, arm_h = d.uniform("arm_width", 0.07, 0.17), d.uniform("arm_height", 0.12, 0.24)
    back_h, back_t, tilt = (
        d.uniform("back_height", 0.3, 0.6),
        d.uniform("back_thickness", 0.12, 0.2),
        d.uniform("tilt", 3, 14),
    )
    pad = d.uniform("seat_pad", 0.1, 0.17)
    inner = w - 2 * arm_w
    soft = d.uniform("softness", 0.15, 0.6)
    shape.add(
        rounded_box((w - 0.02, seat - pad - foot, dep - 0.03), (0, foot + (seat - pad - foot) / 2, 0), 0.02, 8), cover
    )
    shape.add(
        cushion((inner + 0.01, pad + 0.02, dep - back_t + 0.03), (0, seat - pad / 2, back_t / 2 - 0.01), soft), cover
    )
    top = seat + arm_h
    style = d.choice("arm_style", {"box": 1.2, "roll": 0.8, "soft": 1.0, "slope": 0.8, "wood": 0.7})
    for sx in (-1, 1):
        x = sx * (w / 2 - arm_w / 2)
        if style == "wood":
            rod = d.params.setdefault("arm_rod", float(d.rng.uniform(0.03, 0.05)))
            x = sx * (w / 2 - rod / 2)
            path = [(x, top - 0.02, -dep / 2 + 0.06), (x, top, 0), (x, top - 0.02, dep / 2 - 0.05)]
            shape.add(sweep(smooth_curve(path, 4), 1.4 * rod, 0.7 * rod, square=True), "wood")
            shape.add(box((rod, top - 0.01, rod), (x, (top - 0.01) / 2, dep / 2 - 0.08)), "wood")
            shape.add(box((rod, top - 0.01, rod), (x, (top - 0.01) / 2, -dep / 2 + 0.08)), "wood")
            shape.add(box((arm_w, 0.05, 0.05), (sx * (w / 2 - arm_w / 2), seat - pad, dep / 2 - 0.08)), "wood")
            shape.add(box((arm_w, 0.05, 0.05), (sx * (w / 2 - arm_w / 2), seat - pad, -dep / 2 + 0.08)), "wood")
        elif style == "slope":
            outline = [
                (-dep / 2 + 0.02, foot),
                (dep / 2, foot),
                (dep / 2, top - 0.09),
                (dep / 2 - 0.06, top - 0.05),
                (-dep / 2 + 0.02, top + 0.06),
            ]
            shape.add(extrude(outline, arm_w, "x", x), cover)
        elif style == "roll":
            shape.add(
                box(
                    (0.75 * arm_w, top - foot - 0.05, dep - 0.02),
                    (sx * (w / 2 - 0.55 * arm_w), (top + foot - 0.05) / 2, 0),
                ),
                cover,
            )
            shape.add(
                cylinder((x, top - 0.05, -dep / 2 + 0.02), (x, top - 0.05, dep / 2), 0.55 * arm_w, segments=20), cover
            )
        else:
            radius = 0.015 if style == "box" else 0.45 * arm_w
            shape.add(rounded_box((arm_w, top - foot, dep), (x, (top + foot) / 2, 0), radius, 12), cover)
    middle, z = seat + 0.5 * back_h - 0.06, -dep / 2 + back_t / 2 + 0.02
    if d.flag("tufted_back", 0.2):
        back = tufted(
            (w - (0.02 if style == "wood" else 0.5 * arm_w), back_t, back_h + 0.16), (0, 0, 0), 4, 4, 0.03, 0.2
        )
    else:
        back = cushion(
            (w - (0.3 * arm_w if style != "wood" else 0.02), back_t, back_h + 0.16),
            (0, 0, 0),
            d.uniform("back_softness", 0.0, 0.4),
        )
    shape.add(_upright(back, middle, z - 0.02, tilt), cover)
    if d.flag("back_cushion", 0.4):
        loose = cushion((0.95 * inner, 0.13, 0.85 * back_h), (0, 0, 0), 0.7)
        shape.add(_upright(loose, seat + 0.45 * back_h, z + back_t / 2 + 0.02, tilt + 3), cover)
    _feet(shape, d, w - 0.12, dep - 0.14, foot)


def club(shape: Shape, d: Draw) -> None:
    """Low club chair: thick body wrapped round three sides, its rim flat or sloping, with a loose cushion."""
    cover = _cover(d)
    half, dep = d.uniform("half_width", 0.34, 0.44), d.uniform("depth", 0.68, 0.82)
    wall, foot = d.uniform("wall", 0.09, 0.16), d.uniform("foot_height", 0.03, 0.1)
    seat, rim, rise = d.uniform("seat_height", 0.36, 0.44), d.uniform("rim", 0.54, 0.64), d.uniform("rise", 0.0, 0.24)
    squareness = d.uniform("squareness", 0.35, 1.0)
    angle = np.linspace(-2.0, 2.0, 29)  # from one arm's front round the back (0) to the other's

    def ring(scale: float) -> NDArray[np.float64]:
        s, c = np.sin(angle), np.cos(angle)
        x = np.sign(s) * np.abs(s) ** squareness * half * scale
        z = -np.sign(c) * np.abs(c) ** squareness * dep / 2 * scale
        front = np.clip((np.abs(angle) - 1.5708) / 0.43, 0, 1)
        return np.stack(
            [np.where(front > 0, np.sign(s) * half * scale, x), np.where(front > 0, front * dep / 2 * 0.96, z)], 1
        )

    outer, inner = ring(1.0), ring(1.0 - wall / half)
    top = rim + rise * np.clip(np.cos(angle), 0, 1) ** d.uniform("rim_shape", 0.6, 2.0)
    v = np.linspace(0, 1, 5)
    height = foot + (top[:, None] - foot) * v
    bulge = 1 + 0.02 * np.sin(np.pi * v)
    out = np.stack([outer[:, None, 0] * bulge, height, outer[:, None, 1] * bulge], -1)
    ins = np.stack(
        [np.broadcast_to(inner[:, None, 0], height.shape), height, np.broadcast_to(inner[:, None, 1], height.shape)], -1
    )
    shape.add(sheet(out, ins), cover)
    if d.flag("piped_rim", 0.7):
        path = np.stack([(outer[:, 0] + inner[:, 0]) / 2, top - 0.01, (outer[:, 1] + inner[:, 1]) / 2], 1)
        shape.add(sweep(path, 1.05 * wall, 0.7 * wall, side=(1, 0, 0.01), segments=12), cover)
    base = rounded_box(
        (2 * half - wall, seat - 0.12 - foot, dep - wall), (0, (seat - 0.12 + foot) / 2, 0.5 * wall - 0.01), 0.02, 8
    )
    shape.add(base, cover)
    shape.add(
        cushion(
            (2 * half - 1.8 * wall, 0.17, dep - 0.8 * wall),
            (0, seat - 0.075, 0.35 * wall),
            d.uniform("softness", 0.2, 0.6),
        ),
        cover,
    )
    _feet(shape, d, 2 * half - 0.16, dep - 0.2, foot)


def wing(shape: Shape, d: Draw) -> None:
    """High back with wings at the head, arms below them."""
    cover = _cover(d)
    w, dep = d.uniform("width", 0.64, 0.78), d.uniform("depth", 0.62, 0.76)
    foot, seat, top = (
        d.uniform("foot_height", 0.1, 0.22),
        d.uniform("seat_height", 0.4, 0.48),
        d.uniform("top", 0.95, 1.18),
    )
    arm, side = seat + d.uniform("arm_rise", 0.14, 0.22), d.uniform("side", 0.05, 0.1)
    lean, pad = d.uniform("lean", 0.06, 0.15), d.uniform("pad", 0.1, 0.15)
    shape.add(rounded_box((w - 0.02, seat - pad - foot, dep), (0, (seat - pad + foot) / 2, 0), 0.02, 8), cover)
    shape.add(
        cushion(
            (w - 2 * side + 0.01, pad + 0.02, dep - 0.08), (0, seat - pad / 2, 0.05), d.uniform("softness", 0.2, 0.6)
        ),
        cover,
    )
    back_z = -dep / 2 + 0.07
    reach = d.uniform("wing_reach", 0.14, 0.26)
    outline = smooth_curve(
        [
            (back_z - lean - 0.02, top),
            (back_z - lean + 0.6 * reach, top - 0.03),
            (back_z - 0.5 * lean + reach, 0.55 * top + 0.45 * arm),
            (back_z + 0.9 * reach, arm + 0.06),
            (back_z + reach + 0.05, arm + 0.01),
            (dep / 2 - 0.06, arm),
            (dep / 2, arm - 0.05),
        ],
        4,
    )
    outline = np.concatenate([outline, [[dep / 2 - 0.01, foot], [back_z - 0.06, foot]]])
    splay = d.uniform("wing_splay", 0.0, 9.0)
    for sx in (-1, 1):
        panel = extrude(outline, side, "x", 0.0).rotate((0, sx * splay, 0)).translate((sx * (w / 2 - side / 2), 0, 0))
        shape.add(panel, cover)
        if d.params.setdefault("rolled_arms", bool(d.rng.random() < 0.5)):
            start, end = (
                (sx * (w / 2 - 0.3 * side), arm - 0.02, back_z + reach),
                (sx * (w / 2 - 0.3 * side), arm - 0.02, dep / 2 - 0.01),
            )
            shape.add(cylinder(start, end, 0.75 * side, segments=16), cover)
    height, thick = top - seat + 0.14, d.uniform("back_thickness", 0.1, 0.15)
    tilt = np.degrees(np.arctan2(lean, top - seat))
    if d.flag("tufted", 0.35):
        back = tufted((w - 0.6 * side, thick, height), (0, 0, 0), 4, 5, 0.03, 0.1)
    else:
        back = cushion((w - 0.6 * side, thick, height), (0, 0, 0), d.uniform("back_softness", 0.0, 0.4))
    shape.add(_upright(back, seat - 0.1 + height / 2, back_z - lean / 2, float(tilt)), cover)
    if d.flag("arched_top", 0.4):
        shape.add(
            cylinder((0, top - 0.12, back_z - lean - 0.04), (0, top - 0.12, back_z - lean + 0.05), 0.2, segments=28),
            cover,
        )
    _feet(shape, d, w - 0.1, dep - 0.12, foot)


def tub(shape: Shape, d: Draw) -> None:
    """A curved shell round a seat: barrel, egg or slipper, on legs, a disc or a star."""
    cover = d.choice("cover", {"fabric": 2.5, "leather": 1.2, "plastic": 0.8})
    radius, seat = d.uniform("radius", 0.3, 0.4), d.uniform("seat_height", 0.38, 0.46)
    wall = d.uniform("wall", 0.03, 0.09)
    back, front = d.uniform("back_top", 0.66, 1.15), d.uniform("arm_top", 0.46, 0.64)
    low = d.uniform("shell_bottom", 0.12, 0.3)
    taper, opening = d.uniform("taper", 0.7, 1.0), d.uniform("opening", 0.55, 0.75)
    belly = d.uniform("belly", 0.0, 0.14)
    lean, deep = d.uniform("lean", 0.0, 0.12), d.uniform("deep", 0.9, 1.1)
    sharp = d.uniform("fall", 0.7, 3.0)
    span = np.pi * opening

    def surface(s: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        a = s * span
        rim = front + (back - front) * np.clip(0.5 + 0.5 * np.cos(a * np.pi / span), 0, 1) ** sharp
        r = radius * (taper + (1 - taper) * v + belly * np.sin(np.pi * v))
        y = low + (rim - low) * v
        return np.stack([r * np.sin(a), y, -deep * r * np.cos(a) - lean * np.maximum(y - seat, 0) * np.cos(a / 2)], -1)

    u = np.linspace(-1, 1, 27)
    shape.add(thicken(surface, u, np.linspace(0, 1, 9), wall), cover)
    if d.flag("piped", 0.6):
        shape.add(sweep(surface(u, np.ones(27)), 1.15 * wall, segments=8), cover)
    level = np.clip((seat - low) / (front - low), 0, 1)
    inside = radius * (taper + (1 - taper) * level + belly * np.sin(np.pi * level))
    disc = turned([(taper * radius, low + 0.002), (min(inside, radius), seat - 0.11)], 1, 36).scale((1, 1, deep))
    shape.add(disc, cover)
    pad = cushion((1.98 * inside, 0.15, 1.98 * inside * deep), (0, seat - 0.075, 0.0), 1.0)
    shape.add(pad, d.choice("pad_material", [cover, "fabric"]))
    base = d.choice("base", {"legs": 2.0, "disc": 1.0, "skirt": 0.8})
    if base == "legs":
        _feet(shape, d, 1.1 * radius * taper, 1.1 * radius * taper * deep, low)
    elif base == "disc":
        foot = d.uniform("foot_radius", 0.2, 0.3)
        shape.add(
            turned([(foot, 0), (foot, 0.015), (0.05, 0.045), (0.04, 0.5 * low), (0.07, low + 0.02)], 2, 28), "metal"
        )
    else:
        shape.add(cylinder((0, 0, 0), (0, low + 0.03, 0), 0.88 * taper * radius, segments=32), cover)


def papasan(shape: Shape, d: Draw) -> None:
    """A tilted padded bowl in a rattan ring, on a round base or crossed legs."""
    d.params["cover"] = "fabric"
    radius, tilt, deep = d.uniform("radius", 0.42, 0.55), d.uniform("tilt", 22, 48), d.uniform("deep", 0.14, 0.26)
    tall = d.uniform("stretch", 1.0, 1.5)
    rod = d.uniform("rod", 0.018, 0.035)
    t = np.linspace(0, 1, 9)
    thick = d.uniform("pad", 0.06, 0.12)
    inner = np.stack([radius * t, deep * t**2], 1)
    profile = np.concatenate([inner, inner[::-1] - (0, thick)])
    profile[-1, 0] = profile[0, 0] = 0.0
    bowl = revolve(profile, 40)
    rows = d.integer("tufts", 3, 6)
    tuft = d.uniform("tuft_depth", 0.0, 0.025)

    def press(points: NDArray[np.float64]) -> NDArray[np.float64]:
        p = np.array(points)
        wave = np.cos(rows * np.pi * p[:, 0] / radius) * np.cos(rows * np.pi * p[:, 2] / radius)
        p[:, 1] += tuft * wave
        return p

    bowl = bowl.refine_to_length(0.09).warp_batch(press) if tuft > 0.006 else bowl
    # Stretched along its slope it becomes the swivel rocker's tall bucket.
    center = np.array([0, d.uniform("bowl_height", 0.34, 0.42) + 0.1, 0.0])

    def place(solid: Manifold) -> Manifold:
        return solid.scale((1, 1, tall)).rotate((tilt, 0, 0)).translate(tuple(center))

    shape.add(place(bowl), "fabric")
    ring = arc((0, deep - thick - 0.25 * rod, 0), (0.99 * radius, 0.99 * radius), 0, 350, 36)
    shape.add(place(sweep(ring, rod, side=(0, 1, 0), closed=True)), "wood")
    spokes = d.integer("spokes", 3, 7)
    for k in range(spokes):
        x = 0.8 * radius * (2 * k / (spokes - 1) - 1)
        z = np.linspace(-0.95, 0.95, 9) * np.sqrt(radius**2 - x**2)
        rib = np.stack([np.full(9, x), deep * (x**2 + z**2) / radius**2 - thick - 0.2 * rod, z], 1)
        shape.add(place(sweep(rib, 0.8 * rod, segments=8)), "wood")
    base = d.uniform("base_radius", 0.24, 0.34)
    under = center[1] - thick
    if d.flag("stacked_base", 0.5):
        count = d.integer("rings", 3, 7)
        shape.add(cylinder((0, 0.01, 0), (0, under + 0.02, 0), 0.8 * base, segments=28), "wood")
        for k in range(count):
            y = (k + 0.5) / count * (under - 0.04)
            shape.add(
                sweep(
                    arc((0, y, 0), (base, base), 0, 350, 30), under / count, side=(0, 1, 0), closed=True, segments=10
                ),
                "wood",
            )
    else:
        for y, r in ((0.5 * rod, 1.2 * base), (0.55 * under, 0.75 * base)):
            shape.add(sweep(arc((0, y, 0), (r, r), 0, 350, 30), 1.2 * rod, side=(0, 1, 0), closed=True), "wood")
        for k in range(8):
            a = 2 * np.pi * (k + 0.5) / 8
            foot, head = (
                np.array([1.2 * base * np.sin(a), 0.4 * rod, 1.2 * base * np.cos(a)]),
                np.array([0.75 * base * np.sin(a + 0.7), 0.55 * under, 0.75 * base * np.cos(a + 0.7)]),
            )
            shape.add(sweep([foot, head], rod, segments=8), "wood")
            shape.add(
                sweep(
                    np.array([head, (0.5 * base * np.sin(a), under + 0.04, 0.5 * base * np.cos(a))]), rod, segments=8
                ),
                "wood",
            )
    if d.flag("bent_arms", 0.5):
        lip = deep - thick
        for sx in (-1, 1):
            path = [(sx * 0.92 * radius, lip, -0.35 * radius), (sx * 1.2 * radius, lip + 0.14, -0.05 * radius)]
            path += [(sx * 1.2 * radius, lip + 0.1, 0.4 * radius), (sx * 0.8 * radius, lip - 0.02, 0.6 * radius)]
            shape.add(place(sweep(smooth_curve(path, 6), 1.2 * rod)), "wood")


def lounge(shape: Shape, d: Draw) -> None:
    """A reclining sheet for seat and back on loops, runners or crossed legs: easy chair, deck chair, chaise."""
    wood = d.choice("frame_material", {"wood": 2.5, "metal": 1.5})
    cover = d.choice("cover", {"fabric": 2.0, "leather": 1.3, "wood": 0.5})
    w, seat = d.uniform("width", 0.5, 0.68), d.uniform("seat_height", 0.32, 0.42)
    long, recline, rise = (
        d.uniform("seat_length", 0.46, 0.58),
        d.uniform("recline", 0.25, 0.5),
        d.uniform("rise", 0.5, 0.72),
    )
    chaise = d.flag("leg_rest", 0.25)
    line = [
        (seat + 0.05, 0.5 * long),
        (seat, 0.0),
        (seat - 0.03, -0.35 * long),
        (seat + 0.12, -0.5 * long),
        (seat + 0.5 * rise, -0.5 * long - 0.45 * recline),
        (seat + rise, -0.5 * long - recline),
    ]
    if chaise:
        line = [(seat - 0.1, long + 0.25), (seat + 0.02, 0.62 * long), *line[1:]]
    curve = smooth_curve(line, 5)
    v = np.linspace(0, 1, len(curve))
    thick, channel = d.uniform("pad", 0.02, 0.1), d.integer("channels", 4, 12)
    quilted = d.flag("quilted", 0.45)

    def surface(s: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([s * w / 2, np.interp(t, v, curve[:, 0]), np.interp(t, v, curve[:, 1])], -1)

    def swell(s: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
        waves = 0.55 + 0.45 * np.abs(np.sin(np.pi * channel * t)) if quilted else np.ones_like(t)
        return thick * waves

    rows = 6 * channel + 1 if quilted else 31
    shape.add(thicken(surface, np.linspace(-1, 1, 5), np.linspace(0, 1, rows), swell), cover)
    if d.flag("head_roll", 0.25):
        end = curve[-3]
        shape.add(
            cylinder((-0.45 * w, end[0], end[1] + 0.03), (0.45 * w, end[0], end[1] + 0.03), 0.06, segments=18), cover
        )
    bar_w, x0 = d.uniform("bar", 0.03, 0.055), w / 2 + 0.01
    front, rear = curve[0, 1] - 0.08, -0.5 * long - 0.35 * recline
    arm = seat + d.uniform("arm_rise", 0.14, 0.22)
    form = d.choice("support", {"loop": 1.4, "runner": 0.8, "cross": 0.8, "legs": 1.0})
    for sx in (-1, 1):
        x = sx * x0
        if form == "loop":  # one bent strip: floor, front, arm
            path = [
                (x, 0.5 * bar_w, rear - 0.05),
                (x, 0.5 * bar_w, 0.35 * long),
                (x, 0.12, 0.55 * long),
                (x, arm - 0.06, 0.5 * long),
                (x, arm, 0.3 * long),
                (x, arm, rear + 0.02),
            ]
            shape.add(sweep(smooth_curve(path, 5), bar_w, 0.55 * bar_w, square=wood == "wood"), wood)
        elif form == "runner":
            shape.add(sweep([(x, 0.5 * bar_w, rear), (x, 0.5 * bar_w, front)], bar_w, square=True), wood)
            for z in (0.7 * rear, 0.8 * front):
                y = float(np.interp(z, curve[::-1, 1], curve[::-1, 0]))
                shape.add(sweep([(x, 0.3 * bar_w, z), (x, y + 0.02, z)], bar_w, square=True), wood)
        elif form == "cross":
            shape.add(
                sweep(
                    [(x, 0, front), (x, 0.6 * seat, -0.1), (x, seat + 0.35 * rise, -0.5 * long - 0.34 * recline)],
                    bar_w,
                    0.7 * bar_w,
                    square=True,
                ),
                wood,
            )
            shape.add(sweep([(x, 0, rear - 0.08), (x, seat, 0.3 * long)], bar_w, 0.7 * bar_w, square=True), wood)
        else:
            for z in (0.8 * rear, 0.35 * long):
                y = (
                    arm
                    if d.params.setdefault("armed", bool(d.rng.random() < 0.6))
                    else float(np.interp(z, curve[::-1, 1], curve[::-1, 0]))
                )
                shape.add(sweep([(x, 0, 1.15 * z), (x, y, z)], bar_w * 0.8, square=True), wood)
            if d.params["armed"]:
                shape.add(
                    sweep([(x, arm, rear - 0.05), (x, arm, 0.45 * long)], 1.5 * bar_w, 0.6 * bar_w, square=True), wood
                )
    for z in (0.7 * rear, 0.3 * long):  # bars across, under the sheet
        y = float(np.interp(z, curve[::-1, 1], curve[::-1, 0])) - 0.3 * thick
        shape.add(sweep([(-x0, y, z), (x0, y, z)], 0.8 * bar_w, square=True, side=(0, 0, 1)), wood)
        if form in ("loop", "legs"):
            for sx in (-1, 1):
                top = arm if form == "loop" or d.params["armed"] else y
                low = y if top > y else 0.5 * y
                shape.add(sweep([(sx * x0, low - 0.01, z), (sx * x0, top, z)], 0.7 * bar_w, square=True), wood)


def cube(shape: Shape, d: Draw) -> None:
    """Cushions in a cage of tubes, or stacked blocks of foam."""
    cover = _cover(d)
    w, dep, h = d.uniform("width", 0.6, 0.8), d.uniform("depth", 0.58, 0.72), d.uniform("height", 0.58, 0.72)
    arm, soft = d.uniform("arm", 0.1, 0.15), d.uniform("softness", 0.1, 0.4)
    seat = d.uniform("seat_height", 0.38, 0.45)
    low = d.uniform("gap", 0.03, 0.12)
    shape.add(cushion((w, h - low, arm), (0, (h + low) / 2, -dep / 2 + arm / 2), soft), cover)
    for sx in (-1, 1):
        side = cushion(
            (arm + 0.01, h - low - 0.02, dep - arm + 0.04),
            (sx * (w / 2 - arm / 2), (h + low) / 2 - 0.01, arm / 2),
            soft,
        )
        shape.add(side, cover)
    shape.add(cushion((w - 2 * arm + 0.02, 0.16, dep - arm + 0.04), (0, seat - 0.08, arm / 2), soft), cover)
    shape.add(box((w - 1.9 * arm, seat - 0.1 - low, dep - arm), (0, (seat - 0.1 + low) / 2, arm / 2 - 0.005)), cover)
    rod = d.uniform("rod", 0.016, 0.028)
    if d.flag("caged", 0.6):
        for sx in (-1, 1):
            x = sx * (w / 2 + 0.2 * rod)
            path = np.array(
                [(x, 0.5 * rod, -dep / 2), (x, h - 0.08, -dep / 2), (x, h - 0.08, dep / 2), (x, 0.5 * rod, dep / 2)]
            )
            for a, b in pairwise(path):
                shape.add(sweep([a, b], rod), "metal")
            for corner in path[1:3]:
                shape.add(Manifold.sphere(rod / 2, 12).translate(tuple(corner)), "metal")
        for z in (-dep / 2, dep / 2):
            shape.add(
                cylinder((-w / 2 - 0.2 * rod, low + 0.05, z), (w / 2 + 0.2 * rod, low + 0.05, z), rod / 2, segments=12),
                "metal",
            )
    else:
        _feet(shape, d, w - 0.14, dep - 0.14, low + 0.02)


def ball(shape: Shape, d: Draw) -> None:
    """A hollow ball cut open at the front, cushioned, on a foot, a ring or a chain's arch."""
    material = d.choice("shell", {"plastic": 3.0, "glass": 0.5, "wood": 0.8})
    radius, wall = d.uniform("radius", 0.4, 0.5), d.uniform("wall", 0.02, 0.05)
    cut = d.uniform("cut", 0.2, 0.55) * radius
    stretch, tilt = d.uniform("stretch", 0.9, 1.25), d.uniform("tilt", 0, 18)
    angle = np.linspace(0, np.arccos(-cut / radius), 17)
    arc_line = np.stack([np.sin(angle), -np.cos(angle)], 1) * (radius - wall / 2)
    shell = revolve(np.maximum(strip(arc_line, wall), (0, -9)), 40).rotate((90, 0, 0)).scale((1, stretch, 1))
    center = (0, radius * stretch + d.uniform("lift", 0.08, 0.25), 0)
    shape.add(shell.rotate((-tilt, 0, 0)).translate(center), material)
    seat = center[1] - 0.45 * radius * stretch
    hollow = Manifold.sphere(radius - 0.5 * wall, 40).scale((1, stretch, 1)).translate(center)
    shape.add(cushion((1.9 * radius, 0.24, 1.8 * radius), (0, seat - 0.06, 0.03), 0.95) ^ hollow, "fabric")
    back = _upright(
        cushion((1.35 * radius, 0.16, 0.9 * radius), (0, 0, 0), 0.8), seat + 0.35 * radius, -0.7 * radius, 15
    )
    shape.add(back ^ hollow, "fabric")
    low, foot = center[1] - radius * stretch, d.uniform("foot", 0.2, 0.32)
    shape.add(turned([(foot, 0), (foot, 0.015), (0.05, 0.05), (0.05, low), (0.12, low + 0.05)], 2, 28), "metal")
