# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Weights between those of two checkpoints."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from toy import write_toy_dataset

from list_fast.cli import blend
from list_fast.cli.main import main
from list_fast.data.dataset import ListDataset
from list_fast.model import LIST, LISTConfig, load_checkpoint, save_checkpoint
from list_fast.model.blend import blend_checkpoints
from list_fast.model.checkpoint import checkpoint_metadata
from list_fast.training.batches import TrainingData
from list_fast.training.calibrate import VIEWS, surface_level

SMALL = dataclasses.replace(LISTConfig.small(), tree_features=(128, 16, 16, 3), tree_degrees=(4, 8, 8))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two checkpoints of one model, of different surface levels."""
    paths = []
    for seed, level in ((1, 0.01), (2, 0.002)):
        torch.manual_seed(seed)
        paths.append(tmp_path / f"{seed}.safetensors")
        save_checkpoint(paths[-1], LIST(dataclasses.replace(SMALL, surface_level=level)), {"run": seed})
    return paths[0], paths[1]


def test_the_command_mixes_every_weight(pair: tuple[Path, Path], tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    first, second = pair
    target = tmp_path / "new" / "mixed.safetensors"
    assert main(["blend", str(first), str(second), "--share", "0.25", "-o", str(target)]) == 0
    assert capsys.readouterr().out.strip() == str(target)
    one, two, mixed = (load_checkpoint(path) for path in (first, second, target))
    for name, value in mixed.state_dict().items():
        if value.is_floating_point():
            expected = 0.75 * one.state_dict()[name] + 0.25 * two.state_dict()[name]
            torch.testing.assert_close(value, expected, rtol=1e-3, atol=1e-4)
    assert mixed.config.surface_level == 0.002
    facts = checkpoint_metadata(target)
    assert facts["run"] == 2
    assert facts["blend"] == {"share": 0.25, "with": "1.safetensors", "of": "2.safetensors"}


def test_what_cannot_be_mixed_is_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    save_checkpoint(other, LIST(dataclasses.replace(SMALL, query_reads=("images", "view"))))
    target = tmp_path / "mixed.safetensors"
    with pytest.raises(ValueError, match="second must be of the model of first, got query_reads"):
        blend_checkpoints(pair[0], other, 0.5, target)
    with pytest.raises(ValueError, match=r"share must be between 0 and 1, got 1\.5"):
        blend_checkpoints(*pair, 1.5, target)
    assert not target.exists()


def test_a_data_set_chooses_the_surface_level(
    pair: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_toy_dataset(tmp_path / "toy", shapes_per_class=2, views=1)
    target, plain = tmp_path / "mixed.safetensors", tmp_path / "plain.safetensors"
    command = ["blend", *map(str, pair), "--share", "0.5"]
    assert main([*command, "-o", str(target), "--data", str(data)]) == 0
    assert main([*command, "-o", str(plain)]) == 0
    mixed, expected = load_checkpoint(target), load_checkpoint(plain)
    level = surface_level(expected, TrainingData(ListDataset(data, "val")), VIEWS, torch.device("cpu"))
    assert mixed.config == dataclasses.replace(expected.config, surface_level=level)
    assert f"surface level {level:g}" in capsys.readouterr().err
    assert all(torch.equal(value, mixed.state_dict()[name]) for name, value in expected.state_dict().items())
    assert checkpoint_metadata(target) == checkpoint_metadata(plain)
    with pytest.raises(ValueError, match="--data must be a data set"):
        blend.run(argparse.Namespace(first="1", second="2", share=0.5, output=tmp_path / "no", data=tmp_path / "none"))
    assert not (tmp_path / "no").exists()
