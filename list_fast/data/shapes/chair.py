# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Chairs."""

from __future__ import annotations

import numpy as np

from list_fast.data.shapes.parts import Shape, bar, cylinder, rounded_box


def make(rng: np.random.Generator) -> Shape:
    """A random chair, facing +z; y is up and the floor is y = 0."""
    w, d, h = rng.uniform(0.4, 0.55), rng.uniform(0.4, 0.52), rng.uniform(0.4, 0.5)
    back, t, leg = rng.uniform(0.35, 0.6), rng.uniform(0.03, 0.07), rng.uniform(0.025, 0.05)
    rake, splay = rng.uniform(0.0, 0.14), rng.uniform(0.0, 0.06)
    shape = Shape(params={"type": "dining", "width": w, "depth": d})
    shape.add(rounded_box((w, t, d), (0, h, 0), 0.015), "wood" if rng.random() < 0.5 else "fabric")
    x, z = w / 2 - leg, d / 2 - leg
    for sz in (-1, 1):
        shape.add_mirrored(bar((x, h, sz * z), (x + splay, 0, sz * (z + splay)), leg * 1.3, leg), "wood")
    shape.add_mirrored(bar((x, h, -z), (x, h + back, -z - rake), leg, leg), "wood")
    for k in range(int(rng.integers(2, 5))):
        y = h + back * (0.96 - 0.22 * k)
        zz = -z - rake * (y - h) / back
        shape.add(cylinder((-x, y, zz), (x, y, zz), 0.35 * leg + 0.01), "wood")
    return shape
