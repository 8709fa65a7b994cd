// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
#include <torch/csrc/stable/library.h>
#include <torch/headeronly/core/Dispatch_v2.h>

#include "core/projection.h"
#include "cuda/sample_levels.cuh"
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

// From the gradient by the places: by_xyz (B * N, 3) the gradient by (X, Y, Z), by_point (B * N, 3), and weights
// (B * N, 4), the row [x, y, z, 1] that by_xyz is to be multiplied with for the transform (zeros where nothing moves).
template <typename T>
LIST_FAST_KERNEL unproject_kernel(const T* points, const T* transform, int64_t total, int64_t per_batch, int64_t height,
                                  int64_t width, const T* by_place, T* by_xyz, T* by_point, T* weights) {
  const int64_t m = thread_number();
  if (m >= total) return;
  const T *point = points + 3 * m, *matrix = transform + m / per_batch * 12;
  T projected[3], gradient[3];
  project(point, matrix, projected);
  project_gradient(to_canvas(projected[0], projected[2], width), to_canvas(projected[1], projected[2], height),
                   by_place + 2 * m, gradient);
  const bool moves = gradient[0] != T(0) || gradient[1] != T(0) || gradient[2] != T(0);
  for (int r = 0; r < 3; ++r) {
    by_xyz[3 * m + r] = gradient[r];
    by_point[3 * m + r] =
        matrix[3 * r] * gradient[0] + matrix[3 * r + 1] * gradient[1] + matrix[3 * r + 2] * gradient[2];
    weights[4 * m + r] = moves ? point[r] : T(0);
  }
  weights[4 * m + 3] = moves ? T(1) : T(0);
}

namespace {

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

  template <typename T>
  Tensor places() const {
    Tensor places = torch::stable::new_empty(points, {batch * count, 2});
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
  Tensor out = torch::stable::new_empty(call.points, {call.batch, call.count, call.channels});
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
                                                bool points_grad, bool transform_grad) {
  const DeviceGuard guard(points.get_device_index());
  const ImageCall call(levels, points, transform, height, width, padding);
  const int64_t total = call.batch * call.count;
  STD_TORCH_CHECK(grad_.numel() == total * call.channels && grad_.scalar_type() == points.scalar_type(),
                  "sample_images_backward: grad must be (B, N, C) with the dtype of points");
  const Tensor grad = torch::stable::contiguous(grad_);
  std::vector<Tensor> results;
  Tensor by_point = torch::stable::new_empty(points, {0}), by_transform = torch::stable::new_empty(points, {0});
  THO_DISPATCH_V2(
      points.scalar_type(), "sample_images_backward", AT_WRAP(([&] {
        const Tensor places = call.places<scalar_t>();
        if (levels_grad) {
          results =
              scatter_levels<scalar_t, 2>(levels, places, call.count, padding, align_corners, grad, call.channels);
        }
        if (points_grad || transform_grad) {
          const Tensor by_place = differentiate_levels<scalar_t, 2>(levels, places, call.count, padding, align_corners,
                                                                    grad, call.channels);
          Tensor by_xyz = torch::stable::new_empty(points, {call.batch, call.count, 3});
          Tensor weights = torch::stable::new_empty(points, {call.batch, call.count, 4});
          Tensor all = torch::stable::new_empty(points, {call.batch, call.count, 3});
          launch(unproject_kernel<scalar_t>, points, total, call.points.const_data_ptr<scalar_t>(),
                 call.transform.const_data_ptr<scalar_t>(), total, call.count, height, width,
                 by_place.const_data_ptr<scalar_t>(), by_xyz.mutable_data_ptr<scalar_t>(),
                 all.mutable_data_ptr<scalar_t>(), weights.mutable_data_ptr<scalar_t>());
          if (points_grad) by_point = all;
          if (transform_grad) {
            // In double: float32 products may be rounded to TF32, as the caller has set.
            using torch::headeronly::ScalarType;
            const Tensor rows = torch::stable::transpose(torch::stable::to(weights, ScalarType::Double), 1, 2);
            by_transform = torch::stable::to(torch::stable::matmul(rows, torch::stable::to(by_xyz, ScalarType::Double)),
                                             points.scalar_type());
          }
        }
      })),
      AT_EXPAND(AT_FLOATING_TYPES));
  if (!levels_grad)
    for (const Tensor& level : levels) results.push_back(torch::stable::new_empty(level, {0}));
  results.push_back(by_point);
  results.push_back(by_transform);
  return results;
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) {
  m.impl("sample_images", TORCH_BOX(&list_fast::sample_images_cuda));
  m.impl("sample_images_backward", TORCH_BOX(&list_fast::sample_images_backward_cuda));
}
