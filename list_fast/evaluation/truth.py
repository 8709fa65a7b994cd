# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What predictions are held against: the meshes of a data set's shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .samples import Samples, sample_surface

if TYPE_CHECKING:
    import trimesh

    from list_fast.data import ListDataset


def true_mesh(dataset: ListDataset, index: int) -> trimesh.Trimesh | None:
    """The mesh of a shape, as stored with the set or made anew; None where no family makes it."""
    import trimesh

    from list_fast.data.dataset import read_description
    from list_fast.data.shapes import FAMILIES, shape_mesh

    stored = dataset.mesh(index)
    if stored is not None:
        return trimesh.Trimesh(*stored, process=False)
    name, _, number = dataset.ids[index].partition("/")
    arguments = read_description(dataset.root)["arguments"]
    if isinstance(arguments.get("source"), dict):  # the set whose shapes have other pictures here
        arguments = arguments["source"]
    # Only a set made of them has shapes whose numbers say all; one of stored meshes may keep none of some split.
    if name not in FAMILIES or "shapes_per_class" not in arguments:
        return None
    return shape_mesh(name, arguments["seed"], int(number))


@dataclass(frozen=True)
class Truth:
    """The surface of one shape. Without a mesh the stored surface points stand for it."""

    mesh: trimesh.Trimesh | None
    samples: Samples

    @classmethod
    def of(cls, dataset: ListDataset, index: int, count: int) -> Truth:
        """That of a shape of a data set, with ``count`` points."""
        mesh = true_mesh(dataset, index)
        if mesh is not None:
            return cls(mesh, sample_surface(mesh, count, "true " + dataset.ids[index]))
        stored = (dataset.surface(index), dataset.normals(index))
        return cls(None, Samples(*(np.asarray(values, np.float64) for values in stored)))
