# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""Writers of files: whole or not at all, with the umask's mode, on the disk before they have their name."""

from __future__ import annotations

import dataclasses
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from list_fast._files import write_text
from list_fast.model import CoarseNet, LISTConfig, save_checkpoint
from list_fast.training.files import write_json, write_tensors

NARROW: dict[str, Any] = {
    "tree_features": (8, 3),
    "tree_degrees": (4,),
    "global_features": 8,
    "head_hidden": 8,
    "layout_channels": 2,
}


def _json(path: Path) -> None:
    write_json(path, {"a": 1})


def _tensors(path: Path) -> None:
    write_tensors(path, {"a": torch.ones(3)}, {"b": 2})


def _checkpoint(path: Path) -> None:
    torch.manual_seed(0)
    save_checkpoint(path, CoarseNet(dataclasses.replace(LISTConfig.small(), **NARROW)))


WRITERS = pytest.mark.parametrize("write", [_json, _tensors, _checkpoint])


@WRITERS
@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_files_have_the_mode_that_the_umask_leaves(
    write: Callable[[Path], None], umask: int, mode: int, tmp_path: Path
) -> None:
    stale = tmp_path / "file.part"  # of an earlier version that was killed
    stale.touch(0o600)
    before = os.umask(umask)
    try:
        write(tmp_path / "file")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode


@WRITERS
@pytest.mark.skipif(os.name != "posix", reason="folders are synced on POSIX")
def test_a_file_is_on_the_disk_before_it_has_its_name(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, calls = tmp_path / "file", []
    fsync, replace = os.fsync, os.replace

    def syncs(descriptor: int) -> None:
        calls.append(("sync", os.fstat(descriptor).st_ino))
        fsync(descriptor)

    def renames(source: Any, target: Any) -> None:
        calls.append(("rename", os.stat(source).st_ino))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", syncs)
    monkeypatch.setattr(os, "replace", renames)
    write(path)
    file = path.stat().st_ino
    assert calls == [("sync", file), ("rename", file), ("sync", tmp_path.stat().st_ino)]


@pytest.mark.parametrize("write", [_tensors, _checkpoint])
def test_a_full_disk_is_an_os_error_and_the_old_file_stays(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetensors import SafetensorError

    path = tmp_path / "file"
    write(path)
    before = path.read_bytes()

    def save_file(tensors: Any, filename: Any, metadata: Any = None) -> None:
        Path(filename).write_bytes(b"half")
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr("safetensors.torch.save_file", save_file)
    with pytest.raises(OSError, match=r"^.*file: I/O error: No space left on device") as caught:
        write(path)
    assert str(caught.value).startswith(str(path))
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_an_error_without_a_name_gets_that_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*x\.json'") as caught:
        write_text(tmp_path / "x.json", "{}")
    assert caught.value.errno == errno.ENOSPC and list(tmp_path.iterdir()) == []
