"""Forecast a rate from a CSV file of yours."""

import json
import sys
from pathlib import Path

from rnnzoo.cli._data_options import add_data_options, data_options
from rnnzoo.cli._levels import levels_type
from rnnzoo.cli._written_files import check_written
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import card_for
from rnnzoo.table import aligned

TASK = "Forecaster"


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a forecaster, NAME or NAME/VERSION")
    command.add_argument(
        "--data", required=True, metavar="FILE", help="CSV of your rates: date,value"
    )
    add_data_options(command, TASK)
    command.add_argument("--steps", type=int, default=5, help="days, months, ... ahead (5)")
    command.add_argument(
        "--quantiles",
        type=levels_type("between 0 and 1", lambda level: 0 < level < 1),
        default=[0.05, 0.5, 0.95],
        help="levels (0.05,0.5,0.95)",
    )
    command.add_argument("--seed", type=int, default=0, help="of the simulated paths (0)")
    command.add_argument("--plot", metavar="FILE", help="a .png, a fan chart of the forecast")


def run(options):
    """Prints a line per date: its location and its quantiles, in the file's unit."""
    card = card_for(options.name, TASK, "forecast is for models of rates")
    check_written(options, "plot", read=["data"])

    from rnnzoo.datasets.common.arguments import checked_seed, whole
    from rnnzoo.datasets.rates.csv_reader import read_rates
    from rnnzoo.figure import checked_png
    from rnnzoo.rates.fan_chart import LEVELS, draw
    from rnnzoo.rates.frequencies import check_regular, mismatch

    whole("steps", options.steps)
    checked_seed(options.seed)
    plot = options.plot and checked_png(options.plot)
    rates = read_rates(options.data, **data_options(options, TASK))
    check_regular(rates, options.data)
    print(rates.reading, file=sys.stderr)
    if note := mismatch(rates, card, Path(options.data).name):
        print(f"{note}: its intervals may be too narrow or too wide", file=sys.stderr)
    import_keras()
    import rnnzoo

    model, seed = rnnzoo.load(options.name), options.seed
    levels = [*options.quantiles, *(LEVELS if plot else ())]
    location = model.forecast(rates, options.steps, seed=seed)
    quantiles = model.forecast(rates, options.steps, quantiles=levels, seed=seed)
    dates = rates.frequency.after(rates.dates, options.steps)
    if plot:
        draw(plot, rates, dates, quantiles[:, len(options.quantiles) :], options.name)
    names = list(map(str, options.quantiles))
    rows = [
        {
            "date": str(date),
            "location": float(center),
            "quantiles": dict(zip(names, row, strict=False)),
        }
        for date, center, row in zip(dates, location, quantiles.tolist(), strict=True)
    ]
    if options.json:
        last = {"date": str(rates.dates[-1]), "value": float(rates.values[-1])}
        report = {"name": options.name, "frequency": rates.frequency_name, "last": last}
        print(json.dumps({**report, "seed": seed, "forecast": rows}, indent=2))
        return
    print(f"{options.name} after {rates.values[-1]:g} on {rates.dates[-1]}")
    table = [{"date": row["date"], "location": row["location"], **row["quantiles"]} for row in rows]
    print("\n".join(aligned(table, right=True)))
