// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes on bricks: the rules of marching_cubes.h for a lattice of which only some bricks of 8 x 8 x 8 nodes
// are there.
//
// Brick (bx, by, bz) holds the nodes 8 bx .. 8 bx + 7 along x, and so on; its number is row-major among all bricks of
// the lattice, and bricks are listed by rising number. The nodes of one x in a brick are a plane: one word, its bit 8 j
// + k the node at y = j, z = k. Nodes of absent bricks, past the lattice and with NaN are unknown. A row is the 8 nodes
// of a plane with one y: rows in the order of the whole lattice give its order of vertices and faces.
#pragma once
#include <cstdint>

#include "marching_cubes.h"

namespace list_fast {

constexpr int kBrick = 8;
constexpr int kBrickNodes = kBrick * kBrick * kBrick;

// The place of the first number in a rising list that is not below `number`.
LIST_FAST_INLINE int64_t first_not_below(const int64_t* list, int64_t count, int64_t number) {
  int64_t begin = 0, end = count;
  while (begin < end) {
    const int64_t middle = begin + (end - begin) / 2;
    if (list[middle] < number)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

// Of every node of a plane the neighbour along z or y, where `other` is the plane of the brick beyond.
LIST_FAST_INLINE uint64_t upper_z(uint64_t here, uint64_t other) {
  return (here >> 1 & 0x7f7f7f7f7f7f7f7fu) | (other << 7 & 0x8080808080808080u);
}
LIST_FAST_INLINE uint64_t lower_z(uint64_t here, uint64_t other) {
  return (here << 1 & 0xfefefefefefefefeu) | (other >> 7 & 0x0101010101010101u);
}
LIST_FAST_INLINE uint64_t upper_y(uint64_t here, uint64_t other) { return here >> 8 | other << 56; }
LIST_FAST_INLINE uint64_t lower_y(uint64_t here, uint64_t other) { return here << 8 | other >> 56; }

// Where the rows of a brick stand in the order of the lattice: those of all bricks with its bx come plane by plane, in
// a plane by y, and in a row of the lattice by z.
struct BrickOrder {
  int32_t slab, slab_count;  // the first brick with the same bx, and how many there are
  int32_t run, run_count;    // the same of those with the same bx and by

  LIST_FAST_INLINE int64_t row(int64_t brick, int i, int j) const {
    return 64 * static_cast<int64_t>(slab) + static_cast<int64_t>(kBrick * i) * slab_count +
           kBrick * static_cast<int64_t>(run - slab) + static_cast<int64_t>(j) * run_count + (brick - run);
  }
};

struct BrickRowCounts {
  int64_t vertices, faces;
};

// A plane, and beside it its neighbours along y, along z and along both.
struct PlaneCorners {
  uint64_t here, y, z, yz;
};

struct BrickLattice {
  const int64_t* bricks;  // (M,) numbers, rising
  int64_t count;          // M
  int64_t sizes[3];       // nodes of the lattice
  int32_t* around;        // (M, 27) the brick at (dx, dy, dz) in -1 .. 1, at 9 (dx + 1) + 3 (dy + 1) + dz + 1; or -1
  BrickOrder* order;      // (M,)
  uint64_t* inside;       // (M, 8) value < level
  uint64_t* known;        // (M, 8)
  uint64_t* whole;        // (M, 8) cells with 8 known corners
  uint64_t* crossed;      // (M, 8, 3) edges with a vertex, along x, y and z

  LIST_FAST_INLINE int64_t along(int axis) const { return (sizes[axis] + kBrick - 1) / kBrick; }

  LIST_FAST_INLINE void corner(int64_t m, int64_t* node) const {
    const int64_t by = along(1), bz = along(2), number = bricks[m];
    node[0] = kBrick * (number / (by * bz));
    node[1] = kBrick * (number / bz % by);
    node[2] = kBrick * (number % bz);
  }

  LIST_FAST_INLINE void link(int64_t m) const {
    const int64_t by = along(1), bz = along(2), number = bricks[m];
    const int64_t x = number / (by * bz), y = number / bz % by, z = number % bz;
    for (int n = 0; n < 9; ++n) {
      const int64_t nx = x + n / 3 - 1, ny = y + n % 3 - 1;
      int32_t* out = around + 27 * m + 3 * n;
      out[0] = out[1] = out[2] = -1;
      if (nx < 0 || ny < 0 || nx >= along(0) || ny >= by) continue;
      const int64_t row = (nx * by + ny) * bz;
      int64_t place = first_not_below(bricks, count, row + (z > 0 ? z - 1 : z));
      for (; place < count && bricks[place] <= row + z + 1 && bricks[place] < row + bz; ++place)
        out[bricks[place] - row - z + 1] = static_cast<int32_t>(place);
    }
    const int64_t slab = first_not_below(bricks, count, x * by * bz);
    const int64_t run = first_not_below(bricks, count, (x * by + y) * bz);
    order[m].slab = static_cast<int32_t>(slab);
    order[m].slab_count = static_cast<int32_t>(first_not_below(bricks, count, (x + 1) * by * bz) - slab);
    order[m].run = static_cast<int32_t>(run);
    order[m].run_count = static_cast<int32_t>(first_not_below(bricks, count, (x * by + y + 1) * bz) - run);
  }

  // The nodes of plane i that the lattice has.
  LIST_FAST_INLINE uint64_t present(const int64_t* node, int i) const {
    if (node[0] + i >= sizes[0]) return 0;
    const int64_t rows = sizes[1] - node[1], places = sizes[2] - node[2];
    uint64_t result = ~uint64_t(0);
    if (rows < kBrick) result >>= kBrick * (kBrick - rows);
    if (places < kBrick) result &= (0xffu >> (kBrick - places)) * 0x0101010101010101u;
    return result;
  }

  LIST_FAST_INLINE int32_t brick(int64_t m, int dx, int dy, int dz) const {
    return around[27 * m + 9 * (dx + 1) + 3 * (dy + 1) + dz + 1];
  }
  // Plane i in -1 .. 8, where -1 and 8 belong to the bricks beyond, of the brick at (dy, dz).
  LIST_FAST_INLINE uint64_t plane(const uint64_t* planes, int64_t m, int i, int dy, int dz) const {
    const int32_t n = brick(m, i < 0 ? -1 : i / kBrick, dy, dz);
    return n < 0 ? uint64_t(0) : planes[kBrick * static_cast<int64_t>(n) + (i & (kBrick - 1))];
  }
  LIST_FAST_INLINE PlaneCorners upper(const uint64_t* planes, int64_t m, int i) const {
    const uint64_t here = plane(planes, m, i, 0, 0), z = plane(planes, m, i, 0, 1);
    const uint64_t at_y = upper_y(here, plane(planes, m, i, 1, 0));
    return {here, at_y, upper_z(here, z), upper_z(at_y, upper_y(z, plane(planes, m, i, 1, 1)))};
  }
  LIST_FAST_INLINE PlaneCorners lower(const uint64_t* planes, int64_t m, int i) const {
    const uint64_t here = plane(planes, m, i, 0, 0), z = plane(planes, m, i, 0, -1);
    const uint64_t at_y = lower_y(here, plane(planes, m, i, -1, 0));
    return {here, at_y, lower_z(here, z), lower_z(at_y, lower_y(z, plane(planes, m, i, -1, -1)))};
  }

  LIST_FAST_INLINE void find_whole(int64_t m, int i) const {
    const PlaneCorners a = upper(known, m, i), b = upper(known, m, i + 1);
    whole[kBrick * m + i] = a.here & a.y & a.z & a.yz & b.here & b.y & b.z & b.yz;
  }

  // Edges that carry a vertex: crossed, and side of a whole cell.
  LIST_FAST_INLINE Crossings<uint64_t> find_crossings(int64_t m, int i) const {
    const PlaneCorners s = upper(inside, m, i);
    Crossings<uint64_t> c = {s.here ^ plane(inside, m, i + 1, 0, 0), s.here ^ s.y, s.here ^ s.z};
    if (c.x | c.y | c.z) {
      const PlaneCorners w = lower(whole, m, i), v = lower(whole, m, i - 1);
      c.x &= w.here | w.y | w.z | w.yz;
      c.y &= w.here | w.z | v.here | v.z;
      c.z &= w.here | w.y | v.here | v.y;
    }
    uint64_t* out = crossed + 3 * (kBrick * m + i);
    out[0] = c.x;
    out[1] = c.y;
    out[2] = c.z;
    return c;
  }

  LIST_FAST_INLINE CellRow<uint64_t> cells(int64_t m, int i) const {
    const PlaneCorners a = upper(inside, m, i), b = upper(inside, m, i + 1);
    CellRow<uint64_t> c = {{a.here, a.y, b.here, b.y}, {a.z, a.yz, b.z, b.yz}, 0};
    const uint64_t any = a.here | a.y | a.z | a.yz | b.here | b.y | b.z | b.yz;
    const uint64_t all = a.here & a.y & a.z & a.yz & b.here & b.y & b.z & b.yz;
    c.active = any & ~all & whole[kBrick * m + i];
    return c;
  }

  // How many vertices and faces the 8 rows of plane i have: put(row, BrickRowCounts). triangles: kTriangles.
  template <typename Put>
  LIST_FAST_INLINE void count_plane(int64_t m, int i, const int8_t (*triangles)[16], const Put& put) const {
    const Crossings<uint64_t> c = find_crossings(m, i);
    const CellRow<uint64_t> row = cells(m, i);
    for (int j = 0; j < kBrick; ++j) {
      const uint64_t mask = uint64_t(0xff) << (kBrick * j);
      BrickRowCounts out = {count_bits(c.x & mask) + count_bits(c.y & mask) + count_bits(c.z & mask), 0};
      for (uint64_t left = row.active & mask; left; left &= left - 1)
        out.faces += triangles[row.case_of(lowest_bit(left))][0];
      put(order[m].row(m, i, j), out);
    }
  }

  // The vertices of row (i, j) in 0 .. 8, where 8 belongs to the bricks beyond. first[row]: sums over the rows before.
  template <typename Index, typename First>
  LIST_FAST_INLINE OwnedVertices<uint32_t, Index> owned(int64_t m, int i, int j, const First& first) const {
    OwnedVertices<uint32_t, Index> result = {{0, 0, 0}, 0, 0};
    const int32_t n = brick(m, i / kBrick, j / kBrick, 0), after = brick(m, i / kBrick, j / kBrick, 1);
    if (n < 0) return result;
    i &= kBrick - 1;
    j &= kBrick - 1;
    const auto byte = [&](int32_t of, int axis) {
      return static_cast<uint32_t>(crossed[3 * (kBrick * static_cast<int64_t>(of) + i) + axis] >> (kBrick * j) & 0xff);
    };
    result.here = {byte(n, 0), byte(n, 1), byte(n, 2)};
    result.next_x = result.here.x >> 1 | (after < 0 ? 0u : (byte(after, 0) & 1u) << (kBrick - 1));
    result.first = static_cast<Index>(first[order[n].row(n, i, j)].vertices);
    return result;
  }

  // values (M, 8, 8, 8) -> vertices (V, 3) of the nodes of plane i, in index coordinates.
  template <typename T, typename A, typename First>
  LIST_FAST_INLINE void write_vertices(int64_t m, int i, const T* values, A level, const First& first,
                                       A* vertices) const {
    int64_t node[3];
    corner(m, node);
    const uint64_t* c = crossed + 3 * (kBrick * m + i);
    for (uint64_t left = c[0] | c[1] | c[2]; left; left &= left - 1) {
      const int bit = lowest_bit(left), j = bit / kBrick, k = bit % kBrick;
      const uint64_t below = (uint64_t(1) << bit) - (uint64_t(1) << (kBrick * j));
      int64_t number = first[order[m].row(m, i, j)].vertices;
      for (int axis = 0; axis < 3; ++axis) number += count_bits(c[axis] & below);
      const A d0 = static_cast<A>(values[kBrickNodes * m + 64 * i + bit]);
      for (int axis = 0; axis < 3; ++axis) {
        if (!(c[axis] >> bit & 1)) continue;
        const int ni = i + (axis == 0), nj = j + (axis == 1), nk = k + (axis == 2);
        const int64_t n = brick(m, ni / kBrick, nj / kBrick, nk / kBrick);
        const int place = 64 * (ni % kBrick) + kBrick * (nj % kBrick) + nk % kBrick;
        A* vertex = vertices + 3 * number++;
        vertex[0] = static_cast<A>(node[0] + i);
        vertex[1] = static_cast<A>(node[1] + j);
        vertex[2] = static_cast<A>(node[2] + k);
        vertex[axis] += interpolate(d0, static_cast<A>(values[kBrickNodes * n + place]), level);
      }
    }
  }

  // faces (F, 3) of the cells of plane i.
  template <typename Index, typename First>
  LIST_FAST_INLINE void write_faces(int64_t m, int i, const int8_t (*triangles)[16], const First& first,
                                    Index* faces) const {
    const CellRow<uint64_t> row = cells(m, i);
    for (int j = 0; j < kBrick; ++j) {
      uint64_t left = row.active & uint64_t(0xff) << (kBrick * j);
      if (!left) continue;
      OwnedVertices<uint32_t, Index> rows[4];
      for (int n = 0; n < 4; ++n) rows[n] = owned<Index>(m, i + (n >> 1), j + (n & 1), first);
      Index* out = faces + 3 * first[order[m].row(m, i, j)].faces;
      for (; left; left &= left - 1) {
        const int bit = lowest_bit(left);
        const int8_t* own = triangles[row.case_of(bit)];
        Index ids[12];
        cell_vertices(rows, bit % kBrick, ids);
        for (int n = 0; n < 3 * own[0]; ++n) *out++ = ids[own[1 + n]];
      }
    }
  }
};

}  // namespace list_fast
