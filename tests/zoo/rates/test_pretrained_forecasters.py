"""The pretrained forecasters: their cards meet the bars, and their metrics are reproduced."""

import pytest

import rnnzoo
from rnnzoo.rates.evaluation import model_row

NAMES = rnnzoo.list_models("usdinr-*", pretrained=True)


@pytest.fixture(scope="module")
def evaluation_data(needs_data):
    """(values from 1980 on, first row of the test years)."""
    needs_data("usdinr")
    from rnnzoo.datasets.usdinr.load import load_usdinr

    test_start = len(load_usdinr("fred", "train+validation"))
    return load_usdinr("fred", "train+validation+test").values, test_start


def test_all_four_ship():
    assert NAMES == ["usdinr-gru", "usdinr-lstm", "usdinr-nemgru", "usdinr-nemlstm"]


@pytest.mark.parametrize("name", NAMES)
def test_the_bars_are_met_in_the_mean_of_five_seeds(name):
    card = rnnzoo.info(name)
    over = card["metrics"]["tables"]["test"]["over_seeds"]
    assert len(card["metrics"]["by_seed"]) == 5
    assert over["relative_mse"]["mean"] <= 1.0
    assert over["pinball"]["mean"] < card["baselines"]["test"]["rolling_volatility"]["pinball"]
    assert 0.87 <= over["coverage"]["mean"] <= 0.93


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_of_the_card_are_found_on_the_real_rates(name, evaluation_data):
    card = rnnzoo.info(name)
    metrics, recorded = (
        model_row(rnnzoo.load(name), *evaluation_data),
        card["metrics"]["tables"]["test"],
    )
    shipped = recorded["by_seed"][str(card["metrics"]["seed"])]
    for key, value in metrics.items():
        assert value == pytest.approx(shipped[key], rel=1e-3, abs=1e-4), key
