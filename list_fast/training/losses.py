# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The losses of LIST: Chamfer distance (L_CD), occupancy (L_V), signed distance (L_SDF), and a camera loss."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from .symmetry import turned_points

SDF_SCALE = 10.0
"""The network predicts 10 x signed distance (LIST, section 4)."""


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(8, os.cpu_count() or 1), thread_name_prefix="nearest")


def nearest_neighbours(
    points: Tensor,  # (B, N, 3)
    others: Tensor,  # (B, M, 3)
    chunk: int = 1 << 24,
) -> tuple[Tensor, Tensor]:
    """Indices of each cloud's nearest neighbours in the other: (B, N) into `others` and (B, M) into `points`, int64.

    KD-trees on a CPU (a query costs log M), all pairs on a GPU, at most `chunk` of them at a time. The
    differences are squared, not expanded to |a|^2 - 2ab + |b|^2, whose cancellation would mistake close neighbours.
    """
    for name, cloud in (("points", points), ("others", others)):
        if cloud.ndim != 3 or cloud.shape[2] != 3 or cloud.shape[1] == 0:
            raise ValueError(f"{name} must be (B, N > 0, 3), got {tuple(cloud.shape)}")
    if points.shape[0] != others.shape[0]:
        raise ValueError(f"points and others must have one batch size, got {points.shape[0]} and {others.shape[0]}")
    points, others = points.detach().float(), others.detach().float()
    if points.device.type == "cpu":
        return _nearest_by_tree(points, others)
    return nearest_by_pairs(points, others, chunk)


def nearest_by_pairs(points: Tensor, others: Tensor, chunk: int) -> tuple[Tensor, Tensor]:
    """`nearest_neighbours` from all distances, `chunk` of them at a time."""
    rows = max(1, chunk // others.shape[1])
    to_others = torch.empty(points.shape[:2], dtype=torch.int64, device=points.device)
    to_points = torch.empty(others.shape[:2], dtype=torch.int64, device=points.device)
    for b in range(points.shape[0]):
        best = torch.full(others.shape[1:2], torch.inf, device=points.device)
        for start in range(0, points.shape[1], rows):
            squared = (points[b, start : start + rows, None] - others[b, None]).square().sum(-1)
            to_others[b, start : start + rows] = squared.argmin(1)
            distance, index = squared.min(0)
            to_points[b] = torch.where(distance < best, index + start, to_points[b])
            best = torch.minimum(best, distance)
    return to_others, to_points


def _nearest_by_tree(points: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    from scipy.spatial import cKDTree

    def search(pair: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        a, b = pair[0].numpy(), pair[1].numpy()
        # Large leaves: a cloud that is still one clump makes every search visit most of them.
        trees = [cKDTree(cloud, leafsize=32, balanced_tree=False) for cloud in (a, b)]
        return torch.from_numpy(trees[1].query(a)[1]), torch.from_numpy(trees[0].query(b)[1])

    found = list(_pool().map(search, zip(points, others, strict=True)))
    return torch.stack([f[0] for f in found]).long(), torch.stack([f[1] for f in found]).long()


def chamfer_loss(
    predicted: Tensor,  # (B, N, 3)
    target: Tensor,  # (B, M, 3)
    scale: float = 1000.0,
) -> Tensor:
    """L_CD: `scale` x the sum of both directions' mean squared distance to the nearest neighbour, batch mean.

    Differentiable with respect to both clouds; the assignment is constant.
    """
    to_target, to_predicted = nearest_neighbours(predicted, target)
    accuracy = (predicted - _take(target, to_target)).square().sum(-1).mean(1)
    completeness = (target - _take(predicted, to_predicted)).square().sum(-1).mean(1)
    return scale * (accuracy + completeness).mean()


def _take(points: Tensor, index: Tensor) -> Tensor:
    return points.gather(1, index[..., None].expand(-1, -1, 3))


def occupancy_loss(
    logits: Tensor,  # (B, 1, R, R, R), the soft occupancy before its sigmoid
    target: Tensor,  # (B, 1, R, R, R) in {0, 1}
    scale: float = 1000.0,
    occupied_weight: float = 0.9,
) -> Tensor:
    """L_V: weighted binary cross-entropy of the soft occupancy against the grid of the true surface points.

    Of logits, as a probability rounds to 1 where it is wrong the most, in half precision early, and has no gradient
    there.
    """
    if logits.shape != target.shape:
        raise ValueError(f"target must have the shape of logits {tuple(logits.shape)}, got {tuple(target.shape)}")
    logits, target = logits.float(), target.float()
    occupied = (target * torch.log(torch.sigmoid(logits) + 1e-8)).mean()
    free = ((1 - target) * torch.log(torch.sigmoid(-logits) + 1e-8)).mean()
    return -scale * (occupied_weight * occupied + (1 - occupied_weight) * free)


def sdf_loss(
    predicted: Tensor,  # (B, N), 10 x signed distance
    target: Tensor,  # (B, N), signed distance in object units
    kind: str = "squared_sum",
    *,
    clamp: float = 0.0,
    huber_delta: float = 0.1,
    surface_emphasis: float = 0.0,
    surface_scale: float = 0.02,
    inside_weight: float = 1.0,
) -> Tensor:
    """L_SDF of 10 x signed distance.

    "squared_sum" is the paper's: the squares summed over a shape's queries, batch mean. "squared", "l1" and "huber"
    are means over the queries. `clamp` > 0 (object units) treats all larger distances as equal; `surface_emphasis`
    > 0 weighs a query by 1 + emphasis * exp(-|distance| / surface_scale), normalised to a mean of 1 in each shape, so
    that a batch in parts gives what the whole does; `inside_weight` weighs those with a negative distance.
    """
    if predicted.shape != target.shape:
        raise ValueError(f"target must have the shape of predicted {tuple(predicted.shape)}, got {tuple(target.shape)}")
    predicted, target = predicted.float(), target.float()
    truth = SDF_SCALE * target
    if clamp > 0:
        limit = SDF_SCALE * clamp
        # A prediction beyond the limit on the wrong side must keep its gradient, so only the right side is cut.
        truth = truth.clamp(-limit, limit)
        beyond = ((truth >= limit) & (predicted > limit)) | ((truth <= -limit) & (predicted < -limit))
        predicted = torch.where(beyond, truth, predicted)
    if kind in ("squared", "squared_sum"):
        error = (predicted - truth).square()
    elif kind == "l1":
        error = (predicted - truth).abs()
    elif kind == "huber":
        error = F.huber_loss(predicted, truth, reduction="none", delta=huber_delta) / huber_delta
    else:
        raise ValueError(f"kind must be 'squared_sum', 'squared', 'l1' or 'huber', got {kind!r}")
    if surface_emphasis > 0:
        weight = 1 + surface_emphasis * torch.exp(-target.abs() / surface_scale)
        error = error * (weight / weight.mean(1, keepdim=True))
    if inside_weight != 1:
        error = torch.where(target < 0, inside_weight * error, error)
    return error.sum(1).mean() if kind == "squared_sum" else error.mean()


def swap_axes(points: Tensor) -> Tensor:
    """Object space (x, y, z) to the model's swapped, doubled coordinates q = 2 (z, y, x), (..., 3)."""
    return 2 * points.flip(-1)


def project(
    points: Tensor,  # (B, N, 3), object space
    transform: Tensor,  # (B, 4, 3)
    min_depth: float = 1e-3,
) -> Tensor:
    """Pixels (B, N, 2) as (column, row) of object-space points: [q, 1] @ T = (X, Y, Z) -> (X/Z, Y/Z).

    Depths below `min_depth` are raised to it: a point at or behind the camera must not turn into infinity.
    """
    q = swap_axes(points)
    homogeneous = torch.cat([q, torch.ones_like(q[..., :1])], -1) @ transform
    return homogeneous[..., :2] / homogeneous[..., 2:].clamp_min(min_depth)


def camera_loss(
    predicted: Tensor,  # (B, 4, 3)
    true: Tensor,  # (B, 4, 3)
    points: Tensor,  # (B, N, 3), object space
    canvas: tuple[int, int],
    symmetries: Tensor | None = None,  # (B, K) bool
    beta: float = 0.02,
) -> Tensor:
    """Smooth L1 distance of the points' projections under both transforms, in units of the canvas (H, W).

    With `symmetries` (see `rotational_symmetries`) the nearest of the equally true transforms counts.
    """
    # Autocast would multiply in half precision, whose pixels are off by half of one.
    with torch.autocast(points.device.type, enabled=False):
        size = torch.tensor([canvas[1] - 1, canvas[0] - 1], dtype=torch.float32, device=points.device)
        points, predicted, true = points.float(), predicted.float(), true.float()
        ours = project(points, predicted) / size
        if symmetries is None:
            return F.smooth_l1_loss(ours, project(points, true) / size, beta=beta)
        count = symmetries.shape[1]
        turned = turned_points(points, count)
        theirs = project(turned.flatten(1, 2), true).view(*turned.shape[:3], 2) / size
        error = F.smooth_l1_loss(ours[:, None].expand_as(theirs), theirs, beta=beta, reduction="none").mean((2, 3))
        return error.masked_fill(~symmetries, torch.inf).amin(1).mean()
