"""`rnnzoo compare-noise` on a model and data of a user's own."""

import json

import keras
import numpy as np
import pytest

from rnnzoo import layers
from rnnzoo.cli import main
from rnnzoo.datasets.errors import InputError
from rnnzoo.pipelines.experiments.compare_noise import comparison, read_arrays


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(48, 4, 2)).astype("float32")
    y = x[:, :, :1].sum(1)
    path = tmp_path / "data.npz"
    np.savez(path, x_train=x[:32], y_train=y[:32], x_test=x[32:], y_test=y[32:])
    return path


@pytest.fixture
def model(tmp_path):
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((4, 2)), keras.layers.GRU(3), keras.layers.Dense(1)])
    network.compile("sgd", "mse")
    network.save(tmp_path / "model.keras")
    return tmp_path / "model.keras"


def test_three_kinds_of_noise_on_the_same_start_and_a_verdict(model, data, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["compare-noise", str(model), str(data), "--out", str(out), "--json"]
    arguments += ["--seeds", "2", "--epochs", "2", "--noise-std", "0.2"]
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["settings"] == {
        "none": {"noise": "none"},
        "blind": {"noise": "blind", "noise_mode": "additive", "noise_std": 0.2},
        "nem": {"noise": "nem", "noise_mode": "additive", "noise_std": 0.2},
    }
    assert "Test loss of NEM noise of scale 0.2 against none" in found["verdict"]
    losses = {figure["arm"]: figure["by_seed"] for figure in found["figures"]["test loss"]}
    assert len({tuple(values) for values in losses.values()}) == 3  # the noise does something
    assert all(one != other for one, other in losses.values())  # and so do the seeds
    # A few updates from the same weights: the noise changes little, the seed much.
    assert abs(losses["nem"][0] - losses["none"][0]) < abs(losses["none"][0] - losses["none"][1])
    assert main(arguments) == 0
    assert "nothing left to do" in capsys.readouterr().err


def test_the_scale_is_chosen_on_the_last_fifth_of_the_training_samples(model, data):
    experiment = comparison(model, data)
    (x, y), (held, _) = experiment.load("validation")
    whole = np.load(data)["x_train"]
    assert (len(x), len(y), len(held)) == (26, 26, 6)
    np.testing.assert_array_equal(np.concatenate([x, held]), whole)
    (x, _), (held, _) = experiment.load("test")
    assert (len(x), len(held)) == (32, 16)


def test_weights_of_the_file_are_where_training_starts_if_so_asked(model, data):
    network = keras.saving.load_model(model)
    before = network.evaluate(np.load(data)["x_test"], np.load(data)["y_test"], verbose=0)
    frozen = keras.models.clone_model(network)
    frozen.set_weights(network.get_weights())
    frozen.trainable = False
    frozen.compile("sgd", "mse")
    frozen.save(model)
    experiment = comparison(model, data, epochs=1, keep_weights=True)
    found = experiment.run({"noise": "nem"}, 1, *experiment.load("test"), False)
    assert found["loss"] == pytest.approx(before, rel=1e-5)


def test_data_that_cannot_be_used_is_refused_in_a_line(tmp_path, data):
    arrays = dict(np.load(data))
    path = tmp_path / "bad.npz"
    for changed, said in (
        ({"y_test": None}, "has no y_test"),
        ({"x_train": arrays["x_train"][:3]}, "x_train has 3 samples and y_train has 32"),
        ({"x_test": arrays["x_test"] * np.nan}, "x_test has values that are not finite"),
    ):
        kept = {name: value for name, value in {**arrays, **changed}.items() if value is not None}
        np.savez(path, **kept)
        with pytest.raises(InputError, match=said):
            read_arrays(path)
    np.savez(path, **{**arrays, "x_train": np.array([{}], object)})
    with pytest.raises(InputError, match="not a readable .npz file of arrays"):
        read_arrays(path)
    path.write_text("no arrays")
    with pytest.raises(InputError, match="not a readable .npz file of arrays"):
        read_arrays(path)


def test_a_model_that_cannot_be_used_is_refused_in_a_line(tmp_path, model, data):
    with pytest.raises(InputError, match="no model at .*missing.keras: give a .keras file"):
        comparison(tmp_path / "missing.keras", data)
    path = tmp_path / "other.keras"
    path.write_text("no model")
    with pytest.raises(InputError, match="other.keras cannot be loaded"):
        comparison(path, data)
    dense = keras.Sequential([keras.Input((4, 2)), keras.layers.Dense(1)])
    dense.save(path)
    with pytest.raises(InputError, match="is not compiled: call model.compile"):
        comparison(path, data)
    dense.compile("sgd", "mse")
    dense.save(path)
    with pytest.raises(InputError, match="no LSTM or GRU layer in the model, only Dense"):
        comparison(path, data)
    assert layers.with_noise(keras.saving.load_model(model)).count_params() > 0
