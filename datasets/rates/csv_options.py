"""What a user may decide about the reading of a CSV file; the rest is read from the file."""

from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError, shown

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
DECIMALS = {".": "point", ",": "comma"}
DATE_ORDERS = {"dmy": "day-month-year", "mdy": "month-day-year"}


@dataclass(frozen=True)
class CsvOptions:
    """Decisions of the user; None where the file decides.

    Args:
        column: str, header of the column of the rates.
        delimiter: str: `","`, `";"` or `"tab"`.
        decimal: str, the decimal mark: `"."` or `","`.
        date_order: str, the order of dates such as 01/02/2024: `"dmy"` or `"mdy"`.

    Raises:
        InputError: a value is none of these.
    """

    column: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    date_order: str | None = None

    def __post_init__(self):
        if self.delimiter == "tab":
            object.__setattr__(self, "delimiter", "\t")
        for name, choices in (
            ("delimiter", (*DELIMITERS, "tab")),
            ("decimal", DECIMALS),
            ("date_order", DATE_ORDERS),
        ):
            value = getattr(self, name)
            if value is not None and value not in tuple(choices):
                accepted = ", ".join(map(repr, choices))
                raise InputError(f"{name} is {shown(value)}: give one of {accepted}")
