# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""From coarse to fine: lattices of every 16th, 8th, ... node, and the bricks of each that come near the surface."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from list_fast.meshing.bricks import CHUNK, Bricks, chunks, places
from list_fast.meshing.evaluate import Evaluator, node_coordinates
from list_fast.meshing.mesh import Culled
from list_fast.ops.marching_cubes_bricks import BRICK, bricks_along


@dataclass(frozen=True)
class Level:
    """The lattice of every step-th node along each axis, and of the last one, however near that is.

    Attributes:
        step: Cells of the full lattice along each side of a cell of this one; the last ones may be cut short.
        sizes: Nodes along x, y and z.
        axes: Coordinates of the nodes, (nodes,) float32 along each axis.
        spacing: Distances between neighbouring nodes of the full lattice.
        short: Whether the last cell along an axis is cut short.
    """

    step: int
    sizes: tuple[int, int, int]
    axes: tuple[Tensor, Tensor, Tensor]
    spacing: tuple[float, float, float]
    short: tuple[bool, bool, bool]

    @classmethod
    def of(
        cls, low: Sequence[float], high: Sequence[float], sizes: Sequence[int], step: int, device: torch.device
    ) -> Level:
        """The level of that step of a lattice with so many nodes from low to high."""
        axes, counts = [], []
        for lo, hi, n in zip(low, high, sizes, strict=True):
            counts.append(math.ceil((n - 1) / step) + 1)
            axes.append(node_coordinates(lo, hi, n)[(torch.arange(counts[-1]) * step).clamp_max(n - 1)].to(device))
        dx, dy, dz = ((hi - lo) / (n - 1) for lo, hi, n in zip(low, high, sizes, strict=True))
        sx, sy, sz = ((n - 1) % step > 0 for n in sizes)
        nx, ny, nz = counts
        return cls(step, (nx, ny, nz), (axes[0], axes[1], axes[2]), (dx, dy, dz), (sx, sy, sz))

    @property
    def device(self) -> torch.device:
        return self.axes[0].device


OCTANTS = tuple(product((0, 1), repeat=3))
"""The halves along x, y and z of a cell's octants; also its corners."""
EVERY_OCTANT = 255


class Culling(Protocol):
    """What decides which octants of a level's cells may hold the surface."""

    def keep(self, store: Bricks, slots: Tensor, level: Level) -> Tensor:
        """Of the cells of bricks (K,): their octants that may, (K, 8, 8, 8) uint8, a bit each as `OCTANTS` has them.

        What it says of cells that are not known is not asked.
        """
        ...


def cells_of(coordinates: Tensor, sizes: Sequence[int]) -> Tensor:
    """Which cells the lattice has, (K, 8, 8, 8), in bricks at these places (K, 3)."""
    local = torch.arange(BRICK, device=coordinates.device)
    x, y, z = (BRICK * coordinates[:, a, None] + local < sizes[a] - 1 for a in range(3))
    return x[:, :, None, None] & y[:, None, :, None] & z[:, None, None, :]


def every_brick(level: Level) -> Bricks:
    """All bricks of a level with all its cells, and no values."""
    store = Bricks(level.sizes, torch.arange(math.prod(bricks_along(level.sizes)), device=level.device))
    for slots in chunks(len(store.numbers), level.device):
        store.cells[slots] = cells_of(store.coordinates(slots), level.sizes)
    return store


def evaluate_all(level: Level, evaluate: Evaluator) -> Tensor:
    """The values (D, H, W) at all nodes of a coarse level."""
    lines = [torch.arange(n, device=level.device) for n in level.sizes]
    evaluate.begin("coarse", math.prod(level.sizes))
    return evaluate(level.axes, torch.cartesian_prod(*lines).unbind(1)).view(level.sizes)


def split(volume: Tensor) -> Tensor:
    """A volume (D, H, W) -> its bricks (M, 8, 8, 8) by number, filled up with NaN."""
    x, y, z = bricks_along(volume.shape)
    pad = [n for a in (2, 1, 0) for n in (0, BRICK * (x, y, z)[a] - volume.shape[a])]
    padded = F.pad(volume, pad, value=math.nan)
    return padded.view(x, BRICK, y, BRICK, z, BRICK).permute(0, 2, 4, 1, 3, 5).reshape(-1, BRICK, BRICK, BRICK)


def steepest_rise(volume: Tensor, level: Level) -> float:
    """The steepest rise over distance that a volume (D, H, W) shows: along its edges, and of the mean over each cell.

    Neither exceeds the Lipschitz constant. Rises of single edges put together could, where the field has a crease.
    """
    steepest = 0.0
    total = torch.zeros((), device=volume.device)
    for axis in range(3):
        shape = [1, 1, 1]
        shape[axis] = -1
        rise = slopes(volume.diff(dim=axis), level.axes[axis].diff().view(shape))
        steepest = max(steepest, float(rise.abs().amax()))
        for other in range(3):
            if other != axis:
                count = rise.shape[other] - 1
                rise = (rise.narrow(other, 0, count) + rise.narrow(other, 1, count)) / 2
        total = total + rise.square()
    return max(steepest, float(total.max().sqrt()))


def slopes(rise: Tensor, distance: Tensor | float) -> Tensor:
    """Rises over distances; 0 where a value is NaN or infinite."""
    slope = rise / distance
    return torch.where(slope.isfinite(), slope, 0.0)


def cull(store: Bricks, culling: Culling, level: Level) -> tuple[Tensor, Culled]:
    """Find which octants of the known cells may hold the surface. The store is changed: its cells are those with some.

    Returns:
        The octants (M, 8, 8, 8) uint8 of the store's cells, and what was left out.
    """
    tested = kept = parts = 0
    octants = torch.zeros_like(store.cells, dtype=torch.uint8)
    for slots in chunks(len(store.numbers), level.device):
        slots = slots[store.cells[slots].flatten(1).any(1)]
        if not len(slots):
            continue
        cells = store.cells[slots]
        found = torch.where(cells, culling.keep(store, slots, level), 0)
        tested += int(cells.sum())
        kept += int((found > 0).sum())
        parts += sum(int((found >> bit & 1).sum()) for bit in range(8))
        octants[slots] = found
        store.cells[slots] = found > 0
    return octants, Culled(level.step, tested, tested - kept, 8 * kept - parts)


def halve(parent: Bricks, level: Level, octants: Tensor | None = None) -> Bricks:
    """The bricks of a level of half the step, its cells those octants of the parent's known cells; by default all."""
    coordinates = parent.coordinates(slice(None))
    half = BRICK // 2
    eighths = []
    for eighth in OCTANTS:
        a, b, c = (slice(half * o, half * o + half) for o in eighth)
        slots = parent.cells[:, a, b, c].flatten(1).any(1).nonzero()[:, 0]
        eighths.append((2 * coordinates[slots] + torch.tensor(eighth, device=level.device), slots, (a, b, c)))
    store = Bricks(level.sizes, parent.numbers[:0])
    store.add(torch.cat([store.number(children) for children, _, _ in eighths]))
    bits = torch.arange(8, dtype=torch.uint8, device=level.device).view(2, 2, 2)
    for children, slots, (a, b, c) in eighths:
        for begin in range(0, len(slots), CHUNK):
            part = slice(begin, begin + CHUNK)
            if octants is None:
                cells = parent.cells[slots[part], a, b, c]
                for axis in (1, 2, 3):
                    cells = cells.repeat_interleave(2, axis)
            else:
                # An axis of halves behind each axis of cells.
                whole = octants[slots[part], a, b, c][:, :, None, :, None, :, None]
                cells = (whole >> bits[:, None, :, None, :] & 1).bool().reshape(-1, *[BRICK] * 3)
            store.cells[store.find(store.number(children[part]))] = cells & cells_of(children[part], level.sizes)
    return store


def learn(
    store: Bricks, level: Level, evaluate: Evaluator, stage: str, parent: tuple[Bricks, Level] | None = None
) -> None:
    """Evaluate the corners of all known cells, but for those that a level of twice the step knows."""
    slots = store.cells.flatten(1).any(1).nonzero()[:, 0]
    slots, nodes = store.nodes_of(slots, store.cells[slots])
    if parent is not None:
        for begin in range(0, len(slots), CHUNK):
            part = slice(begin, begin + CHUNK)
            inherit(store, level, slots[part], nodes[part], *parent)
    evaluate_nodes(store, level, evaluate, stage, slots, nodes)


def evaluate_nodes(store: Bricks, level: Level, evaluate: Evaluator, stage: str, slots: Tensor, nodes: Tensor) -> None:
    """Evaluate nodes (K, 8, 8, 8) of bricks (K,)."""
    evaluate.begin(stage, int(nodes.sum()))
    for begin in range(0, len(slots), CHUNK):
        part = slice(begin, begin + CHUNK)
        flat, at = places(store.coordinates(slots[part]), nodes[part])
        if len(flat):
            values = store.values[slots[part]]
            values.view(-1)[flat] = evaluate(level.axes, at)
            store.values[slots[part]] = values


def inherit(store: Bricks, level: Level, slots: Tensor, nodes: Tensor, parent: Bricks, above: Level) -> None:
    """Take over what the parent knows of bricks (K,), and strike it off the nodes (K, 8, 8, 8) that are asked for.

    What is not asked for is taken over too, as the next level, or the surface that is followed, may come to it.
    """
    coordinates = store.coordinates(slots)
    home = parent.find(parent.number(coordinates // 2))
    half = BRICK // 2
    octants = parent.values[home.clamp_min(0)].view(-1, 2, half, 2, half, 2, half)
    rows = torch.arange(len(slots), device=level.device)
    x, y, z = (coordinates % 2).unbind(1)
    known = octants[rows, x, :, y, :, z, :]
    known[home < 0] = torch.nan
    even = (slice(None), *[slice(None, None, 2)] * 3)
    values = store.values[slots]
    values[even] = torch.where(values[even].isnan(), known, values[even])
    # Of an axis that the parent's step does not divide, the last node has the parent's last place, wherever that is.
    if any(above.short):
        flat, at = places(coordinates, nodes)
        last = [p == n - 1 for p, n in zip(at, level.sizes, strict=True)]
        border = torch.zeros_like(last[0])
        passed = torch.ones_like(last[0])
        theirs = []
        for axis, short in enumerate(above.short):
            end = last[axis] & short
            border |= end
            passed &= end | (at[axis] % 2 == 0)
            theirs.append(torch.where(end, above.sizes[axis] - 1, at[axis] // 2))
        chosen = (border & passed).nonzero()[:, 0]
        place = torch.stack(theirs, 1)[chosen]
        home = parent.find(parent.number(place // BRICK))
        found = parent.values[(home.clamp_min(0), *(place % BRICK).unbind(1))]
        values.view(-1)[flat[chosen]] = torch.where(home >= 0, found, torch.nan)
    store.values[slots] = values
    nodes &= values.isnan()


def evaluate_exactly(level: Level, evaluate: Evaluator, surface: float, error: float = 0.0) -> tuple[Tensor, Tensor]:
    """Evaluate every node, slab by slab, and keep the bricks that hold corners of cells with both signs.

    Values within `error` of the surface count as either sign.

    Returns:
        Numbers (M,), rising, and values (M, 8, 8, 8) of the bricks.
    """
    depth, height, width = level.sizes
    _, by, bz = bricks_along(level.sizes)
    yz = torch.cartesian_prod(*(torch.arange(n, device=level.device) for n in (height, width)))
    together = max(1, evaluate.chunk // len(yz))
    evaluate.begin("exact", math.prod(level.sizes))

    def slab(begin: int) -> Tensor:
        """The values of the next 8 planes or fewer."""
        planes = []
        end = min(begin + BRICK, depth)
        for first in range(begin, end, together):
            x = torch.arange(first, min(first + together, end), device=level.device)
            y, z = (p.repeat(len(x)) for p in yz.unbind(1))
            planes.append(evaluate(level.axes, (x.repeat_interleave(len(yz)), y, z)).view(-1, height, width))
        return torch.cat(planes)

    numbers, values = [], []
    here = slab(0)
    before = here[:0]
    for begin in range(0, depth, BRICK):
        after = slab(begin + BRICK) if begin + BRICK < depth else here[:0]
        around = torch.cat([before, here, after[:1]])
        both = torch.ones(1, dtype=torch.bool, device=level.device)
        for sign in (around < surface + error, around >= surface - error):
            # One node beyond the brick on every side. Padding holds no sign.
            seen = F.pad(sign.any(0)[None, None].float(), (1, BRICK * bz + 1 - width, 1, BRICK * by + 1 - height))
            both = both & (F.max_pool2d(seen, BRICK + 2, BRICK) > 0).flatten()
        kept = both.nonzero()[:, 0]
        numbers.append(begin // BRICK * by * bz + kept)
        values.append(split(here)[kept])
        before, here = here[-1:], after
    return torch.cat(numbers), torch.cat(values)
