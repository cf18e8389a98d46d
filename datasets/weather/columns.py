"""The columns of a file: parameters that are read, parameters of POWER that are not, and others."""

import difflib
import re

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.weather.parameters import PARAMETERS

# How the names of POWER's other parameters begin.
_OTHERS = re.compile(
    r"T2M|T10M|TS|TSOIL|TQV|TO3|TOA|WS|WD|WSC|U2M|V2M|U10M|V10M|U50M|V50M|QV|RH|PREC|IMERG|PS|PW|SLP|"
    r"RHOA|AIRMASS|ALLSKY|CLRSKY|MIDDAY|ORIGINAL|CLOUD|CLD|GWET|EV|FROST|HDD|CDD|DISPH|Z0M|SG|SRF|"
    r"SZA|SNODP|AOD|DIFFUSE|DIRECT|EQVLNT|SI_|SOLAR|THERMAL"
)
NEAR = 0.9  # of `difflib`: T2M_MX and T2MMAX are near T2M_MAX, T2M_RANGE is not


def check_once(name, columns):
    """Checks that no column of a file is there twice.

    Args:
        name: str or path, the name of the file in messages.
        columns: list of str.

    Raises:
        InputError: one is.
    """
    if len(set(columns)) < len(columns):
        twice = next(column for column in columns if columns.count(column) > 1)
        raise InputError(f"{name} has the column {shown(twice)} twice: give it once")


def sorted_columns(name, columns):
    """Which columns are parameters.

    Args:
        name: str or path, the name of the file in messages.
        columns: list of str, without those of the date; their case does not matter.

    Returns:
        (dict from a name of `PARAMETERS` to the index of its column; list of str, the parameters
        of POWER that are not read).

    Raises:
        InputError: a column is there twice, is nearly one of `PARAMETERS`, or is no parameter of
            POWER; or none is one of `PARAMETERS`.
    """
    upper = [column.upper() for column in columns]
    check_once(name, upper)
    indices, skipped = {}, []
    for index, column in enumerate(upper):
        if column in PARAMETERS:
            indices[column] = index
            continue
        near = difflib.get_close_matches(column, PARAMETERS, 1, NEAR)
        if near and not column.startswith("CLRSKY"):
            raise InputError(f"{name} has the unknown column {shown(column)}: is it {near[0]}?")
        if not _OTHERS.match(column):
            raise InputError(
                f"{name} has the unknown column {shown(column)}: give parameters of NASA POWER, "
                f"{', '.join(PARAMETERS)}"
            )
        skipped.append(column)
    if not indices:
        raise InputError(
            f"{name} has none of the parameters {', '.join(PARAMETERS)}: give one or more"
        )
    return indices, skipped
