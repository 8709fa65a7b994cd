# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What a run tells: lines on stderr, records in a JSONL file, curves in a PNG."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_PLACE = ("stage", "step", "elapsed")


def clock(seconds: float) -> str:
    """Seconds as "1:02:03" or "2:03"."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class Log:
    """Appends records to `path` and writes lines to stderr unless `quiet`; figures go to TensorBoard too, if asked for.

    Args:
        tensorboard: folder of the event files; None: none.

    Raises:
        ValueError: `tensorboard` is given and the package is not installed.
    """

    def __init__(self, path: Path | None, quiet: bool = False, tensorboard: Path | None = None) -> None:
        self.path, self.quiet = path, quiet
        self._writer = None
        if tensorboard is not None:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError as error:
                raise ValueError(
                    f"tensorboard: its package is missing ({error}); run `pip install tensorboard`"
                ) from error
            self._writer = SummaryWriter(str(tensorboard))

    def say(self, text: str) -> None:
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def record(self, kind: str, values: Mapping[str, Any]) -> None:
        """Appends {"kind": kind, "time": unix seconds, **values} to the JSONL file."""
        if self._writer is not None and kind in ("train", "validate"):
            for name, value in values.items():
                if name not in _PLACE and value is not None:
                    self._writer.add_scalar(f"{values['stage']}/{name}/{kind}", value, values["step"])
            self._writer.flush()
        if self.path is None:
            return
        with open(self.path, "a") as stream:
            stream.write(json.dumps({"kind": kind, "time": round(time.time(), 3), **values}) + "\n")

    def progress(self, what: str, total: int, done: int = 0) -> Callable[[int], None]:
        """A function of the count done so far that says speed and time left every few seconds."""
        start, first, last = time.monotonic(), done, [time.monotonic()]

        def update(count: int) -> None:
            now = time.monotonic()
            if now - last[0] < 5 and count < total:
                return
            last[0] = now
            speed = (count - first) / max(now - start, 1e-9)
            self.say(f"{what}: {count}/{total}, {speed:.1f}/s, {clock((total - count) / max(speed, 1e-9))} left")

        return update


def read_log(path: Path) -> list[dict[str, Any]]:
    """The records of a JSONL file; a last line that a killed run left half written is dropped."""
    records = []
    for line in path.read_text().splitlines():
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return records


def plot_curves(log: Path, image: Path) -> None:
    """Draws the losses and validation figures of a log, one panel each, over the steps of their stage."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    series: dict[tuple[str, str, str], dict[int, float]] = {}
    for record in read_log(log):
        if record["kind"] not in ("train", "validate"):
            continue
        for name, value in record.items():
            if name in (*_PLACE, "kind", "time", "per_second", "waited") or value is None:
                continue
            # A resumed run repeats the steps after its checkpoint: the later record counts.
            series.setdefault((record["stage"], name, record["kind"]), {})[record["step"]] = value
    panels = sorted({key[:2] for key in series})
    if not panels:
        return
    columns = min(4, len(panels))
    rows = -(-len(panels) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(3.6 * columns, 2.7 * rows), squeeze=False)
    for axis in axes.flat[len(panels) :]:
        axis.axis("off")
    for axis, (stage, name) in zip(axes.flat, panels, strict=False):
        for kind, style in (("train", {"lw": 0.8}), ("validate", {"marker": "o", "ms": 3})):
            points = sorted(series.get((stage, name, kind), {}).items())
            if points:
                axis.plot(*zip(*points, strict=True), label=kind, **style)
        values = [v for kind in ("train", "validate") for v in series.get((stage, name, kind), {}).values()]
        if min(values) > 0 and max(values) > 20 * min(values):
            axis.set_yscale("log")
        axis.set_title(f"{stage}: {name}", fontsize=9)
        axis.set_xlabel("step", fontsize=8)
        axis.tick_params(labelsize=7)
        axis.grid(alpha=0.3)
    figure.tight_layout()
    temporary = image.with_name(image.name + ".part")
    figure.savefig(temporary, dpi=110, format="png")
    pyplot.close(figure)
    temporary.replace(image)
