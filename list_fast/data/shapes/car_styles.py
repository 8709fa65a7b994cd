# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Proportions of the car styles, in metres.

Stations along the car are measured from the nose (``front_axle``; ``cowl``, where the windshield begins;
``windshield``, its run along z) or from the tail (``rear_axle``; ``back``, where the rear window meets the deck;
``rear_window``, its run), so that a longer car gains its length in the middle. ``edge`` is the exponent of the body's
cross-section: 3 is soft, 9 a box.
"""

from __future__ import annotations

# fmt: off
COMMON: dict[str, tuple[float, float]] = {
    "length": (4.2, 5), "width": (1.74, 1.92), "height": (1.4, 1.52), "clearance": (0.15, 0.22),
    "wheel": (0.3, 0.35), "front_axle": (0.76, 0.95), "rear_axle": (0.85, 1.15), "nose": (0.6, 0.74),
    "cowl_height": (0.9, 1), "deck": (0.92, 1.06), "cowl": (1.15, 1.45), "windshield": (0.55, 0.85),
    "back": (0.45, 0.8), "rear_window": (0.45, 0.8), "tumble": (0.1, 0.2), "crown": (0.06, 0.12), "edge": (3.5, 7),
    "flare": (0, 0.03), "fender": (0, 0.03), "nose_round": (0.2, 0.7), "tail_round": (0.15, 0.5),
    "nose_drop": (0.02, 0.1), "tail_drop": (0, 0.08), "tail_rise": (0.05, 0.18), "nose_face": (0.72, 0.95),
    "tail_face": (0.78, 0.95), "waist": (0.42, 0.62), "lean": (0, 0.06), "tuck": (0, 0.05), "haunch": (0.5, 1.3),
    "bow": (0.05, 0.2), "cabin_edge": (5, 8), "roof_slope": (-0.01, 0.03), "rear_bend": (1, 1.5),
    "shoulder": (0.89, 0.94), "sill": (0.06, 0.14), "roof_rim": (0.04, 0.1), "a_pillar": (0.1, 0.2),
    "b_pillar": (0.05, 0.09), "c_pillar": (0.12, 0.4), "b_shift": (-0.1, 0.1), "screen_rim": (0.04, 0.08),
    "rear_sill": (0, 0.3), "rim": (0.6, 0.74), "dish": (0.02, 0.06), "spoke_width": (0.12, 0.3),
    "tyre": (0.19, 0.26), "poke": (-0.03, 0.01), "stagger": (1, 1),
}

STYLES: dict[str, dict[str, tuple[float, float]]] = {
    "sedan": {},
    "boxy": {
        "edge": (9, 14), "nose": (0.74, 0.82), "cowl_height": (0.88, 0.96), "deck": (0.86, 0.94),
        "windshield": (0.4, 0.6), "rear_window": (0.3, 0.55), "back": (0.85, 1.15), "nose_round": (0.06, 0.2),
        "tail_round": (0.06, 0.2), "length": (4.4, 5.5), "flare": (0, 0), "fender": (0, 0),
    },
    "limousine": {"length": (6.0, 8.2), "rear_axle": (1, 1.3), "back": (0.7, 1.1)},
    "round": {
        "length": (3.6, 4.5), "height": (1.44, 1.58), "width": (1.56, 1.76), "nose": (0.7, 0.82),
        "cowl_height": (0.96, 1.04), "deck": (0.84, 0.96), "windshield": (0.3, 0.5), "back": (0.1, 0.4),
        "rear_window": (0.8, 1.2), "cowl": (1.0, 1.3), "edge": (2.6, 3.2), "crown": (0.16, 0.24),
        "tumble": (0.08, 0.14),
        "flare": (0, 0), "nose_round": (0.4, 0.7), "tail_round": (0.5, 0.9), "nose_face": (0.6, 0.8),
        "tail_face": (0.6, 0.8), "tyre": (0.15, 0.19), "poke": (0.03, 0.06), "shoulder": (0.86, 0.92),
        "cabin_edge": (3.5, 5), "rim": (0.5, 0.62), "wheel": (0.3, 0.34), "clearance": (0.16, 0.22), "bow": (0.04, 0.1),
        "rear_bend": (1.2, 1.8),
    },
    "hatchback": {
        "length": (3.5, 4.3), "height": (1.42, 1.56), "front_axle": (0.68, 0.82), "rear_axle": (0.58, 0.75),
        "cowl": (0.85, 1.15), "back": (0.04, 0.14), "rear_window": (0.3, 0.75), "deck": (0.98, 1.08),
    },
    "wagon": {
        "length": (4.4, 5), "back": (0.03, 0.1), "rear_window": (0.15, 0.5), "deck": (0.96, 1.06),
    },
    "suv": {
        "length": (4.2, 5.1), "width": (1.84, 2.02), "height": (1.64, 1.95), "clearance": (0.22, 0.32),
        "wheel": (0.36, 0.42), "nose": (0.86, 1.05), "cowl_height": (1.08, 1.22), "deck": (1.1, 1.25),
        "windshield": (0.4, 0.75), "back": (0.03, 0.12), "rear_window": (0.12, 0.45), "edge": (4.5, 9),
        "nose_round": (0.1, 0.4),
    },
    "pickup": {
        "length": (5, 5.9), "width": (1.84, 2.04), "height": (1.7, 1.95), "clearance": (0.26, 0.36),
        "wheel": (0.37, 0.43), "nose": (0.96, 1.1), "cowl_height": (1.14, 1.24), "deck": (1.1, 1.24),
        "rear_axle": (1.05, 1.3), "windshield": (0.45, 0.7), "back": (1.65, 2.3), "rear_window": (0.05, 0.2),
        "edge": (6, 11), "tail_round": (0.06, 0.12), "nose_round": (0.1, 0.3),
    },
    "van": {
        "length": (4.6, 6), "width": (1.84, 2.06), "height": (1.9, 2.55), "clearance": (0.18, 0.26),
        "wheel": (0.32, 0.36), "nose": (0.9, 1.05), "cowl_height": (1.15, 1.3), "deck": (1.15, 1.3),
        "cowl": (0.35, 0.9), "windshield": (0.45, 0.85), "back": (0.02, 0.05), "rear_window": (0.03, 0.12),
        "tumble": (0.04, 0.1), "edge": (6, 11), "front_axle": (0.8, 1), "rear_axle": (0.9, 1.2),
        "tail_round": (0.05, 0.15),
    },
    "minivan": {
        "length": (4.3, 5.1), "height": (1.6, 1.8), "nose": (0.74, 0.88), "cowl_height": (1.02, 1.12),
        "deck": (1.05, 1.15), "cowl": (0.75, 1), "windshield": (0.85, 1.15), "back": (0.03, 0.1),
        "rear_window": (0.15, 0.4),
    },
    "coupe": {
        "length": (4.1, 4.8), "height": (1.26, 1.38), "cowl_height": (0.84, 0.92), "deck": (0.86, 0.96),
        "cowl": (1.35, 1.65), "windshield": (0.7, 0.95), "back": (0.25, 0.6), "rear_window": (0.8, 1.3),
        "wheel": (0.32, 0.36), "clearance": (0.12, 0.17), "edge": (3, 5), "fender": (0, 0.06),
    },
    "convertible": {
        "length": (3.8, 4.8), "height": (1.18, 1.34), "cowl_height": (0.84, 0.94), "deck": (0.84, 0.96),
        "cowl": (1.3, 1.6), "windshield": (0.4, 0.7), "back": (0.5, 0.9), "rear_window": (0.3, 0.5),
        "wheel": (0.3, 0.36),
        "clearance": (0.13, 0.18), "edge": (3, 9), "fender": (0, 0.07), "crown": (0.04, 0.06),
    },
    "sports": {
        "length": (4.1, 4.8), "width": (1.8, 2), "height": (1.12, 1.26), "nose": (0.46, 0.6),
        "cowl_height": (0.74, 0.84), "deck": (0.8, 0.94), "cowl": (1.15, 1.6), "windshield": (0.8, 1.15),
        "back": (0.15, 0.6), "rear_window": (0.9, 1.5), "wheel": (0.32, 0.38), "clearance": (0.1, 0.14),
        "edge": (2.8, 4.5), "fender": (0.03, 0.12), "flare": (0.01, 0.06), "tumble": (0.18, 0.28),
        "nose_round": (0.4, 1),
    },
}
# fmt: on
