# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Bricks of 8 x 8 x 8 nodes of a lattice: the values and cells that an extraction knows, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import torch
from torch import Tensor

from list_fast.ops.marching_cubes_bricks import BRICK, bricks_along

CHUNK = 4096
"""Bricks that are worked on together: what is made of them on the way takes some tens of megabytes."""

UPPER = [d for d in product((0, 1), repeat=3) if any(d)]
"""The seven bricks that hold the upper nodes of a brick's last cells."""


def _own(d: Sequence[int]) -> tuple[slice, slice, slice, slice]:
    """All bricks; along each axis the place 8 of 9 where d is 1, else the places 0 to 7."""
    x, y, z = (slice(BRICK, BRICK + 1) if n else slice(0, BRICK) for n in d)
    return slice(None), x, y, z


def _theirs(d: Sequence[int]) -> tuple[slice, slice, slice, slice]:
    """The same nodes as places of the brick beyond."""
    x, y, z = (slice(0, 1) if n else slice(0, BRICK) for n in d)
    return slice(None), x, y, z


class Bricks:
    """Some bricks of a lattice: a slot for each, in the order in which they came.

    Attributes:
        sizes: Nodes of the lattice along x, y and z.
        along: Bricks of the lattice along x, y and z.
        numbers: Row-major numbers (M,) of the bricks.
        values: Values (M, 8, 8, 8) of their nodes, NaN where not known.
        cells: Whether a cell is known, (M, 8, 8, 8): all its nodes were evaluated. A cell has the place of its lowest
            node.
    """

    def __init__(self, sizes: Sequence[int], numbers: Tensor) -> None:
        self.sizes, self.along = tuple(sizes), bricks_along(sizes)
        self.device = numbers.device
        self._count = 0
        self.numbers = numbers[:0]
        self._values = torch.empty(0, BRICK, BRICK, BRICK, device=self.device)
        self._cells = torch.empty(0, BRICK, BRICK, BRICK, dtype=torch.bool, device=self.device)
        self.add(numbers)

    @property
    def values(self) -> Tensor:
        return self._values[: self._count]

    @property
    def cells(self) -> Tensor:
        return self._cells[: self._count]

    def add(self, numbers: Tensor) -> None:
        """Make room for the bricks of these numbers that are not there yet."""
        numbers = torch.unique(numbers)
        if self._count:
            numbers = numbers[self.find(numbers) < 0]
        count = self._count + numbers.shape[0]
        if count > self._values.shape[0]:
            # More than is asked for, but only once it grows again, so that many additions cost little more than one.
            room = count if self._count == 0 else count + count // 4
            values, cells = self._values, self._cells
            self._values = values.new_empty(room, *values.shape[1:])
            self._cells = cells.new_empty(room, *cells.shape[1:])
            self._values[: self._count], self._cells[: self._count] = values[: self._count], cells[: self._count]
        self._values[self._count : count] = torch.nan
        self._cells[self._count : count] = False
        self._count = count
        self.numbers = torch.cat([self.numbers, numbers])
        self._sorted, self._slots = self.numbers.sort()

    def find(self, numbers: Tensor) -> Tensor:
        """Slots (K,) of bricks by their numbers; -1 for those that are not there."""
        if not self._count:
            return torch.full_like(numbers, -1)
        place = torch.searchsorted(self._sorted, numbers).clamp_max(self._count - 1)
        return torch.where(self._sorted[place] == numbers, self._slots[place], -1)

    def coordinates(self, slots: Tensor | slice) -> Tensor:
        """Places (K, 3) of bricks among those of the lattice."""
        numbers = self.numbers[slots]
        _, y, z = self.along
        return torch.stack([numbers // (y * z), numbers // z % y, numbers % z], 1)

    def number(self, coordinates: Tensor) -> Tensor:
        """The numbers (K,) of the bricks at these places, (K, 3)."""
        _, y, z = self.along
        return (coordinates[:, 0] * y + coordinates[:, 1]) * z + coordinates[:, 2]

    def neighbours(self, coordinates: Tensor, d: Sequence[int]) -> Tensor:
        """Slots (K,) of the bricks at a distance d from these places, -1 for those that are not there."""
        beyond = coordinates + torch.tensor(d, device=self.device)
        inside = ((beyond >= 0) & (beyond < torch.tensor(self.along, device=self.device))).all(1)
        return torch.where(inside, self.find(self.number(beyond)), -1)

    def with_upper(self, slots: Tensor) -> Tensor:
        """Values (K, 9, 9, 9) of bricks and of the nodes beyond their last ones."""
        result = torch.full((slots.shape[0], *[BRICK + 1] * 3), torch.nan, device=self.device)
        result[_own((0, 0, 0))] = self._values[slots]
        coordinates = self.coordinates(slots)
        for d in UPPER:
            beyond = self.neighbours(coordinates, d)
            there = (beyond >= 0).nonzero()[:, 0]
            result[(there, *_own(d)[1:])] = self._values[(beyond[there], *_theirs(d)[1:])]
        return result

    def nodes_of(self, slots: Tensor, cells: Tensor) -> tuple[Tensor, Tensor]:
        """The corners of cells (K, 8, 8, 8) of bricks (K,), each once; bricks that have some are added.

        Returns:
            Slots (L,), rising, and which of their nodes are corners, (L, 8, 8, 8).
        """
        coordinates, units = self.coordinates(slots), torch.tensor(UPPER, device=self.device)
        touched = [cells[_last(d)].flatten(1).any(1) for d in UPPER]
        self.add(torch.cat([self.number(coordinates[t] + unit) for t, unit in zip(touched, units, strict=True)]))
        beyond = [self.neighbours(coordinates[t], d) for t, d in zip(touched, UPPER, strict=True)]
        all_slots = torch.unique(torch.cat([slots, *beyond]))
        nodes = torch.zeros(all_slots.shape[0], *[BRICK] * 3, dtype=torch.bool, device=self.device)
        for begin in range(0, slots.shape[0], CHUNK):
            part = slice(begin, begin + CHUNK)
            corners = _dilated(cells[part])
            # Along one direction bricks differ, and so do those beyond them: no two write to one place.
            nodes[torch.searchsorted(all_slots, slots[part])] |= corners[_own((0, 0, 0))]
            for d, t in zip(UPPER, touched, strict=True):
                rows = t[part].nonzero()[:, 0]
                place = torch.searchsorted(all_slots, self.neighbours(coordinates[part][rows], d))
                region = _theirs(d)[1:]
                nodes[(place, *region)] = nodes[(place, *region)] | corners[(rows, *_own(d)[1:])]
        return all_slots, nodes

    def in_order(self) -> tuple[Tensor, Tensor]:
        """Numbers (M,), rising, and values (M, 8, 8, 8) in that order; no copy where they are in it anyway."""
        if bool((self._slots[1:] > self._slots[:-1]).all()):
            return self.numbers, self.values
        return self._sorted, self.values[self._slots]


def _last(d: Sequence[int]) -> tuple[slice, slice, slice, slice]:
    """The cells that have corners in the brick at a distance d."""
    x, y, z = (slice(BRICK - 1, BRICK) if n else slice(0, BRICK) for n in d)
    return slice(None), x, y, z


def _dilated(cells: Tensor) -> Tensor:
    """Cells (K, 8, 8, 8) -> which nodes (K, 9, 9, 9) are their corners."""
    for axis in (1, 2, 3):
        shape = list(cells.shape)
        shape[axis] += 1
        grown = cells.new_zeros(shape)
        grown.narrow(axis, 0, BRICK).copy_(cells)
        grown.narrow(axis, 1, BRICK).logical_or_(cells)
        cells = grown
    return cells


def places(coordinates: Tensor, mask: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor]]:
    """Where a mask (K, 8, 8, 8) of bricks at these places (K, 3) is true.

    Returns:
        Row-major places (N,) in the mask, and the places of these nodes or cells in the lattice, (N,) each.
    """
    flat = mask.flatten().nonzero()[:, 0]
    corner = (BRICK * coordinates)[flat // BRICK**3]
    return flat, (
        corner[:, 0] + flat // BRICK**2 % BRICK,
        corner[:, 1] + flat // BRICK % BRICK,
        corner[:, 2] + flat % BRICK,
    )


def chunks(count: int, device: torch.device) -> Iterator[Tensor]:
    """The slots below a count in chunks."""
    for begin in range(0, count, CHUNK):
        yield torch.arange(begin, min(begin + CHUNK, count), device=device)
