# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Military and supersonic jets: fighters with tails, deltas with or without canards, flying wings."""

from __future__ import annotations

from list_fast.data.shapes.airframe import THIN, bubble, fin, hull, nozzle, strut_wheel, surface, wing
from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import Shape, box, cylinder, ellipsoid, grow, rounded_box, station_loft


def _stores(shape: Shape, u: Draw, spots: list[tuple[float, float, float]], tip: tuple[float, float, float]) -> None:
    """Missiles or tanks under the wing at ``spots`` (x, wing y, z) and rails at the tip."""
    if u.flag("tip_missiles", 0.4):
        x, y, z = tip
        shape.add_mirrored(
            cylinder((x, y, z + 0.05), (x, y, z - 0.1), 0.007, None, 10)
            + cylinder((x, y, z + 0.05), (x, y, z + 0.07), 0.007, 0.002, 10),
            "metal",
        )
        shape.add_mirrored(box((0.03, 0.009, 0.016), (x, y, z - 0.088)), "metal")
    for x, y, z in spots[: u.number("stores", 0, 1, 2)]:
        r = u("store", 0.008, 0.016)
        pod = ellipsoid((r, r, u("store_length", 0.06, 0.11)), (x, y - 0.014 - r, z), 16)
        shape.add_mirrored(pod + box((THIN * 0.9, 0.024, 0.05), (x, y - 0.01, z)), "metal")


def _gear(shape: Shape, low: float, z: float, nose: float, track: float) -> None:
    """Tricycle gear."""
    strut_wheel(shape, (0, low + 0.02, nose), (0, low - 0.055, nose), 0.014, 0.014, 0.006)
    strut_wheel(shape, (track * 0.7, low + 0.02, z), (track, low - 0.052, z), 0.017, 0.016, 0.006)


def fighter(u: Draw) -> Shape:
    """A jet fighter: shoulder or low wing, tailplane, one or two fins, side or nose intakes."""
    shape = Shape(params=u.params)
    r, nose_intake = u("radius", 0.042, 0.056), u.flag("nose_intake", 0.15)
    twin = not nose_intake and u.flag("twin_engines", 0.5)
    wide = r * (u("breadth", 1.3, 1.7) if twin else u("breadth", 0.95, 1.2))
    tip = 0.026 if nose_intake else 0.004
    rows = [
        (0.5, tip, -tip, tip),
        (0.46, r * 0.3 + tip, -r * 0.3 - tip, r * 0.3 + tip),
        (0.36, r * 0.72, -r * 0.7, r * 0.7),
        (0.22, r * 0.95, -r * 0.9, r),
        (0.05, wide, -r, r * 1.05),
        (-0.2, wide, -r * 0.95, r),
        (-0.4, wide * 0.85, -r * 0.75, r * 0.75),
        (-0.46, wide * 0.7, -r * 0.6, r * 0.6),
    ]
    body = hull(rows, u("edge", 2.0, 3.4))
    if nose_intake:
        body = body - cylinder((0, 0, 0.46), (0, 0, 0.52), 0.018, None, 20)
    shape.add(body, "paint")
    seat = u("seat", 0.2, 0.27)
    shape.add(
        bubble((0, r * 0.8, seat), (r * 0.55, r * u("canopy", 0.7, 0.95), u("canopy_length", 0.065, 0.1))), "glass"
    )
    if u.flag("spine", 0.5):
        shape.add(
            station_loft(
                [(seat - 0.06, r * 0.45, 0, r * 1.5), (seat - 0.25, r * 0.35, 0, r * 1.3), (-0.3, r * 0.2, 0, r * 0.9)],
                2,
            ),
            "paint",
        )
    if not nose_intake and u.flag("intakes", 0.85):
        at, high, deep = u("intake_at", 0.06, 0.16), r * u("intake_height", 1.1, 1.6), r * u("intake_width", 0.55, 0.8)
        x = wide * 0.95 + deep * 0.1
        duct = station_loft(
            [
                (at, deep * 0.85, -high / 2, high / 2),
                (at - 0.03, deep, -high / 2, high / 2),
                (-0.2, deep, -high / 2, high / 2),
                (-0.4, deep * 0.4, -high * 0.3, high * 0.3),
            ],
            6,
            24,
        )
        mouth = rounded_box((deep * 1.35, high * 0.78, 0.06), (0, 0, at), 0.004, 8)
        shape.add_mirrored((duct - mouth).translate((x, -r * 0.1, 0)), "paint")
    if twin:
        shape.add_mirrored(nozzle((wide * 0.48, 0, -0.42), 0.075, r * 0.62), "metal")
    else:
        shape.add(nozzle((0, 0, -0.42), 0.075, r * 0.78), "metal")
    span, chord = u("span", 0.3, 0.4), u("chord", 0.22, 0.34)
    sweep, taper, dihedral = u("sweep", 0.5, 1.1), u("taper", 0.18, 0.4), u("dihedral", -0.08, 0.06)
    at, y = u("wing_at", 0.04, 0.13), r * u("wing_y", -0.4, 0.7)
    shape.add_mirrored(wing((0, y, at + 0.03), span, chord, taper, sweep, dihedral, 0.055), "paint")
    if u.flag("strakes", 0.45):  # leading-edge root extensions
        reach = u("strake", 0.14, 0.22)
        shape.add_mirrored(
            surface(
                [
                    (0, y, at + reach, 0.3, 0),
                    (wide * 1.0, y, at + reach * 0.75, 0.25, 0),
                    (wide * 2.0, y, at - 0.03, 0.1, 0),
                ]
            ),
            "paint",
        )
    c, fins = u("fin_chord", 0.14, 0.2), 2 if twin and u.flag("two_fins", 0.8) else 1
    height, slant = u("fin_height", 0.12, 0.18), u("fin_sweep", 0.6, 1.1)
    z = -0.44 + c + u("fin_ahead", 0.0, 0.06)
    u.params["fins"] = fins
    if fins == 2:
        root = (wide * u("fin_out", 0.6, 0.9), r * 0.4, z)
        shape.add_mirrored(fin(root, height, c, u("fin_taper", 0.3, 0.5), slant, cant=u("cant", 0.0, 0.5)), "paint")
    else:
        shape.add(fin((0, r * 0.5, z), height * 1.1, c, u("fin_taper", 0.3, 0.5), slant), "paint")
    span_t, c = u("tail_span", 0.13, 0.2), u("tail_chord", 0.11, 0.16)
    spot = (wide * 0.4, r * u("tail_y", -0.3, 0.3), -0.45 + c + u("tail_ahead", -0.06, 0.03))
    shape.add_mirrored(
        wing(spot, span_t, c, 0.4, u("tail_sweep", 0.5, 0.9), u("tail_dihedral", -0.1, 0.05), 0.06), "paint"
    )
    under = [(span * f, y + dihedral * span * f, at - sweep * span * f - 0.06) for f in (0.45, 0.68)]
    _stores(shape, u, under, (span * 0.985, y + dihedral * span, at - sweep * span))
    if u.flag("gear_down", 0.25):
        _gear(shape, -r * 0.85, -0.08, 0.28, wide + 0.03)
    return shape


def delta(u: Draw) -> Shape:
    """A tailless delta, with or without canards, or a slender supersonic airliner."""
    shape = Shape(params=u.params)
    liner = u.flag("airliner", 0.25)
    r = u("radius", 0.022, 0.028) if liner else u("radius", 0.04, 0.054)
    rows = [
        (0.5, 0.004, -0.006, 0.002),
        (0.45, r * 0.4, -r * 0.5, r * 0.3),
        (0.33, r * 0.85, -r * 0.9, r * 0.85),
        (0.2, r, -r, r),
        (-0.2, r * 1.02, -r, r),
        (-0.4, r * 0.8, -r * 0.7, r * 0.8),
    ]
    rows += [(-0.5, r * 0.2, r * 0.1, r * 0.5)] if liner else [(-0.46, r * 0.7, -r * 0.6, r * 0.7)]
    body = hull(rows, u("edge", 2.0, 2.6))
    shape.add(body, "paint")
    chord, at, y = u("chord", 0.44, 0.54), u("wing_at", 0.06, 0.12), -r * u("wing_y", 0.0, 0.7)
    span = u("span", 0.22, 0.28) if liner else u("span", 0.27, 0.38)
    tip = u("tip", 0.04, 0.1)
    end = at - chord
    if liner:  # an ogee: the sweep eases outwards
        at += 0.14
        edge: list[tuple[float, ...]] = [(0, y, at + 0.08, at + 0.08 - end, 0.014)]
        edge += [
            (
                span * t,
                y,
                end + (at - end) * (1 - t) * (1 - 0.35 * t) + tip * t,
                (at - end) * (1 - t) * (1 - 0.35 * t) + tip * t + 0.006,
                0.013,
            )
            for t in (0.12, 0.3, 0.5, 0.7, 0.9, 1.0)
        ]
        shape.add_mirrored(surface(edge), "paint")
        for x in (0.07, 0.11):
            pod = rounded_box((0.034, 0.032, 0.2), (x, y - 0.018, end + 0.09), 0.006, 8) - box(
                (0.024, 0.02, 0.06), (x, y - 0.02, end + 0.2)
            )
            shape.add_mirrored(pod, "metal")
        pane = [(0.4, 0.36)]
        shape.add(grow(body, 0.0012) ^ box((1, r * 0.5, pane[0][0] - pane[0][1]), (0, r * 0.75, 0.37)), "glass")
    else:
        edge = [
            (0, y, at, chord, 0.05 * chord),
            (span * 0.96, y, end + tip + 0.02, tip + 0.02, 0),
            (span, y, end + tip * 0.8, tip * 0.75, 0),
        ]
        shape.add_mirrored(surface(edge), "paint")
        seat = u("seat", 0.2, 0.27)
        shape.add(
            bubble((0, r * 0.8, seat), (r * 0.55, r * u("canopy", 0.65, 0.9), u("canopy_length", 0.06, 0.09))), "glass"
        )
        shape.add(
            station_loft(
                [
                    (seat - 0.05, r * 0.45, 0, r * 1.45),
                    (seat - 0.25, r * 0.35, 0, r * 1.25),
                    (-0.3, r * 0.2, 0, r * 0.9),
                ],
                2,
            ),
            "paint",
        )
        deep, mouth = r * u("intake", 0.5, 0.7), u("intake_at", 0.1, 0.17)
        if u.flag("chin_intake", 0.3):
            duct = station_loft(
                [
                    (mouth, r * 0.85, -r * 0.5, r * 0.5),
                    (mouth - 0.04, r * 0.9, -r * 0.55, r * 0.6),
                    (-0.25, r * 0.6, -r * 0.2, r * 0.6),
                ],
                4,
                24,
            )
            shape.add(
                (duct - rounded_box((r * 1.3, r * 0.62, 0.06), (0, 0, mouth), 0.004, 8)).translate((0, -r * 1.1, 0)),
                "paint",
            )
        else:
            duct = station_loft(
                [
                    (mouth, deep * 0.8, -r * 0.7, r * 0.7),
                    (mouth - 0.04, deep, -r * 0.75, r * 0.75),
                    (-0.3, deep * 0.6, -r * 0.5, r * 0.5),
                ],
                3,
                24,
            )
            hole = rounded_box((deep * 1.1, r * 0.95, 0.05), (0, 0, mouth), 0.004, 8)
            shape.add_mirrored((duct - hole).translate((r * 1.05, 0, 0)), "paint")
        if u.flag("twin_engines", 0.35):
            shape.add_mirrored(nozzle((r * 0.5, 0, -0.43), 0.06, r * 0.52), "metal")
        else:
            shape.add(nozzle((0, 0, -0.43), 0.065, r * 0.75), "metal")
        if u.flag("canards", 0.55):
            spot = (r * 0.5, r * u("canard_y", 0.1, 0.6), u("canard_at", 0.2, 0.28))
            shape.add_mirrored(
                wing(
                    spot,
                    u("canard_span", 0.1, 0.15),
                    0.09,
                    0.35,
                    u("canard_sweep", 0.6, 1.0),
                    u("canard_dihedral", -0.1, 0.15),
                    0.06,
                ),
                "paint",
            )
        under = [(span * f, y, end + 0.12) for f in (0.4, 0.62)]
        _stores(shape, u, under, (span * 0.985, y, end + tip * 0.5))
    c, height = u("fin_chord", 0.17, 0.26), u("fin_height", 0.11, 0.17)
    shape.add(fin((0, r * 0.4, -0.46 + c), height, c, u("fin_taper", 0.2, 0.4), u("fin_sweep", 0.8, 1.2)), "paint")
    if u.flag("gear_down", 0.25):
        _gear(shape, -r * 0.8, -0.15, 0.28, 0.07)
    return shape


def stealth(u: Draw) -> Shape:
    """A flying wing with a blended centre body, its trailing edge straight or in a zigzag."""
    shape = Shape(params=u.params)
    span, sweep = 0.5, u("sweep", 0.5, 0.85)
    center, inner, tip = u("center", 0.34, 0.5), u("inner_chord", 0.16, 0.24), u("tip", 0.03, 0.1)
    thick, shoulder = u("thickness", 0.07, 0.1), u("shoulder", 0.13, 0.2)
    zig = u("zigzag", -0.04, 0.06)
    rows = [
        (0.0, 0.0, 0.0, center, thick),
        (shoulder * 0.45, 0.0, -sweep * shoulder * 0.45, center * 0.72 + zig, thick * 0.85),
        (shoulder, 0.0, -sweep * shoulder, inner + 0.3 * zig, thick * 0.42),
        (span * 0.62, 0.0, -sweep * span * 0.62, inner * u("mid_chord", 0.75, 0.95), 0.02),
        (span * 0.96, 0.0, -sweep * span * 0.96, tip + 0.02, 0.011),
        (span, 0.0, -sweep * span - 0.012, tip, 0.01),
    ]
    shape.add_mirrored(surface(rows), "paint")
    z = -center * u("cockpit_at", 0.24, 0.34)
    hump = hull(
        [
            (z + 0.09, 0.006, 0, 0.02),
            (z + 0.06, 0.026, 0, thick * 0.55),
            (z, 0.04, 0, thick * u("hump", 0.75, 1.0)),
            (z - 0.09, 0.036, 0, thick * 0.7),
            (z - 0.18, 0.012, 0, thick * 0.3),
        ],
        2.2,
    )
    shape.add(hump, "paint")
    shape.add(grow(hump, 0.0012) ^ box((1, thick * 0.3, 0.05), (0, thick * 0.62, z + 0.035)), "glass")
    x, w = u("intake_out", 0.085, 0.12), u("intake", 0.022, 0.034)
    lead = -sweep * x - 0.05
    duct = station_loft([(lead, w, 0, 0.04), (lead - 0.04, w, 0, 0.045), (lead - 0.14, w * 0.6, 0, 0.02)], 3, 24)
    duct = duct - rounded_box((w * 1.5, 0.022, 0.03), (0, 0.027, lead), 0.003, 8)
    shape.add_mirrored(duct.translate((x, 0.004, 0)), "paint")
    if u.flag("fins", 0.25):
        c = u("fin_chord", 0.07, 0.11)
        spot = (u("fin_out", 0.1, 0.2), 0.0, -center * 0.62)
        shape.add_mirrored(
            fin(spot, u("fin_height", 0.06, 0.11), c, 0.45, 0.7, cant=u("cant", -0.3, 0.5), thin=0.011), "paint"
        )
    if u.flag("gear_down", 0.25):
        _gear(shape, -thick * 0.3, -0.25, -0.09, 0.08)
    return shape
