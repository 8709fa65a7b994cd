// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
#include <torch/csrc/stable/library.h>
#include <torch/headeronly/core/Dispatch_v2.h>

#include <optional>

#include "allocate.h"
#include "cpu/sample_levels.h"
#include "cpu/sample_second.h"
#include "sample_checks.h"

namespace list_fast {
namespace {

struct Shape {
  int64_t batch, points, offsets, channels;
};

Shape check(const std::vector<Tensor>& levels, const Tensor& points, const std::optional<Tensor>& offsets,
            int64_t padding) {
  const int64_t channels = check_sampler("sample_voxels", levels, points, 5, padding);
  if (offsets.has_value())
    STD_TORCH_CHECK(offsets->dim() == 2 && offsets->size(1) == 3 && offsets->scalar_type() == points.scalar_type() &&
                        offsets->device() == points.device(),
                    "sample_voxels: offsets must be (K, 3) with the dtype and the device of points");
  return {points.size(0), points.size(1), offsets.has_value() ? offsets->size(0) : 1, channels};
}

// Every point at every offset.
template <typename T>
Places<T, 3> places_of(const Tensor& points, const std::optional<Tensor>& offsets, const Shape& shape) {
  const T* data = points.const_data_ptr<T>();
  return Places<T, 3>(shape.batch, shape.points, offsets.has_value() ? offsets->const_data_ptr<T>() : nullptr,
                      shape.offsets, [&](int64_t point, T* position) { std::copy_n(data + 3 * point, 3, position); });
}

std::optional<Tensor> dense(const std::optional<Tensor>& tensor) {
  return tensor.has_value() ? std::optional<Tensor>(torch::stable::contiguous(*tensor)) : std::nullopt;
}

}  // namespace

Tensor sample_voxels_cpu(const std::vector<Tensor>& levels, const Tensor& points_,
                         const std::optional<Tensor>& offsets_, int64_t padding, bool align_corners) {
  const Shape shape = check(levels, points_, offsets_, padding);
  const Tensor points = torch::stable::contiguous(points_);
  const std::optional<Tensor> offsets = dense(offsets_);
  std::vector<int64_t> size{shape.batch, shape.points};
  if (offsets.has_value()) size.push_back(shape.offsets);
  size.push_back(shape.channels);
  Tensor out = allocate(points, size);
  if (out.numel() == 0) return out;
  THO_DISPATCH_V2(points.scalar_type(), "sample_voxels", AT_WRAP(([&] {
                    const int64_t per_batch = shape.points * shape.offsets;
                    const auto read = read_levels<scalar_t, 3>(levels, points, per_batch, align_corners);
                    scalar_t* target = out.mutable_data_ptr<scalar_t>();
                    advise_large_pages(target, out.numel() * static_cast<int64_t>(sizeof(scalar_t)));
                    gather_levels(read, static_cast<Padding>(padding), places_of<scalar_t>(points, offsets, shape),
                                  target);
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  return out;
}

namespace {

// Sums gradients by places into those by points and by offsets (each may be null). run(begin, end, sink) is called for
// ranges of the walk and calls sink(row, count, by_place, ...). Points are walked in chunks of a fixed size whose sums
// over the offsets are added in order, so the result does not depend on the number of threads.
template <typename T, typename Run>
void sum_places(const Places<T, 3>& all, T* by_point, T* by_offset, const Run& run) {
  constexpr int64_t kChunk = 256;
  const int64_t total = all.batch * all.points, chunks = (total + kChunk - 1) / kChunk, k = all.k;
  std::vector<double> partial(by_offset == nullptr ? 0 : chunks * k * 3, 0.0);
  if (by_point != nullptr) std::fill_n(by_point, 3 * total, T(0));
  torch::stable::parallel_for(0, chunks, 1, [&](int64_t chunk_begin, int64_t chunk_end) {
    for (int64_t chunk = chunk_begin; chunk < chunk_end; ++chunk) {
      const int64_t begin = chunk * kChunk, end = std::min(begin + kChunk, total);
      run(begin * k, end * k, [&](const int64_t* row, int count, const T* by_place) {
        for (int i = 0; i < count; ++i)
          for (int a = 0; a < 3; ++a) {
            const T value = by_place[a * kPlaces + i];
            if (by_point != nullptr) by_point[row[i] / k * 3 + a] += value;
            if (by_offset != nullptr) partial[(chunk * k + row[i] % k) * 3 + a] += value;
          }
      });
    }
  });
  if (by_offset == nullptr) return;
  for (int64_t j = 0; j < 3 * k; ++j) {
    double sum = 0;
    for (int64_t chunk = 0; chunk < chunks; ++chunk) sum += partial[chunk * 3 * k + j];
    by_offset[j] = static_cast<T>(sum);
  }
}

}  // namespace

std::vector<Tensor> sample_voxels_backward_cpu(const Tensor& grad_, const std::vector<Tensor>& levels,
                                               const Tensor& points_, const std::optional<Tensor>& offsets_,
                                               int64_t padding, bool align_corners, bool levels_grad, bool points_grad,
                                               bool /* deterministic: always */) {
  const Shape shape = check(levels, points_, offsets_, padding);
  const int64_t per_batch = shape.points * shape.offsets, total = shape.batch * per_batch;
  STD_TORCH_CHECK(grad_.numel() == total * shape.channels && grad_.scalar_type() == points_.scalar_type(),
                  "sample_voxels_backward: grad must be (B, N, K, C) with the dtype of points");
  const Tensor grad = torch::stable::contiguous(grad_), points = torch::stable::contiguous(points_);
  const std::optional<Tensor> offsets = dense(offsets_);
  std::vector<Tensor> results;
  THO_DISPATCH_V2(points.scalar_type(), "sample_voxels_backward", AT_WRAP(([&] {
                    const Places<scalar_t, 3> places = places_of<scalar_t>(points, offsets, shape);
                    const scalar_t* source = grad.const_data_ptr<scalar_t>();
                    if (levels_grad) {
                      results =
                          scatter_levels(levels, points, static_cast<Padding>(padding), align_corners, places, source);
                    } else {
                      for (size_t l = 0; l < levels.size(); ++l) results.push_back(allocate(levels[l], {0}));
                    }
                    Tensor by_point = allocate(points, {0}), by_offset = allocate(points, {0});
                    if (points_grad) {
                      by_point = allocate(points, points.sizes());
                      if (offsets.has_value()) by_offset = allocate(points, {shape.offsets, 3});
                      if (total == 0) {
                        torch::stable::zero_(by_point);
                        torch::stable::zero_(by_offset);
                      } else {
                        const auto read = read_levels<scalar_t, 3>(levels, points, per_batch, align_corners);
                        const auto kernels = row_kernels<scalar_t, 3>(static_cast<Padding>(padding));
                        sum_places(places, by_point.mutable_data_ptr<scalar_t>(),
                                   offsets.has_value() ? by_offset.mutable_data_ptr<scalar_t>() : nullptr,
                                   [&](int64_t begin, int64_t end, const auto& sink) {
                                     differentiate_levels(read, kernels, places, begin, end, source, sink);
                                   });
                      }
                    }
                    results.push_back(by_point);
                    results.push_back(by_offset);
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  return results;
}

std::vector<Tensor> sample_voxels_double_backward_cpu(const std::vector<Tensor>& by_levels,
                                                      const std::optional<Tensor>& by_points_,
                                                      const std::optional<Tensor>& by_offsets_, const Tensor& grad_,
                                                      const std::vector<Tensor>& levels, const Tensor& points_,
                                                      const std::optional<Tensor>& offsets_, int64_t padding,
                                                      bool align_corners, bool grad_grad, bool levels_grad,
                                                      bool points_grad, bool /* deterministic: always */) {
  const Shape shape = check(levels, points_, offsets_, padding);
  const int64_t per_batch = shape.points * shape.offsets, total = shape.batch * per_batch;
  STD_TORCH_CHECK(grad_.numel() == total * shape.channels && grad_.scalar_type() == points_.scalar_type(),
                  "sample_voxels_double_backward: grad must be (B, N, K, C) with the dtype of points");
  STD_TORCH_CHECK(offsets_.has_value() || !by_offsets_.has_value(),
                  "sample_voxels_double_backward: by_offsets needs offsets");
  check_second("sample_voxels_double_backward", by_levels, levels, by_points_, by_offsets_, points_,
               offsets_.has_value() ? *offsets_ : points_);
  const Tensor grad = torch::stable::contiguous(grad_), points = torch::stable::contiguous(points_);
  const std::optional<Tensor> offsets = dense(offsets_), by_points = dense(by_points_), by_offsets = dense(by_offsets_);
  std::vector<Tensor> results{allocate(grad, {0})};
  THO_DISPATCH_V2(
      points.scalar_type(), "sample_voxels_double_backward", AT_WRAP(([&] {
        const Places<scalar_t, 3> places = places_of<scalar_t>(points, offsets, shape);
        const Steps<scalar_t, 3> steps{by_points.has_value() ? by_points->const_data_ptr<scalar_t>() : nullptr,
                                       by_offsets.has_value() ? by_offsets->const_data_ptr<scalar_t>() : nullptr,
                                       shape.offsets};
        const scalar_t* source = grad.const_data_ptr<scalar_t>();
        Tensor by_point = allocate(points, {0}), by_offset = allocate(points, {0});
        if (grad_grad) results[0] = allocate(grad, grad.sizes());
        if (points_grad) {
          by_point = allocate(points, points.sizes());
          if (offsets.has_value()) by_offset = allocate(points, {shape.offsets, 3});
        }
        if (total == 0) {
          torch::stable::zero_(by_point);
          torch::stable::zero_(by_offset);
        } else if (grad_grad || points_grad) {
          const Moving<scalar_t, 3> moving(levels, by_levels, points, per_batch, align_corners, steps.any());
          const auto kernels = row_kernels<scalar_t, 3>(static_cast<Padding>(padding));
          scalar_t* by_grad = grad_grad ? results[0].mutable_data_ptr<scalar_t>() : nullptr;
          if (grad_grad) advise_large_pages(by_grad, grad.numel() * static_cast<int64_t>(sizeof(scalar_t)));
          sum_places(places, points_grad ? by_point.mutable_data_ptr<scalar_t>() : nullptr,
                     points_grad && offsets.has_value() ? by_offset.mutable_data_ptr<scalar_t>() : nullptr,
                     [&](int64_t begin, int64_t end, const auto& sink) {
                       probe_levels(moving, kernels, places, steps, begin, end, source, by_grad, points_grad, false,
                                    [&](const int64_t* row, int count, const scalar_t* by_place, const scalar_t*) {
                                      sink(row, count, by_place);
                                    });
                     });
        }
        add_by_levels(results, levels, levels_grad, steps, points, static_cast<Padding>(padding), align_corners, places,
                      source);
        results.push_back(by_point);
        results.push_back(by_offset);
      })),
      AT_EXPAND(AT_FLOATING_TYPES));
  return results;
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) {
  m.impl("sample_voxels", TORCH_BOX(&list_fast::sample_voxels_cpu));
  m.impl("sample_voxels_backward", TORCH_BOX(&list_fast::sample_voxels_backward_cpu));
  m.impl("sample_voxels_double_backward", TORCH_BOX(&list_fast::sample_voxels_double_backward_cpu));
}
