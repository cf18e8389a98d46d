"""A recurrent layer with the same weights at every pixel of a frame."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo", name="PerPlace")
class PixelwiseRNN(keras.layers.Layer):
    """Runs a recurrent layer at each pixel of a frame, with pixels in the batch dimension.

    All pixels share the weights. They exchange information in layers before and after this one, for
    example convolutions (`PerFrame`).

    Args:
        layer: `keras.layers.RNN` such as `keras.layers.LSTM` or `NEMLSTM`. It is cloned with
            `return_sequences=True, return_state=True`.

    Call arguments:
        inputs: array (batch, time, height, width, channels).
        initial_state: list of arrays (batch, height, width, units), or None for zeros.

    Returns:
        list: outputs (batch, time, height, width, units), then the final states, each
        (batch, height, width, units).

    Example:

    >>> import keras, numpy as np
    >>> from rnnzoo.layers.pixelwise_rnn import PixelwiseRNN
    >>> outputs, state = PixelwiseRNN(keras.layers.GRU(3))(np.zeros((2, 5, 4, 4, 1)))
    >>> tuple(outputs.shape), tuple(state.shape)
    ((2, 5, 4, 4, 3), (2, 4, 4, 3))
    """

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        config = layer.get_config() | {"return_sequences": True, "return_state": True}
        self.layer = type(layer).from_config(config)

    @property
    def units(self):
        """int, units at each pixel."""
        return self.layer.units

    def build(self, input_shape):
        """Builds the layer for a pixel."""
        self._size = tuple(input_shape[2:4])
        if not self.layer.built:
            self.layer.build((None, None, input_shape[-1]))
        super().build(input_shape)

    def get_initial_state(self, batch_size):
        """Zeros: list of arrays (batch, height, width, units)."""
        return [
            ops.zeros((batch_size, *self._size, state.shape[-1]), self.compute_dtype)
            for state in self.layer.get_initial_state(1)
        ]

    def call(self, inputs, initial_state=None, training=None):
        """Runs the layer at all pixels at once."""
        batch, time = ops.shape(inputs)[:2]
        height, width, channels = inputs.shape[2:]
        rows = ops.reshape(ops.transpose(inputs, (0, 2, 3, 1, 4)), (-1, time, channels))
        if initial_state is not None:
            initial_state = [ops.reshape(state, (-1, state.shape[-1])) for state in initial_state]
        outputs, *states = self.layer(rows, initial_state=initial_state, training=training)
        outputs = ops.reshape(outputs, (batch, height, width, time, outputs.shape[-1]))
        states = [ops.reshape(state, (batch, height, width, state.shape[-1])) for state in states]
        return [ops.transpose(outputs, (0, 3, 1, 2, 4)), *states]

    def step(self, inputs, states, training=None):
        """Runs one time step.

        Args:
            inputs: array (batch, height, width, channels).
            states: list of arrays (batch, height, width, units).
            training: bool.

        Returns:
            the outputs (batch, height, width, units) and the list of new states.
        """
        shape = (-1, *self._size)
        flat = [ops.reshape(state, (-1, state.shape[-1])) for state in states]
        rows = ops.reshape(inputs, (-1, inputs.shape[-1]))
        outputs, states = self.layer.cell(rows, flat, training=training)
        states = [ops.reshape(state, (*shape, state.shape[-1])) for state in states]
        return ops.reshape(outputs, (*shape, outputs.shape[-1])), states

    def compute_output_shape(self, inputs_shape, initial_state_shape=None):
        """List of the shapes of the outputs and of each state."""
        batch, _, height, width = inputs_shape[:4]
        states = len(self.layer.get_initial_state(1))
        state_shape = (batch, height, width, self.units)
        return [(*inputs_shape[:4], self.units), *[state_shape] * states]

    def get_config(self):
        """The constructor's arguments."""
        layer = keras.saving.serialize_keras_object(self.layer)
        return {**super().get_config(), "layer": layer}

    @classmethod
    def from_config(cls, config):
        """Builds the layer that `get_config` describes."""
        return cls(keras.saving.deserialize_keras_object(config.pop("layer")), **config)


# Keras names the weights of a layer in a file after its class: files from before the class was
# renamed still load.
PixelwiseRNN.__name__ = "PerPlace"
