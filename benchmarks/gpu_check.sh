#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
# Everything that a machine with a GPU should run: build, tests on CUDA, sanitizer, benchmark. Results go to $OUT.
# usage: [OUT=out] [CUDA_ARCHS="8.0;9.0"] [PYTHON=python3] [DATA=data set] benchmarks/gpu_check.sh
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
OUT=${OUT:-out}
PYTHON=${PYTHON:-python3}
mkdir -p "$OUT" || exit 1
OUT=$(cd "$OUT" && pwd)
summary="$OUT/gpu_check.txt"
: > "$summary"
failed=0

say() { echo "$*" | tee -a "$summary"; }

# step NAME COMMAND...: runs it into $OUT/NAME.log and notes how it ended.
step() {
  local name=$1 status
  shift
  "$@" > "$OUT/$name.log" 2>&1
  status=$?
  if [ "$status" -eq 0 ]; then
    say "ok      $name"
  else
    say "FAILED  $name (exit $status, see $name.log)"
    failed=1
  fi
  return "$status"
}

if ! "$PYTHON" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  say "no CUDA device that this torch can use: $("$PYTHON" -c 'import torch; print(torch.__version__)' 2>&1 | tail -1)"
  exit 1
fi
"$PYTHON" - <<'EOF' | tee -a "$summary"
import torch
p = torch.cuda.get_device_properties(0)
print(f"{p.name}, {p.total_memory / 2**30:.0f} GiB, sm_{p.major}{p.minor}, torch {torch.__version__}, CUDA {torch.version.cuda}")
EOF

archs=${CUDA_ARCHS:-$("$PYTHON" -c 'import torch; print("%d.%d" % torch.cuda.get_device_capability())')}
step build env LIST_FAST_CUDA=1 TORCH_CUDA_ARCH_LIST="$archs" "$PYTHON" setup.py build_ext --inplace || exit 1
step info "$PYTHON" -m list_fast info
if ! "$PYTHON" -c 'import sys; from list_fast import _native; found = _native.load(); print(found.no_cuda); sys.exit(found.cuda is None)' \
    > "$OUT/load.log" 2>&1; then
  say "FAILED  the CUDA library does not load: $(cat "$OUT/load.log")"
  exit 1
fi

step tests "$PYTHON" -m pytest -q -p no:cacheprovider tests
tail -3 "$OUT/tests.log" | tee -a "$summary"

if command -v compute-sanitizer > /dev/null; then
  # No kernel uses shared memory, so there are no races that racecheck could see. Without torch's cache of blocks every
  # tensor has bounds of its own.
  for tool in memcheck initcheck; do
    step "$tool" env PYTORCH_NO_CUDA_MEMORY_CACHING=1 compute-sanitizer --tool "$tool" --error-exitcode 9 "$PYTHON" -m pytest -q -p no:cacheprovider \
      -m cuda tests/ops -k "not compile and not opcheck and not gradcheck"
  done
else
  say "skipped compute-sanitizer is not installed"
fi

step benchmark "$PYTHON" benchmarks/query_throughput.py --device cuda --json "$OUT/query_throughput.json" \
  --plot "$OUT/query_throughput.png"
grep '^|' "$OUT/benchmark.log" >> "$summary"
if [ -n "${DATA:-}" ]; then
  for config in small base; do
    step "training-$config" "$PYTHON" benchmarks/training_step.py --device cuda --config "$config" --data "$DATA" \
      --set trunk.weights=none --json "$OUT/training-$config.json"
    grep '^|' "$OUT/training-$config.log" >> "$summary"
  done
else
  say "skipped training steps: DATA names no data set"
fi
say "results: $OUT"
exit "$failed"
