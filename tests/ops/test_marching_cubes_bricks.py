# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes on bricks: against the reference and the dense kernel, bit for bit, and what goes wrong."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from list_fast.ops import reference_marching_cubes as reference
from list_fast.ops.marching_cubes import marching_cubes
from list_fast.ops.marching_cubes_bricks import DTYPES, bricks_along, marching_cubes_bricks

Bricks = tuple[Tensor, Tensor, tuple[int, int, int]]


def split(volume: Tensor, keep: Tensor | None = None) -> Bricks:
    """The bricks of a volume, or those of them that are kept; what lies past the lattice is noise, not NaN."""
    sizes = (volume.shape[0], volume.shape[1], volume.shape[2])
    x, y, z = bricks_along(sizes)
    padded = torch.randn(8 * x, 8 * y, 8 * z, generator=torch.Generator().manual_seed(9)).to(volume.dtype)
    padded[: sizes[0], : sizes[1], : sizes[2]] = volume
    values = padded.view(x, 8, y, 8, z, 8).permute(0, 2, 4, 1, 3, 5).reshape(-1, 8, 8, 8)
    bricks = torch.arange(x * y * z)
    return (bricks, values, sizes) if keep is None else (bricks[keep], values[keep], sizes)


def cases(dtype: torch.dtype) -> list[Bricks]:
    """Noise, noise with holes and infinities, and smooth shapes; whole and with bricks left out."""
    g = torch.Generator().manual_seed(0)
    made = []
    for shape in [(8, 8, 8), (9, 17, 25), (2, 2, 2), (16, 7, 31), (1, 9, 9), (5, 40, 3), (20, 19, 18)]:
        volume = torch.randn(shape, generator=g)
        holes = volume.clone()
        holes[torch.rand(shape, generator=g) < 0.03] = math.nan
        holes[torch.rand(shape, generator=g) < 0.03] = math.inf
        axes = torch.meshgrid(*(torch.linspace(-1, 1, n) for n in shape), indexing="ij")
        smooth = torch.stack(axes).square().sum(0) - 0.6
        for values in (volume, (2 * volume).round(), holes, smooth):
            made.append(split(values.to(dtype)))
            count = made[-1][0].shape[0]
            made.append(split(values.to(dtype), torch.rand(count, generator=g) < 0.7))
    return made


@pytest.mark.parametrize("dtype", DTYPES)
def test_equals_the_reference_bit_for_bit(dtype: torch.dtype, device: torch.device) -> None:
    faces = 0
    for bricks, values, sizes in cases(dtype):
        for level in (0.0, 0.3):
            got = marching_cubes_bricks(bricks.to(device), values.to(device), sizes, level)
            wanted = reference.marching_cubes_bricks(bricks, values, sizes, level)
            for a, b in zip(got, wanted, strict=True):
                assert a.dtype == b.dtype and torch.equal(a.cpu(), b), (sizes, level)
            faces += len(wanted[1])
    assert faces > 50_000


def test_cuda_kernels_on_the_host_give_the_same_bits(host: Any) -> None:
    faces = 0
    for dtype in DTYPES:
        for bricks, values, sizes in cases(dtype):
            got = host.marching_cubes_bricks(bricks, values, *sizes, 0.1)
            wanted = torch.ops.list_fast.marching_cubes_bricks(bricks, values, *sizes, 0.1)
            assert all(a.dtype == b.dtype and torch.equal(a, b) for a, b in zip(got, wanted, strict=True)), sizes
            faces += len(wanted[1])
    assert faces > 100_000


def test_equals_the_dense_kernel_in_world_coordinates(device: torch.device) -> None:
    axes = torch.meshgrid(*(torch.linspace(-1, 1, n, device=device) for n in (90, 75, 101)), indexing="ij")
    volume = torch.stack(axes).norm(dim=0) - 0.8
    bounds = ((-1, -2, -3), (1, 0.5, 3))
    bricks, values, sizes = split(volume.cpu())
    # Only bricks that the surface comes near.
    keep = values.amin((1, 2, 3)) < 0.1
    keep &= values.amax((1, 2, 3)) > -0.1
    assert 0 < int(keep.sum()) < 0.8 * len(keep)
    got = marching_cubes_bricks(bricks[keep].to(device), values[keep].to(device), sizes, bounds=bounds)
    wanted = marching_cubes(volume, bounds=bounds)
    assert torch.equal(got[0], wanted[0]) and torch.equal(got[1], wanted[1]) and len(wanted[1]) > 10_000


def test_empty(device: torch.device) -> None:
    none = torch.zeros(0, dtype=torch.int64, device=device)
    vertices, faces = marching_cubes_bricks(none, torch.zeros(0, 8, 8, 8, device=device), (20, 20, 20))
    assert vertices.shape == (0, 3) and faces.shape == (0, 3) and faces.dtype == torch.int32
    one = torch.zeros(1, dtype=torch.int64, device=device)
    for value in (-1.0, 1.0, math.nan, math.inf):
        volume = torch.full((1, 8, 8, 8), value, device=device)
        assert marching_cubes_bricks(one, volume, (8, 8, 8))[1].shape == (0, 3)


def test_numbers_beyond_32_bits() -> None:
    # A lattice of 2^60 nodes with one ball in its last corner.
    n = 1 << 20
    along = n // 8
    axis = torch.arange(8.0) - 3.5
    ball = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij")).norm(dim=0) - 2
    vertices, faces = marching_cubes_bricks(torch.tensor([along**3 - 1]), ball[None], (n, n, n))
    wanted, same = marching_cubes(ball)
    assert torch.equal(faces, same) and len(faces) > 0
    torch.testing.assert_close(vertices - (n - 8), wanted, rtol=0, atol=0.07)  # of float32 at 2^20


def test_registration(device: torch.device) -> None:
    bricks, values, sizes = cases(torch.float32)[9]
    arguments = (bricks.to(device), values.to(device), *sizes, 0.0)
    assert len(bricks) > 1
    torch.library.opcheck(torch.ops.list_fast.marching_cubes_bricks.default, arguments)


def test_mistakes_are_named() -> None:
    bricks, values, sizes = torch.tensor([0, 3]), torch.zeros(2, 8, 8, 8), (16, 16, 16)
    good = {"bricks": bricks, "values": values, "sizes": sizes}
    for error, message, change in (
        (TypeError, "bricks must be a torch.Tensor", {"bricks": [0, 3]}),
        (TypeError, "bricks must be int64", {"bricks": bricks.int()}),
        (ValueError, r"values must have shape \(M, 8, 8, 8\)", {"values": values[0]}),
        (ValueError, r"values must have shape \(2, 8, 8, 8\)", {"values": values[:1]}),
        (TypeError, "values must be one of float32", {"values": values.int()}),
        (ValueError, "sizes must be three positive ints", {"sizes": 16}),
        (ValueError, "sizes must be three positive ints", {"sizes": (16, 16)}),
        (ValueError, "sizes must be three positive ints", {"sizes": (16, 0, 16)}),
        (ValueError, "bricks must be rising numbers", {"bricks": torch.tensor([3, 0])}),
        (ValueError, "bricks must be rising numbers", {"bricks": torch.tensor([3, 3])}),
        (ValueError, "bricks must be rising numbers", {"bricks": torch.tensor([0, 8])}),
        (ValueError, "bricks must be rising numbers", {"bricks": torch.tensor([-1, 3])}),
        (ValueError, "level must be finite", {"level": math.nan}),
        (ValueError, "bounds must be two points", {"bounds": ((0, 0, 0), (0, 1, 1))}),
        (ValueError, "level must be finite in float32", {"level": 1e39}),
        (ValueError, "bounds must be finite in float32", {"bounds": ((0, 0, 0), (1e39, 1, 1))}),
    ):
        with pytest.raises(error, match=message):
            marching_cubes_bricks(**{**good, **change})  # type: ignore[arg-type]
    # The operator itself refuses what would read astray.
    for numbers in ([3, 0], [0, 8], [-1, 3]):
        with pytest.raises(RuntimeError, match="rising numbers"):
            torch.ops.list_fast.marching_cubes_bricks(torch.tensor(numbers), values, *sizes, 0.0)
