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

namespace list_fast {
namespace {

using std::fma;
using torch::headeronly::ScalarType;
using torch::stable::Tensor;

template <typename T>
struct Placed {
  AxisShare<T> axes[3];
  bool number;
  Placed(const T* point, int64_t resolution) : number(is_number(point)) {
    for (int a = 0; a < 3; ++a) axes[a] = axis_share(number ? point[a] : T(0), resolution);
  }
};

template <typename T>
void nearest(const T* points, int64_t count, int64_t resolution, T* grid) {
  std::fill(grid, grid + resolution * resolution * resolution, T(0));
  for (int64_t n = 0; n < count; ++n)
    if (is_number(points + 3 * n)) grid[nearest_node(points + 3 * n, resolution)] = T(1);
}

// What all points together leave empty of every node.
template <typename T>
void empty_share(const T* points, int64_t count, int64_t resolution, T* empty) {
  std::fill(empty, empty + resolution * resolution * resolution, T(1));
  for (int64_t n = 0; n < count; ++n) {
    const Placed<T> p(points + 3 * n, resolution);
    if (!p.number) continue;
    for (int c = 0; c < 8; ++c) {
      const int dx = c >> 2, dy = c >> 1 & 1, dz = c & 1;
      const int64_t node = ((p.axes[0].low + dx) * resolution + p.axes[1].low + dy) * resolution + p.axes[2].low + dz;
      empty[node] *= left_empty(p.axes[0].share[dx] * p.axes[1].share[dy], p.axes[2].share[dz]);
    }
  }
}

template <typename T>
T empty_without(const T* points, int64_t count, int64_t resolution, const int64_t* node, int64_t left_out) {
  T product = 1;
  for (int64_t n = 0; n < count; ++n) {
    if (n == left_out) continue;
    const Placed<T> p(points + 3 * n, resolution);
    if (p.number) product *= left_empty_at(p.axes, node);
  }
  return product;
}

template <typename T>
void point_gradient(const T* points, int64_t count, int64_t resolution, const T* grad, const T* empty, int64_t n,
                    T* out) {
  out[0] = out[1] = out[2] = T(0);
  const Placed<T> p(points + 3 * n, resolution);
  if (!p.number) return;
  for (int c = 0; c < 8; ++c) {
    const int dx = c >> 2, dy = c >> 1 & 1, dz = c & 1;
    const int64_t node[3] = {p.axes[0].low + dx, p.axes[1].low + dy, p.axes[2].low + dz};
    const int64_t index = (node[0] * resolution + node[1]) * resolution + node[2];
    const T own = left_empty(p.axes[0].share[dx] * p.axes[1].share[dy], p.axes[2].share[dz]);
    // A point on a node leaves nothing of it empty: there the product of the others cannot be had by division.
    const T others = own != T(0) ? empty[index] / own : empty_without(points, count, resolution, node, n);
    add_point_gradient(p.axes, dx, dy, dz, grad[index] * others, out);
  }
}

template <typename F>
void by_dtype(const Tensor& points, const char* op, const F& work) {
  switch (points.scalar_type()) {
    case ScalarType::Float:
      return work(float{});
    case ScalarType::Double:
      return work(double{});
    default:
      STD_TORCH_CHECK(false, op, ": points must be float32 or float64");
  }
}

Tensor occupancy_grid_cpu(const Tensor& points_, int64_t resolution, int64_t mode) {
  STD_TORCH_CHECK(points_.dim() == 3 && points_.size(2) == 3, "occupancy_grid: points must be (B, N, 3)");
  STD_TORCH_CHECK(resolution >= 2, "occupancy_grid: resolution must be at least 2, got ", resolution);
  const Tensor points = torch::stable::contiguous(points_);
  const int64_t batch = points.size(0), count = points.size(1), nodes = resolution * resolution * resolution;
  Tensor grid = torch::stable::new_empty(points, {batch, 1, resolution, resolution, resolution});
  by_dtype(points, "occupancy_grid", [&](auto zero) {
    using T = decltype(zero);
    const T* p = static_cast<const T*>(points.const_data_ptr());
    T* out = static_cast<T*>(grid.mutable_data_ptr());
    torch::stable::parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        T* here = out + b * nodes;
        if (mode == 0) {
          nearest(p + 3 * b * count, count, resolution, here);
        } else {
          empty_share(p + 3 * b * count, count, resolution, here);
          for (int64_t n = 0; n < nodes; ++n) here[n] = T(1) - here[n];
        }
      }
    });
  });
  return grid;
}

Tensor occupancy_grid_backward_cpu(const Tensor& grad_, const Tensor& points_, int64_t resolution) {
  STD_TORCH_CHECK(points_.dim() == 3 && points_.size(2) == 3 && grad_.dim() == 5 && resolution >= 2,
                  "occupancy_grid_backward: wants grad (B, 1, R, R, R) and points (B, N, 3)");
  const Tensor points = torch::stable::contiguous(points_), grad = torch::stable::contiguous(grad_);
  const int64_t batch = points.size(0), count = points.size(1), nodes = resolution * resolution * resolution;
  Tensor result = torch::stable::empty_like(points);
  by_dtype(points, "occupancy_grid_backward", [&](auto zero) {
    using T = decltype(zero);
    const T* p = static_cast<const T*>(points.const_data_ptr());
    const T* g = static_cast<const T*>(grad.const_data_ptr());
    T* out = static_cast<T*>(result.mutable_data_ptr());
    std::vector<T> empty(batch * nodes);
    torch::stable::parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) empty_share(p + 3 * b * count, count, resolution, empty.data() + b * nodes);
    });
    torch::stable::parallel_for(0, batch * count, 512, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        const int64_t b = n / count;
        point_gradient(p + 3 * b * count, count, resolution, g + b * nodes, empty.data() + b * nodes, n - b * count,
                       out + 3 * n);
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
