# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Pix3D, from trees of the published layout: crops, cameras, splits, what is left out or refused, resuming, command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("igl")
pytest.importorskip("manifold3d")

import trimesh
from PIL import Image

from list_fast.cli.main import main
from list_fast.data import ListDataset
from list_fast.data.dataset import read_description
from list_fast.data.pix3d import entry_camera, file_splits, import_pix3d, read_entries, seeded_splits
from list_fast.evaluation.truth import true_mesh

OPTIONS: dict[str, Any] = {"resolution": 48, "workers": 0}
WIDTH, HEIGHT = 360, 240


def block(height: float) -> trimesh.Trimesh:
    """A seat and a back, off the origin."""
    back = trimesh.creation.box((0.5, height, 0.1))
    back.apply_translation((0, height / 2, -0.2))
    return trimesh.util.concatenate([trimesh.creation.box((0.5, 0.1, 0.5)), back])


def pixels(points: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    """Pixel coordinates (N, 2), 0 at the picture's corner, of points in the frame of the model's file: the published
    projection sees x to the left and y up."""
    x, y, z = (np.array(entry["rot_mat"]) @ points.T) + np.array(entry["trans_mat"])[:, None]
    focal = entry["focal_length"] / 32 * WIDTH
    return np.stack([WIDTH / 2 - focal * x / z, HEIGHT / 2 - focal * y / z], 1)


def write_picture(
    root: Path, entries: list[dict[str, Any]], category: str, number: int, model: str, **marks: bool
) -> dict[str, Any]:
    """A picture, its mask and its entry, seen from somewhere by the number."""
    eye = np.array([2.2 * np.sin(number), 1.0, 2.2 * np.cos(number)])
    forward = -eye / np.linalg.norm(eye)
    right = np.cross(forward, (0, 1, 0)) / np.linalg.norm(np.cross(forward, (0, 1, 0)))
    turn = np.stack([-right, np.cross(right, forward), forward])
    entry: dict[str, Any] = {
        "img": f"img/{category}/{number:04d}.jpg",
        "mask": f"mask/{category}/{number:04d}.png",
        "model": f"model/{category}/{model}/model.obj",
        "category": category,
        "img_size": [WIDTH, HEIGHT],
        "rot_mat": turn.tolist(),
        # Not only ahead: the object is off the picture's middle.
        "trans_mat": (-turn @ eye + (0.2, 0.1, 0.1)).tolist(),
        "focal_length": 35.0,
        "bbox": [0, 0, WIDTH, HEIGHT],
        **dict.fromkeys(("truncated", "occluded", "slightly_occluded"), False),
        **marks,
    }
    place = root / entry["model"]
    mesh = block(0.2 + 0.1 * (sum(map(ord, model)) % 5))
    place.parent.mkdir(parents=True, exist_ok=True)
    mesh.export(place)
    big = np.zeros((HEIGHT * 8, WIDTH * 8), np.uint8)
    for triangle in pixels(mesh.vertices, entry)[mesh.faces]:
        cv2.fillPoly(big, [np.round(triangle * 8 - 0.5).astype(np.int32)], 255)
    mask = cv2.resize(big, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) > 127
    color = np.where(mask[..., None], (30, 160, 60), (200, 190, 250)).astype(np.uint8)
    for kind, picture in (("img", color), ("mask", mask.astype(np.uint8) * 255)):
        (root / entry[kind]).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(root / entry[kind])
    entries.append(entry)
    return entry


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pix3d")
    entries: list[dict[str, Any]] = []
    for number, model in enumerate(["A", "B", "C", "D", "E", "A", "A"]):
        write_picture(root, entries, "chair", number, model)
    write_picture(root, entries, "chair", 7, "B", truncated=True)
    write_picture(root, entries, "chair", 8, "B", occluded=True)
    write_picture(root, entries, "chair", 9, "B", slightly_occluded=True)
    write_picture(root, entries, "bed", 1, "X")
    for number, model in enumerate(["no_model", "no_mask", "wrong_size", "mirrored", "behind", "beside"], 20):
        write_picture(root, entries, "sofa", number, model)
    without = entries[-6:]
    (root / without[0]["model"]).unlink()
    (root / without[1]["mask"]).unlink()
    without[2]["img_size"] = [WIDTH, HEIGHT + 1]
    without[3]["rot_mat"][0] = [-value for value in without[3]["rot_mat"][0]]
    without[4]["trans_mat"][2] *= -1
    without[5]["trans_mat"][0] += 3.0
    write_picture(root, entries, "sofa", 30, "whole")
    (root / "pix3d.json").write_text(json.dumps(entries))
    return root


@pytest.fixture(scope="module")
def imported(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    root = tmp_path_factory.mktemp("set") / "out"
    return root, import_pix3d(tree, root, **OPTIONS)


def rows(root: Path) -> dict[str, tuple[ListDataset, int]]:
    sets = [ListDataset(root, split) for split in ("train", "val", "test")]
    return {name: (dataset, row) for dataset in sets for row, name in enumerate(dataset.ids)}


def test_the_set_and_its_report(imported: tuple[Path, dict[str, Any]]) -> None:
    root, report = imported
    found = rows(root)
    assert set(found) == {*(f"chair/{n:04d}" for n in (*range(7), 9)), "bed/0001", "sofa/0030"}
    assert report["left_out"] == {"truncated": 1, "occluded": 1}
    refused = {line["model"].split("/")[2]: line["refused"] for line in report["files"] if "refused" in line}
    wanted = {
        "no_model": "no mesh model/sofa/no_model/model.obj",
        "no_mask": "mask/sofa/0021.png cannot be read",
        "wrong_size": "annotated size 360 x 241",
        "mirrored": "rot_mat no reflection",
        "behind": "in front of the camera",
        "beside": "where the mask is not",
    }
    assert set(refused) == set(wanted)
    for name, text in wanted.items():
        assert text in refused[name]
    assert all(line["overlap"] > 0.95 for line in report["files"] if "id" in line)
    assert read_description(root)["classes"] == ["bed", "chair", "sofa"]
    # The pictures of a model are in one split and share its stored mesh.
    splits = {name: dataset.split for name, (dataset, _) in found.items()}
    assert splits["chair/0000"] == splits["chair/0005"] == splits["chair/0006"]
    assert splits["chair/0001"] == splits["chair/0009"]
    assert "test" in splits.values() and "train" in splits.values()
    assert len(list((root / "meshes").rglob("*.npz"))) >= 7
    one, other = (found[name] for name in ("chair/0000", "chair/0005"))
    assert one[0].mesh_name(one[1]) == other[0].mesh_name(other[1]) == "chair/A"
    mesh = true_mesh(*one)
    assert mesh is not None and mesh.volume > 0.05


def test_cameras_put_the_shape_where_the_picture_shows_it(imported: tuple[Path, dict[str, Any]]) -> None:
    for name in ("chair/0000", "chair/0003", "bed/0001"):
        dataset, row = rows(imported[0])[name]
        picture = dataset.rgba(row, 0)
        assert picture.shape == (224, 224, 4)
        places = np.argwhere(picture[..., 3] > 127)[:, ::-1]
        assert (places.max(0) - places.min(0)).max() == pytest.approx(0.875 * 224, abs=2)
        inside = picture[..., :3][picture[..., 3] == 255].astype(int)
        assert (np.abs(np.median(inside, axis=0) - (30, 160, 60)) < 8).all()  # JPEG
        mesh = true_mesh(dataset, row)
        assert mesh is not None
        points = np.concatenate([mesh.vertices, dataset.surface(row).numpy()])
        image = np.c_[2 * points[:, ::-1], np.ones(len(points))] @ dataset.camera[row, 0].numpy()
        seen = (image[:, :2] / image[:, 2:]).astype(np.float32)
        np.testing.assert_allclose(seen.min(0), places.min(0) - 0.5, atol=1.5)
        np.testing.assert_allclose(seen.max(0), places.max(0) + 0.5, atol=1.5)
        values = cv2.remap(picture[..., 3], seen[:, 0].copy()[None], seen[:, 1].copy()[None], cv2.INTER_LINEAR)
        assert (values > 127).mean() > 0.97


def test_camera_of_an_entry(tree: Path) -> None:
    entry = read_entries(tree / "pix3d.json")[0]
    points = np.array([[0.1, 0.2, 0.3], [-0.2, 0.1, 0.0], [0, 0, 0.2]])
    center, scale, box = np.array([0.05, 0.1, -0.02]), 1.7, (37.5, -12.0, 250.0)
    camera = entry_camera(entry, box, center, scale)
    wanted = (pixels(points, entry) - box[:2]) * 224 / box[2] - 0.5
    np.testing.assert_allclose(camera.project((points - center) * scale)[:, :2], wanted, atol=1e-6)
    eye = (-np.array(entry["rot_mat"]).T @ entry["trans_mat"] - center) * scale
    assert camera.pose[2] == pytest.approx(np.linalg.norm(eye))
    with pytest.raises(ValueError, match="rot_mat and trans_mat"):
        entry_camera(entry | {"rot_mat": np.ones((3, 3)).tolist()}, box, center, scale)


def test_splits_by_model_and_by_file(tree: Path, tmp_path: Path) -> None:
    entries = read_entries(tree / "pix3d.json")
    many = [{"category": "chair", "model": f"m{k // 3}"} for k in range(120)]
    sides = seeded_splits(many, 0)
    assert (sides.count("test"), sides.count("val")) == (24, 6) and sides == seeded_splits(many, 0)
    assert all(len(set(sides[k : k + 3])) == 1 for k in range(0, 120, 3))
    assert sides != seeded_splits(many, 1)
    (tmp_path / "train.json").write_text(json.dumps(["img/chair/0000.png", "chair/0002", "0003_flipped", "0030"]))
    coco = {"images": [{"file_name": "img/chair/0004.png"}, {"file_name": "img/chair/0999.png"}]}
    (tmp_path / "test.json").write_text(json.dumps(coco))
    found, unknown = file_splits(tmp_path, entries)
    named = {entry["img"][4:-4]: side for entry, side in zip(entries, found, strict=True) if side}
    assert named == {"chair/0000": "train", "chair/0002": "train", "sofa/0030": "train", "chair/0004": "test"}
    assert unknown == 1
    report = import_pix3d(tree, tmp_path / "out", splits=tmp_path, **OPTIONS)
    assert read_description(tmp_path / "out")["counts"] == {"train": 3, "val": 0, "test": 1}
    assert report["left_out"]["in no split"] > 5 and report["unknown_names"] == 1
    for names, message in (
        (["0001"], "with their class"),
        ([], "got none in"),
        (["x"], "got none of them"),
        (3, "JSON"),
    ):
        (tmp_path / "train.json").write_text(json.dumps(names))
        with pytest.raises(ValueError, match=message):
            file_splits(tmp_path, entries)


def test_marked_pictures_may_be_kept_and_classes_chosen(tree: Path, tmp_path: Path) -> None:
    report = import_pix3d(tree, tmp_path / "out", keep=["truncated"], classes=["chair"], **OPTIONS)
    assert report["left_out"] == {"occluded": 1, "other class": 8} and report["counts"] == {"united": 9}
    report = import_pix3d(tree, tmp_path / "few", classes=["chair"], limit=3, **OPTIONS)
    assert len(report["files"]) == 3 and report["left_out"]["over the limit"] == 5


def test_a_stopped_run_goes_on(imported: tuple[Path, dict[str, Any]], tree: Path, tmp_path: Path) -> None:
    root, report = imported
    copy = Path(shutil.copytree(root, tmp_path / "copy"))
    for name in ("dataset.json", "report.json", "reports/bed-0000.json", "shards/bed-0000.npz"):
        (copy / name).unlink()
    assert import_pix3d(tree, copy, **OPTIONS) == report
    with np.load(root / "shards" / "bed-0000.npz") as one, np.load(copy / "shards" / "bed-0000.npz") as other:
        assert all(np.array_equal(one[name], other[name]) for name in one.files)
    with pytest.raises(ValueError, match="of the same files and options"):
        import_pix3d(tree, copy, **(OPTIONS | {"seed": 4}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": -1}, "seed and workers"),
        ({"limit": 0}, "limit >= 1"),
        ({"keep": ["blurred"]}, "keep must be of"),
        ({"classes": ["spoon"]}, "classes must be of bed, chair, sofa, got spoon"),
        ({"splits": "nowhere"}, "splits must be JSON lists"),
    ],
)
def test_wrong_arguments_are_named(tree: Path, tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        import_pix3d(tree, tmp_path / "out", **(OPTIONS | changes))


def test_a_tree_that_is_no_pix3d(tmp_path: Path) -> None:
    for text in (None, "{", '[{"img": "a"}]', "[3]"):
        if text is not None:
            (tmp_path / "pix3d.json").write_text(text)
        with pytest.raises(ValueError, match=r"source must hold pix3d.json"):
            import_pix3d(tmp_path, tmp_path / "out", **OPTIONS)


def test_command(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "set"
    assert main(["data", "pix3d", str(tree), str(out), "--resolution", "48", "--workers", "1"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [str(out)]
    assert "left out: 1 truncated, 1 occluded" in captured.err and "6 refused, 10 united" in captured.err
    assert (out / "contact_sheet.png").stat().st_size > 1000
