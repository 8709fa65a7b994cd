# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Batches worked off in parts, and stages that end early with their best weights."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from test_run import OPTIONS, tiny

from list_fast.training.batches import Batch
from list_fast.training.files import read_tensors
from list_fast.training.log import read_log
from list_fast.training.loop import Loop, Place
from list_fast.training.run import STATE, train

# Neither noise nor dropout, which would draw anew for each part.
QUIET = (
    "coarse.augment.feature_noise=0", "coarse.augment.feature_dropout=0", OPTIONS[-1][:-1] + ', "head_dropout": 0.0}'
)  # fmt: skip


def test_parts_of_a_batch_give_the_gradient_of_the_whole(toy_data: Path, tmp_path: Path) -> None:
    figures = []
    for parts in (1, 2):
        out = tmp_path / str(parts)
        config = tiny(*QUIET, "coarse.steps=3", f"coarse.accumulate={parts}")
        train(config, toy_data, out, device="cpu", quiet=True, stages=("coarse",))
        figures.append([r for r in read_log(out / "log.jsonl") if r["kind"] == "train"])
    assert len(figures[0]) == 3
    for whole, halves in zip(*figures, strict=True):
        assert halves["chamfer"] == pytest.approx(whole["chamfer"], rel=1e-4)
        assert halves["gradient"] == pytest.approx(whole["gradient"], rel=1e-3)


def test_a_stage_that_gets_no_better_ends(toy_data: Path, tmp_path: Path) -> None:
    config = tiny(
        "coarse.steps=30",
        "coarse.learning_rate=1e-30",
        "coarse.final_learning_rate=0",
        "validate_steps=2",
        "coarse.patience=3",
    )
    train(config, toy_data, tmp_path / "out", device="cpu", quiet=True, stages=("coarse",))
    records = read_log(tmp_path / "out" / "log.jsonl")
    assert [r["step"] for r in records if r["kind"] == "validate"] == [2, 4, 6, 8, 8]
    assert next(r for r in records if r["kind"] == "finished")["steps"] == 8


def test_the_best_weights_are_kept_also_by_a_run_that_was_stopped(
    toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tiny(
        "coarse.steps=12", "coarse.learning_rate=0.3", "coarse.ema=0", "validate_steps=1", "coarse.patience=9"
    )
    train(config, toy_data, tmp_path / "one", device="cpu", quiet=True, stages=("coarse",))
    records = read_log(tmp_path / "one" / "log.jsonl")
    values = [r["chamfer"] for r in records if r["kind"] == "validate"]
    assert min(values) < values[-1]  # such a rate ruins what it learns
    assert next(r for r in records if r["kind"] == "finished")["chamfer"] == min(values)

    step = Loop._step

    def interrupted(self: Loop, batch: Batch, rate: float, progress: float) -> dict[str, torch.Tensor]:
        if self.place.step == 7:
            raise KeyboardInterrupt
        return step(self, batch, rate, progress)

    monkeypatch.setattr(Loop, "_step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(config, toy_data, tmp_path / "two", device="cpu", quiet=True, stages=("coarse",))
    monkeypatch.undo()
    train(config, toy_data, tmp_path / "two", device="cpu", quiet=True, stages=("coarse",), resume=True)
    ours, theirs = (read_tensors(tmp_path / run / STATE)[0] for run in ("two", "one"))
    assert all(torch.equal(ours[name], value) for name, value in theirs.items())


def test_the_clock_does_not_decide_when_a_stage_of_steps_ends(toy_data: Path, tmp_path: Path) -> None:
    config = tiny(
        "coarse.steps=6", "coarse.learning_rate=1e-30", "coarse.final_learning_rate=0", "coarse.patience=2",
        "validate_steps=2", "validate_minutes=1e-9",
    )  # fmt: skip
    train(config, toy_data, tmp_path / "out", device="cpu", quiet=True, stages=("coarse",))
    records = read_log(tmp_path / "out" / "log.jsonl")
    assert [r["step"] for r in records if r["kind"] == "validate"] == [0, 1, 2, 3, 4, 5, 6]
    assert next(r for r in records if r["kind"] == "finished")["steps"] == 6  # of which 2, 4 and 6 count


def test_a_figure_that_is_not_finite_is_no_better() -> None:
    loop = Loop.__new__(Loop)
    loop.place, loop.model = Place("coarse"), torch.nn.Linear(1, 1)
    loop.stage = SimpleNamespace(better=("chamfer", -1))
    seen = []
    for step, value in enumerate([torch.nan, 5.0, 4.0, torch.nan, 3.0, -torch.inf, 9.0]):
        loop.place.step = step
        loop._keep_best({"chamfer": value})
        seen.append((loop.place.best.get("chamfer"), loop.place.waited))
    assert seen == [(None, 1), (5, 0), (4, 0), (4, 1), (3, 0), (3, 1), (3, 2)]


def test_the_time_left_is_told_from_the_second_step_on(
    toy_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(tiny("coarse.steps=3", "validation_views=0"), toy_data, tmp_path / "out", device="cpu", stages=("coarse",))
    lines = [line for line in capsys.readouterr().err.splitlines() if "steps/s" in line]
    assert len(lines) == 3 and "left" not in lines[0]
    assert re.search(r" steps/s, 0:\d\d left$", lines[1]) and lines[2].endswith(", 0:00 left")


def test_patience_needs_validations(toy_data: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"sdf\.patience needs validations, got validation_views = 0"):
        train(tiny("sdf.patience=3", "validation_views=0"), toy_data, tmp_path / "out", device="cpu", quiet=True)
    assert not (tmp_path / "out").exists()
