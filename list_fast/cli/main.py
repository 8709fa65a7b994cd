# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Entry point of ``list-fast``: the parser, the choice of the command, errors and exit codes.

A command is a module ``list_fast.cli.<name>`` with ``add_arguments(parser)`` and ``run(args) -> int``. Only ``run`` may
import torch, which takes seconds. Results go to stdout, progress and errors to stderr.

Exit codes: 0 done, 1 failed (one line says why), 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import codecs
import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from list_fast import __version__

PROGRAM = "list-fast"
COMMANDS = {
    "reconstruct": "make a mesh from each image",
    "data": "make a data set of shapes, images and distance samples",
    "train": "train a model from a configuration file",
    "evaluate": "measure a checkpoint on the test shapes of a data set",
    "blend": "mix a checkpoint with the one that it was trained on from",
    "info": "say what is installed, loaded and found",
}


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{PROGRAM}: error: {message} (see {self.prog} --help)\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = Parser(prog=PROGRAM, description="From one image, or any neural field, to a mesh.")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument("--traceback", action="store_true", help="show where in the code an error came from")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        module = import_module(f"list_fast.cli.{name}")
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def _encode_path(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stdout cannot encode: bytes of a file name as they were, characters as escapes; no result is lost."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeEncodeError:
        return codecs.backslashreplace_errors(error)


codecs.register_error("list_fast.path", _encode_path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The words after the program's name; those of the process when None.

    Returns:
        The exit code; wrong usage, ``--help`` and ``--version`` leave through SystemExit, as argparse does.
    """
    args = build_parser().parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="list_fast.path")
    try:
        code: int = args.run(args)
        if sys.stdout is not None:  # as where the shell has closed it
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of stdout went away, as `head` does. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ImportError, MemoryError, OSError, RuntimeError, ValueError) as error:
        if args.traceback:
            traceback.print_exc()
        print(f"{PROGRAM}: error: {describe(error)}", file=sys.stderr)
        return 1


def describe(error: BaseException) -> str:
    """The error's own message on one line; its type where it has none."""
    return " ".join(str(error).split()) or type(error).__name__
