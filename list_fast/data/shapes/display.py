# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Displays: flat monitors, televisions on feet or a pedestal, picture tubes, laptops, all-in-ones, pairs and kiosks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.display_parts import Display, Motion, frustum, placed, slab, tube_face
from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import Shape, box, cylinder, extrude, rounded_box, strip, tube, union

TYPES = {
    "monitor": 6.0,
    "tv_pedestal": 2.5,
    "tv_feet": 2.5,
    "crt": 2.0,
    "crt_tv": 1.2,
    "laptop": 2.0,
    "ultrawide": 1.2,
    "wall": 1.0,
    "all_in_one": 1.2,
    "dual": 1.0,
    "kiosk": 0.6,
}


def _monitor(s: Display, d: Draw) -> None:
    if d.flag("pivoted", 0.08):
        s.width, s.height = s.height, s.width
    lift = s.foot_thickness + s.gap + s.height / 2
    s.panel(s.width, s.height, s.tilted(lift, s.tilt))
    back = -s.thickness / 2 - (0.3 * s.back_depth if s.back != "flat" else 0.0)
    s.stand(lift - s.height / 2, d.uniform("neck_reach", 0.3, 0.55) * s.height, back)
    if d.flag("speakers", 0.12):
        for x in (-1, 1):
            s.shape.add(
                s.tilted(lift, s.tilt)(
                    rounded_box((0.09, 0.8 * s.height, 0.07), (x * (s.width / 2 + 0.04), 0, 0), 0.015)
                ),
                s.body,
            )


def _tv_pedestal(s: Display, d: Draw) -> None:
    s.foot_width = d.uniform("pedestal_width", 0.3, 0.7)
    s.gap = d.uniform("pedestal_height", 0.03, 0.1)
    s.foot_depth *= 0.9
    s.tilt = 0.0
    lift = s.foot_thickness + s.gap + s.height / 2
    s.panel(s.width, s.height, s.tilted(lift, 0))
    s.neck_width = max(s.neck_width, 0.1)
    s.stand(lift - s.height / 2, d.uniform("neck_reach", 0.1, 0.3) * s.height, -s.thickness / 2)
    if d.flag("sound_bar", 0.2):
        s.shape.add(
            s.tilted(lift, 0)(rounded_box((0.9, 0.06, 0.07), (0, -s.height / 2 - 0.015, -0.01), 0.02)), "plastic"
        )


def _tv_feet(s: Display, d: Draw) -> None:
    rise, spread = d.uniform("feet_height", 0.04, 0.12), d.uniform("feet_spread", 0.25, 0.45)
    reach, size = d.uniform("feet_reach", 0.09, 0.17), d.uniform("feet_size", 0.009, 0.016)
    lift = rise + s.height / 2
    s.panel(s.width, s.height, s.tilted(lift, 0))
    form = d.choice("feet_form", ("vee", "blade", "loop", "arc"))
    for x in (-spread, spread):
        if form == "vee":
            solid = union(
                [tube([(x, rise + 0.03, 0), (x + 0.02 * np.sign(x), size, z)], size, 8) for z in (-reach, reach)]
            )
        elif form == "blade":
            blade = [
                (-reach, 0),
                (reach, 0),
                (reach, 0.012),
                (0.02, rise + 0.03),
                (-0.02, rise + 0.03),
                (-reach, 0.012),
            ]
            solid = extrude(blade, 2 * size, "x", x)
        elif form == "loop":
            ring = [(x, rise + 0.03, 0.0), (x, size, -reach), (x, size, reach), (x, rise + 0.03, 0.0)]
            solid = union([tube(ring, size, 8), box((2 * size, 0.05, 2.2 * size), (x, rise + 0.02, 0))])
        else:
            turn = np.linspace(-1, 1, 9)
            path = np.stack([turn * reach, 0.7 * rise * (1 - turn**2) + size], 1)
            solid = union(
                [
                    extrude(strip(path, 2 * size), 2.5 * size, "x", x),
                    box((0.03, rise * 0.6 + 0.03, 0.022), (x, 0.8 * rise, 0)),
                ]
            )
        s.shape.add(solid, "metal" if d.params["body_material"] == "metal" else s.body)


def _crt(s: Display, d: Draw) -> None:
    w, h = 1.0, s.height * d.uniform("tube_height", 0.95, 1.1)
    depth = d.uniform("tube_depth", 0.6, 1.0)
    taper = d.uniform("tube_taper", 0.45, 0.75)
    rim = d.uniform("rim_depth", 0.1, 0.25)
    frame = d.uniform("tube_bezel", 0.05, 0.1)
    lift = h / 2 + d.uniform("swivel_height", 0.06, 0.14)
    lean = s.tilted(lift, 0.5 * s.tilt)
    front = rounded_box((w, h, rim), (0, 0, -rim / 2), 0.03, 12)
    glass_depth = max(0.02, 1.5 * s.recess)
    bottom = s.chin
    opening = (w - 2 * frame, h - 2 * frame - bottom)
    cut = frustum((opening[0] + 0.04, opening[1] + 0.04), opening, 0.01, -glass_depth).translate((0, bottom / 2, 0))
    s.shape.add(lean(front - cut), s.body)
    s.shape.add(lean(tube_face(opening, glass_depth).translate((0, bottom / 2, 0))), "screen")
    neck = d.choice("tube_form", ("frustum", "steps", "round"))
    if neck == "frustum":
        back = frustum((0.96 * w, 0.94 * h), (taper * w, taper * h), -rim + 0.02, -depth, 0.05)
    elif neck == "steps":
        back = union(
            [
                frustum((0.94 * w, 0.92 * h), (0.8 * w, 0.8 * h), -rim + 0.02, -0.6 * depth),
                box((taper * w, taper * h, 0.5 * depth), (0, -0.04, -0.75 * depth)),
            ]
        )
    else:
        back = Manifold.batch_hull(
            [
                box((0.94 * w, 0.92 * h, 0.02), (0, 0, -rim)),
                rounded_box((taper * w, taper * h, 0.2), (0, 0, -depth + 0.1), 0.09, 12),
            ]
        )
    s.shape.add(lean(back), s.body)
    middle = -0.4 * depth
    s.shape.add(cylinder((0, 0, middle), (0, 0.035, middle), 0.33 * w, 0.31 * w, 40), s.body)
    s.shape.add(cylinder((0, 0.03, middle), (0, lift - 0.35 * h, middle), 0.12 * w, 0.2 * w, 24), s.body)
    for k in range(d.integer("knobs", 0, 4)):
        x = 0.36 * w - 0.07 * k
        s.shape.add(
            lean(cylinder((x, -h / 2 + 0.5 * frame, -0.03), (x, -h / 2 + 0.5 * frame, 0.012), 0.014, segments=12)),
            "metal",
        )


def _crt_tv(s: Display, d: Draw) -> None:
    w, h = 1.0, s.height
    depth, box_depth = d.uniform("tube_depth", 0.5, 0.85), d.uniform("case_depth", 0.3, 0.6)
    side = d.uniform("panel_width", 0.0, 0.24)
    frame = d.uniform("tube_bezel", 0.04, 0.08)
    legs = d.choice("stand_form", ("none", "legs", "plinth", "bars"))
    rise = {"none": 0.0, "legs": d.uniform("leg_height", 0.15, 0.5), "plinth": 0.05, "bars": 0.04}[legs]
    lift = h / 2 + rise
    case = d.choice("case_material", ("wood", "plastic"))
    opening = (w - 2 * frame - side, h - 2 * frame)
    middle = (-side / 2, 0.0)
    cut = frustum((opening[0] + 0.03, opening[1] + 0.03), opening, 0.01, -0.03).translate((*middle, 0))
    up: Motion = lambda solid: solid.translate((0, lift, 0))  # noqa: E731 - a motion like the others
    s.shape.add(up(rounded_box((w, h, box_depth), (0, 0, -box_depth / 2), s.corner, 12) - cut), case)
    s.shape.add(up(tube_face(opening, 0.03).translate((*middle, 0))), "screen")
    s.shape.add(
        up(frustum((0.85 * w, 0.85 * h), (0.45 * w, 0.45 * h), -box_depth + 0.02, -max(depth, box_depth + 0.1))),
        "plastic",
    )
    if side > 0.1:
        x = w / 2 - frame / 2 - side / 2
        for y in (0.3, 0.12):
            s.shape.add(up(cylinder((x, y * h, -0.02), (x, y * h, 0.03), 0.3 * side, 0.25 * side, 20)), "metal")
        for k in range(4):
            s.shape.add(up(box((0.7 * side, 0.014, 0.03), (x, (-0.05 - 0.07 * k) * h, -0.004))), "plastic")
    if legs == "legs":
        for x in (-0.4, 0.4):
            for z in (-0.15 * box_depth, -0.85 * box_depth):
                s.shape.add(cylinder((1.1 * x, 0, z), (x, rise + 0.03, z), 0.014, 0.024, 12), "wood")
    elif legs == "plinth":
        s.shape.add(box((0.8 * w, rise + 0.02, 0.8 * box_depth), (0, rise / 2, -box_depth / 2)), "plastic")
    elif legs == "bars":
        for x in (-0.35, 0.35):
            s.shape.add(box((0.05, rise + 0.02, 0.9 * box_depth), (x, rise / 2, -box_depth / 2)), "rubber")
    if d.flag("antenna", 0.45):
        s.shape.add(
            cylinder(
                (0, lift + h / 2 - 0.01, -0.5 * box_depth), (0, lift + h / 2 + 0.04, -0.5 * box_depth), 0.07, 0.04, 20
            ),
            "plastic",
        )
        for x in (-1, 1):
            tip = (x * 0.35, lift + h / 2 + d.uniform(f"antenna_length_{x}", 0.25, 0.45), -0.5 * box_depth)
            s.shape.add(cylinder((0, lift + h / 2 + 0.02, -0.5 * box_depth), tip, 0.007, segments=8), "metal")


def _laptop(s: Display, d: Draw) -> None:
    w, depth = 1.0, s.height * d.uniform("base_depth", 0.95, 1.08)
    lid, deck = d.uniform("lid_thickness", 0.012, 0.03), d.uniform("deck_thickness", 0.022, 0.055)
    opening = d.uniform("hinge_angle", 92.0, 130.0)
    s.thickness, s.back, s.chin = lid, "flat", 0.0
    s.recess = min(s.recess, 0.3 * lid)
    s.bezel = min(s.bezel, 0.045)
    hinge = np.array([0.0, deck, -depth / 2 + lid / 2])
    place: Motion = lambda solid: (  # noqa: E731 - a motion like the others
        solid.translate((0, s.height / 2, 0))
        .rotate((-(opening - 90), 0, 0))
        .translate((0, float(hinge[1]) - 0.006, float(hinge[2])))
    )
    s.panel(w, s.height, place)
    base = slab(w, depth, deck, max(s.corner, 0.01)).rotate((90, 0, 0)).translate((0, deck / 2, 0))
    tray = (0.86 * w, 0.42 * depth)
    middle = -0.14 * depth
    base -= box((tray[0], 0.012, tray[1]), (0, deck, middle))
    s.shape.add(base, s.body)
    rows, columns = d.integer("key_rows", 4, 6), d.integer("key_columns", 9, 14)
    pitch = (tray[0] / columns, tray[1] / rows)
    keys = [
        box(
            (0.8 * pitch[0], 0.014, 0.78 * pitch[1]),
            ((i + 0.5) * pitch[0] - tray[0] / 2, deck - 0.005, middle + (j + 0.5) * pitch[1] - tray[1] / 2),
        )
        for i in range(columns)
        for j in range(rows)
    ]
    s.shape.add(Manifold.compose(keys), "plastic")
    pad = d.uniform("touchpad", 0.2, 0.36)
    s.shape.add(box((pad, 0.01, 0.2 * depth), (0, deck - 0.002, 0.3 * depth)), "plastic")
    s.shape.add(cylinder((-0.42, *hinge[1:]), (0.42, *hinge[1:]), max(0.55 * lid, 0.009), segments=12), s.body)


def _ultrawide(s: Display, d: Draw) -> None:
    curve = d.uniform("curvature", 0.25, 0.95)
    lift = s.foot_thickness + s.gap + s.height / 2
    s.thickness = max(s.thickness, 0.03)
    s.panel(s.width, s.height, s.tilted(lift, 0.5 * s.tilt), curve)
    s.shape.add(s.tilted(lift, 0.5 * s.tilt)(box((0.3, 0.6 * s.height, 0.05), (0, 0, -s.thickness / 2 - 0.01))), s.body)
    s.stand(lift - s.height / 2, d.uniform("neck_reach", 0.4, 0.6) * s.height, -s.thickness / 2)


def _wall(s: Display, d: Draw) -> None:
    s.thickness = d.uniform("wall_thickness", 0.03, 0.09)
    s.tilt = d.uniform("wall_tilt", -2.0, 0.0)
    s.panel(s.width, s.height, s.tilted(0.0, s.tilt))
    if d.flag("bracket", 0.5):
        z = -s.thickness / 2 - s.back_depth - 0.05
        s.shape.add(box((0.3, 0.22, 0.02), (0, 0, z)), "metal")
        for x in (-0.1, 0.1):
            s.shape.add(box((0.03, 0.3, -z), (x, 0, z / 2 - 0.005)), "metal")


def _all_in_one(s: Display, d: Draw) -> None:
    s.chin = d.uniform("aio_chin", 0.06, 0.15)
    s.bezel = min(s.bezel, 0.03)
    s.back = "bulge" if d.flag("aio_bulge", 0.6) else "flat"
    leg, width, depth = (
        d.uniform("leg_height", 0.06, 0.16),
        d.uniform("leg_width", 0.18, 0.4),
        d.uniform("leg_depth", 0.2, 0.3),
    )
    plate = d.uniform("leg_thickness", 0.012, 0.025)
    lift = leg + s.height / 2
    s.panel(s.width, s.height, s.tilted(lift, 0.4 * s.tilt))
    low = -s.thickness / 2 - 0.3 * s.back_depth
    path = [
        (0.55 * depth, plate / 2),
        (-0.45 * depth, plate / 2),
        (-0.47 * depth, 1.5 * plate),
        (low, leg + 0.42 * s.height),
        (0.0, leg + 0.45 * s.height),
    ]
    s.shape.add(extrude(strip(path, plate), width, "x"), "metal")


def _dual(s: Display, d: Draw) -> None:
    turn = d.uniform("turn", 0.0, 22.0)
    w, h = 0.62, 0.62 / d.uniform("panel_aspect", 1.3, 1.8)
    pole = d.uniform("pole_radius", 0.014, 0.022)
    lift = s.foot_thickness + s.gap + h / 2 + 0.05
    stacked = d.flag("stacked", 0.2)
    s.bezel = min(s.bezel, 0.03)
    back = -s.thickness / 2 - s.back_depth - 0.07
    for k in (-1, 1):
        if stacked:
            middle = np.array([0.0, lift + (0.5 + k / 2) * (h + 0.015), 0.0])
            motion = placed(0.0, middle)
        else:
            angle = np.radians(turn)
            middle = np.array([k * (0.5 * w * np.cos(angle) + 0.006), lift, 0.5 * w * np.sin(angle)])
            motion = placed(-k * turn, middle)
        s.panel(w, h, motion)
        end = middle - np.array([0.0, 0.0, 0.2 * s.thickness])
        joint = np.array([end[0], end[1], back + 0.3 * end[2]])
        arm = [(0.0, end[1], back), end] if stacked else [(0.0, end[1], back), joint, end]
        s.shape.add(tube(arm, 0.016, 10), "metal")
    s.shape.add(cylinder((0, 0, back), (0, lift + (h + 0.1 if stacked else 0.06), back), pole, segments=16), "metal")
    s.base(back, s.foot_thickness, s.foot_width, s.foot_depth)
    s.shape.add(cylinder((0, 0, back), (0, 2 * s.foot_thickness, back), 0.08, segments=20), "metal")


def _kiosk(s: Display, d: Draw) -> None:
    stand, lean = d.uniform("stand_height", 0.7, 1.3), d.uniform("lean", 0.0, 55.0)
    if d.flag("portrait", 0.5):
        s.width, s.height = 0.62, 0.62 / d.uniform("portrait_aspect", 0.55, 0.75)
    lift = stand + 0.35 * s.height
    s.back = "box"
    s.panel(s.width, s.height, s.tilted(lift, lean))
    size = d.uniform("column_size", 0.06, 0.2)
    foot = d.uniform("column_foot", 0.4, 0.6)
    tilt = np.radians(lean)
    z = -(s.thickness / 2) * np.cos(tilt)
    s.shape.add(box((size, lift - 0.01, 0.06), (0, lift / 2, z - 0.03)), "metal")
    s.shape.add(
        box((0.2, 0.2, 0.1), (0, 0, -s.thickness / 2 - 0.03)).rotate((-lean, 0, 0)).translate((0, lift, 0)), "metal"
    )
    s.shape.add(rounded_box((foot, 0.05, 0.8 * foot), (0, 0.025, z), 0.015), "metal")


_BUILDERS: dict[str, Callable[[Display, Draw], None]] = {
    "monitor": _monitor,
    "tv_pedestal": _tv_pedestal,
    "tv_feet": _tv_feet,
    "crt": _crt,
    "crt_tv": _crt_tv,
    "laptop": _laptop,
    "ultrawide": _ultrawide,
    "wall": _wall,
    "all_in_one": _all_in_one,
    "dual": _dual,
    "kiosk": _kiosk,
}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random display, of the structural type ``kind`` if given; y is up and the screen faces +z.

    Raises:
        ValueError: ``kind`` is not one of ``TYPES``.
    """
    draw = Draw(rng)
    draw.params["type"] = kind = draw_kind(rng, TYPES, kind)
    display = Display(draw, kind)
    _BUILDERS[kind](display, draw)
    return display.shape
