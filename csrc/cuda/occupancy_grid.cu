// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Occupancy grids on CUDA. One warp multiplies a row of nodes in the order of the points, so the bits are those of the
// CPU.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include "allocate.h"
#include "core/occupancy.h"
#include "cuda/warp.cuh"

namespace list_fast {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

template <typename T>
LIST_FAST_KERNEL nearest_kernel(const T* points, int64_t total, int64_t count, int64_t resolution, T* grid) {
  const int64_t n = thread_number();
  if (n >= total || !is_number(points + 3 * n)) return;
  const int64_t nodes = resolution * resolution * resolution;
  grid[n / count * nodes + nearest_node(points + 3 * n, resolution)] = T(1);
}

// The lower node of each point; out of reach of every row for a point with a NaN.
template <typename T>
LIST_FAST_KERNEL lower_nodes_kernel(const T* points, int64_t total, int64_t resolution, int32_t* low) {
  const int64_t n = thread_number();
  if (n >= total) return;
  const PointShare<T> p(points + 3 * n, resolution);
  for (int a = 0; a < 3; ++a) low[3 * n + a] = p.number ? static_cast<int32_t>(p.axes[a].low) : -2;
}

// One warp a row (b, i, j): the products of all points for its nodes, or with `filled` the grid. Lanes own nodes.
template <typename T>
LIST_FAST_KERNEL row_kernel(const T* points, const int32_t* low, int64_t rows, int64_t count, int64_t resolution,
                            bool filled, T* grid) {
  if (!leads_warp()) return;
  const int64_t row = warp_number();
  if (row >= rows) return;
  const int64_t b = row / (resolution * resolution), i = row / resolution % resolution, j = row % resolution;
  T* nodes = grid + row * resolution;
  each_lane([&](int lane) {
    for (int64_t k = lane; k < resolution; k += kLanes) nodes[k] = T(1);
  });
  for (int64_t first = 0; first < count; first += kLanes) {
    uint32_t touching = ballot([&](int lane) {
      if (first + lane >= count) return false;
      const int32_t* at = low + 3 * (b * count + first + lane);
      return (at[0] == i || at[0] + 1 == i) && (at[1] == j || at[1] + 1 == j);
    });
    for (; touching; touching &= touching - 1) {
      int bit = 0;
      while (!(touching >> bit & 1)) ++bit;
      const PointShare<T> p(points + 3 * (b * count + first + bit), resolution);
      const int dx = static_cast<int>(i - p.axes[0].low), dy = static_cast<int>(j - p.axes[1].low);
      each_lane([&](int lane) {
        for (int dz = 0; dz < 2; ++dz) {
          const int64_t k = p.axes[2].low + dz;
          if (k % kLanes == lane) multiply_empty(nodes + k, p.left_empty_at(dx, dy, dz));
        }
      });
    }
  }
  if (!filled) return;
  each_lane([&](int lane) {
    for (int64_t k = lane; k < resolution; k += kLanes) nodes[k] = T(1) - empty_of(nodes[k]);
  });
}

template <typename T>
LIST_FAST_KERNEL point_gradient_kernel(const T* points, const T* grad, const T* products, int64_t total, int64_t count,
                                       int64_t resolution, T* out) {
  const int64_t n = thread_number();
  if (n >= total) return;
  const int64_t first = n / count * resolution * resolution * resolution;
  point_gradient(points + 3 * n, resolution, grad + first, products + first, out + 3 * n);
}

namespace {

template <typename T>
void multiply_rows(const Tensor& points, int64_t resolution, bool filled, Tensor& grid) {
  const int64_t count = points.size(1), total = points.size(0) * count, rows = points.size(0) * resolution * resolution;
  Tensor low = allocate(points, {total, 3}, ScalarType::Int);
  const T* p = static_cast<const T*>(points.const_data_ptr());
  int32_t* at = static_cast<int32_t*>(low.mutable_data_ptr());
  launch(lower_nodes_kernel<T>, points, total, p, total, resolution, at);
  launch(row_kernel<T>, points, rows * kLanes, p, static_cast<const int32_t*>(at), rows, count, resolution, filled,
         static_cast<T*>(grid.mutable_data_ptr()));
}

template <typename T>
Tensor grid_of(const Tensor& points, int64_t resolution, int64_t mode) {
  const int64_t count = points.size(1), total = points.size(0) * count;
  Tensor grid = allocate_zeros(points, {points.size(0), 1, resolution, resolution, resolution});
  if (mode == 0)
    launch(nearest_kernel<T>, points, total, static_cast<const T*>(points.const_data_ptr()), total, count, resolution,
           static_cast<T*>(grid.mutable_data_ptr()));
  else
    multiply_rows<T>(points, resolution, true, grid);
  return grid;
}

template <typename T>
Tensor gradient_of(const Tensor& grad, const Tensor& points, int64_t resolution) {
  const int64_t count = points.size(1), total = points.size(0) * count;
  Tensor products = allocate(points, {points.size(0), resolution, resolution, resolution});
  multiply_rows<T>(points, resolution, false, products);
  Tensor result = allocate_like(points);
  launch(point_gradient_kernel<T>, points, total, static_cast<const T*>(points.const_data_ptr()),
         static_cast<const T*>(grad.const_data_ptr()), static_cast<const T*>(products.const_data_ptr()), total, count,
         resolution, static_cast<T*>(result.mutable_data_ptr()));
  return result;
}

}  // namespace

Tensor occupancy_grid_cuda(const Tensor& points_, int64_t resolution, int64_t mode) {
  STD_TORCH_CHECK(points_.dim() == 3 && points_.size(2) == 3, "occupancy_grid: points must be (B, N, 3)");
  STD_TORCH_CHECK(resolution >= 2, "occupancy_grid: resolution must be at least 2, got ", resolution);
  const DeviceGuard guard(points_.get_device_index());
  const Tensor points = torch::stable::contiguous(points_);
  if (points.scalar_type() == ScalarType::Float) return grid_of<float>(points, resolution, mode);
  STD_TORCH_CHECK(points.scalar_type() == ScalarType::Double, "occupancy_grid: points must be float32 or float64");
  return grid_of<double>(points, resolution, mode);
}

Tensor occupancy_grid_backward_cuda(const Tensor& grad_, const Tensor& points_, int64_t resolution) {
  STD_TORCH_CHECK(points_.dim() == 3 && points_.size(2) == 3 && resolution >= 2 && grad_.dim() == 5 &&
                      grad_.numel() == points_.size(0) * resolution * resolution * resolution,
                  "occupancy_grid_backward: wants grad (B, 1, R, R, R) and points (B, N, 3)");
  STD_TORCH_CHECK(grad_.scalar_type() == points_.scalar_type() && grad_.device() == points_.device(),
                  "occupancy_grid_backward: grad and points must share dtype and device");
  const DeviceGuard guard(points_.get_device_index());
  const Tensor points = torch::stable::contiguous(points_), grad = torch::stable::contiguous(grad_);
  if (points.scalar_type() == ScalarType::Float) return gradient_of<float>(grad, points, resolution);
  STD_TORCH_CHECK(points.scalar_type() == ScalarType::Double,
                  "occupancy_grid_backward: points must be float32 or float64");
  return gradient_of<double>(grad, points, resolution);
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) {
  m.impl("occupancy_grid", TORCH_BOX(&list_fast::occupancy_grid_cuda));
  m.impl("occupancy_grid_backward", TORCH_BOX(&list_fast::occupancy_grid_backward_cuda));
}
