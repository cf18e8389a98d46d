"""Seeds of a layer's own draws, beside those of its dropout."""

import keras
from keras import ops


class DerivedSeeds(keras.random.SeedGenerator):
    """Seeds that follow from another generator's first one, and leave it alone.

    So a model under `keras.utils.set_random_seed` gets the weights and the dropout that it would
    get with stock layers. The other seed is read when variables get their values, which is later
    for a layer that is made while a model is traced.

    Args:
        of: `keras.random.SeedGenerator`, such as that of a layer's cell.
        stream: int, below 2^31; what tells these draws from others.
    """

    def __init__(self, of, stream):
        super().__init__(seed=0)

        def initial(shape, dtype):
            # The remainder by 2^31, which itself is beyond some backends' whole numbers.
            first = ops.bitwise_and(2 * of.state[0] + stream, 2**31 - 1)
            return ops.cast(ops.stack([first, ops.zeros_like(first)]), dtype)

        self.state = keras.Variable(
            initial, shape=(2,), dtype=self.state.dtype, trainable=False, name=self.state.name
        )
