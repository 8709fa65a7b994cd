# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes in plain torch, and the derivation of its 256-case table from one rule about faces.

The corner (dx, dy, dz) of a cell has number 4 dx + 2 dy + dz; a case is the set of inside corners as bits. Its 12 edges
are numbered by axis: 2 dy + dz along x, 4 + 2 dx + dz along y, 8 + 2 dx + dy along z, where d is the lower end of the
edge. ``python -m list_fast.ops.reference_marching_cubes`` prints the C++ header that holds the table.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import torch
from torch import Tensor

CORNERS = [(n >> 2 & 1, n >> 1 & 1, n & 1) for n in range(8)]
EDGES = (
    [(0, (0, a, b)) for a in (0, 1) for b in (0, 1)]
    + [(1, (a, 0, b)) for a in (0, 1) for b in (0, 1)]
    + [(2, (a, b, 0)) for a in (0, 1) for b in (0, 1)]
)
"""(axis, lower corner) of each of the 12 edges of a cell."""


def _number(corner: tuple[int, int, int]) -> int:
    return 4 * corner[0] + 2 * corner[1] + corner[2]


def _edge(a: tuple[int, int, int], b: tuple[int, int, int]) -> int:
    low = min(a, b)
    axis = next(n for n in range(3) if a[n] != b[n])
    return EDGES.index((axis, low))


def _faces() -> list[list[tuple[int, int, int]]]:
    """The 6 faces as corners in anticlockwise order seen from outside the cell."""
    faces = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for side in (0, 1):
            ring = []
            for pu, pv in ((0, 0), (1, 0), (1, 1), (0, 1)):
                corner = [0, 0, 0]
                corner[axis], corner[u], corner[v] = side, pu, pv
                ring.append((corner[0], corner[1], corner[2]))
            faces.append(ring if side else ring[::-1])
    return faces


FACES = _faces()


def _on_face(e: int, f: int) -> bool:
    """True when both edges lie on one face of the cell."""
    both = [CORNERS[i] for x in (e, f) for i in edge_corners(x)]
    return any(len({corner[axis] for corner in both}) == 1 for axis in range(3))


def edge_corners(e: int) -> tuple[int, int]:
    """The numbers of the lower and the upper corner of an edge."""
    axis, low = EDGES[e]
    high = tuple(low[n] + (n == axis) for n in range(3))
    return _number(low), _number((high[0], high[1], high[2]))


def face_segments(case: int) -> dict[int, int]:
    """Crossed edge -> next crossed edge, by the face rule: on every face each run of inside corners is cut off by
    itself.

    The rule reads nothing but the signs of the face's own corners, so two cells always agree on the face between them.
    A segment leads from the crossing at which the anticlockwise ring enters the run to the one at which it leaves.
    """
    segments = {}
    for ring in FACES:
        inside = [bool(case >> _number(corner) & 1) for corner in ring]
        for n in range(4):
            if inside[n] or not inside[(n + 1) % 4]:
                continue
            last = n + 1
            while inside[(last + 1) % 4]:
                last += 1
            enter = _edge(ring[n], ring[(n + 1) % 4])
            leave = _edge(ring[last % 4], ring[(last + 1) % 4])
            segments[enter] = leave
    return segments


def loops(case: int) -> list[list[int]]:
    """The closed polygons of a case as lists of edges, each from its smallest edge on, ordered by it."""
    segments = face_segments(case)
    result, seen = [], set()
    for start in sorted(segments):
        if start in seen:
            continue
        ring, e = [], start
        while e not in seen:
            seen.add(e)
            ring.append(e)
            e = segments[e]
        result.append(ring)
    return result


def _triangulations(ring: list[int]) -> list[list[tuple[int, int, int]]]:
    if len(ring) < 3:
        return [[]]
    first, last = ring[0], ring[-1]
    return [
        [*left, (first, ring[n], last), *right]
        for n in range(1, len(ring) - 1)
        for left in _triangulations(ring[: n + 1])
        for right in _triangulations(ring[n:])
    ]


def _length(e: int, f: int) -> int:
    """Squared distance of the midpoints of two edges, in quarters."""
    ends = [[CORNERS[i] for i in edge_corners(x)] for x in (e, f)]
    return sum((sum(c[n] for c in ends[0]) - sum(c[n] for c in ends[1])) ** 2 for n in range(3))


def _triangulate(ring: list[int]) -> list[tuple[int, int, int]]:
    """The triangulation with the shortest diagonals among those whose diagonals all run through the inside of the cell.

    A diagonal on a face could meet the same diagonal of the next cell: an edge with four triangles.
    """
    sides = {frozenset((ring[n], ring[(n + 1) % len(ring)])) for n in range(len(ring))}
    best, best_cost = None, None
    for triangles in _triangulations(ring):
        diagonals = {frozenset(p) for t in triangles for p in combinations(t, 2)} - sides
        pairs = [tuple(d) for d in diagonals]
        if any(_on_face(e, f) for e, f in pairs):
            continue
        cost = sum(_length(e, f) for e, f in pairs)
        if best_cost is None or cost < best_cost:
            best, best_cost = triangles, cost
    if best is None:
        raise AssertionError(f"polygon {ring} has no triangulation inside the cell")
    return best


@lru_cache(maxsize=1)
def triangle_table() -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """For each of the 256 cases its triangles, as triples of edges; normals point from inside to outside."""
    return tuple(tuple(t for ring in loops(case) for t in _triangulate(ring)) for case in range(256))


def interpolate(d0: Tensor, d1: Tensor, level: float) -> Tensor:
    """Where ``level`` lies between d0 and d1, as a share in [0, 1]; the finite end wins against an infinite one."""
    t = (level - d0) / (d1 - d0)
    wide = torch.isinf(d1 - d0)
    t = torch.where(wide, (0.5 * level - 0.5 * d0) / (0.5 * d1 - 0.5 * d0), t)
    t = torch.where(torch.isinf(d1), torch.zeros_like(t), t)
    t = torch.where(torch.isinf(d0), torch.ones_like(t), t)
    return torch.where(torch.isinf(d0) & torch.isinf(d1), torch.full_like(t, 0.5), t)


def marching_cubes(volume: Tensor, level: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
    """Isosurface of a volume (D, H, W): vertices (V, 3) in index coordinates, faces (F, 3), edges (V,).

    Vertices are ordered by edge (3 * lower node + axis), faces by cell, then as in the table. Types other
    than float64 compute in float32.
    """
    values = volume if volume.dtype == torch.float64 else volume.float()
    level = float(torch.tensor(level, dtype=values.dtype))
    if min(values.shape) < 2:
        empty = torch.zeros(0, dtype=torch.int64)
        return values.new_zeros(0, 3), torch.zeros(0, 3, dtype=torch.int32), empty
    depth, height, width = values.shape
    node = torch.arange(values.numel()).view(depth, height, width)
    corners = [
        (slice(dx, depth - 1 + dx), slice(dy, height - 1 + dy), slice(dz, width - 1 + dz)) for dx, dy, dz in CORNERS
    ]
    case = torch.stack([(values[c] < level).long() << n for n, c in enumerate(corners)]).sum(0)
    valid = ~torch.stack([values[c].isnan() for c in corners]).any(0)
    case = torch.where(valid, case, torch.zeros_like(case)).flatten()
    cell_node = node[:-1, :-1, :-1].flatten()
    strides = (height * width, width, 1)
    offsets = [3 * sum(d * s for d, s in zip(low, strides, strict=True)) + axis for axis, low in EDGES]
    rows = []
    for cell in case.nonzero().flatten().tolist():
        for triangle in triangle_table()[int(case[cell])]:
            rows.append([3 * int(cell_node[cell]) + offsets[e] for e in triangle])
    triangles = torch.tensor(rows, dtype=torch.int64).view(-1, 3)
    edges, faces = torch.unique(triangles, return_inverse=True)
    low, axis = edges // 3, edges % 3
    flat = values.flatten()
    t = interpolate(flat[low], flat[low + torch.tensor(strides)[axis]], level)
    index = torch.stack([low // strides[0], low // width % height, low % width], 1).to(values.dtype)
    vertices = index + torch.nn.functional.one_hot(axis, 3) * t[:, None]
    return vertices, faces.to(torch.int32), edges


def marching_cubes_bricks(
    bricks: Tensor, values: Tensor, sizes: tuple[int, int, int], level: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Isosurface of the bricks (M,) with values (M, 8, 8, 8) of a lattice: of the volume with NaN everywhere else."""
    x, y, z = (-(-n // 8) for n in sizes)
    volume = torch.full((x * y * z, 8, 8, 8), float("nan"), dtype=values.dtype)
    volume[bricks] = values
    whole = volume.view(x, y, z, 8, 8, 8).permute(0, 3, 1, 4, 2, 5).reshape(8 * x, 8 * y, 8 * z)
    vertices, faces, _ = marching_cubes(whole[: sizes[0], : sizes[1], : sizes[2]].contiguous(), level)
    return vertices, faces


def table_header() -> str:
    """The C++ header of the table."""
    rows = [[len(ts), *(e for t in ts for e in t)] for ts in triangle_table()]
    lines = "\n".join("    {" + ", ".join(map(str, row)) + "}," for row in rows)
    return f"""// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Written by list_fast/ops/reference_marching_cubes.py from its rule about faces; a test holds this file to it.
// Of each case: the number of triangles, then the three edges of each. Numbering as in marching_cubes.h.
#pragma once
#include <cstdint>

#if defined(__CUDACC__)
#define LIST_FAST_TABLE static __device__ const
#else
#define LIST_FAST_TABLE static constexpr
#endif

namespace list_fast {{

// clang-format off
LIST_FAST_TABLE int8_t kTriangles[256][16] = {{
{lines}
}};
// clang-format on

}}  // namespace list_fast
"""


if __name__ == "__main__":
    print(table_header(), end="")
