# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The frozen, folded field is the same function as the model."""

from __future__ import annotations

import copy
import dataclasses

import pytest
import torch
from model_builders import make_model, reduced_base
from torch import nn

from list_fast.model import LIST, Field, LISTConfig, query_costs
from list_fast.model import field as field_module
from list_fast.model.folding import AffineInPlace, DirectConv3d, SingleChannelConv3d, fold
from list_fast.model.list_model import check_range


def assert_folded_equals_unfolded(model: LIST, atol: float, points: int = 300) -> None:
    dtype, size = model.offsets.dtype, model.config.image_size
    torch.manual_seed(5)
    image = torch.rand(3, size, size, dtype=dtype)
    # Scattered points, then lines of a fine and of a coarse lattice, which go other ways.
    scattered = 1.2 * torch.rand(points, 3, dtype=dtype) - 0.6
    fine = torch.linspace(-0.6, 0.6, 150, dtype=dtype)[: points // 6]
    coarse = torch.linspace(-0.6, 0.6, points // 6, dtype=dtype)
    with torch.no_grad():
        encoded = model.encode_features(model.trunk_features(image[None]))
    field = model.encode(image)
    lines = [torch.cartesian_prod(coarse[::17], coarse[::17], axis) for axis in (fine, coarse)]
    lanes = (field._scattered, field._lattice, field._coarse)
    for places, lane in zip((scattered, *lines), lanes, strict=True):
        with torch.no_grad():
            expected = model.query(encoded, places[None])[0] / model.config.sdf_scale
        values = field.sdf(places)
        assert field._lane(places) is lane
        assert expected.std() > 1e-4 * model.config.sdf_scale / 10
        torch.testing.assert_close(values, expected, rtol=0, atol=atol)
    torch.testing.assert_close(field.transform, encoded.transform[0], rtol=1e3 * atol, atol=atol)
    torch.testing.assert_close(field.coarse_points, encoded.coarse_points[0], rtol=0, atol=atol)


@pytest.mark.parametrize("way", ["direct", "projected", "lines", "cheapest"])
@pytest.mark.parametrize("resize", [True, False])
def test_folded_base_equals_unfolded(way: str, resize: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if way != "cheapest":
        monkeypatch.setattr(query_costs, "ways_of_voxels", lambda levels, *_: [way] * len(levels))
        monkeypatch.setattr(query_costs, "image_is_projected", lambda *_: way == "projected")
    model = make_model(reduced_base(resize_levels_to_canvas=resize)).double()
    field = model.encode(torch.rand(3, 32, 32, dtype=torch.float64))
    for lane in (field._lattice, field._coarse, field._scattered):
        counts = {"projected": len(lane.voxel_maps), "lines": len(lane.line_levels), "direct": len(lane.voxel_levels)}
        assert sum(counts.values()) == 6
        assert counts[way] == 6 if way != "cheapest" else 0 < counts["projected"] < 6
        assert len(lane.image_maps) == (1 if resize else 5 if way == "projected" else len(lane.image_maps))
        assert len(lane.image_maps) + len(lane.image_levels) == (1 if resize else 5)
    assert_folded_equals_unfolded(model, 1e-10)


def ways(config: LISTConfig, lane: query_costs.Lane) -> tuple[str, list[bool]]:
    """The ways of the voxel levels by their initials, and which image levels are projected, at the sizes of a model."""
    query = query_costs.Query(config.decoder_hidden[0], 7, 3, 4)
    nodes = [config.voxel_resolution, *(config.voxel_resolution >> i for i in range(len(config.voxel_channels)))]
    levels = list(zip([1, *config.voxel_channels], nodes, strict=True))
    chosen = query_costs.ways_of_voxels(levels, query, field_module.PROJECTED_BYTES, lane)
    pixels = [(56 >> i) ** 2 for i in range(len(config.image_level_channels))]
    images = [
        query_costs.image_is_projected(channels, count, query, lane)
        for channels, count in zip(config.image_level_channels, pixels, strict=True)
    ]
    return "".join(way[0] for way in chosen), images


def test_each_level_is_met_where_that_is_cheapest() -> None:
    """Measured: a map that fits into caches is worth it even at scattered points, a larger one is not; on a
    lattice a level with half its nodes or fewer is multiplied for its nodes; few channels are multiplied as they are.
    """
    assert ways(LISTConfig.base(), query_costs.LATTICE)[0] == "ddllpp"
    assert ways(LISTConfig.base(), query_costs.COARSE_LATTICE)[0] == "dddlpp"
    assert ways(LISTConfig.base(), query_costs.SCATTERED)[0] == "ddddpp"
    assert ways(LISTConfig.small(), query_costs.LATTICE) == ("dlppp", [True, True, True, True])
    assert ways(LISTConfig.small(), query_costs.COARSE_LATTICE) == ("ddppp", [True, True, True, True])
    assert ways(LISTConfig.small(), query_costs.SCATTERED) == ("dddpp", [False, True, True, True])


@pytest.mark.parametrize(("dtype", "atol"), [(torch.float64, 1e-10), (torch.float32, 1e-5)])
def test_folded_small_equals_unfolded(dtype: torch.dtype, atol: float) -> None:
    assert_folded_equals_unfolded(make_model(LISTConfig.small()).to(dtype), atol)


ALL_READS = ("voxels", "neighbors", "images", "global", "view")


@pytest.mark.parametrize("depth", ["positive", "projective"])
def test_folded_view_and_vector_equal_unfolded(depth: str) -> None:
    assert_folded_equals_unfolded(make_model(reduced_base(query_reads=ALL_READS, depth=depth)).double(), 1e-10)


def test_folded_reduced_base_equals_unfolded_in_float32() -> None:
    assert_folded_equals_unfolded(make_model(reduced_base()), 1e-4)


@pytest.mark.slow
def test_folded_base_equals_unfolded_at_full_size() -> None:
    assert_folded_equals_unfolded(make_model(LISTConfig.base()), 1e-4, points=64)


@torch.no_grad()
def test_folding_removes_layers_and_shares_the_rest(reduced_model: LIST) -> None:
    folded = fold(reduced_model)

    def norms(model: nn.Module) -> int:
        return sum(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in model.modules())

    assert norms(reduced_model) > norms(reduced_model.vox_encoder) > norms(folded) == 0
    # What cannot be merged with a layer, as zero padding comes between, works in place.
    kept = [type(norm) for norm in folded.vox_encoder.bn]
    assert kept == [AffineInPlace] * norms(reduced_model.vox_encoder)
    assert sum(isinstance(c, SingleChannelConv3d) for c in folded.vox_encoder.conv.values()) == 3
    assert all(len(layer.W_loop) == 1 for layer in folded.point_decoder.gcn)
    for ours, theirs in zip(folded.point_decoder.gcn, reduced_model.point_decoder.gcn, strict=True):
        assert ours.W_branch is theirs.W_branch
    assert all(len(layer.W_loop) == 2 for layer in reduced_model.point_decoder.gcn)
    images = torch.rand(2, 3, 32, 32, dtype=torch.float64)
    points = torch.rand(2, 40, 3, dtype=torch.float64) - 0.5
    for ours, theirs in zip(folded(images, points), reduced_model(images, points), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-10)


@torch.no_grad()
@pytest.mark.filterwarnings("ignore:TF32 acceleration")  # flags() sets all its flags, also of GPUs that are not there
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_direct_convolution_is_the_library_s(dtype: torch.dtype) -> None:
    torch.manual_seed(3)
    layer = nn.Conv3d(1, 5, 3, padding=1, dtype=dtype)
    direct = DirectConv3d(1, 5, 3, padding=1, dtype=dtype)
    direct.load_state_dict(layer.state_dict())
    x = torch.rand(1, 1, 7, 6, 9, dtype=dtype)
    torch.testing.assert_close(direct(x), layer(x), rtol=0, atol=1e-6 if dtype == torch.float32 else 0)
    with torch.backends.mkldnn.flags(enabled=False):
        torch.testing.assert_close(direct(x), layer(x), rtol=0, atol=0)


@torch.no_grad()
def test_normalisation_in_place_is_the_library_s() -> None:
    torch.manual_seed(3)
    norm = make_model(reduced_base()).vox_encoder.bn[4]
    x = torch.rand(2, norm.num_features, 3, 4, 5)
    expected, place = norm(x), x.data_ptr()
    out = AffineInPlace(norm)(x)
    assert out.data_ptr() == place
    torch.testing.assert_close(out, expected)


def test_field_follows_changed_weights_and_outlives_them() -> None:
    model = make_model(reduced_base())
    image, points = torch.rand(3, 32, 32), torch.rand(20, 3) - 0.5
    field = model.encode(image)
    before = field.sdf(points)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1.1)
    torch.testing.assert_close(field.sdf(points), before, rtol=0, atol=0)
    assert_folded_equals_unfolded(model, 1e-4)


def test_encode_leaves_the_model_as_it_was_and_repeats_itself() -> None:
    model = make_model(reduced_base()).train()
    state = copy.deepcopy(model.state_dict())
    image, points = torch.rand(3, 32, 32), torch.rand(50, 3) - 0.5
    first, second = model.encode(image), model.encode(image[None])
    assert torch.equal(first.sdf(points), second.sdf(points))
    assert all(m.training for m in model.modules())
    assert all(torch.equal(state[k], v) for k, v in model.state_dict().items())
    assert set(model.state_dict()) == set(state)


def test_points_of_either_shape_and_many_chunks(small_model: LIST) -> None:
    field = small_model.encode(torch.rand(3, 224, 224))
    points = torch.rand(101, 3) - 0.5
    whole = field.sdf(points)
    assert whole.shape == (101,) and not whole.requires_grad
    assert torch.equal(field.sdf(points[None]), whole)
    assert torch.equal(field(points), whole)
    field.workspace = 17 * field.workspace // field._chunk(field._scattered, field._fused)
    assert field._chunk(field._scattered, field._fused) <= 17
    torch.testing.assert_close(field.sdf(points), whole, rtol=0, atol=1e-6)
    assert field.sdf(torch.empty(0, 3)).shape == (0,)
    assert field.sdf(points.double()).dtype == torch.float32


def test_far_and_broken_points_are_answered(small_model: LIST) -> None:
    field = small_model.encode(torch.rand(3, 224, 224))
    values = field.sdf(torch.tensor([[1e6, -1e6, 1e6], [0.0, 0.0, 0.0]]))
    assert values.isfinite().all()


@pytest.mark.parametrize(
    ("points", "error", "message"),
    [
        (torch.zeros(4, 2), ValueError, r"points must have shape \(1, N, 3\)"),
        (torch.zeros(2, 4, 3), ValueError, "points"),
        (torch.zeros(4, 3, dtype=torch.int32), TypeError, "points.*int32"),
        ([[0, 0, 0]], TypeError, "points must be a torch.Tensor"),
        (torch.zeros(4, 3, device="meta"), ValueError, "points must be on cpu"),
    ],
)
def test_wrong_points_are_named(small_model: LIST, points: object, error: type[Exception], message: str) -> None:
    field = small_model.encode(torch.zeros(3, 224, 224))
    with pytest.raises(error, match=message):
        field.sdf(points)


def test_encode_takes_one_image(small_model: LIST) -> None:
    with pytest.raises(ValueError, match="one image"):
        small_model.encode(torch.rand(2, 3, 224, 224))
    with pytest.raises(ValueError, match="one image"), torch.no_grad():
        images = torch.rand(2, 3, 224, 224)
        Field(small_model, small_model.encode_features(small_model.trunk_features(images)))
    with pytest.raises(TypeError, match=r"images must be a torch\.Tensor"):
        small_model.encode([1, 2, 3])


def test_scale_is_divided_out() -> None:
    config = dataclasses.replace(reduced_base(), sdf_scale=4.0)
    assert_folded_equals_unfolded(make_model(config).double(), 1e-10)


def test_the_surface_level_is_taken_off_the_distances() -> None:
    model = LIST(LISTConfig.small()).eval()
    image, places = torch.rand(3, 224, 224), torch.rand(50, 3) - 0.5
    plain = model.encode(image).sdf(places)
    model.config = dataclasses.replace(model.config, surface_level=0.02)
    torch.testing.assert_close(model.encode(image).sdf(places), plain - 0.02)


def test_autocast_leaves_the_field_as_it_is(small_model: LIST) -> None:
    """Its bounds are of what it computes in its own precision."""
    field = small_model.encode(torch.rand(3, 224, 224, generator=torch.Generator().manual_seed(0)))
    points = torch.rand(50, 3, generator=torch.Generator().manual_seed(1)) - 0.5
    with torch.autocast("cpu", torch.bfloat16):
        inside, bounds = field.sdf(points), field.bounds(points, points)
    assert torch.equal(inside, field.sdf(points)) and inside.dtype == torch.float32
    assert ((bounds[0] <= inside) & (inside <= bounds[1])).all()


def test_wrong_transforms_and_boxes_are_named(small_model: LIST) -> None:
    image = torch.rand(3, 224, 224)
    transform = small_model.encode(image).transform
    for wrong, error in (
        (transform[None], ValueError),
        (transform.T, ValueError),
        (transform.tolist(), TypeError),
        (transform * torch.nan, ValueError),
    ):
        with pytest.raises(error, match="transform must"):
            small_model.encode(image, wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"transform must have shape \(1, 4, 3\)"):
        small_model(image[None], torch.zeros(1, 2, 3), transform)
    field, low = small_model.encode(image), torch.zeros(2, 3)
    for a, b, error, message in (
        (low.numpy(), low, TypeError, "low must be a torch.Tensor"),
        (low, low[None], ValueError, "high must have shape"),
        (low, low[:1], ValueError, "high must be of the shape of low"),
        (low, low - 1, ValueError, "high must be of the shape of low and nowhere below it"),
    ):
        with pytest.raises(error, match=message):
            field.bounds(a, b)


def test_a_folded_model_follows_its_modules(small_model: LIST) -> None:
    image = torch.rand(3, 224, 224, generator=torch.Generator().manual_seed(0))
    model = copy.deepcopy(small_model)
    before = model.encode(image).transform
    with torch.inference_mode():
        loaded = copy.deepcopy(small_model)
        loaded.encode(image)
        loaded.spatial_transformer[2].weight.mul_(3.0)
        assert not torch.equal(loaded.encode(image).transform, before)
    model.spatial_transformer[2].eps = 10.0
    changed = model.encode(image).transform
    assert not torch.equal(changed, before)
    model.spatial_transformer[1] = torch.nn.Tanh()
    assert not torch.equal(model.encode(image).transform, changed)


def test_a_constant_transform_has_the_models_precision() -> None:
    model = LIST(dataclasses.replace(LISTConfig.small(), transform="constant")).double().eval()
    field = model.encode(torch.rand(3, 224, 224, dtype=torch.float64))
    assert field.transform.dtype == torch.float64
    assert field.sdf(torch.zeros(2, 3, dtype=torch.float64)).dtype == torch.float64


def test_an_image_of_0_to_255_is_refused(small_model: LIST) -> None:
    image = torch.rand(3, 224, 224)
    image[0, 0, 0] = 1
    with pytest.raises(ValueError, match=r"images must be in \[0, 1\], got values up to 255$"):
        small_model.encode(255 * image)
    small_model.encode(1.2 * image)  # as resampling overshoots


def test_an_image_without_values_is_not_asked_for_them() -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode(allow_non_fake_inputs=True) as mode:
        check_range(mode.from_tensor(torch.full((1, 3, 8, 8), 255.0)))
    check_range(torch.full((1, 3, 8, 8), 255.0, device="meta"))

    def checked(image: torch.Tensor) -> torch.Tensor:
        check_range(image)
        return image + 1

    image = torch.full((1, 3, 8, 8), 255.0)
    compiled = torch.compile(checked, backend="eager", fullgraph=True)
    assert float(compiled(image).amax()) == 256


def test_the_docstrings_tell_of_lost_gradients(small_model: LIST) -> None:
    points = torch.zeros(2, 3, requires_grad=True)
    values = small_model.encode(torch.rand(3, 224, 224, requires_grad=True)).sdf(points)
    assert not values.requires_grad
    assert "no gradient" in (Field.sdf.__doc__ or "") and "no gradient" in (LIST.encode.__doc__ or "")
