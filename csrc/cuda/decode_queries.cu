// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The whole decoder of a frozen field in half precision: sampling, the first layer, the others, all on chip. A block
// takes 64 queries. What the first layer sums without a product (bias, the point's columns, merged maps) starts its
// sums; then the threads sample 64 columns of features into shared memory while the warps multiply the 64 before by
// their rows of the layer on the tensor cores. Only distances leave the block. Products take half-precision numbers,
// all sums are float32 and in one order.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>

#include <algorithm>
#include <vector>

#include "allocate.h"
#include "core/projection.h"
#include "cuda/block.cuh"
#include "cuda/sample_levels.cuh"

namespace list_fast {

constexpr int kQueries = 64;                             // of a block
constexpr int kFirst = 512, kSecond = 256;               // widths of the hidden layers: kFirst, kSecond, kSecond
constexpr int kUnit = 8;                                 // features that a thread samples at once: 16 bytes
constexpr int kSlab = kUnit * kBlockThreads / kQueries;  // features of all queries at once
constexpr int kMaxSources = 16, kMaxMaps = 4;
// Strides of rows in shared memory, so that the rows of a tile start in different banks.
constexpr int kStageStride = kFirst + 8, kSlabStride = kSlab + 8, kPlace = 5;
constexpr int kStageBytes = kMatrix * kStageStride * 4, kHiddenBytes = kQueries * kStageStride * 2;
constexpr int kBlockBytes = kStageBytes + kHiddenBytes + kQueries * kPlace * 4;
static_assert(2 * kQueries * kSlabStride * 2 <= kStageBytes, "two slabs lie where sums are staged");
static_assert(kQueries / kMatrix * kBlockThreads * 4 <= kHiddenBytes,
              "the last layer's parts lie where the hidden layer was");
static_assert(kBlockBytes <= 99 * 1024, "more than a block may have on every architecture from sm_80 on");
static_assert(kFirst == 2 * kMatrix * kBlockWarps && kSecond == kMatrix * kBlockWarps, "every warp has its columns");

// What features come from: a level of voxels at every offset, or a level of the image (`places` 1, one node deep).
template <typename E>
struct Source {
  const E* data;
  DeviceLevel<float, 3> level;
  int32_t first;   // its first unit
  int32_t places;  // offsets
  bool image;
};

template <typename E>
struct Decoder {
  Source<E> sources[kMaxSources], maps[kMaxMaps];
  int32_t source_count, map_count, slabs;
  const float *points, *offsets, *transform, *weight, *bias;
  const E *columns, *second, *third;                         // (64 slabs, 512), (512, 256), (256, 256)
  const float *second_bias, *third_bias, *last, *last_bias;  // (256,), (256,), (256,), (1,)
  int64_t total, height, width;
};

// Adds weight times 8 neighbours, 16-byte aligned.
template <typename E>
LIST_FAST_DEVICE void add_unit(const E* row, float weight, float* sums) {
#if defined(__CUDACC__)
  const uint4 bits = __ldg(reinterpret_cast<const uint4*>(row));
  const E* values = reinterpret_cast<const E*>(&bits);
#else
  const E* values = row;
#endif
  LIST_FAST_UNROLL
  for (int u = 0; u < kUnit; ++u) sums[u] += weight * static_cast<float>(values[u]);
}

// Rounds 8 sums into 16 aligned bytes.
template <typename E>
LIST_FAST_DEVICE void store_unit(const float* sums, E* out) {
#if defined(__CUDACC__)
  uint4 bits;
  E* values = reinterpret_cast<E*>(&bits);
  LIST_FAST_UNROLL
  for (int u = 0; u < kUnit; ++u) values[u] = static_cast<E>(sums[u]);
  *reinterpret_cast<uint4*>(out) = bits;
#else
  for (int u = 0; u < kUnit; ++u) out[u] = static_cast<E>(sums[u]);
#endif
}

// The cell of a query, whose place is (x, y, z, column, row), at offset k.
template <typename E>
LIST_FAST_DEVICE Cell<float, 3> find_source_cell(const Decoder<E>& d, const Source<E>& source, const float* place,
                                                 int k) {
  float at[3];
  for (int a = 0; a < 3; ++a)
    at[a] =
        source.image ? (a < 2 ? place[3 + a] : 0.0f) : place[a] + (d.offsets == nullptr ? 0.0f : d.offsets[3 * k + a]);
  return find_cell<Padding::kBorder, false>(source.level, at);
}

// Adds 8 channels from `channel` on, sampled in the cell.
template <typename E>
LIST_FAST_DEVICE void add_samples(const E* data, const Cell<float, 3>& cell, int channel, float* sums) {
  LIST_FAST_UNROLL
  for (int corner = 0; corner < 8; ++corner)
    if (cell.used >> corner & 1) add_unit(data + cell.base + cell.step[corner] + channel, cell.weight[corner], sums);
}

// Eight features of a query, those of a unit: offset by offset, channel by channel; zeros past the last.
template <typename E>
LIST_FAST_DEVICE void sample_unit(const Decoder<E>& d, const float* place, int unit, E* out) {
  int s = 0;
  while (s + 1 < d.source_count && unit >= d.sources[s + 1].first) ++s;
  const Source<E>& source = d.sources[s];
  const int channels = static_cast<int>(source.level.channels), local = unit - source.first;
  float sums[kUnit] = {};
  if (channels % kUnit == 0) {
    const int units = channels / kUnit, k = local / units;
    if (k < source.places) {
      const Cell<float, 3> cell = find_source_cell(d, source, place, k);
      add_samples(source.data, cell, local % units * kUnit, sums);
    }
  } else {
    for (int u = 0; u < kUnit; ++u) {
      const int column = local * kUnit + u, k = column / channels;
      if (k >= source.places) break;
      const Cell<float, 3> cell = find_source_cell(d, source, place, k);
      const E* first = source.data + cell.base + column % channels;
      for (int corner = 0; corner < 8; ++corner)
        if (cell.used >> corner & 1) sums[u] += cell.weight[corner] * static_cast<float>(first[cell.step[corner]]);
    }
  }
  store_unit(sums, out);
}

LIST_FAST_DEVICE float relu(float x) { return x < 0.0f ? 0.0f : x; }  // NaN stays

// The sums of all warps, (64, 16 C 16), go through `stage` by 16 rows at a time: f(row, channel, value) for all.
template <int C, typename F>
LIST_FAST_DEVICE void each_sum(Sums<kQueries / kMatrix, C>& sums, float* stage, const F& f) {
  LIST_FAST_UNROLL
  for (int r = 0; r < kQueries / kMatrix; ++r) {
    each_warp([&](int warp) {
      LIST_FAST_UNROLL
      for (int c = 0; c < C; ++c) sums.store(warp, r, c, stage + kMatrix * (warp * C + c), kStageStride);
    });
    barrier();
    each_thread([&](int thread) {
      const int row = thread / 32;
      for (int c = thread % 32; c < kMatrix * C * kBlockWarps; c += 32)
        f(thread, kMatrix * r + row, c, stage[row * kStageStride + c]);
    });
    barrier();
  }
}

template <typename E>
LIST_FAST_BLOCK_KERNEL decode_kernel(const LIST_FAST_CONSTANT Decoder<E> d, float* out) {
  char* memory = block_memory();
  float* stage = reinterpret_cast<float*>(memory);
  E* samples = reinterpret_cast<E*>(memory);  // before and after them sums are staged in the same place
  E* hidden = reinterpret_cast<E*>(memory + kStageBytes);
  float* places = reinterpret_cast<float*>(memory + kStageBytes + kHiddenBytes);
  const int64_t begin = block_number() * kQueries;

  each_thread([&](int thread) {
    if (thread >= kQueries) return;
    const int64_t n = begin + thread < d.total ? begin + thread : d.total - 1;
    float *place = places + kPlace * thread, projected[3];
    for (int a = 0; a < 3; ++a) place[a] = d.points[3 * n + a];
    project(place, d.transform, projected);
    place[3] = to_canvas(projected[0], projected[2], d.width).place;
    place[4] = to_canvas(projected[1], projected[2], d.height).place;
  });
  barrier();

  Sums<kQueries / kMatrix, 2> first;
  LIST_FAST_UNROLL
  for (int r = 0; r < kQueries / kMatrix; ++r) {
    each_thread([&](int thread) {
      const int row = thread / 32;
      const float* place = places + kPlace * (kMatrix * r + row);
      for (int c = thread % 32 * kUnit; c < kFirst; c += 32 * kUnit) {
        float sums[kUnit];
        LIST_FAST_UNROLL
        for (int u = 0; u < kUnit; ++u) {
          sums[u] = d.bias[c + u];
          for (int a = 0; a < 3; ++a) sums[u] += place[a] * d.weight[a * kFirst + c + u];
        }
        for (int m = 0; m < d.map_count; ++m)
          add_samples(d.maps[m].data, find_source_cell(d, d.maps[m], place, 0), c, sums);
        LIST_FAST_UNROLL
        for (int u = 0; u < kUnit; ++u) stage[row * kStageStride + c + u] = sums[u];
      }
    });
    barrier();
    each_warp([&](int warp) {
      LIST_FAST_UNROLL
      for (int c = 0; c < 2; ++c) first.load(warp, r, c, stage + kMatrix * (2 * warp + c), kStageStride);
    });
    barrier();
  }

  const auto sample_slab = [&](int slab) {
    each_thread([&](int thread) {
      constexpr int kUnits = kSlab / kUnit;
      const int query = thread / kUnits, unit = thread % kUnits;
      E* row = samples + (slab % 2 * kQueries + query) * kSlabStride;
      sample_unit(d, places + kPlace * query, slab * kUnits + unit, row + unit * kUnit);
    });
  };
  if (d.slabs > 0) sample_slab(0);
  barrier();
  for (int slab = 0; slab < d.slabs; ++slab) {
    if (slab + 1 < d.slabs) sample_slab(slab + 1);
    each_warp([&](int warp) {
      const E* left = samples + slab % 2 * kQueries * kSlabStride;
      const E* right = d.columns + static_cast<int64_t>(slab) * kSlab * kFirst + 2 * kMatrix * warp;
      for (int k = 0; k < kSlab; k += kMatrix)
        first.add_product(warp, left + k, kSlabStride, right + k * kFirst, kFirst);
    });
    barrier();
  }
  each_sum<2>(first, stage,
              [&](int, int row, int c, float value) { hidden[row * kStageStride + c] = static_cast<E>(relu(value)); });

  constexpr int kSecondStride = kSecond + 8;
  Sums<kQueries / kMatrix, 1> second;
  each_warp([&](int warp) {
    second.clear(warp);
    for (int k = 0; k < kFirst; k += kMatrix)
      second.add_product(warp, hidden + k, kStageStride, d.second + k * kSecond + kMatrix * warp, kSecond);
  });
  barrier();
  each_sum<1>(second, stage, [&](int, int row, int c, float value) {
    hidden[row * kSecondStride + c] = static_cast<E>(relu(value + d.second_bias[c]));
  });

  each_warp([&](int warp) {
    second.clear(warp);
    for (int k = 0; k < kSecond; k += kMatrix)
      second.add_product(warp, hidden + k, kSecondStride, d.third + k * kSecond + kMatrix * warp, kSecond);
  });
  barrier();
  // 32 threads a query: each adds its channels in rising order, then one adds what they have.
  float* parts = reinterpret_cast<float*>(hidden);
  each_thread([&](int thread) {
    for (int r = 0; r < kQueries / kMatrix; ++r) parts[r * kBlockThreads + thread] = 0.0f;
  });
  each_sum<1>(second, stage, [&](int thread, int row, int c, float value) {
    parts[row / kMatrix * kBlockThreads + thread] += relu(value + d.third_bias[c]) * d.last[c];
  });
  each_thread([&](int thread) {
    if (thread >= kQueries || begin + thread >= d.total) return;
    const float* own = parts + thread / kMatrix * kBlockThreads + thread % kMatrix * 32;
    float sum = d.last_bias[0];
    for (int n = 0; n < 32; ++n) sum += own[n];
    out[begin + thread] = sum;
  });
}

namespace {

void check_shape(const Tensor& tensor, const char* name, const Tensor& points, ScalarType type,
                 const std::vector<int64_t>& shape) {
  bool fits = tensor.dim() == static_cast<int64_t>(shape.size());
  for (size_t a = 0; fits && a < shape.size(); ++a) fits = shape[a] < 0 || tensor.size(a) == shape[a];
  STD_TORCH_CHECK(fits && tensor.is_contiguous() && tensor.scalar_type() == type && tensor.device() == points.device(),
                  "decode_queries: ", name, " must be contiguous, on the device of points and of its shape and dtype");
}

// A level (D, H, W, C) or (H, W, C).
template <typename E>
Source<E> source_of(const Tensor& level, int64_t places, bool image) {
  Source<E> source;
  source.data = reinterpret_cast<const E*>(level.const_data_ptr());
  const int64_t axes = level.dim() - 1;
  source.level.channels = level.size(axes);
  source.level.channel_stride = 1;
  source.level.batch_stride = 0;
  int64_t stride = source.level.channels;
  for (int64_t a = 0; a < 3; ++a) {
    const int64_t nodes = a < axes ? level.size(axes - 1 - a) : 1;
    STD_TORCH_CHECK(nodes > 0 && nodes <= int64_t{1} << 30, "decode_queries: levels must have nodes along every axis");
    source.level.map[a] = make_axis_map<float>(nodes, true);
    source.level.stride[a] = stride;
    stride *= nodes;
  }
  source.first = 0;
  source.places = static_cast<int32_t>(places);
  source.image = image;
  STD_TORCH_CHECK(reinterpret_cast<uintptr_t>(source.data) % 16 == 0, "decode_queries: levels must be aligned");
  return source;
}

template <typename E>
void decode(const std::vector<Tensor>& voxels, const std::vector<Tensor>& images, const std::vector<Tensor>& maps,
            const Tensor& points, const Tensor& offsets, const Tensor& transform, const Tensor& weight,
            const Tensor& bias, const Tensor& columns, const std::vector<Tensor>& layers, int64_t height, int64_t width,
            Tensor& out) {
  constexpr ScalarType half = std::is_same_v<E, Half> ? ScalarType::Half : ScalarType::BFloat16;
  constexpr ScalarType real = ScalarType::Float;
  Decoder<E> d{};
  int64_t units = 0;
  const auto add = [&](const Tensor& level, const char* name, int64_t dims, int64_t places) {
    check_shape(level, name, points, half, std::vector<int64_t>(dims, -1));
    STD_TORCH_CHECK(d.source_count < kMaxSources, "decode_queries: at most ", kMaxSources, " levels");
    Source<E>& source = d.sources[d.source_count++] = source_of<E>(level, places, dims == 3);
    STD_TORCH_CHECK(source.level.channels > 0, "decode_queries: levels must have channels");
    source.first = static_cast<int32_t>(units);
    units += (places * source.level.channels + kUnit - 1) / kUnit;
    STD_TORCH_CHECK(units < int64_t{1} << 24, "decode_queries: too many columns");
  };
  for (const Tensor& level : voxels) add(level, "voxels", 4, offsets.size(0));
  for (const Tensor& level : images) add(level, "images", 3, 1);
  STD_TORCH_CHECK(maps.size() <= kMaxMaps, "decode_queries: at most ", kMaxMaps, " maps");
  for (const Tensor& map : maps) {
    check_shape(map, "maps", points, half, {-1, -1, kFirst});
    d.maps[d.map_count++] = source_of<E>(map, 1, true);
  }
  d.slabs = static_cast<int32_t>((units * kUnit + kSlab - 1) / kSlab);
  check_shape(points, "points", points, real, {-1, 3});
  check_shape(offsets, "offsets", points, real, {-1, 3});
  check_shape(transform, "transform", points, real, {4, 3});
  check_shape(weight, "weight", points, real, {3, kFirst});
  check_shape(bias, "bias", points, real, {kFirst});
  check_shape(columns, "columns", points, half, {int64_t{d.slabs} * kSlab, kFirst});
  STD_TORCH_CHECK(layers.size() == 6, "decode_queries: layers must be six tensors");
  check_shape(layers[0], "layers", points, half, {kFirst, kSecond});
  check_shape(layers[2], "layers", points, half, {kSecond, kSecond});
  for (const int n : {1, 3, 4}) check_shape(layers[n], "layers", points, real, {kSecond});
  check_shape(layers[5], "layers", points, real, {1});
  const auto halves = [](const Tensor& tensor) {
    const auto* data = reinterpret_cast<const E*>(tensor.const_data_ptr());
    STD_TORCH_CHECK(reinterpret_cast<uintptr_t>(data) % 32 == 0, "decode_queries: weights must be aligned");
    return data;
  };
  d.points = points.const_data_ptr<float>();
  d.offsets = offsets.const_data_ptr<float>();
  d.transform = transform.const_data_ptr<float>();
  d.weight = weight.const_data_ptr<float>();
  d.bias = bias.const_data_ptr<float>();
  d.columns = halves(columns);
  d.second = halves(layers[0]);
  d.second_bias = layers[1].const_data_ptr<float>();
  d.third = halves(layers[2]);
  d.third_bias = layers[3].const_data_ptr<float>();
  d.last = layers[4].const_data_ptr<float>();
  d.last_bias = layers[5].const_data_ptr<float>();
  d.total = points.size(0);
  d.height = height;
  d.width = width;
  launch_blocks(decode_kernel<E>, points, (d.total + kQueries - 1) / kQueries, kBlockBytes, d,
                out.mutable_data_ptr<float>());
}

}  // namespace

Tensor decode_queries_cuda(const std::vector<Tensor>& voxels, const std::vector<Tensor>& images,
                           const std::vector<Tensor>& maps, const Tensor& points, const Tensor& offsets,
                           const Tensor& transform, const Tensor& weight, const Tensor& bias, const Tensor& columns,
                           const std::vector<Tensor>& layers, int64_t height, int64_t width) {
  const DeviceGuard guard(points.get_device_index());
  STD_TORCH_CHECK(height > 0 && width > 0, "decode_queries: canvas must be positive");
  STD_TORCH_CHECK(points.dim() == 2 && offsets.dim() == 2, "decode_queries: points and offsets must be (N, 3)");
  Tensor out = allocate(points, {points.size(0)});
  const auto run = columns.scalar_type() == ScalarType::BFloat16 ? decode<BFloat16> : decode<Half>;
  run(voxels, images, maps, points, offsets, transform, weight, bias, columns, layers, height, width, out);
  return out;
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) { m.impl("decode_queries", TORCH_BOX(&list_fast::decode_queries_cuda)); }
