# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The part of ``list-fast data`` that reads published sets and writes tar files of any."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

COMMANDS = ("shapenet", "pix3d", "export-webdataset")
SHEET = "contact_sheet.png"
SHEET_SHAPES = 12


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Declare the sub-commands."""
    shapenet = commands.add_parser(
        "shapenet",
        help="turn ShapeNet with DISN's renderings into a data set",
        description="Turn ShapeNet's meshes and the renderings that DISN published into a data set, the published "
        "experiment's. ROOT holds images/<class number>/<id>/easy with rendering_metadata.txt, "
        "DISN/<class number>/<id>/*.obj and DISN_split/<class number>_{train,test}.lst; docs/data.md tells of "
        "other layouts. report.json says of every shape what was mended or why it was refused. A run that was stopped "
        "goes on where it was.",
    )
    shapenet.add_argument("--classes", metavar="A,B", help="names or numbers of classes (default: all that have lists)")
    shapenet.add_argument("--splits", metavar="DIR", help="folder of the split lists (default: ROOT/DISN_split)")
    shapenet.add_argument(
        "--views", type=int, default=36, metavar="N", help="pictures of each shape, of the 36 (default: %(default)s)"
    )
    shapenet.add_argument(
        "--split-limit", type=int, metavar="N", help="shapes of each class's training list at most, chosen at random"
    )
    shapenet.add_argument("--limit", type=int, metavar="N", help="shapes of each list at most, chosen at random")
    shapenet.add_argument(
        "--first", action="store_true", help="the first ones of a list that is cut, as the published code takes them"
    )
    shapenet.add_argument(
        "--images", metavar="PATTERN", help="folder of a shape's pictures under ROOT, as 'image/{synset}/{id}/hard'"
    )
    shapenet.add_argument(
        "--meshes", metavar="PATTERN", help="its mesh, a file or its folder, as '{synset}/{id}/models/model.obj'"
    )
    shapenet.add_argument(
        "--turn",
        type=int,
        choices=(0, 90, 180, 270),
        default=0,
        help="degrees about the y axis from the meshes' frame to the renderings' (default: %(default)s)",
    )
    shapenet.add_argument("--all-meshes", action="store_true", help="keep the surfaces of training shapes as well")
    pix3d = commands.add_parser(
        "pix3d",
        help="turn Pix3D into a data set",
        description="Turn Pix3D into a data set: a row for each picture, cut out by its mask. ROOT holds pix3d.json, "
        "img/, mask/ and model/. report.json says of every picture why it was refused. A run that was stopped goes on "
        "where it was.",
    )
    pix3d.add_argument("--classes", metavar="A,B", help="categories (default: all)")
    pix3d.add_argument(
        "--splits",
        metavar="DIR",
        help="folder of train.json, test.json, perhaps val.json (default: by model, seeded)",
    )
    pix3d.add_argument(
        "--keep", metavar="A,B", help="take pictures marked truncated, occluded too (default: leave them out)"
    )
    pix3d.add_argument("--limit", type=int, metavar="N", help="pictures of each class at most, chosen at random")
    for parser in (shapenet, pix3d):
        parser.add_argument("root", metavar="ROOT", help="folder of the published set")
        parser.add_argument("out", metavar="OUT", help="directory of the data set")
        parser.add_argument(
            "--resolution",
            type=int,
            default=160,
            metavar="N",
            help="nodes per axis where a surface has to be drawn anew (default: %(default)s)",
        )
        parser.add_argument("--seed", type=int, default=0, metavar="S", help="seed of every random number (default: 0)")
        parser.add_argument("--workers", type=int, metavar="W", help="processes (default: one a CPU)")
    export = commands.add_parser(
        "export-webdataset",
        help="write a data set as tar files that stream",
        description="Write a data set as tar files in WebDataset's conventions. `list-fast train` and `list-fast "
        "evaluate` read the folder like the set itself; list_fast.data.ShapeStream reads it over URLs and pipes. A run "
        "that was stopped goes on where it was.",
    )
    export.add_argument("data", metavar="DATA", help="data set made by another command of `list-fast data`")
    export.add_argument("out", metavar="OUT", help="directory of the tar files")
    export.add_argument(
        "--shard-mb", type=float, default=256, metavar="MB", help="size at which a tar file ends (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Run one of ``COMMANDS``; exit code 0."""
    if args.data_command == "export-webdataset":
        from list_fast.data.tar_shards import export_webdataset

        description = export_webdataset(args.data, args.out, shard_mb=args.shard_mb, progress=progress("shapes"))
        print(f"{len(description['shards'])} tar files", file=sys.stderr)
        print(os.fspath(args.out))
        return 0
    common = {name: getattr(args, name) for name in ("splits", "limit", "resolution", "seed", "workers")}
    common["classes"] = _names(args.classes)
    if args.data_command == "pix3d":
        from list_fast.data.pix3d import import_pix3d

        report = import_pix3d(
            args.root, args.out, keep=_names(args.keep) or (), progress=progress("pictures"), **common
        )
        left = ", ".join(f"{count} {reason}" for reason, count in report["left_out"].items())
        if left:
            print(f"left out: {left}", file=sys.stderr)
    else:
        from list_fast.data.shapenet import import_shapenet

        report = import_shapenet(
            args.root,
            args.out,
            views=args.views,
            train_limit=args.split_limit,
            first=args.first,
            images=args.images,
            meshes=args.meshes,
            turn=args.turn,
            all_meshes=args.all_meshes,
            progress=progress("shapes"),
            **common,
        )
    tell(report, args.out)
    return 0


def progress(what: str) -> Callable[[int, int], None]:
    """A function that says how many of ``what`` are done."""

    def say(done: int, total: int) -> None:
        print(f"{done}/{total} {what}", file=sys.stderr, flush=True)

    return say


def tell(report: dict[str, Any], out: str) -> None:
    """Say what an import's report says, draw the sheet, print the set's path."""
    from list_fast.data.contact_sheet import save_contact_sheet
    from list_fast.data.dataset import SPLITS, read_description
    from list_fast.data.shard_jobs import REPORT

    for line in report["files"]:
        if "refused" in line:
            print(f"refused {line['file']}: {line['refused']}", file=sys.stderr)
    counts = ", ".join(f"{count} {how}" for how, count in sorted(report["counts"].items()))
    print(f"{counts}; each file in {os.path.join(out, REPORT)}", file=sys.stderr)
    # The sheet shows the first split that has shapes.
    filled = read_description(out)["counts"]
    split = next(split for split in SPLITS if filled[split])
    shown = [line["class"] for line in report["files"] if "id" in line and line.get("split", split) == split]
    sheet = os.path.join(out, SHEET)
    save_contact_sheet(sheet, shapes_per_class=min(SHEET_SHAPES, max(Counter(shown).values())), data=out)
    print(f"to look at: {sheet}", file=sys.stderr)
    print(os.fspath(out))


def _names(given: str | None) -> list[str] | None:
    return [name.strip() for name in given.split(",") if name.strip()] if given is not None else None
