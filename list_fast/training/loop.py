# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The training loop of one stage: schedule, precision, moving average, checkpoints, validation."""

from __future__ import annotations

import contextlib
import math
import signal
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn

from . import parallel
from .batches import Batch, Prefetcher, TrainingData
from .config import StageConfig, TrainConfig, TrunkConfig
from .files import flatten_optimizer, read_tensors, restore_optimizer, write_tensors
from .hardware import multiplies_bfloat16
from .log import Log, clock
from .muon import Muon
from .stages import Stage


def learning_rate(options: StageConfig, step: int, progress: float) -> float:
    """The rate of a step: linear warm-up, then constant or a cosine from learning_rate to final_learning_rate."""
    rate = options.learning_rate
    if options.schedule == "cosine":
        share = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
        rate = options.final_learning_rate + (rate - options.final_learning_rate) * share
    return rate * min(1.0, (step + 1) / (options.warmup_steps + 1))


def make_optimizer(
    options: StageConfig, parameters: list[tuple[str, nn.Parameter]], trunk: TrunkConfig
) -> torch.optim.Optimizer:
    """A stage's optimiser; a trunk's tail that learns does so at its own share of the rate."""
    # Decoupled decay pulls on matrices only: on biases and normalisation it would shift what they stand for.
    # Adam's L2 term is the paper's and acts on everything.
    spared = options.weight_decay if options.optimiser == "adam" else 0.0
    groups: list[dict[str, Any]] = []
    tuned = [trunk.tail > 0 and name.startswith("trunk.") for name, _ in parameters]
    for share, chosen in ((1.0, False), (trunk.rate, True)):
        some = [v for (_, v), of_tail in zip(parameters, tuned, strict=True) if of_tail == chosen]
        if some:
            groups += [
                {"params": [v for v in some if v.ndim > 1], "weight_decay": options.weight_decay, "share": share},
                {"params": [v for v in some if v.ndim <= 1], "weight_decay": spared, "share": share},
            ]
    betas = (0.9, options.beta2)
    if options.optimiser == "muon":
        return Muon(groups, lr=options.learning_rate, betas=betas)
    kind = torch.optim.AdamW if options.optimiser == "adamw" else torch.optim.Adam
    return kind(groups, lr=options.learning_rate, betas=betas, fused=True)


@dataclass
class Precision:
    """Autocast type and, for float16, loss scaling."""

    dtype: torch.dtype | None
    scaler: torch.amp.GradScaler | None
    device: torch.device

    @classmethod
    def choose(cls, name: str, device: torch.device) -> Precision:
        if name == "float32":
            return cls(None, None, device)
        if device.type == "cpu":
            if name == "float16":
                raise ValueError("precision 'float16' needs a CUDA device; a CPU takes 'auto', 'bfloat16', 'float32'")
            half = name == "bfloat16" or multiplies_bfloat16()
            return cls(torch.bfloat16 if half else None, None, device)
        if device.type != "cuda":
            if name != "auto":
                raise ValueError(f"precision {name!r} needs a CUDA device, not {device.type}")
            return cls(None, None, device)
        if name == "auto":
            name = "bfloat16" if torch.cuda.is_bf16_supported() else "float16"
        if name == "bfloat16":
            return cls(torch.bfloat16, None, device)
        return cls(torch.float16, torch.amp.GradScaler("cuda"), device)

    def autocast(self) -> contextlib.AbstractContextManager[Any]:
        return torch.autocast(self.device.type, self.dtype) if self.dtype else contextlib.nullcontext()


class MovingAverage:
    """Exponential moving average of a stage's parameters; with decay 0 it is the parameters themselves."""

    def __init__(self, parameters: list[tuple[str, nn.Parameter]], decay: float) -> None:
        self.decay = decay
        self.live = [value for _, value in parameters]
        self.names = [name for name, _ in parameters]
        self.average = [value.detach().clone() for value in self.live] if decay else []

    @torch.no_grad()
    def update(self, step: int) -> None:
        """After a step. The average's memory grows with the run, so that it forgets the initialisation."""
        if self.decay:
            decay = min(self.decay, (1 + step) / (10 + step))
            torch._foreach_lerp_(self.average, [v.detach() for v in self.live], 1 - decay)

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """The model with the averaged parameters, for the time of the context."""
        if not self.decay:
            yield
            return
        kept = [value.detach().clone() for value in self.live]
        self.copy()
        try:
            yield
        finally:
            self._set(kept)

    def copy(self) -> None:
        """Makes the average the model's parameters."""
        if self.decay:
            self._set(self.average)

    @torch.no_grad()
    def _set(self, values: list[Tensor]) -> None:
        for target, value in zip(self.live, values, strict=True):
            target.copy_(value)

    def tensors(self) -> dict[str, Tensor]:
        return {f"average.{n}": v for n, v in zip(self.names, self.average, strict=False)} if self.decay else {}

    @torch.no_grad()
    def load(self, tensors: dict[str, Tensor]) -> None:
        for name, value in zip(self.names, self.average, strict=False):
            value.copy_(tensors[f"average.{name}"])


@dataclass
class Place:
    """Where a run stands; what a checkpoint says besides tensors."""

    stage: str
    step: int = 0
    elapsed: float = 0.0
    """Seconds of the stage so far, pauses between kill and resume left out."""
    history: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Last validation, steps and seconds of each finished stage."""
    validated: int = 0
    """Step of the last validation that counts toward `patience`."""
    best: dict[str, float] = field(default_factory=dict)
    """With `patience`: the best validation of the stage so far."""
    best_step: int = 0
    waited: int = 0
    """Validations since the best one."""
    keep_encoder: bool = False
    """Whether the run began with a trained Pi, which then does not start alike Omega."""


def save_state(path: Path, model: nn.Module, place: Place, facts: dict[str, Any], extra: dict[str, Tensor]) -> None:
    """Writes a resumable checkpoint (safetensors with JSON facts)."""
    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    write_tensors(path, tensors | extra, {**facts, "place": vars(place)})


def load_state(path: Path) -> tuple[dict[str, Tensor], Place, dict[str, Any]]:
    """Reads a checkpoint of `save_state`: tensors, the place, the other facts."""
    tensors, facts = read_tensors(path)
    try:
        place = Place(**facts.pop("place"))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is the state of a run of another version: {error}") from None
    return tensors, place, facts


def model_tensors(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The model's state dict among the tensors of a checkpoint."""
    return {name.removeprefix("model."): v for name, v in tensors.items() if name.startswith("model.")}


@contextlib.contextmanager
def deferred_interrupt() -> Iterator[list[int]]:
    """Ctrl-C fills the list that the context gives, so that a step can end before the run does; a second one raises."""
    seen: list[int] = []
    previous = signal.getsignal(signal.SIGINT)
    # Only the main thread may set handlers; one that somebody else has set stays.
    ours = threading.current_thread() is threading.main_thread() and previous is signal.default_int_handler

    def note(number: int, frame: FrameType | None) -> None:
        if seen:
            raise KeyboardInterrupt
        seen.append(number)

    if ours:
        signal.signal(signal.SIGINT, note)
    try:
        yield seen
    finally:
        if ours:
            signal.signal(signal.SIGINT, previous)


@dataclass
class Loop:
    """Runs one stage from `place` to its end."""

    model: nn.Module
    stage: Stage
    config: TrainConfig
    train: TrainingData
    validation: TrainingData | None
    device: torch.device
    log: Log
    state_path: Path
    facts: dict[str, Any]
    torn: bool = True
    """Whether the model is between two states that a checkpoint may keep: before the first step, and within one."""

    def run(self, place: Place, resumed: tuple[dict[str, Tensor], dict[str, Any]] | None = None) -> dict[str, float]:
        """Trains, leaving the averaged weights in the model; returns the last validation.

        Args:
            place: changed as the run goes on.
            resumed: tensors and facts of the checkpoint of which `place` came, or None for a fresh stage.
        """
        options = self.stage.options
        self.place = place
        self.precision = Precision.choose(self.config.precision, self.device)
        for data in (self.train, self.validation):
            if data is not None:
                self.stage.prepare(data)
        if resumed is None:
            self.stage.start()
        parameters = self.stage.parameters()
        self.average = MovingAverage(parameters, options.ema)
        self.best: dict[str, Tensor] = {}
        self.optimizer = make_optimizer(options, parameters, self.config.trunk)
        if resumed is not None:
            tensors, facts = resumed
            restore_optimizer(self.optimizer, tensors, facts["optimizer"])
            self.average.load(tensors)
            self.best = {n.removeprefix("best."): v for n, v in tensors.items() if n.startswith("best.")}
            if self.precision.scaler is not None and facts.get("scaler"):
                self.precision.scaler.load_state_dict(facts["scaler"])
        parallel.share_layers(self.model)
        self.stage.train_mode()
        self._train(options)
        self._say_without_average()
        self.average.copy()
        figures = self._validate()
        if self.best and place.waited:
            self.log.say(f"{place.stage}: the best weights are those of step {place.best_step}")
            self.model.load_state_dict(self.best)
            figures = place.best
        place.history[self.stage.name] = {**figures, "steps": place.step, "seconds": round(place.elapsed, 1)}
        return figures

    def _train(self, options: StageConfig) -> None:
        place, steps = self.place, total_steps(options, self.train.shapes)
        learning = sum(value.numel() for value in self.average.live)
        length = f"{steps} steps" if steps else f"{options.minutes:g} minutes"
        self.log.say(f"stage {self.stage.name}: {learning:,} parameters, batch {options.batch}, {length}")
        started = time.monotonic() - place.elapsed
        saved = validated = logged = time.monotonic()
        sums: dict[str, Tensor] = {}
        count, kept = 0, place.step

        def make(step: int) -> Batch:
            return self.stage.batch(self.train, self.config.seed, step)

        with Prefetcher(make, place.step) as batches, deferred_interrupt() as interrupted:
            while True:
                self.torn = False
                now = time.monotonic()
                by_time = (
                    now - saved >= 60 * self.config.checkpoint_minutes,
                    bool(self.config.validate_minutes) and now - validated >= 60 * self.config.validate_minutes,
                )
                place.elapsed, stop, save, validate = parallel.agreed([now - started, bool(interrupted), *by_time])
                if stop:
                    raise KeyboardInterrupt
                progress = self._progress(steps)
                if progress >= 1:
                    break
                due = _due(place.step, self.config.validate_steps, place.validated)
                if validate or due:
                    # Where steps decide on validations, a clock must not decide on when the stage ends.
                    counts = due or not self.config.validate_steps
                    if counts:
                        place.validated = place.step
                    self._validate(counts)
                    validated = logged = time.monotonic()
                    sums, count = {}, 0
                if save or _due(place.step, self.config.checkpoint_steps, kept):
                    self.save()
                    saved, kept = time.monotonic(), place.step
                if options.patience and place.waited >= options.patience:
                    self.log.say(f"{place.stage} {place.step}: no better for {place.waited} validations, so it ends")
                    break
                rate = learning_rate(options, place.step, progress)
                figures = self._step(batches.get().to(self.device), rate, progress)
                place.step += 1
                count += 1
                for name, value in figures.items():
                    sums[name] = sums.get(name, 0.0) + value.detach()
                now = time.monotonic()
                place.elapsed = now - started
                if place.step % self.config.log_every == 0:
                    self._report(sums, count, now - logged, rate, self._progress(steps), batches)
                    sums, count, logged, batches.waited = {}, 0, now, 0.0

    def _progress(self, steps: int) -> float:
        """The share of a stage of so many steps, or of its minutes, that is done."""
        place = self.place
        return place.step / steps if steps else place.elapsed / (60 * self.stage.options.minutes)

    def _step(self, batch: Batch, rate: float, progress: float) -> dict[str, Tensor]:
        self.torn = True
        options = self.stage.options
        # Noise of a step depends on the step alone, so a resumed run draws the same.
        torch.manual_seed(zlib.crc32(f"{self.config.seed}/{self.stage.name}/{self.place.step}".encode()))
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group.get("share", 1.0)
        self.optimizer.zero_grad(set_to_none=True)
        scaler = self.precision.scaler
        figures: dict[str, Tensor] = {}
        for part in batch.parts(options.accumulate) if options.accumulate > 1 else [batch]:
            with self.precision.autocast():
                loss, of_part = self.stage.loss(part, progress)
            if not torch.isfinite(loss):
                raise RuntimeError(f"the loss of step {self.place.step} is {loss.item()}; lower the learning rate")
            loss = loss / options.accumulate
            (loss if scaler is None else scaler.scale(loss)).backward()
            for name, value in of_part.items():
                figures[name] = figures.get(name, 0.0) + value.detach() / options.accumulate
        parallel.average([value.grad for value in self.average.live if value.grad is not None])
        if scaler is not None:
            scaler.unscale_(self.optimizer)
        if options.clip_norm:
            norm = nn.utils.clip_grad_norm_(self.average.live, options.clip_norm)
            figures["gradient"] = norm
        if scaler is not None:
            scaler.step(self.optimizer)
            scaler.update()
        else:
            self.optimizer.step()
        self.average.update(self.place.step)
        return figures

    def _report(
        self, sums: dict[str, Tensor], count: int, seconds: float, rate: float, progress: float, batches: Prefetcher
    ) -> None:
        place = self.place
        parallel.average(list(sums.values()))
        means = {name: float(value) / count for name, value in sums.items()}
        speed = count / max(seconds, 1e-9)
        # The first step, which prepares much, says nothing of the others.
        left = f", {clock(place.elapsed * (1 - progress) / progress)} left" if place.step > 1 else ""
        text = ", ".join(f"{name} {value:.4g}" for name, value in means.items())
        self.log.say(f"{place.stage} {place.step}: {text}, {speed:.2f} steps/s{left}")
        self.log.record(
            "train",
            {
                "stage": place.stage,
                "step": place.step,
                "elapsed": round(place.elapsed, 2),
                "learning_rate": rate,
                "per_second": round(speed, 3),
                "waited": round(batches.waited, 3),
                **{name: round(value, 6) for name, value in means.items()},
            },
        )

    def _validate(self, counts: bool = True) -> dict[str, float]:
        """Logs a validation; one that counts may be the best of the stage, or else uses up its patience."""
        if self.validation is None or not self.config.validation_views:
            return {}
        place = self.place
        with self.average.applied():
            figures = self.stage.validate(self.validation, self.config.validation_views, self.device)
            if self.stage.options.patience and counts:
                self._keep_best(figures)
        self.stage.train_mode()
        self.log.say(f"{place.stage} {place.step}: validation " + ", ".join(f"{k} {v:.4g}" for k, v in figures.items()))
        self.log.record(
            "validate", {"stage": place.stage, "step": place.step, "elapsed": round(place.elapsed, 2), **figures}
        )
        return figures

    def _say_without_average(self) -> None:
        """Logs a validation of the last weights themselves: beside their average's it tells what that is worth."""
        if self.average.decay and self.validation is not None and self.config.validation_views:
            place = self.place
            figures = self.stage.validate(self.validation, self.config.validation_views, self.device)
            text = ", ".join(f"{k} {v:.4g}" for k, v in figures.items())
            self.log.say(f"{place.stage} {place.step}: without the moving average {text}")
            self.log.record("without_average", {"stage": place.stage, "step": place.step, **figures})

    def _keep_best(self, figures: dict[str, float]) -> None:
        """Notes whether the model, its weights averaged, is the best so far, and keeps it if so."""
        place, (name, sign) = self.place, self.stage.better
        better = not place.best or sign * figures[name] > sign * place.best[name]
        if not (better and math.isfinite(figures[name])):
            place.waited += 1
            return
        place.best, place.best_step, place.waited = figures, place.step, 0
        self.best = {name: value.detach().clone() for name, value in self.model.state_dict().items()}

    def save(self) -> None:
        """Writes the checkpoint that `--resume` continues from."""
        if parallel.rank():
            return
        tensors, optimizer = flatten_optimizer(self.optimizer)
        scaler = self.precision.scaler.state_dict() if self.precision.scaler is not None else None
        facts = {**self.facts, "optimizer": optimizer, "scaler": scaler}
        best = {f"best.{name}": value for name, value in self.best.items()}
        save_state(self.state_path, self.model, self.place, facts, tensors | self.average.tensors() | best)


def _due(step: int, every: int, last: int) -> bool:
    """Whether something that is done every so many steps, 0 for never, is due and not done yet."""
    return bool(every) and step > last and step % every == 0


def total_steps(options: StageConfig, shapes: int) -> int:
    """Steps of a stage, or 0 when its length is a time."""
    if options.epochs:
        return max(1, round(options.epochs * shapes / options.batch))
    return options.steps
