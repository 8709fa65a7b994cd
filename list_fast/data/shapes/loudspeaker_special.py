# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Loudspeakers that are no plain boxes: round cabinets, stage boxes, horns, portable ones and flat panels."""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.loudspeaker_parts import Loudspeaker, hoop
from list_fast.data.shapes.parts import (
    Part,
    box,
    cylinder,
    ellipsoid,
    extrude,
    revolve,
    rounded_box,
    smooth_curve,
    strip,
    sweep,
    tube,
    turned,
    union,
)


def round_cabinet(s: Loudspeaker, d: Draw) -> None:
    """A ball, egg or drum whose front is sliced off for the driver, on a ring, a stem, legs or a plate."""
    form = d.choice("round_form", ("ball", "egg", "drum", "pod"))
    r, stretch = 0.4, d.uniform("stretch", 0.85, 1.35)
    if form == "drum":
        solid = cylinder((0, 0, -0.7 * r * stretch), (0, 0, 0.55 * r), r, segments=48)
    elif form == "pod":
        rows = [(0.2, -1.2), (0.6, -0.95), (0.9, -0.5), (1.0, 0.0), (0.97, 0.4), (0.8, 0.7)]
        solid = turned(np.array(rows) * (r, r * stretch), 3, 40).rotate((90, 0, 0))
    else:
        solid = ellipsoid((r, r * (stretch if form == "egg" else 1.0), r), (0, 0, 0), 48)
    face = d.uniform("face", 0.62, 0.8)
    # the slice leaves a flat disc of the radius that the driver needs
    plane = {"drum": 0.55 * r, "pod": 0.7 * r * stretch}.get(form, r * float(np.sqrt(1 - face**2)))
    s.case.append(Part(solid.trim_by_plane((0, 0, -1), -plane + 1e-4), s.material))
    s.front = plane - 1e-4
    radius = 0.93 * face * r
    if d.flag("coaxial", 0.35):
        s.cap = "plug"
    if form in ("egg", "drum") and d.flag("two_way", 0.3):
        s.driver(0, -0.22 * r, 0.6 * radius, 0.5 * r)
        s.tweeter(0, 0.52 * r, 0.26 * radius, 0.2 * r)
    elif d.flag("cloth_face", 0.25):
        t = np.linspace(0, np.pi / 2, 6)
        bulge = np.stack([radius * np.cos(t), 0.2 * radius * np.sin(t)], 1)
        s.plug(0, 0, [(0.0, -0.1 * r), (radius, -0.1 * r), *map(tuple, bulge)], "fabric", 40)
    else:
        s.driver(0, 0, radius, 0.7 * r)
    s.finish()
    tilt = d.uniform("tilt", 0.0, 18.0)
    s.move(lambda solid: solid.rotate((-tilt, 0, 0)))
    stand = d.choice("round_stand", ("ring", "stem", "legs", "plate"))
    high = r * (stretch if form == "egg" else 1.0)
    drop = d.uniform("stand_height", 0.05, 0.45)
    if stand == "ring":
        s.shape.add(hoop(0.5 * r, -0.93 * high, (0.05, 0.07), 32), "metal")
    elif stand == "stem":
        s.shape.add(cylinder((0, -0.8 * high, 0), (0, -high - drop, 0), 0.05, 0.06, 16), "metal")
        s.shape.add(cylinder((0, -high - drop, 0), (0, -high - drop - 0.03, 0), 0.55 * r, 0.62 * r, 36), s.material)
    elif stand == "legs":
        for k in range(3):
            a = 2 * np.pi * (k + 0.5) / 3
            tip = (0.8 * r * np.sin(a), -high - 0.6 * drop, 0.8 * r * np.cos(a))
            s.shape.add(cylinder((0.3 * r * np.sin(a), -0.75 * high, 0.3 * r * np.cos(a)), tip, 0.03, 0.018), "metal")
    else:
        s.shape.add(rounded_box((1.1 * r, 0.1, 0.9 * r), (0, -high - 0.01, 0), 0.03), "plastic")
        s.shape.add(cylinder((0, -high - 0.01, 0), (0, -0.8 * high, 0), 0.3 * r, segments=24), "plastic")


def stage(s: Loudspeaker, d: Draw) -> None:
    """A loudspeaker for stages: a trapezoid or wedge with a horn over the woofer, handles and metal corners."""
    wedge = d.flag("floor_wedge", 0.3)
    w, depth = d.uniform("width", 0.5, 0.66), d.uniform("depth", 0.42, 0.6)
    back = d.uniform("back_width", 0.45, 0.9) * w
    h, z = 1.0, depth / 2
    s.front = z
    bevel = d.uniform("bevel", 0.0, 0.05)
    plan = [(-w / 2, z - bevel), (-w / 2 + bevel, z), (w / 2 - bevel, z), (w / 2, z - bevel), (back / 2, -z)]
    solid = extrude([*plan, (-back / 2, -z)], h, "y", h / 2)
    if wedge:  # the floor meets the baffle at a slant
        angle = np.radians(d.uniform("wedge_angle", 40.0, 55.0))
        solid = extrude([(z, 0), (z, h), (z - 0.3 * depth, h), (-z, 0.5), (-z, 0.3), (0.2 * z, 0)], w, "x")
    s.case.append(Part(solid, s.material if s.material != "leather" else "plastic"))
    woofer = d.uniform("woofer", 0.36, 0.42) * w
    low = woofer + d.uniform("woofer_level", 0.06, 0.12)
    count = 2 if d.flag("two_woofers", 0.2) and 4.2 * woofer < 0.8 else 1
    mouth = d.uniform("horn_width", 0.6, 0.85) * w
    cloth = d.choice("front_grille", {"none": 3.0, "mesh": 1.0, "slats": 1.2})
    top = low + woofer + (2.1 * woofer if count == 2 else 0.0)
    if cloth == "mesh":
        s.cloth(0.5, 0.92 * w - 2 * bevel, 0.92, 0.025, "metal")
    else:
        for k in range(count):
            s.driver(0, low + 2.1 * k * woofer, woofer, 0.5 * depth)
        s.horn_mouth(0, (top + 0.98) / 2, mouth, min(0.85 * (0.98 - top), 0.7 * mouth), 0.24 * depth)
        if cloth == "slats":
            s.slats(
                low + (top - low - woofer) / 2, 1.02 * w - 2 * bevel, top + 0.02, d.integer("slats", 7, 11), False, 0.03
            )
    s.finish()
    if wedge:
        s.move(lambda solid: solid.rotate((-float(np.degrees(np.pi / 2 - angle)), 0, 0)))
        return
    if d.flag("metal_corners", 0.5):
        for y in (0.03, h - 0.03):
            s.shape.add_mirrored(
                rounded_box((0.09, 0.08, 0.09), (w / 2 - 0.035, y, z - bevel - 0.03), 0.02, 8), "metal"
            )
    side = np.degrees(np.arctan2((w - back) / 2, depth))
    grips = d.choice("grips", {"side": 2.0, "top": 1.0, "none": 1.0})
    if grips == "side":
        loop = tube([(0, -0.1, -0.02), (0.05, -0.09, 0), (0.05, 0.09, 0), (0, 0.1, -0.02)], 0.014, 8)
        loop = loop.rotate((0, float(side), 0)).translate(((w + back) / 4 - 0.006, 0.62, 0))
        s.shape.add_mirrored(loop, "metal")
    elif grips == "top":
        s.shape.add(
            tube([(-0.12, h - 0.02, 0), (-0.1, h + 0.06, 0), (0.1, h + 0.06, 0), (0.12, h - 0.02, 0)], 0.018), "rubber"
        )
    foot = d.choice("stage_foot", {"pads": 2.0, "pole": 1.0, "casters": 0.7})
    if foot == "pole":
        length, rod = d.uniform("pole_length", 0.6, 1.3), 0.024
        s.shape.add(cylinder((0, 0.05, 0), (0, -length, 0), rod, segments=16), "metal")
        for k in range(3):
            a = 2 * np.pi * (k + 0.5) / 3
            hub, tip = -0.45 * length, (0.5 * np.sin(a), -length - 0.12, 0.5 * np.cos(a))
            s.shape.add(cylinder((0, hub, 0), tip, 0.018, segments=10), "metal")
            half = (0.26 * np.sin(a), (hub - length - 0.12) / 2, 0.26 * np.cos(a))
            s.shape.add(cylinder((0, -length + 0.02, 0), half, 0.014, segments=8), "metal")
    else:
        size = 0.05 if foot == "casters" else 0.03
        for sz, out in ((z - 0.06, w / 2 - 0.08), (-z + 0.06, back / 2 - 0.04)):
            if foot == "casters":
                s.shape.add_mirrored(cylinder((out - 0.02, -0.03, sz), (out + 0.02, -0.03, sz), size), "rubber")
            else:
                s.shape.add_mirrored(cylinder((out, -size, sz), (out, 0.02, sz), 0.03), "rubber")


def horn(s: Loudspeaker, d: Draw) -> None:
    """A flared horn, round or square, above a bass cabinet, on a bent neck, or in a bracket as on a mast."""
    radius, length = d.uniform("mouth", 0.28, 0.42), d.uniform("horn_length", 0.4, 0.75)
    wall, growth = d.uniform("horn_wall", 0.02, 0.035), d.uniform("growth", 1.6, 3.2)
    throat = 0.16 * radius
    t = np.linspace(0, 1, 10)
    row = np.stack([throat + (radius - throat) * (np.exp(growth * t) - 1) / (np.exp(growth) - 1), length * t], 1)
    square = d.flag("square_mouth", 0.3)
    outline = strip(row, wall)
    if square:
        outline[:, 0] /= np.cos(np.pi / 4)
        bell = revolve(outline, 4).rotate((0, 45, 0)).scale((1.25, 1, 0.8))
    else:
        bell = revolve(outline, 40)
    petals = d.choice("lip", ("plain", "rolled", "fluted"))
    if petals == "rolled" and not square:
        bell = union([bell, hoop(radius, length, (0.9 * wall, 0.9 * wall))])
    # y is the horn's axis until here; the mouth then looks to +z
    back = cylinder((0, -0.5 * throat, 0), (0, 0.12 * length, 0), 1.5 * throat, 1.3 * throat, 20)
    cone = bell.rotate((90, 0, 0))
    plug = back.rotate((90, 0, 0))
    if petals == "fluted" and not square:
        flutes = d.integer("flutes", 6, 12)

        def wave(points: np.ndarray) -> np.ndarray:
            out = points.copy()
            angle = np.arctan2(points[:, 1], points[:, 0])
            share = np.clip(points[:, 2] / length, 0, 1) ** 2
            out[:, :2] *= (1 + 0.07 * share * np.cos(flutes * angle))[:, None]
            return out

        cone = cone.refine_to_length(0.09).warp_batch(wave)
    metal = d.choice("horn_material", ("metal", "paint", "plastic", "wood"))
    mount = d.choice("mount", ("cabinet", "neck", "bracket"))
    if mount == "cabinet":
        w, h, depth = d.uniform("width", 0.55, 0.85), d.uniform("height", 0.45, 0.9), d.uniform("depth", 0.45, 0.65)
        s.cabinet(w, h, depth)
        s.driver(0, h / 2, min(0.4 * w, 0.42 * h), 0.7 * depth)
        s.finish()
        # the mouth clears the lid; a foot carries the throat
        high = h + (0.8 if square else 1.0) * radius + wall + 0.01
        s.shape.add(cone.translate((0, high, -0.5 * length)), metal)
        s.shape.add(plug.translate((0, high, -0.5 * length)), "plastic")
        for z in (-0.5 * length + 0.05, 0.15 * length):
            s.shape.add(
                box((0.07, high - h + 0.02, 0.05), (0, (h + high) / 2 - 0.02, z))
                - _bore(row, square).translate((0, high, -0.5 * length)),
                "metal",
            )
        s.feet(w, 0.9 * depth, 0.1)
    elif mount == "neck":
        rise = d.uniform("rise", 0.3, 0.6)
        tilt = d.uniform("horn_tilt", 5.0, 35.0)
        lean = np.radians(tilt)
        axis = np.array([0, np.sin(lean), np.cos(lean)])
        start = np.array([0.0, rise + 0.1, -0.1])
        s.shape.add(cone.rotate((-tilt, 0, 0)).translate(tuple(start)), metal)
        path = smooth_curve(
            np.array([(0, 0.08, -0.05), (0, 0.5 * rise, -0.26), start - 0.22 * axis, start + 0.06 * axis]), 5
        )
        s.shape.add(sweep(path, 1.22 * throat, 14), metal)
        foot = d.choice("neck_foot", ("box", "disc"))
        if foot == "box":
            size = d.uniform("box_size", 0.4, 0.55)
            s.shape.add(rounded_box((size, 0.18, size), (0, 0.03, -0.08), 0.02), "wood")
            s.shape.add(box((1.1 * size, 0.03, 1.1 * size), (0, -0.06, -0.08)), "wood")
        else:
            s.shape.add(
                turned([(0.28, -0.02), (0.28, 0.02), (0.12, 0.06), (0.06, 0.14)], 2, 32).translate((0, 0, -0.06)),
                s.material,
            )
    else:
        s.shape.add(cone, metal)
        s.shape.add(plug, metal)
        s.shape.add(cylinder((0, 0, 0.02), (0, 0, -0.25), 1.7 * throat, 1.5 * throat, 24), metal)
        arm = 0.35 * radius
        at = 0.3 * length
        loop = [(arm, 0, at), (arm, -0.8 * radius, 0.1 * length), (-arm, -0.8 * radius, 0.1 * length), (-arm, 0, at)]
        s.shape.add(tube(loop, 0.02, 8), "metal")
        r = float(np.interp(at, row[:, 1], row[:, 0]))
        for x in (-1, 1):
            s.shape.add(cylinder((x * (r - 0.01), 0, at), (x * (arm + 0.03), 0, at), 0.03, segments=12), "metal")
        s.shape.add(cylinder((0, -0.8 * radius, 0.1 * length), (0, -1.3 * radius, 0.1 * length), 0.03), "metal")
        s.shape.add(
            cylinder((0, -1.28 * radius, 0.1 * length), (0, -1.34 * radius, 0.1 * length), 0.2, segments=32), "metal"
        )


def _bore(row: np.ndarray, square: bool) -> Manifold:
    """The air in a horn whose wall follows rows of (radius, distance from the throat), its mouth towards +z."""
    outline = np.concatenate([[[0.0, row[0, 1]]], row, [[0.0, row[-1, 1]]]])
    air = revolve(outline, 24)
    return (air.scale((1.25, 1, 0.8)) if square else air).rotate((90, 0, 0))


def portable(s: Loudspeaker, d: Draw) -> None:
    """A portable one: a drum of cloth lying or standing, or a soft box with a carrying handle."""
    form = d.choice("portable_form", ("lying", "standing", "boombox", "puck"))
    ends = d.uniform("end_caps", 0.03, 0.09)
    if form in ("lying", "standing"):
        length, r = 1.0, d.uniform("radius", 0.17, 0.27)
        solid = cylinder((-length / 2 + ends, 0, 0), (length / 2 - ends, 0, 0), r, segments=40)
        s.shape.add(solid, "fabric")
        t = np.linspace(0, 1, 5)
        cap = np.stack([1.04 * r * np.sqrt(1 - 0.35 * t**2), 0.5 * length - ends * 1.2 + 1.2 * ends * t], 1)
        dish = d.uniform("end_dish", 0.3, 0.8) * ends
        cap_solid = revolve(
            [
                (0, cap[0, 1]),
                *map(tuple, cap),
                (0.62 * r, cap[-1, 1]),
                (0.55 * r, cap[-1, 1] - dish),
                (0, cap[-1, 1] - 0.5 * dish),
            ],
            40,
        ).rotate((0, 0, -90))
        s.shape.add_mirrored(cap_solid, "rubber")
        s.shape.add(rounded_box((0.7 * length, 0.07, 0.1), (0, 0, r), 0.03, 8), "rubber")
        for k in range(d.integer("buttons", 2, 5)):
            s.shape.add(cylinder((0.12 * (k - 2), 0, r), (0.12 * (k - 2), 0, r + 0.065), 0.03, segments=12), "plastic")
        if form == "standing":
            s.move(lambda solid: solid.rotate((0, 0, 90)))
        else:
            s.shape.add_mirrored(box((0.08, 0.08, 1.2 * r), (0.3, -r + 0.01, 0)), "rubber")
        if d.flag("strap", 0.4):
            loop = [(-0.3, 0, 0), (-0.26, 0.14, 0), (0.26, 0.14, 0), (0.3, 0, 0)]
            at = (0, 0.96 * r, 0) if form == "lying" else (0, 0.5 * length - 0.03, 0)
            s.shape.add(
                tube(np.array(loop) * (1 if form == "lying" else 0.5 * r / 0.3, 1, 1), 0.022, 8).translate(at),
                "leather",
            )
    elif form == "boombox":
        h, depth = d.uniform("height", 0.4, 0.6), d.uniform("depth", 0.2, 0.35)
        s.front = depth / 2
        s.case.append(Part(rounded_box((1.0, h, depth), (0, h / 2, 0), d.uniform("corner", 0.03, 0.1)), s.material))
        radius = min(0.4 * h, 0.2)
        for x in (-0.28, 0.28):
            s.driver(x, 0.5 * h, radius, 0.7 * depth)
        if d.flag("middle_screen", 0.5):
            s.shape.add(box((0.13, 0.3 * h, 0.04), (0, 0.6 * h, s.front - 0.01)), "screen")
        handle = d.uniform("handle", 0.08, 0.2)
        bow = [(-0.4, h - 0.08, 0), (-0.37, h + handle, 0), (0.37, h + handle, 0), (0.4, h - 0.08, 0)]
        s.shape.add(tube(bow, 0.026, 10), "rubber")
        for k in range(d.integer("knobs", 0, 4)):
            s.shape.add(
                cylinder((0.1 * k - 0.15, h - 0.01, 0), (0.1 * k - 0.15, h + 0.035, 0), 0.03, segments=12), "metal"
            )
    else:
        r, h = 0.5, d.uniform("height", 0.25, 0.9)
        taper = d.uniform("taper", 0.8, 1.05)
        rows = [(0.9, 0.0), (1.0, 0.06), (1.0, 0.2), (taper, 0.92), (0.93 * taper, 1.0)]
        s.shape.add(turned(np.array(rows) * (r, h), 1, 44), "fabric")
        s.shape.add(cylinder((0, -0.03, 0), (0, 0.08 * h, 0), 0.85 * r, 0.96 * r, 40), "rubber")
        s.shape.add(hoop(0.86 * taper * r, h, (0.04, 0.03)), "light")
        for k in range(d.integer("buttons", 0, 4)):
            a = np.pi * k / 2
            x, z = 0.45 * r * np.cos(a), 0.45 * r * np.sin(a)
            s.shape.add(cylinder((x, h - 0.05, z), (x, h + 0.02, z), 0.07), "plastic")
        if d.flag("strap", 0.3):
            path = smooth_curve(
                [
                    (-0.9 * r, 0.7 * h, 0),
                    (-1.15 * r, 0.95 * h, 0),
                    (-1.0 * r, 1.0 * h + 0.03, 0),
                    (-0.6 * r, h - 0.03, 0),
                ],
                4,
            )
            s.shape.add(sweep(path, 0.025, 8), "leather")


def panel(s: Loudspeaker, d: Draw) -> None:
    """A tall flat panel in a frame, some curved, on a foot that holds the electronics or a woofer."""
    w, h, t = d.uniform("width", 0.26, 0.5), 1.0, d.uniform("thickness", 0.025, 0.05)
    frame, bend = d.uniform("frame", 0.02, 0.05), d.uniform("bend", 0.0, 0.12) if d.flag("bent", 0.4) else 0.0
    material = d.choice("frame_material", ("wood", "metal", "paint"))
    low = d.uniform("foot_height", 0.06, 0.3)
    x = np.linspace(-w / 2, w / 2, 9)
    arc = np.stack([x, bend * (1 - (2 * x / w) ** 2)], 1)
    rim = extrude(strip(arc, t), h, "y", h / 2) - box((w - 2 * frame, h - 2 * frame, 2), (0, h / 2, 0))
    s.shape.add(rim.translate((0, low, 0)), material)
    inner = 0.4 * t
    ribs = d.choice("panel_face", ("cloth", "mesh", "strips"))
    if ribs == "cloth":
        s.shape.add(extrude(strip(arc, inner), h - frame, "y", h / 2 + low), "fabric")
    else:
        count = d.integer("ribs", 5, 11)
        for k in range(count):
            at = w * ((k + 0.5) / count - 0.5) * (1 - 2 * frame / w)
            z = bend * (1 - (2 * at / w) ** 2)
            s.shape.add(box((0.4 * w / count, h - frame, inner), (at, h / 2 + low, z)), "fabric")
        for k in range(1, 8 if ribs == "mesh" else 3):
            y = low + h * k / (8 if ribs == "mesh" else 3)
            s.shape.add(extrude(strip(arc, 0.8 * inner), 0.014, "y", y), material)
    foot = d.choice("panel_foot", ("bass", "plate", "arms"))
    depth = d.uniform("foot_depth", 0.25, 0.4)
    if foot == "bass":
        s.cabinet(1.1 * w, low + 0.02, depth, 0.0, "sharp")
        if low > 0.16:
            s.driver(0, low / 2, min(0.42 * low, 0.4 * w), 0.6 * depth)
        s.move(lambda solid: solid)
    elif foot == "plate":
        s.shape.add(box((1.1 * w, 0.03, depth), (0, 0.015, 0)), material)
        s.shape.add(box((0.9 * w, low, 0.04), (0, low / 2 + 0.01, bend * 0.5)), material)
        s.shape.add(box((0.9 * w, 0.04, 0.04 + bend), (0, low, bend * 0.5)), material)
    else:
        for side in (-1, 1):
            arm = side * (w / 2 - 0.5 * frame)
            s.shape.add(
                extrude(
                    [
                        (-depth / 2, 0),
                        (depth / 2, 0),
                        (depth / 2, 0.02),
                        (0.02, low + 0.3),
                        (-0.02, low + 0.3),
                        (-depth / 2, 0.02),
                    ],
                    0.03,
                    "x",
                    arm,
                ),
                "metal",
            )
        s.shape.add(box((w, 0.03, 0.03), (0, low + frame / 2, 0)), "metal")
