"""Weather by place, parameter, lead time and season."""

import numpy as np
import pytest

from rnnzoo.pipelines.families.weather.family import WEATHER
from rnnzoo.pipelines.families.weather.weather_data import WeatherData
from rnnzoo.weather.evaluation import baseline_rows, mean_figure, model_rows


def test_rows_are_the_figures(checked_rows, fitted_weather, small_weather):
    ends = {"train": 1600, "validation": 1820, "test": 2190}
    data = WeatherData("weather-made-up", "0", small_weather, dict.fromkeys(small_weather, ends))
    rows = checked_rows(WEATHER, fitted_weather, data, relative=2e-5)
    test = [row for row in rows if row["split"] == "test"]
    weights = [row["weight"] for row in test]
    tests = WEATHER._tests(data, "test")
    scales = fitted_weather.basis.cells.scales
    of_baselines = [baseline_rows(of_place, scales) for of_place in tests]
    for name in ("climatology", "damped persistence"):
        mean = np.average([row["baselines"][name] for row in test], weights=weights)
        assert mean == pytest.approx(mean_figure([t[name] for t in of_baselines]), rel=2e-5)
    # A slice of a parameter and a lead time has its relative error.
    table = model_rows(fitted_weather, tests[0])
    for lead in (1, 2, 3):
        here = [
            row
            for row in test
            if row["slices"]["place"] == "here"
            and row["slices"]["parameter"] == "WD10M"
            and row["slices"]["days ahead"] == str(lead)
        ]
        assert len(here) == 4
        mean = np.average([row["loss"] for row in here], weights=[row["weight"] for row in here])
        assert mean == pytest.approx(table["WD10M"]["relative"][lead - 1], rel=2e-5)
