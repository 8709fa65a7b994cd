# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The topology of a trilinear interpolant by fine subdivision: what ``marching_cubes(method="mc33")`` is held to."""

from __future__ import annotations

import torch
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from torch import Tensor

from list_fast.ops.marching_cubes import Method, marching_cubes

SUBDIVISIONS = (16, 64, 192, 400)


def topology(vertex_count: int, faces: Tensor, piece: Tensor, pieces: int) -> Tensor:
    """Euler number V - E + F and number of components (pieces, 2) of a mesh whose vertices (V,) belong to pieces."""
    faces = faces.long()
    sides = torch.cat([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).sort(1).values
    edges = torch.unique(sides[:, 0] * vertex_count + sides[:, 1])
    a, b = edges // vertex_count, edges % vertex_count
    links = coo_matrix((torch.ones(len(a)).numpy(), (a.numpy(), b.numpy())), shape=(vertex_count, vertex_count))
    count, label = connected_components(links, directed=False)
    piece_of = torch.zeros(count, dtype=torch.int64)
    piece_of[torch.from_numpy(label).long()] = piece

    def per_piece(rows: Tensor) -> Tensor:
        return torch.bincount(rows, minlength=pieces)

    euler = per_piece(piece) - per_piece(piece[a]) + per_piece(piece[faces[:, 0]])
    return torch.stack([euler, per_piece(piece_of)], 1)


def subdivide(volume: Tensor, n: int) -> Tensor:
    """The trilinear interpolant of values (..., D, H, W) on a lattice with n steps to a cell."""
    for axis in (-3, -2, -1):
        rows = volume.movedim(axis, -1)
        t = torch.arange(n, dtype=volume.dtype) / n
        inner = rows[..., :-1, None] * (1 - t) + rows[..., 1:, None] * t
        volume = torch.cat([inner.flatten(-2), rows[..., -1:]], -1).movedim(-1, axis)
    return volume


def cells_topology(cells: Tensor, n: int, method: Method) -> Tensor:
    """Euler number and number of components (N, 2) in each of many cells (N, 2, 2, 2), with n steps to a cell."""
    # Planes of NaN keep the cells apart in one volume.
    apart = torch.full((len(cells), n + 2, n + 1, n + 1), float("nan"), dtype=cells.dtype)
    apart[:, :-1] = subdivide(cells, n)
    vertices, faces = marching_cubes(apart.flatten(0, 1), method=method)
    return topology(len(vertices), faces, (vertices[:, 0] / (n + 2) + 1e-9).floor().long(), len(cells))


def disagreeing(cells: Tensor, found: Tensor) -> tuple[Tensor, list[int]]:
    """The cells whose topology (N, 2) is not that of a subdivision, and how many were left after each subdivision.

    What a coarse subdivision does not confirm, a finer one decides: a neck thinner than its step escapes it.
    """
    left, counts = torch.arange(len(cells)), []
    for n in SUBDIVISIONS:
        parts = left.split(max(1, 10**7 // n**3))
        wrong = [part[(cells_topology(cells[part], n, "lorensen") != found[part]).any(1)] for part in parts]
        left = torch.cat(wrong) if wrong else left
        counts.append(len(left))
    return left, counts
