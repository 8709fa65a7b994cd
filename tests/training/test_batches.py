# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Batches: what they hold, that they depend on seed and step alone, and that an epoch visits every shape once."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from toy import distance_to

from list_fast.data.dataset import ListDataset
from list_fast.training.batches import Prefetcher, TrainingData, color_jitter, fixed_views, generator
from list_fast.training.config import AugmentConfig


@pytest.fixture(scope="module")
def data(toy_data: Path) -> TrainingData:
    return TrainingData(ListDataset(toy_data, "train"))


def test_a_batch_is_a_function_of_seed_stage_and_step(data: TrainingData) -> None:
    def make(seed: int, stage: str, step: int) -> torch.Tensor:
        points = data.training_batch(seed, stage, step, 4, surface=64, near=8, uniform=8).points
        assert points is not None
        return points

    reference = make(1, "sdf", 5)
    assert torch.equal(make(1, "sdf", 5), reference)
    for other in (make(2, "sdf", 5), make(1, "coarse", 5), make(1, "sdf", 6)):
        assert not torch.equal(other, reference)


def test_epochs_visit_each_shape_once(data: TrainingData) -> None:
    # 8 shapes in batches of 3: three epochs are 8 batches, and batches span epochs.
    visits = np.concatenate([data.shapes_of(0, "coarse", step, 3) for step in range(8)])
    for epoch in range(3):
        assert sorted(visits[8 * epoch : 8 * epoch + 8]) == list(range(8))
    assert visits[:8].tolist() != visits[8:16].tolist()


def test_a_batch_holds_what_it_says(data: TrainingData) -> None:
    batch = data.training_batch(0, "sdf", 0, 4, surface=4096, near=20, uniform=10)
    assert batch.images is not None and batch.points is not None and batch.sdf is not None
    assert batch.images.shape == (4, 3, 224, 224)
    assert 0 <= batch.images.min() and batch.images.max() <= 1
    assert batch.points.shape == (4, 30, 3)
    for k in range(4):
        shape, view = int(batch.shapes[k]), int(batch.views[k])
        assert torch.equal(batch.camera[k], data.dataset.camera[shape, view])
        assert torch.equal(batch.surface[k], data.dataset.surface(shape))
        if data.dataset.labels[shape] == 0:
            expected = distance_to(0, np.zeros(3), batch.points[k].double().numpy())
            np.testing.assert_allclose(batch.sdf[k].numpy(), expected, atol=5e-4)
        # The first 20 lie near the surface, the others anywhere in the box.
        assert batch.sdf[k, :20].abs().max() < 0.4


def test_the_samples_nearest_to_the_surface_may_be_left_out(data: TrainingData) -> None:
    means = []
    for share in (0.0, 0.667):
        batch = data.training_batch(0, "sdf", 0, 4, surface=64, near=2000, near_from=share)
        assert batch.sdf is not None
        means.append(float(batch.sdf.abs().mean()))
    assert means[1] > 1.8 * means[0]


def test_color_jitter_leaves_grey_to_hue_and_scales_brightness() -> None:
    grey = torch.full((3,), 0.25)
    turned = color_jitter(3, AugmentConfig(hue=0.5, saturation=0.5), generator(0))
    assert turned is not None
    torch.testing.assert_close(turned @ grey, grey.expand(3, 3), atol=1e-5, rtol=0)
    scaled = color_jitter(3, AugmentConfig(brightness=0.3), generator(0))
    assert scaled is not None
    factors = scaled[:, 0, 0]
    torch.testing.assert_close(scaled, factors[:, None, None] * torch.eye(3), atol=1e-6, rtol=0)
    assert 0.7 <= factors.min() < factors.max() <= 1.3
    hue = color_jitter(1, AugmentConfig(hue=0.5), generator(1))
    red = torch.tensor([0.5, 0.1, 0.1])
    assert hue is not None and not torch.allclose(hue[0] @ red, red, atol=0.02)
    assert color_jitter(3, AugmentConfig(), generator(0)) is None


def test_rows_of_a_batch_are_those_of_the_whole(data: TrainingData) -> None:
    shapes, views = np.array([0, 3, 1, 2]), np.array([0, 1, 1, 0])
    options = {"surface": 64, "near": 100, "uniform": 50, "near_from": 0.5, "augment": AugmentConfig(hue=0.3)}
    whole = data.batch(shapes, views, generator(3), **options)
    part = data.batch(shapes, views, generator(3), rows=slice(2, 4), **options)
    for name in ("shapes", "views", "camera", "surface", "symmetries", "images", "points", "sdf"):
        assert torch.equal(getattr(part, name), getattr(whole, name)[2:]), name
    first, second = whole.parts(2)
    assert torch.equal(second.points, part.points) and torch.equal(first.images, whole.images[:2])


def test_a_batch_in_parts_loses_no_row(data: TrainingData) -> None:
    batch = data.training_batch(0, "coarse", 0, 6, surface=8)
    for count in (1, 2, 3):
        assert torch.cat([part.shapes for part in batch.parts(count)]).equal(batch.shapes)
    with pytest.raises(ValueError, match="count must be a divisor of the batch's 6 rows, got 4"):
        batch.parts(4)


def test_more_points_than_are_stored_come_with_repeats(data: TrainingData) -> None:
    surface = data.training_batch(0, "coarse", 0, 2, surface=data.surface_points + 9).surface
    assert surface.shape[1] == data.surface_points + 9
    assert len(surface[0].unique(dim=0)) < data.surface_points


@pytest.mark.parametrize("threads", [1, 4])
def test_prefetcher_keeps_the_order_and_passes_errors_on(threads: int) -> None:
    seen = []

    def make(step: int) -> Any:
        seen.append(threading.current_thread().name)
        time.sleep(0.02 * (step % 3))  # the later ones are done before
        if step == 7:
            raise RuntimeError("broken shard")
        return step

    with Prefetcher(make, 3, threads) as batches:
        assert [batches.get() for _ in range(4)] == [3, 4, 5, 6]
        with pytest.raises(RuntimeError, match="broken shard"):
            batches.get()
    assert threading.current_thread().name not in seen and len(set(seen)) <= threads


def test_fixed_views_are_spread_and_bounded(data: TrainingData) -> None:
    batches = list(fixed_views(data, 5, 2))
    shapes = np.concatenate([b[0] for b in batches])
    assert len(shapes) == 5
    assert shapes[0] == 0 and shapes[-1] == 7
    assert max(len(b[0]) for b in batches) == 2
    assert sum(len(b[0]) for b in fixed_views(data, 500, 4)) == 8
