# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Drop-in modules that compute what the model's own do, with less work in training. Parameter names stay."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from list_fast.model.sdf_decoder import SDFDecoder

if TYPE_CHECKING:
    from list_fast.model import LIST
    from list_fast.model.coarse_decoder import TreeGCN

# A line of nodes taken for channels multiplies a convolution's work by a third of its length.
_LONGEST_LINE = 64
# Above so many channels torch's own normalisation is as fast.
_FEW_CHANNELS = 16


class LinearPair(nn.Sequential):
    """Two linear layers without bias or activation between them, multiplied out before they meet the input.

    The coarse decoder's pairs widen tenfold in between, so one product of the matrices replaces most of the work.
    """

    def forward(self, x: Tensor) -> Tensor:
        first, second = cast(nn.Linear, self[0]), cast(nn.Linear, self[1])
        return F.linear(x, second.weight @ first.weight)


class LineConv3d(nn.Conv3d):
    """A 3x3x3 convolution of one channel to one, as a 3x3 convolution whose channels are the nodes of a line.

    Kernels for convolutions are made for many channels: with 32 nodes a line the tenfold work takes a tenth of the
    time.
    """

    def forward(self, input: Tensor) -> Tensor:
        """(B, 1, D, H, W) -> the same."""
        nodes = input.shape[4]
        if nodes > _LONGEST_LINE:
            return super().forward(input)
        assert self.bias is not None
        line = torch.arange(nodes, device=input.device)
        tap = line - line[:, None] + 1  # of the kernel, from input node (column) to output node (row)
        taps = F.pad(self.weight[0, 0], (0, 1))[:, :, torch.where((tap >= 0) & (tap < 3), tap, 3)]
        out = F.conv2d(input[:, 0].permute(0, 3, 1, 2), taps.permute(2, 3, 0, 1), self.bias.expand(nodes), padding=1)
        return out.permute(0, 2, 3, 1)[:, None]


class _NormalizeColumns(torch.autograd.Function):
    """Batch normalisation of rows (M, L * C) of L groups of C channels; also their means and biased variances (C,).

    torch's kernels for a matrix give every column's statistics; those of a channel are put together from its L columns.
    """

    @staticmethod
    def forward(ctx: Any, rows: Tensor, weight: Tensor, bias: Tensor, eps: float) -> tuple[Tensor, Tensor, Tensor]:
        channels = len(weight)
        weights, biases = (x.repeat(rows.shape[1] // channels) for x in (weight, bias))
        # With these the statistics of half-precision rows come in float32.
        _, means, scales = torch.native_batch_norm(rows, weights, biases, None, None, True, 0.0, eps)
        means, variances = means.view(-1, channels), (scales.view(-1, channels) ** -2 - eps).clamp_min(0)
        mean = means.mean(0)
        variance = variances.mean(0) + (means - mean).square().mean(0)
        shared = mean.repeat(len(means)), variance.repeat(len(means)), weights
        ctx.save_for_backward(rows, *shared)
        ctx.eps, ctx.channels = eps, channels
        ctx.mark_non_differentiable(mean, variance)
        return F.batch_norm(rows, *shared, biases, False, 0.0, eps), mean, variance

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
        rows, mean, variance, weight = ctx.saved_tensors
        repeats, count = rows.shape[1] // ctx.channels, rows.numel() // ctx.channels
        by_rows, by_weight, by_bias = torch.ops.aten.native_batch_norm_backward(
            gradient.contiguous(), rows, weight, mean, variance, None, None, False, ctx.eps, [True, True, True]
        )
        by_weight, by_bias = (x.view(repeats, ctx.channels).sum(0) for x in (by_weight, by_bias))
        # What goes through the statistics: the same normalisation under another weight and bias.
        scale = -weight * (variance + ctx.eps).rsqrt() / count
        through = [scale * x.repeat(repeats) for x in (by_weight, by_bias)]
        by_rows.add_(F.batch_norm(rows, mean, variance, through[0], through[1], False, 0.0, ctx.eps))
        return by_rows, by_weight, by_bias, None


class ColumnBatchNorm3d(nn.BatchNorm3d):
    """Batch normalisation of few channels that lie last in memory, where torch's takes ten times as long."""

    def forward(self, input: Tensor) -> Tensor:
        """(B, C, D, H, W) -> the same."""
        last = input.is_contiguous(memory_format=torch.channels_last_3d)
        if not (self.training and last and self.affine and self.track_running_stats and self.momentum is not None):
            return super().forward(input)
        batch, channels, *nodes = input.shape
        lines = input.permute(0, 2, 3, 4, 1)
        rows = lines.reshape(batch * nodes[0] * nodes[1], nodes[2] * channels)
        out, mean, variance = _NormalizeColumns.apply(rows, self.weight, self.bias, self.eps)  # type: ignore[no-untyped-call]
        assert self.running_mean is not None and self.running_var is not None
        assert self.num_batches_tracked is not None
        count = rows.numel() // channels
        with torch.no_grad():
            self.num_batches_tracked += 1
            self.running_mean.lerp_(mean.to(self.running_mean), self.momentum)
            self.running_var.lerp_((variance * count / (count - 1)).to(self.running_var), self.momentum)
        normalized: Tensor = out.view(lines.shape).permute(0, 4, 1, 2, 3)
        return normalized


class FrozenNormSequential(nn.Sequential):
    """Layers in a row, where a normalisation whose statistics rest is multiplied into the convolution before it.

    Its weight and bias still learn. A convolution of single channels that skips nodes runs over all of them and leaves
    the others out: the gradients of such kernels take a quarter of the time.
    """

    def forward(self, input: Tensor) -> Tensor:
        """As the layers' own."""
        x, layers = input, list(self)
        while layers:
            layer = layers.pop(0)
            norm = layers[0] if layers else None
            if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d) and not norm.training:
                layers.pop(0)
                x = _convolve_normalized(x, layer, norm)
            else:
                x = layer(x)
        return x


def _convolve_normalized(x: Tensor, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> Tensor:
    assert norm.running_mean is not None and norm.running_var is not None and isinstance(conv.padding, tuple)
    scale = norm.weight * (norm.running_var + norm.eps).rsqrt()
    bias = norm.bias - norm.running_mean * scale
    if conv.bias is not None:
        bias = bias + conv.bias * scale
    single = conv.groups == conv.in_channels and conv.kernel_size == (3, 3) and conv.stride == (2, 2)
    stride = (1, 1) if single else conv.stride
    weight = conv.weight * scale[:, None, None, None]
    x = F.conv2d(x, weight, bias, stride, conv.padding, conv.dilation, conv.groups)
    return x[:, :, ::2, ::2].contiguous(memory_format=torch.channels_last) if single else x


class RowDecoder(SDFDecoder):
    """The SDF decoder over whole rows: one product where the parts would take five and their sums."""

    def forward(
        self,
        voxel_samples: Tensor | None,
        image_samples: Tensor | None,
        points: Tensor,
        vector: Tensor | None = None,
        direction: Tensor | None = None,
    ) -> Tensor:
        """As the decoder's own."""
        kind, device = points.dtype, points.device.type
        if torch.is_autocast_enabled(device):
            kind = torch.get_autocast_dtype(device)  # the half of the bytes, before they are put together
        *weights, bias = self.first_layer()
        parts = [voxel_samples.flatten(2)] if voxel_samples is not None else []
        if image_samples is not None:
            parts.append(image_samples)
        for constant in (vector, direction):
            if constant is not None:
                parts.append(constant[:, None].expand(-1, points.shape[1], -1))
        if direction is not None:
            parts.append(points @ direction[:, :, None])
        row = torch.cat([part.to(kind) for part in (*parts, points)], -1)
        x = F.linear(row, torch.cat(weights, 1), bias)
        for name in ("fc_1", "fc_2", "fc_out"):
            x = F.linear(F.relu(x), *self.layer(name))
        return x.squeeze(-1)


def use_equivalents(model: LIST, device: torch.device) -> None:
    """Replaces modules of a model, in place; the parameters, their names and what they compute stay."""
    for layer in model.point_decoder.gcn:
        level = cast("TreeGCN", layer)
        level.W_loop = LinearPair(*level.W_loop)
    if device.type != "cpu":
        return
    if model.config.shared_trunk:
        model.trunk.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        for name, module in list(model.trunk.named_modules()):
            if isinstance(module, nn.Sequential) and any(isinstance(m, nn.BatchNorm2d) for m in module):
                parent, _, child = name.rpartition(".")
                setattr(model.trunk.get_submodule(parent), child, _stand_in(FrozenNormSequential, module))
    model.sdf_decoder = cast("RowDecoder", _stand_in(RowDecoder, model.sdf_decoder, model.config))
    if model.vox_encoder is None:
        return
    # With so few channels, convolutions that keep them last take a third of the time; the weights' layout decides.
    model.vox_encoder.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]  # torch leaves it out
    for name, module in list(model.vox_encoder.named_modules()):
        parent, _, child = name.rpartition(".")
        holder = model.vox_encoder.get_submodule(parent)
        if isinstance(module, nn.Conv3d) and module.weight.shape[:2] == (1, 1):
            setattr(holder, child, _stand_in(LineConv3d, module, 1, 1, 3, padding=1))
        elif isinstance(module, nn.BatchNorm3d) and module.num_features <= _FEW_CHANNELS:
            options = module.num_features, module.eps, module.momentum
            setattr(holder, child, _stand_in(ColumnBatchNorm3d, module, *options))


def _stand_in(kind: type[nn.Module], module: nn.Module, *arguments: Any, **options: Any) -> nn.Module:
    """A module of another kind with the very parameters, buffers and children of one."""
    with torch.device("meta"):  # nothing is drawn
        other = kind(*arguments, **options)
    for name, parameter in module.named_parameters(recurse=False):
        other.register_parameter(name, parameter)
    for name, buffer in module.named_buffers(recurse=False):
        other.register_buffer(name, buffer)
    for name, child in module.named_children():
        other.register_module(name, child)
    return other.train(module.training)


def fold_normalisation(module: nn.Module) -> None:
    """Multiplies each batch normalisation of a frozen module into the convolution before it, in place.

    With the channels-last layout this more than halves the time of a MobileNetV2 on a CPU.
    """
    for parent in module.modules():
        if not isinstance(parent, nn.Sequential):
            continue
        for first, second in itertools.pairwise(list(parent._modules)):
            conv, norm = parent[int(first)], parent[int(second)]
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                parent[int(first)], parent[int(second)] = fuse_conv_bn_eval(conv, norm), nn.Identity()
