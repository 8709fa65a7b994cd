# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Reading data sets; these are written by hand, so that no OpenGL context is needed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from list_fast.data.dataset import ListDataset, map_arrays
from list_fast.data.make import encode_png, write_shard

VIEWS = 2
POINTS = {"surface": (4096, 3), "normals": (4096, 3), "near": (8192, 4), "uniform": (4096, 4)}


def shard(rng: np.random.Generator, ids: list[str], label: int, split: list[int]) -> tuple[dict[str, Any], np.ndarray]:
    count = len(ids)
    pictures = rng.integers(0, 256, (count, VIEWS, 224, 224, 4), np.uint8)
    files = [encode_png(picture) for picture in pictures.reshape(-1, 224, 224, 4)]
    arrays = {
        "ids": np.array(ids), "label": np.full(count, label), "split": np.array(split, np.uint8),
        "image_data": np.frombuffer(b"".join(files), np.uint8),
        "image_offset": np.cumsum([0, *map(len, files)]),
        "background": rng.integers(0, 256, (count, VIEWS, 3), np.uint8),
        "camera": rng.random((count, VIEWS, 4, 3), np.float32), "pose": rng.random((count, VIEWS, 3), np.float32),
    } | {name: rng.random((count, *shape)).astype(np.float16) for name, shape in POINTS.items()}  # fmt: skip
    return arrays, pictures


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], np.ndarray]:
    root = tmp_path_factory.mktemp("set")
    (root / "shards").mkdir()
    rng = np.random.default_rng(0)
    car, _ = shard(rng, ["car/00002"], 0, [0])
    sofa, pictures = shard(rng, ["sofa/00000", "sofa/00001", "sofa/00002"], 1, [2, 1, 0])
    write_shard(root / "shards" / "car-0000.npz", car)
    write_shard(root / "shards" / "sofa-0000.npz", sofa)
    counts = {"train": 2, "val": 1, "test": 1}
    description = {"format": 1, "classes": ["car", "sofa"], "arguments": {"views": VIEWS}, "counts": counts}
    (root / "dataset.json").write_text(json.dumps(description))
    return root, sofa, pictures


def test_splits(written: tuple[Path, dict[str, Any], np.ndarray]) -> None:
    root = written[0]
    sets = {split: ListDataset(root, split) for split in ("train", "val", "test")}
    assert sets["train"].ids == ["car/00002", "sofa/00002"]
    assert sets["train"].labels.tolist() == [0, 1]
    assert (sets["val"].ids, sets["test"].ids) == (["sofa/00001"], ["sofa/00000"])
    assert [len(data) for data in sets.values()] == [2, 1, 1]
    assert sets["train"].views == VIEWS
    assert sets["train"].classes == ["car", "sofa"]


def test_arrays_are_those_written(written: tuple[Path, dict[str, Any], np.ndarray]) -> None:
    root, sofa, _ = written
    data = ListDataset(root, "val")
    for name in ("surface", "normals", "near", "uniform"):
        values = getattr(data, name)(0)
        assert values.dtype == torch.float32
        np.testing.assert_array_equal(values.numpy(), sofa[name][1].astype(np.float32))
    for name in ("camera", "pose", "background"):
        np.testing.assert_array_equal(getattr(data, name)[0].numpy(), sofa[name][1])
    assert data.camera.shape == (1, VIEWS, 4, 3)
    assert data.camera.dtype == torch.float32


def test_pictures_are_composited(written: tuple[Path, dict[str, Any], np.ndarray]) -> None:
    root, sofa, pictures = written
    data = ListDataset(root, "val")
    image = data.image(0, 1)
    assert image.shape == (3, 224, 224)
    assert image.dtype == torch.uint8
    picture = pictures[1, 1].astype(np.float64)
    alpha = picture[..., 3:] / 255
    for background, shown in ((None, image), ((255, 255, 255), data.image(0, 1, background=(255, 255, 255)))):
        behind = sofa["background"][1, 1] if background is None else np.array(background)
        expected = picture[..., :3] * alpha + behind * (1 - alpha)
        assert np.abs(shown.numpy().transpose(1, 2, 0) - expected).max() <= 0.5 + 1e-9
    np.testing.assert_array_equal(data.rgba(0, 1), pictures[1, 1])


def test_large_arrays_stay_on_disk(written: tuple[Path, dict[str, Any], np.ndarray]) -> None:
    arrays = map_arrays(written[0] / "shards" / "sofa-0000.npz")
    assert isinstance(arrays["near"], np.memmap)
    assert isinstance(arrays["image_data"], np.memmap)
    np.testing.assert_array_equal(arrays["near"], written[1]["near"])
    assert not isinstance(arrays["camera"], np.memmap)


def test_out_of_range(written: tuple[Path, dict[str, Any], np.ndarray]) -> None:
    data = ListDataset(written[0], "val")
    with pytest.raises(IndexError, match=r"index must be in \[0, 1\), got 1"):
        data.near(1)
    with pytest.raises(IndexError, match=r"view must be in \[0, 2\), got 2"):
        data.image(0, 2)


def test_what_is_not_a_data_set(written: tuple[Path, dict[str, Any], np.ndarray], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"split must be one of .*'all'"):
        ListDataset(written[0], "all")
    with pytest.raises(ValueError, match=r"without a readable dataset\.json"):
        ListDataset(tmp_path)
    counts = {"train": 1, "val": 0, "test": 0}
    description = {"format": 1, "classes": ["car"], "arguments": {"views": VIEWS}, "counts": counts}
    (tmp_path / "dataset.json").write_text(json.dumps(description | {"format": 3}))
    with pytest.raises(ValueError, match=r"of format 1 or 2, got .* of format 3"):
        ListDataset(tmp_path)
    (tmp_path / "dataset.json").write_text(json.dumps({"format": 1, "classes": ["car"]}))
    with pytest.raises(ValueError, match=r"without a readable dataset\.json"):
        ListDataset(tmp_path)
    (tmp_path / "dataset.json").write_text(json.dumps(description))
    with pytest.raises(ValueError, match="must hold shards"):
        ListDataset(tmp_path)
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards" / "car-0000.npz").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(ValueError, match="must be a whole shard"):
        ListDataset(tmp_path)


def test_a_stopped_data_set_is_refused(written: tuple[Path, dict[str, Any], np.ndarray], tmp_path: Path) -> None:
    shutil.copytree(written[0], tmp_path / "part")
    (tmp_path / "part" / "shards" / "car-0000.npz").unlink()
    assert len(ListDataset(tmp_path / "part", "val")) == 1  # of this split nothing is missing
    with pytest.raises(ValueError, match=r"with 1 of 2 shapes of 'train'; `list-fast data make` .* makes the rest"):
        ListDataset(tmp_path / "part", "train")


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ({"shapes_per_class": 3}, "make"),
        ({"split": "train", "up": "y"}, "import"),
        ({"source": "shapenet"}, "shapenet"),
        ({"source": "pix3d"}, "pix3d"),
        ({"source": {"up": "y"}, "photoreal": {"split": "val"}}, "photoreal"),
    ],
)
def test_the_command_that_makes_the_rest_is_the_one_that_made_the_set(
    arguments: dict[str, Any], command: str, written: tuple[Path, dict[str, Any], np.ndarray], tmp_path: Path
) -> None:
    root = Path(shutil.copytree(written[0], tmp_path / "part"))
    description = json.loads((root / "dataset.json").read_text())
    description["arguments"] |= arguments
    (root / "dataset.json").write_text(json.dumps(description))
    (root / "shards" / "car-0000.npz").unlink()
    with pytest.raises(ValueError, match=rf"with 1 of 2 shapes of 'train'; `list-fast data {command}` with its arg"):
        ListDataset(root, "train")
    (root / "shards" / "sofa-0000.npz").unlink()
    with pytest.raises(ValueError, match=rf"must hold shards, got none in .*; `list-fast data {command}` with its arg"):
        ListDataset(root, "train")


@pytest.mark.parametrize("damage", ["zeros", "cut", "body"])
def test_a_damaged_picture_is_named(
    damage: str, written: tuple[Path, dict[str, Any], np.ndarray], tmp_path: Path
) -> None:
    root = Path(shutil.copytree(written[0], tmp_path / "damaged"))
    arrays = {name: value.copy() for name, value in written[1].items()}
    # Of sofa/00001, the only validation shape, view 1.
    start, stop = arrays["image_offset"][3:5]
    arrays["image_data"][{"zeros": start, "cut": start + 60, "body": start + 1000}[damage] : stop] = 0
    write_shard(root / "shards" / "sofa-0000.npz", arrays)
    data = ListDataset(root, "val")
    assert data.image(0, 0).shape == (3, 224, 224)
    for read in (data.image, data.rgba):
        with pytest.raises(ValueError, match=r"picture of view 1 of sofa/00001 is damaged") as caught:
            read(0, 1)
        assert str(root) in str(caught.value)
