# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Losses on a field's gradient train it: the example that fits a field to points with normals."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch
import trimesh
from torch import Tensor

import list_fast
from list_fast.ops import reference


@pytest.fixture(scope="module")
def example(request: pytest.FixtureRequest) -> ModuleType:
    spec = importlib.util.spec_from_file_location("fit_points", request.config.rootpath / "examples" / "fit_points.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fit_points"] = module  # where its dataclass looks for itself
    spec.loader.exec_module(module)
    return module


def box_distance(points: Tensor) -> Tensor:
    """To the box of the example."""
    beyond = points.abs() - torch.tensor([0.4, 0.25, 0.2])
    return beyond.clamp_min(0).norm(dim=-1) + beyond.amax(-1).clamp_max(0)


def test_a_field_learns_from_its_gradient(example: ModuleType) -> None:
    torch.manual_seed(0)
    points, normals = example.sample_mesh(trimesh.creation.box((0.8, 0.5, 0.4)), 4000)
    assert box_distance(points).abs().max() < 2e-3  # the samples need not reach the box's very corners
    places = torch.rand(2000, 3) - 0.5
    field = example.Field(((8, 16), (8, 8)), 32)
    first = example.losses(field, points, normals, places)
    error = (field(places) - box_distance(places)).abs().mean()
    example.fit(field, points, normals, steps=60, batch=256, rate=1e-2)
    last = example.losses(field, points, normals, places)
    assert last.surface < first.surface / 5 and last.normal < first.normal / 3
    assert last.eikonal < 0.1  # it began as a true distance, of another shape
    assert (field(places) - box_distance(places)).abs().mean() < error / 2


def test_the_losses_have_the_gradients_of_plain_torch(example: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    field = example.Field(((8, 9), (5, 4)), 16).double()
    points, normals = 0.4 * torch.rand(50, 3).double(), torch.nn.functional.normalize(torch.randn(50, 3).double())
    results = []
    for sampler in (list_fast.sample_voxels, reference.sample_voxels):
        monkeypatch.setattr(list_fast, "sample_voxels", sampler)
        total = example.losses(field, points, normals, points.flip(0) - 0.2).total()
        results.append([total, *torch.autograd.grad(total, list(field.parameters()))])
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-12)


def test_the_example_writes_a_closed_mesh(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "box.ply"
    given = ["fit_points.py", "-o", str(target), "--steps", "15", "--points", "1000", "--resolution", "32"]
    monkeypatch.setattr(sys, "argv", given)
    example.main()
    assert "triangles" in capsys.readouterr().out
    mesh = trimesh.load_mesh(target)
    assert mesh.is_watertight and 0.08 < mesh.volume < 0.24  # the box's is 0.16


def test_no_steps_are_refused(example: ModuleType) -> None:
    with pytest.raises(ValueError, match="steps must be at least 1, got 0"):
        example.fit(example.Field(((2, 2),), 4), torch.zeros(1, 3), torch.ones(1, 3), steps=0)
