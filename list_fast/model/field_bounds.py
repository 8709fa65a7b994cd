# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Bounds of a field over boxes, by affine arithmetic in the place.

A trilinear interpolant is linear along each axis between the planes of its nodes. Less an affine function it is
therefore greatest and least at a corner of one of the parts that these planes cut a box into: a few samples tell by how
much it departs from that function. So every map's share in the first layer becomes an affine function of the place plus
or minus a radius; the affine functions add up, and the decoder's layers follow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from list_fast import ops
from list_fast.meshing.certify import UNIT, AffineLayers

MOST_PLANES = 3
"""Planes of a voxel map's nodes that may cut a box along an axis; bounds of boxes that more cut are not looked for."""
MOST_LINES = 12
"""The same for image maps."""
TOGETHER = 128
"""Boxes that are bounded together."""
ROUNDINGS = 32
"""Roundings besides those of the sum, of interpolation above all."""


@dataclass
class Part:
    """A map that the first layer reads.

    Attributes:
        level: (1, C, D, H, W), or (1, C, H, W) for an image.
        weight: (C, hidden), or None where the level has been multiplied by it.
        offset: (3,) where a voxel map is read beside the point; None for an image.
    """

    level: Tensor
    weight: Tensor | None
    offset: Tensor | None = None


@dataclass
class _Axis:
    """Where boxes lie along an axis of a map, in nodes.

    Attributes:
        first, last: (N,), their ends, rounding included, held within the map.
        middle, tilt, room: Their coordinate is middle (N,) + sum of e_k tilt[:, k] (N, 3), plus or minus room (N,), for
            the place e in [-1, 1]³ of a box, where it is not held.
        free: (N,) whether that is nowhere.
    """

    first: Tensor
    last: Tensor
    middle: Tensor
    tilt: Tensor
    room: Tensor
    free: Tensor

    @classmethod
    def within(cls, end: int, first: Tensor, last: Tensor, middle: Tensor, tilt: Tensor, room: Tensor) -> _Axis:
        free = (first >= 0) & (last <= end) & (last > first)
        return cls(first.clamp(0, end), last.clamp(0, end), middle, tilt, room, free.double())


@dataclass
class FieldBounds:
    """What bounds of a field are computed from.

    Attributes:
        parts: The maps that the first layer reads.
        point_weight: (3, hidden), the first layer's columns for the point in the frame of the maps.
        bias: (hidden,).
        layers: What follows the first layer.
        transform: (4, 3), from the frame of the maps to pixels.
        canvas: Height and width in pixels.
        products: Numbers that a number of the first layer is the sum of, in whatever order a field adds them up.
        reach: (hidden,), what their absolute values add up to at most, without those of the point.
    """

    parts: Sequence[Part]
    point_weight: Tensor
    bias: Tensor
    layers: AffineLayers
    transform: Tensor
    canvas: tuple[int, int]
    products: int
    reach: Tensor

    def __call__(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Boxes (N, 3) and (N, 3) in the frame of the maps -> lower and upper bounds (N,), float64; infinite for boxes
        that hold too many nodes of a map."""
        lower = torch.full(low.shape[:1], -math.inf, dtype=torch.float64, device=low.device)
        upper = -lower
        for begin in range(0, len(low), TOGETHER):
            part = slice(begin, begin + TOGETHER)
            lower[part], upper[part] = self._bound(low[part].double(), high[part].double())
        return lower, upper

    def _bound(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        lower = torch.full_like(low[:, 0], -math.inf)
        upper = torch.full_like(low[:, 0], math.inf)
        few = torch.ones_like(low[:, 0], dtype=torch.bool)
        for part in self.parts:
            most = MOST_LINES if part.offset is None else MOST_PLANES
            for axis in self._axes(part, low, high):
                few &= torch.ceil(axis.last) - torch.floor(axis.first) - 1 <= most
        if not bool(few.any()):
            return lower, upper
        low, high = low[few], high[few]
        centre, half = (low + high) / 2, (high - low) / 2
        weight, bias = self.point_weight.double(), self.bias.double()
        # Maps multiplied beforehand or not: a field rounds what it adds up, and interpolates, in one way or the other.
        greatest = torch.maximum(low.abs(), high.abs()) @ weight.abs() + bias.abs() + self.reach.double()
        middle, tilt = centre @ weight + bias, half[:, :, None] * weight
        radius = torch.zeros_like(middle)
        for part in self.parts:
            size = part.level.detach().abs().flatten(2).amax(2)[0].double()  # (C,)
            axes = self._axes(part, low, high)
            places, samples = self._samples(part, axes)
            if part.weight is not None:
                matrix = part.weight.double()
                samples, size = samples @ matrix, size @ matrix.abs()
            rest = samples
            for a, axis in enumerate(axes):
                at = places[..., a]  # (N, V)
                ends = [(at == end[:, None]).double() for end in (axis.first, axis.last)]
                begin, end = (((e / e.sum(1, keepdim=True))[:, None] @ samples)[:, 0] for e in ends)
                # An affine function of the place where the map's coordinate is one, as far as `room` tells.
                slope = (end - begin) * (axis.free / (axis.last - axis.first).clamp_min(1e-300))[:, None]
                rest = rest - slope[:, None] * (at - axis.middle[:, None])[..., None]
                tilt = tilt + axis.tilt[:, :, None] * slope[:, None]
                radius = radius + axis.room[:, None] * slope.abs()
            least, top = rest.amin(1), rest.amax(1)
            middle = middle + (least + top) / 2
            radius = radius + (top - least) / 2 + 16 * UNIT * size
        radius = radius + self.layers.rounding(self.products + ROUNDINGS) * greatest
        lower[few], upper[few] = self.layers.bound(middle, tilt, radius)
        return lower, upper

    def _axes(self, part: Part, low: Tensor, high: Tensor) -> list[_Axis]:
        """Where boxes lie along the axes of a map, that of the width first."""
        if part.offset is not None:
            offset = part.offset.double()
            axes = []
            for a, n in enumerate(part.level.shape[:1:-1]):
                room = n * 8 * UNIT * (1 + torch.maximum(low[:, a].abs(), high[:, a].abs()) + offset[a].abs())
                first, last = ((edge[:, a] + offset[a] + 1) / 2 * (n - 1) for edge in (low, high))
                tilt = torch.zeros_like(low)
                tilt[:, a] = (last - first) / 2
                axes.append(_Axis.within(n - 1, first - room, last + room, (first + last) / 2, tilt, room))
            return axes
        matrix = self.transform.double()
        centre, half = (low + high) / 2, (high - low) / 2
        middle = centre @ matrix[:3] + matrix[3]
        middle[:, 2] += 1e-8
        steps = half[:, :, None] * matrix[:3]  # (N, 3, 3), how (X, Y, Z) change along each side
        # What the sums may be off by.
        off = 8 * UNIT * (torch.maximum(low.abs(), high.abs()) @ matrix[:3].abs() + matrix[3].abs() + 1e-8)
        depth, sway = middle[:, 2], steps[:, :, 2].abs().sum(1)
        nearest = depth.abs() - sway - off[:, 2]
        ahead = nearest > 0
        nearest = nearest.clamp_min(1e-300)
        axes = []
        for a, (size, n) in enumerate(zip(self.canvas[::-1], part.level.shape[:1:-1], strict=True)):
            pixel = middle[:, a] / depth
            # With w = dX - pixel dZ, which is linear: X / Z - pixel = w / Z, and w / Z - w / depth = -w dZ / (Z depth).
            tilt = (steps[:, :, a] - pixel[:, None] * steps[:, :, 2]) / depth[:, None]
            reach = tilt.abs().sum(1)
            room = reach * sway / nearest + (off[:, a] + (pixel.abs() + reach) * off[:, 2]) / nearest
            room = room + 8 * UNIT * (pixel.abs() + reach + size)
            scale = (n - 1) / (size - 1) if size > 1 else 0.0
            limit = float(size - 1)
            reach = reach + room
            # The whole map where the box reaches the camera's plane.
            first, last = torch.where(ahead, pixel - reach, -1.0), torch.where(ahead, pixel + reach, limit + 1)
            axes.append(_Axis.within(n - 1, first * scale, last * scale, pixel * scale, tilt * scale, room * scale))
        return axes

    def _samples(self, part: Part, axes: list[_Axis]) -> tuple[Tensor, Tensor]:
        """Places (N, V, axes) in nodes, and samples (N, V, C) there, float64: at the corners of the parts that a map's
        nodes cut boxes into."""
        lines = []
        for axis in axes:
            start = torch.floor(axis.first) + 1
            count = max(0, int((torch.ceil(axis.last) - start).amax()))
            between = start[:, None] + torch.arange(count, device=start.device)
            between = torch.minimum(between, axis.last[:, None])
            lines.append(torch.cat([axis.first[:, None], between, axis.last[:, None]], 1))
        shape = [len(lines[0]), *(line.shape[1] for line in lines)]
        spread = []
        for a, line in enumerate(lines):
            spread.append(line.view(len(line), *(-1 if b == a else 1 for b in range(len(lines)))).expand(shape))
        places = torch.stack(spread, -1).flatten(1, -2)
        nodes = torch.tensor(part.level.shape[:1:-1], dtype=places.dtype, device=places.device)
        flat = (places * (2 / (nodes - 1).clamp_min(1)) - 1).view(1, -1, len(lines))
        if part.offset is not None:
            samples = ops.sample_voxels([part.level], flat)
        else:
            # Through a camera that leaves pixels where they are.
            height, width = self.canvas
            scale = torch.tensor([(width - 1) / 2, (height - 1) / 2], dtype=flat.dtype, device=flat.device)
            pixels = torch.cat([(flat + 1) * scale, torch.ones_like(flat[..., :1])], 2)
            camera = torch.eye(4, 3, dtype=flat.dtype, device=flat.device)
            samples = ops.sample_images([part.level], pixels, camera[None], canvas=self.canvas)
        return places, samples.view(*places.shape[:2], -1)
