# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Memory of the training command: each case in a process of its own, as the choice is for all of a process."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource, sys, torch
from list_fast.cli.memory import keep_freed_memory
kept = keep_freed_memory(int(sys.argv[1])) if sys.argv[1] != "0" else 0
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
torch.ones(1 << 26)  # 256 MB, freed at once
before = faults()
for _ in range(4):
    torch.ones(1 << 23)
print(kept, faults() - before)
"""


def faults_of_reuse(reserve: int) -> tuple[int, int]:
    """Bytes that were set aside, and page faults of four tensors of 32 MB, one after the other, after a larger one."""
    done = subprocess.run([sys.executable, "-c", FAULTS, str(reserve)], capture_output=True, text=True, check=True)
    kept, faults = map(int, done.stdout.split())
    return kept, faults


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the choice is one of glibc's")
def test_freed_memory_is_used_again_without_faults():
    kept, faults = faults_of_reuse(1 << 30)
    assert kept > 1 << 29
    assert faults < 1000  # of 32,768 pages of 4 kB
    _, usual = faults_of_reuse(0)
    assert faults < usual / 10 or usual < 1000  # a system may hand out large pages on its own


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the choice is one of glibc's")
def test_more_than_the_address_space_has_is_halved_until_it_fits():
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))\n"
    done = subprocess.run(
        [sys.executable, "-c", limit + FAULTS, str(1 << 40)], capture_output=True, text=True, check=True
    )
    assert 1 << 24 <= int(done.stdout.split()[0]) < 8 << 30


def test_other_systems_are_left_alone(monkeypatch):
    from list_fast.cli.memory import keep_freed_memory

    monkeypatch.setattr(sys, "platform", "darwin")
    assert keep_freed_memory() == 0
