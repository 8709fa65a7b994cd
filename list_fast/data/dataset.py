# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Reading a data set that ``list-fast data`` wrote."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

FORMAT_VERSION = 1
STYLED_VERSION = 2
"""Format of sets whose pictures are not of style plain; it adds to the first what ``ListDataset`` says."""

STYLES = ("plain", "shapenet", "augmented", "mixed")
"""Styles of pictures that ``list-fast data make`` draws; "mixed" has the others in turn, a view each."""

INPUTS = ("cutout", "picture")
SPLITS = ("train", "val", "test")
_LARGE = ("image_data", "mask_data", "surface", "normals", "near", "uniform")


def map_arrays(path: str | os.PathLike[str]) -> dict[str, NDArray[Any]]:
    """The arrays of an uncompressed .npz: large ones mapped from the file, small ones read.

    Raises:
        ValueError: not such a file.
    """
    arrays: dict[str, NDArray[Any]] = {}
    try:
        with zipfile.ZipFile(path) as archive, open(path, "rb") as stream:
            for member in archive.infolist():
                name = member.filename.removesuffix(".npy")
                with archive.open(member) as entry:
                    if name not in _LARGE or member.compress_type != zipfile.ZIP_STORED:
                        arrays[name] = np.lib.format.read_array(entry, allow_pickle=False)
                        continue
                # The local header's own name and extra field lengths say where the .npy starts.
                stream.seek(member.header_offset + 26)
                name_length, extra_length = np.frombuffer(stream.read(4), "<u2").tolist()
                stream.seek(member.header_offset + 30 + name_length + extra_length)
                version = np.lib.format.read_magic(stream)
                reader = (
                    np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
                )
                shape, _, dtype = reader(stream)
                if 0 in shape:
                    arrays[name] = np.zeros(shape, dtype)
                else:
                    arrays[name] = np.memmap(path, dtype, "r", stream.tell(), shape)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ValueError(f"path must be a whole shard of a data set, got {path}: {error}") from error
    return arrays


class ListDataset:
    """One split of a data set: pictures, cameras, surface points and signed-distance samples of its shapes.

    Pictures stay encoded and samples stay on disk (memory-mapped) until they are asked for; reading is thread-safe.

    A set of style plain (format 1) holds objects cut out and framed. Other sets (format 2) hold whole pictures: of
    style shapenet RGBA on nothing, of styles augmented and photoreal JPEG files with all surroundings, of style mixed
    all kinds in turn; beside each the coverage of what is seen of the object, the rough mask that finding it would give
    (for RGBA the coverage itself), and the square that ``list-fast reconstruct`` would cut out by that mask.

    Args:
        root: directory that holds ``dataset.json`` and ``shards/``.
        split: "train", "val" or "test".
        inputs: what ``image`` and ``camera`` are of: "cutout", the object cut out by the rough mask, framed and put on
            white as ``list-fast reconstruct`` does, or "picture", the picture with its surroundings. In a set of format
            1 they are the same.

    Attributes:
        classes: sorted class names.
        ids: ``<class>/<index>`` of each shape.
        labels: (N,) int64 index into ``classes``.
        views: pictures of each shape.
        camera: (N, views, 4, 3) float32 tensor, the transforms on a 224 x 224 canvas.
        pose: (N, views, 3) float32 tensor: azimuth, elevation (degrees), distance.
        background: (N, views, 3) uint8 tensor, the color each picture is composited on.
        boxes: in sets of format 2 (N, views, 3) float32 array: left, top, side of the square that is cut out.
        style: of the pictures, one of ``STYLES`` or "photoreal".

    Raises:
        ValueError: unknown ``split`` or ``inputs``, or no whole data set (of this format) at ``root``.
    """

    def __init__(self, root: str | os.PathLike[str], split: str = "train", *, inputs: str = "cutout") -> None:
        import torch

        if split not in SPLITS:
            raise ValueError(f"split must be one of {SPLITS}, got {split!r}")
        if inputs not in INPUTS:
            raise ValueError(f"inputs must be one of {INPUTS}, got {inputs!r}")
        self.root, self.split, self.inputs = Path(root), split, inputs
        description = read_description(self.root)
        self._describe(description)
        self.ids: list[str] = []
        self._shards: list[dict[str, NDArray[Any]]] = []
        self._rows: list[tuple[int, int]] = []
        labels, columns = [], {name: [] for name in self._columns}  # type: ignore[var-annotated]
        for path in sorted((self.root / "shards").glob("*.npz")):
            shard = map_arrays(path)
            if missing := {"split", "ids", "label", *self._columns} - set(shard):
                raise ValueError(f"root must hold shards of its own format alone, got {path} without {min(missing)}")
            rows = np.flatnonzero(shard["split"] == SPLITS.index(split))
            self._rows += [(len(self._shards), int(row)) for row in rows]
            self._shards.append(shard)
            self.ids += shard["ids"][rows].tolist()
            labels.append(shard["label"][rows])
            for name, values in columns.items():
                values.append(shard[name][rows])
        if not self._shards:
            raise ValueError(
                f"root must hold shards, got none in {self.root / 'shards'}; `{maker(description)}` with its arguments "
                "makes them"
            )
        if len(self.ids) != (whole := description["counts"][split]):
            raise ValueError(
                f"root must be a whole data set, got {self.root} with {len(self.ids)} of {whole} shapes of {split!r}; "
                f"`{maker(description)}` with its arguments makes the rest"
            )
        self.labels = torch.from_numpy(np.concatenate(labels))
        self._take({name: np.concatenate(values) for name, values in columns.items()})

    def _describe(self, description: dict[str, Any]) -> None:
        self.classes: list[str] = description["classes"]
        self.views: int = description["arguments"]["views"]
        self.style: str = description["arguments"].get("style", "plain")
        self._styled: bool = description["format"] == STYLED_VERSION
        self._cut = self._styled and self.inputs == "cutout"
        self._columns = ("camera", "pose", "background", "box") if self._styled else ("camera", "pose", "background")

    def _take(self, columns: dict[str, NDArray[Any]]) -> None:
        """The attributes of what each shape stores of its views, cameras brought to the inputs."""
        import torch

        if self._styled:
            self.boxes = columns["box"]
        if self._cut:
            columns["camera"] = cropped_transforms(columns["camera"], columns["box"])
        self.camera, self.pose, self.background = (torch.from_numpy(columns[name]) for name in self._columns[:3])

    def __len__(self) -> int:
        return len(self._rows)

    def _locate(self, index: int) -> tuple[dict[str, NDArray[Any]], int]:
        if not -len(self) <= index < len(self):
            raise IndexError(f"index must be in [0, {len(self)}), got {index}")
        shard, row = self._rows[index]
        return self._shards[shard], row

    def rgba(self, index: int, view: int) -> NDArray[np.uint8]:
        """Picture as stored: (224, 224, 4) uint8, straight alpha; alpha is the coverage of what is seen of the object,
        RGB what the picture shows, also where that is not the object."""
        image = self._decoded("image", index, view)
        return image if image.shape[2] == 4 else np.dstack([image, self._decoded("mask", index, view)[..., 0]])

    def rough_mask(self, index: int, view: int) -> NDArray[np.uint8]:
        """Mask (224, 224) uint8 that finding the object in the picture would give; alpha in sets of format 1."""
        if not self._styled:
            return self.rgba(index, view)[..., 3]
        return self._decoded("mask", index, view)[..., 1]

    def coverage(self, index: int, view: int) -> NDArray[np.uint8]:
        """Coverage (224, 224) uint8 of what is seen of the object, framed as ``image`` and ``camera`` are."""
        alpha = self.rgba(index, view)[..., 3]
        if not self._cut:
            return alpha
        from list_fast.data.preprocess import cut_square

        left, top, side = self.boxes[index, view].tolist()
        framed = cut_square(alpha.astype(np.float32), (left, top, side), len(alpha))
        # The resampling overshoots by a little; a few levels are not coverage.
        return np.where(framed > 8, np.clip(np.rint(framed), 0, 255), 0).astype(np.uint8)

    def found(self, index: int, view: int) -> NDArray[np.uint8]:
        """Mask (224, 224) uint8 of where ``list-fast reconstruct`` takes the object to be in ``image``: what the rough
        mask tells, and not the true coverage; framed as ``image`` is."""
        mask = self.rough_mask(index, view)
        if not self._cut or not (mask > 127).any():
            return mask
        from PIL import Image

        from list_fast.data.preprocess import frame_image

        rgb = self._decoded("image", index, view)[..., :3]
        alpha = frame_image(Image.fromarray(np.dstack([rgb, mask])), size=len(rgb)).alpha
        return np.rint(255 * alpha).astype(np.uint8)

    def _decoded(self, name: str, index: int, view: int) -> NDArray[np.uint8]:
        from PIL import Image

        file = self.file(index, view, name)
        try:
            with Image.open(io.BytesIO(file)) as image:
                return np.array(image)
        except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
            what = "picture" if name == "image" else "mask"
            raise ValueError(
                f"root must be a whole data set, got {self.root} whose {what} of view {view} of {self.ids[index]} is "
                "damaged"
            ) from error

    def file(self, index: int, view: int, kind: str = "image") -> bytes:
        """A picture as the PNG or JPEG file that is stored; of kind "mask", in sets of format 2, its two masks' PNG."""
        shard, row = self._locate(index)
        if not 0 <= view < self.views:
            raise IndexError(f"view must be in [0, {self.views}), got {view}")
        at = row * self.views + view
        start, stop = shard[f"{kind}_offset"][at : at + 2]
        return shard[f"{kind}_data"][start:stop].tobytes()

    def image(self, index: int, view: int, background: tuple[int, int, int] | None = None) -> torch.Tensor:
        """Picture for the model, (3, 224, 224) uint8 tensor.

        In sets of format 1 over its background, or the one given. In others as ``inputs`` says; with a ``background``
        the stored picture cut out by the true coverage on that color, which is framed as "picture" is.
        """
        import torch

        if self._cut and background is None:
            from list_fast.data.styles import cut_out

            mask = self.rough_mask(index, view)
            rgb = self._decoded("image", index, view)[..., :3]
            shown = cut_out(rgb, mask)[0] if (mask > 127).any() else np.full_like(rgb, 255)
            return torch.from_numpy(np.ascontiguousarray(shown.transpose(2, 0, 1)))
        if background is None and self._styled and style_of_view(self.style, view) in ("augmented", "photoreal"):
            return torch.from_numpy(np.ascontiguousarray(self._decoded("image", index, view).transpose(2, 0, 1)))
        rgba = self.rgba(index, view).astype(np.uint16)
        behind = np.asarray(self.background[index, view] if background is None else background, np.uint16)
        alpha = rgba[..., 3:]
        mixed = (rgba[..., :3] * alpha + behind * (255 - alpha) + 127) // 255
        return torch.from_numpy(np.ascontiguousarray(mixed.astype(np.uint8).transpose(2, 0, 1)))

    def surface(self, index: int) -> torch.Tensor:
        """Area-weighted surface points (4096, 3), float32."""
        return self._points("surface", index)

    def normals(self, index: int) -> torch.Tensor:
        """Unit outward normals (4096, 3) at ``surface(index)``, float32."""
        return self._points("normals", index)

    def near(self, index: int) -> torch.Tensor:
        """Points near the surface with signed distance (8192, 4), float32; a third for each noise level, in order."""
        return self._points("near", index)

    def uniform(self, index: int) -> torch.Tensor:
        """Points uniform in [-0.55, 0.55]³ with signed distance (4096, 4), float32."""
        return self._points("uniform", index)

    def mesh(self, index: int) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
        """The closed surface that distances were measured to, vertices (V, 3) and faces (F, 3); None where
        none is stored."""
        path = mesh_path(self.root, self.mesh_name(index))
        if not path.exists():
            return None
        with np.load(path) as stored:
            return stored["vertices"].astype(np.float64), stored["faces"].astype(np.int64)

    def mesh_name(self, index: int) -> str:
        """The name that ``mesh`` is stored under; several rows may be pictures of one."""
        shard, row = self._locate(index)
        return str(shard["mesh"][row]) if "mesh" in shard else self.ids[index]

    def stored(self, name: str, index: int) -> NDArray[np.float16]:
        """ "surface", "normals", "near" or "uniform" of a shape as stored, float16."""
        shard, row = self._locate(index)
        return np.asarray(shard[name][row])

    def _points(self, name: str, index: int) -> torch.Tensor:
        import torch

        return torch.from_numpy(self.stored(name, index).astype(np.float32))


def open_dataset(root: str | os.PathLike[str], split: str = "train", *, inputs: str = "cutout") -> ListDataset:
    """A split of a data set as this package writes it, be it in shards or, exported, in tar files.

    Raises:
        ValueError: as ``ListDataset``, or as ``TarDataset`` where the set says that it is one of tar files.
    """
    if read_description(root).get("storage") == "webdataset":
        from list_fast.data.tar_shards import TarDataset

        return TarDataset(root, split, inputs=inputs)
    return ListDataset(root, split, inputs=inputs)


def style_of_view(style: str, view: int) -> str:
    """The style of a view's picture in a set of ``style``."""
    return STYLES[view % 3] if style == "mixed" else style


def cropped_transforms(cameras: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Transforms (N, V, 4, 3) of pictures whose squares (N, V, 3), (left, top, side), are scaled to 224 pixels."""
    out = cameras.astype(np.float64)
    scale = 224 / boxes[..., 2:].astype(np.float64)
    for axis in (0, 1):
        shift = scale * (0.5 - boxes[..., axis : axis + 1]) - 0.5
        out[..., axis] = scale * out[..., axis] + shift * out[..., 2]
    return out.astype(np.float32)


def mesh_path(root: str | os.PathLike[str], name: str) -> Path:
    """Where a data set of imported meshes keeps the surface of the shape ``name``."""
    return Path(root) / "meshes" / f"{name}.npz"


def maker(description: dict[str, Any]) -> str:
    """The command that made a set, by its description."""
    arguments = description["arguments"]
    if description.get("storage") == "webdataset":
        return "list-fast data export-webdataset"
    if "photoreal" in arguments:
        return "list-fast data photoreal"
    if arguments.get("source") in ("shapenet", "pix3d"):
        return f"list-fast data {arguments['source']}"
    return "list-fast data import" if "up" in arguments else "list-fast data make"


def read_description(root: str | os.PathLike[str]) -> dict[str, Any]:
    """Contents of ``dataset.json``: format, arguments, classes, counts; ValueError if missing or of another format."""
    path = Path(root) / "dataset.json"
    try:
        description: dict[str, Any] = json.loads(path.read_text())
        version = description["format"]
        known = version in (FORMAT_VERSION, STYLED_VERSION)
        if known:
            _ = description["classes"], description["arguments"]["views"], [description["counts"][s] for s in SPLITS]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"root must be a data set made by `list-fast data`, got {root} without a readable dataset.json"
        ) from error
    if not known:
        raise ValueError(
            f"root must be a data set of format {FORMAT_VERSION} or {STYLED_VERSION}, got {root} of format {version}"
        )
    return description
