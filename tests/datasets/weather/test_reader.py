"""Files of weather: what is read, and what is refused in one line."""

import json
from pathlib import Path

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.datasets.weather.reader import read_weather

pytestmark = pytest.mark.core

DAYS = np.arange("2001-01-01", "2003-02-01", dtype="datetime64[D]")
HEADER = """-BEGIN HEADER-
NASA/POWER CERES/MERRA2 Native Resolution Daily Data
Dates (month/day/year): 01/01/2001 through 01/31/2003
Location: Latitude  12.97   Longitude 77.59
The value for missing source data that cannot be computed or is outside of the sources availability range: -999
Parameter(s):
T2M             MERRA-2 Temperature at 2 Meters (C)
-END HEADER-
"""  # noqa: E501


def season(mean=25.0, size=5.0):
    """A value per day, of one place."""
    return np.round(mean + size * np.sin(np.arange(len(DAYS)) * 2 * np.pi / 365), 2)


def ymd(day):
    return str(day).replace("-", ",")


def of_year(day):
    return f"{str(day)[:4]},{(day - day.astype('M8[Y]').astype('M8[D]')).astype(int) + 1}"


def ymd_and_date(day):
    return f"{ymd(day)},{day.astype(object):%d-%m-%Y}"


def csv(columns, dates="YEAR,MO,DY", date=ymd, days=DAYS):
    """The text of a CSV file; `columns` from name to the values of the days."""
    rows = [",".join([dates, *columns])]
    for number, day in enumerate(days):
        rows.append(",".join([date(day), *(str(values[number]) for values in columns.values())]))
    return "\n".join(rows) + "\n"


@pytest.fixture
def read(tmp_path):
    def of(text, fill=None, name="power.csv"):
        (tmp_path / name).write_text(text)
        return read_weather(tmp_path / name, fill)

    return of


def column(series, name):
    return series.values[:, 0, 0, series.channels.index(name)]


def test_a_csv_file_with_powers_header(read):
    series = read(HEADER + csv({"T2M": season(), "RH2M": season(60)}))
    assert series.values.shape == (len(DAYS), 1, 1, 20) and series.values.dtype == np.float32
    assert series.channels == list(PARAMETERS)
    np.testing.assert_array_equal(series.times, DAYS.astype("datetime64[s]"))
    np.testing.assert_array_equal(column(series, "T2M"), season().astype("float32"))
    assert np.isnan(column(series, "PS")).all()


@pytest.mark.parametrize(
    ("dates", "date"),
    [
        ("YEAR,DOY", of_year),
        ("date", str),
        ("date", "{}T00:00Z".format),
        ("date", "{}T00:00+01:00".format),
        ("date", lambda day: str(day).replace("-", "")),
        ("YEAR,MO,DY,Date", ymd_and_date),
    ],
)
def test_other_dates(read, dates, date):
    series = read(csv({"T2M": season()}, dates, date))
    np.testing.assert_array_equal(series.times, DAYS.astype("datetime64[s]"))


def test_a_json_file(read):
    keys = [str(day).replace("-", "") for day in DAYS]
    values = season()
    values[:10] = -99
    content = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [77.59, 12.97, 910.0]},
        "properties": {"parameter": {"T2M": dict(zip(keys, values.tolist(), strict=True))}},
        "header": {"fill_value": -99.0},
    }
    series = read(json.dumps(content), name="power.json")
    # Days on which nothing was measured are cut off at the ends.
    np.testing.assert_array_equal(series.times, DAYS[10:].astype("datetime64[s]"))
    np.testing.assert_array_equal(column(series, "T2M"), values[10:].astype("float32"))


def test_parameters_may_begin_later_and_end_earlier(read):
    uv = season(2, 1)
    uv[:100] = uv[-7:] = -999
    series = read(csv({"T2M": season(), "ALLSKY_SFC_UVA": uv}))
    known = ~np.isnan(column(series, "ALLSKY_SFC_UVA"))
    assert len(series) == len(DAYS) and known[100:-7].all() and known.sum() == len(DAYS) - 107


def test_gaps_are_counted_and_refused_or_left_to_the_model(read):
    humidity = season(60)
    humidity[300], humidity[200] = -999, np.nan
    text = csv({"T2M": season(), "RH2M": humidity})
    with pytest.raises(
        InputError,
        match="power.csv lacks 2 values, the first of RH2M at 2001-07-20: give all of them, or "
        "--fill forecast lets the model impute them",
    ):
        read(text)
    series = read(text, "forecast")
    assert np.flatnonzero(np.isnan(column(series, "RH2M"))).tolist() == [200, 300]
    assert (series.missing, series.missing_days) == (2, 0)


def test_missing_days(read):
    lines = csv({"T2M": season()}).splitlines()
    del lines[51:53]
    with pytest.raises(InputError, match="lacks 2 days, the first 2001-02-20: give all of them"):
        read("\n".join(lines))
    series = read("\n".join(lines), "forecast")
    assert np.flatnonzero(np.isnan(series.values).all(axis=(1, 2, 3))).tolist() == [50, 51]
    assert (series.missing, series.missing_days) == (0, 2)


def test_long_gaps_are_no_gaps(read):
    years = csv({"T2M": [25] * 2000}, days=np.r_[DAYS, DAYS + 1130])
    with pytest.raises(InputError, match="lacks 369 days after 2003-01-31: give the days before"):
        read(years, "forecast")


def test_other_parameters_of_power_are_skipped_and_named(read):
    columns = {"T2M": season(), "T2M_RANGE": season(), "WS2M": season(), "ps": season(95)}
    series = read(csv(columns))
    assert series.skipped == ("T2M_RANGE", "WS2M")
    many = {f"T2M_X{number}": season() for number in range(15)}
    assert read(csv({"T2M": season(), **many})).note == (
        "skipped T2M_X0, T2M_X1, T2M_X2, T2M_X3, T2M_X4, T2M_X5, T2M_X6, T2M_X7, T2M_X8, T2M_X9 "
        "and 5 more columns"
    )
    assert series.note == "skipped T2M_RANGE, WS2M" and read(csv({"T2M": season()})).note == ""
    assert not np.isnan(column(series, "PS")).any()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"T2M_MX": season()}, "power.csv has the unknown column 'T2M_MX': is it T2M_MAX?"),
        ({"pressure": season(90)}, "has the unknown column 'PRESSURE': give parameters of NASA"),
        ({"T2M_RANGE": season()}, "has none of the parameters T2M, T2MDEW, .*: give one or more"),
        ({"T2M": season(), "t2m": season()}, "has the column 'T2M' twice: give it once"),
        ({"T2M_MAX": season(98)}, "T2M_MAX has 98 at 2001-01-01, give degrees Celsius from -95 to "
         r"62 \(Fahrenheit\?\)"),
        ({"T2M": season(300)}, r"T2M has 300 at .* \(Kelvin\?\)"),
        ({"PS": season(91940)}, r"PS has 91940 at .*, give kPa from 45 to 110 \(Pa\?\)"),
        ({"PS": season(919.4)}, r"PS has 919.4 at .*, give kPa from 45 to 110 \(hPa\?\)"),
        ({"RH2M": season(0.6, 0.2)}, r"RH2M has at most 0.8 at .*, give percent from 0 to 100 "
         r"\(a fraction\?\)"),
        ({"GWETTOP": season(50)}, r"GWETTOP has 50 at .* from 0 to 1 \(percent\?\)"),
        ({"PRECTOTCORR": season(-1, 0)}, "PRECTOTCORR has -1 at 2001-01-01, give mm/day from 0"),
        ({"T2M": ["1e400", *season()[1:]]}, "has the value '1e400' in row 2: give a finite number"),
        ({"T2M_MAX": season(), "T2M_MIN": season() + 1},
         "maximum temperature is below the minimum on 761 days, 25 and 26 at 2001-01-01: give"),
        ({"T2M": ["x", *season()[1:]]}, "has the value 'x' in row 2: give a number"),
    ],
)  # fmt: skip
def test_what_is_refused(read, columns, message):
    with pytest.raises(InputError, match=message):
        read(csv(columns))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (csv({"T2M": season()}, days=DAYS[:400]), "has 400 days: give two years, 730 days"),
        (csv({"T2M": season()}, days=DAYS[::-1]), "has the time 2003-01-30T00:00:00 in row 3"),
        (csv({"T2M": season()}, days=DAYS[::7]), "has a value per 604800 s: give daily or hourly"),
        ("YEAR,MO,DY,T2M\n2001,2,30,25\n", "has the date '2001-2-30' in row 2: give a day"),
        ("YEAR,DOY,T2M\n2001,366,25\n", "has the date 'day 366 of 2001' in row 2: give a day"),
        ("YEAR,MO,DY,T2M\n99999,6,18,25\n", "has the date '99999-6-18' in row 2: give a day"),
        ("YEAR,MO,DY,T2M\n2017,6,31.5,25\n", "has the date '2017-6-31.5' in row 2: give a day"),
        ("YEAR,MO,DY,T2M\n2017,nan,3,25\n", "has the date '2017-nan-3' in row 2: give a day"),
        ("YEAR,MO,DY,T2M\n1e400,6,3,25\n", "has the value '1e400' in row 2: give a finite"),
        ("YEAR,MO,DY,T2M\n\n2001,1,1,2\n2001,1,1,3\n", "time 2001-01-01T00:00:00 in row 4, aft"),
        (HEADER + "YEAR,MO,DY,T2M\n2001,1,1,2\n2001,1,1,3\n", "01T00:00:00 in row 11, after"),
        ("YEAR,MO,DY,HR,T2M\n2001,1,1,24.5,25\n", "has the hour '24.5' in row 2: give 0 to 23"),
        ("date,T2M\n2001-01-01,25\n2001/01/02,25\n", "has the time '2001/01/02' in row 3: give"),
        ("date,T2M\n2001-01-01T00,2\n2001-01-01T01,2\n9000-01-01,2\n", "lacks .* days after 2001"),
        ("YEAR,T2M\n2001,25\n", "has the columns 'YEAR, T2M': give YEAR, MO, DY or YEAR, DOY"),
        ("YEAR,MO,DY,T2M\n", "has no rows: give a CSV file"),
        ("-BEGIN HEADER-\nNASA/POWER\n", "has -BEGIN HEADER- and no -END HEADER-: give the whole"),
        ('{"properties": {"parameter"', "is no JSON .*: give the whole file"),
        ('{"messages": ["failed"]}', "is no JSON file of one point of NASA POWER: give properties"),
        ('{"properties": {"parameter": {"T2M": {"200113": 1}}}}', "has the time '200113': give"),
        ('{"properties": {"parameter": {"T2M": {"20010101": "1"}}}}', "has '1' as T2M of"),
        ('{"properties": {"parameter": {"T2M": ["20010101"]}}}', r"has \['20010101'\] as 'T2M'"),
        ('{"properties": {"parameter": [["T2M", {"20010101": 1}]]}}', "is no JSON file of one"),
        ('{"properties": {"parameter": {"T2M": {}}}}', "has no days: give properties.parameter"),
        ('{"properties": {"parameter": {"T2M": {"20010230": 1}}}}', "has the date '20010230'"),
        (f'{{"properties": {{"parameter": {{"T2M": {{"20010101": 1{"0" * 400}}}}}}}}}',
         r"has 10+ \.\.\. as T2M of 20010101: give a finite number"),
        (f'{{"properties": {{"parameter": {{"T2M": {{"20010101": 1{"0" * 5000}}}}}}}}}',
         "has inf as T2M of 20010101: give a finite number"),
        ("[" * 100_000, "is no JSON that can be read: it is nested too deeply"),
    ],
)  # fmt: skip
def test_texts_that_are_refused(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text)


def test_a_day_whose_maximum_is_below_the_minimum_is_noted(read):
    maximum = season() + 3
    maximum[7] = -5
    series = read(csv({"T2M_MAX": maximum, "T2M_MIN": season()}))
    assert series.note == "1 days with a maximum below the minimum, the first 2001-01-08"


def test_far_hours_are_refused_before_they_are_allocated(read):
    rows = [f"2015-01-01T00:00:{second:02d},10" for second in range(60)]
    with pytest.raises(InputError, match="has a value per 1 s: give daily or hourly values"):
        read("\n".join(["date,T2M", *rows, "9000-01-01,10"]))


def test_a_file_that_cannot_be_read_to_its_end_is_named():
    memory = Path("/proc/self/mem")
    if not memory.exists():
        pytest.skip("needs /proc")
    with pytest.raises(InputError, match="/proc/self/mem cannot be read: Input/output error"):
        read_weather(memory)


def test_arguments_are_checked(tmp_path):
    with pytest.raises(InputError, match="fill is 'linear': give 'forecast' or None"):
        read_weather(tmp_path, "linear")
    with pytest.raises(InputError, match="a.csv does not exist: give a CSV or JSON file of NASA"):
        read_weather(tmp_path / "a.csv")
