import warnings

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.iso_times import iso_times

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2015-01-03", "2015-01-03T00:00:00"),
        ("20150103", "2015-01-03T00:00:00"),
        ("2015-01-03T07", "2015-01-03T07:00:00"),
        ("2015-01-03 07:30", "2015-01-03T07:30:00"),
        ("2015-01-03T07:30:15.000", "2015-01-03T07:30:15"),
        ("2015-01-03T07:30Z", "2015-01-03T07:30:00"),
        ("2015-01-03T00:00+01:00", "2015-01-03T00:00:00"),
        ("2015-01-03 00:00:00 -0530", "2015-01-03T00:00:00"),
    ],
)
def test_times_are_those_of_the_local_clock(text, time):
    assert iso_times("f", [text]).astype(str).tolist() == [time]


def test_days_may_have_the_offsets_of_summer_and_winter():
    texts = ["2015-03-28T00:00+01:00", "2015-03-29T00:00+01:00", "2015-03-30T00:00+02:00"]
    assert iso_times("f", texts).astype("datetime64[D]").astype(str).tolist() == [
        "2015-03-28",
        "2015-03-29",
        "2015-03-30",
    ]
    hours = ["2015-03-29T01:00+01:00", "2015-03-29T03:00+02:00"]
    with pytest.raises(
        InputError,
        match=r"f has the times '2015-03-29T01:00\+01:00' and '2015-03-29T03:00\+02:00' in row 8, "
        "of other offsets from UTC: give times of one, or days",
    ):
        iso_times("f", hours, [7, 8])
    assert len(iso_times("f", ["2015-01-01T00:00Z", "2015-01-01T01:00+00:00"])) == 2


@pytest.mark.parametrize(
    "text", ["now", "", "2015", "2015-01", "2015-13-01", "20150103-01-01", "2015/01/03", "NaT",
             "٢٠١٥-01-03", "2015-01-03T25", "15-01-03", "-2015-01-03"]
)  # fmt: skip
def test_other_texts_are_named(text):
    with pytest.raises(InputError, match=f"f has the time '{text}' in row 3: give times such as"):
        iso_times("f", ["2015-01-01", text], [2, 3])
    with pytest.raises(InputError, match="at index 1: give times"):
        iso_times("f", ["2015-01-01", text])


@pytest.mark.parametrize("times", [[1, 2], [[np.datetime64("2015-01-01")]], [np.datetime64("NaT")]])
def test_other_arrays_are_refused(times):
    with pytest.raises(InputError, match="f has times that are none: give texts such as"):
        iso_times("f", times)
