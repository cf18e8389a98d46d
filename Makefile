# `make demo` and `make test` need Python 3.11 and the package index, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test lint clean

demo: .venv/installed
	$(BIN)/python -m rnnzoo.pipelines.demo

test: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/pytest

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The stamps are written last, so an interrupted installation is done again.
.venv/installed: setup.py pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "rnnzoo needs Python 3.11 or later; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check -q -e .
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/pip install --disable-pip-version-check -q -e '.[test]'
	@touch $@

clean:
	rm -rf .venv build *.egg-info
