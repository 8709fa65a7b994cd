# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What the two samplers share: checks of their arguments, autocast, and derivatives past the second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from list_fast._errors import PADDINGS, as_ints, check_choice, check_floating, check_same_device, check_tensor

PADDING_CODES = {name: code for code, name in enumerate(PADDINGS)}
"""The integers that the operators take for the paddings."""

LEVEL_DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
POINT_DTYPES = (torch.float32, torch.float64)
AUTOCAST_DEVICES = ("cpu", "cuda")


def autocast_enabled(points: object) -> bool:
    """Whether autocast is on for the device of ``points``; others than have a rule for it here have it off."""
    # Not torch.amp.is_autocast_available: torch.compile in torch 2.11 cannot look into it.
    if not isinstance(points, Tensor) or points.device.type not in AUTOCAST_DEVICES:
        return False
    return torch.is_autocast_enabled(points.device.type)


def check_places(points: Tensor, *, autocast: bool) -> None:
    """Raise unless ``points`` is (B, N, 3) in float32 or float64; under autocast any floating dtype is cast."""
    check_tensor("points", points, "(B, N, 3)", 3, 3)
    check_floating("points", points, LEVEL_DTYPES if autocast else POINT_DTYPES)


def check_companion(name: str, value: Tensor, shape: str, dims: int, points: Tensor, *, autocast: bool) -> None:
    """Raise unless ``value`` has ``dims`` axes, the last of size 3, and the dtype and the device of ``points``; under
    autocast any floating dtype is cast."""
    check_tensor(name, value, shape, dims, 3)
    if autocast:
        check_floating(name, value, LEVEL_DTYPES)
    elif value.dtype != points.dtype:
        raise TypeError(f"{name} must have the dtype of points ({points.dtype}), got {value.dtype}")
    check_same_device(name, value, "points", points)


def like_places(value: Tensor, points: Tensor) -> Tensor:
    """``value`` in the dtype that autocast leaves ``points`` in: float64 stays, the others become float32."""
    return value.to(torch.promote_types(points.dtype, torch.float32))


def check_canvas(canvas: object) -> tuple[int, int]:
    """Height and width of the canvas; an error unless they are two positive integers."""
    sizes = as_ints(canvas, 2)
    if sizes is None:
        raise TypeError(f"canvas must be two integers (height, width), got {canvas!r}")
    if min(sizes) < 1 or max(sizes) >= 2**31:
        raise ValueError(f"canvas must be from 1 to 2^31 - 1 pixels high and wide, got {sizes}")
    return sizes[0], sizes[1]


def check_levels(levels: object, points: Tensor, shape: str) -> None:
    """Raise unless ``levels`` is a sequence of floating tensors of the given shape that go with ``points``."""
    if not isinstance(levels, Sequence):  # a tensor is none
        raise TypeError(f"levels must be a sequence of tensors of shape {shape}, got {type(levels).__name__}")
    if not levels:
        raise ValueError(f"levels must hold at least one tensor of shape {shape}, got none")
    for i, level in enumerate(levels):
        name = f"levels[{i}]"
        check_tensor(name, level, shape, shape.count(",") + 1)
        check_floating(name, level, LEVEL_DTYPES)
        check_same_device(name, level, "points", points)
        if level.shape[0] != points.shape[0]:
            raise ValueError(f"{name} must have the batch size of points ({points.shape[0]}), got {level.shape[0]}")
        if any(size == 0 for size in level.shape[2:]):
            raise ValueError(f"{name} must have at least one node along every axis, got shape {tuple(level.shape)}")


def check_options(padding: str, align_corners: bool) -> None:
    """Raise unless ``padding`` names a padding and ``align_corners`` is a bool."""
    check_choice("padding", padding, PADDINGS)
    if not isinstance(align_corners, bool):
        raise TypeError(f"align_corners must be a bool, got {type(align_corners).__name__}")


def register_autocast(name: str) -> None:
    """Under autocast the operator runs in float32 on every device: places need more digits than the half types have."""
    for device in AUTOCAST_DEVICES:
        torch.library.register_autocast(name, device, torch.float32)


def any_needed(needs: Sequence[bool] | bool) -> bool:
    """Whether a gradient is asked for, of one input or of any in a list."""
    return needs if isinstance(needs, bool) else any(needs)


def own_leaf(tensor: Tensor, connected: bool) -> Tensor:
    """The tensor as a variable to differentiate by; `connected` keeps what it was computed from for further orders.

    An alias: one input may have been computed from another, and derivatives by that one must not run through it.
    """
    if connected and tensor.requires_grad:
        return tensor.view_as(tensor)
    return tensor.detach().requires_grad_()


def second_derivative(
    forward: Callable[[list[Tensor]], Tensor],
    inputs: Sequence[Tensor],
    grad: Tensor,
    first_of: Sequence[Tensor | None],
) -> list[Tensor]:
    """Gradients by ``grad`` and by each of ``inputs`` of sum_i <first_of[i], d forward / d inputs[i] applied to grad>.

    ``forward`` is the plain-torch form of the operator: its first derivative is recorded and differentiated again. In
    a pass that records a graph (``create_graph``) the result is differentiable as far as torch's own form is.

    Args:
        forward: Maps tensors like ``inputs`` to the operator's output.
        inputs: Floating tensors.
        grad: Shape and dtype of the output.
        first_of: For each input the gradient by its first derivative, or None where there is none.
    """
    higher = torch.is_grad_enabled()
    with torch.enable_grad(), torch.autocast(grad.device.type, enabled=False):
        leaves, outer = [own_leaf(tensor, higher) for tensor in inputs], own_leaf(grad, higher)
        wanted = [i for i, tensor in enumerate(first_of) if tensor is not None]
        first = torch.autograd.grad(forward(leaves), [leaves[i] for i in wanted], outer, create_graph=True)
        second: Any = torch.autograd.grad(
            first,
            [outer, *leaves],
            [first_of[i] for i in wanted],
            create_graph=higher,
            allow_unused=True,
            materialize_grads=True,
        )
    return list(second)


def third_derivative(
    forward: Callable[[list[Tensor]], Tensor],
    inputs: Sequence[Tensor],
    grad: Tensor,
    first_of: Sequence[Tensor | None],
    second_of: Sequence[Tensor | None],
) -> tuple[list[Tensor | None], list[Tensor]]:
    """Gradients of sum_i <second_of[i], second_derivative(forward, inputs, grad, first_of)[i]>.

    Returns:
        Those by ``first_of`` (None where that is None), then those by ``grad`` and each of ``inputs``.
    """
    higher = torch.is_grad_enabled()
    with torch.enable_grad(), torch.autocast(grad.device.type, enabled=False):
        variables = [own_leaf(tensor, higher) for tensor in (grad, *inputs)]
        moves = [None if tensor is None else own_leaf(tensor, higher) for tensor in first_of]
        second = second_derivative(forward, variables[1:], variables[0], moves)
        used = [i for i, seed in enumerate(second_of) if seed is not None and second[i].requires_grad]
        given = [tensor for tensor in moves if tensor is not None]
        third: Any = torch.autograd.grad(
            [second[i] for i in used],
            [*given, *variables],
            [second_of[i] for i in used],
            create_graph=higher,
            allow_unused=True,
            materialize_grads=True,
        )
    by_moves = iter(third[: len(given)])
    return [None if tensor is None else next(by_moves) for tensor in moves], list(third[len(given) :])


def moves_of_levels(first_of: Sequence[Tensor | None], levels: Sequence[Tensor]) -> list[Tensor]:
    """What a double backward takes for the gradients by the levels' first gradients: an empty tensor for one that is
    None, an empty list if all are."""
    if all(tensor is None for tensor in first_of):
        return []
    pairs = zip(first_of, levels, strict=True)
    return [level.new_empty(0) if tensor is None else tensor for tensor, level in pairs]


def levels_that_move(moves: Sequence[Tensor], levels: Sequence[Tensor]) -> list[Tensor | None]:
    """The inverse of ``moves_of_levels``."""
    if not moves:
        return [None] * len(levels)
    return [move if move.shape == level.shape else None for move, level in zip(moves, levels, strict=True)]
