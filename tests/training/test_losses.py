# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The losses against formulas written out point by point."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from toy import camera

from list_fast.model import LIST, LISTConfig
from list_fast.training import losses


def brute_force(a: torch.Tensor, b: torch.Tensor) -> tuple[list[float], list[float]]:
    """Squared distances to the nearest neighbour, both ways, by two loops in double precision."""
    squared = [[sum((p - q) ** 2 for p, q in zip(x, y, strict=True)) for y in b.tolist()] for x in a.tolist()]
    return [min(row) for row in squared], [min(column) for column in zip(*squared, strict=True)]


def test_chamfer_is_the_sum_of_both_mean_squares() -> None:
    torch.manual_seed(0)
    predicted, target = torch.rand(2, 7, 3), torch.rand(2, 11, 3)
    expected = 0.0
    for a, b in zip(predicted, target, strict=True):
        forward, back = brute_force(a, b)
        expected += 1000 * (sum(forward) / 7 + sum(back) / 11) / 2
    assert losses.chamfer_loss(predicted, target).item() == pytest.approx(expected, rel=1e-5)


def test_chamfer_gradient() -> None:
    torch.manual_seed(1)
    predicted = torch.rand(1, 6, 3, dtype=torch.float64, requires_grad=True)
    target = torch.rand(1, 5, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda a, b: losses.chamfer_loss(a, b, 1.0), (predicted, target))


def test_chamfer_sees_distances_that_expanding_the_square_would_lose() -> None:
    target = torch.tensor([[[0.5, 0.5, 0.5], [0.50001, 0.5, 0.5]]])
    predicted = target.flip(1) + torch.tensor([1e-6, 0, 0])
    to_target, to_predicted = losses.nearest_neighbours(predicted, target)
    assert to_target.tolist() == [[1, 0]]
    assert to_predicted.tolist() == [[1, 0]]
    assert 0 < losses.chamfer_loss(predicted, target, 1.0).item() < 1e-11


@pytest.mark.parametrize("chunk", [1, 40, 1 << 20])
def test_all_pairs_in_chunks_agree_with_trees(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(2)
    a, b = torch.rand(2, 30, 3), torch.rand(2, 17, 3)
    trees = losses.nearest_neighbours(a, b)

    # What runs on a GPU, run here.
    def by_pairs(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return losses.nearest_by_pairs(x, y, chunk)

    monkeypatch.setattr(losses, "_nearest_by_tree", by_pairs)
    pairs = losses.nearest_neighbours(a, b)
    assert torch.equal(trees[0], pairs[0])
    assert torch.equal(trees[1], pairs[1])


@pytest.mark.parametrize("shape", [(4, 3), (1, 4, 2), (1, 0, 3)])
def test_nearest_neighbours_names_a_wrong_cloud(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="others must be"):
        losses.nearest_neighbours(torch.zeros(1, 4, 3), torch.zeros(shape))


def test_occupancy_loss_is_the_weighted_cross_entropy() -> None:
    torch.manual_seed(3)
    p = torch.rand(2, 1, 3, 3, 3) * 0.98 + 0.01
    y = (torch.rand_like(p) < 0.2).float()
    total = 0.0
    for probability, truth in zip(p.flatten().tolist(), y.flatten().tolist(), strict=True):
        total -= 0.9 * math.log(probability + 1e-8) if truth else 0.1 * math.log(1 - probability + 1e-8)
    assert losses.occupancy_loss(p.logit(), y).item() == pytest.approx(1000 * total / p.numel(), rel=1e-4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("truth", [0.0, 1.0])
def test_occupancy_loss_keeps_its_gradient_where_the_occupancy_is_wrong(dtype: torch.dtype, truth: float) -> None:
    """It is that of float64, also where the occupancy itself rounds to 0 or 1."""
    for logit in (-20.0, -10.0, -6.0, 0.5, 6.0, 8.0, 12.0, 16.0, 20.0):
        values, slopes = [], []
        for kind in (dtype, torch.float64):
            x = torch.full((1, 1, 1, 1, 1), logit, dtype=kind, requires_grad=True)
            if kind == torch.float64:
                p = torch.sigmoid(x if truth else -x)
                loss = -1000 * (0.9 if truth else 0.1) * torch.log(p + 1e-8).sum()
            else:
                loss = losses.occupancy_loss(x, torch.full_like(x, truth))
            values.append(loss.item())
            slopes.append(torch.autograd.grad(loss, x)[0].item())
        assert values[0] == pytest.approx(values[1], rel=1e-4, abs=1e-3), logit
        assert slopes[0] == pytest.approx(slopes[1], rel=1e-2, abs=1e-5), logit


def test_the_model_tells_the_logits_of_its_occupancy() -> None:
    sizes = {"tree_features": [16, 16, 3], "tree_degrees": [4, 8], "global_features": 16, "voxel_resolution": 16}
    model = LIST(LISTConfig.from_dict(LISTConfig.small().to_dict() | sizes)).eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        encoded = model.encode_features(model.trunk_features(torch.rand(1, 3, 224, 224)))
    assert encoded.logits is not None
    assert torch.equal(encoded.occupancy, torch.sigmoid(encoded.logits))


def test_sdf_loss_of_the_paper_sums_over_queries() -> None:
    predicted, target = torch.tensor([[1.0, 2.0], [0.0, -1.0]]), torch.tensor([[0.2, 0.1], [0.0, 0.1]])
    expected = ((2 - 1) ** 2 + (1 - 2) ** 2 + 0 + (1 + 1) ** 2) / 2
    assert losses.sdf_loss(predicted, target).item() == pytest.approx(expected)
    assert losses.sdf_loss(predicted, target, "squared").item() == pytest.approx(expected / 2)
    assert losses.sdf_loss(predicted, target, "l1").item() == pytest.approx((1 + 1 + 0 + 2) / 4)


def test_huber_is_l1_less_its_rounded_corner() -> None:
    predicted, target = torch.tensor([[1.0, 0.05]]), torch.zeros(1, 2)
    expected = ((1.0 - 0.05) + 0.5 * 0.05**2 / 0.1) / 2
    assert losses.sdf_loss(predicted, target, "huber", huber_delta=0.1).item() == pytest.approx(expected)


def test_clamp_forgives_only_distances_beyond_it_on_the_right_side() -> None:
    predicted = torch.tensor([[3.0, -3.0, 0.5, -2.0]], requires_grad=True)
    target = torch.tensor([[0.2, -0.2, 0.2, 0.3]])
    loss = losses.sdf_loss(predicted, target, "l1", clamp=0.1)
    assert loss.item() == pytest.approx((0 + 0 + 0.5 + 3) / 4)
    loss.backward()
    assert predicted.grad is not None
    assert predicted.grad.tolist() == [[0, 0, -0.25, -0.25]]


def test_surface_emphasis_keeps_a_constant_error_and_moves_weight_to_the_surface() -> None:
    target = torch.tensor([[0.0, 0.3]])
    even = losses.sdf_loss(10 * target + 1, target, "l1", surface_emphasis=3.0)
    assert even.item() == pytest.approx(1.0)
    near = losses.sdf_loss(10 * target + torch.tensor([1.0, 0.0]), target, "l1", surface_emphasis=3.0)
    weight = 1 + 3 * math.exp(-0.3 / 0.02)
    assert near.item() == pytest.approx(4 / (4 + weight))


def test_surface_emphasis_of_parts_is_that_of_the_whole() -> None:
    torch.manual_seed(0)
    predicted = torch.randn(4, 50)
    target = torch.randn(4, 50) * torch.tensor([0.001, 0.01, 0.1, 1.0])[:, None]
    for kind in ("l1", "squared_sum"):
        whole = losses.sdf_loss(predicted, target, kind, surface_emphasis=5.0)
        parts = [
            losses.sdf_loss(p, t, kind, surface_emphasis=5.0)
            for p, t in zip(predicted.split(2), target.split(2), strict=True)
        ]
        assert whole.item() == pytest.approx(float(sum(parts)) / 2, rel=1e-5)


def test_weight_of_the_inside_moves_the_best_constant_to_another_quantile() -> None:
    target = torch.tensor([[-0.1, 0.1, 0.1]])
    constant = torch.zeros(1, 1, requires_grad=True)
    for weight, slope in ((1.0, -1 / 3), (2.0, 0.0), (4.0, 2 / 3)):
        loss = losses.sdf_loss(constant.expand(1, 3), target, "l1", inside_weight=weight)
        assert loss.item() == pytest.approx((2 + weight) / 3)
        assert torch.autograd.grad(loss, constant)[0].item() == pytest.approx(slope)


def test_unknown_sdf_loss() -> None:
    with pytest.raises(ValueError, match="kind must be"):
        losses.sdf_loss(torch.zeros(1, 2), torch.zeros(1, 2), "l3")


def test_projection_of_a_pinhole_camera() -> None:
    point = np.array([0.1, -0.2, 0.3])
    matrix = torch.from_numpy(camera(0.0, 0.0, distance=2.0, focal=250.0))[None]
    uv = losses.project(torch.from_numpy(point).float()[None, None], matrix)[0, 0]
    depth = 2.0 - point[2]
    assert uv.tolist() == pytest.approx([111.5 + 250 * point[0] / depth, 111.5 - 250 * point[1] / depth], abs=1e-3)


@pytest.mark.parametrize("turns", [0, 4])
def test_camera_loss_keeps_its_digits_under_autocast(turns: int) -> None:
    true = torch.from_numpy(camera(30.0, 20.0))[None]
    predicted, points = torch.from_numpy(camera(30.5, 20.0))[None], torch.rand(1, 300, 3) - 0.5
    symmetries = torch.ones(1, turns, dtype=torch.bool) if turns else None
    arguments = predicted, true, points, (224, 224), symmetries
    expected = losses.camera_loss(*arguments)
    with torch.autocast("cpu", torch.bfloat16):
        found = losses.camera_loss(*arguments)
    assert expected > 0 and torch.equal(found, expected)


def test_camera_loss_is_zero_for_a_scaled_transform_and_finite_behind_the_camera() -> None:
    true = torch.from_numpy(camera(30.0, 20.0))[None]
    points = torch.rand(1, 50, 3) - 0.5
    assert losses.camera_loss(3 * true, true, points, (224, 224)).item() == pytest.approx(0, abs=1e-9)
    turned = torch.from_numpy(camera(60.0, 20.0))[None]
    assert losses.camera_loss(turned, true, points, (224, 224)).item() > 0.01
    behind = (-true).requires_grad_()
    loss = losses.camera_loss(behind, true, points, (224, 224))
    loss.backward()
    assert torch.isfinite(loss)
    assert behind.grad is not None
    assert torch.isfinite(behind.grad).all()
