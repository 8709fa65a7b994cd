# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Faces without an area, taken out of a mesh that stays closed."""

from __future__ import annotations

import torch
from torch import Tensor


def collapse_degenerate(vertices: Tensor, faces: Tensor) -> tuple[Tensor, Tensor]:
    """Make one vertex of those of a face that lie at one place, and leave out the faces that lose a corner.

    An edge that two faces ran through still has two or none: what was closed stays closed. Vertices at one place that
    no face joins stay apart, so parts that only touch do not become one. Where a surface leaves values of exactly the
    level, marching cubes makes such faces, up to seven vertices at a node.

    Args:
        vertices: Positions (V, 3).
        faces: Vertices (F, 3) of each face, any integer dtype.

    Returns:
        Which vertices are kept, rising numbers (V',) int64; faces (F', 3) in their order, which name them by their
        place among these, in the dtype of ``faces``.
    """
    places = vertices.detach()[faces.long()]  # (F, 3, 3)
    pairs = []
    for i, j in ((0, 1), (1, 2), (2, 0)):
        same = (places[:, i] == places[:, j]).all(1)
        pairs.append(faces[same][:, [i, j]].long())
    joined = torch.cat(pairs)
    count = vertices.shape[0]
    name = torch.arange(count, device=vertices.device)
    # The lowest number of a group spreads along its pairs, and jumps: groups are a handful of vertices.
    while joined.numel():
        lowest = name[joined].amin(1)
        spread = name.scatter_reduce(0, joined.flatten(), lowest.repeat_interleave(2), "amin")
        spread = spread[spread]
        if torch.equal(spread, name):
            break
        name = spread
    merged = name[faces.long()]
    a, b, c = merged.unbind(1)
    merged = merged[(a != b) & (b != c) & (c != a)]
    used = torch.zeros(count, dtype=torch.bool, device=vertices.device)
    used[merged.flatten()] = True
    # A vertex that no face ever named is not ours to remove.
    named = torch.zeros_like(used)
    named[faces.flatten().long()] = True
    kept = used | ~named
    number = kept.cumsum(0) - 1
    return kept.nonzero()[:, 0], number[merged].to(faces.dtype)
