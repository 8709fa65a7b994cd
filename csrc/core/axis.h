// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Linear interpolation along one axis, with grid_sample's conventions for coordinates, borders and bad numbers.
#pragma once
#include <cmath>
#include <cstdint>

#include "core/common.h"

namespace list_fast {

// How a coordinate x in [-1, 1] becomes a node coordinate: u = ((x + 1) * a - b) * c. Both conventions of align_corners
// keep grid_sample's order of operations, so that coordinates round alike.
template <typename T>
struct AxisMap {
  int32_t nodes;  // number of nodes, >= 1
  T a, b, c;
  T slope;      // du/dx
  T low, span;  // reflection: u is folded into [low, low + span]
};

template <typename T>
LIST_FAST_HD AxisMap<T> make_axis_map(int64_t nodes, bool align_corners) {
  AxisMap<T> map;
  const T n = static_cast<T>(nodes);
  map.nodes = static_cast<int32_t>(nodes);
  map.a = align_corners ? T(0.5) : n;
  map.b = align_corners ? T(0) : T(1);
  map.c = align_corners ? n - T(1) : T(0.5);
  map.slope = (align_corners ? n - T(1) : n) * T(0.5);
  map.low = align_corners ? T(0) : T(-0.5);
  map.span = align_corners ? n - T(1) : n;
  return map;
}

// The two nodes next to a coordinate. The nodes are base and base + 1 (on an axis of one node: base twice, and the
// upper weight is 0); base + 1 is always a node, whatever the coordinate was.
template <typename T>
struct AxisCell {
  int32_t base;
  // Whether grid_sample reads the node: not where its neighbour is the end of the axis. Weight 0 alone does not tell,
  // and 0 times an infinite node is not 0.
  bool use0, use1;
  T w0, w1;  // weights of the lower and the upper node
  T d0, d1;  // their derivatives by x
};

// Folds u into [low, low + span] as a mirror at each end does; sign becomes the derivative of the result by u.
// A coordinate that is not finite becomes NaN.
template <typename T>
LIST_FAST_HD T reflect(T u, T low, T span, T* sign) {
  if (span == T(0)) {
    *sign = T(0);
    return T(0);
  }
  T v = u - low;
  *sign = v < T(0) ? T(-1) : T(1);
  v = std::fabs(v);
  const T rest = std::fmod(v, span);
  if (std::fmod(std::floor(v / span), T(2)) == T(0)) return rest + low;
  *sign = -*sign;
  return span - rest + low;
}

// A NaN (for reflection: anything not finite) is sampled as grid_sample does on a CPU: at the last node for border and
// reflection, nowhere for zeros. No gradient flows from it, so a backward pass asks for no weight at all.
// The derivatives are zero where the coordinate is held at an end of the axis, the end itself included.
template <Padding kPadding, bool kBackward, typename T>
LIST_FAST_HD AxisCell<T> locate(T x, const AxisMap<T>& map) {
  const T last = static_cast<T>(map.nodes - 1);
  const int32_t top = map.nodes > 1 ? map.nodes - 2 : 0;
  T u = ((x + T(1)) * map.a - map.b) * map.c;
  T slope = map.slope;
  AxisCell<T> cell;
  if (kPadding == Padding::kZeros) {
    // Inside (-1, n) at least one of the two nodes exists; the comparison is false for NaN.
    const bool near = u >= T(-1) && u < last + T(1);
    const T v = near ? u : T(0);
    const bool below = v < T(0), above = v >= last;
    const T lower = below ? T(-1) : (above ? last : std::floor(v));
    const T w0 = near ? lower + T(1) - v : T(0), w1 = near ? v - lower : T(0);
    const T d = near ? slope : T(0);
    const bool shift = above && map.nodes > 1;  // the cell above the last node: its lower node is our upper one
    cell.base = below ? 0 : (above ? top : static_cast<int32_t>(lower));
    cell.use0 = near && !shift;
    cell.use1 = near && !below && (shift || !above);
    cell.w0 = below ? w1 : (shift ? T(0) : w0);
    cell.w1 = below ? T(0) : (shift ? w0 : (above ? T(0) : w1));
    cell.d0 = below ? d : (shift ? T(0) : -d);
    cell.d1 = below ? T(0) : (shift ? -d : (above ? T(0) : d));
    return cell;
  }
  if (kPadding == Padding::kReflection) {
    T sign;
    u = reflect(u, map.low, map.span, &sign);
    slope *= sign;
  }
  T v = u < last ? u : last;  // in this order a NaN becomes the last node, never an index
  v = v > T(0) ? v : T(0);
  int32_t base = static_cast<int32_t>(v);
  base = base < top ? base : top;
  const T t = v - static_cast<T>(base);
  const bool free = u > T(0) && u < last;
  const T d = free ? slope : T(0);
  const bool kept = !(kBackward && u != u);
  const T keep = kept ? T(1) : T(0);
  cell.base = base;
  cell.use0 = kept && (map.nodes == 1 || v < last);
  cell.use1 = kept && map.nodes > 1;
  cell.w0 = (T(1) - t) * keep;
  cell.w1 = t * keep;
  cell.d0 = -d;
  cell.d1 = d;
  return cell;
}

// Bit k: whether corner k of the cell is read; bit a of k says which of the two nodes of axis a it is.
template <typename T>
LIST_FAST_HD uint32_t used_corners(const AxisCell<T>& x, const AxisCell<T>& y) {
  return ((x.use0 ? 0x5u : 0u) | (x.use1 ? 0xAu : 0u)) & ((y.use0 ? 0x3u : 0u) | (y.use1 ? 0xCu : 0u));
}

template <typename T>
LIST_FAST_HD uint32_t used_corners(const AxisCell<T>& x, const AxisCell<T>& y, const AxisCell<T>& z) {
  const uint32_t face = used_corners(x, y);
  return (z.use0 ? face : 0u) | (z.use1 ? face << 4 : 0u);
}

}  // namespace list_fast
