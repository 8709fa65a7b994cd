// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes on bricks on CUDA: the passes of the CPU, a thread to each plane. The sums are torch's; they are of
// integers, so the order of everything is that of the CPU.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <array>
#include <limits>
#include <optional>
#include <tuple>

#include "accumulate.h"
#include "core/marching_cubes_bricks.h"
#include "cuda/warp.cuh"
#include "marching_cubes_bricks_checks.h"

namespace list_fast {

LIST_FAST_KERNEL link_bricks_kernel(BrickLattice lattice) {
  const int64_t m = thread_number();
  if (m < lattice.count) lattice.link(m);
}

// One warp a plane, so that its values are read side by side.
template <typename T, typename A>
LIST_FAST_KERNEL pack_bricks_kernel(BrickLattice lattice, const T* values, A level) {
  if (!leads_warp()) return;
  const int64_t plane = warp_number();
  if (plane >= kBrick * lattice.count) return;
  uint64_t inside = 0, known = 0;
  for (int half = 0; half < 2; ++half) {
    const T* place = values + 64 * plane + 32 * half;
    const uint64_t below = ballot([&](int lane) { return static_cast<A>(place[lane]) < level; });
    const uint64_t number = ballot([&](int lane) {
      const A value = static_cast<A>(place[lane]);
      return value == value;
    });
    inside |= below << (32 * half);
    known |= number << (32 * half);
  }
  each_lane([&](int lane) {
    if (lane != 0) return;
    int64_t node[3];
    lattice.corner(plane / kBrick, node);
    const uint64_t present = lattice.present(node, static_cast<int>(plane % kBrick));
    lattice.inside[plane] = inside & present;
    lattice.known[plane] = known & present;
  });
}

LIST_FAST_KERNEL whole_bricks_kernel(BrickLattice lattice) {
  const int64_t plane = thread_number();
  if (plane < kBrick * lattice.count) lattice.find_whole(plane / kBrick, static_cast<int>(plane % kBrick));
}

LIST_FAST_KERNEL count_bricks_kernel(BrickLattice lattice, BrickRowCounts* counts) {
  const int64_t plane = thread_number();
  if (plane < kBrick * lattice.count)
    lattice.count_plane(plane / kBrick, static_cast<int>(plane % kBrick), kTriangles, counts);
}

template <typename T, typename A, typename Index>
LIST_FAST_KERNEL write_bricks_kernel(BrickLattice lattice, const T* values, A level, const BrickRowCounts* first,
                                     A* vertices, Index* faces) {
  const int64_t plane = thread_number();
  if (plane >= kBrick * lattice.count) return;
  const int i = static_cast<int>(plane % kBrick);
  lattice.write_vertices(plane / kBrick, i, values, level, first, vertices);
  lattice.write_faces(plane / kBrick, i, kTriangles, first, faces);
}

namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

Tensor running_sums(const Tensor& rows) {
  std::array<StableIValue, 3> stack{torch::stable::detail::from(rows), torch::stable::detail::from(int64_t{0}),
                                    torch::stable::detail::from(std::nullopt)};
  TORCH_ERROR_CODE_CHECK(torch_call_dispatcher("aten::cumsum", "", stack.data(), TORCH_ABI_VERSION));
  return torch::stable::detail::to<Tensor>(stack[0]);
}

template <typename T>
std::tuple<Tensor, Tensor> extract_bricks_cuda(const Tensor& bricks, const Tensor& volume, int64_t depth,
                                               int64_t height, int64_t width, double level_) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  Tensor held[6];
  const BrickLattice lattice = brick_lattice(bricks, depth, height, width, held);
  const int64_t planes = kBrick * lattice.count;
  const T* values = static_cast<const T*>(volume.const_data_ptr());
  BrickRowCounts total = {0, 0};
  // A row of zeros before the counts: the sums up to a row are those of the rows before the next.
  const Tensor counts = torch::stable::new_zeros(bricks, {kBrick * planes + 1, 2}, ScalarType::Long);
  launch(link_bricks_kernel, volume, lattice.count, lattice);
  launch(pack_bricks_kernel<T, A>, volume, planes * kLanes, lattice, values, level);
  launch(whole_bricks_kernel, volume, planes, lattice);
  launch(count_bricks_kernel, volume, planes, lattice, static_cast<BrickRowCounts*>(counts.mutable_data_ptr()) + 1);
  const Tensor sums = running_sums(counts);
  const BrickRowCounts* first = static_cast<const BrickRowCounts*>(sums.const_data_ptr());
  read_back(torch::stable::narrow(const_cast<Tensor&>(sums), 0, kBrick * planes, 1), &total.vertices, 2);
  const bool narrow = total.vertices <= std::numeric_limits<int32_t>::max();
  const Tensor vertices =
      torch::stable::new_empty(volume, {total.vertices, 3}, sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float);
  const Tensor faces = torch::stable::new_empty(volume, {total.faces, 3}, narrow ? ScalarType::Int : ScalarType::Long);
  if (total.vertices == 0) return {vertices, faces};
  A* out = static_cast<A*>(vertices.mutable_data_ptr());
  if (narrow)
    launch(write_bricks_kernel<T, A, int32_t>, volume, planes, lattice, values, level, first, out,
           static_cast<int32_t*>(faces.mutable_data_ptr()));
  else
    launch(write_bricks_kernel<T, A, int64_t>, volume, planes, lattice, values, level, first, out,
           static_cast<int64_t*>(faces.mutable_data_ptr()));
  return {vertices, faces};
}

}  // namespace

// Whether the numbers rise within the lattice is the caller's to check: here it would cost a wait for the device.
std::tuple<Tensor, Tensor> marching_cubes_bricks_cuda(const Tensor& bricks_, const Tensor& values_, int64_t depth,
                                                      int64_t height, int64_t width, double level) {
  check_bricks(bricks_, values_, depth, height, width);
  const DeviceGuard guard(values_.get_device_index());
  const Tensor bricks = torch::stable::contiguous(bricks_), values = torch::stable::contiguous(values_);
  switch (values.scalar_type()) {
    case ScalarType::Float:
      return extract_bricks_cuda<float>(bricks, values, depth, height, width, level);
    case ScalarType::Double:
      return extract_bricks_cuda<double>(bricks, values, depth, height, width, level);
    case ScalarType::Half:
      return extract_bricks_cuda<Half>(bricks, values, depth, height, width, level);
    case ScalarType::BFloat16:
      return extract_bricks_cuda<BFloat16>(bricks, values, depth, height, width, level);
    default:
      STD_TORCH_CHECK(false, "marching_cubes_bricks: values must be float32, float64, float16 or bfloat16");
  }
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) {
  m.impl("marching_cubes_bricks", TORCH_BOX(&list_fast::marching_cubes_bricks_cuda));
}
