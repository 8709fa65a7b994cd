# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What the README tells a reader to type works: its Python, its commands, its make targets, its links."""

import re
import shlex
import shutil

import pytest

from list_fast.cli.main import main


@pytest.fixture(scope="module")
def readme(request):
    return (request.config.rootpath / "README.md").read_text()


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def checkout(tmp_path, request, monkeypatch):
    """A folder in which the README's relative paths mean what they mean in a checkout."""
    shutil.copytree(request.config.rootpath / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_python_blocks_run(readme, checkout):
    code = blocks(readme, "python")
    assert code
    for block in code:
        exec(compile(block, "README.md", "exec"), {"__name__": "readme"})


def commands(text):
    lines = [
        line.split("#")[0].strip() for block in blocks(text, "bash") for line in block.replace("\\\n", " ").splitlines()
    ]
    return [shlex.split(line) for line in lines if line]


# What these do is run elsewhere: building by the CI script, the long ones by their own tests on small data.
LONG = {("data", "make"), ("train",), ("evaluate",)}


def test_commands_run(readme, checkout, capsys):
    ours = [words[1:] for words in commands(readme) if words[0] == "list-fast"]
    assert ours
    for words in ours:
        if any(tuple(words[: len(prefix)]) == prefix for prefix in LONG):
            from list_fast.cli.main import build_parser

            build_parser().parse_args(words)  # understood, at least
            continue
        assert main(words) == 0, f"list-fast {shlex.join(words)} failed"
    capsys.readouterr()
    assert (checkout / "out" / "chair.glb").stat().st_size > 10_000


def test_make_targets_exist(readme, request):
    targets = set(re.findall(r"^([a-z]+):", (request.config.rootpath / "Makefile").read_text(), re.MULTILINE))
    named = {words[1] for words in commands(readme) if words[0] == "make"}
    assert {"demo", "test"} <= named <= targets


def test_scripts_and_links_exist(readme, request):
    root = request.config.rootpath
    scripts = [words[1] for words in commands(readme) if words[0] == "python"]
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", readme)
    assert scripts and links
    for path in scripts + links:
        assert (root / path).exists(), f"README names {path}, which is not there"
