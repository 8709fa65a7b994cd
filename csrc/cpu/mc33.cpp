// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes 33 on CPU: as marching_cubes.cpp, but that the values at the corners of open cells choose a patch,
// once to count and once to write it, and that patches bring inner vertices, which come after all others.
#include "../core/mc33.h"

#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <tuple>
#include <vector>

#include "../mc33_room.h"
#include "dispatch.h"
#include "marching_cubes_rows.h"

namespace list_fast {
namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

template <typename T, typename A>
LIST_FAST_INLINE void count_rows_body(const Volume& v, const VolumeValues<T, A>& values, Mc33Counts* counts,
                                      int64_t begin, int64_t end) {
  const Mc33Tables tables = mc33_tables();
  for (int64_t row = begin; row < end; ++row) {
    const int64_t i = row / v.height, j = row % v.height;
    Mc33Counts c = {0, 0, 0};
    for (int64_t w = 0; w < v.words; ++w) {
      c.vertices += v.crossings(i, j, w).count();
      if (i + 1 == v.depth || j + 1 == v.height) continue;
      const CellRow<uint64_t> cells = v.cell_row(i, j, w);
      for (uint64_t left = cells.active; left; left &= left - 1) {
        const int k = lowest_bit(left);
        count_cell(tables, cells.case_of(k), values.cell(row * v.width + 64 * w + k), c);
      }
    }
    counts[row] = c;
  }
}

template <typename T, typename A, typename Index>
LIST_FAST_INLINE void write_rows_body(const Volume& v, const VolumeValues<T, A>& values, const Output<T, A, Index>& out,
                                      const Mc33Output<Index>& patches, int64_t* homes, const Mc33Counts* first,
                                      int64_t begin, int64_t end) {
  const Mc33Tables tables = mc33_tables();
  RowCache<Index> cache(v);
  for (int64_t row = begin; row < end; ++row) {
    const int64_t i = row / v.height, j = row % v.height;
    if (first[row + 1].vertices > first[row].vertices) write_row_vertices(v, out, row, first[row].vertices);
    int64_t face = first[row].faces, inner = first[row].inner;
    if (first[row + 1].faces == face) continue;
    const OwnedVertices<uint64_t, Index>* rows[4];
    for (int n = 0; n < 4; ++n) rows[n] = cache.get(v, first, i + (n >> 1), j + (n & 1));
    for (int64_t w = 0; w < v.words; ++w) {
      const CellRow<uint64_t> cells = v.cell_row(i, j, w);
      if (!cells.active) continue;
      const OwnedVertices<uint64_t, Index> around[4] = {rows[0][w], rows[1][w], rows[2][w], rows[3][w]};
      for (uint64_t left = cells.active; left; left &= left - 1) {
        const int k = lowest_bit(left);
        const int64_t node = row * v.width + 64 * w + k;
        Index ids[12];
        cell_vertices(around, k, ids);
        int64_t own = inner;
        write_cell(tables, cells.case_of(k), values.cell(node), ids, patches, face, inner);
        for (; own < inner; ++own) homes[own] = node;
      }
    }
  }
}

// The same loops for the base instruction set and for one with bit counts in one instruction.
template <typename T, typename A>
void count_rows_plain(const Volume& v, const VolumeValues<T, A>& values, Mc33Counts* counts, int64_t begin,
                      int64_t end) {
  count_rows_body(v, values, counts, begin, end);
}
template <typename T, typename A, typename Index>
void write_rows_plain(const Volume& v, const VolumeValues<T, A>& values, const Output<T, A, Index>& out,
                      const Mc33Output<Index>& patches, int64_t* homes, const Mc33Counts* first, int64_t begin,
                      int64_t end) {
  write_rows_body(v, values, out, patches, homes, first, begin, end);
}
#if defined(__x86_64__)
#define LIST_FAST_BITS __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,f16c")))
template <typename T, typename A>
LIST_FAST_BITS void count_rows_bits(const Volume& v, const VolumeValues<T, A>& values, Mc33Counts* counts,
                                    int64_t begin, int64_t end) {
  count_rows_body(v, values, counts, begin, end);
}
template <typename T, typename A, typename Index>
LIST_FAST_BITS void write_rows_bits(const Volume& v, const VolumeValues<T, A>& values, const Output<T, A, Index>& out,
                                    const Mc33Output<Index>& patches, int64_t* homes, const Mc33Counts* first,
                                    int64_t begin, int64_t end) {
  write_rows_body(v, values, out, patches, homes, first, begin, end);
}
template <typename T, typename A>
auto count_rows() {
  return signs::has_avx2() ? count_rows_bits<T, A> : count_rows_plain<T, A>;
}
template <typename T, typename A, typename Index>
auto write_rows() {
  return signs::has_avx2() ? write_rows_bits<T, A, Index> : write_rows_plain<T, A, Index>;
}
#else
template <typename T, typename A>
auto count_rows() {
  return count_rows_plain<T, A>;
}
template <typename T, typename A, typename Index>
auto write_rows() {
  return write_rows_plain<T, A, Index>;
}
#endif

template <typename T>
Mc33Room extract(const Tensor& volume, double level_, bool want_edges) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  const auto real = sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float;
  const int64_t depth = volume.size(0), height = volume.size(1), width = volume.size(2);
  if (depth < 2 || height < 2 || width < 2) return Mc33Room(volume, real, {0, 0, 0}, want_edges);
  const T* values = static_cast<const T*>(volume.const_data_ptr());
  const VolumeBits<T> bits(values, depth, height, width, level);
  const VolumeValues<T, A> corners(values, level, height, width);

  std::vector<Mc33Counts> first(bits.rows + 1);
  const auto count = count_rows<T, A>();
  parallel_rows(bits.rows, bits.block, [&](int64_t b, int64_t e) { count(bits.v, corners, first.data(), b, e); });
  Mc33Counts total = {0, 0, 0};
  for (Mc33Counts& c : first) {
    const Mc33Counts here = c;
    c = total;
    total.add(here);
  }

  const Mc33Room room(volume, real, total, want_edges);
  if (total.vertices == 0) return room;
  int64_t* homes = static_cast<int64_t*>(room.cells.mutable_data_ptr());
  const auto write = [&](auto index) {
    using Index = decltype(index);
    const Mc33Output<Index> patches = room.output<Index>();
    const Output<T, A, Index> out{values, level, static_cast<A*>(room.vertices.mutable_data_ptr()), patches.faces,
                                  room.edge_numbers()};
    const auto work = write_rows<T, A, Index>();
    parallel_rows(bits.rows, bits.block,
                  [&](int64_t b, int64_t e) { work(bits.v, corners, out, patches, homes, first.data(), b, e); });
  };
  if (room.narrow())
    write(int32_t{});
  else
    write(int64_t{});
  return room;
}

Mc33Room extract_any(const Tensor& volume, double level, bool want_edges) {
  return for_voxels(volume, "mc33: volume", [&](auto zero) {
    using T = decltype(zero);
    return extract<T>(volume, level, want_edges);
  });
}

std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> mc33_cpu(const Tensor& volume, double level,
                                                                    bool want_edges) {
  STD_TORCH_CHECK(volume.dim() == 3, "mc33: volume must be (D, H, W), got ", volume.dim(), " dimensions");
  const Mc33Room r = extract_any(torch::stable::contiguous(volume), level, want_edges);
  return {r.vertices, r.faces, r.edges, r.support, r.weights, r.cells};
}

}  // namespace
}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) { m.impl("mc33", TORCH_BOX(&list_fast::mc33_cpu)); }
