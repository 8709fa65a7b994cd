// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Trilinear interpolation: the eight weights of a cell and their first and second derivatives.
#pragma once
#include "core/axis.h"

namespace list_fast {

// Corner k = 4 * [upper in z] + 2 * [upper in y] + [upper in x] in everything below.
template <typename T>
LIST_FAST_HD void trilinear_weights(const AxisCell<T>& x, const AxisCell<T>& y, const AxisCell<T>& z, T weight[8]) {
  const T y0z0 = y.w0 * z.w0, y1z0 = y.w1 * z.w0, y0z1 = y.w0 * z.w1, y1z1 = y.w1 * z.w1;
  weight[0] = x.w0 * y0z0;
  weight[1] = x.w1 * y0z0;
  weight[2] = x.w0 * y1z0;
  weight[3] = x.w1 * y1z0;
  weight[4] = x.w0 * y0z1;
  weight[5] = x.w1 * y0z1;
  weight[6] = x.w0 * y1z1;
  weight[7] = x.w1 * y1z1;
}

// Gradient by the place (x, y, z) of sum_k s[k] * weight[k].
template <typename T>
LIST_FAST_HD void trilinear_gradient(const AxisCell<T>& x, const AxisCell<T>& y, const AxisCell<T>& z, const T s[8],
                                     T gradient[3]) {
  const T x00 = x.w0 * s[0] + x.w1 * s[1], x10 = x.w0 * s[2] + x.w1 * s[3];  // interpolated along x; index (y, z)
  const T x01 = x.w0 * s[4] + x.w1 * s[5], x11 = x.w0 * s[6] + x.w1 * s[7];
  const T z00 = z.w0 * s[0] + z.w1 * s[4], z10 = z.w0 * s[1] + z.w1 * s[5];  // along z; index (x, y)
  const T z01 = z.w0 * s[2] + z.w1 * s[6], z11 = z.w0 * s[3] + z.w1 * s[7];
  gradient[0] = y.w0 * (x.d0 * z00 + x.d1 * z10) + y.w1 * (x.d0 * z01 + x.d1 * z11);
  gradient[1] = z.w0 * (y.d0 * x00 + y.d1 * x10) + z.w1 * (y.d0 * x01 + y.d1 * x11);
  gradient[2] = y.w0 * (z.d0 * x00 + z.d1 * x01) + y.w1 * (z.d0 * x10 + z.d1 * x11);
}

// Derivatives of the weights when the place moves along `step`.
template <typename T>
LIST_FAST_HD void trilinear_step(const AxisCell<T>& x, const AxisCell<T>& y, const AxisCell<T>& z, const T step[3],
                                 T weight[8]) {
  const T wx[2] = {x.w0, x.w1}, wy[2] = {y.w0, y.w1}, wz[2] = {z.w0, z.w1};
  const T dx[2] = {step[0] * x.d0, step[0] * x.d1}, dy[2] = {step[1] * y.d0, step[1] * y.d1},
          dz[2] = {step[2] * z.d0, step[2] * z.d1};
  for (int k = 0; k < 8; ++k) {
    const int i = k & 1, j = k >> 1 & 1, l = k >> 2;
    weight[k] = dx[i] * wy[j] * wz[l] + wx[i] * (dy[j] * wz[l] + wy[j] * dz[l]);
  }
}

// Gradient by the place of sum_k s[k] * (derivative of weight[k] along step). The weights are linear along each axis,
// so only the mixed second derivatives are not zero.
template <typename T>
LIST_FAST_HD void trilinear_step_gradient(const AxisCell<T>& x, const AxisCell<T>& y, const AxisCell<T>& z,
                                          const T step[3], const T s[8], T gradient[3]) {
  const T x00 = x.w0 * s[0] + x.w1 * s[1], x10 = x.w0 * s[2] + x.w1 * s[3];  // interpolated along x; index (y, z)
  const T x01 = x.w0 * s[4] + x.w1 * s[5], x11 = x.w0 * s[6] + x.w1 * s[7];
  const T y00 = y.w0 * s[0] + y.w1 * s[2], y10 = y.w0 * s[1] + y.w1 * s[3];  // along y; index (x, z)
  const T y01 = y.w0 * s[4] + y.w1 * s[6], y11 = y.w0 * s[5] + y.w1 * s[7];
  const T z00 = z.w0 * s[0] + z.w1 * s[4], z10 = z.w0 * s[1] + z.w1 * s[5];  // along z; index (x, y)
  const T z01 = z.w0 * s[2] + z.w1 * s[6], z11 = z.w0 * s[3] + z.w1 * s[7];
  const T xy = y.d0 * (x.d0 * z00 + x.d1 * z10) + y.d1 * (x.d0 * z01 + x.d1 * z11);
  const T xz = z.d0 * (x.d0 * y00 + x.d1 * y10) + z.d1 * (x.d0 * y01 + x.d1 * y11);
  const T yz = z.d0 * (y.d0 * x00 + y.d1 * x10) + z.d1 * (y.d0 * x01 + y.d1 * x11);
  gradient[0] = step[1] * xy + step[2] * xz;
  gradient[1] = step[0] * xy + step[2] * yz;
  gradient[2] = step[0] * xz + step[1] * yz;
}

}  // namespace list_fast
