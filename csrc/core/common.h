// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What every core header starts from. Nothing in core/ includes torch or CUDA: it compiles with a bare C++17 compiler.
#pragma once
#include <cstdint>

#if defined(__CUDACC__)
#define LIST_FAST_HD __host__ __device__ __forceinline__
#else
#define LIST_FAST_HD inline
#endif

namespace list_fast {

enum class Padding : int64_t { kBorder = 0, kZeros = 1, kReflection = 2 };

}  // namespace list_fast
