# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Rotations about the vertical axis that map a shape onto itself.

A table looks the same from in front and from behind, so no picture tells which of the two cameras is the true one.
A loss that asks for one of them is least for a camera between both, which is wrong for either; one that takes the
nearer of them is not.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_TREE_POINTS = 2048
_TEST_POINTS = 256


def rotations(count: int) -> NDArray[np.float64]:
    """Matrices (count, 3, 3) of the rotations about +y by multiples of 360 / count degrees, for column vectors."""
    angles = 2 * np.pi * np.arange(count) / count
    sin, cos, zero, one = np.sin(angles), np.cos(angles), np.zeros(count), np.ones(count)
    return np.stack([cos, zero, sin, zero, one, zero, -sin, zero, cos], 1).reshape(count, 3, 3)


def rotational_symmetries(surface: NDArray[np.floating], count: int, tolerance: float = 1.2) -> NDArray[np.bool_]:
    """Which of `rotations(count)` map a shape onto itself, (count,); the first, by nothing, always does.

    Args:
        surface: random points (M, 3) on the surface, in object space, M at least 512.
        tolerance: a rotation counts if the mean and the 98th percentile of the distances from rotated points to the
            surface points exceed those of points that were not rotated by no more than this factor. What is smaller
            than the spacing of the points goes unseen.
    """
    from scipy.spatial import cKDTree

    points = np.asarray(surface, np.float64)
    if points.ndim != 2 or points.shape[1] != 3 or len(points) < 2 * _TEST_POINTS:
        raise ValueError(f"surface must be (M >= {2 * _TEST_POINTS}, 3), got {points.shape}")
    tested = points[:_TEST_POINTS]
    tree = cKDTree(points[_TEST_POINTS : _TEST_POINTS + _TREE_POINTS])
    turned = np.einsum("kij,nj->kni", rotations(count), tested)
    distance = tree.query(turned.reshape(-1, 3))[0].reshape(count, -1)
    mean, high = distance.mean(1), np.quantile(distance, 0.98, axis=1)
    found = (mean <= tolerance * mean[0]) & (high <= tolerance * high[0])
    found[0] = True
    return found


def turned_points(points: Tensor, count: int) -> Tensor:
    """Points (B, N, 3) under each of `rotations(count)`: (B, count, N, 3)."""
    matrices = torch.from_numpy(rotations(count)).to(points)
    return torch.einsum("kij,bnj->bkni", matrices, points)
