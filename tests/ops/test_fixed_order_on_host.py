# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The CUDA kernels that sum the gradients of the levels in a fixed order, run as loops on the host, from first to last
thread and back: no bit may depend on that. Sums with atomics do, which shows that the tests would tell."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

import list_fast.ops  # noqa: F401  (loads the operators)

TILE = 64
"""Sorted places that the kernels sum at once where they are of one cell."""

Orders = Callable[[Callable[[], list[Tensor]]], tuple[list[Tensor], list[Tensor]]]


@pytest.fixture
def in_two_orders(host_library: Path) -> Iterator[Orders]:
    """Runs something with the threads of every launch in rising and in falling order."""
    library = ctypes.CDLL(str(host_library))

    def run(function: Callable[[], list[Tensor]]) -> tuple[list[Tensor], list[Tensor]]:
        results = []
        for backwards in (False, True):
            library.run_backwards(ctypes.c_bool(backwards))
            results.append(function())
        return results[0], results[1]

    yield run
    library.run_backwards(ctypes.c_bool(False))


def crowded_points(dtype: torch.dtype, dims: int = 3) -> Tensor:
    """Points (2, N, dims) of which thousands share a cell, one place or many places, some are outside or bad."""
    torch.manual_seed(0)
    points = torch.rand(2, 4000, dims, dtype=dtype) * 2.4 - 1.2
    points[0, :1000] = 0.31
    points[0, 1000:2500] = 0.2 + 0.05 * torch.rand(1500, dims, dtype=dtype)
    points[0, 2500:2600, 0] = float("nan")
    points[1, :200, 1] = float("inf")
    points[1, 200:1500] = -3.0  # one corner, or nowhere
    return points[:, torch.randperm(4000)]


def make_levels(kind: str) -> list[Tensor]:
    dtype = torch.float64 if kind == "float64" else torch.float32
    levels = [torch.randn(2, *shape, dtype=dtype) for shape in ((1, 5, 4, 6), (3, 5, 4, 6), (8, 3, 7, 1), (2, 1, 1, 1))]
    if kind == "half":
        levels = [level.half() for level in levels[:2]] + [level.bfloat16() for level in levels[2:]]
    if kind == "channels_last":
        levels = [level.contiguous(memory_format=torch.channels_last_3d) for level in levels]
    return levels


def assert_same_bits(a: list[Tensor], b: list[Tensor]) -> None:
    for x, y in zip(a, b, strict=True):
        assert torch.equal(x.nan_to_num(7e7), y.nan_to_num(7e7))


def assert_close(actual: list[Tensor], expected: list[Tensor]) -> None:
    for a, b in zip(actual, expected, strict=True):
        assert (a.dtype, a.shape, a.stride()) == (b.dtype, b.shape, b.stride())
        loose = {torch.float16: 4e-3, torch.bfloat16: 3e-2, torch.float32: 2e-5, torch.float64: 1e-12}[a.dtype]
        scale = max(1.0, float(b.double().nan_to_num(0.0).abs().max()) if b.numel() else 1.0)
        torch.testing.assert_close(a, b, rtol=loose, atol=loose * scale, equal_nan=True)


@pytest.mark.parametrize("kind", ["float32", "float64", "half", "channels_last"])
@pytest.mark.parametrize(("padding", "align_corners"), [(0, True), (1, False), (1, True), (2, False)])
def test_voxels(host: object, in_two_orders: Orders, kind: str, padding: int, align_corners: bool) -> None:
    levels = make_levels(kind)
    points = crowded_points(torch.float64 if kind == "float64" else torch.float32)
    offsets = torch.tensor([[0.0, 0, 0], [0.3, 0, 0]], dtype=points.dtype)
    arguments = (levels, points, offsets, padding, align_corners)
    grad = torch.randn(2, 4000, 2, 14, dtype=points.dtype)
    moves = ([], torch.randn_like(points), torch.randn_like(offsets))

    def first(**options: bool) -> list[Tensor]:
        return host.sample_voxels_backward(grad, *arguments, True, True, **options)

    def second(**options: bool) -> list[Tensor]:
        return host.sample_voxels_double_backward(*moves, grad, *arguments, True, True, True, **options)

    ops = torch.ops.list_fast
    expected = ops.sample_voxels_backward(grad, *arguments, True, True)
    expected_second = ops.sample_voxels_double_backward(*moves, grad, *arguments, True, True, True)
    for function, wanted in ((first, expected), (second, expected_second)):
        rising, falling = in_two_orders(lambda f=function: f(deterministic=True))
        assert_same_bits(rising, falling)
        assert_close(rising, wanted)
    if kind == "float32":  # the other kernels do depend on it
        rising, falling = in_two_orders(first)
        assert not torch.equal(rising[1], falling[1])


@pytest.mark.parametrize(("padding", "align_corners"), [(0, True), (1, False), (2, False)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_images(host: object, in_two_orders: Orders, padding: int, align_corners: bool, dtype: torch.dtype) -> None:
    points = crowded_points(dtype)
    levels = [torch.randn(2, *shape, dtype=dtype) for shape in ((1, 6, 7), (5, 6, 7), (3, 1, 4))]
    transform = torch.tensor([[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [64, 48, 2]], dtype=dtype)
    transform = transform + 0.3 * torch.randn(2, 4, 3, dtype=dtype)
    arguments = (levels, points, transform, 48, 64, padding, align_corners)
    grad = torch.randn(2, 4000, 9, dtype=dtype)
    moves = ([], torch.randn_like(points), torch.randn_like(transform))
    ops, wants = torch.ops.list_fast, [True] * 3
    rising, falling = in_two_orders(lambda: host.sample_images_backward(grad, *arguments, *wants, deterministic=True))
    assert_same_bits(rising, falling)
    assert_close(rising, ops.sample_images_backward(grad, *arguments, *wants))
    second = (*moves, grad, *arguments, *wants, True)
    rising, falling = in_two_orders(lambda: host.sample_images_double_backward(*second, deterministic=True))
    assert_same_bits(rising, falling)
    assert_close(rising, ops.sample_images_double_backward(*second))


@pytest.mark.parametrize("count", [1, TILE - 1, TILE, TILE + 1, 2 * TILE - 1, 2 * TILE, 3 * TILE + 5])
def test_lists_that_end_beside_a_tile(host: object, count: int) -> None:
    """So many places in one cell, before and after them others: every part of a list is added once."""
    torch.manual_seed(0)
    level = torch.randn(1, 2, 3, 3, 3, dtype=torch.float64)
    for before in (0, 1, TILE - 1, TILE):
        crowd = torch.tensor([0.5, -0.5, 0.5]) + 0.1 * torch.rand(count, 3)
        points = torch.cat([torch.full((before, 3), -0.5), crowd, torch.full((3, 3), 0.5)])[None].double()
        grad = torch.randn(1, points.shape[1], 2, dtype=torch.float64)
        arguments = (grad, [level], points, None, 0, True, True, False)
        actual = host.sample_voxels_backward(*arguments, deterministic=True)[0]
        torch.testing.assert_close(actual, torch.ops.list_fast.sample_voxels_backward(*arguments)[0])
