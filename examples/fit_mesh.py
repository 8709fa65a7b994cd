# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Fit a field by its mesh alone: a loss on vertices trains the network behind them.

    python examples/fit_mesh.py [-o fitted.ply] [--steps 200] [--points 2000] [--resolution 40] [--picture fit.png]

In every step the surface is extracted without gradients, and ``implicit_vertices`` makes its vertices differentiable
by the network's weights (Remelli et al., "MeshSDF", 2020). The loss is the mean squared distance from vertices to the
nearest target point and back; a second one keeps the field's gradient at length 1. The field starts as a ball; the
target is a box. The picture shows the mesh before the first step, on the way and after the last, and the target.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import trimesh
from PIL import Image
from torch import Tensor, nn

import list_fast
from list_fast.meshing import Mesh, implicit_vertices
from list_fast.meshing.preview import render_mesh

TARGET = (0.8, 0.5, 0.4)
"""The sides of the box."""


class Field(nn.Module):
    """Points (N, 3) -> (N,): the distance of a ball of radius 0.25, corrected by a network that starts at zero."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.network = nn.Sequential(
            nn.Linear(3, width),
            nn.Softplus(beta=20),
            nn.Linear(width, width),
            nn.Softplus(beta=20),
            nn.Linear(width, 1),
        )
        with torch.no_grad():
            self.network[0].weight *= 3
            self.network[4].weight.zero_()
            self.network[4].bias.zero_()

    def forward(self, points: Tensor) -> Tensor:
        return points.norm(dim=1) - 0.25 + self.network(points)[:, 0]


def chamfer(a: Tensor, b: Tensor) -> Tensor:
    """The mean squared distance from points (N, 3) to the nearest of (M, 3), and back."""
    distances = torch.cdist(a, b)
    return distances.amin(1).square().mean() + distances.amin(0).square().mean()


def fit(
    field: Field,
    points: Tensor,
    steps: int,
    resolution: int,
    watch: Callable[[int, Mesh], None] | None = None,
) -> list[float]:
    """Train a field until its surface meets points (M, 3); returns the distance before each step.

    watch: called before each step with its number, from 0, and the mesh.
    """
    optimiser = torch.optim.Adam(field.parameters(), lr=3e-3)
    distances = []
    for step in range(steps):
        mesh = list_fast.extract_mesh(field, resolution)
        if mesh.is_empty:
            raise RuntimeError("the field has lost its surface: take a lower learning rate")
        if watch is not None:
            watch(step, mesh)
        distance = chamfer(implicit_vertices(field, mesh.vertices), points)
        places = (mesh.vertices + 0.05 * torch.randn_like(mesh.vertices)).requires_grad_()
        (slope,) = torch.autograd.grad(field(places).sum(), places, create_graph=True)
        loss = distance + 1e-3 * (slope.norm(dim=1) - 1).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        distances.append(float(distance.detach()))
    return distances


def sample_target(count: int) -> Tensor:
    """Points (count, 3) on a box."""
    box = trimesh.creation.box(TARGET)
    return torch.as_tensor(trimesh.sample.sample_surface(box, count, seed=0)[0], dtype=torch.float32)


def draw(meshes: list[Mesh], path: Path, size: int = 200) -> None:
    """A PNG of meshes and then the target, in a row and in one scale."""
    box = trimesh.creation.box(TARGET)
    # Of the box all faces keep their own normals, or its edges would be shaded as if they were round.
    shapes = [(mesh.vertices.numpy(), mesh.faces.numpy()) for mesh in meshes] + [_flat(box)]
    frame = np.concatenate([vertices for vertices, _ in shapes])
    sheet = Image.new("RGB", (size * len(shapes), size), "white")
    for n, (vertices, faces) in enumerate(shapes):
        sheet.paste(render_mesh(vertices, faces, azimuth=35, elevation=25, size=size, frame=frame), (n * size, 0))
    sheet.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


def _flat(mesh: trimesh.Trimesh) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and faces in which no two faces have a vertex in common."""
    return mesh.triangles.reshape(-1, 3), np.arange(3 * len(mesh.faces)).reshape(-1, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=Path("fitted.ply"))
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--resolution", type=int, default=40, help="nodes along each axis of the lattice")
    parser.add_argument("--picture", type=Path, help="a PNG of the mesh before, on the way and after, and the target")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    field = Field()
    shown: list[Mesh] = []

    def watch(step: int, mesh: Mesh) -> None:
        # Most of the way is gone early.
        if step in (0, arguments.steps // 10):
            shown.append(mesh)

    distances = fit(field, sample_target(arguments.points), arguments.steps, arguments.resolution, watch)
    print(f"squared distance {distances[0]:.2e} -> {distances[-1]:.2e}")
    mesh = list_fast.extract_mesh(field, 2 * arguments.resolution)
    mesh.save(arguments.output)
    print(f"{len(mesh.faces)} triangles: {arguments.output}")
    if arguments.picture is not None:
        draw([*shown, mesh], arguments.picture)
        print(f"picture: {arguments.picture}")


if __name__ == "__main__":
    main()
