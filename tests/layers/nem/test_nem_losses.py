"""The NEM losses: their values, and their gradient where a target does not sum to 1."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMCategoricalCrossentropy, NEMMeanSquaredError, NEMModel

pytestmark = pytest.mark.portable

O = np.array([0.2, -1.0, 0.7, 0.0])  # noqa: E741 - the inputs of the output neurons, as [NB]
A = np.exp(O) / np.exp(O).sum()
T = np.array([1.3, -0.4, 0.05, 0.25])  # a noisy target; it sums to 1.2

each_run = pytest.mark.parametrize("run_eagerly", [True, False], ids=["eager", "compiled"])


def outputs(softmax):
    """A model whose outputs, for any input, are its bias O, or the softmax of it."""
    bias = keras.initializers.Constant(list(O))
    layers = [keras.layers.Dense(4, kernel_initializer="zeros", bias_initializer=bias)]
    if softmax:
        layers.append(keras.layers.Softmax())
    return keras.Sequential([keras.Input((1,)), *layers])


def gradient(model, loss, y, run_eagerly, x=((0.0,),)):
    """Of the loss with respect to the bias: what `fit` with SGD of rate 1 takes away from it."""
    model.compile(keras.optimizers.SGD(1.0), loss, run_eagerly=run_eagerly)
    before = model.get_weights()[1]
    model.fit(np.array(x, "float32"), np.array(y, "float32"), verbose=0)
    return before - model.get_weights()[1]


def finite_differences(value, at):
    return np.array(
        [(value(at + step) - value(at - step)) / 2e-6 for step in 1e-6 * np.eye(len(at))]
    )


def cross_entropy(o):
    """-sum t log softmax(o)."""
    return -T @ (o - np.log(np.exp(o).sum()))


@each_run
@pytest.mark.parametrize("from_logits", [False, True], ids=["probabilities", "logits"])
def test_the_gradient_with_a_noisy_target(from_logits, run_eagerly):
    """It is a sum(t) - t; the a - t of fused cross entropies is another one."""
    loss = NEMCategoricalCrossentropy(from_logits=from_logits)
    result = gradient(outputs(softmax=not from_logits), loss, [T], run_eagerly)
    np.testing.assert_allclose(result, A * T.sum() - T, atol=2e-6)
    np.testing.assert_allclose(result, finite_differences(cross_entropy, O), atol=2e-6)
    assert np.abs(result - (A - T)).max() > 0.05


@each_run
@pytest.mark.parametrize("from_logits", [False, True], ids=["probabilities", "logits"])
def test_the_gradient_of_noise_that_a_model_adds(from_logits, run_eagerly):
    """y = (1, 0, 0, 0) and n = (0.3, -0.4, 0.05, 0.25), which is kept: n . log a = 0.29."""
    noise = T - np.eye(4)[0]
    assert noise @ np.log(A) > 0

    def unit(shape, dtype=None, seed=None):
        return keras.ops.convert_to_tensor(noise[None] / 0.5, dtype=dtype)

    settings = {"noise_std": 0.5, "noise_anneal": 2, "noise_distribution": unit}
    model = NEMModel(outputs(softmax=not from_logits), **settings)
    loss = NEMCategoricalCrossentropy(from_logits=from_logits)
    result = gradient(model, loss, [np.eye(4)[0]], run_eagerly)
    np.testing.assert_allclose(result, A * T.sum() - T, atol=2e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only there it is fused")
def test_the_check_can_fail():
    """Keras's own loss on the same target has the other gradient."""
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    result = gradient(outputs(softmax=False), loss, [T], run_eagerly=False)
    assert np.abs(result - (A * T.sum() - T)).max() > 0.05


@each_run
def test_the_gradient_of_the_squared_error(run_eagerly):
    """2 (a - t) / K with the mean over K outputs."""
    result = gradient(outputs(softmax=False), NEMMeanSquaredError(), [T], run_eagerly)
    np.testing.assert_allclose(result, (O - T) / 2, atol=2e-6)


# Values


def value(loss, y, a):
    return float(loss(np.array(y, "float32"), np.array(a, "float32")))


def test_values_worked_out_by_hand():
    y, a = [[1.0, 0.0], [-0.5, 1.5]], [[0.25, 0.75], [0.5, 0.5]]
    expected = (np.log(4) + np.log(2)) / 2
    assert value(NEMCategoricalCrossentropy(), y, a) == pytest.approx(expected)
    logits = NEMCategoricalCrossentropy(from_logits=True)
    assert value(logits, y, np.log(a)) == pytest.approx(expected)
    assert value(NEMMeanSquaredError(), y, a) == pytest.approx((0.5625 + 1) / 2)


@pytest.mark.parametrize("kind", ["categorical_crossentropy", "mean_squared_error"])
def test_on_clean_targets_it_is_keras_own(kind):
    draw = np.random.default_rng(0)
    y = np.eye(4)[draw.integers(4, size=(6, 5))]
    a = np.exp(draw.normal(size=(6, 5, 4)))
    a /= a.sum(axis=-1, keepdims=True)
    ours, theirs = {
        "categorical_crossentropy": (
            NEMCategoricalCrossentropy(),
            keras.losses.CategoricalCrossentropy(),
        ),
        "mean_squared_error": (NEMMeanSquaredError(), keras.losses.MeanSquaredError()),
    }[kind]
    assert value(ours, y, a) == pytest.approx(value(theirs, y, a), rel=1e-5)


@pytest.mark.parametrize("first_step", [0, 2, 4])
def test_the_mean_is_over_the_steps_from_the_first(first_step):
    """The sum of (30) begins at t0."""
    draw = np.random.default_rng(1)
    y, a = draw.normal(size=(3, 5, 2)), draw.normal(size=(3, 5, 2))
    expected = np.mean((y - a)[:, first_step:] ** 2)
    result = value(NEMMeanSquaredError(first_step=first_step), y, a)
    assert result == pytest.approx(expected, rel=1e-5)


def test_a_probability_of_zero_is_finite():
    result = value(NEMCategoricalCrossentropy(), [[1.0, 0.0]], [[0.0, 1.0]])
    assert result == pytest.approx(-np.log(keras.config.epsilon()), rel=1e-4)
    logits = NEMCategoricalCrossentropy(from_logits=True)
    assert value(logits, [[1.0, 0.0]], [[-500.0, 500.0]]) == pytest.approx(1000)


@pytest.mark.parametrize("loss", [NEMCategoricalCrossentropy(True, 3), NEMMeanSquaredError(2)])
def test_a_configuration_makes_the_same_loss(loss):
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()
