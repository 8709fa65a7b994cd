// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes 33: what a cell holds whose corners alone do not say so. The reasons are in list_fast/ops/mc33.py.
//
// Cases that faces or the interior can decide in more than one way are open: for them the values at the corners choose
// a patch. A face is decided by its own four corners, alike on both of its sides: cells agree, whichever volume, brick
// or thread they are in. All is computed in double, each product rounded by itself, so that every compiler and torch
// give the same bits.
#pragma once
#include <cstdint>

#include "arithmetic.h"
#include "mc33_table.h"

// The tables are the device's under nvcc: only device code may name them.
#if defined(__CUDACC__)
#define LIST_FAST_TABLE_INLINE __device__ __forceinline__
#else
#define LIST_FAST_TABLE_INLINE LIST_FAST_INLINE
#endif

namespace list_fast {

// a * b, never fused with a sum.
LIST_FAST_INLINE double product(double a, double b) {
#if defined(__CUDA_ARCH__)
  return __dmul_rn(a, b);
#else
  double result = a * b;
#if defined(__x86_64__)
  asm("" : "+x"(result));
#else
  asm("" : "+m"(result));
#endif
  return result;
#endif
}

struct Mc33Tables {
  const int8_t (*triangles)[16];  // kTriangles
  const uint8_t* open;
  const uint16_t* first;
  const uint16_t (*starts)[5];
  const uint16_t (*inner)[2];
  const char* patches;
};

LIST_FAST_TABLE_INLINE Mc33Tables mc33_tables() {
  return {kTriangles, kMc33Open, kMc33First, kMc33Starts, kMc33Inner, kMc33Patches};
}

// The surface in a cell: triangles of its edges 0 .. 11 and of inner vertices from 12 on.
struct Mc33Patch {
  const char* text;

  LIST_FAST_INLINE int triangles() const { return text[0] - 'a'; }
  LIST_FAST_INLINE int inner() const { return text[1] - 'a'; }
  // Where inner vertex n stands in kMc33Inner.
  LIST_FAST_INLINE int entry(int n) const { return 26 * (text[2 + 2 * n] - 'a') + text[3 + 2 * n] - 'a'; }
  // The first of the three vertices of each triangle, letters.
  LIST_FAST_INLINE const char* corners() const { return text + 2 + 2 * inner(); }
};

// 0 .. 4: the two edges along z that a slice of the cell joins, if any. v: values at the corners minus the level.
LIST_FAST_INLINE int mc33_interior(const double* v) {
  double a = v[0], b = v[2], d = v[4], c = v[6];
  const double da = v[1] - a, db = v[3] - b, dd = v[5] - d, dc = v[7] - c;
  const double curvature = product(da, dc) - product(db, dd);
  const double slope = product(a, dc) + product(c, da) - product(b, dd) - product(d, db);
  const double t = -slope / (2 * curvature);
  if (!(t > 0 && t < 1)) return 0;  // nor where it is NaN
  a += product(t, da);
  b += product(t, db);
  c += product(t, dc);
  d += product(t, dd);
  const double q = product(a, c) - product(b, d);
  const bool ac_in = a < 0 && c < 0, ac_out = a >= 0 && c >= 0, bd_in = b < 0 && d < 0, bd_out = b >= 0 && d >= 0;
  if (q > 0) return ac_in && bd_out ? 1 : ac_out && bd_in ? 2 : 0;
  if (q < 0) return bd_in && ac_out ? 3 : bd_out && ac_in ? 4 : 0;
  return 0;
}

// The patch of an open case. v: values at the corners minus the level.
LIST_FAST_INLINE Mc33Patch mc33_patch(const Mc33Tables& tables, int number, const double* v) {
  int joined = 0, bit = 1;
  for (int axis = 0; axis < 3; ++axis) {
    const int across = 4 >> (axis + 1) % 3, up = 4 >> (axis + 2) % 3;
    for (int side = 0; side < 2; ++side) {
      if (!(tables.open[number] >> (2 * axis + side) & 1)) continue;
      const int corner = side * (4 >> axis);
      const double one = product(v[corner], v[corner + across + up]), two = product(v[corner + across], v[corner + up]);
      // The bilinear saddle lies inside; one at the level separates.
      if (number >> corner & 1 ? one > two : two > one) joined |= bit;
      bit *= 2;
    }
  }
  return {tables.patches + tables.starts[tables.first[number] + joined][mc33_interior(v)]};
}

// The values of a volume (D, H, W) at the corners of a cell.
template <typename T, typename A>
struct VolumeValues {
  const T* values;
  double level;
  int64_t steps[8];

  VolumeValues(const T* values, A level, int64_t height, int64_t width)
      : values(values), level(static_cast<double>(level)) {
    for (int n = 0; n < 8; ++n) steps[n] = ((n >> 2) * height + (n >> 1 & 1)) * width + (n & 1);
  }
  struct Cell {
    const VolumeValues& from;
    int64_t node;

    LIST_FAST_INLINE void operator()(double* out) const {
      for (int n = 0; n < 8; ++n)
        out[n] = static_cast<double>(static_cast<A>(from.values[node + from.steps[n]])) - from.level;
    }
  };
  // What gives those of the cell whose lowest node has this number, minus the level.
  LIST_FAST_INLINE Cell cell(int64_t node) const { return {*this, node}; }
};

struct Mc33Counts {
  int64_t vertices, faces, inner;

  LIST_FAST_INLINE void add(const Mc33Counts& other) {
    vertices += other.vertices;
    faces += other.faces;
    inner += other.inner;
  }
};

// Where the parts of a mesh are written. support, weights: (M, 12) for each inner vertex, after `edge_vertices` others.
template <typename Index>
struct Mc33Output {
  Index* faces;
  int64_t* support;
  double* weights;
  int64_t edge_vertices;
};

// Adds the faces and inner vertices of a cell. corners: a callable that gives the values minus the level.
template <typename Corners>
LIST_FAST_INLINE void count_cell(const Mc33Tables& tables, int number, const Corners& corners, Mc33Counts& counts) {
  if (!tables.open[number]) {
    counts.faces += tables.triangles[number][0];
    return;
  }
  double v[8];
  corners(v);
  const Mc33Patch patch = mc33_patch(tables, number, v);
  counts.faces += patch.triangles();
  counts.inner += patch.inner();
}

// Writes the faces and inner vertices of a cell at `face` and `inner`, and moves both on. ids: vertices on its edges.
template <typename Index, typename Corners>
LIST_FAST_INLINE void write_cell(const Mc33Tables& tables, int number, const Corners& corners, const Index* ids,
                                 const Mc33Output<Index>& out, int64_t& face, int64_t& inner) {
  Index* to = out.faces + 3 * face;
  if (!tables.open[number]) {
    const int8_t* triangles = tables.triangles[number];
    for (int n = 0; n < 3 * triangles[0]; ++n) to[n] = ids[triangles[1 + n]];
    face += triangles[0];
    return;
  }
  double v[8];
  corners(v);
  const Mc33Patch patch = mc33_patch(tables, number, v);
  const char* letters = patch.corners();
  for (int n = 0; n < 3 * patch.triangles(); ++n) {
    const int e = letters[n] - 'a';
    to[n] = e < 12 ? ids[e] : static_cast<Index>(out.edge_vertices + inner + e - 12);
  }
  face += patch.triangles();
  for (int n = 0; n < patch.inner(); ++n, ++inner) {
    const uint16_t* entry = tables.inner[patch.entry(n)];
    int edges = 0;
    for (int e = 0; e < 12; ++e) edges += entry[0] >> e & 1;
    const double share = entry[1] < 12 ? 1.0 / (2 * (edges - 1)) : 1.0 / edges;
    for (int e = 0; e < 12; ++e) {
      const bool used = entry[0] >> e & 1;
      out.support[12 * inner + e] = used ? static_cast<int64_t>(ids[e]) : 0;
      out.weights[12 * inner + e] = used ? (e == entry[1] ? 0.5 : share) : 0.0;
    }
  }
}

}  // namespace list_fast
