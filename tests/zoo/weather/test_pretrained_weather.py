"""The pretrained weather forecasters: the bars, and their forecasts on real days."""

import numpy as np
import pytest

import rnnzoo
from rnnzoo.artifacts import find

NAMES = [f"power-{kind}" for kind in ("gru", "lstm", "nemgru", "rnn")]
MB = 2e6
BAR = "damped persistence"


def test_all_four_ship():
    assert [n for n in rnnzoo.list_models(pretrained=True) if n.startswith("power-")] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_small_and_of_five_seeds(name):
    files = [path for path in find(name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MB
    assert len(rnnzoo.info(name)["metrics"]["by_seed"]) == 5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("split", ["test", "unseen"])
def test_the_error_is_below_that_of_damped_persistence(name, split):
    card = rnnzoo.info(name)
    error = card["metrics"]["tables"][split]["over_seeds"]["relative"]["mean"]
    assert error < card["baselines"][BAR][split]["relative"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("parameter", ["T2M", "RH2M", "PS"])
def test_temperature_humidity_and_pressure_are_better_one_to_three_days_ahead(name, parameter):
    card = rnnzoo.info(name)
    ours = card["metrics"]["tables"]["test"]["places"]["bangalore"][parameter]["rmse"][0]
    theirs = card["baselines"][BAR]["test"]["places"]["bangalore"][parameter]["rmse"]
    assert all(a < b for a, b in zip(ours[:3], theirs[:3], strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_intervals_have_their_share_of_values(name):
    tables = rnnzoo.info(name)["metrics"]["tables"]
    shares = [
        share
        for split in ("test", "unseen")
        for place in tables[split]["places"].values()
        for row in place.values()
        for share in row["coverage"][0]
    ]
    assert 0.87 < np.mean(shares) < 0.93


def test_a_place_never_seen_is_predicted_inside_physical_ranges(needs_data):
    from rnnzoo.datasets.weather.parameters import PARAMETERS
    from rnnzoo.datasets.weather_places.load import load_place

    needs_data("weather-cordoba")
    series = load_place("cordoba")
    model = rnnzoo.load("power-gru")
    quantiles = model.forecast(series, 14, quantiles=[0.01, 0.5, 0.99])[:, 0, 0]
    known = ~np.isnan(series.values[-1, 0, 0])
    assert (np.isnan(quantiles).any(axis=(0, 2)) == ~known).all()
    for channel in np.flatnonzero(known):
        parameter = list(PARAMETERS.values())[channel]
        assert (quantiles[:, channel] >= parameter.low).all()
        assert (np.diff(quantiles[:, channel], axis=-1) >= 0).all()
    assert (
        quantiles[:, list(PARAMETERS).index("PRECTOTCORR"), 0].max() == 0
    )  # a dry day is possible
