"""Fields by time and cell."""

import keras
import numpy as np
import pytest

from rnnzoo.baselines.fields import lagged
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.fields.forecaster import FieldForecaster
from rnnzoo.pipelines.families.fields.family import FIELDS
from rnnzoo.pipelines.families.fields.field_data import FieldData

ENDS = {"train": 7 * 168, "validation": 8 * 168, "test": 10 * 168}


def fitted(series, scale):
    keras.utils.set_random_seed(1)
    shape = series.values.shape[1:]
    model = FieldForecaster(shape, series.step, [keras.layers.GRU(3)], rank=2, scale=scale)
    model.fit_fields(series[: ENDS["train"]])
    model.calibrate(series[: ENDS["validation"]], ENDS["train"])
    return model


@pytest.mark.parametrize("scale", ["sqrt", "none"])
def test_rows_are_the_figures(checked_rows, small_fields, scale):
    two = np.concatenate([small_fields.values, 2 + 0.1 * small_fields.values], axis=-1)
    series = FieldSeries(small_fields.times, two, ["in", "out"])
    data = FieldData("fields-made-up", "0", series, ENDS)
    rows = checked_rows(FIELDS, fitted(series, scale), data)
    test = [row for row in rows if row["split"] == "test"]
    assert sum(row["weight"] for row in test) == 2 * 168 * 5 * 2
    assert {row["slices"]["channel"] for row in test} == {"in", "out"}
    assert len({row["slices"]["hour"] for row in test}) == 24
    weekend = [row["weight"] for row in test if row["slices"]["weekend"].startswith("Sat")]
    assert sum(weekend) == 2 * 48 * 5 * 2
    copied = np.square(lagged(two, 1) - two)[8 * 168 :]
    name = "persistence" if scale == "none" else "replication"
    weights = [row["weight"] for row in test]
    mean = np.average([row["baselines"][name] for row in test], weights=weights)
    assert mean == pytest.approx(np.nanmean(copied), rel=1e-5)
