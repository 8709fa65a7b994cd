# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Second derivatives of the samplers against torch's own, through grid_sample: time, and memory beyond the inputs.

    python benchmarks/double_backward.py CASE CONTENDER [--device cpu|cuda] [--count N]

prints two numbers of one run in a process of its own: the bytes that the pass needed beyond those in use before it, at
the highest, and how many of them are the gradients that it returns. ``query_throughput.py`` (group
``double_backward``) asks for them this way, and takes the times.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import OURS, Case  # noqa: E402

from list_fast.ops import reference, sample_images, sample_voxels  # noqa: E402

THEIRS = "torch grid_sample"
FASTER, SMALLER = 10.0, 4.0
"""The bars: how many times less time and less extra memory than torch's own."""

VOXELS = [(1, 128), (16, 128), (32, 64), (64, 32), (128, 16), (128, 8)]  # LIST's levels: (channels, nodes per axis)
IMAGES = [(64, 224), (64, 112), (128, 56), (256, 28), (512, 14)]
CASES = {
    "one level": "sample_voxels double backward, 32 x 32³ level, all gradients differentiated",
    "eikonal": "sample_voxels double backward, LIST's levels and offsets, the points' gradient differentiated",
    "images": "sample_images double backward, LIST's levels, all gradients differentiated",
}


def levels_of(sizes: Sequence[tuple[int, int]], axes: int, device: torch.device) -> list[Tensor]:
    return [torch.randn(1, channels, *[nodes] * axes, device=device, requires_grad=True) for channels, nodes in sizes]


def prepare(case: str, contender: str, count: int, device: torch.device) -> Callable[[], Sequence[Tensor]]:
    """A function that runs only the second backward pass, by the gradient and every input, of one recorded first."""
    torch.manual_seed(0)
    points = (torch.rand(1, count, 3, device=device) * 2 - 1).requires_grad_()
    ours = contender == OURS
    if case == "images":
        camera = torch.tensor([[[40.0, 3, 0.1], [-2, 30, 0.2], [20, 15, 0.6], [137, 137, 2]]], device=device)
        inputs = [*levels_of(IMAGES, 2, device), points, camera.requires_grad_()]
        pooled: Callable[..., Tensor] = sample_images if ours else reference.sample_images
        out = pooled(inputs[:-2], points, camera, canvas=(137, 137))
    else:
        inputs = [*levels_of([(32, 32)] if case == "one level" else VOXELS, 3, device), points]
        sampled: Callable[..., Tensor] = sample_voxels if ours else reference.sample_voxels
        step = 0.0722 * torch.eye(3, device=device)
        seven = torch.cat([torch.zeros(1, 3, device=device), step, -step])
        out = sampled(inputs[:-1], points, seven if case == "eikonal" else None)
    grad = torch.randn_like(out).requires_grad_()
    first = torch.autograd.grad(out, [points] if case == "eikonal" else inputs, grad, create_graph=True)
    seeds = [torch.randn_like(tensor) for tensor in first]
    del out
    return lambda: torch.autograd.grad(first, [grad, *inputs], seeds, retain_graph=True)


def size(count: int, case: str) -> int:
    """How many queries a case has where the other operations have `count`."""
    return count // {"one level": 1, "eikonal": 16, "images": 8}[case]


def cases(device: torch.device, count: int, quick: bool) -> Iterator[Case]:
    labels = (OURS, THEIRS) if reference.GRID_SAMPLE_TWICE else (OURS,)  # before, torch's own has no second derivative
    for case, name in CASES.items():
        number = size(count, case)
        contenders = {label: prepare(case, label, number, device) for label in labels}
        yield Case(
            name,
            number,
            "queries",
            contenders,
            bars={THEIRS: FASTER},
            memory={label: measured_apart(case, label, number, device) for label in labels},
            memory_bars={THEIRS: SMALLER},
        )


def measured_apart(case: str, contender: str, count: int, device: torch.device) -> tuple[int, int]:
    """What `extra_bytes` says in a new process, whose allocator gives back what is freed."""
    environment = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536", "OMP_NUM_THREADS": str(torch.get_num_threads())}
    command: list[Any] = [sys.executable, __file__, case, contender, "--device", device, "--count", count]
    done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{case}, {contender}: {done.stderr.strip().splitlines()[-1]}")
    peak, returned = done.stdout.split()
    return int(peak), int(returned)


def resident(field: str) -> int:
    """VmRSS or VmHWM of this process in bytes."""
    found = re.search(rf"^{field}:\s*(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    if found is None:
        raise RuntimeError(f"/proc/self/status has no {field}: extra memory is measured on Linux alone")
    return 1024 * int(found[1])


def extra_bytes(case: str, contender: str, count: int, device: torch.device) -> tuple[int, int]:
    """Bytes in use at the peak of one run beyond those before it, and of the gradients that it returns."""
    prepare(case, contender, 64, device)()  # loads code and starts threads
    run = prepare(case, contender, count, device)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        returned = run()
        torch.cuda.synchronize(device)
        peak = torch.cuda.max_memory_allocated(device) - before
    else:
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts again from what is in use
        before = resident("VmRSS")
        returned = run()
        peak = resident("VmHWM") - before
    return peak, sum(tensor.numel() * tensor.element_size() for tensor in returned)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", choices=CASES)
    parser.add_argument("contender", choices=[OURS, THEIRS])
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--count", type=int, default=65536, help="number of points")
    arguments = parser.parse_args()
    print(*extra_bytes(arguments.case, arguments.contender, arguments.count, torch.device(arguments.device)))


if __name__ == "__main__":
    main()
