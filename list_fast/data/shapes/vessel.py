# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Vessels: hulls lofted from stations with what stands on them; the hull is 1 long, its keel lies at y = 0, its bow points to +z."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike, NDArray

from list_fast.data.shapes.draw import Draw, draw_kind
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    ellipsoid,
    extrude,
    grow,
    loft,
    superellipse,
)

_THIN = 0.0095  # the least thickness of masts, sails and walls


@dataclass(frozen=True)
class _Hull:
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
        return np.asarray(self.depth + self.bow_sheer * np.clip(s * 2, 0, 1) ** 2 + self.stern_sheer * np.clip(-s * 2, 0, 1) ** 2)

    def solid(self, wall: float = 0.0, raised: float = 0.0) -> Manifold:
        """The hull up to ``raised`` above its deck, or the space that a shell of thickness ``wall`` encloses."""
        s = np.concatenate([np.linspace(0, 0.3, 7), np.linspace(0.4, 0.6, 3), [0.68, 0.75, 0.82, 0.88, 0.93, 0.97, 0.99, 1]])
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
        """Outline (n, 2) in (x, z) of a house from z0 to z1, ``margin`` inside the deck, its ends rounded over ``front`` and ``back``."""
        steps = np.array([0, 0.15, 0.4, 0.7, 1.0])
        z = np.unique(np.r_[z0 + back * steps, np.linspace(z0 + back, z1 - front, 6), z1 - front * (1 - steps)])
        ends = (1 - np.clip((z - z1 + front) / max(front, 1e-6), 0, 1) ** 2.5) * (1 - np.clip((z0 + back - z) / max(back, 1e-6), 0, 1) ** 2.5)
        x = np.maximum(self.half(z) - margin, 0.008) * (0.35 + 0.65 * ends)
        return np.r_[np.c_[x, z], np.c_[-x, z][::-1]]


def make(rng: np.random.Generator, kind: str | None = None) -> Shape:
    """A random vessel; ``kind`` (one of ``TYPES``) fixes the structural type that is otherwise drawn."""
    kind = draw_kind(rng, _WEIGHTS, kind)
    return _FAMILIES[kind](Draw(rng, kind))


def _add_hull(shape: Shape, hull: _Hull, waterline: float, bulwark: float = 0.0) -> Manifold:
    """The hull with its underwater body in a second paint and, if ``bulwark`` > 0, a wall of that height round the deck."""
    solid = hull.solid(0.0, bulwark)
    body = solid
    if bulwark > 0:
        body = solid - _deck_space(hull)
    shape.add(body, "paint")
    low = solid ^ box((2, waterline, 4), (0, waterline / 2 - 0.01, 0))
    shape.add(grow(low, (0.0012, 0.0, 0.0012)), "metal")
    return solid


def _deck_space(hull: _Hull, wall: float = _THIN) -> Manifold:
    """The space above the deck inside a bulwark."""
    z = np.concatenate([np.linspace(-0.5 + wall, 0.25, 8), np.linspace(0.32, 0.5 - 2 * wall, 8)])
    half, deck = np.maximum(hull.half(z) - wall, 0.002), hull.deck(z)
    return loft([[(h, d, k), (h, d + 0.3, k), (-h, d + 0.3, k), (-h, d, k)] for h, d, k in zip(half, deck, z, strict=True)])


def _house(shape: Shape, outline: NDArray[np.float64], y0: float, y1: float, windows: bool = True, material: str = "paint") -> Manifold:
    """A deck house over an outline, with a band of windows."""
    solid = extrude(outline, y1 - y0, "y", (y0 + y1) / 2)
    shape.add(solid, material)
    if windows:
        height = (y1 - y0) * 0.36
        shape.add(grow(solid, (0.0015, 0, 0.0015)) ^ box((4, height, 4), (0, y0 + (y1 - y0) * 0.6, 0)), "glass")
    return solid


def _mast(shape: Shape, base: ArrayLike, height: float, rake: float = 0.0, yards: int = 0, width: float = 0.05) -> None:
    """An upright mast from ``base``, leaning aft by the slope ``rake``, with ``yards`` crossbars ``width`` across."""
    x, y, z = np.asarray(base, float)
    shape.add(cylinder((x, y, z), (x, y + height, z - rake * height), _THIN * 0.62, _THIN * 0.5, 10), "metal")
    for i in range(yards):
        t = 0.9 - 0.22 * i
        at = (y + height * t, z - rake * height * t)
        shape.add(bar((x - width / 2, *at), (x + width / 2, *at), _THIN), "metal")


def _funnel(shape: Shape, base: ArrayLike, height: float, radius: float, rake: float, stretch: float = 1.3) -> None:
    """A raked oval funnel with a dark cap and a hollow mouth."""
    x, y, z = np.asarray(base, float)
    rings = []
    for t in (0.0, 0.5, 1.0):
        ring = superellipse(radius * (1 - 0.12 * t), radius * stretch * (1 - 0.12 * t), 2.0, 24)
        rings.append(np.c_[ring[:, 0] + x, np.full(24, y + height * t), z - rake * height * t + ring[:, 1]])
    mouth = cylinder((x, y + height * 0.9, z - rake * height), (x, y + height * 1.1, z - rake * height), radius * 0.6, None, 16)
    solid = loft(rings) - mouth
    shape.add(solid, "paint")
    shape.add((grow(solid, (0.0015, 0, 0.0015)) ^ box((2, height * 0.22, 4), (0, y + height * 0.89, 0))) - mouth, "rubber")


def _boats(shape: Shape, hull: _Hull, z0: float, z1: float, y: float, out: float, count: int) -> None:
    """A row of lifeboats on either side."""
    size = min((z1 - z0) / count * 0.4, 0.022)
    for z in np.linspace(z0, z1, count):
        x = float(hull.half(z)) - out
        shape.add_mirrored(ellipsoid((0.0085, 0.008, size), (x, y, float(z)), 12) + box((0.012, 0.012, 0.008), (x - 0.008, y - 0.006, z)), "wood")


def _liner(u: Draw) -> Shape:
    """Passenger ships: steam liners with tiers of decks, funnels and masts, and cruise ships as tall as a hotel."""
    shape, cruise = Shape(params=u.params), u.params["type"] == "cruise"
    hull = _Hull(u("beam", 0.11, 0.15), u("depth", 0.065, 0.085), u("bow_sheer", 0.01, 0.03), u("stern_sheer", 0.004, 0.015), u("entry", 0.25, 0.4),
                 u("run", 0.2, 0.3), u("transom", 0.75, 0.95) if cruise else u("transom", 0.3, 0.5), u("full", 4, 6), 1.25,
                 u("rake", 0.02, 0.07), u("counter", 0.02, 0.05), u("rise", 0.4, 0.7))  # fmt: skip
    _add_hull(shape, hull, hull.depth * u("waterline", 0.25, 0.45))
    y, tier = hull.depth, u("tier", 0.014, 0.018)
    tiers = u.number("tiers", *((4, 5, 6, 7) if cruise else (2, 3, 3, 4)))
    z0, z1 = u("house_from", -0.46, -0.38) if cruise else u("house_from", -0.36, -0.26), u("house_to", 0.30, 0.36) if cruise else u("house_to", 0.2, 0.3)
    step0, step1 = (u("step_back", 0.004, 0.03), u("step_front", 0.004, 0.02)) if cruise else (u("step_back", 0.02, 0.06), u("step_front", 0.015, 0.04))
    if u.flag("forecastle", 0.6):
        shape.add(extrude(hull.plan(0.36, 0.485, 0.001, 0.0), 0.03, "y", y + 0.008), "paint")
    for i in range(tiers):
        bottom = y - 0.004 if i == 0 else y
        _house(shape, hull.plan(z0 + i * step0, z1 - i * step1, 0.004 + 0.005 * i * (not cruise), 0.03, 0.02), bottom, y + tier)
        if i < tiers - 1:  # the deck above overhangs like a promenade
            shape.add(extrude(hull.plan(z0 + i * step0 - 0.01, z1 - i * step1 + 0.004, 0.001 + 0.005 * i * (not cruise), 0.03, 0.02), _THIN * 0.6, "y", y + tier), "wood")
        y += tier
    z0, z1 = z0 + (tiers - 1) * step0, z1 - (tiers - 1) * step1
    _house(shape, hull.plan(z1 - 0.07, z1 - 0.005, 0.002, 0.02), y - 0.003, y + tier)
    if u.flag("boats", 0.8):
        level = y - tier * (tiers // 2 + 0.5) if cruise else y
        _boats(shape, hull, z0 + 0.08, z1 - 0.12, level + 0.006, 0.0 if cruise else 0.005 * tiers, u.number("boat_count", 5, 6, 8))
    funnels = 1 if cruise else u.number("funnels", 1, 2, 2, 2, 3, 4)
    u.params["funnels"] = funnels
    height, radius, rake = u("funnel_height", 0.05, 0.09), u("funnel_radius", 0.014, 0.022), u("funnel_rake", 0.0, 0.3)
    middle = (z0 + z1) / 2 - (0.16 if cruise else 0.0)
    gap = min(0.12, (z1 - z0 - 0.16) / max(funnels, 1))
    for i in range(funnels):
        _funnel(shape, (0, y - 0.004, middle + gap * (i - (funnels - 1) / 2)), height * (0.7 if cruise else 1), radius, rake, u("funnel_stretch", 1.1, 1.7))
    if cruise:
        _mast(shape, (0, y + tier - 0.004, z1 - 0.05), u("mast", 0.04, 0.07), 0.1, 1, 0.04)
    else:
        height = u("mast", 0.12, 0.2)
        for z in (0.36, -0.37) if u.flag("two_masts", 0.8) else (0.36,):
            _mast(shape, (0, float(hull.deck(z)) - 0.01, z), height, rake * 0.5, u.number("yards", 0, 1, 2), 0.05)
    return shape


def _freighter(u: Draw) -> Shape:
    """Container ships, tankers and general cargo ships."""
    shape, kind = Shape(params=u.params), u.params["type"]
    hull = _Hull(u("beam", 0.12, 0.17), u("depth", 0.075, 0.10), u("bow_sheer", 0.008, 0.03), u("stern_sheer", 0.0, 0.01), u("entry", 0.14, 0.24),
                 u("run", 0.15, 0.25), u("transom", 0.7, 0.95), u("full", 5, 8), 1.4, u("rake", 0.01, 0.05), u("counter", 0.0, 0.03),
                 u("rise", 0.3, 0.7))  # fmt: skip
    _add_hull(shape, hull, hull.depth * u("waterline", 0.3, 0.55))
    y = hull.depth
    shape.add(extrude(hull.plan(0.40, 0.485, 0.0015, 0.0), u("forecastle", 0.02, 0.04), "y", y + 0.01), "paint")
    tier, tiers = u("tier", 0.015, 0.02), u.number("tiers", 3, 4, 5, 6)
    aft = u("house_at", -0.44, -0.36) if kind != "cargo" or u.rng.random() < 0.6 else u("house_at", -0.1, 0.02)
    deep = u("house_depth", 0.05, 0.09)
    shape.add(extrude(hull.plan(aft - 0.03, aft + deep + 0.01, 0.002, 0.0), 0.02, "y", y + 0.006), "paint")
    for i in range(tiers):
        low = y + 0.012 + tier * i
        _house(shape, hull.plan(aft, aft + deep - 0.004 * i, 0.012 if i < tiers - 1 else 0.002, 0.004), low - 0.002, low + tier)
    roof = y + 0.01 + tier * tiers
    _mast(shape, (0, roof, aft + deep * 0.6), u("mast", 0.03, 0.06), 0.0, 1, 0.03)
    _funnel(shape, (0, y + 0.01, aft - 0.018), tier * tiers + u("funnel_height", 0.0, 0.03), u("funnel_radius", 0.011, 0.016), 0.05)
    ends = (aft + deep + 0.015, 0.40)
    spans = [ends] if aft < -0.2 else [ends, (-0.42, aft - 0.05)]
    if kind == "container":
        for z0, z1 in spans:
            bays = max(2, round((z1 - z0) / u("bay", 0.05, 0.075)))
            size = (z1 - z0) / bays
            for i in range(bays):
                z = z0 + (i + 0.5) * size
                wide = 2 * (float(np.min(hull.half([z - size / 2, z + size / 2]))) - 0.003)
                rows = max(2, int(wide / 0.022))
                level = u.rng.integers(2, 6)
                cut = u.rng.integers(1, rows + 1) if u.rng.random() < 0.5 else rows
                for first, last, stack in ((0, cut, level), (cut, rows, max(level - 1, 1))):
                    if last > first:
                        x0, x1 = -wide / 2 + wide * first / rows, -wide / 2 + wide * last / rows
                        material = str(u.rng.choice(["wood", "plastic", "metal", "fabric"]))
                        shape.add(box((x1 - x0 + 0.001, 0.016 * stack + 0.008, size - 0.009), ((x0 + x1) / 2, y + 0.008 * stack, z)), material)
            shape.add(box((0.08, 0.014, z1 - z0 + 0.02), (0, y + 0.003, (z0 + z1) / 2)), "paint")
    elif kind == "tanker":
        for z0, z1 in spans:
            for x in np.linspace(-0.02, 0.02, u.number("pipes", 1, 2, 3)):
                shape.add(cylinder((x, y + 0.006, z0 - 0.03), (x, y + 0.006, z1), _THIN * 0.6, None, 8), "metal")
            for z in np.linspace(z0 + 0.08, z1 - 0.08, u.number("manifolds", 1, 2, 4, 6)):
                shape.add(box((hull.beam * 0.7, 0.016, 0.012), (0, y + 0.006, z)), "metal")
        _mast(shape, (0, y - 0.005, 0.1), u("derrick", 0.04, 0.08), 0.0, 1, 0.04)
    else:
        count = u.number("hatches", 2, 3, 4, 5)
        for z0, z1 in spans:
            for i in range(count):
                size = (z1 - z0) / count
                z = z0 + (i + 0.5) * size
                shape.add(box((hull.beam * 0.62, 0.022, size * 0.62), (0, y + 0.006, z)), "metal")
                if i and u.params["mast"] > 0.035:
                    _crane(shape, u, (0.0, y - 0.005, z - size / 2), size)
    return shape


def _crane(shape: Shape, u: Draw, base: ArrayLike, reach: float) -> None:
    """A deck crane or a pair of derrick posts."""
    x, y, z = np.asarray(base, float)
    height = u("crane", 0.06, 0.11)
    if u.flag("posts", 0.4):
        shape.add_mirrored(bar((0.03, y, z), (0.03, y + height, z), 0.012), "metal")
        shape.add(bar((-0.035, y + height * 0.95, z), (0.035, y + height * 0.95, z), 0.012), "metal")
        return
    shape.add(cylinder((x, y, z), (x, y + height, z), 0.009, 0.007, 12) + box((0.022, 0.018, 0.022), (x, y + height * 0.75, z)), "paint")
    shape.add(bar((x, y + height * 0.7, z), (x, y + height * 0.9, z + reach * 0.8), 0.010, 0.009), "metal")


_WEIGHTS: dict[str, float] = {"liner": 4, "cruise": 2, "container": 3, "tanker": 2, "cargo": 2}
_FAMILIES: dict[str, Callable[[Draw], Shape]] = {"liner": _liner, "cruise": _liner, "container": _freighter, "tanker": _freighter, "cargo": _freighter}
TYPES = tuple(_WEIGHTS)
