// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
#include <torch/csrc/stable/library.h>
#include <torch/headeronly/core/Dispatch_v2.h>

#include <optional>

#include "allocate.h"
#include "core/projection.h"
#include "cuda/sample_second.cuh"
#include "sample_checks.h"

namespace list_fast {

// places (B * N, 2): column, row on the canvas in [-1, 1].
template <typename T>
LIST_FAST_KERNEL project_kernel(const T* points, const T* transform, int64_t total, int64_t per_batch, int64_t height,
                                int64_t width, T* places) {
  const int64_t m = thread_number();
  if (m >= total) return;
  T projected[3];
  project(points + 3 * m, transform + m / per_batch * 12, projected);
  places[2 * m] = to_canvas(projected[0], projected[2], width).place;
  places[2 * m + 1] = to_canvas(projected[1], projected[2], height).place;
}

// From the gradient by the places: by_point (B * N, 3), and each point's part (B * N, 4, 3) of the gradient by its
// transform: the products of [x, y, z, 1] (zeros where nothing moves) and the gradient by (X, Y, Z). parts may be null.
template <typename T>
LIST_FAST_KERNEL unproject_kernel(const T* points, const T* transform, int64_t total, int64_t per_batch, int64_t height,
                                  int64_t width, const T* by_place, T* by_point, double* parts) {
  const int64_t m = thread_number();
  if (m >= total) return;
  const T *point = points + 3 * m, *matrix = transform + m / per_batch * 12;
  T projected[3], gradient[3];
  project(point, matrix, projected);
  project_gradient(to_canvas(projected[0], projected[2], width), to_canvas(projected[1], projected[2], height),
                   by_place + 2 * m, gradient);
  const bool moves = gradient[0] != T(0) || gradient[1] != T(0) || gradient[2] != T(0);
  for (int r = 0; r < 3; ++r)
    by_point[3 * m + r] =
        matrix[3 * r] * gradient[0] + matrix[3 * r + 1] * gradient[1] + matrix[3 * r + 2] * gradient[2];
  if (parts == nullptr) return;
  for (int r = 0; r < 4; ++r) {
    const double weight = moves ? (r < 3 ? point[r] : T(1)) : T(0);
    for (int j = 0; j < 3; ++j) parts[12 * m + 3 * r + j] = weight * gradient[j];
  }
}

// The steps (B * N, 2) of the places from those of the points (B * N, 3) and the transforms (B, 4, 3); either may be
// null.
template <typename T>
LIST_FAST_KERNEL place_step_kernel(const T* points, const T* transform, const T* point_steps, const T* transform_steps,
                                   int64_t total, int64_t per_batch, int64_t height, int64_t width, T* steps) {
  const int64_t m = thread_number();
  if (m >= total) return;
  const T *point = points + 3 * m, *matrix = transform + m / per_batch * 12;
  T projected[3], step[3];
  project(point, matrix, projected);
  project_step(point, matrix, point_steps == nullptr ? nullptr : point_steps + 3 * m,
               transform_steps == nullptr ? nullptr : transform_steps + m / per_batch * 12, step);
  place_step(to_canvas(projected[0], projected[2], width), to_canvas(projected[1], projected[2], height), step,
             steps + 2 * m);
}

// From the second derivative by the places (by_place) and the first (slopes): by_point (B * N, 3), and each point's
// part (B * N, 4, 3) of the gradient by its transform: the products of [x, y, z, 1] and the gradient by (X, Y, Z), plus
// those of the point's step and what it moves. The steps and parts may be null.
template <typename T>
LIST_FAST_KERNEL unproject_second_kernel(const T* points, const T* transform, const T* point_steps,
                                         const T* transform_steps, int64_t total, int64_t per_batch, int64_t height,
                                         int64_t width, const T* by_place, const T* slopes, T* by_point,
                                         double* parts) {
  const int64_t m = thread_number();
  if (m >= total) return;
  const int64_t b = m / per_batch;
  const T *point = points + 3 * m, *matrix = transform + 12 * b;
  const T* point_step = point_steps == nullptr ? nullptr : point_steps + 3 * m;
  const T* matrix_step = transform_steps == nullptr ? nullptr : transform_steps + 12 * b;
  T projected[3], step[3], gradient[3], first[3];
  project(point, matrix, projected);
  const Pixel<T> column = to_canvas(projected[0], projected[2], width);
  const Pixel<T> row = to_canvas(projected[1], projected[2], height);
  project_step(point, matrix, point_step, matrix_step, step);
  project_gradient(column, row, by_place + 2 * m, gradient);
  place_step_gradient(column, row, slopes + 2 * m, step, gradient);
  project_gradient(column, row, slopes + 2 * m, first);
  const bool moves = gradient[0] != T(0) || gradient[1] != T(0) || gradient[2] != T(0);
  for (int r = 0; r < 3; ++r) {
    T sum = T(0);
    for (int j = 0; j < 3; ++j) {
      sum += matrix[3 * r + j] * gradient[j];
      if (matrix_step != nullptr) sum += matrix_step[3 * r + j] * first[j];
    }
    by_point[3 * m + r] = sum;
  }
  if (parts == nullptr) return;
  for (int r = 0; r < 4; ++r) {
    const double weight = moves ? (r < 3 ? point[r] : T(1)) : T(0);
    const double moved = r < 3 && point_step != nullptr ? point_step[r] : T(0);
    for (int j = 0; j < 3; ++j) parts[12 * m + 3 * r + j] = weight * gradient[j] + moved * first[j];
  }
}

namespace {

// The gradient (B, 4, 3) by the transforms from the points' parts (B, N, 12). A sum and no matrix product, whose bits
// and precision are settings on CUDA.
Tensor sum_parts(const Tensor& parts, ScalarType type) {
  const int64_t over_points[] = {1};
  return torch::stable::view(torch::stable::to(torch::stable::sum(parts, over_points), type), {parts.size(0), 4, 3});
}

struct ImageCall {
  Tensor points, transform;  // contiguous
  int64_t batch, count, channels, height, width;

  ImageCall(const std::vector<Tensor>& levels, const Tensor& points_, const Tensor& transform_, int64_t height_,
            int64_t width_, int64_t padding)
      : points(torch::stable::contiguous(points_)),
        transform(torch::stable::contiguous(transform_)),
        height(height_),
        width(width_) {
    channels = check_sampler("sample_images", levels, points, 4, padding);
    STD_TORCH_CHECK(transform.dim() == 3 && transform.size(0) == points.size(0) && transform.size(1) == 4 &&
                        transform.size(2) == 3 && transform.scalar_type() == points.scalar_type() &&
                        transform.device() == points.device(),
                    "sample_images: transform must be (B, 4, 3) with the dtype and the device of points");
    STD_TORCH_CHECK(height > 0 && width > 0, "sample_images: canvas must be positive");
    batch = points.size(0);
    count = points.size(1);
  }

  Tensor parts(bool wanted) const { return allocate(points, {batch, wanted ? count : 0, 12}, ScalarType::Double); }

  template <typename T>
  Tensor places() const {
    Tensor places = allocate(points, {batch * count, 2});
    launch(project_kernel<T>, points, batch * count, points.const_data_ptr<T>(), transform.const_data_ptr<T>(),
           batch * count, count, height, width, places.mutable_data_ptr<T>());
    return places;
  }
};

}  // namespace

Tensor sample_images_cuda(const std::vector<Tensor>& levels, const Tensor& points, const Tensor& transform,
                          int64_t height, int64_t width, int64_t padding, bool align_corners) {
  const DeviceGuard guard(points.get_device_index());
  const ImageCall call(levels, points, transform, height, width, padding);
  Tensor out = allocate(call.points, {call.batch, call.count, call.channels});
  if (out.numel() == 0) return out;
  THO_DISPATCH_V2(points.scalar_type(), "sample_images", AT_WRAP(([&] {
                    gather_levels<scalar_t, 2>(levels, call.places<scalar_t>(), call.count, padding, align_corners, out,
                                               call.channels);
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  return out;
}

std::vector<Tensor> sample_images_backward_cuda(const Tensor& grad_, const std::vector<Tensor>& levels,
                                                const Tensor& points, const Tensor& transform, int64_t height,
                                                int64_t width, int64_t padding, bool align_corners, bool levels_grad,
                                                bool points_grad, bool transform_grad, bool deterministic) {
  const DeviceGuard guard(points.get_device_index());
  const ImageCall call(levels, points, transform, height, width, padding);
  const int64_t total = call.batch * call.count;
  STD_TORCH_CHECK(grad_.numel() == total * call.channels && grad_.scalar_type() == points.scalar_type() &&
                      grad_.device() == points.device(),
                  "sample_images_backward: grad must be (B, N, C) with the dtype and device of points");
  const Tensor grad = torch::stable::contiguous(grad_);
  std::vector<Tensor> results;
  Tensor by_point = allocate(points, {0}), by_transform = allocate(points, {0});
  THO_DISPATCH_V2(points.scalar_type(), "sample_images_backward", AT_WRAP(([&] {
                    const Tensor places = call.places<scalar_t>();
                    if (levels_grad) {
                      results = scatter_levels<scalar_t, 2>(levels, places, call.count, padding, align_corners, grad,
                                                            call.channels, deterministic);
                    }
                    if (points_grad || transform_grad) {
                      const Tensor by_place = differentiate_levels<scalar_t, 2>(levels, places, call.count, padding,
                                                                                align_corners, grad, call.channels);
                      Tensor parts = call.parts(transform_grad);
                      Tensor all = allocate(points, {call.batch, call.count, 3});
                      launch(unproject_kernel<scalar_t>, points, total, call.points.const_data_ptr<scalar_t>(),
                             call.transform.const_data_ptr<scalar_t>(), total, call.count, height, width,
                             by_place.const_data_ptr<scalar_t>(), all.mutable_data_ptr<scalar_t>(),
                             transform_grad ? parts.mutable_data_ptr<double>() : nullptr);
                      if (points_grad) by_point = all;
                      if (transform_grad) by_transform = sum_parts(parts, points.scalar_type());
                    }
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  if (!levels_grad)
    for (const Tensor& level : levels) results.push_back(allocate(level, {0}));
  results.push_back(by_point);
  results.push_back(by_transform);
  return results;
}

std::vector<Tensor> sample_images_double_backward_cuda(
    const std::vector<Tensor>& by_levels, const std::optional<Tensor>& by_points_,
    const std::optional<Tensor>& by_transform_, const Tensor& grad_, const std::vector<Tensor>& levels,
    const Tensor& points, const Tensor& transform, int64_t height, int64_t width, int64_t padding, bool align_corners,
    bool grad_grad, bool levels_grad, bool points_grad, bool transform_grad, bool deterministic) {
  const DeviceGuard guard(points.get_device_index());
  const ImageCall call(levels, points, transform, height, width, padding);
  const int64_t batch = call.batch, count = call.count, total = batch * count;
  STD_TORCH_CHECK(grad_.numel() == total * call.channels && grad_.scalar_type() == points.scalar_type() &&
                      grad_.device() == points.device(),
                  "sample_images_double_backward: grad must be (B, N, C) with the dtype and device of points");
  check_second("sample_images_double_backward", by_levels, levels, by_points_, by_transform_, points, transform);
  const Tensor grad = torch::stable::contiguous(grad_);
  std::optional<Tensor> by_points, by_transforms, steps;
  if (by_points_.has_value()) by_points = torch::stable::contiguous(*by_points_);
  if (by_transform_.has_value()) by_transforms = torch::stable::contiguous(*by_transform_);
  std::vector<Tensor> results{allocate(grad, {0})};
  Tensor by_point = allocate(points, {0}), by_transform = allocate(points, {0});
  THO_DISPATCH_V2(
      points.scalar_type(), "sample_images_double_backward", AT_WRAP(([&] {
        const scalar_t* none = nullptr;
        const scalar_t* point_steps = by_points.has_value() ? by_points->const_data_ptr<scalar_t>() : none;
        const scalar_t* transform_steps = by_transforms.has_value() ? by_transforms->const_data_ptr<scalar_t>() : none;
        const Tensor places = call.places<scalar_t>();
        if (by_points.has_value() || by_transforms.has_value()) {
          steps = allocate(points, {total, 2});
          launch(place_step_kernel<scalar_t>, points, total, call.points.const_data_ptr<scalar_t>(),
                 call.transform.const_data_ptr<scalar_t>(), point_steps, transform_steps, total, count, height, width,
                 steps->mutable_data_ptr<scalar_t>());
        }
        Probed probed;
        if (grad_grad) probed.by_grad = allocate(grad, grad.sizes());
        if (points_grad || transform_grad) {
          probed.by_place = allocate_zeros(places, places.sizes());
          probed.slopes = allocate_zeros(places, places.sizes());
        }
        probe_levels<scalar_t, 2>(levels, by_levels, places, steps, count, padding, align_corners, grad, call.channels,
                                  probed);
        if (grad_grad) results[0] = *probed.by_grad;
        if (points_grad || transform_grad) {
          Tensor parts = call.parts(transform_grad);
          Tensor all = allocate(points, {batch, count, 3});
          launch(unproject_second_kernel<scalar_t>, points, total, call.points.const_data_ptr<scalar_t>(),
                 call.transform.const_data_ptr<scalar_t>(), point_steps, transform_steps, total, count, height, width,
                 probed.by_place->const_data_ptr<scalar_t>(), probed.slopes->const_data_ptr<scalar_t>(),
                 all.mutable_data_ptr<scalar_t>(), transform_grad ? parts.mutable_data_ptr<double>() : nullptr);
          if (points_grad) by_point = all;
          if (transform_grad) by_transform = sum_parts(parts, points.scalar_type());
        }
        add_by_levels<scalar_t, 2>(results, levels, levels_grad, places, steps, count, padding, align_corners, grad,
                                   call.channels, deterministic);
      })),
      AT_EXPAND(AT_FLOATING_TYPES));
  results.push_back(by_point);
  results.push_back(by_transform);
  return results;
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) {
  m.impl("sample_images", TORCH_BOX(&list_fast::sample_images_cuda));
  m.impl("sample_images_backward", TORCH_BOX(&list_fast::sample_images_backward_cuda));
  m.impl("sample_images_double_backward", TORCH_BOX(&list_fast::sample_images_double_backward_cuda));
}
