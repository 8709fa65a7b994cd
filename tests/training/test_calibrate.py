# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The level at which a model's surface is found."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from list_fast.training.calibrate import LEVELS, level_distances


@pytest.mark.parametrize("planted", [0.0, 0.012])
def test_a_planted_bias_is_found(planted: float) -> None:
    axis = torch.linspace(-0.55, 0.55, 64)
    distance = torch.cartesian_prod(axis, axis, axis).norm(dim=1).view(64, 64, 64) - 0.4
    sphere = np.random.default_rng(0).normal(size=(4096, 3))
    sphere *= 0.4 / np.linalg.norm(sphere, axis=1, keepdims=True)
    found = level_distances(distance + planted, sphere, LEVELS)
    assert LEVELS[int(found.argmin())] == planted


def test_no_surface_is_a_point_at_the_origin() -> None:
    points = np.array([[0.3, 0.0, 0.4], [0.0, -0.1, 0.0]])
    assert level_distances(torch.ones(8, 8, 8), points, [0.0]) == pytest.approx([(0.1 + 0.3) / 2])
