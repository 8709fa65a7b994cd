# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What queries of a field take in memory, each case in a process of its own (benchmarks/field.py measures it)."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from list_fast.model import LIST

MB = 1 << 20


def measured() -> Callable[..., dict[str, int]]:
    """The benchmark's function: bytes before and at the peak of many queries."""
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "field.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_the_field", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., dict[str, int]] = module.memory
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
def test_the_workspace_bounds_what_queries_take() -> None:
    """Together 600,000 queries would take about 150 MB."""
    extra = {}
    for workspace in (8 * MB, 128 * MB):
        found = measured()("small", 600_000, workspace)
        assert found["workspace"] == workspace
        extra[workspace] = found["peak"] - found["before"]
        assert extra[workspace] < workspace + 48 * MB
    assert extra[128 * MB] > extra[8 * MB] + 32 * MB


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
def test_ten_million_queries_of_the_base_model_need_less_than_one_and_a_half_gigabytes() -> None:
    assert measured()("base", 10**7)["peak"] < 1.5e9


def test_the_workspace_decides_how_many_queries_go_together(small_model: LIST) -> None:
    image, points = torch.rand(3, 224, 224), torch.rand(50, 3) - 0.5
    usual, least = small_model.encode(image), small_model.encode(image, workspace=1)
    assert least._chunk(least._scattered, least._fused) == 1 < usual._chunk(usual._scattered, usual._fused)
    torch.testing.assert_close(least.sdf(points), usual.sdf(points), rtol=0, atol=1e-6)


@pytest.mark.parametrize("workspace", [0, -1, 1.5, True, "1 GB"])
def test_a_wrong_workspace_is_named(small_model: LIST, workspace: object) -> None:
    with pytest.raises(ValueError, match="workspace must be a positive number of bytes"):
        small_model.encode(torch.zeros(3, 224, 224), workspace=workspace)
