# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Solids that the shape families are built from: a thin vocabulary over manifold3d.

A family returns a :class:`Shape`: closed solids that overlap where they join, each with the material it is rendered in.
Lengths are in the family's own unit; the data set normalises the union to object space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from manifold3d import CrossSection, Manifold, Mesh
from numpy.typing import ArrayLike, NDArray

MATERIALS = ("wood", "metal", "fabric", "plastic", "glass", "paint", "rubber", "screen", "light", "leather", "stone")


@dataclass(frozen=True)
class Part:
    """One closed solid and the material it is made of (one of ``MATERIALS``)."""

    solid: Manifold
    material: str

    def __post_init__(self) -> None:
        if self.material not in MATERIALS:
            raise ValueError(f"material must be one of {MATERIALS}, got {self.material!r}")


@dataclass
class Shape:
    """The parts of an object and the parameters that made it (``params["type"]`` names the structural type)."""

    parts: list[Part] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)

    def add(self, solid: Manifold, material: str) -> None:
        """Append one solid."""
        self.parts.append(Part(solid, material))

    def add_mirrored(self, solid: Manifold, material: str) -> None:
        """Append a solid and its mirror image in x."""
        self.add(solid, material)
        self.add(solid.mirror((1, 0, 0)), material)


def box(size: ArrayLike, center: ArrayLike = (0, 0, 0)) -> Manifold:
    """Axis-aligned box of ``size`` (x, y, z) about ``center``."""
    return Manifold.cube(tuple(np.asarray(size, float)), True).translate(tuple(np.asarray(center, float)))


def rounded_box(size: ArrayLike, center: ArrayLike = (0, 0, 0), radius: float = 0.02, segments: int = 16) -> Manifold:
    """Box whose edges and corners are rounded by ``radius`` (clipped to just under half the smallest side)."""
    s = np.asarray(size, float)
    r = float(min(radius, 0.49 * s.min()))
    ball = Manifold.sphere(r, segments)
    inner = (s - 2 * r) / 2
    corners = [
        ball.translate((sx * inner[0], sy * inner[1], sz * inner[2]))
        for sx in (-1, 1)
        for sy in (-1, 1)
        for sz in (-1, 1)
    ]
    return Manifold.batch_hull(corners).translate(tuple(np.asarray(center, float)))


def cylinder(
    start: ArrayLike, end: ArrayLike, radius: float, end_radius: float | None = None, segments: int = 24
) -> Manifold:
    """Solid cone frustum from ``start`` to ``end``; ``end_radius`` defaults to ``radius``."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    length = float(np.linalg.norm(b - a))
    solid = Manifold.cylinder(length, radius, radius if end_radius is None else end_radius, segments)
    return solid.transform(_frame((b - a) / length, a))


def bar(start: ArrayLike, end: ArrayLike, size: float, end_size: float | None = None) -> Manifold:
    """Square bar (side ``size``) from ``start`` to ``end``, tapering to ``end_size``, sides along axes if it can."""
    end_size = size if end_size is None else end_size
    a, b = np.asarray(start, float), np.asarray(end, float)
    length = float(np.linalg.norm(b - a))
    ratio = end_size / size
    return (
        CrossSection.square((size, size), True)
        .extrude(length, 0, 0, (ratio, ratio))
        .transform(_frame((b - a) / length, a))
    )


def ellipsoid(radii: ArrayLike, center: ArrayLike = (0, 0, 0), segments: int = 32) -> Manifold:
    """Ellipsoid with semi-axes ``radii``."""
    return (
        Manifold.sphere(1.0, segments)
        .scale(tuple(np.asarray(radii, float)))
        .translate(tuple(np.asarray(center, float)))
    )


def extrude(polygon: ArrayLike, depth: float, axis: str = "z", center: float = 0.0) -> Manifold:
    """Prism of a simple polygon (n, 2), either orientation, centred at ``center`` along ``axis``.

    The polygon's (first, second) coordinates are (x, y) for axis z, (z, y) for axis x and (x, z) for axis y.
    """
    points = np.asarray(polygon, float)
    x, y = points[:, 0], points[:, 1]
    if np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) < 0:
        points = points[::-1]
    solid = CrossSection([points]).extrude(depth).translate((0, 0, center - depth / 2))
    if axis == "z":
        return solid
    if axis == "x":  # (a, b, c) -> (c, b, a) reverses orientation, which a transform accounts for
        return solid.transform(np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0]], float))
    if axis == "y":
        return solid.transform(np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]], float))
    raise ValueError(f"axis must be 'x', 'y' or 'z', got {axis!r}")


def revolve(profile: ArrayLike, segments: int = 32) -> Manifold:
    """Solid of revolution about the y axis of a closed profile polygon (n, 2) of (radius >= 0, height)."""
    points = np.asarray(profile, float)
    x, y = points[:, 0], points[:, 1]
    if np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) < 0:
        points = points[::-1]
    return CrossSection([points]).revolve(segments).rotate((-90, 0, 0))


def tube(path: ArrayLike, radius: float | Sequence[float], segments: int = 12) -> Manifold:
    """Round rod along a polyline (n, 3): frusta with balls at the inner joints; ``radius`` one value or one a point."""
    points = np.asarray(path, float)
    radii = np.broadcast_to(np.asarray(radius, float), (len(points),))
    solids = [cylinder(points[i], points[i + 1], radii[i], radii[i + 1], segments) for i in range(len(points) - 1)]
    solids += [
        Manifold.sphere(float(radii[i]), segments).translate(tuple(points[i])) for i in range(1, len(points) - 1)
    ]
    return union(solids)


def loft(sections: ArrayLike) -> Manifold:
    """Closed solid through a stack of rings (sections, points, 3) that all run the same way round.

    Rings are joined by quads split into triangles; the two end rings are capped by fans about their means.
    """
    rings = np.asarray(sections, float)
    count, n, _ = rings.shape
    vertices = np.concatenate([rings.reshape(-1, 3), rings[0].mean(0)[None], rings[-1].mean(0)[None]])
    i = np.arange(n)
    j = (i + 1) % n
    row = n * np.arange(count - 1)[:, None]
    a, b, c, d = row + i, row + j, row + n + i, row + n + j
    sides = np.stack([np.stack([a, b, d], -1), np.stack([a, d, c], -1)], axis=1).reshape(-1, 3)
    foot = np.stack([np.full(n, count * n), j, i], 1)
    head = np.stack([np.full(n, count * n + 1), (count - 1) * n + i, (count - 1) * n + j], 1)
    triangles = np.concatenate([sides, foot, head])
    corners = vertices[triangles]
    if np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() < 0:
        triangles = triangles[:, ::-1]
    solid = Manifold(Mesh(vertices.astype(np.float32), np.ascontiguousarray(triangles).astype(np.uint32)))
    if solid.is_empty():
        raise ValueError("sections must form a closed, non-degenerate solid")
    return solid


def superellipsoid(
    radii: ArrayLike, center: ArrayLike = (0, 0, 0), around: float = 5.0, across: float = 2.0, segments: int = 32
) -> Manifold:
    """Cushion-like ``(|x|^a + |z|^a)^(b/a) + |y|^b <= 1``, a = ``around``, b = ``across``, scaled by ``radii``.

    2 and 2 is an ellipsoid; a large ``around`` squares the outline in the x-z plane, a large ``across`` the thickness.
    ``segments``, a multiple of 8, is the number of points around.
    """
    unit = _unit_superellipsoid(around, across, segments)
    return unit.scale(tuple(np.asarray(radii, float))).translate(tuple(np.asarray(center, float)))


@lru_cache(maxsize=64)  # the cushions of one sofa are scaled copies
def _unit_superellipsoid(around: float, across: float, segments: int) -> Manifold:
    turn = np.arange(segments) * 2 * np.pi / segments
    rise = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)[1:-1]
    # Directions at even angles, scaled onto the surface: the rows then follow the ridges, which an icosphere does not.
    cos, sin = np.cos(turn), np.sin(turn)
    outline = np.stack([cos, sin]) / (np.abs(cos) ** around + np.abs(sin) ** around) ** (1 / around)
    cos, sin = np.cos(rise), np.sin(rise)
    flank = np.stack([cos, sin]) / (cos**across + np.abs(sin) ** across) ** (1 / across)
    flank = np.concatenate([[[1e-3], [-1.0]], flank, [[1e-3], [1.0]]], axis=1)
    rings = np.empty((flank.shape[1], segments, 3))
    rings[..., 0] = flank[0][:, None] * outline[0]
    rings[..., 1] = flank[1][:, None]
    rings[..., 2] = flank[0][:, None] * outline[1]
    return loft(rings)


def sweep(path: ArrayLike, radius: float | Sequence[float], segments: int = 10) -> Manifold:
    """Round rod along a gently curved polyline (n, 3), flat at its ends; ``radius`` one value or one per point.

    One closed surface: quicker and cleaner than ``tube``, which also takes sharp bends.
    """
    points = np.asarray(path, float)
    radii = np.broadcast_to(np.asarray(radius, float), (len(points),))
    edges = np.diff(points, axis=0)
    edges /= np.linalg.norm(edges, axis=1, keepdims=True)
    tangents = np.concatenate([edges[:1], edges[:-1] + edges[1:], edges[-1:]])
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    normal = np.eye(3)[np.abs(tangents[0]).argmin()]
    turn = (np.arange(segments) * 2 * np.pi / segments)[:, None]
    rings = []
    for point, tangent, r in zip(points, tangents, radii, strict=True):
        normal = normal - tangent * (normal @ tangent)  # carried along the path without twist
        normal /= np.linalg.norm(normal)
        rings.append(point + r * (np.cos(turn) * normal + np.sin(turn) * np.cross(tangent, normal)))
    return loft(rings)


def strip(path: ArrayLike, thickness: float) -> NDArray[np.float64]:
    """Outline (2n, 2) of a plane polyline (n, 2), ``thickness`` / 2 to each side, for ``extrude`` and ``revolve``."""
    points = np.asarray(path, float)
    edges = np.diff(points, axis=0)
    edges /= np.linalg.norm(edges, axis=1, keepdims=True)
    normals = np.stack([-edges[:, 1], edges[:, 0]], axis=1)
    joints = np.concatenate([normals[:1], normals[:-1] + normals[1:], normals[-1:]])
    joints /= np.linalg.norm(joints, axis=1, keepdims=True)
    # A mitre keeps the width around a bend; its length is bounded so that a sharp bend does not grow a spike.
    cosine = np.concatenate([[1.0], np.clip((joints[1:-1] * normals[1:]).sum(1), 0.5, 1.0), [1.0]])
    offset = joints * (thickness / 2 / cosine)[:, None]
    return np.concatenate([points + offset, (points - offset)[::-1]])


def smooth_curve(points: ArrayLike, steps: int = 4) -> NDArray[np.float64]:
    """Catmull-Rom curve (``steps`` * (n - 1) + 1, k) through control points (n, k)."""
    p = np.asarray(points, float)
    padded = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = (np.arange(steps) / steps)[:, None]
    spans = []
    for i in range(len(p) - 1):
        a, b, c, d = padded[i : i + 4]
        spans.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*spans, p[-1:]])


def turned(points: ArrayLike, steps: int = 1, segments: int = 24) -> Manifold:
    """Solid turned about the y axis through (n, 2) rows of (radius, height), bottom to top; ``steps`` > 1 smooths."""
    profile = np.asarray(points, float)
    if steps > 1:
        smooth = smooth_curve(profile, steps)
        smooth[:, 0] = np.maximum(smooth[:, 0], 0.6 * profile[:, 0].min())  # the curve may overshoot towards the axis
        smooth[:, 1] = np.maximum.accumulate(smooth[:, 1])
        profile = smooth
    return revolve(np.concatenate([[[0.0, profile[0, 1]]], profile, [[0.0, profile[-1, 1]]]]), segments)


def superellipse(half_width: float, half_height: float, exponent: float = 2.0, count: int = 32) -> NDArray[np.float64]:
    """Ring (count, 2) of a superellipse, counter-clockwise from (half_width, 0); 2 is an ellipse, 9 nearly a box."""
    angle = 2 * np.pi * np.arange(count) / count
    c, s = np.cos(angle), np.sin(angle)
    power = 2.0 / exponent
    return np.stack([half_width * np.sign(c) * np.abs(c) ** power, half_height * np.sign(s) * np.abs(s) ** power], 1)


def curve(x: ArrayLike, knots: ArrayLike) -> NDArray[np.float64]:
    """Values at ``x`` of the smooth curve through ``knots`` (n, 2), ascending in x; constant beyond the ends.

    Monotone cubic interpolation (Fritsch and Carlson 1980): it never overshoots its control points.
    """
    k = np.asarray(knots, float)
    h, slope = np.diff(k[:, 0]), np.diff(k[:, 1]) / np.diff(k[:, 0])
    tangent = np.concatenate([slope[:1], np.zeros(len(k) - 2), slope[-1:]])
    for i in range(1, len(k) - 1):
        if slope[i - 1] * slope[i] > 0:
            a, b = 2 * h[i] + h[i - 1], h[i] + 2 * h[i - 1]
            tangent[i] = (a + b) / (a / slope[i - 1] + b / slope[i])
    at = np.clip(np.asarray(x, float), k[0, 0], k[-1, 0])
    i = np.clip(np.searchsorted(k[:, 0], at, side="right") - 1, 0, len(k) - 2)
    t = (at - k[i, 0]) / h[i]
    return np.asarray(
        (1 + 2 * t) * (1 - t) ** 2 * k[i, 1]
        + t * (1 - t) ** 2 * h[i] * tangent[i]
        + t**2 * (3 - 2 * t) * k[i + 1, 1]
        - t**2 * (1 - t) * h[i] * tangent[i + 1]
    )


def station_loft(stations: ArrayLike, exponent: float = 2.0, count: int = 32) -> Manifold:
    """Loft along z through rows of (z, half width, low y, high y), each a superellipse of ``exponent`` about x = 0."""
    ring = superellipse(1, 1, exponent, count)
    rings = []
    for z, half, low, high in np.asarray(stations, float):
        y = (low + high) / 2 + (high - low) / 2 * ring[:, 1]
        rings.append(np.stack([half * ring[:, 0], y, np.full(count, z)], 1))
    return loft(rings)


def grow(solid: Manifold, margin: ArrayLike) -> Manifold:
    """The solid stretched about its bounding box's centre so that it gains ``margin`` (one value or x, y, z) a side.

    Intersected with a prism it gives a panel on the solid's surface, such as a lamp, a grille or a painted band.
    """
    low, high = np.asarray(solid.bounding_box()).reshape(2, 3)
    center = (low + high) / 2
    factor = 1 + 2 * np.broadcast_to(np.asarray(margin, float), (3,)) / (high - low)
    return solid.translate(tuple(-center)).scale(tuple(factor)).translate(tuple(center))


def union(solids: Sequence[Manifold]) -> Manifold:
    """Boolean union of solids."""
    from manifold3d import OpType

    return Manifold.batch_boolean(list(solids), OpType.Add)


def fill_cavities(shape: Shape, material: str) -> None:
    """Add parts that fill the closed hollows, and join the crumbs, that soft parts may leave where they meet."""
    for _ in range(2):  # a filling may itself cut off a crumb
        bodies = union([part.solid for part in shape.parts]).decompose()
        if len(bodies) == 1:
            return
        main = max(bodies, key=lambda body: body.volume())
        for body in bodies:
            low, high = np.split(np.asarray(body.bounding_box()), 2)
            center, size = (low + high) / 2, high - low
            if body is not main and size.max() < 0.08:
                shape.add(box(size + 0.004, center), material)
            elif body.volume() <= 0:  # the boundary of a hollow is a component of its own, facing inwards
                # A box could poke out beside a long hollow; its hull stays close to it.
                shape.add(body.hull().translate(-center).scale((1.05,) * 3).translate(center), material)


def _frame(direction: NDArray[np.float64], origin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Affine map (3, 4) that sends +z to ``direction`` and 0 to ``origin``; x stays as close to world x as it can."""
    z = direction
    helper = np.array([1.0, 0.0, 0.0]) if abs(z[0]) < 0.9 else np.array([0.0, 0.0, 1.0])
    y = np.cross(z, helper)
    y /= np.linalg.norm(y)
    x = np.cross(y, z)
    return np.stack([x, y, z, origin], axis=1)
