"""Baselines of weather, against numbers worked out by hand."""

import numpy as np
import pytest

from rnnzoo.baselines.weather import (
    YEAR,
    climatological_quantiles,
    climatology,
    damping,
    predictions,
)

pytestmark = pytest.mark.core


def test_the_climatology_is_the_waves_of_a_year():
    days = np.arange(1500)
    wave = 10 + 4 * np.cos(2 * np.pi * days / YEAR) - np.sin(6 * np.pi * days / YEAR)
    values = np.stack([wave, wave, np.full(1500, np.nan)], axis=-1)
    values[200:300, 1] = values[1400:, 1] = np.nan
    expected = np.stack([wave, wave], axis=-1)
    np.testing.assert_allclose(climatology(values, 1000)[:, :2], expected, atol=1e-8)
    assert np.isnan(climatology(values, 1000)[:, 2]).all()
    # A year and less is no climatology.
    assert np.isnan(climatology(values, 365)[:, 0]).all()


def test_damping_is_the_slope_of_later_deviations():
    deviations = np.array([[1.0, 1.0], [2.0, np.nan], [-1.0, 2.0], [0.5, 4.0], [99.0, 99.0]])
    # (1*2 + 2*-1 + -1*0.5) / (1 + 4 + 1), and (2*4) / 4 where both days are known.
    np.testing.assert_allclose(damping(deviations, 1, 4), [-0.5 / 6, 2.0])
    np.testing.assert_allclose(damping(deviations, 2, 4)[0], (1 * -1 + 2 * 0.5) / (1 + 4))


def test_predictions_are_climatology_persistence_and_their_mixture():
    random, days = np.random.default_rng(0), 1600
    deviations = np.zeros(days)
    for day in range(1, days):
        deviations[day] = 0.6 * deviations[day - 1] + random.normal()
    values = np.stack([deviations + 5, np.full(days, 350.0)], axis=-1)
    values[1::2, 1] = 10  # north, whatever the day
    rows = predictions(values, [1], np.array([1200, 1300]), [1, 3], 1100)
    assert list(rows) == ["climatology", "persistence", "damped persistence"]
    last = values[[1199, 1299], 0]
    np.testing.assert_allclose(rows["persistence"][..., 0], np.stack([last, last], axis=1))
    np.testing.assert_allclose(rows["persistence"][..., 1], 10)
    normal = rows["climatology"][..., 0]
    assert np.abs(normal - 5).max() < 0.5
    mixture = rows["damped persistence"][..., 0]
    expected = normal + np.array([0.6, 0.216]) * (last - 5)[:, None]
    np.testing.assert_allclose(mixture, expected, atol=0.25)
    around = (rows["climatology"][..., 1] + 180) % 360 - 180
    assert np.abs(around).max() < 2


def test_climatological_quantiles_are_those_of_the_same_time_of_the_year():
    days = np.arange(8 * 366)
    winter = np.cos(2 * np.pi * days / YEAR) > 0
    values = np.stack([np.where(winter, 1.0, 7.0), np.full(len(days), np.nan)], axis=-1)
    values[2000:, 0] = 99  # not in training
    rows = climatological_quantiles(values, np.array([[2922, 2922 + 180]]) - 365, [0.1, 0.9], 2000)
    assert rows.shape == (1, 2, 2, 2)
    assert rows[0, :, 0].tolist() == [[1.0, 1.0], [7.0, 7.0]] and np.isnan(rows[..., 1, :]).all()
