# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Making the data set: shapes, pictures and distance samples, in shards, by several processes."""

from __future__ import annotations

import contextlib
import io
import json
import math
import multiprocessing
import os
import queue
import threading
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from list_fast._files import replacing, write_text
from list_fast.data.dataset import FORMAT_VERSION, SPLITS, STYLED_VERSION
from list_fast.data.shapes import FAMILIES, build_shape, check_class, class_key, unite

if TYPE_CHECKING:
    from list_fast.data.camera import Camera
    from list_fast.data.render import View
    from list_fast.data.sdf import Samples

SHARD_SHAPES = 64
# Workers may die of a lack of memory, or once in tens of thousands of shapes of a fault in a library.
_ATTEMPTS = 3
# Streams of a shape's random numbers beside the one that builds it.
SAMPLES, LOOKS, VIEW = 1, 2, 3
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "IGL_NUM_THREADS", "LP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TBB_NUM_THREADS")


class WorkerDied(RuntimeError):
    """A worker process ended without saying why: killed for memory, or a fault in a library."""


@dataclass(frozen=True)
class ShardTask:
    """One shard to make: of the shapes ``first`` to ``first + count - 1`` of a class those in ``splits``."""

    path: Path
    class_name: str
    label: int
    first: int
    count: int
    views: int
    seed: int
    style: str = "plain"
    splits: tuple[str, ...] = SPLITS

    @property
    def indices(self) -> list[int]:
        """The shapes that it holds."""
        return [i for i in range(self.first, self.first + self.count) if SPLITS[split_of(i)] in self.splits]


def split_of(index: int) -> int:
    """Split of a shape by its index: 0 train (90 %), 1 val, 2 test (5 % each)."""
    return {0: 2, 1: 1}.get(index % 20, 0)


def shape_id(class_name: str, index: int) -> str:
    """Name of a shape, ``<class>/<index>`` with five digits."""
    return f"{class_name}/{index:05d}"


@dataclass(frozen=True)
class FileView:
    """A picture as a PNG file of 224 x 224 RGBA with straight alpha, a background color (3,) uint8, its camera."""

    file: bytes
    background: NDArray[np.uint8]
    camera: Camera


def encode_png(image: NDArray[np.uint8]) -> bytes:
    """PNG file of an image (H, W, 4) or, gray with alpha, (H, W, 2) uint8."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG", compress_level=4)
    return stream.getvalue()


def make_shard(task: ShardTask, renderer: Any) -> dict[str, NDArray[Any]]:
    """The arrays of one shard, as ``ListDataset`` describes them; they depend on the task alone."""
    from list_fast.data.sdf import sample_shape
    from list_fast.data.styles import styled_views

    key = class_key(task.class_name)
    items = []
    for index in task.indices:
        name = shape_id(task.class_name, index)
        try:
            shape = build_shape(task.class_name, task.seed, index)
            surface = unite(shape)
            rngs = [np.random.default_rng([task.seed, key, index, VIEW, view]) for view in range(task.views)]
            look_rng = np.random.default_rng([task.seed, key, index, LOOKS])
            views = styled_views(renderer, shape, surface, task.class_name, rngs, look_rng, task.style)
            samples = sample_shape(
                np.random.default_rng([task.seed, key, index, SAMPLES]), surface.vertices, surface.faces
            )
        except ValueError as error:
            raise ValueError(f"shape {name} with seed {task.seed}: {error}") from error
        items.append((views, samples))
    ids = [shape_id(task.class_name, index) for index in task.indices]
    return shard_arrays(ids, [task.label] * len(ids), [split_of(index) for index in task.indices], items)


def shard_arrays(
    ids: Sequence[str],
    labels: Sequence[int],
    splits: Sequence[int],
    items: Sequence[tuple[Sequence[View | FileView], Samples]],
) -> dict[str, NDArray[Any]]:
    """The arrays of a shard, of the views and samples of its shapes; views with rough masks make one of format 2."""
    shown = [view for views, _ in items for view in views]
    files = [view.file if isinstance(view, FileView) else view.jpeg or encode_png(view.image) for view in shown]
    drawn = [view for view in shown if not isinstance(view, FileView) and view.rough is not None]
    columns: dict[str, list[Any]] = {
        "background": [[view.background for view in views] for views, _ in items],
        "camera": [[view.camera.transform for view in views] for views, _ in items],
        "pose": [[view.camera.pose for view in views] for views, _ in items],
    }
    for name in ("surface", "normals", "near", "uniform"):
        columns[name] = [getattr(samples, name) for _, samples in items]
    arrays: dict[str, NDArray[Any]] = {
        "ids": np.array(ids),
        "label": np.array(labels, np.int64),
        "split": np.array(splits, np.uint8),
        **_joined("image", files),
    }
    if drawn:
        from list_fast.data.styles import framing_box

        boxes = [framing_box(view) for view in drawn]
        columns["box"] = np.array(boxes).reshape(len(items), -1, 3).tolist()
        masks = [np.dstack([view.image[..., 3], view.rough]) for view in drawn if view.rough is not None]
        arrays |= _joined("mask", [encode_png(mask) for mask in masks])
    types = {"background": np.uint8, "camera": np.float32, "pose": np.float32, "box": np.float32}
    return arrays | {name: np.array(values, types.get(name, np.float16)) for name, values in columns.items()}


def _joined(name: str, files: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """Files as two arrays of a shard: their bytes, and where each begins."""
    return {
        f"{name}_data": np.frombuffer(b"".join(files), np.uint8),
        f"{name}_offset": np.concatenate([[0], np.cumsum([len(f) for f in files])]).astype(np.int64),
    }


def write_shard(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write an uncompressed .npz under a temporary name, then rename it: a shard is whole or not there."""
    with replacing(path) as temporary, open(temporary, "wb") as stream:
        np.savez(stream, **arrays)  # type: ignore[arg-type]


def shard_is_complete(task: ShardTask) -> bool:
    """Whether the shard's file holds exactly the shapes and views of the task."""
    try:
        with open(task.path, "rb") as stream, np.load(stream) as shard:
            ids, offsets = shard["ids"], shard["image_offset"]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return False
    expected = [shape_id(task.class_name, index) for index in task.indices]
    return ids.tolist() == expected and len(offsets) == len(expected) * task.views + 1


def _use_one_thread() -> None:
    """Let the booleans' thread pool, which counts the CPUs it may use when it starts, start while there is one."""
    if not hasattr(os, "sched_setaffinity"):
        return
    from manifold3d import Manifold

    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        (Manifold.sphere(1.0, 64) - Manifold.sphere(1.0, 64).translate((0.5, 0, 0))).num_tri()
    finally:
        os.sched_setaffinity(0, allowed)


def _work(worker_tasks: Any, results: Any, problems: Any) -> None:
    """Body of a worker process: one OpenGL context, then shards until the queue is empty."""
    from list_fast.data.render import Renderer

    try:
        _use_one_thread()
        end_with_parent()
        renderer = Renderer()
        while (task := worker_tasks.get()) is not None:
            write_shard(task.path, make_shard(task, renderer))
            results.put(task)
    except KeyboardInterrupt:
        pass
    except Exception as error:  # whatever it was, the parent process reports it
        problems.put(
            error if isinstance(error, (ValueError, RuntimeError, OSError, ImportError)) else RuntimeError(repr(error))
        )
        raise SystemExit(1) from None


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Processes started within have one thread: the environment says so when their libraries load."""
    saved = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in saved.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, a killed one too: it would wait for work for
    ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _run_workers(tasks: Sequence[ShardTask], workers: int, done: Callable[[ShardTask], None]) -> None:
    context = multiprocessing.get_context("spawn")  # an OpenGL context does not survive a fork
    waiting_tasks, results, problems = context.SimpleQueue(), context.Queue(), context.Queue()
    with one_thread():
        processes = [
            context.Process(target=_work, args=(waiting_tasks, results, problems), daemon=True) for _ in range(workers)
        ]
        for process in processes:
            process.start()
    try:
        # SimpleQueue.put blocks once the pipe is full, so the queue is kept a few tasks ahead of the workers.
        waiting = list(tasks) + [None] * workers
        ahead = 2 * workers
        for task in waiting[:ahead]:
            waiting_tasks.put(task)
        waiting = waiting[ahead:]
        left = len(tasks)
        while left:
            try:
                task = results.get(timeout=0.5)
            except queue.Empty:
                if any(process.exitcode not in (None, 0) for process in processes):
                    error = problems.get(timeout=5) if not problems.empty() else WorkerDied("a worker process died")
                    raise error from None
                continue
            left -= 1
            done(task)
            if waiting:
                waiting_tasks.put(waiting.pop(0))
        for task in waiting:
            waiting_tasks.put(task)
        for process in processes:
            process.join(10)
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()


def make_dataset(
    out: str | os.PathLike[str],
    *,
    shapes_per_class: int,
    views: int = 4,
    seed: int = 0,
    workers: int | None = None,
    classes: Sequence[str] = FAMILIES,
    style: str = "plain",
    splits: Sequence[str] = SPLITS,
    progress: Callable[[int, int, int, float], None] | None = None,
) -> dict[str, Any]:
    """Make (or finish) a data set and return what its ``dataset.json`` says.

    Complete shards are kept, so a run that was stopped goes on where it was; more ``shapes_per_class`` extend a set.
    The bits depend on ``seed`` and not on ``workers``.

    Args:
        out: directory, made if it is not there.
        shapes_per_class: shapes of each class; one in twenty each for validation and test, by index.
        views: pictures of each shape.
        seed: of every random number.
        workers: processes; 0 works in this process; default one a CPU.
        classes: names of families.
        style: of the pictures, one of ``list_fast.data.dataset.STYLES`` (see ``list_fast.data.styles``).
        splits: those to make, of ``train``, ``val``, ``test``. A part of a set holds the bits that the whole has there.
        progress: called with (shapes there, shapes made by this call, shapes in all, seconds) after each shard.

    Raises:
        ValueError: an argument out of range, or ``out`` holds a set made with another seed, view count, class list,
            style or choice of splits.
        RuntimeError: no OpenGL context.
    """
    if shapes_per_class < 1 or views < 1 or seed < 0:
        raise ValueError(
            f"shapes_per_class and views must be >= 1 and seed >= 0, got {shapes_per_class}, {views}, {seed}"
        )
    workers = (os.cpu_count() or 1) if workers is None else workers
    if workers < 0:
        raise ValueError(f"workers must be >= 0, got {workers}")
    names = sorted({check_class(name) for name in classes})
    if not names:
        raise ValueError("classes must name at least one class, got none")
    kept_splits = tuple(name for name in SPLITS if name in splits)
    if not kept_splits or len(kept_splits) < len(set(splits)):
        raise ValueError(f"splits must be one or more of {', '.join(SPLITS)}, got {splits!r}")
    from list_fast.data.styles import check_style

    root, plain = Path(out), check_style(style) == "plain"
    arguments = {"shapes_per_class": shapes_per_class, "views": views, "seed": seed, "classes": names}
    if not plain:
        arguments["style"] = style
    if kept_splits != SPLITS:
        arguments["splits"] = list(kept_splits)
    description = {
        "format": FORMAT_VERSION if plain else STYLED_VERSION,
        "arguments": arguments,
        "classes": names,
        "counts": _counts(shapes_per_class, len(names), kept_splits),
    }
    _check_same_set(root, description)
    (root / "shards").mkdir(parents=True, exist_ok=True)
    write_text(root / "dataset.json", json.dumps(description, indent=2) + "\n")
    tasks = []
    for number in range(
        math.ceil(shapes_per_class / SHARD_SHAPES)
    ):  # class by class in turn: a stopped set is balanced
        for label, name in enumerate(names):
            first = number * SHARD_SHAPES
            count = min(SHARD_SHAPES, shapes_per_class - first)
            path = root / "shards" / f"{name}-{number:04d}.npz"
            tasks.append(ShardTask(path, name, label, first, count, views, seed, style, kept_splits))
    tasks = [task for task in tasks if task.indices]
    missing = [task for task in tasks if not shard_is_complete(task)]
    total = sum(len(task.indices) for task in tasks)
    kept = total - sum(len(task.indices) for task in missing)
    made = 0
    start = time.monotonic()

    def done(task: ShardTask) -> None:
        nonlocal made
        made += len(task.indices)
        if progress is not None:
            progress(kept + made, made, total, time.monotonic() - start)

    if missing and workers == 0:
        from list_fast.data.render import Renderer

        renderer = Renderer()
        for task in missing:
            write_shard(task.path, make_shard(task, renderer))
            done(task)
    for attempt in range(1, _ATTEMPTS + 1):
        if workers == 0 or not missing:
            break
        try:
            _run_workers(missing, min(workers, len(missing)), done)
            break
        except WorkerDied:
            if attempt == _ATTEMPTS:
                raise
            warnings.warn("a worker process died; what it was making is made again", RuntimeWarning, stacklevel=2)
            missing = [task for task in missing if not shard_is_complete(task)]
    return description


def _counts(shapes_per_class: int, classes: int, kept: Sequence[str]) -> dict[str, int]:
    splits = [SPLITS[split_of(index)] for index in range(shapes_per_class)]
    return {name: classes * splits.count(name) if name in kept else 0 for name in SPLITS}


def _check_same_set(root: Path, description: dict[str, Any]) -> None:
    path = root / "dataset.json"
    if not path.exists():
        others = [name for name in ("import.json", "export.json") if (root / name).exists()]
        if others:
            raise ValueError(f"out must be a new directory or a data set made by `make`, got {root} with {others[0]}")
        return
    try:
        old = json.loads(path.read_text())
        usual = {"style": "plain", "splits": list(SPLITS)}
        before = {**usual, **old["arguments"], "format": old["format"]}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"out must be a new directory or a data set, got {root} whose dataset.json cannot be read"
        ) from error
    now = {**usual, **description["arguments"], "format": description["format"]}
    differ = [name for name in now if name != "shapes_per_class" and before.get(name) != now[name]]
    if differ:
        name = differ[0]
        raise ValueError(
            f"out must be a data set made with {name} {now[name]!r}, got {root} made with {before.get(name)!r}"
        )
    if before["shapes_per_class"] > now["shapes_per_class"]:
        raise ValueError(
            "shapes_per_class must not shrink a data set, "
            f"got {now['shapes_per_class']} for {root} with {before['shapes_per_class']}"
        )
