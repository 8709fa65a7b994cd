# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The decoder in one kernel: as a loop on the host, and on a GPU, against plain torch."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from list_fast.ops import decode_queries, reference
from list_fast.ops.decode_queries import pack_columns

CANVAS = (48, 64)
HALVES = (torch.float16, torch.bfloat16)
TRANSFORM = torch.tensor([[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [64, 48, 2]])


def make(
    half: torch.dtype = torch.float16,
    voxels: tuple[tuple[int, ...], ...] = ((4, 6, 5, 1), (5, 3, 7, 3), (3, 4, 1, 8), (2, 3, 4, 16), (3, 3, 3, 24)),
    images: tuple[tuple[int, ...], ...] = ((9, 7, 16), (5, 1, 3), (4, 6, 40)),
    maps: tuple[tuple[int, ...], ...] = ((6, 5, 512),),
    places: int = 5,
) -> dict[str, Any]:
    """All arguments but the points."""
    torch.manual_seed(0)
    width = sum(places * shape[-1] for shape in voxels) + sum(shape[-1] for shape in images)
    scale = max(width, 1) ** -0.5
    columns = pack_columns(
        [torch.randn(places, shape[-1], 512) * scale for shape in voxels],
        [torch.randn(shape[-1], 512) * scale for shape in images],
    )
    layers = [torch.randn(512, 256) / 16, torch.randn(256), torch.randn(256, 256) / 11, torch.randn(256)]
    layers = [layer.to(half) if layer.dim() == 2 else layer for layer in layers]
    return {
        "voxels": [torch.randn(shape).to(half) for shape in voxels],
        "images": [torch.randn(shape).to(half) for shape in images],
        "maps": [torch.randn(shape).to(half) for shape in maps],
        "offsets": torch.randn(places, 3) * 0.1,
        "transform": TRANSFORM + 0.3 * torch.randn(4, 3),
        "weight": torch.randn(3, 512),
        "bias": torch.randn(512),
        "columns": columns.to(half),
        "layers": [*layers, torch.randn(256) / 16, torch.randn(1)],
    }


def special(count: int = 130) -> Tensor:
    """Points in and around the cube, some not finite."""
    points = torch.rand(count, 3, generator=torch.Generator().manual_seed(1)) * 3 - 1.5
    points[0], points[1, 1], points[2, 2] = float("nan"), float("inf"), -1e30
    return points


def on_host(host: Any, points: Tensor, given: dict[str, Any]) -> Tensor:
    """The kernel, compiled for the host."""
    first = (given[name] for name in ("voxels", "images", "maps"))
    more = (given[name] for name in ("offsets", "transform", "weight", "bias", "columns", "layers"))
    result: Tensor = host.decode_queries(*first, points, *more, *CANVAS)
    return result


def assert_near(actual: Tensor, expected: Tensor, half: torch.dtype) -> None:
    """Sums in another order may round a feature or a hidden value to its neighbour."""
    tolerance = 4e-3 if half == torch.float16 else 3e-2
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance, equal_nan=True)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("count", [1, 63, 64, 130])
def test_the_kernel_on_the_host(host: object, half: torch.dtype, count: int) -> None:
    given, points = make(half), special(130)[130 - count :]
    expected = reference.decode_queries(points=points, **given, canvas=CANVAS)
    assert expected.isfinite().sum() >= count - 3
    assert count == 1 or expected.nan_to_num().std() > 0.3
    assert_near(on_host(host, points, given), expected, half)


@pytest.mark.parametrize(
    "kinds",
    [
        {"images": (), "maps": ()},
        {"voxels": ()},
        {"maps": ((6, 5, 512), (3, 1, 512))},
        {"voxels": ((3, 3, 3, 128),), "places": 7},
        {"voxels": ((2, 2, 2, 5),), "images": (), "places": 1},
    ],
)
def test_any_levels(host: object, kinds: dict[str, Any]) -> None:
    given, points = make(**kinds), special()
    expected = reference.decode_queries(points=points, **given, canvas=CANVAS)
    assert_near(on_host(host, points, given), expected, torch.float16)


def test_each_part_counts(host: object) -> None:
    """A result that one of the arguments did not reach would be near the reference where its part is small."""
    given, points = make(), special()[3:]
    whole = on_host(host, points, given)
    for name, value in given.items():
        for i in range(len(value) if isinstance(value, list) else 1):
            changed = {**given, name: [*value]} if isinstance(value, list) else dict(given)
            if isinstance(value, list):
                changed[name][i] = value[i] * 1.5
            else:
                # All of a transform by one number is the same transform.
                changed[name] = value * (torch.tensor([1.5, 1, 1]) if name == "transform" else 1.5)
            found = on_host(host, points, changed)
            assert (found - whole).abs().max() > 0.02, (name, i)
            assert_near(found, reference.decode_queries(points=points, **changed, canvas=CANVAS), torch.float16)


def test_queries_do_not_depend_on_each_other_or_on_the_order_of_threads(host_library: Path, host: object) -> None:
    given, points = make(), special()
    whole = on_host(host, points, given)
    order = torch.randperm(len(points))
    assert torch.equal(on_host(host, points[order], given).nan_to_num(9), whole[order].nan_to_num(9))
    backwards = ctypes.CDLL(str(host_library)).run_backwards
    backwards(True)
    try:
        again = on_host(host, points, given)
    finally:
        backwards(False)
    assert torch.equal(again.nan_to_num(9), whole.nan_to_num(9))
    assert on_host(host, points[:0], given).shape == (0,)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("half", HALVES)
def test_on_a_gpu(half: torch.dtype) -> None:
    given, points = make(half), special(1000)
    there = {
        name: [part.cuda() for part in value] if isinstance(value, list) else value.cuda()
        for name, value in given.items()
    }
    found = decode_queries(points=points.cuda(), **there, canvas=CANVAS)
    assert_near(found.cpu(), reference.decode_queries(points=points, **given, canvas=CANVAS), half)
    assert torch.equal(found.nan_to_num(9), decode_queries(points=points.cuda(), **there, canvas=CANVAS).nan_to_num(9))


def test_shapes_are_known_without_a_device() -> None:
    given = {
        name: [part.to("meta") for part in value] if isinstance(value, list) else value.to("meta")
        for name, value in make().items()
    }
    found = decode_queries(points=special().to("meta"), **given, canvas=CANVAS)
    assert found.shape == (130,) and found.dtype == torch.float32


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({}, ValueError, "points must be on a CUDA device"),
        ({"points": torch.zeros(4, 2)}, ValueError, r"points must have shape \(N, 3\)"),
        ({"points": torch.zeros(4, 3).double()}, TypeError, "points must be one of float32"),
        ({"columns": torch.zeros(384, 512)}, TypeError, "columns must be one of float16, bfloat16"),
        ({"columns": torch.zeros(64, 512).half()}, ValueError, "columns must have 384 rows"),
        ({"voxels": torch.zeros(2, 2, 2, 8).half()}, TypeError, "voxels must be a sequence"),
        ({"voxels": [torch.zeros(2, 2, 8).half()]}, ValueError, r"voxels\[0\] must have shape"),
        ({"images": [torch.zeros(2, 0, 8).half()]}, ValueError, r"images\[0\] must have nodes"),
        ({"images": [torch.zeros(2, 2, 8).bfloat16()]}, TypeError, r"images\[0\] must be one of float16"),
        ({"maps": [torch.zeros(2, 2, 256).half()]}, ValueError, r"maps\[0\] must have shape"),
        ({"images": [torch.zeros(2, 2, 8).half()] * 17}, ValueError, "at most 16 levels"),
        ({"layers": []}, ValueError, "layers must be three weights"),
        ({"weight": torch.zeros(2, 512)}, ValueError, "weight must have shape"),
        ({"bias": torch.zeros(512, device="meta")}, ValueError, "bias must be on the device"),
        ({"canvas": 3}, TypeError, "canvas must be two integers"),
    ],
)
def test_errors_name_the_argument(change: dict[str, Any], error: type[Exception], message: str) -> None:
    given = {"points": special(), "canvas": CANVAS} | make() | change
    with pytest.raises(error, match=message):
        decode_queries(**given)
