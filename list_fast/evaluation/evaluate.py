# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Measuring a model on the shapes of a data set, per class and over classes."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from list_fast.data.dataset import style_of_view

from .item import DEFINITIONS, evaluate_view
from .predict import Predictor, predictor
from .sheet import Sheet
from .truth import Truth

if TYPE_CHECKING:
    from list_fast.data import ListDataset
    from list_fast.model import LIST

RESAMPLES = 1000
"""Bootstrap samples behind an interval."""


def evaluate(
    model: LIST | Predictor,
    dataset: ListDataset,
    *,
    limit: int | None = None,
    all_views: bool = False,
    resolution: int = 128,
    samples: int = 100_000,
    meshes: bool = True,
    sheet: Sheet | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Reconstructs views of a split and measures them.

    Args:
        model: a LIST in evaluation mode, on the device to work on, or what predicts in its place.
        limit: at most this many shapes, spread evenly over the split; None: all.
        all_views: every view of a shape instead of one (view i mod views of shape i).
        resolution: nodes along an axis of the lattice that meshes are extracted on.
        samples: points sampled on each mesh.
        meshes: extract meshes; off: only what the field and the coarse cloud tell.
        sheet: filled with pictures of views spread evenly over those measured; needs ``meshes``.
        progress: called with (items done, items).

    Returns:
        {"mean": figures averaged over classes, "classes": {class: figures}, "intervals": those of ``intervals``,
        "items": [...], "settings": {...}, "definitions": {figure: what it is}}; of a set of style mixed also "styles",
        {style: figures averaged over classes}.

    Raises:
        ValueError: an empty split, or a limit or samples below 1.
    """
    if len(dataset) == 0:
        raise ValueError(f"data: the split {dataset.split!r} has no shapes")
    for name, value in (("limit", limit), ("samples", samples)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    shapes = np.arange(len(dataset))
    if limit is not None and limit < len(dataset):
        shapes = np.unique(np.linspace(0, len(dataset) - 1, limit).round().astype(int))
    pairs = [(int(i), v) for i in shapes for v in (range(dataset.views) if all_views else [int(i) % dataset.views])]
    shown = set(np.linspace(0, len(pairs) - 1, min(len(pairs), sheet.rows)).round()) if sheet is not None else set()
    predict = predictor(model)
    items, started = [], time.monotonic()
    truths: dict[int, Truth] = {}
    for number, (i, v) in enumerate(pairs):
        if meshes and i not in truths:
            truths = {i: Truth.of(dataset, i, samples)}
        truth = truths.get(i)
        item, mesh = evaluate_view(predict, dataset, i, v, resolution=resolution, samples=samples, truth=truth)
        items.append(item)
        if sheet is not None and mesh is not None and truth is not None and number in shown:
            sheet.add(item["id"], dataset.image(i, v), dataset.camera[i, v], mesh, truth.mesh)
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
    styles = [style_of_view(dataset.style, v) for _, v in pairs]
    return {
        **summarise(items),
        **({"styles": by_style(items, styles)} if dataset.style == "mixed" else {}),
        "intervals": intervals(items),
        "items": items,
        "settings": settings,
        "definitions": DEFINITIONS,
    }


def summarise(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Means of the numeric figures per class, and the unweighted mean over the classes that have the figure."""
    by_class: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        by_class.setdefault(item["class"], []).append(item)
    classes: dict[str, dict[str, float]] = {}
    for name, group in sorted(by_class.items()):
        classes[name] = {key: float(np.mean([item[key] for item in group])) for key in _figures(group)}
        classes[name]["views"] = len(group)
    keys = list(dict.fromkeys(key for c in classes.values() for key in c if key != "views"))
    mean = {key: float(np.mean([c[key] for c in classes.values() if key in c])) for key in keys}
    return {"mean": mean, "classes": classes}


def by_style(items: Sequence[Mapping[str, Any]], styles: Sequence[str]) -> dict[str, dict[str, float]]:
    """The means of `summarise` over the items of each style, one style an item, and how many "views" they are."""
    groups = {
        style: [item for item, other in zip(items, styles, strict=True) if other == style]
        for style in sorted(set(styles))
    }
    return {style: {**summarise(group)["mean"], "views": len(group)} for style, group in groups.items()}


def _figures(group: list[Mapping[str, Any]]) -> list[str]:
    """The figures that every item of a class has."""
    return [key for key, value in group[0].items() if isinstance(value, float) and all(key in item for item in group)]


def intervals(items: Iterable[Mapping[str, Any]], resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Any]:
    """Percentile bootstrap intervals (2.5 %, 97.5 %) of `summarise`'s means: shapes drawn anew within each class.

    All views of a shape are drawn together: they are not independent. An interval tells how far other shapes of the
    same kind would move a mean, not what another training run would give. A class of one shape has no interval, and
    then the mean has none either.

    Returns:
        {"mean": {figure: [low, high]}, "classes": {class: {figure: [low, high]}}}.
    """
    by_class: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for item in items:
        by_class.setdefault(item["class"], {}).setdefault(item["id"], []).append(item)
    draws: dict[str, dict[str, np.ndarray]] = {}
    for name, shapes in sorted(by_class.items()):
        keys = _figures([item for views in shapes.values() for item in views]) if len(shapes) > 1 else []
        sums = np.array([[sum(item[key] for item in views) for key in keys] for views in shapes.values()])
        counts = np.array([len(views) for views in shapes.values()], np.float64)
        # Streams of a class's own, the same whatever the others are.
        drawn = np.random.default_rng([seed, zlib.crc32(name.encode())]).integers(
            len(counts), size=(resamples, len(counts))
        )
        means = sums[drawn].sum(1) / counts[drawn].sum(1)[:, None]
        draws[name] = dict(zip(keys, means.T, strict=True))
    keys = list(dict.fromkeys(key for c in draws.values() for key in c)) if all(draws.values()) else []
    mean = {key: np.mean([c[key] for c in draws.values() if key in c], axis=0) for key in keys}
    return {"mean": _limits(mean), "classes": {name: _limits(figures) for name, figures in draws.items()}}


def _limits(draws: Mapping[str, np.ndarray]) -> dict[str, list[float]]:
    return {key: [float(limit) for limit in np.quantile(values, (0.025, 0.975))] for key, values in draws.items()}


COLUMNS = (
    ("iou", "IoU", "{:.3f}"),
    ("f_score_0.5%", "F@0.5%", "{:.3f}"),
    ("f_score_1%", "F@1%", "{:.3f}"),
    ("f_score_5%", "F@5%", "{:.3f}"),
    ("chamfer_l1", "CD-L1", "{:.4f}"),
    ("chamfer_l2", "CD-L2", "{:.2f}"),
    ("cd_visible", "CD-L2 visible", "{:.2f}"),
    ("cd_occluded", "CD-L2 occluded", "{:.2f}"),
    ("normal_consistency", "normals", "{:.3f}"),
    ("silhouette_iou", "silhouette", "{:.3f}"),
    ("coarse_chamfer_l1", "coarse CD-L1", "{:.4f}"),
    ("projection_error", "pixels", "{:.1f}"),
    ("view_error", "degrees", "{:.1f}"),
    ("empty", "empty", "{:.3f}"),
)
"""Columns of the table: key, heading, format."""


def table(report: Mapping[str, Any]) -> str:
    """The report as a Markdown table: one row a class, of mixed sets one a style, one for the mean over classes, one
    for its interval where it is known."""
    present = [column for column in COLUMNS if column[0] in report["mean"]]
    rows = [["class", "views", *(heading for _, heading, _ in present)]]
    total = sum(int(c["views"]) for c in report["classes"].values())
    styles = [(f"of style {name}", figures) for name, figures in report.get("styles", {}).items()]
    mean = ("mean over classes", {**report["mean"], "views": total})
    for name, figures in [*report["classes"].items(), *styles, mean]:
        cells = (form.format(figures[key]) if key in figures else "" for key, _, form in present)
        rows.append([name, str(int(figures["views"])), *cells])
    if limits := report.get("intervals", {}).get("mean"):
        rows.append(["95 % interval", "", *("-".join(map(form.format, limits[key])) for key, _, form in present)])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
