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
    LIST_FAST_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      V value;
      __builtin_memcpy(&value, from + v * kLanes, sizeof(V));
      sum[v] = value * w + sum[v];
    }
  }
  LIST_FAST_UNROLL
  for (int v = 0; v < kVectors; ++v) __builtin_memcpy(out + c + v * kLanes, &sum[v], sizeof(V));
}

template <typename T>
LIST_FAST_TARGET void sum_weighted(const T* const* row, const T* weight, int64_t n, int64_t shift, int64_t channels,
                                   T* out) {
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  constexpr int kMany = LIST_FAST_VECTOR_BYTES == 64 ? 16 : 8;  // half of the registers
  int64_t c = 0;
  for (; c + kMany * kLanes <= channels; c += kMany * kLanes) sum_block<kMany>(row, weight, n, shift, c, out);
  for (; c + 8 * kLanes <= channels; c += 8 * kLanes) sum_block<8>(row, weight, n, shift, c, out);
  for (; c + 4 * kLanes <= channels; c += 4 * kLanes) sum_block<4>(row, weight, n, shift, c, out);
  for (; c + kLanes <= channels; c += kLanes) sum_block<1>(row, weight, n, shift, c, out);
  for (; c < channels; ++c) {
    T sum = T(0);
    for (int64_t k = 0; k < n; ++k) sum += weight[k] * row[k][shift + c];
    out[c] = sum;
  }
}

}  // namespace LIST_FAST_ISA
