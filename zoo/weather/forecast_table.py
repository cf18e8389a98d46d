"""A forecast of weather as tables to read, as rows of a CSV file and as plain data."""

import numpy as np

from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.table import aligned
from rnnzoo.weather.weather_forecast import BASELINES, LEVELS, with_unit

DAYS, WIDTH = 4, 80  # columns of a table, and characters of a line, at most
CHANCE = "  chance of rain"
DECIMALS = {"C": 1, "g/kg": 1, "mm/day": 1, "m/s": 1, "%": 0, "degrees": 0}  # of a unit, else 2


def tables(forecast):
    """Lines of tables of a few days each, with a row per parameter: yields str.

    A cell has the mean and the interval from the lowest to the highest level; below rain is the
    probability of a wet day.

    Args:
        forecast: `rnnzoo.weather.weather_forecast.WeatherForecast`.
    """
    rows = _rows(forecast)
    first, columns = len(max(rows, key=len)), zip(*rows.values(), strict=True)
    width = max(len(cell) for column in columns for cell in column)
    most = min(DAYS, max(1, (WIDTH - first) // (width + 2)))
    heads = [_head(day) for day in forecast.days]
    for block in np.array_split(np.arange(len(heads)), -(-len(heads) // most)):
        if block[0]:
            yield ""
        yield from aligned(
            [
                {"": name, **{heads[day]: cells[day].ljust(width) for day in block}}
                for name, cells in rows.items()
            ]
        )


def error_table(forecast):
    """Lines of a table of the errors of a forecast whose truth is known: yields str.

    Args:
        forecast: see `tables`.
    """
    rows = [
        {
            "": with_unit(row["parameter"]),
            "RMSE": f"{row['rmse']:.3g}",
            **{name.split()[0]: f"{row[name]:.3g}" for name in BASELINES},
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


def _rows(forecast):
    """dict from the name of a row to its cells, list of str."""
    rows = {}
    for channel, parameter in enumerate(forecast.parameters):
        rows[with_unit(parameter)] = _cells(forecast, channel)
        if not np.isnan(forecast.wet[:, channel]).any():
            rows[CHANCE] = [f"{share:6.0%}" for share in forecast.wet[:, channel]]
    return rows


def _cells(forecast, channel):
    """The mean and the interval of each day, list of str."""
    decimals = DECIMALS.get(PARAMETERS[forecast.parameters[channel]].unit, 2)
    means, quantiles = forecast.means[:, channel], forecast.quantiles[:, channel]
    return [
        f"{mean:5.{decimals}f} {low:.{decimals}f} to {high:.{decimals}f}"
        for mean, (low, *_, high) in zip(means, quantiles, strict=True)
    ]


def _head(day):
    return f"{day.astype(object):%a} {day}"


def _list(values):
    return [_plain(value) for value in values]


def _plain(value):
    """A float of six digits, None for NaN."""
    return None if np.isnan(value) else float(f"{value:.6g}")
