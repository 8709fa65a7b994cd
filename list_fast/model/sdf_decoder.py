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
    """Voxel samples (B, N, 7, C), image samples (B, N, I), points (B, N, 3) -> (B, N), `sdf_scale` times the distance.

    The parameters are 1x1 convolutions over a row ordered voxel samples (channel c, displacement k at c * 7 + k),
    image samples, point, as in published checkpoints. The row itself is not built: each part meets its own columns of
    the first layer.
    """

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        widths = (config.query_features, *config.decoder_hidden)
        self.voxel_features = config.voxel_features
        self.fc = nn.ModuleDict({f"fc_{i}": nn.Conv1d(widths[i], widths[i + 1], 1) for i in range(3)})
        self.fc["fc_out"] = nn.Conv1d(widths[3], 1, 1)

    def layer(self, name: str) -> tuple[Tensor, Tensor]:
        """Weight (out, in) and bias (out,) of fc_0, fc_1, fc_2 or fc_out."""
        conv = self.fc[name]
        assert isinstance(conv, nn.Conv1d) and conv.bias is not None
        return conv.weight[:, :, 0], conv.bias

    def first_layer(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """fc_0 in parts: voxel columns (H, 7 C) ordered displacement-major, image (H, I), point (H, 3), bias (H,)."""
        weight, bias = self.layer("fc_0")
        hidden, voxel = weight.shape[0], 7 * self.voxel_features
        by_offset = weight[:, :voxel].view(hidden, self.voxel_features, 7).transpose(1, 2).reshape(hidden, voxel)
        return by_offset, weight[:, voxel:-3], weight[:, -3:], bias

    def forward(self, voxel_samples: Tensor, image_samples: Tensor, points: Tensor) -> Tensor:
        voxel, image, point, bias = self.first_layer()
        x = F.linear(voxel_samples.flatten(2), voxel, bias) + F.linear(image_samples, image) + F.linear(points, point)
        for name in ("fc_1", "fc_2", "fc_out"):
            x = F.linear(F.relu(x), *self.layer(name))
        return x.squeeze(-1)
