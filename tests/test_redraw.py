# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The documents' figures are those of the kept JSON, and a changed one is found."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def redraw(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import redraw

    return redraw


@pytest.fixture
def documents(tmp_path):
    """A copy of the documents with figures."""
    (tmp_path / "docs").mkdir()
    for name in ("README.md", "docs/extraction.md", "docs/training.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def check(redraw, folder):
    return redraw.main(["--check", "--documents", str(folder)])


def test_documents_say_what_was_measured(redraw, capsys):
    assert check(redraw, ROOT) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    "document, old, new",
    [("README.md", "PyMCubes | 30.8", "PyMCubes | 31.8"), ("docs/extraction.md", "takes 4.2 s", "takes 3.2 s")],
)
def test_a_changed_figure_is_named(redraw, documents, capsys, document, old, new):
    path = documents / document
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    assert check(redraw, documents) == 1
    told = capsys.readouterr().out
    assert document in told and new in told and old in told
    assert path.read_text() == text.replace(old, new)  # a check writes nothing


def test_a_lost_mark_is_named(redraw, documents):
    path = documents / "README.md"
    path.write_text(path.read_text().replace("<!-- figures: encode -->", ""))
    with pytest.raises(SystemExit, match=r"README\.md"):
        check(redraw, documents)


def test_every_cell_is_its_cases(redraw):
    """The ratio and the bar of a row, from the seconds themselves."""
    result = redraw.Result("x", 1, "nodes", {"list_fast": [1.0, 2.0, 4.0], "other": [10.0, 10.0, 12.0]}, 0, {}, {})
    assert redraw.ratio(result, "other") == "5.00 (3.00-10.0)"
    assert redraw.bar(result, "other") == "-"
    result.bars["other"] = 5.0
    assert redraw.bar(result, "other") == "5"
    result.bars["other"] = 5.5
    assert redraw.bar(result, "other") == "5.5, missed"
