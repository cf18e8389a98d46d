"""The application: the routes of each protocol over HTTP, and what every request passes.

HEAD is as GET, without the body; a slash at the end of a path is ignored. An error is
`{"error": reason}`: status 400 for an invalid request, 401 or 403 without a key or a right, 404 for
a model, version or label that is not served, 410 for a sequence that has ended, 429 for a key above
its limits, 503 while too many requests wait, 504 after the time limit, 500 for a defect.
"""

import contextlib
import sys

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.core import tracing
from rnnzoo.pipelines.serving.core.sequence_file import restore_sequences, write_sequences
from rnnzoo.pipelines.serving.http import generation, probes
from rnnzoo.pipelines.serving.http import tensorflow as rest
from rnnzoo.pipelines.serving.http import v2 as v2_rest
from rnnzoo.pipelines.serving.http.authentication import Authentication
from rnnzoo.pipelines.serving.http.connections import Connections
from rnnzoo.pipelines.serving.http.deadline import Deadline
from rnnzoo.pipelines.serving.http.endpoints import error
from rnnzoo.pipelines.serving.http.gzip_answers import GzipAnswers
from rnnzoo.pipelines.serving.http.observing import Observed


def create_app(engine, keys=None, origins=(), access_log=None, sequence_file=None):
    """Returns the `starlette.applications.Starlette` application.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
        keys: `rnnzoo.pipelines.serving.access.key_file.KeyFile`; None needs no key.
        origins: list of str, the origins whose pages may send requests; `*` is every origin.
        access_log: `rnnzoo.pipelines.serving.http.access_log.AccessLog`, or None.
        sequence_file: path of a file of sequences, which is read when the application starts and
            written when it ends; or None.
    """

    @contextlib.asynccontextmanager
    async def stored_sequences(app):
        if sequence_file is not None:
            await restore_sequences(sequence_file, engine)
        yield
        tracing.flush()
        if sequence_file is not None:
            try:
                write_sequences(sequence_file, engine.sequences)
            except InputError as problem:
                print(f"rnnzoo: the sequences are lost: {problem}", file=sys.stderr, flush=True)

    return Starlette(
        routes=[
            *probes.routes(engine),
            *rest.routes(engine),
            *generation.routes(engine),
            *v2_rest.routes(engine),
        ],
        middleware=_middleware(engine, keys, origins, access_log),
        exception_handlers={404: _no_route, 405: _no_route},
        lifespan=stored_sequences,
    )


def _middleware(engine, keys, origins, access_log):
    """list of `Middleware`, in the order in which a request passes them."""
    passed = [
        Middleware(Connections),
        Middleware(Observed, metrics=engine.metrics, access_log=access_log),
    ]
    if origins:
        passed.append(
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST"],
                allow_headers=[
                    "Authorization", "Content-Encoding", "Content-Type", "X-API-Key", "X-Request-ID"
                ],
                expose_headers=["Retry-After", "X-Request-ID"],
            )
        )  # fmt: skip
    if keys is not None:
        passed.append(Middleware(Authentication, keys=keys))
    if engine.limits.seconds is not None:
        passed.append(Middleware(Deadline, seconds=engine.limits.seconds))
    return [*passed, Middleware(GzipAnswers), Middleware(_WithoutTrailingSlash)]


async def _no_route(request, problem):
    path = request.scope["path"]
    return error(problem.status_code, f"no such request: {request.method} {shown(path)}")


class _WithoutTrailingSlash:
    """An ASGI application whose paths may end with a slash.

    Args:
        app: the application.
    """

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)
