# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The frozen field against the published algorithm: the queries of one image, dense and sparse, and the whole way.

    python benchmarks/field.py [--size base|small] [--resolution 128] [--rounds 3] [--only PART ...] [--json FILE]

The published algorithm runs in plain torch with the same weights: every chunk of 65,536 queries resizes the image
maps, samples each level with grid_sample, builds the whole feature row and multiplies it. It is timed on one such
chunk, the middle one, and taken times the number of chunks; ours is timed in full. Contenders run in turn in every
round. With --cpu-time the clock is the process's CPU time, for one thread on a machine that does other work beside.

Weights are random, and the last layer is fitted to the signed distance of a table by least squares, so that there is a
surface and sparse extraction has something to follow. Prints each ratio, difference and peak of memory
beside its bar; the figures go to benchmarks/results/<hardware>-field.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import OURS, Result, hardware, slug, table, write_json  # noqa: E402

CHUNK = 65536
"""Queries of one call in the published inference."""
PRECISIONS = (torch.bfloat16, torch.float16)
LIPSCHITZ = 1.5
BOUND = 0.55
"""Half the side of the box that meshes are extracted in."""
BARS = {"dense": 20.0, "sparse": 100.0, "image to mesh": 50.0}
DIFFERENCES = {torch.float32: 1e-5, torch.float64: 1e-10}
MEMORY_QUERIES, MEMORY_BAR = 10**7, 1.5e9


@torch.no_grad()
def published_features(model: Any, encoded: Any, own_levels: list[Tensor], points: Tensor) -> Tensor:
    """The feature rows (1, C, N) of points (N, 3) as the published code builds them."""
    q = 2 * points.flip(-1)
    grid = (q + model.offsets[:, None])[None, None]  # (1, 1, K, N, 3)
    parts = [
        F.grid_sample(level, grid, padding_mode="border", align_corners=True).flatten(1, 3)
        for level in encoded.voxel_levels
    ]
    from list_fast.model.spatial_transformer import view_direction
    from list_fast.ops import reference

    height, width = model.config.canvas
    pixels = reference.project(q[None], encoded.transform, (height, width))
    places = pixels / pixels.new_tensor([width - 1, height - 1]) * 2 - 1
    for level in own_levels:
        if model.config.resize_levels_to_canvas:
            level = F.interpolate(level, (height, width), mode="bilinear", align_corners=True)
        parts.append(F.grid_sample(level, places[:, :, None], padding_mode="border", align_corners=True)[..., 0])
    if "view" in model.config.query_reads:
        direction = view_direction(encoded.transform)
        parts += [direction[:, :, None].expand(-1, -1, len(q)), (q @ direction[0])[None, None]]
    return torch.cat([*parts, q.t()[None]], 1)


@torch.no_grad()
def published_hidden(model: Any, encoded: Any, own_levels: list[Tensor], points: Tensor) -> Tensor:
    """What the last layer reads (1, H, N)."""
    x = published_features(model, encoded, own_levels, points)
    for name in ("fc_0", "fc_1", "fc_2"):
        x = F.relu(model.sdf_decoder.fc[name](x))
    return x


@torch.no_grad()
def published_sdf(model: Any, encoded: Any, own_levels: list[Tensor], points: Tensor) -> Tensor:
    """Signed distances (N,) of points (N, 3) in the published way: nothing folded."""
    x = published_hidden(model, encoded, own_levels, points)
    return model.sdf_decoder.fc["fc_out"](x)[0, 0] / model.config.sdf_scale - model.config.surface_level


@torch.no_grad()
def published_encode(model: Any, image: Tensor) -> tuple[Any, list[Tensor]]:
    """One image -> what queries read, and the image levels in their own resolution."""
    features = model.trunk_features(image[None])
    return model.encode_features(features, resize=False), model.image_levels(features, resize=False)


def table_distance(points: Tensor) -> Tensor:
    """The signed distance of a table: a top and four legs."""
    boxes = [((0, 0.22, 0), (0.4, 0.04, 0.3))]
    boxes += [((x, -0.06, z), (0.04, 0.26, 0.04)) for x in (-0.33, 0.33) for z in (-0.23, 0.23)]
    distances = []
    for centre, half in boxes:
        beyond = (points - points.new_tensor(centre)).abs() - points.new_tensor(half)
        distances.append(beyond.clamp_min(0).norm(dim=-1) + beyond.amax(-1).clamp_max(0))
    return torch.stack(distances).amin(0)


@torch.no_grad()
def fitted_model(size: str, dtype: torch.dtype = torch.float32) -> tuple[Any, Tensor]:
    """A model of random weights, its last layer fitted to a table, and the image that it was fitted for."""
    from list_fast.model import LIST, LISTConfig

    torch.manual_seed(0)
    model = LIST(getattr(LISTConfig, size)()).eval()
    image = torch.rand(3, model.config.image_size, model.config.image_size)
    layers = [model.sdf_decoder.fc[f"fc_{i}"] for i in range(3)]
    # Random features that bend inside the box: with the usual initialisation they are nearly flat there.
    layers[0].weight[:, -3:].normal_(0, 3)
    layers[0].bias.uniform_(-3, 3)
    for layer in layers[1:]:
        torch.nn.init.kaiming_normal_(layer.weight)
    encoded, own_levels = published_encode(model, image)
    points = (torch.rand(8192, 3) * 2 - 1) * BOUND
    hidden = published_hidden(model, encoded, own_levels, points)[0].t().double()
    target = model.config.sdf_scale * table_distance(points.double())
    centred = hidden - hidden.mean(0)
    # A little damping: weights that cancel would amplify rounding.
    damping = 1e-4 * centred.square().sum(0).mean() * torch.eye(hidden.shape[1], dtype=torch.float64)
    solution = torch.linalg.solve(centred.t() @ centred + damping, centred.t() @ (target - target.mean()))
    last = model.sdf_decoder.fc["fc_out"]
    last.weight.copy_(solution[None, :, None])
    last.bias.fill_(float(target.mean() - hidden.mean(0) @ solution))
    return model.to(dtype), image.to(dtype)


def lattice(resolution: int) -> Tensor:
    """The nodes (N, 3) of the lattice that meshes are extracted on, z fastest."""
    axis = torch.linspace(-BOUND, BOUND, resolution)
    return torch.cartesian_prod(axis, axis, axis)


def seconds_of(function: Callable[[], object], clock: Callable[[], float]) -> float:
    started = clock()
    function()
    return clock() - started


def time_parts(size: str, resolution: int, rounds: int, clock: Callable[[], float]) -> list[Result]:
    """Ours and the published algorithm, side by side, on the queries and on the whole way."""
    from list_fast import extract_mesh

    model, image = fitted_model(size)
    encoded, own_levels = published_encode(model, image)
    field = model.encode(image)
    points = lattice(resolution)
    chunks = -(-len(points) // CHUNK)
    middle = points.split(CHUNK)[chunks // 2]
    meshes = []
    work: dict[str, Callable[[], object]] = {
        "published chunk": lambda: published_sdf(model, encoded, own_levels, middle),
        "published encode": lambda: published_encode(model, image),
        "dense": lambda: field.sdf(points),
        "encode": lambda: model.encode(image),
        "sparse": lambda: meshes.append(extract_mesh(field, resolution, lipschitz=LIPSCHITZ)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for done in range(rounds + 1):
        for name, function in work.items():
            elapsed = seconds_of(function, clock)
            if done > 0:  # the first round fills caches and pools
                seconds[name].append(elapsed)
                print(f"  round {done}: {name} {elapsed:.3f} s", file=sys.stderr, flush=True)
    mesh = meshes[-1]
    share = mesh.evaluated / mesh.total
    print(f"{size}, {resolution}³: {len(mesh.vertices)} vertices, {share:.1%} of the nodes evaluated", flush=True)
    published = [chunks * s for s in seconds["published chunk"]]
    other = f"published algorithm, {chunks} x one chunk"
    count = len(points)

    def result(name: str, ours: list[float], theirs: list[float]) -> Result:
        bar = {other: BARS[name]} if size == "base" and resolution == 128 else {}
        return Result(f"{name}, {size} model, {resolution}³", count, "queries", {OURS: ours, other: theirs}, 0, bar, {})

    whole = [a + b for a, b in zip(seconds["encode"], seconds["sparse"], strict=True)]
    published_whole = [a + b for a, b in zip(seconds["published encode"], published, strict=True)]
    return [
        result("dense", seconds["dense"], published),
        result("sparse", seconds["sparse"], published),
        result("image to mesh", whole, published_whole),
    ]


def time_precisions(size: str, resolution: int, rounds: int, clock: Callable[[], float]) -> tuple[list[Result], dict]:
    """Half precision against float32: every node, and sparse extraction refined near the surface."""
    from list_fast import extract_mesh

    model, image = fitted_model(size)
    field = model.encode(image)
    points = lattice(resolution)
    meshes: dict[str, Any] = {}

    def extract(name: str, draft: Any) -> None:
        meshes[name] = extract_mesh(field, resolution, lipschitz=LIPSCHITZ, draft=draft)

    drafts = {"float32": None} | {str(dtype).removeprefix("torch."): field.half(dtype) for dtype in PRECISIONS}
    seconds: dict[tuple[str, str], list[float]] = {}
    for done in range(rounds + 1):
        for name, draft in drafts.items():
            dense = seconds_of(lambda draft=draft: (draft or field).sdf(points), clock)
            sparse = seconds_of(lambda name=name, draft=draft: extract(name, draft), clock)
            if done > 0:  # the first round fills caches and pools
                seconds.setdefault(("dense", name), []).append(dense)
                seconds.setdefault(("sparse", name), []).append(sparse)
    results, told = [], {}
    exact = meshes.pop("float32")
    for name, mesh in meshes.items():
        same = mesh.faces.shape == exact.faces.shape and bool((mesh.faces == exact.faces).all())
        spacing = 2 * BOUND / (resolution - 1)
        moved = float((mesh.vertices - exact.vertices).norm(dim=1).max()) / spacing if same else None
        told[name] = {"reevaluated": mesh.reevaluated, "evaluated": mesh.evaluated, "same faces": same, "voxels": moved}
        for way in ("dense", "sparse"):
            times = {OURS: seconds[way, name], "float32": seconds[way, "float32"]}
            title = f"{way} in {name}, {size} model, {resolution}³"
            results.append(Result(title, len(points), "queries", times, 0, {}, {}))
    return results, told


def differences(size: str) -> dict[str, float]:
    """The largest difference of SDF to the published algorithm, for each dtype, on lines and at scattered points."""
    found = {}
    for dtype in DIFFERENCES:
        model, image = fitted_model(size, dtype)
        encoded, own_levels = published_encode(model, image)
        field = model.encode(image)
        nodes = lattice(128).to(dtype)
        places = torch.cat([nodes[part : part + 2048] for part in range(0, len(nodes), 262144)])
        worst = 0.0
        for points in (places, (torch.rand(8192, 3, dtype=dtype) * 2 - 1) * 0.6):
            expected = published_sdf(model, encoded, own_levels, points)
            worst = max(worst, float((field.sdf(points) - expected).abs().max()))
        found[str(dtype).removeprefix("torch.")] = worst
    return found


MEMORY = """
import json, sys, threading, torch
sys.path[:0] = [{folder!r}]
from list_fast.model import LIST, LISTConfig

def status(key):
    with open("/proc/self/status") as lines:
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(key))

count, workspace = int(sys.argv[2]), int(sys.argv[3]) or None
model = LIST(getattr(LISTConfig, sys.argv[1])()).eval()
field = model.encode(torch.rand(3, 224, 224), workspace=workspace)
axis = torch.linspace(-0.55, 0.55, round(count ** (1 / 3)) + 1)
points = torch.cartesian_prod(axis, axis, axis)[:count].clone()
if sys.argv[4] == "scattered":
    points = torch.rand(count, 3) - 0.5
with open("/proc/self/clear_refs", "w") as reset:
    reset.write("5")  # the peak counts from here
before = status("VmRSS")
values = field.sdf(points)
assert len(values) == count and bool(values.isfinite().all())
print(json.dumps({{"before": before, "peak": status("VmHWM"), "own": 16 * count, "workspace": field.workspace}}))
"""


def memory(size: str, count: int, workspace: int = 0, order: str = "lattice") -> dict[str, int]:
    """Bytes in use before `count` queries and at their peak, in a process of their own; Linux only.

    "own" is what points and values take. 0 stands for the workspace that is the default.
    """
    program = MEMORY.format(folder=str(ROOT))
    arguments = [sys.executable, "-c", program, size, str(count), str(workspace), order]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the memory run failed:\n{done.stderr}")
    found: dict[str, int] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="base", choices=["base", "small"])
    parser.add_argument("--resolution", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpu-time", action="store_true", help="CPU seconds of the process, with one thread")
    parser.add_argument("--only", nargs="+", choices=["time", "precision", "differences", "memory"], default=None)
    parser.add_argument("--json", type=Path, help="where the figures go (benchmarks/results/<hardware>-field.json)")
    arguments = parser.parse_args()
    if arguments.cpu_time:
        torch.set_num_threads(1)
    parts = arguments.only or ["time", "precision", "differences", "memory"]
    device = torch.device("cpu")
    target = arguments.json or ROOT / "benchmarks" / "results" / f"{slug(hardware(device))}-field.json"
    print(f"{hardware(device)}, torch {torch.__version__}", file=sys.stderr)
    extra: dict[str, Any] = {}
    results = []
    clock = time.process_time if arguments.cpu_time else time.perf_counter
    if "time" in parts:
        results = time_parts(arguments.size, arguments.resolution, arguments.rounds, clock)
        print(table(results, 1.0))
    if "precision" in parts:
        found, extra["precision"] = time_precisions(arguments.size, arguments.resolution, arguments.rounds, clock)
        print(table(found, 1.0))
        for name, told in extra["precision"].items():
            print(f"{name}: {told}")
        results += found
    if "differences" in parts:
        extra["differences"] = differences(arguments.size)
        for dtype, bar in DIFFERENCES.items():
            worst = extra["differences"][str(dtype).removeprefix("torch.")]
            print(
                f"largest difference of SDF, {dtype}: {worst:.2g}, bar {bar:g}: {'met' if worst <= bar else 'missed'}"
            )
    if "memory" in parts:
        extra["memory"] = found = memory(arguments.size, MEMORY_QUERIES)
        peak, before = found["peak"] / 1e9, found["before"] / 1e9
        met = "met" if found["peak"] < MEMORY_BAR else "missed"
        print(
            f"{MEMORY_QUERIES:.0e} queries: peak {peak:.2f} GB of the whole process, {before:.2f} before them; ", end=""
        )
        print(f"bar {MEMORY_BAR / 1e9:g}: {met}")
    write_json(target, device, results, 0.0)
    content = json.loads(target.read_text()) | extra
    target.write_text(json.dumps(content, indent=1) + "\n")
    print(f"figures: {target}", file=sys.stderr)


if __name__ == "__main__":
    main()
