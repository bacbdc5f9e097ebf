# Two commands for a newcomer: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.locked
WORKERS := -n logical --maxprocesses 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help setup run tour test lint check bench intake right docs lock format clean

help:  ## say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(STAMP)  ## a .venv at the root with leadwell and everything it needs, as locked
$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: setup  ## Leadwell with a demo clinic at http://127.0.0.1:8000
	@$(BIN)/leadwell up --demo

tour: setup  ## assess the sample leads of the example playbook and explain three of them
	@$(BIN)/leadwell tour

test: setup  ## all tests; says what was left out and how to get it
	@$(BIN)/python tests/left_out.py $(TEST_FLAGS)
	@$(BIN)/python -m pytest $(WORKERS) $(PYTEST_ARGS)
	@$(BIN)/python tests/on_postgresql.py

lint: setup  ## format, lint, strict types, import directions
	@$(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/python -m django makemigrations --check --dry-run --settings leadwell.server.testing
	@$(BIN)/lint-imports

check: lint  ## what must hold before a commit, in about a minute
	@$(BIN)/python -m pytest -q $(WORKERS) -m "not slow and not data"

format: setup  ## put the code in its shape
	@$(BIN)/ruff format src tests benchmarks
	@$(BIN)/ruff check --fix src tests benchmarks

bench: setup  ## speed and memory, as ratios to a floor measured in the same run
	@$(BIN)/python -m benchmarks

intake: setup  ## the server under load and harm: nothing is lost, and how quick it is (half an hour)
	@$(BIN)/python -m benchmarks.intake lost
	@$(BIN)/python -m benchmarks.intake rates

right: setup  ## how right the engine is, on public data nobody here wrote (in ../shared/data)
	@$(BIN)/python -m benchmarks.right

docs: setup  ## the documentation as pages in docs/_build/html
	@$(BIN)/python -m sphinx -q -W -b html docs docs/_build/html

lock:  ## renew requirements.lock from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --no-annotate --quiet --output-file requirements.lock

clean:  ## remove everything that was made here
	@rm -rf .venv build docs/_build .mypy_cache .ruff_cache .pytest_cache
