# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""ShapeNet with DISN's renderings, from trees of the published layout: cameras, splits, refusals, resuming, command."""

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
from list_fast.data.camera import matrix_camera
from list_fast.data.dataset import read_description
from list_fast.data.placement import WorldView, outer_points, outline_box, place_mesh, settle_shift
from list_fast.data.shapenet import CLASSES, import_shapenet, read_metadata, read_splits
from list_fast.evaluation.truth import true_mesh

CHAIR, TABLE = CLASSES["chair"], CLASSES["table"]
OPTIONS: dict[str, Any] = {"views": 4, "resolution": 48, "workers": 0}
ANGLES = [(10.0, 25.0, 0.9), (75.0, 30.0, 0.7), (130.0, 5.0, 0.95), (200.0, 28.0, 0.8), (260.0, 20.0, 0.75)]
ANGLES += [(320.0, 33.0, 0.85)]


def angular(tower: float) -> trimesh.Trimesh:
    """A shape of three boxes without a symmetry, its diagonal below 1 and off the origin, as ShapeNet's are."""
    boxes = [
        ((0.5, 0.1, 0.3), (0, 0, 0)),
        ((0.1, tower, 0.12), (-0.18, tower / 2, 0.05)),
        ((0.1, 0.1, 0.2), (0.2, 0, 0.2)),
    ]
    parts = []
    for size, place in boxes:
        parts.append(trimesh.creation.box(size))
        parts[-1].apply_translation(np.add(place, (0.02, -0.1, 0.03)))
    return trimesh.util.concatenate(parts)


def published_pixels(points: np.ndarray, azimuth: float, elevation: float, ratio: float) -> np.ndarray:
    """Pixel coordinates (N, 2) of world points in a rendering, 0 at the picture's corner: in Blender's axes, z up, the
    camera stands at azimuth and elevation from the x axis and looks at the origin."""
    a, e = np.radians([azimuth, elevation])
    eye = 1.75 * ratio * np.array([np.cos(a) * np.cos(e), -np.sin(a) * np.cos(e), np.sin(e)])
    forward = -eye / np.linalg.norm(eye)
    right = np.cross(forward, (0, 0, 1))
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    there = np.stack([points[:, 0], -points[:, 2], points[:, 1]], 1) - eye
    return np.stack([there @ right, there @ down], 1) / (there @ forward)[:, None] * 35 / 32 * 224 + 112


def outline(mesh: trimesh.Trimesh, *camera: float) -> np.ndarray:
    """A rendering's alpha (224, 224): the triangles, filled at eight times the size."""
    big = np.zeros((224 * 8, 224 * 8), np.uint8)
    for triangle in published_pixels(mesh.vertices, *camera)[mesh.faces]:
        cv2.fillPoly(big, [np.round(triangle * 8 - 0.5).astype(np.int32)], 255)
    return cv2.resize(big, (224, 224), interpolation=cv2.INTER_AREA)


def write_shape(
    root: Path, synset: str, model: str, mesh: trimesh.Trimesh, scale: float = 1.0, move: float = 0.0, turn: int = 0
) -> None:
    """Pictures and metadata of a shape, and its mesh moved and scaled as only its maker knows."""
    folder = root / "images" / synset / model / "easy"
    folder.mkdir(parents=True)
    lines = []
    for number, (azimuth, elevation, ratio) in enumerate(ANGLES):
        alpha = outline(mesh, azimuth, elevation, ratio)
        color = np.broadcast_to(np.array([200, 30 * number, 40], np.uint8), (224, 224, 3))
        Image.fromarray(np.dstack([color, alpha])).save(folder / f"{number:02d}.png")
        lines.append(f"[{azimuth},{elevation},0,{ratio},35,32,1.75,0,0,0]")
    (folder / "rendering_metadata.txt").write_text("\n".join(lines) + "\n")
    place = root / "DISN" / synset / model
    place.mkdir(parents=True)
    moved = mesh.copy()
    moved.vertices = (moved.vertices + move) * scale
    moved.apply_transform(trimesh.transformations.rotation_matrix(np.radians(turn), (0, 1, 0)))
    moved.export(place / "isosurf.obj")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes: shapes in the renderings' frame, one normalised otherwise, and some that cannot be used."""
    root = tmp_path_factory.mktemp("shapenet")
    for number in range(3):
        write_shape(root, CHAIR, f"chair{number}", angular(0.3 + 0.05 * number))
    write_shape(root, CHAIR, "normalised", angular(0.4), scale=1.83, move=-0.07)
    write_shape(root, CHAIR, "turned", angular(0.4), turn=90)
    for name in ("no_metadata", "few_pictures", "broken_mesh", "other_mesh"):
        write_shape(root, CHAIR, name, angular(0.35))
    images = root / "images" / CHAIR
    (images / "no_metadata" / "easy" / "rendering_metadata.txt").unlink()
    (images / "few_pictures" / "easy" / "00.png").unlink()
    (images / "few_pictures" / "easy" / "01.png").write_bytes(b"no picture")
    (images / "few_pictures" / "easy" / "02.png").unlink()
    (root / "DISN" / CHAIR / "broken_mesh" / "isosurf.obj").write_text("f 1 2 3\n")
    trimesh.creation.box((0.9, 0.05, 0.05)).export(root / "DISN" / CHAIR / "other_mesh" / "isosurf.obj")
    write_shape(root, TABLE, "table0", angular(0.1))
    split = root / "DISN_split"
    split.mkdir()
    names = ["chair0", "chair1", "turned", "no_metadata", "few_pictures", "broken_mesh", "other_mesh", "missing"]
    (split / f"{CHAIR}_train.lst").write_text("\n".join([*names, "chair2"]) + "\n")
    (split / f"{CHAIR}_test.lst").write_text("chair2\n\nnormalised\n")
    (split / f"{TABLE}_train.lst").write_text("table0\n")
    (split / f"{TABLE}_test.lst").write_text("")
    return root


@pytest.fixture(scope="module")
def imported(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    root = tmp_path_factory.mktemp("set") / "out"
    return root, import_shapenet(tree, root, **OPTIONS)


def rows(root: Path) -> dict[str, tuple[ListDataset, int]]:
    return {
        name.partition("/")[2]: (dataset, row)
        for dataset in (ListDataset(root, split) for split in ("train", "val", "test"))
        for row, name in enumerate(dataset.ids)
    }


def test_the_set_and_its_report(imported: tuple[Path, dict[str, Any]]) -> None:
    root, report = imported
    lines = {line["file"].partition("/")[2]: line for line in report["files"]}
    used = {"chair0", "chair1", "chair2", "normalised", "table0"}
    assert set(rows(root)) == used == {name for name, line in lines.items() if "id" in line}
    assert {name: line["placed"] for name, line in lines.items() if "id" in line} == {
        **dict.fromkeys(used, "file"),
        "normalised": "fitted",
    }
    assert lines["chair2"]["split"] == "test"  # of both lists
    assert report["counts"] == {"united": 5, "refused": 6}
    assert "no rendering_metadata.txt" in lines["no_metadata"]["refused"]
    assert lines["few_pictures"]["refused"].startswith("3 pictures with a camera")
    assert "isosurf.obj cannot be read" in lines["broken_mesh"]["refused"]
    assert "do not show the mesh" in lines["other_mesh"]["refused"] and "turned" not in lines["other_mesh"]["refused"]
    assert "turned by 270 degrees it would fit" in lines["turned"]["refused"]
    assert lines["missing"]["refused"] == "no pictures"
    description = read_description(root)
    assert description["classes"] == ["chair", "table"] and sum(description["counts"].values()) == 5


@pytest.mark.parametrize(
    ("name", "mesh", "error"), [("chair1", angular(0.35), 0.02), ("normalised", angular(0.4), 0.8)]
)
def test_cameras_put_the_shape_where_the_picture_shows_it(
    imported: tuple[Path, dict[str, Any]], name: str, mesh: trimesh.Trimesh, error: float
) -> None:
    dataset, row = rows(imported[0])[name]
    center, extent = mesh.bounds.mean(0), np.ptp(mesh.bounds, axis=0).max()
    points = (mesh.vertices - center) / extent
    for view, angles in enumerate(ANGLES[k] for k in (0, 1, 3, 4)):  # spread over the six
        image = np.c_[2 * points[:, ::-1], np.ones(len(points))] @ dataset.camera[row, view].numpy()
        pixels = image[:, :2] / image[:, 2:]
        np.testing.assert_allclose(pixels, published_pixels(mesh.vertices, *angles) - 0.5, atol=error)
        # The pose tells where the camera stands, in units of the object.
        a, e = np.radians(angles[:2])
        eye = 1.75 * angles[2] * np.array([np.cos(a) * np.cos(e), np.sin(e), np.sin(a) * np.cos(e)])
        a, e, distance = dataset.pose[row, view].double().numpy() * np.array([np.pi / 180, np.pi / 180, 1])
        found = distance * np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
        np.testing.assert_allclose(found, (eye - center) / extent, atol=0.02)
        np.testing.assert_allclose(image[:, 2], (eye - mesh.vertices) @ eye / np.linalg.norm(eye) / extent, atol=0.02)
        picture = dataset.rgba(row, view)
        inside = cv2.remap(picture[..., 3], *pixels_inside(dataset, row, view), cv2.INTER_LINEAR)
        assert (inside > 127).mean() > 0.98


def pixels_inside(dataset: ListDataset, row: int, view: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows (1, N) of the stored surface points."""
    points = dataset.surface(row).numpy()
    image = np.c_[2 * points[:, ::-1], np.ones(len(points))] @ dataset.camera[row, view].numpy()
    u, v = (image[:, :2] / image[:, 2:]).T.astype(np.float32)
    return u[None], v[None]


def test_the_metadata_mean_what_disn_reads_in_them(tmp_path: Path) -> None:
    path = tmp_path / "rendering_metadata.txt"
    # As the renderer writes it; the last three move the object, in Blender's axes.
    path.write_text("[[74.771,37.0779,0,0.64512,35,32,1.75,-0.1529,-0.1306,0.0747],\n[30,20,0,0.8,35,32,1.75,0,0,0]]\n")
    first, second = read_metadata(path)
    points = np.array([[0.1, 0.2, 0.3], [-0.25, 0.05, 0.4], [0, 0, 0]])
    pixels = matrix_camera(second.matrix()).project(points)[:, :2]
    np.testing.assert_allclose(pixels, published_pixels(points, 30, 20, 0.8) - 0.5, atol=1e-9)
    moved = np.add(points, (-0.1529, 0.0747, 0.1306))
    pixels = matrix_camera(first.matrix()).project(points)[:, :2]
    np.testing.assert_allclose(pixels, published_pixels(moved, 74.771, 37.0779, 0.64512) - 0.5, atol=1e-9)
    # Numbers by the matrices that DISN publishes, for this camera and the first point.
    np.testing.assert_allclose(pixels[0] + 0.5, (49.4495, 120.7469), atol=1e-3)
    path.write_text("10 20 0 0.8 25\n")  # the older renderings, which say no lens
    assert read_metadata(path)[0].focal == 35 / 32 and read_metadata(path)[0].distance == pytest.approx(1.4)
    for text in ("a 1 2 3", "1,2", "[1,2,9,0.5,35,32,1.75]", "[1,2,0,-1,35,32,1.75]"):
        path.write_text(text + "\n")
        with pytest.raises(ValueError, match=r"rendering_metadata.txt has a"):
            read_metadata(path)


def test_samples_and_stored_meshes(imported: tuple[Path, dict[str, Any]]) -> None:
    dataset, row = rows(imported[0])["chair2"]
    mesh = true_mesh(dataset, row)
    assert mesh is not None
    np.testing.assert_allclose(np.ptp(mesh.vertices, axis=0).max(), 1, atol=1e-6)
    uniform = dataset.uniform(row).numpy()
    boxes = angular(0.4).split()
    center, extent = np.mean(angular(0.4).bounds, axis=0), np.ptp(angular(0.4).bounds, axis=0).max()
    world = uniform[:, :3] * extent + center
    inside = np.any([((world > b.bounds[0]) & (world < b.bounds[1])).all(1) for b in boxes], axis=0)
    clear = np.abs(uniform[:, 3]) > 0.002
    assert (inside[clear] == (uniform[clear, 3] < 0)).all() and inside.sum() > 100
    train, row = rows(imported[0])["table0"]
    assert train.split == "train" and train.mesh(row) is None and true_mesh(train, row) is None


def test_faces_stored_twice_make_a_solid(tree: Path, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    shutil.copytree(tree / "images" / TABLE, root / "images" / TABLE)
    mesh = angular(0.1)
    doubled = trimesh.Trimesh(mesh.vertices, np.concatenate([mesh.faces, mesh.faces[:, ::-1]]), process=False)
    place = root / "core" / TABLE / "table0" / "models"
    place.mkdir(parents=True)
    doubled.export(place / "model_normalized.obj")
    (place / "other.obj").write_text("")
    (root / "lists").mkdir()
    (root / "lists" / f"{TABLE}_test.lst").write_text(f"{TABLE}/table0\n")
    report = import_shapenet(
        root, tmp_path / "out", splits=root / "lists", meshes="core/{synset}/{id}/models", **OPTIONS
    )
    assert report["files"][0]["mended"]["doubled"] == len(mesh.faces)
    assert (ListDataset(tmp_path / "out", "test").uniform(0)[:, 3] < 0).float().mean() > 0.02


def test_a_stopped_run_goes_on_with_the_same_bits(
    imported: tuple[Path, dict[str, Any]], tree: Path, tmp_path: Path
) -> None:
    root, report = imported
    copy = Path(shutil.copytree(root, tmp_path / "copy"))
    for name in ("dataset.json", "report.json", "reports/table-0000.json", "shards/table-0000.npz"):
        (copy / name).unlink()
    kept = (copy / "shards" / "chair-0000.npz").stat().st_mtime_ns
    assert import_shapenet(tree, copy, **OPTIONS) == report
    assert (copy / "shards" / "chair-0000.npz").stat().st_mtime_ns == kept
    with np.load(root / "shards" / "table-0000.npz") as one, np.load(copy / "shards" / "table-0000.npz") as other:
        assert all(np.array_equal(one[name], other[name]) for name in one.files)
    with pytest.raises(ValueError, match="of the same files and options"):
        import_shapenet(tree, copy, **(OPTIONS | {"seed": 4}))


def test_splits(tmp_path: Path) -> None:
    train, test = [f"m{k:03d}" for k in range(100)], [f"t{k}" for k in range(9)]
    (tmp_path / f"{CHAIR}_train.lst").write_text("\n".join(train))
    (tmp_path / f"{CHAIR}_test.lst").write_text("\n".join(test))
    options: dict[str, Any] = {"seed": 0, "limit": None, "train_limit": None, "first": False}
    whole = read_splits(tmp_path, CHAIR, **options)
    assert [model for model, _ in whole] == train + test
    assert [split for _, split in whole].count("val") == 5 and [split for _, split in whole[100:]] == ["test"] * 9
    assert read_splits(tmp_path, CHAIR, **options) == whole
    assert read_splits(tmp_path, CHAIR, **(options | {"seed": 1})) != whole
    first = [m for m, _ in read_splits(tmp_path, CHAIR, **(options | {"train_limit": 20, "first": True}))]
    assert first == train[:20] + test
    some = [m for m, _ in read_splits(tmp_path, CHAIR, **(options | {"train_limit": 20, "limit": 30}))]
    assert len(some) == 29 and some[:20] != train[:20] and some[:20] == sorted(some[:20])
    few = read_splits(tmp_path, CHAIR, **(options | {"limit": 2}))
    assert sorted(split for _, split in few) == ["test", "test", "train", "val"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"views": 0}, "views must be"),
        ({"views": 37}, "views must be"),
        ({"turn": 45}, "turn 0"),
        ({"limit": 0}, "limit must be"),
        ({"workers": -1}, "workers must be"),
        ({"classes": ["chair", "spoon"]}, "classes must be of .* got .'spoon'"),
        ({"classes": ["lamp"]}, "none of lamp"),
        ({"splits": "nowhere"}, "splits must be a folder"),
        ({"splits": "images"}, "splits must hold lists"),
        ({"images": "pictures"}, "images must hold"),
    ],
)
def test_wrong_arguments_are_named(tree: Path, tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    if changes.get("splits") == "images":
        changes = {"splits": tree / "images"}
    with pytest.raises(ValueError, match=message):
        import_shapenet(tree, tmp_path / "out", **(OPTIONS | changes))
    assert not (tmp_path / "out").exists()


def test_an_empty_list_is_said(tree: Path, tmp_path: Path) -> None:
    (tmp_path / f"{TABLE}_train.lst").write_text("\n")
    with pytest.raises(ValueError, match="must list models of each class, got none of table"):
        import_shapenet(tree, tmp_path / "out", splits=tmp_path, **OPTIONS)
    with pytest.raises(ValueError, match="source must be a directory"):
        import_shapenet(tmp_path / "none", tmp_path / "out", **OPTIONS)


def test_command(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "set"
    arguments = ["data", "shapenet", str(tree), str(out), "--views", "2", "--resolution", "48", "--workers", "1"]
    assert main([*arguments, "--classes", f"chair,{TABLE}", "--split-limit", "3", "--first"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [str(out)]
    assert f"refused {CHAIR}/turned: the pictures do not show" in captured.err and "1 refused, 5 united" in captured.err
    assert (out / "contact_sheet.png").stat().st_size > 1000
    description = json.loads((out / "dataset.json").read_text())
    assert sum(description["counts"].values()) == 5 and description["arguments"]["views"] == 2
    assert main([*arguments, "--classes", "spoon"]) != 0
    assert "classes must be of" in capsys.readouterr().err


def test_round_shapes_are_placed_by_their_outermost_points() -> None:
    mesh = trimesh.creation.icosphere(4, 0.3)
    mesh.apply_scale((1.0, 0.7, 0.5))
    mesh.apply_translation((0.03, -0.05, 0.02))
    views = []
    for azimuth, elevation, ratio in ANGLES:
        box = outline_box(outline(mesh, azimuth, elevation, ratio))
        views.append(WorldView(90 - azimuth, elevation, 1.75 * ratio, 35 / 32, (0, 0, 0), box))
    center, scale = np.array([0.03, -0.05, 0.02]), 1 / 0.6
    points = (mesh.vertices - center) * scale
    assert len(outer_points(points)) <= 2000 < len(points)
    assert place_mesh(points, center, scale, views).how == "file"
    placed = place_mesh(points, center + 1, scale, views)
    assert placed.how == "fitted" and placed.error < 0.6
    np.testing.assert_allclose(placed.center, center, atol=4e-3)
    assert placed.scale == pytest.approx(0.6, rel=0.01)
    with pytest.raises(ValueError, match="2 pictures are too few"):
        place_mesh(points, center + 1, scale, views[:2])


@pytest.mark.parametrize("moved", [True, False])
def test_shifts_count_only_where_the_pictures_show_them(moved: bool) -> None:
    views, mesh = [], angular(0.4)
    for number, (azimuth, elevation, ratio) in enumerate(ANGLES):
        shift = (0.02 * number, -0.05, 0.08 - 0.03 * number)
        shown = mesh.copy()
        if moved:
            shown.apply_translation(shift)
        box = outline_box(outline(shown, azimuth, elevation, ratio))
        views.append(WorldView(90 - azimuth, elevation, 1.75 * ratio, 35 / 32, shift, box))
    placed, taken = settle_shift(mesh.vertices, np.zeros(3), 1.0, views)
    assert placed.how == "file" and placed.error < 0.6
    assert [view.shift for view in taken] == [view.shift if moved else (0, 0, 0) for view in views]
    np.testing.assert_allclose(
        placed.camera(taken[5]).project(mesh.vertices)[:, :2],
        published_pixels(mesh.vertices + np.array(views[5].shift) * moved, *ANGLES[5]) - 0.5,
        atol=1e-6,
    )
