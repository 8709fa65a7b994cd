# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The operations: sampling, isosurfaces and occupancy, each with CPU and CUDA kernels behind one Python function."""

from list_fast import _native

_native.load()  # the functions below call operators that the native libraries register

from list_fast.ops.decode_queries import decode_queries  # noqa: E402
from list_fast.ops.decode_samples import decode_samples  # noqa: E402
from list_fast.ops.marching_cubes import marching_cubes  # noqa: E402
from list_fast.ops.marching_cubes_batch import marching_cubes_batch  # noqa: E402
from list_fast.ops.marching_cubes_padded import marching_cubes_padded  # noqa: E402
from list_fast.ops.occupancy_grid import occupancy_grid  # noqa: E402
from list_fast.ops.sample_images import sample_images  # noqa: E402
from list_fast.ops.sample_voxels import sample_voxels  # noqa: E402
from list_fast.ops.sum_samples import sum_samples  # noqa: E402

__all__ = [
    "decode_queries",
    "decode_samples",
    "marching_cubes",
    "marching_cubes_batch",
    "marching_cubes_padded",
    "occupancy_grid",
    "sample_images",
    "sample_voxels",
    "sum_samples",
]
