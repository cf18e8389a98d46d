"""Commands on other Keras backends than TensorFlow."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

import rnnzoo
from rnnzoo.datasets.char_text.char_text_dataset_builder import FOLDER


def run(backend, *arguments):
    """The command `rnnzoo` in a process with that backend."""
    variables = {"KERAS_BACKEND": backend, "JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "rnnzoo", *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )


def test_a_backend_that_is_not_installed_is_named_in_one_line():
    if importlib.util.find_spec("torch"):
        pytest.skip("torch is installed")
    done = run("torch", "verify", "usdinr-gru")
    assert done.returncode == 2
    assert done.stderr == (
        "rnnzoo: error: Keras cannot be imported with KERAS_BACKEND=torch: No module named "
        "'torch'; install what is missing, or set KERAS_BACKEND=tensorflow\n"
    )


@pytest.mark.slow
def test_fine_tuning_on_jax_exports_on_tensorflow(models, tmp_path):
    text = tmp_path / "my.txt"
    text.write_text((FOLDER / "sonnets.txt").read_text("utf-8")[:600], "utf-8")
    options = ["--data", str(text), "--name", "mine", "--epochs", "1", "--json"]
    done = run("jax", "finetune", "shakespeare-rnn", *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["path"] == str(models / "mine/1")
    report = rnnzoo.verify("mine")
    assert report["golden_difference"] < 1e-4 and report["served_difference"] < 1e-4
