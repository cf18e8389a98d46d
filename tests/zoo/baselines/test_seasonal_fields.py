"""Baselines of fields that follow the season."""

import numpy as np
import pytest

from rnnzoo.baselines import seasonal_fields as baselines

STEP = 6 * 3600
STEPS, TRAIN, VALIDATION = 1900, 1500, slice(1500, 1700)
TIMES = np.datetime64("2023-01-01", "s") + np.arange(STEPS) * np.timedelta64(STEP, "s")


@pytest.fixture(scope="module")
def season():
    """array (steps, 6): a cycle of the year and one of the day."""
    days = np.arange(STEPS)[:, None] / 4
    year = 10 * np.sin(2 * np.pi * days / 365.25 + np.arange(6))
    return 5 + year + 3 * np.cos(2 * np.pi * (days - np.arange(6) / 10))


@pytest.fixture(scope="module")
def deviations():
    """array (steps, 6): a vector autoregression of the first order."""
    random = np.random.default_rng(0)
    matrix = 0.6 * np.eye(6) + 0.3 * np.roll(np.eye(6), 1, axis=1)
    out = np.zeros((STEPS, 6))
    for t in range(1, STEPS):
        out[t] = out[t - 1] @ matrix + random.normal(size=6)
    return out


def test_the_climatology_is_the_season(season):
    normal = baselines.climatology(season, TIMES, STEP, TRAIN, VALIDATION)
    np.testing.assert_allclose(normal, season, atol=0.05)


def test_of_less_than_a_year_it_is_the_mean_of_each_hour(season):
    normal = baselines.climatology(season, TIMES, STEP, 400, slice(400, 500))
    np.testing.assert_allclose(
        normal[3::4], np.broadcast_to(season[3:400:4].mean(axis=0), (475, 6))
    )


def test_deviations_are_damped_by_a_factor_per_cell(season):
    deviations = np.tile([[1.0, 2.0]], (8, 1)) * 0.5 ** np.arange(8)[:, None]
    normal = season[:8, :2]
    predicted = baselines.damped_persistence(normal + deviations, normal, 2, 6)
    np.testing.assert_allclose(predicted[2:], (normal + deviations)[2:])


def test_the_autoregression_is_near_the_best_forecast(season, deviations):
    """Of noise of variance 1, a step ahead, and of the sum of what is added in a day."""
    rows = baselines.predictions(season + deviations, TIMES, STEP, TRAIN, VALIDATION, [1, 4])
    assert set(rows) == {
        "climatology",
        "persistence",
        "damped persistence",
        "vector autoregression",
    }
    errors = {
        name: {lead: np.square(p - season - deviations)[1700:].mean() for lead, p in row.items()}
        for name, row in rows.items()
    }
    assert errors["vector autoregression"][1] < 1.1 < errors["damped persistence"][1]
    assert errors["vector autoregression"][4] < errors["damped persistence"][4]
    assert errors["damped persistence"][4] < min(errors["persistence"][4], errors["climatology"][4])


def test_no_baseline_sees_what_it_predicts(season, deviations):
    values = season + deviations
    before = baselines.predictions(values, TIMES, STEP, TRAIN, VALIDATION, [1, 4])
    changed = values.copy()
    changed[1800:] += 50
    after = baselines.predictions(changed, TIMES, STEP, TRAIN, VALIDATION, [1, 4])
    for name, row in before.items():
        for lead, predicted in row.items():
            same = slice(0, 1800 + lead)
            np.testing.assert_allclose(after[name][lead][same], predicted[same], err_msg=name)
            moved = (after[name][lead][1800 + lead :] != predicted[1800 + lead :]).any()
            assert moved or name == "climatology"
