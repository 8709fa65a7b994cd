# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Extract the surface of a field: everywhere (dense), or only near it (sparse)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from list_fast._errors import check_choice
from list_fast.meshing.evaluate import Evaluator, Progress, find_device, node_coordinates
from list_fast.meshing.mesh import Mesh
from list_fast.ops.marching_cubes import check_bounds, check_level, marching_cubes

BOUNDS = ((-0.55, -0.55, -0.55), (0.55, 0.55, 0.55))
"""The cube of object space with a margin, so that no surface is cut."""


def extract_mesh(
    sdf: Callable[[Any], Any],
    resolution: int | tuple[int, int, int] = 256,
    *,
    bounds: tuple[Sequence[float], Sequence[float]] = BOUNDS,
    level: float = 0.0,
    mode: str = "sparse",
    coarse: int | None = None,
    lipschitz: float | None = None,
    device: torch.device | str | None = None,
    chunk: int = 1 << 17,
    progress: Progress | None = None,
) -> Mesh:
    """Extract the surface where a field equals ``level`` as a mesh.

    Both modes use the same lattice and the same coordinates of its nodes. "dense" evaluates all of them. "sparse"
    evaluates every 2nd, 4th, 8th or 16th node along each axis, keeps the blocks between them whose corner values change
    sign or come nearer to the level than L times half the block's diagonal, halves the step in those, and so on down to
    single nodes. Then it follows the surface: where that leaves the known blocks, the next block is evaluated too,
    until none is left. What it finds is therefore complete; a separate part can be missed only where the field changes
    faster than L. Where nothing is missed, the mesh is that of "dense", vertex by vertex.

    Args:
        sdf: The field: a callable from points (N, 3), float32, to N values, negative inside. It is called with tensors;
            if it cannot take them, with numpy arrays. An object with a method ``sdf``, as ``list_fast.Field``, will
            do as well.
        resolution: Nodes along every axis, or along x, y and z; at least 2.
        bounds: The first and the last node, ((x, y, z), (x, y, z)).
        level: The value of the surface.
        mode: "sparse" or "dense".
        coarse: The least number of nodes along the longest axis that the sparse mode starts from. The default is about
            a quarter of the resolution, but no fewer than 24.
        lipschitz: L, how fast the field may change over distance (1 for a true distance). The default is 1.5 times the
            steepest rise between coarse nodes.
        device: Where points are made and values kept. The default is the device of the callable's parameters, else the
            CPU.
        chunk: The most points in one call of ``sdf``.
        progress: Called as progress(stage, points done, points in this stage).

    Returns:
        A ``Mesh`` in the coordinates of ``bounds``, closed unless the surface leaves them or meets NaN values; empty
        where there is no surface. ``evaluated`` and ``total`` say how many nodes it took.

    Raises:
        TypeError: ``sdf`` is not callable or does not return numbers, or ``resolution`` is no int.
        ValueError: An argument is out of range, ``sdf`` returns another number of values, or NaN at every coarse node.
    """
    call = _check_callable(sdf)
    sizes = _check_resolution(resolution)
    low, high = check_bounds(bounds)
    level = check_level(level)
    check_choice("mode", mode, ("sparse", "dense"))
    if not (isinstance(chunk, int) and chunk > 0):
        raise ValueError(f"chunk must be a positive int, got {chunk!r}")
    if coarse is not None and not (isinstance(coarse, int) and coarse >= 2):
        raise ValueError(f"coarse must be an int of at least 2, got {coarse!r}")
    if lipschitz is not None and not (math.isfinite(lipschitz) and lipschitz > 0):
        raise ValueError(f"lipschitz must be a positive number, got {lipschitz!r}")
    place = find_device(sdf, device)
    axes = [node_coordinates(lo, hi, n).to(place) for lo, hi, n in zip(low, high, sizes, strict=True)]
    evaluator = Evaluator(call, axes, chunk, progress)
    total = math.prod(sizes)
    with torch.no_grad():
        stride = 1 if mode == "dense" else _stride(max(sizes), coarse)
        if stride == 1:
            volume = torch.empty(total, dtype=torch.float32, device=place)
            for begin in range(0, total, chunk):
                nodes = torch.arange(begin, min(begin + chunk, total), device=place)
                volume[begin : begin + chunk] = evaluator(nodes, "dense")
            if bool(volume.isnan().all()):
                raise ValueError("sdf returned NaN at every node")
        else:
            x, y, z = ((hi - lo) / (n - 1) for lo, hi, n in zip(low, high, sizes, strict=True))
            volume = _sparse_volume(evaluator, _Lattice(sizes, (x, y, z), place), stride, level, lipschitz)
        vertices, faces = marching_cubes(volume.view(sizes), level, bounds=(low, high))
    return Mesh(vertices, faces, sizes, evaluator.evaluated, total)


def _check_callable(sdf: object) -> Callable[[Any], Any]:
    method = getattr(sdf, "sdf", None)
    if callable(method):
        return method
    if not callable(sdf):
        raise TypeError(f"sdf must be a callable from points (N, 3) to N values, got {type(sdf).__name__}")
    return sdf


def _check_resolution(resolution: object) -> tuple[int, int, int]:
    sizes = resolution if isinstance(resolution, tuple | list) else (resolution,) * 3
    if len(sizes) != 3 or not all(isinstance(n, int) and not isinstance(n, bool) for n in sizes):
        raise TypeError(f"resolution must be an int or three of them, got {resolution!r}")
    if min(sizes) < 2:
        raise ValueError(f"resolution must be at least 2 nodes along every axis, got {resolution!r}")
    return sizes[0], sizes[1], sizes[2]


def _stride(nodes: int, coarse: int | None) -> int:
    """How many nodes apart coarse nodes lie: the largest power of two that leaves enough of them."""
    least = max(24, nodes // 4) if coarse is None else coarse
    return next((s for s in (16, 8, 4, 2) if math.ceil((nodes - 1) / s) + 1 >= least), 1)


@dataclass(frozen=True)
class _Lattice:
    """Numbers of nodes and the distances between them; a step of s visits every s-th node of an axis and its last."""

    sizes: tuple[int, int, int]
    spacing: tuple[float, float, float]
    device: torch.device

    @property
    def strides(self) -> tuple[int, int, int]:
        return self.sizes[1] * self.sizes[2], self.sizes[2], 1

    def blocks(self, cells: int) -> tuple[int, int, int]:
        """How many blocks of that many cells an axis has; the lattice may cut the last one short."""
        x, y, z = (math.ceil((n - 1) / cells) for n in self.sizes)
        return x, y, z

    def numbers(self, places: Sequence[Tensor]) -> Tensor:
        """Row-major numbers of the nodes at places along x, y, z; places past the end mean the last node."""
        x, y, z = (p.clamp_max(n - 1) * s for p, n, s in zip(places, self.sizes, self.strides, strict=True))
        return x + y + z

    def around(self, start: Tensor, extent: Tensor) -> Tensor:
        """Numbers (M, K) of the nodes at start (M, 3) + extent (K, 3)."""
        return self.numbers([start[:, a, None] + extent[:, a] for a in range(3)])


def _box(*counts: int, device: torch.device) -> Tensor:
    """All triples below the counts, (prod, 3), in lexicographic order."""
    return torch.cartesian_prod(*(torch.arange(n, device=device) for n in counts))


def _sparse_volume(evaluate: Evaluator, lattice: _Lattice, step: int, level: float, lipschitz: float | None) -> Tensor:
    """The values (D H W,) near the surface and at coarse nodes, NaN elsewhere."""
    volume = torch.full((math.prod(lattice.sizes),), float("nan"), device=lattice.device)
    counts = lattice.blocks(step)
    lines = [torch.arange(n + 1, device=lattice.device) * step for n in counts]
    nodes = lattice.numbers([lines[0][:, None, None], lines[1][None, :, None], lines[2][None, None, :]])
    values = evaluate(nodes.flatten(), "coarse")
    if bool(values.isnan().all()):
        raise ValueError("sdf returned NaN at every coarse node")
    volume[nodes.flatten()] = values
    steepest = _steepest(values.view(nodes.shape), lattice, step)
    corners = _box(2, 2, 2, device=lattice.device)
    blocks = _box(*counts, device=lattice.device)
    while True:
        # Blocks of `step` cells, their corners known: keep those near the surface, then learn their nodes half a step
        # apart.
        kept = []
        limit = (1.5 * steepest if lipschitz is None else lipschitz) * step * math.hypot(*lattice.spacing) / 2
        for part in blocks.split(1 << 18):
            at_corners = volume[lattice.around(part * step, corners * step)]
            kept.append(part[_near_surface(at_corners, level, limit)])
        blocks = torch.cat(kept)
        step //= 2
        nodes = _nodes_of(blocks, lattice, step)
        nodes = nodes[volume[nodes].isnan()]
        values = evaluate(nodes, f"every {step} nodes")
        volume[nodes] = values
        if step == 1:
            return _follow(volume, blocks, evaluate, lattice, level)
        children = (2 * blocks[:, None] + corners).view(-1, 3)
        blocks = children[(children < torch.tensor(lattice.blocks(step), device=lattice.device)).all(1)]


def _steepest(values: Tensor, lattice: _Lattice, step: int) -> float:
    """The steepest rise over distance from a node to its three upper neighbours."""
    total = torch.zeros(1, device=values.device)
    inner = values[:-1, :-1, :-1]
    for upper, spacing in zip(
        (values[1:, :-1, :-1], values[:-1, 1:, :-1], values[:-1, :-1, 1:]), lattice.spacing, strict=True
    ):
        slope = (upper - inner) / (step * spacing)
        total = total + torch.where(slope.isfinite(), slope, torch.zeros_like(slope)).square()
    return float(total.max().sqrt())


def _near_surface(values: Tensor, level: float, limit: float) -> Tensor:
    """Of blocks with corner values (M, 8): whether these change sign, come within the limit, or are partly NaN."""
    inside, nan = values < level, values.isnan()
    signs_differ = inside.any(1) & ~(inside | nan).all(1)
    near = (values - level).abs().nan_to_num(nan=math.inf).amin(1) <= limit
    return signs_differ | near | (nan.any(1) & ~nan.all(1))


def _nodes_of(blocks: Tensor, lattice: _Lattice, step: int) -> Tensor:
    """Numbers of all nodes, a step apart, of blocks of two steps a side; each node once."""
    numbers = lattice.around(2 * step * blocks, step * _box(3, 3, 3, device=lattice.device))
    return torch.unique(numbers)


def _follow(volume: Tensor, blocks: Tensor, evaluate: Evaluator, lattice: _Lattice, level: float) -> Tensor:
    """Where the surface leaves a block of two cells into an unknown one, evaluate that too, until none is left."""
    counts = lattice.blocks(2)
    limits = torch.tensor(counts, device=lattice.device)
    known = torch.zeros(counts, dtype=torch.bool, device=lattice.device)
    known[blocks.unbind(1)] = True
    while blocks.shape[0]:
        found = []
        for axis in range(3):
            face = [3, 3, 3]
            face[axis] = 1
            extent = _box(*face, device=lattice.device)
            for side in (0, 1):
                unit = torch.zeros(3, dtype=torch.int64, device=lattice.device)
                unit[axis] = 1
                beyond = blocks + (2 * side - 1) * unit
                beyond = beyond[((beyond >= 0) & (beyond < limits)).all(1)]
                beyond = beyond[~known[beyond.unbind(1)]]
                values = volume[lattice.around(2 * beyond + 2 * (1 - side) * unit, extent)]
                beyond = beyond[(values < level).any(1) & (values >= level).any(1)]
                known[beyond.unbind(1)] = True
                found.append(beyond)
        blocks = torch.cat(found)
        nodes = _nodes_of(blocks, lattice, 1)
        nodes = nodes[volume[nodes].isnan()]
        volume[nodes] = evaluate(nodes, "follow")
    return volume
