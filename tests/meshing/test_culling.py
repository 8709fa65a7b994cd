# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What L excludes: held to the lowest function that L and the corner values of a cell allow."""

from itertools import product

import torch
from torch import Tensor

from list_fast.meshing.bricks import Bricks
from list_fast.meshing.culling import LipschitzCulling
from list_fast.meshing.levels import OCTANTS, Level, cells_of

SIZES = (17, 33, 15)  # at a step of 2: 9, 17 and 8 nodes
LOW, HIGH = (-1.0, -1.0, -1.0), (1.0, 1.5, 1.2)


def one_brick(values: Tensor) -> tuple[Bricks, Level, Tensor]:
    level = Level.of(LOW, HIGH, SIZES, 2, torch.device("cpu"))
    store = Bricks(level.sizes, torch.zeros(1, dtype=torch.long))
    store.values.copy_(values)
    store.cells.copy_(cells_of(store.coordinates(slice(None)), level.sizes))
    store.cells[:, -1] = store.cells[:, :, -1] = store.cells[:, :, :, -1] = False  # whose upper nodes lie beyond it
    return store, level, store.cells[0].nonzero()


def test_octants_left_out_are_empty_whatever_the_function() -> None:
    torch.manual_seed(0)
    lipschitz, sign = 1.3, -1.0
    # One sign, and far enough from the level for some octants of a cell, but not for all, to be excluded.
    store, level, cells = one_brick(sign * (0.02 + 0.4 * torch.rand(1, 8, 8, 8)))
    octants = LipschitzCulling(0.0, lipschitz).keep(store, torch.tensor([0]), level)[0]
    excluded = partly = 0
    for x, y, z in cells.tolist():
        kept = int(octants[x, y, z])
        partly += 0 < kept < 255
        corners = [(x + a, y + b, z + c) for a, b, c in OCTANTS]
        places = torch.tensor([[axis[n] for axis, n in zip(level.axes, c, strict=True)] for c in corners])
        heights = torch.stack([store.values[(0, *c)].abs() for c in corners])
        for bit, octant in enumerate(OCTANTS):
            lines = [
                torch.linspace(float(a + (b - a) * o / 2), float(a + (b - a) * (o + 1) / 2), 7)
                for o, a, b in zip(octant, places[0].tolist(), places[-1].tolist(), strict=True)
            ]
            # McShane's extension: the lowest function of that L through the corners.
            lowest = (heights - lipschitz * torch.cdist(torch.cartesian_prod(*lines), places)).amax(1).min()
            if not kept >> bit & 1:
                excluded += 1
                assert lowest > 0
    assert excluded > 300 and partly > 100


def test_cells_with_both_signs_or_nan_stay_whole() -> None:
    values = torch.full((1, 8, 8, 8), 5.0)
    values[0, 3, 3, 3] = -5.0  # L would exclude both
    values[0, 6, 6, 6] = torch.nan
    store, level, _ = one_brick(values)
    octants = LipschitzCulling(0.0, 1e-3).keep(store, torch.tensor([0]), level)[0]
    whole = torch.zeros(8, 8, 8, dtype=torch.bool)
    for d in product((0, 1), repeat=3):
        whole[tuple(3 - n for n in d)] = whole[tuple(6 - n for n in d)] = True
    inner = store.cells[0]
    assert torch.equal(octants[inner] == 255, whole[inner]) and bool((octants[inner & ~whole] == 0).all())


def test_an_error_of_the_values_widens_what_is_kept() -> None:
    store, level, _ = one_brick(torch.full((1, 8, 8, 8), 0.3))
    slots = torch.tensor([0])
    assert not LipschitzCulling(0.0, 1.0).keep(store, slots, level)[0][store.cells[0]].any()
    assert LipschitzCulling(0.0, 1.0, error=0.4).keep(store, slots, level)[0][store.cells[0]].all()
