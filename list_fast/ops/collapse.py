# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Faces without an area, taken out of a mesh that stays closed."""

from __future__ import annotations

import torch
from torch import Tensor


def collapse_degenerate(vertices: Tensor, faces: Tensor) -> tuple[Tensor, Tensor]:
    """Take out the faces of no area; the surface as a set of points stays as it is.

    Vertices of a face that lie at one place become one, and faces that lose a corner are left out. A face whose three
    places are on one line gives its middle vertex to the face beyond its longest side, which becomes two. Every edge is
    run through one way as much more often than the other as before, so what was closed stays closed. Vertices at one
    place that no face joins stay apart, so parts that only touch do not become one; where joining makes two edges one,
    that has four faces. Where a surface leaves values of exactly the level, marching cubes makes faces of no area, up
    to seven vertices at a node; collinear ones come of values so small that a vertex is rounded to its node.

    Args:
        vertices: Positions (V, 3).
        faces: Vertices (F, 3) of each face, any integer dtype.

    Returns:
        Which vertices are kept, rising numbers (V',) int64; faces (F', 3) in their order, which name them by their
        place among these, in the dtype of ``faces``. No face has a cross product of its sides, in float64, of zero.
    """
    places = vertices.detach()
    count = vertices.shape[0]
    left = faces.long()
    before = None
    while True:
        left = _joined(places, left)
        corners = places[left].double()
        a, b, c = corners.unbind(1)
        flat = (torch.linalg.cross(b - a, c - a) == 0).all(1).nonzero()[:, 0]
        if not len(flat):
            break
        # Both fall from pass to pass; rounding of the cross products could keep them, and then it ends as well.
        state = (len(flat), float((corners[flat].amax(1) - corners[flat].amin(1)).amax(1).sum()))
        if before is not None and state >= before:
            break
        before = state
        left = _flipped(corners[flat], left, flat)
    used = torch.zeros(count, dtype=torch.bool, device=vertices.device)
    used[left.flatten()] = True
    # A vertex that no face ever named is not ours to remove.
    named = torch.zeros_like(used)
    named[faces.flatten().long()] = True
    kept = used | ~named
    number = kept.cumsum(0) - 1
    return kept.nonzero()[:, 0], number[left].to(faces.dtype)


def _joined(places: Tensor, faces: Tensor) -> Tensor:
    """Faces in which those vertices of a face that lie at one place are one, the lowest of them."""
    corners = places[faces]  # (F, 3, 3)
    pairs = []
    for i, j in ((0, 1), (1, 2), (2, 0)):
        same = (corners[:, i] == corners[:, j]).all(1)
        pairs.append(faces[same][:, [i, j]])
    joined = torch.cat(pairs)
    name = torch.arange(len(places), device=places.device)
    # The lowest number of a group spreads along its pairs, and jumps: groups are a handful of vertices.
    while joined.numel():
        lowest = name[joined].amin(1)
        spread = name.scatter_reduce(0, joined.flatten(), lowest.repeat_interleave(2), "amin")
        spread = spread[spread]
        if torch.equal(spread, name):
            break
        name = spread
    merged = name[faces]
    a, b, c = merged.unbind(1)
    return merged[(a != b) & (b != c) & (c != a)]


def _flipped(corners: Tensor, faces: Tensor, flat: Tensor) -> Tensor:
    """Faces (F, 3) in which as many of the collinear ones, numbers (N,) with corners (N, 3, 3), as have no face in
    common with another's change are flipped; the longest go first, so that chains of them get shorter."""
    reach = corners.amax(1) - corners.amin(1)
    along = corners.take_along_dim(reach.argmax(1)[:, None, None], 2)[..., 0]
    middle = along.argsort(1)[:, 1:2]
    b, c, a = (faces[flat].gather(1, (middle + n) % 3)[:, 0] for n in range(3))
    # The face beyond the side from c to a runs from a to c.
    count = int(faces.max()) + 1
    sides, order = (faces * count + faces.roll(-1, 1)).flatten().sort(stable=True)
    wanted = a * count + c
    place = torch.searchsorted(sides, wanted).clamp_max(len(sides) - 1)
    beyond = torch.where(sides[place] == wanted, order[place], -1)
    opposite = faces[beyond // 3, (beyond + 2) % 3]
    beyond = torch.where(beyond >= 0, beyond // 3, -1)
    changed: dict[int, list[int] | None] = {}
    rows = torch.stack([flat, beyond, a, b, c, opposite], 1)[reach.amax(1).argsort(descending=True, stable=True)]
    for face, other, first, second, third, far in rows.tolist():
        if face in changed or other in changed:
            continue
        if other < 0:  # at a border, which now runs over the middle vertex
            changed[face] = None
        elif far == second:  # a face and the same one turned over
            changed[face] = changed[other] = None
        else:
            changed[face], changed[other] = [first, second, far], [second, third, far]
    result, keep = faces.clone(), torch.ones(len(faces), dtype=torch.bool, device=faces.device)
    new = {face: row for face, row in changed.items() if row is not None}
    gone = [face for face, row in changed.items() if row is None]
    if new:
        result[torch.tensor(list(new), device=faces.device)] = torch.tensor(list(new.values()), device=faces.device)
    if gone:
        keep[torch.tensor(gone, device=faces.device)] = False
    return result[keep]
