import keras
import numpy as np
import pytest

from rnnzoo.datasets.streets.trips import Trips
from rnnzoo.streets.batches import TripBatches
from rnnzoo.streets.free_run import by_length, figures, free_runs, random_runs
from rnnzoo.streets.path_predictor import PathPredictor


def test_figures_by_hand():
    trips = TripBatches.trips_of([[0, 1, 2, 3, 4], [5, 6, 7], [8]])
    # Right, then wrong and back at 4 after one link; right; nothing to continue.
    runs = [[2, 9, 4], [7], None]
    assert figures(runs, trips, 2) == {
        "same_index": pytest.approx(3 / 4),
        "on_path": pytest.approx(3 / 4),
        "whole": 1 / 2,
        "recovered": 1.0,
        "links_to_recover": 1.0,
    }


def test_a_run_that_is_shifted_in_time_is_on_the_path():
    trips = TripBatches.trips_of([[0, 1, 2, 3]])
    row = figures([[9, 2]], trips, 2)  # 2 and 3 follow; 2 comes one link late
    assert (row["same_index"], row["on_path"], row["links_to_recover"]) == (0.0, 0.5, 1.0)


def test_a_run_that_stops_early_or_never_returns_is_wrong():
    trips = TripBatches.trips_of([[0, 1, 2, 3], [0, 1, 2, 3]])
    row = figures([[2], [8, 9]], trips, 2)
    assert row["whole"] == 0.0 and row["recovered"] == 0.0
    assert np.isnan(row["links_to_recover"])
    assert figures([[2], [8, 3]], trips, 2)["recovered"] == 0.5


def test_a_trip_that_passes_a_link_twice_is_on_its_own_path():
    trips = TripBatches.trips_of([[0, 1, 2, 1]])
    row = figures([[1, 2, 1]], trips, 1)
    assert row["on_path"] == row["same_index"] == row["whole"] == 1.0


def test_free_runs_are_the_model_s_own_paths(city):
    graph, trips = city
    keras.utils.set_random_seed(1)
    model = PathPredictor(graph, [keras.layers.GRU(4)], embedding=3)
    for trip, run in zip(trips, free_runs(model, trips, 2), strict=True):
        if len(trip) <= 2:
            assert run is None
            continue
        prefix = [graph.ids[link] for link in trip[:2]]
        path = model.predict_path(prefix, steps=len(trip) - 2)
        assert [graph.ids[link] for link in run] == path[2:]


def test_random_runs_are_steps_of_the_graph(city):
    graph, trips = city
    runs = random_runs(graph, trips, 2, seed=1)
    assert runs == random_runs(graph, trips, 2, seed=1) != random_runs(graph, trips, 2, seed=2)
    for trip, run in zip(trips, runs, strict=True):
        for link, after in zip([*trip[1:2], *(run or [])], run or [], strict=False):
            assert graph.ends[link] == graph.starts[after]


def test_accuracy_by_length():
    trips = Trips.of([[0], [1, 2], [3, 4, 5]], "abc")
    hits = np.array([True, True, False, False, False, True])
    assert by_length(trips, hits, [1, 2, 3]) == [1.0, 0.5, pytest.approx(1 / 3)]
    assert by_length(trips, hits, [0, 3])[0] == pytest.approx(2 / 3)
