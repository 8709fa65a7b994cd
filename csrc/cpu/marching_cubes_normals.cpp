// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Normals of marching cubes on CPU: every vertex by itself.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>

#include "../marching_cubes_checks.h"
#include "allocate.h"
#include "dispatch.h"

namespace list_fast {
namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

template <typename T>
Tensor normals(const Tensor& volume, const Tensor& edges, double level, double dx, double dy, double dz) {
  using A = typename Accumulate<T>::type;
  const auto source = normal_source<T>(volume, level, dx, dy, dz);
  const auto real = sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float;
  Tensor result = allocate(volume, {edges.size(0), 3}, real);
  const int64_t* edge = static_cast<const int64_t*>(edges.const_data_ptr());
  A* out = static_cast<A*>(result.mutable_data_ptr());
  torch::stable::parallel_for(0, edges.size(0), 4096, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) source.normal(edge[n], out + 3 * n);
  });
  return result;
}

Tensor marching_cubes_normals_cpu(const Tensor& volume_, const Tensor& edges_, double level, double dx, double dy,
                                  double dz) {
  check_normals(volume_, edges_, dx, dy, dz);
  const Tensor volume = torch::stable::contiguous(volume_), edges = torch::stable::contiguous(edges_);
  return for_voxels(volume, "marching_cubes_normals: volume", [&](auto zero) {
    using T = decltype(zero);
    return normals<T>(volume, edges, level, dx, dy, dz);
  });
}

}  // namespace
}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) {
  m.impl("marching_cubes_normals", TORCH_BOX(&list_fast::marching_cubes_normals_cpu));
}
