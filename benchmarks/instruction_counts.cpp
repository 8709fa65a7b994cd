// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Runs every operator of the CPU library on small fixed inputs under callgrind, for benchmarks/instruction_counts.py:
//
//   instruction_counts LIBRARY
//
// Under valgrind torch takes far longer to load than the kernels to run, so the functions of torch's stable C interface
// that the library calls are defined here, for dense CPU tensors and one thread. A library that calls another
// one does not load, and an operator that no case runs is an error. Prints the vector instructions in use and a line
// for each case: elements, unit, name; the case's counts are dumped under its name.
#include <dlfcn.h>
#include <torch/csrc/stable/c/shim.h>
#include <valgrind/callgrind.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cpu/simd.h"

using Sizes = std::vector<int64_t>;
using Kernel = void (*)(StableIValue*, uint64_t, uint64_t);

constexpr int32_t kInt32 = 3, kInt64 = 4, kFloat32 = 6, kFloat64 = 7;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

int64_t product(const Sizes& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t{1}, std::multiplies<int64_t>());
}

// What the handles of the interface point to.
struct AtenTensorOpaque {
  std::shared_ptr<char> data;
  Sizes sizes, strides;
  int32_t dtype;

  template <typename T>
  T* as() const {
    return reinterpret_cast<T*>(data.get());
  }
};
struct StableListOpaque {
  std::vector<StableIValue> items;
};
using Tensor = AtenTensorOpaque;

Sizes dense_strides(const Sizes& sizes) {
  Sizes strides(sizes.size(), 1);
  for (size_t a = sizes.size(); a-- > 1;) strides[a - 1] = strides[a] * sizes[a];
  return strides;
}

Tensor make(const Sizes& sizes, int32_t dtype = kFloat32) {
  const bool wide = dtype == kInt64 || dtype == kFloat64;
  if (!wide && dtype != kFloat32 && dtype != kInt32) fail("a tensor of an unexpected dtype was asked for");
  // As torch aligns them: where a loop must begin with single values depends on it.
  constexpr std::align_val_t kAlign{64};
  const int64_t bytes = product(sizes) * (wide ? 8 : 4);
  char* data = static_cast<char*>(::operator new(bytes, kAlign));
  return {std::shared_ptr<char>(data, [](char* p) { ::operator delete(p, kAlign); }), sizes, dense_strides(sizes),
          dtype};
}

StableIValue give(const Tensor& tensor) { return reinterpret_cast<StableIValue>(new Tensor(tensor)); }

template <typename T>
T take(StableIValue value) {
  const std::unique_ptr<T> owned(reinterpret_cast<T*>(value));
  return std::move(*owned);
}

std::map<std::string, Kernel> kernels;

// The operators of torch that ours call: (self, size, dtype, ...), (self, dtype, ...), (self, ...).
void torch_operator(const std::string& name, StableIValue* stack) {
  Tensor self = take<Tensor>(stack[0]);
  if (name == "aten::new_empty" || name == "aten::new_zeros") {
    const StableListOpaque list = take<StableListOpaque>(stack[1]);
    const int32_t dtype = stack[2] == 0 ? self.dtype : static_cast<int32_t>(take<StableIValue>(stack[2]));
    self = make(Sizes(list.items.begin(), list.items.end()), dtype);
  } else if (name == "aten::empty_like") {
    const Sizes strides = self.strides;
    self = make(self.sizes, self.dtype);
    self.strides = strides;
  } else if (name == "aten::contiguous") {
    if (self.strides != dense_strides(self.sizes)) fail("a copy was asked for: it would not be counted");
  } else if (name != "aten::zero_") {
    fail("operator " + name + " is missing in benchmarks/instruction_counts.cpp");
  }
  if (name == "aten::new_zeros" || name == "aten::zero_")
    std::memset(self.data.get(), 0, product(self.sizes) * (self.dtype == kInt64 || self.dtype == kFloat64 ? 8 : 4));
  stack[0] = give(self);
}

extern "C" {
#define LIST_FAST_CONSTANT(name, value) \
  int32_t name() { return value; }
LIST_FAST_CONSTANT(aoti_torch_dtype_uint8, 0)
LIST_FAST_CONSTANT(aoti_torch_dtype_int8, 1)
LIST_FAST_CONSTANT(aoti_torch_dtype_int16, 2)
LIST_FAST_CONSTANT(aoti_torch_dtype_int32, kInt32)
LIST_FAST_CONSTANT(aoti_torch_dtype_int64, kInt64)
LIST_FAST_CONSTANT(aoti_torch_dtype_float16, 5)
LIST_FAST_CONSTANT(aoti_torch_dtype_float32, kFloat32)
LIST_FAST_CONSTANT(aoti_torch_dtype_float64, kFloat64)
LIST_FAST_CONSTANT(aoti_torch_dtype_complex32, 8)
LIST_FAST_CONSTANT(aoti_torch_dtype_complex64, 9)
LIST_FAST_CONSTANT(aoti_torch_dtype_complex128, 10)
LIST_FAST_CONSTANT(aoti_torch_dtype_bool, 11)
LIST_FAST_CONSTANT(aoti_torch_dtype_bfloat16, 15)
LIST_FAST_CONSTANT(aoti_torch_dtype_float8_e5m2, 23)
LIST_FAST_CONSTANT(aoti_torch_dtype_float8_e4m3fn, 24)
LIST_FAST_CONSTANT(aoti_torch_dtype_float8_e5m2fnuz, 25)
LIST_FAST_CONSTANT(aoti_torch_dtype_float8_e4m3fnuz, 26)
LIST_FAST_CONSTANT(aoti_torch_dtype_uint16, 27)
LIST_FAST_CONSTANT(aoti_torch_dtype_uint32, 28)
LIST_FAST_CONSTANT(aoti_torch_dtype_uint64, 29)
LIST_FAST_CONSTANT(torch_dtype_float8_e8m0fnu, 44)
LIST_FAST_CONSTANT(torch_dtype_float4_e2m1fn_x2, 45)
LIST_FAST_CONSTANT(aoti_torch_device_type_cpu, 0)
LIST_FAST_CONSTANT(aoti_torch_device_type_cuda, 1)
LIST_FAST_CONSTANT(aoti_torch_device_type_meta, 2)
LIST_FAST_CONSTANT(aoti_torch_device_type_xpu, 3)
LIST_FAST_CONSTANT(aoti_torch_device_type_mps, 4)
LIST_FAST_CONSTANT(aoti_torch_device_type_privateuse1, 5)
LIST_FAST_CONSTANT(aoti_torch_layout_strided, 0)
LIST_FAST_CONSTANT(aoti_torch_layout_sparse_coo, 1)
LIST_FAST_CONSTANT(aoti_torch_layout_sparse_csr, 2)
LIST_FAST_CONSTANT(aoti_torch_layout_sparse_csc, 3)
LIST_FAST_CONSTANT(aoti_torch_layout_sparse_bsr, 4)
LIST_FAST_CONSTANT(aoti_torch_layout_sparse_bsc, 5)
LIST_FAST_CONSTANT(aoti_torch_layout__mkldnn, 6)
LIST_FAST_CONSTANT(aoti_torch_layout_jagged, 7)
LIST_FAST_CONSTANT(aoti_torch_memory_format_contiguous_format, 0)
LIST_FAST_CONSTANT(aoti_torch_memory_format_preserve_format, 1)
LIST_FAST_CONSTANT(aoti_torch_memory_format_channels_last, 2)
LIST_FAST_CONSTANT(aoti_torch_memory_format_channels_last_3d, 3)

uint64_t aoti_torch_abi_version() { return TORCH_FEATURE_VERSION; }

// Every other function sets its result and returns that all went well.
#define LIST_FAST_FUNCTION(name, parameters, statement) \
  AOTITorchError name parameters {                      \
    statement;                                          \
    return 0;                                           \
  }
LIST_FAST_FUNCTION(aoti_torch_get_dim, (AtenTensorHandle t, int64_t* out), *out = t->sizes.size())
LIST_FAST_FUNCTION(aoti_torch_get_numel, (AtenTensorHandle t, int64_t* out), *out = product(t->sizes))
LIST_FAST_FUNCTION(aoti_torch_get_sizes, (AtenTensorHandle t, int64_t** out), *out = t->sizes.data())
LIST_FAST_FUNCTION(aoti_torch_get_size, (AtenTensorHandle t, int64_t axis, int64_t* out),
                   *out = t->sizes.at(axis < 0 ? axis + t->sizes.size() : axis))
LIST_FAST_FUNCTION(aoti_torch_get_stride, (AtenTensorHandle t, int64_t axis, int64_t* out),
                   *out = t->strides.at(axis < 0 ? axis + t->strides.size() : axis))
LIST_FAST_FUNCTION(aoti_torch_get_dtype, (AtenTensorHandle t, int32_t* out), *out = t->dtype)
LIST_FAST_FUNCTION(aoti_torch_get_device_type, (AtenTensorHandle, int32_t* out), *out = 0)
LIST_FAST_FUNCTION(aoti_torch_get_device_index, (AtenTensorHandle, int32_t* out), *out = -1)
LIST_FAST_FUNCTION(aoti_torch_is_contiguous, (AtenTensorHandle t, bool* out),
                   *out = t->strides == dense_strides(t->sizes))
LIST_FAST_FUNCTION(torch_get_mutable_data_ptr, (AtenTensorHandle t, void** out), *out = t->data.get())
LIST_FAST_FUNCTION(torch_get_const_data_ptr, (AtenTensorHandle t, const void** out), *out = t->data.get())
LIST_FAST_FUNCTION(aoti_torch_new_tensor_handle, (AtenTensorHandle t, AtenTensorHandle* out), *out = new Tensor(*t))
LIST_FAST_FUNCTION(aoti_torch_new_uninitialized_tensor, (AtenTensorHandle * out), *out = new Tensor())
LIST_FAST_FUNCTION(aoti_torch_delete_tensor_object, (AtenTensorHandle t), delete t)
LIST_FAST_FUNCTION(torch_new_list_reserve_size, (size_t, StableListHandle* out), *out = new StableListOpaque)
LIST_FAST_FUNCTION(torch_delete_list, (StableListHandle list), delete list)
LIST_FAST_FUNCTION(torch_list_size, (StableListHandle list, size_t* out), *out = list->items.size())
LIST_FAST_FUNCTION(torch_list_get_item, (StableListHandle list, size_t i, StableIValue* out), *out = list->items.at(i))
LIST_FAST_FUNCTION(torch_list_push_back, (StableListHandle list, StableIValue value), list->items.push_back(value))
LIST_FAST_FUNCTION(torch_get_num_threads, (uint32_t* out), *out = 1)
LIST_FAST_FUNCTION(torch_parallel_for, (int64_t begin, int64_t end, int64_t, ParallelFunc work, void* context),
                   if (begin < end) work(begin, end, context))
LIST_FAST_FUNCTION(aoti_torch_library_init_def, (const char*, const char*, uint32_t, TorchLibraryHandle* out),
                   *out = nullptr)
LIST_FAST_FUNCTION(aoti_torch_library_init_impl,
                   (const char*, const char*, const char*, uint32_t, TorchLibraryHandle* out), *out = nullptr)
LIST_FAST_FUNCTION(aoti_torch_library_def, (TorchLibraryHandle, const char*), )
LIST_FAST_FUNCTION(aoti_torch_delete_library_object, (TorchLibraryHandle), )
LIST_FAST_FUNCTION(torch_library_impl, (TorchLibraryHandle, const char* name, Kernel kernel, uint64_t),
                   kernels[name] = kernel)
LIST_FAST_FUNCTION(torch_call_dispatcher, (const char* name, const char*, StableIValue* stack, uint64_t),
                   torch_operator(name, stack))
}

// Arguments as the interface passes them; the operator takes what they own.
template <typename T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
StableIValue argument(T value) {
  StableIValue result = 0;
  std::memcpy(&result, &value, sizeof(value));
  return result;
}

StableIValue argument(const Tensor& tensor) { return give(tensor); }

StableIValue argument(const std::vector<Tensor>& tensors) {
  auto* list = new StableListOpaque;
  for (const Tensor& tensor : tensors) list->items.push_back(give(tensor));
  return reinterpret_cast<StableIValue>(list);
}

StableIValue argument(const std::optional<Tensor>& tensor) {
  return tensor.has_value() ? reinterpret_cast<StableIValue>(new StableIValue(give(*tensor))) : 0;
}

std::set<std::string> called;

// Runs an operator; what it does is counted where a name for the dump is given.
template <typename... Arguments>
std::vector<StableIValue> run(const char* dump, const std::string& name, size_t results,
                              const Arguments&... arguments) {
  const auto found = kernels.find(name);
  if (found == kernels.end()) fail("the library has no operator " + name);
  called.insert(name);
  std::vector<StableIValue> stack{argument(arguments)...};
  stack.resize(std::max(results, stack.size()));
  if (dump != nullptr) CALLGRIND_START_INSTRUMENTATION;
  found->second(stack.data(), sizeof...(arguments), results);
  if (dump != nullptr) {
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_DUMP_STATS_AT(dump);
  }
  stack.resize(results);
  return stack;
}

// A case: once to fill what the library keeps between calls, once to be counted. Results stay allocated.
template <typename... Arguments>
void count(const std::string& name, int64_t elements, const char* unit, const std::string& op, size_t results,
           const Arguments&... arguments) {
  run(nullptr, op, results, arguments...);
  run(name.c_str(), op, results, arguments...);
  std::printf("case\t%lld\t%s\t%s\n", static_cast<long long>(elements), unit, name.c_str());
}

// The same numbers on every machine.
Tensor random(const Sizes& sizes, float low = -1, float high = 1) {
  static uint32_t state = 1;
  Tensor tensor = make(sizes);
  float* values = tensor.as<float>();
  for (int64_t i = 0, count = product(sizes); i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    values[i] = low + (high - low) * static_cast<float>(state >> 8) / 16777216.0f;
  }
  return tensor;
}

Tensor filled(const Sizes& sizes, const std::vector<float>& values) {
  Tensor tensor = make(sizes);
  std::copy(values.begin(), values.end(), tensor.as<float>());
  return tensor;
}

// (B, C, nodes...) with the channels of a node side by side.
Tensor channels_last(Tensor tensor) {
  int64_t stride = tensor.sizes[1];
  for (size_t a = tensor.sizes.size(); a-- > 2; stride *= tensor.sizes[a]) tensor.strides[a] = stride;
  tensor.strides[0] = stride;
  tensor.strides[1] = 1;
  return tensor;
}

std::vector<Tensor> channels_last(std::vector<Tensor> tensors) {
  for (Tensor& tensor : tensors) tensor = channels_last(tensor);
  return tensors;
}

std::vector<Tensor> random_like(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> made;
  for (const Tensor& tensor : tensors) {
    made.push_back(random(tensor.sizes));
    made.back().strides = tensor.strides;
  }
  return made;
}

using Optional = std::optional<Tensor>;

constexpr int64_t kPoints = 512, kOffsets = 7;

Tensor list_offsets() {
  std::vector<float> values(3 * kOffsets, 0.0f);
  for (int axis = 0; axis < 3; ++axis)
    for (int side = 0; side < 2; ++side) values[3 * (1 + 2 * axis + side) + axis] = side == 0 ? -0.0722f : 0.0722f;
  return filled({kOffsets, 3}, values);
}

// A camera that sees most of [-1, 1]^3.
Tensor camera(const Sizes& sizes) { return filled(sizes, {40, 3, 0.1f, -2, 30, 0.2f, 20, 15, 0.6f, 137, 137, 2}); }

void count_samplers() {
  const std::vector<Tensor> voxels{random({1, 1, 24, 24, 24}), random({1, 16, 24, 24, 24}), random({1, 32, 12, 12, 12}),
                                   random({1, 40, 6, 6, 6})};
  const std::vector<Tensor> images{random({1, 16, 28, 28}), random({1, 32, 14, 14}), random({1, 40, 7, 7})};
  const Tensor points = random({1, kPoints, 3}), matrix = camera({1, 4, 3});
  const Optional offsets = list_offsets(), by_points = random({1, kPoints, 3}), none;
  const Tensor voxel_grad = random({1, kPoints, kOffsets, 89}), image_grad = random({1, kPoints, 88});
  const std::vector<Tensor> still;

  const int64_t places = kPoints * kOffsets, canvas = 137;
  for (const bool rows : {false, true}) {
    const std::vector<Tensor> levels = rows ? channels_last(voxels) : voxels;
    const std::vector<Tensor> maps = rows ? channels_last(images) : images;
    const std::string layout = rows ? ", channels-last levels" : ", contiguous levels", op = "sample_voxels";
    const auto moves = random_like(levels), shifts = random_like(maps);
    count(op + " forward" + layout, places, "place", op, 1, levels, points, offsets, 0, true);
    count(op + " backward to levels" + layout, places, "place", op + "_backward", 1, voxel_grad, levels, points,
          offsets, 0, true, true, false, false);
    count(op + " backward to points" + layout, places, "place", op + "_backward", 1, voxel_grad, levels, points,
          offsets, 0, true, false, true, false);
    count(op + " double backward of points" + layout, places, "place", op + "_double_backward", 1, still, by_points,
          none, voxel_grad, levels, points, offsets, 0, true, true, true, true, false);
    count(op + " double backward of everything" + layout, places, "place", op + "_double_backward", 1, moves, by_points,
          offsets, voxel_grad, levels, points, offsets, 0, true, true, true, true, false);
    count("sample_images forward" + layout, kPoints, "place", "sample_images", 1, maps, points, matrix, canvas, canvas,
          0, true);
    count("sample_images backward to everything" + layout, kPoints, "place", "sample_images_backward", 1, image_grad,
          maps, points, matrix, canvas, canvas, 0, true, true, true, true, false);
    count("sample_images double backward of everything" + layout, kPoints, "place", "sample_images_double_backward", 1,
          shifts, by_points, Optional(matrix), image_grad, maps, points, matrix, canvas, canvas, 0, true, true, true,
          true, true, false);
  }
}

void count_sums() {
  constexpr int64_t kHidden = 96;
  const std::vector<Tensor> voxels{random({kOffsets, 8, 8, 8, kHidden})};
  const std::vector<Tensor> images{random({14, 14, kHidden}), random({28, 28, kHidden})};
  // Matrices in panels of 64 columns.
  const std::vector<Tensor> levels{random({16, 16, 16, 16})}, columns{random({kOffsets, 2, 16, 64})};
  const std::vector<Tensor> features{random({kPoints, 40})}, feature_columns{random({2, 40, 64})};
  const std::vector<Tensor> layers{random({1, kHidden, 64}), random({64}), random({64}), random({1})};
  const Tensor weight = random({3, kHidden}), bias = random({kHidden}), matrix = camera({4, 3});
  const Tensor scattered = random({kPoints, 3}), lattice = make({kPoints, 3});
  for (int64_t i = 0; i < kPoints; ++i) {
    const int64_t place[3] = {i % 64, i / 64 % 4, i / 256};
    for (int a = 0; a < 3; ++a) lattice.as<float>()[3 * i + a] = -0.5f + place[a] / 64.0f;
  }
  for (const auto& [order, points] : {std::pair("random", scattered), std::pair("lattice", lattice)}) {
    const std::string name = std::string(", ") + order + " points";
    const bool planes = order == std::string("lattice");
    count("sum_samples" + name, kPoints, "point", "sum_samples", 1, voxels, images, levels, columns, points,
          list_offsets(), matrix, weight, bias, int64_t{137}, int64_t{137}, planes);
    count("decode_samples" + name, kPoints, "point", "decode_samples", 1, voxels, images, levels, columns, points,
          list_offsets(), matrix, weight, bias, int64_t{137}, int64_t{137}, planes, features, feature_columns, layers);
  }
}

void count_surfaces() {
  constexpr int64_t kNodes = 32;
  const Tensor sphere = make({kNodes, kNodes, kNodes}), noise = random({kNodes, kNodes, kNodes});
  const auto distance = [](int64_t x, int64_t y, int64_t z) {
    const float c[3] = {x - 0.5f * (kNodes - 1), y - 0.5f * (kNodes - 1), z - 0.5f * (kNodes - 1)};
    return std::sqrt(c[0] * c[0] + c[1] * c[1] + c[2] * c[2]) - 0.4f * kNodes;
  };
  for (int64_t i = 0; i < sphere.sizes[0] * kNodes * kNodes; ++i)
    sphere.as<float>()[i] = distance(i / kNodes / kNodes, i / kNodes % kNodes, i % kNodes);
  constexpr int64_t kAll = kNodes * kNodes * kNodes;
  for (const auto& [name, volume] : {std::pair("sphere", sphere), std::pair("noise", noise)}) {
    const std::string kind = std::string(", ") + name;
    count("marching_cubes" + kind, kAll, "node", "marching_cubes", 3, volume, 0.0, false);
    count("mc33" + kind, kAll, "node", "mc33", 6, volume, 0.0, false);
    count("marching_cubes_padded" + kind, kAll, "node", "marching_cubes_padded", 3, volume, 0.0, int64_t{1} << 16,
          int64_t{1} << 17);
    const Tensor edges = take<Tensor>(run(nullptr, "marching_cubes", 3, volume, 0.0, true)[2]);
    const int64_t vertices = edges.sizes[0];
    count("marching_cubes backward" + kind, vertices, "vertex", "marching_cubes_backward", 1, random({vertices, 3}),
          volume, edges, 0.0);
    count("marching_cubes_normals" + kind, vertices, "vertex", "marching_cubes_normals", 1, volume, edges, 0.0, 1.0,
          1.0, 1.0);
  }
  // The sphere's nodes as bricks.
  constexpr int64_t kSide = kNodes / 8, kBricks = kSide * kSide * kSide;
  const Tensor bricks = make({kBricks}, kInt64), values = make({kBricks, 8, 8, 8});
  for (int64_t b = 0; b < kBricks; ++b) bricks.as<int64_t>()[b] = b;
  for (int64_t i = 0; i < kAll; ++i) {
    const int64_t b = i / 512, x = b / (kSide * kSide) * 8 + i % 512 / 64, y = b / kSide % kSide * 8 + i % 64 / 8;
    values.as<float>()[i] = distance(x, y, b % kSide * 8 + i % 8);
  }
  count("marching_cubes_bricks, sphere", kAll, "node", "marching_cubes_bricks", 2, bricks, values, kNodes, kNodes,
        kNodes, 0.0);
  count("mc33_bricks, sphere", kAll, "node", "mc33_bricks", 4, bricks, values, kNodes, kNodes, kNodes, 0.0);
}

void count_grids() {
  constexpr int64_t kResolution = 32;
  const Tensor points = random({2, kPoints, 3}, -0.5f, 0.5f);
  const Tensor grad = random({2, 1, kResolution, kResolution, kResolution});
  count("occupancy_grid nearest", 2 * kPoints, "point", "occupancy_grid", 1, points, kResolution, int64_t{0});
  count("occupancy_grid trilinear", 2 * kPoints, "point", "occupancy_grid", 1, points, kResolution, int64_t{1});
  count("occupancy_grid trilinear backward", 2 * kPoints, "point", "occupancy_grid_backward", 1, grad, points,
        kResolution);
}

int main(int count, char** arguments) {
  if (count != 2) fail("usage: instruction_counts LIBRARY");
  // RTLD_DEEPBIND: what both define inline is to run, and to be counted, in the library.
  if (dlopen(arguments[1], RTLD_NOW | RTLD_DEEPBIND) == nullptr) fail(dlerror());
  std::printf("simd\t%s\n", list_fast::simd_name());
  count_samplers();
  count_sums();
  count_surfaces();
  count_grids();
  for (const auto& [name, kernel] : kernels)
    if (called.count(name) == 0) fail("no case runs the operator " + name);
}
