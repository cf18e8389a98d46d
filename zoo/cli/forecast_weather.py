"""Forecast the weather of a place from a file of yours."""

import json
import sys
from pathlib import Path

import numpy as np

from rnnzoo.cli._data_options import add_data_options, data_options
from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import card_for
from rnnzoo.table import write_csv
from rnnzoo.weather.family import MOST_DAYS

TASK = "WeatherForecaster"


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a weather forecaster, NAME or NAME/VERSION")
    command.add_argument(
        "--data",
        required=True,
        metavar="FILE",
        help="daily or hourly weather of two years or more: a CSV or JSON file of NASA POWER, a "
        ".WTH file of DSSAT or a climate file of AquaCrop",
    )
    add_data_options(command, TASK)
    command.add_argument("--days", type=int, default=7, help=f"days ahead, 1 to {MOST_DAYS} (7)")
    command.add_argument(
        "--holdout",
        action="store_true",
        help="predict the last --days days of the file from those before, and the errors",
    )
    command.add_argument("--plot", metavar="FILE", help="a .png, a fan chart per parameter")
    command.add_argument("--out", metavar="FILE", help="a .csv of means and quantiles")


def run(options):
    """Prints the mean and the 90% interval of each parameter and day."""
    card_for(options.name, TASK, "forecast-weather is for models of weather")
    check_written(options, "plot", "out", read=["data"])

    from rnnzoo.datasets.common.arguments import whole
    from rnnzoo.datasets.common.atomic_write import writable
    from rnnzoo.datasets.weather.reader import read_weather
    from rnnzoo.figure import checked_png

    if whole("--days", options.days) > MOST_DAYS:
        raise InputError(f"--days is {options.days}: give 1 to {MOST_DAYS}")
    plot = options.plot and checked_png(options.plot)
    out = options.out and writable(options.out, ".csv")
    series = read_weather(options.data, **data_options(options, TASK))
    if series.note:
        print(f"{options.data}: {series.note}", file=sys.stderr)
    history, truth = _split(options, series)
    import_keras()
    import rnnzoo
    from rnnzoo.weather.weather_forecast import forecast_weather

    forecast = forecast_weather(rnnzoo.load(options.name), history, options.days, truth)
    if forecast.ended:
        print(
            f"{options.data}: {', '.join(forecast.ended)}: not predicted, as the last month or two "
            "years of values are missing",
            file=sys.stderr,
        )
    _write(forecast, options, plot, out)
    _print(forecast, options)
    if not options.json:
        print(*filter(None, (plot, out)), sep="\n", end="\n" if plot or out else "")


def _split(options, series):
    """(history, truth (days, 1, 1, parameters) or None)."""
    from rnnzoo.datasets.weather.reader import LEAST_DAYS

    if not options.holdout:
        return series, None
    least = LEAST_DAYS + options.days
    if len(series) < least:
        raise InputError(
            f"{options.data} has {len(series)} days: --holdout of {options.days} needs {least} or "
            "more, two years before those that are predicted"
        )
    return series[: -options.days], series.values[-options.days :]


def _write(forecast, options, plot, out):
    from rnnzoo.weather.forecast_table import csv_rows

    if plot:
        from rnnzoo.figure import save_png
        from rnnzoo.weather.fan_charts import fan_charts

        save_png(fan_charts(forecast, options.name, Path(options.data).name), plot)
    if out:
        write_csv(out, csv_rows(forecast))


def _print(forecast, options):
    from rnnzoo.weather.forecast_table import error_table, plain, tables
    from rnnzoo.weather.weather_forecast import BASELINES

    last = forecast.before[-1]
    if options.json:
        print(json.dumps({"name": options.name, "last": str(last), **plain(forecast)}, indent=2))
        return
    print(f"{options.name} after {last}: mean, and the interval from 5% to 95%")
    print("\n".join(tables(forecast)))
    if not np.isnan(forecast.wet).all():
        print("chance of rain: that of 0.1 mm or more")
    if forecast.truth is not None:
        print(f"\nRMSE of the mean, and of {', '.join(BASELINES)}:")
        print("\n".join(error_table(forecast)))
        print(f"This is one forecast: rnnzoo evaluate {options.name} --data FILE measures many.")
