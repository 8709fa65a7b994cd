# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The functions of torchmcubes: ``from list_fast.compat.torchmcubes import marching_cubes``."""

from __future__ import annotations

import torch
from torch import Tensor

from list_fast import ops
from list_fast._errors import check_floating, check_number, check_tensor
from list_fast.ops._sampling import LEVEL_DTYPES


def marching_cubes(vol: Tensor, thresh: float) -> tuple[Tensor, Tensor]:
    """The surface vol = thresh, as ``torchmcubes.marching_cubes`` gives it.

    Unlike the original, vertices are shared on CUDA too, none of the triangles of a cell is left out, positions near a
    node are not snapped to it, ``vol`` need not be contiguous or float32, an empty surface gives empty tensors, and
    vertices are differentiable with respect to ``vol``.

    Args:
        vol: Values (Nz, Ny, Nx), floating point, on the CPU or on CUDA. A NaN empties the 8 cells around it.
        thresh: The value of the surface.

    Returns:
        Vertices (V, 3), float32 (float64 of a float64 volume), as (x, y, z) in index coordinates: the axes of ``vol``
        reversed; faces (F, 3), int32, anticlockwise seen from the side of higher values.

    Raises:
        TypeError: ``vol`` is no tensor of floating point numbers, or ``thresh`` is no number.
        ValueError: ``vol`` is not of rank 3, or ``thresh`` is not finite.
    """
    check_tensor("vol", vol, "(Nz, Ny, Nx)", 3)
    check_floating("vol", vol, LEVEL_DTYPES)
    vertices, faces = ops.marching_cubes(vol, check_number("thresh", thresh))
    # Reversing the axes mirrors the mesh; reversing the corners of each face turns it outside out again.
    return vertices.flip(1), faces.flip(1)


def grid_interp(vol: Tensor, points: Tensor) -> Tensor:
    """Trilinear values of a volume at points, as ``torchmcubes.grid_interp`` gives them.

    Points outside get the value of the nearest point of the volume; the original extrapolates within one voxel below 0.

    Args:
        vol: Values (C, Nz, Ny, Nx), floating point.
        points: Points (N, 3) as (x, y, z) in index coordinates, float32, such as the vertices of ``marching_cubes``.

    Returns:
        Values (N, C), differentiable with respect to both.

    Raises:
        TypeError: An argument is no tensor of floating point numbers.
        ValueError: A shape is wrong.
    """
    check_tensor("vol", vol, "(C, Nz, Ny, Nx)", 4)
    check_tensor("points", points, "(N, 3)", 2)
    check_floating("vol", vol, LEVEL_DTYPES)
    check_floating("points", points, (torch.float32, torch.float64))
    if points.shape[1] != 3:
        raise ValueError(f"points must have shape (N, 3), got {tuple(points.shape)}")
    if 0 in vol.shape:
        raise ValueError(f"vol must have no empty axis, got shape {tuple(vol.shape)}")
    last = torch.tensor(vol.shape[:0:-1], dtype=points.dtype, device=points.device) - 1  # (x, y, z)
    places = 2 * points / last.clamp_min(1) - 1
    return ops.sample_voxels([vol[None]], places[None])[0]
