# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Data: parametric shapes, rendering, signed-distance samples, the data set made of them, and image preparation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from list_fast.data.dataset import ListDataset as ListDataset
    from list_fast.data.dataset import open_dataset as open_dataset
    from list_fast.data.make import make_dataset as make_dataset
    from list_fast.data.render import Renderer as Renderer
    from list_fast.data.sdf import signed_distance as signed_distance
    from list_fast.data.shapes import FAMILIES as FAMILIES
    from list_fast.data.shapes import build_shape as build_shape
    from list_fast.data.shapes import shape_mesh as shape_mesh
    from list_fast.data.stream import ShapeStream as ShapeStream

# Imported when first used: rendering and distance libraries are optional and slow to load.
_HOMES = {
    "ListDataset": "dataset",
    "open_dataset": "dataset",
    "ShapeStream": "stream",
    "make_dataset": "make",
    "Renderer": "render",
    "signed_distance": "sdf",
    "FAMILIES": "shapes",
    "build_shape": "shapes",
    "shape_mesh": "shapes",
}
__all__ = [
    "FAMILIES",
    "ListDataset",
    "Renderer",
    "ShapeStream",
    "build_shape",
    "make_dataset",
    "open_dataset",
    "shape_mesh",
    "signed_distance",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
