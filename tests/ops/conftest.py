# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the operations' tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch.utils.cpp_extension import include_paths, library_paths


@pytest.fixture(scope="session")
def host_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of the CUDA sources, compiled for the host."""
    root = Path(__file__).resolve().parents[2]
    library = tmp_path_factory.mktemp("cuda_on_host") / "cuda_on_host.so"
    defines = ["-DTORCH_STABLE_ONLY", "-DTORCH_TARGET_VERSION=0x020b000000000000"]
    includes = [f"-I{folder}" for folder in (root / "csrc", *include_paths())]
    links = [f"-L{folder}" for folder in library_paths()] + ["-lc10", "-ltorch_cpu"]
    source = Path(__file__).with_name("cuda_on_host.cpp")
    command = [os.environ.get("CXX", "c++"), "-std=c++17", "-O1", "-fPIC", "-shared", *defines, *includes, str(source)]
    done = subprocess.run([*command, "-o", str(library), *links], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    torch.ops.load_library(library)
    return library


@pytest.fixture(scope="session")
def host(host_library: Path) -> object:
    """The operators of the CUDA sources, compiled for the host."""
    return torch.ops.list_fast_cuda_on_host


@pytest.fixture(params=["baseline", "avx2"])
def run_at_lower_level(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Runs tests of the file again in a process with lower vector instructions: a process chooses them once."""

    def run(*names: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"{request.path}::{n}" for n in names)],
            env=os.environ | {"LIST_FAST_SIMD": request.param},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout

    return run
