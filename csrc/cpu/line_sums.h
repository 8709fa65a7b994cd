// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The first layer of a frozen field. Interpolation is separable, and a lattice, walked along its last axis, is made of
// lines along x in planes across z. In such a plane the nodes of a level are interpolated across z and multiplied by
// the layer once, for all offsets of one shift along x and y together; a line takes two lines of those nodes for each
// shift along y, and a point two nodes of the line for each shift along x. Maps are levels that the layer has been
// applied to before: of them only sums are left.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/bilinear.h"
#include "core/projection.h"
#include "cpu/dense_rows.h"
#include "cpu/sample_places.h"
#include "cpu/weighted_rows.h"

namespace list_fast {

// Points of a line that are handled together.
constexpr int64_t kSegment = 128;
// Points that are planned together, so that products have many rows.
constexpr int64_t kBatch = 256;
// Channels that are summed together: what a batch reads of them stays in the second-level cache.
constexpr int64_t kBlock = 256;
// Lines of nodes that are kept for a level and a pair of shifts.
constexpr int kSlots = 4;

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
  bool planes;                 // nodes are kept for the lines beside
  int64_t channels = 0;        // C, with columns
  const T* columns = nullptr;  // (K, P, C, panel)
};

template <typename T>
struct ImageMap {
  const T* data;  // (H, W, C)
  AxisMap<T> map[2];
  int64_t stride[2];
};

// Offsets with the same shift along x and y.
template <typename T>
struct Pair {
  T y;
  std::vector<int64_t> offsets;
};

// Offsets with the same shift along x.
template <typename T>
struct Shift {
  T x;
  std::vector<int64_t> offsets, pairs;
};

// All that a call reads.
template <typename T>
struct Layer {
  std::vector<VoxelMaps<T>> voxels;
  std::vector<ImageMap<T>> images;
  std::vector<Shift<T>> shifts;
  std::vector<Pair<T>> pairs;
  const T *points, *offsets, *transform, *weight, *bias;
  int64_t offset_count, channels, height, width;
};

// Rows and what each is multiplied with.
template <typename T>
class Terms {
 public:
  int64_t size() const { return size_; }
  const T* const* row() const { return row_.data(); }
  const T* weight() const { return weight_.data(); }
  void clear() { size_ = 0; }
  // Must be called before so many are added.
  void reserve(int64_t more) {
    if (static_cast<size_t>(size_ + more) <= row_.size()) return;
    row_.resize(2 * (size_ + more));
    weight_.resize(row_.size());
  }
  void add(const T* row, T weight) {
    row_[size_] = row;
    weight_[size_++] = weight;
  }

 private:
  std::vector<const T*> row_;
  std::vector<T> weight_;
  int64_t size_ = 0;
};

// A range of terms.
struct Range {
  int64_t first, end;
};

// What one thread knows of the planes and the line that it is on.
template <typename T>
class Walk {
 public:
  explicit Walk(const Layer<T>& layer) : layer_(layer), rows_(weighted_rows<T>()), dense_(dense_rows<T>()) {
    int64_t nodes = 1, kept = 0;  // the first row is what the whole line has in common
    for (const VoxelMaps<T>& maps : layer.voxels) {
      for (size_t s = 0; s < layer.shifts.size(); ++s) {
        first_node_.push_back(nodes);
        nodes += maps.map[0].nodes;
      }
      for (size_t p = 0; p < layer.pairs.size(); ++p) {
        planes_.emplace_back();
        if (!maps.planes) continue;
        for (Slot& slot : planes_.back().slots) {
          slot.first = kept;
          slot.known.assign(maps.map[0].nodes, 0);
          kept += maps.map[0].nodes;
        }
      }
    }
    across_.resize(first_node_.size());
    segment_of_node_.assign(nodes, 0);
    constexpr int64_t kAlign = 64 / sizeof(T);
    // Rows begin at different places of the caches.
    row_ = panels<T>(layer.channels) * kPanel<T> + kAlign;
    memory_.reset(new T[(nodes + kept) * row_ + kAlign]);
    table_ = memory_.get() + (kAlign - reinterpret_cast<uintptr_t>(memory_.get()) / sizeof(T) % kAlign) % kAlign;
    kept_ = table_ + nodes * row_;
  }

  // Adds the points of a segment to what is planned; false, and nothing is added, where there is no room for it.
  bool add(const Segment& segment) {
    if (!numbers_.empty() && static_cast<int64_t>(numbers_.size()) + segment.count > kBatch) return false;
    if (!find_planes(segment)) return false;
    plan(segment);
    return true;
  }

  // The numbers of the points that are planned.
  const std::vector<int64_t>& numbers() const { return numbers_; }

  // Writes the sum of each point that is planned to a row of `out`: that of its number, or, `packed`, the next one.
  void sum(T* out, int64_t stride, bool packed) {
    sample();
    for (int64_t c = 0; c < layer_.channels; c += kBlock) {
      fill(c, std::min(c + kBlock, layer_.channels));
      const int64_t count = std::min(kBlock, layer_.channels - c);
      const auto add_up = [&](const Range& range, int64_t shift, T* target) {
        rows_.sum(terms_.row() + range.first, terms_.weight() + range.first, range.end - range.first, shift, count,
                  target);
      };
      size_t node = 0, point = 0;
      for (const Step& step : steps_) {
        for (; node < step.nodes; ++node) add_up(nodes_[node].across, nodes_[node].shift + c, nodes_[node].row + c);
        for (; point < step.points; ++point)
          add_up(points_[point], c, out + (packed ? static_cast<int64_t>(point) : numbers_[point]) * stride + c);
      }
    }
  }

  void clear() {
    for (Plane& plane : planes_) plane.missing.clear();
    steps_.clear();
    nodes_.clear();
    points_.clear();
    numbers_.clear();
    terms_.clear();
    ++batch_;
  }

 private:
  // The rows of a level's nodes along x, for one pair of shifts, at one node of its y axis and one place along z.
  struct Slot {
    T z;
    int32_t y = -1;
    int64_t used = 0;            // the batch that last did
    int64_t life = 0;            // how often the slot was given away
    std::vector<int64_t> known;  // of every node: in which life its row was filled
    int64_t first;               // row
    Terms<T> across;             // the nodes across z at x = 0, offset after offset
    std::vector<int64_t> ends;   // of each offset's
  };

  // A row that is to be filled.
  struct Missing {
    const Slot* slot;
    int64_t x;
  };

  // A level and a pair of shifts.
  struct Plane {
    Slot slots[kSlots];
    std::vector<Missing> missing;
    std::vector<T> samples;  // of the missing rows, (offsets, rows, C)
    std::vector<T*> targets;
  };

  // A row of the table that a step fills before its points.
  struct Node {
    T* row;
    int64_t shift;  // of the node from the first one, in elements
    Range across;
  };

  // Where the nodes and the points of a segment end.
  struct Step {
    size_t nodes, points;
  };

  size_t pairs() const { return layer_.pairs.size(); }

  // Finds room for every line of nodes that a segment reads; false where what is planned needs all there is.
  bool find_planes(const Segment& segment) {
    const T* start = layer_.points + 3 * segment.first;
    y_ = start[1];
    z_ = start[2];
    found_.clear();
    for (size_t l = 0; l < layer_.voxels.size(); ++l) {
      if (!layer_.voxels[l].planes) continue;
      for (size_t p = 0; p < pairs(); ++p) {
        const AxisCell<T> y = locate<Padding::kBorder, false>(y_ + layer_.pairs[p].y, layer_.voxels[l].map[1]);
        for (const auto& [use, node] : {std::pair(y.use0, y.base), std::pair(y.use1, y.base + 1)}) {
          Slot* slot = use ? find(l, p, node) : nullptr;
          if (use && slot == nullptr) return false;
          found_.push_back(slot);
        }
        weights_.resize(found_.size());
        weights_[found_.size() - 2] = y.w0;
        weights_[found_.size() - 1] = y.w1;
      }
    }
    return true;
  }

  Slot* find(size_t l, size_t p, int32_t y) {
    Slot* oldest = nullptr;
    for (Slot& slot : planes_[l * pairs() + p].slots) {
      if (slot.y == y && slot.z == z_) {
        slot.used = batch_;
        return &slot;
      }
      if (slot.used != batch_ && (oldest == nullptr || slot.used < oldest->used)) oldest = &slot;
    }
    if (oldest == nullptr) return nullptr;
    oldest->y = y;
    oldest->z = z_;
    oldest->used = batch_;
    ++oldest->life;
    oldest->across.clear();
    oldest->across.reserve(2 * layer_.pairs[p].offsets.size());
    oldest->ends.clear();
    const VoxelMaps<T>& maps = layer_.voxels[l];
    for (const int64_t k : layer_.pairs[p].offsets) {
      const AxisCell<T> z = locate<Padding::kBorder, false>(z_ + layer_.offsets[3 * k + 2], maps.map[2]);
      const T* node = maps.data + k * maps.per_map + y * maps.stride[1] + z.base * maps.stride[2];
      if (z.use0) oldest->across.add(node, z.w0);
      if (z.use1) oldest->across.add(node + maps.stride[2], z.w1);
      oldest->ends.push_back(oldest->across.size());
    }
    return oldest;
  }

  // Adds the points of a segment, whose planes are found, to what is planned.
  void plan(const Segment& segment) {
    ++segment_;
    const int64_t each = 2 + 4 * layer_.images.size() + 2 * across_.size();
    terms_.reserve(3 + 4 * layer_.offset_count * layer_.voxels.size() + segment.count * each);
    const int64_t first = terms_.size();
    terms_.add(layer_.bias, T(1));
    terms_.add(layer_.weight + layer_.channels, y_);
    terms_.add(layer_.weight + 2 * layer_.channels, z_);
    nodes_.push_back({table_, 0, {first, terms_.size()}});
    plan_across();
    for (int64_t i = 0; i < segment.count; ++i) {
      const int64_t first = begin_point(layer_.points + 3 * (segment.first + i));
      points_.push_back({first, terms_.size()});
      numbers_.push_back(segment.first + i);
    }
    steps_.push_back({nodes_.size(), points_.size()});
  }

  // For every level and shift, what a node along x of the segment's line is the sum of.
  void plan_across() {
    size_t found = 0;
    for (size_t l = 0; l < layer_.voxels.size(); ++l) {
      const VoxelMaps<T>& maps = layer_.voxels[l];
      const size_t here = found;
      for (size_t s = 0; s < layer_.shifts.size(); ++s) {
        Range& range = across_[l * layer_.shifts.size() + s];
        range.first = terms_.size();
        if (maps.planes) {
          for (const int64_t p : layer_.shifts[s].pairs)
            for (size_t i = here + 2 * p; i < here + 2 * p + 2; ++i)
              if (found_[i] != nullptr) terms_.add(kept_ + found_[i]->first * row_, weights_[i]);
        } else {
          for (const int64_t k : layer_.shifts[s].offsets) {
            const T* offset = layer_.offsets + 3 * k;
            const AxisCell<T> y = locate<Padding::kBorder, false>(y_ + offset[1], maps.map[1]);
            const AxisCell<T> z = locate<Padding::kBorder, false>(z_ + offset[2], maps.map[2]);
            T weight[4];
            bilinear_weights(y, z, weight);
            add_corners(maps.data + k * maps.per_map + y.base * maps.stride[1] + z.base * maps.stride[2],
                        maps.stride[1], maps.stride[2], used_corners(y, z), weight);
          }
        }
        range.end = terms_.size();
      }
      if (maps.planes) {
        first_found_.resize(layer_.voxels.size());
        first_found_[l] = here;
        found += 2 * pairs();
      }
    }
  }

  // Adds all that a point is the sum of; returns where that begins.
  int64_t begin_point(const T* point) {
    const int64_t first = terms_.size();
    terms_.add(table_, T(1));
    terms_.add(layer_.weight, point[0]);
    add_images(point);
    for (size_t l = 0, part = 0; l < layer_.voxels.size(); ++l)
      for (size_t s = 0; s < layer_.shifts.size(); ++s, ++part) {
        const AxisCell<T> x = locate<Padding::kBorder, false>(point[0] + layer_.shifts[s].x, layer_.voxels[l].map[0]);
        const int64_t index = first_node_[part] + x.base;
        if (x.use0) {
          if (segment_of_node_[index] != segment_) plan_node(l, s, part, x.base);
          terms_.add(table_ + index * row_, x.w0);
        }
        if (x.use1) {
          if (segment_of_node_[index + 1] != segment_) plan_node(l, s, part, x.base + 1);
          terms_.add(table_ + (index + 1) * row_, x.w1);
        }
      }
    return first;
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
                  used_corners(x, y), weight);
    }
  }

  void add_corners(const T* data, int64_t right, int64_t down, uint32_t used, const T* weight) {
    for (int k = 0; k < 4; ++k)
      if (used >> k & 1) terms_.add(data + (k & 1) * right + (k >> 1) * down, weight[k]);
  }

  // Plans the row of a node of level l's x axis, interpolated across y and z, summed over the offsets of shift s.
  void plan_node(size_t l, size_t s, size_t part, int64_t x) {
    const int64_t index = first_node_[part] + x;
    T* row = table_ + index * row_;
    segment_of_node_[index] = segment_;
    const VoxelMaps<T>& maps = layer_.voxels[l];
    nodes_.push_back({row, x * (maps.planes ? row_ : maps.stride[0]), across_[part]});
    if (!maps.planes) return;
    for (const int64_t p : layer_.shifts[s].pairs)
      for (size_t i = first_found_[l] + 2 * p; i < first_found_[l] + 2 * p + 2; ++i) {
        Slot* slot = found_[i];
        if (slot == nullptr || slot->known[x] == slot->life) continue;
        slot->known[x] = slot->life;
        planes_[l * pairs() + p].missing.push_back({slot, x});
      }
  }

  // Samples levels with columns, across z, at the nodes that are missing.
  void sample() {
    for (size_t l = 0; l < layer_.voxels.size(); ++l) {
      const VoxelMaps<T>& maps = layer_.voxels[l];
      for (size_t p = 0; p < pairs(); ++p) {
        Plane& plane = planes_[l * pairs() + p];
        if (plane.missing.empty() || maps.columns == nullptr) continue;
        const int64_t rows = plane.missing.size(), offsets = layer_.pairs[p].offsets.size();
        plane.samples.resize(offsets * rows * maps.channels);
        plane.targets.clear();
        for (int64_t i = 0; i < rows; ++i) {
          const Missing& missing = plane.missing[i];
          const Terms<T>& across = missing.slot->across;
          plane.targets.push_back(kept_ + (missing.slot->first + missing.x) * row_);
          int64_t first = 0;
          for (int64_t o = 0; o < offsets; ++o) {
            const int64_t end = missing.slot->ends[o];
            rows_.sum(across.row() + first, across.weight() + first, end - first, missing.x * maps.stride[0],
                      maps.channels, plane.samples.data() + (o * rows + i) * maps.channels);
            first = end;
          }
        }
      }
    }
  }

  // Fills what is missing, from channel `begin` to `end`: multiplies samples by columns, or adds maps up.
  void fill(int64_t begin, int64_t end) {
    for (size_t l = 0; l < layer_.voxels.size(); ++l) {
      const VoxelMaps<T>& maps = layer_.voxels[l];
      for (size_t p = 0; p < pairs(); ++p) {
        Plane& plane = planes_[l * pairs() + p];
        const int64_t rows = plane.missing.size();
        if (maps.columns == nullptr)
          for (const Missing& missing : plane.missing) {
            const Terms<T>& across = missing.slot->across;
            rows_.sum(across.row(), across.weight(), across.size(), missing.x * maps.stride[0] + begin, end - begin,
                      kept_ + (missing.slot->first + missing.x) * row_ + begin);
          }
        else if (rows > 0)
          for (int64_t panel = begin / kPanel<T>; panel * kPanel<T> < end; ++panel) {
            const T* samples = plane.samples.data();
            for (const int64_t k : layer_.pairs[p].offsets) {
              const T* columns = maps.columns + (k * panels<T>(layer_.channels) + panel) * maps.channels * kPanel<T>;
              const T* const* start = k == layer_.pairs[p].offsets[0] ? nullptr : plane.targets.data();
              dense_.multiply(samples, maps.channels, maps.channels, columns, start, plane.targets.data(), rows,
                              panel * kPanel<T>, false);
              samples += rows * maps.channels;
            }
          }
      }
    }
  }

  const Layer<T>& layer_;
  const WeightedRows<T> rows_;
  const DenseRows<T> dense_;
  T y_, z_;              // of the line
  int64_t segment_ = 0;  // number of the segment, from 1 on
  int64_t batch_ = 1;    // number of the batch
  // A part is one shift of one level.
  std::vector<int64_t> first_node_;       // of each part, in the table
  std::vector<Range> across_;             // of each part: what a node of it is the sum of
  std::vector<int64_t> segment_of_node_;  // for which segment a row of the table was planned
  std::vector<Plane> planes_;             // of each level and pair
  std::vector<Slot*> found_;              // of each level with columns and each pair, for the line: two nodes along y
  std::vector<T> weights_;                // of these
  std::vector<size_t> first_found_;       // of each level
  std::unique_ptr<T[]> memory_;
  T *table_, *kept_;
  int64_t row_;  // elements from row to row
  Terms<T> terms_;
  std::vector<Range> points_;
  std::vector<int64_t> numbers_;
  std::vector<Node> nodes_;
  std::vector<Step> steps_;
};

// The points cut into segments. Long lines come as they are given, short ones in an order in which neighbours in memory
// are neighbours in space.
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
  if (n >= 3 * static_cast<int64_t>(given.size())) return given;
  std::vector<int64_t> start((1 << 12) + 1, 0);
  for (const Segment& segment : given) ++start[segment.cell + 1];
  for (size_t c = 1; c < start.size(); ++c) start[c] += start[c - 1];
  std::vector<Segment> sorted(given.size());
  for (const Segment& segment : given) sorted[start[segment.cell]++] = segment;
  return sorted;
}

}  // namespace list_fast
