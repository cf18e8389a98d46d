"""Baselines of forecasts of fields, one step ahead: each step from those before it.

All take values (steps, cells) of the whole series and are fitted to the first `train` steps; what
is not fitted is chosen on the `validation` steps after them.
"""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.timeline import DAY, WEEK

EXTRA = "fields"
DRIFTS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7)  # how fast the drift correction follows the errors
RIDGES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)  # relative to the mean square of the regressors
LAGS = (1, 2, 3)  # steps; a day, a week, and a step more of both come with them
MOST_CELLS = 1000  # beyond which each cell is not regressed on all others
TREES = {"max_iter": 200, "learning_rate": 0.1, "max_leaf_nodes": 63, "random_state": 0}
MOST_ROWS = 700_000  # that trees are fitted to


def check_extra():
    """Checks that scikit-learn is installed.

    Raises:
        InputError: names the extra.
    """
    try:
        import sklearn
    except ImportError:
        raise InputError(
            f"the baselines need scikit-learn: pip install 'rnnzoo[{EXTRA}]'"
        ) from None
    del sklearn


def slots(times, step):
    """int array (steps,), the step of the week that each time is.

    Args:
        times: datetime64[s] array (steps,).
        step: int, seconds.
    """
    return times.astype("int64") // step % (WEEK // step)


def replication(values):
    """The field before; of the first, itself."""
    return lagged(values, 1)


def seasonal_mean(values, slot, train):
    """The mean of the training steps of the same hour of the week."""
    return np.stack([_mean(values[:train], slot[:train], s) for s in range(slot.max() + 1)])[slot]


def drift_corrected(values, seasonal, train, validation):
    """`seasonal` plus an exponential mean of its errors so far, of each cell.

    Args:
        values, seasonal: arrays (steps, cells).
        train: int, training steps.
        validation: slice of steps.
    """
    best = None
    for rate in DRIFTS:
        predicted, drift = np.empty_like(seasonal), np.zeros(values.shape[1])
        for t in range(len(values)):
            predicted[t] = np.maximum(seasonal[t] + drift, 0)
            drift += rate * (values[t] - seasonal[t] - drift)
        best = _better(best, predicted, values, validation)
    return best[1]


def ridge_autoregression(values, seasonal, day, train, validation):
    """Ridge regression on all cells: lags, those of a day and a week ago, and the seasonal mean.

    Args:
        values, seasonal: arrays (steps, cells).
        day: int, steps per day.
        train, validation: see `drift_corrected`.
    """
    lags = (*LAGS, day, day + 1, 7 * day, 7 * day + 1)
    rows = [*(lagged(values, lag) for lag in lags), seasonal, lagged(seasonal, 1)]
    return _ridge(np.concatenate(rows, axis=1), values, 7 * day + 1, train, validation)


def vector_autoregression(values, slot, day, train, validation, rank=48):
    """A vector autoregression on the SVD's coefficients of deviations from the seasonal mean, with
    lags up to 3 and of a day and a week, on the scale of square roots.
    """
    u = np.sqrt(np.maximum(values, 0))
    seasonal = seasonal_mean(u, slot, train)
    deviations = u - seasonal
    vectors = np.linalg.svd(deviations[:train], full_matrices=False)[2][:rank]
    coefficients = deviations @ vectors.T
    rows = np.concatenate([lagged(coefficients, n) for n in (*LAGS, day, 7 * day)], axis=1)

    def counts(predicted):
        means = seasonal + predicted @ vectors
        errors = np.square(u - means)[7 * day + 1 : train].mean(axis=0)
        return np.square(np.maximum(means, 0)) + errors

    return _ridge(rows, coefficients, 7 * day + 1, train, validation, counts, values)


def boosted_trees(values, seasonal, slot, day, train):
    """scikit-learn's histogram gradient boosting, of all cells together.

    A cell's own lags, as of `ridge_autoregression`, its seasonal mean, the hour, the day of the
    week, and sums over the region.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    lags = (*LAGS, day, day + 1, 7 * day - 1, 7 * day, 7 * day + 1, 14 * day)
    sums = [lagged(values, n).sum(axis=1) for n in (1, day, 7 * day)]
    shared = [slot % day, slot // day, *sums]
    wide = [np.broadcast_to(column[:, None], values.shape) for column in shared]
    rows = np.stack([*(lagged(values, lag) for lag in lags), seasonal, *wide], axis=-1)
    first = 14 * day
    x, y = rows[first:train].reshape(-1, rows.shape[-1]), values[first:train].ravel()
    every = max(1, len(y) // MOST_ROWS + (len(y) % MOST_ROWS > 0))
    trees = HistGradientBoostingRegressor(**TREES).fit(x[::every], y[::every])
    return trees.predict(rows.reshape(-1, rows.shape[-1])).reshape(values.shape)


def lagged(values, steps):
    """Rows so many steps earlier; before the first, the first."""
    return np.concatenate([np.repeat(values[:1], steps, axis=0), values])[: len(values)]


def predictions(values, times, step, train, validation, trees=True):
    """dict from baseline to its predictions (steps, cells), of a step each from those before.

    Args:
        values: array (steps, cells) of numbers, float64.
        times: datetime64[s] array (steps,).
        step: int, seconds.
        train: int, training steps.
        validation: slice.
        trees: bool, whether boosted trees are among them, which need the extra.
    """
    slot, day = slots(times, step), DAY // step
    seasonal = seasonal_mean(values, slot, train)
    rows = {
        "replication": replication(values),
        "seasonal mean": seasonal,
        "seasonal mean, drift corrected": drift_corrected(values, seasonal, train, validation),
    }
    if values.shape[1] > MOST_CELLS or train <= 14 * day + 1:
        return rows
    rows["ridge autoregression"] = ridge_autoregression(values, seasonal, day, train, validation)
    rows["vector autoregression"] = vector_autoregression(values, slot, day, train, validation)
    if trees:
        rows["gradient-boosted trees"] = boosted_trees(values, seasonal, slot, day, train)
    return rows


def _mean(values, slot, which):
    rows = values[slot == which]
    return rows.mean(axis=0) if len(rows) else values.mean(axis=0)


def _ridge(rows, targets, first, train, validation, counts=None, values=None):
    """Predictions of the ridge regression, of `RIDGES`, that is best on the validation steps."""
    x, y = rows[first:train], targets[first:train]
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    x, y = x - mean_x, y - mean_y
    moments, products, best = x.T @ x, x.T @ y, None
    for ridge in RIDGES:
        penalty = ridge * np.trace(moments) / len(moments) * np.eye(len(moments))
        weights = np.linalg.solve(moments + penalty, products)
        predicted = (rows - mean_x) @ weights + mean_y
        predicted = np.maximum(predicted, 0) if counts is None else counts(predicted)
        best = _better(best, predicted, targets if values is None else values, validation)
    return best[1]


def _better(best, predicted, values, validation):
    """The (error on the validation steps, predictions) that is smaller."""
    error = np.square(predicted - values)[validation].mean()
    return (error, predicted) if best is None or error < best[0] else best
