"""Sampling: its arguments, its interval, mirror images."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.feature_cache import set_name
from rnnzoo.sequences.networks.frame_network import FrameNetwork
from rnnzoo.sequences.readers import reader_of
from rnnzoo.sequences.sampling import Sampling


def left_half():
    """A network whose feature is the mean of the left half of a frame."""
    layers = [
        keras.Input((2, 4, 3)),
        keras.layers.Cropping2D(((0, 0), (0, 2))),
        keras.layers.GlobalAveragePooling2D(),
    ]
    return FrameNetwork(keras.Sequential(layers), pixels=(0, 1))


FRAMES = np.zeros((5, 2, 4, 3), "uint8")
FRAMES[..., 2:, :] = 255


def test_mirrored_features_are_the_mean_of_both():
    network = left_half()
    assert Sampling().features(network, FRAMES).tolist() == [[0.0] * 3] * 5
    mirrored = Sampling(mirrored=True)
    assert mirrored.features(network, FRAMES).tolist() == [[0.5] * 3] * 5
    assert mirrored.features(network, FRAMES[..., ::-1, :]).tolist() == [[0.5] * 3] * 5
    assert set_name(network, mirrored) != set_name(network, Sampling())


def test_the_reader_has_the_sampling():
    network = left_half()
    sampling = Sampling(24, 10, mirrored=True)
    assert sampling.interval == 10 / 24
    config = {"kind": "video", **network.reference(), **sampling.reader(), "features": 3}
    reader = reader_of(config)
    assert reader.sampling == sampling and reader.get_config() == config
    reader.use(network)
    assert reader.read(FRAMES).tolist() == [[0.5] * 3] * 5
    plain = reader_of({"kind": "video", **network.reference(), "features": 3})
    assert plain.sampling == Sampling(7, 5.0)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"frames": 0}, "frames is 0: give a whole number of at least 1"),
        ({"frames": "7"}, "frames is '7': give a whole number"),
        ({"seconds": 0}, "seconds is 0: give a number above 0"),
        ({"seconds": "5"}, "seconds is '5': give a number above 0"),
        ({"mirrored": "no"}, "mirrored is 'no': give True or False"),
    ],
)
def test_bad_arguments(arguments, line):
    with pytest.raises(InputError, match=line):
        Sampling(**arguments)
