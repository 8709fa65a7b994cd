# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What each of two processes checks; test_parallel.py starts them."""

from __future__ import annotations

import copy
import weakref

import torch
import torch.distributed as dist
from torch import nn
from torch.nn import functional as F

from list_fast.training import parallel


def main() -> None:
    """Batch normalisation, its gradients and running statistics; noise; what is agreed on."""
    torch.manual_seed(0)
    x, weight = (torch.randn(6, 5, 4, dtype=torch.float64) * 3 + 2 for _ in range(2))
    whole = nn.Sequential(nn.BatchNorm1d(5, momentum=None), nn.Sequential(nn.BatchNorm1d(5))).double()
    shared = copy.deepcopy(whole)
    with parallel.group(torch.device("cpu")):
        group = weakref.ref(dist.group.WORLD)
        parallel.share_layers(shared)
        assert isinstance(shared[0], parallel.SharedBatchNorm)
        mine = parallel.rows(6)
        a, b = x.clone().requires_grad_(), x[mine].clone().requires_grad_()
        for _ in range(2):
            (whole(a) * weight).sin().sum().backward()
            (shared(b) * weight[mine]).sin().sum().backward()
        torch.testing.assert_close(b.grad, a.grad[mine])
        parallel.average([p.grad for p in shared.parameters()])
        for ours, theirs in zip(shared.parameters(), whole.parameters(), strict=True):
            torch.testing.assert_close(ours.grad * parallel.size(), theirs.grad)
        torch.testing.assert_close(shared.state_dict(), whole.state_dict())
        torch.testing.assert_close(shared.eval()(x), whole.eval()(x))
        torch.testing.assert_close(parallel.std(x[mine, :, 0]), x[:, :, 0].std(0))
        for ours, theirs in (
            (lambda: parallel.randn_like(x[mine]), lambda: torch.randn_like(x)),
            (lambda: parallel.rand(3, 2, device=torch.device("cpu")), lambda: torch.rand(6, 2)),
            (lambda: parallel.dropout(x[mine], 0.5), lambda: F.dropout(x, 0.5)),
        ):
            torch.manual_seed(1)
            expected = theirs()[mine]
            torch.manual_seed(1)
            torch.testing.assert_close(ours(), expected)
        assert parallel.agreed([float(parallel.rank()), 2.0]) == [0.0, 2.0]
        try:
            parallel.rows(5)
        except ValueError as error:
            assert "multiple of the 2 processes" in str(error)
        else:
            raise AssertionError("five rows were shared by two")
    assert group() is None, "something keeps the group: its threads would outlive the interpreter"
    print("checked")


main()
