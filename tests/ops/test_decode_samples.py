# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The decoder of a frozen field in tiles against plain matrix products: widths, orders, bad numbers, errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from list_fast.ops import decode_samples, reference
from list_fast.ops._panels import pack_panels

CANVAS = (9, 12)
OFFSETS = torch.tensor([[0.0, 0, 0], [0.1, 0, 0], [-0.1, 0, 0], [0, 0.1, 0], [0, -0.1, 0], [0, 0, 0.1], [0, 0, -0.1]])
TRANSFORM = torch.tensor([[4.0, 1, 0.1], [-1, 3, 0.2], [0.5, 0.2, 0.3], [11, 8, 2]])
PACKED = ("columns", "feature_columns")


def make_decoder(
    points: Tensor, width: int = 70, hidden: tuple[int, ...] = (40, 65), features: tuple[int, ...] = (9, 5)
) -> dict[str, object]:
    """Every argument, with plain matrices; the first layer has `width` outputs."""
    generator = torch.Generator().manual_seed(width)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(points.dtype)

    sizes = (width, *hidden)
    layers = []
    for inputs, outputs in zip(sizes, hidden, strict=False):
        layers += [normal(inputs, outputs) / inputs**0.5, normal(outputs)]
    return {
        "voxels": [normal(7, 5, 6, 4, width)],
        "images": [normal(7, 5, width)],
        "points": points,
        "offsets": OFFSETS.to(points.dtype),
        "transform": TRANSFORM.to(points.dtype),
        "weight": normal(3, width),
        "bias": normal(width),
        "canvas": CANVAS,
        "levels": [normal(6, 7, 12, 4)],
        "columns": [normal(7, 4, width)],
        "features": [normal(len(points), n) for n in features],
        "feature_columns": [normal(n, width) for n in features],
        "layers": [*layers, normal(sizes[-1]), normal(1)],
    }


def packed(decoder: dict[str, object]) -> dict[str, object]:
    """The same as the operation takes it."""
    changed = {name: [pack_panels(part) for part in decoder[name]] for name in PACKED}
    layers = [pack_panels(part) if part.dim() == 2 else part for part in decoder["layers"]]
    return decoder | changed | {"layers": layers}


def lattice(*sizes: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Nodes of a lattice over [-1.2, 1.2]³, (N, 3), with x running fastest."""
    return torch.cartesian_prod(*(torch.linspace(-1.2, 1.2, n, dtype=dtype) for n in sizes)).flip(1)


@pytest.mark.parametrize("width", [1, 31, 32, 70, 128])
@pytest.mark.parametrize("planes", [True, False])
def test_equals_plain_products(width: int, planes: bool) -> None:
    for points in (lattice(3, 4, 90), torch.rand(50, 3, dtype=torch.float64) * 3 - 1.5):
        decoder = make_decoder(points, width)
        expected = reference.decode_samples(**decoder)
        actual = decode_samples(**packed(decoder), planes=planes)
        assert actual.shape == (len(points),)
        torch.testing.assert_close(actual, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("hidden", [(), (1,), (33, 64, 7)])
@pytest.mark.parametrize("features", [(), (1,), (130, 3)])
def test_any_number_of_layers_and_features(hidden: tuple[int, ...], features: tuple[int, ...]) -> None:
    decoder = make_decoder(lattice(2, 3, 50), 48, hidden, features)
    expected = reference.decode_samples(**decoder)
    torch.testing.assert_close(decode_samples(**packed(decoder)), expected, rtol=1e-11, atol=1e-11)


def test_float32() -> None:
    decoder = make_decoder(lattice(3, 4, 60, dtype=torch.float32), 512, (256, 256), (119,))
    actual = decode_samples(**packed(decoder))
    assert actual.dtype == torch.float32
    wide = {
        name: [part.double() for part in value] if isinstance(value, list) else value for name, value in decoder.items()
    }
    wide |= {name: value.double() for name, value in decoder.items() if isinstance(value, Tensor)}
    expected = reference.decode_samples(**wide)
    torch.testing.assert_close(actual.double(), expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))


@pytest.mark.parametrize("planes", [True, False])
def test_a_value_depends_on_its_point_alone(planes: bool) -> None:
    """So a lattice has the same values however its nodes are cut into calls, and for any number of threads."""
    points = lattice(5, 6, 70, dtype=torch.float32)
    decoder = packed(make_decoder(points, features=())) | {"planes": planes}
    whole = decode_samples(**decoder)
    order = torch.randperm(len(points), generator=torch.Generator().manual_seed(0))
    assert torch.equal(decode_samples(**decoder | {"points": points[order]}), whole[order])
    parts = [decode_samples(**decoder | {"points": part}) for part in points.split(33)]
    assert torch.equal(torch.cat(parts), whole)
    threads = torch.get_num_threads()
    for count in (1, 3):
        torch.set_num_threads(count)
        try:
            assert torch.equal(decode_samples(**decoder), whole)
        finally:
            torch.set_num_threads(threads)


def test_features_belong_to_their_points() -> None:
    points = lattice(4, 5, 30)
    decoder = make_decoder(points)
    whole = decode_samples(**packed(decoder))
    order = torch.randperm(len(points), generator=torch.Generator().manual_seed(1))
    moved = decoder | {"points": points[order], "features": [part[order] for part in decoder["features"]]}
    assert torch.equal(decode_samples(**packed(moved)), whole[order])


def test_a_number_that_is_none_stays_where_it_is() -> None:
    points = lattice(2, 3, 40)
    decoder = make_decoder(points, features=(4,))
    expected = decode_samples(**packed(decoder))
    decoder["features"][0][7, 2] = torch.nan
    actual = decode_samples(**packed(decoder))
    assert actual[7].isnan()
    assert torch.equal(actual[torch.arange(len(points)) != 7], expected[torch.arange(len(points)) != 7])


def test_no_points() -> None:
    assert decode_samples(**packed(make_decoder(lattice(1, 1, 1)[:0]))).shape == (0,)


def test_lower_vector_levels(run_at_lower_level: Callable[..., None]) -> None:
    run_at_lower_level("test_equals_plain_products", "test_float32", "test_a_value_depends_on_its_point_alone")


def test_opcheck_and_fake() -> None:
    decoder = packed(make_decoder(lattice(2, 3, 4, dtype=torch.float32)))
    first = [decoder[k] for k in ("voxels", "images", "levels", "columns", "points", "offsets", "transform")]
    last = [decoder[k] for k in ("features", "feature_columns", "layers")]
    arguments = (*first, decoder["weight"], decoder["bias"], *CANVAS, True, *last)
    torch.library.opcheck(torch.ops.list_fast.decode_samples.default, arguments)
    with FakeTensorMode() as mode:
        fake = {k: [mode.from_tensor(t) for t in v] if isinstance(v, list) else v for k, v in decoder.items()}
        fake |= {k: mode.from_tensor(v) for k, v in decoder.items() if isinstance(v, Tensor)}
        result = decode_samples(**fake)
    assert result.shape == (24,) and result.dtype == torch.float32


def wide(*shape: int) -> Tensor:
    return torch.zeros(*shape, dtype=torch.float64)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"points": wide(4, 2)}, ValueError, r"points must have shape \(N, 3\)"),
        ({"bias": wide(70).requires_grad_()}, ValueError, "decode_samples has no gradient"),
        ({"layers": wide(4)}, TypeError, "layers must be a sequence"),
        ({"layers": [wide(70)]}, ValueError, "layers must be weights, each with its bias, got 1"),
        ({"layers": [wide(71), wide(1)]}, ValueError, r"layers\[0\] must have shape \(70,\)"),
        ({"layers": [wide(70), wide(2)]}, ValueError, r"layers\[1\] must have shape \(1,\)"),
        ({"layers": [wide(70), wide(1).float()]}, TypeError, r"layers\[1\] must be one of float64"),
        ({"layers": [wide(70, 8), wide(8), wide(8), wide(1)]}, ValueError, r"layers\[0\] must have shape \(1, 70,"),
        ({"layers": [wide(70), wide(1).requires_grad_()]}, ValueError, "has no gradient"),
        ({"features": wide(4, 2)}, TypeError, "features must be a sequence"),
        ({"features": [wide(12, 9)]}, ValueError, "feature_columns must have one tensor for each of 1"),
        ({"features": [wide(11, 9), wide(12, 5)]}, ValueError, r"features\[0\] must have shape \(12, 9\)"),
        ({"features": [wide(12, 8), wide(12, 5)]}, ValueError, r"feature_columns\[0\] must have shape \(3, 8, 32\)"),
        ({"feature_columns": ["no", "no"]}, TypeError, r"feature_columns\[0\] must be a torch.Tensor"),
    ],
)
def test_errors_name_the_argument(change: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        decode_samples(**packed(make_decoder(lattice(1, 3, 4))) | change)


@pytest.mark.parametrize(
    ("weight", "error", "message"),
    [
        ([1.0], TypeError, "weight must be a torch.Tensor"),
        (torch.zeros(2, 3, dtype=torch.float16), TypeError, "weight must be one of float32, float64"),
        (torch.zeros(3), ValueError, r"weight must have shape \(..., n, H\)"),
    ],
)
def test_wrong_matrices_are_not_packed(weight: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        pack_panels(weight)


def test_panels_hold_all_columns() -> None:
    weight = torch.arange(2.0 * 3 * 70).view(2, 3, 70)
    panels = pack_panels(weight)
    assert panels.shape == (2, 2, 3, 64)
    assert torch.equal(panels.transpose(1, 2).flatten(2)[..., :70], weight)
    assert not panels[:, 1, :, 6:].any()


def test_cuda_is_refused_by_name(device: torch.device) -> None:
    decoder = packed(make_decoder(lattice(1, 3, 4)))
    if device.type == "cpu":
        assert decode_samples(**decoder).device.type == "cpu"
        return
    with pytest.raises(ValueError, match="points must be on the CPU"):
        decode_samples(**decoder | {"points": decoder["points"].to(device)})
