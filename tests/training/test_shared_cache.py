# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A model and its checkpoint, whose weights are rounded, share one cache of features."""

from __future__ import annotations

import copy
import errno
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from toy import write_toy_dataset

from list_fast.data.dataset import ListDataset
from list_fast.model import LIST, LISTConfig, load_checkpoint, save_checkpoint
from list_fast.training.feature_cache import FeatureCache, build_cache
from list_fast.training.log import Log


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> ListDataset:
    return ListDataset(write_toy_dataset(tmp_path_factory.mktemp("data") / "toy", 3, views=1), "val")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[LIST, LIST]:
    """A model and what its checkpoint gives back."""
    torch.manual_seed(0)
    model, path = LIST(LISTConfig.small()).eval(), tmp_path_factory.mktemp("weights") / "m.safetensors"
    save_checkpoint(path, model)
    return model, load_checkpoint(path)


def cache_of(model: LIST, dataset: ListDataset, folder: Path) -> FeatureCache:
    views = [(i, 0) for i in range(len(dataset))]
    return build_cache(folder, dataset, "val", views, model, torch.device("cpu"), Log(None, quiet=True))


@pytest.mark.parametrize("first", [0, 1])
def test_whichever_comes_first_the_other_reads_it(
    first: int, trained: tuple[LIST, LIST], dataset: ListDataset, tmp_path: Path
) -> None:
    weights = [model.trunk.features[0][0].weight for model in trained]
    assert not torch.equal(*weights)
    cache_of(trained[first], dataset, tmp_path)
    kept = (tmp_path / "val.f16").stat()
    again = cache_of(trained[1 - first], dataset, tmp_path)
    now = (tmp_path / "val.f16").stat()
    assert (now.st_ino, now.st_mtime_ns) == (kept.st_ino, kept.st_mtime_ns)
    # What it would have made itself differs by no more than rounding.
    own = cache_of(trained[1 - first], dataset, tmp_path / "own")
    torch.testing.assert_close(torch.from_numpy(again.pooled), torch.from_numpy(own.pooled), rtol=2e-2, atol=2e-3)


def test_a_cache_of_an_earlier_version_is_kept_and_shared(
    trained: tuple[LIST, LIST], dataset: ListDataset, tmp_path: Path
) -> None:
    cache_of(trained[0], dataset, tmp_path)
    facts = json.loads((tmp_path / "val.json").read_text())
    del facts["rounded"]
    (tmp_path / "val.json").write_text(json.dumps(facts))
    kept = (tmp_path / "val.f16").stat().st_mtime_ns
    for model in trained:
        cache_of(model, dataset, tmp_path)
        assert (tmp_path / "val.f16").stat().st_mtime_ns == kept


def test_a_rebuild_that_was_interrupted_is_taken_up(
    trained: tuple[LIST, LIST], dataset: ListDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for a whole cache of the trunk before."""
    model = trained[0]
    before = cache_of(model, dataset, tmp_path).pooled.copy()
    size = (tmp_path / "val.f16").stat().st_size
    other = copy.deepcopy(model)
    with torch.no_grad():
        other.trunk.features[0][0].weight.mul_(1.5)

    def interrupted(*_: object) -> None:
        (tmp_path / "val.f16").write_bytes(bytes(size))  # as it is before the first views are written
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("list_fast.training.feature_cache._fill", interrupted)
        cache_of(other, dataset, tmp_path)
    assert np.array_equal(cache_of(model, dataset, tmp_path).pooled, before)


@pytest.mark.parametrize("done", [0, 1])
def test_a_full_disk_is_named_before_anything_is_computed(
    done: int, trained: tuple[LIST, LIST], dataset: ListDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, facts = tmp_path / "val.f16", tmp_path / "val.json"
    whole = cache_of(trained[0], dataset, tmp_path).pooled.copy()
    size, reserved = data.stat().st_size, []
    if done:  # of two rows the second is missing
        facts.write_text(json.dumps(json.loads(facts.read_text()) | {"done": done}))
    else:
        facts.unlink()

    def full(descriptor: int, offset: int, length: int) -> None:
        reserved.append((offset, length))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "posix_fallocate", full, raising=False)
        with pytest.raises(OSError, match=rf"No space left .* take {size} bytes: '.*val\.f16'") as caught:
            cache_of(trained[0], dataset, tmp_path)
    assert caught.value.errno == errno.ENOSPC and reserved == [(0, size)]
    # Nothing half-made is left, and what was computed before is not lost.
    assert sorted(path.name for path in tmp_path.iterdir()) == (["val.f16", "val.json"] if done else [])
    assert np.array_equal(cache_of(trained[0], dataset, tmp_path).pooled, whole)


def test_a_file_system_that_cannot_reserve_is_used(
    trained: tuple[LIST, LIST], dataset: ListDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "not supported")

    reserved = cache_of(trained[0], dataset, tmp_path / "a")
    monkeypatch.setattr(os, "posix_fallocate", cannot, raising=False)
    assert np.array_equal(cache_of(trained[0], dataset, tmp_path / "b").pooled, reserved.pooled)
    monkeypatch.delattr(os, "posix_fallocate")
    assert np.array_equal(cache_of(trained[0], dataset, tmp_path / "c").pooled, reserved.pooled)


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="needs posix_fallocate")
def test_the_room_of_a_cache_is_reserved(trained: tuple[LIST, LIST], dataset: ListDataset, tmp_path: Path) -> None:
    cache_of(trained[0], dataset, tmp_path)
    state = (tmp_path / "val.f16").stat()
    assert state.st_size > 0 and 512 * state.st_blocks >= state.st_size


@pytest.mark.parametrize("damage", ["", "\n", "[]", "{}", '{"done": 2}', None])
def test_a_damaged_cache_is_built_anew(
    damage: str | None, trained: tuple[LIST, LIST], dataset: ListDataset, tmp_path: Path
) -> None:
    data = tmp_path / "val.f16"
    before: Any = cache_of(trained[0], dataset, tmp_path).pooled.copy()
    if damage is None:
        os.truncate(data, data.stat().st_size - 2)
    else:
        (tmp_path / "val.json").write_text(damage)
    again = cache_of(trained[0], dataset, tmp_path)
    assert np.array_equal(again.pooled, before) and len(again) == 2
    assert json.loads((tmp_path / "val.json").read_text())["done"] == 2


def test_a_foreign_shard_is_named(tmp_path: Path) -> None:
    root = write_toy_dataset(tmp_path / "toy", 3, views=1)
    np.savez(root / "shards" / "other.npz", x=np.zeros(3))
    with pytest.raises(ValueError, match=r"root must hold shards of its own format alone, got .*other\.npz"):
        ListDataset(root, "train")
