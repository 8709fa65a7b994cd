# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The same bits on every run: always on a CPU, whatever its threads do, and on CUDA under
``torch.use_deterministic_algorithms(True)``. Where torch adds in any order it does so from 32,768 numbers on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from list_fast.ops import marching_cubes, mc33, occupancy_grid, reference, sample_images, sample_voxels
from list_fast.ops._nodes import add_at, take

RUNS = 4


@pytest.fixture(autouse=True)
def setting(request: pytest.FixtureRequest) -> Iterator[None]:
    """Two threads; deterministic algorithms on CUDA, where results do depend on that."""
    threads, before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(2)
    if "device" in request.fixturenames and request.getfixturevalue("device").type == "cuda":
        torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(before)
    torch.set_num_threads(threads)


def derivatives(output: Tensor, inputs: Sequence[Tensor], order: int) -> list[Tensor]:
    """Gradients along fixed directions, up to the given order, of all orders."""
    torch.manual_seed(1)
    outputs, known, result = [output], list(inputs), []
    for _ in range(order):
        # Drawn on the CPU: other devices' generators give other numbers.
        along = [torch.randn(o.shape, dtype=o.dtype).to(o.device).requires_grad_() for o in outputs]
        found = torch.autograd.grad(outputs, known, along, create_graph=True, allow_unused=True, materialize_grads=True)
        result += found
        outputs, known = [g for g in found if g.requires_grad], [*known, *along]
    return [g.detach() for g in result]


def assert_same_bits_on_every_run(run: Callable[[], Sequence[Tensor]]) -> list[Tensor]:
    first = list(run())
    assert all(g.isfinite().all() for g in first) and any(g.any() for g in first)
    for _ in range(RUNS - 1):
        for n, (a, b) in enumerate(zip(first, run(), strict=True)):
            assert torch.equal(a, b), f"result {n} of {len(first)} differs by {(a - b).abs().max()}"
    return first


def leaf(*shape: int, device: torch.device, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator).to(device).requires_grad_()


def crowd(batch: int, count: int, device: torch.device, reach: float = 1.0) -> Tensor:
    """Points in [-reach, reach]³, half of them in one corner."""
    generator = torch.Generator().manual_seed(2)
    points = torch.rand(batch, count, 3, generator=generator) * 2 - 1
    points[:, ::2] = 0.1 * points[:, ::2] + 0.8
    return (reach * points).to(device).requires_grad_()


def assert_reproducible(device: torch.device, run: Callable[[torch.device], Sequence[Tensor]]) -> None:
    """The same bits on every run on the device, and up to rounding those of a CPU."""
    found = assert_same_bits_on_every_run(lambda: run(device))
    if device.type == "cuda":
        for actual, expected in zip(found, run(torch.device("cpu")), strict=True):
            scale = float(expected.abs().max())
            torch.testing.assert_close(actual.cpu(), expected, rtol=1e-3, atol=1e-4 * scale)


def test_sample_voxels(device: torch.device) -> None:
    def run(on: torch.device) -> list[Tensor]:
        levels = [leaf(2, c, n, n + 1, n + 2, device=on, seed=c) for c, n in ((1, 8), (3, 8), (8, 3))]
        points, offsets = crowd(2, 3000, on), leaf(2, 3, device=on)
        return derivatives(sample_voxels(levels, points, offsets), [*levels, points, offsets], 2)

    assert_reproducible(device, run)


def test_sample_images(device: torch.device) -> None:
    matrix = torch.tensor([[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [64, 48, 2]])

    def run(on: torch.device) -> list[Tensor]:
        levels = [leaf(2, c, n, n + 1, device=on, seed=c) for c, n in ((1, 8), (3, 8), (8, 3))]
        points, transform = crowd(2, 6000, on), torch.stack([matrix, 1.1 * matrix]).to(on).requires_grad_()
        return derivatives(sample_images(levels, points, transform, canvas=(96, 128)), [*levels, points, transform], 2)

    assert_reproducible(device, run)


class Asked(TorchDispatchMode):
    """What the operators of the library are asked for: a fixed order or any."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, bool] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.namespace == "list_fast":
            self.seen[func._opname] = (kwargs or {}).get("deterministic", False)
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("wanted", [False, True])
def test_the_setting_reaches_the_kernels(wanted: bool) -> None:
    cpu = torch.device("cpu")
    torch.use_deterministic_algorithms(wanted)
    points, transform = leaf(1, 9, 3, device=cpu), leaf(1, 4, 3, device=cpu)
    with Asked() as asked:
        level = leaf(1, 2, 3, 3, 3, device=cpu)
        derivatives(sample_voxels([level], points), [level, points], 2)
        level = leaf(1, 2, 3, 3, device=cpu)
        derivatives(sample_images([level], points, transform, canvas=(9, 9)), [level, points, transform], 2)
    names = {f"sample_{what}_{pass_}" for what in ("voxels", "images") for pass_ in ("backward", "double_backward")}
    assert {name: given for name, given in asked.seen.items() if name in names} == dict.fromkeys(names, wanted)


def test_third_derivatives_of_samplers(device: torch.device) -> None:
    level, points = leaf(1, 3, 5, 5, 5, device=device), crowd(1, 12000, device)

    def run() -> list[Tensor]:
        return derivatives(sample_voxels([level], points), [level, points], 3)

    if device.type == "cuda" and reference.GRID_SAMPLE_TWICE:
        with pytest.raises(RuntimeError, match="deterministic"):
            run()
    else:
        assert_same_bits_on_every_run(run)


def test_occupancy_grid(device: torch.device) -> None:
    def run(on: torch.device) -> list[Tensor]:
        points = crowd(1, 5000, on, 0.45)
        return derivatives(occupancy_grid(points, 24, mode="trilinear"), [points], 2)

    assert_reproducible(device, run)


@pytest.mark.parametrize("part", ["vertices", "normals", "values"])
def test_marching_cubes(device: torch.device, part: str) -> None:
    volume, values = leaf(33, 33, 33, device=device), leaf(3, 33, 33, 33, device=device, seed=1)
    found = marching_cubes(volume, values=values, return_normals=True)
    output = {"vertices": found[0], "normals": found[2], "values": found[3]}[part]
    inputs = [volume, values] if part == "values" else [volume]
    assert_same_bits_on_every_run(lambda: derivatives(output, inputs, 2))


def test_vertices_inside_cells(device: torch.device) -> None:
    rows, weights = leaf(500, 3, device=device), torch.rand(20000, 12, dtype=torch.float64, device=device)
    support = torch.randint(0, 500, (20000, 12), device=device)
    assert_same_bits_on_every_run(lambda: derivatives(mc33.with_inner(rows, (support, weights)), [rows], 1))


@pytest.mark.parametrize("shape", [(7,), (7, 4)])
def test_numbered_rows(device: torch.device, shape: tuple[int, ...]) -> None:
    rows, index = (
        torch.randn(shape, device=device).double().requires_grad_(),
        torch.randint(0, 7, (5, 3), device=device),
    )
    assert torch.equal(take(rows, index), rows[index])
    grad = torch.randn(5, 3, *shape[1:], device=device).double()
    found, wanted = (torch.autograd.grad(x, rows, grad)[0] for x in (take(rows, index), rows[index]))
    torch.testing.assert_close(found, wanted)
    assert torch.autograd.gradgradcheck(lambda x: take(x, index).square(), rows)


def test_sums_at_numbers(device: torch.device) -> None:
    index = torch.randint(0, 7, (50,), device=device)
    sums, values = (torch.randn(n, device=device).double().requires_grad_() for n in (7, 50))
    wanted = sums.detach().clone()
    for n, value in zip(index.tolist(), values.tolist(), strict=True):
        wanted[n] += value
    torch.testing.assert_close(add_at(sums, index, values).detach(), wanted)
    assert torch.autograd.gradcheck(lambda a, b: add_at(a, index, b), (sums, values))
