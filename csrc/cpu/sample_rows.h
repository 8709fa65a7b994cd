// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The inner loops of the samplers: combining the feature rows of a cell's corners. One source, sample_rows.inl,
// compiled for every vector level; row_kernels() hands out those of the level in use.
#pragma once
#include <cstdint>

#include "core/bilinear.h"
#include "core/trilinear.h"
#include "cpu/simd.h"

namespace list_fast {

// Places that are handled together: their cells stay in the first-level cache while the levels are walked.
constexpr int kPlaces = 128;

// Places of a tile, whole blocks of kPlaces, which are brought into the order of their cells.
constexpr int kTile = 8 * kPlaces;

// One batch element of one level, as the kernels see it. Axis 0 is x (width), 1 is y, 2 is z.
template <typename T, int kDim>
struct LevelView {
  T* data;           // node (0, .., 0), channel 0
  int64_t channels;  // C
  int64_t channel_stride;
  int64_t stride[kDim];  // in elements
  AxisMap<T> map[kDim];
};

template <typename T, int kDim>
struct RowKernels {
  // out[row[i] * stride + c] = sum over corners of weight * level[corner, c]. places: kDim arrays of kPlaces
  // coordinates.
  void (*gather)(const LevelView<T, kDim>& level, const T* places, const int64_t* row, int count, T* out,
                 int64_t stride);
  // by_place[a * kPlaces + i] += d/d place_a of sum over c of grad[row[i] * stride + c] * sample(i, c).
  void (*differentiate)(const LevelView<T, kDim>& level, const T* places, const int64_t* row, int count, const T* grad,
                        int64_t stride, T* by_place);
  // level[corner, c] += weight * grad[row[i] * stride + c], place after place.
  // With `steps`, kDim arrays as places, the weights are their derivatives when each place moves along its step.
  void (*scatter)(const LevelView<T, kDim>& level, const T* places, const T* steps, const int64_t* row, int count,
                  const T* grad, int64_t stride);
  // The same for up to kTile places, in blocks of kPlaces (block b has its kDim arrays at places + b * kDim * kPlaces),
  // cell after cell in the order in which the places find them. A cell's rows are then loaded and stored once.
  void (*scatter_tile)(const LevelView<T, kDim>& level, const T* places, const T* steps, const int64_t* row, int count,
                       const T* grad, int64_t stride);
  // For the second derivatives, with the weights (their derivatives along `steps` where these are given):
  //   out[row[i] * stride + c] (added to with `add`) = sum over corners of weight * level[corner, c],
  //   first[a * kPlaces + i] += d/d place_a of sum over c of grad * sample, and
  //   second[a * kPlaces + i] += d/d place_a of sum over c of grad * (derivative of the sample along the step).
  // Each of out, first and second may be null.
  void (*probe)(const LevelView<T, kDim>& level, const T* places, const T* steps, const int64_t* row, int count,
                const T* grad, int64_t stride, T* out, bool add, T* first, T* second);
};

#define LIST_FAST_SOURCE "cpu/sample_rows.inl"
#include "cpu/vector_levels.inl"  // NOLINT(bugprone-suspicious-include)

template <typename T, int kDim>
RowKernels<T, kDim> row_kernels(Padding padding) {
#if LIST_FAST_X86
  if (simd_level() == SimdLevel::kAvx512) return avx512::kernels<T, kDim>(padding);
  if (simd_level() == SimdLevel::kAvx2) return avx2::kernels<T, kDim>(padding);
#endif
  return baseline::kernels<T, kDim>(padding);
}

}  // namespace list_fast
