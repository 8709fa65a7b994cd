# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Parts that several kinds of furniture share: legs, handles, lamp shades, cushions."""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold

from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    revolve,
    rounded_box,
    smooth_curve,
    strip,
    superellipsoid,
    sweep,
    turned,
    union,
)

LEGS = {
    "block": 2.0,
    "tapered": 2.0,
    "round": 1.5,
    "turned": 1.5,
    "bun": 1.0,
    "splayed": 1.5,
    "hairpin": 0.7,
    "cabriole": 1.0,
}


def leg(style: str, x: float, z: float, height: float, size: float, overlap: float, outward: float = 0.25) -> Manifold:
    """One leg standing on y = 0 at (x, z), reaching ``overlap`` above ``height``; ``size`` is its width at the top.

    Splayed, hairpin and cabriole legs lean away from the origin of the x-z plane; ``outward`` is their slope.
    """
    top = height + overlap
    away = np.array([np.sign(x) or 1.0, 0.0, np.sign(z) or 1.0]) / np.sqrt(2)
    foot, head = np.array([x, 0.0, z]), np.array([x, top, z])
    if style == "bun" and top > 2 * size:
        style = "turned"  # a bun foot is squat
    if style == "block":
        return box((size, top, size), (x, top / 2, z))
    if style == "tapered":
        return bar(head, foot, size, 0.55 * size)
    if style == "round":
        return cylinder(foot, head, 0.32 * size, 0.5 * size, 16)
    if style == "turned":
        r = size / 2
        rows = [(0.5, 0.0), (0.75, 0.06), (0.5, 0.12), (0.8, 0.3), (0.95, 0.6), (0.6, 0.72), (1.0, 0.78), (0.6, 0.84)]
        profile = np.array([*rows, (1.0, 0.9), (1.0, 1.0)]) * (r, top)
        return turned(profile, segments=14).translate((x, 0, z))
    if style == "bun":
        rows = [(0.5, 0.0), (0.85, 0.15), (1.0, 0.45), (0.8, 0.8), (0.5, 1.0)]
        return turned(np.array(rows) * (0.9 * size, top), 2, 16).translate((x, 0, z))
    if style == "splayed":
        return cylinder(foot + away * outward * height, head, 0.3 * size, 0.48 * size, 16)
    if style == "hairpin":
        rod = max(0.19 * size, 0.011)
        end = foot + away * outward * 0.6 * height + (0, rod, 0)
        side = np.array([away[2], 0.0, -away[0]]) * 0.7 * size
        return union([cylinder(end, head + side, rod, segments=8), cylinder(end, head - side, rod, segments=8)])
    if style == "cabriole":
        knots = [(0.30, 0.05, 0.3), (0.05, 0.25, 0.24), (0.02, 0.5, 0.3), (0.22, 0.8, 0.48), (0.0, 1.0, 0.5)]
        path = [foot + away * a * 1.2 * size + (0, h * top, 0) for a, h, _ in knots]
        knee = sweep(path, [r * size for _, _, r in knots], 10)
        return union([knee, ball((0.34 * size, 0.05 * top + 0.01, 0.34 * size), path[0] * (1, 0, 1))])
    raise ValueError(f"style must be one of {sorted(LEGS)}, got {style!r}")


def ball(radii: tuple[float, float, float], foot: np.ndarray) -> Manifold:
    """Flattened ball whose lowest point is ``foot`` (3,)."""
    return Manifold.sphere(1.0, 12).scale(radii).translate((foot[0], foot[1] + radii[1], foot[2]))


def four_legs(
    shape: Shape, style: str, width: float, depth: float, height: float, size: float, overlap: float, material: str
) -> None:
    """Add legs at the corners of a ``width`` by ``depth`` rectangle (their centres) about the origin."""
    for x in (-width / 2, width / 2):
        for z in (-depth / 2, depth / 2):
            shape.add(leg(style, x, z, height, size, overlap), material)


def handle(style: str, x: float, y: float, z: float, size: float, rod: float, upright: bool) -> Manifold:
    """Handle on a front whose surface is the plane ``z``, sunk a little into it; ``rod`` is its thickness."""
    depth = 2.0 * rod
    if style == "knob":
        return cylinder((x, y, z - rod), (x, y, z + depth), 0.7 * rod, 1.3 * rod, 12)
    if style == "ball":
        return Manifold.sphere(1.6 * rod, 12).translate((x, y, z + 0.8 * rod))
    if style == "plate":
        extent = (rod, size, 1.5 * rod) if upright else (size, rod, 1.5 * rod)
        return box(extent, (x, y, z + 0.25 * rod))
    if style == "cup":
        return superellipsoid((size / 3, rod, 1.5 * rod), (x, y, z), 2.0, 2.0, 16)
    if style == "bar":
        along = np.array([0.0, size / 2, 0.0]) if upright else np.array([size / 2, 0.0, 0.0])
        mid = np.array([x, y, z + depth])
        posts = [
            cylinder(mid + s * 0.8 * along - (0, 0, depth + rod), mid + s * 0.8 * along, 0.6 * rod, segments=8)
            for s in (-1, 1)
        ]
        return union([cylinder(mid - along, mid + along, 0.7 * rod, segments=8), *posts])
    raise ValueError(f"style must be knob, ball, plate, cup or bar, got {style!r}")


def shade_shell(form: str, radius: float, top: float, height: float, wall: float) -> Manifold:
    """Lamp shade: a shell of thickness ``wall`` open at both ends, from y = 0 to ``height``.

    ``radius`` is the outer radius (half the width where square) at the bottom, ``top`` the ratio of the upper to it.
    """
    r = radius - wall / 2
    t = np.linspace(0.0, 1.0, 9)
    if form == "bell":
        radii = r * (top + (1 - top) * (1 - t) ** 2.2)
    elif form == "dome":
        radii = r * (top + (1 - top) * np.sqrt(np.clip(1 - t**2.4, 0, 1)))
    elif form == "tulip":
        radii = r * (top + (1 - top) * np.cos(t * np.pi / 2) + 0.25 * np.sin(t * np.pi))
    elif form == "drum":
        radii = np.full(2, r) * (1.0, max(top, 0.88))
    else:
        radii = np.array([r, r * top])
    profile = np.stack([radii, np.linspace(0, height, len(radii))], axis=1)
    outline = strip(profile, wall)
    if form in ("square", "hexagon"):
        sides = 4 if form == "square" else 6
        outline[:, 0] /= np.cos(np.pi / sides)
        return revolve(outline, sides).rotate((0, 180.0 / sides, 0))
    return revolve(outline, 40)


def shade_radius(form: str, radius: float, top: float, t: float) -> float:
    """Smallest inner-to-outer distance from the axis of a shade's wall at the height fraction ``t`` (a lower bound)."""
    if form == "bell":
        return radius * (top + (1 - top) * (1 - t) ** 2.2)
    if form == "dome":
        return radius * (top + (1 - top) * float(np.sqrt(1 - t**2.4)))
    if form == "tulip":
        return radius * (top + (1 - top) * float(np.cos(t * np.pi / 2)) + 0.25 * float(np.sin(t * np.pi)))
    return radius * (1 + t * ((max(top, 0.88) if form == "drum" else top) - 1))


def cushion(size: tuple[float, float, float], center: tuple[float, float, float], softness: float) -> Manifold:
    """Seat or back cushion of ``size`` (x, y, z) lying flat; ``softness`` 0 is a block, 1 a pillow."""
    around, across = 14.0 - 8.0 * softness, 7.0 - 4.6 * softness
    half = np.asarray(size) / 2
    if softness < 0.15:
        return rounded_box(size, center, radius=0.12 * min(size), segments=12)
    return superellipsoid(half, center, around, across, 32)


def scroll(radius: float, wall: float, height: float, inward: float) -> np.ndarray:
    """Polyline (n, 2) of an upright from (0, 0) to ``height`` that curls over into a roll of ``radius`` on the left."""
    angle = np.linspace(0.0, 1.4 * np.pi, 12)
    curl = np.stack([-inward - radius + radius * np.cos(angle), height - radius + radius * np.sin(angle)], axis=1)
    stem = smooth_curve([(0.0, 0.0), (0.3 * -inward, 0.5 * (height - radius)), (-inward, height - radius)], 3)
    return np.concatenate([stem[:-1], curl])
