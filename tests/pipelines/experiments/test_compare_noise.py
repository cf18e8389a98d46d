"""`rnnzoo compare-noise` on a model and data of a user's own."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from rnnzoo import layers
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.compare_noise.comparison import comparison
from rnnzoo.pipelines.experiments.compare_noise.user_data import read_arrays
from rnnzoo.pipelines.experiments.compare_noise.verdict import verdict
from rnnzoo.pipelines.experiments.harness.run import reproduce


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
    # Without graphs: a training of a few batches is not worth tracing one.
    network.compile("sgd", "mse", run_eagerly=True)
    network.save(tmp_path / "model.keras")
    return tmp_path / "model.keras"


@pytest.mark.slow
def test_three_kinds_of_noise_on_the_same_start_and_a_verdict(model, data, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["compare-noise", str(model), str(data), "--out", str(out), "--json"]
    arguments += ["--seeds", "2", "--epochs", "2", "--noise-std", "0.2"]
    assert main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["settings"] == {
        "none": {"noise": "none"},
        "blind": {"noise": "blind", "noise_mode": "additive", "noise_std": 0.2},
        "nem": {"noise": "nem", "noise_mode": "additive", "noise_std": 0.2},
    }
    assert "Test loss of NEM noise of scale 0.2 against none" in report["verdict"]
    losses = {figure["arm"]: figure["by_seed"] for figure in report["figures"]["test loss"]}
    assert len({tuple(values) for values in losses.values()}) == 3  # the noise does something
    assert all(first != second for first, second in losses.values())  # and so do the seeds
    # A few updates from the same weights: the noise changes little, the seed much.
    assert abs(losses["nem"][0] - losses["none"][0]) < abs(losses["none"][0] - losses["none"][1])
    assert main(arguments) == 0
    assert "nothing left to do" in capsys.readouterr().err


@pytest.mark.slow
def test_the_models_own_accuracy_decides_and_nothing_is_written_here(
    data, tmp_path, capsys, monkeypatch, recwarn
):
    arrays = dict(np.load(data))
    for part in ("train", "test"):
        arrays[f"y_{part}"] = (arrays[f"y_{part}"] > 0).astype("float32")
    np.savez(data, **arrays)
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((4, 2)), keras.layers.GRU(3)])
    network.add(keras.layers.Dense(1, "sigmoid"))
    network.compile("adam", "binary_crossentropy", metrics=["accuracy"], run_eagerly=True)
    network.fit(arrays["x_train"], arrays["y_train"], verbose=0)  # the optimizer has a state now
    network.save(tmp_path / "model.keras")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    recwarn.clear()
    arguments = ["compare-noise", str(tmp_path / "model.keras"), str(data)]
    assert main([*arguments, "--seeds", "2", "--epochs", "2", "--noise-std", "0.2"]) == 0
    assert not [str(warning.message) for warning in recwarn if warning.category is UserWarning]
    assert not list(here.iterdir())
    *figures, summary, page = capsys.readouterr().out.splitlines()
    names = ["test accuracy", "test accuracy at the best epoch", "test loss"]
    names += ["test loss at the best epoch", "epochs to the noiseless end value"]
    assert [line.split(":")[0] for line in figures] == names
    assert summary.startswith("Test accuracy of NEM noise of scale 0.2 against none: ")
    assert " after the last epoch, " in summary
    assert " Test loss of NEM noise of scale 0.2 against none: " in summary
    folder = page.removeprefix("the page is ")
    assert folder.startswith(str(tmp_path / "cache/experiments/compare-noise-"))
    values = {
        line.split(": none ")[0]: float(line.split(": none ")[1].split()[0]) for line in figures
    }
    assert values["test accuracy at the best epoch"] >= values["test accuracy"]
    assert values["test loss at the best epoch"] <= values["test loss"]


def test_the_scale_is_chosen_on_the_last_fifth_of_the_training_samples(model, data):
    experiment = comparison(model, data)
    (x, y), (held, _) = experiment.load("validation")
    whole = np.load(data)["x_train"]
    assert (len(x), len(y), len(held)) == (26, 26, 6)
    np.testing.assert_array_equal(np.concatenate([x, held]), whole)
    (x, _), (held, _) = experiment.load("test")
    assert (len(x), len(held)) == (32, 16)


def test_training_starts_from_the_weights_of_the_file_if_asked(model, data):
    network = keras.saving.load_model(model)
    before = network.evaluate(np.load(data)["x_test"], np.load(data)["y_test"], verbose=0)
    frozen = keras.models.clone_model(network)
    frozen.set_weights(network.get_weights())
    frozen.trainable = False
    frozen.compile("sgd", "mse")
    frozen.save(model)
    experiment = comparison(model, data, epochs=1, keep_weights=True)
    results = experiment.run({"noise": "nem"}, 1, *experiment.load("test"), False)
    assert results["loss"] == pytest.approx(before, rel=1e-5)


def test_data_that_cannot_be_used_is_refused_in_a_line(tmp_path, data):
    arrays = dict(np.load(data))
    path = tmp_path / "bad.npz"
    for changed, message in (
        ({"y_test": None}, "has no y_test"),
        ({"x_train": arrays["x_train"][:3]}, "x_train has 3 samples and y_train has 32"),
        ({"x_test": arrays["x_test"] * np.nan}, "x_test has values that are not finite"),
        ({"y_test": np.float32(1)}, r"y_test is of type float32 and shape \(\), give numbers"),
        ({"y_test": np.array(["a"] * 16)}, "y_test is of type <U1 and shape"),
        ({"x_validation": arrays["x_test"]}, "has x_validation alone: give both"),
        ({"x_train": arrays["x_train"][:1], "y_train": arrays["y_train"][:1]}, "has 1 samples"),
    ):
        content = {k: value for k, value in {**arrays, **changed}.items() if value is not None}
        np.savez(path, **content)
        with pytest.raises(InputError, match=message):
            read_arrays(path)
    np.savez(path, **{**arrays, "x_train": np.array([{}], object)})
    with pytest.raises(InputError, match="not a readable .npz file of arrays"):
        read_arrays(path)
    whole = data.read_bytes()
    for content in (b"no arrays", b"", whole[:500]):
        path.write_bytes(content)
        with pytest.raises(InputError, match="not a readable .npz file of arrays"):
            read_arrays(path)
    np.save(tmp_path / "bad.npy", arrays["x_test"])
    with pytest.raises(InputError, match="not a readable .npz file of arrays"):
        read_arrays(tmp_path / "bad.npy")


def test_a_model_that_cannot_be_used_is_refused_in_a_line(tmp_path, model, data):
    with pytest.raises(InputError, match="missing.keras does not exist: give a .keras file"):
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


def test_data_that_do_not_fit_the_model_are_refused_before_anything_is_made(tmp_path, model, data):
    arrays = dict(np.load(data))
    np.savez(tmp_path / "other.npz", **{**arrays, "x_test": arrays["x_test"][:, :, :1]})
    message = r"the model cannot be evaluated on x_test \(16, 4, 1\) and y_test \(16, 1\)"
    with pytest.raises(InputError, match=message):
        comparison(model, tmp_path / "other.npz")


@keras.saving.register_keras_serializable("tests")
class Doubled(keras.layers.Layer):
    """A layer of a user's own."""

    def call(self, inputs):
        """Twice the inputs."""
        return 2 * inputs


def test_a_class_that_is_not_known_is_named(tmp_path, data):
    network = keras.Sequential([keras.Input((4, 2)), Doubled(), keras.layers.GRU(1)])
    network.compile("sgd", "mse")
    network.save(tmp_path / "own.keras")
    known = keras.saving.get_custom_objects()
    saved = dict(known)
    known.clear()
    try:
        with pytest.raises(InputError, match="own.keras cannot be loaded: .*Doubled"):
            comparison(tmp_path / "own.keras", data)
    finally:
        known.update(saved)


def test_what_is_not_trained_stays_that_of_the_file(tmp_path, data):
    """With an adapted normalization, and weights drawn anew that are never moved."""
    x = np.load(data)["x_train"]
    norm, frozen = keras.layers.Normalization(), keras.layers.Dense(2, trainable=False)
    norm.adapt(10 * x + 5)
    network = keras.Sequential([keras.Input((4, 2)), norm, frozen, keras.layers.GRU(3)])
    network.add(keras.layers.Dense(1))
    network.compile(keras.optimizers.SGD(0.0), "mse")
    network.save(tmp_path / "norm.keras")
    losses = []
    for keep in (True, False):
        experiment = comparison(tmp_path / "norm.keras", data, epochs=1, keep_weights=keep)
        results = experiment.run({"noise": "none"}, 1, *experiment.load("test"), False)
        losses.append(results["loss"])
    arrays = np.load(data)
    expected = network.evaluate(arrays["x_test"], arrays["y_test"], verbose=0)
    assert losses[0] == pytest.approx(expected, rel=1e-5)
    assert losses[1] != pytest.approx(expected, rel=1e-3)


@pytest.mark.slow
def test_the_verdict_names_the_arms_that_diverged(model, data, tmp_path):
    experiment = comparison(model, data)

    def verdict_on(losses, out):
        def run(settings, seed, *rest):
            loss = losses(settings["noise"], seed)
            return {"loss": loss, "held_out_loss": [1.0, loss]}

        return verdict(reproduce(dataclasses.replace(experiment, run=run), tmp_path / out))

    def helps(noise, seed):
        return {"none": 1.0, "blind": 0.9, "nem": 0.7}[noise] + 0.01 * (seed % 3) * (noise == "nem")

    assert "It helps here" in verdict_on(helps, "a")

    def diverges(noise, seed):
        return float("nan") if noise == "nem" and seed == 1 else helps(noise, seed)

    text = verdict_on(diverges, "b")
    assert "With nem noise the loss diverged in 1 of 5 seeds. That is no help" in text
    assert "It helps" not in text


def test_the_page_has_the_whole_command(model, data):
    experiment = comparison(model, data, scales=(0.2,), seeds=3, epochs=4, keep_weights=True)
    assert experiment.command.endswith(
        "--noise-std 0.2 --noise-mode additive --seeds 3 --epochs 4 --batch-size 32 --keep-weights"
    )
