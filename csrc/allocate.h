// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// New tensors like another, with an error that says what there was no memory for: torch's own is lost on the way
// through the stable ABI of the floor.
#pragma once
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <sstream>
#include <string>

namespace list_fast {

using Sizes = torch::headeronly::IntHeaderOnlyArrayRef;

inline std::string shape_of(Sizes size) {
  std::ostringstream text;
  text << '(';
  for (size_t n = 0; n < size.size(); ++n) text << (n ? ", " : "") << size[n];
  text << ')';
  return text.str();
}

template <typename F>
torch::stable::Tensor allocated(const F& make, Sizes size, const torch::stable::Tensor& like) {
  try {
    return make();
  } catch (const std::exception&) {
    STD_TORCH_CHECK(false, "list_fast: cannot allocate a tensor of shape ", shape_of(size), ": out of memory",
                    like.is_cuda() ? ", or an earlier kernel has failed" : "");
  }
}

inline torch::stable::Tensor allocate(const torch::stable::Tensor& like, Sizes size,
                                      std::optional<torch::headeronly::ScalarType> type = std::nullopt) {
  return allocated([&] { return torch::stable::new_empty(like, size, type); }, size, like);
}

inline torch::stable::Tensor allocate_zeros(const torch::stable::Tensor& like, Sizes size,
                                            std::optional<torch::headeronly::ScalarType> type = std::nullopt) {
  return allocated([&] { return torch::stable::new_zeros(like, size, type); }, size, like);
}

inline torch::stable::Tensor allocate_like(const torch::stable::Tensor& like) {
  return allocated([&] { return torch::stable::empty_like(like); }, like.sizes(), like);
}

}  // namespace list_fast
