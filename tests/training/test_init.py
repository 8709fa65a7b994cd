# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Runs that begin with a checkpoint: what they take of it, and where they may begin."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from test_run import OPTIONS, tiny

from list_fast.data.dataset import ListDataset
from list_fast.model import load_checkpoint, save_checkpoint
from list_fast.training import TrainConfig, load_config
from list_fast.training.loop import Loop
from list_fast.training.run import build_model, train

SIZES = OPTIONS[-1].replace(', "layout_channels": 2', ', "image_size": 32, "canvas": (16, 16)')


def two_trunks(*more: str) -> TrainConfig:
    """A tiny model with encoders of their own for Omega and Pi, which next to do not learn."""
    short = ["coarse.steps=1", "sdf.steps=1", "coarse.learning_rate=1e-9", "sdf.learning_rate=1e-9"]
    kept = [option for option in OPTIONS if not option.startswith(("camera.", "model_options"))]
    return load_config("base", [*kept, SIZES, "validation_views=0", *short, *more])


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ListDataset.image
    monkeypatch.setattr(ListDataset, "image", lambda *args: whole(*args)[:, ::7, ::7].contiguous())


def apart(state: dict[str, torch.Tensor], other: dict[str, torch.Tensor], encoder: str) -> float:
    """The largest difference of Pi's weights to those of an encoder of another state."""
    names = [n for n in state if n.startswith("im_encoder2.") and n.endswith("weight")]
    assert names
    return max(float((state[n] - other[n.replace("im_encoder2", encoder)]).abs().max()) for n in names)


@pytest.mark.parametrize(
    ("begin", "more"),
    [("sdf", ()), ("coarse", ()), ("camera", ("camera.steps=1", "camera.learning_rate=1e-9", "camera.batch=2"))],
)
@pytest.mark.usefixtures("small_pictures")
def test_init_keeps_a_trained_pi(
    toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: str, more: tuple[str, ...]
) -> None:
    config = two_trunks(*more)
    model = build_model(config)
    with torch.no_grad():
        for value in model.im_encoder2.parameters():
            value.add_(0.5)
    save_checkpoint(tmp_path / "first.safetensors", model)
    if begin == "coarse":  # the state remembers it for the stage behind
        train(
            config, toy_data, tmp_path / "o", device="cpu", quiet=True, init=tmp_path / "first.safetensors",
            begin=begin, stages=("coarse",),
        )  # fmt: skip
    monkeypatch.setattr(Loop, "_step", lambda *_: {})
    path = train(
        config, toy_data, tmp_path / "o", device="cpu", quiet=True, init=tmp_path / "first.safetensors", begin=begin,
        resume=True,
    )  # fmt: skip
    after = load_checkpoint(path).state_dict()
    assert apart(after, load_checkpoint(tmp_path / "first.safetensors").state_dict(), "im_encoder2") < 1e-3
    assert apart(after, after, "im_encoder") > 0.3


@pytest.mark.usefixtures("small_pictures")
def test_a_pi_that_has_not_learnt_starts_as_omega(toy_data: Path, tmp_path: Path) -> None:
    """In a run from the start, and in one from a checkpoint of stage 1 alone."""
    config = two_trunks()
    first = train(config, toy_data, tmp_path / "a", device="cpu", quiet=True, stages=("coarse",))
    before = load_checkpoint(first).state_dict()
    assert apart(before, before, "im_encoder") > 0.01
    for out, options in (("a", {"resume": True}), ("b", {"init": first, "begin": "sdf"})):
        after = load_checkpoint(train(config, toy_data, tmp_path / out, device="cpu", quiet=True, **options))
        assert apart(after.state_dict(), after.state_dict(), "im_encoder") < 1e-3


def test_a_run_that_would_train_nothing_is_refused(toy_data: Path, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "first.safetensors", build_model(tiny()))
    out = tmp_path / "out"
    for options, message in (
        ({"stages": ("cloud",)}, r"stages must be some of \('coarse', .*got \('cloud',\)"),
        ({"stages": ()}, r"stages must be some of"),
        ({"stages": ("sdf",)}, r"stages: the run begins with 'coarse'"),
        (
            {"stages": ("coarse",), "init": tmp_path / "first.safetensors"},
            r"stage: the run begins behind 'coarse', with 'camera'; give --begin coarse",
        ),
    ):
        with pytest.raises(ValueError, match=message):
            train(tiny(), toy_data, out, device="cpu", quiet=True, **options)
        assert not out.exists()
    shorter = tiny("camera.steps=0")
    with pytest.raises(ValueError, match="begin must be a stage that the configuration gives a length, got 'camera'"):
        train(shorter, toy_data, out, device="cpu", quiet=True, init=tmp_path / "first.safetensors", begin="camera")


def test_a_stage_that_is_done_may_be_asked_for_again(toy_data: Path, tmp_path: Path) -> None:
    config = tiny("coarse.steps=1", "validation_views=0")
    for _ in range(2):
        path = train(config, toy_data, tmp_path, device="cpu", quiet=True, stages=("coarse",), resume=True)
        assert path.exists()
