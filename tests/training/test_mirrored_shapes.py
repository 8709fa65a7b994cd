# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Mirror images of shapes and pictures: that they belong together, and that a run trains on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from test_run import tiny

from list_fast.data.dataset import ListDataset
from list_fast.training.feature_cache import cache_key
from list_fast.training.losses import project
from list_fast.training.mirrored_shapes import MirroredShapes
from list_fast.training.run import build_model, train
from list_fast.training.small_pictures import SmallPictures


def test_shape_picture_and_camera_are_mirrored_together(toy_data: Path) -> None:
    dataset = ListDataset(toy_data)
    both = MirroredShapes(dataset)  # type: ignore[arg-type]
    count, view = len(dataset), dataset.views - 1
    assert len(both) == 2 * count and len(set(both.ids)) == 2 * count and both.views == dataset.views
    index = count - 1
    for name in ("surface", "normals", "near", "uniform"):
        plain, mirrored = getattr(both, name)(index), getattr(both, name)(count + index)
        assert torch.equal(plain, getattr(dataset, name)(index))
        assert torch.equal(mirrored[:, 0], -plain[:, 0]) and torch.equal(mirrored[:, 1:], plain[:, 1:])
    assert torch.equal(both.image(index, view), dataset.image(index, view))
    assert torch.equal(both.image(count + index, view), dataset.image(index, view).flip(-1))
    # The mirrored object lies in the mirrored picture where the object lies in the picture.
    seen = project(both.surface(index)[None], both.camera[index, view][None])[0]
    turned = project(both.surface(count + index)[None], both.camera[count + index, view][None])[0]
    assert (seen[:, 0] - 111.5).abs().max() > 10
    torch.testing.assert_close(turned, torch.stack([223 - seen[:, 0], seen[:, 1]], 1), rtol=0, atol=1e-3)
    with pytest.raises(IndexError, match="index"):
        both.image(2 * count, view)


def test_a_run_on_mirrored_shapes(toy_data: Path, tmp_path: Path) -> None:
    config = tiny("coarse.steps=1", "camera.steps=1", "sdf.steps=1", "trunk.small_pictures=0.5", "trunk.mirrored=true")
    train(config, toy_data, tmp_path / "out", device="cpu", quiet=True)
    trunk = build_model(config).trunk
    both = MirroredShapes(ListDataset(toy_data))
    expected = {"train": SmallPictures(both, 0.5, config.seed), "val": ListDataset(toy_data, "val")}  # type: ignore[arg-type]
    for split, dataset in expected.items():
        views = [(i, v) for i in range(len(dataset)) for v in range(dataset.views)]
        facts = json.loads((tmp_path / "out" / "cache" / f"{split}.json").read_text())
        assert facts["rows"] == len(views) and facts["key"] == cache_key(dataset, trunk, views)  # type: ignore[arg-type]
