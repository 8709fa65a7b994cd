// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
#include "cpu/sample_layout.h"

#include <torch/csrc/stable/ops.h>

#include <algorithm>
#include <cstring>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace list_fast {

using torch::stable::Tensor;

namespace {

constexpr int64_t kTile = 16;

// target[j * rows + i] = source[i * columns + j] for a block of the (rows, columns) matrix source.
template <typename T>
void transpose_block(const T* source, int64_t rows, int64_t columns, int64_t first, int64_t last, T* target) {
  for (int64_t j0 = first; j0 < last; j0 += kTile)
    for (int64_t i0 = 0; i0 < rows; i0 += kTile) {
      const int64_t j1 = std::min(j0 + kTile, last), i1 = std::min(i0 + kTile, rows);
      for (int64_t j = j0; j < j1; ++j)
        for (int64_t i = i0; i < i1; ++i) target[j * rows + i] = source[i * columns + j];
    }
}

template <typename T>
void transpose(const T* source, int64_t rows, int64_t columns, T* target) {
  torch::stable::parallel_for(
      0, columns, std::max<int64_t>(kTile, 16384 / std::max<int64_t>(rows, 1)),
      [&](int64_t begin, int64_t end) { transpose_block(source, rows, columns, begin, end, target); });
}

}  // namespace

void advise_large_pages(void* data, int64_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr uintptr_t kPage = uintptr_t{1} << 21;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(data) + kPage - 1) & ~(kPage - 1);
  const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + static_cast<uintptr_t>(bytes)) & ~(kPage - 1);
  if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

template <typename T>
void fill_zeros(T* data, int64_t count) {
  advise_large_pages(data, count * static_cast<int64_t>(sizeof(T)));
  torch::stable::parallel_for(0, count, int64_t{1} << 18,
                              [&](int64_t begin, int64_t end) { std::fill(data + begin, data + end, T(0)); });
}

template <typename T>
Tensor to_rows(const Tensor& level, int64_t nodes) {
  const int64_t batch = level.size(0), channels = level.size(1);
  Tensor rows = torch::stable::new_empty(level, {batch, nodes, channels});
  advise_large_pages(rows.mutable_data_ptr(), rows.numel() * static_cast<int64_t>(sizeof(T)));
  const T* source = level.const_data_ptr<T>();
  T* target = rows.mutable_data_ptr<T>();
  for (int64_t b = 0; b < batch; ++b)
    transpose(source + b * channels * nodes, channels, nodes, target + b * channels * nodes);
  return rows;
}

template <typename T>
void from_rows(const Tensor& rows, Tensor& out) {
  const int64_t batch = rows.size(0), nodes = rows.size(1), channels = rows.size(2);
  const bool direct = out.scalar_type() == rows.scalar_type() && out.is_contiguous();
  Tensor planes = direct ? out : torch::stable::new_empty(rows, out.sizes());
  advise_large_pages(planes.mutable_data_ptr(), planes.numel() * static_cast<int64_t>(sizeof(T)));
  const T* source = rows.const_data_ptr<T>();
  T* target = planes.mutable_data_ptr<T>();
  for (int64_t b = 0; b < batch; ++b)
    transpose(source + b * channels * nodes, nodes, channels, target + b * channels * nodes);
  if (!direct) torch::stable::copy_(out, planes);
}

template void fill_zeros<float>(float*, int64_t);
template void fill_zeros<double>(double*, int64_t);
template Tensor to_rows<float>(const Tensor&, int64_t);
template Tensor to_rows<double>(const Tensor&, int64_t);
template void from_rows<float>(const Tensor&, Tensor&);
template void from_rows<double>(const Tensor&, Tensor&);

}  // namespace list_fast
