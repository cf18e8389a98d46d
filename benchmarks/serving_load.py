"""Small models of a text, and clients of every protocol whose answers are compared with them.

python benchmarks/serving_load.py FOLDER makes `VARIANTS` models in FOLDER and their right answers,
and pushes one as a new version for each line of its standard input: for serving_versions.py and
serving_soak.py, whose process is that of the clients and has no model.
"""

import asyncio
import base64
import contextlib
import datetime
import importlib.metadata
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from serving import frame, request

NAME = "letters"
CHARACTERS = "abcdehlo "
TEXTS = ["hello", "a bad deal", "cold ale", "he had a coach", "lo"]
VARIANTS = 5  # models of other weights
TOLERANCE = 1e-5
TIMEOUT = 60  # seconds until an answer is lost
LIBRARIES = ("tensorflow", "uvicorn", "starlette", "orjson")


class Lost(Exception):
    """No answer: a connection that failed or ended, or no answer in time."""


class Answers:
    """The right answers of all variants.

    Args:
        path: of a file of arrays (variants, characters, logits), by text.
        tolerance: float, the largest difference.
    """

    def __init__(self, path, tolerance=TOLERANCE):
        with np.load(path) as arrays:
            self._logits = {text: arrays[str(i)] for i, text in enumerate(TEXTS)}
        self._tolerance = tolerance

    def variants(self, text, length, logits):
        """set of the variants whose logits these are, after some characters of a text."""
        right = self._logits[text][:, length - 1]
        logits = np.asarray(logits, np.float32).reshape(-1)
        if logits.shape != right[0].shape:
            return set()
        differences = np.abs(right - logits).max(axis=1)
        return set(np.flatnonzero(differences <= self._tolerance).tolist())


class Maker:
    """The process that makes models and pushes them by `rnnzoo.save`, which needs TensorFlow.

    Args:
        folder: Path; its models are in `folder / "made"`, what it pushes in `folder / "models"`.
    """

    def __init__(self, folder):
        command = [sys.executable, __file__, str(folder)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        environment = {**os.environ, "RNNZOO_MODELS_DIR": str(folder / "models")}
        self._process = subprocess.Popen(command, text=True, env=environment, **pipes)
        self._process.stdout.readline()

    def save(self, variant):
        """Pushes a variant; the number of the new version."""
        print(variant, file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self):
        """Ends the process."""
        self._process.stdin.close()
        self._process.wait()


def make(folder):
    """What the process of a `Maker` does."""
    import keras

    import rnnzoo
    from rnnzoo.text.generator import TextGenerator

    models, answers = [], {}
    for variant in range(VARIANTS):
        keras.utils.set_random_seed(variant)
        model = TextGenerator(CHARACTERS, [keras.layers.LSTM(16)])
        # Larger than at the start of a training, so that no two models agree on a text.
        model.set_weights([2 * weight for weight in model.get_weights()])
        rnnzoo.save(model, NAME, folder / "made" / str(variant))
        models.append(model)
    for i, text in enumerate(TEXTS):
        ids = models[0].vocabulary.encode(text)[None]
        logits = np.concatenate([np.asarray(model(ids)) for model in models])
        a, b = np.triu_indices(VARIANTS, 1)
        assert np.abs(logits[a] - logits[b]).max(axis=-1).min() > 100 * TOLERANCE
        answers[str(i)] = logits
    np.savez(folder / "answers.npz", **answers)
    print("ready", flush=True)
    for line in sys.stdin:
        print(rnnzoo.save(models[int(line)], NAME).name, flush=True)


class Server:
    """`rnnzoo serve` in a process of its own.

    Args:
        models: Path, the folder of models.
        *arguments: str, of the command.
    """

    def __init__(self, models, *arguments):
        command = [sys.executable, "-m", "rnnzoo", "serve", *arguments, "--port", "0", "--json"]
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [*command, *(["--grpc-port", "0"] if grpc_calls() else [])],
            env={**os.environ, "RNNZOO_MODELS_DIR": str(models)},
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        announced = self._process.stdout.readline()
        if not announced:
            self.stop()
            raise SystemExit(f"the server did not start:\n{self.log()}")
        announced = json.loads(announced)
        self.port = int(announced["address"].rsplit(":", 1)[1])
        self.grpc_address, self.pid = announced.get("grpc_address"), self._process.pid

    def wait_until_ready(self):
        """Waits until it listens and every model is loaded."""
        for _ in range(600):
            with contextlib.suppress(OSError):
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    if connection.recv(100).startswith(b"HTTP/1.1 200"):
                        return
            time.sleep(0.1)
        raise SystemExit(f"the server is not ready:\n{self.log()}")

    def is_running(self):
        """Whether the process has not ended."""
        return self._process.poll() is None

    def log(self):
        """What it has written on standard error, a str."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self):
        """Ends it by SIGTERM."""
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Connection:
    """A connection over HTTP; `open_stream` makes it a WebSocket.

    Args:
        port: int.
    """

    def __init__(self, port):
        self._port = port
        self._reader = self._writer = None

    async def post(self, path, fields):
        """(status, body) of an answer.

        Args:
            path: str.
            fields: JSON value.

        Raises:
            Lost: there is none.
        """
        return await _in_time(self._post(request(path, json.dumps(fields).encode())))

    async def get(self, path):
        """(status, body) of an answer, as `post`."""
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        return await _in_time(self._post(head.encode()))

    async def open_stream(self, path):
        """Opens a WebSocket.

        Raises:
            Lost: it cannot be opened.
        """
        await _in_time(self._open_stream(path))

    async def exchange(self, fields):
        """The answer to a message of a WebSocket, a dict.

        Raises:
            Lost: there is none.
        """
        return json.loads(await _in_time(self._exchange(frame(json.dumps(fields).encode()))))

    async def send(self, path, fields):
        """Sends a request whose answer nobody reads."""
        await self.write(request(path, json.dumps(fields).encode()))

    async def send_frame(self, fields):
        """Sends a message of a WebSocket whose answer nobody reads."""
        await self.write(frame(json.dumps(fields).encode()))

    def abort(self):
        """Ends the connection by a reset, as of a client that crashed."""
        if self._writer is not None:
            self._writer.transport.abort()
        self.close()

    def close(self):
        """Closes the connection, if it is open."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def open(self):
        """Opens the connection, unless it is open."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def write(self, content):
        """Sends bytes, such as half a request."""
        await self.open()
        self._writer.write(content)
        await self._writer.drain()

    async def _post(self, message):
        await self.write(message)
        head = await self._reader.readuntil(b"\r\n\r\n")
        size = int(re.search(rb"content-length: (\d+)", head.lower())[1])
        body = await self._reader.readexactly(size)
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), body

    async def _open_stream(self, path):
        key = base64.b64encode(os.urandom(16)).decode()
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        head += f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}"
        await self.write(f"{head}\r\n\r\n".encode())
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer:
            raise Lost(f"no WebSocket: {answer!r}")

    async def _exchange(self, message):
        await self.write(message)
        kind, size = await self._reader.readexactly(2)
        if size >= 126:
            size = int.from_bytes(await self._reader.readexactly(2 if size == 126 else 8), "big")
        body = await self._reader.readexactly(size)
        if kind != 0x81:
            raise Lost(f"a frame of kind {kind:#x} instead of an answer: {body!r}")
        return body


async def _in_time(answer):
    try:
        async with asyncio.timeout(TIMEOUT):
            return await answer
    except TimeoutError:
        raise Lost(f"no answer within {TIMEOUT} s") from None
    except (OSError, EOFError) as problem:
        raise Lost(f"{type(problem).__name__}: {problem}") from None


def grpc_calls():
    """The modules for calls over gRPC; None without the extra."""
    try:
        import grpc.aio
        from tensorflow_serving.apis import predict_pb2
    except ImportError:
        return None
    return grpc, predict_pb2


class GrpcClient:
    """A channel to a server's gRPC.

    Args:
        address: str.
    """

    def __init__(self, address):
        self._grpc, self._messages = grpc_calls()
        # Channels of the same address and options would share a connection.
        options = (("grpc.use_local_subchannel_pool", 1),)
        self.channel = self._grpc.aio.insecure_channel(address, options)
        method = "/tensorflow.serving.PredictionService/Predict"
        self._predict = self.channel.unary_unary(
            method, response_deserializer=self._messages.PredictResponse.FromString
        )

    async def predict(self, text):
        """(version, logits) of a text; or (None, status), a str.

        Raises:
            Lost: the server is unavailable, or failed.
        """
        try:
            response = await self._predict(self.message(text), timeout=TIMEOUT)
        except self._grpc.aio.AioRpcError as problem:
            status = f"{problem.code().name}: {problem.details()}"
            if problem.code().name in ("UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "UNKNOWN"):
                raise Lost(status) from None
            return None, status
        tensor = response.outputs["logits"]
        logits = np.frombuffer(tensor.tensor_content, np.float32)
        return response.model_spec.version.value, logits if len(logits) else tensor.float_val

    def begun_predict(self, text):
        """A call that is to be cancelled."""
        return self._predict(self.message(text), timeout=TIMEOUT)

    def message(self, text):
        """The bytes of a request."""
        message = self._messages.PredictRequest()
        message.model_spec.name = NAME
        tensor = message.inputs["text"]
        tensor.dtype, tensor.string_val[:] = 7, [text.encode()]  # DT_STRING
        tensor.tensor_shape.dim.add(size=1)
        return message.SerializeToString()

    async def close(self):
        """Closes the channel."""
        await self.channel.close()


def about():
    """dict of the columns that say when and where a row was measured."""
    return {
        "date": datetime.date.today().isoformat(),
        "versions": " ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES),
        "cores": len(os.sched_getaffinity(0)),
    }


if __name__ == "__main__":
    make(Path(sys.argv[1]))
