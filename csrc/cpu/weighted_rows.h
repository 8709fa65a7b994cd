// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Sums of rows of channels, each row times a number. One source, weighted_rows.inl, compiled for every vector level;
// weighted_rows() hands out those of the level in use.
#pragma once
#include <cstdint>

#include "cpu/simd.h"

namespace list_fast {

template <typename T>
struct WeightedRows {
  // out[c] = sum over k < n of weight[k] * row[k][shift + c], added in the order of k.
  void (*sum)(const T* const* row, const T* weight, int64_t n, int64_t shift, int64_t channels, T* out);
};

#define LIST_FAST_SOURCE "cpu/weighted_rows.inl"
#include "cpu/vector_levels.inl"  // NOLINT(bugprone-suspicious-include)

template <typename T>
WeightedRows<T> weighted_rows() {
#if LIST_FAST_X86
  if (simd_level() == SimdLevel::kAvx512) return {avx512::sum_weighted<T>};
  if (simd_level() == SimdLevel::kAvx2) return {avx2::sum_weighted<T>};
#endif
  return {baseline::sum_weighted<T>};
}

}  // namespace list_fast
