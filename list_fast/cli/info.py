# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Say what is installed, which native libraries are loaded or why not, and which devices and weights are found."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    """Print the report; 0 where the operations can be used, 1 where the CPU library is not loaded."""
    from list_fast import info

    report = info.collect()
    print(json.dumps(report, indent=2) if args.json else info.as_text(report))
    return 0 if report["libraries"]["cpu"]["loaded"] else 1
