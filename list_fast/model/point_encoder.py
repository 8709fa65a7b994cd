# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The point encoder K: one vector for the whole coarse cloud."""

from __future__ import annotations

from torch import Tensor, nn

from .config import LISTConfig


class PointMLP(nn.Module):
    """Points (B, P, 3) -> (B, C): 1x1 convolutions with batch normalisation and ReLU, then the maximum over points."""

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        widths = (3, *config.point_features)
        for i in range(3):
            # Two-dimensional kernels keep the shapes of published checkpoints.
            conv = nn.Conv2d(widths[i], widths[i + 1], 1)
            nn.init.xavier_normal_(conv.weight)
            assert conv.bias is not None
            nn.init.zeros_(conv.bias)
            self.add_module(f"block{i + 1}", nn.Sequential(conv, nn.BatchNorm2d(widths[i + 1]), nn.ReLU(inplace=True)))

    def forward(self, points: Tensor) -> Tensor:
        x = points.transpose(1, 2).unsqueeze(2)
        for i in range(1, 4):
            x = self.get_submodule(f"block{i}")(x)
        return x.amax((2, 3))
