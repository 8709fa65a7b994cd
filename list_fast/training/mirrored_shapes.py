# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A data set and its mirror image: a picture turned over shows the mirrored object from a direction of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from list_fast.data.camera import IMAGE_SIZE

if TYPE_CHECKING:
    from list_fast.data import ListDataset


def mirrored_cameras(cameras: torch.Tensor) -> torch.Tensor:
    """Transforms (..., 4, 3) of objects onto pictures of 224 x 224, as those of both mirrored, the object in x."""
    x, y, depth = cameras.unbind(-1)
    turned = torch.stack([(IMAGE_SIZE - 1) * depth - x, y, depth], -1)
    # Of q = 2 (z, y, x) the third changes its sign.
    return turned * turned.new_tensor([1.0, 1.0, -1.0, 1.0])[:, None]


class MirroredShapes:
    """Stands in for a data set of N shapes; shape N + i is the mirror image of shape i, its pictures those of i.

    An object that is its own mirror image is seen so from another side, another is another object.
    """

    def __init__(self, dataset: ListDataset) -> None:
        self._dataset = dataset
        self.ids = [*dataset.ids, *(f"{name}/mirrored" for name in dataset.ids)]
        camera = torch.as_tensor(dataset.camera)
        self.camera = torch.cat([camera, mirrored_cameras(camera.double()).to(camera.dtype)])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dataset, name)

    def __len__(self) -> int:
        return len(self.ids)

    def image(self, index: int, view: int, background: tuple[int, int, int] | None = None) -> torch.Tensor:
        """``ListDataset.image``."""
        shape, mirrored = self._locate(index)
        picture = self._dataset.image(shape, view, background)
        return picture.flip(-1) if mirrored else picture

    def surface(self, index: int) -> torch.Tensor:
        """``ListDataset.surface``."""
        return self._reflected(self._dataset.surface, index)

    def normals(self, index: int) -> torch.Tensor:
        """``ListDataset.normals``."""
        return self._reflected(self._dataset.normals, index)

    def near(self, index: int) -> torch.Tensor:
        """``ListDataset.near``."""
        return self._reflected(self._dataset.near, index)

    def uniform(self, index: int) -> torch.Tensor:
        """``ListDataset.uniform``."""
        return self._reflected(self._dataset.uniform, index)

    def _locate(self, index: int) -> tuple[int, bool]:
        if not 0 <= index < len(self):
            raise IndexError(f"index must be in [0, {len(self)}), got {index}")
        return index % len(self._dataset), index >= len(self._dataset)

    def _reflected(self, stored: Any, index: int) -> torch.Tensor:
        shape, mirrored = self._locate(index)
        rows: torch.Tensor = stored(shape)
        if mirrored:
            rows = rows.clone()
            rows[:, 0].neg_()
        return rows
