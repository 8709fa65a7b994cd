# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A frozen trunk whose last blocks learn in stage 1, over cached maps of the blocks in front."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from test_run import OPTIONS as BASE

from list_fast.data.dataset import ListDataset
from list_fast.model.image_encoder import MobileNetV2
from list_fast.training import TrainConfig, load_config
from list_fast.training.batches import TrainingData
from list_fast.training.feature_cache import build_cache, cache_key
from list_fast.training.files import read_tensors
from list_fast.training.log import Log, read_log
from list_fast.training.loop import Loop, Place
from list_fast.training.run import STATE, build_model, train
from list_fast.training.stages import CoarseStage, features_of

OPTIONS = (*BASE, "trunk.tail=2", "coarse.steps=4", "coarse.camera_weight=10.0", "camera.steps=2", "sdf.steps=2")


def tiny(*more: str) -> TrainConfig:
    return load_config("small", [*OPTIONS, *more])


@pytest.mark.parametrize("tail", [1, 2, 3])
def test_front_and_tail_are_the_trunk(tail: int) -> None:
    torch.manual_seed(0)
    trunk, images = MobileNetV2(4).eval(), torch.rand(2, 3, 64, 64)
    maps, pooled = trunk(images)
    front = trunk.front(images, tail)
    assert torch.equal(front, maps[-tail - 1])
    ends, vector = trunk.tail(front, tail)
    assert len(ends) == tail and all(torch.equal(a, b) for a, b in zip(ends, maps[-tail:], strict=True))
    assert torch.equal(vector, pooled)
    with pytest.raises(ValueError, match="tail must be in"):
        trunk.front(images, 4)


def test_the_cache_of_a_front_gives_the_features_of_the_images(toy_data: Path, tmp_path: Path) -> None:
    model, dataset, log = build_model(tiny()), ListDataset(toy_data), Log(None, True)
    views, device = TrainingData(dataset).all_views(), torch.device("cpu")
    data = TrainingData(dataset, build_cache(tmp_path, dataset, "train", views, model, device, log, 2))
    assert data.cache is not None and [shape[1:] for shape in data.cache.map_shapes] == [(28, 28)]
    stage = CoarseStage(model, tiny().coarse, 2)
    batch = stage.batch(data, 0, 0)
    images = torch.stack([dataset.image(int(i), int(v)) for i, v in zip(batch.shapes, batch.views, strict=True)])
    with torch.no_grad():
        ours = features_of(model, batch, tail=2)
        theirs = model.trunk_features(images.float() / 255)
    for got, wanted in (
        (ours.maps[-1], theirs.maps[-1]),
        (ours.maps[-2], theirs.maps[-2]),
        (ours.pooled, theirs.pooled),
    ):
        torch.testing.assert_close(got, wanted, rtol=0, atol=1e-2 * float(wanted.abs().max()))  # float16 on disk


def test_what_is_behind_the_front_does_not_change_its_key(toy_data: Path) -> None:
    model, dataset = build_model(tiny()), ListDataset(toy_data)
    key = cache_key(dataset, model.trunk, [(0, 0)], 2)
    with torch.no_grad():
        model.trunk.features[-1][0].weight.add_(1)
    assert cache_key(dataset, model.trunk, [(0, 0)], 2) == key
    with torch.no_grad():
        model.trunk.features[0][0].weight.add_(1)
    assert cache_key(dataset, model.trunk, [(0, 0)], 2) != key
    assert cache_key(dataset, model.trunk, [(0, 0)], 1) != cache_key(dataset, model.trunk, [(0, 0)], 2)


def test_the_tail_learns_in_stage_one_alone(toy_data: Path, tmp_path: Path) -> None:
    config, states, keys = tiny(), [], []
    for stages in (("coarse",), ("camera",), ("sdf",)):
        train(config, toy_data, tmp_path / "o", device="cpu", quiet=True, resume=True, stages=stages)
        tensors = read_tensors(tmp_path / "o" / STATE)[0]
        states.append({n.removeprefix("model."): v for n, v in tensors.items() if n.startswith("model.trunk.")})
        keys.append(sorted(path.name for path in (tmp_path / "o" / "cache").glob("*.f16")))
    fresh = build_model(config).state_dict()
    moved = {name for name, value in states[0].items() if not torch.equal(value, fresh[name])}
    assert sorted({int(name.split(".")[2]) for name in moved}) == list(range(7, 19))
    assert not any("running" in name for name in moved)
    for later in states[1:]:
        assert all(torch.equal(value, later[name]) for name, value in states[0].items())
    # Only behind stage 1 are the features of the whole trunk kept.
    assert keys[0] == ["front-train.f16", "front-val.f16"] and "train.f16" in keys[1]
    records = read_log(tmp_path / "o" / "log.jsonl")
    assert {r["stage"] for r in records if r["kind"] == "train" and "camera" in r} == {"coarse", "camera", "sdf"}
    first = next(r for r in records if r["kind"] == "validate" and r["stage"] == "coarse")
    assert {"chamfer", "camera", "pixels"} <= set(first)


def test_the_tail_learns_at_its_own_rate(toy_data: Path, tmp_path: Path) -> None:
    config = tiny("trunk.cache=false", "trunk.rate=0.5")
    model, data = build_model(config), TrainingData(ListDataset(toy_data))
    stage = CoarseStage(model, config.coarse, config.trunk.tail)
    loop = Loop(model, stage, config, data, None, torch.device("cpu"), Log(None, True), tmp_path / "s", {})
    loop.run(Place("coarse"))
    rates = {group["share"]: group["lr"] for group in loop.optimizer.param_groups}
    assert rates[0.5] == pytest.approx(0.5 * rates[1.0])
    tuned = {id(v) for v in model.trunk.parameters() if v.requires_grad}
    assert tuned and tuned == {id(v) for g in loop.optimizer.param_groups if g["share"] == 0.5 for v in g["params"]}


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("trunk.tail=4", r"trunk\.tail must be below the 4 maps"),
        ("trunk.tail=-1", r"trunk\.tail must be >= 0"),
        ("trunk.rate=0.0", r"trunk\.rate must be positive"),
        ("model_options.freeze_trunk=False", "of a frozen trunk"),
        ("coarse.camera_weight=-1.0", r"coarse\.camera_weight must be >= 0"),
    ],
)
def test_what_does_not_fit_is_refused(option: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_model(tiny(option))
