"""Features of frames."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.networks.frame_network import FrameNetwork, last_network


def small(seed=0):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((8, 10, 3)),
            keras.layers.Conv2D(4, 3),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )


@pytest.fixture
def frames():
    return np.random.default_rng(0).integers(0, 256, (2, 5, 8, 10, 3), "uint8")


def test_features_are_those_of_the_network_whatever_the_batches(frames):
    model = small()
    network = FrameNetwork(model, batch_size=3)
    assert (network.size, network.features) == ((8, 10), 4)
    expected = model(frames.reshape(10, 8, 10, 3) / 127.5 - 1).numpy().reshape(2, 5, 4)
    np.testing.assert_allclose(network(frames), expected, atol=1e-5)
    np.testing.assert_allclose(network(frames[1, 2]), expected[1, 2], atol=1e-5)
    other = FrameNetwork(model, pixels=(0, 1))(frames[0, 0])
    np.testing.assert_allclose(other, model(frames[0, :1] / 255).numpy()[0], atol=1e-5)
    assert network(frames[:, :0]).shape == (2, 0, 4)


def test_the_digest_stands_for_weights_and_pixels():
    model = small()
    digest = FrameNetwork(model).digest
    again = keras.models.clone_model(model)
    again.set_weights(model.get_weights())
    assert FrameNetwork(again).digest == digest
    assert FrameNetwork(model, pixels=(0, 1)).digest != digest
    again.set_weights([weights + 1e-6 for weights in model.get_weights()])
    assert FrameNetwork(again).digest != digest


def test_frames_that_cannot_be_used(frames):
    network = FrameNetwork(small())
    for wrong in (frames / 255, frames[..., :2], frames[:, :, :7], frames[0, 0, 0]):
        with pytest.raises(InputError, match=r"give uint8 of shape \(\.\.\., 8, 10, 3\)"):
            network(wrong)


def test_the_last_two_networks_are_held():
    digests = [FrameNetwork(small(), pixels=(0, high)).digest for high in (1, 2, 3)]
    assert last_network(digests[0]) is None
    assert [last_network(digest).pixels for digest in digests[1:]] == [(0, 2), (0, 3)]
