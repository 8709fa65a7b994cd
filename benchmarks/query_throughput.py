# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Throughput of field queries and of every operation, at LIST's sizes, against what one would use otherwise.

    python benchmarks/query_throughput.py [--device cpu|cuda] [--quick] [--only GROUP ...] [--budget SECONDS]
                                          [--json FILE] [--plot FILE]

Prints a table of rates and of ratios, list_fast against plain torch, torch.compile, the published algorithm,
other marching cubes (those that are installed; benchmarks/isosurface.py tells more of them), and one of extra memory
for second derivatives; writes JSON, by default benchmarks/results/<hardware>.json, and a plot beside it. All contenders
run in turn in every round; a ratio is the median over the rounds, with its range.
Weights are random: throughput does not depend on them.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import (  # noqa: E402
    OURS,
    Case,
    copy_bandwidth,
    hardware,
    measure,
    memory_table,
    merged,
    plot,
    slug,
    table,
    write_json,
)
from double_backward import cases as double_backward_cases  # noqa: E402
from isosurface import surface_cases, volume  # noqa: E402

from list_fast.ops import (  # noqa: E402
    marching_cubes,
    occupancy_grid,
    reference,
    sample_images,
    sample_voxels,
)

VOXEL_LEVELS = [
    (1, 128),
    (16, 128),
    (32, 64),
    (64, 32),
    (128, 16),
    (128, 8),
]  # (channels, nodes per axis), list-model 1.2
IMAGE_LEVELS = [(64, 224), (64, 112), (128, 56), (256, 28), (512, 14)]
CANVAS = (137, 137)


def voxel_levels(device: torch.device) -> list[Tensor]:
    return [torch.randn(1, channels, nodes, nodes, nodes, device=device) for channels, nodes in VOXEL_LEVELS]


def image_levels(device: torch.device) -> list[Tensor]:
    return [torch.randn(1, channels, size, size, device=device) for channels, size in IMAGE_LEVELS]


def offsets(device: torch.device) -> Tensor:
    step = 0.0722 * torch.eye(3, device=device)
    return torch.cat([torch.zeros(1, 3, device=device), torch.stack([-step, step], 1).reshape(6, 3)])


def transform(device: torch.device) -> Tensor:
    """A camera that sees most of [-1, 1]³."""
    return torch.tensor([[[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [137, 137, 2]]], device=device)


def random_points(count: int, device: torch.device) -> Tensor:
    return torch.rand(1, count, 3, device=device) * 2 - 1


def lattice_points(count: int, device: torch.device) -> Tensor:
    """The first points of the 128³ lattice in the order of the published inference."""
    axis = torch.linspace(-1, 1, 128, device=device)
    grid = torch.stack(torch.meshgrid(axis[: -(-count // 128**2)], axis, axis, indexing="ij"), -1)
    return grid.reshape(1, -1, 3)[:, :count].flip(-1).contiguous()


def size_of(tensors: Sequence[Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    torch._dynamo.reset()
    return torch.compile(function)


def voxel_cases(device: torch.device, count: int, quick: bool) -> Iterator[Case]:
    levels, shifts, cuda = voxel_levels(device), offsets(device), device.type == "cuda"
    rows = [level.contiguous(memory_format=torch.channels_last_3d) for level in levels]
    output = 4 * count * 7 * sum(level.shape[1] for level in levels)
    for order, points in (("random", random_points(count, device)), ("lattice", lattice_points(count, device))):
        contenders: dict[str, Callable[[], object]] = {
            OURS: lambda p=points: sample_voxels(levels, p, shifts),
            "list_fast, channels-last levels": lambda p=points: sample_voxels(rows, p, shifts),
            "torch grid_sample": lambda p=points: reference.sample_voxels(levels, p, shifts),
        }
        if not quick and order == "random":
            function = compiled(reference.sample_voxels)
            contenders["torch.compile"] = lambda p=points, f=function: f(levels, p, shifts)
        yield Case(
            f"sample_voxels forward, {order} points",
            count,
            "queries",
            contenders,
            size_of(levels) + output,
            {"torch grid_sample": 5.0, "torch.compile": 2.0} if cuda else {"torch grid_sample": 15.0},
            share_bar=0.7 if cuda else 0.0,
        )
    points = random_points(count, device)
    grad = torch.randn(1, count, 7, output // (28 * count), device=device)
    for what in ("levels", "points", "levels and points"):
        contenders = {}
        for name, function in ((OURS, sample_voxels), ("torch grid_sample", reference.sample_voxels)):
            contenders[name] = backward_of(function, levels, points, what, grad, shifts)
        if cuda and "levels" in what:
            contenders["list_fast, in a fixed order"] = in_fixed_order(contenders[OURS])
        bars = {} if cuda else {"torch grid_sample": 10.0}
        yield Case(f"sample_voxels backward to {what}", count, "queries", contenders, size_of(levels) + output, bars)


def backward_of(
    function: Callable[..., Tensor], levels: list[Tensor], points: Tensor, what: str, grad: Tensor, shifts: Tensor
) -> Callable[[], object]:
    """A function that runs only the backward pass of one recorded forward pass."""
    leaves = [level.detach().requires_grad_("levels" in what) for level in levels]
    place = points.detach().requires_grad_("points" in what)
    out = function(leaves, place, shifts)
    inputs = [tensor for tensor in (*leaves, place) if tensor.requires_grad]
    return lambda: torch.autograd.grad(out, inputs, grad, retain_graph=True)


def in_fixed_order(run: Callable[[], object]) -> Callable[[], object]:
    """``run`` under ``torch.use_deterministic_algorithms``, which the backward pass reads."""

    def ordered() -> object:
        torch.use_deterministic_algorithms(True)
        try:
            return run()
        finally:
            torch.use_deterministic_algorithms(False)

    return ordered


def published_pooling(levels: list[Tensor], points: Tensor, matrix: Tensor) -> Tensor:
    """Every map resized to the canvas first, as the published code does for every chunk of queries (list-model 1.2)."""
    maps = [F.interpolate(level, CANVAS, mode="bilinear", align_corners=True) for level in levels]
    return reference.sample_images(maps, points, matrix, canvas=CANVAS)


def few_cases(device: torch.device, count: int, quick: bool) -> Iterator[Case]:
    """64 points, for which a call's fixed costs are all."""
    few, shifts, bars = 64, offsets(device), {} if device.type == "cuda" else {"torch grid_sample": 1.0}
    points = random_points(few, device)
    functions = ((OURS, sample_voxels), ("torch grid_sample", reference.sample_voxels))
    levels = voxel_levels(device)
    forward = {name: lambda f=function: f(levels, points, shifts) for name, function in functions}
    yield Case("sample_voxels forward, 64 points", few, "queries", forward, 0, bars)
    grad = torch.randn(1, few, 7, sum(level.shape[1] for level in levels), device=device)
    backward = {name: backward_of(function, levels, points, "points", grad, shifts) for name, function in functions}
    yield Case("sample_voxels backward to points, 64 points", few, "queries", backward, 0, bars)


def image_cases(device: torch.device, count: int, quick: bool) -> Iterator[Case]:
    levels, matrix, points = image_levels(device), transform(device), random_points(count, device)
    output = 4 * count * sum(level.shape[1] for level in levels)
    contenders: dict[str, Callable[[], object]] = {
        OURS: lambda: sample_images(levels, points, matrix, canvas=CANVAS),
        "torch grid_sample": lambda: reference.sample_images(levels, points, matrix, canvas=CANVAS),
        "published (resized maps)": lambda: published_pooling(levels, points, matrix),
    }
    if not quick:
        function = compiled(reference.sample_images)
        contenders["torch.compile"] = lambda: function(levels, points, matrix, canvas=CANVAS)
    cuda = device.type == "cuda"
    bars = {} if cuda else {"published (resized maps)": 10.0}
    yield Case("sample_images forward", count, "queries", contenders, size_of(levels) + output, bars)
    grad, contenders = torch.randn(1, count, output // (4 * count), device=device), {}
    for name, function in ((OURS, sample_images), ("torch grid_sample", reference.sample_images)):
        leaves = [level.detach().requires_grad_() for level in levels]
        inputs = [*leaves, points.clone().requires_grad_(), matrix.clone().requires_grad_()]
        out = function(leaves, inputs[-2], inputs[-1], canvas=CANVAS)
        contenders[name] = lambda out=out, inputs=inputs: torch.autograd.grad(out, inputs, grad, retain_graph=True)
    if cuda:
        contenders["list_fast, in a fixed order"] = in_fixed_order(contenders[OURS])
    bars = {} if cuda else {"torch grid_sample": 5.0}
    yield Case("sample_images backward to everything", count, "queries", contenders, size_of(levels) + output, bars)


def field_cases(device: torch.device, count: int, quick: bool) -> Iterator[Case]:
    """The whole query: features, projection, decoder."""
    from list_fast.model import LIST, LISTConfig
    from list_fast.model.spatial_transformer import view_direction

    for size in ("small",) if quick else ("small", "base"):
        config = getattr(LISTConfig, size)()
        with torch.no_grad():
            model = LIST(config).to(device).eval()
            image = torch.rand(3, config.image_size, config.image_size, device=device)
            features = model.trunk_features(image[None])
            encoded = model.encode_features(features)
            field = model.encode(image)
            own_size = model.image_levels(features, resize=False)

        @torch.no_grad()
        def plain(p: Tensor, model: Any = model, encoded: Any = encoded, own_size: list[Tensor] = own_size) -> Tensor:
            """The published algorithm: nothing folded, maps resized for every chunk."""
            q = p.flip(-1) * 2
            canvas, maps = model.config.canvas, own_size
            if model.config.resize_levels_to_canvas:
                maps = [F.interpolate(m, canvas, mode="bilinear", align_corners=True) for m in own_size]
            voxel = reference.sample_voxels(encoded.voxel_levels, q, model.offsets)
            image = reference.sample_images(maps, q, encoded.transform, canvas=canvas)
            direction = view_direction(encoded.transform) if "view" in model.config.query_reads else None
            return model.sdf_decoder(voxel, image, q, direction=direction) / model.config.sdf_scale

        @torch.no_grad()
        def unfolded(p: Tensor, model: Any = model, encoded: Any = encoded) -> Tensor:
            return model.query(encoded, p) / model.config.sdf_scale

        points = random_points(count, device) / 2
        expected = plain(points)
        if not torch.allclose(field.sdf(points), expected[0], rtol=1e-3, atol=1e-3 * float(expected.abs().max())):
            raise RuntimeError(f"the field of the {size} model does not compute the published function")
        contenders: dict[str, Callable[[], object]] = {
            OURS: lambda p=points, f=field: f.sdf(p),
            "LIST.query (not folded)": lambda p=points, f=unfolded: f(p),
            "published algorithm in torch": lambda p=points, f=plain: f(p),
        }
        if not quick:
            faster = compiled(plain)
            contenders["the same, torch.compile"] = lambda p=points, f=faster: f(p)
        yield Case(f"field.sdf, {size} model", count, "queries", contenders)
        if device.type != "cuda":
            continue  # on a CPU benchmarks/field.py times drafts
        draft = field.half(torch.float16)
        off = float((draft.sdf(points) - expected[0]).abs().max()) / float(expected.std())
        if off > 0.05:
            raise RuntimeError(f"the {size} model's fused decoder is off by {off:.2g} of what distances vary by")

        @torch.no_grad()
        def unfused(p: Tensor, model: Any = model, encoded: Any = encoded) -> Tensor:
            with torch.autocast("cuda", torch.float16):
                return model.query(encoded, p) / model.config.sdf_scale

        halves: dict[str, Callable[[], object]] = {
            OURS: lambda p=points, f=draft: f.sdf(p),
            "field.sdf, float32": lambda p=points, f=field: f.sdf(p),
            "LIST.query, float16 (not fused)": lambda p=points, f=unfused: f(p),
        }
        if not quick:
            faster = compiled(unfused)
            halves["the same, torch.compile"] = lambda p=points, f=faster: f(p)
        yield Case(f"field.half().sdf, {size} model", count, "queries", halves)


def marching_cubes_cases(device: torch.device, count: int, quick: bool) -> Iterator[Case]:
    yield from surface_cases(device, count, quick)
    leaf = volume("gyroid", 128, device).requires_grad_()
    vertices, _ = marching_cubes(leaf)
    backward = {OURS: lambda: torch.autograd.grad(vertices.sum(), leaf, retain_graph=True)}
    yield Case("marching_cubes backward, gyroid 128³", 128**3, "nodes", backward, size_of([vertices, leaf]))


def occupancy_cases(device: torch.device, count: int, quick: bool) -> Iterator[Case]:
    points = torch.rand(8, 4096, 3, device=device) - 0.5
    contenders: dict[str, Callable[[], object]] = {
        OURS: lambda: occupancy_grid(points, 128),
        "torch scatter": lambda: reference.occupancy_grid(points, 128),
    }
    yield Case("occupancy_grid nearest, 8 x 4096 to 128³", 8 * 4096, "points", contenders, 8 * 4 * 128**3)
    leaf = points.clone().requires_grad_()
    grid = occupancy_grid(leaf, 128, mode="trilinear")
    yield Case(
        "occupancy_grid trilinear, 8 x 4096 to 128³",
        8 * 4096,
        "points",
        {OURS: lambda: occupancy_grid(points, 128, mode="trilinear")},
        8 * 4 * 128**3,
    )
    backward = {OURS: lambda: torch.autograd.grad(grid, leaf, torch.ones_like(grid), retain_graph=True)}
    yield Case("occupancy_grid trilinear backward", 8 * 4096, "points", backward)


GROUPS: dict[str, Callable[[torch.device, int, bool], Iterator[Case]]] = {
    "sample_voxels": voxel_cases,
    "sample_images": image_cases,
    "few_points": few_cases,
    "double_backward": double_backward_cases,
    "field": field_cases,
    "marching_cubes": marching_cubes_cases,
    "occupancy_grid": occupancy_cases,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, no torch.compile, no base model")
    parser.add_argument(
        "--only", nargs="+", choices=list(GROUPS), default=list(GROUPS), help="which cases; others in the file stay"
    )
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each case (5; quick 3; CUDA 20)")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds of a case after which no round begins (60)")
    parser.add_argument("--json", type=Path, help="where the figures go (benchmarks/results/<hardware>.json)")
    parser.add_argument("--plot", type=Path, help="where the plot goes (beside the figures)")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    rounds = arguments.rounds or (20 if device.type == "cuda" else 3 if arguments.quick else 5)
    torch.manual_seed(0)
    suffix = "-quick" if arguments.quick else ""
    target = arguments.json or ROOT / "benchmarks" / "results" / f"{slug(hardware(device))}{suffix}.json"
    print(f"{hardware(device)}, torch {torch.__version__}", file=sys.stderr)
    bandwidth = copy_bandwidth(device)
    results, failed, stopped = [], [], False
    for group in arguments.only:
        try:
            for case in GROUPS[group](device, 8192 if arguments.quick else 65536, arguments.quick):
                print(f"{case.name} ...", file=sys.stderr, flush=True)
                results.append(measure(case, device, rounds, arguments.budget))
        except (Exception, KeyboardInterrupt) as error:  # the other groups' figures are worth having
            traceback.print_exc()
            failed.append(group)
            stopped = isinstance(error, KeyboardInterrupt)  # as a timeout sends it: what there is, is printed
        # After every group: a machine may be lent for less time than all of them take.
        kept = merged(target, device, results) if len(arguments.only) < len(GROUPS) else results
        write_json(target, device, kept, bandwidth)
        if stopped:
            break
    results = kept
    print(table(results, bandwidth))
    if memory := memory_table(results):
        print(f"\n{memory}")
    print(f"\ncopy bandwidth (read + write): {bandwidth / 1e9:.4g} GB/s; {rounds} rounds", flush=True)
    print(f"figures: {target}", file=sys.stderr)
    if importlib.util.find_spec("matplotlib") or arguments.plot:
        picture = arguments.plot or target.with_suffix(".png")
        plot(picture, hardware(device), results)
        print(f"plot: {picture}", file=sys.stderr)
    if failed:
        raise SystemExit(f"failed, see above: {', '.join(failed)}")


if __name__ == "__main__":
    main()
