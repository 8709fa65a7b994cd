# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Data sets as tar files in WebDataset's conventions: writing them, and random access to them by an index of offsets.

A sample is a shape: ``<key>.json`` (id, class, label, mesh name, cameras, poses, backgrounds, in sets of format 2 the
squares to cut out), ``<key>.<view>.png`` or ``.jpg`` as the set has it, in format 2 ``<key>.<view>.mask.png``,
``<key>.surface.npy``, ``.normals.npy``, ``.near.npy`` and ``.uniform.npy`` (float16), and ``<key>.mesh.npz`` where a
surface is stored and no sample before in the file has it. Members of a sample follow each other, the JSON first.
``<split>-<number>.tar`` hold a split in the order of ``ListDataset``; ``dataset.json`` lies beside them.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from list_fast._files import write_text
from list_fast.data.dataset import INPUTS, SPLITS, ListDataset, maker, mesh_path, read_description, style_of_view

ARRAYS = ("surface", "normals", "near", "uniform")
STORAGE = "webdataset"
SHARD_MB = 256
_WIDTH = 6  # digits of a shard's number


def sample_key(name: str) -> str:
    """The key of a sample: its id, whose dots would end a key."""
    return name.replace("%", "%25").replace(".", "%2E")


def view_extensions(style: str, view: int) -> dict[str, str]:
    """The extensions of a view's files ("image", and "mask" where the style has it) behind its number."""
    image = {"image": "jpg" if style_of_view(style, view) in ("augmented", "photoreal") else "png"}
    return image if style == "plain" else image | {"mask": "mask.png"}


def sample_members(dataset: ListDataset, index: int, *, mesh: bool = True) -> Iterator[tuple[str, bytes]]:
    """The members (extension, contents) of a shape's sample, with or without its stored surface."""
    name = dataset.ids[index]
    facts = {
        "id": name,
        "class": dataset.classes[int(dataset.labels[index])],
        "label": int(dataset.labels[index]),
        "mesh": dataset.mesh_name(index),
        # float32 goes through JSON's decimal numbers and back without loss.
        "camera": dataset.camera[index].tolist(),
        "pose": dataset.pose[index].tolist(),
        "background": dataset.background[index].tolist(),
    }
    if dataset.style != "plain":
        facts["box"] = dataset.boxes[index].tolist()
    yield "json", json.dumps(facts).encode()
    for view in range(dataset.views):
        for kind, extension in view_extensions(dataset.style, view).items():
            yield f"{view}.{extension}", dataset.file(index, view, kind)
    for array in ARRAYS:
        stream = io.BytesIO()
        np.save(stream, dataset.stored(array, index))
        yield f"{array}.npy", stream.getvalue()
    place = mesh_path(dataset.root, dataset.mesh_name(index))
    if mesh and place.exists():
        yield "mesh.npz", place.read_bytes()


def export_webdataset(
    data: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    shard_mb: float = SHARD_MB,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Write a data set as tar files and return what its ``dataset.json`` says. Memory holds a sample at a time.

    Tar files that are whole are kept, so an export that was stopped goes on where it was.

    Args:
        data: a data set in shards.
        out: directory, made if it is not there.
        shard_mb: megabytes after which a tar file ends.
        progress: called with (shapes done, shapes in all) after each tar file.

    Raises:
        ValueError: no data set in shards at ``data``, ``out`` holds something else, or ``shard_mb`` is not positive.
    """
    if not shard_mb > 0:
        raise ValueError(f"shard_mb must be > 0, got {shard_mb}")
    source, root = Path(data), Path(out)
    description = read_description(source)
    if description.get("storage") == STORAGE:
        raise ValueError(f"data must be a data set in shards, got {source}, which is one of tar files already")
    origin = json.dumps({**description, "shard_mb": shard_mb})
    claim = root / "export.json"
    if root.exists() and any(root.iterdir()) and not (claim.exists() and claim.read_text() == origin):
        raise ValueError(f"out must be a new directory or an export of the same set, got {root}")
    root.mkdir(parents=True, exist_ok=True)
    write_text(claim, origin)
    total, done, shards = sum(description["counts"].values()), 0, []
    for split in SPLITS:
        dataset = ListDataset(source, split, inputs="picture")  # the stored cameras
        index = number = 0
        while index < len(dataset):
            place = root / f"{split}-{number:0{_WIDTH}d}.tar"
            if place.exists():
                index += len(tar_index(place)[0])
            else:
                index = _write_tar(place, dataset, index, shard_mb * 1e6)
            shards.append(place.name)
            number += 1
            if progress is not None:
                progress(done + index, total)
        done += len(dataset)
    result = {**description, "storage": STORAGE, "shards": shards}
    write_text(root / "dataset.json", json.dumps(result, indent=2) + "\n")
    return result


def _write_tar(place: Path, dataset: ListDataset, index: int, limit: float) -> int:
    """Write samples from ``index`` on until the file has ``limit`` bytes; the index of the first that is not in it."""
    temporary = place.with_name(f"{place.name}.{os.getpid()}.tmp")
    try:
        seen: set[str] = set()
        with tarfile.open(temporary, "w", format=tarfile.GNU_FORMAT) as archive:
            while index < len(dataset) and archive.offset < limit:
                key = sample_key(dataset.ids[index])
                mesh = dataset.mesh_name(index)
                for extension, contents in sample_members(dataset, index, mesh=mesh not in seen):
                    member = tarfile.TarInfo(f"{key}.{extension}")
                    member.size, member.mode = len(contents), 0o644
                    archive.addfile(member, io.BytesIO(contents))
                seen.add(mesh)
                index += 1
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
    return index


def tar_index(path: Path) -> tuple[list[str], list[dict[str, tuple[int, int]]]]:
    """The keys of a tar file's samples, and of each the offset and size of its members by extension.

    Raises:
        ValueError: not a whole tar file.
    """
    keys: list[str] = []
    members: list[dict[str, tuple[int, int]]] = []
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                if not member.isfile():
                    continue
                folder, _, file = member.name.rpartition("/")
                stem, _, extension = file.partition(".")
                key = f"{folder}/{stem}" if folder else stem
                if not keys or keys[-1] != key:
                    keys.append(key)
                    members.append({})
                members[-1][extension] = (member.offset_data, member.size)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise ValueError(f"data must hold whole tar files, got {path}: {error}") from error
    return keys, members


def decode_facts(contents: bytes) -> dict[str, Any]:
    """A sample's JSON with camera (V, 4, 3) and pose (V, 3) float32 and background (V, 3) uint8 as arrays."""
    facts: dict[str, Any] = json.loads(contents)
    types = {"camera": np.float32, "pose": np.float32, "background": np.uint8, "box": np.float32}
    return facts | {name: np.array(facts[name], kind) for name, kind in types.items() if name in facts}


class TarDataset(ListDataset):
    """A split of a set of tar files, item by item what ``ListDataset`` reads of the set that was exported.

    An index of offsets is built once and kept beside each tar file where that can be written; samples are read when
    they are asked for, so memory holds the index and the cameras. Reading is thread-safe.

    Args:
        root: directory that holds ``dataset.json`` and the tar files.
        split: "train", "val" or "test".
        inputs: as of ``ListDataset``.

    Raises:
        ValueError: an unknown split or inputs, no such data set at ``root``, or one that is not whole.
    """

    def __init__(self, root: str | os.PathLike[str], split: str = "train", *, inputs: str = "cutout") -> None:
        import torch

        if split not in SPLITS:
            raise ValueError(f"split must be one of {SPLITS}, got {split!r}")
        if inputs not in INPUTS:
            raise ValueError(f"inputs must be one of {INPUTS}, got {inputs!r}")
        self.root, self.split, self.inputs = Path(root), split, inputs
        description = read_description(self.root)
        self._describe(description)
        self._kinds = [view_extensions(self.style, view) for view in range(self.views)]
        pictures = [f"{view}.{extension}" for view, kinds in enumerate(self._kinds) for extension in kinds.values()]
        self._extensions = ["json", *pictures, *(f"{a}.npy" for a in ARRAYS), "mesh.npz"]
        self.ids, self._names = [], []
        self._files = sorted(self.root.glob(f"{split}-*.tar"))
        tables, facts = [], []
        for number, path in enumerate(self._files):
            offsets, described = _load_index(path, self._extensions)
            tables.append(np.column_stack([np.full(len(offsets), number), offsets.reshape(len(offsets), -1)]))
            facts.append(described)
            self.ids += described["ids"].tolist()
            self._names += described["mesh"].tolist()
        if len(self.ids) != (whole := description["counts"][split]):
            raise ValueError(
                f"root must be a whole data set, got {self.root} with {len(self.ids)} of {whole} shapes of {split!r}; "
                f"`{maker(description)}` with its arguments makes the rest"
            )
        width = 1 + 2 * len(self._extensions)
        self._table = np.concatenate([np.zeros((0, width), np.int64), *tables])
        stored = np.flatnonzero(self._table[:, -1]).tolist()
        self._mesh_rows = {self._names[row]: row for row in stored}
        empty: dict[str, NDArray[Any]] = {
            "label": np.zeros(0, np.int64),
            "camera": np.zeros((0, self.views, 4, 3), np.float32),
            "pose": np.zeros((0, self.views, 3), np.float32),
            "background": np.zeros((0, self.views, 3), np.uint8),
            "box": np.zeros((0, self.views, 3), np.float32),
        }
        wanted = ("label", *self._columns)
        columns = {name: np.concatenate([empty[name], *(f[name] for f in facts)]) for name in wanted}
        self.labels = torch.from_numpy(columns.pop("label"))
        self._take(columns)

    def __len__(self) -> int:
        return len(self.ids)

    def file(self, index: int, view: int, kind: str = "image") -> bytes:
        if not 0 <= view < self.views:
            raise IndexError(f"view must be in [0, {self.views}), got {view}")
        return self._read(index, f"{view}.{self._kinds[view][kind]}")

    def stored(self, name: str, index: int) -> NDArray[np.float16]:
        return np.load(io.BytesIO(self._read(index, f"{name}.npy")), allow_pickle=False)

    def mesh(self, index: int) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
        row = self._mesh_rows.get(self._names[index])
        if row is None:
            return None
        with np.load(io.BytesIO(self._read(row, "mesh.npz"))) as stored:
            return stored["vertices"].astype(np.float64), stored["faces"].astype(np.int64)

    def mesh_name(self, index: int) -> str:
        return self._names[index]

    def _read(self, index: int, extension: str) -> bytes:
        if not -len(self) <= index < len(self):
            raise IndexError(f"index must be in [0, {len(self)}), got {index}")
        row, place = self._table[index], 1 + 2 * self._extensions.index(extension)
        offset, size = row[place : place + 2].tolist()
        with open(self._files[row[0]], "rb") as stream:
            stream.seek(offset)
            return stream.read(size)


def _load_index(path: Path, extensions: list[str]) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
    """Offsets and sizes (N, extensions, 2) of a tar file's members, zeros for what a sample lacks, and the facts of its
    samples; from the index beside it, or scanned."""
    place = path.with_name(path.name + ".index.npz")
    state = path.stat()
    stamp = np.array([state.st_size, state.st_mtime_ns, len(extensions)])
    try:
        with np.load(place) as stored:
            if np.array_equal(stored["stamp"], stamp):
                facts = {name: stored[name] for name in stored.files if name not in ("stamp", "offsets")}
                return stored["offsets"], facts
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass
    _, members = tar_index(path)
    offsets = np.zeros((len(members), len(extensions), 2), np.int64)
    described = []
    with open(path, "rb") as stream:
        for table, sample in zip(offsets, members, strict=True):
            lacks = [name for name in extensions if name not in sample and name != "mesh.npz"]
            if lacks:
                raise ValueError(f"data must hold whole samples, got one without {lacks[0]} in {path}")
            for row, name in zip(table, extensions, strict=True):
                row[:] = sample.get(name, (0, 0))
            stream.seek(sample["json"][0])
            described.append(decode_facts(stream.read(sample["json"][1])))
    facts = {
        "ids": np.array([item["id"] for item in described]),
        "mesh": np.array([item["mesh"] for item in described]),
        "label": np.array([item["label"] for item in described], np.int64),
    }
    columns = [name for name in ("camera", "pose", "background", "box") if described and name in described[0]]
    facts |= {name: np.stack([item[name] for item in described]) for name in columns}
    temporary = place.with_name(f"{place.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as stream:
            np.savez(stream, stamp=stamp, offsets=offsets, **facts)
        temporary.replace(place)
    except OSError:  # a folder that cannot be written: scanned again the next time
        temporary.unlink(missing_ok=True)
    return offsets, facts
