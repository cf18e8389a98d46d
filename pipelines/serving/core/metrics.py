"""Metrics of a server for Prometheus, with a registry of their own.

rnnzoo_requests_total{protocol, model, version, signature, code}
rnnzoo_request_seconds{model, signature}       histogram, of requests that ran a model
rnnzoo_batch_rows{model, signature}            histogram
rnnzoo_waiting_rows{model}                     rows that are not in a batch yet
rnnzoo_load_seconds{model, version}            of each version that is loaded
rnnzoo_loaded_versions{model}
rnnzoo_running_texts{model}                    that are being generated
rnnzoo_sequences                               with states here
rnnzoo_sequence_bytes
"""

import contextlib
import functools
import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from rnnzoo.pipelines.serving.core.records import opened
from rnnzoo.pipelines.serving.core.tracing import traced

OPEN_METRICS = "application/openmetrics-text"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The metrics of a server.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
    """

    def __init__(self, engine):
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "rnnzoo_requests",
            "Requests",
            ("protocol", "model", "version", "signature", "code"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "rnnzoo_request_seconds",
            "Seconds of requests that ran a model",
            ("model", "signature"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._rows = Histogram(
            "rnnzoo_batch_rows",
            "Rows per batch",
            ("model", "signature"),
            buckets=ROWS,
            registry=self.registry,
        )
        self.registry.register(_Models(engine))
        # Several times as fast as to look them up by their labels.
        self._counter = functools.lru_cache(1024)(self._requests.labels)
        self._histogram = functools.lru_cache(1024)(self._seconds.labels)

    @contextlib.contextmanager
    def observed(self, protocol, headers=()):
        """A `Record` that is counted at the end of the block, which sets its `code`.

        Args:
            protocol: str.
            headers: iterable of (name, value), bytes, for `traced`.
        """
        start = time.perf_counter()
        with opened(protocol) as record, traced(record, headers):
            try:
                yield record
            finally:
                record.seconds = time.perf_counter() - start
                self._counter(
                    record.protocol, record.model, record.version, record.signature, record.code
                ).inc()
                if record.signature:
                    self._histogram(record.model, record.signature).observe(record.seconds)

    def batch_counter(self, model, signature):
        """The function that a `Batcher` calls with the rows of each batch.

        Args:
            model: str.
            signature: str.
        """
        return self._rows.labels(model, signature).observe

    def text(self, accepted=""):
        """(bytes, media type) of all metrics.

        Args:
            accepted: str, the header `Accept` of a scraper, which may ask for OpenMetrics.
        """
        # Without the version that is asked for: `choose_encoder` fails where it is no number.
        encode, media_type = choose_encoder(OPEN_METRICS if OPEN_METRICS in accepted else "")
        return encode(self.registry), media_type


class _Models(Collector):
    """What is read when it is asked for: a version that is no longer served has no entry.

    Args:
        engine: see `Metrics`.
    """

    def __init__(self, engine):
        self._engine = engine

    def collect(self):
        """Yields the gauges."""
        waiting = GaugeMetricFamily(
            "rnnzoo_waiting_rows", "Rows that are not in a batch yet", labels=["model"]
        )
        seconds = GaugeMetricFamily(
            "rnnzoo_load_seconds", "Seconds to load a version", labels=["model", "version"]
        )
        count = GaugeMetricFamily("rnnzoo_loaded_versions", "Loaded versions", labels=["model"])
        texts = GaugeMetricFamily(
            "rnnzoo_running_texts", "Texts that are being generated", labels=["model"]
        )
        for name, versions in self._engine.loaded().items():
            waiting.add_metric([name], sum(map(self._engine.waiting, versions.values())))
            count.add_metric([name], len(versions))
            texts.add_metric([name], sum(map(self._engine.generation.running, versions.values())))
            for number, version in versions.items():
                seconds.add_metric([name, str(number)], version.load_seconds)
        yield from (waiting, seconds, count, texts)
        stored = self._engine.sequences
        yield GaugeMetricFamily("rnnzoo_sequences", "Sequences with states here", len(stored))
        yield GaugeMetricFamily("rnnzoo_sequence_bytes", "Bytes of their states", stored.nbytes)
