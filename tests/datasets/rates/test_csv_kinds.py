"""Kinds of CSV files as users have them: each is read as it is meant, or refused in one line."""

from typing import NamedTuple

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.rates.csv_reader import read_rates

DAYS = ["2020-01-13", "2020-01-14", "2020-01-15", "2020-01-16"]
VALUES = [83.5, 83.07, 84.1, 83.9999]
PLAIN = "date,value\n2020-01-13,83.5\n2020-01-14,83.07\n2020-01-15,84.1\n2020-01-16,83.9999\n"
EUROPEAN = PLAIN.replace(",", ";").replace(".", ",")
TAB = PLAIN.replace(",", "\t")


class Kind(NamedTuple):
    """A file, and what has to come out.

    `expected`: values of `dates`, or a part of the refusal; `reading`: a part of how it was read.
    """

    name: str
    content: object
    expected: object = VALUES
    dates: object = DAYS
    reading: str = ""
    options: dict = {}


def dated(*dates, head="date,value"):
    """A file with these dates and 83.5, 84.5, ..."""
    return head + "\n" + "".join(f'"{date}",{83.5 + i}\n' for i, date in enumerate(dates))


def valued(*values, head="date,value"):
    """A file with these cells on the days from 2020-01-13 on."""
    rows = zip(DAYS, values, strict=False)
    return head + "\n" + "".join(f"{day},{value}\n" for day, value in rows)


def rising(count):
    return [83.5 + i for i in range(count)]


def is_dated(name, dates, *texts, reading="", **options):
    return Kind(name, dated(*texts), rising(len(texts)), dates.split(), reading, options)


def is_valued(name, values, *texts, reading="", head="date,value", **options):
    return Kind(name, valued(*texts, head=head), values, DAYS[: len(values)], reading, options)


def refused(name, content, message, **options):
    return Kind(name, content, message, options=options)


ENCODINGS = [
    Kind("plain", PLAIN, reading="'value' by 'date', dates year-month-day, decimal point, between"),
    Kind("byte-order mark", "\ufeff" + PLAIN),
    Kind("UTF-16 little endian", TAB.encode("utf-16"), reading="between tabs"),
    Kind("UTF-16 big endian", b"\xfe\xff" + PLAIN.encode("utf-16-be")),
    refused("UTF-16 without a mark", PLAIN.encode("utf-16-le"), "is binary or UTF-16"),
    refused("half a UTF-16", PLAIN.encode("utf-16")[:-1], "is no UTF-16"),
    refused("Latin-1 header", b"date,w\xe4hrung\n2020-01-13,83\n", "is not UTF-8 (byte 0xe4"),
    Kind("carriage return and line feed", PLAIN.replace("\n", "\r\n")),
    Kind("carriage return", PLAIN.replace("\n", "\r")),
    Kind("no line end at the end", PLAIN.rstrip("\n")),
    refused("empty", "", "is empty"),
    refused("header only", "date,value\n", "has 0 rates: give at least 1"),
    refused("web page", "<html>\n<p>date,value</p>\n</html>\n", "give"),
]

ROWS = [
    Kind("every cell quoted", '"' + PLAIN.strip().replace(",", '","').replace("\n", '"\n"') + '"'),
    Kind("spaces around the cells", PLAIN.replace(",", " , ")),
    Kind("space before a quote", PLAIN.replace(",", ', "').replace("\n", '"\n')),
    Kind("empty rows", "\n" + PLAIN.replace("\n", "\n\n,\n")),
    Kind("comments", "# from the bank\n" + PLAIN + '# it\'s "all"\n'),
    Kind("trailing delimiter in the rows", PLAIN.replace("\n", ",\n").replace("value,", "value")),
    Kind("trailing delimiter everywhere", PLAIN.replace("\n", ",\n")),
    Kind("trailing delimiter in the header", PLAIN.replace("value", "value,")),
    Kind("newest first", "date,value\n" + "\n".join(PLAIN.split("\n")[:0:-1])),
    refused("quote not closed", PLAIN.replace("83.5", '"83.5'), "is no CSV"),
    refused("a row too short", PLAIN + "2020-01-17\n", "give date,value (row 6 has 1 field"),
    refused("header missing", PLAIN[11:], "has no header but 2020-01-13, 83.5"),
    refused("title before the header", "Rates\n" + PLAIN, "no column 'date' among Rates"),
    refused("one column", "value\n83.5\n84\n", "has no column 'date' among value"),
    refused("dates only", "date\n2020-01-13\n", "has no column 'value' among date"),
    refused("footer", PLAIN + "source: the bank,\n", "has the date 'source: the bank' in row 6"),
    refused("date twice", PLAIN + "2020-01-13,83.5\n", "has 2020-01-13 twice"),
    refused("no date", PLAIN + ",83.5\n", "has the date '' in row 6"),
]

DELIMITERS = [
    Kind("semicolons and decimal commas", EUROPEAN, reading="decimal comma, between semicolons"),
    Kind("semicolons and decimal points", PLAIN.replace(",", ";"), reading="decimal point"),
    Kind("tabs", TAB, reading="between tabs"),
    Kind("tabs and decimal commas", TAB.replace(".", ","), reading="decimal comma"),
    Kind("Excel's first line", "sep=;\n" + EUROPEAN),
    refused("two delimiters", "a,date;b,value\n1,2020-01-13;2,5\n", "decide with --delimiter"),
    refused("vertical bars", PLAIN.replace(",", "|"), "has no column 'date' among date|value"),
    Kind("semicolons, told", EUROPEAN, options={"delimiter": ";"}),
    refused("no such delimiter", PLAIN, "delimiter is '|': give one of", delimiter="|"),
    refused(
        "unquoted decimal comma",
        "date,value\n2020-01-13,83,00\n2020-01-14,83,07\n",
        "'2020-01-13,83,00': give date,value (row 2 has 3 fields instead of 2, and a number with",
    ),
    refused(
        "unquoted thousands",
        "date,value\n2020-01-13,1,234.50\n2020-01-14,1,240.10\n",
        "'2020-01-13,1,234.50': give date,value (row 2 has 3 fields",
    ),
    refused("some unquoted", PLAIN + "2020-01-17,83,\n", "(row 6 has 3 fields instead of 2"),
]

COLUMNS = [
    Kind("FRED", PLAIN.replace("date,value", "observation_date,DEXINUS"), reading="'DEXINUS' by"),
    Kind("other words", EUROPEAN.replace("date;value", "Datum;Kurs"), reading="'Kurs' by 'Datum'"),
    Kind("an index", PLAIN.replace("date", ""), reading="'value' by ''"),
    Kind("value first", "value,date\n" + "\n".join(
        ",".join(row.split(",")[::-1]) for row in PLAIN.split("\n")[1:]
    )),
    is_valued("the close of a day", [2, 3], "1,2", "2,3", head="date,open,close"),
    is_valued("one of numbers", [1, 2], "a,1", "b,2", head="date,note,usd", reading="'usd' by"),
    is_valued("named", [2, 3], "1,2", "2,3", head="date,usd,eur", column="EUR"),
    refused("two of numbers", valued("1,2", head="date,usd,eur"), "the rates with --column"),
    refused("two known", valued("1,2", head="date,price,close"), "more than one column among"),
    refused("no such column", PLAIN, "has no column 'gbp' among date, value", column="gbp"),
    refused("a column twice", valued("1,2", head="date,usd,usd"), "2 times the column 'usd'",
            column="usd"),
    refused("two of dates", "from,to,rate\n2020-01-13,2020-01-14,5\n",
            "more than one column 'date'"),
]  # fmt: skip

NUMBERS = [
    is_valued("quoted decimal comma below one", [0.92, 1.05], '"0,920"', '"1,050"'),
    is_valued("quoted decimal comma of two digits", [83.5, 1083], '"83,5"', '"1083"'),
    is_valued("decimal comma of four digits", [1.2], '"1,2000"', reading="decimal comma"),
    refused(
        "comma before three digits",
        valued('"1,050"', '"1,057"'),
        "'1,050' on 2020-01-13 (row 2), 1050 with a decimal point and 1.05 with a decimal comma: "
        "decide with --decimal . or --decimal ,",
    ),
    is_valued("the same, told", [1.05, 1.057], '"1,050"', '"1,057"', decimal=","),
    is_valued("the other way round", [1050, 1057], '"1,050"', '"1,057"', decimal="."),
    refused(
        "point before three digits between semicolons",
        valued("1.050", "1.057").replace(",", ";"),
        "1.05 with a decimal point and 1050 with a decimal comma",
    ),
    is_valued("point before three digits", [63.05, 63.84], "63.050", "63.840"),
    is_valued(
        "another column knows", [63840.0, 64055.0], '63.840,"-0,37%"', '64.055,"0,4%"',
        head="date,price,change",
    ),
    is_valued("a neighbour knows", [999.0, 1050.0], "999", '"1,050"'),
    is_valued("thousands", [1234567.5, 1234568], '"1,234,567.5"', '"1,234,568"'),
    is_valued("European thousands", [1234.5, 999.25], '"1.234,5"', '"999,25"'),
    is_valued("spaces of thousands", [1234.5, 1235.5], "1 234.5", "1\u202f235.5"),
    is_valued("apostrophes of thousands", [1234.5], "1'234.50"),
    is_valued("thousands of India", [1234567.5], '"12,34,567.50"'),
    is_valued("exponent", [71.0], "7.1e1"),
    is_valued("no leading zero", [0.92], ".92"),
    Kind("days without a rate", valued(".", "", "N/A", "84"), [84.0], DAYS[3:], "3 dates without"),
    refused("both marks", valued('"1.234,50"', '"1,234.50"'), "give one decimal mark"),
    refused("wrong mark told", valued("83.07"), "above 0 with a decimal comma", decimal=","),
    refused("wrong grouping", valued('"1,23,4"'), "has the value '1,23,4' on 2020-01-13 (row 2)"),
    *(
        refused(f"{text} is no number", valued(text), f"the value '{text}' on 2020-01-13 (row 2)")
        for text in ("8_3.5", "nan", "inf", "0x53", "1e999", "0", "-5", "n/a", "$83.5", "83.", "²")
    ),
    *(
        refused(f"{text} is beyond float32", valued(text), f"the value '{text}' on 2020-01-13 "
                "(row 2): give a number from 1e-30 to 1e+30, in another unit")
        for text in ("7e300", "7e-300")
    ),
    refused("a long cell", valued("x" * 38_000), "(38000 characters)"),
    refused("a change of unit", valued("71", "7105"), "from 71 to 7105 on 2020-01-14, a factor"),
]  # fmt: skip

DATES = [
    is_dated("day first", "2020-01-02 2020-01-13", "02/01/2020", "13/01/2020",
             reading="day-month-year"),
    is_dated("month first", "2020-01-02 2020-01-13", "1/2/2020", "1/13/2020",
             reading="month-day-year"),
    refused(
        "either first",
        dated("01/02/2020", "01/03/2020"),
        "'01/02/2020' in row 2, 2020-02-01 with the day first and 2020-01-02 with the month first: "
        "decide with --date-order dmy or --date-order mdy",
    ),
    is_dated("day first, told", "2020-02-01 2020-03-01", "01/02/2020", "01/03/2020",
             date_order="dmy"),
    is_dated("month first, told", "2020-01-02 2020-01-03", "01/02/2020", "01/03/2020",
             date_order="mdy"),
    is_dated("the same in either order", "2020-01-01 2020-02-02", "01-01-2020", "02-02-2020"),
    is_dated("points", "2020-02-01 2020-03-01", "01.02.2020", "1.3.2020"),
    is_dated("slashes", "2020-01-13", "2020/1/13"),
    is_dated("digits alone", "2020-01-13", "20200113"),
    is_dated("names of months", "2020-01-13 2020-05-01", "13 Jan 2020", "1 May 2020"),
    is_dated("American names", "2020-01-13 2020-02-01", "Jan 13, 2020", "February 1, 2020"),
    is_dated("months", "2020-01-01 2020-02-01", "2020-01", "2020-02", reading="year-month"),
    is_dated("quarters", "2020-01-01 2020-04-01", "2020-Q1", "2020-Q2"),
    is_dated("ISO weeks", "2020-01-06 2020-01-14", "2020-W02", "2020-W03-2"),
    is_dated("years", "2019-01-01 2020-01-01", "2019", "2020", reading="years"),
    is_dated("midnights", "2020-01-13 2020-01-14", "2020-01-13 00:00:00", "2020-01-14 00:00:00"),
    is_dated("closing time", "2020-01-13 2020-01-14", "1/13/2020 4:00 PM", "1/14/2020 4:00 PM",
             reading="all at 16:00"),
    is_dated("local time in summer and winter", "2020-03-06 2020-03-09",
             "2020-03-06T16:00:00-05:00", "2020-03-09T16:00:00-04:00"),
    is_dated("hours", "2020-01-13T09:00:00 2020-01-13T10:00:00", "2020-01-13 09:00",
             "2020-01-13 10:00", reading="and times"),
    is_dated("hours of a zone", "2020-01-12T23:30:00 2020-01-13T00:30:00",
             "2020-01-13T05:00+05:30", "2020-01-13T06:00+0530", reading="times in UTC"),
    refused("a zone sometimes", dated("2020-01-13T05:00Z", "2020-01-13T06:00"), "an offset from"),
    *(
        refused(f"the offset {offset}", dated(f"2020-01-13T05:00{offset}", "2020-01-14T05:00Z"),
                f"'2020-01-13T05:00{offset}' in row 2: give an offset from UTC from -12:00 to")
        for offset in ("+99:00", "-12:30", "+05:75")
    ),
    refused("before the first year", dated("0001-01-01T00:30:00+12:00", "0001-01-02T05:00:00Z"),
            "'0001-01-01T00:30:00+12:00' in row 2: give years from 1 to 9999 in UTC"),
    refused("after the last year", dated("9999-12-30T05:00:00Z", "9999-12-31T23:30:00-12:00"),
            "'9999-12-31T23:30:00-12:00' in row 3: give years from 1 to 9999 in UTC"),
    refused("an hour twice", dated("2020-10-25 02:00", "2020-10-25 02:30", "2020-10-25 02:00"),
            "has 2020-10-25T02:00:00 twice"),
    refused("years of two digits", dated("13.01.20"), "with four digits of the year"),
    refused("names and two digits", dated("13-Jan-20"), "with four digits of the year"),
    refused("no such day", dated("2020-02-30"), "'2020-02-30' in row 2: there is no such day"),
    refused("no such day, told", dated("13/01/2020"), "(month-day-year): there is no such day",
            date_order="mdy"),
    refused("neither order", dated("13/01/2020", "01/13/2020"), "there is no such day"),
    refused("two forms", dated("2020-01-13", "14/01/2020"), "form of the first one, 2020-01-13"),
    refused("no such hour", dated("2020-01-13 25:00"), "a time of day as 16:30"),
    refused("numbers of Excel", dated("43843"), "has the date '43843' in row 2"),
    refused("no such order", PLAIN, "date_order is 'ydm': give one of 'dmy', 'mdy'",
            date_order="ydm"),
]  # fmt: skip

KINDS = [*ENCODINGS, *ROWS, *DELIMITERS, *COLUMNS, *NUMBERS, *DATES]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_is_read_as_it_is_meant_or_refused(tmp_path, kind):
    path = tmp_path / "rates.csv"
    content = kind.content
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if isinstance(kind.expected, str):
        with pytest.raises(InputError) as problem:
            read_rates(path, **kind.options)
        message = str(problem.value)
        assert kind.expected in message
        assert "\n" not in message
        assert len(message) < 500
        return
    rates = read_rates(path, **kind.options)
    np.testing.assert_allclose(rates.values, kind.expected, rtol=1e-15)
    assert rates.dates.astype(str).tolist() == kind.dates
    assert kind.reading in rates.reading
    assert rates.reading.startswith(f"rates.csv: {len(rates)} ")
