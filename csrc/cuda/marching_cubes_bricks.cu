// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes on bricks on CUDA: the passes of the CPU, a thread to each plane. The sums are torch's; they are of
// integers, so the order of everything is that of the CPU.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <limits>
#include <tuple>

#include "accumulate.h"
#include "allocate.h"
#include "core/mc33_bricks.h"
#include "cuda/running_sums.cuh"
#include "cuda/warp.cuh"
#include "dispatch.h"
#include "marching_cubes_bricks_checks.h"
#include "mc33_room.h"

namespace list_fast {

// Sums over the rows before each: what is not asked for is not read.
template <typename Counts>
struct RowsBefore {
  CountParts<const int64_t> parts;
  LIST_FAST_INLINE Counts operator[](int64_t row) const;
};

template <>
LIST_FAST_INLINE BrickRowCounts RowsBefore<BrickRowCounts>::operator[](int64_t row) const {
  return {parts.vertices[row], parts.faces[row]};
}

template <>
LIST_FAST_INLINE Mc33Counts RowsBefore<Mc33Counts>::operator[](int64_t row) const {
  return {parts.vertices[row], parts.faces[row], parts.inner[row]};
}

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

LIST_FAST_KERNEL count_bricks_kernel(BrickLattice lattice, CountParts<int64_t> counts) {
  const int64_t plane = thread_number();
  const auto put = [&](int64_t row, BrickRowCounts c) {
    counts.vertices[row] = c.vertices;
    counts.faces[row] = c.faces;
  };
  if (plane < kBrick * lattice.count)
    lattice.count_plane(plane / kBrick, static_cast<int>(plane % kBrick), kTriangles, put);
}

template <typename T, typename A, typename Index>
LIST_FAST_KERNEL write_bricks_kernel(BrickLattice lattice, const T* values, A level, RowsBefore<BrickRowCounts> first,
                                     A* vertices, Index* faces) {
  const int64_t plane = thread_number();
  if (plane >= kBrick * lattice.count) return;
  const int i = static_cast<int>(plane % kBrick);
  lattice.write_vertices(plane / kBrick, i, values, level, first, vertices);
  lattice.write_faces(plane / kBrick, i, kTriangles, first, faces);
}

template <typename T, typename A>
LIST_FAST_KERNEL count_mc33_bricks_kernel(BrickLattice lattice, BrickValues<T, A> values, CountParts<int64_t> counts) {
  const int64_t plane = thread_number();
  const auto put = [&](int64_t row, Mc33Counts c) {
    counts.vertices[row] = c.vertices;
    counts.faces[row] = c.faces;
    counts.inner[row] = c.inner;
  };
  if (plane < kBrick * lattice.count)
    count_mc33_plane(lattice, plane / kBrick, static_cast<int>(plane % kBrick), mc33_tables(), values, put);
}

template <typename T, typename A, typename Index>
LIST_FAST_KERNEL write_mc33_bricks_kernel(BrickLattice lattice, BrickValues<T, A> values, RowsBefore<Mc33Counts> first,
                                          A* vertices, Mc33Output<Index> out) {
  const int64_t plane = thread_number();
  if (plane >= kBrick * lattice.count) return;
  const int i = static_cast<int>(plane % kBrick);
  lattice.write_vertices(plane / kBrick, i, values.values, values.level, first, vertices);
  write_mc33_plane(lattice, plane / kBrick, i, mc33_tables(), values, first, out);
}

namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

// Neighbours, signs and whole cells.
template <typename T, typename A>
void pack_bricks_cuda(const BrickLattice& lattice, const Tensor& volume, const T* values, A level) {
  const int64_t planes = kBrick * lattice.count;
  launch(link_bricks_kernel, volume, lattice.count, lattice);
  launch(pack_bricks_kernel<T, A>, volume, planes * kLanes, lattice, values, level);
  launch(whole_bricks_kernel, volume, planes, lattice);
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
  CountSums<2> sums(bricks, kBrick * planes);
  pack_bricks_cuda(lattice, volume, values, level);
  launch(count_bricks_kernel, volume, planes, lattice, sums.counts());
  const RowsBefore<BrickRowCounts> first{sums.add_up()};
  const BrickRowCounts total = {sums.totals[0], sums.totals[1]};
  const bool narrow = total.vertices <= std::numeric_limits<int32_t>::max();
  const Tensor vertices =
      allocate(volume, {total.vertices, 3}, sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float);
  const Tensor faces = allocate(volume, {total.faces, 3}, narrow ? ScalarType::Int : ScalarType::Long);
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

// The same for marching cubes 33: vertices on edges, faces, and the support and weights of inner vertices.
template <typename T>
std::tuple<Tensor, Tensor, Tensor, Tensor> extract_mc33_bricks_cuda(const Tensor& bricks, const Tensor& volume,
                                                                    int64_t depth, int64_t height, int64_t width,
                                                                    double level_) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  Tensor held[6];
  const BrickLattice lattice = brick_lattice(bricks, depth, height, width, held);
  const int64_t planes = kBrick * lattice.count;
  const BrickValues<T, A> values{static_cast<const T*>(volume.const_data_ptr()), level};
  CountSums<3> sums(bricks, kBrick * planes);
  pack_bricks_cuda(lattice, volume, values.values, level);
  launch(count_mc33_bricks_kernel<T, A>, volume, planes, lattice, values, sums.counts());
  const RowsBefore<Mc33Counts> first{sums.add_up()};
  const Mc33Counts total = {sums.totals[0], sums.totals[1], sums.totals[2]};
  const Mc33Room room(volume, sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float, total, false);
  A* out = static_cast<A*>(room.vertices.mutable_data_ptr());
  if (total.vertices > 0 && room.narrow())
    launch(write_mc33_bricks_kernel<T, A, int32_t>, volume, planes, lattice, values, first, out,
           room.output<int32_t>());
  else if (total.vertices > 0)
    launch(write_mc33_bricks_kernel<T, A, int64_t>, volume, planes, lattice, values, first, out,
           room.output<int64_t>());
  return {room.vertices, room.faces, room.support, room.weights};
}

}  // namespace

// Whether the numbers rise within the lattice is the caller's to check: here it would cost a wait for the device.
std::tuple<Tensor, Tensor> marching_cubes_bricks_cuda(const Tensor& bricks_, const Tensor& values_, int64_t depth,
                                                      int64_t height, int64_t width, double level) {
  check_bricks(bricks_, values_, depth, height, width);
  const DeviceGuard guard(values_.get_device_index());
  const Tensor bricks = torch::stable::contiguous(bricks_), values = torch::stable::contiguous(values_);
  return for_floats(values, "marching_cubes_bricks: values", [&](auto zero) {
    using T = decltype(zero);
    return extract_bricks_cuda<T>(bricks, values, depth, height, width, level);
  });
}

std::tuple<Tensor, Tensor, Tensor, Tensor> mc33_bricks_cuda(const Tensor& bricks_, const Tensor& values_, int64_t depth,
                                                            int64_t height, int64_t width, double level) {
  check_bricks(bricks_, values_, depth, height, width);
  const DeviceGuard guard(values_.get_device_index());
  const Tensor bricks = torch::stable::contiguous(bricks_), values = torch::stable::contiguous(values_);
  return for_floats(values, "mc33_bricks: values", [&](auto zero) {
    using T = decltype(zero);
    return extract_mc33_bricks_cuda<T>(bricks, values, depth, height, width, level);
  });
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) {
  m.impl("marching_cubes_bricks", TORCH_BOX(&list_fast::marching_cubes_bricks_cuda));
  m.impl("mc33_bricks", TORCH_BOX(&list_fast::mc33_bricks_cuda));
}
