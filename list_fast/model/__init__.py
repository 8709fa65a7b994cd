# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""LIST, one file per module of the paper's figure.

Sizes, names, orders and results follow the published code, except where that has a fault:

- A predicted depth may be zero or negative and mirror points; here it is positive (`LISTConfig.depth`).
- Training on a batch of one raises; here it works (`LISTConfig.single_row_statistics`).
- Frozen parts keep updating their normalisation; here they stay as they are (`LIST.freeze`).
- No gradient passes the coarse grid; here it can (`LISTConfig.occupancy`).
- Image levels are resized to a fixed 137 x 137 and once for every chunk of queries; here the canvas is a choice
  (`LISTConfig.canvas`, `resize_levels_to_canvas`) and a level is resized once.
- The nearest grid node of a point is searched for in a tree on the CPU; here it is rounded to, with the same result.

`LISTConfig.base(faithful=True)` undoes the first two, which change results; the third never returns.
"""

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
from .half_field import HalfField
from .list_model import LIST, CoarseNet, Encoded, Features
from .mirrored import MirroredField, encode_mirrored
from .spatial_transformer import rescale_transform

__all__ = [
    "LIST",
    "CoarseNet",
    "Encoded",
    "Features",
    "Field",
    "HalfField",
    "LISTConfig",
    "MirroredField",
    "checkpoint_metadata",
    "convert",
    "default_weights_path",
    "encode_mirrored",
    "load_checkpoint",
    "load_coarse_net",
    "load_trunk_weights",
    "rescale_transform",
    "save_checkpoint",
]
