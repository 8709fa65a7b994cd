# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Random parameters of a shape, drawn and recorded under their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


class Draw:
    """Draws named parameters from a generator and keeps what it drew in ``params``; a call is ``uniform``."""

    def __init__(self, rng: np.random.Generator, kind: str | None = None) -> None:
        self.rng = rng
        self.params: dict[str, Any] = {} if kind is None else {"type": kind}

    def __call__(self, name: str, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return self.uniform(name, low, high)

    def uniform(self, name: str, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return self._keep(name, float(self.rng.uniform(low, high)))

    def integer(self, name: str, low: int, high: int) -> int:
        """Uniform over low .. high, both included."""
        return self._keep(name, int(self.rng.integers(low, high + 1)))

    def number(self, name: str, *options: int) -> int:
        """One of ``options``; an option given twice is twice as likely."""
        return self._keep(name, int(self.rng.choice(options)))

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


def draw_kind(rng: np.random.Generator, weights: Mapping[str, float], kind: str | None = None) -> str:
    """A structural type by ``weights``, or ``kind`` (drawing all the same); ValueError if ``kind`` has no weight."""
    share = np.asarray(list(weights.values()), float)
    drawn = str(rng.choice(list(weights), p=share / share.sum()))
    if kind is not None and kind not in weights:
        raise ValueError(f"kind must be one of {tuple(weights)}, got {kind!r}")
    return drawn if kind is None else kind
