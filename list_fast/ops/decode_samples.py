# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The whole decoder of a frozen field on a CPU: a few points at a time, from their samples to their distances."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from list_fast._errors import check_floating, check_same_device, check_tensor
from list_fast.ops._panels import panels_shape
from list_fast.ops.sum_samples import sum_arguments


def decode_samples(
    voxels: Sequence[Tensor],
    images: Sequence[Tensor],
    points: Tensor,
    offsets: Tensor,
    transform: Tensor,
    weight: Tensor,
    bias: Tensor,
    *,
    canvas: tuple[int, int],
    layers: Sequence[Tensor],
    levels: Sequence[Tensor] = (),
    columns: Sequence[Tensor] = (),
    planes: bool = True,
    features: Sequence[Tensor] = (),
    feature_columns: Sequence[Tensor] = (),
) -> Tensor:
    """Distances of points: what ``sum_samples`` gives, decoded, of which nothing but the distance is kept.

    ``sum_samples`` of the same arguments, plus features[0] @ feature_columns[0] and so on, is what the first layer
    gives; then ReLU, a hidden layer, ReLU, and so on to the last layer.

    Runs on a CPU only and has no gradient. The result is the same bits for any number of threads, and what a point gets
    does not depend on the other points.

    Args:
        voxels: As for ``sum_samples``, like all arguments that are not named here.
        layers: Weights and biases by turns: of each hidden layer ``pack_panels`` of its matrix (inputs, outputs), and
            (outputs,); of the last layer (inputs,) and (1,).
        features: (N, n) each.
        feature_columns: ``pack_panels`` of (n, H) for each of the features.

    Returns:
        (N,) of the dtype of ``points``, which is that of every argument.

    Raises:
        TypeError: An argument is no tensor, or no sequence of them, or has the wrong dtype.
        ValueError: A shape or a device does not fit, or an argument asks for a gradient.
    """
    arguments = sum_arguments(
        "decode_samples", voxels, images, points, offsets, transform, weight, bias, canvas, levels, columns, planes
    )
    for name, given in (("layers", layers), ("features", features), ("feature_columns", feature_columns)):
        if not isinstance(given, Sequence):  # a tensor is none
            raise TypeError(f"{name} must be a sequence of tensors, got {type(given).__name__}")
    if len(features) != len(feature_columns):
        counts = f"each of {len(features)} features, got {len(feature_columns)}"
        raise ValueError(f"feature_columns must have one tensor for {counts}")
    if len(layers) < 2 or len(layers) % 2:
        raise ValueError(f"layers must be weights, each with its bias, got {len(layers)} tensors")
    width = bias.shape[0]
    named: list[tuple[str, Tensor, tuple[int, ...]]] = []
    for i, (part, matrix) in enumerate(zip(features, feature_columns, strict=True)):
        check_tensor(f"features[{i}]", part, "(N, n)", 2)
        named += [
            (f"features[{i}]", part, (len(points), part.shape[1])),
            (f"feature_columns[{i}]", matrix, panels_shape(part.shape[1], width, points)),
        ]
    for i in range(0, len(layers), 2):
        check_tensor(f"layers[{i + 1}]", layers[i + 1], "(outputs,)", 1)
        last = i + 2 == len(layers)
        outputs = 1 if last else layers[i + 1].shape[0]
        named += [
            (f"layers[{i}]", layers[i], (width,) if last else panels_shape(width, outputs, points)),
            (f"layers[{i + 1}]", layers[i + 1], (outputs,)),
        ]
        width = outputs
    for name, value, shape in named:
        check_tensor(name, value, str(shape), len(shape))
        check_floating(name, value, (points.dtype,))
        check_same_device(name, value, "points", points)
        if tuple(value.shape) != shape:
            raise ValueError(f"{name} must have shape {shape}, got {tuple(value.shape)}")
        if torch.is_grad_enabled() and value.requires_grad:
            raise ValueError("decode_samples has no gradient: detach its arguments, or call it under torch.no_grad()")
    result: Tensor = torch.ops.list_fast.decode_samples(
        *arguments, *([value.contiguous() for value in given] for given in (features, feature_columns, layers))
    )
    return result


def _fake(
    voxels: Sequence[Tensor],
    images: Sequence[Tensor],
    levels: Sequence[Tensor],
    columns: Sequence[Tensor],
    points: Tensor,
    *others: object,
) -> Tensor:
    return points.new_empty(points.shape[0])


torch.library.register_fake("list_fast::decode_samples", _fake)
