# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Files that are either the old or the new version whenever the process is killed, the disk full or the power cut."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@contextlib.contextmanager
def replacing(path: Path, mark: str | None = None) -> Iterator[Path]:
    """A file beside ``path`` to write: it takes that name once the block has ended and it lies on the disk, and is
    removed where something fails.

    Args:
        mark: what its name ends with; by default one that no other process or thread writes.

    Raises:
        OSError: naming a file, as where the disk is full.
    """
    temporary = path.with_name(path.name + (mark or f".{os.getpid()}-{threading.get_ident()}.tmp"))
    try:
        temporary.unlink(missing_ok=True)  # a killed process's, perhaps of another mode
        temporary.touch()
        mode = temporary.stat().st_mode & 0o777
        yield temporary
        os.chmod(temporary, mode)  # safetensors leaves files that the owner alone may read, whatever the umask
        _sync(temporary, os.O_RDWR)
        os.replace(temporary, path)
        with contextlib.suppress(OSError):  # not every system opens folders
            _sync(path.parent, os.O_RDONLY)
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path, flags: int) -> None:
    """Have the disk hold what was written."""
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_text(path: Path, text: str, mark: str | None = None) -> None:
    """Write a text file as ``replacing`` does."""
    with replacing(path, mark) as temporary:
        temporary.write_text(text)


def save_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, str], mark: str | None = None) -> None:
    """Write a safetensors file as ``replacing`` does."""
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    with replacing(path, mark) as temporary:
        try:
            save_file(tensors, temporary, header)
        except SafetensorError as error:  # a full disk's too, and it is no OSError
            raise OSError(f"{path}: {error}") from error
