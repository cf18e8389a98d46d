"""A server in this process, with a small untrained model of every family."""

import contextlib
import json
import queue
import socket
import threading
import types

import grpc
import keras
import pytest
import requests
import tensorflow as tf
import uvicorn
from tensorflow_serving.apis.get_model_metadata_pb2 import (
    GetModelMetadataRequest,
    SignatureDefMap,
)
from tensorflow_serving.apis.get_model_status_pb2 import GetModelStatusRequest
from tensorflow_serving.apis.model_service_pb2_grpc import ModelServiceStub
from tensorflow_serving.apis.predict_pb2 import PredictRequest
from tensorflow_serving.apis.prediction_service_pb2_grpc import PredictionServiceStub

from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.datasets.streets.graph import Link, street_graph
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.core.limits import Limits
from rnnzoo.pipelines.serving.grpc.server import GrpcServer
from rnnzoo.pipelines.serving.models.version import Version
from rnnzoo.pipelines.serving.server import HttpServer, configured
from rnnzoo.rates.forecaster import Forecaster
from rnnzoo.sequences.classifier import SequenceClassifier
from rnnzoo.sequences.networks import frame_network, inception
from rnnzoo.streets.path_predictor import PathPredictor
from rnnzoo.text.generator import TextGenerator


def network():
    """The mean of each colour, instead of InceptionV3."""
    layers = [keras.Input((6, 8, 3)), keras.layers.GlobalAveragePooling2D()]
    return frame_network.FrameNetwork(keras.Sequential(layers), (0, 1))


def classifier(**reader):
    return SequenceClassifier(["golf", "tennis é"], [keras.layers.GRU(2)], reader)


def streets():
    """One street in both directions, and one that leads away."""
    links = [Link("ab", "a", "b", 1.0), Link("ba é", "b", "a", 1.0), Link("bc", "b", "c", 1.0)]
    return street_graph("streets", links)


MODELS = {
    "text": lambda: TextGenerator("abcdehlo ", [keras.layers.LSTM(3), keras.layers.GRU(2)]),
    "rates": lambda: Forecaster([keras.layers.GRU(2)]),
    "skeletons": lambda: classifier(kind="skeletons", steps=4),
    "video": lambda: classifier(kind="video", digest=network().digest, features=3),
    "frames": lambda: FramePredictor((4, 5), [keras.layers.LSTM(2)]),
    "audio": lambda: SpectrogramImputer([keras.layers.GRU(2)]),
    "streets": lambda: PathPredictor(streets(), [keras.layers.GRU(2)], embedding=2),
}


class Untrained:
    """A servable of one version, which is exported with the first request for it.

    Args:
        name: str, of `MODELS`.
        folder: Path, empty.
    """

    def __init__(self, name, folder):
        self._name, self._folder, self._version, self.model = name, folder, None, None

    def available(self):
        return {1: self._folder}

    def labelled(self, label):
        return None

    def all_loaded(self):
        return {1: self._version} if self._version else {}

    def loaded(self, number):
        return (1, self._version) if self._version and number in (None, 1) else None

    def get(self, number):
        if number not in (None, 1):
            raise LookupError(number)
        if self._version is None:
            model = MODELS[self._name]()
            export_saved_model(model, self._folder)
            reader = getattr(model, "reader", None)
            self._version = Version(self._folder, reader and reader.get_config())
            vocabulary = getattr(model, "vocabulary", None)
            self._version.vocabulary = vocabulary and vocabulary.characters
            self.model = model
        return 1, self._version


class Unusual(tf.Module):
    """Numbers that are not finite, and strings that are not text."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name="x")])
    def __call__(self, x):
        rows = tf.size(x)
        return {
            "inverse": 1 / x,
            "text": tf.repeat("null é", rows),
            "no_text": tf.repeat(b"\xff\x00", rows),
            "bytes_of": tf.repeat("a", rows),
            "name_bytes": tf.repeat("a", rows),
        }


def unusual(folder):
    """A servable of `Unusual`."""
    module = Unusual()
    tf.saved_model.save(module, folder, signatures=module.__call__)
    version = Version(folder)
    return types.SimpleNamespace(
        labelled=lambda label: None,
        available=lambda: {1: folder},
        all_loaded=lambda: {1: version},
        loaded=lambda number: (1, version) if number in (None, 1) else None,
        get=lambda number: {1: (1, version)}[number],  # KeyError is a LookupError
    )


class Client:
    """Sends requests to a server."""

    def __init__(self, address):
        self.address = address

    def get(self, path):
        return requests.get(f"{self.address}{path}", timeout=60)

    def predict(self, name, **request):
        """The value that a valid request returns."""
        response = self.post(name, json.dumps(request))
        assert response.status_code == 200, response.text
        (value,) = response.json().values()
        return value

    def post(self, name, body, **headers):
        return requests.post(f"{self.address}/{name}:predict", body, headers=headers, timeout=60)


def request_of(name, signature="", version=None, output_filter=(), **inputs):
    """A `PredictRequest`; inputs are TensorProto, or what `tf.make_tensor_proto` takes."""
    request = PredictRequest(output_filter=output_filter)
    request.model_spec.name, request.model_spec.signature_name = name, signature
    if version is not None:
        request.model_spec.version.value = version
    for key, value in inputs.items():
        is_proto = hasattr(value, "tensor_shape")
        request.inputs[key].CopyFrom(value if is_proto else tf.make_tensor_proto(value))
    return request


class GrpcClient:
    """Sends requests to a server."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address, (("grpc.max_receive_message_length", -1),))
        self.prediction, self.models = (
            PredictionServiceStub(self.channel),
            ModelServiceStub(self.channel),
        )

    def predict(self, name, signature="", version=None, output_filter=(), **inputs):
        """(`PredictResponse`, its outputs as a dict of arrays)."""
        request = request_of(name, signature, version, output_filter, **inputs)
        response = self.prediction.Predict(request, timeout=60)
        return response, {n: tf.make_ndarray(t) for n, t in response.outputs.items()}

    def close(self):
        self.channel.close()

    request_of = staticmethod(request_of)

    def signatures(self, name):
        """dict from name to `SignatureDef`."""
        request = GetModelMetadataRequest(metadata_field=["signature_def"])
        request.model_spec.name = name
        response = self.prediction.GetModelMetadata(request, timeout=60)
        assert (response.model_spec.name, response.model_spec.version.value) == (name, 1)
        signatures = SignatureDefMap()
        assert response.metadata["signature_def"].Unpack(signatures)
        return dict(signatures.signature_def)

    def status(self, name, version=None):
        request = GetModelStatusRequest()
        request.model_spec.name = name
        if version is not None:
            request.model_spec.version.value = version
        return self.models.GetModelStatus(request, timeout=60).model_version_status

    def call(self, method, content):
        """The bytes that a method, `SERVICE/NAME`, answers to bytes."""
        return self.channel.unary_unary(f"/tensorflow.serving.{method}")(content, timeout=60)


@pytest.fixture(autouse=True)
def small_network(monkeypatch):
    """What a server reads videos with; the server itself outlives the tests of this folder."""
    monkeypatch.setattr(inception, "inception", lambda pixels: network())


@pytest.fixture(scope="session")
def servables(tmp_path_factory):
    """dict from name to a servable: of `MODELS`, and one that is `unusual`."""
    folders = {name: tmp_path_factory.mktemp(name) for name in (*MODELS, "unusual")}
    servables = {name: Untrained(name, folders[name]) for name in MODELS}
    return {**servables, "unusual": unusual(folders["unusual"])}


@contextlib.contextmanager
def listening_server(config):
    """The host:port of a server of a `uvicorn.Config`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config.timeout_graceful_shutdown = 1  # clients of tests may leave connections open
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextlib.contextmanager
def running(app, limits=None):
    """The address of a server of an application."""
    with listening_server(configured(app, limits or Limits())) as address:
        yield f"http://{address}"


@contextlib.contextmanager
def both(engine, keys=None, tls=None):
    """The addresses of a server by HTTP and by gRPC."""
    started = queue.SimpleQueue()
    config = configured(create_app(engine, keys), engine.limits, tls)
    config.timeout_graceful_shutdown = 1
    with socket.create_server(("127.0.0.1", 0)) as listener:
        by_grpc = GrpcServer(engine, "127.0.0.1", 0, keys, tls)
        server = HttpServer(config, by_grpc, started.put, engine.generation.stop)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        scheme = "https" if tls else "http"
        try:
            yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", started.get(timeout=60)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def listening():
    """The function `listening_server`."""
    return listening_server


@pytest.fixture(scope="session")
def serving():
    """The function `running`."""
    return running


@pytest.fixture(scope="session")
def addresses(servables):
    """The addresses of a server of `servables`: of HTTP and of gRPC."""
    with both(Engine(servables)) as addresses:
        yield addresses


@pytest.fixture(scope="session")
def serving_both():
    """The function `both`."""
    return both


@pytest.fixture(scope="session")
def client(addresses):
    """A `Client` of a server of `servables`."""
    return Client(f"{addresses[0]}/v1/models")


@pytest.fixture(scope="session")
def grpc_client_at():
    """Function from an address to a context manager of a `GrpcClient`."""
    return lambda address: contextlib.closing(GrpcClient(address))


@pytest.fixture(scope="session")
def grpc_client(addresses):
    """A `GrpcClient` of the same server."""
    with contextlib.closing(GrpcClient(addresses[1])) as client:
        yield client


@pytest.fixture(scope="session")
def address(addresses):
    """The address of that server by HTTP."""
    return addresses[0]


@pytest.fixture(scope="session")
def triton(address):
    """Triton's client of that server by HTTP."""
    http = pytest.importorskip("tritonclient.http")
    with http.InferenceServerClient(address.removeprefix("http://")) as triton:
        yield triton
