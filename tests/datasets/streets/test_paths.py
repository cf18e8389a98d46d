"""Trips of users in four forms, what is refused, and their splits."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.streets.edges_csv import read_edges
from rnnzoo.datasets.streets.paths_csv import read_paths
from rnnzoo.datasets.streets.reader import read_city
from rnnzoo.datasets.streets.splits import seen_in_training, split_trips
from rnnzoo.datasets.streets.trips import Trips

pytestmark = pytest.mark.core

# Crossings A to D; of two ways from A to B the second is shorter.
EDGES = "id,from,to,length\nab,A,B,100\nab2,A,B,80\nba,B,A,100\nbc,B,C,50\ncd,C,D,10\n"
GRAPH = read_edges("edges.csv", EDGES)


@pytest.mark.parametrize(
    ("text", "expected", "names"),
    [
        ("trip,links\nx,ab bc cd\ny,ba\n", [[0, 3, 4], [2]], ["x", "y"]),
        ("links\nab bc cd\nba\n", [[0, 3, 4], [2]], ["2", "3"]),
        ("trip;nodes\nx;A B C D\ny;B A\n", [[1, 3, 4], [2]], ["x", "y"]),
        ("  \ntrip,link\nx,ab\ny,ba\nx,bc\nx,cd\n", [[0, 3, 4], [2]], ["x", "y"]),
        ("trip\tnode\nx\tA\nx\tB\nx\tC\ny\tB\ny\tA\n", [[1, 3], [2]], ["x", "y"]),
    ],
)
def test_trips_are_read(text, expected, names):
    trips = read_paths("paths.csv", text, GRAPH)
    assert [trip.tolist() for trip in trips] == expected
    assert trips.names == names
    assert trips.lengths.tolist() == [len(links) for links in expected]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("links\n", "has no trip: give one trip or more"),
        ("path\nab\n", "has the columns 'path': give a column 'links' or 'nodes' with a trip per"),
        ("links,nodes\nab,A B\n", "has the columns links and nodes: give"),
        ("link\nab\n", "has a column 'link' and no 'trip': give"),
        ("trip,links\nx,ab\nx,ba\n", r"has the trip 'x' twice \(row 3\): give each name once"),
        ("trip,links\n,ab\n", "has an empty 'trip' in row 2: give the trip's name"),
        ("trip,links\nx,\n", "has the trip 'x' without a link: give one link or more"),
        ("trip,link\nx,\n", "has an empty 'link' in row 2: give an identifier"),
        ("trip,node\nx,A\nx,\nx,B\n", "has an empty 'node' in row 3: give an identifier"),
        ("trip,nodes\nx,A\n", "has the trip 'x' with 1 crossings: give two crossings or more"),
        ("trip,links\nx,ab zz\n", "the link 'zz' in the trip 'x': give an id of the graph's 5 lin"),
        ("trip,nodes\nx,A Z\n", "the crossing 'Z' in the trip 'x': give an id of the graph's 4 cr"),
        (
            "trip,links\nx,ab cd\n",
            "the step from 'ab' to 'cd' in the trip 'x', which the graph does not have: 'ab' is "
            "followed by 'ba', 'bc'$",
        ),
        (
            "trip,links\nx,cd ab\ny,ab\nz,ab ab\nw,\n",
            r"from 'cd' to 'ab' in the trip 'x', .* followed by nothing \(and 2 more trips with a",
        ),
        ("trip,nodes\nx,A C\n", "from 'A' to 'C' in the trip 'x', .*: 'A' is followed by 'B'$"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(InputError, match=message) as error:
        read_paths("paths.csv", text, GRAPH)
    assert str(error.value).startswith("paths.csv has ")
    assert "\n" not in str(error.value)


def test_a_city_is_a_folder_with_two_files(tmp_path):
    with pytest.raises(InputError, match="edges.csv does not exist: give a folder with edges.csv"):
        read_city(tmp_path)
    (tmp_path / "edges.csv").write_text("\ufeff" + EDGES.replace("\n", "\r\n"), encoding="utf-8")
    (tmp_path / "paths.csv").write_text("links\nab bc\n", encoding="utf-8")
    graph, trips = read_city(tmp_path)
    assert graph.ids == GRAPH.ids
    assert trips[0].tolist() == [0, 3]


def test_trips_are_selected_in_the_order_asked_for():
    trips = Trips.of([[0, 3], [2], [3, 4]], "xyz").select(np.array([2, 0]))
    assert ([trip.tolist() for trip in trips], trips.names) == ([[3, 4], [0, 3]], ["z", "x"])


def test_splits_by_trip_and_by_distinct_trip():
    trips = Trips.of([[i % 15] for i in range(30)], map(str, range(30)))  # each twice
    by_trip, distinct = split_trips(trips), split_trips(trips, "distinct")
    for parts in (by_trip, distinct):
        assert np.sort(np.concatenate(list(parts.values()))).tolist() == list(range(30))
    assert [len(rows) for rows in by_trip.values()] == [24, 3, 3]
    assert [len(rows) for rows in distinct.values()] == [24, 2, 4]  # 12, 1, 2 of 15
    assert seen_in_training(trips, distinct) == {"validation": 0, "test": 0}
    # The order is `random.Random(0)`'s, which is the same everywhere: ... 8, 1, 13, 24, 12, 27.
    assert by_trip["validation"].tolist() == [1, 8, 13]
    assert by_trip["test"].tolist() == [12, 24, 27]
    train = set(by_trip["train"] % 15)
    assert seen_in_training(trips, by_trip) == {
        split: sum(i % 15 in train for i in by_trip[split]) for split in ("validation", "test")
    }
    assert split_trips(trips, seed=1)["test"].tolist() != by_trip["test"].tolist()


def test_bad_splits_are_refused():
    few = Trips.of([[0]] * 12, map(str, range(12)))
    with pytest.raises(InputError, match="by is 'day': choose one of trip, distinct"):
        split_trips(few, "day")
    with pytest.raises(InputError, match="there are 1 distinct trips: give 10 or more"):
        split_trips(few, "distinct")
    assert [len(rows) for rows in split_trips(few).values()] == [9, 1, 2]
