// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// The CUDA sources, compiled by the host's compiler and registered for CPU tensors: their indexing and arithmetic can
// be tested where there is no GPU. What this cannot show: races, alignment, and sums across the lanes of a warp.
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/tensor.h>

#include <optional>
#include <tuple>
#include <vector>

namespace list_fast {
using torch::stable::Tensor;
Tensor sample_voxels_cuda(const std::vector<Tensor>&, const Tensor&, const std::optional<Tensor>&, int64_t, bool);
std::vector<Tensor> sample_voxels_backward_cuda(const Tensor&, const std::vector<Tensor>&, const Tensor&,
                                                const std::optional<Tensor>&, int64_t, bool, bool, bool, bool);
std::vector<Tensor> sample_voxels_double_backward_cuda(const std::vector<Tensor>&, const std::optional<Tensor>&,
                                                       const std::optional<Tensor>&, const Tensor&,
                                                       const std::vector<Tensor>&, const Tensor&,
                                                       const std::optional<Tensor>&, int64_t, bool, bool, bool, bool,
                                                       bool);
Tensor sample_images_cuda(const std::vector<Tensor>&, const Tensor&, const Tensor&, int64_t, int64_t, int64_t, bool);
std::vector<Tensor> sample_images_backward_cuda(const Tensor&, const std::vector<Tensor>&, const Tensor&, const Tensor&,
                                                int64_t, int64_t, int64_t, bool, bool, bool, bool, bool);
std::vector<Tensor> sample_images_double_backward_cuda(const std::vector<Tensor>&, const std::optional<Tensor>&,
                                                       const std::optional<Tensor>&, const Tensor&,
                                                       const std::vector<Tensor>&, const Tensor&, const Tensor&,
                                                       int64_t, int64_t, int64_t, bool, bool, bool, bool, bool, bool);
std::tuple<Tensor, Tensor, Tensor> marching_cubes_cuda(const Tensor&, double, bool);
std::tuple<Tensor, Tensor, Tensor> marching_cubes_padded_cuda(const Tensor&, double, int64_t, int64_t);
Tensor marching_cubes_backward_cuda(const Tensor&, const Tensor&, const Tensor&, double);
Tensor marching_cubes_normals_cuda(const Tensor&, const Tensor&, double, double, double, double);
std::tuple<Tensor, Tensor> marching_cubes_bricks_cuda(const Tensor&, const Tensor&, int64_t, int64_t, int64_t, double);
std::tuple<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> mc33_cuda(const Tensor&, double, bool);
std::tuple<Tensor, Tensor, Tensor, Tensor> mc33_bricks_cuda(const Tensor&, const Tensor&, int64_t, int64_t, int64_t,
                                                            double);
Tensor decode_queries_cuda(const std::vector<Tensor>&, const std::vector<Tensor>&, const std::vector<Tensor>&,
                           const Tensor&, const Tensor&, const Tensor&, const Tensor&, const Tensor&, const Tensor&,
                           const std::vector<Tensor>&, int64_t, int64_t);
Tensor occupancy_grid_cuda(const Tensor&, int64_t, int64_t);
Tensor occupancy_grid_backward_cuda(const Tensor&, const Tensor&, int64_t);
}  // namespace list_fast

STABLE_TORCH_LIBRARY(list_fast_cuda_on_host, m) {
  m.def("sample_voxels(Tensor[] levels, Tensor points, Tensor? offsets, int padding, bool align_corners) -> Tensor");
  m.def(
      "sample_voxels_backward(Tensor grad, Tensor[] levels, Tensor points, Tensor? offsets, int padding, "
      "bool align_corners, bool levels_grad, bool points_grad, *, bool deterministic=False) -> Tensor[]");
  m.def(
      "sample_voxels_double_backward(Tensor[] by_levels, Tensor? by_points, Tensor? by_offsets, Tensor grad, "
      "Tensor[] levels, Tensor points, Tensor? offsets, int padding, bool align_corners, bool grad_grad, "
      "bool levels_grad, bool points_grad, *, bool deterministic=False) -> Tensor[]");
  m.def(
      "sample_images(Tensor[] levels, Tensor points, Tensor transform, int canvas_height, int canvas_width, "
      "int padding, bool align_corners) -> Tensor");
  m.def(
      "sample_images_backward(Tensor grad, Tensor[] levels, Tensor points, Tensor transform, int canvas_height, "
      "int canvas_width, int padding, bool align_corners, bool levels_grad, bool points_grad, "
      "bool transform_grad, *, bool deterministic=False) -> Tensor[]");
  m.def(
      "sample_images_double_backward(Tensor[] by_levels, Tensor? by_points, Tensor? by_transform, Tensor grad, "
      "Tensor[] levels, Tensor points, Tensor transform, int canvas_height, int canvas_width, int padding, "
      "bool align_corners, bool grad_grad, bool levels_grad, bool points_grad, bool transform_grad, *, "
      "bool deterministic=False) -> Tensor[]");
  m.def("marching_cubes(Tensor volume, float level, bool edges) -> (Tensor, Tensor, Tensor)");
  m.def("marching_cubes_padded(Tensor volume, float level, int vertices, int faces) -> (Tensor, Tensor, Tensor)");
  m.def("marching_cubes_backward(Tensor grad, Tensor volume, Tensor edges, float level) -> Tensor");
  m.def("marching_cubes_normals(Tensor volume, Tensor edges, float level, float dx, float dy, float dz) -> Tensor");
  m.def(
      "marching_cubes_bricks(Tensor bricks, Tensor values, int depth, int height, int width, float level) "
      "-> (Tensor, Tensor)");
  m.def("mc33(Tensor volume, float level, bool edges) -> (Tensor, Tensor, Tensor, Tensor, Tensor, Tensor)");
  m.def(
      "mc33_bricks(Tensor bricks, Tensor values, int depth, int height, int width, float level) "
      "-> (Tensor, Tensor, Tensor, Tensor)");
  m.def(
      "decode_queries(Tensor[] voxels, Tensor[] images, Tensor[] maps, Tensor points, Tensor offsets, "
      "Tensor transform, Tensor weight, Tensor bias, Tensor columns, Tensor[] layers, int canvas_height, "
      "int canvas_width) -> Tensor");
  m.def("occupancy_grid(Tensor points, int resolution, int mode) -> Tensor");
  m.def("occupancy_grid_backward(Tensor grad, Tensor points, int resolution) -> Tensor");
}

STABLE_TORCH_LIBRARY_IMPL(list_fast_cuda_on_host, CPU, m) {
  m.impl("sample_voxels", TORCH_BOX(&list_fast::sample_voxels_cuda));
  m.impl("sample_voxels_backward", TORCH_BOX(&list_fast::sample_voxels_backward_cuda));
  m.impl("sample_voxels_double_backward", TORCH_BOX(&list_fast::sample_voxels_double_backward_cuda));
  m.impl("sample_images", TORCH_BOX(&list_fast::sample_images_cuda));
  m.impl("sample_images_backward", TORCH_BOX(&list_fast::sample_images_backward_cuda));
  m.impl("sample_images_double_backward", TORCH_BOX(&list_fast::sample_images_double_backward_cuda));
  m.impl("marching_cubes", TORCH_BOX(&list_fast::marching_cubes_cuda));
  m.impl("marching_cubes_padded", TORCH_BOX(&list_fast::marching_cubes_padded_cuda));
  m.impl("marching_cubes_backward", TORCH_BOX(&list_fast::marching_cubes_backward_cuda));
  m.impl("marching_cubes_normals", TORCH_BOX(&list_fast::marching_cubes_normals_cuda));
  m.impl("marching_cubes_bricks", TORCH_BOX(&list_fast::marching_cubes_bricks_cuda));
  m.impl("mc33", TORCH_BOX(&list_fast::mc33_cuda));
  m.impl("mc33_bricks", TORCH_BOX(&list_fast::mc33_bricks_cuda));
  m.impl("decode_queries", TORCH_BOX(&list_fast::decode_queries_cuda));
  m.impl("occupancy_grid", TORCH_BOX(&list_fast::occupancy_grid_cuda));
  m.impl("occupancy_grid_backward", TORCH_BOX(&list_fast::occupancy_grid_backward_cuda));
}

// The sources register themselves for CUDA; here that part only has to compile.
#define LIST_FAST_JOIN_(a, b) a##b
#define LIST_FAST_JOIN(a, b) LIST_FAST_JOIN_(a, b)
#undef STABLE_TORCH_LIBRARY_IMPL
#define STABLE_TORCH_LIBRARY_IMPL(space, key, m) \
  [[maybe_unused]] static void LIST_FAST_JOIN(not_registered_, __COUNTER__)(torch::stable::detail::StableLibrary & m)

#include "cuda/decode_queries.cu"          // NOLINT(bugprone-suspicious-include)
#include "cuda/marching_cubes.cu"          // NOLINT(bugprone-suspicious-include)
#include "cuda/marching_cubes_bricks.cu"   // NOLINT(bugprone-suspicious-include)
#include "cuda/marching_cubes_normals.cu"  // NOLINT(bugprone-suspicious-include)
#include "cuda/mc33.cu"                    // NOLINT(bugprone-suspicious-include)
#include "cuda/occupancy_grid.cu"          // NOLINT(bugprone-suspicious-include)
#include "cuda/sample_images.cu"           // NOLINT(bugprone-suspicious-include)
#include "cuda/sample_voxels.cu"           // NOLINT(bugprone-suspicious-include)

// What must not depend on the order that threads run in is run in two.
extern "C" void run_backwards(bool on) { list_fast::backwards = on; }
