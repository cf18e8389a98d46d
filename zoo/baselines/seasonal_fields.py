"""Baselines of forecasts of fields that follow the season, such as temperatures, some steps ahead.

All take values (steps, cells) of the whole series and predict each step from those at least `lead`
steps before it. They are fitted to the first `train` steps; what is not fitted is chosen on the
`validation` steps after them.
"""

import numpy as np

from rnnzoo.baselines.fields import RIDGES, lagged
from rnnzoo.datasets.fields.timeline import DAY

YEAR = 365.25 * DAY  # seconds
WAVES = (1, 2)  # harmonics of the year; of each hour the first
RANKS = (24, 48, 96, 144)
HEAVIER = (0.1, 0.3)  # ridges, beside those of the counts: there are more coefficients
MOST_CELLS = 4000  # beyond which there is no SVD of all of them at once


def climatology(values, times, step, train, validation):
    """The usual value of the day of the year and the hour: the mean of each hour, and harmonics.

    Of less than a year of training steps there is no cycle of the year: the mean of each hour.

    Args:
        values: array (steps, cells).
        times: datetime64[s] array (steps,).
        step: int, seconds.
        train: int, training steps.
        validation: slice.

    Returns:
        array (steps, cells).
    """
    seconds = times.astype("int64")
    hours = np.eye(DAY // step)[seconds // step % (DAY // step)]
    if train * step < YEAR:
        return _least_squares(hours, values, train)
    phase = 2 * np.pi * (seconds / YEAR)[:, None]
    first = np.concatenate([np.cos(phase), np.sin(phase)], axis=1)
    by_hour = [hours * wave[:, None] for wave in first.T]
    further = [f(n * phase) for n in range(2, max(WAVES) + 1) for f in (np.cos, np.sin)]
    fits = [
        _least_squares(
            np.concatenate([hours, *by_hour, *further[: 2 * n - 2]], axis=1), values, train
        )
        for n in WAVES
    ]
    return min(fits, key=lambda fit: np.square(fit - values)[validation].mean())


def damped_persistence(values, normal, lead, train):
    """`normal` plus the last deviation from it, times a factor per cell.

    Args:
        values: array (steps, cells).
        normal: array (steps, cells), the climatology.
        lead: int, steps.
        train: int.
    """
    deviations = values - normal
    last = lagged(deviations, lead)
    x, y = last[lead:train], deviations[lead:train]
    factors = (x * y).sum(axis=0) / np.maximum(np.square(x).sum(axis=0), 1e-12)
    return normal + factors * last


def vector_autoregression(values, normal, day, leads, train, validation):
    """A vector autoregression on the SVD's coefficients of deviations from the climatology.

    Rank, lags and ridge are chosen per lead time, and whether each lead time has a regression of
    its own, or that of one step is iterated.

    Args:
        values, normal: arrays (steps, cells).
        day: int, steps per day.
        leads: list of int, steps.
        train, validation: see `climatology`.

    Returns:
        dict from lead to array (steps, cells).
    """
    deviations = values - normal
    vectors = np.linalg.svd(deviations[:train], full_matrices=False)[2]
    best = {lead: (np.inf, None) for lead in leads}
    for rank in [rank for rank in RANKS if rank <= len(vectors)] or [len(vectors)]:
        coefficients = deviations @ vectors[:rank].T
        for lags in {(1, 2), (1, 2, 3), (1, 2, day, day + 1)}:
            for lead, predicted in _candidates(coefficients, lags, leads, train):
                # The error outside the basis is the same for all of a rank.
                fields = predicted[validation] @ vectors[:rank]
                error = np.square(fields - deviations[validation]).mean()
                if error < best[lead][0]:
                    best[lead] = error, (predicted, rank)
    return {
        lead: normal + predicted @ vectors[:rank] for lead, (_, (predicted, rank)) in best.items()
    }


def predictions(values, times, step, train, validation, leads):
    """dict from baseline to dict from lead to predictions (steps, cells).

    Args:
        values: array (steps, cells) of numbers, float64.
        times: datetime64[s] array (steps,).
        step: int, seconds.
        train: int, training steps.
        validation: slice.
        leads: list of int, steps ahead from 1.
    """
    normal = climatology(values, times, step, train, validation)
    rows = {
        "climatology": dict.fromkeys(leads, normal),
        "persistence": {lead: lagged(values, lead) for lead in leads},
        "damped persistence": {
            lead: damped_persistence(values, normal, lead, train) for lead in leads
        },
    }
    if values.shape[1] <= MOST_CELLS:
        rows["vector autoregression"] = vector_autoregression(
            values, normal, DAY // step, leads, train, validation
        )
    return rows


def _least_squares(regressors, values, train):
    weights = np.linalg.lstsq(regressors[:train], values[:train], rcond=None)[0]
    return regressors @ weights


def _candidates(coefficients, lags, leads, train):
    """Yields (lead, predictions (steps, rank)) of every ridge, direct and iterated."""
    for lead in leads:
        for weights, mean, target in _ridges(coefficients, lags, lead, train):
            rows = _rows(coefficients, lags, lead)
            yield lead, (rows - mean) @ weights + target
            if lead == 1:
                ahead = _iterated(coefficients, lags, max(leads), weights, target - mean @ weights)
                yield from ((other, ahead[other - 1]) for other in leads if other > 1)


def _rows(coefficients, lags, lead):
    return np.concatenate([lagged(coefficients, lead - 1 + lag) for lag in lags], axis=1)


def _ridges(coefficients, lags, lead, train):
    first = lead - 1 + max(lags)
    x, y = _rows(coefficients, lags, lead)[first:train], coefficients[first:train]
    mean, target = x.mean(axis=0), y.mean(axis=0)
    x = x - mean
    moments, products = x.T @ x, x.T @ (y - target)
    for ridge in (*RIDGES, *HEAVIER):
        penalty = ridge * np.trace(moments) / len(moments) * np.eye(len(moments))
        yield np.linalg.solve(moments + penalty, products), mean, target


def _iterated(coefficients, lags, most, weights, bias):
    """list over leads of predictions (steps, rank), each from those of the shorter leads."""
    ahead = []
    for lead in range(1, most + 1):
        # Of the step that is predicted, `lag` steps before: known, or predicted `lead - lag` ahead.
        parts = [
            lagged(coefficients, lag) if lag >= lead else lagged(ahead[lead - lag - 1], lag)
            for lag in lags
        ]
        ahead.append(np.concatenate(parts, axis=1) @ weights + bias)
    return ahead
