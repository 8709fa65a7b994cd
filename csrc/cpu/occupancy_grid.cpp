// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Occupancy grids on CPU: one thread a cloud forward, one a point backward; every sum and product in the order of the
// points.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <algorithm>
#include <vector>

#include "../core/occupancy.h"
#include "allocate.h"
#include "dispatch.h"

namespace list_fast {
namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

template <typename T>
void nearest(const T* points, int64_t count, int64_t resolution, T* grid) {
  std::fill(grid, grid + resolution * resolution * resolution, T(0));
  for (int64_t n = 0; n < count; ++n)
    if (is_number(points + 3 * n)) grid[nearest_node(points + 3 * n, resolution)] = T(1);
}

// The product of all points for every node.
template <typename T>
void multiply_points(const T* points, int64_t count, int64_t resolution, T* products) {
  std::fill(products, products + resolution * resolution * resolution, T(1));
  for (int64_t n = 0; n < count; ++n) {
    const PointShare<T> p(points + 3 * n, resolution);
    if (!p.number) continue;
    for (int c = 0; c < 8; ++c) {
      const int dx = c >> 2, dy = c >> 1 & 1, dz = c & 1;
      const int64_t node = ((p.axes[0].low + dx) * resolution + p.axes[1].low + dy) * resolution + p.axes[2].low + dz;
      multiply_empty(products + node, p.left_empty_at(dx, dy, dz));
    }
  }
}

Tensor occupancy_grid_cpu(const Tensor& points_, int64_t resolution, int64_t mode) {
  STD_TORCH_CHECK(points_.dim() == 3 && points_.size(2) == 3, "occupancy_grid: points must be (B, N, 3)");
  STD_TORCH_CHECK(resolution >= 2, "occupancy_grid: resolution must be at least 2, got ", resolution);
  const Tensor points = torch::stable::contiguous(points_);
  const int64_t batch = points.size(0), count = points.size(1), nodes = resolution * resolution * resolution;
  Tensor grid = allocate(points, {batch, 1, resolution, resolution, resolution});
  for_wide_floats(points, "occupancy_grid: points", [&](auto zero) {
    using T = decltype(zero);
    const T* p = static_cast<const T*>(points.const_data_ptr());
    T* out = static_cast<T*>(grid.mutable_data_ptr());
    torch::stable::parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        T* here = out + b * nodes;
        if (mode == 0) {
          nearest(p + 3 * b * count, count, resolution, here);
        } else {
          multiply_points(p + 3 * b * count, count, resolution, here);
          for (int64_t n = 0; n < nodes; ++n) here[n] = T(1) - empty_of(here[n]);
        }
      }
    });
  });
  return grid;
}

Tensor occupancy_grid_backward_cpu(const Tensor& grad_, const Tensor& points_, int64_t resolution) {
  STD_TORCH_CHECK(points_.dim() == 3 && points_.size(2) == 3 && resolution >= 2 && grad_.dim() == 5 &&
                      grad_.numel() == points_.size(0) * resolution * resolution * resolution,
                  "occupancy_grid_backward: wants grad (B, 1, R, R, R) and points (B, N, 3)");
  STD_TORCH_CHECK(grad_.scalar_type() == points_.scalar_type(),
                  "occupancy_grid_backward: grad and points must share a dtype");
  const Tensor points = torch::stable::contiguous(points_), grad = torch::stable::contiguous(grad_);
  const int64_t batch = points.size(0), count = points.size(1), nodes = resolution * resolution * resolution;
  Tensor result = allocate_like(points);
  for_wide_floats(points, "occupancy_grid_backward: points", [&](auto zero) {
    using T = decltype(zero);
    const T* p = static_cast<const T*>(points.const_data_ptr());
    const T* g = static_cast<const T*>(grad.const_data_ptr());
    T* out = static_cast<T*>(result.mutable_data_ptr());
    std::vector<T> products(batch * nodes);
    torch::stable::parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b)
        multiply_points(p + 3 * b * count, count, resolution, products.data() + b * nodes);
    });
    torch::stable::parallel_for(0, batch * count, 512, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        const int64_t first = n / count * nodes;
        point_gradient(p + 3 * n, resolution, g + first, products.data() + first, out + 3 * n);
      }
    });
  });
  return result;
}

}  // namespace
}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) {
  m.impl("occupancy_grid", TORCH_BOX(&list_fast::occupancy_grid_cpu));
  m.impl("occupancy_grid_backward", TORCH_BOX(&list_fast::occupancy_grid_backward_cpu));
}
