# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Argument checks that public functions share; each error names the argument, what it got and what it wants."""

from __future__ import annotations

import contextlib
import math
import operator
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

PADDINGS = ("border", "zeros", "reflection")


def check_tensor(name: str, value: object, shape: str, dims: int, last: int | None = None) -> None:
    """Raise TypeError unless ``value`` is a dense tensor, ValueError unless it has ``dims`` axes and ``last`` as last
    and lies where there are kernels, NotImplementedError where forward-mode derivatives are asked of it."""
    import torch

    if not isinstance(value, torch.Tensor):
        raise TypeError(f"{name} must be a torch.Tensor of shape {shape}, got {type(value).__name__}")
    if value.layout != torch.strided:
        raise TypeError(f"{name} must be a dense tensor, got one of layout {value.layout}")
    if value.dim() != dims or (last is not None and value.shape[-1] != last):
        raise ValueError(f"{name} must have shape {shape}, got {tuple(value.shape)}")
    if torch.compiler.is_compiling():
        return
    if value.is_cuda and torch.version.cuda is not None:  # else it is a fake one
        from list_fast import _native

        if missing := _native.load().no_cuda:
            raise ValueError(f"{name} is on {value.device}, and the CUDA library of list_fast is not there: {missing}")
    # Operators registered with torch have none: without this the tangent would be lost in silence.
    if torch.autograd.forward_ad.unpack_dual(value).tangent is not None:
        raise NotImplementedError(f"{name} has a tangent, and list_fast has no forward-mode derivatives: use backward")


def check_floating(name: str, value: torch.Tensor, allowed: Sequence[torch.dtype]) -> None:
    """Raise TypeError unless the dtype of ``value`` is one of ``allowed``."""
    if value.dtype not in allowed:
        names = ", ".join(str(d).removeprefix("torch.") for d in allowed)
        raise TypeError(f"{name} must be one of {names}, got {str(value.dtype).removeprefix('torch.')}")


def check_same_device(name: str, value: torch.Tensor, other_name: str, other: torch.Tensor) -> None:
    """Raise ValueError unless both tensors are on one device."""
    if value.device != other.device:
        raise ValueError(f"{name} must be on the device of {other_name} ({other.device}), got {value.device}")


def check_no_gradient(name: str, value: object) -> None:
    """Raise ValueError where ``value`` is, or holds, a tensor whose gradient is asked for: it is read as numbers."""

    def asks(part: object) -> bool:
        if isinstance(part, tuple | list):
            return any(map(asks, part))
        return bool(getattr(part, "requires_grad", False))

    if asks(value):
        import torch

        if torch.is_grad_enabled():
            raise ValueError(f"{name} has no gradient: detach it")


def check_number(name: str, value: object) -> float:
    """``value`` as a float; TypeError unless it is a number, ValueError unless it is finite and asks for no
    gradient."""
    check_no_gradient(name, value)
    try:
        number = None if isinstance(value, bool) else value.__float__()  # type: ignore[attr-defined]
    except OverflowError:
        raise ValueError(f"{name} must be finite, got an integer beyond the range of a float") from None
    except (AttributeError, TypeError, ValueError, RuntimeError):
        number = None
    if number is None:
        raise TypeError(f"{name} must be a number, got {type(value).__name__}")
    if not math.isfinite(number):
        raise ValueError(f"{name} must be finite, got {value}")
    return float(number)


@contextlib.contextmanager
def renamed(**names: str) -> Iterator[None]:
    """Turn an error that begins with one of ``names`` into a ValueError that begins with the caller's word for it."""
    try:
        yield
    except (TypeError, ValueError) as error:
        text = str(error)
        for name, own in names.items():
            if text.startswith((f"{name}:", f"{name} ")):
                raise ValueError(own + text[len(name) :]) from error
        raise


def as_int(value: object) -> int | None:
    """``value`` as an int, also one of numpy's or a tensor's; None unless it is an integer. Truth values are none."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    try:
        return None if str(getattr(value, "dtype", "")).endswith("bool") else operator.index(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def as_ints(values: Any, count: int) -> tuple[int, ...] | None:
    """A sequence or array of ``count`` integers as ints; None unless it is one."""
    array = hasattr(values, "shape") and len(values.shape) == 1
    if isinstance(values, bytes) or not (array or isinstance(values, Sequence)) or len(values) != count:
        return None
    ints = [as_int(values[n]) for n in range(count)]
    return None if None in ints else tuple(ints)  # type: ignore[arg-type]


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Raise ValueError unless ``value`` is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")
