// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes 33 on bricks. A face between two bricks is decided by its own four corners and a cell by its eight, as
// in the whole lattice: neither side asks what the other found, and the mesh is that of the whole.
#pragma once
#include "marching_cubes_bricks.h"
#include "mc33.h"

namespace list_fast {

// The values of bricks, (M, 8, 8, 8), at the corners of a cell.
template <typename T, typename A>
struct BrickValues {
  const T* values;
  A level;

  // Of the cell at a bit of plane i, whose corners are all known, minus the level.
  LIST_FAST_INLINE void read(const BrickLattice& lattice, int64_t m, int i, int bit, double* out) const {
    for (int n = 0; n < 8; ++n) {
      const int x = i + (n >> 2), y = bit / kBrick + (n >> 1 & 1), z = bit % kBrick + (n & 1);
      const int64_t home = lattice.brick(m, x / kBrick, y / kBrick, z / kBrick);
      const int64_t place = kBrickNodes * home + 64 * (x % kBrick) + kBrick * (y % kBrick) + z % kBrick;
      out[n] = static_cast<double>(static_cast<A>(values[place])) - static_cast<double>(level);
    }
  }
};

// How many vertices on edges, faces and inner vertices the 8 rows of plane i have: put(row, Mc33Counts).
template <typename T, typename A, typename Put>
LIST_FAST_INLINE void count_mc33_plane(const BrickLattice& lattice, int64_t m, int i, const Mc33Tables& tables,
                                       const BrickValues<T, A>& values, const Put& put) {
  const Crossings<uint64_t> c = lattice.find_crossings(m, i);
  const CellRow<uint64_t> row = lattice.cells(m, i);
  for (int j = 0; j < kBrick; ++j) {
    const uint64_t mask = uint64_t(0xff) << (kBrick * j);
    Mc33Counts out = {count_bits(c.x & mask) + count_bits(c.y & mask) + count_bits(c.z & mask), 0, 0};
    for (uint64_t left = row.active & mask; left; left &= left - 1) {
      const int bit = lowest_bit(left);
      count_cell(tables, row.case_of(bit), [&](double* v) { values.read(lattice, m, i, bit, v); }, out);
    }
    put(lattice.order[m].row(m, i, j), out);
  }
}

// The faces and inner vertices of the cells of plane i. first[row]: sums over the rows before.
template <typename T, typename A, typename First, typename Index>
LIST_FAST_INLINE void write_mc33_plane(const BrickLattice& lattice, int64_t m, int i, const Mc33Tables& tables,
                                       const BrickValues<T, A>& values, const First& first,
                                       const Mc33Output<Index>& out) {
  const CellRow<uint64_t> row = lattice.cells(m, i);
  for (int j = 0; j < kBrick; ++j) {
    uint64_t left = row.active & uint64_t(0xff) << (kBrick * j);
    if (!left) continue;
    OwnedVertices<uint32_t, Index> rows[4];
    for (int n = 0; n < 4; ++n) rows[n] = lattice.owned<Index>(m, i + (n >> 1), j + (n & 1), first);
    const Mc33Counts start = first[lattice.order[m].row(m, i, j)];
    int64_t face = start.faces, inner = start.inner;
    for (; left; left &= left - 1) {
      const int bit = lowest_bit(left);
      Index ids[12];
      cell_vertices(rows, bit % kBrick, ids);
      const auto corners = [&](double* v) { values.read(lattice, m, i, bit, v); };
      write_cell(tables, row.case_of(bit), corners, ids, out, face, inner);
    }
  }
}

}  // namespace list_fast
