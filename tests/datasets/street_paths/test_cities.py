"""The files of Shanghai, Bologna and Turin: made-up ones in their layout, and the real ones."""

import os
from pathlib import Path

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.street_paths import bologna, shanghai, turin
from rnnzoo.datasets.street_paths.load import load_graph, source
from rnnzoo.datasets.street_paths.sources import SOURCES
from rnnzoo.datasets.street_paths.sumo_xml import xml_root
from rnnzoo.datasets.street_paths.utm import latitude_longitude
from rnnzoo.datasets.streets.splits import seen_in_training, split_trips

LINKS = """u,v,name,highway,oneway,length,n_id
5,6,"['North', 'South']",residential,0,154.185,0
6,7, ,"['residential', 'unclassified']",0,20,1
"""
CROSSINGS = "osmid,y,x\n5,31.2,121.4\n6,31.3,121.5\n"

NET = """<?xml version="1.0" encoding="UTF-8"?>
<net version="1.20">
    <location netOffset="-683195.58,-4928877.56" projParameter="+proj=utm +zone=32 +units=m"/>
    <edge id=":a_0" function="internal"><lane id=":a_0_0" length="10.58"/></edge>
    <edge id="1" from="a" to="b" type="main" name="Via"><lane length="94.63"/></edge>
    <edge id="2" from="b" to="a"><lane length="94.63"/><lane length="94.63"/></edge>
    <junction id="a" type="priority" x="0.00" y="0.00"/>
    <junction id="b" type="dead_end" x="10.00" y="-1000.00"/>
    <junction id=":a_1" type="internal" x="1.00" y="1.00"/>
</net>
"""
ROUTES = """<routes>
    <vehicle depart="0" id="v" type="private"><route edges="1 2 "/></vehicle>
    <vehicle depart="1" id="w" type="private"><route edges="2"/></vehicle>
</routes>
"""


@pytest.fixture
def real_files():
    """Skips without the real files."""
    folder = os.environ.get("RNNZOO_DATA_DIR")
    for path in (*(known.path for known in SOURCES.values()), turin.STREETS):
        if not folder or not (Path(folder) / path).is_file():
            pytest.skip(f"{path} is not in RNNZOO_DATA_DIR={folder}")


def test_shanghais_layout():
    graph = shanghai.parsed_graph(LINKS, CROSSINGS)
    assert (graph.ids, graph.nodes, graph.lengths.tolist()) == (
        ["0", "1"],
        ["5", "6", "7"],
        [154.185, 20],
    )
    assert graph.names == ["North / South", ""]
    assert graph.road_classes == ["residential", "residential"]
    np.testing.assert_array_equal(graph.positions, [[31.2, 121.4], [31.3, 121.5], [np.nan] * 2])
    trips = shanghai.parsed_trips("ori,des,path,len\n0,1,0_1,2\n1,1,1,1\n", graph)
    assert [trip.tolist() for trip in trips] == [[0, 1], [1]]
    with pytest.raises(InputError, match="path.csv has the step from '1' to '0' in the trip '0'"):
        shanghai.parsed_trips("ori,des,path,len\n1,0,1_0,2\n", graph)
    with pytest.raises(InputError, match="node.txt has the value 'x' in row 2: give a number"):
        shanghai.parsed_graph(LINKS, "osmid,y,x\n5,x,1\n")


def test_bolognas_layout():
    graph = bologna.parsed_graph(NET.encode())
    assert (graph.ids, graph.nodes, graph.lengths.tolist()) == (["1", "2"], ["a", "b"], [94.63] * 2)
    assert (graph.names, graph.road_classes) == (["Via", ""], ["main", ""])
    expected = latitude_longitude([683195.58, 683205.58], [4928877.56, 4927877.56], 32)
    np.testing.assert_allclose(graph.positions, expected, rtol=1e-12)
    trips = bologna.parsed_trips(ROUTES.encode(), graph)
    assert ([trip.tolist() for trip in trips], trips.names) == ([[0, 1], [1]], ["v", "w"])
    unprojected = bologna.parsed_graph(NET.replace("utm", "lcc").encode())
    assert np.isnan(unprojected.positions).all()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<net ", '<!DOCTYPE net [<!ENTITY a "b">]><net ', "has a document type .* without one"),
        ("</net>", "", "is no XML .*: give a file of SUMO"),
        ("net", "nets", "has the root <nets>: give a file of SUMO with <net>"),
        ('length="94.63"', 'length="long"', "has length='long' of None: give metres"),
        ('<lane length="94.63"/></edge>', "</edge>", "has the edge '1' without a lane"),
        ("-683195.58,", "", "has the netOffset '-4928877.56': give two numbers, x,y"),
        ('y="0.00"', "", "has y=None of 'a': give metres"),
        ('from="a"', "", "has an empty 'from' of the link '1'"),
    ],
)
def test_bad_networks_are_refused(old, new, message):
    with pytest.raises(InputError, match=f"joined_buslanes.net.xml {message}"):
        bologna.parsed_graph(NET.replace(old, new).encode())


def test_xml_that_is_too_large_or_binary_is_refused():
    with pytest.raises(InputError, match="x has 9 bytes: give at most 8"):
        xml_root("x", b"<net/>   ", "net", largest=8)
    with pytest.raises(InputError, match="x is binary or UTF-16"):
        xml_root("x", "<!DOCTYPE net><net/>".encode("utf-16-le"), "net")
    with pytest.raises(InputError, match="joined.rou.xml has the trip 'v' without a link"):
        empty = ROUTES.replace('<route edges="1 2 "/>', "")
        bologna.parsed_trips(empty.encode(), bologna.parsed_graph(NET.encode()))


def test_utm_of_points_that_are_known():
    """On the central meridian at the equator; and the CN Tower in Toronto, to a metre."""
    np.testing.assert_allclose(latitude_longitude([500_000], [0], 32), [[0, 9]], atol=1e-12)
    tower = latitude_longitude([630_084], [4_833_438], 17)
    np.testing.assert_allclose(tower, [[43.642561, -79.387143]], atol=1e-5)


def test_turins_layout():
    crossings = "osm_id,lat,lon\n1,45.0,7.6\n2,45.1,7.7\n"
    streets = "u,v,length_m,name\n1,2,23.4,Via Po\n1,2,30,\n2,2,5,Loop\n"
    graph = turin.parsed_graph(crossings, streets)
    assert graph.ids == ["1-2", "2-1", "1-2-2", "2-1-2", "2-2"]
    assert graph.lengths.tolist() == [23.4, 23.4, 30, 30, 5]
    assert graph.positions.tolist() == [[45.0, 7.6], [45.1, 7.7]]


def test_what_cannot_be_had_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path))
    with pytest.raises(InputError, match="there is no roads/turin_nodes.csv in RNNZOO_DATA_DIR="):
        load_graph("turin")
    with pytest.raises(InputError, match="unknown city 'rome': choose one of shanghai, bologna, t"):
        load_graph("rome")
    with pytest.raises(InputError, match="'turin': .* Turin has a graph without trips"):
        source("turin")
    assert source("bologna").name == "bologna-routes"


@pytest.mark.parametrize(
    ("city", "sizes", "by_trip", "distinct", "shared"),
    [
        (
            "shanghai",
            (714, 320, 24_468, 16_075),
            [19_574, 2447, 2447],
            [19_600, 2416, 2452],
            [990, 1015],
        ),
        ("bologna", (267, 158, 11_000, 245), [8800, 1100, 1100], [9049, 1479, 472], [1093, 1095]),
    ],
)
def test_the_real_trips(real_files, city, sizes, by_trip, distinct, shared):
    graph = load_graph(city)
    trips = {"shanghai": shanghai, "bologna": bologna}[city].trips(graph)
    counts = len(graph), len(graph.nodes), len(trips), len(np.unique(trips.first_identical()))
    assert counts == sizes
    assert not np.isnan(graph.positions).any()
    parts = split_trips(trips)
    assert [len(rows) for rows in parts.values()] == by_trip
    assert list(seen_in_training(trips, parts).values()) == shared
    parts = split_trips(trips, "distinct")
    assert [len(rows) for rows in parts.values()] == distinct
    assert list(seen_in_training(trips, parts).values()) == [0, 0]


def test_the_links_of_bologna_are_as_long_as_its_positions_are_apart(real_files):
    graph = load_graph("bologna")
    metres = np.diff(graph.positions[np.stack([graph.starts, graph.ends], 1)], axis=1)[:, 0]
    metres *= 111_132 * np.array([1, np.cos(np.radians(44.5))])
    apart = np.hypot(*metres.T)
    assert (graph.lengths <= apart * 1.6 + 30).mean() > 0.95
    assert np.corrcoef(graph.lengths, apart)[0, 1] > 0.9


def test_the_real_streets_of_turin(real_files):
    graph = load_graph("turin")
    assert (len(graph), len(graph.nodes)) == (2 * 208, 149)
    assert not np.isnan(graph.positions).any()
