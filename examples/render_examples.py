# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Draw the example images: shapes of the test split of the training set, which the shipped weights have not seen.

    python examples/render_examples.py [--data-seed 0]

writes examples/<class>.png, on white. Needs the extra `data` (pip install -e ".[data]").
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from list_fast.data.make import shape_id, split_of
from list_fast.data.render import Renderer, render_views
from list_fast.data.shapes import build_shape, class_key, unite

EXAMPLES = {"chair": 120, "airplane": 100, "car": 20, "lamp": 20, "sofa": 100, "table": 40}
"""Class and index of each shape; indices that 20 divides are test shapes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-seed", type=int, default=0, help="seed of the data set (default: %(default)s)")
    seed = parser.parse_args().data_seed
    renderer = Renderer()
    for name, index in EXAMPLES.items():
        assert split_of(index) == 2, f"{shape_id(name, index)} is no test shape"
        shape = build_shape(name, seed, index)
        # Own streams: these are new pictures, not those of the data set.
        look = np.random.default_rng([seed, class_key(name), index, 100])
        view = np.random.default_rng([seed, class_key(name), index, 101])
        rgba = Image.fromarray(render_views(renderer, shape, unite(shape), name, [view], look)[0].image)
        picture = Image.new("RGBA", rgba.size, "white")
        picture.alpha_composite(rgba)
        target = Path(__file__).parent / f"{name}.png"
        picture.convert("RGB").save(target, optimize=True)
        print(target)


if __name__ == "__main__":
    main()
