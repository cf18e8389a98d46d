"""Seasons from the past alone: exact for a sine, whatever the place's level and amplitude."""

import numpy as np
import pytest
from keras import ops

from rnnzoo.weather.basis import WeatherBasis
from rnnzoo.weather.season import (
    LEAST,
    LENGTH,
    YEAR,
    YEARS,
    change_filters,
    season_filters,
    window,
)


def season(days, level=12.0, size=7.0):
    phase = 2 * np.pi * np.asarray(days) / YEAR
    return level + size * np.cos(phase - 0.4) + 0.3 * size * np.sin(2 * phase)


def test_windows_are_two_and_four_years():
    assert (LEAST, LENGTH) == (730, 1461) and [window(years) for years in YEARS] == [730, 1461]


@pytest.mark.parametrize("years", range(len(YEARS)))
@pytest.mark.parametrize("place", [(12.0, 7.0), (-40.0, 0.5), (3.0, 0.0)])
def test_a_sine_and_a_mean_are_exact(years, place):
    filters = ops.convert_to_numpy(season_filters())[::-1, 0, 3 * years : 3 * years + 3]
    today = 3000
    past = season(today - np.arange(LENGTH), *place)
    expected = [season(today, *place), season(today + 1, *place), place[0]]
    np.testing.assert_allclose(past @ filters, expected, atol=2e-4)


def test_changes_are_a_mean_over_the_window():
    filters = ops.convert_to_numpy(change_filters())[::-1, 0]
    np.testing.assert_allclose(filters.sum(axis=0), 1, rtol=1e-4)
    assert (filters[window(2) - 1 :, 0] == 0).all()


@pytest.mark.parametrize("days", [800, 1500])
def test_the_layer_predicts_the_season_of_a_place(days):
    basis = WeatherBasis({"T2M": "none", "RAIN": "rain"})
    basis.mean.assign([5.0, 0.5, 2.0])
    values = np.zeros((1, days, 1, 1, 2), "float32")
    values[0, :, 0, 0, 0] = season(np.arange(days))
    z, about, tomorrow, unit = (ops.convert_to_numpy(part) for part in basis(values))
    np.testing.assert_allclose(tomorrow[0, LEAST:, 0] + 5, season(np.arange(LEAST, days) + 1),
                               atol=5e-3)  # fmt: skip
    assert (unit[0, : LEAST - 1] == 0).all() and (unit[0, LEAST:] > 0).all()
    assert np.abs(z[0, LEAST:, 0]).max() < 0.1 and (z[0, : LEAST - 1] == 0).all()
    assert about.shape == (1, days, 9)


def test_predictions_of_a_basis_are_read_like_fields():
    """A prediction with its unit is a day: what has no unit is missing."""
    basis = WeatherBasis({"T2M": "none", "WS10M": "sqrt"})
    basis.mean.assign([5.0, 1.0])
    predicted = np.array([9.0, 2.0, 1.5, 0.0], "float32").reshape(1, 1, 1, 1, 4)
    u, known = (ops.convert_to_numpy(part)[0, 0] for part in basis.read(predicted))
    assert u.tolist() == [4.0, 0.0] and known.tolist() == [1.0, 0.0]
    fields = np.array([9.0, np.nan], "float32").reshape(1, 1, 1, 1, 2)
    again, known = (ops.convert_to_numpy(part)[0, 0] for part in basis.read(fields))
    assert again.tolist() == [4.0, 0.0] and known.tolist() == [1.0, 0.0]
