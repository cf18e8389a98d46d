"""A span of OpenTelemetry for each request, where that package is installed and configured.

`opentelemetry-instrument rnnzoo serve ...` configures it by its variables of the environment.
"""

import contextlib

try:
    from opentelemetry import propagate, trace
except ImportError:
    trace = None

CARRIED = ("traceparent", "tracestate", "baggage")


@contextlib.contextmanager
def traced(record, headers=()):
    """A block that is a span, whose attributes are those of a `Record` at its end.

    Args:
        record: `rnnzoo.pipelines.serving.core.records.Record`.
        headers: iterable of (name, value), bytes, of the request: a span of the client's may be the
            parent.
    """
    provider = _provider()
    if provider is None:
        yield
        return
    carrier = {name.decode(): value.decode("latin-1") for name, value in headers}
    parent = propagate.extract({name: carrier[name] for name in CARRIED if name in carrier})
    tracer = provider.get_tracer("rnnzoo")
    name = f"rnnzoo {record.protocol}"
    with tracer.start_as_current_span(name, parent, trace.SpanKind.SERVER) as span:
        try:
            yield
        finally:
            if span.is_recording():
                for field in ("model", "version", "signature", "rows", "code"):
                    span.set_attribute(f"rnnzoo.{field}", getattr(record, field))
                if record.code.startswith("5") or record.code == "INTERNAL":
                    span.set_status(trace.StatusCode.ERROR)


def flush():
    """Exports the spans that wait, before the process ends."""
    if hasattr(provider := _provider(), "force_flush"):
        provider.force_flush()


def _provider():
    """What makes spans; None where nothing would become of them."""
    if trace is None:
        return None
    provider = trace.get_tracer_provider()
    return None if isinstance(provider, trace.ProxyTracerProvider) else provider
