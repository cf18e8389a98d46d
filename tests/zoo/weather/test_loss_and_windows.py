"""What weather forecasters are fitted to: the loss, the readout, and windows of places."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.weather.basis import WeatherBasis
from rnnzoo.weather.batches import PlaceSpans, PlaceWindows
from rnnzoo.weather.forecaster import WeatherForecaster
from rnnzoo.weather.least_squares import rows_and_targets
from rnnzoo.weather.loss import DeviationError


def test_the_loss_is_its_equation():
    """Per sample: the mean over cells of their mean squared errors, of what is known."""
    random = np.random.default_rng(0)
    scales = {"T2M": "none", "WS10M": "sqrt", "PS": "none"}
    truth = random.uniform(1, 9, (2, 5, 1, 1, 3)).astype("float32")
    truth[0, 2, ..., 0], truth[1, :, ..., 1] = np.nan, np.nan
    unit = random.uniform(1, 2, truth.shape).astype("float32")
    unit[0, :, ..., 2] = 0  # a place without it
    predicted = random.normal(3, 1, truth.shape).astype("float32")
    samples = []
    for i in range(2):
        of_cells = []
        for cell, root in enumerate([False, True, False]):
            errors = [
                ((np.sqrt(y) if root else y) - p) / a
                for y, p, a in zip(*(x[i, :, 0, 0, cell] for x in (truth, predicted, unit)),
                                   strict=True)
                if not np.isnan(y) and a > 0
            ]  # fmt: skip
            if errors:
                of_cells.append(np.mean(np.square(errors)))
        samples.append(np.mean(of_cells))
    loss = DeviationError(scales)
    value = loss(truth, np.concatenate([predicted, unit], axis=-1))
    assert float(value) == pytest.approx(np.mean(samples), rel=1e-5)
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert again.get_config() == loss.get_config()


def test_what_is_not_known_has_no_gradient():
    import tensorflow as tf

    truth = np.full((1, 3, 1, 1, 1), np.nan, "float32")
    predicted = tf.Variable(np.ones((1, 3, 1, 1, 2), "float32"))
    with tf.GradientTape() as tape:
        value = DeviationError({"WS10M": "sqrt"})(truth, predicted)
    assert float(value) == 0 and np.asarray(tape.gradient(value, predicted)).any() == 0


def test_the_readout_is_ridge_regression_of_each_cell():
    """By `numpy.linalg.lstsq` on the days on which the cell is known."""
    random, ridge = np.random.default_rng(1), 0.02
    days = 900
    values = np.cumsum(random.normal(0, 1, (days, 1, 1, 2)), axis=0).astype("float32")
    values[780:800, ..., 1] = np.nan
    keras.utils.set_random_seed(1)
    model = WeatherForecaster({"A": "none", "B": "none"}, [keras.layers.GRU(3)])
    model.basis.fit_fields([values])
    whole = model.checked(values)
    model.fit_fields(values, ridge=ridge)
    rows, targets = (array[0].astype("float64") for array in rows_and_targets(model, whole))
    assert len(rows) == days - 1 - 729
    for cell in range(2):
        x, y = rows - rows.mean(axis=0), targets[:, cell] - targets[:, cell].mean()
        penalty = np.sqrt(ridge * len(x)) * np.eye(x.shape[1])
        weights, *_ = np.linalg.lstsq(
            np.concatenate([x, penalty]), np.concatenate([y, np.zeros(len(penalty))]), rcond=None
        )
        np.testing.assert_allclose(model.readout.get_weights()[0][:, cell], weights, atol=2e-3)


def test_deviations_of_the_training_have_a_mean_square_of_one():
    random = np.random.default_rng(2)
    values = random.normal(40, 3, (1500, 1, 1, 1)).astype("float32")
    basis = WeatherBasis({"T2M": "none"})
    basis.fit_fields([values])
    z = np.asarray(basis(values[None])[0])[0, 729:]
    assert np.mean(np.square(z)) == pytest.approx(1, rel=0.02)
    assert float(basis.mean[0]) == pytest.approx(values.mean(), rel=1e-5)


def places():
    rows = [np.arange(40.0), 1000 + np.arange(30.0)]
    series = [np.stack([row, row], axis=-1)[:, None, None].astype("float32") for row in rows]
    series[1][5, ..., 1] = np.nan
    return series


def test_windows_of_all_places_have_the_next_day_as_their_target():
    windows = PlaceWindows(places(), 6, 12, batch_size=1, seed=3)
    firsts = []
    for batch in range(len(windows)):
        x, y = windows[batch]
        assert x.shape == y.shape == (1, 12, 1, 1, 2)
        np.testing.assert_array_equal(y[0, 6:, 0, 0, 0], x[0, 6:, 0, 0, 0] + 1)
        assert np.isnan(y[0, :6]).all()
        firsts.append(float(x[0, 0, 0, 0, 0]))
    assert min(firsts) < 40 and max(firsts) >= 1000
    assert windows.samples() == len(firsts)
    again = PlaceWindows(places(), 6, 12, batch_size=1, seed=3)
    assert [float(again[i][0][0, 0, 0, 0, 0]) for i in range(len(again))] == firsts
    again.on_epoch_end()
    later = PlaceWindows(places(), 6, 12, batch_size=1, seed=3, first_epoch=1)
    second = [float(later[i][0][0, 0, 0, 0, 0]) for i in range(len(later))]
    assert [float(again[i][0][0, 0, 0, 0, 0]) for i in range(len(again))] == second != firsts


def test_missing_values_stay_missing_in_windows():
    windows = PlaceWindows(places(), 6, 12, batch_size=1, shuffle=False)
    batches = [windows[i] for i in range(len(windows))]
    missing = [x[0, :, 0, 0, 1] for x, _ in batches if np.isnan(x).any()]
    assert missing and all(np.isnan(row).sum() == 1 for row in missing)


def test_a_span_of_each_place_is_validated_after_its_history():
    spans = PlaceSpans(places(), [30, 4], history=8)
    x, y = spans[0]
    assert x[0, 0, 0, 0, 0] == 22 and x.shape == (1, 17, 1, 1, 2)
    assert np.isnan(y[0, :7]).all() and y[0, 7:, 0, 0, 0].tolist() == list(range(30, 40))
    x, y = spans[1]
    assert x[0, 0, 0, 0, 0] == 1000 and y[0, 3, 0, 0, 0] == 1004 and len(spans) == 2


def test_a_place_without_a_day_to_predict_is_refused():
    with pytest.raises(InputError, match="are no window: give"):
        PlaceWindows([places()[1][:1]], 6, 12)
