"""Rates by year, weekday and volatility."""

import keras
import numpy as np

from rnnzoo.pipelines.families.rates.family import RATES, RatesDataset
from rnnzoo.rates.forecaster import Forecaster
from rnnzoo.rates.slices import thirds


def test_rows_are_the_figures(checked_rows, made_up_rates):
    rates = made_up_rates()
    data = RatesDataset("dollars", "", rates, {"train": 900, "validation": 1100, "test": 1300})
    keras.utils.set_random_seed(0)
    model = Forecaster([keras.layers.LSTM(4)])
    rows = checked_rows(RATES, model, data)
    test = [row for row in rows if row["split"] == "test"]
    assert {row["slices"]["currency"] for row in test} == {"dollars"}
    assert {row["slices"]["year"] for row in test} == set(
        rates.dates[1100:1300].astype("datetime64[Y]").astype(str)
    )
    monday = np.is_busday(rates.dates[1100:1300], weekmask="Mon")
    weight = sum(row["weight"] for row in test if row["slices"]["weekday"] == "Monday")
    assert weight == monday.sum()
    assert all(set(row["baselines"]) == {"rolling volatility"} for row in test)


def test_thirds_of_equal_values_are_one():
    assert thirds(np.arange(9.0)).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert len(set(thirds(np.ones(5)).tolist())) == 1
