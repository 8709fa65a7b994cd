# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""A contact sheet: one row of pictures for each class, to judge a data set or the families by eye."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from list_fast.data.camera import IMAGE_SIZE
from list_fast.data.shapes import FAMILIES, build_shape, check_class, class_key, unite

if TYPE_CHECKING:
    from PIL import Image

LABEL_WIDTH = 104


def fresh_pictures(class_name: str, count: int, seed: int, style: str, inputs: str) -> list[NDArray[np.uint8]]:
    """Pictures (224, 224, 3) uint8 of the first ``count`` shapes of a class, one random view each."""
    from list_fast.data.render import Renderer
    from list_fast.data.styles import cut_out, over, styled_views

    renderer, key, pictures = Renderer(), class_key(class_name), []
    for index in range(count):
        shape = build_shape(class_name, seed, index)
        rngs = [np.random.default_rng([seed, key, index, stream]) for stream in (0, 1)]
        view = styled_views(renderer, shape, unite(shape), class_name, rngs[:1], rngs[1], style)[0]
        if view.rough is not None and inputs == "cutout" and (view.rough > 127).any():
            pictures.append(cut_out(view.image[..., :3], view.rough)[0])
        elif view.jpeg is not None:
            pictures.append(view.image[..., :3])
        else:
            pictures.append(over(view.image, np.broadcast_to(view.background, view.image[..., :3].shape)))
    return pictures


def stored_pictures(root: str | os.PathLike[str], class_name: str, count: int, inputs: str) -> list[NDArray[np.uint8]]:
    """Pictures (224, 224, 3) uint8 of the first shapes of a class in a data set, a different view each.

    Of its training split, or where that is empty of the first that is not.
    """
    from list_fast.data.dataset import SPLITS, open_dataset, read_description

    counts = read_description(root)["counts"]
    dataset = open_dataset(root, next((split for split in SPLITS if counts[split]), SPLITS[0]), inputs=inputs)
    rows = [k for k, name in enumerate(dataset.ids) if name.startswith(f"{class_name}/")][:count]
    return [dataset.image(row, k % dataset.views).numpy().transpose(1, 2, 0) for k, row in enumerate(rows)]


def contact_sheet(
    *,
    classes: Sequence[str] | None = None,
    shapes_per_class: int = 12,
    seed: int = 0,
    data: str | os.PathLike[str] | None = None,
    beside: str | os.PathLike[str] | None = None,
    style: str = "plain",
    inputs: str = "picture",
) -> Image.Image:
    """Draw the sheet, of fresh shapes of ``seed`` or of the data set at ``data``; all classes if none are named.

    With another data set ``beside``, such as imported meshes, only the classes that it has too, each with a second row
    of its pictures. ``style`` is that of fresh shapes' pictures; ``inputs``: whole pictures ("picture") or what is cut
    out ("cutout").

    Raises:
        ValueError: an unknown class or style, ``shapes_per_class`` below 1, no data set at ``data`` or ``beside``, or
            none of the classes there.
        RuntimeError: fresh shapes are wanted and no OpenGL context can be had.
    """
    from PIL import Image, ImageDraw

    from list_fast.data.dataset import INPUTS, read_description

    if shapes_per_class < 1:
        raise ValueError(f"shapes_per_class must be >= 1, got {shapes_per_class}")
    if inputs not in INPUTS:
        raise ValueError(f"inputs must be one of {INPUTS}, got {inputs!r}")
    if data is None:
        names = [check_class(name) for name in (FAMILIES if classes is None else classes)]
    else:
        known = read_description(data)["classes"]
        names = list(known if classes is None else classes)
        for name in names:
            if name not in known:
                raise ValueError(f"classes must be of the data set's {', '.join(known)}, got {name!r}")
    rows = [(name, data) for name in names]
    if beside is not None:
        there = set(read_description(beside)["classes"])
        rows = [(name, source) for name in names if name in there for source in (data, beside)]
        if not rows:
            raise ValueError(f"beside must hold some of the classes {', '.join(names)}, got {', '.join(sorted(there))}")
    sheet = Image.new("RGB", (LABEL_WIDTH + shapes_per_class * IMAGE_SIZE, len(rows) * IMAGE_SIZE), "white")
    pen = ImageDraw.Draw(sheet)
    for row, (name, source) in enumerate(rows):
        if source is None:
            pictures = fresh_pictures(name, shapes_per_class, seed, style, inputs)
        else:
            pictures = stored_pictures(source, name, shapes_per_class, inputs)
        label = f"{name},\nbeside" if beside is not None and row % 2 else name
        pen.text((8, row * IMAGE_SIZE + IMAGE_SIZE // 2 - 8), label, fill="black", font_size=16)
        for column, picture in enumerate(pictures):
            sheet.paste(Image.fromarray(picture), (LABEL_WIDTH + column * IMAGE_SIZE, row * IMAGE_SIZE))
    return sheet


def save_contact_sheet(
    path: str | os.PathLike[str],
    *,
    classes: Sequence[str] | None = None,
    shapes_per_class: int = 12,
    seed: int = 0,
    data: str | os.PathLike[str] | None = None,
    beside: str | os.PathLike[str] | None = None,
    style: str = "plain",
    inputs: str = "picture",
) -> None:
    """Write ``contact_sheet`` as a PNG file; the errors are those of ``contact_sheet`` and OSError."""
    target = Path(path)
    sheet = contact_sheet(
        classes=classes,
        shapes_per_class=shapes_per_class,
        seed=seed,
        data=data,
        beside=beside,
        style=style,
        inputs=inputs,
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target, "PNG")
