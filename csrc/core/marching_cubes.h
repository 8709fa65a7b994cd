// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes on rows of bits: which edges the surface crosses, which cells it passes, and where vertices lie.
//
// A volume (D, H, W) has the node (i, j, k) at x = i, y = j, z = k, in row i * H + j at place k. One bit says that a
// node is inside (value < level). A node owns the edges to its upper neighbours along x, y and z; a crossed edge
// carries one vertex. Vertices are ordered by owner, then axis; faces by cell, then as in the table. A corner (dx, dy,
// dz) of a cell has number 4 dx + 2 dy + dz; its edges are numbered 2 dy + dz along x, 4 + 2 dx + dz along y, 8 + 2 dx
// + dy along z.
#pragma once
#include <cstdint>

#include "arithmetic.h"
#include "marching_cubes_table.h"

namespace list_fast {

LIST_FAST_INLINE int count_bits(uint32_t word) {
#if defined(__CUDA_ARCH__)
  return __popc(word);
#else
  return __builtin_popcount(word);
#endif
}

LIST_FAST_INLINE int count_bits(uint64_t word) {
#if defined(__CUDA_ARCH__)
  return __popcll(word);
#else
  return __builtin_popcountll(word);
#endif
}

LIST_FAST_INLINE int lowest_bit(uint32_t word) {
#if defined(__CUDA_ARCH__)
  return __ffs(static_cast<int>(word)) - 1;
#else
  return __builtin_ctz(word);
#endif
}

LIST_FAST_INLINE int lowest_bit(uint64_t word) {
#if defined(__CUDA_ARCH__)
  return __ffsll(static_cast<long long>(word)) - 1;
#else
  return __builtin_ctzll(word);
#endif
}

// Where `level` lies from d0 (lower node) to d1 (upper node), in [0, 1]; one of them is inside, the other is not.
// A finite end wins against an infinite one. No product feeds a sum, so every compiler gives the same bits.
template <typename T>
LIST_FAST_INLINE T interpolate(T d0, T d1, T level) {
  T rise = d1 - d0, step = level - d0;
  if (rise - rise != T(0)) {  // past the largest number, or infinite
    const bool infinite0 = d0 - d0 != T(0), infinite1 = d1 - d1 != T(0);
    if (infinite0 || infinite1) return infinite0 ? (infinite1 ? T(0.5) : T(1)) : T(0);
    rise = T(0.5) * d1 - T(0.5) * d0;
    step = T(0.5) * level - T(0.5) * d0;
  }
  const T t = step / rise;
  return t >= T(0) ? (t <= T(1) ? t : T(1)) : T(0);  // a NaN, possible only where subnormals are flushed, becomes 0
}

// d t / d d0 and d t / d d1 of `interpolate`; zero where the rise is infinite.
template <typename T>
LIST_FAST_INLINE void interpolate_gradient(T d0, T d1, T level, T& g0, T& g1) {
  const T rise = d1 - d0;
  if (rise - rise != T(0)) {
    g0 = g1 = T(0);
    return;
  }
  const T t = (level - d0) / rise;
  g0 = (t - T(1)) / rise;
  g1 = -t / rise;
}

// The bits of the next places: bit k of the result is bit k + 1 of the row.
template <typename Word>
LIST_FAST_INLINE Word next_places(Word here, Word after) {
  return (here >> 1) | (after << (8 * sizeof(Word) - 1));
}

// Bit k of the result is bit k - 1 of the row.
template <typename Word>
LIST_FAST_INLINE Word previous_places(Word here, Word before) {
  return (here << 1) | (before >> (8 * sizeof(Word) - 1));
}

template <typename Word>
struct Crossings {
  Word x, y, z;
  LIST_FAST_INLINE int count() const { return count_bits(x) + count_bits(y) + count_bits(z); }
};

// The four sign rows around a row of cells, each beside the same row one place on.
template <typename Word>
struct CellRow {
  Word s[4], next[4];  // number 2 dx + dy
  Word active;         // cells that the surface passes

  LIST_FAST_INLINE int case_of(int k) const {
    int result = 0;
    for (int n = 0; n < 4; ++n) result |= static_cast<int>((s[n] >> k & 1) | (next[n] >> k & 1) << 1) << (2 * n);
    return result;
  }
};

// Bit planes over the D * H rows of a volume, `words` words a row; places past W are 0.
template <typename Word>
struct BitVolume {
  static constexpr int kBits = 8 * sizeof(Word);
  const Word* inside;
  const Word* whole;  // cells none of whose corners is NaN; null when no value is NaN
  int64_t depth, height, width, words;

  LIST_FAST_INLINE Word sign(int64_t row, int64_t w) const { return w < words ? inside[row * words + w] : Word(0); }
  LIST_FAST_INLINE Word cells(int64_t i, int64_t j, int64_t w) const {
    return i >= 0 && j >= 0 && w >= 0 ? whole[(i * height + j) * words + w] : Word(0);
  }
  // Cells (i, j) at this place or the one before.
  LIST_FAST_INLINE Word cells_beside(int64_t i, int64_t j, int64_t w) const {
    const Word here = cells(i, j, w);
    return here | previous_places(here, cells(i, j, w - 1));
  }
  // The places below W - 1: those that own an edge along z.
  LIST_FAST_INLINE Word before_last(int64_t w) const {
    const int64_t left = width - 1 - w * kBits;
    return left >= kBits ? ~Word(0) : left > 0 ? (Word(1) << left) - 1 : Word(0);
  }

  // Edges owned by the nodes of a word that carry a vertex: crossed, and side of a cell without NaN.
  LIST_FAST_INLINE Crossings<Word> crossings(int64_t i, int64_t j, int64_t w) const {
    const int64_t row = i * height + j;
    const Word s = sign(row, w);
    Crossings<Word> c;
    c.x = i + 1 < depth ? s ^ sign(row + height, w) : Word(0);
    c.y = j + 1 < height ? s ^ sign(row + 1, w) : Word(0);
    c.z = (s ^ next_places(s, sign(row, w + 1))) & before_last(w);
    if (whole && (c.x | c.y | c.z)) {
      c.x &= cells_beside(i, j, w) | cells_beside(i, j - 1, w);
      c.y &= cells_beside(i, j, w) | cells_beside(i - 1, j, w);
      c.z &= cells(i, j, w) | cells(i, j - 1, w) | cells(i - 1, j, w) | cells(i - 1, j - 1, w);
    }
    return c;
  }

  // The cells of row (i, j), i < depth - 1 and j < height - 1.
  LIST_FAST_INLINE CellRow<Word> cell_row(int64_t i, int64_t j, int64_t w) const {
    CellRow<Word> c;
    Word any = 0, all = ~Word(0);
    for (int n = 0; n < 4; ++n) {
      const int64_t row = (i + (n >> 1)) * height + j + (n & 1);
      c.s[n] = sign(row, w);
      c.next[n] = next_places(c.s[n], sign(row, w + 1));
      any |= c.s[n] | c.next[n];
      all &= c.s[n] & c.next[n];
    }
    c.active = any & ~all & before_last(w);
    if (whole && c.active) c.active &= whole[(i * height + j) * words + w];
    return c;
  }
};

// Of one word of a node row: its crossings, those one place on, and the number of the first vertex.
template <typename Word, typename Index>
struct OwnedVertices {
  Crossings<Word> here;
  Word next_x;
  Index first;

  // The number of the first vertex of node k of this word.
  LIST_FAST_INLINE Index start(int k) const {
    const Word below = (Word(1) << k) - 1;
    return first +
           static_cast<Index>(count_bits(here.x & below) + count_bits(here.y & below) + count_bits(here.z & below));
  }
  LIST_FAST_INLINE int has_x(int k) const { return static_cast<int>(here.x >> k & 1); }
  LIST_FAST_INLINE int has_y(int k) const { return static_cast<int>(here.y >> k & 1); }
  LIST_FAST_INLINE int has_z(int k) const { return static_cast<int>(here.z >> k & 1); }
  LIST_FAST_INLINE int next_has_x(int k) const { return static_cast<int>(next_x >> k & 1); }
};

// The vertices on the 12 edges of cell k; entries of edges that are not crossed are meaningless. rows: number 2 dx +
// dy.
template <typename Word, typename Index>
LIST_FAST_INLINE void cell_vertices(const OwnedVertices<Word, Index>* rows, int k, Index* ids) {
  Index at[4], above[4];  // the first vertex of the cell's lower and of its upper node in each row
  for (int n = 0; n < 4; ++n) {
    const OwnedVertices<Word, Index>& r = rows[n];
    at[n] = r.start(k);
    above[n] = at[n] + static_cast<Index>(r.has_x(k) + r.has_y(k) + r.has_z(k));
    ids[8 + n] = at[n] + static_cast<Index>(r.has_x(k) + r.has_y(k));
  }
  for (int dy = 0; dy < 2; ++dy) {
    ids[2 * dy] = at[dy];
    ids[2 * dy + 1] = above[dy];
  }
  for (int dx = 0; dx < 2; ++dx) {
    ids[4 + 2 * dx] = at[2 * dx] + static_cast<Index>(rows[2 * dx].has_x(k));
    ids[4 + 2 * dx + 1] = above[2 * dx] + static_cast<Index>(rows[2 * dx].next_has_x(k));
  }
}

}  // namespace list_fast
