// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The places of a call, in an order in which neighbours in memory are neighbours in space: the rows that one place
// reads are then still in the cache for the next. Points that come in random order, as in training, are served several
// times faster.
#pragma once
#include <torch/csrc/stable/ops.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "cpu/sample_rows.h"

namespace list_fast {

// Number of a cell of a 2^bits grid over [-1, 1] along a Morton curve. Any coordinate, NaN too, has a cell.
template <typename T, int kDim>
int32_t morton_cell(const T* position, int bits) {
  int32_t cell = 0;
  const T top = static_cast<T>((1 << bits) - 1);
  for (int a = 0; a < kDim; ++a) {
    T u = (position[a] + T(1)) * T(0.5) * static_cast<T>(1 << bits);
    u = u < top ? u : top;
    u = u > T(0) ? u : T(0);
    const int32_t q = static_cast<int32_t>(u);
    for (int b = 0; b < bits; ++b) cell |= (q >> b & 1) << (b * kDim + a);
  }
  return cell;
}

template <typename T, int kDim>
struct Places {
  std::vector<T> position;     // (batch * points, kDim) in the order of the walk
  std::vector<int64_t> index;  // where each of them stood among all points
  const T* offsets = nullptr;  // (k, kDim), or null
  int64_t batch, points, k;    // k places for each of the points of each batch element

  int64_t per_batch() const { return points * k; }
  int64_t total() const { return batch * points * k; }

  // position_of(point, T[kDim]) for every point of every batch element.
  template <typename F>
  Places(int64_t batch_, int64_t points_, const T* offsets_, int64_t k_, const F& position_of)
      : position(batch_ * points_ * kDim),
        index(batch_ * points_),
        offsets(offsets_),
        batch(batch_),
        points(points_),
        k(k_) {
    const int bits = points < 512 ? 0 : (kDim == 2 ? 6 : (points < 16384 ? 4 : 5));
    torch::stable::parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
      std::vector<T> given(points * kDim);
      std::vector<int32_t> cell(points);
      std::vector<int64_t> start;
      for (int64_t b = begin; b < end; ++b) {
        start.assign((int64_t{1} << (bits * kDim)) + 1, 0);
        for (int64_t p = 0; p < points; ++p) {
          T* place = given.data() + p * kDim;
          position_of(b * points + p, place);
          cell[p] = bits == 0 ? 0 : morton_cell<T, kDim>(place, bits);
          ++start[cell[p] + 1];
        }
        for (size_t c = 1; c < start.size(); ++c) start[c] += start[c - 1];
        for (int64_t p = 0; p < points; ++p) {
          const int64_t to = b * points + start[cell[p]]++;
          index[to] = b * points + p;
          std::copy_n(given.data() + p * kDim, kDim, position.data() + to * kDim);
        }
      }
    });
  }

  // Coordinates of the places [first, first + count) of the walk, kPlaces apart for each axis, and the row of the
  // output that each of them belongs to.
  void fill(int64_t first, int count, T* places, int64_t* row) const {
    int64_t point = first / k, j = first % k;
    for (int i = 0; i < count; ++i) {
      for (int a = 0; a < kDim; ++a)
        places[a * kPlaces + i] = position[point * kDim + a] + (offsets == nullptr ? T(0) : offsets[j * kDim + a]);
      row[i] = index[point] * k + j;
      if (++j == k) {
        j = 0;
        ++point;
      }
    }
  }
};

}  // namespace list_fast
