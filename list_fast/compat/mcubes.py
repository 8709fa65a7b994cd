# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The extraction of PyMCubes: ``from list_fast.compat import mcubes``.

``marching_cubes`` alone is here. In place of ``marching_cubes_func``, which calls a Python function once per node,
use ``list_fast.extract_mesh``, which calls it for many points at once and only near the surface; in place of
``export_obj`` and its like, ``list_fast.meshing.Mesh.save``. The smoothing of binary volumes has no counterpart.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from list_fast import ops
from list_fast._errors import check_number


def marching_cubes(volume: ArrayLike, isovalue: float) -> tuple[NDArray[np.float64], NDArray[np.uint64]]:
    """The surface volume = isovalue, as ``mcubes.marching_cubes`` gives it.

    The vertices are the original's, in another order. Where a cell is ambiguous the triangles differ: ours always agree
    with those of the cell next to it. A NaN empties the 8 cells around it.

    Args:
        volume: Values (Nx, Ny, Nz), bool or real.
        isovalue: The value of the surface.

    Returns:
        Vertices (V, 3), float64, in index coordinates and index order; faces (F, 3), uint64, anticlockwise seen from
        the side of lower values (so the mesh of a density points outwards, that of a signed distance inwards). No
        surface gives empty arrays.

    Raises:
        TypeError: ``volume`` does not hold real numbers, or ``isovalue`` is no number.
        ValueError: ``volume`` is not of rank 3 (the original's RuntimeError), or ``isovalue`` is not finite.
    """
    values = np.asarray(volume)
    if values.dtype.kind not in "biuf":
        raise TypeError(f"volume must hold real numbers, got dtype {values.dtype}")
    if values.ndim != 3:
        raise ValueError(f"volume must have shape (Nx, Ny, Nz), got {values.shape}")
    # A copy, as arrays that are read-only or run backwards are none that torch can share.
    negated = torch.from_numpy(-values.astype(np.float64, order="C"))
    # The original counts values of exactly isovalue with the lower ones, ours with the higher.
    vertices, faces = ops.marching_cubes(negated, -check_number("isovalue", isovalue))
    return vertices.numpy(), faces.numpy().astype(np.uint64)
