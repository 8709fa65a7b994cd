# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Train a model in the two stages of the paper from one configuration file, stopped and continued at any time."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from list_fast._errors import renamed
from list_fast.training.config import shipped_configs
from list_fast.training.variants import VARIANTS, load_variant

STAGES = ("coarse", "camera", "sdf")
_NUMBERED = ((1, "coarse"), (2, "sdf"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    shipped = ", ".join(shipped_configs())
    parser.add_argument("config", help=f"a TOML file, or the name of a shipped configuration: {shipped}")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data set made by `list-fast data`")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the run: weights, log, curves"
    )
    parser.add_argument("--init", type=Path, metavar="FILE", help="start from this checkpoint")
    parser.add_argument(
        "--begin", choices=STAGES, help="with --init, the first stage to train (default: the one behind stage 1)"
    )
    parser.add_argument(
        "--variant", choices=VARIANTS, help="train a baseline or an ablation instead (docs/training.md)"
    )
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="the trunk's features, for runs that share them (default: OUT/cache)"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default: auto)")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out from its last checkpoint")
    for number, unit in _NUMBERED:
        parser.add_argument(
            f"--minutes-stage{number}", type=float, metavar="M", help=f"wall-clock length of stage {number} ({unit})"
        )
        parser.add_argument(f"--steps-stage{number}", type=int, metavar="N", help=f"steps of stage {number}")
    parser.add_argument(
        "--stage", choices=STAGES, help="stop after this stage; --resume goes on from there (default: all)"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="OPTION=VALUE",
        help="change an option, e.g. sdf.batch=8; repeatable",
    )
    parser.add_argument("--threads", type=int, metavar="N", help="CPU threads (default: all)")
    parser.add_argument("--tensorboard", action="store_true", help="write OUT/tensorboard too (needs that package)")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def _lengths(args: argparse.Namespace) -> list[str]:
    """What --minutes-stage1 and its siblings set; ValueError where a stage's length is given twice."""
    overrides: list[str] = []
    for number, name in _NUMBERED:
        given = {}
        for option in ("minutes", "steps"):
            value = getattr(args, f"{option}_stage{number}")
            if value is not None:
                given[f"--{option}-stage{number}"] = f"{name}.{option}={value}"
        also = [f"--set {text}" for text in args.set if _gives_length(text, name)]
        if given and len(given) + len(also) > 1:
            raise ValueError(f"the length of stage {name} must be given once, got {', '.join([*given, *also])}")
        overrides += given.values()
    return overrides


def _gives_length(override: str, stage: str) -> bool:
    option, _, value = override.partition("=")
    lengths = [f"{stage}.{name}" for name in ("steps", "epochs", "minutes")]
    return option.strip() in lengths and value.strip() not in ("0", "0.0")


def run(args: argparse.Namespace) -> int:
    """Train and print the path of the weights."""
    from list_fast.cli.memory import keep_freed_memory

    try:
        config = load_variant(args.variant, args.config, after=[*args.set, *_lengths(args)])
    except TypeError as error:
        raise ValueError(str(error)) from None

    import torch

    from list_fast.training.run import train

    if args.threads is not None:
        if args.threads < 1:
            raise ValueError(f"--threads must be at least 1, got {args.threads}")
        torch.set_num_threads(args.threads)
    keep_freed_memory()
    stages = STAGES[: STAGES.index(args.stage) + 1] if args.stage else STAGES
    with renamed(**{name: f"--{name}" for name in ("data", "out", "resume", "init", "begin", "stage")}):
        path = train(
            config,
            args.data,
            args.out,
            device=args.device,
            resume=args.resume,
            quiet=args.quiet,
            stages=stages,
            init=args.init,
            begin=args.begin,
            cache=args.cache,
            tensorboard=args.tensorboard,
        )
    if os.environ.get("RANK", "0") == "0":  # of torchrun's processes one
        print(path)
    return 0
