# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Where the decoder's first layer meets a level most cheaply, by a model of the costs.

Costs are in multiply-adds of a matrix product. A level of C channels may be

- "direct": sampled, and the sample multiplied by C x H columns; C H for each sample, and 8 C of interpolation;
- "projected": multiplied first, so that interpolation reads 8 H and nothing is multiplied, for a map for each sample;
- "lines": on a lattice, interpolated across its planes and multiplied once for each node of the level in a plane; what
  that gives is interpolated across lines, and along them.

A multiply-add of interpolation is dearer than one of a product: its operands come from memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXPECTED_QUERIES = 2**18
"""Queries that a field is taken to answer, which its preparation is spread over: a sparse extraction at 128³."""

DENSE = 80
"""Nodes per axis of [-1, 1] from which on a lattice is a fine one."""

LINE = 32
"""Queries of a line that are evaluated together; they read up to two nodes more than lie between them."""

CACHED_BYTES = 2**26
"""Maps up to this size are read about as fast as caches can; what is larger comes from memory."""

LINE_PRODUCT = 1.25
"""What a multiply-add costs in the products of few rows that lines make."""


@dataclass(frozen=True)
class Lane:
    """A way to evaluate points.

    Attributes:
        lattice: Nodes per axis of [-1, 1] of the lattice whose lines points come in, 0 for none. Each node of a level
            is interpolated once for a plane of it, then once for a line, and a point only along the line.
        near: Cost of a multiply-add of interpolation from maps of up to ``CACHED_BYTES``.
        far: The same for larger ones.
    """

    lattice: int
    near: float
    far: float


LATTICE = Lane(lattice=116, near=3.0, far=6.0)
"""128 nodes over a box of ±0.55."""
COARSE_LATTICE = Lane(lattice=58, near=3.0, far=6.0)
"""64 nodes: what a sparse extraction begins with."""
SCATTERED = Lane(lattice=0, near=6.0, far=24.0)
"""Measured with AVX-512 on one core: 33 to 41 and 75 ps a multiply-add on lines, 60 to 94 and 303 ps at scattered
points, against 12.7 ps in a matrix product."""


@dataclass(frozen=True)
class Query:
    """What every level has in common: `hidden`, H; `places`, the samples of a query of a level; `shifts`, at how many
    different distances along a line these lie; `itemsize`, bytes of a number."""

    hidden: int
    places: int
    shifts: int
    itemsize: int

    def direct(self, channels: int, lane: Lane) -> float:
        return self.places * channels * (self.hidden + 8 * lane.near)

    def along(self, nodes: int, lane: Lane) -> float:
        """Nodes of a level that are read along a line, for each query of it."""
        return nodes / lane.lattice + 2 / LINE

    def projected(self, channels: int, nodes: int, lane: Lane) -> float:
        """Of a level of `nodes` per axis; its preparation included."""
        rows = 8.0 * self.places
        if lane.lattice:
            rows = 2 * self.shifts + 2 * self.places * self.along(nodes, lane) * (1 + nodes / lane.lattice)
        interpolated = rows * self.hidden * (lane.near if self.bytes(nodes) <= CACHED_BYTES else lane.far)
        return interpolated + self.places * channels * self.hidden * nodes**3 / EXPECTED_QUERIES

    def lines(self, channels: int, nodes: int, lane: Lane) -> float:
        along = self.along(nodes, lane)
        share = along * nodes / lane.lattice  # nodes of a plane for each query
        product = self.places * channels * (self.hidden * LINE_PRODUCT + 2 * lane.near)
        rows = 2 * self.shifts + 2 * self.places * along
        return share * product + rows * self.hidden * lane.near

    def bytes(self, nodes: int) -> int:
        """Of the maps of a level of `nodes` per axis."""
        return self.places * self.hidden * nodes**3 * self.itemsize


def ways_of_voxels(levels: Sequence[tuple[int, int]], query: Query, budget: int, lane: Lane) -> list[str]:
    """The cheapest way for each voxel level, given (channels, nodes per axis), finest first.

    The coarsest come first into ``budget`` bytes of maps: they have the most channels and the fewest nodes.
    """
    ways = []
    for channels, nodes in reversed(levels):
        costs = {"direct": query.direct(channels, lane)}
        if query.bytes(nodes) <= budget:
            costs["projected"] = query.projected(channels, nodes, lane)
        if lane.lattice:
            costs["lines"] = query.lines(channels, nodes, lane)
        ways.append(min(costs, key=costs.__getitem__))
        budget -= query.bytes(nodes) if ways[-1] == "projected" else 0
    return ways[::-1]


def image_is_projected(channels: int, pixels: int, query: Query, lane: Lane) -> bool:
    """Whether to multiply an image level first, one that is sampled in its own resolution."""
    size = query.hidden * pixels * query.itemsize
    prepared = channels * query.hidden * pixels / EXPECTED_QUERIES
    projected = 4 * query.hidden * (lane.near if size <= CACHED_BYTES else lane.far) + prepared
    return projected < channels * (query.hidden + 4 * lane.near)
