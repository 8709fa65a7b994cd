# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Configurations: a round trip through JSON, and refusals that name the field."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import torch

from list_fast.model import LISTConfig


@pytest.mark.parametrize("config", [LISTConfig.base(), LISTConfig.base(faithful=True), LISTConfig.small()])
def test_round_trip_through_json(config: LISTConfig) -> None:
    assert LISTConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_integers_of_any_library_are_taken() -> None:
    plain = LISTConfig.base()
    given = dataclasses.replace(
        plain,
        voxel_resolution=np.int64(128),
        image_size=torch.tensor(224),
        canvas=(np.int32(137), np.uint8(137)),
        tree_degrees=tuple(np.array(plain.tree_degrees)),
    )
    assert given == plain and hash(given) == hash(plain)
    assert type(given.voxel_resolution) is int and type(given.image_size) is int
    assert all(type(size) is int for size in (*given.canvas, *given.tree_degrees))
    assert LISTConfig.from_dict(json.loads(json.dumps(given.to_dict()))) == plain


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        LISTConfig.from_dict({"colour": 3})


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"trunk": "vgg"}, ValueError, "trunk must be one of"),
        ({"depth": "metric"}, ValueError, "depth must be one of"),
        ({"occupancy": "soft"}, ValueError, "occupancy must be one of"),
        ({"canvas": (137,)}, ValueError, "canvas"),
        ({"canvas": (1, 137)}, ValueError, "canvas"),
        ({"canvas": [137, 137]}, ValueError, "canvas must be a non-empty tuple"),
        ({"voxel_channels": ()}, ValueError, "voxel_channels"),
        ({"voxel_channels": (16, 0)}, ValueError, "voxel_channels"),
        ({"tree_degrees": (2, 2)}, ValueError, "tree_degrees"),
        ({"tree_features": (64, 128, 256, 256, 256, 128, 128, 3)}, ValueError, "tree_features must start"),
        ({"tree_features": (128, 128, 256, 256, 256, 128, 128, 4)}, ValueError, "end with 3"),
        ({"voxel_resolution": 100}, ValueError, "voxel_resolution must be a multiple of 16"),
        ({"voxel_resolution": 128.0}, ValueError, "voxel_resolution"),
        ({"voxel_resolution": True}, ValueError, "voxel_resolution must be a positive integer"),
        ({"voxel_resolution": np.float32(128)}, ValueError, "voxel_resolution must be a positive integer"),
        ({"voxel_resolution": np.int64(0)}, ValueError, "voxel_resolution must be a positive integer"),
        ({"canvas": (True, 137)}, ValueError, "canvas must be a non-empty tuple"),
        ({"canvas": (np.float64(137), 137)}, ValueError, "canvas must be a non-empty tuple"),
        ({"displacement": 0}, ValueError, "displacement"),
        ({"sdf_scale": float("inf")}, ValueError, "sdf_scale"),
        ({"surface_level": 0.5}, ValueError, "surface_level"),
        ({"freeze_trunk": 1}, TypeError, "freeze_trunk must be a bool"),
        ({"freeze_trunk": True}, ValueError, "freeze_trunk needs a shared trunk"),
        ({"image_level_channels": (1, 2, 3, 4, 5)}, ValueError, "image_level_channels must be"),
        ({"image_level_channels": (64, 64)}, ValueError, "image_level_channels must have 5"),
        ({"trunk": "mobilenet_v2", "image_level_channels": (64,)}, ValueError, "image_level_channels must have 2 to 5"),
        ({"decoder_hidden": (512, 256)}, ValueError, "decoder_hidden"),
        ({"point_features": (64,)}, ValueError, "point_features"),
        ({"image_size": 200}, ValueError, "image_size"),
        ({"head_dropout": 1.0}, ValueError, "head_dropout"),
        ({"head_dropout": "a"}, ValueError, "head_dropout must be a number"),
    ],
)
def test_wrong_fields_are_named(changes: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        dataclasses.replace(LISTConfig.base(), **changes)
