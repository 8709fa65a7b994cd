# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Loudspeakers: bookshelf boxes, towers, monitors, subwoofers, soundbars, round and horn ones, satellites on stands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.loudspeaker_parts import Loudspeaker
from list_fast.data.shapes.loudspeaker_special import horn, panel, portable, round_cabinet, stage
from list_fast.data.shapes.parts import Part, Shape, box, cylinder, extrude, fill_cavities, rounded_box

TYPES = {
    "bookshelf": 5.0,
    "tower": 5.0,
    "monitor": 2.5,
    "subwoofer": 2.5,
    "soundbar": 1.5,
    "round": 1.5,
    "satellite": 1.5,
    "stage": 2.0,
    "horn": 1.0,
    "portable": 1.0,
    "panel": 0.8,
}


def _bookshelf(s: Loudspeaker, d: Draw) -> None:
    w, h = d.uniform("width", 0.48, 0.75), 1.0
    depth = d.uniform("depth", 0.5, 0.95)
    s.cabinet(w, h, depth)
    top = 0.9 * w if s.form != "tapered" else 0.9 * w * (0.5 + 0.5 * s.narrowing)
    woofer = min(d.uniform("woofer", 0.36, 0.44) * w, 0.28)
    tweeter = d.uniform("tweeter", 0.14, 0.22) * min(top, 0.6)
    low = d.uniform("woofer_level", 0.02, 0.09) + woofer + 0.03
    grille = d.choice("grille", {"none": 5.0, "full": 1.5, "woofer": 0.8, "slats": 0.8})
    offset = d.uniform("tweeter_offset", -0.12, 0.12) * w if d.flag("offset_tweeter", 0.2) else 0.0
    high = min(low + 1.12 * (woofer + tweeter) + 0.5 * (1 - low - woofer - 2.2 * tweeter), 0.95 - tweeter)
    if grille == "full":
        s.cloth(h / 2, 0.97 * top, 0.94 * h, d.uniform("grille_thickness", 0.02, 0.05))
    else:
        if grille == "woofer":
            s.cloth(low, min(2.1 * woofer, 0.95 * top), 2.1 * woofer, 0.03, "metal")
        else:
            s.driver(0, low, woofer, 0.8 * depth)
        s.tweeter(offset, high, tweeter, 0.3 * depth)
        port = d.choice("port", {"rear": 2.0, "front": 1.0, "slot": 1.0})
        if port == "front" and grille == "none" and low - woofer > 0.08:
            s.port(0.3 * w, 0.06, 0.035, 0.3 * depth)
        elif port == "slot" and low - woofer > 0.06:
            s.slot(0, 0.045, 0.6 * w, 0.035, 0.35 * depth)
    if grille == "slats":
        s.slats(h / 2, 0.9 * top, 0.9 * h, d.integer("slats", 6, 12), d.flag("upright_slats", 0.6), 0.03)
    if s.form != "tapered":
        s.terminals(0.2, depth)
    s.feet(w * (s.narrowing if s.form == "boat" else 1.0), 0.9 * depth, 0.12)


def _tower(s: Loudspeaker, d: Draw) -> None:
    w, h = d.uniform("width", 0.17, 0.3), 1.0
    depth = d.uniform("depth", 0.2, 0.38)
    s.edge = d.params["edge"] = 0.4 * s.edge  # wide woofers need a flat front
    s.cabinet(w, h, depth)
    taper = (0.5 + 0.5 * s.narrowing) if s.form == "tapered" else 1.0
    count = d.integer("woofers", 1, 4)
    woofer = min(d.uniform("woofer", 0.34, 0.43) * w * (0.5 + 0.5 * taper), 0.4 / count)
    mid = d.uniform("midrange", 0.6, 0.95) * woofer if d.flag("has_midrange", 0.6) else 0.0
    tweeter = d.uniform("tweeter", 0.2, 0.28) * w
    pitch = (2.0 + d.uniform("spacing", 0.08, 0.5)) * woofer
    level = d.uniform("array_level", 0.0, 1.0)
    grille = d.choice("grille", {"none": 5.0, "full": 1.0, "lower": 1.2})
    mtm = d.flag("tweeter_between", 0.3) and mid > 0
    stack = [("tweeter", tweeter), ("mid", mid)] if mid else [("tweeter", tweeter)]
    if mtm:
        stack = [("mid", mid), ("tweeter", tweeter), ("mid", mid)]
    y = 0.97
    for name, r in stack:
        y -= 1.08 * r
        if grille != "full":
            if name == "tweeter":
                s.tweeter(0, y, r, 0.3 * depth)
            else:
                s.driver(0, y, r, 0.8 * depth)
        y -= 1.08 * r
    low = 0.06 + woofer
    first = max(y - woofer - level * max(y - 2 * woofer - (count - 1) * pitch - 0.1, 0.0), low)
    pitch = min(pitch, max((first - low) / max(count - 1, 1), 2.04 * woofer))
    bottom = first
    for k in range(count):
        if first - k * pitch > low - 1e-6:
            bottom = first - k * pitch
            if grille == "none":
                s.driver(0, bottom, woofer, 0.8 * depth)
    if grille == "full":
        s.cloth(0.53, 0.92 * w * taper, 0.9, d.uniform("grille_thickness", 0.012, 0.025))
    elif grille == "lower":
        top = y - 0.01
        s.cloth((top + 0.04) / 2, 0.92 * w * (0.5 + 0.5 * taper), top - 0.04, 0.018)
    elif bottom - woofer > 0.16:
        s.port(0, 0.5 * (bottom - woofer), min(0.05, 0.18 * w), 0.3 * depth)
    if s.form != "tapered":
        s.terminals(0.14, depth)
    rake = d.uniform("rake", 0.0, 5.0) if d.flag("raked", 0.2) else 0.0
    if rake:
        s.move(lambda solid: solid.rotate((-rake, 0, 0)).translate((0, -0.25 * depth * np.sin(np.radians(rake)), 0)))
        s.move(lambda solid: solid.trim_by_plane((0, 1, 0), 0.0))
    s.feet(w * (s.narrowing if s.form == "boat" else 1.0), 0.9 * depth, 0.09)


def _monitor(s: Loudspeaker, d: Draw) -> None:
    lying = d.flag("lying", 0.2)
    w, h = d.uniform("width", 0.55, 0.75), 1.0
    depth = d.uniform("depth", 0.5, 0.8)
    s.cabinet(w, h, depth, 0.0, d.choice("monitor_form", ("chamfered", "soft", "rounded")))
    woofer = d.uniform("woofer", 0.34, 0.4) * w
    low = woofer + d.uniform("woofer_level", 0.08, 0.16)
    s.screws = 0
    s.driver(0, low, woofer, 0.8 * depth)
    # the tweeter sits in a wide dish pressed into the baffle
    high = (low + woofer + 1.0) / 2 - 0.01
    dish = min(0.42 * w, 0.47 * (1.0 - low - woofer) + 0.02)
    s.tweeter_form = "waveguide" if d.flag("round_guide", 0.6) else "horn"
    s.tweeter(0, high, dish if s.tweeter_form == "waveguide" else 0.8 * dish, 0.5 * depth)
    port = d.choice("port", ("slot", "twin", "rear"))
    if port == "slot":
        s.slot(0, 0.045, d.uniform("slot_width", 0.4, 0.75) * w, 0.045, 0.4 * depth)
    elif port == "twin" and low - woofer > 0.1:
        for x in (-0.36, 0.36):
            s.port(x * w, 0.075, 0.035, 0.3 * depth)
    for k in range(d.integer("knobs", 0, 3)):
        x, y = 0.38 * w - 0.055 * k, max(low - woofer, 0.09)
        s.shape.add(cylinder((x, y, s.front - 0.02), (x, y, s.front + 0.02), 0.016, segments=12), "metal")
    s.shape.add(box((0.03, 0.012, 0.03), (-0.36 * w, max(low - woofer, 0.09), s.front)), "light")
    if d.flag("heat_sink", 0.5):
        for k in range(d.integer("fins", 5, 9)):
            x = (k - 4) * 0.055 * w / 0.6
            s.shape.add(box((0.018, 0.6, 0.1), (x, 0.5, -depth / 2)), "metal")
    s.terminals(0.1, depth)
    if lying:
        s.move(lambda solid: solid.rotate((0, 0, 90)).translate((0.5, w / 2, 0)))
        w = 1.0
    s.feet_form = "pads" if d.flag("on_pads", 0.6) else "none"
    s.feet(w, 0.9 * depth, 0.1)


def _subwoofer(s: Loudspeaker, d: Draw) -> None:
    w, h, depth = d.uniform("width", 0.8, 1.0), d.uniform("height", 0.8, 1.05), d.uniform("depth", 0.8, 1.1)
    s.cabinet(w, h, depth, 0.0, "rounded" if s.form in ("boat", "tapered") else s.form)
    woofer = d.uniform("woofer", 0.34, 0.44) * min(w, h)
    s.surround = d.uniform("deep_surround", 0.13, 0.22)
    face = d.choice("firing", {"front": 3.0, "down": 1.0, "grille": 1.5})
    middle = h / 2 + d.uniform("woofer_rise", 0.0, 0.03)
    if face == "front":
        s.driver(0, middle, woofer, 0.8 * depth)
    elif face == "grille":
        s.cloth(h / 2, 0.9 * w, 0.9 * h, d.uniform("grille_thickness", 0.03, 0.07))
    corner = (0.5 * np.hypot(w, h) - woofer) / np.sqrt(2)
    if face != "grille" and d.flag("corner_port", 0.4) and 0.45 * corner > 0.05:
        s.port(w / 2 - 0.5 * corner, 0.5 * corner, 0.26 * corner, 0.4 * depth)
    plate = d.uniform("amplifier", 0.4, 0.7)
    s.shape.add(box((plate * w, plate * h, 0.06), (0, h / 2, -depth / 2)), "metal")
    for k in range(4):
        x, y = (k - 1.5) * 0.15 * w, h / 2 + 0.3 * plate * h
        s.shape.add(cylinder((x, y, -depth / 2), (x, y, -depth / 2 - 0.06), 0.025, segments=12), "plastic")
    s.shape.add(box((0.02, 0.02, 0.03), (0.2 * w, 0.08 * h, s.front)), "light")
    rise = d.uniform("feet_height", 0.04, 0.08) if face != "down" else d.uniform("gap", 0.1, 0.2)
    radius = d.uniform("feet_radius", 0.03, 0.06)
    s.move(lambda solid: solid.translate((0, rise, 0)))
    for z in (-0.38, 0.38):
        s.shape.add_mirrored(cylinder((0.4 * w, 0, z * depth), (0.4 * w, rise + 0.03, z * depth), radius), "rubber")
    if face == "down":
        cone = cylinder((0, rise + 0.02, 0), (0, 0.4 * rise, 0), woofer, 0.6 * woofer, 32)
        s.shape.add(cone, s.cone_material)
        if d.flag("foot_plate", 0.5):
            s.shape.add(box((w, 0.03, depth), (0, 0.015, 0)), s.material)


def _soundbar(s: Loudspeaker, d: Draw) -> None:
    w, h = 1.0, d.uniform("height", 0.08, 0.13)
    depth = d.uniform("depth", 0.07, 0.14)
    section = d.choice("section", ("box", "soft", "slanted", "oval"))
    s.front = depth / 2
    if section == "box":
        solid = box((w, h, depth), (0, h / 2, 0))
    elif section == "soft":
        solid = rounded_box((w, h, depth), (0, h / 2, 0), 0.3 * h)
    elif section == "slanted":
        outline = [(-depth / 2, 0), (depth / 2, 0), (depth / 2, 0.7 * h), (0.25 * depth, h), (-depth / 2, h)]
        solid = extrude(outline, w, "x")
    else:
        a = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        shape = np.stack([np.cos(a) * depth / 2, h / 2 + np.sin(a) * h / 2], 1)
        # a flat face where the drivers sit
        solid = extrude(shape, w, "x").trim_by_plane((0, 0, -1), -0.32 * depth)
        s.front = 0.32 * depth
    ends = d.uniform("end_caps", 0.02, 0.1)
    bare = d.flag("bare_drivers", 0.5)
    face = 0.7 * h * (0.85 if section == "slanted" else 1.0)
    middle = 0.5 * h if section != "slanted" else 0.35 * h
    s.case.append(Part(solid, s.material))
    if bare:
        count = d.integer("drivers", 2, 5)
        radius = 0.46 * face
        for side in (-1, 1):
            for k in range(count):
                if k == 1 and d.params["tweeter_form"] != "ribbon":
                    s.tweeter_form = "dome"
                    s.tweeter(side * (0.46 - ends - 2.3 * radius * k), middle, 0.7 * radius, 0.3 * depth)
                else:
                    s.driver(side * (0.46 - ends - 2.3 * radius * k), middle, radius, 0.6 * depth)
        if d.flag("centre_display", 0.5):
            s.shape.add(box((0.12, 0.5 * face, 0.02), (0, middle, s.front - 0.004)), "screen")
    else:
        s.cloth(middle, w - 2 * ends, face, d.uniform("grille_thickness", 0.006, 0.012))
    s.shape.add(box((0.14, 0.014, 0.03), (0, h - 0.002 if section != "oval" else 0.97 * h, 0)), "plastic")
    s.finish()
    mount = d.choice("mount", {"feet": 2.0, "none": 1.0, "sub": 0.8, "brackets": 0.7})
    if mount == "feet":
        for z in (-0.25, 0.25):
            s.shape.add_mirrored(cylinder((0.4, -0.02, z * depth), (0.4, 0.3 * h, z * depth), 0.014), "rubber")
    elif mount == "sub":
        size = d.uniform("sub_size", 0.28, 0.4)
        s.shape.add(rounded_box((0.7 * size, size, size), (0, -0.5 * size + 0.02, -0.2 * size), 0.02), s.material)
    elif mount == "brackets":
        for x in (-0.3, 0.3):
            s.shape.add(box((0.05, 1.3 * h, 0.02), (x, 0.5 * h, -depth / 2 - 0.003)), "metal")


def _satellite(s: Loudspeaker, d: Draw) -> None:
    size = d.uniform("box_size", 0.13, 0.2)
    h = d.uniform("box_height", 1.0, 1.8) * size
    depth = d.uniform("box_depth", 0.7, 1.1) * size
    stand = d.uniform("stand_height", 0.3, 0.85)
    rod = d.uniform("pole_radius", 0.01, 0.022)
    s.cabinet(size, h, depth, stand)
    if d.flag("cloth", 0.3):
        s.cloth(stand + h / 2, 0.85 * size, 0.9 * h, 0.015)
    elif h > 1.35 * size:
        s.driver(0, stand + 0.38 * size + 0.03 * h, 0.36 * size, 0.7 * depth)
        s.tweeter(0, stand + h - 0.22 * size, 0.15 * size, 0.3 * depth)
    else:
        s.driver(0, stand + h / 2, 0.38 * size, 0.7 * depth)
    tilt = d.uniform("tilt", -8.0, 15.0)
    pivot = stand + 0.3 * h
    s.move(lambda solid: solid.translate((0, -pivot, 0)).rotate((-tilt, 0, 0)).translate((0, pivot, 0)))
    poles = d.choice("pole_form", ("round", "square", "twin"))
    top = stand + 0.25 * h
    if poles == "round":
        s.shape.add(cylinder((0, 0, 0), (0, top, 0), 1.3 * rod, rod, 16), "metal")
    elif poles == "square":
        s.shape.add(box((2.4 * rod, top, 1.8 * rod), (0, top / 2, 0)), "metal")
    else:
        s.shape.add_mirrored(cylinder((0.28 * size, 0, 0), (0.28 * size, top, 0), 0.8 * rod, segments=12), "metal")
    s.shape.add(box((0.8 * size, 0.02, 0.8 * depth), (0, stand - 0.004, 0)), "metal")
    foot = d.uniform("foot", 0.11, 0.17)
    base = d.choice("foot_form", ("disc", "square", "dome", "tripod"))
    if base == "disc":
        s.shape.add(cylinder((0, 0, 0), (0, 0.018, 0), foot, 0.96 * foot, 36), "metal")
    elif base == "square":
        s.shape.add(rounded_box((1.9 * foot, 0.022, 1.7 * foot), (0, 0.011, 0), 0.008), s.material)
    elif base == "dome":
        s.shape.add(cylinder((0, 0, 0), (0, 0.05, 0), foot, 0.3 * foot, 36), "metal")
    else:
        for k in range(3):
            a = 2 * np.pi * k / 3 + 0.5
            tip = (1.6 * foot * np.sin(a), 0.008, 1.6 * foot * np.cos(a))
            s.shape.add(cylinder((0, 0.35 * stand, 0), tip, 0.011, 0.009, 10), "metal")


_BUILDERS: dict[str, Callable[[Loudspeaker, Draw], None]] = {
    "bookshelf": _bookshelf,
    "tower": _tower,
    "monitor": _monitor,
    "subwoofer": _subwoofer,
    "soundbar": _soundbar,
    "round": round_cabinet,
    "satellite": _satellite,
    "stage": stage,
    "horn": horn,
    "portable": portable,
    "panel": panel,
}


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random loudspeaker, of the structural type ``kind`` if given; y is up and the drivers face +z.

    Raises:
        ValueError: ``kind`` is not one of ``TYPES``.
    """
    draw = Draw(rng)
    draw.params["type"] = kind = draw_kind(rng, TYPES, kind)
    speaker = Loudspeaker(draw)
    _BUILDERS[kind](speaker, draw)
    speaker.finish()
    fill_cavities(speaker.shape, speaker.material)
    return speaker.shape
