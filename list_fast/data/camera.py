# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Cameras that look at the origin and frame an object as the model expects it, as LIST's (4, 3) transform."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

IMAGE_SIZE = 224
FRAME_FILL = 0.875


@dataclass(frozen=True)
class Camera:
    """A perspective view.

    ``transform`` (4, 3) float64 maps [2z, 2y, 2x, 1] of an object-space point to (X, Y, Z) with pixel column X / Z, row
    Y / Z (0 is the centre of the first) and Z the depth along the view. ``pose``: azimuth and elevation in degrees,
    distance.
    """

    transform: NDArray[np.float64]
    pose: tuple[float, float, float]
    size: int = IMAGE_SIZE

    @property
    def position(self) -> NDArray[np.float64]:
        """The camera's place in object space, (3,)."""
        return view_axes(self.pose[0], self.pose[1])[2] * -self.pose[2]

    def project(self, points: ArrayLike) -> NDArray[np.float64]:
        """Pixel column, row and depth (N, 3) of object-space points (N, 3)."""
        p = np.asarray(points, np.float64)
        image = 2 * p[:, ::-1] @ self.transform[:3] + self.transform[3]
        return np.concatenate([image[:, :2] / image[:, 2:], image[:, 2:]], axis=1)

    def clip_matrix(self, near: float, far: float) -> NDArray[np.float64]:
        """OpenGL clip matrix (4, 4) for column vectors [x, y, z, 1]: the same projection, pixel for pixel."""
        t = self.transform
        # Rows of the map from [x, y, z, 1] to X, Y, Z.
        x, y, z = np.stack([2 * t[2], 2 * t[1], 2 * t[0], t[3]], axis=1)
        a, b = (far + near) / (far - near), -2 * far * near / (far - near)
        depth = a * z + np.array([0, 0, 0, b])
        return np.stack([2 * (x + 0.5 * z) / self.size - z, z - 2 * (y + 0.5 * z) / self.size, depth, z])

    def cropped(self, box: tuple[float, float, float]) -> Camera:
        """The same view of the picture's square ``box`` (left, top, side; pixel edges), scaled to its size."""
        left, top, side = box
        scale, t = self.size / side, self.transform.copy()
        for axis, start in enumerate((left, top)):
            t[:, axis] = scale * t[:, axis] + (scale * (0.5 - start) - 0.5) * t[:, 2]
        return Camera(t, self.pose, self.size)


def view_axes(azimuth: float, elevation: float, roll: float = 0.0) -> NDArray[np.float64]:
    """Right, up and forward (rows of (3, 3)) of a camera at azimuth, elevation (degrees) that looks at the origin.

    Azimuth 0 sees the object's front (+z), elevation 90 its top; ``roll`` turns the camera about its forward axis.
    """
    a, e, r = np.radians([azimuth, elevation, roll])
    forward = -np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    right = np.array([np.cos(a), 0.0, -np.sin(a)])
    up = np.cross(right, forward)
    return np.stack([np.cos(r) * right + np.sin(r) * up, np.cos(r) * up - np.sin(r) * right, forward])


def framed_camera(
    vertices: ArrayLike,
    azimuth: float,
    elevation: float,
    distance: float,
    *,
    roll: float = 0.0,
    fill: float = FRAME_FILL,
    shift: tuple[float, float] = (0.0, 0.0),
    size: int = IMAGE_SIZE,
) -> Camera:
    """Camera whose focal length and principal point centre the vertices' projected bounding box in the frame.

    Args:
        vertices: (V, 3) in object space.
        azimuth, elevation, roll: degrees.
        distance: from the origin; every vertex must be more than 0.05 in front of the camera.
        fill: larger side of the projected bounding box as a share of the frame's side.
        shift: (right, down) displacement of its centre, as a share of the frame's side.
        size: side of the square image in pixels.
    """
    points = np.asarray(vertices, np.float64)
    if points.ndim != 2 or points.shape[1] != 3 or len(points) == 0:
        raise ValueError(f"vertices must have shape (V, 3) with V > 0, got {points.shape}")
    right, up, forward = view_axes(azimuth, elevation, roll)
    depth = points @ forward + distance
    if depth.min() < 0.05:
        raise ValueError(
            "distance must keep every vertex 0.05 in front of the camera, "
            f"got {distance:.3f}: nearest depth {depth.min():.3f}"
        )
    flat = np.stack([points @ right / depth, -(points @ up) / depth], axis=1)
    low, high = flat.min(0), flat.max(0)
    focal = fill * size / float((high - low).max())
    center = (size - 1) / 2 + np.asarray(shift) * size - focal * (low + high) / 2
    rows = np.stack(
        [focal * right + center[0] * forward, -focal * up + center[1] * forward, forward], axis=1
    )  # (xyz, XYZ)
    transform = np.concatenate([0.5 * rows[::-1], [[center[0] * distance, center[1] * distance, distance]]])
    return Camera(transform, (float(azimuth), float(elevation), float(distance)), size)


def matrix_camera(matrix: ArrayLike, size: int = IMAGE_SIZE) -> Camera:
    """Camera of a projection matrix (3, 4), of column vectors [x, y, z, 1] in object space to (X, Y, Z) with pixel
    column X / Z and row Y / Z (0 is the centre of the first); its depth is brought to object units.

    Raises:
        ValueError: another shape, a matrix without an inverse, or one that sees the origin behind it.
    """
    m = np.asarray(matrix, np.float64)
    if m.shape != (3, 4):
        raise ValueError(f"matrix must have shape (3, 4), got {m.shape}")
    if not (np.isfinite(m).all() and abs(np.linalg.det(m[:, :3])) > 1e-9):
        raise ValueError("matrix must be finite and have an inverse in its first three columns")
    m = m / np.linalg.norm(m[2, :3])
    if not m[2, 3] > 0:
        raise ValueError(f"matrix must put the origin in front of the camera, got depth {m[2, 3]:.3f}")
    x, y, z = eye = -np.linalg.solve(m[:, :3], m[:, 3])
    distance = float(np.linalg.norm(eye))
    azimuth, elevation = np.degrees([np.arctan2(x, z), np.arcsin(np.clip(y / distance, -1, 1))]).tolist()
    transform = np.concatenate([0.5 * m[:, 2::-1].T, m[None, :, 3]])
    return Camera(transform, (azimuth % 360, elevation, distance), size)


def centered_camera(
    azimuth: float, elevation: float, distance: float, focal: float, *, size: int = IMAGE_SIZE
) -> Camera:
    """Camera that looks at the origin through the picture's center; ``focal`` in sides of the picture."""
    if not (distance > 0 and focal > 0):
        raise ValueError(f"distance and focal must be above 0, got {distance} and {focal}")
    right, up, forward = view_axes(azimuth, elevation)
    center = (size - 1) / 2
    rows = np.stack([focal * size * right + center * forward, -focal * size * up + center * forward, forward], axis=1)
    transform = np.concatenate([0.5 * rows[::-1], [[center * distance, center * distance, distance]]])
    return Camera(transform, (float(azimuth), float(elevation), float(distance)), size)


def random_camera(rng: np.random.Generator, vertices: ArrayLike, size: int = IMAGE_SIZE) -> Camera:
    """A camera of the data set: any azimuth, elevation mostly 15-35 degrees, jittered distance and framing."""
    points = np.asarray(vertices, np.float64)
    azimuth = rng.uniform(0, 360)
    elevation = rng.uniform(-5, 60) if rng.random() < 0.1 else rng.uniform(15, 35)
    roll = rng.normal(0, 2) if rng.random() < 0.1 else 0.0
    reach = float(np.linalg.norm(points, axis=1).max())
    # ShapeNet renderings stand 1.2 to 1.6 off an object of diagonal 1; product photos are taken from further away.
    distance = reach + (rng.uniform(0.55, 1.4) if rng.random() < 0.75 else rng.uniform(1.4, 3.0))
    fill = FRAME_FILL * rng.uniform(0.96, 1.04)
    shift = rng.uniform(-0.02, 0.02, 2)
    return framed_camera(
        points, azimuth, elevation, distance, roll=roll, fill=fill, shift=(shift[0], shift[1]), size=size
    )
