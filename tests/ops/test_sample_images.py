# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Image sampling against projection and grid_sample in plain torch: values, gradients, depths near zero, errors."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from list_fast.ops import reference
from list_fast.ops.sample_images import sample_images

PADDINGS = ["border", "zeros", "reflection"]
SHAPES = [(1, 9, 7), (3, 5, 1), (16, 4, 6), (21, 1, 8)]  # (C, H, W): odd sizes, axes of 1
CANVAS = (48, 64)


def make_levels(device: torch.device, dtype: torch.dtype = torch.float32, batch: int = 2) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(batch, *shape, generator=generator, dtype=dtype).to(device) for shape in SHAPES]


def make_points(device: torch.device, dtype: torch.dtype = torch.float32, batch: int = 2, count: int = 150) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return (torch.rand(batch, count, 3, generator=generator, dtype=dtype) * 2 - 1).to(device)


def make_transform(device: torch.device, dtype: torch.dtype = torch.float32, batch: int = 2) -> Tensor:
    """Cameras at depth 2 that see most of [-1, 1]³; some points fall outside the canvas."""
    camera = torch.tensor([[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [64, 48, 2]], dtype=dtype)
    noise = 0.3 * torch.randn(batch, 4, 3, generator=torch.Generator().manual_seed(2), dtype=dtype)
    return (camera + noise).to(device)


def assert_same(actual: Tensor, expected: Tensor) -> None:
    tolerance = 1e-4 if actual.dtype == torch.float32 else 1e-10
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_the_reference(device: torch.device, padding: str, align_corners: bool, dtype: torch.dtype) -> None:
    arguments = make_levels(device, dtype), make_points(device, dtype), make_transform(device, dtype)
    options = {"canvas": CANVAS, "padding": padding, "align_corners": align_corners}
    actual, expected = sample_images(*arguments, **options), reference.sample_images(*arguments, **options)
    assert actual.is_contiguous()
    assert_same(actual, expected)


def test_equals_the_published_pooling(device: torch.device) -> None:
    """Maps of the canvas's own size: clamp to [0, 136], normalise by 68, sample with zero padding (list-model 1.2)."""
    generator = torch.Generator().manual_seed(3)
    maps = torch.randn(1, 5, 137, 137, generator=generator).to(device)
    points = make_points(device, batch=1)
    transform = make_transform(device, batch=1)
    homogeneous = torch.cat([points, torch.ones_like(points[..., :1])], -1) @ transform
    pixels = (homogeneous[..., :2] / (homogeneous[..., 2:] + 1e-8)).clamp(0, 136)
    expected = F.grid_sample(maps, ((pixels - 68) / 68)[:, :, None], padding_mode="zeros", align_corners=True)
    assert_same(sample_images([maps], points, transform, canvas=(137, 137)), expected[..., 0].transpose(1, 2))


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("count", [150, 1200])  # less and more than a tile of the CPU's
def test_gradients_equal_the_reference(device: torch.device, padding: str, align_corners: bool, count: int) -> None:
    grads = []
    for function in (sample_images, reference.sample_images):
        levels = [level.requires_grad_() for level in make_levels(device, torch.float64)]
        points = make_points(device, torch.float64, count=count).requires_grad_()
        transform = make_transform(device, torch.float64).requires_grad_()
        out = function(levels, points, transform, canvas=CANVAS, padding=padding, align_corners=align_corners)
        grads.append(torch.autograd.grad(out.sin().sum(), [*levels, points, transform]))
    for actual, expected in zip(*grads, strict=True):
        assert_same(actual, expected)
    assert grads[0][-1].any()


def flat_view(device: torch.device) -> tuple[Tensor, Tensor]:
    """A transform that takes (x, y, z) to pixel (x / z, y / z), and a level whose value is 10 * row + column."""
    transform = torch.zeros(1, 4, 3, device=device)
    transform[0, :3] = torch.eye(3)
    rows, columns = torch.arange(4.0, device=device), torch.arange(5.0, device=device)
    return transform, (10 * rows[:, None] + columns).view(1, 1, 4, 5)


def test_depth_near_zero_and_behind(device: torch.device) -> None:
    transform, level = flat_view(device)
    nan, inf = float("nan"), float("inf")
    points = torch.tensor(
        [
            [2.0, 1.0, 1.0],  # row 1, column 2
            [4.0, 3.0, 1.0],  # the last pixel
            [2.0, 1.0, 0.0],  # depth 1e-8: far away, clamped to the last pixel
            [-2.0, -1.0, 0.0],  # far away on the other side: pixel 0
            [-2.0, -1.0, -1.0],  # behind: mirrored, as published
            [0.0, 0.0, -1e-8],  # 0 / 0: pixel 0
            [nan, 1.0, 1.0],  # column 0
            [2.0, 1.0, nan],  # pixel 0
            [inf, 1.0, 1.0],  # last column
            [1e30, -1e30, 1e-30],
        ],
        device=device,
    )[None].requires_grad_()
    level.requires_grad_()
    transform.requires_grad_()
    out = sample_images([level], points, transform, canvas=(4, 5))
    # inf * 0 in the other coordinates of the product is not a number either.
    assert out.flatten().tolist()[:8] == pytest.approx([12, 34, 34, 0, 12, 0, 0, 0], abs=1e-4)
    assert torch.isfinite(out).all()
    by_point, by_level, by_transform = torch.autograd.grad(out.sum(), [points, level, transform])
    assert torch.isfinite(by_level).all() and torch.isfinite(by_point[0, :6]).all()
    assert torch.isfinite(by_transform).all()
    assert torch.allclose(by_point[0, 0], torch.tensor([1.0, 10.0, -12.0], device=device), atol=1e-4)
    assert not by_point[0, 2:4].any() and not by_point[0, 5].any()


@pytest.mark.parametrize("padding", PADDINGS)
def test_edges_of_the_canvas(device: torch.device, padding: str) -> None:
    """Exactly on an edge the gradient passes the clamp as in torch.clamp; beyond it there is none."""
    transform, level = flat_view(device)
    points = torch.tensor([[0.0, 0, 1], [4, 3, 1], [-0.5, 1, 1], [4.5, 1, 1], [2, 3, 1]], device=device)[None]
    grads = []
    for function in (sample_images, reference.sample_images):
        leaf = points.clone().requires_grad_()
        out = function([level], leaf, transform, canvas=(4, 5), padding=padding, align_corners=False)
        grads.append(torch.autograd.grad(out.sum(), leaf)[0])
    assert_same(*grads)


@pytest.mark.parametrize("padding", ["border", "zeros", "reflection"])
@pytest.mark.parametrize("align_corners", [True, False])
def test_bad_nodes_reach_as_far_as_with_grid_sample(device: torch.device, padding: str, align_corners: bool) -> None:
    results = []
    for function in (sample_images, reference.sample_images):
        torch.manual_seed(0)
        levels = [torch.randn(2, *shape, device=device) for shape in [(1, 9, 7), (3, 5, 1), (16, 4, 6), (20, 1, 8)]]
        for level in levels:
            level[:, 0, ::2, -1] = torch.nan
            level[:, -1, -1] = torch.inf
            level[0, :, 0, 0] = -torch.inf
        levels = [level.requires_grad_() for level in levels]
        points = 4 * torch.rand(2, 300, 3, device=device) - 2  # many beyond the canvas
        transform = torch.tensor([[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [64, 48, 2]], device=device)
        out = function(
            levels, points, transform.expand(2, 4, 3), canvas=(48, 64), padding=padding, align_corners=align_corners
        )
        results.append([out, *torch.autograd.grad(out, levels, torch.ones_like(out))])
    for actual, expected in zip(*results, strict=True):
        torch.testing.assert_close(actual, expected, rtol=2e-4, atol=2e-4, equal_nan=True)
    assert not results[1][0].isfinite().all()


def test_bad_points_have_finite_second_derivatives(device: torch.device) -> None:
    torch.manual_seed(0)
    level = torch.randn(1, 3, 5, 6, dtype=torch.float64, device=device, requires_grad=True)
    points = torch.rand(1, 9, 3, dtype=torch.float64, device=device) - 0.5
    points[0, 1, 1], points[0, 2] = torch.nan, torch.inf
    points.requires_grad_()
    transform = torch.tensor([[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [64, 48, 2]], dtype=torch.float64)
    transform = transform.to(device)[None].requires_grad_()
    leaves = [level, points, transform]
    results = []
    for function in (sample_images, reference.sample_images):
        first = torch.autograd.grad(
            function([level], points, transform, canvas=(96, 128)).sin().sum(), leaves, create_graph=True
        )
        results.append(torch.autograd.grad(sum(g.square().sum() for g in first), leaves))
    for actual, expected in zip(*results, strict=True):
        assert actual.isfinite().all() and actual.abs().max() > 0
        torch.testing.assert_close(actual, expected, rtol=1e-9, atol=1e-9)


def test_canvas_of_one_pixel(device: torch.device) -> None:
    arguments = make_levels(device), make_points(device), make_transform(device)
    assert_same(sample_images(*arguments, canvas=(1, 1)), reference.sample_images(*arguments, canvas=(1, 1)))


@pytest.mark.parametrize("layout", ["channels_last", "transposed", "strided", "expanded"])
def test_layouts(device: torch.device, layout: str) -> None:
    def lay(level: Tensor) -> Tensor:
        if layout == "channels_last":
            return level.contiguous(memory_format=torch.channels_last)
        if layout == "transposed":
            return level.transpose(2, 3).contiguous().transpose(2, 3)
        return (
            torch.stack([level, level], -1).flatten(-2)[..., ::2] if layout == "strided" else level[:1].expand_as(level)
        )

    levels = [lay(level).requires_grad_() for level in make_levels(device)]
    points = make_points(device).transpose(0, 1).contiguous().transpose(0, 1)
    transform = make_transform(device).transpose(1, 2).contiguous().transpose(1, 2)
    actual = sample_images(levels, points, transform, canvas=CANVAS)
    expected = reference.sample_images(levels, points, transform, canvas=CANVAS)
    assert_same(actual, expected)
    pairs = zip(
        torch.autograd.grad(actual.sin().sum(), levels), torch.autograd.grad(expected.sin().sum(), levels), strict=True
    )
    for grad, other in pairs:
        torch.testing.assert_close(grad, other, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_levels_are_summed_in_float32(device: torch.device, dtype: torch.dtype) -> None:
    halves = [level.to(dtype).requires_grad_() for level in make_levels(device)]
    points, transform = make_points(device), make_transform(device)
    out = sample_images(halves, points, transform, canvas=CANVAS)
    assert_same(out, reference.sample_images(halves, points, transform, canvas=CANVAS))
    assert [grad.dtype for grad in torch.autograd.grad(out.sum(), halves)] == [dtype] * len(halves)


@pytest.mark.parametrize(("batch", "count"), [(0, 5), (2, 0)])
def test_empty(device: torch.device, batch: int, count: int) -> None:
    levels = [level.requires_grad_() for level in make_levels(device, batch=batch)]
    points = make_points(device, batch=batch, count=count).requires_grad_()
    transform = make_transform(device, batch=batch).requires_grad_()
    out = sample_images(levels, points, transform, canvas=CANVAS)
    assert out.shape == (batch, count, 41)
    inputs = [*levels, points, transform]
    for tensor, grad in zip(inputs, torch.autograd.grad(out.sum(), inputs), strict=True):
        assert grad.shape == tensor.shape
        assert not grad.any()


def test_gradcheck(device: torch.device) -> None:
    generator = torch.Generator().manual_seed(5)
    levels = [torch.randn(2, c, 4, 3, generator=generator, dtype=torch.float64) for c in (1, 2)]
    levels = [level.to(device).requires_grad_() for level in levels]
    points = (make_points(device, torch.float64, count=2) * 0.3).requires_grad_()
    transform = make_transform(device, torch.float64).requires_grad_()

    def function(p: Tensor, t: Tensor, *ls: Tensor) -> Tensor:
        return sample_images(ls, p, t, canvas=CANVAS)

    assert torch.autograd.gradcheck(function, (points, transform, *levels), nondet_tol=1e-12)
    assert torch.autograd.gradgradcheck(function, (points, transform, *levels), nondet_tol=1e-12)
    assert torch.autograd.gradgradcheck(
        lambda t: sample_images([levels[1].detach()], points.detach(), t, canvas=CANVAS) ** 2, (transform,)
    )


def test_opcheck(device: torch.device) -> None:
    ops = torch.ops.list_fast
    levels = [level.requires_grad_() for level in make_levels(device)[:2]]
    levels[1] = levels[1].detach().contiguous(memory_format=torch.channels_last)
    points, transform = make_points(device, count=3).requires_grad_(), make_transform(device).requires_grad_()
    torch.library.opcheck(ops.sample_images.default, (levels, points, transform, *CANVAS, 0, True))
    grad = torch.randn(2, 3, 4, device=device, requires_grad=True)
    arguments = (grad, levels, points, transform, *CANVAS, 0, True, True, True, True)
    torch.library.opcheck(ops.sample_images_backward.default, arguments)
    plain = [level.detach() for level in levels]
    fixed = (grad.detach(), plain, points.detach(), transform.detach(), *CANVAS, 1, False)
    for wants in ((True, False, False), (False, True, False), (False, False, True)):
        result = torch.library.opcheck(ops.sample_images_backward.default, (*fixed, *wants))
        assert set(result.values()) == {"SUCCESS"}


def test_compiles_in_one_graph(device: torch.device) -> None:
    levels, points, transform = make_levels(device), make_points(device), make_transform(device)

    def function(t: Tensor) -> Tensor:
        return sample_images(levels, points, t, canvas=CANVAS) * 2

    compiled = torch.compile(function, fullgraph=True, backend="aot_eager")
    leaf, twin = transform.clone().requires_grad_(), transform.clone().requires_grad_()
    assert_same(compiled(leaf), function(twin))
    assert_same(torch.autograd.grad(compiled(leaf).sum(), leaf)[0], torch.autograd.grad(function(twin).sum(), twin)[0])


def test_autocast_keeps_float32(device: torch.device) -> None:
    levels, points, transform = make_levels(device), make_points(device), make_transform(device)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        out = sample_images(levels, points, transform.bfloat16(), canvas=CANVAS)
    assert out.dtype == torch.float32
    assert_same(out, reference.sample_images(levels, points, transform.bfloat16().float(), canvas=CANVAS))


def test_shapes_on_a_cuda_that_is_not_there() -> None:
    with FakeTensorMode():  # without gradients: autograd itself would ask for the device
        levels = [torch.empty(2, c, 8, 8, device="cuda") for c in (1, 16)]
        points, transform = torch.empty(2, 11, 3, device="cuda"), torch.empty(2, 4, 3, device="cuda")
        out = sample_images(levels, points, transform, canvas=CANVAS)
        assert (out.shape, out.device.type) == ((2, 11, 17), "cuda")
        grads = torch.ops.list_fast.sample_images_backward(
            out, levels, points, transform, *CANVAS, 0, True, True, True, True
        )
        assert [grad.shape for grad in grads] == [tensor.shape for tensor in (*levels, points, transform)]


def test_same_bits_for_any_number_of_threads() -> None:
    cpu = torch.device("cpu")
    levels = [level.requires_grad_() for level in make_levels(cpu)]
    points, transform = make_points(cpu, count=3000).requires_grad_(), make_transform(cpu).requires_grad_()
    threads, results = torch.get_num_threads(), []
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            out = sample_images(levels, points, transform, canvas=CANVAS)
            results.append([out, *torch.autograd.grad(out.cos().sum(), [*levels, points, transform])])
    finally:
        torch.set_num_threads(threads)
    for other in results[1:]:
        assert all(torch.equal(a, b) for a, b in zip(results[0], other, strict=True))


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"levels": torch.zeros(1, 1, 2, 2)}, TypeError, "levels must be a sequence of tensors"),
        ({"levels": [torch.zeros(1, 1, 2, 2, 2)]}, ValueError, r"levels\[0\] must have shape \(B, C, H, W\)"),
        ({"transform": torch.zeros(1, 3, 3)}, ValueError, r"transform must have shape \(1, 4, 3\), got \(1, 3, 3\)"),
        ({"transform": torch.zeros(4, 3)}, ValueError, r"transform must have shape \(B, 4, 3\)"),
        ({"transform": torch.zeros(2, 4, 3)}, ValueError, r"transform must have shape \(1, 4, 3\)"),
        ({"transform": torch.zeros(1, 4, 3).double()}, TypeError, "transform must have the dtype of points"),
        ({"canvas": 137}, TypeError, "canvas must be two integers"),
        ({"canvas": (137.0, 137.0)}, TypeError, "canvas must be two integers"),
        ({"canvas": (0, 5)}, ValueError, "canvas must be from 1 to"),
        ({"padding": "edge"}, ValueError, "padding must be one of"),
    ],
)
def test_errors_name_the_argument(change: dict[str, object], error: type[Exception], text: str) -> None:
    arguments: dict[str, object] = {
        "levels": [torch.zeros(1, 1, 2, 2)],
        "points": torch.zeros(1, 4, 3),
        "transform": torch.zeros(1, 4, 3),
        "canvas": (4, 4),
    }
    with pytest.raises(error, match=text):
        sample_images(**{**arguments, **change})  # type: ignore[arg-type]
