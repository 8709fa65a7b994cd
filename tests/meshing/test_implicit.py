# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Vertices move with their field: against how the level set really moves, and what goes wrong."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from list_fast.meshing import extract_mesh, implicit_vertices


def test_a_ball_grows_by_its_radius() -> None:
    radius = torch.tensor(0.3, requires_grad=True)
    centre = torch.zeros(3, requires_grad=True)

    def sdf(p: Tensor) -> Tensor:
        return 5 * ((p - centre).norm(dim=1) - radius)  # no true distance

    mesh = extract_mesh(sdf, 40)
    vertices = implicit_vertices(sdf, mesh.vertices)
    assert torch.equal(vertices, mesh.vertices) and vertices.requires_grad
    normals = mesh.vertices / mesh.vertices.norm(dim=1, keepdim=True)
    by_radius, by_centre = torch.autograd.grad((vertices * normals).sum(), (radius, centre))
    torch.testing.assert_close(by_radius, torch.tensor(float(len(vertices))))
    # Along the normal a moved ball's surface moves by n . dc.
    torch.testing.assert_close(by_centre, normals.sum(0), rtol=1e-4, atol=1e-3)


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layers = nn.Sequential(nn.Linear(3, 12), nn.Tanh(), nn.Linear(12, 12), nn.Softplus(), nn.Linear(12, 1))

    def forward(self, p: Tensor) -> Tensor:
        return p.norm(dim=1, keepdim=True) - 0.3 + 0.2 * self.layers(p)


def test_gradients_are_those_of_the_moving_level_set() -> None:
    # Finite differences: every parameter is changed, and the level set found again along the old normal by Newton.
    net = Net().double()
    start = extract_mesh(lambda p: net(p.double()).float(), 24).vertices.double()[::40]
    assert len(start) > 10

    def gradient(points: Tensor) -> tuple[Tensor, Tensor]:
        points = points.detach().requires_grad_()
        values = net(points)[:, 0]
        return values.detach(), torch.autograd.grad(values.sum(), points)[0]

    for _ in range(20):  # to the level set itself, which linear interpolation misses by a little
        values, slope = gradient(start)
        start = start - slope * (values / slope.square().sum(1))[:, None]
    normals = nn.functional.normalize(gradient(start)[1], dim=1)

    def found() -> Tensor:
        """How far along the normals the level set lies."""
        along = torch.zeros(len(start), dtype=torch.float64)
        for _ in range(30):
            values, slope = gradient(start + along[:, None] * normals)
            along = along - values / (slope * normals).sum(1)
        return along

    weights = torch.rand(len(start), dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    loss = ((implicit_vertices(net, start) * normals).sum(1) * weights).sum()
    analytic = torch.autograd.grad(loss, list(net.parameters()))
    step = 1e-5
    for parameter, wanted in zip(net.parameters(), analytic, strict=True):
        flat = parameter.data.view(-1)
        for place in range(0, flat.numel(), max(1, flat.numel() // 3)):
            old = float(flat[place])
            sums = []
            for sign in (1, -1):
                flat[place] = old + sign * step
                sums.append(float((found() * weights).sum()))
            flat[place] = old
            assert float(wanted.view(-1)[place]) == pytest.approx((sums[0] - sums[1]) / (2 * step), rel=1e-5, abs=1e-7)


def test_nothing_flows_where_the_gradient_vanishes() -> None:
    scale = torch.tensor(1.0, requires_grad=True)
    vertices = torch.tensor([[0.0, 0, 0], [1, 0, 0]])
    moved = implicit_vertices(lambda p: scale * p.square().sum(1), vertices)
    assert torch.equal(moved, vertices)
    (by_scale,) = torch.autograd.grad(moved.sum(), scale)
    assert float(by_scale) == pytest.approx(-0.5)  # of the second alone: -f / |grad f|


def test_empty_and_without_gradients() -> None:
    net = Net()
    assert implicit_vertices(net, torch.zeros(0, 3)).shape == (0, 3)
    with torch.no_grad():
        assert not implicit_vertices(net, torch.ones(2, 3)).requires_grad


def test_mistakes_are_named() -> None:
    vertices = torch.ones(4, 3)
    for sdf, given, error, message in (
        (3, vertices, TypeError, "sdf must be a callable"),
        (lambda p: p[:, 0], vertices.int(), TypeError, "vertices must be floating point"),
        (lambda p: p[:, 0], vertices[:, :2], ValueError, "vertices must have shape"),
        (lambda p: p, vertices, ValueError, "sdf must return 4 values"),
        (lambda p: p.detach().numpy()[:, 0], vertices, TypeError, "sdf must return a tensor"),
        (lambda p: p.detach()[:, 0], vertices, TypeError, "differentiable by the points"),
        (lambda p: torch.ones(4, requires_grad=True), vertices, TypeError, "differentiable by the points"),
    ):
        with pytest.raises(error, match=message):
            implicit_vertices(sdf, given)  # type: ignore[arg-type]


def test_the_example_fits(tmp_path, request, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    path = request.config.rootpath / "examples" / "fit_mesh.py"
    spec = importlib.util.spec_from_file_location("fit_mesh", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.manual_seed(0)
    points = module.sample_target(300)
    distances = module.fit(module.Field(), points, steps=25, resolution=20)
    assert distances[-1] < 0.5 * distances[0]
    target = tmp_path / "fitted.ply"
    picture = tmp_path / "fit.png"
    given = ["fit_mesh.py", "-o", str(target), "--steps", "2", "--points", "100", "--resolution", "16"]
    monkeypatch.setattr(sys, "argv", [*given, "--picture", str(picture)])
    module.main()
    assert "triangles" in capsys.readouterr().out and target.stat().st_size > 1000
    # Of two steps the first is also the tenth: before, after, target. Each has something in its square.
    drawn = np.asarray(Image.open(picture).convert("L"))
    assert drawn.shape == (200, 600) and all((part < 250).mean() > 0.05 for part in np.hsplit(drawn, 3))
    assert (drawn < 250)[:, :200].mean() < (drawn < 250)[:, 400:].mean()  # the ball is smaller than the box
