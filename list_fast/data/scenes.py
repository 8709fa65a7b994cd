# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Random scenes around an object: light from all sides, a room, other things in it, and backdrops without a room."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from list_fast.data import materials
from list_fast.data.camera import Camera, framed_camera, view_axes
from list_fast.data.materials import CHECKS, DOTS, MOTTLE, PLAIN, STRIPES, VEINS, WEAVE, WOOD, Look
from list_fast.data.render import Drawable, Environment, Lights, drawable
from list_fast.data.shapes import Surface, build_shape
from list_fast.data.shapes.parts import Shape, box, cylinder, ellipsoid, revolve, rounded_box
from list_fast.data.surroundings import BOARDS, BRICKS, TILES, Plane

TRUNCATION = 0.2
"""Share of the bounding box's side that may lie outside the picture at most."""

_TINTS = np.array([[1.0, 0.86, 0.68], [1.0, 0.95, 0.87], [1.0, 1.0, 1.0], [0.9, 0.95, 1.0]])
# Families whose shapes stand about in a room.
_CLUTTER = ("chair", "table", "lamp", "sofa", "cabinet", "bench", "loudspeaker")


def wide_camera(
    rng: np.random.Generator, vertices: NDArray[np.float64], size: int, *, truncated: float = 0.2
) -> Camera:
    """A camera as people hold it: any distance and framing, some roll; a share ``truncated`` cuts the object off."""
    azimuth = rng.uniform(0, 360)
    kind = rng.random()
    elevation = rng.uniform(4, 35) if kind < 0.7 else rng.uniform(35, 65) if kind < 0.9 else rng.uniform(-8, 4)
    roll = rng.normal(0, 3) if rng.random() < 0.35 else 0.0
    reach = float(np.linalg.norm(vertices, axis=1).max())
    distance = reach + float(np.exp(rng.uniform(np.log(0.3), np.log(5.0))))
    fill = rng.uniform(0.6, 0.95)
    camera = framed_camera(vertices, azimuth, elevation, distance, roll=roll, fill=fill, size=size)
    pixels = camera.project(vertices)[:, :2] + 0.5
    low, high = pixels.min(0), pixels.max(0)
    shift = rng.uniform(-1, 1, 2) * np.maximum(0.48 - (high - low) / size / 2, 0)
    if rng.random() < truncated:  # over the rim on one side
        axis, sign, share = int(rng.random() < 0.35), rng.choice([-1.0, 1.0]), rng.uniform(0.03, TRUNCATION)
        side = (high - low)[axis] / size
        shift[axis] = sign * (0.5 - side / 2 + share * side)
    return framed_camera(
        vertices, azimuth, elevation, distance, roll=roll, fill=fill, shift=(shift[0], shift[1]), size=size
    )


def random_environment(
    rng: np.random.Generator, floor: NDArray[np.float64], wall: NDArray[np.float64]
) -> tuple[Environment, NDArray[np.float64], NDArray[np.float64]]:
    """Light in a room whose floor and walls have linear colors (3,): the environment, and the brightest lamp's
    direction and color for the light that casts shadows."""
    tint = _TINTS[int(rng.integers(len(_TINTS)))]
    level = rng.uniform(0.35, 0.9)
    sky = level * tint * (1 + rng.normal(0, 0.03, 3))
    gradient = np.stack([sky, level * rng.uniform(0.6, 1.1) * (0.35 * tint + 0.65 * wall), level * 0.55 * floor * tint])
    count = int(rng.integers(1, 5))
    angle, height = rng.uniform(0, 2 * np.pi, count), rng.uniform(0.25, 1.4, count)
    height[0] = rng.uniform(0.6, 1.3)  # the one that casts shadows
    directions = np.stack([np.cos(height) * np.sin(angle), np.sin(height), np.cos(height) * np.cos(angle)], axis=1)
    sharpness = np.exp(rng.uniform(np.log(4.0), np.log(60.0), count))
    other = _TINTS[rng.integers(len(_TINTS), size=count)]
    # Light on a surface that faces a lamp; the narrower, the brighter.
    strength = rng.uniform(0.02, 0.25, count)
    colors = strength[:, None] * other * (0.5 * sharpness)[:, None]
    key = level * other[0] * (rng.uniform(0.5, 2.5) if rng.random() < 0.75 else rng.uniform(0.1, 0.5))
    lamps = np.concatenate([directions, sharpness[:, None]], axis=1)
    return Environment(gradient, lamps, colors, harmonics(gradient, lamps, colors)), directions[0], key


def harmonics(
    gradient: NDArray[np.float64], lamps: NDArray[np.float64], colors: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Irradiance over pi as nine coefficients (9, 3), by a sum over directions (Ramamoorthi and Hanrahan 2001)."""
    d = _DIRECTIONS
    t = np.clip(np.abs(d[:, 1]) / 0.6, 0, 1)
    share = (t * t * (3 - 2 * t))[:, None]
    radiance = gradient[1] + share * (np.where(d[:, 1:2] > 0, gradient[0], gradient[2]) - gradient[1])
    radiance = radiance + np.exp(lamps[:, 3] * (d @ lamps[:, :3].T - 1)) @ colors
    x, y, z = d.T
    basis = np.stack([np.ones(len(d)), y, z, x, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y])
    norms = np.array([1 / 4, *[3 / 4] * 3, *[15 / 4] * 2, 5 / 16, 15 / 4, 15 / 16]) / np.pi
    falloff = np.array([1.0, *[2 / 3] * 3, *[1 / 4] * 5])
    return np.asarray((norms * falloff)[:, None] * (basis @ radiance) * (4 * np.pi / len(d)))


def _sphere(count: int) -> NDArray[np.float64]:
    k = np.arange(count) + 0.5
    y, angle = 1 - 2 * k / count, 2.399963 * k
    r = np.sqrt(1 - y * y)
    return np.stack([r * np.cos(angle), y, r * np.sin(angle)], axis=1)


_DIRECTIONS = _sphere(512)


def room_lights(rng: np.random.Generator, camera: Camera, floor: Look, wall: Look) -> Lights:
    """Lights for an object in a room of a floor and a wall, exposed as a camera would."""
    mean = [0.6 * np.array(look.color) + 0.4 * np.array(look.second) for look in (floor, wall)]
    environment, direction, key = random_environment(rng, mean[0], mean[1])
    flash = rng.uniform(0.3, 0.9) if rng.random() < 0.08 else 0.0
    toward = camera.position / np.linalg.norm(camera.position)
    colors = np.stack([key, np.zeros(3), np.full(3, flash)])
    # A mid-gray upright thing comes out mid-gray.
    total = environment.irradiance[0].mean() + 0.5 * key.mean() + 0.7 * flash
    exposure = rng.uniform(0.75, 1.15) / max(float(total), 1e-3)
    zero = np.zeros(3)
    shadow = rng.uniform(0.75, 1.0)
    return Lights(np.stack([direction, toward, toward]), colors, zero, zero, shadow, exposure, environment)


def _muted(rng: np.random.Generator, low: float, high: float) -> tuple[float, float, float]:
    """A wall's or floor's color: light gray to earth tones, linear."""
    value = rng.uniform(low, high)
    warm = rng.normal(0, 0.05)
    rgb = np.clip(value * (1 + np.array([warm, 0.3 * warm, -warm]) + rng.normal(0, 0.03, 3)), 0.02, 0.97)
    red, green, blue = (rgb**2.2).tolist()
    return red, green, blue


def random_floor(rng: np.random.Generator) -> Look:
    """Boards, tiles, wood, carpet, stone, checks, or plain."""
    kind = rng.random()
    if kind < 0.34:
        look = materials._wood(rng)
        return dataclasses.replace(look, pattern=BOARDS, scale=rng.uniform(4, 9), extra=rng.random())
    if kind < 0.5:
        color = _muted(rng, 0.4, 0.9)
        return Look(color, materials._shade(color, rng.uniform(0.3, 0.8)), TILES, rng.uniform(1.2, 4))
    if kind < 0.58:
        return dataclasses.replace(materials._wood(rng), pattern=WOOD)
    if kind < 0.75:
        color = _muted(rng, 0.2, 0.85)
        pattern, scale = (MOTTLE, rng.uniform(12, 60)) if rng.random() < 0.5 else (WEAVE, rng.uniform(4, 9))
        return Look(color, materials._shade(color, rng.uniform(0.6, 0.9)), pattern, scale)
    if kind < 0.83:
        color = _muted(rng, 0.3, 0.9)
        return Look(color, materials._shade(color, rng.uniform(0.5, 0.85)), VEINS, rng.uniform(1.5, 4), rng.random())
    if kind < 0.88:
        color = _muted(rng, 0.5, 0.9)
        return Look(color, materials._shade(color, rng.uniform(0.15, 0.7)), CHECKS, rng.uniform(1, 2.5))
    color = _muted(rng, 0.3, 0.95)
    return Look(color, materials._shade(color, 0.9), MOTTLE, rng.uniform(1, 4))


def random_wall(rng: np.random.Generator) -> Look:
    """Plaster, paint, wallpaper, bricks, tiles or wood."""
    kind = rng.random()
    color = _muted(rng, 0.45, 0.97) if rng.random() < 0.75 else materials._tone(rng)
    shade = materials._shade(color, rng.uniform(0.75, 0.95))
    if kind < 0.55:
        return Look(color, shade, MOTTLE if rng.random() < 0.5 else PLAIN, rng.uniform(1, 20))
    if kind < 0.67:
        return Look(color, shade, STRIPES, rng.uniform(2, 8), rng.uniform(0, 0.45))
    if kind < 0.74:
        return Look(color, shade, DOTS, rng.uniform(3, 8), rng.random())
    if kind < 0.86:
        brick = materials._linear(np.array([0.62, 0.36, 0.28]) * rng.uniform(0.6, 1.3) + rng.normal(0, 0.05, 3))
        return Look(brick if rng.random() < 0.5 else color, _muted(rng, 0.4, 0.9), BRICKS, rng.uniform(5, 10))
    if kind < 0.93:
        return Look(color, _muted(rng, 0.4, 0.9), TILES, rng.uniform(3, 8))
    return dataclasses.replace(materials._wood(rng), pattern=BOARDS, scale=rng.uniform(4, 9), extra=rng.random())


def random_room(
    rng: np.random.Generator, camera: Camera, vertices: NDArray[np.float64], floor: Look, wall: Look
) -> list[Plane]:
    """A floor at the object's lowest point, a wall behind it, often a corner, a rug and pictures on the wall."""
    height, reach = float(vertices[:, 1].min()), float(np.linalg.norm(vertices[:, [0, 2]], axis=1).max())
    up, far = np.array([0.0, 1.0, 0.0]), 9.0
    forward = view_axes(camera.pose[0], 0.0)[2]
    turn = rng.normal(0, 0.3)
    ahead = np.cos(turn) * forward + np.sin(turn) * np.cross(up, forward)
    right = np.cross(ahead, up)
    distance = reach + rng.uniform(0.15, 2.5)
    floor_turn = rng.normal(0, 0.05) if rng.random() < 0.7 else rng.uniform(0, np.pi)
    across = np.cos(floor_turn) * right + np.sin(floor_turn) * ahead
    along = np.cross(up, across)
    base = height * up
    planes = [Plane(base - far * (across + along), 2 * far * np.stack([across, along]), floor, True)]
    if rng.random() < 0.3:
        side, other = reach * rng.uniform(1.2, 2.5), reach * rng.uniform(1.2, 2.5)
        rug = random_floor(rng) if rng.random() < 0.5 else materials._fabric(rng)
        corner = base - side * right - other * ahead
        planes.append(Plane(corner, np.stack([2 * side * right, 2 * other * ahead]), rug, True))
    tall = 3.2
    start = base + distance * ahead

    def wall_of(origin: NDArray[np.float64], line: NDArray[np.float64], length: float) -> list[Plane]:
        """A wall along ``line`` with a skirting board."""
        out = [Plane(origin, np.stack([length * line, tall * up]), wall, False)]
        if rng.random() < 0.6:
            board = Look(_muted(rng, 0.2, 0.97))
            out.append(Plane(origin, np.stack([length * line, rng.uniform(0.06, 0.14) * up]), board, False))
        return out

    planes += wall_of(start - far * right, right, 2 * far)
    for _ in range(int(rng.integers(0, 4)) if rng.random() < 0.6 else 0):  # pictures, windows, doors
        wide, high = rng.uniform(0.15, 0.9), rng.uniform(0.2, 1.0)
        place = start + rng.uniform(-1.5, 1.5) * right + rng.uniform(0.3, 1.3) * up
        frame = 0.03 + 0.03 * rng.random()
        rim = Look(_muted(rng, 0.05, 0.95))
        inner = Look(materials._tone(rng), materials._tone(rng), int(rng.choice([PLAIN, MOTTLE, VEINS])), 4.0, 0.5)
        planes.append(Plane(place, np.stack([wide * right, high * up]), rim, False))
        inside = place + frame * (right + up)
        sides = np.stack([max(wide - 2 * frame, 0.02) * right, max(high - 2 * frame, 0.02) * up])
        planes.append(Plane(inside, sides, inner, False))
    side = (reach + rng.uniform(0.2, 2.0)) * rng.choice([-1.0, 1.0])
    # The camera must be on the object's side of the second wall.
    if rng.random() < 0.4 and abs(camera.position @ right) < 0.9 * abs(side):
        line = -ahead if side > 0 else ahead
        origin = start + side * right - (2 * far * ahead if side < 0 else 0.0)
        planes += wall_of(origin, line, 2 * far)
    return planes


def small_thing(rng: np.random.Generator) -> Drawable:
    """A box, vase, ball, stack of books or plant that stands on y = 0, about one unit large."""
    kind, shape = rng.integers(5), Shape(params={"type": "thing"})
    material = str(rng.choice(["wood", "fabric", "plastic", "paint", "stone", "leather"]))
    if kind == 0:
        size = rng.uniform(0.4, 1.0, 3)
        shape.add(rounded_box(size, (0, size[1] / 2, 0), 0.03), material)
    elif kind == 1:
        radii = rng.uniform(0.12, 0.42, 4)
        profile = [(0, 0), *((radii[i], y) for i, y in enumerate((0.0, 0.3, 0.65, 1.0))), (0, 1.0)]
        shape.add(revolve(profile), material)
    elif kind == 2:
        shape.add(ellipsoid((0.45, 0.45, 0.45), (0, 0.45, 0)), material)
    elif kind == 3:
        top = 0.0
        for _ in range(int(rng.integers(2, 6))):
            thick = rng.uniform(0.06, 0.16)
            shape.add(
                box(
                    (rng.uniform(0.6, 1.0), thick, rng.uniform(0.45, 0.75)),
                    (rng.normal(0, 0.03), top + thick / 2, rng.normal(0, 0.03)),
                ),
                material,
            )
            material = str(rng.choice(["paint", "leather", "fabric", "plastic"]))
            top += thick
    else:
        shape.add(cylinder((0, 0, 0), (0, 0.35, 0), 0.2), "stone")
        for _ in range(7):
            place = (rng.normal(0, 0.14), rng.uniform(0.45, 1.0), rng.normal(0, 0.14))
            shape.add(ellipsoid(rng.uniform(0.08, 0.25, 3), place, 12), "paint")
    zero = np.zeros(3)
    item = drawable(shape, Surface(np.zeros((0, 3)), np.zeros((0, 3), np.int64), zero, 1.0), rng, "")
    if kind == 4:  # leaves are green
        green = Look(materials._linear(np.array([0.2, 0.42, 0.16]) * rng.uniform(0.6, 1.3)), gloss=0.15)
        pot = max(item.groups, key=lambda group: group[2])[0]
        item = dataclasses.replace(item, groups=tuple((green if g[0] is pot else g[0], *g[1:]) for g in item.groups))
    return item


def placed(item: Drawable, scale: float, turn: float, offset: NDArray[np.float64], stretch: float = 1.0) -> Drawable:
    """The drawable turned about the vertical axis, scaled, its height stretched, and moved to stand on ``offset``."""
    c, s = np.cos(turn), np.sin(turn)
    matrix = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float32)
    vertices = item.vertices.copy()
    vertices[:, 1] = stretch * (vertices[:, 1] - vertices[:, 1].min())
    vertices[:, :3] = scale * vertices[:, :3] @ matrix.T + offset
    vertices[:, 3:6] = vertices[:, 3:6] @ matrix.T
    return dataclasses.replace(item, vertices=vertices)


def random_things(rng: np.random.Generator, camera: Camera, vertices: NDArray[np.float64]) -> list[Drawable]:
    """A few other things on the object's floor, beside and behind it.

    Each stands outside the upright cylinder about the object, on a side from which it does not hide it, so that a
    picture of the object may be laid over theirs.
    """
    height, reach, away, heading = _standing(camera, vertices)
    out = []
    for _ in range(int(rng.integers(1, 5))):
        big = rng.random() < 0.35
        if big:
            name = _CLUTTER[int(rng.integers(len(_CLUTTER)))]
            shape = build_shape(name, int(rng.integers(1 << 30)), int(rng.integers(1 << 16)))
            item = drawable(shape, _bounds(shape), rng, name)
        else:
            item = small_thing(rng)
        scale = rng.uniform(0.5, 1.1) if big else rng.uniform(0.12, 0.4)
        radius = scale * _radius(item)
        distance = reach + radius + rng.uniform(0.02, 1.2)
        angle = heading + np.pi + rng.uniform(-1.9, 1.9)
        turn = rng.uniform(0, 2 * np.pi)
        if away * np.cos(angle - heading) < distance - radius - 0.02:
            place = np.array([distance * np.sin(angle), height, distance * np.cos(angle)])
            out.append(placed(item, scale, turn, place))
    return out


def hiding_thing(rng: np.random.Generator, camera: Camera, vertices: NDArray[np.float64]) -> list[Drawable]:
    """A thing before the object, between its upright cylinder and the camera, as high as it must be to hide one of
    the object's lower points; empty where there is no room for one."""
    height, reach, away, _ = _standing(camera, vertices)
    item = small_thing(rng)
    low = np.flatnonzero(vertices[:, 1] <= np.quantile(vertices[:, 1], 0.75))
    target = vertices[low[int(rng.integers(len(low)))]]
    toward = camera.position - target
    share, turn, more = rng.uniform(0.2, 0.65), rng.uniform(0, 2 * np.pi), rng.uniform(1.1, 1.5)
    if away < reach + 0.35:
        return []
    # Along the sight line, where it has left the cylinder.
    line, start = toward[[0, 2]], target[[0, 2]]
    a, b, c = line @ line, start @ line, start @ start - reach**2
    leaves = (-b + np.sqrt(max(b * b - a * c, 0.0))) / a
    place = target + (leaves + share * (1 - leaves)) * toward
    points = item.positions
    scale = more * (place[1] - height) / float(points[:, 1].max())
    radius = scale * _radius(item)
    distance = float(np.linalg.norm(place[[0, 2]]))
    # A plane between it and the object, with the camera on its own side; the camera outside of it.
    free = min(distance - reach, float(np.linalg.norm(camera.position[[0, 2]] - place[[0, 2]])) - 0.1)
    slim = min(1.0, free / max(radius, 1e-6))
    if scale < 0.05 or slim < 0.2:
        return []
    # Where it may not be wider it is slimmer.
    return [placed(item, scale * slim, turn, np.array([place[0], height, place[2]]), min(1 / slim, 2.5))]


def _standing(camera: Camera, vertices: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """The floor's height, the radius of the upright cylinder about an object, the camera's distance from its axis and
    the angle about it."""
    eye = camera.position[[0, 2]]
    reach = float(np.linalg.norm(vertices[:, [0, 2]], axis=1).max())
    return float(vertices[:, 1].min()), reach, float(np.linalg.norm(eye)), float(np.arctan2(eye[0], eye[1]))


def _radius(item: Drawable) -> float:
    return float(np.linalg.norm(item.positions[:, [0, 2]], axis=1).max())


def _bounds(shape: Shape) -> Surface:
    """The map of a shape to object space by its parts' boxes; its surface is not needed."""
    boxes = np.array([part.solid.bounding_box() for part in shape.parts if not part.solid.is_empty()])
    low, high = boxes[:, :3].min(0), boxes[:, 3:].max(0)
    return Surface(np.zeros((0, 3)), np.zeros((0, 3), np.int64), (low + high) / 2, float(1 / (high - low).max()))


def merged(items: Sequence[Drawable]) -> Drawable:
    """Several drawables as one; ``opaque`` counts all faces, so their glass throws shadows too."""
    starts = np.cumsum([0] + [len(item.vertices) for item in items])
    firsts = np.cumsum([0] + [len(item.faces) for item in items])
    groups = [
        (look if look.opacity >= 1 else dataclasses.replace(look, opacity=1.0), first + int(at), count)
        for item, at in zip(items, firsts, strict=False)
        for look, first, count in item.groups
    ]
    faces = np.concatenate([item.faces + start for item, start in zip(items, starts, strict=False)]).astype(np.int32)
    return Drawable(np.concatenate([item.vertices for item in items]), faces, tuple(groups), len(faces))


def abstract_backdrop(rng: np.random.Generator, size: int) -> NDArray[np.uint8]:
    """A picture (size, size, 3) uint8 of nothing in particular: gradients, noise, shapes, out of focus."""
    import cv2

    ramp = np.linspace(0, 1, size, dtype=np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    t = np.cos(angle) * ramp[None, :, None] + np.sin(angle) * ramp[:, None, None]
    calm = rng.uniform(0.0, 0.9)

    def tone() -> NDArray[np.float32]:
        """A color of the picture, of 255: the calmer, the grayer."""
        color = rng.uniform(0, 255, 3)
        return np.asarray(color + calm * (color.mean() - color), np.float32)

    low, high = tone(), tone()
    if rng.random() < 0.5:  # mostly the same hue
        high = np.clip(low * rng.uniform(0.5, 1.6), 0, 255)
    picture = low + (high - low) * (t - t.min()) / max(float(np.ptp(t)), 1e-6)
    for cells in (4, 12, 40)[: int(rng.integers(0, 4))]:
        field = rng.normal(0, 1, (cells, cells, 3 if rng.random() < 0.3 else 1)).astype(np.float32)
        wide = cv2.resize(field, (size, size), interpolation=cv2.INTER_CUBIC).reshape(size, size, -1)
        picture = picture + rng.uniform(4, 30) * wide
    canvas = np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8))
    for _ in range(int(rng.integers(0, 14))):
        color = tuple(int(c) for c in tone())
        x, y, a, b = rng.integers(-size // 5, size + size // 5, 4).tolist()
        kind = rng.integers(3)
        if kind == 0:
            cv2.rectangle(canvas, (x, y), (a, b), color, -1)
        elif kind == 1:
            cv2.circle(canvas, (x, y), abs(a) // 3 + 2, color, -1, cv2.LINE_AA)
        else:
            cv2.line(canvas, (x, y), (a, b), color, abs(x - y) // 12 + 1, cv2.LINE_AA)
    sigma = rng.uniform(0.0, 9.0)
    if sigma > 0.4:
        canvas = cv2.GaussianBlur(canvas, (0, 0), sigma)
    return np.asarray(canvas, np.uint8)
