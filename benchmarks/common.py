# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Timing side by side: every round runs each contender, so that a busy moment of the machine hits all of them."""

from __future__ import annotations

import io
import json
import platform
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

OURS = "list_fast"


@dataclass
class Case:
    """One line of work for several contenders; ``contenders[OURS]`` is ours, the ratios are of the others to it.

    Attributes:
        name: What is timed.
        count: How many items one run processes.
        unit: What an item is ("queries", "nodes").
        contenders: Name -> a function of no arguments that does the work once.
        bytes_moved: What must at least be read and written once; 0 where no such floor is stated.
        bars: Contender -> the least ratio that is asked for.
        memory: Contender -> bytes at the peak of a run beyond those before it, and of its results; where measured.
        memory_bars: Contender -> how many times the extra memory of ours, results apart, it is asked to need at least.
        share_bar: The least share of the copy bandwidth that is asked of ours, or 0.
    """

    name: str
    count: int
    unit: str
    contenders: dict[str, Callable[[], object]]
    bytes_moved: int = 0
    bars: dict[str, float] = field(default_factory=dict)
    memory: dict[str, tuple[int, int]] = field(default_factory=dict)
    memory_bars: dict[str, float] = field(default_factory=dict)
    share_bar: float = 0.0


@dataclass
class Result:
    """Seconds of every round for each contender of a case, and why a contender is missing."""

    name: str
    count: int
    unit: str
    seconds: dict[str, list[float]]
    bytes_moved: int
    bars: dict[str, float]
    failures: dict[str, str]
    memory: dict[str, tuple[int, int]] = field(default_factory=dict)
    memory_bars: dict[str, float] = field(default_factory=dict)
    share_bar: float = 0.0

    def rate(self, contender: str) -> float:
        """Items a second, by the median round."""
        return self.count / statistics.median(self.seconds[contender])

    def ratio(self, contender: str) -> tuple[float, float, float]:
        """How many times faster ours is: median, least and greatest over the rounds, paired round by round."""
        ratios = [other / ours for other, ours in zip(self.seconds[contender], self.seconds[OURS], strict=True)]
        return statistics.median(ratios), min(ratios), max(ratios)


def measure(case: Case, device: torch.device, rounds: int, budget: float = 60.0) -> Result:
    """Time a case. A contender that raises is left out and its error kept; rounds stop early once ``budget`` s are
    spent.

    Each timed run follows an untimed one: memory that the contender before it has freed may be back with the host of a
    virtual machine, and getting it again costs the first who asks up to a second for a result of hundreds of megabytes.
    """
    failures: dict[str, str] = {}
    contenders = {}
    for name, function in case.contenders.items():
        try:
            run_once(function, device)  # compiles, fills caches and pools, and shows whether it works at all
            contenders[name] = function
        except Exception as error:
            lines = str(error).strip().splitlines()
            failures[name] = f"{type(error).__name__}: {lines[0] if lines else ''}"
    if OURS not in contenders:
        raise RuntimeError(f"{case.name}: {failures[OURS]}")
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    started = time.perf_counter()
    for done in range(rounds):
        for name, function in contenders.items():
            run_once(function, device)
            seconds[name].append(run_once(function, device))
        if done > 0 and time.perf_counter() - started > budget:
            break
    return Result(
        case.name,
        case.count,
        case.unit,
        seconds,
        case.bytes_moved,
        case.bars,
        failures,
        case.memory,
        case.memory_bars,
        case.share_bar,
    )


def run_once(function: Callable[[], object], device: torch.device) -> float:
    """Seconds of one run, until the device has finished it."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    started = time.perf_counter()
    kept = function()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elapsed = time.perf_counter() - started
    del kept  # freeing a large result is not part of the work
    return elapsed


def copy_bandwidth(device: torch.device) -> float:
    """Bytes read plus written per second by a large copy: the best of several."""
    source = torch.ones((1 << 28) if device.type == "cuda" else (1 << 25), device=device)
    target = torch.empty_like(source)
    best = min(run_once(lambda: target.copy_(source), device) for _ in range(8))
    return 2 * source.numel() * source.element_size() / best


def hardware(device: torch.device) -> str:
    """Name of what is measured: the GPU, or the processor and the number of threads."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        facts = dict(re.findall(r"^(model name|cpu family|model)\s*:\s*(.+)$", info.read_text(), re.MULTILINE))
        name = facts.get("model name", name)
        if not re.search(r"\d", name) and {"cpu family", "model"} <= facts.keys():  # as virtual machines have it
            name += f" (family {facts['cpu family']}, model {facts['model']})"
    return f"{name}, {torch.get_num_threads()} threads"


def slug(name: str) -> str:
    """A file name for a hardware name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def quantity(value: float) -> str:
    """A number with three digits and a prefix."""
    for factor, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:.3g} {prefix}"
    return f"{value:.3g} "


def table(results: list[Result], bandwidth: float) -> str:
    """Results as a Markdown table: a row for each contender, ratios as median (least-greatest)."""
    lines = [
        "| case | contender | rate | ms, median | list_fast is faster by | bar | share of copy bandwidth |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        for name, seconds in result.seconds.items():
            share = ""
            if name == OURS:
                against, bar = "", ""
                if result.bytes_moved:
                    reached = result.bytes_moved / statistics.median(seconds) / bandwidth
                    share = f"{reached:.0%}"
                    if result.share_bar:
                        share += f" (bar {result.share_bar:.0%} {verdict(reached, result.share_bar)})"
            else:
                middle, least, greatest = result.ratio(name)
                against = f"{middle:.3g} ({least:.3g}-{greatest:.3g})"
                bar = "" if name not in result.bars else f"{result.bars[name]:g} {verdict(middle, result.bars[name])}"
            rate, milliseconds = f"{quantity(result.rate(name))}{result.unit}/s", 1e3 * statistics.median(seconds)
            lines.append(f"| {result.name} | {name} | {rate} | {milliseconds:.4g} | {against} | {bar} | {share} |")
        lines += [f"| {result.name} | {name} | - | - | {why} | | |" for name, why in result.failures.items()]
    return "\n".join(lines)


def memory_table(results: list[Result]) -> str:
    """Extra memory of the cases that measured it, as a Markdown table; "" where none did."""
    rows = []
    for result in results:
        for name, (peak, returned) in result.memory.items():
            own = result.memory[OURS]
            ratio, bar = "", ""
            if name != OURS:
                times = (peak - returned) / max(own[0] - own[1], 1)
                ratio = f"{times:.3g} ({peak / own[0]:.3g})"
                if name in result.memory_bars:
                    bar = f"{result.memory_bars[name]:g} {verdict(times, result.memory_bars[name])}"
            sizes = f"{(peak - returned) / 1e6:.4g} | {returned / 1e6:.4g}"
            rows.append(f"| {result.name} | {name} | {sizes} | {ratio} | {bar} |")
    if not rows:
        return ""
    head = [
        "| case | contender | extra MB | results, MB | list_fast needs less by (with the results) | bar |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join(head + rows)


def verdict(ratio: float, bar: float) -> str:
    """Whether a bar is met."""
    return "met" if ratio >= bar else "missed"


def write_json(path: Path, device: torch.device, results: list[Result], bandwidth: float) -> None:
    """Everything that was measured, for later comparison."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "hardware": hardware(device),
        "device": str(device),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "copy_bandwidth_bytes_per_s": bandwidth,
        "results": [asdict(result) for result in results],
    }
    path.write_text(json.dumps(content, indent=1) + "\n")


def merged(path: Path, device: torch.device, results: list[Result]) -> list[Result]:
    """The results of an earlier file of the same hardware and torch, with new ones in the place of those they renew."""
    if not path.exists():
        return results
    content = json.loads(path.read_text())
    if (content["hardware"], content["torch"]) != (hardware(device), torch.__version__):
        return results
    new = {result.name: result for result in results}
    old = [Result(**values) for values in content["results"]]
    return [new.pop(result.name, result) for result in old] + list(new.values())


def plot(path: Path, title: str, results: list[Result]) -> None:
    """Bars of how many times faster list_fast is than each contender, with the range over the rounds."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = [(r, name) for r in results for name in r.seconds if name != OURS]
    if not rows:
        return
    figure, axes = plt.subplots(figsize=(9, 1 + 0.28 * len(rows)))
    for place, (result, name) in enumerate(reversed(rows)):
        middle, least, greatest = result.ratio(name)
        axes.barh(place, middle, color="tab:blue" if middle >= 1 else "tab:red", height=0.7)
        axes.plot([least, greatest], [place, place], color="black", linewidth=1)
        if name in result.bars:
            axes.plot([result.bars[name]] * 2, [place - 0.4, place + 0.4], color="tab:orange", linewidth=2)
    axes.set_yticks(range(len(rows)), [f"{result.name} / {name}" for result, name in reversed(rows)], fontsize=7)
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlabel("times faster than the contender (line: least to greatest; orange: bar)")
    axes.set_title(title, fontsize=9)
    save(path, figure)


def save(path: Path, figure: Any) -> None:
    """Write a figure of matplotlib's as PNG with a palette, which is enough for lines and a third of the size."""
    import matplotlib.pyplot as plt
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=150, bbox_inches="tight")
    Image.open(drawn).convert("RGB").quantize(64).save(path, optimize=True)
    plt.close(figure)
