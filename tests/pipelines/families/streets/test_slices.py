"""Links by trip, destination and choice."""

import keras
import numpy as np
import pytest

from rnnzoo.baselines.street_chains import StreetChains
from rnnzoo.datasets.streets.splits import split_trips
from rnnzoo.pipelines.families.streets.family import STREETS
from rnnzoo.pipelines.families.streets.street_data import StreetData
from rnnzoo.streets.path_predictor import PathPredictor
from rnnzoo.streets.slices import dimensions


def test_rows_are_the_figures(checked_rows, city):
    graph, trips = city
    parts = {split: trips.select(rows) for split, rows in split_trips(trips).items()}
    keras.utils.set_random_seed(1)
    model = PathPredictor(graph, [keras.layers.GRU(5)], embedding=3)
    rows = checked_rows(STREETS, model, StreetData("grid", "0", graph, parts))
    test = [row for row in rows if row["split"] == "test"]
    ends = [row["weight"] for row in test if row["slices"]["what follows"].startswith("the end")]
    assert sum(ends) == len(parts["test"])
    (name,) = test[0]["baselines"]
    order = int(name.removeprefix("chain of order "))
    chains = StreetChains(graph.successors(), parts["train"])
    figures = [row["nats_per_link"] for row in chains.evaluate(parts["validation"])]
    assert order == 1 + np.argmin(figures)
    mean = np.average(
        [row["baselines"][name] for row in test], weights=[row["weight"] for row in test]
    )
    assert mean == pytest.approx(chains.evaluate(parts["test"])[order - 1]["nats_per_link"])


def test_dimensions_of_links(city):
    graph, trips = city
    trips = trips.select([0, 1, 2])
    goal = trips[0][-1]
    slices = dimensions(graph, trips, np.array([goal]))
    names, destination = slices["destination"]
    assert names == [f"{graph.ids[goal]} {graph.names[goal]}", "other"]
    for trip in range(3):
        steps = slice(trips.offsets[trip], trips.offsets[trip + 1])
        assert set(destination[steps]) == {int(trips[trip][-1] != goal)}
    names, outgoing = slices["outgoing links"]
    first = trips[0][0]
    assert names[outgoing[0]].split()[0] == str((graph.successors()[first] >= 0).sum())
