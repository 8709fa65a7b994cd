# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The level at which a model's surface is found."""

from __future__ import annotations

import torch

from list_fast.training.calibrate import LEVELS, overlaps


def test_overlap_equals_the_obvious_count() -> None:
    torch.manual_seed(0)
    predicted, true = torch.randn(3, 40), torch.randn(3, 40)
    true[2] = 1.0  # nothing inside
    levels = (-10.0, 0.0, 0.5)
    found = overlaps(predicted, true, levels)
    for value, level in zip(found.tolist(), levels, strict=True):
        each = []
        for p, t in zip(predicted.tolist(), true.tolist(), strict=True):
            a = {i for i, x in enumerate(p) if x < level}
            b = {i for i, x in enumerate(t) if x < 0}
            each.append(len(a & b) / len(a | b) if a | b else 1.0)
        assert abs(value - sum(each) / len(each)) < 1e-6


def test_a_planted_bias_is_found() -> None:
    true = torch.linspace(-0.2, 0.2, 4001)[None]
    found = overlaps(true + 0.012, true, LEVELS)
    assert LEVELS[int(found.argmax())] == 0.012
