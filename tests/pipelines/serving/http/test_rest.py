"""The application without a server: requests that a server meets too seldom or too slowly."""

import asyncio
import json

import numpy as np
import pytest

from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.http import bodies
from rnnzoo.pipelines.serving.protocols.json_text import encoded


class Servable:
    """A servable whose models cannot be loaded."""

    def loaded(self, number):
        return None

    def all_loaded(self):
        return {}

    def get(self, number):
        raise RuntimeError("a defect")


def respond(method, path, delay=0, headers=()):
    """(status, JSON value) of a request whose body, `{}`, arrives after so many seconds."""
    sent = []

    async def receive():
        await asyncio.sleep(delay)
        return {"type": "http.request", "body": b"{}"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "headers": headers, "query_string": b"",
    }  # fmt: skip
    asyncio.run(create_app(Engine({"m": Servable()}))(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_a_body_that_arrives_too_slowly_is_refused(monkeypatch):
    monkeypatch.setattr(bodies, "SLOWEST_BODY", 0.1)
    status, content = respond("POST", "/v1/models/m:predict", delay=1)
    assert (status, content) == (400, {"error": "body took over 0.1 s to arrive"})


def test_a_defect_is_a_response_too(capsys):
    assert respond("GET", "/v1/models/m") == (
        500,
        {"error": "RuntimeError: the server's log says more"},
    )
    assert "RuntimeError: a defect" in capsys.readouterr().err


@pytest.mark.parametrize(("path", "status"), [("/v1", 404), ("/v1/models/m", 405)])
def test_a_request_without_a_route_names_it(path, status):
    assert respond("PUT", path) == (status, {"error": f"no such request: PUT {path!r}"})


def test_a_lone_surrogate_is_escaped():
    assert encoded({"error": "é \ud800"}) == rb'{"error": "\u00e9 \ud800"}'


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.array([0.1, 2], "float32"), "[0.1,2.0]"),
        (np.array([[1, 2], [3, 4]], "int64")[:, ::2], "[[1],[3]]"),
        (np.array([True]), "[true]"),
        (np.array([1.5], "float16"), "[1.5]"),
        (np.array([np.nan, -np.inf], "float32"), "[NaN,-Infinity]"),
        (np.array(3), "3"),
        ([{"x": np.float32(0.1)}], '[{"x":0.1}]'),
    ],
)
def test_arrays_are_written_as_lists_of_their_numbers(array, text):
    assert encoded({"outputs": array}).decode() == f'{{"outputs":{text}}}'


def test_a_host_that_is_none_does_not_matter():
    status, content = respond("PUT", "//[", headers=[(b"host", b"[")])
    assert (status, content) == (404, {"error": "no such request: PUT '//['"})


def test_bytes_that_are_no_text_are_quoted_by_a_refusal(client):
    response = client.post("streets", json.dumps({"instances": [[{"b64": "/w=="}]]}))
    assert response.status_code == 400
    assert response.json()["error"].startswith(r"the link '\xff' in the path: give an id of the ")
