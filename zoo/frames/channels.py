"""Layers between frames and the channels of convolutions."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo")
class LitAndDark(keras.layers.Layer):
    """Two channels per pixel: its brightness x, and 1 - x.

    A convolution pads with zeros. With both channels, padding differs from dark pixels, so the
    walls are visible to it; with the first alone, outside of the frame would be an empty box.

    Call arguments:
        inputs: array (batch, time, height, width), 0 to 1.

    Returns:
        Array (batch, time, height, width, 2).
    """

    def call(self, inputs):
        """x and 1 - x."""
        return ops.stack([inputs, 1 - inputs], axis=-1)

    def compute_output_shape(self, input_shape):
        """One more axis of size 2."""
        return (*input_shape, 2)


@keras.saving.register_keras_serializable(package="rnnzoo")
class FromPatches(keras.layers.Layer):
    """Frames from square patches, whose pixels are the channels of a grid cell.

    Args:
        patch: int, pixels on each side.

    Call arguments:
        inputs: array (batch, height, width, patch²).

    Returns:
        Array (batch, height · patch, width · patch).
    """

    def __init__(self, patch, **kwargs):
        super().__init__(**kwargs)
        self.patch = patch

    def call(self, inputs):
        """Rows of patches, row by row."""
        height, width = inputs.shape[1:3]
        cells = ops.reshape(inputs, (-1, height, width, self.patch, self.patch))
        rows = ops.transpose(cells, (0, 1, 3, 2, 4))
        return ops.reshape(rows, (-1, height * self.patch, width * self.patch))

    def compute_output_shape(self, input_shape):
        """Larger by the patch."""
        return (input_shape[0], *[size * self.patch for size in input_shape[1:3]])

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "patch": self.patch}
