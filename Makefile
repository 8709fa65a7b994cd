# SPDX-FileCopyrightText: 2026 the list_fast authors
# SPDX-License-Identifier: Apache-2.0
# `make demo` and `make test` need Python 3.11 or newer and a C++ compiler, and put everything else into $(VENV).
# Where there is no NVIDIA GPU they install a build of torch without CUDA.

PYTHON ?= python3
VENV ?= .venv
OUT ?= out
# The CPU build to try first, from the indexes that pip is configured with; where they have none, uv knows its place.
TORCH_CPU ?= torch==2.13.0+cpu
TORCH ?= torch>=2.11
CUDA_ARCHS ?= 8.0;9.0

BIN := $(VENV)/bin
NATIVE := $(wildcard csrc/*.* csrc/*/*.*)
PIP := $(BIN)/python -m pip --disable-pip-version-check
# With the environment's ninja, as pip's builds are: another release of it cannot read the log of what is compiled.
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: demo test test-slow lint format cuda sanitize instructions clean help

help:
	@echo "make demo      install into $(VENV) and turn examples/chair.png into a mesh under $(OUT)"
	@echo "make test      install into $(VENV) and run the tests"
	@echo "make test-slow run the tests that take long"
	@echo "make lint      ruff, clang-format, mypy, typos"
	@echo "make cuda      compile the CUDA library for $(CUDA_ARCHS); needs nvcc, no GPU"
	@echo "make sanitize  run the operations under the address and undefined-behaviour sanitizers"
	@echo "make instructions  count the instructions of the CPU kernels under valgrind, against those kept"
	@echo "make clean     remove $(VENV) and everything built"

demo: $(VENV)/package.stamp
	$(BIN)/list-fast reconstruct examples/chair.png -o $(OUT)

# Two threads a worker, so that the kernels' parallel paths are taken; passive, as threads that spin while they wait keep
# the other worker's from their work.
test: $(VENV)/test.stamp
	OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive $(BIN)/python -m pytest -n auto --maxprocesses 8

test-slow: $(VENV)/test.stamp
	OMP_WAIT_POLICY=passive $(BIN)/python -m pytest -m slow -n auto --maxprocesses 3 --dist worksteal

lint: $(VENV)/lint.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	git ls-files -z 'csrc/*' | xargs -0 $(BIN)/clang-format --dry-run -Werror
	$(BIN)/mypy
	$(BIN)/typos

format: $(VENV)/lint.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	git ls-files -z 'csrc/*' | xargs -0 $(BIN)/clang-format -i

# In the folder of the editable install's objects, so that the CPU library is not compiled again.
cuda: $(VENV)/test.stamp
	LIST_FAST_CUDA=1 TORCH_CUDA_ARCH_LIST="$(CUDA_ARCHS)" $(BIN)/python setup.py -q build_ext \
		--build-lib build/cuda --build-temp build/objects
	$(BIN)/python -m pytest tests/test_native_libraries.py

sanitize: $(VENV)/test.stamp
	.ci/sanitize $(BIN)/python

# CHECK= counts anew and keeps what it finds.
CHECK ?= --check
instructions: $(VENV)/package.stamp
	$(BIN)/python benchmarks/instruction_counts.py $(CHECK)

$(VENV)/torch.stamp:
	@$(PYTHON) -c 'import sys; sys.exit("list_fast needs Python 3.11 or newer: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@if nvidia-smi -L >/dev/null 2>&1 || [ "$$(uname)" = Darwin ]; then \
		set -x; $(PIP) install -q "$(TORCH)"; \
	elif $(PIP) install -q "$(TORCH_CPU)" 2>/dev/null; then \
		echo "installed $(TORCH_CPU)"; \
	else \
		echo "no index of pip's has $(TORCH_CPU): asking uv for a CPU build"; \
		$(PIP) install -q uv && $(BIN)/uv pip install -q --python $(BIN)/python --torch-backend cpu "$(TORCH)" || { \
			echo "no CPU build of torch was found; name one with make TORCH_CPU=..." >&2; exit 1; }; \
	fi
	@touch $@

$(VENV)/package.stamp: $(VENV)/torch.stamp setup.py pyproject.toml $(wildcard _build/*.py) $(NATIVE)
	$(PIP) install -q -e .
	@touch $@

# With the package installed, asking for its extras installs what they name and builds nothing again.
$(VENV)/test.stamp $(VENV)/lint.stamp: $(VENV)/%.stamp: $(VENV)/package.stamp
	$(PIP) install -q "list-fast[$*]"
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info list_fast/*.so .pytest_cache .mypy_cache .ruff_cache .hypothesis
