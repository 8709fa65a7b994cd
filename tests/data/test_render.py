# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Cameras, and pictures that agree with them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from list_fast.data.camera import FRAME_FILL, Camera, framed_camera, random_camera, view_axes
from list_fast.data.materials import CLEAR_GLASS, Look, random_looks
from list_fast.data.sdf import sample_surface
from list_fast.data.shapes import build_shape, unite
from list_fast.data.shapes.parts import MATERIALS, Shape, box
from list_fast.data.styles import draw_styled

if TYPE_CHECKING:
    from list_fast.data.render import Drawable, Renderer

CORNERS = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.3, 0.3) for z in (-0.4, 0.4)])


def test_frame_fill_is_what_preprocessing_makes() -> None:
    from list_fast.data import preprocess

    assert FRAME_FILL == preprocess.FRAME_FILL


@pytest.mark.parametrize(
    ("azimuth", "elevation", "toward"),
    [(0, 0, (0, 0, 1)), (90, 0, (1, 0, 0)), (0, 90, (0, 1, 0)), (180, 0, (0, 0, -1))],
)
def test_camera_stands_where_its_pose_says(azimuth: float, elevation: float, toward: tuple[float, ...]) -> None:
    right, up, forward = view_axes(azimuth, elevation)
    np.testing.assert_allclose(-forward, toward, atol=1e-12)
    np.testing.assert_allclose(np.cross(right, up), -forward, atol=1e-12)
    camera = framed_camera(CORNERS, azimuth, elevation, 2.0)
    np.testing.assert_allclose(camera.position, 2.0 * np.array(toward), atol=1e-12)


def test_front_view_has_x_to_the_right_and_y_up() -> None:
    camera = framed_camera(CORNERS, 0, 0, 2.0)
    center, right, up = camera.project([(0, 0, 0), (0.1, 0, 0), (0, 0.1, 0)])
    assert right[0] > center[0] + 5
    assert right[1] == pytest.approx(center[1])
    assert up[1] < center[1] - 5
    assert center[2] == pytest.approx(2.0)


def test_transform_is_the_row_vector_convention() -> None:
    camera = framed_camera(CORNERS, 33, 21, 2.2, roll=3)
    point = np.array([0.11, -0.2, 0.31])
    x, y, z = np.array([*(2 * point[::-1]), 1.0]) @ camera.transform
    np.testing.assert_allclose(camera.project(point[None])[0], (x / z, y / z, z))
    right, up, forward = view_axes(33, 21, 3)
    offset = point - camera.position
    assert z == pytest.approx(offset @ forward)
    # The focal length is one number for both axes, and pixels are square.
    middle = np.array([*(2 * np.zeros(3)), 1.0]) @ camera.transform
    for axis, column in ((right, 0), (-up, 1)):
        step = np.array([*(2 * (1e-3 * axis)[::-1]), 1.0]) @ camera.transform
        focal = (step[:2] / step[2] - middle[:2] / middle[2])[column] / 1e-3 * 2.2
        assert focal == pytest.approx((camera.transform[:3] * 2)[::-1].T[0] @ right, rel=1e-6)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.02, -0.01)])
def test_framing_is_exact(shift: tuple[float, float]) -> None:
    vertices = unite(build_shape("chair", 0, 3)).vertices
    pixels = framed_camera(vertices, 140, 25, 2.0, shift=shift).project(vertices)[:, :2]
    low, high = pixels.min(0), pixels.max(0)
    assert (high - low).max() == pytest.approx(FRAME_FILL * 224, abs=1e-6)
    np.testing.assert_allclose((low + high) / 2, 111.5 + 224 * np.array(shift), atol=1e-6)


def test_random_cameras_cover_the_poses_of_the_data_set() -> None:
    rng = np.random.default_rng(0)
    cameras = [random_camera(rng, CORNERS) for _ in range(400)]
    azimuth, elevation, distance = np.array([camera.pose for camera in cameras]).T
    assert np.histogram(azimuth, 8, (0, 360))[0].min() > 25
    assert 0.85 < np.mean((elevation >= 15) & (elevation <= 35)) < 0.99
    assert elevation.min() < 14
    assert elevation.max() > 40
    assert 1.2 < distance.min() < distance.max() < 4.0
    for camera in cameras[:50]:
        pixels = camera.project(CORNERS)
        assert pixels[:, 2].min() > 0.3
        assert -0.5 < pixels[:, :2].min() < pixels[:, :2].max() < 223.5
        side = np.ptp(pixels[:, :2], axis=0).max() / 224
        assert 0.96 * FRAME_FILL - 1e-9 <= side <= 1.04 * FRAME_FILL + 1e-9


@pytest.mark.parametrize(
    ("vertices", "distance", "message"),
    [(np.zeros((0, 3)), 2.0, r"vertices must have shape \(V, 3\)"), (CORNERS, 0.4, "distance must keep every vertex")],
)
def test_bad_framing(vertices: np.ndarray, distance: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        framed_camera(vertices, 0, 0, distance)


def test_every_material_has_looks_in_range() -> None:
    for seed in range(60):
        class_name = CLEAR_GLASS[0] if seed % 2 else "car"
        for look in random_looks(np.random.default_rng(seed), MATERIALS, class_name):
            row = look.row()
            assert row.shape == (4, 4)
            assert np.isfinite(row).all()
            assert all(0 <= c <= 1 for c in (*look.color, *look.second, look.gloss, look.metal, look.glow))
            assert 0 < look.opacity <= 1
            assert class_name != "car" or look.opacity == 1


def coverage(camera: Camera, points: np.ndarray) -> np.ndarray:
    """Pixels (224, 224) that some of the points project into."""
    pixels = np.rint(camera.project(points)[:, :2]).astype(int)
    hit = np.zeros((224, 224), bool)
    inside = ((pixels >= 0) & (pixels < 224)).all(1)
    hit[pixels[inside, 1], pixels[inside, 0]] = True
    return hit


@pytest.mark.parametrize(
    ("class_name", "index"), [("chair", 1), ("chair", 7), ("table", 0), ("airplane", 2), ("lamp", 3)]
)
def test_camera_agrees_with_the_silhouette(renderer: Renderer, class_name: str, index: int) -> None:
    from list_fast.data.render import render_views

    shape = build_shape(class_name, 4, index)
    surface = unite(shape)
    rngs = [np.random.default_rng([9, view]) for view in range(2)]
    points, _ = sample_surface(np.random.default_rng(0), surface.vertices, surface.faces, 400_000)
    for view in render_views(renderer, shape, surface, class_name, rngs, np.random.default_rng(1)):
        alpha = view.image[..., 3]
        pixels = view.camera.project(points)[:, :2]
        # A point on a rim may fall between the samples of its pixel; hardly any falls out of the object's pixels.
        nearest = np.rint(pixels).astype(int)
        assert (alpha[nearest[:, 1], nearest[:, 0]] > 0).mean() > 0.99
        hit, seen = coverage(view.camera, points), alpha >= 128
        overlap = (hit & seen).sum() / (hit | seen).sum()
        thin = seen.sum() < 6000
        assert overlap > (0.8 if thin else 0.93)
        # A shift by one pixel would show.
        for step in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
            moved = np.roll(hit, step, (0, 1))
            assert overlap > (moved & seen).sum() / (moved | seen).sum()


def test_pictures_fill_the_frame_and_repeat(renderer: Renderer) -> None:
    from list_fast.data.render import render_views

    shape = build_shape("chair", 0, 0)
    surface = unite(shape)

    def draw() -> list[np.ndarray]:
        rngs = [np.random.default_rng([1, view]) for view in range(3)]
        return [view.image for view in render_views(renderer, shape, surface, "chair", rngs, np.random.default_rng(2))]

    first, again = draw(), draw()
    for image, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(image, other)
        assert image.shape == (224, 224, 4)
        assert image.dtype == np.uint8
        rows, columns = (np.flatnonzero(image[..., 3].any(axis)) for axis in (1, 0))
        side = max(np.ptp(rows), np.ptp(columns)) + 1
        assert 0.95 * FRAME_FILL * 224 < side < 1.06 * FRAME_FILL * 224
        assert (image[image[..., 3] == 0] == (255, 255, 255, 0)).all()
        assert image[image[..., 3] == 255][:, :3].std() > 2
    assert not np.array_equal(first[0], first[1])


def test_clear_glass_covers_but_lets_through(renderer: Renderer) -> None:
    from list_fast.data.render import Drawable, drawable, random_lights

    shape = Shape(params={"type": "window"})
    shape.add(box((1, 1, 0.02), (0, 0, 0.3)), "glass")
    shape.add(box((0.3, 0.3, 0.1), (0, 0, -0.2)), "wood")
    surface = unite(shape)
    item = drawable(shape, surface, np.random.default_rng(0), "table")
    red, pane = Look((0.6, 0.02, 0.02)), Look((0.7, 0.8, 0.8), opacity=0.3)
    # Whatever the random looks were, draw the wood red and the pane clear: the pane is the larger box.
    order = sorted(
        item.groups,
        key=lambda group: np.ptp(item.positions[item.faces[group[1] : group[1] + group[2]].ravel()], axis=0).max(),
    )
    groups = ((red, order[0][1], order[0][2]), (pane, order[1][1], order[1][2]))
    faces = np.concatenate([item.faces[a : a + b] for _, a, b in groups])
    item = Drawable(item.vertices, faces, ((red, 0, groups[0][2]), (pane, groups[0][2], groups[1][2])), groups[0][2])
    camera = framed_camera(surface.vertices, 0, 0, 2.0)
    light = dataclasses.replace(random_lights(np.random.default_rng(0), camera), shadow=0.0)
    image = renderer.draw(item, [camera], [light])[0].astype(int)
    assert image[112, 112, 3] == 255
    assert image[40, 40, 3] == 255
    assert image[112, 112, 0] - image[112, 112, 1] > 30
    assert abs(image[40, 40, 0] - image[40, 40, 1]) < 25
    assert image[40, 40, :3].mean() > 150


def test_no_context_is_said_with_the_packages_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import moderngl

    from list_fast.data.render import Renderer

    def fail(**_: object) -> None:
        raise OSError("libEGL.so not found")

    monkeypatch.setattr(moderngl, "create_context", fail)
    with pytest.raises(RuntimeError, match=r"libEGL\.so not found.*libegl1.*libgl1-mesa-dri"):
        Renderer()


def test_renderers_side_by_side_draw_what_they_draw_alone(renderer: Renderer) -> None:
    from list_fast.data.render import Renderer, drawable

    chair, lamp = (
        (drawable(shape, unite(shape), np.random.default_rng(1), name), unite(shape).vertices)
        for name, shape in (("chair", build_shape("chair", 4, 7)), ("lamp", build_shape("lamp", 4, 3)))
    )

    def draw(by: Renderer, item: tuple[Drawable, np.ndarray], style: str = "plain") -> np.ndarray:
        return draw_styled(by, *item, [np.random.default_rng([8, 0])], style)[0].image

    alone = [draw(renderer, item, style) for style in ("plain", "augmented") for item in (chair, lamp)]
    other = Renderer()
    # Programs of other looks, in another order, so that the numbers of the two contexts do not mean the same.
    np.testing.assert_array_equal(draw(other, lamp, "augmented"), alone[3])
    np.testing.assert_array_equal(draw(renderer, chair), alone[0])
    np.testing.assert_array_equal(draw(other, chair, "augmented"), alone[2])
    again = [draw(renderer, item, style) for style in ("plain", "augmented") for item in (chair, lamp)]
    for one, two in zip(alone, again, strict=True):
        np.testing.assert_array_equal(one, two)
