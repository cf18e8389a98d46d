"""Hourly values as those of days."""

import numpy as np

from rnnzoo.datasets.weather.parameters import PARAMETERS

LEAST = 18  # hours of a day that count as the day
EXTREMES = {"T2M_MAX": np.fmax, "T2M_MIN": np.fmin}


def by_day(times, columns):
    """The daily values of hourly ones.

    Means; of rain in mm/hour, the sum; of directions, that of the mean unit vector; of the
    temperature, also its extremes, where the file has none. A day with fewer than 18 hours of a
    parameter has none; a sum is that of a whole day at the mean of its hours.

    Args:
        times: datetime64[s] array (hours,), ascending.
        columns: dict from parameter to a float array (hours,); missing values are NaN.

    Returns:
        (datetime64[s] array (days,) of the days that have an hour, dict from parameter to a float
        array (days,)).
    """
    days, first = np.unique(times.astype("datetime64[D]"), return_index=True)
    columns = dict(columns)
    for name in EXTREMES:
        if "T2M" in columns:
            columns.setdefault(name, columns["T2M"])
    daily = {name: _daily(name, values, first) for name, values in columns.items()}
    return days.astype("datetime64[s]"), daily


def _daily(name, values, first):
    known = ~np.isnan(values)
    counts = np.add.reduceat(known.astype("int64"), first)

    def means(array):
        return np.add.reduceat(np.where(known, array, 0), first) / np.maximum(counts, 1)

    scale = PARAMETERS[name].scale
    if name in EXTREMES:
        daily = EXTREMES[name].reduceat(values, first)
    elif scale == "angle":
        angles = np.deg2rad(values)
        daily = np.rad2deg(np.arctan2(means(np.sin(angles)), means(np.cos(angles)))) % 360
    else:
        daily = means(values) * (24 if scale == "rain" else 1)
    return np.where(counts >= LEAST, daily, np.nan)
