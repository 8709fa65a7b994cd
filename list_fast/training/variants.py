# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Baselines and ablations (paper, sections 4.3 and 4.5), and what the shipped training adds to the paper's: what each
changes of a configuration, all else alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .config import TrainConfig


@dataclass(frozen=True)
class Variant:
    """One of them.

    Attributes:
        overrides: "option=value" strings, applied to a configuration.
        question: what its figures beside the whole model's answer.
        init: the stage that may begin from the whole model's checkpoint, or None where nothing of it fits.
        forgets: parts of that checkpoint that the variant learns anew all the same.
        removes: what queries do not read in it, of what they read in the whole model.
    """

    overrides: tuple[str, ...]
    question: str
    init: str | None = "sdf"
    forgets: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()


_NO_CAMERA = ("camera.steps=0", "camera.epochs=0", "camera.minutes=0")
_NO_CAMERA_LOSS = ("coarse.camera_weight=0.0", "sdf.camera_weight=0.0")
_NO_COARSE = ("coarse.steps=0", "coarse.epochs=0", "coarse.minutes=0")

VARIANTS: dict[str, Variant] = {
    "global-only": Variant(
        ("model_options.query_reads=('global',)",),
        "what one vector for the whole image gives (as Occupancy Networks and IM-NET have it)",
    ),
    "true-camera": Variant(
        (
            "model_options.query_reads=('images', 'global')",
            "model_options.transform='given'",
            *_NO_CAMERA,
            *_NO_CAMERA_LOSS,
        ),
        "what image samples under the true camera give without a coarse cloud (as DISN has it)",
    ),
    "one-encoder": Variant(
        ("model_options.one_encoder=True",), "whether cloud and camera need encoders of their own", init="camera"
    ),
    "no-transformer": Variant(
        ("model_options.transform='constant'", *_NO_CAMERA, "coarse.camera_weight=0.0"),
        "what the spatial transformer gives over a fixed view",
    ),
    "no-coarse": Variant((), "what the coarse cloud gives to the queries", removes=("voxels", "neighbors")),
    "no-probabilistic": Variant(
        ("model_options.probabilistic_occupancy=False",), "what Gamma's soft occupancy gives over the grid itself"
    ),
    "no-neighbors": Variant((), "what the six displaced samples of a query give", removes=("neighbors",)),
    "no-images": Variant(
        (), "what image samples, and the view with them, give beside the coarse cloud", removes=("images", "view")
    ),
    "one-stage": Variant(
        ("sdf.chamfer_weight=0.1", *_NO_COARSE, *_NO_CAMERA),
        "whether learning everything at once does as well as the stages",
        init=None,
    ),
    "no-camera-loss": Variant(
        (*_NO_CAMERA, *_NO_CAMERA_LOSS),
        "what knowing the true cameras in training gives: the transform learns from the distances alone",
        forgets=("point_mlp_coarse", "spatial_transformer", "im_encoder2"),
    ),
    "even-weights": Variant(("sdf.inside_weight=1.0",), "what queries inside that count more give to thin parts"),
    "at-surface": Variant(("sdf.near_from=0.0",), "what queries right at the surface give to small parts"),
}
"""By name."""


class UnchangedError(ValueError):
    """A variant is what the configuration trains anyway."""


def load_variant(
    name: str | None, path: str | Path, before: Sequence[str] = (), after: Sequence[str] = ()
) -> TrainConfig:
    """A configuration and its overrides, those before and those after the variant's own; None is the whole model.

    Raises:
        UnchangedError: the variant changes nothing of it.
        FileNotFoundError, ValueError, TypeError: as ``load_config``.
    """
    from list_fast.model import LISTConfig

    from .config import load_config

    whole = load_config(path, [*before, *after])
    if name is None:
        return whole
    variant = VARIANTS[name]
    overrides = list(variant.overrides)
    if variant.removes:
        base = LISTConfig.small() if whole.model == "small" else LISTConfig.base()
        reads = tuple(whole.model_options.get("query_reads", base.query_reads))
        if left := tuple(word for word in reads if word not in variant.removes):
            overrides.append(f"model_options.query_reads={left!r}")
        if left in ((), reads):
            overrides = []
    config = load_config(path, [*before, *overrides, *after])
    if replace(config, name=whole.name) == whole:
        raise UnchangedError(f"the variant {name} changes nothing of the configuration {path}")
    return config
