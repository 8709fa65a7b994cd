# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The predicted transform brought nearer to the picture: a small motion under which a surface fills the silhouette.

Seven numbers change: a rotation of the object, and in the picture a shift, a scale and a stretch. Each is held near
zero by what a prediction is known to be wrong by. Gauss-Newton steps lessen how far projected points of the surface lie
outside the silhouette and how far pixels of the silhouette lie from projected points; the farther either, the less it
counts, as parts of the object that the surface lacks, or has in a wrong place, are no matter of pose.

Distances in pixels are those of a picture of 224 x 224, and scaled for others.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from scipy.linalg import expm
from scipy.spatial import cKDTree
from torch import Tensor

from list_fast.model import rescale_transform

PRIOR = (0.06, 0.12, 0.06, 0.04, 0.04, 0.1, 0.05)
"""Standard deviations of rotations about x, y and z (radians), shifts right and down (of the picture's side), scale
and stretch (logarithms)."""
PRIOR_WEIGHT = 0.3
"""Square pixels of mean squared distance that a standard deviation of a parameter costs."""
FAR = (12.0, 6.0)
"""Pixels of distance at which a residual has lost most of its weight: first, and once that has settled."""
SPACING = 1.5
"""Pixels from a projected point up to which a pixel counts as covered."""
POINTS = 1500
"""Points of the surface and pixels of the silhouette that are looked at."""
STEPS = 10
"""The most Gauss-Newton steps for each distance of ``FAR``."""


class Placed(Protocol):
    """What comes with a place in a picture; a field of a LIST is one."""

    @property
    def transform(self) -> Tensor:
        """(4, 3), of the doubled, reversed frame onto the canvas."""

    @property
    def canvas(self) -> tuple[int, int]:
        """Height and width."""


def check_silhouette(seen: object, least: int = 1) -> None:
    """Raise TypeError unless ``seen`` is a numpy array of bool, ValueError unless it is a square of enough pixels."""
    if not isinstance(seen, np.ndarray) or seen.dtype != np.bool_:
        kind = f"an array of {seen.dtype}" if isinstance(seen, np.ndarray) else type(seen).__name__
        raise TypeError(f"seen must be a numpy array of bool, got {kind}")
    if seen.ndim != 2 or seen.shape[0] != seen.shape[1] or seen.shape[0] < least:
        raise ValueError(f"seen must be a square of pixels, got shape {seen.shape}")


def fit_pose(field: Placed, seen: NDArray[np.bool_], vertices: Tensor) -> Tensor:
    """The transform (4, 3) of a field onto its canvas, brought nearer to the picture that the field was made from.

    Args:
        field: the field of a LIST.
        seen: (S, S) bool, where that picture shows the object.
        vertices: (V, 3), of the field's surface.

    Raises:
        TypeError, ValueError: as ``fit_transform``.
    """
    check_silhouette(seen)
    predicted = rescale_transform(field.transform.detach().double().cpu(), field.canvas, seen.shape)
    fitted = fit_transform(predicted.numpy(), vertices.cpu().numpy(), seen)
    return rescale_transform(torch.from_numpy(fitted), seen.shape, field.canvas).to(field.transform)


def fit_transform(
    transform: NDArray[np.float64], vertices: NDArray[np.floating], seen: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """A transform near the given one under which a surface fits a silhouette better.

    Args:
        transform: (4, 3) on [q, 1] with q = 2 (z, y, x), onto the picture's pixels.
        vertices: (V, 3) in object space, about evenly over the surface.
        seen: (S, S) bool, where the picture shows the object.

    Returns:
        (4, 3); the given one where there is nothing to fit or nothing better is found, or where it is not that of a
        camera with all of the surface before it.

    Raises:
        TypeError: ``seen`` is no array of bool.
        ValueError: ``seen`` is no square.
    """
    check_silhouette(seen)
    if len(vertices) == 0 or not seen.any() or not np.isfinite(transform).all():
        return transform
    # Always the same choice, for the same bits.
    rng = np.random.default_rng(0)
    points = rng.permutation(np.asarray(vertices, np.float64))[:POINTS]
    pixels = rng.permutation(np.argwhere(seen)[:, ::-1])[:POINTS]
    fit = _Fit(transform, points, pixels, seen)
    parameters = np.zeros(7)
    if not fit.before_camera(parameters):
        return transform
    for far in FAR:
        parameters = _least(fit, parameters, far)
    return fit.transform(parameters) if parameters.any() else transform


def _least(fit: _Fit, parameters: NDArray[np.float64], far: float) -> NDArray[np.float64]:
    """Parameters (7,) of the least cost near those given, by damped Gauss-Newton steps."""
    cost, gradient, curvature = fit(parameters, far)
    damping = 1e-3
    for _ in range(STEPS):
        step = np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), gradient)
        tried = parameters - step
        found = fit(tried, far) if fit.before_camera(tried) else (np.inf, gradient, curvature)
        if found[0] < cost:
            settled = cost - found[0] < 1e-3 * cost
            parameters, damping = tried, damping / 3
            cost, gradient, curvature = found
            if settled:
                break
        else:
            damping *= 10
    return parameters


class _Fit:
    """The cost of seven parameters, each in standard deviations."""

    def __init__(
        self,
        transform: NDArray[np.float64],
        points: NDArray[np.float64],
        pixels: NDArray[np.int64],
        seen: NDArray[np.bool_],
    ) -> None:
        self._start = transform
        self._q = np.concatenate([2 * points[:, ::-1], np.ones((len(points), 1))], 1)
        self._size = len(seen)
        self._scale = self._size / 224
        self._pixels = pixels / self._scale
        # Far enough about the picture for whatever is projected beside it.
        self._pad = self._size // 2
        outside = ndimage.distance_transform_edt(~np.pad(seen, self._pad)) / self._scale
        self._outside = np.stack([outside, *(self._scale * slope for slope in np.gradient(outside)[::-1])])

    def transform(self, parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        """The transform (4, 3) of parameters (7,)."""
        change = parameters * PRIOR
        x, y, z = change[:3]
        moved = np.array(self._start, np.float64)
        # Of q = 2 (z, y, x), whose axes are the object's in reverse.
        moved[:3] = expm(np.array([[0, -x, y], [x, 0, -z], [-y, z, 0]])) @ moved[:3]
        middle = moved[3, :2] / moved[3, 2]
        scale = np.exp(change[5] + change[6] * np.array([0.5, -0.5]))
        moved[:, :2] = scale * moved[:, :2] + ((1 - scale) * middle + change[3:5] * self._size) * moved[:, 2:]
        return moved

    def before_camera(self, parameters: NDArray[np.float64]) -> bool:
        """Whether all points lie before the camera."""
        return bool((self._q @ self.transform(parameters)[:, 2] > 1e-3).all())

    def _project(self, parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y, depth = (self._q @ self.transform(parameters)).T
        return np.stack([x, y], 1) / (depth * self._scale)[:, None]

    def __call__(
        self, parameters: NDArray[np.float64], far: float
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """Cost, half its gradient (7,) and about half its second derivatives (7, 7)."""
        ours, small = self._project(parameters), 1e-4
        slopes = np.stack([(self._project(parameters + small * axis) - ours) / small for axis in np.eye(7)], 2)
        at = ours[:, ::-1].T * self._scale + self._pad
        outside, along_x, along_y = (ndimage.map_coordinates(m, at, order=1, mode="nearest") for m in self._outside)
        residuals = [outside]
        jacobians = [along_x[:, None] * slopes[:, 0] + along_y[:, None] * slopes[:, 1]]
        away, nearest = cKDTree(ours).query(self._pixels)
        direction = (ours[nearest] - self._pixels) / np.maximum(away, 1e-9)[:, None]
        residuals.append(np.maximum(away - SPACING, 0))
        jacobians.append(np.einsum("nk,nkp->np", direction, slopes[nearest]))
        cost = PRIOR_WEIGHT * float(parameters @ parameters)
        gradient, curvature = PRIOR_WEIGHT * parameters, PRIOR_WEIGHT * np.eye(7)
        for residual, jacobian in zip(residuals, jacobians, strict=True):
            counts = 1 / (1 + (residual / far) ** 2)
            cost += float((residual**2 * counts).mean())
            weighted = jacobian * (counts**2 / len(residual))[:, None]
            gradient = gradient + residual @ weighted
            curvature = curvature + jacobian.T @ weighted
        return cost, gradient, curvature
