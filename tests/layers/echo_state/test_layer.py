"""The reservoir as a layer: its weights, its steps, its readout."""

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.layers import EchoState, least_squares_init

pytestmark = [pytest.mark.portable, pytest.mark.once]

BATCH, STEPS, FEATURES, UNITS = 4, 30, 2, 12


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def built(**kwargs):
    layer = EchoState(UNITS, seed=3, bias_scaling=0.2, return_sequences=True, **kwargs)
    layer.build((None, None, FEATURES))
    return layer


def weights(layer):
    return [ops.convert_to_numpy(value).astype("float64") for value in layer.weights]


def expected(layer, x, mask=None):
    """NumPy's pass; a masked step keeps the state."""
    a, b, bias = weights(layer)
    leak, h, result = layer.cell.leak, np.zeros((len(x), UNITS)), []
    for t in range(x.shape[1]):
        new = (1 - leak) * h + leak * np.tanh(x[:, t] @ a + h @ b + bias)
        h = new if mask is None else np.where(mask[:, t, None], new, h)
        result.append(h)
    return np.stack(result, axis=1)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("leak", [1.0, 0.3])
def test_its_steps(leak, fused):
    layer, x = built(leak=leak, fused=fused), numbers(BATCH, STEPS, FEATURES)
    for training in (False, True):
        result = ops.convert_to_numpy(layer(x, training=training))
        np.testing.assert_allclose(result, expected(layer, x), rtol=1e-4, atol=1e-5)
    mask = np.random.default_rng(1).uniform(size=(BATCH, STEPS)) < 0.7
    mask[:, 0] = True
    result = ops.convert_to_numpy(layer(x, mask=ops.convert_to_tensor(mask)))
    np.testing.assert_allclose(result, expected(layer, x, mask), rtol=1e-4, atol=1e-5)
    back = built(leak=leak, fused=fused, go_backwards=True)
    np.testing.assert_allclose(
        ops.convert_to_numpy(back(x[:, ::-1].copy())), expected(layer, x), rtol=1e-4, atol=1e-5
    )


def test_the_size_of_its_weights():
    layer = EchoState(200, spectral_radius=1.3, connectivity=0.1, input_scaling=0.5, seed=1)
    layer.build((None, None, FEATURES))
    a, b, bias = weights(layer)
    np.testing.assert_allclose(np.abs(np.linalg.eigvals(b)).max(), 1.3, rtol=1e-4)
    assert abs(np.mean(b != 0) - 0.1) < 0.01
    assert 0.45 < np.abs(a).max() <= 0.5 and np.all(bias == 0)
    reference = EchoState(200, norm=3.78, seed=1)
    reference.build((None, None, FEATURES))
    np.testing.assert_allclose(np.linalg.norm(weights(reference)[1], 2), 3.78, rtol=1e-5)


def test_a_seed_gives_the_same_weights_again():
    first, second, third = built(), built(), EchoState(UNITS, seed=4)
    third.build((None, None, FEATURES))
    for value, two in zip(weights(first), weights(second), strict=True):
        np.testing.assert_array_equal(value, two)
    assert np.any(weights(first)[0] != weights(third)[0])
    drawn = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        layers = [EchoState(UNITS), EchoState(UNITS)]
        for layer in layers:
            layer.build((None, None, FEATURES))
        drawn.append([weights(layer)[0] for layer in layers])
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert np.any(drawn[0][0] != drawn[0][1])


def network(**kwargs):
    inputs = keras.Input((None, FEATURES))
    return keras.Sequential([inputs, EchoState(UNITS, seed=3, **kwargs), keras.layers.Dense(1)])


def test_the_readout_in_closed_form_then_with_fit():
    x = numbers(BATCH, 200, FEATURES)
    y = np.roll(x[..., :1], 2, axis=1) + 0.5 * x[..., 1:]
    model = network(return_sequences=True, input_scaling=0.1)
    model.compile("adam", "mse")
    before = weights(model.layers[0])
    start = model.evaluate(x, y, verbose=0)
    least_squares_init(model, x, y, iterations=1, step=1, ridge=0)
    result = model.evaluate(x, y, verbose=0)
    assert result < start / 3
    rows = expected(model.layers[0], x).reshape(-1, UNITS)
    rows = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    best = np.linalg.lstsq(rows, y.reshape(-1, 1).astype("float64"), rcond=None)[1] / len(rows)
    np.testing.assert_allclose(result, best[0], rtol=1e-3)
    model.fit(x, y, verbose=0)
    for value, two in zip(weights(model.layers[0]), before, strict=True):
        np.testing.assert_array_equal(value, two)
    assert len(model.trainable_variables) == 2


def test_it_can_learn_as_a_whole():
    x, y = numbers(BATCH, STEPS, FEATURES), numbers(BATCH, 1, seed=1)
    result = []
    for fused in (True, False):
        model = network(trainable=True, leak=0.5, fused=fused)
        model.layers[-1].set_weights([np.ones((UNITS, 1)) / UNITS, np.zeros(1)])
        model.compile("sgd", "mse")
        model.fit(x, y, verbose=0)
        result.append(weights(model.layers[0]))
    for value, two, start in zip(*result, weights(network().layers[0]), strict=True):
        np.testing.assert_allclose(value, two, rtol=1e-4, atol=1e-6)
        assert np.abs(value - start).max() > 1e-6
    late = network()
    late.layers[0].trainable = True
    assert len(late.trainable_variables) == 5


@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("batch, steps, units", [(4, 30, 12), (17, 30, 12), (4, 4, 5)])
def test_a_layer_below_a_fixed_one_learns_through_it(batch, steps, units, return_sequences):
    x, result = numbers(batch, steps, FEATURES), []
    for fused in (True, False):
        settings = {"leak": 0.5, "seed": 3, "return_sequences": return_sequences}
        layers = [keras.layers.Dense(3), EchoState(units, fused=fused, **settings)]
        model = keras.Sequential([keras.Input((steps, FEATURES)), *layers])
        model.layers[0].set_weights([numbers(FEATURES, 3, seed=2), np.zeros(3)])
        model.compile(keras.optimizers.SGD(1.0), "mse")
        model.fit(x, np.ones(model.compute_output_shape(x.shape)), verbose=0)
        result.append(weights(model.layers[0]))
    for value, two in zip(*result, strict=True):
        np.testing.assert_allclose(value, two, rtol=1e-4, atol=1e-5)
    assert np.abs(result[0][0] - numbers(FEATURES, 3, seed=2)).max() > 1e-3


def test_a_file_brings_it_back(tmp_path):
    model = network(leak=0.4, norm=1.5, connectivity=0.5, return_sequences=True)
    x = numbers(BATCH, STEPS, FEATURES)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert again.layers[0].get_config() == model.layers[0].get_config()
    np.testing.assert_array_equal(ops.convert_to_numpy(again(x)), ops.convert_to_numpy(model(x)))
    clone = keras.models.clone_model(model)
    np.testing.assert_array_equal(weights(clone.layers[0])[1], weights(model.layers[0])[1])


def test_a_bidirectional_one_runs_a_reservoir_both_ways():
    both = keras.layers.Bidirectional(
        EchoState(UNITS, seed=np.int64(3), bias_scaling=0.2, return_sequences=True)
    )
    x = numbers(BATCH, STEPS, FEATURES)
    result = ops.convert_to_numpy(both(x))
    forwards, backwards = expected(built(), x), expected(built(), x[:, ::-1])[:, ::-1]
    wanted = np.concatenate([forwards, backwards], axis=-1)
    np.testing.assert_allclose(result, wanted, rtol=1e-4, atol=1e-5)


def test_the_drive():
    layer, x = built(), numbers(STEPS, FEATURES)
    a, _, bias = weights(layer)
    np.testing.assert_allclose(layer.drive(x), x @ a + bias, rtol=1e-6)
    with pytest.raises(ValueError, match="x has shape .30, 1.: give .time, 2. or a batch"):
        layer.drive(x[:, :1])
    with pytest.raises(ValueError, match="echo has no weights yet: build it, or call it once"):
        EchoState(UNITS, name="echo").drive(x)


def test_what_is_refused():
    for kwargs, message in (
        ({"leak": 0}, "leak is 0: give a number above 0 and up to 1"),
        ({"connectivity": 1.5}, "connectivity is 1.5: give a number above 0 and up to 1"),
        ({"spectral_radius": -1}, "spectral_radius is -1: give a finite number of at least 0"),
        ({"norm": np.inf}, "norm is inf: give a finite number of at least 0"),
        ({"fused": 2}, "fused is 2: choose one of True, False"),
        ({"activation": "softmax"}, "softmax"),
        ({"seed": -1}, "seed is -1: give a whole number of at least 0"),
        ({"seed": "a"}, "seed is 'a': give a whole number of at least 0"),
    ):
        with pytest.raises(ValueError, match=message):
            EchoState(UNITS, **kwargs)
    with pytest.raises(ValueError, match="connectivity is 0.001: with 3 units and this seed"):
        EchoState(3, connectivity=0.001, seed=1).build((None, None, FEATURES))
