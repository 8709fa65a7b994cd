# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Finding and loading the two native libraries: ``_C`` (schemas, CPU kernels) and ``_C_cuda`` (CUDA kernels)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import list_fast

TORCH_FLOOR = (2, 11)
BUILD_COMMAND = "python setup.py build_ext --inplace"
"""Builds the libraries into a checkout; the ImportError of ``load`` names it."""


@dataclass(frozen=True)
class Libraries:
    """What ``load`` found.

    Attributes:
        cpu: File of the library with the schemas and the CPU kernels; it is loaded.
        cuda: File of the library with the CUDA kernels, or None where it is not loaded.
        no_cuda: Why ``cuda`` is None; empty where it is loaded.
    """

    cpu: Path
    cuda: Path | None
    no_cuda: str


def find(stem: str) -> Path | None:
    """The file of a native library beside the package's modules, or None.

    Every folder of the package is looked at: an editable install may keep its binaries apart from its sources.
    """
    for folder in list_fast.__path__:
        if (path := Path(folder) / f"{stem}.so").is_file():
            return path
    return None


@functools.cache
def load() -> Libraries:
    """Load the native libraries into torch, once for the process.

    Raises:
        ImportError: torch is older than the floor, or the CPU library is missing or does not load. The CUDA library is
            never a reason: what kept it out stands in ``Libraries.no_cuda``.
    """
    import torch

    if tuple(int(part) for part in torch.__version__.split(".")[:2]) < TORCH_FLOOR:
        floor = ".".join(map(str, TORCH_FLOOR))
        raise ImportError(
            f"list_fast needs torch>={floor}, found torch {torch.__version__}: "
            f"python -m pip install --upgrade 'torch>={floor}'"
        )
    cpu = find("_C")
    if cpu is None:
        raise ImportError(f"the native library list_fast/_C.so is not built; in the source folder run: {BUILD_COMMAND}")
    try:
        torch.ops.load_library(cpu)
    except OSError as error:
        raise ImportError(
            f"the native library {cpu} does not load ({error}); in the source folder run: {BUILD_COMMAND}"
        ) from error
    cuda = find("_C_cuda")
    if torch.version.cuda is None:
        return Libraries(cpu, None, f"torch {torch.__version__} has no CUDA")
    if cuda is None:
        return Libraries(cpu, None, f"not built; with nvcc on PATH, in the source folder run: {BUILD_COMMAND}")
    try:
        # Decided by torch.version.cuda and not torch.cuda.is_available(), which wakes the driver; without a GPU the
        # library loads as well.
        torch.ops.load_library(cuda)
    except OSError as error:
        return Libraries(cpu, None, f"does not load: {error}")
    return Libraries(cpu, cuda, "")
