"""The largest output over time."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo")
class MaskedMax(keras.layers.Layer):
    """max over t of x_t, over the steps that are not masked; Keras's own looks at all of them.

    Call arguments:
        inputs: array (batch, time, units).
        mask: bool array (batch, time), or None.

    Returns:
        Array (batch, units).
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        """The equation."""
        if mask is not None:
            inputs = ops.where(mask[..., None], inputs, LOW)
        return ops.max(inputs, axis=1)

    def compute_mask(self, inputs, previous_mask=None):
        """None: there is no time any more."""
        return None

    def compute_output_shape(self, input_shape):
        """Without the time."""
        return (input_shape[0], input_shape[2])


LOW = -1e4  # below whatever a recurrent layer puts out, and within the range of float16
