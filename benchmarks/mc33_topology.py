# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""How often marching cubes has the topology of the trilinear interpolant, and what that costs in time.

    python benchmarks/mc33_topology.py [--cells 100000] [--volumes 20] [--others 20000]

Random cells of normal values: those whose Euler number or number of components is not that of a fine subdivision, for
``mc33``, and those whose are not what the subdivision confirmed, for the table and, on the first ``--others`` cells,
Lewiner's marching cubes in scikit-image. The same for random volumes, and whether their meshes are closed; the times.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

import torch
from torch import Tensor

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from skimage import measure  # noqa: E402

from list_fast.ops.marching_cubes import Method, marching_cubes  # noqa: E402
from list_fast.ops.reference_mc33 import cells_topology, disagreeing, subdivide, topology  # noqa: E402

METHODS: tuple[Method, ...] = ("mc33", "lorensen")


def lewiner(volume: Tensor) -> tuple[Tensor, Tensor]:
    vertices, faces, *_ = measure.marching_cubes(volume.float().numpy(), 0.0, method="lewiner")  # type: ignore[no-untyped-call]
    used, faces_of_used = torch.unique(torch.from_numpy(faces.copy()).long(), return_inverse=True)
    return torch.from_numpy(vertices.copy())[used], faces_of_used


def whole(vertices: Tensor, faces: Tensor) -> list[int]:
    return topology(len(vertices), faces, torch.zeros(len(vertices), dtype=torch.int64), 1)[0].tolist()


def closed(faces: Tensor) -> bool:
    """True when every edge has one face on each of its sides."""
    pairs = torch.cat([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).long()
    there, back = (pairs[:, a] * (int(faces.max()) + 1) + pairs[:, b] for a, b in ((0, 1), (1, 0)))
    return len(there.unique()) == len(there) and torch.equal(there.sort().values, back.sort().values)


def seconds(volume: Tensor, method: Method) -> float:
    times = []
    for _ in range(6):
        start = time.perf_counter()
        marching_cubes(volume, method=method)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=100_000)
    parser.add_argument("--volumes", type=int, default=20)
    parser.add_argument("--others", type=int, default=20_000, help="cells given to scikit-image, one by one")
    options = parser.parse_args()

    cells = torch.randn(options.cells, 2, 2, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    found = cells_topology(cells, 1, "mc33")
    left, counts = disagreeing(cells, found)
    print(f"mc33: {len(left)} of {len(cells)} cells differ; after each subdivision {counts}", flush=True)
    # What the subdivision confirms is what the others are held to.
    known = torch.ones(len(cells), dtype=torch.bool)
    known[left] = False
    wrong = known & (cells_topology(cells, 1, "lorensen") != found).any(1)
    print(f"lorensen: {int(wrong.sum())} of {int(known.sum())} cells differ")
    rows = []
    for cell in cells[: options.others]:
        mixed = bool((cell < 0).any() and (cell >= 0).any())
        rows.append(whole(*lewiner(cell)) if mixed else [0, 0])
    wrong = known[: len(rows)] & (torch.tensor(rows) != found[: len(rows)]).any(1)
    print(f"scikit-image lewiner: {int(wrong.sum())} of {int(known[: len(rows)].sum())} cells differ", flush=True)

    print("volumes: Euler number, components; closed")
    names = ("mc33", "lorensen", "lewiner")
    right = dict.fromkeys(names, 0)
    open_meshes = dict.fromkeys(names, 0)
    for seed in range(options.volumes):
        volume = torch.ones(8, 8, 8, dtype=torch.float64)
        volume[1:-1, 1:-1, 1:-1] = torch.randn(6, 6, 6, generator=torch.Generator().manual_seed(seed))
        wanted = whole(*marching_cubes(subdivide(volume, 32)))
        meshes = {method: marching_cubes(volume, method=method) for method in METHODS}
        for name, mesh in (*meshes.items(), ("lewiner", lewiner(volume))):
            right[name] += whole(*mesh) == wanted
            open_meshes[name] += not closed(mesh[1])
    print(f"  equal to 32 steps a cell, of {options.volumes}: {right}; not closed: {open_meshes}")

    for n in (128, 256):
        axis = torch.linspace(0, 8 * torch.pi, n)
        x, y, z = torch.meshgrid(axis, axis, axis, indexing="ij")
        gyroid = x.sin() * y.cos() + y.sin() * z.cos() + z.sin() * x.cos()
        both = {method: seconds(gyroid, method) for method in METHODS}
        print(f"gyroid {n}³: " + ", ".join(f"{method} {1000 * t:.0f} ms" for method, t in both.items()))
    noise = torch.randn(64, 64, 64, generator=torch.Generator().manual_seed(0))
    print("noise 64³: " + ", ".join(f"{method} {1000 * seconds(noise, method):.0f} ms" for method in METHODS))


if __name__ == "__main__":
    main()
