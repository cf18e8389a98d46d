"""Forecast a rate from a CSV file of yours."""

import argparse
import json

from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import card_for


def _levels(text):
    try:
        levels = [float(part) for part in text.split(",")]
    except ValueError:
        levels = []
    if not levels or not all(0 < level < 1 for level in levels):
        raise argparse.ArgumentTypeError(f"{text!r}: give levels between 0 and 1, as 0.05,0.5,0.95")
    return levels


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a forecaster, NAME or NAME/VERSION")
    command.add_argument(
        "--data", required=True, metavar="FILE", help="CSV of your rates: date,value"
    )
    command.add_argument("--steps", type=int, default=5, help="days ahead (5)")
    command.add_argument(
        "--quantiles", type=_levels, default=[0.05, 0.5, 0.95], help="levels (0.05,0.5,0.95)"
    )
    command.add_argument("--seed", type=int, default=0, help="of the simulated paths (0)")


def run(options):
    """Prints a line per weekday: its location and its quantiles, in the file's unit."""
    card_for(options.name, "Forecaster", "forecast is for models of rates")

    import numpy as np

    from rnnzoo.datasets.common.arguments import checked_seed, whole
    from rnnzoo.datasets.rates.csv_reader import read_rates

    whole("steps", options.steps)
    checked_seed(options.seed)
    rates = read_rates(options.data)
    import_keras()
    import rnnzoo

    model = rnnzoo.load(options.name)
    location = model.forecast(rates.values, options.steps, seed=options.seed)
    quantiles = model.forecast(
        rates.values, options.steps, quantiles=options.quantiles, seed=options.seed
    )
    # Holidays are unknown.
    first = rates.dates[-1] + 1
    days = np.busday_offset(first, np.arange(options.steps), roll="forward")
    forecasts = zip(days, location, quantiles, strict=True)
    rows = [
        {
            "date": str(day),
            "location": float(center),
            "quantiles": dict(zip(map(str, options.quantiles), row.tolist(), strict=True)),
        }
        for day, center, row in forecasts
    ]
    if options.json:
        last = {"date": str(rates.dates[-1]), "value": float(rates.values[-1])}
        report = {"name": options.name, "last": last, "seed": options.seed, "forecast": rows}
        print(json.dumps(report, indent=2))
        return
    print(f"{options.name} after {rates.values[-1]:g} on {rates.dates[-1]}")
    for row in rows:
        shown = "  ".join(f"{level} {value:.6g}" for level, value in row["quantiles"].items())
        print(f"{row['date']}  location {row['location']:.6g}  {shown}")
