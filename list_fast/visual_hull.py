# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The visual hull of one picture: the cone of all places that its silhouette shows, which the object lies in.

A model of one picture puts some of its surface where the picture shows background, beside the object. What lies outside
the cone is cut off: the mesh then fits its picture, and lies nearer to the true one (Laurentini, "The visual hull
concept for silhouette-based image understanding", 1994).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from list_fast import ops
from list_fast.model import rescale_transform
from list_fast.model.list_model import to_query_frame
from list_fast.pose_fit import Placed, check_silhouette

MARGIN = 0.25
"""Pixels of a picture of 224 x 224 by which the cone is wider than the silhouette, for what its pixels round off."""
INSIDE = 0.53
"""Half the side of the cube that an object may lie in."""


@dataclass(frozen=True)
class PictureCamera:
    """A transform (4, 3) onto pixels, with a pixel and one of depth in object units at the middle of the box."""

    transform: NDArray[np.float64]
    inverse: NDArray[np.float64]
    pixel: float
    depth_scale: float
    depths: tuple[float, float]

    @classmethod
    def of(cls, transform: NDArray[np.float64]) -> PictureCamera | None:
        """None unless all of the box lies before the camera."""
        axes, origin = transform[:3], transform[3]
        reach = float(np.abs(axes[:, 2]).sum()) * 2 * INSIDE
        if not np.isfinite(transform).all() or not origin[2] - reach > 0 or np.linalg.cond(axes) > 1e6:
            return None
        moved = (axes[:, :2] - origin[:2] / origin[2] * axes[:, 2:]) / origin[2]
        pixels = float(np.linalg.svd(moved, compute_uv=False).mean())
        steepest = float(np.linalg.norm(axes[:, 2]))
        if pixels <= 0 or steepest <= 0:
            return None
        # Queries are twice the object's coordinates.
        depths = (float(origin[2]) - reach, float(origin[2]) + reach)
        return cls(transform, np.asarray(np.linalg.inv(axes), np.float64), 0.5 / pixels, 0.5 / steepest, depths)

    @classmethod
    def onto(cls, transform: Tensor, canvas: tuple[int, int], size: tuple[int, int]) -> PictureCamera | None:
        """That of a transform onto a canvas, for a picture of another size (height, width)."""
        return cls.of(rescale_transform(transform.detach().double().cpu(), canvas, size).numpy())

    def points(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], depths: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Places (P, D, 3) in object space of pixels (P,) at depths (D,)."""
        rays = np.stack([columns, rows, np.ones_like(rows)], 1).astype(np.float64)
        q = (rays[:, None] * depths[:, None] - self.transform[3]) @ self.inverse
        return np.asarray(q[..., ::-1] / 2)


@dataclass(frozen=True)
class VisualHull:
    """The cone behind a silhouette.

    Attributes:
        distances: (1, 1, S, S) float32 over the picture: about the signed distance from the silhouette in object units
            at the middle of the box, negative inside. Beyond the picture its border goes on.
        transform: (4, 3), of the model's frame onto pixels of ``canvas`` (height, width).
    """

    distances: Tensor
    transform: Tensor
    canvas: tuple[int, int]

    def sdf(self, points: Tensor) -> Tensor:
        """Points (N, 3) in object space -> about the signed distance (N,) to the cone, float32."""
        q = to_query_frame(points.to(self.transform.dtype))
        return ops.sample_images([self.distances], q[None], self.transform[None], canvas=self.canvas)[0, :, 0]


def visual_hull(field: Placed, seen: NDArray[np.bool_], transform: Tensor | None = None) -> VisualHull | None:
    """The visual hull of a picture that shows an object.

    Args:
        field: the field of a LIST.
        seen: (S, S) bool, where the picture that the field was made from shows the object.
        transform: (4, 3) onto the field's canvas; None is the field's own.

    Returns:
        None where nothing is seen, or where the transform is not that of a camera outside the box.

    Raises:
        TypeError: ``seen`` is no array of bool.
        ValueError: ``seen`` is no square.
    """
    check_silhouette(seen)
    where = field.transform if transform is None else transform
    camera = PictureCamera.onto(where, field.canvas, seen.shape)
    if camera is None or not seen.any():
        return None
    inner, outer = ndimage.distance_transform_edt(seen), ndimage.distance_transform_edt(~seen)
    # Half a pixel beyond the last one's middle; smooth, for steps of pixels would show on the surface.
    distances = ndimage.gaussian_filter(np.where(seen, 0.5 - inner, outer - 0.5), 0.7, mode="nearest")
    distances = (distances - MARGIN * len(seen) / 224) * camera.pixel
    return VisualHull(
        torch.from_numpy(distances.astype(np.float32))[None, None].to(where.device), where.float(), field.canvas
    )
