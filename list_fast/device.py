# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Which device a command runs on, decided in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def resolve_device(name: str | torch.device = "auto") -> tuple[torch.device, str]:
    """The device that ``name`` means here, and the reason in words.

    Args:
        name: "auto" (a CUDA device where torch and the native library can use one, else the CPU), "cpu", "cuda" or
            "cuda:<index>".

    Raises:
        TypeError: it is no string and no device.
        ValueError: the name is unknown, or the device is not there.
    """
    import torch

    from list_fast import _native

    if not isinstance(name, str | torch.device):
        raise TypeError(f"device must be auto, cpu, cuda or cuda:<index>, got {type(name).__name__}")
    name = str(name)
    libraries = _native.load()
    missing = None
    if libraries.cuda is None:
        missing = f"the CUDA library of list_fast is not there: {libraries.no_cuda}"
    elif not torch.cuda.is_available():
        missing = "torch sees no CUDA device"
    if name == "auto":
        if missing is None:
            return torch.device("cuda"), "a CUDA device is there"
        return torch.device("cpu"), missing
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(f"device must be auto, cpu, cuda or cuda:<index>, got {name!r}") from error
    if device.type not in ("cpu", "cuda") or (device.type == "cpu" and device.index):
        raise ValueError(f"device must be auto, cpu, cuda or cuda:<index>, got {name!r}")
    if device.type == "cuda" and missing is not None:
        raise ValueError(f"device {name!r} cannot be used: {missing}")
    if device.type == "cuda" and device.index is not None and device.index >= torch.cuda.device_count():
        raise ValueError(f"device {name!r} is not there: torch sees {torch.cuda.device_count()} CUDA devices")
    return device, "asked for"
