# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What sets of other people's meshes share: shards as jobs of several processes, each with its report, resumable."""

from __future__ import annotations

import json
import os
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from list_fast._files import replacing, write_text
from list_fast.data.dataset import FORMAT_VERSION, SPLITS, STYLED_VERSION, mesh_path
from list_fast.data.make import end_with_parent, one_thread

if TYPE_CHECKING:
    from list_fast.data.repair import Repaired

REPORT = "report.json"
Line = dict[str, Any]
"""What a report says of one file or picture: "refused" and why, or its "id" and how its surface was closed."""


class Job(Protocol):
    """One shard to make: its name (without suffix), the set's directory, and how many lines its report has."""

    @property
    def name(self) -> str: ...

    @property
    def root(self) -> Path: ...

    @property
    def size(self) -> int: ...


J = TypeVar("J", bound=Job)


def claim(root: Path, arguments: Mapping[str, Any], what: str) -> None:
    """Make the directories of a set, or check that those there are of the same arguments.

    Raises:
        ValueError: files are there that are not ``what``, as "an import", made of these arguments.
    """
    path = root / "import.json"
    facts = {"format": _version(arguments), "arguments": arguments}
    if path.exists():
        if read_json(path, what) != json.loads(json.dumps(facts)):
            raise ValueError(f"out must be a new directory or {what} of the same files and options, got {root}")
    elif root.exists() and any(root.iterdir()):
        raise ValueError(f"out must be a new directory or {what} that was stopped, got {root}, which holds files")
    for name in ("shards", "reports", "meshes"):
        (root / name).mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(facts, indent=1) + "\n")


def read_json(path: Path, what: str) -> Any:
    """What a file in a set's directory says. Raises ValueError that names it where it is damaged."""
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(
            f"out must be a new directory or {what}, got {path.parent} whose {path.name} cannot be read"
        ) from error


def store_mesh(root: Path, name: str, fixed: Repaired) -> None:
    """Keep the surface that distances are measured to, as ``ListDataset.mesh`` reads it."""
    place = mesh_path(root, name)
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place) as temporary, open(temporary, "wb") as stream:
        np.savez_compressed(stream, vertices=fixed.vertices.astype(np.float32), faces=fixed.faces.astype(np.int32))


def write_job_report(job: Job, lines: Sequence[Line]) -> None:
    """Write a job's report, whole or not at all: a shard counts as made once it is there, so it comes last."""
    write_text(job.root / "reports" / f"{job.name}.json", json.dumps(lines, indent=1) + "\n")


def run_jobs(
    jobs: Sequence[J],
    work: Callable[[J], list[Line]],
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> list[Line]:
    """The report's lines of all jobs, in their order; those of jobs done before are read, unless the report or its
    shard is damaged.

    Args:
        work: makes a shard and writes its report; a function that a process can import.
        workers: processes; 0 works in this process; None one a CPU.
        progress: called with (lines done, lines in all) after each job.
    """
    import multiprocessing

    workers = (os.cpu_count() or 1) if workers is None else workers
    made: dict[str, list[Line]] = {}
    missing = []
    for job in jobs:
        lines = _lines_of_whole(job)
        if lines is None:
            missing.append(job)
        else:
            made[job.name] = lines
    total = sum(job.size for job in jobs)

    def done(job: J, lines: list[Line]) -> None:
        made[job.name] = lines
        if progress is not None:
            progress(sum(len(part) for part in made.values()), total)

    if missing and workers == 0:
        for job in missing:
            done(job, work(job))
    elif missing:
        context = multiprocessing.get_context("spawn")  # an OpenGL context does not survive a fork
        count = min(workers, len(missing))
        with one_thread(), ProcessPoolExecutor(count, mp_context=context, initializer=end_with_parent) as pool:
            try:
                for job, lines in zip(missing, pool.map(work, missing), strict=True):
                    done(job, lines)
            except KeyboardInterrupt:
                # At once: what is under way is made again.
                pool.shutdown(wait=False, cancel_futures=True)
                for process in multiprocessing.active_children():
                    process.terminate()
                raise
    return [line for job in jobs for line in made[job.name]]


def _lines_of_whole(job: Job) -> list[Line] | None:
    """The report of a job that was done before; None where it, or the shard that it tells of, is not there whole."""
    try:
        lines: list[Line] = json.loads((job.root / "reports" / f"{job.name}.json").read_text())
        ids = [line["id"] for line in lines if "refused" not in line]
        whole = len(lines) == job.size
        if whole and ids:
            with open(job.root / "shards" / f"{job.name}.npz", "rb") as stream, np.load(stream) as shard:
                whole = shard["ids"].tolist() == ids
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
    return lines if whole else None


def finish(
    root: Path, lines: Sequence[Line], arguments: Mapping[str, Any], classes: Sequence[str], **facts: Any
) -> dict[str, Any]:
    """Write ``report.json`` and, last, ``dataset.json``; return the report.

    Args:
        lines: of all jobs; what was not refused says its "split" unless ``arguments`` does for all.
        arguments: of the set, "views" among them.
        facts: more to say in the report.

    Raises:
        ValueError: everything was refused.
    """
    counts = Counter("refused" if "refused" in line else line["how"] for line in lines)
    report = {"counts": dict(counts), **facts, "files": list(lines)}
    write_text(root / REPORT, json.dumps(report, indent=1) + "\n")
    splits = Counter(line.get("split") or arguments["split"] for line in lines if "refused" not in line)
    if not splits:
        raise ValueError(f"folder must hold a mesh that can be used, got {len(lines)} that cannot; see {root / REPORT}")
    description = {
        "format": _version(arguments),
        "arguments": dict(arguments),
        "classes": list(classes),
        "counts": {name: splits[name] for name in SPLITS},
    }
    write_text(root / "dataset.json", json.dumps(description, indent=2) + "\n")
    return report


def _version(arguments: Mapping[str, Any]) -> int:
    """The format of a set: that of plain pictures, or of another style."""
    return STYLED_VERSION if "style" in arguments else FORMAT_VERSION
