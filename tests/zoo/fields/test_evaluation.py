"""Evaluation of field forecasters and their baselines."""

from types import SimpleNamespace

import numpy as np
import pytest

from rnnzoo.baselines import fields as baselines
from rnnzoo.fields.evaluation import crowded_cells, evaluate, row
from rnnzoo.fields.pinball import pinball


def test_baselines_by_hand():
    times = np.datetime64("2024-01-01", "s") + np.arange(6) * np.timedelta64(12 * 3600, "s")
    slot = baselines.slots(times, 12 * 3600)
    assert ((slot - slot[0]) % 14).tolist() == [0, 1, 2, 3, 4, 5]
    values = np.array([[1.0], [2.0], [3.0], [6.0]])
    assert baselines.replication(values).ravel().tolist() == [1, 1, 2, 3]
    slot = np.array([0, 1, 0, 1])
    assert baselines.seasonal_mean(values, slot, 4).ravel().tolist() == [2, 4, 2, 4]
    assert baselines.seasonal_mean(values, slot, 2).ravel().tolist() == [1, 2, 1, 2]
    seasonal = baselines.seasonal_mean(values, slot, 2)
    corrected = baselines.drift_corrected(values, seasonal, 2, slice(2, 4)).ravel()
    rate = max(baselines.DRIFTS)  # the best, as the level rises
    np.testing.assert_allclose(corrected, [1, 2, 1, 2 + rate * 2])


def test_regressions_do_not_see_what_they_predict(small_fields):
    """A change of a value changes no prediction of it or of what is before."""
    inside = ~np.isnan(small_fields.values[0]).ravel()
    values = small_fields.values.reshape(1680, -1)[:, inside].astype("float64")
    arguments = (small_fields.times, 3600, 1000, slice(1000, 1200))
    before = baselines.predictions(values, *arguments)
    changed = values.copy()
    changed[1500:] += 50
    after = baselines.predictions(changed, *arguments)
    assert set(before) >= {"ridge autoregression", "vector autoregression", "replication"}
    for name, predicted in before.items():
        np.testing.assert_allclose(after[name][:1501], predicted[:1501], err_msg=name)
        assert (after[name][1501:] != predicted[1501:]).any() or name == "seasonal mean"


def test_figures_by_hand():
    truth, predicted = np.array([[3.0, 4.0], [0.0, 5.0]]), np.array([[3.0, 2.0], [1.0, 5.0]])
    figures = row(truth, predicted, [1])
    assert figures["rmse"] == pytest.approx(np.sqrt(5 / 4)) and figures["mae"] == 0.75
    assert figures["snr"] == pytest.approx(10 * np.log10(50 / 5)) and figures["mae_0"] == 1
    levels = np.full((1, 1, 9), 2.0)
    # |3 - 2| times the mean of the levels above, 1 - level below.
    assert pinball(np.array([[3.0]]), levels) == pytest.approx(0.5)


def test_cells_by_how_crowded_they_are():
    assert crowded_cells(np.arange(11.0)[None] * 2)[0] == 10
    assert crowded_cells(np.arange(11.0)[None])[2] == 5


def test_models_and_baselines_are_on_the_same_steps(fitted, small_fields):
    ends = {"train": 7 * 168, "validation": 8 * 168, "test": 9 * 168}
    data = SimpleNamespace(series=small_fields[: 9 * 168], ends=ends)
    later = ("later", small_fields[9 * 168 :], 24)
    result = evaluate({"1": fitted}, data, later, trained=False)
    of_model = result.metrics["tables"]
    assert set(of_model) == {"validation", "test", "later"}
    truth = small_fields.values[8 * 168 : 9 * 168]
    errors = fitted.walk_forward(small_fields[: 9 * 168], 8 * 168) - truth
    rmse = np.sqrt(np.square(errors[~np.isnan(errors)]).mean())
    assert result.figures["1"]["test"] == pytest.approx(rmse, rel=1e-5)
    assert result.figures["1"]["test"] < result.baselines["replication"]["test"]["rmse"]
    assert 0.8 < of_model["test"]["by_seed"]["1"]["coverage"] < 0.97
    assert not result.checks
