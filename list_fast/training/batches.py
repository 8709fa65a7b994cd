# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Batches of a training run: a pure function of seed, stage and step, assembled ahead of the step that needs them."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from . import parallel
from .config import AugmentConfig
from .hardware import reader_threads
from .symmetry import rotational_symmetries

if TYPE_CHECKING:
    from list_fast.data import ListDataset

    from .feature_cache import FeatureCache


_ALL = slice(None)


def generator(seed: int, *words: int | str) -> np.random.Generator:
    """An independent random generator for each (seed, words); words are names or counts."""
    return np.random.default_rng([seed, *(zlib.crc32(w.encode()) if isinstance(w, str) else w for w in words)])


@dataclass
class Batch:
    """Tensors of one step; what a stage does not need is None."""

    shapes: Tensor  # (B,) int64, index into the data set
    views: Tensor  # (B,) int64
    camera: Tensor  # (B, 4, 3), the true transform
    surface: Tensor  # (B, M, 3)
    symmetries: Tensor  # (B, K) bool, see `rotational_symmetries`
    images: Tensor | None = None  # (B, 3, H, W) in [0, 1], without a cache
    pooled: Tensor | None = None  # (B, C), from the cache
    maps: list[Tensor] | None = None  # each (B, C, H, W), from the cache
    points: Tensor | None = None  # (B, N, 3), object space
    sdf: Tensor | None = None  # (B, N), object units

    def to(self, device: torch.device) -> Batch:
        """The batch with its tensors on `device`."""
        return self._map(lambda tensor: tensor.to(device, non_blocking=True))

    def parts(self, count: int) -> list[Batch]:
        """The batch in `count` parts of equal size; ValueError where they cannot be."""
        size, rest = divmod(len(self.shapes), count)
        if rest:
            raise ValueError(f"count must be a divisor of the batch's {len(self.shapes)} rows, got {count}")
        return [self._map(itemgetter(slice(k * size, (k + 1) * size))) for k in range(count)]

    def _map(self, change: Callable[[Tensor], Tensor]) -> Batch:
        def of(value: Any) -> Any:
            if isinstance(value, list):
                return [of(v) for v in value]
            return change(value) if isinstance(value, Tensor) else value

        return Batch(**{f.name: of(getattr(self, f.name)) for f in fields(self)})


class TrainingData:
    """A split as training sees it: every view, with its cached features where there is a cache."""

    def __init__(self, dataset: ListDataset, cache: FeatureCache | None = None) -> None:
        if len(dataset) == 0:
            raise ValueError(f"data: the split {dataset.split!r} has no shapes")
        self.dataset, self.cache = dataset, cache
        self.shapes, self.views_per_shape = len(dataset), int(dataset.views)
        self.symmetries = np.ones((self.shapes, 1), bool)
        self.surface_points, self.uniform_points = len(dataset.surface(0)), len(dataset.uniform(0))
        self.near_points = len(dataset.near(0))

    def find_symmetries(self, count: int) -> None:
        """Fills `symmetries` (shapes, count); a few milliseconds a shape."""
        if self.symmetries.shape[1] != count:

            def find(index: int) -> np.ndarray:
                return rotational_symmetries(np.asarray(self.dataset.surface(index)), count)

            with ThreadPoolExecutor(os.cpu_count()) as pool:
                self.symmetries = np.stack(list(pool.map(find, range(self.shapes))))

    def all_views(self) -> list[tuple[int, int]]:
        """Every (shape, view) pair, in the order of the cache's rows."""
        return [(i, v) for i in range(self.shapes) for v in range(self.views_per_shape)]

    def order(self, seed: int, stage: str, epoch: int) -> np.ndarray:
        """The order in which an epoch visits the shapes."""
        return generator(seed, stage, "order", epoch).permutation(self.shapes)

    def shapes_of(self, seed: int, stage: str, step: int, batch: int) -> np.ndarray:
        """The shapes of a step: consecutive places in the endless sequence of epochs."""
        places = np.arange(step * batch, (step + 1) * batch)
        epochs = {e: self.order(seed, stage, int(e)) for e in np.unique(places // self.shapes)}
        return np.array([epochs[p // self.shapes][p % self.shapes] for p in places])

    def batch(
        self,
        shapes: np.ndarray,
        views: np.ndarray,
        rng: np.random.Generator,
        *,
        surface: int,
        near: int = 0,
        uniform: int = 0,
        near_from: float = 0.0,
        levels: int | None = None,
        augment: AugmentConfig | None = None,
        rows: slice = _ALL,
    ) -> Batch:
        """Collates the views (shapes[i], views[i]).

        Args:
            rows: which of them; the random choices are those of the whole batch.
            surface: surface points per shape: all in stored order where it is as many as are stored, else random ones
                with repeats, also of more than are stored.
            near, uniform: queries per shape from the samples near the surface and from those in the box, chosen so.
            near_from: share of the samples near the surface to leave out, those with the least noise first.
            levels: how many of the coarsest cached maps to read; None: all.
        """
        data, part = self.dataset, range(len(shapes))[rows]
        chosen = [_choose(self.surface_points, surface, rng) for _ in shapes]
        queries = []
        if near or uniform:
            first = round(near_from * self.near_points)
            for _ in shapes:
                close = _choose(self.near_points - first, near, rng)
                queries.append((close, _choose(self.uniform_points, uniform, rng)))
        jitter = None if self.cache is not None or augment is None else color_jitter(len(shapes), augment, rng)
        shapes, views = np.asarray(shapes)[rows], np.asarray(views)[rows]
        cloud = [np.asarray(data.surface(i))[chosen[k]] for k, i in zip(part, shapes, strict=True)]
        out = Batch(
            shapes=torch.from_numpy(np.asarray(shapes, np.int64)),
            views=torch.from_numpy(np.asarray(views, np.int64)),
            camera=torch.stack(
                [torch.as_tensor(data.camera[i, v]) for i, v in zip(shapes, views, strict=True)]
            ).float(),
            surface=torch.from_numpy(np.stack(cloud).astype(np.float32)),
            symmetries=torch.from_numpy(self.symmetries[shapes]),
        )
        if queries:
            samples = []
            for k, i in zip(part, shapes, strict=True):
                close = np.asarray(data.near(i))[first:][queries[k][0]]
                samples.append(np.concatenate([close, np.asarray(data.uniform(i))[queries[k][1]]]))
            values = torch.from_numpy(np.stack(samples).astype(np.float32))
            out.points, out.sdf = values[..., :3].contiguous(), values[..., 3].contiguous()
        if self.cache is not None:
            places = shapes * self.views_per_shape + views
            out.pooled = torch.from_numpy(self.cache.pooled[places]).float()
            out.maps = self.cache.maps(places, levels)
        else:
            images = torch.stack([data.image(i, v) for i, v in zip(shapes, views, strict=True)]).float().div_(255)
            if jitter is not None:
                images = torch.einsum("bij,bjhw->bihw", jitter[rows], images).clamp_(0, 1)
            out.images = images
        return out

    def training_batch(self, seed: int, stage: str, step: int, batch: int, **kwargs: Any) -> Batch:
        """This process's share of the batch of a step: each shape with one random view."""
        shapes = self.shapes_of(seed, stage, step, batch)
        rng = generator(seed, stage, "batch", step)
        views = rng.integers(self.views_per_shape, size=batch)
        return self.batch(shapes, views, rng, rows=parallel.rows(batch), **kwargs)


def _choose(stored: int, count: int, rng: np.random.Generator) -> np.ndarray | slice:
    """`count` random rows of those stored, all of them where it is as many.

    A random run of consecutive rows would repeat neighbours, a permutation costs too much.
    """
    return _ALL if count == stored else rng.integers(stored, size=count)


def color_jitter(count: int, options: AugmentConfig, rng: np.random.Generator) -> Tensor | None:
    """Matrices (count, 3, 3) on RGB for random brightness, saturation and hue, which turns about the grey axis.

    None where no change is asked for.
    """
    if not (options.brightness or options.saturation or options.hue):
        return None
    brightness = 1 + options.brightness * rng.uniform(-1, 1, count)
    saturation = 1 + options.saturation * rng.uniform(-1, 1, count)
    angle = 2 * np.pi * options.hue * rng.uniform(-1, 1, count)
    grey = np.array([0.299, 0.587, 0.114])
    # Rotation about (1, 1, 1) by the hue angle (Rodrigues), then the blend with grey, as one 3x3 matrix per image.
    axis = np.full(3, 3**-0.5)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    sin, cos = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    turn = cos * np.eye(3) + sin * cross + (1 - cos) * np.outer(axis, axis)
    blend = saturation[:, None, None] * np.eye(3) + (1 - saturation)[:, None, None] * np.tile(grey, (3, 1))
    return torch.from_numpy(brightness[:, None, None] * (turn @ blend)).float()


class Prefetcher:
    """Calls `make(step)` for consecutive steps in background threads, a few steps ahead; steps come in their order."""

    def __init__(self, make: Callable[[int], Batch], first: int, threads: int | None = None) -> None:
        self._make, self._next = make, first
        threads = reader_threads() if threads is None else threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="batches")
        self._pending: list[Future[Batch]] = []
        self._depth = threads + 2
        self.waited = 0.0
        """Seconds that `get` has waited for a batch."""

    def get(self) -> Batch:
        """The next step's batch."""
        while len(self._pending) < self._depth:
            self._pending.append(self._pool.submit(self._make, self._next))
            self._next += 1
        start = time.monotonic()
        batch = self._pending.pop(0).result()
        self.waited += time.monotonic() - start
        return batch

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Prefetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def fixed_views(data: TrainingData, count: int, batch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """`count` views spread evenly over a split's shapes, one view of each, in batches; the same ones every time."""
    chosen = np.unique(np.linspace(0, data.shapes - 1, min(count, data.shapes)).round().astype(int))
    views = chosen % data.views_per_shape
    for start in range(0, len(chosen), batch):
        yield chosen[start : start + batch], views[start : start + batch]
