# `make demo` and `make test` need Python 3.11 and the package index, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# In two processes; the blocks of a page and the tests of a file stay in one. A process that crashed
# is not replaced: the run would fail anyway, and with one more crash never end.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

.PHONY: demo test test-slow test-backends test-tfx lint clean

demo: .venv/installed
	$(BIN)/python -m rnnzoo.pipelines.demo

# JAX compiles each small test anew, so its second pass repeats only what depends on the backend: the
# equations, losses, penalties, noise and normal equations. Tests marked `once` are left out: NEMModel,
# conversion, exports, inspection, half precision, echo states and TensorFlow's fused paths ask nothing
# of a backend that training does not; `make test-backends` repeats them all.
test: .venv/installed-test
	$(BIN)/ruff check .
	$(PYTEST) -m "not slow"
	JAX_DISABLE_MOST_OPTIMIZATIONS=1 KERAS_BACKEND=jax $(PYTEST) -m "portable and not once" tests/layers

# What trains or installs for long, and every example of the guides.
test-slow: .venv/installed-test
	$(PYTEST) -m slow

# Torch is large, and lives in an environment of its own.
test-backends: .venv-torch/installed .venv/installed-test
	JAX_DISABLE_MOST_OPTIMIZATIONS=1 KERAS_BACKEND=jax $(PYTEST) -m portable tests/layers
	KERAS_BACKEND=torch .venv-torch/bin/pytest --noconftest -m portable tests/layers

# The engine of TFX, here where glibc suffices, else in the root that RNNZOO_TFX_ROOT names.
test-tfx:
	PYTHON='$(PYTHON)' sh tests/test_tfx.sh

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The stamps are written last, so an interrupted installation is done again.
.venv/installed: setup.py pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "rnnzoo needs Python 3.11 or later; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check --no-compile -q -e .
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/pip install --disable-pip-version-check --no-compile -q -e '.[test]'
	@touch $@

.venv-torch/installed: setup.py pyproject.toml
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/pip install --disable-pip-version-check --no-compile -q 'keras>=3.15,<4' torch scipy platformdirs tqdm tensorboard pytest
	.venv-torch/bin/pip install --disable-pip-version-check --no-compile -q --no-deps -e .
	@touch $@

clean:
	rm -rf .venv .venv-torch .venv-tfx build *.egg-info
