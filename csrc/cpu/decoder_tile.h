// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The layers of a decoder behind its first sum, for a few rows at a time, which stay in the caches from the first layer
// to the last.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "cpu/dense_rows.h"

namespace list_fast {

// Rows of a tile: a multiple of the 6 that a product takes at once, few enough that they stay in the second-level cache
// beside a layer's weights, many enough that weights are seldom read.
constexpr int64_t kRows = 132;

// Rows of n numbers and the matrix (n, H) that they are multiplied by, in panels.
template <typename T>
struct Features {
  const T *rows, *panels;
  int64_t n;
};

template <typename T>
struct Hidden {
  const T *panels, *bias;
  int64_t columns;
};

template <typename T>
struct Decoder {
  int64_t channels;  // H, what the first layer gives
  std::vector<Features<T>> features;
  std::vector<Hidden<T>> hidden;
  const T* last;  // a weight for each output of the last hidden layer
  T last_bias;
};

// Memory for rows that begin at the lines of the caches.
template <typename T>
class Rows {
 public:
  Rows(int64_t count, int64_t stride) : stride_(stride) {
    constexpr int64_t kAlign = 64 / sizeof(T);
    memory_.assign(count * stride + kAlign, T(0));
    start_ = memory_.data() + (kAlign - reinterpret_cast<uintptr_t>(memory_.data()) / sizeof(T) % kAlign) % kAlign;
  }
  Rows(Rows&&) = default;
  T* operator[](int64_t row) const { return start_ + row * stride_; }
  int64_t stride() const { return stride_; }

 private:
  int64_t stride_;
  std::vector<T> memory_;
  T* start_;
};

template <typename T>
class DecoderTile {
 public:
  explicit DecoderTile(const Decoder<T>& decoder)
      : decoder_(decoder), kernels_(dense_rows<T>()), sides_{side(decoder), side(decoder)} {
    for (const Features<T>& part : decoder.features) inputs_.emplace_back(kRows, part.n);
    for (const Hidden<T>& layer : decoder.hidden) {
      bias_.emplace_back(filled(layer.columns), T(0));
      std::copy_n(layer.bias, layer.columns, bias_.back().data());
    }
  }

  // Columns of the panels of a matrix with so many.
  static int64_t filled(int64_t columns) { return panels<T>(columns) * kPanel<T>; }

  // x: rows of what the first layer's maps give, filled up to whole panels; number: those of their features and
  // results.
  void run(T* x, int64_t stride, const int64_t* number, int64_t count, T* out) {
    first_layer(x, stride, number, count);
    const T* in = x;
    int64_t width = decoder_.channels;
    for (size_t i = 0; i < decoder_.hidden.size(); ++i) {
      const Hidden<T>& layer = decoder_.hidden[i];
      const Rows<T>& to = sides_[i % 2];
      for (int64_t o = 0; o < count; ++o) {
        start_[o] = bias_[i].data();
        target_[o] = to[o];
      }
      multiply(in, stride, width, layer.panels, layer.columns, count, true);
      in = to[0];
      stride = to.stride();
      width = layer.columns;
    }
    for (int64_t o = 0; o < count; ++o)
      out[number[o]] = kernels_.dot(in + o * stride, decoder_.last, width) + decoder_.last_bias;
  }

 private:
  static Rows<T> side(const Decoder<T>& decoder) {
    int64_t widest = 0;
    for (const Hidden<T>& layer : decoder.hidden) widest = std::max(widest, filled(layer.columns));
    return Rows<T>(kRows, widest);
  }

  // Adds the features to x, in place, and takes the greater of that and 0.
  void first_layer(T* x, int64_t stride, const int64_t* number, int64_t count) {
    const int64_t width = decoder_.channels, parts = decoder_.features.size();
    for (int64_t o = 0; o < count; ++o) start_[o] = target_[o] = x + o * stride;
    for (int64_t i = 0; i < parts; ++i) {
      const Features<T>& part = decoder_.features[i];
      for (int64_t o = 0; o < count; ++o) std::copy_n(part.rows + number[o] * part.n, part.n, inputs_[i][o]);
      multiply(inputs_[i][0], part.n, part.n, part.panels, width, count, i + 1 == parts);
    }
    if (parts > 0) return;
    for (int64_t o = 0; o < count; ++o)
      for (T* value = target_[o]; value < target_[o] + width; ++value) *value = *value < T(0) ? T(0) : *value;
  }

  void multiply(const T* in, int64_t stride, int64_t n, const T* matrix, int64_t columns, int64_t count, bool relu) {
    for (int64_t p = 0; p < panels<T>(columns); ++p)
      kernels_.multiply(in, stride, n, matrix + p * n * kPanel<T>, start_, target_, count, p * kPanel<T>, relu);
  }

  const Decoder<T>& decoder_;
  const DenseRows<T> kernels_;
  Rows<T> sides_[2];
  std::vector<Rows<T>> inputs_;       // of each of the features
  std::vector<std::vector<T>> bias_;  // of each hidden layer, filled up
  const T* start_[kRows];
  T* target_[kRows];
};

}  // namespace list_fast
