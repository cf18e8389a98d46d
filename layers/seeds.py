"""Seeds of a layer's own draws, beside those of its dropout."""

import keras
from keras import ops


class DerivedSeeds(keras.random.SeedGenerator):
    """Seeds that follow from another generator's, and leave it alone.

    So a model under `keras.utils.set_random_seed` gets the weights and the dropout that it would
    get with stock layers.

    Args:
        of: `keras.random.SeedGenerator`, such as that of a layer's cell.
        stream: int, below 2^31; what tells these draws from others.
    """

    def __init__(self, of, stream):
        super().__init__(seed=0)
        self._of, self._stream = of, stream

    def next(self, ordered=True):
        """The next seed: one number from the other generator, and the count of the draws."""
        _, count = ops.unstack(super().next(ordered))
        # The remainder by 2^31, which itself is beyond some backends' whole numbers.
        first = ops.bitwise_and(2 * self._of.state[0] + self._stream, 2**31 - 1)
        return ops.stack([first, count])
