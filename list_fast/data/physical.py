# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Scenes for Mitsuba 3: looks as physically based materials, drawables as meshes with textures, exact cameras."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from list_fast.data import materials
from list_fast.data.materials import Look
from list_fast.data.surroundings import BOARDS, BRICKS, TILES, Plane

if TYPE_CHECKING:
    from list_fast.data.camera import Camera
    from list_fast.data.render import Drawable

TEXTURE = 256
PERIODS = 8
"""Periods of a pattern on one texture."""


def load_mitsuba(variant: str) -> Any:
    """The module ``mitsuba`` in a variant.

    Raises:
        ImportError: it is not installed; the message names the extra.
        ValueError: it has no such variant, or cannot start it here.
    """
    try:
        mitsuba: Any = importlib.import_module("mitsuba")
    except ImportError as error:
        raise ImportError(f"photoreal pictures need Mitsuba 3: pip install 'list-fast[photoreal]' ({error})") from error
    known = mitsuba.variants()
    if variant not in known or not variant.endswith("_rgb"):
        wanted = ", ".join(name for name in known if name.endswith("_rgb"))
        raise ValueError(f"variant must be one of {wanted}, got {variant!r}")
    try:
        mitsuba.set_variant(variant)
    except Exception as error:  # Dr.Jit raises whatever a missing libLLVM or driver leads it to
        raise ValueError(f"variant {variant!r} does not start here: {error}") from error
    return mitsuba


def pattern_texture(look: Look) -> NDArray[np.float32] | None:
    """A look's pattern as a texture (256, 256, 3), linear RGB, that may be repeated; None where it is of one color.

    It resembles what the OpenGL renderer computes for each pixel and is not the same.
    """
    y, x = (np.mgrid[0:TEXTURE, 0:TEXTURE].astype(np.float32) + 0.5) * (PERIODS / TEXTURE)
    pattern, extra = look.pattern, look.extra
    seed = int(1e6 * (look.scale + extra)) % (1 << 31)
    if pattern == materials.WOOD:
        ring = _noise(seed, 12, 2) * (6 + 8 * extra)
        share = 0.75 * (0.5 - 0.5 * np.cos(2 * np.pi * ring)) + 0.25 * _noise(seed + 1, 90, 6)
    elif pattern == materials.STRIPES:
        share = (np.abs((x if extra < 0.5 else y) % 1 - 0.5) < 0.15 + 0.15 * extra).astype(np.float32)
    elif pattern == materials.CHECKS:
        share = 0.5 * (x % 1 < 0.5) + 0.5 * (y % 1 < 0.5)
    elif pattern == materials.WEAVE:
        share = 0.5 * ((x * 6) % 1 < 0.5) + 0.5 * _noise(seed, 72, 72)
    elif pattern == materials.DOTS:
        share = (np.hypot(x % 1 - 0.5, y % 1 - 0.5) < 0.2 + 0.15 * extra).astype(np.float32)
    elif pattern in (materials.MOTTLE, materials.BLOTCHES, materials.PICTURE):
        field = 0.6 * _noise(seed, 8, 8) + 0.4 * _noise(seed + 1, 17, 17)
        width = 0.25 if pattern == materials.MOTTLE else 0.02
        share = np.clip((field - 0.5) / (2 * width) + 0.5, 0, 1)
    elif pattern == materials.VEINS:
        field = 0.6 * _noise(seed, 8, 8) + 0.4 * _noise(seed + 1, 17, 17)
        share = np.clip((0.07 + 0.06 * extra - np.abs(field - 0.5)) / 0.04, 0, 1)
    elif pattern == materials.BRUSHED:
        share = _noise(seed, 120, 6)
    elif pattern == materials.SPLIT:
        return None
    elif pattern in (BOARDS, TILES, BRICKS):
        share = _laid(pattern, x, y, seed)
    else:
        return None
    color = np.array(look.color) + share[..., None] * (np.array(look.second) - np.array(look.color))
    return np.asarray(np.clip(color, 0, 0.97), np.float32)


def _laid(pattern: int, x: NDArray[np.float32], y: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Boards, tiles or bricks: how much of the second color shows."""
    tones = np.random.default_rng(seed).random((PERIODS, 2 * PERIODS))
    row = x.astype(int) if pattern == BOARDS else y.astype(int)
    if pattern == BOARDS:
        along = (y * 0.25 + tones[row, 0]) % (PERIODS / 4)
        shade = tones[row, along.astype(int) + 1]
        gap = (x % 1 < 0.04) | (along % 1 < 0.006)
        return np.asarray(np.where(gap, 0.9, 0.45 * shade + 0.35 * _noise(seed, 90, 6)), np.float32)
    if pattern == BRICKS:
        along = (x * 0.5 + 0.5 * (row % 2)) % (PERIODS / 2)
        gap, tone = (along % 1 < 0.05) | (y % 1 < 0.1), 0.5 * tones[row, along.astype(int)]
    else:
        gap, tone = (x % 1 < 0.06) | (y % 1 < 0.06), 0.25 * tones[row, x.astype(int)]
    return np.asarray(np.where(gap, 1.0, tone), np.float32)


def _noise(seed: int, across: int, along: int) -> NDArray[np.float32]:
    """Smooth noise (256, 256) in [0, 1] that repeats, with so many cells across and along."""
    import cv2

    cells = np.random.default_rng(seed).random((along, across), np.float32)
    wide = np.pad(cells, 2, mode="wrap")
    scale = (TEXTURE / across, TEXTURE / along)
    big = cv2.resize(wide, None, fx=scale[0], fy=scale[1], interpolation=cv2.INTER_LINEAR)
    left, top = round(2 * scale[0]), round(2 * scale[1])
    return np.asarray(big[top : top + TEXTURE, left : left + TEXTURE], np.float32)


def material(mitsuba: Any, look: Look) -> dict[str, Any]:
    """A look as a description of Mitsuba's principled material; clear glass as one that lets light through."""
    texture = pattern_texture(look)
    color: dict[str, Any] = {"type": "rgb", "value": [min(c, 0.97) for c in look.color]}
    if texture is not None:
        color = {"type": "bitmap", "bitmap": mitsuba.Bitmap(texture), "raw": True}
    # Phong's exponent to GGX: alpha squared is 2 / (n + 2), and roughness squared is alpha.
    roughness = float((2 / (look.exponent + 2)) ** 0.25)
    surface = {
        "type": "principled",
        "base_color": color,
        "roughness": max(roughness, 0.08),
        "metallic": float(look.metal),
        "specular": float(0.1 + 0.5 * look.gloss),
    }
    both: dict[str, Any] = {"type": "twosided", "bsdf": surface}
    if look.opacity >= 1:
        return both
    return {"type": "mask", "opacity": float(look.opacity), "bsdf": both}


def meshes(mitsuba: Any, item: Drawable, name: str) -> dict[str, Any]:
    """A drawable as Mitsuba meshes, one a look, with corners of their own so that patterns may be laid face by face."""
    out: dict[str, Any] = {}
    for number, (look, first, count) in enumerate(item.groups):
        corners = item.vertices[item.faces[first : first + count]].astype(np.float32)  # (count, 3, 9)
        properties = mitsuba.Properties()
        properties["mesh_bsdf"] = mitsuba.load_dict(material(mitsuba, look))
        if look.glow > 0.2:
            radiance = {"type": "rgb", "value": [float(look.glow * c) for c in look.color]}
            properties["mesh_emitter"] = mitsuba.load_dict({"type": "area", "radiance": radiance})
        key = f"{name}_{number}"
        mesh = mitsuba.Mesh(key, 3 * count, count, has_vertex_normals=True, has_vertex_texcoords=True, props=properties)
        values = mitsuba.traverse(mesh)
        values["vertex_positions"] = np.ascontiguousarray(corners[..., :3]).ravel()
        values["vertex_normals"] = np.ascontiguousarray(corners[..., 3:6]).ravel()
        values["vertex_texcoords"] = _unwrap(corners[..., 6:], look).ravel()
        values["faces"] = np.arange(3 * count, dtype=np.uint32)
        values.update()
        out[key] = mesh
    return out


def _unwrap(grain: NDArray[np.float32], look: Look) -> NDArray[np.float32]:
    """Texture coordinates (F, 3, 2) of faces by their pattern's coordinates (F, 3, 3): those along the face, the grain
    (the third) last."""
    normal = np.abs(np.cross(grain[:, 1] - grain[:, 0], grain[:, 2] - grain[:, 0]))
    kept = np.array([(1, 2), (0, 2), (0, 1)])[normal.argmax(1)]
    uv = np.take_along_axis(grain, kept[:, None, :].repeat(3, 1), axis=2)
    return np.ascontiguousarray(uv * np.float32(look.scale / PERIODS), np.float32)


def plane_shape(mitsuba: Any, plane: Plane) -> dict[str, Any]:
    """A plane as a Mitsuba rectangle with its pattern."""
    lengths = np.linalg.norm(plane.sides, axis=1)
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = plane.sides[0] / 2, plane.sides[1] / 2, plane.normal()
    matrix[:3, 3] = plane.corner + plane.sides.sum(0) / 2
    look = material(mitsuba, plane.look)
    color = look["bsdf"]["base_color"]
    if color["type"] == "bitmap":
        scale = np.array([*(lengths * plane.look.scale / PERIODS), 1.0])
        color["to_uv"] = mitsuba.ScalarTransform4f().scale(scale.tolist())
    return {"type": "rectangle", "to_world": mitsuba.ScalarTransform4f(matrix.tolist()), "bsdf": look}


def sensor(mitsuba: Any, camera: Camera, samples: int, seed: int) -> dict[str, Any]:
    """A camera as Mitsuba's: the same projection, pixel for pixel."""
    size = camera.size
    rows = 2 * camera.transform[:3][::-1]  # (xyz, XYZ)
    forward = rows[:, 2]
    center = rows[:, :2].T @ forward
    right = rows[:, 0] - center[0] * forward
    focal = float(np.linalg.norm(right))
    up = -(rows[:, 1] - center[1] * forward) / focal
    place = camera.position
    offset = (center + 0.5) / size - 0.5
    return {
        "type": "perspective",
        "fov": float(np.degrees(2 * np.arctan(size / 2 / focal))),
        "fov_axis": "x",
        "near_clip": 0.02,
        "far_clip": 100.0,
        "principal_point_offset_x": -float(offset[0]),
        "principal_point_offset_y": -float(offset[1]),
        "to_world": mitsuba.ScalarTransform4f().look_at(
            origin=place.tolist(), target=(place + forward).tolist(), up=up.tolist()
        ),
        "film": {
            "type": "hdrfilm",
            "width": size,
            "height": size,
            "pixel_format": "rgba",
            "component_format": "float32",
            "rfilter": {"type": "box"},
        },
        "sampler": {"type": "independent", "sample_count": samples, "seed": seed},
    }


def render_scene(
    mitsuba: Any,
    item: Drawable,
    others: Sequence[Drawable],
    planes: Sequence[Plane],
    lights: dict[str, Any],
    camera: Camera,
    *,
    samples: int,
    seed: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The scene's light (S, S, 3) linear RGB, and the object's coverage (S, S); ``others`` must not hide it."""
    own = meshes(mitsuba, item, "object")
    rest: dict[str, Any] = {}
    for number, other in enumerate(others):
        rest |= meshes(mitsuba, other, f"other{number}")
    rest |= {f"plane{number}": plane_shape(mitsuba, plane) for number, plane in enumerate(planes)}
    view = sensor(mitsuba, camera, samples, seed)
    scene = mitsuba.load_dict(
        {"type": "scene", "integrator": {"type": "path", "max_depth": 8}, "sensor": view, **own, **rest, **lights}
    )
    light = np.array(mitsuba.render(scene, spp=samples, seed=seed), np.float32)[..., :3]
    depth = {"type": "depth"}
    edge = max(16, min(samples, 64))
    alone = mitsuba.load_dict({"type": "scene", "integrator": depth, "sensor": view, **own})
    covered = np.array(mitsuba.render(alone, spp=edge, seed=seed), np.float32)[..., -1]
    return np.nan_to_num(light, posinf=100.0), np.clip(covered, 0, 1)
