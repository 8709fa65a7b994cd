# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A picture and its mirror image show one object and its mirror image: two fields for the price of two, averaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from .field import Field
    from .list_model import LIST


class MirroredField:
    """The mean of the fields of a picture and of its mirror image, the latter mirrored back in x.

    Right for objects of any form, symmetric or not: what is averaged are two guesses at the same object. `transform`,
    `coarse_points` and `canvas` are those of the picture itself.
    """

    def __init__(self, field: Field, mirrored: Field) -> None:
        self._fields = field, mirrored
        self.transform, self.coarse_points, self.canvas = field.transform, field.coarse_points, field.canvas

    @property
    def device(self) -> torch.device:
        """Where the fields live and evaluate."""
        return self._fields[0].device

    @torch.no_grad()
    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) or (1, N, 3) in object space -> signed distances (N,), as `Field.sdf` and with its errors."""
        field, mirrored = self._fields
        distances = field.sdf(points)
        return (distances + mirrored.sdf(points * points.new_tensor([-1.0, 1.0, 1.0]))) / 2

    __call__ = sdf

    def half(self, dtype: torch.dtype = torch.bfloat16) -> Callable[[Tensor], Tensor]:
        """The mean of both fields in half precision, from points (N, 3) to distances (N,), as `Field.half`."""
        field, mirrored = (field.half(dtype) for field in self._fields)
        return lambda points: (field.sdf(points) + mirrored.sdf(points * points.new_tensor([-1.0, 1.0, 1.0]))) / 2

    @property
    def bounds_price(self) -> float:
        """As a field's: both sides are twice as much."""
        return self._fields[0].bounds_price

    def bounds(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Bounds of `sdf` over boxes (N, 3) to (N, 3), as `Field.bounds`."""
        field, mirrored = self._fields
        lower, upper = field.bounds(low, high)
        # Mirrored, the lowest x is that of the highest corner.
        along = low.new_tensor([-1.0, 1.0, 1.0])
        swapped = [torch.cat([x[:, :1], other[:, 1:]], 1) * along for x, other in ((high, low), (low, high))]
        lower_mirrored, upper_mirrored = mirrored.bounds(*swapped)
        room = 4 * torch.finfo(torch.float32).eps  # of the sum in float32
        lower, upper = (lower + lower_mirrored) / 2, (upper + upper_mirrored) / 2
        return lower - room * lower.abs(), upper + room * upper.abs()


def encode_mirrored(model: LIST, image: Tensor) -> MirroredField:
    """One image, (3, S, S) or (1, 3, S, S) in [0, 1] -> its field, averaged with that of its mirror image.

    Raises ValueError for a model that is given its transforms: that of the mirror image is not known to it.
    """
    if model.config.transform == "given":
        raise ValueError('model must predict its transform, got one with the option transform="given"')
    return MirroredField(model.encode(image), model.encode(image.flip(-1)))
