# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The model's parts: shapes, frames, gradients, freezing, errors."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from model_builders import make_model, reduced_base

from list_fast.model import LIST, CoarseNet, Features, LISTConfig, rescale_transform
from list_fast.model.growth import grown
from list_fast.model.sdf_decoder import displacements
from list_fast.model.spatial_transformer import SpatialTransformer, positive_camera, view_direction


def test_small_shapes(small_model: LIST) -> None:
    images = torch.rand(2, 3, 224, 224)
    with torch.no_grad():
        features = small_model.trunk_features(images)
        cloud = small_model.coarse(features)
        encoded = small_model.encode_features(features)
        values = small_model.query(encoded, torch.zeros(2, 5, 3))
    shapes = [tuple(m.shape[1:]) for m in features.maps]
    assert shapes == [(24, 56, 56), (32, 28, 28), (96, 14, 14), (320, 7, 7)]
    assert features.pooled.shape == (2, 1280) and features.coarse_pooled is None
    assert cloud.shape == (2, 2048, 3)
    torch.testing.assert_close(encoded.coarse_points, cloud)
    grid = small_model.occupancy(cloud)
    assert grid.shape == (2, 1, 32, 32, 32) and grid.min() == 0 and 0 < grid.max() <= 1
    assert encoded.occupancy.shape == (2, 1, 32, 32, 32)
    assert 0 < encoded.occupancy.min() and encoded.occupancy.max() < 1
    assert [tuple(v.shape[1:3]) for v in encoded.voxel_levels] == [(1, 32), (8, 32), (32, 16), (64, 8), (64, 4)]
    assert [tuple(v.shape[1:]) for v in encoded.image_levels] == [(16, 56, 56), (32, 28, 28), (64, 14, 14), (64, 7, 7)]
    assert encoded.transform.shape == (2, 4, 3) and values.shape == (2, 5)
    assert small_model.config.query_features == 1366


@pytest.mark.parametrize("channels", [(4, 8), (8, 16, 32, 64, 64)])
def test_a_shared_trunk_hands_out_two_to_five_maps(channels: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    model = LIST(dataclasses.replace(LISTConfig.small(), image_level_channels=channels)).eval()
    images = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        features = model.trunk_features(images)
        encoded = model.encode_features(features)
        same = CoarseNet(model.config).eval()
        same.trunk.load_state_dict(model.trunk.state_dict())
        theirs = same.trunk_features(images)
    sizes = [(16, 112), (24, 56), (32, 28), (96, 14), (320, 7)][-len(channels) :]
    assert [tuple(m.shape[1:3]) for m in features.maps] == sizes
    torch.testing.assert_close(theirs.maps, features.maps)
    assert [tuple(v.shape[1:3]) for v in encoded.image_levels] == [
        (c, size) for c, (_, size) in zip(channels, sizes, strict=True)
    ]
    points = torch.rand(1, 50, 3) - 0.5
    with torch.no_grad():
        expected = model.query(encoded, points)[0] / model.config.sdf_scale
        torch.testing.assert_close(model.encode(images).sdf(points[0]), expected, atol=1e-5, rtol=1e-4)


def test_cached_features_stand_for_images(small_model: LIST) -> None:
    images, points = torch.rand(1, 3, 224, 224), torch.rand(1, 20, 3) - 0.5
    with torch.no_grad():
        features = small_model.trunk_features(images)
        kept = Features([m.clone() for m in features.maps], features.pooled.clone())
        expected = small_model(images, points)
        encoded = small_model.encode_features(kept)
        torch.testing.assert_close(small_model.query(encoded, points), expected[1], rtol=0, atol=0)
        torch.testing.assert_close(encoded.occupancy, expected[0], rtol=0, atol=0)


def test_given_cloud_and_transform_replace_predicted_ones(small_model: LIST) -> None:
    cloud, transform = torch.rand(1, 100, 3) - 0.5, torch.rand(1, 4, 3)
    with torch.no_grad():
        features = small_model.trunk_features(torch.rand(1, 3, 224, 224))
        encoded = small_model.encode_features(features, coarse_points=cloud, transform=transform)
    assert encoded.coarse_points is cloud and encoded.transform is transform


@torch.no_grad()
def test_results_do_not_depend_on_the_batch(small_model: LIST) -> None:
    images, points = torch.rand(3, 3, 224, 224), torch.rand(3, 30, 3) - 0.5
    occupancy, sdf = small_model(images, points)
    for i in range(3):
        one = small_model(images[i : i + 1], points[i : i + 1])
        torch.testing.assert_close(one[0][0], occupancy[i], rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(one[1][0], sdf[i], rtol=1e-4, atol=1e-5)


def test_displacements_follow_the_published_order() -> None:
    expected = [[0, 0, 0], [-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]]
    torch.testing.assert_close(displacements(0.5), 0.5 * torch.tensor(expected, dtype=torch.float32))


@torch.no_grad()
def test_voxel_samples_meet_the_point_they_belong_to(reduced_model: LIST) -> None:
    # One cloud point fills one node; the sampled occupancy there differs from the node mirrored along each axis.
    place = torch.tensor([[[0.3, -0.2, 0.1]]], dtype=torch.float64)
    grid = reduced_model.occupancy(place)
    features = reduced_model.trunk_features(torch.rand(1, 3, 32, 32, dtype=torch.float64))
    encoded = reduced_model.encode_features(features, coarse_points=place.expand(1, 8, 3))
    nodes = ((place[0, 0] + 0.5) * 31).round().long()
    assert grid[0, 0, nodes[0], nodes[1], nodes[2]] == 1 and grid.sum() == 1
    from list_fast import ops

    at_node = nodes / 31 - 0.5
    q = 2 * at_node.flip(0).view(1, 1, 3).double()
    sampled = ops.sample_voxels(encoded.voxel_levels[:1], q)
    torch.testing.assert_close(sampled[0, 0, 0], encoded.occupancy[0, 0, nodes[0], nodes[1], nodes[2]])


def trainable_without_gradient(model: torch.nn.Module) -> list[str]:
    return [
        name
        for name, p in model.named_parameters()
        if p.requires_grad and (p.grad is None or not p.grad.isfinite().all() or not p.grad.abs().sum() > 0)
    ]


@pytest.mark.parametrize("occupancy", ["nearest", "trilinear"])
def test_every_trainable_parameter_of_small_receives_a_gradient(occupancy: str) -> None:
    config = dataclasses.replace(LISTConfig.small(), occupancy=occupancy, tree_degrees=(1, 1, 2, 2, 2, 2, 8))
    model = make_model(config).train()
    occupancy_pred, sdf = model(torch.rand(2, 3, 224, 224), torch.rand(2, 200, 3) - 0.5)
    (sdf.square().mean() + occupancy_pred.square().mean()).backward()
    assert trainable_without_gradient(model) == []
    assert all(p.grad is None for p in model.trunk.parameters())


def test_every_trainable_parameter_of_base_receives_a_gradient() -> None:
    model = make_model(reduced_base()).train()
    occupancy, sdf = model(torch.rand(2, 3, 32, 32), torch.rand(2, 100, 3) - 0.5)
    (sdf.square().mean() + occupancy.square().mean()).backward()
    assert trainable_without_gradient(model) == []


def test_coarse_net_is_the_first_half() -> None:
    config = LISTConfig.small()
    torch.manual_seed(0)
    net, model = CoarseNet(config).eval(), LIST(config).eval()
    model.trunk.load_state_dict(net.trunk.state_dict())
    model.im_encoder.load_state_dict(net.image_encoder.state_dict())
    model.point_decoder.load_state_dict(net.point_decoder.state_dict())
    images = torch.rand(2, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(net(images), model.coarse(model.trunk_features(images)), rtol=0, atol=0)


def test_frozen_parts_stay_in_evaluation_mode_and_untrained() -> None:
    model = LIST(reduced_base()).freeze(["im_encoder", "point_decoder"]).train()
    assert model.training and model.im_encoder2.training
    assert not any(m.training for m in model.im_encoder.modules())
    before = {k: v.clone() for k, v in model.im_encoder.state_dict().items()}
    model(torch.rand(2, 3, 32, 32), torch.zeros(2, 1, 3))[1].sum().backward()
    after = model.im_encoder.state_dict()
    assert all(torch.equal(before[k], after[k]) for k in before)
    assert all(p.grad is None for p in model.im_encoder.parameters())
    assert model.frozen == ("im_encoder", "point_decoder")
    model.eval().train()
    assert not model.point_decoder.training
    with pytest.raises(ValueError, match="no_such_part"):
        model.freeze("no_such_part")


def test_small_trunk_is_frozen_from_the_start() -> None:
    model = CoarseNet(LISTConfig.small()).train()
    assert not any(m.training for m in model.trunk.modules())
    assert not any(p.requires_grad for p in model.trunk.parameters())


@torch.no_grad()
def test_positive_depth_for_any_output() -> None:
    theta = SpatialTransformer(LISTConfig.small())
    raw = 30 * torch.randn(500, 4, 3)
    transform = positive_camera(raw, theta.extent, theta.canvas)
    corners = torch.cartesian_prod(*[torch.tensor([-1.1, 1.1])] * 3)
    depth = corners @ transform[:, :3, 2].T + transform[:, 3, 2]
    # Sums of hundreds in float32 round by about 1e-5; the constant added to the depth is far larger.
    assert depth.min() > 0.01


@torch.no_grad()
def test_untrained_transform_is_a_camera_in_front() -> None:
    torch.manual_seed(0)
    theta = SpatialTransformer(LISTConfig.small())
    theta[6].weight.zero_()
    transform = theta.eval()(torch.randn(1, 256))[0]

    def pixel(x: float, y: float, z: float) -> torch.Tensor:
        homogeneous = torch.tensor([2 * z, 2 * y, 2 * x, 1.0]) @ transform
        return homogeneous[:2] / homogeneous[2]

    centre = pixel(0, 0, 0)
    torch.testing.assert_close(centre, torch.tensor([111.5, 111.5]), rtol=0, atol=1e-3)
    assert pixel(0.4, 0, 0)[0] > centre[0] + 20  # right is right
    assert pixel(0, 0.4, 0)[1] < centre[1] - 20  # up is up
    assert pixel(0, 0, 0.5)[1] > pixel(0, 0, -0.5)[1]  # seen from above, what is in front lies lower
    corners = torch.cartesian_prod(*[torch.tensor([-0.5, 0.5])] * 3)
    pixels = torch.stack([pixel(*c.tolist()) for c in corners])
    assert pixels.min() > 0 and pixels.max() < 223


def test_rescaled_transform_keeps_the_corners() -> None:
    # Pixels (223, 99) and (0, 0) of a 100 x 224 canvas are the corners of any other.
    transform = torch.tensor([[223.0, 99, 0], [0, 0, 0], [0, 0, 0], [0, 0, 1]])
    ends = torch.tensor([[1.0, 0, 0, 1], [0.0, 0, 0, 1]])
    out = ends @ rescale_transform(transform, (100, 224), (137, 50))
    torch.testing.assert_close(out, torch.tensor([[49.0, 136, 1], [0, 0, 1]]))


@pytest.mark.parametrize(
    ("images", "points", "error", "message"),
    [
        (torch.rand(1, 3, 224, 223), torch.zeros(1, 1, 3), ValueError, r"images must have shape \(B, 3, 224, 224\)"),
        (torch.rand(3, 224, 224), torch.zeros(1, 1, 3), ValueError, "images"),
        (torch.zeros(1, 3, 224, 224, dtype=torch.uint8), torch.zeros(1, 1, 3), TypeError, "images.*uint8"),
        ("picture", torch.zeros(1, 1, 3), TypeError, "images must be a torch.Tensor"),
        (torch.rand(1, 3, 224, 224), torch.zeros(2, 1, 3), ValueError, r"points must have shape \(1, N, 3\)"),
        (torch.rand(1, 3, 224, 224), torch.zeros(1, 3), ValueError, "points"),
        (torch.rand(1, 3, 224, 224), torch.zeros(1, 1, 3, dtype=torch.int64), TypeError, "points.*int64"),
    ],
)
def test_wrong_arguments_are_named(
    small_model: LIST, images: object, points: torch.Tensor, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message), torch.no_grad():
        small_model(images, points)


def test_no_points(small_model: LIST) -> None:
    with torch.no_grad():
        assert small_model(torch.rand(1, 3, 224, 224), torch.empty(1, 0, 3))[1].shape == (1, 0)


def pinhole(eye: torch.Tensor, target: torch.Tensor, focal: float) -> torch.Tensor:
    """The transform (4, 3) onto a 224 x 224 canvas of a camera at `eye` that looks at `target`, object space."""
    forward = torch.nn.functional.normalize(target - eye, dim=0)
    right = torch.nn.functional.normalize(torch.linalg.cross(forward, eye.new_tensor([0.0, 1.0, 0.0])), dim=0)
    down = torch.linalg.cross(forward, right)
    rows = torch.stack([focal * right + 111.5 * forward, focal * down + 111.5 * forward, forward])
    return torch.cat([rows.flip(1).T / 2, (rows @ -eye)[None]])


def test_the_view_is_the_ray_through_the_origin_whatever_the_scale() -> None:
    eye = torch.tensor([1.5, 0.8, -1.1], dtype=torch.float64)
    for target in (torch.zeros(3), torch.tensor([0.2, -0.1, 0.15])):
        transform = pinhole(eye, target.double(), 250.0)
        away = -eye.flip(0) / eye.norm()
        for scale in (1.0, 7.0):
            torch.testing.assert_close(view_direction(scale * transform[None])[0], away)
    assert view_direction(torch.zeros(1, 4, 3)).isfinite().all()


def test_queries_read_the_view() -> None:
    reads = ("voxels", "neighbors", "view")
    model = make_model(reduced_base(query_reads=reads)).double()
    with torch.no_grad():
        encoded = model.encode_features(model.trunk_features(torch.rand(1, 3, 32, 32, dtype=torch.float64)))
        points = torch.rand(1, 40, 3, dtype=torch.float64) - 0.5
        plain = model.query(encoded, points)
        # Scaling a transform leaves the camera where it is.
        same = model.query(dataclasses.replace(encoded, transform=3 * encoded.transform), points)
        turned = encoded.transform[:, [2, 1, 0, 3]] * encoded.transform.new_tensor([-1.0, 1, 1, 1])[:, None]
        other = model.query(dataclasses.replace(encoded, transform=turned), points)
    torch.testing.assert_close(same, plain)
    assert (other - plain).abs().max() > 1e-3


def test_a_grown_model_computes_what_it_did() -> None:
    small = reduced_base(query_reads=("voxels", "images"))
    large = dataclasses.replace(small, query_reads=("voxels", "images", "global", "view"), surface_level=0.01)
    model = make_model(small)
    state = grown(model.state_dict(), small, large)
    assert state is not None
    other = LIST(large).eval()
    other.load_state_dict(state)
    with torch.no_grad():
        images, points = torch.rand(2, 3, 32, 32), torch.rand(2, 50, 3) - 0.5
        torch.testing.assert_close(other(images, points), model(images, points), rtol=1e-5, atol=1e-5)
    # What reads less, or differs in its sizes, is another model.
    for config in (reduced_base(query_reads=("images",)), dataclasses.replace(small, point_features=(8, 16, 25))):
        assert grown(model.state_dict(), small, config) is None
    assert (
        grown(model.state_dict(), small, dataclasses.replace(small, query_reads=("voxels", "neighbors", "images")))
        is None
    )
