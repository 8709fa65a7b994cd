# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Styles of pictures: exact cameras, coverage, rooms and clutter, what files and masks do, and the sets they make."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from PIL import Image

from list_fast.cli import data as cli_data
from list_fast.data import scenes
from list_fast.data.augment import ROUGH_OVERLAP, encode_jpeg, photograph, rough_mask
from list_fast.data.camera import centered_camera, framed_camera, random_camera
from list_fast.data.dataset import STYLES, ListDataset, cropped_transforms, open_dataset
from list_fast.data.make import make_dataset
from list_fast.data.render import Drawable, View, drawable, random_background, random_lights
from list_fast.data.sdf import sample_surface
from list_fast.data.shapes import Surface, build_shape, unite
from list_fast.data.styles import OCCLUSION, cut_out, draw_styled, framing_box, shapenet_camera
from list_fast.data.surroundings import cone, irradiance_at
from list_fast.data.tar_shards import export_webdataset

if TYPE_CHECKING:
    from list_fast.data.render import Renderer

CORNERS = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.3, 0.3) for z in (-0.4, 0.4)])
ARGUMENTS: dict[str, Any] = {"shapes_per_class": 3, "views": 2, "seed": 5, "classes": ["chair"]}


@pytest.fixture(scope="module")
def chair() -> tuple[Drawable, Surface]:
    shape = build_shape("chair", 4, 7)
    surface = unite(shape)
    return drawable(shape, surface, np.random.default_rng(1), "chair"), surface


@pytest.fixture(scope="module")
def augmented(renderer: Renderer, chair: tuple[Drawable, Surface]) -> list[View]:
    rngs = [np.random.default_rng([3, view]) for view in range(24)]
    return draw_styled(renderer, chair[0], chair[1].vertices, rngs, "augmented")


@pytest.fixture(scope="module")
def made(renderer: Renderer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("augmented")
    make_dataset(root, workers=0, style="augmented", **ARGUMENTS)
    return root


def coverage(pixels: np.ndarray) -> np.ndarray:
    """Pixels (224, 224) that some of the projected points (N, 2) fall into."""
    nearest = np.rint(pixels).astype(int)
    hit = np.zeros((224, 224), bool)
    inside = ((nearest >= 0) & (nearest < 224)).all(1)
    hit[nearest[inside, 1], nearest[inside, 0]] = True
    return hit


def test_plain_pictures_take_the_random_numbers_they_always_took(
    renderer: Renderer, chair: tuple[Drawable, Surface]
) -> None:
    item, surface = chair
    rng = np.random.default_rng([1, 2])
    camera = random_camera(rng, surface.vertices)
    lights, background = random_lights(rng, camera), random_background(rng)
    assert lights.environment is None
    view = draw_styled(renderer, item, surface.vertices, [np.random.default_rng([1, 2])])[0]
    np.testing.assert_array_equal(view.camera.transform, camera.transform)
    np.testing.assert_array_equal(view.background, background)
    np.testing.assert_array_equal(view.image, renderer.draw(item, [camera], [lights])[0])
    assert view.rough is None and view.jpeg is None
    # Fixed when the other styles came: the first numbers of a picture's stream, and what they make.
    camera = random_camera(np.random.default_rng([0, 1, 2, 3]), CORNERS)
    np.testing.assert_allclose(camera.pose, PLAIN_POSE, rtol=1e-9)


PLAIN_POSE = (216.5344277141, 31.6146549336, 2.8873552264)


@pytest.mark.parametrize("style", ["shapenet", "augmented"])
def test_pictures_repeat_by_seed(renderer: Renderer, chair: tuple[Drawable, Surface], style: str) -> None:
    def draw() -> list[View]:
        rngs = [np.random.default_rng([8, view]) for view in range(2)]
        return draw_styled(renderer, chair[0], chair[1].vertices, rngs, style)

    first, again = draw(), draw()
    for one, other in zip(first, again, strict=True):
        assert one.rough is not None and other.rough is not None
        np.testing.assert_array_equal(one.image, other.image)
        np.testing.assert_array_equal(one.rough, other.rough)
        assert one.jpeg == other.jpeg and (one.jpeg is not None) == (style == "augmented")
    assert not np.array_equal(first[0].image, first[1].image)


def test_unknown_style_is_refused(renderer: Renderer, chair: tuple[Drawable, Surface], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"style must be one of .*got 'oil'"):
        draw_styled(renderer, chair[0], chair[1].vertices, [np.random.default_rng(0)], "oil")
    with pytest.raises(ValueError, match="style must be one of"):
        make_dataset(tmp_path / "new", workers=0, style="oil", **ARGUMENTS)
    assert not (tmp_path / "new").exists()


def test_shapenet_camera_is_the_benchmarks() -> None:
    rng = np.random.default_rng(0)
    diagonal = np.linalg.norm([1.0, 0.6, 0.8])
    cameras = [shapenet_camera(rng, CORNERS) for _ in range(60)]
    for camera in cameras:
        _, elevation, distance = camera.pose
        assert 20 <= elevation <= 30
        assert 0.65 <= distance / (1.75 * diagonal) <= 1
        np.testing.assert_allclose(camera.project([(0, 0, 0)])[0], (111.5, 111.5, distance))
        pixels = camera.project(CORNERS)[:, :2]
        assert -0.5 < pixels.min() < pixels.max() < 223.5
        # A pixel at the center's depth is 1 / focal of it.
        step = camera.project(camera.position / distance * 0 + [(0, 1e-6, 0)])[0, 1] - 111.5
        expected = -35 / 32 * 224 * 1e-6 * np.cos(np.radians(elevation)) / distance
        assert step == pytest.approx(expected, rel=1e-4)
    with pytest.raises(ValueError, match="distance and focal"):
        centered_camera(0, 0, -1.0, 1.0)


@pytest.mark.parametrize("box", [(30.0, 12.5, 150.0), (-20.0, 5.0, 260.0)])
def test_cameras_of_cut_out_pictures(box: tuple[float, float, float]) -> None:
    camera = framed_camera(CORNERS, 40, 20, 2.0, roll=4)
    cut = camera.cropped(box)
    before, after = camera.project(CORNERS), cut.project(CORNERS)
    expected = (before[:, :2] + 0.5 - np.array(box[:2])) * 224 / box[2] - 0.5
    np.testing.assert_allclose(after[:, :2], expected, atol=1e-9)
    np.testing.assert_allclose(after[:, 2], before[:, 2])
    stacked = cropped_transforms(camera.transform[None, None].astype(np.float32), np.array([[box]], np.float32))
    np.testing.assert_allclose(stacked[0, 0], cut.transform, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("style", ["shapenet", "augmented"])
def test_cameras_agree_with_what_is_seen(renderer: Renderer, chair: tuple[Drawable, Surface], style: str) -> None:
    item, surface = chair
    points, _ = sample_surface(np.random.default_rng(0), surface.vertices, surface.faces, 150_000)
    rngs = [np.random.default_rng([3, view]) for view in range(6)]
    for view in draw_styled(renderer, item, surface.vertices, rngs, style):
        hit, seen = coverage(view.camera.project(points)[:, :2]), view.image[..., 3] >= 128
        # Nothing outside the projection is seen; what is missing from it is hidden by other things.
        assert (seen & ~hit).sum() <= 0.02 * seen.sum()
        missing = (hit & ~seen).sum() / hit.sum()
        assert missing < OCCLUSION + 0.1
        # The picture cut out by the true mask agrees with the camera of that cut.
        box = framing_box(View(view.image, view.background, view.camera))
        framed = cut_out(view.image[..., :3], view.image[..., 3])
        assert framed[1] == box
        solid = coverage(view.camera.cropped(box).project(points)[:, :2])
        mask = cut_out(np.zeros_like(view.image[..., :3]), view.image[..., 3])[0][..., 0] < 128
        if missing < 0.05:
            assert (mask & solid).sum() / (mask | solid).sum() > 0.85
        else:
            assert (mask & ~solid).sum() <= 0.05 * mask.sum()


def test_wide_cameras_cut_off_no_more_than_they_say() -> None:
    rng = np.random.default_rng(1)
    outside, distances = [], []
    for _ in range(300):
        camera = scenes.wide_camera(rng, CORNERS, 224)
        pixels = camera.project(CORNERS)
        low, high = pixels[:, :2].min(0), pixels[:, :2].max(0)
        over = np.maximum(-0.5 - low, high - 223.5).max() / (high - low)
        outside.append(max(np.maximum(-0.5 - low, high - 223.5).max() / (high - low).max(), 0))
        assert (np.maximum(-0.5 - low, high - 223.5) / (high - low)).max() <= scenes.TRUNCATION + 1e-6, over
        assert pixels[:, 2].min() > 0.05
        distances.append(camera.pose[2])
    assert 0.1 < np.mean(np.array(outside) > 0.01) < 0.35
    assert min(distances) < 1.3 and max(distances) > 4
    whole = [scenes.wide_camera(rng, CORNERS, 224, truncated=0.0).project(CORNERS)[:, :2] for _ in range(50)]
    assert min(p.min() for p in whole) > -0.5 and max(p.max() for p in whole) < 223.5


def test_surroundings_vary_and_things_hide_a_part(augmented: list[View]) -> None:
    corners = np.array([view.image[:20, :20, :3].mean((0, 1)) for view in augmented])
    assert corners.std(0).min() > 25
    # Most have a background of more than one color, which is what tells them from plain pictures.
    spread = [view.image[..., :3][view.image[..., 3] == 0].std(0).max() for view in augmented]
    assert np.mean(np.array(spread) > 8) > 0.8
    for view in augmented:
        assert view.image.shape == (224, 224, 4) and view.image.dtype == np.uint8
        assert (view.image[..., 3] > 127).sum() > 300


def test_a_thing_in_front_is_not_in_the_coverage(
    renderer: Renderer, chair: tuple[Drawable, Surface], monkeypatch: pytest.MonkeyPatch
) -> None:
    item, surface = chair

    def draw() -> list[View]:
        rngs = [np.random.default_rng([3, view]) for view in range(24)]
        return draw_styled(renderer, item, surface.vertices, rngs, "augmented")

    with_things = draw()
    original = scenes.hiding_thing
    monkeypatch.setattr(scenes, "hiding_thing", lambda *given: original(*given)[:0])
    hidden = [
        1 - float(one.image[..., 3].sum()) / float(other.image[..., 3].sum())
        for one, other in zip(with_things, draw(), strict=True)
    ]
    assert sum(share > 0.01 for share in hidden) >= 1
    assert min(hidden) >= 0 and max(hidden) <= OCCLUSION + 1e-6


def test_shadows_attach_to_the_object(renderer: Renderer, chair: tuple[Drawable, Surface]) -> None:
    """A floor is darker under the object than far from it, and the same without the object."""
    from list_fast.data.materials import Look

    item, surface = chair
    camera = framed_camera(surface.vertices, 30, 35, 3.0, fill=0.5)
    white = Look((0.7, 0.7, 0.7))
    lights = scenes.room_lights(np.random.default_rng(2), camera, white, white)
    floor = scenes.random_room(np.random.default_rng(0), camera, surface.vertices, white, white)[:1]
    shaded, bare = (
        renderer.surroundings.draw(floor, camera, lights, casters, softness=0.1, turn=0.0).astype(float)
        for casters in ([item], [])
    )
    foot = surface.vertices[surface.vertices[:, 1].argmin()]
    column, row, _ = camera.project(foot[None])[0]
    at = round(row), round(column)
    assert bare[at].mean() - shaded[at].mean() > 20
    away = np.hypot(*np.mgrid[-at[0] : 224 - at[0], -at[1] : 224 - at[1]]) > 150
    assert np.abs(bare - shaded)[away].mean() < 6
    assert (shaded <= bare + 1).all()


def test_harmonics_are_the_light_on_a_surface() -> None:
    rng = np.random.default_rng(0)
    gradient = np.stack([np.full(3, 0.9), np.full(3, 0.5), np.full(3, 0.2)])
    lamps = np.array([[0.0, 0.8, 0.6, 6.0]])
    colors = np.array([[1.0, 0.8, 0.5]])
    table = scenes.harmonics(gradient, lamps, colors)
    d = rng.normal(size=(200_000, 3))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    t = np.clip(np.abs(d[:, 1]) / 0.6, 0, 1)
    share = (t * t * (3 - 2 * t))[:, None]
    light = gradient[1] + share * (np.where(d[:, 1:2] > 0, gradient[0], gradient[2]) - gradient[1])
    light = light + np.exp(6.0 * (d @ lamps[0, :3] - 1))[:, None] * colors
    for n in ([0.0, 1.0, 0.0], [0.6, 0.0, 0.8], [0.0, -1.0, 0.0]):
        expected = 4 * (np.maximum(d @ n, 0)[:, None] * light).mean(0)
        np.testing.assert_allclose(irradiance_at(table, np.array(n)), expected, rtol=0.06, atol=0.02)


def test_rays_of_a_lamp_stay_in_its_cone() -> None:
    axis = np.array([0.6, 0.8, 0.0])
    rays = cone(axis, 0.2, 10, 1.0)
    np.testing.assert_allclose(np.linalg.norm(rays, axis=1), 1)
    angles = np.degrees(np.arccos(rays @ axis))
    assert 8 < angles.max() <= np.degrees(np.arctan(0.2)) + 1e-6
    np.testing.assert_allclose(rays.mean(0) / np.linalg.norm(rays.mean(0)), axis, atol=0.03)


def test_jpeg_is_really_applied(augmented: list[View]) -> None:
    sizes = []
    for view in augmented:
        assert view.jpeg is not None
        with Image.open(io.BytesIO(view.jpeg)) as image:
            assert image.format == "JPEG"
            np.testing.assert_array_equal(np.array(image), view.image[..., :3])
        sizes.append(len(view.jpeg))
    assert max(sizes) > 2 * min(sizes)
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    _, shown = encode_jpeg(np.random.default_rng(1), picture)
    assert 5 < np.abs(shown.astype(int) - picture).mean() < 80


def test_photographs_stay_recognisable() -> None:
    picture = np.zeros((96, 96, 3), np.uint8)
    picture[:, 48:] = (200, 150, 100)
    changed = []
    for seed in range(60):
        out = photograph(np.random.default_rng(seed), picture)
        assert out.shape == picture.shape and out.dtype == np.uint8
        assert out[:, 60:].mean() - out[:, :36].mean() > 70
        changed.append(out[:, 60:].mean((0, 1)))
    assert np.std(changed, axis=0).min() > 5


def test_rough_masks_err_within_bounds(augmented: list[View]) -> None:
    overlaps = []
    for number, view in enumerate(augmented):
        true = view.image[..., 3]
        for seed in range(6):
            solid, other = true > 127, rough_mask(np.random.default_rng([number, seed]), true) > 127
            overlaps.append((solid & other).sum() / (solid | other).sum())
    assert min(overlaps) >= ROUGH_OVERLAP
    assert 0.1 < np.mean(np.array(overlaps) == 1) < 0.6
    assert np.mean(np.array(overlaps) < 0.93) > 0.15
    empty = np.zeros((32, 32), np.uint8)
    assert not rough_mask(np.random.default_rng(0), empty).any()


def test_a_set_of_augmented_pictures(made: Path) -> None:
    description = json.loads((made / "dataset.json").read_text())
    assert description["format"] == 2
    assert description["arguments"]["style"] == "augmented"
    with np.load(made / "shards" / "chair-0000.npz") as shard:
        assert {"mask_data", "mask_offset", "box"} <= set(shard)
        box = shard["box"]
        assert box.shape == (3, 2, 3) and box.dtype == np.float32
        assert shard["image_data"][:2].tobytes() == b"\xff\xd8"
    whole, cut = ListDataset(made, "train", inputs="picture"), ListDataset(made, "train")
    assert (whole.style, cut.inputs) == ("augmented", "cutout")
    rgba, rough = whole.rgba(0, 1), whole.rough_mask(0, 1)
    assert rgba.shape == (224, 224, 4) and rough.shape == (224, 224)
    np.testing.assert_array_equal(whole.image(0, 1).numpy().transpose(1, 2, 0), rgba[..., :3])
    np.testing.assert_array_equal(cut.image(0, 1).numpy().transpose(1, 2, 0), cut_out(rgba[..., :3], rough)[0])
    on_green = whole.image(0, 1, background=(0, 255, 0)).numpy().transpose(1, 2, 0)
    assert (on_green[rgba[..., 3] == 0] == (0, 255, 0)).all()
    np.testing.assert_array_equal(on_green[rgba[..., 3] == 255], rgba[..., :3][rgba[..., 3] == 255])
    np.testing.assert_array_equal(
        cut.camera.numpy(), cropped_transforms(whole.camera.numpy(), box[[2]]).reshape(cut.camera.shape)
    )
    # The cut-out camera puts the surface onto the cut-out object.
    p = cut.surface(0).numpy()
    uvw = np.concatenate([2 * p[:, ::-1], np.ones((len(p), 1))], 1) @ cut.camera[0, 1].numpy()
    hit = coverage(uvw[:, :2] / uvw[:, 2:])
    seen = cut.coverage(0, 1) > 0
    assert (seen & hit).sum() / hit.sum() > 0.6
    assert (seen & hit).sum() / hit.sum() > (np.roll(seen, 6, 0) & hit).sum() / hit.sum()
    np.testing.assert_array_equal(whole.coverage(0, 1), rgba[..., 3])
    # What is found follows the rough mask: the rest of the cut-out is white, but for what resampling overshoots.
    found = cut.found(0, 1)
    assert (cut.image(0, 1).numpy()[:, found == 0] > 200).all() and not np.array_equal(found > 127, seen)
    assert (found > 127).any() and ((found > 127) & seen).sum() > 0.6 * seen.sum()
    np.testing.assert_array_equal(whole.found(0, 1), rough)
    with pytest.raises(ValueError, match=r"inputs must be one of .*got 'crop'"):
        ListDataset(made, inputs="crop")
    with pytest.raises(IndexError, match="view must be"):
        whole.rough_mask(0, 2)


@pytest.mark.parametrize("inputs", ["cutout", "picture"])
def test_a_set_of_augmented_pictures_in_tar_files(made: Path, tmp_path: Path, inputs: str) -> None:
    export_webdataset(made, tmp_path / "tars")
    one, other = (open_dataset(root, "train", inputs=inputs) for root in (made, tmp_path / "tars"))
    assert len(one) == len(other) > 0 and one.style == other.style == "augmented"
    assert torch.equal(one.camera, other.camera)
    for index in range(len(one)):
        for view in range(one.views):
            assert torch.equal(one.image(index, view), other.image(index, view))
            assert torch.equal(one.image(index, view, (255, 255, 255)), other.image(index, view, (255, 255, 255)))
            assert np.array_equal(one.rough_mask(index, view), other.rough_mask(index, view))
            assert np.array_equal(one.coverage(index, view), other.coverage(index, view))


def test_workers_and_styles_of_one_set(made: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path, workers=1, style="augmented", **ARGUMENTS)
    name = "shards/chair-0000.npz"
    assert (tmp_path / name).read_bytes() == (made / name).read_bytes()
    with pytest.raises(ValueError, match=r"made with style 'plain', got .* made with 'augmented'"):
        make_dataset(tmp_path, workers=0, **ARGUMENTS)


def test_a_set_of_shapenet_pictures(renderer: Renderer, tmp_path: Path) -> None:
    make_dataset(tmp_path, workers=0, style="shapenet", **(ARGUMENTS | {"views": 1}))
    whole, cut = ListDataset(tmp_path, "train", inputs="picture"), ListDataset(tmp_path, "train")
    np.testing.assert_array_equal(whole.rough_mask(0, 0), whole.rgba(0, 0)[..., 3])
    picture, framed = whole.image(0, 0).numpy(), cut.image(0, 0).numpy()
    assert (picture[:, 0] == 255).all() and (framed[:, 0] == 255).all()

    def side(image: np.ndarray) -> int:
        rows, columns = np.nonzero((image < 250).any(0))
        return int(max(np.ptp(rows), np.ptp(columns)) + 1)

    assert side(framed) == pytest.approx(0.875 * 224, abs=4)
    assert side(picture) < side(framed)


def test_a_mixed_set_has_a_view_of_each_style(
    renderer: Renderer, chair: tuple[Drawable, Surface], tmp_path: Path
) -> None:
    def rngs() -> list[np.random.Generator]:
        return [np.random.default_rng([8, view]) for view in range(4)]

    views = draw_styled(renderer, chair[0], chair[1].vertices, rngs(), "mixed")
    for k, style in ((0, "plain"), (1, "shapenet"), (2, "augmented"), (3, "plain")):
        alone = draw_styled(renderer, chair[0], chair[1].vertices, [rngs()[k]], style)[0]
        np.testing.assert_array_equal(views[k].image, alone.image)
        assert views[k].jpeg == alone.jpeg and views[k].rough is not None
        if style == "plain":
            assert alone.rough is None
            np.testing.assert_array_equal(views[k].rough, alone.image[..., 3])

    root = tmp_path / "mixed"
    make_dataset(root, workers=0, style="mixed", **(ARGUMENTS | {"views": 3}))
    whole, cut = ListDataset(root, "train", inputs="picture"), ListDataset(root, "train")
    assert whole.style == "mixed"
    assert [whole.file(0, view)[:2] for view in range(3)] == [b"\x89P", b"\x89P", b"\xff\xd8"]
    rgba = whole.rgba(0, 0).astype(float)
    mixed = rgba[..., :3] * rgba[..., 3:] / 255 + whole.background[0, 0].numpy() * (1 - rgba[..., 3:] / 255)
    np.testing.assert_allclose(whole.image(0, 0).numpy().transpose(1, 2, 0), mixed, atol=1)
    np.testing.assert_array_equal(whole.image(0, 2).numpy().transpose(1, 2, 0), whole.rgba(0, 2)[..., :3])
    for view in range(3):
        framed = cut_out(whole.rgba(0, view)[..., :3], whole.rough_mask(0, view))[0]
        np.testing.assert_array_equal(cut.image(0, view).numpy().transpose(1, 2, 0), framed)

    export_webdataset(root, tmp_path / "tars")
    for inputs in ("cutout", "picture"):
        one, other = (open_dataset(place, "train", inputs=inputs) for place in (root, tmp_path / "tars"))
        for view in range(3):
            assert one.file(0, view) == other.file(0, view)
            assert torch.equal(one.image(0, view), other.image(0, view))
    pytest.importorskip("webdataset")
    from list_fast.data import ShapeStream

    sample = next(iter(ShapeStream(tmp_path / "tars", "train")))
    assert sample["image"] == [whole.file(0, view) for view in range(3)]
    assert "png" not in sample and "jpg" not in sample and len(sample["mask.png"]) == 3


def test_command_names_the_styles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from list_fast.cli.main import main

    with pytest.raises(SystemExit):
        main(["data", "make", str(tmp_path), "--style", "oil"])
    error = capsys.readouterr().err
    assert cli_data.STYLES == STYLES
    assert all(name in error for name in (*STYLES, "oil"))
