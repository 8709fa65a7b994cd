// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Calls a template with the type of a tensor's values, which it is told by a zero of that type; other types are refused
// in the name of `what`, operator and argument, as "occupancy_grid: points".
#pragma once
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include "accumulate.h"

namespace list_fast {

template <typename F>
auto for_wide_floats(const torch::stable::Tensor& values, const char* what, const F& work,
                     const char* types = "float32 or float64") -> decltype(work(float{})) {
  switch (values.scalar_type()) {
    case torch::headeronly::ScalarType::Float:
      return work(float{});
    case torch::headeronly::ScalarType::Double:
      return work(double{});
    default:
      STD_TORCH_CHECK(false, what, " must be ", types);
  }
}

template <typename F>
auto for_floats(const torch::stable::Tensor& values, const char* what, const F& work,
                const char* types = "float32, float64, float16 or bfloat16") -> decltype(work(float{})) {
  switch (values.scalar_type()) {
    case torch::headeronly::ScalarType::Half:
      return work(Half{});
    case torch::headeronly::ScalarType::BFloat16:
      return work(BFloat16{});
    default:
      return for_wide_floats(values, what, work, types);
  }
}

// Floats, and the integers that scans come in.
template <typename F>
auto for_voxels(const torch::stable::Tensor& values, const char* what, const F& work) -> decltype(work(float{})) {
  switch (values.scalar_type()) {
    case torch::headeronly::ScalarType::Byte:
      return work(uint8_t{});
    case torch::headeronly::ScalarType::Char:
      return work(int8_t{});
    case torch::headeronly::ScalarType::Short:
      return work(int16_t{});
    default:
      return for_floats(values, what, work, "float32, float64, float16, bfloat16, uint8, int8 or int16");
  }
}

}  // namespace list_fast
