"""The pretrained forecasters of air temperature: the bars, and their figures on the real values."""

import pytest

import rnnzoo
from rnnzoo.artifacts import find

NAMES = ["air-grid-gru", "air-grid-rnn"]
MB = 3.5e6
RIVALS = ("climatology", "persistence", "damped persistence", "vector autoregression")


@pytest.mark.parametrize("name", NAMES)
def test_each_is_small_and_of_five_seeds(name):
    files = [path for path in find(name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MB
    assert len(rnnzoo.info(name)["metrics"]["by_seed"]) == 5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("figure", ["rmse", "rmse_day", "pinball", "pinball_day"])
def test_the_error_is_below_that_of_every_baseline(name, figure):
    card = rnnzoo.info(name)
    assert tuple(card["baselines"]) == RIVALS
    for split in ("validation", "test"):
        error = card["metrics"]["tables"][split]["over_seeds"][figure]["mean"]
        assert error < min(rows[split][figure] for rows in card["baselines"].values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("figure", "least"), [("coverage", 0.87), ("coverage_day", 0.86)])
def test_intervals_cover_about_what_they_claim(name, figure, least):
    """A day ahead less: errors were estimated on a spring, the test is summer and autumn."""
    coverage = rnnzoo.info(name)["metrics"]["tables"]["test"]["over_seeds"][figure]["mean"]
    assert least < coverage < 0.93


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_of_the_card_are_those_on_the_real_values(name, needs_data):
    from rnnzoo.datasets.ncep_air.load import load_ncep_air
    from rnnzoo.fields.evaluation import figure

    needs_data("ncep-air")
    history, test = load_ncep_air("train+validation"), load_ncep_air("train+validation+test")
    error = figure(rnnzoo.load(name), test.values, len(history))
    assert error == pytest.approx(rnnzoo.info(name)["metrics"]["test"], rel=1e-3)
