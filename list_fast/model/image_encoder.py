# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Image encoders: Omega (global vector for the coarse cloud), Pi (image levels, global vector for the transform).

Trunks are written here with torchvision's parameter names, so that its weights load.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import TRUNK_LEVEL_CHANNELS, TRUNK_POOLED_CHANNELS, LISTConfig

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class BasicBlock(nn.Module):
    """ResNet's block of two 3x3 convolutions beside a shortcut (He et al. 2016)."""

    def __init__(self, channels_in: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample: nn.Module | None = None
        if stride != 1 or channels_in != channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(y)) + shortcut, inplace=True)


class ResEncoder(nn.Module):
    """ResNet-18 with a first convolution of stride 1 and a 128-vector behind its classifier (paper: Omega and Pi).

    Forward: images (B, 3, H, W) -> global vector (B, `features`), and five maps of 64, 64, 128, 256, 512 channels at
    H, H/2, H/4, H/8, H/16.
    """

    def __init__(self, hidden: int = 1000, features: int = 128) -> None:
        super().__init__()
        # Stride 1 where torchvision has 2: the finest map keeps the image's resolution.
        self.conv1 = nn.Conv2d(3, 64, 7, 1, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(BasicBlock(64, 64, 1), BasicBlock(64, 64, 1))
        self.layer2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128, 1))
        self.layer3 = nn.Sequential(BasicBlock(128, 256, 2), BasicBlock(256, 256, 1))
        self.layer4 = nn.Sequential(BasicBlock(256, 512, 2), BasicBlock(512, 512, 1))
        self.fc = nn.Linear(512, hidden)
        self.fc1 = nn.Linear(hidden, features)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def trunk(self, images: Tensor) -> tuple[list[Tensor], Tensor]:
        """Maps, finest first, and the pooled vector (B, 512)."""
        maps = [F.relu(self.bn1(self.conv1(images)), inplace=True)]
        x = F.max_pool2d(maps[0], 3, 2, 1)
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
            maps.append(x)
        return maps, x.mean((2, 3))

    def global_vector(self, maps: list[Tensor], pooled: Tensor) -> Tensor:
        """(B, 512) -> (B, features); no activation between the two layers, as published. The maps are not read."""
        vector: Tensor = self.fc1(self.fc(pooled))
        return vector

    def levels(self, maps: list[Tensor]) -> list[Tensor]:
        """The image levels that queries sample: the trunk's maps as they are."""
        return list(maps)

    def forward(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        maps, pooled = self.trunk(images)
        return self.global_vector(maps, pooled), self.levels(maps)


def _conv_bn_relu6(channels_in: int, channels: int, kernel: int, stride: int, groups: int) -> nn.Sequential:
    conv = nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(channels), nn.ReLU6(inplace=True))


class InvertedResidual(nn.Module):
    """MobileNetV2's block: widen, filter each channel, narrow; a shortcut where shapes allow (Sandler et al. 2018)."""

    def __init__(self, channels_in: int, channels: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = channels_in * expansion
        self.shortcut = stride == 1 and channels_in == channels
        layers: list[nn.Module] = [_conv_bn_relu6(channels_in, wide, 1, 1, 1)] if expansion != 1 else []
        layers += [
            _conv_bn_relu6(wide, wide, 3, stride, wide),
            nn.Conv2d(wide, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
        ]
        self.conv = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x)
        return x + y if self.shortcut else y


class MobileNetV2(nn.Module):
    """MobileNetV2's feature trunk, width 1, without its classifier.

    Forward: images (B, 3, H, W) -> the `levels` coarsest of its maps of 16, 24, 32, 96, 320 channels at H/2, H/4, H/8,
    H/16, H/32, finest first, and the pooled vector (B, 1280).
    """

    # Expansion, channels, blocks, stride of the first block.
    STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    # Blocks whose outputs are handed out: the last of each resolution.
    TAPS = (1, 3, 6, 13, 17)

    def __init__(self, levels: int = 5) -> None:
        super().__init__()
        self.taps = self.TAPS[-levels:]
        layers: list[nn.Module] = [_conv_bn_relu6(3, 32, 3, 2, 1)]
        channels_in = 32
        for expansion, channels, blocks, stride in self.STAGES:
            for block in range(blocks):
                layers.append(InvertedResidual(channels_in, channels, stride if block == 0 else 1, expansion))
                channels_in = channels
        layers.append(_conv_bn_relu6(channels_in, 1280, 1, 1, 1))
        self.features = nn.Sequential(*layers)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")

    def blocks(self, tail: int) -> tuple[nn.Sequential, nn.Sequential]:
        """The trunk in two: what makes all but the `tail` coarsest of the maps, and what makes these of the last of
        those. Raises ValueError unless `tail` leaves a map in front."""
        if not 0 <= tail < len(self.taps):
            raise ValueError(f"tail must be in [0, {len(self.taps) - 1}], got {tail}")
        cut = len(self.features) if tail == 0 else self.taps[-tail - 1] + 1
        layers = list(self.features)
        return nn.Sequential(*layers[:cut]), nn.Sequential(*layers[cut:])

    def front(self, images: Tensor, tail: int) -> Tensor:
        """Images (B, 3, H, W) -> the map that the blocks of the `tail` coarsest maps start from."""
        x: Tensor = self.blocks(tail)[0](images)
        return x

    def tail(self, front: Tensor, tail: int) -> tuple[list[Tensor], Tensor]:
        """That map -> the `tail` coarsest maps, finest first, and the pooled vector."""
        return self._run(front, len(self.features) - len(self.blocks(tail)[1]))

    def forward(self, images: Tensor) -> tuple[list[Tensor], Tensor]:
        return self._run(images, 0)

    def _run(self, x: Tensor, first: int) -> tuple[list[Tensor], Tensor]:
        maps = []
        for index in range(first, len(self.features)):
            x = self.features[index](x)
            if index in self.taps:
                maps.append(x)
        return maps, x.mean((2, 3))


class Layout(nn.Module):
    """Where things are in the picture: the two coarsest trunk maps squeezed to a short vector that keeps their layout.

    Forward: maps (B, C, H/16, W/16) and (B, C', H/32, W/32) -> (B, channels * H/32 * W/32).
    """

    def __init__(self, fine: int, coarse: int, channels: int) -> None:
        super().__init__()
        self.fine = nn.Conv2d(fine, channels, 3, 2, 1)
        self.coarse = nn.Conv2d(coarse, channels, 1)

    def forward(self, maps: list[Tensor]) -> Tensor:
        return F.relu(self.fine(maps[-2]) + self.coarse(maps[-1])).flatten(1)


class GlobalHead(nn.Module):
    """Trunk maps and pooled vector -> global vector (B, F), over a shared trunk.

    Pooling alone forgets where things are, which a trunk that is not trained for shape cannot make up for; ``layout``
    channels of it are kept.
    """

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        *_, fine, coarse = TRUNK_LEVEL_CHANNELS[config.trunk]
        self.layout = Layout(fine, coarse, config.layout_channels)
        self.dropout = nn.Dropout(config.head_dropout)
        cells = (config.image_size // 32) ** 2
        self.fc = nn.Linear(TRUNK_POOLED_CHANNELS[config.trunk] + config.layout_channels * cells, config.head_hidden)
        self.fc1 = nn.Linear(config.head_hidden, config.global_features)

    def global_vector(self, maps: list[Tensor], pooled: Tensor) -> Tensor:
        x = self.dropout(torch.cat([pooled, self.layout(maps)], 1))
        vector: Tensor = self.fc1(F.relu(self.fc(x)))
        return vector


def _level_convolutions(config: LISTConfig) -> nn.ModuleList:
    channels = TRUNK_LEVEL_CHANNELS[config.trunk][-len(config.image_level_channels) :]
    return nn.ModuleList(
        nn.Conv2d(c, k, 3, padding=1) for c, k in zip(channels, config.image_level_channels, strict=True)
    )


class _LevelConvolutions:
    """The image levels that queries sample, over a shared trunk: one 3x3 convolution and ReLU a trunk map."""

    conv: nn.ModuleList

    def levels(self, maps: list[Tensor]) -> list[Tensor]:
        return [F.relu(conv(m)) for conv, m in zip(self.conv, maps, strict=True)]


class PiLevels(_LevelConvolutions, nn.Module):
    """Image levels alone."""

    def __init__(self, config: LISTConfig) -> None:
        super().__init__()
        self.conv = _level_convolutions(config)


class PiHead(_LevelConvolutions, GlobalHead):
    """A global vector and image levels."""

    def __init__(self, config: LISTConfig) -> None:
        super().__init__(config)
        self.conv = _level_convolutions(config)


def omega(config: LISTConfig) -> ResEncoder | GlobalHead:
    """The encoder in front of the coarse decoder."""
    return GlobalHead(config) if config.shared_trunk else ResEncoder(config.head_hidden, config.global_features)


def pi(config: LISTConfig) -> ResEncoder | PiHead | PiLevels | None:
    """The encoder that gives the image levels; None where Omega does."""
    if config.one_encoder:
        return PiLevels(config) if config.shared_trunk else None
    return PiHead(config) if config.shared_trunk else ResEncoder(config.head_hidden, config.global_features)


def normalize(images: Tensor) -> Tensor:
    """Images in [0, 1] to zero mean and unit deviation over ImageNet, (B, 3, H, W)."""
    mean = torch.tensor(IMAGENET_MEAN, dtype=images.dtype, device=images.device).view(3, 1, 1)
    std = torch.tensor(IMAGENET_STD, dtype=images.dtype, device=images.device).view(3, 1, 1)
    return (images - mean) / std
