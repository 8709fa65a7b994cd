// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Kernels with one block per item, in terms of what each of its threads does between two barriers, and of products of
// small matrices, one part of them a warp, on the tensor cores. Compiled without nvcc threads and warps run one after
// the other, so that tests check the same kernels on a machine without a GPU.
#pragma once
#include <torch/headeronly/util/BFloat16.h>
#include <torch/headeronly/util/Half.h>

#include <cstdint>

#include "cuda/launch.cuh"

#if defined(__CUDACC__)
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <mma.h>
#define LIST_FAST_BLOCK_KERNEL __global__ __launch_bounds__(list_fast::kBlockThreads) void
#else
#include <cstddef>
#include <vector>
#define LIST_FAST_BLOCK_KERNEL inline void
#endif

namespace list_fast {

constexpr int kBlockThreads = 512, kBlockWarps = kBlockThreads / 32;
constexpr int kMatrix = 16;  // rows and columns that a tensor core multiplies at once

using torch::headeronly::BFloat16;
using torch::headeronly::Half;

#if defined(__CUDACC__)

LIST_FAST_DEVICE int64_t block_number() { return blockIdx.x; }

// What the threads of a block share; aligned for any tile.
LIST_FAST_DEVICE char* block_memory() {
  extern __shared__ __align__(128) char memory[];
  return memory;
}

template <typename F>
LIST_FAST_DEVICE void each_thread(const F& work) {
  work(static_cast<int>(threadIdx.x));
}

// The work of a whole warp, whose lanes may come from branches of their own.
template <typename F>
LIST_FAST_DEVICE void each_warp(const F& work) {
  __syncwarp();
  work(static_cast<int>(threadIdx.x) / 32);
}

LIST_FAST_DEVICE void barrier() { __syncthreads(); }

LIST_FAST_DEVICE const __half* operand(const Half* p) { return reinterpret_cast<const __half*>(p); }
LIST_FAST_DEVICE const __nv_bfloat16* operand(const BFloat16* p) { return reinterpret_cast<const __nv_bfloat16*>(p); }

// Sums (16 R, 16 C) of each warp, in its registers. Pointers to tiles are 32-byte aligned, strides multiples of 8.
template <int R, int C>
class Sums {
 public:
  LIST_FAST_DEVICE void clear(int) {
    LIST_FAST_UNROLL
    for (int r = 0; r < R; ++r) LIST_FAST_UNROLL
    for (int c = 0; c < C; ++c) nvcuda::wmma::fill_fragment(sum_[r][c], 0.0f);
  }

  LIST_FAST_DEVICE void load(int, int r, int c, const float* from, int stride) {
    nvcuda::wmma::load_matrix_sync(sum_[r][c], from, stride, nvcuda::wmma::mem_row_major);
  }

  LIST_FAST_DEVICE void store(int, int r, int c, float* to, int stride) {
    nvcuda::wmma::store_matrix_sync(to, sum_[r][c], stride, nvcuda::wmma::mem_row_major);
  }

  // Adds a (16 R, 16) times b (16, 16 C), both row-major.
  template <typename E>
  LIST_FAST_DEVICE void add_product(int, const E* a, int a_stride, const E* b, int b_stride) {
    namespace wmma = nvcuda::wmma;
    using Type = std::remove_const_t<std::remove_pointer_t<decltype(operand(a))>>;
    wmma::fragment<wmma::matrix_b, kMatrix, kMatrix, kMatrix, Type, wmma::row_major> right[C];
    LIST_FAST_UNROLL
    for (int c = 0; c < C; ++c) wmma::load_matrix_sync(right[c], operand(b + kMatrix * c), b_stride);
    LIST_FAST_UNROLL
    for (int r = 0; r < R; ++r) {
      wmma::fragment<wmma::matrix_a, kMatrix, kMatrix, kMatrix, Type, wmma::row_major> left;
      wmma::load_matrix_sync(left, operand(a + kMatrix * r * a_stride), a_stride);
      LIST_FAST_UNROLL
      for (int c = 0; c < C; ++c) wmma::mma_sync(sum_[r][c], left, right[c], sum_[r][c]);
    }
  }

 private:
  nvcuda::wmma::fragment<nvcuda::wmma::accumulator, kMatrix, kMatrix, kMatrix, float> sum_[R][C];
};

// Runs `blocks` blocks of kernel(args...), each with `bytes` of shared memory, on the current stream of the device of
// `on`.
template <typename Kernel, typename... Args>
void launch_blocks(Kernel kernel, const torch::stable::Tensor& on, int64_t blocks, int bytes, const Args&... args) {
  if (blocks == 0) return;
  STD_TORCH_CHECK(blocks < (int64_t{1} << 31), "too many queries for one call: ", blocks, " blocks");
  void* stream = nullptr;
  TORCH_ERROR_CODE_CHECK(aoti_torch_get_current_cuda_stream(on.get_device_index(), &stream));
  STD_CUDA_CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
  kernel<<<static_cast<unsigned>(blocks), kBlockThreads, bytes, static_cast<cudaStream_t>(stream)>>>(args...);
  STD_CUDA_KERNEL_LAUNCH_CHECK();
}

#else

inline thread_local int64_t current_block = 0;
inline thread_local std::vector<char> current_memory;

inline int64_t block_number() { return current_block; }

inline char* block_memory() {
  char* memory = current_memory.data();
  return memory + (128 - reinterpret_cast<uintptr_t>(memory) % 128) % 128;
}

template <typename F>
void each_thread(const F& work) {
  for (int n = 0; n < kBlockThreads; ++n) work(backwards ? kBlockThreads - 1 - n : n);
}

template <typename F>
void each_warp(const F& work) {
  for (int n = 0; n < kBlockWarps; ++n) work(backwards ? kBlockWarps - 1 - n : n);
}

inline void barrier() {}

template <int R, int C>
class Sums {
 public:
  void clear(int warp) { std::fill_n(&sum_[warp][0][0][0], R * C * kMatrix * kMatrix, 0.0f); }

  void load(int warp, int r, int c, const float* from, int stride) {
    for (int i = 0; i < kMatrix; ++i) std::copy_n(from + i * stride, kMatrix, sum_[warp][r][c] + i * kMatrix);
  }

  void store(int warp, int r, int c, float* to, int stride) {
    for (int i = 0; i < kMatrix; ++i) std::copy_n(sum_[warp][r][c] + i * kMatrix, kMatrix, to + i * stride);
  }

  template <typename E>
  void add_product(int warp, const E* a, int a_stride, const E* b, int b_stride) {
    float right[kMatrix][C * kMatrix];
    for (int k = 0; k < kMatrix; ++k)
      for (int j = 0; j < C * kMatrix; ++j) right[k][j] = static_cast<float>(b[k * b_stride + j]);
    for (int i = 0; i < R * kMatrix; ++i)
      for (int k = 0; k < kMatrix; ++k) {
        const float left = static_cast<float>(a[i * a_stride + k]);
        for (int j = 0; j < C * kMatrix; ++j)
          sum_[warp][i / kMatrix][j / kMatrix][i % kMatrix * kMatrix + j % kMatrix] += left * right[k][j];
      }
  }

 private:
  float sum_[kBlockWarps][R][C][kMatrix * kMatrix];
};

template <typename Kernel, typename... Args>
void launch_blocks(Kernel kernel, const torch::stable::Tensor&, int64_t blocks, int bytes, const Args&... args) {
  current_memory.assign(bytes + 128, 0x7f);  // as NaN: what nobody wrote must not count
  for (int64_t n = 0; n < blocks; ++n) {
    current_block = backwards ? blocks - 1 - n : n;
    kernel(args...);
  }
}

#endif

}  // namespace list_fast
