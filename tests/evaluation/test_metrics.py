# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Each measure against a slow and obvious form of itself, and on shapes whose value is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from list_fast.evaluation import metrics


def slow_distances(a: np.ndarray, b: np.ndarray) -> list[float]:
    return [min(math.dist(p, q) for q in b.tolist()) for p in a.tolist()]


@pytest.fixture
def clouds() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(40, 3)) / 20, rng.normal(size=(25, 3)) / 20


def test_distances_and_chamfer(clouds: tuple[np.ndarray, np.ndarray]) -> None:
    predicted, true = clouds
    forward, back = slow_distances(predicted, true), slow_distances(true, predicted)
    accuracy, completeness = metrics.distances(predicted, true)
    np.testing.assert_allclose(accuracy, forward)
    np.testing.assert_allclose(completeness, back)
    figures = metrics.chamfer(accuracy, completeness)
    assert figures["chamfer_l1"] == pytest.approx((sum(forward) / 40 + sum(back) / 25) / 2)
    squares = sum(d * d for d in forward) / 40 + sum(d * d for d in back) / 25
    assert figures["chamfer_l2"] == pytest.approx(1e4 * squares / 2)


def test_f_scores(clouds: tuple[np.ndarray, np.ndarray]) -> None:
    forward, back = slow_distances(*clouds), slow_distances(clouds[1], clouds[0])
    scores = metrics.f_scores(*metrics.distances(*clouds), (0.02, 0.05))
    for key, threshold in (("f_score_2%", 0.02), ("f_score_5%", 0.05)):
        precision = sum(d < threshold for d in forward) / 40
        recall = sum(d < threshold for d in back) / 25
        assert 0 < scores[key] == pytest.approx(2 * precision * recall / (precision + recall))
        # Named as everybody names them: precision is of what was predicted, recall of what is true.
        assert scores[key.replace("f_score", "precision")] == pytest.approx(precision)
        assert scores[key.replace("f_score", "recall")] == pytest.approx(recall)
    assert forward != back


def test_f_score_of_distant_clouds_is_zero_and_of_equal_ones_is_one() -> None:
    points = np.random.default_rng(1).random((10, 3))
    far = metrics.f_scores(*metrics.distances(points, points + 9))
    same = metrics.f_scores(*metrics.distances(points, points))
    names = {f"{figure}_{share}%" for figure in ("precision", "recall", "f_score") for share in ("0.5", "1", "5")}
    assert far == dict.fromkeys(names, 0.0)
    assert same == dict.fromkeys(names, 1.0)


def test_normal_consistency(clouds: tuple[np.ndarray, np.ndarray]) -> None:
    rng = np.random.default_rng(4)
    normals = [rng.normal(size=(40, 3)), rng.normal(size=(25, 3))]
    normals = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in normals]
    (_, to_true), (_, to_predicted) = metrics.neighbours(*clouds)
    sums = []
    for here, there in ((0, 1), (1, 0)):
        cosines = []
        for point, normal in zip(clouds[here], normals[here], strict=True):
            nearest = min(range(len(clouds[there])), key=lambda k, p=point, c=clouds[there]: math.dist(p, c[k]))
            cosines.append(abs(sum(a * b for a, b in zip(normal, normals[there][nearest], strict=True))))
        sums.append(sum(cosines) / len(cosines))
    expected = (sums[0] + sums[1]) / 2
    assert metrics.normal_consistency(*normals, to_true, to_predicted) == pytest.approx(expected)
    turned = metrics.normal_consistency(normals[0], -normals[1], to_true, to_predicted)
    assert turned == pytest.approx(expected)  # which side of a thin sheet is out does not matter


def test_chamfer_of_a_shifted_plane_is_the_shift() -> None:
    grid = np.stack(np.meshgrid(*[np.linspace(-0.5, 0.5, 21)] * 2, indexing="ij"), -1).reshape(-1, 2)
    plane = np.concatenate([grid, np.zeros((len(grid), 1))], 1)
    figures = metrics.chamfer(*metrics.distances(plane, plane + np.array([0, 0, 0.02])))
    assert figures == pytest.approx({"chamfer_l1": 0.02, "chamfer_l2": 4.0})


def test_iou() -> None:
    a = np.array([True, True, False, False])
    b = np.array([True, False, True, False])
    assert metrics.iou(a, b) == pytest.approx(1 / 3)
    assert metrics.iou(a, ~a) == 0
    assert metrics.iou(a & b & ~a, b & ~b) == 1
    with pytest.raises(ValueError, match="one shape"):
        metrics.iou(a, b[:3])


def pinhole(points: np.ndarray, distance: float, focal: float) -> np.ndarray:
    """Pixels of a camera on the +z axis, straight from the definition."""
    depth = distance - points[:, 2]
    return np.stack([111.5 + focal * points[:, 0] / depth, 111.5 - focal * points[:, 1] / depth], 1)


def matrix(distance: float, focal: float) -> np.ndarray:
    """The same camera as a transform: rows for z, y, x (doubled coordinates) and the constant."""
    return np.array(
        [
            [-111.5 / 2, -111.5 / 2, -0.5],
            [0, -focal / 2, 0],
            [focal / 2, 0, 0],
            [111.5 * distance, 111.5 * distance, distance],
        ]
    )


def test_projection() -> None:
    points = np.random.default_rng(2).random((30, 3)) - 0.5
    np.testing.assert_allclose(metrics.pixels(points, matrix(2.0, 250.0)), pinhole(points, 2.0, 250.0))
    expected = np.mean([math.dist(p, q) for p, q in zip(pinhole(points, 2, 250), pinhole(points, 3, 300), strict=True)])
    assert metrics.projection_error(points, matrix(3, 300), matrix(2, 250)) == pytest.approx(expected)
    with pytest.raises(ValueError, match=r"transform must be \(4, 3\)"):
        metrics.pixels(points, np.zeros((3, 4)))


def test_silhouette_coverage_counts_points_on_the_mask() -> None:
    points = np.random.default_rng(3).random((200, 3)) - 0.5
    mask = np.zeros((224, 224), bool)
    mask[100:, :120] = True
    hits = 0
    for u, v in pinhole(points, 1.2, 250.0):
        column, row = round(u), round(v)
        hits += 0 <= column < 224 and 0 <= row < 224 and bool(mask[row, column])
    assert 0 < hits < 200
    assert metrics.silhouette_coverage(points, matrix(1.2, 250.0), mask) == pytest.approx(hits / 200)


@pytest.mark.parametrize("points", [np.zeros((0, 3)), np.zeros((4, 2)), np.zeros(3)])
def test_clouds_of_another_shape_are_named(points: np.ndarray) -> None:
    with pytest.raises(ValueError, match="true must be"):
        metrics.distances(np.zeros((1, 3)), points)
