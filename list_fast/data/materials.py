# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Random looks of the materials: colors, procedural patterns and gloss, in the styles of product pictures."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

PLAIN, WOOD, STRIPES, CHECKS, MOTTLE, VEINS, SPLIT, WEAVE, BLOTCHES, BRUSHED, DOTS, PICTURE = range(12)
# Families whose glass may be seen through; windows of vehicles are drawn dark and closed.
CLEAR_GLASS = ("cabinet", "chair", "lamp", "table", "display")

_WOODS = [
    "#8a5a33",
    "#a9743f",
    "#c8a06a",
    "#d9bd8f",
    "#6b3f22",
    "#4a2a18",
    "#3a2417",
    "#b98450",
    "#7d4a2b",
    "#e3cda6",
    "#5c2e1a",
    "#936a45",
]
_METALS = ["#c8c9cb", "#9a9da1", "#707378", "#d8d8d6", "#b59a5e", "#8c6f4a", "#3a3b3d", "#1d1d1f", "#5b5e63"]


@dataclass(frozen=True)
class Look:
    """How one material reflects light.

    Colors are linear RGB; the other numbers are 0..1, but ``scale`` is in cycles a unit and ``exponent`` Phong's.
    """

    color: tuple[float, float, float]
    second: tuple[float, float, float] = (0.0, 0.0, 0.0)
    pattern: int = PLAIN
    scale: float = 1.0
    extra: float = 0.0
    gloss: float = 0.2
    exponent: float = 20.0
    metal: float = 0.0
    glow: float = 0.0
    opacity: float = 1.0
    relief: float = 0.0

    def row(self) -> NDArray[np.float32]:
        """The shader's ``look``, (4, 4)."""
        return np.array(
            [
                (*self.color, self.pattern),
                (*self.second, self.scale),
                (self.gloss, self.exponent, self.metal, self.glow),
                (self.opacity, self.relief, self.extra, 0.0),
            ],
            np.float32,
        )


def _linear(rgb: Iterable[float]) -> tuple[float, float, float]:
    r, g, b = (float(min(max(c, 0.0), 1.0)) ** 2.2 for c in rgb)
    return r, g, b


def _hex(rng: np.random.Generator, choices: Sequence[str], jitter: float = 0.04) -> tuple[float, float, float]:
    code = choices[int(rng.integers(len(choices)))]
    rgb = np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return _linear(rgb * rng.uniform(1 - 2 * jitter, 1 + 2 * jitter) + rng.uniform(-jitter, jitter, 3))


def _gray(rng: np.random.Generator, low: float, high: float) -> tuple[float, float, float]:
    return _linear(rng.uniform(low, high) + rng.uniform(-0.012, 0.012, 3))


def _hue(
    rng: np.random.Generator, saturation: tuple[float, float], value: tuple[float, float]
) -> tuple[float, float, float]:
    return _linear(colorsys.hsv_to_rgb(rng.random(), rng.uniform(*saturation), rng.uniform(*value)))


def _shade(color: Sequence[float], factor: float) -> tuple[float, float, float]:
    r, g, b = (min(c * factor, 1.0) for c in color)
    return r, g, b


def _tone(rng: np.random.Generator) -> tuple[float, float, float]:
    """A color that things are sold in: dark, light or gray neutrals, earth tones, else any hue."""
    kind = rng.random()
    if kind < 0.18:
        return _gray(rng, 0.04, 0.2)
    if kind < 0.36:
        return _gray(rng, 0.72, 0.97)
    if kind < 0.52:
        return _gray(rng, 0.3, 0.7)
    if kind < 0.74:
        return _linear(colorsys.hsv_to_rgb(rng.uniform(0.04, 0.14), rng.uniform(0.1, 0.55), rng.uniform(0.3, 0.92)))
    return _hue(rng, (0.25, 0.9), (0.25, 0.95))


def _wood(rng: np.random.Generator) -> Look:
    color = _hex(rng, _WOODS)
    if rng.random() < 0.12:
        color = _gray(rng, 0.75, 0.95) if rng.random() < 0.6 else _gray(rng, 0.06, 0.15)
    second = _shade(color, rng.uniform(0.35, 0.8))
    pattern = WOOD if rng.random() < 0.75 else PLAIN
    return Look(color, second, pattern, rng.uniform(2, 7), rng.random(), rng.uniform(0.05, 0.6), rng.uniform(10, 60))


def _metal(rng: np.random.Generator) -> Look:
    color = _hex(rng, _METALS, 0.02)
    chrome = rng.random()
    brushed = rng.random() < 0.3
    return Look(
        color,
        _shade(color, 0.6),
        BRUSHED if brushed else PLAIN,
        gloss=rng.uniform(0.3, 1.0),
        exponent=rng.uniform(20, 120),
        metal=0.0 if chrome < 0.3 else rng.uniform(0.4, 1.0),
    )


def _fabric(rng: np.random.Generator) -> Look:
    color = _tone(rng)
    kind = rng.random()
    pattern, second, scale = PLAIN, _shade(color, 0.7), 4.0
    if kind < 0.25:
        pattern, scale = WEAVE, rng.uniform(8, 20)
    elif kind < 0.35:
        pattern, scale = MOTTLE, rng.uniform(4, 30)
    elif kind < 0.45:
        pattern, second, scale = STRIPES, _tone(rng), rng.uniform(4, 16)
    elif kind < 0.52:
        pattern, second, scale = CHECKS, _tone(rng), rng.uniform(4, 14)
    elif kind < 0.57:
        pattern, second, scale = BLOTCHES, _tone(rng), rng.uniform(6, 24)
    elif kind < 0.63:
        pattern, second, scale = VEINS, _tone(rng), rng.uniform(4, 12)
    elif kind < 0.67:
        pattern, second, scale = DOTS, _tone(rng), rng.uniform(6, 16)
    return Look(
        color, second, pattern, scale, rng.random(), rng.uniform(0, 0.1), 8.0, relief=rng.choice([0.0, 0.15, 0.35])
    )


def _leather(rng: np.random.Generator) -> Look:
    color = (
        _hex(rng, ["#3b2317", "#6e3f24", "#15120f", "#94633a", "#e6dcc8", "#7a1f1c", "#5a4a3c", "#2b2f38"])
        if rng.random() < 0.7
        else _tone(rng)
    )
    return Look(
        color,
        _shade(color, 0.75),
        MOTTLE,
        25.0,
        rng.random(),
        rng.uniform(0.2, 0.6),
        rng.uniform(10, 35),
        relief=rng.choice([0.0, 0.12]),
    )


def _plastic(rng: np.random.Generator) -> Look:
    return Look(_tone(rng), gloss=rng.uniform(0.1, 0.7), exponent=rng.uniform(15, 80))


def _paint(rng: np.random.Generator) -> Look:
    color = _tone(rng) if rng.random() < 0.6 else _hue(rng, (0.5, 1.0), (0.3, 0.9))
    look = Look(color, gloss=rng.uniform(0.4, 1.0), exponent=rng.uniform(30, 120), metal=rng.choice([0.0, 0.0, 0.25]))
    kind = rng.random()
    if kind < 0.12:
        return replace(look, pattern=SPLIT, second=_tone(rng), extra=rng.uniform(-0.15, 0.15))
    if kind < 0.17:
        return replace(look, pattern=BLOTCHES, second=_tone(rng), scale=rng.uniform(4, 9))
    if kind < 0.22:
        return replace(look, pattern=MOTTLE, second=_shade(color, 0.8), scale=rng.uniform(3, 9))
    return look


def _glass(rng: np.random.Generator) -> Look:
    clear = rng.random() < 0.65
    tint = _linear(np.array([0.72, 0.84, 0.84]) + rng.uniform(-0.1, 0.1, 3)) if clear else _gray(rng, 0.05, 0.35)
    return Look(
        tint,
        gloss=1.0,
        exponent=rng.uniform(60, 150),
        opacity=rng.uniform(0.25, 0.6) if clear else rng.uniform(0.7, 1.0),
    )


def _rubber(rng: np.random.Generator) -> Look:
    return Look(_gray(rng, 0.04, 0.18), gloss=0.08, exponent=8.0)


def _stone(rng: np.random.Generator) -> Look:
    color = _gray(rng, 0.25, 0.95) if rng.random() < 0.7 else _tone(rng)
    pattern = VEINS if rng.random() < 0.5 else MOTTLE
    return Look(
        color,
        _shade(color, rng.uniform(0.4, 1.6)),
        pattern,
        rng.uniform(3, 12),
        rng.random(),
        rng.uniform(0.1, 0.6),
        rng.uniform(20, 60),
    )


def _screen(rng: np.random.Generator) -> Look:
    if rng.random() < 0.45:
        return Look(_gray(rng, 0.02, 0.16) if rng.random() < 0.75 else _gray(rng, 0.3, 0.75), gloss=0.7, exponent=60.0)
    return Look(
        _hue(rng, (0.2, 0.9), (0.2, 0.8)),
        _hue(rng, (0.2, 0.9), (0.3, 1.0)),
        PICTURE,
        rng.random(),
        rng.random(),
        0.4,
        60.0,
        glow=rng.uniform(0.3, 1.0),
    )


def _light(rng: np.random.Generator) -> Look:
    if rng.random() < 0.55:
        color = _linear(colorsys.hsv_to_rgb(rng.uniform(0.08, 0.17), rng.uniform(0.0, 0.3), rng.uniform(0.75, 1.0)))
        return Look(color, gloss=0.05, exponent=8.0, glow=rng.uniform(0.0, 0.45))
    return replace(_fabric(rng), glow=0.1)


_MAKERS = {
    "wood": _wood, "metal": _metal, "fabric": _fabric, "plastic": _plastic, "glass": _glass, "paint": _paint,
    "rubber": _rubber, "screen": _screen, "light": _light, "leather": _leather, "stone": _stone,
}  # fmt: skip


def random_looks(rng: np.random.Generator, materials: Sequence[str], class_name: str) -> list[Look]:
    """One look for each named material, in one style for the whole object.

    Two thirds of the objects look as their materials do; the others are light or mid gray all over (models without
    textures), of one color, or painted in random colors and patterns.
    """
    style = rng.random()
    looks = [_MAKERS[name](rng) for name in materials]
    if style < 0.16:  # an untextured model
        gray = rng.uniform(0.45, 0.9)
        looks = [
            look if name in ("glass", "screen") and rng.random() < 0.5
            else Look(_gray(rng, gray - 0.12, min(gray + 0.06, 0.95)), gloss=rng.uniform(0, 0.35), exponent=20.0)
            for name, look in zip(materials, looks, strict=True)
        ]  # fmt: skip
    elif style < 0.26:  # one color for all, a little varied
        tone, gloss = _tone(rng), rng.uniform(0.05, 0.7)
        looks = [
            look
            if name in ("glass", "screen", "rubber")
            else Look(_shade(tone, rng.uniform(0.7, 1.2)), gloss=gloss, exponent=30.0)
            for name, look in zip(materials, looks, strict=True)
        ]
    elif style < 0.36:  # anything goes
        looks = [
            _MAKERS[str(rng.choice(["wood", "metal", "fabric", "plastic", "paint", "stone"]))](rng) for _ in materials
        ]
    if class_name not in CLEAR_GLASS:
        looks = [
            replace(look, color=_shade(look.color, 0.25), opacity=1.0) if look.opacity < 1 else look for look in looks
        ]
    return looks
