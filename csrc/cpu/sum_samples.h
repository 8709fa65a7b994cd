// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What sum_samples and decode_samples read, checked, and as the kernels take it.
#pragma once
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "cpu/line_sums.h"

namespace list_fast {

using torch::stable::Tensor;

// Offset k, to the shift and the pair of shifts that it belongs to.
template <typename T>
void add_offset(int64_t k, Layer<T>& layer) {
  const T x = layer.offsets[3 * k], y = layer.offsets[3 * k + 1];
  auto shift = std::find_if(layer.shifts.begin(), layer.shifts.end(), [&](const Shift<T>& s) { return s.x == x; });
  if (shift == layer.shifts.end()) shift = layer.shifts.insert(shift, {x, {}, {}});
  shift->offsets.push_back(k);
  for (const int64_t p : shift->pairs)
    if (layer.pairs[p].y == y) {
      layer.pairs[p].offsets.push_back(k);
      return;
    }
  shift->pairs.push_back(layer.pairs.size());
  layer.pairs.push_back({y, {k}});
}

// A map whose rows of channels are dense; `axes` of its axes, from the second-last back, are x, y, ...
template <typename T, typename Map>
Map map_of(const Tensor& tensor, int axes) {
  Map map;
  map.data = tensor.const_data_ptr<T>();
  for (int a = 0; a < axes; ++a) {
    const int64_t axis = tensor.dim() - 2 - a;
    map.map[a] = make_axis_map<T>(tensor.size(axis), true);
    map.stride[a] = tensor.stride(axis);
  }
  return map;
}

inline void check_maps(const std::vector<Tensor>& maps, const Tensor& points, int64_t dims, int64_t channels) {
  for (const Tensor& map : maps) {
    STD_TORCH_CHECK(map.dim() == dims && map.size(-1) == channels && map.scalar_type() == points.scalar_type(),
                    "maps must have ", dims, " dimensions, the last of the length of bias, and the dtype ",
                    "of points");
    STD_TORCH_CHECK(map.stride(-1) == 1 || channels <= 1, "the channels of maps must lie side by side");
    for (int64_t axis = dims == 5 ? 1 : 0; axis < dims - 1; ++axis)
      STD_TORCH_CHECK(map.size(axis) > 0 && map.size(axis) <= int64_t{1} << 30,
                      "the axes of maps must have 1 to 2^30 nodes, got ", map.size(axis));
  }
}

// Whether a tensor is matrices (n, columns) in panels, of the dtype of another one.
inline bool in_panels(const Tensor& panels, int64_t n, int64_t columns, const Tensor& like) {
  const int64_t panel = like.scalar_type() == torch::headeronly::ScalarType::Double ? kPanel<double> : kPanel<float>;
  const int64_t dims = panels.dim();
  return dims >= 3 && panels.size(dims - 3) == (columns + panel - 1) / panel && panels.size(dims - 2) == n &&
         panels.size(dims - 1) == panel && panels.scalar_type() == like.scalar_type() && panels.is_contiguous();
}

// The arguments, the small ones contiguous.
struct Samples {
  std::vector<Tensor> voxels, images, levels, columns;
  Tensor points, offsets, transform, weight, bias;
  int64_t height, width;
  bool planes;

  void check() const {
    const int64_t channels = bias.numel();
    STD_TORCH_CHECK(points.dim() == 2 && points.size(1) == 3, "points must be (N, 3)");
    STD_TORCH_CHECK(offsets.dim() == 2 && offsets.size(1) == 3, "offsets must be (K, 3)");
    STD_TORCH_CHECK(transform.dim() == 2 && transform.size(0) == 4 && transform.size(1) == 3,
                    "transform must be (4, 3)");
    STD_TORCH_CHECK(bias.dim() == 1 && weight.dim() == 2 && weight.size(0) == 3 && weight.size(1) == channels,
                    "weight must be (3, H) and bias (H,)");
    STD_TORCH_CHECK(height > 0 && width > 0, "canvas must be positive");
    for (const Tensor* tensor : {&offsets, &transform, &weight, &bias})
      STD_TORCH_CHECK(tensor->scalar_type() == points.scalar_type(), "everything must have one dtype");
    check_maps(voxels, points, 5, channels);
    check_maps(images, points, 3, channels);
    STD_TORCH_CHECK(levels.size() == columns.size(), "there must be columns for each level");
    for (size_t l = 0; l < levels.size(); ++l) {
      check_maps({levels[l]}, points, 4, levels[l].size(-1));
      STD_TORCH_CHECK(columns[l].dim() == 4 && columns[l].size(0) == offsets.size(0) &&
                          in_panels(columns[l], levels[l].size(-1), channels, points),
                      "columns must be panels of (K, C, H), contiguous, with the dtype of points");
    }
    for (const Tensor& maps : voxels)
      STD_TORCH_CHECK(maps.size(0) == offsets.size(0), "voxels must hold a map for each offset");
  }
};

inline Samples checked(const std::vector<Tensor>& voxels, const std::vector<Tensor>& images,
                       const std::vector<Tensor>& levels, const std::vector<Tensor>& columns, const Tensor& points,
                       const Tensor& offsets, const Tensor& transform, const Tensor& weight, const Tensor& bias,
                       int64_t height, int64_t width, bool planes) {
  using torch::stable::contiguous;
  Samples samples{voxels,
                  images,
                  levels,
                  columns,
                  contiguous(points),
                  contiguous(offsets),
                  contiguous(transform),
                  contiguous(weight),
                  contiguous(bias),
                  height,
                  width,
                  planes};
  samples.check();
  return samples;
}

template <typename T>
Layer<T> layer_of(const Samples& samples) {
  const auto data = [](const Tensor& tensor) { return static_cast<const T*>(tensor.const_data_ptr()); };
  Layer<T> layer;
  layer.offsets = data(samples.offsets);
  layer.offset_count = samples.offsets.size(0);
  for (int64_t k = 0; k < layer.offset_count; ++k) add_offset(k, layer);
  for (const Tensor& maps : samples.voxels) {
    layer.voxels.push_back(map_of<T, VoxelMaps<T>>(maps, 3));
    layer.voxels.back().per_map = maps.stride(0);
    layer.voxels.back().planes = samples.planes;
  }
  for (size_t l = 0; l < samples.levels.size(); ++l) {
    layer.voxels.push_back(map_of<T, VoxelMaps<T>>(samples.levels[l], 3));
    VoxelMaps<T>& level = layer.voxels.back();
    level.per_map = 0;
    level.planes = true;
    level.channels = samples.levels[l].size(3);
    level.columns = data(samples.columns[l]);
  }
  for (const Tensor& image : samples.images) layer.images.push_back(map_of<T, ImageMap<T>>(image, 2));
  layer.points = data(samples.points);
  layer.transform = data(samples.transform);
  layer.weight = data(samples.weight);
  layer.bias = data(samples.bias);
  layer.channels = samples.bias.numel();
  layer.height = samples.height;
  layer.width = samples.width;
  return layer;
}

// Walks over all points, in several threads: work(walk) deals with what is planned whenever there is no room for more.
// Each thread calls make() for a `work` of its own.
template <typename T, typename F>
void walk_points(const Samples& samples, const F& make) {
  const Layer<T> layer = layer_of<T>(samples);
  const int64_t n = samples.points.size(0);
  const std::vector<Segment> segments = segments_of(layer.points, n);
  const int64_t count = segments.size(), grain = std::max<int64_t>(1, kSegment * count / n);
  torch::stable::parallel_for(0, count, grain, [&](int64_t begin, int64_t end) {
    Walk<T> walk(layer);
    auto work = make();
    const auto flush = [&] {
      work(walk);
      walk.clear();
    };
    for (int64_t i = begin; i < end; ++i)
      if (!walk.add(segments[i])) {
        flush();
        walk.add(segments[i]);
      }
    flush();
  });
}

}  // namespace list_fast
