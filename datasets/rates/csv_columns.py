"""Which columns of a CSV file are the date and the rates."""

from rnnzoo.datasets.common.errors import MOST, InputError, shown
from rnnzoo.datasets.rates.csv_date_forms import is_date
from rnnzoo.datasets.rates.csv_numbers import is_number

# Headers of the two columns, in small letters.
DATE = (
    *("date", "observation_date", "time", "timestamp", "datetime", "time_period", "period"),
    *("day", "week", "month", "quarter", "year"),
)
VALUE = ("value", "rate", "price", "close", "obs_value")

# What publishers write for a day without a rate: FRED, the ECB and the Federal Reserve.
EMPTY = ("", ".", "N/A", "ND")


def date_column(table):
    """The index of the dates: by its header, or the one column whose cells are all dates.

    Raises:
        InputError: there is no such column.
    """
    heads = _heads(table)
    if any(map(is_date, table.header)):
        raise InputError(f"{table.name} has no header but {heads}: add a first row date,value")
    named = _named(table, DATE) or [
        index for index in range(len(table.header)) if _all(table, index, is_date)
    ]
    if len(named) != 1:
        raise InputError(
            f"{table.name} has {'more than one' if named else 'no'} column 'date' among {heads}: "
            "give a CSV file whose first row is date,value"
        )
    return named[0]


def value_column(table, date, column=None):
    """The index of the rates.

    It is the one that `column` names; the one beside the date, if there is one; the one with a
    known header; or the only one with nothing but numbers.

    Args:
        table: `Table`.
        date: int, the column of the dates.
        column: str, a header, or None.

    Raises:
        InputError: there is no such column, or there are several.
    """
    heads = _heads(table)
    if column is not None:
        named = [i for i in _named(table, (column.strip().lower(),)) if i != date]
        if len(named) != 1:
            count = f"{len(named)} times the" if named else "no"
            raise InputError(f"{table.name} has {count} column {shown(column)} among {heads}")
        return named[0]
    others = [i for i in range(len(table.header)) if i != date]
    if len(others) == 1:
        return others[0]
    known = [i for i in _named(table, VALUE) if i != date]
    named = known or [i for i in others if _all(table, i, is_number)]
    if len(named) != 1:
        problem = "more than one column" if known else "no column 'value'"
        raise InputError(
            f"{table.name} has {problem} among {heads}: name that of the rates with --column"
        )
    return named[0]


def named_column(table, column, headers):
    """The index of a column by its header.

    Args:
        table: `Table`.
        column: str, what it is called in messages.
        headers: tuple of str, accepted headers in small letters.

    Raises:
        InputError: there is none, or more than one.
    """
    named = _named(table, headers)
    if len(named) != 1:
        raise InputError(
            f"{table.name} has {'more than one' if named else 'no'} column {column!r} among "
            f"{_heads(table)}: give a CSV file with one column {headers[0]}"
        )
    return named[0]


def _heads(table):
    return ", ".join(table.header)[:MOST]


def _named(table, headers):
    heads = [head.lower() for head in table.header]
    return [index for index, head in enumerate(heads) if head in headers]


def _all(table, index, test):
    cells = [cell for _, cell in table.column(index) if cell not in EMPTY]
    return bool(cells) and all(map(test, cells))
