# `make` alone prints the targets. Everything a target needs, it sets up itself.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:  ## print the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY)  ## make .venv from requirements.lock

lint: $(READY)  ## ruff, mypy, import-linter, and crds/ in step with the models
	$(BIN)/ruff check operator tests
	$(BIN)/ruff format --check operator tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m prepaid.api.crd --check crds

crds: $(READY)  ## write crds/ from the models
	$(BIN)/python -m prepaid.api.crd crds

unit: $(READY)  ## the tests that need no cluster
	$(BIN)/pytest tests/unit

test: lint $(READY)  ## lint and all tests, on control planes of their own
	@echo 'The tests run in three parts at once; what each has to say is printed when it ends.'
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target test-shared test-apart test-thought

test-shared: $(READY)  # on one control plane, beside each other
	$(BIN)/pytest tests -m shared

test-apart: $(READY)  # on planes of their own
	$(BIN)/pytest tests/cluster -m 'not shared'

test-thought: $(READY)  # on none: nice, because only the others wait for something
	nice $(BIN)/pytest tests --ignore=tests/cluster -m 'not shared'

simulate: $(READY)  ## live through random histories in memory (HISTORIES=10000 of them, or SEED=7 with its trace)
	@PYTHONPATH=tests $(BIN)/python -m simulation

matrix: $(READY)  ## print who may do what, and write it into SECURITY.md
	@PYTHONPATH=tests $(BIN)/python -m cluster.matrix

bench: $(READY)  ## measure storms, restarts and idleness beside their floors (N=200 CASES=storm,counts)
	@PYTHONPATH=tests $(BIN)/python -m bench

bench-long: $(READY)  ## the same with N=5000 and an idle hour
	@LONG=1 PYTHONPATH=tests $(BIN)/python -m bench

demo: $(READY)  ## watch instances live, expire, be recovered and be erased (KEEP=1 leaves the cluster up)
	$(BIN)/prepaid demo

lock: $(READY)  ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

.PHONY: help setup lint crds unit test test-shared test-apart test-thought simulate matrix bench bench-long demo lock
.DEFAULT_GOAL := help
