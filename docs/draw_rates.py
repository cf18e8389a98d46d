"""Draws the fan chart of rates.md: a shipped forecaster on rates that it was not trained on.

    python docs/draw_rates.py

It needs `rnnzoo[plot]`, and the rates of FRED. The forecast begins 20 rates before the end of
[NB]'s test years; nothing was chosen.
"""

from pathlib import Path

import rnnzoo
from rnnzoo.datasets.usdinr.load import load_usdinr
from rnnzoo.figure import save_png
from rnnzoo.rates.fan_chart import LEVELS, fan_chart

DOCS = Path(__file__).parent
MODEL, STEPS = "usdinr-nemgru", 20


def figure():
    """Returns the figure."""
    rates = load_usdinr("fred", "train+validation+test")
    history, future = rates[:-STEPS], rates[-STEPS:]
    quantiles = rnnzoo.load(MODEL).forecast(history, STEPS, quantiles=LEVELS)
    title = f"{MODEL}: rupees per dollar, {STEPS} days after {history.dates[-1]}"
    return fan_chart(history, future.dates, quantiles, title, future.values)


if __name__ == "__main__":
    save_png(figure(), DOCS / "images/rates-fan.png")
