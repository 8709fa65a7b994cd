# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Measure a checkpoint on a split of a data set: overlap, distances and projection, per class."""

from __future__ import annotations

import argparse
from pathlib import Path

from list_fast._errors import renamed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--weights", type=Path, metavar="FILE", help="checkpoint (default: the shipped weights)")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data set made by `list-fast data`")
    parser.add_argument(
        "--baseline",
        choices=("retrieval",),
        help="measure a baseline instead: retrieval is the training shape whose picture is the most similar",
    )
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="features of the training pictures, for retrieval: a run's cache/"
    )
    parser.add_argument("--mirror", action="store_true", help="average every shape with that of the mirror image")
    parser.add_argument(
        "--no-thin-parts", action="store_true", help="the model alone: camera and surface not fitted to the picture"
    )
    parser.add_argument("--split", default="test", choices=("train", "val", "test"), help="default: test")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N shapes, spread over the split")
    parser.add_argument("--all-views", action="store_true", help="every view of each shape instead of one")
    parser.add_argument("--resolution", type=int, default=128, metavar="N", help="lattice of the meshes (default: 128)")
    parser.add_argument(
        "--samples", type=int, default=100_000, metavar="N", help="points on each mesh (default: 100000)"
    )
    parser.add_argument("--no-mesh", action="store_true", help="only the figures that need no mesh")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default: auto)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure, definitions included, to FILE")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table to FILE as well")
    parser.add_argument(
        "--sheet", type=Path, metavar="PNG", help="draw input, prediction and truth of some views: a picture to look at"
    )
    parser.add_argument("--sheet-rows", type=int, default=20, metavar="N", help="views on it (default: 20)")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def run(args: argparse.Namespace) -> int:
    """Print the table of figures."""
    from list_fast.data.dataset import open_dataset
    from list_fast.device import resolve_device
    from list_fast.evaluation.evaluate import evaluate, table
    from list_fast.evaluation.predict import Predictor, Retrieval, predictor
    from list_fast.evaluation.sheet import Sheet
    from list_fast.model import LIST, default_weights_path, load_checkpoint
    from list_fast.training.files import write_json
    from list_fast.training.log import Log

    if (args.baseline is None) != (args.cache is None):
        raise ValueError("--baseline retrieval and --cache go together")
    for option in ("mirror", "no_thin_parts"):
        if getattr(args, option) and args.baseline:
            raise ValueError(f"--{option.replace('_', '-')} is for a model, not for a baseline")
    if args.sheet is not None and args.no_mesh:
        raise ValueError("--sheet shows meshes, which --no-mesh leaves out")
    sheet = Sheet(args.sheet_rows) if args.sheet is not None else None
    device, _ = resolve_device(args.device)
    weights = args.weights if args.weights is not None else default_weights_path()
    try:
        model = load_checkpoint(weights, device)
    except ValueError as error:
        raise ValueError(f"--weights: {str(error).removeprefix('path: ')}") from error
    if not isinstance(model, LIST):
        raise ValueError(f"--weights: {weights} holds only the first stage, a coarse cloud has no mesh to measure")
    with renamed(root="--data"):
        dataset = open_dataset(args.data, args.split)
    log = Log(None, args.quiet)
    say = None

    def progress(done: int, total: int) -> None:
        nonlocal say
        say = say or log.progress("evaluated", total)
        say(done)

    measured: LIST | Predictor = predictor(model, mirror=args.mirror, thin_parts=not args.no_thin_parts)
    if args.baseline is not None:
        measured = Retrieval(model, open_dataset(args.data), args.cache, log)
    report = evaluate(
        measured,
        dataset,
        limit=args.limit,
        all_views=args.all_views,
        resolution=args.resolution,
        samples=args.samples,
        meshes=not args.no_mesh,
        sheet=sheet,
        progress=progress,
    )
    report["settings"] |= {
        "weights": str(weights),
        "data": str(args.data),
        "baseline": args.baseline,
        "mirror": args.mirror,
        "thin_parts": not (args.no_thin_parts or args.baseline),
    }
    print(table(report), flush=True)  # first, so that a file that cannot be written loses nothing
    if args.markdown is not None:
        args.markdown.parent.mkdir(parents=True, exist_ok=True)
        args.markdown.write_text(table(report) + "\n")
    if sheet is not None:
        sheet.save(args.sheet)
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_json(args.json, report)
    return 0
