# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""``list-fast data``: make the procedural data set, import others, path-trace, export, and look at them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from list_fast.cli import published
from list_fast.cli.published import SHEET, SHEET_SHAPES

STYLES = ("plain", "shapenet", "augmented", "mixed")  # of list_fast.data.dataset, which takes numpy to import


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-commands."""
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
    make.add_argument(
        "--style",
        choices=STYLES,
        default="plain",
        help="of the pictures: plain, as the ShapeNet benchmark's renderer draws, in rooms and before clutter as "
        "photos show things, or all of these in turn (default: %(default)s)",
    )
    make.add_argument(
        "--splits",
        default="train,val,test",
        metavar="A,B",
        help="make only those of the shapes that are in these splits, such as test, one in twenty, to evaluate on "
        "(default: %(default)s)",
    )
    make.add_argument("--workers", type=int, metavar="W", help="processes (default: one a CPU)")
    make.add_argument("--classes", metavar="A,B", help="classes, separated by commas (default: all)")
    imported = commands.add_parser(
        "import",
        help="turn a folder of meshes into a data set",
        description="Turn the OBJ, GLB, glTF, PLY, STL and OFF files of a folder into a data set: sizes normalised, "
        "surfaces closed, distances sampled, pictures rendered in the files' own colors. report.json says of every "
        "file what was mended or why it was refused. A run that was stopped goes on where it was.",
    )
    imported.add_argument("folder", metavar="FOLDER", help="searched with all its folders")
    imported.add_argument("out", metavar="OUT", help="directory of the data set")
    imported.add_argument(
        "--class",
        dest="patterns",
        action="append",
        metavar="NAME=PATTERN",
        help="class of the files whose path matches, as --class chair='*chair*'; several patterns with commas; may be "
        "given again for other classes, the first match counts, files without one are left out (default: the name of "
        "the FOLDER's folder that a file is in)",
    )
    imported.add_argument(
        "--views", type=int, default=4, metavar="V", help="pictures of each shape (default: %(default)s)"
    )
    imported.add_argument(
        "--seed", type=int, default=0, metavar="S", help="seed of every random number (default: %(default)s)"
    )
    imported.add_argument(
        "--split",
        choices=("train", "val", "test", "shapes"),
        default="test",
        help="the split of all, or shapes: nine in ten to train on, one in twenty each for val and test, by the file's "
        "path and the seed (default: %(default)s)",
    )
    imported.add_argument(
        "--up", choices=("y", "z"), default="y", help="the axis that points up in the files (default: %(default)s)"
    )
    imported.add_argument(
        "--resolution",
        type=int,
        default=160,
        metavar="N",
        help="nodes per axis where a surface has to be drawn anew (default: %(default)s)",
    )
    imported.add_argument(
        "--style",
        choices=STYLES,
        default="plain",
        help="of the pictures (default: %(default)s)",
    )
    imported.add_argument("--workers", type=int, metavar="W", help="processes (default: one a CPU)")
    published.add_commands(commands)
    photoreal = commands.add_parser(
        "photoreal",
        help="path-trace pictures of a data set's shapes, to validate on (needs the extra photoreal)",
        description="Draw shapes of a data set anew by Mitsuba 3: physical materials, light, rooms, shadows. OUT is a "
        "data set with the same shapes and distances and one such picture each. A run that was stopped goes on where "
        "it was.",
    )
    photoreal.add_argument("data", metavar="DATA", help="data set whose shapes are drawn")
    photoreal.add_argument("out", metavar="OUT", help="directory of the new data set")
    photoreal.add_argument(
        "--split", choices=("train", "val", "test"), default="val", help="which of its shapes (default: %(default)s)"
    )
    photoreal.add_argument("--limit", type=int, metavar="N", help="at most N shapes, spread over the split")
    photoreal.add_argument(
        "--spp", type=int, default=64, metavar="N", help="light paths for each pixel (default: %(default)s)"
    )
    photoreal.add_argument(
        "--seed", type=int, default=0, metavar="S", help="seed of rooms, light and cameras (default: %(default)s)"
    )
    photoreal.add_argument(
        "--variant",
        default="scalar_rgb",
        metavar="NAME",
        help="Mitsuba's: scalar_rgb needs nothing, llvm_ad_rgb libLLVM, cuda_ad_rgb a GPU (default: %(default)s)",
    )
    sheet = commands.add_parser(
        "sheet", help="draw a contact sheet of every class", description="Draw shapes of every class as one PNG."
    )
    sheet.add_argument("out", metavar="PNG", help="file to write")
    sheet.add_argument("--data", metavar="DIR", help="show this data set's pictures (default: draw fresh shapes)")
    sheet.add_argument("--beside", metavar="DIR", help="under each class the same class of this data set")
    sheet.add_argument(
        "--shapes-per-class",
        type=int,
        default=SHEET_SHAPES,
        metavar="N",
        help="shapes in a class's row (default: %(default)s)",
    )
    sheet.add_argument(
        "--style",
        choices=STYLES,
        default="plain",
        help="of fresh shapes' pictures (default: %(default)s)",
    )
    sheet.add_argument(
        "--inputs",
        choices=("picture", "cutout"),
        default="picture",
        help="whole pictures, or what reconstruct cuts out of them (default: %(default)s)",
    )
    sheet.add_argument("--seed", type=int, default=0, metavar="S", help="seed of fresh shapes (default: %(default)s)")
    sheet.add_argument("--classes", metavar="A,B", help="classes, separated by commas (default: all)")


def run(args: argparse.Namespace) -> int:
    """Run the sub-command; exit code 0."""
    if args.data_command == "import":
        return _import(args)
    if args.data_command in published.COMMANDS:
        return published.run(args)
    if args.data_command == "photoreal":
        return _photoreal(args)
    classes = None
    if args.classes is not None:
        classes = [name.strip() for name in args.classes.split(",") if name.strip()]
        if not classes:
            raise ValueError(f"--classes must name at least one class, got {args.classes!r}")
    if args.data_command == "make":
        return _make(args, classes)
    from list_fast.data.contact_sheet import save_contact_sheet

    save_contact_sheet(
        args.out,
        classes=classes,
        shapes_per_class=args.shapes_per_class,
        seed=args.seed,
        data=args.data,
        beside=args.beside,
        style=args.style,
        inputs=args.inputs,
    )
    print(args.out)
    return 0


def _make(args: argparse.Namespace, classes: list[str] | None) -> int:
    from list_fast.data.contact_sheet import save_contact_sheet
    from list_fast.data.make import make_dataset
    from list_fast.data.shapes import FAMILIES

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
        classes=FAMILIES if classes is None else classes,
        style=args.style,
        splits=[name.strip() for name in args.splits.split(",") if name.strip()],
        progress=progress,
    )
    counts = ", ".join(f"{count} {split}" for split, count in description["counts"].items())
    print(f"{counts}; {args.views} views each", file=sys.stderr)
    wanted = description["arguments"].get("splits", ("train", "val"))
    _warn_of_empty(description["counts"], wanted, "of each class shape 0 goes to test, 1 to val, 2 to 19 to train")
    most = next((count for count in description["counts"].values() if count), 0)
    shown = min(SHEET_SHAPES, most // len(description["classes"]))
    if shown:
        sheet = os.path.join(args.out, SHEET)
        save_contact_sheet(sheet, classes=description["classes"], shapes_per_class=shown, data=args.out)
        print(f"to look at: {sheet}", file=sys.stderr)
    print(os.fspath(args.out))
    return 0


def _import(args: argparse.Namespace) -> int:
    from list_fast.data.dataset import read_description
    from list_fast.data.import_meshes import import_meshes

    classes: dict[str, list[str]] | None = None
    for given in args.patterns or ():
        name, equals, patterns = given.partition("=")
        listed = [pattern for pattern in patterns.split(",") if pattern]
        if not (equals and name and listed) or "/" in name:
            raise ValueError(f"--class must look like NAME=PATTERN, got {given!r}")
        classes = {**(classes or {}), name: [*(classes or {}).get(name, []), *listed]}

    report = import_meshes(
        args.folder,
        args.out,
        views=args.views,
        seed=args.seed,
        split=args.split,
        up=args.up,
        classes=classes,
        resolution=args.resolution,
        style=args.style,
        workers=args.workers,
        progress=published.progress("files"),
    )
    published.tell(report, args.out)
    if args.split == "shapes":
        counts = read_description(args.out)["counts"]
        print(", ".join(f"{count} {split}" for split, count in counts.items()), file=sys.stderr)
        _warn_of_empty(counts, ("train", "val"), "more files or another --seed may change that")
    return 0


def _warn_of_empty(counts: dict[str, int], wanted: Sequence[str], why: str) -> None:
    """Tell of what training needs and the set has not, of the splits that were asked for."""
    empty = [split for split in ("train", "val") if split in wanted and not counts[split]]
    if empty:
        print(f"list-fast: warning: no shapes of {' and '.join(empty)}: {why}", file=sys.stderr)


def _photoreal(args: argparse.Namespace) -> int:
    from list_fast.data.contact_sheet import save_contact_sheet
    from list_fast.data.photoreal import make_photoreal

    def progress(done: int, total: int) -> None:
        print(f"{done}/{total} pictures", file=sys.stderr, flush=True)

    description = make_photoreal(
        args.data,
        args.out,
        split=args.split,
        limit=args.limit,
        samples=args.spp,
        seed=args.seed,
        variant=args.variant,
        progress=progress,
    )
    sheet = os.path.join(args.out, SHEET)
    most = -(-description["counts"][args.split] // len(description["classes"]))
    save_contact_sheet(sheet, shapes_per_class=min(SHEET_SHAPES, most), data=args.out)
    print(f"to look at: {sheet}", file=sys.stderr)
    print(os.fspath(args.out))
    return 0
