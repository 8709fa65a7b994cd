# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Marching cubes on the CPU against every other one that is installed: time, threads, memory, faults.

    python benchmarks/isosurface.py [--quick] [--only PART ...] [--json FILE] [--plot FILE]
    python benchmarks/isosurface.py --memory-of CONTENDER VOLUME.npy

The first prints tables with the bar beside each figure and writes JSON, by default
benchmarks/results/isosurface-<hardware>.json, and plots beside it. It calls the second for each contender, so that each
has a process of its own: memory is the highest of that process beyond what it held before the call. Times are of
rounds in which all contenders run in turn. The part "extraction" runs benchmarks/extract.py, which keeps its own files:
time, memory and share of nodes evaluated of sparse extraction. Parts left out keep the figures of the file.
Others: scikit-image, PyMCubes, VTK, libigl, pysplashsurf.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import OURS, Case, Result, copy_bandwidth, hardware, measure, plot, save, slug, table, verdict  # noqa: E402

from list_fast.ops import marching_cubes  # noqa: E402

PARTS = ("times", "threads", "memory", "faults", "extraction")
BARS = {"scikit-image": 15.0, "VTK flying edges": 1.5}
BARS_AT_256 = {"PyMCubes": 15.0}
THREADS_BAR = 1.7
READ, READ_BAR = "one read of the volume", 0.25
"""On a GPU: torch's least value of it, and the share of our time that this is asked to take at least."""
MEMORY_BAR = 0.1
"""Most bytes beyond the results, as a share of the volume."""
MOST_NODES = {"libigl": 256, "pysplashsurf": 256}
"""Nodes along an axis beyond which a contender takes gigabytes (libigl: 20 times the volume) or most of the time."""


def volume(kind: str, nodes: int, device: torch.device) -> Tensor:
    """Values on [-1, 1]³, negative inside: signed distance of a sphere; a gyroid cut by it; the sphere with white noise
    of one cell's standard deviation; that noise rounded to half cells, so that nodes lie on the surface.
    """
    axis = torch.linspace(-1, 1, nodes, device=device)
    x, y, z = torch.meshgrid(axis, axis, axis, indexing="ij")
    sphere = (x * x + y * y + z * z).sqrt() - 0.8
    if kind == "sphere":
        return sphere
    if kind == "gyroid":
        waves = [20 * v for v in (x, y, z)]
        gyroid = sum(waves[a].sin() * waves[(a + 1) % 3].cos() for a in range(3)) / 20
        return torch.maximum(gyroid.abs() - 0.02, sphere)
    cell = 2 / (nodes - 1)
    generator = torch.Generator(device).manual_seed(0)
    noisy = sphere.add_(torch.randn(sphere.shape, device=device, generator=generator), alpha=cell)
    return noisy if kind == "noise" else (noisy * (2 / cell)).round_().mul_(cell / 2)


def surface_contenders(data: Tensor) -> dict[str, Callable[[], object]]:
    """Other people's marching cubes on the CPU, those that are installed."""
    array = data.cpu().numpy()
    found: dict[str, Callable[[], object]] = {}
    if importlib.util.find_spec("skimage"):
        from skimage import measure as skimage_measure

        found["scikit-image"] = lambda: skimage_measure.marching_cubes(array, 0.0)
    if importlib.util.find_spec("mcubes"):
        import mcubes

        found["PyMCubes"] = lambda: mcubes.marching_cubes(array, 0.0)
    if importlib.util.find_spec("vtkmodules"):
        found["VTK flying edges"] = flying_edges(array)
    if importlib.util.find_spec("igl"):
        import igl

        axes = [np.arange(n, dtype=np.float64) for n in array.shape]
        places: list[np.ndarray] = []  # libigl asks for the coordinates of every node; that is memory, not time

        def libigl() -> object:
            if not places:
                grid = np.meshgrid(*reversed(axes), indexing="ij")
                places.append(np.stack([g.ravel(order="F") for g in grid], 1))
                places.append(array.astype(np.float64).ravel())
            return igl.marching_cubes(places[1], places[0], *reversed(array.shape), 0.0)

        found["libigl"] = libigl
    if importlib.util.find_spec("pysplashsurf"):
        import pysplashsurf

        found["pysplashsurf"] = lambda: pysplashsurf.marching_cubes(array, iso_surface_threshold=0.0, cube_size=1.0)
    return {name: run for name, run in found.items() if max(array.shape) <= MOST_NODES.get(name, max(array.shape))}


def flying_edges(array: np.ndarray) -> Callable[[], object]:
    """VTK's filter with as many threads as torch has."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonCore import vtkSMPTools
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    vtkSMPTools.SetBackend("STDThread")
    vtkSMPTools.Initialize(torch.get_num_threads())
    image = vtkImageData()
    image.SetDimensions(*array.shape[::-1])
    image.GetPointData().SetScalars(numpy_to_vtk(array.ravel()))

    def run() -> object:
        edges = vtkFlyingEdges3D()
        edges.SetInputData(image)
        edges.SetValue(0, 0.0)
        edges.ComputeNormalsOff()
        edges.Update()
        return edges.GetOutput()

    return run


def contenders_of(data: Tensor) -> dict[str, Callable[[], object]]:
    """Ours and the others."""
    return {OURS: lambda: marching_cubes(data), **surface_contenders(data)}


def surface_case(kind: str, nodes: int, device: torch.device) -> Case:
    """Ours and the others on one volume."""
    data = volume(kind, nodes, device)
    vertices, faces = marching_cubes(data)
    moved = sum(tensor.numel() * tensor.element_size() for tensor in (data, vertices, faces))
    name = f"marching_cubes, {kind} {nodes}³"
    if device.type != "cuda":
        bars = BARS | (BARS_AT_256 if nodes == 256 else {})
        return Case(name, nodes**3, "nodes", contenders_of(data), moved, bars)
    # The others run on the processor and would take all the time.
    contenders: dict[str, Callable[[], object]] = {OURS: lambda: marching_cubes(data), READ: data.amin}
    return Case(name, nodes**3, "nodes", contenders, moved, {READ: READ_BAR} if nodes == 512 else {})


def surface_cases(device: torch.device, count: int, quick: bool) -> Iterator[Case]:
    """The cases of benchmarks/query_throughput.py."""
    sizes = (128,) if quick else (128, 256, 512, 1024) if device.type == "cuda" else (128, 256)
    for kind in ("sphere", "gyroid"):
        for nodes in sizes:
            yield surface_case(kind, nodes, device)


def thread_case(kind: str, nodes: int) -> Case:
    """Ours with all threads, against itself with one."""
    data, threads = volume(kind, nodes, torch.device("cpu")), torch.get_num_threads()

    def alone() -> object:
        torch.set_num_threads(1)
        try:
            return marching_cubes(data)
        finally:
            torch.set_num_threads(threads)

    name = f"marching_cubes, {threads} threads, {kind} {nodes}³"
    bars = {"one thread": THREADS_BAR} if threads == 2 else {}
    return Case(name, nodes**3, "nodes", {OURS: lambda: marching_cubes(data), "one thread": alone}, 0, bars)


def mesh_of(result: Any) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 3) and faces (F, 3) of what any contender returns, without a copy where it holds arrays."""
    if hasattr(result, "GetPolys"):
        from vtkmodules.util.numpy_support import vtk_to_numpy

        faces = vtk_to_numpy(result.GetPolys().GetConnectivityArray()).reshape(-1, 3)
        return vtk_to_numpy(result.GetPoints().GetData()), faces
    if hasattr(result, "triangles"):
        return result.vertices, result.triangles
    return np.asarray(result[0]), np.asarray(result[1])


def resident(key: str) -> int:
    """Bytes of this process as the kernel counts them; getrusage would include the process that started this one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(key))


def memory_of(name: str, path: Path) -> dict[str, Any]:
    """Peak bytes of one call beyond those before it, and of all it returns. The volume is read, not made, as making it
    would need more than it holds."""
    contenders_of(volume("sphere", 16, torch.device("cpu")))[name]()  # libraries are loaded, threads are there
    data = torch.from_numpy(np.load(path))
    run = contenders_of(data)[name]
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
    before = resident("VmHWM")
    result: Any = run()
    peak = resident("VmHWM")
    if hasattr(result, "GetActualMemorySize"):
        returned = 1024 * result.GetActualMemorySize()
    else:
        parts = result if isinstance(result, tuple) else mesh_of(result)
        returned = sum(getattr(part, "nbytes", 0) for part in parts)
    return {"peak": peak - before, "returned": returned, "volume": data.nbytes}


def memory_rows(kind: str, nodes: int) -> Iterator[dict[str, Any]]:
    """Each contender in a process of its own."""
    data = volume(kind, nodes, torch.device("cpu"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "volume.npy"
        np.save(path, data.numpy())
        for name in contenders_of(data):
            command = [sys.executable, __file__, "--memory-of", name, str(path)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            yield {"volume_name": f"{kind} {nodes}³", "contender": name, **json.loads(told.splitlines()[-1])}


def fault_rows(kind: str, nodes: int) -> Iterator[dict[str, Any]]:
    """What is wrong with each mesh as it is returned; the surface does not reach the border of the volume."""
    data = volume(kind, nodes, torch.device("cpu"))
    runs = contenders_of(data)
    runs["list_fast, allow_degenerate=False"] = lambda: marching_cubes(data, allow_degenerate=False)
    for name, run in runs.items():
        try:
            result = run()
        except Exception as error:
            if name.startswith(OURS):
                raise
            yield {"volume_name": f"{kind} {nodes}³", "contender": name, "failure": str(error).split("\n")[0]}
            continue
        vertices, faces = (np.asarray(part) for part in mesh_of(result))
        faces = faces.astype(np.int64)
        edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), 1)
        edges = edges[edges[:, 0] != edges[:, 1]]
        used = np.unique(edges[:, 0] * len(vertices) + edges[:, 1], return_counts=True)[1]
        a, b, c = (vertices[faces[:, k]].astype(np.float64) for k in range(3))
        yield {
            "volume_name": f"{kind} {nodes}³",
            "contender": name,
            "faces": len(faces),
            "open_edges": int((used == 1).sum()),
            "edges_of_more_than_two": int((used > 2).sum()),
            "faces_of_no_area": int((np.cross(b - a, c - a) == 0).all(1).sum()),
        }


def memory_table(rows: list[dict[str, Any]]) -> str:
    """Memory as a Markdown table."""
    lines = [
        "| volume | contender | peak MB | results MB | beyond the results, share of the volume | bar |",
        "|---|---|---|---|---|---|",
    ]
    for r in rows:
        share = (r["peak"] - r["returned"]) / r["volume"]
        bar = f"{MEMORY_BAR:g} {verdict(-share, -MEMORY_BAR)}" if r["contender"] == OURS else ""
        sizes = f"{r['peak'] / 1e6:.4g} | {r['returned'] / 1e6:.4g} | {share:.3g}"
        lines.append(f"| {r['volume_name']} | {r['contender']} | {sizes} | {bar} |")
    return "\n".join(lines)


def fault_table(rows: list[dict[str, Any]]) -> str:
    """Faults as a Markdown table."""
    lines = [
        "| volume | contender | faces | open edges | edges of more than two faces | faces of no area |",
        "|---|---|---|---|---|---|",
    ]
    names = ("volume_name", "contender", "faces", "open_edges", "edges_of_more_than_two", "faces_of_no_area")
    for r in rows:
        cells = [str(r[name]) if name in r else "-" for name in names]
        if "failure" in r:
            cells[2] = r["failure"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def draw_memory(path: Path, rows: list[dict[str, Any]]) -> None:
    """Peak memory of each contender, with the part that is its results."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 1 + 0.28 * len(rows)))
    labels = [f"{r['volume_name']} / {r['contender']}" for r in rows]
    axes.barh(labels, [r["peak"] / r["volume"] for r in rows], color="tab:blue", label="peak")
    axes.barh(labels, [r["returned"] / r["volume"] for r in rows], color="tab:gray", height=0.4, label="results")
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("memory of one call, as a multiple of the volume")
    axes.tick_params(axis="y", labelsize=7)
    axes.legend(fontsize=7)
    save(path, figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--memory-of", nargs=2, metavar=("CONTENDER", "VOLUME"), help="measure one call and print it")
    parser.add_argument("--quick", action="store_true", help="64 nodes along an axis, three rounds, no extraction")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="which parts")
    parser.add_argument("--sizes", nargs="+", type=int, help="nodes along an axis of the times (128 256 512; quick 64)")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each case (5; quick 3)")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    if arguments.memory_of:
        print(json.dumps(memory_of(arguments.memory_of[0], Path(arguments.memory_of[1]))))
        return
    device, quick, only = torch.device("cpu"), arguments.quick, arguments.only
    rounds = arguments.rounds or (3 if quick else 5)
    suffix = "-quick" if quick else ""
    name = f"isosurface-{slug(hardware(device))}{suffix}.json"
    target = arguments.json or ROOT / "benchmarks" / "results" / name
    picture = arguments.plot or target.with_suffix(".png")
    content: dict[str, Any] = json.loads(target.read_text()) if target.exists() else {}
    if (content.get("hardware"), content.get("torch")) != (hardware(device), torch.__version__):
        content = {"hardware": hardware(device), "torch": torch.__version__}
    if "times" in only:
        sizes = arguments.sizes or ([64] if quick else [128, 256, 512])
        cases = (surface_case(kind, n, device) for n in sizes for kind in ("sphere", "noise"))
        content["times"] = [asdict(measure(case, device, rounds)) for case in cases]
        content["copy_bandwidth_bytes_per_s"] = copy_bandwidth(device)
    if "threads" in only:
        threads = (thread_case(kind, 64 if quick else 256) for kind in ("sphere", "noise"))
        content["threads"] = [asdict(measure(case, device, 3 * rounds)) for case in threads]
    for part, rows_of, nodes in (("memory", memory_rows, 256), ("faults", fault_rows, 128)):
        if part in only:
            kinds = ("sphere", "noise") if part == "memory" else ("noise", "rounded noise")
            content[part] = [row for kind in kinds for row in rows_of(kind, 64 if quick else nodes)]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(content, indent=1) + "\n")
    results = [Result(**values) for part in ("times", "threads") for values in content.get(part, [])]
    if results:
        print(table(results, content.get("copy_bandwidth_bytes_per_s", float("inf"))))
    for part, text in (("memory", memory_table), ("faults", fault_table)):
        if part in content:
            print(f"\n{text(content[part])}")
    if importlib.util.find_spec("matplotlib") or arguments.plot:
        plot(picture, hardware(device), results)
        if "memory" in content:
            draw_memory(picture.with_name(f"{picture.stem}-memory.png"), content["memory"])
    if "extraction" in only and not quick:
        subprocess.run([sys.executable, str(ROOT / "benchmarks" / "extract.py")], check=True)


if __name__ == "__main__":
    main()
