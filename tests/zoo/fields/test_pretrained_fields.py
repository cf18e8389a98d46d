"""The pretrained field forecasters: the bars, and their figures on the real counts."""

import pytest

import rnnzoo
from rnnzoo.artifacts import find

NAMES = [f"nycbike-{kind}" for kind in ("gru", "lstm", "nemgru", "rnn", "rnn-ls")]
MB = 1.5e6


def test_all_five_ship():
    assert [n for n in rnnzoo.list_models(pretrained=True) if n.startswith("nycbike-")] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_small_and_of_five_seeds(name):
    files = [path for path in find(name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MB
    assert len(rnnzoo.info(name)["metrics"]["by_seed"]) == 5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("split", ["test", "broken"])
def test_the_error_is_below_that_of_every_baseline(name, split):
    card = rnnzoo.info(name)
    assert len(card["baselines"]) == 6
    error = card["metrics"]["tables"][split]["over_seeds"]["rmse"]["mean"]
    assert error < min(rows[split]["rmse"] for rows in card["baselines"].values())


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_of_the_card_are_those_on_the_real_counts(name, needs_data):
    from rnnzoo.datasets.nyc_bike.load import load_nyc_bike
    from rnnzoo.fields.evaluation import figure

    needs_data("nycbike")
    history, test = load_nyc_bike("train+validation"), load_nyc_bike("train+validation+test")
    error = figure(rnnzoo.load(name), test.values, len(history))
    assert error == pytest.approx(rnnzoo.info(name)["metrics"]["test"], rel=1e-3)
