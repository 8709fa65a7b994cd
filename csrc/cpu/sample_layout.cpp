// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
#include "cpu/sample_layout.h"

#include <torch/csrc/stable/ops.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "allocate.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace list_fast {

using torch::stable::Tensor;

namespace {

// target[j * rows + i] = source[i * columns + j] for a block of the (rows, columns) matrix source. Whole lines of
// memory are read before any is needed again: at a stride that is a power of two, as those of most levels, all rows of
// a tile fall on the same few places of a cache.
template <typename T>
void transpose_block(const T* source, int64_t rows, int64_t columns, int64_t row_begin, int64_t row_end,
                     int64_t column_begin, int64_t column_end, T* target) {
  constexpr int64_t kLine = 64 / sizeof(T), kRows = kLine, kColumns = 4 * kLine;
  alignas(64) T tile[kRows][kColumns + kLine];
  for (int64_t j = column_begin; j < column_end; j += kColumns)
    for (int64_t i = row_begin; i < row_end; i += kRows) {
      const int64_t high = std::min(kRows, row_end - i), wide = std::min(kColumns, column_end - j);
      for (int64_t r = 0; r < high; ++r) std::memcpy(tile[r], source + (i + r) * columns + j, wide * sizeof(T));
      T* to = target + j * rows + i;
      if (high == kRows) {
        for (int64_t c = 0; c < wide; ++c, to += rows)
          for (int64_t r = 0; r < kRows; ++r) to[r] = tile[r][c];
      } else {
        for (int64_t c = 0; c < wide; ++c, to += rows)
          for (int64_t r = 0; r < high; ++r) to[r] = tile[r][c];
      }
    }
}

template <typename T>
void transpose(const T* source, int64_t rows, int64_t columns, T* target) {
  // Threads share the longer side, by pieces of 64 so that they do not meet in one line.
  const bool by_row = rows > columns;
  const int64_t pieces = (std::max(rows, columns) + 63) / 64;
  const int64_t grain = 1 + 256 / std::max<int64_t>(std::min(rows, columns), 1);
  torch::stable::parallel_for(0, pieces, grain, [&](int64_t begin, int64_t end) {
    begin *= 64, end *= 64;
    if (by_row)
      transpose_block(source, rows, columns, begin, std::min(end, rows), 0, columns, target);
    else
      transpose_block(source, rows, columns, 0, rows, begin, std::min(end, columns), target);
  });
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

constexpr int64_t kKeep = int64_t{1} << 28;  // bytes

// The head of the memory that it describes.
struct alignas(64) Scratch::Block {
  int64_t size;  // bytes after the head
};

std::atomic<Scratch::Block*> Scratch::kept{nullptr};

void Scratch::release(Block* block) { ::operator delete(block, std::align_val_t{alignof(Block)}); }

void* Scratch::data() const { return block_ == nullptr ? nullptr : block_ + 1; }

Scratch::Scratch(int64_t bytes) {
  if (bytes == 0) return;
  block_ = kept.exchange(nullptr);
  if (block_ != nullptr && block_->size >= bytes) return;
  release(std::exchange(block_, nullptr));
  const int64_t whole = bytes + static_cast<int64_t>(sizeof(Block));
  block_ = ::new (::operator new(whole, std::align_val_t{alignof(Block)})) Block{bytes};
  advise_large_pages(block_, whole);
}

Scratch::~Scratch() {
  if (block_ == nullptr) return;
  if (block_->size <= kKeep) block_ = kept.exchange(block_);
  release(block_);
}

template <typename T>
void fill_zeros(T* data, int64_t count) {
  advise_large_pages(data, count * static_cast<int64_t>(sizeof(T)));
  torch::stable::parallel_for(0, count, int64_t{1} << 18,
                              [&](int64_t begin, int64_t end) { std::fill(data + begin, data + end, T(0)); });
}

template <typename T>
void to_rows(const Tensor& level, int64_t nodes, T* rows) {
  const int64_t batch = level.size(0), channels = level.size(1);
  const T* source = level.const_data_ptr<T>();
  for (int64_t b = 0; b < batch; ++b)
    transpose(source + b * channels * nodes, channels, nodes, rows + b * channels * nodes);
}

template <typename T>
void from_rows(const T* rows, int64_t nodes, const Tensor& like, Tensor& out) {
  const int64_t batch = out.size(0), channels = out.size(1);
  const bool direct = out.scalar_type() == like.scalar_type() && out.is_contiguous();
  Tensor planes = direct ? out : allocate(like, out.sizes());
  advise_large_pages(planes.mutable_data_ptr(), planes.numel() * static_cast<int64_t>(sizeof(T)));
  T* target = planes.mutable_data_ptr<T>();
  for (int64_t b = 0; b < batch; ++b)
    transpose(rows + b * channels * nodes, nodes, channels, target + b * channels * nodes);
  if (!direct) torch::stable::copy_(out, planes);
}

template void fill_zeros<float>(float*, int64_t);
template void fill_zeros<double>(double*, int64_t);
template void to_rows<float>(const Tensor&, int64_t, float*);
template void to_rows<double>(const Tensor&, int64_t, double*);
template void from_rows<float>(const float*, int64_t, const Tensor&, Tensor&);
template void from_rows<double>(const double*, int64_t, const Tensor&, Tensor&);

}  // namespace list_fast
