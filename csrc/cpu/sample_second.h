// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What the second derivatives of the two CPU samplers share. The first backward pass gives, for a place with corners k,
// weights w_k, features F_k and gradient g: w_k g for the levels and sum_k (dw_k/dplace) F_k . g for the place. With
// moves A_k of the former and a step s of the latter, their sum with these is
//   sum_k w_k A_k . g + sum_k (derivative of w_k along s) F_k . g,
// and its gradients by g, F and the place are the second derivatives.
#pragma once
#include <algorithm>
#include <vector>

#include "allocate.h"
#include "cpu/sample_levels.h"

namespace list_fast {

// The levels, and what moves them, as a second derivative reads them.
template <typename T, int kDim>
struct Moving {
  Levels<T, kDim> features;  // none where no place steps
  Levels<T, kDim> moves;     // of the levels that move
  std::vector<int> move_of;  // for each level its place in `moves`, or -1
  std::vector<int64_t> first_channel;
  int64_t channels = 0;

  // A level without elements in `by_levels` does not move; an empty list moves none.
  Moving(const std::vector<Tensor>& levels, const std::vector<Tensor>& by_levels, const Tensor& points, int64_t places,
         bool align_corners, bool steps) {
    std::vector<Tensor> present;
    for (size_t l = 0; l < levels.size(); ++l) {
      const bool moves_it = !by_levels.empty() && by_levels[l].numel() > 0;
      move_of.push_back(moves_it ? static_cast<int>(present.size()) : -1);
      if (moves_it) present.push_back(by_levels[l]);
      first_channel.push_back(channels);
      channels += levels[l].size(1);
    }
    if (steps) features = read_levels<T, kDim>(levels, points, places, align_corners);
    if (!present.empty()) moves = read_levels<T, kDim>(present, points, places, align_corners);
  }
};

// For the places [begin, end) of the walk: writes by_grad, the gradient by the gradient (or null), and calls
// sink(row, count, by_place, slope) with the gradient by every place and, where `slopes` are wanted, the first
// derivative by it; sink is not called unless `places_wanted`.
template <typename T, int kDim, typename Sink>
void probe_levels(const Moving<T, kDim>& moving, const RowKernels<T, kDim>& kernels, const Places<T, kDim>& all,
                  const Steps<T, kDim>& given, int64_t begin, int64_t end, const T* grad, T* by_grad,
                  bool places_wanted, bool slopes, const Sink& sink) {
  alignas(64) T places[kDim * kPlaces], steps[kDim * kPlaces], by_place[kDim * kPlaces], slope[kDim * kPlaces];
  int64_t row[kPlaces];
  for_each_run(begin, end, all.per_batch(), [&](int64_t first, int count) {
    const int64_t b = first / all.per_batch();
    all.fill(first, count, places, row);
    given.fill(row, count, steps);
    std::fill_n(by_place, kDim * kPlaces, T(0));
    std::fill_n(slope, kDim * kPlaces, T(0));
    T* place_sum = places_wanted ? by_place : nullptr;
    for (size_t l = 0; l < moving.move_of.size(); ++l) {
      const T* source = grad + moving.first_channel[l];
      T* target = by_grad == nullptr ? nullptr : by_grad + moving.first_channel[l];
      const int move = moving.move_of[l];
      if (move >= 0) {
        LevelView<T, kDim> view = moving.moves.all[move].view;
        view.data += b * moving.moves.all[move].batch_stride;
        kernels.probe(view, places, nullptr, row, count, source, moving.channels, target, false, place_sum, nullptr);
      }
      if (given.any()) {
        LevelView<T, kDim> view = moving.features.all[l].view;
        view.data += b * moving.features.all[l].batch_stride;
        kernels.probe(view, places, steps, row, count, source, moving.channels, target, move >= 0,
                      slopes ? slope : nullptr, place_sum);
      } else if (move < 0 && target != nullptr) {
        const int64_t next = l + 1 < moving.move_of.size() ? moving.first_channel[l + 1] : moving.channels;
        for (int i = 0; i < count; ++i)
          std::fill_n(target + row[i] * moving.channels, next - moving.first_channel[l], T(0));
      }
    }
    if (places_wanted) sink(row, count, by_place, slope);
  });
}

// Appends the gradients of the levels, empty where they are not wanted.
template <typename T, int kDim>
void add_by_levels(std::vector<Tensor>& results, const std::vector<Tensor>& levels, bool wanted,
                   const Steps<T, kDim>& steps, const Tensor& points, Padding padding, bool align_corners,
                   const Places<T, kDim>& all, const T* grad) {
  std::vector<Tensor> found;
  if (wanted && steps.any()) found = scatter_levels(levels, points, padding, align_corners, all, grad, steps);
  for (size_t l = 0; l < levels.size(); ++l) {
    if (!found.empty()) {
      results.push_back(found[l]);
      continue;
    }
    // Where no place steps the first gradients do not depend on the levels.
    Tensor none = wanted ? allocate_like(levels[l]) : allocate(levels[l], {0});
    results.push_back(torch::stable::zero_(none));
  }
}

}  // namespace list_fast
