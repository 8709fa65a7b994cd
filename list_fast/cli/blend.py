# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Mix the weights of a checkpoint with those that it was trained on from: it then errs less on unlike pictures."""

from __future__ import annotations

import argparse
import sys

from list_fast._errors import renamed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("first", metavar="FIRST", help="checkpoint that the run began with")
    parser.add_argument("second", metavar="SECOND", help="checkpoint that it ended with")
    parser.add_argument("--share", type=float, default=0.85, help="of SECOND, from 0 to 1 (default: 0.85)")
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="data set whose validation split chooses the surface level (default: SECOND's level)",
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="checkpoint to write")


def run(args: argparse.Namespace) -> int:
    """Write the checkpoint and print its path; 1 where the two cannot be mixed."""
    from list_fast.model.blend import blend_checkpoints

    if args.data is None:
        print(blend_checkpoints(args.first, args.second, args.share, args.output))
        return 0
    from list_fast.data.dataset import open_dataset
    from list_fast.training.calibrate import calibrate_checkpoint

    with renamed(root="--data"):
        dataset = open_dataset(args.data, "val")
    if not len(dataset):
        raise ValueError(f"--data: {args.data} has no validation shapes")
    path = blend_checkpoints(args.first, args.second, args.share, args.output)
    print(f"surface level {calibrate_checkpoint(path, dataset):g}", file=sys.stderr)
    print(path)
    return 0
