# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A field whose decoder multiplies in half precision: a draft for extraction, which refines it near the surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from list_fast import ops

from .list_model import to_query_frame

if TYPE_CHECKING:
    from .field import Field, _Lane

DTYPES = (torch.bfloat16, torch.float16)


class HalfField:
    """A `Field` whose matrix products take half-precision numbers; samples, sums of maps and distances are float32.

    It has no `bounds`: those of the field do not hold for it. Pass it to `extract_mesh` as the `draft` of its field.

    Args:
        field: The field, in float32; the maps are shared with it.
        dtype: torch.bfloat16 or torch.float16. Numbers that overflow the latter make distances infinite or NaN.

    Raises:
        ValueError: Another dtype, or a field that is not in float32.
    """

    def __init__(self, field: Field, dtype: torch.dtype = torch.bfloat16) -> None:
        if dtype not in DTYPES:
            raise ValueError(f"dtype must be torch.bfloat16 or torch.float16, got {dtype}")
        if field.transform.dtype != torch.float32:
            raise ValueError(f"field must be in torch.float32, got {field.transform.dtype}")
        self.dtype = dtype
        self._field = field
        *hidden, last = field._layers
        self._hidden = [(weight.to(dtype), bias.to(dtype)) for weight, bias in hidden]
        # One column of products: in float32 it costs nothing, and distances keep their digits.
        self._last = last
        self._first: dict[int, Tensor] = {}
        for lane, _ in field._lanes():
            for weight in (lane.voxel_weight, lane.image_weight):
                if weight is not None:
                    self._first[id(weight)] = weight.to(dtype)

    @property
    def device(self) -> torch.device:
        """Where the field lives and evaluates."""
        return self._field.device

    @torch.no_grad()
    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) or (1, N, 3) in object space -> signed distances (N,), float32, as `Field.sdf` and its errors.

        A distance is off by what half precision rounds off: `extract_mesh` measures how much.
        """
        return self._field._in_chunks(points, self._evaluate)

    __call__ = sdf

    def _evaluate(self, points: Tensor, lane: _Lane) -> Tensor:
        field = self._field
        q = to_query_frame(points)
        x = field._affine_and_maps(q, lane)
        if lane.voxel_weight is not None:
            samples = ops.sample_voxels(lane.voxel_levels, q[None], field._offsets)[0].flatten(1)
            x += samples.to(self.dtype) @ self._first[id(lane.voxel_weight)]
        if lane.image_weight is not None:
            image = ops.sample_images(lane.image_levels, q[None], field.transform[None], canvas=field.canvas)[0]
            x += image.to(self.dtype) @ self._first[id(lane.image_weight)]
        x = x.to(self.dtype)
        for weight, bias in self._hidden:
            x = F.linear(x.relu_(), weight, bias)
        return F.linear(x.relu_().float(), *self._last)[:, 0]
