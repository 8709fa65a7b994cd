# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""How long families take to build a shape."""

from __future__ import annotations

import time
from types import ModuleType

import numpy as np


def build_seconds(module: ModuleType, count: int) -> float:
    """Mean processor time of the first `count` shapes of a family."""
    start = time.process_time()
    for seed in range(count):
        for part in module.make(np.random.default_rng(seed)).parts:
            part.solid.num_tri()
    return (time.process_time() - start) / count
