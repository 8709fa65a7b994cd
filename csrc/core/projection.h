// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Projection of points by a free 4 x 3 matrix in the row-vector convention, as the published LIST does it.
#pragma once
#include <cstdint>

#include "core/common.h"

namespace list_fast {

// One image coordinate of a projected point.
template <typename T>
struct Pixel {
  T place;    // in [-1, 1] over the canvas
  T slope;    // d place / d (numerator / depth); 0 where the pixel is held at the edge or is not a number
  T value;    // numerator / depth where slope is not 0, else 0
  T inverse;  // 1 / depth where slope is not 0, else 0
};

// numerator / depth, clamped to [0, size - 1], as a place in [-1, 1]. What is not a number (0 / 0, NaN) becomes pixel
// 0. At an edge itself the gradient still flows, as in torch.clamp.
template <typename T>
LIST_FAST_HD Pixel<T> to_canvas(T numerator, T depth, int64_t size) {
  const T limit = static_cast<T>(size - 1), scale = size > 1 ? limit : T(1);
  const T ratio = numerator / depth;
  const bool free = ratio >= T(0) && ratio <= limit;
  T pixel = ratio < limit ? ratio : limit;
  pixel = pixel > T(0) ? pixel : T(0);
  pixel = ratio == ratio ? pixel : T(0);
  Pixel<T> out;
  out.place = pixel / scale * T(2) - T(1);
  out.slope = free ? T(2) / scale : T(0);
  out.value = free ? ratio : T(0);
  out.inverse = free ? T(1) / depth : T(0);
  return out;
}

// The point [x, y, z, 1] times transform (4, 3): (X, Y, Z + 1e-8), the constant of the published code.
template <typename T>
LIST_FAST_HD void project(const T point[3], const T transform[12], T out[3]) {
  for (int j = 0; j < 3; ++j)
    out[j] = point[0] * transform[j] + point[1] * transform[3 + j] + point[2] * transform[6 + j] + transform[9 + j];
  out[2] += T(1e-8);
}

// Gradient by (X, Y, Z) from the gradient by the two places: u = X / Z, v = Y / Z.
template <typename T>
LIST_FAST_HD void project_gradient(const Pixel<T>& column, const Pixel<T>& row, const T by_place[2], T gradient[3]) {
  gradient[0] = by_place[0] * column.slope * column.inverse;
  gradient[1] = by_place[1] * row.slope * row.inverse;
  gradient[2] = -(gradient[0] * column.value + gradient[1] * row.value);
}

// How (X, Y, Z) moves when the point moves along point_step (3) and the transform along transform_step (4, 3); either
// may be null.
template <typename T>
LIST_FAST_HD void project_step(const T point[3], const T transform[12], const T* point_step, const T* transform_step,
                               T out[3]) {
  for (int j = 0; j < 3; ++j) {
    out[j] = T(0);
    if (point_step != nullptr)
      for (int r = 0; r < 3; ++r) out[j] += point_step[r] * transform[3 * r + j];
    if (transform_step != nullptr) {
      for (int r = 0; r < 3; ++r) out[j] += point[r] * transform_step[3 * r + j];
      out[j] += transform_step[9 + j];
    }
  }
}

// How the two places move when (X, Y, Z) moves along `step`. A place that is held does not, whatever the step is.
template <typename T>
LIST_FAST_HD void place_step(const Pixel<T>& column, const Pixel<T>& row, const T step[3], T out[2]) {
  const bool moves[2] = {column.slope != T(0), row.slope != T(0)};
  out[0] = moves[0] ? column.slope * column.inverse * (step[0] - column.value * step[2]) : T(0);
  out[1] = moves[1] ? row.slope * row.inverse * (step[1] - row.value * step[2]) : T(0);
}

// Adds to `gradient`, by (X, Y, Z), that of by_place . place_step(step).
template <typename T>
LIST_FAST_HD void place_step_gradient(const Pixel<T>& column, const Pixel<T>& row, const T by_place[2], const T step[3],
                                      T gradient[3]) {
  for (int a = 0; a < 2; ++a) {
    const Pixel<T>& pixel = a == 0 ? column : row;
    if (pixel.slope == T(0)) continue;
    const T e = by_place[a] * pixel.slope * pixel.inverse * pixel.inverse;
    gradient[a] -= e * step[2];
    gradient[2] += e * (T(2) * pixel.value * step[2] - step[a]);
  }
}

}  // namespace list_fast
