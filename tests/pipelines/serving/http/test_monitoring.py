"""Probes and metrics of a server, read over its socket by Prometheus' own parser."""

import concurrent.futures
import types

import pytest
import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as text_metrics

from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine

TIMEOUT = 60


@pytest.fixture
def server(serving, servables):
    with serving(create_app(Engine(servables))) as address:
        yield address


def predict(address, path="text", **request):
    url = f"{address}/v1/models/{path}:predict"
    return requests.post(url, json=request or {"instances": ["hello"]}, timeout=TIMEOUT)


def samples(address, name, path="/metrics", **labels):
    """(labels, value) of each sample of a name that has the labels."""
    response = requests.get(address + path, timeout=TIMEOUT)
    assert response.status_code == 200
    return [
        (sample.labels, sample.value)
        for family in text_metrics(response.text)
        for sample in family.samples
        if sample.name == name and sample.labels.items() >= labels.items()
    ]


def test_the_process_is_alive_and_ready(server):
    for path in ("/healthz", "/readyz", "/readyz/"):
        assert requests.get(server + path, timeout=TIMEOUT).status_code == 200
        head = requests.head(server + path, timeout=TIMEOUT)
        assert (head.status_code, head.content) == (200, b"")
    response = requests.post(f"{server}/healthz", timeout=TIMEOUT)
    assert response.status_code == 405


def test_a_server_is_ready_once_each_required_model_was_loaded(serving):
    loaded = {"a": {}, "b": {1: types.SimpleNamespace(load_seconds=1.5)}}
    servables = {
        name: types.SimpleNamespace(all_loaded=lambda name=name: loaded[name]) for name in loaded
    }
    with serving(create_app(Engine(servables, required=["a", "b"]))) as address:

        def ready():
            response = requests.get(f"{address}/readyz", timeout=TIMEOUT)
            return response.status_code, response.json()

        assert ready() == (503, {"status": "loading", "unloaded": ["a"]})
        assert requests.get(f"{address}/healthz", timeout=TIMEOUT).status_code == 200
        loaded["a"] = loaded["b"]
        assert ready() == (200, {"status": "ready", "unloaded": []})
        loaded["a"] = {}  # a version is replaced
        assert ready() == (200, {"status": "ready", "unloaded": []})


def test_requests_are_counted_by_status(server):
    predict(server)
    predict(server)
    predict(server, instances=["hello", "hell"])
    predict(server, instances=["日本"])
    predict(server, "text", signature_name="model", inputs=[[0]])
    common = {"protocol": "rest", "model": "text", "version": "1"}
    for signature, code, count in (
        ("serving_default", "200", 3),
        ("serving_default", "400", 1),
        ("model", "200", 1),
    ):
        labels = {**common, "signature": signature, "code": code}
        assert samples(server, "rnnzoo_requests_total", **labels) == [(labels, count)]
    labels = {"model": "text", "signature": "serving_default"}
    assert samples(server, "rnnzoo_request_seconds_count", **labels) == [(labels, 4)]
    ((_, seconds),) = samples(server, "rnnzoo_request_seconds_sum", **labels)
    assert seconds > 0


def test_what_clients_send_makes_no_new_metrics(server):
    def send(index):
        requests.get(f"{server}/v1/models/nope-{index}", timeout=TIMEOUT)
        requests.get(f"{server}/nope-{index}", timeout=TIMEOUT)
        requests.get(f"{server}/v1/models/text/versions/{index + 2}", timeout=TIMEOUT)
        predict(server, f"nope-{index}")
        predict(server, signature_name=f"nope-{index}", instances=["a"])

    send(0)
    first = {tuple(labels.items()) for labels, _ in samples(server, "rnnzoo_requests_total")}
    for index in range(1, 20):
        send(index)
    counts = samples(server, "rnnzoo_requests_total")
    # The request for the metrics themselves is one more.
    assert len({tuple(labels.items()) for labels, _ in counts} - first) == 1
    assert not any("nope" in str(labels) for labels, _ in counts)
    unknown = samples(server, "rnnzoo_requests_total", model="unknown", code="404")
    assert [count for _, count in unknown] == [40]
    assert [count for labels, count in counts if labels["version"] == "unknown"] == [40, 20]


def test_rows_of_batches_are_counted(server):
    for rows in (1, 3):
        assert predict(server, instances=["hello"] * rows).status_code == 200
    labels = {"model": "text", "signature": "serving_default"}
    assert samples(server, "rnnzoo_batch_rows_count", **labels) == [(labels, 2)]
    assert samples(server, "rnnzoo_batch_rows_sum", **labels) == [(labels, 4)]
    (bucket,) = samples(server, "rnnzoo_batch_rows_bucket", **labels, le="2.0")
    assert bucket[1] == 1


def test_loaded_versions_and_waiting_rows(server):
    predict(server)
    for path in ("/metrics", "/monitoring/prometheus/metrics"):
        assert samples(server, "rnnzoo_loaded_versions", path, model="text")[0][1] == 1
        ((labels, seconds),) = samples(server, "rnnzoo_load_seconds", path, model="text")
        assert labels["version"] == "1" and seconds > 0
        assert samples(server, "rnnzoo_waiting_rows", path, model="text")[0][1] == 0


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/plain"),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text"),
        ("application/openmetrics-text; version=x", "application/openmetrics-text"),
        ("text/plain;version=" + "9" * 5000, "text/plain"),
        ("image/png", "text/plain"),
    ],
)
def test_a_scraper_may_ask_for_openmetrics(server, accept, media_type):
    predict(server)
    response = requests.get(f"{server}/metrics", headers={"Accept": accept}, timeout=TIMEOUT)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    parse = open_metrics if "openmetrics" in media_type else text_metrics
    assert "rnnzoo_loaded_versions" in {family.name for family in parse(response.text)}


def test_applications_share_no_metrics(serving, servables, server):
    predict(server)
    with serving(create_app(Engine(servables))) as other:
        assert samples(other, "rnnzoo_requests_total", model="text") == []


def test_requests_of_many_clients_are_all_counted(server):
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda _: predict(server), range(80)))
    labels = {"model": "text", "signature": "serving_default", "code": "200"}
    assert [count for _, count in samples(server, "rnnzoo_requests_total", **labels)] == [80]
