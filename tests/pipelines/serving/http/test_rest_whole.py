"""The rest of TensorFlow Serving's REST interface, and what web pages and proxies need."""

import gzip
import http.client
import json
import subprocess
import sys
import types

import pytest
import requests

from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine

TIMEOUT = 60
ORIGIN = "https://example.org"
BODY = {"instances": ["hello"]}


@pytest.fixture(scope="module")
def server(serving, servables):
    text = servables["text"]
    labelled = types.SimpleNamespace(
        available=text.available,
        all_loaded=text.all_loaded,
        loaded=text.loaded,
        get=text.get,
        labelled=lambda label: text.get(1) if label == "stable" else None,
    )
    with serving(create_app(Engine({"text": labelled}), origins=[ORIGIN])) as address:
        yield address


def post(address, path, body=BODY, **headers):
    return requests.post(
        f"{address}/v1/models/{path}", json.dumps(body), headers=headers, timeout=TIMEOUT
    )


def get(address, path, **headers):
    return requests.get(f"{address}/v1/models/{path}", headers=headers, timeout=TIMEOUT)


def test_a_label_is_a_version(server):
    for path in ("/metadata", ""):
        label, number = (
            get(server, f"text/{which}{path}") for which in ("labels/stable", "versions/1")
        )
        assert (label.status_code, label.json()) == (200, number.json())
    label = post(server, "text/labels/stable:predict")
    assert (label.status_code, label.json()) == (200, post(server, "text:predict").json())


@pytest.mark.parametrize("path", ["text/labels/nope", "text/labels/1", "nope/labels/stable"])
def test_a_label_that_is_not_served_gets_404(server, client, path):
    for response in (
        get(server, path),
        get(server, f"{path}/metadata"),
        post(server, f"{path}:predict"),
    ):
        assert response.status_code == 404
        error = response.json()["error"]
        assert "is not served here: text are" in error or "has no label" in error
    assert client.get("/text/labels/stable").status_code == 404  # without a configuration


@pytest.mark.parametrize("method", ["classify", "regress"])
@pytest.mark.parametrize("prefix", ["text", "text/versions/1", "text/labels/stable"])
def test_a_method_for_tf_example_is_refused(server, prefix, method):
    response = post(server, f"{prefix}:{method}", {"examples": [{"text": "a"}]})
    assert response.status_code == 400
    assert response.json()["error"] == (
        f"signature 'serving_default' does not support {method}, which takes tf.Example: "
        "send its inputs to :predict"
    )


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("text:classify", {"signature_name": "model"}, 400, "signature 'model' does not support"),
        ("text:classify", {"signature_name": "nope"}, 400, "unknown signature 'nope'"),
        ("text:classify", {"signature_name": ["a"]}, 400, "signature ['a'] does not support"),
        ("text:regress", [], 400, "signature 'serving_default' does not support regress"),
        ("nope:regress", {}, 404, "'nope' is not served here"),
        ("text:other", {}, 405, "no such request: POST '/v1/models/text:other'"),
    ],
)
def test_a_refusal_names_what_is_wrong(server, path, body, status, message):
    response = post(server, path, body)
    assert response.status_code == status
    assert response.json()["error"].startswith(message)


@pytest.fixture
def connection(server):
    """A connection of Python's client, which unpacks nothing."""
    connection = http.client.HTTPConnection(server.removeprefix("http://"), timeout=TIMEOUT)
    yield connection
    connection.close()


def answer(connection, path, accepted=None, method="GET", body=None):
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    connection.request(method, f"/v1/models/{path}", body, headers)
    response = connection.getresponse()
    return response, response.read()


@pytest.mark.parametrize(
    "accepted", ["gzip", "deflate, gzip;q=0.5", "gzip ; q=1.0, br", "br;q=0, gzip"]
)
def test_a_large_answer_is_gzip_where_that_is_accepted(connection, accepted):
    _, plain = answer(connection, "text/metadata", "identity")
    response, packed = answer(connection, "text/metadata", accepted)
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert int(response.headers["Content-Length"]) == len(packed) < len(plain)
    assert gzip.decompress(packed) == plain


@pytest.mark.parametrize("accepted", [None, "", "identity", "br", "gzip;q=0", "br, gzip;q=0.00"])
def test_it_is_as_it_is_where_gzip_is_not_accepted(connection, accepted):
    response, body = answer(connection, "text/metadata", accepted)
    assert response.headers["Content-Encoding"] is None
    assert json.loads(body)["model_spec"]["name"] == "text"


def test_a_small_answer_is_not_packed(connection):
    response, body = answer(connection, "text", "gzip")
    assert response.headers["Content-Encoding"] is None
    assert len(body) <= 1024
    error = answer(connection, "text:predict", "gzip", "POST", b"{")
    assert "body is no JSON" in json.loads(error[1])["error"]


def test_a_connection_is_kept_for_many_requests(connection):
    connection.connect()
    port = connection.sock.getsockname()
    for _ in range(3):
        for method in ("GET", "HEAD"):
            response, body = answer(connection, "text", method=method)
            assert response.status == 200
            assert (len(body) > 0) == (method == "GET")
        response, body = answer(connection, "text:predict", "gzip", "POST", json.dumps(BODY))
        assert response.status == 200
        assert answer(connection, "nope")[0].status == 404
        assert connection.sock.getsockname() == port


def test_head_of_a_packed_answer_has_its_length(connection):
    head, nothing = answer(connection, "text/metadata", "gzip", "HEAD")
    _, packed = answer(connection, "text/metadata", "gzip")
    assert nothing == b""
    assert head.headers["Content-Length"] == str(len(packed))


def preflight(address, origin):
    return requests.options(
        f"{address}/v1/models/text:predict",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
        timeout=TIMEOUT,
    )


def test_pages_of_an_allowed_origin_may_send_requests(server):
    allowed = preflight(server, ORIGIN)
    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]
    response = post(server, "text:predict", Origin=ORIGIN)
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert response.headers["Access-Control-Expose-Headers"] == "Retry-After, X-Request-ID"
    assert post(server, "nope:predict", Origin=ORIGIN).headers["Access-Control-Allow-Origin"]


def test_pages_of_other_origins_may_not(server, client):
    for origin in ("https://example.org.evil", "http://example.org", "null"):
        assert preflight(server, origin).status_code == 400
        response = post(server, "text:predict", Origin=origin)
        assert "Access-Control-Allow-Origin" not in response.headers
    without = client.address.removesuffix("/v1/models")
    assert preflight(without, ORIGIN).status_code == 405
    response = post(without, "text:predict", Origin=ORIGIN)
    assert response.status_code == 200
    assert not any(name.startswith("access-control") for name in response.headers)


@pytest.mark.parametrize("origin", ["example.org", "https://a/b", "https://", "", "https://a b"])
def test_what_is_no_origin_is_one_line(origin):
    command = [sys.executable, "-m", "rnnzoo", "serve", "--allow-origin", origin]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    message = f"{origin!r} is no origin: give scheme and host, as https://example.org, or *"
    assert message in done.stderr.splitlines()[-1]
