# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""LIST, one file per module of the paper's figure."""

from .checkpoint import (
    checkpoint_metadata,
    convert,
    default_weights_path,
    load_checkpoint,
    load_coarse_net,
    load_trunk_weights,
    save_checkpoint,
)
from .config import LISTConfig
from .field import Field
from .list_model import LIST, CoarseNet, Encoded, Features

__all__ = [
    "LIST",
    "CoarseNet",
    "Encoded",
    "Features",
    "Field",
    "LISTConfig",
    "checkpoint_metadata",
    "convert",
    "default_weights_path",
    "load_checkpoint",
    "load_coarse_net",
    "load_trunk_weights",
    "save_checkpoint",
]
