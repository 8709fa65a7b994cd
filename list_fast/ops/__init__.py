# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The operations: sampling, isosurfaces and occupancy, each with CPU and CUDA kernels behind one Python function."""

try:  # bootstrap only: until all four kernels stand, the plain-torch forms serve under the same names
    from list_fast import _native

    _native.load()
    from list_fast.ops.marching_cubes import marching_cubes
    from list_fast.ops.occupancy_grid import occupancy_grid
    from list_fast.ops.sample_images import sample_images
    from list_fast.ops.sample_voxels import sample_voxels
except ImportError:
    from list_fast.ops.reference import occupancy_grid, sample_images, sample_voxels  # type: ignore[assignment]

__all__ = ["marching_cubes", "occupancy_grid", "sample_images", "sample_voxels"]
