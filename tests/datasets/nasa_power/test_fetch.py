"""The downloader against a server on this machine that answers as NASA POWER does."""

import datetime
import http.server
import json
import threading
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.nasa_power.fetch import fetch
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather.reader import read_weather

pytestmark = pytest.mark.core

PLACE = (12.97, 77.59)


def answer(query):
    """The answer to a query, with the fields of POWER's, as a dict."""
    first, last = (datetime.datetime.strptime(query[end], "%Y%m%d") for end in ("start", "end"))
    days = [first + datetime.timedelta(days=day) for day in range((last - first).days + 1)]
    values = {
        name: {f"{day:%Y%m%d}": value for day in days}
        for name, value in {name: PARAMETERS[name].high / 2 for name in PARAMETERS}.items()
        if name in query["parameters"].split(",")
    }
    values["PS"] = {day: 91.66 for day in values["PS"]}
    values["ALLSKY_SFC_UVA"] = {day: -999.0 for day in values["PS"]}
    return {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [float(query["longitude"]), float(query["latitude"]), 896.58],
        },
        "properties": {"parameter": values},
        "header": {
            "title": "NASA/POWER Source Native Resolution Daily Data",
            "api": {"version": "v2.5.7", "name": "POWER Daily API"},
            "sources": ["MERRA2", "POWER", "SYN1DEG"],
            "fill_value": -999.0,
            "time_standard": "LST",
            "start": query["start"],
            "end": query["end"],
        },
        "messages": [],
        "parameters": {
            name: {"units": PARAMETERS[name].unit, "longname": PARAMETERS[name].about}
            for name in values
        },
        "times": {"data": 1.5, "process": 0.03},
    }


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        self.server.asked.append(query)
        status, body, promised = self.server.reply(answer(query))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(promised or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def whole(content):
    return 200, json.dumps(content).encode(), None


@pytest.fixture
def power(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.reply = [], whole
        server.url = f"http://127.0.0.1:{server.server_port}/api/temporal/daily/point"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def get(power, start="2001-01-01", end="2001-01-10", **options):
    return fetch(*PLACE, start, end, url=power.url, **options)


def stored(tmp_path):
    return [path.name for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_that_the_reader_takes(power, tmp_path):
    series = read_weather(get(power, "2001-01-01", "2003-01-10"))
    assert [str(day)[:10] for day in series.times[[0, -1]]] == ["2001-01-01", "2003-01-10"]
    values = dict(zip(series.channels, series.values[:, 0, 0].T, strict=True))
    assert [name for name in values if np.isnan(values[name]).any()] == ["ALLSKY_SFC_UVA"]
    assert (values["PS"] == np.float32(91.66)).all() and (values["RH2M"] == 50).all()
    assert stored(tmp_path) == ["daily_12.9700_77.5900_20010101_20030110.json"]


def test_what_is_asked_for(power):
    get(power)
    assert power.asked == [
        {
            "parameters": ",".join(PARAMETERS),
            "community": "RE",
            "longitude": "77.5900",
            "latitude": "12.9700",
            "start": "20010101",
            "end": "20010110",
            "format": "JSON",
        }
    ]
    assert len(PARAMETERS) == 20  # the most that POWER answers at once


def test_it_is_downloaded_once(power, capsys):
    path = get(power)
    assert get(power, datetime.date(2001, 1, 1), np.datetime64("2001-01-10")) == path
    assert len(power.asked) == 1
    assert capsys.readouterr().err == (
        f"downloading the weather at latitude 12.97, longitude 77.59 from {power.url}\n"
    )
    get(power, refresh=True)
    get(power, end="2001-01-11")
    assert len(power.asked) == 3


def test_a_damaged_cache_is_downloaded_again(power, capsys):
    path = get(power)
    content = path.read_text()
    path.write_text(content[:200])
    assert get(power) == path and path.read_text() == content
    assert "is no JSON" in capsys.readouterr().err
    path.write_text(content.replace("20010104", "20010204"))
    assert get(power).read_text() == content
    assert "lacks 1 of 10 days of T2M, the first 20010104" in capsys.readouterr().err


def without(content, parameter, day=None):
    series = content["properties"]["parameter"]
    del (series if day is None else series[parameter])[day or parameter]
    return whole(content)


def moved(content):
    content["geometry"]["coordinates"][0] += 1
    return whole(content)


def at(*coordinates):
    """Function that replies with an answer of other coordinates."""

    def reply(content):
        content["geometry"]["coordinates"] = coordinates
        return whole(content)

    return reply


def with_values(series):
    """Function that replies with other values of each parameter."""

    def reply(content):
        values = content["properties"]["parameter"]
        values.update({name: series for name in values})
        return whole(content)

    return reply


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (
            lambda _: (422, b'{"messages": ["end is after the last day"]}', None),
            r"\(HTTP status 422: \['end is after the last day'\]\): try again later, or give a",
        ),
        (lambda _: (503, b"<html>busy</html>", None), r"\(HTTP status 503\): try again later"),
        (
            lambda content: (200, json.dumps(content).encode()[:500], 9000),
            r"\(ChunkedEncodingError\): try again with a network",
        ),
        (lambda content: (200, json.dumps(content).encode()[:500], None), "is no JSON"),
        (lambda _: (200, b"", None), "is empty"),
        (lambda content: without(content, "PS"), "has no PS: 20 parameters were asked for"),
        (
            lambda content: without(content, "PS", "20010105"),
            "lacks 1 of 10 days of PS, the first 20010105: all were asked for",
        ),
        (lambda _: (422, b"[" * 100_000, None), r"\(HTTP status 422\): try again later, or give a"),
        (at(float("nan"), float("nan")), "is of latitude nan and longitude nan: 12.97 and 77.59"),
        (at(10**400, 1), "has no geometry.coordinates: give a whole answer"),
        (with_values(["20010101"]), r"has \['20010101'\] as 'T2M': give properties.parameter"),
        (with_values({}), "has no days: give properties.parameter"),
        (with_values({"20010101": 10**400}), "as T2M of 20010101: give a finite number"),
        (moved, "is of latitude 12.97 and longitude 78.59: 12.97 and 77.59 were asked for"),
    ],
)
def test_a_faulty_answer_is_one_line_and_leaves_nothing(power, tmp_path, reply, message):
    power.reply = reply
    with pytest.raises(InputError, match=message) as refused:
        get(power)
    assert "\n" not in str(refused.value)
    assert stored(tmp_path) == []


def test_without_a_network(power, tmp_path):
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as closed:
        url = f"http://127.0.0.1:{closed.server_port}/"
    with pytest.raises(
        InputError, match=r"cannot download the weather at .* \(ConnectionError\): try again with"
    ):
        fetch(*PLACE, "2001-01-01", "2001-01-02", url=url)
    assert stored(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((91, 0, "2001-01-01", "2001-01-02"), "lat is 91: give degrees from -90 to 90"),
        ((10**400, 0, "2001-01-01", "2001-01-02"), "lat is 10+ ...: give degrees from -90 to 90"),
        ((0, float("nan"), "2001-01-01", "2001-01-02"), "lon is nan: give degrees from -180"),
        ((0, "7", "2001-01-01", "2001-01-02"), "lon is '7': give degrees"),
        ((0, 0, "2001-02-30", "2001-03-02"), "start is '2001-02-30': give a day such as"),
        ((0, 0, "2001-01-01", "now"), "end is 'now': give a day such as 2001-07-03"),
        ((0, 0, "2001-01-02", "2001-01-01"), "start is 2001-01-02 and end is 2001-01-01: give"),
        ((0, 0, "1980-01-01", "2001-01-01"), "give days from 1981-01-01 on, the earlier one"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(InputError, match=message):
        fetch(*arguments)
