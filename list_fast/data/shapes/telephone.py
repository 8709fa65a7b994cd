# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Telephones: mobile ones of all ages, cordless ones in their cradles, desk, rotary, wall and candlestick telephones.

Hand-held ones stand upright with the screen to +z; the others stand on their base or hang on a wall behind them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.display_parts import slab
from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import Shape, box, cylinder, ellipsoid, fill_cavities, rounded_box
from list_fast.data.shapes.telephone_desk import candlestick, cordless, desk, rotary, wall
from list_fast.data.shapes.telephone_parts import Telephone

TYPES = {
    "candybar": 5.0,
    "smartphone": 5.0,
    "flip": 4.0,
    "slider": 2.5,
    "qwerty": 2.0,
    "brick": 1.5,
    "cordless": 2.0,
    "desk": 2.5,
    "rotary": 1.5,
    "wall": 1.2,
    "candlestick": 0.6,
}


def _camera(p: Telephone, x: float, y: float, z: float, size: float, lenses: int) -> None:
    """A camera on a back in the plane ``z``: a plate with lenses and a lamp."""
    rows = max(lenses, 1)
    tall = size * (0.35 + 0.65 * rows)
    p.add(rounded_box((size, tall, 0.05), (x, y, z + 0.008), 0.3 * size, 10), p.trim)
    for k in range(lenses):
        at = y + (k - (lenses - 1) / 2) * 0.65 * size
        ring = cylinder((x, at, z), (x, at, z - 0.03), 0.27 * size, segments=20)
        p.add(ring - cylinder((x, at, z - 0.022), (x, at, z - 1), 0.17 * size, segments=16), "metal")
        p.add(cylinder((x, at, z), (x, at, z - 0.024), 0.13 * size, segments=12), "glass")


def _candybar(p: Telephone, d: Draw) -> None:
    w, t = d.uniform("width", 0.36, 0.5), d.uniform("thickness", 0.12, 0.24)
    z = t / 2
    split = d.uniform("screen_share", 0.26, 0.42)
    solid = p.shell(w, 1.0, t)
    top = 0.5 - d.uniform("forehead", 0.1, 0.16)
    tall = split * 0.9
    wide = d.uniform("screen_width", 0.62, 0.8) * w
    solid = p.window(solid, (0, top - tall / 2, z), (wide, tall), d.uniform("screen_recess", 0.008, 0.02))
    solid = p.earpiece(solid, (0, 0.5 * (top + 0.5) - 0.005, z), w)
    if d.flag("microphone", 0.6):
        solid -= cylinder((0.1 * w, -0.46, z - 0.03), (0.1 * w, -0.46, z + 1), 0.01, segments=8)
    p.add(solid, p.body)
    below = top - tall
    pad = d.uniform("pad_size", 0.16, 0.24) * w
    centre = below - pad - 0.03
    if d.flag("navigation_pad", 0.75):
        p.pad((0, centre, z), pad)
    else:
        p.add(rounded_box((0.3 * w, 0.08, 0.05), (0, centre, z - 0.01), 0.02, 8), p.trim)
    for s in (-1, 1):
        p.add(rounded_box((0.2 * w, 0.05, 0.04), (s * 0.31 * w, centre + 0.35 * pad, z - 0.008), 0.015, 8), p.keys)
        p.add(rounded_box((0.2 * w, 0.05, 0.04), (s * 0.31 * w, centre - 0.6 * pad, z - 0.008), 0.015, 8), p.trim)
    low = -0.43
    room = centre - pad - 0.02 - low
    p.grid((0, low + room / 2, z), (0.82 * w, room), 4, 3, d.uniform("key_bow", -0.02, 0.02))
    if d.flag("has_antenna", 0.45):
        p.antenna(
            d.number("antenna_side", -1, 1) * 0.32 * w,
            0.48,
            -0.1 * t,
            d.choice("antenna_form", ("stub", "rod", "thick")),
            d.uniform("antenna_length", 0.1, 0.4),
            min(0.07 * w, 0.35 * t),
        )
    if d.flag("has_camera", 0.4):
        _camera(p, 0.0, 0.28, -z, 0.13, 1)
    p.side_buttons(w * (0.95 if p.form in ("waist", "taper") else 1.0), 0.8, t)


def _smartphone(p: Telephone, d: Draw) -> None:
    w, t = d.uniform("width", 0.44, 0.54), d.uniform("thickness", 0.045, 0.075)
    p.form = d.params["body_form"] = d.choice("frame_form", ("slab", "bevel"))
    p.corner = d.uniform("screen_corner", 0.1, 0.28)
    z = t / 2
    solid = p.shell(w, 1.0, t)
    frame = d.uniform("frame", 0.008, 0.022)
    chin = d.uniform("chin", 0.06, 0.12) if d.flag("home_button", 0.4) else d.uniform("bezel", 0.0, 0.02)
    wide, tall = w - 2 * frame, 1.0 - 2 * frame - 2 * chin
    inset = d.flag("sunk_glass", 0.5)
    radius = max(p.corner * w - frame, 0.01) if chin < 0.03 else 0.012
    if inset:
        solid -= slab(wide, tall, 0.012, radius).translate((0, 0, z))
        p.add(slab(wide + 0.006, tall + 0.006, 0.02, radius).translate((0, 0, z - 0.0135)), "screen")
    else:
        p.add(slab(wide, tall, 0.02, radius).translate((0, 0, z - 0.004)), "screen")
    if chin > 0.03:
        y = -0.5 + frame + chin / 2
        form = d.choice("button_form", ("round", "pill", "three"))
        if form == "round":
            solid -= cylinder((0, y, z - 0.012), (0, y, z + 1), 0.42 * chin, segments=24)
            p.add(cylinder((0, y, z - 0.02), (0, y, z - 0.002), 0.34 * chin, segments=24), p.trim)
        elif form == "pill":
            p.add(rounded_box((0.22 * w, 0.4 * chin, 0.03), (0, y, z - 0.008), 0.012, 8), p.trim)
        else:
            for k in (-1, 0, 1):
                p.add(box((0.1 * w, 0.3 * chin, 0.02), (0.25 * w * k, y, z - 0.006)), p.trim)
        solid = p.earpiece(solid, (0, 0.5 - frame - chin / 2, z), 0.7 * w)
    else:
        notch = d.choice("notch", ("none", "island", "drop", "notch"))
        y = 0.5 - frame - chin
        if notch == "island":
            p.add(rounded_box((0.24 * w, 0.035, 0.03), (0, y - 0.035, z - 0.006), 0.012, 8), "rubber")
        elif notch == "drop":
            p.add(cylinder((0, y - 0.025, z - 0.02), (0, y - 0.025, z + 0.009), 0.016, segments=16), "rubber")
        elif notch == "notch":
            p.add(rounded_box((0.4 * w, 0.04, 0.028), (0, y - 0.016, z - 0.006), 0.012, 8), "rubber")
    # openings in the lower edge
    port = rounded_box((0.17 * w, 0.05, 0.45 * t), (0, -0.5, 0), 0.2 * t, 8)
    holes = [cylinder((s * x * w, -0.6, 0), (s * x * w, -0.48, 0), 0.17 * t, segments=8)
             for s in (-1, 1) for x in (0.2, 0.26, 0.32)]  # fmt: skip
    p.add(solid - port - Manifold.compose(holes), p.body)
    size = d.uniform("camera_size", 0.09, 0.19) * w / 0.5
    place = d.choice("camera_place", ("corner", "middle", "square", "bar"))
    side = 1 if d.flag("camera_on_right", 0.75) else -1
    if place == "corner":
        lenses = d.integer("lenses", 1, 4)
        tall = size * (0.35 + 0.65 * lenses)
        _camera(p, side * (w / 2 - 0.62 * size), 0.47 - tall / 2, -z, size, lenses)
    elif place == "middle":
        _camera(p, 0.0, 0.36, -z, size, d.integer("lenses", 1, 3))
    elif place == "bar":
        p.add(rounded_box((0.97 * w, 0.11, 0.06), (0, 0.33, -z + 0.01), 0.02, 8), p.trim)
        for k in range(d.integer("lenses", 1, 3)):
            at = (k - 1) * 0.12
            p.add(cylinder((at, 0.33, -z), (at, 0.33, -z - 0.03), 0.035, segments=20), "glass")
    else:
        side_length = 1.9 * size
        x, y = side * (w / 2 - 0.58 * side_length), 0.48 - 0.58 * side_length
        p.add(rounded_box((side_length, side_length, 0.05), (x, y, -z + 0.008), 0.022, 12), p.trim)
        for k in range(d.integer("lenses", 2, 4)):
            a = np.pi / 2 * k + 0.78
            lens = (x + 0.33 * side_length * np.cos(a), y + 0.33 * side_length * np.sin(a))
            ring = cylinder((*lens, -z), (*lens, -z - 0.034), 0.22 * side_length, segments=20)
            p.add(ring - cylinder((*lens, -z - 0.026), (*lens, -1), 0.15 * side_length, segments=16), "glass")
    p.side_keys = d.integer("edge_keys", 1, 3)
    p.side_buttons(w, 1.0, t)
    if d.flag("side_switch", 0.5):
        p.add(rounded_box((0.02, 0.08, 0.4 * t), (-w / 2 if not p.left_side else w / 2, 0.22, 0), 0.005, 8), p.trim)
    if d.flag("ring_grip", 0.12):
        grip = cylinder((0, -0.05, 0.01 - z), (0, -0.05, -z - 0.02), 0.085, segments=28)
        p.add(grip - cylinder((0, -0.05, -z), (0, -0.05, -1), 0.06, segments=24), "metal")


def _flip(p: Telephone, d: Draw) -> None:
    w, t = d.uniform("width", 0.42, 0.54), d.uniform("half_thickness", 0.07, 0.13)
    lower, upper = 0.52, d.uniform("lid_length", 0.44, 0.52)
    angle = d.uniform("opening", 135.0, 172.0)
    if d.flag("half_open", 0.2):
        angle = d.uniform("half_opening", 95.0, 130.0)
    closed = d.flag("closed", 0.12)
    p.corner = d.params["corner"] = 0.6 * p.corner
    p.form = d.params["body_form"] = d.choice("half_form", ("slab", "bevel", "pillow"))
    z = t / 2
    # below the hinge: the keys
    solid = p.shell(w, lower, t)
    p.motion = lambda solid: solid.translate((0, -lower / 2, 0))
    p.add(solid, p.body)
    barrel = d.uniform("hinge_radius", 0.4, 0.62) * t
    inner = z + 0.0
    if not closed:
        room = d.uniform("key_share", 0.52, 0.62) * lower
        p.grid((0, -lower / 2 + 0.06 + room / 2, inner), (0.8 * w, room), 4, 3, d.uniform("key_bow", -0.012, 0.012))
        pad = min(0.2 * w, 0.5 * (lower - 0.1 - room) - 0.01)
        p.pad((0, lower / 2 - 0.05 - pad, inner), pad)
        for s in (-1, 1):
            p.add(
                rounded_box((0.2 * w, 0.06, 0.04), (s * 0.32 * w, lower / 2 - 0.05 - pad, inner - 0.008), 0.015, 8),
                p.keys,
            )
    # the barrel lies in front, where the halves fold about it
    axis = np.array([0.0, 0.0, z])
    p.motion = lambda solid: solid
    for a, b, material in ((-0.5, -0.28, p.body), (-0.28, 0.28, p.trim), (0.28, 0.5, p.body)):
        p.add(
            cylinder(
                (0.96 * a * w, 0, z - 0.02), (0.96 * b * w, 0, z - 0.02), barrel if material == p.body else 0.9 * barrel
            ),
            material,
        )
    fold = 180.0 - angle
    if closed:
        p.motion = lambda solid: solid.rotate((180, 0, 0)).translate((0, -upper / 2, z + 0.42 * t))
    else:
        p.motion = lambda solid: solid.translate((0, upper / 2, -z)).rotate((fold, 0, 0)).translate(tuple(axis))
    lid = p.shell(w, upper, 0.86 * t)
    face = 0.43 * t
    tall = d.uniform("screen_share", 0.55, 0.72) * upper
    if not closed:
        lid = p.window(lid, (0, 0.01, face), (d.uniform("screen_width", 0.66, 0.84) * w, tall), 0.01)
        lid = p.earpiece(lid, (0, 0.5 * upper - 0.25 * (upper - tall), face), 0.8 * w)
    # the outside of the lid: a small display or a camera
    if d.flag("outer_screen", 0.7):
        size = d.uniform("outer_size", 0.28, 0.6) * w
        p.add(slab(size, 0.7 * size, 0.04, 0.03).translate((0, 0.1 * upper, -face + 0.006)), "screen")
    if d.flag("lid_camera", 0.6):
        y = -0.3 * upper
        p.add(cylinder((0, y, -face + 0.02), (0, y, -face - 0.018), 0.05, segments=20), p.trim)
        p.add(cylinder((0, y, -face + 0.02), (0, y, -face - 0.024), 0.03, segments=16), "glass")
    p.add(lid, p.body)
    p.add(box((0.52 * w, 0.07, 0.56 * t), (0, 0.025 - upper / 2, 0.1 * t)), p.body)  # a round lid ends above the hinge
    p.motion = lambda solid: solid
    if d.flag("has_antenna", 0.4):
        p.antenna(
            0.4 * w,
            0.0,
            -0.2 * t,
            d.choice("antenna_form", ("stub", "rod")),
            d.uniform("antenna_length", 0.12, 0.35),
            0.035,
        )
    p.motion = lambda solid: solid.translate((0, -lower / 2, 0))
    p.side_buttons(w, lower, t)


def _slider(p: Telephone, d: Draw) -> None:
    w, t = d.uniform("width", 0.42, 0.52), d.uniform("half_thickness", 0.065, 0.11)
    h = 0.78
    travel = d.uniform("travel", 0.2, 0.34)
    sideways = d.flag("sideways", 0.2)
    p.corner = d.params["corner"] = 0.6 * p.corner
    p.form = d.params["body_form"] = d.choice("half_form", ("slab", "bevel", "pillow"))
    p.motion = lambda solid: solid.translate((0, 0, -0.42 * t))
    back = p.shell(w, h, t)
    p.add(back, p.body)
    low = -h / 2 + 0.03
    room = travel - 0.045
    if sideways:  # a keyboard that comes out to the right
        p.grid((w / 2 - 0.5 * travel + 0.012, 0, t / 2), (0.86 * travel, 0.86 * h), 10, 4)
        shift = (-travel, 0.0)
    else:
        p.grid((0, low + room / 2, t / 2), (0.84 * w, room), 4, 3, d.uniform("key_bow", -0.006, 0.006))
        shift = (0.0, travel)
    _camera(p, 0.0, 0.3 * h, -t / 2, 0.12, 1)
    p.side_buttons(w, h, t)
    p.motion = lambda solid: solid.translate((*shift, 0.42 * t))
    front = p.shell(w, h, t)
    chin = d.uniform("front_chin", 0.12, 0.2) if d.flag("front_keys", 0.7) else 0.05
    tall = h - chin - d.uniform("forehead", 0.07, 0.12)
    front = p.window(
        front, (0, h / 2 - (h - chin - tall) - tall / 2, t / 2), (d.uniform("screen_width", 0.76, 0.88) * w, tall), 0.01
    )
    front = p.earpiece(front, (0, h / 2 - 0.5 * (h - chin - tall), t / 2), 0.8 * w)
    p.add(front, p.body)
    if chin > 0.1:
        p.pad((0, -h / 2 + chin / 2 + 0.004, t / 2), 0.36 * chin)
        for s in (-1, 1):
            p.add(
                rounded_box((0.22 * w, 0.3 * chin, 0.03), (s * 0.3 * w, -h / 2 + 0.55 * chin, t / 2 - 0.008), 0.012, 8),
                p.keys,
            )


def _qwerty(p: Telephone, d: Draw) -> None:
    w, t = d.uniform("width", 0.5, 0.68), d.uniform("thickness", 0.09, 0.15)
    if p.form in ("waist", "taper"):
        p.form = d.params["body_form"] = "bevel"
    p.corner = d.params["corner"] = 0.6 * p.corner
    z = t / 2
    rows, columns = d.integer("key_rows", 3, 4), d.integer("key_columns", 8, 10)
    keys = d.uniform("keyboard_share", 0.3, 0.38)
    low = -0.5 + d.uniform("key_margin", 0.06, 0.09)
    row = 0.1
    solid = p.shell(w, 1.0, t)
    bottom = low + keys + row + 0.015
    top = 0.5 - d.uniform("forehead", 0.09, 0.12)
    solid = p.window(
        solid, (0, (bottom + top) / 2, z), (d.uniform("screen_width", 0.76, 0.86) * w, top - bottom), 0.012
    )
    solid = p.earpiece(solid, (0, 0.5 * (top + 0.5) - 0.008, z), 0.8 * w)
    p.add(solid, p.body)
    p.grid((0, low + keys / 2, z), (0.86 * w, keys), rows, columns, d.uniform("key_bow", -0.015, 0.02))
    y = low + keys + row / 2
    if d.flag("track_ball", 0.5):
        p.add(ellipsoid((0.036, 0.036, 0.04), (0, y, z - 0.012), 20), p.trim)
    else:
        p.add(rounded_box((0.11, 0.07, 0.04), (0, y, z - 0.01), 0.015, 8), p.trim)
    for s in (-1, 1):
        for x in (0.18, 0.36):
            p.add(rounded_box((0.14 * w, 0.055, 0.04), (s * x * w, y, z - 0.01), 0.012, 8), p.keys)
    if d.flag("has_antenna", 0.2):
        p.antenna(0.36 * w, 0.48, 0, "stub", 0.2, 0.035)
    _camera(p, 0.0, 0.3, -z, 0.14, 1)
    p.side_buttons(w, 1.0, t)


def _brick(p: Telephone, d: Draw) -> None:
    w, t = d.uniform("width", 0.28, 0.36), d.uniform("thickness", 0.24, 0.42)
    z = t / 2
    p.form = d.params["body_form"] = d.choice("case_form", ("slab", "bevel", "box"))
    solid = rounded_box((w, 1.0, t), (0, 0, 0), 0.035, 12) if p.form == "box" else p.shell(w, 1.0, t)
    window = d.uniform("screen_height", 0.06, 0.14)
    solid = p.window(solid, (0, 0.2, z), (0.66 * w, window), 0.016)
    solid = p.earpiece(solid, (0, 0.36, z), 1.3 * w)
    if d.flag("grip", 0.6):  # hollowed flanks for the hand
        for s in (-1, 1):
            solid -= ellipsoid((0.03, 0.3, 0.3 * t), (s * w / 2, -0.12, -0.1 * t), 20)
    p.add(solid, p.body)
    p.grid((0, -0.16, z), (0.8 * w, d.uniform("keypad_height", 0.36, 0.5)), d.integer("key_rows", 4, 6), 3)
    if d.flag("battery", 0.6):
        p.add(rounded_box((0.92 * w, 0.7, 0.14), (0, -0.12, -z), 0.03, 10), "rubber")
    p.antenna(
        0.3 * w,
        0.48,
        -0.25 * t,
        "thick",
        d.uniform("antenna_length", 0.3, 0.7),
        d.uniform("antenna_radius", 0.035, 0.055),
    )
    for k in range(4):
        p.add(box((0.5 * w, 0.012, 0.03), (0, -0.45 + 0.022 * k, z - 0.008)), p.trim)
    if d.flag("foot", 0.4):
        p.add(box((1.06 * w, 0.05, 1.06 * t), (0, -0.485, 0)), "rubber")
    p.side_buttons(w, 0.8, t)


_BUILDERS: dict[str, Callable[[Telephone, Draw], None]] = {
    "candybar": _candybar,
    "smartphone": _smartphone,
    "flip": _flip,
    "slider": _slider,
    "qwerty": _qwerty,
    "brick": _brick,
    "cordless": cordless,
    "desk": desk,
    "rotary": rotary,
    "wall": wall,
    "candlestick": candlestick,
}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random telephone, of the structural type ``kind`` if given; y is up and the keys or the screen face +z.

    Raises:
        ValueError: ``kind`` is not one of ``TYPES``.
    """
    draw = Draw(rng)
    draw.params["type"] = kind = draw_kind(rng, TYPES, kind)
    telephone = Telephone(draw)
    _BUILDERS[kind](telephone, draw)
    fill_cavities(telephone.shape, telephone.body)
    return telephone.shape
