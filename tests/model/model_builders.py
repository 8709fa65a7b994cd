# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Models for the tests: reduced in size, with the structure of the real ones, and far from their initial state."""

from __future__ import annotations

import dataclasses

import torch
from torch import nn

from list_fast.model import LIST, LISTConfig


def reduced_base(**changes: object) -> LISTConfig:
    """The base model's structure and level channels on a small image, grid and tree."""
    config = dataclasses.replace(
        LISTConfig.base(),
        image_size=32,
        head_hidden=40,
        global_features=32,
        tree_features=(32, 16, 24, 3),
        tree_degrees=(2, 3, 16),
        point_features=(8, 16, 24),
        transformer_hidden=16,
        voxel_resolution=32,
        voxel_channels=(4, 6, 10, 40, 40),
        decoder_hidden=(48, 24, 16),
        canvas=(45, 37),
    )
    return dataclasses.replace(config, **changes)


def randomize(model: nn.Module, seed: int = 0) -> None:
    """Give normalisation layers non-trivial statistics, and the decoder outputs of order one."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            size = module.num_features
            module.running_mean.copy_(0.2 * torch.randn(size, generator=generator))
            module.running_var.copy_(0.5 + torch.rand(size, generator=generator))
            module.weight.data.copy_(1 + 0.2 * torch.randn(size, generator=generator))
            module.bias.data.copy_(0.2 * torch.randn(size, generator=generator))
    if isinstance(model, LIST):
        for layer in model.sdf_decoder.fc.values():
            layer.weight.data.mul_(3)


def make_model(config: LISTConfig, seed: int = 0) -> LIST:
    torch.manual_seed(seed)
    model = LIST(config)
    randomize(model, seed)
    return model.eval()
