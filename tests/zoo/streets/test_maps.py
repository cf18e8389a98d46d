import json
import re

import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.streets.graph import Link, street_graph
from rnnzoo.streets.drawn_path import DrawnPath
from rnnzoo.streets.html_map import html_map, save_html_map
from rnnzoo.streets.street_map import map_figure, save_map

pytestmark = pytest.mark.core

BLUE, RED = "#0000ff", "#ff0000"
NAMED = [
    Link("1", "a", "b", 100.0, "</script><b>Via Po</b>"),
    Link("2", "b", "c", 100.0, "Straße"),
]
POSITIONS = {"a": (45.0, 7.0), "b": (45.001, 7.0), "c": (45.001, 7.002)}


def coloured(path, colour):
    pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return (np.abs(pixels - wanted).sum(axis=2) < 60).nonzero()


def test_paths_are_drawn_where_their_links_are(city, tmp_path):
    graph, trips = city
    east = [graph.index[f"r1c{c}-r1c{c + 1}"] for c in range(3)]
    north = [graph.index[f"r{r}c1-r{r + 1}c1"] for r in range(3)]
    paths = [DrawnPath("east", east, BLUE), DrawnPath("north", north, RED)]
    save_map(tmp_path / "map.png", graph, [("both", paths)])
    rows, columns = coloured(tmp_path / "map.png", BLUE)
    assert np.ptp(np.unique(columns)) > 10 * np.ptp(
        np.sort(rows)[len(rows) // 10 : -len(rows) // 10]
    )
    rows, columns = coloured(tmp_path / "map.png", RED)
    assert np.ptp(np.unique(rows)) > 5 * np.ptp(
        np.sort(columns)[len(rows) // 10 : -len(rows) // 10]
    )


def test_panels_show_the_same_part(city):
    graph, _ = city
    path = DrawnPath("a", [graph.index["r1c1-r1c2"]], BLUE)
    figure = map_figure(graph, [("truth", [path]), ("prediction", [])])
    first, second = figure.axes
    assert first.get_xlim() == second.get_xlim() and first.get_ylim() == second.get_ylim()


def test_the_page_needs_no_network_and_escapes_names(tmp_path):
    graph = street_graph("t", NAMED, POSITIONS)
    path = DrawnPath("the <path>", [0, 1], RED, ("50%", ""))
    page = html_map(graph, [path], "a < b")
    assert "<title>a &lt; b</title>" in page and "L.map" in page and "Leaflet" in page
    # Leaflet's attribution links to its site: a link is fetched by a click only.
    assert not re.search(r"""src=["']?http|<link|@import|sourceMappingURL""", page)
    assert "url(" not in page.partition("</style>")[0]
    assert page.count("</script>") == 2
    data = json.loads(re.search(r"const data = (.*);\n", page)[1])
    (drawn,) = data["paths"]
    assert drawn["title"] == "the &lt;path&gt;"
    assert drawn["links"][0][0] == [[45.0, 7.0], [45.001, 7.0]]
    assert "&lt;/script&gt;" in drawn["links"][0][1] and drawn["links"][0][1].endswith("50%")
    save_html_map(tmp_path / "map.html", graph, [path], "a < b")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == page


def test_a_graph_without_positions_is_refused():
    graph = street_graph("t", NAMED, {"a": (45.0, 7.0)})
    for draw in (lambda: html_map(graph, [], "t"), lambda: map_figure(graph, [("t", [])])):
        with pytest.raises(InputError, match="no link of the graph has the positions of both"):
            draw()


def test_links_without_positions_are_left_out_unless_they_are_of_a_path():
    graph = street_graph("t", NAMED, {"a": (45.0, 7.0), "b": (45.001, 7.0)})
    data = html_map(graph, [DrawnPath("p", [0], RED)], "t").partition("const data = ")[2]
    assert len(json.loads(data.partition(";\n")[0])["streets"]) == 1
    map_figure(graph, [("t", [DrawnPath("p", [0], RED)])])
    for draw in (html_map, lambda graph, paths, title: map_figure(graph, [(title, paths)])):
        with pytest.raises(InputError, match="the link '2' has a crossing without a position"):
            draw(graph, [DrawnPath("p", [0, 1], RED)], "t")
