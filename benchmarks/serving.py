"""Requests per second and latencies of the server, beside others, clients on the same machine.

python benchmarks/serving.py                  measures `rnnzoo serve`
python benchmarks/serving.py --kserve PYTHON  and KServe's server, of an environment with it and
                                              TensorFlow; likewise --ray, --mlserver, --bentoml
python docs/render_performance.py             writes the table of docs/operating.md

The other servers serve the same SavedModels and batch up to 64 requests, with waits that were not
tuned (KServe runs each request by itself). No server logs requests. The answers of a server have to
equal those of `rnnzoo serve` before it is measured. Each connection sends its next request when the
answer to the one before has come. A client is a process of its own with sockets and little else, so
that it leaves the machine to the server. The first second of each row is not measured.
"""

import argparse
import asyncio
import base64
import contextlib
import csv
import datetime
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnzoo.registry import located

TARGET = Path(__file__).with_suffix(".csv")
CONNECTIONS = (1, 32, 256)
WARM_UP = 1.0  # seconds
COLUMNS = ["date", "versions", "cores", "load", "server", "model", "requests", "connections"]
COLUMNS += ["per second", "p50 ms", "p99 ms", "errors"]

RATES = [60 + 0.01 * (day % 7) for day in range(60)]
SAMPLES = {"samples": [[0.01 * (i % 9) for i in range(128)]], "lost": [[0, 0]]}
# Name of the requests: (model, path after it, body).
PREDICT = {
    "predict": ("shakespeare-lstm", ":predict", {"instances": ["ROMEO:"]}),
    "predict 60 rates": ("usdinr-gru", ":predict", {"instances": [RATES]}),
}
STREAMS = {
    "step, WebSocket": ("shakespeare-lstm", ":stream", {"inputs": ["a"]}),
    "step of 128 samples, WebSocket": ("music-lstm", ":stream", {"inputs": SAMPLES}),
}
GENERATE = {
    "character, server-sent events": (
        "shakespeare-lstm", ":generate", {"prompt": "ROMEO:", "length": 10_000},
    ),
}  # fmt: skip
STEPS = {"step, sequence_id": ("shakespeare-lstm", ":predict", {"inputs": ["a"]})}


class Server(NamedTuple):
    """A server and its protocol."""

    libraries: tuple  # distributions whose versions are recorded
    path: str = "/v1/models/{model}{suffix}"
    body: Callable = lambda body: body  # of a request, from that of `PREDICT`
    predictions: Callable = lambda answer: answer["predictions"]


def inference(body):
    """A body of `PREDICT` in the Open Inference Protocol."""
    rows = np.array(body["instances"])
    name, datatype = ("text", "BYTES") if rows.dtype.kind == "U" else ("rates", "FP32")
    tensor = {
        "name": name,
        "datatype": datatype,
        "shape": rows.shape,
        "data": rows.ravel().tolist(),
    }
    return {"inputs": [tensor]}


SERVERS = {
    "rnnzoo": Server(("tensorflow", "uvicorn", "starlette", "orjson")),
    "kserve": Server(("kserve", "tensorflow")),
    "ray": Server(("ray", "tensorflow"), "/{model}"),
    "mlserver": Server(
        ("mlserver", "tensorflow"),
        "/v2/models/{model}/infer",
        inference,
        lambda answer: {output["name"]: output["data"] for output in answer["outputs"]},
    ),
    "bentoml": Server(("bentoml", "tensorflow"), "/{model}", predictions=lambda answer: answer),
}
VERSIONS = """
import importlib.metadata, sys
print(*(f"{name} {importlib.metadata.version(name)}" for name in sys.argv[1:]))
"""


async def exchange(reader, writer, message):
    """Sends a request over HTTP; the answer's body."""
    writer.write(message)
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(int(re.search(rb"content-length: (\d+)", head.lower())[1]))
    return body if head.startswith(b"HTTP/1.1 200") else None


async def exchange_frames(reader, writer, message):
    """Sends a frame of a WebSocket; the content of the answer's frame."""
    writer.write(message)
    size = (await reader.readexactly(2))[1]
    if size >= 126:
        size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
    body = await reader.readexactly(size)
    return None if body.startswith(b'{"error"') else body


def request(path, body):
    """The bytes of a request over HTTP."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def frame(body):
    """The bytes of a text frame of a WebSocket, whose mask changes nothing."""
    size = len(body)
    sizes = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2, "big")
    return b"\x81" + sizes + bytes(4) + body


async def opened(port, path, is_stream):
    """(reader, writer) of a connection, of a WebSocket after its handshake."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    if is_stream:
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade"
            f"\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def one_connection(port, path, body, sequence, begin, seconds, latencies):
    """Appends the latency of each request, or None of one that failed."""
    is_stream = path.endswith(":stream")
    reader, writer = await opened(port, path, is_stream)
    exchanged = exchange_frames if is_stream else exchange
    start = {}
    if sequence is not None:
        start = {"sequence_id": sequence, "sequence_start": True}
    for count in itertools.count():
        fields = {**body, **start} if count == 0 else {**body, **start, "sequence_start": False}
        fields = fields if start else body
        if count < 2:
            content = json.dumps(fields).encode()
            message = frame(content) if is_stream else request(path, content)
        sent = time.perf_counter()
        answer = await exchanged(reader, writer, message)
        now = time.perf_counter()
        if now > begin + WARM_UP:
            latencies.append(None if answer is None else now - sent)
        if now > begin + WARM_UP + seconds:
            break
    writer.close()


async def one_text(port, path, body, begin, seconds, latencies):
    """Appends the time from event to event of texts that are generated, one after another."""
    reader, writer = await opened(port, path, is_stream=False)
    message = request(path, json.dumps(body).encode())
    while True:
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        before = None
        while True:
            event = await reader.readuntil(b"\n\n\r\n")
            now = time.perf_counter()
            if now > begin + WARM_UP + seconds:
                writer.close()
                return
            if b'"done"' in event:
                await reader.readuntil(b"0\r\n\r\n")
                break
            if before is not None and now > begin + WARM_UP:
                latencies.append(now - before if b'"text"' in event else None)
            before = now


async def client(port, path, body, connections, seconds, with_ids):
    """dict of the figures of some connections."""
    latencies, begin = [], time.perf_counter()
    if path.endswith(":generate"):
        clients = [
            one_text(port, path, body, begin, seconds, latencies) for _ in range(connections)
        ]
    else:
        clients = [
            one_connection(port, path, body, i if with_ids else None, begin, seconds, latencies)
            for i in range(connections)
        ]
    await asyncio.gather(*clients)
    right = sorted(latency for latency in latencies if latency is not None)
    return {
        "per second": round(len(right) / seconds, 1),
        "p50 ms": round(1000 * right[len(right) // 2], 2),
        "p99 ms": round(1000 * right[int(0.99 * len(right))], 2),
        "errors": len(latencies) - len(right),
    }


def measured(port, path, body, connections, seconds, with_ids):
    """The figures of `client` in a process of its own."""
    arguments = json.dumps([port, path, body, connections, seconds, with_ids])
    command = [sys.executable, __file__, "--client", arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def started(command):
    """(process, port) of a server that prints its address in a line of JSON."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    return process, int(json.loads(process.stdout.readline())["address"].rsplit(":", 1)[1])


def ended(process):
    """Ends a server and all processes that it started."""
    process.terminate()
    try:
        process.wait(30)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answered(port, path, body):
    """The answer to a request, of a server that may need minutes until it gives one."""
    content, head = json.dumps(body).encode(), {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", content, head)
    deadline = time.monotonic() + 180
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return json.load(answer)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def numbers(predictions):
    """The numbers in predictions, outputs in the order of their names."""
    if isinstance(predictions, dict):
        predictions = [predictions[name] for name in sorted(predictions)]
    if isinstance(predictions, list):
        return [number for part in predictions for number in numbers(part)]
    return [predictions]


def rows_of(name, python, command, cases, seconds, expected):
    """Yields a row per case and number of connections, of a server that is started and ended.

    Args:
        name: str, in `SERVERS`.
        python: str, of its environment.
        command: list of str that starts it.
        cases: dict, name of the requests to (model, path after it, body).
        seconds: float, per row.
        expected: dict, requests of `PREDICT` to their predictions; those that lack are added.
    """
    server = SERVERS[name]
    command_of_versions = [python, "-c", VERSIONS, *server.libraries]
    versions = subprocess.run(
        command_of_versions, check=True, capture_output=True, text=True
    ).stdout.strip()
    process, port = started(command)
    try:
        asked = {
            requests: (server.path.format(model=model, suffix=suffix), model, server.body(body))
            for requests, (model, suffix, body) in cases.items()
        }
        # All models answer before any is measured: Ray closes connections while it deploys.
        for requests, (path, _, content) in asked.items():
            if requests in PREDICT:
                predicted = numbers(server.predictions(answered(port, path, content)))
                np.testing.assert_allclose(
                    predicted, expected.setdefault(requests, predicted), rtol=1e-4, atol=1e-5
                )
        for requests, (path, model, content) in asked.items():
            for connections in CONNECTIONS:
                load = round(os.getloadavg()[0], 1)
                row = {
                    "date": datetime.date.today().isoformat(),
                    "versions": versions,
                    "cores": len(os.sched_getaffinity(0)),
                    "load": load,
                    "server": name,
                    "model": model,
                    "requests": requests,
                    "connections": connections,
                    **measured(port, path, content, connections, seconds, requests in STEPS),
                }
                print(*(row[column] for column in COLUMNS[4:]), flush=True)
                yield row
    finally:
        ended(process)


def main():
    """Measures, and writes the CSV."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    rivals = [name for name in SERVERS if name != "rnnzoo"]
    for name in rivals:
        parser.add_argument(f"--{name}", metavar="PYTHON", help=f"of an environment with {name}")
    parser.add_argument("--seconds", type=float, default=8.0, help="per row (8)")
    parser.add_argument("--client", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        import uvloop

        print(json.dumps(uvloop.run(client(*json.loads(options.client)))))
        return
    models = sorted({model for model, *_ in (PREDICT | STREAMS | STEPS).values()})
    command = [sys.executable, "-m", "rnnzoo", "serve", *models, "--port", "0", "--json"]
    cases, expected = PREDICT | STEPS | STREAMS | GENERATE, {}
    rows = list(rows_of("rnnzoo", sys.executable, command, cases, options.seconds, expected))
    folders = [str(located(model)) for model in sorted({model for model, *_ in PREDICT.values()})]
    for name in rivals:
        if python := getattr(options, name):
            command = [python, str(TARGET.with_name(f"{name}_server.py")), *folders]
            try:
                rows += rows_of(name, python, command, PREDICT, options.seconds, expected)
            except (OSError, subprocess.CalledProcessError) as problem:
                print(f"{name} has no whole figures: {problem}", file=sys.stderr)
    with open(TARGET, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
