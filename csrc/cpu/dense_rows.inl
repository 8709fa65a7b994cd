// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Included by dense_rows.h once for each vector level, inside namespace list_fast, with LIST_FAST_ISA, LIST_FAST_TARGET
// and LIST_FAST_VECTOR_BYTES set.
namespace LIST_FAST_ISA {

// kOuts outputs and kVectors vectors of columns: their sums stay in registers while the inputs pass.
template <int kOuts, int kVectors, typename T>
LIST_FAST_TARGET inline __attribute__((always_inline)) void multiply_block(const T* in, int64_t stride, int64_t n,
                                                                           const T* panel, const T* const* start,
                                                                           T* const* out, int64_t shift, bool relu) {
  typedef T V __attribute__((vector_size(LIST_FAST_VECTOR_BYTES)));
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  V sum[kOuts][kVectors] = {};
  if (start != nullptr) {
    LIST_FAST_UNROLL
    for (int o = 0; o < kOuts; ++o) {
      LIST_FAST_UNROLL
      for (int v = 0; v < kVectors; ++v) __builtin_memcpy(&sum[o][v], start[o] + shift + v * kLanes, sizeof(V));
    }
  }
  for (int64_t k = 0; k < n; ++k) {
    V value[kVectors];
    LIST_FAST_UNROLL
    for (int v = 0; v < kVectors; ++v) __builtin_memcpy(&value[v], panel + k * kPanel<T> + v * kLanes, sizeof(V));
    LIST_FAST_UNROLL
    for (int o = 0; o < kOuts; ++o) {
      LIST_FAST_UNROLL
      for (int v = 0; v < kVectors; ++v) sum[o][v] = value[v] * in[o * stride + k] + sum[o][v];
    }
  }
  LIST_FAST_UNROLL
  for (int o = 0; o < kOuts; ++o) {
    LIST_FAST_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      if (relu) sum[o][v] = sum[o][v] < V{} ? V{} : sum[o][v];
      __builtin_memcpy(out[o] + shift + v * kLanes, &sum[o][v], sizeof(V));
    }
  }
}

// So many rows at a time, from row `first` on; returns the row that it stopped at.
template <int kOuts, int kVectors, typename T>
LIST_FAST_TARGET inline __attribute__((always_inline)) int64_t multiply_rows(const T* in, int64_t stride, int64_t n,
                                                                             const T* panel, const T* const* start,
                                                                             T* const* out, int64_t first, int64_t outs,
                                                                             int64_t shift, bool relu) {
  for (; first + kOuts <= outs; first += kOuts) {
    const T* const* here = start == nullptr ? start : start + first;
    if (here != nullptr && first + 2 * kOuts <= outs) {  // what comes next is no stream that the processor foresees
      constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
      for (int o = kOuts; o < 2 * kOuts; ++o)
        for (int v = 0; v < kVectors; ++v) __builtin_prefetch(here[o] + shift + v * kLanes);
    }
    multiply_block<kOuts, kVectors>(in + first * stride, stride, n, panel, here, out + first, shift, relu);
  }
  return first;
}

template <typename T>
LIST_FAST_TARGET void multiply(const T* in, int64_t stride, int64_t n, const T* panel, const T* const* start,
                               T* const* out, int64_t outs, int64_t shift, bool relu) {
  // 6 outputs and so many vectors fill the registers.
  constexpr int kVectors = LIST_FAST_VECTOR_BYTES == 64 ? 4 : 2;
  constexpr int kColumns = kVectors * LIST_FAST_VECTOR_BYTES / sizeof(T);
  for (int64_t c = 0; c < kPanel<T>; c += kColumns) {
    int64_t o = multiply_rows<6, kVectors>(in, stride, n, panel + c, start, out, 0, outs, shift + c, relu);
    o = multiply_rows<3, kVectors>(in, stride, n, panel + c, start, out, o, outs, shift + c, relu);
    multiply_rows<1, kVectors>(in, stride, n, panel + c, start, out, o, outs, shift + c, relu);
  }
}

template <typename T>
LIST_FAST_TARGET T dot(const T* a, const T* b, int64_t n) {
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T), kVectors = 4;
  typedef T V __attribute__((vector_size(LIST_FAST_VECTOR_BYTES)));
  V sum[kVectors] = {};
  int64_t i = 0;
  for (; i + kVectors * kLanes <= n; i += kVectors * kLanes) {
    LIST_FAST_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      V left, right;
      __builtin_memcpy(&left, a + i + v * kLanes, sizeof(V));
      __builtin_memcpy(&right, b + i + v * kLanes, sizeof(V));
      sum[v] = left * right + sum[v];
    }
  }
  const V all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  T total = T(0);
  for (int lane = 0; lane < kLanes; ++lane) total += all[lane];
  for (; i < n; ++i) total += a[i] * b[i];
  return total;
}

template <typename T>
DenseRows<T> dense() {
  return {multiply<T>, dot<T>};
}

}  // namespace LIST_FAST_ISA
