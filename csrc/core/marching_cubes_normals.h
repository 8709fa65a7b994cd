// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The normal at a vertex of marching cubes: the volume's slopes at both nodes of its edge, interpolated as the vertex.
#pragma once
#include <cstdint>

#include "arithmetic.h"
#include "marching_cubes.h"

namespace list_fast {

LIST_FAST_INLINE float square_root(float a) { return __builtin_sqrtf(a); }
LIST_FAST_INLINE double square_root(double a) { return __builtin_sqrt(a); }

template <typename A>
LIST_FAST_INLINE bool is_finite(A a) {
  return a - a == A(0);
}

// Values (D, H, W), the level, and the distances between nodes along the axes.
template <typename T, typename A>
struct NormalSource {
  const T* values;
  int64_t shape[3], strides[3];
  A level, spacing[3];

  // Central differences at a node, one-sided at the border and beside values that are not finite.
  LIST_FAST_INLINE void slopes(int64_t node, const int64_t* place, A here, A* result) const {
    for (int a = 0; a < 3; ++a) {
      A above = here, below = here;
      int sides = 0;
      if (place[a] + 1 < shape[a]) {
        const A value = static_cast<A>(values[node + strides[a]]);
        if (is_finite(value)) above = value, ++sides;
      }
      if (place[a] > 0) {
        const A value = static_cast<A>(values[node - strides[a]]);
        if (is_finite(value)) below = value, ++sides;
      }
      result[a] = sides == 2 ? (above - below) * A(0.5) : above - below;
    }
  }

  // The unit normal of an edge (3 * lower node + axis), towards rising values; zero where the slope vanishes, and for a
  // number that is no edge of the volume.
  LIST_FAST_INLINE void normal(int64_t edge, A* result) const {
    result[0] = result[1] = result[2] = A(0);
    const int64_t low = edge / 3;
    const int axis = static_cast<int>(edge % 3);
    if (edge < 0 || low >= shape[0] * strides[0]) return;
    int64_t place[3] = {low / strides[0], low / strides[1] % shape[1], low % shape[2]};
    if (place[axis] + 1 >= shape[axis]) return;
    const int64_t high = low + strides[axis];
    const A d0 = static_cast<A>(values[low]), d1 = static_cast<A>(values[high]);
    const bool finite0 = is_finite(d0), finite1 = is_finite(d1);
    A first[3], second[3];
    slopes(low, place, finite0 ? d0 : A(0), first);
    ++place[axis];
    slopes(high, place, finite1 ? d1 : A(0), second);
    const A t = interpolate(d0, d1, level);
    A largest = A(0);
    for (int a = 0; a < 3; ++a) {
      // A node of infinite value has no slope: the other one's counts.
      const A from = finite0 ? first[a] : second[a], to = finite1 ? second[a] : first[a];
      const A slope = multiply_add(t, to - from, from) / spacing[a];
      result[a] = slope == slope ? slope : A(0);
      const A size = result[a] < A(0) ? -result[a] : result[a];
      largest = size > largest ? size : largest;
    }
    if (largest == A(0)) return;
    // By the largest component first: squares of small and large ones leave the range of numbers.
    for (int a = 0; a < 3; ++a)
      result[a] = is_finite(largest)     ? result[a] / largest
                  : is_finite(result[a]) ? A(0)
                  : result[a] > A(0)     ? A(1)
                                         : -A(1);
    const A square = multiply_add(result[2], result[2], multiply_add(result[1], result[1], result[0] * result[0]));
    const A length = square_root(square);
    for (int a = 0; a < 3; ++a) result[a] = result[a] / length;
  }
};

}  // namespace list_fast
