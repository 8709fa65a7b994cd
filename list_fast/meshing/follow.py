# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Following the surface: where it leaves the known cells, the next ones are evaluated too, until none is left."""

from __future__ import annotations

import torch
from torch import Tensor

from list_fast.meshing.bricks import Bricks, chunks, places
from list_fast.meshing.culling import LipschitzCulling
from list_fast.meshing.evaluate import Evaluator
from list_fast.meshing.levels import Level, cells_of, evaluate_nodes, inherit
from list_fast.ops.marching_cubes_bricks import BRICK

BLOCK = 4
"""Cells a side of what is evaluated where the surface leaves the known cells: larger blocks take fewer rounds."""


def follow(
    store: Bricks,
    level: Level,
    evaluate: Evaluator,
    surface: float,
    watch: LipschitzCulling,
    parent: tuple[Bricks, Level],
) -> None:
    """Evaluate unknown cells beside known ones with both signs on the face between, and so on.

    Cells that happen to have all their corners are known too, as they will have faces. Nodes that the parent, a level
    of twice the step, knows are taken over from it.
    """
    frontier = store.cells.flatten(1).any(1).nonzero()[:, 0]
    while len(frontier):
        found = [_beyond(store, frontier[part], level, surface, watch) for part in chunks(len(frontier), level.device)]
        cells = torch.cat(found)
        if not len(cells):
            return
        blocks = torch.unique(cells // BLOCK, dim=0)
        bricks = blocks * BLOCK // BRICK
        store.add(store.number(bricks))
        home = store.find(store.number(bricks))
        frontier, row = torch.unique(home, return_inverse=True)
        fresh = torch.zeros(len(frontier), *[BRICK] * 3, dtype=torch.bool, device=level.device)
        n = BRICK // BLOCK
        x, y, z = (blocks % n).unbind(1)
        fresh.view(-1, n, BLOCK, n, BLOCK, n, BLOCK)[row, x, :, y, :, z, :] = True
        fresh &= cells_of(store.coordinates(frontier), level.sizes) & ~store.cells[frontier]
        slots, nodes = store.nodes_of(frontier, fresh)
        nodes &= store.values[slots].isnan()
        inherit(store, level, slots, nodes, *parent)
        evaluate_nodes(store, level, evaluate, "follow", slots, nodes)
        store.cells[frontier] |= fresh


def _beyond(store: Bricks, slots: Tensor, level: Level, surface: float, watch: LipschitzCulling) -> Tensor:
    """The unknown cells (N, 3) behind faces of bricks' known cells that have both signs; some more than once."""
    values = store.with_upper(slots)
    watch.watch(values, level)
    inside, outside = values < surface, values >= surface
    both = inside.flatten(1).any(1) & outside.flatten(1).any(1)
    slots, inside, outside, values = slots[both], inside[both], outside[both], values[both]
    store.cells[slots] |= _all_corners(~values.isnan())
    coordinates, cells = store.coordinates(slots), store.cells[slots]
    limits = torch.tensor(level.sizes, device=level.device) - 1
    found = []
    for axis in range(3):
        crossed = _any_on_face(inside, axis) & _any_on_face(outside, axis)
        unit = [int(a == axis) for a in range(3)]
        sides = []
        for sign, place in ((-1, BRICK - 1), (1, 0)):
            beyond = store.neighbours(coordinates, [sign * u for u in unit])
            side = store.cells[beyond.clamp_min(0)].narrow(axis + 1, place, 1)
            side[beyond < 0] = False
            sides.append(side)
        known = torch.cat([sides[0], cells, sides[1]], axis + 1)
        below, above = known.narrow(axis + 1, 0, BRICK + 1), known.narrow(axis + 1, 1, BRICK + 1)
        # Face n of 0 .. 8 lies between the cells n - 1 and n.
        for unknown, offset in ((crossed & below & ~above, 0), (crossed & above & ~below, -1)):
            for first in (0, BRICK):  # the faces 0 .. 7, then face 8, of the brick beyond
                shape = list(cells.shape)
                mask = torch.zeros(shape, dtype=torch.bool, device=level.device)
                count = min(BRICK, BRICK + 1 - first)
                mask.narrow(axis + 1, 0, count).copy_(unknown.narrow(axis + 1, first, count))
                _, at = places(coordinates, mask)
                cell = torch.stack(at, 1)
                cell[:, axis] += first + offset
                found.append(cell[((cell >= 0) & (cell < limits)).all(1)])
    return torch.cat(found)


def _all_corners(nodes: Tensor) -> Tensor:
    """Nodes (K, 9, 9, 9) -> whether all corners of a cell are set, (K, 8, 8, 8)."""
    for axis in (1, 2, 3):
        nodes = nodes.narrow(axis, 0, BRICK) & nodes.narrow(axis, 1, BRICK)
    return nodes


def _any_on_face(nodes: Tensor, axis: int) -> Tensor:
    """Nodes (K, 9, 9, 9) -> whether one of the four nodes of a face across the axis is set; 9 faces along it, 8 x 8."""
    for other in range(3):
        if other != axis:
            nodes = nodes.narrow(other + 1, 0, BRICK) | nodes.narrow(other + 1, 1, BRICK)
    return nodes
