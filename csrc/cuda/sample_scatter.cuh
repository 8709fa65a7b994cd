// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The gradients of the levels: with atomics, in the order that the threads happen to run in, or in a fixed order. For
// that the places are sorted by their cells, and every node sums over the places in the cells around it; no two threads
// ever add to one number.
#pragma once
#include <torch/csrc/stable/c/shim.h>
#include <torch/csrc/stable/stableivalue_conversions.h>
#include <torch/headeronly/util/shim_utils.h>

#include <optional>
#include <vector>

#include "allocate.h"
#include "cuda/sample_levels.cuh"

namespace list_fast {

// sums[corner, c] += weight * grad[m * grad_stride + c] with atomics: the order of the additions is not fixed.
// A lane owns kWidth neighbouring channels; with kWidth 4 the rows are dense, aligned and float. With `steps`
// (places, kDim) the weights are their derivatives along each place's step.
template <Padding kPadding, int kWidth, typename T, int kDim>
LIST_FAST_KERNEL scatter_kernel(T* sums, DeviceLevel<T, kDim> level, const T* places, const T* steps, int64_t total,
                                int64_t per_batch, int shift, const T* grad, int64_t grad_stride) {
  const int64_t m = thread_number() >> shift;
  if (m >= total) return;
  Cell<T, kDim> cell = find_cell<kPadding, true>(level, places + m * kDim);
  if (steps != nullptr) move_weights(cell, steps + m * kDim);
  T* first = sums + m / per_batch * level.batch_stride + cell.base;
  const int64_t lane = thread_number() & ((1 << shift) - 1);
  for (int64_t c = lane * kWidth; c < level.channels; c += kWidth << shift) {
    const T* g = grad + m * grad_stride + c;
    LIST_FAST_UNROLL
    for (int k = 0; k < 1 << kDim; ++k) {
      if (!(cell.used >> k & 1)) continue;
      const T w = cell.weight[k];
      T* p = first + c * level.channel_stride + cell.step[k];
      if constexpr (kWidth == 4) {
        atomic_add4(p, w * g[0], w * g[1], w * g[2], w * g[3]);
      } else {
        atomic_add(p, w * g[0]);
      }
    }
  }
}

// Cells of a level along an axis: as many as `locate` has bases.
template <typename T, int kDim>
LIST_FAST_HD int64_t cells_along(const DeviceLevel<T, kDim>& level, int axis) {
  return level.map[axis].nodes > 1 ? level.map[axis].nodes - 1 : 1;
}

// keys[m] = the number of the place's cell among those of all batch elements, or `cells`, past them all, where nothing
// is read.
template <Padding kPadding, typename T, int kDim>
LIST_FAST_KERNEL cell_key_kernel(DeviceLevel<T, kDim> level, const T* places, int64_t total, int64_t per_batch,
                                 int64_t cells, int64_t* keys) {
  const int64_t m = thread_number();
  if (m >= total) return;
  const Cell<T, kDim> cell = find_cell<kPadding, true>(level, places + m * kDim);
  int64_t key = m / per_batch;
  for (int a = kDim - 1; a >= 0; --a) key = key * cells_along(level, a) + cell.axis[a].base;
  keys[m] = cell.used == 0 ? cells : key;
}

// starts[key] = how many of the rising keys are smaller, for 0 <= key < count.
template <typename K>
LIST_FAST_KERNEL starts_kernel(const K* keys, int64_t total, int64_t count, K* starts) {
  const int64_t key = thread_number();
  if (key >= count) return;
  int64_t low = 0, high = total;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (keys[middle] < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  starts[key] = low;
}

// Sorted places that are summed for all corners at once where they are of one cell, so that a node with many places
// around it has few numbers to add.
constexpr int64_t kTile = 64;

// tiles[(t << kDim | k) * channels + c] = what the sorted places kTile * t, ... give corner k; left as it is where they
// are not all of one cell.
template <Padding kPadding, typename T, int kDim>
LIST_FAST_KERNEL fold_kernel(DeviceLevel<T, kDim> level, const T* places, const T* steps, const int64_t* keys,
                             const int64_t* order, int64_t count, int shift, const T* grad, int64_t grad_stride,
                             T* tiles) {
  const int64_t t = thread_number() >> shift, first = t * kTile;
  if (t >= count || keys[first] != keys[first + kTile - 1]) return;
  for (int64_t c = thread_number() & ((1 << shift) - 1); c < level.channels; c += 1 << shift) {
    T sum[1 << kDim] = {};
    for (int64_t j = first; j < first + kTile; ++j) {
      const int64_t m = order[j];
      Cell<T, kDim> cell = find_cell<kPadding, true>(level, places + m * kDim);
      if (steps != nullptr) move_weights(cell, steps + m * kDim);
      const T g = grad[m * grad_stride + c];
      LIST_FAST_UNROLL
      for (int k = 0; k < 1 << kDim; ++k)
        if (cell.used >> k & 1) sum[k] += cell.weight[k] * g;
    }
    LIST_FAST_UNROLL
    for (int k = 0; k < 1 << kDim; ++k) tiles[(t << kDim | k) * level.channels + c] = sum[k];
  }
}

// sums[node, c] = the sum of weight * grad[m * grad_stride + c] over the cells around the node, corner by corner, and
// over their places m as they are sorted; for all nodes of all batch elements. With `steps` (places, kDim) the weights
// are their derivatives along each place's step.
template <Padding kPadding, typename T, int kDim>
LIST_FAST_KERNEL collect_kernel(T* sums, DeviceLevel<T, kDim> level, int64_t nodes, const T* places, const T* steps,
                                const int64_t* order, const int64_t* starts, const T* tiles, int shift, const T* grad,
                                int64_t grad_stride) {
  const int64_t node = thread_number() >> shift;
  if (node >= nodes) return;
  int64_t at[kDim], batch = node;
  T* out = sums;
  for (int a = 0; a < kDim; ++a) {
    at[a] = batch % level.map[a].nodes;
    batch /= level.map[a].nodes;
    out += at[a] * level.stride[a];
  }
  out += batch * level.batch_stride;
  for (int64_t c = thread_number() & ((1 << shift) - 1); c < level.channels; c += 1 << shift) {
    T sum = T(0);
    for (int k = 0; k < 1 << kDim; ++k) {
      int64_t key = batch;
      bool there = true;  // a cell of which the node is corner k
      for (int a = kDim - 1; a >= 0; --a) {
        const int64_t base = at[a] - (k >> a & 1), along = cells_along(level, a);
        there = there && base >= 0 && base < along;
        key = key * along + base;
      }
      if (!there) continue;
      const int64_t end = starts[key + 1];
      for (int64_t j = starts[key]; j < end;) {
        if (j % kTile == 0 && j + kTile <= end) {
          sum += tiles[(j / kTile << kDim | k) * level.channels + c];
          j += kTile;
          continue;
        }
        const int64_t m = order[j++];
        Cell<T, kDim> cell = find_cell<kPadding, true>(level, places + m * kDim);
        if (steps != nullptr) move_weights(cell, steps + m * kDim);
        if (!(cell.used >> k & 1)) continue;
        T weight = T(0);  // of corner k, without an index into registers
        LIST_FAST_UNROLL
        for (int n = 0; n < 1 << kDim; ++n) weight = n == k ? cell.weight[n] : weight;
        sum += weight * grad[m * grad_stride + c];
      }
    }
    out[c * level.channel_stride] = sum;
  }
}

// The places (order) of each cell, rising; those of cell n of all batch elements are from starts[n] to starts[n + 1].
struct CellLists {
  Tensor keys, order, starts;
};

// Rising keys and where each was; equal ones keep their order.
inline void sort_stably(Tensor& keys, Tensor& order) {
  using torch::stable::detail::from;
  StableIValue stack[] = {from(keys), from(std::optional<bool>(true)), from(int64_t{0}), from(false)};
  TORCH_ERROR_CODE_CHECK(torch_call_dispatcher("aten::sort", "stable", stack, TORCH_ABI_VERSION));
  keys = torch::stable::detail::to<Tensor>(stack[0]);
  order = torch::stable::detail::to<Tensor>(stack[1]);
}

template <typename T, int kDim>
CellLists list_cells(const DeviceLevel<T, kDim>& level, int64_t batch, const Tensor& places, int64_t per_batch,
                     int64_t padding) {
  const int64_t total = places.size(0);
  int64_t cells = batch;
  for (int a = 0; a < kDim; ++a) cells *= cells_along(level, a);
  CellLists lists{allocate(places, {total}, ScalarType::Long), allocate(places, {0}, ScalarType::Long),
                  allocate(places, {cells + 1}, ScalarType::Long)};
  with_padding(padding, [&](auto pad) {
    launch(cell_key_kernel<decltype(pad)::value, T, kDim>, places, total, level, places.const_data_ptr<T>(), total,
           per_batch, cells, lists.keys.mutable_data_ptr<int64_t>());
  });
  sort_stably(lists.keys, lists.order);
  launch(starts_kernel<int64_t>, places, cells + 1, lists.keys.const_data_ptr<int64_t>(), total, cells + 1,
         lists.starts.mutable_data_ptr<int64_t>());
  return lists;
}

// Writes the sums of one level; grad points to the level's first channel.
template <typename T, int kDim>
void collect_level(const CellLists& lists, const DeviceLevel<T, kDim>& level, int64_t nodes, const Tensor& places,
                   const T* steps, int64_t padding, const T* grad, int64_t grad_stride, Tensor& sums) {
  const int64_t count = places.size(0) / kTile;
  int shift = 0;
  while (shift < kMaxGroupShift && (int64_t{1} << shift) < level.channels) ++shift;
  Tensor tiles = allocate(places, {count << kDim, level.channels});
  with_padding(padding, [&](auto pad) {
    constexpr Padding kPadding = decltype(pad)::value;
    const int64_t *keys = lists.keys.const_data_ptr<int64_t>(), *order = lists.order.const_data_ptr<int64_t>();
    const T* at = places.const_data_ptr<T>();
    launch(fold_kernel<kPadding, T, kDim>, places, level.channels == 0 ? 0 : count << shift, level, at, steps, keys,
           order, count, shift, grad, grad_stride, tiles.mutable_data_ptr<T>());
    launch(collect_kernel<kPadding, T, kDim>, places, level.channels == 0 ? 0 : nodes << shift,
           sums.mutable_data_ptr<T>(), level, nodes, at, steps, order, lists.starts.const_data_ptr<int64_t>(),
           tiles.const_data_ptr<T>(), shift, grad, grad_stride);
  });
}

// Gradients of the levels, each with the dtype and the memory layout of its level, in a fixed order of sums or not;
// with steps (places, kDim), those of the derivative along the steps.
template <typename T, int kDim>
std::vector<Tensor> scatter_levels(const std::vector<Tensor>& levels, const Tensor& places, int64_t per_batch,
                                   int64_t padding, bool align_corners, const Tensor& grad, int64_t channels,
                                   bool deterministic, const Tensor* steps = nullptr) {
  const int64_t total = places.size(0);
  const T* along = steps == nullptr ? nullptr : steps->const_data_ptr<T>();
  std::vector<Tensor> results;
  std::optional<CellLists> lists;  // of the last level: the next one may have the same nodes
  int64_t first = 0;
  for (size_t l = 0; l < levels.size(); ++l) {
    const Tensor& level = levels[l];
    Tensor result = allocate_like(level);
    const bool direct = level.scalar_type() == places.scalar_type() && (level.size(1) == 1 || result.stride(1) == 1);
    const int64_t batch = level.size(0), count = level.size(1), nodes = node_count(level);
    // Sums are rows of channels whatever the level's layout is: neighbouring lanes then meet in one transaction.
    Tensor sums = direct ? result : allocate(places, {batch, nodes, count});
    const Tensor planes =
        direct ? result : torch::stable::view(torch::stable::transpose(sums, 1, 2), level.sizes());  // (B, C, ...)
    DeviceLevel<T, kDim> view = describe<T, kDim>(planes, align_corners);
    const T* part = grad.const_data_ptr<T>() + first;
    if (deterministic && total > 0) {
      bool same = lists.has_value();
      for (int64_t a = 2; same && a < level.dim(); ++a) same = level.size(a) == levels[l - 1].size(a);
      if (!same) lists = list_cells<T, kDim>(view, batch, places, per_batch, padding);
      collect_level<T, kDim>(*lists, view, batch * nodes, places, along, padding, part, channels, sums);
    } else {
      torch::stable::zero_(sums);
      const bool aligned = std::is_same_v<T, float> && count % 4 == 0 && view.channel_stride == 1 &&
                           reinterpret_cast<uintptr_t>(sums.const_data_ptr()) % 16 == 0;
      const int shift = group_shift(aligned ? count / 2 : count);
      with_padding(padding, [&](auto pad) {
        const auto run = [&](auto kernel) {
          launch(kernel, places, count == 0 ? 0 : total << shift, sums.mutable_data_ptr<T>(), view,
                 places.const_data_ptr<T>(), along, total, per_batch, shift, part, channels);
        };
        if constexpr (std::is_same_v<T, float>) {
          if (aligned) return run(scatter_kernel<decltype(pad)::value, 4, T, kDim>);
        }
        run(scatter_kernel<decltype(pad)::value, 1, T, kDim>);
      });
    }
    if (!direct) torch::stable::copy_(result, planes);
    results.push_back(result);
    first += count;
  }
  return results;
}

}  // namespace list_fast
