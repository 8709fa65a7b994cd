// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Memory layout for the samplers: from planes of nodes to rows of channels and back, and large fresh results.
#pragma once
#include <torch/csrc/stable/tensor.h>

#include <cstdint>

namespace list_fast {

// level (B, C, nodes...) contiguous -> rows (B, nodes, C).
template <typename T>
torch::stable::Tensor to_rows(const torch::stable::Tensor& level, int64_t nodes);

// rows (B, nodes, C) -> out (B, C, nodes...), of any dtype and layout.
template <typename T>
void from_rows(const torch::stable::Tensor& rows, torch::stable::Tensor& out);

// Writes zeros with all threads.
template <typename T>
void fill_zeros(T* data, int64_t count);

// Asks the system to back fresh memory with large pages: the first write to a result of hundreds of megabytes otherwise
// costs as much as computing it. A hint; does nothing where it is not known.
void advise_large_pages(void* data, int64_t bytes);

}  // namespace list_fast
