# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Modules that stand in for the model's own compute the same values and gradients under the same names."""

from __future__ import annotations

import copy
import dataclasses

import pytest
import torch
from torch import nn

from list_fast.model import LIST, LISTConfig
from list_fast.training.equivalents import (
    ColumnBatchNorm3d,
    FrozenNormSequential,
    LineConv3d,
    RowDecoder,
    fold_normalisation,
    use_equivalents,
)


def test_equivalents_keep_names_values_and_gradients() -> None:
    torch.manual_seed(1)
    # In float64: in float32 the batch normalisation of the other layout sums in another order, which shows.
    model = LIST(LISTConfig.small()).train().double()
    other = copy.deepcopy(model)
    use_equivalents(other, torch.device("cpu"))
    assert list(model.state_dict()) == list(other.state_dict())
    assert other.vox_encoder.conv["conv_3_0"].weight.is_contiguous(memory_format=torch.channels_last_3d)
    kinds = [type(module) for module in other.modules()]
    assert [kinds.count(kind) for kind in (LineConv3d, ColumnBatchNorm3d, RowDecoder)] == [3, 4, 1]
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
    for (name, buffer), updated in zip(model.named_buffers(), other.buffers(), strict=True):
        torch.testing.assert_close(updated, buffer, rtol=1e-9, atol=1e-12, msg=name)


@pytest.mark.parametrize("reads", [("voxels", "neighbors", "images", "view"), ("images", "global"), ("voxels",)])
def test_rows_meet_the_decoder_as_their_parts_do(reads: tuple[str, ...]) -> None:
    torch.manual_seed(3)
    model = LIST(dataclasses.replace(LISTConfig.small(), query_reads=reads)).double()
    other = copy.deepcopy(model)
    use_equivalents(other, torch.device("cpu"))
    encoded = model.encode_features(model.trunk_features(torch.rand(2, 3, 224, 224, dtype=torch.float64)))
    points = torch.rand(2, 50, 3, dtype=torch.float64) - 0.5
    results = []
    for m in (model, other):
        value = m.query(encoded, points)
        value.sin().sum().backward(retain_graph=True)
        results.append((value.detach(), *[p.grad for p in m.sdf_decoder.parameters()]))
    assert results[1][0].abs().max() > 0
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(b, a, rtol=1e-9, atol=1e-9 * float(a.abs().max()))


def test_normalisation_of_columns_is_torchs_in_half_precision_too() -> None:
    torch.manual_seed(4)
    norm = nn.BatchNorm3d(8)
    columns = ColumnBatchNorm3d(8)
    nn.init.uniform_(norm.weight, 0.5, 2)
    nn.init.normal_(norm.bias)
    columns.load_state_dict(norm.state_dict())
    x = (3 + torch.randn(4, 8, 6, 5, 7)).to(memory_format=torch.channels_last_3d)
    direction = torch.randn_like(x)
    found = []
    for module, dtype in ((norm, torch.float32), (columns, torch.float32), (columns, torch.bfloat16)):
        leaf = x.detach().to(dtype).requires_grad_()
        out = module(leaf)
        assert out.dtype == dtype and out.is_contiguous(memory_format=torch.channels_last_3d)
        module.zero_grad()
        out.backward(direction.to(dtype))
        found.append([out.detach(), leaf.grad, module.weight.grad.clone(), module.bias.grad.clone()])
    for a, b, half in zip(*found, strict=True):
        torch.testing.assert_close(b, a, rtol=1e-4, atol=1e-4 * float(a.abs().max()))
        torch.testing.assert_close(half.float(), a, rtol=0, atol=3e-2 * float(a.abs().max()))
    columns.eval(), norm.eval()
    columns.load_state_dict(norm.state_dict())
    torch.testing.assert_close(columns(x), norm(x))


def test_a_trunks_tail_learns_the_same_with_its_normalisation_in_the_convolutions() -> None:
    torch.manual_seed(5)
    model = LIST(LISTConfig.small()).double()
    for module in model.trunk.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2)
    model.trunk.requires_grad_(True)
    other = copy.deepcopy(model)
    use_equivalents(other, torch.device("cpu"))
    assert sum(isinstance(m, FrozenNormSequential) for m in other.trunk.modules()) > 30
    image = torch.rand(2, 3, 64, 64, dtype=torch.float64)
    for m in (model, other):
        maps, pooled = m.trunk(image)
        (pooled.sin().sum() + sum(x.sin().sum() for x in maps)).backward()
    compared = 0
    for (name, a), b in zip(model.trunk.named_parameters(), other.trunk.parameters(), strict=True):
        torch.testing.assert_close(b.grad, a.grad, rtol=0, atol=1e-9 * float(a.grad.abs().max()), msg=name)
        compared += bool(a.grad.abs().max() > 0)
    assert compared > 100


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
