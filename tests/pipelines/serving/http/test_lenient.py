"""What TensorFlow Serving or its clients send, beside plain JSON."""

import base64
import gzip
import json
import time

import pytest
import requests

from rnnzoo.pipelines.serving.core.limits import Limits

REQUEST = {"instances": ["hello"]}
BODY = json.dumps(REQUEST).encode()


@pytest.fixture(scope="module")
def logits(client):
    return client.predict("text", **REQUEST)


def test_the_models_are_listed(client):
    for path in ("", "/"):
        models = client.get(path).json()["models"]
        assert {"name": "rates", "versions": ["1"]} in models
        assert [model["name"] for model in models][:2] == ["text", "rates"]


BOM = b"\xef\xbb\xbf"
GZIP = {"Content-Encoding": "gzip"}
ACCEPTED = {
    "gzip": (gzip.compress(BODY), GZIP),
    "gzip without a header": (gzip.compress(BODY), {}),
    "two parts": (gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), {"Content-Encoding": "GZIP"}),
    "padding": (gzip.compress(BODY) + bytes(99), GZIP),
    "a hundred parts": (gzip.compress(BODY) + gzip.compress(b"") * 99, GZIP),
    "gzip with a mark": (gzip.compress(BOM + BODY), {}),
    "identity": (BODY, {"Content-Encoding": "identity"}),
    "mark": (BOM + BODY, {}),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_body_may_be_gzip_and_have_a_byte_order_mark(client, logits, name):
    body, headers = ACCEPTED[name]
    assert client.post("text", body, **headers).json() == {"predictions": logits}


LARGEST_BODY = Limits.most_bytes
TOO_LARGE = f"body has over {LARGEST_BODY} bytes"
REFUSED = {
    "cut off": (gzip.compress(BODY)[:-9], {}, "body is no whole gzip: its end is missing"),
    "broken": (gzip.compress(BODY)[:15] + b"broken" + bytes(99), {}, "body is no gzip: "),
    "no gzip": (BODY, GZIP, "body is no gzip: "),
    "unknown": (BODY, {"Content-Encoding": "br"}, "Content-Encoding is 'br': send gzip, or the "),
    "large": (gzip.compress(b" " * (LARGEST_BODY + 1)), {}, TOO_LARGE),
    "large together": (gzip.compress(b" " * LARGEST_BODY) * 2, {}, TOO_LARGE),
    "parts": (gzip.compress(b"") * 101, {}, "body has over 100 parts of gzip: send a single one"),
    "garbage": (gzip.compress(BODY) + b"garbage", {}, "body is no gzip: "),
    "mark alone": (BOM, {}, "body is no JSON"),
    "part of JSON": (b'{"instances": [NaN', {}, "body is no JSON"),
    "deep JSON": (b"[" * 100_000 + b"NaN", {}, "body is no JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_body_that_cannot_be_read_is_named(client, name):
    body, headers, message = REFUSED[name]
    response = client.post("text", body, **headers)
    assert response.status_code == 400
    assert response.json()["error"].startswith(message)


def test_thousands_of_parts_take_no_time(client):
    empty = gzip.compress(b"")
    start = time.monotonic()
    response = client.post("text", empty * (LARGEST_BODY // len(empty)))
    assert response.status_code == 400
    assert time.monotonic() - start < 5


LONG, MANY = "k" * 300_000, dict.fromkeys(map(str, range(99_999)), 1)
QUOTED = {
    "a lone surrogate": (b'{"inputs": {"\\ud800": NaN}}', r"inputs are text, not '\ud800'"),
    "a long input": (json.dumps({"inputs": {LONG: 1}}), "inputs are text, not 'kkk"),
    "many inputs": (json.dumps({"inputs": MANY}), "inputs are text, not '0, 1, "),
    "a long field": (json.dumps({"inputs": 1, LONG: 1}), "unknown field 'kkk"),
    "a long signature": (json.dumps({"inputs": 1, "signature_name": LONG}), "unknown signature 'k"),
    "deep": (
        b'{"inputs": 1, "signature_name": %b%b}' % (b"[" * 1000, b"]" * 1000),
        "signature_name=a deep list: give a string",
    ),
    "text and numbers": (
        json.dumps({"inputs": [["a" * 300_000, *[1] * 9_999]], "signature_name": "model"}),
        "input 'characters' has to be int32",
    ),
    "no string": (json.dumps({"inputs": 1, "signature_name": [LONG]}), "signature_name=['kkk"),
}


@pytest.mark.parametrize("name", QUOTED)
def test_an_error_is_json_and_quotes_the_beginning_of_a_value(client, name):
    body, message = QUOTED[name]
    response = client.post("text", body)
    assert response.status_code == 400
    assert response.json()["error"].startswith(message)
    assert len(response.content) < 300


@pytest.mark.parametrize("path", ["/{}", "/text/versions/{}", "/text/{}"])
def test_an_unknown_path_is_quoted_in_part(client, path):
    response = client.get(path.format("k" * 20_000))
    assert response.status_code == 404
    assert "kkk" in response.json()["error"]
    assert len(response.content) < 300


@pytest.mark.parametrize("signature", [None, "", "serving_default"])
def test_no_signature_is_the_default(client, logits, signature):
    assert client.predict("text", **REQUEST, signature_name=signature) == logits


@pytest.mark.parametrize("signature", [0, False, [], {}])
def test_a_signature_that_is_no_string_is_refused(client, signature):
    response = client.post("text", json.dumps({**REQUEST, "signature_name": signature}))
    assert response.status_code == 400
    assert f"signature_name={signature!r}: give a string" == response.json()["error"]


@pytest.mark.parametrize("path", ["", "/text", "/text/versions/1", "/text/metadata", "/nope"])
def test_head_is_get_without_the_body(client, path):
    head, get = (
        method(client.address + path, headers={"Accept-Encoding": "identity"}, timeout=60)
        for method in (requests.head, requests.get)
    )
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-length"] == str(len(get.content))


def test_a_slash_at_the_end_is_ignored(client, logits):
    for path in ("/text", "/text/versions/1", "/text/metadata", "/nope"):
        slash = requests.get(f"{client.address}{path}/", allow_redirects=False, timeout=60)
        assert slash.status_code == client.get(path).status_code
        assert slash.json() == client.get(path).json()
    predicted = requests.post(
        f"{client.address}/text:predict/", BODY, allow_redirects=False, timeout=60
    )
    assert predicted.json() == {"predictions": logits}


@pytest.mark.parametrize(
    "encoded",
    [
        base64.b64encode(b"hello").decode().rstrip("="),
        base64.urlsafe_b64encode(b"hello").decode(),
        base64.encodebytes(b"hello").decode(),
        "aGVs\r\nbG8\n",
    ],
)
def test_base64_in_every_form(client, logits, encoded):
    assert client.predict("text", instances=[{"b64": encoded}]) == logits


def test_base64_of_both_alphabets(client):
    content = bytes(range(240, 256))
    errors = {
        client.post("text", json.dumps({"instances": [{"b64": encode(content).decode()}]})).text
        for encode in (base64.b64encode, base64.urlsafe_b64encode)
    }
    (error,) = errors  # it is decoded, but no UTF-8
    assert "the model does not know" in error


@pytest.mark.parametrize("encoded", ["a", "aGVsbG8?", "aGV=sbG8="])
def test_what_is_no_base64_is_said(client, encoded):
    response = client.post("text", json.dumps({"instances": [{"b64": encoded}]}))
    assert response.status_code == 400
    assert response.json()["error"].startswith("input 'text' has a b64 that is no base64: ")
