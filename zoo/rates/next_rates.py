"""The distributions of the next rates of several series at once."""

import numpy as np

from rnnzoo.rates import calibration, paths


def next_rates(model, histories, levels):
    """The next rate of each history, as `Forecaster.forecast` of one step predicts it.

    Args:
        model: `Forecaster`.
        histories: float64 array (histories, time), checked.
        levels: sequence of levels of quantiles.

    Returns:
        (locations float64 array (histories,), quantiles float64 array (histories, levels)), in the
        unit of each history.
    """
    (ahead,) = paths.simulated(model, histories, 1, seed=0)
    logs = ahead.quantiles(np.array(levels, "float64"), calibration.widening(model.head, 1))
    return histories[:, -1] * np.exp(ahead.drift), np.exp(logs)
