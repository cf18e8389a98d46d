"""Which noise is kept: each condition of [NB] beside a NumPy version, and figures 1, 4, 5, 6.

[NB] is Adigun and Kosko, "Noise-boosted recurrent backpropagation".
"""

import keras
import numpy as np
import pytest
from scipy import stats

from rnnzoo.layers import NEMCategoricalCrossentropy, NEMMeanSquaredError
from rnnzoo.layers.nem import rules
from rnnzoo.layers.nem.settings import NoiseSettings

pytestmark = pytest.mark.portable

# What the figures show: loss, target, activation, mode.
CLASS = (NEMCategoricalCrossentropy(), np.array([1.0, 0.0, 0.0]), np.array([0.6, 0.3, 0.1]))
VALUE = (NEMMeanSquaredError(), np.array([2.0, 3.0, 2.0]), np.array([1.0, 2.0, 1.0]))
FIGURES = {
    1: (*CLASS, "additive"),
    4: (*CLASS, "multiplicative"),
    5: (*VALUE, "additive"),
    6: (*VALUE, "multiplicative"),
}


def settings(mode):
    return NoiseSettings("nem", 1.0, mode, 0, "gaussian")


def boosted(loss, y, a, unit, mode, scale=1.0):
    """The targets of one training step, (n, K), by the project's own code."""
    y, a = (np.broadcast_to(value, unit.shape) for value in (y, a))
    tensors = [keras.ops.convert_to_tensor(value, "float32") for value in (y, a, unit)]
    return keras.ops.convert_to_numpy(loss.noisy_targets(*tensors, scale, settings(mode)))


def is_accepted(loss, y, a, n, mode):
    """Whether the noise n, (samples, K), is kept: n is added, or multiplied with."""
    unit = n if mode == "additive" else n - 1
    result = boosted(loss, y, a, unit, mode)
    noisy = y + n if mode == "additive" else y * n
    changes = np.abs(noisy - y).max(axis=-1) > 0
    as_it_was, as_noise = (
        np.isclose(result, value, atol=1e-6).all(axis=-1) for value in (y, noisy)
    )
    assert (as_it_was | as_noise).all(), "kept or dropped as a whole"
    return np.where(changes, as_noise, True)


# Figures: points worked out by hand

POINTS = [
    # Below the plane n . log a = 0.
    (1, (-1, 0, 0), True),  # -log 0.6 = 0.51
    (1, (1, 0, 0), False),
    (1, (1, -1, 0), True),  # log(0.6 / 0.3) = 0.69
    (1, (-1, 1, 0), False),
    (1, (0, 1, -0.5), False),  # log 0.3 - log(0.1) / 2 = -1.204 + 1.151
    (1, (0, 1, -0.6), True),  # -1.204 + 1.382
    (1, (0, 0, 0), True),
    # Left of the plane n_1 = 1: only the entry of the class itself counts.
    (4, (0.9, 5, -5), True),
    (4, (1.1, 1, 1), False),
    (4, (1.1, -9, -9), False),
    (4, (-3, 1, 1), True),
    (4, (1, 2, 3), True),
    # In the sphere |n + (1, 1, 1)|² <= 3, since y - a = (1, 1, 1).
    (5, (-1, -1, -1), True),  # the centre: the target becomes the output
    (5, (-1.9, -1.9, -1.9), True),
    (5, (-2.1, -2.1, -2.1), False),
    (5, (0.1, 0, 0), False),
    (5, (-1, -1, 0.7), True),  # 1.7² = 2.89 < 3
    (5, (-1, -1, 0.8), False),  # 1.8² = 3.24
    # In the ellipsoid around a / y with half axes sqrt(3) / y = 0.866, 0.577, 0.866.
    (6, (0.5, 2 / 3, 0.5), True),  # the centre: the target becomes the output
    (6, (1.01, 1, 1), False),
    (6, (0.99, 1, 1), True),
    (6, (0.5, 2 / 3 + 0.57, 0.5), True),
    (6, (0.5, 2 / 3 + 0.58, 0.5), False),
    (6, (0.5, 2 / 3, 0.5 + 0.86), True),
    (6, (0.5, 2 / 3, 0.5 + 0.87), False),
    (6, (0, 0, 0), False),  # |a|² = 6
]


@pytest.mark.parametrize(("figure", "noise", "accepted"), POINTS)
def test_points_of_the_figures(figure, noise, accepted):
    loss, y, a, mode = FIGURES[figure]
    (result,) = is_accepted(loss, y, a, np.array([noise], float), mode)
    assert result == accepted


# |n + (1, 1, 1)|² of figure 5 is a noncentral chi-squared variable.
@pytest.mark.parametrize(("figure", "share"), [(1, 0.5), (4, 0.5), (5, stats.ncx2.cdf(3, 3, 3))])
def test_how_much_is_kept_in_the_figures(figure, share):
    loss, y, a, mode = FIGURES[figure]
    count = 20_000
    unit = np.random.default_rng(1).normal(size=(count, 3))
    n = unit if mode == "additive" else 1 + unit
    result = is_accepted(loss, y, a, n, mode).mean()
    assert result == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / count))


# Random cases, against the printed conditions in double precision


def softmax(o):
    e = np.exp(o - o.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def numpy_rule(kind, y, a, n, mode):
    """Algorithm 1 of [NB], one vector at a time."""
    result = []
    for target, output, noise in zip(y, a, n, strict=True):
        noisy = target + noise if mode == "additive" else target * noise
        if kind is NEMMeanSquaredError:  # (48), and (A.16)-(A.20) for y o n
            keep = np.sum((noisy - output) ** 2) <= np.sum((target - output) ** 2)
        elif mode == "additive":  # (40)
            keep = noise @ np.log(output) >= 0
        else:  # (41)
            keep = ((noise - 1) * target) @ np.log(output) >= 0
        result.append(noisy if keep else target)
    return np.array(result)


@pytest.mark.parametrize("mode", rules.MODES)
@pytest.mark.parametrize("form", ["probabilities", "logits", "values"])
def test_random_targets_against_numpy(form, mode):
    draw = np.random.default_rng(2)
    count, scale = 500, 0.4
    o, unit = draw.normal(size=(count, 5)), draw.normal(size=(count, 5))
    y, a = np.eye(5)[draw.integers(5, size=count)], softmax(o)
    if form == "probabilities":
        arguments, loss = a, NEMCategoricalCrossentropy()
    elif form == "logits":
        arguments, loss = o, NEMCategoricalCrossentropy(from_logits=True)
    else:
        y, a = y + 0.3, y + 0.7 * o
        arguments, loss = a, NEMMeanSquaredError()
    n = scale * unit if mode == "additive" else 1 + scale * unit
    expected = numpy_rule(type(loss), y, a, n, mode)
    np.testing.assert_allclose(boosted(loss, y, arguments, unit, mode, scale), expected, atol=1e-5)
    changed = np.abs(expected - y).max(axis=-1) > 0
    assert 0.02 < changed.mean() < 0.98, "some are kept, some are dropped"


@pytest.mark.parametrize("mode", rules.MODES)
def test_random_gates_against_numpy(mode):
    """(79) and (87), (81) and (89) with z = g."""
    draw = np.random.default_rng(3)
    o, unit, scale = draw.normal(size=(500, 7)), draw.normal(size=(500, 7)), 0.4
    g = 1 / (1 + np.exp(-o))
    noisy = g + scale * unit if mode == "additive" else g * (1 + scale * unit)
    expected = np.array(
        [
            after if (after - before) @ np.log(before / (1 - before)) >= 0 else before
            for before, after in zip(g, noisy, strict=True)
        ]
    )
    gate, unit, logit = (keras.ops.convert_to_tensor(value, "float32") for value in (g, unit, o))
    result = rules.noisy(gate, unit, scale, mode)
    result = rules.boosted(gate, result, rules.gate_gain(result - gate, logit))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(result), expected, atol=1e-5)


def test_a_gate_worked_out_by_hand():
    """g = (0.8, 0.5): logit = (log 4, 0), so the second unit's noise never counts."""
    g, logit = np.array([[0.8, 0.5]] * 3), np.log([[4.0, 1.0]] * 3)
    noisy = g + np.array([[0.1, -9], [-0.1, 9], [0, 5]])
    gate, after, before = (
        keras.ops.convert_to_tensor(value, "float32") for value in (g, noisy, logit)
    )
    gain = rules.gate_gain(after - gate, before)
    expected = [0.1 * np.log(4), -0.1 * np.log(4), 0]
    np.testing.assert_allclose(keras.ops.convert_to_numpy(gain), expected, atol=1e-6)
    result = keras.ops.convert_to_numpy(rules.boosted(gate, after, gain))
    np.testing.assert_allclose(result, [noisy[0], g[1], noisy[2]], rtol=1e-6)


def test_the_decision_and_the_noise_take_no_gradient():
    """d/da of sum(c * noisy target) is zero, and the target's is c where the noise is added."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("test_nem_losses.py finds it in the gradient of a training step")
    import tensorflow as tf

    a, y = tf.constant([[0.2, 0.8]]), tf.constant([[1.0, 0.0]])
    loss = NEMCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        tape.watch([a, y])
        noisy = loss.noisy_targets(y, a, tf.constant([[-1.0, 0.0]]), 0.1, settings("additive"))
        value = tf.reduce_sum(noisy * [[2.0, 3.0]])
    slopes = tape.gradient(value, [a, y])
    assert slopes[0] is None or not np.any(slopes[0])
    np.testing.assert_allclose(slopes[1], [[2, 3]])
