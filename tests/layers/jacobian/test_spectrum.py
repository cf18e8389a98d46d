"""What is measured of a model's Jacobians, beside NumPy and beside known products."""

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import (
    NEMGRU,
    NEMLSTM,
    SVDSimpleRNN,
    gradient_norms_by_lag,
    jacobian_product_norms,
    jacobian_spectrum,
)

pytestmark = [pytest.mark.portable, pytest.mark.once]

BATCH, STEPS, FEATURES, UNITS = 3, 7, 2, 4

KINDS = {
    "SimpleRNN": keras.layers.SimpleRNN,
    "SVDSimpleRNN": SVDSimpleRNN,
    "LSTM": keras.layers.LSTM,
    "GRU": keras.layers.GRU,
    "NEMLSTM": NEMLSTM,
    "NEMGRU": NEMGRU,
}


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def model_of(layer, steps=STEPS, masked=False):
    layers = [keras.Input((steps, FEATURES)), *([keras.layers.Masking()] if masked else [])]
    model = keras.Sequential([*layers, layer, keras.layers.Dense(1, name="readout")])
    model.compile("sgd", "mse")
    return model


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def step_of(layer):
    """The joined states after a step of a layer, in float64 NumPy."""
    w, u, b = (np.asarray(value, "float64") for value in layer.get_weights())

    def simple(x, h):
        return np.tanh(x @ w + h @ u + b)

    def lstm(x, states):
        h, c = np.split(states, 2)
        i, f, g, o = np.split(x @ w + h @ u + b, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return np.concatenate([sigmoid(o) * np.tanh(c), c])

    def gru(x, h):
        (x_z, x_r, x_h), (h_z, h_r, h_h) = np.split(x @ w + b[0], 3), np.split(h @ u + b[1], 3)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        return z * h + (1 - z) * np.tanh(x_h + r * h_h)

    return {3: gru, 4: lstm}.get(w.shape[1] // UNITS, simple)


def jacobians_of(layer, x):
    """[n][t]: those of all steps, by central differences."""
    step, size = step_of(layer), sum(keras.tree.flatten(layer.cell.state_size))
    result = []
    for sequence in x.astype("float64"):
        states, rows = np.zeros(size), []
        for inputs in sequence:
            moves = 1e-6 * np.eye(size)
            columns = [step(inputs, states + d) - step(inputs, states - d) for d in moves]
            rows.append(np.stack(columns, axis=1) / 2e-6)
            states = step(inputs, states)
        result.append(rows)
    return result


@pytest.mark.parametrize("kind", KINDS)
def test_the_spectrum_beside_numpy(kind):
    layer = KINDS[kind](UNITS, bias_initializer="normal", name="memory")
    model, x = model_of(layer), numbers(BATCH, STEPS, FEATURES)
    result = jacobian_spectrum(model, x, samples=None)
    assert list(result) == ["memory"]
    expected = [
        np.linalg.svd(value, compute_uv=False) for rows in jacobians_of(layer, x) for value in rows
    ]
    assert result["memory"].shape == np.shape(expected)
    by_row = [sorted(map(tuple, rows)) for rows in (result["memory"], expected)]
    np.testing.assert_allclose(*by_row, atol=2e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_products_and_gradients_beside_numpy(kind):
    layer = KINDS[kind](UNITS, bias_initializer="normal", name="memory")
    model, x, y = model_of(layer), numbers(BATCH, STEPS, FEATURES), numbers(BATCH, 1, seed=1)
    norms = jacobian_product_norms(model, x)["memory"]
    gradients = gradient_norms_by_lag(model, x, y, depth=4)["memory"]
    assert norms.shape == (BATCH, STEPS) and gradients.shape == (BATCH, 5)
    kernel = np.asarray(model.get_layer("readout").get_weights()[0], "float64")[:, 0]
    errors = model.predict(x, verbose=0)[:, 0] - y[:, 0]
    for n, rows in enumerate(jacobians_of(layer, x)):
        product = np.eye(len(rows[0]))
        gradient = np.zeros(len(product))
        gradient[:UNITS] = 2 * errors[n] * kernel
        for k, jacobian in enumerate(rows[::-1]):
            if k < 5:
                expected = np.log(np.linalg.norm(gradient @ product))
                assert gradients[n, k] == pytest.approx(expected, abs=1e-3)
            product = product @ jacobian
            assert norms[n, k] == pytest.approx(np.log(np.linalg.norm(product, 2)), abs=1e-3)


@pytest.mark.parametrize("size", [0.1, 1.0, 10.0])
def test_long_products_neither_overflow_nor_underflow(size):
    """A linear net with kernel size * Q: P(k) = size^k exactly, beyond float64 at k = 330."""
    layer = keras.layers.SimpleRNN(UNITS, activation=None, name="memory")
    model = model_of(layer, steps=330)
    weights = layer.get_weights()
    q, _ = np.linalg.qr(numbers(UNITS, UNITS))
    layer.set_weights([weights[0], size * q, weights[2]])
    norms = jacobian_product_norms(model, np.zeros((1, 330, FEATURES)), depth=330)["memory"][0]
    np.testing.assert_allclose(norms, np.arange(1, 331) * np.log(size), atol=0.01)


def test_a_product_of_zero_is_minus_infinity():
    layer = keras.layers.SimpleRNN(UNITS, recurrent_initializer="zeros", name="memory")
    result = jacobian_product_norms(model_of(layer), numbers(BATCH, STEPS, FEATURES))["memory"]
    assert np.isneginf(result).all()


def test_masked_steps_are_not_drawn_and_keep_the_states():
    layer = keras.layers.SimpleRNN(UNITS, name="memory")
    model, x = model_of(layer, masked=True), numbers(BATCH, STEPS, FEATURES)
    padded = np.concatenate([x, np.zeros((BATCH, 3, FEATURES))], axis=1)
    layer_of_longer = keras.layers.SimpleRNN(UNITS, name="memory")
    longer = model_of(layer_of_longer, steps=STEPS + 3, masked=True)
    layer_of_longer.set_weights(layer.get_weights())
    plain, padded_norms = (
        jacobian_product_norms(a, b)["memory"] for a, b in ((model, x), (longer, padded))
    )
    np.testing.assert_allclose(padded_norms[:, :3], 0, atol=1e-6)
    np.testing.assert_allclose(padded_norms[:, 3:], plain, atol=1e-4)
    assert len(jacobian_spectrum(longer, padded, samples=None)["memory"]) == BATCH * STEPS


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_pairs_are_drawn_without_replacement_by_a_seed():
    model, x = model_of(SVDSimpleRNN(UNITS, name="memory")), numbers(BATCH, STEPS, FEATURES)
    result = [jacobian_spectrum(model, x, samples=10, seed=seed)["memory"] for seed in (0, 0, 1)]
    assert result[0].shape == (10, UNITS)
    assert len(np.unique(result[0][:, 0])) == 10
    np.testing.assert_array_equal(result[0], result[1])
    assert not np.array_equal(result[0], result[2])


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_both_ways_of_a_bidirectional_layer_and_all_layers_of_a_stack():
    inputs = keras.Input((STEPS, FEATURES))
    both = keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True, name="lstm"))(
        inputs
    )
    outputs = keras.layers.Dense(1)(SVDSimpleRNN(4, return_sequences=True, name="memory")(both))
    model = keras.Model(inputs, outputs)
    model.compile("sgd", "mse")
    x, y = numbers(BATCH, STEPS, FEATURES), numbers(BATCH, STEPS, 1)
    result = gradient_norms_by_lag(model, x, y)
    assert sorted(result) == ["backward_lstm", "forward_lstm", "memory"]
    assert all(np.isfinite(value).all() for value in result.values())
    spectrum = jacobian_spectrum(model, x, samples=5)
    assert {name: value.shape for name, value in spectrum.items()} == {
        "backward_lstm": (5, 6),
        "forward_lstm": (5, 6),
        "memory": (5, 4),
    }


def test_a_stateful_model_is_left_as_it_was():
    layer = SVDSimpleRNN(UNITS, stateful=True, name="memory")
    model = keras.Sequential([keras.Input(batch_shape=(BATCH, STEPS, FEATURES)), layer])
    model.compile("sgd", "mse")
    x = numbers(BATCH, STEPS, FEATURES)
    model(x)
    before = ops.convert_to_numpy(layer.states[0])
    jacobian_spectrum(model, x)
    jacobian_product_norms(model, x)
    gradient_norms_by_lag(model, x, numbers(BATCH, UNITS))
    np.testing.assert_array_equal(ops.convert_to_numpy(layer.states[0]), before)
    assert "inner_loop" not in vars(layer)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_what_cannot_be_measured_is_refused():
    dense = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)], name="flat")
    with pytest.raises(ValueError, match="flat has no recurrent layer"):
        jacobian_spectrum(dense, np.zeros((1, 2)))
    model, x = model_of(SVDSimpleRNN(UNITS)), numbers(BATCH, STEPS, FEATURES)
    for depth in (0, 8, -1, 2.5, True):
        with pytest.raises(ValueError, match=f"depth is {depth}: give one from 1 to 7"):
            jacobian_product_norms(model, x, depth=depth)
    with pytest.raises(ValueError, match="samples is 0: give a whole number of at least 1"):
        jacobian_spectrum(model, x, samples=0)
    masked = model_of(SVDSimpleRNN(UNITS, name="memory"), masked=True)
    with pytest.raises(ValueError, match="every step of memory is masked in this batch"):
        jacobian_spectrum(masked, np.zeros_like(x))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_layers_of_one_name_are_told_apart():
    inner = [
        keras.Sequential([keras.Input((STEPS, width)), layer], name=name)
        for name, width, layer in (
            ("a", FEATURES, SVDSimpleRNN(UNITS, return_sequences=True, name="memory")),
            ("b", UNITS, SVDSimpleRNN(2, name="memory")),
        )
    ]
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), *inner])
    result = jacobian_spectrum(model, numbers(BATCH, STEPS, FEATURES))
    assert {name: value.shape[1] for name, value in result.items()} == {
        "a/memory": UNITS,
        "b/memory": 2,
    }


@keras.saving.register_keras_serializable("tests")
class Shouting(keras.layers.SimpleRNNCell):
    """A cell whose output is not its state."""

    def call(self, sequence, states, training=False):
        h, states = super().call(sequence, states, training=training)
        return 100 * h, states


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_no_gradient_where_the_output_is_no_state():
    model, x = model_of(keras.layers.RNN(Shouting(UNITS), name="loud")), numbers(BATCH, STEPS, 2)
    assert jacobian_spectrum(model, x)["loud"].shape[1] == UNITS
    with pytest.raises(ValueError, match="the output of loud is not its first state"):
        gradient_norms_by_lag(model, x, numbers(BATCH, UNITS))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="once is enough")
def test_targets_of_several_outputs():
    inputs = keras.Input((STEPS, FEATURES))
    h = SVDSimpleRNN(UNITS, name="memory")(inputs)
    outputs = {name: keras.layers.Dense(1, name=name)(h) for name in ("a", "b")}
    model = keras.Model(inputs, outputs)
    model.compile("sgd", {"a": "mse", "b": "mse"})
    y = {name: numbers(BATCH, 1) for name in outputs}
    result = gradient_norms_by_lag(model, numbers(BATCH, STEPS, FEATURES), y)
    assert np.isfinite(result["memory"]).all()
