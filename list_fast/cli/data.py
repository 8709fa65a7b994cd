# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""``list-fast data``: make the procedural data set, and a contact sheet of it to look at."""

from __future__ import annotations

import argparse
import os
import sys

SHEET = "contact_sheet.png"
SHEET_SHAPES = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-commands ``make`` and ``sheet``."""
    commands = parser.add_subparsers(dest="data_command", metavar="COMMAND", required=True)
    make = commands.add_parser(
        "make",
        help="make shapes, pictures and signed-distance samples",
        description="Make a data set of parametric shapes: rendered pictures with cameras, surface points and "
        "signed-distance samples, in shards, and a contact sheet to look at. A run that was stopped goes on where it "
        "was.",
    )
    make.add_argument("out", metavar="OUT", help="directory of the data set")
    make.add_argument(
        "--shapes-per-class", type=int, default=500, metavar="N", help="shapes of each class (default: %(default)s)"
    )
    make.add_argument("--views", type=int, default=4, metavar="V", help="pictures of each shape (default: %(default)s)")
    make.add_argument(
        "--seed", type=int, default=0, metavar="S", help="seed of every random number (default: %(default)s)"
    )
    make.add_argument("--workers", type=int, metavar="W", help="processes (default: one a CPU)")
    make.add_argument("--classes", metavar="A,B", help="classes, separated by commas (default: all)")
    sheet = commands.add_parser(
        "sheet", help="draw a contact sheet of every class", description="Draw shapes of every class as one PNG."
    )
    sheet.add_argument("out", metavar="PNG", help="file to write")
    sheet.add_argument("--data", metavar="DIR", help="show this data set's pictures (default: draw fresh shapes)")
    sheet.add_argument(
        "--shapes-per-class",
        type=int,
        default=SHEET_SHAPES,
        metavar="N",
        help="shapes in a class's row (default: %(default)s)",
    )
    sheet.add_argument("--seed", type=int, default=0, metavar="S", help="seed of fresh shapes (default: %(default)s)")
    sheet.add_argument("--classes", metavar="A,B", help="classes, separated by commas (default: all)")


def run(args: argparse.Namespace) -> int:
    """Run the sub-command; exit code 0."""
    from list_fast.data.shapes import FAMILIES

    classes = [name.strip() for name in args.classes.split(",") if name.strip()] if args.classes else list(FAMILIES)
    if args.data_command == "make":
        return _make(args, classes)
    from list_fast.data.contact_sheet import save_contact_sheet

    save_contact_sheet(
        args.out, classes=classes, shapes_per_class=args.shapes_per_class, seed=args.seed, data=args.data
    )
    print(args.out)
    return 0


def _make(args: argparse.Namespace, classes: list[str]) -> int:
    from list_fast.data.contact_sheet import save_contact_sheet
    from list_fast.data.make import make_dataset

    def progress(done: int, made: int, total: int, seconds: float) -> None:
        rate = made / max(seconds, 1e-9)
        left = (total - done) / rate / 60
        print(f"{done}/{total} shapes, {rate:.1f} shapes/s, {left:.1f} min left", file=sys.stderr, flush=True)

    description = make_dataset(
        args.out,
        shapes_per_class=args.shapes_per_class,
        views=args.views,
        seed=args.seed,
        workers=args.workers,
        classes=classes,
        progress=progress,
    )
    counts = ", ".join(f"{count} {split}" for split, count in description["counts"].items())
    print(f"{counts}; {args.views} views each", file=sys.stderr)
    shown = min(SHEET_SHAPES, description["counts"]["train"] // len(description["classes"]))
    if shown:
        sheet = os.path.join(args.out, SHEET)
        save_contact_sheet(sheet, classes=description["classes"], shapes_per_class=shown, data=args.out)
        print(f"to look at: {sheet}", file=sys.stderr)
    print(os.fspath(args.out))
    return 0
