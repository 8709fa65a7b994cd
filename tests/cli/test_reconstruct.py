# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""``list-fast reconstruct`` and ``list_fast.reconstruct``, with the shipped weights."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh
from PIL import Image

import list_fast
from list_fast.cli import reconstruct as command
from list_fast.cli.main import main
from list_fast.data.preprocess import ImageError
from list_fast.model import default_weights_path, load_checkpoint, save_checkpoint
from list_fast.reconstruction import Reconstructor, reconstruct, to_image


@pytest.fixture(scope="module")
def chair(request):
    return request.config.rootpath / "examples" / "chair.png"


def run(capsys, *words):
    """Exit code, stdout lines and stderr of one command."""
    try:
        code = main(["reconstruct", *map(str, words)])
    except SystemExit as leave:
        code = leave.code
    out, err = capsys.readouterr()
    return code, out.splitlines(), err


@pytest.mark.parametrize("suffix", command.FORMATS)
def test_writes_a_watertight_mesh_and_a_preview(capsys, tmp_path, chair, suffix):
    code, out, err = run(capsys, chair, "-o", tmp_path, "--format", suffix, "--resolution", 48)
    assert code == 0
    assert out == [str(tmp_path / f"chair.{suffix}"), str(tmp_path / "chair.preview.png")]
    mesh = trimesh.load(out[0], force="mesh")
    mesh.merge_vertices()  # STL stores every face's corners apart
    assert mesh.is_watertight and mesh.volume > 0
    assert 0.7 < mesh.extents.max() < 1.1
    with Image.open(out[1]) as preview:
        assert preview.size == (3 * 224, 224)
    assert "device" in err and "mesh" in err


def test_json_lines_tell_everything(capsys, tmp_path, chair):
    code, out, _ = run(capsys, chair, "-o", tmp_path, "--resolution", 48, "--json", "--no-preview")
    record = json.loads(out[0])
    assert code == 0 and len(out) == 1
    assert record["watertight"] is True and record["preview"] is None and record["faces"] > 100
    assert record["foreground"] in ("alpha", "plain background")
    assert 0.5 < record["silhouette_iou"] <= 1


def test_the_mirror_image_changes_the_mesh(capsys, tmp_path, chair):
    plain = run(capsys, chair, "-o", tmp_path, "--resolution", 32, "--no-preview")
    meshes = [trimesh.load(plain[1][0], force="mesh")]
    code, out, _ = run(capsys, chair, "-o", tmp_path / "m", "--resolution", 32, "--mirror")
    meshes.append(trimesh.load(out[0], force="mesh"))
    assert plain[0] == code == 0
    assert meshes[1].is_watertight and len(meshes[0].vertices) != len(meshes[1].vertices)


def test_thin_parts_are_put_back_unless_told_otherwise(capsys, tmp_path, monkeypatch, chair):
    """Where parts of the surface are lost: here with a field that is too high by more than a leg is thick."""
    from list_fast.model import Field

    sdf = Field.sdf
    monkeypatch.setattr(Field, "sdf", lambda field, points: sdf(field, points) + 0.02)
    words = (chair, "--resolution", 48, "--json", "--no-preview")
    fits = []
    for option in ([], ["--no-thin-parts"]):
        code, out, _ = run(capsys, *words, "-o", tmp_path / str(len(fits)), *option)
        assert code == 0
        fits.append(json.loads(out[0])["silhouette_iou"])
    assert fits[0] > fits[1] + 0.03


def test_bad_files_are_named_and_the_others_done(capsys, tmp_path, chair):
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(chair, folder / "good.png")
    (folder / "text.png").write_text("no picture")
    (folder / "empty.png").write_bytes(b"")
    (folder / "half.png").write_bytes(chair.read_bytes()[:2000])
    (folder / "notes.txt").write_text("not even named like one")
    code, out, err = run(capsys, folder, tmp_path / "missing.png", "-o", tmp_path / "out", "--resolution", 32)
    assert code == 1
    assert out == [str(tmp_path / "out" / "good.glb"), str(tmp_path / "out" / "good.preview.png")]
    errors = [line for line in err.splitlines() if line.startswith("list-fast: error:")]
    assert len(errors) == 4
    for name in ("text.png", "empty.png", "half.png", "missing.png"):
        assert sum(name in line for line in errors) == 1
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["good.glb", "good.preview.png"]


def test_one_failure_of_any_kind_spares_the_others(capsys, tmp_path, chair, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in "abc":
        shutil.copy(chair, folder / f"{name}.png")
    (tmp_path / "out" / "b.stl").mkdir(parents=True)  # no file can take its place
    once = Reconstructor.__call__

    def short_of_memory(self, image, **options):
        if image.name == "a.png":
            raise MemoryError("Unable to allocate 9 GiB")
        return once(self, image, **options)

    monkeypatch.setattr(Reconstructor, "__call__", short_of_memory)
    code, out, err = run(capsys, folder, "-o", tmp_path / "out", "--format", "stl", "--resolution", 32, "--json")
    records = [json.loads(line) for line in out]
    assert code == 1 and [("error" in record) for record in records] == [True, True, False]
    assert "lower --resolution" in records[0]["error"] and "b.png" in err
    assert (tmp_path / "out" / "c.stl").stat().st_size > 1000


def test_sources_that_cannot_be_looked_at_are_problems(chair, tmp_path, monkeypatch):
    locked, too_long = tmp_path / "locked", str(tmp_path / ("x" * 300 + ".png"))
    locked.mkdir()
    listed = Path.iterdir

    def denied(path):
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", denied)
    found, problems = command.collect_images([too_long, str(locked), str(chair)])
    assert found == [chair]
    assert problems == [(too_long, "File name too long"), (str(locked), "Permission denied")]


def test_previews_are_no_inputs_and_inputs_are_not_overwritten(capsys, tmp_path, chair):
    shutil.copy(chair, tmp_path / "a.png")
    for _ in range(2):
        code, out, _ = run(capsys, tmp_path, "-o", tmp_path, "--resolution", 32)
        assert code == 0 and len(out) == 2
    given = tmp_path / "a.preview.png"
    before = given.read_bytes()
    code, out, err = run(capsys, tmp_path / "a.png", given, "-o", tmp_path, "--resolution", 32)
    assert code == 1 and "would overwrite the input" in err
    assert given.read_bytes() == before and len(out) == 2


@pytest.mark.parametrize("content", [None, b"no weights"])
def test_bad_weights_are_named(capsys, tmp_path, chair, content):
    weights = tmp_path / "nope.safetensors"
    if content is not None:
        weights.write_bytes(content)
    assert main(["reconstruct", str(chair), "-o", str(tmp_path), "--weights", str(weights)]) == 1
    wanted = "no checkpoint at" if content is None else "is not a safetensors file"
    error = capsys.readouterr().err
    assert error.startswith("list-fast: error: weights: ") and wanted in error and str(weights) in error


def test_same_names_do_not_overwrite_each_other(capsys, tmp_path, chair):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(chair, tmp_path / name / "x.png")
    code, out, _ = run(capsys, tmp_path / "a", tmp_path / "b", "-o", tmp_path, "--resolution", 32, "--no-preview")
    assert code == 0 and out == [str(tmp_path / "x.glb"), str(tmp_path / "x-2.glb")]
    assert (tmp_path / "x.glb").read_bytes() == (tmp_path / "x-2.glb").read_bytes()  # same image, same bits


def test_names_differ_by_more_than_their_case():
    names = command.unique_stems([Path("a/x.png"), Path("b/X.jpg"), Path("x-2.png"), Path("y.png")])
    assert names == ["x", "X-2", "x-2-2", "y"]


def test_mask_tells_the_object(capsys, tmp_path, chair):
    with Image.open(chair) as picture:
        mask = Image.fromarray((np.asarray(picture.convert("L")) < 250).astype(np.uint8) * 255)
    mask.save(tmp_path / "mask.png")
    code, out, _ = run(capsys, chair, "--mask", tmp_path / "mask.png", "-o", tmp_path, "--resolution", 32, "--json")
    assert code == 0 and json.loads(out[0])["foreground"] == "mask"
    code, _, err = run(capsys, chair, chair, "--mask", tmp_path / "mask.png", "-o", tmp_path)
    assert code == 2 and "--mask goes with a single image" in err


def test_a_mask_is_not_overwritten(capsys, tmp_path, chair):
    mask = tmp_path / "chair.preview.png"
    Image.new("L", (224, 224), 255).save(mask)
    before = mask.read_bytes()
    code, out, err = run(capsys, chair, "--mask", mask, "-o", tmp_path, "--resolution", 32)
    assert code == 1 and out == [] and f"would overwrite the input {mask}" in err
    assert mask.read_bytes() == before


def test_a_file_named_like_memory_is_not_taken_for_want_of_it(capsys, tmp_path, chair):
    code, _, err = run(capsys, chair, "--mask", tmp_path / "alloc.png", "-o", tmp_path)
    assert code == 1 and err.endswith("alloc.png: no such file\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--resolution", "16"], "32 to 1024"),
        (["--resolution", "many"], "32 to 1024"),
        (["--format", "fbx"], "invalid choice"),
        ([], "required"),
    ],
)
def test_wrong_usage_is_exit_2(capsys, chair, words, message):
    code, out, err = run(capsys, *([chair] if words else []), *words)
    assert code == 2 and out == [] and message in err


def test_wrong_weights_and_device_are_one_line_and_exit_1(capsys, tmp_path, chair):
    (tmp_path / "bad.safetensors").write_text("not weights")
    for words in (
        ["--weights", tmp_path / "none.safetensors"],
        ["--weights", tmp_path / "bad.safetensors"],
        ["--device", "tpu"],
    ):
        code, out, err = run(capsys, chair, "-o", tmp_path, *words)
        assert code == 1 and out == []
        assert err.strip().startswith("list-fast: error:") and len(err.strip().splitlines()) == 1


def test_python_gives_the_same_mesh(chair):
    mesh = list_fast.reconstruct(chair, resolution=48)
    with Image.open(chair) as picture:
        again = list_fast.reconstruct(picture, resolution=48)
    assert isinstance(mesh, trimesh.Trimesh) and mesh.is_watertight
    np.testing.assert_array_equal(mesh.vertices, again.vertices)
    np.testing.assert_array_equal(mesh.faces, again.faces)


def test_arrays_are_images():
    assert to_image(np.zeros((4, 5, 3))).size == (5, 4)
    assert to_image(np.ones((4, 5), bool), "mask").getextrema() == (255, 255)
    with pytest.raises(ValueError, match=r"image must be \(H, W\).* got \(4,\)"):
        to_image(np.zeros(4, np.uint8))
    with pytest.raises(ValueError, match=r"lie in \[0, 1\]"):
        to_image(np.full((4, 4, 3), 7.0))
    with pytest.raises(TypeError, match="image must be a path"):
        to_image(3)  # type: ignore[arg-type]


def test_open_pictures_that_cannot_be_read_are_named(chair, tmp_path):
    (tmp_path / "half.png").write_bytes(chair.read_bytes()[:2000])
    with Image.open(tmp_path / "half.png") as half, pytest.raises(ImageError, match="mask cannot be read"):
        to_image(half, "mask")
    with Image.open(chair) as closed:
        pass
    with pytest.raises(ImageError, match="image cannot be read"):
        reconstruct(closed)


def test_resolution_is_checked(chair):
    with pytest.raises(ValueError, match="resolution must be between 32 and 1024, got 7"):
        Reconstructor(device="cpu")(chair, resolution=7)
    for bad in (64.0, "64", (64, 64, 64), None, True):
        with pytest.raises(TypeError, match="resolution must be an int, got"):
            reconstruct(chair, resolution=bad)


def test_python_notices_new_weights(chair, tmp_path):
    path = tmp_path / "weights.safetensors"
    model = load_checkpoint()
    save_checkpoint(path, model)
    before = reconstruct(chair, resolution=32, weights=path)
    with torch.no_grad():
        for parameter in model.vox_encoder.parameters():
            parameter.mul_(0.9)
    path.unlink()
    save_checkpoint(path, model)
    after = reconstruct(chair, resolution=32, weights=path)
    assert before.vertices.shape != after.vertices.shape or not np.array_equal(before.vertices, after.vertices)


def test_a_picture_named_by_dots_stays_in_the_folder(capsys, tmp_path, chair):
    shutil.copy(chair, tmp_path / "..png")
    code, out, _ = run(capsys, tmp_path / "..png", "-o", tmp_path / "out", "--resolution", 32)
    assert code == 0
    assert {Path(path).parent for path in out} == {tmp_path / "out"} and len(out) == 2


def test_weights_of_a_stopped_run_are_told(tmp_path):
    path = tmp_path / "coarse.safetensors"
    save_checkpoint(path, load_checkpoint(default_weights_path()), {"next_stage": "sdf"})
    with pytest.warns(UserWarning, match="of a run stopped before its stage 'sdf'"):
        Reconstructor(path)
