# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The kernels of marching cubes 33 against the same in plain torch, bit for bit; bricks and batches against volumes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from list_fast.ops import marching_cubes_batch, mc33, mc33_table
from list_fast.ops.marching_cubes import DTYPES, marching_cubes
from list_fast.ops.marching_cubes_bricks import DTYPES as BRICK_DTYPES
from list_fast.ops.marching_cubes_bricks import bricks_along, marching_cubes_bricks

NATIVE = torch.ops.list_fast
ROOT = Path(__file__).resolve().parents[2]


def by_torch(volume: Tensor, level: float) -> tuple[Tensor, ...]:
    """What the operator gives, by the table's kernel and plain torch after it."""
    vertices, faces, edges = NATIVE.marching_cubes(volume, level, True)
    faces, *inner = mc33.refine(volume, level, faces, edges)
    return vertices, faces, edges, *inner


def volumes() -> Iterator[Tensor]:
    """Noise, whole numbers, few inside, NaN and infinities, a gyroid; rows of less than a word, a word and more."""
    g = torch.Generator().manual_seed(0)
    for n, shape in enumerate([(7, 6, 5), (2, 2, 2), (4, 3, 64), (3, 5, 96), (2, 9, 131), (1, 4, 4), (0, 3, 3)]):
        noise = torch.randn(shape, generator=g)
        holes = noise.clone()
        holes[torch.rand(shape, generator=g) < 0.03] = math.nan
        holes[torch.rand(shape, generator=g) < 0.03] = -math.inf if n % 2 else math.inf
        yield from (noise, (2 * noise).round(), noise + 1.2, holes)
    axis = torch.linspace(0, 4 * torch.pi, 30)
    x, y, z = torch.meshgrid(axis, axis, axis, indexing="ij")
    yield x.sin() * y.cos() + y.sin() * z.cos() + z.sin() * x.cos()


def assert_equal(got: tuple[Tensor, ...], wanted: tuple[Tensor, ...]) -> None:
    for a, b in zip(got, wanted, strict=True):
        assert a.dtype == b.dtype and torch.equal(a.cpu(), b)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_kernel_gives_the_bits_of_plain_torch(dtype: torch.dtype, device: torch.device) -> None:
    inner = 0
    for volume in volumes():
        if not dtype.is_floating_point:
            volume = (volume.nan_to_num(0.0, posinf=3.0, neginf=-3.0) * 20 + 60).clamp(0, 127)
        levels = (0.0, 0.3) if dtype.is_floating_point else (60.0, 70.5)
        for level in levels:
            values = volume.to(dtype)
            wanted = by_torch(values, level)
            got = NATIVE.mc33(values.to(device), level, True)
            assert_equal(got, wanted)
            assert NATIVE.mc33(values.to(device), level, False)[2].shape == (0,)
            inner += len(wanted[3])
    assert inner > 300


def test_every_cell_alone() -> None:
    # Planes of NaN between them: each is decided by its own corners, whole numbers among them.
    g = torch.Generator().manual_seed(1)
    cells = torch.randn(20_000, 2, 2, 2, generator=g, dtype=torch.float64)
    cells[10_000:] = (2 * cells[10_000:]).round()
    apart = torch.full((len(cells), 3, 2, 2), math.nan, dtype=torch.float64)
    apart[:, :2] = cells
    volume = apart.flatten(0, 1)
    wanted = by_torch(volume, 0.0)
    assert_equal(NATIVE.mc33(volume, 0.0, True), wanted)
    assert len(wanted[3]) > 1000


def test_threads_give_one_mesh() -> None:
    volume = torch.randn(40, 50, 60, generator=torch.Generator().manual_seed(2))
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            found.append(NATIVE.mc33(volume, 0.0, True))
    finally:
        torch.set_num_threads(before)
    assert_equal(found[1], found[0])
    assert_equal(found[2], found[0])


@pytest.mark.slow
def test_the_header_is_what_the_rules_give() -> None:
    assert (ROOT / "csrc/core/mc33_table.h").read_text() == mc33_table.table_header()


def test_cuda_kernels_on_the_host_give_the_same_bits(host: Any) -> None:
    inner = 0
    for dtype in (torch.float32, torch.float64, torch.int16):
        for volume in volumes():
            values = (volume if dtype.is_floating_point else volume.nan_to_num(0.0).clamp(-9, 9) * 20).to(dtype)
            wanted = NATIVE.mc33(values, 0.3, True)
            assert_equal(host.mc33(values, 0.3, True), wanted)
            inner += len(wanted[3])
            if dtype.is_floating_point and values.numel():
                bricks, parts, sizes = split(values)
                arguments = (bricks, parts, *sizes, 0.3)
                assert_equal(host.mc33_bricks(*arguments), NATIVE.mc33_bricks(*arguments))
    assert inner > 300


def test_registration(device: torch.device) -> None:
    volume = torch.randn(5, 6, 7, generator=torch.Generator().manual_seed(3), dtype=torch.float64).to(device)
    for needs in (False, True):
        torch.library.opcheck(NATIVE.mc33.default, (volume.clone().requires_grad_(needs), 0.0, True))
    bricks, values, sizes = split(volume.cpu())
    torch.library.opcheck(NATIVE.mc33_bricks.default, (bricks.to(device), values.to(device), *sizes, 0.0))


def test_compiles_without_a_graph_break() -> None:
    with torch._dynamo.config.patch(capture_dynamic_output_shape_ops=True):
        compiled = torch.compile(lambda v: marching_cubes(v, 0.1, method="mc33"), backend="aot_eager", fullgraph=True)
        for n in (8, 11):
            volume = torch.randn(n, n, n, generator=torch.Generator().manual_seed(n))
            got, wanted = compiled(volume), marching_cubes(volume, 0.1, method="mc33")
            assert len(got[0]) > 0 and all(torch.equal(a, b) for a, b in zip(got, wanted, strict=True))


# ---- bricks and batches ----


def split(volume: Tensor) -> tuple[Tensor, Tensor, tuple[int, int, int]]:
    """The bricks of a volume that hold a node of it; what lies past the lattice is noise."""
    sizes = (volume.shape[0], volume.shape[1], volume.shape[2])
    x, y, z = bricks_along(sizes)
    padded = torch.randn(8 * x, 8 * y, 8 * z, generator=torch.Generator().manual_seed(9)).to(volume.dtype)
    padded[: sizes[0], : sizes[1], : sizes[2]] = volume
    values = padded.view(x, 8, y, 8, z, 8).permute(0, 2, 4, 1, 3, 5).reshape(-1, 8, 8, 8)
    return torch.arange(x * y * z), values, sizes


def lattices(dtype: torch.dtype) -> Iterator[Tensor]:
    g = torch.Generator().manual_seed(4)
    for shape in [(8, 8, 8), (9, 17, 25), (2, 2, 2), (16, 7, 31), (1, 9, 9), (5, 40, 3)]:
        noise = torch.randn(shape, generator=g)
        holes = noise.clone()
        holes[torch.rand(shape, generator=g) < 0.03] = math.nan
        yield from (noise.to(dtype), (2 * noise).round().to(dtype), holes.to(dtype))


@pytest.mark.parametrize("dtype", BRICK_DTYPES)
def test_bricks_give_the_mesh_of_the_volume(dtype: torch.dtype, device: torch.device) -> None:
    inner = 0
    for volume in lattices(dtype):
        bricks, values, sizes = split(volume)
        kept = torch.rand(len(bricks), generator=torch.Generator().manual_seed(len(bricks))) < 0.7
        for keep in (torch.ones_like(kept), kept):
            # Nodes of bricks that are left out are NaN in the volume.
            whole = torch.full_like(values, math.nan)
            whole[keep] = values[keep]
            x, y, z = bricks_along(sizes)
            dense = whole.view(x, y, z, 8, 8, 8).permute(0, 3, 1, 4, 2, 5).reshape(8 * x, 8 * y, 8 * z)
            dense = dense[: sizes[0], : sizes[1], : sizes[2]].contiguous()
            bounds = ((-1.0, 0.0, 2.0), (1.0, 3.0, 5.0))
            got = marching_cubes_bricks(
                bricks[keep].to(device), values[keep].to(device), sizes, 0.1, bounds=bounds, method="mc33"
            )
            wanted = marching_cubes(dense, 0.1, bounds=bounds, method="mc33")
            assert_equal(got, wanted)
            inner += len(wanted[0]) - len(marching_cubes(dense, 0.1)[0])
    assert inner > 100


def test_a_batch_is_its_volumes(device: torch.device) -> None:
    g = torch.Generator().manual_seed(5)
    batch, colours = torch.randn(3, 5, 6, 7, generator=g).to(device), torch.rand(3, 2, 5, 6, 7, device=device)
    batch[1] = 1  # no surface
    options: dict[str, Any] = {"method": "mc33", "return_normals": True}
    meshes = marching_cubes_batch(batch, values=colours, **options)
    assert meshes.normals is not None and meshes.values is not None
    for b in range(3):
        wanted = marching_cubes(batch[b], values=colours[b], **options)
        rows = slice(*meshes.vertex_offsets[b : b + 2].tolist())
        found = (*meshes[b], meshes.normals[rows], meshes.values[rows])
        assert all(torch.equal(ours, theirs) for ours, theirs in zip(found, wanted, strict=True))
    assert not torch.equal(meshes.faces, marching_cubes_batch(batch).faces)
    assert len(marching_cubes_batch(batch[:0], method="mc33")) == 0


def test_an_unknown_method_is_named() -> None:
    values, wrong = torch.zeros(1, 8, 8, 8), {"method": "lewiner"}
    for call in (
        lambda: marching_cubes_batch(values, **wrong),  # type: ignore[arg-type]
        lambda: marching_cubes_bricks(torch.arange(1), values, (8, 8, 8), **wrong),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match=r"method must be .*lorensen.*mc33"):
            call()
