// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Running sums by torch.
#pragma once
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>

#include <array>
#include <optional>

#include "allocate.h"
#include "cuda/warp.cuh"

namespace list_fast {

// Counts of each row or word, or the sums over those before it, each part an array of its own: torch adds up one array
// by all threads, but the columns of a table by a thread each.
template <typename T>
struct CountParts {
  T *vertices, *faces, *inner;
};

// The sums of (N,) numbers up to each.
inline torch::stable::Tensor running_sums(const torch::stable::Tensor& numbers) {
  std::array<StableIValue, 3> stack{torch::stable::detail::from(numbers), torch::stable::detail::from(int64_t{0}),
                                    torch::stable::detail::from(std::nullopt)};
  TORCH_ERROR_CODE_CHECK(torch_call_dispatcher("aten::cumsum", "", stack.data(), TORCH_ABI_VERSION));
  return torch::stable::detail::to<torch::stable::Tensor>(stack[0]);
}

// Room for n parts of so many counts, a zero before the first: the sums up to one are then those before the next.
template <int n>
struct CountSums {
  torch::stable::Tensor parts[n];
  int64_t totals[n] = {};

  CountSums(const torch::stable::Tensor& like, int64_t count) {
    for (torch::stable::Tensor& part : parts)
      part = allocate_zeros(like, {count + 1}, torch::headeronly::ScalarType::Long);
  }

  // Where the counts go.
  CountParts<int64_t> counts() const { return {place<int64_t>(0, 1), place<int64_t>(1, 1), place<int64_t>(2, 1)}; }

  // Puts the sums in the place of the counts, and reads all totals in one wait for the device.
  CountParts<const int64_t> add_up() {
    torch::stable::Tensor last = allocate(parts[0], {n}, torch::headeronly::ScalarType::Long);
    for (int part = 0; part < n; ++part) {
      parts[part] = running_sums(parts[part]);
      torch::stable::Tensor target = torch::stable::narrow(last, 0, part, 1);
      torch::stable::copy_(target, torch::stable::narrow(parts[part], 0, parts[part].size(0) - 1, 1));
    }
    read_back(last, totals, n);
    return {place<const int64_t>(0, 0), place<const int64_t>(1, 0), place<const int64_t>(2, 0)};
  }

 private:
  template <typename T>
  T* place(int part, int offset) const {
    return part < n ? static_cast<int64_t*>(parts[part].mutable_data_ptr()) + offset : nullptr;
  }
};

}  // namespace list_fast
