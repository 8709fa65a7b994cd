#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
# Everything that a machine with a GPU should run, in two parts of less than ten minutes each:
#   check    build, all tests, compute-sanitizer over every kernel
#   measure  build where that is not done yet, times of encoding, of every operation and, with DATA, of training steps
# usage: [OUT=out] [LIMIT=570] [CUDA_ARCHS="8.0;9.0"] [PYTHON=python3] [DATA=data set] benchmarks/gpu_check.sh [check|measure|all]
# What is not done LIMIT seconds after the start (0: no limit) is skipped and said so; wheels in .wheels are installed.
# $OUT then holds summary.txt, figures as JSON, and logs.tar.gz.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
part=${1:-all}
case $part in check | measure | all) ;; *) sed -n '4,10s/^# //p' "$0" >&2; exit 2 ;; esac
OUT=${OUT:-out}
PYTHON=${PYTHON:-python3}
LIMIT=${LIMIT:-570}
mkdir -p "$OUT" || exit 1
OUT=$(cd "$OUT" && pwd)
logs=$(mktemp -d)
summary="$OUT/summary.txt"
: > "$summary"
failed=0

say() { echo "$*" | tee -a "$summary"; }

# Whatever happens, what was found out comes back, in few files.
finish() {
  tar -C "$logs" -czf "$OUT/logs.tar.gz" .
  rm -rf "$logs"
}
trap finish EXIT

# step NAME COMMAND...: runs it into its log and notes how it ended.
step() {
  local name=$1 status begin=$SECONDS
  local -a limit=()
  shift
  if [ "$LIMIT" -gt 0 ]; then
    if [ $((LIMIT - SECONDS)) -lt 10 ]; then
      say "skipped $name: no time left"
      failed=1
      return 1
    fi
    limit=(timeout --kill-after=5 $((LIMIT - SECONDS)))
  fi
  "${limit[@]}" "$@" > "$logs/$name.log" 2>&1
  status=$?
  if [ "$status" -eq 0 ]; then
    say "$(printf 'ok      %4d s  %s' $((SECONDS - begin)) "$name")"
  else
    say "$(printf 'FAILED  %4d s  %s (exit %d)' $((SECONDS - begin)) "$name" "$status")"
    tail -15 "$logs/$name.log" | sed 's/^/    /' >> "$summary"
    failed=1
  fi
  return "$status"
}

# table NAME: the rows that a step printed.
table() { grep '^|' "$logs/$1.log" >> "$summary" 2>/dev/null; }

if compgen -G '.wheels/*.whl' > /dev/null; then
  step wheels "$PYTHON" -m pip install -q --no-index --no-deps --find-links .wheels .wheels/*.whl
fi
if ! "$PYTHON" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  say "no CUDA device that this torch can use: $("$PYTHON" -c 'import torch; print(torch.__version__)' 2>&1 | tail -1)"
  exit 1
fi
"$PYTHON" - << 'EOF' | tee -a "$summary"
import torch
p = torch.cuda.get_device_properties(0)
print(f"{p.name}, {p.total_memory / 2**30:.0f} GiB, sm_{p.major}{p.minor}, torch {torch.__version__}, CUDA {torch.version.cuda}")
EOF
say "commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)"

archs=${CUDA_ARCHS:-$("$PYTHON" -c 'import torch; print("%d.%d" % torch.cuda.get_device_capability())')}
step build env LIST_FAST_CUDA=1 TORCH_CUDA_ARCH_LIST="$archs" "$PYTHON" setup.py build_ext --inplace || exit 1
step info "$PYTHON" -m list_fast info
if ! "$PYTHON" -c 'import sys; from list_fast import _native; found = _native.load(); print(found.no_cuda); sys.exit(found.cuda is None)' \
    > "$logs/load.log" 2>&1; then
  say "FAILED  the CUDA library does not load: $(cat "$logs/load.log")"
  exit 1
fi

if [ "$part" != measure ]; then
  workers=$("$PYTHON" -c 'import os; print(max(1, min(8, (os.cpu_count() or 2) // 2)))')
  # First what runs on the device, the rest after the sanitizers if there is time.
  step tests-cuda "$PYTHON" -m pytest -q -p no:cacheprovider -m cuda -n "$workers" tests
  tail -3 "$logs/tests-cuda.log" | tee -a "$summary"
  if command -v compute-sanitizer > /dev/null; then
    # Without torch's cache of blocks every tensor has bounds of its own.
    for tool in memcheck initcheck racecheck synccheck; do
      step "$tool" env PYTORCH_NO_CUDA_MEMORY_CACHING=1 compute-sanitizer --tool "$tool" --error-exitcode 9 \
        "$PYTHON" tests/sanitize.py --device cuda
    done
  else
    say "skipped compute-sanitizer is not installed"
  fi
  step tests "$PYTHON" -m pytest -q -p no:cacheprovider -m "not cuda" -n "$workers" tests
  tail -3 "$logs/tests.log" | tee -a "$summary"
fi

if [ "$part" != check ]; then
  step encode "$PYTHON" benchmarks/encode.py --device cuda --json "$OUT/encode.json"
  step throughput "$PYTHON" benchmarks/query_throughput.py --device cuda --json "$OUT/query_throughput.json" \
    --plot "$OUT/query_throughput.png"
  table throughput
  if [ -n "${DATA:-}" ]; then
    for config in small base; do
      step "training-$config" "$PYTHON" benchmarks/training_step.py --device cuda --config "$config" --data "$DATA" \
        --set trunk.weights=none --json "$OUT/training-$config.json"
      table "training-$config"
    done
  else
    say "skipped training steps: DATA names no data set"
  fi
fi
say "results: $OUT"
exit "$failed"
