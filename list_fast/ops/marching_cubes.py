# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes: the isosurface of a volume as a mesh with shared vertices, differentiable."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, overload

import torch
from torch import Tensor

from list_fast import _native
from list_fast._errors import (
    check_choice,
    check_floating,
    check_no_gradient,
    check_number,
    check_same_device,
    check_tensor,
)
from list_fast.ops import mc33
from list_fast.ops._nodes import add_at, take, unit_vectors
from list_fast.ops._sampling import LEVEL_DTYPES
from list_fast.ops.collapse import collapse_degenerate

_native.load()

DTYPES = (*LEVEL_DTYPES, torch.uint8, torch.int8, torch.int16)
Bounds = tuple[Sequence[float], Sequence[float]]
Matrix = Tensor | Sequence[Sequence[float]]
Rows = list[list[float]]
Method = Literal["lorensen", "mc33"]
METHODS = ("lorensen", "mc33")


@overload
def marching_cubes(
    volume: Tensor,
    level: float = 0.0,
    *,
    bounds: Bounds | None = None,
    transform: Matrix | None = None,
    method: Method = "lorensen",
    allow_degenerate: bool = True,
    values: None = None,
    return_normals: Literal[False] = False,
) -> tuple[Tensor, Tensor]: ...
@overload
def marching_cubes(
    volume: Tensor,
    level: float = 0.0,
    *,
    bounds: Bounds | None = None,
    transform: Matrix | None = None,
    method: Method = "lorensen",
    allow_degenerate: bool = True,
    values: None = None,
    return_normals: Literal[True],
) -> tuple[Tensor, Tensor, Tensor]: ...
@overload
def marching_cubes(
    volume: Tensor,
    level: float = 0.0,
    *,
    bounds: Bounds | None = None,
    transform: Matrix | None = None,
    method: Method = "lorensen",
    allow_degenerate: bool = True,
    values: Tensor,
    return_normals: Literal[False] = False,
) -> tuple[Tensor, Tensor, Tensor]: ...
@overload
def marching_cubes(
    volume: Tensor,
    level: float = 0.0,
    *,
    bounds: Bounds | None = None,
    transform: Matrix | None = None,
    method: Method = "lorensen",
    allow_degenerate: bool = True,
    values: Tensor,
    return_normals: Literal[True],
) -> tuple[Tensor, Tensor, Tensor, Tensor]: ...
def marching_cubes(
    volume: Tensor,
    level: float = 0.0,
    *,
    bounds: Bounds | None = None,
    transform: Matrix | None = None,
    method: Method = "lorensen",
    allow_degenerate: bool = True,
    values: Tensor | None = None,
    return_normals: bool = False,
) -> tuple[Tensor, ...]:
    """Extract the surface volume = level as a triangle mesh.

    A node is inside when its value is below ``level`` (strictly). Every lattice edge between an inside and an outside
    node carries one vertex, placed linearly between them from the lower node to the higher, so neighbouring cells share
    it bit for bit. On a cell face with inside corners at both ends of a diagonal only, each of them is cut off by
    itself; cells therefore always agree, and the mesh is closed and edge-manifold wherever the surface leaves neither
    the volume nor the cells free of NaN. Vertices are ordered by the lower node of their edge (row-major), then by
    axis; faces by cell, then as in the table: the same bits on every run, on CPU and on CUDA.

    Args:
        volume: Values (D, H, W) at the nodes, indexed [x][y][z]; float32, float64, float16, bfloat16, or uint8, int8,
            int16 (masks, scans), read as they are, without a copy in floating point. A NaN empties the 8 cells around
            it. Between a finite and an infinite value the vertex lies at the finite node, between two infinite ones
            half way. An axis of size 0 or 1 has no cells.
        level: The value of the surface, rounded to the precision in which vertices are computed; finite.
        bounds: ((x, y, z) of the first node, (x, y, z) of the last node).
        transform: In the place of bounds an affine map (4, 4) from index coordinates, as columns [i, j, k, 1]: a tensor
            (``torch.compile`` then leaves its graph to read it) or nested sequences, the last row 0, 0, 0, 1. Faces
            keep looking outwards where it mirrors. Without it and without bounds vertices are in index coordinates.
        method: ``lorensen``, the above. ``mc33``: in every cell the surface has the topology of the trilinear
            interpolant, found by face and interior tests: on a face with inside corners at both ends of a diagonal only
            they are joined where the bilinear saddle lies below the level. Such cells may hold vertices of their own,
            means of those on their edges, differentiable through these; they come after all others, by cell. Where
            nothing is ambiguous both methods give the same bits. In a single cell ``mc33`` too may let flat triangles
            pass through each other.
        allow_degenerate: Keep the faces of no area that values of exactly the level, or rounding, bring about. Without
            them a mesh that was closed is closed; see ``collapse_degenerate``.
        values: Anything else known at the nodes, colours or features, (C, D, H, W) floating, to be interpolated.
        return_normals: Also return the unit normals, which point outwards, to rising values.

    Returns:
        Vertices (V, 3), float64 for a volume of float64 and float32 for all others; faces (F, 3), int32 (int64 where V
        exceeds 2^31 - 1), anticlockwise seen from outside; with ``return_normals`` normals (V, 3): central differences
        of the two nodes of the edge, one-sided at the border and beside NaN, interpolated as the vertex. A normal whose
        gradient vanishes is zero. With ``values`` these at the vertices, (V, C), at least float32, come last,
        interpolated as the vertices, differentiable with respect to ``values`` too. No surface gives empty tensors.

        The vertices are differentiable any number of times with respect to ``volume``: an edge with values d0, d1 has
        d t/d d0 = (t - 1) / (d1 - d0) and d t/d d1 = -t / (d1 - d0). So are the normals. All derivatives are the same
        bits on every run, on CPU and on CUDA.

    Raises:
        TypeError: ``volume`` or ``values`` is no tensor or of another dtype, or ``level`` is no number.
        ValueError: ``volume`` is not of rank 3, ``level`` is not finite, ``method`` is unknown, ``bounds`` is
            not two triples in rising order, finite as vertices are computed, ``transform`` is not affine and
            invertible, takes nodes to places that are not finite, requires a gradient or comes with bounds, or
            ``values`` has another shape or device.

    References:
        Lorensen and Cline, "Marching cubes", SIGGRAPH 1987; Nielson and Hamann, "The asymptotic decider",
        Visualization 1991; Chernyaev, "Marching Cubes 33", CERN CN/95-17, 1995.
    """
    check_tensor("volume", volume, "(D, H, W)", 3)
    check_floating("volume", volume, DTYPES)
    level = check_level(level, volume.dtype)
    check_choice("method", method, METHODS)
    corners = None if bounds is None else check_bounds(bounds, volume.dtype)
    if transform is not None and bounds is not None:
        raise ValueError("transform must not be given together with bounds")
    linear, shift = (None, None) if transform is None else _check_transform(transform, volume)
    if values is not None:
        _check_values(values, volume)
    differentiable = torch.is_grad_enabled() and volume.requires_grad
    want_edges = differentiable or return_normals or values is not None
    inner = None
    if method == "mc33":
        vertices, faces, edges, *inner, _ = torch.ops.list_fast.mc33(volume, level, want_edges)
        vertices = mc33.with_inner(vertices, inner)
    else:
        vertices, faces, edges = torch.ops.list_fast.marching_cubes(volume, level, want_edges)
    like = {"dtype": vertices.dtype, "device": volume.device}
    steps = [1.0, 1.0, 1.0]
    if corners is not None:
        steps = [(b - a) / max(n - 1, 1) for a, b, n in zip(*corners, volume.shape, strict=True)]
        spacing, origin = torch.tensor(steps, **like), torch.tensor(corners[0], **like)
        vertices = vertices * spacing + origin if differentiable else vertices.mul_(spacing).add_(origin)
    elif linear is not None and shift is not None:
        vertices = _mapped(vertices, linear) + torch.tensor(shift, **like)
        faces = faces if _determinant(linear) > 0 else faces.flip(1)
    result = [vertices, faces]
    if return_normals:
        # An axis of one node has no edges, and no distance.
        dx, dy, dz = (step if step > 0 else 1.0 for step in steps)
        normals = torch.ops.list_fast.marching_cubes_normals(volume, edges, level, dx, dy, dz)
        if inner is not None:
            normals = mc33.with_inner(normals, inner, unit=True)
        if linear is not None:  # of a gradient
            normals = unit_vectors(_mapped(normals, _cofactors(linear)))
        result.append(normals)
    if values is not None:
        low, high, _ = edge_ends(volume.shape, edges)
        nodes = volume.reshape(-1)
        t = _share(take(nodes, low).to(_real(volume)), take(nodes, high).to(_real(volume)), level)
        channels = values.flatten(1).T
        first, last = (take(channels, n).to(torch.promote_types(values.dtype, torch.float32)) for n in (low, high))
        at_vertices = _between(first, last, t.to(first.dtype)[:, None])
        if inner is not None:
            at_vertices = mc33.with_inner(at_vertices, inner)
        result.append(at_vertices)
    if not allow_degenerate:
        kept, result[1] = collapse_degenerate(result[0], result[1])
        result = [part if n == 1 else part[kept] for n, part in enumerate(result)]
    return tuple(result)


def check_level(level: float, dtype: torch.dtype) -> float:
    """``level`` as a float; an error unless it is a number, finite in the precision of vertices of such values."""
    value = check_number("level", level)
    if _too_large(value, dtype):
        raise ValueError(f"level must be finite in float32, in which vertices are computed, got {level}")
    return value


def _too_large(value: float, dtype: torch.dtype) -> bool:
    return dtype != torch.float64 and abs(value) > torch.finfo(torch.float32).max


def check_bounds(bounds: Bounds, dtype: torch.dtype) -> tuple[list[float], list[float]]:
    """The two corners of ``bounds``; ValueError unless they are two points, the first below the second, and finite in
    what vertices of such values are computed in."""
    check_no_gradient("bounds", bounds)
    try:
        low, high = ([float(x) for x in corner] for corner in bounds)
    except (TypeError, ValueError):
        raise ValueError(f"bounds must be two points ((x, y, z), (x, y, z)), got {bounds!r}") from None
    rising = len(low) == len(high) == 3 and all(a < b and math.isfinite(b - a) for a, b in zip(low, high, strict=True))
    if not rising:
        raise ValueError(
            f"bounds must be two points ((x, y, z), (x, y, z)), the first below the second, got {bounds!r}"
        )
    if any(_too_large(x, dtype) for a, b in zip(low, high, strict=True) for x in (a, b, b - a)):
        raise ValueError(f"bounds must be finite in float32, in which vertices are computed, got {bounds!r}")
    return low, high


def _check_transform(transform: Matrix, volume: Tensor) -> tuple[Rows, list[float]]:
    """The linear part (3, 3) and the shift (3,) of an affine map that takes the volume's nodes to finite places."""
    if isinstance(transform, Tensor):
        if torch.is_grad_enabled() and transform.requires_grad:
            raise ValueError("transform has no gradient: detach it, and map the vertices by it outside")
        transform = transform.detach().double().tolist()
    try:
        rows = [[float(x) for x in row] for row in transform]
    except (TypeError, ValueError):
        rows = []
    affine = len(rows) == 4 and all(len(row) == 4 for row in rows) and rows[3] == [0, 0, 0, 1]
    linear = [row[:3] for row in rows[:3]]
    if not affine or not all(math.isfinite(x) for row in rows for x in row) or _determinant(linear) == 0:
        raise ValueError(
            f"transform must be an affine map (4, 4) that is invertible, its last row 0, 0, 0, 1, got {transform!r}"
        )
    shift = [row[3] for row in rows[:3]]
    for row, origin in zip(linear, shift, strict=True):
        farthest = abs(origin) + sum(abs(x) * max(n - 1, 0) for x, n in zip(row, volume.shape, strict=True))
        if not math.isfinite(farthest) or _too_large(farthest, volume.dtype):
            kind = "float64" if volume.dtype == torch.float64 else "float32"
            raise ValueError(
                f"transform must take the nodes to places that are finite in {kind}, in which vertices are computed, "
                f"got {transform!r}"
            )
    return linear, shift


def _check_values(values: Tensor, volume: Tensor) -> None:
    check_tensor("values", values, "(C, D, H, W)", 4)
    check_floating("values", values, LEVEL_DTYPES)
    if values.shape[1:] != volume.shape:
        raise ValueError(f"values must have shape (C, {', '.join(map(str, volume.shape))}), got {tuple(values.shape)}")
    check_same_device("values", values, "volume", volume)


def _mapped(points: Tensor, linear: Rows) -> Tensor:
    """Rows (N, 3) as columns under a map (3, 3): sums of products in one order, so that all devices round alike."""
    columns = torch.tensor(linear, dtype=points.dtype, device=points.device).T
    return points[:, :1] * columns[0] + points[:, 1:2] * columns[1] + points[:, 2:] * columns[2]


def _cofactors(linear: Rows) -> Rows:
    """What maps gradients, up to a positive factor, where a map (3, 3) maps points: its inverse, transposed."""
    largest = max(abs(x) for row in linear for x in row)
    (a, b, c), (d, e, f), (g, h, i) = ([x / largest for x in row] for row in linear)
    rows = [
        [e * i - f * h, f * g - d * i, d * h - e * g],
        [c * h - b * i, a * i - c * g, b * g - a * h],
        [b * f - c * e, c * d - a * f, a * e - b * d],
    ]
    largest = max(abs(x) for row in rows for x in row) * math.copysign(1.0, _determinant(linear))
    return [[x / largest for x in row] for row in rows]


def _determinant(linear: Rows) -> float:
    """That of a map (3, 3) over its largest entry; 0 for a map of zeros."""
    largest = max(abs(x) for row in linear for x in row) or 1.0
    (a, b, c), (d, e, f), (g, h, i) = ([x / largest for x in row] for row in linear)
    return a * (e * i - f * h) + b * (f * g - d * i) + c * (d * h - e * g)


def _between(first: Tensor, last: Tensor, t: Tensor) -> Tensor:
    """What lies the share t on the way from first to last, (V, C): exact at both ends, where only one of them counts
    even if the other is no number."""
    start = torch.where((t == 1) & ~first.isfinite(), last, first)
    end = torch.where((t == 0) & ~last.isfinite(), first, last)
    rise = end - start
    return torch.where(t < 0.5, start + t * rise, end - (1 - t) * rise)


def _share(d0: Tensor, d1: Tensor, level: float) -> Tensor:
    """Where vertices lie on their edges, in [0, 1]: at the finite node of an edge with one infinite value, half way
    between two."""
    finite0, finite1 = d0.isfinite(), d1.isfinite()
    d0, d1 = torch.where(finite0, d0, 0.0), torch.where(finite1, d1, 0.0)
    both = finite0 & finite1
    held = (1 + finite1.to(d0.dtype) - finite0.to(d0.dtype)) / 2
    scale = torch.where((d1 - d0).isfinite(), 1.0, 0.5).to(d0.dtype)  # half of a rise past the largest number
    rise, step = scale * d1 - scale * d0, scale * level - scale * d0
    return torch.where(both, step / torch.where(both, rise, 1.0), held).clamp(0, 1)


def _real(volume: Tensor) -> torch.dtype:
    """The dtype that positions and normals are computed in."""
    return torch.float64 if volume.dtype == torch.float64 else torch.float32


def edge_ends(volume_shape: Sequence[int], edges: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Lower node, upper node (row-major numbers) and axis of edges."""
    low, axis = edges // 3, edges % 3
    strides = torch.tensor([volume_shape[1] * volume_shape[2], volume_shape[2], 1], device=edges.device)
    return low, low + strides[axis], axis


def normals_reference(volume: Tensor, edges: Tensor, level: float, spacing: Sequence[float]) -> Tensor:
    """What the operator for normals computes, in plain torch; its derivatives are those of this."""
    values = volume.to(_real(volume))
    low, high, _ = edge_ends(volume.shape, edges)
    flat = values.reshape(-1)
    d0, d1 = take(flat, low), take(flat, high)
    t, finite = _share(d0, d1, level), (d0.isfinite(), d1.isfinite())
    d0, d1 = torch.where(finite[0], d0, 0.0), torch.where(finite[1], d1, 0.0)
    shape = torch.tensor(volume.shape, device=edges.device)
    strides = torch.tensor([volume.shape[1] * volume.shape[2], volume.shape[2], 1], device=edges.device)
    gradient = []
    for node, here in ((low, d0), (high, d1)):
        slopes = []
        for a in range(3):
            place = node // strides[a] % shape[a]
            above = take(flat, node + strides[a] * (place + 1 < shape[a]))
            below = take(flat, node - strides[a] * (place > 0))
            with_above, with_below = (place + 1 < shape[a]) & above.isfinite(), (place > 0) & below.isfinite()
            rise = torch.where(with_above, torch.where(with_above, above, 0.0), here)
            rise = rise - torch.where(with_below, torch.where(with_below, below, 0.0), here)
            slopes.append(rise / (with_above.to(flat.dtype) + with_below.to(flat.dtype)).clamp_min(1))
        gradient.append(torch.stack(slopes, 1))
    # An infinite node has no slope: the other one's counts.
    first = torch.where(finite[0][:, None], gradient[0], gradient[1])
    normal = first + t[:, None] * (torch.where(finite[1][:, None], gradient[1], gradient[0]) - first)
    normal = normal / torch.tensor(spacing, dtype=normal.dtype, device=normal.device)
    return unit_vectors(normal.nan_to_num(0.0))


def _fake(volume: Tensor, level: float, edges: bool) -> tuple[Tensor, Tensor, Tensor]:
    torch._check(volume.dim() == 3)
    vertex_count, face_count = torch.library.get_ctx().new_dynamic_size(), torch.library.get_ctx().new_dynamic_size()
    real = _real(volume)
    return (
        volume.new_empty((vertex_count, 3), dtype=real),
        volume.new_empty((face_count, 3), dtype=torch.int32),
        volume.new_empty((vertex_count if edges else 0,), dtype=torch.int64),
    )


def _mc33_fake(volume: Tensor, level: float, edges: bool) -> tuple[Tensor, ...]:
    count = torch.library.get_ctx().new_dynamic_size()
    support = volume.new_empty((count, 12), dtype=torch.int64)
    weights = volume.new_empty((count, 12), dtype=torch.float64)
    return *_fake(volume, level, edges), support, weights, volume.new_empty((count,), dtype=torch.int64)


def _backward_fake(grad: Tensor, volume: Tensor, edges: Tensor, level: float) -> Tensor:
    return grad.new_empty(volume.shape)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    volume, ctx.level, _ = inputs
    ctx.mark_non_differentiable(*output[1:])
    ctx.save_for_backward(volume, output[2])


def _backward(ctx: Any, grad: Tensor, *_: Any) -> tuple[Tensor, None, None]:
    volume, edges = ctx.saved_tensors
    return torch.ops.list_fast.marching_cubes_backward(grad, volume, edges, ctx.level).to(volume.dtype), None, None


torch.library.register_fake("list_fast::marching_cubes", _fake)
torch.library.register_fake("list_fast::mc33", _mc33_fake)
torch.library.register_fake("list_fast::marching_cubes_backward", _backward_fake)
torch.library.register_autograd("list_fast::marching_cubes", _backward, setup_context=_setup)
# Of the vertices on edges alone, which are the same: inner vertices are made of these by differentiable operations.
torch.library.register_autograd("list_fast::mc33", _backward, setup_context=_setup)


def _setup_backward(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    grad, volume, edges, ctx.level = inputs
    ctx.save_for_backward(grad, volume, edges)


def _double_backward(ctx: Any, outer: Tensor) -> tuple[Tensor, Tensor, None, None]:
    # outer . J^T grad = sum over edges of grad_e (outer_0 dt/dd0 + outer_1 dt/dd1): linear in grad, and a formula in
    # d0, d1 for the volume. Plain differentiable torch, so that higher orders follow from it.
    grad, volume, edges = ctx.saved_tensors
    low, high, axis = edge_ends(volume.shape, edges)
    flat = volume.reshape(-1).to(grad.dtype)
    d0, d1 = take(flat, low), take(flat, high)
    outer0, outer1 = take(outer.reshape(-1), low), take(outer.reshape(-1), high)
    # A vertex beside an infinite value does not move.
    moves = d0.isfinite() & d1.isfinite()
    d0, d1 = torch.where(moves, d0, 0.0), torch.where(moves, d1, 1.0)
    inverse = moves / (d1 - d0)
    t = (ctx.level - d0) * inverse
    along = torch.nn.functional.one_hot(axis, 3).to(grad.dtype)
    grad_grad = along * ((outer0 * (t - 1) - outer1 * t) * inverse)[:, None]
    scale = (grad * along).sum(1) * inverse * inverse
    to_d0 = scale * (2 * outer0 * (t - 1) + outer1 * (1 - 2 * t))
    to_d1 = scale * (outer0 * (1 - 2 * t) + 2 * outer1 * t)
    grad_volume = add_at(add_at(torch.zeros_like(flat), low, to_d0), high, to_d1)
    return grad_grad, grad_volume.view(volume.shape).to(volume.dtype), None, None


torch.library.register_autograd("list_fast::marching_cubes_backward", _double_backward, setup_context=_setup_backward)


def _normals_fake(volume: Tensor, edges: Tensor, level: float, dx: float, dy: float, dz: float) -> Tensor:
    return volume.new_empty((edges.shape[0], 3), dtype=_real(volume))


def _setup_normals(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    volume, edges, ctx.level, *ctx.spacing = inputs
    ctx.save_for_backward(volume, edges)


def _normals_backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None, None, None, None]:
    volume, edges = ctx.saved_tensors
    again = torch.is_grad_enabled()
    with torch.enable_grad():
        values = volume if again else volume.detach().requires_grad_()
        normals = normals_reference(values, edges, ctx.level, ctx.spacing)
        (result,) = torch.autograd.grad(normals, values, grad, create_graph=again)
    return result, None, None, None, None, None


torch.library.register_fake("list_fast::marching_cubes_normals", _normals_fake)
torch.library.register_autograd("list_fast::marching_cubes_normals", _normals_backward, setup_context=_setup_normals)
