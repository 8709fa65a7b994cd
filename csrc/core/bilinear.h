// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Bilinear interpolation: the four weights of a cell and their first and second derivatives.
#pragma once
#include "core/axis.h"

namespace list_fast {

// Corner k = 2 * [lower row] + [right column] in everything below: x runs over columns, y over rows.
template <typename T>
LIST_FAST_HD void bilinear_weights(const AxisCell<T>& x, const AxisCell<T>& y, T weight[4]) {
  weight[0] = x.w0 * y.w0;
  weight[1] = x.w1 * y.w0;
  weight[2] = x.w0 * y.w1;
  weight[3] = x.w1 * y.w1;
}

// Gradient by the place (x, y) of sum_k s[k] * weight[k].
template <typename T>
LIST_FAST_HD void bilinear_gradient(const AxisCell<T>& x, const AxisCell<T>& y, const T s[4], T gradient[2]) {
  gradient[0] = y.w0 * (x.d0 * s[0] + x.d1 * s[1]) + y.w1 * (x.d0 * s[2] + x.d1 * s[3]);
  gradient[1] = x.w0 * (y.d0 * s[0] + y.d1 * s[2]) + x.w1 * (y.d0 * s[1] + y.d1 * s[3]);
}

// Derivatives of the weights when the place moves along `step`.
template <typename T>
LIST_FAST_HD void bilinear_step(const AxisCell<T>& x, const AxisCell<T>& y, const T step[2], T weight[4]) {
  const T x0 = step[0] * x.d0, x1 = step[0] * x.d1, y0 = step[1] * y.d0, y1 = step[1] * y.d1;
  weight[0] = x0 * y.w0 + x.w0 * y0;
  weight[1] = x1 * y.w0 + x.w1 * y0;
  weight[2] = x0 * y.w1 + x.w0 * y1;
  weight[3] = x1 * y.w1 + x.w1 * y1;
}

// Gradient by the place of sum_k s[k] * (derivative of weight[k] along step).
template <typename T>
LIST_FAST_HD void bilinear_step_gradient(const AxisCell<T>& x, const AxisCell<T>& y, const T step[2], const T s[4],
                                         T gradient[2]) {
  const T xy = y.d0 * (x.d0 * s[0] + x.d1 * s[1]) + y.d1 * (x.d0 * s[2] + x.d1 * s[3]);
  gradient[0] = step[1] * xy;
  gradient[1] = step[0] * xy;
}

}  // namespace list_fast
