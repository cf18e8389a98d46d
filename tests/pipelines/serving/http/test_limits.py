"""Limits of a server over sockets: sizes, time, load, connections, and slow senders."""

import asyncio
import concurrent.futures
import contextlib
import json
import socket
import threading
import types

import numpy as np
import pytest
import requests
import tensorflow as tf
import uvicorn

from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core import engine
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.limits import Limits, memory_of
from rnnzoo.pipelines.serving.http.connections import (
    SPARE,
    STATE,
    Connection,
    Connections,
    protocol,
)
from rnnzoo.pipelines.serving.server import configured


class Doubled:
    """A version of a model that doubles numbers, and is at work until it is `released`.

    Args:
        by_rows: bool, whether requests are run in batches.
    """

    load_seconds = 0.0

    def __init__(self, by_rows=True):
        self._by_rows = by_rows
        self.rows = []
        self.begun, self.released = threading.Event(), threading.Event()

    def specs(self, signature):
        return {"x": tf.TensorSpec([None, 2], tf.float32)}

    def takes_rows(self, signature):
        return self._by_rows

    def checked(self, signature, values, states=()):
        return {"x": np.array(values, np.float32)}

    def run(self, signature, inputs):
        self.begun.set()
        assert self.released.wait(60)
        self.rows.append(len(inputs["x"]))
        return {"y": 2 * inputs["x"]}


@pytest.fixture
def version():
    version = Doubled()
    yield version
    version.released.set()


def served(version, limits):
    """The configuration of a server of `m`."""
    servable = types.SimpleNamespace(
        available=lambda: {1: None},
        all_loaded=lambda: {1: version},
        loaded=lambda number: (1, version),
    )
    engine = Engine({"m": servable}, limits)
    return configured(create_app(engine), engine.limits)


def predict(address, rows, session=requests):
    url = f"http://{address}/v1/models/m:predict"
    return session.post(url, json={"instances": rows}, timeout=60)


def metrics(address):
    return requests.get(f"http://{address}/metrics", timeout=60).text


def test_sizes_of_a_request(version, listening):
    version.released.set()
    limits = Limits(most_bytes=1000, most_rows=3, most_elements=5)
    with listening(served(version, limits)) as address:
        assert predict(address, [[1, 2]] * 2).json() == {"predictions": [[2, 4]] * 2}
        for rows, message in (
            ([[1]] * 4, "input 'x' has 4 rows: send at most 3"),
            ([[1, 2]] * 3, "input 'x' has 6 elements: send at most 5"),
            ([[1, 2]] * 200, "body has over 1000 bytes: send less"),
        ):
            response = predict(address, rows)
            assert (response.status_code, response.json()) == (400, {"error": message})
        assert predict(address, [[1] * 5]).status_code == 200


def test_a_request_that_takes_too_long_is_504_and_its_connection_stays(version, listening):
    with listening(served(version, Limits(seconds=0.2))) as address:
        with requests.Session() as session:
            response = predict(address, [[1, 2]], session)
            assert response.status_code == 504
            assert response.json() == {"error": "no answer within 0.2 s: send less at once"}
            assert "Connection" not in response.headers
            # A request that waits behind it is never run.
            assert predict(address, [[5, 5]] * 9, session).status_code == 504
            assert session.get(f"http://{address}/v1/models/m").status_code == 200
            version.released.set()
            assert predict(address, [[1, 2]], session).json() == {"predictions": [[2, 4]]}
    assert 9 not in version.rows


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--seconds", "0", "seconds is 0.0: give a number above 0"),
        ("--seconds", "nan", "seconds is nan: give a number above 0"),
        ("--seconds", "inf", "seconds is inf: give a number above 0"),
        ("--most-rows", "0", "most_rows is 0: give a whole number of at least 1"),
        ("--most-bytes", "-1", "most_bytes is -1: give a whole number of at least 1"),
        ("--most-connections", "0", "most_connections is 0: give a whole number of at least 1"),
    ],
)
def test_options_that_are_no_limits_are_one_line(option, value, message, capsys):
    assert main(["serve", "nope-before-models-are-loaded", option, value]) == 2
    assert capsys.readouterr().err == f"rnnzoo: error: {message}\n"


def test_overload_is_503_and_what_waits_is_bounded(version, listening):
    """Many clients while a model is at work: a bounded queue, no answer lost, none wrong."""
    clients, most = 120, 20
    refused = threading.Semaphore(0)

    def ask(number):
        response = predict(address, [[number, 0]])
        if response.status_code == 503:
            refused.release()
        return number, response

    with listening(served(version, Limits(most_waiting=most))) as address:
        with concurrent.futures.ThreadPoolExecutor(clients) as threads:
            futures = [threads.submit(ask, 0)]
            assert version.begun.wait(60)
            futures += [threads.submit(ask, number) for number in range(1, clients)]
            # All but those that wait are answered while the model is still at work on the first.
            for _ in range(clients - 1 - most):
                assert refused.acquire(timeout=60)
            assert f'rnnzoo_waiting_rows{{model="m"}} {most}.0' in metrics(address)
            assert not refused.acquire(timeout=0.1)
            version.released.set()
            results = [future.result() for future in futures]
        assert 'rnnzoo_waiting_rows{model="m"} 0.0' in metrics(address)
        assert predict(address, [[7, 7]]).status_code == 200
    for number, response in results:
        if response.status_code == 200:
            assert response.json() == {"predictions": [[2 * number, 0]]}
        else:
            assert response.status_code == 503
            assert int(response.headers["Retry-After"]) >= 1
            assert "rows are waiting" in response.json()["error"]
    assert sum(response.status_code == 200 for _, response in results) == most + 1
    assert sum(version.rows) == most + 2


def test_memory_of_what_waits_is_bounded_without_batches_too(monkeypatch, listening):
    monkeypatch.setattr(engine, "WAITING_BODIES", 2)
    version = Doubled(by_rows=False)
    # A request of 100 rows is 800 bytes of numbers; two bodies are 2400 bytes.
    with listening(served(version, Limits(most_bytes=1200))) as address:
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            try:
                futures = [threads.submit(predict, address, [[1, 1]] * 100) for _ in range(8)]
                answered_first = concurrent.futures.as_completed(futures, timeout=60)
                statuses = [next(answered_first).result().status_code for _ in range(5)]
                assert statuses == [503] * 5
            finally:
                version.released.set()
        statuses = sorted(future.result().status_code for future in futures)
        assert statuses == [200] * 3 + [503] * 5
        assert predict(address, [[1, 1]]).status_code == 200


def test_memory_counts_strings():
    text = np.array([b"abc", b""], object)
    assert memory_of({"a": np.zeros((2, 3), np.float32), "b": text}) == 24 + 16 + 3


def connected(address):
    host, port = address.split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def received(client):
    """All that a server sends until it closes the connection."""
    data = b""
    while chunk := client.recv(65536):
        data += chunk
    return data


REQUEST = b"GET /v1/models/m HTTP/1.1\r\nHost: a\r\n\r\n"


def test_a_connection_too_many_is_503_until_one_is_closed(version, listening):
    with listening(served(version, Limits(most_connections=2))) as address:
        first, second = connected(address), connected(address)
        for client in (first, second):
            client.sendall(REQUEST)
            assert client.recv(99).startswith(b"HTTP/1.1 200")
        with connected(address) as third:
            third.sendall(REQUEST)
            answer = received(third)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503") and b"retry-after: 1" in head.lower()
        assert "too many connections" in json.loads(body)["error"]
        first.close()
        second.close()
        statuses = {0}
        while 200 not in statuses:  # the server hears of it in its own time
            statuses.add(requests.get(f"http://{address}/v1/models/m", timeout=60).status_code)
        assert statuses <= {0, 200, 503}


def test_connections_far_too_many_are_closed(version, listening):
    with listening(served(version, Limits(most_connections=1))) as address:
        clients = [connected(address) for _ in range(SPARE + 2)]
        with pytest.raises(OSError):
            clients[-1].sendall(REQUEST)
            assert clients[-1].recv(99) == b""
            raise ConnectionResetError
        for client in clients:
            client.close()


async def answered(scope, receive, send):
    """An application that reads no body."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
    )
    await send({"type": "http.response.body"})


@pytest.mark.parametrize("is_closing", [True, False])
def test_an_answer_on_a_closed_connection_is_no_defect(is_closing):
    connection = Connection(set(), 1, 1)
    connection._transport = types.SimpleNamespace(is_closing=lambda: is_closing)

    async def send(message):
        raise RuntimeError("the handler is closed")

    scope = {"type": "http", "path": "/", "headers": [], "state": {STATE: connection}}
    with contextlib.nullcontext() if is_closing else pytest.raises(RuntimeError):
        asyncio.run(Connections(answered)(scope, None, send))


def test_a_head_that_does_not_arrive_closes_the_connection(listening):
    config = uvicorn.Config(
        Connections(answered), http=protocol(10, seconds=0.5), log_level="warning"
    )
    with listening(config) as address:
        for start in (b"", b"GET / HTTP/1.1\r\nHost: a\r\nX: ", REQUEST + b"GET / HTTP/1.1\r\nX: "):
            with connected(address) as client:
                client.sendall(start)
                stop = threading.Event()

                def trickle(client=client, stop=stop, start=start):
                    while start and not stop.wait(0.05):
                        try:
                            client.sendall(b"a")
                        except OSError:
                            return

                thread = threading.Thread(target=trickle)
                thread.start()
                try:
                    answer = received(client)
                except ConnectionResetError:  # of what was sent after the end
                    answer = None
                stop.set()
                thread.join()
                if answer is not None:
                    assert answer.count(b"HTTP/1.1 200") == start.count(b"models")
                    assert answer.endswith(b"close\r\n\r\n") and b"HTTP/1.1 408" in answer
        with connected(address) as client:  # one that is in time
            client.sendall(REQUEST[:20])
            client.sendall(REQUEST[20:])
            assert client.recv(99).startswith(b"HTTP/1.1 200")


def test_a_head_without_an_end_closes_the_connection(listening):
    config = uvicorn.Config(Connections(answered), http=protocol(10), log_level="warning")
    with listening(config) as address:
        with connected(address) as client:
            client.sendall(REQUEST[:-2])
            with pytest.raises(OSError):
                for _ in range(10_000):  # 100 MB
                    client.sendall(b"X: a\r\n" * 1700)
        with connected(address) as client:
            client.sendall(REQUEST[:-2] + b"X: " + b"a" * 2**17)
            with contextlib.suppress(ConnectionResetError):  # by what it had not read yet
                assert received(client).startswith(b"HTTP/1.1 431")
        # A body that nobody reads is no head.
        body = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + b"b" * 500_000
        with connected(address) as client:
            for _ in range(3):
                client.sendall(body)
                assert client.recv(999).startswith(b"HTTP/1.1 200")
            client.sendall(REQUEST)
            assert client.recv(99).startswith(b"HTTP/1.1 200")


def test_limits_name_what_is_wrong():
    with pytest.raises(InputError, match="most_waiting is None: give a whole number"):
        Limits(most_waiting=None)
    with pytest.raises(InputError, match="most_rows is 1.5: give a whole number"):
        Limits(most_rows=1.5)
    with pytest.raises(InputError, match="sequence_seconds is 0: give a number above 0"):
        Limits(sequence_seconds=0)
    with pytest.raises(InputError, match="sequence_bytes is None: give a whole number"):
        Limits(sequence_bytes=None)


@pytest.mark.parametrize("option", ["--sequence-seconds", "--sequence-bytes"])
def test_limits_of_sequences_are_options(option, capsys):
    assert main(["serve", "nope-before-models-are-loaded", option, "0"]) == 2
    name = option.removeprefix("--").replace("-", "_")
    assert f"error: {name} is 0" in capsys.readouterr().err
