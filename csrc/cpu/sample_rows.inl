// SPDX-FileCopyrightText: 2026 the list_fast authors
// SPDX-License-Identifier: Apache-2.0
// Included by sample_rows.h once for each vector level, inside namespace list_fast, with LIST_FAST_ISA,
// LIST_FAST_TARGET and LIST_FAST_VECTOR_BYTES set. Every function carries the target itself: a compiler inlines only
// between equal targets.
namespace LIST_FAST_ISA {

#define LIST_FAST_INLINE LIST_FAST_TARGET inline __attribute__((always_inline))

template <typename T, int kBytes>
struct Vec {
  typedef T type __attribute__((vector_size(kBytes)));
  static constexpr int kLanes = kBytes / sizeof(T);
};

template <typename V, typename T>
LIST_FAST_INLINE V load(const T* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof(V));
  return v;
}

template <typename V, typename T>
LIST_FAST_INLINE void store(T* p, V v) {
  __builtin_memcpy(p, &v, sizeof(V));
}

// Cells of `count` places: the element offset of each cell's first corner, and the weights, corner by corner.
template <typename T, int kDim, Padding kPadding, bool kBackward>
LIST_FAST_INLINE void find_cells(const LevelView<T, kDim>& level, const T* places, int count, int64_t* base,
                                 T (*weight)[kPlaces]) {
  for (int i = 0; i < count; ++i) {
    const AxisCell<T> x = locate<kPadding, kBackward>(places[i], level.map[0]);
    const AxisCell<T> y = locate<kPadding, kBackward>(places[kPlaces + i], level.map[1]);
    T w[1 << kDim];
    int64_t offset = x.base * level.stride[0] + y.base * level.stride[1];
    if constexpr (kDim == 3) {
      const AxisCell<T> z = locate<kPadding, kBackward>(places[2 * kPlaces + i], level.map[2]);
      offset += z.base * level.stride[2];
      trilinear_weights(x, y, z, w);
    } else {
      bilinear_weights(x, y, w);
    }
    base[i] = offset;
    for (int k = 0; k < 1 << kDim; ++k) weight[k][i] = w[k];
  }
}

// Element offset of each corner from the first one; 0 along an axis of one node.
template <typename T, int kDim>
LIST_FAST_INLINE void corner_steps(const LevelView<T, kDim>& level, int64_t* step) {
  for (int k = 0; k < 1 << kDim; ++k) {
    step[k] = 0;
    for (int a = 0; a < kDim; ++a)
      if ((k >> a & 1) && level.map[a].nodes > 1) step[k] += level.stride[a];
  }
}

template <int kVectors, int kCorners, typename V, typename T>
LIST_FAST_INLINE void combine(const T* const* row, const T* w, int64_t c, T* out) {
  constexpr int kLanes = sizeof(V) / sizeof(T);
  V sum[kVectors];
  for (int v = 0; v < kVectors; ++v) sum[v] = load<V>(row[0] + c + v * kLanes) * w[0];
  for (int k = 1; k < kCorners; ++k)
    for (int v = 0; v < kVectors; ++v) sum[v] = load<V>(row[k] + c + v * kLanes) * w[k] + sum[v];
  for (int v = 0; v < kVectors; ++v) store(out + c + v * kLanes, sum[v]);
}

template <typename T, int kDim, Padding kPadding>
LIST_FAST_TARGET void gather(const LevelView<T, kDim>& level, const T* places, const int64_t* row_of, int count, T* out,
                             int64_t stride) {
  constexpr int kCorners = 1 << kDim;
  constexpr int kAhead = 4;  // places between a prefetch and its use
  using V = typename Vec<T, LIST_FAST_VECTOR_BYTES>::type;
  using Small = typename Vec<T, 16>::type;
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T), kSmall = 16 / sizeof(T);
  alignas(64) T weight[kCorners][kPlaces];
  alignas(64) int64_t base[kPlaces];
  int64_t step[kCorners];
  find_cells<T, kDim, kPadding, false>(level, places, count, base, weight);
  corner_steps(level, step);
  const T* data = level.data;
  const int64_t channels = level.channels;
  if (channels == 1) {
    for (int i = 0; i < count; ++i) {
      T sum = weight[0][i] * data[base[i]];
      for (int k = 1; k < kCorners; ++k) sum += weight[k][i] * data[base[i] + step[k]];
      out[row_of[i] * stride] = sum;
    }
    return;
  }
  if (level.channel_stride != 1) {
    for (int i = 0; i < count; ++i)
      for (int64_t c = 0; c < channels; ++c) {
        const T* p = data + base[i] + c * level.channel_stride;
        T sum = weight[0][i] * p[0];
        for (int k = 1; k < kCorners; ++k) sum += weight[k][i] * p[step[k]];
        out[row_of[i] * stride + c] = sum;
      }
    return;
  }
  for (int i = 0; i < count; ++i) {
    if (i + kAhead < count)
      for (int k = 0; k < kCorners; ++k) __builtin_prefetch(data + base[i + kAhead] + step[k]);
    const T* row[kCorners];
    T w[kCorners];
    for (int k = 0; k < kCorners; ++k) {
      row[k] = data + base[i] + step[k];
      w[k] = weight[k][i];
    }
    T* o = out + row_of[i] * stride;
    int64_t c = 0;
    for (; c + 2 * kLanes <= channels; c += 2 * kLanes) combine<2, kCorners, V>(row, w, c, o);
    for (; c + kLanes <= channels; c += kLanes) combine<1, kCorners, V>(row, w, c, o);
    for (; c + kSmall <= channels; c += kSmall) combine<1, kCorners, Small>(row, w, c, o);
    for (; c < channels; ++c) {
      T sum = w[0] * row[0][c];
      for (int k = 1; k < kCorners; ++k) sum += w[k] * row[k][c];
      o[c] = sum;
    }
  }
}

template <typename V, typename T>
LIST_FAST_INLINE T sum_lanes(V v) {
  T lanes[sizeof(V) / sizeof(T)];
  store(lanes, v);
  for (int width = sizeof(V) / sizeof(T) / 2; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) lanes[j] += lanes[j + width];
  return lanes[0];
}

template <typename T, int kDim, Padding kPadding>
LIST_FAST_TARGET void differentiate(const LevelView<T, kDim>& level, const T* places, const int64_t* row_of, int count,
                                    const T* grad, int64_t stride, T* by_place) {
  constexpr int kCorners = 1 << kDim;
  constexpr int kAhead = 4;
  using V = typename Vec<T, LIST_FAST_VECTOR_BYTES>::type;
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  alignas(64) T weight[kCorners][kPlaces];
  alignas(64) int64_t base[kPlaces];
  int64_t step[kCorners];
  find_cells<T, kDim, kPadding, true>(level, places, count, base, weight);
  corner_steps(level, step);
  const T* data = level.data;
  const int64_t channels = level.channels, apart = level.channel_stride;
  for (int i = 0; i < count; ++i) {
    if (i + kAhead < count)
      for (int k = 0; k < kCorners; ++k) __builtin_prefetch(data + base[i + kAhead] + step[k]);
    const T* g = grad + row_of[i] * stride;
    T dot[kCorners];
    const T* row[kCorners];
    for (int k = 0; k < kCorners; ++k) row[k] = data + base[i] + step[k];
    int64_t c = 0;
    if (apart == 1 && channels >= kLanes) {
      V sum[kCorners] = {};
      for (; c + kLanes <= channels; c += kLanes) {
        const V gv = load<V>(g + c);
        for (int k = 0; k < kCorners; ++k) sum[k] = load<V>(row[k] + c) * gv + sum[k];
      }
      for (int k = 0; k < kCorners; ++k) dot[k] = sum_lanes<V, T>(sum[k]);
    } else {
      for (int k = 0; k < kCorners; ++k) dot[k] = T(0);
    }
    for (; c < channels; ++c)
      for (int k = 0; k < kCorners; ++k) dot[k] += g[c] * row[k][c * apart];
    T slope[kDim];
    const AxisCell<T> x = locate<kPadding, true>(places[i], level.map[0]);
    const AxisCell<T> y = locate<kPadding, true>(places[kPlaces + i], level.map[1]);
    if constexpr (kDim == 3) {
      trilinear_gradient(x, y, locate<kPadding, true>(places[2 * kPlaces + i], level.map[2]), dot, slope);
    } else {
      bilinear_gradient(x, y, dot, slope);
    }
    for (int a = 0; a < kDim; ++a) by_place[a * kPlaces + i] += slope[a];
  }
}

template <typename T, int kDim, Padding kPadding>
LIST_FAST_TARGET void scatter(const LevelView<T, kDim>& level, const T* places, const int64_t* row_of, int count,
                              const T* grad, int64_t stride) {
  constexpr int kCorners = 1 << kDim;
  constexpr int kAhead = 4;
  using V = typename Vec<T, LIST_FAST_VECTOR_BYTES>::type;
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  alignas(64) T weight[kCorners][kPlaces];
  alignas(64) int64_t base[kPlaces];
  int64_t step[kCorners];
  find_cells<T, kDim, kPadding, true>(level, places, count, base, weight);
  corner_steps(level, step);
  for (int i = 0; i < count; ++i) {
    if (i + kAhead < count)
      for (int k = 0; k < kCorners; ++k) __builtin_prefetch(level.data + base[i + kAhead] + step[k], 1);
    const T* g = grad + row_of[i] * stride;
    // Corner after corner: on an axis of one node two corners are one row.
    for (int k = 0; k < kCorners; ++k) {
      const T w = weight[k][i];
      if (w == T(0)) continue;
      T* row = level.data + base[i] + step[k];
      int64_t c = 0;
      for (; c + kLanes <= level.channels; c += kLanes) store<V>(row + c, load<V>(g + c) * w + load<V>(row + c));
      for (; c < level.channels; ++c) row[c] += g[c] * w;
    }
  }
}

template <typename T, int kDim>
RowKernels<T, kDim> kernels(Padding padding) {
  switch (padding) {
    case Padding::kZeros:
      return {gather<T, kDim, Padding::kZeros>, differentiate<T, kDim, Padding::kZeros>,
              scatter<T, kDim, Padding::kZeros>};
    case Padding::kReflection:
      return {gather<T, kDim, Padding::kReflection>, differentiate<T, kDim, Padding::kReflection>,
              scatter<T, kDim, Padding::kReflection>};
    default:
      return {gather<T, kDim, Padding::kBorder>, differentiate<T, kDim, Padding::kBorder>,
              scatter<T, kDim, Padding::kBorder>};
  }
}

#undef LIST_FAST_INLINE

}  // namespace LIST_FAST_ISA
