# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Log, curves, schedules and files that survive a kill."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image

from list_fast.training.config import StageConfig
from list_fast.training.files import (
    flatten_optimizer,
    read_tensors,
    restore_optimizer,
    write_json,
    write_tensors,
)
from list_fast.training.log import Log, clock, plot_curves, read_log
from list_fast.training.loop import MovingAverage, Precision, learning_rate, total_steps


def test_a_half_written_last_line_is_dropped(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl", quiet=True)
    log.record("train", {"stage": "sdf", "step": 1, "loss": 2.0})
    with open(tmp_path / "log.jsonl", "a") as stream:
        stream.write('{"kind": "train", "sta')
    assert [(r["step"], r["loss"]) for r in read_log(tmp_path / "log.jsonl")] == [(1, 2.0)]


def test_curves_have_a_panel_for_each_figure(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl", quiet=True)
    log.record("start", {"stage": "coarse", "step": 0})
    plot_curves(tmp_path / "log.jsonl", tmp_path / "none.png")
    assert not (tmp_path / "none.png").exists()
    for step in range(1, 5):
        log.record("train", {"stage": "coarse", "step": step, "elapsed": step, "chamfer": 10 / step})
    plot_curves(tmp_path / "log.jsonl", tmp_path / "one.png")
    for step in range(1, 5):
        log.record("validate", {"stage": "sdf", "step": step, "iou": 0.1 * step, "pixels": 9.0})
    plot_curves(tmp_path / "log.jsonl", tmp_path / "three.png")
    widths = []
    for name in ("one", "three"):
        with Image.open(tmp_path / f"{name}.png") as image:
            widths.append(image.width)
    assert widths[1] == pytest.approx(3 * widths[0], abs=3)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (61.4, "1:01"), (3723, "1:02:03"), (-5, "0:00")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_learning_rate_warms_up_then_follows_the_cosine() -> None:
    options = StageConfig(
        steps=100, learning_rate=1.0, final_learning_rate=0.1, warmup_steps=9, schedule="cosine", batch=2
    )
    assert learning_rate(options, 0, 0.0) == pytest.approx(0.1)
    assert learning_rate(options, 4, 0.0) == pytest.approx(0.5)
    assert learning_rate(options, 50, 0.5) == pytest.approx(0.55)
    assert learning_rate(options, 25, 0.25) == pytest.approx(0.1 + 0.9 * (1 + math.cos(math.pi / 4)) / 2)
    assert learning_rate(options, 100, 1.0) == learning_rate(options, 200, 1.3) == pytest.approx(0.1)
    constant = StageConfig(epochs=1, learning_rate=0.3)
    assert learning_rate(constant, 0, 0.0) == learning_rate(constant, 10**6, 1.0) == 0.3


def test_length_of_a_stage() -> None:
    assert total_steps(StageConfig(steps=5), 100) == 5
    assert total_steps(StageConfig(epochs=3, batch=8), 20) == 8
    assert total_steps(StageConfig(minutes=3), 20) == 0


def test_moving_average_is_the_recurrence() -> None:
    value = torch.nn.Parameter(torch.tensor([1.0]))
    average = MovingAverage([("w", value)], 0.9)
    expected = 1.0
    for step in range(1, 200):
        with torch.no_grad():
            value += 1
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * float(value.detach())
        average.update(step)
    with average.applied():
        assert value.item() == pytest.approx(expected, rel=1e-5)
    assert value.item() == 200.0


@pytest.mark.parametrize(
    ("instructions", "expected"), [("amx_tile", torch.bfloat16), ("avx512_bf16", torch.bfloat16), ("", None)]
)
def test_half_precision_on_a_cpu(
    instructions: str, expected: torch.dtype | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("amx_tile", "avx512_bf16"):
        monkeypatch.setattr(torch.cpu, f"_is_{name}_supported", lambda n=name: n == instructions, raising=False)
    cpu = torch.device("cpu")
    assert Precision.choose("auto", cpu).dtype is expected
    assert Precision.choose("float32", cpu).dtype is None
    assert Precision.choose("bfloat16", cpu).dtype is torch.bfloat16
    with pytest.raises(ValueError, match="precision 'float16' needs a CUDA device"):
        Precision.choose("float16", cpu)
    assert Precision.choose("auto", torch.device("mps")).dtype is None
    with pytest.raises(ValueError, match="not mps"):
        Precision.choose("bfloat16", torch.device("mps"))


@pytest.mark.parametrize("fused", [False, True])
def test_an_optimizer_survives_its_file(fused: bool, tmp_path: Path) -> None:
    """Also for a parameter whose memory layout is not that of its file."""

    def make() -> tuple[torch.nn.Conv3d, torch.optim.AdamW]:
        torch.manual_seed(0)
        layer = torch.nn.Conv3d(4, 3, 3).to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]
        return layer, torch.optim.AdamW(layer.parameters(), lr=0.1, fused=fused)

    def step(layer: torch.nn.Conv3d, optimizer: torch.optim.AdamW, seed: int) -> None:
        optimizer.zero_grad()
        torch.manual_seed(seed)
        layer(torch.randn(2, 4, 5, 5, 5)).square().sum().backward()
        optimizer.step()

    layer, optimizer = make()
    for seed in range(3):
        step(layer, optimizer, seed)
    tensors, plain = flatten_optimizer(optimizer)
    write_tensors(tmp_path / "o.safetensors", tensors, {"optimizer": plain})
    other, restored = make()
    other.load_state_dict(layer.state_dict())
    tensors, facts = read_tensors(tmp_path / "o.safetensors")
    restore_optimizer(restored, tensors, facts["optimizer"])
    before = layer.weight.detach().clone()
    step(layer, optimizer, 3)
    step(other, restored, 3)
    assert not torch.equal(layer.weight, before)
    assert torch.equal(layer.weight, other.weight)


def test_files_appear_whole(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    write_json(path, {"a": 1})
    with pytest.raises(TypeError):
        write_json(path, {"a": object()})
    assert path.read_text() == '{\n "a": 1\n}\n'


def test_figures_go_to_tensorboard_too(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    log = Log(tmp_path / "log.jsonl", quiet=True, tensorboard=tmp_path / "events")
    for step in (1, 2):
        log.record("train", {"stage": "sdf", "step": step, "elapsed": 1.0, "sdf": 0.5 / step, "missing": None})
    log.record("validate", {"stage": "sdf", "step": 2, "elapsed": 1.0, "iou": 0.25})
    log.record("finished", {"stage": "sdf", "iou": 0.25})
    events = accumulator.EventAccumulator(str(tmp_path / "events")).Reload()
    assert set(events.Tags()["scalars"]) == {"sdf/sdf/train", "sdf/iou/validate"}
    assert [(e.step, e.value) for e in events.Scalars("sdf/sdf/train")] == [(1, 0.5), (2, 0.25)]
    assert [(e.step, e.value) for e in events.Scalars("sdf/iou/validate")] == [(2, 0.25)]


def test_tensorboard_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ValueError, match="tensorboard: its package is missing"):
        Log(None, tensorboard=tmp_path)
