# `make demo` and `make test` need Python 3.11 and the package index, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# In two processes; the blocks of a page and the tests of a file stay in one.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# Files of portable tests that `make test` does not repeat on JAX; single ones are marked `once`.
NEM := tests/layers/nem
BACKENDS_ONLY := $(addprefix $(NEM)/test_,nem_model.py noise_inspection.py conversion.py nem_exports.py \
	nem_monitor.py nem_precision.py fused_paths.py) $(addprefix tests/layers/jacobian/test_,activation_derivatives.py \
	jacobian_monitor.py spectrum.py odd_batches.py svd_simple_rnn.py) tests/layers/echo_state \
	$(addprefix tests/layers/least_squares/test_,init.py updater.py) \
	$(addprefix tests/layers/test_,pixelwise_rnn.py made_while_traced.py real_time.py) \
	tests/layers/callbacks/test_epoch_seeds.py

.PHONY: demo test test-backends lint clean

demo: .venv/installed
	$(BIN)/python -m rnnzoo.pipelines.demo

# JAX compiles each small test anew, and spends longer on optimizing it than on running it. NEMModel
# is left to test-backends: what it does beside Keras's loop, the losses, is repeated here. So is what
# looks into layers, converts or exports them, which asks nothing of a backend that training does not,
# and half precision, which on a CPU is for correctness only; what layers share beside their equations,
# and the faster paths of TensorFlow's; and SVDSimpleRNN but for its penalty, echo states, and least
# squares but for the normal equations; and edges of what is computed, such as singular values of 0.
test: .venv/installed-test
	$(BIN)/ruff check .
	$(PYTEST)
	JAX_DISABLE_MOST_OPTIMIZATIONS=1 KERAS_BACKEND=jax $(PYTEST) -m "portable and not once" tests/layers $(addprefix --ignore=,$(BACKENDS_ONLY))

# Torch is large, and lives in an environment of its own.
test-backends: .venv-torch/installed .venv/installed-test
	JAX_DISABLE_MOST_OPTIMIZATIONS=1 KERAS_BACKEND=jax $(PYTEST) -m portable tests/layers
	KERAS_BACKEND=torch .venv-torch/bin/pytest --noconftest -m portable tests/layers

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
	rm -rf .venv .venv-torch build *.egg-info
