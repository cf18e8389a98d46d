"""Keys, TLS, limits and metrics of the server by gRPC, which are those by HTTP."""

import hashlib

import grpc
import pytest
import requests

from rnnzoo.pipelines.serving.access.key_file import KeyFile
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.limits import Limits

Code = grpc.StatusCode


@pytest.fixture
def keys(tmp_path):
    """Keys of all models, and of the rates alone with one request in 100 seconds."""
    path = tmp_path / "keys.toml"
    path.touch(0o600)
    sums = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("all", "some")}
    path.write_text(
        f'[[keys]]\nname = "all"\nsha256 = "{sums["all"]}"\n'
        f'[[keys]]\nname = "some"\nsha256 = "{sums["some"]}"\n'
        'models = ["rates"]\nrequests_per_second = 0.01\n'
    )
    return KeyFile(path)


def refusal(client, request, **options):
    with pytest.raises(grpc.RpcError) as problem:
        client.prediction.Predict(request, timeout=60, **options)
    return problem.value.code(), problem.value.details()


def test_calls_need_a_key_and_a_right(servables, keys, serving_both, grpc_client_at):
    engine = Engine(servables)
    with serving_both(engine, keys) as (http, address), grpc_client_at(address) as client:
        request = client.request_of("text", text=["he"])
        assert refusal(client, request)[0] == Code.UNAUTHENTICATED
        wrong = (("authorization", "Bearer nothing"),)
        assert refusal(client, request, metadata=wrong) == (
            Code.UNAUTHENTICATED, "the key is not valid here",
        )  # fmt: skip
        for metadata in ((("authorization", "Bearer all"),), (("x-api-key", "all"),)):
            client.prediction.Predict(request, timeout=60, metadata=metadata)
        some = (("x-api-key", "some"),)
        code, message = refusal(client, request, metadata=some)
        assert (code, message) == (Code.PERMISSION_DENIED, "the key some may not use 'text'")
        assert refusal(client, request, metadata=some)[0] == Code.RESOURCE_EXHAUSTED
        metrics = requests.get(f"{http}/metrics", headers={"X-API-Key": "all"}, timeout=60).text
    for code, model, count in (("OK", "text", 2), ("PERMISSION_DENIED", "", 1)):
        labels = f'{{code="{code}",model="{model}",protocol="grpc"'
        (line,) = (line for line in metrics.splitlines() if "requests_total" + labels in line)
        assert line.endswith(f" {count}.0")


def test_limits_are_those_of_http(servables, serving_both, grpc_client_at):
    engine = Engine(servables, Limits(most_bytes=2000, most_rows=2, seconds=60))
    with serving_both(engine) as (_, address), grpc_client_at(address) as client:
        code, message = refusal(client, client.request_of("text", text=["a"] * 3))
        assert (code, message) == (
            Code.INVALID_ARGUMENT, "input 'text' has 3 rows: send at most 2",
        )  # fmt: skip
        large = client.request_of("text", text=["a" * 3000])
        assert refusal(client, large)[0] == Code.RESOURCE_EXHAUSTED


def test_a_deadline_of_the_server(servables, serving_both, grpc_client_at):
    engine = Engine(servables, Limits(seconds=1e-6))
    with serving_both(engine) as (_, address), grpc_client_at(address) as client:
        assert refusal(client, client.request_of("text", text=["he"])) == (
            Code.DEADLINE_EXCEEDED, "no answer within 1e-06 s: send less at once",
        )  # fmt: skip
