"""Shortest routes and random walks on a graph of six links, worked out by hand."""

import numpy as np
import pytest

from rnnzoo.baselines import street_routes
from rnnzoo.baselines.street_routes import ShortestRoutes, overlap
from rnnzoo.baselines.street_walks import expected_accuracy, random_walk
from rnnzoo.datasets.streets.edges_csv import read_edges
from rnnzoo.datasets.streets.trips import Trips

pytestmark = pytest.mark.core

# Of two ways from A to B the second is shorter; from B to D the way over C is, by a link of length
# 0. Nothing leads out of D.
EDGES = """id,from,to,length
ab,A,B,100
ab2,A,B,80
ba,B,A,100
bc,B,C,50
cd,C,D,0
bd,B,D,60
de,D,E,5
"""
GRAPH = read_edges("edges.csv", EDGES)
AB, AB2, BA, BC, CD, BD, DE = range(7)


def trips_of(*sequences):
    return Trips.of(sequences, map(str, range(len(sequences))))


def test_shortest_routes():
    routes = ShortestRoutes(GRAPH)
    assert routes.route(BA, DE) == [BA, AB2, BC, CD, DE]
    assert routes.route(AB, BC) == [AB, BC]  # neighbours
    assert routes.route(AB, AB) == [AB]
    assert routes.route(DE, AB) is None
    assert routes.routes(trips_of([AB, BD, DE], [BC, CD])) == [[AB, BC, CD, DE], [BC, CD]]


@pytest.mark.parametrize("chunk", [1, 64])
def test_the_next_link_to_a_known_destination(chunk, monkeypatch):
    monkeypatch.setattr(street_routes, "CHUNK", chunk)
    routes = ShortestRoutes(GRAPH)
    trips = trips_of([BA, AB, BC], [AB, BD, DE])
    # AB2 instead of AB; BC instead of BD; all else, and the ends, right.
    following = [GRAPH.ids[j] for j in (AB2, BC)]
    columns = routes.predictions(trips)
    successors = GRAPH.successors()
    assert [GRAPH.ids[successors[link, columns[i]]] for i, link in ((0, BA), (3, AB))] == following
    assert columns[[2, 5]].tolist() == [successors.shape[1]] * 2
    assert routes.accuracy(trips) == pytest.approx(4 / 6)


def test_precision_and_recall():
    trips = trips_of([AB, BD, DE], [BC, CD], [DE])
    routes = [[AB, BC, CD, DE], [BC, CD], None]
    figures = overlap(routes, trips)
    assert figures == {
        "precision": pytest.approx((2 / 4 + 1) / 3),
        "recall": pytest.approx((2 / 3 + 1) / 3),
        "identical": pytest.approx(1 / 3),
    }
    metres = overlap(routes, trips, GRAPH.lengths)
    assert metres["precision"] == pytest.approx((105 / 155 + 1) / 3)
    assert metres["recall"] == pytest.approx((105 / 165 + 1) / 3)


def test_a_random_choice_avoids_loops():
    # After AB only BC and BD lead to new crossings, after BC only CD, after CD only DE, then none.
    # The trip ends after CD, where the choice goes on.
    assert expected_accuracy(GRAPH, trips_of([AB, BC, CD])) == pytest.approx((1 / 2 + 1 + 0) / 3)
    # B has been visited: at A there is no way on, so the path ends, and the trip goes on.
    assert expected_accuracy(GRAPH, trips_of([BA, AB])) == 0
    assert expected_accuracy(GRAPH, trips_of([DE])) == 1


def test_a_random_walk_visits_no_crossing_twice():
    walks = {tuple(random_walk(GRAPH, [AB], 9, np.random.default_rng(i))) for i in range(20)}
    assert walks == {(AB, BC, CD, DE), (AB, BD, DE)}
    assert random_walk(GRAPH, [AB], 1, np.random.default_rng(0)) in ([AB, BC], [AB, BD])
    assert random_walk(GRAPH, [BA], 5, np.random.default_rng(0)) == [BA]
