"""Ids in, one-hot vectors out."""

import keras


@keras.saving.register_keras_serializable(package="rnnzoo")
class OneHot(keras.layers.Layer):
    """Turns integer ids into one-hot vectors.

    [TH] 6.1, figure 6.1: the vector of a character is zero but for a one in the
    character's place.

    Args:
        depth: int, number of distinct ids.

    Call arguments:
        inputs: int array of any shape; ids outside [0, depth) give zeros.

    Returns:
        Array of shape `inputs.shape + (depth,)` in the layer's compute dtype.
    """

    def __init__(self, depth, **kwargs):
        super().__init__(**kwargs)
        self.depth = depth

    def call(self, inputs):
        """Each id's unit vector."""
        return keras.ops.one_hot(inputs, self.depth, dtype=self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """One more axis of size `depth`."""
        return (*input_shape, self.depth)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "depth": self.depth}
