"""Street graphs of users' links, and what is refused."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.streets.edges_csv import read_edges
from rnnzoo.datasets.streets.graph import StreetGraph

pytestmark = pytest.mark.core

# Crossings A to D; two ways from A to B, and no way on from D.
EDGES = """id,from,to,length,lat,lon,name,class
ab,A,B,100,45.0,7.5,High Street,primary
ab2,A,B,80.5,45.0,7.5,,
ba,B,A,100,45.1,7.5,High Street,primary
bc,B,C,50,45.1,7.5,Low Street,
cd,C,D,10,,,,
"""


def test_a_graph_is_read():
    graph = read_edges("edges.csv", EDGES)
    assert (graph.ids, graph.nodes) == (["ab", "ab2", "ba", "bc", "cd"], ["A", "B", "C", "D"])
    assert graph.starts.tolist() == [0, 0, 1, 1, 2]
    assert graph.ends.tolist() == [1, 1, 0, 2, 3]
    assert graph.lengths.tolist() == [100, 80.5, 100, 50, 10]
    assert graph.names[3] == "Low Street" and graph.road_classes[0] == "primary"
    np.testing.assert_array_equal(graph.positions[:3], [[45, 7.5], [45.1, 7.5], [np.nan] * 2])
    assert graph.successors().tolist() == [[2, 3], [2, 3], [0, 1], [4, -1], [-1, -1]]


def test_other_delimiters_orders_and_columns_are_read():
    graph = read_edges("edges.csv", "Length;to;FROM;id;lanes\n\n1e2; B;A ;1;2\n")
    assert (graph.ids, graph.nodes, graph.lengths.tolist()) == (["1"], ["A", "B"], [100])
    assert graph.successors().tolist() == [[]]
    assert np.isnan(graph.positions).all()


def test_a_crossing_at_which_no_link_begins_has_a_position_too():
    text = "id,from,to,length,lat,lon,to_lat,to_lon\n1,A,B,7,45,8,46,9\n"
    np.testing.assert_array_equal(read_edges("e", text).positions, [[45, 8], [46, 9]])
    with pytest.raises(InputError, match="has the to_lat '' of the link '1' .*leave both to_lat"):
        read_edges("e", text.replace("46", ""))
    both = text + "2,B,A,7,46,9.5,45,8\n"
    with pytest.raises(InputError, match="both of the crossing 'B': give one position"):
        read_edges("e", both)


def test_a_graph_is_the_same_after_json():
    import json

    graph = read_edges("edges.csv", EDGES)
    other = StreetGraph.from_dict(json.loads(json.dumps(graph.to_dict())))
    for name, value in vars(graph).items():
        np.testing.assert_array_equal(getattr(other, name), value)


def test_a_hundred_thousand_links_have_their_successors():
    n = 100_000
    ring = np.arange(n, dtype="int32")
    unknown = np.full((n, 2), np.nan)
    graph = StreetGraph([""] * n, ring, (ring + 1) % n, np.ones(n), [], [], [""] * n, unknown)
    np.testing.assert_array_equal(graph.successors()[:, 0], (ring + 1) % n)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,from,to\n1,A,B\n", "has the columns 'id, from, to' and no 'length': give the columns"),
        ("id,from,to,length\n", "has no link: give one"),
        ("id,from,to,length\n1,A,B,7\n1,B,A,7\n", "has the link '1' twice: give each id once"),
        ("id,from,to,length\n1,A,B,far\n", r"the length 'far' of the link '1' \(row 2\): give met"),
        ("id,from,to,length\n1,A,B,-2\n", "the length -2 of the link '1': give metres, a number"),
        ("id,from,to,length\n1,A,B,inf\n", "the length inf of the link '1': give metres"),
        ("id,from,to,length\n1,A,B,nan\n", "the length nan of the link '1': give metres"),
        ("id,from,to,length\n1,A,A,0\n", "the link '1', a loop of length 0 at 'A': give its leng"),
        ("id,from,to,length\n1,A,,7\n", "has an empty 'to' of the link '1': give one"),
        ("id,from,to,length\n,A,B,7\n", "has an empty 'id' of the link '': give one"),
        ("id,from,to,length\n1,A,B\n", "has 3 fields in row 2: give 4, as the header"),
        ("id,id,from,to,length\n1,1,A,B,7\n", "has the column 'id' twice: give it once"),
        ('id,from,to,length\n1,A,"B,7\n', "that is no CSV .*: close its quotes"),
        ("id,from,to,length,lat,lon\n1,A,B,7,95,8\n", "has the lat '95' of the link '1' .*-90"),
        (
            "id,from,to,length,lat,lon\n1,A,B,7,45,\n",
            "has the lon '' of the link '1' .*-180 to",
        ),
        (
            "id,from,to,length,lat,lon\n1,A,B,7,45,8\n2,A,C,7,45,9\n",
            r"the position \(45.0, 9.0\) of the link '2' \(row 3\) and \(45.0, 8.0\) before",
        ),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(InputError, match=message) as error:
        read_edges("edges.csv", text)
    assert str(error.value).startswith("edges.csv has ")
    assert "\n" not in str(error.value)
