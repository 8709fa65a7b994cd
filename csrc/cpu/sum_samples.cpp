// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The first layer of a frozen field: line_sums.h over all points.
#include "cpu/sum_samples.h"

#include <torch/csrc/stable/library.h>

#include "allocate.h"
#include "dispatch.h"

namespace list_fast {
namespace {

Tensor sum_samples_cpu(const std::vector<Tensor>& voxels, const std::vector<Tensor>& images,
                       const std::vector<Tensor>& levels, const std::vector<Tensor>& columns, const Tensor& points,
                       const Tensor& offsets, const Tensor& transform, const Tensor& weight, const Tensor& bias,
                       int64_t height, int64_t width, bool planes) {
  const Samples samples =
      checked(voxels, images, levels, columns, points, offsets, transform, weight, bias, height, width, planes);
  const int64_t channels = bias.numel();
  Tensor result = allocate(points, {points.size(0), channels});
  if (result.numel() == 0) return result;
  for_wide_floats(points, "sum_samples: points", [&](auto zero) {
    using T = decltype(zero);
    T* out = static_cast<T*>(result.mutable_data_ptr());
    walk_points<T>(samples, [&] { return [&](Walk<T>& walk) { walk.sum(out, channels, false); }; });
  });
  return result;
}

}  // namespace
}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) { m.impl("sum_samples", TORCH_BOX(&list_fast::sum_samples_cpu)); }
