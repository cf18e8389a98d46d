"""A convolutional network from frames of a video to features."""

import hashlib
import json

import keras
import numpy as np

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError

PIXELS = (-1.0, 1.0)  # input values for black and white, unless others are stated


class FrameNetwork:
    """Maps frames to features by a fixed network.

    Args:
        model: `keras.Model`, (batch, height, width, 3) -> (batch, features).
        pixels: pair, its input values for black and white, such as (-1, 1) or (0, 1).
        batch_size: int, frames per call: bounds memory, does not change the result.
        name: str, by which a model names it; by default that of the `keras.Model`.

    Attributes:
        name: str.
        pixels: pair of float.
        size: (height, width) of the frames, pixels.
        features: int.
        digest: str, sha256 of the weights, of the size and of `pixels`: features of the same
            frames with the same digest are the same.

    Example:

    >>> import keras, numpy as np
    >>> from rnnzoo.sequences.networks.frame_network import FrameNetwork
    >>> layers = [keras.Input((6, 8, 3)), keras.layers.GlobalAveragePooling2D()]
    >>> network = FrameNetwork(keras.Sequential(layers), pixels=(0, 1))
    >>> network(np.full((2, 7, 6, 8, 3), 255, "uint8"))[0, 0].tolist()
    [1.0, 1.0, 1.0]
    """

    def __init__(self, model, pixels=PIXELS, batch_size=28, name=None):
        self._model, self._batch_size = model, whole("batch_size", batch_size)
        self.name = name or model.name
        self.pixels = low, high = tuple(map(float, pixels))
        self.size, self.features = model.input_shape[1:3], model.output_shape[-1]
        self.digest = _digest(model.get_weights(), [self.size, low, high])

        def features(frames):
            scaled = keras.ops.cast(frames, "float32") * ((high - low) / 255) + low
            return model(scaled, training=False)

        self._call = compiled(features)
        _remember(self)

    def __call__(self, frames):
        """Features of frames.

        Args:
            frames: uint8 array (..., height, width, 3), red, green, blue.

        Returns:
            float32 array (..., features).

        Raises:
            InputError: the frames are of another size, or no bytes.
        """
        frames = np.asarray(frames)
        if frames.dtype != np.uint8 or frames.shape[-3:] != (*self.size, 3):
            height, width = self.size
            raise InputError(
                f"frames are {frames.dtype} of shape {frames.shape}: give uint8 of shape "
                f"(..., {height}, {width}, 3)"
            )
        flat = frames.reshape(-1, *frames.shape[-3:])
        batches = [
            keras.ops.convert_to_numpy(self._call(flat[at : at + self._batch_size]))
            for at in range(0, len(flat), self._batch_size)
        ]
        outputs = np.concatenate(batches) if batches else np.zeros((0, self.features), "float32")
        return outputs.reshape(*frames.shape[:-3], self.features)

    def save(self, path):
        """Writes it to a `.keras` file, which `read_network` of `network_files` reads.

        Args:
            path: str or path.
        """
        self._model.save(path)

    def reference(self):
        """What a model remembers it by: dict of `digest`, `network`, the name, and `pixels`."""
        return {"digest": self.digest, "network": self.name, "pixels": list(self.pixels)}


# The last networks of this process by their digests, and how many are held: bounds memory.
_LAST, MOST = {}, 2


def _remember(network):
    _LAST.pop(network.digest, None)
    _LAST[network.digest] = network
    if len(_LAST) > MOST:
        del _LAST[next(iter(_LAST))]


def last_network(digest):
    """The network with that digest if it is one of the last two of this process, or None."""
    return _LAST.get(digest)


def _digest(weights, settings):
    sha = hashlib.sha256(json.dumps(settings).encode())
    for weight in weights:
        sha.update(json.dumps([weight.shape, weight.dtype.str]).encode())
        sha.update(np.ascontiguousarray(weight).tobytes())
    return sha.hexdigest()
