# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Training LIST in the paper's two stages (section 4.1), on a CPU or a GPU."""

from __future__ import annotations

from .config import TrainConfig, load_config, shipped_configs

__all__ = ["TrainConfig", "load_config", "shipped_configs"]
