// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes on CPU: signs to bits, counts of every row, prefix sums, then all rows write their part at once.
#include "../core/marching_cubes.h"

#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>
#include <vector>

#include "allocate.h"
#include "dispatch.h"
#include "marching_cubes_checks.h"
#include "marching_cubes_rows.h"

namespace list_fast {
namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

struct RowCounts {
  int64_t vertices, faces;
};

LIST_FAST_INLINE void count_rows_body(const Volume& v, RowCounts* counts, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    const int64_t i = row / v.height, j = row % v.height;
    RowCounts c = {0, 0};
    for (int64_t w = 0; w < v.words; ++w) {
      c.vertices += v.crossings(i, j, w).count();
      if (i + 1 == v.depth || j + 1 == v.height) continue;
      const CellRow<uint64_t> cells = v.cell_row(i, j, w);
      for (uint64_t left = cells.active; left; left &= left - 1)
        c.faces += kTriangles[cells.case_of(lowest_bit(left))][0];
    }
    counts[row] = c;
  }
}

template <typename T, typename A, typename Index>
LIST_FAST_INLINE void write_rows_body(const Volume& v, const Output<T, A, Index>& out, const RowCounts* first,
                                      int64_t begin, int64_t end) {
  RowCache<Index> cache(v);
  for (int64_t row = begin; row < end; ++row) {
    const int64_t i = row / v.height, j = row % v.height;
    if (first[row + 1].vertices > first[row].vertices) write_row_vertices(v, out, row, first[row].vertices);
    if (first[row + 1].faces == first[row].faces) continue;
    Index* face = out.faces + 3 * first[row].faces;
    const OwnedVertices<uint64_t, Index>* rows[4];
    for (int n = 0; n < 4; ++n) rows[n] = cache.get(v, first, i + (n >> 1), j + (n & 1));
    for (int64_t w = 0; w < v.words; ++w) {
      const CellRow<uint64_t> cells = v.cell_row(i, j, w);
      if (!cells.active) continue;
      const OwnedVertices<uint64_t, Index> around[4] = {rows[0][w], rows[1][w], rows[2][w], rows[3][w]};
      for (uint64_t left = cells.active; left; left &= left - 1) {
        const int k = lowest_bit(left);
        const int8_t* triangles = kTriangles[cells.case_of(k)];
        Index ids[12];
        cell_vertices(around, k, ids);
        const int corners = 3 * triangles[0];
        for (int n = 0; n < corners; ++n) face[n] = ids[triangles[1 + n]];
        face += corners;
      }
    }
  }
}

// The same loops for the base instruction set and for one with bit counts in one instruction.
void count_rows_plain(const Volume& v, RowCounts* counts, int64_t begin, int64_t end) {
  count_rows_body(v, counts, begin, end);
}
template <typename T, typename A, typename Index>
void write_rows_plain(const Volume& v, const Output<T, A, Index>& out, const RowCounts* first, int64_t begin,
                      int64_t end) {
  write_rows_body(v, out, first, begin, end);
}
#if defined(__x86_64__)
#define LIST_FAST_BITS __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,f16c")))
LIST_FAST_BITS void count_rows_bits(const Volume& v, RowCounts* counts, int64_t begin, int64_t end) {
  count_rows_body(v, counts, begin, end);
}
template <typename T, typename A, typename Index>
LIST_FAST_BITS void write_rows_bits(const Volume& v, const Output<T, A, Index>& out, const RowCounts* first,
                                    int64_t begin, int64_t end) {
  write_rows_body(v, out, first, begin, end);
}
void count_rows(const Volume& v, RowCounts* counts, int64_t begin, int64_t end) {
  (signs::has_avx2() ? count_rows_bits : count_rows_plain)(v, counts, begin, end);
}
template <typename T, typename A, typename Index>
void write_rows(const Volume& v, const Output<T, A, Index>& out, const RowCounts* first, int64_t begin, int64_t end) {
  (signs::has_avx2() ? write_rows_bits<T, A, Index> : write_rows_plain<T, A, Index>)(v, out, first, begin, end);
}
#else
constexpr auto count_rows = count_rows_plain;
template <typename T, typename A, typename Index>
void write_rows(const Volume& v, const Output<T, A, Index>& out, const RowCounts* first, int64_t begin, int64_t end) {
  write_rows_plain(v, out, first, begin, end);
}
#endif

template <typename T>
std::tuple<Tensor, Tensor, Tensor> extract(const Tensor& volume, double level_, bool want_edges) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  const auto real = sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float;
  const int64_t depth = volume.size(0), height = volume.size(1), width = volume.size(2);
  if (depth < 2 || height < 2 || width < 2)
    return {allocate(volume, {0, 3}, real), allocate(volume, {0, 3}, ScalarType::Int),
            allocate(volume, {0}, ScalarType::Long)};
  const T* values = static_cast<const T*>(volume.const_data_ptr());
  const VolumeBits<T> bits(values, depth, height, width, level);
  const Volume& v = bits.v;
  const int64_t rows = bits.rows, block = bits.block;

  std::vector<RowCounts> first(rows + 1);
  parallel_rows(rows, block, [&](int64_t b, int64_t e) { count_rows(v, first.data(), b, e); });
  RowCounts total = {0, 0};
  for (RowCounts& c : first) {
    const RowCounts here = c;
    c = total;
    total.vertices += here.vertices;
    total.faces += here.faces;
  }

  const bool narrow = total.vertices <= std::numeric_limits<int32_t>::max();
  Tensor vertices = allocate(volume, {total.vertices, 3}, real);
  Tensor faces = allocate(volume, {total.faces, 3}, narrow ? ScalarType::Int : ScalarType::Long);
  Tensor edges = allocate(volume, {want_edges ? total.vertices : 0}, ScalarType::Long);
  if (total.vertices == 0) return {vertices, faces, edges};
  const auto write = [&](auto index) {
    using Index = decltype(index);
    const Output<T, A, Index> out{values, level, static_cast<A*>(vertices.mutable_data_ptr()),
                                  static_cast<Index*>(faces.mutable_data_ptr()),
                                  want_edges ? static_cast<int64_t*>(edges.mutable_data_ptr()) : nullptr};
    parallel_rows(rows, block, [&](int64_t b, int64_t e) { write_rows(v, out, first.data(), b, e); });
  };
  if (narrow)
    write(int32_t{});
  else
    write(int64_t{});
  return {vertices, faces, edges};
}

std::tuple<Tensor, Tensor, Tensor> marching_cubes_cpu(const Tensor& volume_, double level, bool want_edges) {
  STD_TORCH_CHECK(volume_.dim() == 3, "marching_cubes: volume must be (D, H, W), got ", volume_.dim(), " dimensions");
  const Tensor volume = torch::stable::contiguous(volume_);
  return for_voxels(volume, "marching_cubes: volume", [&](auto zero) {
    using T = decltype(zero);
    return extract<T>(volume, level, want_edges);
  });
}

// The mesh in room that was given: what is beyond its own numbers is zeros, what the room does not hold is left out.
std::tuple<Tensor, Tensor, Tensor> marching_cubes_padded_cpu(const Tensor& volume, double level, int64_t vertex_room,
                                                             int64_t face_room) {
  check_capacity(vertex_room, face_room);
  const auto [found, triangles, edges] = marching_cubes_cpu(volume, level, false);
  STD_TORCH_CHECK(triangles.scalar_type() == ScalarType::Int, "marching_cubes_padded: more than 2^31 - 1 vertices");
  Tensor vertices = allocate_zeros(found, {vertex_room, 3});
  Tensor faces = allocate_zeros(triangles, {face_room, 3});
  Tensor counts = allocate(found, {2}, ScalarType::Long);
  counts.mutable_data_ptr<int64_t>()[0] = found.size(0);
  counts.mutable_data_ptr<int64_t>()[1] = triangles.size(0);
  const int64_t vertex_bytes = 3 * (found.scalar_type() == ScalarType::Double ? 8 : 4);
  const int64_t kept = std::min(vertex_room, found.size(0));
  if (kept > 0) std::memcpy(vertices.mutable_data_ptr(), found.const_data_ptr(), kept * vertex_bytes);
  const int32_t* from = triangles.const_data_ptr<int32_t>();
  int32_t* to = faces.mutable_data_ptr<int32_t>();
  torch::stable::parallel_for(0, std::min(face_room, triangles.size(0)), 4096, [&](int64_t begin, int64_t end) {
    for (int64_t n = 3 * begin; n < 3 * end; n += 3)
      if (std::max({from[n], from[n + 1], from[n + 2]}) < vertex_room) std::copy_n(from + n, 3, to + n);
  });
  return {vertices, faces, counts};
}

// A node takes part in up to six edges: the three it owns, whose vertices lie side by side, and at most one per axis of
// which it is the upper end. So four passes over the vertices reach every node without two threads meeting at one.
template <typename T, typename A>
Tensor gradient(const Tensor& grad, const Tensor& volume, const Tensor& edges, double level_) {
  const int64_t strides[3] = {volume.size(1) * volume.size(2), volume.size(2), 1};
  const int64_t count = edges.size(0);
  const A level = static_cast<A>(level_);
  Tensor result = allocate_zeros(grad, {volume.size(0), volume.size(1), volume.size(2)});
  const T* values = static_cast<const T*>(volume.const_data_ptr());
  const A* g = static_cast<const A*>(grad.const_data_ptr());
  const int64_t* edge = static_cast<const int64_t*>(edges.const_data_ptr());
  A* out = static_cast<A*>(result.mutable_data_ptr());
  const auto slopes = [&](int64_t n, A& g0, A& g1) {
    const int64_t low = edge[n] / 3, axis = edge[n] % 3;
    interpolate_gradient(static_cast<A>(values[low]), static_cast<A>(values[low + strides[axis]]), level, g0, g1);
    return g[3 * n + axis];
  };
  torch::stable::parallel_for(0, count, 4096, [&](int64_t begin, int64_t end) {
    // Every owner belongs to the range in which its first vertex lies.
    while (begin > 0 && begin < end && edge[begin] / 3 == edge[begin - 1] / 3) ++begin;
    for (int64_t n = begin; n < end || (n < count && n > begin && edge[n] / 3 == edge[n - 1] / 3); ++n) {
      A g0, g1;
      const A scale = slopes(n, g0, g1);
      out[edge[n] / 3] = multiply_add(scale, g0, out[edge[n] / 3]);
    }
  });
  for (int64_t axis = 0; axis < 3; ++axis)
    torch::stable::parallel_for(0, count, 4096, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        if (edge[n] % 3 != axis) continue;
        A g0, g1;
        const A scale = slopes(n, g0, g1);
        A& upper = out[edge[n] / 3 + strides[axis]];
        upper = multiply_add(scale, g1, upper);
      }
    });
  return result;
}

Tensor marching_cubes_backward_cpu(const Tensor& grad_, const Tensor& volume_, const Tensor& edges_, double level) {
  STD_TORCH_CHECK(volume_.dim() == 3 && grad_.dim() == 2 && grad_.size(1) == 3 && edges_.dim() == 1,
                  "marching_cubes_backward: wants grad (V, 3), volume (D, H, W), edges (V,)");
  STD_TORCH_CHECK(edges_.size(0) == grad_.size(0), "marching_cubes_backward: the forward pass must return its edges");
  STD_TORCH_CHECK(edges_.scalar_type() == ScalarType::Long, "marching_cubes_backward: edges must be int64");
  STD_TORCH_CHECK(
      grad_.scalar_type() == (volume_.scalar_type() == ScalarType::Double ? ScalarType::Double : ScalarType::Float),
      "marching_cubes_backward: grad must have the dtype of the vertices");
  const Tensor grad = torch::stable::contiguous(grad_), volume = torch::stable::contiguous(volume_);
  const Tensor edges = torch::stable::contiguous(edges_);
  return for_floats(volume, "marching_cubes_backward: volume", [&](auto zero) {
    using T = decltype(zero);
    return gradient<T, typename Accumulate<T>::type>(grad, volume, edges, level);
  });
}

}  // namespace
}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) {
  m.impl("marching_cubes", TORCH_BOX(&list_fast::marching_cubes_cpu));
  m.impl("marching_cubes_padded", TORCH_BOX(&list_fast::marching_cubes_padded_cpu));
  m.impl("marching_cubes_backward", TORCH_BOX(&list_fast::marching_cubes_backward_cpu));
}
