# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Importing a folder of meshes: the set, its report, resuming, what is refused, and the command."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("igl")
pytest.importorskip("manifold3d")

import trimesh

from list_fast.cli.main import main
from list_fast.data import ListDataset
from list_fast.data.contact_sheet import contact_sheet
from list_fast.data.dataset import SPLITS, read_description
from list_fast.data.import_meshes import find_files, import_meshes, split_of_file
from list_fast.evaluation.truth import Truth

if TYPE_CHECKING:
    from list_fast.data.render import Renderer

OPTIONS: dict[str, Any] = {"views": 2, "seed": 3, "resolution": 48, "workers": 0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two solids in other units, a sheet, and two files that are no mesh."""
    root = tmp_path_factory.mktemp("meshes")
    (root / "block").mkdir()
    (root / "ball" / "deep").mkdir(parents=True)
    box = trimesh.creation.box((200, 100, 50))
    box.visual.face_colors = (255, 0, 0, 255)
    box.export(root / "block" / "red.ply")
    trimesh.creation.icosphere(3, 0.01).export(root / "ball" / "deep" / "small.stl")
    lines = ["v 0 0 0", "v 1 0 0", "v 1 1 0", "v 0 1 0", "f 1 2 3 4"]
    (root / "block" / "sheet.obj").write_text("\n".join(lines))
    (root / "block" / "broken.glb").write_bytes(b"text")
    (root / "block" / "flat.obj").write_text("v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n")
    (root / "readme.txt").write_text("not a mesh")
    return root


@pytest.fixture(scope="module")
def imported(renderer: Renderer, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    root = tmp_path_factory.mktemp("set") / "out"
    return root, import_meshes(folder, root, **OPTIONS)


def test_the_set_and_its_report(imported: tuple[Path, dict[str, Any]]) -> None:
    root, report = imported
    assert json.loads((root / "report.json").read_text()) == report
    assert report["counts"] == {"kept": 2, "shelled": 1, "refused": 2}
    lines = {line["file"]: line for line in report["files"]}
    assert lines["block/red.ply"]["how"] == "kept" and lines["block/red.ply"]["id"] == "block/00002"
    assert lines["block/sheet.obj"]["mended"]["open_components"] == 1
    assert "cannot be read" in lines["block/broken.glb"]["refused"]
    assert lines["block/flat.obj"]["refused"] == "no face has an area"
    description = read_description(root)
    assert description["classes"] == ["ball", "block"] and description["counts"] == {"train": 0, "val": 0, "test": 3}
    dataset = ListDataset(root, "test")
    assert dataset.ids == ["ball/00000", "block/00002", "block/00003"] and dataset.labels.tolist() == [0, 1, 1]
    assert len(ListDataset(root, "train")) == 0


def test_samples_are_those_of_the_stored_surface(imported: tuple[Path, dict[str, Any]]) -> None:
    dataset = ListDataset(imported[0], "test")
    uniform = dataset.uniform(0).numpy()
    # The ball of 1 cm is one of diameter 1 now.
    truth = np.linalg.norm(uniform[:, :3], axis=1) - 0.5
    np.testing.assert_allclose(uniform[:, 3], truth, atol=0.01)
    assert (uniform[:, 3] < 0).any()
    surface = dataset.surface(1).numpy()
    np.testing.assert_allclose(np.abs(surface).max(0), (0.5, 0.25, 0.125), atol=1e-3)
    vertices, faces = dataset.mesh(1) or pytest.fail("no mesh is stored")
    assert trimesh.Trimesh(vertices, faces).volume == pytest.approx(0.125)
    truth_mesh = Truth.of(dataset, 1, 100).mesh
    assert truth_mesh is not None and truth_mesh.volume == pytest.approx(0.125)


def test_pictures_show_the_files_own_color(imported: tuple[Path, dict[str, Any]]) -> None:
    dataset = ListDataset(imported[0], "test")
    for view in range(2):
        picture = dataset.rgba(1, view)
        seen = picture[picture[..., 3] == 255].astype(int)
        assert len(seen) > 2000
        assert (seen[:, 0] > 2 * seen[:, 1]).mean() > 0.9  # red, where no light glares
        places = np.argwhere(picture[..., 3] > 0)
        # The camera of the set projects the surface to where the picture shows it.
        points = np.c_[2 * dataset.surface(1).numpy()[:, ::-1], np.ones(4096)] @ dataset.camera[1, view].numpy()
        pixels = points[:, :2] / points[:, 2:]
        np.testing.assert_allclose(pixels.min(0), places.min(0)[::-1], atol=4)
        np.testing.assert_allclose(pixels.max(0), places.max(0)[::-1], atol=4)


def test_a_stopped_import_goes_on_with_the_same_bits(
    imported: tuple[Path, dict[str, Any]], folder: Path, tmp_path: Path
) -> None:
    root, report = imported
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    folder = Path(shutil.copytree(folder, tmp_path / "moved"))  # paths within it are what counts
    for name in ("dataset.json", "report.json", "reports/block-0000.json", "shards/block-0000.npz"):
        (copy / name).unlink()
    kept = (copy / "shards" / "ball-0000.npz").stat().st_mtime_ns
    with pytest.raises(ValueError, match="data set"):
        ListDataset(copy, "test")
    calls: list[tuple[int, int]] = []
    assert import_meshes(folder, copy, **OPTIONS, progress=lambda *state: calls.append(state)) == report
    assert calls == [(5, 5)] and (copy / "shards" / "ball-0000.npz").stat().st_mtime_ns == kept
    with np.load(root / "shards" / "block-0000.npz") as one, np.load(copy / "shards" / "block-0000.npz") as other:
        assert all(np.array_equal(one[name], other[name]) for name in one.files)
    with pytest.raises(ValueError, match="out must be a new directory or an import of the same"):
        import_meshes(folder, copy, **(OPTIONS | {"seed": 4}))


def test_a_mesh_that_a_library_fails_on_does_not_end_the_run(
    renderer: Renderer, folder: Path, imported: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: Any
) -> None:
    from list_fast.data import import_meshes as module

    def fails_on_the_ball(vertices: Any, faces: Any, *, resolution: int) -> Any:
        if len(faces) > 100:
            raise RuntimeError("no neighbor")
        return repair(vertices, faces, resolution=resolution)

    repair = module.repair
    monkeypatch.setattr(module, "repair", fails_on_the_ball)
    report = import_meshes(folder, tmp_path / "out", **OPTIONS)
    lines = {line["file"]: line for line in report["files"]}
    assert lines["ball/deep/small.stl"]["refused"] == "RuntimeError: no neighbor"
    others = [line for line in imported[1]["files"] if line["file"] != "ball/deep/small.stl"]
    assert [line for line in report["files"] if line["file"] != "ball/deep/small.stl"] == others


def test_classes_by_pattern(folder: Path) -> None:
    found = find_files(folder, {"round": ["ball/*"], "rest": ["*RED*", "*.stl"]})
    assert {name: [path.name for path in paths] for name, paths in found.items()} == {
        "round": ["small.stl"],
        "rest": ["red.ply"],
    }
    alone = find_files(folder / "ball" / "deep", None)
    assert {name: [path.name for path in paths] for name, paths in alone.items()} == {"deep": ["small.stl"]}


def test_the_up_axis_is_turned(renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    mesh = trimesh.creation.cone(0.2, 1.0)  # its tip along z
    mesh.export(tmp_path / "in" / "cone.stl")
    import_meshes(tmp_path / "in", tmp_path / "out", up="z", **OPTIONS)
    surface = ListDataset(tmp_path / "out", "test").surface(0).numpy()
    assert np.ptp(surface[:, 1]) > 0.95 and np.ptp(surface[:, [0, 2]], axis=0).max() < 0.45
    assert np.abs(surface[surface[:, 1] > 0.4][:, [0, 2]]).max() < 0.1  # the tip is above


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"views": 0}, "views must be"),
        ({"resolution": 8}, "resolution"),
        ({"split": "all"}, "split must be"),
        ({"up": "x"}, "up one of"),
        ({"classes": {"chair": ["*chair*"]}}, "with none"),
        ({"workers": -1}, "workers"),
    ],
)
def test_wrong_arguments_are_named(folder: Path, tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        import_meshes(folder, tmp_path / "out", **(OPTIONS | changes))


def test_files_are_split_by_path_and_seed() -> None:
    names = [f"chair/{n}.obj" for n in range(4000)]
    splits = [split_of_file(name, 0) for name in names]
    shares = [splits.count(name) / len(names) for name in ("train", "val", "test")]
    np.testing.assert_allclose(shares, (0.9, 0.05, 0.05), atol=0.012)  # 3.5 deviations
    assert [split_of_file(name.replace(".obj", ".GLB"), 0) for name in names] == splits
    others = [split_of_file(name, 1) for name in names]
    assert 0.02 < np.mean([a == "test" for a, b in zip(others, splits, strict=True) if b == "test"] or [0]) < 0.12
    # As it is for good: an import that was stopped goes on with it, and a larger folder keeps it.
    assert [names[n] for n, split in enumerate(splits) if split == "val"][:3] == [
        "chair/1.obj",
        "chair/4.obj",
        "chair/6.obj",
    ]


def test_shapes_of_a_folder_are_split(renderer: Renderer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the command makes can be trained and validated on, and a file stays in its split when others come."""
    numbers = {split: next(n for n in range(200) if split_of_file(f"{n}.stl", 3) == split) for split in SPLITS}
    folder = tmp_path / "box"
    folder.mkdir()
    for number in numbers.values():
        trimesh.creation.box((1, 2, 1 + number)).export(folder / f"{number}.stl")
    words = ["--split", "shapes", "--seed", "3", "--views", "1", "--resolution", "32", "--workers", "0"]
    assert main(["data", "import", str(folder), str(tmp_path / "set"), *words]) == 0
    errors = capsys.readouterr().err
    assert "1 train, 1 val, 1 test\n" in errors and "warning" not in errors
    description = read_description(tmp_path / "set")
    assert description["arguments"]["split"] == "shapes" and description["counts"] == {"train": 1, "val": 1, "test": 1}
    files = {line["file"]: line for line in json.loads((tmp_path / "set" / "report.json").read_text())["files"]}
    for split, number in numbers.items():
        assert ListDataset(tmp_path / "set", split).ids == [files[f"{number}.stl"]["id"]]
    with pytest.raises(ValueError, match="an import of the same files and options"):
        import_meshes(folder, tmp_path / "set", **(OPTIONS | {"views": 1, "resolution": 32, "split": "train"}))

    (folder / f"{numbers['val']}.stl").unlink()
    trimesh.creation.box((1, 1, 3)).export(folder / "0-first.stl")
    assert main(["data", "import", str(folder), str(tmp_path / "other"), *words]) == 0
    again = {line["file"]: line for line in json.loads((tmp_path / "other" / "report.json").read_text())["files"]}
    for split in ("train", "test"):
        assert again[f"{numbers[split]}.stl"]["split"] == split
    assert again["0-first.stl"]["split"] == "train"
    assert "list-fast: warning: no shapes of val: more files or another --seed" in capsys.readouterr().err


def test_folders_that_will_not_do(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="folder must be a directory"):
        import_meshes(tmp_path / "none", tmp_path / "out", **OPTIONS)
    with pytest.raises(ValueError, match="which holds files"):
        import_meshes(folder, folder, **OPTIONS)


def test_command(renderer: Renderer, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "set"
    arguments = ["data", "import", str(folder), str(out), "--views", "1", "--resolution", "48", "--workers", "1"]
    assert main([*arguments, "--class", "thing=*red*,*broken*"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [str(out)]
    assert "refused block/broken.glb: broken.glb cannot be read" in captured.err and "1 kept, 1 refused" in captured.err
    assert (out / "contact_sheet.png").stat().st_size > 1000
    assert contact_sheet(data=out, shapes_per_class=1).size[1] == 224
    assert contact_sheet(data=out, beside=out, shapes_per_class=1).size[1] == 2 * 224
    with pytest.raises(ValueError, match="beside must hold some of the classes vessel"):
        contact_sheet(classes=["vessel"], beside=out)
    with pytest.raises(ValueError, match="classes must be of the data set's thing"):
        contact_sheet(data=out, classes=["chair"])
    assert main(["data", "import", str(folder), str(tmp_path / "no"), "--class", "thing"]) != 0
    assert "NAME=PATTERN" in capsys.readouterr().err
    assert main(["data", "import", str(folder), str(tmp_path / "no"), "--class", "thing=*broken*"]) != 0
    assert "report.json" in capsys.readouterr().err


_COMMAND = """
import signal, sys
from list_fast.cli.main import main

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
    sys.exit(main())
"""


def _session(leader: int) -> list[int]:
    """The processes of a session that run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, *_, session = path.read_text().rsplit(")", 1)[1].split()[:4]
        except (OSError, ValueError):  # it has ended meanwhile
            continue
        if int(session) == leader and state != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("terminal", [True, False])
def test_an_interrupted_command_ends_and_goes_on(renderer: Renderer, terminal: bool, tmp_path: Path) -> None:
    """Whether a terminal interrupts the workers too, or the signal is sent to the command alone."""
    for number in range(6):
        (tmp_path / "in" / f"class{number}").mkdir(parents=True)
        trimesh.creation.box((1, 2, 1 + number)).export(tmp_path / "in" / f"class{number}" / "box.stl")
    script, out = tmp_path / "command.py", tmp_path / "set"
    script.write_text(_COMMAND)
    words = ["data", "import", str(tmp_path / "in"), str(out), "--views", "1", "--resolution", "32"]
    with subprocess.Popen(
        [sys.executable, script, *words, "--workers", "2"], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as command:
        assert command.stderr is not None
        assert command.stderr.readline() == "1/6 files\n"
        first = (out / "reports" / "class0-0000.json").stat().st_mtime_ns
        (os.killpg if terminal else os.kill)(command.pid, signal.SIGINT)
        try:
            errors = command.communicate(timeout=30)[1]
        finally:
            command.kill()
    assert command.returncode == 130
    assert "list-fast: interrupted" in errors.splitlines()
    deadline = time.monotonic() + 20
    while (left := _session(command.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == [] and not (out / "dataset.json").exists()

    assert main([*words, "--workers", "0"]) == 0
    assert (out / "reports" / "class0-0000.json").stat().st_mtime_ns == first
    assert read_description(out)["counts"]["test"] == 6
    whole = ListDataset(out, "test")
    assert whole.ids == [f"class{number}/00000" for number in range(6)]
    assert all(whole.image(index, 0).shape == (3, 224, 224) and whole.mesh(index) for index in range(6))


def test_pictures_of_another_style(renderer: Renderer, folder: Path, tmp_path: Path) -> None:
    from list_fast.data.photoreal import make_photoreal

    out = tmp_path / "styled"
    import_meshes(folder, out, **(OPTIONS | {"style": "augmented", "views": 1}))
    assert read_description(out)["format"] == 2
    dataset = ListDataset(out, "test", inputs="picture")
    assert dataset.style == "augmented"
    assert 0.005 < (dataset.coverage(0, 0) > 127).mean() < 0.95
    assert dataset.image(0, 0).float().std() > 5
    with pytest.raises(ValueError, match="style must be one of"):
        import_meshes(folder, tmp_path / "new", **(OPTIONS | {"style": "oil"}))
    assert not (tmp_path / "new").exists()
    pytest.importorskip("mitsuba")
    make_photoreal(out, tmp_path / "traced", split="test", limit=1, samples=1, size=16)
    traced = ListDataset(tmp_path / "traced", "test")
    before, after = dataset.mesh(0), traced.mesh(0)
    assert before is not None and after is not None
    np.testing.assert_array_equal(before[0], after[0])
