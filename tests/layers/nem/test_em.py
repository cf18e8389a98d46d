"""What NEM rests on, where everything can be counted: one LSTM step whose gates are bits.

The gates z of Theorem 4 of [NB] are latent bits with p(z = 1) = g. With two units there are
2^6 values of (z_i, z_f, z_o), so the likelihood, the posterior and Q are finite sums. [NB] is
Adigun and Kosko, "Noise-boosted recurrent backpropagation".
"""

from itertools import product

import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMLSTM
from rnnzoo.layers.nem import rules

pytestmark = pytest.mark.portable

UNITS, FEATURES, CLASSES = 2, 3, 3
STATES = np.array(list(product((0.0, 1.0), repeat=3 * UNITS)))
GATE_COLUMNS = {"input": slice(0, 2), "forget": slice(2, 4), "output": slice(6, 8)}


def sigmoid(o):
    return 1 / (1 + np.exp(-o))


class Model:
    """p(y, z | x, parameters), with the weights of a layer and a softmax on its outputs."""

    SHAPES = [(FEATURES, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,), (UNITS, CLASSES)]

    def __init__(self, seed):
        draw = np.random.default_rng(seed)
        self.x, self.h, self.s = draw.normal(size=3), draw.normal(size=2), draw.normal(size=2)
        self.y = 1
        self.parameters = draw.normal(size=sum(np.prod(shape) for shape in self.SHAPES))

    def weights(self, parameters):
        """Kernel, recurrent kernel, bias, output weights."""
        ends = np.cumsum([np.prod(shape) for shape in self.SHAPES])[:-1]
        parts = np.split(parameters, ends)
        return [part.reshape(shape) for part, shape in zip(parts, self.SHAPES, strict=True)]

    def pre_activations(self, parameters):
        """(B.1)-(B.7) in the order of Keras: i, f, c, o."""
        kernel, recurrent, bias, _ = self.weights(parameters)
        return self.x @ kernel + self.h @ recurrent + bias

    def log_gates(self, parameters, z=STATES):
        """log p(z | x): (60), which also takes z that are not bits."""
        o = self.pre_activations(parameters)
        logits = np.hstack([o[columns] for columns in GATE_COLUMNS.values()])
        return z @ logits - np.log1p(np.exp(logits)).sum()

    def log_output(self, parameters):
        """log p(y | z, x), for each z."""
        o = self.pre_activations(parameters)
        i, f, out = np.split(STATES, 3, axis=1)
        s = i * np.tanh(o[4:6]) + f * self.s
        logits = (out * np.tanh(s)) @ self.weights(parameters)[-1]
        return logits[:, self.y] - np.log(np.exp(logits).sum(axis=1))

    def log_joint(self, parameters):
        return self.log_gates(parameters) + self.log_output(parameters)

    def log_likelihood(self, parameters):
        """log p(y | x)."""
        return np.log(np.exp(self.log_joint(parameters)).sum())

    def posterior(self, parameters):
        """p(z | y, x): (62)."""
        joint = np.exp(self.log_joint(parameters))
        return joint / joint.sum()

    def q(self, parameters, current):
        """(22) and (56)."""
        return self.posterior(current) @ self.log_joint(parameters)


def slope(value, at, step=1e-5):
    """Central differences."""
    return np.array([(value(at + d) - value(at - d)) / (2 * step) for d in step * np.eye(len(at))])


@pytest.mark.parametrize("seed", range(3))
def test_theorem_1_the_gradients_of_the_log_likelihood_and_of_q_are_one(seed):
    model = Model(seed)
    current = model.parameters
    result = slope(model.log_likelihood, current)
    np.testing.assert_allclose(result, slope(lambda p: model.q(p, current), current), atol=1e-8)
    assert np.abs(result).max() > 0.1
    elsewhere = current + 0.3 * np.random.default_rng(9).normal(size=len(current))
    off = slope(lambda p: model.q(p, current), elsewhere) - slope(model.log_likelihood, elsewhere)
    assert np.abs(off).max() > 0.01, "at other parameters they are two"


def test_a_gradient_step_up_q_goes_up_the_log_likelihood():
    """(16): the log-likelihood rises by at least as much as Q."""
    for seed in range(5):
        model = Model(seed)
        current = model.parameters
        new = current + 0.1 * slope(lambda p: model.q(p, current), current)  # noqa: B023
        rise = model.q(new, current) - model.q(current, current)
        assert model.log_likelihood(new) - model.log_likelihood(current) >= rise > 0


def test_the_gates_of_the_model_are_those_of_the_layer():
    """With gates at their means the outputs are those of NEMLSTM."""
    model = Model(0)
    layer = NEMLSTM(UNITS)
    layer.build((1, 1, FEATURES))
    layer.set_weights(model.weights(model.parameters)[:3])
    states = [value[None].astype("float32") for value in (model.h, model.s)]
    result = layer(model.x[None, None].astype("float32"), initial_state=states)
    o = model.pre_activations(model.parameters)
    i, f, c, out = np.split(o, 4)
    s = sigmoid(i) * np.tanh(c) + sigmoid(f) * model.s
    expected = sigmoid(out) * np.tanh(s)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(result)[0], expected, atol=1e-6)


def gains(logits, unit, scale, mode):
    """The gain of each vector of noise by the project's own rule."""
    logits = np.broadcast_to(logits, unit.shape)
    gate, unit, logit = (
        keras.ops.convert_to_tensor(value, "float32") for value in (sigmoid(logits), unit, logits)
    )
    noisy = rules.noisy(gate, unit, scale, mode)
    return keras.ops.convert_to_numpy(rules.gate_gain(noisy - gate, logit)).astype("float64")


@pytest.mark.parametrize("gate", GATE_COLUMNS)
def test_the_e_step_with_additive_noise(gate):
    """(24): Q_N - Q, by counting, is what the rule calls the gain; kept noise raises Q.

    On average by s |logit| / sqrt(2 pi), where blind noise does not.
    """
    model, s, count = Model(1), 0.3, 20_000
    logits = model.pre_activations(model.parameters)[GATE_COLUMNS[gate]]
    unit = np.random.default_rng(4).normal(size=(count, UNITS))
    index = list(GATE_COLUMNS).index(gate) * UNITS
    n = np.zeros((count, 3 * UNITS))
    n[:, index : index + UNITS] = s * unit
    posterior = model.posterior(model.parameters)
    rise = np.array(
        [
            posterior
            @ (
                model.log_gates(model.parameters, STATES + value)
                - model.log_gates(model.parameters)
            )
            for value in n[:500]
        ]
    )
    result = gains(logits, unit, s, "additive")
    np.testing.assert_allclose(result[:500], rise, atol=1e-5)
    accepted = np.where(result >= 0, result, 0)
    size = s * np.linalg.norm(logits)
    assert accepted.mean() == pytest.approx(size / np.sqrt(2 * np.pi), abs=4.5 * size / count**0.5)
    assert accepted.mean() > 0.1 * size
    assert result.mean() == pytest.approx(0, abs=4.5 * size / count**0.5)


@pytest.mark.parametrize("gate", GATE_COLUMNS)
def test_the_e_step_with_multiplicative_noise(gate):
    """The rule has z = g, which is the mean over the bits of (81) under p(z | x)."""
    model, s = Model(2), 0.3
    logits = model.pre_activations(model.parameters)[GATE_COLUMNS[gate]]
    unit = np.random.default_rng(5).normal(size=(200, UNITS))
    index = list(GATE_COLUMNS).index(gate) * UNITS
    prior = np.exp(model.log_gates(model.parameters))
    assert prior.sum() == pytest.approx(1)
    rise = []
    for value in unit:
        n = np.ones(3 * UNITS)
        n[index : index + UNITS] += s * value
        noisy = model.log_gates(model.parameters, STATES * n)
        rise.append(prior @ (noisy - model.log_gates(model.parameters)))
    np.testing.assert_allclose(gains(logits, unit, s, "multiplicative"), rise, atol=1e-5)
