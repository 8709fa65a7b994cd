# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Pix3D, real photographs with their shapes (LIST, section 4.1), as a data set: one row for each picture."""

from __future__ import annotations

import json
import os
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from list_fast.data.camera import IMAGE_SIZE, Camera, matrix_camera
from list_fast.data.dataset import SPLITS
from list_fast.data.make import SAMPLES, FileView, encode_png, shard_arrays, write_shard
from list_fast.data.mesh_files import MeshError, read_pieces
from list_fast.data.repair import RESOLUTION, Repaired, repair
from list_fast.data.shapes import class_key
from list_fast.data.shard_jobs import Line, claim, finish, run_jobs, store_mesh, write_job_report

if TYPE_CHECKING:
    from list_fast.data.sdf import Samples

SENSOR_MM = 32.0
HIDDEN = ("truncated", "occluded", "slightly_occluded")
"""What the annotations say of objects that a picture does not show whole."""
LEFT_OUT = ("truncated", "occluded")
TEST_SHARE, VAL_SHARE = 0.2, 0.05
_SHARD_ROWS = 32
_FIELDS = ("img", "mask", "model", "category", "img_size", "rot_mat", "trans_mat", "focal_length")


@dataclass(frozen=True)
class Pix3DJob:
    """One shard to make: pictures (entry, split) of a class, those of a model in turn."""

    source: Path
    root: Path
    name: str
    class_name: str
    label: int
    rows: tuple[tuple[dict[str, Any], str], ...]
    seed: int
    resolution: int

    @property
    def size(self) -> int:
        return len(self.rows)


def mesh_id(entry: dict[str, Any]) -> str:
    """The name that the mesh of a picture is stored under, the same for all pictures of the model."""
    path = PurePosixPath(entry["model"]).with_suffix("")
    parts = [part for part in path.parts if part not in ("model", entry["category"])]
    return f"{entry['category']}/{'_'.join(parts) or path.name}"


def entry_matrix(entry: dict[str, Any], box: tuple[float, float, float]) -> NDArray[np.float64]:
    """Projection (3, 4) of points of the model's file onto the 224 x 224 canvas that a square of the picture becomes.

    Pix3D's cameras see x to the left, y up and z ahead; the focal length is in mm of a sensor 32 mm wide, and the axis
    meets the picture's middle.

    Args:
        entry: of pix3d.json.
        box: (left, top, side) of the square in pixels.

    Raises:
        ValueError: numbers that are no camera.
    """
    turn, move = np.asarray(entry["rot_mat"], np.float64), np.asarray(entry["trans_mat"], np.float64).reshape(-1)
    width, height = entry["img_size"]
    focal = float(entry["focal_length"]) / SENSOR_MM * width
    if turn.shape != (3, 3) or move.shape != (3,) or not np.allclose(turn @ turn.T, np.eye(3), atol=1e-2):
        raise ValueError("rot_mat and trans_mat must be a rotation (3, 3) and a move (3,)")
    if not (focal > 0 and np.linalg.det(turn) > 0):
        raise ValueError("focal_length must be positive and rot_mat no reflection")
    left, top, side = box
    zoom = IMAGE_SIZE / side
    middle = zoom * (width / 2 - left) - 0.5, zoom * (height / 2 - top) - 0.5
    inner = np.array([[-zoom * focal, 0, middle[0]], [0, -zoom * focal, middle[1]], [0, 0, 1]])
    return inner @ np.column_stack([turn, move])


def entry_camera(entry: dict[str, Any], box: tuple[float, float, float], center: Any, scale: float) -> Camera:
    """The camera of ``entry_matrix`` in object space, where a point of the file lies at ``(p - center) * scale``."""
    place = np.vstack([np.column_stack([np.eye(3) / scale, center]), [0, 0, 0, 1]])
    return matrix_camera(entry_matrix(entry, box) @ place)


def read_picture(source: Path, entry: dict[str, Any]) -> tuple[bytes, tuple[float, float, float]]:
    """The object of a picture, cut out by its mask and framed as ``reconstruct`` does: a PNG file, 224 x 224 RGBA with
    straight alpha, and the square (left, top, side) of the picture that it was.

    Raises:
        ValueError: no such files, or of other sizes than the annotations say; an empty mask.
    """
    from PIL import Image

    from list_fast.data.preprocess import frame_image

    arrays = []
    for field, mode in (("img", "RGB"), ("mask", "L")):
        try:
            with Image.open(source / entry[field]) as image:
                arrays.append(np.asarray(image.convert(mode)))
        except (OSError, ValueError, SyntaxError) as error:  # what Pillow raises of broken files
            raise ValueError(f"{entry[field]} cannot be read") from error
    size = tuple(entry["img_size"])
    if any((array.shape[1], array.shape[0]) != size for array in arrays):
        raise ValueError(f"{entry['img']} and its mask must have the annotated size {size[0]} x {size[1]}")
    # From an array, since orientation tags of a photograph are not what the annotations go by.
    framed = frame_image(Image.fromarray(arrays[0]), arrays[1])
    alpha = framed.alpha[..., None]
    color = np.clip((framed.pixels - (1 - alpha)) / np.maximum(alpha, 1e-3), 0, 1)
    return encode_png(np.round(np.concatenate([color, alpha], 2) * 255).astype(np.uint8)), framed.box


def box_overlap(vertices: NDArray[np.float64], camera: Camera, file: bytes) -> float:
    """Intersection over union of the boxes of a projected mesh and of a picture's opaque part."""
    import io

    from PIL import Image

    with Image.open(io.BytesIO(file)) as image:
        solid = np.argwhere(np.asarray(image)[..., 3] > 127)[:, ::-1]
    projected = camera.project(vertices)
    if projected[:, 2].min() <= 0:
        return 0.0
    shown = solid.min(0) - 0.5, solid.max(0) + 0.5
    meant = projected[:, :2].min(0), projected[:, :2].max(0)
    common = np.prod(np.maximum(np.minimum(shown[1], meant[1]) - np.maximum(shown[0], meant[0]), 0))
    return float(common / (np.prod(shown[1] - shown[0]) + np.prod(meant[1] - meant[0]) - common))


def pix3d_shard(job: Pix3DJob) -> list[Line]:
    """Write the shard of a job and its meshes; one line of the report for each picture, refused ones too."""
    from list_fast.data.sdf import sample_shape

    lines: list[Line] = []
    rows: list[tuple[Line, tuple[list[FileView], Samples]]] = []
    meshes: dict[str, Repaired | str] = {}
    for entry, split in job.rows:
        line: Line = {"file": entry["img"], "class": job.class_name, "model": entry["model"]}
        lines.append(line)
        name = mesh_id(entry)
        if name not in meshes:
            meshes[name] = read = _read_model(job, entry["model"])
            if not isinstance(read, str):
                store_mesh(job.root, name, read)
        fixed = meshes[name]
        if isinstance(fixed, str):
            line["refused"] = fixed
            continue
        try:
            file, box = read_picture(job.source, entry)
            camera = entry_camera(entry, box, fixed.center, fixed.scale)
        except ValueError as error:
            line["refused"] = str(error)
            continue
        overlap = box_overlap(fixed.vertices, camera, file)
        if overlap <= 0:
            line["refused"] = "the camera puts the model where the mask is not"
            continue
        rng = np.random.default_rng([job.seed, class_key(job.class_name), zlib.crc32(entry["img"].encode()), SAMPLES])
        samples = sample_shape(rng, fixed.vertices, fixed.faces)
        line |= {"id": entry["row"], "mesh": name, "split": split, "how": fixed.how, "faces": len(fixed.faces)}
        line |= {"mended": fixed.notes, "overlap": round(overlap, 3)}
        rows.append((line, ([FileView(file, np.full(3, 255, np.uint8), camera)], samples)))
    if rows:
        splits = [SPLITS.index(line["split"]) for line, _ in rows]
        arrays = shard_arrays([line["id"] for line, _ in rows], [job.label] * len(rows), splits, [x for _, x in rows])
        arrays["mesh"] = np.array([line["mesh"] for line, _ in rows])
        write_shard(job.root / "shards" / f"{job.name}.npz", arrays)
    write_job_report(job, lines)
    return lines


def _read_model(job: Pix3DJob, model: str) -> Repaired | str:
    """The closed surface of a model, or why there is none."""
    from list_fast.data.import_meshes import joined

    path = job.source / model
    if not path.is_file():
        return f"no mesh {model}"
    try:
        pieces, _ = read_pieces(path)
        return repair(*joined(pieces), resolution=job.resolution)
    except MeshError as error:
        return str(error)


def read_entries(path: Path) -> list[dict[str, Any]]:
    """The pictures of ``pix3d.json`` with what is needed of them, their row's name ``<class>/<number>`` and the marks
    of ``HIDDEN`` that they bear.

    Raises:
        ValueError: not such a file.
    """
    try:
        entries = json.loads(path.read_text())
        kept = [{name: entry[name] for name in _FIELDS} for entry in entries]
        seen: Counter[str] = Counter()
        for entry, source in zip(kept, entries, strict=True):
            entry["hidden"] = [name for name in HIDDEN if source.get(name)]
            if len(entry["img_size"]) != 2 or not all(isinstance(entry[k], str) for k in _FIELDS[:4]):
                raise ValueError(f"entry of {entry['img']}")
            name = f"{entry['category']}/{PurePosixPath(entry['img']).stem}"
            seen[name] += 1
            entry["row"] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"source must hold pix3d.json as published, got {path}: {error!r}") from error
    return kept


def read_split_names(path: Path) -> list[str]:
    """The pictures that a split file lists: a list of names, or of COCO's images; flipped copies left out."""
    try:
        listed = json.loads(path.read_text())
        if isinstance(listed, dict):
            listed = [image["file_name"] for image in listed["images"]]
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise ValueError("not a list of names")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"splits must be JSON lists of pictures, got {path}: {error}") from error
    names = [name for name in listed if "flipped" not in name]
    if not names:
        raise ValueError(f"splits must list pictures, got none in {path}")
    return names


def file_splits(folder: Path, entries: Sequence[dict[str, Any]]) -> tuple[list[str | None], int]:
    """The split of each entry by ``train.json``, ``test.json`` and ``val.json`` (where there is one), None for those in
    none; and how many listed names no entry has.

    Names match by class and number, as "img/chair/0001.png" or "chair/0001", or by number where no two classes share
    it.

    Raises:
        ValueError: a file is missing, lists nothing, or only names that match none or several pictures.
    """
    keys: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        stem = PurePosixPath(entry["img"]).stem
        keys.setdefault(f"{entry['category']}/{stem}", []).append(place)
        keys.setdefault(stem, []).append(place)
    result: list[str | None] = [None] * len(entries)
    unknown = 0
    for split in SPLITS:
        path = folder / f"{split}.json"
        if split == "val" and not path.exists():
            continue
        found = 0
        for name in read_split_names(path):
            parts = PurePosixPath(name).with_suffix("").parts
            places = keys.get("/".join(parts[-2:])) or keys.get(parts[-1], [])
            if len(places) > 1:
                raise ValueError(f"splits must name pictures with their class, got {name!r} in {path}")
            unknown += not places
            found += len(places)
            for place in places:
                result[place] = split
        if not found:
            raise ValueError(f"splits must name pictures of pix3d.json, got none of them in {path}")
    return result, unknown


def seeded_splits(entries: Sequence[dict[str, Any]], seed: int) -> list[str | None]:
    """Splits by model: of each class's models a fifth for tests and a twentieth for validation, at random."""
    models: dict[str, dict[str, str]] = {}
    for entry in entries:
        models.setdefault(entry["category"], {})[entry["model"]] = "train"
    for name, splits in models.items():
        order = sorted(splits)
        np.random.default_rng([seed, class_key(name)]).shuffle(order)
        tests, vals = (round(share * len(order)) for share in (TEST_SHARE, VAL_SHARE))
        splits |= dict.fromkeys(order[:tests], "test") | dict.fromkeys(order[tests : tests + vals], "val")
    return [models[entry["category"]][entry["model"]] for entry in entries]


def import_pix3d(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    splits: str | os.PathLike[str] | None = None,
    classes: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    limit: int | None = None,
    resolution: int = RESOLUTION,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Make a data set of Pix3D. A run that was stopped goes on where it was.

    A shape has as many rows as pictures, each with one view and samples of its own; they share the stored mesh. The
    object is cut out by its mask, whose larger side fills 0.875 of the square canvas.

    Args:
        source: folder with ``pix3d.json``, ``img/``, ``mask/`` and ``model/``.
        out: directory, made if it is not there.
        splits: folder of ``train.json``, ``test.json`` and perhaps ``val.json``, see ``file_splits``; default: by model
            at random, see ``seeded_splits``.
        classes: categories, default all.
        keep: of "truncated" and "occluded", the marks that a picture may have; others' are left out. Those that are
            slightly occluded always stay.
        limit: pictures of each class at most, a random choice.
        resolution: nodes per axis where a surface has to be drawn anew.
        seed: of every random number.
        workers: processes; 0 works in this process; default one a CPU.
        progress: called with (pictures done, pictures in all) after each shard.

    Returns:
        The report: {"files": a line for each picture, "counts": how many of each ``how``, and "refused",
        "left_out": how many pictures were not taken up, by reason}.

    Raises:
        ValueError: an argument out of range, no Pix3D, nothing that could be used, or ``out`` holds another set.
    """
    tree, root = Path(source), Path(out)
    if seed < 0 or resolution < 32 or (limit is not None and limit < 1) or (workers is not None and workers < 0):
        raise ValueError(
            "seed and workers must be >= 0, resolution >= 32 and limit >= 1, "
            f"got {seed}, {workers}, {resolution} and {limit}"
        )
    if wrong := set(keep) - set(LEFT_OUT):
        raise ValueError(f"keep must be of {', '.join(LEFT_OUT)}, got {sorted(wrong)}")
    entries = read_entries(tree / "pix3d.json")
    known = sorted({entry["category"] for entry in entries})
    names = known if classes is None else sorted(set(classes))
    if not names or set(names) - set(known):
        raise ValueError(f"classes must be of {', '.join(known) or 'pix3d.json'}, got {', '.join(names) or 'none'}")
    if splits is None:
        sides, unknown = seeded_splits(entries, seed), 0
    else:
        sides, unknown = file_splits(Path(splits), entries)
    left_out = {"truncated": 0, "occluded": 0, "in no split": 0, "other class": 0, "over the limit": 0}
    chosen: dict[str, list[tuple[dict[str, Any], str]]] = {name: [] for name in names}
    for entry, split in zip(entries, sides, strict=True):
        marks = [mark for mark in LEFT_OUT if mark in entry["hidden"] and mark not in keep]
        if entry["category"] not in chosen:
            left_out["other class"] += 1
        elif marks or split is None:
            left_out[marks[0] if marks else "in no split"] += 1
        else:
            chosen[entry["category"]].append((entry, split))
    for name, rows in chosen.items():
        if limit is not None and limit < len(rows):
            rng = np.random.default_rng([seed, class_key(name), 1])
            left_out["over the limit"] += len(rows) - limit
            chosen[name] = [rows[k] for k in rng.choice(len(rows), limit, replace=False)]
        chosen[name].sort(key=lambda row: (row[0]["model"], row[0]["img"]))
    arguments = {"views": 1, "seed": seed, "resolution": resolution, "source": "pix3d"}
    rows_by_class = {name: [[entry["img"], split] for entry, split in rows] for name, rows in chosen.items()}
    claim(root, {**arguments, "pictures": rows_by_class}, "an import")
    jobs = []
    for label, name in enumerate(names):
        for number, part in enumerate(_parts(chosen[name])):
            jobs.append(Pix3DJob(tree, root, f"{name}-{number:04d}", name, label, part, seed, resolution))
    lines = run_jobs(jobs, pix3d_shard, workers, progress)
    facts = {"left_out": {reason: n for reason, n in left_out.items() if n}, "unknown_names": unknown}
    return finish(root, lines, arguments, names, **facts)


def _parts(rows: Sequence[tuple[dict[str, Any], str]]) -> list[tuple[tuple[dict[str, Any], str], ...]]:
    """The rows in parts of some dozens that do not part the pictures of a model, whose mesh is mended once."""
    parts: list[list[tuple[dict[str, Any], str]]] = []
    for row in rows:
        same = parts and parts[-1][-1][0]["model"] == row[0]["model"]
        if parts and (same or len(parts[-1]) < _SHARD_ROWS):
            parts[-1].append(row)
        else:
            parts.append([row])
    return [tuple(part) for part in parts]
