"""Dates of a CSV column: one form for all of them, which is read from the whole column."""

import re
from datetime import date, datetime

import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.rates.csv_date_forms import COMPILED, FORMS, MONTHS, OPEN
from rnnzoo.datasets.rates.csv_options import DATE_ORDERS
from rnnzoo.datasets.rates.csv_times import offset_of, time_of

ACCEPTED = "2024-01-31, 31.01.2024, 31 Jan 2024, 2024-01, 2024-Q1 or 2024-W05"


def parsed_dates(name, cells, order=None):
    """The dates of a column, and how they were read.

    Times of day are kept where they differ; with offsets from UTC, they are in UTC then.

    Args:
        name: str or path, the name of the file in messages.
        cells: list of (int, str): the row and the text.
        order: `"dmy"` or `"mdy"`, of dates such as 01/02/2024; None: the column decides.

    Returns:
        (datetime64 array (time,) of days or seconds, str).

    Raises:
        InputError: a text is no date or has another form than the first one, or both orders fit;
            the message has its row.
    """
    if not cells:
        return np.array([], "datetime64[D]"), ""
    form = _form(name, cells)
    matches = [COMPILED[form].fullmatch(text) for _, text in cells]
    if not all(matches) or len({match["hour"] is None for match in matches}) > 1:
        raise _other_form(name, cells, matches)
    if form == OPEN:
        days, called = _open_order(name, cells, matches, order)
    else:
        days, called = _days(name, cells, matches, None), FORMS[form]
    if matches[0]["hour"] is None:
        return np.array(days, "datetime64[D]"), called
    return _with_times(name, cells, matches, days, called)


def _form(name, cells):
    """The form of the first date."""
    row, text = cells[0]
    for form, compiled in COMPILED.items():
        if compiled.fullmatch(text):
            return form
    raise _no_date(name, row, text)


def _no_date(name, row, text, accepted=ACCEPTED):
    since = ""
    if re.fullmatch(r"\d{1,2}[-/. ]\w{1,9}[-/. ]\d\d", text):
        since = ", with four digits of the year"
    return InputError(f"{name} has the date {shown(text)} in row {row}: give {accepted}{since}")


def _other_form(name, cells, matches):
    first = matches[0]["hour"] is None
    (row, text), _ = next(
        (cell, match)
        for cell, match in zip(cells, matches, strict=True)
        if match is None or (match["hour"] is None) != first
    )
    return _no_date(name, row, text, f"all dates in the form of the first one, {cells[0][1]}")


def _open_order(name, cells, matches, order):
    """Days, where the year comes last: day and month are in the order that fits all dates."""
    if order is None and matches[0]["mark"] == ".":
        order = "dmy"  # no country writes the month first between points
    if order is not None:
        return _days(name, cells, matches, order), DATE_ORDERS[order]
    readings, problems = {}, {}
    for order in DATE_ORDERS:
        try:
            readings[order] = _days(name, cells, matches, order)
        except InputError as problem:
            problems[order] = problem
    if not readings:
        raise problems["dmy"]
    if len(readings) == 2 and readings["dmy"] != readings["mdy"]:
        pairs = zip(cells, readings["dmy"], readings["mdy"], strict=True)
        (row, text), dmy, mdy = next(pair for pair in pairs if pair[1] != pair[2])
        raise InputError(
            f"{name} has the date {shown(text)} in row {row}, {dmy} with the day first and {mdy} "
            "with the month first: decide with --date-order dmy or --date-order mdy"
        )
    order = next(iter(readings))
    return readings[order], DATE_ORDERS[order]


def _days(name, cells, matches, order):
    """list of `datetime.date`."""
    days = []
    for (row, text), match in zip(cells, matches, strict=True):
        try:
            days.append(_day(match.groupdict(), order))
        except ValueError:
            called = f" ({DATE_ORDERS[order]})" if order else ""
            raise InputError(
                f"{name} has the date {shown(text)} in row {row}{called}: there is no such day"
            ) from None
    return days


def _day(parts, order):
    year, day = int(parts["year"]), int(parts.get("day") or 1)
    if order is not None:
        first, second = int(parts["first"]), int(parts["second"])
        return date(year, *((second, first) if order == "dmy" else (first, second)))
    if parts.get("week"):
        return date.fromisocalendar(year, int(parts["week"]), int(parts["weekday"] or 1))
    if parts.get("quarter"):
        return date(year, 3 * int(parts["quarter"]) - 2, 1)
    if parts.get("name"):
        return date(year, 1 + MONTHS.index(parts["name"][:3].lower()), day)
    return date(year, int(parts.get("month") or 1), day)


def _with_times(name, cells, matches, days, called):
    """Days alone where every time of day is the same; else times, in UTC if that is known."""
    stamps, offsets = [], []
    for (row, text), match, day in zip(cells, matches, days, strict=True):
        try:
            stamps.append(datetime.combine(day, time_of(match)))
        except ValueError:
            raise _no_date(name, row, text, "a time of day as 16:30") from None
        try:
            offsets.append(offset_of(match))
        except ValueError:
            accepted = "an offset from UTC from -12:00 to +14:00"
            raise _no_date(name, row, text, accepted) from None
    if len({stamp.time() for stamp in stamps}) == 1 and len(stamps) > 1:
        return np.array(days, "datetime64[D]"), f"{called}, all at {stamps[0].time():%H:%M}"
    if None not in offsets:
        stamps = [
            _in_utc(name, cell, stamp, offset)
            for cell, stamp, offset in zip(cells, stamps, offsets, strict=True)
        ]
        return np.array(stamps, "datetime64[s]"), f"{called} and times in UTC"
    known = next((i for i, offset in enumerate(offsets) if offset is not None), None)
    if known is not None:
        raise _no_date(name, *cells[offsets.index(None)], "an offset from UTC with each time")
    return np.array(stamps, "datetime64[s]"), f"{called} and times"


def _in_utc(name, cell, stamp, offset):
    try:
        return stamp - offset
    except OverflowError:
        raise _no_date(name, *cell, "years from 1 to 9999 in UTC") from None
