# Two commands: `make demo` runs the main job on real input, `make test` proves the project.
# Both set up what they need, in a virtual environment of their own, and are quick the second time.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test setup setup-all lint unit real bench clean

demo: setup
	$(BIN)/python -m tools.demo

test: setup-all lint
	@tools/test_needs.sh
	$(BIN)/python -m pytest -q tests

setup:
	@tools/setup.sh "$(PYTHON)" "$(VENV)" dev

# The frameworks too: some tests train in the cage for real.
setup-all: setup
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

clean:
	rm -rf $(VENV) build
