// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// What both methods of marching cubes begin with on CUDA: the signs of a volume as words of 32 nodes.
#pragma once
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>

#include "accumulate.h"
#include "allocate.h"
#include "core/marching_cubes.h"
#include "cuda/warp.cuh"

namespace list_fast {

using Word = uint32_t;
constexpr int kPackedWords = 8;  // words that one warp packs: that many loads are under way at once

template <typename T>
T* room_for(const torch::stable::Tensor& on, int64_t count, torch::stable::Tensor& holder) {
  holder = allocate(on, {count * static_cast<int64_t>(sizeof(T))}, torch::headeronly::ScalarType::Byte);
  return static_cast<T*>(holder.mutable_data_ptr());
}

struct VolumeWords {
  BitVolume<Word> v;
  const int32_t* nan;  // not 0 when a value is NaN
  Word* inside;
  Word* unknown;  // NaN
  Word* whole;
  int64_t words;  // 0 where the volume has no cells

  void measure(const torch::stable::Tensor& volume) {
    v = {nullptr, nullptr, volume.size(0), volume.size(1), volume.size(2), (volume.size(2) + kLanes - 1) / kLanes};
    words = v.depth > 1 && v.height > 1 && v.width > 1 ? v.depth * v.height * v.words : 0;
  }

  // Finds signs and whole cells. held: the first four keep the memory alive.
  template <typename T, typename A>
  void pack(const torch::stable::Tensor& volume, const T* values, A level, torch::stable::Tensor* held);

  // The volume with or without the plane of whole cells.
  LIST_FAST_DEVICE BitVolume<Word> volume() const {
    BitVolume<Word> result = v;
    result.inside = inside;
    result.whole = *nan ? whole : nullptr;
    return result;
  }
};

template <typename T, typename A>
LIST_FAST_KERNEL pack_signs_kernel(VolumeWords p, const T* values, A level, int32_t* nan) {
  if (!leads_warp()) return;
  const int64_t first = warp_number() * kPackedWords;
  if (first >= p.words) return;
  PerLane<A> loaded[kPackedWords];
  int64_t row = first / p.v.words, w = first % p.v.words;
  LIST_FAST_UNROLL
  for (int n = 0; n < kPackedWords; ++n) {
    const int64_t left = first + n < p.words ? p.v.width - w * kLanes : 0;
    const T* place = values + row * p.v.width + w * kLanes;
    each_lane([&](int lane) { loaded[n][lane] = lane < left ? static_cast<A>(place[lane]) : level; });
    if (++w == p.v.words) {
      w = 0;
      ++row;
    }
  }
  LIST_FAST_UNROLL
  for (int n = 0; n < kPackedWords; ++n) {
    const int64_t word = first + n;
    if (word >= p.words) break;
    const Word inside = ballot([&](int lane) { return loaded[n][lane] < level; });  // not past the row: level < level
    const Word unknown = ballot([&](int lane) { return loaded[n][lane] != loaded[n][lane]; });
    each_lane([&](int lane) {
      if (lane != 0) return;
      p.inside[word] = inside;
      p.unknown[word] = unknown;
      if (unknown) *nan = 1;  // whoever writes it writes the same
    });
  }
}

static LIST_FAST_KERNEL whole_cells_kernel(VolumeWords p) {
  const int64_t word = thread_number();
  if (word >= p.words || !*p.nan) return;
  const int64_t row = word / p.v.words, w = word % p.v.words;
  Word cells = 0;
  if (row % p.v.height + 1 < p.v.height && row / p.v.height + 1 < p.v.depth) {
    cells = p.v.before_last(w);
    for (int n = 0; n < 4; ++n) {
      const Word* place = p.unknown + (row + (n >> 1) * p.v.height + (n & 1)) * p.v.words;
      cells &= ~(place[w] | next_places(place[w], w + 1 < p.v.words ? place[w + 1] : Word(0)));
    }
  }
  p.whole[word] = cells;
}

template <typename T, typename A>
void VolumeWords::pack(const torch::stable::Tensor& volume, const T* values, A level, torch::stable::Tensor* held) {
  held[0] = allocate_zeros(volume, {1}, torch::headeronly::ScalarType::Int);
  int32_t* found = static_cast<int32_t*>(held[0].mutable_data_ptr());
  nan = found;
  inside = room_for<Word>(volume, words, held[1]);
  unknown = room_for<Word>(volume, words, held[2]);
  whole = room_for<Word>(volume, words, held[3]);
  const VolumeWords p = *this;
  launch(pack_signs_kernel<T, A>, volume, (words + kPackedWords - 1) / kPackedWords * kLanes, p, values, level, found);
  launch(whole_cells_kernel, volume, words, p);
}

}  // namespace list_fast
