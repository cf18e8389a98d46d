import warnings

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.since_times import since_times

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("units", "count"),
    [
        *[(unit, 86_400e9) for unit in ("nanoseconds", "ns")],
        *[(unit, 86_400e6) for unit in ("microseconds", "us")],
        *[(unit, 86_400e3) for unit in ("milliseconds", "millisecond", "msec", "ms")],
        *[(unit, 86_400) for unit in ("seconds", "second", "secs", "s")],
        *[(unit, 1440) for unit in ("minutes", "min", "mins")],
        *[(unit, 24) for unit in ("hours", "Hours", "HOUR", "hr", "hrs", "h")],
        *[(unit, 1) for unit in ("days", "day", "d")],
        *[(unit, 1 / 7) for unit in ("weeks", "week")],
    ],
)
def test_units_of_exact_length(units, count):
    times = since_times("f", np.array([0, count]), f"{units} since 2024-02-28")
    assert times.astype("datetime64[D]").astype(str).tolist() == ["2024-02-28", "2024-02-29"]


def test_nanoseconds_as_xarray_writes_them():
    hours = np.datetime64("2024-01-01", "ns") + np.arange(9) * np.timedelta64(1, "h")
    times = since_times("f", hours.astype("int64"), "nanoseconds since 1970-01-01")
    np.testing.assert_array_equal(times, hours.astype("datetime64[s]"))


@pytest.mark.parametrize(
    "date",
    ["2024-1-1", "2024-01-01 0:0:0", "2024-01-01T00:00:00Z", "2024-01-01 00:00:0.0",
     "2024-01-01 00:00:00 UTC", "2024-01-01 00:00:00 +00:00", "2024-01-01 00:00", "2024-01-01 0"],
)  # fmt: skip
def test_forms_of_the_date(date):
    assert since_times("f", [6], f"hours since {date}").astype(str) == ["2024-01-01T06:00:00"]


@pytest.mark.parametrize(
    "units",
    ["months since 2024-01-01", "years since 2024-01-01", "hours since 2024-13-01",
     "hours since 2024-01-01 00:00:00 +02:00", "hours since 2024-01-01 00:00 -0500",
     "hours since 2024-01-01 25:00", "hours since -001-01-01", "hours since 12024-01-01",
     "hours since 2024-01-01 00:00:00.5", "hours since 2024-01-01\n\x1b[31m", "hours", 7, None],
)  # fmt: skip
def test_other_units_are_named_without_a_warning(units):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError, match="f has times in .*: give units such as") as refused:
            since_times("f", [0], units)
    assert "\n" not in str(refused.value) and "\x1b" not in str(refused.value)


@pytest.mark.parametrize("number", ["noon", None, np.nan, np.inf, 1e300])
def test_numbers_are_finite(number):
    with pytest.raises(InputError, match="f has times that are none: give finite numbers"):
        since_times("f", [0, number], "hours since 2024-01-01")


@pytest.mark.parametrize("calendar", ["noleap", "360_day", ["standard"], np.array([1, 2]), 7])
def test_other_calendars_are_refused(calendar):
    with pytest.raises(InputError, match="f has the calendar .*: give one of standard, gregorian"):
        since_times("f", [0], "hours since 2024-01-01", calendar)


def test_dates_before_the_reform_are_those_of_one_calendar():
    units = "days since 1-1-1"
    times = since_times("f", [0, 365], units, "proleptic_gregorian")
    assert times.astype("datetime64[D]").astype(str).tolist() == ["0001-01-01", "0002-01-01"]
    for calendar in (None, "standard", "gregorian"):
        with pytest.raises(InputError, match="give dates from 1582-10-15 on, or the calendar"):
            since_times("f", [738_000], units, calendar)
    with pytest.raises(InputError, match="give dates from 1582-10-15 on"):
        since_times("f", [-7000], "days since 1600-01-01")
    assert len(since_times("f", [], "days since 1600-01-01")) == 0
