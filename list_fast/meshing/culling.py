# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Which cells cannot hold the surface: by how fast the field may change, or by bounds of it over boxes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

import torch
from torch import Tensor

from list_fast.meshing.bricks import Bricks, places
from list_fast.meshing.evaluate import Evaluator
from list_fast.meshing.levels import Level, slopes
from list_fast.ops.marching_cubes_bricks import BRICK

EPS = torch.finfo(torch.float32).eps
BoxBounds = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
SAMPLE = 64
"""Boxes that tell whether a level's bounds are worth their time."""


@dataclass
class LipschitzCulling:
    """A cell is empty when its corner values are too far from the level for a change of L over distance.

    Let all corners have one sign. For a place p in the cell and every corner c, |f(p)| >= |f(c)| - L |p - c|. With the
    nearest corner this says that the cell is empty if the least |f(c)| exceeds L times half the diagonal; averaged over
    the corners, if the mean of |f(c)| exceeds L times the mean distance of a place to the corners, which as a convex
    function is greatest at a corner. Either is enough.

    Attributes:
        surface: The value of the surface, in float32.
        lipschitz: L.
        error: How far values may lie from those of the field.
        steepest: The steepest rise between neighbouring nodes seen so far.
    """

    surface: float
    lipschitz: float
    error: float = 0.0
    steepest: float = field(default=0.0, init=False)

    def keep(self, store: Bricks, slots: Tensor, level: Level) -> Tensor:
        """The cells that change sign, come near the surface, or have some corners with NaN."""
        values = store.with_upper(slots)
        self.watch(values, level)
        away = values - self.surface
        nan = away.isnan()
        low, high, total, some, every = away.nan_to_num(math.inf), away.nan_to_num(-math.inf), away, nan, nan
        # nan_to_num also replaces infinities by the largest numbers, which changes no comparison below.
        for axis in (1, 2, 3):
            a, b = slice(None, -1), slice(1, None)
            first, second = ((slice(None),) * axis + (s,) for s in (a, b))
            low = torch.minimum(low[first], low[second])
            high = torch.maximum(high[first], high[second])
            total = total[first] + total[second]
            some, every = some[first] | some[second], every[first] & every[second]
        least, mean = torch.maximum(low, -high), total.abs() / 8
        nearest, average = (self.lipschitz * r + self.error + 4 * EPS * abs(self.surface) for r in _radii(level))
        near = (least <= nearest) & ~(mean > average)
        return ((low < 0) & (high >= 0)) | near & ~every | (some & ~every)

    def watch(self, values: Tensor, level: Level) -> None:
        """Look for the steepest rise between neighbours in values (K, 9, 9, 9)."""
        for axis in range(3):
            rise = slopes(values.diff(dim=axis + 1), level.step * level.spacing[axis])
            if rise.numel():
                self.steepest = max(self.steepest, float(rise.abs().amax()))

    def contradicted(self, level: Level) -> bool:
        """Whether a rise was seen that L does not allow, beyond what rounding and errors explain."""
        room = 2 * self.error + 4 * EPS * abs(self.surface)
        return self.steepest > self.lipschitz * (1 + 1e-3) + room / min(level.spacing)


def _radii(level: Level) -> tuple[float, float]:
    """Half the diagonal of a cell, and the mean distance from one of its corners to all; with room for rounding."""
    side = [level.step * d for d in level.spacing]
    mean = sum(math.hypot(*(s * n for s, n in zip(side, d, strict=True))) for d in product((0, 1), repeat=3)) / 8
    # Coordinates are rounded to float32.
    room = 4 * EPS * max(float(axis.abs().amax()) for axis in level.axes)
    return math.hypot(*side) / 2 * (1 + 1e-5) + room, mean * (1 + 1e-5) + room


@dataclass
class BoundsCulling:
    """A cell is empty when bounds of the field over it exclude the surface.

    Attributes:
        surface: The value of the surface, in float32.
        bounds: Lowest and highest corners (N, 3) of boxes -> lower and upper bounds (N,) of the field.
        evaluate: Told of the boxes, for progress.
        chunk: The most boxes in one call.
        price: The nodes that could be evaluated in the time of one box's bounds.
        bounded: How many boxes were asked for.
    """

    surface: float
    bounds: BoxBounds
    evaluate: Evaluator
    chunk: int
    price: float = 0.0
    bounded: int = field(default=0, init=False)

    def pays(self, store: Bricks, level: Level) -> bool:
        """Whether leaving out cells of this level saves more time than their bounds take, as a sample of them tells.

        Cells are left out or not by a rule of counts, so that an extraction does the same every time.
        """
        nodes = level.step**3
        if nodes < self.price:
            return False
        slots, inner = store.cells.flatten(1).nonzero().unbind(1)
        if len(slots) <= SAMPLE:
            return True
        chosen = torch.linspace(0, len(slots) - 1, SAMPLE, dtype=torch.float64, device=slots.device).round().long()
        slots, inner = slots[chosen], inner[chosen]
        local = torch.stack([inner // BRICK**2, inner // BRICK % BRICK, inner % BRICK], 1)
        at = BRICK * store.coordinates(slots) + local
        excluded = self._excluded(level, at.unbind(1))
        self.bounded += SAMPLE
        return float(excluded.double().mean()) * nodes >= self.price

    def keep(self, store: Bricks, slots: Tensor, level: Level) -> Tensor:
        """The cells over which the bounds do not exclude the surface; NaN excludes nothing."""
        cells = store.cells[slots]
        flat, at = places(store.coordinates(slots), cells)
        kept = torch.zeros_like(cells)
        self.evaluate.begin(f"bounds of {level.step} cells", len(flat))
        for begin in range(0, len(flat), self.chunk):
            part = slice(begin, begin + self.chunk)
            excluded = self._excluded(level, [p[part] for p in at])
            kept.view(-1)[flat[part]] = ~excluded
            self.bounded += len(excluded)
            self.evaluate.advance(len(excluded))
        return kept

    def _excluded(self, level: Level, at: Sequence[Tensor]) -> Tensor:
        """Which of the cells with these lowest corners, (N,) along each axis, the surface does not meet."""
        low = torch.stack([axis[p] for axis, p in zip(level.axes, at, strict=True)], 1)
        high = torch.stack([axis[p + 1] for axis, p in zip(level.axes, at, strict=True)], 1)
        lower, upper = self._ask(low, high)
        return (lower >= self.surface) | (upper < self.surface)

    def _ask(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        result = self.bounds(low, high)
        if not (isinstance(result, tuple | list) and len(result) == 2 and all(isinstance(t, Tensor) for t in result)):
            raise TypeError(f"sdf.bounds must return two tensors (lower, upper), got {type(result).__name__}")
        lower, upper = result
        for name, bound in (("lower", lower), ("upper", upper)):
            if bound.shape != low.shape[:1]:
                raise ValueError(
                    f"sdf.bounds must return {len(low)} {name} bounds for {len(low)} boxes, got shape "
                    f"{tuple(bound.shape)}"
                )
        if bool((lower > upper).any()):
            raise ValueError("sdf.bounds must return lower bounds that do not exceed the upper ones")
        return lower.detach().to(low.device), upper.detach().to(low.device)
