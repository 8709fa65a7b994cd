// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What the two CPU samplers share: levels of a feature pyramid as rows of channels, and the loops over places and
// threads.
#pragma once
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/util/Exception.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <vector>

#include "allocate.h"
#include "cpu/sample_layout.h"
#include "cpu/sample_places.h"
#include "cpu/sample_rows.h"

namespace list_fast {

using torch::stable::Tensor;

// The levels of one call. Sizes are those of (B, C, D, H, W) or (B, C, H, W).
template <typename T, int kDim>
struct Levels {
  struct Level {
    Tensor tensor;  // keeps the memory alive; (B, C, ...) or rows (B, nodes, C)
    LevelView<T, kDim> view;
    int64_t batch_stride;
    int64_t first_channel;  // of this level among all channels
  };
  std::vector<Level> all;
  int64_t channels = 0;  // sum of C
  Scratch scratch;       // where copied levels lie

  // A level that is read, or added to, where it lies.
  void add(const Tensor& tensor, const Tensor& shape, bool rows, bool align_corners) {
    add(tensor, const_cast<T*>(tensor.const_data_ptr<T>()), shape, rows, align_corners);
  }

  // A level of the sizes of `shape`, whose values are at `data`: as rows (B, nodes, C), or with the strides of
  // `tensor`.
  void add(const Tensor& tensor, T* data, const Tensor& shape, bool rows, bool align_corners) {
    Level level;
    level.tensor = tensor;
    LevelView<T, kDim>& view = level.view;
    view.data = data;
    view.channels = shape.size(1);
    int64_t dense = view.channels;
    for (int a = 0; a < kDim; ++a) {
      const int64_t axis = 1 + kDim - a;  // x is the last axis
      view.map[a] = make_axis_map<T>(shape.size(axis), align_corners);
      view.stride[a] = rows ? dense : tensor.stride(axis);
      dense *= shape.size(axis);
    }
    view.channel_stride = rows || view.channels == 1 ? 1 : tensor.stride(1);
    level.batch_stride = rows ? dense : tensor.stride(0);
    level.first_channel = channels;
    channels += view.channels;
    all.push_back(level);
  }
};

inline int64_t node_count(const Tensor& level) {
  int64_t nodes = 1;
  for (int64_t axis = 2; axis < level.dim(); ++axis) nodes *= level.size(axis);
  return nodes;
}

inline bool has_rows(const Tensor& level) { return level.size(1) == 1 || level.stride(1) == 1; }

// Levels for reading. Where the channels of a node lie apart and there are places enough to pay for it, the level is
// copied once into rows; otherwise it is read as it lies.
template <typename T, int kDim>
Levels<T, kDim> read_levels(const std::vector<Tensor>& tensors, const Tensor& points, int64_t places,
                            bool align_corners) {
  std::vector<Tensor> given;
  std::vector<bool> copied;
  int64_t size = 0;
  for (const Tensor& tensor : tensors) {
    given.push_back(tensor.scalar_type() == points.scalar_type() ? tensor
                                                                 : torch::stable::to(tensor, points.scalar_type()));
    copied.push_back(!has_rows(given.back()) && places * 8 >= node_count(tensor));
    if (copied.back()) size += given.back().numel();
  }
  Levels<T, kDim> levels;
  levels.scratch = Scratch(size * static_cast<int64_t>(sizeof(T)));
  T* rows = static_cast<T*>(levels.scratch.data());
  for (size_t l = 0; l < given.size(); ++l) {
    if (!copied[l]) {
      levels.add(given[l], given[l], false, align_corners);
      continue;
    }
    to_rows<T>(torch::stable::contiguous(given[l]), node_count(given[l]), rows);
    levels.add(given[l], rows, given[l], true, align_corners);
    rows += given[l].numel();
  }
  return levels;
}

// Calls run(first, count) for runs of at most kPlaces places of [begin, end) that stay within one batch element.
template <typename F>
void for_each_run(int64_t begin, int64_t end, int64_t per_batch, const F& run) {
  for (int64_t m = begin; m < end;) {
    const int64_t batch_end = (m / per_batch + 1) * per_batch;
    const int64_t count = std::min<int64_t>({kPlaces, end - m, batch_end - m});
    run(m, static_cast<int>(count));
    m += count;
  }
}

// out (places of all batch elements, channels).
template <typename T, int kDim>
void gather_levels(const Levels<T, kDim>& levels, Padding padding, const Places<T, kDim>& all, T* out) {
  const auto kernels = row_kernels<T, kDim>(padding);
  torch::stable::parallel_for(0, all.total(), kPlaces, [&](int64_t begin, int64_t end) {
    alignas(64) T places[kDim * kPlaces];
    int64_t row[kPlaces];
    for_each_run(begin, end, all.per_batch(), [&](int64_t first, int count) {
      all.fill(first, count, places, row);
      for (const auto& level : levels.all) {
        LevelView<T, kDim> view = level.view;
        view.data += first / all.per_batch() * level.batch_stride;
        kernels.gather(view, places, row, count, out + level.first_channel, levels.channels);
      }
    });
  });
}

// Calls sink(row, count, by_place) with the gradient by every place, for the places [begin, end) of the walk.
template <typename T, int kDim, typename Sink>
void differentiate_levels(const Levels<T, kDim>& levels, const RowKernels<T, kDim>& kernels, const Places<T, kDim>& all,
                          int64_t begin, int64_t end, const T* grad, const Sink& sink) {
  alignas(64) T places[kDim * kPlaces];
  alignas(64) T by_place[kDim * kPlaces];
  int64_t row[kPlaces];
  for_each_run(begin, end, all.per_batch(), [&](int64_t first, int count) {
    all.fill(first, count, places, row);
    std::fill_n(by_place, kDim * kPlaces, T(0));
    for (const auto& level : levels.all) {
      LevelView<T, kDim> view = level.view;
      view.data += first / all.per_batch() * level.batch_stride;
      kernels.differentiate(view, places, row, count, grad + level.first_channel, levels.channels, by_place);
    }
    sink(row, count, by_place);
  });
}

// The step of every place: what the gradients of the first backward pass are multiplied with.
template <typename T, int kDim>
struct Steps {
  const T* by_point = nullptr;   // (batch * points, kDim), or null
  const T* by_offset = nullptr;  // (k, kDim), or null
  int64_t k = 1;

  bool any() const { return by_point != nullptr || by_offset != nullptr; }

  // Steps of the places of these rows of the output, kPlaces apart for each axis.
  void fill(const int64_t* row, int count, T* steps) const {
    for (int i = 0; i < count; ++i)
      for (int a = 0; a < kDim; ++a)
        steps[a * kPlaces + i] = (by_point == nullptr ? T(0) : by_point[row[i] / k * kDim + a]) +
                                 (by_offset == nullptr ? T(0) : by_offset[row[i] % k * kDim + a]);
  }
};

// Gradients of the levels, each with the dtype and the memory layout of its level; with steps, those of the derivative
// along the steps. Work is split into (level, batch
// element, block of channels); one thread adds a block's places in the order of the walk, so the sums do not depend on
// the threads.
template <typename T, int kDim>
std::vector<Tensor> scatter_levels(const std::vector<Tensor>& tensors, const Tensor& points, Padding padding,
                                   bool align_corners, const Places<T, kDim>& all, const T* grad,
                                   const Steps<T, kDim>& given = {}) {
  const auto kernels = row_kernels<T, kDim>(padding);
  std::vector<Tensor> results;
  std::vector<bool> direct;
  int64_t size = 0;
  for (const Tensor& level : tensors) {
    results.push_back(allocate_like(level));
    // Few places are added where they belong: rows for them would cost more to turn back, and as much memory again.
    direct.push_back(level.scalar_type() == points.scalar_type() &&
                     (has_rows(results.back()) || all.per_batch() * 8 < node_count(level)));
    if (!direct.back()) size += level.numel();
  }
  Levels<T, kDim> levels;
  levels.scratch = Scratch(size * static_cast<int64_t>(sizeof(T)));
  T* rows = static_cast<T*>(levels.scratch.data());
  for (size_t l = 0; l < tensors.size(); ++l) {
    T* sums = direct[l] ? results[l].mutable_data_ptr<T>() : rows;
    fill_zeros(sums, tensors[l].numel());
    levels.add(results[l], sums, tensors[l], !direct[l], align_corners);
    if (!direct[l]) rows += tensors[l].numel();
  }
  struct Item {
    size_t level;
    int64_t batch, first, count;
  };
  // Blocks of whole cache lines, wide (every block finds its cells again) but enough of them to keep all threads busy.
  const int64_t threads = torch::stable::get_num_threads();
  int64_t width = 512 / sizeof(T);
  while (width > static_cast<int64_t>(64 / sizeof(T)) && levels.channels * all.batch < threads * width) width /= 2;
  std::vector<Item> items;
  for (size_t l = 0; l < levels.all.size(); ++l)
    for (int64_t b = 0; b < all.batch; ++b)
      for (int64_t c = 0; c < levels.all[l].view.channels; c += width)
        items.push_back({l, b, c, std::min(width, levels.all[l].view.channels - c)});
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.count > b.count; });
  std::atomic<size_t> next{0};
  torch::stable::parallel_for(0, std::min<int64_t>(threads, items.size()), 1, [&](int64_t, int64_t) {
    alignas(64) T places[kDim * kTile], steps[kDim * kTile];
    int64_t row[kTile];
    for (size_t i = next++; i < items.size(); i = next++) {
      const Item& item = items[i];
      const auto& level = levels.all[item.level];
      LevelView<T, kDim> view = level.view;
      view.data += item.batch * level.batch_stride + item.first * view.channel_stride;
      view.channels = item.count;
      const int64_t begin = item.batch * all.per_batch();
      // Where many places share a cell, tiles are worth their sorting.
      const bool tiles = view.channel_stride == 1 && all.per_batch() >= 4 * node_count(tensors[item.level]);
      const int64_t most = tiles ? kTile : kPlaces, end = begin + all.per_batch();
      for (int64_t first = begin; first < end; first += most) {
        const int count = static_cast<int>(std::min(most, end - first));
        for (int block = 0; block < count; block += kPlaces) {
          const int here = std::min(kPlaces, count - block);
          all.fill(first + block, here, places + kDim * block, row + block);
          if (given.any()) given.fill(row + block, here, steps + kDim * block);
        }
        const auto add = tiles ? kernels.scatter_tile : kernels.scatter;
        add(view, places, given.any() ? steps : nullptr, row, count, grad + level.first_channel + item.first,
            levels.channels);
      }
    }
  });
  for (size_t l = 0; l < tensors.size(); ++l)
    if (!direct[l]) from_rows<T>(levels.all[l].view.data, node_count(tensors[l]), points, results[l]);
  return results;
}

}  // namespace list_fast
