# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A tiny data set, shared by the tests of training and evaluation."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from toy import write_toy_dataset


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a data set of balls and boxes: 8 training, 2 validation and 2 test shapes, two views each."""
    return write_toy_dataset(tmp_path_factory.mktemp("data") / "toy")
