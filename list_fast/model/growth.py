# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A trained model that reads more than it was trained with, and computes what it did until it learns to use it."""

from __future__ import annotations

import dataclasses

from torch import Tensor

from .config import LISTConfig

_FIRST_LAYER = "sdf_decoder.fc.fc_0.weight"


def grown(state: dict[str, Tensor], theirs: LISTConfig, ours: LISTConfig) -> dict[str, Tensor] | None:
    """The state dict of a model of configuration `theirs` as one of `ours` that computes the same function.

    `ours` may read more in its queries (`query_reads`): what is new meets columns of zeros. None where they differ in
    anything else.
    """
    if dataclasses.replace(theirs, query_reads=ours.query_reads, surface_level=ours.surface_level) != ours:
        return None
    before, after = (*theirs.query_parts, 3), (*ours.query_parts, 3)
    if any(old not in (0, new) for old, new in zip(before, after, strict=True)):
        return None
    weight = state[_FIRST_LAYER]  # (H, inputs, 1)
    grown_weight = weight.new_zeros(weight.shape[0], sum(after), 1)
    parts = zip(weight.split(list(before), 1), grown_weight.split(list(after), 1), strict=True)
    for old, new in parts:
        if old.shape[1]:
            new.copy_(old)
    return state | {_FIRST_LAYER: grown_weight}
