// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The precision in which values of a type are computed with.
#pragma once
#include <torch/headeronly/util/BFloat16.h>
#include <torch/headeronly/util/Half.h>

#include <cstdint>

namespace list_fast {

using torch::headeronly::BFloat16;
using torch::headeronly::Half;

template <typename T>
struct Accumulate {
  using type = T;
};
template <>
struct Accumulate<Half> {
  using type = float;
};
template <>
struct Accumulate<BFloat16> {
  using type = float;
};
template <>
struct Accumulate<uint8_t> {
  using type = float;
};
template <>
struct Accumulate<int8_t> {
  using type = float;
};
template <>
struct Accumulate<int16_t> {
  using type = float;
};

}  // namespace list_fast
