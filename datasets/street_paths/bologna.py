"""Routes in Bologna from a SUMO scenario: the demand is modelled, nobody drove these routes."""

import re

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.numbers import number_of
from rnnzoo.datasets.common.source import verified_bytes
from rnnzoo.datasets.street_paths.sources import SOURCES
from rnnzoo.datasets.street_paths.sumo_xml import xml_root
from rnnzoo.datasets.street_paths.utm import latitude_longitude
from rnnzoo.datasets.streets.checked_trips import checked_trips
from rnnzoo.datasets.streets.graph import Link, street_graph

NET, ROUTES = "joined_buslanes.net.xml", "joined.rou.xml"
_ZONE = re.compile(r"\+proj=utm \+zone=(\d+)\b")


def graph():
    """The `StreetGraph`, from the verified file."""
    return parsed_graph(verified_bytes(SOURCES["bologna-net"]))


def trips(graph):
    """The `Trips`, from the verified file."""
    return parsed_trips(verified_bytes(SOURCES["bologna-routes"]), graph)


def parsed_graph(raw):
    """The `StreetGraph` of a SUMO network; links inside crossings are left out.

    Args:
        raw: bytes of the `.net.xml` file; positions are read if it is projected to northern UTM.

    Raises:
        InputError: it is no such file, an attribute is missing, or see `street_graph`.
    """
    root = xml_root(NET, raw, "net")
    links = []
    for edge in root.iterfind("edge"):
        if edge.get("function") == "internal":
            continue
        lane = edge.find("lane")
        if lane is None:
            raise InputError(f"{NET} has the edge {shown(edge.get('id'))} without a lane: give one")
        names = [edge.get(key, "") for key in ("id", "from", "to")]
        text = (edge.get("name", ""), edge.get("type", ""))
        links.append(Link(*names, _metres(lane, "length"), *text))
    return street_graph(NET, links, _positions(root))


def parsed_trips(raw, graph):
    """The `Trips` of a SUMO file of routes, a vehicle each.

    Args:
        raw: bytes of the `.rou.xml` file, whose vehicles have a `<route edges="...">` each.
        graph: `StreetGraph`.

    Raises:
        InputError: it is no such file, or see `checked_trips`.
    """
    named = []
    for vehicle in xml_root(ROUTES, raw, "routes").iterfind("vehicle"):
        route = vehicle.find("route")
        edges = "" if route is None else route.get("edges", "")
        named.append((vehicle.get("id", str(len(named))), edges.split()))
    return checked_trips(ROUTES, graph, named)


def _positions(root):
    """dict from a crossing's id to (latitude, longitude); empty if the projection is another."""
    location = root.find("location")
    projection = "" if location is None else location.get("projParameter", "")
    zone = _ZONE.search(projection)
    if zone is None or "+south" in projection:
        return {}
    offset = [number_of(text) for text in location.get("netOffset", "").split(",")]
    if len(offset) != 2 or None in offset:
        raise InputError(
            f"{NET} has the netOffset {shown(location.get('netOffset'))}: give two numbers, x,y"
        )
    junctions = [node for node in root.iterfind("junction") if node.get("type") != "internal"]
    x, y = ([_metres(node, key) for node in junctions] for key in ("x", "y"))
    degrees = latitude_longitude(
        [value - offset[0] for value in x], [value - offset[1] for value in y], int(zone[1])
    )
    return {node.get("id"): tuple(row) for node, row in zip(junctions, degrees, strict=True)}


def _metres(element, key):
    value = number_of(element.get(key, ""))
    if value is None:
        raise InputError(
            f"{NET} has {key}={shown(element.get(key))} of {shown(element.get('id'))}: give metres"
        )
    return value
