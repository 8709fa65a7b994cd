#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
# For a GPU machine without a network: the packages that it may lack, as wheels, some 25 MB. gpu_check.sh installs them.
# Where there is apt, also what an OpenGL context needs to be found, some 300 kB, which gpu_train.sh unpacks.
# usage: [PYTHON=python3] [VERSION=3.12] benchmarks/gpu_wheels.sh [folder, by default .wheels]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-.wheels}
mkdir -p "$folder"
# What comes with torch's own images is left out, and vtk for its size. Without dependencies: name each here.
"${PYTHON:-python3}" -m pip download -q --no-deps --only-binary=:all: --python-version "${VERSION:-3.12}" \
  --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 -d "$folder" \
  braceexpand fast-simplification glcontext libigl manifold3d moderngl PyMCubes safetensors trimesh webdataset
if command -v apt-get > /dev/null; then
  (cd "$folder" && apt-get -q download libegl1 libglvnd0 libopengl0 libgl1 libglx0 libgles2)
fi
du -sh "$folder"
