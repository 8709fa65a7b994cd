# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The frozen trunk's features of every view, computed once and kept on disk as float16.

While the trunk does not train its features never change, so paying for them once instead of in every step is most of
what makes training on a CPU possible. One row per view holds the pooled vector, then the maps, coarsest first, so that
the part that stage 1 reads is one run of bytes.
"""

from __future__ import annotations

import copy
import errno
import hashlib
import json
import math
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from .equivalents import fold_normalisation
from .files import write_json
from .hardware import reader_threads

if TYPE_CHECKING:
    from list_fast.data import ListDataset
    from list_fast.model import LIST
    from list_fast.model.image_encoder import MobileNetV2
    from list_fast.model.list_model import Features

    from .log import Log

_CHUNK = 32


def cache_key(
    dataset: ListDataset, trunk: MobileNetV2, views: Sequence[tuple[int, int]], tail: int = 0, *, rounded: bool = False
) -> str:
    """A hash of everything that the features depend on: which views, their pixels (sampled), the trunk's weights and
    the maps that it hands out; with `tail` only the blocks in front of so many maps.

    `rounded` takes the weights as checkpoints hold them: it is the same for a trunk and for what was saved of it.
    """
    from list_fast.model.checkpoint import as_stored

    digest = hashlib.sha256()
    digest.update(json.dumps([dataset.ids[i] + f"@{v}" for i, v in views]).encode())
    # Every view's pixels would cost as much as decoding the data set; eight of them tell renderings apart.
    for i, v in views[:: max(1, len(views) // 8)]:
        digest.update(dataset.image(i, v).numpy().tobytes())
    digest.update(getattr(dataset, "pictures", "").encode())
    digest.update(json.dumps([*trunk.taps, tail] if tail else trunk.taps).encode())
    for name, value in sorted((trunk.blocks(tail)[0] if tail else trunk).state_dict().items()):
        digest.update(name.encode())
        value = as_stored(value).to(value.dtype) if rounded else value.detach().cpu()
        digest.update(value.contiguous().numpy().tobytes())
    return digest.hexdigest()


class FeatureCache:
    """Trunk features of `views` of one split, row i for the i-th (shape, view) pair.

    `pooled` is a float16 array (rows, C) in memory; `maps(rows)` reads the maps of some rows from disk.
    """

    def __init__(self, path: Path, rows: int, pooled: int, maps: Sequence[Sequence[int]]) -> None:
        self.path = path
        self.map_shapes = [tuple(shape) for shape in maps]
        self.pooled_size = pooled
        self.width = pooled + sum(math.prod(shape) for shape in self.map_shapes)
        self._data = np.memmap(path, dtype=np.float16, mode="r", shape=(rows, self.width))
        self.pooled = np.array(self._data[:, :pooled])

    def __len__(self) -> int:
        return len(self.pooled)

    def maps(self, rows: np.ndarray, levels: int | None = None) -> list[Tensor]:
        """The `levels` coarsest maps (all by default) of some rows, finest first, each (len(rows), C, H, W) float32."""
        shapes = self.map_shapes[-levels:] if levels is not None else self.map_shapes
        start = self.pooled_size
        stop = start + sum(math.prod(shape) for shape in shapes)
        block = np.empty((len(rows), stop - start), np.float16)
        for target, row in zip(block, rows, strict=True):
            target[:] = self._data[row, start:stop]
        values, at, maps = torch.from_numpy(block), 0, []
        for shape in reversed(shapes):
            size = math.prod(shape)
            maps.append(values[:, at : at + size].float().view(-1, *shape))
            at += size
        return maps[::-1]


@torch.no_grad()
def build_cache(
    folder: Path,
    dataset: ListDataset,
    split: str,
    views: Sequence[tuple[int, int]],
    model: LIST,
    device: torch.device,
    log: Log,
    tail: int = 0,
) -> FeatureCache:
    """Opens the cache of `views`, computing what is missing; an interrupted computation goes on where it stopped.

    Args:
        views: (shape index, view index) pairs of `dataset`.
        model: a LIST whose `trunk` is frozen; `trunk_features(images)` gives what is kept.
        tail: with N > 0 only the map is kept that the blocks of the trunk's N coarsest maps start from, and no pooled
            vector: these blocks are about to learn.

    Raises:
        OSError: the disk is full or not writable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"front-{split}" if tail else split
    data, facts_path = folder / f"{stem}.f16", folder / f"{stem}.json"
    key = cache_key(dataset, model.trunk, views, tail)
    # The features are rounded too: those of a trunk stand for those of its checkpoint.
    rounded = cache_key(dataset, model.trunk, views, tail, rounded=True)
    compute = _fast(model, device, tail)
    facts = _facts_of_whole(data, facts_path, len(views))
    if facts.get("key") == key and "rounded" not in facts:  # of an earlier version
        facts["rounded"] = rounded
        write_json(facts_path, facts)
    if facts.get("rounded") != rounded:
        features = compute(_images(dataset, views[:1], device))
        facts = {
            "key": key,
            "rounded": rounded,
            "rows": len(views),
            "done": 0,
            "pooled": features.pooled.shape[1],
            "maps": [list(m.shape[1:]) for m in features.maps],
        }
        # First what says that the data are whole: they may go no further than this.
        facts_path.unlink(missing_ok=True)
        data.unlink(missing_ok=True)
    if facts["done"] < len(views):
        _fill(data, facts_path, facts, dataset, views, compute, device, log, split)
    return FeatureCache(data, len(views), facts["pooled"], facts["maps"])


def _width(facts: dict[str, Any]) -> int:
    """Numbers a row."""
    return int(facts["pooled"] + sum(math.prod(shape) for shape in facts["maps"]))


def _facts_of_whole(data: Path, facts_path: Path, rows: int) -> dict[str, Any]:
    """What is said of a cache of so many rows, or nothing where there is none or a disk has lost some of it."""
    try:
        facts: dict[str, Any] = json.loads(facts_path.read_text())
        whole = 0 <= facts["done"] <= rows and data.stat().st_size == 2 * rows * _width(facts)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}
    return facts if whole else {}


def _reserve(data: Path, size: int) -> None:
    """Make a file of `size` bytes, or have an older one all its room. Writing to a mapping of a file with holes ends
    the process without a word where the disk is full.

    Raises OSError where there is no such room.
    """
    new = not data.exists()
    descriptor = os.open(data, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, size)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
            # A file system that cannot reserve.
        os.ftruncate(descriptor, size)
    except OSError as error:
        if new:
            data.unlink(missing_ok=True)
        raise OSError(error.errno, f"{error.strerror}, the trunk's features take {size} bytes", str(data)) from error
    finally:
        os.close(descriptor)


def _fill(
    data: Path,
    facts_path: Path,
    facts: dict[str, Any],
    dataset: ListDataset,
    views: Sequence[tuple[int, int]],
    compute: Callable[[Tensor], Features],
    device: torch.device,
    log: Log,
    split: str,
) -> None:
    """Computes the rows from facts["done"] on, and says so in `facts_path` as it goes."""
    width = _width(facts)
    _reserve(data, 2 * len(views) * width)
    rows = np.memmap(data, np.float16, "r+", shape=(len(views), width))
    starts = list(range(facts["done"], len(views), _CHUNK))
    progress = log.progress(f"features of {split}", len(views), facts["done"])
    threads = reader_threads()
    with ThreadPoolExecutor(threads) as pool:
        # Decode the next chunks' images while the trunk works on this one.
        chunks = (pool.submit(_images, dataset, views[start : start + _CHUNK], device) for start in starts)
        pending = deque(islice(chunks, threads))
        for number, start in enumerate(starts):
            images = pending.popleft().result()
            pending.extend(islice(chunks, 1))
            features = compute(images)
            parts = [features.pooled, *(m.flatten(1) for m in reversed(features.maps))]
            # Beyond float16's range only for a broken trunk; clamp rather than store infinities.
            block = torch.cat(parts, 1).clamp(-65504, 65504).half().cpu().numpy()
            rows[start : start + len(block)] = block
            facts["done"] = start + len(block)
            if number % 32 == 31 or facts["done"] == len(views):
                rows.flush()
                write_json(facts_path, facts)
            progress(facts["done"])


def _fast(model: LIST, device: torch.device, tail: int) -> Callable[[Tensor], Features]:
    """`model.trunk_features`, or with a tail the map in front of it, of a frozen copy as fast as a CPU has it: folded
    normalisation, channels last."""
    from list_fast.model import Features

    fast, layout = model, torch.contiguous_format
    if device.type == "cpu":
        fast, layout = copy.deepcopy(model), torch.channels_last
        fold_normalisation(fast.trunk)
        fast.trunk.to(memory_format=layout)  # type: ignore[call-overload]

    def compute(images: Tensor) -> Features:
        images = images.contiguous(memory_format=layout)
        if not tail:
            return fast.trunk_features(images)
        return Features([fast.trunk_front(images, tail)], images.new_empty(len(images), 0))

    return compute


def _images(dataset: ListDataset, views: Sequence[tuple[int, int]], device: torch.device) -> Tensor:
    """Images (B, 3, 224, 224) float32 in [0, 1]."""
    return torch.stack([dataset.image(i, v) for i, v in views]).to(device).float().div_(255)
