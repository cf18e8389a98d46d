"""The noisy pass of NEMLSTM and NEMGRU, beside a plain NumPy one written from [NB].

[NB] is Adigun and Kosko, "Noise-boosted recurrent backpropagation".
"""

from itertools import product

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import NEMGRU, NEMLSTM

pytestmark = pytest.mark.portable

BATCH, STEPS, FEATURES, UNITS = 3, 4, 2, 5
S = 0.7


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def noise_of(*shape):
    return numbers(*shape, seed=9)


def frozen(shape, dtype=None, seed=None):
    """The same noise each time."""
    return ops.convert_to_tensor(noise_of(*shape), dtype=dtype)


X = numbers(BATCH, STEPS, FEATURES, seed=1)
MASK = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 0, 1]], bool)


def sigmoid(o):
    return 1 / (1 + np.exp(-o))


def inject(g, unit, mode, noise):
    """Algorithm 1: one gate of one sample in one step."""
    if mode == "additive":
        change = S * unit  # (79), (87)
    else:
        change = g * (1 + S * unit) - g  # (81), (89)
    accepted = noise == "blind" or change @ np.log(g / (1 - g)) >= 0
    return g + change if accepted else g


def lstm_step(x, states, weights, gate):
    """(B.1)-(B.11); Keras keeps the parts in the order i, f, c, o."""
    h, s = states
    w, v, b = weights
    o_i, o_f, o_c, o_o = np.split(x @ w + h @ v + b, 4)
    i, f, o = gate("input", o_i), gate("forget", o_f), gate("output", o_o)
    s = np.tanh(o_c) * i + s * f
    return [np.tanh(s) * o, s]


def gru_step(x, states, weights, gate):
    """(C.1)-(C.7), where d weighs the candidate; Keras keeps z = 1 - d, in the order z, r, h.

    With `reset_after`, it has a second bias, of the recurrent part.
    """
    (h,) = states
    w, v, b = weights
    reset_after = b.ndim == 2
    b_w, b_v = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_h = np.split(x @ w + b_w, 3)
    h_z, h_r, h_h = np.split(h @ v + b_v, 3)
    d = gate("update", -(x_z + h_z))
    r = gate("reset", x_r + h_r)
    candidate = np.tanh(x_h + (r * h_h if reset_after else (r * h) @ v[:, 2 * UNITS :]))
    return [candidate * d + (1 - d) * h]


def by_hand(step, x, states, weights, gate, mask=None, backwards=False):
    """(outputs (batch, time, J) in the order they are made, the last states).

    `gate` is a function of sample, step, the name of the gate and its input.
    """
    batch, steps = x.shape[:2]
    outputs, last = [], []
    for m in range(batch):
        result, now = [np.zeros(UNITS)], [part[m] for part in states]
        for t in reversed(range(steps)) if backwards else range(steps):
            if mask is None or mask[m, t]:
                now = step(x[m, t], now, weights, lambda *args, at=(m, t): gate(*at, *args))
                result.append(now[0])
            else:
                result.append(result[-1])
        outputs.append(result[1:])
        last.append(now)
    return np.array(outputs), [np.array(part) for part in zip(*last, strict=True)]


def by_rule(gates, mode, noise):
    """The noisy gates of a pass over X: a function for `by_hand`."""
    unit = noise_of(BATCH, STEPS, len(gates), UNITS)

    def gate(m, t, name, o):
        if name not in gates:
            return sigmoid(o)
        return inject(sigmoid(o), unit[m, t, gates.index(name)], mode, noise)

    return gate


def noisy(kind, gates, mode="additive", noise="nem", **kwargs):
    """A layer under frozen noise, with random weights of both signs.

    Unrolled unless asked for: JAX compiles a loop anew for every layer.
    """
    settings = {"noise": noise, "noise_std": S, "noise_mode": mode, "noise_gates": gates}
    kwargs = {"return_sequences": True, "return_state": True, "unroll": True, **kwargs}
    layer = kind(UNITS, **settings, noise_distribution=frozen, **kwargs)
    layer.build((BATCH, STEPS, FEATURES))
    layer.set_weights([numbers(*w.shape, seed=i) for i, w in enumerate(layer.weights)])
    return layer


def exact(layer):
    """The layer's weights in double precision, with a bias in any case."""
    weights = [np.asarray(w, "float64") for w in layer.get_weights()]
    if not layer.use_bias:
        rows = (2,) if getattr(layer, "reset_after", False) else ()
        weights.append(np.zeros((*rows, weights[0].shape[1])))
    return weights


def trained(layer, x, states=None, mask=None):
    """(outputs, last states) of the layer in training."""
    states = states and [part.astype("float32") for part in states]
    results = layer(x.astype("float32"), initial_state=states, mask=mask, training=True)
    outputs, *last = [ops.convert_to_numpy(part) for part in results]
    return outputs, last


def initial(kind, batch=BATCH):
    return [numbers(batch, UNITS, seed=s) for s in ((3, 4) if kind is NEMLSTM else (3,))]


def check(step, layer, states=None, mask=None):
    """The layer in training against the NumPy pass."""
    noise = layer.cell.noise
    outputs, last = trained(layer, X, states, mask)
    zeros = [np.zeros((BATCH, UNITS))] * len(last)
    gate = by_rule(layer.cell.noise_gates, noise.mode, noise.noise)
    backwards = layer.go_backwards
    expected = by_hand(step, X, states or zeros, exact(layer), gate, mask, backwards)
    np.testing.assert_allclose(outputs, expected[0], atol=2e-5)
    np.testing.assert_allclose(last, expected[1], atol=2e-5)


def subsets(gates):
    """Every choice of some gates, the empty one last."""
    choices = product((True, False), repeat=len(gates))
    return [[g for g, yes in zip(gates, chosen, strict=True) if yes] for chosen in choices]


LSTM = (NEMLSTM, lstm_step, ["input", "forget", "output"], {})
GRU = (NEMGRU, gru_step, ["update", "reset"], {})
GRU_BEFORE = (NEMGRU, gru_step, ["update", "reset"], {"reset_after": False})
each_layer = pytest.mark.parametrize(
    ("kind", "step", "gates", "kwargs"),
    [LSTM, GRU, GRU_BEFORE],
    ids=["lstm", "gru", "gru-reset-before"],
)
plain_layer = pytest.mark.parametrize(
    ("kind", "step", "gates", "kwargs"), [LSTM, GRU], ids=["lstm", "gru"]
)
each_mode = pytest.mark.parametrize("mode", ["additive", "multiplicative"])
each_noise = pytest.mark.parametrize("noise", ["nem", "blind"])


@each_layer
@each_mode
@each_noise
def test_every_choice_of_gates(kind, step, gates, kwargs, mode, noise):
    for chosen in subsets(gates):
        check(step, noisy(kind, chosen, mode, noise, **kwargs))


@plain_layer
@each_mode
def test_nem_noise_is_not_blind_noise_here(kind, step, gates, kwargs, mode):
    nem, blind = (
        trained(noisy(kind, gates, mode, noise, **kwargs), X)[0] for noise in ("nem", "blind")
    )
    assert np.abs(nem - blind).max() > 0.05


@each_layer
@each_mode
def test_masked_steps_keep_state_and_output(kind, step, gates, kwargs, mode):
    check(step, noisy(kind, gates, mode, unroll=False, **kwargs), mask=MASK)


@plain_layer
@each_mode
def test_going_backwards(kind, step, gates, kwargs, mode):
    """In a loop: unrolled, Keras cannot go backwards over a mask on Torch."""
    layer = noisy(kind, gates, mode, go_backwards=True, unroll=False, **kwargs)
    check(step, layer, mask=MASK)


@plain_layer
@each_mode
def test_initial_states(kind, step, gates, kwargs, mode):
    check(step, noisy(kind, gates, mode, **kwargs), initial(kind))


@each_layer
@each_mode
@pytest.mark.parametrize("option", [{"use_bias": False}, {"implementation": 1}])
def test_options(kind, step, gates, kwargs, mode, option):
    check(step, noisy(kind, gates, mode, **option, **kwargs))


def test_a_stateful_layer_goes_on_from_its_noisy_states():
    layer, stateful = noisy(NEMLSTM, ["forget"]), noisy(NEMLSTM, ["forget"], stateful=True)
    first, states = trained(layer, X)
    second, _ = trained(layer, X, states)
    for expected in (first, second):
        np.testing.assert_allclose(trained(stateful, X)[0], expected, atol=1e-6)


@plain_layer
def test_blind_half_keeps_or_drops_each_gate_on_its_own(kind, step, gates, kwargs):
    """One step from random states: the output is that of one choice of noisy gates."""
    batch = 64
    x, states = numbers(batch, 1, FEATURES, seed=5), initial(kind, batch)
    unit = noise_of(batch, 1, len(gates), UNITS)
    layer = noisy(kind, gates, noise="blind_half", seed=1, **kwargs)
    outputs, _ = trained(layer, x, states)

    def of(chosen):
        def gate(m, t, name, o):
            accepted = name in chosen
            return sigmoid(o) + accepted * S * unit[m, t, gates.index(name)]

        return by_hand(step, x, states, exact(layer), gate)[0]

    expected = np.array([of(chosen) for chosen in subsets(gates)])
    matches = np.abs(outputs - expected).max(axis=(2, 3)) < 2e-5
    np.testing.assert_array_equal(matches.sum(axis=0), 1)
    assert matches.any(axis=1).all()


@each_layer
@each_mode
def test_gradient_is_that_of_finite_differences_at_frozen_noise(kind, step, gates, kwargs, mode):
    """One step of gradient descent at rate 1 moves the weights by minus the gradient."""
    layer = noisy(kind, gates, mode, return_state=False, unroll=mode == "additive", **kwargs)
    slope = numbers(BATCH, STEPS, UNITS, seed=7)

    def loss(y, outputs):
        return ops.sum(y * outputs)

    model = keras.Sequential([keras.Input((STEPS, FEATURES)), layer])
    model.compile(keras.optimizers.SGD(1.0), loss, run_eagerly=True)
    weights = exact(layer)
    model.train_on_batch(X.astype("float32"), slope.astype("float32"))
    states = [np.zeros((BATCH, UNITS))] * (2 if kind is NEMLSTM else 1)
    gate = by_rule(gates, mode, "nem")

    def value():
        return np.sum(slope * by_hand(step, X, states, weights, gate)[0])

    picked = np.random.default_rng(2)
    for weight, after in zip(weights, layer.get_weights(), strict=True):
        for _ in range(8):
            at = tuple(picked.integers(weight.shape))
            before = weight[at]
            weight[at] = before + 1e-6
            up = value()
            weight[at] = before - 1e-6
            down = value()
            weight[at] = before
            expected = (up - down) / 2e-6
            assert before - after[at] == pytest.approx(expected, rel=1e-3, abs=1e-4)
