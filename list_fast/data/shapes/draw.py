# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Random parameters of a shape, drawn and recorded under their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


class Draw:
    """Draws named parameters from a generator and keeps what it drew in ``params``."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.params: dict[str, Any] = {}

    def uniform(self, name: str, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return self._keep(name, float(self.rng.uniform(low, high)))

    def integer(self, name: str, low: int, high: int) -> int:
        """Uniform over low .. high, both included."""
        return self._keep(name, int(self.rng.integers(low, high + 1)))

    def flag(self, name: str, probability: float) -> bool:
        """True with ``probability``."""
        return self._keep(name, bool(self.rng.random() < probability))

    def choice(self, name: str, options: Sequence[str] | Mapping[str, float]) -> str:
        """One of ``options``; a mapping gives each its weight."""
        names = list(options)
        weights = np.asarray(list(options.values()), float) if isinstance(options, Mapping) else np.ones(len(names))
        return self._keep(name, names[int(self.rng.choice(len(names), p=weights / weights.sum()))])

    def _keep(self, name: str, value: Any) -> Any:
        self.params[name] = value
        return value
