# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The patches of marching cubes 33 as a C++ header: ``python -m list_fast.ops.mc33_table`` prints it.

Every case with every choice on its ambiguous faces and every result of the interior test is looked up; patches that
occur more than once are written once.
"""

from __future__ import annotations

from collections.abc import Iterable

from list_fast.ops.mc33 import INTERIOR, RINGS, Patch, alternates, patch

WIDTH = 116
"""Characters of a line between its indentation and its end."""


def ambiguous_faces(case: int) -> list[int]:
    """The faces of a case, 0 .. 5, on which inside and outside corners alternate."""
    return [face for face, ring in enumerate(RINGS) if alternates(case, ring)]


def choices(case: int) -> list[int]:
    """The bits of joined faces that a case can have, in the order of those of its ambiguous faces alone."""
    faces = ambiguous_faces(case)
    return [sum(1 << face for n, face in enumerate(faces) if bits >> n & 1) for bits in range(1 << len(faces))]


def _key(case: int, joined: int, interior: int) -> int:
    return case + (joined << 8) + (interior << 14)


def _split(weights: tuple[float, ...]) -> tuple[int, int]:
    """Weights of an inner vertex as a set of edges in bits and the edge that counts for one half, 12 where none does.

    The others share what is left alike.
    """
    edges = [e for e, w in enumerate(weights) if w]
    half = 12
    if len({weights[e] for e in edges}) > 1 or len(edges) == 2:
        half = next(e for e in edges if weights[e] == 0.5)
    rest = [e for e in edges if e != half]
    share = 1 / len(edges) if half == 12 else 1 / (2 * len(rest))
    if any(weights[e] != share for e in rest) or (half < 12 and weights[half] != 0.5):
        raise AssertionError(f"weights {weights} are of another form")
    return sum(1 << e for e in edges), half


def _letters(numbers: Iterable[int]) -> str:
    return "".join(chr(ord("a") + n) for n in numbers)


def _rows(items: Iterable[str]) -> str:
    """Entries of an array, as many to a line as fit."""
    lines = [""]
    for item in items:
        if len(lines[-1]) + len(item) + 2 > WIDTH:
            lines.append("")
        lines[-1] += item + ", "
    return "\n".join(f"    {line.rstrip()}" for line in lines)


def table_header() -> str:
    """The C++ header of the patches."""
    inner: dict[tuple[int, int], int] = {}
    places: dict[Patch, int] = {}
    text = ""
    opened, first = [0] * 256, [0] * 256
    starts: list[list[int]] = []
    for case in range(256):
        patches = [[patch(_key(case, joined, n)) for n in range(len(INTERIOR))] for joined in choices(case)]
        if len({p for row in patches for p in row}) == 1:
            continue
        opened[case] = 64 + sum(1 << face for face in ambiguous_faces(case))
        first[case] = len(starts)
        for row in patches:
            for p in row:
                if p in places:
                    continue
                places[p] = len(text)
                numbers = [inner.setdefault(_split(weights), len(inner)) for weights in p.inner]
                text += _letters([len(p.triangles), len(numbers)])
                text += _letters(part for number in numbers for part in divmod(number, 26))
                text += _letters(e for triangle in p.triangles for e in triangle)
            starts.append([places[p] for p in row])
    if len(text) > 65535:
        raise AssertionError("places of patches do not fit 16 bits")
    pieces = [text[n : n + WIDTH - 2] for n in range(0, len(text), WIDTH - 2)]
    tables = {
        "uint8_t kMc33Open[256]": _rows(map(str, opened)),
        "uint16_t kMc33First[256]": _rows(map(str, first)),
        f"uint16_t kMc33Starts[{len(starts)}][5]": _rows("{" + ", ".join(map(str, row)) + "}" for row in starts),
        f"uint16_t kMc33Inner[{len(inner)}][2]": _rows(f"{{{a}, {b}}}" for a, b in inner),
    }
    arrays = "\n".join(f"LIST_FAST_TABLE {name} = {{\n{rows}\n}};" for name, rows in tables.items())
    lines = "\n".join(f'    "{piece}"' for piece in pieces)
    return f"""// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Written by list_fast/ops/mc33_table.py from the rules in list_fast/ops/mc33.py; a test holds this file to them.
//
// kMc33Open: of each case 0 where the 256-case table always holds, else 64 + its ambiguous faces as bits. kMc33First:
// of each open case its first row of kMc33Starts; the rows from there are counted by the bits of its joined faces, with
// those of its other faces left out. kMc33Starts: of each result of the interior test where its patch begins.
// kMc33Patches, numbers as letters from a = 0: how many triangles and inner vertices; two letters, the number in base
// 26, of the entry of each inner vertex in kMc33Inner; then three vertices of each triangle, edges 0 .. 11 or inner
// vertices from 12 on. kMc33Inner: edges as bits and the one of them that counts for a half, 12 where all count alike.
#pragma once
#include "marching_cubes_table.h"

namespace list_fast {{

// clang-format off
{arrays}
LIST_FAST_TABLE char kMc33Patches[] =
{lines};
// clang-format on

}}  // namespace list_fast
"""


if __name__ == "__main__":
    print(table_header(), end="")
