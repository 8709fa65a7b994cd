# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Summed samples of projected maps against grid_sample: lines, scattered points, bad numbers, layouts, errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from list_fast.ops import reference
from list_fast.ops import sum_samples as packed_sum_samples
from list_fast.ops._panels import pack_panels

CANVAS = (9, 12)
LEVELS = ((5, 7, 12, 16), (1, 3, 2, 5))  # (D, H, W, C)
STEP = 0.0722 * torch.eye(3, dtype=torch.float64)
OFFSETS = torch.cat([torch.zeros(1, 3, dtype=torch.float64), torch.stack([-STEP, STEP], 1).reshape(6, 3)])
TRANSFORM = torch.tensor([[4.0, 1, 0.1], [-1, 3, 0.2], [0.5, 0.2, 0.3], [11, 8, 2]], dtype=torch.float64)


def make_maps(channels: int, dtype: torch.dtype = torch.float64, count: int = 7) -> dict[str, object]:
    """Levels with odd sizes and axes of one node; every argument but the points."""
    generator = torch.Generator().manual_seed(channels)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)

    return {
        "voxels": [normal(count, *size, channels) for size in ((6, 5, 9), (3, 1, 2), (1, 4, 1), (2, 2, 2))],
        "images": [normal(*size, channels) for size in ((7, 5), (1, 6))],
        "offsets": OFFSETS[:count].to(dtype),
        "transform": TRANSFORM.to(dtype),
        "weight": normal(3, channels),
        "bias": normal(channels),
        "canvas": CANVAS,
        "levels": [normal(*size, width) for *size, width in LEVELS],
        "columns": [normal(count, width, channels) for *_, width in LEVELS],
    }


def sum_samples(**arguments: object) -> Tensor:
    """The operation, given columns as matrices."""
    columns = arguments.pop("columns")
    assert isinstance(columns, list)
    return packed_sum_samples(**arguments, columns=[pack_panels(part) for part in columns])


def lattice(*sizes: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Nodes of a lattice over [-1.2, 1.2]³, (N, 3), with x running fastest."""
    axes = [torch.linspace(-1.2, 1.2, n, dtype=dtype) for n in sizes]
    return torch.cartesian_prod(*axes).flip(1)


def scattered(count: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.rand(count, 3, generator=torch.Generator().manual_seed(3), dtype=dtype) * 4 - 2


def special() -> Tensor:
    """Every combination of node, face, far and middle coordinates."""
    values = torch.tensor([-1.0, 1.0, 0.0, -3.0, 3.0, 0.3], dtype=torch.float64)
    return torch.cartesian_prod(values, values, values)


@pytest.mark.parametrize("channels", [1, 3, 16, 77, 300])
@pytest.mark.parametrize("points", [lattice(4, 5, 70), scattered(200), special()], ids=["lines", "scattered", "ends"])
def test_equals_grid_sample(channels: int, points: Tensor) -> None:
    maps = make_maps(channels)
    expected = reference.sum_samples(points=points, **maps)
    for planes in (True, False):
        torch.testing.assert_close(sum_samples(points=points, planes=planes, **maps), expected, rtol=1e-12, atol=1e-12)


def test_float32() -> None:
    maps, points = make_maps(64, torch.float32), lattice(3, 4, 40, dtype=torch.float32)
    expected = reference.sum_samples(points=points, **maps)
    actual = sum_samples(points=points, **maps)
    assert actual.dtype == torch.float32
    torch.testing.assert_close(actual, expected, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("kind", ["voxels", "images", "levels"])
def test_maps_of_one_kind(kind: str) -> None:
    maps, points = make_maps(20), lattice(3, 3, 10)
    for other in {"voxels", "images", "levels"} - {kind}:
        maps[other] = []
    if kind != "levels":
        maps["columns"] = []
    expected = reference.sum_samples(points=points, **maps)
    torch.testing.assert_close(sum_samples(points=points, **maps), expected, rtol=1e-12, atol=1e-12)


def test_one_offset_and_offsets_across_two_axes() -> None:
    points = lattice(3, 4, 10)
    for offsets in (OFFSETS[:1], torch.tensor([[0.1, -0.2, 0.3], [0.0, 0.1, 0.0], [0.1, 0.0, 0.0]]).double()):
        maps = make_maps(20, count=len(offsets)) | {"offsets": offsets}
        expected = reference.sum_samples(points=points, **maps)
        torch.testing.assert_close(sum_samples(points=points, **maps), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("planes", [True, False])
def test_a_row_depends_on_its_point_alone(planes: bool) -> None:
    """So a lattice has the same values however its nodes are cut into calls."""
    maps, points = make_maps(80, torch.float32) | {"planes": planes}, lattice(4, 5, 70, dtype=torch.float32)
    whole = sum_samples(points=points, **maps)
    order = torch.randperm(len(points), generator=torch.Generator().manual_seed(0))
    assert torch.equal(sum_samples(points=points[order], **maps), whole[order])
    assert torch.equal(torch.cat([sum_samples(points=part, **maps) for part in points.split(33)]), whole)


def test_any_number_of_threads_gives_the_same_bits() -> None:
    maps, points = make_maps(80, torch.float32), lattice(12, 11, 50, dtype=torch.float32)
    threads = torch.get_num_threads()
    results = []
    for count in (1, 3):
        torch.set_num_threads(count)
        try:
            results.append(sum_samples(points=points, **maps))
        finally:
            torch.set_num_threads(threads)
    assert torch.equal(*results)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 1e30])
def test_bad_points_are_answered_as_grid_sample_does(bad: float) -> None:
    maps = make_maps(20) | {"weight": torch.zeros(3, 20, dtype=torch.float64)}
    points = scattered(40)
    for axis in range(3):
        points[axis, axis] = bad
    points[3] = bad
    expected = reference.sum_samples(points=points, **maps)
    torch.testing.assert_close(sum_samples(points=points, **maps), expected, rtol=1e-12, atol=1e-12, equal_nan=True)
    assert expected[4:].isfinite().all()


def test_a_node_that_is_not_read_does_not_matter() -> None:
    """0 times an infinite node is not 0."""
    maps = make_maps(20)
    maps["voxels"][0][:, 0, 0, 0] = torch.inf
    maps["levels"][0][-1, 0, 0] = torch.inf
    maps["images"][0][0, 0] = torch.inf
    expected = reference.sum_samples(points=special(), **maps)
    torch.testing.assert_close(sum_samples(points=special(), **maps), expected, rtol=1e-12, atol=1e-12, equal_nan=True)
    assert expected.isfinite().any() and not expected.isfinite().all()


def test_layouts_and_no_points() -> None:
    maps, points = make_maps(24), lattice(3, 4, 10)
    expected = sum_samples(points=points, **maps)
    apart = maps | {
        "voxels": [level.permute(4, 0, 1, 2, 3).contiguous().permute(1, 2, 3, 4, 0) for level in maps["voxels"]],
        "images": [torch.stack([level, level], 1)[:, 0] for level in maps["images"]],
        "levels": [level.permute(3, 0, 1, 2).contiguous().permute(1, 2, 3, 0) for level in maps["levels"]],
    }
    assert not apart["voxels"][0].is_contiguous() and not apart["images"][0].is_contiguous()
    assert torch.equal(sum_samples(points=points.t().contiguous().t(), **apart), expected)
    assert sum_samples(points=points[:0], **maps).shape == (0, 24)


def test_lower_vector_levels(run_at_lower_level: Callable[..., None]) -> None:
    run_at_lower_level("test_equals_grid_sample", "test_float32")


def test_opcheck_and_fake() -> None:
    maps, points = make_maps(8, torch.float32), lattice(2, 3, 4, dtype=torch.float32)
    maps["columns"] = [pack_panels(part) for part in maps["columns"]]
    lists = [maps[k] for k in ("voxels", "images", "levels", "columns")]
    arguments = [*lists, points, *(maps[k] for k in ("offsets", "transform", "weight", "bias"))]
    torch.library.opcheck(torch.ops.list_fast.sum_samples.default, (*arguments, *CANVAS, True))
    with FakeTensorMode() as mode:
        fake = {k: [mode.from_tensor(t) for t in v] if isinstance(v, list) else v for k, v in maps.items()}
        fake |= {k: mode.from_tensor(v) for k, v in maps.items() if isinstance(v, Tensor)}
        result = packed_sum_samples(points=mode.from_tensor(points), **fake)
    assert result.shape == (24, 8) and result.dtype == torch.float32


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"points": torch.zeros(4, 2)}, ValueError, r"points must have shape \(N, 3\)"),
        ({"points": torch.zeros(4, 3, dtype=torch.float16)}, TypeError, "points must be one of float32"),
        ({"points": torch.zeros(4, 3)}, TypeError, "offsets must be one of float32"),
        ({"voxels": torch.zeros(7, 2, 2, 2, 8)}, TypeError, "voxels must be a sequence"),
        ({"voxels": [torch.zeros(7, 2, 2, 2, 9)]}, ValueError, r"voxels\[0\] must have shape"),
        ({"voxels": [torch.zeros(6, 2, 2, 2, 8).double()]}, ValueError, r"voxels\[0\] must hold a map for each of 7"),
        ({"images": [torch.zeros(2, 0, 8).double()]}, ValueError, r"images\[0\] must have nodes"),
        ({"transform": torch.zeros(3, 3).double()}, ValueError, r"transform must have shape \(4, 3\)"),
        ({"weight": torch.zeros(2, 8).double()}, ValueError, "weight must have shape"),
        ({"columns": []}, ValueError, "columns must have one tensor for each of 2 levels"),
        ({"columns": [torch.zeros(7, 9, 8).double()] * 2}, ValueError, r"columns\[0\] must have shape \(7, 1, 16,"),
        ({"canvas": (0, 3)}, ValueError, "canvas must be from 1 to"),
        ({"canvas": 3}, TypeError, "canvas must be two integers"),
        ({"bias": torch.zeros(8, requires_grad=True, dtype=torch.float64)}, ValueError, "has no gradient"),
        ({"bias": torch.zeros(8, device="meta", dtype=torch.float64)}, ValueError, "bias must be on the device"),
    ],
)
def test_errors_name_the_argument(change: dict[str, object], error: type[Exception], message: str) -> None:
    maps: dict[str, object] = make_maps(8) | {"points": scattered(4)} | change
    with pytest.raises(error, match=message):
        sum_samples(**maps)


def test_cuda_is_refused_by_name(device: torch.device) -> None:
    if device.type == "cpu":
        assert sum_samples(points=scattered(3), **make_maps(8)).device.type == "cpu"
        return
    with pytest.raises(ValueError, match="points must be on the CPU"):
        sum_samples(points=scattered(3).to(device), **make_maps(8))
