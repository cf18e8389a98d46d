"""Where the graphs and trips come from."""

from rnnzoo.datasets.common.source import Source

_SHANGHAI = (
    "https://raw.githubusercontent.com/liangchunyaobing/RCM-AIRL/"
    "82e8fd53b3f57e68f3d2130ece41f2b72b3fb21e/data"
)
_BOLOGNA = (
    "https://raw.githubusercontent.com/DLR-TS/sumo-scenarios/"
    "97b27d5feb3900a6f8b86fe6766bf366aa8203d0/bologna/joined"
)


def _source(name, url, path, licence, sha256):
    return Source(name=name, url=url, path=path, licence=licence, sha256=sha256)


_GRAPH = "ODbL (OpenStreetMap contributors)"
_TRIPS = "for research (Zhao and Liang, RCM-AIRL)"
_SUMO = "EPL-2.0 (German Aerospace Center and others)"

SOURCES = {
    source.name: source
    for source in (
        _source(
            "shanghai-links",
            f"{_SHANGHAI}/edge.txt",
            "roads/shanghai_taxi/edge.txt",
            _GRAPH,
            "e07add45675c482ba3904fe43cbe82887f32f756ce7b46f0d76c5e5bc4ce4882",
        ),
        _source(
            "shanghai-crossings",
            f"{_SHANGHAI}/node.txt",
            "roads/shanghai_taxi/node.txt",
            _GRAPH,
            "3e9b4491327f761f888d0d0e0942036978d31f2eb31e6778bbd8788ec133049a",
        ),
        _source(
            "shanghai-trips",
            f"{_SHANGHAI}/path.csv",
            "roads/shanghai_taxi/path.csv",
            _TRIPS,
            "90d7679133b1f4abde86445ba2d5fb2fa7efe0152889f7dab9747149311979fe",
        ),
        _source(
            "bologna-net",
            f"{_BOLOGNA}/joined_buslanes.net.xml",
            "roads/joined_buslanes.net.xml",
            _SUMO,
            "9f75c393e1f45d2e7acdc29e5b70f7e4028a0434140abcc41e73ac512c09402d",
        ),
        _source(
            "bologna-routes",
            f"{_BOLOGNA}/joined.rou.xml",
            "roads/joined.rou.xml",
            _SUMO,
            "e01e6d09c8566d8d5ac85540b187af47cccd33b722a9d2ba67d32f08eb18f9d7",
        ),
    )
}
