# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What chairs on legs are put together from: the seat, the back within its curved plane, legs, stretchers and arms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.fittings import cushion, leg
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, extrude, rounded_box, smooth_curve
from list_fast.data.shapes.sweeps import arc, sheet, sweep, thicken, tufted

BACKS = {
    "ladder": 1.2, "slats": 1.4, "spindles": 1.2, "splat": 1.0, "panel": 1.5, "pad": 1.4, "cross": 0.6, "fan": 0.5,
    "rail": 0.8, "cutout": 0.7, "frame_pad": 0.9, "lattice": 0.5, "hoop": 1.0, "tufted": 0.7, "plywood": 0.8,
}  # fmt: skip
SEATS = {"board": 1.3, "upholstered": 1.5, "cushion": 0.8, "saddle": 0.9, "round": 0.9, "frame": 0.5, "tapered": 0.9}
LEG_STYLES = {
    "block": 1.4,
    "tapered": 1.6,
    "round": 1.2,
    "turned": 0.8,
    "splayed": 1.4,
    "cabriole": 0.35,
    "sabre": 0.9,
    "hairpin": 0.2,
}
ARMS = {"none": 2.4, "straight": 0.9, "curved": 0.8, "post": 0.5, "padded": 0.5, "loop": 0.4}


@dataclass
class Frame:
    """Measures of a chair: seat ``width`` x ``depth``, its top at ``height``, the back ``rise`` tall; materials; parts.

    The back lies on the surface ``at(s, r)``: s from -1 (left) to 1, r from 0 (seat) to 1 (top). The seat's rear is
    ``narrow`` times its width and its middle lies ``dip`` lower than its rim; ``stand`` has the ends (head, foot) of
    each leg's axis.
    """

    shape: Shape
    draw: Draw
    width: float
    depth: float
    height: float
    thickness: float
    rise: float
    rake: float
    bow: float
    bend: float
    flare: float
    rod: float
    wood: str
    soft: str
    narrow: float = 1.0
    dip: float = 0.0

    def __post_init__(self) -> None:
        self.stand: dict[tuple[int, int], tuple[NDArray[np.float64], NDArray[np.float64]]] = {}

    @property
    def root(self) -> float:
        """The r at which parts of the back end inside the seat."""
        return -(self.dip + 0.5 * self.thickness) / self.rise

    def leg_at(self, sx: int, sz: int, y: float) -> NDArray[np.float64]:
        """Point (3,) of a leg's axis at height ``y``."""
        head, foot = self.stand[sx, sz]
        return foot + (head - foot) * (y - foot[1]) / (head[1] - foot[1])

    def at(self, s: NDArray[np.float64] | float, r: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Points (..., 3) of the back's surface."""
        s, r = np.broadcast_arrays(np.asarray(s, float), np.asarray(r, float))
        half = (self.narrow * self.width / 2 - 0.5 * self.rod) * (1 + self.flare * r)
        z = (
            -self.depth / 2
            + 0.6 * self.rod
            - self.rake * r
            - self.bend * np.sin(np.pi * np.clip(r, 0, 1.2))
            - self.bow * (1 - s**2) * r
        )
        return np.stack([s * half, self.height + r * self.rise, z], -1)

    def add(self, solid: Manifold, material: str | None = None) -> None:
        """Append a solid, of the frame's material unless one is given."""
        self.shape.add(solid, material or self.wood)

    def slat(
        self, s: float, width: float, thick: float, low: float, high: float = 1.0, end: float | None = None
    ) -> None:
        """Upright strip of the back at s (leaning to ``end`` at the top), ``width`` metres wide."""
        half = width / self.width

        def surface(u: NDArray[np.float64], r: NDArray[np.float64]) -> NDArray[np.float64]:
            middle = s if end is None else s + (end - s) * (r - low) / (high - low)
            return self.at(middle + u * half, r)

        self.add(thicken(surface, [-1, 1], np.linspace(low, high, 7), thick))

    def rail(
        self, low: float, high: float, thick: float, crest: float = 0.0, reach: float = 1.0, material: str | None = None
    ) -> None:
        """Strip across the back from r = ``low`` to ``high``; ``crest`` lifts the middle of its upper edge."""
        u = np.linspace(-1, 1, 13)

        def surface(s: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
            return self.at(s * reach, low + v * (high - low + crest * (1 - s**2)))

        self.add(thicken(surface, u, np.linspace(0, 1, 4), thick), material)

    def spindle(self, s: float, end: float, radius: float, low: float, high: float = 1.0) -> None:
        """Thin rod of the back from (s, low) to (end, high), slightly swollen in the middle."""
        r = np.linspace(0, 1, 6)
        path = self.at(s + (end - s) * r, low + (high - low) * r)
        self.add(sweep(path, 2 * radius * (0.75 + 0.5 * np.sin(np.pi * r)), segments=8))


def new_frame(shape: Shape, d: Draw, high: float = 0.45) -> Frame:
    """A frame with random measures around those of a chair whose seat is ``high``."""
    wood = d.choice("frame_material", {"wood": 6.0, "metal": 1.2, "plastic": 0.8, "paint": 0.8})
    soft = d.choice("seat_material", {"fabric": 3.0, "leather": 1.5, "wood": 0.5, "plastic": 0.4})
    return Frame(
        shape,
        d,
        width=d.uniform("width", 0.4, 0.58),
        depth=d.uniform("depth", 0.38, 0.54),
        height=high * d.uniform("height", 0.92, 1.08),
        thickness=d.uniform("thickness", 0.025, 0.07),
        rise=d.uniform("rise", 0.3, 0.68),
        rake=d.uniform("rake", 0.0, 0.17),
        bow=d.uniform("bow", 0.0, 0.07),
        bend=d.uniform("bend", -0.03, 0.05),
        flare=d.uniform("flare", -0.15, 0.12),
        rod=d.uniform("rod", 0.024, 0.055),
        wood=wood,
        soft=soft,
    )


def posts(f: Frame, top: float = 1.0) -> None:
    """The two uprights at the sides of the back."""
    d = f.draw
    square = d.flag("square_posts", 0.5)
    slim = d.uniform("post_taper", 0.55, 1.0)
    r = np.linspace(-f.thickness / f.rise, top, 9)
    for s in (-1.0, 1.0):
        size = f.rod * np.linspace(1, slim, 9)
        f.add(sweep(f.at(s, r), size, size, square=square))
    if d.flag("finials", 0.12):
        for s in (-1.0, 1.0):
            f.add(Manifold.sphere(0.7 * f.rod, 12).translate(tuple(f.at(s, top + 0.02))))


def seat(f: Frame, kind: str) -> None:
    """The seat, its top near f.height."""
    d, w, dep, t, y = f.draw, f.width, f.depth, f.thickness, f.height
    if kind == "board":
        f.add(rounded_box((w, t, dep), (0, y - t / 2, 0), 0.3 * t, 8))
    elif kind == "upholstered":
        f.add(box((0.97 * w, 0.7 * t, 0.97 * dep), (0, y - 1.1 * t, 0)))
        puff = d.uniform("puff", 0.05, 0.5)
        if d.flag("tufted_seat", 0.15):
            f.add(tufted((w, 1.6 * t + 0.03, dep), (0, y - 0.5 * t, 0), 4, 4, 0.02), f.soft)
        else:
            f.add(cushion((w, 1.5 * t, dep), (0, y - 0.45 * t, 0), puff), f.soft)
    elif kind == "cushion":
        f.add(rounded_box((w, t, dep), (0, y - t / 2, 0), 0.2 * t, 8))
        high = d.uniform("cushion_height", 0.03, 0.08)
        f.add(cushion((0.94 * w, high, 0.94 * dep), (0, y + 0.4 * high, 0), d.uniform("puff", 0.2, 0.9)), f.soft)
    elif kind == "round":
        a = np.linspace(0, np.pi, 25)  # straight behind, round in front
        plan = np.stack([w / 2 * np.cos(a), -0.1 * dep + 0.6 * dep * np.sin(a)], 1)
        f.add(extrude(np.concatenate([plan, [(-w / 2, -dep / 2), (w / 2, -dep / 2)]]), t, "y", y - t / 2))
        if d.flag("round_pad", 0.4):
            f.add(cushion((0.9 * w, 0.05, 0.9 * dep), (0, y + 0.012, 0), 1.0), f.soft)
    elif kind == "frame":
        for sign in (-1, 1):
            f.add(bar((sign * (w / 2 - t / 2), y - t / 2, -dep / 2), (sign * (w / 2 - t / 2), y - t / 2, dep / 2), t))
            f.add(bar((-w / 2, y - t / 2, sign * (dep / 2 - t / 2)), (w / 2, y - t / 2, sign * (dep / 2 - t / 2)), t))
        count = d.integer("seat_straps", 4, 9)
        for k in range(count):
            z = -dep / 2 + dep * (k + 1) / (count + 1)
            f.add(box((w - t, 0.4 * t, 0.55 * dep / count), (0, y - 0.4 * t, z)), f.soft)
    else:  # saddle and tapered: a trapezoid, dished or flat
        narrow = d.uniform("seat_taper", 0.75, 0.95)
        dish = d.uniform("dish", 0.008, 0.025) if kind == "saddle" else 0.0
        f.narrow, f.dip = narrow, 1.3 * dish
        waterfall = d.uniform("waterfall", 0.0, 0.03)

        def surface(s: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
            side = w / 2 * (narrow + (1 - narrow) * v) * (1 - 0.06 * np.maximum(2 * v - 1, 0) ** 2)
            front = 0.05 * dep * (1 - s**2)
            drop = dish * (1 - s**2) * (1.3 - v) + waterfall * np.maximum(2 * v - 1, 0) ** 3
            return np.stack([s * side, y - t / 2 - drop, -dep / 2 + v * (dep + front)], -1)

        material = f.soft if kind == "tapered" and d.flag("soft_taper", 0.5) else f.wood
        f.add(thicken(surface, np.linspace(-1, 1, 11), np.linspace(0, 1, 11), t), material)


def legs(f: Frame, style: str, under: float) -> None:
    """Four legs up to y = ``under``, the back ones below the posts, leaning out by style."""
    d = f.draw
    inset = f.rod * 0.5
    size = f.rod * d.uniform("leg_size", 1.0, 1.5)
    splay = d.uniform("splay", 0.0, 0.35) if style in ("splayed", "sabre") or d.flag("leaning_legs", 0.4) else 0.0
    for sx in (-1, 1):
        for sz in (-1, 1):
            x, z = sx * (f.width / 2 - inset), sz * (f.depth / 2 - inset)
            if sz < 0:
                x *= f.narrow
            elif f.draw.params.get("seat") == "round":
                x, z = 0.62 * x, 0.62 * z
            if style in ("round", "splayed") or f.narrow < 1:
                x, z = 0.9 * x, 0.9 * z
            foot = np.array([x + sx * 0.35 * splay * under * 0.5, 0, z + sz * splay * under * 0.5])
            head = np.array([x, under + 0.4 * f.thickness - (0.5 * f.dip if sz < 0 else 0), z])
            if style in ("turned", "cabriole", "hairpin"):
                foot = head * (1, 0, 1)
            f.stand[sx, sz] = head, foot
            if style == "sabre":
                middle = 0.5 * (head + foot) - np.array([0, 0, sz * 0.25 * splay * under])
                f.add(sweep(smooth_curve([head, middle, foot], 4), size * np.linspace(1, 0.6, 9), square=True))
            elif style in ("turned", "cabriole", "hairpin"):
                f.add(leg(style, x, z, under, 1.25 * size, 0.4 * f.thickness))
            elif style in ("round", "splayed"):
                f.add(cylinder(foot, head, 0.33 * size, 0.5 * size, 14))
            else:
                f.add(bar(head, foot, size, size * (0.55 if style == "tapered" else 1.0)))


def stretchers(f: Frame, kind: str, under: float) -> None:
    """Bars between the legs: none, an H, a box or front and sides."""
    if kind == "none":
        return
    d, rod = f.draw, 0.55 * f.rod
    y = under * d.uniform("stretcher_height", 0.25, 0.7)
    sides = [(f.leg_at(sx, -1, y), f.leg_at(sx, 1, y)) for sx in (-1, 1)]
    high = y + 0.05
    front, rear = [tuple(f.leg_at(sx, sz, high) for sx in (-1, 1)) for sz in (1, -1)]
    if kind == "h":
        ends = [*sides, tuple(0.5 * (a + b) for a, b in sides)]
    else:
        ends = [*sides, front, rear] if kind == "box" else [*sides, front]
    for a, b in ends:
        f.add(cylinder(a, b, 0.5 * rod + 0.002, segments=10))


def back(f: Frame, kind: str) -> None:
    """The back, of one of the BACKS."""
    d, rod = f.draw, f.rod
    thin = 0.35 * rod + 0.006
    top = d.uniform("top_rail", 0.08, 0.24)
    crest = d.uniform("crest", -0.02, 0.12) if d.flag("crested", 0.5) else 0.0
    if kind not in ("pad", "panel", "plywood", "hoop", "tufted"):
        posts(f, 1.0)
    if kind in ("slats", "spindles", "splat", "cross", "fan", "lattice", "frame_pad"):
        f.rail(1 - top, 1.0, 1.4 * thin, crest)
    low = (
        d.uniform("lower_rail", 0.05, 0.3)
        if d.flag("has_lower_rail", 0.5) or kind in ("cross", "frame_pad", "lattice")
        else f.root
    )
    if low > 0 and kind in ("slats", "spindles", "splat", "cross", "lattice", "frame_pad"):
        f.rail(low - 0.04, low + 0.04, 1.2 * thin)
    if kind == "ladder":
        count = d.integer("rungs", 2, 5)
        height, bowed = d.uniform("rung_height", 0.06, 0.16), d.uniform("rung_crest", 0.0, 0.06)
        for k in range(count):
            middle = 1 - height / 2 - k * (0.9 - 0.1 * d.rng.random()) / count
            f.rail(middle - height / 2, middle + height / 2, 1.2 * thin, bowed)
    elif kind == "slats":
        count = d.integer("slat_count", 3, 8)
        width = d.uniform("slat_share", 0.25, 0.7) * f.width / (count + 1)
        for s in np.linspace(-1, 1, count + 2)[1:-1]:
            f.slat(float(s), width, thin, low, 1 - 0.5 * top)
    elif kind == "spindles":
        count = d.integer("spindle_count", 4, 9)
        for s in np.linspace(-1, 1, count + 2)[1:-1]:
            f.spindle(float(s), float(s), d.uniform("spindle_radius", 0.005, 0.011), low, 1 - 0.5 * top)
    elif kind == "splat":
        waist, urn = d.uniform("splat_waist", 0.12, 0.3), d.uniform("splat_swell", 0.0, 0.6)

        def splat(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
            half = waist * (1 + urn * np.sin(np.pi * v * 2 - 0.6) + 0.3 * v)
            return f.at(u * half, low + v * (1 - 0.5 * top - low))

        f.add(thicken(splat, np.linspace(-1, 1, 5), np.linspace(0, 1, 12), thin))
    elif kind == "cross":
        high = 1 - top
        for a, b in ((-0.95, 0.95), (0.95, -0.95)):
            f.slat(a, 0.04, thin, low, high, end=b)
        if d.flag("cross_ring", 0.35):
            c = f.at(0.0, 0.5 * (low + high))
            f.add(cylinder(c - (0, 0, 0.6 * thin), c + np.array((0, 0, 0.6 * thin)), 0.05, segments=20))
    elif kind == "fan":
        for s in np.linspace(-1, 1, d.integer("fan_count", 3, 7)):
            f.spindle(0.3 * float(s), 0.85 * float(s), 0.008, f.root, 1 - 0.5 * top)
    elif kind == "rail":
        height = d.uniform("rail_height", 0.25, 0.6)
        f.rail(1 - height, 1.0, 1.5 * thin, crest, material=f.soft if d.flag("soft_rail", 0.5) else None)
    elif kind == "lattice":
        columns, rows = d.integer("columns", 2, 4), d.integer("rows", 2, 4)
        for s in np.linspace(-1, 1, columns + 2)[1:-1]:
            f.slat(float(s), 0.02, thin, low, 1 - 0.5 * top)
        for r in np.linspace(low, 1 - top, rows + 2)[1:-1]:
            f.rail(float(r) - 0.02, float(r) + 0.02, thin)
    elif kind == "frame_pad":
        swell = d.uniform("pad_thickness", 0.03, 0.07)
        f.add(_soft_panel(f, -0.9, 0.9, low, 1 - top, swell), f.soft)
    elif kind in ("panel", "cutout", "plywood"):
        _panel(f, kind, crest)
    elif kind in ("pad", "tufted"):
        _pad(f, kind)
    else:
        _hoop(f)


def _soft_panel(f: Frame, left: float, right: float, low: float, high: float, swell: float) -> Manifold:
    def thickness(s: NDArray[np.float64], r: NDArray[np.float64]) -> NDArray[np.float64]:
        a = 1 - np.abs(2 * (s - left) / (right - left) - 1) ** 4
        b = 1 - np.abs(2 * (r - low) / (high - low) - 1) ** 4
        return 0.012 + swell * np.sqrt(np.clip(a * b, 0, 1))

    return thicken(f.at, np.linspace(left, right, 13), np.linspace(low, high, 13), thickness)


def _panel(f: Frame, kind: str, crest: float) -> None:
    d = f.draw
    low = d.uniform("panel_low", 0.12, 0.4) if kind == "plywood" or d.flag("panel_gap", 0.4) else -0.05
    round_top = d.uniform("round_top", 0.0, 0.5)

    def surface(s: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        shrink = 1 - round_top * np.maximum(v - 0.6, 0) ** 2 / 0.16 * 0.6
        return f.at(s * shrink, low + v * (1 - low + crest * (1 - s**2)))

    solid = thicken(surface, np.linspace(-1, 1, 11), np.linspace(0, 1, 9), 0.4 * f.rod + 0.008)
    if kind == "cutout" or d.flag("panel_holes", 0.25):
        solid -= _holes(f, d.choice("hole", ["slot", "oval", "grid", "rows"]))
    soft = kind == "panel" and d.flag("soft_panel", 0.35)
    f.add(solid, f.soft if soft else f.wood)
    if low > 0:
        spread = d.uniform("support_spread", 0.3, 0.85)
        for s in (-spread, spread):
            r = np.linspace(-f.thickness / f.rise, low + 0.3 * (1 - low), 7)
            f.add(sweep(f.at(s, r) - (0, 0, 0.2 * f.rod), 0.8 * f.rod, 0.5 * f.rod, square=True))


def _holes(f: Frame, kind: str) -> Manifold:
    center = f.at(0.0, 0.6)
    w, h = f.width, f.rise
    shapes: list[tuple[float, float, float, float]] = []
    if kind == "slot":
        shapes = [(0, 0.2 * h, 0.32 * w, 0.09 * h)]
    elif kind == "oval":
        shapes = [(0, 0, 0.2 * w, 0.28 * h)]
    elif kind == "grid":
        shapes = [(x * 0.2 * w, y * 0.22 * h, 0.09 * w, 0.12 * h) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    else:
        shapes = [(0, y * 0.15 * h, 0.6 * w, 0.05 * h) for y in (-1, 0, 1)]
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    ring = np.stack([np.sign(c) * np.abs(c) ** 0.6, np.sign(s) * np.abs(s) ** 0.6], 1) / 2
    holes = [extrude(ring * (a, b) + (center[0] + x, center[1] + y), 0.6, "z", center[2]) for x, y, a, b in shapes]
    return Manifold.compose(holes)


def _pad(f: Frame, kind: str) -> None:
    d = f.draw
    low = d.uniform("pad_low", 0.0, 0.25)
    swell = d.uniform("pad_thickness", 0.03, 0.08)
    if kind == "tufted":
        height = f.rise * (1 - low)
        pad = tufted((f.width, swell + 0.03, height), (0, 0, 0), 4, 4, 0.6 * swell, 0.25)
        middle = f.at(0.0, 0.5 * (1 + low))
        f.add(
            pad.rotate((90, 0, 0)).rotate((-np.degrees(np.arctan2(f.rake, f.rise)), 0, 0)).translate(tuple(middle)),
            f.soft,
        )
    else:
        f.add(_soft_panel(f, -1.0, 1.0, low, 1.0, swell), f.soft)
    for s in (-0.8, 0.8):
        r = np.linspace(-f.thickness / f.rise, low + 0.5 * (1 - low), 6)
        f.add(sweep(f.at(s, r) - (0, 0, 0.15 * f.rod), 0.8 * f.rod, 0.5 * f.rod, square=True))
    if d.flag("rolled_top", 0.2):
        f.add(sweep(f.at(np.linspace(-1, 1, 9), 1.0), 0.05, segments=12))


def _hoop(f: Frame) -> None:
    """A bent rod over spindles, as on a Windsor chair."""
    d = f.draw
    angle = np.linspace(0, np.pi, 21)
    squareness = d.uniform("hoop_squareness", 0.5, 1.0)
    s, r = -np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** squareness, np.abs(np.sin(angle)) ** squareness
    f.add(sweep(f.at(s * 0.96, f.root + (1 - f.root) * r), f.rod * 0.7, segments=10))
    inner = d.choice("hoop_fill", {"spindles": 2.0, "splat": 0.6, "pad": 0.6, "loop": 0.6})
    if inner == "spindles":
        for x in np.linspace(-0.75, 0.75, d.integer("spindle_count", 4, 8)):
            high = (1 - abs(float(x) / 0.96) ** (2 / squareness)) ** (squareness / 2)
            f.spindle(0.85 * float(x), float(x), 0.007, f.root, f.root + (1 - f.root) * high)
    elif inner == "splat":
        f.slat(0.0, 0.3 * f.width, 0.3 * f.rod + 0.006, f.root, 0.98)
    elif inner == "loop":
        f.add(sweep(f.at(s * 0.55, f.root + 0.8 * r), f.rod * 0.5, segments=8))
    else:
        a = np.linspace(0, 1, 9)
        u, v = np.meshgrid(np.linspace(-1, 1, 13), a, indexing="ij")
        arch = 0.9 * np.sqrt(np.clip(1 - (0.93 * u) ** 2, 0, 1))
        middle = f.at(0.93 * u, f.root + (1 - f.root) * v * arch)
        f.add(sheet(middle + np.array((0, 0, 0.025)), middle - (0, 0, 0.008)), f.soft)


def arms(f: Frame, kind: str) -> None:
    """Two arms from the back to the front of the seat."""
    if kind == "none":
        return
    d, rod = f.draw, 0.8 * f.rod
    rise = d.uniform("arm_height", 0.17, 0.26)
    reach = d.uniform("arm_reach", 0.2, 0.5) * f.depth
    r = min(rise / f.rise, 0.9)
    out = d.uniform("arm_flare", 0.0, 0.06)
    for s in (-1.0, 1.0):
        start = f.at(s, r)
        end = np.array([s * (f.width / 2 + out), f.height + rise * d.params.setdefault("arm_drop", 0.95), reach])
        foot = np.array([s * (f.width / 2 - 0.4 * rod), f.height - 0.7 * f.thickness, reach * 0.85])
        middle = 0.5 * (start + end) + (s * out, 0.015, 0)
        if kind == "loop":
            path = smooth_curve([start, middle, end, 0.5 * (end + foot) + (0, 0, 0.06), foot], 5)
            f.add(sweep(path, rod, 0.8 * rod))
            continue
        f.add(sweep([foot, 0.5 * (foot + end) + (0, 0, 0.01 if kind == "curved" else 0), end], 0.8 * rod))
        if kind == "curved":
            tip = end + np.array((s * 0.01, -0.015, 0.06))
            f.add(sweep(smooth_curve([start, middle, end, tip], 5), np.linspace(0.7, 1.3, 16) * rod, 0.7 * rod))
        elif kind == "post":
            f.add(bar(start, end + np.array((0, 0, 0.04)), rod))
        else:
            wide = d.params.setdefault("arm_width", float(d.rng.uniform(0.04, 0.07)))
            f.add(sweep([start, middle, end + np.array((0, 0, 0.03))], wide, 0.025, square=True))
            if kind == "padded":
                f.add(
                    cushion((wide, 0.04, 0.7 * (end[2] - start[2])), tuple(middle + np.array((0, 0.02, 0.02))), 0.5),
                    f.soft,
                )


def hoop_arms(f: Frame, height: float, front: float) -> None:
    """One bent rail that is arms and back at once, with two short posts in front."""
    path = arc((0, f.height + height, 0), (f.width / 2, f.depth / 2 + f.rake), 180 - front, 180 + front, 33)
    lift = np.linspace(-1, 1, 33) ** 2
    path[:, 1] += f.draw.uniform("hoop_lift", 0.0, 0.12) * (1 - lift)
    f.add(sweep(path, 0.7 * f.rod, 1.1 * f.rod, side=(0, 1, 0)))
    for end in (path[0], path[-1]):
        f.add(sweep([end * (0.95, 0, 0.9) + (0, f.height - 0.5 * f.thickness, 0), end], 0.7 * f.rod))
