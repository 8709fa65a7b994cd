# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The voxel encoder: Gamma turns the coarse grid into a soft occupancy, Xi makes a pyramid of voxel levels of it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import LISTConfig


class VoxelEncoder(nn.Module):
    """Grid (B, 1, R, R, R) -> voxel levels: occupancy in (0, 1) (B, 1, R, R, R), then (B, C_l, R / 2^l, ...).

    Gamma is the first three convolutions, Xi the rest. Normalisation follows the activation, as published. Without a
    probabilistic occupancy there is no Gamma, and the occupancy is the grid.
    """

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        self.conv = nn.ModuleDict()
        self.bn = nn.ModuleList()
        self.soft = config.probabilistic_occupancy
        channels = 1
        for i, out in enumerate((1, 1, 1, *config.voxel_channels)):
            if i < 3 and not self.soft:
                self.bn.append(nn.Identity())  # keeps the places, and with them the names, of the others
                continue
            self.conv[f"conv_{i}"] = nn.Conv3d(channels, out, 3, padding=1)
            if i > 2:
                self.conv[f"conv_{i}_0"] = nn.Conv3d(out, out, 3, padding=1)
            self.bn.append(nn.BatchNorm3d(out))
            channels = out
        # bn[2] stands in published checkpoints; the sigmoid takes its place.
        self.bn[2].requires_grad_(False)

    def gamma(self, grid: Tensor) -> Tensor:
        """The soft occupancy before its sigmoid, (B, 1, R, R, R)."""
        x = grid
        for i in (0, 1):
            x = self.bn[i](F.relu_(self.conv[f"conv_{i}"](x)))
        logits: Tensor = self.conv["conv_2"](x)
        return logits

    def forward(self, grid: Tensor) -> list[Tensor]:
        return self.pyramid(torch.sigmoid(self.gamma(grid)) if self.soft else grid)

    def pyramid(self, x: Tensor) -> list[Tensor]:
        """The occupancy (B, 1, R, R, R) -> the voxel levels that begin with it."""
        levels = [x]
        for i in range(3, len(self.bn)):
            if i > 3:
                x = F.max_pool3d(x, 2)
            x = F.relu_(self.conv[f"conv_{i}"](x))
            x = self.bn[i](F.relu_(self.conv[f"conv_{i}_0"](x)))
            levels.append(x)
        return levels
