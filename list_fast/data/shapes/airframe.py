# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Solids that airplanes are built from: fuselages, wings, fins, nacelles, propellers and landing gear.

The nose points to +z and y is up; lengths are fractions of the fuselage's length.
"""

from __future__ import annotations

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike, NDArray

from list_fast.data.shapes.parts import (
    Shape,
    bar,
    cylinder,
    ellipsoid,
    loft,
    revolve,
    smooth_curve,
    station_loft,
    superellipse,
    union,
)

THIN = 0.011  # the least thickness of wings, fins and struts


def fuselage(
    length: float,
    radius: float,
    nose: float,
    tail: float,
    upsweep: float,
    *,
    height: float = 1.0,
    tip: float = 0.12,
    droop: float = 0.3,
) -> Manifold:
    """Round body from z = length / 2 (nose) to -length / 2; ``nose`` and ``tail`` are the fractions that taper.

    The tail's axis rises by ``upsweep`` radii to a tip of ``tip`` radii; the nose's sinks by ``droop`` radii.
    """
    rounding = nose * np.array([0, 0.01, 0.04, 0.1, 0.2, 0.35, 0.55, 0.8, 1])
    taper = 1 - tail * np.r_[np.linspace(1, 0, 9), 0.04]
    d = np.unique(np.concatenate([rounding, np.linspace(nose, 1 - tail, 5), taper]))
    front = np.clip(1 - d / nose, 0, 1)
    back = np.clip((d - (1 - tail)) / tail, 0, 1)
    scale = np.maximum((1 - front**2) ** 0.6, 0.04) * (1 - (1 - tip) * back**1.7)
    scale[-1] *= 0.5
    axis = radius * (upsweep * back**1.5 - droop * front**2)
    ring = superellipse(1, 1, 2, 28)
    rings = []
    for t, s, a in zip(d, scale, axis, strict=True):
        z = np.full(28, (0.5 - t) * length)
        rings.append(np.stack([ring[:, 0] * radius * s, ring[:, 1] * radius * height * s + a, z], 1))
    return loft(rings)


def hull(stations: ArrayLike, exponent: float = 2.2, steps: int = 3) -> Manifold:
    """Smooth body through rows of (z, half width, low y, high y), nose first."""
    rows = np.asarray(stations, float)
    fine = smooth_curve(rows, steps)
    fine[:, 0] = np.minimum.accumulate(fine[:, 0])
    fine[:, 1] = np.maximum(fine[:, 1], 0.8 * rows[:, 1].min())
    fine[:, 3] = np.maximum(fine[:, 3], fine[:, 2] + 0.8 * (rows[:, 3] - rows[:, 2]).min())
    return station_loft(fine[np.r_[True, np.diff(fine[:, 0]) < -1e-6]], exponent, 28)


def surface(stations: ArrayLike, upright: bool = False, thin: float = THIN) -> Manifold:
    """Wing along x, or fin along y (upright), through rows of (leading-edge x, y, z, chord, thickness), root first."""
    x = np.array([0, 0.02, 0.08, 0.2, 0.38, 0.6, 0.82, 1.0])
    y = np.array([0.05, 0.28, 0.44, 0.5, 0.5, 0.43, 0.32, 0.2])
    along, across = np.r_[x, x[::-1]], np.r_[y, -y[::-1]]
    rings = []
    for px, py, pz, chord, thickness in np.asarray(stations, float):
        up, back, still = across * max(thickness, thin), pz - along * chord, np.zeros(len(along))
        rings.append(np.stack([px + up, py + still, back] if upright else [px + still, py + up, back], 1))
    return loft(rings)


def wing(
    root: ArrayLike,
    span: float,
    chord: float,
    taper: float,
    sweep: float,
    dihedral: float,
    thickness: float = 0.11,
    *,
    kink: float = 0.0,
    ellipse: float = 0.0,
    thin: float = THIN,
) -> Manifold:
    """Right half wing from its leading edge at ``root`` over ``span`` in x; ``sweep`` and ``dihedral`` are its slopes.

    ``kink`` widens the chord towards the root over the inner third, as airliners have it; ``ellipse`` rounds the tips.
    """
    x, y, z = np.asarray(root, float)
    rows = []
    spots = (0.0, 0.35, 0.97, 1.0) if ellipse == 0 else (0.0, 0.3, 0.55, 0.75, 0.88, 0.96, 1.0)
    for t in spots:
        straight = chord * (1 + (taper - 1) * t) * (0.75 if t == 1 and ellipse == 0 else 1)
        rounded = chord * max(np.sqrt(1 - t**2.4), 0.15)
        c = straight + ellipse * (rounded - straight) + chord * kink * max(0.0, 1 - t / 0.35)
        back = sweep * span * t + (0.1 * c if t == 1 else 0) + ellipse * 0.35 * (chord - rounded)
        rows.append((x + span * t, y + dihedral * span * t, z - back, c, c * thickness * (1 - 0.3 * t)))
    return surface(rows, thin=thin)


def fin(
    root: ArrayLike,
    height: float,
    chord: float,
    taper: float,
    sweep: float,
    *,
    thickness: float = 0.1,
    cant: float = 0.0,
    thin: float = THIN,
) -> Manifold:
    """Upright surface from the leading edge at ``root`` over ``height`` in y, leaning outward by the slope ``cant``."""
    x, y, z = np.asarray(root, float)
    rows = []
    for t in (0.0, 0.95, 1.0):
        c = chord * (1 + (taper - 1) * t) * (0.8 if t == 1 else 1)
        back = sweep * height * t + (0.1 * c if t == 1 else 0)
        rows.append((x + cant * height * t, y + height * t, z - back, c, chord * thickness * (1 - 0.4 * t)))
    return surface(rows, upright=True, thin=thin)


def nacelle(front: ArrayLike, length: float, radius: float) -> Manifold:
    """Turbofan along -z from its intake's centre ``front``: hollow intake with spinner, exhaust cone."""
    outline = [
        (0, -1.12), (0.28, -1.02), (0.45, -0.95), (0.72, -0.92), (0.97, -0.5), (1, -0.25), (0.97, -0.05), (0.9, 0),
        (0.82, -0.05), (0.8, -0.25), (0.3, -0.25), (0, -0.08),
    ]  # fmt: skip
    return (
        revolve(np.array(outline) * (radius, length), 24).rotate((90, 0, 0)).translate(tuple(np.asarray(front, float)))
    )


def nozzle(front: ArrayLike, length: float, radius: float) -> Manifold:
    """Hollow jet pipe along -z from ``front``."""
    outline = [(0, 0), (1, 0), (0.8, -1), (0.62, -1), (0.7, -0.5), (0, -0.5)]
    return (
        revolve(np.array(outline) * (radius, length), 20).rotate((90, 0, 0)).translate(tuple(np.asarray(front, float)))
    )


def propeller(center: ArrayLike, radius: float, blades: int, *, thin: float = THIN, hub: float = 0.16) -> Manifold:
    """Spinner and blades turning about z at ``center``."""
    solids = [ellipsoid((radius * hub, radius * hub, radius * 0.32), (0, 0, 0), 16)]
    for i in range(blades):
        rows = [
            (0, r * radius, c * radius / 2, max(c * radius, 1.4 * thin), 0)
            for r, c in ((0, 0.13), (0.6, 0.2), (1, 0.11))
        ]
        blade = surface(rows, upright=True, thin=thin)
        solids.append(blade.rotate((0, 55, 0)).rotate((0, 0, 360.0 * (i + 0.12) / blades)))
    return union(solids).translate(tuple(np.asarray(center, float)))


def strut_wheel(
    shape: Shape, top: ArrayLike, foot: ArrayLike, radius: float, width: float, strut: float = 0.0065
) -> None:
    """A landing gear leg from ``top`` to ``foot``, the wheel's centre, and its mirror image unless at x = 0."""
    a, b = np.asarray(top, float), np.asarray(foot, float)
    leg = cylinder(a, b, strut, None, 8)
    tyre = cylinder((b[0] - width / 2, b[1], b[2]), (b[0] + width / 2, b[1], b[2]), radius, None, 16)
    add = shape.add if abs(b[0]) < 1e-9 else shape.add_mirrored
    add(leg, "metal")
    add(tyre, "rubber")


def bubble(center: ArrayLike, radii: ArrayLike) -> Manifold:
    """A canopy: an ellipsoid drawn out towards the tail."""
    x, y, z = np.asarray(radii, float)
    solid = ellipsoid((x, y, z), (0, 0, 0), 24)

    def drawn(points: NDArray[np.float64]) -> NDArray[np.float64]:
        stretched = np.array(points)
        stretched[:, 2] *= np.where(stretched[:, 2] < 0, 1.5, 1.0)
        return stretched

    return solid.warp_batch(drawn).translate(tuple(np.asarray(center, float)))


def strut(start: ArrayLike, end: ArrayLike, size: float = THIN) -> Manifold:
    """A wire or strut, square in section."""
    return bar(start, end, size)
