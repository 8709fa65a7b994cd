// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// How the libraries were built and what this processor offers, for `list-fast info`. The values of the build come from
// setup.py as macros. This is the only Python module among the native files; no operator depends on it.
#include <pybind11/pybind11.h>

#include <string>
#include <thread>

#include "cpu/simd.h"

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

// Vector instruction sets that the CPU kernels are compiled for; simd_name() is the one in use on this processor.
py::list simd_compiled() {
  py::list levels;
#if LIST_FAST_X86
  for (const char* level : {"sse2", "avx2", "avx512"}) levels.append(level);
#else
  levels.append(list_fast::simd_name());
#endif
  return levels;
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
  found["simd_compiled"] = simd_compiled();
  found["simd"] = list_fast::simd_name();
  found["hardware_threads"] = std::thread::hardware_concurrency();
  return found;
}

}  // namespace

PYBIND11_MODULE(_facts, m) {
  m.doc() = "How list_fast's native libraries were built.";
  m.def("facts", &facts, "Facts of the build and of this processor, as a dictionary.");
}
