# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What vessels are built from: hulls lofted from stations, deck houses, funnels, masts, boats, cranes.

The hull is 1 long from z = -0.5 (stern) to 0.5 (bow), its keel lies at y = 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike, NDArray

from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import Shape, bar, box, cylinder, ellipsoid, extrude, grow, loft, superellipse

THIN = 0.0095  # the least thickness of masts, sails and walls


@dataclass(frozen=True)
class Hull:
    """A hull's lines; lengths as fractions of its length. z runs from -0.5 (stern) to 0.5 (bow)."""

    beam: float
    depth: float
    bow_sheer: float = 0.02
    stern_sheer: float = 0.01
    entry: float = 0.3  # how far aft of the bow the deck reaches its full breadth
    run: float = 0.2  # how far ahead of the stern it loses it
    transom: float = 0.7  # breadth of the stern
    full: float = 4.0  # exponent of the midship section: 2 is round, 6 a box
    fine: float = 1.3  # the same at the bow, 1 is a V
    rake: float = 0.05  # overhang of the bow
    counter: float = 0.02  # overhang of the stern
    rise: float = 0.4  # height of the keel at the stern, in depths
    forefoot: float = 0.05  # height of the keel at the bow, in depths

    def half(self, z: ArrayLike) -> NDArray[np.float64]:
        """Half the breadth of the deck."""
        s = np.asarray(z, float) + 0.5
        bow = np.clip((s - 1 + self.entry) / self.entry, 0, 1)
        stern = np.clip((self.run - s) / self.run, 0, 1)
        return np.asarray(np.maximum(self.beam / 2 * (1 - bow**2.2) * (1 - (1 - self.transom) * stern**2), 0.003))

    def deck(self, z: ArrayLike) -> NDArray[np.float64]:
        """Height of the deck's edge."""
        s = np.asarray(z, float)
        return np.asarray(
            self.depth + self.bow_sheer * np.clip(s * 2, 0, 1) ** 2 + self.stern_sheer * np.clip(-s * 2, 0, 1) ** 2
        )

    def solid(self, wall: float = 0.0, raised: float = 0.0) -> Manifold:
        """The hull up to ``raised`` above its deck, or the space that a shell of thickness ``wall`` encloses."""
        s = np.concatenate(
            [np.linspace(0, 0.3, 7), np.linspace(0.4, 0.6, 3), [0.68, 0.75, 0.82, 0.88, 0.93, 0.97, 0.99, 1]]
        )
        q = np.array([0, 0.04, 0.12, 0.25, 0.45, 0.7, 0.85, 1.0])
        half, deck = self.half(s - 0.5), self.deck(s - 0.5) + raised
        bow = np.clip((s - 1 + self.entry * 1.15) / (self.entry * 1.15), 0, 1)
        stern = np.clip((self.run * 1.3 - s) / (self.run * 1.3), 0, 1)
        keel = self.depth * (self.rise * stern**2 + self.forefoot * bow**6)
        rings = []
        for k in range(len(s)):
            m = self.full + (self.fine - self.full) * bow[k] ** 0.7 + (min(self.full, 2.0) - self.full) * stern[k]
            wide = np.maximum((1 - (1 - q) ** m) ** (1 / m) * max(half[k] - wall, 0.002), 0.0012)
            y = keel[k] + wall + (deck[k] + (0.1 if wall else 0) - keel[k] - wall) * q
            along = s[k] - 0.5 + self.rake * (q - 1) * bow[k] ** 4 - self.counter * (q - 1) * stern[k] ** 3
            if wall:
                along = along * (1 - 2.4 * wall)
            rings.append(np.stack([np.r_[wide, -wide[::-1]], np.r_[y, y[::-1]], np.r_[along, along[::-1]]], 1))
        return loft(rings)

    def plan(self, z0: float, z1: float, margin: float, front: float = 0.03, back: float = 0.0) -> NDArray[np.float64]:
        """Outline (n, 2) in (x, z) of a house from z0 to z1, ``margin`` inside the deck, its ends rounded."""
        steps = np.array([0, 0.15, 0.4, 0.7, 1.0])
        z = np.unique(np.r_[z0 + back * steps, np.linspace(z0 + back, z1 - front, 6), z1 - front * (1 - steps)])
        ends = (1 - np.clip((z - z1 + front) / max(front, 1e-6), 0, 1) ** 2.5) * (
            1 - np.clip((z0 + back - z) / max(back, 1e-6), 0, 1) ** 2.5
        )
        x = np.maximum(self.half(z) - margin, 0.008) * (0.35 + 0.65 * ends)
        return np.r_[np.c_[x, z], np.c_[-x, z][::-1]]


def add_hull(shape: Shape, hull: Hull, waterline: float, bulwark: float = 0.0) -> Manifold:
    """The hull, its underwater body in a second paint and, if ``bulwark`` > 0, a wall of that height round the deck."""
    solid = hull.solid(0.0, bulwark)
    body = solid
    if bulwark > 0:
        body = solid - deck_space(hull)
    shape.add(body, "paint")
    low = solid ^ box((2, waterline, 4), (0, waterline / 2 - 0.01, 0))
    shape.add(grow(low, (0.0012, 0.0, 0.0012)), "metal")
    return solid


def deck_space(hull: Hull, wall: float = THIN) -> Manifold:
    """The space above the deck inside a bulwark."""
    z = np.concatenate([np.linspace(-0.5 + wall, 0.25, 8), np.linspace(0.32, 0.5 - 2 * wall, 8)])
    half, deck = np.maximum(hull.half(z) - wall, 0.002), hull.deck(z)
    return loft(
        [[(h, d, k), (h, d + 0.3, k), (-h, d + 0.3, k), (-h, d, k)] for h, d, k in zip(half, deck, z, strict=True)]
    )


def add_house(
    shape: Shape, outline: NDArray[np.float64], y0: float, y1: float, windows: bool = True, material: str = "paint"
) -> Manifold:
    """A deck house over an outline, with a band of windows."""
    solid = extrude(outline, y1 - y0, "y", (y0 + y1) / 2)
    shape.add(solid, material)
    if windows:
        height = (y1 - y0) * 0.36
        shape.add(grow(solid, (0.0015, 0, 0.0015)) ^ box((4, height, 4), (0, y0 + (y1 - y0) * 0.6, 0)), "glass")
    return solid


def add_mast(
    shape: Shape, base: ArrayLike, height: float, rake: float = 0.0, yards: int = 0, width: float = 0.05
) -> None:
    """An upright mast from ``base``, leaning aft by the slope ``rake``, with ``yards`` crossbars ``width`` across."""
    x, y, z = np.asarray(base, float)
    shape.add(cylinder((x, y, z), (x, y + height, z - rake * height), THIN * 0.62, THIN * 0.5, 10), "metal")
    for i in range(yards):
        t = 0.9 - 0.22 * i
        at = (y + height * t, z - rake * height * t)
        shape.add(bar((x - width / 2, *at), (x + width / 2, *at), THIN), "metal")


def add_funnel(shape: Shape, base: ArrayLike, height: float, radius: float, rake: float, stretch: float = 1.3) -> None:
    """A raked oval funnel with a dark cap and a hollow mouth."""
    x, y, z = np.asarray(base, float)
    rings = []
    for t in (0.0, 0.5, 1.0):
        ring = superellipse(radius * (1 - 0.12 * t), radius * stretch * (1 - 0.12 * t), 2.0, 24)
        rings.append(np.c_[ring[:, 0] + x, np.full(24, y + height * t), z - rake * height * t + ring[:, 1]])
    mouth = cylinder(
        (x, y + height * 0.9, z - rake * height), (x, y + height * 1.1, z - rake * height), radius * 0.6, None, 16
    )
    solid = loft(rings) - mouth
    shape.add(solid, "paint")
    shape.add(
        (grow(solid, (0.0015, 0, 0.0015)) ^ box((2, height * 0.22, 4), (0, y + height * 0.89, 0))) - mouth, "rubber"
    )


def add_boats(shape: Shape, hull: Hull, z0: float, z1: float, y: float, out: float, count: int) -> None:
    """A row of lifeboats on either side."""
    size = min((z1 - z0) / count * 0.4, 0.022)
    for z in np.linspace(z0, z1, count):
        x = float(hull.half(z)) - out
        shape.add_mirrored(
            ellipsoid((0.0085, 0.008, size), (x, y, float(z)), 12)
            + box((0.012, 0.012, 0.008), (x - 0.008, y - 0.006, z)),
            "wood",
        )


def add_crane(shape: Shape, u: Draw, base: ArrayLike, reach: float) -> None:
    """A deck crane or a pair of derrick posts."""
    x, y, z = np.asarray(base, float)
    height = u("crane", 0.06, 0.11)
    if u.flag("posts", 0.4):
        shape.add_mirrored(bar((0.03, y, z), (0.03, y + height, z), 0.012), "metal")
        shape.add(bar((-0.035, y + height * 0.95, z), (0.035, y + height * 0.95, z), 0.012), "metal")
        return
    shape.add(
        cylinder((x, y, z), (x, y + height, z), 0.009, 0.007, 12)
        + box((0.022, 0.018, 0.022), (x, y + height * 0.75, z)),
        "paint",
    )
    shape.add(bar((x, y + height * 0.7, z), (x, y + height * 0.9, z + reach * 0.8), 0.010, 0.009), "metal")
