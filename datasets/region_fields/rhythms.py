"""Courses of time: hours of a day, weekdays, and slow random changes."""

import numpy as np
from scipy.signal import lfilter

HOUR = np.timedelta64(3600, "s")
YEAR = 8766 * HOUR
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0


def hour_of_day(times):
    """float64 array (steps,), 0 to 24, of datetime64 times."""
    return ((times - times.astype("datetime64[D]")) / HOUR).astype("float64")


def angle_of_year(times):
    """float64 array (steps,), 0 to 2 pi within a year, of datetime64 times."""
    return 2 * np.pi * ((times - times.astype("datetime64[Y]")) / YEAR)


def weekday(times):
    """int array (steps,), 0 is Monday, of datetime64 times."""
    return (times.astype("datetime64[D]").astype(int) + EPOCH_WEEKDAY) % 7


def between(hour, start, end, width):
    """Smoothly 1 from a start to an end, else 0: s((hour - start) / width) s((end - hour) / width).

    s is the logistic function. The arguments are numbers or arrays, in hours.
    """
    rising, falling = np.exp((start - hour) / width), np.exp((hour - end) / width)
    return 1 / ((1 + rising) * (1 + falling))


def around(hour, centre, width):
    """A normal curve with maximum 1 around an hour of the day; it continues past midnight."""
    apart = (hour - centre + 12) % 24 - 12
    return np.exp(-np.square(apart / width) / 2)


def slow_noise(random, steps, count, hours):
    """Ornstein-Uhlenbeck processes of mean 0 and variance 1 at hourly steps.

    x[t] = r x[t-1] + sqrt(1 - r^2) e[t], with r = exp(-1 / hours) and e normal. More steps continue
    the same processes.

    Args:
        random: `numpy.random.Generator`.
        steps, count: int, length and number of processes.
        hours: float, time after which the correlation is 1/e.

    Returns:
        float64 array (steps, count).
    """
    r = np.exp(-1 / hours)
    noise = random.normal(size=(steps, count))
    noise[1:] *= np.sqrt(1 - r**2)
    return lfilter([1], [1, -r], noise, axis=0)
