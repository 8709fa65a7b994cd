# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Styles of pictures: plain, as the ShapeNet benchmark's renderer draws, and as found on the web or on a phone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from list_fast.data.augment import encode_jpeg, photograph, rough_mask
from list_fast.data.camera import IMAGE_SIZE, Camera, centered_camera
from list_fast.data.dataset import STYLES, style_of_view
from list_fast.data.preprocess import frame_image, object_box
from list_fast.data.render import Drawable, Lights, View, draw_views, drawable

if TYPE_CHECKING:
    from list_fast.data.materials import Look
    from list_fast.data.render import Renderer
    from list_fast.data.shapes import Surface
    from list_fast.data.shapes.parts import Shape

SHAPENET_FOCAL = 35 / 32
"""Focal length of the benchmark's renderer in sides of its sensor."""

SHAPENET_DISTANCE = 1.75
"""Its greatest distance, of an object whose bounding box has a diagonal of 1."""

OCCLUSION = 0.35
"""Share of the object's pixels that other things may hide at most."""


def check_style(style: str) -> str:
    """The style, if it is one; ValueError otherwise."""
    if style not in STYLES:
        raise ValueError(f"style must be one of {STYLES}, got {style!r}")
    return style


def styled_views(
    renderer: Renderer,
    shape: Shape,
    surface: Surface,
    class_name: str,
    rngs: Sequence[np.random.Generator],
    look_rng: np.random.Generator,
    style: str = "plain",
) -> list[View]:
    """Pictures of a shape in a style, of one view each of ``rngs``; its materials are ``look_rng``'s."""
    return draw_styled(renderer, drawable(shape, surface, look_rng, class_name), surface.vertices, rngs, style)


def draw_styled(
    renderer: Renderer,
    item: Drawable,
    vertices: NDArray[np.float64],
    rngs: Sequence[np.random.Generator],
    style: str = "plain",
) -> list[View]:
    """Pictures of an object whose surface has ``vertices`` (V, 3), in a style, of one view each of ``rngs``.

    Plain: ``random_camera`` and ``random_lights`` before one color. ShapeNet: ``shapenet_camera`` and
    ``shapenet_lights`` on white. Augmented: see ``augmented_views``. Mixed: plain, ShapeNet, augmented in turn, each as
    in a set of its style but with a rough mask. The cameras of all are exact.

    Raises:
        ValueError: an unknown style.
    """
    if check_style(style) == "mixed":
        drawn: dict[int, View] = {}
        for kind in dict.fromkeys(style_of_view(style, view) for view in range(len(rngs))):
            turns = [view for view in range(len(rngs)) if style_of_view(style, view) == kind]
            views = draw_styled(renderer, item, vertices, [rngs[view] for view in turns], kind)
            drawn |= dict(zip(turns, views, strict=True))
        return [_masked(drawn[view]) for view in range(len(rngs))]
    if style == "plain":
        return draw_views(renderer, item, vertices, rngs)
    if style == "augmented":
        return augmented_views(renderer, item, vertices, rngs)
    cameras = [shapenet_camera(rng, vertices, renderer.size) for rng in rngs]
    # The benchmark's lamps make no highlights.
    matte = [(dataclasses.replace(look, gloss=0.0, metal=0.0), first, count) for look, first, count in item.groups]
    item = dataclasses.replace(item, groups=tuple(matte))
    images = renderer.draw(item, cameras, [shapenet_lights()] * len(cameras))
    white = np.full(3, 255, np.uint8)
    return [View(i, white, camera, rough=i[..., 3].copy()) for i, camera in zip(images, cameras, strict=True)]


def _masked(view: View) -> View:
    """A view with a rough mask: where it has none, what it covers."""
    return view if view.rough is not None else dataclasses.replace(view, rough=view.image[..., 3].copy())


def shapenet_camera(rng: np.random.Generator, vertices: NDArray[np.float64], size: int = IMAGE_SIZE) -> Camera:
    """A camera of the benchmark's "easy" renderings.

    It looks at the center from an elevation of 20 to 30 degrees and from 0.65 to 1 of ``SHAPENET_DISTANCE`` in units
    of the bounding box's diagonal; views that do not show all of the object are drawn again (Xu et al. 2019, DISN:
    the repository ShapenetRender_more_variation).
    """
    diagonal = float(np.linalg.norm(np.ptp(vertices, axis=0)))
    for _ in range(64):
        azimuth, elevation, ratio = rng.uniform(0, 360), rng.uniform(20, 30), rng.uniform(0.65, 1.0)
        camera = centered_camera(azimuth, elevation, SHAPENET_DISTANCE * ratio * diagonal, SHAPENET_FOCAL, size=size)
        pixels = camera.project(vertices)
        if pixels[:, 2].min() > 0.05 and pixels[:, :2].min() > -0.5 and pixels[:, :2].max() < size - 0.5:
            return camera
    return camera


def shapenet_lights() -> Lights:
    """The benchmark's light: two lamps at infinity that stand still, without shadows, and little else."""
    directions = np.array([(-0.566, 0.795, 0.218), (0.957, 0.009, -0.291), (0.0, 1.0, 0.0)])
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    colors = np.array([[0.8], [0.8], [0.0]]) * np.ones(3)
    return Lights(directions, colors, np.full(3, 0.25), np.full(3, 0.22), 0.0, 0.95)


def augmented_views(
    renderer: Renderer, item: Drawable, vertices: NDArray[np.float64], rngs: Sequence[np.random.Generator]
) -> list[View]:
    """Pictures as a product's or a phone's: from any distance, in a room or before clutter, through a real camera.

    ``image``: RGB is the whole picture, alpha the part of the object that is seen (neither cut off nor hidden).
    """
    from list_fast.data import scenes

    cameras = [scenes.wide_camera(rng, vertices, renderer.size) for rng in rngs]
    rooms = [(scenes.random_floor(rng), scenes.random_wall(rng)) for rng in rngs]
    lights = [scenes.room_lights(rng, camera, *room) for rng, camera, room in zip(rngs, cameras, rooms, strict=True)]
    # All at once: what keeps the sky off the object is found once.
    images = renderer.draw(item, cameras, lights)
    return [
        _surrounded(renderer, item, vertices, *view) for view in zip(images, cameras, lights, rooms, rngs, strict=True)
    ]


def _surrounded(
    renderer: Renderer,
    item: Drawable,
    vertices: NDArray[np.float64],
    image: NDArray[np.uint8],
    camera: Camera,
    lights: Lights,
    looks: tuple[Look, Look],
    rng: np.random.Generator,
) -> View:
    """The picture of an object (S, S, 4) with surroundings, before which other things may stand."""
    from list_fast.data import scenes

    size = renderer.size
    # A floor can be seen from above it only.
    room = camera.position[1] > float(vertices[:, 1].min()) + 0.12 and rng.random() < 0.8
    behind = scenes.random_things(rng, camera, vertices) if room and rng.random() < 0.7 else []
    before = scenes.hiding_thing(rng, camera, vertices) if rng.random() < 0.4 else []
    alpha = image[..., 3].astype(np.float32) / 255
    front = np.zeros((size, size, 4), np.uint8)
    if before:
        front = renderer.draw(before[0], [camera], [lights], shaded=False)[0]
        hidden = float((alpha * front[..., 3]).sum()) / (255 * max(float(alpha.sum()), 1e-6))
        if hidden > OCCLUSION:
            before, front = [], np.zeros_like(front)
    if room:
        planes = scenes.random_room(rng, camera, vertices, *looks)
        others = [scenes.merged([*behind, *before])] if behind or before else []
        picture = renderer.surroundings.draw(
            planes, camera, lights, [item, *others], softness=rng.uniform(0.02, 0.3), turn=rng.uniform(0, 6.3)
        )
        if behind:
            picture = over(renderer.draw(scenes.merged(behind), [camera], [lights], shaded=False)[0], picture)
    else:
        picture = scenes.abstract_backdrop(rng, size)
    picture = over(front, over(image, picture))
    visible = np.rint(255 * alpha * (1 - front[..., 3].astype(np.float32) / 255)).astype(np.uint8)
    jpeg, shown = encode_jpeg(rng, photograph(rng, picture))
    background = np.full(3, 255, np.uint8)
    return View(np.dstack([shown, visible]), background, camera, rough=rough_mask(rng, visible), jpeg=jpeg)


def over(front: NDArray[np.uint8], back: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture (H, W, 4) with straight alpha laid over one (H, W, 3), both uint8."""
    alpha = front[..., 3:].astype(np.uint16)
    return np.asarray(((front[..., :3] * alpha + back * (255 - alpha) + 127) // 255).astype(np.uint8))


def framing_box(view: View) -> tuple[float, float, float]:
    """The square (left, top, side) that ``reconstruct`` would cut out of a picture with the view's rough mask."""
    mask = view.image[..., 3] if view.rough is None else view.rough
    if not (mask > 127).any():
        return 0.0, 0.0, float(mask.shape[0])
    return object_box(mask.astype(np.float32) / np.float32(255))


def cut_out(rgb: NDArray[np.uint8], mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], tuple[float, float, float]]:
    """What ``reconstruct`` makes of a picture (S, S, 3) uint8 with a mask (S, S) uint8: the object framed on white,
    (S, S, 3) uint8, and the square (left, top, side) that was cut out."""
    framed = frame_image(Image.fromarray(np.dstack([rgb, mask])), size=len(rgb))
    return np.rint(framed.pixels * 255).astype(np.uint8), framed.box
