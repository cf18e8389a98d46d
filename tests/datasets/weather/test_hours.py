"""Hourly values as those of days."""

import json
import warnings

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.hours import by_day
from rnnzoo.datasets.weather.reader import read_weather

pytestmark = pytest.mark.core


def hours(days, start="2001-01-01"):
    return np.datetime64(start, "s") + np.arange(24 * days) * np.timedelta64(3600, "s")


def test_means_sums_and_extremes():
    times, hour = hours(2), np.arange(48) % 24
    temperature = 20 + hour / 2 + (np.arange(48) >= 24)
    rain = np.where(hour == 5, 3.0, 0)
    days, daily = by_day(times, {"T2M": temperature, "PRECTOTCORR": rain})
    assert days.astype("datetime64[D]").astype(str).tolist() == ["2001-01-01", "2001-01-02"]
    np.testing.assert_allclose(daily["T2M"], [25.75, 26.75])
    assert daily["T2M_MAX"].tolist() == [31.5, 32.5] and daily["T2M_MIN"].tolist() == [20, 21]
    np.testing.assert_allclose(daily["PRECTOTCORR"], [3, 3])


def test_directions_are_averaged_as_vectors():
    direction = np.where(np.arange(48) % 2, 350.0, 20.0)
    direction[24:] = 350 + np.arange(24) % 2 * 20.0  # 350 and 10
    days, daily = by_day(hours(2), {"WD10M": direction})
    np.testing.assert_allclose((daily["WD10M"] + 180) % 360 - 180, [5, 0], atol=1e-6)


def test_a_day_needs_18_hours():
    values = np.full(48, 2.0)
    values[:7] = values[24:30] = np.nan
    _, daily = by_day(hours(2), {"T2M": np.arange(48.0), "PRECTOTCORR": values})
    # Of 18 hours, the rain is that of a whole day.
    np.testing.assert_array_equal(daily["PRECTOTCORR"], [np.nan, 48])
    days, daily = by_day(hours(2)[10:], {"T2M": np.arange(38.0)})
    np.testing.assert_array_equal(daily["T2M"], [np.nan, 25.5])
    np.testing.assert_array_equal(daily["T2M_MAX"], [np.nan, 37])


def test_extremes_of_the_file_are_kept():
    columns = {"T2M": np.arange(24.0), "T2M_MAX": np.arange(24.0) + 1}
    _, daily = by_day(hours(1), columns)
    assert daily["T2M_MAX"].tolist() == [24] and daily["T2M_MIN"].tolist() == [0]


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("RH2M", "500", "RH2M has 500 at 2001-02-10T05, give percent from 0 to 100"),
        ("RH2M", "-60", "RH2M has -60 at 2001-02-10T05, give percent"),
        ("PRECTOTCORR", "-5", "PRECTOTCORR has -5 at 2001-02-10T05, give mm/hour from 0 to 2000"),
        ("WD10M", "999", "WD10M has 999 at 2001-02-10T05, give degrees from 0 to 360"),
        ("WD10M", "inf", "has the value 'inf' in row 967: give a finite number"),
        ("T2M", "70", r"T2M has 70 at 2001-02-10T05, .* from -95 to 62 \(Fahrenheit\?\)"),
        ("TS", "91", "TS has 91 at 2001-02-10T05, give degrees Celsius from -95 to 90"),
        ("TS", "80", None),
    ],
)
def test_hours_are_checked_before_their_means(tmp_path, parameter, value, message):
    values = {"T2M": "10", "RH2M": "60", "PRECTOTCORR": "0.5", "WD10M": "0", "TS": "20"}
    lines = [f"{time},{','.join(values.values())}" for time in hours(740)]
    lines[40 * 24 + 5] = f"2001-02-10T05,{','.join({**values, parameter: value}.values())}"
    (tmp_path / "hourly.csv").write_text("\n".join([f"date,{','.join(values)}", *lines]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if message is None:
            read_weather(tmp_path / "hourly.csv")
            return
        with pytest.raises(InputError, match=message):
            read_weather(tmp_path / "hourly.csv")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_hourly_files(tmp_path, kind):
    times = hours(731)[5:]  # in another time zone, the first day is not whole
    numbers = np.arange(len(times)) % 24
    if kind == "csv":
        rows = [
            f"{str(time)[:4]},{str(time)[5:7]},{str(time)[8:10]},{str(time)[11:13]},{number}"
            for time, number in zip(times, numbers, strict=True)
        ]
        text = "YEAR,MO,DY,HR,T2M\n" + "\n".join(rows)
    else:
        keys = [str(time)[:13].replace("-", "").replace("T", "") for time in times]
        values = {"T2M": dict(zip(keys, numbers.tolist(), strict=True))}
        text = json.dumps({"properties": {"parameter": values}})
    path = tmp_path / f"hourly.{kind}"
    path.write_text(text)
    series = read_weather(path)
    assert series.step == 86_400 and len(series) == 731
    assert series.values[1, 0, 0, :5].tolist()[0] == 11.5
    assert series.values[0, 0, 0, 0] == 9  # 19 hours, 0 to 18
