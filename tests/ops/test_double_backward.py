# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The samplers' second derivatives: kernels against the plain-torch form differentiated twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from list_fast.ops import _sampling, reference
from list_fast.ops.sample_images import _reference as images_reference
from list_fast.ops.sample_images import sample_images
from list_fast.ops.sample_voxels import _reference as voxels_reference
from list_fast.ops.sample_voxels import sample_voxels

PADDINGS = ["border", "zeros", "reflection"]
VOXELS = [(1, 4, 6, 5), (3, 5, 3, 7), (5, 1, 4, 1), (16, 2, 3, 4), (35, 3, 3, 3)]  # (C, D, H, W): odd sizes, axes of 1
IMAGES = [(1, 9, 7), (3, 5, 1), (16, 4, 6), (21, 1, 8)]
CANVAS = (48, 64)
DOUBLE = torch.float64


def random(device: torch.device, *shape: int, seed: int, dtype: torch.dtype = DOUBLE) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE).to(device, dtype)


def like(tensors: Sequence[Tensor | None], seed: int) -> list[Tensor | None]:
    """Random numbers in the shapes, dtypes and on the devices of tensors."""
    found: list[Tensor | None] = []
    for i, tensor in enumerate(tensors):
        if tensor is None:
            found.append(None)
        else:
            found.append(random(tensor.device, *tensor.shape, seed=seed + i, dtype=tensor.dtype))
    return found


def make_voxels(
    device: torch.device, count: int = 97, batch: int = 2, dtype: torch.dtype = DOUBLE
) -> tuple[list[Tensor], Tensor, Tensor]:
    """Levels, points, of which some lie on nodes, on faces and far outside, and offsets."""
    levels = [random(device, batch, *shape, seed=i, dtype=dtype) for i, shape in enumerate(VOXELS)]
    points = random(device, batch, count, 3, seed=10, dtype=dtype)
    special = torch.tensor([-1.0, 1.0, 0.0, -2.0, 2.0, 1.5, -1.25, 1e3], dtype=dtype, device=device)
    points[:, : special.numel()] = special[:count, None]
    points[:, 10:20, 1:] = points[:, 10:20, 1:].clamp(-1, 1)
    return levels, points, 0.1 * random(device, 4, 3, seed=11, dtype=dtype)


def make_images(
    device: torch.device, count: int = 150, batch: int = 2, dtype: torch.dtype = DOUBLE
) -> tuple[list[Tensor], Tensor, Tensor]:
    """Levels, points, of which some fall outside the canvas, and a camera for each batch element."""
    levels = [random(device, batch, *shape, seed=i, dtype=dtype) for i, shape in enumerate(IMAGES)]
    camera = torch.tensor([[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [64, 48, 2]], dtype=dtype, device=device)
    transform = camera + 0.3 * random(device, batch, 4, 3, seed=12, dtype=dtype)
    return levels, 0.7 * random(device, batch, count, 3, seed=13, dtype=dtype), transform


def voxels_twice(
    levels: list[Tensor],
    points: Tensor,
    offsets: Tensor | None,
    grad: Tensor,
    moves: Sequence[Tensor | None],
    padding: str,
    align_corners: bool,
    wants: tuple[bool, bool, bool] = (True, True, True),
) -> list[Tensor]:
    """The operator; moves: of each level, of the points, of the offsets."""
    by_levels = _sampling.moves_of_levels(moves[: len(levels)], levels)
    code = _sampling.PADDING_CODES[padding]
    double_backward = torch.ops.list_fast.sample_voxels_double_backward
    return double_backward(by_levels, *moves[-2:], grad, levels, points, offsets, code, align_corners, *wants)


def images_twice(
    levels: list[Tensor],
    points: Tensor,
    transform: Tensor,
    grad: Tensor,
    moves: Sequence[Tensor | None],
    padding: str,
    align_corners: bool,
    wants: tuple[bool, bool, bool, bool] = (True, True, True, True),
) -> list[Tensor]:
    by_levels = _sampling.moves_of_levels(moves[: len(levels)], levels)
    options = (*CANVAS, _sampling.PADDING_CODES[padding], align_corners)
    double_backward = torch.ops.list_fast.sample_images_double_backward
    return double_backward(by_levels, *moves[-2:], grad, levels, points, transform, *options, *wants)


def subsets(moves: list[Tensor | None]) -> list[list[Tensor | None]]:
    """All of the moves, those of the levels, of each other input, and of one level and the points."""
    count = len(moves) - 2
    kept = [range(count + 2), range(count), [count], [count + 1], [1, count]]
    return [[move if i in keep else None for i, move in enumerate(moves)] for keep in kept]


def assert_same(actual: Sequence[Tensor], expected: Sequence[Tensor], tolerance: float = 1e-10) -> None:
    for a, b in zip(actual, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("displaced", [True, False])
def test_voxels_equal_the_reference(device: torch.device, padding: str, align_corners: bool, displaced: bool) -> None:
    levels, points, given = make_voxels(device)
    offsets = given if displaced else None
    points[0, 40, 1], points[1, 41], points[0, 42, 2] = torch.nan, torch.inf, -torch.inf
    places = [points] if offsets is None else [points, offsets]
    grad = random(device, 2, 97, *([4] if displaced else []), 60, seed=20)
    forward = voxels_reference(_sampling.PADDING_CODES[padding], align_corners, places, len(levels))
    for moves in subsets(like([*levels, points, offsets], seed=30)):
        if all(move is None for move in moves):
            continue
        actual = voxels_twice(levels, points, offsets, grad, moves, padding, align_corners)
        expected = _sampling.second_derivative(forward, [*levels, *places], grad, moves[: len(levels) + len(places)])
        assert_same(actual[: len(expected)], expected)
        assert actual[0].any() and all(tensor.isfinite().all() for tensor in actual)
        assert not actual[1 + len(levels)][0, 40].any() and not actual[1 + len(levels)][1, 41].any()


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
def test_images_equal_the_reference(device: torch.device, padding: str, align_corners: bool) -> None:
    levels, points, transform = make_images(device)
    points[0, 40, 1], points[1, 41], points[0, 42, 2] = torch.nan, torch.inf, -torch.inf
    points[1, 43] *= -50  # behind the camera
    grad = random(device, 2, 150, 41, seed=20)
    forward = images_reference((*CANVAS, _sampling.PADDING_CODES[padding], align_corners), len(levels))
    for moves in subsets(like([*levels, points, transform], seed=30)):
        actual = images_twice(levels, points, transform, grad, moves, padding, align_corners)
        expected = _sampling.second_derivative(forward, [*levels, points, transform], grad, moves)
        assert_same(actual, expected, 1e-9)
        assert actual[0].any() and all(tensor.isfinite().all() for tensor in actual)


def test_points_on_an_edge_of_the_canvas(device: torch.device) -> None:
    """There the pixel still moves, as in torch.clamp, and the level's own clamp holds it where its nodes end."""
    transform = torch.zeros(1, 4, 3, dtype=DOUBLE, device=device)
    transform[0, :3] = torch.eye(3)
    level = random(device, 1, 2, 4, 5, seed=0)
    points = torch.tensor([[0.0, 0, 1], [63, 47, 1], [-0.5, 1, 1], [64, 1, 1], [2, 47, 1]], dtype=DOUBLE, device=device)
    points, grad = points[None], random(device, 1, 5, 2, seed=1)
    moves = like([level, points, transform], seed=2)
    for align_corners in (True, False):
        forward = images_reference((*CANVAS, 0, align_corners), 1)
        actual = images_twice([level], points, transform, grad, moves, "border", align_corners)
        assert_same(actual, _sampling.second_derivative(forward, [level, points, transform], grad, moves))


@pytest.mark.parametrize("wants", [(True, False, False), (False, True, False), (False, False, True)])
def test_what_is_not_wanted_is_empty(device: torch.device, wants: tuple[bool, bool, bool]) -> None:
    levels, points, offsets = make_voxels(device)
    grad, moves = random(device, 2, 97, 4, 60, seed=20), like([*levels, points, offsets], seed=30)
    full = voxels_twice(levels, points, offsets, grad, moves, "border", True)
    some = voxels_twice(levels, points, offsets, grad, moves, "border", True, wants)
    kept = [wants[0], *[wants[1]] * len(levels), wants[2], wants[2]]
    for a, b, keep in zip(some, full, kept, strict=True):
        torch.testing.assert_close(a, b if keep else b.new_empty(0), rtol=1e-12, atol=1e-12)
    images, places, transform = make_images(device)
    grad, moves = random(device, 2, 150, 41, seed=20), like([*images, places, transform], seed=30)
    full = images_twice(images, places, transform, grad, moves, "zeros", False)
    for i in range(4):
        some = images_twice(images, places, transform, grad, moves, "zeros", False, tuple(j == i for j in range(4)))  # type: ignore[arg-type]
        kept = [i == 0, *[i == 1] * len(images), i == 2, i == 3]
        for a, b, keep in zip(some, full, kept, strict=True):
            torch.testing.assert_close(a, b if keep else b.new_empty(0), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("layout", ["channels_last", "transposed", "strided", "expanded", "few points"])
def test_layouts(device: torch.device, layout: str) -> None:
    def lay(level: Tensor) -> Tensor:
        if layout == "channels_last":
            return level.contiguous(memory_format=torch.channels_last_3d)
        if layout == "transposed":
            return level.transpose(2, 4).contiguous().transpose(2, 4)
        if layout == "strided":
            return torch.stack([level, level], -1).flatten(-2)[..., ::2]
        return level[:1].expand_as(level) if layout == "expanded" else level

    levels, points, offsets = make_voxels(device, count=3 if layout == "few points" else 60)
    if layout == "few points":  # too few to copy the level for
        levels = [random(device, 2, 19, 9, 8, 7, seed=i) for i in range(2)]
    levels = [lay(level) for level in levels]
    moves = [None if move is None else lay(move) for move in like(levels, seed=30)]
    moves += like([points, offsets], seed=40)
    grad = random(device, 2, points.shape[1], 4, sum(level.shape[1] for level in levels), seed=20)
    actual = voxels_twice(levels, points, offsets, grad, moves, "border", True)
    forward = voxels_reference(0, True, [points, offsets], len(levels))
    assert_same(actual, _sampling.second_derivative(forward, [*levels, points, offsets], grad, moves))
    for result, level in zip(actual[1:], levels, strict=False):
        assert result.stride() == torch.empty_like(level).stride()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_levels(device: torch.device, dtype: torch.dtype) -> None:
    levels, points, offsets = make_voxels(device, dtype=torch.float32)
    halves = [level.to(dtype) for level in levels]
    grad, moves = random(device, 2, 97, 4, 60, seed=20, dtype=torch.float32), like([*halves, points, offsets], seed=30)
    actual = voxels_twice(halves, points, offsets, grad, moves, "border", True)
    wide = [move if move is None else move.float() for move in moves]
    expected = voxels_twice([half.float() for half in halves], points, offsets, grad, wide, "border", True)
    assert [tensor.dtype for tensor in actual[1:6]] == [dtype] * 5
    for a, b in zip(actual, expected, strict=True):
        tolerance = 2e-2 if a.dtype == dtype else 1e-4
        torch.testing.assert_close(a.float(), b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("batch", "count", "displaced"), [(0, 5, 3), (2, 0, 3), (2, 5, 0)])
def test_empty(device: torch.device, batch: int, count: int, displaced: int) -> None:
    levels = [random(device, batch, *shape, seed=0).requires_grad_() for shape in VOXELS]
    points = random(device, batch, count, 3, seed=1).requires_grad_()
    offsets = random(device, displaced, 3, seed=2).requires_grad_()
    transform = random(device, batch, 4, 3, seed=3).requires_grad_()
    images = [random(device, batch, *shape, seed=0).requires_grad_() for shape in IMAGES]
    calls: list[tuple[Tensor, list[Tensor]]] = [(sample_voxels(levels, points, offsets), [*levels, points, offsets])]
    if displaced:
        calls.append((sample_images(images, points, transform, canvas=CANVAS), [*images, points, transform]))
    for out, inputs in calls:
        first = torch.autograd.grad(out.square().sum(), inputs, create_graph=True)
        for tensor, grad in zip(inputs, torch.autograd.grad(sum(g.sum() for g in first), inputs), strict=True):
            assert grad.shape == tensor.shape and not grad.any()


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("align_corners", [True, False])
def test_gradgradcheck(device: torch.device, padding: str, align_corners: bool) -> None:
    options = {"padding": padding, "align_corners": align_corners}
    levels = [
        random(device, 1, *shape, seed=i).requires_grad_() for i, shape in enumerate([(1, 3, 2, 5), (2, 1, 4, 3)])
    ]
    points = (0.37 * random(device, 1, 2, 3, seed=2)).requires_grad_()
    offsets = (0.1 * random(device, 2, 3, seed=3)).requires_grad_()

    def voxels(p: Tensor, o: Tensor, *ls: Tensor) -> Tensor:
        return sample_voxels(ls, p, o, **options)

    assert torch.autograd.gradgradcheck(voxels, (points, offsets, *levels), nondet_tol=1e-12)
    transform = make_images(device, batch=1)[2].requires_grad_()
    images = [random(device, 1, *shape, seed=i).requires_grad_() for i, shape in enumerate([(1, 3, 5), (2, 4, 1)])]

    def pictures(p: Tensor, t: Tensor, *ls: Tensor) -> Tensor:
        return sample_images(ls, p, t, canvas=CANVAS, **options)

    assert torch.autograd.gradgradcheck(pictures, (points, transform, *images), nondet_tol=1e-12)


@pytest.mark.parametrize("padding", PADDINGS)
def test_third_derivatives(device: torch.device, padding: str) -> None:
    """Higher orders go through plain torch; the first gradients that are differentiated depend on the inputs."""
    levels, points, transform = make_images(device, count=30)
    functions: list[Callable[..., Tensor]] = [sample_images, reference.sample_images]
    results = []
    for function in functions:
        leaves = [tensor.clone().requires_grad_() for tensor in (*levels, points, transform)]
        out = function(leaves[:-2], leaves[-2], leaves[-1], canvas=CANVAS, padding=padding, align_corners=False)
        value = out.sin().sum()
        for _ in range(3):
            grads = torch.autograd.grad(value, leaves, create_graph=True)
            value = sum((g * torch.linspace(0.5, 1, g.numel(), device=device).view(g.shape)).sin().sum() for g in grads)
        results.append(grads)
    assert_same(results[0], results[1], 1e-7)


def test_third_derivative_by_some_moves(device: torch.device) -> None:
    levels, points, _ = make_voxels(device, count=20)
    results = []
    for function in (sample_voxels, reference.sample_voxels):
        leaves = [levels[1].clone().requires_grad_(), (0.2 * points).requires_grad_()]
        out = function([levels[0], leaves[0]], leaves[1])
        (first,) = torch.autograd.grad(out.sin().sum(), leaves[1], create_graph=True)  # the points alone
        second = torch.autograd.grad(first.square().sum(), leaves, create_graph=True)
        results.append([*second, *torch.autograd.grad(sum(g.sin().sum() for g in second), leaves)])
    assert_same(*results, 1e-8)


def test_opcheck(device: torch.device) -> None:
    levels, points, offsets = make_voxels(device, count=3)
    levels = [levels[0], levels[1].contiguous(memory_format=torch.channels_last_3d)]
    moves, grad = like([*levels, points, offsets], seed=1), random(device, 2, 3, 4, 4, seed=2)
    op = torch.ops.list_fast.sample_voxels_double_backward.default
    places = (grad, levels, points, offsets, 0, True)
    for first in (
        (moves[:2], moves[2], moves[3]),
        ([], moves[2], None),
        ([moves[0], levels[1].new_empty(0)], None, None),
    ):
        for wants in ((True, True, True), (True, False, False), (False, True, False), (False, False, True)):
            assert set(torch.library.opcheck(op, (*first, *places, *wants)).values()) == {"SUCCESS"}
    images, points, transform = make_images(device, count=3)
    images = images[:2]
    moves, grad = like([*images, points, transform], seed=1), random(device, 2, 3, 4, seed=2)
    op = torch.ops.list_fast.sample_images_double_backward.default
    rest = (grad, images, points, transform, *CANVAS, 1, False)
    for first in ((moves[:2], moves[2], moves[3]), ([], None, moves[3])):
        for asked in ((True, True, True, True), (True, False, False, True), (False, True, True, False)):
            assert set(torch.library.opcheck(op, (*first, *rest, *asked)).values()) == {"SUCCESS"}


def test_opcheck_of_the_gradients(device: torch.device) -> None:
    levels, points, offsets = make_voxels(device, count=3)
    inputs = [tensor.requires_grad_() for tensor in (levels[0], points, offsets, random(device, 2, 3, 4, 1, seed=2))]
    moves = [None if move is None else move.requires_grad_() for move in like(inputs[:3], seed=1)]
    arguments = ([moves[0]], moves[1], moves[2], inputs[3], [inputs[0]], points, offsets, 0, True, True, True, True)
    result = torch.library.opcheck(torch.ops.list_fast.sample_voxels_double_backward.default, arguments)
    assert set(result.values()) == {"SUCCESS"}


def test_shapes_on_a_cuda_that_is_not_there() -> None:
    with FakeTensorMode():
        levels = [torch.empty(2, 3, 8, 8, 8, device="cuda")]
        points, offsets = torch.empty(2, 11, 3, device="cuda"), torch.empty(7, 3, device="cuda")
        grad = torch.empty(2, 11, 7, 3, device="cuda")
        moves = [*levels, points, offsets]
        results = voxels_twice(levels, points, offsets, grad, moves, "border", True)
        assert [(r.shape, r.device.type) for r in results] == [(t.shape, "cuda") for t in (grad, *moves)]


def test_same_bits_for_any_number_of_threads() -> None:
    cpu = torch.device("cpu")
    voxels, images = make_voxels(cpu, 1500, dtype=torch.float32), make_images(cpu, 3000, dtype=torch.float32)
    grads = [random(cpu, 2, 1500, 4, 60, seed=1).float(), random(cpu, 2, 3000, 41, seed=2).float()]
    threads, results = torch.get_num_threads(), []
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            moves = like([*voxels[0], *voxels[1:]], seed=30), like([*images[0], *images[1:]], seed=40)
            found = voxels_twice(*voxels, grads[0], moves[0], "border", True)
            results.append(found + images_twice(*images, grads[1], moves[1], "border", True))
    finally:
        torch.set_num_threads(threads)
    for other in results[1:]:
        assert all(torch.equal(a, b) for a, b in zip(results[0], other, strict=True))


@pytest.mark.parametrize("level", ["baseline", "avx2"])
def test_every_vector_level_agrees(level: str) -> None:
    script = (
        "import torch; from list_fast.ops import reference, sample_voxels\n"
        "torch.manual_seed(0)\n"
        "levels = [torch.randn(1, c, 5, 4, 3).requires_grad_() for c in (1, 3, 4, 21, 64)]\n"
        "points = (torch.rand(1, 300, 3) * 3 - 1.5).requires_grad_()\n"
        "pairs = []\n"
        "for function in (sample_voxels, reference.sample_voxels):\n"
        "    value = function(levels, points).sin().sum()\n"
        "    first = torch.autograd.grad(value, [*levels, points], create_graph=True)\n"
        "    pairs.append(torch.autograd.grad(sum(g.sin().sum() for g in first), [*levels, points]))\n"
        "for a, b in zip(*pairs): torch.testing.assert_close(a, b, rtol=1e-3, atol=5e-3)\n"
    )
    environment = {**os.environ, "LIST_FAST_SIMD": level}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_moves_that_do_not_fit_are_refused(device: torch.device) -> None:
    levels, points, offsets = make_voxels(device, count=3)
    grad = random(device, 2, 3, 60, seed=0)
    op = torch.ops.list_fast.sample_voxels_double_backward
    with pytest.raises(RuntimeError, match="by_levels must be empty or hold one tensor for each level"):
        op(levels[:2], None, None, grad, levels, points, None, 0, True, True, True, True)
    with pytest.raises(RuntimeError, match="by_levels must have the shapes"):
        op(levels[::-1], None, None, grad, levels, points, None, 0, True, True, True, True)
    with pytest.raises(RuntimeError, match="must have their shapes, dtype and device"):
        op([], points[:, :2], None, grad, levels, points, None, 0, True, True, True, True)
    with pytest.raises(RuntimeError, match="by_offsets needs offsets"):
        op([], None, offsets, grad, levels, points, None, 0, True, True, True, True)
