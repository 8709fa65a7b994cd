# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The field: one encoded image, frozen, as a function from points to signed distances.

Sampling is linear in what is sampled, so the decoder's first layer may act on a level before it is sampled instead of
on every sample: W S(F, p) = S(W F, p). A field does so where it saves work, and never builds the whole feature row.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from list_fast import ops
from list_fast.meshing.certify import AffineLayers, Line, Linear, relu

from .field_bounds import FieldBounds, Part
from .list_model import check_points, to_query_frame
from .spatial_transformer import view_direction

if TYPE_CHECKING:
    from .list_model import LIST, Encoded

# Queries evaluated together: on a CPU their samples stay in the caches, on a GPU they fill it.
CHUNK = {"cpu": 4096}
CHUNK_ELSEWHERE = 65536
# What decides whether a level is multiplied by its columns of the first layer before it is sampled: a multiply-add of
# sampling costs this many of a matrix product (measured with AVX2; a GPU's memory traffic never pays for it), a field
# answers about this many queries, and it may keep this much for it.
SAMPLING_COST = {"cpu": 11.0}
EXPECTED_QUERIES = 2**18
PROJECTED_BYTES = 2**28


def _as_rows(level: Tensor) -> Tensor:
    """A copy with the channels of a node next to each other, which the samplers read in place."""
    layout = torch.channels_last_3d if level.dim() == 5 else torch.channels_last
    return level.detach().clone(memory_format=layout)


class Field:
    """The signed distance to one image's object.

    `transform` (4, 3): [q, 1] @ transform = (X, Y, Z), pixel (X / Z, Y / Z) on `canvas` (height, width), with q the
    point in the doubled, reversed frame 2 (z, y, x). `coarse_points` (P, 3): the coarse cloud in object space.
    Evaluates on the device of its model. A field keeps what it needs: the model may be trained on or dropped.
    """

    @torch.no_grad()
    def __init__(self, model: LIST, encoded: Encoded) -> None:
        """Raises ValueError unless `encoded` holds exactly one image."""
        if encoded.transform.shape[0] != 1:
            raise ValueError(f"encoded must hold one image, got {encoded.transform.shape[0]}")
        self.transform = encoded.transform[0].clone()
        self.coarse_points = encoded.coarse_points[0].clone()
        self.canvas = model.config.canvas
        self._offsets = model.offsets.clone()
        self._bounds: FieldBounds | None = None
        voxel, image, vector, view, point, bias = (part.detach().clone() for part in model.sdf_decoder.first_layer())
        if encoded.vector is not None:
            bias += vector @ encoded.vector[0]
        if view.shape[1]:
            # Depth along the direction of view is linear in the point.
            direction = view_direction(encoded.transform)[0]
            bias += view[:, :3] @ direction
            point += view[:, 3:] * direction
        self._point_weight, self._bias = point.t().contiguous(), bias
        self._prepare_voxels(encoded.voxel_levels, voxel)
        self._prepare_images(encoded.image_levels, image, model.config.resize_levels_to_canvas)
        hidden = [model.sdf_decoder.layer(name) for name in ("fc_1", "fc_2", "fc_out")]
        self._layers = [(weight.clone(), layer_bias.clone()) for weight, layer_bias in hidden]
        # The last layer gives distances at once, without the scale that training uses.
        weight, out_bias = self._layers[-1]
        self._layers[-1] = (
            weight / model.config.sdf_scale,
            out_bias / model.config.sdf_scale - model.config.surface_level,
        )

    def _prepare_voxels(self, levels: list[Tensor], weight: Tensor) -> None:
        hidden = weight.shape[0]
        places = len(self._offsets)
        by_offset = weight.view(hidden, places, weight.shape[1] // places)
        self._voxel_levels: list[Tensor] = []
        self._projected_voxels: list[list[Tensor]] = []  # per level, (1, H, R, R, R) for each offset
        direct: list[Tensor] = []
        budget = PROJECTED_BYTES
        cost = SAMPLING_COST.get(weight.device.type, math.inf)
        first = by_offset.shape[2]
        # Coarse levels first: they have the most channels and the fewest nodes.
        for level in reversed(levels):
            channels, nodes = level.shape[1], level[0, 0].numel()
            first -= channels
            columns = by_offset[:, :, first : first + channels]
            size = places * hidden * nodes * level.element_size()
            # Multiply-adds saved on every sample; a sample gathers 8 nodes.
            saved = channels * hidden + 8 * cost * (channels - hidden)
            saved -= channels * hidden * nodes / EXPECTED_QUERIES
            if saved > 0 and size <= budget:
                budget -= size
                rows = level[0].reshape(channels, nodes).t()
                shape = (1, *level.shape[2:], hidden)
                maps = [(rows @ columns[:, k].t()).view(shape).permute(0, 4, 1, 2, 3) for k in range(places)]
                self._projected_voxels.append(maps)
            else:
                self._voxel_levels.insert(0, _as_rows(level))
                direct.insert(0, columns)
        self._voxel_weight = torch.cat(direct, 2).reshape(hidden, -1).t().contiguous() if direct else None

    def _prepare_images(self, levels: list[Tensor], weight: Tensor, resize: bool) -> None:
        self._image_weight: Tensor | None = None
        self._image_levels: list[Tensor] = []
        if not levels:
            return
        if not resize:
            # Every level is sampled in its own resolution: no single map stands for all of them.
            self._image_levels = [_as_rows(level) for level in levels]
            self._image_weight = weight.t().contiguous()
            return
        # On one canvas the levels are one map, already multiplied by the first layer.
        height, width = self.canvas
        merged = weight.new_zeros(1, height, width, weight.shape[0]).permute(0, 3, 1, 2)
        first = 0
        for level in levels:
            columns = weight[:, first : first + level.shape[1]]
            first += level.shape[1]
            # Resizing and projecting commute; project the smaller map.
            if level.shape[2] * level.shape[3] > height * width:
                level = F.interpolate(level, self.canvas, mode="bilinear", align_corners=True)
            rows = level[0].permute(1, 2, 0).contiguous() @ columns.t()
            projected = rows[None].permute(0, 3, 1, 2)
            if projected.shape[2:] != merged.shape[2:]:
                projected = F.interpolate(projected, self.canvas, mode="bilinear", align_corners=True)
            merged += projected
        self._image_levels = [merged]

    @property
    def device(self) -> torch.device:
        """Where the field lives and evaluates."""
        return self.transform.device

    @torch.no_grad()
    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) or (1, N, 3) in object space -> signed distances (N,) in object units, negative inside.

        Raises TypeError or ValueError for points of another shape, dtype or device.
        """
        if isinstance(points, Tensor) and points.dim() == 2:
            points = points.unsqueeze(0)
        check_points(points, 1)
        if points.device != self.device:
            raise ValueError(f"points must be on {self.device}, got {points.device}")
        points = points[0].to(self.transform.dtype)
        out = points.new_empty(points.shape[0])
        chunk = CHUNK.get(self.device.type, CHUNK_ELSEWHERE)
        for start in range(0, points.shape[0], chunk):
            out[start : start + chunk] = self._evaluate(to_query_frame(points[start : start + chunk]))
        return out

    __call__ = sdf

    @torch.no_grad()
    def bounds(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Boxes in object space, low (N, 3) to high (N, 3), -> lower and upper bounds (N,), float64, of `sdf` in them.

        Sound for what `sdf` computes, rounding included, and loose; infinite for boxes many nodes wide. They are what
        `extract_mesh(field, mode="certified")` asks for.
        """
        if self._bounds is None:
            self._bounds = FieldBounds(
                self._parts(), self._point_weight, self._bias, self._hidden_layers(), self.transform, self.canvas
            )
        return self._bounds(to_query_frame(low), to_query_frame(high))

    def _parts(self) -> list[Part]:
        """The maps that the first layer reads."""
        parts = []
        first = 0
        channels = [level.shape[1] for level in self._voxel_levels]
        for k, offset in enumerate(self._offsets):
            for projected in self._projected_voxels:
                parts.append(Part(projected[k], None, offset))
            if self._voxel_weight is not None:
                for level, width in zip(self._voxel_levels, channels, strict=True):
                    parts.append(Part(level, self._voxel_weight[first : first + width], offset))
                    first += width
        first = 0
        for level in self._image_levels:
            if self._image_weight is None:
                parts.append(Part(level, None))
            else:
                parts.append(Part(level, self._image_weight[first : first + level.shape[1]]))
                first += level.shape[1]
        return parts

    def _hidden_layers(self) -> AffineLayers:
        layers: list[Linear | Callable[[Tensor, Tensor], Line]] = []
        for weight, bias in self._layers:
            layers += [relu, Linear(weight.double(), bias.double())]
        return AffineLayers(layers)

    def _evaluate(self, q: Tensor) -> Tensor:
        """Signed distances (N,) of points (N, 3) in the doubled, reversed frame."""
        x = torch.addmm(self._bias, q, self._point_weight)
        if self._voxel_weight is not None:
            samples = ops.sample_voxels(self._voxel_levels, q[None], self._offsets)
            x.addmm_(samples[0].flatten(1), self._voxel_weight)
        for maps in self._projected_voxels:
            for offset, projected in zip(self._offsets, maps, strict=True):
                x += ops.sample_voxels([projected], q[None] + offset)[0]
        if self._image_levels:
            image = ops.sample_images(self._image_levels, q[None], self.transform[None], canvas=self.canvas)[0]
            if self._image_weight is None:
                x += image
            else:
                x.addmm_(image, self._image_weight)
        for weight, bias in self._layers:
            x = F.linear(x.relu_(), weight, bias)
        return x[:, 0]
