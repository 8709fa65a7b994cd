// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The whole decoder of a frozen field: the first layer's sums of a few points, then all other layers, before the next
// points, so that nothing between points and distances is written to memory.
#include <torch/csrc/stable/library.h>

#include "allocate.h"
#include "cpu/decoder_tile.h"
#include "cpu/sum_samples.h"
#include "dispatch.h"

namespace list_fast {
namespace {

void check_decoder(const Samples& samples, const std::vector<Tensor>& features,
                   const std::vector<Tensor>& feature_columns, const std::vector<Tensor>& layers) {
  const Tensor& like = samples.points;
  int64_t width = samples.bias.numel();
  STD_TORCH_CHECK(features.size() == feature_columns.size(), "decode_samples: there must be columns for all features");
  for (size_t i = 0; i < features.size(); ++i)
    STD_TORCH_CHECK(features[i].dim() == 2 && features[i].size(0) == like.size(0) && features[i].is_contiguous() &&
                        features[i].scalar_type() == like.scalar_type() && feature_columns[i].dim() == 3 &&
                        in_panels(feature_columns[i], features[i].size(1), width, like),
                    "decode_samples: features must be (N, n), and their columns panels of (n, H)");
  STD_TORCH_CHECK(layers.size() >= 2 && layers.size() % 2 == 0, "decode_samples: each of the layers must have a bias");
  for (size_t i = 0; i < layers.size(); i += 2) {
    const Tensor &weight = layers[i], &bias = layers[i + 1];
    const bool last = i + 2 == layers.size();
    STD_TORCH_CHECK(bias.dim() == 1 && bias.is_contiguous() && bias.scalar_type() == like.scalar_type() &&
                        (!last || bias.size(0) == 1),
                    "decode_samples: a bias must have a number for each output, the last layer's one");
    STD_TORCH_CHECK(last ? weight.dim() == 1 && weight.size(0) == width && weight.is_contiguous() &&
                               weight.scalar_type() == like.scalar_type()
                         : weight.dim() == 3 && in_panels(weight, width, bias.size(0), like),
                    "decode_samples: a layer's weight must be panels of (inputs, outputs), the last one's (inputs,)");
    width = bias.size(0);
  }
}

template <typename T>
Decoder<T> decoder_of(int64_t channels, const std::vector<Tensor>& features, const std::vector<Tensor>& feature_columns,
                      const std::vector<Tensor>& layers) {
  const auto data = [](const Tensor& tensor) { return static_cast<const T*>(tensor.const_data_ptr()); };
  Decoder<T> decoder;
  decoder.channels = channels;
  for (size_t i = 0; i < features.size(); ++i)
    decoder.features.push_back({data(features[i]), data(feature_columns[i]), features[i].size(1)});
  for (size_t i = 0; i + 2 < layers.size(); i += 2)
    decoder.hidden.push_back({data(layers[i]), data(layers[i + 1]), layers[i + 1].size(0)});
  decoder.last = data(layers[layers.size() - 2]);
  decoder.last_bias = *data(layers.back());
  return decoder;
}

// What one thread does with the points that are planned.
template <typename T>
class Decode {
 public:
  Decode(const Decoder<T>& decoder, T* out)
      : tile_(decoder), sums_(kBatch, DecoderTile<T>::filled(decoder.channels)), out_(out) {}

  void operator()(Walk<T>& walk) {
    walk.sum(sums_[0], sums_.stride(), true);
    const int64_t count = walk.numbers().size();
    for (int64_t first = 0; first < count; first += kRows)
      tile_.run(sums_[first], sums_.stride(), walk.numbers().data() + first, std::min(kRows, count - first), out_);
  }

 private:
  DecoderTile<T> tile_;
  Rows<T> sums_;
  T* out_;
};

Tensor decode_samples_cpu(const std::vector<Tensor>& voxels, const std::vector<Tensor>& images,
                          const std::vector<Tensor>& levels, const std::vector<Tensor>& columns, const Tensor& points,
                          const Tensor& offsets, const Tensor& transform, const Tensor& weight, const Tensor& bias,
                          int64_t height, int64_t width, bool planes, const std::vector<Tensor>& features,
                          const std::vector<Tensor>& feature_columns, const std::vector<Tensor>& layers) {
  const Samples samples =
      checked(voxels, images, levels, columns, points, offsets, transform, weight, bias, height, width, planes);
  check_decoder(samples, features, feature_columns, layers);
  Tensor result = allocate(points, {points.size(0)});
  if (result.numel() == 0) return result;
  for_wide_floats(points, "decode_samples: points", [&](auto zero) {
    using T = decltype(zero);
    const Decoder<T> decoder = decoder_of<T>(bias.numel(), features, feature_columns, layers);
    T* out = static_cast<T*>(result.mutable_data_ptr());
    walk_points<T>(samples, [&] { return Decode<T>(decoder, out); });
  });
  return result;
}

}  // namespace
}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) { m.impl("decode_samples", TORCH_BOX(&list_fast::decode_samples_cpu)); }
