# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Extraction against resolution: time, peak memory, and the share of nodes evaluated, for each mode.

    python benchmarks/extract.py [--quick] [--only MODE ...] [--json FILE] [--plot FILE]
    python benchmarks/extract.py --one SCENE MODE NODES

The first prints a table, writes JSON, by default benchmarks/results/extract-<hardware>.json, and, where matplotlib is
installed, a plot beside it. It calls the second for every line, so that each has a process of its own: memory is the
highest of that process beyond what it held before the extraction, seconds are those of the clock and of the processor.
A digest shows whether the meshes of different modes are the same, bit for bit.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import hardware, save, slug  # noqa: E402

from list_fast.meshing import extract_mesh  # noqa: E402

MOST_SHARE, MOST_SECONDS, MOST_BYTES = 0.03, 180.0, 8e9
"""The bars: nodes evaluated at 1024³; seconds and memory at 2048³, both of the analytic scene in the mode "band"."""

LINES = [
    *(("scene", "band", n) for n in (64, 128, 256, 512, 1024, 2048)),
    *(("scene", "lipschitz", n) for n in (64, 128, 256, 512, 1024)),
    *(("scene", "exact", n) for n in (64, 128, 256, 512)),
    *(("network", mode, n) for n in (64, 128, 256) for mode in ("band", "certified", "exact")),
    *(("list", mode, n) for n in (64, 128) for mode in ("band", "certified", "exact")),
]


def scene(p: Tensor) -> Tensor:
    """A torus, a thin board and two balls: an exact distance outside."""
    ring = torch.stack([p[:, :2].norm(dim=1) - 0.33, p[:, 2]], 1).norm(dim=1) - 0.1
    q = p.abs() - p.new_tensor([0.45, 0.02, 0.3])
    board = q.clamp_min(0).norm(dim=1) + q.amax(1).clamp_max(0)
    balls = [(p - p.new_tensor(c)).norm(dim=1) - r for c, r in (((0.4, 0.4, 0.4), 0.1), ((-0.35, 0.35, 0.35), 0.12))]
    return torch.stack([ring, board, *balls]).amin(0)


def network() -> nn.Sequential:
    """A random network whose zero level runs through the middle of the cube."""
    torch.manual_seed(0)
    layers = [nn.Linear(3, 64), nn.Softplus(beta=10), nn.Linear(64, 64), nn.Softplus(beta=10), nn.Linear(64, 1)]
    made = nn.Sequential(*layers).requires_grad_(False)
    made[0].weight *= 4
    made[4].bias -= made(torch.rand(1000, 3) - 0.5).median()
    return made


def trained_field() -> Any:
    """The field of the example image under the weights that the package has."""
    from PIL import Image

    from list_fast.data.preprocess import frame_image
    from list_fast.model import load_checkpoint

    framed = frame_image(Image.open(ROOT / "examples" / "chair.png"))
    return load_checkpoint().encode(torch.from_numpy(framed.pixels).permute(2, 0, 1))


def run_one(name: str, mode: str, nodes: int) -> dict[str, Any]:
    """Extract once and tell of it."""
    fields: dict[str, Callable[[], Any]] = {"scene": lambda: scene, "network": network, "list": trained_field}
    sdf = fields[name]()
    options = {"lipschitz": 1.0} if (name, mode) == ("scene", "lipschitz") else {}
    extract_mesh(sdf, 32, mode=mode, coarse=8, **options)  # libraries are loaded, threads are there
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, processor = time.perf_counter(), time.process_time()
    mesh = extract_mesh(sdf, nodes, mode=mode, **options)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    digest = hashlib.sha256(mesh.vertices.numpy().tobytes() + mesh.faces.numpy().tobytes()).hexdigest()[:12]
    return {
        "scene": name,
        "mode": mode,
        "nodes": nodes,
        "seconds": wall,
        "processor_seconds": processor,
        "bytes": 1024 * (peak - before),
        "share": mesh.evaluated / mesh.total,
        "faces": len(mesh.faces),
        "guarantee": str(mesh.guarantee),
        "digest": digest,
    }


def table(rows: list[dict[str, Any]]) -> str:
    """Rows as a Markdown table."""
    lines = [
        "| scene | mode | nodes | s | processor s | peak MB | evaluated | faces | guarantee | mesh |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        sizes = f"{r['seconds']:.3g} | {r['processor_seconds']:.3g} | {r['bytes'] / 1e6:.0f} | {r['share']:.3%}"
        found = f"{r['faces']} | {r['guarantee']} | {r['digest']}"
        lines.append(f"| {r['scene']} | {r['mode']} | {r['nodes']}³ | {sizes} | {found} |")
    return "\n".join(lines)


def bars(rows: list[dict[str, Any]]) -> list[str]:
    """What is asked for beside what was measured."""
    band = {r["nodes"]: r for r in rows if (r["scene"], r["mode"]) == ("scene", "band")}
    told = []
    for nodes, name, most, unit in (
        (1024, "share", MOST_SHARE, ""),
        (2048, "seconds", MOST_SECONDS, " s"),
        (2048, "bytes", MOST_BYTES, " B"),
    ):
        if nodes in band:
            value = band[nodes][name]
            told.append(f"{nodes}³ {name}: {value:.3g}{unit}, bar {most:g}: {'met' if value <= most else 'missed'}")
    for name in sorted({r["scene"] for r in rows}):
        for nodes in sorted({r["nodes"] for r in rows}):
            same = [r for r in rows if (r["scene"], r["nodes"]) == (name, nodes)]
            if len(same) > 1:
                verdict = "one mesh" if len({r["digest"] for r in same}) == 1 else "meshes differ in their bits"
                told.append(f"{name} {nodes}³, {', '.join(r['mode'] for r in same)}: {verdict}")
    return told


def draw(path: Path, title: str, rows: list[dict[str, Any]]) -> None:
    """Time, memory and share against resolution."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(13, 4))
    for name, style in (("scene", "-"), ("network", "--"), ("list", "-.")):
        for mode, color in (("band", "C0"), ("lipschitz", "C1"), ("certified", "C2"), ("exact", "C3")):
            line = sorted((r for r in rows if (r["scene"], r["mode"]) == (name, mode)), key=lambda r: r["nodes"])
            for axis, what in zip(axes, ("seconds", "bytes", "share"), strict=True):
                if line:
                    values = [max(r[what], 1e-9) / (1e6 if what == "bytes" else 1) for r in line]
                    axis.plot(
                        [r["nodes"] for r in line], values, style, color=color, marker="o", label=f"{name}, {mode}"
                    )
    nodes = sorted({r["nodes"] for r in rows})
    axes[1].plot(nodes, [4 * n**3 / 1e6 for n in nodes], ":", color="gray", label="a float32 volume")
    for axis, label in zip(axes, ("seconds", "peak memory, MB", "share of nodes evaluated"), strict=True):
        axis.set(xscale="log", yscale="log", xlabel="nodes along an axis", ylabel=label)
        axis.set_xticks(nodes, [str(n) for n in nodes])
        axis.grid(alpha=0.3)
    axes[1].legend(fontsize=7)
    figure.suptitle(title, fontsize=9)
    save(path, figure)


def with_earlier(path: Path, machine: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of an earlier file of the same hardware and torch, with new ones in the place of those they renew."""
    earlier = json.loads(path.read_text()) if path.exists() else {}
    if (earlier.get("hardware"), earlier.get("torch")) != (machine, torch.__version__):
        return rows
    places = {line: number for number, line in enumerate(LINES)}
    lines = {(row["scene"], row["mode"], row["nodes"]): row for row in [*earlier["results"], *rows]}
    return [lines[line] for line in sorted(lines, key=lambda line: places.get(line, len(places)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one", nargs=3, metavar=("SCENE", "MODE", "NODES"), help="measure one line and print it")
    parser.add_argument("--quick", action="store_true", help="only up to 256 nodes")
    parser.add_argument("--only", nargs="+", metavar="MODE", help="only these modes")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        name, mode, nodes = arguments.one
        print(json.dumps(run_one(name, mode, int(nodes))))
        return
    rows = []
    for name, mode, nodes in LINES:
        if (arguments.quick and nodes > 256) or (arguments.only and mode not in arguments.only):
            continue
        command = [sys.executable, __file__, "--one", name, mode, str(nodes)]
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        print(table(rows[-1:]).splitlines()[-1], flush=True)
    device = torch.device("cpu")
    target = arguments.json or ROOT / "benchmarks" / "results" / f"extract-{slug(hardware(device))}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = with_earlier(target, hardware(device), rows)
    print()
    print(table(rows))
    print("\n".join(["", *bars(rows)]))
    content = {"hardware": hardware(device), "torch": torch.__version__, "results": rows}
    target.write_text(json.dumps(content, indent=1) + "\n")
    if importlib.util.find_spec("matplotlib") or arguments.plot:
        draw(arguments.plot or target.with_suffix(".png"), hardware(device), rows)


if __name__ == "__main__":
    main()
