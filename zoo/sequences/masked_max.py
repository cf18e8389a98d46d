"""Maximum over time with masks."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="rnnzoo")
class MaskedMax(keras.layers.Layer):
    """max over t of x_t, of the steps that are not masked; Keras's own ignores masks.

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
        """None: the output has no time axis."""
        return None

    def compute_output_shape(self, input_shape):
        """Without the time axis."""
        return (input_shape[0], input_shape[2])


LOW = -1e4  # below any output of a recurrent layer, and in the range of float16
