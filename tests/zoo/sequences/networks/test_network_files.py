"""A network is found by the digest that a model remembers, in a new process too."""

import shutil

import keras
import numpy as np
import pytest

import rnnzoo
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.classifier import SequenceClassifier
from rnnzoo.sequences.networks import frame_network, inception
from rnnzoo.sequences.networks.frame_network import FrameNetwork
from rnnzoo.sequences.networks.network_files import find_network, read_network
from rnnzoo.sequences.readers import reader_of


def pooling(layer=keras.layers.GlobalAveragePooling2D):
    return keras.Sequential([keras.Input((6, 8, 3)), keras.layers.Conv2D(2, 1), layer()])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of data; the cache and Keras's own folder are empty too."""
    for variable, name in (
        ("RNNZOO_DATA_DIR", "data"), ("RNNZOO_CACHE_DIR", "cache"), ("KERAS_HOME", "keras"),
    ):  # fmt: skip
        (tmp_path / name).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / name))
    return tmp_path / "data"


@pytest.fixture
def forget(monkeypatch):
    """A function after which the process has loaded no network: as a new one."""
    return lambda: monkeypatch.setattr(frame_network, "_LAST", {})


def classifier(network):
    reader = {"kind": "video", **network.reference(), "features": network.features}
    return SequenceClassifier(["a", "b"], [keras.layers.GRU(2)], reader)


def test_a_reloaded_model_finds_its_network(folder, forget, tmp_path):
    FrameNetwork(pooling()).save(tmp_path / "mine.keras")
    network = read_network(tmp_path / "mine.keras", pixels=(0, 1))
    frames = np.random.default_rng(0).integers(0, 256, (7, 6, 8, 3), "uint8")
    model = classifier(network)
    expected = model.classify(frames)
    assert model.reader.network is network  # of this process
    model.save(tmp_path / "model.keras")

    forget()
    model = rnnzoo.load(tmp_path / "model.keras")  # by the path that it was read from
    assert model.reader.network_name == "mine.keras"
    assert model.classify(frames) == expected
    assert model.reader.network is not network

    forget()
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "mine.keras").rename(folder / "renamed.keras")  # by its digest
    (folder / "damaged.keras").write_text("")
    model = rnnzoo.load(tmp_path / "model.keras")
    assert model.classify(frames) == expected
    assert model.reader.network_name == "renamed.keras"

    forget()
    shutil.rmtree(tmp_path / "cache")
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(InputError) as problem:
        rnnzoo.load(tmp_path / "model.keras").classify(frames)
    assert str(problem.value) == (
        f"the network mine.keras with the digest {network.digest[:16]}, which the model was "
        f"trained with, is not in RNNZOO_DATA_DIR={folder} or {tmp_path}/keras/models: name its "
        "file with --frame-network, or set it with `model.frames_by(network)`"
    )


def test_another_network_is_refused_with_both_digests(folder):
    network, other = FrameNetwork(pooling(), name="first"), FrameNetwork(pooling(), name="other")
    model = classifier(network).frames_by(network)
    with pytest.raises(InputError) as problem:
        model.frames_by(other)
    assert str(problem.value) == (
        f"the network other has the digest {other.digest[:16]}, the classifier was trained on "
        f"features of first, {network.digest[:16]}: give that one"
    )
    assert model.with_classes(["b", "c"]).reader.network is network


def test_a_reader_without_a_name_is_of_inception(folder, forget, monkeypatch):
    """As models were stored before they remembered the name."""
    network = FrameNetwork(pooling())
    monkeypatch.setattr(inception, "inception", lambda pixels: network)
    reader = reader_of({"kind": "video", "digest": network.digest, "features": 2})
    forget()
    assert reader.network is network
    reader = reader_of({"kind": "video", "digest": "0" * 64, "features": 2})
    with pytest.raises(InputError, match=f"features of InceptionV3, {'0' * 16}: give that one"):
        reader.read(np.zeros((1, 6, 8, 3), "uint8"))


def test_files_that_are_no_networks(folder, tmp_path):
    with pytest.raises(
        InputError, match="none.keras is no file: give a .keras file, weights, or one of Effic"
    ):
        read_network(tmp_path / "none.keras")
    (tmp_path / "text.keras").write_text("no model")
    with pytest.raises(InputError, match="text.keras cannot be read as a network: "):
        read_network(tmp_path / "text.keras")
    for shape, layer in (((3,), keras.layers.Dense(2)), ((6, 8, 3), keras.layers.Conv2D(2, 1))):
        path = tmp_path / "wrong.keras"
        keras.Sequential([keras.Input(shape), layer]).save(path)
        with pytest.raises(InputError, match=r"maps \(None, .*: give a network from frames"):
            read_network(path)
    with pytest.raises(InputError, match="the network mine.keras with the digest ab, which"):
        find_network("ab", "mine.keras")
