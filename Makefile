# Two commands: `make demo` runs the main job on real input, `make test` proves the project.
# Both set up what they need, in a virtual environment of their own, and are quick the second time.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Three workers keep two cores busy: each waits now and then, for a process, a browser or a clock. A file
# at a time: its tests share warm servers. Slow files, those of tests/real, come first, and quick ones fill
# what is left at the end; so no order by number of tests. One thread each for NumPy's BLAS.
WORKERS ?= 3
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
# Hundreds of processes import this package: it is compiled once, where the environment says never.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-course test setup setup-all lint unit real bench docs clean

demo: setup-all
	$(BIN)/python -m tools.demo

# All exercises, a class of thirty each, with the time that each takes.
demo-course: setup-all
	$(BIN)/python -m tools.demo --all --class 30

# What outside programs the tests need is installed meanwhile: that waits for a network. And the guest in
# WebAssembly is compiled, once on a machine, from when it is there.
test:
	@tools/test_needs.sh & needs=$$!; $(MAKE) --no-print-directory setup-all && { \
	    $(BIN)/gradeflow doctor --cage webassembly </dev/null >/dev/null 2>&1 & \
	    $(MAKE) --no-print-directory lint; }; \
	  done=$$?; wait $$needs; exit $$done
	$(BIN)/python -m pytest -q $(PARALLEL) tests

setup:
	@tools/setup.sh "$(PYTHON)" "$(VENV)" dev

# The frameworks too: some tests train in the cage for real.
setup-all:
	@tools/setup.sh "$(PYTHON)" "$(VENV)" dev,torch,tensorflow

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: setup
	$(BIN)/python -m pytest -q tests/unit

real: setup
	@tools/test_needs.sh
	$(BIN)/python -m pytest -q tests/real

bench: setup
	$(BIN)/python -m benchmarks.throughput

# The documentation as a site, build/site/index.html; a warning is an error.
docs: setup
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/site

clean:
	rm -rf $(VENV) build
