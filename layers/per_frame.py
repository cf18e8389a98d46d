"""A layer of single frames, applied to sequences."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo")
class PerFrame(keras.layers.Layer):
    """Applies a layer to every frame of every sequence in one call.

    As `keras.layers.TimeDistributed`, for any number of steps and without a loop over them.

    Args:
        layer: Keras layer of frames (batch, ...).

    Call arguments:
        inputs: array (batch, time, ...).

    Returns:
        Array (batch, time, ...), the layer's output for each frame.
    """

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape):
        """Builds the layer for one frame."""
        if not self.layer.built:
            self.layer.build((input_shape[0], *input_shape[2:]))
        super().build(input_shape)

    def call(self, inputs, training=None):
        """The layer's output for each frame."""
        shape = ops.shape(inputs)
        frames = ops.reshape(inputs, (-1, *inputs.shape[2:]))
        outputs = self.layer(frames)
        return ops.reshape(outputs, (*shape[:2], *outputs.shape[1:]))

    def compute_output_shape(self, input_shape):
        """(batch, time, ...)."""
        shape = self.layer.compute_output_shape((input_shape[0], *input_shape[2:]))
        return (*input_shape[:2], *shape[1:])

    def get_config(self):
        """The constructor's arguments."""
        layer = keras.saving.serialize_keras_object(self.layer)
        return {**super().get_config(), "layer": layer}

    @classmethod
    def from_config(cls, config):
        """Builds the layer that `get_config` describes."""
        return cls(keras.saving.deserialize_keras_object(config.pop("layer")), **config)
