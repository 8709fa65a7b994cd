# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The field: one encoded image, frozen, as a function from points to signed distances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from list_fast import ops

if TYPE_CHECKING:
    from .list_model import LIST, Encoded

# Queries evaluated together: their samples stay within a few megabytes.
CHUNK = 8192


class Field:
    """The signed distance of one image's object: features and decoder, folded where the algebra is exact.

    `transform` (4, 3), `coarse_points` (P, 3) in object space.
    """

    def __init__(self, model: LIST, encoded: Encoded) -> None:
        if encoded.transform.shape[0] != 1:
            raise ValueError(f"encoded must hold one image, got {encoded.transform.shape[0]}")
        config = model.config
        self.transform = encoded.transform[0].detach().clone()
        self.coarse_points = encoded.coarse_points[0].detach().clone()
        self.canvas = config.canvas
        self._offsets = model.offsets.clone()
        self._scale = config.sdf_scale
        self._voxel_levels = [x.detach().contiguous() for x in encoded.voxel_levels]
        self._image_levels = [x.detach().contiguous() for x in encoded.image_levels]
        voxel, image, point, bias = (x.detach().clone() for x in model.sdf_decoder.first_layer())
        self._voxel_weight, self._image_weight, self._point_weight, self._bias = voxel, image, point, bias
        fc = model.sdf_decoder.fc
        self._hidden = [(fc[n].weight[:, :, 0].detach().clone(), fc[n].bias.detach().clone()) for n in ("fc_1", "fc_2")]
        # The last layer gives distances at once: divide its weights by the scale instead of its output.
        self._out = (fc["fc_out"].weight[:, :, 0].detach() / self._scale, fc["fc_out"].bias.detach() / self._scale)

    @property
    def device(self) -> torch.device:
        """Where the field lives and evaluates."""
        return self.transform.device

    @torch.no_grad()
    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) or (1, N, 3) in object space -> signed distances (N,) in object units, negative inside."""
        if not isinstance(points, Tensor):
            raise TypeError(f"points must be a torch.Tensor, got {type(points).__name__}")
        if points.dim() not in (2, 3) or points.shape[-1] != 3 or (points.dim() == 3 and points.shape[0] != 1):
            raise ValueError(f"points must have shape (N, 3) or (1, N, 3), got {tuple(points.shape)}")
        if not points.is_floating_point():
            raise TypeError(f"points must be floating point, got {points.dtype}")
        if points.device != self.device:
            raise ValueError(f"points must be on {self.device}, got {points.device}")
        flat = points.reshape(-1, 3).to(self.transform.dtype)
        out = torch.empty(flat.shape[0], dtype=flat.dtype, device=flat.device)
        for start in range(0, flat.shape[0], CHUNK):
            out[start : start + CHUNK] = self._chunk(2 * flat[start : start + CHUNK].flip(-1))
        return out

    __call__ = sdf

    def _chunk(self, q: Tensor) -> Tensor:
        voxel = ops.sample_voxels(self._voxel_levels, q[None], self._offsets)[0].flatten(1)
        image = ops.sample_images(self._image_levels, q[None], self.transform[None], canvas=self.canvas)[0]
        x = torch.addmm(self._bias, voxel, self._voxel_weight.t())
        x.addmm_(image, self._image_weight.t()).addmm_(q, self._point_weight.t())
        for weight, bias in self._hidden:
            x = F.linear(x.relu_(), weight, bias)
        weight, bias = self._out
        return F.linear(x.relu_(), weight, bias)[:, 0]
