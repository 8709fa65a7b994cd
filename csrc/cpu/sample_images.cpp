// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
#include <torch/csrc/stable/library.h>
#include <torch/headeronly/core/Dispatch_v2.h>

#include "core/projection.h"
#include "cpu/sample_levels.h"
#include "sample_checks.h"

namespace list_fast {
namespace {

// A call's projection: points onto a canvas.
template <typename T>
struct Projection {
  const T* points;     // (B * N, 3)
  const T* transform;  // (B, 4, 3)
  int64_t per_batch, height, width;

  // The numerators and the depth of a point.
  void apply(int64_t point, T projected[3]) const {
    project(points + 3 * point, transform + point / per_batch * 12, projected);
  }

  // Where the points fall, as places in [-1, 1]: column first, then row.
  Places<T, 2> places(int64_t batch) const {
    return Places<T, 2>(batch, per_batch, nullptr, 1, [&](int64_t point, T* place) {
      T projected[3];
      apply(point, projected);
      place[0] = to_canvas(projected[0], projected[2], width).place;
      place[1] = to_canvas(projected[1], projected[2], height).place;
    });
  }
};

int64_t check(const std::vector<Tensor>& levels, const Tensor& points, const Tensor& transform, int64_t height,
              int64_t width, int64_t padding) {
  const int64_t channels = check_sampler("sample_images", levels, points, 4, padding);
  STD_TORCH_CHECK(transform.dim() == 3 && transform.size(0) == points.size(0) && transform.size(1) == 4 &&
                      transform.size(2) == 3 && transform.scalar_type() == points.scalar_type() &&
                      transform.device() == points.device(),
                  "sample_images: transform must be (B, 4, 3) with the dtype and the device of points");
  STD_TORCH_CHECK(height > 0 && width > 0, "sample_images: canvas must be positive");
  return channels;
}

// Gradients by points and transforms. The sums over the points of a batch element run over chunks of a fixed size whose
// results are added in order, so they do not depend on the number of threads. by_point or by_transform may be null.
template <typename T>
void backward_projection(const Levels<T, 2>& levels, Padding padding, const Places<T, 2>& all, const T* grad,
                         const Projection<T>& projection, T* by_point, T* by_transform) {
  constexpr int64_t kChunk = 512;
  const auto kernels = row_kernels<T, 2>(padding);
  const int64_t batch = all.batch, n = all.points, chunks = (n + kChunk - 1) / kChunk;
  std::vector<double> partial(batch * chunks * 12, 0.0);
  torch::stable::parallel_for(0, batch * chunks, 1, [&](int64_t chunk_begin, int64_t chunk_end) {
    for (int64_t chunk = chunk_begin; chunk < chunk_end; ++chunk) {
      const int64_t b = chunk / chunks, begin = b * n + chunk % chunks * kChunk;
      const T* matrix = projection.transform + 12 * b;
      double* sums = partial.data() + 12 * chunk;
      const auto sink = [&](const int64_t* row, int count, const T* by_place) {
        for (int i = 0; i < count; ++i) {
          const T* point = projection.points + 3 * row[i];
          T projected[3], gradient[3];
          projection.apply(row[i], projected);
          const T slopes[2] = {by_place[i], by_place[kPlaces + i]};
          project_gradient(to_canvas(projected[0], projected[2], projection.width),
                           to_canvas(projected[1], projected[2], projection.height), slopes, gradient);
          for (int j = 0; j < 3; ++j) {
            for (int r = 0; r < 3; ++r)
              sums[3 * r + j] += gradient[j] == T(0) ? 0.0 : static_cast<double>(point[r]) * gradient[j];
            sums[9 + j] += gradient[j];
          }
          if (by_point != nullptr)
            for (int r = 0; r < 3; ++r)
              by_point[3 * row[i] + r] =
                  matrix[3 * r] * gradient[0] + matrix[3 * r + 1] * gradient[1] + matrix[3 * r + 2] * gradient[2];
        }
      };
      differentiate_levels(levels, kernels, all, begin, std::min(begin + kChunk, (b + 1) * n), grad, sink);
    }
  });
  if (by_transform == nullptr) return;
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t j = 0; j < 12; ++j) {
      double sum = 0;
      for (int64_t chunk = 0; chunk < chunks; ++chunk) sum += partial[12 * (b * chunks + chunk) + j];
      by_transform[12 * b + j] = static_cast<T>(sum);
    }
}

}  // namespace

Tensor sample_images_cpu(const std::vector<Tensor>& levels, const Tensor& points_, const Tensor& transform_,
                         int64_t height, int64_t width, int64_t padding, bool align_corners) {
  const int64_t channels = check(levels, points_, transform_, height, width, padding);
  const Tensor points = torch::stable::contiguous(points_), transform = torch::stable::contiguous(transform_);
  const int64_t batch = points.size(0), n = points.size(1);
  Tensor out = torch::stable::new_empty(points, {batch, n, channels});
  if (out.numel() == 0) return out;
  THO_DISPATCH_V2(points.scalar_type(), "sample_images", AT_WRAP(([&] {
                    const auto read = read_levels<scalar_t, 2>(levels, points, n, align_corners);
                    scalar_t* target = out.mutable_data_ptr<scalar_t>();
                    advise_large_pages(target, out.numel() * static_cast<int64_t>(sizeof(scalar_t)));
                    const Projection<scalar_t> projection{points.const_data_ptr<scalar_t>(),
                                                          transform.const_data_ptr<scalar_t>(), n, height, width};
                    gather_levels(read, static_cast<Padding>(padding), projection.places(batch), target);
                  })),
                  AT_EXPAND(AT_FLOATING_TYPES));
  return out;
}

std::vector<Tensor> sample_images_backward_cpu(const Tensor& grad_, const std::vector<Tensor>& levels,
                                               const Tensor& points_, const Tensor& transform_, int64_t height,
                                               int64_t width, int64_t padding, bool align_corners, bool levels_grad,
                                               bool points_grad, bool transform_grad) {
  const int64_t channels = check(levels, points_, transform_, height, width, padding);
  const int64_t batch = points_.size(0), n = points_.size(1);
  STD_TORCH_CHECK(grad_.numel() == batch * n * channels && grad_.scalar_type() == points_.scalar_type(),
                  "sample_images_backward: grad must be (B, N, C) with the dtype of points");
  const Tensor grad = torch::stable::contiguous(grad_), points = torch::stable::contiguous(points_),
               transform = torch::stable::contiguous(transform_);
  std::vector<Tensor> results;
  THO_DISPATCH_V2(
      points.scalar_type(), "sample_images_backward", AT_WRAP(([&] {
        const Projection<scalar_t> projection{points.const_data_ptr<scalar_t>(), transform.const_data_ptr<scalar_t>(),
                                              n, height, width};
        const Places<scalar_t, 2> places = projection.places(batch);
        const scalar_t* source = grad.const_data_ptr<scalar_t>();
        if (levels_grad) {
          results = scatter_levels(levels, points, static_cast<Padding>(padding), align_corners, places, source);
        } else {
          for (size_t l = 0; l < levels.size(); ++l) results.push_back(torch::stable::new_empty(levels[l], {0}));
        }
        Tensor by_point = torch::stable::new_empty(points, {0}), by_transform = torch::stable::new_empty(points, {0});
        if (points_grad) by_point = torch::stable::new_empty(points, points.sizes());
        if (transform_grad) by_transform = torch::stable::new_empty(points, transform.sizes());
        if (batch * n == 0) {
          torch::stable::zero_(by_transform);
        } else if (points_grad || transform_grad) {
          const auto read = read_levels<scalar_t, 2>(levels, points, n, align_corners);
          backward_projection(read, static_cast<Padding>(padding), places, source, projection,
                              points_grad ? by_point.mutable_data_ptr<scalar_t>() : nullptr,
                              transform_grad ? by_transform.mutable_data_ptr<scalar_t>() : nullptr);
        }
        results.push_back(by_point);
        results.push_back(by_transform);
      })),
      AT_EXPAND(AT_FLOATING_TYPES));
  return results;
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CPU, m) {
  m.impl("sample_images", TORCH_BOX(&list_fast::sample_images_cpu));
  m.impl("sample_images_backward", TORCH_BOX(&list_fast::sample_images_backward_cpu));
}
