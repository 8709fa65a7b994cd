# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""From one image to a mesh, stage by stage, against the published pipeline on the same device.

    python benchmarks/image_to_mesh.py [--device cuda] [--sizes small base] [--resolutions 128 256 512] [--json FILE]

Ours is to encode the image and to extract the surface sparsely, in float32 and with a draft in halves that float32
refines; ``every node`` is the latter, then marching cubes. The published pipeline encodes, evaluates all nodes of the
lattice of 128 in chunks of 65,536 queries, nothing folded, and runs PyMCubes on the processor, where it is installed;
one chunk is timed and taken times their number. Contenders run in turn in every round; after the first, which is left
out. Weights are random, the last layer fitted to a table (``benchmarks/field.py``). Prints a table with the bars of a
GPU of the H200's class and writes benchmarks/results/<hardware>-image-to-mesh.json.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import hardware, run_once, slug, verdict  # noqa: E402
from field import CHUNK, LIPSCHITZ, fitted_model, lattice, published_encode, published_sdf  # noqa: E402

from list_fast import extract_mesh, marching_cubes  # noqa: E402
from list_fast.training.files import write_json  # noqa: E402

PUBLISHED = 128
"""Nodes along an axis that the published pipeline extracts from."""
MILLISECONDS_BAR, TIMES_BAR = 20.0, 100.0
"""Of the base model at 256 on a GPU of the H200's class; the latter is how much longer the published pipeline takes."""


def stages(size: str, resolutions: list[int], device: torch.device) -> dict[str, Callable[[], Any]]:
    """What is timed, by name. The field that queries go to is encoded beforehand."""
    model, image = fitted_model(size)
    model, image = model.to(device), image.to(device)
    # The published way has no workspace of its own: what it encodes is kept for its chunk.
    encoded, own_levels = published_encode(model, image)
    field = model.encode(image)
    halves = field.half(torch.float16 if device.type == "cuda" else torch.bfloat16)
    points = lattice(PUBLISHED).to(device)
    middle = points.split(CHUNK)[-(-len(points) // CHUNK) // 2]
    volume = field.sdf(points).view([PUBLISHED] * 3)
    work: dict[str, Callable[[], Any]] = {
        "encode": lambda: model.encode(image),
        "published: encode": lambda: published_encode(model, image),
        "published: a chunk": lambda: published_sdf(model, encoded, own_levels, middle),
    }
    if importlib.util.find_spec("mcubes"):
        import mcubes

        work["published: marching cubes"] = lambda: mcubes.marching_cubes(volume.cpu().numpy(), 0.0)
    for n in resolutions:
        work[f"{n}³, float32"] = lambda n=n: extract_mesh(field, n, lipschitz=LIPSCHITZ, device=device)
        work[f"{n}³, halves refined"] = lambda n=n: extract_mesh(
            field, n, lipschitz=LIPSCHITZ, device=device, draft=halves
        )
        if n <= 256:
            nodes = lattice(n).to(device)
            work[f"{n}³, every node in halves"] = lambda n=n, nodes=nodes: marching_cubes(
                halves.sdf(nodes).view(n, n, n).float()
            )
    return work


def measure(work: dict[str, Callable[[], Any]], device: torch.device, rounds: int) -> dict[str, Any]:
    """Seconds of every stage and round, what failed and why, and counts of the meshes."""
    found: dict[str, Any] = {"seconds": {}, "failures": {}, "meshes": {}, "peak": {}}
    for done in range(rounds + 1):
        for name, function in work.items():
            if name in found["failures"]:
                continue
            result: list[Any] = []
            if device.type == "cuda":
                torch.cuda.reset_peak_memory_stats(device)
            try:
                elapsed = run_once(lambda function=function, result=result: result.append(function()), device)
            except Exception as error:  # the other stages' figures are worth having
                found["failures"][name] = f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
                found["seconds"].pop(name, None)
                continue
            if done > 0:  # the first round fills caches and pools
                found["seconds"].setdefault(name, []).append(elapsed)
            if device.type == "cuda":
                found["peak"][name] = torch.cuda.max_memory_allocated(device)
            if hasattr(result[0], "evaluated"):
                mesh = result[0]
                found["meshes"][name] = {"vertices": len(mesh.vertices), "evaluated": mesh.evaluated}
    return found


def table(size: str, resolutions: list[int], found: dict[str, Any]) -> str:
    """Markdown: a row for each way to a mesh, milliseconds of its stages, and how many times as long the published
    pipeline takes."""
    middle = {name: 1e3 * statistics.median(values) for name, values in found["seconds"].items()}
    head, rule = "| way | encode, ms | surface, ms | whole, ms | published takes | bars |", "|---" * 6 + "|"
    lines, published = [head, rule], None
    if {"published: encode", "published: a chunk"} <= set(middle):
        rest = -(-(PUBLISHED**3) // CHUNK) * middle["published: a chunk"]
        rest += middle.get("published: marching cubes", 0.0)
        published = middle["published: encode"] + rest
        row = f"{middle['published: encode']:.3g} | {rest:.4g} | {published:.4g}"
        lines.append(f"| {size}, published, {PUBLISHED}³ | {row} | | |")
    for n in resolutions:
        for way in ("float32", "halves refined", "every node in halves"):
            name = f"{n}³, {way}"
            if not {name, "encode"} <= set(middle):
                continue
            whole = middle["encode"] + middle[name]
            times = "" if published is None else f"{published / whole:.3g} times"
            bars = ""
            if (size, n) == ("base", 256):
                bars = f"{MILLISECONDS_BAR:g} ms {verdict(MILLISECONDS_BAR, whole)}"
                if published is not None:
                    bars += f", {TIMES_BAR:g} times {verdict(published / whole, TIMES_BAR)}"
            row = f"{middle['encode']:.3g} | {middle[name]:.3g} | {whole:.3g} | {times} | {bars}"
            lines.append(f"| {size}, {name} | {row} |")
    lines += [f"| {size}, {name} | | | | {why} | |" for name, why in found["failures"].items()]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=["small", "base"], default=["small", "base"])
    parser.add_argument("--resolutions", nargs="+", type=int, default=[128, 256, 512])
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="where the figures go")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    target = arguments.json or ROOT / "benchmarks" / "results" / f"{slug(hardware(device))}-image-to-mesh.json"
    print(f"{hardware(device)}, torch {torch.__version__}, {arguments.rounds} rounds\n", flush=True)
    everything: dict[str, Any] = {"hardware": hardware(device), "torch": torch.__version__, "sizes": {}}
    for size in arguments.sizes:
        found = measure(stages(size, arguments.resolutions, device), device, arguments.rounds)
        everything["sizes"][size] = found
        print(table(size, arguments.resolutions, found), flush=True)
        write_json(target, everything)  # after every size: a machine may be lent for less time than all take
    print(f"figures: {target}", file=sys.stderr)


if __name__ == "__main__":
    main()
