# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What every telephone has: its drawn parameters, bodies, keypads, dials, handsets and cords."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike, NDArray

from list_fast.data.shapes.display_parts import slab
from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    Shape,
    box,
    cylinder,
    ellipsoid,
    extrude,
    rounded_box,
    smooth_curve,
    strip,
    superellipsoid,
    sweep,
    union,
)

Motion = Callable[[Manifold], Manifold]


class Telephone:
    """Draws the parameters that every telephone has and holds the shape while a builder fills it.

    Builders of hand-held ones take lengths of the order of 1 for the height; ``motion`` places what is added on a half.
    """

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.shape = Shape(params=draw.params)
        self.body = draw.choice("body_material", {"plastic": 4.0, "metal": 1.5, "paint": 2.0})
        self.keys = draw.choice("key_material", {"rubber": 3.0, "metal": 1.0, "light": 0.7, "stone": 0.3})
        self.trim = draw.choice("trim_material", ("metal", "rubber"))
        self.form = draw.choice("body_form", {"slab": 3.0, "bevel": 2.0, "pillow": 1.5, "waist": 1.0, "taper": 1.0})
        self.corner = draw.uniform("corner", 0.12, 0.45)
        self.soft = draw.uniform("edge_softness", 0.1, 0.45)
        self.key_form = draw.choice("key_form", ("block", "round", "oval", "pill"))
        self.key_fill = draw.uniform("key_fill", 0.62, 0.86)
        self.key_lift = draw.uniform("key_lift", 0.008, 0.02)
        self.side_keys = draw.integer("side_keys", 0, 3)
        self.left_side = draw.flag("keys_on_left", 0.5)
        self.ear = draw.choice("earpiece", ("slot", "holes", "grille"))
        self.ear_width = draw.uniform("earpiece_width", 0.12, 0.34)
        self.handset_form = draw.choice("handset_form", ("classic", "arch", "block", "slim"))
        self.motion: Motion = lambda solid: solid

    def add(self, solid: Manifold, material: str) -> None:
        """Add a solid, placed by the motion of the half that is being built."""
        self.shape.add(self.motion(solid), material)

    def shell(self, width: float, height: float, thickness: float, form: str | None = None) -> Manifold:
        """A hand-held body about the origin, its front in the plane z = ``thickness`` / 2."""
        form = form or self.form
        w, h, t, r = width, height, thickness, self.corner * width
        b = min(self.soft * t, 0.08 * w)  # the keys need a flat front
        if form == "slab":
            return slab(w, h, t, r)
        if form == "pillow":
            solid = superellipsoid((w / 2, t / 2, h / 2), (0, 0, 0), 4.0 + 5 * (0.45 - self.corner), 5.0, 40)
            return solid.rotate((90, 0, 0))
        core = Manifold.batch_hull([slab(w, h, t - 2 * b, r), slab(w - 2 * b, h - 2 * b, t, max(r - b, 0.02 * w))])
        if form == "bevel":
            return core

        def warp(points: NDArray[np.float64]) -> NDArray[np.float64]:
            out = points.copy()
            share = 2 * points[:, 1] / h
            out[:, 0] *= (0.88 + 0.12 * share**2) if form == "waist" else (0.92 + 0.08 * share)
            return out

        return core.refine_to_length(0.12 * h).warp_batch(warp)

    def grid(
        self, center: tuple[float, float, float], size: tuple[float, float], rows: int, columns: int, bow: float = 0.0
    ) -> None:
        """Add ``rows`` of keys on a front whose surface is at ``center``'s z; ``bow`` lowers the outer columns."""
        x, y, z = center
        pitch = size[0] / columns, size[1] / rows
        a, b = self.key_fill * pitch[0] / 2, self.key_fill * pitch[1] / 2
        lift, deep = self.key_lift, 1.5 * self.key_lift
        if self.key_form == "round":
            key = cylinder((0, 0, -deep), (0, 0, lift), min(a, b), 0.9 * min(a, b), 16)
        elif self.key_form == "oval":
            key = cylinder((0, 0, -deep), (0, 0, lift), 1.0, 0.88, 16).scale((a, b, 1))
        elif self.key_form == "pill":
            r = min(a, b)
            key = Manifold.batch_hull(
                [cylinder((u, v, -deep), (u, v, lift), r, 0.85 * r, 12) for u, v in ((r - a, r - b), (a - r, b - r))]
            )
        else:
            key = Manifold.batch_hull(
                [box((2 * a, 2 * b, deep), (0, 0, -deep / 2)), box((1.7 * a, 1.7 * b, lift), (0, 0, lift / 2))]
            )
        places = [
            (
                x + (i - (columns - 1) / 2) * pitch[0],
                y + (j - (rows - 1) / 2) * pitch[1] - bow * (2 * i / max(columns - 1, 1) - 1) ** 2,
                z,
            )
            for i in range(columns)
            for j in range(rows)
        ]
        self.add(Manifold.compose([key.translate(place) for place in places]), self.keys)

    def pad(self, center: tuple[float, float, float], radius: float) -> None:
        """Add a round navigation key: a ring about a button."""
        x, y, z = center
        lift = 0.8 * self.key_lift
        disc = cylinder((x, y, z - 0.03), (x, y, z + lift), radius, 0.92 * radius, 28)
        groove = cylinder((x, y, z - 0.012), (x, y, z + 1), 0.56 * radius, segments=24)
        self.add(disc - groove, self.trim)
        self.add(cylinder((x, y, z - 0.03), (x, y, z + 1.2 * lift), 0.42 * radius, 0.36 * radius, 20), self.keys)

    def earpiece(self, solid: Manifold, center: tuple[float, float, float], width: float) -> Manifold:
        """Cut the openings of the loudspeaker into a body."""
        x, y, z = center
        w = width * self.ear_width
        if self.ear == "slot":
            return solid - rounded_box((w, 0.2 * w, 0.03), (x, y, z), 0.08 * w, 8)
        if self.ear == "holes":
            return solid - Manifold.compose(
                [
                    cylinder(
                        (x + k * 0.3 * w, y + m * 0.25 * w, z - 0.015),
                        (x + k * 0.3 * w, y + m * 0.25 * w, z + 0.1),
                        0.09 * w,
                        segments=8,
                    )
                    for k in (-1, 0, 1)
                    for m in (-0.5, 0.5)
                ]
            )
        return solid - Manifold.compose([box((w, 0.09 * w, 0.03), (x, y + k * 0.19 * w, z)) for k in (-1, 0, 1)])

    def side_buttons(self, width: float, height: float, thickness: float) -> None:
        """Add the keys on the flank of a hand-held body."""
        side = -1 if self.left_side else 1
        for k in range(self.side_keys):
            long = (0.11, 0.07, 0.055)[k] * height
            y = (0.28 - 0.15 * k) * height
            size = (0.03 * width + 0.012, long, 0.34 * thickness)
            self.add(rounded_box(size, (side * (width / 2 - 0.004), y, 0), 0.006, 8), self.trim)

    def window(
        self, solid: Manifold, center: tuple[float, float, float], size: tuple[float, float], deep: float
    ) -> Manifold:
        """Cut a recess for a screen of ``size`` into a front at ``center`` and add its glass; returns the body."""
        x, y, z = center
        r = 0.06 * min(size)
        cut = slab(size[0], size[1], 2 * deep, r).translate((x, y, z))
        glass = slab(size[0] + 0.01, size[1] + 0.01, 0.03, r).translate((x, y, z - 0.6 * deep - 0.015))
        self.add(glass, "screen")
        return solid - cut

    def antenna(self, x: float, y: float, z: float, form: str, length: float, radius: float) -> None:
        """Add an aerial that rises from (x, ``y``, z): a stub, a thin rod with a tip, or a thick rubber one."""
        foot = (x, y - 0.05, z)
        if form == "stub":
            self.add(cylinder(foot, (x, y + 0.4 * length, z), radius, 0.75 * radius, 16), "rubber")
        elif form == "rod":
            self.add(cylinder(foot, (x, y + 0.12 * length, z), radius, segments=16), "rubber")
            self.add(cylinder(foot, (x, y + length, z), 0.4 * radius, segments=10), "metal")
            self.add(
                cylinder((x, y + 0.96 * length, z), (x, y + 1.05 * length, z), 0.7 * radius, segments=12), "rubber"
            )
        else:
            self.add(cylinder(foot, (x, y + length, z), 1.1 * radius, 0.8 * radius, 16), "rubber")
            self.add(ellipsoid((0.8 * radius,) * 3, (x, y + length, z), 12), "rubber")


def handset(form: str, length: float, width: float, depth: float) -> Manifold:
    """A receiver along y about the origin, its ear and mouth pieces facing -z and reaching ``depth`` below the grip."""
    end = length / 2 - 0.5 * width
    if form == "classic":  # a round grip that swells into two cups
        path = smooth_curve(
            [
                (0, -end, -0.35 * depth),
                (0, -0.6 * end, 0.1 * depth),
                (0, 0.6 * end, 0.1 * depth),
                (0, end, -0.35 * depth),
            ],
            4,
        )
        bulge = np.abs(np.linspace(-1, 1, len(path))) ** 3
        solids = [sweep(path, list(0.26 * width + 0.1 * width * bulge), 14)]
        for s in (-1, 1):
            top = (0, s * end, -0.1 * depth)
            solids.append(cylinder((0, s * (end + 0.06 * width), -depth), top, 0.56 * width, 0.4 * width, 24))
        return union(solids)
    if form == "arch":  # one curved bar, cut square
        t = np.linspace(-1, 1, 13)
        path = np.stack([0.0 * t - 0.75 * depth * t**4, t * length / 2], 1)
        solid = extrude(strip(path, 0.4 * depth), width, "x")
        cups = [
            rounded_box((width, 0.9 * width, 0.75 * depth), (0, s * end, -0.62 * depth), 0.12 * width, 10)
            for s in (-1, 1)
        ]
        return union([solid, *cups])
    if form == "block":
        grip = rounded_box((0.8 * width, length - 0.6 * width, 0.5 * depth), (0, 0, 0), 0.14 * width, 12)
        cups = [
            rounded_box((width, 1.05 * width, 1.25 * depth), (0, s * end, -0.375 * depth), 0.16 * width, 12)
            for s in (-1, 1)
        ]
        return union([grip, *cups])
    outline = [(-depth, -0.5), (-depth, -0.3), (-0.35 * depth, -0.2), (-0.35 * depth, 0.2), (-depth, 0.28)]
    outline += [(-depth, 0.5), (-0.1 * depth, 0.5), (0.3 * depth, 0.3), (0.3 * depth, -0.3), (-0.1 * depth, -0.5)]
    return extrude([(z, y * length) for z, y in outline], 0.85 * width, "x")


def across(solid: Manifold) -> Manifold:
    """Turn a handset so that it lies along x with its ends down."""
    return solid.rotate((-90, 0, 0)).rotate((0, 90, 0))


def coil(points: ArrayLike, radius: float, wire: float) -> Manifold:
    """A coiled cord about a smooth curve through ``points`` (n, 3)."""
    rough = smooth_curve(points, 8)
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(rough, axis=0), axis=1))])
    turns = max(int(steps[-1] / (4.5 * wire)), 3)
    at = np.linspace(0, steps[-1], 8 * turns + 1)
    line = np.stack([np.interp(at, steps, rough[:, k]) for k in range(3)], 1)
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent, (0.0, 1.0, 0.05))
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6)
    angle = (2 * np.pi * turns * at / steps[-1])[:, None]
    ease = np.minimum(1.0, np.minimum(at, steps[-1] - at) / (2 * radius + 1e-9))[:, None]
    return sweep(line + ease * radius * (np.cos(angle) * side + np.sin(angle) * np.cross(tangent, side)), wire, 6)


def dial(radius: float, deep: float, holes: int = 10) -> tuple[Manifold, Manifold, Manifold]:
    """A rotary dial facing +z, sunk by ``deep``: the plate behind it, the finger wheel, and its hub and stop."""
    r = radius
    plate = cylinder((0, 0, -deep), (0, 0, 0.12 * r), 1.1 * r, 1.02 * r, 40)
    wheel = cylinder((0, 0, 0), (0, 0, 0.26 * r), 0.96 * r, 0.9 * r, 40)
    turns = np.radians(60 + 26.0 * np.arange(holes))
    cuts = [
        cylinder(
            (0.68 * r * np.cos(a), 0.68 * r * np.sin(a), 0.06 * r),
            (0.68 * r * np.cos(a), 0.68 * r * np.sin(a), r),
            0.135 * r,
            segments=14,
        )
        for a in turns
    ]
    wheel -= Manifold.compose(cuts)
    hub = cylinder((0, 0, 0), (0, 0, 0.32 * r), 0.38 * r, 0.34 * r, 24)
    a = np.radians(-40)
    stop = box((0.5 * r, 0.07 * r, 0.1 * r), (0.85 * r, 0, 0.3 * r)) + box(
        (0.1 * r, 0.07 * r, 0.4 * r), (1.04 * r, 0, 0.14 * r)
    )
    return plate, wheel, union([hub, stop.rotate((0, 0, float(np.degrees(a))))])
