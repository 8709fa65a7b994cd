# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Drive every kernel, forward and backward, over ordinary, odd and bad inputs; ``.ci/sanitize`` runs it on a CPU.

    python tests/sanitize.py FOLDER                 the CPU library in FOLDER, which must be an instrumented one
    python tests/sanitize.py --device cuda          under compute-sanitizer, some of the cases

The sanitizers stop the process at the first access out of bounds or undefined step. What the operations return is the
business of the other tests; here only that they return, or raise where the arguments contradict each other.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.utils.deterministic
from torch import Tensor

sys.path.append(str(Path(__file__).resolve().parents[1]))  # last: for where nothing else has the package

import list_fast
from list_fast import _native, ops
from list_fast.ops._panels import pack_panels
from list_fast.ops.decode_queries import pack_columns

BAD = (float("nan"), float("inf"), -float("inf"), 3e38, -3e38, 1e10, -1e10, 1.0, -1.0, 0.0)
PADDINGS = ("border", "zeros", "reflection")
every = 1
"""Of a kernel's cases each so many-th is run; a prime, so that all kinds of them are met."""


def product(*choices: Iterable[object]) -> Iterator[tuple]:
    """Those of the combinations that are to be run."""
    return itertools.islice(itertools.product(*choices), None, None, every)


def places(batch: int, count: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Points (batch, count, 3): random around the cube, the first ones with every bad value in every coordinate."""
    points = torch.empty(batch, count, 3, dtype=dtype).uniform_(-1.5, 1.5)
    for row, (value, axis) in enumerate(itertools.product(BAD, range(3))):
        if row < count:
            points[:, row, axis] = value
    return points


def backward(output: Tensor) -> None:
    """Send ordinary and bad gradients back."""
    if output.requires_grad and output.is_floating_point():
        output.backward(torch.randn_like(output), retain_graph=True)
        output.backward(torch.full_like(output, float("nan")))


def twice(output: Tensor, inputs: list[Tensor]) -> None:
    """Differentiate the first gradients: all of them along ordinary directions, the last alone along bad ones."""
    grad = torch.randn_like(output).requires_grad_()
    first = torch.autograd.grad(output, inputs, grad, create_graph=True)
    ordinary, bad = [torch.randn_like(g) for g in first], [torch.full_like(first[-1], float("nan"))]
    for chosen, along in ((first, ordinary), (first[-1:], bad)):
        torch.autograd.grad(chosen, [grad, *inputs], along, retain_graph=True)


def run_sample_voxels() -> int:
    cases = 0
    shapes = [[(8, 8, 8)], [(1, 1, 1)], [(3, 5, 7), (1, 6, 2), (16, 4, 9)]]
    for sizes, channels, padding, align, count in product(shapes, (1, 5, 40), PADDINGS, (True, False), (0, 1, 33)):
        for dtype in (torch.float32, torch.float64):
            levels = [torch.randn(2, channels, *size, dtype=dtype, requires_grad=True) for size in sizes]
            points = places(2, count, dtype).requires_grad_()
            for offsets in (None, torch.randn(7, 3, dtype=dtype) * 0.1, torch.zeros(0, 3, dtype=dtype)):
                out = list_fast.sample_voxels(levels, points, offsets, padding=padding, align_corners=align)
                twice(out, [*levels, points])
                backward(out)
                cases += 1
    strided = torch.randn(2, 9, 8, 7, 6).permute(0, 4, 1, 2, 3)
    backward(list_fast.sample_voxels([strided.requires_grad_()], places(2, 40).transpose(0, 1).transpose(0, 1)))
    return cases + 1


def run_sample_images() -> int:
    cases = 0
    shapes = [[(8, 8)], [(1, 1)], [(5, 7), (1, 6), (28, 3)]]
    for sizes, channels, padding, align, count in product(shapes, (1, 5, 40), PADDINGS, (True, False), (0, 1, 33)):
        for canvas in ((224, 224), (1, 1), (37, 5)):
            levels = [torch.randn(2, channels, *size, requires_grad=True) for size in sizes]
            transform = torch.randn(2, 4, 3, requires_grad=True)
            points = places(2, count).requires_grad_()
            out = list_fast.sample_images(
                levels, points, transform, canvas=canvas, padding=padding, align_corners=align
            )
            twice(out, [*levels, points, transform])
            backward(out)
            cases += 1
    for value in BAD:
        transform = torch.full((1, 4, 3), value, requires_grad=True)
        backward(list_fast.sample_images([torch.randn(1, 3, 6, 6)], places(1, 33), transform, canvas=(9, 9)))
        cases += 1
    return cases


def run_sum_samples() -> int:
    cases = 0
    offsets = torch.tensor([[0.0, 0, 0], [0.1, 0, 0], [0, -0.1, 0], [0.1, 0, 0.2]])
    for channels, k, count in product((1, 5, 40, 300), (0, 1, 4), (0, 1, 33, 200)):
        for sizes in ([(8, 8, 8)], [(1, 1, 1)], [(3, 5, 7), (1, 6, 2)]):
            lattice = torch.cartesian_prod(
                torch.tensor([-1.0, 0.3]), torch.tensor([2.0]), torch.linspace(-1.2, 1.2, 35)
            )
            for points in (places(1, count)[0], lattice.flip(1)):
                sums: dict[str, Any] = {
                    "voxels": [torch.randn(k, *size, channels) for size in sizes],
                    "images": [torch.randn(*size[1:], channels) for size in sizes],
                    "points": points,
                    "offsets": offsets[:k],
                    "transform": torch.randn(4, 3),
                    "weight": torch.randn(3, channels),
                    "bias": torch.randn(channels),
                    "canvas": (5, 9),
                    "levels": [torch.randn(*size, 6) for size in sizes],
                    "columns": [pack_panels(torch.randn(k, 6, channels)) for _ in sizes],
                    "planes": len(sizes) == 1,
                }
                ops.sum_samples(**sums)
                layers = [pack_panels(torch.randn(channels, 70)), torch.randn(70), torch.randn(70), torch.randn(1)]
                widths = (9, 2)[: len(sizes)]
                ops.decode_samples(
                    **sums,
                    layers=layers if k else [torch.randn(channels), torch.randn(1)],
                    features=[torch.randn(len(points), width) for width in widths if k],
                    feature_columns=[pack_panels(torch.randn(width, channels)) for width in widths if k],
                )
                cases += 2
    return cases


def run_decode_queries() -> int:
    cases = 0
    shapes = [[(4, 6, 5, 1), (3, 1, 7, 8), (2, 2, 3, 16)], [(3, 3, 3, 5)], [(1, 1, 1, 128)], []]
    for voxels, maps, count, half in product(shapes, (0, 1, 3), (0, 1, 64, 200), (torch.float16, torch.bfloat16)):
        k, images = 4, [(5, 3, 3), (1, 6, 16)]
        columns = pack_columns(
            [torch.randn(k, shape[-1], 512) for shape in voxels], [torch.randn(shape[-1], 512) for shape in images]
        )
        layers = [torch.randn(512, 256).to(half), torch.randn(256), torch.randn(256, 256).to(half)]
        ops.decode_queries(
            [torch.randn(shape).to(half) for shape in voxels],
            [torch.randn(shape).to(half) for shape in images],
            [torch.randn(4, 4, 512).to(half)] * maps,
            places(1, count)[0],
            torch.randn(k, 3),
            torch.randn(4, 3),
            torch.randn(3, 512),
            torch.randn(512),
            columns.to(half),
            [*layers, torch.randn(256), torch.randn(256), torch.randn(1)],
            canvas=(5, 9),
        )
        cases += 1
    return cases


def run_marching_cubes() -> int:
    cases = 0
    dtypes = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
    for size, dtype in product([(2, 2, 2), (1, 5, 5), (3, 17, 9), (33, 34, 35), (0, 4, 4), (9, 9, 130)], dtypes):
        noise = torch.randn(size).to(dtype)
        spoiled = noise.clone()
        if noise.numel() > 8:
            for position, value in enumerate(BAD):
                spoiled.view(-1)[position * 7 % noise.numel()] = value
        for volume in (
            noise,
            spoiled,
            torch.ones_like(noise),
            torch.full_like(noise, float("nan")),
            torch.zeros_like(noise),
        ):
            for level in (0.0, 0.3, 1e30):
                wanted = volume.clone().requires_grad_()
                vertices, *_ = list_fast.marching_cubes(
                    wanted, level, bounds=((-1, -1, -1), (1, 1, 1)), return_normals=True
                )
                backward(vertices)
                backward(list_fast.marching_cubes(wanted, level, method="mc33", return_normals=True)[0])
                cases += 2
    for size, integers in product([(2, 2, 2), (3, 17, 9), (9, 9, 130)], (torch.uint8, torch.int8, torch.int16)):
        for method in ("lorensen", "mc33"):
            list_fast.marching_cubes(torch.randint(0, 99, size).to(integers), 50, method=method, return_normals=True)
            cases += 1
    return cases


def run_marching_cubes_padded() -> int:
    cases = 0
    for shape, vertices, faces in product(((9, 8, 35), (2, 2, 2), (1, 4, 4), (0, 3, 3)), (0, 7, 2000), (0, 9, 5000)):
        list_fast.marching_cubes_padded(torch.randn(shape), capacity=(vertices, faces), bounds=((0,) * 3, (1,) * 3))
        cases += 1
    return cases


def run_marching_cubes_normals() -> int:
    """Edges of every kind, those that no volume has among them."""
    cases = 0
    for size in [(2, 2, 2), (1, 5, 5), (3, 17, 9), (0, 4, 4)]:
        for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16):
            edges = torch.cat([torch.arange(-9, 3 * math.prod(size) + 9), torch.tensor([-(2**62), 2**62])])
            torch.ops.list_fast.marching_cubes_normals(torch.randn(size).to(dtype), edges, 0.0, 1.0, 0.5, 2.0)
            cases += 1
    return cases


def run_marching_cubes_bricks() -> int:
    cases = 0
    for sizes in [(8, 8, 8), (9, 17, 30), (1, 9, 9), (40, 3, 2)]:
        count = math.prod(-(-n // 8) for n in sizes)
        for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16):
            for bricks in (torch.arange(count), torch.arange(0, count, 2), torch.zeros(0, dtype=torch.int64)):
                noise = torch.randn(len(bricks), 8, 8, 8).to(dtype)
                spoiled = noise.clone()
                for position, value in enumerate(BAD if len(bricks) else ()):
                    spoiled.view(-1)[position * 7] = value
                for values in (noise, spoiled, torch.full_like(noise, float("nan"))):
                    torch.ops.list_fast.marching_cubes_bricks(bricks, values, *sizes, 0.1)
                    torch.ops.list_fast.mc33_bricks(bricks, values, *sizes, 0.1)
                    cases += 2
    return cases


def run_occupancy_grid() -> int:
    cases = 0
    for resolution, mode, count in product((2, 3, 7, 32), ("nearest", "trilinear"), (0, 1, 33, 2000)):
        points = places(2, count).requires_grad_()
        backward(list_fast.occupancy_grid(points, resolution, mode=mode))
        cases += 1
    return cases


def run_contradictions() -> int:
    """The operators past the checks of the public functions, with arguments that would lead out of bounds."""
    ops = torch.ops.list_fast
    volume, image, points = torch.randn(2, 3, 4, 4, 4), torch.randn(2, 3, 4, 4), torch.randn(2, 5, 3)
    transform = torch.randn(2, 4, 3)
    decoder: dict[str, Any] = {
        "voxels": [torch.randn(7, 4, 4, 4, 5)],
        "images": [torch.randn(4, 4, 5)],
        "levels": [torch.randn(4, 4, 4, 3)],
        "columns": [torch.randn(7, 1, 3, 64)],
        "points": points[0],
        "offsets": torch.randn(7, 3),
        "transform": transform[0],
        "weight": torch.randn(3, 5),
        "bias": torch.randn(5),
        "size": (9, 9, True),
        "features": [torch.randn(5, 2)],
        "feature_columns": [torch.randn(1, 2, 64)],
        "layers": [torch.randn(1, 5, 64), torch.randn(64), torch.randn(64), torch.randn(1)],
    }

    def decode(**change: object) -> Tensor:
        *before, size, features, columns, layers = (decoder | change).values()
        result: Tensor = ops.decode_samples(*before, *size, features, columns, layers)
        return result

    assert len(decode()) == 5  # as it stands nothing is wrong with it
    calls: list[Callable[[], object]] = [
        lambda: ops.sample_voxels([volume], points[..., :2], None, 0, True),
        lambda: ops.sample_voxels([volume[:1]], points, None, 0, True),
        lambda: ops.sample_voxels([volume[0]], points, None, 0, True),
        lambda: ops.sample_voxels([volume], points, torch.randn(7, 2), 0, True),
        lambda: ops.sample_voxels([], points, None, 0, True),
        lambda: ops.sample_voxels_backward(torch.randn(2, 4, 3), [volume], points, None, 0, True, True, True),
        lambda: ops.sample_voxels_double_backward(
            [volume, volume], None, None, torch.randn(2, 5, 3), [volume], points, None, 0, True, True, True, True
        ),
        lambda: ops.sample_voxels_double_backward(
            [volume[:1]], None, None, torch.randn(2, 5, 3), [volume], points, None, 0, True, True, True, True
        ),
        lambda: ops.sample_voxels_double_backward(
            [], points[:, :4], None, torch.randn(2, 5, 3), [volume], points, None, 0, True, True, True, True
        ),
        lambda: ops.sample_voxels_double_backward(
            [], None, points, torch.randn(2, 5, 3), [volume], points, None, 0, True, True, True, True
        ),
        lambda: ops.sample_voxels_double_backward(
            [], points, None, torch.randn(2, 4, 3), [volume], points, None, 0, True, True, True, True
        ),
        lambda: ops.sample_images([image], points[..., :2], transform, 9, 9, 0, True),
        lambda: ops.sample_images([image], points, transform[:1], 9, 9, 0, True),
        lambda: ops.sample_images([image], points, transform[:, :3], 9, 9, 0, True),
        lambda: ops.sample_images([image[0]], points, transform, 9, 9, 0, True),
        lambda: ops.sample_images_backward(
            torch.randn(2, 4, 3), [image], points, transform, 9, 9, 0, True, True, True, True
        ),
        lambda: ops.sample_images_double_backward(
            [], None, transform[:1], torch.randn(2, 5, 3), [image], points, transform, 9, 9, 0, *[True] * 5
        ),
        lambda: decode(columns=[torch.randn(7, 1, 2, 64)]),
        lambda: decode(columns=[torch.randn(7, 2, 3, 64)]),
        lambda: decode(levels=[torch.randn(4, 4, 3)]),
        lambda: decode(voxels=[torch.randn(6, 4, 4, 4, 5)]),
        lambda: decode(images=[torch.randn(4, 4, 4)]),
        lambda: decode(bias=torch.randn(4)),
        lambda: decode(features=[torch.randn(4, 2)]),
        lambda: decode(feature_columns=[torch.randn(1, 3, 64)]),
        lambda: decode(feature_columns=[torch.randn(1, 1, 2, 64)]),
        lambda: decode(layers=[torch.randn(1, 5, 64), torch.randn(65), torch.randn(65), torch.randn(1)]),
        lambda: decode(layers=[torch.randn(1, 5, 64), torch.randn(64), torch.randn(63), torch.randn(1)]),
        lambda: decode(layers=[torch.randn(5), torch.randn(2)]),
        lambda: decode(layers=[torch.randn(5)]),
        lambda: ops.marching_cubes(volume, 0.0, True),
        lambda: ops.marching_cubes_normals(volume[0, 0], torch.zeros(3), 0.0, 1.0, 1.0, 1.0),
        lambda: ops.marching_cubes_normals(volume[0], torch.zeros(3, dtype=torch.int64), 0.0, 1.0, 1.0, 1.0),
        lambda: ops.marching_cubes_normals(volume[0, 0], torch.zeros(3, dtype=torch.int64), 0.0, 0.0, 1.0, 1.0),
        lambda: ops.marching_cubes(torch.zeros(4, 4, 4, dtype=torch.int64), 0.0, True),
        lambda: ops.marching_cubes_bricks(torch.arange(2), torch.zeros(1, 8, 8, 8), 16, 16, 16, 0.0),
        lambda: ops.marching_cubes_bricks(torch.arange(2), torch.zeros(2, 8, 8, 7), 16, 16, 16, 0.0),
        lambda: ops.marching_cubes_bricks(torch.arange(2), torch.zeros(2, 8, 8, 8), 16, 16, 0, 0.0),
        lambda: ops.mc33(volume, 0.0, True),
        lambda: ops.mc33(torch.zeros(4, 4, 4, dtype=torch.int64), 0.0, True),
        lambda: ops.occupancy_grid(points[..., :2], 8, 0),
        lambda: ops.occupancy_grid(points, 0, 0),
        lambda: ops.occupancy_grid(points, -3, 1),
        lambda: ops.occupancy_grid_backward(torch.randn(2, 1, 8, 8, 8), points, 9),
    ]
    if torch.get_default_device().type == "cpu":  # on CUDA the caller sees to it: a look would wait for the device
        for numbers in ([1, 0], [0, 8], [-1, 0]):
            bricks, values = torch.tensor(numbers), torch.zeros(2, 8, 8, 8)
            for operator in (ops.marching_cubes_bricks, ops.mc33_bricks):
                calls.append(partial(operator, bricks, values, 16, 16, 16, 0.0))
    for number, call in enumerate(calls):
        try:
            call()
        except (RuntimeError, ValueError, TypeError):
            continue
        raise SystemExit(f"contradiction {number} was taken")
    return len(calls)


def main() -> None:
    global every  # noqa: PLW0603 - the whole program's choice
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="of the instrumented library")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    arguments = parser.parse_args()
    if arguments.device == "cuda":
        # A tool checks each launch for milliseconds.
        every = 5
        torch.set_default_device("cuda")
        if _native.load().cuda is None:
            raise SystemExit(f"the CUDA library is not loaded: {_native.load().no_cuda}")
    else:
        library = _native.load().cpu.resolve()
        folder = (arguments.folder or parser.error("folder must be given for a CPU")).resolve()
        if not library.is_relative_to(folder) or b"__asan_init" not in library.read_bytes():
            raise SystemExit(f"{library} is not the instrumented library of {folder}")
    torch.manual_seed(0)
    torch.set_num_threads(2)
    level = os.environ.get("LIST_FAST_SIMD", "the best") if arguments.device == "cpu" else "none"
    kernels = (
        run_sample_voxels,
        run_sample_images,
        run_sum_samples,
        run_decode_queries,
        run_marching_cubes,
        run_marching_cubes_padded,
        run_marching_cubes_normals,
        run_marching_cubes_bricks,
        run_occupancy_grid,
        run_contradictions,
    )
    for run in kernels:
        if run is (run_decode_queries if arguments.device == "cpu" else run_sum_samples):
            continue  # has a kernel for the other device alone
        print(f"sanitized, SIMD {level}: {run.__name__.removeprefix('run_')}, {run()} cases", flush=True)
    if arguments.device == "cuda":
        every = 11
        torch.use_deterministic_algorithms(True)  # the samplers have other kernels for that
        torch.utils.deterministic.fill_uninitialized_memory = False  # which would hide what is not written
        for run in (run_sample_voxels, run_sample_images):
            print(f"sanitized, in a fixed order: {run.__name__.removeprefix('run_')}, {run()} cases", flush=True)


if __name__ == "__main__":
    main()
