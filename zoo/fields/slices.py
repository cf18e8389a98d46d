"""Squared errors of fields by hour, weekend, season, channel and level, beside cheap baselines."""

import numpy as np

from rnnzoo.baselines import fields as of_counts
from rnnzoo.baselines import seasonal_fields
from rnnzoo.calendar_slices import hours, seasons, weekends
from rnnzoo.evaluation_rows import merged_rows, thirds
from rnnzoo.fields.evaluation import squared_errors


def rows(split, model, series, start, validation):
    """Yields the rows of a split, see `rnnzoo.pipelines.core.family.Family.evaluation_rows`.

    Cells are in slices by their channel, and by the third of all cells that the mean of their
    training steps is in.

    Args:
        split: str.
        model: `FieldForecaster`.
        series: `FieldSeries` up to the end of the split.
        start: int, the first step of the split.
        validation: slice of the validation steps; the training steps are those before it.
    """
    values, times = series.values, series.times
    inside = ~np.isnan(values).any(axis=0)
    flat = values[:, inside].astype("float64")
    predicted = _baselines(model, flat, series, validation)
    channel = np.nonzero(inside)[-1]
    levels, level = thirds(flat[: validation.start].mean(axis=0))
    group = channel * len(levels) + level
    groups, sizes = np.unique(group, return_counts=True)
    members = (group[:, None] == groups) / sizes  # (cells, groups)
    count = len(values) - start

    def by_step(names_and_indices):
        names, indices = names_and_indices
        return names, np.repeat(indices, len(groups))

    slices = {
        "hour": by_step(hours(times[start:])),
        "weekend": by_step(weekends(times[start:])),
        "season": by_step(seasons(times[start:])),
        "channel": (list(series.channels), np.tile(groups // len(levels), count)),
        "mean of the cell": (levels, np.tile(groups % len(levels), count)),
    }
    baselines = {
        name: (np.square(of_all[start:] - flat[start:]) @ members).ravel()
        for name, of_all in predicted.items()
    }
    losses = (squared_errors(model, values, start) @ members).ravel()
    weights = np.tile(sizes, count)
    yield from merged_rows(split, slices, losses, weights, baselines)


def _baselines(model, values, series, validation):
    """dict from baseline to its predictions (steps, cells), of those that are fitted at once."""
    train = validation.start
    if model.basis.scale == "none":
        normal = seasonal_fields.climatology(values, series.times, series.step, train, validation)
        return {"persistence": of_counts.replication(values), "climatology": normal}
    slot = of_counts.slots(series.times, series.step)
    return {
        "replication": of_counts.replication(values),
        "seasonal mean": of_counts.seasonal_mean(values, slot, train),
    }
