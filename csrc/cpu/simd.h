// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Which vector instructions the CPU kernels use: compiled for each level, chosen when the program runs.
#pragma once
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#define LIST_FAST_X86 1
#else
#define LIST_FAST_X86 0
#endif

// Before a loop of few and known turns over registers: left as a loop until late, GCC keeps what it writes in memory.
#if defined(__clang__)
#define LIST_FAST_UNROLL _Pragma("unroll")
#elif defined(__GNUC__)
#define LIST_FAST_UNROLL _Pragma("GCC unroll 16")
#else
#define LIST_FAST_UNROLL
#endif

namespace list_fast {

// kBaseline is what the compiler assumes for the architecture: SSE2 on x86-64, NEON on 64-bit ARM.
enum class SimdLevel { kBaseline = 0, kAvx2 = 1, kAvx512 = 2 };

inline SimdLevel best_simd_level() {
#if LIST_FAST_X86
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw"))
    return SimdLevel::kAvx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return SimdLevel::kAvx2;
#endif
  return SimdLevel::kBaseline;
}

// The level in use: the best one, or a lower one that the environment variable LIST_FAST_SIMD names (baseline, also
// called sse2 or neon, avx2, avx512).
inline SimdLevel simd_level() {
  static const SimdLevel level = [] {
    const SimdLevel best = best_simd_level();
    const char* wish = std::getenv("LIST_FAST_SIMD");
    if (wish == nullptr) return best;
    SimdLevel named = best;
    for (const char* name : {"baseline", "sse2", "neon"})
      if (std::strcmp(wish, name) == 0) named = SimdLevel::kBaseline;
    if (std::strcmp(wish, "avx2") == 0) named = SimdLevel::kAvx2;
    return named < best ? named : best;
  }();
  return level;
}

inline const char* simd_name() {
#if LIST_FAST_X86
  switch (simd_level()) {
    case SimdLevel::kAvx512:
      return "avx512";
    case SimdLevel::kAvx2:
      return "avx2";
    default:
      return "sse2";
  }
#elif defined(__aarch64__)
  return "neon";
#else
  return "baseline";
#endif
}

}  // namespace list_fast
