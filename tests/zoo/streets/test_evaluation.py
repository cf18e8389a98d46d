"""Figures of path predictors, against figures computed in other ways."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.streets.splits import split_trips
from rnnzoo.streets.evaluation import evaluate, route_row, step_row
from rnnzoo.streets.path_predictor import PathPredictor


@pytest.fixture(scope="module")
def data(city):
    graph, trips = city
    return graph, {split: trips.select(rows) for split, rows in split_trips(trips).items()}


@pytest.fixture(scope="module")
def model(data):
    keras.utils.set_random_seed(1)
    return PathPredictor(data[0], [keras.layers.GRU(5)], embedding=3)


@pytest.mark.parametrize("known", [False, True])
def test_nats_are_the_mean_of_log_likelihoods(model, data, known):
    graph, test = data[0], data[1]["test"]
    total = 0.0
    for trip in test:
        ids = [graph.ids[link] for link in trip]
        total += model.log_likelihood(ids, destination=ids[-1] if known else None)
    assert step_row(model, test, known)["nats"] == pytest.approx(-total / len(test.links), rel=1e-5)


def test_accuracy_is_the_share_of_likeliest_links(model, data):
    graph, test = data[0], data[1]["test"]
    hits = []
    for trip in test.select(np.arange(5)):
        ids = [graph.ids[link] for link in trip]
        for step, truth in enumerate([*ids[1:], None], start=1):
            hits.append(model.next(ids[:step], top=1)[0].link == truth)
    assert step_row(model, test.select(np.arange(5)))["accuracy"] == pytest.approx(np.mean(hits))


def test_routes_to_where_they_begin_are_right(model, data):
    trips = data[1]["test"].select([0])
    single = type(trips).of([trips[0][:1]], ["t"])
    assert route_row(model, single) == {"precision": 1.0, "recall": 1.0, "identical": 1.0}


def test_the_evaluation_has_models_and_baselines(model, data):
    result = evaluate({"1": model, "2": model}, *data, {"must_beat": 0})
    assert result.figures["1"] == result.figures["2"]
    chains = {r["baseline"]: r["nats"]["validation"] for r in result.baselines if "nats" in r}
    assert len(chains) == 15
    assert result.checks == [(min(chains, key=chains.get), *[min(chains.values())] * 2)]
    titles = [row["baseline"] for row in result.baselines]
    assert titles[15:] == ["shortest route to the known destination", "random choice without loops"]
    assert result.metrics["tables"].keys() == {"accuracy", "known_destination", "routes"}
    (check,) = evaluate({"1": model}, *data, {"must_beat": 2}).checks
    assert check == ("chain of order 2", *[chains["chain of order 2"]] * 2)
    assert evaluate({"1": model}, *data, None).checks == []
