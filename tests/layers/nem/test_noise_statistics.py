"""The noise that layers and models really inject, beside theory.

NEM keeps n ~ N(0, s² I) where n . l >= 0. With the direction u = l / |l| that is half of all
noise, its mean is s sqrt(2 / pi) u and its covariance s² (I - (2 / pi) u u').
"""

import keras
import numpy as np
import pytest

from rnnzoo.layers import (
    NEMGRU,
    NEMLSTM,
    NEMCategoricalCrossentropy,
    NEMMeanSquaredError,
    NEMModel,
)

pytestmark = pytest.mark.portable

S, UNITS = 0.1, 4
LOGIT = np.array([2.0, -1.0, 0.5, 0.0])
GATE = 1 / (1 + np.exp(-LOGIT))


def near(result, expected, spread, count):
    """Within 4.5 standard errors of a mean over `count` numbers of the deviation `spread`."""
    np.testing.assert_allclose(result, expected, atol=4.5 * spread / np.sqrt(count))


def array(tensor):
    return keras.ops.convert_to_numpy(tensor).astype("float64")


def as_kept(vectors):
    """Those rows that hold noise."""
    return vectors[np.abs(vectors).max(axis=-1) > 1e-5]


def check_half_space(vectors, direction, s):
    """Acceptance, mean and covariance of rows that are noise of N(0, s² I), or 0."""
    accepted = as_kept(vectors)
    near(len(accepted) / len(vectors), 0.5, 0.5, len(vectors))
    u = direction / np.linalg.norm(direction)
    near(accepted.mean(axis=0), s * np.sqrt(2 / np.pi) * u, s, len(accepted))
    expected = s**2 * (np.eye(len(u)) - 2 / np.pi * np.outer(u, u))
    near(np.cov(accepted.T), expected, np.sqrt(2) * s**2, len(accepted))
    assert (accepted @ u > -1e-4).all()


# Gates that are the same in every sample and step, so that the outputs show their noise


def lstm_gate(gate, **noise):
    """(n,) of one gate of an LSTM, as rows (vectors, units): one step from known states."""
    layer = NEMLSTM(UNITS, noise_gates=[gate], noise_std=S, return_state=True, seed=5, **noise)
    layer.build((None, 1, 1))
    open_, shut = np.full(UNITS, 30.0), np.full(UNITS, -30.0)
    pre = {
        "input": [LOGIT, shut, open_, open_],
        "forget": [shut, LOGIT, open_, open_],
        "output": [open_, shut, open_, LOGIT],
    }[gate]  # i, f, c, o
    layer.set_weights([np.zeros((1, 4 * UNITS)), np.zeros((UNITS, 4 * UNITS)), np.hstack(pre)])
    count = 6000
    ones = np.ones((count, UNITS), "float32")
    h, _, c = layer(np.zeros((count, 1, 1)), initial_state=[0 * ones, ones], training=True)
    result = array(h) / np.tanh(1) if gate == "output" else array(c)
    return result - GATE


def gru_gate(gate, **noise):
    """As `lstm_gate`; the update gate is that of [NB], 1 - z."""
    layer = NEMGRU(UNITS, noise_gates=[gate], noise_std=S, seed=5, **noise)
    layer.build((None, 1, 1))
    open_, nothing = np.full(UNITS, 30.0), np.zeros(UNITS)
    pre, recurrent = {
        "update": ([-LOGIT, nothing, open_], nothing),
        "reset": ([-open_, LOGIT, nothing], np.ones(UNITS)),
    }[gate]  # z, r, candidate
    bias = np.array([np.hstack(pre), np.hstack([nothing, nothing, recurrent])])
    layer.set_weights([np.zeros((1, 3 * UNITS)), np.zeros((UNITS, 3 * UNITS)), bias])
    h = array(layer(np.zeros((6000, 1, 1)), training=True))
    return (h if gate == "update" else np.arctanh(h)) - GATE


GATES = [
    *((lstm_gate, gate) for gate in NEMLSTM(1).cell.GATES),
    *((gru_gate, gate) for gate in NEMGRU(1).cell.GATES),
]
each_gate = pytest.mark.parametrize(
    ("of", "gate"), GATES, ids=[f"{of.__name__[:-5]}-{gate}" for of, gate in GATES]
)


@each_gate
def test_additive_noise_of_a_gate(of, gate):
    check_half_space(of(gate), LOGIT, S)


@each_gate
def test_multiplicative_noise_of_a_gate(of, gate):
    """The condition is s (u o g) . logit(g) >= 0: a half space for u, along g o logit(g)."""
    unit = of(gate, noise_mode="multiplicative") / GATE
    check_half_space(unit, GATE * LOGIT, S)


@each_gate
def test_blind_noise_of_a_gate(of, gate):
    result = of(gate, noise="blind")
    near(result.mean(axis=0), 0, S, len(result))
    near(np.cov(result.T), S**2 * np.eye(UNITS), np.sqrt(2) * S**2, len(result))
    near(np.mean(result @ LOGIT >= 0), 0.5, 0.5, len(result))


@each_gate
def test_a_random_half_of_blind_noise(of, gate):
    result = of(gate, noise="blind_half")
    accepted = as_kept(result)
    near(len(accepted) / len(result), 0.5, 0.5, len(result))
    near(accepted.mean(axis=0), 0, S, len(accepted))
    near(np.cov(accepted.T), S**2 * np.eye(UNITS), np.sqrt(2) * S**2, len(accepted))


@pytest.mark.parametrize("distribution", ["uniform", "signs"])
def test_other_distributions_are_kept_by_half(distribution):
    """They are symmetric; no vector of signs lies on the plane of this LOGIT."""
    result = lstm_gate("output", noise_distribution=distribution)
    accepted = as_kept(result)
    near(len(accepted) / len(result), 0.5, 0.5, len(result))
    assert (accepted @ LOGIT > -1e-5).all()
    bound = np.sqrt(3) if distribution == "uniform" else 1
    assert np.abs(result).max() == pytest.approx(S * bound, rel=1e-3)


# Nothing in common between gates, samples, steps, batches and epochs


def uncorrelated(actual, expected):
    """Inner products of centred vectors have mean 0; the vectors lie along the last axis."""
    actual, expected = (
        vectors - vectors.mean(axis=tuple(range(vectors.ndim - 1)))
        for vectors in (actual, expected)
    )
    products = (actual * expected).sum(axis=-1)
    near(products.mean(), 0, products.std(), products.size)
    assert products.std() > 0


@pytest.mark.parametrize("noise", ["blind", "nem"])
def test_the_gates_of_one_step(noise):
    """The first half of the units shows the forget gate, the second the input gate."""
    layer = NEMLSTM(2 * UNITS, noise=noise, noise_std=S, return_state=True, seed=6)
    layer.build((None, 1, 1))
    logit, half = np.tile(LOGIT, 2), np.repeat([0.0, 1.0], UNITS)
    bias = np.hstack([logit, logit, 30 * half, logit])
    layer.set_weights([np.zeros((1, 8 * UNITS)), np.zeros((2 * UNITS, 8 * UNITS)), bias])
    count = 6000
    c = np.tile(1 - half, (count, 1)).astype("float32")
    h, _, c = layer(np.zeros((count, 1, 1)), initial_state=[0 * c, c], training=True)
    outer, inner = array(h) / np.tanh(array(c)), array(c)
    gate = np.tile(GATE, 2)
    result = {
        "forget": (inner - gate)[:, :UNITS],
        "input": (inner - gate)[:, UNITS:],
        "output": (outer - gate)[:, :UNITS],
    }
    for actual, expected in [("forget", "input"), ("forget", "output"), ("input", "output")]:
        for unit in range(UNITS):
            uncorrelated(result[actual], np.roll(result[expected], unit, axis=1))
        if noise == "nem":
            decisions = [np.abs(result[name]).max(axis=1) > 1e-4 for name in (actual, expected)]
            uncorrelated(*(decision.astype(float)[:, None] for decision in decisions))


@keras.saving.register_keras_serializable("tests")
class Recorder(keras.layers.Layer):
    """Keeps what passes it in training, call by call, in a variable (calls, ...)."""

    def __init__(self, calls, shape):
        super().__init__()
        kwargs = {"initializer": "zeros", "trainable": False}
        self.record = self.add_weight(shape=(calls, *shape), **kwargs)
        self.count = self.add_weight(shape=(), dtype="int32", **kwargs)

    def call(self, inputs, training=False):
        """Passes the inputs on."""
        if training:
            start = keras.ops.stack([self.count.value, *[0] * len(inputs.shape)])
            self.record.assign(keras.ops.slice_update(self.record.value, start, inputs[None]))
            self.count.assign(self.count.value + 1)
        return inputs


BATCH, STEPS, BATCHES, EPOCHS = 16, 12, 4, 5


def recorded(noise):
    """The noise of an output gate in a compiled `fit`: (epochs, batches, samples, steps, J)."""
    layer = NEMLSTM(
        UNITS, noise=noise, noise_gates=["output"], noise_std=S, return_sequences=True, seed=7
    )
    recorder = Recorder(EPOCHS * BATCHES, (BATCH, STEPS, UNITS))
    model = keras.Sequential([keras.Input((STEPS, 1), batch_size=BATCH), layer, recorder])
    open_, shut = np.full(UNITS, 30.0), np.full(UNITS, -30.0)
    bias = np.hstack([open_, shut, open_, LOGIT])
    layer.set_weights([np.zeros((1, 4 * UNITS)), np.zeros((UNITS, 4 * UNITS)), bias])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    x, y = np.zeros((BATCHES * BATCH, STEPS, 1)), np.zeros((BATCHES * BATCH, STEPS, UNITS))
    model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    assert int(array(recorder.count.value)) == EPOCHS * BATCHES
    result = array(recorder.record.value) / np.tanh(1) - GATE
    return result.reshape(EPOCHS, BATCHES, BATCH, STEPS, UNITS)


@pytest.mark.parametrize("noise", ["blind", "nem"])
def test_epochs_batches_samples_and_steps_of_a_training(noise):
    result = recorded(noise)
    if noise == "nem":
        accepted = np.abs(result).max(axis=-1) > 1e-4
        near(accepted.mean(), 0.5, 0.5, accepted.size)
        series = [accepted.astype(float)[..., None], np.where(accepted[..., None], result, 0)]
    else:
        series = [result]
    for value in series:
        for axis in range(4):
            for lag in range(1, min(4, value.shape[axis])):
                along = np.moveaxis(value, axis, 0)
                uncorrelated(along[lag:], along[:-lag])
    assert len(np.unique(result.reshape(-1, UNITS).round(6), axis=0)) > 0.45 * result[..., 0].size


# Targets

A = np.array([0.6, 0.3, 0.1])


def target_noise(loss, outputs, y, count=6000, **settings):
    """What is added to targets y in one training step: (count, K)."""
    network = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    model = NEMModel(network, noise_anneal=0, noise_std=S, seed=8, **settings)
    if isinstance(loss, NEMCategoricalCrossentropy):
        with pytest.warns(UserWarning, match="no lower bound"):
            model.compile("sgd", loss)
    else:
        model.compile("sgd", loss)
    y, outputs = (
        keras.ops.convert_to_tensor(np.tile(value, (count, 1)), "float32") for value in (y, outputs)
    )
    noisy = [array(model.noisy_targets(y, outputs)) for _ in range(2)]
    assert np.abs(noisy[0] - noisy[1]).max() > 0
    return noisy[0] - array(y)


@pytest.mark.parametrize("from_logits", [False, True])
def test_noise_of_class_targets(from_logits):
    loss = NEMCategoricalCrossentropy(from_logits=from_logits)
    outputs = np.log(A) if from_logits else A
    check_half_space(target_noise(loss, outputs, [1, 0, 0]), np.log(A), S)


def test_noise_of_value_targets_is_kept_in_a_ball():
    """|y + n - a| <= |y - a| with |y - a| = s sqrt(3): about a fifth of all noise, see figure 5."""
    from scipy import stats

    result = target_noise(NEMMeanSquaredError(), [0.0, 0.0, 0.0], [S, S, S])
    share = stats.ncx2.cdf(3, 3, 3)
    near(np.mean(np.abs(result).max(axis=1) > 1e-6), share, np.sqrt(share * (1 - share)), 6000)
    assert (np.linalg.norm(result + S, axis=1) <= S * np.sqrt(3) + 1e-5).all()


def test_noise_of_targets_at_every_step_has_nothing_in_common():
    network = keras.Sequential([keras.Input((STEPS, 3)), keras.layers.Identity()])
    model = NEMModel(network, noise="blind", noise_anneal=0, noise_std=S, seed=9)
    model.compile("sgd", NEMMeanSquaredError())
    y = keras.ops.zeros((400, STEPS, 3))
    result = np.array([array(model.noisy_targets(y, y)) for _ in range(3)])
    near(result.std(), S, S, result.size)
    for axis in range(4):
        along = np.moveaxis(result, axis, 0)
        uncorrelated(along[1:], along[:-1])
