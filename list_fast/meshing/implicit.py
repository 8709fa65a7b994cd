# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Vertices that move with the field they were extracted from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from list_fast._errors import check_tensor
from list_fast.meshing.evaluate import find_call


def implicit_vertices(sdf: Callable[[Any], Any], vertices: Tensor) -> Tensor:
    """The same vertices, differentiable by whatever the field is computed from.

    Where the field f changes by df, its level set moves by -n df / |grad f| along the normal n = grad f / |grad f|.
    That is the gradient given to a vertex; how vertices slide within the surface leaves the surface as it is, and has
    none. The field is evaluated at the vertices alone, so memory grows with them and not with a lattice: extract
    without gradients, then call this, and backpropagate any loss of the vertices.

    Args:
        sdf: The field: a callable from points (N, 3) to N values, a tensor of shape (N,), (N, 1), (1, N) or (1, N, 1),
            differentiable by the points. An object with a method ``sdf`` will do as well.
        vertices: (V, 3), floating, as ``Mesh.vertices``; they count as constants.

    Returns:
        (V, 3), equal to ``vertices``. A vertex where the field's gradient vanishes passes none.

    Raises:
        TypeError: ``vertices`` is no floating tensor, or the values are no tensor that depends on the points.
        ValueError: ``vertices`` has another shape, or ``sdf`` returns another number of values.

    References:
        Remelli et al., "MeshSDF: Differentiable iso-surface extraction", NeurIPS 2020.
    """
    check_tensor("vertices", vertices, "(V, 3)", 2, 3)
    if not vertices.is_floating_point():
        raise TypeError(f"vertices must be floating point, got {vertices.dtype}")
    call = find_call(sdf)
    if call is None:
        raise TypeError(f"sdf must be a callable from points (N, 3) to N values, got {type(sdf).__name__}")
    count = vertices.shape[0]
    constant = vertices.detach()
    with torch.enable_grad():
        points = constant.clone().requires_grad_()
        values = call(points)
        if not isinstance(values, Tensor):
            raise TypeError(f"sdf must return a tensor of values, got {type(values).__name__}")
        if tuple(values.shape) not in {(count,), (count, 1), (1, count), (1, count, 1)}:
            raise ValueError(
                f"sdf must return {count} values for points of shape ({count}, 3), got shape {tuple(values.shape)}"
            )
        slope = None
        if values.requires_grad:
            (slope,) = torch.autograd.grad(values.sum(), points, retain_graph=True, allow_unused=True)
        if slope is None:
            raise TypeError("sdf must return values that are differentiable by the points")
    squared = slope.square().sum(1, keepdim=True)
    usable = squared.isfinite() & (squared > torch.finfo(squared.dtype).tiny)
    step = torch.where(usable, slope, 0.0) / torch.where(usable, squared, 1.0)
    if not torch.is_grad_enabled():
        return constant.clone()
    values = values.reshape(count, 1)
    # Zero as a number, with the gradient of the values.
    change = torch.where(usable, values - values.detach(), 0.0)
    return constant - step * change.to(constant.dtype)
