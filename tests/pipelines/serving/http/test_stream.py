"""Sequences over HTTP and over a WebSocket."""

import json
import logging

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect


@pytest.fixture
def socket_of(client):
    """A function from a path of a model to a WebSocket."""
    address = client.address.replace("http://", "ws://")
    return lambda path, **options: connect(f"{address}/{path}:stream", **options)


def asked(socket, message):
    socket.send(json.dumps(message))
    return json.loads(socket.recv())


@pytest.fixture
def whole(client):
    """The logits after a whole text."""
    return lambda text: client.predict("text", instances=[text])[0]


def test_a_sequence_over_http(client, whole):
    for index, character in enumerate("hello"):
        body = {"sequence_id": 7, "sequence_start": index == 0, "inputs": [character]}
        answer = client.post("text", json.dumps(body)).json()
    assert answer["sequence_id"] == "7" and answer["steps"] == 5
    np.testing.assert_allclose(answer["outputs"], [whole("hello")], atol=1e-5)
    body = {"sequence_id": "7", "sequence_end": True, "instances": [{"text": " "}]}
    answer = client.post("text", json.dumps(body)).json()
    np.testing.assert_allclose(answer["predictions"], [whole("hello ")], atol=1e-5)
    response = client.post("text", json.dumps(body))
    assert response.status_code == 410
    assert response.json()["error"] == (
        "no sequence '7' of text here (it ended with its last step): begin it by sequence_start"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sequence_id": True}, "sequence_id=True: give a string of 1 to 200 characters, or an in"),
        ({"sequence_id": ""}, "sequence_id='': give a string"),
        ({"sequence_id": "a" * 201}, "sequence_id='aaa"),
        ({"sequence_id": "a", "sequence_start": 1}, "sequence_start=1: give true or false"),
        ({"sequence_end": True}, "sequence_start and sequence_end need a sequence_id"),
        (
            {"sequence_id": "a", "sequence_start": True, "signature_name": "model"},
            "signature 'model' has no states: it has no sequences",
        ),
    ],
)
def test_fields_of_sequences_that_make_no_sense(client, fields, message):
    response = client.post("text", json.dumps({"inputs": ["a"], **fields}))
    assert response.status_code == 400 and message in response.json()["error"]


def test_the_messages_of_a_connection_are_a_sequence(socket_of, whole):
    with socket_of("text") as first, socket_of("text/versions/1") as second:
        for a, b in zip("hello", "abcde", strict=True):
            answers = [asked(first, {"inputs": [a]}), asked(second, {"instances": [b]})]
    np.testing.assert_allclose(answers[0]["outputs"], [whole("hello")], atol=1e-5)
    np.testing.assert_allclose(answers[1]["predictions"], [whole("abcde")], atol=1e-5)
    assert answers[0]["steps"] == 5


def test_a_message_that_is_refused_leaves_the_connection_and_the_states(socket_of, whole):
    with socket_of("text") as socket:
        asked(socket, {"inputs": ["h"]})
        for message, status, error in [
            ({"inputs": ["?"]}, 400, "the model does not know '?'"),
            ([], 400, "body has to be an object"),
            ({"inputs": ["a"], "sequence_id": "x"}, 410, "no sequence 'x' of text here"),
        ]:
            answer = asked(socket, message)
            assert answer["status"] == status and error in answer["error"]
        socket.send(json.dumps({"inputs": ["e"]}).encode())
        answer = json.loads(socket.recv())
    np.testing.assert_allclose(answer["outputs"], [whole("he")], atol=1e-5)


@pytest.mark.parametrize("path", ["nothing", "text/versions/9", "text/labels/x"])
def test_a_model_that_is_not_served_has_no_stream(socket_of, path):
    with pytest.raises(InvalidStatus) as refused:
        socket_of(path).__enter__()
    assert refused.value.response.status_code == 404
    assert "'" + path.split("/")[0] + "' " in json.loads(refused.value.response.body)["error"]


def test_a_page_of_another_site_cannot_open_a_stream(socket_of, client):
    with pytest.raises(InvalidStatus):
        socket_of("text", origin="http://example.org").__enter__()
    with pytest.raises(InvalidStatus, match="403"):
        socket_of("text", origin="http://[").__enter__()
    with socket_of("text", origin=client.address.split("/v1")[0]) as socket:
        assert "outputs" in asked(socket, {"inputs": ["a"]})


def test_text_that_is_no_utf_8_closes_the_connection_and_is_one_line(
    socket_of, caplog, monkeypatch
):
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    with socket_of("text") as socket:
        socket.send(b"\xff", text=True)
        with pytest.raises(ConnectionClosedError, match="1007"):
            socket.recv(timeout=60)
    logged = [record for record in caplog.records if "UTF-8" in record.message]
    assert logged and not any(record.exc_info for record in logged)


def test_a_step_of_no_model_is_not_found(client):
    for name in ("a%0ab", "none" * 999):
        response = client.post(name, json.dumps({"inputs": ["a"], "sequence_id": 1}))
        assert response.status_code == 404
        assert response.json()["error"].partition(" is not served here")[0].count("\n") == 0
        assert len(response.json()["error"]) < 300
