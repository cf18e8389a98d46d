"""Calls of TensorFlow Serving's REST protocol: of requests, and of the messages of a WebSocket."""

import dataclasses
import uuid
from urllib.parse import urlsplit

from starlette.websockets import WebSocketDisconnect

from rnnzoo.pipelines.serving.access.keys import check_model
from rnnzoo.pipelines.serving.core.engine import sequence_key
from rnnzoo.pipelines.serving.core.steps import STEP, Step
from rnnzoo.pipelines.serving.http.answers import POLICY
from rnnzoo.pipelines.serving.http.endpoints import computed, error, named, size_of
from rnnzoo.pipelines.serving.protocols import tensorflow as protocol
from rnnzoo.pipelines.serving.protocols.json_text import encoded
from rnnzoo.pipelines.serving.statuses import status_of

PROTOCOL = "websocket"  # of metrics


class Calls:
    """Answers calls.

    Args:
        engine: `Engine`.
    """

    def __init__(self, engine):
        self._engine = engine

    async def answer(self, connection, body):
        """The answer to the body of a request: bytes of a JSON object.

        Args:
            connection: `starlette.requests.HTTPConnection`, whose path names the model.
            body: bytes.

        Raises:
            Exception: one that `status_of` tells of.
        """
        check_model(connection.path_params["name"])  # whatever the body is
        call = await computed(self._engine, len(body), protocol.call_of, body)
        return await self._answer(connection, call, body)

    async def stream(self, socket):
        """Answers the messages of a WebSocket, in their order.

        They are as bodies of requests. Those without a `sequence_id` are the steps of a sequence of
        the connection's own, which ends with it.

        Args:
            socket: `starlette.websockets.WebSocket`.
        """
        if not _is_same_origin(socket):  # opened by a page of another site
            await socket.close(POLICY)
            return
        try:
            await self._engine.version(*named(socket))
        except Exception as problem:
            status = status_of(problem)
            await socket.send_denial_response(
                error(status.http, status.message, status.retry_after)
            )
            return
        await socket.accept()
        name, identity, begun = socket.path_params["name"], uuid.uuid4().hex, set()
        try:
            while (message := await socket.receive())["type"] == "websocket.receive":
                text = message.get("text")
                body = message["bytes"] if text is None else text.encode()
                content = await self._message(socket, body, identity, begun)
                if text is None:
                    await socket.send_bytes(content)
                else:
                    await socket.send_text(content.decode())
        except WebSocketDisconnect:
            pass  # while it was answered
        finally:
            for signature in begun:
                self._engine.sequences.end(sequence_key(name, signature, identity))

    async def _message(self, socket, body, identity, begun):
        """The answer to a message, bytes.

        Args:
            socket, body: see `stream`.
            identity: str, the id of the connection's own sequence.
            begun: set of the signatures of which it has begun, which is changed.
        """
        with self._engine.metrics.observed(PROTOCOL) as record:
            try:
                content = await self._step(socket, body, identity, begun)
                record.code = "200"
                return content
            except Exception as problem:  # a defect must not end the server
                status = status_of(problem)
                record.code = str(status.http)
                return encoded({"error": status.message, "status": status.http})

    async def _step(self, socket, body, identity, begun):
        """As `_message`; raises what is refused."""
        call = await computed(self._engine, len(body), protocol.call_of, body, STEP)
        if call.step is not None:
            return await self._answer(socket, call, body)
        own = Step(identity, start=call.signature not in begun)
        content = await self._answer(socket, dataclasses.replace(call, step=own), body)
        begun.add(call.signature)
        return content

    async def _answer(self, connection, call, body):
        engine = self._engine

        async def read(version, states):
            arguments = call.signature, call.values, states
            return await computed(engine, len(body), version.checked, *arguments)

        _, count, outputs = await engine.predict(named(connection), call.signature, read, call.step)
        return await computed(
            engine, size_of(outputs), lambda: encoded(protocol.predicted(outputs, call, count))
        )


def _is_same_origin(socket):
    origin = socket.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
    except ValueError:  # no address
        return False
