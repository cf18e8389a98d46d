"""The pretrained path predictors: the bars, and their figures on the real trips."""

import pytest

import rnnzoo
from rnnzoo.artifacts import find
from rnnzoo.datasets.street_paths.sources import SOURCES
from rnnzoo.streets.evaluation import step_row

SHANGHAI = [f"shanghai-{kind}" for kind in ("gru", "lstm", "nemgru", "rnn", "svdrnn")]
NAMES = ["bologna-gru", *SHANGHAI]
MB = 2e6


def mean(card, table, figure):
    return card["metrics"]["tables"][table]["over_seeds"][figure]["mean"]


def test_all_six_ship():
    assert rnnzoo.list_models(task="PathPredictor", pretrained=True) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_small_and_of_five_seeds(name):
    files = [path for path in find(name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MB
    assert len(rnnzoo.info(name)["metrics"]["by_seed"]) == 5


@pytest.mark.parametrize("name", SHANGHAI)
def test_the_loss_is_5_percent_below_that_of_every_chain(name):
    card = rnnzoo.info(name)
    chains = [row for row in card["baselines"] if "nats" in row]
    assert len(chains) == 15
    loss = card["metrics"]["over_seeds"]["test"]["mean"]
    assert loss < 0.95 * min(row["nats"]["test"] for row in chains)
    accuracy = mean(card, "accuracy", "test")
    assert accuracy > max(row["accuracy"]["test"] for row in chains)


@pytest.mark.parametrize("name", NAMES)
def test_routes_are_closer_to_the_trips_than_the_shortest(name):
    card = rnnzoo.info(name)
    (shortest,) = (row["routes"] for row in card["baselines"] if "routes" in row)
    for figure, value in shortest.items():
        assert mean(card, "routes", figure) > value


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_of_the_card_are_those_on_the_real_trips(name, needs_data):
    from rnnzoo.datasets.street_paths.load import load_street_paths

    city = name.split("-")[0]
    for source in SOURCES:
        if source.startswith(city):
            needs_data(SOURCES[source])
    _, trips = load_street_paths(city, "test")
    model, metrics = rnnzoo.load(name), rnnzoo.info(name)["metrics"]
    assert step_row(model, trips)["nats"] == pytest.approx(metrics["test"], rel=1e-3)
    known = metrics["tables"]["known_destination"]["by_seed"]["1"]
    assert step_row(model, trips, known=True) == pytest.approx(known, rel=1e-3)
