# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A whole training run: features, stage 1, stage 2, export, metrics; stopped and continued at any point."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor

from list_fast._errors import renamed

from . import parallel
from .batches import TrainingData
from .calibrate import surface_level
from .config import TrainConfig
from .equivalents import use_equivalents
from .feature_cache import build_cache
from .files import write_json
from .log import Log, clock, plot_curves
from .loop import Loop, Place, load_state, model_tensors, save_state
from .mirrored_shapes import MirroredShapes
from .small_pictures import SmallPictures
from .stages import CameraStage, CoarseStage, SdfStage, Stage, trained_before

if TYPE_CHECKING:
    from list_fast.data import ListDataset
    from list_fast.model import LIST

STATE = "state.safetensors"
STAGES = ("coarse", "camera", "sdf")
"""The stages in their order; "camera" only where the configuration gives it a length."""


def build_model(config: TrainConfig, *, load_trunk: bool = True) -> LIST:
    """The untrained model of a configuration, its trunk as `config.trunk.weights` says; a shared one may be left for a
    checkpoint to bring."""
    from list_fast.model import LIST, LISTConfig, load_trunk_weights

    base = LISTConfig.small() if config.model == "small" else LISTConfig.base()
    torch.manual_seed(config.seed)
    try:
        model = LIST(LISTConfig.from_dict(base.to_dict() | config.model_options))
    except (TypeError, ValueError) as error:
        raise ValueError(f"model_options: {error}") from None
    weights = config.trunk.weights if load_trunk or not model.config.shared_trunk else "none"
    if weights != "none":
        with renamed(path="trunk.weights"):
            load_trunk_weights(model, None if weights == "pretrained" else weights)
    if config.camera.lengths and model.config.transform != "predicted":
        raise ValueError(
            f"camera must have no length where the transform is {model.config.transform!r}: nothing there learns"
        )
    levels = len(model.config.image_level_channels)
    if config.trunk.tail and not (model.config.freeze_trunk and config.trunk.tail < levels):
        raise ValueError(
            f"trunk.tail must be below the {levels} maps of a frozen trunk, got {config.trunk.tail} with "
            f"model_options.freeze_trunk = {model.config.freeze_trunk}"
        )
    if config.coarse.camera_weight and model.config.transform != "predicted":
        raise ValueError("coarse.camera_weight must be 0 where no transform is predicted")
    if config.trunk.cache and not model.config.freeze_trunk:
        raise ValueError(
            "trunk.cache needs a frozen trunk: set trunk.cache = false or model_options.freeze_trunk = true"
        )
    return model


def train(
    config: TrainConfig,
    data: str | Path,
    out: str | Path,
    *,
    device: str = "auto",
    resume: bool = False,
    quiet: bool = False,
    stages: tuple[str, ...] = STAGES,
    init: str | Path | None = None,
    begin: str | None = None,
    cache: str | Path | None = None,
    tensorboard: bool = False,
) -> Path:
    """Trains a LIST and writes OUT/<name>.safetensors; log, curves, metrics and the resumable state lie beside it.

    Started by torchrun, its processes share every batch and compute what one process would; the first one writes.

    Args:
        config: see `load_config`.
        data: a data set made by `list-fast data make`.
        out: the folder of the run.
        resume: continue the run in `out` from its last checkpoint, or begin it if it has none.
        stages: the stages that this call may run; the next call with `resume` goes on from there.
        init: a checkpoint to start from behind stage 1, which is taken as it is; of a model that differs in what comes
            behind, no more is taken.
        begin: with `init`, the stage to begin with; what is trained before it is taken from `init`, and what comes
            behind too if the model is the same. "coarse" goes on with the whole of it. By default the stage behind
            stage 1.
        cache: where the frozen trunk's features are kept, for runs that share them; by default OUT/cache.
        tensorboard: write every figure to OUT/tensorboard as well; needs the package tensorboard.

    Returns:
        The path of the exported checkpoint.

    Raises:
        ValueError: the folder holds a run and `resume` is false, or a run of another configuration or data set.
        RuntimeError: the loss is no longer finite.
    """
    from list_fast.device import resolve_device

    where, reason = resolve_device(device)
    with parallel.group(where) as where:
        for name in STAGES:
            options = getattr(config, name)
            if options.lengths and options.batch % (parallel.size() * options.accumulate):
                parts = f" times the {options.accumulate} parts of {name}.accumulate" if options.accumulate > 1 else ""
                raise ValueError(
                    f"{name}.batch must be a multiple of the {parallel.size()} processes{parts}, got {options.batch}"
                )
        if not stages or not set(stages) <= set(STAGES):
            raise ValueError(f"stages must be some of {STAGES}, got {stages!r}")
        if begin is not None and (init is None or begin not in STAGES):
            raise ValueError(f"begin must be one of {STAGES}, and go with init, got {begin!r}")
        if begin is not None and not getattr(config, begin).lengths:
            raise ValueError(f"begin must be a stage that the configuration gives a length, got {begin!r}")
        quiet = quiet or parallel.rank() > 0
        return _train(config, data, Path(out), where, reason, resume, quiet, stages, init, begin, cache, tensorboard)


def _train(
    config: TrainConfig,
    data: str | Path,
    out: Path,
    where: torch.device,
    reason: str,
    resume: bool,
    quiet: bool,
    stages: tuple[str, ...],
    init: str | Path | None,
    begin: str | None,
    cache: str | Path | None,
    tensorboard: bool,
) -> Path:
    from list_fast.data.dataset import open_dataset

    first = parallel.rank() == 0
    state_path = out / STATE
    if state_path.exists() and not resume:
        raise ValueError(f"out: {out} holds a run already; continue it with --resume, or name another folder")
    with renamed(root="data"):
        sets = {split: open_dataset(data, split) for split in ("train", "val")}
    if config.trunk.mirrored:
        sets["train"] = cast("ListDataset", MirroredShapes(sets["train"]))
    if config.trunk.small_pictures:
        small = SmallPictures(sets["train"], config.trunk.small_pictures, config.seed)
        sets["train"] = cast("ListDataset", small)
    # Every checkpoint has a shared trunk, whatever else is taken of it; the package with ImageNet's is not needed then.
    model = build_model(config, load_trunk=init is None and not state_path.exists())
    facts = {"config": config.to_dict(), "data": data_facts(data)}
    place, resumed = Place("coarse" if config.coarse.lengths else "sdf"), None
    if state_path.exists():
        place, resumed = _restore(state_path, model, facts)
    elif init is not None:
        place = _start_from(init, model, config, begin)
    _check_begin(place, stages)
    for name in _to_begin(place):
        if getattr(config, name).lengths:
            _check_stage(name, config, model, len(sets["val"]))
    out.mkdir(parents=True, exist_ok=True)
    events = out / "tensorboard" if tensorboard and first else None
    log = Log(out / "log.jsonl" if first else None, quiet, events)
    if state_path.exists():
        log.say(f"continuing stage {place.stage} after {place.step} steps, {clock(place.elapsed)}")
    parallel.wait()  # nothing is written before all have read
    if first and resumed is None and not state_path.exists():
        write_json(out / "config.json", facts)
        if init is not None:
            save_state(state_path, model, place, facts, {})
    others = f", {parallel.size()} processes" if parallel.size() > 1 else ""
    log.say(f"training on {where} ({reason}){others}")
    log.record("start", {"stage": place.stage, "step": place.step, "device": str(where), "torch": torch.__version__})
    model.to(where)
    use_equivalents(model, where)
    folder, tail, splits = out / "cache" if cache is None else Path(cache), -1, {}
    while place.stage in stages:
        name = place.stage
        wanted = config.trunk.tail if name == "coarse" else 0
        if wanted != tail:
            tail = wanted
            if not first:
                parallel.wait()  # the first computes the features that all read
            splits = _features(config, sets, folder, model, where, log, tail)
            if first:
                parallel.wait()
        stage = _stage(place, model, config)
        loop = Loop(model, stage, config, splits["train"], splits.get("val"), where, log, state_path, facts)
        try:
            loop.run(place, resumed)
        except KeyboardInterrupt:
            if loop.torn:
                log.say("interrupted in the middle of a step; --resume continues from the last checkpoint")
            else:
                loop.save()
                log.say(f"interrupted; continue with --resume (checkpoint at step {place.step})")
            raise
        resumed = None
        log.record("finished", {"stage": name, **place.history[name]})
        place = Place(_after(name, config), history=place.history, keep_encoder=place.keep_encoder)
        if not first:
            continue
        save_state(state_path, model, place, facts, {})
        with contextlib.suppress(ImportError):
            plot_curves(out / "log.jsonl", out / "curves.png")
    if not first:
        return out / f"{config.name}.safetensors"
    if place.stage == "done" and len(sets["val"]) and config.validation_views:
        level = surface_level(model, TrainingData(sets["val"]), config.validation_views, where)
        log.say(f"surface level {level:g}, by the validation split")
        model.config = dataclasses.replace(model.config, surface_level=level)
    return export(model, config, place, facts, out, log)


def _stage(place: Place, model: LIST, config: TrainConfig) -> Stage:
    if place.stage == "coarse":
        return CoarseStage(model, config.coarse, config.trunk.tail)
    if place.stage == "camera":
        return CameraStage(model, config.camera, keep_encoder=place.keep_encoder)
    return SdfStage(model, config.sdf, config.camera, keep_encoder=place.keep_encoder)


def _after(stage: str, config: TrainConfig) -> str:
    """The stage behind a stage, or "done"."""
    if stage == "coarse" and config.camera.lengths:
        return "camera"
    return "done" if stage == "sdf" else "sdf"


def _check_begin(place: Place, stages: tuple[str, ...]) -> None:
    """Refuses a run that would train nothing and yet export its weights."""
    trained = place.stage in stages or not place.history.keys().isdisjoint(STAGES)
    if place.stage == "done" or trained:
        return
    last = max(stages, key=STAGES.index)
    if STAGES.index(place.stage) > STAGES.index(last):
        hint = f"; give --begin {last}" if "init" in place.history else ""
        raise ValueError(f"stage: the run begins behind {last!r}, with {place.stage!r}{hint}")
    raise ValueError(f"stages: the run begins with {place.stage!r}, which must be one of them, got {stages!r}")


_IMAGES_ALONE = ("brightness", "saturation", "hue")
_UNUSED = {"coarse": ("coarse_noise", "coarse_shift", "latent_noise", "camera_turn"), "camera": ("camera_turn",)}


def _check_stage(name: str, config: TrainConfig, model: LIST, validation_shapes: int) -> None:
    """Refuses options that would do nothing in a stage. A stage that has begun goes on with what it has."""
    options = getattr(config, name)
    for option in _IMAGES_ALONE if config.trunk.cache else ():
        if getattr(options.augment, option):
            raise ValueError(f"{name}.augment.{option} must be 0 with trunk.cache = true: it changes images alone")
    for option in _UNUSED.get(name, ()):
        if getattr(options.augment, option):
            raise ValueError(f"{name}.augment.{option} must be 0: nothing in stage {name} reads it")
    if name == "coarse" and options.camera_weight and not (model.config.shared_trunk or model.config.one_encoder):
        # Pi has a trunk of its own, which does not run in stage 1, and starts as Omega behind it.
        raise ValueError("coarse.camera_weight must be 0 without a shared trunk: give the stage camera a length")
    if options.patience and not (validation_shapes and config.validation_views):
        raise ValueError(
            f"{name}.patience needs validations, got validation_views = {config.validation_views} and "
            f"{validation_shapes} shapes in the validation split"
        )


def _start_from(path: str | Path, model: LIST, config: TrainConfig, begin: str | None) -> Place:
    """Loads a checkpoint and goes behind its stage 1, or to the stage `begin`.

    A checkpoint of the same model, or of one whose queries read less, is loaded whole, of another what the stages
    before `begin` have trained.
    """
    from list_fast.model import load_checkpoint
    from list_fast.model.checkpoint import checkpoint_metadata
    from list_fast.model.growth import grown

    with renamed(path="init"):
        loaded = load_checkpoint(path)
    begin = _after("coarse", config) if begin is None else begin
    ours, theirs = ({**m.config.to_dict(), "surface_level": 0.0} for m in (model, loaded))
    state = loaded.state_dict()
    whole = grown(state, loaded.config, model.config)
    before: tuple[str, ...] = ()
    if whole is not None:
        state = whole
    else:
        if begin == "coarse":
            raise ValueError(f"init: {path} is of another model ({_difference(ours, theirs)}): nothing to go on with")
        before = trained_before(begin, model)
        parts = tuple(f"{part}." for part in before)
        wanted = {name: value for name, value in model.state_dict().items() if name.startswith(parts)}
        strange = [name for name, value in wanted.items() if name not in state or state[name].shape != value.shape]
        if strange:
            raise ValueError(f"init: {path} is of another model ({_difference(ours, theirs)}): {strange[0]} differs")
        state = model.state_dict() | {name: state[name] for name in wanted}
    model.load_state_dict(state)
    figures = checkpoint_metadata(path).get("validation", {})
    # Behind stage 1 alone Pi is untrained yet, and starts as Omega here as it would there.
    trained = set(figures) != {"coarse"} and (whole is not None or "im_encoder2" in before)
    return Place(begin, history={"init": {"weights": Path(path).name, **figures}}, keep_encoder=trained)


# Options that do not change what is learnt.
_BOOKKEEPING = (
    "log_every", "checkpoint_minutes", "checkpoint_steps", "validate_minutes", "validate_steps", "validation_views"
)  # fmt: skip
_LENGTHS = ("steps", "epochs", "minutes")


def _restore(
    path: Path, model: LIST, facts: dict[str, Any]
) -> tuple[Place, tuple[dict[str, Tensor], dict[str, Any]] | None]:
    """Loads a checkpoint into the model. Lengths and the options of a stage that has not begun may have changed."""
    tensors, place, stored = load_state(path)
    for part, values in facts.items():
        ours, theirs = json.loads(json.dumps(values)), stored[part]
        if part == "config":
            with contextlib.suppress(TypeError, ValueError):  # options that an older version did not have
                theirs = json.loads(json.dumps(TrainConfig.from_dict(theirs).to_dict()))
            ours, theirs = _binding(ours, place), _binding(theirs, place)
        if ours != theirs:
            difference = _difference(ours, theirs)
            raise ValueError(f"resume: the run in {path.parent} was started with another {part} ({difference})")
    model.load_state_dict(model_tensors(tensors))
    return place, (tensors, stored) if "optimizer" in stored else None


def _binding(config: dict[str, Any], place: Place) -> dict[str, Any]:
    kept = {key: value for key, value in config.items() if key not in _BOOKKEEPING}
    for stage in STAGES:
        kept[stage] = {key: value for key, value in config[stage].items() if key not in _LENGTHS}
    for stage in _to_begin(place):
        if stage != STAGES[0]:
            del kept[stage]
    return kept


def _to_begin(place: Place) -> tuple[str, ...]:
    """The stages of which no step is done."""
    return STAGES[STAGES.index(place.stage) + (place.step > 0) :] if place.stage in STAGES else ()


def _difference(ours: Any, theirs: Any, name: str = "") -> str:
    """Names the first option that differs, with both values."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(set(ours) | set(theirs)):
            if ours.get(key) != theirs.get(key):
                return _difference(ours.get(key), theirs.get(key), f"{name}.{key}" if name else key)
    return f"{name}: {theirs!r}, now {ours!r}"


def _features(
    config: TrainConfig,
    sets: dict[str, ListDataset],
    folder: Path,
    model: LIST,
    device: torch.device,
    log: Log,
    tail: int,
) -> dict[str, TrainingData]:
    """The splits with their cached features, where the configuration asks for them."""
    result = {}
    for split, dataset in sets.items():
        if len(dataset) == 0 and split != "train":
            log.say(f"the data set has no {split} shapes: no validation")
            continue
        plain = TrainingData(dataset)
        cache = None
        if config.trunk.cache:
            cache = build_cache(folder, dataset, split, plain.all_views(), model, device, log, tail)
        result[split] = TrainingData(dataset, cache)
    return result


def data_facts(root: str | Path) -> dict[str, Any]:
    """What a run remembers of its data set: a digest of dataset.json, and that file's arguments."""
    text = (Path(root) / "dataset.json").read_bytes()
    return {"sha256": hashlib.sha256(text).hexdigest(), "dataset": json.loads(text)}


def export(model: LIST, config: TrainConfig, place: Place, facts: dict[str, Any], out: Path, log: Log) -> Path:
    """Writes the checkpoint that `list-fast reconstruct --weights` reads, with all that tells how it came about."""
    from list_fast.model import save_checkpoint

    path = out / f"{config.name}.safetensors"
    metadata = {
        **facts,
        "validation": place.history,
        "next_stage": place.stage,
        "command": " ".join(["list-fast", *map(_without_folders, sys.argv[1:])]),
        "commit": _commit(),
        "date": time.strftime("%Y-%m-%d"),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "origin": _origin(config),
    }
    model.eval()
    save_checkpoint(path, model, metadata)
    with contextlib.suppress(ImportError):
        plot_curves(out / "log.jsonl", out / "curves.png")
    log.say(f"wrote {path}")
    return path


def _without_folders(word: str) -> str:
    """A word of a command, absolute paths shortened to their names: weights travel, folders of a machine do not."""
    option, equals, value = word.rpartition("=")
    return option + equals + (Path(value).name if Path(value).is_absolute() else value)


def _origin(config: TrainConfig) -> str:
    if config.trunk.weights == "none":
        return "trained from a random initialisation"
    return "trunk initialised from torchvision's ImageNet weights (BSD-3-Clause)"


def _commit() -> str | None:
    """The commit of the source tree, with "+" where it is changed; None outside a git checkout."""
    root = Path(__file__).resolve().parents[2]
    try:
        commit = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        changed = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit + ("+" if changed else "")
