"""A user's own rates, and one clear line for each thing that can be wrong with them."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.rates.csv_reader import read_rates
from rnnzoo.datasets.rates.series import weekdays_between

ROWS = ["2020-01-02,70.5", "2020-01-03,70.75", "2020-01-07,71"]


@pytest.fixture
def read(tmp_path):
    def read(*rows, header="date,value", **settings):
        path = tmp_path / "rates.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return read_rates(path, **settings)

    return read


def test_values_and_dates(read):
    rates = read(*ROWS)
    np.testing.assert_array_equal(rates.values, [70.5, 70.75, 71])
    assert [str(date) for date in rates.dates] == ["2020-01-02", "2020-01-03", "2020-01-07"]
    np.testing.assert_array_equal(rates.gaps, [0, 0, 1])  # Monday is missing, a weekend is not
    assert len(rates[1:]) == 2


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        (ROWS[::-1], "date,value"),
        (["02.01.2020,70.5", "03.01.2020,70.75", "07.01.2020,71"], "Date,Value"),
        ([*ROWS, "2020-01-06,", "2020-01-08,."], "observation_date,DEXINUS"),
        ([f"x,{row}" for row in ROWS], "note,date,price"),
        (['2020-01-02,"70.5"', "", "2020-01-03,70.750", "2020-01-07,7.1e1"], "date,value"),
    ],
)
def test_other_ways_to_write_the_same(read, rows, header):
    rates, same = read(*rows, header=header), read(*ROWS)
    np.testing.assert_array_equal(rates.values, same.values)
    np.testing.assert_array_equal(rates.dates, same.dates)


@pytest.mark.parametrize(
    ("rows", "settings", "said"),
    [
        ([], {}, "has 0 rates: give at least 1"),
        (ROWS, {"least": 4}, "has 3 rates: give at least 4"),
        (["1"], {"header": "value"}, "no column 'date' among value"),
        (["2020-01-02,1,2"], {"header": "date,usd,eur"}, "no column 'value' among date, usd, eur"),
        ([*ROWS, "2020-01-03,70"], {}, "has 2020-01-03 twice"),
        ([*ROWS, "2020-01-08,0"], {}, "has the value '0' on 2020-01-08"),
        ([*ROWS, "2020-01-08,-70"], {}, "has the value '-70' on 2020-01-08"),
        ([*ROWS, "2020-01-08,n/a"], {}, "has the value 'n/a' on 2020-01-08"),
        ([*ROWS, "2020-01-08,inf"], {}, "has the value 'inf' on 2020-01-08"),
        (["2020-01-02", *ROWS], {}, "has the row '2020-01-02': give date,value"),
        ([*ROWS, "01/08/2020,70"], {}, "has the date '01/08/2020'"),
        ([*ROWS, "08-13-2020,70"], {}, "has the date '08-13-2020'"),
        ([*ROWS, "2020-01-08,7105"], {}, "from 71 to 7105 on 2020-01-08, a factor of 100"),
        ([*ROWS, "2020-01-08,.71"], {}, "from 71 to 0.71 on 2020-01-08, a factor of 100"),
    ],
)
def test_what_is_refused_is_named_in_one_line(read, rows, settings, said):
    with pytest.raises(InputError) as problem:
        read(*rows, **settings)
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)


def test_files_that_are_none(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_rates(tmp_path / "no.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_rates(tmp_path)
    (tmp_path / "binary.csv").write_bytes(b"\0\1\2")
    with pytest.raises(InputError, match="binary"):
        read_rates(tmp_path / "binary.csv")


def test_weekdays_between():
    days = np.array(["2020-01-03", "2020-01-04", "2020-01-05", "2020-01-08"], "datetime64[D]")
    np.testing.assert_array_equal(weekdays_between(days), [0, 0, 0, 2])
