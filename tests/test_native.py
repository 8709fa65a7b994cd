# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Loading the native libraries, and the report of what was found."""

from __future__ import annotations

import importlib
import importlib.machinery
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import list_fast
from list_fast import _native, info
from list_fast.model import default_weights_path


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Forget what is loaded before and after each test; torch takes a library twice."""
    _native.load.cache_clear()
    yield
    _native.load.cache_clear()


def test_cpu_library_registers_every_operation() -> None:
    assert _native.load().cpu.name == "_C.so"
    for name in ("sample_voxels", "sample_images", "marching_cubes", "occupancy_grid"):
        for op in (name, f"{name}_backward"):
            assert torch._C._dispatch_has_kernel_for_dispatch_key(f"list_fast::{op}", "CPU"), op
    for op in ("marching_cubes_bricks", "mc33", "mc33_bricks"):
        assert torch._C._dispatch_has_kernel_for_dispatch_key(f"list_fast::{op}", "CPU"), op


def test_missing_library_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(list_fast, "__path__", [str(tmp_path)])
    with pytest.raises(ImportError, match=_native.BUILD_COMMAND):
        _native.load()
    libraries = info.collect()["libraries"]
    assert not libraries["cpu"]["loaded"]
    assert _native.BUILD_COMMAND in libraries["cpu"]["reason"]


def test_broken_library_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "_C.so").write_text("no library")
    monkeypatch.setattr(list_fast, "__path__", [str(tmp_path)])
    with pytest.raises(ImportError, match=f"does not load .*{_native.BUILD_COMMAND}"):
        _native.load()


def test_old_torch_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "__version__", "2.10.0")
    with pytest.raises(ImportError, match=r"needs torch>=2\.11, found torch 2\.10\.0"):
        _native.load()


def test_cuda_library_is_left_out_with_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(torch.version, "cuda", None)
    assert _native.load().no_cuda == f"torch {torch.__version__} has no CUDA"

    found = {"_C": _native.find("_C"), "_C_cuda": None}
    monkeypatch.setattr(_native, "find", found.__getitem__)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    _native.load.cache_clear()
    assert "not built" in _native.load().no_cuda

    found["_C_cuda"] = tmp_path / "_C_cuda.so"
    found["_C_cuda"].write_text("no library")
    _native.load.cache_clear()
    libraries = _native.load()
    assert libraries.cuda is None
    assert "does not load" in libraries.no_cuda
    assert info.collect()["libraries"]["cuda"] == {
        "loaded": False,
        "file": str(found["_C_cuda"]),
        "reason": libraries.no_cuda,
    }


def test_facts_of_the_build() -> None:
    build = info.collect()["build"]
    assert "-std=c++17" in build["cxx_flags"]
    assert build["compiler"].split()[0] in {"gcc", "clang"}
    assert build["simd"] in build["simd_compiled"]
    assert build["hardware_threads"] >= 1


def test_facts_of_another_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_module(name: str) -> None:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", no_module)
    monkeypatch.setattr(list_fast, "__path__", [str(tmp_path)])
    assert _native.BUILD_COMMAND in info.collect()["build"]["reason"]
    own = tmp_path / ("_facts" + importlib.machinery.EXTENSION_SUFFIXES[0])
    own.touch()
    assert info.collect()["build"]["reason"].startswith("cannot be loaded (No module named")
    own.unlink()
    (tmp_path / "_facts.cpython-399-x86_64-linux-gnu.so").touch()
    assert "_facts.cpython-399-x86_64-linux-gnu.so is of another Python" in info.collect()["build"]["reason"]


def test_report_is_json_and_text() -> None:
    report = info.collect()
    assert json.loads(json.dumps(report)) == report
    text = info.as_text(report)
    assert f"  version: {list_fast.__version__}" in text.splitlines()
    assert "cuda:" in text


def test_weights_of_the_report() -> None:
    weights = info.collect()["weights"]
    path = Path(weights["file"])
    assert path == default_weights_path()
    assert weights["bytes"] == path.stat().st_size
    assert weights["tensors"] > 0
    assert len(weights["sha256"]) == 64


@pytest.mark.parametrize("content", [b"", b"version https://git-lfs.github.com/spec/v1\n", b"\x02" + bytes(7) + b"[]"])
def test_weights_that_are_none_are_described(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "small.safetensors"
    path.write_bytes(content)
    assert info._weights(path) == {"file": str(path), "bytes": len(content), "reason": "not a safetensors file"}
