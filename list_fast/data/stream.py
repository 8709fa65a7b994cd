# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Shapes one after the other from tar files in a folder, behind URLs or pipes, for training loops of your own."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import IterableDataset

from list_fast.data.tar_shards import ARRAYS, decode_facts

FACTS = ("camera", "pose", "background", "box")


class ShapeStream(IterableDataset[dict[str, Any]]):
    """Samples of exported tar files, read in order and shuffled through a buffer; needs the package ``webdataset``.

    Processes of a group and workers of a DataLoader share the tar files between them, so there should be as many at
    least. The order is a function of ``seed`` and ``epoch``; each iteration begins the next epoch unless ``set_epoch``
    said which. The workers of a DataLoader start from this object's epoch, so there it has to be set.

    Args:
        source: folder of an exported set, or the tar files: paths, URLs and pipes ("pipe:curl ...") as ``webdataset``
            takes them.
        split: of a folder: "train", "val" or "test".
        shuffle: samples in the buffer; 0 keeps the order of the files.
        seed: of the order.

    Yields:
        "id", "class" and "label"; "camera" (V, 4, 3), "pose" (V, 3) float32 and "background" (V, 3) uint8; "png" or, of
        pictures with surroundings, "jpg", V files each, of style mixed "image", V files of either kind; in sets of
        format 2 "mask.png", V files of coverage and rough mask, and "box" (V, 3), the squares to cut out; "surface" and
        "normals" (4096, 3), "near" (8192, 4) and
        "uniform" (4096, 4) float32 tensors.

    Raises:
        ImportError: no ``webdataset``.
        ValueError: no tar file; a shuffle below 0.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | Sequence[str],
        split: str = "train",
        *,
        shuffle: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        try:
            import webdataset as _  # noqa: F401
        except ImportError as error:
            raise ImportError("ShapeStream needs webdataset: pip install 'list-fast[stream]'") from error
        if shuffle < 0:
            raise ValueError(f"shuffle must be >= 0, got {shuffle}")
        if isinstance(source, (str, os.PathLike)):
            folder = Path(source)
            self.urls = [str(path) for path in sorted(folder.glob(f"{split}-*.tar"))]
        else:
            self.urls = list(source)
        if not self.urls:
            raise ValueError(f"source must hold tar files of {split!r}, got {source} with none")
        self.shuffle, self.seed, self.epoch = shuffle, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """The epoch whose order the next iteration takes."""
        self.epoch = epoch

    def __iter__(self) -> Iterator[dict[str, Any]]:
        import webdataset

        urls = list(self.urls)
        stages: list[Any] = []
        if self.shuffle:
            rng = np.random.default_rng([self.seed, self.epoch])
            urls = [urls[k] for k in rng.permutation(len(urls))]
            # The stage counts the epoch up before it begins.
            buffer = webdataset.detshuffle(self.shuffle, self.shuffle, self.seed, self.epoch * 1_000_003 - 1)
            stages.append(buffer)
        self.epoch += 1
        pipeline = webdataset.DataPipeline(
            webdataset.SimpleShardList(urls),
            webdataset.split_by_node,
            webdataset.split_by_worker,
            _open,
            webdataset.tariterators.tar_file_expander,
            webdataset.tariterators.group_by_keys,
            *stages,
            webdataset.map(decode_sample),
        )
        yield from pipeline


def _open(urls: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Tar files as streams, each closed when the next one is asked for, which ``webdataset`` leaves to chance."""
    from webdataset.tariterators import url_opener

    for source in url_opener(urls):
        with contextlib.closing(source["stream"]):
            yield source


def decode_sample(sample: dict[str, Any]) -> dict[str, Any]:
    """A sample of ``webdataset`` as ``ShapeStream`` yields it."""
    facts = decode_facts(sample["json"])
    views = len(facts["camera"])
    result = facts | {name: torch.from_numpy(facts[name]) for name in FACTS if name in facts}
    for name in ARRAYS:
        result[name] = torch.from_numpy(np.load(io.BytesIO(sample[f"{name}.npy"])).astype(np.float32))
    for extension in ("png", "jpg", "mask.png"):
        if all(f"{view}.{extension}" in sample for view in range(views)):
            result[extension] = [sample[f"{view}.{extension}"] for view in range(views)]
    if "png" not in result and "jpg" not in result:
        result["image"] = [sample.get(f"{view}.png") or sample[f"{view}.jpg"] for view in range(views)]
    return result
