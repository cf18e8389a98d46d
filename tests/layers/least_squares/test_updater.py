"""Updates in real time beside refits, and their state in a file."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import LeastSquaresUpdater, least_squares_init

pytestmark = [pytest.mark.portable, pytest.mark.once]

WINDOW, FEATURES, UNITS, OUTPUTS = 10, 3, 8, 4


def network(trainable=True, window=WINDOW):
    keras.utils.set_random_seed(1)
    memory = keras.layers.SimpleRNN(
        UNITS, return_sequences=True, stateful=True, trainable=trainable
    )
    inputs = keras.Input(batch_shape=(2, window, FEATURES))
    return keras.Sequential([inputs, memory, keras.layers.Dense(OUTPUTS, activation="tanh")])


def windows(count=6):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, 2, WINDOW, FEATURES)).astype("float32")
    return x, np.tanh(x[..., [0, 1, 2, 0]] + rng.normal(size=OUTPUTS)).astype("float32")


def same(model, expected, rtol=0, atol=0):
    for actual, two in zip(model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_allclose(actual, two, rtol=rtol, atol=atol)


def test_updates_equal_a_refit():
    x, y = windows()
    updated, refitted = network(trainable=False), network(trainable=False)
    updater = LeastSquaresUpdater(updated, step=1)
    for a, b in zip(x, y, strict=True):
        updater.update(a, b)
    least_squares_init(refitted, list(zip(x, y, strict=True)), iterations=1, step=1)
    same(updated, refitted, 1e-5, 1e-6)


def test_the_first_update_is_an_iteration():
    x, y = windows()
    updated, initialised = network(), network()
    LeastSquaresUpdater(updated).update(x[0], y[0])
    least_squares_init(initialised, [(x[0], y[0])], iterations=1)
    same(updated, initialised, 1e-6, 1e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_windows_are_a_matter_of_speed_alone():
    x, y = windows(2)
    long, short = network(trainable=False, window=2 * WINDOW), network(trainable=False)
    settings = {"forgetting": 0.9, "step": 1}
    joined = [np.concatenate(list(value), axis=1) for value in (x, y)]
    LeastSquaresUpdater(long, **settings).update(*joined)
    updater = LeastSquaresUpdater(short, **settings)
    for a, b in zip(x, y, strict=True):
        updater.update(a, b)
    same(long, short, 1e-4, 1e-5)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_what_is_forgotten_gives_way_to_what_is_new():
    x, y = windows(40)
    y[20:] *= -1
    left = {}
    for forgetting in (1.0, 0.95):
        model = network(trainable=False)
        updater = LeastSquaresUpdater(model, forgetting=forgetting, step=1)
        for a, b in zip(x, y, strict=True):
            updater.update(a, b)
        left[forgetting] = np.mean(np.square(model.predict_on_batch(x[-1]) - y[-1]))
    assert left[0.95] < 0.5 * left[1.0]


def test_a_file_brings_everything_back(tmp_path):
    x, y = windows()
    there = network()
    first = LeastSquaresUpdater(there, forgetting=0.9)
    for a, b in zip(x[:3], y[:3], strict=True):
        first.update(a, b)
    first.save(tmp_path / "updates.npz")
    size = (tmp_path / "updates.npz").stat().st_size
    here = network()
    here.set_weights(there.get_weights())
    second = LeastSquaresUpdater(here, forgetting=0.9)
    second.restore(tmp_path / "updates.npz")
    for a, b in zip(x[3:], y[3:], strict=True):
        first.update(a, b)
        second.update(a, b)
    same(here, there)
    first.save(tmp_path / "updates.npz")
    assert (tmp_path / "updates.npz").stat().st_size == size
    assert [path.name for path in tmp_path.iterdir()] == ["updates.npz"]


def test_a_bad_update_changes_nothing(tmp_path):
    x, y = windows()
    model, expected = network(), network()
    updater, reference = LeastSquaresUpdater(model), LeastSquaresUpdater(expected)
    updater.update(x[0], y[0])
    reference.update(x[0], y[0])
    with pytest.raises(ValueError, match="the targets hold nan: give finite numbers"):
        updater.update(x[1], np.full_like(y[1], np.nan))
    updater.update(x[1], y[1])
    reference.update(x[1], y[1])
    same(model, expected)


def test_what_is_refused(tmp_path):
    with pytest.raises(ValueError, match="forgetting is 1.5: give a number above 0 and up to 1"):
        LeastSquaresUpdater(network(), forgetting=1.5)
    updater = LeastSquaresUpdater(network())
    (tmp_path / "other").write_text("no")
    np.save(tmp_path / "array.npy", np.ones(3))
    updater.save(tmp_path / "whole.npz")
    (tmp_path / "half.npz").write_bytes((tmp_path / "whole.npz").read_bytes()[:300])
    for name in ("other", "array.npy", "half.npz"):
        with pytest.raises(ValueError, match=f"{name} is not a file of an updater"):
            updater.restore(tmp_path / name)
    LeastSquaresUpdater(network(trainable=False)).save(tmp_path / "readout.npz")
    with pytest.raises(ValueError, match="readout.npz has .*: this model has "):
        updater.restore(tmp_path / "readout.npz")
    with pytest.raises(FileNotFoundError):
        updater.save(tmp_path / "no" / "such.npz")


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_predictions_between_updates_change_nothing():
    x, y = windows(4)
    model, expected = network(), network()
    updater, reference = LeastSquaresUpdater(model), LeastSquaresUpdater(expected)
    for a, b in zip(x, y, strict=True):
        model.predict_on_batch(a)
        updater.update(a, b)
        reference.update(a, b)
        ahead = model.predict_on_batch(x[0])
        np.testing.assert_array_equal(ahead, expected.predict_on_batch(x[0]))
    same(model, expected)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_new_sequences_begin_at_zero():
    x, y = windows(2)
    whole, parts = network(), network()
    LeastSquaresUpdater(whole).update(x[1], y[1])
    updater = LeastSquaresUpdater(parts)
    parts.predict_on_batch(x[0])
    updater.reset()
    updater.update(x[1], y[1])
    same(whole, parts)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_stateful_layers_of_several_cells_and_within_models(tmp_path):
    x, y = windows(3)

    def nested():
        keras.utils.set_random_seed(2)
        cells = [keras.layers.GRUCell(5), keras.layers.LSTMCell(UNITS)]
        inputs = keras.Input(batch_shape=(2, WINDOW, FEATURES))
        memory = keras.layers.RNN(cells, return_sequences=True, stateful=True)
        inner = keras.Sequential([inputs, memory])
        return keras.Sequential([inputs, inner, keras.layers.Dense(OUTPUTS, activation="tanh")])

    model, expected = nested(), nested()
    first, second = LeastSquaresUpdater(model), LeastSquaresUpdater(expected)
    first.update(x[0], y[0])
    first.save(tmp_path / "updates.npz")
    expected.set_weights(model.get_weights())
    second.restore(tmp_path / "updates.npz")
    for updater in (first, second):
        updater.update(x[1], y[1])
    same(model, expected)
    second.reset()
    states = keras.tree.flatten(expected.layers[0].layers[0].states)
    assert len(states) == 3 and not any(np.any(actual.numpy()) for actual in states)
