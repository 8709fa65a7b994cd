# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""One run on several processes, as torchrun starts them: each works on its share of every batch.

What a step computes is that of one process with the whole batch: noise is drawn for the whole batch and each process
takes its rows, batch normalisation sees all rows, gradients are averaged. In one process every function here is that
of torch.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn import functional as F


def size() -> int:
    """The number of processes."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def rank() -> int:
    """The number of this process; 0 is the one that writes."""
    return dist.get_rank() if size() > 1 else 0


@contextlib.contextmanager
def group(device: torch.device) -> Iterator[torch.device]:
    """The processes that torchrun has started, joined for the time of the context; gives this one's device.

    Outside torchrun, and where a group is there already, it does nothing.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2 or dist.is_initialized():
        yield device
        return
    if str(device) == "cuda":
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    try:
        yield device
    finally:
        dist.destroy_process_group()


def rows(count: int) -> slice:
    """This process's rows of a batch of ``count``.

    Raises:
        ValueError: the processes cannot share it evenly.
    """
    if count % size():
        raise ValueError(f"batch must be a multiple of the {size()} processes, got {count}")
    share = count // size()
    return slice(rank() * share, (rank() + 1) * share)


def _own(whole: Tensor) -> Tensor:
    return whole[rows(whole.shape[0])]


def randn(*shape: int, device: torch.device, dtype: torch.dtype = torch.float32) -> Tensor:
    """This process's rows of normal noise for the whole batch; ``shape[0]`` rows of it."""
    return _own(torch.randn(shape[0] * size(), *shape[1:], device=device, dtype=dtype))


def randn_like(tensor: Tensor) -> Tensor:
    """As `randn`, of a tensor's shape, dtype and device."""
    return randn(*tensor.shape, device=tensor.device, dtype=tensor.dtype)


def rand(*shape: int, device: torch.device) -> Tensor:
    """As `randn`, uniform in [0, 1)."""
    return _own(torch.rand(shape[0] * size(), *shape[1:], device=device))


def dropout(tensor: Tensor, share: float) -> Tensor:
    """As `torch.nn.functional.dropout` on the whole batch."""
    if size() == 1:
        return F.dropout(tensor, share)
    return tensor * _own(F.dropout(tensor.new_ones(tensor.shape[0] * size(), *tensor.shape[1:]), share))


def std(tensor: Tensor) -> Tensor:
    """Standard deviation over the rows of the whole batch; no gradient."""
    if size() == 1:
        return tensor.std(0)
    tensor = tensor.detach()
    count = tensor.shape[0] * size()
    mean = tensor.sum(0)
    dist.all_reduce(mean)
    squares = (tensor - mean / count).square().sum(0)
    dist.all_reduce(squares)
    return (squares / (count - 1)).sqrt()


def average(tensors: Sequence[Tensor]) -> None:
    """Replaces tensors of one device by their means over the processes, in one exchange for each dtype."""
    if size() == 1 or not tensors:
        return
    for dtype in dict.fromkeys(tensor.dtype for tensor in tensors):
        same = [tensor for tensor in tensors if tensor.dtype == dtype]
        flat = torch.cat([tensor.reshape(-1) for tensor in same])
        dist.all_reduce(flat)
        parts = (flat / size()).split([tensor.numel() for tensor in same])
        for tensor, part in zip(same, parts, strict=True):
            tensor.copy_(part.view_as(tensor))


def agreed(values: Sequence[float]) -> list[float]:
    """The first process's values: what depends on clocks or signals must be decided once."""
    if size() == 1:
        return list(values)
    shared = torch.tensor(values, dtype=torch.float64)
    dist.broadcast(shared, 0)
    return [float(value) for value in shared]


def wait() -> None:
    """Returns when every process has come here."""
    if size() > 1:
        dist.barrier()


class _Total(torch.autograd.Function):
    """The sum over the processes. (torch.distributed.nn.functional keeps the group in its defaults beyond the group's
    end, and threads that outlive it end the process with an abort now and then.)"""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        total = values.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.clone()
        dist.all_reduce(total)
        return total


def _total(values: Tensor) -> Tensor:
    total: Tensor = _Total.apply(values)  # type: ignore[no-untyped-call]
    return total


class SharedBatchNorm(nn.modules.batchnorm._BatchNorm):
    """Batch normalisation whose statistics are those of the rows of all processes, on any device.

    (torch's own SyncBatchNorm knows no CPU.)
    """

    def _check_input_dim(self, input: Tensor) -> None:
        """Any number of dimensions will do."""

    def forward(self, input: Tensor) -> Tensor:
        """(B, C, ...) -> the same."""
        if not self.training or size() == 1:
            return super().forward(input)
        x = input.float() if input.dtype in (torch.float16, torch.bfloat16) else input
        others = [0, *range(2, x.dim())]
        shape = (1, -1, *[1] * (x.dim() - 2))
        count = x.numel() // x.shape[1] * size()
        mean = _total(x.sum(others)) / count
        centred = x - mean.view(shape)
        variance = _total(centred.square().sum(others)) / count
        if self.track_running_stats and self.running_mean is not None and self.running_var is not None:
            assert self.num_batches_tracked is not None
            self.num_batches_tracked += 1
            with torch.no_grad():
                share = 1 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
                self.running_mean.lerp_(mean.detach().to(self.running_mean), share)
                self.running_var.lerp_((variance.detach() * count / (count - 1)).to(self.running_var), share)
        out = centred * (variance + self.eps).rsqrt().view(shape)
        if self.affine:
            out = out * self.weight.view(shape) + self.bias.view(shape)
        return out.to(input.dtype)


class SharedDropout(nn.Dropout):
    """Dropout that leaves out what one process with the whole batch would."""

    def forward(self, input: Tensor) -> Tensor:
        """(B, ...) -> the same."""
        return dropout(input, self.p) if self.training else input


def share_layers(module: nn.Module) -> None:
    """Replaces the layers of a module that see the batch as a whole, in place; the names of their parameters stay."""
    if size() == 1:
        return
    for parent in list(module.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.modules.batchnorm._BatchNorm):
                setattr(parent, name, _shared_norm(child))
            elif isinstance(child, nn.Dropout):
                setattr(parent, name, SharedDropout(child.p).train(child.training))


def _shared_norm(norm: nn.modules.batchnorm._BatchNorm) -> SharedBatchNorm:
    shared = SharedBatchNorm(norm.num_features, norm.eps, norm.momentum, norm.affine, norm.track_running_stats)
    # The tensors themselves, not copies: the optimiser holds them.
    for name, parameter in norm.named_parameters(recurse=False):
        shared.register_parameter(name, parameter)
    for name, buffer in norm.named_buffers(recurse=False):
        shared.register_buffer(name, buffer)
    return shared.train(norm.training)
