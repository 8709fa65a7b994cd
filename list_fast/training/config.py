# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Training configuration: one TOML file, read into frozen dataclasses whose fields are the options."""

from __future__ import annotations

import ast
import dataclasses
import math
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PRECISIONS = ("auto", "float32", "bfloat16", "float16")
_OPTIMISERS = ("adam", "adamw", "muon")
_SCHEDULES = ("constant", "cosine")
_SDF_LOSSES = ("squared_sum", "squared", "l1", "huber")


def _require(condition: bool, name: str, wanted: str, given: object) -> None:
    if not condition:
        raise ValueError(f"{name} must be {wanted}, got {given!r}")


@dataclass(frozen=True)
class TrunkConfig:
    """Where the image features come from."""

    weights: str = "pretrained"
    """"pretrained" (ImageNet), "none" (random initialisation) or the path of a torchvision-named state file."""
    cache: bool = True
    """Compute the frozen trunk's features once per view; off: images go through the trunk in every step."""
    tail: int = 0
    """How many of a frozen, shared trunk's coarsest maps come of blocks that learn in stage 1 all the same; meanwhile
    the map in front of them is what the cache holds. Normalisation keeps its statistics. 0: none."""
    rate: float = 0.2
    """Learning rate of these blocks as a share of the stage's."""
    small_pictures: float = 0.0
    """Share of the training pictures that are enlarged from 56 to 200 pixels, as small renderings are."""
    mirrored: bool = False
    """Train on the mirror image of every picture too, with that of its shape: twice the views and the features kept."""

    def validate(self, name: str) -> None:
        _require(self.tail >= 0, f"{name}.tail", ">= 0", self.tail)
        _require(0 <= self.small_pictures <= 1, f"{name}.small_pictures", "in [0, 1]", self.small_pictures)
        _require(self.rate > 0, f"{name}.rate", "positive", self.rate)
        _require(bool(self.weights), f"{name}.weights", "'pretrained', 'none' or a path", self.weights)


@dataclass(frozen=True)
class AugmentConfig:
    """Random changes of the training input; zero is off."""

    brightness: float = 0.0
    """Largest relative change of brightness (images only: without a cache)."""
    saturation: float = 0.0
    """Largest relative change of saturation (images only)."""
    hue: float = 0.0
    """Largest rotation of the hue in turns, 0.5 = the full circle (images only)."""
    feature_noise: float = 0.0
    """Standard deviation of multiplicative Gaussian noise on the features."""
    feature_dropout: float = 0.0
    """Share of the global feature's entries that are set to zero (the rest scaled up)."""
    coarse_noise: float = 0.0
    """Standard deviation, object units, of the noise on each coarse point in stage 2."""
    coarse_shift: float = 0.0
    """Standard deviation, object units, of one shift and one per-axis stretch of the whole coarse cloud."""
    latent_noise: float = 0.0
    """Standard deviation, as a share of the batch's own, of noise on the vector of which the coarse cloud grows, in
    stage 2: the cloud then errs as it does on unseen images, with parts where the object has none."""
    camera_turn: float = 0.0
    """Standard deviation, as a share of a full circle, of turns about the vertical axis by which the transform is put
    wrong for the queries of stage 2."""

    def validate(self, name: str) -> None:
        for option in dataclasses.fields(self):
            value = getattr(self, option.name)
            _require(0 <= value <= 1, f"{name}.{option.name}", "in [0, 1]", value)


@dataclass(frozen=True)
class StageConfig:
    """What both stages share: length, batch, optimiser and schedule."""

    steps: int = 0
    """Number of optimiser steps; 0: by `epochs` or `minutes`."""
    epochs: float = 0.0
    """Passes over the shapes of the training split; 0: by `steps` or `minutes`."""
    minutes: float = 0.0
    """Wall-clock budget; the learning rate then follows elapsed time, so that the run ends annealed."""
    batch: int = 16
    accumulate: int = 1
    """Parts of equal size that a batch is worked off in, for what does not fit into memory at once. The gradient is
    that of the whole batch, but for batch normalisation, which sees a part at a time."""
    optimiser: str = "adam"
    """"adam" and "adamw", or "muon": matrices by orthogonalised momentum, the rest by AdamW, at AdamW's rates."""
    learning_rate: float = 1e-4
    final_learning_rate: float = 0.0
    """Learning rate at the end of a cosine schedule."""
    warmup_steps: int = 0
    schedule: str = "constant"
    weight_decay: float = 1e-5
    beta2: float = 0.999
    clip_norm: float = 0.0
    """Largest norm of the gradient of all parameters; 0: no clipping."""
    ema: float = 0.0
    """Decay per step of the moving average of the weights, which is what is exported; 0: none."""
    patience: int = 0
    """Validations in a row without a better figure after which a stage ends early; it then has its best weights, not
    its last. With validate_steps only validations by steps count. 0: never."""
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    @property
    def lengths(self) -> list[float]:
        """Those of steps, epochs and minutes that are given."""
        return [value for value in (self.steps, self.epochs, self.minutes) if value]

    def validate(self, name: str) -> None:
        lengths = self.lengths
        given = {option: getattr(self, option) for option in ("steps", "epochs", "minutes")}
        _require(len(lengths) == 1, name, "given exactly one of steps, epochs, minutes", given)
        _require(min(self.steps, self.epochs, self.minutes) >= 0, name, "of a length >= 0", lengths)
        _require(self.batch >= 2, f"{name}.batch", "at least 2 (batch normalisation)", self.batch)
        parts = f"a divisor of the batch ({self.batch}) that leaves parts of at least 2"
        whole = self.accumulate > 0 and self.batch % self.accumulate == 0 and self.batch // self.accumulate >= 2
        _require(whole, f"{name}.accumulate", parts, self.accumulate)
        _require(self.optimiser in _OPTIMISERS, f"{name}.optimiser", f"one of {_OPTIMISERS}", self.optimiser)
        _require(self.schedule in _SCHEDULES, f"{name}.schedule", f"one of {_SCHEDULES}", self.schedule)
        _require(0 < self.learning_rate < math.inf, f"{name}.learning_rate", "positive and finite", self.learning_rate)
        _require(
            0 <= self.final_learning_rate <= self.learning_rate,
            f"{name}.final_learning_rate",
            "between 0 and learning_rate",
            self.final_learning_rate,
        )
        for option in ("warmup_steps", "weight_decay", "clip_norm", "patience"):
            _require(getattr(self, option) >= 0, f"{name}.{option}", ">= 0", getattr(self, option))
        _require(0 <= self.ema < 1, f"{name}.ema", "in [0, 1)", self.ema)
        _require(0 < self.beta2 < 1, f"{name}.beta2", "in (0, 1)", self.beta2)
        self.augment.validate(f"{name}.augment")


@dataclass(frozen=True)
class CoarseConfig(StageConfig):
    """Stage 1: image encoder and coarse decoder against the surface points (LIST section 3, loss L_CD)."""

    surface_points: int = 4096
    """Random surface points of the shape that a prediction is compared with."""
    chamfer_scale: float = 1000.0
    camera_weight: float = 0.0
    """Weight of the camera loss beside L_CD: the spatial transformer learns along, and what learns of the trunk
    serves it too."""
    symmetries: int = 1
    """As for the camera."""

    def validate(self, name: str) -> None:
        super().validate(name)
        _require(self.camera_weight >= 0, f"{name}.camera_weight", ">= 0", self.camera_weight)
        _require(self.symmetries > 0, f"{name}.symmetries", "positive", self.symmetries)
        _require(self.surface_points > 0, f"{name}.surface_points", "positive", self.surface_points)
        _require(self.chamfer_scale > 0, f"{name}.chamfer_scale", "positive", self.chamfer_scale)


@dataclass(frozen=True)
class CameraConfig(StageConfig):
    """Between the stages, where given a length: the spatial transformer alone against the true cameras.

    Its steps need neither queries nor fine maps, so they are cheap, and image features are worth little before queries
    are projected near their place. Over a shared trunk the transform then stays as it is through stage 2.
    """

    symmetries: int = 1
    """Rotations about the vertical axis, 360 / symmetries degrees apart, among which a shape's symmetries are sought;
    the camera loss takes the nearest of the transforms that they make equally true. 1: none."""

    def validate(self, name: str) -> None:
        if self.lengths:
            super().validate(name)
        _require(self.symmetries > 0, f"{name}.symmetries", "positive", self.symmetries)


@dataclass(frozen=True)
class SdfConfig(StageConfig):
    """Stage 2: everything after the coarse cloud, with stage 1 frozen (losses L_SDF and L_V)."""

    near_points: int = 1024
    """Queries per shape from the samples near the surface."""
    near_from: float = 0.0
    """Share of a shape's samples near the surface that is left out, those with the least noise first. Samples within
    0.01 of every surface say nothing of where it is: an L1 fit that is unsure answers zero for all of them."""
    uniform_points: int = 256
    """Queries per shape from the samples that are uniform in the box."""
    sdf_loss: str = "squared_sum"
    """Of 10 x signed distance: "squared_sum" (the paper's), or the mean of "squared", "l1" or "huber"."""
    huber_delta: float = 0.1
    """Where "huber" turns from square to linear, in units of 10 x signed distance."""
    clamp: float = 0.0
    """Largest signed distance, object units, that the loss tells apart; 0: no clamping."""
    surface_emphasis: float = 0.0
    """A query at distance d weighs 1 + surface_emphasis * exp(-d / surface_scale), then normalised to mean 1 over
    a shape's queries."""
    surface_scale: float = 0.02
    inside_weight: float = 1.0
    """Weight of queries inside the shape. An L1 fit puts its surface where inside is more likely than 1 in
    1 + inside_weight: with 1, thin parts whose place is in doubt are nowhere."""
    occupancy_weight: float = 1.0
    """Weight of L_V."""
    chamfer_weight: float = 0.0
    """Weight of L_CD. Above zero this stage is the only one: the coarse cloud learns along, and the stages before it
    have no length."""
    camera_weight: float = 0.0
    """Weight of the distance between projections under the predicted and under the true transform."""
    symmetries: int = 1
    """As for the camera."""
    true_transform: float = 0.0
    """Share of the run, from its start, over which queries are projected by the true transform with falling odds."""

    def validate(self, name: str) -> None:
        super().validate(name)
        _require(self.sdf_loss in _SDF_LOSSES, f"{name}.sdf_loss", f"one of {_SDF_LOSSES}", self.sdf_loss)
        _require(self.near_points >= 0, f"{name}.near_points", ">= 0", self.near_points)
        _require(self.uniform_points >= 0, f"{name}.uniform_points", ">= 0", self.uniform_points)
        _require(self.near_points + self.uniform_points > 0, name, "given queries", self.near_points)
        for option in ("clamp", "surface_emphasis", "occupancy_weight", "chamfer_weight", "camera_weight"):
            _require(getattr(self, option) >= 0, f"{name}.{option}", ">= 0", getattr(self, option))
        for option in ("huber_delta", "surface_scale", "inside_weight", "symmetries"):
            _require(getattr(self, option) > 0, f"{name}.{option}", "positive", getattr(self, option))
        _require(0 <= self.near_from < 1, f"{name}.near_from", "in [0, 1)", self.near_from)
        _require(0 <= self.true_transform <= 1, f"{name}.true_transform", "in [0, 1]", self.true_transform)


@dataclass(frozen=True)
class TrainConfig:
    """A whole run."""

    name: str
    """Name of the exported checkpoint: OUT/<name>.safetensors."""
    model: str = "small"
    """"small" or "base": the LISTConfig that is trained."""
    model_options: dict[str, Any] = field(default_factory=dict)
    """Fields of LISTConfig that differ from it."""
    seed: int = 0
    precision: str = "auto"
    """"auto": bfloat16 (or float16 with loss scaling) on CUDA; on a CPU bfloat16 where that has instructions for it
    (AMX, AVX-512 BF16), else float32."""
    log_every: int = 20
    """Steps between two lines of the log."""
    checkpoint_minutes: float = 3.0
    checkpoint_steps: int = 0
    """Steps between two checkpoints, besides those by time; 0: by time only."""
    validate_minutes: float = 5.0
    """Minutes between two validations; 0: only at the end of a stage."""
    validate_steps: int = 0
    """Steps between two validations, besides those by time; 0: by time only."""
    validation_views: int = 96
    """Views of the validation split that a validation looks at."""
    trunk: TrunkConfig = field(default_factory=TrunkConfig)
    coarse: CoarseConfig = field(default_factory=lambda: CoarseConfig(epochs=300))
    camera: CameraConfig = field(default_factory=CameraConfig)
    sdf: SdfConfig = field(default_factory=lambda: SdfConfig(epochs=300))

    def __post_init__(self) -> None:
        _require(bool(self.name) and "/" not in self.name, "name", "a file name without directories", self.name)
        _require(self.name != "state", "name", "another word than 'state', the name of the run's checkpoint", self.name)
        _require(self.model in ("small", "base"), "model", "'small' or 'base'", self.model)
        _require(self.precision in _PRECISIONS, "precision", f"one of {_PRECISIONS}", self.precision)
        _require(self.log_every > 0, "log_every", "positive", self.log_every)
        for option in ("checkpoint_minutes", "checkpoint_steps", "validate_minutes", "validate_steps"):
            _require(getattr(self, option) >= 0, option, ">= 0", getattr(self, option))
        for option in ("seed", "validation_views"):
            _require(getattr(self, option) >= 0, option, ">= 0", getattr(self, option))
        self.trunk.validate("trunk")
        if self.sdf.chamfer_weight:
            before = {"coarse": self.coarse.lengths, "camera": self.camera.lengths}
            _require(not any(before.values()), "coarse and camera", "of no length with sdf.chamfer_weight", before)
        else:
            self.coarse.validate("coarse")
        self.camera.validate("camera")
        self.sdf.validate("sdf")

    def to_dict(self) -> dict[str, Any]:
        """The configuration as nested plain values, as in the TOML file."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TrainConfig:
        """Inverse of `to_dict`; raises ValueError or TypeError that name the option."""
        return _build(cls, values, "")


def _build(cls: type, values: dict[str, Any], prefix: str) -> Any:
    if not isinstance(values, dict):
        raise TypeError(f"{prefix.rstrip('.') or 'configuration'} must be a table, got {type(values).__name__}")
    hints = typing.get_type_hints(cls)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise ValueError(f"unknown option {prefix}{unknown[0]}; options here: {', '.join(sorted(hints))}")
    missing = [
        option.name
        for option in dataclasses.fields(cls)
        if option.name not in values
        and option.default is dataclasses.MISSING
        and option.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ValueError(f"option {prefix}{missing[0]} is missing")
    return cls(**{name: _convert(hints[name], value, prefix + name) for name, value in values.items()})


def _convert(wanted: Any, value: Any, name: str) -> Any:
    if dataclasses.is_dataclass(wanted):
        return _build(typing.cast(type, wanted), value, name + ".")
    if isinstance(wanted, types.GenericAlias):
        wanted = typing.get_origin(wanted)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, wanted) or (wanted is not bool and isinstance(value, bool)):
        raise TypeError(f"{name} must be {wanted.__name__}, got {value!r}")
    return value


def shipped_configs() -> dict[str, Path]:
    """The configurations that come with the package, by name."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "configs").glob("*.toml"))}


def load_config(path: str | Path, overrides: typing.Sequence[str] = ()) -> TrainConfig:
    """Reads a TOML file, or a shipped configuration by its name, and applies `overrides`.

    Args:
        path: a TOML file, or one of `shipped_configs`.
        overrides: "option=value" strings, e.g. "sdf.batch=8"; the value is a Python literal or else a string.
            Giving one of a stage's steps, epochs and minutes clears the other two.

    Raises:
        FileNotFoundError: no such file and no shipped configuration of that name.
        ValueError, TypeError: a wrong option, named.
    """
    file = Path(path)
    if not file.exists() or file.is_dir():  # a folder of the name of a shipped one does not hide it
        shipped = shipped_configs()
        if str(path) not in shipped:
            raise FileNotFoundError(f"no configuration {path}: neither a file nor one of {', '.join(shipped)}")
        file = shipped[str(path)]
    with open(file, "rb") as stream:
        try:
            values = tomllib.load(stream)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{file}: {error}") from None
    values.setdefault("name", file.stem)
    for override in overrides:
        _override(values, override)
    return TrainConfig.from_dict(values)


def _override(values: dict[str, Any], override: str) -> None:
    key, separator, text = override.partition("=")
    if not separator or not key.strip():
        raise ValueError(f"an override must look like option=value, got {override!r}")
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        value = {"true": True, "false": False}.get(text.strip(), text.strip())
    *tables, name = key.strip().split(".")
    table = values
    for part in tables:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise ValueError(f"{key.strip()}: {part} is not a table")
    lengths = {"steps", "epochs", "minutes"}
    if name in lengths and value:
        for other in lengths - {name}:
            table.pop(other, None)
    table[name] = value
