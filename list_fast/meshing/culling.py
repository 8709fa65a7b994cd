# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Which cells cannot hold the surface: by how fast the field may change, or by bounds of it over boxes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from list_fast.meshing.bricks import Bricks, places
from list_fast.meshing.evaluate import Evaluator
from list_fast.meshing.levels import EVERY_OCTANT, OCTANTS, Level, slopes
from list_fast.ops.marching_cubes_bricks import BRICK

EPS = torch.finfo(torch.float32).eps
BoxBounds = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
SAMPLE = 64
"""Boxes that tell whether a level's bounds are worth their time."""


@dataclass
class LipschitzCulling:
    """An octant of a cell is empty when the cell's corner values are too far from the level for a change of L over
    distance.

    Let all corners have one sign; cells with both stay whole, whatever L is. For a place p in the cell and every corner
    c, |f(p)| >= |f(c)| - L |p - c|. Two tests of whole cells come first, as they are cheaper: the least |f(c)| against
    L times half the diagonal, which is how far the nearest corner can be, and the mean of |f(c)| against L times the
    mean distance of a place to the corners, which as a convex function is greatest at a corner. In the cells that are
    left an octant is empty if |f(c)| at any corner exceeds L times the distance to the octant's farthest place.

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
        """The octants that may hold the surface: all of cells with both signs, or with NaN at some corners."""
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
        slack = self.error + 4 * EPS * abs(self.surface)
        half, mean_distance, reaches = _radii(level)
        nearest, average = (self.lipschitz * r + slack for r in (half, mean_distance))
        both = (low < 0) & (high >= 0)
        near = (least <= nearest) & ~(mean > average) & ~some & ~both & store.cells[slots]
        octants = (both | some & ~every).to(torch.uint8) * EVERY_OCTANT
        bricks, *place = near.nonzero().unbind(1)
        corners = torch.stack([away[(bricks, *(p + n for p, n in zip(place, d, strict=True)))] for d in OCTANTS]).abs()
        kept = torch.zeros_like(octants[near])
        margins = torch.tensor([[self.lipschitz * r + slack for r in row] for row in reaches], device=level.device)
        for bit, margin in enumerate(margins):
            kept |= ((corners - margin[:, None]).amax(0) <= 0).to(torch.uint8) << bit
        octants[near] = kept
        return octants

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


def _radii(level: Level) -> tuple[float, float, list[list[float]]]:
    """Half the diagonal of a cell, the mean distance from one of its corners to all, and how far each of its octants
    reaches from each of its corners; with room for rounding.

    The last cells along an axis may be cut short: they and their octants are parts of such cells and octants.
    """
    half = [level.step * d / 2 for d in level.spacing]
    # Coordinates are rounded to float32.
    room = 4 * EPS * max(float(axis.abs().amax()) for axis in level.axes)

    def length(times: Iterable[int]) -> float:
        return math.hypot(*(s * n for s, n in zip(half, times, strict=True)))

    # From a corner on the octant's own side of an axis its far face is half a side away, else a whole one.
    reaches = [[length(1 + (o != c) for o, c in zip(p, q, strict=True)) for q in OCTANTS] for p in OCTANTS]
    mean = sum(length(2 * n for n in d) for d in OCTANTS) / 8
    roomy = 1 + 1e-5
    return length((1, 1, 1)) * roomy + room, mean * roomy + room, [[r * roomy + room for r in row] for row in reaches]


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
        """All octants of the cells over which the bounds do not exclude the surface; NaN excludes nothing."""
        cells = store.cells[slots]
        flat, at = places(store.coordinates(slots), cells)
        kept = torch.zeros_like(cells, dtype=torch.uint8)
        self.evaluate.begin(f"bounds of {level.step} cells", len(flat))
        for begin in range(0, len(flat), self.chunk):
            part = slice(begin, begin + self.chunk)
            excluded = self._excluded(level, [p[part] for p in at])
            kept.view(-1)[flat[part]] = (~excluded).to(torch.uint8) * EVERY_OCTANT
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
