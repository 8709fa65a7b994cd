// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Signs of a row of values as bits, by the widest vector instructions that the processor has.
#pragma once
#include <cstdint>
#include <cstring>

#include "../accumulate.h"
#include "simd.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace list_fast::signs {

// Bit k of `inside` says values[k] < level, bit k of `nan` that values[k] is NaN; count <= 64.
struct Signs {
  uint64_t inside, nan;
};

inline uint64_t gather_bits(const uint8_t* flags) {
  uint64_t word = 0;
  for (int n = 0; n < 8; ++n) {
    uint64_t bytes = 0;
    for (int m = 0; m < 8; ++m) bytes |= static_cast<uint64_t>(flags[8 * n + m]) << m;
    word |= bytes << (8 * n);
  }
  return word;
}

template <typename T>
Signs of_word_plain(const T* values, int count, T level) {
  uint8_t inside[64] = {}, nan[64] = {};
  for (int k = 0; k < count; ++k) {
    inside[k] = values[k] < level;
    nan[k] = values[k] != values[k];
  }
  return {gather_bits(inside), gather_bits(nan)};
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) inline Signs of_word_avx2(const float* values, float level) {
  const __m256 limit = _mm256_set1_ps(level);
  uint64_t inside = 0, nan = 0;
  for (int n = 0; n < 8; ++n) {
    const __m256 v = _mm256_loadu_ps(values + 8 * n);
    inside |= static_cast<uint64_t>(_mm256_movemask_ps(_mm256_cmp_ps(v, limit, _CMP_LT_OQ))) << (8 * n);
    nan |= static_cast<uint64_t>(_mm256_movemask_ps(_mm256_cmp_ps(v, v, _CMP_UNORD_Q))) << (8 * n);
  }
  return {inside, nan};
}

__attribute__((target("avx2"))) inline Signs of_word_avx2(const double* values, double level) {
  const __m256d limit = _mm256_set1_pd(level);
  uint64_t inside = 0, nan = 0;
  for (int n = 0; n < 16; ++n) {
    const __m256d v = _mm256_loadu_pd(values + 4 * n);
    inside |= static_cast<uint64_t>(_mm256_movemask_pd(_mm256_cmp_pd(v, limit, _CMP_LT_OQ))) << (4 * n);
    nan |= static_cast<uint64_t>(_mm256_movemask_pd(_mm256_cmp_pd(v, v, _CMP_UNORD_Q))) << (4 * n);
  }
  return {inside, nan};
}

__attribute__((target("avx2,f16c"))) inline Signs of_word_avx2(const Half* values, float level) {
  float wide[64];
  for (int n = 0; n < 8; ++n)
    _mm256_storeu_ps(wide + 8 * n, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(values + 8 * n))));
  return of_word_avx2(wide, level);
}

__attribute__((target("avx2"))) inline Signs of_word_avx2(const BFloat16* values, float level) {
  float wide[64];
  for (int n = 0; n < 8; ++n) {
    const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(values + 8 * n));
    _mm256_storeu_ps(wide + 8 * n, _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(half), 16)));
  }
  return of_word_avx2(wide, level);
}

// Eight integers, sign-extended or not to 32 bits each.
__attribute__((target("avx2"))) inline __m256i widened(const uint8_t* values) {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(values)));
}
__attribute__((target("avx2"))) inline __m256i widened(const int8_t* values) {
  return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(values)));
}
__attribute__((target("avx2"))) inline __m256i widened(const int16_t* values) {
  return _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(values)));
}

template <typename T>
__attribute__((target("avx2"))) inline Signs of_word_avx2(const T* values, float level) {
  const __m256 limit = _mm256_set1_ps(level);
  uint64_t inside = 0;
  for (int n = 0; n < 8; ++n) {
    const __m256 v = _mm256_cvtepi32_ps(widened(values + 8 * n));
    inside |= static_cast<uint64_t>(_mm256_movemask_ps(_mm256_cmp_ps(v, limit, _CMP_LT_OQ))) << (8 * n);
  }
  return {inside, 0};
}

// AVX2 and what came with it on every processor so far: conversion of half floats, and counting bits in one
// instruction.
inline bool has_avx2() {
  static const bool there = simd_level() >= SimdLevel::kAvx2 && __builtin_cpu_supports("f16c") &&
                            __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                            __builtin_cpu_supports("popcnt");
  return there;
}
#endif

template <typename T>
Signs of_word(const T* values, int count, typename Accumulate<T>::type level) {
  using A = typename Accumulate<T>::type;
#if defined(__x86_64__)
  if (count == 64 && has_avx2()) return of_word_avx2(values, level);
#endif
  A wide[64];
  for (int k = 0; k < count; ++k) wide[k] = static_cast<A>(values[k]);
  return of_word_plain(wide, count, level);
}

}  // namespace list_fast::signs
