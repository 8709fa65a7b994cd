# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes 33: the cells in which the topology of the trilinear interpolant is not that of the 256-case table.

No table of 33 cases is kept by hand: the triangles of a cell follow from its corners' signs, one bit for each ambiguous
face and the result of one interior test. The kernels look them up in ``csrc/core/mc33_table.h``, which
``mc33_table.py`` writes from ``patch``; ``refine`` is the same in plain torch, which tests hold them to.

Faces: where inside and outside corners alternate, the bilinear interpolant joins the inside corners a, c exactly if
a c > b d (asymptotic decider). This reads the face alone, so both of its cells agree.

Interior: let A, B, C, D be the values along the four edges in z, in cyclic order, linear in t. Every component of a
slice t = const of the inside, or of the outside, holds a corner of the slice, so that components of the cell are
those of its corners under: an edge with both ends in it, a face that joins, a slice that joins. With faces decided, a
slice adds something only at the extremum of the quadratic A C - B D.

Surfaces: a cell is simply connected, so each component of the surface separates one component of the inside from one
of the outside, and no other does: the loops on the cell's boundary that lie between the same two components bound one
surface, a disc for one loop, a tube for two.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

import torch
from torch import Tensor

from list_fast.ops import reference_marching_cubes as reference
from list_fast.ops._nodes import take, unit_vectors
from list_fast.ops.reference_marching_cubes import CORNERS, EDGES, FACES

INTERIOR = (((), False), ((0, 1, 6, 7), True), ((0, 1, 6, 7), False), ((2, 3, 4, 5), True), ((2, 3, 4, 5), False))
"""Of each result of the interior test the corners of the two edges that a slice joins, and whether inside."""

RINGS = [[4 * x + 2 * y + z for x, y, z in ring] for ring in FACES]
_FAN_FROM = 10  # edges of a polygon: beyond, the triangulations are too many to compare


class Patch(NamedTuple):
    """The surface in a cell: triangles of edges 0..11 and inner vertices 12.., each inner vertex as weights (12,)."""

    triangles: tuple[tuple[int, int, int], ...]
    inner: tuple[tuple[float, ...], ...]


def alternates(case: int, ring: list[int]) -> bool:
    """True where the corners of a face are inside and outside by turns."""
    signs = [case >> n & 1 for n in ring]
    return signs[0] == signs[2] != signs[1] == signs[3]


def loops(case: int, joined: int) -> list[list[int]]:
    """The polygons on the boundary of a cell, the inside corners of the faces in the bits ``joined`` being joined."""
    segments = reference.face_segments(case)
    for face, (ring, corners) in enumerate(zip(RINGS, FACES, strict=True)):
        if not joined >> face & 1:
            continue
        for n in range(4):
            if case >> ring[n] & 1:
                continue
            enter = reference._edge(corners[n], corners[(n + 1) % 4])
            segments[enter] = reference._edge(corners[n - 1], corners[n])
    result: list[list[int]] = []
    seen: set[int] = set()
    for start in sorted(segments):
        ring_of_edges, e = [], start
        while e not in seen:
            seen.add(e)
            ring_of_edges.append(e)
            e = segments[e]
        if ring_of_edges:
            result.append(ring_of_edges)
    return result


def _components(case: int, joined: int, interior: int) -> list[int]:
    """Of each corner the smallest corner of its component of the inside or of the outside."""
    label = list(range(8))

    def unite(corners: list[int]) -> None:
        old = {label[n] for n in corners}
        for n in range(8):
            label[n] = min(old) if label[n] in old else label[n]

    for e in range(12):
        ends = reference.edge_corners(e)
        if case >> ends[0] & 1 == case >> ends[1] & 1:
            unite(list(ends))
    for face, ring in enumerate(RINGS):
        if alternates(case, ring):
            unite([n for n in ring if case >> n & 1 == joined >> face & 1])
    corners, inside = INTERIOR[interior]
    unite([n for n in corners if case >> n & 1 == inside] or [0])
    return label


def surfaces(case: int, joined: int, interior: int) -> list[list[list[int]]]:
    """The components of the surface in a cell, each as the loops that bound it."""
    label = _components(case, joined, interior)
    groups: dict[tuple[int, ...], list[list[int]]] = {}
    for ring in loops(case, joined):
        low, high = reference.edge_corners(ring[0])
        sides = (low, high) if case >> low & 1 else (high, low)
        groups.setdefault(tuple(label[n] for n in sides), []).append(ring)
    return list(groups.values())


@lru_cache(maxsize=1)
def _diagonal_costs() -> list[list[int | None]]:
    """Of each pair of edges what a triangle's side between them costs; None where it runs on a face."""
    pairs = [[None if reference._on_face(e, f) else reference._length(e, f) for f in range(12)] for e in range(12)]
    return pairs


@cache
def _flat(ring: tuple[int, ...]) -> tuple[tuple[int, int, int], ...] | None:
    """The triangulation of a polygon with the shortest diagonals, all off the faces; None where there is none."""
    if len(ring) < 4:
        return ((ring[0], ring[1], ring[2]),)
    costs, best, best_cost = _diagonal_costs(), None, None
    for triangles in reference._triangulations(list(ring)):
        # In these triangles the last side of all but the first is a diagonal, each once.
        sides = [costs[first][last] for first, _, last in triangles if (first, last) != (ring[0], ring[-1])]
        cost = sum(side for side in sides if side is not None)
        if None not in sides and (best_cost is None or cost < best_cost):
            best, best_cost = triangles, cost
    return None if best is None else tuple(best)


def _disc(ring: list[int], first: int) -> Patch:
    """Triangles of a polygon; from its mean as a vertex numbered ``first`` where no set of diagonals avoids faces."""
    flat = _flat(tuple(ring)) if len(ring) < _FAN_FROM else None
    if flat is not None:
        return Patch(flat, ())
    fan = tuple((ring[n], ring[(n + 1) % len(ring)], first) for n in range(len(ring)))
    return Patch(fan, (tuple((e in ring) / len(ring) for e in range(12)),))


def _tube(one: list[int], two: list[int], first: int) -> Patch:
    """Triangles between two polygons, over a ring of inner vertices numbered from ``first``.

    A triangle from one polygon to the other could have a side on a face, where the next cell may have it too; sides to
    inner vertices cannot.
    """
    one, two = sorted((one, two), key=len)
    n, m = len(one), len(two)
    best: tuple[int, list[int]] | None = None
    for breaks in combinations(range(m), n):
        for turn in range(n):
            # The polygons run in opposite senses around the tube.
            near = [(turn - sum(b <= k for b in breaks)) % n for k in range(m)]
            cost = sum(reference._length(one[r], e) for r, e in zip(near, two, strict=True))
            if best is None or cost < best[0]:
                best = cost, near
    if best is None:
        raise AssertionError(f"polygons {one} and {two} do not bound a tube")
    near = best[1]
    triangles, inner = [], []
    for r in range(n):
        after = (r + 1) % n
        triangles += [(one[r], one[after], first + after), (one[r], first + after, first + r)]
        arc = [e for e, place in zip(two, near, strict=True) if place == r]
        inner.append(tuple((e == one[r]) / 2 + (e in arc) / (2 * len(arc)) for e in range(12)))
    for k in range(m):
        after = (k + 1) % m
        triangles.append((two[k], two[after], first + near[after]))
        if near[after] != near[k]:
            triangles.append((two[k], first + near[after], first + near[k]))
    return Patch(tuple(triangles), tuple(inner))


@cache
def patch(key: int) -> Patch:
    """The surface in a cell of ``key`` = case + 256 (bits of joined faces) + 16384 (result of the interior test)."""
    case, joined, interior = key & 255, key >> 8 & 63, key >> 14
    groups = surfaces(case, joined, interior)
    if not joined and all(len(group) == 1 for group in groups):
        return Patch(reference.triangle_table()[case], ())
    triangles: tuple[tuple[int, int, int], ...] = ()
    inner: tuple[tuple[float, ...], ...] = ()
    for group in groups:
        if len(group) > 2:
            raise AssertionError(f"case {case}, faces {joined}: {len(group)} loops on one surface")
        first = 12 + len(inner)
        part = _disc(group[0], first) if len(group) == 1 else _tube(group[0], group[1], first)
        triangles, inner = triangles + part.triangles, inner + part.inner
    return Patch(triangles, inner)


@lru_cache(maxsize=1)
def ambiguous_cases() -> tuple[bool, ...]:
    """The cases that faces or the interior can decide in more than one way."""
    return tuple(len(reference.loops(case)) > 1 or any(alternates(case, ring) for ring in RINGS) for case in range(256))


def decide(corners: Tensor) -> Tensor:
    """The keys (N,) of cells with values (N, 8), float64, minus the level."""
    inside = corners < 0
    key = (inside.long() << torch.arange(8, device=corners.device)).sum(1)
    for face, ring in enumerate(RINGS):
        a, b, c, d = (corners[:, n] for n in ring)
        ia, ib, ic, id_ = (inside[:, n] for n in ring)
        # Both products commute: the cells on the two sides compute the same bits. A saddle at the level separates.
        ac, bd = a * c, b * d
        joined = (ia & ic & ~ib & ~id_ & (ac > bd)) | (ib & id_ & ~ia & ~ic & (bd > ac))
        key += joined.long() << 8 + face
    a, b, d, c = (corners[:, n] for n in (0, 2, 4, 6))
    da, db, dd, dc = (corners[:, n + 1] - corners[:, n] for n in (0, 2, 4, 6))
    curvature, slope = da * dc - db * dd, a * dc + c * da - b * dd - d * db
    t = -slope / (2 * curvature)
    a, b, c, d = a + t * da, b + t * db, c + t * dc, d + t * dd
    here, q = (t > 0) & (t < 1), a * c - b * d
    first, second = here & (q > 0), here & (q < 0)
    ac_in, ac_out, bd_in, bd_out = (a < 0) & (c < 0), (a >= 0) & (c >= 0), (b < 0) & (d < 0), (b >= 0) & (d >= 0)
    tests = (first & ac_in & bd_out, first & ac_out & bd_in, second & bd_in & ac_out, second & bd_out & ac_in)
    for n, test in enumerate(tests, 1):
        key += test.long() * (n << 14)
    return key


def refine(volume: Tensor, level: float, faces: Tensor, edges: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Replace the triangles of the cells in which the trilinear interpolant differs from the table, in plain torch.

    Args:
        volume: Values (D, H, W).
        level: The value of the surface.
        faces: Faces (F, 3) of ``volume`` by the table, in the order of cells.
        edges: The edge 3 node + axis (V,) of each vertex, ascending.

    Returns:
        Faces; vertices (M, 12) and weights (M, 12), float64, of which the inner vertices V, V + 1, .. are the sums, a
        weight of zero going with vertex 0; the lowest node (M,) of the cell of each.
    """
    device, (depth, height, width) = volume.device, volume.shape
    none = faces, edges.new_zeros(0, 12), torch.zeros(0, 12, dtype=torch.float64, device=device), edges.new_zeros(0)
    if min(volume.shape) < 2 or not len(faces):
        return none
    real = torch.float64 if volume.dtype == torch.float64 else torch.float32
    level = float(torch.tensor(level, dtype=real))
    detached = volume.detach()
    below = (detached < level).to(torch.uint8)
    case = torch.zeros(depth - 1, height - 1, width - 1, dtype=torch.uint8, device=device)
    slices = [(slice(x, depth - 1 + x), slice(y, height - 1 + y), slice(z, width - 1 + z)) for x, y, z in CORNERS]
    for n, part in enumerate(slices):
        case |= below[part] << n
    if volume.is_floating_point():
        unknown = detached.isnan()
        if bool(unknown.any()):
            for part in slices:
                case.masked_fill_(unknown[part], 0)
    case = case.flatten()
    active = ((case != 0) & (case != 255)).nonzero().flatten()
    case = case[active].long()
    counts = torch.tensor([len(ts) for ts in reference.triangle_table()], device=device)[case]

    strides = (height * width, width, 1)
    places = torch.tensor(ambiguous_cases(), device=device)[case].nonzero().flatten()
    cells = active[places]
    rows = cells // (width - 1)
    nodes = (rows // (height - 1) * height + rows % (height - 1)) * width + cells % (width - 1)
    steps = torch.tensor([sum(d * s for d, s in zip(c, strides, strict=True)) for c in CORNERS], device=device)
    keys, number = torch.unique(
        decide(detached.reshape(-1)[nodes[:, None] + steps].double() - level), return_inverse=True
    )
    patches = [patch(key) for key in keys.tolist()]
    tables = reference.triangle_table()
    differs = [p.triangles != tables[key & 255] for p, key in zip(patches, keys.tolist(), strict=True)]
    kept = torch.tensor(differs, dtype=torch.bool, device=device)[number]
    places, nodes, number = places[kept], nodes[kept], number[kept]
    if not len(places):
        return none

    most, most_inner = max(len(p.triangles) for p in patches), max(1, *(len(p.inner) for p in patches))
    triangles = torch.tensor([[*p.triangles, *[(-1, 0, 0)] * (most - len(p.triangles))] for p in patches]).to(device)
    shares_of = [[*p.inner, *[(0.0,) * 12] * (most_inner - len(p.inner))] for p in patches]
    weights = torch.tensor(shares_of, dtype=torch.float64, device=device)[number]
    own_counts = torch.tensor([len(p.triangles) for p in patches], device=device)[number]
    inner_counts = torch.tensor([len(p.inner) for p in patches], device=device)[number]

    offsets = [3 * sum(d * s for d, s in zip(low, strides, strict=True)) + axis for axis, low in EDGES]
    on_edges = torch.searchsorted(edges, 3 * nodes[:, None] + torch.tensor(offsets, device=device))
    inner_start = len(edges) + inner_counts.cumsum(0) - inner_counts
    inner = inner_start[:, None] + torch.arange(most_inner, device=device)
    own = triangles[number]
    filled = own[:, :, 0] >= 0
    ids = torch.cat([on_edges, inner], 1)
    new = ids.gather(1, own.clamp_min(0).flatten(1)).view_as(own)[filled]

    new_counts = counts.clone()
    new_counts[places] = own_counts
    start, new_start = counts.cumsum(0) - counts, new_counts.cumsum(0) - new_counts
    cell_of = torch.repeat_interleave(torch.arange(len(counts), device=device), counts)
    moved = torch.ones(len(counts), dtype=torch.bool, device=device)
    moved[places] = False
    stays = moved[cell_of].nonzero().flatten()
    total = len(edges) + int(inner_counts.sum())
    result = torch.empty(
        int(new_counts.sum()), 3, dtype=torch.int64 if total > 2**31 - 1 else faces.dtype, device=device
    )
    at = cell_of[stays]
    result[new_start[at] + stays - start[at]] = faces[stays].to(result.dtype)
    rows_new = new_start[places][:, None] + torch.arange(most, device=device)
    result[rows_new[filled]] = new.to(result.dtype)
    used = torch.arange(most_inner, device=device) < inner_counts[:, None]
    shares = weights[used]
    support = on_edges[:, None].expand(-1, most_inner, -1)[used]
    homes = nodes[:, None].expand(-1, most_inner)[used]
    return result, torch.where(shares > 0, support, 0), shares, homes


def with_inner(rows: Tensor, inner: Sequence[Tensor], unit: bool = False) -> Tensor:
    """``rows`` (V, C) of vertices on edges, and after them those (M, C) of inner vertices, given as their support and
    weights: sums in the order of the edges, of length 1 if ``unit``."""
    support, weights = inner
    # Most volumes need none; a compiled graph is to hold for any.
    if not torch.compiler.is_compiling() and not len(support):
        return rows
    total = rows.new_zeros(len(support), rows.shape[1])
    for vertex, weight in zip(support.unbind(1), weights.to(rows.dtype)[..., None].unbind(1), strict=True):
        # A weight of 0 goes with a vertex of another cell, where values may be NaN.
        total = total + torch.where(weight > 0, take(rows, vertex), 0.0) * weight
    if unit:
        total = unit_vectors(total)
    return torch.cat([rows, total])
