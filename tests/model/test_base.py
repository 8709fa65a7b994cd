# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The base model has the published model's parts, counts, names and orders."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from model_builders import make_model, reduced_base
from torch import nn

from list_fast.model import LIST, CoarseNet, LISTConfig


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


@pytest.fixture(scope="module")
def base() -> LIST:
    # Counts and names need no values.
    with torch.device("meta"):
        return LIST(LISTConfig.base())


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("im_encoder", 11_817_640),
        ("im_encoder2", 11_817_640),
        ("point_decoder", 77_539_264),
        ("point_mlp_coarse", 150_144),
        ("spatial_transformer", 100_620),
        ("vox_encoder", 1_764_554),
        ("sdf_decoder", 2_046_209),
    ],
)
def test_module_parameter_counts(base: LIST, name: str, parameters: int) -> None:
    assert count(base.get_submodule(name)) == parameters


def test_whole_model_parameter_count(base: LIST) -> None:
    assert count(base) == 105_236_071
    assert sorted(n for n, _ in base.named_children()) == sorted(
        "im_encoder im_encoder2 point_decoder point_mlp_coarse spatial_transformer vox_encoder sdf_decoder".split()
    )


def test_tree_parameter_counts_by_level(base: LIST) -> None:
    expected = [377088, 623104, 1966592, 2556416, 3211520, 1523968, 67280576]
    assert [count(layer) for layer in base.point_decoder.gcn] == expected
    assert base.config.coarse_points == 4096


def test_feature_counts(base: LIST) -> None:
    assert base.config.voxel_features == 369
    assert base.config.query_features == 3610


def test_state_dict_names_and_shapes(base: LIST) -> None:
    shapes = {name: tuple(value.shape) for name, value in base.state_dict().items()}
    expected = {
        "im_encoder.conv1.weight": (64, 3, 7, 7),
        "im_encoder.layer2.0.downsample.0.weight": (128, 64, 1, 1),
        "im_encoder2.layer4.1.bn2.running_var": (512,),
        "im_encoder2.fc.weight": (1000, 512),
        "im_encoder2.fc1.bias": (128,),
        "point_decoder.gcn.TreeGCN_0.W_branch": (1, 128, 256),
        "point_decoder.gcn.TreeGCN_6.W_branch": (64, 128, 8192),
        "point_decoder.gcn.TreeGCN_6.W_root.4.weight": (3, 256),
        "point_decoder.gcn.TreeGCN_3.W_loop.0.weight": (2560, 256),
        "point_decoder.gcn.TreeGCN_3.W_loop.1.weight": (256, 2560),
        "point_decoder.gcn.TreeGCN_6.bias": (1, 64, 3),
        "point_mlp_coarse.block1.0.weight": (64, 3, 1, 1),
        "point_mlp_coarse.block3.1.running_mean": (512,),
        "spatial_transformer.0.weight": (128, 640),
        "spatial_transformer.2.running_mean": (128,),
        "spatial_transformer.3.weight": (128, 128),
        "spatial_transformer.5.bias": (128,),
        "spatial_transformer.6.weight": (12, 128),
        "vox_encoder.conv.conv_0.weight": (1, 1, 3, 3, 3),
        "vox_encoder.conv.conv_3.weight": (16, 1, 3, 3, 3),
        "vox_encoder.conv.conv_7_0.weight": (128, 128, 3, 3, 3),
        "vox_encoder.bn.2.weight": (1,),
        "vox_encoder.bn.7.weight": (128,),
        "sdf_decoder.fc.fc_0.weight": (512, 3610, 1),
        "sdf_decoder.fc.fc_1.weight": (256, 512, 1),
        "sdf_decoder.fc.fc_2.bias": (256,),
        "sdf_decoder.fc.fc_out.weight": (1, 256, 1),
    }
    assert {name: shapes.get(name) for name in expected} == expected
    assert not [n for n in shapes if n.split(".")[0] not in dict(base.named_children())]


def test_coarse_net_names() -> None:
    with torch.device("meta"):
        net = CoarseNet(LISTConfig.base())
    assert {name.split(".")[0] for name in net.state_dict()} == {"image_encoder", "point_decoder"}
    assert count(net) == 11_817_640 + 77_539_264


def published_forward(model: LIST, images: torch.Tensor, points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """LIST as published, one plain step after another, for a model of the base structure in evaluation mode."""
    config, state = model.config, model.state_dict()
    g, _ = model.im_encoder(images)
    g2, maps = model.im_encoder2(images)

    trees = [g[:, None]]
    for depth, degree in enumerate(config.tree_degrees):
        name = f"point_decoder.gcn.TreeGCN_{depth}"
        nodes = trees[-1].shape[1]
        branch = torch.einsum("bni,nio->bno", trees[-1], state[f"{name}.W_branch"])
        children = F.leaky_relu(branch, 0.2).reshape(len(images), nodes * degree, -1)
        out = children @ state[f"{name}.W_loop.0.weight"].T @ state[f"{name}.W_loop.1.weight"].T
        for node in range(nodes * degree):
            for j, tree in enumerate(trees):
                ancestor = node * tree.shape[1] // (nodes * degree)
                out[:, node] += tree[:, ancestor] @ state[f"{name}.W_root.{j}.weight"].T
        if depth + 1 < len(config.tree_degrees):
            out = F.leaky_relu(out + state[f"{name}.bias"].repeat(1, nodes, 1), 0.2)
        trees.append(out)
    cloud = trees[-1]

    x = cloud.unsqueeze(3).permute(0, 2, 3, 1)
    for block in (model.point_mlp_coarse.block1, model.point_mlp_coarse.block2, model.point_mlp_coarse.block3):
        x = block(x)
    transform = nn.Sequential.forward(model.spatial_transformer, torch.cat([x.amax(-1)[:, :, 0], g2], 1)).view(-1, 4, 3)

    resolution = config.voxel_resolution
    grid = torch.zeros(len(images), 1, *(resolution,) * 3, dtype=images.dtype)
    lattice = torch.linspace(-0.5, 0.5, resolution, dtype=images.dtype)
    for b in range(len(images)):
        # The nearest lattice node of a point is nearest along each axis.
        index = (cloud[b][:, :, None] - lattice).abs().argmin(-1)
        grid[b, 0, index[:, 0], index[:, 1], index[:, 2]] = 1
    vox, levels = model.vox_encoder, []
    x = vox.bn[0](F.relu(vox.conv["conv_0"](grid)))
    x = vox.bn[1](F.relu(vox.conv["conv_1"](x)))
    x = torch.sigmoid(vox.conv["conv_2"](x))
    levels.append(x)
    for i in range(3, 8):
        x = vox.bn[i](F.relu(vox.conv[f"conv_{i}_0"](F.relu(vox.conv[f"conv_{i}"](x)))))
        levels.append(x)
        x = F.max_pool3d(x, 2)

    q = points[:, :, [2, 1, 0]] * 2
    height, width = config.canvas
    resized = [F.interpolate(m, (height, width), mode="bilinear", align_corners=True) for m in maps]
    xyz = torch.cat([q, torch.ones_like(q[:, :, :1])], 2) @ transform
    uv = xyz[:, :, :2] / (xyz[:, :, 2:] + 1e-8)
    uv = torch.stack([uv[:, :, 0].clamp(0, width - 1), uv[:, :, 1].clamp(0, height - 1)], 2)
    half = torch.tensor([width - 1, height - 1], dtype=uv.dtype) / 2
    pixel = ((uv - half) / half)[:, None]
    image = torch.cat([F.grid_sample(m, pixel, align_corners=True) for m in resized], 1)[:, :, 0]

    steps = [[0.0, 0.0, 0.0]]
    for axis in range(3):
        for sign in (-1, 1):
            steps.append([sign * 0.0722 if a == axis else 0.0 for a in range(3)])
    moved = torch.stack([q + torch.tensor(s).to(q.dtype) for s in steps], 1)[:, None]
    voxel = [F.grid_sample(v, moved, padding_mode="border", align_corners=True) for v in levels]
    voxel = torch.cat(voxel, 1).squeeze(2)  # (B, C, 7, N)
    row = torch.cat([voxel.flatten(1, 2), image, q.transpose(1, 2)], 1)
    fc = model.sdf_decoder.fc
    for name in ("fc_0", "fc_1", "fc_2"):
        row = F.relu(fc[name](row))
    return levels[0], fc["fc_out"](row).squeeze(1)


@torch.no_grad()
def test_forward_equals_the_published_algorithm() -> None:
    # A square canvas and the free transform: what the published code computes, at a reduced size.
    model = make_model(reduced_base(depth="projective", canvas=(37, 37)), seed=3).double()
    # A transform that reaches all of the canvas rather than one corner of it.
    model.spatial_transformer[6].bias.copy_(
        torch.tensor([9.0, 1, 0.1, 2, -11, 0.2, 4, 3, -0.3, 40, 38, 2.1], dtype=torch.float64)
    )
    images = torch.rand(2, 3, 32, 32, dtype=torch.float64)
    points = torch.rand(2, 50, 3, dtype=torch.float64) * 1.2 - 0.6
    occupancy, sdf = model(images, points)
    expected_occupancy, expected_sdf = published_forward(model, images, points)
    torch.testing.assert_close(occupancy, expected_occupancy, rtol=0, atol=1e-12)
    torch.testing.assert_close(sdf, expected_sdf, rtol=0, atol=1e-10)
    assert sdf.std() > 1e-3


@torch.no_grad()
def test_base_encoder_shapes() -> None:
    with torch.device("meta"):
        model = LIST(LISTConfig.base())
        g, maps = model.im_encoder(torch.empty(2, 3, 224, 224))
        levels = model.vox_encoder(torch.empty(2, 1, 128, 128, 128))
        cloud = model.point_decoder(g)
    assert g.shape == (2, 128)
    assert [tuple(m.shape) for m in maps] == [
        (2, 64, 224, 224),
        (2, 64, 112, 112),
        (2, 128, 56, 56),
        (2, 256, 28, 28),
        (2, 512, 14, 14),
    ]
    assert [tuple(v.shape[1:3]) for v in levels] == [(1, 128), (16, 128), (32, 64), (64, 32), (128, 16), (128, 8)]
    assert cloud.shape == (2, 4096, 3)


def test_faithful_option_brings_back_the_published_behaviour() -> None:
    model = LIST(reduced_base(depth="projective", single_row_statistics=False)).train()
    images, points = torch.rand(1, 3, 32, 32), torch.zeros(1, 1, 3)
    with pytest.raises(ValueError, match="more than 1 value"):
        model(images, points)
    mended = LIST(reduced_base()).train()
    assert mended(images, points)[1].isfinite().all()
    assert LISTConfig.base(faithful=True).depth == "projective"
    assert LISTConfig.base().depth == "positive"
