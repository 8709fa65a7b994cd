# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A model whose canvas is not the pictures' pixels is trained against the true transform on its own canvas."""

from __future__ import annotations

import dataclasses

import torch

from list_fast.model import LIST, LISTConfig
from list_fast.training.batches import Batch
from list_fast.training.losses import camera_loss
from list_fast.training.stages import onto_canvas


def test_true_transforms_are_carried_to_the_models_canvas() -> None:
    model = LIST(dataclasses.replace(LISTConfig.small(), canvas=(137, 137)))
    torch.manual_seed(0)
    points = torch.rand(2, 50, 3) - 0.5
    corner = torch.tensor([[0.0, 0, 0], [0, -90.0, 0], [90.0, 0, 0], [111.5, 111.5, 1.0]])  # orthographic, on 224 x 224
    batch = Batch(
        shapes=torch.zeros(2, dtype=torch.int64),
        views=torch.zeros(2, dtype=torch.int64),
        camera=corner.expand(2, 4, 3),
        surface=points,
        symmetries=torch.ones(2, 1, dtype=torch.bool),
    )
    moved = onto_canvas(model, batch).camera
    expected = corner * torch.tensor([136 / 223, 136 / 223, 1.0])
    torch.testing.assert_close(moved[0], expected)
    # The same camera is no error on either canvas.
    for camera, canvas in ((batch.camera, (224, 224)), (moved, (137, 137))):
        assert float(camera_loss(camera, camera, points, canvas, batch.symmetries)) == 0
    assert float(camera_loss(batch.camera, moved, points, (137, 137), batch.symmetries)) > 0.01
