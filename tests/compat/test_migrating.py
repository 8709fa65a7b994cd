# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The recipes of docs/migrating.md run, one after another."""

import re

import numpy as np
import pytest


def test_recipes_run(root, tmp_path, monkeypatch):
    pytest.importorskip("fast_simplification")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (root / "docs" / "migrating.md").read_text(), re.DOTALL)
    assert len(blocks) == 5
    names = {"__name__": "recipes"}
    for number, block in enumerate(blocks):
        exec(compile(block, "migrating.md", "exec"), names)
        if number < 3:
            vertices, faces = names.get("vertices", names["v_pos"]), names.get("faces", names["t_pos_idx"])
            assert len(vertices) > 100 and np.isfinite(np.asarray(vertices)).all() and len(faces) > 100
    assert (tmp_path / "object.glb").stat().st_size > 10_000
