"""Windows of a series as `fit` takes them: rates, and the return that follows each of them."""

import math

import numpy as np
from keras import ops

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.epoch_batches import EpochBatches
from rnnzoo.rates.volatility import log_returns, volatilities

# Steps at the start of a window whose loss is masked, see `QuantileLoss`.
SKIP = 20


class RateWindows(EpochBatches):
    """Batches (x, y): rates (windows, length), and the next log returns in units of volatility.

    Shuffled, an epoch starts at a random row and has the windows from there on in random order,
    each of which begins 20 rows before the end of the one before it. A random half of them are
    reciprocals: dollars per rupee are the same market as rupees per dollar, and a model that is
    trained on both learns no trend of one of them. Not shuffled, it has the windows from the first
    row to the last.

    Args:
        values: array (time,), above 0.
        length: int, rates per window; fewer where the series is shorter.
        batch_size, seed, shuffle, first_epoch: see `EpochBatches`.

    Raises:
        InputError: a length or batch size is too small, or there are fewer than 22 rates.
    """

    def __init__(self, values, length=100, batch_size=None, seed=0, shuffle=True, first_epoch=0):
        super().__init__(batch_size, seed, shuffle, first_epoch)
        self.values = np.asarray(values, "float64")
        most = len(self.values) - 1
        if most < SKIP + 1:
            raise InputError(f"{len(self.values)} rates are no window: give at least {SKIP + 2}")
        self.length = min(whole("length", length, SKIP + 1), most)
        self._stride, self._last = self.length - SKIP, most - self.length
        # First rows that leave room for the same number of windows each.
        self._offsets = min(self._stride, self._last + 1)
        self.draw()

    def samples(self):
        """int, windows per epoch."""
        if self.shuffle:
            return (self._last - self._offsets + 1) // self._stride + 1
        return math.ceil(self._last / self._stride) + 1

    def draw(self):
        """Draws the first row, the order of the windows, and which of them are reciprocals."""
        count = self.samples()
        self._starts, self._powers = np.arange(count) * self._stride, np.ones(count)
        if self.shuffle:
            random = self.generator()
            self._starts = random.integers(self._offsets) + random.permutation(self._starts)
            self._powers = random.choice([-1.0, 1.0], count)
        self._starts = np.minimum(self._starts, self._last)

    def __getitem__(self, batch):
        """Batch number `batch`: two float32 arrays (windows, length)."""
        rows = self.rows(batch)
        rates = self.values[self._starts[rows, None] + np.arange(self.length + 1)]
        window = (rates ** self._powers[rows, None]).astype("float32")
        returns = log_returns(ops.convert_to_tensor(window))
        s = volatilities(returns[:, :-1])[0][..., 0]
        return window[:, :-1], ops.convert_to_numpy(returns[:, 1:] / s)
