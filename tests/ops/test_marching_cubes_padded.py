# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes into room that is given: the bits of the mesh itself, its counts, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from list_fast import marching_cubes, marching_cubes_padded

BOUNDS = ((-0.5, 0.1, -3.0), (0.7, 0.9, 11.0))


def volumes() -> list[Tensor]:
    torch.manual_seed(0)
    holes = torch.randn(6, 7, 40)
    holes[torch.rand(6, 7, 40) < 0.05] = torch.nan
    return [torch.randn(9, 8, 70), torch.randn(5, 4, 3).double(), (2 * torch.randn(4, 5, 33)).half(), holes]


def check(volume: Tensor, run: Callable[..., tuple[Tensor, ...]], **options: Any) -> None:
    """With room to spare, just enough, and too little."""
    vertices, faces = marching_cubes(volume, 0.2, **options)
    zero = torch.zeros(3, dtype=vertices.dtype)
    if options:
        zero = torch.tensor(options["bounds"][0], dtype=vertices.dtype)
    for room in (
        (len(vertices) + 9, len(faces) + 5),
        (len(vertices), len(faces)),
        (len(vertices) // 2, len(faces)),
        (0, 3),
    ):
        found, triangles, counts = (part.cpu() for part in run(volume, 0.2, capacity=room, **options))
        assert counts.tolist() == [len(vertices), len(faces)]
        assert found.shape == (room[0], 3) and triangles.shape == (room[1], 3) and triangles.dtype == torch.int32
        kept = min(room[0], len(vertices))
        assert torch.equal(found[:kept], vertices[:kept].cpu()) and (found[kept:] == zero).all()
        expected = faces[: room[1]].cpu()
        expected = torch.where((expected < room[0]).all(1, keepdim=True), expected, 0)
        assert torch.equal(triangles[: len(faces)], expected) and not triangles[len(faces) :].any()


@pytest.mark.parametrize("options", [{}, {"bounds": BOUNDS}], ids=["index", "bounds"])
def test_the_mesh_and_its_counts(device: torch.device, options: dict[str, Any]) -> None:
    for volume in volumes():
        assert len(marching_cubes(volume, 0.2)[0]) > 20
        check(volume.to(device), marching_cubes_padded, **options)


def test_the_kernels_on_the_host(host: Any) -> None:
    def run(volume: Tensor, level: float, capacity: tuple[int, int]) -> tuple[Tensor, ...]:
        found: tuple[Tensor, ...] = host.marching_cubes_padded(volume, level, *capacity)
        return found

    for volume in volumes():
        check(volume, run)
    for shape in ((1, 4, 4), (0, 3, 3)):
        for part in run(torch.zeros(shape), 0.0, (2, 3)):
            assert not part.any()


def test_no_cells_and_no_surface(device: torch.device) -> None:
    for shape in ((1, 4, 4), (0, 3, 3), (3, 3, 3)):
        vertices, faces, counts = marching_cubes_padded(torch.ones(shape, device=device), capacity=(2, 3))
        assert not vertices.any() and not faces.any() and counts.tolist() == [0, 0]
        assert vertices.device == faces.device == counts.device == torch.ones(0, device=device).device


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_graph_is_replayed_with_other_values() -> None:
    volume = torch.randn(30, 31, 32, device="cuda")
    options: dict[str, Any] = {"capacity": (60_000, 120_000), "bounds": BOUNDS}
    marching_cubes_padded(volume, **options)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        found = marching_cubes_padded(volume, **options)
    for _ in range(2):
        volume.normal_()
        graph.replay()
        vertices, faces = marching_cubes(volume, bounds=BOUNDS)
        assert found[2].tolist() == [len(vertices), len(faces)]
        assert torch.equal(found[0][: len(vertices)], vertices) and torch.equal(found[1][: len(faces)], faces)


def test_shapes_are_known_without_values() -> None:
    torch.library.opcheck(torch.ops.list_fast.marching_cubes_padded.default, (torch.randn(4, 5, 6), 0.0, 20, 30))


def test_mistakes_are_named() -> None:
    volume = torch.zeros(3, 3, 3)
    for error, message, change in (
        (TypeError, "volume must be a torch.Tensor", {"volume": [0]}),
        (TypeError, "capacity must be two ints", {"capacity": 9}),
        (TypeError, "capacity must be two ints", {"capacity": (9, 2.0)}),
        (ValueError, "capacity must be 0 to", {"capacity": (9, -1)}),
        (ValueError, "capacity must be 0 to", {"capacity": (2**31, 1)}),
        (ValueError, "level must be finite", {"level": float("nan")}),
        (ValueError, "bounds must be two points", {"bounds": ((0, 0, 0), (0, 1, 1))}),
    ):
        with pytest.raises(error, match=message):
            marching_cubes_padded(**{"volume": volume, "capacity": (4, 4), **change})  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="room must be for"):
        torch.ops.list_fast.marching_cubes_padded(volume, 0.0, -1, 4)
