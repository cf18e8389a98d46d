"""Spans of requests, as OpenTelemetry's SDK exports them."""

import pytest
import requests
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from rnnzoo.pipelines.serving.core import tracing

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def spans(monkeypatch):
    """A function that returns the spans that have ended, dict from attribute to value each."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    return exporter.get_finished_spans


def test_a_request_is_a_span_whose_parent_is_the_client_s(addresses, grpc_client, spans):
    url = f"{addresses[0]}/v1/models/text:predict"
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    requests.post(url, json={"instances": ["he", "h"]}, headers=headers, timeout=60)
    requests.post(url, json={"instances": ["?"]}, timeout=60)
    grpc_client.predict("text", text=["he"])
    first, second, third = spans()
    assert f"{first.context.trace_id:032x}" == TRACE
    assert first.name == "rnnzoo rest" and first.kind is trace.SpanKind.SERVER
    assert first.attributes == {
        "rnnzoo.model": "text", "rnnzoo.version": "1", "rnnzoo.signature": "serving_default",
        "rnnzoo.rows": 2, "rnnzoo.code": "200",
    }  # fmt: skip
    assert f"{second.context.trace_id:032x}" != TRACE
    assert second.attributes["rnnzoo.code"] == "400"
    assert third.name == "rnnzoo grpc" and third.attributes["rnnzoo.code"] == "OK"


def test_without_the_package_there_are_no_spans(addresses, monkeypatch, spans):
    monkeypatch.setattr(tracing, "trace", None)
    url = f"{addresses[0]}/v1/models/text:predict"
    assert requests.post(url, json={"instances": ["he"]}, timeout=60).status_code == 200
    tracing.flush()
    assert spans() == ()
