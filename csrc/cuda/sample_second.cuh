// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What the second derivatives of the two CUDA samplers share: the sums that cpu/sample_second.h states, by the same
// arithmetic.
#pragma once
#include <optional>
#include <vector>

#include "allocate.h"
#include "cuda/sample_scatter.cuh"

namespace list_fast {

// One level's part of the second derivatives, for all places m and with the weights of the sample, or with `steps`
// (places, kDim) their derivatives along each place's step:
//   out[m * stride + c] (added to with `add`) = sum over corners of weight * data[corner, c],
//   first[m * kDim + a] += d/d place_a of sum over c of grad * sample, and
//   second[m * kDim + a] += d/d place_a of sum over c of grad * (derivative of the sample along the step).
// Each of out, first and second may be null. One group owns a place and the launches follow each other on the stream,
// so the sums are the same bits on every run.
template <Padding kPadding, typename L, typename T, int kDim>
LIST_FAST_KERNEL probe_kernel(const L* data, DeviceLevel<T, kDim> level, const T* places, const T* steps, int64_t total,
                              int64_t per_batch, int shift, const T* grad, int64_t stride, T* out, bool add, T* first,
                              T* second) {
  const int64_t thread = thread_number(), m = thread >> shift, lane = thread & ((1 << shift) - 1);
  T by_first[kDim] = {}, by_second[kDim] = {};
  if (m < total) {
    Cell<T, kDim> cell = find_cell<kPadding, true>(level, places + m * kDim);
    if (steps != nullptr) move_weights(cell, steps + m * kDim);
    const L* base = data + m / per_batch * level.batch_stride + cell.base;
    T dot[1 << kDim] = {};
    for (int64_t c = lane; c < level.channels; c += 1 << shift) {
      const L* p = base + c * level.channel_stride;
      const T g = grad[m * stride + c];
      T sum = out != nullptr && add ? out[m * stride + c] : T(0);
      LIST_FAST_UNROLL
      for (int k = 0; k < 1 << kDim; ++k) {
        if (!(cell.used >> k & 1)) continue;
        const T value = static_cast<T>(p[cell.step[k]]);
        sum += cell.weight[k] * value;
        dot[k] += g * value;
      }
      if (out != nullptr) out[m * stride + c] = sum;
    }
    if constexpr (kDim == 3) {
      trilinear_gradient(cell.axis[0], cell.axis[1], cell.axis[2], dot, by_first);
      if (second != nullptr)
        trilinear_step_gradient(cell.axis[0], cell.axis[1], cell.axis[2], steps + m * kDim, dot, by_second);
    } else {
      bilinear_gradient(cell.axis[0], cell.axis[1], dot, by_first);
      if (second != nullptr) bilinear_step_gradient(cell.axis[0], cell.axis[1], steps + m * kDim, dot, by_second);
    }
  }
  for (int a = 0; a < kDim; ++a) {
    if (first != nullptr) {
      const T sum = group_sum(by_first[a], shift);
      if (m < total && lane == 0) first[m * kDim + a] += sum;
    }
    if (second != nullptr) {
      const T sum = group_sum(by_second[a], shift);
      if (m < total && lane == 0) second[m * kDim + a] += sum;
    }
  }
}

// What the second derivatives by the gradient (by_grad) and by every place (by_place) are written to, and the first by
// every place (slopes); each may be missing. The latter two (places, kDim) hold zeros.
struct Probed {
  std::optional<Tensor> by_grad, by_place, slopes;
};

// by_levels: as the operators take it. steps (places, kDim), or nothing.
template <typename T, int kDim>
void probe_levels(const std::vector<Tensor>& levels, const std::vector<Tensor>& by_levels, const Tensor& places,
                  const std::optional<Tensor>& steps, int64_t per_batch, int64_t padding, bool align_corners,
                  const Tensor& grad, int64_t channels, Probed& results) {
  const int64_t total = places.size(0);
  const auto pointer = [](std::optional<Tensor>& tensor) {
    return tensor.has_value() ? tensor->mutable_data_ptr<T>() : nullptr;
  };
  T *by_place = pointer(results.by_place), *slopes = pointer(results.slopes);
  if (results.by_grad.has_value() && !steps.has_value()) torch::stable::zero_(*results.by_grad);
  int64_t channel = 0;
  for (size_t l = 0; l < levels.size(); ++l) {
    T* out = results.by_grad.has_value() ? results.by_grad->mutable_data_ptr<T>() + channel : nullptr;
    const auto run = [&](const Tensor& given, const T* along, bool add, T* first, T* second) {
      if (out == nullptr && first == nullptr && second == nullptr) return;
      const Tensor level = readable<T>(given, places, per_batch);
      const DeviceLevel<T, kDim> view = describe<T, kDim>(level, align_corners);
      const int shift = group_shift(view.channels);
      with_padding(padding, [&](auto pad) {
        with_elements<T>(level, [&](auto* data) {
          using L = std::remove_const_t<std::remove_pointer_t<decltype(data)>>;
          launch(probe_kernel<decltype(pad)::value, L, T, kDim>, places, view.channels == 0 ? 0 : total << shift, data,
                 view, places.const_data_ptr<T>(), along, total, per_batch, shift, grad.const_data_ptr<T>() + channel,
                 channels, out, add, first, second);
        });
      });
    };
    const bool moves = !by_levels.empty() && by_levels[l].numel() > 0;
    const T* none = nullptr;
    if (moves) run(by_levels[l], none, false, by_place, nullptr);
    if (steps.has_value()) run(levels[l], steps->const_data_ptr<T>(), moves, slopes, by_place);
    channel += levels[l].size(1);
  }
}

// Appends the gradients of the levels, empty where they are not wanted, in a fixed order of sums or not.
template <typename T, int kDim>
void add_by_levels(std::vector<Tensor>& results, const std::vector<Tensor>& levels, bool wanted, const Tensor& places,
                   const std::optional<Tensor>& steps, int64_t per_batch, int64_t padding, bool align_corners,
                   const Tensor& grad, int64_t channels, bool deterministic) {
  std::vector<Tensor> found;
  if (wanted && steps.has_value())
    found = scatter_levels<T, kDim>(levels, places, per_batch, padding, align_corners, grad, channels, deterministic,
                                    &*steps);
  for (size_t l = 0; l < levels.size(); ++l) {
    if (!found.empty()) {
      results.push_back(found[l]);
      continue;
    }
    // Where no place steps the first gradients do not depend on the levels.
    Tensor none = wanted ? allocate_like(levels[l]) : allocate(levels[l], {0});
    results.push_back(torch::stable::zero_(none));
  }
}

}  // namespace list_fast
