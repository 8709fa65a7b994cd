// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// How the libraries were built and what this processor offers, for `list-fast info`. The values of the build come from
// setup.py as macros. This is the only Python module among the native files; no operator depends on it.
#include <pybind11/pybind11.h>

#include <string>
#include <thread>

namespace py = pybind11;

namespace {

std::string compiler() {
#if defined(__clang__)
  return std::string("clang ") + __clang_version__;
#elif defined(__GNUC__)
  return std::string("gcc ") + __VERSION__;
#else
  return "unknown";
#endif
}

std::string architecture() {
#if defined(__x86_64__)
  return "x86_64";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "other";
#endif
}

// Vector instruction sets of the processor that this runs on, out of those that the kernels can use.
py::list simd_here() {
  py::list found;
#if defined(__x86_64__)
  __builtin_cpu_init();
  found.append("sse2");
  if (__builtin_cpu_supports("avx2")) found.append("avx2");
  if (__builtin_cpu_supports("fma")) found.append("fma");
  if (__builtin_cpu_supports("avx512f")) found.append("avx512f");
#elif defined(__aarch64__)
  found.append("neon");
#endif
  return found;
}

py::dict facts() {
  py::dict found;
  found["compiler"] = compiler();
  found["architecture"] = architecture();
  found["cxx_flags"] = LIST_FAST_CXX_FLAGS;
  found["torch_built"] = LIST_FAST_TORCH_BUILT;
  found["torch_floor"] = LIST_FAST_TORCH_FLOOR;
  found["python_built"] = LIST_FAST_PYTHON_BUILT;
  found["cuda_reason"] = LIST_FAST_CUDA_REASON;
  found["cuda_archs"] = LIST_FAST_CUDA_ARCHS;
  found["nvcc"] = LIST_FAST_NVCC;
  found["nvcc_flags"] = LIST_FAST_NVCC_FLAGS;
  found["simd_here"] = simd_here();
  found["hardware_threads"] = std::thread::hardware_concurrency();
  return found;
}

}  // namespace

PYBIND11_MODULE(_facts, m) {
  m.doc() = "How list_fast's native libraries were built.";
  m.def("facts", &facts, "Facts of the build and of this processor, as a dictionary.");
}
