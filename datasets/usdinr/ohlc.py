"""Open, high, low and average of a day, from a user's own export of investing.com."""

from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import data_dir
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.rates.csv_reader import check_unit, parsed_columns

URL = "https://www.investing.com/currencies/usd-inr-historical-data"
LICENCE = "facts; the file is the user's own export and is not redistributed"
PATH = "usdinr/USD_INR Historical Data.csv"

# The "Price" of the site's export is [NB]'s "average price".
COLUMNS = {"open": ("open",), "high": ("high",), "low": ("low",), "average": ("price", "average")}


def export_bytes(path=None):
    """The bytes of an export: of `path`, or of the file in `RNNZOO_DATA_DIR`.

    Raises:
        InputError: it cannot be read, or no path is given and the folder has none.
    """
    folder = data_dir()
    if path is None and folder is not None:
        path = folder / PATH
    if path is None or not Path(path).is_file():
        where = f"{path} is no file" if path is not None else "RNNZOO_DATA_DIR is not set"
        raise InputError(
            f"{where}: export the daily rates at {URL} and give the path, or put the file at "
            f"{PATH} in a folder that RNNZOO_DATA_DIR names"
        )
    return Path(path).read_bytes()


def rates(raw, name="the export"):
    """`Rates`, values (time, 4): open, high, low, average.

    Args:
        raw: bytes of the export; dates dd-mm-yyyy or ISO, newest first or last.
        name: name of the export in messages.

    Raises:
        InputError: it is no such file, or a value is no number above 0.
    """
    series = parsed_columns(name, decoded(raw, name), COLUMNS, date_order="dmy")
    for column in series.values.T:
        check_unit(name, series.dates, column)
    return series
