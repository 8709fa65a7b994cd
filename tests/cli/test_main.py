# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The frame of the command line: start-up, exit codes and the form of errors."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import list_fast
from list_fast.cli import main as cli
from list_fast.training import shipped_configs


def start(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, from the source tree."""
    return subprocess.run(
        [sys.executable, "-m", "list_fast", *words],
        cwd=root,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A command named ``probe`` whose ``run`` a test sets."""
    module = ModuleType("list_fast.cli.probe", doc="Probe the frame.")
    module.__dict__.update(add_arguments=lambda parser: parser.add_argument("--size", type=int), run=lambda args: 0)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(cli, "COMMANDS", {"probe": "probe the frame"})
    return module


def test_version(root: Path) -> None:
    done = start(root, "--version")
    assert (done.returncode, done.stdout) == (0, f"list-fast {list_fast.__version__}\n")


def test_help_names_every_command(root: Path) -> None:
    done = start(root, "--help")
    assert done.returncode == 0
    for name, summary in cli.COMMANDS.items():
        assert name in done.stdout
        assert summary in " ".join(done.stdout.split())


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_help_of_each_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"])
    assert left.value.code == 0
    assert f"usage: list-fast {name}" in capsys.readouterr().out


def test_help_of_train_names_the_shipped_configurations(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["train", "--help"])
    assert f"shipped configuration: {', '.join(shipped_configs())}" in " ".join(capsys.readouterr().out.split())


def test_building_the_parser_imports_nothing_heavy(root: Path) -> None:
    heavy = {"PIL", "cv2", "matplotlib", "numpy", "scipy", "torch", "trimesh"}
    code = f"import sys; from list_fast.cli import main; main.build_parser(); print({heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "the following arguments are required: COMMAND (see list-fast --help)"),
        (["probe", "--size", "big"], "argument --size: invalid int value: 'big' (see list-fast probe --help)"),
        (["probe", "--colour"], "unrecognized arguments: --colour (see list-fast --help)"),
    ],
)
def test_wrong_usage(words: list[str], complaint: str, command: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(words)
    out, err = capsys.readouterr()
    assert (left.value.code, out, err) == (2, "", f"list-fast: error: {complaint}\n")


@pytest.mark.parametrize("code", [0, 1])
def test_exit_code_is_the_command_s(code: int, command: ModuleType) -> None:
    command.__dict__["run"] = lambda args: code
    assert cli.main(["probe"]) == code


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("size must be\n  positive, got -1"), "size must be positive, got -1"),
        (FileNotFoundError(2, "No such file or directory", "a.png"), "[Errno 2] No such file or directory: 'a.png'"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_failure_is_one_line(
    error: Exception, line: str, command: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(args: argparse.Namespace) -> int:
        raise error

    command.__dict__["run"] = run
    assert cli.main(["probe"]) == 1
    assert capsys.readouterr() == ("", f"list-fast: error: {line}\n")
    assert cli.main(["--traceback", "probe"]) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_interrupt(command: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    def run(args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    command.__dict__["run"] = run
    assert cli.main(["probe"]) == 130
    assert capsys.readouterr().err == "list-fast: interrupted\n"


@pytest.mark.parametrize(
    ("encoding", "printed"), [("utf-8", b"st\xc3\xbchl \xff.glb"), ("ascii", b"st\\xfchl \xff.glb")]
)
def test_any_file_name_is_printed(
    encoding: str, printed: bytes, command: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that are no text come out as they were; what the encoding lacks is escaped instead of lost."""

    def run(args: argparse.Namespace) -> int:
        print(b"st\xc3\xbchl \xff.glb".decode("utf-8", "surrogateescape"))
        return 0

    command.__dict__["run"] = run
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding))
    assert cli.main(["probe"]) == 0
    assert raw.getvalue().rstrip() == printed


def test_closed_pipe_is_quiet(root: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "list_fast", "info"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1


def test_no_stdout_is_no_error(root: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m list_fast info >&-"], cwd=root, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["info"]) == 0
    assert f"version: {list_fast.__version__}" in capsys.readouterr().out
    assert cli.main(["info", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["list_fast"]["version"] == list_fast.__version__
