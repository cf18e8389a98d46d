"""Answers that no route has given, for the middleware of a server."""

from rnnzoo.pipelines.serving.protocols.json_text import encoded

# Paths of probes, which have no key, learn nothing of the models, and are answered under load.
OPEN = ("/healthz", "/readyz", "/v2/health/live", "/v2/health/ready")
POLICY = 1008  # the code of a WebSocket that is closed for a rule of the server


async def refuse(scope, receive, send, status, headers=None):
    """Answers a request with an error, `{"error": message}`; a WebSocket before it is accepted.

    Args:
        scope, receive, send: of ASGI.
        status: `rnnzoo.pipelines.serving.statuses.Status`.
        headers: dict of str, more headers of the answer.
    """
    kind = "http.response"
    if scope["type"] == "websocket":
        await receive()  # the request to connect
        kind = "websocket.http.response"
        if kind not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": POLICY, "reason": status.message[:100]})
            return
    body = encoded({"error": status.message})
    sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    if status.retry_after is not None:
        sent["Retry-After"] = str(status.retry_after)
    pairs = [(name.lower().encode(), value.encode()) for name, value in sent.items()]
    await send({"type": f"{kind}.start", "status": status.http, "headers": pairs})
    await send({"type": f"{kind}.body", "body": body})
