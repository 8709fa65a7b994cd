# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Measures of a predicted shape against the true one. Distances are in object units (the largest extent is 1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Indices = NDArray[np.integer]

THRESHOLDS = (0.005, 0.01, 0.05)
"""Of the F-scores, as shares of the largest extent."""


def _check_points(name: str, points: Array, columns: int = 3) -> None:
    if points.ndim != 2 or points.shape[1] != columns or len(points) == 0:
        raise ValueError(f"{name} must be (N > 0, {columns}), got {points.shape}")


def neighbours(predicted: Array, true: Array) -> tuple[tuple[Array, Indices], tuple[Array, Indices]]:
    """Distances and indices of nearest neighbours, ((N,), (N,)) and ((M,), (M,)).

    First the true neighbour of each predicted point (N, 3), then the predicted neighbour of each true point (M, 3).
    """
    from scipy.spatial import cKDTree

    _check_points("predicted", predicted)
    _check_points("true", true)
    # More than one worker costs more than it brings below some ten thousand points.
    workers = 1 if max(len(predicted), len(true)) < 20000 else -1
    return cKDTree(true).query(predicted, workers=workers), cKDTree(predicted).query(true, workers=workers)


def distances(predicted: Array, true: Array) -> tuple[Array, Array]:
    """Nearest-neighbour distances (accuracy (N,), completeness (M,)).

    Accuracy: from each predicted point (N, 3) to the true ones; completeness: from each true point (M, 3) to the
    predicted ones.
    """
    (accuracy, _), (completeness, _) = neighbours(predicted, true)
    return accuracy, completeness


def normal_consistency(predicted: Array, true: Array, to_true: Indices, to_predicted: Indices) -> float:
    """Mean absolute cosine between a point's unit normal and its neighbour's, averaged over both directions.

    Args:
        predicted, true: normals (N, 3) and (M, 3).
        to_true, to_predicted: indices (N,) and (M,) of ``neighbours``.
    """
    forward = np.abs((predicted * true[to_true]).sum(1)).mean()
    back = np.abs((true * predicted[to_predicted]).sum(1)).mean()
    return float(forward + back) / 2


def chamfer(accuracy: Array, completeness: Array) -> dict[str, float]:
    """Chamfer distances of `distances`: half the sum of both directions' means.

    "chamfer_l1" of the distances, "chamfer_l2" of their squares times 10^4 (the definition of the published
    evaluation code).
    """
    return {
        "chamfer_l1": float(accuracy.mean() + completeness.mean()) / 2,
        "chamfer_l2": 1e4 * float(np.square(accuracy).mean() + np.square(completeness).mean()) / 2,
    }


def f_scores(accuracy: Array, completeness: Array, thresholds: Sequence[float] = THRESHOLDS) -> dict[str, float]:
    """Precision, recall and F-score at each threshold, keys "precision_1%", "recall_1%", "f_score_1%" and so on.

    Precision is the share of predicted points within the threshold of a true one, recall the share of true points
    within it of a predicted one, the score their harmonic mean, 0 where both are 0.
    """
    scores = {}
    for threshold in thresholds:
        precision, recall = float((accuracy < threshold).mean()), float((completeness < threshold).mean())
        total = precision + recall
        name = f"{100 * threshold:g}%"
        scores[f"precision_{name}"], scores[f"recall_{name}"] = precision, recall
        scores[f"f_score_{name}"] = 2 * precision * recall / total if total > 0 else 0.0
    return scores


def iou(predicted: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """Intersection over union of two insides, sampled at the same points (N,); 1 where both are empty."""
    if predicted.shape != true.shape:
        raise ValueError(f"predicted and true must have one shape, got {predicted.shape} and {true.shape}")
    union = int((predicted | true).sum())
    return float((predicted & true).sum() / union) if union else 1.0


def pixels(points: Array, transform: Array) -> Array:
    """Pixels (N, 2) as (column, row) of object-space points (N, 3) under a transform (4, 3) of the model's frame.

    Raises:
        ValueError: wrong shapes.
    """
    _check_points("points", points)
    if transform.shape != (4, 3):
        raise ValueError(f"transform must be (4, 3), got {transform.shape}")
    q = 2 * np.asarray(points, np.float64)[:, ::-1]
    homogeneous = q @ transform[:3].astype(np.float64) + transform[3]
    return homogeneous[:, :2] / np.maximum(homogeneous[:, 2:], 1e-3)


def projection_error(points: Array, predicted: Array, true: Array) -> float:
    """Mean distance in pixels between the projections of surface points under two transforms (4, 3)."""
    return float(np.linalg.norm(pixels(points, predicted) - pixels(points, true), axis=1).mean())


def silhouette_coverage(points: Array, transform: Array, mask: NDArray[np.bool_]) -> float:
    """Share of surface points whose projection falls on the object's silhouette (H, W); 1 for a true transform."""
    uv = np.rint(pixels(points, transform)).astype(np.int64)
    height, width = mask.shape
    inside = (uv >= 0).all(1) & (uv[:, 0] < width) & (uv[:, 1] < height)
    return float(mask[uv[inside, 1], uv[inside, 0]].sum() / len(points))
