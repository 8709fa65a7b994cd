# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[1]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test draws the same numbers whichever ran before it."""
    torch.manual_seed(0)


@pytest.fixture(
    params=[
        "cpu",
        pytest.param(
            "cuda",
            marks=[pytest.mark.cuda, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")],
        ),
    ]
)
def device(request: pytest.FixtureRequest) -> torch.device:
    """Each device that the operations have kernels for; CUDA is skipped, not absent, where there is none."""
    return torch.device(request.param)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the source tree."""
    return ROOT
