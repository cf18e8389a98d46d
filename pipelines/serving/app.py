"""The application: the routes of each protocol over HTTP, of the same engine.

HEAD is as GET, without the body; a slash at the end of a path is ignored. An error is
`{"error": reason}`: status 400 for an invalid request, 404 for a model or version that is not
served, 503 while too many requests wait, 500 for a defect of the server.
"""

from starlette.applications import Starlette

from rnnzoo.datasets.common.errors import shown
from rnnzoo.pipelines.serving import rest, v2_rest
from rnnzoo.pipelines.serving.endpoints import error
from rnnzoo.pipelines.serving.engine import Engine


def create_app(servables):
    """Returns the `starlette.applications.Starlette` application.

    Args:
        servables: dict from name to `rnnzoo.pipelines.serving.servables.Servable`.
    """
    engine = Engine(servables)
    routes = [*rest.routes(engine), *v2_rest.routes(engine)]
    app = Starlette(routes=routes, exception_handlers={404: _no_route, 405: _no_route})
    app.add_middleware(_WithoutTrailingSlash)
    return app


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
