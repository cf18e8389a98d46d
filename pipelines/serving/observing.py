"""Each HTTP request is counted."""

PROTOCOL = "rest"


class Observed:
    """An ASGI application whose requests are `rnnzoo.pipelines.serving.metrics.Metrics.observed`.

    Args:
        app: the application.
        metrics: `Metrics`.
    """

    def __init__(self, app, metrics):
        self._app, self._metrics = app, metrics

    async def __call__(self, scope, receive, send):
        """Answers a request, see ASGI."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        with self._metrics.observed(PROTOCOL) as call:

            async def observed_send(message):
                if message["type"] == "http.response.start":
                    call.code = str(message["status"])
                await send(message)

            await self._app(scope, receive, observed_send)
