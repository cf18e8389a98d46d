"""What `noise_statistics` measures, and that it leaves a training alone."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import (
    NEMGRU,
    NEMLSTM,
    NEMCategoricalCrossentropy,
    NEMMeanSquaredError,
    NEMModel,
    NoiseSchedule,
)
from rnnzoo.layers.nem.inspection import noise_statistics

pytestmark = [pytest.mark.portable, pytest.mark.once]

LOGIT = np.array([4.0, -1.0, 0.5])
GATE = 1 / (1 + np.exp(-LOGIT))
STEPS = 5


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def standing(layer, count=4):
    """A model whose gates, `count` parts of the bias, are GATE in every sample and step."""
    model = keras.Sequential([keras.Input((STEPS, 2)), layer])
    weights = [np.zeros(w.shape) for w in layer.get_weights()]
    weights[-1] = np.tile(LOGIT, count).reshape(weights[-1].shape)
    layer.set_weights(weights)
    return model


def test_the_gates_of_an_lstm_beside_theory():
    """Half is accepted; its gain is |n . u| |logit|, the mean of a half normal variable."""
    layer = NEMLSTM(3, noise_std=0.2, noise_gates=["input", "output"], name="first")
    result = noise_statistics(standing(layer), np.zeros((400, STEPS, 2)))
    assert list(result) == ["first"]
    assert list(result["first"]) == ["input", "output"]
    vectors = 400 * STEPS
    for measured in result["first"].values():
        assert measured.acceptance == pytest.approx(0.5, abs=4.5 * 0.5 / vectors**0.5)
        size = 0.2 * np.linalg.norm(LOGIT)
        expected = size * np.sqrt(2 / np.pi)
        assert measured.gain == pytest.approx(expected, abs=4.5 * size / (vectors / 2) ** 0.5)
        assert measured.scale == 0.2
        assert measured.activation.shape == (vectors, 3)
        np.testing.assert_allclose(measured.activation[7], GATE, rtol=1e-5)
        assert measured.saturation == pytest.approx(1 / 3)  # 0.98 is within 0.05 of 1


def test_the_update_gate_of_a_gru_is_that_of_the_source():
    layer = NEMGRU(3, noise_std=0.2, noise_gates=["update"], reset_after=False)
    measured = noise_statistics(standing(layer, 3), np.zeros((4, STEPS, 2)))[layer.name]["update"]
    np.testing.assert_allclose(measured.activation[0], 1 - GATE, rtol=1e-5)


def test_steps_that_are_masked_do_not_count():
    layer = NEMLSTM(3)
    inputs = keras.Input((STEPS, 2))
    model = keras.Model(inputs, layer(keras.layers.Masking()(inputs)))
    x = numbers(6, STEPS, 2)
    x[2, 3:] = x[4] = 0
    measured = noise_statistics(model, x)[layer.name]["forget"]
    assert len(measured.activation) == 6 * STEPS - 2 - STEPS


def test_the_activations_are_those_of_the_clean_states():
    """Of the second step too: with tiny noise, they are those of a stock layer."""
    layer = NEMLSTM(3, noise_std=1e-6, go_backwards=True)
    model = keras.Sequential([keras.Input((2, 2)), layer])
    layer.set_weights([numbers(*w.shape, seed=i) for i, w in enumerate(layer.get_weights())])
    x = numbers(1, 2, 2, seed=7)
    kernel, recurrent, bias = layer.get_weights()
    h, c, expected = np.zeros(3), np.zeros(3), []
    for step in (1, 0):
        i, f, z, o = np.split(x[0, step] @ kernel + h @ recurrent + bias, 4)
        i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
        c = f * c + i * np.tanh(z)
        h = o * np.tanh(c)
        expected.append(f)
    result = noise_statistics(model, x)[layer.name]["forget"].activation
    np.testing.assert_allclose(result, expected, atol=1e-5)


def test_the_scale_is_that_of_the_epoch():
    layer = NEMGRU(2, noise_std=0.4, noise_anneal=1)
    model = keras.Sequential([keras.Input((STEPS, 2)), layer])
    model.compile("sgd", "mse")
    x, y = numbers(4, STEPS, 2), numbers(4, 2)
    model.fit(x, y, epochs=4, verbose=0, callbacks=[NoiseSchedule()])
    assert noise_statistics(model, x)[layer.name]["reset"].scale == pytest.approx(0.1)


def test_the_targets_of_a_model():
    """log a = (log 0.6, log 0.3, log 0.1) everywhere: a half normal gain again."""
    a = np.log([0.6, 0.3, 0.1])
    network = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    model = NEMModel(network, noise_std=0.2)
    model.compile("sgd", NEMCategoricalCrossentropy(from_logits=True))
    count = 4000
    x, y = np.tile(a, (count, 1)).astype("float32"), np.eye(3)[np.zeros(count, int)]
    (layer,) = noise_statistics(model, x, y).items()
    assert layer[0] == "targets"
    measured = layer[1]["output"]
    size = 0.2 * np.linalg.norm(a)
    assert measured.acceptance == pytest.approx(0.5, abs=4.5 * 0.5 / count**0.5)
    expected = size * np.sqrt(2 / np.pi)
    assert measured.gain == pytest.approx(expected, abs=4.5 * size / (count / 2) ** 0.5)


def test_gates_and_targets_of_a_model_with_both():
    network = keras.Sequential([keras.Input((STEPS, 2)), NEMLSTM(2, name="inner")])
    model = NEMModel(network)
    model.compile("sgd", NEMMeanSquaredError())
    result = noise_statistics(model, numbers(3, STEPS, 2), numbers(3, 2))
    assert {name: list(gates) for name, gates in result.items()} == {
        "inner": ["input", "forget", "output"],
        "targets": ["output"],
    }
    assert list(noise_statistics(model, numbers(3, STEPS, 2))) == ["inner"]


def test_noise_that_is_never_accepted_has_no_gain():
    """Targets that are the outputs can only get worse."""
    network = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    model = NEMModel(network, noise_anneal=0)
    model.compile("sgd", NEMMeanSquaredError())
    x = numbers(5, 3)
    measured = noise_statistics(model, x, x)["targets"]["output"]
    assert measured.acceptance == 0
    assert np.isnan(measured.gain)


def test_layers_without_noise_are_left_out():
    layers = [NEMLSTM(2, noise="none", return_sequences=True), keras.layers.LSTM(2)]
    model = keras.Sequential([keras.Input((STEPS, 2)), *layers])
    assert noise_statistics(model, numbers(2, STEPS, 2)) == {}


def test_both_ways_of_a_bidirectional_layer():
    layer = keras.layers.Bidirectional(NEMGRU(2, name="way"))
    model = keras.Sequential([keras.Input((STEPS, 2)), layer])
    assert list(noise_statistics(model, numbers(2, STEPS, 2))) == ["forward_way", "backward_way"]


def fitted(inspect):
    """The losses of a training of a stateful layer with dropout."""
    keras.utils.set_random_seed(4)
    layers = [
        NEMLSTM(3, stateful=True, dropout=0.3, seed=1, return_sequences=True),
        NEMGRU(2, noise_std=0.3, noise_anneal=1),
    ]
    network = keras.Sequential([keras.Input((STEPS, 2), batch_size=4), *layers])
    model = NEMModel(network, noise_std=0.3, seed=2)
    model.compile("sgd", NEMMeanSquaredError())
    x, y = numbers(8, STEPS, 2), numbers(8, 2)

    def look(epoch, logs):
        if inspect:
            assert len(noise_statistics(model, x[:4], y[:4])) == 3

    callback = keras.callbacks.LambdaCallback(on_epoch_end=look)
    settings = {"batch_size": 4, "epochs": 3, "shuffle": False, "verbose": 0}
    return model.fit(x, y, callbacks=[callback], **settings).history["loss"]


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_a_training_takes_the_same_course_with_it_and_without():
    np.testing.assert_allclose(fitted(inspect=True), fitted(inspect=False), rtol=1e-6)


def test_one_seed_one_answer():
    model = keras.Sequential([keras.Input((STEPS, 2)), NEMLSTM(3, name="it")])
    x = numbers(20, STEPS, 2)
    first, again, expected = (noise_statistics(model, x, seed=s)["it"]["input"] for s in (1, 1, 2))
    assert first.gain == again.gain != expected.gain


@pytest.mark.parametrize("kind", [NEMLSTM, NEMGRU])
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision(kind, policy):
    layer = kind(3, noise_std=0.3, dtype=policy)
    model = keras.Sequential([keras.Input((STEPS, 2)), layer])
    layer.set_weights([numbers(*w.shape, seed=i) for i, w in enumerate(layer.get_weights())])
    for measured in noise_statistics(model, numbers(50, STEPS, 2))[layer.name].values():
        assert measured.acceptance == pytest.approx(0.5, abs=0.15)
        assert measured.gain > 0


def test_several_outputs_are_left_out():
    inputs = keras.Input((STEPS, 2))
    hidden = NEMLSTM(2, name="it")(inputs)
    outputs = [keras.layers.Dense(1)(hidden), keras.layers.Dense(2)(hidden)]
    model = NEMModel(keras.Model(inputs, outputs))
    model.compile("sgd", NEMMeanSquaredError())
    y = [numbers(4, 1), numbers(4, 2)]
    assert list(noise_statistics(model, numbers(4, STEPS, 2), y)) == ["it"]


def test_a_cell_in_an_rnn_counts_under_the_name_of_that_layer():
    cell = NEMLSTM(3, noise_std=0.2, noise_gates=["input"]).cell
    model = keras.Sequential([keras.Input((STEPS, 2)), keras.layers.RNN(cell, name="around")])
    result = noise_statistics(model, numbers(8, STEPS, 2))
    assert list(result) == ["around"]
    assert result["around"]["input"].activation.shape == (8 * STEPS, 3)
