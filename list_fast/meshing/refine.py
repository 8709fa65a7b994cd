# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Extraction from a draft of a field: where the surface may be, its values are replaced by those of the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from list_fast.meshing.bricks import Bricks, chunks
from list_fast.meshing.evaluate import Evaluator
from list_fast.meshing.levels import Level, evaluate_all, evaluate_nodes

SAFETY = 8.0
"""The draft's error is taken to be at most this many times the largest that the sample shows."""
SAMPLE = 17
"""Nodes of the sample along the longest axis, at most."""


class DraftEvaluator(Evaluator):
    """Values of a draft; where it gives no finite number, as halves that overflow, those of the field.

    Attributes:
        field: Evaluates the field itself.
    """

    def __init__(self, call: Callable[[Any], Any], field: Evaluator) -> None:
        super().__init__(call, field.chunk, field.progress, "draft")
        self.field = field

    def _values(self, points: Tensor) -> Tensor:
        values = super()._values(points)
        wrong = ~values.isfinite()
        if bool(wrong.any()):
            values = values.clone()
            values[wrong] = self.field._values(points[wrong])
            self.field.evaluated += int(wrong.sum())
        return values


class Refinement:
    """Replaces a draft's values by those of the field.

    Attributes:
        draft: Evaluates the draft.
        field: Evaluates the field.
        surface: The value of the surface, in float32.
        error: How far the draft is taken to lie from the field at most; 0 until `calibrate`.
    """

    def __init__(self, draft: DraftEvaluator, field: Evaluator, surface: float) -> None:
        self.draft, self.field, self.surface = draft, field, surface
        self.error = 0.0
        self._store: Bricks | None = None
        self._done = torch.zeros(0)

    def calibrate(self, level_of: Callable[[int], Level]) -> None:
        """Take the error from a coarse level of the lattice, given by its step."""
        step = 1
        while max(level_of(step).sizes) > SAMPLE:
            step *= 2
        level = level_of(step)
        apart = (evaluate_all(level, self.draft) - evaluate_all(level, self.field)).abs()
        apart = apart[apart.isfinite()]
        self.error = SAFETY * float(apart.max()) if apart.numel() else 0.0

    def refine(self, store: Bricks, level: Level) -> int:
        """Take the field's values at the corners of cells with both signs and at nodes within the error of the surface.

        Signs that change make further such cells, which are refined too, until none is left.

        Returns:
            How many nodes of this store were refined now that had not been before.
        """
        if self._store is not store:
            self._store, self._done = store, torch.zeros_like(store.values, dtype=torch.bool)
        missing = len(store.numbers) - len(self._done)
        self._done = torch.cat([self._done, self._done.new_zeros(missing, *self._done.shape[1:])])
        total = 0
        while count := self._pass(store, level):
            total += count
        return total

    def _pass(self, store: Bricks, level: Level) -> int:
        active = torch.cat(
            [self._active(store.with_upper(part)) for part in chunks(len(store.numbers), level.device)]
            or [torch.zeros_like(store.cells)]
        )
        held = active.flatten(1).any(1).nonzero()[:, 0]
        # All corners of these cells are known, so their bricks are there: none is added.
        slots, corners = store.nodes_of(held, active[held])
        nodes = (store.values - self.surface).abs() <= self.error
        nodes[slots] |= corners
        nodes &= ~store.values.isnan() & ~self._done
        count = int(nodes.sum())
        if count:
            chosen = nodes.flatten(1).any(1).nonzero()[:, 0]
            evaluate_nodes(store, level, self.field, "refine", chosen, nodes[chosen])
            self._done |= nodes
        return count

    def _active(self, values: Tensor) -> Tensor:
        """Values (K, 9, 9, 9) -> which cells (K, 8, 8, 8) have both signs and no NaN."""
        low, high = values, values
        for axis in (1, 2, 3):
            count = low.shape[axis] - 1
            # minimum and maximum pass NaN on.
            low = torch.minimum(low.narrow(axis, 0, count), low.narrow(axis, 1, count))
            high = torch.maximum(high.narrow(axis, 0, count), high.narrow(axis, 1, count))
        return (low < self.surface) & (high >= self.surface)
