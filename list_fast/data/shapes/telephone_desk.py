# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Telephones that are not carried: cordless ones in a cradle, desk, rotary, wall and candlestick telephones."""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    box,
    cylinder,
    ellipsoid,
    extrude,
    loft,
    revolve,
    rounded_box,
    smooth_curve,
    strip,
    superellipse,
    sweep,
    tube,
    turned,
    union,
)
from list_fast.data.shapes.telephone_parts import Motion, Telephone, across, coil, dial, handset


def _still(solid: Manifold) -> Manifold:
    return solid


def cordless(p: Telephone, d: Draw) -> None:
    """A handset that stands in its cradle, with a stubby or drawn-out aerial."""
    w, t, h = d.uniform("width", 0.24, 0.32), d.uniform("thickness", 0.11, 0.17), 1.0
    lean = d.uniform("lean", 6.0, 30.0)
    z = t / 2
    lift = d.uniform("sink", 0.06, 0.12)
    hinge = np.array([0.0, lift, 0.0])
    p.motion = lambda solid: solid.translate((0, h / 2, 0)).rotate((-lean, 0, 0)).translate(tuple(hinge))
    solid = p.shell(w, h, t)
    tall = d.uniform("screen_height", 0.12, 0.26)
    solid = p.window(solid, (0, 0.36 - tall / 2, z), (0.68 * w, tall), 0.012)
    solid = p.earpiece(solid, (0, 0.42, z), w)
    p.add(solid, p.body)
    top = 0.36 - tall
    pad = 0.24 * w
    p.pad((0, top - 0.03 - pad, z), pad)
    room = top - 0.03 - 2 * pad + 0.28
    p.grid((0, -0.3 + room / 2, z), (0.78 * w, room), 4, 3, d.uniform("key_bow", -0.01, 0.01))
    if d.flag("has_antenna", 0.6):
        p.antenna(0.34 * w, 0.48, -0.15 * t, d.choice("antenna_form", ("stub", "rod", "thick")),
                  d.uniform("antenna_length", 0.1, 0.45), min(0.03, 0.2 * t))  # fmt: skip
    p.side_buttons(0.9 * w, h, t)
    p.motion = _still
    form = d.choice("cradle_form", ("block", "round", "station"))
    bw, bd = d.uniform("cradle_width", 1.3, 1.9) * w, d.uniform("cradle_depth", 0.34, 0.5)
    bh = d.uniform("cradle_height", 0.14, 0.24)
    # the walls of the cradle reach around the handset's foot and behind it
    if form == "block":
        outline = [
            (-0.55 * bd, 0),
            (0.45 * bd, 0),
            (0.45 * bd, 0.3 * bh),
            (0.1 * bd, bh),
            (-0.2 * bd, 1.5 * bh),
            (-0.4 * bd, 1.45 * bh),
        ]
        p.add(extrude(outline, bw, "x"), p.body)
    elif form == "round":
        rows = [(1.0, 0.0), (1.0, 0.25), (0.8, 0.7), (0.62, 1.0), (0.55, 1.05)]
        cup = turned(np.array(rows) * (0.6 * bw, bh), 3, 36).scale((1, 1, min(1.1 * bd / bw, 1.2)))
        p.add(cup.translate((0, 0, -0.03)), p.body)
    else:  # an answering machine beside the handset
        outline = [(-0.6 * bd, 0), (0.6 * bd, 0), (0.6 * bd, 0.3 * bh), (-0.3 * bd, bh), (-0.6 * bd, bh)]
        wide = 2.1 * bw
        p.add(extrude(outline, wide, "x", -0.32 * bw), p.body)
        slope = float(np.degrees(np.arctan2(0.7 * bh, 0.9 * bd)))
        p.motion = lambda solid: solid.rotate((slope - 90, 0, 0)).translate((-0.75 * bw, 0.65 * bh, 0.15 * bd))
        p.grid((0, 0.06, 0), (0.7 * bw, 0.16), 2, 3)
        p.add(box((0.6 * bw, 0.08, 0.04), (0, -0.1, 0.0)), "screen")
        p.motion = _still
        if d.flag("base_antenna", 0.4):
            p.antenna(-1.2 * bw, bh, -0.45 * bd, "thick", 0.5, 0.024)
    p.add(box((1.18 * w, 1.3 * bh, t + 0.1), (0, 0.65 * bh, -0.03)), p.trim)
    p.add(box((0.9 * bw, 0.02, 0.5 * bd), (0, 0.0, -0.05 * bd)), "rubber")


def desk(p: Telephone, d: Draw) -> None:
    """A wedge with keys, most with a display, and the handset lying on its left or across its back."""
    w, depth = d.uniform("width", 0.75, 1.1), d.uniform("depth", 0.85, 1.05)
    low, high = d.uniform("front_height", 0.05, 0.12), d.uniform("back_height", 0.16, 0.4)
    on_top = d.flag("handset_across", 0.25)
    nose = d.uniform("nose", 0.0, 0.08)
    outline = [(-depth / 2, 0), (depth / 2 - nose, 0), (depth / 2, 0.4 * low), (depth / 2 - 0.3 * nose, low)]
    outline += [(-depth / 2 + 0.12, high), (-depth / 2, 0.7 * high)]
    body = extrude(outline, w, "x")
    if d.flag("narrow_front", 0.3):
        body = body.warp_batch(lambda q: np.stack([q[:, 0] * (0.92 - 0.16 * q[:, 2] / depth), q[:, 1], q[:, 2]], 1))
    p.add(body, p.body)
    run = depth - 0.12 - 0.3 * nose
    slope = float(np.arctan2(high - low, run))
    # deck coordinates: x, y up the slope, z out of it; the origin is the middle of the deck
    middle = (0.0, (low + high) / 2, depth / 2 - 0.3 * nose - run / 2)
    on_deck: Motion = lambda solid: solid.rotate((np.degrees(slope) - 90, 0, 0)).translate(middle)  # noqa: E731
    long = run / np.cos(slope)
    p.motion = on_deck
    size, grip = d.uniform("handset_length", 0.84, 0.98), d.uniform("handset_width", 0.17, 0.23)
    deep = d.uniform("handset_depth", 0.11, 0.16)
    if on_top:
        size = min(size, 1.05 * w)
        right, area = 0.0, 0.86 * w
        top = 0.5 * long - 1.25 * grip
        receiver = handset(p.handset_form, size, grip, deep).rotate((0, 0, 90))
        place = (0.0, 0.5 * long - 0.62 * grip, 0.95 * deep)
        ends = [(s * (size / 2 - 0.5 * grip), place[1]) for s in (-1, 1)]
    else:
        size = min(size, 1.02 * long)
        left = -0.5 * w + 0.62 * grip
        right, area = 0.5 * (left + 0.6 * grip + 0.5 * w), 0.82 * (0.5 * w - left - 0.6 * grip)
        top = 0.46 * long
        receiver = handset(p.handset_form, size, grip, deep)
        place = (left, 0.0, 0.95 * deep)
        ends = [(left, s * (size / 2 - 0.5 * grip)) for s in (-1, 1)]
    p.add(receiver.translate(place), p.trim if d.flag("dark_handset", 0.5) else p.body)
    for x, y in ends:  # rests under both ends
        p.add(rounded_box((1.15 * grip, 1.1 * grip, 0.12), (x, y, -0.02), 0.03, 8), p.body)
    tall = d.uniform("screen_height", 0.12, 0.26) * long if d.flag("display", 0.7) else 0.0
    if tall:
        tilt = d.uniform("screen_tilt", 0.0, 30.0)
        panel = (
            rounded_box((area, tall, 0.06), (0, tall / 2, 0), 0.02, 8)
            .rotate((tilt, 0, 0))
            .translate((right, top - tall, 0.0))
        )
        glass = (
            box((0.86 * area, 0.72 * tall, 0.05), (0, tall / 2, 0.012))
            .rotate((tilt, 0, 0))
            .translate((right, top - tall, 0))
        )
        p.add(union([panel, box((0.9 * area, 0.9 * tall, 0.06), (right, top - tall / 2, -0.01))]), p.trim)
        p.add(glass, "screen")
    pad_high = d.uniform("keypad_height", 0.34, 0.5) * long
    base = -0.45 * long
    share = d.uniform("keypad_share", 0.5, 0.95)
    pitch = min(share * area, 1.1 * pad_high)
    p.grid((right - area / 2 + pitch / 2, base + pad_high / 2, 0), (pitch, pad_high), 4, 3)
    if area - pitch > 0.1:
        p.grid(
            (right + area / 2 - (area - pitch) / 2, base + pad_high / 2, 0),
            (area - pitch - 0.03, pad_high),
            d.integer("side_rows", 3, 6),
            1 + (area - pitch > 0.24),
        )
    gap = top - tall - (base + pad_high) - 0.04
    if gap > 0.07:
        p.grid(
            (right, base + pad_high + 0.02 + gap / 2, 0),
            (area, min(gap, 0.16)),
            1 + (gap > 0.14),
            d.integer("soft_keys", 3, 6),
        )
    p.motion = _still
    if d.flag("cord", 0.6):
        bottom = on_deck(cylinder((*ends[0], 0.5 * deep), (*ends[0], 0.6 * deep), 0.01)).bounding_box()
        start = np.array([bottom[0] - 0.02, bottom[1], bottom[5]])
        sag = start + np.array([-0.62 * grip, 0, 0.1])
        path = [
            start,
            sag - np.array([0, 0.02, 0]),
            (-w / 2 - 0.2, 0.05, 0.1),
            (-w / 2 - 0.14, 0.05, -0.2),
            (-w / 2 + 0.04, 0.06, -0.28),
        ]
        p.add(coil(path, 0.028, 0.0085), "rubber")
    if d.flag("stand", 0.3):
        p.add(box((0.8 * w, 0.3 * high, 0.06), (0, 0.1 * high - 0.04, -0.4 * depth)), p.trim)
    for x in (-0.4, 0.4):
        p.add(cylinder((x * w, -0.02, 0.35 * depth), (x * w, 0.03, 0.35 * depth), 0.035, segments=12), "rubber")


def rotary(p: Telephone, d: Draw) -> None:
    """A curved body with a dial or keys on its sloping front and the handset across cradle horns on its top."""
    w, depth, h = d.uniform("width", 0.8, 1.0), d.uniform("depth", 0.8, 1.0), d.uniform("height", 0.4, 0.6)
    crown_w, crown_d = d.uniform("crown_width", 0.5, 0.75), d.uniform("crown_depth", 0.24, 0.38)
    flare, power = d.uniform("flare", 0.0, 0.5), d.uniform("roundness", 3.0, 8.0)
    ring = superellipse(1, 1, power, 40)
    back = d.uniform("setback", 0.6, 0.95) * (1 - crown_d) * depth / 2
    rings = []
    for u in (0.0, 0.06, 0.2, 0.4, 0.6, 0.8, 0.94, 1.0):
        s = u if u <= 0 else u ** (1 - 0.5 * flare) * 0.96 + 0.04 * (u > 0.99)
        half = w / 2 * (1 + (crown_w - 1) * s) - (0.015 if u in (0.0, 1.0) else 0.0)
        deep = depth / 2 * (1 + (crown_d - 1) * s) - (0.015 if u in (0.0, 1.0) else 0.0)
        rings.append(np.stack([half * ring[:, 0], np.full(40, u * h), deep * ring[:, 1] - back * s], 1))
    p.add(loft(rings), p.body)
    material = d.choice("dial_material", ("metal", "plastic", "paint"))
    # the front between a fifth and four fifths of the height carries the dial
    front = [np.array([0, r[0, 1], r[:, 2].max()]) for r in (rings[2], rings[5])]
    along = (front[1] - front[0]) / np.linalg.norm(front[1] - front[0])
    tilt = float(np.degrees(np.arctan2(-along[2], along[1])))
    centre = 0.5 * (front[0] + front[1]) + (0, 0, -0.005)
    radius = min(
        d.uniform("dial_radius", 0.2, 0.26), 0.36 * w, 0.52 * float(np.linalg.norm(front[1] - front[0])) + 0.03
    )
    p.motion = lambda solid: solid.rotate((-tilt, 0, 0)).translate(tuple(centre))
    if d.flag("push_buttons", 0.3):
        p.add(rounded_box((2.1 * radius, 1.9 * radius, 0.16), (0, 0, -0.05), 0.03, 10), p.trim)
        p.grid((0, 0, 0.03), (1.9 * radius, 1.7 * radius), 4, 3)
    else:
        plate, wheel, hub = dial(radius, 0.12)
        p.add(plate, p.trim)
        p.add(wheel, material)
        p.add(hub, "metal")
    p.motion = _still
    size, grip = d.uniform("handset_length", 0.92, 1.1), d.uniform("handset_width", 0.18, 0.24)
    deep = d.uniform("handset_depth", 0.14, 0.2)
    form = p.handset_form if p.handset_form != "slim" else "classic"
    horns = d.choice("cradle", ("horns", "posts", "bridge"))
    span = min(0.42 * crown_w * w, 0.5 * size - 1.05 * grip)
    rise = d.uniform("cradle_rise", 0.08, 0.16)
    middle = -back
    rest = h + rise
    p.add(
        across(handset(form, size, grip, deep)).translate((0, rest + 0.1 * grip, middle)),
        p.trim if d.flag("dark_handset", 0.4) else p.body,
    )
    top = rest - 0.02
    for s in (-1, 1):
        x = s * span
        if horns == "horns":
            curl = [
                (x, h - 0.05, middle),
                (x, top - 0.03, middle),
                (x, top + 0.0, middle + 0.5 * grip),
                (x, top + 0.1, middle + 0.72 * grip),
            ]
            other = [(a, b, 2 * middle - c) for a, b, c in curl]
            p.add(
                union(
                    [
                        tube(curl[1:], 0.022, 8),
                        tube(other[1:], 0.022, 8),
                        cylinder(curl[0], (x, top + 0.02, middle), 0.05, 0.04, 16),
                    ]
                ),
                "metal",
            )
        elif horns == "posts":
            p.add(box((0.07, top - h + 0.1, 0.9 * grip), (x, (top + h) / 2 - 0.03, middle)), p.body)
            for sz in (-1, 1):
                p.add(box((0.07, 0.12, 0.04), (x, top + 0.03, middle + sz * 0.6 * grip)), p.body)
                p.add(box((0.07, 0.04, 0.3 * grip), (x, top - 0.01, middle + sz * 0.5 * grip)), p.body)
        else:
            shape = strip(
                np.array([(0.75, 0.09), (0.5, 0.0), (-0.5, 0.0), (-0.75, 0.09)]) * (grip, 1) + (middle, top), 0.04
            )
            p.add(
                union([extrude(shape, 0.08, "x", x), cylinder((x, h - 0.05, middle), (x, top, middle), 0.06)]), p.body
            )
    if d.flag("cord", 0.6):
        x = -0.5 * size + 0.5 * grip
        path = [
            (x, rest - 0.7 * deep, middle),
            (x - 0.14, rest - deep - 0.05, middle + 0.02),
            (-w / 2 - 0.2, 0.12, middle + 0.1),
            (-w / 2 - 0.1, 0.06, -0.06),
            (-w / 2 + 0.06, 0.06, -0.1),
        ]
        p.add(coil(path, 0.026, 0.0085), "rubber")
    for s in (-1, 1):
        for z in (-0.36, 0.36):
            p.add(
                cylinder((s * 0.38 * w, -0.025, z * depth), (s * 0.38 * w, 0.03, z * depth), 0.04, segments=12),
                "rubber",
            )


def wall(p: Telephone, d: Draw) -> None:
    """A telephone on a wall: a panel with the handset beside the keys, or an old wooden box with bells and a crank."""
    if d.flag("antique", 0.35):
        _antique(p, d)
        return
    w, h, t = d.uniform("width", 0.44, 0.6), 1.0, d.uniform("thickness", 0.12, 0.22)
    p.form = d.params["body_form"] = d.choice("panel_form", ("slab", "bevel"))
    p.corner = min(p.corner, 0.2)
    body = p.shell(w, h, t)
    if d.flag("stepped", 0.4):
        p.add(box((1.1 * w, 0.6 * h, 0.5 * t), (0, 0, -0.4 * t)), p.body)
    p.add(body, p.body)
    z = t / 2
    central = d.flag("handset_in_middle", 0.25)
    size, grip, deep = (
        d.uniform("handset_length", 0.8, 1.05),
        d.uniform("handset_width", 0.17, 0.21),
        d.uniform("handset_depth", 0.12, 0.16),
    )
    x = 0.0 if central else -w / 2 + 0.6 * grip
    receiver = handset(p.handset_form, size, grip, deep)
    lift = z + 0.94 * deep
    p.add(receiver.translate((x, 0.02, lift)), p.trim if d.flag("dark_handset", 0.4) else p.body)
    for s in (-1, 1):
        p.add(
            rounded_box(
                (1.1 * grip, 0.9 * grip, 0.1), (x, 0.02 + s * (min(size, 0.98) / 2 - 0.52 * grip), z - 0.01), 0.02, 8
            ),
            p.body,
        )
    hook = 0.02 + size / 2 - 0.5 * grip
    p.add(box((0.5 * grip, 0.05, 1.1 * deep), (x, hook - 0.62 * grip, z + 0.4 * deep)), "metal")
    right = 0.0 if central else 0.5 * (x + 0.6 * grip + w / 2)
    area = 0.84 * w if central else 0.86 * (w / 2 - x - 0.6 * grip)
    if not central:
        if d.flag("rotary_dial", 0.35):
            r = min(0.48 * area, 0.2)
            plate, wheel, hub = dial(r, 0.08)
            for solid, material in ((plate, p.trim), (wheel, "metal"), (hub, "plastic")):
                p.add(solid.translate((right, -0.02, z)), material)
        else:
            p.grid((right, -0.08, z), (area, d.uniform("keypad_height", 0.3, 0.45)), 4, 3)
        p.add(box((area, 0.1, 0.03), (right, 0.3, z)), "screen" if d.flag("display", 0.4) else "light")
        for k in range(4):
            p.add(box((0.8 * area, 0.012, 0.03), (right, -0.36 - 0.03 * k, z)), p.trim)
    if d.flag("cord", 0.65):
        foot = 0.02 - size / 2 + 0.4 * grip
        side = 1 if central else 0
        path = [
            (x, foot, lift - 0.4 * deep),
            (x, foot - 0.14, lift - 0.2 * deep),
            (x + 0.05, -0.85, 0.3 * t),
            (x + 0.16, -0.86, 0.1 * t),
            (x + 0.2 + 0.02 * side, -0.62, 0),
            (x + 0.19, -0.46, 0),
        ]
        p.add(coil(path, 0.026, 0.0085), "rubber")


def _antique(p: Telephone, d: Draw) -> None:
    """The wooden wall telephone: bells above, a mouthpiece on an arm, the receiver on a hook, a crank on the right."""
    w, h, t = d.uniform("width", 0.34, 0.44), 1.0, d.uniform("thickness", 0.18, 0.28)
    wood = d.choice("box_material", {"wood": 4.0, "paint": 1.0})
    p.add(box((w, 0.72 * h, t), (0, 0.05, 0)), wood)
    p.add(box((1.14 * w, 1.0, 0.04), (0, 0.0, -t / 2)), wood)
    z = t / 2
    p.add(box((1.08 * w, 0.03, 1.08 * t), (0, 0.41, 0)), wood)
    shelf = d.uniform("shelf", 0.1, 0.24)
    outline = [(-t / 2, -0.32), (z, -0.32), (z + shelf, -0.4), (z + shelf, -0.43), (-t / 2, -0.43)]
    p.add(extrude(outline, 1.05 * w, "x"), wood)
    for s in (-1, 1):
        bell = revolve([(0, 0.055), (0.04, 0.05), (0.075, 0.025), (0.085, 0), (0, 0)], 24).rotate((90, 0, 0))
        p.add(bell.translate((s * 0.092, 0.3, z + 0.012)), "metal")
        p.add(cylinder((s * 0.092, 0.3, z - 0.02), (s * 0.092, 0.3, z + 0.03), 0.02, segments=10), "metal")
    reach = d.uniform("mouth_reach", 0.14, 0.28)
    y = d.uniform("mouth_level", 0.0, 0.1)
    p.add(cylinder((0, y, z - 0.02), (0, y, z + 0.02), 0.07, segments=24), "metal")
    p.add(tube([(0, y, z), (0, y + 0.02, z + 0.7 * reach), (0, y + 0.03, z + reach)], 0.022, 10), "metal")
    cup = cylinder((0, y + 0.03, z + reach - 0.02), (0, y + 0.03, z + reach + 0.1), 0.035, 0.09, 24)
    p.add(cup - cylinder((0, y + 0.03, z + reach + 0.03), (0, y + 0.03, z + reach + 0.101), 0.03, 0.075, 24), "rubber")
    # the receiver hangs in its fork on the left, the crank is on the right
    x = -w / 2 - 0.09
    p.add(tube([(-w / 2 + 0.02, 0.2, 0), (x, 0.2, 0.0), (x, 0.2, 0.03)], 0.02, 8), "metal")
    rows = [(0.045, 0.06), (0.05, 0.04), (0.026, 0.0), (0.03, -0.12), (0.055, -0.16), (0.06, -0.2), (0.04, -0.21)]
    p.add(turned(np.array(rows[::-1]), 2, 20).translate((x, 0.2, 0)), "rubber")
    arm = d.uniform("crank_arm", 0.06, 0.12)
    p.add(tube([(w / 2 - 0.02, 0.1, 0), (w / 2 + 0.06, 0.1, 0), (w / 2 + 0.06, 0.1 - arm, 0.04)], 0.016, 8), "metal")
    p.add(cylinder((w / 2 + 0.05, 0.1 - arm, 0.04), (w / 2 + 0.14, 0.1 - arm, 0.04), 0.026, 0.03, 16), "wood")
    if d.flag("cord", 0.6):
        path = smooth_curve(
            [(x, 0.01, 0), (x - 0.02, -0.12, 0.03), (x + 0.02, -0.26, 0.02), (-w / 2 + 0.02, -0.22, 0.02)], 5
        )
        p.add(sweep(path, 0.011, 8), "fabric")


def candlestick(p: Telephone, d: Draw) -> None:
    """The upright telephone: a mouthpiece on a column, the receiver hanging from a fork at its side."""
    foot, column = d.uniform("foot_radius", 0.2, 0.28), d.uniform("column_radius", 0.035, 0.06)
    tall = d.uniform("column_height", 0.62, 0.8)
    waist = d.uniform("waist", 0.7, 1.0)
    metal = d.choice("column_material", ("metal", "paint", "plastic"))
    rows = [
        (foot, 0.0),
        (foot, 0.03),
        (0.92 * foot, 0.06),
        (0.4 * foot, 0.1),
        (1.4 * column, 0.16),
        (waist * column, 0.3),
    ]
    rows += [(waist * column, tall - 0.15), (column, tall - 0.06), (1.2 * column, tall)]
    p.add(turned(np.array(rows), 2, 32), metal)
    if d.flag("dial", 0.5):
        plate, wheel, hub = dial(0.5 * foot, 0.08)
        slope = d.uniform("dial_slope", 45.0, 65.0)
        for solid, material in ((plate, p.trim), (wheel, "metal"), (hub, "metal")):
            p.add(solid.rotate((-slope, 0, 0)).translate((0, 0.09, 0.62 * foot)), material)
    tilt, mouth = d.uniform("mouth_tilt", -10.0, 25.0), d.uniform("mouth_radius", 0.09, 0.14)
    body = cylinder((0, 0, -0.06), (0, 0, 0.06), 1.1 * mouth, segments=28)
    bell = cylinder((0, 0, 0.05), (0, 0, 0.17), 0.3 * mouth, mouth, 28)
    bell -= cylinder((0, 0, 0.08), (0, 0, 0.171), 0.25 * mouth, 0.84 * mouth, 28)
    p.motion = lambda solid: solid.rotate((-tilt, 0, 0)).translate((0, tall + 0.4 * mouth, 0.01))
    p.add(body, metal)
    p.add(bell, "rubber")
    p.motion = _still
    side = d.number("receiver_side", -1, 1)
    reach, level = d.uniform("hook_reach", 0.16, 0.22), d.uniform("hook_level", 0.72, 0.88) * tall
    p.add(cylinder((0, level, 0), (side * reach, level, 0), 0.016, segments=10), "metal")
    for z in (-1, 1):
        prong = [
            (side * (reach - 0.05), level, 0),
            (side * (reach - 0.02), level, z * 0.05),
            (side * (reach + 0.05), level, z * 0.05),
        ]
        p.add(tube(prong, 0.014, 8), "metal")
    length, cap = d.uniform("receiver_length", 0.28, 0.4), d.uniform("receiver_cap", 0.06, 0.08)
    rows = [
        (0.03, -length),
        (cap, 0.02 - length),
        (cap, 0.06 - length),
        (0.034, 0.12 - length),
        (0.03, -0.04),
        (0.065, 0.0),
        (0.065, 0.03),
        (0.03, 0.05),
    ]
    p.add(turned(np.array(rows), 2, 20).translate((side * reach, level + 0.012, 0)), "rubber")
    if d.flag("cord", 0.7):
        x = side * reach
        low = level - length
        path = smooth_curve(
            [
                (x, low + 0.03, 0),
                (x, low - 0.08, -0.02),
                (0.95 * x, 0.12, -0.14),
                (0.4 * x, 0.045, -0.16),
                (0.0, 0.035, -0.12),
            ],
            6,
        )
        p.add(sweep(path, 0.0105, 8), "fabric")
    p.add(ellipsoid((0.8 * foot, 0.012, 0.8 * foot), (0, 0.0, 0), 24), "rubber")
