# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Runs of several processes, as torchrun starts them, against the same run of one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from test_run import OPTIONS, tiny
from torch import nn

from list_fast.training import parallel
from list_fast.training.files import read_tensors
from list_fast.training.log import read_log
from list_fast.training.run import STATE, train

ROOT = Path(__file__).resolve().parents[2]
# Noise of every kind, in float32 wherever this runs: what differs is the order of sums.
NOISY = (
    *OPTIONS, "sdf.batch=4", "coarse.steps=4", "camera.steps=4", "sdf.steps=4", "coarse.augment.feature_dropout=0.2",
    "sdf.augment.coarse_noise=0.02", "sdf.true_transform=0.9", "sdf.clip_norm=1.0", "precision=float32",
)  # fmt: skip


def torchrun(*words: str, processes: int = 2) -> subprocess.CompletedProcess[str]:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    words = (*launcher, *words)
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.skipif(not torch.distributed.is_available(), reason="torch was built without torch.distributed")
def test_two_processes_train_as_one(toy_data: Path, tmp_path: Path) -> None:
    """Losses of every step, and the weights; and a resumed run goes on as the first one would."""
    train(tiny(*NOISY), toy_data, tmp_path / "one", device="cpu", quiet=True)
    # The same features: float16 rounds those of a random trunk, which are tiny, by what the number of threads changes.
    shutil.copytree(tmp_path / "one" / "cache", tmp_path / "two" / "cache")
    (tmp_path / "two" / "cache" / "val.json").unlink()  # but for those, which the first process makes for both
    options = [f"--set={option}" for option in NOISY]
    words = ["-m", "list_fast", "train", "small", "--data", str(toy_data), "--out", str(tmp_path / "two")]
    words += ["--device", "cpu", *options]
    for more in (["--stage", "camera"], ["--resume"]):
        done = torchrun(*words, *more)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [str(tmp_path / "two" / "small.safetensors")]
        assert "2 processes" in done.stderr
    logs = [read_log(tmp_path / run / "log.jsonl") for run in ("one", "two")]
    one, two = ([r for r in log if r["kind"] in ("train", "validate")] for log in logs)
    assert [(r["stage"], r["step"]) for r in one] == [(r["stage"], r["step"]) for r in two] and len(one) == 15
    for ours, theirs in zip(two, one, strict=True):
        for figure in theirs.keys() - {"time", "elapsed", "per_second", "waited", "kind", "stage"}:
            # Rounding differs, and Adam makes whole steps of gradients that are nothing else; the log has six places.
            tolerance = 1e-2 if ours["kind"] == "validate" else 1e-3 if figure == "gradient" else 1e-4
            assert ours[figure] == pytest.approx(theirs[figure], rel=tolerance, abs=2e-6), (theirs["stage"], figure)
    first, second = (read_tensors(tmp_path / run / STATE)[0] for run in ("one", "two"))
    assert first.keys() == second.keys()
    # A bias before a normalisation has no gradient but rounding, of which Adam makes whole steps: those may part.
    parted = {n for n, v in first.items() if not torch.allclose(second[n].double(), v.double(), rtol=1e-2, atol=1e-3)}
    before_norm = ("point_mlp_coarse.block", "spatial_transformer", "vox_encoder")
    assert all(name.removeprefix("model.").startswith(before_norm) and name.endswith("bias") for name in parted), parted


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("sdf.batch=3",), "sdf.batch must be a multiple of the 2 processes, got 3"),
        # Halves of a process's three rows would be one row each, and the third lost.
        (
            ("sdf.batch=6", "sdf.accumulate=2"),
            "sdf.batch must be a multiple of the 2 processes times the 2 parts of sdf.accumulate, got 6",
        ),
    ],
)
def test_a_batch_that_cannot_be_shared_is_named(
    toy_data: Path, tmp_path: Path, more: tuple[str, ...], message: str
) -> None:
    options = [f"--set={option}" for option in (*NOISY, *more)]
    words = ["-m", "list_fast", "train", "small", "--data", str(toy_data), "--out", str(tmp_path / "out")]
    done = torchrun(*words, "--device", "cpu", *options)
    assert done.returncode != 0
    assert message in done.stderr
    assert not (tmp_path / "out").exists()


def test_statistics_and_noise_are_those_of_the_whole_batch() -> None:
    done = torchrun(str(Path(__file__).with_name("parallel_worker.py")))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("checked") == 2  # both write to one stream, in any order


def test_one_process_alone_changes_nothing() -> None:
    network = nn.Sequential(nn.BatchNorm1d(5))
    parallel.share_layers(network)
    assert type(network[0]) is nn.BatchNorm1d
    x = torch.randn(6, 5)
    assert torch.equal(parallel.std(x), x.std(0)) and parallel.rows(6) == slice(0, 6)
    torch.manual_seed(1)
    noise = parallel.randn_like(x)
    torch.manual_seed(1)
    assert torch.equal(noise, torch.randn_like(x))
    parallel.average([x])
    assert parallel.agreed([1.0, 0.25]) == [1.0, 0.25] and parallel.rank() == 0
