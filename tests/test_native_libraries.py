# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What the compiled libraries ask of the system: torch's stable ABI and nothing of its C++, no path of their build."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from list_fast import _native

ROOT = Path(__file__).resolve().parents[1]
# The CUDA library that `make cuda` compiles where torch has no CUDA lies apart from the package.
LIBRARIES = {
    path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name: path
    for path in (_native.find("_C"), _native.find("_C_cuda"), ROOT / "build/cuda/list_fast/_C_cuda.so")
    if path is not None and path.is_file()
}

# A mangled name with one of torch's namespaces anywhere: functions, their parameters, tables and type names.
CPLUSPLUS_TORCH = re.compile(r"_Z.*(?<!\d)(2at|3c10|5torch)(?=\d|[A-Z]|_)")

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("nm") is None or shutil.which("readelf") is None,
    reason="needs the ELF tools nm and readelf",
)


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> Path:
    return LIBRARIES[request.param]


def undefined(library: Path) -> set[str]:
    """Symbols that the library wants from others."""
    listing = subprocess.run(
        ["nm", "-D", "--undefined-only", library], capture_output=True, text=True, check=True
    ).stdout
    return {line.split()[-1].split("@")[0] for line in listing.splitlines()}


def needed(library: Path) -> set[str]:
    """Libraries that the dynamic linker loads with it."""
    listing = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+?)\]", listing))


def test_there_is_a_library_to_look_at() -> None:
    assert any(name.endswith("/_C.so") for name in LIBRARIES)


def test_only_the_stable_abi_of_torch(library: Path) -> None:
    wanted = undefined(library)
    assert not {name for name in wanted if CPLUSPLUS_TORCH.match(name)}
    assert any(name.startswith(("aoti_torch_", "torch_")) for name in wanted)


@pytest.mark.parametrize(
    "name",
    [
        "_ZN2at4_ops3add4callE",
        "_ZNK3c105Error4whatEv",
        "_ZTVN3c105ErrorE",
        "_ZN5torch7LibraryC1Ev",
        "_Z3fooRKN2at6TensorE",
    ],
)
def test_a_symbol_of_c_plus_plus_torch_is_told(name: str) -> None:
    assert CPLUSPLUS_TORCH.match(name)
    assert not CPLUSPLUS_TORCH.match("_ZNSt6vectorI3cat12atomicE") and not CPLUSPLUS_TORCH.match("aoti_torch_empty")


def test_only_the_cuda_symbols_of_the_shim(library: Path) -> None:
    # The device type is a number that every torch tells; the others live in libtorch_cuda.so.
    wanted = {name for name in undefined(library) if "cuda" in name.lower()} - {"aoti_torch_device_type_cuda"}
    shim = {"aoti_torch_get_current_cuda_stream", "torch_c10_cuda_check_msg", "torch_c10_cuda_free_error_msg"}
    assert wanted <= (set() if library.stem == "_C" else shim)


def test_linked_libraries(library: Path) -> None:
    names = needed(library)
    assert not {name for name in names if re.match(r"libpython|libtorch_python|libcudart|libtorch_cuda", name)}
    # libtorch.so brings libtorch_cuda.so where torch has CUDA.
    assert "libtorch.so" in names or library.stem == "_C"


def test_no_path_of_the_build(library: Path) -> None:
    content = library.read_bytes()
    for path in (ROOT, Path(torch.__file__).parent, Path.home()):
        assert str(path).encode() not in content
