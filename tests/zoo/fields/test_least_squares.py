"""Weights by least squares, and their updates on line."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.fields import initial_weights
from rnnzoo.fields.forecaster import FieldForecaster

TRAIN, START = 7 * 168, 8 * 168


def mean_error(model, series, start):
    inside = ~np.isnan(series.values[0])
    errors = model.walk_forward(series, start) - series.values[start:]
    return np.square(errors[:, inside]).mean()


def test_the_readout_is_ridge_regression(small_fields):
    """An independent solution of the normal equations, on the regressors of the model."""
    from rnnzoo.fields.initial_weights import rows_and_targets

    keras.utils.set_random_seed(1)
    model = FieldForecaster((2, 3, 1), 3600, [keras.layers.GRU(4)], rank=3)
    model.fit_fields(small_fields, ridge=0.01)
    rows, targets = (
        array[0].astype("float64") for array in rows_and_targets(model, small_fields.values)
    )
    x, y = rows - rows.mean(axis=0), targets - targets.mean(axis=0)
    weights = np.linalg.solve(x.T @ x / len(x) + 0.01 * np.eye(x.shape[1]), x.T @ y / len(x))
    np.testing.assert_allclose(model.readout.get_weights()[0], weights, atol=2e-4)


@pytest.mark.parametrize("linear", [True, False])
def test_iterations_fit_the_recurrent_layer(small_fields, linear):
    errors, kernels = [], []
    for iterations in (0, 10):
        keras.utils.set_random_seed(1)
        layer = keras.layers.SimpleRNN(8)
        model = FieldForecaster((2, 3, 1), 3600, [layer], rank=3, linear=linear)
        model.fit_fields(small_fields[:TRAIN], iterations=iterations)
        errors.append(mean_error(model, small_fields, START))
        kernels.append(model.recurrent[0].get_weights()[0])
    assert np.abs(kernels[0] - kernels[1]).max() > 0.05
    assert errors[1] < 1.05 * errors[0]


def test_updates_follow_a_region_that_changes(model, small_fields):
    half = type(small_fields)(small_fields.times, small_fields.values.copy(), ["people"])
    half.values[START:] = np.roll(small_fields.values[START:], 5, axis=0)  # five hours later
    before = mean_error(model, half, START)
    model.read(half[:START], forgetting=0.99)
    inside, errors = ~np.isnan(half.values[0]), []
    for frame in half.values[START:]:
        errors.append(np.square(model.ahead(1)[0] - frame)[inside].mean())
        model.update(frame)
    assert np.mean(errors) < 0.8 * before


def test_without_learning_updates_only_read(model, small_fields):
    weights = model.readout.get_weights()
    model.read(small_fields[:START], learn=False)
    for frame in small_fields.values[START : START + 5]:
        model.update(frame, learn=False)
    for old, new in zip(weights, model.readout.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    expected = model.forecast(small_fields[: START + 5], 3)
    np.testing.assert_allclose(model.ahead(3), expected, rtol=1e-3, atol=1e-3)


def test_an_unusual_field_is_an_anomaly(model, small_fields):
    model.read(small_fields[:START], learn=False)
    frame = small_fields.values[START]
    usual, errors = model.anomaly(frame)
    assert 0.3 < usual < 2 and np.isnan(errors[0, 0]).all()
    crowd = frame.copy()
    crowd[1, 2] += 200
    unusual, errors = model.anomaly(crowd)
    assert unusual > 3 * usual
    assert np.unravel_index(np.nanargmax(errors), errors.shape) == (1, 2, 0)
    assert model.anomaly(frame)[0] == usual  # nothing has changed


def test_live_calls_are_refused_before_a_history(model, small_fields):
    frame = small_fields.values[0]
    for call in (lambda: model.update(frame), lambda: model.anomaly(frame), model.ahead):
        with pytest.raises(InputError, match="no field has been read yet: call read"):
            call()
    with pytest.raises(InputError, match="84 steps after the history are too few for 108 weights"):
        wide = model.reconfigured(
            recurrent=[keras.saving.serialize_keras_object(keras.layers.GRU(90))]
        )
        wide.fit_fields(small_fields[:START]).read(small_fields[:168])
    model.read(small_fields[:START])
    with pytest.raises(InputError, match=r"fields of shape \(2, 2, 1\): this model reads"):
        model.update(frame[:, :2])
    weights = model.readout.get_weights()
    with pytest.raises(InputError, match="the value -1 at"):
        model.update(np.where(np.isnan(frame), frame, -1))
    np.testing.assert_array_equal(weights[0], model.readout.get_weights()[0])


def test_the_prior_regresses_each_coefficient_on_its_own_features():
    random = np.random.default_rng(0)
    features = random.normal(size=(4000, 2 * 3)).astype("float32")  # two parts of rank 3
    targets = np.stack([2 * features[:, k] - features[:, 3 + k] for k in range(3)], axis=1)
    weights = initial_weights.own_weights(features, targets + 7).reshape(2, 3, 3)
    np.testing.assert_allclose(weights[0], 2 * np.eye(3), atol=0.01)
    np.testing.assert_allclose(weights[1], -np.eye(3), atol=0.01)


def test_a_strong_ridge_leaves_the_prior(small_fields):
    """Of a random walk per cell the own past is all there is to know."""
    steps = np.random.default_rng(1).normal(size=(1400, 2, 3, 1))
    walk = (0.1 * np.cumsum(steps, axis=0)).astype("float32")
    errors = {}
    for prior in initial_weights.PRIORS:
        keras.utils.set_random_seed(1)
        model = FieldForecaster((2, 3, 1), 3600, [keras.layers.GRU(4)], rank=6, scale="none")
        model.fit_fields(walk[:1200], ridge=1.0, prior=prior)
        errors[prior] = np.square(model.walk_forward(walk, 1200) - walk[1200:]).mean()
    assert errors["own"] < 1.3 * 0.01 < 0.8 * errors["zero"]


def test_other_priors_are_refused(model, small_fields):
    with pytest.raises(InputError, match="prior is 'mine': choose one of zero, own"):
        model.fit_fields(small_fields, prior="mine")
    with pytest.raises(InputError, match="prior='own' is for linear=True"):
        model.reconfigured(linear=False).fit_fields(small_fields, prior="own")
