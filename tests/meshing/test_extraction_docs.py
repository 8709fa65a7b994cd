# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What docs/extraction.md shows runs, and its modes and guarantees are those of the code."""

import re

from list_fast.meshing import Guarantee, extract_mesh
from list_fast.meshing.extract import ALIASES, MODES


def test_the_page_tells_the_truth(root, capsys):
    text = (root / "docs" / "extraction.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 3
    names = {}
    for block in blocks:
        exec(compile(block, "extraction.md", "exec"), names)
    assert "certified" in capsys.readouterr().out
    mesh = extract_mesh(names["Ball"](), 48, mode="certified")
    assert mesh.is_watertight and mesh.guarantee is Guarantee.CERTIFIED and mesh.evaluated < 0.4 * mesh.total
    for name in (*MODES, *ALIASES):
        assert f'`"{name}"' in text or f'(`"{name}"`)' in text
    for guarantee in Guarantee:
        assert f"| `{guarantee}` |" in text
