# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures that are enlarged from fewer pixels: which, how, and that a run trains on them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from test_run import tiny

from list_fast.data.dataset import ListDataset
from list_fast.training.feature_cache import cache_key
from list_fast.training.run import build_model, train
from list_fast.training.small_pictures import SmallPictures, enlarged


def test_enlarging_keeps_what_is_coarse_and_loses_what_is_fine() -> None:
    fine = (torch.arange(224) % 2 * 200).to(torch.uint8).expand(3, 224, 224)
    assert (enlarged(fine, 56).float() - 100).abs().max() <= 1
    ramp = torch.linspace(0, 223, 224).to(torch.uint8).expand(3, 224, 224)
    inner = (enlarged(ramp, 112).float() - ramp.float())[..., 8:-8]
    assert inner.abs().max() <= 1
    assert torch.equal(enlarged(fine, 224), fine)


def test_a_share_of_the_pictures_and_always_the_same(toy_data: Path) -> None:
    dataset = ListDataset(toy_data)
    views = [(i, v) for i in range(len(dataset)) for v in range(dataset.views)]

    def changed(share: float, seed: int) -> list[bool]:
        small = SmallPictures(dataset, share, seed)
        return [not torch.equal(small.image(i, v), dataset.image(i, v)) for i, v in views]

    assert not any(changed(0.0, 3)) and all(changed(1.0, 3))
    half = changed(0.5, 3)
    assert half == changed(0.5, 3) and half != changed(0.5, 4)
    assert 0 < np.mean(half) < 1
    small = SmallPictures(dataset, 1.0, 3)
    assert len(small) == len(dataset) and small.ids == dataset.ids
    assert torch.equal(small.camera, dataset.camera)
    model = build_model(tiny())
    keys = {cache_key(each, model.trunk, views[:1]) for each in (dataset, SmallPictures(dataset, 0.0, 3), small)}  # type: ignore[arg-type]
    assert len(keys) == 3


def test_a_run_on_small_pictures(toy_data: Path, tmp_path: Path) -> None:
    config = tiny("coarse.steps=1", "camera.steps=0", "sdf.steps=1", "trunk.small_pictures=1")
    train(config, toy_data, tmp_path / "out", device="cpu", quiet=True)
    trunk = build_model(config).trunk
    # The pictures that it is judged by stay as they are.
    small = SmallPictures(ListDataset(toy_data), config.trunk.small_pictures, config.seed)
    expected = {"train": small, "val": ListDataset(toy_data, "val")}
    for split, dataset in expected.items():
        views = [(i, v) for i in range(len(dataset)) for v in range(dataset.views)]
        facts = json.loads((tmp_path / "out" / "cache" / f"{split}.json").read_text())
        assert facts["key"] == cache_key(dataset, trunk, views)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"small_pictures must be in \[0, 1\], got 2"):
        tiny("trunk.small_pictures=2")
