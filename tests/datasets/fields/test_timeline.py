import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.timeline import timeline, times_from

pytestmark = pytest.mark.core


def hours(*numbers):
    """Times so many hours after midnight."""
    return np.datetime64("2024-01-01", "s") + (np.array(numbers) * 3600).astype("timedelta64[s]")


def test_equal_steps_are_the_timeline():
    steps, index = timeline("f", hours(0, 1, 2))
    np.testing.assert_array_equal(steps, hours(0, 1, 2))
    assert index.tolist() == [0, 1, 2]


def test_missing_steps_are_refused_and_counted_or_inserted():
    times = hours(0, 1, 2, 5, 6, 8)
    with pytest.raises(
        InputError, match="f lacks 3 time steps of 3600 s, the first after 2024-01-01T02"
    ):
        timeline("f", times)
    steps, index = timeline("f", times, fill=True)
    np.testing.assert_array_equal(steps, hours(*range(9)))
    assert index.tolist() == [0, 1, 2, 5, 6, 8]


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (hours(0), "f has 1 time steps: give two or more"),
        (hours(0, 1, 1), r"the time 2024-01-01T01:00:00 at index 2, after 2024-01-01T01:00:00"),
        (hours(0, 2, 1), "give each time once, in ascending order"),
        (hours(0, 1, 2, 80_000_000), "the time 11150-.* at index 3: give years from 1 to 9999"),
        (hours(0, 1, 2, 3.5), "5400 s after the one before: give times .* multiples of 3600 s"),
    ],
)
def test_other_times_are_refused(times, message):
    with pytest.raises(InputError, match=message):
        timeline("f", times, fill=True)


def test_times_far_apart_are_refused_before_they_are_allocated():
    times = np.r_[np.datetime64("2015-01-01", "s") + np.arange(60), np.datetime64("9000-01-01")]
    with pytest.raises(
        InputError,
        match="f lacks 220425321540 time steps of 1 s, most of them after 2015-01-01T00:00:59: "
        "give times with at most 10 missing ones per row",
    ):
        timeline("f", times, fill=True)
    with pytest.raises(InputError, match="lacks 220425321540 time steps of 1 s, the first after"):
        timeline("f", times)


def test_rows_of_a_file_are_named():
    with pytest.raises(InputError, match="the time 2024-01-01T01:00:00 in row 9, after 2024"):
        timeline("f", hours(0, 1, 1), rows=[2, 5, 9])


def test_times_of_a_file_without_any():
    np.testing.assert_array_equal(times_from("f", "2024-01-01", "1h", 3), hours(0, 1, 2))
    assert times_from("f", "2024-01-01T06:30", "10min", 2)[1] == np.datetime64("2024-01-01T06:40")


@pytest.mark.parametrize(
    ("start", "step", "message"),
    [
        (None, "1h", "f has no times: give --start 2019-01-01T00 and --step 1h"),
        ("2024-01-01", None, "f has no times"),
        ("2024-01-01", "0h", "step is '0h'"),
        ("2024-01-01", "1 hour", "step is '1 hour': give a number and s, min, h or d"),
        ("now", "1h", "start is 'now': give a time"),
        ("yesterday", "1h", "start is 'yesterday': give a time"),
        ("", "1h", "start is ''"),
    ],
)
def test_wrong_starts_and_steps_are_refused(start, step, message):
    with pytest.raises(InputError, match=message):
        times_from("f", start, step, 3)
