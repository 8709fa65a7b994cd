# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Making data sets: the format, resuming, the same bits for any number of workers, and the command."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from list_fast.cli.main import main
from list_fast.data import make
from list_fast.data.contact_sheet import LABEL_WIDTH
from list_fast.data.dataset import ListDataset
from list_fast.data.make import make_dataset, split_of

if TYPE_CHECKING:
    from list_fast.data.render import Renderer

ARGUMENTS: dict[str, Any] = {"shapes_per_class": 3, "views": 2, "seed": 5, "classes": ["table", "chair"]}


@pytest.fixture(scope="module")
def made(renderer: Renderer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("set")
    make_dataset(root, workers=0, **ARGUMENTS)
    return root


def digests(root: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(root.glob("shards/*"))}


def test_format_of_a_shard(made: Path) -> None:
    description = json.loads((made / "dataset.json").read_text())
    assert description["format"] == 1
    assert description["classes"] == ["chair", "table"]
    assert description["arguments"]["views"] == 2
    assert description["counts"] == {"train": 2, "val": 2, "test": 2}
    assert sorted(digests(made)) == ["chair-0000.npz", "table-0000.npz"]
    with np.load(made / "shards" / "table-0000.npz") as shard:
        arrays = dict(shard)
    expected: dict[str, tuple[tuple[int, ...], type]] = {
        "label": ((3,), np.int64), "split": ((3,), np.uint8), "image_offset": ((7,), np.int64),
        "background": ((3, 2, 3), np.uint8), "camera": ((3, 2, 4, 3), np.float32), "pose": ((3, 2, 3), np.float32),
        "surface": ((3, 4096, 3), np.float16), "normals": ((3, 4096, 3), np.float16),
        "near": ((3, 8192, 4), np.float16), "uniform": ((3, 4096, 4), np.float16),
    }  # fmt: skip
    assert set(arrays) == {*expected, "ids", "image_data"}
    for name, (shape, dtype) in expected.items():
        assert arrays[name].shape == shape
        assert arrays[name].dtype == dtype
    assert arrays["ids"].tolist() == ["table/00000", "table/00001", "table/00002"]
    assert arrays["label"].tolist() == [1, 1, 1]
    assert arrays["split"].tolist() == [2, 1, 0]
    assert arrays["image_data"].dtype == np.uint8
    assert arrays["image_offset"][-1] == len(arrays["image_data"])
    assert arrays["image_data"][:8].tobytes() == b"\x89PNG\r\n\x1a\n"


def test_splits_by_index() -> None:
    codes = [split_of(index) for index in range(400)]
    assert (codes.count(0), codes.count(1), codes.count(2)) == (360, 20, 20)
    assert [index for index in range(50) if split_of(index) == 2] == [0, 20, 40]


def test_workers_do_not_change_the_bits(made: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path, workers=2, **ARGUMENTS)
    assert digests(tmp_path) == digests(made)
    assert (tmp_path / "dataset.json").read_text() == (made / "dataset.json").read_text()


def test_a_stopped_run_goes_on(made: Path, tmp_path: Path) -> None:
    """Whole shards are kept; a missing and a broken one are made again with the same bits."""
    progress: list[tuple[int, int, int]] = []
    shards = tmp_path / "shards"
    shards.mkdir()
    (tmp_path / "dataset.json").write_text((made / "dataset.json").read_text())
    chair = (made / "shards" / "chair-0000.npz").read_bytes()
    (shards / "chair-0000.npz").write_bytes(chair)
    (shards / "table-0000.npz").write_bytes(chair[:5000])
    kept = (shards / "chair-0000.npz").stat().st_mtime_ns
    make_dataset(
        tmp_path, workers=0, progress=lambda done, now, total, _: progress.append((done, now, total)), **ARGUMENTS
    )
    assert digests(tmp_path) == digests(made)
    assert (shards / "chair-0000.npz").stat().st_mtime_ns == kept
    assert progress == [(6, 3, 6)]


@pytest.mark.parametrize("names", ["", ",", " , "])
def test_no_class_does_not_mean_all(tmp_path: Path, capsys: pytest.CaptureFixture[str], names: str) -> None:
    for words in (["make", str(tmp_path / "out")], ["sheet", str(tmp_path / "sheet.png")]):
        assert main(["data", *words, "--classes", names]) == 1
        assert f"--classes must name at least one class, got {names!r}" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_part_of_a_set_holds_the_bits_of_the_whole(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "part"
    names = ["--shapes-per-class", "3", "--views", "2", "--seed", "5", "--classes", "table,chair"]
    assert main(["data", "make", str(out), *names, "--workers", "0", "--splits", "test, val"]) == 0
    description = json.loads((out / "dataset.json").read_text())
    assert description["counts"] == {"train": 0, "val": 2, "test": 2}
    assert description["arguments"]["splits"] == ["val", "test"]
    assert (out / "contact_sheet.png").exists()
    assert len(ListDataset(out, "train")) == 0
    for split in ("val", "test"):
        part, whole = ListDataset(out, split), ListDataset(made, split)
        assert part.ids == whole.ids and len(part) == 2
        for index in range(2):
            assert torch.equal(part.image(index, 1), whole.image(index, 1))
            assert torch.equal(part.near(index), whole.near(index))
    written = digests(out)
    make_dataset(out, workers=0, splits=("val", "test"), **ARGUMENTS)
    assert digests(out) == written
    with pytest.raises(
        ValueError, match=r"made with splits \['train', 'val', 'test'\], got .* made with \['val', 'test'\]"
    ):
        make_dataset(out, workers=0, **ARGUMENTS)


def test_what_stops_a_worker_is_raised(renderer: Renderer, tmp_path: Path) -> None:
    task = make.ShardTask(tmp_path / "horse-0000.npz", "horse", 0, 0, 1, 1, 0)
    with pytest.raises(ValueError, match=r"shape horse/00000 with seed 0: class_name must be one of .*'horse'"):
        make._run_workers([task], 1, lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_a_set_is_extended_but_not_changed(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dataset.json").write_text((made / "dataset.json").read_text())
    for change, message in (
        ({"seed": 6}, "made with seed 6, got .* made with 5"),
        ({"views": 3}, "made with views 3"),
        ({"classes": ["chair"]}, "made with classes"),
        ({"shapes_per_class": 2}, "must not shrink"),
    ):
        with pytest.raises(ValueError, match=message):
            make_dataset(tmp_path, workers=0, **(ARGUMENTS | change))
    assert not (tmp_path / "shards").exists()


def test_shards_hold_at_most_64_shapes_in_class_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks: list[make.ShardTask] = []
    monkeypatch.setattr(make, "_run_workers", lambda missing, workers, done: tasks.extend(missing))
    make_dataset(tmp_path, shapes_per_class=130, views=1, workers=1, classes=["sofa", "car"])
    assert [(t.path.name, t.first, t.count, t.label) for t in tasks] == [
        ("car-0000.npz", 0, 64, 0), ("sofa-0000.npz", 0, 64, 1), ("car-0001.npz", 64, 64, 0),
        ("sofa-0001.npz", 64, 64, 1), ("car-0002.npz", 128, 2, 0), ("sofa-0002.npz", 128, 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shapes_per_class": 0}, "shapes_per_class and views must be >= 1"),
        ({"views": 0}, "shapes_per_class and views must be >= 1"),
        ({"seed": -1}, "seed >= 0"),
        ({"splits": ["test", "tests"]}, "splits must be one or more of train, val, test"),
        ({"splits": []}, "splits must be one or more of train, val, test"),
        ({"workers": -1}, "workers must be >= 0, got -1"),
        ({"classes": []}, "at least one class"),
        ({"classes": ["chair", "horse"]}, "class_name must be one of .*'horse'"),
    ],
)
def test_bad_arguments(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_dataset(tmp_path / "new", **({"workers": 0, **ARGUMENTS} | change))
    assert not (tmp_path / "new").exists()


def test_a_directory_with_another_dataset_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_text("[]")
    with pytest.raises(ValueError, match=r"dataset\.json cannot be read"):
        make_dataset(tmp_path, workers=0, **ARGUMENTS)


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def savez(stream: Any, **_: Any) -> None:
        stream.write(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez", savez)
    with pytest.raises(OSError, match="no space left"):
        make.write_shard(tmp_path / "x.npz", {"a": np.zeros(3)})
    assert list(tmp_path.iterdir()) == []


def test_command_makes_and_shows_a_set(renderer: Renderer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    from PIL import Image

    from list_fast.cli import data

    parser = argparse.ArgumentParser()
    data.add_arguments(parser)
    out, sheet = tmp_path / "set", tmp_path / "sheets" / "sheet.png"
    arguments = ["make", str(out), "--shapes-per-class", "3", "--views", "1", "--workers", "0", "--classes", "table"]
    assert data.run(parser.parse_args(arguments)) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{out}\n"
    assert "3/3 shapes" in captured.err
    assert "1 train, 1 val, 1 test" in captured.err
    for source in (["--data", str(out)], []):
        arguments = ["sheet", str(sheet), "--classes", "table", "--shapes-per-class", "2", *source]
        assert data.run(parser.parse_args(arguments)) == 0
        with Image.open(sheet) as image:
            assert image.size == (LABEL_WIDTH + 2 * 224, 224)
            assert np.asarray(image).std() > 5
    with Image.open(out / "contact_sheet.png") as image:
        assert image.size == (LABEL_WIDTH + 224, 224)
    capsys.readouterr()
    words = ["data", "make", str(out), "--shapes-per-class", "1", "--classes", "table"]
    assert main(words) == 1
    error = capsys.readouterr().err
    assert error.startswith("list-fast: error: out must be a data set made with views 4")
    assert error.count("\n") == 1
    assert main(["--traceback", *words]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "empty"),
    [
        (["--shapes-per-class", "1"], "train and val"),
        (["--shapes-per-class", "2"], "train"),
        (["--shapes-per-class", "2", "--splits", "train,test"], "train"),
        (["--shapes-per-class", "2", "--splits", "val,test"], None),
        (["--shapes-per-class", "1", "--splits", "test"], None),
        (["--shapes-per-class", "3"], None),
    ],
)
def test_a_set_without_shapes_to_train_on_is_told_of(
    words: list[str], empty: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(make, "_run_workers", lambda *_: None)
    monkeypatch.setattr("list_fast.data.contact_sheet.save_contact_sheet", lambda *_, **__: None)
    assert main(["data", "make", str(tmp_path / "set"), "--classes", "table", "--workers", "1", *words]) == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
    assert len(warnings) == (empty is not None)
    if empty:
        assert warnings[0].startswith(f"list-fast: warning: no shapes of {empty}: of each class shape 0 goes to test")


def test_what_a_dead_worker_was_making_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def dies_twice(tasks: Sequence[make.ShardTask], workers: int, done: Callable[[make.ShardTask], None]) -> None:
        calls.append(len(tasks))
        if len(calls) < 3:
            make.write_shard(tasks[0].path, {"ids": np.array([]), "image_offset": np.zeros(1)})  # half of the work
            raise make.WorkerDied("a worker process died")
        for task in tasks:
            done(task)

    monkeypatch.setattr(make, "_run_workers", dies_twice)
    with pytest.warns(RuntimeWarning, match="made again"):
        make.make_dataset(tmp_path / "a", shapes_per_class=1, views=1, workers=1, classes=["table", "chair"])
    assert calls == [2, 2, 2]
    monkeypatch.setattr(make, "_ATTEMPTS", 2)
    calls.clear()
    with pytest.warns(RuntimeWarning), pytest.raises(make.WorkerDied):
        make.make_dataset(tmp_path / "b", shapes_per_class=1, views=1, workers=1, classes=["table"])


_PARENT = """
import multiprocessing, os, time
from list_fast.data.make import end_with_parent

def work(started):
    end_with_parent()
    started.put(os.getpid())
    time.sleep(120)

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    started = context.SimpleQueue()
    context.Process(target=work, args=(started,), daemon=True).start()
    print(started.get(), flush=True)
    time.sleep(120)
"""


def _runs(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert _runs(worker)
        parent.kill()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and _runs(worker):
        time.sleep(0.1)
    assert not _runs(worker)


@pytest.mark.parametrize("name", ["import.json", "export.json"])
def test_other_sets_are_not_overwritten(name: str, tmp_path: Path) -> None:
    """A stopped import has no description yet."""
    (tmp_path / name).write_text("{}")
    with pytest.raises(ValueError, match=f"out must be a new directory or a data set made by `make`.*{name}"):
        make_dataset(tmp_path, workers=0, **ARGUMENTS)
