# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Baselines and ablations (paper, sections 4.3 and 4.5), and what the shipped training adds to the paper's: what each
changes of a configuration, all else alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """One of them.

    Attributes:
        overrides: "option=value" strings, applied to a configuration.
        question: what its figures beside the whole model's answer.
        init: the stage that may begin from the whole model's checkpoint, or None where nothing of it fits.
        forgets: parts of that checkpoint that the variant learns anew all the same.
    """

    overrides: tuple[str, ...]
    question: str
    init: str | None = "sdf"
    forgets: tuple[str, ...] = ()


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
    "no-coarse": Variant(
        ("model_options.query_reads=('images', 'view')",), "what the coarse cloud gives to the queries"
    ),
    "no-probabilistic": Variant(
        ("model_options.probabilistic_occupancy=False",), "what Gamma's soft occupancy gives over the grid itself"
    ),
    "no-neighbors": Variant(
        ("model_options.query_reads=('voxels', 'images', 'view')",), "what the six displaced samples of a query give"
    ),
    "no-images": Variant(
        ("model_options.query_reads=('voxels', 'neighbors')",), "what image samples give beside the coarse cloud"
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
