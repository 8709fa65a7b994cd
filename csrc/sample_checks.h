// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What protects the samplers' memory, on both back ends. The Python functions check first and say more.
#pragma once
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/util/Exception.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "core/common.h"

namespace list_fast {

// levels: (B, C_l, axes...) each, with `dims` dimensions; points (B, N, 3). Returns the sum of C_l.
inline int64_t check_sampler(const char* op, const std::vector<torch::stable::Tensor>& levels,
                             const torch::stable::Tensor& points, int64_t dims, int64_t padding) {
  STD_TORCH_CHECK(!levels.empty(), op, ": levels must not be empty");
  STD_TORCH_CHECK(points.dim() == 3 && points.size(2) == 3, op, ": points must be (B, N, 3)");
  STD_TORCH_CHECK(padding >= 0 && padding <= 2, op, ": padding must be 0, 1 or 2, got ", padding);
  int64_t channels = 0;
  for (const auto& level : levels) {
    STD_TORCH_CHECK(level.dim() == dims, op, ": levels must have ", dims, " dimensions, got ", level.dim());
    STD_TORCH_CHECK(level.size(0) == points.size(0), op, ": levels and points must have one batch size");
    STD_TORCH_CHECK(level.device() == points.device(), op, ": levels and points must be on one device");
    for (int64_t axis = 2; axis < dims; ++axis)
      // Above that float32 rounds the last node's number past what an int32 holds.
      STD_TORCH_CHECK(level.size(axis) > 0 && level.size(axis) <= int64_t{1} << 30, op,
                      ": the axes of levels must have 1 to 2^30 nodes, got ", level.size(axis));
    channels += level.size(1);
  }
  return channels;
}

// What a double backward is asked and given, checked for what protects memory.
inline void check_second(const char* op, const std::vector<torch::stable::Tensor>& by_levels,
                         const std::vector<torch::stable::Tensor>& levels,
                         const std::optional<torch::stable::Tensor>& by_points,
                         const std::optional<torch::stable::Tensor>& by_other, const torch::stable::Tensor& points,
                         const torch::stable::Tensor& other) {
  STD_TORCH_CHECK(by_levels.empty() || by_levels.size() == levels.size(), op,
                  ": by_levels must be empty or hold one tensor for each level");
  for (size_t l = 0; l < by_levels.size(); ++l)
    if (by_levels[l].numel() > 0)
      STD_TORCH_CHECK(by_levels[l].sizes().equals(levels[l].sizes()) && by_levels[l].device() == points.device(), op,
                      ": by_levels must have the shapes and the device of levels");
  const auto fits = [&](const std::optional<torch::stable::Tensor>& value, const torch::stable::Tensor& like) {
    return !value.has_value() || (value->sizes().equals(like.sizes()) && value->scalar_type() == points.scalar_type() &&
                                  value->device() == points.device());
  };
  STD_TORCH_CHECK(fits(by_points, points) && fits(by_other, other), op,
                  ": the gradients by the first gradients must have their shapes, dtype and device");
}

}  // namespace list_fast
