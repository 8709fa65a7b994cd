# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Thin parts that the picture shows and the field has lost: legs, arms, frames, put back as round bars.

A model that regresses distances in doubt leaves thin parts out: where it is not sure within their width that they are
there, its distance stays above zero. Yet the picture shows where they are in two of three dimensions, and the field,
lowest near them, tells about where in the third. The parts of the object's silhouette that are thin and that the
field's surface does not cover are given the depth at which the field is lowest, over their neighbourhood; what is added
to the field is the distance to bars around these lines, as wide in depth as in the picture.

Distances in pixels are those of a picture of 224 x 224, and scaled for others.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from list_fast import ops
from list_fast.meshing.preview import silhouette
from list_fast.model import Field, MirroredField
from list_fast.model.list_model import to_query_frame
from list_fast.pose_fit import Placed, check_silhouette
from list_fast.visual_hull import INSIDE, PictureCamera, VisualHull

THIN = 10.0
"""Pixels: parts of the silhouette that no disc of this radius fits into are thin."""
TOLERANCE = 4.0
"""Pixels by which the surface may miss the silhouette's border, as it does where its pose is a little wrong."""
CORNER = 6.0
"""Pixels from anything wide that a thin part must come to: else it is a wide part's corner, which no disc fits into."""
REACH = 6
"""Pixels that a part goes on within what is not covered, beyond what is farther than that from the surface."""
GAP = 12.0
"""Pixels between two parts, or a part and the surface, up to which what is missing is taken too."""
JOINT = 4
"""Pixels that a part goes on within the surface's own silhouette, so that they join."""
MOST_RADIUS, LEAST_RADIUS = 3.0, 1.2
"""Pixels: what is wider becomes a slab of twice the first; nothing is narrower than twice the second."""
LEAST_PIXELS = 24
"""A part of fewer pixels is left out."""
DOUBT, MOST_DOUBT = 0.1, 0.2
"""Distances in object units above which the field knows nothing of a part: half of its pixels must be below the first,
and those above the second are left out."""
STEEP = 9.0
"""Pixels of depth that neighbouring pixels may differ by; where they differ by more one part hides another."""

_PLANES = 96
_STRIDE = 2
# Of the mean of neighbours that chooses the depth, in strides; large, for bars are straight more often than not.
_SPREAD = 8.0
_EVERY = np.ones((3, 3), bool)


@dataclass(frozen=True)
class ThinParts:
    """Bars along what a picture shows.

    Attributes:
        maps: (1, 3, S, S) float32 over the picture: depth of their middle; distance within the border of the part, in
            object units, negative outside; their radius in object units.
        transform: (4, 3), of the model's frame onto pixels of ``canvas`` (height, width).
        depth_scale: object units to one of the transform's depth.
    """

    maps: Tensor
    transform: Tensor
    canvas: tuple[int, int]
    depth_scale: float

    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) in object space -> about the signed distance (N,) to the bars, float32."""
        q = to_query_frame(points.to(self.transform.dtype))
        sampled = ops.sample_images([self.maps], q[None], self.transform[None], canvas=self.canvas)[0]
        depth, within, radius = sampled.unbind(1)
        away = (q @ self.transform[:3, 2] + self.transform[3, 2] - depth) * self.depth_scale
        return torch.hypot(away, (radius - within).clamp_min(0)) - radius


class Projected(Placed, Protocol):
    """What thin parts are found in: distances, and how they come to lie in the picture; a field of a LIST is one."""

    @property
    def device(self) -> torch.device:
        """Where it evaluates."""

    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) -> signed distances (N,)."""


class CompletedField:
    """A field made to agree with its picture: cut off outside the visual hull, with the thin parts that it has lost. It
    has no `bounds`.

    `transform` is that by which hull and parts lie in the picture; at least one of them is given.
    """

    def __init__(self, field: Field | MirroredField, parts: ThinParts | None, hull: VisualHull | None = None) -> None:
        given = parts if parts is not None else hull
        if given is None:
            raise ValueError("parts or hull must be given")
        self.field, self.parts, self.hull = field, parts, hull
        self.transform, self.coarse_points, self.canvas = given.transform, field.coarse_points, field.canvas

    @property
    def device(self) -> torch.device:
        """Where the field lives and evaluates."""
        return self.field.device

    @torch.no_grad()
    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) or (1, N, 3) in object space -> signed distances (N,), as `Field.sdf` and with its errors."""
        return complete(self.field.sdf(points), points.reshape(-1, 3), self.parts, self.hull)

    __call__ = sdf

    def half(self, dtype: torch.dtype = torch.bfloat16) -> Callable[[Tensor], Tensor]:
        """The same with the field in half precision, from points (N, 3) to distances (N,), as `Field.half`."""
        half = self.field.half(dtype)
        return lambda points: complete(half(points), points, self.parts, self.hull)


def complete(values: Tensor, points: Tensor, parts: ThinParts | None, hull: VisualHull | None) -> Tensor:
    """A field's values (N,) at points (N, 3), cut off outside the hull and with the thin parts put back."""
    if hull is not None:
        values = torch.maximum(values, hull.sdf(points))
    # Last: a bar along a line of one pixel is wider than that.
    return values if parts is None else torch.minimum(values, parts.sdf(points))


@torch.no_grad()
def find_thin_parts(
    field: Projected, seen: NDArray[np.bool_], vertices: Tensor, faces: Tensor, transform: Tensor | None = None
) -> ThinParts | None:
    """The thin parts of a silhouette that the field's surface does not cover.

    Args:
        field: the field of a LIST.
        seen: (S, S) bool, where the picture that the field was made from shows the object.
        vertices, faces: (V, 3) and (F, 3), the surface of the field.
        transform: (4, 3) onto the field's canvas; None is the field's own.

    Returns:
        None where there are none, or where the transform is not that of a camera outside the box.

    Raises:
        TypeError: ``seen`` is no array of bool.
        ValueError: ``seen`` is no square.
    """
    check_silhouette(seen, 2 * _STRIDE)
    where = field.transform if transform is None else transform
    camera = PictureCamera.onto(where, field.canvas, seen.shape)
    if camera is None:
        return None
    covered = silhouette(vertices.cpu().numpy(), faces.cpu().numpy(), camera.transform, seen.shape)
    scale = len(seen) / 224
    taken = _uncovered(seen, covered, scale)
    if not taken.any():
        return None
    depth = _depths(field, camera, taken, scale)
    taken &= np.isfinite(depth)
    depth = np.where(taken, depth, 0.0)
    # Where depth jumps one part hides another: no bar leads from one to the other.
    rise = np.where(taken, depth, -np.inf), np.where(taken, depth, np.inf)
    rise = ndimage.maximum_filter(rise[0], 3) - ndimage.minimum_filter(rise[1], 3)
    taken &= rise * camera.depth_scale < STEEP * scale * camera.pixel
    if not taken.any():
        return None
    maps = _bars(seen, taken, depth, scale, camera.pixel)
    return ThinParts(
        torch.from_numpy(maps)[None].to(where.device), where.float(), field.canvas, float(camera.depth_scale)
    )


def _opening(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """What discs within the mask cover."""
    middles = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1] > radius
    return np.asarray(ndimage.distance_transform_edt(~middles) <= radius) if middles.any() else np.zeros_like(mask)


def _uncovered(seen: NDArray[np.bool_], covered: NDArray[np.bool_], scale: float) -> NDArray[np.bool_]:
    """Pixels (S, S) of the thin parts of what is seen that lie farther from what is covered than a wrong pose puts
    them, and their continuation towards it."""
    missing = seen & ~covered
    wide = ndimage.binary_dilation(_opening(seen, THIN * scale), _EVERY)
    far = missing & ~wide
    if covered.any():
        far &= ndimage.distance_transform_edt(~covered) > TOLERANCE * scale
    if not far.any():
        return np.zeros_like(seen)
    # First along thin parts, then a little beyond.
    steps = max(1, round(REACH * scale))
    near = ndimage.binary_dilation(far, _EVERY, iterations=steps, mask=missing & ~wide)
    if wide.any():
        labels, count = ndimage.label(near, _EVERY)
        farthest = ndimage.maximum(ndimage.distance_transform_edt(~wide), labels, np.arange(1, count + 1))
        near = np.concatenate([[False], np.asarray(farthest) > CORNER * scale])[labels]
    if not near.any():
        return near
    parts = np.asarray(ndimage.binary_dilation(near, _EVERY, iterations=steps, mask=missing))
    return parts | _gaps(parts | covered, missing, scale)


def _gaps(joined: NDArray[np.bool_], missing: NDArray[np.bool_], scale: float) -> NDArray[np.bool_]:
    """Missing pixels (S, S) that keep apart what would be joined by them, parts and the surface or two of either."""
    labels, count = ndimage.label(joined, _EVERY)
    taken = np.zeros_like(joined)
    if count < 2:
        return taken
    radius = GAP / 2 * scale
    room = math.ceil(radius) + 1
    grown = ndimage.distance_transform_edt(~np.pad(joined, room)) <= radius
    closed = ndimage.distance_transform_edt(grown)[room:-room, room:-room] > radius
    pieces, _ = ndimage.label(closed & missing & ~joined, _EVERY)
    for piece, box in enumerate(ndimage.find_objects(pieces), 1):
        around = tuple(slice(max(0, side.start - 1), side.stop + 1) for side in box)
        own = pieces[around] == piece
        beside = labels[around][ndimage.binary_dilation(own, _EVERY)]
        if len(np.unique(beside[beside > 0])) > 1:
            taken[around] |= own
    return taken


def _depths(field: Projected, camera: PictureCamera, taken: NDArray[np.bool_], scale: float) -> NDArray[np.float64]:
    """Depths (S, S) of the parts' middles; infinite where the field knows nothing of a part."""
    planes = np.linspace(*camera.depths, _PLANES)
    # One of the pixels of each block that are taken stands for all of them.
    size = -(-taken.shape[0] // _STRIDE)
    padded = np.pad(taken, (0, _STRIDE * size - taken.shape[0])).reshape(size, _STRIDE, size, _STRIDE)
    blocks = padded.swapaxes(1, 2).reshape(size, size, -1)
    pixels = blocks.sum(-1)
    sparse = pixels > 0
    rows, columns = np.nonzero(sparse)
    down, across = np.divmod(blocks[sparse].argmax(-1), _STRIDE)
    places = camera.points(_STRIDE * rows + down, _STRIDE * columns + across, planes)
    inside = np.abs(places).max(-1) < INSIDE
    values = np.full(inside.shape, 2 * MOST_DOUBT, np.float32)
    points = torch.from_numpy(places[inside].astype(np.float32)).to(field.device)
    values[inside] = field.sdf(points).cpu().numpy()
    lowest = np.full(sparse.shape, np.inf)
    lowest[rows, columns] = values.min(1)
    volume = np.zeros((_PLANES, *sparse.shape), np.float32)
    volume[:, rows, columns] = np.minimum(values, MOST_DOUBT).T

    depth = np.full(sparse.shape, np.inf)
    labels, _ = ndimage.label(sparse, _EVERY)
    for part, box in enumerate(ndimage.find_objects(labels), 1):
        own = labels[box] == part
        if np.median(lowest[box][own]) > DOUBT:
            continue
        own &= lowest[box] < MOST_DOUBT
        if pixels[box][own].sum() >= LEAST_PIXELS * scale**2:
            depth[box][own] = _smooth_depth(volume[:, *box], own, planes, _SPREAD * scale)[own]
    # Every pixel takes the depth of the nearest that was asked.
    everywhere = np.kron(depth, np.ones((_STRIDE, _STRIDE)))[: taken.shape[0], : taken.shape[1]]
    known = taken & np.isfinite(everywhere)
    if not known.any():
        return np.full(taken.shape, np.inf)
    away, nearest = ndimage.distance_transform_edt(~known, return_indices=True)
    near = taken & (away <= 2 * _STRIDE)
    return np.where(near, _weighted(everywhere[tuple(nearest)], near, float(_STRIDE)), np.inf)


def _smooth_depth(
    volume: NDArray[np.float32], own: NDArray[np.bool_], planes: NDArray[np.float64], spread: float
) -> NDArray[np.float64]:
    """Depths (h, w) at which values (D, h, w) are lowest, over the neighbourhood within a part (h, w)."""
    weight = own.astype(np.float32)
    norm = np.maximum(ndimage.gaussian_filter(weight, spread, mode="constant"), 1e-9)
    mean = ndimage.gaussian_filter(volume * weight, (1.0, spread, spread), mode=("nearest", "constant", "constant"))
    mean /= norm
    best = mean.argmin(0)
    # Between planes: the mean of those about the lowest, by how low they are.
    share = np.exp((mean.min(0) - mean) / 0.004) * (np.abs(np.arange(len(planes))[:, None, None] - best) <= 6)
    depth = (share * planes[:, None, None]).sum(0) / share.sum(0)
    return _weighted(depth, own, spread / 2)


def _weighted(values: NDArray[np.float64], where: NDArray[np.bool_], spread: float) -> NDArray[np.float64]:
    """The mean of neighbours that count."""
    weight = where.astype(np.float64)
    total = ndimage.gaussian_filter(np.where(where, values, 0.0), spread, mode="constant")
    return np.asarray(total / np.maximum(ndimage.gaussian_filter(weight, spread, mode="constant"), 1e-9))


def _bars(
    seen: NDArray[np.bool_], taken: NDArray[np.bool_], depth: NDArray[np.float64], scale: float, pixel: float
) -> NDArray[np.float32]:
    """The maps (3, S, S) of bars along the parts that are taken, whose depths are known there."""
    region = ndimage.binary_dilation(taken, _EVERY, iterations=max(1, round(JOINT * scale)), mask=seen)
    nearest = tuple(ndimage.distance_transform_edt(~taken, return_indices=True)[1])
    around = ndimage.gaussian_filter(depth[nearest], 2 * scale)
    middle = np.where(taken, depth, around)
    inner, outer = ndimage.distance_transform_edt(region), ndimage.distance_transform_edt(~region)
    within = ndimage.gaussian_filter(np.where(region, inner - 0.5, 0.5 - outer), 0.7)
    # Along a bar half its width is the greatest distance from its border in the neighbourhood.
    size = 2 * math.ceil(MOST_RADIUS * scale) + 1
    half = np.where(region, ndimage.maximum_filter(np.clip(inner - 0.5, 0, MOST_RADIUS * scale), size), 0.0)
    half = half[tuple(ndimage.distance_transform_edt(~region, return_indices=True)[1])]
    radius = np.maximum(ndimage.gaussian_filter(half, 2 * scale), LEAST_RADIUS * scale)
    within += _growth(region, LEAST_RADIUS * scale)
    # What lies beyond the picture is taken for its outermost pixels: a part that these cut off ends there.
    rim = np.pad(np.zeros_like(region[1:-1, 1:-1]), 1, constant_values=True)
    within[rim] = np.minimum(within[rim], -0.5)
    return np.stack([middle, within * pixel, radius * pixel]).astype(np.float32)


def _growth(region: NDArray[np.bool_], least: float) -> NDArray[np.float64]:
    """Pixels (S, S) by which the border of what is narrower than twice the least moves out, to make it so wide."""
    thin = region & ~_opening(region, least + 0.5)
    if not thin.any():
        return np.zeros(region.shape)
    inner = ndimage.distance_transform_edt(thin)
    half = ndimage.maximum_filter(np.where(thin, inner - 0.5, 0.0), 2 * math.ceil(least) + 1)
    away, nearest = ndimage.distance_transform_edt(~thin, return_indices=True)
    short = np.where(away <= 4 * least, np.clip(least - half[tuple(nearest)], 0, None), 0.0)
    return np.asarray(ndimage.gaussian_filter(short, least))
