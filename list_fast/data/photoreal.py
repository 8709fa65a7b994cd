# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A photoreal subset of a data set: its shapes in path-traced rooms, to validate on."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from list_fast._files import write_text
from list_fast.data.augment import encode_jpeg, photograph, rough_mask
from list_fast.data.camera import IMAGE_SIZE, Camera, view_axes
from list_fast.data.dataset import SPLITS, STYLED_VERSION, ListDataset, mesh_path, read_description
from list_fast.data.make import LOOKS, shard_arrays, write_shard
from list_fast.data.materials import Look, random_looks
from list_fast.data.physical import load_mitsuba, render_scene
from list_fast.data.render import Drawable, View, drawable
from list_fast.data.scenes import random_floor, random_room, random_things, random_wall, wide_camera
from list_fast.data.sdf import Samples
from list_fast.data.shapes import build_shape, class_key, unite
from list_fast.data.shard_jobs import read_json

PHOTOREAL = 7
"""Stream of a picture's random numbers, beside those of ``list_fast.data.make``."""


def make_photoreal(
    data: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    split: str = "val",
    limit: int | None = None,
    samples: int = 64,
    seed: int = 0,
    variant: str = "scalar_rgb",
    size: int = IMAGE_SIZE,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Draw shapes of a data set by Mitsuba 3, one view each, and return what the new set's ``dataset.json`` says.

    Shapes, surface points and distances are those of ``data``, in the same split; parametric shapes have their own
    looks, imported ones a random one. Each stands in a room with a few other things under one or two lamps; pictures
    are JPEG files, with coverage and rough mask as in augmented sets. Pictures that are there are kept.

    Args:
        data: a data set.
        out: directory, made if it is not there.
        split: which of its shapes.
        limit: at most so many, spread over the split.
        samples: light paths for each pixel.
        seed: of rooms, lights, cameras and files.
        variant: Mitsuba's; ``scalar_rgb`` runs anywhere.
        size: side of the pictures in pixels; only sets of 224 fit the model.
        progress: called with (pictures there, pictures in all).

    Raises:
        ValueError: an argument out of range, no data set at ``data``, or ``out`` holds another set.
        ImportError: Mitsuba is not installed.
    """
    if samples < 1 or seed < 0 or size < 8 or (limit is not None and limit < 1):
        raise ValueError(
            f"samples and limit must be >= 1, seed >= 0 and size >= 8, got {samples}, {limit}, {seed} and {size}"
        )
    source = read_description(data)
    dataset = ListDataset(data, split, inputs="picture")
    if len(dataset) == 0:
        raise ValueError(f"split must be one that holds shapes, got {split!r} of {data}")
    mitsuba = load_mitsuba(variant)
    count = len(dataset) if limit is None else min(limit, len(dataset))
    chosen = np.unique(np.linspace(0, len(dataset) - 1, count).round().astype(int)).tolist()
    root = Path(out)
    traced = {"split": split, "limit": limit, "samples": samples, "seed": seed, "variant": variant, "size": size}
    arguments = {"views": 1, "seed": source["arguments"]["seed"], "style": "photoreal", "photoreal": traced}
    description = {
        "format": STYLED_VERSION,
        "arguments": {**arguments, "source": source["arguments"]},
        "classes": source["classes"],
        "counts": {name: len(chosen) if name == split else 0 for name in SPLITS},
    }
    _claim(root, description)
    for done, index in enumerate(chosen):
        path = root / "shards" / f"{dataset.ids[index].replace('/', '-')}.npz"
        if not path.exists():
            write_shard(path, _traced(mitsuba, dataset, index, source, traced, root))
        if progress is not None:
            progress(done + 1, len(chosen))
    return description


def _claim(root: Path, description: dict[str, Any]) -> None:
    """Make the directories of a set, or check that those there are of the same one."""
    path = root / "dataset.json"
    if path.exists():
        if read_json(path, "a photoreal set") != json.loads(json.dumps(description)):
            raise ValueError(f"out must be a new directory or a photoreal set of the same options, got {root}")
    elif root.exists() and any(root.iterdir()):
        raise ValueError(f"out must be a new directory or a photoreal set, got {root}, which holds other files")
    (root / "shards").mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(description, indent=2) + "\n")


def _traced(
    mitsuba: Any, dataset: ListDataset, index: int, source: dict[str, Any], traced: dict[str, Any], root: Path
) -> dict[str, NDArray[Any]]:
    """The shard of one shape."""
    name = dataset.ids[index]
    rng = np.random.default_rng([traced["seed"], zlib.crc32(name.encode()), PHOTOREAL])
    item, vertices = _object(dataset, index, source, rng)
    view = traced_view(mitsuba, item, vertices, rng, samples=traced["samples"], size=traced["size"])
    values = [getattr(dataset, field)(index).numpy() for field in ("surface", "normals", "near", "uniform")]
    if (stored := mesh_path(dataset.root, name)).exists():
        copy = mesh_path(root, name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(stored, copy)
    code = SPLITS.index(dataset.split)
    return shard_arrays([name], [int(dataset.labels[index])], [code], [([view], Samples(*values))])


def _object(
    dataset: ListDataset, index: int, source: dict[str, Any], rng: np.random.Generator
) -> tuple[Drawable, NDArray[np.float64]]:
    """What to draw of a shape, and its surface's vertices (V, 3)."""
    from list_fast.data.mesh_files import Piece
    from list_fast.data.pieces import piece_drawable

    class_name, number = dataset.ids[index].rsplit("/", 1)
    stored = dataset.mesh(index)
    if stored is not None:
        item = piece_drawable([Piece(stored[0], stored[1], (0.5, 0.5, 0.5))], np.zeros(3), 1.0)
        look = random_looks(rng, [str(rng.choice(["wood", "fabric", "plastic", "paint", "metal"]))], class_name)[0]
        # Drawn once: Mitsuba's materials have two sides.
        faces = item.faces[: len(item.faces) // 2]
        return Drawable(item.vertices, faces, ((look, 0, len(faces)),), len(faces)), stored[0]
    seed = source["arguments"]["seed"]
    shape = build_shape(class_name, seed, int(number))
    surface = unite(shape)
    looks = np.random.default_rng([seed, class_key(class_name), int(number), LOOKS])
    return drawable(shape, surface, looks, class_name), surface.vertices


def traced_view(
    mitsuba: Any,
    item: Drawable,
    vertices: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    samples: int = 64,
    size: int = IMAGE_SIZE,
) -> View:
    """A path-traced picture of an object in a random room, with its exact camera, coverage and a rough mask."""
    low = float(vertices[:, 1].min())
    camera = wide_camera(rng, vertices, size, truncated=0.1)
    while camera.position[1] < low + 0.15:
        camera = wide_camera(rng, vertices, size, truncated=0.1)
    floor, wall = _matte(random_floor(rng)), _matte(random_wall(rng))
    planes = random_room(rng, camera, vertices, floor, wall)
    others = random_things(rng, camera, vertices) if rng.random() < 0.7 else []
    lights = room_lamps(mitsuba, rng, camera)
    light, coverage = render_scene(
        mitsuba, item, others, planes, lights, camera, samples=samples, seed=int(rng.integers(1 << 31))
    )
    alpha = np.rint(255 * coverage).astype(np.uint8)
    # Exposed for the whole picture, and a little for the object.
    gray = light @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    mean = 0.6 * float(np.exp(np.log(gray + 1e-3).mean())) + 0.4 * float(
        gray[coverage > 0.5].mean() if alpha.any() else 0
    )
    value = light * (rng.uniform(0.2, 0.3) / max(mean, 1e-4))
    value = value / (1 + 0.12 * value * value)
    picture = np.rint(255 * np.clip(value, 0, 1) ** (1 / 2.2)).astype(np.uint8)
    jpeg, shown = encode_jpeg(rng, photograph(rng, picture))
    white = np.full(3, 255, np.uint8)
    return View(np.dstack([shown, alpha]), white, camera, rough=rough_mask(rng, alpha), jpeg=jpeg)


def _matte(look: Look) -> Look:
    """A floor's or wall's look without the polish that only furniture has."""
    import dataclasses

    return dataclasses.replace(look, gloss=min(look.gloss, 0.4), metal=0.0, exponent=min(look.exponent, 25.0))


def room_lamps(mitsuba: Any, rng: np.random.Generator, camera: Camera) -> dict[str, Any]:
    """Light from all around, and one or two lit panels above the camera's view, larger or smaller for soft or hard
    shadows."""
    level = rng.uniform(0.15, 0.6)
    tint = np.array([1.0, rng.uniform(0.92, 1.0), rng.uniform(0.8, 1.05)])
    out: dict[str, Any] = {
        "around": {"type": "constant", "radiance": {"type": "rgb", "value": (level * tint).tolist()}}
    }
    back = -view_axes(camera.pose[0], 0.0)[2]
    right = view_axes(camera.pose[0], 0.0)[0]
    for number in range(int(rng.integers(1, 3))):
        height, angle = rng.uniform(0.75, 1.4), rng.uniform(-1.9, 1.9)
        side = np.cos(angle) * back + np.sin(angle) * right
        direction = np.cos(height) * side + np.sin(height) * np.array([0.0, 1.0, 0.0])
        half, distance = rng.uniform(0.12, 0.8), rng.uniform(2.4, 3.6)
        power = rng.uniform(0.6, 2.5) * distance**2 / (4 * half**2)
        warm = np.array([1.0, rng.uniform(0.85, 1.0), rng.uniform(0.65, 1.05)])
        place = mitsuba.ScalarTransform4f().look_at(
            origin=(distance * direction).tolist(), target=[0.0, 0.0, 0.0], up=side.tolist()
        )
        out[f"lamp{number}"] = {
            "type": "rectangle",
            "to_world": place @ mitsuba.ScalarTransform4f().scale([half, half, 1.0]),
            "emitter": {"type": "area", "radiance": {"type": "rgb", "value": (power * warm).tolist()}},
        }
    return out
