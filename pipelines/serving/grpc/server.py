"""The server of gRPC: what every call passes, of the same engine as HTTP.

`tensorflow` and `v2` have the services; `grpc.health.v1.Health` needs no key. An error is
a status with one line, see `rnnzoo.pipelines.serving.statuses`, RESOURCE_EXHAUSTED for a message of
more bytes than a body of HTTP may have, and UNIMPLEMENTED for a compressed one.
"""

import asyncio
import contextlib

import grpc
import grpc.aio
from grpc_health.v1 import health, health_pb2_grpc

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.access.keys import set_key
from rnnzoo.pipelines.serving.grpc import tensorflow as grpc_tensorflow
from rnnzoo.pipelines.serving.grpc import v2 as grpc_v2
from rnnzoo.pipelines.serving.http.authentication import secret_of
from rnnzoo.pipelines.serving.statuses import DeadlineExceeded, status_of

OPTIONS = (
    # Otherwise a second server shares a taken port.
    ("grpc.so_reuseport", 0),
    # A few packed bytes would be unpacked to a message of any size.
    ("grpc.compression_enabled_algorithms_bitset", 1),
)


class GrpcServer:
    """A server of gRPC, of the event loop in which it is started.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
        host: str, the address to listen at, in numbers.
        port: int; 0 takes a free one.
        keys: `rnnzoo.pipelines.serving.access.key_file.KeyFile`; None needs no key.
        tls: `rnnzoo.pipelines.serving.access.tls.Tls`; None for none.
    """

    def __init__(self, engine, host, port, keys=None, tls=None):
        self._engine, self._keys, self._tls = engine, keys, tls
        self._host, self._port = host, port
        self._server = self._health = None

    async def start(self):
        """Listens, and returns the address, `HOST:PORT`.

        Raises:
            InputError: it cannot listen there.
        """
        limits = self._engine.limits
        self._server = grpc.aio.server(
            options=(*OPTIONS, ("grpc.max_receive_message_length", limits.most_bytes)),
            maximum_concurrent_rpcs=limits.most_connections,
        )
        self._server.add_generic_rpc_handlers(tuple(self._handlers()))
        self._health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        host = f"[{self._host}]" if ":" in self._host else self._host
        try:
            port = self._add_port(f"{host}:{self._port}")
        except RuntimeError:
            raise InputError(
                f"cannot listen at {host}:{self._port}: name another --host or --grpc-port"
            ) from None
        await self._server.start()
        return f"{host}:{port}"

    async def stop(self, seconds):
        """Refuses new calls; running ones have some seconds to end."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(seconds)

    def _add_port(self, address):
        if self._tls is None:
            return self._server.add_insecure_port(address)
        authorities = self._tls.client_ca
        credentials = grpc.ssl_server_credentials(
            [(self._tls.key.read_bytes(), self._tls.certificate.read_bytes())],
            authorities.read_bytes() if authorities else None,
            authorities is not None,
        )
        return self._server.add_secure_port(address, credentials)

    def _handlers(self):
        """The handlers of all services."""
        # Messages are parsed here: gRPC calls it a defect if they are none.
        for protocol, services in (
            ("grpc", grpc_tensorflow.services(self._engine)),
            ("v2-grpc", grpc_v2.services(self._engine)),
        ):
            for service, functions in services.items():
                handlers = {
                    name: grpc.unary_unary_rpc_method_handler(self._answered(protocol, function))
                    for name, function in functions.items()
                }
                if service == grpc_v2.SERVICE:
                    stream = self._streamed(protocol, functions["ModelInfer"])
                    handlers["ModelStreamInfer"] = grpc.stream_stream_rpc_method_handler(stream)
                yield grpc.method_handlers_generic_handler(service, handlers)

    def _answered(self, protocol, function):
        """A handler that answers with the message of a coroutine, or with what it raises."""

        async def handler(content, context):
            with self._engine.metrics.observed(protocol, _headers(context)) as record:
                try:
                    async with self._in_time():
                        with self._admitted(context):
                            response = (await function(content)).SerializeToString()
                    record.code = "OK"
                    return response
                except Exception as problem:  # a defect must not end the server
                    status = status_of(problem)
                    record.code = status.code
            # A client that has a policy for retries waits so long.
            wait = status.retry_after
            metadata = () if wait is None else (("grpc-retry-pushback-ms", str(1000 * wait)),)
            await context.abort(grpc.StatusCode[status.code], status.message, metadata)

        return handler

    def _streamed(self, protocol, function):
        """A handler that answers message after message; an error is one of them."""

        async def handler(messages, context):
            try:
                with self._admitted(context) as key:
                    async for content in messages:
                        if key is not None:
                            await self._keys.paced(key)
                        with self._engine.metrics.observed(protocol) as record:
                            try:
                                response = grpc_v2.streamed(await function(content))
                                record.code = "OK"
                            except Exception as problem:
                                status = status_of(problem)
                                record.code = status.code
                                response = grpc_v2.streamed_error(status.message)
                        yield response.SerializeToString()
                return
            except Exception as problem:
                status = status_of(problem)
            await context.abort(grpc.StatusCode[status.code], status.message)

        return handler

    @contextlib.contextmanager
    def _admitted(self, context):
        """A context in which the call of a key is answered; yields the `Key`, or None."""
        if self._keys is None:
            yield None
            return
        with self._keys.admitted(secret_of(_headers(context))) as key:
            set_key(key)
            yield key

    @contextlib.asynccontextmanager
    async def _in_time(self):
        seconds = self._engine.limits.seconds
        try:
            async with asyncio.timeout(seconds) as timeout:
                yield
        except TimeoutError:
            if not timeout.expired():
                raise
            raise DeadlineExceeded(f"no answer within {seconds:g} s: send less at once") from None


def _headers(context):
    """list of (name, value), bytes, of the metadata of a call."""
    metadata = context.invocation_metadata() or ()
    return [
        (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in metadata
    ]
