# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Models that several tests read."""

from __future__ import annotations

import pytest
from model_builders import make_model, reduced_base

from list_fast.model import LIST, LISTConfig


@pytest.fixture(scope="session")
def small_model() -> LIST:
    """A small model in evaluation mode; tests must not change it."""
    return make_model(LISTConfig.small())


@pytest.fixture(scope="session")
def reduced_model() -> LIST:
    """A reduced base model in evaluation mode, in float64; tests must not change it."""
    return make_model(reduced_base()).double()
