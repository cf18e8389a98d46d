"""A convolutional network from frames of a video to features."""

import hashlib
import json
import os

import keras
import numpy as np

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError

INCEPTION_SIZE = 299  # pixels on each side, [NB] figure 2


class FrameNetwork:
    """Maps frames to features by a fixed network.

    Args:
        model: `keras.Model`, (batch, height, width, 3) -> (batch, features).
        pixels: pair, its input values for black and white, such as (-1, 1) or (0, 1).
        batch_size: int, frames per call: bounds memory, does not change the result.

    Attributes:
        size: (height, width) of the frames, pixels.
        features: int.
        digest: str, sha256 of the weights, of the size and of `pixels`: features of the same
            frames with the same digest are the same.

    Example:

    >>> import keras, numpy as np
    >>> from rnnzoo.sequences.frame_network import FrameNetwork
    >>> layers = [keras.Input((6, 8, 3)), keras.layers.GlobalAveragePooling2D()]
    >>> network = FrameNetwork(keras.Sequential(layers), pixels=(0, 1))
    >>> network(np.full((2, 7, 6, 8, 3), 255, "uint8"))[0, 0].tolist()
    [1.0, 1.0, 1.0]
    """

    def __init__(self, model, pixels=(-1.0, 1.0), batch_size=28):
        self._model, self._batch_size = model, whole("batch_size", batch_size)
        low, high = map(float, pixels)
        self.size, self.features = model.input_shape[1:3], model.output_shape[-1]
        self.digest = _digest(model.get_weights(), [self.size, low, high])

        def features(frames):
            scaled = keras.ops.cast(frames, "float32") * ((high - low) / 255) + low
            return model(scaled, training=False)

        self._call = compiled(features)

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


def inception(weights="imagenet", pixels=(-1.0, 1.0)):
    """InceptionV3 up to its last pooling, 299 x 299 pixels to 2048 features, as [NB] figure 2.

    Args:
        weights: str, `"imagenet"`: downloaded by Keras, once; or the path of a weights file of
            `keras.applications.InceptionV3(include_top=False)`.
        pixels: pair, input values for black and white in its training: (-1, 1) for Keras's own.

    Returns:
        `FrameNetwork`.

    Raises:
        InputError: the weights cannot be downloaded or read, or are of another network.
    """
    local = None if weights == "imagenet" else os.fspath(weights)
    if local is not None and not os.path.isfile(local):
        raise InputError(f"weights {local} is no file: give a weights file, or 'imagenet'")
    side = INCEPTION_SIZE
    try:
        model = keras.applications.InceptionV3(
            include_top=False,
            weights="imagenet" if local is None else None,
            input_shape=(side, side, 3),
            pooling="avg",
        )
        if local is not None:
            model.load_weights(local)
    except Exception as problem:  # what Keras raises depends on what is wrong
        reason = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        if local is None:
            raise InputError(
                f"the ImageNet weights of InceptionV3 cannot be downloaded ({reason}): give the "
                "path of a weights file"
            ) from problem
        raise InputError(f"{local} has no weights of InceptionV3: {reason}") from problem
    return FrameNetwork(model, pixels)


def _digest(weights, settings):
    sha = hashlib.sha256(json.dumps(settings).encode())
    for weight in weights:
        sha.update(json.dumps([weight.shape, weight.dtype.str]).encode())
        sha.update(np.ascontiguousarray(weight).tobytes())
    return sha.hexdigest()
