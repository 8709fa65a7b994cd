# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Averaging with the mirror image."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from list_fast.model import LIST, LISTConfig, encode_mirrored
from list_fast.reconstruction import mesh_field

MIRROR = torch.tensor([-1.0, 1.0, 1.0])


def test_it_is_the_mean_of_both_ways(small_model: LIST) -> None:
    torch.manual_seed(0)
    image, points = torch.rand(3, 224, 224), torch.rand(200, 3) - 0.5
    field = encode_mirrored(small_model, image)
    one, other = small_model.encode(image), small_model.encode(image.flip(-1))
    expected = (one.sdf(points) + other.sdf(points * MIRROR)) / 2
    assert torch.equal(field.sdf(points), expected)
    assert not torch.allclose(one.sdf(points), expected, atol=1e-4)
    assert torch.equal(field.transform, one.transform) and torch.equal(field.coarse_points, one.coarse_points)
    assert field.device == one.device


def test_the_mirror_image_gives_the_mirrored_shape(small_model: LIST) -> None:
    torch.manual_seed(1)
    image, points = torch.rand(3, 224, 224), torch.rand(1, 200, 3) - 0.5
    here, there = encode_mirrored(small_model, image), encode_mirrored(small_model, image.flip(-1))
    torch.testing.assert_close(here(points), there(points * MIRROR), rtol=0, atol=1e-6)
    mesh = mesh_field(here, 32)  # a field like any other
    assert mesh.is_watertight or mesh.is_empty


def test_a_model_that_is_given_its_transform_is_refused() -> None:
    small = {"tree_features": (128, 16, 16, 3), "tree_degrees": (4, 8, 8), "voxel_resolution": 16}
    config = dataclasses.replace(LISTConfig.small(), transform="given", **small)
    with pytest.raises(ValueError, match="model must predict its transform"):
        encode_mirrored(LIST(config), torch.rand(3, 224, 224))
