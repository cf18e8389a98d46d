"""Calibration of a forecaster on rates that it was not trained on."""

import keras
import numpy as np
import pytest

from rnnzoo.rates import calibration
from rnnzoo.rates.forecaster import Forecaster
from rnnzoo.rates.paths import Ahead
from rnnzoo.rates.quantiles import HORIZONS, LEVELS, MEDIAN, conformal_factor, interval_scores
from rnnzoo.rates.scores import coverage


def test_the_conformal_factor_by_hand():
    truth = np.array([*range(1, 11), *range(-1, -10, -1)], "float64")
    scores = interval_scores(truth, -1.0, 0.0, 2.0)
    by_hand = np.array([*np.arange(1, 11) / 2, *range(1, 10)])
    np.testing.assert_array_equal(scores, by_hand)
    assert conformal_factor(scores) == np.sort(by_hand)[17]  # of rank ceil(20 * 0.9)
    assert conformal_factor(scores[:3]) == 1.5  # of 4 ranks there are 3
    assert MEDIAN == 10


def test_the_trust_is_that_of_least_squares_between_0_and_1():
    random = np.random.default_rng(0)
    forecasts = random.normal(size=1000)
    returns = 0.4 * forecasts + random.normal(size=1000)
    expected = np.linalg.lstsq(forecasts[:, None], returns)[0][0]
    assert calibration.least_squares_trust(returns, forecasts) == pytest.approx(expected)
    assert calibration.least_squares_trust(-returns, forecasts) == 0
    assert calibration.least_squares_trust(3 * returns, forecasts) == 1
    assert calibration.least_squares_trust(returns, 0 * forecasts) == 1


@pytest.fixture(scope="module")
def slow():
    """Heavy-tailed rates with a drift of 20 days that an untrained model cannot predict."""
    random = np.random.default_rng(4)
    drift = np.repeat(random.choice([-1, 1], 40), 20) * 0.004
    return np.exp((drift + 0.01 * random.standard_t(3, 800)).cumsum())


@pytest.fixture(scope="module")
def model(slow):
    """Calibrated, untrained."""
    model = Forecaster([keras.layers.GRU(2)])
    model.calibrate(slow, 500)
    return model


def test_calibrated_it_covers_90_percent(model, slow):
    low, high = model.walk_forward(slow, 500, [0.05, 0.95]).T
    assert coverage(slow[500:], low, high) == pytest.approx(0.9, abs=0.005)


@pytest.mark.slow
def test_more_days_ahead_it_covers_90_percent_of_what_it_was_calibrated_on(model, slow):
    assert model.head.widening.numpy()[0] == 1
    assert model.head.widening.numpy()[-1] > 1.05
    begins = range(500, 781, 10)
    intervals = [
        model.forecast(slow[:row], 20, quantiles=[0.05, 0.95], seed=row)[-1] for row in begins
    ]
    low, high = np.transpose(intervals)
    assert coverage(slow[[row + 19 for row in begins]], low, high) == pytest.approx(0.9, abs=0.06)


def test_calibrated_again_it_is_the_same(model, slow):
    before = [np.array(weight) for weight in model.head.get_weights()]
    model.calibrate(slow, 500)
    for old, new in zip(before, model.head.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_too_few_rates_leave_the_intervals_of_more_days_as_they_are(slow):
    model = Forecaster([keras.layers.GRU(2)])
    model.calibrate(slow[:300], 200)
    np.testing.assert_array_equal(model.head.widening, np.ones(len(HORIZONS)))


def test_between_the_horizons_the_factor_is_linear_in_the_logarithm_of_the_days(model):
    model.head.widening.assign([1.0, 1.2, 1.6])
    factors = [calibration.widening(model.head, day) for day in (1, 5, 10, 20, 100)]
    np.testing.assert_allclose(factors, [1, 1.2, 1.4, 1.6, 1.6], rtol=1e-6)


def test_widening_moves_all_but_the_median():
    z = np.array([[[0.0, *np.linspace(-2, 2, len(LEVELS))]]])
    ahead = Ahead(np.array([[4.0]]), np.array([[0.1]]), z)
    levels = np.array([0.05, 0.5, 0.95])
    narrow, wide = (ahead.quantiles(levels, widening)[0] for widening in (1.0, 2.0))
    np.testing.assert_allclose(wide - 4, 2 * (narrow - 4), atol=1e-12)
    assert narrow[1] == 4
