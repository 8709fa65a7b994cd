# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Weights between those of two checkpoints of one model (Wortsman et al. 2022, "Robust fine-tuning of zero-shot
models"): what a run went on from keeps some of what it knew of pictures unlike the run's."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from list_fast._errors import renamed

from .checkpoint import checkpoint_metadata, load_checkpoint, save_checkpoint


@torch.no_grad()
def blend_checkpoints(
    first: str | os.PathLike[str], second: str | os.PathLike[str], share: float, target: str | os.PathLike[str]
) -> Path:
    """Write the checkpoint (1 - share) `first` + share `second`, with the surface level and the history of `second`.

    Args:
        first, second: checkpoints of LISTs, the second trained on from the first: weights of unrelated runs have no
            mean that works.
        share: from 0 to 1.
        target: the file to write, its folder made if it is not there.

    Raises:
        ValueError: one is no checkpoint, they are of different models, or the share is out of range.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be between 0 and 1, got {share}")
    with renamed(path="first"):
        before = load_checkpoint(first)
    with renamed(path="second"):
        after = load_checkpoint(second)
    one, two = ({**model.config.to_dict(), "surface_level": 0.0} for model in (before, after))
    for name in one:
        if one[name] != two[name]:
            raise ValueError(f"second must be of the model of first, got {name} = {two[name]!r}, not {one[name]!r}")
    old, new = before.state_dict(), after.state_dict()
    mixed = {k: torch.lerp(old[k], v, share) if v.is_floating_point() else v for k, v in new.items()}
    after.load_state_dict(mixed)
    origin = {"share": share, "with": Path(first).name, "of": Path(second).name}
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    save_checkpoint(target, after, checkpoint_metadata(second) | {"blend": origin})
    return Path(target)
