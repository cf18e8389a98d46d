"""A forecast of weather as tables to read, as rows of a CSV file and as plain data."""

import numpy as np

from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.table import aligned
from rnnzoo.weather.weather_forecast import LEVELS, with_unit

DAYS = 4  # columns of a table: it is at most 100 characters wide
DECIMALS = {"C": 1, "g/kg": 1, "mm/day": 1, "m/s": 1, "%": 0, "degrees": 0}  # of a unit, else 2


def tables(forecast):
    """Lines of tables of a few days each, with a row per parameter: yields str.

    A cell has the mean and the interval from the lowest to the highest level; below rain is the
    probability of a wet day.

    Args:
        forecast: `rnnzoo.weather.weather_forecast.WeatherForecast`.
    """
    count = len(forecast.days)
    blocks = -(-count // DAYS)
    for block in np.array_split(np.arange(count), blocks):
        if block[0]:
            yield ""
        rows = []
        for channel, parameter in enumerate(forecast.parameters):
            rows.append({"": with_unit(parameter), **_cells(forecast, channel, block)})
            if not np.isnan(forecast.wet[:, channel]).any():
                wet = forecast.wet[block, channel]
                row = {_head(forecast.days[day]): f"{share:6.0%}"
                       for day, share in zip(block, wet, strict=True)}  # fmt: skip
                rows.append({"": "  chance of rain", **row})
        yield from aligned(rows)


def error_table(forecast):
    """Lines of a table of the errors of a forecast whose truth is known: yields str.

    Args:
        forecast: see `tables`.
    """
    rows = [
        {
            "": with_unit(row["parameter"]),
            "RMSE": f"{row['rmse']:.3g}",
            "of persistence": f"{row['persistence']:.3g}",
            "in the interval": f"{row['inside']} of {row['days']}",
        }
        for row in forecast.errors()
    ]
    yield from aligned(rows)


def csv_rows(forecast):
    """A row per day and parameter: list of dict.

    Args:
        forecast: see `tables`.
    """
    rows = []
    for day, date in enumerate(forecast.days):
        for channel, parameter in enumerate(forecast.parameters):
            at_levels = forecast.quantiles[day, channel].tolist()
            row = {
                "date": str(date),
                "parameter": parameter,
                "unit": PARAMETERS[parameter].unit,
                "mean": _plain(forecast.means[day, channel]),
                **{str(level): _plain(v) for level, v in zip(LEVELS, at_levels, strict=True)},
                "wet": _plain(forecast.wet[day, channel]),
            }
            if forecast.truth is not None:
                row["truth"] = _plain(forecast.truth[day, channel])
            rows.append(row)
    return rows


def plain(forecast):
    """The forecast as a dict for JSON: `days`, and per parameter lists over them.

    Args:
        forecast: see `tables`.
    """
    parameters = {}
    for channel, parameter in enumerate(forecast.parameters):
        at_levels = zip(LEVELS, forecast.quantiles[:, channel].T, strict=True)
        parts = {
            "unit": PARAMETERS[parameter].unit,
            "mean": _list(forecast.means[:, channel]),
            "quantiles": {str(level): _list(values) for level, values in at_levels},
        }
        if not np.isnan(forecast.wet[:, channel]).any():
            parts["wet"] = _list(forecast.wet[:, channel])
        if forecast.truth is not None:
            parts["truth"] = _list(forecast.truth[:, channel])
        parameters[parameter] = parts
    report = {"days": forecast.days.astype(str).tolist(), "parameters": parameters}
    if forecast.truth is not None:
        report["errors"] = forecast.errors()
    return report


def _cells(forecast, channel, days):
    """dict from the head of a column to the mean and the interval of a day."""
    decimals = DECIMALS.get(PARAMETERS[forecast.parameters[channel]].unit, 2)
    cells = {}
    for day in days:
        low, *_, high = forecast.quantiles[day, channel]
        mean = f"{forecast.means[day, channel]:.{decimals}f}"
        interval = f"{low:.{decimals}f}..{high:.{decimals}f}"
        cells[_head(forecast.days[day])] = f"{mean:>5} {interval}"
    return cells


def _head(day):
    return f"{day.astype(object):%a} {day}"


def _list(values):
    return [_plain(value) for value in values]


def _plain(value):
    """A float of six digits, None for NaN."""
    return None if np.isnan(value) else float(f"{value:.6g}")
