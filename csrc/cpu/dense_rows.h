// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Products of rows of numbers with matrices in panels. One source, dense_rows.inl, compiled for every vector level;
// dense_rows() hands out those of the level in use.
//
// A matrix (n, H) is kept as panels of kPanelBytes in H: panel p holds, for each of the n inputs, the columns from
// p * panel on, so that a product reads it from end to end. The last one is filled up with zeros.
#pragma once
#include <cstdint>

#include "cpu/simd.h"

namespace list_fast {

constexpr int64_t kPanelBytes = 256;

// Columns of a panel.
template <typename T>
constexpr int64_t kPanel = kPanelBytes / sizeof(T);

// Panels of a matrix with so many columns.
template <typename T>
constexpr int64_t panels(int64_t columns) {
  return (columns + kPanel<T> - 1) / kPanel<T>;
}

template <typename T>
struct DenseRows {
  // out[o][shift + c] = start[o][shift + c] (0 where start is null) + sum over k < n of in[o * stride + k] *
  // panel[k][c], for all columns c of the panel, added in the order of k: a row's bits do not depend on the others.
  // With `relu` the greater of that and 0; NaN stays.
  void (*multiply)(const T* in, int64_t stride, int64_t n, const T* panel, const T* const* start, T* const* out,
                   int64_t outs, int64_t shift, bool relu);
  // The sum over k < n of a[k] * b[k].
  T (*dot)(const T* a, const T* b, int64_t n);
};

#define LIST_FAST_SOURCE "cpu/dense_rows.inl"
#include "cpu/vector_levels.inl"  // NOLINT(bugprone-suspicious-include)

template <typename T>
DenseRows<T> dense_rows() {
#if LIST_FAST_X86
  if (simd_level() == SimdLevel::kAvx512) return avx512::dense<T>();
  if (simd_level() == SimdLevel::kAvx2) return avx2::dense<T>();
#endif
  return baseline::dense<T>();
}

}  // namespace list_fast
