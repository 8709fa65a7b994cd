// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The first layer of a frozen field. Interpolation is separable: on a line along x, where y and z stay, every node of a
// level's x axis is interpolated across y and z, and multiplied by the layer, once, for all offsets of one shift along
// x together; a point then takes two of those nodes for each shift. A lattice, walked along its last axis, is made of
// such lines. Maps are levels that the layer has been applied to before: of them only sums are left.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/Dispatch_v2.h>
#include <torch/headeronly/util/Exception.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "allocate.h"
#include "core/bilinear.h"
#include "core/projection.h"
#include "cpu/sample_places.h"
#include "cpu/weighted_rows.h"

namespace list_fast {
namespace {

using torch::stable::Tensor;

// Points of a line that are handled together: few enough that the rows they read stay in the second-level cache for the
// lines beside it.
constexpr int64_t kSegment = 32;
// Channels that are summed together: what a segment reads of them fits into the first-level cache.
constexpr int64_t kBlock = 256;

// Points [first, first + count) of one line.
struct Segment {
  int64_t first;
  int32_t count, cell;
};

// One level: a map for every offset that has the layer's width, or, with columns, one level of C channels for all.
template <typename T>
struct VoxelMaps {
  const T* data;
  AxisMap<T> map[3];           // x, y, z
  int64_t stride[3], per_map;  // in elements
  int64_t channels = 0;        // C, with columns
  // For each shift, the layer's rows for each channel of each of its offsets.
  std::vector<std::vector<const T*>> columns;
};

template <typename T>
struct ImageMap {
  const T* data;  // (H, W, C)
  AxisMap<T> map[2];
  int64_t stride[2];
};

// Offsets with the same shift along x.
template <typename T>
struct Shift {
  T x;
  std::vector<int64_t> offsets;
};

// All that a call reads.
template <typename T>
struct Layer {
  std::vector<VoxelMaps<T>> voxels;
  std::vector<ImageMap<T>> images;
  std::vector<Shift<T>> shifts;
  const T *points, *offsets, *transform, *weight, *bias;
  int64_t channels, height, width;
};

// Rows and what each is multiplied with.
template <typename T>
struct Terms {
  std::vector<const T*> row;
  std::vector<T> weight;

  int64_t size() const { return static_cast<int64_t>(row.size()); }
  void clear() {
    row.clear();
    weight.clear();
  }
  void add(const T* r, T w) {
    row.push_back(r);
    weight.push_back(w);
  }
};

// What one thread knows about the line that it is on.
template <typename T>
class Line {
 public:
  explicit Line(const Layer<T>& layer) : layer_(layer), rows_(weighted_rows<T>()) {
    int64_t nodes = 0;
    for (const VoxelMaps<T>& maps : layer.voxels)
      for (size_t s = 0; s < layer.shifts.size(); ++s) {
        first_node_.push_back(nodes);
        nodes += maps.map[0].nodes;
      }
    across_.resize(first_node_.size());
    across_end_.resize(first_node_.size());
    missing_.resize(first_node_.size());
    line_of_across_.assign(first_node_.size(), 0);
    line_of_node_.assign(nodes, 0);
    constexpr int64_t kAlign = 64 / sizeof(T);
    row_ = (layer.channels + kAlign - 1) / kAlign * kAlign;
    memory_.reset(new T[nodes * row_ + kAlign]);
    table_ = memory_.get() + (kAlign - reinterpret_cast<uintptr_t>(memory_.get()) / sizeof(T) % kAlign) % kAlign;
  }

  void run(const Segment& segment, T* out) {
    const T* start = layer_.points + 3 * segment.first;
    if (line_ == 0 || start[1] != y_ || start[2] != z_) {
      ++line_;
      y_ = start[1];
      z_ = start[2];
    }
    terms_.clear();
    for (auto& nodes : missing_) nodes.clear();
    int64_t end[kSegment];
    for (int64_t i = 0; i < segment.count; ++i) {
      add_point(layer_.points + 3 * (segment.first + i));
      end[i] = terms_.size();
    }
    for (size_t part = 0; part < missing_.size(); ++part)
      if (!level(part).columns.empty()) multiply(part);
    for (int64_t c = 0; c < layer_.channels; c += kBlock) {
      const int64_t count = std::min(kBlock, layer_.channels - c);
      for (size_t part = 0; part < missing_.size(); ++part)
        if (level(part).columns.empty()) {
          const Terms<T>& across = across_[part];
          for (const Node& node : missing_[part])
            rows_.sum(across.row.data(), across.weight.data(), across.size(), node.shift + c, count, node.row + c);
        }
      T* target = out + segment.first * layer_.channels + c;
      for (int64_t i = 0, first = 0; i < segment.count; first = end[i++], target += layer_.channels)
        rows_.sum(terms_.row.data() + first, terms_.weight.data() + first, end[i] - first, c, count, target);
    }
  }

 private:
  // A row of the table that is to be filled.
  struct Node {
    T* row;
    int64_t shift;  // of the node from the first one, in elements
  };

  const VoxelMaps<T>& level(size_t part) const { return layer_.voxels[part / layer_.shifts.size()]; }

  // Fills the missing rows of a part of a level with columns: its samples across y and z at every offset, multiplied.
  void multiply(size_t part) {
    const std::vector<Node>& nodes = missing_[part];
    if (nodes.empty()) return;
    const VoxelMaps<T>& maps = level(part);
    const std::vector<const T*>& columns = maps.columns[part % layer_.shifts.size()];
    const Terms<T>& across = across_[part];
    samples_.resize(nodes.size() * columns.size());
    targets_.clear();
    T* sample = samples_.data();
    for (const Node& node : nodes) {
      int64_t first = 0;
      for (const int64_t end : across_end_[part]) {
        rows_.sum(across.row.data() + first, across.weight.data() + first, end - first, node.shift, maps.channels,
                  sample);
        sample += maps.channels;
        first = end;
      }
      targets_.push_back(node.row);
    }
    rows_.multiply(columns.data(), columns.size(), layer_.channels, samples_.data(), nodes.size(), targets_.data());
  }

  // All that a point is the sum of.
  void add_point(const T* point) {
    terms_.add(layer_.bias, T(1));
    for (int a = 0; a < 3; ++a) terms_.add(layer_.weight + a * layer_.channels, point[a]);
    add_images(point);
    for (size_t l = 0, part = 0; l < layer_.voxels.size(); ++l)
      for (size_t s = 0; s < layer_.shifts.size(); ++s, ++part) {
        const AxisCell<T> x = locate<Padding::kBorder, false>(point[0] + layer_.shifts[s].x, layer_.voxels[l].map[0]);
        if (x.use0) terms_.add(node(l, s, part, x.base), x.w0);
        if (x.use1) terms_.add(node(l, s, part, x.base + 1), x.w1);
      }
  }

  void add_images(const T* point) {
    if (layer_.images.empty()) return;
    T projected[3];
    project(point, layer_.transform, projected);
    const T column = to_canvas(projected[0], projected[2], layer_.width).place;
    const T line = to_canvas(projected[1], projected[2], layer_.height).place;
    for (const ImageMap<T>& image : layer_.images) {
      const AxisCell<T> x = locate<Padding::kBorder, false>(column, image.map[0]);
      const AxisCell<T> y = locate<Padding::kBorder, false>(line, image.map[1]);
      T weight[4];
      bilinear_weights(x, y, weight);
      add_corners(image.data + x.base * image.stride[0] + y.base * image.stride[1], image.stride[0], image.stride[1],
                  used_corners(x, y), weight, terms_);
    }
  }

  static void add_corners(const T* data, int64_t right, int64_t down, uint32_t used, const T* weight, Terms<T>& terms) {
    for (int k = 0; k < 4; ++k)
      if (used >> k & 1) terms.add(data + (k & 1) * right + (k >> 1) * down, weight[k]);
  }

  // The row of a node of level l's x axis, interpolated across y and z, summed over the offsets of shift s.
  const T* node(size_t l, size_t s, size_t part, int64_t x) {
    const int64_t index = first_node_[part] + x;
    T* row = table_ + index * row_;
    if (line_of_node_[index] == line_) return row;
    line_of_node_[index] = line_;
    const VoxelMaps<T>& maps = layer_.voxels[l];
    Terms<T>& across = across_[part];
    if (line_of_across_[part] != line_) {
      line_of_across_[part] = line_;
      across.clear();
      across_end_[part].clear();
      for (const int64_t k : layer_.shifts[s].offsets) {
        const T* offset = layer_.offsets + 3 * k;
        const AxisCell<T> y = locate<Padding::kBorder, false>(y_ + offset[1], maps.map[1]);
        const AxisCell<T> z = locate<Padding::kBorder, false>(z_ + offset[2], maps.map[2]);
        T weight[4];
        bilinear_weights(y, z, weight);
        add_corners(maps.data + k * maps.per_map + y.base * maps.stride[1] + z.base * maps.stride[2], maps.stride[1],
                    maps.stride[2], used_corners(y, z), weight, across);
        across_end_[part].push_back(across.size());
      }
    }
    missing_[part].push_back({row, x * maps.stride[0]});
    return row;
  }

  const Layer<T>& layer_;
  const WeightedRows<T> rows_;
  int64_t line_ = 0;  // number of the line, from 1 on
  T y_, z_;
  // A part is one shift of one level.
  std::vector<int64_t> first_node_;               // of each part, in the table
  std::vector<Terms<T>> across_;                  // of each part: the corners in y and z, at x = 0
  std::vector<std::vector<int64_t>> across_end_;  // of each part: where the corners of each of its offsets end
  std::vector<int64_t> line_of_across_;           // for which line they were found
  std::vector<int64_t> line_of_node_;             // for which line a row of the table holds
  std::unique_ptr<T[]> memory_;
  T* table_;
  int64_t row_;  // elements from row to row of the table
  Terms<T> terms_;
  std::vector<std::vector<Node>> missing_;  // of each part
  std::vector<T> samples_;
  std::vector<T*> targets_;
};

// The points cut into segments, in an order in which neighbours in memory are neighbours in space.
template <typename T>
std::vector<Segment> segments_of(const T* points, int64_t n) {
  std::vector<Segment> given;
  for (int64_t i = 0; i < n; ++i) {
    const T* p = points + 3 * i;
    const bool same = i > 0 && p[1] == p[-2] && p[2] == p[-1];
    if (same && given.back().count < kSegment) {
      ++given.back().count;
    } else {
      given.push_back({i, 1, morton_cell<T, 3>(p, 4)});
    }
  }
  std::vector<int64_t> start((1 << 12) + 1, 0);
  for (const Segment& segment : given) ++start[segment.cell + 1];
  for (size_t c = 1; c < start.size(); ++c) start[c] += start[c - 1];
  std::vector<Segment> sorted(given.size());
  for (const Segment& segment : given) sorted[start[segment.cell]++] = segment;
  return sorted;
}

template <typename T>
void sum_samples(const Layer<T>& layer, int64_t n, T* out) {
  const std::vector<Segment> segments = segments_of(layer.points, n);
  torch::stable::parallel_for(0, segments.size(), 16, [&](int64_t begin, int64_t end) {
    Line<T> line(layer);
    for (int64_t i = begin; i < end; ++i) line.run(segments[i], out);
  });
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

void check_maps(const std::vector<Tensor>& maps, const Tensor& points, int64_t dims, int64_t channels) {
  for (const Tensor& map : maps) {
    STD_TORCH_CHECK(map.dim() == dims && map.size(-1) == channels && map.scalar_type() == points.scalar_type(),
                    "sum_samples: maps must have ", dims, " dimensions, the last of the length of bias, and the dtype ",
                    "of points");
    STD_TORCH_CHECK(map.stride(-1) == 1 || channels <= 1, "sum_samples: the channels of maps must lie side by side");
    for (int64_t axis = dims == 5 ? 1 : 0; axis < dims - 1; ++axis)
      STD_TORCH_CHECK(map.size(axis) > 0 && map.size(axis) <= int64_t{1} << 30,
                      "sum_samples: the axes of maps must have 1 to 2^30 nodes, got ", map.size(axis));
  }
}

}  // namespace

Tensor sum_samples_cpu(const std::vector<Tensor>& voxels, const std::vector<Tensor>& images,
                       const std::vector<Tensor>& levels, const std::vector<Tensor>& columns, const Tensor& points_,
                       const Tensor& offsets_, const Tensor& transform_, const Tensor& weight_, const Tensor& bias_,
                       int64_t height, int64_t width) {
  const int64_t channels = bias_.numel();
  STD_TORCH_CHECK(points_.dim() == 2 && points_.size(1) == 3, "sum_samples: points must be (N, 3)");
  STD_TORCH_CHECK(offsets_.dim() == 2 && offsets_.size(1) == 3, "sum_samples: offsets must be (K, 3)");
  STD_TORCH_CHECK(transform_.dim() == 2 && transform_.size(0) == 4 && transform_.size(1) == 3,
                  "sum_samples: transform must be (4, 3)");
  STD_TORCH_CHECK(bias_.dim() == 1 && weight_.dim() == 2 && weight_.size(0) == 3 && weight_.size(1) == channels,
                  "sum_samples: weight must be (3, C) and bias (C,)");
  STD_TORCH_CHECK(height > 0 && width > 0, "sum_samples: canvas must be positive");
  for (const Tensor* tensor : {&offsets_, &transform_, &weight_, &bias_})
    STD_TORCH_CHECK(tensor->scalar_type() == points_.scalar_type(), "sum_samples: everything must have one dtype");
  check_maps(voxels, points_, 5, channels);
  check_maps(images, points_, 3, channels);
  STD_TORCH_CHECK(levels.size() == columns.size(), "sum_samples: there must be columns for each level");
  for (size_t l = 0; l < levels.size(); ++l) {
    const Tensor& part = columns[l];
    STD_TORCH_CHECK(part.dim() == 3 && part.size(0) == offsets_.size(0) && part.size(2) == channels &&
                        part.scalar_type() == points_.scalar_type() && part.is_contiguous(),
                    "sum_samples: columns must be (K, C, H), contiguous, with the dtype of points");
    check_maps({levels[l]}, points_, 4, part.size(1));
  }
  for (const Tensor& maps : voxels)
    STD_TORCH_CHECK(maps.size(0) == offsets_.size(0), "sum_samples: voxels must hold a map for each offset");
  const Tensor points = torch::stable::contiguous(points_), offsets = torch::stable::contiguous(offsets_),
               transform = torch::stable::contiguous(transform_), weight = torch::stable::contiguous(weight_),
               bias = torch::stable::contiguous(bias_);
  const int64_t n = points.size(0);
  Tensor out = allocate(points, {n, channels});
  if (out.numel() == 0) return out;
  THO_DISPATCH_V2(points.scalar_type(), "sum_samples", AT_WRAP(([&] {
                    Layer<scalar_t> layer;
                    layer.offsets = offsets.const_data_ptr<scalar_t>();
                    for (int64_t k = 0; k < offsets.size(0); ++k) {
                      const scalar_t x = layer.offsets[3 * k];
                      auto same = std::find_if(layer.shifts.begin(), layer.shifts.end(),
                                               [&](const Shift<scalar_t>& shift) { return shift.x == x; });
                      if (same == layer.shifts.end()) same = layer.shifts.insert(same, {x, {}});
                      same->offsets.push_back(k);
                    }
                    for (const Tensor& tensor : voxels) {
                      layer.voxels.push_back(map_of<scalar_t, VoxelMaps<scalar_t>>(tensor, 3));
                      layer.voxels.back().per_map = tensor.stride(0);
                    }
                    for (size_t l = 0; l < levels.size(); ++l) {
                      layer.voxels.push_back(map_of<scalar_t, VoxelMaps<scalar_t>>(levels[l], 3));
                      VoxelMaps<scalar_t>& level = layer.voxels.back();
                      level.per_map = 0;
                      level.channels = levels[l].size(3);
                      const scalar_t* rows = columns[l].const_data_ptr<scalar_t>();
                      for (const auto& shift : layer.shifts) {
                        level.columns.emplace_back();
                        for (const int64_t k : shift.offsets)
                          for (int64_t c = 0; c < level.channels; ++c)
                            level.columns.back().push_back(rows + (k * level.channels + c) * channels);
                      }
                    }
                    for (const Tensor& tensor : images)
                      layer.images.push_back(map_of<scalar_t, ImageMap<scalar_t>>(tensor, 2));
                    layer.points = points.const_data_ptr<scalar_t>();
                    layer.transform = transform.const_data_ptr<scalar_t>();
                    layer.weight = weight.const_data_ptr<scalar_t>();
                    layer.bias = bias.const_data_ptr<scalar_t>();
                    layer.channels = channels;
                    layer.height = height;
                    layer.width = width;
                    sum_samples(layer, n, out.mutable_data_ptr<scalar_t>());
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  return out;
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) { m.impl("sum_samples", TORCH_BOX(&list_fast::sum_samples_cpu)); }
