// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes on bricks on CPU: neighbours, signs, whole cells, counts of every row, sums, then all bricks write.
#include "../core/marching_cubes_bricks.h"

#include <limits>
#include <tuple>
#include <vector>

#include "../core/mc33_bricks.h"
#include "../marching_cubes_bricks_checks.h"
#include "../mc33_room.h"
#include "allocate.h"
#include "dispatch.h"
#include "marching_cubes_signs.h"

namespace list_fast {
namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

template <typename F>
void each_brick(int64_t count, const F& work) {
  torch::stable::parallel_for(0, count, 64, [&](int64_t begin, int64_t end) {
    for (int64_t m = begin; m < end; ++m) work(m);
  });
}

// Neighbours, signs and whole cells.
template <typename T, typename A>
void pack_bricks(const BrickLattice& lattice, const T* values, A level) {
  each_brick(lattice.count, [&](int64_t m) {
    lattice.link(m);
    int64_t node[3];
    lattice.corner(m, node);
    for (int i = 0; i < kBrick; ++i) {
      const signs::Signs s = signs::of_word(values + kBrickNodes * m + 64 * i, 64, level);
      lattice.known[kBrick * m + i] = lattice.present(node, i) & ~s.nan;
      lattice.inside[kBrick * m + i] = lattice.present(node, i) & s.inside;
    }
  });
  each_brick(lattice.count, [&](int64_t m) {
    for (int i = 0; i < kBrick; ++i) lattice.find_whole(m, i);
  });
}

template <typename T>
std::tuple<Tensor, Tensor> extract_bricks(const Tensor& bricks, const Tensor& volume, int64_t depth, int64_t height,
                                          int64_t width, double level_) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  Tensor held[6];
  const BrickLattice lattice = brick_lattice(bricks, depth, height, width, held);
  const T* values = static_cast<const T*>(volume.const_data_ptr());
  pack_bricks(lattice, values, level);
  std::vector<BrickRowCounts> first(64 * lattice.count);
  const auto put = [&](int64_t row, BrickRowCounts counts) { first[row] = counts; };
  each_brick(lattice.count, [&](int64_t m) {
    for (int i = 0; i < kBrick; ++i) lattice.count_plane(m, i, kTriangles, put);
  });
  BrickRowCounts total = {0, 0};
  for (BrickRowCounts& c : first) {
    const BrickRowCounts here = c;
    c = total;
    total.vertices += here.vertices;
    total.faces += here.faces;
  }
  const bool narrow = total.vertices <= std::numeric_limits<int32_t>::max();
  Tensor vertices = allocate(volume, {total.vertices, 3}, sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float);
  Tensor faces = allocate(volume, {total.faces, 3}, narrow ? ScalarType::Int : ScalarType::Long);
  each_brick(lattice.count, [&](int64_t m) {
    for (int i = 0; i < kBrick; ++i) {
      lattice.write_vertices(m, i, values, level, first.data(), static_cast<A*>(vertices.mutable_data_ptr()));
      if (narrow)
        lattice.write_faces(m, i, kTriangles, first.data(), static_cast<int32_t*>(faces.mutable_data_ptr()));
      else
        lattice.write_faces(m, i, kTriangles, first.data(), static_cast<int64_t*>(faces.mutable_data_ptr()));
    }
  });
  return {vertices, faces};
}

// The same for marching cubes 33: vertices on edges, faces, and the support and weights of inner vertices.
template <typename T>
std::tuple<Tensor, Tensor, Tensor, Tensor> extract_mc33_bricks(const Tensor& bricks, const Tensor& volume,
                                                               int64_t depth, int64_t height, int64_t width,
                                                               double level_) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  Tensor held[6];
  const BrickLattice lattice = brick_lattice(bricks, depth, height, width, held);
  const T* values = static_cast<const T*>(volume.const_data_ptr());
  pack_bricks(lattice, values, level);
  const BrickValues<T, A> corners{values, level};
  std::vector<Mc33Counts> first(64 * lattice.count);
  const auto put = [&](int64_t row, Mc33Counts counts) { first[row] = counts; };
  each_brick(lattice.count, [&](int64_t m) {
    for (int i = 0; i < kBrick; ++i) count_mc33_plane(lattice, m, i, mc33_tables(), corners, put);
  });
  Mc33Counts total = {0, 0, 0};
  for (Mc33Counts& c : first) {
    const Mc33Counts here = c;
    c = total;
    total.add(here);
  }
  const Mc33Room room(volume, sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float, total, false);
  const auto write = [&](const auto& out) {
    A* vertices = static_cast<A*>(room.vertices.mutable_data_ptr());
    each_brick(lattice.count, [&](int64_t m) {
      for (int i = 0; i < kBrick; ++i) {
        lattice.write_vertices(m, i, values, level, first.data(), vertices);
        write_mc33_plane(lattice, m, i, mc33_tables(), corners, first.data(), out);
      }
    });
  };
  if (room.narrow())
    write(room.output<int32_t>());
  else
    write(room.output<int64_t>());
  return {room.vertices, room.faces, room.support, room.weights};
}

// Numbers out of order or off the lattice would send reads astray.
void check_order(const Tensor& bricks, int64_t depth, int64_t height, int64_t width) {
  const int64_t* number = static_cast<const int64_t*>(bricks.const_data_ptr());
  const int64_t last = ((depth + 7) / 8) * ((height + 7) / 8) * ((width + 7) / 8);
  for (int64_t m = 0; m < bricks.size(0); ++m)
    STD_TORCH_CHECK(number[m] >= 0 && number[m] < last && (m == 0 || number[m] > number[m - 1]),
                    "marching_cubes_bricks: bricks must be rising numbers of bricks of the lattice");
}

}  // namespace

std::tuple<Tensor, Tensor> marching_cubes_bricks_cpu(const Tensor& bricks_, const Tensor& values_, int64_t depth,
                                                     int64_t height, int64_t width, double level) {
  check_bricks(bricks_, values_, depth, height, width);
  const Tensor bricks = torch::stable::contiguous(bricks_), values = torch::stable::contiguous(values_);
  check_order(bricks, depth, height, width);
  return for_floats(values, "marching_cubes_bricks: values", [&](auto zero) {
    using T = decltype(zero);
    return extract_bricks<T>(bricks, values, depth, height, width, level);
  });
}

std::tuple<Tensor, Tensor, Tensor, Tensor> mc33_bricks_cpu(const Tensor& bricks_, const Tensor& values_, int64_t depth,
                                                           int64_t height, int64_t width, double level) {
  check_bricks(bricks_, values_, depth, height, width);
  const Tensor bricks = torch::stable::contiguous(bricks_), values = torch::stable::contiguous(values_);
  check_order(bricks, depth, height, width);
  return for_floats(values, "mc33_bricks: values", [&](auto zero) {
    using T = decltype(zero);
    return extract_mc33_bricks<T>(bricks, values, depth, height, width, level);
  });
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) {
  m.impl("marching_cubes_bricks", TORCH_BOX(&list_fast::marching_cubes_bricks_cpu));
  m.impl("mc33_bricks", TORCH_BOX(&list_fast::mc33_bricks_cpu));
}
