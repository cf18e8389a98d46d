"""The base of layers that compute in float32."""

import keras


class Float32Layer(keras.layers.Layer):
    """Computes in float32 under every dtype policy: half precision would lose too much.

    Args:
        **kwargs: as for `keras.layers.Layer`; a `dtype` is ignored.
    """

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "dtype": "float32"})
