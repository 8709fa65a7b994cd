# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The solids of a production car: body, glazed cabin, window openings, wheels and the arches that they turn in.

All take the parameters of ``car_styles``, in metres; the ground is y = 0 and the nose lies at z = length / 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    curve,
    cylinder,
    extrude,
    loft,
    revolve,
    superellipse,
    union,
)


def body_solid(p: dict[str, Any]) -> Manifold:
    """The body below the windows, lofted from nose to tail."""
    length, half, low = p["length"], p["width"] / 2, p["clearance"]
    ends = np.array([0, 0.006, 0.02, 0.05, 0.09, 0.15, 0.22, 0.32, 0.45])
    d = np.concatenate([ends, np.linspace(0.6, length - 0.6, 18), length - ends[::-1]])
    top = curve(
        d,
        [
            (0, p["nose"] - p["nose_drop"]),
            (0.10, p["nose"] - 0.25 * p["nose_drop"]),
            (0.45 * p["cowl"], p["nose"] + 0.62 * (p["cowl_height"] - p["nose"])),
            (p["cowl"], p["cowl_height"]),
            (length - p["back"] - 0.3, (p["cowl_height"] + 3 * p["deck"]) / 4),
            (length - 0.12, p["deck"]),
            (length, p["deck"] - p["tail_drop"]),
        ],
    )
    bottom = curve(d, [(0, low + 0.07), (0.5, low), (length - 0.7, low), (length, low + p["tail_rise"])])
    wide = (
        half * _end(d, p["nose_round"] + 0.3, p["nose_face"]) * _end(length - d, p["tail_round"] + 0.3, p["tail_face"])
    )
    tall = _end(d, 0.35 * p["nose_round"] + 0.03, 0.6) * _end(length - d, 0.35 * p["tail_round"] + 0.03, 0.7)
    axle_f = np.exp(-(((d - p["front_axle"]) / 0.45) ** 2))
    axle_r = np.exp(-(((length - d - p["rear_axle"]) / 0.5) ** 2))
    # the fenders must clear the wheels however low the hood is
    crest = float(np.interp(p["front_axle"], d, top))
    shoulder = low + (crest - low) * (
        p["waist"] + (1 - p["waist"]) * (1 - 0.93 ** (p["edge"] + 4)) ** (1 / (p["edge"] + 4))
    )
    fender = max(p["fender"], (2.16 * p["wheel"] + 0.03 - shoulder) / 0.88)
    rings = []
    for k in range(len(d)):
        unit = superellipse(1, 1, p["edge"] + 4 * max(axle_f[k], axle_r[k]), 44)
        upper = unit[:, 1] > 0
        middle = bottom[k] + p["waist"] * (top[k] - bottom[k])
        x = unit[:, 0] * wide[k] * (1 + p["flare"] * (axle_f[k] + axle_r[k]))
        # above the waist the sides lean in, below they tuck under
        x = x * (1 - np.where(upper, p["lean"], p["tuck"]) * np.abs(unit[:, 1]) ** 2)
        y = np.where(upper, (top[k] - middle) * unit[:, 1], (middle - bottom[k]) * unit[:, 1]) * tall[k] + middle
        ridge = np.exp(-(((np.abs(unit[:, 0]) - 0.85) / 0.22) ** 2))
        y = y + np.where(upper, fender * (axle_f[k] + p["haunch"] * axle_r[k]) * ridge * tall[k], 0)
        rings.append(np.stack([x, y, np.full_like(x, length / 2 - d[k])], 1))
    return loft(rings)


def _end(distance: NDArray[np.float64], radius: float, face: float) -> NDArray[np.float64]:
    """Scale of a section near an end: ``face`` at the end itself, 1 from ``radius`` on, along a quarter ellipse."""
    rest = np.clip(1 - distance / radius, 0, 1)
    return np.asarray(face + (1 - face) * np.sqrt(1 - rest**2))


def cabin_at(p: dict[str, Any], t: float) -> tuple[float, float, float, float]:
    """Front z, rear z, half width and height of the cabin at ``t``: 0 at the belt, 1 where the roof's dome begins."""
    length = p["length"]
    front = length / 2 - p["cowl"] - p["windshield"] * t
    rear = -length / 2 + p["back"] + p["rear_window"] * max(t, 0.0) ** p["rear_bend"]
    half = p["width"] / 2 * (p["shoulder"] - p["tumble"] * max(t, 0.0) ** 1.2)
    belt = min(p["cowl_height"], p["deck"]) - 0.02
    return front, rear, half, belt + (p["height"] - p["crown"] - belt) * t


def cabin_solid(p: dict[str, Any], inset: float = 0.0) -> Manifold:
    """The glazed cabin: plan rings stacked from below the belt to a domed roof, ``inset`` inside its surface."""
    rings = []
    unit = superellipse(1, 1, p["cabin_edge"], 48)
    levels = [(-0.35, 1.0), *[(t, 1.0) for t in (0, 0.3, 0.6, 0.85, 1.0)]]
    levels += [(1.0, s) for s in (0.985, 0.95, 0.88, 0.75, 0.5, 0.2)]
    for t, shrink in levels:
        front, rear, half, y = cabin_at(p, t)
        half, length = (half - inset) * shrink, ((front - rear) / 2 - inset) * shrink
        dome = p["crown"] * (1 - shrink**2.4) ** 0.5 - inset * (t >= 1)
        bow = p["bow"] * (1 - t * 0.4) * unit[:, 0] ** 2 * np.sign(unit[:, 1]) * shrink
        slope = p["roof_slope"] * unit[:, 1] * length if t >= 1 else 0.0
        z = (front + rear) / 2 + length * unit[:, 1] - bow
        rings.append(np.stack([half * unit[:, 0], np.full(48, y + dome) + slope, z], 1))
    return loft(rings)


def window_cuts(p: dict[str, Any]) -> tuple[Manifold, Manifold, Manifold]:
    """What to cut from the cabin's painted skin so that the glass shows: at the sides, in front and at the back."""
    low, high = p["sill"], 1.0 - p["roof_rim"]
    (_, _, h0, y0), (f1, r1, h1, y1) = cabin_at(p, low), cabin_at(p, high)
    ts = np.linspace(low, high, 5)
    rows = [cabin_at(p, t) for t in ts]
    a, c, middle = p["a_pillar"], p["c_pillar"], (y0 + y1) / 2
    curved = 0.8 * p["bow"]  # the corners lie this much inside the ends
    front = [(r[0] - a - curved * (1 - 0.4 * t), r[3]) for t, r in zip(ts, rows, strict=True)]
    rear = [(r[1] + c + curved * (1 - 0.4 * t), r[3]) for t, r in zip(ts, rows, strict=True)]
    sides = extrude(front + rear[::-1], p["width"] * 1.2, "x")
    span = f1 - a - r1 - c - 1.2 * curved
    for i in range(1, p["side_windows"]):
        z = f1 - a - 0.6 * curved - span * i / p["side_windows"] + (0.0 if p["side_windows"] > 2 else p["b_shift"])
        sides = sides - box((p["width"] * 1.2, y1 - y0 + 0.2, p["b_pillar"]), (0, middle, z))
    if p["panel_sides"] > 0:  # a delivery van has no windows behind the front doors
        sides = sides - box((3, 4, 20), (0, middle, f1 - a - p["panel_sides"] - 10))
    rim, deep = p["screen_rim"], max(p["bow"] * 1.5, 0.1)
    screen = [(-h0 + rim, y0), (h0 - rim, y0), (h1 - rim, y1), (-h1 + rim, y1)]
    windshield = extrude(screen, 6, "z", f1 - deep + 3)
    lift = (y1 - y0) * p["rear_sill"]
    screen = [(-h0 + rim, y0 + lift), (h0 - rim, y0 + lift), (h1 - rim, y1), (-h1 + rim, y1)]
    return sides, windshield, extrude(screen, 6, "z", r1 + deep - 3)


def without_slivers(solid: Manifold) -> Manifold:
    """The solid less the loose slivers that cutting windows may leave at the corners."""
    pieces = solid.decompose()
    return union([piece for piece in pieces if piece.volume() > 0.02 * solid.volume()]) if len(pieces) > 1 else solid


def wheel(p: dict[str, Any], radius: float, width: float) -> list[tuple[Manifold, str]]:
    """A wheel about the x axis at the origin, its outer face at x = width / 2: tyre with disc, and spokes."""
    rim, bead, dish = radius * p["rim"], 0.12 * width, p["dish"]
    outline = [
        (0, -width / 2 + bead),
        (rim, -width / 2),
        (radius - bead, -width / 2),
        (radius, -width / 2 + bead),
        (radius, width / 2 - bead),
        (radius - bead, width / 2),
        (rim, width / 2),
        (rim * 0.96, width / 2 - dish),
        (0, width / 2 - dish),
    ]
    tyre = revolve(outline, 28).rotate((0, 0, -90))
    face = width / 2 - 0.4 * dish
    spokes = [cylinder((0, 0, 0), (face, 0, 0), 0.28 * rim, 0.22 * rim, 12)]
    if p["spokes"] == 0:  # a plain disc with a hub cap
        spokes.append(cylinder((0, 0, 0), (width / 2 - 0.7 * dish, 0, 0), 0.8 * rim, 0.7 * rim, 20))
    for i in range(p["spokes"]):
        angle = 2 * np.pi * (i + 0.25) / p["spokes"]
        tip = (face - 0.015, rim * 1.02 * np.sin(angle), rim * 1.02 * np.cos(angle))
        spokes.append(bar((face - 0.03, 0, 0), tip, p["spoke_width"] * rim * 1.3, p["spoke_width"] * rim))
    solids = [(tyre, "rubber"), (union(spokes), "metal")]
    for solid, _ in solids:
        solid.num_tri()  # evaluated once here rather than once a copy
    return solids


def axles(p: dict[str, Any]) -> list[tuple[float, float]]:
    """(z, wheel radius) of the front and the rear axle."""
    front, rear = p["length"] / 2 - p["front_axle"], -p["length"] / 2 + p["rear_axle"]
    return [(front, p["wheel"]), (rear, p["wheel"] * p["stagger"])]


def add_wheels(shape: Shape, p: dict[str, Any]) -> None:
    """Four wheels on two axles that run through the body."""
    x = p["width"] / 2 + p["poke"] - p["tyre"] / 2
    solids = wheel(p, p["wheel"], p["tyre"])
    for z, r in axles(p):
        scale = r / p["wheel"]
        for solid, material in solids:
            shape.add_mirrored(solid.scale((1, scale, scale)).translate((x, r, z)), material)
        shape.add(cylinder((-x, r, z), (x, r, z), 0.3 * r, None, 12), "metal")


def wheel_arches(p: dict[str, Any], gap: float = 1.13) -> Manifold:
    """The space that the wheels need in the body."""
    cuts = []
    inner = p["width"] / 2 + p["poke"] - p["tyre"] - 0.03
    for z, r in axles(p):
        arch = cylinder((inner, r, z), (p["width"], r, z), r * gap, None, 36)
        cuts += [arch, arch.mirror((1, 0, 0))]
    return union(cuts)
