// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Includes the file LIST_FAST_SOURCE once for each vector level that the processor may have, with LIST_FAST_ISA (the
// namespace that it goes to), LIST_FAST_VECTOR_BYTES and LIST_FAST_TARGET (the attribute of its functions).

#define LIST_FAST_ISA baseline
#define LIST_FAST_VECTOR_BYTES 16
#define LIST_FAST_TARGET
#include LIST_FAST_SOURCE
#undef LIST_FAST_ISA
#undef LIST_FAST_VECTOR_BYTES
#undef LIST_FAST_TARGET

#if LIST_FAST_X86
#define LIST_FAST_ISA avx2
#define LIST_FAST_VECTOR_BYTES 32
#define LIST_FAST_TARGET __attribute__((target("avx2,fma")))
#include LIST_FAST_SOURCE
#undef LIST_FAST_ISA
#undef LIST_FAST_VECTOR_BYTES
#undef LIST_FAST_TARGET

#define LIST_FAST_ISA avx512
#define LIST_FAST_VECTOR_BYTES 64
#define LIST_FAST_TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")))
#include LIST_FAST_SOURCE
#undef LIST_FAST_ISA
#undef LIST_FAST_VECTOR_BYTES
#undef LIST_FAST_TARGET
#endif

#undef LIST_FAST_SOURCE
