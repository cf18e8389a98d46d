"""Files of weather stations: DSSAT and AquaCrop."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.reader import read_weather

pytestmark = pytest.mark.core

DAYS = np.arange("1998-12-01", "2001-02-01", dtype="datetime64[D]")
STATION = """*WEATHER DATA : Somewhere

@ INSI      LAT     LONG  ELEV   TAV   AMP REFHT WNDHT
  SOME   50.299 -107.299   817   4.0  30.0   2.0   2.0
@DATE  SRAD  TMAX  TMIN  RAIN  DEWP  WIND   PAR  EVAP  RHUM
"""


def wth(rows, long=False):
    """The text of a `.WTH` file; `rows` from a day to its cells after the date."""
    lines = []
    for day, cells in rows.items():
        year = day.astype("datetime64[Y]")
        date = f"{str(year) if long else str(year)[2:]}{int((day - year).astype(int)) + 1:03d}"
        lines.append(date + cells)
    header = STATION.replace("@DATE", "@  DATE") if long else STATION
    return header + "\n".join(lines) + "\n"


@pytest.fixture
def read(tmp_path):
    def of(text, fill=None):
        (tmp_path / "station.txt").write_text(text)
        return read_weather(tmp_path / "station.txt", fill)

    return of


def named(series):
    return dict(zip(series.channels, series.values[:, 0, 0].T, strict=True))


@pytest.mark.parametrize("long", [False, True])
def test_dssat(read, long):
    cells = "   3.2   5.5  -7.5   1.3       700.8                  "
    series = read(wth({day: cells for day in DAYS}, long))
    np.testing.assert_array_equal(series.times, DAYS.astype("datetime64[s]"))  # 1999, then 2000
    values = named(series)
    measured = {name: values[name][9] for name in values if not np.isnan(values[name]).all()}
    assert measured == {"T2M": -1, "T2M_MAX": 5.5, "T2M_MIN": -7.5, "PRECTOTCORR": np.float32(1.3)}
    assert series.skipped == ("SRAD", "DEWP", "WIND", "PAR", "EVAP", "RHUM")


def test_missing_values_of_dssat(read):
    rows = {day: "   3.2   5.5  -7.5   1.3" for day in DAYS}
    rows[DAYS[100]] = "   3.2 -99.0  -7.5   1.3"
    rows[DAYS[200]] = "   3.2   5.5  -7.5      "
    with pytest.raises(InputError, match="lacks 3 values, the first of T2M at 1999-03-11: give"):
        read(wth(rows))
    values = named(read(wth(rows), "forecast"))
    assert np.flatnonzero(np.isnan(values["T2M_MAX"])).tolist() == [100]
    assert np.flatnonzero(np.isnan(values["PRECTOTCORR"])).tolist() == [200]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (wth({DAYS[0]: " 1 2 3 4"}).replace("98335", "98367"), "has the date '98367' in row 6"),
        (wth({DAYS[0]: " 1 2 3 4"}).replace("98335", "9x335"), "has the date '9x335' in row 6"),
        (wth({DAYS[0]: "   1.0   x.0   3.0   4.0"}), "has the value 'x.0' in row 6: give a number"),
        (wth({DAYS[0]: " 1 2 3 4"}).replace("DEWP", "TMAX"), "has the column 'TMAX' twice"),
        (wth({day: "   3.2   2.0   3.0   1.3" for day in DAYS}),
         "the maximum temperature is below the minimum on 793 days, 2 and 3 at 1998-12-01: give"),
        (wth({}), "has no days: give a line with @DATE, TMAX, TMIN, RAIN, and days"),
        (STATION.replace("RAIN", "RANE") + "98335 1 2 3 4", "has no RAIN: give a line with @DATE"),
    ],
)  # fmt: skip
def test_what_dssat_is_refused(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text)


def climate(days=DAYS, header="Day\tMonth\tYear\tTmin(C)\tTmax(C)\tPrcp(mm)\tEt0(mm)"):
    rows = (f"{day.astype(object):%d\t%m\t%Y}\t-2.0\t5.0\t1.5\t0.4" for day in days)
    return header + "\n" + "\n".join(rows) + "\n"


def test_aquacrop(read):
    series = read(climate())
    np.testing.assert_array_equal(series.times, DAYS.astype("datetime64[s]"))
    values = named(series)
    measured = {name: values[name][9] for name in values if not np.isnan(values[name]).all()}
    assert measured == {"T2M": 1.5, "T2M_MAX": 5, "T2M_MIN": -2, "PRECTOTCORR": 1.5}
    assert series.skipped == ("Et0(mm)",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (climate().replace("Tmax(C)", "Tmax(F)"), r"has no column Tmax\(C\): give Day, Month"),
        (climate().replace("\t0.4", "", 1), "has 6 fields in row 2: give 7, as the header"),
        (climate(np.delete(DAYS, [7, 8])), "lacks 2 days, the first 1998-12-08: give all of them"),
        (climate(DAYS[[0, 1, 1, 2]]), "has the time 1998-12-02T00:00:00 in row 4, after"),
        (climate().replace("Et0(mm)", "Tmax(C)"), r"has the column 'Tmax\(C\)' twice"),
        (climate().replace("01\t12\t1998", "32\t12\t1998"), "has the date '1998-12-32' in row 2"),
        (climate().replace("5.0", "-5.0"), "minimum on 793 days, -5 and -2 at 1998-12-01: give"),
        (climate(DAYS[:0]), "has no days: give rows of them"),
    ],
)  # fmt: skip
def test_what_of_aquacrop_is_refused(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text)
