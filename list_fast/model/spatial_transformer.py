# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The spatial transformer Theta: features of cloud and image -> the 4x3 matrix that projects queries into the image."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import LISTConfig

# The camera that an untrained model starts from: the middle of the views that object renderings use.
CANONICAL_ELEVATION_DEG = 25.0
CANONICAL_DISTANCE = 2.0
# Half of the image, divided by half of its depth: frames a unit cube seen from the canonical distance.
CANONICAL_FOCAL = 2.4
MIN_DEPTH = 0.05


class BatchNormRow(nn.BatchNorm1d):
    """Batch normalisation that uses its running statistics for a training batch of one row, which has no variance."""

    def forward(self, x: Tensor) -> Tensor:
        if self.training and x.shape[0] == 1:
            return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, False, 0.0, self.eps)
        return super().forward(x)


class SpatialTransformer(nn.Sequential):
    """Features (B, points + image) -> transform (B, 4, 3): [q, 1] @ T = (X, Y, Z), pixel (X / Z, Y / Z), q in [-1,
    1]^3.

    With depth "positive" the twelve outputs are read as a camera in image coordinates [-1, 1]: its depth column (a,
    d) becomes (a, extent * |a|_1 + softplus(d) + a small constant), which is positive for all |q| <= extent, and the
    result is carried to the canvas's pixels. The last layer starts at a camera in front of the object. With
    "projective" the outputs are the matrix.
    """

    def __init__(self, config: LISTConfig) -> None:
        width = config.transformer_hidden
        norm = BatchNormRow if config.single_row_statistics else nn.BatchNorm1d
        super().__init__(
            nn.Linear(config.point_features[-1] + config.global_features, width),
            nn.LeakyReLU(0.2),
            norm(width),
            nn.Linear(width, width),
            nn.LeakyReLU(0.2),
            norm(width),
            nn.Linear(width, 12),
        )
        self.positive = config.depth == "positive"
        self.extent = config.depth_extent
        self.canvas = config.canvas
        if self.positive:
            last = self[6]
            assert isinstance(last, nn.Linear)
            with torch.no_grad():
                # Start near the canonical camera, yet let gradients reach the layers below.
                last.weight.mul_(0.1)
                last.bias.copy_(canonical_camera(self.extent).flatten())

    def forward(self, features: Tensor) -> Tensor:
        # A pixel is a quotient of sums over these twelve numbers: half precision would move it by whole pixels.
        with torch.autocast(features.device.type, enabled=False):
            raw: Tensor = super().forward(features.to(next(self.parameters()).dtype))  # type: ignore[no-untyped-call]
        raw = raw.view(-1, 4, 3)
        return positive_camera(raw, self.extent, self.canvas) if self.positive else raw


def positive_camera(raw: Tensor, extent: float, canvas: tuple[int, int]) -> Tensor:
    """Twelve numbers (B, 4, 3) as a transform whose depth is positive for all |q| <= extent."""
    axis = raw[:, :3, 2]
    reach = extent * axis.abs().sum(1, keepdim=True)
    depth = torch.cat([axis, reach + F.softplus(raw[:, 3:, 2]) + MIN_DEPTH], 1)
    half_height, half_width = (canvas[0] - 1) / 2, (canvas[1] - 1) / 2
    return torch.stack([half_width * (raw[:, :, 0] + depth), half_height * (raw[:, :, 1] + depth), depth], 2)


class ConstantTransform(nn.Module):
    """Twelve learnt numbers in the place of the spatial transformer: one transform (4, 3) for all images.

    They are read as the transformer's outputs are with depth "positive", and start where it does.
    """

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        self.raw = nn.Parameter(canonical_camera(config.depth_extent))
        self.extent, self.canvas = config.depth_extent, config.canvas

    def forward(self, count: int) -> Tensor:
        """`count` times the transform, (count, 4, 3)."""
        raw = self.raw.float() if self.raw.dtype in (torch.float16, torch.bfloat16) else self.raw
        return positive_camera(raw[None], self.extent, self.canvas).expand(count, -1, -1)


def canonical_camera(extent: float) -> Tensor:
    """The raw outputs (4, 3) whose transform is a camera in front of the object, `CANONICAL_ELEVATION_DEG` above it."""
    elevation = math.radians(CANONICAL_ELEVATION_DEG)
    sin, cos = math.sin(elevation), math.cos(elevation)
    # Rows of the camera in object space: right, down (image rows grow downwards), forward.
    right, down, forward = (1.0, 0.0, 0.0), (0.0, -cos, sin), (0.0, -sin, -cos)
    raw = torch.zeros(4, 3)
    for column, (axis, scale) in enumerate(((right, CANONICAL_FOCAL), (down, CANONICAL_FOCAL), (forward, 1.0))):
        # Queries are 2 (z, y, x): reverse the axes and halve.
        raw[:3, column] = torch.tensor(axis).flip(0) * scale / 2
    offset = CANONICAL_DISTANCE - MIN_DEPTH - extent * (sin + cos) / 2
    raw[3, 2] = math.log(math.expm1(offset))
    return raw


def rescale_transform(transform: Tensor, canvas: tuple[int, int], target: tuple[int, int]) -> Tensor:
    """The transform (..., 4, 3) onto a canvas (height, width), as one onto another: corners stay corners."""
    scale = transform.new_tensor([(target[1] - 1) / (canvas[1] - 1), (target[0] - 1) / (canvas[0] - 1), 1.0])
    return transform * scale


def view_direction(transform: Tensor) -> Tensor:
    """The unit direction (B, 3), in the doubled, reversed frame, of the ray on which transforms (B, 4, 3) see the
    origin, away from the camera.

    It is where two planes meet, that of the points in the origin's column of pixels and that of its row; unlike the
    depth column it is well determined by what a transform is trained for.
    """
    with torch.autocast(transform.device.type, enabled=False):
        transform = transform.float() if transform.dtype in (torch.float16, torch.bfloat16) else transform
        axes, origin = transform[:, :3], transform[:, 3]
        pixel = origin[:, :2] / origin[:, 2:].clamp_min(MIN_DEPTH)
        column, row = (axes[:, :, k] - pixel[:, k, None] * axes[:, :, 2] for k in (0, 1))
        # Right x down is forward in object space; reversing the axes turns the sense.
        return F.normalize(torch.linalg.cross(row, column), dim=1)
