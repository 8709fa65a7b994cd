// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Points of object space on a lattice whose end nodes lie at -0.5 and 0.5.
#pragma once
#include <cmath>
#include <cstdint>

#include "arithmetic.h"
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
template <typename T>
LIST_FAST_HD T left_empty(T along_x, T along_y, T along_z) {
  return multiply_add(-(along_x * along_y), along_z, T(1));
}

// A node's product of what points leave empty of it, begun at 1. A factor of 0 turns its sign and is left out, for the
// gradient of that one point; two of them make it 0 for good.
template <typename T>
LIST_FAST_HD void multiply_empty(T* product, T factor) {
  *product = factor != T(0) ? *product * factor : *product > T(0) ? -*product : T(0);
}

// The product with its factor of 0.
template <typename T>
LIST_FAST_HD T empty_of(T product) {
  return product > T(0) ? product : T(0);
}

// The product without one of its factors.
template <typename T>
LIST_FAST_HD T empty_without(T product, T factor) {
  return factor != T(0) ? empty_of(product) / factor : -product;
}

template <typename T>
struct PointShare {
  AxisShare<T> axes[3];
  bool number;  // no coordinate is NaN

  LIST_FAST_HD PointShare(const T* point, int64_t resolution) : number(is_number(point)) {
    for (int a = 0; a < 3; ++a) axes[a] = axis_share(number ? point[a] : T(0), resolution);
  }
  LIST_FAST_HD T left_empty_at(int dx, int dy, int dz) const {
    return left_empty(axes[0].share[dx], axes[1].share[dy], axes[2].share[dz]);
  }
};

// The gradient of one point of a cloud, given that of the grid and the products of all its points.
template <typename T>
LIST_FAST_HD void point_gradient(const T* point, int64_t resolution, const T* grad, const T* products, T* out) {
  out[0] = out[1] = out[2] = T(0);
  const PointShare<T> p(point, resolution);
  if (!p.number) return;
  for (int c = 0; c < 8; ++c) {
    const int d[3] = {c >> 2, c >> 1 & 1, c & 1};
    const int64_t node =
        ((p.axes[0].low + d[0]) * resolution + p.axes[1].low + d[1]) * resolution + p.axes[2].low + d[2];
    const T weight = grad[node] * empty_without(products[node], p.left_empty_at(d[0], d[1], d[2]));
    for (int a = 0; a < 3; ++a) {
      const int b = a == 0 ? 1 : 0, e = a == 2 ? 1 : 2;
      const T slope = d[a] ? p.axes[a].slope : -p.axes[a].slope;
      out[a] = multiply_add(weight, slope * (p.axes[b].share[d[b]] * p.axes[e].share[d[e]]), out[a]);
    }
  }
}

}  // namespace list_fast
