// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Memory layout for the samplers: from planes of nodes to rows of channels and back, and large fresh results.
#pragma once
#include <torch/csrc/stable/tensor.h>

#include <atomic>
#include <cstdint>
#include <utility>

namespace list_fast {

// Memory for the time of one call. One buffer of up to 256 MB stays for the next call: fresh memory costs more to touch
// for the first time than the copies that go there.
class Scratch {
 public:
  explicit Scratch(int64_t bytes = 0);
  ~Scratch();
  Scratch(Scratch&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Scratch& operator=(Scratch&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  void* data() const;

 private:
  struct Block;
  // The block that waits for the next call. An atomic and no lock, which a fork might copy while it is held.
  static std::atomic<Block*> kept;
  static void release(Block* block);
  Block* block_ = nullptr;
};

// level (B, C, nodes...) contiguous -> rows (B, nodes, C).
template <typename T>
void to_rows(const torch::stable::Tensor& level, int64_t nodes, T* rows);

// rows (B, nodes, C) -> out (B, C, nodes...), of any dtype and layout; `like` has the dtype of the rows.
template <typename T>
void from_rows(const T* rows, int64_t nodes, const torch::stable::Tensor& like, torch::stable::Tensor& out);

// Writes zeros with all threads.
template <typename T>
void fill_zeros(T* data, int64_t count);

// Asks the system to back fresh memory with large pages: the first write to a result of hundreds of megabytes otherwise
// costs as much as computing it. A hint; does nothing where it is not known.
void advise_large_pages(void* data, int64_t bytes);

}  // namespace list_fast
