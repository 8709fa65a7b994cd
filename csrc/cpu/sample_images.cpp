// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
#include <torch/csrc/stable/library.h>
#include <torch/headeronly/core/Dispatch_v2.h>

#include <optional>

#include "allocate.h"
#include "core/projection.h"
#include "cpu/sample_levels.h"
#include "cpu/sample_second.h"
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

  // How they move with a step of the points (B * N, 3) and of the transforms (B, 4, 3); either may be null.
  void step(int64_t point, const T* point_steps, const T* transform_steps, T out[3]) const {
    const int64_t b = point / per_batch;
    project_step(points + 3 * point, transform + 12 * b, point_steps == nullptr ? nullptr : point_steps + 3 * point,
                 transform_steps == nullptr ? nullptr : transform_steps + 12 * b, out);
  }

  Pixel<T> column(const T projected[3]) const { return to_canvas(projected[0], projected[2], width); }
  Pixel<T> row(const T projected[3]) const { return to_canvas(projected[1], projected[2], height); }

  // Where the points fall, as places in [-1, 1]: column first, then row.
  Places<T, 2> places(int64_t batch) const {
    return Places<T, 2>(batch, per_batch, nullptr, 1, [&](int64_t point, T* place) {
      T projected[3];
      apply(point, projected);
      place[0] = column(projected).place;
      place[1] = row(projected).place;
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

// Sums over the points of a batch element, for by_transform (B, 4, 3), which may be null. run(begin, end, sums) is
// called for ranges of the walk. Chunks have a fixed size and their results are added in order, so they do not depend
// on the number of threads.
template <typename T, typename Run>
void sum_transforms(const Places<T, 2>& all, T* by_transform, const Run& run) {
  constexpr int64_t kChunk = 512;
  const int64_t batch = all.batch, n = all.points, chunks = (n + kChunk - 1) / kChunk;
  std::vector<double> partial(batch * chunks * 12, 0.0);
  torch::stable::parallel_for(0, batch * chunks, 1, [&](int64_t chunk_begin, int64_t chunk_end) {
    for (int64_t chunk = chunk_begin; chunk < chunk_end; ++chunk) {
      const int64_t b = chunk / chunks, begin = b * n + chunk % chunks * kChunk;
      run(begin, std::min(begin + kChunk, (b + 1) * n), partial.data() + 12 * chunk);
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

// From the gradient by a point's (X, Y, Z): adds that by the transform to sums and writes that by the point, where it
// is wanted.
template <typename T>
void unproject(const T* point, const T* matrix, const T gradient[3], double* sums, T* by_point) {
  for (int j = 0; j < 3; ++j) {
    for (int r = 0; r < 3; ++r)
      sums[3 * r + j] += gradient[j] == T(0) ? 0.0 : static_cast<double>(point[r]) * gradient[j];
    sums[9 + j] += gradient[j];
  }
  if (by_point != nullptr)
    for (int r = 0; r < 3; ++r)
      by_point[r] = matrix[3 * r] * gradient[0] + matrix[3 * r + 1] * gradient[1] + matrix[3 * r + 2] * gradient[2];
}

// Gradients by points and transforms. by_point or by_transform may be null.
template <typename T>
void backward_projection(const Levels<T, 2>& levels, Padding padding, const Places<T, 2>& all, const T* grad,
                         const Projection<T>& projection, T* by_point, T* by_transform) {
  const auto kernels = row_kernels<T, 2>(padding);
  sum_transforms(all, by_transform, [&](int64_t begin, int64_t end, double* sums) {
    const auto sink = [&](const int64_t* row, int count, const T* by_place) {
      for (int i = 0; i < count; ++i) {
        T projected[3], gradient[3];
        projection.apply(row[i], projected);
        const T slopes[2] = {by_place[i], by_place[kPlaces + i]};
        project_gradient(projection.column(projected), projection.row(projected), slopes, gradient);
        unproject(projection.points + 3 * row[i], projection.transform + row[i] / projection.per_batch * 12, gradient,
                  sums, by_point == nullptr ? nullptr : by_point + 3 * row[i]);
      }
    };
    differentiate_levels(levels, kernels, all, begin, end, grad, sink);
  });
}

// How the places move with steps of the points (B * N, 3) and of the transforms (B, 4, 3); either may be null.
template <typename T>
std::vector<T> steps_of(const Projection<T>& projection, int64_t total, const T* point_steps,
                        const T* transform_steps) {
  std::vector<T> steps(2 * total);
  torch::stable::parallel_for(0, total, 4096, [&](int64_t begin, int64_t end) {
    for (int64_t m = begin; m < end; ++m) {
      T projected[3], step[3];
      projection.apply(m, projected);
      projection.step(m, point_steps, transform_steps, step);
      place_step(projection.column(projected), projection.row(projected), step, steps.data() + 2 * m);
    }
  });
  return steps;
}

}  // namespace

Tensor sample_images_cpu(const std::vector<Tensor>& levels, const Tensor& points_, const Tensor& transform_,
                         int64_t height, int64_t width, int64_t padding, bool align_corners) {
  const int64_t channels = check(levels, points_, transform_, height, width, padding);
  const Tensor points = torch::stable::contiguous(points_), transform = torch::stable::contiguous(transform_);
  const int64_t batch = points.size(0), n = points.size(1);
  Tensor out = allocate(points, {batch, n, channels});
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
                                               bool points_grad, bool transform_grad,
                                               bool /* deterministic: always */) {
  const int64_t channels = check(levels, points_, transform_, height, width, padding);
  const int64_t batch = points_.size(0), n = points_.size(1);
  STD_TORCH_CHECK(grad_.numel() == batch * n * channels && grad_.scalar_type() == points_.scalar_type(),
                  "sample_images_backward: grad must be (B, N, C) with the dtype of points");
  const Tensor grad = torch::stable::contiguous(grad_), points = torch::stable::contiguous(points_),
               transform = torch::stable::contiguous(transform_);
  std::vector<Tensor> results;
  THO_DISPATCH_V2(points.scalar_type(), "sample_images_backward", AT_WRAP(([&] {
                    const Projection<scalar_t> projection{points.const_data_ptr<scalar_t>(),
                                                          transform.const_data_ptr<scalar_t>(), n, height, width};
                    const Places<scalar_t, 2> places = projection.places(batch);
                    const scalar_t* source = grad.const_data_ptr<scalar_t>();
                    if (levels_grad) {
                      results =
                          scatter_levels(levels, points, static_cast<Padding>(padding), align_corners, places, source);
                    } else {
                      for (size_t l = 0; l < levels.size(); ++l) results.push_back(allocate(levels[l], {0}));
                    }
                    Tensor by_point = allocate(points, {0}), by_transform = allocate(points, {0});
                    if (points_grad) by_point = allocate(points, points.sizes());
                    if (transform_grad) by_transform = allocate(points, transform.sizes());
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

namespace {

// Second derivatives by the gradient (by_grad), the points and the transforms; each may be null. What the steps do to
// the places is itself a function of points and transforms, and adds its own part: the first derivative by the places
// times the second of the projection.
template <typename T>
void double_backward_projection(const Moving<T, 2>& moving, Padding padding, const Places<T, 2>& all, const T* grad,
                                const Projection<T>& projection, const Steps<T, 2>& steps, const T* point_steps,
                                const T* transform_steps, T* by_grad, T* by_point, T* by_transform) {
  const auto kernels = row_kernels<T, 2>(padding);
  const bool wanted = by_point != nullptr || by_transform != nullptr;
  sum_transforms(all, by_transform, [&](int64_t begin, int64_t end, double* sums) {
    const auto sink = [&](const int64_t* row, int count, const T* by_place, const T* slope) {
      for (int i = 0; i < count; ++i) {
        const int64_t m = row[i], b = m / projection.per_batch;
        T projected[3], step[3], gradient[3], first[3] = {};
        projection.apply(m, projected);
        const Pixel<T> column = projection.column(projected), line = projection.row(projected);
        const T second[2] = {by_place[i], by_place[kPlaces + i]}, slopes[2] = {slope[i], slope[kPlaces + i]};
        project_gradient(column, line, second, gradient);
        if (steps.any()) {
          projection.step(m, point_steps, transform_steps, step);
          place_step_gradient(column, line, slopes, step, gradient);
          project_gradient(column, line, slopes, first);
        }
        T* target = by_point == nullptr ? nullptr : by_point + 3 * m;
        unproject(projection.points + 3 * m, projection.transform + 12 * b, gradient, sums, target);
        if (transform_steps != nullptr && target != nullptr)
          for (int r = 0; r < 3; ++r)
            for (int j = 0; j < 3; ++j) target[r] += transform_steps[12 * b + 3 * r + j] * first[j];
        if (point_steps != nullptr)
          for (int r = 0; r < 3; ++r)
            for (int j = 0; j < 3; ++j) sums[3 * r + j] += static_cast<double>(point_steps[3 * m + r]) * first[j];
      }
    };
    probe_levels(moving, kernels, all, steps, begin, end, grad, by_grad, wanted, wanted, sink);
  });
}

}  // namespace

std::vector<Tensor> sample_images_double_backward_cpu(
    const std::vector<Tensor>& by_levels, const std::optional<Tensor>& by_points_,
    const std::optional<Tensor>& by_transform_, const Tensor& grad_, const std::vector<Tensor>& levels,
    const Tensor& points_, const Tensor& transform_, int64_t height, int64_t width, int64_t padding, bool align_corners,
    bool grad_grad, bool levels_grad, bool points_grad, bool transform_grad, bool /* deterministic: always */) {
  const int64_t channels = check(levels, points_, transform_, height, width, padding);
  const int64_t batch = points_.size(0), n = points_.size(1);
  STD_TORCH_CHECK(grad_.numel() == batch * n * channels && grad_.scalar_type() == points_.scalar_type(),
                  "sample_images_double_backward: grad must be (B, N, C) with the dtype of points");
  check_second("sample_images_double_backward", by_levels, levels, by_points_, by_transform_, points_, transform_);
  const Tensor grad = torch::stable::contiguous(grad_), points = torch::stable::contiguous(points_),
               transform = torch::stable::contiguous(transform_);
  const auto dense = [](const std::optional<Tensor>& tensor) {
    return tensor.has_value() ? std::optional<Tensor>(torch::stable::contiguous(*tensor)) : std::nullopt;
  };
  const std::optional<Tensor> by_points = dense(by_points_), by_transforms = dense(by_transform_);
  std::vector<Tensor> results{allocate(grad, {0})};
  THO_DISPATCH_V2(points.scalar_type(), "sample_images_double_backward", AT_WRAP(([&] {
                    const Projection<scalar_t> projection{points.const_data_ptr<scalar_t>(),
                                                          transform.const_data_ptr<scalar_t>(), n, height, width};
                    const Places<scalar_t, 2> places = projection.places(batch);
                    const scalar_t* point_steps =
                        by_points.has_value() ? by_points->const_data_ptr<scalar_t>() : nullptr;
                    const scalar_t* transform_steps =
                        by_transforms.has_value() ? by_transforms->const_data_ptr<scalar_t>() : nullptr;
                    const bool moving_places = by_points.has_value() || by_transforms.has_value();
                    std::vector<scalar_t> place_steps;
                    if (moving_places) place_steps = steps_of(projection, batch * n, point_steps, transform_steps);
                    const Steps<scalar_t, 2> steps{moving_places ? place_steps.data() : nullptr, nullptr, 1};
                    const scalar_t* source = grad.const_data_ptr<scalar_t>();
                    Tensor by_point = allocate(points, {0}), by_transform = allocate(points, {0});
                    if (grad_grad) results[0] = allocate(grad, grad.sizes());
                    if (points_grad) by_point = allocate(points, points.sizes());
                    if (transform_grad) by_transform = allocate(points, transform.sizes());
                    if (batch * n == 0) {
                      torch::stable::zero_(by_transform);
                    } else if (grad_grad || points_grad || transform_grad) {
                      const Moving<scalar_t, 2> moving(levels, by_levels, points, n, align_corners, moving_places);
                      scalar_t* by_grad = grad_grad ? results[0].mutable_data_ptr<scalar_t>() : nullptr;
                      if (grad_grad) advise_large_pages(by_grad, grad.numel() * static_cast<int64_t>(sizeof(scalar_t)));
                      double_backward_projection(moving, static_cast<Padding>(padding), places, source, projection,
                                                 steps, point_steps, transform_steps, by_grad,
                                                 points_grad ? by_point.mutable_data_ptr<scalar_t>() : nullptr,
                                                 transform_grad ? by_transform.mutable_data_ptr<scalar_t>() : nullptr);
                    }
                    add_by_levels(results, levels, levels_grad, steps, points, static_cast<Padding>(padding),
                                  align_corners, places, source);
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
  m.impl("sample_images_double_backward", TORCH_BOX(&list_fast::sample_images_double_backward_cpu));
}
