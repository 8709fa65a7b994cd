# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Tell the object from its background without a learned model: alpha, a plain background, else GrabCut."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

PLAIN_TOLERANCE = 12
"""Colour distance (largest channel, of 255) up to which a pixel counts as the plain background."""

ENCLOSED_TOLERANCE = 4
"""The same for background seen through holes of the object: stricter, since a highlight may have nearly that colour."""

WORK_SIZE = 320
"""GrabCut runs on the picture shrunk to this longer side."""


def find_foreground(image: NDArray[np.uint8]) -> tuple[NDArray[np.float32], str]:
    """Coverage of the object in a picture, and how it was found.

    Args:
        image: (H, W, 3) RGB or (H, W, 4) RGBA, uint8.

    Returns:
        Coverage (H, W) float32 in [0, 1], and one of "alpha", "plain background", "segmentation", "whole image".
        An image whose alpha is zero everywhere, or that is of one colour, gives zero coverage. Specks of alpha, apart
        from the object, are left out. Alpha that only rounds off the picture's corners tells nothing of the object and
        is ignored.
    """
    if image.ndim != 3 or image.shape[2] not in (3, 4) or image.dtype != np.uint8:
        raise ValueError(f"image must be (H, W, 3) or (H, W, 4) uint8, got {image.shape} {image.dtype}")
    rgb = np.ascontiguousarray(image[..., :3])
    if image.shape[2] == 4 and image[..., 3].min() < 250:
        if not _only_corners(image[..., 3] < 250):
            alpha = image[..., 3] * _keep_main((image[..., 3] > 0).astype(np.uint8), share=0.002)
            return alpha.astype(np.float32) / np.float32(255), "alpha"
        # What a transparent pixel's colour is means nothing; the rim's usual one continues the background.
        rgb[image[..., 3] < 250] = np.median(_border(rgb).astype(np.uint8), axis=0)
    if min(rgb.shape[:2]) < 8:
        return np.ones(rgb.shape[:2], np.float32), "whole image"
    plain = _plain_background(rgb)
    if plain is None:
        return _segment(rgb)
    # Nothing lies before the background, or no more of it is left than a rim: there is nothing to segment.
    if plain.mean() <= 0.002:
        return np.zeros_like(plain), "plain background"
    if plain.mean() >= 0.98:
        return np.ones_like(plain), "whole image"
    return plain, "plain background"


def _only_corners(clear: NDArray[np.bool_]) -> bool:
    """Whether what is transparent are the rounded-off corners of a picture, as of a screenshot, and no background."""
    height, width = clear.shape
    reach = min(height, width) // 4
    rows, columns = np.ogrid[:height, :width]
    beside = (np.minimum(rows, height - 1 - rows) < reach) & (np.minimum(columns, width - 1 - columns) < reach)
    return bool(clear[[0, 0, -1, -1], [0, -1, 0, -1]].all() and not clear[~beside].any())


def _border(array: NDArray[np.generic], width: int = 2) -> NDArray[np.generic]:
    sides = (array[:width], array[-width:], array[:, :width], array[:, -width:])
    return np.concatenate([side.reshape(-1, *array.shape[2:]) for side in sides])


def _plain_background(rgb: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """Coverage where most of the picture's border has one colour; None where it has not."""
    border = _border(rgb).astype(np.int16)
    colour = np.median(border, axis=0)
    if np.mean(np.abs(border - colour).max(1) <= PLAIN_TOLERANCE) < 0.8:
        return None
    distance = np.abs(rgb.astype(np.int16) - colour.astype(np.int16)).max(2)
    # Background reachable from outside: a one-pixel frame joins what the object parts.
    near = np.pad((distance <= PLAIN_TOLERANCE).astype(np.uint8), 1, constant_values=1)
    labels = cv2.connectedComponents(near, connectivity=4)[1]
    background = labels[1:-1, 1:-1] == labels[0, 0]
    # Holes: exact background colour, and more than specks.
    _, hole_labels, stats, _ = cv2.connectedComponentsWithStats(
        (distance <= ENCLOSED_TOLERANCE).astype(np.uint8), connectivity=4
    )
    large = stats[:, cv2.CC_STAT_AREA] >= max(12, 2e-4 * distance.size)
    large[0] = False
    background |= large[hole_labels]
    coverage = _keep_main((~background).astype(np.uint8))
    # Half-covered edge pixels: blend by how far the colour is from the background.
    edge = cv2.dilate(background.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & (coverage > 0)
    soft = np.clip(distance / 60.0, 0.0, 1.0)
    return np.where(edge, np.maximum(soft, 0.3), coverage).astype(np.float32)


def _segment(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.float32], str]:
    """GrabCut from a central ellipse, then from the main part of what it found; shrunken, without letterbox bars."""
    height, width = rgb.shape[:2]
    top, bottom, left, right = _without_bars(rgb)
    inner = rgb[top:bottom, left:right]
    scale = min(1.0, WORK_SIZE / max(inner.shape[:2]))
    w, h = max(8, round(inner.shape[1] * scale)), max(8, round(inner.shape[0] * scale))
    small = cv2.cvtColor(cv2.resize(inner, (w, h), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    margin = max(1, round(0.02 * h))

    def cut(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
        mask[:margin], mask[-margin:], mask[:, :margin], mask[:, -margin:] = (cv2.GC_BGD,) * 4
        cv2.setRNGSeed(0)  # GrabCut seeds its clusters from OpenCV's generator: same image, same mask
        cv2.grabCut(small, mask, (0, 0, 0, 0), np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
        return _keep_main(np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8), share=0.5)

    y, x = np.mgrid[0:h, 0:w]
    dx, dy = (x - w / 2) / (w / 2), (y - 0.52 * h) / (h / 2)
    mask = np.where(np.hypot(dx / 0.85, dy / 0.8) < 1, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    mask[np.hypot(dx, dy) < 0.17] = cv2.GC_FGD
    try:
        found = cut(mask)
        mask = np.where(found > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
        mask[cv2.erode(found, np.ones((7, 7), np.uint8)) > 0] = cv2.GC_FGD
        found = cut(mask)
    except cv2.error:  # too few colours to tell apart
        return np.ones((height, width), np.float32), "whole image"
    closed = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    if not 0.005 < closed.mean() < 0.95:
        return np.ones((height, width), np.float32), "whole image"
    coverage = np.zeros((height, width), np.float32)
    coverage[top:bottom, left:right] = cv2.resize(
        closed.astype(np.float32), inner.shape[1::-1], interpolation=cv2.INTER_LINEAR
    )
    return np.clip(coverage, 0, 1), "segmentation"


def _without_bars(rgb: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Rows and columns (top, bottom, left, right) that remain without one-coloured bars at the picture's rims."""
    spread = rgb.astype(np.int16)
    rows = (spread.max(1) - spread.min(1)).max(1) <= 20
    columns = (spread.max(0) - spread.min(0)).max(1) <= 20
    if rows.mean() > 0.5 or columns.mean() > 0.5:
        return 0, rgb.shape[0], 0, rgb.shape[1]
    top, bottom = int(np.argmin(rows)), len(rows) - int(np.argmin(rows[::-1]))
    left, right = int(np.argmin(columns)), len(columns) - int(np.argmin(columns[::-1]))
    return top, bottom, left, right


def _keep_main(solid: NDArray[np.uint8], share: float = 0.02) -> NDArray[np.uint8]:
    """Drop the components with less than ``share`` of the largest one's area: dust, logos, specks of shadow."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    if count <= 2:
        return solid
    area = stats[:, cv2.CC_STAT_AREA].copy()
    area[0] = 0
    return (area >= share * area.max())[labels].astype(np.uint8) * solid
