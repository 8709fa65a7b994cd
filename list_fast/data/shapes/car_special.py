# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Cars of another build than one all-round body: pre-war cars with separate fenders, racing cars and jeeps (metres)."""

from __future__ import annotations

from typing import Any

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike

from list_fast.data.shapes.car_body import cabin_at, cabin_solid, wheel, window_cuts, without_slivers
from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import (
    Shape,
    bar,
    box,
    cylinder,
    ellipsoid,
    extrude,
    grow,
    loft,
    rounded_box,
    smooth_curve,
    station_loft,
    superellipse,
    tube,
    union,
)


def _sheet(path: ArrayLike, x: float, half: float, thickness: float, droop: float) -> Manifold:
    """A curved strip along a path (n, 2) of (z, y), crowned across its width: a fender."""
    points = smooth_curve(path, 4)
    tangent = np.gradient(points, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    ring = superellipse(half, thickness / 2, 4, 20)
    crown = -droop * (np.abs(ring[:, 0]) / half) ** 3
    rings = []
    for (z, y), (tz, ty) in zip(points, tangent, strict=True):
        offset = ring[:, 1] + crown
        rings.append(np.stack([x + ring[:, 0], y + offset * abs(tz), z - offset * ty * np.sign(tz)], 1))
    return loft(rings)


def _place_wheels(shape: Shape, draw: Draw, spots: list[tuple[float, float, float, float]]) -> None:
    """Wheels given as (x, z, radius, width) on axles across the car."""
    draw("rim", 0.6, 0.75)
    draw("dish", 0.02, 0.05)
    draw("spoke_width", 0.08, 0.2)
    draw.number("spokes", 0, 5, 8, 10, 12)
    for x, z, r, width in spots:
        for solid, material in wheel(draw.params, r, width):
            shape.add_mirrored(solid.translate((x, r, z)), material)
        shape.add(cylinder((-x, r, z), (x, r, z), max(0.12 * r, 0.03), None, 10), "metal")


def _cabin_parameters(draw: Draw, **fixed: float) -> dict[str, Any]:
    """Parameters of ``cabin_solid`` and ``window_cuts`` for a car of another build."""
    p = draw.params
    p.update(
        {
            "roof_slope": 0.0,
            "rear_bend": 1.2,
            "shoulder": 1.0,
            "sill": 0.12,
            "roof_rim": 0.1,
            "b_shift": 0.0,
            "panel_sides": 0.0,
        }
    )
    p.update(fixed)
    draw("a_pillar", 0.08, 0.14)
    draw("b_pillar", 0.06, 0.1)
    draw("c_pillar", 0.15, 0.45)
    draw("screen_rim", 0.06, 0.1)
    draw("rear_sill", 0.1, 0.4)
    draw("cabin_edge", 4.0, 8.0)
    return p


def classic(draw: Draw) -> Shape:
    """A car of the 1920s to 1940s: narrow hood behind an upright grille, fenders that sweep to running boards."""
    shape, p = Shape(params=draw.params), draw.params
    length, r = draw("length", 3.9, 5.3), draw("wheel", 0.34, 0.42)
    half = draw("body_half", 0.56, 0.68)
    p["width"] = 2 * half
    end = length / 2
    zf, zr = end - draw("front_axle", 0.55, 0.75), -end + draw("rear_axle", 0.75, 1.05)
    hood_top, low = draw("hood", 1.0, 1.16), draw("clearance", 0.28, 0.36)
    cowl = zf - draw("hood_length", 0.9, 1.4)
    grille = draw("grille_half", 0.2, 0.32)
    tail = draw("tail", 0.5, 0.95)
    front = zf + draw("grille_ahead", 0.0, 0.25)
    hood = station_loft(
        [
            (front, grille, low + 0.1, hood_top - 0.08),
            (front - 0.03, grille + 0.03, low + 0.05, hood_top - 0.03),
            (cowl, half * 0.9, low, hood_top + 0.03),
            (cowl - 0.25, half, low, hood_top + 0.04),
        ],
        draw("hood_edge", 3, 6),
    )
    back = -end + draw("overhang", 0.15, 0.45)
    rear = station_loft(
        [
            (cowl - 0.05, half * 0.97, low, hood_top + 0.03),
            (cowl - 0.5, half, low, hood_top + 0.04),
            (zr + 0.2, half, low, hood_top + 0.02),
            (zr - 0.35, half * 0.92, low, 0.5 * (hood_top + tail) + 0.05),
            (back + 0.05, half * 0.7, low + 0.06, tail),
            (back, half * 0.5, low + 0.1, tail - 0.1),
        ],
        draw("body_edge", 3, 6),
    )
    x, wide = half + draw("fender_out", 0.1, 0.2), draw("fender_half", 0.15, 0.2)
    tyre = draw("tyre", 0.14, 0.18)
    arches = union([cylinder((x - wide + 0.02, r, z), (x + 1, r, z), 1.12 * r, None, 28) for z in (zf, zr)])
    arches = arches + arches.mirror((1, 0, 0))
    shape.add(hood, "paint")
    shape.add(grow(hood, (0.01, 0.0, 0.025)) ^ box((4, 4, 0.1), (0, 0, front)), "metal")
    open_top = draw.flag("open", 0.35)
    # the chassis joins fenders, running boards and axles
    shape.add(box((2 * x, 0.1, zf - zr + 0.9), (0, low + 0.02, (zf + zr) / 2)) - arches, "plastic")
    board, sweep = low + 0.03, draw("sweep", 0.75, 1.1)
    lift, reach = draw("fender_gap", 0.07, 0.12), draw("fender_nose", 0.95, 1.2)
    top = 2 * r + lift
    path = [
        (zf + reach * r * 1.1, r * 1.0),
        (zf + reach * r * 0.75, top - 0.14),
        (zf, top),
        (zf - 0.8 * r, top - 0.13),
        (zf - sweep, board + 0.05),
        (zf - sweep - 0.2, board),
        (zr + 1.45 * r, board),
        (zr + 1.12 * r, board + 0.3),
        (zr + 0.6 * r, top - 0.08),
        (zr, top),
        (zr - 0.8 * r, top - 0.16),
        (zr - 1.2 * r, r * 0.95),
    ]
    shape.add_mirrored(
        _sheet(path, x, wide, 0.06, draw("fender_crown", 0.02, 0.08)),
        "paint" if draw.flag("same_paint", 0.6) else "plastic",
    )
    shape.add(
        rear - arches
        if not open_top
        else (rear - arches)
        - rounded_box((2 * half - 0.18, 1, cowl - zr - 0.35), (0, low + 0.75, (cowl + zr) / 2 - 0.25), 0.1, 12),
        "paint",
    )
    _cabin_parameters(
        draw,
        length=length,
        cowl=end - cowl + 0.02,
        windshield=draw("windshield_run", 0.02, 0.28),
        back=zr + end - draw("cabin_back", 0.0, 0.3),
        rear_window=draw("rear_run", 0.15, 0.5),
        tumble=draw("tumble", 0.04, 0.14),
        crown=draw("crown", 0.06, 0.2),
        bow=draw("bow", 0.0, 0.05),
        cowl_height=hood_top + 0.02,
        deck=hood_top + 0.02,
        height=draw("height", 1.5, 1.75),
        side_windows=draw.integer("side_windows", 1, 3),
    )
    cuts = window_cuts(p)
    outer = cabin_solid(p)
    if open_top:
        top_z, _, _, top_y = cabin_at(p, 0.8)
        frame = (outer - outer.translate((0, 0, -0.07))) ^ box((4, top_y, 1), (0, top_y / 2, top_z + 0.35))
        shape.add(without_slivers(frame - cuts[1]), "metal")
        shape.add(
            without_slivers((outer.translate((0, 0, -0.012)) - outer.translate((0, 0, -0.06))) ^ frame ^ cuts[1]),
            "glass",
        )
        for z in (cowl - 0.75, cowl - 1.55)[: 1 if cowl - zr < 1.9 else 2]:
            shape.add(rounded_box((2 * half - 0.24, 0.26, 0.5), (0, low + 0.32, z), 0.06, 12), "leather")
            shape.add(rounded_box((2 * half - 0.24, 0.75, 0.18), (0, low + 0.6, z - 0.26), 0.07, 12), "leather")
    else:
        shape.add(without_slivers(outer - union(list(cuts))), "fabric" if draw.flag("soft_roof", 0.2) else "paint")
        shape.add(cabin_solid(p, 0.022), "glass")
    lamp_x, lamp_y, lamp_z = grille + draw("lamp_out", 0.08, 0.16), hood_top - draw("lamp_low", 0.1, 0.22), front - 0.12
    size = draw("lamp", 0.1, 0.14)
    lamp = cylinder((lamp_x, lamp_y, lamp_z + 0.06), (lamp_x, lamp_y, lamp_z + 0.1), size, 0.85 * size, 20)
    shape.add_mirrored(
        ellipsoid((size, size, 0.17), (lamp_x, lamp_y, lamp_z - 0.03), 20).trim_by_plane((0, 0, -1), -lamp_z - 0.08),
        "metal",
    )
    shape.add_mirrored(lamp, "light")
    shape.add(bar((-lamp_x, lamp_y - 0.03, lamp_z - 0.05), (lamp_x, lamp_y - 0.03, lamp_z - 0.05), 0.05), "metal")
    if draw.flag("bumpers", 0.75):
        for z, inner in ((zf + reach * r * 1.1 + 0.06, zf), (back - 0.07, zr)):
            shape.add(rounded_box((2 * x + 0.2, 0.08, 0.05), (0, low + 0.12, z), 0.02, 8), "metal")
            shape.add_mirrored(bar((0.3, low + 0.12, z), (0.3, low + 0.04, inner), 0.06), "metal")
    spare = draw.choice("spare", ["none", "rear", "side"])
    if spare == "rear":
        shape.add(cylinder((0, tail - 0.02, back + 0.3), (0, tail - 0.1, back - 0.16), 0.9 * r, None, 24), "rubber")
    elif spare == "side":
        shape.add_mirrored(
            cylinder(
                (half * 0.7, top - 0.02, zf - 0.95 * r), (x + 0.02, top - 0.02, zf - 0.95 * r), 0.85 * r, None, 24
            ),
            "rubber",
        )
    _place_wheels(shape, draw, [(x - 0.01, zf, r, tyre), (x - 0.01, zr, r, tyre)])
    return shape


def racing(draw: Draw) -> Shape:
    """A single-seater with open wheels: a modern one with wings and side pods, or an old one like a cigar."""
    shape, p = Shape(params=draw.params), draw.params
    old = draw.flag("old", 0.3)
    length = draw("length", 3.6, 4.2) if old else draw("length", 4.4, 5.4)
    end, half = length / 2, draw("half", 0.76, 0.95)
    r, tyre_f, tyre_r = draw("wheel", 0.31, 0.36), draw("front_tyre", 0.2, 0.34), draw("rear_tyre", 0.3, 0.42)
    if old:
        tyre_f, tyre_r = 0.18, 0.22
    zf, zr = end - draw("front_axle", 0.75, 1.0), -end + draw("rear_axle", 0.5, 0.75)
    low, tall = draw("clearance", 0.1, 0.16), draw("body_height", 0.56, 0.68)
    seat = zr + draw("seat", 1.15, 1.45)
    tub = draw("tub_half", 0.28, 0.36)
    nose_y, nose = draw("nose_y", 0.2, 0.38), draw("nose_half", 0.08, 0.15)
    if old:
        rows = [
            (end, 0.12, 0.3, 0.5),
            (end - 0.06, 0.2, 0.24, 0.58),
            (zf, tub, low + 0.05, tall),
            (seat, tub + 0.05, low, tall + 0.12),
            (zr, tub, low + 0.05, tall + 0.05),
            (-end + 0.15, 0.12, 0.28, 0.5),
            (-end, 0.05, 0.34, 0.42),
        ]
    else:
        rows = [
            (end, nose * 0.7, nose_y - 0.06, nose_y + 0.06),
            (end - 0.08, nose, nose_y - 0.09, nose_y + 0.1),
            (zf, nose + 0.06, low + 0.06, tall - 0.08),
            (seat + 0.5, tub, low, tall),
            (seat - 0.3, tub + 0.04, low, tall + 0.04),
            (zr, 0.2, low + 0.05, 0.5),
            (-end + 0.1, 0.14, 0.2, 0.42),
        ]
    body = station_loft(rows, draw("edge", 2.6, 4.5))
    cockpit = ellipsoid((tub * 0.72, 0.42, 0.48), (0, tall + 0.12, seat + 0.12), 24)
    shape.add(body - cockpit, "paint")
    shape.add(
        ellipsoid((0.13, 0.15, 0.15), (0, tall + 0.1, seat), 16)
        + rounded_box((0.34, 0.5, 0.24), (0, tall - 0.2, seat - 0.02), 0.08, 8),
        "plastic",
    )
    shape.add(cylinder((0, tall - 0.16, seat + 0.2), (0, tall - 0.08, seat + 0.5), 0.05, None, 8), "metal")
    if old:
        shape.add(
            station_loft(
                [
                    (seat - 0.1, 0.14, tall - 0.1, tall + 0.3),
                    (seat - 0.5, 0.1, tall - 0.1, tall + 0.14),
                    (zr, 0.05, tall - 0.3, tall),
                ],
                2.4,
            ),
            "paint",
        )
        shape.add_mirrored(
            cylinder((tub * 0.9, low + 0.2, seat + 0.4), (tub + 0.06, low + 0.16, -end), 0.05, None, 10), "metal"
        )
    else:
        shape.add(
            station_loft(
                [
                    (seat - 0.12, 0.13, tall - 0.1, tall + 0.36),
                    (seat - 0.5, 0.16, low + 0.2, tall + 0.3),
                    (zr, 0.1, low + 0.2, 0.52),
                ],
                3,
            ),
            "paint",
        )
        pod_half, pod = draw("pod_half", 0.2, 0.26), half - tyre_r * 0.6
        x = pod - pod_half
        pods = [
            (seat + 0.3, pod_half * 0.9, low, tall - 0.1),
            (seat + 0.2, pod_half, low, tall - 0.04),
            (zr + 0.75, pod_half, low, tall - 0.1),
            (zr + 0.25, 0.08, low, 0.3),
        ]
        shape.add_mirrored(station_loft(pods, 5).translate((x, 0, 0)), "paint")
        shape.add(box((2 * pod, 0.05, seat + 0.5 - zr), (0, low + 0.01, (seat + 0.5 + zr) / 2)), "plastic")
        _racing_wings(shape, draw, end, half, nose_y, low, zr)
        if draw.flag("halo", 0.35):
            hoop = [
                (-tub * 0.8, tall, seat - 0.25),
                (-tub * 0.8, tall + 0.24, seat),
                (-0.14, tall + 0.26, seat + 0.5),
                (0.14, tall + 0.26, seat + 0.5),
                (tub * 0.8, tall + 0.24, seat),
                (tub * 0.8, tall, seat - 0.25),
            ]
            shape.add(
                tube(hoop, 0.03, 8)
                + cylinder((0, tall + 0.26, seat + 0.5), (0, tall - 0.1, seat + 0.65), 0.03, None, 8),
                "metal",
            )
    arm = 0.026
    for z, wide, top in ((zf, tyre_f, 0.5), (zr, tyre_r, 0.48)):
        hub = half - wide * 0.8
        for y0, y1 in ((low + 0.12, r - 0.1), (top - 0.08, r + 0.1)):
            for dz in (-0.35, 0.3):
                shape.add_mirrored(
                    cylinder((0.04, y0, z + dz * (1 if z > 0 else 0.8)), (hub, y1, z), arm, None, 8), "metal"
                )
        shape.add_mirrored(cylinder((hub - 0.04, r, z), (hub + 0.1, r, z), 0.14, None, 12), "metal")
    _place_wheels(shape, draw, [(half - tyre_f / 2, zf, r, tyre_f), (half - tyre_r / 2, zr, r * 1.04, tyre_r)])
    p["seat_z"] = seat
    return shape


def _racing_wings(shape: Shape, draw: Draw, end: float, half: float, nose_y: float, low: float, zr: float) -> None:
    """Front and rear wing with end plates."""
    y, chord = low + 0.06, draw("front_chord", 0.3, 0.5)
    z = end - 0.5 * chord + draw("front_wing", 0.0, 0.15)
    for i in range(draw.number("front_planes", 1, 2)):
        shape.add(
            rounded_box((2 * half * 0.96, 0.05, chord * (1 - 0.4 * i)), (0, y + 0.09 * i, z - 0.12 * i), 0.02, 8),
            "paint",
        )
    shape.add_mirrored(box((0.05, 0.2, chord * 1.25), (half * 0.95, y + 0.08, z - 0.04)), "plastic")
    shape.add_mirrored(box((0.05, nose_y - y + 0.05, 0.2), (0.07, (nose_y + y) / 2, end - 0.14)), "paint")
    top, span, chord = (
        draw("rear_top", 0.78, 0.98),
        half * draw("rear_span", 0.52, 0.75),
        draw("rear_chord", 0.28, 0.42),
    )
    z = -end + 0.5 * chord
    planes = draw.number("rear_planes", 1, 2, 3)
    for i in range(planes):
        shape.add(
            rounded_box((2 * span, 0.05, chord), (0, top - 0.14 * i, z + 0.03 * i), 0.02, 8).rotate((0, 0, 0)), "paint"
        )
    shape.add_mirrored(box((0.05, 0.42, chord * 1.2), (span, top - 0.12, z + 0.02)), "plastic")
    shape.add(box((0.07, top - 0.25, 0.3), (0, (top + 0.25) / 2, z + 0.05)), "plastic")
    shape.add(station_loft([(zr + 0.1, 0.12, 0.2, 0.46), (-end + 0.05, 0.08, 0.22, 0.4)], 3), "plastic")


def jeep(draw: Draw) -> Shape:
    """A small off-road car: flat panels, open or roofed, with a spare wheel on its back."""
    shape, p = Shape(params=draw.params), draw.params
    length, half = draw("length", 3.2, 4.2), draw("half", 0.58, 0.68)
    end, r = length / 2, draw("wheel", 0.36, 0.44)
    p["width"] = 2 * half
    low, belt = draw("clearance", 0.42, 0.52), draw("belt", 1.0, 1.15)
    zf, zr = end - draw("front_axle", 0.5, 0.65), -end + draw("rear_axle", 0.55, 0.75)
    cowl = zf - draw("hood_length", 0.55, 0.85)
    hood, grille = belt - draw("hood_drop", 0.0, 0.08), half * draw("hood_taper", 0.75, 0.95)
    front = station_loft(
        [
            (end - 0.05, grille, low + 0.05, hood - 0.05),
            (end - 0.08, grille, low, hood - 0.02),
            (cowl, half * 0.97, low, hood),
            (cowl - 0.1, half, low, belt),
        ],
        12,
    )
    tub = rounded_box(
        (2 * half, belt - low, cowl + end), (0, (belt + low) / 2, (cowl - end) / 2), draw("round", 0.03, 0.1), 12
    )
    x, wide = half + draw("track", 0.1, 0.18), draw("tyre", 0.22, 0.3)
    arches = union([cylinder((x - wide / 2 - 0.05, r, z), (x + 1, r, z), 1.16 * r, None, 28) for z in (zf, zr)])
    arches = arches + arches.mirror((1, 0, 0))
    roof = draw.choice("roof", ["open", "open", "hard", "soft"])
    if roof == "open":
        tub = tub - rounded_box(
            (2 * half - 0.16, 2, cowl + end - 0.3), (0, low + 1.15, (cowl - end) / 2 - 0.08), 0.08, 8
        )
        door = extrude(np.add(superellipse(0.36, 0.36, 4, 24), (cowl - 0.62, belt)), 4, "x")
        tub = tub - door.trim_by_plane((0, 1, 0), low + 0.25) if draw.flag("cut_doors", 0.6) else tub
    shape.add(front - arches, "paint")
    shape.add(tub - arches, "paint")
    lamp = draw("lamp", 0.08, 0.11)
    shape.add_mirrored(
        cylinder((grille * 0.68, hood - 0.2, end - 0.2), (grille * 0.68, hood - 0.2, end - 0.02), lamp, None, 20),
        "light",
    )
    for i in range(draw.number("slots", 5, 7)):
        shape.add(box((0.045, 0.28, 0.05), ((i - (p["slots"] - 1) / 2) * 0.07, hood - 0.22, end - 0.05)), "plastic")
    thick = 0.055
    for z in (zf, zr):  # flat fenders, bent down at their ends
        path = [
            (z + 1.3 * r, r * 1.6),
            (z + 1.05 * r, 2.1 * r + 0.02),
            (z - 1.05 * r, 2.1 * r + 0.02),
            (z - 1.45 * r, r * 1.3),
        ]
        outline = [*path, *[(a - (0.05 if a > z else -0.05), b - thick) for a, b in path[::-1]]]
        inner = half * 0.8
        shape.add_mirrored(
            extrude(outline, x + wide / 2 + 0.03 - inner, "x", (x + wide / 2 + 0.03 + inner) / 2),
            "plastic" if draw.flag("dark_fenders", 0.4) else "paint",
        )
    shape.add_mirrored(box((wide, 0.06, zf - zr - 2.2 * r), (half + 0.04, low + 0.05, (zf + zr) / 2)), "plastic")
    shape.add(rounded_box((2 * half + 0.3, 0.14, 0.12), (0, low + 0.08, end - 0.02), 0.03, 8), "metal")
    shape.add(rounded_box((2 * half + 0.1, 0.12, 0.12), (0, low + 0.08, -end - 0.02), 0.03, 8), "metal")
    shape.add(box((0.5, low - r + 0.2, zf - zr + 0.4), (0, (low + r) / 2, (zf + zr) / 2)), "metal")
    height = draw("height", 1.62, 1.85)
    if roof == "open":
        top, rake = height - 0.12, draw("rake", 0.05, 0.3)
        frame = [
            (-half + 0.05, belt - 0.06, cowl - 0.06),
            (-half + 0.08, top, cowl - 0.06 - rake),
            (half - 0.08, top, cowl - 0.06 - rake),
            (half - 0.05, belt - 0.06, cowl - 0.06),
        ]
        shape.add(tube(frame, 0.032, 8), "paint")
        shape.add(
            loft(
                [
                    [
                        (s * (half - 0.05), belt - 0.05, cowl - 0.06 + d),
                        (s * (half - 0.08), top, cowl - 0.06 - rake + d),
                        (s * (half - 0.08), top, cowl - 0.105 - rake + d),
                        (s * (half - 0.05), belt - 0.05, cowl - 0.105 + d),
                    ]
                    for s, d in ((-1, 0.02), (1, 0.02))
                ]
            ),
            "glass",
        )
        for z in (cowl - 0.75, cowl - 1.5)[: 1 if length < 3.6 else 2]:
            shape.add_mirrored(rounded_box((half * 0.75, 0.5, 0.45), (half * 0.45, low + 0.2, z), 0.05, 8), "leather")
            shape.add_mirrored(
                rounded_box((half * 0.75, 0.7, 0.14), (half * 0.45, low + 0.6, z - 0.24), 0.06, 8), "leather"
            )
        if draw.flag("roll_bar", 0.7):
            z = cowl - 1.15
            hoop = [
                (-half + 0.06, belt - 0.2, z),
                (-half + 0.1, height, z),
                (half - 0.1, height, z),
                (half - 0.06, belt - 0.2, z),
            ]
            shape.add(tube(hoop, 0.035, 8), "metal")
            if draw.flag("cage", 0.5):
                shape.add_mirrored(
                    cylinder((half - 0.1, height, z), (half - 0.08, top, cowl - 0.06 - rake), 0.032, None, 8), "metal"
                )
                shape.add_mirrored(
                    cylinder((half - 0.1, height, z), (half - 0.06, belt - 0.1, -end + 0.08), 0.032, None, 8), "metal"
                )
    else:
        _cabin_parameters(
            draw,
            length=length,
            cowl=end - cowl + 0.02,
            windshield=draw("windshield_run", 0.05, 0.3),
            back=0.03,
            rear_window=draw("rear_run", 0.03, 0.15),
            tumble=draw("tumble", 0.04, 0.12),
            crown=draw("crown", 0.04, 0.08),
            bow=0.02,
            cowl_height=belt,
            deck=belt,
            height=height,
            shoulder=0.97,
            side_windows=draw.integer("side_windows", 2, 3),
        )
        shape.add(
            without_slivers(cabin_solid(p) - union(list(window_cuts(p)))), "fabric" if roof == "soft" else "paint"
        )
        shape.add(cabin_solid(p, 0.02), "glass")
    if draw.flag("spare", 0.75):
        shape.add(
            cylinder((0, belt - 0.15, -end + 0.06), (0, belt - 0.15, -end - 0.24), r * 0.95, 0.9 * r, 24), "rubber"
        )
    _place_wheels(shape, draw, [(x, zf, r, wide), (x, zr, r, wide)])
    return shape
