# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Propeller airplanes and gliders: light types, biplanes, fighters and bombers of the 1940s."""

from __future__ import annotations

from list_fast.data.shapes.airframe import (
    THIN,
    bubble,
    fin,
    fuselage,
    hull,
    propeller,
    strut,
    strut_wheel,
    surface,
    wing,
)
from list_fast.data.shapes.draw import Draw
from list_fast.data.shapes.parts import Shape, box, cylinder, ellipsoid, grow, station_loft

_WIDE = 0.0125  # the least thickness where the span exceeds the fuselage


def _empennage(shape: Shape, u: Draw, end: float, y: float, *, t_tail: bool = False) -> None:
    """Fin, rudder and tailplane of a small airplane whose fuselage ends at z = ``end``, height ``y``."""
    chord, height = u("fin_chord", 0.11, 0.17), u("fin_height", 0.12, 0.18)
    sweep, round_tail = u("fin_sweep", 0.1, 0.8), u("tail_round", 0.0, 1.0)
    shape.add(fin((0, y - 0.01, end + chord), height, chord, u("fin_taper", 0.4, 0.7), sweep, thin=_WIDE), "paint")
    span, c = u("tail_span", 0.17, 0.24), u("tail_chord", 0.09, 0.13)
    at = (
        (0, y + height - 0.02, end + chord * 0.8 - sweep * height)
        if t_tail
        else (0, y, end + c + u("tail_ahead", 0.0, 0.03))
    )
    tail = wing(at, span, c, 0.65, u("tail_sweep", 0.0, 0.25), 0.0, 0.1, ellipse=0.6 * round_tail, thin=_WIDE)
    shape.add_mirrored(tail, "paint")


def _gear(shape: Shape, u: Draw, low: float, z: float, nose_z: float, tail_z: float, tail_y: float) -> None:
    """Fixed gear with a nose or a tail wheel, or floats."""
    kind = u.choice("gear", {"nose": 3.0, "tail": 2.0, "floats": 1.0})
    r, foot, track = u("wheel", 0.024, 0.034), low - u("leg", 0.05, 0.08), u("track", 0.09, 0.14)
    if kind == "floats":
        x, rows = (
            track,
            [
                (0.42, 0.004, -0.01, 0.005),
                (0.38, 0.02, -0.03, 0.012),
                (0.2, 0.028, -0.035, 0.015),
                (-0.05, 0.026, -0.03, 0.015),
                (-0.25, 0.012, 0, 0.014),
            ],
        )
        shape.add_mirrored(station_loft(rows, 3, 20).translate((x, foot, z - 0.06)), "paint")
        for dz in (0.1, -0.1):
            shape.add_mirrored(strut((0, low + 0.03, z - 0.03 + dz), (x, foot, z - 0.03 + dz), _WIDE), "metal")
        return
    strut_wheel(shape, (0.02, low + 0.02, z), (track, foot, z), r, 0.024, 0.0075)
    if u.flag("pants", 0.35):
        shape.add_mirrored(ellipsoid((0.02, r * 1.05, r * 1.9), (track, foot + 0.004, z - 0.006), 16), "paint")
    if kind == "nose":
        strut_wheel(shape, (0, low + 0.03, nose_z), (0, foot, nose_z), r * 0.9, 0.022, 0.0075)
    else:
        strut_wheel(shape, (0, tail_y + 0.01, tail_z), (0, tail_y - 0.04, tail_z - 0.02), r * 0.5, 0.016, 0.0075)


def light(u: Draw) -> Shape:
    """A light airplane, high-winged with struts or low-winged, with one engine in the nose or one on each wing."""
    shape = Shape(params=u.params)
    r, high = u("radius", 0.055, 0.075), u.flag("high_wing", 0.55)
    end, cowl, tail = -u("tail_length", 0.42, 0.52), u("cowl", 0.3, 0.38), u("tail_tip", 0.012, 0.025)
    roof = r * u("roof", 1.35, 1.7)
    wall = r * u("cabin_width", 0.8, 1.0)
    deck = r * u("deck", 0.5, 0.7)
    body = hull(
        [
            (cowl, wall * 0.55, -r * 0.6, r * 0.4),
            (cowl - 0.02, wall * 0.8, -r * 0.85, deck),
            (0.2, wall * 0.95, -r, deck * 1.05),
            (0.0, wall, -r, deck * 1.1),
            (-0.15, wall * 0.8, -r * 0.8, deck * 1.1),
            (end + 0.1, tail * 1.5, r * 0.05, deck),
            (end, tail * 0.8, r * 0.25, deck * 0.95),
        ],
        u("edge", 2.4, 4.5),
    )
    shape.add(body, "paint")
    front, back = u("windshield", 0.17, 0.22), -u("cabin_end", 0.08, 0.2)
    cabin = station_loft(
        [
            (front, wall * 0.75, 0, deck),
            (front - 0.07, wall * 0.85, 0, roof),
            (back + 0.1, wall * 0.8, 0, roof),
            (back, wall * 0.45, 0, deck * 1.05),
        ],
        u("cabin_edge", 3, 5),
    )
    if high:
        glass = grow(cabin, 0.0015) ^ box(
            (1, roof - deck * 1.25, front - back - 0.06),
            (0, (roof + deck * 0.95) / 2 - 0.004, (front + back) / 2 + 0.03),
        )
        shape.add(cabin, "paint")
        shape.add(glass, "glass")
    else:
        shape.add(cabin, "glass")
    span, chord = u("span", 0.56, 0.72), u("chord", 0.15, 0.2)
    taper, at = u("taper", 0.55, 1.0), u("wing_at", 0.08, 0.14)
    y = roof - 0.008 if high else -r * 0.8
    dihedral = u("dihedral", 0.01, 0.04) if high else u("dihedral", 0.05, 0.11)
    shape.add_mirrored(
        wing(
            (0, y, at),
            span,
            chord,
            taper,
            u("sweep", 0.0, 0.08),
            dihedral,
            0.13,
            ellipse=0.3 if u.flag("round_tips", 0.3) else 0.0,
            thin=_WIDE,
        ),
        "paint",
    )
    if high and u.flag("struts", 0.75):
        x = span * 0.45
        shape.add_mirrored(strut((wall * 0.7, -r * 0.6, at - 0.07), (x, y + dihedral * x, at - 0.08), _WIDE), "metal")
    _empennage(shape, u, end + 0.01, deck * 0.75, t_tail=u.flag("t_tail", 0.15))
    blades = u.number("blades", 2, 2, 3)
    size = u("prop_radius", 0.11, 0.14)
    if u.flag("twin", 0.25):
        for solid, material in (
            (fuselage(0.2, 0.032, 0.3, 0.5, 0.2, droop=0, tip=0.3), "paint"),
            (propeller((0, 0, 0.1), size * 0.8, 3, thin=_WIDE), "metal"),
        ):
            shape.add_mirrored(
                solid.translate((0.19, y + dihedral * 0.19 + (0.0 if high else 0.012), at + 0.02)), material
            )
        shape.add(ellipsoid((wall * 0.6, r * 0.55, 0.12), (0, -r * 0.1, cowl), 24), "paint")
    else:
        shape.add(propeller((0, -r * 0.1, cowl + 0.008), size, blades, thin=_WIDE, hub=0.2), "metal")
    if high or u.flag("gear_down", 0.7):
        _gear(shape, u, -r, at - 0.1 if not high else 0.06, cowl - 0.08, end + 0.1, 0.0)
    return shape


def biplane(u: Draw) -> Shape:
    """A biplane with interplane struts, open cockpits and fixed gear."""
    shape = Shape(params=u.params)
    r, end, cowl = u("radius", 0.055, 0.07), -u("tail_length", 0.4, 0.46), u("cowl", 0.33, 0.4)
    radial = u.flag("radial", 0.6)
    body = hull(
        [
            (cowl, r * (0.9 if radial else 0.55), -r * 0.9, r * 0.9),
            (cowl - 0.1, r, -r, r),
            (0.08, r * 0.95, -r, r * 1.05),
            (-0.1, r * 0.85, -r * 0.85, r),
            (end + 0.06, 0.02, r * 0.0, r * 0.6),
            (end, 0.01, r * 0.15, r * 0.5),
        ],
        u("edge", 2.0, 4.0),
    )
    seat = u("seat", -0.1, -0.02)
    cockpit = ellipsoid((r * 0.6, r * 0.7, 0.055), (0, r * 1.15, seat), 20)
    shape.add(body - cockpit, "paint")
    shape.add(ellipsoid((0.022, 0.03, 0.024), (0, r * 0.9, seat - 0.01), 12), "leather")
    if radial:
        shape.add(cylinder((0, 0, cowl - 0.06), (0, 0, cowl + 0.025), r * 1.12, r * 1.0, 24), "metal")
    span, chord = u("span", 0.5, 0.62), u("chord", 0.14, 0.18)
    gap, at, stagger = u("gap", 0.16, 0.21), u("wing_at", 0.2, 0.26), u("stagger", 0.0, 0.07)
    low, dihedral, tips = -r * 0.85, u("dihedral", 0.0, 0.05), u("tips", 0.0, 0.5)
    lower = span * u("lower_span", 0.8, 1.0)
    top = low + gap + r * 0.4
    shape.add_mirrored(
        wing((0, low, at - stagger), lower, chord, 0.95, 0.0, dihedral, 0.09, ellipse=tips, thin=_WIDE), "paint"
    )
    shape.add_mirrored(wing((0, top, at), span, chord, 0.95, 0.0, dihedral, 0.09, ellipse=tips, thin=_WIDE), "paint")
    x = lower * u("strut_at", 0.62, 0.75)
    for back in (0.2, 0.75):
        shape.add_mirrored(
            strut(
                (x, low + dihedral * x, at - stagger - back * chord), (x, top + dihedral * x, at - back * chord), _WIDE
            ),
            "wood",
        )
        shape.add_mirrored(
            strut((r * 0.6, r * 0.5, at - back * chord), (r * 1.1, top, at - back * chord), _WIDE), "wood"
        )
    if u.flag("second_bay", 0.25):
        for back in (0.2, 0.75):
            shape.add_mirrored(
                strut((x * 0.5, low, at - stagger - back * chord), (x * 0.5, top, at - back * chord), _WIDE), "wood"
            )
    _empennage(shape, u, end, r * 0.35)
    shape.add(
        propeller((0, 0, cowl + 0.03), u("prop_radius", 0.12, 0.15), u.number("blades", 2, 2, 3), thin=_WIDE, hub=0.14),
        "wood",
    )
    strut_wheel(
        shape,
        (r * 0.5, -r * 0.7, at - 0.02),
        (r * 1.5, -r - u("leg", 0.06, 0.09), at),
        u("wheel", 0.034, 0.045),
        0.022,
        0.008,
    )
    strut_wheel(shape, (0, r * 0.1, end + 0.06), (0, -0.03, end + 0.03), 0.014, 0.016, 0.008)
    return shape


def warbird(u: Draw) -> Shape:
    """A piston-engined fighter: low tapered or elliptic wing, bubble or razorback canopy."""
    shape = Shape(params=u.params)
    radial, r = u.flag("radial", 0.45), u("radius", 0.05, 0.065)
    end, cowl = -u("tail_length", 0.45, 0.52), u("cowl", 0.32, 0.4)
    nose = r * (0.95 if radial else 0.55)
    body = hull(
        [
            (cowl, nose, -nose, nose * 0.95),
            (cowl - 0.03, nose * 1.12, -nose * 1.2, nose * 1.08),
            (0.15, r, -r * 1.1, r * 0.95),
            (0.0, r, -r * 1.15, r),
            (-0.15, r * 0.8, -r * 0.85, r * 0.9),
            (end + 0.12, r * 0.35, -r * 0.1, r * 0.65),
            (end, r * 0.12, r * 0.15, r * 0.5),
        ],
        u("edge", 2.0, 2.6),
    )
    shape.add(body, "paint")
    seat = u("seat", -0.06, 0.03)
    shape.add(
        bubble((0, r * 0.85, seat), (r * 0.55, r * u("canopy", 0.75, 1.05), u("canopy_length", 0.07, 0.1))), "glass"
    )
    if u.flag("razorback", 0.35):
        rows = [
            (seat - 0.02, r * 0.5, 0, r * 1.5),
            (seat - 0.2, r * 0.3, 0, r * 1.15),
            (end + 0.1, r * 0.12, 0.2 * r, r * 0.7),
        ]
        shape.add(station_loft(rows, 2), "paint")
    span, chord = u("span", 0.5, 0.62), u("chord", 0.2, 0.26)
    at, dihedral, ellipse = u("wing_at", 0.12, 0.18), u("dihedral", 0.04, 0.13), u.number("elliptic", 0, 0, 1)
    taper, sweep, y = u("taper", 0.4, 0.6), u("sweep", 0.02, 0.16), -r * 0.75
    shape.add_mirrored(
        wing((0, y, at), span, chord, taper, sweep, dihedral, 0.12, ellipse=0.85 * ellipse + 0.1, thin=_WIDE), "paint"
    )
    if u.flag("gull", 0.12):
        shape.add_mirrored(ellipsoid((0.03, 0.03, 0.1), (0.15, y + dihedral * 0.15, at - 0.1), 16), "paint")
    _empennage(shape, u, end + 0.01, r * 0.4)
    shape.add(
        propeller(
            (0, -0.02 * r, cowl + 0.012),
            u("prop_radius", 0.13, 0.165),
            u.number("blades", 3, 3, 4),
            thin=_WIDE,
            hub=0.2 if radial else 0.3,
        ),
        "metal",
    )
    if radial:
        shape.add(cylinder((0, 0, cowl - 0.09), (0, 0, cowl + 0.005), r * 1.12, r * 1.0, 28), "metal")
    else:
        shape.add(ellipsoid((r * 0.45, r * 0.35, 0.1), (0, -r * 1.15, u("scoop", -0.08, 0.05)), 16), "paint")
    if u.flag("guns", 0.4):
        for x in (0.18, 0.22):
            shape.add_mirrored(
                cylinder((x, y + dihedral * x, at - 0.08), (x, y + dihedral * x, at + 0.03), 0.0065, None, 8), "metal"
            )
    if u.flag("gear_down", 0.35):
        strut_wheel(shape, (0.14, y + dihedral * 0.14, at - 0.05), (0.16, y - 0.11, at), 0.035, 0.02, 0.008)
        strut_wheel(shape, (0, 0.0, end + 0.1), (0, -0.045, end + 0.08), 0.014, 0.016, 0.008)
    return shape


def bomber(u: Draw) -> Shape:
    """A bomber or transport of the 1940s: radial engines on a straight wing, glazed nose, turrets, one or two fins."""
    shape = Shape(params=u.params)
    r, end = u("radius", 0.045, 0.06), -0.5
    body = hull(
        [
            (0.46, r * 0.3, -r * 0.45, r * 0.2),
            (0.44, r * 0.6, -r * 0.75, r * 0.5),
            (0.38, r * 0.9, -r, r * 0.85),
            (0.15, r, -r * 1.1, r),
            (-0.1, r, -r * 1.05, r),
            (-0.3, r * 0.7, -r * 0.5, r * 0.9),
            (end + 0.03, r * 0.35, r * 0.0, r * 0.7),
            (end, r * 0.25, r * 0.1, r * 0.6),
        ],
        u("edge", 2.0, 3.2),
    )
    shape.add(body, "paint")
    skin = grow(body, 0.0015)
    if u.flag("glass_nose", 0.6):
        shape.add(skin ^ box((1, 1, 0.2), (0, 0, 0.51)), "glass")
    shape.add(
        station_loft(
            [
                (0.36, r * 0.4, 0, r * 0.95),
                (0.32, r * 0.55, 0, r * u("cockpit", 1.35, 1.6)),
                (0.24, r * 0.5, 0, r * 1.3),
                (0.2, r * 0.3, 0, r),
            ],
            3,
        ),
        "glass",
    )
    for name, z, y in (("dorsal", -0.06, r), ("ventral", -0.12, -r), ("rear", end + 0.01, r * 0.35)):
        if u.flag(name, 0.45):
            shape.add(ellipsoid((0.022, 0.022, 0.024), (0, y, z), 14), "glass")
    span, chord = u("span", 0.56, 0.74), u("chord", 0.15, 0.19)
    at, y, dihedral, sweep = (
        u("wing_at", 0.13, 0.2),
        r * u("wing_y", -0.7, 0.8),
        u("dihedral", 0.02, 0.09),
        u("sweep", 0.05, 0.18),
    )
    shape.add_mirrored(
        wing(
            (0, y, at),
            span,
            chord,
            u("taper", 0.35, 0.55),
            sweep,
            dihedral,
            0.13,
            ellipse=u("tips", 0.0, 0.3),
            thin=0.014,
        ),
        "paint",
    )
    size, pod = u("prop_radius", 0.07, 0.095), u("engine", 0.026, 0.034)
    prop = propeller((0, 0, 0), size, u.number("blades", 3, 3, 4), thin=_WIDE)
    engine = fuselage(0.2, pod, 0.16, 0.75, 0.4, droop=0.0, tip=0.15)
    for x in (0.2, 0.4) if u.number("engines", 2, 4) == 4 else (0.2,):
        spot = (x, y + dihedral * x, at - sweep * x)
        shape.add_mirrored(engine.translate((spot[0], spot[1], spot[2] - 0.02)), "paint")
        shape.add_mirrored(prop.translate((spot[0], spot[1], spot[2] + 0.085)), "metal")
    if u.flag("twin_fins", 0.4):
        tail = u("tail_span", 0.15, 0.22)
        shape.add_mirrored(wing((0, r * 0.5, end + 0.13), tail, 0.11, 0.9, 0.0, 0.0, 0.12, thin=0.014), "paint")
        shape.add_mirrored(
            fin((tail - 0.008, r * 0.5 - 0.06, end + 0.13), u("fin_height", 0.13, 0.18), 0.11, 0.7, 0.1, thin=0.014),
            "paint",
        )
    else:
        _empennage(shape, u, end + 0.01, r * 0.55)
    if u.flag("gear_down", 0.25):
        x = 0.2
        strut_wheel(shape, (x, y + dihedral * x, at - 0.06), (x, -r - 0.09, at - 0.04), 0.034, 0.022, 0.0085)
        strut_wheel(shape, (0, 0.0, end + 0.12), (0, -0.045, end + 0.1), 0.018, 0.018, 0.0085)
    return shape


def glider(u: Draw) -> Shape:
    """A sailplane: a slender pod and boom under a very long thin wing."""
    shape = Shape(params=u.params)
    thin, r = 0.016, u("radius", 0.045, 0.06)
    boom, end = u("boom", 0.012, 0.017), -u("tail_length", 0.48, 0.56)
    body = hull(
        [
            (0.46, r * 0.12, -r * 0.2, r * 0.05),
            (0.42, r * 0.55, -r * 0.7, r * 0.4),
            (0.3, r * 0.9, -r, r * 0.9),
            (0.16, r * 0.95, -r, r),
            (0.0, r * 0.6, -r * 0.5, r * 0.8),
            (-0.12, boom * 1.3, -boom * 0.4, boom * 2.2),
            (end, boom * 0.7, 0.0, boom * 1.6),
        ],
        u("edge", 2.0, 2.4),
    )
    shape.add(body, "paint")
    canopy = u("canopy_end", 0.17, 0.24)
    shape.add(grow(body, 0.002) ^ box((1, 0.4, 0.4 - canopy + 0.02), (0, 0.2 + r * 0.1, (0.42 + canopy) / 2)), "glass")
    span, chord, taper = u("span", 0.72, 0.95), u("chord", 0.095, 0.13), u("taper", 0.35, 0.55)
    at, y, dihedral, sweep = (
        u("wing_at", 0.1, 0.15),
        r * u("wing_y", 0.5, 0.85),
        u("dihedral", 0.03, 0.08),
        u("sweep", 0.0, 0.05),
    )
    rows = [
        (
            span * t,
            y + dihedral * span * t**1.6,
            at - sweep * span * t - (0.03 if t == 1 else 0),
            chord * (1 + (taper - 1) * t**1.5) * (0.6 if t == 1 else 1),
            chord * 0.13 * (1 - 0.4 * t),
        )
        for t in (0, 0.3, 0.6, 0.85, 0.97, 1)
    ]
    shape.add_mirrored(surface(rows, thin=thin), "paint")
    chord, height = u("fin_chord", 0.1, 0.14), u("fin_height", 0.13, 0.18)
    shape.add(fin((0, 0, end + chord), height, chord, 0.7, u("fin_sweep", 0.1, 0.3), thin=thin), "paint")
    span, t_tail = u("tail_span", 0.15, 0.2), u.flag("t_tail", 0.7)
    spot = (0, height - 0.02, end + chord * 0.8) if t_tail else (0, boom, end + 0.12)
    shape.add_mirrored(wing(spot, span, u("tail_chord", 0.06, 0.08), 0.6, 0.1, 0.0, thin=thin), "paint")
    shape.add(
        cylinder((-0.012, -r * 0.98, 0.12), (0.012, -r * 0.98, 0.12), u("wheel", 0.018, 0.026), None, 16), "rubber"
    )
    u.params["thin"] = THIN
    return shape
