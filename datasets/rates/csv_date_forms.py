"""Forms of the dates of CSV files."""

import re

from rnnzoo.datasets.rates.csv_times import TIME

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_NAME = rf"(?P<name>{'|'.join(sorted((*MONTHS, 'sept', *_FULL), key=len, reverse=True))})\.?"
_YEAR, _DAY = r"(?P<year>\d{4})", r"(?P<day>\d{1,2})"
_DIGITS = r"(?P<year>(?:18|19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)"

# Numeric dates that end with the year: the order of the other two is open.
OPEN = rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark){_YEAR}"

# Forms of a date, and what they are called in messages.
FORMS = {
    rf"{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark){_DAY}": "year-month-day",
    _DIGITS: "yearmonthday",
    OPEN: "",
    rf"{_DAY}[- ]{_NAME},?[- ]{_YEAR}": "day month-name year",
    rf"{_NAME} {_DAY},? {_YEAR}": "month-name day year",
    rf"{_YEAR}[-/](?P<month>\d\d)": "year-month",
    rf"(?P<month>\d\d)/{_YEAR}": "month/year",
    rf"{_NAME}[- ]{_YEAR}": "month-name year",
    rf"{_YEAR}[- ]?Q(?P<quarter>[1-4])": "year-quarter",
    rf"Q(?P<quarter>[1-4])[- ]{_YEAR}": "quarter year",
    rf"{_YEAR}-?W(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?": "ISO weeks",
    _YEAR: "years",
}
COMPILED = {form: re.compile(form + TIME, re.ASCII | re.IGNORECASE) for form in FORMS}

# Numbers can look like these: a column is found by its header then, not by its cells.
_LIKE_NUMBERS = (_YEAR, _DIGITS)


def is_date(text):
    """Whether a text has the form of a date, and is not a number as well."""
    return any(
        compiled.fullmatch(text) for form, compiled in COMPILED.items() if form not in _LIKE_NUMBERS
    )
