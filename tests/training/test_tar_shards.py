# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Tar files of a data set: item by item and batch by batch what the shards hold, by index and stream, in training."""

from __future__ import annotations

import json
import os
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from test_run import OPTIONS

from list_fast.cli.main import main
from list_fast.data import ListDataset, ShapeStream, open_dataset
from list_fast.data.dataset import mesh_path
from list_fast.data.tar_shards import TarDataset, export_webdataset, tar_index
from list_fast.training import load_config
from list_fast.training.batches import TrainingData
from list_fast.training.log import read_log
from list_fast.training.run import train


@pytest.fixture(scope="module")
def shards(toy_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy set with a stored surface for two of its shapes."""
    root = Path(shutil.copytree(toy_data, tmp_path_factory.mktemp("shards") / "set"))
    for name in ("ball/00000", "box/00002"):
        place = mesh_path(root, name)
        place.parent.mkdir(parents=True)
        np.savez_compressed(place, vertices=np.eye(3, dtype=np.float32) * len(name), faces=np.int32([[0, 1, 2]]))
    return root


@pytest.fixture(scope="module")
def tars(shards: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set in tar files of two or three shapes."""
    out = tmp_path_factory.mktemp("tars") / "set"
    export_webdataset(shards, out, shard_mb=0.5)
    return out


def test_the_files_follow_webdatasets_conventions(tars: Path) -> None:
    names = sorted(path.name for path in tars.glob("*.tar"))
    assert names == sorted(json.loads((tars / "dataset.json").read_text())["shards"]) and len(names) == 4
    with tarfile.open(tars / "test-000000.tar") as archive:
        members = archive.getnames()
    assert members[:3] == ["ball/00000.json", "ball/00000.0.png", "ball/00000.1.png"]
    assert "ball/00000.near.npy" in members and "ball/00000.mesh.npz" in members
    keys, samples = tar_index(tars / "test-000000.tar")
    assert keys[0] == "ball/00000" and len(samples[0]) == 1 + 2 + 4 + 1


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_every_item_is_that_of_the_shards(shards: Path, tars: Path, split: str) -> None:
    one, other = ListDataset(shards, split), open_dataset(tars, split)
    assert isinstance(other, TarDataset) and len(one) == len(other) > 0
    assert (one.ids, one.classes, one.views) == (other.ids, other.classes, other.views)
    for name in ("labels", "camera", "pose", "background"):
        first, second = getattr(one, name), getattr(other, name)
        assert first.dtype == second.dtype and torch.equal(first, second)
    for index in (*range(len(one)), -1):
        for name in ("surface", "normals", "near", "uniform"):
            assert torch.equal(getattr(one, name)(index), getattr(other, name)(index))
        for view in range(one.views):
            assert one.file(index, view) == other.file(index, view)
            assert torch.equal(one.image(index, view), other.image(index, view))
        meshes = one.mesh(index), other.mesh(index)
        if meshes[0] is None or meshes[1] is None:
            assert meshes == (None, None)
        else:
            assert all(np.array_equal(*pair) for pair in zip(*meshes, strict=True))
    stored = [index for index in range(len(one)) if one.mesh(index) is not None]
    assert len(stored) == {"train": 1, "val": 0, "test": 1}[split]
    with pytest.raises(IndexError, match="view must be in"):
        other.file(0, 2)
    with pytest.raises(IndexError, match="index must be in"):
        other.near(len(one))


def test_the_index_is_kept_and_made_anew_when_the_file_changes(shards: Path, tars: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tars, tmp_path / "copy"))
    for path in copy.glob("*.index.npz"):
        path.unlink()
    TarDataset(copy, "test")
    index = copy / "test-000000.tar.index.npz"
    made = index.stat().st_mtime_ns
    assert TarDataset(copy, "test").ids and index.stat().st_mtime_ns == made
    index.write_bytes(b"broken")
    assert torch.equal(TarDataset(copy, "test").near(0), ListDataset(shards, "test").near(0))
    os.utime(copy / "test-000000.tar", ns=(1, 1))
    assert torch.equal(TarDataset(copy, "test").near(0), ListDataset(shards, "test").near(0))
    assert index.stat().st_mtime_ns > made


def test_batches_are_those_of_the_shards(shards: Path, tars: Path) -> None:
    one, other = (TrainingData(open_dataset(root, "train")) for root in (shards, tars))
    for step in range(3):
        first, second = (
            data.training_batch(7, "sdf", step, 4, surface=64, near=32, uniform=16) for data in (one, other)
        )
        for name in ("shapes", "views", "camera", "surface", "images", "points", "sdf"):
            assert torch.equal(getattr(first, name), getattr(second, name))


def test_training_takes_the_same_steps(shards: Path, tars: Path, tmp_path: Path) -> None:
    steps = ["coarse.steps=2", "sdf.steps=2", "camera.steps=0", "validation_views=0", "trunk.cache=false"]
    config = load_config("small", [*OPTIONS, *steps])
    figures = []
    for name, root in (("one", shards), ("other", tars)):
        train(config, root, tmp_path / name, device="cpu", quiet=True)
        lines = [line for line in read_log(tmp_path / name / "log.jsonl") if line["kind"] == "train"]
        figures.append([(line.get("chamfer"), line.get("sdf"), line["gradient"]) for line in lines])
    assert len(figures[0]) == 4 and figures[0] == figures[1]


def test_a_stopped_export_goes_on_with_the_same_bits(shards: Path, tars: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tars, tmp_path / "copy"))
    last = sorted(copy.glob("train-*.tar"))[-1]
    last.unlink()
    (copy / "dataset.json").unlink()
    kept = (copy / "train-000000.tar").stat().st_mtime_ns
    calls: list[tuple[int, int]] = []
    export_webdataset(shards, copy, shard_mb=0.5, progress=lambda *state: calls.append(state))
    assert last.read_bytes() == (tars / last.name).read_bytes() and calls[-1] == (12, 12)
    assert (copy / "train-000000.tar").stat().st_mtime_ns == kept
    with pytest.raises(ValueError, match="out must be a new directory or an export of the same set"):
        export_webdataset(shards, copy, shard_mb=1)
    with pytest.raises(ValueError, match="tar files already"):
        export_webdataset(tars, tmp_path / "out")
    with pytest.raises(ValueError, match="shard_mb must be > 0"):
        export_webdataset(shards, tmp_path / "out", shard_mb=0)


def test_sets_that_are_not_whole_are_refused(tars: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tars, tmp_path / "copy"))
    with pytest.raises(ValueError, match="split must be one of"):
        TarDataset(copy, "all")
    path = copy / "test-000000.tar"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="whole tar files"):
        TarDataset(copy, "test")
    path.unlink()
    message = r"root must be a whole data set, got .* of 'test'; `list-fast data export-webdataset` with its arguments"
    with pytest.raises(ValueError, match=message):
        TarDataset(copy, "test")


def test_ids_with_dots_are_kept(shards: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(shards, tmp_path / "set"))
    for path in (root / "shards").glob("*.npz"):
        with np.load(path) as shard:
            arrays = dict(shard)
        arrays["ids"] = np.array([f"{name}.v1.5%" for name in arrays["ids"]])
        np.savez(path, **arrays)
    export_webdataset(root, tmp_path / "out")
    assert open_dataset(tmp_path / "out", "val").ids == ListDataset(root, "val").ids


def test_a_stream_yields_the_items(shards: Path, tars: Path) -> None:
    pytest.importorskip("webdataset")
    dataset = ListDataset(shards, "train")
    items = list(ShapeStream(tars))
    assert [item["id"] for item in items] == dataset.ids
    for index, item in enumerate(items):
        assert item["label"] == dataset.labels[index] and item["class"] == dataset.ids[index].partition("/")[0]
        for name in ("camera", "pose", "background"):
            assert torch.equal(item[name], getattr(dataset, name)[index])
        for name in ("surface", "normals", "near", "uniform"):
            assert torch.equal(item[name], getattr(dataset, name)(index))
        assert item["png"] == [dataset.file(index, view) for view in range(2)]
    pipe = [f"pipe:cat {path}" for path in sorted(tars.glob("test-*.tar"))]
    assert [item["id"] for item in ShapeStream(pipe)] == ListDataset(shards, "test").ids


def test_a_streams_order_is_a_function_of_seed_and_epoch(tars: Path) -> None:
    pytest.importorskip("webdataset")

    def ids(stream: ShapeStream) -> list[str]:
        return [item["id"] for item in stream]

    stream = ShapeStream(tars, shuffle=4, seed=3)
    first, second = ids(stream), ids(stream)
    assert sorted(first) == sorted(second) and first != second
    again = ShapeStream(tars, shuffle=4, seed=3)
    again.set_epoch(1)
    assert ids(again) == second and ids(ShapeStream(tars, shuffle=4, seed=3)) == first
    assert ids(ShapeStream(tars, shuffle=4, seed=4)) != first


def test_workers_share_a_stream(shards: Path, tars: Path) -> None:
    pytest.importorskip("webdataset")
    loader = torch.utils.data.DataLoader(ShapeStream(tars), batch_size=None, num_workers=2)
    assert sorted(item["id"] for item in loader) == ListDataset(shards, "train").ids


def test_streams_that_cannot_be(tars: Path, tmp_path: Path) -> None:
    pytest.importorskip("webdataset")
    with pytest.raises(ValueError, match="source must hold tar files of 'train'"):
        ShapeStream(tmp_path)
    with pytest.raises(ValueError, match="shuffle must be >= 0"):
        ShapeStream(tars, shuffle=-1)


def test_commands(shards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "tars"
    assert main(["data", "export-webdataset", str(shards), str(out), "--shard-mb", "1"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [str(out)] and "12/12 shapes" in captured.err
    assert main(["data", "sheet", str(tmp_path / "sheet.png"), "--data", str(out), "--shapes-per-class", "2"]) == 0
    assert main(["data", "export-webdataset", str(tmp_path), str(tmp_path / "no")]) != 0
