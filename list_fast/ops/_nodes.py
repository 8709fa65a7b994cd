# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Reading and adding at numbered places, with all sums, those of every derivative too, in one order; unit vectors.

What torch does with numbers in a tensor adds in any order in some places: the derivative of ``x[index]`` on a CPU with
several threads, those of ``gather`` and ``index_select`` and ``index_add`` itself on CUDA.
"""

from __future__ import annotations

import torch
from torch import Tensor


def take(rows: Tensor, index: Tensor) -> Tensor:
    """``rows[index]`` for rows (N, ...) and index of any shape, int64, from 0 to N - 1."""
    if rows.is_cuda or not rows.requires_grad:
        return rows[index]
    rest = rows.shape[1:]
    flat = index.reshape(-1, *[1] * len(rest)).expand(-1, *rest)
    return rows.gather(0, flat).view(*index.shape, *rest)


def add_at(sums: Tensor, index: Tensor, values: Tensor) -> Tensor:
    """A copy of ``sums`` (N,) with ``values`` (M,) added at ``index`` (M,), int64, in their order."""
    if sums.is_cuda:
        return sums.index_put((index,), values, accumulate=True)
    return sums.index_add(0, index, values)


def unit_vectors(vectors: Tensor) -> Tensor:
    """Vectors (N, C) at length 1, those of length 0 as they are, whatever the largest component's size: squares of
    values far from 1 are lost."""
    tiny = torch.finfo(vectors.dtype).tiny
    # The direction, and so every derivative, is the same for any constant factor.
    scaled = vectors / vectors.detach().abs().amax(1, keepdim=True).clamp_min(tiny)
    return torch.nn.functional.normalize(scaled, dim=1, eps=tiny)
