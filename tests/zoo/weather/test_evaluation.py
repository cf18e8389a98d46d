"""Figures of forecasts of weather per parameter and lead time."""

import numpy as np
import pytest

from rnnzoo.fields.basis import LEVELS
from rnnzoo.weather.evaluation import (
    baseline_rows,
    evaluate,
    model_rows,
    relative_error,
    rows,
)
from rnnzoo.weather.place_test import LEADS, PlaceTest

SCALES = {"T2M": "none", "WD10M": "angle", "PS": "none"}


@pytest.fixture
def test():
    """Forty days of which the last are predicted; there is no pressure."""
    values = np.full((40, 3), np.nan, "float32")
    values[:, 0], values[:, 1] = 10, 350
    return PlaceTest("here", values, 20, 20, every=5)


def test_every_day_is_an_origin_unless_told(test):
    assert test.origins.tolist() == [20, 25]
    assert test.days[1].tolist() == [25, 26, 27, 29, 31, 34, 38]
    assert test.truth.shape == (2, len(LEADS), 3)
    assert PlaceTest("here", test.values, 20, 20).origins.tolist() == list(range(20, 27))


def test_errors_of_directions_are_the_shorter_way_around(test):
    shape = test.truth.shape
    means, normal = np.zeros(shape), np.zeros(shape)
    means[..., 0], normal[..., 0] = 7, 4
    means[..., 1], normal[..., 1] = 10, 30
    table = rows(test, SCALES, means, normal)
    assert list(table) == ["T2M", "WD10M"]
    assert table["T2M"]["rmse"] == [3] * 7 and table["T2M"]["relative"] == [0.5] * 7
    assert table["T2M"]["correlation"] == [1] * 7
    assert table["WD10M"]["rmse"] == [20] * 7 and table["WD10M"]["relative"] == [0.5] * 7
    assert relative_error(table) == 0.5


def test_intervals_of_directions_are_on_both_sides_of_north(test):
    shape = test.truth.shape
    means = np.zeros(shape)
    spread = np.array([-40, -30, -20, -5, 0, 5, 20, 30, 40.0])
    quantiles = np.zeros((*shape, len(LEVELS)))
    quantiles[..., 0, :] = 12 + spread
    quantiles[..., 1, :] = (5 + spread) % 360
    table = rows(test, SCALES, means, means + 1, quantiles)
    assert table["WD10M"]["coverage"] == [1] * 7 and table["T2M"]["coverage"] == [1] * 7
    below = -15 - spread  # 350 is 15 degrees before 5
    levels = np.array(LEVELS)
    expected = np.maximum(levels * below, (levels - 1) * below).mean()
    assert table["WD10M"]["pinball"] == pytest.approx([expected] * 7, rel=1e-4)
    quantiles[..., 1, :] = (50 + spread) % 360
    table = rows(test, SCALES, means, means + 1, quantiles)
    assert table["WD10M"]["coverage"] == [0] * 7


def test_models_are_evaluated_beside_baselines(fitted_weather, small_weather):
    tests = {
        split: [
            PlaceTest(place, series.values[:end, 0, 0], start, 1600)
            for place, series in small_weather.items()
        ]
        for split, start, end in [("validation", 1600, 1700), ("test", 1820, 1950)]
    }
    result = evaluate({"1": fitted_weather}, tests, trained=True)
    figure = result.figures["1"]["test"]
    assert figure < result.baselines["persistence"]["test"]["relative"]
    assert result.baselines["climatology"]["test"]["relative"] == pytest.approx(1)
    (check,) = result.checks
    assert check[0] == "damped persistence"
    table = result.metrics["tables"]["test"]["places"]["there"]
    assert list(table) == ["T2M", "PRECTOTCORR", "PS"]
    rmse, spread = table["PS"]["rmse"]
    assert len(rmse) == len(LEADS) and spread is None
    assert result.details["1"]["places"]["there"]["PS"]["rmse"] == rmse
    normal = result.details["climatology"]
    assert normal["leads"] == list(LEADS) and "coverage" in normal["places"]["here"]["PS"]
    own = model_rows(fitted_weather, tests["test"][1])
    assert own["PS"]["rmse"] == rmse
    of_baselines = baseline_rows(tests["test"][1], fitted_weather.basis.cells.scales)
    assert "coverage" in of_baselines["climatology"]["PS"]
    assert "coverage" not in of_baselines["persistence"]["PS"]
