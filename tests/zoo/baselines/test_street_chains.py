"""Chains over links against numbers worked out by hand, dictionaries, and measured figures."""

import os
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from rnnzoo.baselines.street_chains import StreetChains
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.street_paths import shanghai
from rnnzoo.datasets.street_paths.sources import SOURCES
from rnnzoo.datasets.streets.next_links import next_columns
from rnnzoo.datasets.streets.splits import split_trips
from rnnzoo.datasets.streets.trips import Trips

pytestmark = pytest.mark.core

# From link 0 to 1 or 2, from each of these to 0.
FORK = np.array([[1, 2], [0, -1], [0, -1]])


def trips_of(*sequences):
    return Trips.of(sequences, map(str, range(len(sequences))))


def test_numbers_worked_out_by_hand():
    """After 0: 1 twice, 2 and the end once, T = 3; after 1: the end twice; after 2: 0 once."""
    chains = StreetChains(FORK, trips_of([0, 1], [0, 1], [0, 2, 0]), order=2)
    first, second = chains.distributions(trips_of([0, 1], [2, 0]))
    after_0 = [(2 + 3 / 3) / 7, (1 + 3 / 3) / 7, (1 + 3 / 3) / 7]
    after_1 = [1 / 2 / 3, 0, (2 + 1 / 2) / 3]
    after_2 = [(1 + 1 / 2) / 2, 0, 1 / 2 / 2]
    np.testing.assert_allclose(first, [after_0, after_1, after_2, after_0])
    # Of two links: 0, 1 twice before the end, and 2, 0 once. A trip's first link has none before.
    after_01 = [after_1[0] / 3, 0, (2 + after_1[2]) / 3]
    after_20 = [after_0[0] / 2, after_0[1] / 2, (1 + after_0[2]) / 2]
    np.testing.assert_allclose(second, [after_0, after_01, after_2, after_20])
    figures = chains.evaluate(trips_of([0, 1], [2, 0]))
    assert figures[0]["accuracy"] == 3 / 4  # the end after 2, 0 is right with order 2 only
    assert figures[1]["accuracy"] == 1
    expected = -np.log([after_0[0], after_01[2], after_2[0], after_20[2]]).mean()
    assert figures[1]["nats_per_link"] == pytest.approx(expected)


def by_hand(successors, train, trip, order):
    """Distributions after each link of a trip, one context at a time."""
    tables = [defaultdict(Counter) for _ in range(order + 1)]
    for links in train:
        for i in range(len(links)):
            following = links[i + 1] if i + 1 < len(links) else "end"
            for k in range(1, min(order, i + 1) + 1):
                tables[k][tuple(links[i + 1 - k : i + 1])][following] += 1
    rows = []
    for i, link in enumerate(trip):
        options = [*(j for j in successors[link] if j >= 0), "end"]
        p = {option: 1 / len(options) for option in options}
        for k in range(1, min(order, i + 1) + 1):
            counts = tables[k].get(tuple(trip[i + 1 - k : i + 1]))
            if counts:
                c, kinds = sum(counts.values()), len(counts)
                p = {w: (counts[w] + kinds * p[w]) / (c + kinds) for w in options}
        rows.append([p.get(int(j), 0) if j >= 0 else 0 for j in successors[link]] + [p["end"]])
    return rows


def test_longer_chains_are_those_of_dictionaries():
    rng = np.random.default_rng(0)
    successors = np.array([[(3 * i + 1) % 8, (5 * i + 2) % 8] for i in range(8)])
    walks = []
    for length in rng.integers(1, 7, 60):
        walk = [int(rng.integers(8))]
        while len(walk) < length:
            walk.append(int(successors[walk[-1], rng.integers(2)]))
        walks.append(walk)
    train, held_out = walks[:40], walks[40:]
    chains = StreetChains(successors, trips_of(*train), order=8)  # longer than any trip
    for k, p in enumerate(chains.distributions(trips_of(*held_out)), start=1):
        expected = [row for walk in held_out for row in by_hand(successors, train, walk, k)]
        np.testing.assert_allclose(p, expected)
        np.testing.assert_allclose(p.sum(axis=1), 1)


def test_without_trips_the_links_are_uniform():
    (p,) = StreetChains(FORK, trips_of(), order=1).distributions(trips_of([0, 1]))
    np.testing.assert_allclose(p, [[1 / 3, 1 / 3, 1 / 3], [1 / 2, 0, 1 / 2]])


def test_columns_are_those_of_the_successors():
    assert next_columns(FORK, trips_of([0, 2, 0, 1], [1])).tolist() == [1, 0, 0, 2, 2]


def test_a_bad_order_is_refused():
    with pytest.raises(InputError, match="order is 0: give a whole number of at least 1"):
        StreetChains(FORK, trips_of([0]), order=0)


# Measured independently of this code: the accuracy in percent, and nats per link.
ACCURACY = [81.97, 83.31, 83.85, 84.28, 84.44, 84.55, 84.58, 84.59]
NATS = [0.4845, 0.4556, 0.4458, 0.4439, 0.4505]


def test_the_figures_of_shanghai():
    folder = os.environ.get("RNNZOO_DATA_DIR")
    if not folder or not (Path(folder) / SOURCES["shanghai-trips"].path).is_file():
        pytest.skip(f"path.csv is not in RNNZOO_DATA_DIR={folder}")
    graph = shanghai.graph()
    trips = shanghai.trips(graph)
    parts = split_trips(trips)
    chains = StreetChains(graph.successors(), trips.select(parts["train"]))
    figures = chains.evaluate(trips.select(parts["test"]))
    percent = [100 * row["accuracy"] for row in figures]
    nats = [row["nats_per_link"] for row in figures]
    np.testing.assert_allclose(percent, ACCURACY, atol=0.015)
    np.testing.assert_allclose(nats[:4], NATS[:4], atol=5.1e-5)
    assert nats[4] == pytest.approx(NATS[4], abs=4e-4)
    assert np.argmin(nats) == 3


def test_the_start_of_a_trip_is_a_context():
    """By hand: from link 0, 1 follows where the trip begins there and 2 where it has begun."""
    successors = np.array([[1, 2], [0, -1], [0, -1]])
    trips = Trips.of([[0, 1], [0, 1], [1, 0, 2], [1, 0, 2]], "abcd")
    first = Trips.of([[0, 1]], "e")
    without = list(StreetChains(successors, trips, 2).distributions(first))[1][0]
    known = list(StreetChains(successors, trips, 2, start=True).distributions(first))[1][0]
    # Order 1: (2, 2, 0) of 4, two kinds, from the uniform; order 2: 2 of 2, one kind.
    lower = (np.array([2, 2, 0]) + 2 / 3) / 6
    np.testing.assert_allclose(known, (np.array([2, 0, 0]) + lower) / 3, rtol=1e-9)
    np.testing.assert_allclose(without, lower, rtol=1e-9)
