"""Paths on an interactive street map: one HTML file that needs no network.

Leaflet (https://leafletjs.com), which draws it, is embedded; there are no tiles.
"""

import html
import json
import re
from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.html_page import html_page
from rnnzoo.streets.drawn_path import check_placed, segments

LEAFLET = Path(__file__).parent / "leaflet"

STYLE = """{css}
html, body, #map {{ height: 100%; margin: 0; background: #fafafa; }}
.leaflet-control-layers i {{ display: inline-block; width: 18px; height: 5px; margin-right: 6px; }}
"""

BODY = """<div id="map"></div>
<script>
const data = {data};
const map = L.map("map", {{ preferCanvas: true, attributionControl: false, zoomSnap: 0.25 }});
L.control.scale().addTo(map);
for (const [line, text] of data.streets) {{
  L.polyline(line, {{ color: "#b8b8b8", weight: 2 }}).bindTooltip(text).addTo(map);
}}
const layers = {{}};
const drawn = [];
for (const path of data.paths) {{
  const group = L.featureGroup().addTo(map);
  for (const [line, text] of path.links) {{
    L.polyline(line, {{ color: path.colour, weight: 5, opacity: 0.8 }})
      .bindTooltip(text).addTo(group);
  }}
  if (path.links.length) {{
    L.circleMarker(path.links[0][0][0], {{ color: path.colour, radius: 6 }}).addTo(group);
  }}
  layers[`<i style="background:${{path.colour}}"></i>${{path.title}}`] = group;
  drawn.push(group);
}}
L.control.layers({{}}, layers, {{ collapsed: false }}).addTo(map);
const all = L.featureGroup(drawn);
map.fitBounds(drawn.length && all.getBounds().isValid() ? all.getBounds().pad(0.1) : data.bounds);
</script>"""


def html_map(graph, paths, title):
    """The page of a map, a str.

    Args:
        graph: `StreetGraph`; links without positions are left out.
        paths: list of `DrawnPath`, each of which can be switched off on the map.
        title: str, of the page.

    Raises:
        InputError: see `check_placed`.
    """
    placed = check_placed(graph, paths)
    lines = segments(graph, np.arange(len(graph))).round(6)
    names = [
        f"{html.escape(name) or 'no name'}<br>link {html.escape(link)}"
        for link, name in zip(graph.ids, graph.names, strict=True)
    ]
    data = {
        "streets": [[lines[link].tolist(), names[link]] for link in placed],
        "paths": [_of_path(path, lines, names) for path in paths],
        "bounds": [end(lines[placed], axis=(0, 1)).tolist() for end in (np.min, np.max)],
    }
    # Neither pictures of markers nor a source map: nothing is fetched.
    css = re.sub(r"url\([^)]*\)", "none", _text("leaflet.css"))
    script = _text("leaflet.js").partition("\n//# source")[0]
    # A name with "</script>" must not end the script.
    content = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return html_page(
        title,
        BODY.format(data=content),
        style=STYLE.format(css=css),
        head=f"<script>\n{script}\n</script>\n",
    )


def _text(file):
    return (LEAFLET / file).read_text(encoding="utf-8")


def _of_path(path, lines, names):
    notes = path.notes or [""] * len(path.links)
    texts = [
        "<br>".join(filter(None, (names[link], html.escape(note))))
        for link, note in zip(path.links, notes, strict=True)
    ]
    links = [[lines[link].tolist(), text] for link, text in zip(path.links, texts, strict=True)]
    return {"title": html.escape(path.title), "colour": path.colour, "links": links}


def save_html_map(path, graph, paths, title):
    """Writes `html_map` to a file, which is replaced once the new one is complete."""
    write_text(path, html_map(graph, paths, title))
