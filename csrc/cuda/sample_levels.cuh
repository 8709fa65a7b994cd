// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What the two CUDA samplers share. A place is one position in [-1, 1] per axis; a group of 2^shift neighbouring lanes
// serves one place and walks its channels together, so that reads of channels-last rows and writes are coalesced.
#pragma once
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/MemoryFormat.h>
#include <torch/headeronly/util/BFloat16.h>
#include <torch/headeronly/util/Exception.h>
#include <torch/headeronly/util/Half.h>

#include <algorithm>
#include <vector>

#include "allocate.h"
#include "core/bilinear.h"
#include "core/trilinear.h"
#include "cuda/launch.cuh"

namespace list_fast {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

// One level as a kernel sees it. Axis 0 is x (width), 1 is y, 2 is z; strides in elements.
template <typename T, int kDim>
struct DeviceLevel {
  int64_t batch_stride, channel_stride, channels;
  int64_t stride[kDim];
  AxisMap<T> map[kDim];
};

template <typename T, int kDim>
DeviceLevel<T, kDim> describe(const Tensor& level, bool align_corners) {
  DeviceLevel<T, kDim> result;
  result.batch_stride = level.stride(0);
  result.channel_stride = level.stride(1);
  result.channels = level.size(1);
  for (int a = 0; a < kDim; ++a) {
    result.map[a] = make_axis_map<T>(level.size(1 + kDim - a), align_corners);
    result.stride[a] = level.stride(1 + kDim - a);
  }
  return result;
}

// The cell around a place: element offset of the first corner, offsets of the corners from it, weights, which are read.
template <typename T, int kDim>
struct Cell {
  AxisCell<T> axis[kDim];
  int64_t base;
  int64_t step[1 << kDim];
  T weight[1 << kDim];
  uint32_t used;  // bit k: corner k is read
};

template <Padding kPadding, bool kBackward, typename T, int kDim>
LIST_FAST_DEVICE Cell<T, kDim> find_cell(const DeviceLevel<T, kDim>& level, const T* place) {
  Cell<T, kDim> cell;
  cell.base = 0;
  for (int a = 0; a < kDim; ++a) {
    cell.axis[a] = locate<kPadding, kBackward>(place[a], level.map[a]);
    cell.base += cell.axis[a].base * level.stride[a];
  }
  for (int k = 0; k < 1 << kDim; ++k) {
    cell.step[k] = 0;
    for (int a = 0; a < kDim; ++a)
      if ((k >> a & 1) && level.map[a].nodes > 1) cell.step[k] += level.stride[a];
  }
  if constexpr (kDim == 3) {
    trilinear_weights(cell.axis[0], cell.axis[1], cell.axis[2], cell.weight);
    cell.used = used_corners(cell.axis[0], cell.axis[1], cell.axis[2]);
  } else {
    bilinear_weights(cell.axis[0], cell.axis[1], cell.weight);
    cell.used = used_corners(cell.axis[0], cell.axis[1]);
  }
  return cell;
}

// The weights become their derivatives when the place moves along `step`.
template <typename T>
LIST_FAST_DEVICE void move_weights(Cell<T, 3>& cell, const T* step) {
  trilinear_step(cell.axis[0], cell.axis[1], cell.axis[2], step, cell.weight);
}

template <typename T>
LIST_FAST_DEVICE void move_weights(Cell<T, 2>& cell, const T* step) {
  bilinear_step(cell.axis[0], cell.axis[1], step, cell.weight);
}

constexpr int kJoined = 8;  // the most levels of one launch

// Levels whose places are sampled in one launch, each by threads of its own, in whole blocks.
template <typename L, typename T, int kDim>
struct JoinedLevels {
  DeviceLevel<T, kDim> level[kJoined];
  const L* data[kJoined];
  int64_t first_thread[kJoined], first_channel[kJoined];
  int32_t shift[kJoined], count;
};

// out[m * out_stride + c] for all places m and channels c of all levels.
template <Padding kPadding, typename L, typename T, int kDim>
LIST_FAST_KERNEL gather_kernel(const LIST_FAST_CONSTANT JoinedLevels<L, T, kDim> joined, const T* places, int64_t total,
                               int64_t per_batch, T* out, int64_t out_stride) {
  int l = 0;
  while (l + 1 < joined.count && thread_number() >= joined.first_thread[l + 1]) ++l;
  const DeviceLevel<T, kDim>& level = joined.level[l];
  const int shift = joined.shift[l];
  const int64_t thread = thread_number() - joined.first_thread[l], m = thread >> shift;
  if (m >= total) return;
  const Cell<T, kDim> cell = find_cell<kPadding, false>(level, places + m * kDim);
  const L* first = joined.data[l] + m / per_batch * level.batch_stride + cell.base;
  T* target = out + m * out_stride + joined.first_channel[l];
  for (int64_t c = thread & ((1 << shift) - 1); c < level.channels; c += 1 << shift) {
    const L* p = first + c * level.channel_stride;
    T sum = T(0);
    for (int k = 0; k < 1 << kDim; ++k)
      if (cell.used >> k & 1) sum += cell.weight[k] * static_cast<T>(p[cell.step[k]]);
    target[c] = sum;
  }
}

// by_place[m * kDim + a] += the part of one level. One group owns a place and the levels follow each other on the
// stream, so the sums are the same bits on every run.
template <Padding kPadding, typename L, typename T, int kDim>
LIST_FAST_KERNEL differentiate_kernel(const L* data, DeviceLevel<T, kDim> level, const T* places, int64_t total,
                                      int64_t per_batch, int shift, const T* grad, int64_t grad_stride, T* by_place) {
  const int64_t thread = thread_number(), m = thread >> shift, lane = thread & ((1 << shift) - 1);
  T slope[kDim] = {};
  if (m < total) {
    const Cell<T, kDim> cell = find_cell<kPadding, true>(level, places + m * kDim);
    const L* first = data + m / per_batch * level.batch_stride + cell.base;
    T dot[1 << kDim] = {};
    for (int64_t c = lane; c < level.channels; c += 1 << shift) {
      const L* p = first + c * level.channel_stride;
      const T g = grad[m * grad_stride + c];
      for (int k = 0; k < 1 << kDim; ++k)
        if (cell.used >> k & 1) dot[k] += g * static_cast<T>(p[cell.step[k]]);
    }
    if constexpr (kDim == 3) {
      trilinear_gradient(cell.axis[0], cell.axis[1], cell.axis[2], dot, slope);
    } else {
      bilinear_gradient(cell.axis[0], cell.axis[1], dot, slope);
    }
  }
  for (int a = 0; a < kDim; ++a) {
    const T sum = group_sum(slope[a], shift);
    if (m < total && lane == 0) by_place[m * kDim + a] += sum;
  }
}

// Lanes for a place: at least two steps of channels for each, so that finding the cell is shared work.
inline int group_shift(int64_t channels) {
  int shift = 0;
  while (shift < kMaxGroupShift && (int64_t{4} << shift) <= channels) ++shift;
  return shift;
}

// Calls f(padding as a constant).
template <typename F>
void with_padding(int64_t padding, const F& f) {
  switch (static_cast<Padding>(padding)) {
    case Padding::kZeros:
      return f(std::integral_constant<Padding, Padding::kZeros>{});
    case Padding::kReflection:
      return f(std::integral_constant<Padding, Padding::kReflection>{});
    default:
      return f(std::integral_constant<Padding, Padding::kBorder>{});
  }
}

inline int64_t node_count(const Tensor& level) {
  int64_t nodes = 1;
  for (int64_t axis = 2; axis < level.dim(); ++axis) nodes *= level.size(axis);
  return nodes;
}

// The level in a dtype that the kernels read beside T, with the channels of a node next to each other where there are
// places enough to pay for a copy.
template <typename T>
Tensor readable(const Tensor& level, const Tensor& points, int64_t places) {
  const bool half = level.scalar_type() == ScalarType::Half || level.scalar_type() == ScalarType::BFloat16;
  const bool keep = level.scalar_type() == points.scalar_type() || (half && points.scalar_type() == ScalarType::Float);
  const Tensor typed = keep ? level : torch::stable::to(level, points.scalar_type());
  if (typed.size(1) == 1 || typed.stride(1) == 1 || places * 8 < node_count(typed)) return typed;
  using torch::headeronly::MemoryFormat;
  return torch::stable::contiguous(typed, typed.dim() == 5 ? MemoryFormat::ChannelsLast3d : MemoryFormat::ChannelsLast);
}

// Calls f(pointer) with the elements of a level that `readable` returned.
template <typename T, typename F>
void with_elements(const Tensor& level, const F& f) {
  if constexpr (std::is_same_v<T, float>) {
    if (level.scalar_type() == ScalarType::Half)
      return f(reinterpret_cast<const torch::headeronly::Half*>(level.const_data_ptr()));
    if (level.scalar_type() == ScalarType::BFloat16)
      return f(reinterpret_cast<const torch::headeronly::BFloat16*>(level.const_data_ptr()));
  }
  f(level.const_data_ptr<T>());
}

// out (places of all batch elements, channels of all levels); places (the same places, kDim). One launch for all levels
// of one dtype that follow each other, up to kJoined of them.
template <typename T, int kDim>
void gather_levels(const std::vector<Tensor>& levels, const Tensor& places, int64_t per_batch, int64_t padding,
                   bool align_corners, Tensor& out, int64_t channels) {
  const int64_t total = places.size(0);
  int64_t channel = 0;
  std::vector<Tensor> ready;
  for (const Tensor& level : levels) ready.push_back(readable<T>(level, places, per_batch));
  for (size_t begin = 0, end = 0; begin < ready.size(); begin = end) {
    const ScalarType type = ready[begin].scalar_type();
    while (end < ready.size() && end < begin + kJoined && ready[end].scalar_type() == type) ++end;
    with_padding(padding, [&](auto pad) {
      with_elements<T>(ready[begin], [&](auto* data) {
        using L = std::remove_const_t<std::remove_pointer_t<decltype(data)>>;
        JoinedLevels<L, T, kDim> joined{};
        int64_t threads = 0;
        for (size_t l = begin; l < end; ++l) {
          const Tensor& level = ready[l];
          const int n = joined.count++;
          joined.level[n] = describe<T, kDim>(level, align_corners);
          joined.data[n] = reinterpret_cast<const L*>(level.const_data_ptr());
          joined.shift[n] = group_shift(joined.level[n].channels);
          joined.first_thread[n] = threads;
          joined.first_channel[n] = channel;
          channel += joined.level[n].channels;
          const int64_t own = joined.level[n].channels == 0 ? 0 : total << joined.shift[n];
          threads += (own + kThreads - 1) / kThreads * kThreads;
        }
        launch(gather_kernel<decltype(pad)::value, L, T, kDim>, places, threads, joined, places.const_data_ptr<T>(),
               total, per_batch, out.mutable_data_ptr<T>(), channels);
      });
    });
  }
}

// The gradient by every place: (places of all batch elements, kDim).
template <typename T, int kDim>
Tensor differentiate_levels(const std::vector<Tensor>& levels, const Tensor& places, int64_t per_batch, int64_t padding,
                            bool align_corners, const Tensor& grad, int64_t channels) {
  const int64_t total = places.size(0);
  Tensor by_place = allocate_zeros(places, {total, kDim});
  int64_t first = 0;
  for (const Tensor& given : levels) {
    const Tensor level = readable<T>(given, places, per_batch);
    const DeviceLevel<T, kDim> view = describe<T, kDim>(level, align_corners);
    const int shift = group_shift(view.channels);
    with_padding(padding, [&](auto pad) {
      with_elements<T>(level, [&](auto* data) {
        using L = std::remove_const_t<std::remove_pointer_t<decltype(data)>>;
        launch(differentiate_kernel<decltype(pad)::value, L, T, kDim>, places, view.channels == 0 ? 0 : total << shift,
               data, view, places.const_data_ptr<T>(), total, per_batch, shift, grad.const_data_ptr<T>() + first,
               channels, by_place.mutable_data_ptr<T>());
      });
    });
    first += view.channels;
  }
  return by_place;
}

}  // namespace list_fast
