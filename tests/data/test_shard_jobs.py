# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Shards as jobs: what was done before is kept while it is whole, and made again where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("manifold3d")  # list_fast.data.make draws on it

from list_fast.data.make import write_shard
from list_fast.data.shard_jobs import claim, run_jobs, write_job_report

ARGUMENTS = {"views": 1, "seed": 0}


@dataclass(frozen=True)
class ToyJob:
    """Two files, one of them refused; or one that is."""

    root: Path
    name: str
    size: int = 2


def work(job: ToyJob) -> list[dict[str, Any]]:
    lines = [{"refused": "no mesh"}, {"id": f"{job.name}/1", "how": "kept"}][: job.size]
    if job.size > 1:
        write_shard(job.root / "shards" / f"{job.name}.npz", {"ids": np.array([f"{job.name}/1"])})
    write_job_report(job, lines)
    return lines


@pytest.fixture
def jobs(tmp_path: Path) -> list[ToyJob]:
    claim(tmp_path, ARGUMENTS, "an import")
    jobs = [ToyJob(tmp_path, "a"), ToyJob(tmp_path, "b"), ToyJob(tmp_path, "all-refused", 1)]
    run_jobs(jobs, work, 0, None)
    return jobs


@pytest.mark.parametrize(
    ("file", "contents"),
    [
        ("reports/b.json", b""),
        ("reports/b.json", b'[{"refused": "no m'),
        ("reports/b.json", b"{}"),
        ("reports/b.json", b"\xff\xfe"),
        ("reports/b.json", None),
        ("shards/b.npz", b"PK\x03\x04 cut"),
        ("shards/b.npz", None),
    ],
)
def test_what_is_damaged_or_lost_is_made_again(jobs: list[ToyJob], file: str, contents: bytes | None) -> None:
    root = jobs[0].root
    before = {path: path.read_bytes() for path in (*root.glob("reports/*"), *root.glob("shards/*"))}
    assert len(before) == 5
    (root / file).unlink() if contents is None else (root / file).write_bytes(contents)
    again = []

    def counted(job: ToyJob) -> list[dict[str, Any]]:
        again.append(job.name)
        return work(job)

    lines = run_jobs(jobs, counted, 0, None)
    assert again == ["b"]
    assert [line.get("id") for line in lines] == [None, "a/1", None, "b/1", None]
    for path, held in before.items():
        if path.suffix == ".json":
            assert path.read_bytes() == held
    with np.load(root / "shards" / "b.npz") as shard:
        assert shard["ids"].tolist() == ["b/1"]


def test_a_damaged_import_is_named(jobs: list[ToyJob]) -> None:
    root = jobs[0].root
    for damage in ("", '{"format": 1', "\0"):
        (root / "import.json").write_text(damage)
        with pytest.raises(ValueError, match=r"out must be a new directory or an import, got .* whose import\.json"):
            claim(root, ARGUMENTS, "an import")
