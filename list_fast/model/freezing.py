# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Modules of which parts can be frozen for good."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from torch import nn


class FreezableModule(nn.Module):
    """A module whose frozen parts take no gradient and stay in evaluation mode through `train()`.

    Without the latter a "frozen" part still learns: its batch normalisation keeps updating, and training and evaluation
    see different features.
    """

    def __init__(self) -> None:
        super().__init__()
        self._frozen: list[str] = []

    @property
    def frozen(self) -> tuple[str, ...]:
        """Names of the frozen parts."""
        return tuple(self._frozen)

    def freeze(self, names: str | Iterable[str]) -> Self:
        """Freeze submodules by name, e.g. ("im_encoder", "point_decoder"). Raises ValueError for an unknown name."""
        for name in [names] if isinstance(names, str) else names:
            if not name or name not in dict(self.named_modules()):
                raise ValueError(f"names: no submodule {name!r}; there are {[n for n, _ in self.named_children()]}")
            if name not in self._frozen:
                self._frozen.append(name)
            self.get_submodule(name).requires_grad_(False).eval()
        return self

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        for name in self._frozen:
            self.get_submodule(name).eval()
        return self
