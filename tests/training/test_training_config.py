# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Configurations: what the files say, what overrides change, which mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from list_fast.training import TrainConfig, load_config, shipped_configs


def test_base_has_the_settings_of_the_paper() -> None:
    config = load_config("base")
    assert config.model == "base"
    assert (config.coarse.epochs, config.coarse.batch, config.sdf.epochs, config.sdf.batch) == (300, 16, 300, 8)
    for stage in (config.coarse, config.sdf):
        assert (stage.optimiser, stage.learning_rate, stage.weight_decay) == ("adam", 1e-4, 1e-5)
        assert (stage.schedule, stage.clip_norm, stage.ema) == ("constant", 0, 0)
    assert config.sdf.sdf_loss == "squared_sum"
    assert config.sdf.occupancy_weight == 1


@pytest.mark.parametrize("name", sorted(shipped_configs()))
def test_shipped_configurations_survive_a_round_trip(name: str) -> None:
    config = load_config(name)
    assert config.name == name
    assert TrainConfig.from_dict(config.to_dict()) == config


def test_overrides(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[coarse]\nminutes = 3\n[sdf]\nepochs = 2\n")
    changed = load_config(
        file, ["coarse.steps=7", "sdf.augment.hue=0.5", "trunk.weights=none", "sdf.ema=0.9", "seed=3"]
    )
    assert changed.name == "mine"
    assert (changed.coarse.steps, changed.coarse.minutes) == (7, 0)
    assert changed.sdf.augment.hue == 0.5
    assert (changed.trunk.weights, changed.sdf.ema, changed.seed, changed.sdf.epochs) == ("none", 0.9, 3, 2)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("sdf.bach=3", "unknown option sdf.bach"),
        ("sdf.batch=1", "sdf.batch must be at least 2"),
        ("sdf.batch=2.5", "sdf.batch must be int"),
        ("sdf.batch=true", "sdf.batch must be int"),
        ("coarse.optimiser=sgd", "coarse.optimiser must be one of"),
        ("coarse.steps=-1", "coarse must be of a length"),
        ("coarse.learning_rate=0", "coarse.learning_rate must be positive"),
        ("coarse.final_learning_rate=1", "coarse.final_learning_rate must be between"),
        ("sdf.sdf_loss=l7", "sdf.sdf_loss must be one of"),
        ("sdf.augment.hue=2", "sdf.augment.hue must be in"),
        ("sdf=3", "sdf must be a table"),
        ("model=medium", "model must be"),
        ("precision=float8", "precision must be one of"),
        ("name=a/b", "name must be a file name"),
        ("seed", "option=value"),
        ("seed.x=1", "seed is not a table"),
    ],
)
def test_mistakes_are_named(override: str, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        load_config("small", [override])


def test_two_lengths_and_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text("[coarse]\nminutes = 3\nsteps = 4\n[sdf]\nepochs = 2\n")
    with pytest.raises(ValueError, match=r"exactly one of steps, epochs, minutes, got \{'steps': 4, .*3\.0\}$"):
        load_config(file)
    file.write_text("[coarse]\nbatch = 4\n")
    with pytest.raises(ValueError, match="exactly one of steps, epochs, minutes"):
        load_config(file)


def test_a_file_that_is_no_toml_or_not_there(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text("[coarse\n")
    with pytest.raises(ValueError, match=r"bad\.toml"):
        load_config(file)
    with pytest.raises(FileNotFoundError, match=r"none\.toml: neither a file nor one of base, refine, small"):
        load_config(tmp_path / "none.toml")


def test_a_folder_does_not_hide_a_shipped_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("base", "other"):
        Path(name).mkdir()
    assert load_config("base").name == "base"
    with pytest.raises(FileNotFoundError, match="other: neither a file nor one of base"):
        load_config("other")
