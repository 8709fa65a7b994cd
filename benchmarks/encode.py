# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Time of encoding one image, split by what it is spent on.

    python benchmarks/encode.py [--sizes small base] [--device cpu] [--rounds 5] [--json FILE]

From an image tensor to a field that answers queries; the model's layers are folded before, as they are once for all
images. Weights are random: time does not depend on them. Prints a table with the bars of the whole and writes
benchmarks/results/<hardware>-encode.json.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import hardware, run_once, slug  # noqa: E402

from list_fast.model import LIST, Field, LISTConfig  # noqa: E402
from list_fast.model.folding import folded  # noqa: E402
from list_fast.training.files import write_json  # noqa: E402

BARS = {"small": 0.3, "base": 6.0}
"""Seconds on a CPU with two cores."""
PARTS = {
    "trunk_features": "image trunks",
    "coarse": "coarse cloud",
    "occupancy": "grid of the cloud",
    "transform": "transform",
    "image_levels": "image levels",
}
"""Of a model's functions."""


def split_encode(model: LIST, image: torch.Tensor) -> dict[str, float]:
    """Seconds of the parts of one encoding; "together" is the whole, measured around them."""
    seconds: dict[str, float] = {}
    layers = folded(model)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        seconds[name] = 0.0

        def call(*arguments: Any, **options: Any) -> Any:
            result: list[Any] = []
            seconds[name] += run_once(lambda: result.append(function(*arguments, **options)), image.device)
            return result[0]

        return call

    with contextlib.ExitStack() as stack:
        for function, part in PARTS.items():
            stack.enter_context(mock.patch.object(layers, function, timed(part, getattr(layers, function))))
        if layers.vox_encoder is not None:
            encoder = layers.vox_encoder
            stack.enter_context(mock.patch.object(encoder, "forward", timed("voxel CNN", encoder.forward)))
        for function, part in (("_prepare_voxels", "field: voxel levels"), ("_prepare_images", "field: image levels")):
            prepare = getattr(Field, function)
            stack.enter_context(mock.patch.object(Field, function, timed(part, prepare)))
        seconds["together"] = run_once(lambda: model.encode(image), image.device)
    return seconds


def measure(size: str, device: torch.device, rounds: int) -> dict[str, float]:
    """The median of every part over the rounds, after one that is left out."""
    torch.manual_seed(0)
    model = LIST(getattr(LISTConfig, size)()).eval().to(device)
    image = torch.rand(3, model.config.image_size, model.config.image_size, device=device)
    found = [split_encode(model, image) for _ in range(rounds + 1)][1:]
    return {part: statistics.median(round_[part] for round_ in found) for part in found[0]}


def table(found: dict[str, dict[str, float]]) -> str:
    """Markdown: a row for each part, milliseconds and share for each model."""
    lines = [
        "| part | " + " | ".join(f"{size}, ms | share" for size in found) + " |",
        "|---" * (1 + 2 * len(found)) + "|",
    ]
    parts = list(dict.fromkeys(part for seconds in found.values() for part in seconds))
    for part in parts:
        cells = []
        for seconds in found.values():
            value = seconds.get(part, 0.0)
            cells += [f"{1e3 * value:.3g}", f"{value / seconds['together']:.0%}"]
        lines.append(f"| {part} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=list(BARS), default=list(BARS))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="where the figures go")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    found = {size: measure(size, device, arguments.rounds) for size in arguments.sizes}
    print(f"{hardware(device)}, torch {torch.__version__}, {arguments.rounds} rounds\n\n{table(found)}\n")
    if device.type == "cpu":
        for size, seconds in found.items():
            met = "met" if seconds["together"] <= BARS[size] else "missed"
            print(f"{size}: {seconds['together']:.3f} s, bar {BARS[size]} s: {met}")
    target = arguments.json or ROOT / "benchmarks" / "results" / f"{slug(hardware(device))}-encode.json"
    write_json(target, {"hardware": hardware(device), "torch": torch.__version__, "seconds": found})
    print(f"figures: {target}", file=sys.stderr)


if __name__ == "__main__":
    main()
