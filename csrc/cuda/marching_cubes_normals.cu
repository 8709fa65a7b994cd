// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Normals of marching cubes on CUDA: one thread a vertex.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>

#include "allocate.h"
#include "cuda/launch.cuh"
#include "dispatch.h"
#include "marching_cubes_checks.h"

namespace list_fast {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

template <typename T, typename A>
LIST_FAST_KERNEL normals_kernel(NormalSource<T, A> source, const int64_t* edges, int64_t count, A* out) {
  const int64_t n = thread_number();
  if (n < count) source.normal(edges[n], out + 3 * n);
}

namespace {

template <typename T>
Tensor normals_cuda(const Tensor& volume, const Tensor& edges, double level, double dx, double dy, double dz) {
  using A = typename Accumulate<T>::type;
  const auto real = sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float;
  Tensor result = allocate(volume, {edges.size(0), 3}, real);
  launch(normals_kernel<T, A>, volume, edges.size(0), normal_source<T>(volume, level, dx, dy, dz),
         static_cast<const int64_t*>(edges.const_data_ptr()), edges.size(0),
         static_cast<A*>(result.mutable_data_ptr()));
  return result;
}

}  // namespace

Tensor marching_cubes_normals_cuda(const Tensor& volume_, const Tensor& edges_, double level, double dx, double dy,
                                   double dz) {
  check_normals(volume_, edges_, dx, dy, dz);
  const DeviceGuard guard(volume_.get_device_index());
  const Tensor volume = torch::stable::contiguous(volume_), edges = torch::stable::contiguous(edges_);
  return for_voxels(volume, "marching_cubes_normals: volume", [&](auto zero) {
    using T = decltype(zero);
    return normals_cuda<T>(volume, edges, level, dx, dy, dz);
  });
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) {
  m.impl("marching_cubes_normals", TORCH_BOX(&list_fast::marching_cubes_normals_cuda));
}
