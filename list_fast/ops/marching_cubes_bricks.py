# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes on bricks: the isosurface of a lattice of which only the nodes near the surface are kept."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from list_fast import _native
from list_fast._errors import as_ints, check_choice, check_floating, check_same_device, check_tensor
from list_fast.ops import mc33
from list_fast.ops.marching_cubes import METHODS, Bounds, Method, check_bounds, check_level

_native.load()

BRICK = 8
"""Nodes along each side of a brick."""
DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)


def bricks_along(sizes: Sequence[int]) -> tuple[int, int, int]:
    """How many bricks a lattice of so many nodes has along x, y and z; the last ones may be cut short."""
    x, y, z = (-(-n // BRICK) for n in sizes)
    return x, y, z


@torch.no_grad()
def marching_cubes_bricks(
    bricks: Tensor,
    values: Tensor,
    sizes: Sequence[int],
    level: float = 0.0,
    *,
    bounds: Bounds | None = None,
    method: Method = "lorensen",
) -> tuple[Tensor, Tensor]:
    """Extract the surface values = level of a lattice of which only some bricks of 8 x 8 x 8 nodes are given.

    What comes out is what ``marching_cubes`` gives for the whole volume with NaN at all nodes that are not given: the
    same vertices and faces in the same order, bit for bit, one vertex for each lattice edge, also between bricks.
    Memory and time grow with the number of bricks. Not differentiable; see ``meshing.implicit_vertices``.

    Args:
        bricks: Numbers (M,), int64, rising: brick (x, y, z) holds the nodes from 8 x, 8 y, 8 z on and has the number
            (x * by + y) * bz + z, where by and bz are the bricks along y and z, ``bricks_along(sizes)``.
        values: Values (M, 8, 8, 8) at their nodes, indexed [x][y][z]; float32, float64, float16 or bfloat16. NaN says
            that a node is not known and empties the 8 cells around it. Nodes past the lattice are passed over.
        sizes: Nodes of the lattice along x, y and z.
        level: The value of the surface; finite.
        bounds: ((x, y, z) of the first node, (x, y, z) of the last node). Without it vertices are in index coordinates.
        method: ``lorensen`` or ``mc33``, as for ``marching_cubes``.

    Returns:
        Vertices (V, 3), float64 for values of float64 and float32 for all others; faces (F, 3), int32 (int64 where V
        exceeds 2^31 - 1), anticlockwise seen from outside.

    Raises:
        TypeError: ``bricks`` or ``values`` is no tensor or of another dtype, or ``level`` is no number.
        ValueError: A shape is another, ``bricks`` are not rising numbers of bricks of the lattice, ``sizes`` are not
            three positive ints, ``level`` is not finite, ``bounds`` is not two triples in rising order, or ``method``
            is unknown.
    """
    check_tensor("bricks", bricks, "(M,)", 1)
    if bricks.dtype != torch.int64:
        raise TypeError(f"bricks must be int64, got {str(bricks.dtype).removeprefix('torch.')}")
    check_tensor("values", values, "(M, 8, 8, 8)", 4)
    check_floating("values", values, DTYPES)
    if tuple(values.shape) != (bricks.shape[0], BRICK, BRICK, BRICK):
        raise ValueError(f"values must have shape ({bricks.shape[0]}, 8, 8, 8), got {tuple(values.shape)}")
    check_same_device("bricks", bricks, "values", values)
    nodes = as_ints(sizes, 3)
    if nodes is None or not all(0 < n < 2**31 for n in nodes):
        raise ValueError(f"sizes must be three positive ints below 2^31, got {sizes!r}")
    sizes = nodes
    if bricks.shape[0]:
        rising = bool((bricks[1:] > bricks[:-1]).all())
        if not rising or int(bricks[0]) < 0 or int(bricks[-1]) >= math.prod(bricks_along(sizes)):
            raise ValueError(f"bricks must be rising numbers of the bricks of a lattice of {tuple(sizes)} nodes")
    level = check_level(level, values.dtype)
    corners = None if bounds is None else check_bounds(bounds, values.dtype)
    check_choice("method", method, METHODS)
    if method == "mc33":
        vertices, faces, *inner = torch.ops.list_fast.mc33_bricks(bricks, values, *sizes, level)
        vertices = mc33.with_inner(vertices, inner)
    else:
        vertices, faces = torch.ops.list_fast.marching_cubes_bricks(bricks, values, *sizes, level)
    if corners is not None:
        low, high = corners
        # As in marching_cubes, so that the bits are the same.
        steps = [(b - a) / max(n - 1, 1) for a, b, n in zip(low, high, sizes, strict=True)]
        like = {"dtype": vertices.dtype, "device": vertices.device}
        vertices.mul_(torch.tensor(steps, **like)).add_(torch.tensor(low, **like))
    return vertices, faces


def _fake(bricks: Tensor, values: Tensor, depth: int, height: int, width: int, level: float) -> tuple[Tensor, Tensor]:
    torch._check(values.dim() == 4)
    vertex_count, face_count = torch.library.get_ctx().new_dynamic_size(), torch.library.get_ctx().new_dynamic_size()
    real = torch.float64 if values.dtype == torch.float64 else torch.float32
    return values.new_empty((vertex_count, 3), dtype=real), values.new_empty((face_count, 3), dtype=torch.int32)


def _mc33_fake(bricks: Tensor, values: Tensor, depth: int, height: int, width: int, level: float) -> tuple[Tensor, ...]:
    count = torch.library.get_ctx().new_dynamic_size()
    support = values.new_empty((count, 12), dtype=torch.int64)
    weights = values.new_empty((count, 12), dtype=torch.float64)
    return *_fake(bricks, values, depth, height, width, level), support, weights


torch.library.register_fake("list_fast::marching_cubes_bricks", _fake)
torch.library.register_fake("list_fast::mc33_bricks", _mc33_fake)
