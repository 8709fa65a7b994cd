# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Whole runs on a tiny data set: what they leave behind, and that a killed run ends as an uninterrupted one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from list_fast.cli.main import main
from list_fast.data.dataset import ListDataset
from list_fast.model import LIST, load_checkpoint
from list_fast.model.checkpoint import checkpoint_metadata
from list_fast.training import TrainConfig, load_config
from list_fast.training.batches import Batch, TrainingData
from list_fast.training.feature_cache import build_cache
from list_fast.training.files import read_tensors, write_tensors
from list_fast.training.log import Log, read_log
from list_fast.training.loop import Loop
from list_fast.training.run import STATE, build_model, train
from list_fast.training.stages import SdfStage

OPTIONS = (
    "trunk.weights=none",
    "coarse.batch=4",
    "coarse.surface_points=256",
    "coarse.warmup_steps=2",
    "sdf.batch=2",
    "sdf.near_points=64",
    "sdf.uniform_points=32",
    "sdf.warmup_steps=2",
    "camera.steps=4",
    "camera.batch=4",
    "camera.warmup_steps=2",
    "precision=float32",
    "log_every=1",
    "validation_views=2",
    'model_options={"tree_features": (16, 16, 16, 3), "tree_degrees": (4, 8, 8), "global_features": 16,'
    ' "head_hidden": 16, "voxel_channels": (4, 4), "voxel_resolution": 8, "decoder_hidden": (16, 16, 16),'
    ' "layout_channels": 2}',
)


def tiny(*more: str) -> TrainConfig:
    return load_config("small", [*OPTIONS, "coarse.steps=6", "sdf.steps=6", *more])


@pytest.fixture(scope="module")
def finished(toy_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run."""
    out = tmp_path_factory.mktemp("run") / "out"
    train(tiny(), toy_data, out, device="cpu", quiet=True)
    return out


def test_a_run_leaves_weights_log_and_curves(finished: Path) -> None:
    model = load_checkpoint(finished / "small.safetensors")
    assert isinstance(model, LIST)
    field = model.encode(torch.rand(3, 224, 224))
    assert torch.isfinite(field.sdf(torch.rand(5, 3) - 0.5)).all()
    facts = checkpoint_metadata(finished / "small.safetensors")
    assert facts["config"] == json.loads(json.dumps(tiny().to_dict()))
    assert facts["data"]["dataset"]["arguments"]["views"] == 2
    assert {"iou", "pixels", "steps", "seconds"} <= set(facts["validation"]["sdf"])
    records = read_log(finished / "log.jsonl")
    for stage, figure, count in (("coarse", "chamfer", 6), ("camera", "camera", 4), ("sdf", "occupancy", 6)):
        steps = [r["step"] for r in records if r["kind"] == "train" and r["stage"] == stage and figure in r]
        assert steps == list(range(1, count + 1))
    assert (finished / "curves.png").read_bytes()[:4] == b"\x89PNG"
    # The last weights are measured beside their average, which is what is exported.
    bare = {r["stage"]: r for r in records if r["kind"] == "without_average"}
    averaged = {r["stage"]: r for r in records if r["kind"] == "validate"}
    assert set(bare) == {"coarse", "camera", "sdf"}
    assert all(bare[stage]["step"] == averaged[stage]["step"] for stage in bare)
    assert bare["sdf"]["sdf"] != averaged["sdf"]["sdf"]


def test_the_trunk_and_in_stage_two_the_coarse_parts_do_not_move(finished: Path) -> None:
    fresh = build_model(tiny()).state_dict()
    model = load_checkpoint(finished / "small.safetensors").state_dict()
    moved = {name.split(".")[0] for name, value in model.items() if not torch.equal(value, fresh[name].half().float())}
    assert "trunk" not in moved
    assert {"im_encoder", "im_encoder2", "point_decoder", "sdf_decoder", "vox_encoder", "spatial_transformer"} <= moved


def test_stage_one_survives_stage_two(toy_data: Path, finished: Path, tmp_path: Path) -> None:
    train(tiny(), toy_data, tmp_path / "out", device="cpu", quiet=True, stages=("coarse",))
    first, second = (read_tensors(folder / STATE)[0] for folder in (tmp_path / "out", finished))
    for name, value in first.items():
        if name.startswith(("model.im_encoder.", "model.point_decoder.", "model.trunk.")):
            assert torch.equal(value, second[name]), name


def test_training_lowers_the_losses(toy_data: Path, tmp_path: Path) -> None:
    more = ("coarse.steps=40", "camera.steps=80", "sdf.steps=50", "sdf.batch=4", "sdf.learning_rate=1e-2")
    config = tiny(*more, "log_every=10")
    train(config, toy_data, tmp_path / "out", device="cpu", quiet=True)
    records = [r for r in read_log(tmp_path / "out" / "log.jsonl") if r["kind"] == "train"]
    for stage, figure, factor in (("coarse", "chamfer", 0.5), ("sdf", "sdf", 0.95), ("camera", "camera", 0.9)):
        values = [r[figure] for r in records if r["stage"] == stage and figure in r]
        assert values[-1] < factor * values[0], (stage, figure, values)


def test_half_precision_trains(device: torch.device, toy_data: Path, tmp_path: Path) -> None:
    train(tiny("precision=bfloat16"), toy_data, tmp_path / "out", device=str(device), quiet=True)
    records = [r for r in read_log(tmp_path / "out" / "log.jsonl") if r["kind"] == "train" and r["stage"] == "sdf"]
    assert len(records) == 6 and all(r["gradient"] > 0 for r in records)
    state = read_tensors(tmp_path / "out" / STATE)[0]
    assert {v.dtype for n, v in state.items() if v.is_floating_point()} == {torch.float32}


def test_a_run_of_minutes_ends_in_time_with_the_rate_annealed(toy_data: Path, tmp_path: Path) -> None:
    config = tiny("coarse.minutes=0.05", "coarse.final_learning_rate=1e-6", "sdf.steps=1")
    train(config, toy_data, tmp_path / "out", device="cpu", quiet=True)
    rates = [r for r in read_log(tmp_path / "out" / "log.jsonl") if r["kind"] == "train" and r["stage"] == "coarse"]
    assert 2 < rates[-1]["elapsed"] < 10
    assert rates[-1]["learning_rate"] < 0.2 * config.coarse.learning_rate


def test_no_run_is_overwritten_or_continued_with_other_options(toy_data: Path, finished: Path) -> None:
    with pytest.raises(ValueError, match="holds a run already"):
        train(tiny(), toy_data, finished, device="cpu", quiet=True)
    with pytest.raises(ValueError, match=r"another config \(sdf.batch: 2, now 4\)"):
        train(tiny("sdf.batch=4"), toy_data, finished, device="cpu", quiet=True, resume=True)


def test_a_stage_that_has_not_begun_may_change(toy_data: Path, tmp_path: Path) -> None:
    train(tiny(), toy_data, tmp_path / "out", device="cpu", quiet=True, stages=("coarse",))
    changed = tiny("sdf.batch=4", "sdf.steps=2", "log_every=2")
    train(changed, toy_data, tmp_path / "out", device="cpu", quiet=True, resume=True)
    assert checkpoint_metadata(tmp_path / "out" / "small.safetensors")["config"]["sdf"]["batch"] == 4
    with pytest.raises(ValueError, match=r"another config \(coarse.batch: 4, now 5\)"):
        train(tiny("coarse.batch=5"), toy_data, tmp_path / "out", device="cpu", quiet=True, resume=True)


def test_a_run_of_an_older_version_goes_on(toy_data: Path, finished: Path, tmp_path: Path) -> None:
    """Options that it did not know have their defaults."""
    shutil.copytree(finished, tmp_path / "out")
    tensors, facts = read_tensors(tmp_path / "out" / STATE)
    for stage in ("coarse", "camera", "sdf"):
        del facts["config"][stage]["accumulate"], facts["config"][stage]["patience"]
    write_tensors(tmp_path / "out" / STATE, tensors, facts)
    train(tiny(), toy_data, tmp_path / "out", device="cpu", quiet=True, resume=True)
    with pytest.raises(ValueError, match=r"another config \(coarse.accumulate: 1, now 2\)"):
        train(tiny("coarse.accumulate=2"), toy_data, tmp_path / "out", device="cpu", quiet=True, resume=True)


def test_images_instead_of_a_cache(toy_data: Path, tmp_path: Path) -> None:
    config = tiny("trunk.cache=false", "coarse.steps=1", "sdf.steps=1", "coarse.augment.hue=0.5")
    train(config, toy_data, tmp_path / "out", device="cpu", quiet=True)
    assert not (tmp_path / "out" / "cache").exists()
    assert (tmp_path / "out" / "small.safetensors").exists()


def test_a_trunk_that_trains_needs_images() -> None:
    with pytest.raises(ValueError, match=r"trunk\.cache needs a frozen trunk"):
        build_model(load_config("small", ["trunk.weights=none", "model_options.freeze_trunk=false"]))


def calibrated(model: LIST, images: torch.Tensor) -> LIST:
    """The model with statistics of its random trunk, without which its signal vanishes from layer to layer."""
    with torch.no_grad():
        for _ in range(20):
            model.trunk.train()(images)
    return model.eval()


def test_cached_features_are_those_of_the_model(toy_data: Path, tmp_path: Path) -> None:
    dataset = ListDataset(toy_data, "val")
    views = TrainingData(dataset).all_views()
    cpu = torch.device("cpu")
    images = torch.stack([dataset.image(i, v) for i, v in views]).float() / 255
    model, other = (calibrated(build_model(tiny(f"seed={seed}")), images) for seed in (0, 5))
    cache = build_cache(tmp_path, dataset, "val", views, model, cpu, Log(None, quiet=True))
    with torch.no_grad():
        expected = model.trunk_features(images)
    torch.testing.assert_close(torch.from_numpy(cache.pooled).float(), expected.pooled, rtol=2e-3, atol=1e-3)
    for ours, theirs in zip(cache.maps([0, 1, 2, 3]), expected.maps, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=2e-3, atol=2e-3 * float(theirs.abs().max()))
    coarsest = cache.maps([2], 1)
    assert len(coarsest) == 1
    assert torch.equal(coarsest[0], cache.maps([2])[-1])

    # Kept while nothing changes, made anew for another trunk.
    stamp = (tmp_path / "val.f16").stat().st_mtime_ns
    build_cache(tmp_path, dataset, "val", views, model, cpu, Log(None, quiet=True))
    assert (tmp_path / "val.f16").stat().st_mtime_ns == stamp
    changed = build_cache(tmp_path, dataset, "val", views, other, cpu, Log(None, quiet=True))
    assert not torch.equal(torch.from_numpy(changed.pooled), torch.from_numpy(cache.pooled))


def test_killed_runs_end_as_an_uninterrupted_one(toy_data: Path, finished: Path, tmp_path: Path) -> None:
    """SIGKILL in each stage, then --resume: every weight has the same bits."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "list_fast", "train", "small", "--data", str(toy_data), "--out", str(out)]
    command += ["--device", "cpu", "--resume", "--quiet", "--steps-stage1", "6", "--steps-stage2", "6"]
    command += [f"--set={option}" for option in (*OPTIONS, "checkpoint_steps=2")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    for stage, step in (("coarse", 4), ("camera", 3), ("sdf", 3)):
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 120
        while not _reached(out / "log.jsonl", stage, step):
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.kill()
        process.communicate()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    resumes = [(r["stage"], r["step"]) for r in read_log(out / "log.jsonl") if r["kind"] == "start"]
    assert resumes[0] == ("coarse", 0)
    assert ("sdf", 2) in resumes or ("sdf", 4) in resumes
    ours, theirs = read_tensors(out / STATE)[0], read_tensors(finished / STATE)[0]
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        assert torch.equal(ours[name], value), name


def test_an_interrupted_run_keeps_its_last_step(
    toy_data: Path, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Loop._step

    def interrupted(self: Loop, batch: Batch, rate: float, progress: float) -> dict[str, torch.Tensor]:
        if self.place.stage == "sdf" and self.place.step == 3:
            raise KeyboardInterrupt
        return step(self, batch, rate, progress)

    monkeypatch.setattr(Loop, "_step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(tiny(), toy_data, tmp_path / "out", device="cpu", quiet=True)
    monkeypatch.undo()
    train(tiny(), toy_data, tmp_path / "out", device="cpu", quiet=True, resume=True)
    steps = [
        r["step"] for r in read_log(tmp_path / "out" / "log.jsonl") if r["kind"] == "train" and r["stage"] == "sdf"
    ]
    assert steps == list(range(1, 7))
    ours, theirs = read_tensors(tmp_path / "out" / STATE)[0], read_tensors(finished / STATE)[0]
    assert all(torch.equal(ours[name], value) for name, value in theirs.items())


def test_an_interrupt_ends_the_step_first(
    toy_data: Path, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss = SdfStage.loss

    def interrupted(self: SdfStage, batch: Batch, progress: float) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        result = loss(self, batch, progress)  # statistics have moved, weights have not
        seen.append(1)
        if len(seen) == 4:
            signal.raise_signal(signal.SIGINT)
        return result

    seen: list[int] = []
    monkeypatch.setattr(SdfStage, "loss", interrupted)
    # A shell's background jobs are born deaf to it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            train(tiny(), toy_data, tmp_path / "out", device="cpu", quiet=True)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    monkeypatch.undo()
    train(tiny(), toy_data, tmp_path / "out", device="cpu", quiet=True, resume=True)
    ours, theirs = read_tensors(tmp_path / "out" / STATE)[0], read_tensors(finished / STATE)[0]
    assert all(torch.equal(ours[name], value) for name, value in theirs.items())


def test_a_run_may_start_from_weights(toy_data: Path, finished: Path, tmp_path: Path) -> None:
    config = tiny("sdf.near_from=0.667")
    path = train(config, toy_data, tmp_path / "out", device="cpu", quiet=True, init=finished / "small.safetensors")
    start, end = (load_checkpoint(p).state_dict() for p in (finished / "small.safetensors", path))
    moved = {name.split(".")[0] for name, value in end.items() if not torch.equal(value, start[name])}
    assert "sdf_decoder" in moved
    assert not moved & {"trunk", "im_encoder", "point_decoder"}
    assert "coarse" not in {r.get("stage") for r in read_log(tmp_path / "out" / "log.jsonl")}
    with pytest.raises(ValueError, match=r"of another model \(decoder_hidden"):
        other = tiny('model_options={"decoder_hidden": (8, 16, 16)}')
        train(other, toy_data, tmp_path / "other", device="cpu", quiet=True, init=finished / "small.safetensors")


def test_the_command_says_what_is_wrong(toy_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["train", "small", "--out", str(tmp_path / "out"), "--quiet"]
    for more, message in (
        (["--data", str(toy_data), "--set", "sdf.batch=1"], "sdf.batch must be at least 2"),
        (["--data", str(toy_data), "--set", "sdf.batch=x"], "sdf.batch must be int"),
        (["--data", str(toy_data), "--set", "model_options.freeze_trunk=1"], "freeze_trunk must be a bool"),
        (["--data", str(toy_data), "--threads", "0"], "--threads must be at least 1"),
        (["--data", str(tmp_path)], "error: --data must be a data set made by"),
        (["--data", str(toy_data), "--init", "no.file"], "error: --init: no checkpoint at no.file"),
        (["--data", str(toy_data), "--set", "trunk.weights=no.file"], "error: trunk.weights: no file at no.file"),
        (
            ["--data", str(toy_data), "--set", "coarse.steps=400", "--steps-stage1", "2"],
            "the length of stage coarse must be given once, got --steps-stage1, --set coarse.steps=400",
        ),
        (
            ["--data", str(toy_data), "--minutes-stage2", "3", "--steps-stage2", "2"],
            "the length of stage sdf must be given once, got --minutes-stage2, --steps-stage2",
        ),
    ):
        assert main([*words, *more]) == 1
        assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_state_of_another_version_is_named(toy_data: Path, finished: Path, tmp_path: Path) -> None:
    tensors, facts = read_tensors(finished / STATE)
    facts["place"]["mood"] = "good"
    write_tensors(tmp_path / STATE, tensors, facts)
    with pytest.raises(ValueError, match=r"state\.safetensors is the state of a run of another version: .*'mood'"):
        train(tiny(), toy_data, tmp_path, device="cpu", quiet=True, resume=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("sdf.augment.hue=0.5",), r"sdf.augment.hue must be 0 with trunk.cache = true"),
        (("camera.augment.brightness=0.1",), r"camera.augment.brightness must be 0 with trunk.cache = true"),
        (("coarse.augment.camera_turn=0.1",), r"coarse.augment.camera_turn must be 0"),
        (("coarse.augment.latent_noise=0.1",), r"coarse.augment.latent_noise must be 0"),
        (("coarse.augment.coarse_shift=0.1",), r"coarse.augment.coarse_shift must be 0"),
        (("camera.augment.camera_turn=0.1",), r"camera.augment.camera_turn must be 0"),
        (
            ("model=base", "trunk.cache=false", OPTIONS[-1].replace(', "layout_channels": 2', ""),
             "coarse.camera_weight=1.0"),
            r"coarse.camera_weight must be 0 without a shared trunk",
        ),
    ],
)  # fmt: skip
def test_options_that_would_do_nothing_are_refused(
    toy_data: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        train(tiny(*options), toy_data, tmp_path / "out", device="cpu", quiet=True)
    assert not (tmp_path / "out").exists()


def test_a_run_that_has_begun_goes_on_with_an_option_that_does_nothing(
    toy_data: Path, finished: Path, tmp_path: Path
) -> None:
    """As a version before took it."""
    shutil.copytree(finished, tmp_path / "out")
    tensors, facts = read_tensors(tmp_path / "out" / STATE)
    facts["config"]["coarse"]["augment"]["camera_turn"] = 0.1
    write_tensors(tmp_path / "out" / STATE, tensors, facts)
    config = tiny("coarse.augment.camera_turn=0.1")
    assert train(config, toy_data, tmp_path / "out", device="cpu", quiet=True, resume=True).exists()


def _reached(log: Path, stage: str, step: int) -> bool:
    if not log.exists():
        return False
    return any(r["kind"] == "train" and r["stage"] == stage and r["step"] >= step for r in read_log(log))
