# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of README.md and docs/, written again from the JSON kept under benchmarks/results/.

    python benchmarks/redraw.py            write the figures between their marks, and every plot
    python benchmarks/redraw.py --check    write nothing; exit status 1 where a document says something else

A block begins with ``<!-- figures: NAME -->`` and ends with ``<!-- end of figures -->``; what is between them is not
typed by hand. Ratios are medians over the rounds, followed by the least and the greatest; the bar beside a ratio is the
least that is asked for. Needs nothing of the machine that was measured.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from common import OURS, Result, plot, verdict  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
SPEED_PLOT = ROOT / "docs" / "speed.png"
OPERATIONS = "amd-epyc-2-threads.json"
FIELDS = ("amd-epyc-family-25-model-1-2-threads-field.json", "amd-epyc-family-25-model-17-2-threads-field.json")
SURFACES, ENCODING = "isosurface-amd-epyc-2-threads.json", "amd-epyc-2-threads-encode.json"
EXTRACTION = "extract-amd-epyc-family-25-model-17-2-threads.json"
ABLATIONS = "ablations-amd-epyc.json"
DENSE = "its own dense mode"
BLOCK = re.compile(r"(?<=<!-- figures: )(?P<name>\w+) -->\n(?P<body>.*?)(?=<!-- end of figures -->)", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """One row of the README's table.

    Attributes:
        operation: What is timed.
        told: In parentheses behind it, before the hardware: the command, or that a row above tells both.
        against: The other's name in the table.
        file: Where the results are.
        contender: The other's name there.
        cases: Names of the results, one ratio each.
    """

    operation: str
    told: str
    against: str
    file: str
    contender: str
    cases: tuple[str, ...]


SIZES = (128, 256, 512)
SURFACE_ROWS = [
    Row(f"`marching_cubes`, {what} 128³ / 256³ / 512³", told, against, SURFACES, contender, cases)
    for what, told, cases in (
        ("sphere", "`python benchmarks/isosurface.py`", tuple(f"marching_cubes, sphere {n}³" for n in SIZES)),
        ("the sphere with noise", "the same", tuple(f"marching_cubes, noise {n}³" for n in SIZES)),
    )
    for against, contender in (
        ("scikit-image", "scikit-image"),
        ("PyMCubes", "PyMCubes"),
        ("VTK flying edges, 2 threads", "VTK flying edges"),
    )
]
ROWS = [
    *SURFACE_ROWS,
    Row(
        "`extract_mesh`, analytic scene at 512³",
        "`python benchmarks/extract.py`",
        DENSE,
        EXTRACTION,
        DENSE,
        ("extract_mesh, scene 512³",),
    ),
    Row(
        "`sample_voxels` forward, contiguous levels, copied once a call, random / lattice points",
        "",
        "torch `grid_sample`",
        OPERATIONS,
        "torch grid_sample",
        ("sample_voxels forward, random points", "sample_voxels forward, lattice points"),
    ),
    Row(
        "`sample_voxels` backward, to levels / to points / to both",
        "",
        "torch `grid_sample`",
        OPERATIONS,
        "torch grid_sample",
        tuple(f"sample_voxels backward to {what}" for what in ("levels", "points", "levels and points")),
    ),
    Row(
        "`sample_images` forward",
        "",
        "the published way, maps resized to the canvas",
        OPERATIONS,
        "published (resized maps)",
        ("sample_images forward",),
    ),
    Row(
        "`sample_images` forward / backward",
        "",
        "torch `grid_sample`",
        OPERATIONS,
        "torch grid_sample",
        ("sample_images forward", "sample_images backward to everything"),
    ),
    *(
        Row(
            "`Field.sdf`, base model at 128³: every node / sparse extraction / image to mesh",
            "`python benchmarks/field.py`",
            "the published algorithm in torch",
            file,
            "published algorithm, 32 x one chunk",
            tuple(f"{what}, base model, 128³" for what in ("dense", "sparse", "image to mesh")),
        )
        for file in FIELDS
    ),
]
USUAL = OPERATIONS
"""The table tells the hardware of rows from other machines than this file's."""


def content(file: str) -> dict[str, Any]:
    """What a benchmark has kept."""
    kept: dict[str, Any] = json.loads((RESULTS / file).read_text())
    return kept


def machine(file: str) -> str:
    """A short name of the hardware: "AMD EPYC", "Intel Xeon"."""
    name = content(file)["hardware"].rsplit(", ", 1)[0]
    return " ".join(name.replace("(R)", "").replace("Processor", "").split())


def results(file: str) -> dict[str, Result]:
    """The timed cases of a file by their names."""
    kept = content(file)
    if file == EXTRACTION:
        rows = {(r["mode"], r["nodes"]): r["seconds"] for r in kept["results"] if r["scene"] == "scene"}
        pairs = {n: {OURS: [rows["band", n]], DENSE: [rows["exact", n]]} for mode, n in rows if mode == "exact"}
        made = [Result(f"extract_mesh, scene {n}³", n**3, "nodes", pair, 0, {}, {}) for n, pair in pairs.items()]
    else:
        made = [Result(**values) for part in ("results", "times", "threads") for values in kept.get(part, [])]
    return {result.name: result for result in made}


def number(value: float) -> str:
    """Three digits."""
    return f"{value:#.3g}".rstrip(".")


def ratio(result: Result, contender: str) -> str:
    """The median, and the range where there is more than one round."""
    middle, least, greatest = result.ratio(contender)
    several = len(result.seconds[OURS]) > 1
    return number(middle) + (f" ({number(least)}-{number(greatest)})" if several else "")


def bar(result: Result, contender: str) -> str:
    """What is asked for, and whether it is missed."""
    if contender not in result.bars:
        return "-"
    least = result.bars[contender]
    missed = verdict(result.ratio(contender)[0], least) == "missed"
    return f"{least:g}" + (", missed" if missed else "")


def wrapped(text: str) -> str:
    """A paragraph in lines as long as those of the documents."""
    return textwrap.fill(text, 150, break_long_words=False, break_on_hyphens=False)


def speed() -> str:
    """The README's table, and what holds for all of it."""
    threads = sorted({content(row.file)["hardware"].rsplit(", ", 1)[1] for row in ROWS})
    torches = sorted({content(row.file)["torch"].split("+")[0] for row in ROWS})
    usual = machine(USUAL)
    count = next(iter(results(OPERATIONS).values())).count
    told = (
        "Times of the others as multiples of ours, medians over the rounds with their range, beside the bar where one "
        f"is set ({' or '.join(threads)}, torch {' or '.join(torches)}, {usual} where nothing else "
        f"is said; sampling at LIST's base sizes, {count:,} queries):"
    )
    lines = [wrapped(told), "", "| operation | against | ratio | bar |", "|---|---|---|---|"]
    before = ""
    for row in ROWS:
        found = [results(row.file)[case] for case in row.cases]
        notes = [row.told] if row.told else []
        if row.told != "the same" and machine(row.file) != usual:
            notes.append(machine(row.file))
        operation = row.operation + (f" ({', '.join(notes)})" if notes else "")
        ratios = " / ".join(ratio(result, row.contender) for result in found)
        bars = [bar(result, row.contender) for result in found]
        goal = "" if set(bars) == {"-"} else bars[0] if len(set(bars)) == 1 else " / ".join(bars)
        lines.append(f"| {'' if operation == before else operation} | {row.against} | {ratios} | {goal} |")
        before = operation
    return "\n".join(lines)


def span(values: list[float], form: str) -> str:
    """Least and greatest ("19 to 43"), or one number where both are written alike."""
    least, greatest = format(min(values), form), format(max(values), form)
    return least if least == greatest else f"{least} to {greatest}"


def isosurface() -> str:
    """Memory, faults and threads of marching cubes."""
    kept = content(SURFACES)
    shares: dict[str, list[float]] = {}
    for row in kept["memory"]:
        share = 100 * (row["peak"] - row["returned"]) / row["volume"]
        shares.setdefault(row["contender"], []).append(share)
    (size,) = {row["volume_name"].split()[-1] for row in kept["memory"]}
    part = {name: span(values, ".0f") for name, values in shares.items()}
    faults = {row["contender"]: row for row in kept["faults"] if row["volume_name"].startswith("rounded noise")}
    ours, theirs = faults[OURS], faults["scikit-image"]
    if ours["open_edges"] or ours["edges_of_more_than_two"]:
        raise SystemExit("redraw: our own mesh has faults, which the text does not tell")
    threads = [result for name, result in results(SURFACES).items() if name.startswith("marching_cubes, 2 threads")]
    told = (
        f"`benchmarks/isosurface.py` also measures memory and faults: at {size} `marching_cubes` takes {part[OURS]} % "
        f"of the volume beyond its result, VTK {part['VTK flying edges']} %, PyMCubes {part['PyMCubes']} %, "
        f"scikit-image {part['scikit-image']} %; of noise whose values are exactly the level at many nodes "
        "scikit-image's mesh has "
        f"{theirs['open_edges']:,} open edges and {theirs['edges_of_more_than_two']:,} that more than two faces share, "
        f"ours none. Two threads are {' and '.join(ratio(r, 'one thread') for r in threads)} times as fast as one "
        f"(sphere and noise, bar {bar(threads[0], 'one thread')})."
    )
    return wrapped(told)


def encode() -> str:
    """The time of encoding one image."""
    seconds = {size: parts["together"] for size, parts in content(ENCODING)["seconds"].items()}
    told = (
        f"To encode an image, from pixels to a field that answers queries, takes {seconds['small']:.2f} s with the "
        f"small model and {seconds['base']:.2f} s with the base one on the {machine(ENCODING)} "
        "(`python benchmarks/encode.py`, which says what on)."
    )
    return wrapped(told)


def extraction() -> str:
    """Time, memory and share of sparse extraction."""
    rows = content(EXTRACTION)["results"]
    threads = content(EXTRACTION)["hardware"].rsplit(", ", 1)[1]
    modes = " ".join(dict.fromkeys(row["mode"] for row in rows))
    band = {row["nodes"]: row for row in rows if (row["scene"], row["mode"]) == ("scene", "band")}
    digests: dict[tuple[str, int], set[str]] = {}
    for row in rows:
        digests.setdefault((row["scene"], row["nodes"]), set()).add(row["digest"])
    apart = [f"{scene} {nodes}³" for (scene, nodes), found in digests.items() if len(found) > 1]
    but = f", but for {', '.join(apart)}" if apart else ""
    some, most = band[1024], band[2048]
    told = (
        f'On {threads} of an {machine(EXTRACTION)}, with `--only {modes}`: the mode `"band"` takes '
        f"{some['seconds']:.2g} s for the scene's {some['nodes']}³ nodes, evaluates {100 * some['share']:.3g} % of "
        f"them and needs {some['bytes'] / 1e9:.1f} GB beyond what the process held before; for {most['nodes']}³ "
        f"{most['seconds']:.2g} s, {100 * most['share']:.3g} % and {most['bytes'] / 1e9:.1f} GB, with "
        f"{most['faces'] / 1e6:.0f} million faces. Every mode's mesh of one field at one resolution is the same, bit "
        f"for bit{but}."
    )
    return wrapped(told)


def ablations() -> str:
    """The table of baselines and ablations, and the command that made it."""
    from ablations import table

    kept = content(ABLATIONS)
    changes = "".join(f" --set {change}" for change in kept["changes"])
    told = (
        f"`python benchmarks/ablations.py --data data/plain --out runs/ablations --config {kept['config']} --steps "
        f"{kept['steps']}{changes} --limit {kept['limit']} --resolution {kept['resolution']} --samples "
        f"{kept['samples']}` ({machine(ABLATIONS)}; `--init` is the checkpoint whose SHA-256 begins with "
        f"{kept['init'][:12]}; IoU with its 95 % interval over test shapes):"
    )
    return "\n".join([told, "", table(kept["rows"])])


DOCUMENTS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"speed": speed, "isosurface": isosurface, "encode": encode},
    "docs/extraction.md": {"extraction": extraction},
    "docs/training.md": {"ablations": ablations},
}


def written(text: str, blocks: dict[str, Callable[[], str]], document: str) -> str:
    """A document with its blocks as the kept figures have them."""
    found = [match["name"] for match in BLOCK.finditer(text)]
    if sorted(found) != sorted(blocks):
        raise SystemExit(f"redraw: {document} has the blocks {found} and should have {list(blocks)}, each once")
    return BLOCK.sub(lambda match: f"{match['name']} -->\n{blocks[match['name']]()}\n", text)


def draw() -> None:
    """Every plot of the kept figures."""
    import extract
    import isosurface as surfaces

    shown = []
    for row in ROWS:
        for case in row.cases:
            result = results(row.file)[case]
            other = row.against.replace("`", "")
            kept = {OURS: result.seconds[OURS], other: result.seconds[row.contender]}
            bars = {other: result.bars[row.contender]} if row.contender in result.bars else {}
            # The title tells of one machine; a model behind its family tells it from the others.
            where = "" if machine(row.file) == machine(USUAL) else ", " + machine(row.file).split(", ")[-1].rstrip(")")
            shown.append(replace(result, name=result.name + where, seconds=kept, bars=bars))
    title = f"the README's table, {content(USUAL)['hardware']}; models are of the EPYC's family 25"
    plot(SPEED_PLOT, title, shown)
    for file in sorted(path.name for path in RESULTS.glob("*.json")):
        kept, picture = content(file), RESULTS / Path(file).with_suffix(".png")
        if file.startswith("extract-"):
            extract.draw(picture, kept["hardware"], kept["results"])
        elif picture.exists():
            plot(picture, kept["hardware"], list(results(file).values()))
            if "memory" in kept and "times" in kept:
                surfaces.draw_memory(picture.with_name(f"{picture.stem}-memory.png"), kept["memory"])


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing and compare")
    parser.add_argument("--documents", type=Path, default=ROOT, help="folder of README.md and docs (the source tree)")
    arguments = parser.parse_args(words)
    stale = False
    for document, blocks in DOCUMENTS.items():
        path = arguments.documents / document
        old = path.read_text()
        new = written(old, blocks, document)
        if arguments.check:
            lines = difflib.unified_diff(
                old.splitlines(), new.splitlines(), document, f"{document} by benchmarks/redraw.py", n=0, lineterm=""
            )
            stale |= new != old
            print(*lines, sep="\n", end="\n" if new != old else "")
        else:
            path.write_text(new)
    if not arguments.check:
        draw()
    elif not stale:
        print("the documents say what the kept figures say")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
