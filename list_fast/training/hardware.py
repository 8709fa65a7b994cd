# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What the processor is good at."""

from __future__ import annotations

import os

import torch


def multiplies_bfloat16() -> bool:
    """Whether the CPU has instructions that multiply bfloat16 (AMX tiles, AVX-512 BF16).

    Others emulate it, at more than the time that float32 takes.
    """
    checks = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, name, bool)()) for name in checks)


def reader_threads() -> int:
    """Threads that read and decode ahead of the steps: half the processors that a process of this machine has, 1 to 8.

    On two cores the steps need both.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(8, processors // (2 * int(os.environ.get("LOCAL_WORLD_SIZE", "1")))))
