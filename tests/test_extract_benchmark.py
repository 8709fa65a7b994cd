# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The benchmark of extraction keeps its figures where there is nothing to draw them with."""

import importlib.util
import json
import runpy
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "extract.py"


def test_no_matplotlib_no_plot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "figures.json"
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), "--only", "none of them", "--json", str(target)])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_lines_that_were_not_measured_again_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    script = runpy.run_path(str(SCRIPT), run_name="extract")
    with_earlier, torch = script["with_earlier"], script["torch"]

    def row(scene: str, nodes: int, seconds: float) -> dict[str, object]:
        return {"scene": scene, "mode": "band", "nodes": nodes, "seconds": seconds}

    old = [row("scene", 64, 1.0), row("scene", 128, 2.0), row("list", 64, 3.0)]
    new = [row("network", 64, 5.0), row("scene", 128, 4.0)]
    target = tmp_path / "figures.json"
    assert with_earlier(target, "a machine", new) == new
    target.write_text(json.dumps({"hardware": "a machine", "torch": torch.__version__, "results": old}))
    assert with_earlier(target, "a machine", new) == [old[0], new[1], new[0], old[2]]
    assert with_earlier(target, "another machine", new) == new
