# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The SDF decoder Psi: samples of a query -> its scaled signed distance."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import LISTConfig


def displacements(length: float, *, dtype: torch.dtype = torch.float32, device: torch.device | None = None) -> Tensor:
    """The sample offsets (7, 3) in the doubled frame: none, then -, + along each axis (IF-Nets, Chibane et al.
    2020)."""
    offsets = torch.zeros(7, 3, dtype=dtype, device=device)
    for axis in range(3):
        offsets[1 + 2 * axis, axis] = -length
        offsets[2 + 2 * axis, axis] = length
    return offsets


class SDFDecoder(nn.Module):
    """Voxel samples (B, N, K, C), image samples (B, N, I), points (B, N, 3), global vectors (B, F), directions of view
    (B, 3) -> (B, N), `sdf_scale` times the distance.

    The parameters are 1x1 convolutions over a row ordered voxel samples (channel c, displacement k at c * K + k), image
    samples, global vector, direction of view and depth along it, point; without vector and view as in published
    checkpoints. What `query_reads` leaves out is None. The row itself is not built: each part meets its own columns of
    the first layer.
    """

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        widths = (config.query_features, *config.decoder_hidden)
        self.parts, self.places = config.query_parts, config.sampled_places
        self.fc = nn.ModuleDict({f"fc_{i}": nn.Conv1d(widths[i], widths[i + 1], 1) for i in range(3)})
        self.fc["fc_out"] = nn.Conv1d(widths[3], 1, 1)

    def layer(self, name: str) -> tuple[Tensor, Tensor]:
        """Weight (out, in) and bias (out,) of fc_0, fc_1, fc_2 or fc_out."""
        conv = self.fc[name]
        assert isinstance(conv, nn.Conv1d) and conv.bias is not None
        return conv.weight[:, :, 0], conv.bias

    def first_layer(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        """fc_0 in parts: voxel columns (H, K C) ordered displacement-major, image (H, I), global (H, F), view (H, 4),
        point (H, 3), bias (H,); a part that is not read has no columns."""
        weight, bias = self.layer("fc_0")
        voxel, image, vector, view, point = weight.split([*self.parts, 3], 1)
        hidden, channels = weight.shape[0], self.parts[0] // self.places
        by_offset = voxel.reshape(hidden, channels, self.places).transpose(1, 2).reshape(hidden, self.parts[0])
        return by_offset, image, vector, view, point, bias

    def forward(
        self,
        voxel_samples: Tensor | None,
        image_samples: Tensor | None,
        points: Tensor,
        vector: Tensor | None = None,
        direction: Tensor | None = None,
    ) -> Tensor:
        voxel, image, constant, view, point, bias = self.first_layer()
        x = F.linear(points, point, bias)
        if voxel_samples is not None:
            x = x + F.linear(voxel_samples.flatten(2), voxel)
        if image_samples is not None:
            x = x + F.linear(image_samples, image)
        if vector is not None:
            x = x + F.linear(vector, constant)[:, None]
        if direction is not None:
            depth = points @ direction[:, :, None]
            x = x + F.linear(direction, view[:, :3])[:, None] + F.linear(depth, view[:, 3:])
        for name in ("fc_1", "fc_2", "fc_out"):
            x = F.linear(F.relu(x), *self.layer(name))
        return x.squeeze(-1)
