# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Signed distances against analytic ones, and the samples of the data set."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from list_fast.data.sdf import BOX, NEAR_SIGMAS, check_mesh, sample_shape, sample_surface, signed_distance
from list_fast.data.shapes import build_shape, unite


def box_distance(points: np.ndarray, half: np.ndarray) -> np.ndarray:
    q = np.abs(points) - half
    return np.linalg.norm(np.maximum(q, 0), axis=1) + np.minimum(q.max(1), 0)


@pytest.fixture(scope="module")
def slab() -> tuple[np.ndarray, np.ndarray]:
    mesh = trimesh.creation.box((1, 0.4, 0.02))
    return np.asarray(mesh.vertices), np.asarray(mesh.faces)


@pytest.mark.parametrize("sign", ["winding", "solid"])
def test_distance_to_a_box(slab: tuple[np.ndarray, np.ndarray], sign: str) -> None:
    points = np.random.default_rng(0).uniform(-0.7, 0.7, (3000, 3)) * (1, 1, 0.2)
    expected = box_distance(points, np.array([0.5, 0.2, 0.01]))
    assert (expected < 0).sum() > 30
    np.testing.assert_allclose(signed_distance(points, *slab, sign=sign), expected, atol=1e-7)


def test_both_signs_agree_on_shapes() -> None:
    for index in range(2):
        surface = unite(build_shape("chair", 2, index))
        rng = np.random.default_rng(index)
        base, _ = sample_surface(rng, surface.vertices, surface.faces, 1500)
        points = base + rng.normal(size=base.shape) * 0.02
        winding, solid = (
            signed_distance(points, surface.vertices, surface.faces, sign=sign) for sign in ("winding", "solid")
        )
        np.testing.assert_array_equal(np.abs(winding), np.abs(solid))
        assert np.mean(np.sign(winding) != np.sign(solid)) < 2e-3


def test_no_points() -> None:
    assert signed_distance(np.zeros((0, 3)), np.eye(4)[:, :3], [[0, 1, 2], [0, 1, 3]]).shape == (0,)


def test_surface_points_lie_on_the_surface_by_area(slab: tuple[np.ndarray, np.ndarray]) -> None:
    points, normals = sample_surface(np.random.default_rng(1), *slab, 8000)
    assert np.abs(box_distance(points, np.array([0.5, 0.2, 0.01]))).max() < 1e-9
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1)
    assert (np.abs(normals[:, 2]) > 0.5).mean() == pytest.approx(0.8 / (0.8 + 0.04 + 0.016), abs=0.01)
    outside = box_distance(points + 1e-3 * normals, np.array([0.5, 0.2, 0.01]))
    assert outside.min() > 0


def test_samples_of_a_shape() -> None:
    surface = unite(build_shape("table", 0, 4))
    samples, again = (sample_shape(np.random.default_rng(7), surface.vertices, surface.faces) for _ in range(2))
    for name, shape in {"surface": (4096, 3), "normals": (4096, 3), "near": (8192, 4), "uniform": (4096, 4)}.items():
        values = getattr(samples, name)
        assert values.shape == shape
        assert values.dtype == np.float16
        assert np.isfinite(values).all()
        np.testing.assert_array_equal(values, getattr(again, name))
    assert np.abs(samples.uniform[:, :3].astype(np.float64)).max() <= BOX
    # The stored distance belongs to the stored, rounded position.
    for values in (samples.near, samples.uniform):
        exact = signed_distance(values[::8, :3].astype(np.float64), surface.vertices, surface.faces)
        np.testing.assert_array_equal(exact.astype(np.float16), values[::8, 3])
    thirds = np.array_split(np.abs(samples.near[:, 3].astype(np.float64)), 3)
    spread = [float(np.median(part)) for part in thirds]
    assert spread == sorted(spread)
    assert spread[0] < 2 * NEAR_SIGMAS[0]
    on = signed_distance(samples.surface.astype(np.float64), surface.vertices, surface.faces)
    assert np.abs(on).max() < 5e-4


@pytest.mark.parametrize(
    ("vertices", "faces", "message"),
    [
        (np.zeros((3, 2)), [[0, 1, 2]], r"vertices must have shape \(V, 3\), got \(3, 2\)"),
        (np.eye(3), np.zeros((0, 3)), "faces must have shape"),
        (np.eye(3), [[0, 1, 3]], r"faces must index vertices 0\.\.2"),
        (np.full((3, 3), np.nan), [[0, 1, 2]], "vertices must be finite"),
        (np.ones((3, 3)), [[0, 1, 2]], "coinciding points"),
    ],
)
def test_meshes_that_would_end_the_process_are_refused(vertices: np.ndarray, faces: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_mesh(vertices, faces)
    with pytest.raises(ValueError, match=message):
        signed_distance(np.zeros((1, 3)), vertices, faces)


@pytest.mark.parametrize(
    ("points", "sign", "message"),
    [
        (np.zeros(3), "winding", r"points must have shape \(N, 3\)"),
        (np.full((1, 3), np.inf), "winding", "points must be finite"),
        (np.zeros((1, 3)), "guess", "sign must be 'winding' or 'solid', got 'guess'"),
    ],
)
def test_bad_queries(slab: tuple[np.ndarray, np.ndarray], points: np.ndarray, sign: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        signed_distance(points, *slab, sign=sign)


def test_degenerate_faces_have_no_surface_to_sample() -> None:
    with pytest.raises(ValueError, match="degenerate triangles only"):
        sample_surface(
            np.random.default_rng(0), np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0]]), np.array([[0, 1, 2]]), 4
        )
