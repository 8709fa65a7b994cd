# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Muon: its matrices against singular value decompositions, its other parameters against torch's AdamW."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from list_fast.training import load_config
from list_fast.training.files import flatten_optimizer, read_tensors, restore_optimizer, write_tensors
from list_fast.training.log import read_log
from list_fast.training.muon import Muon, is_matrix, orthogonalize
from list_fast.training.run import train


@pytest.mark.parametrize("shape", [(6, 6), (40, 7), (7, 40), (3, 20, 8), (2, 9, 60)])
def test_orthogonalized_matrices_keep_their_singular_vectors(shape: tuple[int, ...]) -> None:
    matrices = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    left, _, right = torch.linalg.svd(matrices, full_matrices=False)
    rotated = left.mT @ orthogonalize(matrices) @ right.mT
    values = rotated.diagonal(dim1=-2, dim2=-1)
    assert (rotated - torch.diag_embed(values)).abs().max() < 1e-10
    assert values.min() > 0.3 and values.max() < 1.3
    single = orthogonalize(matrices.float())
    assert single.dtype == torch.float32
    assert (left.mT @ single.double() @ right.mT - torch.diag_embed(values)).abs().max() < 0.1


def test_a_step_moves_a_matrix_by_its_root_mean_square() -> None:
    weight = nn.Parameter(torch.randn(64, 32, 3, 3, generator=torch.Generator().manual_seed(2)))
    before = weight.detach().clone()
    weight.grad = torch.randn(weight.shape, generator=torch.Generator().manual_seed(3)) * 1e-6  # scale has no say
    Muon([weight], lr=0.1).step()
    assert 0.1 * 0.2 * 0.7 < (weight.detach() - before).pow(2).mean().sqrt() < 0.1 * 0.2 * 1.3


def test_what_is_no_matrix_gets_adamw() -> None:
    rng = torch.Generator().manual_seed(4)
    shapes = [(5,), (), (1, 7), (6, 1, 3, 3)]
    ours = [nn.Parameter(torch.randn(shape, generator=rng)) for shape in shapes]
    theirs = [nn.Parameter(p.detach().clone()) for p in ours]
    assert not any(is_matrix(p) for p in ours) and is_matrix(torch.empty(4, 2, 3))
    options = {"lr": 0.02, "betas": (0.9, 0.98), "weight_decay": 0.1}
    first, second = Muon(ours, **options), torch.optim.AdamW(theirs, **options)
    for _ in range(5):
        for a, b in zip(ours, theirs, strict=True):
            a.grad = torch.randn(a.shape, generator=rng)
            b.grad = a.grad.clone()
        first.step()
        second.step()
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b)


def _problem() -> tuple[nn.Module, Tensor, Tensor]:
    torch.manual_seed(5)
    model = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 4))
    points = torch.randn(256, 8)
    return model, points, torch.sin(points[:, :4] * 2)


def _fit(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor, steps: int) -> float:
    for _ in range(steps):
        optimizer.zero_grad()
        loss = (model(x) - y).square().mean()
        loss.backward()
        optimizer.step()
    return float((model(x) - y).square().mean().detach())


def test_it_fits_and_goes_on_from_a_file_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    model, x, y = _problem()
    start = float((model(x) - y).square().mean().detach())
    optimizer = Muon(model.parameters(), lr=2e-2, weight_decay=1e-2)
    half = _fit(model, optimizer, x, y, 120)
    assert half < 0.5 * start
    twin = copy.deepcopy(model)
    other = Muon(twin.parameters(), lr=2e-2, weight_decay=1e-2)
    write_tensors(tmp_path / "state", *flatten_optimizer(optimizer))
    restore_optimizer(other, *read_tensors(tmp_path / "state"))
    assert _fit(model, optimizer, x, y, 20) == _fit(twin, other, x, y, 20) < half


def test_a_run_may_ask_for_it(toy_data: Path, tmp_path: Path) -> None:
    options = ["trunk.weights=none", "coarse.steps=2", "camera.steps=2", "sdf.steps=2", "coarse.batch=2"]
    options += ["camera.batch=2", "sdf.batch=2", "sdf.near_points=16", "sdf.uniform_points=16", "validation_views=2"]
    options += [f"{stage}.optimiser=muon" for stage in ("coarse", "camera", "sdf")]
    options += ["trunk.tail=2", "coarse.camera_weight=1.0", "log_every=1"]
    config = load_config("small", options)
    assert train(config, toy_data, tmp_path / "o", device="cpu", quiet=True).exists()
    steps = [r for r in read_log(tmp_path / "o" / "log.jsonl") if r["kind"] == "train"]
    assert [r["stage"] for r in steps] == ["coarse"] * 2 + ["camera"] * 2 + ["sdf"] * 2
