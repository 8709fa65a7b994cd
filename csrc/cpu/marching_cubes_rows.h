// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What both methods of marching cubes do with the rows of a volume on CPU: signs to bits, vertices on crossed edges.
#pragma once
#include <torch/csrc/stable/ops.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "../core/marching_cubes.h"
#include "marching_cubes_signs.h"

namespace list_fast {

using Volume = BitVolume<uint64_t>;

// Threads take blocks of rows as they become free: the work of a row depends on the surface in it.
template <typename F>
void parallel_rows(int64_t rows, int64_t block, const F& work) {
  std::atomic<int64_t> next{0};
  torch::stable::parallel_for(0, torch::stable::get_num_threads(), 1, [&](int64_t, int64_t) {
    for (int64_t begin; (begin = next.fetch_add(block)) < rows;)
      work(begin, begin + block < rows ? begin + block : rows);
  });
}

template <typename T, typename A>
bool pack_rows(const T* values, const Volume& v, uint64_t* inside, int64_t begin, int64_t end, A level) {
  uint64_t nan = 0;
  for (int64_t row = begin; row < end; ++row) {
    const T* place = values + row * v.width;
    for (int64_t w = 0; w < v.words; ++w) {
      const int64_t left = v.width - 64 * w;
      const signs::Signs s = signs::of_word(place + 64 * w, static_cast<int>(left < 64 ? left : 64), level);
      inside[row * v.words + w] = s.inside;
      nan |= s.nan;
    }
  }
  return nan != 0;
}

// Rows of nodes without NaN; then rows of cells without NaN. Only for volumes that hold a NaN.
template <typename T, typename A>
void pack_known(const T* values, const Volume& v, uint64_t* known, int64_t begin, int64_t end, A level) {
  for (int64_t row = begin; row < end; ++row)
    for (int64_t w = 0; w < v.words; ++w) {
      const int64_t left = v.width - 64 * w;
      const int count = static_cast<int>(left < 64 ? left : 64);
      const uint64_t places = count < 64 ? (uint64_t(1) << count) - 1 : ~uint64_t(0);
      known[row * v.words + w] = ~signs::of_word(values + row * v.width + 64 * w, count, level).nan & places;
    }
}

inline void whole_cells(const Volume& v, const uint64_t* known, uint64_t* whole, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row)
    for (int64_t w = 0; w < v.words; ++w) {
      uint64_t cells = 0;
      if (row % v.height + 1 < v.height && row / v.height + 1 < v.depth) {
        cells = v.before_last(w);
        for (int n = 0; n < 4; ++n) {
          const uint64_t* place = known + (row + (n >> 1) * v.height + (n & 1)) * v.words;
          cells &= place[w] & next_places(place[w], w + 1 < v.words ? place[w + 1] : 0);
        }
      }
      whole[row * v.words + w] = cells;
    }
}

// The signs of a volume of at least 2 nodes along every axis as bits, and its cells without NaN where it holds one.
template <typename T>
struct VolumeBits {
  using A = typename Accumulate<T>::type;
  Volume v;
  int64_t rows, block;

  VolumeBits(const T* values, int64_t depth, int64_t height, int64_t width, A level)
      : v{nullptr, nullptr, depth, height, width, (width + 63) / 64},
        rows(depth * height),
        // About 64 Ki nodes a block: enough to hide the cost of taking one, few enough to share out evenly.
        block(width > 65536 ? 1 : 65536 / width),
        inside_(rows * v.words) {
    v.inside = inside_.data();
    std::atomic<bool> nan{false};
    parallel_rows(rows, block, [&](int64_t b, int64_t e) {
      if (pack_rows(values, v, inside_.data(), b, e, level)) nan.store(true, std::memory_order_relaxed);
    });
    if (!nan.load()) return;
    std::vector<uint64_t> known(inside_.size());
    whole_.resize(inside_.size());
    parallel_rows(rows, block, [&](int64_t b, int64_t e) { pack_known(values, v, known.data(), b, e, level); });
    parallel_rows(rows, block, [&](int64_t b, int64_t e) { whole_cells(v, known.data(), whole_.data(), b, e); });
    v.whole = whole_.data();
  }
  VolumeBits(const VolumeBits&) = delete;
  VolumeBits& operator=(const VolumeBits&) = delete;

 private:
  std::vector<uint64_t> inside_, whole_;
};

// The vertices of the last node rows used, computed once for the up to four cell rows around each.
template <typename Index>
class RowCache {
 public:
  explicit RowCache(const Volume& v) : words_(v.words) {
    for (auto& slot : slots_) slot.resize(v.words);
  }
  // first: of each row, as `vertices`, how many vertices come before.
  template <typename Counts>
  LIST_FAST_INLINE const OwnedVertices<uint64_t, Index>* get(const Volume& v, const Counts* first, int64_t i,
                                                             int64_t j) {
    const int64_t row = i * v.height + j;
    const int n = static_cast<int>(2 * (i & 1) + (j & 1));
    OwnedVertices<uint64_t, Index>* slot = slots_[n].data();
    if (held_[n] == row) return slot;
    held_[n] = row;
    int64_t number = first[row].vertices;
    for (int64_t w = 0; w < words_; ++w) {
      slot[w].here = v.crossings(i, j, w);
      slot[w].first = static_cast<Index>(number);
      number += slot[w].here.count();
      slot[w].next_x = slot[w].here.x >> 1;
      if (w > 0) slot[w - 1].next_x |= slot[w].here.x << 63;
    }
    return slot;
  }

 private:
  int64_t words_;
  int64_t held_[4] = {-1, -1, -1, -1};
  std::vector<OwnedVertices<uint64_t, Index>> slots_[4];
};

template <typename T, typename A, typename Index>
struct Output {
  const T* values;
  A level;
  A* vertices;
  Index* faces;
  int64_t* edges;  // null when not wanted
};

template <typename T, typename A, typename Index>
LIST_FAST_INLINE void write_row_vertices(const Volume& v, const Output<T, A, Index>& out, int64_t row, int64_t number) {
  const int64_t i = row / v.height, j = row % v.height;
  const int64_t strides[3] = {v.height * v.width, v.width, 1};
  const T* values = out.values + row * v.width;
  A* vertex = out.vertices + 3 * number;
  int64_t* edge = out.edges ? out.edges + number : nullptr;
  for (int64_t w = 0; w < v.words; ++w) {
    const Crossings<uint64_t> c = v.crossings(i, j, w);
    for (uint64_t left = c.x | c.y | c.z; left; left &= left - 1) {
      const int bit = lowest_bit(left);
      const int64_t k = 64 * w + bit;
      const uint64_t crossed[3] = {c.x >> bit & 1, c.y >> bit & 1, c.z >> bit & 1};
      const A d0 = static_cast<A>(values[k]);
      for (int axis = 0; axis < 3; ++axis) {
        if (!crossed[axis]) continue;
        vertex[0] = static_cast<A>(i);
        vertex[1] = static_cast<A>(j);
        vertex[2] = static_cast<A>(k);
        vertex[axis] += interpolate(d0, static_cast<A>(values[k + strides[axis]]), out.level);
        vertex += 3;
        if (edge) *edge++ = 3 * (row * v.width + k) + axis;
      }
    }
  }
}

}  // namespace list_fast
