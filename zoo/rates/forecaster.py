"""The task of the rate family: a model that predicts the distribution of the next rate."""

import os

import keras
import numpy as np
from keras import ops

from rnnzoo.compiled import compiled
from rnnzoo.datasets.common.arguments import checked_seed, is_number, whole
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.rates.csv_reader import read_rates
from rnnzoo.datasets.rates.series import LARGEST, SMALLEST, Rates
from rnnzoo.datasets.rates.unit_change import unit_change
from rnnzoo.rates import calibration, paths, refusals, volatility
from rnnzoo.rates.batches import SKIP, RateWindows
from rnnzoo.rates.paths import numpy64
from rnnzoo.rates.quantiles import QuantileHead, QuantileLoss, at
from rnnzoo.task import RecurrentTask, cloned_layers

# Rates that a forecast needs: one more than the returns before the loss of a window is counted.
LEAST = SKIP + 1

# Days that `walk_forward` reads at once: bounds memory, does not change the result.
CHUNK = 1000


@keras.saving.register_keras_serializable(package="rnnzoo")
class Forecaster(RecurrentTask):
    """Predicts the distribution of the next rate.

        h_t = recurrent(r_t / s_t, log(s_t / s'_t), h_(t-1)),   x_(t+1) = x_t exp(s_t z_(t+1))

    with r the log return, s and s' the volatility of the last days and of the last months (see
    `rnnzoo.rates.volatility`), and z the outputs: a location and quantiles, linear in h (see
    `QuantileHead`). All of it is in the graph, so the inputs are raw rates in any unit, when served
    too. The target is relative to the last rate and scaled, so it does not depend on the level.

    As a `keras.Model` it maps rates (batch, time) to z (batch, time, 1 + levels), the location
    first. `windows` makes batches for `fit` and `evaluate`; `forecast` maps raw rates to raw rates.

    Args:
        recurrent: list of Keras recurrent layers; clones of them are used, which return sequences
            and states regardless of their configuration.
        name: str or None.

    Example:

    >>> import keras, numpy as np
    >>> from rnnzoo.rates.forecaster import Forecaster
    >>> model = Forecaster([keras.layers.GRU(3)])
    >>> history = 64 * np.exp(0.005 * np.random.default_rng(0).normal(size=60).cumsum())
    >>> model.forecast(history, steps=5, quantiles=[0.05, 0.95]).shape
    (5, 2)
    """

    def __init__(self, recurrent, name=None):
        layers = cloned_layers(recurrent)
        rates = keras.Input((None,), dtype="float32", name="rates")
        x = volatility.ScaledReturns(name="scaled_returns")(rates)
        for layer in layers:
            x = layer(x)[0]
        head = QuantileHead(name="head")
        super().__init__(rates, head(x), layers, name)
        self.head = head
        self._compiled_one_step = compiled(self._one_step)

    def loss_and_metrics(self):
        """Pinball loss after the first steps of a window."""
        return QuantileLoss(SKIP), []

    def extra_states(self, batch):
        """Zeros: the rate before, and the sums and weights of `rnnzoo.rates.volatility`."""
        decays = len(volatility.DECAYS)
        return [ops.zeros((batch,)), ops.zeros((batch, decays)), ops.zeros((batch, decays))]

    def encode(self, inputs, states):
        """Scaled returns of rates (batch, time)."""
        before, *sums_and_weights = states
        returns = volatility.log_returns(inputs, before)
        s, sums, weights = volatility.volatilities(returns, before, sums_and_weights)
        return volatility.features(returns, s), [inputs[:, -1], sums[:, -1], weights[:, -1]]

    def decode(self, hidden, context):
        """Location and quantiles (batch, time, 1 + levels)."""
        return self.head(hidden), context

    def scale(self, states):
        """The volatility that the outputs after these states are in units of: (batch,)."""
        _, sums, weights = states[0]
        return volatility.spread(sums, weights)[:, 0]

    def ready(self, states):
        """bool (batch,), whether the states are those after 21 rates or more, see `forecast`."""
        return volatility.has_read(states[0][2], SKIP)

    def windows(self, series, length=100, batch_size=None, seed=0, shuffle=True):
        """Batches of a series for `fit` and `evaluate`.

        Args:
            series: rates, see `forecast`.
            length, batch_size, seed, shuffle: see `RateWindows`.

        Raises:
            InputError: a rate is no number above 0, there are fewer than 22, or a number is too
                small.
        """
        return RateWindows(checked(series, SKIP + 2), length, batch_size, seed, shuffle)

    def forecast(self, history, steps, *, quantiles=None, seed=0):
        """Forecasts of the rates after a history.

        The first step is the model's output for the next day. The steps after it are distributions
        over 1,000 simulated paths, each of which draws its next rate and reads it.

        Args:
            history: array (time,), raw rates, oldest first, one per day without gaps for holidays;
                `Rates`; or the path of a CSV file, which `read_rates` reads. 21 rates or more, of
                which the last 500 are used.
            steps: int, days ahead.
            quantiles: list of levels between 0 and 1; None for the location.
            seed: int, of the paths.

        Returns:
            float64 array (steps,), or (steps, quantiles), in the unit of the history.

        Raises:
            InputError: names the argument, or the rate that cannot be used.
        """
        history, steps = checked(history, LEAST)[-paths.CONTEXT :], whole("steps", steps)
        levels = _checked_levels(quantiles)
        seed, drifts, logs = checked_seed(seed), [], []
        for day, ahead in enumerate(paths.simulated(self, history[None], steps, seed), 1):
            drifts.append(ahead.drift[0])
            if levels is not None:
                widening = calibration.widening(self.head, day)
                logs.append(ahead.quantiles(levels, widening)[0])
        if levels is None:
            return history[-1] * np.exp(np.cumsum(drifts))
        return np.exp(np.stack(logs))

    def walk_forward(self, series, start, quantiles=None):
        """One-step forecasts of many days, each from the days before it only.

        Args:
            series: rates, see `forecast`.
            start: int, the first row to forecast, at least 21.
            quantiles: as for `forecast`.

        Returns:
            float64 array (time - start,), or (time - start, quantiles).

        Raises:
            InputError: as `forecast`, or `start` is too small or no row.
        """
        series, start = self._checked_start(series, start)
        levels = _checked_levels(quantiles)
        z, s = self.outputs_from(series, start)
        units = z[:, :1] if levels is None else at(z[:, 1:], levels)
        rates = series[start - 1 : -1, None] * np.exp(s[:, None] * units)
        return rates[:, 0] if levels is None else rates

    def _checked_start(self, series, start):
        series, start = checked(series, LEAST), whole("start", start, LEAST)
        if start >= len(series):
            raise InputError(f"start is {start}: give a row of the {len(series)}")
        return series, start

    def calibrate(self, series, start):
        """Sets the weights that are not trained by gradients, on the rows from `start` on.

        These are the trust in the location, the calibration of the next day's intervals, and that
        of longer horizons: see `rnnzoo.rates.calibration`.

        Args:
            series: rates, see `forecast`.
            start: int, at least 21; the rows before it are history only.

        Raises:
            InputError: as `walk_forward`.
        """
        series, start = self._checked_start(series, start)
        calibration.calibrate(self, series, start)

    def outputs_from(self, series, start):
        """Outputs for the rows from `start` on, each from the rows before it.

        Args:
            series: float64 array (time,).
            start: int.

        Returns:
            (z, s): float64 arrays (time - start, 1 + levels) and (time - start,), see the class.
        """
        parts = []
        for row in range(start, len(series), CHUNK):
            begin, stop = max(0, row - paths.CONTEXT), min(row + CHUNK, len(series))
            rates = ops.convert_to_tensor(series[None, begin : stop - 1], "float32")
            z, s = self._compiled_one_step(rates)
            rows = slice(row - 1 - begin, None)
            parts.append((numpy64(z[0, rows]), numpy64(s[0, rows])))
        return tuple(map(np.concatenate, zip(*parts, strict=True)))

    def _one_step(self, rates):
        # In one graph, where both need the same volatilities.
        z, _ = self.advance(rates, self.initial_states(1))
        return z, volatility.volatilities(volatility.log_returns(rates))[0][..., 0]


def checked(series, least):
    """A float64 array (time,) of rates: of an array, of `Rates`, or of a CSV file.

    Raises:
        InputError: it has another shape, a value is no number above 0 or is beyond float32, is 20
            times the previous one or more, or as much less, or there are fewer than `least`.
    """
    if isinstance(series, str | os.PathLike):
        series = read_rates(series)
    if isinstance(series, Rates):
        series = series.values
    try:
        series = np.asarray(series, "float64")
    except (TypeError, ValueError):
        raise InputError("the history is no array of numbers: give rates (time,)") from None
    if series.ndim != 1:
        raise InputError(f"the history has shape {series.shape}: give rates (time,)")
    if len(series) < least:
        raise InputError(refusals.TOO_FEW.format(count=len(series), least=least))
    bad = np.flatnonzero(~((series > 0) & (series < np.inf)))
    if len(bad):
        raise InputError(refusals.NOT_POSITIVE.format(index=bad[0], rate=series[bad[0]]))
    beyond = np.flatnonzero((series < SMALLEST) | (series > LARGEST))
    if len(beyond):
        raise InputError(refusals.BEYOND.format(index=beyond[0], rate=series[beyond[0]]))
    index = unit_change(series)
    if index is not None:
        before, after = series[index - 1 : index + 1]
        raise InputError(refusals.OTHER_UNIT.format(index=index, rate=after, before=before))
    return series


def _checked_levels(quantiles):
    if quantiles is None:
        return None
    levels = list(np.atleast_1d(quantiles))
    for level in levels:
        if not is_number(level) or not 0 < level < 1:
            raise InputError(f"quantiles has {shown(level)}: give levels between 0 and 1")
    if not levels:
        raise InputError("quantiles is empty: give levels between 0 and 1, or None")
    return np.array(levels, "float64")
