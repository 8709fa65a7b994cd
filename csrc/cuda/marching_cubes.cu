// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Marching cubes on CUDA: signs to bits, counts of every word of 32 nodes, three levels of prefix sums, then vertices
// and faces. The order of everything follows from integer sums, so it is that of the CPU; temporaries are about half a
// byte a node.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <limits>
#include <tuple>

#include "accumulate.h"
#include "allocate.h"
#include "cuda/volume_words.cuh"
#include "dispatch.h"
#include "marching_cubes_checks.h"

namespace list_fast {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

constexpr int64_t kGroup = kLanes;           // words whose counts one warp adds up
constexpr int64_t kSuper = kLanes * kLanes;  // groups that one warp adds up

struct Counts {
  uint8_t vertices, faces;  // at most 3 * 32 and 5 * 32 in a word
};
struct GroupOffset {
  uint16_t vertices, faces;  // of a word in its group
};
struct SuperOffset {
  uint32_t vertices, faces;  // of a group in its super
};
struct Offset {
  int64_t vertices, faces;
};

struct Plan : VolumeWords {
  Counts* counts;
  GroupOffset* in_group;
  SuperOffset* in_super;
  Offset* supers;
  Offset* total;
  int64_t groups, super_count;

  LIST_FAST_DEVICE Offset start(int64_t word) const {
    const int64_t group = word / kGroup;
    const Offset base = supers[group / kSuper];
    return {base.vertices + in_super[group].vertices + in_group[word].vertices,
            base.faces + in_super[group].faces + in_group[word].faces};
  }
};

LIST_FAST_KERNEL count_kernel(Plan p) {
  const int64_t word = thread_number();
  if (word >= p.words) return;
  const BitVolume<Word> v = p.volume();
  const int64_t row = word / v.words, w = word % v.words, i = row / v.height, j = row % v.height;
  int faces = 0;
  if (i + 1 < v.depth && j + 1 < v.height) {
    const CellRow<Word> cells = v.cell_row(i, j, w);
    for (Word left = cells.active; left; left &= left - 1) faces += kTriangles[cells.case_of(lowest_bit(left))][0];
  }
  p.counts[word] = {static_cast<uint8_t>(v.crossings(i, j, w).count()), static_cast<uint8_t>(faces)};
}

// Both sums of up to 2^32 - 1 in one number, so that one pass adds both.
LIST_FAST_DEVICE uint64_t both(uint32_t vertices, uint32_t faces) {
  return static_cast<uint64_t>(faces) << 32 | vertices;
}

// One warp a group: offsets of its words; the sums go to in_super for now.
LIST_FAST_KERNEL group_offsets_kernel(Plan p) {
  if (!leads_warp()) return;
  const int64_t group = warp_number();
  if (group >= p.groups) return;
  const uint64_t sum = each_lane_after<uint64_t>(
      [&](int lane) {
        const int64_t word = group * kGroup + lane;
        return word < p.words ? both(p.counts[word].vertices, p.counts[word].faces) : uint64_t(0);
      },
      [&](int lane, uint64_t before) {
        const int64_t word = group * kGroup + lane;
        if (word < p.words) p.in_group[word] = {static_cast<uint16_t>(before), static_cast<uint16_t>(before >> 32)};
      });
  each_lane([&](int lane) {
    if (lane == 0) p.in_super[group] = {static_cast<uint32_t>(sum), static_cast<uint32_t>(sum >> 32)};
  });
}

// One warp a super: offsets of its groups; the sums go to supers for now.
LIST_FAST_KERNEL super_offsets_kernel(Plan p) {
  if (!leads_warp()) return;
  const int64_t number = warp_number();
  if (number >= p.super_count) return;
  uint64_t carry = 0;
  for (int64_t step = 0; step < kSuper / kLanes; ++step) {
    const int64_t first = number * kSuper + step * kLanes;
    const uint64_t start = carry;
    carry += each_lane_after<uint64_t>(
        [&](int lane) {
          const int64_t group = first + lane;
          return group < p.groups ? both(p.in_super[group].vertices, p.in_super[group].faces) : uint64_t(0);
        },
        [&](int lane, uint64_t before) {
          const int64_t group = first + lane;
          const uint64_t sum = start + before;
          if (group < p.groups) p.in_super[group] = {static_cast<uint32_t>(sum), static_cast<uint32_t>(sum >> 32)};
        });
  }
  each_lane([&](int lane) {
    if (lane == 0) p.supers[number] = {static_cast<int64_t>(carry & 0xffffffffu), static_cast<int64_t>(carry >> 32)};
  });
}

// One warp in all: offsets of the supers, and the totals.
LIST_FAST_KERNEL total_offsets_kernel(Plan p) {
  if (!leads_warp() || warp_number() > 0) return;
  Offset carry = {0, 0};
  for (int64_t first = 0; first < p.super_count; first += kLanes) {
    const Offset start = carry;
    const auto add = [&](int64_t Offset::* part) {
      return each_lane_after<int64_t>(
          [&](int lane) { return first + lane < p.super_count ? p.supers[first + lane].*part : int64_t(0); },
          [&](int lane, int64_t before) {
            if (first + lane < p.super_count) p.supers[first + lane].*part = start.*part + before;
          });
    };
    carry.vertices += add(&Offset::vertices);
    carry.faces += add(&Offset::faces);
  }
  each_lane([&](int lane) {
    if (lane == 0) *p.total = carry;
  });
}

template <typename Index>
LIST_FAST_DEVICE OwnedVertices<Word, Index> owned_vertices(const Plan& p, const BitVolume<Word>& v, int64_t i,
                                                           int64_t j, int64_t w) {
  OwnedVertices<Word, Index> result;
  result.here = v.crossings(i, j, w);
  result.next_x = next_places(result.here.x, w + 1 < v.words ? v.crossings(i, j, w + 1).x : Word(0));
  result.first = static_cast<Index>(p.start((i * v.height + j) * v.words + w).vertices);
  return result;
}

// One warp a group: its words with vertices one after the other, a lane to each node. The first `room` are written.
template <typename T, typename A>
LIST_FAST_KERNEL write_vertices_kernel(Plan p, const T* values, A level, int64_t room, A* vertices, int64_t* edges) {
  if (!leads_warp()) return;
  const int64_t group = warp_number();
  if (group >= p.groups) return;
  const BitVolume<Word> v = p.volume();
  const int64_t strides[3] = {v.height * v.width, v.width, 1};
  uint32_t filled = ballot([&](int lane) {
    const int64_t word = group * kGroup + lane;
    return word < p.words && p.counts[word].vertices > 0;
  });
  for (; filled; filled &= filled - 1) {
    const int64_t word = group * kGroup + lowest_bit(filled);
    const int64_t row = word / v.words, w = word % v.words, i = row / v.height, j = row % v.height;
    OwnedVertices<Word, int64_t> owned;
    owned.here = v.crossings(i, j, w);
    owned.first = p.start(word).vertices;
    each_lane([&](int lane) {
      const bool crossed[3] = {owned.has_x(lane) != 0, owned.has_y(lane) != 0, owned.has_z(lane) != 0};
      if (!crossed[0] && !crossed[1] && !crossed[2]) return;
      const int64_t k = w * kLanes + lane, node = row * v.width + k;
      int64_t number = owned.start(lane);
      const A d0 = static_cast<A>(values[node]);
      for (int axis = 0; axis < 3; ++axis) {
        if (!crossed[axis] || number >= room) continue;
        const A t = interpolate(d0, static_cast<A>(values[node + strides[axis]]), level);
        A* vertex = vertices + 3 * number;
        vertex[0] = static_cast<A>(i) + (axis == 0 ? t : A(0));
        vertex[1] = static_cast<A>(j) + (axis == 1 ? t : A(0));
        vertex[2] = static_cast<A>(k) + (axis == 2 ? t : A(0));
        if (edges != nullptr) edges[number] = 3 * node + axis;
        ++number;
      }
    });
  }
}

// Whether there is room for a vertex; not for one past what an Index can name.
template <typename Index>
LIST_FAST_DEVICE bool has_room(Index vertex, int64_t room) {
  return vertex >= 0 && vertex < room;
}

// One warp a group: its words with faces one after the other, a lane to each cell. The first `room` are written that
// name none but the first `vertices`.
template <typename Index>
LIST_FAST_KERNEL write_faces_kernel(Plan p, int64_t vertices, int64_t room, Index* faces) {
  if (!leads_warp()) return;
  const int64_t group = warp_number();
  if (group >= p.groups) return;
  const BitVolume<Word> v = p.volume();
  uint32_t filled = ballot([&](int lane) {
    const int64_t word = group * kGroup + lane;
    return word < p.words && p.counts[word].faces > 0;
  });
  for (; filled; filled &= filled - 1) {
    const int64_t word = group * kGroup + lowest_bit(filled);
    const int64_t row = word / v.words, w = word % v.words, i = row / v.height, j = row % v.height;
    const CellRow<Word> cells = v.cell_row(i, j, w);
    OwnedVertices<Word, Index> around[4];
    for (int n = 0; n < 4; ++n) around[n] = owned_vertices<Index>(p, v, i + (n >> 1), j + (n & 1), w);
    const int64_t first = p.start(word).faces;
    const auto triangles = [&](int lane) {
      return cells.active >> lane & 1 ? kTriangles[cells.case_of(lane)] : kTriangles[0];
    };
    each_lane_after<int>(
        [&](int lane) { return static_cast<int>(triangles(lane)[0]); },
        [&](int lane, int before) {
          const int8_t* own = triangles(lane);
          if (own[0] == 0) return;
          Index ids[12];
          cell_vertices(around, lane, ids);
          for (int n = 0; n < own[0]; ++n) {
            const Index a = ids[own[1 + 3 * n]], b = ids[own[2 + 3 * n]], c = ids[own[3 + 3 * n]];
            const int64_t face = first + before + n;
            if (face >= room || !has_room(a, vertices) || !has_room(b, vertices) || !has_room(c, vertices)) continue;
            faces[3 * face] = a;
            faces[3 * face + 1] = b;
            faces[3 * face + 2] = c;
          }
        });
  }
}

namespace {

// The plan of a volume that has cells; total (2,) int64 becomes the numbers of vertices and faces. held: 8 tensors that
// keep the memory alive.
template <typename T, typename A>
Plan plan(const Tensor& volume, A level, Tensor& total, Tensor* held) {
  Plan p{};
  p.measure(volume);
  p.total = static_cast<Offset*>(total.mutable_data_ptr());
  if (p.words == 0) return p;
  p.groups = (p.words + kGroup - 1) / kGroup;
  p.super_count = (p.groups + kSuper - 1) / kSuper;
  p.counts = room_for<Counts>(volume, p.words, held[4]);
  p.in_group = room_for<GroupOffset>(volume, p.words, held[5]);
  p.in_super = room_for<SuperOffset>(volume, p.groups, held[6]);
  p.supers = room_for<Offset>(volume, p.super_count, held[7]);
  p.pack(volume, static_cast<const T*>(volume.const_data_ptr()), level, held);
  launch(count_kernel, volume, p.words, p);
  launch(group_offsets_kernel, volume, p.groups * kLanes, p);
  launch(super_offsets_kernel, volume, p.super_count * kLanes, p);
  launch(total_offsets_kernel, volume, kLanes, p);
  return p;
}

template <typename T>
std::tuple<Tensor, Tensor, Tensor> extract_cuda(const Tensor& volume, double level_, bool want_edges) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  const auto real = sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float;
  Offset total = {0, 0};
  Tensor held[8], counted = allocate(volume, {2}, ScalarType::Long);
  const T* values = static_cast<const T*>(volume.const_data_ptr());
  const Plan p = plan<T>(volume, level, counted, held);
  if (p.words > 0) read_back(counted, &total.vertices, 2);
  const bool narrow = total.vertices <= std::numeric_limits<int32_t>::max();
  Tensor vertices = allocate(volume, {total.vertices, 3}, real);
  Tensor faces = allocate(volume, {total.faces, 3}, narrow ? ScalarType::Int : ScalarType::Long);
  Tensor edges = allocate(volume, {want_edges ? total.vertices : 0}, ScalarType::Long);
  if (total.vertices == 0) return {vertices, faces, edges};
  const int64_t threads = p.groups * kLanes;
  launch(write_vertices_kernel<T, A>, volume, threads, p, values, level, total.vertices,
         static_cast<A*>(vertices.mutable_data_ptr()),
         want_edges ? static_cast<int64_t*>(edges.mutable_data_ptr()) : nullptr);
  if (narrow)
    launch(write_faces_kernel<int32_t>, volume, threads, p, total.vertices, total.faces,
           static_cast<int32_t*>(faces.mutable_data_ptr()));
  else
    launch(write_faces_kernel<int64_t>, volume, threads, p, total.vertices, total.faces,
           static_cast<int64_t*>(faces.mutable_data_ptr()));
  return {vertices, faces, edges};
}

// The same into room that was given, so that the host waits for nothing.
template <typename T>
std::tuple<Tensor, Tensor, Tensor> extract_padded_cuda(const Tensor& volume, double level_, int64_t vertex_room,
                                                       int64_t face_room) {
  using A = typename Accumulate<T>::type;
  const A level = static_cast<A>(level_);
  const auto real = sizeof(A) == 8 ? ScalarType::Double : ScalarType::Float;
  Tensor vertices = allocate_zeros(volume, {vertex_room, 3}, real);
  Tensor faces = allocate_zeros(volume, {face_room, 3}, ScalarType::Int);
  Tensor held[8], counted = allocate_zeros(volume, {2}, ScalarType::Long);
  const Plan p = plan<T>(volume, level, counted, held);
  const int64_t threads = p.groups * kLanes;
  int64_t* no_edges = nullptr;
  launch(write_vertices_kernel<T, A>, volume, threads, p, static_cast<const T*>(volume.const_data_ptr()), level,
         vertex_room, static_cast<A*>(vertices.mutable_data_ptr()), no_edges);
  launch(write_faces_kernel<int32_t>, volume, threads, p, vertex_room, face_room,
         static_cast<int32_t*>(faces.mutable_data_ptr()));
  return {vertices, faces, counted};
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> marching_cubes_cuda(const Tensor& volume_, double level, bool want_edges) {
  STD_TORCH_CHECK(volume_.dim() == 3, "marching_cubes: volume must be (D, H, W), got ", volume_.dim(), " dimensions");
  const DeviceGuard guard(volume_.get_device_index());
  const Tensor volume = torch::stable::contiguous(volume_);
  return for_voxels(volume, "marching_cubes: volume", [&](auto zero) {
    using T = decltype(zero);
    return extract_cuda<T>(volume, level, want_edges);
  });
}

std::tuple<Tensor, Tensor, Tensor> marching_cubes_padded_cuda(const Tensor& volume_, double level, int64_t vertices,
                                                              int64_t faces) {
  STD_TORCH_CHECK(volume_.dim() == 3, "marching_cubes_padded: volume must be (D, H, W), got ", volume_.dim(),
                  " dimensions");
  check_capacity(vertices, faces);
  const DeviceGuard guard(volume_.get_device_index());
  const Tensor volume = torch::stable::contiguous(volume_);
  return for_voxels(volume, "marching_cubes_padded: volume", [&](auto zero) {
    using T = decltype(zero);
    return extract_padded_cuda<T>(volume, level, vertices, faces);
  });
}

// As on CPU: no two threads of a pass meet at a node. Pass -1 adds at owners, the others at the upper ends along one
// axis.
template <typename T, typename A>
LIST_FAST_KERNEL gradient_kernel(const T* values, const A* grad, const int64_t* edges, int64_t count, int64_t stride_x,
                                 int64_t stride_y, A level, int pass, A* out) {
  int64_t n = thread_number();
  if (n >= count) return;
  const int64_t owner = edges[n] / 3;
  if (pass < 0 ? n > 0 && edges[n - 1] / 3 == owner : edges[n] % 3 != pass) return;
  const int64_t strides[3] = {stride_x, stride_y, 1};
  do {
    const int64_t axis = edges[n] % 3, upper = owner + strides[axis];
    A g0, g1;
    interpolate_gradient(static_cast<A>(values[owner]), static_cast<A>(values[upper]), level, g0, g1);
    A& sum = out[pass < 0 ? owner : upper];
    sum = multiply_add(grad[3 * n + axis], pass < 0 ? g0 : g1, sum);
  } while (pass < 0 && ++n < count && edges[n] / 3 == owner);
}

namespace {

template <typename T>
Tensor gradient_cuda(const Tensor& grad, const Tensor& volume, const Tensor& edges, double level) {
  using A = typename Accumulate<T>::type;
  Tensor result = allocate_zeros(grad, {volume.size(0), volume.size(1), volume.size(2)});
  for (int pass = -1; pass < 3; ++pass)
    launch(gradient_kernel<T, A>, volume, edges.size(0), static_cast<const T*>(volume.const_data_ptr()),
           static_cast<const A*>(grad.const_data_ptr()), static_cast<const int64_t*>(edges.const_data_ptr()),
           edges.size(0), volume.size(1) * volume.size(2), volume.size(2), static_cast<A>(level), pass,
           static_cast<A*>(result.mutable_data_ptr()));
  return result;
}

}  // namespace

Tensor marching_cubes_backward_cuda(const Tensor& grad_, const Tensor& volume_, const Tensor& edges_, double level) {
  STD_TORCH_CHECK(volume_.dim() == 3 && grad_.dim() == 2 && grad_.size(1) == 3 && edges_.dim() == 1,
                  "marching_cubes_backward: wants grad (V, 3), volume (D, H, W), edges (V,)");
  STD_TORCH_CHECK(edges_.size(0) == grad_.size(0), "marching_cubes_backward: the forward pass must return its edges");
  STD_TORCH_CHECK(edges_.scalar_type() == ScalarType::Long, "marching_cubes_backward: edges must be int64");
  STD_TORCH_CHECK(
      grad_.scalar_type() == (volume_.scalar_type() == ScalarType::Double ? ScalarType::Double : ScalarType::Float),
      "marching_cubes_backward: grad must have the dtype of the vertices");
  STD_TORCH_CHECK(grad_.device() == volume_.device() && edges_.device() == volume_.device(),
                  "marching_cubes_backward: grad and edges must be on the device of volume");
  const DeviceGuard guard(volume_.get_device_index());
  const Tensor grad = torch::stable::contiguous(grad_), volume = torch::stable::contiguous(volume_);
  const Tensor edges = torch::stable::contiguous(edges_);
  return for_floats(volume, "marching_cubes_backward: volume", [&](auto zero) {
    using T = decltype(zero);
    return gradient_cuda<T>(grad, volume, edges, level);
  });
}

}  // namespace list_fast

STABLE_TORCH_LIBRARY_IMPL(list_fast, CUDA, m) {
  m.impl("marching_cubes", TORCH_BOX(&list_fast::marching_cubes_cuda));
  m.impl("marching_cubes_padded", TORCH_BOX(&list_fast::marching_cubes_padded_cuda));
  m.impl("marching_cubes_backward", TORCH_BOX(&list_fast::marching_cubes_backward_cuda));
}
