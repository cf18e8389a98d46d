"""Rates by year, weekday and volatility."""

import keras
import numpy as np

from rnnzoo.pipelines.families.rates.family import RATES, RatesDataset
from rnnzoo.rates.forecaster import Forecaster


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
    assert {row["slices"]["recent volatility"][2:] for row in test} == {"low", "medium", "high"}
    monday = np.is_busday(rates.dates[1100:1300], weekmask="Mon")
    weight = sum(row["weight"] for row in test if row["slices"]["weekday"] == "1 Monday")
    assert weight == monday.sum()
    assert all(set(row["baselines"]) == {"rolling volatility"} for row in test)
