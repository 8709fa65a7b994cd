# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""One image to one mesh: the whole way, from Python."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from list_fast._errors import as_int, check_choice
from list_fast.data.preprocess import FramedImage, ImageError, frame_image, read_image
from list_fast.device import resolve_device
from list_fast.meshing import Mesh, extract_mesh
from list_fast.meshing.preview import silhouette
from list_fast.model import (
    LIST,
    Field,
    MirroredField,
    checkpoint_metadata,
    default_weights_path,
    encode_mirrored,
    load_checkpoint,
    rescale_transform,
)
from list_fast.pose_fit import fit_pose
from list_fast.thin_parts import CompletedField, find_thin_parts
from list_fast.visual_hull import visual_hull

if TYPE_CHECKING:
    import trimesh

ImageSource = str | os.PathLike[str] | Image.Image | np.ndarray

RESOLUTIONS = (32, 1024)
"""Least and greatest number of lattice nodes along an axis."""

LIPSCHITZ = 1.25
"""How fast a trained field is taken to change over distance (a true distance: 1) when empty space is skipped. Where it
changes faster the surface is followed: with 1 and with 1.5 the meshes of test views are the same."""

COARSE = 17
"""The least number of lattice nodes along an axis to start from."""

PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}
"""What the field's products may be in; with halves its values near the surface are those of float32."""

FINDING_RESOLUTION = 64
"""Lattice nodes along an axis of the surface that lost thin parts are sought with, whatever the mesh's own are."""

LEAST_INSIDE = 0.5
"""Where less of a surface than this share lies behind the silhouette, it is the transform that is wrong: nothing is cut
off."""

MIN_COMPONENT = 0.02
"""Components of the surface with less than this share of the largest one's area are dropped as floaters."""


@dataclass(frozen=True)
class Reconstruction:
    """What one image became.

    Attributes:
        mesh: vertices in object space, y up, the object's front towards +z; watertight.
        framed: the picture as the model saw it.
        transform: (4, 3) float64, the predicted projective transform, fitted to the silhouette if asked for, on
            [q, 1] with q = 2 (z, y, x), onto the pixels of ``framed``.
        seconds: time taken by each stage.
    """

    mesh: Mesh
    framed: FramedImage
    transform: np.ndarray
    seconds: dict[str, float] = field(default_factory=dict)

    def silhouette_iou(self) -> float:
        """How well the mesh fits the picture: the intersection over union of its silhouette under ``transform`` and of
        the object's in ``framed``, from 0 to 1. A low value says that shape or pose are wrong; a high one that both
        agree with the picture, not that what it hides is right."""
        seen = self.framed.alpha > 0.5
        mesh = self.mesh
        covered = silhouette(mesh.vertices.cpu().numpy(), mesh.faces.cpu().numpy(), self.transform, seen.shape)
        union = int((seen | covered).sum())
        return int((seen & covered).sum()) / union if union else 1.0


class Reconstructor:
    """A loaded model that turns images into meshes.

    Args:
        weights: checkpoint file (safetensors) written by ``list-fast train``; None is the one shipped with the package.
        device: "auto", "cpu", "cuda" or "cuda:<index>".

    Raises:
        FileNotFoundError: there is no such checkpoint. ValueError: it is not one, or the device is not there.
    """

    def __init__(self, weights: str | os.PathLike[str] | None = None, device: str | torch.device = "auto") -> None:
        self.device, self.device_reason = resolve_device(device)
        self.weights = os.fspath(default_weights_path() if weights is None else weights)
        if not os.path.isfile(self.weights):
            raise FileNotFoundError(f"weights: no checkpoint at {self.weights}")
        try:
            self.model: LIST = load_checkpoint(self.weights, self.device)
        except ValueError as error:
            raise ValueError(f"weights: {str(error).removeprefix('path: ')}") from error
        stage = checkpoint_metadata(self.weights).get("next_stage", "done")
        if stage != "done":
            warnings.warn(
                f"the weights {self.weights} are of a run stopped before its stage {stage!r}: what they reconstruct "
                "is of no use yet",
                UserWarning,
                stacklevel=2,
            )

    def __call__(
        self,
        image: ImageSource,
        *,
        resolution: int = 128,
        mask: ImageSource | None = None,
        mirror: bool = False,
        thin_parts: bool = True,
        precision: str = "float32",
        progress: Callable[[str], None] | None = None,
    ) -> Reconstruction:
        """Reconstruct one image.

        Args:
            image: a path, a PIL image, or an array (H, W, 3 or 4): uint8, or float in [0, 1].
            resolution: lattice nodes along each axis, 32 to 1024.
            mask: the object's coverage, of the image's size; without one the object is found.
            mirror: average with what the model makes of the mirror image: a little better, in twice the time.
            thin_parts: fit the predicted transform to the object's silhouette, cut off what lies outside that, and put
                back legs, arms and frames that the picture shows and the model's surface lacks.
            precision: "float32", or "bfloat16" or "float16" for half-precision products of the field, refined in
                float32 near the surface; ``mesh.reevaluated`` counts the nodes.
            progress: called with a word for each stage as it begins.

        Raises:
            ImageError: the image or mask cannot be used, or the model finds no surface.
            TypeError: resolution is no int. ValueError: it is out of range, or the precision is unknown.
        """
        check_choice("precision", precision, tuple(PRECISIONS))
        if (nodes := as_int(resolution)) is None:
            raise TypeError(f"resolution must be an int, got {resolution!r}")
        if not RESOLUTIONS[0] <= nodes <= RESOLUTIONS[1]:
            raise ValueError(f"resolution must be between {RESOLUTIONS[0]} and {RESOLUTIONS[1]}, got {resolution}")
        seconds: dict[str, float] = {}
        say = progress or (lambda stage: None)

        say("frame")
        start = perf_counter()
        size = self.model.config.image_size
        framed = frame_image(to_image(image), None if mask is None else to_image(mask, "mask"), size=size)
        seconds["frame"] = perf_counter() - start

        say("encode")
        start = perf_counter()
        pixels = torch.from_numpy(framed.pixels).permute(2, 0, 1).contiguous().to(self.device)
        with torch.inference_mode():
            encoded = encode_mirrored(self.model, pixels) if mirror else self.model.encode(pixels)
        seconds["encode"] = perf_counter() - start

        say("mesh")
        start = perf_counter()
        field, transform = fitted(encoded, framed.alpha > 0.5) if thin_parts else (encoded, encoded.transform)
        mesh = mesh_field(field, nodes, precision)
        if mesh.is_empty:
            raise ImageError("the model finds no surface in this picture")
        seconds["mesh"] = perf_counter() - start
        onto_picture = rescale_transform(transform.detach().double().cpu(), encoded.canvas, framed.alpha.shape)
        return Reconstruction(mesh, framed, onto_picture.numpy(), seconds)


@torch.inference_mode()
def fitted(
    encoded: Field | MirroredField, seen: np.ndarray, *, known: bool = False
) -> tuple[Field | MirroredField | CompletedField, torch.Tensor]:
    """A field and its transform, fitted to the picture: the transform (4, 3) onto the field's canvas brought nearer to
    the silhouette, what lies outside that cut off, and the thin parts put back that it shows and the field's surface
    lacks; the field itself where the transform is not that of a camera outside the box.

    Args:
        encoded: the field of a LIST.
        seen: (S, S) bool, where the picture that it was made from shows the object.
        known: the field's transform is true, not predicted, and stays.
    """
    mesh = mesh_field(encoded, FINDING_RESOLUTION)
    transform = encoded.transform if known else fit_pose(encoded, seen, mesh.vertices)
    parts = find_thin_parts(encoded, seen, mesh.vertices, mesh.faces, transform)
    hull = visual_hull(encoded, seen, transform)
    if hull is not None and not mesh.is_empty and float((hull.sdf(mesh.vertices) < 0).float().mean()) < LEAST_INSIDE:
        hull = None
    if parts is None and hull is None:
        return encoded, transform
    return CompletedField(encoded, parts, hull), transform


@torch.inference_mode()
def mesh_field(
    encoded: Field | MirroredField | CompletedField, resolution: int = 128, precision: str = "float32"
) -> Mesh:
    """The surface of one image's field: closed at the border of the lattice, without floaters; empty if there is none.

    Args:
        encoded: the field of a LIST, with or without thin parts.
        resolution: lattice nodes along each axis, at least 2.
        precision: "float32", or "bfloat16" or "float16" for a draft in it that is refined near the surface.

    Raises:
        ValueError: another precision.
    """
    check_choice("precision", precision, tuple(PRECISIONS))
    dtype = PRECISIONS[precision]
    draft = None if dtype is None else _boxed(encoded.half(dtype))
    mesh = extract_mesh(
        _boxed(encoded.sdf), resolution, lipschitz=LIPSCHITZ, coarse=COARSE, device=encoded.device, draft=draft
    )
    return mesh.without_floaters(MIN_COMPONENT)


def _boxed(sdf: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """The field cut off by the box."""
    return lambda points: torch.maximum(sdf(points), _box(points))


def _box(points: torch.Tensor) -> torch.Tensor:
    """Distance-like function (N,) of a cube just inside the lattice: what lies beyond is cut off and closed."""
    return points.abs().amax(-1) - 0.54


def to_image(source: ImageSource, name: str = "image") -> Image.Image:
    """A PIL image from a path, a PIL image or an array; errors name the argument."""
    if isinstance(source, Image.Image):
        try:
            source.load()  # an open file is decoded only now, and may be damaged or closed
        except Exception as error:
            raise ImageError(f"{name} cannot be read: {error}") from error
        return source
    if isinstance(source, np.ndarray):
        array = source
        if array.dtype.kind == "f":
            if not np.isfinite(array).all() or array.size == 0 or array.min() < 0 or array.max() > 1:
                raise ImageError(f"{name} of floats must lie in [0, 1]")
            array = (array * 255 + 0.5).astype(np.uint8)
        elif array.dtype == bool:
            array = array.astype(np.uint8) * 255
        shapes = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
        if array.dtype != np.uint8 or not shapes or 0 in array.shape:
            raise ImageError(
                f"{name} must be (H, W), (H, W, 3) or (H, W, 4), uint8 or float, got {source.shape} {source.dtype}"
            )
        return Image.fromarray(array)
    if isinstance(source, (str, os.PathLike)):
        try:
            return read_image(source)
        except ImageError as error:
            raise ImageError(f"{os.fspath(source)}: {error}") from error
    raise TypeError(f"{name} must be a path, a PIL image or a NumPy array, got {type(source).__name__}")


@lru_cache(maxsize=2)
def _reconstructor(weights: str | None, device: str, stamp: tuple[int, int] | None) -> Reconstructor:
    return Reconstructor(weights, device)


def _stamp(weights: str) -> tuple[int, int] | None:
    """What tells a file from one that lay there before; None where there is none, which its reader will say."""
    try:
        facts = os.stat(weights)
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


def reconstruct(
    image: ImageSource,
    *,
    resolution: int = 128,
    mask: ImageSource | None = None,
    mirror: bool = False,
    thin_parts: bool = True,
    precision: str = "float32",
    weights: str | os.PathLike[str] | None = None,
    device: str = "auto",
) -> trimesh.Trimesh:
    """Reconstruct the object in one image as a watertight mesh.

    Args:
        image: a path, a PIL image, or an array (H, W, 3 or 4), uint8 or float in [0, 1].
        resolution: lattice nodes along each axis, 32 to 1024.
        mask: the object's coverage, of the image's size; else it is found (alpha, plain background, segmentation).
        mirror: average with what the model makes of the mirror image: a little better, in twice the time.
        thin_parts: fit the mesh to the picture: cut off what lies outside the object's silhouette, and put back legs,
            arms and frames that the model's surface lacks.
        precision: "float32", or "bfloat16" or "float16" for half-precision products, refined in float32 near the
            surface.
        weights: checkpoint file; None is the one shipped with the package. It is kept loaded for further calls until
            it changes.
        device: "auto", "cpu", "cuda" or "cuda:<index>".

    Returns:
        The mesh in object space: largest extent about 1, y up, the object's front towards +z, faces outward.

    Raises:
        ImageError: (a ValueError) the image or mask cannot be used, or no surface is found.
        FileNotFoundError, ValueError: bad ``weights``, ``device``, ``resolution`` or ``precision``.
        TypeError: ``resolution`` is no int, or ``image`` or ``mask`` is none of these.
    """
    path = None if weights is None else os.path.abspath(weights)
    reconstructor = _reconstructor(path, str(device), None if path is None else _stamp(path))
    result = reconstructor(
        image, resolution=resolution, mask=mask, mirror=mirror, thin_parts=thin_parts, precision=precision
    )
    return result.mesh.to_trimesh()
