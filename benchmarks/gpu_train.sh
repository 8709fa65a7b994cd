#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
# Training on a machine that is lent for minutes: makes a data set there, trains for the time that is left, evaluates on
# its validation split before and after, and brings the weights back in pieces.
# usage: [OUT=out] [LIMIT=570] [CONFIG=refine|base] [INIT=weights] [SHAPES=400] [SEED=5] [DEVICE=cuda] [PYTHON=python3] \
#          benchmarks/gpu_train.sh [options of list-fast train]
#        [OUT=out] benchmarks/gpu_train.sh pieces N     the pieces 4 N to 4 N + 3 of the last run's weights
# A second call goes on with the data, and with a run that was stopped. $OUT: summary.txt, logs.tar.gz, the figures
# before.json and after.json, and the weights in pieces of 15 MB, four at most: cat weights.* > small.safetensors.
set -uo pipefail
PYTHON=$(command -v "${PYTHON:-python3}") || { echo "no ${PYTHON:-python3}" >&2; exit 1; }
cd "$(dirname "$0")/.." || exit 1
OUT=${OUT:-out} LIMIT=${LIMIT:-570} CONFIG=${CONFIG:-refine} INIT=${INIT:-list_fast/weights/small.safetensors}
SHAPES=${SHAPES:-400} SEED=${SEED:-5} DEVICE=${DEVICE:-cuda} VIEWS=${VIEWS:-208}
mkdir -p "$OUT" && OUT=$(cd "$OUT" && pwd) || exit 1
data=data/gpu run=runs/gpu-$CONFIG logs=$(mktemp -d)

# pieces N: the N-th four pieces of the weights; fewer where there are no more.
pieces() {
  split -b 15000000 -d -a 2 "$run/$CONFIG.safetensors" "$logs/weights."
  find "$logs" -name 'weights.*' | sort | tail -n +$((4 * $1 + 1)) | head -4 | xargs -I{} cp {} "$OUT"
  rm -f "$logs"/weights.*
}

if [ "${1:-}" = pieces ]; then
  pieces "${2:-0}"
  ls -l "$OUT"
  exit
fi

: > "$OUT/summary.txt"
say() { echo "$*" | tee -a "$OUT/summary.txt"; }
left() { echo $((LIMIT - SECONDS)); }

# Whatever happens, what was made comes back.
finish() {
  cp "$run"/log.jsonl "$run"/curves.png "$logs" 2> /dev/null
  if [ -e "$run/$CONFIG.safetensors" ]; then pieces 0; fi
  tar -C "$logs" -czf "$OUT/logs.tar.gz" .
  rm -rf "$logs"
}
trap finish EXIT

# step NAME SECONDS COMMAND...: interrupted after so many, so that it keeps what it has; returns how it ended.
step() {
  local name=$1 seconds=$2 begin=$SECONDS status
  shift 2
  if [ "$seconds" -lt 5 ]; then say "skipped $name: no time left"; return 1; fi
  timeout --signal=INT --kill-after=15 "$seconds" "$@" > "$logs/$name.log" 2>&1
  status=$?
  say "$(printf 'exit %-3d %4d s  %s' $status $((SECONDS - begin)) "$name")"
  [ $status -eq 0 ] || tail -5 "$logs/$name.log" | sed 's/^/    /' | tee -a "$OUT/summary.txt"
  return $status
}

# share PERCENT: so much of the training's time, in minutes.
share() { "$PYTHON" -c "print(f'{$training * $1 / 6000:.2f}')"; }

evaluate() {
  step "evaluate-$1" "$(left)" "$PYTHON" -m list_fast evaluate --weights "$2" --data $data --split val --limit "$VIEWS" \
    --no-mesh --device "$DEVICE" --json "$OUT/$1.json" && grep '^| mean' "$logs/evaluate-$1.log" | sed 's/^/    /' | tee -a "$OUT/summary.txt"
}

# Drawing needs an OpenGL context: packages that gpu_wheels.sh brought, where the machine lacks them.
if compgen -G '.wheels/*.deb' > /dev/null && ! ldconfig -p | grep -q libEGL; then
  for package in .wheels/*.deb; do dpkg -x "$package" /; done
  ldconfig
fi
if [ "$DEVICE" = cuda ]; then benchmarks/gpu_check.sh build || exit 1; fi

# Half of the time at most; what is not made then the next call makes.
step data $(($(left) / 2)) "$PYTHON" -m list_fast data make $data --shapes-per-class "$SHAPES" --views 3 --style mixed \
  --seed "$SEED" --splits train,val --workers "$("$PYTHON" -c 'import os; print(os.cpu_count())')" ||
  { say "no whole data set yet: call again"; exit 1; }

options=(train "$CONFIG" --data $data --out "$run" --device "$DEVICE")
if [ -e "$run/state.safetensors" ]; then
  options+=(--resume)
else
  if [ "$CONFIG" = refine ]; then evaluate before "$INIT"; fi
  training=$(($(left) - 120))  # features before the steps, a surface level and an evaluation behind them
  if [ "$CONFIG" = refine ]; then
    options+=(--init "$INIT" --begin coarse --set "coarse.minutes=$(share 30)" --set "camera.minutes=$(share 8)"
      --set "sdf.minutes=$(share 62)")
  else
    options+=(--minutes-stage1 "$(share 45)" --minutes-stage2 "$(share 55)")
  fi
fi
if [ "$DEVICE" = cuda ]; then options+=(--set coarse.batch=64 --set sdf.batch=64); fi
step train $(($(left) - 25)) "$PYTHON" -m list_fast "${options[@]}" "$@" || exit 1
evaluate after "$run/$CONFIG.safetensors"
say "results: $OUT"
