# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
"""What the processor is good at."""

from __future__ import annotations

import torch


def multiplies_bfloat16() -> bool:
    """Whether the CPU has instructions that multiply bfloat16 (AMX tiles, AVX-512 BF16).

    Others emulate it, at more than the time that float32 takes.
    """
    checks = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, name, bool)()) for name in checks)
