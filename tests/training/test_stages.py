# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What stage 2 does to its inputs, so that training meets the errors of unseen images."""

from __future__ import annotations

import torch
from toy import camera

from list_fast.model import LIST, LISTConfig
from list_fast.training.config import AugmentConfig, SdfConfig
from list_fast.training.losses import project
from list_fast.training.stages import SdfStage, disturb, turn

TINY = LISTConfig.from_dict(
    LISTConfig.small().to_dict()
    | {"tree_features": [16, 16, 3], "tree_degrees": [4, 8], "global_features": 16, "voxel_resolution": 16}
)


def test_turned_transforms_are_cameras_beside_the_true_one() -> None:
    torch.manual_seed(0)
    points = torch.rand(1, 50, 3) - 0.5
    true = torch.from_numpy(camera(30, 25))[None]
    many = turn(true.expand(32, 4, 3), AugmentConfig(camera_turn=0.02))
    moved = (project(points.expand(32, 50, 3), many) - project(points, true)).norm(dim=-1).mean(1)
    assert 2 < moved.mean() < 12  # pixels: some 7 degrees, at 0.4 from the axis
    turned = many[moved.argmax()][None]
    # The same camera from another azimuth: the axis of the turn stays where it is.
    axis = torch.tensor([[[0.0, -0.4, 0.0], [0.0, 0.3, 0.0]]])
    torch.testing.assert_close(project(axis, turned), project(axis, true))
    errors = []
    for azimuth in torch.linspace(0, 60, 601).tolist():
        other = torch.from_numpy(camera(azimuth, 25))[None]
        errors.append((project(points, other) - project(points, turned)).norm(dim=-1).mean())
    assert min(errors) < 0.05
    assert turn(true, AugmentConfig()) is true


def test_noise_on_the_vector_moves_the_cloud() -> None:
    torch.manual_seed(0)
    model = LIST(TINY).eval()
    with torch.no_grad():
        features = model.trunk_features(torch.rand(3, 3, 224, 224))
        calm, noisy = (
            SdfStage(model, SdfConfig(steps=1, augment=AugmentConfig(latent_noise=share)))._coarse(features)
            for share in (0.0, 0.5)
        )
        assert torch.equal(calm, model.coarse(features))
        difference = (noisy - calm).square().mean().sqrt()
        spread = (calm - calm.mean(0)).square().mean().sqrt()
    assert 0.1 * spread < difference < spread


def test_disturbed_clouds_are_shifted_and_stretched_whole() -> None:
    torch.manual_seed(0)
    points = torch.rand(2, 40, 3) - 0.5
    moved = disturb(points, AugmentConfig(coarse_shift=0.01))
    for cloud, result in zip(points, moved, strict=True):
        basis = torch.cat([cloud, torch.ones(40, 1)], 1)
        fit = torch.linalg.lstsq(basis, result).solution
        torch.testing.assert_close(basis @ fit, result, atol=1e-5, rtol=0)
    assert not torch.equal(moved, points)
    jittered = disturb(points, AugmentConfig(coarse_noise=0.01)) - points
    assert 0.008 < jittered.std() < 0.012
