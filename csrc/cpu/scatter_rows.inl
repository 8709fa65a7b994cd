// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Part of sample_rows.inl: adding gradients to the rows of a cell's corners.

// Adds one place's gradient to the rows of the corners that are read.
template <int kCorners, typename V, typename T>
LIST_FAST_INLINE void add_place(const LevelView<T, kCorners == 8 ? 3 : 2>& level, uint8_t used, int64_t base,
                                const int64_t* step, const T (*weight)[kPlaces], int i, const T* g) {
  constexpr int kLanes = sizeof(V) / sizeof(T);
  T* row[kCorners];
  T w[kCorners];
  const int n = used_rows<kCorners>(used, level.data + base, step, weight, i, row, w);
  const int64_t apart = level.channel_stride;
  int64_t c = 0;
  if (n == kCorners && apart == 1) {
    // All reads before all writes: rows lie powers of two apart, and a read right after a write with the same low
    // address bits would wait for it.
    for (; c + kLanes <= level.channels; c += kLanes) {
      const V gv = load<V>(g + c);
      V sum[kCorners];
      for (int k = 0; k < kCorners; ++k) sum[k] = load<V>(row[k] + c) + gv * w[k];
      for (int k = 0; k < kCorners; ++k) store(row[k] + c, sum[k]);
    }
  }
  for (; c < level.channels; ++c)
    for (int k = 0; k < n; ++k) row[k][c * apart] += g[c] * w[k];
}

template <typename T, int kDim, Padding kPadding>
LIST_FAST_TARGET void scatter(const LevelView<T, kDim>& level, const T* places, const T* steps, const int64_t* row_of,
                              int count, const T* grad, int64_t stride) {
  constexpr int kCorners = 1 << kDim;
  constexpr int kAhead = 4;
  using V = typename Vec<T, LIST_FAST_VECTOR_BYTES>::type;
  alignas(64) T weight[kCorners][kPlaces];
  alignas(64) int64_t base[kPlaces];
  int64_t step[kCorners];
  uint8_t used[kPlaces];
  find_cells<T, kDim, kPadding, true>(level, places, steps, count, base, weight, used);
  corner_steps(level, step);
  for (int i = 0; i < count; ++i) {
    if (i + kAhead < count)
      for (int k = 0; k < kCorners; ++k) __builtin_prefetch(level.data + base[i + kAhead] + step[k], 1);
    add_place<kCorners, V>(level, used[i], base[i], step, weight, i, grad + row_of[i] * stride);
  }
}

// The places of a tile, chained by cell.
struct CellChains {
  static constexpr int kSlots = 2 * kTile;
  int64_t key[kSlots];
  int16_t cell[kSlots];  // -1 where the slot is free
  int16_t first[kTile], last[kTile], next[kTile];
  int cells = 0;

  CellChains() { std::fill_n(cell, kSlots, int16_t{-1}); }

  void add(int64_t base, int place) {
    size_t slot = (static_cast<uint64_t>(base) * 0x9E3779B97F4A7C15u >> 32) % kSlots;
    while (cell[slot] >= 0 && key[slot] != base) slot = (slot + 1) % kSlots;
    next[place] = -1;
    if (cell[slot] < 0) {
      key[slot] = base;
      cell[slot] = static_cast<int16_t>(cells);
      first[cells++] = static_cast<int16_t>(place);
    } else {
      next[last[cell[slot]]] = static_cast<int16_t>(place);
    }
    last[cell[slot]] = static_cast<int16_t>(place);
  }
};

// Adds the gradients of places of one cell, all of whose corners are read, to its rows.
template <int kCorners, typename V, typename T>
LIST_FAST_INLINE void add_cell(T* const* row, int64_t channels, const T* const* gradient, const T* const* weight,
                               int count) {
  constexpr int kLanes = sizeof(V) / sizeof(T);
  int64_t c = 0;
  for (; c + kLanes <= channels; c += kLanes) {
    V sum[kCorners];
    for (int k = 0; k < kCorners; ++k) sum[k] = load<V>(row[k] + c);
    for (int i = 0; i < count; ++i) {
      const V gv = load<V>(gradient[i] + c);
      const T* w = weight[i];
      for (int k = 0; k < kCorners; ++k) sum[k] = gv * w[k * kPlaces] + sum[k];
    }
    for (int k = 0; k < kCorners; ++k) store(row[k] + c, sum[k]);
  }
  for (; c < channels; ++c)
    for (int k = 0; k < kCorners; ++k) {
      T sum = row[k][c];
      for (int i = 0; i < count; ++i) sum += gradient[i][c] * weight[i][k * kPlaces];
      row[k][c] = sum;
    }
}

template <typename T, int kDim, Padding kPadding>
LIST_FAST_TARGET void scatter_tile(const LevelView<T, kDim>& level, const T* places, const T* steps,
                                   const int64_t* row_of, int count, const T* grad, int64_t stride) {
  constexpr int kCorners = 1 << kDim, kLine = 64 / sizeof(T);
  using V = typename Vec<T, LIST_FAST_VECTOR_BYTES>::type;
  alignas(64) T weight[kTile / kPlaces][kCorners][kPlaces];
  alignas(64) int64_t base[kTile];
  uint8_t used[kTile];
  int64_t step[kCorners];
  corner_steps(level, step);
  CellChains chains;
  for (int begin = 0; begin < count; begin += kPlaces) {
    const int here = count - begin < kPlaces ? count - begin : kPlaces, block = begin / kPlaces;
    find_cells<T, kDim, kPadding, true>(level, places + begin * kDim, steps == nullptr ? nullptr : steps + begin * kDim,
                                        here, base + begin, weight[block], used + begin);
    for (int i = begin; i < begin + here; ++i) {
      const T* g = grad + row_of[i] * stride;
      if (used[i] == (1 << kCorners) - 1) {
        chains.add(base[i], i);
        for (int64_t c = 0; c < level.channels; c += kLine) __builtin_prefetch(g + c, 0, 2);
      } else {
        add_place<kCorners, V>(level, used[i], base[i], step, weight[block], i - begin, g);
      }
    }
  }
  const T* gradient[kTile];
  const T* weights[kTile];
  for (int cell = 0; cell < chains.cells; ++cell) {
    T* row[kCorners];
    for (int k = 0; k < kCorners; ++k) row[k] = level.data + base[chains.first[cell]] + step[k];
    int n = 0;
    for (int i = chains.first[cell]; i >= 0; i = chains.next[i]) {
      gradient[n] = grad + row_of[i] * stride;
      weights[n++] = &weight[i / kPlaces][0][i % kPlaces];
    }
    add_cell<kCorners, V>(row, level.channels, gradient, weights, n);
  }
}
