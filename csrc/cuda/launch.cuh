// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Kernels with one thread per item. Compiled without nvcc, the same kernels run as loops on the host: this is how tests
// check them on a machine without a GPU.
#pragma once
#include <torch/csrc/stable/tensor.h>

#include <cstdint>

#if defined(__CUDACC__)
#include <cuda_runtime.h>
#include <torch/csrc/stable/accelerator.h>
#include <torch/csrc/stable/macros.h>
#include <torch/headeronly/util/Exception.h>
#define LIST_FAST_KERNEL __global__ __launch_bounds__(list_fast::kThreads) void
#define LIST_FAST_DEVICE __device__ __forceinline__
#define LIST_FAST_UNROLL _Pragma("unroll")
#define LIST_FAST_CONSTANT __grid_constant__  // of an argument that is read by index: it stays where it is
#else
#define LIST_FAST_KERNEL inline void
#define LIST_FAST_DEVICE inline
#define LIST_FAST_UNROLL
#define LIST_FAST_CONSTANT
#endif

namespace list_fast {

constexpr int kThreads = 256;

#if defined(__CUDACC__)

using DeviceGuard = torch::stable::accelerator::DeviceGuard;

// The number of this thread among all threads of a launch.
LIST_FAST_DEVICE int64_t thread_number() { return static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; }

// Runs `count` threads of kernel(args...) on the current stream of the device of `on`.
template <typename Kernel, typename... Args>
void launch(Kernel kernel, const torch::stable::Tensor& on, int64_t count, const Args&... args) {
  if (count == 0) return;
  const int64_t blocks = (count + kThreads - 1) / kThreads;
  STD_TORCH_CHECK(blocks < (int64_t{1} << 31), "too many places for one call: ", count, " threads");
  void* stream = nullptr;
  TORCH_ERROR_CODE_CHECK(aoti_torch_get_current_cuda_stream(on.get_device_index(), &stream));
  kernel<<<static_cast<unsigned>(blocks), kThreads, 0, static_cast<cudaStream_t>(stream)>>>(args...);
  STD_CUDA_KERNEL_LAUNCH_CHECK();
}

// Sum over a group of 2^shift neighbouring lanes; every lane of the warp takes part.
template <typename T>
LIST_FAST_DEVICE T group_sum(T value, int shift) {
  for (int distance = (1 << shift) >> 1; distance > 0; distance >>= 1)
    value += __shfl_xor_sync(0xffffffffu, value, distance);
  return value;
}

template <typename T>
LIST_FAST_DEVICE void atomic_add(T* address, T value) {
  atomicAdd(address, value);
}

// Four neighbours at once, 16-byte aligned; one transaction where the architecture has it.
LIST_FAST_DEVICE void atomic_add4(float* address, float a, float b, float c, float d) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  atomicAdd(reinterpret_cast<float4*>(address), make_float4(a, b, c, d));
#else
  atomicAdd(address, a);
  atomicAdd(address + 1, b);
  atomicAdd(address + 2, c);
  atomicAdd(address + 3, d);
#endif
}

constexpr int kMaxGroupShift = 5;  // a warp

#else

struct DeviceGuard {
  explicit DeviceGuard(int32_t) {}
};

inline thread_local int64_t current_thread = 0;
inline bool backwards = false;  // the last thread of a launch runs first: results that must not depend on it, do not

inline int64_t thread_number() { return current_thread; }

template <typename Kernel, typename... Args>
void launch(Kernel kernel, const torch::stable::Tensor&, int64_t count, const Args&... args) {
  const int64_t started = (count + kThreads - 1) / kThreads * kThreads;  // whole blocks, as on the device
  for (int64_t n = 0; n < started; ++n) {
    current_thread = backwards ? started - 1 - n : n;
    kernel(args...);
  }
}

template <typename T>
T group_sum(T value, int) {
  return value;
}

template <typename T>
void atomic_add(T* address, T value) {
  *address += value;
}

inline void atomic_add4(float* address, float a, float b, float c, float d) {
  address[0] += a;
  address[1] += b;
  address[2] += c;
  address[3] += d;
}

constexpr int kMaxGroupShift = 0;  // threads run one after the other and cannot exchange values

#endif

}  // namespace list_fast
