# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Symmetries of shapes whose symmetries are known, and the camera loss that respects them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from toy import camera, surface_of

from list_fast.training.losses import camera_loss
from list_fast.training.symmetry import rotational_symmetries, rotations, turned_points


def box(x: float, y: float, z: float, seed: int = 0) -> np.ndarray:
    return surface_of(1, np.array([x, y, z]), 4096, np.random.default_rng(seed))


def test_rotations_turn_the_front_to_the_right() -> None:
    # Azimuth grows from +z (front) to +x (right).
    np.testing.assert_allclose(rotations(4)[1] @ [0, 0, 1], [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(rotations(4)[1] @ [0.3, 1, 0], [0, 1, -0.3], atol=1e-12)
    points = torch.rand(2, 5, 3, dtype=torch.float64)
    turned = turned_points(points, 8)
    np.testing.assert_allclose(turned[1, 3, 4], rotations(8)[3] @ points[1, 4].numpy())


def test_symmetries_of_boxes_and_balls() -> None:
    assert rotational_symmetries(box(0.5, 0.3, 0.5), 8).tolist() == [True, False] * 4
    assert rotational_symmetries(box(0.5, 0.3, 0.3), 8).tolist() == [True, False, False, False] * 2
    ball = surface_of(0, np.zeros(3), 4096, np.random.default_rng(1))
    assert rotational_symmetries(ball, 8).all()
    back = box(0.25, 0.25, 0.02) + np.array([0, 0.25, -0.25])
    seat = box(0.25, 0.02, 0.25, seed=1)
    chair = np.random.default_rng(2).permutation(np.concatenate([back, seat]))
    assert rotational_symmetries(chair, 8).tolist() == [True] + [False] * 7
    with pytest.raises(ValueError, match="surface must be"):
        rotational_symmetries(ball[:100], 8)


def test_camera_loss_takes_the_nearest_of_equal_cameras() -> None:
    true, behind = (torch.from_numpy(camera(azimuth, 20.0))[None] for azimuth in (30.0, 210.0))
    points = torch.rand(1, 200, 3) - 0.5
    none, half_turn = torch.tensor([[True, False]]), torch.tensor([[True, True]])
    canvas = (224, 224)
    plain = camera_loss(behind, true, points, canvas)
    torch.testing.assert_close(camera_loss(behind, true, points, canvas, none), plain)
    assert plain.item() > 0.05
    # Turning the points by 180 degrees and the camera with them gives the same picture.
    assert camera_loss(behind, true, points, canvas, half_turn).item() == pytest.approx(0, abs=1e-6)
