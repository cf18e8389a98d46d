"""A recurrent layer with the same weights at every place of a frame."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo", name="PerPlace")
class PixelwiseRNN(keras.layers.Layer):
    """Runs a recurrent layer at each place of a grid, as if places were samples.

    What is learned at one place holds at all, and places know of each other through what comes
    before and after this layer, for example a convolution (`PerFrame`).

    Args:
        layer: `keras.layers.RNN` such as `keras.layers.LSTM` or `NEMLSTM`. It is copied, and
            returns sequences and states whatever it was told.

    Call arguments:
        inputs: array (batch, time, height, width, channels).
        initial_state: list of arrays (batch, height, width, units), zeros if there is none.

    Returns:
        list: outputs (batch, time, height, width, units), then the states after the last step,
        each (batch, height, width, units).

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
        """int, the units at each place."""
        return self.layer.units

    def build(self, input_shape):
        """Builds the layer for one place."""
        self._places = tuple(input_shape[2:4])
        if not self.layer.built:
            self.layer.build((None, None, input_shape[-1]))
        super().build(input_shape)

    def get_initial_state(self, batch_size):
        """Zeros: list of arrays (batch, height, width, units)."""
        return [
            ops.zeros((batch_size, *self._places, one.shape[-1]), self.compute_dtype)
            for one in self.layer.get_initial_state(1)
        ]

    def call(self, inputs, initial_state=None, training=None):
        """All places at once, one after the other in the batch."""
        batch, time = ops.shape(inputs)[:2]
        height, width, channels = inputs.shape[2:]
        rows = ops.reshape(ops.transpose(inputs, (0, 2, 3, 1, 4)), (-1, time, channels))
        if initial_state is not None:
            initial_state = [ops.reshape(one, (-1, one.shape[-1])) for one in initial_state]
        outputs, *states = self.layer(rows, initial_state=initial_state, training=training)
        outputs = ops.reshape(outputs, (batch, height, width, time, outputs.shape[-1]))
        states = [ops.reshape(one, (batch, height, width, one.shape[-1])) for one in states]
        return [ops.transpose(outputs, (0, 3, 1, 2, 4)), *states]

    def step(self, inputs, states, training=None):
        """One step: inputs (batch, height, width, channels) -> outputs alike, states."""
        shape = (-1, *self._places)
        flat = [ops.reshape(one, (-1, one.shape[-1])) for one in states]
        rows = ops.reshape(inputs, (-1, inputs.shape[-1]))
        outputs, after = self.layer.cell(rows, flat, training=training)
        after = [ops.reshape(one, (*shape, one.shape[-1])) for one in after]
        return ops.reshape(outputs, (*shape, outputs.shape[-1])), after

    def compute_output_shape(self, inputs_shape, initial_state_shape=None):
        """Outputs, and as many states as the layer has."""
        batch, _, height, width = inputs_shape[:4]
        states = len(self.layer.get_initial_state(1))
        one = (batch, height, width, self.units)
        return [(*inputs_shape[:4], self.units), *[one] * states]

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
