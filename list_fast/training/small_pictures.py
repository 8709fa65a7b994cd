# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A data set some of whose pictures are enlarged from fewer pixels, as ``reconstruct`` enlarges small ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image

if TYPE_CHECKING:
    from list_fast.data import ListDataset

SIDES = (56, 200)
"""Least and greatest side of the pictures before they are enlarged, of 224; their logarithm is even."""


def enlarged(picture: torch.Tensor, side: int) -> torch.Tensor:
    """A picture (3, S, S) uint8 brought to `side` pixels and back, as ``frame_image`` resamples."""
    full = Image.fromarray(picture.numpy().transpose(1, 2, 0))
    small = full.resize((side, side), Image.Resampling.BOX)
    again = np.asarray(small.resize(full.size, Image.Resampling.BICUBIC))
    return torch.from_numpy(np.ascontiguousarray(again.transpose(2, 0, 1)))


class SmallPictures:
    """Stands in for a data set; a share of its pictures, always the same ones, are enlarged from fewer pixels.

    The renderings of 3D-R2N2 (Choy et al. 2016) have 137 pixels, their objects often half as many.

    Args:
        dataset: the data set, which answers everything else.
        share: of the views, in [0, 1].
        seed: which ones, and by how much.
    """

    def __init__(self, dataset: ListDataset, share: float, seed: int) -> None:
        self._dataset, self._share, self._seed = dataset, share, seed
        self.pictures = f"small {share} {seed}"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dataset, name)

    def __len__(self) -> int:
        return len(self._dataset)

    def image(self, index: int, view: int, background: tuple[int, int, int] | None = None) -> torch.Tensor:
        """``ListDataset.image``, perhaps enlarged from fewer pixels."""
        picture = self._dataset.image(index, view, background)
        rng = np.random.default_rng([self._seed, 137, index, view])
        if rng.random() >= self._share:
            return picture
        return enlarged(picture, round(float(np.exp(rng.uniform(*np.log(SIDES))))))
