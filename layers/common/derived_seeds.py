"""Seeds of a layer's own draws, derived from those of its dropout."""

import keras
from keras import ops


class DerivedSeeds(keras.random.SeedGenerator):
    """Seeds that derive from the first one of another generator and do not advance it.

    A model under `keras.utils.set_random_seed` so gets the same weights and dropout as with stock
    layers. The other seed is read when variables are initialized, which is later for a layer that
    is created while a model is traced.

    Args:
        generator: `keras.random.SeedGenerator`, such as that of a layer's cell.
        stream: int below 2^31 that separates these draws from others.
    """

    def __init__(self, generator, stream):
        super().__init__(seed=0)

        def initial(shape, dtype):
            # Modulo 2^31, which is itself out of range of some backends' integers.
            first = ops.bitwise_and(2 * generator.state[0] + stream, 2**31 - 1)
            return ops.cast(ops.stack([first, ops.zeros_like(first)]), dtype)

        self.state = keras.Variable(
            initial, shape=(2,), dtype=self.state.dtype, trainable=False, name=self.state.name
        )
