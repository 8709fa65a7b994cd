// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Points of object space on a lattice whose end nodes lie at -0.5 and 0.5.
#pragma once
#include <cmath>
#include <cstdint>

#include "common.h"

namespace list_fast {

// The place of a coordinate in nodes, clamped to the lattice; in double, so that rounding it finds the node nearest to
// a float. A NaN stays one.
LIST_FAST_HD double lattice_place(double x, int64_t resolution) {
  const double last = static_cast<double>(resolution - 1), place = (x + 0.5) * last;
  return place < 0 ? 0 : place > last ? last : place;
}

template <typename T>
LIST_FAST_HD bool is_number(const T* point) {
  return point[0] == point[0] && point[1] == point[1] && point[2] == point[2];
}

// The row-major number of the node nearest to a point without NaN; ties go to the even node.
template <typename T>
LIST_FAST_HD int64_t nearest_node(const T* point, int64_t resolution) {
  int64_t node = 0;
  for (int a = 0; a < 3; ++a)
    node = node * resolution + static_cast<int64_t>(rint(lattice_place(static_cast<double>(point[a]), resolution)));
  return node;
}

// The two nodes of one axis around a point: the lower one, the share of each, and d share[1] / d x, which is -d
// share[0] / d x.
template <typename T>
struct AxisShare {
  int64_t low;
  T share[2];
  T slope;
};

template <typename T>
LIST_FAST_HD AxisShare<T> axis_share(T x, int64_t resolution) {
  const double place = lattice_place(static_cast<double>(x), resolution);
  AxisShare<T> a;
  a.low = static_cast<int64_t>(place);
  if (a.low > resolution - 2) a.low = resolution - 2;
  a.share[1] = static_cast<T>(place - static_cast<double>(a.low));
  a.share[0] = T(1) - a.share[1];
  a.slope = x >= T(-0.5) && x <= T(0.5) ? static_cast<T>(resolution - 1) : T(0);  // clamped outside
  return a;
}

// What a point leaves empty of a node: 1 - (share along x * along y) * along z, rounded once after the first product.
LIST_FAST_HD float left_empty(float xy, float z) { return fmaf(-xy, z, 1.0f); }
LIST_FAST_HD double left_empty(double xy, double z) { return fma(-xy, z, 1.0); }

// What a point leaves empty of a node that may be far from it.
template <typename T>
LIST_FAST_HD T left_empty_at(const AxisShare<T>* axes, const int64_t* node) {
  T share[3];
  for (int a = 0; a < 3; ++a) {
    const int64_t side = node[a] - axes[a].low;
    share[a] = side == 0 || side == 1 ? axes[a].share[side] : T(0);
  }
  return left_empty(share[0] * share[1], share[2]);
}

// d (value of a node's emptiness without this point) -> what it contributes to the gradient of the point's coordinates.
// others: what the other points leave empty of corner (dx, dy, dz), times the gradient of the node's occupancy.
template <typename T>
LIST_FAST_HD void add_point_gradient(const AxisShare<T>* axes, int dx, int dy, int dz, T others, T* grad) {
  const T sx = axes[0].share[dx], sy = axes[1].share[dy], sz = axes[2].share[dz];
  grad[0] = fma(others, (dx ? axes[0].slope : -axes[0].slope) * (sy * sz), grad[0]);
  grad[1] = fma(others, (dy ? axes[1].slope : -axes[1].slope) * (sx * sz), grad[1]);
  grad[2] = fma(others, (dz ? axes[2].slope : -axes[2].slope) * (sx * sy), grad[2]);
}

}  // namespace list_fast
