# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Matrices in the order in which kernels for the CPU read them."""

from __future__ import annotations

import torch
from torch import Tensor

from list_fast._errors import check_floating

DTYPES = (torch.float32, torch.float64)
_PANEL_BYTES = 256


def pack_panels(weight: Tensor) -> Tensor:
    """A matrix (..., n, H), or several, in panels (..., P, n, W) of W columns, which are 256 bytes of a row; the last
    panel is filled up with zeros.

    Raises TypeError unless ``weight`` is a tensor of float32 or float64, ValueError unless it has two dimensions.
    """
    if not isinstance(weight, Tensor):
        raise TypeError(f"weight must be a torch.Tensor of shape (..., n, H), got {type(weight).__name__}")
    check_floating("weight", weight, DTYPES)
    if weight.dim() < 2:
        raise ValueError(f"weight must have shape (..., n, H), got {tuple(weight.shape)}")
    panel = _PANEL_BYTES // weight.element_size()
    filled = torch.nn.functional.pad(weight, (0, -weight.shape[-1] % panel))
    return filled.unflatten(-1, (-1, panel)).transpose(-2, -3).contiguous()


def panels_shape(inputs: int, columns: int, like: Tensor) -> tuple[int, int, int]:
    """The shape of a matrix (inputs, columns) in panels of the dtype of ``like``."""
    panel = _PANEL_BYTES // like.element_size()
    return -(-columns // panel), inputs, panel
