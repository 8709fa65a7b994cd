# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A field whose decoder multiplies in half precision: a draft for extraction, which refines it near the surface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor

from list_fast import ops
from list_fast.ops.decode_queries import MOST_LEVELS, MOST_MAPS, WIDTHS, pack_columns

from .list_model import to_query_frame

if TYPE_CHECKING:
    from .field import Field, _Lane

DTYPES = (torch.bfloat16, torch.float16)
FUSED_CHUNK = 1 << 24
"""Queries in one launch of the fused decoder, which needs no memory but for their places."""


class FusedDecoder:
    """A field's whole decoder as the arguments of ``ops.decode_queries``, which keeps all between points and distances
    on the chip."""

    def __init__(self, field: Field, dtype: torch.dtype) -> None:
        lane, places = field._scattered, len(field._offsets)
        voxels, images = lane.voxel_levels, lane.image_levels
        voxel_columns: tuple[Tensor, ...] = ()
        image_columns: tuple[Tensor, ...] = ()
        if lane.voxel_weight is not None:
            by_place = lane.voxel_weight.view(places, -1, lane.voxel_weight.shape[1])
            voxel_columns = by_place.split([level.shape[1] for level in voxels], 1)
        if lane.image_weight is not None:
            image_columns = lane.image_weight.split([level.shape[1] for level in images])
        layers = []
        for weight, bias in field._layers[:-1]:
            layers += [weight.t().to(dtype).contiguous(), bias]
        # One column of products: in float32 it costs nothing, and distances keep their digits.
        last, last_bias = field._layers[-1]
        self.arguments: dict[str, Any] = {
            "voxels": [level[0].permute(1, 2, 3, 0).to(dtype).contiguous() for level in voxels],
            "images": [level[0].permute(1, 2, 0).to(dtype).contiguous() for level in images],
            "maps": [rows.to(dtype).contiguous() for rows in lane.image_maps],
            "offsets": field._offsets,
            "transform": field.transform,
            "weight": field._point_weight,
            "bias": field._bias,
            "columns": pack_columns(voxel_columns, image_columns).to(dtype),
            "layers": [*layers, last[0].contiguous(), last_bias],
            "canvas": field.canvas,
        }

    @staticmethod
    def takes(field: Field) -> bool:
        """Whether the kernel is made for such a field: on a GPU with tensor cores, of LIST's widths."""
        lane = field._scattered
        if field.device.type != "cuda" or torch.cuda.get_device_capability(field.device) < (8, 0):
            return False
        levels = len(lane.voxel_levels) + len(lane.image_levels)
        fits = 0 < levels <= MOST_LEVELS and len(lane.image_maps) <= MOST_MAPS
        return fits and (len(field._bias), *(len(bias) for _, bias in field._layers)) == (*WIDTHS, 1)

    def __call__(self, q: Tensor) -> Tensor:
        """Points (N, 3) in the doubled, reversed frame -> signed distances (N,)."""
        return ops.decode_queries(points=q, **self.arguments)


class HalfField:
    """A `Field` whose matrix products take half-precision numbers; samples, sums of maps and distances are float32.

    On a GPU one kernel does all of it (`ops.decode_queries`), with levels and maps in half precision too; there
    torch.float16, with three more bits than torch.bfloat16, is the nearer. It has no `bounds`: those of the field do
    not hold for it. Pass it to `extract_mesh` as the `draft` of its field.

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
        self._fused = FusedDecoder(field, dtype) if FusedDecoder.takes(field) else None
        self._first: dict[int, Tensor] = {}
        if self._fused is not None:
            return
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
        fused = self._fused
        if fused is not None:
            return self._field._in_chunks(points, lambda part, _: fused(to_query_frame(part)), FUSED_CHUNK)
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
