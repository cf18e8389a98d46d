"""Baselines of rates: values computed by hand, and no use of the future."""

import sys
from functools import partial

import numpy as np
import pytest
from scipy.stats import norm, t

from rnnzoo.baselines import rates as baselines
from rnnzoo.datasets.common.errors import InputError

LEVELS = [0.05, 0.5, 0.95]
POINTS = [baselines.persistence, baselines.drift, baselines.arima, baselines.ets]
QUANTILES = [
    baselines.rolling_volatility,
    baselines.garch,
    partial(baselines.garch, distribution="t"),
]


def walk(count=300, seed=1, spread=0.01):
    steps = spread * np.random.default_rng(seed).normal(size=count)
    return 50 * np.exp(np.cumsum(steps))


def test_no_change_and_drift_by_hand():
    values = np.array([1.0, 2, 4, 8, 10])
    np.testing.assert_array_equal(baselines.persistence(values, 3), [4, 8])
    np.testing.assert_allclose(baselines.drift(values, 3), [8, 16])


def test_rolling_volatility_by_hand():
    values = np.exp([0, 0.1, -0.1, 0.3, 0.3])
    quantiles = baselines.rolling_volatility(values, 3, [0.5, 0.9], days=2)
    spreads = np.sqrt([(0.01 + 0.04) / 2, (0.04 + 0.16) / 2])
    np.testing.assert_allclose(quantiles[:, 0], values[2:4])
    np.testing.assert_allclose(quantiles[:, 1], values[2:4] * np.exp(spreads * norm.ppf(0.9)))


def test_garch_is_its_equation_and_finds_what_made_the_series():
    random = np.random.default_rng(3)
    returns, variance = np.zeros(3000), 1.0
    for day in range(3000):
        returns[day] = np.sqrt(variance) * random.normal() / 100
        variance = 0.05 + 0.15 * (100 * returns[day]) ** 2 + 0.8 * variance
    values = 50 * np.exp(np.cumsum(returns))
    quantile = baselines.garch(values, 2500, [norm.cdf(1)])[:, 0]
    spread = 100 * np.log(quantile / values[2499:-1])
    r = 100 * np.diff(np.log(values))[2499:]
    # s² is linear in the r² and s² before: three coefficients determine all of it.
    columns = np.stack([np.ones(499), r[:499] ** 2, spread[:-1] ** 2], axis=1)
    (w, a, b), residual, *_ = np.linalg.lstsq(columns, spread[1:] ** 2)
    assert residual < 1e-12
    assert a == pytest.approx(0.15, abs=0.05)
    assert b == pytest.approx(0.8, abs=0.07)


def test_garch_of_students_t_has_the_quantiles_of_its_own():
    steps = np.random.default_rng(4).standard_t(4, 3000) / 100
    values = 50 * np.exp(np.cumsum(steps))
    levels = [0.01, 0.25, 0.75, 0.99]
    normal, wild = (
        np.log(baselines.garch(values, 2500, levels, kind) / values[2499:-1, None])
        for kind in ("normal", "t")
    )
    ratio = np.mean((wild[:, 3] - wild[:, 0]) / (wild[:, 2] - wild[:, 1]))
    assert ratio == pytest.approx(t.ppf(0.99, 4) / t.ppf(0.75, 4), rel=0.1)
    ratio = np.mean((normal[:, 3] - normal[:, 0]) / (normal[:, 2] - normal[:, 1]))
    assert ratio == pytest.approx(norm.ppf(0.99) / norm.ppf(0.75))


@pytest.mark.parametrize("forecast", POINTS + QUANTILES)
def test_a_forecast_does_not_know_its_day_nor_any_later(forecast):
    values, more = walk(), (LEVELS,) if forecast in QUANTILES else ()
    others = np.concatenate([values[:280], walk(20, seed=2)])
    first, second = forecast(values, 250, *more), forecast(others, 250, *more)
    assert len(first) == 50
    np.testing.assert_allclose(first[:31], second[:31], rtol=1e-9)
    assert not np.allclose(first[31:], second[31:])


def test_arima_and_ets_find_a_mean_that_is_returned_to():
    random = np.random.default_rng(1)
    values = 50 * np.exp(0.01 * random.normal(size=400))
    change = np.square(baselines.persistence(values, 300) - values[300:]).mean()
    for forecast in (baselines.arima, baselines.ets):
        assert np.square(forecast(values, 300) - values[300:]).mean() < 0.7 * change


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels", None)
    with pytest.raises(InputError, match=r"need statsmodels: pip install 'rnnzoo\[rates\]'"):
        baselines.arima(walk(), 250)
