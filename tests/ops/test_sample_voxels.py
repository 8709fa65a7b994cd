# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Voxel sampling against grid_sample: values, gradients, second derivatives, layouts, bad numbers, errors."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from list_fast.ops import reference
from list_fast.ops.sample_voxels import sample_voxels

PADDINGS = ["border", "zeros", "reflection"]
SHAPES = [(1, 4, 6, 5), (3, 5, 3, 7), (5, 1, 4, 1), (16, 2, 3, 4), (35, 3, 3, 3)]  # (C, D, H, W): odd sizes, axes of 1


def make_levels(device: torch.device, dtype: torch.dtype = torch.float32, batch: int = 2) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(batch, *shape, generator=generator, dtype=dtype).to(device) for shape in SHAPES]


def make_points(device: torch.device, dtype: torch.dtype = torch.float32, batch: int = 2, count: int = 97) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    points = torch.rand(batch, count, 3, generator=generator, dtype=dtype) * 5 - 2.5  # well outside too
    special = torch.tensor([-1.0, 1.0, 0.0, -2.0, 2.0, 1.5, -1.25], dtype=dtype)  # nodes, faces, ends of the reflection
    rows = min(count, special.numel())
    points[:, :rows] = special[:rows, None]
    return points.to(device)


def make_offsets(device: torch.device, dtype: torch.dtype = torch.float32) -> Tensor:
    step = 0.0722 * torch.eye(3, dtype=dtype)
    return torch.cat([torch.zeros(1, 3, dtype=dtype), torch.stack([-step, step], 1).reshape(6, 3)]).to(device)


def assert_same(actual: Tensor, expected: Tensor) -> None:
    tolerance = 2e-5 if actual.dtype == torch.float32 else 1e-12
    torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_grid_sample(device: torch.device, padding: str, align_corners: bool, dtype: torch.dtype) -> None:
    levels, points, offsets = make_levels(device, dtype), make_points(device, dtype), make_offsets(device, dtype)
    for given in (offsets, None):
        actual = sample_voxels(levels, points, given, padding=padding, align_corners=align_corners)
        expected = reference.sample_voxels(levels, points, given, padding=padding, align_corners=align_corners)
        assert actual.is_contiguous()
        assert_same(actual, expected)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("count", [97, 400])  # at seven places each: less and more than a tile of the CPU's
def test_gradients_equal_grid_sample(device: torch.device, padding: str, align_corners: bool, count: int) -> None:
    grads = []
    for function in (sample_voxels, reference.sample_voxels):
        levels = [level.requires_grad_() for level in make_levels(device, torch.float64)]
        points = make_points(device, torch.float64, count=count).requires_grad_()
        offsets = make_offsets(device, torch.float64).requires_grad_()
        out = function(levels, points, offsets, padding=padding, align_corners=align_corners)
        seed = torch.linspace(-1, 1, out.numel(), dtype=torch.float64, device=device).view(out.shape)
        grads.append(torch.autograd.grad(out, [*levels, points, offsets], seed))
    for actual, expected in zip(*grads, strict=True):
        assert_same(actual, expected)


def test_float32_gradients(device: torch.device) -> None:
    grads = []
    for function in (sample_voxels, reference.sample_voxels):
        levels = [level.requires_grad_() for level in make_levels(device)]
        points, offsets = make_points(device).requires_grad_(), make_offsets(device).requires_grad_()
        grads.append(torch.autograd.grad(function(levels, points, offsets).sum(), [*levels, points, offsets]))
    for actual, expected in zip(*grads, strict=True):
        torch.testing.assert_close(actual, expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 1e30, -1e30, 3e9])
def test_bad_points_are_treated_as_grid_sample_does(
    device: torch.device, padding: str, align_corners: bool, bad: float
) -> None:
    levels = [level.requires_grad_() for level in make_levels(device)]
    points = make_points(device)
    for axis in range(3):
        points[:, 10 + axis, axis] = bad
    points[:, 13] = bad
    points.requires_grad_()
    options = {"padding": padding, "align_corners": align_corners}
    actual = sample_voxels(levels, points, **options)
    if padding == "reflection" and not align_corners and abs(bad) < float("inf"):
        # Where a mirror image of so large a number lies is decided by its last bit: any place of the level will do.
        assert actual.abs().max() <= max(level.abs().max() for level in levels)
        return
    # grid_sample's answer on a CPU is the rule; on CUDA it sends NaN to the first node.
    twins = [level.detach().cpu().requires_grad_() for level in levels]
    twin_points = points.detach().cpu().requires_grad_()
    expected = reference.sample_voxels(twins, twin_points, **options)
    assert_same(actual.cpu(), expected)
    grads = torch.autograd.grad(actual.sum(), [*levels, points])
    for grad, other in zip(grads, torch.autograd.grad(expected.sum(), [*twins, twin_points]), strict=True):
        torch.testing.assert_close(grad.cpu(), other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("layout", ["planes", "channels_last", "strided"])
def test_bad_nodes_reach_as_far_as_with_grid_sample(
    device: torch.device, padding: str, align_corners: bool, layout: str
) -> None:
    """0 times an infinite node is not 0: a corner that grid_sample does not read must not be read."""
    seen = torch.zeros(2, dtype=torch.bool)
    for level in make_levels(device, torch.float64):
        level[:, ::2, ::2, 0, -1] = torch.nan
        level[:, -1, -1] = torch.inf
        level[:, 0, 0, :1, ::3] = -torch.inf
        if layout == "channels_last":
            level = level.contiguous(memory_format=torch.channels_last_3d)
        if layout == "strided":
            level = torch.stack([level, level], -1).flatten(-2)[..., ::2]
        points = make_points(device, torch.float64, count=400)
        points[:, 200:300].clamp_(-1, 1)  # on the faces, with one to three coordinates at an end
        results = []
        for function in (sample_voxels, reference.sample_voxels):
            leaves = [level.detach().requires_grad_(), points.detach().requires_grad_()]
            out = function(leaves[:1], leaves[1], padding=padding, align_corners=align_corners)
            seed = torch.linspace(-1, 1, out.numel(), dtype=torch.float64, device=device).view(out.shape)
            seed[:, 390:] = torch.inf
            results.append([out, *torch.autograd.grad(out, leaves, seed)])
        for actual, expected in zip(*results, strict=True):
            torch.testing.assert_close(actual, expected, rtol=1e-12, atol=1e-12, equal_nan=True)
            seen |= torch.stack([expected.isfinite().any(), ~expected.isfinite().all()]).cpu()
    assert seen.all()


@pytest.mark.parametrize("padding", PADDINGS)
def test_derivatives_of_every_order_equal_grid_sample(device: torch.device, padding: str) -> None:
    """A chain through a nonlinearity: the gradient that is differentiated again depends on the points itself."""
    results = []
    for function in (sample_voxels, reference.sample_voxels):
        levels = [level.requires_grad_() for level in make_levels(device, torch.float64)]
        points = (make_points(device, torch.float64, count=40) * 0.37).requires_grad_()
        offsets = make_offsets(device, torch.float64).requires_grad_()
        value = function(levels, points, offsets, padding=padding).sin().sum()
        for _ in range(3):
            grads = torch.autograd.grad(value, [*levels, points, offsets], create_graph=True)
            results.append(grads)
            value = sum((g * torch.linspace(0.5, 1, g.numel(), device=device).view(g.shape)).sin().sum() for g in grads)
    for actual, expected in zip(results[:3], results[3:], strict=True):
        for a, b in zip(actual, expected, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize("padding", PADDINGS)
def test_bad_points_have_no_second_derivative(device: torch.device, padding: str) -> None:
    levels = [level.requires_grad_() for level in make_levels(device, torch.float64)]
    points = make_points(device, torch.float64, count=20) * 0.3
    points[0, 3, 1], points[1, 4] = torch.nan, torch.inf
    points.requires_grad_()
    grads = torch.autograd.grad(sample_voxels(levels, points, padding=padding).sin().sum(), [*levels, points])
    assert all(g.isfinite().all() for g in grads)
    first = torch.autograd.grad(
        sample_voxels(levels, points, padding=padding).sin().sum(), [*levels, points], create_graph=True
    )
    second = torch.autograd.grad(sum(g.square().sum() for g in first), [*levels, points])
    assert all(g.isfinite().all() for g in second)
    assert (second[-1][0, 3] == 0).all() and (second[-1][1, 4] == 0).all()
    assert second[-1][0, 5].abs().max() > 0


def test_autocast_takes_offsets_of_another_dtype(device: torch.device) -> None:
    levels, points = make_levels(device, torch.float64), make_points(device, torch.float64)
    with torch.autocast(device.type, torch.bfloat16):
        out = sample_voxels(levels, points, make_offsets(device))
    assert out.dtype == torch.float64
    torch.testing.assert_close(out, reference.sample_voxels(levels, points, make_offsets(device).double()))


def test_meta_tensors_have_shapes() -> None:
    levels = [level.to("meta") for level in make_levels(torch.device("cpu"))]
    out = sample_voxels(levels, torch.empty(2, 9, 3, device="meta"))
    assert out.shape == (2, 9, sum(shape[0] for shape in SHAPES)) and out.device.type == "meta"


@pytest.mark.parametrize("layout", ["channels_last", "transposed", "strided", "expanded", "offset", "mixed"])
def test_layouts(device: torch.device, layout: str) -> None:
    def lay(i: int, level: Tensor) -> Tensor:
        if layout == "channels_last" or (layout == "mixed" and i % 2):
            return level.contiguous(memory_format=torch.channels_last_3d)
        if layout == "transposed":
            return level.transpose(2, 4).contiguous().transpose(2, 4)
        if layout == "strided":
            return torch.stack([level, level], -1).flatten(-2)[..., ::2]
        if layout == "expanded":
            return level[:1].expand_as(level)
        if layout == "offset":
            return torch.cat([level, level], 1)[:, level.shape[1] :]
        return level

    levels = [lay(i, level).requires_grad_() for i, level in enumerate(make_levels(device))]
    points = make_points(device).transpose(0, 1).contiguous().transpose(0, 1)
    offsets = make_offsets(device)
    assert_same(sample_voxels(levels, points, offsets), reference.sample_voxels(levels, points, offsets))
    actual = torch.autograd.grad(sample_voxels(levels, points, offsets).sin().sum(), levels)
    expected = torch.autograd.grad(reference.sample_voxels(levels, points, offsets).sin().sum(), levels)
    for grad, other in zip(actual, expected, strict=True):
        torch.testing.assert_close(grad, other, rtol=1e-4, atol=1e-4)


def test_few_points_on_a_large_level(device: torch.device) -> None:
    level = torch.randn(1, 3, 20, 20, 20, device=device, requires_grad=True)
    points = make_points(device, batch=1, count=5).requires_grad_()
    actual, expected = sample_voxels([level], points), reference.sample_voxels([level], points)
    assert_same(actual, expected)
    pairs = zip(
        torch.autograd.grad(actual.sum(), [level, points]),
        torch.autograd.grad(expected.sum(), [level, points]),
        strict=True,
    )
    for grad, other in pairs:
        torch.testing.assert_close(grad, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_levels_are_summed_in_float32(device: torch.device, dtype: torch.dtype) -> None:
    halves = [level.to(dtype).requires_grad_() for level in make_levels(device)]
    points, offsets = make_points(device), make_offsets(device)
    out = sample_voxels(halves, points, offsets)
    assert out.dtype == torch.float32
    assert_same(out, reference.sample_voxels(halves, points, offsets))
    grads = torch.autograd.grad(out.sum(), halves)
    others = torch.autograd.grad(reference.sample_voxels(halves, points, offsets).sum(), halves)
    for grad, other in zip(grads, others, strict=True):
        assert grad.dtype == dtype
        torch.testing.assert_close(grad, other, rtol=2e-2, atol=2e-2)


@pytest.mark.parametrize(("batch", "count", "displaced"), [(0, 5, 7), (2, 0, 7), (2, 5, 0), (0, 0, 0)])
def test_empty(device: torch.device, batch: int, count: int, displaced: int) -> None:
    levels = [level.requires_grad_() for level in make_levels(device, batch=batch)]
    points = make_points(device, batch=batch, count=count).requires_grad_()
    offsets = torch.zeros(displaced, 3, device=device, requires_grad=True)
    out = sample_voxels(levels, points, offsets)
    assert out.shape == (batch, count, displaced, 60)
    grads = torch.autograd.grad(out.sum(), [*levels, points, offsets])
    for tensor, grad in zip([*levels, points, offsets], grads, strict=True):
        assert grad.shape == tensor.shape
        assert not grad.any()


def test_gradcheck(device: torch.device) -> None:
    generator = torch.Generator().manual_seed(2)
    levels = [torch.randn(1, c, 3, 2, 4, generator=generator, dtype=torch.float64) for c in (1, 3)]
    levels = [level.to(device).requires_grad_() for level in levels]
    points = (torch.rand(1, 3, 3, generator=generator, dtype=torch.float64) * 1.6 - 0.8).to(device).requires_grad_()
    offsets = (torch.rand(2, 3, generator=generator, dtype=torch.float64) * 0.1).to(device).requires_grad_()
    for padding in PADDINGS:

        def function(p: Tensor, o: Tensor, *ls: Tensor, padding: str = padding) -> Tensor:
            return sample_voxels(ls, p, o, padding=padding, align_corners=padding != "zeros")

        inputs = (points, offsets, *levels)
        assert torch.autograd.gradcheck(function, inputs, nondet_tol=1e-12)
        assert torch.autograd.gradgradcheck(function, inputs, nondet_tol=1e-12)
    # Not everything may be asked for.
    assert torch.autograd.gradgradcheck(lambda p: sample_voxels([levels[1].detach()], p) ** 2, (points,))
    # On CUDA the gradients of levels are summed in any order.
    assert torch.autograd.gradgradcheck(
        lambda v: sample_voxels([v], points.detach()) ** 2, (levels[1],), nondet_tol=1e-12
    )


def test_opcheck(device: torch.device) -> None:
    ops = torch.ops.list_fast
    levels = [level.requires_grad_() for level in make_levels(device)[:2]]
    levels[1] = levels[1].detach().contiguous(memory_format=torch.channels_last_3d)  # one that asks for no gradient
    points, offsets = make_points(device, count=3).requires_grad_(), make_offsets(device)[:2].requires_grad_()
    torch.library.opcheck(ops.sample_voxels.default, (levels, points, offsets, 0, True))
    plain = [level.detach() for level in levels]
    torch.library.opcheck(ops.sample_voxels.default, (plain, points.detach(), None, 1, False))
    grad = torch.randn(2, 3, 2, 4, device=device, requires_grad=True)
    torch.library.opcheck(ops.sample_voxels_backward.default, (grad, levels, points, offsets, 0, True, True, True))
    fixed = (grad.detach(), plain, points.detach(), offsets.detach())
    for wants in ((True, True), (True, False), (False, True)):
        result = torch.library.opcheck(ops.sample_voxels_backward.default, (*fixed, 0, True, *wants))
        assert set(result.values()) == {"SUCCESS"}


@pytest.mark.parametrize(("batch", "count", "k"), [(0, 4, 3), (2, 0, 3), (2, 4, 0)])
def test_second_derivative_of_nothing(batch: int, count: int, k: int, device: torch.device) -> None:
    level = torch.randn(batch, 3, 4, 4, 4, device=device, requires_grad=True)
    points = torch.randn(batch, count, 3, device=device, requires_grad=True)
    result = sample_voxels([level], points, torch.randn(k, 3, device=device))
    (first,) = torch.autograd.grad(result.square().sum(), points, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), level)
    assert second.shape == level.shape and not second.any()


def test_compiles_in_one_graph(device: torch.device) -> None:
    levels, points, offsets = make_levels(device), make_points(device), make_offsets(device)

    def function(p: Tensor) -> Tensor:
        return sample_voxels([level * 2 for level in levels], p, offsets) + 1

    compiled = torch.compile(function, fullgraph=True, backend="aot_eager")
    leaf, twin = points.clone().requires_grad_(), points.clone().requires_grad_()
    assert_same(compiled(leaf), function(twin))
    assert_same(torch.autograd.grad(compiled(leaf).sum(), leaf)[0], torch.autograd.grad(function(twin).sum(), twin)[0])


def test_autocast_keeps_float32(device: torch.device) -> None:
    levels, points, offsets = make_levels(device), make_points(device), make_offsets(device)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        out = sample_voxels([level.bfloat16() for level in levels], points.bfloat16(), offsets)
    assert out.dtype == torch.float32
    rounded = [level.bfloat16().float() for level in levels]
    assert_same(out, reference.sample_voxels(rounded, points.bfloat16().float(), offsets))


def test_shapes_on_a_cuda_that_is_not_there() -> None:
    with FakeTensorMode():  # without gradients: autograd itself would ask for the device
        levels = [torch.empty(2, 3, 8, 8, 8, device="cuda")]
        levels.append(torch.empty(2, 14, 4, 4, 4, device="cuda", memory_format=torch.channels_last_3d))
        points, offsets = torch.empty(2, 11, 3, device="cuda"), torch.empty(7, 3, device="cuda")
        out = sample_voxels(levels, points, offsets)
        assert (out.shape, out.device.type) == ((2, 11, 7, 17), "cuda")
        grads = torch.ops.list_fast.sample_voxels_backward(out, levels, points, offsets, 0, True, True, True)
        wanted = [*levels, points, offsets]
        assert [(g.shape, g.stride(), g.device.type) for g in grads] == [(w.shape, w.stride(), "cuda") for w in wanted]


def test_same_bits_for_any_number_of_threads() -> None:
    levels = [level.requires_grad_() for level in make_levels(torch.device("cpu"))]
    points, offsets = make_points(torch.device("cpu"), count=1500).requires_grad_(), make_offsets(torch.device("cpu"))
    offsets.requires_grad_()
    threads, results = torch.get_num_threads(), []
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            out = sample_voxels(levels, points, offsets)
            results.append([out, *torch.autograd.grad(out.cos().sum(), [*levels, points, offsets])])
    finally:
        torch.set_num_threads(threads)
    for other in results[1:]:
        assert all(torch.equal(a, b) for a, b in zip(results[0], other, strict=True))


@pytest.mark.parametrize("level", ["baseline", "avx2"])
def test_every_vector_level_agrees(level: str) -> None:
    script = (
        "import torch; from list_fast.ops import reference; from list_fast.ops.sample_voxels import sample_voxels\n"
        "torch.manual_seed(0)\n"
        "levels = [torch.randn(1, c, 5, 4, 3).contiguous(memory_format=torch.channels_last_3d).requires_grad_()"
        " for c in (1, 3, 4, 21, 64)]\n"
        "points = (torch.rand(1, 1300, 3) * 3 - 1.5).requires_grad_()\n"
        "pairs = []\n"
        "for function in (sample_voxels, reference.sample_voxels):\n"
        "    out = function(levels, points)\n"
        "    pairs.append([out, *torch.autograd.grad(out.sin().sum(), [*levels, points])])\n"
        "for a, b in zip(*pairs): torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-3)\n"
    )
    environment = {**os.environ, "LIST_FAST_SIMD": level}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"levels": torch.zeros(1, 1, 2, 2, 2)}, TypeError, "levels must be a sequence of tensors"),
        ({"levels": []}, ValueError, "levels must hold at least one"),
        ({"levels": [torch.zeros(1, 2, 2, 2)]}, ValueError, r"levels\[0\] must have shape \(B, C, D, H, W\)"),
        ({"levels": [torch.zeros(1, 1, 2, 2, 2).int()]}, TypeError, r"levels\[0\] must be one of float32"),
        ({"levels": [torch.zeros(3, 1, 2, 2, 2)]}, ValueError, r"batch size of points \(1\), got 3"),
        ({"levels": [torch.zeros(1, 1, 2, 0, 2)]}, ValueError, "at least one node along every axis"),
        ({"levels": [torch.zeros(1, 1, 2, 2, 2, device="meta")]}, ValueError, "device of points"),
        ({"points": torch.zeros(1, 4)}, ValueError, r"points must have shape \(B, N, 3\)"),
        ({"points": torch.zeros(1, 4, 3).half()}, TypeError, "points must be one of float32, float64, got float16"),
        ({"points": [0.0]}, TypeError, "points must be a torch.Tensor"),
        ({"offsets": torch.zeros(7, 2)}, ValueError, r"offsets must have shape \(K, 3\)"),
        ({"offsets": torch.zeros(7, 3).double()}, TypeError, "offsets must have the dtype of points"),
        ({"padding": "wrap"}, ValueError, "padding must be one of 'border', 'zeros', 'reflection', got 'wrap'"),
        ({"align_corners": 1}, TypeError, "align_corners must be a bool"),
    ],
)
def test_errors_name_the_argument(change: dict[str, object], error: type[Exception], text: str) -> None:
    arguments: dict[str, object] = {"levels": [torch.zeros(1, 1, 2, 2, 2)], "points": torch.zeros(1, 4, 3)}
    with pytest.raises(error, match=text):
        sample_voxels(**{**arguments, **change})  # type: ignore[arg-type]
