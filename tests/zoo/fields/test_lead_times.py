"""Evaluation of fields that follow the season, a step and a day ahead."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.fields.forecaster import FieldForecaster
from rnnzoo.fields.lead_times import ahead, evaluate, leads_of, row

ENDS = {"train": 500, "validation": 600, "test": 660}


@pytest.fixture(scope="module")
def series():
    """Six-hourly values of both signs in 2 x 2 cells, of which one is outside."""
    random, steps = np.random.default_rng(0), 660
    walk = np.zeros((steps, 2, 2, 1))
    for t in range(1, steps):
        walk[t] = 0.8 * walk[t - 1] + random.normal(size=(2, 2, 1))
    values = (walk + 4 * np.cos(np.pi / 2 * np.arange(steps))[:, None, None, None]).astype(
        "float32"
    )
    values[:, 0, 0] = np.nan
    times = np.datetime64("2024-01-01", "s") + np.arange(steps) * np.timedelta64(6 * 3600, "s")
    return FieldSeries(times, values, ["air"])


@pytest.fixture(scope="module")
def forecaster(series):
    keras.utils.set_random_seed(1)
    model = FieldForecaster((2, 2, 1), 6 * 3600, [keras.layers.GRU(4)], rank=3, scale="none")
    model.fit_fields(series[: ENDS["train"]], prior="own", ridge=0.1)
    model.calibrate(series[: ENDS["validation"]], ENDS["train"])
    return model


def test_lead_times_are_a_step_and_a_day():
    assert leads_of(6 * 3600) == {"": 1, "_day": 4} and leads_of(86_400) == {"": 1}


@pytest.mark.parametrize("lead", [1, 4])
def test_each_step_is_predicted_from_those_before(forecaster, series, lead):
    rows = ahead(forecaster, series.values, 650, lead)
    assert rows.shape == (10, 4)
    for target in (650, 659):
        means = forecaster.forecast(series[: target - lead + 1], lead)[-1]
        np.testing.assert_allclose(rows[target - 650, 1:], means.ravel()[1:], atol=1e-4)


def test_figures_by_hand():
    truth, predicted = np.array([[3.0, 4.0], [0.0, 5.0]]), np.array([[3.0, 2.0], [1.0, 5.0]])
    normal = np.array([[1.0, 4.0], [0.0, 4.0]])
    quantiles = predicted[..., None] + np.linspace(-1, 1, 9)
    figures = row(truth, predicted, normal, quantiles)
    assert figures["rmse"] == pytest.approx(np.sqrt(5 / 4)) and figures["mae"] == 0.75
    assert figures["snr"] == pytest.approx(10 * np.log10(5 / 5))
    # (2, 0) beside (2, -2), and (0, 1) beside (1, 1).
    assert figures["correlation"] == pytest.approx(1 / np.sqrt(2))
    assert figures["coverage"] == 0.5


def test_models_and_baselines_are_on_the_same_steps(forecaster, series):
    result = evaluate({"1": forecaster}, SimpleNamespace(series=series, ends=ENDS), trained=True)
    table = result.metrics["tables"]["test"]["by_seed"]["1"]
    assert result.figures["1"]["test"] == table["rmse"]
    errors = forecaster.walk_forward(series, 600) - series.values[600:]
    assert table["rmse"] == pytest.approx(np.sqrt(np.nanmean(np.square(errors))), rel=1e-5)
    assert table["rmse"] < table["rmse_day"]
    assert 0.8 < table["coverage"] < 0.97 and 0.8 < table["coverage_day"] < 0.97
    persistence = result.baselines["persistence"]["test"]
    truth = series.values.reshape(660, -1)[:, 1:]
    expected = np.sqrt(np.square(truth[600:] - truth[596:656], dtype="float64").mean())
    assert persistence["rmse_day"] == pytest.approx(expected)
    assert set(persistence) == set(table)
    [(name, limit, _)] = result.checks
    assert name == "damped persistence" and limit == result.baselines[name]["validation"]["rmse"]
