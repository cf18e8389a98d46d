"""Windows of a series as `fit` takes them: rates, and the return that follows each of them."""

import math

import keras
import numpy as np
from keras import ops

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.rates.volatility import log_returns, volatilities

# Steps at the start of a window that only the next window learns from, see `QuantileLoss`.
SKIP = 20


class RateWindows(keras.utils.PyDataset):
    """Batches (x, y): rates (windows, length), and the next log returns in units of volatility.

    Shuffled, for `fit`: an epoch starts at a new random row and takes the windows from there on,
    each begins 20 rows before the end of the one before it, in a new random order; half of them,
    drawn anew, as reciprocals: dollars a rupee are the same market as rupees a dollar, and a model
    that sees both learns no trend of one of them. All this depends on the seed and the epoch's
    number alone. Not shuffled, for `evaluate` and validation: from the
    first row to the last, the same every time.

    Args:
        values: array (time,), above 0.
        length: int, rates a window; fewer where the series is shorter.
        batch_size: int, windows a batch; the last may be smaller.
        seed: int.
        shuffle: bool.
        first_epoch: int, number of the epoch to start with. Keras ends an epoch once before `fit`
            begins the first, so `fit` itself starts one later.

    Raises:
        InputError: a length or batch size is too small, or there are fewer than 22 rates.
    """

    def __init__(self, values, length=100, batch_size=16, seed=0, shuffle=True, first_epoch=0):
        super().__init__()
        self.values, self.batch_size = (
            np.asarray(values, "float64"),
            whole("batch_size", batch_size),
        )
        most = len(self.values) - 1
        if most < SKIP + 1:
            raise InputError(f"{len(self.values)} rates are no window: give at least {SKIP + 2}")
        self.length = min(whole("length", length, SKIP + 1), most)
        self._seed, self._shuffle, self._epoch = seed, shuffle, first_epoch
        self._stride, self._last = self.length - SKIP, most - self.length
        # First rows that leave room for the same number of windows each.
        self._offsets = min(self._stride, self._last + 1)
        self._count = (self._last - self._offsets + 1) // self._stride + 1
        if not shuffle:
            self._count = math.ceil(self._last / self._stride) + 1
        self._place()

    def _place(self):
        self._starts, self._powers = np.arange(self._count) * self._stride, np.ones(self._count)
        if self._shuffle:
            random = np.random.default_rng([self._seed, self._epoch])
            self._starts = random.integers(self._offsets) + random.permutation(self._starts)
            self._powers = random.choice([-1.0, 1.0], self._count)
        self._starts = np.minimum(self._starts, self._last)

    def __len__(self):
        return math.ceil(self._count / self.batch_size)

    def __getitem__(self, batch):
        """Batch number `batch`: two float32 arrays (windows, length)."""
        places = slice(batch * self.batch_size, (batch + 1) * self.batch_size)
        rates = self.values[self._starts[places, None] + np.arange(self.length + 1)]
        window = (rates ** self._powers[places, None]).astype("float32")
        returns = log_returns(ops.convert_to_tensor(window))
        s = volatilities(returns[:, :-1])[0][..., 0]
        return window[:, :-1], ops.convert_to_numpy(returns[:, 1:] / s)

    def on_epoch_end(self):
        """Goes on to the next epoch's windows and order."""
        self._epoch += 1
        self._place()
