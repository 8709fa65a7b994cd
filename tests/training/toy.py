# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A tiny data set in the format of `list-fast data make`: balls and boxes with exact distances, disks as pictures."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("ball", "box")


def camera(azimuth: float, elevation: float, distance: float = 2.0, focal: float = 250.0) -> np.ndarray:
    """The true transform (4, 3) onto a 224 x 224 canvas of a camera that looks at the origin; angles in degrees."""
    a, e = np.radians([azimuth, elevation])
    eye = distance * np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    forward = -eye / distance
    right = np.cross(forward, [0, 1, 0])
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    rows = np.stack([focal * right + 111.5 * forward, focal * down + 111.5 * forward, forward])  # (3, 3)
    # q = 2 (z, y, x): object axes in reverse order, halved.
    return np.concatenate([rows[:, ::-1].T / 2, (rows @ -eye)[None]]).astype(np.float32)


def distance_to(label: int, size: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Signed distance (N,) of points (N, 3) to a ball of radius 0.5 or a box with half extents `size`."""
    if label == 0:
        return np.linalg.norm(points, axis=1) - 0.5
    outside = np.abs(points) - size
    return np.linalg.norm(np.maximum(outside, 0), axis=1) + np.minimum(outside.max(1), 0)


def surface_of(label: int, size: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Random points (count, 3) on the shape."""
    if label == 0:
        points = rng.normal(size=(count, 3))
        return points / np.linalg.norm(points, axis=1, keepdims=True) / 2
    area = np.array([size[1] * size[2], size[0] * size[2], size[0] * size[1]])
    points = rng.uniform(-1, 1, (count, 3)) * size
    axis = rng.choice(3, count, p=area / area.sum())
    points[np.arange(count), axis] = size[axis] * rng.choice([-1, 1], count)
    return points


def picture(label: int, size: np.ndarray, view: int) -> bytes:
    """A PNG whose colours tell the shape and the view: (224, 224) RGBA."""
    rgba = np.zeros((224, 224, 4), np.uint8)
    y, x = np.mgrid[:224, :224] - 111.5
    inside = (x**2 + y**2 < 98**2) if label == 0 else (np.abs(x) < 196 * size[0]) & (np.abs(y) < 196 * size[1])
    rgba[inside] = [220 - view if label else 40 + view, *(np.asarray(size[1:]) * 400).astype(int).clip(0, 255), 255]
    stream = io.BytesIO()
    Image.fromarray(rgba).save(stream, "PNG")
    return stream.getvalue()


def write_toy_dataset(root: Path, shapes_per_class: int = 6, views: int = 2, seed: int = 0) -> Path:
    """Writes the data set: of each class, shape 0 is a test, shape 1 a validation shape, the others train."""
    (root / "shards").mkdir(parents=True)
    for label, name in enumerate(CLASSES):
        rng = np.random.default_rng([seed, label])
        columns: dict[str, list] = {k: [] for k in ("surface", "normals", "near", "uniform", "camera", "pose", "files")}
        for _ in range(shapes_per_class):
            size = np.array([0.5, *rng.uniform(0.15, 0.45, 2)])
            surface = surface_of(label, size, 4096, rng)
            noise = np.repeat([0.003, 0.01, 0.07], [2731, 2731, 2730])[:, None]
            near = (surface_of(label, size, 8192, rng) + noise * rng.normal(size=(8192, 3))).astype(np.float16)
            uniform = rng.uniform(-0.55, 0.55, (4096, 3)).astype(np.float16)
            for key, points in (("near", near), ("uniform", uniform)):
                sdf = distance_to(label, size, points.astype(np.float64)).astype(np.float16)
                columns[key].append(np.concatenate([points, sdf[:, None]], 1))
            columns["surface"].append(surface.astype(np.float16))
            columns["normals"].append(np.zeros((4096, 3), np.float16))
            poses = [(rng.uniform(0, 360), rng.uniform(10, 40), 2.0) for _ in range(views)]
            columns["pose"].append(np.array(poses, np.float32))
            columns["camera"].append(np.stack([camera(*pose) for pose in poses]))
            columns["files"] += [picture(label, size, view) for view in range(views)]
        count, files = shapes_per_class, columns.pop("files")
        np.savez(
            root / "shards" / f"{name}-0000.npz",
            ids=np.array([f"{name}/{i:05d}" for i in range(count)]),
            label=np.full(count, label),
            split=np.array([{0: 2, 1: 1}.get(i, 0) for i in range(count)], np.uint8),
            image_data=np.frombuffer(b"".join(files), np.uint8),
            image_offset=np.cumsum([0, *map(len, files)]).astype(np.int64),
            background=np.full((count, views, 3), 255, np.uint8),
            **{key: np.stack(values) for key, values in columns.items()},
        )
    total = len(CLASSES)
    counts = {"train": total * (shapes_per_class - 2), "val": total, "test": total}
    arguments = {"shapes_per_class": shapes_per_class, "views": views, "seed": seed, "classes": list(CLASSES)}
    description = {"format": 1, "arguments": arguments, "classes": list(CLASSES), "counts": counts}
    (root / "dataset.json").write_text(json.dumps(description))
    return root
