"""The access log: a JSON object per line, whatever clients send."""

import datetime
import json
import re
import socket
import subprocess
import sys
import time

import pytest
import requests

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.records import Record
from rnnzoo.pipelines.serving.http.access_log import AccessLog

TIMEOUT = 60


@pytest.fixture
def path(tmp_path):
    return tmp_path / "access.jsonl"


@pytest.fixture
def server(serving, servables, path):
    servables["text"].get(None)
    with serving(create_app(Engine(servables), access_log=AccessLog(str(path)))) as address:
        yield address


def lines(path, count):
    """The lines of a log, once there are so many: a line is written after the answer was sent."""
    for _ in range(600):
        content = path.read_text("ascii")
        if content.count("\n") >= count:
            break
        time.sleep(0.05)
    return [json.loads(line) for line in content.splitlines()]


def test_a_line_says_what_was_requested_and_answered(server, path):
    body = json.dumps({"instances": ["hello", "hell"]})
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(milliseconds=1)
    response = requests.post(
        f"{server}/v1/models/text:predict",
        body,
        headers={"X-Request-ID": "order-7/a"},
        timeout=TIMEOUT,
    )
    assert response.headers["X-Request-ID"] == "order-7/a"
    (line,) = lines(path, 1)
    start = datetime.datetime.fromisoformat(line.pop("time"))
    assert start.utcoffset() == datetime.timedelta(0)
    assert before <= start <= datetime.datetime.now(datetime.UTC)
    assert line.pop("milliseconds") > 0
    assert line == {
        "request_id": "order-7/a",
        "method": "POST",
        "path": "/v1/models/text:predict",
        "status": 200,
        "bytes_in": len(body),
        "bytes_out": len(response.content),
        "model": "text",
        "version": "1",
        "signature": "serving_default",
        "rows": 2,
    }


def test_requests_without_a_model_and_errors_have_lines_too(server, path):
    requests.head(f"{server}/healthz", timeout=TIMEOUT)
    requests.get(f"{server}/v1/models/nope", timeout=TIMEOUT)
    probe, unknown = lines(path, 2)
    assert (probe["status"], probe["model"], probe["bytes_out"]) == (200, None, 0)
    assert (unknown["status"], unknown["model"]) == (404, "unknown")
    assert unknown["path"] == "/v1/models/nope"
    assert unknown["bytes_out"] > 0


@pytest.mark.parametrize("sent", ["", "a b", "a" * 65, "é", '"}{"', "a\tb"])
def test_an_id_that_is_no_token_is_replaced(server, path, sent):
    headers = {"X-Request-ID": sent.encode()}
    response = requests.get(f"{server}/healthz", headers=headers, timeout=TIMEOUT)
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-ID"])
    assert lines(path, 1)[0]["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize(
    "sent",
    ["%0A{}", "%1b[2J", "%E2%80%AE", "%C2%85%E2%80%A8", "%7f", "%ff%fe", "%22,%22a%22:%22", "%00"],
)
def test_a_path_breaks_no_line_and_no_terminal(server, path, sent):
    requests.get(f"{server}/v1/models/{sent}", timeout=TIMEOUT)
    (line,) = lines(path, 1)
    assert line["path"].startswith("/v1/models/")
    content = path.read_bytes()
    assert content.count(b"\n") == 1
    assert all(32 <= byte < 127 for byte in content.rstrip(b"\n"))


def test_a_long_path_is_cut(server, path):
    requests.get(f"{server}/{'k' * 20_000}", timeout=TIMEOUT)
    assert len(lines(path, 1)[0]["path"]) == 1024


def test_a_client_that_has_gone_has_a_line(server, path):
    address = server.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1]))) as client:
        client.sendall(b"POST /v1/models/text:predict HTTP/1.1\r\nHost: a\r\n")
        client.sendall(b"Content-Length: 99\r\n\r\n{")
        time.sleep(0.2)
    (line,) = lines(path, 1)
    assert line["bytes_in"] <= 1
    assert line["status"] == 499


def test_a_log_that_is_moved_away_is_begun_again(path):
    log = AccessLog(str(path))
    for _ in range(2):
        log.write(Record("rest", code="200"), path="/a")
        path.rename(path.with_suffix(".old"))
    log.write(Record("rest", code="200"), path="/b")
    assert [line["path"] for line in lines(path, 1)] == ["/b"]


def test_a_log_that_cannot_be_written_is_reported_once(path, capsys):
    log = AccessLog("/dev/full")
    for _ in range(3):
        log.write(Record("rest", code="200"), path="/a")
    assert capsys.readouterr().err.count("rnnzoo: access log: [Errno 28]") == 1


@pytest.mark.parametrize(
    ("name", "reason"), [("", "Is a directory"), ("no/log", "No such file or directory")]
)
def test_a_file_that_cannot_be_made_is_named(tmp_path, name, reason):
    with pytest.raises(InputError) as raised:
        AccessLog(f"{tmp_path}/{name}")
    assert str(raised.value) == f"--access-log {tmp_path}/{name}: {reason}: name a file, or -"


@pytest.mark.slow
def test_the_command_says_it_in_one_line(tmp_path):
    command = [sys.executable, "-m", "rnnzoo", "serve", "shakespeare-rnn", "--port", "0"]
    done = subprocess.run([*command, "--access-log", str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"rnnzoo: error: --access-log {tmp_path}: Is a directory: name a file, or -"
    )


def test_an_application_without_a_log_returns_ids_too(client):
    assert re.fullmatch("[0-9a-f]{32}", client.get("/text").headers["X-Request-ID"])
