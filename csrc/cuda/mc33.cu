// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes 33 on CUDA: the passes of the CPU, a thread to each word of 32 nodes. The sums are torch's; they are
// of integers, so the order of everything is that of the CPU. Temporaries are about two bytes a node.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <tuple>

#include "allocate.h"
#include "core/mc33.h"
#include "cuda/running_sums.cuh"
#include "cuda/volume_words.cuh"
#include "dispatch.h"
#include "mc33_room.h"

namespace list_fast {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

template <typename T, typename A>
LIST_FAST_KERNEL count_mc33_kernel(VolumeWords p, VolumeValues<T, A> values, CountParts<int64_t> counts) {
  const int64_t word = thread_number();
  if (word >= p.words) return;
  const BitVolume<Word> v = p.volume();
  const int64_t row = word / v.words, w = word % v.words, i = row / v.height, j = row % v.height;
  Mc33Counts c = {v.crossings(i, j, w).count(), 0, 0};
  if (i + 1 < v.depth && j + 1 < v.height) {
    const CellRow<Word> cells = v.cell_row(i, j, w);
    for (Word left = cells.active; left; left &= left - 1) {
      const int k = lowest_bit(left);
      count_cell(mc33_tables(), cells.case_of(k), values.cell(row * v.width + kLanes * w + k), c);
    }
  }
  counts.vertices[word] = c.vertices;
  counts.faces[word] = c.faces;
  counts.inner[word] = c.inner;
}

template <typename T, typename A, typename Index>
LIST_FAST_KERNEL write_mc33_kernel(VolumeWords p, VolumeValues<T, A> values, A level, CountParts<const int64_t> first,
                                   A* vertices, int64_t* edges, int64_t* homes, Mc33Output<Index> out) {
  const int64_t word = thread_number();
  if (word >= p.words) return;
  const BitVolume<Word> v = p.volume();
  const int64_t strides[3] = {v.height * v.width, v.width, 1};
  const int64_t row = word / v.words, w = word % v.words, i = row / v.height, j = row % v.height;
  const int64_t start = row * v.width + kLanes * w;  // the node of the first bit
  const Crossings<Word> c = v.crossings(i, j, w);
  int64_t number = first.vertices[word];
  for (Word left = c.x | c.y | c.z; left; left &= left - 1) {
    const int k = lowest_bit(left);
    const Word crossed[3] = {c.x >> k & 1, c.y >> k & 1, c.z >> k & 1};
    const A d0 = static_cast<A>(values.values[start + k]);
    for (int axis = 0; axis < 3; ++axis) {
      if (!crossed[axis]) continue;
      const A t = interpolate(d0, static_cast<A>(values.values[start + k + strides[axis]]), level);
      A* vertex = vertices + 3 * number;
      vertex[0] = static_cast<A>(i) + (axis == 0 ? t : A(0));
      vertex[1] = static_cast<A>(j) + (axis == 1 ? t : A(0));
      vertex[2] = static_cast<A>(kLanes * w + k) + (axis == 2 ? t : A(0));
      if (edges != nullptr) edges[number] = 3 * (start + k) + axis;
      ++number;
    }
  }
  int64_t face = first.faces[word], inner = first.inner[word];
  if (first.faces[word + 1] == face) return;
  const CellRow<Word> cells = v.cell_row(i, j, w);
  OwnedVertices<Word, Index> around[4];
  for (int n = 0; n < 4; ++n) {
    const int64_t ni = i + (n >> 1), nj = j + (n & 1);
    around[n].here = v.crossings(ni, nj, w);
    around[n].next_x = next_places(around[n].here.x, w + 1 < v.words ? v.crossings(ni, nj, w + 1).x : Word(0));
    around[n].first = static_cast<Index>(first.vertices[(ni * v.height + nj) * v.words + w]);
  }
  for (Word left = cells.active; left; left &= left - 1) {
    const int k = lowest_bit(left);
    Index ids[12];
    cell_vertices(around, k, ids);
    int64_t own = inner;
    write_cell(mc33_tables(), cells.case_of(k), values.cell(start + k), ids, out, face, inner);
    for (; own < inner; ++own) homes[own] = start + k;
  }
}

namespace {

template <typename T>
Mc33Room extract_mc33_cuda(const Tensor& volume, double level_, bool want_edges) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  const auto real = sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float;
  VolumeWords p{};
  p.measure(volume);
  if (p.words == 0) return Mc33Room(volume, real, {0, 0, 0}, want_edges);
  Tensor held[4];
  const T* values = static_cast<const T*>(volume.const_data_ptr());
  const VolumeValues<T, A> corners(values, level, p.v.height, p.v.width);
  p.pack(volume, values, level, held);
  CountSums<3> sums(volume, p.words);
  launch(count_mc33_kernel<T, A>, volume, p.words, p, corners, sums.counts());
  const CountParts<const int64_t> first = sums.add_up();
  const Mc33Counts total = {sums.totals[0], sums.totals[1], sums.totals[2]};
  const Mc33Room room(volume, real, total, want_edges);
  if (total.vertices == 0) return room;
  const auto write = [&](auto kernel, const auto& out) {
    launch(kernel, volume, p.words, p, corners, level, first, static_cast<A*>(room.vertices.mutable_data_ptr()),
           room.edge_numbers(), static_cast<int64_t*>(room.cells.mutable_data_ptr()), out);
  };
  if (room.narrow())
    write(write_mc33_kernel<T, A, int32_t>, room.output<int32_t>());
  else
    write(write_mc33_kernel<T, A, int64_t>, room.output<int64_t>());
  return room;
}

Mc33Room extract_any_mc33_cuda(const Tensor& volume, double level, bool want_edges) {
  return for_voxels(volume, "mc33: volume", [&](auto zero) {
    using T = decltype(zero);
    return extract_mc33_cuda<T>(volume, level, want_edges);
  });
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> mc33_cuda(const Tensor& volume, double level,
                                                                     bool want_edges) {
  STD_TORCH_CHECK(volume.dim() == 3, "mc33: volume must be (D, H, W), got ", volume.dim(), " dimensions");
  const DeviceGuard guard(volume.get_device_index());
  const Mc33Room r = extract_any_mc33_cuda(torch::stable::contiguous(volume), level, want_edges);
  return {r.vertices, r.faces, r.edges, r.support, r.weights, r.cells};
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) { m.impl("mc33", TORCH_BOX(&list_fast::mc33_cuda)); }
