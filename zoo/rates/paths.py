"""Simulated paths of a rate: the distributions of days further ahead than the next."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from rnnzoo.rates.quantiles import at

# Rates before a day that a forecast uses: an older one has a weight of less than a hundredth in any
# volatility.
CONTEXT = 500

PATHS = 1000

# Midpoints of strata of equal probability: the last step of a forecast averages over the whole
# distribution of each path instead of sampling it.
STRATA = (np.arange(40) + 0.5) / 40


@dataclass(frozen=True)
class Ahead:
    """Distributions of the logarithms of a day's rates: mixtures with one component per path.

    Args:
        logs: float64 array (histories, paths), of the rates of the day before.
        s: float64 array (histories, paths), the volatilities.
        z: float64 array (histories, paths, 1 + levels), the model's outputs.
    """

    logs: np.ndarray
    s: np.ndarray
    z: np.ndarray

    @property
    def drift(self):
        """(histories,): the mean over the paths of the location's log return."""
        return np.mean(self.s * self.z[..., 0], axis=1)

    def quantiles(self, levels, widening=1.0):
        """Logarithms at some levels.

        Args:
            levels: float64 array (levels,).
            widening: float, of the distances from the median.

        Returns:
            float64 array (histories, levels).
        """
        probabilities = np.append(levels, 0.5)
        if self.logs.shape[1] == 1:
            logs = self._at(probabilities)[:, 0]
        else:
            spread = self._at(STRATA)
            logs = np.quantile(spread.reshape(len(spread), -1), probabilities, axis=1).T
        return logs[:, -1:] + widening * (logs[:, :-1] - logs[:, -1:])

    def _at(self, probabilities):
        """(histories, paths, probabilities)"""
        rows = self.z[..., 1:].reshape(-1, self.z.shape[-1] - 1)
        units = at(rows, probabilities).reshape(*self.logs.shape, -1)
        return self.logs[..., None] + self.s[..., None] * units


def simulated(model, histories, steps, seed, count=PATHS):
    """Distributions of the days after some histories.

    Args:
        model: `Forecaster`.
        histories: float64 array (histories, time), checked.
        steps: int.
        seed: int.
        count: int, paths of each history.

    Yields:
        `Ahead` of each day. The first has one path per history, with the model's outputs for the
        next day; then each path draws its next rate and reads it.
    """
    n = len(histories)
    rates = ops.convert_to_tensor(histories, "float32")
    z, states = model.compiled_advance(rates, model.initial_states(n))
    z, s = numpy64(z[:, -1:]), numpy64(model.scale(states))[:, None]
    logs = np.log(histories[:, -1:])
    yield Ahead(logs, s, z)
    if steps == 1:
        return
    random = np.random.default_rng(seed)
    states = keras.tree.map_structure(lambda state: ops.repeat(state, count, axis=0), states)
    z, s, logs = (np.repeat(array, count, axis=1) for array in (z, s, logs))
    for _ in range(steps - 1):
        # Stratified sampling: one draw in each of `count` equal parts, for less variance.
        parts = random.permuted(np.tile(np.arange(count), (n, 1)), axis=1)
        drawn = np.clip((parts + random.random((n, count))) / count, 1e-9, 1 - 1e-9)
        units = at(z[..., 1:].reshape(n * count, -1), drawn.reshape(-1, 1))
        logs = logs + s * units.reshape(n, count)
        rates = ops.convert_to_tensor(np.exp(logs).ravel(), "float32")
        z, states = model.compiled_step(rates, states)
        z = numpy64(z).reshape(n, count, -1)
        s = numpy64(model.scale(states)).reshape(n, count)
        yield Ahead(logs, s, z)


def numpy64(tensor):
    """A float64 array."""
    return ops.convert_to_numpy(tensor).astype("float64")
