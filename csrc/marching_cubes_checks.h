// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What marching cubes asks of its arguments on every back end.
#pragma once
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <algorithm>
#include <limits>

#include "accumulate.h"
#include "core/marching_cubes_normals.h"

namespace list_fast {

inline void check_capacity(int64_t vertices, int64_t faces) {
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  STD_TORCH_CHECK(vertices >= 0 && faces >= 0 && vertices <= kMost && faces <= kMost,
                  "marching_cubes_padded: room must be for 0 to 2^31 - 1 vertices and faces, got ", vertices, " and ",
                  faces);
}

inline void check_normals(const torch::stable::Tensor& volume, const torch::stable::Tensor& edges, double dx, double dy,
                          double dz) {
  STD_TORCH_CHECK(volume.dim() == 3 && edges.dim() == 1,
                  "marching_cubes_normals: wants volume (D, H, W) and edges (V,)");
  STD_TORCH_CHECK(edges.scalar_type() == torch::headeronly::ScalarType::Long,
                  "marching_cubes_normals: edges must be int64");
  STD_TORCH_CHECK(edges.get_device_index() == volume.get_device_index(),
                  "marching_cubes_normals: edges must be on the device of volume");
  STD_TORCH_CHECK(dx > 0 && dy > 0 && dz > 0, "marching_cubes_normals: distances between nodes must be positive");
}

template <typename T, typename A = typename Accumulate<T>::type>
NormalSource<T, A> normal_source(const torch::stable::Tensor& volume, double level, double dx, double dy, double dz) {
  return {static_cast<const T*>(volume.const_data_ptr()),
          {volume.size(0), volume.size(1), volume.size(2)},
          {volume.size(1) * volume.size(2), volume.size(2), 1},
          static_cast<A>(level),
          {static_cast<A>(dx), static_cast<A>(dy), static_cast<A>(dz)}};
}

}  // namespace list_fast
