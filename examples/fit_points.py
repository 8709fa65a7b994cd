# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Fit a signed distance field to points with normals, and turn it into a mesh.

    python examples/fit_points.py [mesh.ply] [-o fitted.ply] [--steps 300] [--points 20000]

The field is a small network over trilinear samples of feature grids. Three losses: it is zero on the points, its
gradient there is the normal, and its gradient has length 1 everywhere (the eikonal equation; Gropp et al., "Implicit
Geometric Regularization for Learning Shapes", 2020). The last two differentiate the field by the place first and by the
grids and weights after: the second derivative of ``sample_voxels``. Without a mesh the points are those of a box. The
field starts as a sphere, and nothing in the losses opens a hole where there are no points: fit solid parts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
import trimesh
from torch import Tensor, nn

import list_fast


class Field(nn.Module):
    """Points (N, 3) in [-0.5, 0.5]³ -> (N,): the distance of a sphere of radius 0.3, corrected by what is learnt.

    Args:
        grids: (channels, nodes per axis) of each level of features.
        width: Units of the network's two hidden layers.
    """

    def __init__(self, grids: tuple[tuple[int, int], ...] = ((8, 32), (16, 16), (16, 8)), width: int = 64) -> None:
        super().__init__()
        self.levels = nn.ParameterList([0.01 * torch.randn(1, c, n, n, n) for c, n in grids])
        self.network = nn.Sequential(
            nn.Linear(sum(c for c, _ in grids) + 3, width),
            nn.Softplus(beta=100),
            nn.Linear(width, width),
            nn.Softplus(beta=100),
            nn.Linear(width, 1),
        )

    def forward(self, points: Tensor) -> Tensor:
        features = list_fast.sample_voxels(list(self.levels), 2 * points[None])[0]
        correction = self.network(torch.cat([features, points], -1))[:, 0]
        return points.norm(dim=-1) - 0.3 + 0.1 * correction


@dataclass
class Losses:
    """Means over the points of one step: |f| and |grad f - normal|² on the surface, (|grad f| - 1)² everywhere."""

    surface: Tensor
    normal: Tensor
    eikonal: Tensor

    def total(self) -> Tensor:
        return 30 * self.surface + self.normal + 0.1 * self.eikonal


def losses(field: Callable[[Tensor], Tensor], points: Tensor, normals: Tensor, free: Tensor) -> Losses:
    """The losses on surface points (N, 3) with unit normals (N, 3) and on free points (M, 3) around them."""
    places = torch.cat([points, free]).requires_grad_()
    values = field(places)
    (slopes,) = torch.autograd.grad(values.sum(), places, create_graph=True)
    count = len(points)
    return Losses(
        surface=values[:count].abs().mean(),
        normal=(slopes[:count] - normals).square().sum(-1).mean(),
        eikonal=(slopes.norm(dim=-1) - 1).square().mean(),
    )


def fit(field: Field, points: Tensor, normals: Tensor, steps: int, batch: int = 1024, rate: float = 5e-3) -> Losses:
    """Train the field in place with Adam; returns the losses of the last step.

    Args:
        field: On the device of the points.
        points: (N, 3) on the surface, in [-0.5, 0.5]³.
        normals: (N, 3), of length 1, outwards.
        steps: How many, at least 1.
        batch: Surface points of a step; half as many lie anywhere.
        rate: The first learning rate; it falls to zero as a cosine.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    optimiser = torch.optim.Adam(field.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        chosen = torch.randint(len(points), (batch,), device=points.device)
        free = torch.rand(batch // 2, 3, device=points.device) - 0.5
        found = losses(field, points[chosen], normals[chosen], free)
        optimiser.zero_grad()
        found.total().backward()
        optimiser.step()
        schedule.step()
    return found


def sample_mesh(mesh: trimesh.Trimesh, count: int) -> tuple[Tensor, Tensor]:
    """Points (count, 3) on a mesh, moved and scaled into [-0.4, 0.4]³, and the normals of their faces."""
    places, faces = trimesh.sample.sample_surface(mesh, count, seed=0)
    points = torch.as_tensor(places, dtype=torch.float32)
    low, high = points.amin(0), points.amax(0)
    points = (points - (low + high) / 2) * 0.8 / (high - low).max()
    return points, F.normalize(torch.as_tensor(mesh.face_normals[faces], dtype=torch.float32), dim=-1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mesh", nargs="?", type=Path, help="a closed mesh, in any format that trimesh reads")
    parser.add_argument("-o", "--output", type=Path, default=Path("fitted.ply"))
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--points", type=int, default=20000)
    parser.add_argument("--resolution", type=int, default=96, help="nodes along each axis of the mesh's lattice")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    mesh = trimesh.load_mesh(arguments.mesh) if arguments.mesh else trimesh.creation.box((0.8, 0.5, 0.4))
    points, normals = sample_mesh(mesh, arguments.points)
    field = Field()
    last = fit(field, points, normals, arguments.steps)
    print(f"surface {last.surface:.4f}, normal {last.normal:.4f}, eikonal {last.eikonal:.4f}")
    with torch.no_grad():
        result = list_fast.extract_mesh(field, resolution=arguments.resolution)
    trimesh.Trimesh(result.vertices.numpy(), result.faces.numpy()).export(arguments.output)
    print(f"{len(result.faces)} triangles: {arguments.output}")


if __name__ == "__main__":
    main()
