# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""One OpenGL context for the tests that draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from list_fast.data.render import Renderer


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """A renderer; skips where no OpenGL context can be had."""
    from list_fast.data.render import Renderer

    try:
        return Renderer()
    except RuntimeError as error:
        pytest.skip(str(error))
