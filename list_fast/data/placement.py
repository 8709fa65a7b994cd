# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Where a mesh lies in the world of its renderings, told from the outlines in the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from list_fast.data.camera import IMAGE_SIZE, Camera, matrix_camera, view_axes

KNOWN_ERROR = 1.5
"""Pixels by which the outlines' boxes may differ on average for the mesh to lie where its file says."""
FITTED_ERROR = 3.0
"""The same for a mesh that was moved and scaled to fit."""
FEWEST_VIEWS = 3
"""Pictures that a fit needs: one tells little of distance against size."""
_NEAREST = 0.05
_DIRECTIONS = 2000


@dataclass(frozen=True)
class WorldView:
    """A camera of the renderer, in its world with y up: it looks at the origin, the object is moved by ``shift``.

    ``azimuth`` and ``elevation`` are those of ``view_axes``; ``focal`` is a share of the picture's side. ``box`` is the
    outline's (left, top, right, bottom) on a 224 x 224 canvas, in pixel coordinates with 0 at the centre of the first;
    sides that the picture cuts off are NaN.
    """

    azimuth: float
    elevation: float
    distance: float
    focal: float
    shift: tuple[float, float, float]
    box: tuple[float, float, float, float]

    def matrix(self) -> NDArray[np.float64]:
        """Projection (3, 4) of world points onto the 224 x 224 canvas, as ``matrix_camera`` takes it."""
        right, up, forward = view_axes(self.azimuth, self.elevation)
        focal, middle = self.focal * IMAGE_SIZE, (IMAGE_SIZE - 1) / 2
        rows = np.stack([focal * right + middle * forward, -focal * up + middle * forward, forward])
        return np.column_stack([rows, rows @ self.shift + self.distance * np.array([middle, middle, 1.0])])


@dataclass(frozen=True)
class Placement:
    """A point p of the object lies at ``turn (p * scale + center)`` in the world; ``error`` is the mean distance of the
    sides of the outlines' boxes from where that puts them, in pixels; ``how`` is "file" or "fitted"."""

    center: NDArray[np.float64]
    scale: float
    turn: int
    error: float
    how: str

    def camera(self, view: WorldView) -> Camera:
        """The view's camera in object space."""
        spin = turned(self.turn)
        place = np.vstack([np.column_stack([self.scale * spin, spin @ self.center]), [0, 0, 0, 1]])
        return matrix_camera(view.matrix() @ place)


def turned(degrees: int) -> NDArray[np.float64]:
    """Rotation (3, 3) about the y axis that takes +z towards +x."""
    a = np.radians(degrees)
    return np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])


def outline_box(alpha: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """The box of a picture's opaque part, alpha (H, W), as ``WorldView.box``; ValueError where nothing is opaque."""
    solid = alpha > 127
    if not solid.any():
        raise ValueError("shows nothing")
    box = []
    for axis in (0, 1):
        places = np.flatnonzero(solid.any(axis))
        length = solid.shape[1 - axis]
        low = np.nan if places[0] == 0 else float(places[0])
        high = np.nan if places[-1] == length - 1 else float(places[-1] + 1)
        box.append(np.array([low, high]) * IMAGE_SIZE / length - 0.5)
    (left, right), (top, bottom) = box
    return float(left), float(top), float(right), float(bottom)


def settle_shift(
    vertices: NDArray[np.float64],
    center: NDArray[np.float64],
    scale: float,
    views: Sequence[WorldView],
    turn: int = 0,
) -> tuple[Placement, list[WorldView]]:
    """``place_mesh`` with the shifts of the views or without any, whichever agrees better, and the views as taken.

    The "hard" renderings' metadata tell of shifts that their published samples do not show.

    Raises:
        ValueError: as ``place_mesh`` with the shifts.
    """
    still = [replace(view, shift=(0.0, 0.0, 0.0)) for view in views]
    if still == list(views):
        return place_mesh(vertices, center, scale, views, turn), still
    placed, problems = [], []
    for taken in (list(views), still):
        try:
            placed.append((place_mesh(vertices, center, scale, taken, turn), taken))
        except ValueError as error:
            problems.append(error)
    if not placed:
        raise problems[0]
    return min(placed, key=lambda pair: pair[0].error)


def outer_points(vertices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Those vertices that can touch the sides of an outline's box: the corners of the convex hull, or where it is round
    and has many, the outermost of them in 2,000 directions."""
    from scipy.spatial import ConvexHull

    hull = vertices[ConvexHull(vertices).vertices]
    if len(hull) <= _DIRECTIONS:
        return hull
    k = np.arange(_DIRECTIONS) + 0.5
    height, angle = 1 - 2 * k / _DIRECTIONS, np.pi * (1 + 5**0.5) * k  # Fibonacci's lattice: even over the sphere
    ring = np.sqrt(1 - height**2)
    directions = np.stack([ring * np.cos(angle), height, ring * np.sin(angle)], 1)
    chosen = [np.argmax(part @ hull.T, axis=1) for part in np.array_split(directions, _DIRECTIONS // 50)]
    return hull[np.unique(np.concatenate(chosen))]


def place_mesh(
    vertices: NDArray[np.float64],
    center: NDArray[np.float64],
    scale: float,
    views: Sequence[WorldView],
    turn: int = 0,
) -> Placement:
    """Find where a mesh lies in the world of its renderings.

    It lies where its file says if the outlines agree. Else it was normalised by numbers that are not known, and is
    moved and scaled so that they do: four numbers from four sides of every outline.

    Args:
        vertices: (V, 3) in object space.
        center, scale: a point of the file lies at ``(p - center) * scale`` in object space.
        views: the pictures, all that there are.
        turn: degrees about the y axis from the file's frame to the renderer's.

    Raises:
        ValueError: no placement agrees with the pictures; the message names a turn that would, if one does.
    """
    hull = outer_points(vertices)
    known = _error(hull, views, turn, center, 1.0 / scale)
    if known <= KNOWN_ERROR:
        return Placement(np.asarray(center, np.float64), 1.0 / scale, turn, known, "file")
    if len(views) < FEWEST_VIEWS:
        raise ValueError(
            f"the outlines are {known:.1f} px off, and {len(views)} pictures are too few to place the mesh by them"
        )
    best = _fit(hull, views, turn)
    if best.error <= FITTED_ERROR:
        return best
    others = [_fit(hull, views, other) for other in {0, 90, 180, 270} - {turn}]
    other = min(others, key=lambda placement: placement.error)
    hint = f"; turned by {other.turn} degrees it would fit" if other.error <= FITTED_ERROR else ""
    raise ValueError(f"the pictures do not show the mesh, outlines are {best.error:.1f} px off at best{hint}")


def _sides(
    hull: NDArray[np.float64], views: Sequence[WorldView], turn: int, center: NDArray[np.float64], scale: float
) -> NDArray[np.float64]:
    """Distances (N, 4) of the projected box's sides from the outlines', NaN where those are cut off."""
    world = (hull * scale + center) @ turned(turn).T
    result = np.empty((len(views), 4))
    for row, view in zip(result, views, strict=True):
        matrix = view.matrix()
        x, y, z = matrix[:, :3] @ world.T + matrix[:, 3:]
        z = np.maximum(z, _NEAREST)
        u, v = x / z, y / z
        row[:] = np.array([u.min(), v.min(), u.max(), v.max()]) - view.box
    return result


def _error(
    hull: NDArray[np.float64], views: Sequence[WorldView], turn: int, center: NDArray[np.float64], scale: float
) -> float:
    sides = np.abs(_sides(hull, views, turn, center, scale))
    return float(np.nanmean(sides)) if np.isfinite(sides).any() else float("inf")


def _fit(hull: NDArray[np.float64], views: Sequence[WorldView], turn: int) -> Placement:
    from scipy.optimize import least_squares

    def residuals(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.nan_to_num(_sides(hull, views, turn, numbers[:3], float(np.exp(numbers[3])))).ravel()

    # An object of the renderings has a diagonal of 1. Thin ends vanish between pixels, so outliers count less.
    start = np.array([0, 0, 0, -np.log(np.linalg.norm(np.ptp(hull, axis=0)))])
    found = least_squares(residuals, start, loss="soft_l1", max_nfev=50).x
    center, scale = found[:3], float(np.exp(found[3]))
    return Placement(center, scale, turn, _error(hull, views, turn, center, scale), "fitted")
