"""Fuzzed requests of every protocol: the server refuses them in one line, and stays as it was.

Schemathesis was tried for the Open Inference Protocol: it made 25 to 35 bodies a second. A schema
does not relate `shape`, `datatype` and `data`, without which no request reaches a model, and what
is wrong below JSON (encodings, duplicate names, binary data, gzip) it lacks. Valid requests are
changed instead, by a generator of random numbers: Hypothesis would shrink them, and was not tried.
"""

import asyncio
import base64
import contextlib
import http.client
import io
import json
import logging
import os
import re
import sys
import threading
import time
import types
from pathlib import Path

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis.get_model_metadata_pb2 import GetModelMetadataRequest
from tensorflow_serving.apis.get_model_status_pb2 import GetModelStatusRequest
from tensorflow_serving.apis.predict_pb2 import PredictRequest
from tritonclient.grpc import service_pb2
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from rnnzoo.pipelines.serving import server
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.records import UNKNOWN
from rnnzoo.pipelines.serving.http import bodies
from rnnzoo.pipelines.serving.http.connections import protocol
from rnnzoo.pipelines.serving.protocols.v2_tensors import NAMES

LONGEST = 20  # seconds until an answer
SECONDS = 1  # that heads and bodies have to arrive
REFUSALS = {400, 403, 404, 405, 410, 503, 504}
BY_UVICORN = {100, 101, 400, 403, 408, 426, 431}  # of a connection, whose answers are no JSON
CODES = {
    "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION", "UNAVAILABLE", "UNIMPLEMENTED",
    "RESOURCE_EXHAUSTED",  # more bytes than a message may have
}  # fmt: skip
# Places of this machine that no message may name.
INTERNAL = re.compile(
    "|".join(map(re.escape, (sys.prefix, str(Path(server.__file__).parents[2]), "site-packages")))
    + r"|Traceback|File \"|\.py\b|/tmp/"
)
OWN = re.compile("[0-9a-f]{32}")  # the id of the sequence of a WebSocket
KEPT = "a sequence that no fuzzed request has"


class Fuzzed:
    """A server whose requests are fuzzed.

    Args:
        engine: `Engine`.
        addresses: of HTTP and of gRPC.
        fuzzer: function from a number to a `Fuzzer`.
        errors: `io.StringIO`, its standard error.
    """

    def __init__(self, engine, addresses, fuzzer, errors):
        self.engine, self.fuzzer, self.errors = engine, fuzzer, errors
        self.host, self.grpc = addresses[0].removeprefix("http://"), addresses[1]
        self.slowest = 0.0
        self.codes = {}

    def check_status(self, case, status):
        """Of HTTP: no defect."""
        self.count(status)
        assert status == 200 or status in REFUSALS, (case, status, self.errors.getvalue()[-3000:])

    def check_refusal(self, case, message):
        """A refusal is one line that tells nothing of the machine."""
        assert isinstance(message, str) and message and len(message) < 2000, case
        assert "\n" not in message and not INTERNAL.search(message), (case, message)

    def check_answer(self, case, status, body):
        """Of HTTP: an answer, or `{"error": message}`."""
        self.check_status(case, status)
        if status != 200:
            error = json.loads(body)
            assert list(error) == ["error"], case
            self.check_refusal(case, error["error"])

    def check_code(self, case, problem):
        """Of gRPC: a status that is no defect."""
        self.count(problem.code().name)
        assert problem.code().name in CODES, (
            case,
            problem.code(),
            problem.details(),
            self.errors.getvalue()[-3000:],
        )
        self.check_refusal(case, problem.details())

    def count(self, code):
        self.codes[code] = self.codes.get(code, 0) + 1

    @contextlib.contextmanager
    def timed(self, case):
        start = time.monotonic()
        yield
        seconds = time.monotonic() - start
        self.slowest = max(self.slowest, seconds)
        assert seconds < LONGEST, case

    def post(self, path, request):
        """(status, JSON value) of a request that is not fuzzed."""
        connection = http.client.HTTPConnection(self.host, timeout=LONGEST)
        with contextlib.closing(connection):
            connection.request("POST", path, json.dumps(request))
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def step(self, character, start=False):
        """The logits after a step of the sequence `KEPT`."""
        fields = {"sequence_id": KEPT, "sequence_start": start, "inputs": [character]}
        status, answer = self.post("/v1/models/text:predict", fields)
        assert status == 200, answer
        return answer["outputs"]

    def whole(self, text):
        """The logits after a text."""
        return self.post("/v1/models/text:predict", {"instances": [text]})[1]["predictions"]

    def metrics(self):
        connection = http.client.HTTPConnection(self.host, timeout=LONGEST)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode()


def held():
    """(list of threads, list of open files) of this process.

    Threads that have unpacked a body wait for others, and are not among them.
    """
    threads = [thread.name for thread in threading.enumerate() if "AnyIO" not in thread.name]
    files = []
    for number in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):  # that of the folder itself
            files.append(os.readlink(f"/dev/fd/{number}"))
    return threads, files


def more(after, before):
    return len(after) > len(before)


@contextlib.contextmanager
def unharmed(fuzzed):
    """A context after which the server is as it was before."""
    logits = fuzzed.whole("hello")
    fuzzed.step("h", start=True)
    for transport in TRANSPORTS.values():  # threads that stay, caches
        transport(fuzzed, range(-2, 0))
    start_all_workers(fuzzed.engine)
    before = held()
    yield
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline and any(map(more, held(), before)):
        time.sleep(0.1)
    assert not any(map(more, held(), before)), (held(), before)
    engine = fuzzed.engine
    stored = engine.sequences.at_rest()
    assert len(stored) == len(engine.sequences), "a step holds its sequence"
    assert not [sequence for sequence in stored if OWN.fullmatch(sequence.key[3])]
    assert engine.sequences.nbytes == sum(sequence.nbytes for sequence in stored)
    assert engine.memory == 0
    metrics = fuzzed.metrics()
    waiting = re.findall(r"^rnnzoo_waiting_rows\{.*\} (.*)$", metrics, re.MULTILINE)
    assert waiting and set(waiting) == {"0.0"}
    models = set(re.findall(r'model="(.*?)"', metrics))
    assert models <= {*engine.servables, UNKNOWN, ""}, "a name of a client is a label"
    errors = fuzzed.errors.getvalue()
    assert not errors, errors[-5000:]
    np.testing.assert_allclose(fuzzed.whole("hello"), logits, atol=1e-6)
    np.testing.assert_allclose(fuzzed.step("e"), fuzzed.whole("he"), atol=1e-5)


def start_all_workers(engine):
    """Starts every thread of an engine: they stay."""
    for executor in (engine._executor, engine._loader):
        count = executor._max_workers
        barrier = threading.Barrier(count + 1)
        for _ in range(count):
            executor.submit(barrier.wait, LONGEST)
        barrier.wait(LONGEST)


def over_http(make):
    """A transport of HTTP: function from a `Fuzzed` and numbers of cases."""

    def send(fuzzed, cases):
        connection = http.client.HTTPConnection(fuzzed.host, timeout=LONGEST)
        with contextlib.closing(connection):
            for case in cases:
                path, body, headers = make(fuzzed.fuzzer(case))
                with fuzzed.timed((case, path, body[:500])):
                    connection.request("POST", path, body, headers)
                    response = connection.getresponse()
                    content = response.read()
                if response.getheader("Content-Encoding") == "gzip":
                    content = bodies.unpacked(content, 2**30)
                fuzzed.check_answer((case, path, body[:500], headers), response.status, content)

    return send


def predict_request(fuzzer):
    """A fuzzed `PredictRequest`, as bytes."""
    name, signature, values, _ = fuzzer.signature()
    request = PredictRequest()
    request.model_spec.name, request.model_spec.signature_name = name, signature
    for key, value in values.items():
        array = np.array(value)
        array = array.astype(np.float32) if array.dtype == float else array
        array = array.astype(np.int32) if array.dtype == int else array
        request.inputs[key].CopyFrom(tf.make_tensor_proto(array))
    return fuzzer.changed_message(request)


def about_model(kind):
    """A function from a `Fuzzer` to the bytes of a fuzzed message with a `model_spec`."""

    def make(fuzzer):
        request = kind()
        request.model_spec.name = fuzzer.pick(["text", "rates", "none"])
        if hasattr(request, "metadata_field"):
            request.metadata_field.append("signature_def")
        return fuzzer.changed_message(request)

    return make


def infer_request(fuzzer):
    """A fuzzed `ModelInferRequest`, as bytes."""
    name, signature, values, specs = fuzzer.signature()
    request = service_pb2.ModelInferRequest(model_name=name, id="1")
    request.parameters["signature_name"].string_param = signature
    for field, value in fuzzer.sequence().items():
        kind = {bool: "bool_param", int: "int64_param", str: "string_param"}[type(value)]
        setattr(request.parameters[field], kind, value)
    is_raw = fuzzer.chance(0.5)
    for key, value in values.items():
        spec = specs[key]
        array = np.array(value)
        tensor = request.inputs.add(name=key, datatype=NAMES[spec.dtype], shape=array.shape)
        if is_raw:
            content = (
                b"".join(len(i).to_bytes(4, "little") + i for i in map(as_bytes, array.ravel()))
                if spec.dtype == tf.string
                else array.astype(spec.dtype.as_numpy_dtype).tobytes()
            )
            request.raw_input_contents.append(content)
        elif spec.dtype == tf.string:
            tensor.contents.bytes_contents.extend(map(as_bytes, array.ravel()))
        elif spec.dtype == tf.int32:
            tensor.contents.int_contents.extend(array.ravel().tolist())
        else:
            tensor.contents.fp32_contents.extend(array.ravel().tolist())
    return fuzzer.changed_message(request)


def as_bytes(item):
    return item if isinstance(item, bytes) else str(item).encode()


METHODS = {
    "tensorflow.serving.PredictionService/Predict": (4, predict_request),
    "inference.GRPCInferenceService/ModelInfer": (4, infer_request),
    "tensorflow.serving.PredictionService/GetModelMetadata": (
        1, about_model(GetModelMetadataRequest),
    ),
    "tensorflow.serving.ModelService/GetModelStatus": (1, about_model(GetModelStatusRequest)),
    "tensorflow.serving.ModelService/HandleReloadConfigRequest": (1, predict_request),
    "inference.GRPCInferenceService/ModelMetadata": (1, infer_request),
}  # fmt: skip


def over_grpc(fuzzed, cases):
    """Calls of gRPC, with raw bytes."""
    methods = [method for method, (share, _) in METHODS.items() for _ in range(share)]
    with grpc.insecure_channel(fuzzed.grpc) as channel:
        calls = {method: channel.unary_unary(f"/{method}") for method in METHODS}
        for case in cases:
            fuzzer = fuzzed.fuzzer(case)
            method = fuzzer.pick(methods)
            content = METHODS[method][1](fuzzer)
            with fuzzed.timed((case, method, content[:500])):
                try:
                    calls[method](content, timeout=LONGEST)
                    fuzzed.count("OK")
                except grpc.RpcError as problem:
                    fuzzed.check_code((case, method, content[:500]), problem)


def over_stream(fuzzed, cases):
    """Messages of ModelStreamInfer, fifty per stream."""
    with grpc.insecure_channel(fuzzed.grpc) as channel:
        call = channel.stream_stream("/inference.GRPCInferenceService/ModelStreamInfer")
        cases = list(cases)
        for start in range(0, len(cases), 50):
            part = cases[start : start + 50]
            messages = (infer_request(fuzzed.fuzzer(case)) for case in part)
            with fuzzed.timed(part):
                answers = [*call(messages, timeout=LONGEST)]
            assert len(answers) == len(part), part
            for case, answer in zip(part, answers, strict=True):
                message = service_pb2.ModelStreamInferResponse.FromString(answer).error_message
                fuzzed.count("refused" if message else "OK")
                if message:
                    fuzzed.check_refusal(case, message)
                    assert "the server's log says more" not in message, (case, message)


def over_websocket(fuzzed, cases):
    """Messages of WebSockets, each of which has some."""
    cases = list(cases)
    while cases:
        fuzzer = fuzzed.fuzzer(cases[0])
        path = f"/v1/models/{fuzzer.model_path('text')}:stream"
        count = fuzzer.pick((1, 5, 30))
        try:
            with connect(f"ws://{fuzzed.host}{path}", open_timeout=LONGEST) as socket:
                while cases and count:
                    case, count = cases.pop(0), count - 1
                    with fuzzed.timed((case, path)):
                        send_message(fuzzed, socket, case)
        except InvalidStatus as problem:  # no such path
            assert problem.response.status_code in (403, 404), path
            cases.pop(0)
        except ConnectionClosed as problem:  # for bytes that are no text
            assert problem.rcvd and problem.rcvd.code == 1007, (case, problem)


def send_message(fuzzed, socket, case):
    fuzzer = fuzzed.fuzzer(case)
    _, request = fuzzer.of("text").call()
    body = fuzzer.json_bytes(request)
    socket.send(body, text=fuzzer.chance(0.5))
    answer = json.loads(socket.recv(timeout=LONGEST))
    status = answer.get("status", 200)
    fuzzed.check_status((case, body[:500]), status)
    if "error" in answer:
        fuzzed.check_refusal(case, answer["error"])


HEADS = (
    b"POST /v1/models/text:predict HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b",
    b"POST /v2/models/text/infer HTTP/1.0\r\nContent-Length: %d\r\n\r\n%b",
    b"POST /v1/models/text:predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nContent-Length: %d"
    b"\r\n\r\n%b",
    b"POST /v1/models/text:predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n"
    b"%b\r\n0\r\n\r\n",
    b"POST /v1/models/text:predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Length: %d\r\n\r\nfffffffffffffffff\r\n%b",
    b"POST /v1/models/text:predict HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
    b"Content-Length: %d\r\n\r\n%b",
    b"GET /v1/models/text HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nContent-Length: %d\r\n\r\n%b",
)
UPGRADE = (
    b"GET /v1/models/text:stream HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade"
    b"\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\nOrigin: %b\r\n\r\n"
)
ORIGINS = (b"http://a", b"http://b", b"http://[", b"null", b"", b"\xff", b"a" * 999)


def bytes_of_connection(fuzzer):
    """What a client sends by a connection: requests, or a WebSocket, that are broken."""
    _, request = fuzzer.of("text").call()
    body = fuzzer.json_bytes(request)
    if fuzzer.chance(0.3):
        key = fuzzer.pick((base64.b64encode(bytes(16)), b"", b"\xff"))
        head = UPGRADE % (key, fuzzer.pick(ORIGINS))
        body = body[:125]
        frame = bytes((fuzzer.random.randrange(256), 128 | len(body))) + bytes(4) + body
        return head + fuzzer.changed_bytes(frame)
    whole = fuzzer.pick(HEADS) % (len(body), body)
    return fuzzer.changed_bytes(whole * fuzzer.pick((1, 1, 2)))


STATUS = re.compile(rb"^HTTP/1\.1 (\d{3}).*?\r\n", re.MULTILINE)


def over_sockets(fuzzed, cases):
    """Bytes on connections, a hundred of which are open at the same time."""
    cases = list(cases)
    for start in range(0, len(cases), 100):
        asyncio.run(_all_closed(fuzzed, cases[start : start + 100]))


async def _all_closed(fuzzed, cases):
    await asyncio.gather(*(_closed(fuzzed, case) for case in cases))


async def _closed(fuzzed, case):
    """Sends the bytes of a case, and waits until the server closes the connection."""
    content = bytes_of_connection(fuzzed.fuzzer(case))
    host, port = fuzzed.host.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    answer = b""
    try:
        async with asyncio.timeout(LONGEST):
            with contextlib.suppress(ConnectionError):
                writer.write(content)
                while chunk := await reader.read(2**16):
                    answer += chunk
                    if b"\r\n\r\n" in answer:  # there may be more; a WebSocket stays open
                        await asyncio.sleep(0.2)
                        break
                for status in STATUS.findall(answer):
                    if int(status) not in BY_UVICORN:
                        fuzzed.check_status((case, content[:500]), int(status))
                assert not INTERNAL.search(answer.decode("latin-1")), (case, answer)
    except TimeoutError:
        raise AssertionError(f"not closed: {case}, {content[:500]}, {answer[:500]}") from None
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


TRANSPORTS = {
    "rest": over_http(lambda fuzzer: fuzzer.rest()),
    "v2": over_http(lambda fuzzer: fuzzer.v2(NAMES)),
    "grpc": over_grpc,
    "stream": over_stream,
    "websocket": over_websocket,
    "sockets": over_sockets,
}
COUNTS = {"rest": 3000, "v2": 2500, "grpc": 2500, "stream": 500, "websocket": 1000, "sockets": 600}


@contextlib.contextmanager
def without_errors(caplog):
    """A context in which nothing is logged of a defect."""
    yield
    logged = [r for r in caplog.records if r.exc_info or "running task" in r.message]
    assert not logged, logging.Formatter().format(logged[0])[-3000:]


@pytest.fixture
def fuzzed(servables, serving_both, fuzzing, monkeypatch, caplog):
    """Function from signatures to a context manager of a `Fuzzed`."""
    monkeypatch.setattr(bodies, "SLOWEST_BODY", SECONDS)
    monkeypatch.setattr(server, "protocol", lambda most: protocol(most, SECONDS))

    @contextlib.contextmanager
    def started(keys):
        engine = Engine({name: servables[name] for name, _ in keys})
        # uvicorn logs a request that is still answered when the server ends.
        with without_errors(caplog), serving_both(engine) as addresses:
            # uvicorn's loggers do not propagate, and its handler has the stream of before.
            monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
            with contextlib.redirect_stderr(io.StringIO()) as errors:
                yield Fuzzed(
                    engine,
                    addresses,
                    lambda number: fuzzing.Fuzzer(number, engine.servables, keys),
                    errors,
                )

    return types.SimpleNamespace(at=started, all=fuzzing.all, simple=fuzzing.simple)


@pytest.mark.slow
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_ten_thousand_bodies(fuzzed, transport):
    assert sum(COUNTS.values()) >= 10_000
    with fuzzed.at(fuzzed.all) as running, unharmed(running):
        running.codes.clear()
        TRANSPORTS[transport](running, range(COUNTS[transport]))
        answered = running.codes.get(200, 0) + running.codes.get("OK", 0)
        assert answered > COUNTS[transport] / 50, running.codes  # some reach the models
    print(transport, running.codes, f"{running.slowest:.2f} s")


def test_some_bodies_of_every_transport(fuzzed):
    with fuzzed.at(fuzzed.simple) as running, unharmed(running):
        for transport in TRANSPORTS.values():
            transport(running, range(60))
