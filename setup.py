# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Native build: ``list_fast._C`` (schemas, CPU kernels) always, ``list_fast._C_cuda`` where there is CUDA for it.

Environment variables:
    LIST_FAST_CUDA: 1 builds the CUDA library even for a CPU build of torch (needs nvcc), 0 never does. Unset: built
        when torch has CUDA and there is an nvcc.
    TORCH_CUDA_ARCH_LIST: CUDA architectures, such as ``8.0;9.0+PTX``, which is the default where no GPU is visible.
        Otherwise the default is those of the visible GPUs.
    LIST_FAST_SANITIZE: 1 builds the CPU library with the address and undefined-behaviour sanitizers.
    MAX_JOBS: how many files compile at once.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

TORCH_FLOOR = (2, 11)
FLOOR = ".".join(map(str, TORCH_FLOOR))
try:
    import torch
    import torch.utils.cpp_extension as cpp
except ImportError as error:
    raise SystemExit(
        f"list_fast: building needs torch>={FLOOR} in this environment ({error}). "
        f"Install it first, or build with isolation: python -m pip install -e ."
    ) from error
if tuple(int(part) for part in torch.__version__.split(".")[:2]) < TORCH_FLOOR:
    raise SystemExit(
        f"list_fast needs torch>={FLOOR}, and this environment has torch {torch.__version__}. "
        f"Upgrade it first: python -m pip install --upgrade 'torch>={FLOOR}'"
    )

ROOT = Path(__file__).resolve().parent
DEFINES = ["-DTORCH_STABLE_ONLY", f"-DTORCH_TARGET_VERSION=0x{TORCH_FLOOR[0]:02x}{TORCH_FLOOR[1]:02x}000000000000"]
DEFAULT_ARCHS = "8.0;9.0+PTX"
# Checks print __FILE__: without these maps the paths of the build machine would stand in the libraries.
PREFIX_MAPS = [f"-fmacro-prefix-map={folder}/=" for folder in (ROOT, *cpp.include_paths())]
SANITIZE = os.environ.get("LIST_FAST_SANITIZE") == "1"
# No -march: kernels carry their own target attributes and choose at run time, so one binary serves every CPU.
# Nothing here reads errno or the floating-point exception flags, and promising to would keep loops from vectorising.
# Python's own flags ask for debug information: a third of the compile time for what STRIP then throws away.
OPTIMISE = ["-O3", "-g0", "-fno-math-errno", "-fno-trapping-math"]
if SANITIZE:
    # Unoptimised, it compiles in a quarter of the time, and no check is lost to what the optimiser can prove.
    OPTIMISE = [
        "-O0",
        "-g1",
        "-fno-omit-frame-pointer",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=undefined",
    ]
CXX_FLAGS = ["-std=c++17", *OPTIMISE, "-fvisibility=hidden", "-Wall", *DEFINES]
NVCC_FLAGS = ["-std=c++17", "-O3", "--threads=2", "-Xcompiler=-fvisibility=hidden", "-DUSE_CUDA", *DEFINES]
STRIP = ["-s"] if sys.platform.startswith("linux") and not SANITIZE else []


def sources(*patterns: str) -> list[str]:
    """Files of the source tree that match, relative to its root, sorted."""
    return sorted(path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern))


def find_cuda_home() -> Path | None:
    """The CUDA toolkit's folder: CUDA_HOME or CUDA_PATH, else that of the nvcc on PATH, else the usual place."""
    named = os.environ.get("CUDA_HOME") or os.environ.get("CUDA_PATH")
    if named:
        home = Path(named)
    elif nvcc := shutil.which("nvcc"):
        # Asked of nvcc, for the one on PATH is often a script that calls another.
        plan = subprocess.run([nvcc, "--dryrun", "-x", "cu", os.devnull], capture_output=True, text=True, check=False)
        top = re.search(r"^#\$ TOP=(.+)$", plan.stderr, re.MULTILINE)
        home = Path(top[1]).resolve() if top else Path(nvcc).resolve().parents[1]
    else:
        home = Path("/usr/local/cuda")
    return home if (home / "bin" / "nvcc").is_file() else None


def toolkit_major(home: Path) -> str | None:
    """The major version of a toolkit, of the release that its nvcc names; None if it names none."""
    told = subprocess.run([home / "bin" / "nvcc", "--version"], capture_output=True, text=True, check=False)
    release = re.search(r"release (\d+)\.", told.stdout)
    return release[1] if release else None


def choose_cuda() -> tuple[Path | None, str]:
    """The toolkit to build the CUDA library with, or None, and the reason."""
    flag = os.environ.get("LIST_FAST_CUDA", "")
    if flag not in {"", "0", "1"}:
        raise SystemExit(f"list_fast: LIST_FAST_CUDA must be 0 or 1, got {flag!r}")
    if flag == "0":
        return None, "switched off by LIST_FAST_CUDA=0"
    if flag == "" and torch.version.cuda is None:
        return None, "the torch it was built with has no CUDA"
    home = find_cuda_home()
    if home is None:
        reason = "no nvcc was found (put it on PATH or set CUDA_HOME)"
        if flag == "1":
            raise SystemExit(f"list_fast: LIST_FAST_CUDA=1, but {reason}")
        return None, reason
    # torch refuses to compile with the nvcc of another major release than its own CUDA.
    wanted, given = torch.version.cuda, toolkit_major(home)
    if wanted is not None and given is not None and wanted.split(".")[0] != given:
        reason = f"torch is built for CUDA {wanted} and the nvcc in {home / 'bin'} is of CUDA {given} (set CUDA_HOME)"
        if flag == "1":
            raise SystemExit(f"list_fast: LIST_FAST_CUDA=1, but {reason}")
        return None, reason
    if not sources("csrc/cuda/*.cu"):
        return None, "there are no CUDA sources"
    return home, "LIST_FAST_CUDA=1" if flag else "torch has CUDA and there is an nvcc"


def cuda_archs() -> str:
    """Architectures to compile for, separated by semicolons."""
    named = os.environ.get("TORCH_CUDA_ARCH_LIST", "").replace(" ", ";").strip(";")
    if named and named != "native":
        return named
    if torch.version.cuda is None or not torch.cuda.is_available():
        return DEFAULT_ARCHS
    found = sorted({torch.cuda.get_device_capability(i) for i in range(torch.cuda.device_count())})
    return ";".join(f"{major}.{minor}" for major, minor in found) + "+PTX"


def gencode(archs: str) -> list[str]:
    """nvcc flags for a list such as ``8.0;9.0+PTX``.

    Given explicitly: torch's own rule takes any flag with "arch" in it for a choice made, a path with "research" too.
    """
    flags = []
    for arch in archs.split(";"):
        match = re.fullmatch(r"(\d+)\.(\d[af]?)(\+PTX)?", arch)
        if match is None:
            raise SystemExit(f"list_fast: TORCH_CUDA_ARCH_LIST must look like '8.0;9.0+PTX', got {archs!r}")
        number = match[1] + match[2]
        flags.append(f"-gencode=arch=compute_{number},code=sm_{number}")
        if match[3]:
            flags.append(f"-gencode=arch=compute_{number},code=compute_{number}")
    return flags


def nvcc_version(home: Path) -> str:
    """Version of the compiler in ``home``, such as 13.0.88."""
    text = subprocess.run([home / "bin" / "nvcc", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"V(\d+\.\d+\.\d+)", text)
    return found[1] if found else "unknown"


def library(
    name: str, files: list[str], *, cxx: list[str], nvcc: list[str], link: list[str], **more: list[str]
) -> Extension:
    """A library that registers operators with torch. It is no Python module and links to no libpython."""
    return cpp.CppExtension(
        name,
        files,
        include_dirs=[str(ROOT / "csrc")],
        extra_compile_args={"cxx": cxx, "nvcc": nvcc},
        extra_link_args=[*STRIP, *link],
        py_limited_api=True,  # for torch this means: do not link libtorch_python
        **more,
    )


def facts(**values: str) -> Extension:
    """The pybind11 module that tells ``list-fast info`` how the libraries were built."""
    try:
        import pybind11

        include = [pybind11.get_include()]
    except ImportError:
        include = cpp.include_paths()  # a build without isolation may lack pybind11; torch ships the headers
    defines = [f'-DLIST_FAST_{name.upper()}="{value}"' for name, value in values.items()]
    return Extension(
        "list_fast._facts",
        ["csrc/facts.cpp"],
        include_dirs=[str(ROOT / "csrc"), *include],
        extra_compile_args={"cxx": ["-std=c++17", "-O2", "-fvisibility=hidden", "-Wall", *defines], "nvcc": []},
        extra_link_args=STRIP,
        language="c++",
    )


def extensions() -> list[Extension]:
    """Everything native that this build makes."""
    home, reason = choose_cuda()
    link = ["-fsanitize=address,undefined"] if SANITIZE else []
    cpu_files = [file for file in sources("csrc/*.cpp", "csrc/cpu/*.cpp") if file != "csrc/facts.cpp"]
    built = (
        [library("list_fast._C", cpu_files, cxx=[*CXX_FLAGS, *PREFIX_MAPS], nvcc=[], link=link)] if cpu_files else []
    )
    cuda: dict[str, str] = {"cuda_reason": reason, "cuda_archs": "", "nvcc": "", "nvcc_flags": ""}
    if home is not None:
        # torch leaves CUDA_HOME empty in a CPU build even with a toolkit there; the stable ABI needs no CUDA torch to
        # compile and link against.
        cpp.CUDA_HOME = str(home)
        archs = cuda_archs()
        cuda |= {"cuda_archs": archs, "nvcc": nvcc_version(home), "nvcc_flags": " ".join(NVCC_FLAGS)}
        built.append(
            # CppExtension and not CUDAExtension: the latter links c10_cuda and torch_cuda, which a CPU torch lacks.
            # libtorch.so depends on libtorch_cuda.so in CUDA builds, so naming it is enough at run time.
            library(
                "list_fast._C_cuda",
                sources("csrc/cuda/*.cu"),
                cxx=[],
                nvcc=[*NVCC_FLAGS, *(f"-Xcompiler={flag}" for flag in PREFIX_MAPS), *gencode(archs)],
                link=["-Wl,--no-as-needed", "-ltorch"],
                library_dirs=[str(folder) for folder in (home / "lib64", home / "lib") if folder.is_dir()],
                libraries=[
                    "cudart_static",
                    "dl",
                    "rt",
                    "pthread",
                ],  # static: no libcudart.so to match
            )
        )
    if (ROOT / "csrc/facts.cpp").is_file():
        built.append(
            facts(
                cxx_flags=" ".join(CXX_FLAGS),
                torch_built=torch.__version__,
                torch_floor=FLOOR,
                python_built="{}.{}.{}".format(*sys.version_info),
                **cuda,
            )
        )
    return built


class BuildNative(cpp.BuildExtension):
    """torch's compiler driver (nvcc, ninja), with the file names that suit each kind of library."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, no_python_abi_suffix=True, **kwargs)

    def finalize_options(self) -> None:
        super().finalize_options()
        if self.editable_mode or Path(self.build_temp).name.startswith("temp."):
            # Objects that an editable install and a wheel share, where no folder is named; an editable install's own
            # default is a temporary one, in which everything is compiled again.
            self.build_temp = str(ROOT / "build" / "objects")

    def get_ext_filename(self, ext_name: str) -> str:
        if ext_name.endswith("_facts"):  # a Python module: its name says for which Python it was built
            return build_ext.get_ext_filename(self, ext_name)
        return super().get_ext_filename(ext_name)


class AnyPythonWheel(bdist_wheel):
    """One wheel for every Python 3.

    What the package needs links to libtorch's stable ABI and never to libpython. The one Python module, ``_facts``,
    carries its interpreter's tag in its file name: another interpreter does not see it, and ``list-fast info`` says so.
    """

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", super().get_tag()[2]


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildNative, "bdist_wheel": AnyPythonWheel})
