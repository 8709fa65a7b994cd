# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""list_fast: the fast path from one image, or from any neural signed distance field, to a mesh.

The public names are loaded when first used, so that ``import list_fast`` and the command line start at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "sample_voxels": "list_fast.ops",
    "sample_images": "list_fast.ops",
    "marching_cubes": "list_fast.ops",
    "marching_cubes_batch": "list_fast.ops",
    "marching_cubes_padded": "list_fast.ops",
    "occupancy_grid": "list_fast.ops",
    "extract_mesh": "list_fast.meshing",
    "LIST": "list_fast.model",
    "LISTConfig": "list_fast.model",
    "Field": "list_fast.model",
    "load_checkpoint": "list_fast.model",
    "save_checkpoint": "list_fast.model",
    "reconstruct": "list_fast.reconstruction",
}

__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604 - the names are strings, which the linter cannot see

if TYPE_CHECKING:
    from list_fast.meshing import extract_mesh as extract_mesh
    from list_fast.model import LIST as LIST
    from list_fast.model import Field as Field
    from list_fast.model import LISTConfig as LISTConfig
    from list_fast.model import load_checkpoint as load_checkpoint
    from list_fast.model import save_checkpoint as save_checkpoint
    from list_fast.ops.marching_cubes import marching_cubes as marching_cubes
    from list_fast.ops.marching_cubes_batch import marching_cubes_batch as marching_cubes_batch
    from list_fast.ops.marching_cubes_padded import marching_cubes_padded as marching_cubes_padded
    from list_fast.ops.occupancy_grid import occupancy_grid as occupancy_grid
    from list_fast.ops.sample_images import sample_images as sample_images
    from list_fast.ops.sample_voxels import sample_voxels as sample_voxels
    from list_fast.reconstruction import reconstruct as reconstruct


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'list_fast' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
