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

// The cells of kPlaces places, axis by axis: the weights of the lower and the upper node, and their derivatives.
template <typename T, int kDim>
struct Axes {
  alignas(64) T weight[kDim][2][kPlaces];
  alignas(64) T slope[kDim][2][kPlaces];

  AxisCell<T> cell(int axis, int i) const {
    return {0, true, true, weight[axis][0][i], weight[axis][1][i], slope[axis][0][i], slope[axis][1][i]};
  }
};

// In loops over places, which a compiler turns into vector instructions; without kSlopes the derivatives are left out.
template <Padding kPadding, bool kBackward, bool kSlopes, typename T, int kDim>
LIST_FAST_INLINE void find_axes(const LevelView<T, kDim>& level, const T* places, int count, Axes<T, kDim>& axes,
                                int64_t* base, uint8_t* used) {
  alignas(64) int32_t node[kPlaces], mask[kPlaces];  // mask: the corners that the axes so far leave
  constexpr int32_t kLower[3] = {0x55, 0x33, 0x0F}, kAll = (1 << (1 << kDim)) - 1;
  for (int a = 0; a < kDim; ++a) {
    const AxisMap<T> map = level.map[a];
    const int64_t stride = level.stride[a];
    const int32_t lower = kLower[a] & kAll, upper = ~kLower[a] & kAll;
    for (int i = 0; i < count; ++i) {
      const AxisCell<T> cell = locate<kPadding, kBackward>(places[a * kPlaces + i], map);
      axes.weight[a][0][i] = cell.w0;
      axes.weight[a][1][i] = cell.w1;
      if constexpr (kSlopes) {
        axes.slope[a][0][i] = cell.d0;
        axes.slope[a][1][i] = cell.d1;
      }
      node[i] = cell.base;
      const int32_t left = (cell.use0 ? lower : 0) | (cell.use1 ? upper : 0);
      mask[i] = a == 0 ? left : mask[i] & left;
    }
    for (int i = 0; i < count; ++i) base[i] = (a == 0 ? 0 : base[i]) + node[i] * stride;
  }
  for (int i = 0; i < count; ++i) used[i] = static_cast<uint8_t>(mask[i]);
}

// The weights of the places' corners, or with steps their derivatives when each place moves along its step.
template <typename T, int kDim>
LIST_FAST_INLINE void corner_weights(const Axes<T, kDim>& axes, const T* steps, int count, T (*weight)[kPlaces]) {
  for (int i = 0; i < count; ++i) {
    T w[1 << kDim], step[kDim];
    if (steps != nullptr)
      for (int a = 0; a < kDim; ++a) step[a] = steps[a * kPlaces + i];
    if constexpr (kDim == 3) {
      const AxisCell<T> x = axes.cell(0, i), y = axes.cell(1, i), z = axes.cell(2, i);
      steps == nullptr ? trilinear_weights(x, y, z, w) : trilinear_step(x, y, z, step, w);
    } else {
      const AxisCell<T> x = axes.cell(0, i), y = axes.cell(1, i);
      steps == nullptr ? bilinear_weights(x, y, w) : bilinear_step(x, y, step, w);
    }
    for (int k = 0; k < 1 << kDim; ++k) weight[k][i] = w[k];
  }
}

// Cells of `count` places: the element offset of each cell's first corner, the weights, corner by corner, and which
// corners are read.
template <typename T, int kDim, Padding kPadding, bool kBackward>
LIST_FAST_INLINE void find_cells(const LevelView<T, kDim>& level, const T* places, const T* steps, int count,
                                 int64_t* base, T (*weight)[kPlaces], uint8_t* used) {
  Axes<T, kDim> axes;
  if (steps == nullptr) {
    find_axes<kPadding, kBackward, false>(level, places, count, axes, base, used);
    corner_weights<T, kDim>(axes, nullptr, count, weight);
  } else {
    find_axes<kPadding, kBackward, true>(level, places, count, axes, base, used);
    corner_weights<T, kDim>(axes, steps, count, weight);
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

// The rows of the corners that are read, and their weights; returns how many.
template <int kCorners, typename P, typename T>
LIST_FAST_INLINE int used_rows(uint8_t used, P data, const int64_t* step, const T (*weight)[kPlaces], int i, P* row,
                               T* w) {
  int n = 0;
  for (int k = 0; k < kCorners; ++k)
    if (used >> k & 1) {
      row[n] = data + step[k];
      w[n++] = weight[k][i];
    }
  return n;
}

// A place at the end of an axis or outside, whose cell is read in part.
template <int kCorners, typename V, typename T>
LIST_FAST_TARGET void combine_some(const T* const* row, const T* w, int n, int64_t channels, int64_t apart, T* out) {
  constexpr int kLanes = sizeof(V) / sizeof(T);
  int64_t c = 0;
  if (apart == 1)
    for (; c + kLanes <= channels; c += kLanes) {
      V sum = {};
      for (int k = 0; k < n; ++k) sum = load<V>(row[k] + c) * w[k] + sum;
      store(out + c, sum);
    }
  for (; c < channels; ++c) {
    T sum = T(0);
    for (int k = 0; k < n; ++k) sum += row[k][c * apart] * w[k];
    out[c] = sum;
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
  constexpr uint8_t kAll = (1 << kCorners) - 1;
  constexpr int kAhead = 4;  // places between a prefetch and its use
  using V = typename Vec<T, LIST_FAST_VECTOR_BYTES>::type;
  using Small = typename Vec<T, 16>::type;
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T), kSmall = 16 / sizeof(T);
  alignas(64) T weight[kCorners][kPlaces];
  alignas(64) int64_t base[kPlaces];
  int64_t step[kCorners];
  uint8_t used[kPlaces];
  find_cells<T, kDim, kPadding, false>(level, places, nullptr, count, base, weight, used);
  corner_steps(level, step);
  const T* data = level.data;
  const int64_t channels = level.channels;
  const auto in_part = [&](int i) LIST_FAST_TARGET {
    const T* row[kCorners];
    T w[kCorners];
    const int n = used_rows<kCorners>(used[i], data + base[i], step, weight, i, row, w);
    combine_some<kCorners, V>(row, w, n, channels, level.channel_stride, out + row_of[i] * stride);
  };
  if (channels == 1) {
    for (int i = 0; i < count; ++i) {
      if (used[i] != kAll) {
        in_part(i);
        continue;
      }
      T sum = weight[0][i] * data[base[i]];
      for (int k = 1; k < kCorners; ++k) sum += weight[k][i] * data[base[i] + step[k]];
      out[row_of[i] * stride] = sum;
    }
    return;
  }
  if (level.channel_stride != 1) {
    for (int i = 0; i < count; ++i) {
      if (used[i] != kAll) {
        in_part(i);
        continue;
      }
      for (int64_t c = 0; c < channels; ++c) {
        const T* p = data + base[i] + c * level.channel_stride;
        T sum = weight[0][i] * p[0];
        for (int k = 1; k < kCorners; ++k) sum += weight[k][i] * p[step[k]];
        out[row_of[i] * stride + c] = sum;
      }
    }
    return;
  }
  for (int i = 0; i < count; ++i) {
    if (i + kAhead < count)
      for (int k = 0; k < kCorners; ++k) __builtin_prefetch(data + base[i + kAhead] + step[k]);
    if (used[i] != kAll) {
      in_part(i);
      continue;
    }
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

// The sum of a vector's lanes, by halves.
template <typename T, int kBytes>
LIST_FAST_INLINE T sum_of(typename Vec<T, kBytes>::type v) {
  if constexpr (kBytes == 2 * sizeof(T)) {
    return v[0] + v[1];
  } else {
    typename Vec<T, kBytes / 2>::type low, high;
    __builtin_memcpy(&low, &v, kBytes / 2);
    __builtin_memcpy(&high, reinterpret_cast<const char*>(&v) + kBytes / 2, kBytes / 2);
    return sum_of<T, kBytes / 2>(low + high);
  }
}

// Gradient by place i of the sum over corners k of dot[k][i] * weight.
template <typename T, int kDim>
LIST_FAST_INLINE void slopes_of(const Axes<T, kDim>& axes, const T (*dot)[kPlaces], int i, T* slope) {
  T s[1 << kDim];
  for (int k = 0; k < 1 << kDim; ++k) s[k] = dot[k][i];
  if constexpr (kDim == 3) {
    trilinear_gradient(axes.cell(0, i), axes.cell(1, i), axes.cell(2, i), s, slope);
  } else {
    bilinear_gradient(axes.cell(0, i), axes.cell(1, i), s, slope);
  }
}

template <typename T, int kDim, Padding kPadding>
LIST_FAST_TARGET void differentiate(const LevelView<T, kDim>& level, const T* places, const int64_t* row_of, int count,
                                    const T* grad, int64_t stride, T* by_place) {
  constexpr int kCorners = 1 << kDim;
  constexpr uint8_t kAll = (1 << kCorners) - 1;
  constexpr int kAhead = 4;
  using V = typename Vec<T, LIST_FAST_VECTOR_BYTES>::type;
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  Axes<T, kDim> axes;
  alignas(64) T dot[kCorners][kPlaces];  // products of the gradient with each corner's row
  alignas(64) int64_t base[kPlaces];
  int64_t step[kCorners];
  uint8_t used[kPlaces];
  find_axes<kPadding, true, true>(level, places, count, axes, base, used);
  corner_steps(level, step);
  const T* data = level.data;
  const int64_t channels = level.channels, apart = level.channel_stride;
  for (int i = 0; i < count; ++i) {
    if (i + kAhead < count)
      for (int k = 0; k < kCorners; ++k) __builtin_prefetch(data + base[i + kAhead] + step[k]);
    const T* g = grad + row_of[i] * stride;
    const T* row[kCorners];
    for (int k = 0; k < kCorners; ++k) row[k] = data + base[i] + step[k];
    if (used[i] != kAll) {
      for (int k = 0; k < kCorners; ++k) {
        T sum = T(0);
        if (used[i] >> k & 1)
          for (int64_t c = 0; c < channels; ++c) sum += g[c] * row[k][c * apart];
        dot[k][i] = sum;
      }
      continue;
    }
    int64_t c = 0;
    if (apart == 1 && channels >= kLanes) {
      V sum[kCorners] = {};
      for (; c + kLanes <= channels; c += kLanes) {
        const V gv = load<V>(g + c);
        for (int k = 0; k < kCorners; ++k) sum[k] = load<V>(row[k] + c) * gv + sum[k];
      }
      for (int k = 0; k < kCorners; ++k) dot[k][i] = sum_of<T, LIST_FAST_VECTOR_BYTES>(sum[k]);
    } else {
      for (int k = 0; k < kCorners; ++k) dot[k][i] = T(0);
    }
    for (; c < channels; ++c)
      for (int k = 0; k < kCorners; ++k) dot[k][i] += g[c] * row[k][c * apart];
  }
  for (int i = 0; i < count; ++i) {
    T slope[kDim];
    slopes_of(axes, dot, i, slope);
    for (int a = 0; a < kDim; ++a) by_place[a * kPlaces + i] += slope[a];
  }
}

#include "cpu/scatter_rows.inl"  // NOLINT(bugprone-suspicious-include)

// One place of a probe: out[c] (added to with `add`) = sum over rows of w * row[c], and to[k] the products of row k
// with g, still apart in lanes. Rows: kRows, or n where kRows is 0. Returns how many channels are done, whole vectors.
template <int kRows, bool kOut, bool kDots, typename V, int kCorners, typename T>
LIST_FAST_INLINE int64_t probe_rows(const T* const* row, const T* w, int n, int64_t channels, const T* g, T* out,
                                    bool add, T* const* to) {
  constexpr int kLanes = sizeof(V) / sizeof(T);
  const int rows = kRows > 0 ? kRows : n;
  V dot[kCorners] = {};
  int64_t c = 0;
  for (; c + kLanes <= channels; c += kLanes) {
    V sum = {}, gv = {};
    if constexpr (kDots) gv = load<V>(g + c);
    if constexpr (kOut)
      if (add) sum = load<V>(out + c);
    for (int k = 0; k < rows; ++k) {
      const V value = load<V>(row[k] + c);
      if constexpr (kOut) sum = value * w[k] + sum;
      if constexpr (kDots) dot[k] = value * gv + dot[k];
    }
    if constexpr (kOut) store(out + c, sum);
  }
  if constexpr (kDots)
    for (int k = 0; k < rows; ++k) store(to[k], dot[k]);
  return c;
}

template <bool kOut, bool kDots, typename T, int kDim, Padding kPadding>
LIST_FAST_TARGET void probe_as(const LevelView<T, kDim>& level, const T* places, const T* steps, const int64_t* row_of,
                               int count, const T* grad, int64_t stride, T* out, bool add, T* first, T* second) {
  constexpr int kCorners = 1 << kDim;
  constexpr int kAhead = 4;
  using V = typename Vec<T, LIST_FAST_VECTOR_BYTES>::type;
  constexpr int kLanes = LIST_FAST_VECTOR_BYTES / sizeof(T);
  alignas(64) T weight[kCorners][kPlaces];
  alignas(64) int64_t base[kPlaces];
  int64_t step[kCorners];
  uint8_t used[kPlaces];
  Axes<T, kDim> axes;
  alignas(64) T sums[kCorners][kPlaces];  // products of the gradient with each corner's row
  find_axes<kPadding, true, true>(level, places, count, axes, base, used);
  corner_weights<T, kDim>(axes, steps, count, weight);
  corner_steps(level, step);
  const int64_t channels = level.channels, apart = level.channel_stride;
  for (int i = 0; i < count; ++i) {
    if (i + kAhead < count)
      for (int k = 0; k < kCorners; ++k) __builtin_prefetch(level.data + base[i + kAhead] + step[k]);
    const T* g = grad + row_of[i] * stride;
    T* o = kOut ? out + row_of[i] * stride : nullptr;
    alignas(64) T dot[kCorners][kLanes] = {};
    const T* row[kCorners];
    T w[kCorners];
    T* to[kCorners];
    int n = 0;
    for (int k = 0; k < kCorners; ++k)
      if (used[i] >> k & 1) {
        row[n] = level.data + base[i] + step[k];
        w[n] = weight[k][i];
        to[n++] = dot[k];
      }
    int64_t c = 0;
    if (apart == 1) {
      c = n == kCorners ? probe_rows<kCorners, kOut, kDots, V, kCorners>(row, w, n, channels, g, o, add, to)
                        : probe_rows<0, kOut, kDots, V, kCorners>(row, w, n, channels, g, o, add, to);
    }
    for (; c < channels; ++c) {
      T sum = kOut && add ? o[c] : T(0);
      for (int k = 0; k < n; ++k) {
        const T value = row[k][c * apart];
        sum += value * w[k];
        if constexpr (kDots) to[k][0] += value * g[c];
      }
      if constexpr (kOut) o[c] = sum;
    }
    if constexpr (kDots)
      for (int k = 0; k < kCorners; ++k) sums[k][i] = sum_of<T, LIST_FAST_VECTOR_BYTES>(load<V>(dot[k]));
  }
  if constexpr (!kDots) return;
  for (int i = 0; i < count && first != nullptr; ++i) {
    T slope[kDim];
    slopes_of(axes, sums, i, slope);
    for (int a = 0; a < kDim; ++a) first[a * kPlaces + i] += slope[a];
  }
  for (int i = 0; i < count && second != nullptr; ++i) {
    T s[kCorners], along[kDim], slope[kDim];
    for (int k = 0; k < kCorners; ++k) s[k] = sums[k][i];
    for (int a = 0; a < kDim; ++a) along[a] = steps[a * kPlaces + i];
    if constexpr (kDim == 3) {
      trilinear_step_gradient(axes.cell(0, i), axes.cell(1, i), axes.cell(2, i), along, s, slope);
    } else {
      bilinear_step_gradient(axes.cell(0, i), axes.cell(1, i), along, s, slope);
    }
    for (int a = 0; a < kDim; ++a) second[a * kPlaces + i] += slope[a];
  }
}

template <typename T, int kDim, Padding kPadding>
LIST_FAST_TARGET void probe(const LevelView<T, kDim>& level, const T* places, const T* steps, const int64_t* row_of,
                            int count, const T* grad, int64_t stride, T* out, bool add, T* first, T* second) {
  if (first == nullptr && second == nullptr) {
    if (out != nullptr)
      probe_as<true, false, T, kDim, kPadding>(level, places, steps, row_of, count, grad, stride, out, add, first,
                                               second);
  } else if (out == nullptr) {
    probe_as<false, true, T, kDim, kPadding>(level, places, steps, row_of, count, grad, stride, out, add, first,
                                             second);
  } else {
    probe_as<true, true, T, kDim, kPadding>(level, places, steps, row_of, count, grad, stride, out, add, first, second);
  }
}

template <typename T, int kDim>
RowKernels<T, kDim> kernels(Padding padding) {
  switch (padding) {
    case Padding::kZeros:
      return {gather<T, kDim, Padding::kZeros>, differentiate<T, kDim, Padding::kZeros>,
              scatter<T, kDim, Padding::kZeros>, scatter_tile<T, kDim, Padding::kZeros>,
              probe<T, kDim, Padding::kZeros>};
    case Padding::kReflection:
      return {gather<T, kDim, Padding::kReflection>, differentiate<T, kDim, Padding::kReflection>,
              scatter<T, kDim, Padding::kReflection>, scatter_tile<T, kDim, Padding::kReflection>,
              probe<T, kDim, Padding::kReflection>};
    default:
      return {gather<T, kDim, Padding::kBorder>, differentiate<T, kDim, Padding::kBorder>,
              scatter<T, kDim, Padding::kBorder>, scatter_tile<T, kDim, Padding::kBorder>,
              probe<T, kDim, Padding::kBorder>};
  }
}

#undef LIST_FAST_INLINE

}  // namespace LIST_FAST_ISA
