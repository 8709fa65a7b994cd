# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Measuring a model on the shapes of a data set, per class and over classes."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from list_fast.data.camera import IMAGE_SIZE
from list_fast.model import rescale_transform
from list_fast.reconstruction import mesh_field
from list_fast.training.symmetry import rotational_symmetries, rotations

from . import metrics

if TYPE_CHECKING:
    import trimesh

    from list_fast.data import ListDataset
    from list_fast.model import LIST

SYMMETRIES = 16
"""Rotations about the vertical axis among which symmetries are sought."""

DEFINITIONS = {
    "iou": "intersection over union of the insides at stored uniform points of [-0.55, 0.55]^3, by the field's sign",
    "chamfer_l1": "half the sum of both directions' mean distance between points sampled on the true mesh (extent 1)"
    " and on that which `list-fast reconstruct` writes",
    "chamfer_l2": "the same of squared distances, times 10^4",
    "f_score_1%": "harmonic mean of precision and recall of the sampled points within 0.01",
    "f_score_5%": "harmonic mean of precision and recall of the sampled points within 0.05",
    "coarse_chamfer_l1": "chamfer_l1 of the coarse cloud against the stored surface points",
    "projection_error": "mean pixel distance between the surface's projections under predicted and true transform,"
    " to the nearest of the transforms that a symmetry about the vertical axis makes equally true",
    "silhouette_coverage": "share of surface points that the predicted transform projects onto the object's silhouette",
    "empty": "share of items without a surface; their mesh counts as one point at the origin",
}
"""What each figure is."""


def evaluate(
    model: LIST,
    dataset: ListDataset,
    *,
    limit: int | None = None,
    all_views: bool = False,
    resolution: int = 128,
    samples: int = 100_000,
    meshes: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Reconstructs views of a split and measures them.

    Args:
        model: a LIST in evaluation mode, on the device to work on.
        limit: at most this many shapes, spread evenly over the split; None: all.
        all_views: every view of a shape instead of one (view i mod views of shape i).
        resolution: nodes along an axis of the lattice that meshes are extracted on.
        samples: points sampled on each mesh.
        meshes: extract meshes; off: only what the field and the coarse cloud tell.
        progress: called with (items done, items).

    Returns:
        {"mean": figures averaged over classes, "classes": {class: figures}, "items": [...], "settings": {...}}.

    Raises:
        ValueError: an empty split or a limit below 1.
    """
    if len(dataset) == 0:
        raise ValueError(f"data: the split {dataset.split!r} has no shapes")
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    shapes = np.arange(len(dataset))
    if limit is not None and limit < len(dataset):
        shapes = np.unique(np.linspace(0, len(dataset) - 1, limit).round().astype(int))
    pairs = [(int(i), v) for i in shapes for v in (range(dataset.views) if all_views else [int(i) % dataset.views])]
    device = next(model.parameters()).device
    items, started = [], time.monotonic()
    truths: dict[int, np.ndarray] = {}
    for number, (i, v) in enumerate(pairs):
        if meshes and i not in truths:
            truths = {i: true_points(dataset, i, samples)}
        items.append(evaluate_view(model, dataset, i, v, device, resolution, samples, truths.get(i)))
        if progress is not None:
            progress(number + 1, len(pairs))
    settings = {
        "split": dataset.split,
        "views": len(pairs),
        "shapes": len(shapes),
        "resolution": resolution,
        "samples": samples,
        "seconds": round(time.monotonic() - started, 1),
    }
    return {**summarise(items), "items": items, "settings": settings, "definitions": DEFINITIONS}


def evaluate_view(
    model: LIST,
    dataset: ListDataset,
    index: int,
    view: int,
    device: torch.device,
    resolution: int,
    samples: int,
    truth: np.ndarray | None,  # (samples, 3) on the true surface, None: no mesh figures
) -> dict[str, Any]:
    """The figures of one view, with its "id", "class" and "view"."""
    field = model.encode(dataset.image(index, view).float().div_(255).to(device))
    surface = np.asarray(dataset.surface(index), np.float64)
    # Projections are measured in the picture's own pixels, whatever the canvas of the model.
    picture = (IMAGE_SIZE, IMAGE_SIZE)
    transform = rescale_transform(field.transform.detach().cpu().double(), model.config.canvas, picture).numpy()
    uniform = torch.as_tensor(np.asarray(dataset.uniform(index), np.float32))
    inside = field.sdf(uniform[:, :3].to(device)).cpu().numpy() < 0
    coarse = metrics.distances(field.coarse_points.detach().cpu().numpy().reshape(-1, 3).astype(np.float64), surface)
    mask = np.asarray(dataset.rgba(index, view))[..., 3] > 0
    item: dict[str, Any] = {
        "id": dataset.ids[index],
        "class": dataset.ids[index].partition("/")[0],
        "view": view,
        "iou": metrics.iou(inside, uniform[:, 3].numpy() < 0),
        "coarse_chamfer_l1": metrics.chamfer(*coarse)["chamfer_l1"],
        "projection_error": _nearest_projection_error(surface, transform, dataset.camera[index, view].numpy()),
        "silhouette_coverage": metrics.silhouette_coverage(surface, transform, mask),
    }
    if truth is not None:
        mesh = mesh_field(field, resolution).to_trimesh()
        item["empty"] = float(len(mesh.faces) == 0)
        points = np.zeros((1, 3)) if item["empty"] else sample_surface(mesh, samples, item["id"])
        pair = metrics.distances(points, truth)
        item |= metrics.chamfer(*pair) | metrics.f_scores(*pair)
    return item


def _nearest_projection_error(surface: np.ndarray, predicted: np.ndarray, true: np.ndarray) -> float:
    """`projection_error` to the nearest of the equally true transforms."""
    found = rotational_symmetries(surface, SYMMETRIES)
    turned = [surface @ matrix.T for matrix in rotations(SYMMETRIES)[found]]
    ours = metrics.pixels(surface, predicted)
    return min(float(np.linalg.norm(ours - metrics.pixels(points, true), axis=1).mean()) for points in turned)


def sample_surface(mesh: trimesh.Trimesh, count: int, name: str) -> np.ndarray:
    """Area-weighted random points (count, 3) of a mesh, the same ones for the same name."""
    import trimesh

    return np.asarray(trimesh.sample.sample_surface(mesh, count, seed=zlib.crc32(name.encode()))[0], np.float64)


def true_points(dataset: ListDataset, index: int, samples: int) -> np.ndarray:
    """Points (samples, 3) of the true surface: of the mesh made anew, or the stored ones where no family makes it."""
    from list_fast.data.dataset import read_description
    from list_fast.data.shapes import FAMILIES, shape_mesh

    name, _, number = dataset.ids[index].partition("/")
    if name not in FAMILIES:
        return np.asarray(dataset.surface(index), np.float64)
    seed = read_description(dataset.root)["arguments"]["seed"]
    return sample_surface(shape_mesh(name, seed, int(number)), samples, "true " + dataset.ids[index])


def summarise(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Means of the numeric figures per class, and the unweighted mean over classes."""
    by_class: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        by_class.setdefault(item["class"], []).append(item)
    classes: dict[str, dict[str, float]] = {}
    for name, group in sorted(by_class.items()):
        figures = [key for key, value in group[0].items() if isinstance(value, float)]
        classes[name] = {key: float(np.mean([item[key] for item in group])) for key in figures}
        classes[name]["views"] = len(group)
    keys = [key for key in next(iter(classes.values()), {}) if key != "views"]
    return {"mean": {key: float(np.mean([c[key] for c in classes.values()])) for key in keys}, "classes": classes}


COLUMNS = (
    ("iou", "IoU", "{:.3f}"),
    ("f_score_1%", "F@1%", "{:.3f}"),
    ("f_score_5%", "F@5%", "{:.3f}"),
    ("chamfer_l1", "CD-L1", "{:.4f}"),
    ("chamfer_l2", "CD-L2", "{:.2f}"),
    ("coarse_chamfer_l1", "coarse CD-L1", "{:.4f}"),
    ("projection_error", "pixels", "{:.1f}"),
    ("silhouette_coverage", "on silhouette", "{:.3f}"),
    ("empty", "empty", "{:.3f}"),
)
"""Columns of the table: key, heading, format."""


def table(report: Mapping[str, Any]) -> str:
    """The report as a Markdown table, one row a class and one for their mean."""
    present = [column for column in COLUMNS if column[0] in report["mean"]]
    rows = [["class", "views", *(heading for _, heading, _ in present)]]
    total = sum(int(c["views"]) for c in report["classes"].values())
    for name, figures in [*report["classes"].items(), ("mean over classes", {**report["mean"], "views": total})]:
        rows.append([name, str(int(figures["views"])), *(form.format(figures[key]) for key, _, form in present)])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
