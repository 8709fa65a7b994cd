# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes into tensors of a size that is given: nothing waits for how large the mesh is."""

from __future__ import annotations

import torch
from torch import Tensor

from list_fast import _native
from list_fast._errors import as_ints, check_floating, check_tensor
from list_fast.ops.marching_cubes import DTYPES, Bounds, check_bounds, check_level

_native.load()

MOST = 2**31 - 1


@torch.no_grad()
def marching_cubes_padded(
    volume: Tensor, level: float = 0.0, *, capacity: tuple[int, int], bounds: Bounds | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Extract the surface volume = level into room for so many vertices and faces.

    The mesh is that of ``marching_cubes`` with ``method="lorensen"``, bit for bit. On CUDA the host does not wait for
    the device, so the call can be part of a CUDA graph, and of a pipeline that runs ahead. Not differentiable.

    Args:
        volume: Values (D, H, W), as for ``marching_cubes``.
        level: The value of the surface.
        capacity: Room for (vertices, faces), 0 to 2^31 - 1 each. A mesh that is closed has about twice as many faces
            as vertices.
        bounds: ((x, y, z) of the first node, (x, y, z) of the last node); without it vertices are in index coordinates.

    Returns:
        Vertices (capacity[0], 3), float64 for a volume of float64 and float32 for all others; faces (capacity[1], 3),
        int32; counts (2,), int64, on the volume's device: how many vertices and faces the mesh has. Past them vertices
        lie at the first node, and faces are (0, 0, 0), which have no area. Where a count exceeds its capacity the mesh
        is incomplete: its first vertices and faces are there, and faces that name a vertex without room are (0, 0, 0).

    Raises:
        TypeError: ``volume`` is no tensor or of another dtype, ``level`` is no number, or ``capacity`` is not two ints.
        ValueError: ``volume`` is not of rank 3, ``level`` is not finite, ``capacity`` is out of range, or ``bounds`` is
            not two triples in rising order.
    """
    check_tensor("volume", volume, "(D, H, W)", 3)
    check_floating("volume", volume, DTYPES)
    level = check_level(level, volume.dtype)
    corners = None if bounds is None else check_bounds(bounds, volume.dtype)
    room = as_ints(capacity, 2)
    if room is None:
        raise TypeError(f"capacity must be two ints (vertices, faces), got {capacity!r}")
    if min(room) < 0 or max(room) > MOST:
        raise ValueError(f"capacity must be 0 to 2^31 - 1 vertices and faces, got {room}")
    vertices, faces, counts = torch.ops.list_fast.marching_cubes_padded(volume, level, *room)
    if corners is not None:
        # By numbers and not by a tensor of them, which would have to be brought to the device; the bits are the same.
        for axis, (a, b, n) in enumerate(zip(*corners, volume.shape, strict=True)):
            vertices[:, axis].mul_((b - a) / max(n - 1, 1)).add_(a)
    return vertices, faces, counts


def _fake(volume: Tensor, level: float, vertices: int, faces: int) -> tuple[Tensor, Tensor, Tensor]:
    real = torch.float64 if volume.dtype == torch.float64 else torch.float32
    return (
        volume.new_empty(vertices, 3, dtype=real),
        volume.new_empty(faces, 3, dtype=torch.int32),
        volume.new_empty(2, dtype=torch.int64),
    )


torch.library.register_fake("list_fast::marching_cubes_padded", _fake)
