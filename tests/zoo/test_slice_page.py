"""Charts and a page of figures by slice."""

import base64
import io
import re

import pytest
from PIL import Image

from rnnzoo.slice_charts import slice_charts
from rnnzoo.slice_figures import MOST, SliceFigures
from rnnzoo.slice_page import save_slice_page, slice_page

pytest.importorskip("matplotlib")

EVIL = '<script>alert("$x^2$")</script> & $\\frac$'


def row(dimension, value, weight, figure, **baselines):
    return {
        "dimension": dimension, "value": value, "weight": weight, "figure": figure, **baselines
    }  # fmt: skip


FIGURES = SliceFigures(
    "a-model",
    "my <data>.csv",
    "loss",
    "squared loss",
    [
        row("all", "all", 30.0, 1.5, **{"<i>naive</i>": 2.0}),
        row("source", EVIL, 10.0, 1.0, **{"<i>naive</i>": 3.0}),
        row("source", "other", 20.0, 1.75),
        *(row("year", str(2000 + i), 1.0 + i, 1.0) for i in range(MOST + 5)),
    ],
)


def test_a_page_is_whole_and_escapes_names(tmp_path):
    path = tmp_path / "page.html"
    save_slice_page(path, FIGURES)
    page = path.read_text(encoding="utf-8")
    assert page == slice_page(FIGURES)
    assert "<script>" not in page and "<i>naive" not in page and "<data>" not in page
    assert "&lt;script&gt;alert(&quot;$x^2$&quot;)&lt;/script&gt; &amp; $\\frac$" in page
    assert "my &lt;data&gt;.csv" in page and "squared loss" in page
    assert not re.search(r'(src|href)="(?!data:)', page) and "http" not in page
    assert re.findall("<h2>(.*?)</h2>", page) == ["source", "year"]
    assert page.count("<td>all</td>") == 2, "below each table"
    assert "<td>20</td><td>1.75</td><td></td>" in page, "a baseline that is missing"
    pictures = re.findall(r'base64,([^"]*)"', page)
    assert len(pictures) == 2
    for picture in pictures:
        Image.open(io.BytesIO(base64.b64decode(picture))).verify()


def test_a_panel_has_the_values_of_the_highest_weight():
    source, year = slice_charts(FIGURES).axes
    assert [label.get_text()[:8] for label in source.get_yticklabels()] == ["<script>", "other"]
    labels = [label.get_text() for label in year.get_yticklabels()]
    assert labels == [str(2005 + i) for i in range(MOST)]
    assert year.get_title(loc="left") == "year (without 5 of low weight)"
    assert [patch.get_width() for patch in source.patches] == [1.0, 1.75]
