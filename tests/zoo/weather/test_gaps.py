"""Gaps of a series, imputed by the model's own forecasts."""

import numpy as np
import pytest

from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.weather import gaps

NAMES = list(PARAMETERS)
T2M, PS, WD10M = (NAMES.index(name) for name in ("T2M", "PS", "WD10M"))


@pytest.fixture
def values(small_weather):
    """The days of a place, to be changed."""
    return small_weather["here"].values[:1300].copy()


def test_inner_and_late_gaps():
    column = np.ones((100, 1, 1, 3), "float32")
    column[:10, ..., 0] = column[50, ..., 0] = column[98:, ..., 0] = np.nan
    column[60:, ..., 1] = np.nan
    assert np.argwhere(gaps.inner_gaps(column)).tolist() == [[50, 0, 0, 0]]
    assert np.argwhere(gaps.late_gaps(column)).tolist() == [[98, 0, 0, 0], [99, 0, 0, 0]]


def test_each_day_is_the_one_step_mean_after_those_before_it(fitted_weather, values):
    truth = values.copy()
    values[1000:1003] = np.nan
    values[1100, 0, 0, PS] = np.nan
    filled = fitted_weather.checked(values)
    for day in (1000, 1001, 1002, 1100):
        expected = fitted_weather.forecast(filled[:day], 1)[0, 0, 0]
        channels = [PS] if day == 1100 else slice(None)
        np.testing.assert_allclose(filled[day, 0, 0, channels], expected[channels], rtol=1e-4,
                                   atol=1e-3)  # fmt: skip
    known = ~np.isnan(values)
    np.testing.assert_array_equal(filled[known], truth[known])
    assert np.isnan(filled[:, 0, 0, NAMES.index("TS")]).all()


def test_a_parameter_may_be_missing_on_the_last_days(fitted_weather, values):
    values[-3:, 0, 0, PS] = np.nan
    completed = fitted_weather.completed(values)
    assert np.isfinite(completed[-3:, 0, 0, PS]).all()
    forecast = fitted_weather.forecast(values, 2)
    np.testing.assert_allclose(forecast, fitted_weather.forecast(completed, 2))
    # With the wind of the last days known, it is two days further ahead of the pressure.
    assert np.isfinite(forecast[:, 0, 0, [T2M, PS]]).all()


def test_a_parameter_that_ended_a_month_ago_is_none_of_the_place(fitted_weather, values):
    values[-31:, 0, 0, PS] = np.nan
    forecast = fitted_weather.forecast(values, 2, quantiles=[0.5])[..., 0]
    assert np.isnan(forecast[:, 0, 0, PS]).all() and np.isfinite(forecast[:, 0, 0, T2M]).all()


def test_gaps_of_the_first_two_years_are_the_places_own_climate(fitted_weather, values):
    """Not the mean over the places that the model was trained on."""
    truth = values.copy()
    values[200:230] = np.nan
    filled = fitted_weather.checked(values)[200:230, 0, 0]
    error = filled[:, [T2M, PS]] - truth[200:230, 0, 0][:, [T2M, PS]]
    assert np.sqrt(np.square(error).mean(axis=0)) == pytest.approx([0, 0], abs=4.5)
    assert np.abs(error.mean(axis=0)).max() < 2
    turned = (filled[:, WD10M] - 355 + 180) % 360 - 180
    assert np.abs(turned).max() < 25
    for channel, name in enumerate(NAMES):
        if not np.isnan(filled[:, channel]).all():
            assert filled[:, channel].min() >= PARAMETERS[name].low
            assert filled[:, channel].max() <= PARAMETERS[name].high


def test_days_between_gaps_are_read_in_chunks(fitted_weather, small_weather, monkeypatch):
    """Forty years with sixty missing days: a call per day only next to these."""
    series = np.concatenate([small_weather["here"].values] * 7)[:14610]
    series[9000:9060] = np.nan
    calls, read = [], fitted_weather.compiled_advance

    def counted(days, states):
        calls.append(int(days.shape[1]))
        return read(days, states)

    monkeypatch.setattr(fitted_weather, "compiled_advance", counted)
    filled = fitted_weather.checked(series)
    assert np.isfinite(filled[9000:9060, 0, 0, T2M]).all()
    assert set(calls) <= set(gaps.CHUNKS) and len(calls) < 60 + 2 * 1461 // 168 + 60
    assert sum(calls) == 2 * 1461 + 59
