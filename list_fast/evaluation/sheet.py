# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A sheet of pictures to judge an evaluation by eye: input, prediction from two sides, truth from the same two."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from list_fast.meshing.preview import camera_direction, render_mesh

if TYPE_CHECKING:
    import torch
    import trimesh

TILE = 160
"""Side of a picture in pixels."""

HEADINGS = ("input", "prediction", "from behind", "truth", "from behind")
_HEADER = 20
TURN = 150.0
"""Degrees between the two sides."""


def _picture(mesh: trimesh.Trimesh, azimuth: float, elevation: float) -> Image.Image:
    return render_mesh(mesh.vertices, mesh.faces, azimuth=azimuth, elevation=elevation, size=TILE, supersampling=2)


class Sheet:
    """Rows of pictures, one a view, with the shape's name.

    Args:
        rows: how many views are wanted.

    Raises:
        ValueError: ``rows`` is below 1.
    """

    def __init__(self, rows: int = 20) -> None:
        if rows < 1:
            raise ValueError(f"rows must be at least 1, got {rows}")
        self.rows = rows
        self._names: list[str] = []
        self._tiles: list[list[Image.Image]] = []

    def add(
        self,
        name: str,
        image: torch.Tensor,
        camera: torch.Tensor,
        predicted: trimesh.Trimesh,
        true: trimesh.Trimesh | None,
    ) -> None:
        """Draw one row.

        Args:
            name: what to call it.
            image: the input, (3, H, W) uint8.
            camera: the true transform (4, 3); the meshes are seen from its direction and from behind.
            predicted, true: in object space; a truth that is not there leaves its tiles white.
        """
        azimuth, elevation = camera_direction(camera.numpy()) or (30.0, 20.0)
        tiles = [Image.fromarray(np.asarray(image).transpose(1, 2, 0)).resize((TILE, TILE), Image.Resampling.LANCZOS)]
        for mesh in (predicted, true):
            for turn in (0.0, TURN):
                if mesh is None:
                    tiles.append(Image.new("RGB", (TILE, TILE), "white"))
                else:
                    tiles.append(_picture(mesh, azimuth + turn, min(max(elevation, 10.0), 45.0)))
        self._names.append(name)
        self._tiles.append(tiles)

    def image(self) -> Image.Image:
        """The sheet as it stands, two rows side by side."""
        width = len(HEADINGS) * TILE
        height = (len(self._tiles) + 1) // 2
        sheet = Image.new("RGB", (2 * width, _HEADER + height * TILE), "white")
        pen = ImageDraw.Draw(sheet)
        for number, (name, tiles) in enumerate(zip(self._names, self._tiles, strict=True)):
            left, top = number % 2 * width, _HEADER + number // 2 * TILE
            for column, tile in enumerate(tiles):
                sheet.paste(tile, (left + column * TILE, top))
            pen.text((left + 4, top + 2), name, fill="black", font_size=11)
        for column, heading in enumerate(HEADINGS * min(2, len(self._tiles))):
            pen.text((column * TILE + 4, 3), heading, fill="black", font_size=13)
        return sheet

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the sheet as a PNG file, making its folder; raises OSError."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.image().save(target, "PNG")
