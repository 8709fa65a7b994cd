# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Time of a training step, split by what it is spent on, against the same model in plain torch.

    python benchmarks/training_step.py [--data DIR] [--config small] [--rounds 5] [--device cpu] [--json FILE]

Takes a data set, or makes a small one (extra `data`). The plain contenders share losses, optimiser, batches and
precision; their operations are torch's own (``grid_sample``, ``scatter_reduce``), their modules the model's as it is
written. One reads the trunk's features from a cache as ours does, one runs the trunk in every step, as published, and
one does so in float32, as published. Each contender has a process of its own.
Prints both tables and writes benchmarks/results/training-<config>-<hardware>.json.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import multiprocessing
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import OURS, Case, copy_bandwidth, hardware, measure, run_once, slug, table, write_json  # noqa: E402

from list_fast import ops  # noqa: E402
from list_fast.cli.memory import keep_freed_memory  # noqa: E402
from list_fast.data.dataset import ListDataset  # noqa: E402
from list_fast.model import LIST  # noqa: E402
from list_fast.ops import reference  # noqa: E402
from list_fast.training import load_config  # noqa: E402
from list_fast.training.batches import Batch, TrainingData  # noqa: E402
from list_fast.training.config import TrainConfig  # noqa: E402
from list_fast.training.equivalents import use_equivalents  # noqa: E402
from list_fast.training.feature_cache import build_cache  # noqa: E402
from list_fast.training.log import Log  # noqa: E402
from list_fast.training.loop import Precision  # noqa: E402
from list_fast.training.run import build_model  # noqa: E402
from list_fast.training.stages import CameraStage, CoarseStage, SdfStage, Stage  # noqa: E402

STAGES = ("coarse", "camera", "sdf")
CACHED, UNCACHED = "plain torch, cached features", "plain torch, trunk in every step"
PUBLISHED = "plain torch, trunk in every step, float32"
BARS = {UNCACHED: 3.0}


def scattered_occupancy(points: Tensor, resolution: int, *, mode: str = "nearest") -> Tensor:
    """`occupancy_grid` by torch's scatter: the reference walks over the points one by one in trilinear mode."""
    if mode == "nearest":
        return reference.occupancy_grid(points, resolution, mode=mode)
    batch, r = points.shape[0], resolution
    place = ((points + 0.5) * (r - 1)).clamp(0, r - 1)
    low = place.detach().floor().clamp(0, r - 2)
    share = place - low
    grid = points.new_ones(batch, r**3)
    for corner in range(8):
        step = torch.tensor([corner >> 2 & 1, corner >> 1 & 1, corner & 1], device=points.device)
        node = (low + step).long()
        weight = torch.where(step.bool(), share, 1 - share).prod(-1)
        index = (node[..., 0] * r + node[..., 1]) * r + node[..., 2]
        grid = grid.scatter_reduce(1, index, 1 - weight, "prod")
    return (1 - grid).view(batch, 1, r, r, r)


@contextlib.contextmanager
def plain_torch() -> Iterator[None]:
    """The model's operations as torch has them."""
    with (
        mock.patch.object(ops, "sample_voxels", reference.sample_voxels),
        mock.patch.object(ops, "sample_images", reference.sample_images),
        mock.patch.object(ops, "occupancy_grid", scattered_occupancy),
    ):
        yield


class Trainer:
    """One stage of a training, and its step in separate parts."""

    def __init__(self, name: str, model: LIST, config: TrainConfig, device: torch.device) -> None:
        self.model, self.device = model, device
        self.stage: Stage
        if name == "coarse":
            self.stage = CoarseStage(model, config.coarse)
        elif name == "camera":
            self.stage = CameraStage(model, config.camera)
        else:
            self.stage = SdfStage(model, config.sdf, config.camera)
        self.precision = Precision.choose(config.precision, device)
        self.learning = [value for _, value in self.stage.parameters()]
        kind = torch.optim.AdamW if self.stage.options.optimiser == "adamw" else torch.optim.Adam
        # A rate of next to nothing: every round then times the same work.
        self.optimizer = kind(self.learning, lr=1e-9, fused=True)
        self.average = [value.detach().clone() for value in self.learning]
        self.stage.train_mode()

    def batch(self, data: TrainingData, step: int) -> Batch:
        return self.stage.batch(data, 0, step).to(self.device)

    def loss(self, batch: Batch) -> Tensor:
        with self.precision.autocast():
            return self.stage.loss(batch, 0.5)[0]

    def update(self) -> None:
        if self.stage.options.clip_norm:
            nn.utils.clip_grad_norm_(self.learning, self.stage.options.clip_norm)
        self.optimizer.step()
        if self.stage.options.ema:
            with torch.no_grad():
                torch._foreach_lerp_(self.average, [v.detach() for v in self.learning], 1 - self.stage.options.ema)
        self.optimizer.zero_grad(set_to_none=True)

    def step(self, batch: Batch) -> None:
        self.loss(batch).backward()
        self.update()


class Parts:
    """Seconds that named functions take, in the order in which they were named."""

    def __init__(self, device: torch.device) -> None:
        self.device, self.seconds = device, dict[str, float]()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        self.seconds.setdefault(name, 0.0)

        def call(*args: Any, **kwargs: Any) -> Any:
            result: list[Any] = []
            self.seconds[name] += run_once(lambda: result.append(function(*args, **kwargs)), self.device)
            return result[0]

        return call


def split_step(trainer: Trainer, data: TrainingData) -> dict[str, float]:
    """Seconds of the parts of one step of stage 2; "other" is what the forward pass does besides."""
    model, parts = trainer.model, Parts(trainer.device)
    with contextlib.ExitStack() as stack:

        def watch(owner: Any, function: str, part: str) -> None:
            stack.enter_context(mock.patch.object(owner, function, parts.timed(part, getattr(owner, function))))

        batch = parts.timed("data", trainer.batch)(data, 0)
        watch(model, "trunk_features", "encoders")
        watch(model.im_encoder, "global_vector", "encoders")
        watch(model.point_decoder, "forward", "coarse decoder")
        watch(model, "transform", "encoders")
        watch(model, "image_levels", "encoders")
        watch(model, "occupancy", "voxel CNN")
        watch(model.vox_encoder, "forward", "voxel CNN")
        watch(ops, "sample_voxels", "samplers")
        watch(ops, "sample_images", "samplers")
        watch(model.sdf_decoder, "forward", "decoder")
        watch(trainer.stage, "_losses", "losses")
        before = sum(parts.seconds.values())
        loss = parts.timed("forward", trainer.loss)(batch)
        forward = parts.seconds.pop("forward")
        parts.seconds["other forward"] = forward - (sum(parts.seconds.values()) - before)
        parts.timed("backward", loss.backward)()
        parts.timed("optimiser", trainer.update)()
    return parts.seconds


def splits(processes: dict[str, Process], rounds: int) -> dict[str, dict[str, float]]:
    """The median over the rounds, the first left out, of every part's seconds."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in processes}
    for _ in range(rounds + 1):
        for name, process in processes.items():
            found[name].append(process.ask("sdf", split=True))
    return {
        name: {part: statistics.median(r[part] for r in steps[1:]) for part in steps[0]}
        for name, steps in found.items()
    }


def split_table(parts: dict[str, dict[str, float]]) -> str:
    """Markdown: a row for each part of the step, milliseconds for each contender."""
    names = list(parts)
    lines = ["| part of a step, ms | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for part in parts[names[0]]:
        lines.append(f"| {part} | " + " | ".join(f"{1e3 * parts[n][part]:.3g}" for n in names) + " |")
    lines.append("| together | " + " | ".join(f"{1e3 * sum(parts[n].values()):.4g}" for n in names) + " |")
    return "\n".join(lines)


@dataclass(frozen=True)
class Contender:
    """How one of the contenders runs a step."""

    ours: bool
    cached: bool
    precision: str

    def serve(self, config: TrainConfig, data: Path, folder: Path, device: str, pipe: Connection) -> None:
        """In a process of its own, as a training has it: answers each stage's name with a step, "split" with parts."""
        where = torch.device(device)
        config = dataclasses.replace(config, precision=self.precision)
        if self.ours:
            keep_freed_memory()
        model, dataset = build_model(config).to(where), ListDataset(data)
        training = TrainingData(dataset)
        if self.cached:
            cache = build_cache(folder, dataset, "train", training.all_views(), model, where, Log(None, True))
            training = TrainingData(dataset, cache)
        if self.ours:
            use_equivalents(model, where)
        with contextlib.nullcontext() if self.ours else plain_torch():
            stage, trainer, step = "", None, 0
            for request in iter(pipe.recv, None):
                name, split = request
                if trainer is None or name != stage:
                    trainer, stage, step = Trainer(name, model, config, where), name, 0
                    trainer.stage.prepare(training)
                if split:
                    pipe.send(split_step(trainer, training))
                else:
                    trainer.step(trainer.batch(training, step))
                    step += 1
                    pipe.send(None)


def contenders_of(config: TrainConfig) -> dict[str, Contender]:
    """The contenders by name; without a frozen trunk there is no cache to do without."""
    cached, precision = config.trunk.cache, config.precision
    found = {OURS: Contender(True, cached, precision)}
    if cached:
        found[CACHED] = Contender(False, True, precision)
    return found | {UNCACHED: Contender(False, False, precision), PUBLISHED: Contender(False, False, "float32")}


class Process:
    """A contender at work in its own process, one request at a time."""

    def __init__(self, contender: Contender, *arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=contender.serve, args=(*arguments, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, stage: str, split: bool = False) -> dict[str, float]:
        self.pipe.send((stage, split))
        try:
            answer: dict[str, float] = self.pipe.recv()
        except EOFError:
            raise RuntimeError("the contender's process ended; its error is above") from None
        return answer

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.pipe.send(None)
        self.process.join()


def make_data(folder: Path) -> Path:
    """A small data set of every class."""
    from list_fast.data.make import make_dataset

    make_dataset(folder, shapes_per_class=4, views=2)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a data set (default: makes a small one)")
    parser.add_argument("--config", default="small", help="small, base or a TOML file")
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE", help="change an option")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--json", type=Path, help="where the figures go")
    arguments = parser.parse_args()
    device, config = torch.device(arguments.device), load_config(arguments.config, arguments.set)
    file = f"training-{config.name}-{slug(hardware(device))}.json"
    target = arguments.json or ROOT / "benchmarks" / "results" / file
    print(f"{hardware(device)}, torch {torch.__version__}", file=sys.stderr)
    results, parts = [], {}
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        data = arguments.data or make_data(folder / "data")
        processes = {}
        for name, contender in contenders_of(config).items():
            processes[name] = Process(contender, config, data, folder / "cache", str(device))
            stack.callback(processes[name].close)
            # One after the other: the first to ask makes the cache that the next one reads.
            processes[name].ask(arguments.stages[0])
        for stage in arguments.stages:
            if not getattr(config, stage).lengths:
                continue
            print(f"{stage} ...", file=sys.stderr, flush=True)
            steps = {name: partial(process.ask, stage) for name, process in processes.items()}
            batch = getattr(config, stage).batch
            case = Case(f"training step, stage {stage}", batch, "images", steps, bars=BARS)
            results.append(measure(case, device, arguments.rounds, 600))
            if stage == "sdf":
                parts = splits(processes, arguments.rounds)
    print(table(results, copy_bandwidth(device)))
    if parts:
        print(f"\nstage sdf, batch {config.sdf.batch}:\n\n{split_table(parts)}")
    write_json(target, device, results, copy_bandwidth(device))
    content = json.loads(target.read_text())
    target.write_text(json.dumps(content | {"config": config.to_dict(), "parts_of_stage_2": parts}, indent=1) + "\n")
    print(f"figures: {target}", file=sys.stderr)


if __name__ == "__main__":
    main()
