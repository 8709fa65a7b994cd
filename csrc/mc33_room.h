// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The tensors that marching cubes 33 gives back, on every back end.
#pragma once
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>

#include <limits>

#include "allocate.h"
#include "core/mc33.h"

namespace list_fast {

struct Mc33Room {
  torch::stable::Tensor vertices, faces, edges, support, weights, cells;
  int64_t edge_vertices;

  Mc33Room(const torch::stable::Tensor& on, torch::headeronly::ScalarType real, const Mc33Counts& total,
           bool want_edges)
      : edge_vertices(total.vertices) {
    using torch::headeronly::ScalarType;
    const bool small = total.vertices + total.inner <= std::numeric_limits<int32_t>::max();
    vertices = allocate(on, {total.vertices, 3}, real);
    faces = allocate(on, {total.faces, 3}, small ? ScalarType::Int : ScalarType::Long);
    edges = allocate(on, {want_edges ? total.vertices : 0}, ScalarType::Long);
    support = allocate(on, {total.inner, 12}, ScalarType::Long);
    weights = allocate(on, {total.inner, 12}, ScalarType::Double);
    cells = allocate(on, {total.inner}, ScalarType::Long);
  }

  bool narrow() const { return faces.scalar_type() == torch::headeronly::ScalarType::Int; }

  // Null where edges are not wanted.
  int64_t* edge_numbers() const {
    return edges.size(0) > 0 ? static_cast<int64_t*>(edges.mutable_data_ptr()) : nullptr;
  }

  template <typename Index>
  Mc33Output<Index> output() const {
    return {static_cast<Index*>(faces.mutable_data_ptr()), static_cast<int64_t*>(support.mutable_data_ptr()),
            static_cast<double*>(weights.mutable_data_ptr()), edge_vertices};
  }
};

}  // namespace list_fast
