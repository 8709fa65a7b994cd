# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Modules that stand in for the model's own compute the same values and gradients under the same names."""

from __future__ import annotations

import copy

import torch

from list_fast.model import LIST, LISTConfig
from list_fast.training.equivalents import fold_normalisation, use_equivalents


def test_equivalents_keep_names_values_and_gradients() -> None:
    torch.manual_seed(1)
    # In float64: in float32 the batch normalisation of the other layout sums in another order, which shows.
    model = LIST(LISTConfig.small()).train().double()
    other = copy.deepcopy(model)
    use_equivalents(other, torch.device("cpu"))
    assert list(model.state_dict()) == list(other.state_dict())
    assert other.vox_encoder.conv["conv_3_0"].weight.is_contiguous(memory_format=torch.channels_last_3d)
    vector = torch.randn(2, 128, dtype=torch.float64)
    grid = torch.rand(2, 1, 32, 32, 32, dtype=torch.float64)
    for m in (model, other):
        (m.point_decoder(vector).square().sum() + sum(x.sin().sum() for x in m.vox_encoder(grid))).backward()
    compared = 0
    for (name, a), b in zip(model.named_parameters(), other.parameters(), strict=True):
        if a.grad is not None:
            tolerance = 1e-8 * float(a.grad.abs().max())
            torch.testing.assert_close(b.grad, a.grad, rtol=0, atol=tolerance, msg=name)
            compared += 1
    assert compared > 30


def test_folding_keeps_the_trunks_features() -> None:
    torch.manual_seed(2)
    model = LIST(LISTConfig.small()).eval()
    for module in model.trunk.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2)
    other = copy.deepcopy(model)
    fold_normalisation(other.trunk)
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in other.trunk.modules())
    image = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        expected, folded = model.trunk_features(image), other.trunk_features(image)
    for a, b in zip([expected.pooled, *expected.maps], [folded.pooled, *folded.maps], strict=True):
        torch.testing.assert_close(b, a, rtol=1e-3, atol=1e-3 * float(a.abs().max()))
