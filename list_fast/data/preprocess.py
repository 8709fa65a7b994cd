# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""From an image file to the picture the model sees: read, find the object, square it, centre it, put it on white."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from list_fast.data.foreground import find_foreground

FRAME_FILL = 0.875
"""Larger side of the object's bounding box as a share of the frame; the training images are framed alike."""

IMAGE_SIZE = 224
"""Side of the model's input in pixels."""

MAX_PIXELS = 100_000_000
"""Images with more pixels than this are refused, since decoding them may exhaust the memory."""

DEEP_MODES = ("I;16", "I;16B", "I;16L", "I", "F")
"""Pillow's modes of more than 8 bits, whose values its own conversion clips to 255."""

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


class ImageError(ValueError):
    """The image cannot be used; the message says why in one line."""


@dataclass(frozen=True)
class FramedImage:
    """An image made ready for the model.

    Attributes:
        pixels: (S, S, 3) float32 RGB in [0, 1], the object centred on white.
        alpha: (S, S) float32 in [0, 1], the object's coverage in the same frame.
        box: (left, top, side) of the square that was cut out, in pixels of the original image.
        method: what told object from background: "alpha", "mask", "plain background", "segmentation" or "whole image".
    """

    pixels: NDArray[np.float32]
    alpha: NDArray[np.float32]
    box: tuple[float, float, float]
    method: str


def read_image(path: str | os.PathLike[str]) -> Image.Image:
    """Read PNG, JPEG or WebP, of any size and orientation tag, as RGB or RGBA (the first frame of an animation).

    Raises:
        ImageError: the file is missing, empty, truncated, too large or not an image.
    """
    name = os.fspath(path)
    try:
        if os.path.getsize(name) == 0:
            raise ImageError("the file is empty")
        with Image.open(name) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ImageError(
                    f"{image.width} x {image.height} pixels are more than the {MAX_PIXELS // 10**6} million allowed"
                )
            return _as_rgb(image)
    except FileNotFoundError as error:
        raise ImageError("no such file") from error
    except IsADirectoryError as error:
        raise ImageError("is a folder, not an image") from error
    except UnidentifiedImageError as error:
        raise ImageError("not an image in a format that can be read (PNG, JPEG or WebP)") from error
    except Image.DecompressionBombError as error:
        raise ImageError(f"more pixels than the {MAX_PIXELS // 10**6} million allowed") from error
    except ImageError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever a damaged file leads them to
        raise ImageError(f"cannot be read: {error}") from error


def _as_rgb(image: Image.Image) -> Image.Image:
    image = ImageOps.exif_transpose(image)
    if image.mode in DEEP_MODES:
        values = np.asarray(image, dtype=np.float64)
        values = np.nan_to_num(values)
        # Floating point comes on any of three scales; on those of integers nothing but black ends at 1.
        unit = image.mode == "F" and values.max() <= 1
        top = 1.0 if unit else 65535.0 if values.max() > 255 else 255.0
        clear = image.info.get("transparency")  # of a PNG: the grey that is transparent
        image = Image.fromarray(np.clip(values / top * 255, 0, 255).astype(np.uint8))
        if isinstance(clear, int):
            image.putalpha(Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8)))
    has_alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")


def frame_image(
    image: Image.Image, mask: Image.Image | NDArray[np.generic] | None = None, *, size: int = IMAGE_SIZE
) -> FramedImage:
    """Find the object, cut a square of which it fills ``FRAME_FILL``, scale it to ``size`` and put it on white.

    Args:
        image: RGB or RGBA picture of any size; other modes are converted.
        mask: object's coverage, an image or array (H, W) of the picture's size; values above half its range are object.
            Without one the object is found by ``find_foreground``.
        size: side of the result in pixels.

    Raises:
        ImageError: the mask has another size, is empty or not finite, or no object is found.
        MemoryError: the picture is too large to find the object in.
    """
    image = _as_rgb(image)
    rgb = np.asarray(image.convert("RGB"))
    if mask is None:
        try:
            coverage, method = find_foreground(np.asarray(image))
        except cv2.error as error:  # of no kind that callers know
            if error.code != cv2.Error.StsNoMem:
                raise
            raise MemoryError(f"too little memory to find the object: {error.err}") from error
    else:
        coverage, method = _mask_to_coverage(mask, (image.height, image.width)), "mask"
    box = object_box(coverage)
    side = box[2]
    # Only what the square's resampling reaches: a large picture in floating point takes gigabytes.
    reach = math.ceil(2 * max(1.0, side / size)) + 2
    x, y = max(0, int(box[0]) - reach), max(0, int(box[1]) - reach)
    end = math.ceil(side) + 2 * reach + 1
    inner = (box[0] - x, box[1] - y, side)
    rgb, coverage = rgb[y : y + end, x : x + end], coverage[y : y + end, x : x + end].astype(np.float32)
    channels = (rgb[..., 0] * coverage, rgb[..., 1] * coverage, rgb[..., 2] * coverage, coverage * np.float32(255))
    layers = [cut_square(channel, inner, size) for channel in channels]
    alpha = np.clip(layers[3] / 255, 0, 1)
    pixels = np.clip(np.stack(layers[:3], axis=-1) / 255 + (1 - alpha[..., None]), 0, 1)
    return FramedImage(pixels.astype(np.float32), alpha.astype(np.float32), box, method)


def object_box(coverage: NDArray[np.floating]) -> tuple[float, float, float]:
    """The square (left, top, side), in pixels, that ``frame_image`` cuts out around an object of coverage (H, W).

    Raises:
        ImageError: nothing is covered by more than a half.
    """
    solid = coverage > 0.5
    if not solid.any():
        raise ImageError("no object found: the picture or its mask is empty")
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    side = max(bottom - top, right - left) / FRAME_FILL
    return (left + right - side) / 2, (top + bottom - side) / 2, side


def cut_square(channel: NDArray[np.float32], box: tuple[float, float, float], size: int) -> NDArray[np.float32]:
    """Resample a square of one float channel to (size, size); outside the picture counts as 0."""
    left, top, side = box
    factor = int(side // (4 * size))
    if factor > 1:  # by whole numbers first: the square around a long strip is much larger than the strip
        channel = np.asarray(Image.fromarray(np.asarray(channel, np.float32)).reduce(factor))
        left, top, side = left / factor, top / factor, side / factor
    pad = int(np.ceil(max(0.0, -left, -top, left + side - channel.shape[1], top + side - channel.shape[0]))) + 1
    padded = np.pad(np.asarray(channel, np.float32), pad)
    area = (left + pad, top + pad, left + pad + side, top + pad + side)
    # Pillow widens its filter when it shrinks, so that this does not alias.
    return np.asarray(Image.fromarray(padded).resize((size, size), Image.Resampling.BICUBIC, box=area))


def _mask_to_coverage(mask: Image.Image | NDArray[np.generic], shape: tuple[int, int]) -> NDArray[np.float32]:
    if isinstance(mask, Image.Image):
        mask = ImageOps.exif_transpose(mask)  # as the picture is
        bands = mask.getbands()
        if "A" in bands and np.asarray(mask.getchannel("A")).min() < 255:
            mask = mask.getchannel("A")
        elif mask.mode not in DEEP_MODES:
            mask = mask.convert("L")
    array = np.asarray(mask)
    if array.shape != shape:
        raise ImageError(
            f"the mask must have the picture's size {shape[1]} x {shape[0]}, "
            f"got {'x'.join(map(str, array.shape[::-1]))}"
        )
    values = array.astype(np.float32)
    top = values.max()
    if not np.isfinite(values).all():
        raise ImageError("the mask must hold finite numbers")
    if top <= 0:
        raise ImageError("the mask is empty: it must be above zero on the object")
    return (values > top / 2).astype(np.float32)
