"""Real-time recurrent learning beside finite differences of the whole sequence's loss."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import RealTimeRecurrentLearning, SVDSimpleRNN

SAMPLES, STEPS, FEATURES, UNITS, OUTPUTS = 2, 7, 3, 4, 2
FUNCTIONS = {
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "linear": lambda z: z,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
}

pytestmark = pytest.mark.once


def network(hidden="tanh", output="tanh", layer=keras.layers.SimpleRNN, before=(), **kwargs):
    keras.utils.set_random_seed(1)
    memory = layer(UNITS, activation=hidden, return_sequences=True, **kwargs)
    readout = keras.layers.Dense(OUTPUTS, activation=output, bias_initializer="random_normal")
    return keras.Sequential([keras.Input((None, FEATURES)), *before, memory, readout])


def data(steps=STEPS, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(SAMPLES, steps, FEATURES)).astype("float32")
    y = rng.uniform(0.1, 0.9, size=(SAMPLES, steps, OUTPUTS))
    return x, (y / y.sum(axis=-1, keepdims=True)).astype("float32")


def loss(weights, x, y, hidden, output, mask):
    """The sum over steps of the mean over samples, sample by sample."""
    a, b, bias, c, bias_out = weights
    total = 0.0
    for sequence, wanted, counted in zip(x, y, mask, strict=True):
        h = np.zeros(UNITS)
        for t in np.flatnonzero(counted):
            h = FUNCTIONS[hidden](sequence[t] @ a + h @ b + bias)
            message = FUNCTIONS[output](h @ c + bias_out)
            if output == "softmax":
                total -= np.sum(wanted[t] * np.log(message))
            else:
                total += np.mean((message - wanted[t]) ** 2)
    return total / len(x)


def differences(weights, *rest, step=1e-6):
    """The gradient of `loss` by central differences."""
    weights = [value.astype("float64") for value in weights]
    result = [np.zeros_like(value) for value in weights]
    for value, into in zip(weights, result, strict=True):
        for index in np.ndindex(value.shape):
            accepted = value[index]
            value[index] = accepted + step
            above = loss(weights, *rest)
            value[index] = accepted - step
            into[index] = (above - loss(weights, *rest)) / (2 * step)
            value[index] = accepted
    return result


def close(result, expected):
    for value, reference in zip(result, expected, strict=True):
        np.testing.assert_allclose(value, reference, rtol=1e-5, atol=1e-7)


@pytest.mark.portable
@pytest.mark.parametrize(
    ("hidden", "output"), [("tanh", "tanh"), ("sigmoid", "softmax"), ("linear", "sigmoid")]
)
def test_the_gradient_is_that_of_the_whole_sequence(hidden, output):
    x, y = data()
    model = network(hidden, output)
    mask = np.ones((SAMPLES, STEPS), bool)
    expected = differences(model.get_weights(), x, y, hidden, output, mask)
    close(RealTimeRecurrentLearning(model).gradients(x, y), expected)


def test_steps_may_come_in_pieces():
    x, y = data()
    model = network(layer=SVDSimpleRNN)
    whole = RealTimeRecurrentLearning(model).gradients(x, y)
    learner = RealTimeRecurrentLearning(model)
    pieces = [learner.gradients(x[:, part], y[:, part]) for part in (slice(0, 3), slice(3, None))]
    close([a + b for a, b in zip(*pieces, strict=True)], whole)
    learner.reset()
    close(learner.gradients(x, y), whole)


def test_steps_that_a_mask_leaves_out_keep_the_states():
    x, y = data()
    x[1, 2:4] = 0
    model = network(before=[keras.layers.Masking()])
    mask = (x != 0).any(axis=-1)
    expected = differences(model.get_weights(), x, y, "tanh", "tanh", mask)
    close(RealTimeRecurrentLearning(model).gradients(x, y), expected)
    y[1, 2:4] = np.nan
    close(RealTimeRecurrentLearning(model).gradients(x, y), expected)


def test_without_biases():
    x, y = data()
    model = network(use_bias=False)
    model.layers[-1].bias.assign(np.zeros(OUTPUTS))
    a, b, c, bias_out = model.get_weights()
    weights = [a, b, np.zeros(UNITS), c, bias_out]
    expected = differences(weights, x, y, "tanh", "tanh", np.ones((SAMPLES, STEPS), bool))
    close(RealTimeRecurrentLearning(model).gradients(x, y), [expected[i] for i in (0, 1, 3, 4)])


def test_an_update_is_a_step_of_the_optimizer_after_every_step():
    x, y = data(steps=1)
    model = network()
    before = model.get_weights()
    gradients = RealTimeRecurrentLearning(model).gradients(x, y)
    learner = RealTimeRecurrentLearning(model, keras.optimizers.SGD(0.1))
    losses = learner.update(x, y)
    assert losses == pytest.approx([loss(before, x, y, "tanh", "tanh", np.ones((2, 1), bool))])
    close(model.get_weights(), [a - 0.1 * b for a, b in zip(before, gradients, strict=True)])


@pytest.mark.portable
def test_it_learns_and_what_is_frozen_stays():
    x, _ = data(steps=200)
    y = np.tanh(x[..., :OUTPUTS] + 0.5 * np.roll(x[..., :OUTPUTS], 1, axis=1))
    model = network()
    model.layers[0].cell.bias.trainable = False
    accepted = model.layers[0].get_weights()[2]
    losses = RealTimeRecurrentLearning(model, keras.optimizers.Adam(0.02)).update(x, y)
    assert losses[-50:].mean() < 0.3 * losses[:50].mean()
    np.testing.assert_array_equal(model.layers[0].get_weights()[2], accepted)


def test_classes_may_be_numbers():
    x, y = data()
    model = network(output="softmax")
    classes = y.argmax(axis=-1)
    one_hot = RealTimeRecurrentLearning(model).gradients(x, np.eye(OUTPUTS)[classes])
    close(RealTimeRecurrentLearning(model).gradients(x, classes), one_hot)


def test_no_steps_are_refused():
    learner = RealTimeRecurrentLearning(network())
    x, y = data()
    for part in (np.s_[:0], np.s_[:, :0]):
        with pytest.raises(ValueError, match="x has shape .*: give at least one sequence of one"):
            learner.update(x[part], y[part])


def test_bad_input_changes_nothing():
    x, y = data()
    model = network()
    learner = RealTimeRecurrentLearning(model)
    before = model.get_weights()
    with pytest.raises(ValueError, match="the targets hold nan"):
        learner.update(x, np.where(np.arange(STEPS)[None, :, None] == 5, np.nan, y))
    with pytest.raises(ValueError, match=r"y has shape \(2, 6, 2\)"):
        learner.update(x, y[:, 1:])
    close(model.get_weights(), before)
    learner.update(x, y)
    with pytest.raises(ValueError, match="x has 1 sequences and 2 are continued"):
        learner.update(x[:1], y[:1])
    with pytest.raises(ValueError, match="has no SimpleRNN that returns sequences"):
        RealTimeRecurrentLearning(network(layer=keras.layers.GRU, hidden="tanh"))
