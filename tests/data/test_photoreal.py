# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Path-traced pictures: the same cameras as the OpenGL renderer's, and sets that can be measured on."""

from __future__ import annotations

import builtins
import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from list_fast.data import physical
from list_fast.data.camera import framed_camera
from list_fast.data.dataset import ListDataset
from list_fast.data.make import make_dataset
from list_fast.data.materials import PLAIN, Look
from list_fast.data.photoreal import make_photoreal
from list_fast.data.sdf import sample_surface
from list_fast.data.shapes import build_shape, unite

if TYPE_CHECKING:
    from list_fast.data.render import Renderer


@pytest.fixture(scope="module")
def source(renderer: Renderer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("source")
    make_dataset(root, workers=0, shapes_per_class=3, views=1, seed=2, classes=["chair"])
    return root


def test_missing_mitsuba_names_the_extra(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from list_fast.cli.main import main

    def fail(name: str, package: str | None = None) -> Any:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(ImportError, match=r"list-fast\[photoreal\]"):
        make_photoreal(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert main(["data", "photoreal", str(source), str(tmp_path / "out")]) == 1
    assert "list-fast[photoreal]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"samples": 0}, "samples and limit must be >= 1"),
        ({"limit": 0}, "samples and limit must be >= 1"),
        ({"seed": -1}, "seed >= 0"),
        ({"split": "all"}, "split must be one of"),
    ],
)
def test_bad_arguments_of_photoreal(source: Path, tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_photoreal(source, tmp_path / "out", **change)


def test_textures_show_both_colors_and_repeat() -> None:
    for pattern in range(1, 15):
        look = Look((0.1, 0.2, 0.3), (0.8, 0.7, 0.6), pattern, 4.0, 0.3)
        texture = physical.pattern_texture(look)
        if texture is None:
            assert pattern == 6  # a split by height has no texture
            continue
        assert texture.shape == (256, 256, 3)
        assert texture.min() >= 0.09 and texture.max() <= 0.81
        assert np.ptp(texture[..., 0]) > 0.1
    assert physical.pattern_texture(Look((0.1, 0.2, 0.3), pattern=PLAIN)) is None
    field = physical._noise(3, 8, 16)
    # The step over the seam is no larger than the steps within.
    assert np.abs(field[:, 0] - field[:, -1]).max() <= np.abs(np.diff(field, axis=1)).max() * 1.5


def test_unknown_variant() -> None:
    pytest.importorskip("mitsuba")
    with pytest.raises(ValueError, match=r"variant must be one of .*scalar_rgb.*got 'oil'"):
        physical.load_mitsuba("oil")


def test_cameras_are_the_same_pixel_for_pixel() -> None:
    pytest.importorskip("mitsuba")
    from list_fast.data.render import drawable

    mitsuba = physical.load_mitsuba("scalar_rgb")
    shape = build_shape("chair", 4, 7)
    surface = unite(shape)
    item = drawable(shape, surface, np.random.default_rng(1), "chair")
    camera = framed_camera(surface.vertices, 35, 25, 1.7, roll=5, shift=(0.12, -0.07), fill=0.6, size=160)
    _, seen = physical.render_scene(mitsuba, item, [], [], {}, camera, samples=1, seed=0)
    points, _ = sample_surface(np.random.default_rng(0), surface.vertices, surface.faces, 200_000)
    nearest = np.rint(camera.project(points)[:, :2]).astype(int)
    hit = np.zeros((160, 160), bool)
    hit[nearest[:, 1], nearest[:, 0]] = True

    def overlap(mask: np.ndarray) -> float:
        return float((mask & (seen > 0.1)).sum() / (mask | (seen > 0.1)).sum())

    assert overlap(hit) > 0.85
    for step in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
        assert overlap(hit) > overlap(np.roll(hit, step, (0, 1)))


def test_a_small_photoreal_set(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("mitsuba")
    out = tmp_path / "out"
    progress: list[tuple[int, int]] = []
    arguments: dict[str, Any] = {"split": "train", "limit": 1, "samples": 4, "size": 32}
    made = make_photoreal(source, out, progress=lambda *at: progress.append(at), **arguments)
    assert progress == [(1, 1)]
    assert made == json.loads((out / "dataset.json").read_text())
    data, before = ListDataset(out, "train", inputs="picture"), ListDataset(source, "train")
    assert (data.style, data.views, data.ids) == ("photoreal", 1, before.ids)
    np.testing.assert_array_equal(data.near(0).numpy(), before.near(0).numpy())
    rgba = data.rgba(0, 0)
    assert rgba.shape == (32, 32, 4)
    assert 20 < (rgba[..., 3] > 127).sum() < 32 * 32
    assert 30 < rgba[..., :3].mean() < 225 and rgba[..., :3].std() > 5
    shard = next((out / "shards").iterdir())
    camera = data.camera.clone()
    shard.unlink()
    make_photoreal(source, out, **arguments)
    again = ListDataset(out, "train", inputs="picture")
    assert torch.equal(again.camera, camera)
    # Of the same room and object; the noise of Mitsuba's light paths is not the same in every run.
    assert np.array_equal(again.rgba(0, 0)[..., 3], rgba[..., 3])
    assert abs(again.rgba(0, 0)[..., :3].mean() - rgba[..., :3].mean()) < 20
    with pytest.raises(ValueError, match="photoreal set of the same options"):
        make_photoreal(source, out, **(arguments | {"samples": 8}))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("")
    with pytest.raises(ValueError, match="holds other files"):
        make_photoreal(source, tmp_path / "other", **arguments)


def test_mitsuba_is_not_imported_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    original = builtins.__import__

    def guarded(name: str, *rest: Any, **more: Any) -> Any:
        assert not name.startswith(("mitsuba", "drjit"))
        return original(name, *rest, **more)

    for name in ("list_fast.data.physical", "list_fast.data.photoreal", "list_fast.cli.data"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(builtins, "__import__", guarded)
    importlib.import_module("list_fast.cli.data")
    importlib.import_module("list_fast.data.photoreal")
