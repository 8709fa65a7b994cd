# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Benches: park, plank, garden, upholstered, scrolled, picnic, stone, storage, pew, curved and metal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import CrossSection, Manifold
from numpy.typing import ArrayLike, NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import LEGS, cushion, four_legs, leg
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    extrude,
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


class Bench:
    """Draws the parameters that every bench has (metres) and holds the shape while a builder fills it."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.length = draw.uniform("length", 1.0, 2.0)
        self.depth = draw.uniform("depth", 0.34, 0.5)
        self.seat = draw.uniform("seat_height", 0.4, 0.5)
        self.top = draw.uniform("seat_thickness", 0.03, 0.07)
        self.back_rise = draw.uniform("back_rise", 0.3, 0.5)
        self.tilt = draw.uniform("back_tilt", 3.0, 18.0)
        self.arm_rise = draw.uniform("arm_rise", 0.17, 0.26)
        self.slats = draw.integer("seat_slats", 3, 8)
        self.back_slats = draw.integer("back_slats", 2, 7)
        self.gap = draw.uniform("slat_gap", 0.2, 0.42)
        self.slat = draw.uniform("slat_thickness", 0.022, 0.04)
        self.leg_form = draw.choice("leg_form", LEGS)
        self.leg_size = draw.uniform("leg_size", 0.04, 0.09)
        self.frame = draw.choice("frame_material", {"metal": 2.0, "wood": 1.5, "stone": 0.6, "paint": 0.7})
        self.board = draw.choice("board_material", {"wood": 4.0, "paint": 0.7, "plastic": 0.5})
        self.cloth = draw.choice("upholstery", {"fabric": 2.0, "leather": 1.0})
        self.arms = draw.flag("arms", 0.55)

    @property
    def lean(self) -> float:
        """Slope of the back, metres backwards per metre of height."""
        return float(np.tan(np.radians(self.tilt)))

    def planks(self, count: int, start: ArrayLike, end: ArrayLike, width: float, across: float) -> None:
        """Lay ``count`` boards along x, their middles evenly from ``start`` to ``end`` (z, y), turned to that line."""
        a, b = np.asarray(start, float), np.asarray(end, float)
        step = np.linalg.norm(b - a) / count
        angle = np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0]))
        for k in range(count):
            z, y = a + (k + 0.5) / count * (b - a)
            w, h, bevel = (1 - self.gap) * step / 2, across / 2, 0.2 * across
            corners = [(w, h - bevel), (w - bevel, h), (bevel - w, h), (-w, h - bevel)]
            board = extrude([*corners, *[(-z, -y) for z, y in corners]], width, "x")
            self.shape.add(board.rotate((-angle, 0, 0)).translate((0, y, z)), self.board)


def _park(s: Bench, d: Draw) -> None:
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
                curve = smooth_curve([(z, under), (z + 0.6 * out, 0.6 * under), (z - 0.3 * out, 0.3 * under), (z + 1.2 * out, 0.012)], 4)
                solids.append(extrude(strip(curve, rib), rib, "x", x))
                solids.append(box((1.4 * rib, 0.02, 0.06), (x, 0.01, z + 1.2 * out)))
            arch = np.linspace(0, np.pi, 9)
            solids.append(extrude(strip(np.stack([(z1 - 0.03) * np.cos(arch), 0.3 * under + 0.3 * under * np.sin(arch)], 1), 0.7 * rib), 0.8 * rib, "x", x))
        elif form == "iron":
            solids.append(tube([(x, under, z1 - 0.03), (x, rib / 2, z1 + 0.02), (x, rib / 2, z0 - 0.06), (x, under, z0 + 0.04)], rib / 2, 8))
        elif form == "timber":
            solids += [bar((x, 0, z), (x, under + 0.01, z), 2 * rib) for z in (z1 - rib, z0 + rib)]
            solids.append(box((rib, 1.5 * rib, s.depth - 2 * rib), (x, 0.4 * under, 0)))
        elif form == "concrete":
            solids.append(extrude([(z1, 0), (z1 - 0.02, under + 0.01), (z0, under + 0.01), (z0 - 0.03, 0), (z0 + 0.1, 0), (z0 + 0.12, 0.5 * under),
                                   (z1 - 0.12, 0.5 * under), (z1 - 0.1, 0)], 0.09, "x", x))
        else:
            solids.append(cylinder((x, 0, 0), (x, under, 0), 1.2 * rib, segments=16))
            solids.append(box((0.1, 0.03, 0.8 * s.depth), (x, 0.015, 0)))
        if arm:
            rise = y + s.arm_rise
            rear = z0 - s.lean * s.arm_rise if backed else z0 + 0.05
            path = smooth_curve([(rear - 0.02, rise - 0.02), (0.5 * (rear + z1), rise + 0.01), (z1 - 0.02, rise), (z1 + 0.02, rise - 0.07), (z1 - 0.03, under)], 4)
            solids.append(extrude(strip(path, rib), rib, "x", x))
            if not backed:
                solids.append(bar((x, under, z0 + 0.05), (x, rise, z0 + 0.05), rib))
        s.shape.add(union(solids), {"timber": "wood", "concrete": "stone"}.get(form, s.frame if s.frame != "stone" else "metal"))


def _garden(s: Bench, d: Draw) -> None:
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
    x = np.linspace(-half, half, 17)
    wave = {"straight": 0 * x, "arch": 0.12 * np.cos(np.pi * x / (2 * half)) ** 2, "dip": -0.06 * np.cos(np.pi * x / (2 * half))}[crown]
    low = s.seat + d.uniform("lower_rail", 0.06, 0.12)
    shear = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, -lean, 1, z0 + size / 2 + lean * s.seat]], float)
    s.shape.add(extrude(strip(np.stack([x, head - 0.04 + wave], 1), 0.07), 0.03, "z").transform(shear), s.board)
    s.shape.add(box((2 * half, 0.05, 0.028), (0, low, 0)).transform(shear), s.board)
    style = d.choice("back_fill", {"upright": 3.0, "cross": 1.0, "horizontal": 1.0, "panel": 0.7})
    if style == "upright":
        for px in np.linspace(-half, half, d.integer("uprights", 6, 18) + 2)[1:-1]:
            crest = head - 0.03 + float(np.interp(px, x, wave))
            s.shape.add(box((0.035, crest - low, 0.02), (px, (crest + low) / 2, 0)).transform(shear), s.board)
    elif style == "cross":
        fields = d.integer("crosses", 2, 3)
        for k in range(fields):
            a, b = -half + 2 * half * k / fields, -half + 2 * half * (k + 1) / fields
            for first, last in ((low, head - 0.05), (head - 0.05, low)):
                s.shape.add(bar((a, first, 0), (b, last, 0), 0.028).transform(shear), s.board)
            if k:
                s.shape.add(box((0.04, head - 0.03 - low, 0.026), (a, (head - 0.03 + low) / 2, 0)).transform(shear), s.board)
    elif style == "horizontal":
        for y in np.linspace(low, head - 0.04, s.back_slats + 2)[1:-1]:
            s.shape.add(box((2 * half, 0.045, 0.022), (0, y, 0)).transform(shear), s.board)
    else:
        s.shape.add(box((2 * half, head - 0.1 - low + 0.1, 0.02), (0, (head - 0.05 + low) / 2, 0)).transform(shear), s.board)


def _plank(s: Bench, d: Draw) -> None:
    """Backless plank on panels, legs, trestles or a block."""
    form = d.choice("plank_support", {"legs": 3.0, "panels": 2.0, "trestle": 1.5, "loops": 1.5, "stretched": 1.0, "waterfall": 1.0})
    s.depth *= d.uniform("narrow", 0.65, 1.0)
    half, z = s.length / 2, s.depth / 2
    under = s.seat - s.top
    if form == "waterfall":
        s.shape.add(extrude(strip([(-half, 0), (-half, s.seat), (half, s.seat), (half, 0)], s.top), s.depth, "z"), s.board)
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
                foot = [(-0.9 * z, 0), (-0.45 * z, 0), (0, 0.2), (0.45 * z, 0), (0.9 * z, 0), (0.8 * z, under + 0.01), (-0.8 * z, under + 0.01)]
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
            loop = box((rod, under + 0.01, 1.8 * z), (x, (under + 0.01) / 2, 0)) - box((3 * rod, under - 2 * rod, 1.8 * z - 2 * rod), (x, under / 2, 0))
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
            s.shape.add(box(((1 - s.gap) * step, s.slat, s.depth), ((k + 0.5) * step - half, s.seat - s.slat / 2, 0)), s.board)
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
            s.shape.add(tube([(x, under, -z + 0.05), (x, 0.016, -z + 0.05), (x, 0.016, z - 0.05), (x, under, z - 0.05)], 0.016, 8), "metal")
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
        four_legs(s.shape, s.leg_form, s.length - 0.17 - soft * 0.06, s.depth - 0.15 - soft * 0.04, frame, s.leg_size, 0.05, "wood" if s.frame == "stone" else s.frame)
    elif form == "crossed":
        rod = 0.016
        for x in (-half + 0.18, half - 0.18):
            for side in (-1, 1):
                s.shape.add(cylinder((x, rod, side * 0.85 * z), (x, frame + 0.05, -side * 0.8 * z), rod, segments=10), "metal")
        s.shape.add(cylinder((-half + 0.18, 0.52 * frame, 0), (half - 0.18, 0.52 * frame, 0), rod, segments=10), "metal")
    else:
        s.shape.add(box((s.length - 0.1, frame + 0.04, s.depth - 0.08), (0, (frame + 0.04) / 2, 0)), "wood")
    if d.flag("tufted", 0.4):
        spots = [(x, s.seat + 0.003, w) for x in np.linspace(-0.8, 0.8, 6) * half for w in np.linspace(-0.6, 0.6, 3) * z]
        s.shape.add(union([Manifold.sphere(0.016, 8).translate((x, y - 0.008, w)) for x, y, w in spots]), s.cloth)
    if d.flag("padded_back", 0.35):
        crown = d.uniform("crown", 0.0, 0.15)
        x = np.linspace(-half, half, 21)
        crest = np.stack([x, s.seat + s.back_rise + crown * (np.cos(np.pi * x / s.length) ** 2 - 0.5)], 1)
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
    s.shape.add(box((s.length - 0.02, 0.07, s.depth - 0.02), (0, under + 0.01, 0)), s.cloth if d.flag("covered_rail", 0.6) else "wood")
    crest = s.seat + rise
    for side in (-1, 1):
        path = smooth_curve([(half - 0.02, under + 0.0), (half + 0.2 * flare, s.seat + 0.3 * rise), (half + flare, crest - roll)], 4)
        panel = extrude(strip(path, wall), s.depth, "z")
        knot = cylinder((half + flare + 0.3 * roll, crest - roll, -s.depth / 2 - 0.008), (half + flare + 0.3 * roll, crest - roll, s.depth / 2 + 0.008), roll, segments=24)
        end = union([panel, knot])
        s.shape.add(end if side > 0 else end.mirror((1, 0, 0)), s.cloth)
        if d.flag(f"rosette_{'left' if side < 0 else 'right'}", 0.5):
            for z in (-1, 1):
                x = side * (half + flare + 0.3 * roll)
                s.shape.add(cylinder((x, crest - roll, z * s.depth / 2), (x, crest - roll, z * (s.depth / 2 + 0.025)), 0.4 * roll, segments=16), "wood")
    if d.flag("low_back", 0.25):
        s.shape.add(rounded_box((s.length, rise + pad, 0.07), (0, s.seat + rise / 2 - pad / 2, -s.depth / 2 + 0.04), 0.03, 10), s.cloth)
    form = d.choice("window_legs", {"turned": 2.0, "tapered": 1.5, "cabriole": 1.0, "round": 1.0, "bun": 0.5})
    height = under * (0.5 if form == "bun" else 1.0)
    if form == "bun":
        s.shape.add(box((s.length - 0.06, under - height + 0.04, s.depth - 0.04), (0, (under + height) / 2, 0)), s.cloth)
    four_legs(s.shape, form, s.length - 0.12, s.depth - 0.12, height, s.leg_size, 0.03, "wood" if s.frame == "stone" else s.frame)


def _picnic(s: Bench, d: Draw) -> None:
    """Table with a bench on either side on A-frames."""
    length, table = d.uniform("picnic_length", 1.4, 2.1), d.uniform("table_height", 0.7, 0.78)
    width, reach = d.uniform("table_width", 0.6, 0.8), d.uniform("bench_reach", 0.62, 0.75)
    s.seat = d.uniform("picnic_seat", 0.4, 0.46)
    thick = max(s.slat, 0.03)
    for count, middle, y, extent in ((d.integer("table_boards", 4, 6), 0.0, table, width), (2, reach, s.seat, 0.28), (2, -reach, s.seat, 0.28)):
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
            s.shape.add(bar((side * (length / 2 - inset), s.seat - 0.03, 0), (side * 0.1, table - 0.01, 0), 0.04), s.board)


def _stone(s: Bench, d: Draw) -> None:
    """Slab on blocks, scrolled piers or a solid mass."""
    slab, z = d.uniform("slab", 0.07, 0.14), s.depth / 2
    half, under = s.length / 2, s.seat - slab
    form = d.choice("pier_form", ("block", "scroll", "drum", "solid", "wedge"))
    if d.flag("curved_slab", 0.25):
        x = np.linspace(-half, half, 15)
        path = np.stack([x, 0.35 * s.length * (x / half) ** 2 * 0.35], 1)
        s.shape.add(extrude(strip(path, s.depth), slab, "y", s.seat - slab / 2), "stone")
        offset = 0.35 * s.length * 0.35 * 0.45
    else:
        s.shape.add(rounded_box((s.length, slab, s.depth), (0, s.seat - slab / 2, 0), d.uniform("edge", 0.003, 0.03), 8), "stone")
        offset = 0.0
    spot = 0.66 * half
    if form == "solid":
        s.shape.add(box((1.5 * half, under + 0.02, 1.3 * z), (0, (under + 0.02) / 2, 0.3 * offset)), "stone")
    for x in (-spot, spot) if form != "solid" else ():
        if form == "block":
            s.shape.add(box((d.uniform(f"block_width_{'left' if x < 0 else 'right'}", 0.12, 0.3), under + 0.02, 1.6 * z), (x, (under + 0.02) / 2, offset)), "stone")
        elif form == "scroll":
            side = [(-0.85, 0), (-0.85, 0.1), (-0.55, 0.25), (-0.45, 0.5), (-0.6, 0.8), (-0.85, 0.92), (-0.85, 1.0)]
            rows = [*side, *[(-a, b) for a, b in side[::-1]]]
            s.shape.add(extrude(np.array(rows) * (z, under + 0.01), 0.12, "x", x).translate((0, 0, offset)), "stone")
        elif form == "drum":
            s.shape.add(cylinder((x, 0, offset), (x, under + 0.02, offset), 0.75 * z, segments=32), "stone")
        else:
            s.shape.add(extrude([(-0.1, 0), (0.1, 0), (0.2, under + 0.01), (-0.2, under + 0.01)], 1.6 * z, "z", offset).translate((x, 0, 0)), "stone")
    if d.flag("stone_back", 0.25) and not d.params["curved_slab"]:
        x = np.linspace(-half, half, 15)
        arch = s.seat + s.back_rise * (0.75 + 0.25 * np.cos(np.pi * x / s.length))
        s.shape.add(extrude([(-half, s.seat - 0.03), (half, s.seat - 0.03), *np.stack([x, arch], 1)[::-1]], 0.1, "z", -z + 0.05), "stone")


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
                s.shape.add(tube([(x, s.seat + 0.75 * rise, -z + 0.03), (x, s.seat + 0.75 * rise - 0.02, -z + 0.1), (x, s.seat + 0.75 * rise + 0.03, -z + 0.12)], 0.01, 8), "metal")
        if s.arms:
            for x in (-1, 1):
                s.shape.add(box((0.04, s.arm_rise + 0.05, s.depth), (x * (half - 0.02), s.seat + s.arm_rise / 2 - 0.02, 0)), s.board)


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
        front = smooth_curve([(z1 + 0.05, 0), (z1 + 0.01, 0.5 * s.seat), (z1 + 0.05, s.seat), (z1, rise), (0.0, rise + 0.02), (rear + 0.08, head + end)], 4)
    elif shape_form == "straight":
        front = np.array([(z1 + 0.03, 0), (z1 + 0.03, rise), (rear + 0.1, head + end)])
    elif shape_form == "step":
        front = np.array([(z1 + 0.03, 0), (z1 + 0.03, rise), (z0 + 0.12, rise), (z0 + 0.09, head + end)])
    else:
        turn = np.linspace(0, np.pi / 2, 9)
        front = np.concatenate([[(z1 + 0.03, 0)], np.stack([z0 + 0.03 + s.depth * np.cos(turn), s.seat + (head + end - s.seat) * np.sin(turn)], 1)])
    outline: NDArray[np.float64] = np.concatenate([front, [(rear - 0.03, head + end), (z0 - 0.06, 0.35 * s.seat), (z0 - 0.06, 0)]])
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


def _curved(s: Bench, d: Draw) -> None:
    """Bench along an arc, backless or with a slatted back; the seat faces the inside."""
    radius, sweep = d.uniform("arc_radius", 0.8, 1.8), d.uniform("arc_sweep", 60.0, 180.0)
    sweep = min(sweep, float(np.degrees(2.8 / radius)))
    rows = d.integer("arc_rows", 1, 4)
    step = s.depth / rows
    solid_base = d.flag("arc_mass", 0.3)

    def sector(profile: ArrayLike, degrees: float = sweep) -> Manifold:
        return CrossSection([np.asarray(profile, float)]).revolve(96, degrees).rotate((-90, 0, 0)).rotate((0, 90 - degrees / 2, 0))

    def ring(inner: float, outer: float, low: float, high: float) -> Manifold:
        return sector([(inner, low), (outer, low), (outer, high), (inner, high)])

    start = radius - s.depth / 2
    for k in range(rows):
        s.shape.add(ring(start + k * step, start + (k + (0.85 if rows > 1 else 1)) * step, s.seat - s.top, s.seat), "stone" if solid_base else s.board)
    if solid_base:
        s.shape.add(ring(start + 0.05, start + s.depth - 0.05, 0, s.seat - 0.6 * s.top), "stone")
    count = d.integer("arc_frames", 2, 5)
    backed = d.flag("arc_back", 0.5)
    head = s.seat + s.back_rise
    outer = start + s.depth
    for a in np.radians(np.linspace(-0.46, 0.46, count) * sweep):
        frame = [box((0.05, 0.05, s.depth - 0.02), (0, s.seat - s.top - 0.01, -radius))]
        if not solid_base:
            frame += [box((0.05, s.seat - s.top, 0.05), (0, (s.seat - s.top) / 2, -r)) for r in (start + 0.06, outer - 0.04)]
        if backed:
            frame.append(bar((0, s.seat - 0.09, -outer + 0.03), (0, head, -outer - 0.04), 0.045))
        s.shape.add(union(frame).rotate((0, float(np.degrees(-a)), 0)), "stone" if solid_base else s.frame)
    if backed:
        for k in range(s.back_slats):
            y = s.seat + 0.1 + (s.back_rise - 0.1) * (k + 0.5) / s.back_slats
            z = outer - 0.03 + 0.07 * (y - s.seat) / s.back_rise
            tall = 0.32 * (s.back_rise - 0.1) / s.back_slats
            s.shape.add(ring(z - 0.015, z + 0.015, y - tall, y + tall), s.board)


def _tubular(s: Bench, d: Draw) -> None:
    """Waiting bench: separate or continuous shells, mesh or rods on a beam."""
    seats = d.integer("seats", 2, 5)
    width = d.uniform("shell_width", 0.44, 0.55)
    s.length = seats * (width + 0.05)
    form = d.choice("shell_form", ("shell", "sheet", "rods"))
    z0, z1 = -s.depth / 2, s.depth / 2
    head = s.seat + s.back_rise
    curve = smooth_curve([(z1 + 0.02, s.seat - 0.03), (z1 - 0.05, s.seat), (0.0, s.seat - 0.015), (z0 + 0.05, s.seat + 0.03),
                          (z0 - 0.02, s.seat + 0.15), (z0 - s.lean * s.back_rise, head)], 4)
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


def _cube_frame(s: Bench, d: Draw) -> None:
    """Low backless bench in a square-tube frame with a shelf."""
    half, z, rod = s.length / 2, s.depth / 2, d.uniform("tube_size", 0.022, 0.04)
    under = s.seat - s.top
    for x in (-half + rod / 2, half - rod / 2):
        for side in (-z + rod / 2, z - rod / 2):
            s.shape.add(box((rod, under + 0.01, rod), (x, (under + 0.01) / 2, side)), "metal")
        for y in (rod / 2 + d.params["leg_size"], under - rod / 2):
            s.shape.add(box((rod, rod, s.depth - rod), (x, y, 0)), "metal")
    for side in (-z + rod / 2, z - rod / 2):
        for y in (rod / 2 + d.params["leg_size"], under - rod / 2):
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
    "park": _park,
    "garden": _garden,
    "plank": _plank,
    "slatted": _slatted,
    "upholstered": _upholstered,
    "scrolled": _scrolled,
    "picnic": _picnic,
    "stone": _stone,
    "storage": _storage,
    "pew": _pew,
    "curved": _curved,
    "tubular": _tubular,
    "cube_frame": _cube_frame,
}


def make(rng: np.random.Generator) -> Shape:
    """A random bench; y is up and the seat faces +z."""
    draw = Draw(rng)
    kind = draw.choice("type", TYPES)
    bench = Bench(draw)
    _BUILDERS[kind](bench, draw)
    return bench.shape
