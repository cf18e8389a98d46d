"""Fields that were read, checked: shapes, negative values, missing ones."""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.fields.timeline import WEEK, timeline

OUTSIDE = -1  # marks a cell outside the region, as NaN does
SHAPES = "(time, cells), (time, height, width) or (time, height, width, channels)"


def checked_fields(name, times, values, channels=None, fill=False, signed=False, rows=None):
    """The `FieldSeries` of an array.

    A cell is outside the region if it is -1 or NaN in every channel at every time step. Inside,
    such values are missing. Where values have a sign, as temperatures, -1 is one of them.

    Args:
        name: str or path, the name of the data in messages.
        times: datetime64 array (rows,).
        values: array of numbers, of one of `SHAPES`.
        channels: list of str; None for `"0"`, `"1"`, ...
        fill: bool, whether missing values and time steps are interpolated linearly in time; before
            the first and after the last value of a cell, with it.
        signed: bool, whether values below 0 are values.
        rows: sequence of int (rows,), the numbers of the rows in messages; None for indices.

    Raises:
        InputError: the shape is none of these, a value is infinite in 32 bits, or below 0, not -1
            and not `signed`, values or time steps are missing and `fill` is False, no cell is
            inside, or the series is shorter than a week.
    """
    values = np.asarray(values)
    if values.ndim not in (2, 3, 4) or not values.size or values.dtype.kind not in "biuf":
        raise InputError(
            f"{name} has shape {values.shape} and dtype {values.dtype}: give numbers {SHAPES}"
        )
    if len(values) != len(times):
        raise InputError(f"{name} has {len(values)} fields and {len(times)} times: give as many")
    grid = {2: (1, values.shape[1], 1), 3: (*values.shape[1:], 1)}.get(
        values.ndim, values.shape[1:]
    )
    values = values.reshape(len(values), *grid)
    channels = list(channels or map(str, range(grid[-1])))
    if len(channels) != grid[-1]:
        raise InputError(f"{name} has {grid[-1]} channels and {len(channels)} names: give as many")
    steps, index = timeline(name, times, fill, rows)
    values = _numbers(name, values, steps[index], signed)
    whole = np.full((len(steps), *grid), np.nan, "float32")
    whole[index] = values if signed else np.where(values == OUTSIDE, np.nan, values)
    if (steps[-1] - steps[0]) / np.timedelta64(1, "s") < WEEK - 2 * _seconds(steps):
        raise InputError(
            f"{name} has {len(steps)} time steps of {_seconds(steps)} s: give a week or more"
        )
    inside = ~np.isnan(whole).all(axis=(0, 3))
    if not inside.any():
        marks = "NaN marks" if signed else f"{OUTSIDE} and NaN mark"
        raise InputError(f"{name} has no value: {marks} cells outside the region")
    inserted = len(steps) - len(index)
    missing = np.isnan(whole) & inside[None, :, :, None]
    gaps = int(missing.sum()) - inserted * int(inside.sum()) * grid[-1]
    if gaps and not fill:
        step, *cell = (int(i) for i in np.argwhere(missing)[0])
        raise InputError(
            f"{name} lacks {gaps} values inside the region, the first in {tuple(cell[:2])} "
            f"at {steps[step]}: give all of them, or --fill linear interpolates"
        )
    return FieldSeries(steps, _interpolated(whole, missing), channels, gaps, inserted)


def _seconds(steps):
    return int((steps[1] - steps[0]) / np.timedelta64(1, "s"))


def _numbers(name, values, times, signed):
    """`values` as float32, checked."""
    with np.errstate(over="ignore"):  # they become infinite
        numbers = values.astype("float32")
    bad = np.isinf(numbers) | ((numbers < 0) & (numbers != OUTSIDE) & (not signed))
    if bad.any():
        step, *cell = (int(i) for i in np.argwhere(bad)[0])
        accepted = (
            f"finite numbers up to {np.finfo('float32').max:.2g}, or NaN outside the region"
            if signed or values[step, *cell] > 0
            else f"numbers of at least 0, or {OUTSIDE} outside the region; --negative values takes "
            "those below 0 as they are"
        )
        raise InputError(
            f"{name} has the value {values[step, *cell]:g} in the cell {tuple(cell[:2])} at "
            f"{times[step]}: give {accepted}"
        )
    return numbers


def _interpolated(values, missing):
    """`values` (steps, height, width, channels), where missing interpolated in time."""
    steps = np.arange(len(values))
    for series in np.argwhere(missing.any(axis=0)):
        cell = (slice(None), *series)
        known = ~missing[cell]
        if known.any():  # a channel may be missing altogether
            values[cell] = np.interp(steps, steps[known], values[cell][known])
    return values
