# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Draw the README's picture: each example image beside two views of the mesh that the shipped weights make of it.

python docs/make_teaser.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from list_fast.cli.reconstruct import draw_preview
from list_fast.reconstruction import Reconstructor

ROOT = Path(__file__).parent.parent
COLUMNS = 2


def main() -> None:
    reconstructor = Reconstructor(device="cpu")
    tiles = [draw_preview(reconstructor(path)) for path in sorted((ROOT / "examples").glob("*.png"))]
    width, height = tiles[0].size
    rows = -(-len(tiles) // COLUMNS)
    sheet = Image.new("RGB", (width * COLUMNS, height * rows), "white")
    for i, tile in enumerate(tiles):
        sheet.paste(tile, (i % COLUMNS * width, i // COLUMNS * height))
    sheet = sheet.quantize(128, dither=Image.Dither.NONE)
    sheet.save(ROOT / "docs" / "teaser.png", optimize=True)


if __name__ == "__main__":
    main()
