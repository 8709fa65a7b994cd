#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
# Everything that a machine with a GPU should run, in two parts of less than ten minutes each:
#   check    build, the tests on the device, then at once compute-sanitizer over every kernel and all other tests
#   measure  build where that is not done yet, times of encoding, of every operation, from image to mesh and, with DATA,
#            of training steps
# and build for the build alone. gpu_train.sh trains.
# usage: [OUT=out] [LIMIT=570] [CUDA_ARCHS="8.0;9.0"] [PYTHON=python3] [DATA=data set] \
#          benchmarks/gpu_check.sh [build|check|measure|all]
# What is not done LIMIT seconds after the start (0: no limit) is skipped and said so; wheels in .wheels are installed.
# $OUT then holds summary.txt, figures as JSON, and logs.tar.gz. Tests count warnings and do not fail of them: versions of
# packages here are whatever the machine has.
set -uo pipefail
PYTHON=$(command -v "${PYTHON:-python3}") || { echo "no ${PYTHON:-python3}" >&2; exit 1; }
cd "$(dirname "$0")/.." || exit 1
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"  # the package is built in place and not installed
part=${1:-all}
case $part in build | check | measure | all) ;; *) sed -n '4,14s/^# //p' "$0" >&2; exit 2 ;; esac
OUT=${OUT:-out}
LIMIT=${LIMIT:-570}
mkdir -p "$OUT" || exit 1
OUT=$(cd "$OUT" && pwd)
logs=$(mktemp -d)
summary="$OUT/summary.txt"
: > "$summary"
# Without ninja, which torch looks for there, one file after the other is compiled.
PATH="$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("scripts"))'):$PATH"

say() { echo "$*" | tee -a "$summary"; }

# A file and no variable: steps that run beside others are processes of their own.
fail() { : > "$logs/failed"; }

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
      fail
      return 1
    fi
    limit=(timeout --signal=INT --kill-after=10 $((LIMIT - SECONDS)))  # pytest then says what it has found
  fi
  "${limit[@]}" "$@" > "$logs/$name.log" 2>&1
  status=$?
  if [ "$status" -eq 0 ]; then
    say "$(printf 'ok      %4d s  %s' $((SECONDS - begin)) "$name")"
  else
    say "$(printf 'FAILED  %4d s  %s (exit %d)' $((SECONDS - begin)) "$name" "$status")"
    tail -15 "$logs/$name.log" | sed 's/^/    /' >> "$summary"
    fail
  fi
  return "$status"
}

# tests NAME ARGUMENTS...: pytest. Threads as `make test` has them; by default each worker would take all processors.
tests() {
  local name=$1
  shift
  step "$name" env OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive \
    "$PYTHON" -m pytest -q -p no:cacheprovider -W default -n "$workers" "$@" tests
  grep -E '^(FAILED|ERROR) ' "$logs/$name.log" | cut -c1-200 | head -40 >> "$summary"
  tail -1 "$logs/$name.log" | tee -a "$summary"
}

# sanitize TOOL [OPTION...]: and which of the kernels it found something in.
sanitize() {
  # Ours alone. But what is not set must be followed through all kernels, of which torch's own sort and sum by reading
  # such memory: there the log must not name one of ours.
  local -a which=(--kernel-name kns=list_fast)
  if [ "$1" = initcheck ]; then which=(--print-limit 0); fi
  # Without torch's cache of blocks every tensor has bounds of its own.
  step "$1" bash -c '"$@"; s=$?; if [ $s -eq 9 ] && ! grep -q list_fast:: "$0"; then s=0; fi; exit $s' "$logs/$1.log" \
    env PYTORCH_NO_CUDA_MEMORY_CACHING=1 "$sanitizer" --tool "$1" "${which[@]}" "${@:2}" --error-exitcode 9 \
    "$PYTHON" tests/sanitize.py --device cuda ||
    grep -o 'list_fast::[a-z0-9_]*' "$logs/$1.log" | sort | uniq -c | sort -rn | head -8 |
    sed "s/^/    $1: /" >> "$summary"
}

# table NAME: the rows that a step printed.
table() { grep '^|' "$logs/$1.log" >> "$summary" 2>/dev/null; }

if compgen -G '.wheels/*.whl' > /dev/null; then
  pip=("$PYTHON" -m pip install -q --no-index --no-deps)
  if ! step wheels "${pip[@]}" .wheels/*.whl; then
    aside=$(mktemp -d)
    step wheels-aside "${pip[@]}" --target "$aside" .wheels/*.whl && export PYTHONPATH="$aside${PYTHONPATH:+:$PYTHONPATH}"
  fi
else
  say "no .wheels (benchmarks/gpu_wheels.sh): what this Python lacks, tests lack"
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

if [ "$part" = build ]; then exit 0; fi

if [ "$part" != measure ]; then
  workers=$("$PYTHON" -c 'import os; print(max(1, min(8, (os.cpu_count() or 2) // 2)))')
  tests tests-cuda -m "cuda and not slow"
  sanitizer=$(command -v compute-sanitizer || echo "${CUDA_HOME:-/usr/local/cuda}/bin/compute-sanitizer")
  if [ -x "$sanitizer" ]; then
    # All at once, and beside the other tests: nearly all their time is that of a processor. What fails in a call of
    # the driver is reported by the tests; torch itself makes calls that may.
    sanitize memcheck --report-api-errors no &
    for tool in initcheck racecheck synccheck; do
      sanitize "$tool" &
    done
  else
    say "skipped compute-sanitizer is not installed"
  fi
  tests tests -m "not cuda and not slow"
  wait
fi

if [ "$part" != check ]; then
  step encode "$PYTHON" benchmarks/encode.py --device cuda --json "$OUT/encode.json"
  step image-to-mesh "$PYTHON" benchmarks/image_to_mesh.py --device cuda --json "$OUT/image-to-mesh.json"
  table image-to-mesh
  # What matters most first: time may not suffice for all.
  step throughput "$PYTHON" benchmarks/query_throughput.py --device cuda --budget 10 --json "$OUT/query_throughput.json" \
    --plot "$OUT/query_throughput.png" --only field sample_voxels marching_cubes sample_images double_backward \
    occupancy_grid few_points
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
[ ! -e "$logs/failed" ]
