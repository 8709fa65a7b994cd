# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What cameras, files and masks do to a picture: color, blur, noise, JPEG, and masks that are a little wrong."""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray

ROUGH_OVERLAP = 0.7
"""Least intersection over union of a rough mask and the true one."""

JPEG_QUALITY = (40, 96)
"""Least and greatest quality of JPEG files."""


def photograph(rng: np.random.Generator, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture (H, W, 3) uint8 as a camera might have taken it: white balance, tones, blur, vignette and noise."""
    linear = np.asarray((picture.astype(np.float32) / 255) ** 2.2, np.float32)
    balance = np.exp(rng.normal(0, 0.07, 3) * np.array([1.0, 0.4, 1.0]))
    linear *= (balance * np.exp(rng.normal(0, 0.12))).astype(np.float32)
    size = picture.shape[0]
    if rng.random() < 0.3:
        x = np.linspace(-1, 1, size, dtype=np.float32) ** 2
        linear *= 1 - np.float32(rng.uniform(0.05, 0.3)) * (x[:, None] + x[None, :])[..., None] / 2
    kind = rng.random()
    if kind < 0.45:
        linear = np.asarray(cv2.GaussianBlur(linear, (0, 0), rng.uniform(0.3, 0.9)), np.float32)
    elif kind < 0.52:
        linear = np.asarray(cv2.filter2D(linear, -1, _stroke(rng.uniform(1.5, 3.5), rng.uniform(0, np.pi))), np.float32)
    if rng.random() < 0.7:  # shot noise and read noise
        shot, read = rng.uniform(0.0, 0.02), rng.uniform(0.0, 0.006)
        grain = rng.standard_normal(linear.shape, np.float32)
        linear = linear + grain * np.sqrt(np.maximum(linear, 0) * shot**2 + read**2).astype(np.float32)
    value = np.clip(linear, 0, 1) ** np.float32(np.exp(rng.normal(0, 0.1)) / 2.2)
    value = 0.5 + (value - 0.5) * np.float32(rng.uniform(0.88, 1.15))
    gray = value @ np.array([0.299, 0.587, 0.114], np.float32)
    saturation = np.float32(0.0 if rng.random() < 0.02 else rng.uniform(0.65, 1.35))
    value = gray[..., None] + saturation * (value - gray[..., None])
    return np.asarray((np.clip(value, 0, 1) * 255 + 0.5).astype(np.uint8))


def _stroke(length: float, angle: float) -> NDArray[np.float32]:
    """Kernel (9, 9) of a straight smear of ``length`` pixels."""
    y, x = np.mgrid[-4:5, -4:5].astype(np.float32)
    along, across = np.cos(angle) * x + np.sin(angle) * y, -np.sin(angle) * x + np.cos(angle) * y
    kernel = np.clip(length / 2 + 0.5 - np.abs(along), 0, 1) * np.clip(1 - np.abs(across), 0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def encode_jpeg(rng: np.random.Generator, picture: NDArray[np.uint8]) -> tuple[bytes, NDArray[np.uint8]]:
    """A JPEG file of a picture (H, W, 3) uint8 at a random quality, and the picture (H, W, 3) that it holds."""
    from PIL import Image

    stream = io.BytesIO()
    quality = int(rng.integers(JPEG_QUALITY[0], JPEG_QUALITY[1] + 1))
    Image.fromarray(picture).save(stream, "JPEG", quality=quality)
    data = stream.getvalue()
    with Image.open(io.BytesIO(data)) as image:
        return data, np.array(image)


def rough_mask(rng: np.random.Generator, alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask (H, W) uint8 that finding the object might give instead of its true coverage ``alpha`` (H, W) uint8.

    Right, or smooth and wavy, grown or shrunken by one to three pixels, with a piece lost or a piece of the background
    kept. Its intersection over union with the true one (both at one half) is at least ``ROUGH_OVERLAP``: of three
    tries the first that is, else the true mask.
    """
    solid = alpha > 127
    for _ in range(3):
        mask = _disturbed(rng, alpha)
        other = mask > 127
        if (solid & other).sum() >= ROUGH_OVERLAP * max(int((solid | other).sum()), 1):
            return mask
    return alpha.copy()


def _disturbed(rng: np.random.Generator, alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    mask, kind = alpha.copy(), rng.random()
    if kind < 0.25:
        return mask
    if kind < 0.6:  # the rim wanders: a threshold that varies from place to place
        field = cv2.resize(rng.normal(0, 1, (14, 14)).astype(np.float32), mask.shape[::-1])
        soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), rng.uniform(0.8, 2.0))
        mask = np.clip((soft - 127 - rng.uniform(10, 60) * field) * 4 + 127, 0, 255).astype(np.uint8)
    else:
        steps = int(rng.integers(1, 4)) if rng.random() < 0.5 else 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * steps + 1, 2 * steps + 1))
        mask = np.asarray(cv2.dilate(mask, disc) if rng.random() < 0.6 else cv2.erode(mask, disc), np.uint8)
    for chance, keep in ((0.2, False), (0.2, True)):
        if rng.random() < chance and (rim := _rim(mask)).size:
            y, x = rim[int(rng.integers(len(rim)))]
            side = 2 * np.sqrt((alpha > 127).sum())
            blob = np.zeros_like(mask)
            axes = (rng.uniform(0.04, 0.14, 2) * side).astype(int) + 1
            cv2.ellipse(blob, (int(x), int(y)), tuple(axes.tolist()), rng.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
            mask = np.maximum(mask, blob) if keep else np.minimum(mask, 255 - blob)
    return np.asarray(mask, np.uint8)


def _rim(mask: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Rows and columns (N, 2) of the mask's outermost pixels."""
    solid = (mask > 127).astype(np.uint8)
    return np.argwhere(solid > cv2.erode(solid, np.ones((3, 3), np.uint8)))
