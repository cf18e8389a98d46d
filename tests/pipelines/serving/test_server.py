"""The server in its own process, with requests over HTTP."""

import concurrent.futures
import gc
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import numpy as np
import pytest
import requests

import rnnzoo
from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.pipelines.serving.server import leave_imports_uncollected

TIMEOUT = 60


class Server:
    """`rnnzoo serve` in its own process, with its own folder of models."""

    def __init__(self, models, *names):
        command = [sys.executable, "-m", "rnnzoo", "serve", *names, "--port", "0", "--json"]
        self.log = tempfile.TemporaryFile()  # a pipe that nobody reads would fill up
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "RNNZOO_MODELS_DIR": str(models)},
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.address = json.loads(self.process.stdout.readline())["address"]

    def get(self, path):
        return requests.get(f"{self.address}/v1/models/{path}", timeout=TIMEOUT)

    def predict(self, path, body):
        data = body if isinstance(body, bytes) else json.dumps(body)
        return requests.post(f"{self.address}/v1/models/{path}:predict", data, timeout=TIMEOUT)

    def stop(self, signal_number=signal.SIGINT):
        self.process.send_signal(signal_number)
        status = self.process.wait(timeout=30)
        self.log.seek(0)
        return status, self.log.read().decode()


def test_the_collector_does_not_visit_what_was_imported():
    leave_imports_uncollected()
    assert len(gc.get_objects()) < 50_000  # TensorFlow alone has some hundred thousand


@pytest.fixture(scope="module")
def folder(small_model, tmp_path_factory):
    models = tmp_path_factory.mktemp("served")
    shutil.copytree(small_model[0], models / "sonnets-lstm/1")
    return models


@pytest.fixture(scope="module")
def server(folder):
    server = Server(folder, "sonnets-lstm", "shakespeare-lstm")
    yield server
    server.process.kill()


@pytest.fixture(scope="module")
def model(small_model):
    return rnnzoo.load("sonnets-lstm")


def expected(model, text):
    return np.asarray(model(model.vocabulary.encode(text)[None]))[0, -1]


def test_status(server):
    (status,) = server.get("sonnets-lstm").json()["model_version_status"]
    assert status["version"] == "1"
    assert status["state"] == "AVAILABLE"
    assert server.get("sonnets-lstm/versions/1").json()["model_version_status"] == [status]


def test_metadata(server):
    response = server.get("sonnets-lstm/metadata").json()
    assert response["model_spec"] == {"name": "sonnets-lstm", "signature_name": "", "version": "1"}
    signatures = response["metadata"]["signature_def"]["signature_def"]
    assert set(signatures) == {"serving_default", "step", "model"}
    text = signatures["serving_default"]["inputs"]["text"]
    assert text["dtype"] == "DT_STRING"
    assert text["tensor_shape"] == {"dim": [{"size": "-1", "name": ""}], "unknown_rank": False}


def test_predict_by_row_and_by_column(server, model):
    texts = ["Shall I", "a"]
    expected_logits = [expected(model, text) for text in texts]
    by_row = server.predict("sonnets-lstm", {"instances": texts}).json()["predictions"]
    named = server.predict("sonnets-lstm", {"instances": [{"text": t} for t in texts]})
    by_column = server.predict("sonnets-lstm/versions/1", {"inputs": {"text": texts}})
    bare = server.predict("sonnets-lstm", {"inputs": texts})
    for response in (
        by_row,
        named.json()["predictions"],
        by_column.json()["outputs"],
        bare.json()["outputs"],
    ):
        np.testing.assert_allclose(response, expected_logits, atol=1e-5)


def test_a_text_token_by_token(server, model):
    """A client keeps the states and sends one character a request."""
    states = {"state_0_0": [[0.0] * 64], "state_0_1": [[0.0] * 64]}
    for character in "Shall":
        request = {"signature_name": "step", "inputs": {"text": [character], **states}}
        outputs = server.predict("sonnets-lstm", request).json()["outputs"]
        logits = outputs.pop("logits")
        states = outputs
    np.testing.assert_allclose(logits[0], expected(model, "Shall"), atol=1e-5)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "body is no JSON"),
        (b"{bad", "body is no JSON"),
        (b"\xff\xfe", "body is no JSON"),
        (b"[" * 100_000, "body is no JSON"),
        ([], "either 'instances' or 'inputs'"),
        ({}, "either 'instances' or 'inputs'"),
        ({"instances": ["a"], "inputs": ["a"]}, "either 'instances' or 'inputs'"),
        ({"instances": ["a"], "more": 1}, "unknown field 'more'"),
        ({"instances": []}, "'instances' has to be a list"),
        ({"instances": [1]}, "input 'text' has to be string of shape (None,)"),
        ({"instances": [{"words": "a"}]}, "inputs are text, not 'words'"),
        ({"instances": ["日本"]}, "the model does not know '日', '本': it knows"),
        ({"instances": [""]}, "the prompt is empty: give at least one character"),
        ({"inputs": []}, "no text"),
        ({"inputs": {}}, "inputs are text, not none"),
        ({"instances": ["a"], "signature_name": "other"}, "unknown signature 'other'"),
        ({"instances": ["a"], "signature_name": 3}, "signature_name=3"),
        ({"inputs": ["a"], "signature_name": "step"}, "name the inputs: state_0_0"),
        ({"instances": ["a" * 300_000]}, "too much text"),
        (b" " * (2**22 + 1), "body has over"),
        (b'{"instances": [' + b"[" * 900 + b"]" * 900 + b"]}", "input 'text' has to be string"),
        ({"instances": ["[[["]}, "the model does not know '[': it knows"),
        ({"inputs": [[0] * 300_000], "signature_name": "model"}, "too much text"),
        ({"inputs": [[99, -1]], "signature_name": "model"}, "ids are indices from 0 to 57"),
        ({"inputs": [[]], "signature_name": "model"}, "no characters: give one or more"),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_gets_400_and_the_reason(server, body, message):
    response = server.predict("sonnets-lstm", body)
    assert response.status_code == 400
    assert message in response.json()["error"]
    assert "\n" not in response.json()["error"]


@pytest.mark.parametrize(
    "path",
    [
        "nope",
        "sonnets-lstm/versions/7",
        "sonnets-lstm/versions/x",
        "sonnets-lstm/versions/" + "9" * 5000,
        "..%2F..%2Fetc/metadata",
    ],
)
def test_what_is_not_served_gets_404(server, path):
    assert server.get(path).status_code == 404
    assert server.get(path).json()["error"]
    assert server.predict("nope", {"instances": ["a"]}).status_code == 404


def test_it_outlives_every_request(server, model):
    """Random bodies, half of them valid, from several clients at once; then a good one."""
    random.seed(0)
    values = [None, 1, -1.5, "a", "é", "", [], {}, ["a"], [["a"]], {"b64": "!"}, True, "x" * 999]

    def body(_):
        return {
            random.choice(["instances", "inputs", "signature_name"]): random.choice(
                [random.choice(values), [random.choice(values)], {"text": random.choice(values)}]
            )
            for _ in range(2)
        }

    def ask(request):
        return server.predict("sonnets-lstm", request).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        statuses = list(clients.map(ask, map(body, range(300))))
    assert set(statuses) <= {200, 400}
    assert 200 in statuses
    with socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1]))) as half:
        half.sendall(
            b"POST /v1/models/sonnets-lstm:predict HTTP/1.1\r\nContent-Length: 99\r\n\r\n{"
        )
    response = server.predict("sonnets-lstm", {"instances": ["Shall I"]}).json()["predictions"]
    np.testing.assert_allclose(response[0], expected(model, "Shall I"), atol=1e-5)


def test_a_pushed_version_is_served_and_a_damaged_one_is_not(folder, server):
    """Versions appear while the server runs; it serves the newest complete one."""
    for version in (2, 3):
        new = folder / f"sonnets-lstm/{version}"
        partial = folder / "sonnets-lstm/.partial"
        shutil.copytree(folder / "sonnets-lstm/1", partial)
        card = json.loads((partial / "card.json").read_text())
        (partial / "card.json").write_text(json.dumps({**card, "version": version}))
        if version == 2:
            write_manifest(partial)
        partial.rename(new)
        assert server.predict("sonnets-lstm", {"instances": ["a"]}).status_code == 200
        metadata = server.get("sonnets-lstm/metadata").json()
        assert metadata["model_spec"]["version"] == "2"
    status = server.get("sonnets-lstm").json()["model_version_status"]
    assert [entry["version"] for entry in status] == ["2", "1"]
    assert server.get("sonnets-lstm/versions/3").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("signal_number", "expected_status"), [(signal.SIGINT, 0), (signal.SIGTERM, -15)]
)
def test_it_stops_gracefully(folder, signal_number, expected_status):
    """A request that is being answered when the signal comes is answered."""
    server = Server(folder, "sonnets-lstm")
    server.predict("sonnets-lstm", {"instances": ["a"]})
    with concurrent.futures.ThreadPoolExecutor(1) as client:
        long = client.submit(server.predict, "sonnets-lstm", {"instances": ["a" * 20_000]})
        with pytest.raises(concurrent.futures.TimeoutError):
            long.result(timeout=0.2)
        status, log = server.stop(signal_number)
        assert long.result().status_code == 200
    assert status == expected_status
    assert "Traceback" not in log


@pytest.mark.slow
def test_a_request_that_does_not_end_is_not_waited_for(folder):
    server = Server(folder, "sonnets-lstm")
    server.predict("sonnets-lstm", {"instances": ["a"]})
    with concurrent.futures.ThreadPoolExecutor(4) as clients:
        for _ in range(4):
            clients.submit(server.predict, "sonnets-lstm", {"instances": ["a" * 262_000]})
        time.sleep(1)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 20


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_does_not_keep_the_others_from_being_served(folder, tmp_path):
    """Right hashes over a damaged SavedModel: only loading it tells."""
    shutil.copytree(folder / "sonnets-lstm/1", tmp_path / "sonnets-lstm/1")
    bad = tmp_path / "sonnets-lstm/1"
    (bad / "variables/variables.data-00000-of-00001").write_bytes(b"short")
    write_manifest(bad)
    server = Server(tmp_path)
    assert server.get("sonnets-lstm").status_code == 404
    assert server.predict("shakespeare-rnn", {"instances": ["a"]}).status_code == 200
    assert "not serving sonnets-lstm" in server.stop()[1]
    command = [sys.executable, "-m", "rnnzoo", "serve", "sonnets-lstm", "--port", "0"]
    environment = {**os.environ, "RNNZOO_MODELS_DIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert "rnnzoo: error: no version of sonnets-lstm can be loaded" in done.stderr


@pytest.mark.slow
def test_a_taken_port_and_an_unknown_model_are_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "rnnzoo", "serve", "shakespeare-rnn", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        f"rnnzoo: error: cannot listen at 127.0.0.1:{port} (Address already in use): "
        "name another --host or --port\n"
    )
    done = subprocess.run([*command[:4], "nope"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "unknown model 'nope'" in done.stderr


@pytest.mark.slow
def test_sequences_outlive_the_server(folder, model, tmp_path):
    path = tmp_path / "sequences.npz"
    for character, start in (("a", True), ("b", False)):
        server = Server(folder, "sonnets-lstm", "--sequences", str(path))
        body = {"sequence_id": "s", "sequence_start": start, "inputs": [character]}
        answer = server.predict("sonnets-lstm", body).json()
        status, log = server.stop()
        assert status == 0 and "Traceback" not in log
    assert answer["steps"] == 2
    np.testing.assert_allclose(answer["outputs"][0], expected(model, "ab"), atol=1e-5)
    path.write_bytes(b"damaged")
    command = [sys.executable, "-m", "rnnzoo", "serve", "sonnets-lstm", "--sequences", str(path)]
    environment = {**os.environ, "RNNZOO_MODELS_DIR": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith(f"rnnzoo: error: {path} has no sequence")
