# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The CUDA kernels of isosurfaces and occupancy grids, run lane by lane on the host: the same bits as on CPU."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

import list_fast.ops  # noqa: F401  (loads the operators)

NATIVE = torch.ops.list_fast


def volumes() -> list[Tensor]:
    g = torch.Generator().manual_seed(0)
    shapes = [(7, 6, 5), (2, 2, 2), (4, 3, 33), (3, 5, 96), (2, 9, 131), (1, 4, 4), (0, 3, 3), (40, 40, 41)]
    made = []
    for n, shape in enumerate(shapes):
        volume = torch.randn(shape, generator=g)
        if n % 2:
            volume = (2 * volume).round()
        made.append(volume)
        holes = volume.clone()
        holes[torch.rand(shape, generator=g) < 0.03] = math.nan
        holes[torch.rand(shape, generator=g) < 0.03] = math.inf
        made.append(holes)
    axis = torch.linspace(-1, 1, 90)
    made.append(axis[:, None, None].square() + axis[None, :, None].square() + axis.square() - 0.5)
    return made


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_marching_cubes(host: Any, dtype: torch.dtype) -> None:
    g = torch.Generator().manual_seed(1)
    faces = 0
    for volume in (v.to(dtype) for v in volumes()):
        for level in (0.0, 0.3):
            wanted, got = NATIVE.marching_cubes(volume, level, True), host.marching_cubes(volume, level, True)
            for a, b in zip(got, wanted, strict=True):
                assert a.dtype == b.dtype and torch.equal(a, b), (tuple(volume.shape), level)
            faces += got[1].shape[0]
            arguments = (volume, got[2], level, 0.5, 1.0, 0.1)
            assert torch.equal(host.marching_cubes_normals(*arguments), NATIVE.marching_cubes_normals(*arguments))
            grad = torch.randn(got[0].shape, dtype=got[0].dtype, generator=g)
            arguments = (grad, volume, got[2], level)
            assert torch.equal(host.marching_cubes_backward(*arguments), NATIVE.marching_cubes_backward(*arguments))
    assert faces > 100_000
    assert host.marching_cubes(volumes()[0], 0.0, False)[2].shape == (0,)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int8, torch.int16])
def test_marching_cubes_of_integers(host: Any, dtype: torch.dtype) -> None:
    faces = 0
    for values in volumes():
        volume = (values.nan_to_num(0.0, posinf=3.0) * 20 + 60).clamp(0, 127).to(dtype)
        for level in (60.0, 70.5):
            wanted, got = NATIVE.marching_cubes(volume, level, True), host.marching_cubes(volume, level, True)
            assert all(torch.equal(a, b) for a, b in zip(got, wanted, strict=True))
            arguments = (volume, got[2], level, 0.5, 1.0, 0.1)
            assert torch.equal(host.marching_cubes_normals(*arguments), NATIVE.marching_cubes_normals(*arguments))
            faces += len(got[1])
    assert faces > 100_000


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("resolution", [2, 9, 40])
def test_occupancy_grid(host: Any, resolution: int, dtype: torch.dtype) -> None:
    g = torch.Generator().manual_seed(resolution)
    points = (torch.rand(3, 500, 3, generator=g, dtype=dtype) - 0.5) * 1.1
    points[0, 0, 1] = math.nan
    points[1, 1] = math.inf
    points[2, 2:4] = torch.tensor([0.5, -0.5, 0.0])  # two points on one node
    for mode in (0, 1):
        assert torch.equal(
            host.occupancy_grid(points, resolution, mode), NATIVE.occupancy_grid(points, resolution, mode)
        )
    grad = torch.randn(3, 1, resolution, resolution, resolution, generator=g, dtype=dtype)
    got, wanted = (ops.occupancy_grid_backward(grad, points, resolution) for ops in (host, NATIVE))
    assert torch.equal(got, wanted) and bool(wanted.any()) and not bool(wanted.isnan().any())
