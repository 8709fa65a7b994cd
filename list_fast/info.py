# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What is installed, loaded and found: the report of ``list-fast info``, to read first when something does not work."""

from __future__ import annotations

import hashlib
import importlib
import json
import platform
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import list_fast
from list_fast import _native
from list_fast.device import resolve_device

DEPENDENCIES = ("numpy", "opencv-python-headless", "pillow", "safetensors", "scipy", "trimesh")


def collect() -> dict[str, Any]:
    """The whole report, as a dictionary that JSON can hold. What is missing is described, not raised."""
    return {
        "list_fast": {"version": list_fast.__version__, "path": str(Path(list_fast.__path__[0]))},
        "python": {"version": platform.python_version(), "executable": sys.executable, "platform": platform.platform()},
        "torch": _torch(),
        "dependencies": {name: _version(name) for name in DEPENDENCIES},
        "libraries": _libraries(),
        "devices": _devices(),
        "weights": _weights(Path(list_fast.__path__[0]) / "weights" / "small.safetensors"),
        "build": _build(),
    }


def as_text(report: dict[str, Any]) -> str:
    """The report as indented lines, empty values left out."""
    return "\n".join(_lines(report, ""))


def _lines(value: dict[str, Any], indent: str) -> list[str]:
    lines = []
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            lines += [f"{indent}{key}:", *_lines(inner, indent + "  ")]
        elif inner not in ("", None, [], {}):
            shown = ", ".join(map(str, inner)) if isinstance(inner, list) else inner
            lines.append(f"{indent}{key}: {shown}")
    return lines


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _torch() -> dict[str, Any]:
    try:
        import torch
    except ImportError as error:
        return {"version": "missing", "reason": str(error)}
    return {
        "version": torch.__version__,
        "cuda": torch.version.cuda or "none",
        "threads": torch.get_num_threads(),
        "path": str(Path(torch.__file__).parent),
    }


def _libraries() -> dict[str, Any]:
    try:
        found = _native.load()
    except ImportError as error:
        missing = {"loaded": False, "file": str(_native.find("_C") or ""), "reason": str(error)}
        return {"cpu": missing, "cuda": {"loaded": False, "file": "", "reason": "the CPU library is not loaded"}}
    cuda_file = found.cuda or _native.find("_C_cuda")
    return {
        "cpu": {"loaded": True, "file": str(found.cpu), "reason": ""},
        "cuda": {"loaded": found.cuda is not None, "file": str(cuda_file or ""), "reason": found.no_cuda},
    }


def _devices() -> dict[str, str]:
    """A line for each device that torch can use, and the choice that ``--device auto`` makes."""
    devices = {"cpu": _processor()}
    try:
        import torch
    except ImportError:
        return devices
    for index in range(torch.cuda.device_count() if torch.version.cuda else 0):
        gpu = torch.cuda.get_device_properties(index)
        memory = gpu.total_memory / 2**30
        devices[f"cuda:{index}"] = f"{gpu.name}, sm_{gpu.major}{gpu.minor}, {memory:.0f} GiB"
    try:
        chosen, reason = resolve_device("auto")
        devices["auto"] = f"{chosen}, as {reason}"
    except ImportError as error:
        devices["auto"] = f"none, as {error}"
    return devices


def _processor() -> str:
    """The processor's name: Linux tells it in /proc/cpuinfo, elsewhere platform knows it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _weights(path: Path) -> dict[str, Any]:
    """The default checkpoint: its size, its SHA-256 and what its header says."""
    if not path.is_file():
        return {"file": str(path), "reason": "missing"}
    data = path.read_bytes()
    # safetensors: 8 bytes of length, little-endian, then a JSON header with our text under __metadata__.
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        metadata = {key: _plain(text) for key, text in header.pop("__metadata__", {}).items()}
    except (ValueError, TypeError, AttributeError):  # no JSON, or JSON of another shape
        return {"file": str(path), "bytes": len(data), "reason": "not a safetensors file"}
    return {
        "file": str(path),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "tensors": len(header),
        "metadata": metadata,
    }


def _plain(text: str) -> Any:
    """The value of a metadata entry that is JSON, else the entry itself."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _build() -> dict[str, Any]:
    """How the native libraries were built. The facts are a module of the one Python that built them."""
    try:
        facts: dict[str, Any] = importlib.import_module("list_fast._facts").facts()
    except ImportError as error:
        others = sorted(path.name for folder in list_fast.__path__ for path in Path(folder).glob("_facts*"))
        if any(name == "_facts" + suffix for name in others for suffix in EXTENSION_SUFFIXES):
            return {"reason": f"cannot be loaded ({error})"}
        if others:
            return {"reason": f"{', '.join(others)} is of another Python than this {platform.python_version()}"}
        return {"reason": f"not built ({error}); in the source folder run: {_native.BUILD_COMMAND}"}
    return facts
