"""What Keras saves by a registered name is found again in a new process."""

import ast
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import rnnzoo
from rnnzoo import layers
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError

ROOT = Path(__file__).parents[2]

NEW_PROCESS = """
import sys
import keras
from rnnzoo import layers

assert "rnnzoo.text.generator" not in sys.modules
network = keras.models.load_model("network.keras")
print(network.count_params(), network.compiled)

import rnnzoo

rnnzoo.register()
print(keras.models.load_model("task.keras").generate("ab", length=3, seed=1))
print(sorted(keras.saving.get_custom_objects()))
"""


def registered_names(folder):
    """The names below which the modules of a folder register classes with Keras."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for decorator in getattr(node, "decorator_list", []):
                if "register_keras_serializable" in ast.unparse(decorator):
                    keywords = {k.arg: k.value.value for k in decorator.keywords}
                    names.add(f"rnnzoo>{keywords.get('name', node.name)}")
    return names


@pytest.fixture(scope="module")
def network():
    """A compiled network of a user's with layers, a penalty and a loss of this package."""
    model = keras.Sequential(
        [
            keras.Input((5, 3)),
            layers.NEMLSTM(4, return_sequences=True, noise_std=0.1),
            layers.NEMGRU(3, return_sequences=True),
            layers.SVDSimpleRNN(3, interval_weight=0.1, return_sequences=True),
            layers.EchoState(4),
            keras.layers.Dense(2),
        ]
    )
    model.compile("adam", layers.NEMMeanSquaredError())
    return model


@pytest.mark.slow
def test_a_new_process_loads_what_another_saved(network, tiny, tmp_path):
    network.save(tmp_path / "network.keras")
    tiny.save(tmp_path / "task.keras")
    done = subprocess.run(
        [sys.executable, "-c", NEW_PROCESS], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    of_network, text, names = done.stdout.splitlines()
    assert of_network == f"{network.count_params()} True"
    assert text == tiny.generate("ab", length=3, seed=1)
    classes = registered_names("layers") | registered_names("zoo")
    assert {"rnnzoo>NEMLSTM", "rnnzoo>PerPlace", "rnnzoo>Forecaster"} <= classes
    assert classes - set(ast.literal_eval(names)) == set()


def test_every_class_that_a_layer_saves_is_imported_with_the_package():
    """The modules are listed by hand: `SAVED` has all of them."""
    modules = {
        ".".join(path.relative_to(ROOT / "layers").with_suffix("").parts)
        for path in (ROOT / "layers").rglob("*.py")
        if "register_keras_serializable" in path.read_text(encoding="utf-8")
    }
    assert set(layers.SAVED) == modules


def test_load_reads_keras_files(network, tiny, tmp_path):
    network.save(tmp_path / "network.keras")
    x = np.ones((2, 5, 3), "float32")
    loaded = rnnzoo.load(str(tmp_path / "network.keras"))
    np.testing.assert_allclose(loaded(x), network(x), atol=1e-6)
    assert isinstance(loaded.loss, layers.NEMMeanSquaredError)
    assert not tiny.compiled
    tiny.save(tmp_path / "task.keras")
    task = rnnzoo.load(tmp_path / "task.keras")
    assert task.compiled
    assert task.generate("ab", length=3, seed=1) == tiny.generate("ab", length=3, seed=1)


@keras.saving.register_keras_serializable("tests")
class Twice(keras.layers.Layer):
    def call(self, x):
        return 2 * x


def test_a_file_that_cannot_be_loaded_is_one_line(tmp_path, capsys, monkeypatch):
    with pytest.raises(InputError, match=r"mine.h5 is no .keras file: give one that `model.save`"):
        rnnzoo.load(tmp_path / "mine.h5")
    with pytest.raises(InputError, match=r"mine.keras is no file: give one that `model.save`"):
        rnnzoo.load("mine.keras")
    (tmp_path / "text.keras").write_text("no model")
    with pytest.raises(InputError, match=r"text.keras cannot be loaded: ") as problem:
        rnnzoo.load(tmp_path / "text.keras")
    assert "\n" not in str(problem.value) and len(str(problem.value)) < 500
    path = tmp_path / "twice.keras"
    keras.Sequential([keras.Input((3,)), Twice()]).save(path)
    monkeypatch.delitem(keras.saving.get_custom_objects(), "tests>Twice")
    message = "Keras does not know the class 'Twice': import the module that registers it first$"
    with pytest.raises(InputError, match=message):
        rnnzoo.load(path)
    assert main(["generate", str(path)]) == 2
    assert "is a file, and no name of a model: `rnnzoo.load` reads it" in capsys.readouterr().err
