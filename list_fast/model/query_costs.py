# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""When it pays to apply the decoder's first layer to a level instead of to its samples, by a model of the costs.

Costs are in multiply-adds of a matrix product. Sampling a level of C channels and multiplying the sample by C x H
columns costs C H, and 8 C of interpolation; with the level multiplied first, interpolation reads 8 H, but nothing is
multiplied. A multiply-add of interpolation is dearer: its operands come from memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXPECTED_QUERIES = 2**18
"""Queries that a field is taken to answer, which its preparation is spread over: a sparse extraction at 128³."""

LATTICE_NODES = 116
"""Nodes per axis of [-1, 1] on the lattice that a field is taken to be evaluated on: 128 over a box of ±0.55."""

CACHED_BYTES = 2**26
"""Maps up to this size are read about as fast as caches can; what is larger comes from memory."""


@dataclass(frozen=True)
class Lane:
    """A way to evaluate points.

    Attributes:
        lattice: Whether points come in lines of a lattice: a line interpolates each node of the level across the two
            other axes once, and a point only along the line.
        near: Cost of a multiply-add of interpolation from maps of up to ``CACHED_BYTES``.
        far: The same for larger ones.
    """

    lattice: bool
    near: float
    far: float


LATTICE = Lane(lattice=True, near=3.0, far=6.0)
SCATTERED = Lane(lattice=False, near=6.0, far=24.0)
"""Measured with AVX-512 on one core: 33 to 41 and 75 ps a multiply-add on lines, 60 to 94 and 303 ps at scattered
points, against 12.7 ps in a matrix product."""


def rows_of_voxels(nodes: int, places: int, shifts: int, lane: Lane) -> float:
    """Rows of a projected voxel level that a query reads: ``places`` samples of 8 nodes, at ``shifts`` different
    distances along a line."""
    if not lane.lattice:
        return 8 * places
    return 2 * shifts + 4 * places * nodes / LATTICE_NODES


def saved_by_projection(
    channels: int, hidden: int, samples: int, nodes: int, size: int, rows: float, lane: Lane
) -> float:
    """Multiply-adds that a query is spared where a level is multiplied by the first layer before it is sampled.

    Args:
        channels: C of the level.
        hidden: H, the width of the first layer.
        samples: How many samples a query takes of the level.
        nodes: How many nodes the level has in all.
        size: Bytes of the level multiplied, a map for each sample.
        rows: How many nodes of them a query reads.
        lane: How the points come.
    """
    direct = samples * channels * hidden + 8 * samples * channels * lane.near
    prepared = samples * channels * hidden * nodes / EXPECTED_QUERIES
    return direct - prepared - rows * hidden * (lane.near if size <= CACHED_BYTES else lane.far)


def voxels_to_project(
    levels: Sequence[tuple[int, int]], hidden: int, places: int, shifts: int, itemsize: int, budget: int, lane: Lane
) -> list[bool]:
    """Which voxel levels to multiply first, given (channels, nodes per axis) of each, finest first.

    The coarsest come first into ``budget`` bytes of maps: they have the most channels and the fewest nodes.
    """
    chosen = []
    for channels, nodes in reversed(levels):
        size = places * hidden * nodes**3 * itemsize
        rows = rows_of_voxels(nodes, places, shifts, lane)
        pays = saved_by_projection(channels, hidden, places, nodes**3, size, rows, lane) > 0
        chosen.append(pays and size <= budget)
        budget -= size * chosen[-1]
    return chosen[::-1]


def image_to_project(channels: int, height: int, width: int, hidden: int, itemsize: int, lane: Lane) -> bool:
    """Whether to multiply an image level first, one that is sampled in its own resolution."""
    size = hidden * height * width * itemsize
    return saved_by_projection(channels, hidden, 1, height * width, size, 4, lane) > 0
