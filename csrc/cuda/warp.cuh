// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Kernels with one warp per item, in terms of what each of its 32 lanes does. Compiled without nvcc the lanes run one
// after the other, so that tests check the same kernels on a machine without a GPU.
#pragma once
#include <cstdint>

#include "cuda/launch.cuh"

namespace list_fast {

constexpr int kLanes = 32;

#if defined(__CUDACC__)

constexpr uint32_t kAllLanes = 0xffffffffu;

LIST_FAST_DEVICE int lane_number() { return threadIdx.x % kLanes; }
LIST_FAST_DEVICE bool leads_warp() { return true; }

// One value a lane.
template <typename T>
class PerLane {
 public:
  LIST_FAST_DEVICE T& operator[](int) { return value_; }

 private:
  T value_;
};

// Bit n of the result is what does(n) says.
template <typename F>
LIST_FAST_DEVICE uint32_t ballot(const F& does) {
  return __ballot_sync(kAllLanes, does(lane_number()));
}

template <typename F>
LIST_FAST_DEVICE void each_lane(const F& work) {
  work(lane_number());
}

// Calls work(lane, sum of amount over the lanes before) and returns the sum over all lanes.
template <typename T, typename Amount, typename F>
LIST_FAST_DEVICE T each_lane_after(const Amount& amount, const F& work) {
  const int lane = lane_number();
  const T own = amount(lane);
  T sum = own;
  for (int distance = 1; distance < kLanes; distance *= 2) {
    const T before = __shfl_up_sync(kAllLanes, sum, distance);
    if (lane >= distance) sum += before;
  }
  work(lane, sum - own);
  return __shfl_sync(kAllLanes, sum, kLanes - 1);
}

// Copies `count` numbers from the device once the stream has got there: the only wait of an operation.
inline void read_back(const torch::stable::Tensor& from, int64_t* to, int count) {
  void* stream = nullptr;
  TORCH_ERROR_CODE_CHECK(aoti_torch_get_current_cuda_stream(from.get_device_index(), &stream));
  const cudaStream_t here = static_cast<cudaStream_t>(stream);
  STD_CUDA_CHECK(cudaMemcpyAsync(to, from.const_data_ptr(), count * sizeof(int64_t), cudaMemcpyDeviceToHost, here));
  STD_CUDA_CHECK(cudaStreamSynchronize(here));
}

#else

template <typename T>
class PerLane {
 public:
  T& operator[](int lane) { return values_[lane]; }

 private:
  T values_[kLanes];
};

inline bool leads_warp() { return thread_number() % kLanes == 0; }

template <typename F>
uint32_t ballot(const F& does) {
  uint32_t word = 0;
  for (int lane = 0; lane < kLanes; ++lane) word |= static_cast<uint32_t>(does(lane) ? 1 : 0) << lane;
  return word;
}

template <typename F>
void each_lane(const F& work) {
  for (int lane = 0; lane < kLanes; ++lane) work(lane);
}

template <typename T, typename Amount, typename F>
T each_lane_after(const Amount& amount, const F& work) {
  T sum = 0;
  for (int lane = 0; lane < kLanes; ++lane) {
    const T own = amount(lane);
    work(lane, sum);
    sum += own;
  }
  return sum;
}

inline void read_back(const torch::stable::Tensor& from, int64_t* to, int count) {
  for (int n = 0; n < count; ++n) to[n] = static_cast<const int64_t*>(from.const_data_ptr())[n];
}

#endif

// The number of this warp among all warps of a launch.
LIST_FAST_DEVICE int64_t warp_number() { return thread_number() / kLanes; }

}  // namespace list_fast
