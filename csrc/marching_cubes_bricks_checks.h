// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What marching cubes on bricks asks of its arguments on every back end, and the memory that it works in.
#pragma once
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <limits>
#include <utility>

#include "allocate.h"
#include "core/marching_cubes_bricks.h"

namespace list_fast {

inline void check_bricks(const torch::stable::Tensor& bricks, const torch::stable::Tensor& values, int64_t depth,
                         int64_t height, int64_t width) {
  STD_TORCH_CHECK(bricks.dim() == 1 && bricks.scalar_type() == torch::headeronly::ScalarType::Long,
                  "marching_cubes_bricks: bricks must be int64 of shape (M,)");
  STD_TORCH_CHECK(values.dim() == 4 && values.size(0) == bricks.size(0) && values.size(1) == kBrick &&
                      values.size(2) == kBrick && values.size(3) == kBrick,
                  "marching_cubes_bricks: values must have shape (M, 8, 8, 8)");
  STD_TORCH_CHECK(bricks.get_device_index() == values.get_device_index(),
                  "marching_cubes_bricks: bricks must be on the device of values");
  STD_TORCH_CHECK(depth >= 1 && height >= 1 && width >= 1, "marching_cubes_bricks: sizes must be positive");
  STD_TORCH_CHECK(bricks.size(0) <= std::numeric_limits<int32_t>::max(), "marching_cubes_bricks: too many bricks");
}

// The lattice with memory for all that is found out about it; `held` keeps that alive.
inline BrickLattice brick_lattice(const torch::stable::Tensor& bricks, int64_t depth, int64_t height, int64_t width,
                                  torch::stable::Tensor (&held)[6]) {
  using torch::headeronly::ScalarType;
  const int64_t count = bricks.size(0);
  const auto room = [&](int n, int64_t size, ScalarType type) {
    held[n] = allocate(bricks, {size}, type);
    return held[n].mutable_data_ptr();
  };
  BrickLattice lattice{};
  lattice.bricks = static_cast<const int64_t*>(bricks.const_data_ptr());
  lattice.count = count;
  lattice.sizes[0] = depth;
  lattice.sizes[1] = height;
  lattice.sizes[2] = width;
  lattice.around = static_cast<int32_t*>(room(0, 27 * count, ScalarType::Int));
  lattice.order = static_cast<BrickOrder*>(room(1, 4 * count, ScalarType::Int));
  lattice.inside = static_cast<uint64_t*>(room(2, kBrick * count, ScalarType::Long));
  lattice.known = static_cast<uint64_t*>(room(3, kBrick * count, ScalarType::Long));
  lattice.whole = static_cast<uint64_t*>(room(4, kBrick * count, ScalarType::Long));
  lattice.crossed = static_cast<uint64_t*>(room(5, 3 * kBrick * count, ScalarType::Long));
  return lattice;
}

}  // namespace list_fast
