// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Sums of products that every back end rounds alike.
#pragma once

#if defined(__CUDACC__)
#define LIST_FAST_INLINE __host__ __device__ __forceinline__
#else
// Inlined by force: a copy outside of its caller would lose the caller's instruction set.
#define LIST_FAST_INLINE __attribute__((always_inline)) inline
#endif

namespace list_fast {

// a * b + c, rounded once on every back end.
LIST_FAST_INLINE float multiply_add(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
LIST_FAST_INLINE double multiply_add(double a, double b, double c) { return __builtin_fma(a, b, c); }

}  // namespace list_fast
