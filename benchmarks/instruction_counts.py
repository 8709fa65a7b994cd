# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Instructions that each CPU kernel executes, counted by callgrind: a regression shows on a busy machine too.

    python benchmarks/instruction_counts.py [--json FILE]      count and write benchmarks/results/instructions.json
    python benchmarks/instruction_counts.py --check            count and compare; exit status 1 for a regression

Counts what the library as built executes in its own code, with one thread, on the small fixed inputs of
benchmarks/instruction_counts.cpp, which takes the place of torch: nothing here loads torch. What other libraries do for
a kernel (memcpy, allocation) is not in it. Needs valgrind with its headers, a C++ compiler and torch's headers.

valgrind knows AVX2 and no AVX-512, so the kernels choose AVX2; LIST_FAST_SIMD=baseline counts the others. Counts of
another compiler or of other vector instructions do not compare: --check then says so and exits with status 0.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from list_fast import _native  # noqa: E402

KEPT = ROOT / "benchmarks" / "results" / "instructions.json"
MORE = 0.05
"""A kernel may need this share more instructions than kept."""
SAME = ("compiler", "simd")
"""What must be equal for counts to compare."""
STAND_INS = ("libc10.so", "libtorch.so", "libtorch_cpu.so")
"""Libraries of torch's that ours may ask for: empty ones, as the program has the functions."""


def compile_program(folder: Path, flags: str) -> Path:
    """Compile the program that runs the kernels into the folder, with empty libraries in the place of torch's.

    The macros among the flags that the library was built with say which interface of torch it uses.
    """
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("instruction_counts: torch, whose headers are needed, is not installed")
    compiler, program = os.environ.get("CXX", "c++"), folder / "instruction_counts"
    includes = [f"-I{ROOT / 'csrc'}", f"-I{Path(spec.submodule_search_locations[0]) / 'include'}"]
    defines = [flag for flag in flags.split() if flag.startswith("-D")]
    source = str(ROOT / "benchmarks" / "instruction_counts.cpp")
    # The library finds its undefined functions in the program: -rdynamic exports them.
    command = [compiler, "-std=c++17", "-O1", "-rdynamic", *defines, *includes, source, "-ldl", "-o", str(program)]
    subprocess.run(command, check=True)
    first, *others = (folder / name for name in STAND_INS)
    subprocess.run([compiler, "-shared", "-x", "c++", os.devnull, "-o", str(first)], check=True)
    for other in others:
        shutil.copy(first, other)
    return program


def own_instructions(dump: str, library: Path) -> tuple[str, int]:
    """The name of a dump of callgrind's, uncompressed, and how many instructions the library's own code executed."""
    name, total, inside, skip = "", 0, False, False
    for line in dump.splitlines():
        if line.startswith("desc: Trigger: Client Request: "):
            name = line.removeprefix("desc: Trigger: Client Request: ")
        elif line.startswith("ob="):
            inside = Path(line[3:]) == library
        elif line.startswith("calls="):
            skip = True  # the next line is what the called function did
        elif re.match(r"\d", line):
            total += int(line.split()[1]) if inside and not skip else 0
            skip = False
    return name, total


def count(library: Path, flags: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """The vector instructions in use, and the counts of every case."""
    library = library.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = compile_program(folder, flags)
        options = ["--instr-atstart=no", "--compress-strings=no", "--compress-pos=no"]
        command = ["valgrind", "--quiet", "--tool=callgrind", *options, f"--callgrind-out-file={folder / 'dump'}"]
        done = subprocess.run(
            [*command, str(program), str(library)],
            env={**os.environ, "LD_LIBRARY_PATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"instruction_counts: the run under valgrind failed\n{done.stderr}")
        dumps = dict(own_instructions(file.read_text(), library) for file in folder.glob("dump.*"))
    simd, counts = "", {}
    for line in done.stdout.splitlines():
        kind, *cells = line.split("\t")
        if kind == "simd":
            simd = cells[0]
        elif kind == "case":
            elements, unit, case = int(cells[0]), cells[1], cells[2]
            if dumps.get(case, 0) == 0:
                raise SystemExit(f"instruction_counts: callgrind counted nothing for {case}")
            each = round(dumps[case] / elements, 3)
            counts[case] = {"instructions": dumps[case], "elements": elements, "unit": unit, "per_element": each}
    return simd, counts


def git(*arguments: str) -> str:
    """What git says of the source tree; empty where there is no repository."""
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def measure() -> dict[str, Any]:
    """Build facts and counts, as the JSON holds them."""
    for program in ("valgrind", os.environ.get("CXX", "c++")):
        if shutil.which(program) is None:
            raise SystemExit(f"instruction_counts: there is no {program}")
    library = _native.find("_C")
    if library is None:
        raise SystemExit(f"instruction_counts: the library is not built; run: {_native.BUILD_COMMAND}")
    facts = importlib.import_module("list_fast._facts").facts()
    simd, counts = count(library, facts["cxx_flags"])
    native = ("csrc", "setup.py")
    version = subprocess.run(["valgrind", "--version"], capture_output=True, text=True, check=True)
    changed = " and changes" if git("status", "--porcelain", "--", *native) else ""
    return {
        "commit": git("log", "-1", "--format=%H", "--", *native) + changed,  # the last one that changed native code
        "compiler": facts["compiler"],
        "cxx_flags": facts["cxx_flags"],
        "torch_built": facts["torch_built"],
        "simd": simd,
        "valgrind": version.stdout.strip(),
        "counts": counts,
    }


def why_not(kept: dict[str, Any], found: dict[str, Any]) -> str:
    """Why counts do not compare; empty where they do."""
    differences = [f"{key} {kept[key]} kept, {found[key]} now" for key in SAME if kept[key] != found[key]]
    return "; ".join(differences)


def compare(kept: dict[str, dict[str, Any]], found: dict[str, dict[str, Any]]) -> list[tuple[str, str, bool]]:
    """For each case its name, what is to be said of it, and whether that is a regression."""
    rows = []
    for name in [*kept, *(new for new in found if new not in kept)]:
        if name not in found:
            rows.append((name, "kept, and no longer counted", True))
        elif name not in kept:
            rows.append((name, f"{found[name]['per_element']:.4g} a {found[name]['unit']}, not kept yet", False))
        else:
            old, new = kept[name], found[name]
            if (old["elements"], old["unit"]) != (new["elements"], new["unit"]):
                rows.append((name, "the case itself has changed: count again", True))
                continue
            change = new["instructions"] / old["instructions"] - 1
            note = "REGRESSION" if change > MORE else "fewer: keep the new counts" if change < -MORE else ""
            cells = f"{old['per_element']:.4g} -> {new['per_element']:.4g} a {new['unit']}, {change:+.1%} {note}"
            rows.append((name, cells.rstrip(), change > MORE))
    return rows


def table(counts: dict[str, dict[str, Any]]) -> str:
    """Counts as a Markdown table."""
    lines = ["| case | instructions | for each |", "|---|---|---|"]
    for name, row in counts.items():
        lines.append(f"| {name} | {row['instructions']:,} | {row['per_element']:,.1f} a {row['unit']} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the kept counts and write nothing")
    parser.add_argument("--json", type=Path, default=KEPT, help="where the counts are (benchmarks/results)")
    arguments = parser.parse_args()
    found = measure()
    told = f"{found['compiler']}, {found['simd']}, {found['valgrind']}"
    if not arguments.check:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
        print(f"{told}\n\n{table(found['counts'])}")
        return 0
    kept = json.loads(arguments.json.read_text())
    if reason := why_not(kept, found):
        print(f"the counts do not compare: {reason}")
        return 0
    rows = compare(kept["counts"], found["counts"])
    worse = [name for name, _, regression in rows if regression]
    print(f"{told}; kept at {kept['commit'][:12]}\n\n| case | kept -> now |\n|---|---|")
    print("\n".join(f"| {name} | {cells} |" for name, cells, _ in rows))
    told = f"{len(worse)} of {len(rows)} cases need more than {MORE:.0%} more, or have changed"
    print(f"\n{told if worse else 'no regression'}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
