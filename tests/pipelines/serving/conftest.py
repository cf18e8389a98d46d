"""A server in this process, with a small untrained model of every family."""

import contextlib
import json
import socket
import threading
import types

import keras
import pytest
import requests
import tensorflow as tf
import uvicorn

from rnnzoo.audio.imputer import SpectrogramImputer
from rnnzoo.datasets.streets.graph import Link, street_graph
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.pipelines.export.saved_model import export_saved_model
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.engine import Engine
from rnnzoo.pipelines.serving.limits import Limits
from rnnzoo.pipelines.serving.servables import Version
from rnnzoo.pipelines.serving.server import configured
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
        self._name, self._folder, self._version = name, folder, None

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


@pytest.fixture(scope="session")
def listening():
    """The function `listening_server`."""
    return listening_server


@pytest.fixture(scope="session")
def serving():
    """The function `running`."""
    return running


@pytest.fixture(scope="session")
def client(servables):
    """A `Client` of a server of `servables`."""
    with running(create_app(Engine(servables))) as address:
        yield Client(f"{address}/v1/models")


@pytest.fixture(scope="session")
def address(client):
    return client.address.removesuffix("/v1/models")


@pytest.fixture(scope="session")
def triton(address):
    """Triton's client."""
    http = pytest.importorskip("tritonclient.http")
    with http.InferenceServerClient(address.removeprefix("http://")) as triton:
        yield triton
