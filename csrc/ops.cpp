// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Every op of list_fast: the table of contents of the native code. Kernels register themselves in cpu/ and cuda/;
// fake kernels and autograd are in list_fast/ops/.
#include <torch/csrc/stable/library.h>

STABLE_TORCH_LIBRARY(list_fast, m) {
  // levels: (B, C_l, D_l, H_l, W_l) each; points (B, N, 3); offsets (K, 3). padding: 0 border, 1 zeros, 2 reflection.
  m.def("sample_voxels(Tensor[] levels, Tensor points, Tensor? offsets, int padding, bool align_corners) -> Tensor");
  // -> the gradient of each level, then of points, then of offsets; an empty tensor where it is not wanted.
  // deterministic: CUDA sums the gradients of the levels in a fixed order and not with atomics; a CPU always does.
  m.def(
      "sample_voxels_backward(Tensor grad, Tensor[] levels, Tensor points, Tensor? offsets, int padding, "
      "bool align_corners, bool levels_grad, bool points_grad, *, bool deterministic=False) -> Tensor[]");
  // by_levels, by_points, by_offsets: the gradients by the results of sample_voxels_backward, None (an empty tensor for
  // one level, an empty list for all) where there is none. -> the gradient of grad, of each level, of points, of
  // offsets; an empty tensor where it is not wanted.
  m.def(
      "sample_voxels_double_backward(Tensor[] by_levels, Tensor? by_points, Tensor? by_offsets, Tensor grad, "
      "Tensor[] levels, Tensor points, Tensor? offsets, int padding, bool align_corners, bool grad_grad, "
      "bool levels_grad, bool points_grad, *, bool deterministic=False) -> Tensor[]");

  // levels: (B, C_l, H_l, W_l) each; points (B, N, 3); transform (B, 4, 3).
  m.def(
      "sample_images(Tensor[] levels, Tensor points, Tensor transform, int canvas_height, int canvas_width, "
      "int padding, bool align_corners) -> Tensor");
  // -> the gradient of each level, then of points, then of transform; an empty tensor where it is not wanted.
  m.def(
      "sample_images_backward(Tensor grad, Tensor[] levels, Tensor points, Tensor transform, int canvas_height, "
      "int canvas_width, int padding, bool align_corners, bool levels_grad, bool points_grad, "
      "bool transform_grad, *, bool deterministic=False) -> Tensor[]");
  // As for the voxels, with transform in the place of offsets.
  m.def(
      "sample_images_double_backward(Tensor[] by_levels, Tensor? by_points, Tensor? by_transform, Tensor grad, "
      "Tensor[] levels, Tensor points, Tensor transform, int canvas_height, int canvas_width, int padding, "
      "bool align_corners, bool grad_grad, bool levels_grad, bool points_grad, bool transform_grad, *, "
      "bool deterministic=False) -> Tensor[]");

  // voxels: (K, D_l, H_l, W_l, H) each, a map for each of the offsets (K, 3); images: (H_l, W_l, H) each; levels:
  // (D_l, H_l, W_l, C_l) each, and columns (K, C_l, H) for each, in panels: (K, P, C_l, 256 bytes); points (N, 3);
  // transform (4, 3); weight (3, H); bias (H,) -> (N, H): bias + points @ weight + the samples of all maps + those of
  // the levels times their columns, with padding border and align_corners. On the CPU only, and without a gradient.
  m.def(
      "sum_samples(Tensor[] voxels, Tensor[] images, Tensor[] levels, Tensor[] columns, Tensor points, Tensor offsets, "
      "Tensor transform, Tensor weight, Tensor bias, int canvas_height, int canvas_width, bool planes) -> Tensor");

  // The same, decoded -> (N,): with features (N, n) each times their columns added, then layers as weights and biases
  // by turns, ReLU before each. Matrices are in panels: (P, n, 256 bytes), as pack_panels gives them; the last layer's
  // weight is (H,), its bias (1,). On the CPU only, and without a gradient.
  m.def(
      "decode_samples(Tensor[] voxels, Tensor[] images, Tensor[] levels, Tensor[] columns, Tensor points, "
      "Tensor offsets, Tensor transform, Tensor weight, Tensor bias, int canvas_height, int canvas_width, bool planes, "
      "Tensor[] features, Tensor[] feature_columns, Tensor[] layers) -> Tensor");

  // A frozen field's whole decoder in half precision, on CUDA only, without a gradient. voxels: (D_l, H_l, W_l, C_l)
  // each, images: (H_l, W_l, C_l) each, maps: (H_l, W_l, 512) each, and columns (M, 512), the first layer's rows for
  // the features in the order of pack_columns, all of one half-precision dtype; points (N, 3); offsets (K, 3);
  // transform (4, 3); weight (3, 512); bias (512,); layers: (512, 256), (256,), (256, 256), (256,), (256,), (1,), the
  // matrices in half precision -> (N,) float32.
  m.def(
      "decode_queries(Tensor[] voxels, Tensor[] images, Tensor[] maps, Tensor points, Tensor offsets, "
      "Tensor transform, Tensor weight, Tensor bias, Tensor columns, Tensor[] layers, int canvas_height, "
      "int canvas_width) -> Tensor");

  // volume (D, H, W) -> vertices (V, 3) in index coordinates, faces (F, 3), edges (V,): 3 * lower node + axis; no edges
  // (0,) where they are not wanted: only the backward pass and normals need them.
  m.def("marching_cubes(Tensor volume, float level, bool edges) -> (Tensor, Tensor, Tensor)");
  // The first vertices (room, 3) and faces (room, 3), int32, of the same mesh, zeros past them, and its numbers (2,),
  // int64, of vertices and faces, which may be more than there is room for: CUDA waits for nothing. Faces that name a
  // vertex without room are zeros.
  m.def("marching_cubes_padded(Tensor volume, float level, int vertices, int faces) -> (Tensor, Tensor, Tensor)");
  // grad (V, 3) -> the gradient (D, H, W) of the volume in grad's dtype.
  m.def("marching_cubes_backward(Tensor grad, Tensor volume, Tensor edges, float level) -> Tensor");
  // edges as marching_cubes gives them -> unit normals (V, 3) at their vertices, towards rising values, in the dtype of
  // the vertices; dx, dy, dz: distances between nodes.
  m.def("marching_cubes_normals(Tensor volume, Tensor edges, float level, float dx, float dy, float dz) -> Tensor");

  // The same with the topology of the trilinear interpolant in every cell, and with inner vertices M, that the faces
  // number after the V others, as weighted sums of these: support (M, 12), weights (M, 12), float64, of which those not
  // used are 0 and go with vertex 0; and the lowest node (M,) of the cell of each.
  m.def("mc33(Tensor volume, float level, bool edges) -> (Tensor, Tensor, Tensor, Tensor, Tensor, Tensor)");

  // bricks (M,): rising row-major numbers of bricks of 8 x 8 x 8 nodes of a lattice (depth, height, width), values
  // (M, 8, 8, 8) with NaN where unknown -> vertices (V, 3) in index coordinates, faces (F, 3), in the lattice's order.
  m.def(
      "marching_cubes_bricks(Tensor bricks, Tensor values, int depth, int height, int width, float level) "
      "-> (Tensor, Tensor)");
  // The same with support and weights, as mc33 gives them.
  m.def(
      "mc33_bricks(Tensor bricks, Tensor values, int depth, int height, int width, float level) "
      "-> (Tensor, Tensor, Tensor, Tensor)");

  // points (B, N, 3) in object space -> (B, 1, R, R, R). mode: 0 nearest, 1 trilinear.
  m.def("occupancy_grid(Tensor points, int resolution, int mode) -> Tensor");
  m.def("occupancy_grid_backward(Tensor grad, Tensor points, int resolution) -> Tensor");
}
