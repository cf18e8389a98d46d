"""The frequency of made-up series, and the dates that come next."""

import numpy as np
import pytest

from rnnzoo.datasets.rates.frequency import inferred


def days(start, stop, step=1):
    return np.arange(start, stop, step, dtype="datetime64[D]")


def weekdays(start, stop, weekmask="1111100"):
    every = days(start, stop)
    return every[np.is_busday(every, weekmask)]


def months(start, stop, step=1, day=0):
    return np.arange(start, stop, step, dtype="datetime64[M]").astype("datetime64[D]") + day


def month_ends(start, stop):
    return (np.arange(start, stop, dtype="datetime64[M]") + 1).astype("datetime64[D]") - 1


def hours(start, stop, minutes=60):
    return np.arange(f"{start}", f"{stop}", minutes, dtype="datetime64[m]").astype("datetime64[s]")


def trading_hours(start, stop):
    """Nine to five on weekdays."""
    stamps = hours(f"{start}T00:00", f"{stop}T00:00")
    hour = (stamps - stamps.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    return stamps[np.is_busday(stamps.astype("datetime64[D]")) & (hour >= 9) & (hour <= 17)]


LAST_WEEKDAYS = np.busday_offset(month_ends("2023-01", "2024-06"), 0, roll="backward")
EASTER = np.r_[days("2024-01-05", "2024-03-23", 7), days("2024-03-28", "2024-03-29")]


@pytest.mark.parametrize(
    ("dates", "name", "following"),
    [
        (weekdays("2024-01-01", "2024-03-02"), "business-daily", "2024-03-04 2024-03-05"),
        (weekdays("2024-01-01", "2024-01-04"), "business-daily", "2024-01-04 2024-01-05"),
        (np.delete(weekdays("2024-01-01", "2024-03-01"), [3, 9, 10, 30]), "business-daily",
         "2024-03-01 2024-03-04"),
        (days("2024-01-01", "2024-03-02"), "daily", "2024-03-02 2024-03-03"),
        (days("2024-01-01", "2024-03-02", 2), "2-day", "2024-03-03 2024-03-05"),
        (weekdays("2024-01-01", "2024-03-02", "1111001"), "daily (Mon Tue Wed Thu Sun)",
         "2024-03-03 2024-03-04"),
        (weekdays("2024-01-01", "2024-03-02", "1010100"), "daily (Mon Wed Fri)",
         "2024-03-04 2024-03-06"),
        (days("2024-01-05", "2024-03-02", 7), "weekly", "2024-03-08 2024-03-15"),
        (EASTER, "weekly", "2024-04-05 2024-04-12"),
        (days("2024-01-05", "2024-06-02", 14), "2-week", "2024-06-07 2024-06-21"),
        (days("2024-01-05", "2024-06-02", 28), "4-week", "2024-06-21 2024-07-19"),
        (days("2024-01-05", "2024-06-02", 10), "10-day", "2024-06-03 2024-06-13"),
        (months("2024-01", "2024-06"), "monthly", "2024-06-01 2024-07-01"),
        (months("2024-01", "2024-12", day=12), "monthly", "2024-12-13 2025-01-13"),
        (month_ends("2023-09", "2024-02"), "monthly", "2024-02-29 2024-03-31"),
        (LAST_WEEKDAYS, "monthly", "2024-06-28 2024-07-31"),
        (months("2020-01", "2024-03", 3), "quarterly", "2024-04-01 2024-07-01"),
        (months("2020-01", "2024-03", 6), "half-yearly", "2024-07-01 2025-01-01"),
        (months("2015-01", "2024-03", 12), "yearly", "2025-01-01 2026-01-01"),
        (hours("2024-01-01T00:00", "2024-01-01T21:00"), "hourly",
         "2024-01-01T21:00:00 2024-01-01T22:00:00"),
        (hours("2024-01-01T00:00", "2024-01-03T21:00", 240), "4-hour",
         "2024-01-04T00:00:00 2024-01-04T04:00:00"),
        (hours("2024-01-01T00:00", "2024-01-01T21:00", 15), "15-minute",
         "2024-01-01T21:00:00 2024-01-01T21:15:00"),
        (trading_hours("2024-01-01", "2024-02-03"), "hourly",
         "2024-02-05T09:00:00 2024-02-05T10:00:00"),
    ],
)  # fmt: skip
def test_frequencies(dates, name, following):
    frequency = inferred(dates)
    assert frequency.name == name
    assert frequency.after(dates, 2).astype(str).tolist() == following.split()


def test_irregular_dates_have_none():
    assert inferred(days("2024-01-01", "2024-01-03")) is None
    steps = np.array([1, 3, 9, 17, 40, 66, 99, 140, 160, 201])
    assert inferred(np.datetime64("2024-01-01") + np.cumsum(steps)) is None
