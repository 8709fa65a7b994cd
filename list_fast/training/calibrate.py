# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Where the surface of a trained model lies.

A model that regresses distances in doubt is biased: where half of what it thinks possible is outside, its distance is
positive, and a thin part too thin. The level whose surface, with the thin parts that the picture shows put back as
`list-fast reconstruct` does, is nearest to the true one is chosen by the Chamfer distance. Overlap of the insides would
put it lower, for it hardly counts thin parts, which are what a shape is known by.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from list_fast import ops
from list_fast.data.camera import IMAGE_SIZE
from list_fast.evaluation.metrics import chamfer, distances
from list_fast.evaluation.samples import sample_surface
from list_fast.meshing.extract import BOUNDS
from list_fast.model import LIST, Field, checkpoint_metadata, load_checkpoint, rescale_transform, save_checkpoint
from list_fast.pose_fit import fit_pose
from list_fast.thin_parts import complete, find_thin_parts
from list_fast.visual_hull import visual_hull

from .batches import TrainingData, fixed_views

if TYPE_CHECKING:
    from list_fast.data import ListDataset

LEVELS = tuple(round(0.003 * k, 3) for k in range(5))
"""Candidates, in object units."""
VIEWS = 64
"""Views that are enough to tell them apart."""

_RESOLUTION = 64
_POINTS = 4096


def level_distances(volume: Tensor, surface: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Chamfer distance (L1, L) between the surface of a volume at each level and points of the true one.

    Args:
        volume: (R, R, R) values of a field over the box that meshes are extracted in.
        surface: (N, 3) points on the true surface, object units.
        levels: L values. Where a level has no surface it counts as one point at the origin, as in `evaluate`.
    """
    import trimesh

    result = []
    for level in levels:
        vertices, faces = ops.marching_cubes(volume, level, bounds=BOUNDS)
        mesh = trimesh.Trimesh(vertices.numpy(), faces.numpy(), process=False)
        points = sample_surface(mesh, _POINTS, "calibrate").points
        result.append(chamfer(*distances(points, surface))["chamfer_l1"])
    return np.array(result)


@dataclass(frozen=True)
class _Moved:
    """A field whose surface lies at another of its levels."""

    field: Field
    by: float

    @property
    def transform(self) -> Tensor:
        return self.field.transform

    @property
    def canvas(self) -> tuple[int, int]:
        return self.field.canvas

    @property
    def device(self) -> torch.device:
        return self.field.device

    def sdf(self, points: Tensor) -> Tensor:
        return self.field.sdf(points) - self.by


@torch.no_grad()
def surface_level(model: LIST, data: TrainingData, views: int, device: torch.device) -> float:
    """That of LEVELS with the least mean Chamfer distance over one view of up to VIEWS shapes of a split."""
    model.eval()
    axis = torch.linspace(BOUNDS[0][0], BOUNDS[1][0], _RESOLUTION, device=device)
    grid = torch.cartesian_prod(axis, axis, axis)
    total = np.zeros(len(LEVELS))
    known = model.config.transform == "given"
    for shapes, chosen in fixed_views(data, min(views, VIEWS), 1):
        shape, view = int(shapes[0]), int(chosen[0])
        camera = data.dataset.camera[shape, view]
        given = rescale_transform(camera, (IMAGE_SIZE, IMAGE_SIZE), model.config.canvas)
        field = model.encode(
            data.dataset.image(shape, view).to(device).float() / 255,
            given if known else None,
        )
        values = field.sdf(grid).float()
        seen = data.dataset.found(shape, view) > 127
        surface = np.asarray(data.dataset.surface(shape), np.float64)[:_POINTS]
        for k, level in enumerate(LEVELS):
            moved = _Moved(field, level - model.config.surface_level)
            volume = (values - moved.by).view(_RESOLUTION, _RESOLUTION, _RESOLUTION)
            vertices, faces = ops.marching_cubes(volume, bounds=BOUNDS)
            transform = None if known else fit_pose(moved, seen, vertices)
            parts = find_thin_parts(moved, seen, vertices, faces, transform)
            hull = visual_hull(moved, seen, transform)
            volume = complete(volume.flatten(), grid, parts, hull).view_as(volume)
            total[k] += level_distances(volume.cpu(), surface, [0.0])[0]
    return LEVELS[int(total.argmin())]


def calibrate_checkpoint(path: str | os.PathLike[str], dataset: ListDataset) -> float:
    """Gives a checkpoint the surface level that the views of a split choose, and returns it."""
    model = load_checkpoint(path)
    level = surface_level(model, TrainingData(dataset), VIEWS, torch.device("cpu"))
    model.config = dataclasses.replace(model.config, surface_level=level)
    save_checkpoint(path, model, checkpoint_metadata(path))
    return level
