# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Turning a folder of mesh files into a data set: read, repaired, sampled and drawn like the parametric shapes."""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from list_fast.data.dataset import SPLITS
from list_fast.data.make import SAMPLES, VIEW, shape_id, shard_arrays, split_of, write_shard
from list_fast.data.mesh_files import SUFFIXES, MeshError, Piece, read_pieces
from list_fast.data.repair import RESOLUTION, repair
from list_fast.data.shapes import class_key
from list_fast.data.shard_jobs import claim, finish, run_jobs, store_mesh, write_job_report

_SHARD_FILES = 16
UPS = ("y", "z")
BY_SHAPE = "shapes"
"""The choice of a split that gives each shape one of its own."""


@dataclass(frozen=True)
class ImportTask:
    """One shard to make: files (path within the folder, index within the class) of a class."""

    folder: Path
    root: Path
    name: str
    class_name: str
    label: int
    files: tuple[tuple[str, int], ...]
    split: str
    views: int
    seed: int
    up: str
    resolution: int
    style: str = "plain"

    @property
    def size(self) -> int:
        return len(self.files)


def find_files(folder: Path, classes: Mapping[str, Sequence[str]] | None) -> dict[str, list[Path]]:
    """The mesh files under a folder by class, sorted: of each class those whose path, relative to the folder, matches
    one of its patterns, or without classes those in each of the folder's own folders, named after it."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    found: dict[str, list[Path]] = {}
    for path in files:
        relative = path.relative_to(folder)
        if classes is None:
            name = relative.parts[0] if len(relative.parts) > 1 else folder.resolve().name
            found.setdefault(name, []).append(path)
            continue
        text = relative.as_posix().lower()
        for name, patterns in classes.items():
            if any(fnmatch.fnmatchcase(text, pattern.lower()) for pattern in patterns):
                found.setdefault(name, []).append(path)
                break
    return found


def upright(pieces: Sequence[Piece], up: str) -> list[Piece]:
    """The pieces with their ``up`` axis, "y" or "z", turned to y."""
    if up == "y":
        return list(pieces)
    return [
        Piece(np.stack([p.vertices[:, 0], p.vertices[:, 2], -p.vertices[:, 1]], 1), p.faces, p.color) for p in pieces
    ]


def joined(pieces: Sequence[Piece]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The pieces as one list of vertices (V, 3) and faces (F, 3)."""
    first = np.cumsum([0] + [len(piece.vertices) for piece in pieces])
    return (
        np.concatenate([piece.vertices for piece in pieces]),
        np.concatenate([piece.faces + start for piece, start in zip(pieces, first, strict=False)]),
    )


def split_of_file(path: str, seed: int) -> str:
    """Split of a file by its path within the folder: 90 % train, 5 % val and test each, as ``make`` has them.

    By a hash, so that a file stays where it is whatever else is in the folder; without the suffix, so that the formats
    of one model do not lie on both sides.
    """
    name = PurePosixPath(path).with_suffix("").as_posix()
    digest = hashlib.sha256(f"{seed} {name}".encode(errors="surrogateescape")).digest()
    return SPLITS[split_of(int.from_bytes(digest[:8], "little"))]


def import_shard(task: ImportTask, renderer: Any) -> list[dict[str, Any]]:
    """Write the shard of a task, and the meshes; one line of the report for each file, refused ones too."""
    from list_fast.data.pieces import piece_drawable
    from list_fast.data.sdf import sample_shape
    from list_fast.data.styles import draw_styled

    key = class_key(task.class_name)
    report: list[dict[str, Any]] = []
    ids, splits, items = [], [], []
    for path, index in task.files:
        line: dict[str, Any] = {"file": path, "class": task.class_name}
        report.append(line)
        try:
            pieces, cut = read_pieces(task.folder / path)
            pieces = upright(pieces, task.up)
            fixed = repair(*joined(pieces), resolution=task.resolution)
            item = piece_drawable(pieces, fixed.center, fixed.scale)
            samples = sample_shape(np.random.default_rng([task.seed, key, index, SAMPLES]), fixed.vertices, fixed.faces)
        except MeshError as error:
            line["refused"] = str(error)
            continue
        except (ValueError, IndexError, ArithmeticError, RuntimeError) as error:
            # One of hundreds of files must not end the run where a geometry library refuses what repair lets pass.
            line["refused"] = f"{type(error).__name__}: {error}"
            continue
        name = shape_id(task.class_name, index)
        rngs = [np.random.default_rng([task.seed, key, index, VIEW, view]) for view in range(task.views)]
        views = draw_styled(renderer, item, fixed.vertices, rngs, task.style)
        split = split_of_file(path, task.seed) if task.split == BY_SHAPE else task.split
        ids.append(name)
        splits.append(SPLITS.index(split))
        items.append((views, samples))
        notes = fixed.notes | ({"cut_polygons": cut} if cut else {})
        line |= {"id": name} | ({"split": split} if task.split == BY_SHAPE else {})
        line |= {"how": fixed.how, "faces": len(fixed.faces), "mended": notes}
        store_mesh(task.root, name, fixed)
    if items:
        arrays = shard_arrays(ids, [task.label] * len(ids), splits, items)
        write_shard(task.root / "shards" / f"{task.name}.npz", arrays)
    write_job_report(task, report)
    return report


@functools.cache
def _renderer() -> Any:
    """This process's renderer."""
    from list_fast.data.render import Renderer

    return Renderer()


def _work(task: ImportTask) -> list[dict[str, Any]]:
    return import_shard(task, _renderer())


def import_meshes(
    folder: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    views: int = 4,
    seed: int = 0,
    split: str = "test",
    up: str = "y",
    classes: Mapping[str, Sequence[str]] | None = None,
    resolution: int = RESOLUTION,
    style: str = "plain",
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Make a data set of the OBJ, GLB, glTF, PLY, STL and OFF files under a folder, and report what was done to each.

    A run that was stopped goes on where it was. Beside shards and ``dataset.json`` the set holds ``meshes/``, the
    closed surfaces that distances were measured to, and ``report.json``: for each file its id, how its surface was
    closed (see ``repair``) and what was mended by the way, or why it was refused.

    Args:
        folder: searched with all its folders.
        out: directory, made if it is not there.
        views: pictures of each shape.
        seed: of every random number.
        split: the split that all shapes go to, "test" keeps them out of training; or "shapes", which puts nine in ten
            into train and one in twenty each into val and test, by the file's path and the seed alone.
        up: the axis that points up in the files, "y" or "z".
        classes: patterns of paths by class, as ``{"chair": ["*chair*"]}``; files that match none are left out and the
            first class that matches counts. Default: the name of the folder's own folder that a file is in.
        resolution: nodes per axis where a surface has to be drawn anew.
        style: of the pictures, one of ``list_fast.data.dataset.STYLES`` (see ``list_fast.data.styles``).
        workers: processes; 0 works in this process; default one a CPU.
        progress: called with (files done, files in all) after each shard.

    Returns:
        The report: {"files": a line for each, "counts": how many of each ``how``, and "refused"}.

    Raises:
        ValueError: an argument out of range, no mesh file found, none that could be used, or ``out`` holds another set.
        RuntimeError: no OpenGL context.
    """
    from list_fast.data.styles import check_style

    source, root = Path(folder), Path(out)
    if not source.is_dir():
        raise ValueError(f"folder must be a directory, got {source}")
    if views < 1 or seed < 0 or resolution < 32:
        raise ValueError(f"views must be >= 1, seed >= 0 and resolution >= 32, got {views}, {seed} and {resolution}")
    if split not in (*SPLITS, BY_SHAPE) or up not in UPS:
        raise ValueError(f"split must be one of {(*SPLITS, BY_SHAPE)} and up one of {UPS}, got {split!r} and {up!r}")
    if workers is not None and workers < 0:
        raise ValueError(f"workers must be >= 0, got {workers}")
    found = find_files(source, classes)
    if not found:
        wanted = "any of " + ", ".join(SUFFIXES) + (" that the class patterns match" if classes else "")
        raise ValueError(f"folder must hold {wanted}, got {source} with none")
    names = sorted(found)
    listed = {name: [path.relative_to(source).as_posix() for path in found[name]] for name in names}
    arguments = {"views": views, "seed": seed, "split": split, "up": up, "resolution": resolution, "files": listed}
    arguments |= {} if check_style(style) == "plain" else {"style": style}
    claim(root, arguments, "an import")
    tasks = []
    for label, name in enumerate(names):
        indexed = [(path, index) for index, path in enumerate(listed[name])]
        for number, start in enumerate(range(0, len(indexed), _SHARD_FILES)):
            part = tuple(indexed[start : start + _SHARD_FILES])
            shard = f"{name}-{number:04d}"
            tasks.append(ImportTask(source, root, shard, name, label, part, split, views, seed, up, resolution, style))
    lines = run_jobs(tasks, _work, workers, progress)
    del arguments["files"]
    return finish(root, lines, arguments, names)
