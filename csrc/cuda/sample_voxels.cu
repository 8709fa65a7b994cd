// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
#include <torch/csrc/stable/library.h>
#include <torch/headeronly/core/Dispatch_v2.h>

#include <optional>

#include "allocate.h"
#include "cuda/sample_second.cuh"
#include "sample_checks.h"

namespace list_fast {

// places (points * K, 3): every point at every offset; each of the two may be null.
template <typename T>
LIST_FAST_KERNEL displace_kernel(const T* points, const T* offsets, int64_t count, int64_t k, T* places) {
  const int64_t i = thread_number();
  if (i >= count) return;
  const int64_t a = i % 3, m = i / 3;
  places[i] = (points == nullptr ? T(0) : points[m / k * 3 + a]) + (offsets == nullptr ? T(0) : offsets[m % k * 3 + a]);
}

namespace {

struct VoxelCall {
  Tensor points;  // contiguous
  std::optional<Tensor> offsets;
  int64_t batch, count, k, channels;

  VoxelCall(const std::vector<Tensor>& levels, const Tensor& points_, const std::optional<Tensor>& offsets_,
            int64_t padding)
      : points(torch::stable::contiguous(points_)) {
    channels = check_sampler("sample_voxels", levels, points, 5, padding);
    if (offsets_.has_value()) {
      STD_TORCH_CHECK(offsets_->dim() == 2 && offsets_->size(1) == 3 &&
                          offsets_->scalar_type() == points.scalar_type() && offsets_->device() == points.device(),
                      "sample_voxels: offsets must be (K, 3) with the dtype and the device of points");
      offsets = torch::stable::contiguous(*offsets_);
    }
    batch = points.size(0);
    count = points.size(1);
    k = offsets.has_value() ? offsets->size(0) : 1;
  }

  template <typename T>
  Tensor places() const {
    return displace<T>(points, offsets);
  }

  // by_point (B, N, 3) + by_offset (K, 3) for every place; contiguous, and nothing is zero.
  template <typename T>
  Tensor displace(const std::optional<Tensor>& by_point, const std::optional<Tensor>& by_offset) const {
    const int64_t total = batch * count * k;
    const T* none = nullptr;
    Tensor places = allocate(points, {total, 3});
    launch(displace_kernel<T>, points, 3 * total, by_point.has_value() ? by_point->const_data_ptr<T>() : none,
           by_offset.has_value() ? by_offset->const_data_ptr<T>() : none, 3 * total, k, places.mutable_data_ptr<T>());
    return places;
  }

  // Gradients by points and offsets from those by places.
  void sum_places(const Tensor& by_place_, Tensor& by_point, Tensor& by_offset) const {
    const Tensor by_place = torch::stable::view(by_place_, {batch * count, k, 3});
    const int64_t over_offsets[] = {1}, over_points[] = {0};
    by_point = torch::stable::view(torch::stable::sum(by_place, over_offsets), points.sizes());
    if (offsets.has_value()) by_offset = torch::stable::sum(by_place, over_points);
  }
};

}  // namespace

Tensor sample_voxels_cuda(const std::vector<Tensor>& levels, const Tensor& points, const std::optional<Tensor>& offsets,
                          int64_t padding, bool align_corners) {
  const DeviceGuard guard(points.get_device_index());
  const VoxelCall call(levels, points, offsets, padding);
  std::vector<int64_t> size{call.batch, call.count};
  if (offsets.has_value()) size.push_back(call.k);
  size.push_back(call.channels);
  Tensor out = allocate(call.points, size);
  if (out.numel() == 0) return out;
  THO_DISPATCH_V2(points.scalar_type(), "sample_voxels", AT_WRAP(([&] {
                    gather_levels<scalar_t, 3>(levels, call.places<scalar_t>(), call.count * call.k, padding,
                                               align_corners, out, call.channels);
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  return out;
}

std::vector<Tensor> sample_voxels_backward_cuda(const Tensor& grad_, const std::vector<Tensor>& levels,
                                                const Tensor& points, const std::optional<Tensor>& offsets,
                                                int64_t padding, bool align_corners, bool levels_grad, bool points_grad,
                                                bool deterministic) {
  const DeviceGuard guard(points.get_device_index());
  const VoxelCall call(levels, points, offsets, padding);
  const int64_t per_batch = call.count * call.k;
  STD_TORCH_CHECK(grad_.numel() == call.batch * per_batch * call.channels &&
                      grad_.scalar_type() == points.scalar_type() && grad_.device() == points.device(),
                  "sample_voxels_backward: grad must be (B, N, K, C) with the dtype and device of points");
  const Tensor grad = torch::stable::contiguous(grad_);
  std::vector<Tensor> results;
  Tensor by_point = allocate(points, {0}), by_offset = allocate(points, {0});
  THO_DISPATCH_V2(points.scalar_type(), "sample_voxels_backward", AT_WRAP(([&] {
                    const Tensor places = call.places<scalar_t>();
                    if (levels_grad) {
                      results = scatter_levels<scalar_t, 3>(levels, places, per_batch, padding, align_corners, grad,
                                                            call.channels, deterministic);
                    }
                    if (points_grad) {
                      call.sum_places(differentiate_levels<scalar_t, 3>(levels, places, per_batch, padding,
                                                                        align_corners, grad, call.channels),
                                      by_point, by_offset);
                    }
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  if (!levels_grad)
    for (const Tensor& level : levels) results.push_back(allocate(level, {0}));
  results.push_back(by_point);
  results.push_back(by_offset);
  return results;
}

std::vector<Tensor> sample_voxels_double_backward_cuda(const std::vector<Tensor>& by_levels,
                                                       const std::optional<Tensor>& by_points_,
                                                       const std::optional<Tensor>& by_offsets_, const Tensor& grad_,
                                                       const std::vector<Tensor>& levels, const Tensor& points,
                                                       const std::optional<Tensor>& offsets, int64_t padding,
                                                       bool align_corners, bool grad_grad, bool levels_grad,
                                                       bool points_grad, bool deterministic) {
  const DeviceGuard guard(points.get_device_index());
  const VoxelCall call(levels, points, offsets, padding);
  const int64_t per_batch = call.count * call.k;
  STD_TORCH_CHECK(grad_.numel() == call.batch * per_batch * call.channels &&
                      grad_.scalar_type() == points.scalar_type() && grad_.device() == points.device(),
                  "sample_voxels_double_backward: grad must be (B, N, K, C) with the dtype and device of points");
  STD_TORCH_CHECK(offsets.has_value() || !by_offsets_.has_value(),
                  "sample_voxels_double_backward: by_offsets needs offsets");
  check_second("sample_voxels_double_backward", by_levels, levels, by_points_, by_offsets_, points,
               offsets.has_value() ? *offsets : points);
  const Tensor grad = torch::stable::contiguous(grad_);
  std::optional<Tensor> by_points, by_offsets, steps;
  if (by_points_.has_value()) by_points = torch::stable::contiguous(*by_points_);
  if (by_offsets_.has_value()) by_offsets = torch::stable::contiguous(*by_offsets_);
  std::vector<Tensor> results{allocate(grad, {0})};
  Tensor by_point = allocate(points, {0}), by_offset = allocate(points, {0});
  THO_DISPATCH_V2(points.scalar_type(), "sample_voxels_double_backward", AT_WRAP(([&] {
                    const Tensor places = call.places<scalar_t>();
                    if (by_points.has_value() || by_offsets.has_value())
                      steps = call.displace<scalar_t>(by_points, by_offsets);
                    Probed probed;
                    if (grad_grad) probed.by_grad = allocate(grad, grad.sizes());
                    if (points_grad) probed.by_place = allocate_zeros(places, places.sizes());
                    probe_levels<scalar_t, 3>(levels, by_levels, places, steps, per_batch, padding, align_corners, grad,
                                              call.channels, probed);
                    if (grad_grad) results[0] = *probed.by_grad;
                    if (points_grad) call.sum_places(*probed.by_place, by_point, by_offset);
                    add_by_levels<scalar_t, 3>(results, levels, levels_grad, places, steps, per_batch, padding,
                                               align_corners, grad, call.channels, deterministic);
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  results.push_back(by_point);
  results.push_back(by_offset);
  return results;
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) {
  m.impl("sample_voxels", TORCH_BOX(&list_fast::sample_voxels_cuda));
  m.impl("sample_voxels_backward", TORCH_BOX(&list_fast::sample_voxels_backward_cuda));
  m.impl("sample_voxels_double_backward", TORCH_BOX(&list_fast::sample_voxels_double_backward_cuda));
}
