# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""The build: its choices, its back end, and what it puts into a wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import runpy
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

import list_fast
from list_fast import _native

setuptools = pytest.importorskip("setuptools")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text())


@pytest.fixture
def script(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names of setup.py, run without building anything."""
    for name in ("LIST_FAST_CUDA", "LIST_FAST_SANITIZE", "TORCH_CUDA_ARCH_LIST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(setuptools, "setup", lambda **arguments: None)
    return runpy.run_path(str(root / "setup.py"))


@pytest.fixture
def backend(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("backend", root / "_build" / "backend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_one_floor_for_torch(project: dict[str, Any], script: dict[str, Any], backend: ModuleType) -> None:
    floor = "torch>=" + ".".join(map(str, _native.TORCH_FLOOR))
    assert floor in project["project"]["dependencies"]
    assert backend.TORCH == floor
    assert script["TORCH_FLOOR"] == _native.TORCH_FLOOR
    assert (
        f"-DTORCH_TARGET_VERSION=0x{_native.TORCH_FLOOR[0]:02x}{_native.TORCH_FLOOR[1]:02x}000000000000"
        in script["DEFINES"]
    )


def test_package_data_is_there(root: Path, project: dict[str, Any]) -> None:
    for pattern in project["tool"]["setuptools"]["package-data"]["list_fast"]:
        assert list((root / "list_fast").glob(pattern)), pattern


@pytest.mark.parametrize(
    ("archs", "flags"),
    [
        ("8.0", ["-gencode=arch=compute_80,code=sm_80"]),
        ("9.0a+PTX", ["-gencode=arch=compute_90a,code=sm_90a", "-gencode=arch=compute_90a,code=compute_90a"]),
        ("8.0;12.0", ["-gencode=arch=compute_80,code=sm_80", "-gencode=arch=compute_120,code=sm_120"]),
    ],
)
def test_gencode(archs: str, flags: list[str], script: dict[str, Any]) -> None:
    assert script["gencode"](archs) == flags


@pytest.mark.parametrize("archs", ["Hopper", "sm_90", "9", "8.0,9.0"])
def test_gencode_refuses(archs: str, script: dict[str, Any]) -> None:
    with pytest.raises(SystemExit, match="TORCH_CUDA_ARCH_LIST must look like"):
        script["gencode"](archs)


def test_archs_come_from_the_environment(script: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_CUDA_ARCH_LIST", "8.0 9.0+PTX")
    assert script["cuda_archs"]() == "8.0;9.0+PTX"


def test_archs_without_a_gpu(script: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert script["cuda_archs"]() == script["DEFAULT_ARCHS"]


def test_cuda_choice(script: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    choose = script["choose_cuda"]
    toolkit = tmp_path / "toolkit"
    (toolkit / "bin").mkdir(parents=True)
    nvcc = toolkit / "bin" / "nvcc"
    nvcc.write_text("#!/bin/sh\necho 'Cuda compilation tools, release 13.0, V13.0.1'\n")
    nvcc.chmod(0o755)
    monkeypatch.setenv("CUDA_HOME", str(toolkit))

    monkeypatch.setattr(torch.version, "cuda", None)
    assert choose() == (None, "the torch it was built with has no CUDA")
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    assert choose()[0] == toolkit
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    found, reason = choose()
    assert found is None and "built for CUDA 12.8" in reason and "of CUDA 13" in reason
    monkeypatch.setenv("LIST_FAST_CUDA", "1")
    with pytest.raises(SystemExit, match=r"LIST_FAST_CUDA=1, but torch is built for CUDA 12\.8"):
        choose()
    monkeypatch.setenv("LIST_FAST_CUDA", "0")
    assert choose() == (None, "switched off by LIST_FAST_CUDA=0")
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setenv("LIST_FAST_CUDA", "1")
    assert choose()[0] == toolkit

    monkeypatch.setenv("CUDA_HOME", str(tmp_path))
    with pytest.raises(SystemExit, match="LIST_FAST_CUDA=1, but no nvcc was found"):
        choose()
    monkeypatch.delenv("LIST_FAST_CUDA")
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    assert choose() == (None, "no nvcc was found (put it on PATH or set CUDA_HOME)")
    monkeypatch.setenv("LIST_FAST_CUDA", "yes")
    with pytest.raises(SystemExit, match="LIST_FAST_CUDA must be 0 or 1, got 'yes'"):
        choose()


def test_toolkit_behind_a_script(script: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    toolkit = tmp_path / "toolkit"
    (toolkit / "bin").mkdir(parents=True)
    (toolkit / "bin" / "nvcc").touch()
    wrapper = tmp_path / "bin" / "nvcc"
    wrapper.parent.mkdir()
    wrapper.write_text(f"#!/bin/sh\necho '#$ TOP={toolkit}/bin/..' >&2\n")
    wrapper.chmod(0o755)
    monkeypatch.delenv("CUDA_HOME", raising=False)
    monkeypatch.delenv("CUDA_PATH", raising=False)
    monkeypatch.setenv("PATH", str(wrapper.parent), prepend=os.pathsep)
    assert script["find_cuda_home"]() == toolkit.resolve()


def test_old_torch_is_refused_by_the_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setuptools, "setup", lambda **arguments: None)
    monkeypatch.setattr(torch, "__version__", "2.10.1+cu128")
    with pytest.raises(SystemExit, match=r"needs torch>=2\.11, and this environment has torch 2\.10\.1\+cu128"):
        runpy.run_path(str(root / "setup.py"))


def fake_environment(monkeypatch: pytest.MonkeyPatch, folder: Path, *, inherits: bool) -> Path:
    """Make ``folder`` look like the virtual environment that runs, and return its package folder."""
    packages = folder / "lib" / "site-packages"
    packages.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(f"include-system-site-packages = {str(inherits).lower()}\n")
    monkeypatch.setattr(sys, "prefix", str(folder))
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(packages))
    return packages


def add_torch(packages: Path) -> None:
    (packages / "torch").mkdir(parents=True)
    (packages / "torch" / "__init__.py").touch()


def test_isolated_build_uses_the_torch_of_its_target(
    backend: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages = fake_environment(monkeypatch, tmp_path, inherits=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "path", ["/isolated"])
    seen = []
    hook = backend._with_torch(lambda: seen.append(list(sys.path)) or "wheel")

    assert backend.get_requires_for_build_wheel() == [backend.TORCH]
    assert hook() == "wheel"
    assert seen.pop() == ["/isolated"]

    add_torch(packages)
    for ask in (
        backend.get_requires_for_build_editable,
        backend.get_requires_for_build_sdist,
        backend.get_requires_for_build_wheel,
    ):
        assert ask() == []
    assert hook() == "wheel"
    assert seen.pop() == ["/isolated", str(packages)]


@pytest.mark.parametrize("inherits", [False, True])
def test_isolated_build_sees_what_its_target_inherits(
    inherits: bool, backend: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_environment(monkeypatch, tmp_path / "target", inherits=inherits)
    system = tmp_path / "system"
    add_torch(system)
    monkeypatch.setattr(backend.site, "getsitepackages", lambda prefixes: [str(system)])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert backend.get_requires_for_build_wheel() == ([] if inherits else [backend.TORCH])


def test_build_without_isolation_asks_for_nothing(backend: ModuleType) -> None:
    assert backend.get_requires_for_build_wheel() == []


def test_editable_mode_may_be_chosen(backend: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(backend.build_meta, "build_editable", lambda folder, settings: seen.append(settings) or "wheel")
    assert backend.build_editable("out") == "wheel"
    backend.build_editable("out", {"editable_mode": "strict"})
    assert [settings["editable_mode"] for settings in seen] == ["compat", "strict"]


def test_script_beside_the_clone_imports_the_package(root: Path, tmp_path: Path) -> None:
    """The clone, a folder of the package's name without an ``__init__.py``, must not hide the package."""
    (tmp_path / "list_fast").symlink_to(root, target_is_directory=True)
    script = tmp_path / "script.py"
    script.write_text("import list_fast; print(list_fast.__version__)")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stdout.strip() == list_fast.__version__, done.stderr


@pytest.mark.slow
def test_wheel(root: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", tmp_path, root],
        env={**os.environ, "LIST_FAST_CUDA": "0"},
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    assert re.fullmatch(rf"list_fast-{re.escape(list_fast.__version__)}-py3-none-\w+\.whl", wheel.name)
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(root).as_posix() for path in (root / "list_fast").rglob("*.py")}
    assert modules <= names
    assert {"list_fast/_C.so", "list_fast/py.typed", "list_fast/weights/small.safetensors"} <= names
    assert not {name for name in names if name.startswith(("csrc/", "tests/", "_build/", "benchmarks/"))}
