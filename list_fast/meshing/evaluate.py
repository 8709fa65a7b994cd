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


def find_device(sdf: object, device: torch.device | str | None) -> torch.device:
    """The device asked for, else the one where the callable keeps its parameters, else the CPU."""
    if device is not None:
        return torch.device(device)
    for owner in (sdf, getattr(sdf, "__self__", None), getattr(sdf, "model", None)):
        if isinstance(owner, torch.nn.Module):
            for tensor in (*owner.parameters(), *owner.buffers()):
                return tensor.device
        if isinstance(getattr(owner, "device", None), torch.device | str):
            return torch.device(owner.device)  # type: ignore[union-attr]
    return torch.device("cpu")


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
        evaluated: How many values it has given so far.
        numbers: How many of them were not NaN.
    """

    call: Callable[[Any], Any]
    chunk: int
    progress: Progress | None = None
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
        result = self._try(points)
        count = points.shape[0]
        if isinstance(result, tuple | list):
            raise TypeError(f"sdf must return one tensor or array of values, got a {type(result).__name__}")
        if not isinstance(result, Tensor):
            try:
                if result is None:
                    raise TypeError
                array = np.asarray(result)
                dtype = np.complex64 if array.dtype.kind == "c" else np.float32  # complex ones are refused below
                # A copy, as arrays that are read-only or run backwards are none that torch can share.
                result = torch.from_numpy(array.astype(dtype, order="C"))
            except (TypeError, ValueError):
                raise TypeError(f"sdf must return a tensor or array of values, got {type(result).__name__}") from None
        if tuple(result.shape) not in {(count,), (count, 1), (1, count), (1, count, 1)}:
            raise ValueError(
                f"sdf must return {count} values for points of shape ({count}, 3), got shape {tuple(result.shape)}"
            )
        if result.is_complex():
            raise TypeError("sdf must return real values, got complex ones")
        return result.detach().reshape(count).to(device=points.device, dtype=torch.float32)

    def _try(self, points: Tensor) -> Any:
        """Call with a tensor; where the callable cannot take one, find out once whether it takes an array."""
        try:
            if self.arrays:
                return self.call(points.cpu().numpy())
            result = self.call(points)
        except Exception as error:
            if self.arrays is None and isinstance(error, TypeError | AttributeError):
                try:
                    result = self.call(points.cpu().numpy())
                except Exception:  # the first error says what is wrong
                    result = None
                if result is not None:
                    self.arrays = True
                    return result
            error.add_note(
                f"while evaluating sdf at points of shape {tuple(points.shape)}, {points.dtype} on {points.device}"
            )
            raise
        self.arrays = False
        return result
