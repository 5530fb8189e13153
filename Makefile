# Two commands do everything: `make run` (install, sample practice, every window) and `make test` (install, all tests).
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

.PHONY: help install run ui docs test attack lint contracts snapshot bench accuracy clean

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt uv

# pip installs torch because it honours the package folders that pip is configured with, such as one of CPU builds.
# Bytecode is compiled once here: where Python may not write it (PYTHONDONTWRITEBYTECODE, a read-only folder), every
# start would compile anew, for five seconds.
$(INSTALLED): $(VENV)/bin/uv pyproject.toml constraints.txt
	@echo "Installing into $(VENV) …"
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable ".[dev]"
	@touch $@

install: $(INSTALLED) ## .venv with everything that a run needs

run: $(INSTALLED) ## the sample practice through every window
	$(BIN)/muniment sample
	$(BIN)/muniment run

ui: $(INSTALLED) ## Dagster's web UI on the same instance
	$(BIN)/muniment ui

docs: $(INSTALLED) ## build and serve dbt docs
	$(BIN)/muniment docs

# One process more than there are processors: many tests wait for what they started.
test: $(INSTALLED_DEV) ## every test, with a bounded sample of every attack
	$(BIN)/pytest -m "not attack" --numprocesses $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist loadfile --no-loadscope-reorder

attack: $(INSTALLED_DEV) ## the long attacks: kills, mutated files, soaks
	$(BIN)/pytest -m attack --timeout 0

lint: $(INSTALLED_DEV) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

contracts: $(INSTALLED) ## everything that is generated from the contracts
	$(BIN)/python -m muniment.generated

snapshot: $(INSTALLED_DEV) ## the golden file of Dagster's definitions
	$(BIN)/python -m tests.snapshot

bench: $(INSTALLED_DEV) ## speed beside the limit of this machine
	$(BIN)/python bench/run.py
	$(BIN)/python bench/lake.py
	$(BIN)/python bench/backup.py

accuracy: $(INSTALLED_DEV) ## how right reading is, on practices and documents that no test uses
	$(BIN)/python bench/accuracy.py

clean: ## remove the state of the embedded default
	rm -rf .muniment
