# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of one view: what was predicted from it, beside the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from list_fast.meshing.preview import camera_direction, silhouette
from list_fast.training.symmetry import rotational_symmetries, rotations

from . import metrics
from .predict import Predictor
from .samples import Samples, sample_surface
from .truth import Truth
from .visibility import visible_faces

if TYPE_CHECKING:
    import trimesh

    from list_fast.data import ListDataset

SYMMETRIES = 16
"""Rotations about the vertical axis among which symmetries are sought."""

DEFINITIONS = {
    "iou": "intersection over union of the insides at stored uniform points of [-0.55, 0.55]^3, by the field's sign",
    "chamfer_l1": "half the sum of both directions' mean distance between points sampled on the true mesh (extent 1)"
    " and on that which `list-fast reconstruct` writes",
    "chamfer_l2": "the same of squared distances, times 10^4",
    "f_score_0.5%": "harmonic mean of precision and recall within 0.005",
    "f_score_1%": "harmonic mean of precision and recall within 0.01",
    "f_score_5%": "harmonic mean of precision and recall within 0.05",
    "precision_0.5%": "share of the predicted mesh's points within 0.005 of a point of the true one",
    "precision_1%": "share of the predicted mesh's points within 0.01 of a point of the true one",
    "precision_5%": "share of the predicted mesh's points within 0.05 of a point of the true one",
    "recall_0.5%": "share of the true mesh's points within 0.005 of a point of the predicted one",
    "recall_1%": "share of the true mesh's points within 0.01 of a point of the predicted one",
    "recall_5%": "share of the true mesh's points within 0.05 of a point of the predicted one",
    "normal_consistency": "mean absolute cosine between face normals at points and at their nearest neighbours, both"
    " directions averaged; 0 where there is no surface",
    "cd_visible": "chamfer_l2 between points on the faces of either mesh that own a pixel of a picture of that mesh,"
    " 1024 pixels across, by the true camera",
    "cd_occluded": "chamfer_l2 between points on the other faces",
    "silhouette_iou": "intersection over union of the predicted mesh's silhouette under the predicted transform and the"
    " object's in the picture (224 x 224), the pixels of which it covers more than half",
    "coarse_chamfer_l1": "chamfer_l1 of the coarse cloud against the stored surface points",
    "projection_error": "mean pixel distance between the surface's projections under predicted and true transform,"
    " to the nearest of the transforms that a symmetry about the vertical axis makes equally true",
    "view_error": "degrees between the directions of the predicted and the true camera, to the nearest equally true"
    " one; 180 where the transform is of no camera outside the object",
    "silhouette_coverage": "share of surface points that the predicted transform projects onto the object's silhouette",
    "empty": "share of items without a surface; their mesh counts as one point at the origin",
}
"""What each figure is."""


def evaluate_view(
    predict: Predictor,
    dataset: ListDataset,
    index: int,
    view: int,
    *,
    resolution: int,
    samples: int,
    truth: Truth | None,
) -> tuple[dict[str, Any], trimesh.Trimesh | None]:
    """The figures of one view with its "id", "class" and "view", and the mesh; without a truth no mesh is made.

    A prediction without a transform or a coarse cloud has no figures of them.
    """
    predicted = predict(dataset, index, view)
    surface = np.asarray(dataset.surface(index), np.float64)
    uniform = np.asarray(dataset.uniform(index), np.float32)
    camera = dataset.camera[index, view].numpy()
    coverage = dataset.coverage(index, view)
    item: dict[str, Any] = {
        "id": dataset.ids[index],
        "class": dataset.ids[index].partition("/")[0],
        "view": view,
        "iou": metrics.iou(predicted.inside(uniform[:, :3]), uniform[:, 3] < 0),
    }
    if predicted.coarse is not None:
        item["coarse_chamfer_l1"] = metrics.chamfer(*metrics.distances(predicted.coarse, surface))["chamfer_l1"]
    if predicted.transform is not None:
        turns = rotations(SYMMETRIES)[rotational_symmetries(surface, SYMMETRIES)]
        item["projection_error"] = _nearest_projection_error(surface, predicted.transform, camera, turns)
        item["view_error"] = _nearest_view_error(predicted.transform, camera, turns)
        item["silhouette_coverage"] = metrics.silhouette_coverage(surface, predicted.transform, coverage > 0)
    if truth is None:
        return item, None
    mesh = predicted.mesh(resolution)
    item["empty"] = float(len(mesh.faces) == 0)
    item |= _surface_figures(sample_surface(mesh, samples, item["id"]), truth.samples)
    if predicted.transform is not None:
        covered = silhouette(mesh.vertices, mesh.faces, predicted.transform, coverage.shape)
        item["silhouette_iou"] = metrics.iou(covered, coverage > 127)  # pixels of which most is covered, as in a mesh's
    if truth.mesh is not None:
        item |= _by_visibility(mesh, truth.mesh, camera, samples, item["id"])
    return item, mesh


def _surface_figures(predicted: Samples, true: Samples) -> dict[str, float]:
    (accuracy, to_true), (completeness, to_predicted) = metrics.neighbours(predicted.points, true.points)
    consistency = metrics.normal_consistency(predicted.normals, true.normals, to_true, to_predicted)
    return {
        **metrics.chamfer(accuracy, completeness),
        **metrics.f_scores(accuracy, completeness),
        "normal_consistency": consistency,
    }


def _by_visibility(
    predicted: trimesh.Trimesh, true: trimesh.Trimesh, camera: NDArray[np.floating], samples: int, name: str
) -> dict[str, float]:
    """Distances between what the camera sees of both meshes and between what it does not."""
    clouds = []
    for mesh in (predicted, true):
        seen = visible_faces(mesh.vertices, mesh.faces, camera)
        clouds.append([sample_surface(mesh, samples, name, part).points for part in (seen, ~seen)])
    figures = {}
    for key, ours, theirs in zip(("cd_visible", "cd_occluded"), *clouds, strict=True):
        figures[key] = metrics.chamfer(*metrics.distances(ours, theirs))["chamfer_l2"]
    return figures


def _nearest_projection_error(
    surface: NDArray[np.float64], predicted: NDArray[np.float64], true: NDArray[np.floating], turns: NDArray[np.float64]
) -> float:
    """`projection_error` to the nearest of the equally true transforms."""
    ours = metrics.pixels(surface, predicted)
    theirs = (metrics.pixels(surface @ turn.T, true) for turn in turns)
    return min(float(np.linalg.norm(ours - pixels, axis=1).mean()) for pixels in theirs)


def _nearest_view_error(
    predicted: NDArray[np.float64], true: NDArray[np.floating], turns: NDArray[np.float64]
) -> float:
    """Degrees between the cameras' directions, to the nearest of the equally true ones."""
    ours, theirs = (camera_direction(transform) for transform in (predicted, true))
    if ours is None or theirs is None:
        return 180.0
    # A turned object before the true camera is the object before a camera turned back.
    back = np.einsum("kji,j->ki", turns, _unit(*theirs))
    return float(np.degrees(np.arccos(np.clip(back @ _unit(*ours), -1, 1))).min())


def _unit(azimuth: float, elevation: float) -> NDArray[np.float64]:
    a, e = np.radians(azimuth), np.radians(elevation)
    return np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
