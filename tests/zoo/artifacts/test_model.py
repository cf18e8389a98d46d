"""The model of an artifact: whole and safe, or refused, even under right hashes."""

import io
import json
import os
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import rnnzoo
from rnnzoo import artifacts
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.artifacts.keras_archive import read_archive
from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.artifacts.model import describe, load_model, read_model, write_model
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.export.artifact import push
from rnnzoo.pipelines.export.saved_model import export_saved_model


def alter(folder, change):
    """Rewrites `model.json` by a function that changes its dict, under right hashes."""
    path = folder / "model.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    change(description)
    path.write_text(json.dumps(description), encoding="utf-8")
    write_manifest(folder)


def archived(model, path):
    model.save(path)
    return read_archive(path)


def refused(match):
    """The same line from `load` and `verify`."""
    for use in (rnnzoo.load, rnnzoo.verify):
        with pytest.raises(InputError, match=match) as problem:
            use("sonnets-lstm")
        assert "\n" not in str(problem.value)


def test_each_weight_is_stored_once_and_named_as_keras_does(copy, tmp_path):
    model = load_model(copy)
    expected = archived(model, tmp_path / "m.keras")
    described = read_model(copy)
    assert described.config == expected.config
    assert described.keras_version == keras.__version__
    assert described.weights.keys() == expected.weights.keys()
    for name, array in expected.weights.items():
        assert described.weights[name].dtype == array.dtype
        np.testing.assert_array_equal(described.weights[name], array)
    keys = json.loads((copy / "model.json").read_text(encoding="utf-8"))["weights"].values()
    assert len(set(keys)) == len(model.weights)
    assert not [name for name in artifacts.files(copy) if name.endswith((".keras", ".h5"))]


def test_weights_of_equal_content_and_of_no_dimension_survive(tmp_path):
    """Calibration and normalization have scalars that do not train; new biases are all zeros."""
    model = keras.Sequential([
        keras.Input((3,)), keras.layers.Normalization(mean=0.5, variance=2.0),
        keras.layers.Normalization(axis=None), keras.layers.Dense(3), keras.layers.Dense(3),
    ])  # fmt: skip
    model.layers[1].adapt(np.arange(6.0).reshape(2, 3))
    module = tf.Module()
    module.weights = [weight.value for weight in model.weights]
    tf.saved_model.save(module, tmp_path)
    write_model(model, tmp_path)
    for weight, expected in zip(load_model(tmp_path).weights, model.weights, strict=True):
        assert weight.dtype == expected.dtype
        np.testing.assert_array_equal(weight, expected)


def test_a_model_whose_export_lacks_a_weight_is_not_described(copy, tmp_path):
    model = load_model(copy)
    archive = archived(model, tmp_path / "m.keras")
    archive.weights["layers/dense/vars/1"] += 1
    with pytest.raises(ValueError, match="lacks the weight layers/dense/vars/1"):
        describe(archive, copy)


def test_other_weights_have_another_digest(copy):
    model = load_model(copy)
    model.readout.bias.assign_add(np.ones(len(model.vocabulary)) * 1e-6)
    export_saved_model(model, copy)
    write_manifest(copy)
    with pytest.raises(InputError, match="content digest"):
        rnnzoo.verify("sonnets-lstm")


def test_other_configuration_has_another_digest(copy):
    alter(copy, lambda description: description["config"]["config"].update(name="other"))
    rnnzoo.load("sonnets-lstm")
    with pytest.raises(InputError, match="content digest"):
        rnnzoo.verify("sonnets-lstm")


def test_other_outputs_than_recorded_are_noticed(copy):
    golden = dict(np.load(copy / "golden.npz"))
    golden["outputs"] += 1e-3
    np.savez(copy / "golden.npz", **golden)
    card = json.loads((copy / "card.json").read_text())
    card["content_digest"] = content_digest(copy)
    (copy / "card.json").write_text(json.dumps(card))
    write_manifest(copy)
    with pytest.raises(InputError, match=r"Keras model .* differs from .* by 0\.001"):
        rnnzoo.verify("sonnets-lstm")


def test_an_export_of_other_weights_is_noticed(copy, tmp_path):
    """A graph with the weights in it, beside the right variables."""
    module = tf.Module()
    outputs = np.load(copy / "golden.npz")["outputs"] + 0.01
    module.weights = [weight.value for weight in load_model(copy).weights]
    signature = tf.function(lambda characters: {"logits": tf.constant(outputs)})
    spec = tf.TensorSpec([None, None], "int32", name="characters")
    tf.saved_model.save(module, tmp_path, {"model": signature.get_concrete_function(spec)})
    shutil.copy(tmp_path / "saved_model.pb", copy)
    shutil.copytree(tmp_path / "variables", copy / "variables", dirs_exist_ok=True)
    write_manifest(copy)
    with pytest.raises(InputError, match=r"the export .* by 0\.01"):
        rnnzoo.verify("sonnets-lstm")


@pytest.mark.parametrize(
    "text",
    ["", "{bad", "[]", "null", '{"keras_version": "3"}', "[" * 100_000,
     '{"keras_version": "3", "config": {}, "weights": ["a"]}',
     '{"keras_version": "3", "config": "text", "weights": {}}'],
)  # fmt: skip
def test_a_description_that_is_none(copy, text):
    (copy / "model.json").write_text(text)
    write_manifest(copy)
    refused(r"model\.json does not describe a model: fetch the model again$")


def test_a_description_that_is_missing(copy):
    (copy / "model.json").unlink()
    with pytest.raises(InputError, match=r"model\.json is missing"):
        read_model(copy)


def test_a_missing_an_added_and_a_wrong_entry_of_the_weights(copy, tmp_path):
    whole = (copy / "model.json").read_text(encoding="utf-8")
    key = "weights/0/.ATTRIBUTES/VARIABLE_VALUE"
    name = "layers/dense/vars/0"
    for change, match in [
        (lambda weights: weights.pop(name), "cannot be loaded safely: .* could not be loaded"),
        (lambda weights: weights.update({name: "x"}), f"{name} is 'x', which .*variables does not"),
        (lambda weights: weights.update({name: key}), "cannot be loaded safely: .*"),
        (
            lambda weights: weights.update({"more": key}),
            "not list the weights of its configuration",
        ),
        (lambda weights: weights.update({"../../outside": key}), "not list the weights of its"),
        (lambda weights: weights.update({f"{name}/x": key}), "cannot be loaded safely: "),
    ]:
        (copy / "model.json").write_text(whole, encoding="utf-8")
        alter(copy, lambda description, change=change: change(description["weights"]))
        before = sorted(tmp_path.rglob("*"))
        refused(match)
        assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["variables.index", "variables.data-00000-of-00001"])
def test_variables_that_are_damaged(copy, name):
    path = copy / "variables" / name
    whole = path.read_bytes()
    flipped = bytes([*whole[:100], whole[100] ^ 1, *whole[101:]])
    for damaged in (b"", b"no tensors", whole[: len(whole) // 2], flipped):
        path.write_bytes(damaged)
        write_manifest(copy)
        refused("variables cannot be read: fetch the model again$")
    path.unlink()
    write_manifest(copy)
    refused("variables cannot be read: fetch the model again$")


def test_code_in_a_model_is_not_run(copy, tmp_path):
    """A Lambda is refused by safe mode."""
    x = keras.Input((2,))
    model = keras.Model(x, keras.layers.Lambda(lambda v: v * 2)(x))
    config = archived(model, tmp_path / "m.keras").config
    alter(copy, lambda description: description.update(config=config, weights={}))
    refused(f"{copy} cannot be loaded safely.*[Ll]ambda")


def test_a_configuration_that_names_a_function_of_python_is_refused(copy, tmp_path):
    config = {
        "module": "os", "class_name": "system", "registered_name": "system",
        "config": {"command": f"touch {tmp_path / 'run'}"},
    }  # fmt: skip
    alter(copy, lambda description: description.update(config=config, weights={}))
    refused(f"{copy} cannot be loaded safely")
    assert not (tmp_path / "run").exists()


def test_a_model_of_another_class_is_refused(copy, tmp_path):
    config = archived(keras.Sequential([keras.layers.Dense(1)]), tmp_path / "m.keras").config
    alter(copy, lambda description: description.update(config=config, weights={}))
    refused("is a Sequential, its card says TextGenerator")


def test_there_is_no_compilation_and_no_pickle(copy):
    assert not read_model(copy).config.get("compile_config")
    for name, array in np.load(copy / "golden.npz", allow_pickle=False).items():
        assert array.dtype.kind in "if", name


def test_a_model_that_is_pushed_again_has_the_same_description_and_digest(small_model, models):
    folder, card = small_model
    golden = np.load(folder / "golden.npz")["inputs"]
    fields = {k: v for k, v in card.items() if k not in ("version", "content_digest")}
    other, _ = push(load_model(folder), {**fields, "date": "2000-01-01"}, golden, models, [])
    assert content_digest(other) == card["content_digest"]
    assert (other / "model.json").read_bytes() == (folder / "model.json").read_bytes()
    assert artifacts.sha256(other / "card.json") != artifacts.sha256(folder / "card.json")


@pytest.mark.slow
def test_it_loads_on_jax():
    script = (
        "import keras, numpy, rnnzoo, sys\n"
        "weights = rnnzoo.load('shakespeare-rnn').get_weights()\n"
        "assert keras.backend.backend() == 'jax'\n"
        "numpy.savez(sys.stdout.buffer, *weights)"
    )
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    with np.load(io.BytesIO(done.stdout), allow_pickle=False) as weights:
        for loaded, expected in zip(
            weights.values(), rnnzoo.load("shakespeare-rnn").get_weights(), strict=True
        ):
            np.testing.assert_array_equal(loaded, expected)
