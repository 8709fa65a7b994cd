# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Exact simplifications of a model whose weights no longer change.

Neighbouring linear maps become one: batch normalisation and the layer beside it, two linear layers without an
activation between them. The function stays the same; only rounding differs. Normalisation that follows an activation
and precedes a zero-padded convolution (the voxel encoder) stays a layer: padding makes the merged form wrong at the
border.
"""

from __future__ import annotations

import copy
import itertools
import weakref
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .coarse_decoder import TreeGCN
from .image_encoder import BasicBlock, ResEncoder
from .list_model import LIST
from .spatial_transformer import SpatialTransformer
from .voxel_encoder import VoxelEncoder

_BatchNorm = nn.modules.batchnorm._BatchNorm


def _scale_and_shift(norm: nn.Module) -> tuple[Tensor, Tensor]:
    """Evaluation-mode batch normalisation as y = scale * x + shift."""
    assert isinstance(norm, _BatchNorm) and norm.running_var is not None and norm.running_mean is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None, device="meta")
    layer.weight = nn.Parameter(weight, requires_grad=False)
    if bias is not None:
        layer.bias = nn.Parameter(bias, requires_grad=False)
    return layer


def fold_norm_after_conv(conv: nn.Module, norm: nn.Module) -> nn.Conv2d:
    """One convolution for a convolution and the normalisation of its output."""
    assert isinstance(conv, nn.Conv2d)
    scale, shift = _scale_and_shift(norm)
    out = copy.copy(conv)
    out._parameters = {
        "weight": nn.Parameter(conv.weight * scale.view(-1, 1, 1, 1), requires_grad=False),
        "bias": nn.Parameter(shift if conv.bias is None else conv.bias * scale + shift, requires_grad=False),
    }
    return out


def fold_norm_before_linear(norm: nn.Module, linear: nn.Module) -> nn.Linear:
    """One linear layer for a normalisation and the linear layer that reads it."""
    assert isinstance(linear, nn.Linear)
    scale, shift = _scale_and_shift(norm)
    return _linear(linear.weight * scale, linear.bias + linear.weight @ shift)


def fold_linear_pair(first: nn.Module, second: nn.Module) -> nn.Linear:
    """One linear layer for two in a row; without a bias where neither has one."""
    assert isinstance(first, nn.Linear) and isinstance(second, nn.Linear)
    weight = second.weight @ first.weight
    # torch declares biases as tensors; without one they are None.
    inner: Tensor | None = first.bias
    outer: Tensor | None = second.bias
    carried = None if inner is None else second.weight @ inner
    if outer is None or carried is None:
        return _linear(weight, carried if outer is None else outer)
    return _linear(weight, carried + outer)


class SingleChannelConv3d(nn.Module):
    """A 3x3x3 convolution with padding 1 of one channel to one, for inference: 27 weighted shifts of the volume.

    (B, 1, D, H, W) -> the same shape. Nine times faster than the library's convolution at 128 nodes per axis on a CPU.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.taps = weight.flatten().tolist()
        self.bias = bias.item()

    def forward(self, x: Tensor) -> Tensor:
        depth, height, width = x.shape[2:]
        padded = F.pad(x, (1,) * 6)
        out = torch.full_like(x, self.bias)
        for tap, (i, j, k) in zip(self.taps, itertools.product(range(3), repeat=3), strict=True):
            out.add_(padded[:, :, i : i + depth, j : j + height, k : k + width], alpha=tap)
        return out


class DirectConv3d(nn.Conv3d):
    """A 3x3x3 convolution with padding 1 on a CPU, for inference: the vendor library's kernel at any size.

    torch picks its own slower kernel for one volume whose slices are small, however many slices there are: three times
    slower for the 16 channels made of one at 128 nodes per axis.
    """

    def forward(self, x: Tensor) -> Tensor:
        if not (torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled and x.dtype == torch.float32):
            return super().forward(x)
        ones = (1, 1, 1)
        out: Tensor = torch.mkldnn_convolution(x, self.weight, self.bias, ones, ones, ones, 1)
        return out


class AffineInPlace(nn.Module):
    """Evaluation-mode batch normalisation (B, C, ...) in place, for inference: no second volume."""

    def __init__(self, norm: nn.Module) -> None:
        super().__init__()
        scale, shift = _scale_and_shift(norm)
        self.scale, self.shift = (nn.Parameter(t, requires_grad=False) for t in (scale, shift))

    def forward(self, x: Tensor) -> Tensor:
        shape = (-1, *[1] * (x.dim() - 2))
        return torch.addcmul(self.shift.view(shape), x, self.scale.view(shape), out=x)


def _fold_sequential(layers: nn.Sequential) -> None:
    for i in range(len(layers) - 1):
        if isinstance(layers[i], nn.Conv2d) and isinstance(layers[i + 1], _BatchNorm):
            layers[i] = fold_norm_after_conv(layers[i], layers[i + 1])
            layers[i + 1] = nn.Identity()


def _fold_voxel_encoder(encoder: VoxelEncoder) -> None:
    for name, layer in list(encoder.conv.items()):
        assert isinstance(layer, nn.Conv3d) and layer.bias is not None
        if layer.weight.device.type != "cpu":
            continue
        if layer.in_channels == layer.out_channels == 1:
            encoder.conv[name] = SingleChannelConv3d(layer.weight, layer.bias)
        else:
            direct = copy.copy(layer)
            direct.__class__ = DirectConv3d
            direct._parameters = dict(layer._parameters)
            encoder.conv[name] = direct
    for i, norm in enumerate(encoder.bn):
        if isinstance(norm, _BatchNorm):
            encoder.bn[i] = AffineInPlace(norm)


@torch.no_grad()
def fold(model: LIST) -> LIST:
    """A copy of `model` in evaluation mode with its layers folded; weights that do not change are shared with it."""
    shared = {id(t): t for t in (*model.parameters(), *model.buffers())}
    folded = copy.deepcopy(model, shared)
    folded.eval()
    for module in list(folded.modules()):
        if isinstance(module, SpatialTransformer):
            for i in (2, 5):
                module[i + 1] = fold_norm_before_linear(module[i], module[i + 1])
                module[i] = nn.Identity()
        elif isinstance(module, nn.Sequential):
            _fold_sequential(module)
        elif isinstance(module, (BasicBlock, ResEncoder)):
            for conv, norm in (("conv1", "bn1"), ("conv2", "bn2")):
                if hasattr(module, conv):
                    setattr(module, conv, fold_norm_after_conv(getattr(module, conv), getattr(module, norm)))
                    setattr(module, norm, nn.Identity())
            if isinstance(module, ResEncoder):
                module.fc = fold_linear_pair(module.fc, module.fc1)
                module.register_module("fc1", nn.Identity())
        elif isinstance(module, TreeGCN):
            module.W_loop = nn.Sequential(fold_linear_pair(module.W_loop[0], module.W_loop[1]))
    if folded.vox_encoder is not None:
        _fold_voxel_encoder(folded.vox_encoder)
    for module in folded.modules():
        # With the channels of a node side by side convolutions take about half the time on a CPU.
        if isinstance(module, (nn.Conv2d, nn.Conv3d)):
            layout = torch.channels_last if isinstance(module, nn.Conv2d) else torch.channels_last_3d
            module.weight = nn.Parameter(module.weight.to(memory_format=layout), requires_grad=False)
    return folded


_cache: weakref.WeakKeyDictionary[LIST, tuple[tuple[Any, ...], LIST]] = weakref.WeakKeyDictionary()


def folded(model: LIST) -> LIST:
    """`fold(model)`, kept until a weight, a module, a hook or the configuration of the model changes."""
    tensors = (*model.parameters(), *model.buffers())
    if any(t.is_inference() for t in tensors):  # which do not tell of changes
        return fold(model)
    key = (
        *((t.data_ptr(), t._version) for t in tensors),
        *((id(m), m.extra_repr(), len(m._forward_hooks), len(m._forward_pre_hooks)) for m in model.modules()),
    )
    kept = _cache.get(model)
    if kept is None or kept[0] != key or kept[1].config != model.config:
        kept = (key, fold(model))
        _cache[model] = kept
    return kept[1]
