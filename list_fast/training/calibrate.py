# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Where the surface of a trained model lies.

A model that regresses distances in doubt draws thin parts too thin or not at all: where half of what it thinks possible
is outside, its distance is positive. The level at which its insides overlap best with the true ones is then above zero.
"""

from __future__ import annotations

import torch
from torch import Tensor

from list_fast.model import LIST

from .batches import TrainingData, fixed_views, generator
from .stages import features_of

LEVELS = tuple(round(0.001 * k, 3) for k in range(31))
"""Candidates, in object units."""


def overlaps(predicted: Tensor, true: Tensor, levels: tuple[float, ...]) -> Tensor:
    """Mean intersection over union (L,) of the points below each level with those of negative distance.

    Args:
        predicted: (B, N) distances of a model. true: (B, N) true distances. levels: L values.

    A shape without an inside point, true or predicted, counts as agreement.
    """
    inside = true < 0
    result = []
    for level in levels:
        below = predicted < level
        union = (below | inside).sum(1)
        result.append(torch.where(union > 0, (below & inside).sum(1) / union.clamp_min(1), 1.0).mean())
    return torch.stack(result)


@torch.no_grad()
def surface_level(model: LIST, data: TrainingData, views: int, device: torch.device) -> float:
    """The level among LEVELS with the best overlap at uniform points, over one view of ``views`` shapes of a split."""
    model.eval()
    total, count = torch.zeros(len(LEVELS)), 0
    for shapes, chosen in fixed_views(data, views, 16):
        rng = generator(0, "calibrate")
        batch = data.batch(shapes, chosen, rng, surface=64, uniform=data.uniform_points).to(device)
        assert batch.points is not None and batch.sdf is not None
        encoded = model.encode_features(features_of(model, batch))
        predicted = model.query(encoded, batch.points).float() / model.config.sdf_scale
        total += len(shapes) * overlaps(predicted, batch.sdf, LEVELS).cpu()
        count += len(shapes)
    return LEVELS[int((total / count).argmax())]
