# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The benchmark of marching cubes runs, and its figures of our own mesh are what they must be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "isosurface.py"


@pytest.mark.slow
def test_quick_run(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    only = ["times", "threads", "faults"]
    command = [sys.executable, str(SCRIPT), "--quick", "--rounds", "1", "--json", str(target), "--only", *only]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures = json.loads(target.read_text())
    assert [result["name"] for result in figures["times"]] == [f"marching_cubes, {k} 64³" for k in ("sphere", "noise")]
    assert all(len(seconds) == 1 for result in figures["times"] for seconds in result["seconds"].values())
    assert {"list_fast", "one thread"} == set(figures["threads"][0]["seconds"])
    faults = {(row["volume_name"], row["contender"]): row for row in figures["faults"]}
    plain = faults["rounded noise 64³", "list_fast"]
    clean = faults["rounded noise 64³", "list_fast, allow_degenerate=False"]
    assert plain["open_edges"] == clean["open_edges"] == clean["faces_of_no_area"] == 0 < plain["faces_of_no_area"]
    assert "| noise 64³ | list_fast |" in told
