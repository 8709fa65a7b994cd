# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Muon, an optimiser that orthogonalises the momentum of every weight matrix (Jordan et al. 2024)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from .hardware import multiplies_bfloat16

# Quintic Newton-Schulz iteration: fast growth of small singular values, the rest left within about [0.7, 1.2].
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_ITERATIONS = 5
# From this ratio of the sides on, the iteration runs on the small square matrices.
_LONG = 6
# The root mean square of an AdamW update, which makes AdamW's rates and decay serve here (Liu et al. 2025).
_UPDATE_RMS = 0.2


def is_matrix(parameter: Tensor) -> bool:
    """Whether Muon orthogonalises the updates of a parameter: of linear layers and convolutions, as (outputs, rest).

    A depthwise convolution has one filter a channel and a last layer may have one output: nothing there to make
    orthogonal. AdamW steps those, biases and normalisation.
    """
    return parameter.ndim > 1 and parameter.shape[1] > 1 and parameter.shape[0] > 1


@torch.no_grad()
def orthogonalize(matrices: Tensor) -> Tensor:
    """The nearly orthogonal matrices U V^T of matrices U S V^T (..., M, N), in their dtype.

    On CUDA, and on CPUs that multiply it, in bfloat16, which the iteration is made to stand.
    """
    a, b, c = _COEFFICIENTS
    if max(matrices.shape[-2:]) >= _LONG * min(matrices.shape[-2:]):
        return _orthogonalize_long(matrices)
    half = matrices.dtype == torch.float32 and (matrices.is_cuda or multiplies_bfloat16())
    x = matrices.bfloat16() if half else matrices
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-12)
    for _ in range(_ITERATIONS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.mT if tall else x).to(matrices.dtype)


def _orthogonalize_long(matrices: Tensor) -> Tensor:
    """The same for matrices much longer than wide: the iteration multiplies X by polynomials in X X^T, so these alone
    are iterated, in full precision, as small singular values stand in their last digits."""
    a, b, c = _COEFFICIENTS
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if tall else matrices
    gram = x @ x.mT
    size = gram.diagonal(dim1=-2, dim2=-1).sum(-1)[..., None, None]  # the square of X's norm
    gram = gram / (size + 1e-24)
    identity = torch.eye(gram.shape[-1], dtype=gram.dtype, device=gram.device)
    product = identity / (size.sqrt() + 1e-12)
    for step in range(_ITERATIONS):
        factor = a * identity + b * gram + c * gram @ gram
        product = factor @ product
        if step < _ITERATIONS - 1:
            gram = factor @ gram @ factor
    x = product @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Nesterov momentum whose update of a matrix is made orthogonal; AdamW for all other parameters.

    Args:
        params: parameters or groups of them; `is_matrix` decides which a parameter is.
        lr: learning rate of AdamW's scale for both: an orthogonal update has a root mean square of 0.2 `lr`.
        betas: of AdamW.
        momentum: of the matrices.
        weight_decay: decoupled, for both.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        momentum: float = 0.95,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        defaults = {"lr": lr, "betas": betas, "momentum": momentum, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """One step; parameters without a gradient stay as they are."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            learning = [p for p in group["params"] if p.grad is not None]
            if not learning:
                continue
            if group["weight_decay"]:
                torch._foreach_mul_(learning, 1 - group["lr"] * group["weight_decay"])
            self._orthogonal([p for p in learning if is_matrix(p)], group)
            self._adam([p for p in learning if not is_matrix(p)], group)
        return loss

    def _orthogonal(self, parameters: list[Tensor], group: dict[str, Any]) -> None:
        same: dict[tuple[int, int], list[tuple[Tensor, Tensor]]] = {}
        for parameter in parameters:
            state, gradient = self.state[parameter], parameter.grad
            assert gradient is not None
            if not state:
                state["momentum"] = torch.zeros_like(parameter)
            momentum = state["momentum"].lerp_(gradient, 1 - group["momentum"])
            update = gradient.lerp(momentum, group["momentum"]).flatten(1)
            same.setdefault((update.shape[0], update.shape[1]), []).append((parameter, update))
        for shape, pairs in same.items():
            rate = -group["lr"] * _UPDATE_RMS * math.sqrt(max(shape))
            # Matrices of one shape go through the iteration together.
            updates = orthogonalize(torch.stack([u for _, u in pairs])) if len(pairs) > 1 else None
            for index, (parameter, update) in enumerate(pairs):
                made = orthogonalize(update) if updates is None else updates[index]
                parameter.add_(made.view(parameter.shape), alpha=rate)

    def _adam(self, parameters: list[Tensor], group: dict[str, Any]) -> None:
        if not parameters:
            return
        states = [self.state[p] for p in parameters]
        for parameter, state in zip(parameters, states, strict=True):
            if not state:
                state["step"] = torch.zeros(())
                state["exp_avg"], state["exp_avg_sq"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
        (first_decay, second_decay), gradients = group["betas"], [p.grad for p in parameters if p.grad is not None]
        means, squares = [s["exp_avg"] for s in states], [s["exp_avg_sq"] for s in states]
        torch._foreach_lerp_(means, gradients, 1 - first_decay)
        torch._foreach_mul_(squares, second_decay)
        torch._foreach_addcmul_(squares, gradients, gradients, 1 - second_decay)
        for state in states:
            state["step"] += 1
        steps = [float(state["step"]) for state in states]
        roots = torch._foreach_sqrt(squares)
        torch._foreach_div_(roots, [math.sqrt(1 - second_decay**n) for n in steps])
        torch._foreach_add_(roots, group["eps"])
        torch._foreach_addcdiv_(parameters, means, roots, [-group["lr"] / (1 - first_decay**n) for n in steps])
