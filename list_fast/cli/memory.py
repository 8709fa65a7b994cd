# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""How the C library hands out memory in a process of ours."""

from __future__ import annotations

import ctypes
import mmap
import sys

# mallopt(3).
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
RESERVE = 1 << 32
"""Bytes of address space that are set aside for large pages; what is never used costs nothing."""


def keep_freed_memory(reserve: int = RESERVE) -> int:
    """Let memory that tensors have freed stay with the process, in large pages, for the tensors to come.

    By default glibc maps every large tensor anew and gives it back when it is freed, so a training step asks the
    kernel for the same hundreds of megabytes again and again, four kilobytes at a time. This is a choice for the whole
    process, whose memory then stays at its peak: for commands that run one loop until they end, not for a library.

    Args:
        reserve: bytes of the heap that large pages are asked for.

    Returns:
        The bytes for which they are; 0 where the C library is not glibc, and nothing changes.
    """
    if not sys.platform.startswith("linux"):
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "gnu_get_libc_version") or not hasattr(mmap, "MADV_HUGEPAGE"):
        return 0
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    libc.mallopt(_MMAP_MAX, 0)
    libc.mallopt(_TRIM_THRESHOLD, -1)
    # One block as large as the heap may grow, freed at once: what comes later is cut from it.
    while reserve >= 1 << 24:
        block = libc.malloc(reserve)
        if block:
            start = (block + mmap.PAGESIZE - 1) // mmap.PAGESIZE * mmap.PAGESIZE
            length = (block + reserve - start) // mmap.PAGESIZE * mmap.PAGESIZE
            refused = libc.madvise(start, length, mmap.MADV_HUGEPAGE)
            libc.free(block)
            return 0 if refused else length
        reserve //= 2  # a limit on the address space
    return 0
