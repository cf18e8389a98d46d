"""InceptionV3, of which the tests have a small one: where its weights are looked for."""

import keras
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.networks import inception as module
from rnnzoo.sequences.networks.frame_network import FrameNetwork
from rnnzoo.sequences.networks.inception import FILE, URL, inception


def small(seed=0):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((8, 10, 3)), keras.layers.Conv2D(4, 3)]
    return keras.Sequential([*layers, keras.layers.GlobalAveragePooling2D()])


@pytest.fixture(autouse=True)
def stands_in(monkeypatch, tmp_path):
    """A small network stands in for InceptionV3; there is no way to the weights of ImageNet."""

    def build(**settings):
        if settings["weights"] == "imagenet":
            raise OSError("no way there\nand more")
        return small()

    monkeypatch.setattr(module.keras.applications, "InceptionV3", build)
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def test_weights_that_cannot_be_had_are_named_with_their_folders(tmp_path, monkeypatch):
    with pytest.raises(InputError) as problem:
        inception()
    message = str(problem.value)
    assert message.startswith("the ImageNet weights of InceptionV3 cannot be downloaded (no way th")
    for part in (URL, f"as {FILE}", f"RNNZOO_DATA_DIR={tmp_path}", f"{tmp_path}/keras/models"):
        assert part in message
    assert message.endswith("or name it with --frame-network")
    monkeypatch.delenv("RNNZOO_DATA_DIR")
    with pytest.raises(InputError, match="into a folder that RNNZOO_DATA_DIR names or"):
        inception()


def test_they_are_read_from_the_data_folder(tmp_path):
    small(seed=3).save(tmp_path / FILE)  # the format of the published file
    network = inception()
    assert network.digest == FrameNetwork(small(seed=3)).digest
    assert network.reference() == {
        "digest": network.digest, "network": "InceptionV3", "pixels": [-1, 1]
    }  # fmt: skip


def test_weights_of_a_file(tmp_path):
    with pytest.raises(InputError, match="none.weights.h5 is no file: give a weights file"):
        inception(tmp_path / "none.weights.h5")
    path = tmp_path / "other.weights.h5"
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save_weights(path)
    with pytest.raises(InputError, match="other.weights.h5 has no weights of InceptionV3"):
        inception(path)
    small(seed=3).save_weights(tmp_path / "same.weights.h5")
    network = inception(tmp_path / "same.weights.h5", pixels=(0, 1))
    assert network.digest == FrameNetwork(small(seed=3), (0, 1)).digest
    assert network.name == "same.weights.h5"
