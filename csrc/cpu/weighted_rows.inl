// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Included by weighted_rows.h once for each vector level, inside namespace list_fast, with LIST_FAST_ISA,
// LIST_FAST_TARGET and LIST_FAST_VECTOR_BYTES set.
namespace LIST_FAST_ISA {

// kVectors vectors of channels from c on: their sums stay in registers while the rows pass.
template <int kVectors, typename T>
LIST_FAST_TARGET inline __attribute__((always_inline)) void sum_block(const T* const* row, const T* weight, int64_t n,
                                                                      int64_t shift, int64_t c, T* out) {
  typedef T V __attribute__((vector_size(LIST_FAST_VECTOR_BYTES)));
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  V sum[kVectors] = {};
  for (int64_t k = 0; k < n; ++k) {
    const T* from = row[k] + shift + c;
    const T w = weight[k];
    for (int v = 0; v < kVectors; ++v) {
      V value;
      __builtin_memcpy(&value, from + v * kLanes, sizeof(V));
      sum[v] = value * w + sum[v];
    }
  }
  for (int v = 0; v < kVectors; ++v) __builtin_memcpy(out + c + v * kLanes, &sum[v], sizeof(V));
}

template <typename T>
LIST_FAST_TARGET void sum_weighted(const T* const* row, const T* weight, int64_t n, int64_t shift, int64_t channels,
                                   T* out) {
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  constexpr int kMany = LIST_FAST_VECTOR_BYTES == 64 ? 16 : 8;  // half of the registers
  int64_t c = 0;
  for (; c + kMany * kLanes <= channels; c += kMany * kLanes) sum_block<kMany>(row, weight, n, shift, c, out);
  for (; c + 4 * kLanes <= channels; c += 4 * kLanes) sum_block<4>(row, weight, n, shift, c, out);
  for (; c + kLanes <= channels; c += kLanes) sum_block<1>(row, weight, n, shift, c, out);
  for (; c < channels; ++c) {
    T sum = T(0);
    for (int64_t k = 0; k < n; ++k) sum += weight[k] * row[k][shift + c];
    out[c] = sum;
  }
}

// Several outputs from one reading of the rows: kVectors vectors of channels from c on, kOuts outputs.
template <int kOuts, int kVectors, typename T>
LIST_FAST_TARGET inline __attribute__((always_inline)) void multiply_block(const T* const* row, int64_t n,
                                                                           const T* weight, int64_t c, T* const* out) {
  typedef T V __attribute__((vector_size(LIST_FAST_VECTOR_BYTES)));
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  V sum[kOuts][kVectors] = {};
  for (int64_t k = 0; k < n; ++k) {
    V value[kVectors];
    for (int v = 0; v < kVectors; ++v) __builtin_memcpy(&value[v], row[k] + c + v * kLanes, sizeof(V));
    for (int o = 0; o < kOuts; ++o)
      for (int v = 0; v < kVectors; ++v) sum[o][v] = value[v] * weight[o * n + k] + sum[o][v];
  }
  for (int o = 0; o < kOuts; ++o)
    for (int v = 0; v < kVectors; ++v) __builtin_memcpy(out[o] + c + v * kLanes, &sum[o][v], sizeof(V));
}

template <int kVectors, typename T>
LIST_FAST_TARGET void multiply_columns(const T* const* row, int64_t n, const T* weight, int64_t outs, int64_t c,
                                       T* const* out) {
  int64_t o = 0;
  for (; o + 6 <= outs; o += 6) multiply_block<6, kVectors>(row, n, weight + o * n, c, out + o);
  for (; o + 3 <= outs; o += 3) multiply_block<3, kVectors>(row, n, weight + o * n, c, out + o);
  for (; o < outs; ++o) multiply_block<1, kVectors>(row, n, weight + o * n, c, out + o);
}

template <typename T>
LIST_FAST_TARGET void multiply_rows(const T* const* row, int64_t n, int64_t channels, const T* weight, int64_t outs,
                                    T* const* out) {
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  // 6 outputs and so many vectors fill the registers; a block of columns of all rows stays in the first-level cache.
  constexpr int kMany = LIST_FAST_VECTOR_BYTES == 64 ? 4 : 2;
  int64_t c = 0;
  for (; c + kMany * kLanes <= channels; c += kMany * kLanes) multiply_columns<kMany>(row, n, weight, outs, c, out);
  for (; c + kLanes <= channels; c += kLanes) multiply_columns<1>(row, n, weight, outs, c, out);
  for (; c < channels; ++c)
    for (int64_t o = 0; o < outs; ++o) {
      T sum = T(0);
      for (int64_t k = 0; k < n; ++k) sum += weight[o * n + k] * row[k][c];
      out[o][c] = sum;
    }
}

}  // namespace LIST_FAST_ISA
