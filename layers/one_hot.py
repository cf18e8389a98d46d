"""One-hot vectors of integer ids."""

import keras


@keras.saving.register_keras_serializable(package="rnnzoo")
class OneHot(keras.layers.Layer):
    """Encodes integer ids as one-hot vectors: [TH] 6.1, figure 6.1.

    Unlike `keras.layers.CategoryEncoding`, it treats (batch, 1) like every other shape: a step of
    a sequence is (batch, 1, depth).

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
        """The one-hot vectors."""
        return keras.ops.one_hot(inputs, self.depth, dtype=self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """One more axis of size `depth`."""
        return (*input_shape, self.depth)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "depth": self.depth}
