# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Instruction counts: what is read from callgrind, and when a count is a regression. Needs no valgrind."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def counts(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import instruction_counts

    return instruction_counts


def row(instructions, elements=100):
    return {"instructions": instructions, "elements": elements, "unit": "point", "per_element": instructions / elements}


def run(counts, monkeypatch, tmp_path, found, kept):
    """Exit status of a check that finds these cases where those are kept."""
    facts = {"compiler": "gcc 12", "simd": "avx2", "valgrind": "valgrind-3", "commit": "0" * 40}
    monkeypatch.setattr(counts, "measure", lambda: facts | found)
    target = tmp_path / "kept.json"
    target.write_text(json.dumps(facts | kept))
    monkeypatch.setattr("sys.argv", ["instruction_counts.py", "--check", "--json", str(target)])
    return counts.main()


@pytest.mark.parametrize("instructions, status", [(10_000, 0), (10_499, 0), (10_501, 1), (5_000, 0)])
def test_more_than_a_twentieth_is_a_regression(counts, monkeypatch, tmp_path, capsys, instructions, status):
    found, kept = {"counts": {"kernel": row(instructions)}}, {"counts": {"kernel": row(10_000)}}
    assert run(counts, monkeypatch, tmp_path, found, kept) == status
    told = capsys.readouterr().out
    assert ("REGRESSION" in told) == (status == 1)
    assert ("fewer" in told) == (instructions == 5_000)


def test_cases_come_and_go(counts, monkeypatch, tmp_path, capsys):
    kept = {"counts": {"old": row(10_000)}}
    assert run(counts, monkeypatch, tmp_path, {"counts": kept["counts"] | {"new": row(1)}}, kept) == 0
    assert "not kept yet" in capsys.readouterr().out
    assert run(counts, monkeypatch, tmp_path, {"counts": {"new": row(1)}}, kept) == 1
    assert run(counts, monkeypatch, tmp_path, {"counts": {"old": row(10_000, elements=50)}}, kept) == 1


@pytest.mark.parametrize("other", [{"compiler": "gcc 13"}, {"simd": "sse2"}])
def test_other_builds_do_not_compare(counts, monkeypatch, tmp_path, capsys, other):
    found = {"counts": {"kernel": row(99_000)}} | other
    assert run(counts, monkeypatch, tmp_path, found, {"counts": {"kernel": row(10_000)}}) == 0
    told = capsys.readouterr().out
    assert "do not compare" in told and next(iter(other.values())) in told


DUMP = """\
version: 1
desc: Trigger: Client Request: marching_cubes, sphere
positions: line
events: Ir
ob=/other/libc.so.6
fl=???
fn=memcpy
0 50
ob=/built/_C.so
fn=0x1234
0 7
cob=/other/libc.so.6
cfn=memcpy
calls=1 0
0 50
0 20
fn=0x5678
0 300
ob=/other/program
fn=main
0 9
calls=1 0
0 377
"""


def test_only_code_of_the_library_counts(counts):
    assert counts.own_instructions(DUMP, Path("/built/_C.so")) == ("marching_cubes, sphere", 327)


def test_kept_counts_are_whole():
    kept = json.loads((ROOT / "benchmarks" / "results" / "instructions.json").read_text())
    assert kept["compiler"] and kept["simd"] and kept["cxx_flags"] and kept["commit"]
    for case in kept["counts"].values():
        assert case["per_element"] == pytest.approx(case["instructions"] / case["elements"], abs=1e-3)
