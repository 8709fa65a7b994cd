# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Values of a field on the nodes of a lattice: any kind of callable, in chunks, with its mistakes named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

Progress = Callable[[str, int, int], object]
"""progress(stage, points done, points in this stage); False ends the extraction with ``Cancelled``."""


def node_coordinates(low: float, high: float, count: int) -> Tensor:
    """The float32 coordinates of the nodes of one axis: one formula for every mode, so that they agree bit for bit."""
    steps = torch.arange(count, dtype=torch.float64) / (count - 1)
    return (low * (1 - steps) + high * steps).to(torch.float32)


def find_call(sdf: object) -> Callable[[Any], Any] | None:
    """What evaluates a field: its method ``sdf``, else the object itself; None where neither can be called.

    A part of a module that happens to be called sdf is no method of it.
    """
    method = getattr(sdf, "sdf", None)
    if callable(method) and not (isinstance(method, torch.nn.Module) and callable(sdf)):
        return method
    return sdf if callable(sdf) else None


def find_device(sdf: object, device: torch.device | str | None) -> torch.device:
    """The device asked for, else the one where the callable keeps its parameters, else the CPU."""
    if device is not None:
        try:
            return torch.empty(0, device=device).device
        except (RuntimeError, AssertionError, TypeError) as error:
            raise ValueError(f"device must be one that torch has here, got {device!r}: {error}") from None
    for owner in (sdf, getattr(sdf, "__self__", None), getattr(sdf, "model", None)):
        if isinstance(owner, torch.nn.Module):
            for tensor in (*owner.parameters(), *owner.buffers()):
                return tensor.device
        if isinstance(getattr(owner, "device", None), torch.device | str):
            return torch.device(owner.device)  # type: ignore[union-attr]
    return torch.device("cpu")


class _WrongShape(ValueError):
    """Another number of values than points."""


class Cancelled(Exception):
    """The progress callback of an extraction returned False."""


@dataclass
class Evaluator:
    """Evaluates a callable at nodes of a lattice.

    Attributes:
        call: points (N, 3) -> values; a tensor or an array of N numbers in any of the shapes (N,), (N, 1), (1, N), (1,
            N, 1).
        chunk: The most points in one call.
        progress: Called with what is being done, how many points are done and how many there are; what it raises ends
            the extraction, and so does False.
        name: What errors call the callable.
        evaluated: How many values it has given so far.
        numbers: How many of them were not NaN.
    """

    call: Callable[[Any], Any]
    chunk: int
    progress: Progress | None = None
    name: str = "sdf"
    evaluated: int = 0
    numbers: int = 0
    arrays: bool | None = field(default=None, init=False)
    stage: str = field(default="", init=False)
    done: int = field(default=0, init=False)
    total: int = field(default=0, init=False)

    def begin(self, stage: str, total: int) -> None:
        """From now on progress tells of a stage of so many points."""
        self.stage, self.done, self.total = stage, 0, total

    def advance(self, count: int) -> None:
        """Tell that so many points more are done; Cancelled where the answer is False."""
        self.done += count
        if self.progress is not None and self.progress(self.stage, self.done, self.total) is False:
            raise Cancelled(f"progress returned False at {self.stage!r}, {self.done} of {self.total}")

    def __call__(self, axes: Sequence[Tensor], places: Sequence[Tensor]) -> Tensor:
        """Values (N,), float32, at the nodes with places x, y, z, (N,) each, on axes of coordinates."""
        count = places[0].shape[0]
        values = torch.empty(count, dtype=torch.float32, device=places[0].device)
        for begin in range(0, count, self.chunk):
            part = [axis[place[begin : begin + self.chunk]] for axis, place in zip(axes, places, strict=True)]
            points = torch.stack(part, 1)
            values[begin : begin + self.chunk] = self._values(points)
            self.evaluated += points.shape[0]
            self.advance(points.shape[0])
        self.numbers += count - int(values.isnan().sum())
        return values

    def _values(self, points: Tensor) -> Tensor:
        """Values of points (N, 3); what the callable takes, tensors or arrays, is found out at the first of them."""
        if self.arrays is not None:
            return self._checked(self._call(points, self.arrays), points)
        answered = False
        try:
            result = self._call(points, False)
            answered = True
            values = self._checked(result, points)
        except (TypeError, AttributeError, _WrongShape) as error:
            # What an array can do a tensor may not, or may answer in another way.
            try:
                result = self._call(points, True)
            except Exception:
                raise error from None  # the first error says what is wrong
            try:
                values = self._checked(result, points)
            except Exception:
                if answered:
                    raise error from None
                raise
            self.arrays = True
            return values
        self.arrays = False
        return values

    def _call(self, points: Tensor, arrays: bool) -> Any:
        try:
            return self.call(points.cpu().numpy() if arrays else points)
        except Exception as error:
            error.add_note(
                f"while evaluating {self.name} at points of shape {tuple(points.shape)}, {points.dtype} on "
                f"{points.device}"
            )
            raise

    def _checked(self, result: Any, points: Tensor) -> Tensor:
        """What the callable returned as values (N,), float32."""
        count = points.shape[0]
        if isinstance(result, tuple | list):
            raise TypeError(f"{self.name} must return one tensor or array of values, got a {type(result).__name__}")
        if not isinstance(result, Tensor):
            try:
                if result is None:
                    raise TypeError
                array = np.asarray(result)
                dtype = np.complex64 if array.dtype.kind == "c" else np.float32  # complex ones are refused below
                # A copy, as arrays that are read-only or run backwards are none that torch can share.
                result = torch.from_numpy(array.astype(dtype, order="C"))
            except (TypeError, ValueError):
                raise TypeError(
                    f"{self.name} must return a tensor or array of values, got {type(result).__name__}"
                ) from None
        if tuple(result.shape) not in {(count,), (count, 1), (1, count), (1, count, 1)}:
            raise _WrongShape(
                f"{self.name} must return {count} values for points of shape ({count}, 3), got shape "
                f"{tuple(result.shape)}"
            )
        if result.is_complex():
            raise TypeError(f"{self.name} must return real values, got complex ones")
        return result.detach().reshape(count).to(device=points.device, dtype=torch.float32)
