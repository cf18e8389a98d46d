"""What operators ask a server.

GET /healthz                            200: the process answers
GET /readyz                             200 once the required models are loaded, 503 before
GET /metrics                            for Prometheus
GET /monitoring/prometheus/metrics      the same, where TensorFlow Serving has it
"""

from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def routes(engine):
    """list of `starlette.routing.Route`.

    Args:
        engine: `Engine`.
    """

    async def healthz(request):
        return JSONResponse({"status": "ok"})

    async def readyz(request):
        unloaded = engine.unloaded()
        status = "loading" if unloaded else "ready"
        return JSONResponse({"status": status, "unloaded": unloaded}, 503 if unloaded else 200)

    async def metrics(request):
        content, media_type = engine.metrics.text(request.headers.get("accept", ""))
        return Response(content, headers={"Content-Type": media_type})

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/monitoring/prometheus/metrics", metrics),
    ]
