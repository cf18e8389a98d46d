"""Videos of two shades, and a classifier that tells them apart."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def shades():
    """Returns a function that writes a video, dark for the first half and light for the second."""
    from rnnzoo.datasets.video.writer import video_writer

    def write(path, frames=40, rate=10, size=(24, 32)):
        with video_writer(path, rate) as write_frame:
            for step in range(frames):
                grey = 20 if step < frames / 2 else 230
                write_frame(np.full((*size, 3), grey, "uint8"), step / rate)
        return path

    return write


@pytest.fixture(scope="module")
def shade_classifier():
    """A classifier of the last of four frames, half a second apart, as `dark` or `light`."""
    import keras

    from rnnzoo.sequences.classifier import SequenceClassifier
    from rnnzoo.sequences.networks.frame_network import FrameNetwork

    layers = [keras.Input((6, 8, 3)), keras.layers.GlobalAveragePooling2D()]
    network = FrameNetwork(keras.Sequential(layers))
    reader = {"kind": "video", **network.reference(), "features": 3, "frames": 4, "seconds": 2.0}
    model = SequenceClassifier(["dark", "light"], [keras.layers.SimpleRNN(1)], reader, "shades")
    (layer,) = model.recurrent
    layer.set_weights([np.full((3, 1), 2.0), np.zeros((1, 1)), np.zeros(1)])
    model.get_layer("readout").set_weights([np.array([[-2.0, 2.0]]), np.zeros(2)])
    return model.frames_by(network)
